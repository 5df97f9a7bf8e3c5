"""The data pack: the checklist of the Government Analysis Function for spreadsheets, point by point, on real quarters and on hostile text."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Run
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from analysis import frames, reports
from analysis.reports import pack, publication
from analysis.reports.pack import book, columns
from analysis.reports.pack.sheets import NOTES, SHEETS
from analysis.vocabulary import SHORTHAND

REAL = Path(__file__).resolve().parents[1] / "data"
QUARTER = "2016-17-Q2"
RUNS = ("published", "published_grant", "published_recession", "synthetic", "example")
FRONT = ["Cover", "Contents", "Notes"]
NAMES = [
    "Scorecard", "Exceptions", "Disagreements", "Awards", "Grant totals", "Agreements", "Milestones", "Outcome measures", "Actions", "Monthly", "Entitlement",
    "Issues", "Missing", "Owed", "Grades", "Returns", "Receipts",
]  # fmt: skip
Rows = list[dict[str, Any]]


@pytest.fixture(scope="session")
def folders(published: Run, published_grant: Run, published_recession: Run, synthetic: Run, example: Run) -> dict[str, Path]:
    """Give the published folder of every quarter that tests look at."""
    return {name: run.folder for name, run in zip(RUNS, (published, published_grant, published_recession, synthetic, example), strict=True)}


@pytest.fixture(scope="session")
def packs(folders: dict[str, Path]) -> dict[str, Workbook]:
    """Give the data pack of each of them, as a reader opens it."""
    return {name: openpyxl.load_workbook(folder / "data-pack.xlsx") for name, folder in folders.items()}


@pytest.fixture(params=RUNS)
def real(request: pytest.FixtureRequest, packs: dict[str, Workbook]) -> Workbook:
    """Give the data pack of one published quarter."""
    return packs[request.param]


def report(**kept: Rows) -> reports.Report:
    """Give the report of a quarter that has only these rows."""
    made = {name: frames.make([{"quarter": QUARTER} | row for row in rows], frames.CONTRACTS[name]) for name, rows in kept.items()}
    return reports.open_report(QUARTER, REAL, made)


def built(**kept: Rows) -> bytes:
    """Give the data pack of these rows, as bytes."""
    of = report(**kept)
    return pack.build(of, publication.tables(of))


def opened(**kept: Rows) -> Workbook:
    """Give the data pack of these rows, as a reader opens it."""
    return openpyxl.load_workbook(io.BytesIO(built(**kept)))


def tables(made: Workbook) -> Iterator[tuple[Worksheet, tuple[tuple[Any, ...], ...]]]:
    """Give each worksheet that has a table, with the cells of it, headings first."""
    for sheet in made.worksheets:
        for table in sheet.tables.values():
            yield sheet, sheet[table.ref]


def column(made: Workbook, sheet: str, label: str) -> list[Any]:
    """Give what stands under a heading of a worksheet's table."""
    (table,) = made[sheet].tables.values()
    headings, *rows = made[sheet][table.ref]
    (at,) = [place for place, cell in enumerate(headings) if cell.value == label]
    return [row[at].value for row in rows]


def targets(sheet: Worksheet) -> list[str]:
    """Give where the links above a worksheet's table lead."""
    return [sheet.cell(row, 1).hyperlink.location for row in range(1, 6) if sheet.cell(row, 1).hyperlink]


def issue(**of: Any) -> dict[str, Any]:
    """Give a row of issues."""
    return {"file": "r.csv", "severity": "info", "stage": "cell", "message": "Words"} | of


def parts(made: bytes) -> dict[str, str]:
    """Give the parts of a spreadsheet file that are XML, by their names."""
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


# ---------------------------------------------------------------- the checklist, on published quarters


def test_each_table_is_marked_named_and_alone_on_its_worksheet(real: Workbook) -> None:
    """Every worksheet but the cover has one table with a name of its own."""
    assert [len(sheet.tables) for sheet in real.worksheets] == [0] + [1] * (len(real.worksheets) - 1)
    names = [name for sheet in real.worksheets for name in sheet.tables]
    assert len({name.casefold() for name in names}) == len(names)
    assert [name for name in names if not re.fullmatch(r"[a-z_]+_table", name)] == []


def test_each_table_has_one_row_of_headings_that_differ(real: Workbook) -> None:
    """Its first row is the headings, as the mark of the table has them, and no two are alike."""
    for sheet in real.worksheets:
        for table in sheet.tables.values():
            headings = [cell.value for cell in sheet[table.ref][0]]
            assert table.headerRowCount == 1
            assert headings == [marked.name for marked in table.tableColumns]
            assert len({heading.casefold() for heading in headings}) == len(headings)


