"""
A large XLSX file of one sheet -> its columns, coded: the same cells that openpyxl gives, without an object for each of a million.

The sheet is gone through in parts, so that it never stands unpacked in memory. What a cell shows depends on its type, its style and its content alone, so each
different one is read once: a plain text and a plain number here, all others (formats, dates, rich text, errors) by openpyxl, from a sheet of only them.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import unescape

import numpy as np

from analysis.frames import Words
from analysis.returns.cells import Cell
from analysis.returns.coded import MOST_ABOVE, Coded
from analysis.returns.files import LARGEST_BYTES, number_cell, xlsx_sheets

_MOST_UNPACKED = 1_000_000_000
_MOST_PLACES = 50_000_000
_LEAST_ROW = 60
"""Bytes of a row of two cells: a file that is smaller than so much a row cannot be large."""
_AT_ONCE = 1 << 21
_COLUMNS = 1 << 15
"""More than a sheet can have."""
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_UNUSUAL = (b"<f>", b"<f ", b"<f/", b"<!", b"<mergeCell ", b' hidden="1"', b' hidden="true"', b" hidden='1'", b" hidden='true'")
"""Formulas, comments and such, merged and hidden cells: such a sheet is read cell by cell."""
_AFTER_NAME = np.array([*b" >/\t\r\n"], dtype=np.uint8)
_LONGEST_PLACE = 32
"""Bytes that the place of a cell takes at most, with the name of its element."""
_OTHER_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-8[\"'])", re.IGNORECASE)
_SHARED = r'^(?: s="[0-9]+")? t="s"(?: s="[0-9]+")?><v>(?P<place>[0-9]+)</v></c>$'
_NUMBER = r'^(?: s="(?P<style>[0-9]+)")?(?: t="n")?><v>(?P<number>[-+.0-9Ee]+)</v></c>$'
_AS_SHOWN = r"^(?:0|-?[1-9][0-9]{0,14}|-?0\.(?:[1-9]|0[1-9]|00[1-9]|000[1-9])(?:[0-9]{0,9}[1-9])?|-?[1-9][0-9]{0,6}\.[0-9]{0,6}[1-9])$"
"""A number as it is shown: of 15 digits at most, without an exponent, a nought at its end, or so many in front that Python gives it one."""
_BLANK = r"^[^<]*/>$"
_ITEM = re.compile(r'<si>(?:<t(?: xml:space="preserve")?>([^<]*)</t></si>|(.*?)</si>)|<si/>', re.DOTALL)
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)")
_QUOTES = {"&quot;": '"', "&apos;": "'"}
_STYLE = re.compile(rb' s="[0-9]+"')


class _Otherwise(Exception):
    """The file is not one that can be read by columns."""


class OpenedSheet:
    """The sheet of an XLSX file, of which the first rows are looked at one by one, and the others then taken by columns."""

    utf8 = True

    def __init__(self, title: str, columns: list[Words], others: list[dict[int, Cell]], rows: int) -> None:
        """Take its columns, and of each the cells that are more than what they show, by their code."""
        self.title, self._all = title, Coded(1, columns, rows, others)
        self._taken = 0

    def rows(self) -> Iterator[tuple[int, dict[int, Cell]]]:
        """Give its first rows that hold something, each with its number; what is asked for is not among those that are then taken by columns."""
        there = [np.array([bool(name.strip()) for name in words.names], dtype=bool)[words.codes[:MOST_ABOVE]] for words in self._all.columns]
        for place in range(min(self._all.rows, MOST_ABOVE)):
            self._taken = place + 1
            if line := self._all.line(place, there):
                yield place + 1, line

    def rest(self) -> Coded:
        """Give all rows that were not looked at, by columns."""
        columns = [Words(words.codes[self._taken :], words.names) for words in self._all.columns]
        return Coded(self._taken + 1, columns, self._all.rows - self._taken, self._all.others)


def open_sheet(name: str, content: bytes, fewest: int) -> OpenedSheet | None:
    """
    Open an XLSX file to be read by columns.

    Args:
        name: the file's name.
        content: its bytes.
        fewest: how many rows it has at least.

    Returns:
        Its one sheet; None where it is smaller, has several sheets, formulas, merged or hidden cells, or is in any way not as the common programs write it.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        sheet = _one_sheet(archive, fewest)
        return _opened(name, _title(archive), archive, sheet, fewest)
    except Exception:  # noqa: BLE001 - whatever it is, the file is then read cell by cell, which tells it
        return None


