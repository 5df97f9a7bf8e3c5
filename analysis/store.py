"""Processed frames by name and quarter, in Parquet: contracts are checked on the way in and on the way out."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Container
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import folders, frames
from analysis.errors import AskedWrongly
from analysis.frames import EXACT, TEXT, WHOLE, YES

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
    import pyarrow.parquet as pq

    contract = contract_of(name)
    table = _as_arrow(frames.check(frame, contract), contract)
    target = _path(name, data, quarter)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=target.parent, prefix=f".{name}-")
        os.close(handle)
        try:
            pq.write_table(table, beside, use_dictionary=False, write_statistics=False)  # nobody asks a file for a part of its rows
            Path(beside).chmod(0o644)  # a temporary file is its maker's alone; a frame is everyone's who shares the folder
            Path(beside).replace(target)
            _WRITTEN.append(name)
        finally:
            Path(beside).unlink(missing_ok=True)
    except OSError as fault:
        raise AskedWrongly(str(target.parent), [f"cannot be written: {fault.strerror}"], "The workbook keeps its processed frames there.") from None


_WRITTEN: list[str] = []


def written() -> tuple[str, ...]:
    """Give the names of the frames that this process has written, in order: what a notebook that it ran has made."""
    return tuple(_WRITTEN)


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
        raise AskedWrongly(f"frame {name!r} of {quarter}", ["has not been made yet"], _what_to_do(data, quarter))
    contract = contract_of(name)
    try:
        content = path.read_bytes()
        frame = (_as_written if len(content) < _SMALL else _as_written.__wrapped__)(content, contract.name)
        if frame is not None:
            return frame.copy(deep=False)  # pandas copies on write: nobody changes what is kept here
        frame = _of_another_hand(pd.read_parquet(path), contract)
    except (OSError, ValueError) as fault:
        raise AskedWrongly(str(path), [f"cannot be read: {str(fault).splitlines()[0]}"], "Run the notebooks again: it is made anew.") from None
    return frames.check(frame, contract)


def read_all(data: str | Path, quarter: str, ending: str = "", names: Container[str] | None = None) -> dict[str, pd.DataFrame]:
    """
    Give every finished frame that is kept for a quarter, name -> frame.

    Args:
        data: the data folder.
        quarter: its key.
        ending: `AS_READ` for those before expectations.
        names: of which frames only; notebooks that run beside others say which, as what these write may be there or not yet.

    Raises:
        AskedWrongly: there is none.
    """
    wanted = [name for name in kept(data, quarter) if name.endswith(AS_READ) == bool(ending) and (names is None or name.removesuffix(ending) in names)]
    if not wanted:
        raise AskedWrongly(f"the frames of {quarter}", ["have not been made yet"], _what_to_do(data, quarter))
    return {name.removesuffix(ending): read(name, data, quarter) for name in wanted}


def _what_to_do(data: str | Path, quarter: str) -> str:
    """Say what makes frames; for a quarter without returns, which quarters have some."""
    there = folders.available(Path(data)) if (Path(data) / "raw").is_dir() else []
    return "Run the notebooks before this one first." if not there or quarter in there else f"There are returns for {', '.join(there)}."


def kept(data: str | Path, quarter: str) -> dict[str, int]:
    """Give the name of every frame that is kept for a quarter, and when it was written, in nanoseconds."""
    return {path.stem: path.stat().st_mtime_ns for path in sorted(_path("x", data, quarter).parent.glob("[!.]*.parquet"))}


def forget(data: str | Path, quarter: str) -> None:
    """Remove what is kept for a quarter, so that a run never shows an earlier run's frames."""
    folder = _path("x", data, quarter).parent
    for path in folder.glob("*.parquet") if folder.is_dir() else []:
        path.unlink()
    for path in folder.glob(".*-*") if folder.is_dir() else []:
        path.unlink()


_KEPT_AS = {TEXT: "string", EXACT: "string", WHOLE: "int64", YES: "bool"}
"""What a column holds -> how Parquet keeps it. Exact figures are text: no decimal of Parquet's keeps each figure's own noughts at the end."""


def _as_arrow(frame: pd.DataFrame, contract: frames.Contract) -> Any:
    """Give the columns of the contract as a table of Arrow's."""
    import pyarrow as pa

    made = []
    cells = dict(zip(frame.columns.tolist(), frame.to_numpy(dtype=object).T.tolist(), strict=True))
    for column, holds in contract.columns.items():
        plain = [None if value is None else f"{value:f}" for value in cells[column]] if holds == EXACT else cells[column]
        made.append(pa.array(plain, type=pa.type_for_alias(_KEPT_AS[holds]), from_pandas=True))
    return pa.Table.from_arrays(made, schema=_schema(contract.name))


@cache
def _schema(name: str) -> Any:
    """Give how a frame is kept, with what pandas needs to read it as it was."""
    import pyarrow as pa

    contract = frames.CONTRACTS[name]
    one_row = {column: [{WHOLE: None, YES: False}.get(holds, "")] for column, holds in contract.columns.items()}
    return pa.Table.from_pandas(frames.of_columns(one_row, contract.columns), preserve_index=False).schema


_SMALL = 2**18
"""A file of fewer bytes is read once in a process: a run asks for the same few dozen again and again. Larger ones would only fill the memory."""


@lru_cache(maxsize=64)
def _as_written(content: bytes, name: str) -> pd.DataFrame | None:
    """Give what is kept, if it is as `write` leaves it; pandas, which is slower, reads what is not, or says what is wrong with it."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    contract = frames.CONTRACTS[name]
    try:
        table = pq.ParquetFile(pa.BufferReader(content)).read(use_threads=False)
    except (OSError, ValueError):
        return None
    if [(field.name, str(field.type)) for field in table.schema] != [(column, _KEPT_AS[holds]) for column, holds in contract.columns.items()]:
        return None
    columns = {column: values.to_pylist() for column, values in zip(contract.columns, table.columns, strict=True)}
    exact = {column: [None if value is None else Decimal(value) for value in columns[column]] for column, holds in contract.columns.items() if holds == EXACT}
    return frames.check(frames.of_columns(columns | exact, contract.columns), contract)


def _of_another_hand(frame: pd.DataFrame, contract: frames.Contract) -> pd.DataFrame:
    """Give a frame that pandas has read with exact figures and text as the contract has them; what is missing or wrong, the contract tells."""
    for column, holds in contract.columns.items():
        if column in frame and holds == EXACT:
            frame[column] = pd.Series([None if frames.absent(value) else Decimal(value) for value in frame[column]], index=frame.index, dtype=object)
        elif column in frame and holds == TEXT:
            frame[column] = frame[column].astype(object)
    return frame


def _path(name: str, data: str | Path, quarter: str) -> Path:
    return Path(data) / "processed" / quarter / f"{name}.parquet"
