"""Forms that come back: what is said beside a figure, what the workbook itself wrote, and what is no longer as it was sent."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import pytest
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Protection

from analysis import cleansing, frames, reference, returns, upkeep
from analysis.returns import large
from analysis.returns.gathering import Issues

REAL = Path(__file__).resolve().parents[1] / "data"
QUARTER, BEFORE = "2016-17-Q3", "2016-17-Q2"
ID = f"{QUARTER}.synthetic-council.0a1b2c3d"
BUILD = "Build a Better Harrow"
HEADINGS = [
    "Theme", "No", "Measure", "Definition", "Good", "Unit", "Last figure", "Target", "Actual", "Reason for none", "Provisional", "What changed", "Why",
    "What next", "Who", "By when", "Check",
]  # fmt: skip
OPEN = HEADINGS[8:16]
ROWS = [
    [BUILD, "5", "Tenant satisfaction with the housing repair and maintenance service (%)", "SYNTHETIC", "Higher", "percent", "97.8% (Q2 2016/17)", "93%"],
    [BUILD, "16", "Number of unemployed residents helped back into work", "SYNTHETIC", "Higher", "number", "not given (Q2 2016/17)", "1,500"],
    [BUILD, "49", "Number of Park User Groups", "SYNTHETIC", "Higher", "number", "21 (Q2 2016/17)", "14"],
]
TOP = [["Partner", "SYNTHETIC Council"], ["Quarter", "Q3 2016/17"], ["Prepared by", None], ["Date", None], ["Level of check", None], []]
FIRST = len(TOP) + 2
"""The row of the first measure."""
GRANT = [["Project", "Total grant awarded", "Quarter 1 2016/17 (actuals)", "Total spend to date", "Identified underspend", "Check"]]
GRANT += [["Children's Health", "£1,000", None, None, None, "Enter a figure"], ["Under One Sky", "£2,000", None, None, None, "Enter a figure"]]
MILESTONES = [["Organisation", "Timescale", "Outcome", "RAG", "Check"]]
MILESTONES += [
    ["SYNTHETIC Trust", "March 2017", "Two wardens", None, "Say how it stands"],
    ["SYNTHETIC Trust", "May 2017", "Ten meetings", None, "Say how it stands"],
]
Mould = Callable[[Any], None]


# ---------------------------------------------------------------- forms, made and filled in


def form(return_id: str = ID, rows: list[list[Any]] = ROWS, *, others: bool = False, protected: bool = True, mould: Mould = lambda _: None) -> Any:
    """Give a form as it is sent out; with the sheets of grant and milestones where *others*."""
    book = openpyxl.Workbook()
    del book["Sheet"]
    sheets = {
        "Instructions": [["How to fill this in"], ["Send it to", "SYNTHETIC analysts"]],
        "Return": [*TOP, HEADINGS, *([*row, *[None] * 8, "Enter a figure or a reason"] for row in rows)],
        **({"Grant": [*TOP[:3], [], *GRANT], "Milestones": [*TOP[:3], [], *MILESTONES]} if others else {}),
        "Lists": [["No survey this quarter"], ["TBC"], ["Yes"]],
    }
    for title, grid in sheets.items():
        sheet = book.create_sheet(title)
        for line in grid:
            sheet.append(line)
        sheet.protection.sheet = protected
    book["Lists"].sheet_state = "hidden"
    for row in range(3, 6):
        book["Return"].cell(row, 2).protection = Protection(locked=False)
    for row in range(FIRST, FIRST + len(rows)):
        for name in OPEN:
            book["Return"].cell(row, HEADINGS.index(name) + 1).protection = Protection(locked=False)
    for title in ("Grant", "Milestones") if others else ():
        for row in range(6, 8):
            for column in (3, 4, 5) if title == "Grant" else (4,):
                book[title].cell(row, column).protection = Protection(locked=False)
    if return_id:
        book.custom_doc_props.append(StringProperty(name="return_id", value=return_id))
    mould(book)
    return book


def saved(book: Any) -> bytes:
    """Give a workbook's bytes."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def put(book: Any, row: int, **answers: Any) -> None:
    """Fill in a row of the sheet Return, counted from 0; answers by field."""
    for name, value in answers.items():
        book["Return"].cell(FIRST + row, HEADINGS.index(name.replace("_", " ").capitalize()) + 1).value = value


def filled(rows: int = len(ROWS)) -> Mould:
    """Give what fills in every row with a figure that is not the last one."""

    def mould(book: Any) -> None:
        for row in range(rows):
            put(book, row, actual=str(50 + row))

    return mould


def all_of(*moulds: Mould) -> Mould:
    """Give what does several things to a form, one after another."""

    def mould(book: Any) -> None:
        for each in moulds:
            each(book)

    return mould


def came(data: Path, back: Any, sent: Any = None, quarter: str = QUARTER) -> returns.Read:
    """Read a form that came back; *sent* is what is kept of what went out."""
    (folder := data / "raw" / quarter).mkdir(parents=True, exist_ok=True)
    (folder / "back.xlsx").write_bytes(saved(back))
    if sent is not None:
        (kept := data / "forms" / quarter).mkdir(parents=True, exist_ok=True)
        (kept / "synthetic-council.xlsx").write_bytes(saved(sent))
    got = returns.read(data, (quarter,))
    counts = {outcome: int((got.cells["outcome"] == outcome).sum()) for outcome in ("used", "ignored", "quarantined")}
    books = [openpyxl.load_workbook(path) for path in sorted((data / "raw" / quarter).iterdir())]
    there = sum(cell.value is not None for book in books for sheet in book.worksheets for line in sheet.iter_rows() for cell in line)
    assert sum(counts.values()) == len(got.cells) == there, "a cell is lost"
    return got


