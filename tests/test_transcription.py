"""
The real returns against the source documents they were transcribed from, cell by cell.

Each row of data/raw names where it was printed, such as `002:153` (document, line). Its cells must stand in that
document. Not compared, because they are the transcriber's and not the document's:

- the columns Source, Transcription note, Theme, Group or theme, Section and For discussion;
- Fact and Agreement of reward facts: the transcriber's words for what the sentence in Basis says.

Where the row's note says that a cell was put together (`REJOINED`), the text as a whole stands nowhere, so each of
its words must. `INVENTED` are the cells that no document prints, by name.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from analysis.returns.files import Sheet, open_sheets

HOUSE = Path(__file__).resolve().parents[1]
SOURCES = HOUSE.parent / "shared" / "sources"
RAW = HOUSE / "data" / "raw"
DOCUMENTS = ("000", "001", "002", "003", "004")
EXEMPT = {"Source", "Transcription note", "Theme", "Group or theme", "Section", "For discussion"}
EXEMPT_OF_REWARD_FACTS = {"Fact", "Agreement"}
REJOINED = re.compile(r"joined|inferred|cut from the run-together|markup dropped")
INVENTED = {
    ("2011-12-Q2/partnership-team/outcome-measures.csv", "No", "OM6"): "the row of OM6 lost its title in the extraction; the number follows from OM5 and OM7"
}
SCORECARD_QUARTERS = ("2015-16-Q2", "2016-17-Q1", "2016-17-Q2")


@dataclass(frozen=True)
class Printed:
    """One cell of a return, where it stands, and where its row says that it was printed."""

    file: str
    sheet: str
    row: int
    heading: str
    text: str
    document: str
    line: int
    note: str


def folded(text: str) -> str:
    """Give a text with white space folded, and without HTML tags and bold marks."""
    plain = re.sub(r"</?[A-Za-z][^<>]*>", "", text).replace("**", "")
    return re.sub(r"\s+", " ", plain).strip()


@pytest.fixture(scope="module")
def documents() -> dict[str, list[str]]:
    """Give document number -> its lines; skip where the documents are not at hand, but never in CI."""
    found = {path.name[:3]: path.read_text(encoding="utf-8").split("\n") for path in sorted(SOURCES.glob("00[0-9]_*.txt"))}
    if not found and os.environ.get("CI", "").casefold() != "true":
        pytest.skip(f"the source documents are not at {SOURCES}")
    assert tuple(found) == DOCUMENTS, f"the source documents should be at {SOURCES}"
    return found


@cache
def printed_cells() -> tuple[Printed, ...]:
    """Give every cell to compare, in the order of the files."""
    paths = sorted(path for path in RAW.rglob("*") if path.suffix in {".csv", ".xlsx"})
    return tuple(cell for path in paths for sheet in open_sheets(path.name, path.read_bytes()) for cell in _of_sheet(path.relative_to(RAW).as_posix(), sheet))


def _of_sheet(file: str, sheet: Sheet) -> list[Printed]:
    top = next(row for (row, _), cell in sorted(sheet.cells.items()) if cell.text == "Source")
    headings = {column: cell.text for (row, column), cell in sheet.cells.items() if row == top}
    columns = {heading: column for column, heading in headings.items()}
    exempt = EXEMPT | (EXEMPT_OF_REWARD_FACTS if "Fact" in columns else set())
    cells = []
    for (row, column), cell in sorted(sheet.cells.items()):
        source = sheet.cells.get((row, columns["Source"]))
        if row <= top or source is None or headings[column] in exempt:
            continue
        document, _, line = source.text.partition(":")
        note = sheet.cells.get((row, columns["Transcription note"]))
        cells.append(Printed(file, sheet.name, row, headings[column], cell.text, document, int(line), note.text if note else ""))
    return cells


def test_every_cell_stands_in_its_document(documents: dict[str, list[str]]) -> None:
    """It finds each cell in the document that its row names, or each of its words where the note says it was put together."""
    whole = {name: folded("\n".join(lines)) for name, lines in documents.items()}
    words = {name: set(text.split()) for name, text in whole.items()}
    lost = []
    for cell in printed_cells():
        text = folded(cell.text)
        if text in whole[cell.document] or (cell.file, cell.heading, cell.text) in INVENTED:
            continue
        if not (REJOINED.search(cell.note) and set(text.split()) <= words[cell.document]):
            lost.append(cell)
    assert lost == []


def test_few_cells_are_found_word_by_word(documents: dict[str, list[str]]) -> None:
    """It finds nearly every cell whole: at most 34, all put together over a line or page break, are found by their words."""
    whole = {name: folded("\n".join(lines)) for name, lines in documents.items()}
    assert len([cell for cell in printed_cells() if folded(cell.text) not in whole[cell.document]]) <= 34


NEAR = {
    "No", "Measure", "Good", "Target", "Actual", "RAG status", "Data period", "Note", "Indicator", "Polarity", "RAG", "Direction of Travel",
    "September 2009", "October 2009", "November 2009", "December 2009", "Total Grant Awarded", "Quarter 1 2011/12", "Quarter 2 Forecast",
    "Quarter 3 Forecast", "Quarter 4 Forecast", "Total Spend to Date", "Identified Underspend", "Date", "Owner", "Value", "Basis",
}  # fmt: skip
"""The columns whose cells are short, and so stand somewhere in any document: these must stand on the line named, or the two below it."""


def test_figures_stand_on_the_line_named(documents: dict[str, list[str]]) -> None:
    """It finds each figure, status, serial and title on the very line that its row names, or the two that continue it."""
    far = []
    for cell in printed_cells():
        if cell.heading not in NEAR or (cell.file, cell.heading, cell.text) in INVENTED:
            continue
        lines = documents[cell.document][cell.line - 1 : cell.line + 2]
        if folded(cell.text) not in folded("\n".join(lines)):
            far.append(cell)
    assert far == []


def test_scorecard_figures_stand_in_the_columns_of_their_quarter(documents: dict[str, list[str]]) -> None:
    """It finds target, actual and status of all three quarters in one run of the line's cells, in the printed order, for each measure."""
    by_line: dict[int, dict[tuple[str, str], str]] = {}
    for cell in printed_cells():
        if cell.document == "002" and "/harrow-council/" in cell.file:
            by_line.setdefault(cell.line, {})[cell.file[:10], cell.heading] = cell.text
    wrong, compared = [], 0
    for line, cells in sorted(by_line.items()):
        if ("2016-17-Q2", "Measure") not in cells:
            continue
        compared += 1
        mine = [cells.get((quarter, heading), "") for quarter in SCORECARD_QUARTERS for heading in ("Target", "Actual", "RAG status")]
        tabbed = [text.strip() for text in documents["002"][line - 1].split("\t")]
        after = tabbed[next(place for place, text in enumerate(tabbed) if text in {"Higher", "Lower", "In range", "Good in range"}) + 1 :]
        if line in EXTRA_TAB:
            del after[EXTRA_TAB[line]]
        if after[:9] != mine:
            wrong.append((line, after, mine))
    assert wrong == []
    assert compared == 83


