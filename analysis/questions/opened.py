"""What a question is asked of: one quarter's frames, as the notebooks left them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from analysis import folders, quarters, reports, store, workbook
from analysis.errors import AskedWrongly, FrameError
from analysis.reports import Report

OWN = workbook.NOTEBOOKS.parent / "data"
"""The workbook's own data."""


def opened(quarter: str = "", data: str | Path = "", audience: str = "") -> Report:
    """
    Give a quarter's report as the notebooks last made it; the newest quarter that was run where none is named.

    Args:
        quarter: as pages show it, or its key.
        data: the folder that holds raw/ and reference/; the workbook's own where left out.
        audience: whose report it is; what is open to everyone where left out.

    Raises:
        AskedWrongly: the quarter has not been run, or by another version of the workbook; the message says how to.
    """
    where = Path(data or OWN)
    key = (quarters.parse(quarter) or quarter) if quarter else _newest(where)
    if "scores" not in store.kept(where, key):
        raise AskedWrongly(key, ["has not been run yet: nothing is kept of it"], f"Run it first: workbook run {key}")
    try:
        return _opened(key, where, audience, tuple(store.kept(where, key).items()))
    except FrameError as fault:
        raise AskedWrongly(key, [f"was run by another version of the workbook ({fault.problems[0]})"], f"Run it again: workbook run {key}") from None


def fresh(quarter: str = "", data: str | Path = "", audience: str = "") -> Report:
    """
    Read the returns as they are now, make of them what the notebooks make, and give the report: what to ask for after a return was saved.

    `reports.show("scorecards", fresh())` shows the scorecards as they have become. The first time in a process it takes some seconds more, as
    Great Expectations is loaded.

    Args:
        quarter: as pages show it, or its key; the newest that has returns where left out.
        data, audience: as for `opened`.

    Raises:
        AskedWrongly: the quarter has no returns; the message says which have.
    """
    where = Path(data or OWN)
    key = (quarters.parse(quarter) or quarter) if quarter else max(folders.available(where), default="the newest quarter")
    workbook.run_here(key, where)
    return opened(key, where, audience)


def _newest(data: Path) -> str:
    """Give the newest quarter that has returns and was run; that one was not run is told of the newest that has returns."""
    there = folders.available(data)
    return max((key for key in there if "scores" in store.kept(data, key)), default=max(there, default="the newest quarter"))


@lru_cache(maxsize=4)
def _opened(quarter: str, data: Path, audience: str, _as_of: object) -> Report:
    return reports.open_report(quarter, data, store.read_all(data, quarter), audience)
