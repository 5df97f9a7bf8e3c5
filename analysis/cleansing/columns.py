"""The ordinary rows of a large table -> observations, column by column: each different text is cleansed, read and looked up once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

import numpy as np
import pandas as pd

from analysis import frames, quarters, values
from analysis.cleansing.records import Known, plain_key, polarity, rounds_to, status_is_known
from analysis.cleansing.rules import SURE, cleanse
from analysis.errors import UnreadableValue
from analysis.frames import Words
from analysis.frames.columns import from_columns
from analysis.vocabulary import Reason

_REGISTERED = ("measure_id", "theme", "number", "measure", "polarity", "unit", "kind", "policy", "reports_in")
_AS_WRITTEN = ("data_period", "note", "commentary", "source", "transcription_note")
_COUNTS = ("numerator", "denominator", "rank", "decimals")


class Table(Protocol):
    """What of a large table is asked for here; `returns` makes it."""

    where: dict[str, str]
    row: np.ndarray
    stated: dict[str, tuple[str, str]]
    outcome: str

    @property
    def texts(self) -> dict[str, Words]:
        """The texts of each field that has a column."""

    @property
    def kinds(self) -> dict[str, str]:
        """How each field is read."""

    @property
    def letters(self) -> dict[str, str]:
        """The letters of each field's column."""

    def entries(self, places: Sequence[int] | np.ndarray) -> list[dict[str, Any]]:
        """Give the entries of some rows."""

    def cells(self, places: slice | np.ndarray = slice(None), *, unused_only: bool = False) -> pd.DataFrame:
        """Give the cells of some rows."""

    def tally(self) -> dict[str, int]:
        """Give how many cells there are of each outcome."""


@dataclass(frozen=True)
class Cleaned:
    """A column of which every different text is cleansed: each cell's code is its place in `raw`, `text` and `repairs`."""

    codes: np.ndarray
    raw: list[str]
    text: list[str]
    repairs: list[str]

    def each(self, what: list[str]) -> np.ndarray:
        """Give each cell its own of a list of texts."""
        return _objects(what)[self.codes]


@dataclass(frozen=True)
class Figures:
    """A column of figures: each cell's place in columns that hold each different reading once."""

    place: np.ndarray
    columns: dict[str, np.ndarray]
    plain: np.ndarray


class Measures:
    """The register of measures by columns, each with its place."""

    @classmethod
    def of(cls, known: Known) -> Measures:
        """Give the measures that are known, put in columns once."""
        if known.by_columns is None:
            known.by_columns = cls(known)
        return known.by_columns

    def __init__(self, known: Known) -> None:
        """Take what `known` looks up one by one."""
        register, places = known.register, list(known.places.values())
        self.columns = {name: _objects(register[name])[places] for name in _REGISTERED}
        self.arrears = np.array([int(months) for months in register["arrears"]], dtype=np.int64)[places]
        self.tolerance = _objects([Decimal(points) for points in register["tolerance"]])[places]
        self.units, self.unit = _numbered(self.columns["unit"])
        self.kinds, self.kind = _numbered(self.columns["kind"])
        self.polarities, self.polarity = _numbered(self.columns["polarity"])
        self.keys, self.key = _numbered([plain_key(name) for name in self.columns["measure_id"]])
        self.titles, self.title = _numbered(self.columns["measure"])
        self._themes, theme = _numbered([name for name, _ in known.places])
        self._numbers, number = _numbered([name for _, name in known.places])
        self._index = pd.Index(theme * max(len(self._numbers), 1) + number)

    def places(self, theme: Cleaned, number: Cleaned) -> np.ndarray:
        """Give the place of the measure that each row names, -1 where the register has none."""
        themes = np.array([self._themes.get(plain_key(text), -1) for text in theme.text], dtype=np.int64)[theme.codes]
        numbers = np.array([self._numbers.get(text, -1) for text in number.text], dtype=np.int64)[number.codes]
        found = self._index.get_indexer(themes * max(len(self._numbers), 1) + numbers)
        return np.where((themes < 0) | (numbers < 0), -1, found)


def _numbered(names: Sequence[str] | np.ndarray) -> tuple[dict[str, int], np.ndarray]:
    """Give each different name a number, and each name its own."""
    number: dict[str, int] = {}
    each = [number.setdefault(name, len(number)) for name in names]
    return number, np.array(each, dtype=np.int64)


def _objects(values_: Sequence[Any]) -> np.ndarray:
    made = np.empty(len(values_), dtype=object)
    made[:] = values_
    return made


_MENDED: dict[tuple[str, str], tuple[str, str]] = {}
_MOST_KEPT = 100_000
"""What the rules made of texts, kept from file to file: they make the same of each every time, and a call costs as much as many texts."""


