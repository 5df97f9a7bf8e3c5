"""The commands explain and why: where a figure came from, what a cell of a return feeds, why a measure has its band."""

from __future__ import annotations

import re
from argparse import Namespace
from typing import TYPE_CHECKING, Any

from analysis.cli.asked import quarter_of
from analysis.errors import AskedWrongly

if TYPE_CHECKING:
    from analysis.reports import Report


def why(asked: Namespace) -> int:
    """Print why a measure has its band, step by step."""
    from analysis import questions

    print(questions.why(asked.measure, asked.quarter, asked.data, asked.audience))
    return 0


def explain(asked: Namespace) -> int:
    """Print the receipt of a figure, or every figure that a cell feeds, or what became of one that feeds none, as the audience asked for may see them."""
    from analysis import frames
    from analysis.questions import opened, sources

    report = opened.opened(quarter_of(asked), asked.data, asked.audience)
    of_headline, of_figure = sources.named(report, asked.what)
    file, _, place = asked.what.rpartition(":")
    sheet, _, cell = place.rpartition("!")
    of_cell = [row for row in frames.rows(report.receipts) if sources.is_at(row, file, sheet, cell)]
    places = {_place(row) for row in of_cell}
    unused = [row for row in sources.cells_at(report, file, sheet, cell) if _place(row) not in places]
    if not (of_headline or of_figure or of_cell or unused):
        raise sources.no_sheet(report, file, sheet) or _not_there(report, asked.what)
    for row in of_headline:
        _print_headline(row)
    for row in of_figure:
        _print_receipt(row, report)
    every = of_cell + unused
    here = {_place(row) for row in every if row["quarter"] == report.quarter} or {_place(row) for row in every}
    for said in dict.fromkeys(_place(row) for row in of_cell if _place(row) in here):
        _print_cell(said, [row for row in of_cell if _place(row) == said], report)
    for row in unused:
        if _place(row) in here:
            print(f"{_place(row)} holds {row['raw']!r} and feeds no published figure ({sources.became(row, report)}).")
    return 0


_CELL = re.compile(r"(?P<file>.*):(?:[^:!]*!)?[A-Za-z]{1,3}[0-9]+")


def _not_there(report: Report, what: str) -> AskedWrongly:
    """Give the fault of asking for what is not there: for a cell with the files that there are, for a figure with some that there are; the nearest first."""
    from analysis import frames
    from analysis.questions import sources

    how = "A cell is asked for as FILE:CELL or FILE:SHEET!CELL."
    cell = _CELL.fullmatch(what)
    if cell is None:
        return AskedWrongly(repr(what), ["is no figure, and no cell that feeds one, of this quarter"], f"{sources.offer(report, what)} {how}")
    returns = frames.rows(report.now("returns"))
    files = sorted({row["file"] for row in returns})
    known = any(sources.is_of(row, cell["file"]) for row in returns)
    nearest = "" if known else sources.meant(cell["file"].rpartition("/")[2], [file.rpartition("/")[2] for file in files])
    return AskedWrongly(repr(what), ["is no cell that was read, or holds nothing"], f"{nearest}There are {sources.some_of(files)}. {how}")


def _place(row: dict[str, Any]) -> str:
    from analysis.questions.sources import place_of

    return f"{row['quarter']}/{place_of(row, row['cell'])}"


def _print_cell(place: str, rows: list[dict[str, Any]], report: Report) -> None:
    from analysis.questions.sources import counted_in

    print(f"{place} holds {rows[0]['as_typed']!r} and feeds:")
    for row in rows:
        print(f"  {row['what']} ({row['figure_id']}), read as {row['read_as']}")
        for count in counted_in(row, report):
            print(f"    counted in: {count}")


def _print_receipt(row: dict[str, Any], report: Report) -> None:
    from analysis.questions.sources import counted_in

    print(f"{row['what']} ({row['figure_id']})")
    for label, said in (
        ("file", _place(row)),
        ("sent by", row["sent_by"] or "no partner named"),
        ("as typed", repr(row["as_typed"])),
        ("read as", row["read_as"]),
        ("repaired", row["repairs"] or "no"),
        ("made of it", row["rule"]),
        ("fingerprint", f"SHA-256 {row['sha256']}"),
        ("counted in", "; ".join(counted_in(row, report))),
    ):
        if said:
            print(f"  {label:<12}{said}")


def _print_headline(row: dict[str, Any]) -> None:
    parts = row["made_of"].split()
    print(f"{row['what']}: {row['shown']} ({row['figure_id']})")
    print(f"  how         {row['how']}")
    if parts:
        print(f"  made of     {len(parts)} figures: {', '.join(part.rpartition('/')[0] for part in parts)}")
