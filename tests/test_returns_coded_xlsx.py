"""Large XLSX files: by columns every cell is the one that openpyxl gives, and what is not plain is left to openpyxl."""

from __future__ import annotations

import io
import zipfile
from datetime import date, time, timedelta
from typing import Any

import numpy as np
import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.returns.cells import Cell
from analysis.returns.coded_xlsx import open_sheet
from analysis.returns.files import xlsx_sheets

SAME_EVERY_RUN = settings(derandomize=True, database=None, deadline=None, max_examples=120)
FORMATS = ["General", "0", "0.0%", "0%", "£#,##0.00", "#,##0;(#,##0)", "0.00", "dd/mm/yyyy", "hh:mm:ss", "[mm]:ss", "@", '"£"#,##0']
Placed = dict[tuple[int, int], tuple[Any, str]]
"""(row, column) -> what is typed there, and its number format."""

texts = st.text(alphabet="ab £%1&<>\"'\n\t'é_x0D5F-=", max_size=8)
numbers = st.one_of(
    st.integers(-(10**17), 10**17),
    st.integers(-200, 200),
    st.decimals(-(10**6), 10**6, places=3).map(float),
    st.floats(allow_nan=False, allow_infinity=False, width=64),
    st.sampled_from([0.1 + 0.2, 0.985, 0.9849, 1e-5, 0.0001, -0.0, 1e21, 100.0, 44000.5]),
)
cells = st.tuples(st.one_of(texts, numbers, st.booleans()), st.sampled_from(FORMATS))
sheets = st.dictionaries(st.tuples(st.integers(1, 9), st.integers(1, 5)), cells, max_size=20)


def by_openpyxl(placed: Placed) -> bytes:
    """Give a workbook of one sheet as openpyxl writes it."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Return"
    for (row, column), (value, shape) in placed.items():
        cell = sheet.cell(row, column)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"  # a text stays one, whatever it begins with
        cell.number_format = shape
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def by_xlsxwriter(placed: Placed, **options: bool) -> bytes:
    """Give the same as XlsxWriter writes it; with constant memory, which some programs have, texts stand in their cells."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True, **options})
    sheet = book.add_worksheet("Return")
    shapes = {shape: book.add_format({"num_format": shape}) for shape in FORMATS}
    for (row, column), (value, shape) in sorted(placed.items()):
        write = sheet.write_string if isinstance(value, str) else sheet.write_boolean if isinstance(value, bool) else sheet.write_number
        write(row - 1, column - 1, value, shapes[shape])
    book.close()
    return written.getvalue()


Seen = dict[tuple[int, int], tuple[str, str, bool]]
"""(row, column) -> what a cell shows, what is stored in it, and whether that has digits that are not shown."""


def seen(cells: dict[tuple[int, int], Cell]) -> Seen:
    """Give what matters of cells."""
    return {place: (cell.text, cell.stored, cell.hides_digits) for place, cell in cells.items()}


def cell_by_cell(content: bytes) -> Seen:
    """Give the cells as openpyxl gives them."""
    return seen(xlsx_sheets("a.xlsx", content)[0].cells)


def by_columns(content: bytes, above: int = 0) -> Seen | None:
    """Give the cells by columns, so many rows of them looked at one by one; None where they are not read so."""
    opened = open_sheet("a.xlsx", content, 0)
    if opened is None:
        return None
    rows = opened.rows()
    first = [next(rows, (0, {})) for _ in range(above)]
    found = {(row, column): cell for row, line in first for column, cell in line.items()}
    rest = opened.rest()
    there = [np.array([bool(name.strip()) for name in words.names])[words.codes] for words in rest.columns]
    for place in range(rest.rows):
        found |= {(rest.first + place, column): cell for column, cell in rest.line(place, there).items()}
    hiding = {rest.first + int(place) for place in np.flatnonzero(rest.hiding())}
    assert hiding == {row for (row, _), cell in found.items() if cell.hides_digits and row >= rest.first}
    return seen(found)


@SAME_EVERY_RUN
@given(sheets, st.integers(0, 3), st.sampled_from(["openpyxl", "xlsxwriter", "texts in cells"]))
def test_every_cell_is_the_one_that_openpyxl_gives(placed: Placed, above: int, writer: str) -> None:
    """Whatever is typed, in whatever format, and whoever writes it: what is shown, what is stored and the number held are the same."""
    content = by_openpyxl(placed) if writer == "openpyxl" else by_xlsxwriter(placed, constant_memory=writer != "xlsxwriter")
    assert by_columns(content, above) == cell_by_cell(content)


def test_what_is_shown_and_what_is_stored() -> None:
    """By hand: 0.985 under a percentage shows 98.5%, 44105 under a date the 1st of October 2020, a plain number itself, a text what was typed, and 95% may hide 0.9496."""
    placed: Placed = {
        (1, 1): ("98.5%", "General"), (2, 1): (0.985, "0.0%"), (3, 1): (1234.5, "£#,##0.00"), (4, 1): (44105, "dd/mm/yyyy"), (5, 1): (97.25, "General"),
        (6, 1): ("  £4 & more ", "General"), (7, 1): (0.9496, "0%"),
    }  # fmt: skip
    assert by_columns(by_xlsxwriter(placed)) == {
        (1, 1): ("98.5%", "", False),
        (2, 1): ("98.5%", "0.985", False),
        (3, 1): ("£1,234.50", "1234.5", False),
        (4, 1): ("01 October 2020", "2020-10-01 00:00:00", False),
        (5, 1): ("97.25", "", False),
        (6, 1): ("  £4 & more ", "", False),
        (7, 1): ("95%", "0.9496", True),
    }