def cleaned(words: Words, kind: str) -> Cleaned:
    """Give a column with each different text cleansed by the rules of its kind; a blank cell is an empty text."""
    import pyarrow as pa
    from pyarrow import compute

    raw, text, repairs = list(words.names), list(words.names), [""] * len(words.names)
    sure = compute.match_substring_regex(pa.array(raw, pa.string()), SURE[kind]).to_numpy(zero_copy_only=False) if raw else np.zeros(0, dtype=bool)
    for place in np.flatnonzero(~sure).tolist():
        raw[place] = raw[place] if raw[place].strip() else ""
    doubtful = [place for place in np.flatnonzero(~sure).tolist() if (kind, raw[place]) not in _MENDED]
    if len(_MENDED) + len(doubtful) > _MOST_KEPT:
        _MENDED.clear()
        doubtful = np.flatnonzero(~sure).tolist()
    if doubtful:
        clean = cleanse(frames.make([{"row": place, "kind": kind, "raw": raw[place]} for place in doubtful], frames.ENTRIES))
        mended = zip(clean["text"].tolist(), clean["repairs"].tolist(), strict=True)
        _MENDED.update(zip([(kind, raw[place]) for place in doubtful], mended, strict=True))
    for place in np.flatnonzero(~sure).tolist():
        text[place], repairs[place] = _MENDED[kind, raw[place]]
    return Cleaned(words.codes, raw, text, repairs)


@dataclass(frozen=True)
class Themes:
    """
    The theme of each row of a table.

    Attributes:
        column: the texts.
        above: the place of the row from which a blank one has it, -1 where it has its own; from the table's size on, a place in *others*.
        others: entries of themes of rows that are none of the table's.
    """

    column: Cleaned
    above: np.ndarray
    others: list[dict[str, Any] | None]

    def entry(self, table: Table, place: int) -> dict[str, Any]:
        """Give the entry that a place of `above` stands for."""
        of_another = self.others[place - len(table.row)] if place >= len(table.row) else None
        return of_another or next(entry for entry in table.entries([place]) if entry["field"] == "theme")

    def carried(self, table: Table, places: np.ndarray) -> list[dict[str, Any]]:
        """Give an entry for each row that has its theme from above."""
        return [self.entry(table, int(self.above[place])) | {"row": int(table.row[place])} for place in places if self.above[place] >= 0]


class Ordinary:
    """
    The rows of a large table, each with the measure that it is of; `plain` says which of them are read here, the others go one by one.

    Attributes:
        table: the rows as they were read.
        measure: the place of each row's measure in the register; -1 where it has none.
        plain: which rows make an observation of which nothing has to be told.
    """

    def __init__(self, table: Table, measures: Measures, theme: Themes) -> None:
        """Read every column of the table; its theme is carried down already."""
        self.table, self.measures, self.theme = table, measures, theme
        size = len(table.row)
        kinds, texts = table.kinds, table.texts
        blank = Words(np.zeros(size, dtype=np.int32), [""])
        self.column = {name: cleaned(texts.get(name, blank), kinds.get(name, "words")) for name in ("number", "measure", "polarity", "published_status")}
        self.column |= {name: cleaned(texts.get(name, blank), kinds.get(name, "words")) for name in _AS_WRITTEN}
        self.measure = measures.places(theme.column, self.column["number"])
        known = self.measure >= 0
        unit = np.where(known, measures.unit[self.measure], 0)
        self.figures = {name: _figures(cleaned(texts.get(name, blank), "figure"), unit, list(measures.units)) for name in ("target", "actual")}
        self.plain = known & self._titles_agree() & self._ways_agree()
        self.plain &= _each(self.column["published_status"], status_is_known)
        for figures in self.figures.values():
            self.plain &= figures.plain[figures.place]

    def _titles_agree(self) -> np.ndarray:
        """Say where the title is the register's, but for case, spaces and punctuation."""
        title, measures = self.column["measure"], self.measures
        codes = np.array([measures.titles.get(text, -1) for text in title.text], dtype=np.int64)[title.codes]
        same = np.asarray(codes == measures.title[self.measure])
        names = list(measures.titles)
        for place in np.flatnonzero(~same & (self.measure >= 0)):
            same[place] = plain_key(title.text[title.codes[place]]) == plain_key(names[measures.title[self.measure[place]]])
        return same

    def _ways_agree(self) -> np.ndarray:
        """Say where which way is good is blank, or as the register says."""
        typed, measures = self.column["polarity"], self.measures
        codes = np.array([measures.polarities.get(polarity(text), -2) if text else -1 for text in typed.text], dtype=np.int64)[typed.codes]
        return (codes == -1) | (codes == measures.polarity[self.measure])

    def keys(self) -> np.ndarray:
        """Give what each plain row's measure is told from others by, as a number."""
        return self.measures.key[self.measure[self.plain]]

    def entries(self, places: np.ndarray) -> list[dict[str, Any]]:
        """Give the entries of some rows, with the themes that are carried down to them."""
        return self.table.entries(places) + self.theme.carried(self.table, places)

    def without(self, places: np.ndarray) -> None:
        """Take some rows out of those that are read here."""
        self.plain[places] = False

    def observations(self, start: int = 0, stop: int | None = None) -> pd.DataFrame:
        """Give the plain rows among some rows as a frame of the `OBSERVATIONS` contract, which is not checked yet."""
        places = start + np.flatnonzero(self.plain[start:stop])
        table, measures, measure = self.table, self.measures, self.measure[places]
        row = table.row[places]
        digits = _objects(list(map(str, row.tolist())))
        columns: dict[str, Any] = {name: _same(table.where[name], len(places)) for name in ("quarter", "file", "sheet", "partner")} | {"row": row}
        columns |= {name: column[measure] for name, column in measures.columns.items()}
        columns |= {"arrears": measures.arrears[measure], "tolerance": measures.tolerance[measure]}
        for name, figures in self.figures.items():
            place = figures.place[places]
            columns |= {f"{name}{what}": _taken(column, place) for what, column in figures.columns.items()}
            columns[f"{name}_cell"] = table.letters[name] + digits
        columns["target_annual"] = columns.pop("target_annual").astype(bool)
        for name in _AS_WRITTEN:
            if name in table.letters:
                columns[name] = _objects(self.column[name].text)[self.column[name].codes[places]]
        for name in ("published_status", "commentary"):
            if name in table.letters:
                column = self.column[name]
                there = np.array([bool(text) for text in column.raw], dtype=bool)[column.codes[places]]
                columns[f"{name}_cell"] = np.where(there, table.letters[name] + digits, "")
        columns["published_status"] = _objects(self.column["published_status"].text)[self.column["published_status"].codes[places]]
        covered = _objects([quarters.covered(table.where["quarter"], kind) for kind in measures.kinds])[measures.kind[measure]] if len(places) else digits
        columns["period_covered"] = np.where(columns["data_period"] == "", covered, columns["data_period"]) if "data_period" in columns else covered
        return from_columns(columns, frames.OBSERVATIONS, len(places))


