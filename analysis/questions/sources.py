"""Where a figure came from, and what a cell feeds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from analysis import frames
from analysis.errors import AskedWrongly
from analysis.questions.answer import Answer
from analysis.questions.opened import opened
from analysis.reports import Report, headlines

Row = dict[str, Any]
_OFFERED = 12
"""How many names of each kind are offered where nothing fits."""


def place_of(row: Row, cell: str) -> str:
    """
    Give a cell of a row as people say it: file, sheet, cell; nothing for no cell.

    >>> place_of({"file": "a.xlsx", "sheet": "Return", "cell": "E9"}, "E9")
    'a.xlsx, sheet Return, cell E9'
    """
    return ", ".join(filter(None, (row["file"], f"sheet {row['sheet']}" if row["sheet"] else "", f"cell {cell}"))) if cell else ""


def trace(figure: str, quarter: str = "", data: str | Path = "", audience: str = "") -> Answer:
    """
    Say where a figure came from.

    Args:
        figure: its id (2016-17-Q2.build-5), what it is ("Build 5", "Build 5 target"), or the name of a headline count ("met").
        quarter, data, audience: as for `why`.

    Returns:
        One row for each cell behind it, frame of the `RECEIPTS` contract, with `counted_in`; of a headline count, of each figure that it is made of.

    Raises:
        AskedWrongly: no figure is called so; the message names some that there are.
    """
    report = opened(quarter, data, audience)
    counts, found = named(report, figure)
    if not found and not counts:
        raise AskedWrongly(repr(figure), ["is no figure of this quarter"], offer(report))
    if counts and not found:
        parts = set().union(*(row["parts"] for row in counts))
        found = [row for row in frames.rows(report.receipts) if _part(row) in parts]
    about = "; ".join(f"{row['what']}: {row['shown']}. {row['how']}" for row in counts) or ", ".join(dict.fromkeys(row["what"] for row in found))
    rows = [row | {"counted_in": "; ".join(counted_in(row, report))} for row in found]
    return Answer(rows, [*frames.RECEIPTS.columns, "counted_in"], about=about, source="the returns as they were sent")


def feeds(file: str, sheet: str, cell: str, quarter: str = "", data: str | Path = "", audience: str = "") -> Answer:
    """
    Say which figures a cell of a return feeds.

    Args:
        file: the return, as short as one likes: "more-business-like.csv".
        sheet: its sheet; empty for CSV, or for any.
        cell: its address, such as E10.
        quarter, data, audience: as for `why`.

    Returns:
        One row a figure: `figure_id`, `part`, `what`, `as_typed`, `read_as`, `counted_in`. A cell that feeds nothing gives one row that says what became of it.

    Raises:
        AskedWrongly: no file of that name was read, or the cell is empty.
    """
    report = opened(quarter, data, audience)
    of_cell = [row for row in frames.rows(report["cells"]) if is_at(row, file, sheet, cell)]
    here = [row for row in of_cell if row["quarter"] == report.quarter] or of_cell
    if not here:
        files = sorted({row["file"] for row in frames.rows(report.now("returns"))})
        raise AskedWrongly(f"{file}: {cell}", ["is no cell that was read, or holds nothing"], f"There are {some_of(files)}.")
    places = {_at(row) for row in here}
    found = [row for row in frames.rows(report.receipts) if _at(row) in places]
    rows = [{name: row[name] for name in _FED[:-1]} | {"counted_in": "; ".join(counted_in(row, report))} for row in found]
    first = here[0]
    if not rows:
        became = f"{first['outcome']}{': ' + first['reason'] if first['reason'] else ''}"
        rows = [dict.fromkeys(_FED, "") | {"what": f"no published figure ({became})", "as_typed": first["raw"]}]
    about = f"{first['quarter']}/{place_of(first, first['cell'])}, {first['raw']!r}"
    return Answer(rows, _FED, about=about, source=f"{first['quarter']}/{first['file']}")


_FED = ["figure_id", "part", "what", "as_typed", "read_as", "counted_in"]


def named(report: Report, what: str) -> tuple[list[Row], list[Row]]:
    """Give the headline counts, and the receipts of the figures, that are called so."""
    wanted = what.casefold().strip()
    counts = [row for row in report.once(_counts) if wanted in (row["figure_id"].casefold(), row["name"])]
    shown = {report.quarter, *report.latest("spend")["quarter"]}
    return counts, [row for row in frames.rows(report.receipts) if wanted in _names(row, shown)]


def counted_in(row: Row, report: Report) -> list[str]:
    """Say in which headline counts the figure of a receipt is counted."""
    return [f"{of['what']}, {of['shown']}" for of in report.once(_counts) if _part(row) in of["parts"]]


def _counts(report: Report) -> list[Row]:
    return [row | {"parts": set(row["made_of"].split())} for row in frames.rows(headlines.headlines(report))]


def is_at(row: Row, file: str, sheet: str, cell: str) -> bool:
    """Say whether a row is of a cell; the file as short as one likes, the sheet left out for any."""
    whole = f"{row['quarter']}/{row['file']}"
    return cell.upper() == row["cell"] and sheet in ("", row["sheet"]) and bool(file) and (whole == file or whole.endswith(f"/{file}"))


def offer(report: Report) -> str:
    """Say what may be asked about: headline counts, and some figures."""
    shown = {report.quarter, *report.latest("spend")["quarter"]}
    mine = [row for row in frames.rows(report.receipts) if row["quarter"] in shown and row["part"] not in ("target", "published_status")]
    figures = list(dict.fromkeys(row["what"].removesuffix(" actual").partition(": ")[0] for row in mine))
    counts = [row["name"] for row in report.once(_counts)]
    return f"Headlines: {', '.join(counts) or 'none'}. Figures: {some_of(figures)}."


def some_of(names: list[str]) -> str:
    """
    Give the first of some names, and how many more there are.

    >>> some_of(["Build 5", "Build 13"]), some_of([])
    ('Build 5, Build 13', 'none')
    """
    more = f" and {len(names) - _OFFERED} more" if len(names) > _OFFERED else ""
    return f"{', '.join(names[:_OFFERED]) or 'none'}{more}"


def _names(row: Row, shown: set[str]) -> set[str]:
    """Give what a figure may be called: its id, with its part or without, and in the quarters that are shown also what it is."""
    what = row["what"].casefold()
    here = {what, what.partition(": ")[0], what.removesuffix(f" {row['part'].replace('_', ' ')}")} if row["quarter"] in shown else set()
    return {row["figure_id"].casefold(), _part(row).casefold(), *here}


def _part(row: Row) -> str:
    return f"{row['figure_id']}/{row['part']}"


def _at(row: Row) -> tuple[str, ...]:
    return row["quarter"], row["file"], row["sheet"], row["cell"]