def as_ods(book: Any, meta: str) -> bytes:
    """Give a workbook as an OpenDocument spreadsheet that holds its texts, and *meta* as what it says of itself; none where blank."""
    spaces = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "meta"))
    tables = ""
    for sheet in book.worksheets:
        tables += f'<table:table table:name="{sheet.title}">'
        for line in sheet.iter_rows(values_only=True):
            texts = (f"<text:p>{escape(str(value))}</text:p>" if value is not None else "" for value in line)
            tables += f"<table:table-row>{''.join(f'<table:table-cell>{text}</table:table-cell>' for text in texts)}</table:table-row>"
        tables += "</table:table>"
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", f"<office:document-content{spaces}>{body}</office:document-content>")
        if meta:
            archive.writestr("meta.xml", meta.replace("<office:document-meta", f"<office:document-meta{spaces}"))
    return stream.getvalue()


def of_itself(said: str) -> str:
    """Give the part of an OpenDocument file that says whose it is, with a property that is not ours before *said*."""
    properties = f'<meta:user-defined meta:name="AppVersion">12.0000</meta:user-defined>{said}'
    return f'<?xml version="1.0"?><office:document-meta><office:meta>{properties}</office:meta></office:document-meta>'


def came_as_ods(data: Path, back: Any, meta: str) -> returns.Read:
    """Read a form that came back as an OpenDocument spreadsheet, beside what is kept of what went out."""
    for folder, name, content in (("raw", "back.ods", as_ods(back, meta)), ("forms", "synthetic-council.xlsx", saved(form(others=True)))):
        (data / folder / QUARTER).mkdir(parents=True, exist_ok=True)
        (data / folder / QUARTER / name).write_bytes(content)
    return returns.read(data, (QUARTER,))


def told(got: returns.Read, severity: str = "advisory") -> list[tuple[str, str, str]]:
    """Give sheet, cell and message of each issue."""
    rows = frames.rows(got.issues[got.issues["severity"].map(str) == severity])
    return [(row["sheet"], row["cell"], row["message"]) for row in rows]


def at(name: str, row: int) -> str:
    """Give the address of a cell of the sheet Return, by heading and row."""
    return f"{chr(65 + HEADINGS.index(name))}{FIRST + row}"


def cell(got: returns.Read, sheet: str, address: str) -> tuple[str, str]:
    """Give what became of a cell, and why."""
    (row,) = frames.rows(got.cells[(got.cells["sheet"] == sheet) & (got.cells["cell"] == address)])
    return str(row["outcome"]), row["reason"]


@pytest.fixture(scope="module")
def registers() -> reference.Registers:
    """Load the real registers, whose measures the forms name."""
    return reference.load(REAL)


def built(got: returns.Read, registers: reference.Registers) -> tuple[dict[str, dict[str, Any]], list[tuple[str, str, str]], dict[str, str]]:
    """Give the observations by measure, the issues (severity, cell, message) and what became of each cell of the sheet Return."""
    made = cleansing.build(got.cells, got.entries, registers)
    issues = [(str(row["severity"]), row["cell"], row["message"]) for row in frames.rows(made.issues)]
    cells = {row["cell"]: str(row["outcome"]) for row in frames.rows(made.cells) if row["sheet"] == "Return"}
    return {row["measure_id"]: row for row in frames.rows(made.frames["observations"])}, issues, cells


def answered(tmp_path: Path, registers: reference.Registers, **answers: Any) -> tuple[dict[str, Any], list[tuple[str, str, str]], dict[str, str]]:
    """Give what one measure's answers become: its observation, the issues and the cells."""
    made, issues, cells = built(came(tmp_path, form("", ROWS[:1], mould=lambda book: put(book, 0, **answers))), registers)
    return made["Build 5"], issues, cells


# ---------------------------------------------------------------- what is said beside a figure


def test_what_the_workbook_wrote_is_no_answer(tmp_path: Path) -> None:
    """It passes over definition, unit, last figure and check, on every form that has them, and says nothing of it."""
    got = came(tmp_path, form("", others=True, mould=lambda book: [book.remove(book[name]) for name in ("Instructions", "Lists")]))
    ignored = got.cells[(got.cells["outcome"] == "ignored") & (got.cells["row"] > 5)]
    at_sheet = {sheet: ignored.loc[ignored["sheet"] == sheet, "cell"].tolist() for sheet in ("Return", "Grant", "Milestones")}

    assert at_sheet["Return"] == [at(name, row) for row in range(3) for name in ("Definition", "Unit", "Last figure", "Check")]
    assert (at_sheet["Grant"], at_sheet["Milestones"]) == (["F6", "F7"], ["E6", "E7"])
    assert set(ignored["reason"]) == {"filled in by the workbook"}
    assert told(got) == told(got, "info") == told(got, "fail") == []


def test_a_reason_stands_for_a_figure_that_is_not_there(tmp_path: Path, registers: reference.Registers) -> None:
    """It reads a reason for none beside a blank actual as if it had been typed there; its cell is the actual's."""
    made, issues, cells = answered(tmp_path, registers, reason_for_none="No survey this quarter")

    assert (made["actual"], made["actual_reason"], made["actual_raw"]) == (None, "no survey this quarter", "No survey this quarter")
    assert (made["actual_cell"], cells[at("Reason for none", 0)]) == (at("Reason for none", 0), "used")
    assert issues == []


