"""Reading returns: each form by its headings, each cell once with what became of it, each bad file by name."""

from __future__ import annotations

import csv
import datetime
import io
import re
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import returns, values
from analysis.errors import AskedWrongly
from analysis.returns import files
from analysis.vocabulary import Reason

QUARTER = "2016-17-Q2"
OUTCOMES = {"used", "ignored", "quarantined"}
HEADINGS = ["Theme", "No", "Measure", "Good", "Target", "Actual", "RAG status"]
ROW = ["Build", "5", "Tenant satisfaction", "Higher", "93%", "97.8%", "HG"]
GOOD = "Date,Action,Owner,Outcome\n1 May,Meet,Ann,Met\n"


def place(data: Path, name: str, content: bytes | str) -> Path:
    """Put a file into the quarter's folder."""
    path = data / "raw" / QUARTER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def as_csv(grid: list[list[str]], encoding: str = "utf-8") -> bytes:
    """Give a grid of texts as the bytes of a CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(grid)
    return text.getvalue().encode(encoding)


def as_xlsx(sheets: dict[str, list[list[object]]], merged: dict[str, list[str]] | None = None, formats: dict[str, str] | None = None) -> bytes:
    """Give grids as the bytes of a workbook; `merged` by sheet, number formats by cell (of every sheet)."""
    book = openpyxl.Workbook()
    del book[book.sheetnames[0]]
    for title, grid in sheets.items():
        sheet = book.create_sheet(title)
        for row, line in enumerate(grid, start=1):
            for column, value in enumerate(line, start=1):
                if value not in (None, ""):
                    sheet.cell(row, column, value)
        for area in (merged or {}).get(title, []):
            sheet.merge_cells(area)
        for cell, shape in (formats or {}).items():
            sheet[cell].number_format = shape
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(data: Path) -> returns.Read:
    """Read the quarter."""
    return returns.read(data, (QUARTER,))


def outcome_of(got: returns.Read) -> dict[str, tuple[str, str]]:
    """Give cell -> (raw, outcome) of a quarter that holds one sheet."""
    return {cell: (raw, str(outcome)) for cell, raw, outcome in got.cells[["cell", "raw", "outcome"]].to_numpy().tolist()}


def issue_rows(got: returns.Read, severity: str) -> list[list[str]]:
    """Give [file, sheet, cell, message] of each issue of one severity."""
    rows = got.issues[got.issues["severity"].map(str) == severity]
    return rows[["file", "sheet", "cell", "message"]].to_numpy().tolist()


def states(got: returns.Read) -> dict[str, str]:
    """Give file -> state."""
    return dict(got.returns[["file", "state"]].to_numpy().tolist())


# ---------------------------------------------------------------- forms

FORMS = {
    "performance": (
        ["THEME", " no. ", "performance  measure", "Good =", "target", "OUTTURN", "Rag-Status", "data_period", "Notes", "comments"],
        ["theme", "number", "measure", "polarity", "target", "actual", "published_status", "data_period", "note", "commentary"],
    ),
    "monthly": (
        ["INDICATOR", "good", "september 2009", "OCTOBER-2009", "rag", "Direction of travel"],
        ["indicator", "polarity", "month_2009_september", "month_2009_october", "published_status", "direction_published"],
    ),
    "grant spend": (
        ["project", "Grant Awarded", "Quarter 1 2016/17 (actuals)", "QUARTER 2 FORECAST", "quarter 4 2016/17 forecast", "Total to date", "identified under-spend"],
        ["project", "award", "actual_q1", "forecast_q2", "forecast_q4", "total_to_date", "identified_underspend"],
    ),
    "agreements": (["PROJECT", "organisation:", "Progress", "Report  due"], ["project", "organisation", "progress", "report_due"]),
    "milestones": (["Organisation", "TIMESCALES", "outcomes", "RAG status"], ["organisation", "timescale", "outcome", "rag"]),
    "outcome measures": (
        ["priority", "Outcome", "No", "Outcome Measure", "Baseline 2010/11", "2011/12", "2012-13", "Partners", "LEAD"],
        ["priority", "outcome", "number", "outcome_measure", "baseline", "year_2011_12", "year_2012_13", "partners", "lead"],
    ),
    "reward targets": (
        ["Agreement", "target", "Sub target", "Polarity", "Expected without STRETCH", "Stretch-target", "Outturn", "Potential grant", "Weight"],
        ["agreement", "target", "sub_target", "polarity", "expected_without_stretch", "stretch_target", "outturn", "potential_grant", "weight"],
    ),
    "reward facts": (["AGREEMENT", "fact", "Value", "basis"], ["agreement", "fact", "value", "basis"]),
    "actions": (["date", "ACTION", "Owner.", "(Outcome)"], ["date", "action", "owner", "outcome"]),
    "narrative": (["audience section", "GROUP", "Heading", "Text", "for discussion"], ["section", "group_or_theme", "subject", "text", "for_discussion"]),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_known_by_its_headings(tmp_path: Path, form: str) -> None:
    """It recognises each form whatever the case, spaces, punctuation or alias of its headings, and reads each column to its field."""
    headings, fields = FORMS[form]
    place(tmp_path, "return.csv", as_csv([headings, [f"x{n}" for n in range(len(headings))]]))
    got = read(tmp_path)
    assert got.returns[["forms", "state"]].to_numpy().tolist() == [[form, "received"]]
    assert got.entries.loc[got.entries["row"] == 2, ["field", "raw"]].to_numpy().tolist() == [[name, f"x{n}"] for n, name in enumerate(fields)]
    assert got.issues["message"].tolist() == []


def test_every_form_of_the_design_is_tried() -> None:
    """It knows no form that the catalogue above does not try."""
    from analysis.returns.forms import FORMS as KNOWN

    assert {form.name for form in KNOWN} == set(FORMS)


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    """It finds columns by their headings, never by position."""
    place(tmp_path, "return.csv", as_csv([HEADINGS[::-1], ROW[::-1]]))
    got = read(tmp_path)
    actual = got.entries[got.entries["field"] == "actual"]
    assert actual[["cell", "raw"]].to_numpy().tolist() == [["B2", "97.8%"]]


def test_every_sheet_is_read(tmp_path: Path) -> None:
    """It reads each sheet of a workbook by its own form."""
    place(tmp_path, "both.xlsx", as_xlsx({"Scores": [HEADINGS, ROW], "Actions": [["Date", "Action", "Owner", "Outcome"], ["1 May", "Meet", "Ann", "Met"]]}))
    got = read(tmp_path)
    assert got.entries[["sheet", "form"]].drop_duplicates().to_numpy().tolist() == [["Scores", "performance"], ["Actions", "actions"]]


def test_files_in_sub_folders_are_named_with_their_folder(tmp_path: Path) -> None:
    """It reads files in sub-folders and names them from the quarter's folder down."""
    place(tmp_path, "police/borough/return.csv", GOOD)
    assert states(read(tmp_path)) == {"police/borough/return.csv": "received"}


