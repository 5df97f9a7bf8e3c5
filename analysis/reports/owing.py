"""Sections about returns as they come: which are owed and what became of them, and what those sent again have changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from analysis import dates, frames, quarters, tables
from analysis.markup import Html, joined
from analysis.reports.report import Report
from analysis.reports.wording import alone, begin, count, lead, listed, verb
from analysis.tables import NUMBERS, WORDS, Column
from analysis.vocabulary import Delivery


def owed(report: Report) -> Html:
    """Show each return that is owed with what became of it, and each partner's completeness and timeliness over the quarters."""
    rows = report.now("owed")
    if report.registers.returns_owed.empty:
        return lead("Nobody has written which returns are owed: data/reference/returns_owed.csv says how.")
    if rows.empty:
        return lead(f"No return is owed for {quarters.label(report.quarter)}.") + _grid(report)
    counted = {state: int((rows["state"] == state).sum()) for state in Delivery}
    said = listed([f"{number} {state}" for state, number in counted.items() if number])
    columns = [
        Column("partner", "Partner"),
        Column("form", "Return", show=lambda row: Html('{}<span class="unit">{}</span>').format(begin(row["form"]), row["covers"])),
        Column("due", "Due", show=lambda row: dates.in_words(row["due"]) or "[x]"),
        Column(
            "state",
            "State",
            show=lambda row: Html('<span class="verdict{}">{}</span>').format(" loud" if row["state"] in (Delivery.LATE, Delivery.HELD) else "", row["state"]),
        ),
        Column("received_on", "Came on", show=lambda row: dates.in_words(row["received_on"]) or "[x]"),
        Column("days_late", "Days late", NUMBERS, show=lambda row: "[x]" if row["days_late"] is None else row["days_late"]),
        Column("files", "File", show=lambda row: row["files"] or "none"),
    ]
    notes = [
        "A deadline is [x] where nobody has stated one, a day of receipt where neither the return nor the register of receipts names it; then nobody can say whether it was late.",
        "The day is the one in the register of receipts, else the one that the return itself names.",
    ]
    text = f"{begin(count(len(rows), 'return'))} {verb(len(rows), 'is', 'are')} owed for {quarters.label(report.quarter)}: {said}."
    return joined(
        [
            lead(text),
            tables.table(
                rows,
                columns,
                caption=f"Returns owed, {quarters.label(report.quarter)}",
                source="register of returns owed, and the files as received",
                row_heading="partner",
                notes=notes,
            ),
            _grid(report),
        ]
    )


def _grid(report: Report) -> Html:
    """Show partner by quarter: how many of the returns owed came, and how many of these on time."""

    def show(found: dict[str, Any]) -> Html:
        timely = [
            f"{found['on_time']} on time" if found["on_time"] else "",
            f"{found['late']} late" if found["late"] else "",
            "times not known" if found["unknown"] else "",
        ]
        loud = "" if found["came"] == found["owed"] else " loud"
        said = Html('<span class="verdict{}">{} of {}</span><span class="unit">{}</span>')
        return said.format(loud, found["came"], found["owed"], ", ".join(filter(None, timely)))

    caption, notes = "Completeness and timeliness, by partner and quarter", ("A return not due yet is not counted.",)
    return partners_over_time(report, "punctuality", show, caption=caption, source="register of returns owed", notes=notes)


def partners_over_time(
    report: Report, name: str, show: Callable[[dict[str, Any]], Html], *, caption: str, source: str, notes: Sequence[str] = (), holds: str = WORDS
) -> Html:
    """
    Show partner by quarter, of the last eight quarters that a frame has.

    Args:
        report: the report.
        name: a frame with one row for each partner and quarter.
        show: what a cell holds, from its row.
        caption, source, notes: of the table.
        holds: whether the cells are WORDS or NUMBERS.
    """
    rows = report.history(name)
    rows = rows[rows["quarter"] <= report.quarter]
    if rows.empty:
        return Html("")
    cells = {(row["partner"], row["quarter"]): show(row) for row in frames.rows(rows)}
    columns = [Column("partner", "Partner", show=lambda row: row["partner"] or "no partner named")]
    for quarter in sorted(set(rows["quarter"]))[-8:]:
        columns.append(Column("partner", quarters.label(quarter), holds, show=lambda row, of=quarter: cells.get((row["partner"], of), "[z]")))
    frame = pd.DataFrame({"partner": sorted(set(rows["partner"]))}, dtype=object)
    return tables.table(frame, columns, caption=caption, source=source, row_heading="partner", notes=notes)


def replaced(report: Report) -> Html:
    """Show which published figures changed, changes of band first, and every cell that a return sent again has changed."""
    changed, cells = report["revised"], report["replaced"]
    if changed.empty and cells.empty:
        return Html("")
    bands = int((changed["band_was"] != changed["band_now"]).sum())
    text = f"{begin(count(len(changed), 'figure'))} changed after {verb(len(changed), 'it was', 'they were')} sent, {alone(bands)} with another band; {count(len(cells), 'cell')} {verb(len(cells), 'differs', 'differ')} in returns sent again."
    parts = [lead(text)]
    if len(changed):
        columns = [
            Column(
                "measure_id",
                "Figure",
                show=lambda row: Html('<strong>{}</strong><span class="unit">{}, {}</span>').format(
                    row["measure_id"], row["part"], quarters.label(row["quarter"])
                ),
            ),
            Column("was_raw", "Was", NUMBERS, show=lambda row: row["was_raw"] or "[x]"),
            Column("now_raw", "Is", NUMBERS, show=lambda row: f"{row['now_raw'] or '[x]'} [r]"),
            Column(
                "band_now",
                "Band",
                show=lambda row: (
                    tables.badge(row["band_now"])
                    if row["band_was"] == row["band_now"]
                    else joined([tables.badge(row["band_was"]), Html(" to "), tables.badge(row["band_now"])])
                ),
            ),
            Column("reason", "Reason"),
            Column("author", "Who, when", show=lambda row: ", ".join(filter(None, (row["author"], row["date"]))) or "[x]"),
        ]
        parts.append(
            tables.table(changed, columns, caption="Figures revised", source="returns sent again, and the register of revisions", row_heading="measure_id")
        )
    if len(cells):
        columns = [
            Column(
                "record",
                "What",
                show=lambda row: Html('<strong>{}</strong><span class="unit">{}, {}</span>').format(
                    row["record"], row["field"].replace("_", " "), quarters.label(row["quarter"])
                ),
            ),
            Column(
                "was_raw",
                "Was",
                show=lambda row: Html('{}<span class="unit">{} {}</span>').format(
                    row["was_raw"] or "(blank)", row["was_file"].rpartition("/")[2], row["was_cell"]
                ),
            ),
            Column(
                "now_raw",
                "Is",
                show=lambda row: Html('{}<span class="unit">{} {}</span>').format(row["now_raw"] or "(blank)", row["file"].rpartition("/")[2], row["cell"]),
            ),
            Column("reason", "Reason", show=lambda row: ", ".join(filter(None, (row["reason"], row["author"], row["dated"])))),
        ]
        parts.append(
            tables.table(
                cells,
                columns,
                caption="Cells that differ in returns sent again",
                source="both files, as received",
                row_heading="record",
                notes=["The older file stays beside the newer."],
            )
        )
    return joined(parts)