def test_a_blank_without_a_reason_is_not_given(tmp_path: Path, registers: reference.Registers) -> None:
    """It gives a blank actual without a reason its own cell, as ever."""
    made, issues, _ = answered(tmp_path, registers)
    assert (made["actual_reason"], made["actual_cell"], issues) == ("not given", at("Actual", 0), [])


def test_of_a_figure_and_a_reason_the_figure_counts(tmp_path: Path, registers: reference.Registers) -> None:
    """It uses the figure, and tells both with their cells."""
    made, issues, cells = answered(tmp_path, registers, actual="98%", reason_for_none="TBC")

    assert (made["actual"], made["actual_cell"]) == (Decimal(98), at("Actual", 0))
    says = f"gives both '98%' in {at('Actual', 0)} and a reason for none, 'TBC' in {at('Reason for none', 0)}: the figure counts. Clear one of the two."
    assert issues == [("advisory", at("Reason for none", 0), says)]
    assert cells[at("Actual", 0)] == cells[at("Reason for none", 0)] == "used"


def test_a_reason_given_twice_is_one(tmp_path: Path, registers: reference.Registers) -> None:
    """It says nothing where the same reason stands under both headings, and tells two that differ."""
    assert answered(tmp_path, registers, actual="n/a", reason_for_none="Not applicable")[1] == []
    made, issues, _ = answered(tmp_path, registers, actual="n/a", reason_for_none="TBC")
    assert made["actual_reason"] == "not applicable, or no figure"
    assert [(cell, "what stands under 'Actual' counts" in message) for _, cell, message in issues] == [(at("Reason for none", 0), True)]


def test_a_figure_typed_as_a_reason_is_read_and_told(tmp_path: Path, registers: reference.Registers) -> None:
    """It reads a figure that stands one column too far to the right, and says so."""
    made, issues, _ = answered(tmp_path, registers, reason_for_none="98%")
    assert (made["actual"], made["actual_cell"]) == (Decimal(98), at("Reason for none", 0))
    assert [(severity, cell, "read as the figure" in message) for severity, cell, message in issues] == [("advisory", at("Reason for none", 0), True)]


def test_a_reason_nobody_knows_is_quarantined(tmp_path: Path, registers: reference.Registers) -> None:
    """It holds back a reason that is none of those that are known, with its cell."""
    made, issues, cells = answered(tmp_path, registers, reason_for_none="we forgot")
    assert (made["actual"], made["actual_reason"], cells[at("Reason for none", 0)]) == (None, "could not be read", "quarantined")
    assert [(severity, cell) for severity, cell, _ in issues] == [("fail", at("Reason for none", 0))]


@pytest.mark.parametrize("word", ["Yes", "yes ", "YES"])
def test_yes_marks_a_figure_as_provisional(tmp_path: Path, registers: reference.Registers, word: str) -> None:
    """It gives the figure the marker that `(prov)` gives it, once."""
    for actual in ("98%", "98% (prov)"):
        made, issues, cells = answered(tmp_path, registers, actual=actual, provisional=word)
        assert (made["actual"], made["actual_markers"], issues, cells[at("Provisional", 0)]) == (Decimal(98), "[p]", [], "used")


@pytest.mark.parametrize(("word", "severity"), [("No", "info"), ("maybe", "advisory"), ("#REF!", "advisory")])
def test_any_other_word_is_told(tmp_path: Path, registers: reference.Registers, word: str, severity: str) -> None:
    """It does not mark the figure, and tells the word with its cell."""
    made, issues, _ = answered(tmp_path, registers, actual="98%", provisional=word)
    assert made["actual_markers"] == ""
    assert issues == [(severity, at("Provisional", 0), f"{word!r} is not 'Yes': the figure is not taken as one that may change")]


def test_nothing_is_provisional_where_there_is_no_figure(tmp_path: Path, registers: reference.Registers) -> None:
    """It tells Yes beside a reason for none."""
    made, issues, _ = answered(tmp_path, registers, reason_for_none="TBC", provisional="Yes")
    assert (made["actual_markers"], issues) == ("", [("advisory", at("Provisional", 0), "'Yes', but there is no figure that may change")])


def test_answers_make_the_commentary(tmp_path: Path, registers: reference.Registers) -> None:
    """It puts the answers together in their order, only those that are given; each of their cells is used."""
    made, issues, cells = answered(tmp_path, registers, actual="98%", why="Two wardens left", by_when="31 March 2017", what_changed="Fewer patrols.")
    assert made["commentary"] == "What changed: Fewer patrols. Why: Two wardens left. By when: 31 March 2017."
    assert (made["commentary_cell"], issues) == (at("What changed", 0), [])
    assert {cells[at(name, 0)] for name in ("What changed", "Why", "By when")} == {"used"}
    assert answered(tmp_path, registers, actual="98%")[0]["commentary"] == ""


def test_a_commentary_beside_the_answers_comes_first(tmp_path: Path, registers: reference.Registers) -> None:
    """It begins with what stands under Commentary, whose cell is the commentary's."""

    def mould(book: Any) -> None:
        book["Return"]["R7"], book["Return"]["R8"] = "Commentary", "As planned."
        put(book, 0, actual="98%", who="Ann")

    made, _, cells = built(came(tmp_path, form("", ROWS[:1], mould=mould)), registers)
    assert (made["Build 5"]["commentary"], made["Build 5"]["commentary_cell"]) == ("As planned. Who: Ann.", "R8")
    assert cells["R8"] == cells[at("Who", 0)] == "used"


