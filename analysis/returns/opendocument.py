"""An OpenDocument spreadsheet -> its sheets, each cell as it is shown and as it is stored."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from analysis.errors import UnreadableFile
from analysis.returns.cells import MOST_CELLS, MOST_MERGED, RETURN_ID, Cell, Sheet

_SPACES = "{urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE, _TEXT, _META = (f"{_SPACES}{name}:1.0}}" for name in ("table", "office", "text", "meta"))
_FAULT = re.compile(r"Err:\d+")


def open_document(name: str, content: bytes) -> list[Sheet]:
    """
    Give the sheets of an OpenDocument spreadsheet that is known to be safe to open: each text as the file shows it, with what is stored where that differs.

    Raises:
        UnreadableFile: it is not one, or its repeated cells come to too many.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        root, return_id = _part(archive, "content.xml"), _return_id(archive)
        return [_sheet(name, table, return_id) for table in root.iter(f"{_TABLE}table")]
    except UnreadableFile:
        raise
    except Exception as fault:  # noqa: BLE001 - a damaged archive raises whatever its readers raise
        hint = "Save it without a password as .xlsx and send it again."
        raise UnreadableFile(name, [f"cannot be opened as a spreadsheet ({type(fault).__name__})"], hint) from None


def _part(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(archive.read(name))  # noqa: S314 - the parser itself limits what entities grow to


def _return_id(archive: zipfile.ZipFile) -> str:
    """Give what a form that was sent out is known by, nothing where a document is no such form."""
    if "meta.xml" not in archive.namelist():
        return ""
    properties = _part(archive, "meta.xml").iter(f"{_META}user-defined")
    return next(("".join(one.itertext()).strip() for one in properties if one.get(f"{_META}name") == RETURN_ID), "")


def _sheet(name: str, table: ElementTree.Element, return_id: str) -> Sheet:
    cells: dict[tuple[int, int], Cell] = {}
    merged: list[tuple[int, int, int, int]] = []
    hidden = False
    row = 1
    for line in _rows(table):
        times = int(line.get(f"{_TABLE}number-rows-repeated", "1"))
        found, spans = _cells(line)
        if found and times * len(found) + len(cells) > MOST_CELLS:
            raise UnreadableFile(name, [f"holds more than {MOST_CELLS:,} cells"], "Send the return only.")
        hidden |= bool(found) and line.get(f"{_TABLE}visibility", "visible") != "visible"
        for number in range(row, row + times) if found else ():
            cells |= {(number, column): cell for column, cell in found.items()}
        merged += [(row, column, row + down - 1, column + right - 1) for column, down, right in spans]
        if sum(down * right for _, down, right in spans) > MOST_MERGED:
            raise UnreadableFile(name, [f"merges more than {MOST_MERGED:,} cells"], "Unmerge what lies outside the table and send it again.")
        row += times
    hidden |= any(one.get(f"{_TABLE}visibility", "visible") != "visible" for one in table.iter(f"{_TABLE}table-column"))
    remarks = ("rows or columns are hidden; they are read all the same",) if hidden else ()
    return Sheet(table.get(f"{_TABLE}name", ""), cells, merged, remarks, return_id=return_id)


def _rows(part: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """Give the rows of a table in order, also those in groups."""
    for child in part:
        if child.tag == f"{_TABLE}table-row":
            yield child
        elif child.tag in (f"{_TABLE}table-row-group", f"{_TABLE}table-header-rows", f"{_TABLE}table-rows"):
            yield from _rows(child)


def _cells(line: ElementTree.Element) -> tuple[dict[int, Cell], list[tuple[int, int, int]]]:
    """Give the cells of a row that hold something, by column, and which of them span how many rows and columns."""
    found: dict[int, Cell] = {}
    spans = []
    column = 1
    for cell in line:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        times = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        text = "\n".join(_words(paragraph) for paragraph in cell.findall(f"{_TEXT}p"))
        held = cell.get(f"{_OFFICE}value", "")
        text = text if text.strip() else held
        if text.strip():
            stored = cell.get(f"{_TABLE}formula", "").removeprefix("of:") or held
            shown = "#VALUE!" if _FAULT.fullmatch(text.strip()) else text
            if times + len(found) > MOST_CELLS:
                times = MOST_CELLS + 1  # told as too many by the sheet
            found |= dict.fromkeys(range(column, column + times), Cell(shown, stored if stored != shown else "", held))
        down, right = (int(cell.get(f"{_TABLE}number-{way}-spanned", "1")) for way in ("rows", "columns"))
        spans += [(column, down, right)] if text.strip() and (down, right) != (1, 1) else []
        column += times
    return found, spans


def _words(part: ElementTree.Element) -> str:
    """Give the text of a paragraph: runs of spaces, tabs and line breaks are elements of their own."""
    said = part.text or ""
    for child in part:
        if child.tag == f"{_TEXT}s":
            said += " " * int(child.get(f"{_TEXT}c", "1"))
        elif child.tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
            said += "\t" if child.tag.endswith("tab") else "\n"
        elif child.tag != f"{_OFFICE}annotation":
            said += _words(child)
        said += child.tail or ""
    return said
