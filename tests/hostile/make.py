"""
Hostile and messy returns, made for the purpose: `python tests/hostile/make.py FOLDER` writes them as a data folder.

What must become of each stands in expected.csv, written by hand. Everything in them is made up and says SYNTHETIC; the same bytes
come out every time.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.chart import BarChart
from openpyxl.packaging.custom import StringProperty

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "reference"
QUARTER, BEFORE = "2016-17-Q2", "2016-17-Q1"
THEME = "SYNTHETIC Trials"
UNITS = {"number": range(1, 200), "percent": range(300, 320), "pounds": range(400, 410), "seconds": range(420, 425)}
LONG = "SYNTHETIC figure 290, with a title as long as some of the real register have, so that what a stray quote adds to it weighs little beside it"

HEADINGS = ["Theme", "No", "Measure", "Good", "Target", "Actual"]
ACTIONS = ["Date", "Action", "Owner", "Outcome"]
GRANT = ["Project", "Total grant awarded", "Quarter 1 2016/17 (actuals)", "Total spend to date", "Identified underspend"]
ON_TARGET = {"number": "100", "percent": "93%", "pounds": "£1,500", "seconds": "02:00"}

Grid = list[list[Any]]


# ---------------------------------------------------------------- rows


def row(number: int, actual: Any = None, target: Any = None, *more: Any) -> list[Any]:
    """Give the row of a measure that the register has; its target is the usual one of its unit, its actual a hundred more than its number."""
    unit = next(name for name, numbers in UNITS.items() if number in numbers)
    actual = str(number + 100) if actual is None else actual
    return [THEME, str(number), f"SYNTHETIC figure {number}", "Higher", ON_TARGET[unit] if target is None else target, actual, *more]


def meeting(action: str = "Meet", outcome: str = "Met") -> list[str]:
    """Give the row of an action."""
    return ["14/10/16", action, "Ann", outcome]


def sender(partner: str, date: str = "", **more: str) -> Grid:
    """Give a header block that names the quarter of the folder."""
    named = {"Partner": f"SYNTHETIC {partner}", "Quarter": "Q2 2016/17", "Date": date} | more
    return [[label, value] for label, value in named.items() if value]


# ---------------------------------------------------------------- text


def text(grid: Grid, ends: str = "\n", encoding: str = "utf-8", **how: Any) -> bytes:
    """Give rows as the bytes of a CSV file."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator=ends, **how).writerows(grid)
    return stream.getvalue().encode(encoding)


def table(*rows: list[Any], head: list[str] = HEADINGS) -> bytes:
    """Give a CSV table: its headings and rows."""
    return text([head, *rows])


def one(number: int, actual: Any = None, target: Any = None) -> bytes:
    """Give a CSV table of one measure."""
    return table(row(number, actual, target))


def instead(cells: list[Any], **what: Any) -> list[Any]:
    """Give a row with other cells under the headings named."""
    return [what.get(head.casefold(), cell) for head, cell in zip(HEADINGS, cells, strict=True)]


# ---------------------------------------------------------------- workbooks


def zipped(parts: dict[str, bytes | str]) -> bytes:
    """Give parts as a zip file without the time of day in it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            part = zipfile.ZipInfo(name)
            part.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(part, content)
    return stream.getvalue()


def parts_of(content: bytes) -> dict[str, bytes | str]:
    """Give the parts of a zip file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(content: bytes, change: Callable[[str], str], part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """Give a zip file with the text of one part changed."""
    parts = parts_of(content)
    before = bytes(parts[part]).decode("utf-8")  # type: ignore[arg-type]
    after = change(before)
    assert after != before, f"nothing of {part} was changed"
    return zipped(parts | {part: after})


def book(sheets: dict[str, Grid], mould: Callable[[Any], None] = lambda _: None, **formats: str) -> bytes:
    """Give grids as a workbook: texts that are whole numbers are stored as numbers; `formats` by cell of the first sheet."""
    made = openpyxl.Workbook()
    del made[made.sheetnames[0]]
    for title, grid in sheets.items():
        sheet = made.create_sheet(title)
        for at, line in enumerate(grid, start=1):
            for column, value in enumerate(line, start=1):
                if value not in (None, ""):
                    sheet.cell(at, column, int(value) if isinstance(value, str) and value.isdecimal() else value)
    for cell, shape in formats.items():
        made.worksheets[0][cell].number_format = shape
    mould(made)
    return timeless(made)


def timeless(made: Any) -> bytes:
    """Give a workbook's bytes without the time at which it was saved."""
    stream = io.BytesIO()
    made.save(stream)
    return changed(stream.getvalue(), lambda core: re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "2016-10-14T09:00:00Z", core), "docProps/core.xml")


def sheet_of(*rows: list[Any], mould: Callable[[Any], None] = lambda _: None, **formats: str) -> bytes:
    """Give a workbook of one sheet: headings and rows."""
    return book({"Return": [HEADINGS, *rows]}, mould, **formats)


