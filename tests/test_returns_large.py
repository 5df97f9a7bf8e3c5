"""Large returns: the texts are those that csv.reader gives, and by columns everything is as it is cell by cell."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis import cleansing, frames, reference, returns
from analysis.reference import Registers
from analysis.returns import coded, large
from analysis.returns.coded import Opened

QUARTER = "2016-17-Q2"
HEADINGS = ["Theme", "No", "Measure", "Good", "Target", "Actual", "RAG status", "Commentary"]
SAME_EVERY_RUN = settings(derandomize=True, database=None, deadline=None)
MEASURES = (
    ("Build", "5", "Tenant satisfaction", "higher", "percent", "rate"),
    ("Build", "23", "Residential burglaries", "lower", "number", "snapshot"),
    ("Build", "7", "Fees taken", "higher", "pounds", "cumulative"),
    ("Protect", "5", "Time to answer", "lower", "seconds", "not stated"),
    ("Protect", "9", "Place in London", "lower", "rank", "annual"),
)
"""Theme, number, title, which way is good, unit, kind."""
Grid = list[list[str]]


@cache
def registers() -> Registers:
    """Give the project's registers with five measures, one of each unit."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "reference"
        folder.mkdir()
        (folder / "partnership.toml").write_text('name = "Tiny Partnership"\n', encoding="utf-8")
        (folder / "themes.csv").write_text("theme,code,order\nBuild,B,1\nProtect,P,2\n", encoding="utf-8")
        policy = "policy,version,from_quarter,polarity,order,band,test,factor\nfive-band,1,2009-10-Q1,higher,1,HG,>=,1.05\n"
        (folder / "policies.csv").write_text(policy, encoding="utf-8")
        lines = ["measure_id,theme,number,measure,polarity,unit,kind,policy,equalities,kind_basis"]
        lines += [f"{theme} {number},{theme},{number},{title},{way},{unit},{kind},five-band,no," for theme, number, title, way, unit, kind in MEASURES]
        (folder / "measures.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return reference.load(Path(name))


def as_csv(grid: Grid, ends: str = "\r\n") -> bytes:
    """Give a grid of texts as the bytes of a CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=ends).writerows(grid)
    return text.getvalue().encode("utf-8")


TYPED: dict[str, tuple[Any, str]] = {
    "98.5%": (0.985, "0.0%"), "£1,600.00": (1600, "£#,##0.00"), "(£250)": (-250, "£#,##0;(£#,##0)"), "0.5": (0.5, "General"), "1": (1, "General"),
    "c.40": (39.6, "0"), "-20%": (-0.2, "0%"), "1,234": (1234, "#,##0"), "12.345": (12.345, "General"), "-0": (True, "General"), "5": (5, "0"),
    "2016/17": (date(2016, 9, 1), "mmm yyyy"), "23": (23, "General"), "-": (-0.4, "0"),
}  # fmt: skip
"""Figures that a spreadsheet holds as numbers, and the formats under which it shows them; c.40 and - stand for such as hold more digits than they show."""


def as_xlsx(grid: Grid, *, typed: bool) -> bytes:
    """Give a grid of texts as the bytes of an XLSX file; *typed* ones as the numbers that they are."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    sheet = book.add_worksheet("Return")
    for row, line in enumerate(grid):
        for column, text in enumerate(line):
            value, shape = TYPED.get(text, (text, "General")) if typed else (text, "General")
            sheet.write(row, column, value, book.add_format({"num_format": shape})) if not isinstance(value, str) else sheet.write_string(row, column, value)
    book.close()
    return written.getvalue()


def gone_through(contents: tuple[bytes, ...], *, by_columns: bool) -> tuple[dict[str, pd.DataFrame], list[Any]]:
    """Read and cleanse files, sent as a.csv, b.xlsx ...; gives every frame, and the tables."""
    with tempfile.TemporaryDirectory() as folder, patch.object(large, "LARGE", 0):
        for letter, content in zip("abc", contents, strict=False):
            path = Path(folder) / "raw" / QUARTER / f"{letter}.{'xlsx' if content.startswith(b'PK') else 'csv'}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        read = returns.read(Path(folder), (QUARTER,), by_columns=by_columns)
        built = cleansing.build(read.cells, read.entries, registers(), read.tables)
    issues = frames.stack([read.issues, built.issues], frames.ISSUES)
    made = built.frames | {"cells": built.cells, "issues": issues, "returns": cleansing.account(read.returns, built.cells), "replaced": read.replaced}
    return made, list(read.tables)


def assert_same(one: dict[str, pd.DataFrame], other: dict[str, pd.DataFrame]) -> None:
    """Hold every frame against its counterpart: columns, kinds, order, values, and what each value is written as."""
    assert list(one) == list(other)
    for name, frame in one.items():
        assert_frame_equal(frame, other[name], check_exact=True, obj=name)
        for column in frame:
            assert list(map(str, frame[column].tolist())) == list(map(str, other[name][column].tolist())), (name, column)


# ---------------------------------------------------------------- the texts


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\r\n1,2\r\n",
        b"a,b\n1,2",
        b'a,"b\r\nc"\r\n1,2\r\n',
        b'a,"say ""so"""\n1,2\n',
        b'a,5" pipe\n1,2\n',
        b'a,"",x\n"",,\n',
        b"a,b\n\n1,2\n",
        b"a,b\n1,2,3\n4\n",
        b"a,b\r1,2\r",
        b"  ,b\n\t,2\n",
        b"\xef\xbb\xbfa,b\n\xc2\xa31,2\n",
        b"a,b\n\xa31,2\n",
        b'a,"b" \n1,2\n',
        b'a,"b\n1,2\n',
        b"",
    ],
)
def test_the_texts_are_those_of_the_slow_reader(content: bytes) -> None:
    """It reads quoting, line ends inside cells, marks in the middle of one, ragged and blank rows, and both encodings as `csv.reader` does, or refuses them."""
    assert by_columns(content) == by_rows(content)


