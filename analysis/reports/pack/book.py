"""A spreadsheet as accessible tables, one a worksheet, the same bytes for the same words; the only door to XlsxWriter."""

from __future__ import annotations

import io
import re
import textwrap
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

from analysis.markup import slug
from analysis.reports.pack.columns import Cell, Column, Row

MOST_CHARACTERS = 32_767
"""The most that a cell of a spreadsheet holds."""
MOST_DIGITS = 15
"""The most digits that a spreadsheet keeps of a number."""
_MOST_PLACES = 4
CUT = " [The rest of this text does not fit into a cell; it is whole in the CSV file.]"
FONT, SIZE = "Arial", 12
A4 = 9
LINE, TALLEST = 16, 409
"""The height of a line, and the most that a row can have, in points."""
_PAGE, _PRINTED = 90, 200
"""How many characters a page of text is wide, and how many of a table are printed beside one another."""
_RULE = "#B1B4B6"
_FIXED = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Link:
    """A cell that leads to a worksheet of the same spreadsheet."""

    words: str
    sheet: str


class Book:
    """A spreadsheet in the making: worksheets in the order in which they are added."""

    def __init__(self, *, title: str, subject: str, author: str, keywords: str, language: str, created: datetime, size: int = SIZE) -> None:
        """Begin a spreadsheet with its properties; `created` is a fixed day, never the clock's; `size` that of its words, in points."""
        import xlsxwriter

        self._written = io.BytesIO()
        self._language = language
        self._book = xlsxwriter.Workbook(
            self._written,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_format_properties": {"font_name": FONT, "font_size": size},
            },
        )
        self._book.set_properties({"title": title, "subject": subject, "author": author, "keywords": keywords, "created": created})
        self._format = cache(lambda **of: self._book.add_format({"font_name": FONT, "font_scheme": "", "font_size": size, "valign": "top"} | of))

    def page(self, name: str, title: str, parts: Sequence[tuple[str, str]]) -> None:
        """Add a worksheet of text, one paragraph a row below its title; each with its heading, or none."""
        sheet = self._sheet(name, [_PAGE])
        lines: list[tuple[str, Any]] = [(title, self._format(bold=True, font_size=16, text_wrap=True))]
        for heading, words in parts:
            lines += [(heading, self._format(bold=True, font_size=14, valign="bottom"))] if heading else []
            lines.append((words, self._format(text_wrap=True)))
        for row, (words, style) in enumerate(lines):
            sheet.set_row(row, height([(words, _PAGE)]) if style.text_wrap and not style.bold else 2 * LINE)
            sheet.write_string(row, 0, stored(words), style)

    def table(self, name: str, lines: Sequence[str | Link], columns: Sequence[Column], rows: Sequence[Row], *, about: str) -> None:
        """
        Add a worksheet with one table.

        Args:
            name: the worksheet's name; the table is named after it.
            lines: what stands above the table, one a row, the title first; not empty.
            columns: of the table.
            rows: at least one.
            about: what the table holds, for those who hear it.
        """
        sheet = self._sheet(name, [column.width for column in columns])
        for row, line in enumerate(lines):
            sheet.set_row(row, 2 * LINE if row == 0 else LINE)
            if isinstance(line, Link):
                self._link(sheet, row, 0, line, {})
            else:
                sheet.write_string(row, 0, stored(line), self._format(bold=True, font_size=16) if row == 0 else self._format())
        top = len(lines)
        cells = {"text_wrap": True, "bottom": 1, "bottom_color": _RULE}
        headings = [
            {"header": column.label, "header_format": self._format(**cells | _side(column, at) | {"bold": True, "bottom": 2, "bottom_color": "#000000"})}
            for at, column in enumerate(columns)
        ]
        sheet.add_table(
            top, 0, top + len(rows), len(columns) - 1,
            {
                "name": table_name(name), "title": lines[0], "description": about, "columns": headings,
                "autofilter": False, "style": None, "banded_rows": False,
            },
        )  # fmt: skip
        sheet.set_row(top, height([(column.label, column.width - 3) for column in columns]))
        looks = [_Looks(self._format, column, at, cells) for at, column in enumerate(columns)]
        for place, row in enumerate(rows, top + 1):
            found = [column.show(row) for column in columns]
            sheet.set_row(place, height([(content, column.width - 1) for content, column in zip(found, columns, strict=True) if isinstance(content, str)]))
            for at, (content, look) in enumerate(zip(found, looks, strict=True)):
                self._write(sheet, place, at, content, look)
        sheet.repeat_rows(top)
        if (across := -(-sum(column.width for column in columns) // _PRINTED)) > 1:
            sheet.fit_to_pages(across, 0)
            sheet.repeat_columns(0)

    def bytes(self) -> bytes:
        """Give the spreadsheet, its language named among its properties; nothing can be added after."""
        self._book.worksheets()[0].activate()
        self._book.close()
        made = io.BytesIO()
        with zipfile.ZipFile(self._written) as read, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as written:
            for part in read.infolist():
                content = self._part(part.filename, read.read(part))
                fixed = zipfile.ZipInfo(part.filename, _FIXED)
                fixed.compress_type, fixed.external_attr, fixed.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 0
                written.writestr(fixed, content)
        return made.getvalue()

    def _part(self, name: str, content: bytes) -> bytes:
        """Give a part of the file as it is kept: the properties with the language, which XlsxWriter cannot name."""
        if name != "docProps/core.xml":
            return content
        return content.replace(b"</cp:coreProperties>", f"<dc:language>{self._language}</dc:language></cp:coreProperties>".encode())

    def _sheet(self, name: str, widths: Sequence[int]) -> Any:
        sheet = self._book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        return sheet

    def _write(self, sheet: Any, row: int, at: int, content: Cell | Link, look: _Looks) -> None:
        if isinstance(content, Link):
            self._link(sheet, row, at, content, look.cells)
        elif isinstance(content, str) or digits(content) > MOST_DIGITS:
            words = content if isinstance(content, str) else f"{content:,f}"
            sheet.write_string(row, at, stored(words), look.words)
        else:
            sheet.write_number(row, at, content, look.number(number_format(content, look.column.places)))

    def _link(self, sheet: Any, row: int, at: int, link: Link, cells: dict[str, Any]) -> None:
        style = self._format(**cells | {"align": "left", "font_color": "#0B4F9E", "underline": 1})
        sheet.write_url(row, at, f"internal:'{link.sheet}'!A1", style, string=link.words)


class _Looks:
    """How the cells of one column look, each look made when the first cell has it."""

    def __init__(self, made: Callable[..., Any], column: Column, at: int, cells: dict[str, Any]) -> None:
        self.column, self.cells = column, cells
        self._made, self._at = made, at
        self.number = cache(self._number)

    @cached_property
    def words(self) -> Any:
        """How words look."""
        return self._made(**self.cells | _side(self.column, self._at))

    def _number(self, shown: str) -> Any:
        return self._made(**self.cells | {"align": "right", "num_format": shown})


def _side(column: Column, at: int) -> dict[str, Any]:
    """Give how the cells of a column stand: numbers to the right, words to the left and clear of the numbers beside them."""
    return {"align": "right"} if column.numbers else {"align": "left", "indent": int(at > 0)}


def height(cells: Sequence[tuple[str, int]]) -> int:
    """
    Give how high a row has to be, in points, for every text of it to be seen whole: not every program finds out by itself.

    Args:
        cells: each text with the width of its column, in digits; of letters, which are narrower, a tenth more fit.

    >>> height([("One", 12), ("a word or two more than fits", 12)]) == 3 * LINE
    True
    """
    lines = [sum(_lines(line, width * 11 // 10) for line in stored(text).split("\n")) for text, width in cells]
    return min(max(lines, default=1) * LINE, TALLEST)


def _lines(line: str, width: int) -> int:
    """Give how many lines a text without a break takes; a short one, as most are, takes one."""
    return 1 if len(line) <= width and "\t" not in line else max(len(textwrap.wrap(line, width)), 1)


def table_name(sheet: str) -> str:
    """
    Give the name of a worksheet's table: letters and underscores, which no cell address has.

    >>> table_name("Grant totals")
    'grant_totals_table'
    """
    return f"{slug(sheet).replace('-', '_')}_table"


def digits(number: Decimal | int) -> int:
    """
    Give how many digits it takes to write a number exactly.

    >>> digits(Decimal("1600.00")), digits(10**16)
    (4, 17)
    """
    plain = f"{abs(number):f}"
    return len((plain.rstrip("0").rstrip(".") if "." in plain else plain).replace(".", "").lstrip("0"))


def number_format(number: Decimal | int, places: int | None) -> str:
    """
    Give how a number is shown: thousands apart, with *places* decimals, or with as many as it has, at most four; the cell holds them all.

    >>> number_format(Decimal("97.80"), None), number_format(1600, 2)
    ('#,##0.00', '#,##0.00')
    """
    shown = min(max(-int(Decimal(number).as_tuple().exponent), 0), _MOST_PLACES) if places is None else places
    return f"#,##0.{'0' * shown}" if shown else "#,##0"


def stored(text: str) -> str:
    r"""
    Give a text as a cell can hold it: as it is, but cut where it is too long, and never taken for the markup of rich text.

    >>> stored("One\r\ntwo"), len(stored("x" * 40_000)) == MOST_CHARACTERS
    ('One\ntwo', True)
    >>> stored("<r><t>bold</t></r>")
    '<r><t>bold</t></r> '
    """
    plain = re.sub(r"\r\n?", "\n", text) if "\r" in text else text
    if 2 * len(plain) > MOST_CHARACTERS and len(plain.encode("utf-16-le")) // 2 > MOST_CHARACTERS:
        room = MOST_CHARACTERS - len(CUT)
        plain = plain.encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore") + CUT
    return f"{plain} " if plain.startswith("<r>") and plain.endswith("</r>") else plain