def test_a_formula_error_is_no_answer(tmp_path: Path, registers: reference.Registers) -> None:
    """It holds an answer back that is a formula error, and tells it; the others make the commentary."""
    made, issues, cells = answered(tmp_path, registers, actual="98%", why="#NAME?", who="Ann")
    assert made["commentary"] == "Who: Ann."
    assert [(severity, cell, "formula error" in message) for severity, cell, message in issues] == [("fail", at("Why", 0), True)]
    assert cells[at("Why", 0)] == "quarantined"


def test_a_form_is_not_read_by_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads a large file with these headings cell by cell, and any other by columns."""
    monkeypatch.setattr(large, "LARGE", 3)
    plain = [0, 1, 2, 7, 8]
    lines = {
        "form": [HEADINGS[:10], *([*row[:8], "1", ""] for row in ROWS)],
        "plain": [[HEADINGS[place] for place in plain], *([*(row[place] for place in plain[:4]), "1"] for row in ROWS)],
    }
    read = {}
    for name, grid in lines.items():
        content = "\n".join(",".join(f'"{text}"' for text in line) for line in grid) + "\n"
        read[name] = large.read_large(content.encode(), {"quarter": QUARTER, "file": "a.csv"}, Issues(), {})
    assert [read["form"] is None, read["plain"] is None] == [True, False]


# ---------------------------------------------------------------- sheets that hold no return


def test_the_sheets_of_the_form_itself_are_passed_over(tmp_path: Path) -> None:
    """It says nothing of Instructions and of Lists, hidden though it is, where the workbook is a form that was sent; their cells are accounted for."""
    got = came(tmp_path, form(mould=filled()), form())
    assert told(got) == []
    assert {cell(got, sheet, "A1") for sheet in ("Instructions", "Lists")} == {("ignored", "part of the form as it was sent")}
    assert got.returns["state"].tolist() == ["received"]


def test_the_sheets_of_another_workbook_are_told(tmp_path: Path) -> None:
    """It tells sheets of these names in a workbook that is no such form."""
    assert {sheet for sheet, _, _ in told(came(tmp_path, form("")))} == {"Instructions", "Lists"}


def test_a_figure_on_a_hidden_sheet_of_a_form_is_still_told(tmp_path: Path) -> None:
    """It tells any other sheet that is hidden."""

    def mould(book: Any) -> None:
        book["Return"].sheet_state = "hidden"
        book.active = book.sheetnames.index("Instructions")

    got = came(tmp_path, form(mould=all_of(filled(), mould)), form())
    assert told(got) == [("Return", "", "the sheet is hidden; it is read all the same")]


# ---------------------------------------------------------------- beside what was sent


def test_a_form_that_is_only_filled_in_says_nothing(tmp_path: Path) -> None:
    """It finds nothing amiss in a form with grant and milestones whose open cells are filled in."""

    def mould(book: Any) -> None:
        book["Return"]["B3"] = "Ann"
        put(book, 1, what_changed="More", provisional="Yes")
        book["Grant"]["C6"] = "£100"
        book["Milestones"]["D6"] = "G"

    got = came(tmp_path, form(others=True, mould=all_of(filled(), mould)), form(others=True))
    assert told(got) == told(got, "info") == told(got, "fail") == []


FIVE = f"{BUILD} 5 'Tenant satisfaction with the housing repair and maintenance service (%)'"
SIXTEEN = f"{BUILD} 16 'Number of unemployed residents helped back into work'"
FORTY_NINE = f"{BUILD} 49 'Number of Park User Groups'"
AGREED = "What stands here is used, as an agreed change of a target is the partnership's to decide; put back what was sent if none was agreed."
STANDS, REGISTERED, NOTHING = "What stands here is used.", "The register's is used.", "Nothing in this column is used."
CHANGES = {
    ("Return", at("Target", 0), "90%"): (f"Target of {FIVE}", "'93%'", "here stands '90%'", AGREED),
    ("Return", at("Target", 2), None): (f"Target of {FORTY_NINE}", "'14'", "here it is blank", AGREED),
    ("Return", at("Definition", 2), "Mine"): (f"Definition of {FORTY_NINE}", "'SYNTHETIC'", "here stands 'Mine'", NOTHING),
    ("Return", at("Last figure", 1), "9"): (f"Last figure of {SIXTEEN}", "'not given (Q2 2016/17)'", "here stands '9'", NOTHING),
    ("Return", at("Good", 2), "Lower"): (f"Good of {FORTY_NINE}", "'Higher'", "here stands 'Lower'", REGISTERED),
    ("Return", "B1", "Somebody"): ("Partner", "'SYNTHETIC Council'", "here stands 'Somebody'", STANDS),
    ("Grant", "B7", "£2,500"): ("Total grant awarded of Under One Sky", "'£2,000'", "here stands '£2,500'", STANDS),
    ("Milestones", "B6", "June 2017"): ("Timescale of SYNTHETIC Trust 'Two wardens'", "'March 2017'", "here stands 'June 2017'", STANDS),
}
"""Sheet, cell and what was typed over it -> what it is, what was sent, what stands there, what is used."""


@pytest.mark.parametrize(("typed", "says"), CHANGES.items(), ids=[f"{sheet} {address}" for sheet, address, _ in CHANGES])
def test_a_locked_cell_that_changed_is_told(tmp_path: Path, typed: tuple[str, str, Any], says: tuple[str, str, str, str]) -> None:
    """It tells the cell, what was sent, what stands there now and what is used."""
    sheet, address, value = typed
    what, was, stands, used = says

    def mould(book: Any) -> None:
        book[sheet][address] = value

    got = came(tmp_path, form(others=True, mould=all_of(filled(), mould)), form(others=True))
    assert told(got) == [(sheet, address, f"{what} is locked in the form as it was sent, where it says {was}; {stands}. {used}")]


def test_a_changed_target_is_the_one_used(tmp_path: Path, registers: reference.Registers) -> None:
    """It reads the target that came back, not the one that was sent."""
    got = came(tmp_path, form(mould=all_of(filled(), lambda book: put(book, 0, target="90%"))), form())
    assert built(got, registers)[0]["Build 5"]["target"] == Decimal(90)


@pytest.mark.parametrize("value", [1500, "1500", " 1,500"])
def test_the_same_figure_written_in_another_way_is_not_told(tmp_path: Path, value: Any) -> None:
    """It takes a number for the text that shows the same."""
    assert told(came(tmp_path, form(mould=all_of(filled(), lambda book: put(book, 1, target=value))), form())) == []


def test_spaces_and_line_breaks_are_no_change(tmp_path: Path) -> None:
    """It takes the same words with other spaces between them for the same."""
    assert told(came(tmp_path, form(mould=all_of(filled(), lambda book: put(book, 2, measure="Number of  Park\nUser Groups "))), form())) == []


def test_a_cell_that_was_open_may_change(tmp_path: Path) -> None:
    """It does not compare a target that the form asked for, nor a sheet that was not protected."""

    def ask(book: Any) -> None:
        book["Return"][at("Target", 0)].protection = Protection(locked=False)

    changed = form(mould=all_of(filled(), lambda book: put(book, 0, target="90%")))
    assert told(came(tmp_path, changed, form(mould=ask))) == []
    assert told(came(tmp_path, changed, form(protected=False))) == []


def test_rows_and_columns_may_move(tmp_path: Path) -> None:
    """It knows rows by theme and number and columns by heading: sorting, blank rows and moved columns are nothing that changed."""

    def mould(book: Any) -> None:
        sheet = book["Return"]
        lines = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=FIRST - 1)]
        order = [16, *range(8, 16), *range(8)]
        sheet.delete_rows(FIRST - 1, 4)
        for row, line in enumerate((lines[0], lines[3], [None] * 17, lines[1], [None] * 17, lines[2]), start=FIRST - 1):
            for column, place in enumerate(order, start=1):
                sheet.cell(row, column, line[place])

    got = came(tmp_path, form(mould=all_of(filled(), mould)), form())
    assert told(got) == told(got, "fail") == []
    actuals = got.entries[(got.entries["field"] == "actual")]
    assert actuals[["raw", "cell"]].to_numpy().tolist() == [["52", f"B{FIRST}"], ["50", f"B{FIRST + 2}"], ["51", f"B{FIRST + 4}"]]


def test_a_theme_that_is_left_to_the_row_above_is_the_same_row(tmp_path: Path) -> None:
    """It knows a row whose theme is blank by the theme above it; that the locked cell is blank is told."""
    got = came(tmp_path, form(mould=all_of(filled(), lambda book: put(book, 1, theme=None))), form())
    assert [cell for _, cell, _ in told(got)] == [at("Theme", 1)]


def test_a_row_that_is_gone_is_told_by_name(tmp_path: Path) -> None:
    """It names each measure of the form that did not come back."""
    got = came(tmp_path, form(mould=all_of(filled(), lambda book: book["Return"].delete_rows(FIRST + 1))), form())
    says = (
        "Build a Better Harrow 16 'Number of unemployed residents helped back into work' is in the form as it was sent, and not in the return: "
        "was its row deleted? Where there is no figure, give the reason."
    )
    assert told(got) == [("Return", "", says)]


def test_a_sheet_that_is_gone_is_told_once(tmp_path: Path) -> None:
    """It names the sheet, not each of its rows."""
    got = came(tmp_path, form(others=True, mould=all_of(filled(), lambda book: book.remove(book["Milestones"]))), form(others=True))
    assert told(got) == [("", "", "none of the 2 rows of sheet 'Milestones' of the form as it was sent came back")]


def test_names_that_differ_in_their_punctuation_alone_are_two_rows(tmp_path: Path) -> None:
    """It tells which of two rows is gone whose names are otherwise the same, and does not take one for the other."""

    def twins(book: Any) -> None:
        book["Milestones"]["C7"] = "Two wardens?"

    def mould(book: Any) -> None:
        twins(book)
        book["Milestones"].delete_rows(6)

    got = came(tmp_path, form(others=True, mould=all_of(filled(), mould)), form(others=True, mould=twins))
    says = "SYNTHETIC Trust 'Two wardens' is in the form as it was sent, and not in the return: was its row deleted? Where there is no figure, give the reason."
    assert told(got) == [("Milestones", "", says)]


def test_a_row_that_is_new_is_told_and_read(tmp_path: Path) -> None:
    """It names a row that the form did not have, and reads it."""
    new = [BUILD, "52", "% of household waste recycled and composted", None, "Higher", None, None, "50%", "49%"]
    got = came(tmp_path, form(mould=all_of(filled(), lambda book: book["Return"].append(new))), form())
    says = "Build a Better Harrow 52 '% of household waste recycled and composted' is not in the form as it was sent. Its row is read as any other: was it added on purpose?"
    assert told(got) == [("Return", at("Measure", 3), says)]
    assert "49%" in got.entries["raw"].tolist()


def test_a_row_that_the_form_had_room_for_is_not_told(tmp_path: Path) -> None:
    """It says nothing of a milestone in one of the empty rows of the form, whose checks are no text round the table."""

    def room(book: Any) -> None:
        for row in range(8, 10):
            for column in range(1, 5):
                book["Milestones"].cell(row, column).protection = Protection(locked=False)
            book["Milestones"].cell(row, 5).value = "* not used"

    def mould(book: Any) -> None:
        room(book)
        for column, text in enumerate(("SYNTHETIC Trust", "June 2017", "A third warden", "Green"), start=1):
            book["Milestones"].cell(8, column).value = text

    got = came(tmp_path, form(others=True, mould=all_of(filled(), mould)), form(others=True, mould=room))
    assert told(got) == []
    assert [cell(got, "Milestones", address) for address in ("C8", "E8", "E9")] == [("used", ""), *[("ignored", "filled in by the workbook")] * 2]


def test_a_column_that_is_gone_is_told_once(tmp_path: Path) -> None:
    """It names the heading, not each of its cells."""

    def mould(book: Any) -> None:
        book["Return"].delete_cols(HEADINGS.index("Definition") + 1)

    assert told(came(tmp_path, form(mould=all_of(filled(), mould)), form())) == [
        ("Return", "", "the column 'Definition' of the form as it was sent is not in the return")
    ]


def test_a_heading_that_was_typed_over_is_told_with_what_it_looks_like(tmp_path: Path) -> None:
    """It says which heading of the form a misspelt one is like, and that the form's own column is gone."""

    def mould(book: Any) -> None:
        book["Return"][at("Definition", -1)] = "Defintion"

    assert told(came(tmp_path, form(mould=all_of(filled(), mould)), form())) == [
        ("Return", at("Definition", -1), "heading 'Defintion' is not of the form 'performance'; it looks like 'Definition'. Its column is not used."),
        ("Return", "", "the column 'Definition' of the form as it was sent is not in the return. Nothing under 'Defintion' is used."),
    ]


