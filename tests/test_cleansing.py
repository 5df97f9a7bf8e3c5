"""Cleansing: each rule, what is quarantined and what is told, and the real quarters with nothing lost."""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis import cleansing, frames, reference, returns
from analysis.reference import Registers

REAL = Path(__file__).resolve().parents[1] / "data"
REAL_QUARTERS = ("2009-10-Q3", "2009-10-Q4", "2011-12-Q1", "2011-12-Q2", "2015-16-Q2", "2016-17-Q1", "2016-17-Q2")
QUARTER = "2016-17-Q2"
HEADINGS = ["Theme", "No", "Measure", "Good", "Target", "Actual", "RAG status"]
REGISTERS = {
    "partnership.toml": 'name = "Tiny Partnership"\n',
    "themes.csv": "theme,code,order\nBuild,B,1\nProtect,P,2\n",
    "policies.csv": "policy,version,from_quarter,polarity,order,band,test,factor\nfive-band,1,2009-10-Q1,higher,1,HG,>=,1.05\n",
    "measures.csv": (
        "measure_id,theme,number,measure,polarity,unit,kind,policy,equalities,kind_basis\n"
        "Build 5,Build,5,Tenant satisfaction,higher,percent,not stated,five-band,no,\n"
        "Build 23,Build,23,Residential burglaries,lower,number,not stated,five-band,no,\n"
        "Protect 5,Protect,5,Domestic abuse,lower,number,not stated,five-band,no,\n"
    ),
    "awards.csv": "project,round,kind,return_name\nAlley Gating (Capital),Round 1,capital,\nGreen Gyms,Round 1,not stated,\n",
}


def registers(data: Path) -> Registers:
    """Load a register of three measures and two awards."""
    folder = data / "reference"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in REGISTERS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return reference.load(data)


@cache
def tiny_registers() -> Registers:
    """Load the small registers once, for a test that runs many times and changes none of them."""
    with tempfile.TemporaryDirectory() as folder:
        return registers(Path(folder))


def place(data: Path, name: str, grid: list[list[str]], sheet: str = "Return") -> None:
    """Write a grid as a CSV file or a workbook of one sheet into the quarter's folder."""
    path = data / "raw" / QUARTER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if name.endswith(".csv"):
        text = io.StringIO(newline="")
        csv.writer(text).writerows(grid)
        path.write_bytes(text.getvalue().encode("utf-8-sig"))
        return
    book = openpyxl.Workbook()
    book.active.title = sheet
    for line in grid:
        book.active.append([value or None for value in line])
    book.save(path)


def cleansed(data: Path, *grids: list[list[str]]) -> cleansing.Cleansed:
    """Read and cleanse some grids, sent as a.csv, b.csv ..."""
    for letter, grid in zip("abc", grids, strict=False):
        place(data, f"{letter}.csv", grid)
    read = returns.read(data, (QUARTER,))
    return cleansing.build(read.cells, read.entries, registers(data))


def quarantined(got: cleansing.Cleansed) -> list[list[str]]:
    """Give [file, cell, raw] of each quarantined cell, and check that each has a reason."""
    rows = got.cells[got.cells["outcome"].map(str) == "quarantined"]
    assert rows.loc[rows["reason"] == "", "cell"].tolist() == []
    return rows[["file", "cell", "raw"]].to_numpy().tolist()


def told(got: cleansing.Cleansed, severity: str) -> list[list[str]]:
    """Give [file, sheet, cell, as typed] of each issue of one severity."""
    rows = got.issues[got.issues["severity"].map(str) == severity]
    return rows[["file", "sheet", "cell", "as_typed"]].to_numpy().tolist()


def entry(raw: str, kind: str = "figure", **more: object) -> dict[str, object]:
    """Give one entry as reading makes it."""
    where = {"quarter": QUARTER, "file": "a.csv", "sheet": "", "row": 2, "form": "performance", "partner": "", "field": "actual", "cell": "F2"}
    return where | {"kind": kind, "raw": raw} | more


def entries(*rows: dict[str, object]) -> pd.DataFrame:
    """Give entries as a frame of their contract."""
    return frames.make(list(rows), frames.ENTRIES)


# ---------------------------------------------------------------- the rules