def _one_sheet(archive: zipfile.ZipFile, fewest: int) -> zipfile.ZipInfo:
    """Give the one sheet of a file that is large, and safe to unpack."""
    members = archive.infolist()
    sheets = [member for member in members if re.fullmatch(r"xl/(?:worksheets|chartsheets)/[^/]+\.xml", member.filename, re.IGNORECASE)]
    if len(sheets) != 1 or not fewest * _LEAST_ROW <= sheets[0].file_size <= _MOST_UNPACKED:
        raise _Otherwise
    if sum(member.file_size for member in members if member is not sheets[0]) > LARGEST_BYTES:
        raise _Otherwise
    if any(member.filename.casefold().endswith("vbaproject.bin") for member in members):
        raise _Otherwise
    return sheets[0]


def _title(archive: zipfile.ZipFile) -> str:
    sheets = ElementTree.fromstring(archive.read("xl/workbook.xml")).findall(f"{{{_MAIN}}}sheets/{{{_MAIN}}}sheet")  # noqa: S314 - the parser itself limits what entities grow to
    if len(sheets) != 1 or sheets[0].get("state", "visible") != "visible":
        raise _Otherwise
    return sheets[0].attrib["name"]


def _opened(name: str, title: str, archive: zipfile.ZipFile, sheet: zipfile.ZipInfo, fewest: int) -> OpenedSheet:
    place, code, written = _scanned(archive, sheet)
    row, column = np.divmod(place, _COLUMNS)
    rows, width = (int(of.max(initial=0)) for of in (row, column))
    if rows < fewest or rows * width > _MOST_PLACES or not (np.diff(place) > 0).all():  # in order, and none twice
        raise _Otherwise
    texts, cells = _Reading(name, archive, sheet.filename).cells(written)
    columns, others = [], []
    for number in range(1, width + 1):
        mine = column == number
        is_own = np.zeros(len(written), dtype=bool)
        is_own[code[mine]] = True
        own = np.flatnonzero(is_own)
        every = np.zeros(rows, dtype=np.int32)
        every[row[mine] - 1] = np.cumsum(is_own)[code[mine]]
        columns.append(Words(every, ["", *texts[own].tolist()]))
        others.append({place: cells[one] for place, one in enumerate(own.tolist(), start=1) if one in cells})
    return OpenedSheet(title, columns, others, rows)


def _scanned(archive: zipfile.ZipFile, sheet: zipfile.ZipInfo) -> tuple[np.ndarray, np.ndarray, list[bytes]]:
    """Give the place of each cell (its row times `_COLUMNS`, and its column), its code, and what each code stands for: all but its place, as written."""
    import pyarrow as pa

    number: dict[bytes, int] = {}
    places, codes = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for part in _parts(archive, sheet):
        if any(mark in part for mark in _UNUSUAL):
            raise _Otherwise
        begin, end, place = _cells(part)
        if len(begin):
            between = np.stack([begin, end], axis=1).ravel().astype(np.int32)  # what is written of a cell, and what is not, in turns
            own = pa.BinaryArray.from_buffers(pa.binary(), len(between) - 1, [None, pa.py_buffer(between.tobytes()), pa.py_buffer(part)])
            own = own.take(pa.array(np.arange(0, len(between), 2))).dictionary_encode()
            places.append(place)
            codes.append(np.array([number.setdefault(one, len(number)) for one in own.dictionary.to_pylist()], dtype=np.int64)[own.indices.to_numpy()])
    return np.concatenate(places), np.concatenate(codes), list(number)