def not_of_form(heading: str, of: str = "performance") -> str:
    """Give what is said of a heading that is nobody's."""
    return f"heading {heading!r} is not of the form {of!r}. Its column is not used."


def test_an_open_column_that_is_gone_is_told_once(tmp_path: Path, registers: reference.Registers) -> None:
    """It tells an open column whose heading was typed over, and that nothing under the other heading is used."""

    def mould(book: Any) -> None:
        for row in range(3):
            put(book, row, why="Two wardens left", who="Ann")
        book["Return"][at("Why", -1)] = "Because"

    got = came(tmp_path, form(mould=all_of(filled(), mould)), form())
    assert told(got) == [
        ("Return", at("Why", -1), not_of_form("Because")),
        ("Return", "", "the column 'Why' of the form as it was sent is not in the return. Nothing under 'Because' is used."),
    ]
    assert built(got, registers)[0]["Build 5"]["commentary"] == "Who: Ann."


def test_each_open_column_that_is_gone_is_told(tmp_path: Path) -> None:
    """It names each of several, and every heading under which nothing is used."""

    def mould(book: Any) -> None:
        book["Return"][at("Why", -1)], book["Return"][at("By when", -1)] = "Because", "Latest"

    got = came(tmp_path, form(mould=all_of(filled(), mould)), form())
    lost = [f"the column {name!r} of the form as it was sent is not in the return. Nothing under 'Because' or 'Latest' is used." for name in ("Why", "By when")]
    assert [message for _, cell, message in told(got) if not cell] == lost