def test_no_cell_of_a_table_is_blank(real: Workbook) -> None:
    """So no row and no column of it is either; what is not there is said by shorthand."""
    blank = [
        (sheet.title, cell.coordinate) for sheet, rows in tables(real) for row in rows for cell in row if cell.value is None or not str(cell.value).strip()
    ]
    assert blank == []


def test_nothing_stands_beside_or_below_a_table(real: Workbook) -> None:
    """The table is the last thing of its worksheet, and above it only the first column is used."""
    for sheet in real.worksheets[1:]:
        (table,) = sheet.tables.values()
        first, last = table.ref.split(":")
        assert sheet.dimensions == f"A1:{last}"
        above = sheet[f"B1:{last.rstrip('0123456789')}{int(first[1:]) - 1}"]
        assert [cell.coordinate for row in above for cell in row if cell.value is not None] == []


def test_nothing_is_merged_hidden_frozen_or_filtered(real: Workbook) -> None:
    """Every cell, row, column and worksheet is there to be read, and none is fixed on the screen."""
    for sheet in real.worksheets:
        assert not sheet.merged_cells.ranges
        assert sheet.sheet_state == "visible"
        assert sheet.freeze_panes is None
        assert sheet.auto_filter.ref is None
        assert [table.name for table in sheet.tables.values() if table.autoFilter is not None] == []
        assert [place for place, of in [*sheet.row_dimensions.items(), *sheet.column_dimensions.items()] if of.hidden or of.outlineLevel] == []
        assert not sheet._images
        assert not sheet.conditional_formatting
    assert set(real.defined_names) == set()


def test_each_worksheet_opens_at_its_title(real: Workbook) -> None:
    """A1 holds the title in one line, bold and larger; the cursor stands there and the cover is in front."""
    assert real.active.title == "Cover"
    for sheet in real.worksheets:
        title = sheet["A1"]
        assert title.value
        assert "\n" not in title.value
        assert (title.font.bold, title.font.size) == (True, 16)
        assert sheet.sheet_view.selection[0].activeCell == "A1"
        assert sheet.sheet_view.topLeftCell in (None, "A1")


def test_each_worksheet_says_what_stands_on_it(real: Workbook) -> None:
    """Under the title it says that it has one table and, but for the front, of how many rows and from which source."""
    for sheet in real.worksheets[1:]:
        assert sheet["A2"].value.startswith("This worksheet contains one table")
    for sheet in real.worksheets[3:]:
        (table,) = sheet.tables.values()
        size = len(sheet[table.ref]) - 1
        words = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}.get(size, str(size))
        assert re.search(rf"one table, of {words} rows?\.", sheet["A2"].value)
        assert sheet["A3"].value.startswith("Source: ")


def test_worksheets_have_short_names_that_differ(real: Workbook) -> None:
    """A program shows a name whole up to 31 characters; ours are half of that, in letters."""
    names = [sheet.title for sheet in real.worksheets]
    assert names[:3] == FRONT
    assert [name for name in NAMES if name in names] == names[3:]
    assert [name for name in names if len(name) > 16 or not re.fullmatch(r"[A-Z][a-z ]+", name)] == []


def test_type_is_large_plain_and_without_serifs(real: Workbook) -> None:
    """Arial of 12 points or more, never in italics, by its name and not by a theme that could change it."""
    odd = [
        (sheet.title, cell.coordinate)
        for sheet in real.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None and (cell.font.name != "Arial" or cell.font.size < 12 or cell.font.italic or cell.font.scheme)
    ]
    assert odd == []


def test_no_meaning_hangs_on_colour(real: Workbook) -> None:
    """No cell is filled, and no text is coloured but links, which are underlined too."""
    for sheet in real.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.fill.fill_type is None
                coloured = cell.font.color is not None and cell.font.color.type == "rgb"
                assert coloured == (cell.hyperlink is not None) == (cell.font.underline == "single")


def test_numbers_stand_right_and_words_left(real: Workbook) -> None:
    """A number is stored as one; shorthand in its column stands with it; all else stands left."""
    for sheet, (headings, *rows) in tables(real):
        for row in rows:
            for heading, cell in zip(headings, row, strict=True):
                right = heading.alignment.horizontal == "right"
                assert (cell.alignment.horizontal == "right") == right, (sheet.title, cell.coordinate)
                assert right or isinstance(cell.value, str), (sheet.title, cell.coordinate)