def test_the_quarter_asked_for_must_have_a_folder(tmp_path: Path) -> None:
    """It says that the first quarter asked for has no returns, and which quarters have."""
    place(tmp_path, "return.csv", GOOD)
    with pytest.raises(AskedWrongly) as raised:
        returns.read(tmp_path, ("2020-21-Q1",))
    assert [part for part in ("2020-21-Q1", QUARTER) if part not in str(raised.value)] == []


def test_an_earlier_quarter_without_a_folder_gives_nothing(tmp_path: Path) -> None:
    """It reads the quarter asked for, and nothing for an earlier one that has no folder."""
    place(tmp_path, "return.csv", GOOD)
    got = returns.read(tmp_path, (QUARTER, "2016-17-Q1"))
    assert got.returns[["quarter", "file"]].to_numpy().tolist() == [[QUARTER, "return.csv"]]


# ---------------------------------------------------------------- what stands round a table


def test_everything_round_a_table_is_accounted_for(tmp_path: Path) -> None:
    """It uses header block, headings, rows and notes, and ignores titles, repeated headings, totals and stray text with a reason."""
    grid = [
        ["Build a better Harrow"],  # 1
        ["Corporate Scorecard", "", "", "2016/17"],  # 2
        ["Partner:", "Harrow Council"],  # 3
        ["QUARTER", "Q2 2016/17"],  # 4
        [],  # 5
        ["", "", "", "", "Q2 2016/17"],  # 6, a heading merged over two columns in the original
        HEADINGS,  # 7
        ROW,  # 8
        [],  # 9
        ["Build", "13", "NEET", "Lower", "2%", "1.7%", "HG"],  # 10
        HEADINGS,  # 11
        ["Build", "16", "Back into work", "Higher", "100", "142", "HG"],  # 12
        ["Total", "", "", "", "195", "242"],  # 13
        ["Note 1: Annual target"],  # 14
        ["Printed in November"],  # 15
    ]
    place(tmp_path, "return.csv", as_csv(grid))
    got = read(tmp_path)
    by_row = {row: sorted({str(outcome) for outcome in part["outcome"]}) for row, part in got.cells.groupby("row")}
    assert by_row == {
        1: ["ignored"], 2: ["ignored"], 3: ["used"], 4: ["used"], 6: ["ignored"], 7: ["used"], 8: ["used"], 10: ["used"],
        11: ["ignored"], 12: ["used"], 13: ["ignored"], 14: ["used"], 15: ["ignored"],
    }  # fmt: skip
    assert got.cells.loc[(got.cells["outcome"].map(str) == "ignored") & (got.cells["reason"] == ""), "cell"].tolist() == []
    assert got.entries.loc[got.entries["field"] == "number", ["row", "raw"]].to_numpy().tolist() == [[8, "5"], [10, "13"], [12, "16"]]
    assert got.returns["partner"].tolist() == ["Harrow Council"]
    assert issue_rows(got, "fail") == []


