"""What a kernel gets for whoever works in it by hand, as an IPython extension: edited rooms are taken up, and what was asked wrongly is told in words."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

_ROOMS = Path(__file__).parent.parent


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Begin; IPython calls this when it loads the extension."""
    shell.events.register("pre_run_cell", _taking_up(shell.user_ns))
    _tell_in_words()


def _taking_up(names: dict[str, Any]) -> Callable[..., None]:
    """Give what looks before each cell whether a room was edited, and takes up what it is now; what cannot be loaded is told, and tried again."""
    known = [_stamps()]

    def take_up(*_: Any) -> None:
        now = _stamps()
        if now == known[0]:
            return
        try:
            load_again(names)
        except Exception as fault:  # noqa: BLE001 - whatever is wrong with what was edited, the kernel goes on with what it has
            print(f"An edited room cannot be loaded, so what was there before goes on: {type(fault).__name__}: {fault}", file=sys.stderr)  # noqa: T201
        else:
            known[0] = now
            _tell_in_words()

    return take_up


def _stamps() -> dict[Path, tuple[int, int]]:
    """Give when each file of the rooms was written, and its size."""
    found = {}
    for path in _ROOMS.rglob("*"):
        if path.suffix != ".pyc" and path.is_file():
            about = path.stat()
            found[path] = about.st_mtime_ns, about.st_size
    return found


def load_again(names: dict[str, Any]) -> None:
    """
    Load every room anew, and let names that stand for one, or for a function or class of one, stand for what it is now.

    All rooms at once, because what one has taken from another, remembered or listed in a table would stay as it was. Frames and other values that
    were made before stay.

    Args:
        names: the names of a notebook, which are changed.

    Raises:
        Exception: a room cannot be loaded; all are then as they were.
    """
    before = _loaded()
    for name in before:
        del sys.modules[name]
    try:
        anew = {name: found for name, value in names.items() if (found := _now(value, before)) is not None}
    except BaseException:
        for name in _loaded():
            del sys.modules[name]
        sys.modules.update(before)
        raise
    names.update(anew)


def _loaded() -> dict[str, ModuleType]:
    return {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "analysis"}


def _now(value: Any, before: dict[str, ModuleType]) -> Any:
    """Give what a room, or a function or class of one, is now; None for everything else, and for what is there no more."""
    if isinstance(value, ModuleType):
        return import_module(value.__name__) if before.get(value.__name__) is value else None
    module, name = getattr(value, "__module__", None), getattr(value, "__name__", None)
    if not isinstance(module, str) or not isinstance(name, str) or module not in before or vars(before[module]).get(name) is not value:
        return None
    return vars(import_module(module)).get(name)


def _tell_in_words() -> None:
    """Let errors that a person has to put right be shown as they are worded, without the way through the code that found them."""
    from analysis import errors

    for kind in errors.WorkbookError.__subclasses__():
        if kind.exit_code == errors.AskedWrongly.exit_code:
            kind._render_traceback_ = lambda self: str(self).splitlines()  # type: ignore[attr-defined] # IPython asks for it by this name
