"""The data pack: the quarter's tables in one accessible spreadsheet, from what everyone may see."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from analysis import frames, quarters
from analysis.reports import datapackage, sign_off
from analysis.reports.pack.book import Book, Link
from analysis.reports.pack.columns import MIDDLE, NARROW, WIDE, Column, Row
from analysis.reports.pack.sheets import NOTES, SHEETS, Sheet, shown
from analysis.reports.report import Report
from analysis.reports.wording import count, listed
from analysis.vocabulary import SHORTHAND

FILE = "data-pack.xlsx"
COVER, CONTENTS, NOTES_SHEET = "Cover", "Contents", "Notes"


def write(report: Report, tables: dict[str, pd.DataFrame], folder: Path) -> None:
    """Write the data pack of a quarter into its folder."""
    (folder / FILE).write_bytes(build(report, tables))


def build(report: Report, tables: dict[str, pd.DataFrame]) -> bytes:
    """
    Give the data pack of a quarter: cover, contents, notes, then a table a worksheet; tables with no row are named on the contents.

    Made as the Government Analysis Function asks of spreadsheets: tables marked and named, with one row of headings, nothing merged,
    hidden, frozen, filtered or blank, no meaning by colour, notes and shorthand explained on a worksheet of their own. The same report
    gives the same bytes; its date is the quarter's last day.

    Args:
        report: the report with what is open to everyone.
        tables: published name -> frame, as the CSV files hold them.
    """
    label = quarters.label(report.quarter)
    name = report.registers.name
    book = Book(
        title=f"{name}: data pack, {label}", subject=f"Performance and reward grant, {label} ({quarters.months(report.quarter)})", author=name,
        keywords="performance, reward grant, quarterly returns", language=report.registers.language,
        created=datetime.fromisoformat(datapackage.created(report.quarter).removesuffix("Z")),
    )  # fmt: skip
    found = shown(tables, report["scores"])
    there = [sheet for sheet in SHEETS if len(found[sheet.table])]
    numbers = {note: number for number, note in enumerate((note for note in NOTES if any(note in sheet.notes for sheet in there)), 1)}
    book.page(COVER, f"{name}: data pack, {label}", _cover(report))
    _contents(book, there, [sheet.name for sheet in SHEETS if sheet not in there], found, label)
    _notes(book, numbers, there)
    for sheet in there:
        _sheet(book, sheet, frames.rows(found[sheet.table]), numbers, label)
    return book.bytes()


def _cover(report: Report) -> list[tuple[str, str]]:
    label, returns = quarters.label(report.quarter), report.now("returns")
    tables = (
        f"Every table of the quarter's reports, made from {count(len(returns), 'return')} of {label} and from those of the quarters that it is compared with. "
        "Each figure was read from a partner's return, checked, and can be followed back to its cell."
    )
    reading = (
        f"The worksheet {CONTENTS} lists the tables and leads to each; every table stands on a worksheet of its own. "
        f"No cell of a table is blank: shorthand such as [x] says what is not there, and the worksheet {NOTES_SHEET} explains it."
    )
    more = f"The folder data beside this file holds these tables and others as CSV files, with more columns; {datapackage.FILE} there describes every column."
    return [
        ("", f"The figures behind the reports for {label}, {quarters.months(report.quarter)}."),
        ("What this is", tables),
        ("Status", f"{sign_off.status(report)}."),
        ("Who made it", f"{report.registers.name}, with version {version('quarterly-performance-workbook')} of the quarterly performance workbook."),
        ("How to read it", reading),
        ("", "Text that a partner typed stands as it was typed. An unknown figure is never taken as zero."),
        ("Where there is more", more),
    ]


def _contents(book: Book, there: list[Sheet], without: list[str], found: dict[str, pd.DataFrame], label: str) -> None:
    rows: list[Row] = [
        {"sheet": COVER, "about": "What this spreadsheet is and how to read it", "rows": "[z]"},
        {"sheet": NOTES_SHEET, "about": "Notes on the tables, and what shorthand means", "rows": "[z]"},
        *({"sheet": sheet.name, "about": sheet.title, "rows": len(found[sheet.table])} for sheet in there),
    ]
    columns = [
        Column("Worksheet", lambda row: Link(row["sheet"], row["sheet"]), 24),
        Column("What it holds", lambda row: row["about"], 80),
        Column("Rows of its table", lambda row: row["rows"], NARROW, 0, numbers=True),
    ]
    lines: list[str | Link] = [f"Contents of the data pack, {label}", "This worksheet contains one table. It lists the worksheets and leads to each."]
    lines += [f"Nothing this quarter for: {listed(without)}."] if without else []
    book.table(CONTENTS, lines, columns, rows, about="The worksheets of this spreadsheet, with links")


def _notes(book: Book, numbers: dict[str, int], there: list[Sheet]) -> None:
    rows: list[Row] = [
        {"note": f"Note {number}", "says": NOTES[note], "where": listed([sheet.name for sheet in there if note in sheet.notes])}
        for note, number in numbers.items()
    ]
    rows += [{"note": mark, "says": f"{words[:1].upper()}{words[1:]}.", "where": "Any"} for mark, words in SHORTHAND.items()]
    columns = [
        Column("Note or shorthand", lambda row: row["note"], MIDDLE),
        Column("What it means", lambda row: row["says"], 80),
        Column("Worksheets", lambda row: row["where"], WIDE),
    ]
    lines = [
        "Notes and shorthand",
        "This worksheet contains one table. Shorthand stands in a cell where there is no figure, or beside one.",
        Link(f"Back to {CONTENTS}", CONTENTS),
    ]
    book.table(NOTES_SHEET, lines, columns, rows, about="Notes by number, then shorthand, each with what it means")


def _sheet(book: Book, sheet: Sheet, rows: list[Row], numbers: dict[str, int], label: str) -> None:
    notes = [f"note {numbers[note]}" for note in NOTES if note in sheet.notes]
    marks = "".join(f" [{note}]" for note in notes)
    lines = [
        f"{sheet.title}, {label}{marks}",
        f"This worksheet contains one table, of {count(len(rows), 'row')}. The worksheet {NOTES_SHEET} explains shorthand such as [x]{' and the notes' if notes else ''}.",
        f"Source: {sheet.source}.",
        Link(f"Back to {CONTENTS}", CONTENTS),
    ]
    book.table(sheet.name, lines, sheet.columns, rows, about=f"{sheet.title}; one row for each, {count(len(sheet.columns), 'column')}")
