"""A large CSV file -> its columns, coded: the same texts that `csv.reader` gives, without a million small lists."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from analysis.frames import Words
from analysis.returns.cells import Cell

MOST_ABOVE = 200
"""In how many rows the headings must be found."""
_BREAKS = np.array([*b",\n\r"], dtype=np.uint8)
_QUOTE = ord('"')


@dataclass(frozen=True)
class Coded:
    """
    The rows of a sheet from some row on.

    Attributes:
        first: the number of the first of them.
        columns: their texts, column by column, as codes; "" where there is no cell.
        rows: how many there are; a blank line is a row of blanks.
        others: of each column the cells that are more than what they show, by their code; nothing where none is, as in CSV.
    """

    first: int
    columns: list[Words]
    rows: int
    others: list[dict[int, Cell]] = field(default_factory=list)

    def line(self, place: int, there: Sequence[np.ndarray]) -> dict[int, Cell]:
        """Give the cells of a row by their column, of those that are *there*."""
        own = [column for column in range(len(self.columns)) if there[column][place]]
        return {column + 1: self._cell(column, self.columns[column].codes[place]) for column in own}

    def _cell(self, column: int, code: int) -> Cell:
        other = self.others[column].get(code) if self.others else None
        return other or Cell(self.columns[column].names[code])

    def hiding(self) -> np.ndarray:
        """Say which rows have a cell that hides digits."""
        found = np.zeros(self.rows, dtype=bool)
        for words, cells in zip(self.columns, self.others, strict=False):
            if hidden := [code for code, cell in cells.items() if cell.hides_digits]:
                found |= np.isin(words.codes, hidden)
        return found

    def stored(self) -> list[list[str]]:
        """Give what is stored under each text of a column, where it is not what is shown; nothing where it always is."""
        if not any(cell.stored for cells in self.others for cell in cells.values()):
            return []
        return [
            [cells[code].stored if code in cells else "" for code in range(len(words.names))] for words, cells in zip(self.columns, self.others, strict=True)
        ]


class Opened:
    """A CSV file of which the first rows are looked at one by one, and the others then taken by columns."""

    title = ""

    def __init__(self, content: bytes) -> None:
        """Decode it; what is no UTF-8 is read as Windows-1252, as small files are."""
        try:
            text, self.utf8 = content.decode("utf-8-sig"), True
        except UnicodeDecodeError:
            text, self.utf8 = content.decode("cp1252", errors="replace"), False
        self._text = io.StringIO(text, newline="")
        self._taken = self._above = 0

    def _lines(self) -> Iterator[str]:
        for line in self._text:
            self._taken += len(line)
            yield line

    def rows(self) -> Iterator[tuple[int, dict[int, Cell]]]:
        """
        Give its first rows that hold something, each with its number; what is asked for is not among those that are then taken by columns.

        Raises:
            csv.Error: it is not well-formed.
        """
        for row, values in enumerate(csv.reader(self._lines(), strict=True), start=1):
            self._above = row
            if line := {column: Cell(text) for column, text in enumerate(values, start=1) if text.strip()}:
                yield row, line
            if row == MOST_ABOVE:
                return

    def rest(self) -> Coded:
        """
        Give all rows that were not looked at, by columns.

        Raises:
            csv.Error: it is not well-formed.
        """
        text = self._text.getvalue()[self._taken :]
        self._text.close()
        content = text.encode("utf-8")
        columns = _by_arrow(content) if _is_plain(content) else None
        if columns is None:
            columns = _by_reader(text)
        return Coded(self._above + 1, columns, len(columns[0].codes) if columns else 0)


def _is_plain(content: bytes) -> bool:
    """
    Say whether every quotation mark opens or closes a cell, or is one of two inside one, and lines end in one way.

    Readers agree on such a file. On others they do not: `csv.reader` keeps a mark in the middle of a cell, and refuses text after a closed one.
    """
    if content.count(b"\r") != content.count(b"\r\n"):
        return False
    letters = np.frombuffer(content, dtype=np.uint8)
    marks = np.flatnonzero(letters == _QUOTE)
    if len(marks) % 2:
        return False
    opening, closing = marks[::2], marks[1::2]
    before = np.where(opening == 0, ord("\n"), letters[opening - 1])
    after = np.where(closing == len(letters) - 1, ord("\n"), letters[np.minimum(closing + 1, len(letters) - 1)])
    doubled = np.zeros(len(letters) + 1, dtype=bool)
    doubled[closing + 1] = True
    return bool((np.isin(before, _BREAKS) | doubled[opening]).all() and (np.isin(after, _BREAKS) | (after == _QUOTE)).all())


def _by_arrow(content: bytes) -> list[Words] | None:
    """Give the columns as Arrow reads them, or None where rows are of different lengths, or blank, or a cell is longer than `csv.reader` takes."""
    import pyarrow as pa
    from pyarrow import compute
    from pyarrow import csv as arrow_csv

    if not content:
        return []
    width = _width(content)
    names = [str(number) for number in range(width)]
    if width < 2 or content.startswith((b"\n", b"\r")):
        return None
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(content),
            arrow_csv.ReadOptions(column_names=names, block_size=1 << 23),
            arrow_csv.ParseOptions(newlines_in_values=b'"' in content, ignore_empty_lines=False),
            arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, quoted_strings_can_be_null=False),
        )
    except pa.ArrowInvalid:
        return None
    columns = []
    for name in names:
        column = table[name].combine_chunks().dictionary_encode()
        if (compute.max(compute.binary_length(column.dictionary)).as_py() or 0) > csv.field_size_limit():
            return None
        columns.append(Words(column.indices.to_numpy(), column.dictionary.to_pylist()))
    return columns


def _width(content: bytes) -> int:
    """Give how many cells the first row has."""
    first = io.TextIOWrapper(io.BytesIO(content[: 1 << 20]), encoding="utf-8", errors="replace", newline="")
    return len(next(csv.reader(first), []))


def _by_reader(text: str) -> list[Words]:
    """Give the columns as `csv.reader` reads them, whatever the lengths of its rows."""
    places: list[dict[str, int]] = []
    codes: list[list[int]] = []
    number = 0
    for number, values in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1):
        for _ in range(len(values) - len(places)):
            places.append({"": 0})
            codes.append([0] * (number - 1))
        for column, place in enumerate(places):
            codes[column].append(place.setdefault(values[column], len(place)) if column < len(values) else 0)
    return [Words(np.array(column, dtype=np.int32), list(place)) for column, place in zip(codes, places, strict=True)] or [
        Words(np.zeros(number, dtype=np.int32), [""])
    ]