RULES = {
    "zero-width space": ("invisible characters removed", "figure", "\u200b98%", "98%"),
    "byte-order mark in words": ("invisible characters removed", "words", "\ufeffMeet", "Meet"),
    "spaces round words": ("spaces at the ends removed", "words", "  Meet the press \n", "Meet the press"),
    "non-breaking space": ("spaces made plain", "figure", "\u00a098\u00a0%", "98 %"),
    "tab in a code": ("spaces made plain", "code", "Note\t1", "Note 1"),
    "minus sign": ("dashes made plain", "figure", "\u221220%", "-20%"),
    "en dash in a range": ("dashes made plain", "figure", "13\u201315%", "13-15%"),
    "full-width digits": ("full-width characters made plain", "figure", "\uff19\uff18\uff05", "98%"),
    "Cyrillic TBC": ("look-alike letters made Latin", "figure", "\u0422\u0412\u0421", "TBC"),
    "Greek letters in a status": ("look-alike letters made Latin", "code", "\u0397G", "HG"),
    "split pence": ("split digits joined", "figure", "£1,600.0 0", "£1,600.00"),
    "split pounds": ("split digits joined", "figure", "£4, 681,012.65", "£4,681,012.65"),
    "space behind the pound sign": ("split digits joined", "figure", "£ 941", "£941"),
    "space before the percent sign": ("split digits joined", "figure", "99.9 %", "99.9%"),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "kind", "raw", "text"), RULES.values(), ids=RULES)
def test_a_rule_mends_and_is_named(rule: str, kind: str, raw: str, text: str) -> None:
    """It mends what its name says, keeps what was typed, and names the rule beside the figure."""
    got = cleansing.cleanse(entries(entry(raw, kind)), {rule: cleansing.RULES[rule]})
    assert got[["raw", "text", "repairs"]].to_numpy().tolist() == [[raw, text, rule]]


def test_every_rule_is_tried() -> None:
    """It has no rule that the catalogue above, or the test of carrying down, does not try."""
    assert set(cleansing.RULES) == {rule for rule, *_ in RULES.values()} | {"carried down from the row above"}


LEFT_ALONE = {
    "words keep their dashes": ("words", "Smoking Cessation \u2013 Capital"),
    "words keep letters of another alphabet": ("words", "\u0422\u0412\u0421"),
    "words keep spaces inside": ("words", "Alley  Gating"),
    "a code keeps its dash": ("code", "2009\u201310"),
    "a Russian word is no look-alike": ("figure", "\u0434\u0430"),
    "two numbers are not joined": ("figure", "85 95%"),
    "a figure that needs nothing": ("figure", "£1,234.50"),
    "blank": ("figure", ""),
}


