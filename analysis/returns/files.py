"""A spreadsheet file -> its sheets, each cell as it is shown and as it is stored."""

from __future__ import annotations

import csv
import io
import math
import re
import warnings
import zipfile
from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.errors import UnreadableFile
from analysis.returns.cells import DIGITS, MOST_CELLS, MOST_MERGED, RETURN_ID, Cell, Sheet
from analysis.returns.opendocument import open_document

SPREADSHEETS = (".csv", ".xlsx", ".ods", ".xls")
LARGEST_BYTES = 200_000_000
MOST_PLACES = 5_000_000
NOT_UTF8 = "is not UTF-8; read as Windows-1252"
UNFORMATTED = "an .xls file does not tell how its numbers are shown: 98.5% may stand here as 0.985, errors and merged cells are not seen. Save it as .xlsx"


def open_sheets(name: str, content: bytes) -> list[Sheet]:
    r"""
    Give the sheets of a spreadsheet file.

    Raises:
        UnreadableFile: empty, encrypted, too large when unpacked, macro-carrying, not what its name says, or of
            a kind that is not read; the message says which.

    >>> open_sheets("x.csv", b"Date,Action\n1 May,Meet\n")[0].cells[(2, 2)].text
    'Meet'
    """
    kind = Path(name).suffix.casefold()
    if kind == ".xlsm":
        raise UnreadableFile(name, ["carries macros"], "Save it as .xlsx and send it again.")
    if kind not in SPREADSHEETS:
        raise UnreadableFile(name, [f"is not a spreadsheet ({kind or 'no ending'})"], f"Send one of {', '.join(SPREADSHEETS)}.")
    if not content:
        raise UnreadableFile(name, ["is empty (0 bytes)"], "Send it again.")
    if len(content) > LARGEST_BYTES:
        raise UnreadableFile(name, [f"is larger than {LARGEST_BYTES // 1_000_000} MB"], "Send the return only.")
    if kind == ".csv":
        return [_csv_sheet(name, content)]
    if kind in (".xlsx", ".ods"):
        _check_archive(name, content)
    return xlsx_sheets(name, content) if kind == ".xlsx" else open_document(name, content) if kind == ".ods" else _calamine_sheets(name, content)