def _cells(part: bytes) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give of each cell of some rows where what is written of it begins, after its place, and where it ends; and its place."""
    letters = np.frombuffer(part + bytes(_LONGEST_PLACE), dtype=np.uint8)
    tags = np.flatnonzero(letters == ord("<"))
    first, second, third = (letters[tags + place] for place in (1, 2, 3))
    is_cell = (first == ord("c")) & np.isin(second, _AFTER_NAME)
    ends_row = (first == ord("/")) & (second == ord("r")) & (third == ord("o"))
    starts, stops = tags[is_cell], tags[is_cell | ends_row]
    if any((letters[starts + place] != letter).any() for place, letter in enumerate(b'<c r="')):
        raise _Otherwise
    column, at = _written_at(letters, starts + 6, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", least=1, most=3)
    row, at = _written_at(letters, at, b"0123456789", least=0, most=7)
    if (letters[at] != ord('"')).any() or (column == 0).any() or (row == 0).any():
        raise _Otherwise
    end = stops[np.searchsorted(stops, starts) + 1] if len(starts) else starts
    return at + 1, end, row * _COLUMNS + column


def _written_at(letters: np.ndarray, at: np.ndarray, digits: bytes, least: int, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Give the number that is written at each of some places in digits of which the first counts *least*, and where it ends."""
    number, more = np.zeros(len(at), dtype=np.int64), np.ones(len(at), dtype=bool)
    for _ in range(most):
        digit = letters[at].astype(np.int64) - digits[0]
        more &= (digit >= 0) & (digit < len(digits))
        number[more] = number[more] * len(digits) + digit[more] + least
        at = at + more
    return number, at


def _parts(archive: zipfile.ZipFile, sheet: zipfile.ZipInfo) -> Iterator[bytes]:
    """Give the sheet in parts that end where a row ends."""
    left, named = b"", 0
    with archive.open(sheet) as stream:
        while read := stream.read(_AT_ONCE):
            whole, end, rest = (left + read).rpartition(b"</row>")
            left = rest
            named += whole.count(_MAIN.encode())
            if _OTHER_ENCODING.match(read):
                raise _Otherwise
            yield whole + end
    if named + left.count(_MAIN.encode()) != 1:  # another name for it would be one for cells too
        raise _Otherwise
    yield left