def test_text_wraps_and_has_room(real: Workbook) -> None:
    """Each cell of a table wraps, each column has a width, and a row is as high as its longest text needs, as far as a row can be."""
    for sheet, rows in tables(real):
        widths = {at: of.width for of in sheet.column_dimensions.values() for at in range(of.min, of.max + 1)}
        for row in rows:
            for cell in row:
                assert cell.alignment.wrap_text or cell.hyperlink or not isinstance(cell.value, str)
                lines = sum(-(-len(line) // int(widths[cell.column] * 1.5)) for line in str(cell.value).split("\n"))
                assert sheet.row_dimensions[cell.row].height >= min(lines * 15, 400), (sheet.title, cell.coordinate)


def test_money_has_its_unit_in_the_heading_and_pence_in_the_cells(real: Workbook) -> None:
    """A column headed (£) shows two decimals and no sign of its own."""
    seen = 0
    for _, (headings, *rows) in tables(real):
        for heading, *cells in zip(headings, *rows, strict=True):
            if heading.value.endswith("(£)"):
                seen += len(cells)
                assert {cell.number_format for cell in cells if not isinstance(cell.value, str)} <= {"#,##0.00"}
                assert [cell.value for cell in cells if isinstance(cell.value, str) and cell.value not in SHORTHAND] == []
    assert seen or "Awards" not in real.sheetnames


def test_each_column_of_numbers_says_what_they_are(real: Workbook) -> None:
    """Its heading has a unit, or is of things counted, of an order or of a place."""
    units = r"\((£|%|in its unit|number)\)$|^(Rank|Row of the sheet|Rows of its table|Days late|Quarters in a row .*|Awards that .*|Cells .*)$"
    headings = {cell.value for _, (headings, *_) in tables(real) for cell in headings if cell.alignment.horizontal == "right"}
    assert {heading for heading in headings if not re.search(units, heading)} == set()


def test_contents_lead_to_every_worksheet_and_back(real: Workbook) -> None:
    """Each worksheet is listed once, in order, with a link that finds it; every table leads back."""
    (table,) = real["Contents"].tables.values()
    links = [row[0].hyperlink for row in real["Contents"][table.ref][1:]]
    assert [link.location for link in links] == [f"'{name}'!A1" for name in real.sheetnames if name != "Contents"]
    assert [sheet.title for sheet in real.worksheets[2:] if "'Contents'!A1" not in targets(sheet)] == []


def test_contents_count_the_rows_and_name_what_is_empty(real: Workbook) -> None:
    """Tables with rows have their number; those without are named, and none is left out of both."""
    rows = dict(zip(column(real, "Contents", "Worksheet"), column(real, "Contents", "Rows of its table"), strict=True))
    for sheet in real.worksheets[3:]:
        (table,) = sheet.tables.values()
        assert rows[sheet.title] == len(sheet[table.ref]) - 1
    told = real["Contents"]["A3"].value
    without = re.split(", | and ", told.removeprefix("Nothing this quarter for: ").removesuffix(".")) if told.startswith("Nothing") else []
    assert without == [name for name in NAMES if name not in real.sheetnames]


def test_every_note_is_defined_and_used(real: Workbook) -> None:
    """The notes in titles are those of the worksheet Notes, numbered from one in order."""
    listed = [words for words in column(real, "Notes", "Note or shorthand") if words.startswith("Note")]
    assert listed == [f"Note {number}" for number in range(1, len(listed) + 1)]
    used = {words for sheet in real.worksheets for words in re.findall(r"\[note (\d+)\]", sheet["A1"].value)}
    assert used == {str(number) for number in range(1, len(listed) + 1)}


def test_every_shorthand_is_explained(real: Workbook) -> None:
    """Notes has all the shorthand of the tables, each in words."""
    explained = dict(zip(column(real, "Notes", "Note or shorthand"), column(real, "Notes", "What it means"), strict=True))
    assert {mark: explained.get(mark) for mark in SHORTHAND} == {mark: f"{words[0].upper()}{words[1:]}." for mark, words in SHORTHAND.items()}
    used = {cell.value for sheet, rows in tables(real) for row in rows for cell in row if re.fullmatch(r"\[[a-z]+\]", str(cell.value))}
    assert used <= set(SHORTHAND)


def test_the_file_says_what_it_is(real: Workbook) -> None:
    """Title, author, subject, keywords and language are among its properties; its date is a quarter's last day."""
    properties = real.properties
    assert re.search(r": data pack, Q[1-4] \d{4}/\d\d$", properties.title)
    assert properties.creator == properties.title.partition(":")[0]
    assert properties.subject.startswith("Performance and reward grant, Q")
    assert properties.keywords
    assert properties.language == "en-GB"
    assert (properties.created.month, properties.created.day) in {(6, 30), (9, 30), (12, 31), (3, 31)}


def test_there_is_no_formula_and_no_way_out(folders: dict[str, Path]) -> None:
    """No cell is worked out, and no link leaves the file."""
    for folder in folders.values():
        for name, text in parts((folder / "data-pack.xlsx").read_bytes()).items():
            assert not re.search(r"<f[ >]|TargetMode=.External|<hyperlink [^>]*r:id", text), (folder, name)


@pytest.mark.parametrize("run", RUNS)
def test_each_table_has_the_rows_of_its_csv_file(run: str, folders: dict[str, Path], packs: dict[str, Workbook]) -> None:
    """A table with rows has as many as its file; one without has no worksheet, and totals of no awards have none."""
    for sheet in SHEETS:
        with (folders[run] / "data" / f"{sheet.table}.csv").open(encoding="utf-8", newline="") as file:
            rows = len(list(csv.DictReader(file)))
        if sheet.name in packs[run].sheetnames:
            (table,) = packs[run][sheet.name].tables.values()
            assert len(packs[run][sheet.name][table.ref]) - 1 == rows
        else:
            assert rows == 0 or (sheet.name == "Grant totals" and "Awards" not in packs[run].sheetnames)


def test_amounts_are_those_of_source_document_001(packs: dict[str, Workbook]) -> None:
    """Young People and Anti Social Behaviour has £30,000, all of it forecast: Appendix 1, Round 1 spend."""
    made = packs["published_grant"]
    at = column(made, "Awards", "Project").index("Young People and Anti Social Behaviour")
    amounts = [
        column(made, "Awards", f"{label} (£)")[at] for label in ("Total grant awarded", "Quarter 2 forecast", "Quarter 3 forecast", "Quarter 4 forecast")
    ]
    assert amounts == [30000, 12000, 9000, 9000]


def test_statuses_are_words_as_source_document_002_prints_them(packs: dict[str, Workbook]) -> None:
    """Build 63 is printed High Red; its 2.86% against 3% is within 5%, so Amber."""
    made = packs["published"]
    at = column(made, "Disagreements", "Reference").index("Build 63")
    assert [column(made, "Disagreements", label)[at] for label in ("Status as printed", "Status worked out", "Quarter")] == ["High Red", "Amber", "Q2 2016/17"]


# ---------------------------------------------------------------- a quarter with nothing, and one by hand


def test_a_quarter_without_returns_names_every_table_as_empty() -> None:
    """It has its front and no more."""
    made = opened()
    assert made.sheetnames == FRONT
    assert made["Contents"]["A3"].value == f"Nothing this quarter for: {', '.join(NAMES[:-1])} and {NAMES[-1]}."


def test_the_cover_says_what_it_is_who_made_it_and_how_to_read_it() -> None:
    """Title, quarter, status, maker, and where notes and more data are; no clock."""
    made = opened(issues=[issue(severity="fail")])
    words = [row[0].value for row in made["Cover"].iter_rows()]
    assert words[0] == "Harrow Strategic Partnership: data pack, Q2 2016/17"
    assert [heading for heading in ("What this is", "Status", "Who made it", "How to read it", "Where there is more") if heading not in words] == []
    assert words[words.index("Status") + 1] == "Provisional: one problem holds figures back."
    assert None not in words


def test_the_same_report_gives_the_same_bytes() -> None:
    """It holds nothing of the clock: every part is dated alike, the file by the quarter's last day."""
    made = built(issues=[issue()])
    assert made == built(issues=[issue()])
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = openpyxl.load_workbook(io.BytesIO(made)).properties
    assert (properties.created, properties.modified) == (datetime(2016, 9, 30), datetime(2016, 9, 30))  # noqa: DTZ001


def test_it_is_written_beside_the_pages(tmp_path: Path) -> None:
    """The folder has the file under its one name, with what was built."""
    of = report(issues=[issue()])
    pack.write(of, publication.tables(of), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["data-pack.xlsx"]
    assert (tmp_path / "data-pack.xlsx").read_bytes() == built(issues=[issue()])


HOSTILE = {
    "formula": "=1+1",
    "plus": "+1+1",
    "at": "@SUM(A1)",
    "braces": "{=1+1}",
    "command": '=cmd|" /C calc"!A0',
    "address": "https://example.invalid/",
    "mail": "mailto:a@example.invalid",
    "inner address": "internal:Cover!A1",
    "tags": "<b>bold</b> & more",
    "an escape of the format": "_x0041_",
    "lines": "one\ntwo",
    "number": "007",
    "spaces": "  both sides  ",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_whatever_a_partner_types_stays_text(text: str) -> None:
    """It is stored letter for letter, as text, and is neither a formula nor a link."""
    made = opened(issues=[issue(message=text)])
    (table,) = made["Issues"].tables.values()
    cell = made["Issues"][table.ref][1][0]
    raw = parts(built(issues=[issue(message=text)]))
    assert (cell.value.replace("_x005F_", "_"), cell.data_type, cell.hyperlink) == (text, "s", None)
    assert not any(re.search(r"<f[ >]|TargetMode=.External", part) for part in raw.values())


def test_markup_of_rich_text_stays_text() -> None:
    """What looks like the inside of a spreadsheet is shown as it was typed, one space longer, so that it cannot break the file."""
    hostile = "<r><t>bold</t></r>"
    made = opened(issues=[issue(message=hostile), issue(message="<r>not closed</x></r>")])
    assert column(made, "Issues", "What was found") == [f"{hostile} ", "<r>not closed</x></r> "]


def test_a_text_too_long_for_a_cell_says_that_it_is_cut() -> None:
    """It keeps what a cell can hold, 32,767 characters, and says where the rest is."""
    (found,) = column(opened(issues=[issue(message="x" * 40_000)]), "Issues", "What was found")
    assert len(found) == 32_767
    assert found.startswith("xxx")
    assert found.endswith(book.CUT)


def test_a_text_of_rare_letters_is_cut_by_the_room_they_take() -> None:
    """A letter beyond the first 65,536 takes the room of two, and none is cut in half."""
    (found,) = column(opened(issues=[issue(message="\N{GRINNING FACE}" * 20_000)]), "Issues", "What was found")
    assert len(found.encode("utf-16-le")) // 2 <= 32_767
    assert set(found.removesuffix(book.CUT)) == {"\N{GRINNING FACE}"}


def test_a_text_just_short_enough_is_whole() -> None:
    """The longest text that a cell holds is not cut."""
    assert book.stored("x" * 32_767) == "x" * 32_767


AWARD: dict[str, Any] = {"project": "Arts Centre", "round": "Round 1", "verdict": "cannot be checked"}
AMOUNTS = {
    "pence": ({"award": Decimal("1600.10")}, 1600.1),
    "below nothing": ({"award": Decimal("-0.03")}, -0.03),
    "nothing": ({"award": Decimal(0)}, 0),
    "as many digits as are kept": ({"award": Decimal("9999999999999.99")}, 9999999999999.99),
    "more digits than are kept": ({"award": Decimal("12345678901234567.89")}, "12,345,678,901,234,567.89"),
    "asked for and not known": ({"award": None, "award_reason": "asked for and not known"}, "[x]"),
    "not applicable": ({"award": None, "award_reason": "not applicable, or no figure"}, "[z]"),
    "held back": ({"award": None, "award_reason": "suppressed"}, "[c]"),
    "no reason": ({"award": None}, "[x]"),
}


@pytest.mark.parametrize(("of", "shown"), AMOUNTS.values(), ids=AMOUNTS)
def test_an_amount_is_exact_or_says_why_it_is_not_there(of: dict[str, Any], shown: object) -> None:
    """Money keeps its pence; more digits than a spreadsheet keeps stay as text; unknown is never zero."""
    assert column(opened(spend=[AWARD | of]), "Awards", "Total grant awarded (£)") == [shown]


SCORE: dict[str, Any] = {"measure_id": "Build 5", "measure": "Tenants satisfied", "target_raw": "93%", "target_low": Decimal(93), "target_high": Decimal(93)}


def test_a_figure_shows_as_many_decimals_as_it_has() -> None:
    """97.80 is not 97.8; more than four are there and not shown."""
    made = opened(scores=[SCORE | {"actual": Decimal(figure), "actual_raw": figure} for figure in ("97.80",)])
    (table,) = made["Scorecard"].tables.values()
    headings, row = made["Scorecard"][table.ref]
    (cell,) = [cell for heading, cell in zip(headings, row, strict=True) if heading.value == "Actual (in its unit)"]
    assert (cell.value, cell.number_format) == (97.8, "#,##0.00")
    assert book.number_format(Decimal("0.3333333333"), None) == "#,##0.0000"


TARGETS = {
    "one figure": ({}, 93),
    "a range": ({"target_low": Decimal("0.9"), "target_high": Decimal("1.1")}, "0.9 to 1.1"),
    "open at one end": ({"target_raw": "above 3", "target_high": None}, "above 3"),
    "none set": ({"target_raw": "", "target_low": None, "target_high": None, "target_reason": "none set"}, "[z]"),
    "not given": ({"target_raw": "", "target_low": None, "target_high": None, "target_reason": "not given"}, "[x]"),
}


@pytest.mark.parametrize(("of", "shown"), TARGETS.values(), ids=TARGETS)
def test_a_target_is_a_figure_a_range_or_its_shorthand(of: dict[str, Any], shown: object) -> None:
    """A range is said in words, what is open stays as typed, what is not there says why."""
    assert column(opened(scores=[SCORE | of]), "Scorecard", "Target (in its unit)") == [shown]


def test_a_figure_held_back_is_confidential_wherever_it_would_show() -> None:
    """Actual, variance and status of a suppressed figure all say [c], never [z]."""
    held = {"actual_raw": "[c]", "actual_reason": "suppressed", "band_reason": "suppressed", "actual_markers": "[c]", "published_status": "[c]"}
    made = opened(scores=[SCORE | held])
    labels = ("Actual as typed", "Actual (in its unit)", "Variance from target (%)", "Status", "Status as printed")
    assert [column(made, "Scorecard", label) for label in labels] == [["[c]"]] * 5


def test_totals_stand_beside_the_awards_that_they_add_up() -> None:
    """Totals of a quarter that shows no award would be of another quarter's, and have no worksheet."""
    total = {"what": "Total grant awarded", "round": "Round 1", "kind": "all", "known": Decimal(1)}
    assert "Grant totals" not in opened(grant_totals=[total]).sheetnames
    sheet = opened(grant_totals=[total], spend=[AWARD | {"award": Decimal(250), "total_to_date": Decimal(40)}])
    assert {250, 40} <= set(column(sheet, "Grant totals", "Known part (£)")), "added up from the awards shown, whatever was kept"


def test_exceptions_carry_the_title_of_their_measure() -> None:
    """Readers need not look up the reference."""
    made = opened(scores=[SCORE], exceptions=[{"measure_id": "Build 5", "band": "HR", "band_quarter": QUARTER, "rank": 1, "key_challenge": True}])
    assert [column(made, "Exceptions", label) for label in ("Measure", "Latest status", "Key challenge")] == [["Tenants satisfied"], ["High Red"], ["Yes"]]


def test_money_of_an_agreement_stands_apart_from_its_other_figures() -> None:
    """Pounds are under (£), all else is in the unit that is named beside it."""
    facts = [
        {"fact": "Claim", "value": Decimal(100), "value_unit": "pounds"},
        {"fact": "Targets", "value": Decimal("8.5"), "value_unit": "number"},
        {"fact": "Name"},
    ]
    made = opened(entitlement=facts)
    assert column(made, "Entitlement", "Amount (£)") == [100, "[z]", "[z]"]
    assert column(made, "Entitlement", "Other figure (in its unit)") == ["[z]", 8.5, "[z]"]


# ---------------------------------------------------------------- words of the pack itself


def test_every_table_of_the_pack_is_there_in_order() -> None:
    """The seventeen tables, each once, under names that differ."""
    assert [sheet.name for sheet in SHEETS] == NAMES
    assert len({sheet.table for sheet in SHEETS}) == len(SHEETS)


def test_every_note_is_needed_by_a_table() -> None:
    """No note is written for nobody, and no table asks for one that is not there."""
    assert {note for sheet in SHEETS for note in sheet.notes} == set(NOTES)


def test_headings_are_plain_words() -> None:
    """None is the name of a column, and none ends as a sentence."""
    headings = [heading.label for sheet in SHEETS for heading in sheet.columns]
    assert [heading for heading in headings if "_" in heading or heading.endswith(".") or not heading[0].isupper()] == []


def test_a_word_that_is_no_band_stays_as_it_was_typed() -> None:
    """A printed status may be anything."""
    assert columns.band("printed", "Status as printed").show({"printed": "No target"}) == "No target"