def test_a_note_under_the_table_is_kept_as_narrative(tmp_path: Path) -> None:
    """It keeps a note under the table as a narrative record of its own, with its address."""
    place(tmp_path, "return.csv", as_csv([HEADINGS, ROW, ["Note 1: Annual target"]]))
    got = read(tmp_path)
    note = got.entries[got.entries["form"] == "narrative"].set_index("field")
    assert note.loc[["section", "text"], ["cell", "raw"]].to_numpy().tolist() == [["", "note"], ["A3", "Note 1: Annual target"]]


def test_a_heading_merged_above_the_headings_does_no_harm(tmp_path: Path) -> None:
    """It passes over a merged heading above the headings and reads the columns below by their own."""
    grid: list[list[object]] = [
        ["", "", "Forecast", ""],
        ["Project", "Award", "Quarter 2 Forecast", "Quarter 3 Forecast", "Total to date", "Identified underspend"],
    ]
    grid.append(["Alley Gating", "£10", "£4", "£3", "£2", "£1"])
    place(tmp_path, "spend.xlsx", as_xlsx({"Page 1": grid}, {"Page 1": ["C1:D1"]}))
    got = read(tmp_path)
    assert outcome_of(got)["C1"] == ("Forecast", "ignored")
    assert got.entries.loc[got.entries["field"].str.startswith("forecast"), ["field", "raw"]].to_numpy().tolist() == [
        ["forecast_q2", "£4"],
        ["forecast_q3", "£3"],
    ]


def test_an_unknown_column_is_told_and_ignored(tmp_path: Path) -> None:
    """It ignores a column that no form has, tells its heading with the cell, and goes on."""
    place(tmp_path, "return.csv", as_csv([[*HEADINGS, "Mood"], [*ROW, "sunny"]]))
    got = read(tmp_path)
    assert outcome_of(got)["H2"] == ("sunny", "ignored")
    ((file, sheet, cell, message),) = issue_rows(got, "advisory")
    assert (file, sheet, cell, "'Mood'" in message) == ("return.csv", "", "H1", True)
    assert states(got) == {"return.csv": "received"}


def test_a_heading_that_stands_twice_holds_the_return(tmp_path: Path) -> None:
    """It holds a table of several quarters side by side: nobody can say which Actual is this quarter's."""
    place(tmp_path, "return.csv", as_csv([[*HEADINGS, "Actual"], [*ROW, "12"]]))
    got = read(tmp_path)
    assert len(got.entries) == 0
    assert states(got) == {"return.csv": "held"}
    assert [row[2] for row in issue_rows(got, "fail")] == ["H1"]


def test_a_merged_cell_serves_every_row_it_spans(tmp_path: Path) -> None:
    """It gives a merged theme to each row that it spans, with the address of the merged cell, and to no other row."""
    grid: list[list[object]] = [list(HEADINGS), list(ROW)]
    grid += [["", str(n), f"Measure {n}", "Higher", "1", "1"] for n in (6, 7, 8)]
    place(tmp_path, "return.xlsx", as_xlsx({"Scorecard": grid}, {"Scorecard": ["A2:A4"]}))
    got = read(tmp_path)
    theme = got.entries[got.entries["field"] == "theme"]
    assert theme[["row", "cell", "raw"]].to_numpy().tolist() == [[2, "A2", "Build"], [3, "A2", "Build"], [4, "A2", "Build"]]
    assert got.cells["cell"].tolist().count("A2") == 1


def test_a_blank_figure_is_a_gap_with_an_address(tmp_path: Path) -> None:
    """It keeps a blank figure in its record, with the address where the gap is, and counts no cell for it."""
    place(tmp_path, "return.csv", as_csv([HEADINGS, ["Build", "5", "Tenant satisfaction", "Higher", "93%", "", "HG"]]))
    got = read(tmp_path)
    assert got.entries.loc[got.entries["field"] == "actual", ["cell", "raw"]].to_numpy().tolist() == [["F2", ""]]
    assert "F2" not in outcome_of(got)


# ---------------------------------------------------------------- how a cell is shown