@pytest.mark.parametrize("name", OPEN[1:])
def test_an_open_column_that_was_deleted_is_told(tmp_path: Path, name: str) -> None:
    """It names the heading, and speaks of no other where there is none."""
    got = came(tmp_path, form(mould=all_of(filled(), lambda book: book["Return"].delete_cols(HEADINGS.index(name) + 1))), form())
    assert told(got) == [("Return", "", f"the column {name!r} of the form as it was sent is not in the return")]


def test_a_column_of_a_quarter_is_named_as_the_form_names_it(tmp_path: Path) -> None:
    """It gives the whole heading of a column that is one of several of its sort."""
    got = came(tmp_path, form(others=True, mould=all_of(filled(), lambda book: book["Grant"].__setitem__("C5", "Spent"))), form(others=True))
    says = "the column 'Quarter 1 2016/17 (actuals)' of the form as it was sent is not in the return. Nothing under 'Spent' is used."
    assert told(got) == [("Grant", "C5", not_of_form("Spent", "grant spend")), ("Grant", "", says)]


def test_a_column_of_the_report_is_told_too(tmp_path: Path) -> None:
    """It tells a column that is gone from a sheet whose rows the form does not name."""

    def report(book: Any) -> None:
        for line in (["Section", "Group or theme", "Subject", "Text", "For discussion", "Check"], ["risk", "Safer Harrow", "Hostel", "Late", "Yes"]):
            book["Report"].append(line) if "Report" in book.sheetnames else book.create_sheet("Report").append(line)

    def mould(book: Any) -> None:
        report(book)
        book["Report"]["C1"] = "What about"

    got = came(tmp_path, form(mould=all_of(filled(), mould)), form(mould=report))
    says = "the column 'Subject' of the form as it was sent is not in the return. Nothing under 'What about' is used."
    assert told(got) == [("Report", "C1", not_of_form("What about", "narrative")), ("Report", "", says)]


