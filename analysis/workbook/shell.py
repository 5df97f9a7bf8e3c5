"""A papermill engine that runs the cells in this very process, by the shell that a Jupyter kernel has inside; nothing is started, nothing is sent."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_output
from papermill.engines import Engine, papermill_engines
from traitlets.config import Config

NAME = "in this process"
_NO_HISTORY = Config(HistoryManager={"enabled": False})


def _as_kept(data: dict[str, Any]) -> dict[str, Any]:
    """Give what is displayed as a notebook keeps it: bytes, such as a picture's, in base64."""
    return {kind: b64encode(value).decode("ascii") if isinstance(value, bytes) else value for kind, value in data.items()}


class _Results(DisplayHook):
    """What a cell's last line gives, put among the cell's outputs as a kernel's client would."""

    def write_output_prompt(self) -> None:
        """Say no prompt: a notebook shows its own."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        """Keep a result in every form that it has."""
        data = _as_kept(format_dict)
        self.shell.show(new_output("execute_result", execution_count=self.prompt_count, data=data, metadata=md_dict or {}))

    def finish_displayhook(self) -> None:
        """Write nothing more: a terminal would be given an end of line here."""
        self._is_active = False


class _Displays(DisplayPublisher):
    """What a cell displays, put among its outputs."""

    def publish(
        self, data: dict[str, Any], metadata: dict[str, Any] | None = None, *, transient: dict[str, Any] | None = None, update: bool = False, **_: Any
    ) -> None:
        """Keep what is displayed in every form that it has, in place of what was displayed by the same name where that is asked for."""
        shown = new_output("display_data", data=_as_kept(data), metadata=metadata or {})
        same = self.shell.displayed.setdefault((transient or {}).get("display_id"), [])
        if update:
            for output in same:
                output.update(shown)
        else:
            same.append(shown)
            self.shell.show(shown)

    def clear_output(self, wait: bool = False) -> None:  # noqa: FBT002 - as IPython calls it
        """Take away what the cell has shown so far, or wait with it until something follows."""
        self.shell.clears_next = wait
        if not wait:
            self.shell.outputs.clear()


class _Stream:
    """What a notebook prints: it goes to the cell that runs, also where an earlier one took hold of the stream; a piece that follows another is added to it."""

    encoding = "utf-8"
    errors = "strict"

    def __init__(self, name: str, shell: _Shell) -> None:
        self.name, self._shell = name, shell

    def write(self, text: str) -> int:
        last = self._shell.outputs[-1] if self._shell.outputs and not self._shell.clears_next else None
        if last is not None and last.output_type == "stream" and last.name == self.name:
            last.text += text
        elif text:
            self._shell.show(new_output("stream", name=self.name, text=text))
        return len(text)

    def writelines(self, lines: Iterator[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Nothing is held back."""

    def isatty(self) -> bool:
        return False


class _Shell(InteractiveShell):
    """A shell that keeps outputs as a notebook does."""

    def __init__(self, **how: Any) -> None:
        self.outputs: list[Any] = []
        self.clears_next = False
        self.displayed: dict[str | None, list[Any]] = {}
        self.streams = _Stream("stdout", self), _Stream("stderr", self)
        super().__init__(displayhook_class=_Results, display_pub_class=_Displays, config=_NO_HISTORY, **how)

    def show(self, output: Any) -> None:
        """Put an output among those of the cell that runs."""
        if self.clears_next:
            self.outputs.clear()
            self.clears_next = False
        self.outputs.append(output)

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        self.show(new_output("error", ename=etype.__name__, evalue=str(evalue), traceback=list(stb)))


class InThisProcess(Engine):  # type: ignore[misc]
    """Runs a notebook's cells one after another, and stops at the first that fails."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, *_: Any, **__: Any) -> None:
        """
        Run the cells of papermill's notebook, and put into it what they gave.

        papermill would save it twice for each cell, which takes as long as many of the cells; half a second apart is enough to see how far a
        notebook came whose process was killed.
        """
        os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")  # as a kernel has it
        InteractiveShell.clear_instance()
        shell, path, saved = _Shell.instance(), nb_man.output_path, -_SAVED_EVERY
        nb_man.nb.metadata["language_info"] = IPythonKernel.language_info
        for index, cell in enumerate(nb_man.nb.cells):
            if time.monotonic() - saved >= _SAVED_EVERY:
                nb_man.output_path = path
            nb_man.cell_start(cell, index)
            if nb_man.output_path:
                saved, nb_man.output_path = time.monotonic(), None
            if cell.cell_type == "code" and cell.source.strip():
                cell.outputs, shell.clears_next = [], False
                shell.outputs = cell.outputs
                cell.execution_count = shell.execution_count
                with _printing_into(shell):
                    result = shell.run_cell(cell.source, store_history=True)
                failed = not result.success or any(output.output_type == "error" for output in shell.outputs)  # a result may raise where it is shown
                if failed and "raises-exception" not in cell.metadata.get("tags", []):
                    nb_man.cell_exception(cell, cell_index=index, exception=result.error_before_exec or result.error_in_exec)
                    break
            nb_man.cell_complete(cell, cell_index=index)


_SAVED_EVERY = 0.5
"""Seconds between two savings of a notebook that runs."""


@contextmanager
def _printing_into(shell: _Shell) -> Iterator[None]:
    """Let what a cell prints go among its outputs; what goes past Python, such as a command's own words, is put at their end."""
    kept = sys.stdout, sys.stderr
    with ExitStack() as stack:
        beside = [stack.enter_context(_written_past_python(number)) for number in (1, 2)]
        sys.stdout, sys.stderr = shell.streams  # type: ignore[assignment]
        try:
            yield
        finally:
            sys.stdout, sys.stderr = kept
            for stream, file in zip(shell.streams, beside, strict=True):
                file.seek(0)
                stream.write(file.read().decode("utf-8", "replace"))


@contextmanager
def _written_past_python(number: int) -> Iterator[Any]:
    """Let a file descriptor lead to a file, and give the file."""
    with tempfile.TemporaryFile() as file:
        kept = os.dup(number)
        os.dup2(file.fileno(), number)
        try:
            yield file
        finally:
            os.dup2(kept, number)
            os.close(kept)


papermill_engines.register(NAME, InThisProcess)