def _same(text: str, number: int) -> np.ndarray:
    made = np.empty(number, dtype=object)
    made[:] = text
    return made


def _taken(column: Any, places: np.ndarray) -> Any:
    return column.take(places) if isinstance(column, pd.arrays.IntegerArray) else column[places]


def _each(column: Cleaned, test: Callable[[str], bool]) -> np.ndarray:
    """Say where a test of the text holds; it is asked once of each different one."""
    return np.array([test(text) for text in column.text], dtype=bool)[column.codes]


def _figures(column: Cleaned, unit: np.ndarray, units: list[str]) -> Figures:
    """Read a column of figures, each different text once for each unit that it stands in."""
    size = len(column.raw)
    pair = unit * size + column.codes
    there = np.zeros(size * max(len(units), 1), dtype=bool)
    there[pair] = True
    pairs = np.flatnonzero(there)
    place = np.zeros(len(there), dtype=np.int32)
    place[pairs] = np.arange(len(pairs))
    unit_of, code = np.divmod(pairs, max(size, 1))
    columns, plain = _read_all([column.text[one] for one in code.tolist()], unit_of, units)
    columns |= {"_raw": _objects(column.raw)[code], "_repairs": _objects(column.repairs)[code]}
    return Figures(place[pair], columns, plain)


def _read_all(text: list[str], unit: np.ndarray, units: list[str]) -> tuple[dict[str, Any], np.ndarray]:
    """Give the columns of a figure for texts, each in its unit, and which of them need no message."""
    size = len(text)
    value, low, high = (np.full(size, None, dtype=object) for _ in range(3))
    reason, of_unit, markers, rule = (_same("", size) for _ in range(4))
    annual, plain = np.zeros(size, dtype=bool), np.ones(size, dtype=bool)
    counts = {name: (np.zeros(size, dtype=np.int64), np.ones(size, dtype=bool)) for name in _COUNTS}
    for number, name in enumerate(units):
        mine = np.flatnonzero(unit == number)
        figures = values.read_plain([text[place] for place in mine.tolist()], name)
        at = mine[figures.which]
        value[at], of_unit[at] = figures.value, figures.unit
        low[at] = high[at] = figures.value
        counts["decimals"][0][at], counts["decimals"][1][at] = figures.decimals, False
        for place in np.delete(mine, figures.which).tolist():
            try:
                one = values.read(text[place], name)
            except UnreadableValue:
                plain[place] = False
                continue
            value[place], low[place], high[place] = one.value, one.low, one.high
            reason[place], of_unit[place], markers[place], rule[place] = str(one.reason or ""), one.unit, " ".join(one.markers), one.rule
            annual[place] = one.annual
            for what, (held, missing) in counts.items():
                if (found := getattr(one, what)) is not None:
                    held[place], missing[place] = found, False
            plain[place] = not one.flags and one.reason is not Reason.FORMULA_ERROR and rounds_to(one)
    columns = {"": value, "_low": low, "_high": high, "_reason": reason, "_unit": of_unit, "_markers": markers, "_rule": rule, "_annual": annual}
    return columns | {f"_{name}": pd.arrays.IntegerArray(*held) for name, held in counts.items()}, plain