@pytest.mark.parametrize(("kind", "raw"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_needs_no_mending_is_left_alone_and_not_logged(kind: str, raw: str) -> None:
    """It changes nothing that no rule is for, and then names no rule."""
    got = cleansing.cleanse(entries(entry(raw, kind)))
    assert got[["text", "repairs"]].to_numpy().tolist() == [[raw, ""]]


def test_rules_that_change_are_named_in_order_and_the_others_not() -> None:
    """It names, in the order in which they were made, just the rules that changed the entry."""
    got = cleansing.cleanse(entries(entry("\u200b\u2212£ 941"), entry("98%", row=3, cell="F3")))
    assert got[["text", "repairs"]].to_numpy().tolist() == [
        ["-£941", "invisible characters removed; dashes made plain; split digits joined"], ["98%", ""],
    ]  # fmt: skip


def test_the_log_compares_before_with_after() -> None:
    """It logs a rule that keeps quiet about what it changes, and no rule that changes nothing."""
    rules = {"looks busy": lambda frame: frame.assign(text=frame["text"]), "keeps quiet": lambda frame: frame.assign(text=frame["text"].str.replace("7", "1"))}
    got = cleansing.cleanse(entries(entry("17"), entry("18", row=3, cell="F3")), rules)
    assert got[["text", "repairs"]].to_numpy().tolist() == [["11", "keeps quiet"], ["18", ""]]


def test_a_theme_is_carried_down_with_its_cell_and_logged() -> None:
    """It gives a row without a theme the theme of the row above, with the cell where it stands, and logs that it did."""
    theme = {"field": "theme", "kind": "words"}
    rows = [
        entry("Build", row=2, cell="A2", **theme), entry("5", row=2, cell="B2", field="number"),
        entry("23", row=3, cell="B3", field="number"),
        entry("Protect", row=4, cell="A4", **theme), entry("5", row=4, cell="B4", field="number"),
        entry("6", row=5, cell="B5", field="number"),
    ]  # fmt: skip
    got = cleansing.cleanse(entries(*rows))
    carried = got[got["field"] == "theme"].sort_values("row")
    assert carried[["row", "cell", "text", "repairs"]].to_numpy().tolist() == [
        [2, "A2", "Build", ""], [3, "A2", "Build", "carried down from the row above"],
        [4, "A4", "Protect", ""], [5, "A4", "Protect", "carried down from the row above"],
    ]  # fmt: skip


def test_a_theme_is_not_carried_to_another_sheet_or_above_itself() -> None:
    """It carries a theme neither to a row above it nor to another sheet."""
    rows = [
        entry("23", row=2, cell="B2", field="number"),
        entry("Build", row=3, cell="A3", field="theme", kind="words"),
        entry("5", row=4, cell="B4", field="number", sheet="other"),
    ]
    got = cleansing.cleanse(entries(*rows))
    assert got.loc[got["field"] == "theme", ["sheet", "row"]].to_numpy().tolist() == [["", 3]]


@pytest.mark.parametrize("name", cleansing.RULES)
def test_a_rule_leaves_its_argument_unchanged(name: str) -> None:
    """It gives a new frame and does not touch the one it was given."""
    rows = [entry(raw, kind, row=number, cell=f"F{number}", text=raw) for number, (_, kind, raw, _) in enumerate(RULES.values(), start=2)]
    before = entries(*rows, entry("Build", "words", field="theme", cell="A2", text="Build"))
    kept = before.copy(deep=True)
    cleansing.RULES[name](before)
    assert_frame_equal(before, kept)


def test_cleansing_leaves_its_arguments_unchanged(tmp_path: Path) -> None:
    """It changes neither the cells nor the entries that it is given, even where it quarantines."""
    place(tmp_path, "a.csv", [HEADINGS, ["Build", "5", "Tenant satisfaction", "Higher", "93%", "12..5", "HG"], ["", "99", "No such", "", "1", "£ 2", ""]])
    read = returns.read(tmp_path, (QUARTER,))
    cells, rows = read.cells.copy(deep=True), read.entries.copy(deep=True)
    cleansing.build(read.cells, read.entries, registers(tmp_path))
    assert_frame_equal(read.cells, cells)
    assert_frame_equal(read.entries, rows)


# ---------------------------------------------------------------- what is quarantined and told


def test_a_figure_that_cannot_be_read_is_quarantined_alone(tmp_path: Path) -> None:
    """It quarantines `12..5` with file, sheet and cell, and leaves its row in place with the reason."""
    place(tmp_path, "Housing.xlsx", [HEADINGS, ["Build", "5", "Tenant satisfaction", "Higher", "93%", "12..5", "HG"]], sheet="Scores")
    got = cleansed(tmp_path)
    assert quarantined(got) == [["Housing.xlsx", "F2", "12..5"]]
    assert told(got, "fail") == [["Housing.xlsx", "Scores", "F2", "12..5"]]
    assert "is not a number" in got.issues["message"].tolist()[0]
    row = got.frames["observations"].iloc[0]
    assert [row["measure_id"], row["actual_raw"], row["actual"], row["actual_reason"], row["target"]] == [
        "Build 5",
        "12..5",
        None,
        "could not be read",
        Decimal(93),
    ]


def test_an_unknown_measure_is_quarantined_with_a_suggestion(tmp_path: Path) -> None:
    """It quarantines the cells of a row whose measure the register has not, and asks whether the nearest is meant."""
    got = cleansed(tmp_path, [HEADINGS, ["Build", "32", "Residental burglaries", "Lower", "254", "245", "LG"]])
    assert [cell for _, cell, _ in quarantined(got)] == ["A2", "B2", "C2", "D2", "E2", "F2", "G2"]
    assert told(got, "fail") == [["a.csv", "", "C2", "Residental burglaries"]]
    assert "Is 'Residential burglaries' meant?" in got.issues["message"].tolist()[0]
    assert len(got.frames["observations"]) == 0


def test_a_theme_that_other_rows_use_stays_used(tmp_path: Path) -> None:
    """It quarantines a bad row's own cells, not the theme carried down from a good row, which is still used there."""
    good = ["Build", "23", "Residential burglaries", "Lower", "254", "245", "LG"]
    got = cleansed(tmp_path, [HEADINGS, good, ["", "99", "No such measure", "Lower", "1", "1", "LG"]])
    assert [cell for _, cell, _ in quarantined(got)] == ["B3", "C3", "D3", "E3", "F3", "G3"]
    assert got.frames["observations"]["measure_id"].tolist() == ["Build 23"]


def test_a_merged_theme_that_other_rows_use_stays_used(tmp_path: Path) -> None:
    """It quarantines a bad row's own cells, not the theme merged over it and a good row."""
    good = ["Build", "23", "Residential burglaries", "Lower", "254", "245", "LG"]
    place(tmp_path, "a.xlsx", [HEADINGS, good, ["", "99", "No such measure", "Lower", "1", "1", "LG"]])
    path = tmp_path / "raw" / QUARTER / "a.xlsx"
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("A2:A3")
    book.save(path)
    got = cleansed(tmp_path)
    assert [cell for _, cell, _ in quarantined(got)] == ["B3", "C3", "D3", "E3", "F3", "G3"]
    assert got.frames["observations"]["measure_id"].tolist() == ["Build 23"]


def test_a_round_in_the_header_block_that_other_rows_use_stays_used(tmp_path: Path) -> None:
    """It quarantines an unknown project's own cells, not the round above the table, which its neighbours use."""
    headings = ["Project", "Total grant awarded", "Total spend to date", "Identified underspend"]
    got = cleansed(tmp_path, [["Round", "Round 1"], headings, ["Green Gyms", "£10", "£4", "£6"], ["Green Gym", "£1", "£1", "£0"]])
    assert [cell for _, cell, _ in quarantined(got)] == ["A4", "B4", "C4", "D4"]
    assert "Is 'Green Gyms' meant?" in got.issues["message"].tolist()[0]
    assert got.frames["awards"]["project"].tolist() == ["Green Gyms"]


def test_the_same_serial_in_two_themes_is_two_measures(tmp_path: Path) -> None:
    """It knows a measure by theme and number, as serials repeat between themes."""
    rows = [["Build", "5", "Tenant satisfaction", "Higher", "93%", "97.8%", "HG"], ["Protect", "5", "Domestic abuse", "Lower", "300", "290", "LG"]]
    got = cleansed(tmp_path, [HEADINGS, *rows])
    assert got.frames["observations"]["measure_id"].tolist() == ["Build 5", "Protect 5"]
    assert got.issues["message"].tolist() == []


def test_a_measure_sent_twice_is_quarantined_twice(tmp_path: Path) -> None:
    """It uses neither of two rows of one measure, as nobody has said which is right, and says of each where the other stands."""
    row = ["Build", "5", "Tenant satisfaction", "Higher", "93%", "97.8%", "HG"]
    got = cleansed(tmp_path, [HEADINGS, row], [HEADINGS, [*row[:5], "50%", "HR"]])
    assert got.frames["observations"]["measure_id"].tolist() == []
    assert [[file, cell] for file, cell, _ in quarantined(got)] == [[file, f"{letter}2"] for file in ("a.csv", "b.csv") for letter in "ABCDEFG"]
    assert [file for file, _, _, _ in told(got, "fail")] == ["a.csv", "b.csv"]
    assert ["b.csv row 2" in got.issues["message"].tolist()[0], "a.csv row 2" in got.issues["message"].tolist()[1]] == [True, True]


def test_a_measure_twice_in_one_theme_leaves_the_theme_used(tmp_path: Path) -> None:
    """It quarantines the repeated rows' own cells, not the theme that they share."""
    row = ["Build", "5", "Tenant satisfaction", "Higher", "93%", "97.8%", "HG"]
    got = cleansed(tmp_path, [HEADINGS, row, ["", *row[1:]]])
    assert [cell for _, cell, _ in quarantined(got)] == [f"{letter}{row}" for row in (2, 3) for letter in "BCDEFG"]


TELLTALE = {
    "a share where a percentage belongs": (["Build", "5", "Tenant satisfaction", "Higher", "93%", "0.985", "HG"], "F2", "0.985"),
    "pounds where a percentage belongs": (["Build", "5", "Tenant satisfaction", "Higher", "93%", "£97", "HG"], "F2", "£97"),
    "polarity that is not the register's": (["Build", "5", "Tenant satisfaction", "Lower", "93%", "97.8%", "HG"], "D2", "Lower"),
    "title that is not the register's": (["Build", "5", "Tenant happiness", "Higher", "93%", "97.8%", "HG"], "C2", "Tenant happiness"),
    "status that is no band and no reason": (["Build", "5", "Tenant satisfaction", "Higher", "93%", "97.8%", "Purple"], "G2", "Purple"),
    "formula error": (["Build", "5", "Tenant satisfaction", "Higher", "93%", "#DIV/0!", ""], "F2", "#DIV/0!"),
}  # fmt: skip


@pytest.mark.parametrize(("row", "cell", "typed"), TELLTALE.values(), ids=TELLTALE)
def test_what_looks_wrong_is_told_and_goes_on(tmp_path: Path, row: list[str], cell: str, typed: str) -> None:
    """It tells what looks wrong as an advisory with its cell, and still keeps the observation and every cell."""
    got = cleansed(tmp_path, [HEADINGS, row])
    assert told(got, "advisory") == [["a.csv", "", cell, typed]]
    assert told(got, "fail") == []
    assert quarantined(got) == []
    assert got.frames["observations"]["measure_id"].tolist() == ["Build 5"]


def test_a_share_is_read_as_the_percentage_it_must_be(tmp_path: Path) -> None:
    """It reads 0.985 of a percent measure as 98.5, exactly, and says so."""
    got = cleansed(tmp_path, [HEADINGS, TELLTALE["a share where a percentage belongs"][0]])
    assert got.frames["observations"][["actual", "actual_unit"]].to_numpy().tolist() == [[Decimal("98.5"), "percent"]]
    assert got.issues["read_as"].tolist() == ["98.5%"]


GAPS = {
    "blank": ("", "not given"),
    "question mark": ("?", "asked for and not known"),
    "TBC": ("TBC", "asked for and not known"),
    "Cyrillic TBC": ("\u0422\u0412\u0421", "asked for and not known"),
    "dash": ("-", "not applicable, or no figure"),
    "baseline": ("BL", "baseline year"),
    "formula error": ("#REF!", "formula error"),
    "suppressed": ("<5", "suppressed"),
}


@pytest.mark.parametrize(("typed", "reason"), GAPS.values(), ids=GAPS)
def test_a_gap_is_never_zero_and_always_has_a_reason(tmp_path: Path, typed: str, reason: str) -> None:
    """It gives no figure for a gap, and the reason, and keeps what was typed."""
    got = cleansed(tmp_path, [HEADINGS, ["Build", "23", "Residential burglaries", "Lower", "254", typed, ""]])
    assert got.frames["observations"][["actual_raw", "actual", "actual_reason", "actual_cell"]].to_numpy().tolist() == [[typed, None, reason, "F2"]]
    assert quarantined(got) == []


def test_an_award_of_something_other_than_money_is_quarantined(tmp_path: Path) -> None:
    """It quarantines a percentage where money belongs, and leaves the award's row with the reason."""
    got = cleansed(tmp_path, [["Project", "Total grant awarded", "Total spend to date", "Identified underspend"], ["Green Gyms", "£10", "40%", "£6"]])
    assert quarantined(got) == [["a.csv", "C2", "40%"]]
    assert got.frames["awards"][["total_to_date", "total_to_date_reason"]].to_numpy().tolist() == [[None, "could not be read"]]


def test_a_section_that_is_not_known_is_quarantined_with_a_suggestion(tmp_path: Path) -> None:
    """It quarantines a narrative row of an unknown section and suggests the nearest."""
    got = cleansed(tmp_path, [["Section", "Group", "Text"], ["acheivement", "Safer Harrow", "Fewer burglaries"]])
    assert [cell for _, cell, _ in quarantined(got)] == ["A2", "B2", "C2"]
    assert "Is 'achievement' meant?" in got.issues["message"].tolist()[0]


GROUPS = "group,slug,aliases\nSYNTHETIC Place Group,place,SPG; SYNTHETIC Place and Environment\nSYNTHETIC People’s Trust,people,\n"
MISSPELT = {
    "a letter too many": ("SYNTHETIC Plaice Group", "SYNTHETIC Place Group"),
    "a letter too few": ("SYNTHETIC Peoples Trst", "SYNTHETIC People’s Trust"),
    "another name of a group": ("SYNTHETIC Place and Enviroment", "SYNTHETIC Place Group"),
    "a sign for a word": ("SYNTHETIC Place & Environment", "SYNTHETIC Place Group"),
    "a theme": ("Protct", "Protect"),
}
"""What is misspelt -> what was typed, and the group or theme that is meant."""


def told_of_group(data: Path, grid: list[list[str]], name: str = "a.csv") -> tuple[list[tuple[str, str, str]], cleansing.Cleansed]:
    """Read a narrative beside a register of two groups: severity, cell and message of each issue, and what was made of it."""
    (data / "reference").mkdir(parents=True, exist_ok=True)
    (data / "reference" / "groups.csv").write_text(GROUPS, encoding="utf-8")
    place(data, name, grid)
    read = returns.read(data, (QUARTER,))
    got = cleansing.build(read.cells, read.entries, registers(data))
    return [(str(row["severity"]), row["cell"], row["message"]) for row in frames.rows(got.issues)], got


@pytest.mark.parametrize(("typed", "meant"), MISSPELT.values(), ids=MISSPELT)
def test_a_misspelt_group_or_theme_is_told_with_what_is_meant(tmp_path: Path, typed: str, meant: str) -> None:
    """It asks whether the group or theme is meant that the name is like, and keeps the row as it was typed."""
    issues, got = told_of_group(tmp_path, [["Section", "Group or theme", "Text"], ["risk", typed, "A flood"]])
    says = (
        f"{typed!r} is neither a group nor a theme of the registers, so that its row is on no group's page and under no theme. Is {meant!r} meant? "
        "Correct the row, or add the name to data/reference/groups.csv or themes.csv."
    )
    assert issues == [("advisory", "B2", says)]
    assert got.frames["narrative"][["group_or_theme", "text"]].to_numpy().tolist() == [[typed, "A flood"]]
    assert quarantined(got) == []


OWN_NAMES = ("SYNTHETIC Place Group", "synthetic place-group", "SYNTHETIC Peoples Trust", "spg", "Protect", "", "Assembly", "SYNTHETIC Housing Board")


@pytest.mark.parametrize("typed", OWN_NAMES)
def test_a_group_that_is_known_or_like_none_is_not_told(tmp_path: Path, typed: str) -> None:
    """It says nothing of a name of the registers, however it is written, of a blank, and of a name of its own."""
    assert told_of_group(tmp_path, [["Section", "Group or theme", "Text"], ["risk", typed, "A flood"]])[0] == []


def test_a_misspelt_group_is_told_once_for_a_merged_cell(tmp_path: Path) -> None:
    """It tells each cell that is misspelt once, also one that serves several rows."""
    grid = [["Section", "Group", "Text"], ["risk", "SYNTHETIC Plaice Group", "A flood"], ["risk", "", "A strike"], ["risk", "Protct", "Frost"]]
    place(tmp_path, "a.xlsx", grid)
    book = openpyxl.load_workbook(path := tmp_path / "raw" / QUARTER / "a.xlsx")
    book.active.merge_cells("B2:B3")
    book.save(path)
    issues, got = told_of_group(tmp_path, [["Date", "Action", "Owner", "Outcome"], ["1 May", "Meet", "Ann", "Met"]], "b.csv")
    assert [cell for _, cell, _ in issues] == ["B2", "B4"]
    assert got.frames["narrative"]["group_or_theme"].tolist() == ["SYNTHETIC Plaice Group"] * 2 + ["Protct"]


def test_a_theme_that_a_note_takes_from_its_table_is_told_with_the_table(tmp_path: Path) -> None:
    """It tells a misspelt theme by the row of the measure, and not again by the note under it."""
    grid = [HEADINGS, ["Protct", "5", "Domestic abuse", "Lower", "9", "8", ""], ["Note 1: late"]]
    issues, got = told_of_group(tmp_path, grid)
    assert [(severity, cell) for severity, cell, _ in issues] == [("fail", "C2")]
    assert got.frames["narrative"]["group_or_theme"].tolist() == ["Protct"]


def test_a_month_that_no_calendar_has_is_not_read_as_another(tmp_path: Path) -> None:
    """It reads the months beside a column of the year 0000, and makes no other month of that one."""
    got = cleansed(tmp_path, [["Indicator", "Polarity", "September 2009", "October 0000"], ["Empty shops", "Lower", "813", "812"]])
    assert got.frames["monthly"][["month", "value"]].to_numpy().tolist() == [["2009-09", Decimal(813)]]


# ---------------------------------------------------------------- nothing is lost

_CELL = st.sampled_from(["", "Build", "Protect", "5", "23", "99", "93%", "12..5", "0.985", "£1,600.0 0", "Tenant satisfaction", "HG", "Total", "Note 1: late"])
_ROWS = st.lists(st.lists(_CELL, max_size=8), max_size=5)
_HEADS = st.sampled_from([
    HEADINGS, HEADINGS[1:], ["Indicator", "Polarity", "September 2009", "October 2009", "RAG"], ["Section", "Group", "Text"], ["Agreement", "Fact", "Value"],
    ["Project", "Award", "Quarter 1", "Quarter 2 Forecast", "Total to date", "Identified underspend"], ["Project", "Organisation", "Progress", "Report due"],
    ["Organisation", "Timescale", "Outcome"], ["Priority", "Outcome measure", "Baseline", "2011/12", "Lead"], ["Date", "Action", "Owner", "Outcome"],
    ["Agreement", "Target", "Expected without stretch", "Stretch target", "Outturn"],
])  # fmt: skip


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(_HEADS, _ROWS, st.booleans())
def test_no_cell_of_any_return_is_lost(headings: list[str], rows: list[list[str]], again: bool) -> None:
    """It raises nothing, keeps every cell once as it was, and moves cells only into quarantine, with a reason."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        grid = [["Quarter", "Q2 2016/17"], headings, *rows, *([headings, *rows] if again else [])]
        place(data, "any.csv", grid)
        read = returns.read(data, (QUARTER,))
        got = cleansing.build(read.cells, read.entries, tiny_registers())
    kept = ["quarter", "file", "sheet", "cell", "raw"]
    assert_frame_equal(got.cells[kept], read.cells[kept])
    assert len(got.cells) == sum(bool(text) for line in grid for text in line)
    pairs = zip(read.cells["outcome"].map(str), got.cells["outcome"].map(str), strict=True)
    assert {pair for pair in pairs if pair[0] != pair[1]} <= {("used", "quarantined")}
    assert got.cells.loc[(got.cells["outcome"].map(str) != "used") & (got.cells["reason"] == ""), "cell"].tolist() == []


def test_each_file_is_accounted_for(tmp_path: Path) -> None:
    """It counts each file's cells by outcome, and says that a file with one bad cell of fourteen is held in part."""
    place(tmp_path, "a.csv", [HEADINGS, ["Build", "5", "Tenant satisfaction", "Higher", "93%", "12..5", "HG"]])
    read = returns.read(tmp_path, (QUARTER,))
    got = cleansing.account(read.returns, cleansing.build(read.cells, read.entries, registers(tmp_path)).cells)
    assert got[["cells", "used", "ignored", "quarantined", "state"]].to_numpy().tolist() == [[14, 13, 0, 1, "held in part"]]


# ---------------------------------------------------------------- the real quarters


@cache
def real(quarter: str) -> tuple[returns.Read, cleansing.Cleansed]:
    """Read and cleanse a real quarter, once for all the tests below, none of which changes it."""
    read = returns.read(REAL, (quarter,))
    return read, cleansing.build(read.cells, read.entries, reference.load(REAL))


def counted(quarter: str) -> int:
    """Count the non-empty cells of a real quarter's files without the package."""
    count = 0
    for path in (REAL / "raw" / quarter).rglob("*.*"):
        if path.suffix == ".csv":
            with path.open(encoding="utf-8-sig", newline="") as file:
                count += sum(bool(text.strip()) for line in csv.reader(file) for text in line)
        elif path.suffix == ".xlsx":
            count += sum(
                value is not None and str(value).strip() != ""
                for sheet in openpyxl.load_workbook(path)
                for line in sheet.iter_rows(values_only=True)
                for value in line
            )
    return count


def test_every_real_quarter_is_tried() -> None:
    """It has no quarter of real returns that the tests below leave out."""
    assert tuple(returns.available(REAL)) == REAL_QUARTERS


@pytest.mark.parametrize("quarter", REAL_QUARTERS)
def test_used_ignored_and_quarantined_add_up_to_the_files(quarter: str) -> None:
    """It accounts for every non-empty cell of the real files, counted without the package, and gives a reason for each not used."""
    cells = real(quarter)[1].cells
    by_outcome = Counter(map(str, cells["outcome"]))
    assert by_outcome["used"] + by_outcome["ignored"] + by_outcome["quarantined"] == len(cells) == counted(quarter)
    assert cells.loc[(cells["outcome"].map(str) != "used") & (cells["reason"] == ""), ["file", "cell"]].to_numpy().tolist() == []
    assert not cells.duplicated(["file", "sheet", "cell"]).any()


@pytest.mark.parametrize("quarter", REAL_QUARTERS)
def test_no_real_return_is_held_or_quarantined(quarter: str) -> None:
    """It receives every real file, quarantines none of its cells, and finds nothing that fails."""
    read, got = real(quarter)
    assert set(map(str, read.returns["state"])) == {"received"}
    assert quarantined(got) == []
    assert told(got, "fail") == []
    assert read.issues.loc[read.issues["severity"].map(str) == "fail", "message"].tolist() == []


@pytest.mark.parametrize("quarter", REAL_QUARTERS)
def test_no_real_group_or_theme_is_taken_for_a_misspelt_one(quarter: str) -> None:
    """It asks of no heading of the real papers whether another name is meant."""
    issues = real(quarter)[1].issues
    assert issues.loc[issues["rule"] == "group or theme is known", "message"].tolist() == []


@pytest.mark.parametrize("quarter", ["2015-16-Q2", "2016-17-Q1", "2016-17-Q2"])
def test_each_scorecard_quarter_has_every_measure_once(quarter: str) -> None:
    """It gives each of the 83 measures of the register one observation in each of the three quarters that 002 prints."""
    observations = real(quarter)[1].frames["observations"]
    assert len(observations) == 83
    assert sorted(observations["measure_id"]) == sorted(reference.load(REAL).measures["measure_id"])


def test_the_published_bands_are_those_of_the_report() -> None:
    """It finds a published band in 184 of the 249 measure-quarters, as domain.md section 4 counts in 002."""
    statuses = [status for quarter in ("2015-16-Q2", "2016-17-Q1", "2016-17-Q2") for status in real(quarter)[1].frames["observations"]["published_status"]]
    assert (len(statuses), sum(status in {"HG", "LG", "G", "A", "LR", "HR"} for status in statuses)) == (249, 184)


def test_the_real_awards_add_up_to_the_printed_total() -> None:
    """It gives 28 awards that add up to £1,601,978.97."""
    awards = real("2011-12-Q1")[1].frames["awards"]
    assert (len(awards), sum(awards["award"], Decimal(0))) == (28, Decimal("1601978.97"))


@pytest.mark.parametrize(("project", "column", "value", "reason"), [
    ("Children's Services Transformation", "actual_q1", Decimal("46086.16"), ""),
    ("Development of Partnership Working (Capital)", "forecast_q2", None, "asked for and not known"),
    ("Voluntary Sector Development", "forecast_q2", Decimal(941), ""),
])  # fmt: skip
def test_garbled_money_of_round_one_is_read(project: str, column: str, value: Decimal | None, reason: str) -> None:
    """It reads £46,086.1 6, TBC in Cyrillic letters and £941 (001, lines 85, 69 and 71) as what they are."""
    awards = real("2011-12-Q1")[1].frames["awards"]
    row = awards[awards["project"] == project].iloc[0]
    assert [row[column], row[f"{column}_reason"]] == [value, reason]


COUNTS = {
    "agreements": ("2011-12-Q2", 7),
    "milestones": ("2011-12-Q2", 46),
    "outcome_measures": ("2011-12-Q2", 19),
    "monthly": ("2009-10-Q3", 16),
    "actions": ("2009-10-Q3", 11),
}


@pytest.mark.parametrize("name", COUNTS)
def test_the_other_real_frames_have_the_rows_that_the_papers_print(name: str) -> None:
    """It gives as many rows as 000 and 001 print: 7 agreements, 46 milestones, 19 outcome measures, 16 monthly figures, 11 actions."""
    quarter, count = COUNTS[name]
    assert len(real(quarter)[1].frames[name]) == count


def test_outcome_measures_are_om1_to_om19() -> None:
    """It numbers the outcome measures OM1 to OM19, each once."""
    numbers = real("2011-12-Q2")[1].frames["outcome_measures"]["number"].tolist()
    assert sorted(numbers, key=lambda number: int(number[2:])) == [f"OM{n}" for n in range(1, 20)]


def test_the_recession_indicators_are_the_printed_ones() -> None:
    """It gives the sixteen monthly figures as 000 prints them on lines 149 to 152."""
    monthly = real("2009-10-Q3")[1].frames["monthly"]
    first = monthly[monthly["indicator"] == "Job Seekers Allowance"]
    assert first[["month", "value"]].to_numpy().tolist() == [
        ["2009-09", Decimal(4567)], ["2009-10", Decimal(4670)], ["2009-11", Decimal(4516)], ["2009-12", Decimal(4367)],
    ]  # fmt: skip


# ---------------------------------------------------------------- contradictions are held, not guessed

CONTRADICTIONS = {
    "the title of another measure": ["Build", "5", "Domestic abuse", "Higher", "93%", "97.8%", "HG"],
    "a title like none": ["Build", "5", "Zebra crossings painted", "Higher", "93%", "97.8%", "HG"],
}


@pytest.mark.parametrize("row", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_row_whose_title_and_number_disagree_is_not_used(tmp_path: Path, row: list[str]) -> None:
    """It quarantines the row, rather than publish one measure's figure as another's."""
    got = cleansed(tmp_path, [HEADINGS, row])
    assert got.frames["observations"]["measure_id"].tolist() == []
    assert [cell for _, _, cell, _ in told(got, "fail")] == ["C2"]


def test_a_share_beside_an_unsigned_percentage_scores_neither(tmp_path: Path) -> None:
    """It uses neither figure where 0.97 stands beside a bare 1: one hundred percent, or one percent, nobody knows."""
    got = cleansed(tmp_path, [HEADINGS, ["Build", "5", "Tenant satisfaction", "Higher", "1", "0.97", "HG"]])
    (row,) = frames.rows(got.frames["observations"])
    assert (row["target"], row["actual"], row["target_low"], row["actual_reason"]) == (None, None, None, "could not be read")
    assert [cell for _, cell, _ in quarantined(got)] == ["E2", "F2"]
