"""Where things stand: a partnership's returns by quarter, and the published folder of a quarter, whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis import quarters
from analysis.errors import AskedWrongly


def available(data: Path) -> list[str]:
    """Give the quarters that have a folder under `data`/raw, oldest first; other folders are passed over."""
    folder = data / "raw"
    if not folder.is_dir():
        raise AskedWrongly(str(folder), ["there is no such folder"], "Point --data at a folder that holds raw/ and reference/.")
    found = {path.name: quarters.parse(path.name) for path in sorted(folder.iterdir()) if path.is_dir()}
    if misnamed := [f"{name!r} should be named {key!r}" for name, key in found.items() if key and key != name]:
        raise AskedWrongly(str(folder), misnamed, "Rename the folder: a quarter's folder is named by its key.")
    return sorted(key for key in found.values() if key)


def with_history(data: Path, quarter: str) -> tuple[str, ...]:
    """
    Give the quarters that a report needs: the three that it shows, then every earlier one that has a folder, newest first.

    Args:
        data: the folder that holds `raw/<quarter>/`.
        quarter: the quarter reported.
    """
    shown = quarters.shown(quarter)
    return *shown, *(earlier for earlier in reversed(available(data)) if earlier < quarter and earlier not in shown)


@contextmanager
def one_at_a_time(folder: Path, otherwise: str = "give another folder with --outputs", wait: float = 0) -> Iterator[None]:
    """
    Hold a folder, so that only one run works on it; the system lets go of it even if the run is killed.

    Args:
        folder: what is held; it may be one that is made later. The lock stands beside it.
        otherwise: what a second run can do but wait, for its message.
        wait: for how many seconds to wait for another run.

    Raises:
        AskedWrongly: another run holds it, or the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder.parent / f".{folder.name}.lock", timeout=wait)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise AskedWrongly(str(folder), ["another run is working on this folder"], f"Wait for it, or {otherwise}.") from None
    except (PermissionError, FileExistsError, NotADirectoryError) as fault:
        raise AskedWrongly(str(fault.filename or folder), [f"cannot be written in: {fault.strerror}"], "Give a folder that can be written in.") from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def staged(outputs: Path, quarter: str) -> Iterator[Path]:
    """
    Give an empty folder to build a quarter in; when all went well it takes the place of the published one.

    Until then the last good one stays; after a kill between the two renames, the next run puts it back.
    """
    beside, target, older = outputs / f".{quarter}-new", outputs / quarter, outputs / f".{quarter}-old"
    if older.exists() and not target.exists():
        older.rename(target)
    for leftover in (beside, older):
        shutil.rmtree(leftover, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        yield beside
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    if target.exists():
        target.rename(older)
    beside.rename(target)
    shutil.rmtree(older, ignore_errors=True)