SHOWN = {
    "percent, one place": (0.985, "0.0%", "98.5%"),
    "percent, none": (0.93, "0%", "93%"),
    "percent, two places": (0.025, "0.00%", "2.50%"),
    "percent that a float cannot hold": (0.9990000000000001, "0.0%", "99.9%"),
    "a half goes up, as Excel shows it": (0.125, "0%", "13%"),
    "a half that a float holds below": (1.005, "0.00", "1.01"),
    "pounds and pence": (1234.5, "£#,##0.00", "£1,234.50"),
    "pounds, quoted": (1234.5, '"£"#,##0.00', "£1,234.50"),
    "pounds, by locale": (1234.5, "[$£-809]#,##0.00", "£1,234.50"),
    "pounds, accounting": (1234.5, '_-"£"* #,##0.00_-', "£1,234.50"),
    "pounds, negative in red": (-250, "£#,##0.00;[Red]-£#,##0.00", "-£250.00"),
    "negative in brackets": (-250, "#,##0_);(#,##0)", "(250)"),
    "thousands": (18360, "#,##0", "18,360"),
    "thousands, general": (18360, "General", "18360"),
    "as typed": (1.7, "General", "1.7"),
    "what a float adds": (0.1 + 0.2, "General", "0.3"),
    "whole number": (5, "General", "5"),
    "text": ("98.5%", "General", "98.5%"),
    "text that looks like a number": ("05", "@", "05"),
    "yes or no": (True, "General", "TRUE"),
    "minutes and seconds": (datetime.time(0, 1, 30), "mm:ss", "01:30"),
    "hours and minutes, as partners type minutes and seconds": (datetime.time(1, 30), "hh:mm", "01:30"),
    "error": ("#DIV/0!", "General", "#DIV/0!"),
}  # fmt: skip


@pytest.mark.parametrize(("value", "number_format", "text"), SHOWN.values(), ids=SHOWN)
def test_a_number_is_read_as_its_format_shows_it(tmp_path: Path, value: object, number_format: str, text: str) -> None:
    """It keeps what the partner saw in the cell, not the binary number behind it."""
    place(tmp_path, "return.xlsx", as_xlsx({"Return": [list(HEADINGS), [*ROW[:5], value]]}, formats={"F2": number_format}))
    assert outcome_of(read(tmp_path))["F2"] == (text, "used")


def test_a_formula_that_was_never_calculated_is_a_formula_error(tmp_path: Path) -> None:
    """It keeps such a cell with its formula, as an error rather than a blank or a nought."""
    place(tmp_path, "return.xlsx", as_xlsx({"Return": [list(HEADINGS), [*ROW[:5], "=40+2"]]}))
    cells = read(tmp_path).cells.set_index("cell")
    assert cells.loc["F2", "stored"] == "=40+2"
    assert values.read(str(cells.loc["F2", "raw"])).reason is Reason.FORMULA_ERROR


def test_a_calculated_formula_is_read_as_shown_with_the_formula_beside_it(tmp_path: Path) -> None:
    """It reads a calculated formula's result under its number format, and keeps the formula."""
    content = as_xlsx({"Return": [list(HEADINGS), [*ROW[:5], "=B2/10"]]}, formats={"F2": "0.0%"})
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = re.sub(rb"(<f>B2/10</f>)<v\s*/?>(</v>)?", rb"\1<v>0.5</v>", part)
                assert b"<v>0.5</v>" in part
            new.writestr(name, part)
    place(tmp_path, "return.xlsx", stream.getvalue())
    cells = read(tmp_path).cells.set_index("cell")
    assert cells.loc["F2", ["raw", "stored"]].tolist() == ["50.0%", "=B2/10"]


def test_a_byte_order_mark_is_no_part_of_the_first_heading(tmp_path: Path) -> None:
    """It reads a CSV that Excel saved with a byte-order mark."""
    place(tmp_path, "return.csv", as_csv([HEADINGS, ROW], "utf-8-sig"))
    got = read(tmp_path)
    assert outcome_of(got)["A1"] == ("Theme", "used")
    assert got.issues["message"].tolist() == []


def test_a_windows_csv_keeps_its_pound_signs(tmp_path: Path) -> None:
    """It reads a CSV in Windows' own encoding, with its pound signs, dashes and curly apostrophes."""
    place(tmp_path, "return.csv", as_csv([HEADINGS, ["Build", "5", "Children’s homes – cost", "Lower", "£1,600", "£1,500", "HG"]], "cp1252"))
    cells = outcome_of(read(tmp_path))
    assert [cells["C2"][0], cells["E2"][0]] == ["Children’s homes – cost", "£1,600"]


def test_an_open_document_sheet_is_read_with_exact_addresses(tmp_path: Path) -> None:
    """It reads an .ods file, whose table starts lower and further right, with the addresses that LibreOffice shows."""
    rows = [
        "",
        "",
        *("".join(f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in line) for line in (HEADINGS, ROW[:5])),
    ]
    rows[-1] += '<table:table-cell office:value-type="float" office:value="97.8"><text:p>97.8</text:p></table:table-cell>'
    body = "".join(f"<table:table-row><table:table-cell/>{line}</table:table-row>" for line in rows)
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2" xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="Return">{body}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    place(tmp_path, "return.ods", stream.getvalue())
    got = read(tmp_path)
    cells = outcome_of(got)
    assert states(got) == {"return.ods": "received"}
    assert [cells[cell] for cell in ("B3", "H3", "B4", "F4", "G4")] == [
        ("Theme", "used"), ("RAG status", "used"), ("Build", "used"), ("93%", "used"), ("97.8", "used"),
    ]  # fmt: skip


