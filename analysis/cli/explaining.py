"""The command explain: where a figure came from, or what a cell of a return feeds."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from analysis.cli.asked import quarter_of
from analysis.errors import AskedWrongly

_SHOWN = 12
"""How many names of each kind are offered where nothing fits."""


def explain(asked: Namespace) -> int:
    """Print the receipt of a figure, or every figure that a cell feeds, as the audience asked for may see them."""
    from analysis import frames, reports, store
    from analysis.reports import headlines

    quarter = quarter_of(asked)
    try:
        stored = store.read_all(asked.data, quarter)
    except AskedWrongly:
        stored = {}
    if "scores" not in stored:
        raise AskedWrongly(quarter, ["has not been run yet: nothing is kept of it"], f"Run it first: workbook run {quarter}")
    report = reports.open_report(quarter, asked.data, stored, asked.audience)
    found, made = frames.rows(report.receipts), frames.rows(headlines.headlines(report))
    wanted = asked.what.casefold()
    of_headline = [row for row in made if wanted in (row["figure_id"].casefold(), row["name"])]
    shown = {quarter, *report.latest("spend")["quarter"]}
    of_figure = [row for row in found if wanted in _names(row, shown)]
    of_cell = [row for row in found if _is_cell(row, asked.what)]
    if not (of_headline or of_figure or of_cell):
        raise AskedWrongly(repr(asked.what), ["is no figure, and no cell that feeds one, of this quarter"], _offer(shown, made, found))
    for row in of_headline:
        _print_headline(row)
    for row in of_figure:
        _print_receipt(row, made)
    here = [row for row in of_cell if row["quarter"] == quarter] or of_cell
    for place in dict.fromkeys(f"{row['quarter']}/{_place(row)}" for row in here):
        _print_cell(place, [row for row in here if f"{row['quarter']}/{_place(row)}" == place], made)
    return 0


def _names(row: dict[str, Any], shown: set[str]) -> set[str]:
    """Give what a figure may be called: its id, with its part or without, and in the quarters that are shown also what it is."""
    what = row["what"].casefold()
    here = {what, what.partition(": ")[0], what.removesuffix(f" {row['part'].replace('_', ' ')}")} if row["quarter"] in shown else set()
    return {row["figure_id"].casefold(), f"{row['figure_id']}/{row['part']}".casefold(), *here}


def _is_cell(row: dict[str, Any], asked: str) -> bool:
    """Say whether a question names the cell of a receipt, as FILE:CELL or FILE:SHEET!CELL, the file as short as one likes."""
    file, _, place = asked.rpartition(":")
    sheet, _, cell = place.rpartition("!")
    whole = f"{row['quarter']}/{row['file']}"
    return bool(file) and cell.upper() == row["cell"] and sheet in ("", row["sheet"]) and (whole == file or whole.endswith(f"/{file}"))


def _place(row: dict[str, Any]) -> str:
    return ", ".join(filter(None, (row["file"], f"sheet {row['sheet']}" if row["sheet"] else "", f"cell {row['cell']}")))


def _counted_in(row: dict[str, Any], made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [of for of in made if f"{row['figure_id']}/{row['part']}" in of["made_of"].split()]


def _print_cell(place: str, rows: list[dict[str, Any]], made: list[dict[str, Any]]) -> None:
    print(f"{place} holds {rows[0]['as_typed']!r} and feeds:")
    for row in rows:
        print(f"  {row['what']} ({row['figure_id']}), read as {row['read_as']}")
        for of in _counted_in(row, made):
            print(f"    counted in: {of['what']}, {of['shown']}")


def _print_receipt(row: dict[str, Any], made: list[dict[str, Any]]) -> None:
    print(f"{row['what']} ({row['figure_id']})")
    for label, said in (
        ("file", f"{row['quarter']}/{_place(row)}"),
        ("sent by", row["sent_by"] or "no partner named"),
        ("as typed", repr(row["as_typed"])),
        ("read as", row["read_as"]),
        ("repaired", row["repairs"] or "no"),
        ("made of it", row["rule"]),
        ("fingerprint", f"SHA-256 {row['sha256']}"),
        ("counted in", "; ".join(f"{of['what']}, {of['shown']}" for of in _counted_in(row, made))),
    ):
        if said:
            print(f"  {label:<12}{said}")


def _print_headline(row: dict[str, Any]) -> None:
    parts = row["made_of"].split()
    print(f"{row['what']}: {row['shown']} ({row['figure_id']})")
    print(f"  how         {row['how']}")
    if parts:
        print(f"  made of     {len(parts)} figures: {', '.join(part.rpartition('/')[0] for part in parts)}")


def _offer(shown: set[str], made: list[dict[str, Any]], found: list[dict[str, Any]]) -> str:
    mine = [row for row in found if row["quarter"] in shown and row["part"] not in ("target", "published_status")]
    figures = list(dict.fromkeys(row["what"].removesuffix(" actual").partition(": ")[0] for row in mine))
    more = f" and {len(figures) - _SHOWN} more" if len(figures) > _SHOWN else ""
    headlines = ", ".join(row["name"] for row in made)
    return f"Headlines: {headlines or 'none'}. Figures: {', '.join(figures[:_SHOWN]) or 'none'}{more}. A cell is asked for as FILE:CELL or FILE:SHEET!CELL."