def _check_archive(name: str, content: bytes) -> None:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(name, ["is protected by a password, or in an older format than its name says"], "Save it without a password as .xlsx.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        raise UnreadableFile(name, ["is not a spreadsheet, whatever its name says"], "Open it, save it as .xlsx and send it again.") from None
    unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > LARGEST_BYTES:
        raise UnreadableFile(name, [f"unpacks to {unpacked // 1_000_000} MB"], "Send the return only.")
    if any(member.filename.casefold().endswith("vbaproject.bin") for member in archive.infolist()):
        raise UnreadableFile(name, ["carries macros"], "Save it as .xlsx without macros and send it again.")
    for member in archive.infolist():
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", member.filename, re.IGNORECASE):
            _check_sheet(name, archive, member)


def _check_sheet(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Refuse a sheet of which openpyxl would make more cells than a return can have; a merged area is cells to it too."""
    try:
        text = archive.read(member)
    except Exception:  # noqa: BLE001 - what is wrong with an archive is told where it is opened as a spreadsheet
        return
    if len(re.findall(rb"<(?:\w+:)?c[ >/]", text)) > MOST_CELLS:
        raise UnreadableFile(name, [f"holds more than {MOST_CELLS:,} cells"], "Send the return only.")
    areas = re.findall(rb"<(?:\w+:)?mergeCell\b[^>]*?ref\s*=\s*[\"']([A-Z]+)(\d+):([A-Z]+)(\d+)", text)
    size = sum(abs(int(bottom) - int(top) + 1) * abs(_column(right) - _column(left) + 1) for left, top, right, bottom in areas)
    if size > MOST_MERGED:
        raise UnreadableFile(name, [f"merges more than {MOST_MERGED:,} cells"], "Unmerge what lies outside the table and send it again.")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _csv_sheet(name: str, content: bytes) -> Sheet:
    if b"\0" in content:
        raise UnreadableFile(name, ["is not text"], "Save it as CSV (UTF-8) and send it again.")
    remarks: tuple[str, ...] = ()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text, remarks = content.decode("cp1252", errors="replace"), (NOT_UTF8,)
    cells: dict[tuple[int, int], Cell] = {}
    widest = 0
    try:
        for row, values in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1):
            cells |= {(row, column): Cell(value) for column, value in enumerate(values, start=1) if value.strip()}
            widest = max(widest, len(values))
    except csv.Error as fault:
        raise UnreadableFile(name, [f"is not well-formed CSV: {fault}"], "Save it as CSV (UTF-8) and send it again.") from None
    others = [words for mark, words in ((";", "semicolons"), ("\t", "tabs")) if sum(mark in cell.text for cell in cells.values()) * 2 > len(cells)]
    if widest == 1 and others:
        remarks += (f"its cells are parted by {others[0]}, not by commas: save it as CSV, parted by commas",)
    return Sheet("", cells, remarks=remarks, plain=True)


def xlsx_sheets(name: str, content: bytes) -> list[Sheet]:
    """Give the sheets of an XLSX file that is known to be safe to open."""
    typed = _book(name, content)
    formulas = any(cell.data_type == "f" for sheet in typed.worksheets for cell in sheet._cells.values())  # noqa: SLF001 - as below
    return sheets_of(typed, _book(name, content, shown=True) if formulas else typed)  # without formulas the two are the same


def safe_book(name: str, content: bytes) -> Any:
    """
    Open an XLSX file with openpyxl, its formulas as typed, once it is seen to be safe to open.

    Raises:
        UnreadableFile: as for `open_sheets`.
    """
    _check_archive(name, content)
    return _book(name, content)


def _book(name: str, content: bytes, *, shown: bool = False) -> Any:
    """Open an XLSX file: with its formulas as typed, or with what they show."""
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl warns of names this machine's paths; what matters is told below
            return openpyxl.load_workbook(io.BytesIO(content), data_only=shown)
    except Exception as fault:  # noqa: BLE001 - openpyxl raises whatever its parsers raise
        raise UnreadableFile(name, [f"cannot be opened as a spreadsheet ({type(fault).__name__})"], "Open it, save it as .xlsx and send it again.") from None


def sheets_of(typed: Any, shown: Any) -> list[Sheet]:
    """Give the sheets of an opened workbook: *typed* has its formulas, *shown* what they show."""
    sheets, return_id = [], _return_id(typed)
    for sheet in shown.worksheets:
        cells = {}
        held = typed[sheet.title]._cells  # noqa: SLF001 - the cells there are; going by rows would make every cell of a huge empty area
        for place, formula in sorted(held.items()):
            if formula.value is None:
                continue
            cell = sheet[formula.coordinate]
            is_number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
            found = number_cell(cell.value, cell.number_format) if is_number else Cell(_as_shown(cell.value, cell.number_format))
            stored = str(cell.value)
            if formula.data_type == "f":
                stored = str(getattr(formula.value, "text", formula.value))
                found = replace(found, text=found.text or "#VALUE!")  # never calculated: a figure nobody has seen
            if found.text.strip():
                cells[place] = replace(found, stored=stored if stored != found.text else "")
        merged = [(area.min_row, area.min_col, area.max_row, area.max_col) for area in sheet.merged_cells.ranges]
        sheets.append(Sheet(sheet.title, cells, merged, _hidden_parts(sheet), return_id=return_id))
    return sheets


def _return_id(book: Any) -> str:
    """Give what a form that was sent out is known by, nothing where a workbook is no such form."""
    return next((str(one.value or "").strip() for one in book.custom_doc_props if one.name == RETURN_ID), "")


def number_cell(value: float, number_format: str) -> Cell:
    """
    Give the cell that a stored number is.

    >>> number_cell(0.985, "0.0%")
    Cell(text='98.5%', stored='0.985', held='0.985')
    """
    text, stored = _as_shown(value, number_format), str(value)
    return Cell(text, stored if stored != text else "", f"{value:.15g}")


def _hidden_parts(sheet: Any) -> tuple[str, ...]:
    """Say what of a sheet its sender may not have seen: it is read all the same."""
    remarks = ["the sheet is hidden; it is read all the same"] if sheet.sheet_state != "visible" else []
    dimensions = [*sheet.row_dimensions.values(), *sheet.column_dimensions.values()]
    return (*remarks, "rows or columns are hidden; they are read all the same") if any(part.hidden for part in dimensions) else tuple(remarks)


def _calamine_sheets(name: str, content: bytes) -> list[Sheet]:
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        read = {title: book.get_sheet_by_name(title) for title in book.sheet_names}
        too_large = [title for title, sheet in read.items() if sheet.total_height * sheet.total_width > MOST_PLACES]
        grids = [(title, sheet.to_python(skip_empty_area=False)) for title, sheet in read.items() if not too_large]
    except Exception as fault:  # noqa: BLE001 - calamine raises its own family, not documented as one
        raise UnreadableFile(name, [f"cannot be opened as a spreadsheet ({type(fault).__name__})"], "Save it as .xlsx and send it again.") from None
    if too_large:
        raise UnreadableFile(name, [f"sheet {too_large[0]!r} reaches over more than {MOST_PLACES:,} places"], "Delete its empty rows and columns.")
    return [
        Sheet(title, {
            (row, column): Cell(text)
            for row, values in enumerate(grid, start=1)
            for column, value in enumerate(values, start=1)
            if (text := _as_shown(value, "General")).strip()
        }, remarks=(UNFORMATTED,))
        for title, grid in grids
    ]  # fmt: skip


def _as_shown(value: Any, number_format: str) -> str:
    """Give a stored value as its number format shows it: 0.985 under `0.0%` is `98.5%`."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return str(value).upper()
    if not isinstance(value, int | float):
        return _time_as_shown(value, number_format)
    if not math.isfinite(value):
        return "#NUM!"
    match, others = _shape(number_format)
    with localcontext(prec=DIGITS):
        number = Decimal(f"{value:.15g}")
        if not match:
            return f"{number.normalize():f}" if number else "0"
        pounds, whole, places, percent = match.groups()
        size = (number * (100 if percent else 1)).copy_abs().quantize(Decimal(1).scaleb(-len(places or "")), ROUND_HALF_UP)
        digits = f"{size:{',' if ',' in whole else ''}f}"
    optional = len(places or "") - len((places or "").rstrip("#?"))
    kept = digits.rstrip("0") if optional else digits
    digits = digits[: max(len(kept), len(digits) - optional)].rstrip(".")
    digits = f"{'£' if pounds else ''}{digits}{percent or ''}"
    if number >= 0:
        return digits
    return f"({digits})" if others and "(" in others[0] else f"-{digits}"


@lru_cache(maxsize=1024)
def _shape(number_format: str) -> tuple[re.Match[str] | None, list[str]]:
    """Give what a format says of a positive number, where it is one that is understood, and its other parts."""
    positive, *others = re.sub(r"_.|\*.|\[[^\]$]*\]", "", number_format.replace("\\", "")).split(";")
    return re.fullmatch(r'(\[\$£[^\]]*\]|"£"|£)?([#?0,]*[#?0])(?:\.([0#?]+))?( ?%)?', positive.strip("() ")), others


def _time_as_shown(value: Any, number_format: str) -> str:
    """Give a date, a time of day or a duration as its format shows it; seconds are never dropped where the format has them."""
    shape = number_format.casefold()
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        if "[m" in shape:
            return f"{seconds // 60:02d}:{seconds % 60:02d}"
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if not hasattr(value, "strftime"):
        return str(value)
    if hasattr(value, "year"):
        return str(value.strftime("%B %Y" if "d" not in shape and "y" in shape else "%d %B %Y"))
    if "h" not in shape and "s" in shape:
        return str(value.strftime("%M:%S"))
    return str(value.strftime("%H:%M" if "h" in shape and "s" not in shape else "%H:%M:%S"))