# ---------------------------------------------------------------- a return that is held


def held_with(data: Path) -> tuple[str, str, str, str]:
    """Check that the quarter's one file is held as a whole, and give its one FAIL issue."""
    got = read(data)
    assert got.returns["state"].tolist() == ["held"]
    assert got.returns["reason"].tolist() != [""]
    assert len(got.entries) == 0
    assert {str(outcome) for outcome in got.cells["outcome"]} <= {"quarantined"}
    assert got.cells.loc[got.cells["reason"] == "", "cell"].tolist() == []
    ((file, sheet, cell, message),) = issue_rows(got, "fail")
    return file, sheet, cell, message


def test_a_return_of_another_quarter_is_held(tmp_path: Path) -> None:
    """It holds a file whose header block names another quarter than its folder, and points at the cell."""
    place(tmp_path, "return.csv", as_csv([["Partner", "Police"], ["Quarter", "Q1 2016/17"], HEADINGS, ROW]))
    file, sheet, cell, message = held_with(tmp_path)
    assert (file, sheet, cell) == ("return.csv", "", "B2")
    assert [part for part in ("Q1 2016/17", "Q2 2016/17") if part not in message] == []


def test_a_quarter_that_cannot_be_read_holds_the_return(tmp_path: Path) -> None:
    """It holds a file whose header block gives no quarter that can be read."""
    place(tmp_path, "return.csv", as_csv([["Quarter", "last summer"], HEADINGS, ROW]))
    assert held_with(tmp_path)[2] == "B1"


@pytest.mark.parametrize("wrong", ["first", "second"])
def test_the_quarter_of_every_sheet_counts(tmp_path: Path, wrong: str) -> None:
    """It holds a workbook where either of two sheets names another quarter, and points at that sheet's cell."""
    sheets = {
        name: [["Quarter", "Q1 2016/17" if name == wrong else "Q2 2016/17"], list(HEADINGS), ["Build", number, *ROW[2:]]]
        for name, number in (("first", "5"), ("second", "6"))
    }
    place(tmp_path, "return.xlsx", as_xlsx(sheets))
    assert held_with(tmp_path)[1:3] == (wrong, "B1")


MISSPELT = {"Actual": "Actaul", "Target": "Traget", "Measure": "Meassure"}


@pytest.mark.parametrize("right", MISSPELT)
def test_a_misspelt_heading_holds_the_return_with_a_suggestion(tmp_path: Path, right: str) -> None:
    """It holds a file without a required heading, names the heading, the cell of the one that looks like it, and that one."""
    headings = [MISSPELT[right] if heading == right else heading for heading in HEADINGS]
    place(tmp_path, "return.csv", as_csv([headings, ROW]))
    file, _, cell, message = held_with(tmp_path)
    assert (file, cell) == ("return.csv", f"{'ABCDEFG'[HEADINGS.index(right)]}1")
    assert [part for part in (repr(right), repr(MISSPELT[right])) if part not in message] == []


def test_a_table_of_no_known_form_is_held(tmp_path: Path) -> None:
    """It holds a file whose headings are those of no form."""
    place(tmp_path, "return.csv", "Name,Colour\nAnn,Red\n")
    assert "form" in held_with(tmp_path)[3]


def test_an_empty_sheet_beside_a_table_is_told_and_does_not_hold(tmp_path: Path) -> None:
    """It tells an empty sheet by name and goes on with the others."""
    place(tmp_path, "return.xlsx", as_xlsx({"Return": [list(HEADINGS), list(ROW)], "Sheet2": []}))
    got = read(tmp_path)
    assert states(got) == {"return.xlsx": "received"}
    assert [row[:2] for row in issue_rows(got, "advisory")] == [["return.xlsx", "Sheet2"]]


def test_a_workbook_of_one_empty_sheet_is_held(tmp_path: Path) -> None:
    """It holds a workbook in which nothing stands."""
    place(tmp_path, "return.xlsx", as_xlsx({"Return": []}))
    assert held_with(tmp_path)[0] == "return.xlsx"


BOOK = as_xlsx({"Return": [list(HEADINGS), list(ROW)]})