def hiding(what: str) -> Callable[[Any], None]:
    """Give what hides a row, a column or a sheet."""

    def mould(made: Any) -> None:
        if what in ("hidden", "veryHidden"):
            made["Old"].sheet_state = what
        elif what.isdecimal():
            made.active.row_dimensions[int(what)].hidden = True
        else:
            made.active.column_dimensions[what].hidden = True

    return mould


def merging(*areas: str) -> Callable[[Any], None]:
    """Give what merges areas of the first sheet."""

    def mould(made: Any) -> None:
        for area in areas:
            made.worksheets[0].merge_cells(area)

    return mould


def with_formats_below(made: Any) -> None:
    """Format 10,000 empty rows."""
    for at in range(3, 10_003):
        made.active.cell(at, 1).number_format = "0.00"


def chart_only() -> bytes:
    """Give a workbook that holds a chart and no sheet."""
    made = openpyxl.Workbook()
    made.create_chartsheet("Chart").add_chart(BarChart())
    del made["Sheet"]
    return timeless(made)


def bare(grid: Grid) -> bytes:
    """Give a workbook as small as one can be: no styles, texts in the cells themselves."""
    lines = "".join(
        f"<row r='{at}'>" + "".join(f"<c t='inlineStr'><is><t>{value}</t></is></c>" for value in line) + "</row>" for at, line in enumerate(grid, start=1)
    )
    main, office = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return zipped({
        "[Content_Types].xml": f"<Types xmlns='{package}/content-types'><Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
        f"<Override PartName='/xl/workbook.xml' ContentType='{kinds}.sheet.main+xml'/><Override PartName='/xl/worksheets/sheet1.xml' ContentType='{kinds}.worksheet+xml'/></Types>",
        "_rels/.rels": f"<Relationships xmlns='{package}/relationships'><Relationship Id='a' Type='{office}/officeDocument' Target='xl/workbook.xml'/></Relationships>",
        "xl/workbook.xml": f"<workbook xmlns='{main}' xmlns:r='{office}'><sheets><sheet name='Return' sheetId='1' r:id='a'/></sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships xmlns='{package}/relationships'><Relationship Id='a' Type='{office}/worksheet' Target='worksheets/sheet1.xml'/></Relationships>",
        "xl/worksheets/sheet1.xml": f"<worksheet xmlns='{main}'><sheetData>{lines}</sheetData></worksheet>",
    })  # fmt: skip


def with_entities(declared: str, named: str) -> bytes:
    """Give a workbook whose sheet declares entities and uses one as its actual."""
    content = bare([HEADINGS, row(199, "HERE")])
    return changed(content, lambda sheet: f"<!DOCTYPE worksheet [{declared}]>{sheet.replace('HERE', f'&{named};')}")


