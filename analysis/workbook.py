"""Which notebooks run, in which order, with which parameters. The only door to papermill."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import AskedWrongly, NotebookFailed

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
_TIMES = ("start_time", "end_time", "duration")


@dataclass(frozen=True)
class Step:
    """One notebook to run: its file, its parameters, and the name its result is kept under."""

    notebook: Path
    parameters: dict[str, str]
    name: str


@dataclass(frozen=True)
class Done:
    """A step that ran: its executed notebook, and how long it took in seconds."""

    step: Step
    executed: Any
    seconds: float


def discover(folder: Path = NOTEBOOKS) -> list[Path]:
    """
    Give the numbered notebooks of a folder in the order that they run.

    Raises:
        AskedWrongly: there is none.
    """
    found = sorted(path for path in folder.glob("*.ipynb") if re.match(r"\d\d_", path.name))
    if not found:
        raise AskedWrongly(str(folder), ["holds no numbered notebook (01_name.ipynb)"], "Run the workbook from its own checkout.")
    return found


def planned(notebooks: list[Path]) -> tuple[list[list[Path]], Path]:
    """
    Give which notebooks run side by side, in order, and the one that runs once for each audience, after all others.

    A notebook runs after every one before it, unless its metadata say `"workbook": {"after": [names]}`. One that declares
    a parameter `audience` is the report.

    Raises:
        AskedWrongly: there is not one report.
        NotebookFailed: a file is not a notebook.
    """
    level: dict[str, int] = {}
    stages: list[list[Path]] = []
    pages: list[Path] = []
    for path in notebooks:
        if "audience" in declared(path):
            pages.append(path)
            continue
        after = _opened(path).metadata.get("workbook", {}).get("after", list(level))
        level[path.stem] = max((level[name] + 1 for name in after if name in level), default=0)
        stages += [[]] * (level[path.stem] + 1 - len(stages))
        stages[level[path.stem]] = [*stages[level[path.stem]], path]
    if len(pages) != 1:
        names = ", ".join(path.name for path in pages) or "none"
        raise AskedWrongly(str(NOTEBOOKS), [f"holds {len(pages)} notebooks with a parameter 'audience' ({names}), not one"], "One notebook makes the reports.")
    return stages, pages[0]


def _opened(notebook: Path) -> Any:
    import nbformat

    try:
        return nbformat.read(notebook, as_version=4)
    except Exception as fault:  # noqa: BLE001 - nbformat raises what its JSON and schema readers raise
        first = (str(fault).splitlines() or ["no message"])[0]
        raise NotebookFailed(notebook.name, [f"is not a notebook: {first[:200]}"], "Restore it: git checkout notebooks/") from None


def declared(notebook: Path) -> set[str]:
    """Give the parameters that a notebook declares."""
    import papermill

    _opened(notebook)
    return set(papermill.inspect_notebook(str(notebook)))


def as_parameter(data: Path, folder: Path = NOTEBOOKS) -> str:
    """Give the data folder as a notebook writes it: from the notebooks' own folder where that can be, so that no machine's path is published."""
    try:
        return Path(os.path.relpath(data.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive
        return data.resolve().as_posix()


def run(steps: Iterable[Step], folder: Path, jobs: int, tell: Callable[[Done], None]) -> list[Done]:
    """
    Run steps that do not depend on one another, some at a time, and give them back in their order.

    Args:
        steps: what to run.
        folder: where executed notebooks are kept, also the one that fails.
        jobs: how many at a time.
        tell: called as each is done.

    Raises:
        NotebookFailed: the first that failed; the others are waited for.
    """
    with ThreadPoolExecutor(max_workers=max(jobs, 1)) as pool:
        futures = [pool.submit(_execute, step, folder, tell) for step in steps]
    return [future.result() for future in futures]


def _execute(step: Step, folder: Path, tell: Callable[[Done], None]) -> Done:
    """
    Execute one notebook through papermill; it counts as run only if every one of its cells did.

    Its kernel starts in the notebook's folder, as it does by hand. papermill's own `cwd` would move this whole process, and
    with it the other notebooks that run beside this one.
    """
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"  # the kernel of this environment, not one of the user's
    import nbformat
    import papermill
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    known = declared(step.notebook)
    if unknown := sorted(set(step.parameters) - known):
        raise AskedWrongly(step.notebook.name, [f"declares no parameter {name!r}" for name in unknown], f"It declares {', '.join(sorted(known))}.")
    started = time.monotonic()
    result = folder / f"{step.name}.ipynb"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        executed = papermill.execute_notebook(
            str(step.notebook), str(result), step.parameters, resources={"metadata": {"path": str(step.notebook.parent)}}, progress_bar=False, log_output=False,
            autosave_cell_every=0, record_timing=False, shutdown_kernel="immediate", config=Config(KernelManager={"transport_encryption": "auto"}),
        )  # fmt: skip
    except PapermillExecutionError as fault:
        told = [f"{fault.ename}: {fault.evalue}" if fault.ename != "AskedWrongly" else str(fault.evalue)]
        raise NotebookFailed(_where(step, result), told, f"The notebook as far as it ran: {result}") from None
    except Exception as fault:  # noqa: BLE001 - the kernel died, or never started
        first = (str(fault).strip().splitlines() or ["no message"])[0]
        raise NotebookFailed(step.notebook.name, [f"{type(fault).__name__}: {first}"], "Run it in JupyterLab to see where it stops.") from None
    _check_whole(executed, step, result)
    nbformat.write(_settled(executed), result)
    done = Done(step, executed, time.monotonic() - started)
    tell(done)
    return done


def _where(step: Step, result: Path) -> str:
    """Name the notebook and the heading above the cell that failed."""
    import nbformat

    heading = ""
    for cell in nbformat.read(result, as_version=4).cells:
        if any(output.output_type == "error" for output in cell.get("outputs", [])):
            break
        if cell.cell_type == "markdown" and (match := re.match(r"#+ (.*)", cell.source)) and "papermill" not in str(cell.metadata.get("tags", "")):
            heading = match[1]
    return f"{step.notebook.name}, under {heading!r}" if heading else step.notebook.name


def _check_whole(executed: Any, step: Step, result: Path) -> None:
    """Refuse a notebook that papermill calls completed although cells were not run: a dead kernel, a time-out, sys.exit."""
    code = [cell for cell in executed.cells if cell.cell_type == "code" and cell.source.strip()]
    pending = sum(cell.execution_count is None for cell in code)
    errors = [output for cell in code for output in cell.outputs if output.output_type == "error"]
    if pending or errors:
        problem = f"{pending} of its {len(code)} cells did not run" if pending else f"{errors[0].ename}: {errors[0].evalue}"
        raise NotebookFailed(step.notebook.name, [problem], f"The notebook as far as it ran: {result}")


def _settled(executed: Any) -> Any:
    """Take out of an executed notebook what differs from run to run: times, and the random id of the injected cell."""
    for name in _TIMES:
        executed.metadata.get("papermill", {}).pop(name, None)
    executed.metadata.get("papermill", {}).pop("output_path", None)
    executed.metadata.get("papermill", {}).pop("input_path", None)
    for number, cell in enumerate(executed.cells):
        for name in (*_TIMES, "status", "exception"):
            cell.metadata.get("papermill", {}).pop(name, None)
        cell.metadata.pop("execution", None)
        cell["id"] = f"cell-{number:02d}"
    return executed
