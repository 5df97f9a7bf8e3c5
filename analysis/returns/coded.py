"""A large CSV file -> its columns, coded: the same texts that `csv.reader` gives, without a million small lists."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.frames import Words

_MOST_ABOVE = 200
"""In how many rows the headings must be found."""
_BREAKS = np.array([*b",\n\r"], dtype=np.uint8)
_QUOTE = ord('"')


@dataclass(frozen=True)
class Coded:
    """
    A CSV file in two parts.

    Attributes:
        above: its first rows, as `csv.reader` gives them.
        columns: the texts of all other rows, column by column, as codes; "" where a row is shorter than others.
        rows: how many other rows there are; a blank line is a row of blanks.
        utf8: whether it was in UTF-8, or else had to be read as Windows-1252.
    """

    above: list[list[str]]
    columns: list[Words]
    rows: int
    utf8: bool


class Opened:
    """A CSV file of which the first rows are looked at one by one, and the others then taken by columns."""

    def __init__(self, content: bytes) -> None:
        """Decode it; what is no UTF-8 is read as Windows-1252, as small files are."""
        try:
            text, self.utf8 = content.decode("utf-8-sig"), True
        except UnicodeDecodeError:
            text, self.utf8 = content.decode("cp1252", errors="replace"), False
        self._text = io.StringIO(text, newline="")
        self._taken = 0
        self.above: list[list[str]] = []

    def _lines(self) -> Iterator[str]:
        for line in self._text:
            self._taken += len(line)
            yield line

    def rows(self) -> Iterator[list[str]]:
        """
        Give its first rows, one by one; each that is asked for stays above those that are then taken by columns.

        Raises:
            csv.Error: it is not well-formed.
        """
        for values in csv.reader(self._lines(), strict=True):
            self.above.append(values)
            yield values
            if len(self.above) == _MOST_ABOVE:
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
        return Coded(self.above, columns, len(columns[0].codes) if columns else 0, self.utf8)


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
