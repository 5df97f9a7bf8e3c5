"""Processed frames by name and quarter, in Parquet: contracts are checked on the way in and on the way out."""

from __future__ import annotations

import os
import tempfile
from decimal import Decimal
from pathlib import Path

import pandas as pd

from analysis import frames
from analysis.errors import AskedWrongly
from analysis.frames import EXACT, TEXT

AS_READ = "_as_read"
"""What the name of a frame ends in before expectations have held what fails."""


def contract_of(name: str) -> frames.Contract:
    """
    Give the contract of a stored frame.

    >>> contract_of("cells_as_read").name
    'cells'
    """
    return frames.CONTRACTS[name.removesuffix(AS_READ)]


def write(frame: pd.DataFrame, name: str, data: str | Path, quarter: str) -> None:
    """
    Keep a frame under data/processed/<quarter>/<name>.parquet, whole or not at all.

    Raises:
        FrameError: the frame does not keep its contract.
        AskedWrongly: the folder cannot be written.
    """
    contract = contract_of(name)
    frames.check(frame, contract)
    exact = {column: frame[column].map(lambda value: None if value is None else f"{value:f}") for column, holds in contract.columns.items() if holds == EXACT}
    target = _path(name, data, quarter)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=target.parent, prefix=f".{name}-")
        os.close(handle)
        try:
            frame.assign(**exact)[list(contract.columns)].to_parquet(beside, index=False)
            Path(beside).chmod(0o644)  # a temporary file is its maker's alone; a frame is everyone's who shares the folder
            Path(beside).replace(target)
        finally:
            Path(beside).unlink(missing_ok=True)
    except OSError as fault:
        raise AskedWrongly(str(target.parent), [f"cannot be written: {fault.strerror}"], "The workbook keeps its processed frames there.") from None


def write_all(made: dict[str, pd.DataFrame], data: str | Path, quarter: str, ending: str = "") -> None:
    """Keep several frames, name -> frame; *ending* is added to each name."""
    for name, frame in made.items():
        write(frame, name + ending, data, quarter)


def read(name: str, data: str | Path, quarter: str) -> pd.DataFrame:
    """
    Give back a frame that was kept.

    Raises:
        AskedWrongly: nothing is kept under that name for that quarter: an earlier notebook has not run.
        FrameError: what is kept does not keep its contract.
    """
    path = _path(name, data, quarter)
    if not path.is_file():
        raise AskedWrongly(f"frame {name!r} of {quarter}", ["has not been made yet"], "Run the notebooks before this one first.")
    contract = contract_of(name)
    try:
        frame = pd.read_parquet(path)
    except (OSError, ValueError) as fault:
        raise AskedWrongly(str(path), [f"cannot be read: {str(fault).splitlines()[0]}"], "Run the notebooks again: it is made anew.") from None
    for column, holds in contract.columns.items():
        if column not in frame:
            continue  # what is missing is told by the contract, below
        if holds == EXACT:
            frame[column] = pd.Series([None if frames.absent(value) else Decimal(value) for value in frame[column]], index=frame.index, dtype=object)
        elif holds == TEXT:
            frame[column] = frame[column].astype(object)
    return frames.check(frame, contract)


def read_all(data: str | Path, quarter: str, ending: str = "") -> dict[str, pd.DataFrame]:
    """Give every finished frame that is kept for a quarter, name -> frame; with `AS_READ`, those before expectations."""
    kept = sorted(path.stem for path in _path("x", data, quarter).parent.glob("[!.]*.parquet"))
    wanted = [name for name in kept if name.endswith(AS_READ) == bool(ending)]
    if not wanted:
        raise AskedWrongly(f"the frames of {quarter}", ["have not been made yet"], "Run the notebooks before this one first.")
    return {name.removesuffix(ending): read(name, data, quarter) for name in wanted}


def forget(data: str | Path, quarter: str) -> None:
    """Remove what is kept for a quarter, so that a run never shows an earlier run's frames."""
    folder = _path("x", data, quarter).parent
    for path in folder.glob("*.parquet") if folder.is_dir() else []:
        path.unlink()
    for path in folder.glob(".*-*") if folder.is_dir() else []:
        path.unlink()


def _path(name: str, data: str | Path, quarter: str) -> Path:
    return Path(data) / "processed" / quarter / f"{name}.parquet"