class _Reading:
    """What is needed to read cells: the shared texts, and which styles show a number as it is."""

    def __init__(self, name: str, archive: zipfile.ZipFile, sheet: str) -> None:
        self._name, self._archive, self._sheet = name, archive, sheet
        self._texts, self._items = self._shared()
        self._general = self._general_styles()

    def _shared(self) -> tuple[list[str | None], list[str]]:
        """Give each shared text, None where it is more than a plain one, and all of them as written."""
        if "xl/sharedStrings.xml" not in self._archive.namelist():
            return [], []
        content = self._archive.read("xl/sharedStrings.xml")
        text = content[content.find(b"<si") :].decode("utf-8")
        items = _ITEM.findall(text)
        if len(items) != text.count("<si>") + text.count("<si ") + text.count("<si/") or any(mark in text for mark in ("<!", "x005F_", "\r")):
            raise _Otherwise
        if _OTHER_ENCODING.match(content):
            raise _Otherwise
        texts = [None if rich else plain if "&" not in plain else self._without_entities(plain) for plain, rich in items]
        return texts, [rich or f"<t>{plain}</t>" for plain, rich in items]

    @staticmethod
    def _without_entities(plain: str) -> str | None:
        return None if _ENTITY.search(plain) else unescape(plain, _QUOTES)

    def _general_styles(self) -> set[str]:
        """Give the styles that show a number as it is, as they are written; a cell without one has the first."""
        root = ElementTree.fromstring(self._archive.read("xl/styles.xml"))  # noqa: S314 - as above
        general = {one.get("numFmtId") for one in root.iter(f"{{{_MAIN}}}numFmt") if one.get("formatCode") == "General"} | {"0", None}
        styles = [one.get("numFmtId") in general for one in root.findall(f"{{{_MAIN}}}cellXfs/{{{_MAIN}}}xf")]
        return {str(number) for number, is_general in enumerate(styles) if is_general} | ({""} if styles[:1] != [False] else set())

    def cells(self, written: list[bytes]) -> tuple[np.ndarray, dict[int, Cell]]:
        """Give what each of several cells shows, as written, and those that are more than that."""
        import pyarrow as pa
        from pyarrow import compute

        asked = pa.array([one.decode("utf-8") for one in written], pa.string())
        texts = np.full(len(written), None, dtype=object)
        texts[compute.match_substring_regex(asked, _BLANK).to_numpy(zero_copy_only=False)] = ""
        shared = compute.struct_field(compute.extract_regex(asked, _SHARED), "place")
        of_shared = np.flatnonzero(shared.is_valid().to_numpy(zero_copy_only=False))
        if len(of_shared):
            texts[of_shared] = np.array(self._texts, dtype=object)[shared.drop_null().cast(pa.int64()).to_numpy()]
        cells = self._numbers(compute.extract_regex(asked, _NUMBER), texts)
        others = [place for place, text in enumerate(texts) if text is None]
        cells |= zip(others, self._by_openpyxl([written[place] for place in others]), strict=True)
        for place, cell in cells.items():
            texts[place] = cell.text
        return texts, cells

    def _numbers(self, found: Any, texts: np.ndarray) -> dict[int, Cell]:
        """Put in their places the numbers that are in no format and shown as they are written; give those that are shown otherwise."""
        from pyarrow import compute

        places = np.flatnonzero(found.is_valid().to_numpy(zero_copy_only=False))
        style, number = found.drop_null().flatten()
        general = np.array([one in self._general for one in style.to_pylist()], dtype=bool)
        plain = general & compute.match_substring_regex(number, _AS_SHOWN).to_numpy(zero_copy_only=False)
        digits = number.to_numpy(zero_copy_only=False)
        texts[places[plain]] = digits[plain]
        others = np.flatnonzero(general & ~plain)
        cells = {int(places[one]): number_cell(float(digits[one]) if set(digits[one]) & set(".Ee") else int(digits[one]), "General") for one in others}
        for place, cell in cells.items():
            texts[place] = cell.text
        return cells

    def _by_openpyxl(self, written: list[bytes]) -> list[Cell]:
        """Let openpyxl read cells, from a copy of the file with a sheet of nothing else."""
        if not written:
            return []
        lines = b"".join(b'<row r="%d"><c r="A%d"%b</row>' % (row, row, self._alone(one)) for row, one in enumerate(written, start=1))
        replaced = {
            self._sheet: b'<worksheet xmlns="%b"><sheetData>%b</sheetData></worksheet>' % (_MAIN.encode(), lines),
            "xl/sharedStrings.xml": b'<sst xmlns="%b"/>' % _MAIN.encode(),
        }
        copy = io.BytesIO()
        with zipfile.ZipFile(copy, "w") as archive:
            for member in self._archive.namelist():
                if not member.startswith("xl/worksheets/_rels/"):
                    archive.writestr(member, replaced.get(member) or self._archive.read(member))
        found = xlsx_sheets(self._name, copy.getvalue())[0].cells
        return [found.get((row, 1), Cell("")) for row in range(1, len(written) + 1)]

    def _alone(self, written: bytes) -> bytes:
        """Give a cell with its shared text in it."""
        if (found := re.match(_SHARED, written.decode("utf-8"))) is None:
            return written
        style = _STYLE.search(written.partition(b">")[0])
        return b'%b t="inlineStr"><is>%b</is></c>' % (style[0] if style else b"", self._items[int(found["place"])].encode("utf-8"))