@settings(SAME_EVERY_RUN, max_examples=500)
@given(st.text(alphabet='ab1,,,""\n\n\r é£', max_size=40))
def test_any_text_is_read_as_the_slow_reader_reads_it(text: str) -> None:
    """It gives the same cells for any text, or refuses it too."""
    assert by_columns(text.encode()) == by_rows(text.encode())


def by_rows(content: bytes) -> Grid | str:
    """Give the cells that are not empty as `csv.reader` reads them, by row, or that it refuses."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    try:
        return [trimmed(line) for line in csv.reader(io.StringIO(text, newline=""), strict=True)]
    except csv.Error:
        return "refused"


def by_columns(content: bytes) -> Grid | str:
    """Give the same from coded columns."""
    try:
        found = Opened(content).rest()
    except csv.Error:
        return "refused"
    return [trimmed([words.names[words.codes[row]] for words in found.columns]) for row in range(found.rows)]


def trimmed(line: list[str]) -> list[str]:
    """Give a row without the empty cells at its end."""
    while line and not line[-1]:
        line = line[:-1]
    return line


@pytest.mark.parametrize("content", [b"a,b\r1,2\r", b'a,5" pipe\n1,6"\n', b'a,"b"c\n', b'a,"b\n1,2\n', b'a, "b"\n1,2\n'])
def test_where_readers_may_differ_the_slow_one_reads(content: bytes) -> None:
    """It does not ask the fast reader where lines end in a way of their own, or a quotation mark neither opens a cell nor closes one."""
    with patch.object(coded, "_by_arrow", side_effect=AssertionError):
        assert by_columns(content) == by_rows(content)


def test_a_cell_longer_than_a_reader_takes_is_refused() -> None:
    """It refuses what `csv.reader` refuses: 131,073 letters in one cell."""
    before = csv.field_size_limit(131_072)  # a library may have raised it for the whole process
    try:
        assert by_columns(b"a,b\n1," + b"x" * 131_073 + b"\n") == "refused"
    finally:
        csv.field_size_limit(before)


# ---------------------------------------------------------------- both ways

FIGURES = st.sampled_from((
    "98.5%", "£1,600.00", "(£250)", "01:30", "13-15%", "12th to 20th in London", "42.5% (62/146)", "42.4% (62/146)", "5.86 (28th)", "89 (378)", "[70%]",
    "-20%", "Year on year reduction", "12 (prov)", "c.40", "TBC", "-", "n/a", "BL", "", "", "12..5", "1,234", "0.5", "1", "0.985", "£1,600.0 0", " 5 ",
    "5\u00a0%", "\u2212 4", "#DIV/0!", "<5", "7", "12.345", "-0", "007", "£-5", "£1.234", "2016/17", "Target", "Actual", "a\nb", "x" * 1001,
))  # fmt: skip
TITLES = st.sampled_from(
    [*(title for _, _, title, *_ in MEASURES), "", "Total", "TENANT satisfaction", "Nothing like it", "Measure", "grand  total", "a,b,c,\nd", " Fees taken "]
)
RECORD = st.tuples(
    st.sampled_from(["Build", "Protect", "", "", "build ", "Nowhere"]),
    st.sampled_from(["5", "23", "7", "9", "", " 5", "\u200b7", "99"]),
    TITLES,
    st.sampled_from(["Higher", "Lower", "", "\u2191", "sideways"]),
    FIGURES,
    FIGURES,
    st.sampled_from(["HG", "", "No actual", "odd", "RAG"]),
    st.sampled_from(["", "said  so ", "Note 3"]),
).map(list)
MATCHING = st.builds(
    lambda about, target, actual, theme: [theme and about[0], about[1], about[2], about[3].capitalize(), target, actual, "HG", ""],
    st.sampled_from(MEASURES), FIGURES, FIGURES, st.booleans().map(lambda own: "own" if own else ""),
)  # fmt: skip
BESIDE = st.sampled_from((
    [], ["", ""], ["Note: that is so"], ["** a remark"], HEADINGS, ["Total", "", "", "", "5", "6"], ["", "", "12"], ["", "", "", "", "12"], ["Status:", "Final"],
    ["Build", "5"], ["Status", "Final"], ["Theme", "No", "x"], ["a", "b", "c", "d", "e", "f", "g", "h", "9 beyond"], ["Date", "Action", "Owner", "Outcome"],
))  # fmt: skip
ROWS = st.lists(st.one_of(MATCHING, MATCHING, MATCHING, RECORD, BESIDE), min_size=1, max_size=25)
ABOVE = st.sampled_from(
    [
        [],
        [["A title"], []],
        [["Partner", "Harrow"], ["Quarter", "Q2 2016/17"], []],
        [["Theme", "Build"]],
        [["Round", "Round 1"]],
        [["Partner", "Harrow"]],
        [["Quarter", "Q1 2016/17"]],
    ]
)


@st.composite
def returned(draw: st.DrawFn) -> bytes:
    """Give a performance return with its columns in any order, perhaps one more, and rows of all sorts."""
    order = draw(st.one_of(st.just(range(len(HEADINGS))), st.permutations(range(len(HEADINGS)))))
    more = draw(st.sampled_from([[], ["Our ref"]]))
    width = len(HEADINGS) + len(more)
    body = [[row[place] for place in order] + more if len(row) == len(HEADINGS) else row for row in draw(ROWS)]
    if draw(st.booleans()):
        body = [(row + [""] * width)[:width] for row in body]
    grid = [*draw(ABOVE), [HEADINGS[place] for place in order] + more, *body]
    if draw(st.booleans()):
        return as_xlsx(grid, typed=draw(st.booleans()))
    return as_csv(grid, draw(st.sampled_from(["\n", "\r\n"])))


@settings(SAME_EVERY_RUN, max_examples=90)
@given(st.lists(returned(), min_size=1, max_size=2))
def test_both_ways_give_the_same(contents: list[bytes]) -> None:
    """It gives identical frames, cells and issues by columns and cell by cell, whatever the returns hold, and whatever stands twice among them."""
    slow, _ = gone_through(tuple(contents), by_columns=False)
    fast, _ = gone_through(tuple(contents), by_columns=True)
    assert_same(slow, fast)


GRID = [
    ["Partner", "Harrow"],
    [],
    [*HEADINGS[:7], "Our ref"],
    ["Build", "5", "Tenant satisfaction", "Higher", "93%", "97.8%", "HG", ""],
    ["", "23", "Residential burglaries", "Lower", "1,000", "12..5", "", "x1"],
    ["", "7", "Fees taken", "", "n/a", "£1,600.0 0", "", ""],
    ["Note: that is so"],
    ["Protect", "9", "Place in London", "Lower", "12th", "20", "LR", ""],
]


def test_the_ordinary_go_by_columns_and_the_others_one_by_one() -> None:
    """It takes four records by columns, and the note, which is none, by itself; each of the 35 cells once."""
    made, (table,) = gone_through((as_csv(GRID),), by_columns=True)
    assert table.row.tolist() == [4, 5, 6, 8]
    assert made["narrative"][["row", "text", "group_or_theme"]].to_numpy().tolist() == [[7, "Note: that is so", "Build"]]
    assert made["returns"][["cells", "used", "ignored", "quarantined"]].to_numpy().tolist() == [[35, 33, 1, 1]]
    assert made["observations"][["row", "measure_id", "actual", "actual_repairs", "actual_cell"]].to_numpy().tolist() == [
        [4, "Build 5", Decimal("97.8"), "", "F4"],
        [5, "Build 23", None, "", "F5"],
        [6, "Build 7", Decimal("1600.00"), "split digits joined", "F6"],
        [8, "Protect 9", Decimal(20), "", "F8"],
    ]
    unused = made["cells"].loc[made["cells"]["outcome"] != "used", ["cell", "outcome", "reason"]]
    assert unused.to_numpy().tolist() == [["F5", "quarantined", "is not a number"], ["H5", "ignored", "column 'Our ref' is not of the form"]]


def test_a_spreadsheet_goes_by_columns_as_its_texts_do() -> None:
    """What Excel holds as 0.985 and shows as 98.5% is read as shown and kept as stored; a figure that holds more digits than it shows goes by itself."""
    rows = [["Build", "5", "Tenant satisfaction", "Higher", "93%", "98.5%", "HG", "x1"], ["", "23", "Residential burglaries", "Lower", "1,234", "c.40", "", ""]]
    made, (table,) = gone_through((as_xlsx([*GRID[:3], *rows, *GRID[5:]], typed=True),), by_columns=True)
    assert table.row.tolist() == [4, 6, 8]
    assert made["observations"][["row", "actual_raw", "actual", "sheet"]].to_numpy().tolist() == [
        [4, "98.5%", Decimal("98.5"), "Return"],
        [5, "40", Decimal(40), "Return"],
        [6, "£1,600.0 0", Decimal("1600.00"), "Return"],
        [8, "20", Decimal(20), "Return"],
    ]
    stored = made["cells"].loc[made["cells"]["stored"] != "", ["cell", "raw", "stored"]]
    assert stored.to_numpy().tolist() == [["F4", "98.5%", "0.985"], ["E5", "1,234", "1234"], ["F5", "40", "39.6"]]
    assert made["issues"].loc[made["issues"]["cell"] == "F5", "message"].tolist() == ["shows 40, but holds 39.6: the figure shown is the one used"]


def test_a_key_that_stands_twice_is_found_over_files() -> None:
    """It uses none of two records that stand in two large returns of two partners."""
    other = [["Partner", "Police"], [], HEADINGS, [*GRID[3][:7], ""], ["Protect", "5", "Time to answer", "", "01:30", "01:20", "", ""]]
    made, tables = gone_through((as_csv(GRID), as_csv(other)), by_columns=True)
    assert len(tables) == 2
    assert made["observations"]["measure_id"].tolist() == ["Build 23", "Build 7", "Protect 9", "Protect 5"]
    told = made["issues"][made["issues"]["rule"] == "one row for each"]
    assert told[["file", "cell"]].to_numpy().tolist() == [["a.csv", "A4"], ["b.csv", "A4"]]


def test_a_key_that_stands_twice_is_found_over_both_ways() -> None:
    """It uses none of two records of one measure, of which one is ordinary and the other goes by itself for its share of one."""
    again = ["Build", "5", "Tenant satisfaction", "Higher", "93%", "0.985", "", ""]
    made, _ = gone_through((as_csv([HEADINGS, [*GRID[3][:7], ""], again]),), by_columns=True)
    assert made["observations"]["row"].tolist() == []
    told = made["issues"][made["issues"]["rule"] == "one row for each"]
    assert told["cell"].tolist() == ["A2", "A3"]


@pytest.mark.parametrize(("above", "cell"), [([], "A2"), ([["Round", "Round 1"]], "B1"), ([["Theme", "Build"]], "B1")])
def test_a_cell_that_serves_ordinary_rows_too_is_not_quarantined(above: Grid, cell: str) -> None:
    """It quarantines the cells of a measure that is not known, but not the theme that the row below has from it, or what the header block says for both."""
    unknown = ["" if ["Theme", "Build"] in above else "Build", "99", "No such", "", "1", "2", "", ""]
    known = ["", "5", "Tenant satisfaction", "", "93%", "97.8%", "", ""]
    if above == [["Round", "Round 1"]]:
        known[0] = "Build"
    made, (table,) = gone_through((as_csv([*above, HEADINGS, unknown, known]),), by_columns=True)
    assert (len(table.row), made["observations"]["measure_id"].tolist()) == (2, ["Build 5"])
    outcome = dict(zip(made["cells"]["cell"], made["cells"]["outcome"], strict=True))
    assert (outcome[cell], outcome[f"B{len(above) + 2}"]) == ("used", "quarantined")


def test_a_large_return_sent_again_counts_record_by_record() -> None:
    """It lets the newer of two returns of one partner count, as small ones do."""
    newer = [["Partner", "Harrow"], ["Date", "1 November 2016"], [], HEADINGS, ["Build", "5", "Tenant satisfaction", "Higher", "93%", "91%", "A", ""]]
    older = [GRID[0], ["Date", "1 October 2016"], *GRID[1:]]
    slow, _ = gone_through((as_csv(older), as_csv(newer)), by_columns=False)
    fast, tables = gone_through((as_csv(older), as_csv(newer)), by_columns=True)
    assert tables == []
    assert fast["replaced"]["was_raw"].tolist() == ["97.8%", "HG"]
    assert_same(slow, fast)


def test_a_return_that_is_held_is_held_whole() -> None:
    """It quarantines every cell of a large return that names another quarter."""
    made, _ = gone_through((as_csv([["Quarter", "Q1 2016/17"], *GRID[2:]]),), by_columns=True)
    assert made["returns"][["state", "cells", "quarantined"]].to_numpy().tolist() == [["held", 35, 35]]
    assert len(made["observations"]) == 0


def test_blocks_are_the_whole_in_parts() -> None:
    """It gives the same observations and unused cells block by block, and never more rows than asked for."""
    whole, (table,) = gone_through((as_csv(GRID),), by_columns=True)
    with tempfile.TemporaryDirectory() as folder, patch.object(large, "LARGE", 0):
        path = Path(folder) / "raw" / QUARTER / "a.csv"
        path.parent.mkdir(parents=True)
        path.write_bytes(as_csv(GRID))
        read = returns.read(Path(folder), (QUARTER,), by_columns=True)
        blocks = list(cleansing.in_blocks(read.cells, read.entries, registers(), read.tables, 3, unused_only=True))
    assert [len(block.frames["observations"]) for block in blocks] == [1, 2, 1]
    joined = frames.stack([block.frames["observations"] for block in blocks], frames.OBSERVATIONS).sort_values("row").reset_index(drop=True)
    assert_frame_equal(joined, whole["observations"])
    unused = [cell for block in blocks for cell in block.cells.loc[block.cells["outcome"] != "used", "cell"]]
    assert unused == ["H5", "F5"]
    assert table.tally() == {"used": 23, "ignored": 1, "quarantined": 0}


def test_a_small_return_is_read_as_ever() -> None:
    """It gives no table of a file of fewer than 20,000 lines."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "raw" / QUARTER / "a.csv"
        path.parent.mkdir(parents=True)
        path.write_bytes(as_csv(GRID))
        assert returns.read(Path(folder), (QUARTER,), by_columns=True).tables == ()