def test_rich_text_dates_and_times_are_read_by_openpyxl() -> None:
    """What is more than a plain text or number is as openpyxl has it."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    sheet, bold = book.add_worksheet("Return"), book.add_format({"bold": True})
    sheet.write_rich_string(0, 0, "partly ", bold, "bold & strong")
    sheet.write_string(1, 0, "plain")
    sheet.write_datetime(2, 0, date(2016, 9, 30), book.add_format({"num_format": "mmm yyyy"}))
    sheet.write_datetime(3, 0, timedelta(minutes=4, seconds=12), book.add_format({"num_format": "[mm]:ss"}))
    sheet.write_datetime(4, 0, time(9, 30), book.add_format({"num_format": "hh:mm"}))
    book.close()
    found = by_columns(written.getvalue())
    assert found == cell_by_cell(written.getvalue())
    assert [shown for shown, _, _ in (found or {}).values()] == ["partly bold & strong", "plain", "September 2016", "04:12", "09:30"]


# ---------------------------------------------------------------- as other programs write it

HEAD = '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TWO = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'


def with_sheet(rows: str, head: str = HEAD, after: str = "") -> bytes:
    """Give a workbook whose sheet has these rows as they stand, and after them something else."""
    return with_part("xl/worksheets/sheet1.xml", lambda _: f"{head}{rows}</sheetData>{after}</worksheet>")


def with_part(name: str, changed: Any) -> bytes:
    """Give a workbook one part of which is changed."""
    before, after = io.BytesIO(by_xlsxwriter({(1, 1): ("a", "General"), (2, 1): (0.5, "0%")})), io.BytesIO()
    with zipfile.ZipFile(before) as read, zipfile.ZipFile(after, "w") as write:
        for member in read.namelist():
            content = read.read(member)
            write.writestr(member, changed(content.decode()) if member == name else content)
    return after.getvalue()


@pytest.mark.parametrize(
    "rows",
    [
        TWO,
        '<row r="1" customFormat="false" ht="12.8" hidden="false"><c r="A1" s="0" t="n"><v>1</v></c><c r="B1" s="1" t="n"><v>0.5</v></c></row>',
        '<row r="3"><c r="C3" t="s"><v>0</v></c></row>',
        '<row r="1"><c r="A1" t="e"><v>#DIV/0!</v></c><c r="B1" t="b"><v>1</v></c><c r="C1" t="str"><v>said</v></c></row>',
        '<row r="1"><c r="A1" s="1"/><c r="B1"></c><c r="C1" t="s"></c><c r="D1"><v></v></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><t xml:space="preserve"> a &#163; b </t></is></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><r><t>rich </t></r><r><t>text</t></r></is></c><c r="B1"><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v>1E-3</v></c><c r="B1"><v>12.50</v></c><c r="C1"><v>-0</v></c><c r="D1"><v>0.00005</v></c></row>',
        "",
    ],
)
def test_sheets_as_other_programs_write_them(rows: str) -> None:
    """Attributes that say nothing, gaps, errors, values of formulas, blanks and odd ways to write a number are read as openpyxl reads them."""
    content = with_sheet(rows)
    assert by_columns(content) == cell_by_cell(content)


@pytest.mark.parametrize(
    "content",
    [
        with_sheet('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>'),
        with_sheet(TWO, after='<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'),
        with_sheet(TWO.replace('<row r="2"', '<row r="2" hidden="1"')),
        with_sheet(TWO + "<!-- a remark -->"),
        with_sheet(TWO, head=HEAD.replace("UTF-8", "UTF-16")),
        with_sheet(TWO + '<row r="2"><c r="A2"><v>3</v></c></row>'),
        with_sheet('<row r="1"><c s="0" r="A1"><v>1</v></c></row>'),
        with_sheet('<row r="1"><c><v>1</v></c></row>'),
        with_sheet('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'),
        with_part("xl/workbook.xml", lambda text: text.replace("<sheet name", '<sheet state="hidden" name')),
        with_part("xl/sharedStrings.xml", lambda text: text.replace(">a<", ">_x005F_x000D_<")),
        by_openpyxl({})[:-40],
        b"no archive",
    ],
    ids=[
        "formula",
        "merged",
        "hidden row",
        "remark",
        "encoding",
        "cell twice",
        "place not first",
        "no place",
        "no such text",
        "hidden",
        "escape",
        "cut",
        "none",
    ],
)
def test_what_is_out_of_the_ordinary_is_read_cell_by_cell(content: bytes) -> None:
    """Formulas, merged and hidden cells, and whatever is not as the common programs write it, are left to openpyxl, which tells what is wrong."""
    assert by_columns(content) is None


def test_a_file_of_two_sheets_is_read_cell_by_cell() -> None:
    """A second sheet may hold the one thing that matters."""
    book = openpyxl.Workbook()
    book.create_sheet("Notes")
    written = io.BytesIO()
    book.save(written)
    assert by_columns(written.getvalue()) is None


def test_a_small_file_is_not_unpacked() -> None:
    """Its size in the archive's list tells that it has not so many rows."""
    assert open_sheet("a.xlsx", with_sheet(TWO), 20_000) is None


def test_dates_count_from_the_files_own_first_day() -> None:
    """A workbook that counts from 1904 shows another day than one that counts from 1900."""
    placed: Placed = {(1, 1): (date(2016, 9, 30), "dd/mm/yyyy")}
    content = by_openpyxl(placed)
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904  # type: ignore[attr-defined]
    written = io.BytesIO()
    book.save(written)
    found = by_columns(written.getvalue())
    assert found == cell_by_cell(written.getvalue())
