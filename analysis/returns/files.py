"""A spreadsheet file -> its sheets, each cell as it is shown and as it is stored."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from analysis.errors import UnreadableFile

SPREADSHEETS = (".csv", ".xlsx", ".ods", ".xls")
LARGEST_BYTES = 200_000_000
MOST_PLACES = 5_000_000


@dataclass(frozen=True)
class Cell:
    """One non-empty cell: what it shows, what is stored where that differs (a formula, a number), and the number held."""

    text: str
    stored: str = ""
    held: str = ""

    @property
    def hides_digits(self) -> bool:
        """Whether a number is stored that is not the one shown: 0.9496 under a format that shows 95%."""
        digits = re.sub(r"[£,%()]", "", self.text)
        try:
            held = Decimal(self.held or "x")
            shown = Decimal(digits) / (100 if "%" in self.text else 1)
        except InvalidOperation:
            return False
        return abs(held.copy_abs() - shown.copy_abs()) > Decimal("1E-12")


@dataclass
class Sheet:
    """A sheet's non-empty cells by (row, column), counted from 1, its merged areas, and what had to be done to read it."""

    name: str
    cells: dict[tuple[int, int], Cell]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    remarks: tuple[str, ...] = ()


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
    return _xlsx_sheets(name, content) if kind == ".xlsx" else _calamine_sheets(name, content)


def _check_archive(name: str, content: bytes) -> None:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(name, ["is protected by a password, or in an older format than its name says"], "Save it without a password as .xlsx.")
    try:
        unpacked = sum(member.file_size for member in zipfile.ZipFile(io.BytesIO(content)).infolist())
    except zipfile.BadZipFile:
        raise UnreadableFile(name, ["is not a spreadsheet, whatever its name says"], "Open it, save it as .xlsx and send it again.") from None
    if unpacked > LARGEST_BYTES:
        raise UnreadableFile(name, [f"unpacks to {unpacked // 1_000_000} MB"], "Send the return only.")


def _csv_sheet(name: str, content: bytes) -> Sheet:
    if b"\0" in content:
        raise UnreadableFile(name, ["is not text"], "Save it as CSV (UTF-8) and send it again.")
    remarks: tuple[str, ...] = ()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text, remarks = content.decode("cp1252", errors="replace"), ("is not UTF-8; read as Windows-1252",)
    cells = {}
    try:
        for row, values in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1):
            cells |= {(row, column): Cell(value) for column, value in enumerate(values, start=1) if value.strip()}
    except csv.Error as fault:
        raise UnreadableFile(name, [f"is not well-formed CSV: {fault}"], "Save it as CSV (UTF-8) and send it again.") from None
    return Sheet("", cells, remarks=remarks)


def _xlsx_sheets(name: str, content: bytes) -> list[Sheet]:
    import openpyxl

    try:
        shown = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        typed = openpyxl.load_workbook(io.BytesIO(content), data_only=False)
    except Exception as fault:  # noqa: BLE001 - openpyxl raises whatever its parsers raise
        raise UnreadableFile(name, [f"cannot be opened as a spreadsheet ({type(fault).__name__})"], "Open it, save it as .xlsx and send it again.") from None
    sheets = []
    for sheet in shown.worksheets:
        cells = {}
        held = typed[sheet.title]._cells  # noqa: SLF001 - the cells there are; going by rows would make every cell of a huge empty area
        for place, formula in sorted(held.items()):
            if formula.value is None:
                continue
            cell = sheet[formula.coordinate]
            text, stored = _as_shown(cell.value, cell.number_format), str(cell.value)
            if formula.data_type == "f":
                stored = str(getattr(formula.value, "text", formula.value))
                text = text or "#VALUE!"  # never calculated: a figure nobody has seen
            if text.strip():
                number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
                cells[place] = Cell(text, stored if stored != text else "", f"{cell.value:.15g}" if number else "")
        merged = [(area.min_row, area.min_col, area.max_row, area.max_col) for area in sheet.merged_cells.ranges]
        sheets.append(Sheet(sheet.title, cells, merged, _hidden_parts(sheet)))
    return sheets


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
        })
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
    positive, *others = re.sub(r"_.|\*.|\[[^\]$]*\]", "", number_format.replace("\\", "")).split(";")
    match = re.fullmatch(r'(\[\$£[^\]]*\]|"£"|£)?(#,##)?0(?:\.(0+))?(%)?', positive.strip("() "))
    number = Decimal(f"{value:.15g}")
    if not match:
        return f"{number.normalize():f}" if number else "0"
    pounds, commas, places, percent = match.groups()
    size = (number * (100 if percent else 1)).copy_abs().quantize(Decimal(1).scaleb(-len(places or "")), ROUND_HALF_UP)
    digits = f"{'£' if pounds else ''}{size:{',' if commas else ''}f}{percent or ''}"
    if number >= 0:
        return digits
    return f"({digits})" if others and "(" in others[0] else f"-{digits}"


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