def test_the_column_check_may_go(tmp_path: Path) -> None:
    """It says nothing where only what the workbook itself checks is gone."""
    assert told(came(tmp_path, form(mould=all_of(filled(), lambda book: book["Return"].delete_cols(17))), form())) == []


def test_a_row_that_stands_twice_is_compared_twice(tmp_path: Path) -> None:
    """It compares a copied row with the same row of the form."""
    copied = [*ROWS[2][:7], "15", "3"]
    got = came(tmp_path, form(mould=all_of(filled(), lambda book: book["Return"].append(copied))), form())
    assert [cell for _, cell, _ in told(got)] == [at("Target", 3)]


# ---------------------------------------------------------------- saved as .ods

SAVED = of_itself(f'<meta:user-defined meta:name="return_id" meta:value-type="string">\n {ID} </meta:user-defined>')
"""What a form says of itself once LibreOffice has saved it as .ods."""


def test_a_form_saved_as_ods_is_still_the_form(tmp_path: Path) -> None:
    """It knows it by its id, passes over its own sheets, and finds nothing amiss in one that is only filled in."""
    got = came_as_ods(tmp_path, form("", others=True, mould=filled()), SAVED)
    assert got.returns[["file", "state", "form_sent"]].to_numpy().tolist() == [["back.ods", "received", "2016-17-Q3.synthetic-council"]]
    assert {cell(got, sheet, "A1") for sheet in ("Instructions", "Lists")} == {("ignored", "part of the form as it was sent")}
    assert told(got) == told(got, "info") == told(got, "fail") == []


@pytest.mark.parametrize(("typed", "says"), CHANGES.items(), ids=[f"{sheet} {address}" for sheet, address, _ in CHANGES])
def test_a_form_saved_as_ods_is_held_against_what_was_sent(tmp_path: Path, typed: tuple[str, str, Any], says: tuple[str, str, str, str]) -> None:
    """It tells each locked cell that changed as it does of an .xlsx file."""
    sheet, address, value = typed
    what, was, stands, used = says
    got = came_as_ods(tmp_path, form("", others=True, mould=all_of(filled(), lambda book: book[sheet].__setitem__(address, value))), SAVED)
    assert told(got) == [(sheet, address, f"{what} is locked in the form as it was sent, where it says {was}; {stands}. {used}")]


@pytest.mark.parametrize("meta", ["", of_itself(""), of_itself(f"<meta:keyword>return_id {ID}</meta:keyword>")], ids=["nothing", "no id", "a word"])
def test_another_ods_is_no_such_form(tmp_path: Path, meta: str) -> None:
    """It takes a file that says nothing of itself, or nothing of a form, for any other return."""
    got = came_as_ods(tmp_path, form("", mould=filled()), meta)
    assert got.returns[["state", "form_sent"]].to_numpy().tolist() == [["received", ""]]
    assert {sheet for sheet, _, _ in told(got)} == {"Instructions", "Lists"}


ENTITIES = "".join(f'<!ENTITY e{step} "{f"&e{step - 1};" * 10}">' for step in range(1, 9))
WRONG = {
    "cut short": SAVED[:-20],
    "entities that grow": SAVED.replace("<office", f'<!DOCTYPE office [<!ENTITY e0 "{"x" * 40}">{ENTITIES}]><office', 1).replace(ID, "&e8;"),
    "an entity from outside": SAVED.replace("<office", '<!DOCTYPE office [<!ENTITY e SYSTEM "file:///etc/hostname">]><office', 1).replace(ID, "&e;"),
}
"""What is wrong -> what an .ods file says of itself."""


@pytest.mark.parametrize("meta", WRONG.values(), ids=WRONG)
def test_an_ods_that_is_wrong_about_itself_is_held(tmp_path: Path, meta: str) -> None:
    """It holds a file whose properties cannot be read, as it holds such an .xlsx file, and reads nothing from outside."""
    got = came_as_ods(tmp_path, form("", mould=filled()), meta)
    assert got.returns[["state", "reason", "form_sent"]].to_numpy().tolist() == [["held", "cannot be opened as a spreadsheet (ParseError)", ""]]


# ---------------------------------------------------------------- another form than the quarter's


def test_a_form_of_another_quarter_is_held_with_one_message(tmp_path: Path) -> None:
    """It says in one message which quarter the form names and which it was sent for."""
    old = form(f"{BEFORE}.synthetic-council.0a1b2c3d", mould=all_of(filled(), lambda book: book["Return"].__setitem__("B2", "Q2 2016/17")))
    got = came(tmp_path, old, form())
    says = "names Q2 2016/17, but lies in the folder of Q3 2016/17. It is the form that was sent for Q2 2016/17. Move the file, or correct its heading."
    assert (told(got, "fail"), told(got)) == ([("Return", "B2", says)], [])
    assert got.returns["state"].tolist() == ["held"]