def with_macros() -> bytes:
    """Give a workbook that carries macros, by its content type and its part."""
    content = sheet_of(row(198))
    kind = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    as_macros = changed(content, lambda types: re.sub(r"application/vnd\.openxml[a-z-]+\.spreadsheetml\.sheet\.main\+xml", kind, types), "[Content_Types].xml")
    return zipped(parts_of(as_macros) | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0SYNTHETIC"})


def claiming(content: bytes, size: int, *, large: bool = False) -> bytes:
    """Give a workbook whose directory says *size* for its sheet; where *large*, the sheet holds 30 MB of spaces."""
    parts = parts_of(content)
    sheet = "xl/worksheets/sheet1.xml"
    parts = {sheet: parts.pop(sheet), **parts}  # first, so that its headers are the first found
    if large:
        parts[sheet] = bytes(parts[sheet]).replace(b"</sheetData>", b" " * 30_000_000 + b"</sheetData>")  # type: ignore[arg-type]
    packed = bytearray(zipped(parts))
    for sign, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = packed.find(sign) + offset
        packed[at : at + 4] = size.to_bytes(4, "little")
    return bytes(packed)


# ---------------------------------------------------------------- OpenDocument


def ods(*lines: list[str], hidden: int = 0) -> bytes:
    """Give rows of cells, each as its XML, as an OpenDocument sheet; one row may be hidden."""
    spaces = "".join(f" xmlns:{name}='urn:oasis:names:tc:opendocument:xmlns:{name}:1.0'" for name in ("office", "table", "text"))
    shown = [" table:visibility='collapse'" if at == hidden else "" for at in range(1, len(lines) + 1)]
    rows = "".join(f"<table:table-row{how}>{''.join(line)}</table:table-row>" for how, line in zip(shown, lines, strict=True))
    return ods_of(
        f"<table:table table:name='Return'>{rows}</table:table>",
        f"{spaces} xmlns:calcext='urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0'",
    )


def ods_of(body: str, spaces: str) -> bytes:
    """Give an OpenDocument file round a table."""
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    listed = "".join(
        f"<manifest:file-entry manifest:full-path='{path}' manifest:media-type='{of}'/>" for path, of in (("/", kind), ("content.xml", "text/xml"))
    )
    return zipped({
        "mimetype": kind,
        "META-INF/manifest.xml": f"<manifest:manifest xmlns:manifest='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'>{listed}</manifest:manifest>",
        "content.xml": f"<office:document-content{spaces}><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>",
    })  # fmt: skip


def said(value: str, kind: str = "string", more: str = "") -> str:
    """Give a cell of an OpenDocument sheet."""
    return f"<table:table-cell office:value-type='{kind}'{more}><text:p>{value}</text:p></table:table-cell>"


def share_of_one(value: str, shown: str) -> str:
    """Give a cell formatted as a percentage."""
    return said(shown, "percentage", f" office:value='{value}'")


def ods_row(number: int, actual: str = "", target: str = "") -> list[str]:
    """Give the row of a measure in an OpenDocument sheet; figures are its own XML or stored as numbers."""
    cells = row(number)
    actual = actual or said(cells[5], "float", f" office:value='{cells[5]}'")
    return [*map(said, cells[:4]), target or said(cells[4], "float", f" office:value='{cells[4]}'"), actual]


def ods_sheet(*lines: list[str], hidden: int = 0) -> bytes:
    """Give an OpenDocument sheet with the headings of performance."""
    return ods([*map(said, HEADINGS)], *lines, hidden=hidden)


# ---------------------------------------------------------------- the files


def of_bytes() -> dict[str, bytes]:
    """Give files whose bytes are the trouble."""
    utf_16 = text([HEADINGS, row(197)], encoding="utf-16-le")
    half = text([[*HEADINGS, "Commentary"], row(401, "£1,600", None, "cafe")]).replace(b"cafe", b"caf\xe9")
    swallowed = f'{THEME},290,"{LONG},Higher,100,390\n{THEME},196,SYNTHETIC figure 196",Higher,100,296\n'
    two = [[HEADINGS, row(8)], [row(9)]]
    return {
        "zero-bytes.csv": b"",
        "only-spaces.csv": b"  \r\n \t \r\n\n   ",
        "bom.csv": b"\xef\xbb\xbf" + one(1),
        "two-boms.csv": b"\xef\xbb\xbf" * 2 + one(2),
        "utf-16.csv": b"\xff\xfe" + utf_16,
        "utf-16-no-mark.csv": utf_16,
        "cp1252.csv": text([HEADINGS, row(400, "£1,600.00")], encoding="cp1252"),
        "half-utf-8.csv": half,
        "undefined-byte.csv": table(meeting("Meet ? Ann"), head=ACTIONS).replace(b"?", b"\x81"),
        "nul-bytes.csv": one(195).replace(b"S", b"S\0"),
        "open-quote.csv": text([HEADINGS]) + f'{THEME},194,"SYNTHETIC figure 194,Higher,100,294\n'.encode(),
        "text-after-quote.csv": text([HEADINGS]) + f'{THEME},193,"SYNTHETIC" figure 193,Higher,100,293\n'.encode(),
        "quote-inside.csv": text([ACTIONS]) + b'14/10/16,Fit a 6" pipe,Ann,Fitted\n',
        "swallowed-row.csv": text([HEADINGS]) + swallowed.encode(),
        "semicolons.csv": text([HEADINGS, row(192)], delimiter=";"),
        "tabs.csv": text([HEADINGS, row(191)], delimiter="\t"),
        "return.tsv": text([HEADINGS, row(190)], delimiter="\t"),
        "huge-cell.csv": b"x" * 1_000_000,
        "long-commentary.csv": table(row(5, None, None, "y" * 100_000), head=[*HEADINGS, "Commentary"]),
        "line-breaks.csv": table(row(300, "97.8%\n", None, "HG", "one\ntwo"), head=[*HEADINGS, "RAG\nstatus", "Commentary"]),
        "crlf.csv": text([HEADINGS, row(6)], "\r\n"),
        "cr-only.csv": text([HEADINGS, row(7)], "\r"),
        "mixed-ends.csv": text([two[0][0]], "\r\n") + text([two[0][1]], "\r") + text(two[1]),
        "control-characters.csv": table(meeting("Meet\x07 \x1b[31mAnn", "Met\x0bthere"), head=ACTIONS),
        "line-separator.csv": table(meeting("Meet\u2028Ann", "Met\x85there"), head=ACTIONS),
        "sep-line.csv": b"sep=,\n" + one(10),
        "empty-rows.csv": one(11) + b",,,,,\n" * 10_000,
    }  # fmt: skip


def of_archives() -> dict[str, bytes]:
    """Give workbooks and other binary files that are not what they seem."""
    good = sheet_of(row(189))
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    entities = '<!ENTITY a0 "xxxxxxxxxx">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return {
        "truncated.xlsx": good[: len(good) * 2 // 3],
        "zip-not-a-spreadsheet.xlsx": zipped({"SYNTHETIC.txt": "nothing of a workbook"}),
        "encrypted.xlsx": ole + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(480),
        "macros.xlsm": with_macros() + b"\n",
        "macros-inside.xlsx": with_macros(),
        "pdf.xlsx": b"%PDF-1.4\n% SYNTHETIC\n",
        "report.pdf": b"%PDF-1.4\n% SYNTHETIC, too\n",
        "html-table.xls": b"<html><table><tr><td>Date</td><td>Action</td></tr></table></html>",
        "zip-bomb-claim.xlsx": claiming(good, 0xFFFFFFF0),
        "zip-bomb-lying.xlsx": claiming(good, 1000, large=True),
        "entity-bomb.xlsx": with_entities(entities, "a9"),
        "outside-entity.xlsx": with_entities('<!ENTITY out SYSTEM "file:///etc/hostname">', "out"),
        "csv-inside.xlsx": one(188),
        "xlsx-inside.csv": good,
        "xlsx-inside.xls": sheet_of(row(14)),
        "garbage.xls": ole + bytes(1000),
        "no-sheets.xlsx": chart_only(),
        "no-styles.xlsx": bare([HEADINGS, row(115, "115")]),
        "good.ods": ods_sheet(ods_row(171, said("171", "float", " office:value='171'"))),
        "percent-over-hundred.ods": ods_sheet(ods_row(315, share_of_one("1.05", "105%"), share_of_one("1.1", "110%"))),
        "merged-figure.ods": ods_sheet(
            ods_row(172, said("172", "float", " office:value='172' table:number-rows-spanned='2' table:number-columns-spanned='1'")),
            [*ods_row(173)[:5], "<table:covered-table-cell/>"],
        ),
        "error.ods": ods_sheet(ods_row(174, said("#DIV/0!", "string", " table:formula='of:=[.E2]/0' office:string-value='' calcext:value-type='error'"))),
        "hidden.ods": ods_sheet(ods_row(175, said("175", "float", " office:value='175'")), hidden=2),
        "date.ods": ods_sheet(ods_row(176, said("10/09/16", "date", " office:date-value='2016-09-10'"))),
        "truncated.ods": ods_sheet(ods_row(187))[:500],
    }  # fmt: skip


def of_sheets() -> dict[str, bytes]:
    """Give workbooks with hidden, merged, empty and several sheets."""
    old = {"Actions": [ACTIONS, meeting()]}
    split = [[*HEADINGS[:4], "Quarter 2", None], [None, None, None, None, "Target", "Actual"], row(31, "131")]
    return {
        "empty-rows.xlsx": sheet_of(row(12), mould=with_formats_below),
        "far-cell.xlsx": sheet_of(row(13), mould=lambda made: made.active.cell(1_048_576, 16_384, "x")),
        "hidden-sheet.xlsx": book(old | {"Old": [HEADINGS, row(16)]}, hiding("hidden")),
        "very-hidden-sheet.xlsx": book(old | {"Old": [HEADINGS, row(17)]}, hiding("veryHidden")),
        "hidden-row.xlsx": sheet_of(row(18), row(19), mould=hiding("3")),
        "hidden-column.xlsx": book({"Return": [[*HEADINGS, "Commentary"], row(20, None, None, "not for all eyes")]}, hiding("G")),
        "empty-sheet-beside.xlsx": book({"Return": [HEADINGS, row(21)], "Sheet2": []}),
        "notes-sheet-beside.xlsx": book({"Return": [HEADINGS, row(22)], "Notes": [["How to fill this in"], ["Ask the analysts"]]}),
        "two-sheets-same.xlsx": book({"One": [HEADINGS, row(23)], "Two": [HEADINGS, row(23)]}),
        "merged-figure-down.xlsx": sheet_of(row(24), row(25, ""), mould=merging("F2:F3")),
        "merged-figure-across.xlsx": sheet_of(row(26, "", "126"), mould=merging("E2:F2")),
        "merged-theme.xlsx": sheet_of(row(27), instead(row(28), theme=None), mould=merging("A2:A3")),
        "merged-title.xlsx": book({"Return": [["Corporate scorecard"], HEADINGS, row(29)]}, merging("A1:F1")),
        "merged-heading-above.xlsx": book({"Return": [[None, None, None, None, "Quarter 2"], HEADINGS, row(30)]}, merging("E1:F1")),
        "two-row-headings.xlsx": book({"Return": split}, merging("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1")),
        "two-tables.xlsx": book({"Return": [HEADINGS, row(49), [], ACTIONS, meeting("Meet twice")]}),
        "side-by-side.xlsx": book({"Return": [[*HEADINGS, None, *ACTIONS], [*row(50), None, *meeting("Meet beside")]]}),
        "second-sheet-wrong.xlsx": book({"One": [["Quarter", "Q2 2016/17"], HEADINGS, row(127)], "Two": [["Quarter", "Q3 2016/17"], ACTIONS, meeting("Meet late")]}),
    }  # fmt: skip


def of_headings() -> dict[str, bytes]:
    """Give tables whose headings are renamed, moved, inserted, split, merged or repeated."""
    order = [5, 0, 4, 2, 1, 3]
    extra = [f"Extra {n}" for n in range(1, 295)]
    inserted = row(39)
    welsh = ["Thema", "Rhif", "Mesur", "Da", "Targed", "Gwir"]
    return {
        "actuals.csv": table(row(32), head=[*HEADINGS[:5], "Actuals"]),
        "actal.csv": table(row(33), head=[*HEADINGS[:5], "Actal"]),
        "targett.csv": table(row(34), head=[*HEADINGS[:4], "Targett", "Actual"]),
        "both-misspelt.csv": table(row(35), head=[*HEADINGS[:4], "Targett", "Actal"]),
        "cyrillic-heading.csv": table(row(36), head=[*HEADINGS[:5], "A\u0441tual"]),
        "nbsp-heading.csv": table(row(37), head=["Theme", "No", "\u00a0Measure", "Good\u00a0=", "Target\u00a0", "Actual"]),
        "moved.csv": text([[line[at] for at in order] for line in (HEADINGS, row(38))]),
        "inserted.csv": text([
            [*HEADINGS[:4], "Confidence", *HEADINGS[4:], "Weather"],
            [*inserted[:4], "fair", *inserted[4:], "wet"],
        ]),
        "two-in-one.csv": table([*row(40)[:4], "100 / 140"], head=[*HEADINGS[:4], "Target / Actual"]),
        "one-in-two.csv": table(row(41, None, None, "41%"), head=[*HEADINGS[:5], "Actual number", "Actual percent"]),
        "split-headings.csv": text([
            ["Agreement", "Target", "Expected", "Stretch", "Outturn"],
            ["", "", "without stretch", "target", ""],
            ["SYNTHETIC agreement", "SYNTHETIC aim", "10", "20", "15"],
        ]),
        "heading-repeated.csv": table(row(42), HEADINGS, row(43)),
        "other-language.csv": table(row(44), head=welsh),
        "heading-twice.csv": table(row(45, None, None, "146"), head=[*HEADINGS, "Actual"]),
        "only-headings.csv": text([HEADINGS]),
        "only-header-block.csv": text(sender("Only")),
        "one-column.csv": text([["Measure"], ["a"], ["b"]]),
        "seven-extra.csv": table(row(46, None, None, *extra[:7]), head=[*HEADINGS, *extra[:7]]),
        "wide.csv": table(row(47, None, None, *extra), head=[*HEADINGS, *extra]),
        "unquoted-thousands.csv": table(row(48, "1", None, "148")),
    }  # fmt: skip


def of_tables() -> dict[str, bytes]:
    """Give tables with lines above, below and between that are no records."""
    award = ["Children's Health", "£1,000", "£100", "£100", "£0"]
    below = [HEADINGS, row(51), [], *sender("Below")]
    return {
        "header-below.csv": text(below),
        "header-below-wrong.csv": text([HEADINGS, row(52), [], ["Quarter", "Q1 2016/17"]]),
        "total-line.csv": table(award, ["Total", *award[1:]], head=GRANT),
        "notes-under.csv": table(row(53), [], ["Note 1: provisional"], ["** as at 30 September"], ["Typed in haste"]),
        "figure-alone.csv": table(row(54), ["", "", "", "", "", "55"]),
        "figures-alone.csv": table(row(55), ["", "", "", "", "50", "60"]),
        "name-alone.csv": table(row(56), ["", "", "SYNTHETIC figure 57", "", "", ""]),
        "text-between.csv": table(row(58), ["Housing"], row(59)),
        "unknown-project.csv": table(["SYNTHETIC project of nobody", *award[1:]], head=GRANT),
        "near-miss-project.csv": table(["Childrens Helth", *award[1:]], head=GRANT),
        "words-for-money.csv": table(["Voluntary Sector Development", "98%", *award[2:]], head=GRANT),
        "stale-year.csv": table(["Under One Sky", *award[1:]], head=[*GRANT[:2], "Quarter 1 2011/12 (actuals)", *GRANT[3:]]),
        "wrong-quarter.csv": text([*sender("Wrong", Quarter="Q1 2016/17"), HEADINGS, row(126)]),
        "no-quarter.csv": text([["Quarter", "the second one"], HEADINGS, row(186)]),
        "quarter-of-two-years.csv": text([["Quarter", "Q2 2016/18"], HEADINGS, row(130)]),
        "quarter-blank.csv": text([["Quarter", ""], HEADINGS, row(128, "128")]),
        "key-as-quarter.csv": text([["Quarter", "2016-17-Q2"], HEADINGS, row(129, "129")]),
        "sent-in-october.csv": one(131, "131"),
        "no-section.csv": table(["weather", "SYNTHETIC group", "It rained"], head=["Section", "Group or theme", "Text"]),
        "blank-action.csv": table(["14/10/16", "", "Ann", "Met"], head=ACTIONS),
        "month-name.csv": table(["SYNTHETIC claims", "Lower", "10", "12"], head=["Indicator", "Polarity", "July 2016", "Sept 2016"]),
    }  # fmt: skip


BAD_NUMBERS = [
    "12..5", "--5", "+5", "1_000", "0x1F", "12,34,567", "1.2.3", ".", "5.", "5-3", "10-12-14", "3/4", "1:75", "one hundred", "12 34", "5 %%", "$5", "5\u20ac",
    "£5%", "1,2345",
]  # fmt: skip
"""Twenty figures that are none."""


def of_figures() -> dict[str, bytes]:
    """Give tables whose figures cannot be read, or only with care."""
    texts = {
        "look-alike-digit.csv": (60, "1\u041e0"), "thin-space.csv": (61, "1\u202f234"), "arabic-digits.csv": (62, "\u0669\u0667"), "superscript.csv": (63, "12\u00b2"),
        "half.csv": (64, "\u00bd"), "exponent.csv": (65, "1e5"), "infinity-sign.csv": (66, "\u221e"), "nan.csv": (67, "NaN"), "comma-decimal.csv": (68, "1,23"),
        "continental.csv": (69, "1.234,56"), "pound-alone.csv": (402, "£"), "percent-alone.csv": (301, "%"), "two-percents.csv": (302, "5%%"),
        "formula-typed.csv": (70, "=93+2"), "date-typed.csv": (71, "10-Sep"), "zero-denominator.csv": (312, "0% (0/0)"), "clock-too-far.csv": (421, "1:75"),
        "pennies.csv": (403, "£1,600.005"), "pence.csv": (405, "412p"), "right-to-left.csv": (135, "\u202e901"),
        "forty-digits.csv": (94, "1234567890" * 4), "negative-zero.csv": (95, "-0"), "spaced-range.csv": (96, "10 - 12"),
        "full-width.csv": (303, "\uff19\uff17\uff0e\uff18\uff05"), "minus-sign.csv": (97, "\u221220"), "nbsp-number.csv": (98, "\u00a01,234\u00a0"),
        "zero-width.csv": (136, "1\u200b23"), "cyrillic-tbc.csv": (99, "\u0422\u0412\u0421"), "split-pennies.csv": (404, "£46,086.1 6"), "share.csv": (304, "0.978"),
        "twice-percent.csv": (307, "9780%"), "other-fraction.csv": (308, "42.5% (146/62)"), "numerator-over.csv": (309, "235.5% (146/62)"),
        "divide-by-zero.csv": (110, "#DIV/0!"),
    }  # fmt: skip
    whole = {
        "share-beside-percentage.csv": one(305, "0.978", "93"),
        "one-for-all.csv": one(306, "1", "100%"),
        "bad-numbers.csv": table(*(row(number, bad) for number, bad in enumerate(BAD_NUMBERS, start=74))),
        "gaps.csv": table(*(row(number, gap) for number, gap in enumerate(("n/a", "TBC", "?", "-", "BL", ""), start=100))),
    }
    return {name: one(*said_so) for name, said_so in texts.items()} | whole


def of_stored_figures() -> dict[str, bytes]:
    """Give workbooks whose stored figures are not plain numbers."""
    mark = "987654321"
    clock = [datetime.time(0, 1, 30), datetime.time(0, 2)]
    with_result = sheet_of(row(107, "=E2*1.07"))
    return {
        "date-cell.xlsx": sheet_of(row(72, datetime.date(2016, 9, 10))),
        "true.xlsx": sheet_of(row(73, True)),
        "percent-format.xlsx": sheet_of(row(313, 0.978, 0.93), E2="0%", F2="0.0%"),
        "other-percent-format.xlsx": sheet_of(row(316, 1.05, 1.1), E2="0.0 %", F2="0.0 %"),
        "hidden-digits.xlsx": sheet_of(row(314, 0.9496, 0.93), E2="0%", F2="0%"),
        "text-number.xlsx": sheet_of(row(106), mould=lambda made: made.active.cell(2, 6, "106")),
        "formula-cached.xlsx": changed(with_result, lambda sheet: re.sub(r"(?<=</f>)<v ?/>|(?<=</f>)<v></v>", "<v>107</v>", sheet)),
        "formula-never.xlsx": sheet_of(row(108, "=E2*1.08")),
        "ref-error.xlsx": sheet_of(row(109, "#REF!")),
        "huge-number.xlsx": sheet_of(row(111, 1e30), F2="#,##0.00"),
        "infinite.xlsx": changed(sheet_of(row(112, mark)), lambda sheet: sheet.replace(mark, "1E999")),
        "not-a-number.xlsx": changed(sheet_of(row(113, mark)), lambda sheet: sheet.replace(mark, "NaN")),
        "impossible-date.xlsx": sheet_of(row(114, 99_999_999), F2="yyyy-mm-dd"),
        "mm-ss.xlsx": sheet_of(row(420, *clock), E2="mm:ss", F2="mm:ss"),
        "number-as-float.xlsx": sheet_of(row(123), mould=lambda made: made.active.cell(2, 2, 123.0)),
        "formula-words.xlsx": book({"Return": [ACTIONS, meeting('=HYPERLINK("http://192.0.2.1","x")')]}),
    }  # fmt: skip


def of_rows() -> dict[str, bytes]:
    """Give rows that stand twice or that the register does not bear out."""
    same = one(117, "117")
    return {
        "twice-in-file.csv": table(row(116, "116"), row(116, "117")),
        "identical-a.csv": same,
        "identical-b.csv": same,
        "sub folder/identical-c.csv": same,
        "nobody-newer-a.csv": one(118, "118"),
        "nobody-newer-b.csv": one(118, "119"),
        "unknown-number.csv": table(instead(row(185), no="9999")),
        "near-miss-name.csv": table(instead(row(119, "119"), measure="SYNTHETC figre 119")),
        "another-name.csv": table(instead(row(120), measure="SYNTHETIC figure 121")),
        "unknown-theme.csv": table(instead(row(121), theme="SYNTHETIC Nonsense")),
        "leading-zero.csv": table(instead(row(122), no="0122")),
        "other-polarity.csv": table(instead(row(124, "124"), good="Lower")),
        "strange-status.csv": table(row(125, "125", None, "Purple"), head=[*HEADINGS, "RAG status"]),
        "script.csv": table(row(132, "132", None, "<script>alert('SYNTHETIC')</script>"), head=[*HEADINGS, "Commentary"]),
        "formula-words.csv": table(*(meeting(words) for words in ('=HYPERLINK("http://192.0.2.1","x")', "@SUM(1+1)", "+cmd|' /C calc'!A0")), head=ACTIONS),
        "partner-path.csv": text([["Partner", "../../../outside"], HEADINGS, row(133, "133")]),
        "personal-data.csv": table(row(134, "134", None, "Made up: ann@example.org, NHS number 999 000 0018"), head=[*HEADINGS, "Commentary"]),
    }  # fmt: skip


def of_names() -> dict[str, bytes]:
    """Give files whose names are the trouble."""
    named = {
        "two  spaces and, comma.csv": 137, "résumé ☃ 名前.csv": 138, "UPPER.CSV": 139, "<img src=x onerror=alert(1)>.csv": 140, "=cmd|' .csv": 141,
        "line\nbreak.csv": 142, "broken-\udcff-name.csv": 143, f"{'n' * 200}.csv": 144, "sub folder/deep/er/return.csv": 145, "folder.csv/inside.csv": 146,
    }  # fmt: skip
    others = ("no-ending", "Thumbs.db", ".~lock.return.csv#", "~$return.xlsx", "README.txt", ".DS_Store")
    return {name: one(number) for name, number in named.items()} | {name: f"SYNTHETIC {name}".encode() for name in others}


def of_sending_again() -> dict[str, bytes]:
    """Give returns that were sent more than once, with and without a word on which is newer."""
    first, later = "1 October 2016", "14 October 2016"

    def by(partner: str, number: int, actual: str, date: str = "") -> bytes:
        return text([*sender(partner, date), HEADINGS, row(number, actual)])

    def dated(number: int, actual: str, date: datetime.date) -> bytes:
        return book({"Return": [*sender("Date Cell"), ["Date", date], HEADINGS, row(number, actual)]})

    return {
        "rs-date-a.csv": text([*sender("Alpha", later, Reason="Late figures"), HEADINGS, row(150, "151"), row(151, "152")]),
        "rs-date-b.csv": text([*sender("Alpha", first), HEADINGS, row(150, "150"), row(151, "151")]),
        "rs-iso-new.csv": by("Iso", 152, "153", later),
        "rs-iso-old.csv": by("Iso", 152, "152", "2016-10-01"),
        "rs-version.csv": by("Version", 153, "153"),
        "rs-version-v2.csv": by("Version", 153, "154"),
        "rs bracket.csv": one(154, "154"),
        "rs bracket (2).csv": one(154, "155"),
        "rs-nine.csv": one(155, "156"),
        "rs-nine v9.csv": one(155, "157"),
        "rs-nine_v10.csv": one(155, "158"),
        "rs-part.csv": table(row(156, "157"), row(157, "158")),
        "rs-part-v2.csv": one(156, "159"),
        "rs-date-first-v2.csv": by("Over", 158, "159", first),
        "rs-date-first.csv": by("Over", 158, "160", later),
        "rs-same-date.csv": by("Same Day", 159, "160", later),
        "rs-same-date_v2.csv": by("Same Day", 159, "161", later),
        "rs-one-date-a.csv": by("Half Dated", 160, "160", later),
        "rs-one-date-b.csv": by("Half Dated", 160, "161"),
        "rs-soon-a.csv": by("Soon", 161, "161", "soon"),
        "rs-soon-b.csv": by("Soon", 161, "162", later),
        "rs-tie-a.csv": by("Tie", 166, "166", later),
        "rs-tie-b.csv": by("Tie", 166, "167", later),
        "rs-two-partners.csv": by("Left", 162, "162"),
        "rs-two-partners-v2.csv": by("Right", 162, "163"),
        "rs-kind.csv": by("Kind", 163, "163"),
        "rs-kind-v2.xlsx": book({"Return": [*sender("Kind"), HEADINGS, row(163, "164")]}),
        "rs-newer-held.csv": one(164, "164"),
        "rs-newer-held-v2.csv": table(row(164, "165"), head=[*HEADINGS[:5], "Actal"]),
        "rs-unreadable.csv": one(165, "165"),
        "rs-unreadable-v2.csv": one(165, "12..5"),
        "rs-forms.xlsx": book({"Scores": [HEADINGS, row(167, "167")], "Actions": [ACTIONS, meeting("Meet once more")]}),
        "rs-forms-v2.xlsx": book({"Scores": [HEADINGS, row(167, "168")]}),
        "rs-withdrawn.csv": one(170, "170"),
        "rs-withdrawn-v2.csv": one(170, ""),
        "rs-fails.csv": one(177, "177"),
        "rs-fails-v2.xlsx": book({"Scores": [HEADINGS, row(177, "178")], "Actions": [ACTIONS, ["14/10/16", "", "Ann", "Met"]]}),
        "rs-cell-old.xlsx": dated(178, "178", datetime.date(2016, 10, 1)),
        "rs-cell-new.xlsx": dated(178, "179", datetime.date(2016, 10, 14)),
        "rs-older-twice.csv": table(row(179, "178"), row(179, "179")),
        "rs-older-twice-v2.csv": one(179, "180"),
        "rs-carried.csv": table(row(180, "180"), instead(row(181, "181"), theme=None)),
        "rs-carried-v2.csv": one(181, "182"),
        "same-partner-a.csv": by("Same", 168, "168", first),
        "same-partner-b.csv": by("Same", 169, "169", later),
    }  # fmt: skip


def of_forms() -> dict[str, bytes]:
    """Give forms that came back, as they were sent out but for what partners did to them."""
    beside = [*HEADINGS, "Reason for none", "Provisional", "Why", "Check"]

    def back(*cells: list[Any], mould: Callable[[Any], None] = lambda _: None) -> bytes:
        return book({"Return": [beside, *cells]}, mould)

    def nobodys(made: Any) -> None:
        made["Lists"].sheet_state = "hidden"
        made.custom_doc_props.append(StringProperty(name="return_id", value="../../2016-17-Q2.synthetic.00000000"))

    sheets = {"Instructions": [["Fill in Actual"], ["Send it back"]], "Return": [HEADINGS, row(182, "182")], "Lists": [["TBC"]]}
    return {
        "form-reason.xlsx": back(row(147, "", None, "TBC", None, None, "OK")),
        "form-both.xlsx": back(row(148, "148", None, "TBC", "Yes")),
        "form-error-word.xlsx": back(row(149, "149", None, None, None, "#DIV/0!")),
        "form-nobodys.xlsx": book(sheets, nobodys),
    }


def alone() -> dict[str, bytes]:
    """Give files of a few kilobytes that would fill the memory of whoever unfolds them: to be opened in a process of its own."""
    cell = "<table:table-cell office:value-type='string' table:number-columns-repeated='1000'><text:p>x</text:p></table:table-cell>"
    repeated = ods([cell])
    many = changed(repeated, lambda content: content.replace("<table:table-row>", "<table:table-row table:number-rows-repeated='100000'>"), "content.xml")
    area = "</sheetData><mergeCells count='1'><mergeCell ref='A1:XFD1048576'/></mergeCells>"
    return {"repeated-cells.ods": many, "merged-sheet.xlsx": changed(sheet_of(row(184)), lambda sheet: sheet.replace("</sheetData>", area))}


GROUPS = (of_bytes, of_archives, of_sheets, of_headings, of_tables, of_figures, of_stored_figures, of_rows, of_names, of_sending_again, of_forms)
"""The files of the quarter, by what is the matter with them."""


# ---------------------------------------------------------------- the folder


def write(data: Path) -> Path:
    """Write every file into a new data folder, with the registers that know their measures; gives the folder back."""
    folder = data / "raw" / QUARTER
    for group in GROUPS:
        for name, content in group().items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    for name, content in alone().items():
        (data / "alone").mkdir(exist_ok=True)
        (data / "alone" / name).write_bytes(content)
    (data / "raw" / BEFORE).mkdir()
    (data / "raw" / BEFORE / "sent-in-july.csv").write_bytes(one(131, "131"))
    _link(data, folder)
    _registers(data / "reference")
    return data


def _link(data: Path, folder: Path) -> None:
    """Link to what lies outside, inside, nowhere and in a circle."""
    outside = data.parent / f"{data.name}-outside"
    outside.mkdir()
    (outside / "outside.csv").write_bytes(one(183))
    links = {
        "link-outside.csv": outside / "outside.csv",
        "link-inside.csv": "bom.csv",
        "link-nowhere.csv": "gone.csv",
        "link-loop.csv": "link-loop.csv",
        "link-folder": outside,
    }
    for name, target in links.items():
        (folder / name).symlink_to(target)


def _registers(folder: Path) -> None:
    """Copy the registers, with a theme and the measures of these files added."""
    shutil.copytree(REFERENCE, folder)
    with (folder / "themes.csv").open("a", encoding="utf-8", newline="") as themes:
        csv.writer(themes, lineterminator="\n").writerow([THEME, "Trial", "99"])
    with (folder / "measures.csv").open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    usual = {"theme": THEME, "polarity": "higher", "kind": "not stated", "policy": "five-band", "equalities": "no"}
    numbers = [(number, unit, f"SYNTHETIC figure {number}") for unit, of_unit in UNITS.items() for number in of_unit]
    with (folder / "measures.csv").open("a", encoding="utf-8", newline="") as measures:
        rows = csv.DictWriter(measures, columns, restval="", lineterminator="\n")
        for number, unit, title in [*numbers, (290, "number", LONG)]:
            rows.writerow(usual | {"measure_id": f"Trial {number}", "number": str(number), "measure": title, "unit": unit})


if __name__ == "__main__":
    write(Path(sys.argv[1]))
