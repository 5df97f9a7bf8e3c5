"""Where a figure came from, and what a cell feeds."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis import frames
from analysis.errors import AskedWrongly
from analysis.questions.answer import Answer
from analysis.questions.opened import opened
from analysis.reports import Report, headlines
from analysis.returns.resubmission import NAMED_BY, carried_down, key_of
from analysis.vocabulary import REPLACED_BY, Outcome

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
        raise AskedWrongly(repr(figure), ["is no figure of this quarter"], offer(report, figure))
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
        One row a figure: `figure_id`, `part`, `what`, `as_typed`, `read_as`, `counted_in`. A cell that feeds nothing gives one row that says what became of
        it, and which cell of a newer return stands in its place.

    Raises:
        AskedWrongly: no file of that name was read, it has no such sheet, or the cell is empty; the message names the files, or the file's sheets.
    """
    report = opened(quarter, data, audience)
    here = cells_at(report, file, sheet, cell)
    if not here:
        files = sorted({row["file"] for row in frames.rows(report.now("returns"))})
        raise no_sheet(report, file, sheet) or AskedWrongly(f"{file}: {cell}", ["is no cell that was read, or holds nothing"], f"There are {some_of(files)}.")
    places = {_at(row) for row in here}
    found = [row for row in frames.rows(report.receipts) if _at(row) in places]
    rows = [{name: row[name] for name in _FED[:-1]} | {"counted_in": "; ".join(counted_in(row, report))} for row in found]
    first = here[0]
    if not rows:
        rows = [dict.fromkeys(_FED, "") | {"what": f"no published figure ({became(first, report)})", "as_typed": first["raw"]}]
    about = f"{first['quarter']}/{place_of(first, first['cell'])}, {first['raw']!r}"
    return Answer(rows, _FED, about=about, source=f"{first['quarter']}/{first['file']}")


_FED = ["figure_id", "part", "what", "as_typed", "read_as", "counted_in"]


def cells_at(report: Report, file: str, sheet: str, cell: str) -> list[Row]:
    """
    Give the cells that were read at an address, rows of the `CELLS` contract: of the report's quarter, else of those it is compared with.

    For a Management Group those alone that feed a figure of its own, or that a cell which does has replaced: cells belong to nobody in particular.
    """
    found = [row for row in frames.rows(report["cells"]) if is_at(row, file, sheet, cell)]
    if report.audience.group:
        own = {_at(row) for row in frames.rows(report.receipts)}
        found = [row for row in found if _at(row) in own or _place_instead(row, report) in own]
    return [row for row in found if row["quarter"] == report.quarter] or found


def became(row: Row, report: Report) -> str:
    """Say what became of a cell that feeds no published figure; where a newer return counts instead of it, which cell of that, and what it holds."""
    used = f", as {row['field'].replace('_', ' ')}" if row["outcome"] == Outcome.USED and row["field"] else ""
    said = f"{row['outcome']}{used}{': ' + row['reason'] if row['reason'] else ''}"
    place = _place_instead(row, report)
    if place is None:
        return said
    held = next((other["raw"] for other in frames.rows(report["cells"]) if _at(other) == place), "")
    where = place_of({"file": "", "sheet": place[2]}, place[3])
    return f"{said}, {where}, which holds {held!r}" if held else f"{said}, which has nothing in its place"