def _archive(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


BAD_FILES = {
    "CSV of no bytes": ("bad.csv", b"", "empty"),
    "workbook of no bytes": ("bad.xlsx", b"", "empty"),
    "text named as a workbook": ("bad.xlsx", GOOD.encode(), "is not a spreadsheet"),
    "workbook with a password": ("bad.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "password"),
    "workbook with macros": ("bad.xlsm", BOOK, "macros"),
    "PDF": ("bad.pdf", b"%PDF-1.7\n", "not a spreadsheet"),
    "no ending": ("bad", GOOD.encode(), "not a spreadsheet"),
    "workbook cut short": ("bad.xlsx", BOOK[: len(BOOK) // 2], "is not a spreadsheet"),
    "archive that is no workbook": ("bad.xlsx", _archive(hello=b"world"), "cannot be opened"),
    "archive that is no .ods": ("bad.ods", _archive(hello=b"world"), "cannot be opened"),
    "workbook named as CSV": ("bad.csv", BOOK, "not text"),
    "CSV in UTF-16": ("bad.csv", GOOD.encode("utf-16"), "not text"),
    "CSV with a quote left open": ("bad.csv", b'Date,Action,Owner,Outcome\n"1 May,Meet,Ann,Met\n', "CSV"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "content", "said"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_told_by_name_and_the_rest_goes_on(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    """It holds the bad file, says what is wrong with it, and reads the good one beside it."""
    place(tmp_path, name, content)
    place(tmp_path, "good.csv", GOOD)
    got = read(tmp_path)
    assert states(got) == {name: "held", "good.csv": "received"}
    ((file, _, _, message),) = issue_rows(got, "fail")
    assert (file, said in message) == (name, True)
    assert sorted(set(got.cells["file"])) == ["good.csv"]


def test_an_archive_that_unpacks_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It refuses a small archive that unpacks to more than the limit, without unpacking it."""
    monkeypatch.setattr(files, "LARGEST_BYTES", 100_000)
    place(tmp_path, "bomb.xlsx", _archive(sheet=bytes(1_000_000)))
    assert "unpacks to" in held_with(tmp_path)[3]


def test_a_file_larger_than_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It refuses a file that is itself larger than the limit."""
    monkeypatch.setattr(files, "LARGEST_BYTES", 10)
    place(tmp_path, "return.csv", GOOD)
    assert "larger than" in held_with(tmp_path)[3]


def test_a_link_out_of_the_data_folder_is_not_followed(tmp_path: Path) -> None:
    """It holds a link that leads out of the data folder, and reads nothing through it."""
    outside = tmp_path / "secret.csv"
    outside.write_text(GOOD, encoding="utf-8")
    data = tmp_path / "data"
    place(data, "good.csv", GOOD.replace("Meet", "Write"))
    (data / "raw" / QUARTER / "link.csv").symlink_to(outside)
    got = read(data)
    assert states(got) == {"good.csv": "received", "link.csv": "held"}
    assert [row[0] for row in issue_rows(got, "fail")] == ["link.csv"]
    assert "Meet" not in got.cells["raw"].tolist()


def test_a_link_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    """It tells a broken link by name: somebody meant to send that file."""
    place(tmp_path, "good.csv", GOOD)
    (tmp_path / "raw" / QUARTER / "gone.csv").symlink_to(tmp_path / "nowhere.csv")
    got = read(tmp_path)
    assert states(got) == {"gone.csv": "held", "good.csv": "received"}


def test_the_same_file_twice_is_read_once(tmp_path: Path) -> None:
    """It reads the first of two identical files, ignores every cell of the second with a reason, and says so."""
    place(tmp_path, "a.csv", GOOD)
    place(tmp_path, "b.csv", GOOD)
    got = read(tmp_path)
    assert states(got) == {"a.csv": "received", "b.csv": "duplicate"}
    second = got.cells[got.cells["file"] == "b.csv"]
    assert second["outcome"].map(str).tolist() == ["ignored"] * 8
    assert ["a.csv" in reason for reason in second["reason"]] == [True] * 8
    assert set(got.entries["file"]) == {"a.csv"}
    assert [(row[0], "a.csv" in row[3]) for row in issue_rows(got, "info")] == [("b.csv", True)]


def test_files_that_are_no_returns_are_passed_over(tmp_path: Path) -> None:
    """It passes over hidden files, Excel's lock files and a README."""
    for name in (".DS_Store", "~$return.xlsx", "README.md"):
        place(tmp_path, name, "x")
    assert states(read(tmp_path)) == {}


def test_reading_leaves_the_files_as_they_were(tmp_path: Path) -> None:
    """It writes nothing into the data folder."""
    path = place(tmp_path, "return.xlsx", BOOK)
    read(tmp_path)
    assert path.read_bytes() == BOOK
    assert [found for found in tmp_path.rglob("*") if found.is_file()] == [path]


# ---------------------------------------------------------------- nothing is lost

_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)
_KNOWN = st.sampled_from(["", "", "Total", "Note 1: late", "Quarter", "Q2 2016/17", "Q1 2016/17", "Theme", "Text", "Actual", "Partner", "12..5", "£1,600.0 0"])
_LINE = st.one_of(
    st.lists(st.one_of(_TEXT, _KNOWN), max_size=8),
    st.sampled_from([HEADINGS, ROW, [*HEADINGS, "Actual"], HEADINGS[1:], ["Date", "Action", "Owner", "Outcome"], *(headings for headings, _ in FORMS.values())]),
)  # fmt: skip
GRIDS = st.lists(_LINE, max_size=7)


@settings(max_examples=120, deadline=None, derandomize=True, database=None)
@given(GRIDS)
def test_every_cell_of_any_csv_stands_once_with_one_outcome(grid: list[list[str]]) -> None:
    """It gives every non-empty cell of any grid exactly once, as written, with one outcome, and a reason where it is not used."""
    with tempfile.TemporaryDirectory() as folder:
        place(Path(folder), "any.csv", as_csv(grid, "utf-8-sig"))
        cells = read(Path(folder)).cells
    written = [[row, column, text] for row, line in enumerate(grid, start=1) for column, text in enumerate(line, start=1) if text.strip()]
    assert sorted(cells[["row", "column", "raw"]].to_numpy().tolist()) == written
    assert len(set(cells["cell"])) == len(written)
    assert {str(outcome) for outcome in cells["outcome"]} <= OUTCOMES
    assert cells.loc[(cells["outcome"].map(str) != "used") & (cells["reason"] == ""), "cell"].tolist() == []


# ---------------------------------------------------------------- what could pass for something else

SPEND = ["Project", "Award", "Q1 actual", "Q2 forecast", "Total to date", "Identified underspend"]


def test_a_line_that_names_another_quarter_under_a_table_holds_the_return(tmp_path: Path) -> None:
    """It reads a header block between two tables of a sheet: the second table's quarter is not the folder's, so nothing is used."""
    place(tmp_path, "return.csv", as_csv([HEADINGS, ROW, [], ["Quarter: Q1 2016/17"], HEADINGS, ["Build", "13", "NEET", "Lower", "5%", "4%", "HG"]]))
    got = read(tmp_path)
    assert (states(got), len(got.entries)) == ({"return.csv": "held"}, 0)
    assert [row[2] for row in issue_rows(got, "fail")] == ["A4"]


def test_two_quarters_named_above_one_table_hold_the_return(tmp_path: Path) -> None:
    """It does not let the last of two header lines win over the first."""
    place(tmp_path, "return.csv", as_csv([["Quarter", "Q1 2016/17"], ["Quarter", "Q2 2016/17"], [], HEADINGS, ROW]))
    assert states(read(tmp_path)) == {"return.csv": "held"}


def test_header_labels_side_by_side_are_each_read(tmp_path: Path) -> None:
    """It reads labels with their values along one row, and takes no label for the value of another."""
    place(tmp_path, "return.csv", as_csv([["Partner", "Harrow Council", "Quarter", "Q2 2016/17", "Status", "Theme", "Build"], HEADINGS, ROW]))
    got = read(tmp_path)
    assert (states(got), got.returns["partner"].tolist()) == ({"return.csv": "received"}, ["Harrow Council"])
    assert outcome_of(got)["E1"] == ("Status", "ignored")


def test_a_sheet_with_too_few_headings_holds_the_return(tmp_path: Path) -> None:
    """It does not pass over a second sheet whose headings are mostly misspelt: the return is held, with the row."""
    sheets: dict[str, list[list[object]]] = {"Good": [HEADINGS, ROW], "Bad": [["Theme", "No", "Measure", "Gd", "Tgt", "Act.", "Stat"], ["Build", "13", "NEET"]]}
    place(tmp_path, "return.xlsx", as_xlsx(sheets))
    got = read(tmp_path)
    assert (states(got), len(got.entries)) == ({"return.xlsx": "held"}, 0)
    assert [row[1:3] for row in issue_rows(got, "fail")] == [["Bad", "1:1"]]


MERGED_FIGURES = {"over rows": ("B2:B3", ["B2"]), "over columns": ("C2:D2", ["C2"])}


@pytest.mark.parametrize(("area", "cells"), MERGED_FIGURES.values(), ids=MERGED_FIGURES)
def test_a_merged_figure_is_nobody_s(tmp_path: Path, area: str, cells: list[str]) -> None:
    """It quarantines a figure merged over several rows or columns: it is not counted for one of them, nor for each."""
    grid: list[list[object]] = [SPEND, ["Alley Gating", 10, 4, 3, 2, 1], ["Green Gyms", 20, 4, 3, 2, 1]]
    place(tmp_path, "spend.xlsx", as_xlsx({"Page 1": grid}, {"Page 1": [area]}))
    got = read(tmp_path)
    assert [cell for cell, (_, outcome) in outcome_of(got).items() if outcome == "quarantined"] == cells
    assert [row[2] for row in issue_rows(got, "fail")] == cells
    gaps = got.entries[got.entries["cell"] == cells[0]]
    assert gaps["raw"].tolist() == [""]


def test_a_project_alone_in_its_row_is_a_record(tmp_path: Path) -> None:
    """It keeps a project whose row is otherwise blank as a record with every amount missing: a return not sent is not left out."""
    place(tmp_path, "spend.csv", as_csv([SPEND, ["Alley Gating", "£10", "£4", "£3", "£2", "£1"], ["The Souk", "", "", "", "", ""]]))
    got = read(tmp_path)
    souk = got.entries[got.entries["row"] == 3].set_index("field")["raw"].to_dict()
    assert souk == {"project": "The Souk", "award": "", "actual_q1": "", "forecast_q2": "", "total_to_date": "", "identified_underspend": ""}


def test_a_figure_alone_in_its_row_is_quarantined(tmp_path: Path) -> None:
    """It quarantines a figure that nothing names, and tells it."""
    place(tmp_path, "spend.csv", as_csv([SPEND, ["Alley Gating", "£10", "£4", "£3", "£2", "£1"], ["", "", "", "", "£45", ""]]))
    got = read(tmp_path)
    assert outcome_of(got)["E3"] == ("£45", "quarantined")
    assert [row[2] for row in issue_rows(got, "fail")] == ["E3"]


def test_a_row_is_a_total_by_its_name_only(tmp_path: Path) -> None:
    """It keeps a row whose commentary is the word Total."""
    place(tmp_path, "return.csv", as_csv([[*HEADINGS, "Commentary"], [*ROW, "Total"]]))
    assert outcome_of(read(tmp_path))["F2"] == ("97.8%", "used")


DURATIONS = {
    "two minutes of hours, minutes and seconds": (datetime.time(0, 2, 0), "h:mm:ss", "00:02:00"),
    "an hour and a half": (datetime.time(1, 30), "h:mm:ss", "01:30:00"),
    "minutes and seconds": (datetime.time(0, 1, 30), "mm:ss", "01:30"),
    "more than an hour of minutes": (datetime.timedelta(minutes=75, seconds=30), "[mm]:ss", "75:30"),
}


@pytest.mark.parametrize(("value", "shape", "expected"), DURATIONS.values(), ids=DURATIONS)
def test_a_time_keeps_its_seconds_and_its_hours(tmp_path: Path, value: object, shape: str, expected: str) -> None:
    """It shows a time as its format does, never with the seconds dropped or the hours folded away."""
    place(tmp_path, "return.xlsx", as_xlsx({"Scorecard": [HEADINGS, [*ROW[:5], value, "HG"]]}, formats={"F2": shape}))
    assert outcome_of(read(tmp_path))["F2"][0] == expected


def test_a_figure_that_hides_digits_is_told(tmp_path: Path) -> None:
    """It uses the figure shown, and tells that the cell holds another: 94.96% shown as 95%."""
    place(tmp_path, "return.xlsx", as_xlsx({"Scorecard": [HEADINGS, [*ROW[:5], 0.9496, "A"]]}, formats={"F2": "0%"}))
    got = read(tmp_path)
    assert outcome_of(got)["F2"] == ("95%", "used")
    ((_, _, cell, message),) = issue_rows(got, "advisory")
    assert (cell, "0.9496" in message) == ("F2", True)


def test_a_hidden_sheet_is_read_and_told(tmp_path: Path) -> None:
    """It reads a hidden sheet like any other, and tells that it was hidden."""
    path = place(
        tmp_path,
        "return.xlsx",
        as_xlsx({"Front": [["Partner", "Ann"], HEADINGS, ROW], "Back": [HEADINGS, ["Build", "13", "NEET", "Lower", "2%", "1.7%", "HG"]]}),
    )
    book = openpyxl.load_workbook(path)
    book["Back"].sheet_state = "hidden"
    book.save(path)
    got = read(tmp_path)
    assert sorted(set(got.entries.loc[got.entries["field"] == "number", "raw"])) == ["13", "5"]
    assert [(row[1], "hidden" in row[3]) for row in issue_rows(got, "advisory")] == [("Back", True)]


def test_a_month_heading_stored_as_a_date_is_known(tmp_path: Path) -> None:
    """It knows a month column whose heading Excel has made a date."""
    grid: list[list[object]] = [["Indicator", "Polarity", datetime.date(2009, 9, 1), "October 2009"], ["Claims", "\u2193", 10, 12]]
    place(tmp_path, "monthly.xlsx", as_xlsx({"Indicators": grid}, formats={"C1": "mmmm yyyy"}))
    got = read(tmp_path)
    assert sorted(got.entries.loc[got.entries["kind"] == "figure", "field"]) == ["month_2009_october", "month_2009_september"]


def test_a_file_that_breaks_its_reader_is_held_and_the_others_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It tells a file whose reading fails in a way that nobody thought of, by name, and reads the rest."""
    from analysis.returns import files

    def broken(value: object, number_format: str) -> str:
        raise OverflowError(f"{value!r} {number_format}")

    place(tmp_path, "broken.xlsx", as_xlsx({"Return": [list(HEADINGS), list(ROW)]}))
    place(tmp_path, "return.csv", as_csv([HEADINGS, ROW]))
    monkeypatch.setattr(files, "_as_shown", broken)
    got = read(tmp_path)
    assert states(got) == {"broken.xlsx": "held", "return.csv": "received"}
    assert [(row[0], "OverflowError" in row[3]) for row in issue_rows(got, "fail")] == [("broken.xlsx", True)]