def test_the_right_form_settles_the_wrong_one(tmp_path: Path) -> None:
    """It lets a form of the quarter replace a held one of its partner, whatever their names, where neither is the newer; and none of another partner."""

    def renamed(book: Any) -> None:
        book["Return"]["B2"] = "Q2 2016/17"

    (folder := tmp_path / "raw" / QUARTER).mkdir(parents=True)
    sent = {
        "ours": form(mould=all_of(filled(), renamed)),
        "last-quarters": form(f"{BEFORE}.synthetic-council.0a1b2c3d", mould=all_of(filled(), renamed)),
        "anothers": form(f"{QUARTER}.synthetic-police.0a1b2c3d", mould=all_of(filled(), renamed)),
    }
    for name, book in sent.items():
        (folder / f"{name}.xlsx").write_bytes(saved(book))
    got = came(tmp_path, form(f"{QUARTER}.synthetic-council.ffffffff", mould=filled()))
    found = {row["file"]: (row["state"], row["form_sent"].split(".")[1]) for row in frames.rows(got.returns)}
    assert found == {
        "back.xlsx": ("received", "synthetic-council"),
        "ours.xlsx": ("replaced", "synthetic-council"),
        "last-quarters.xlsx": ("replaced", "synthetic-council"),
        "anothers.xlsx": ("held", "synthetic-police"),
    }
    severities = {row["file"]: str(row["severity"]) for row in frames.rows(got.issues) if row["rule"] == "quarter named is the folder's"}
    assert severities == {"ours.xlsx": "advisory", "last-quarters.xlsx": "advisory", "anothers.xlsx": "fail"}


def test_last_quarters_form_under_this_quarters_name_is_told(tmp_path: Path) -> None:
    """It says that the quarter above the table was typed over: targets and last figures are those of the quarter before."""
    got = came(tmp_path, form(f"{BEFORE}.synthetic-council.0a1b2c3d", mould=filled()), form())
    ((sheet, address, says),) = told(got)
    assert (sheet, address) == ("", "")
    assert says.startswith("is the form that was sent for Q2 2016/17, though it now names Q3 2016/17: its targets and last figures are those of Q2 2016/17.")


def test_last_quarters_figures_are_told(tmp_path: Path) -> None:
    """It tells a form in which every figure is the last figure that it shows; one that differs is enough to say nothing."""

    def mould(book: Any) -> None:
        put(book, 0, actual="97.8%")
        put(book, 1, reason_for_none="TBC")
        put(book, 2, actual="21")

    says = "each of its 2 figures is the last figure that the form itself shows: was last quarter's return sent again?"
    assert told(came(tmp_path, form(mould=mould), form())) == [("", "", says)]
    assert told(came(tmp_path, form(mould=all_of(mould, lambda book: put(book, 2, actual="22"))), form())) == []


def test_a_form_that_is_not_filled_in_is_told(tmp_path: Path) -> None:
    """It tells a form that came back as it went out; one reason is an answer."""
    says = "has neither a figure nor a reason for none in any of its 3 rows: was it sent back before it was filled in?"
    assert told(came(tmp_path, form(), form())) == [("", "", says)]
    assert told(came(tmp_path, form(mould=lambda book: put(book, 0, reason_for_none="TBC")), form())) == []


@pytest.mark.parametrize("kept", ["none", "another", "damaged"])
def test_a_form_of_which_nothing_is_kept_is_told_once(tmp_path: Path, kept: str) -> None:
    """It says that locked cells could not be compared, and reads the form as any other."""
    (folder := tmp_path / "forms" / QUARTER).mkdir(parents=True)
    if kept == "damaged":
        whole = saved(form())
        (folder / "damaged.xlsx").write_bytes(whole[: len(whole) // 2])
    got = came(tmp_path, form(mould=filled()), form(f"{QUARTER}.other-council.99999999") if kept == "another" else None)
    says = f"no form with the id {ID!r} is kept, so that nobody can say whether its locked cells are as they were sent. It is read as any other."
    assert told(got) == [("", "", says)]
    assert got.returns["state"].tolist() == ["received"]


@pytest.mark.parametrize("strange", ["../../elsewhere", "no quarter", "2016-17-Q9.a.b", "x" * 1000])
def test_an_id_is_only_ever_looked_up(tmp_path: Path, strange: str) -> None:
    """It takes an id that names no form for one that is not kept, whatever it says."""
    assert ["no form with the id" in message for _, _, message in told(came(tmp_path, form(strange, mould=filled()), form()))] == [True]


def test_a_form_that_is_held_is_not_compared(tmp_path: Path) -> None:
    """It says why the return is held, and no more."""

    def mould(book: Any) -> None:
        book["Return"][at("Target", -1)] = "Wanted"
        book["Return"][at("Target", 0)] = "90%"

    got = came(tmp_path, form(mould=all_of(filled(), mould)), form())
    assert [message.partition(". ")[0] for _, _, message in told(got, "fail")] == ["heading 'Target' is missing"]
    assert not [message for _, _, message in told(got) if "as it was sent" in message]


def test_what_was_sent_is_as_it_was(tmp_path: Path) -> None:
    """It changes neither what came back nor what is kept."""
    back, sent = form(mould=filled()), form()
    came(tmp_path, back, sent)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.xlsx")}
    returns.read(tmp_path, (QUARTER,))
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.xlsx")} == before
    assert len(before) == 2


def test_what_was_sent_is_among_what_a_quarter_is_made_from(tmp_path: Path) -> None:
    """It sees a form of the quarter that is new or changed, and none of a later quarter."""
    (tmp_path / "raw" / QUARTER).mkdir(parents=True)
    before = upkeep.returns(tmp_path, QUARTER)
    for quarter in (QUARTER, "2016-17-Q4"):
        (folder := tmp_path / "forms" / quarter).mkdir(parents=True)
        (folder / "a.xlsx").write_bytes(b"a")
    assert upkeep.changed(before, new := upkeep.returns(tmp_path, QUARTER)) == f"form {QUARTER}/a.xlsx is new"
    (tmp_path / "forms" / QUARTER / "a.xlsx").write_bytes(b"b")
    assert upkeep.changed(deepcopy(new), upkeep.returns(tmp_path, QUARTER)) == f"form {QUARTER}/a.xlsx changed"