EXTRA_TAB = {180: 8, 181: 8}
"""Lines of 002 with one tab too many between the last actual and its status; the rows' notes say so."""


def test_the_cells_compared_are_all_there() -> None:
    """It compares as many cells as the documents have rows, counted by hand, so that an empty comparison cannot pass."""
    count = Counter(cell.heading for cell in printed_cells())
    at_least = {
        "Measure": 249, "Good": 249, "No": 249 + 19,  # 83 measures in three quarters; OM1 to OM19
        "RAG status": 184,  # the bands that 002 prints, by domain.md section 4
        "Actual": 184,  # a band needs an actual
        "Total Grant Awarded": 28, "Total Spend to Date": 28, "Identified Underspend": 28,
        "Outcomes": 46, "Progress": 7, "Action": 11, "Date": 11,
        "September 2009": 4, "October 2009": 4, "November 2009": 4, "December 2009": 4,
        "Text": 300,
    }  # fmt: skip
    assert {heading: count[heading] for heading in at_least if count[heading] < at_least[heading]} == {}
    assert count.total() >= sum(at_least.values())


def test_every_invented_cell_is_one_that_stands_in_a_return() -> None:
    """It excuses no cell that is not there, so that the excuses cannot outlive what they excuse."""
    cells = {(cell.file, cell.heading, cell.text) for cell in printed_cells()}
    assert set(INVENTED) <= cells


def test_every_row_under_the_headings_names_its_source_or_is_a_note() -> None:
    """It finds a source beside every row under the headings, but for the notes that stand alone in their row."""
    without = []
    for path in sorted(path for path in RAW.rglob("*") if path.suffix in {".csv", ".xlsx"}):
        for sheet in open_sheets(path.name, path.read_bytes()):
            top, column = next((row, column) for (row, column), cell in sorted(sheet.cells.items()) if cell.text == "Source")
            for row in sorted({row for row, _ in sheet.cells if row > top}):
                filled = [cell.text for (of, _), cell in sheet.cells.items() if of == row]
                source = sheet.cells.get((row, column))
                if not (re.fullmatch(r"00[0-4]:[1-9]\d*", source.text) if source else len(filled) == 1):
                    without.append((path.name, sheet.name, row, filled))
    assert without == []


def test_the_notes_under_the_tables_stand_in_a_document(documents: dict[str, list[str]]) -> None:
    """It finds each note that stands alone under a table, word for word, in one of the documents."""
    whole = [folded("\n".join(lines)) for lines in documents.values()]
    lost = []
    for path in sorted(path for path in RAW.rglob("*") if path.suffix in {".csv", ".xlsx"}):
        for sheet in open_sheets(path.name, path.read_bytes()):
            top = next(row for (row, _), cell in sorted(sheet.cells.items()) if cell.text == "Source")
            alone = Counter(row for row, _ in sheet.cells if row > top)
            notes = [cell.text for (row, _), cell in sheet.cells.items() if alone[row] == 1]
            lost += [(path.name, note) for note in notes if not any(folded(note) in text for text in whole)]
    assert lost == []