def _place_instead(row: Row, report: Report) -> tuple[str, ...] | None:
    """Give where a newer return has what a cell says: as the frame of replaced cells has it, else by the name of its record; None where neither tells."""
    if not row["reason"].startswith(REPLACED_BY):
        return None
    newer = row["reason"].removeprefix(REPLACED_BY)
    for one in frames.rows(report["replaced"]):
        if (one["quarter"], one["was_file"], one["was_sheet"], one["was_cell"]) == _at(row):
            return one["quarter"], one["file"], one["sheet"], one["cell"]
    if row["form"] not in NAMED_BY or not row["field"]:
        return None
    alike = [one for one in frames.rows(report["cells"]) if (one["quarter"], one["form"]) == (row["quarter"], row["form"]) and one["field"]]
    records: dict[tuple[str, str, int], dict[str, Row]] = {}
    for one in alike + carried_down(alike):
        records.setdefault((one["file"], one["sheet"], one["row"]), {})[one["field"]] = one
    key = key_of(records[row["file"], row["sheet"], row["row"]], NAMED_BY[row["form"]])
    of_newer = [record for (of, _, _), record in records.items() if of == newer and key_of(record, NAMED_BY[row["form"]]) == key]
    if len(of_newer) != 1 or not key.strip("|"):  # a record without a name is replaced with all others of its form, by none of its own
        return None
    return _at(of_newer[0][row["field"]]) if row["field"] in of_newer[0] else (row["quarter"], newer, "", "")


def no_sheet(report: Report, file: str, sheet: str) -> AskedWrongly | None:
    """Give the fault of asking for a sheet that a file does not have, with the sheets that it has, the nearest first; None where that is not what is wrong."""
    of_file = [row for row in frames.rows(report["cells"]) if is_of(row, file)]
    there = list(dict.fromkeys(row["sheet"] for row in of_file if row["quarter"] == report.quarter) or dict.fromkeys(row["sheet"] for row in of_file))
    if not there or sheet in ("", *there):
        return None
    names = [name for name in there if name]
    if not names:
        return AskedWrongly(file, [f"has no sheet {sheet!r}: it is one table"], "Leave the sheet out.")
    return AskedWrongly(file, [f"has no sheet {sheet!r}"], f"{meant(sheet, names)}Its sheets are {some_of(names)}.")


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
    return cell.upper() == row["cell"] and sheet in ("", row["sheet"]) and is_of(row, file)


def is_of(row: Row, file: str) -> bool:
    """
    Say whether a row is of a file, whose path may be as short as its name.

    >>> row = {"quarter": "2016-17-Q2", "file": "council/a.xlsx"}
    >>> is_of(row, "a.xlsx"), is_of(row, "2016-17-Q2/council/a.xlsx"), is_of(row, ".xlsx"), is_of(row, "")
    (True, True, False, False)
    """
    return bool(file) and f"/{row['quarter']}/{row['file']}".endswith(f"/{file}")


def offer(report: Report, asked: str = "") -> str:
    """Say what may be asked about: what is spelt most like what was asked for, headline counts, and some figures."""
    shown = {report.quarter, *report.latest("spend")["quarter"]}
    mine = [row for row in frames.rows(report.receipts) if row["quarter"] in shown and row["part"] not in ("target", "published_status")]
    figures = list(dict.fromkeys(row["what"].removesuffix(" actual").partition(": ")[0] for row in mine))
    counts = [row["name"] for row in report.once(_counts)]
    registered = {name.casefold() for name in report.registers.measures["measure_id"]}  # one that the quarter has no figure of is spelt rightly
    nearest = "" if asked.casefold().strip() in registered else meant(asked, [*counts, *figures])
    return f"{nearest}Headlines: {', '.join(counts) or 'none'}. Figures: {some_of(figures)}."


def meant(asked: str, names: Sequence[str]) -> str:
    """
    Ask whether the name that is spelt most like what was asked for is meant; nothing where none is like it.

    Case and spaces do not tell two names apart.

    >>> meant("Street 4", ["Streets 3", "Streets 4"]), meant("Build63", ["Build 6", "Build 63"]), meant("Zebra", ["Build 6"])
    ("Did you mean 'Streets 4'? ", "Did you mean 'Build 63'? ", '')
    """
    plain = {"".join(name.casefold().split()): name for name in reversed(names)}
    wanted = "".join(asked.casefold().split())
    near = difflib.get_close_matches(wanted, plain, n=1)
    return f"Did you mean {plain[near[0]]!r}? " if near else ""


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
