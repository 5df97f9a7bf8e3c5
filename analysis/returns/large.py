"""A large table of the performance form: its ordinary rows by columns, the others one by one as in a small return."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis import frames
from analysis.frames import Words
from analysis.frames.columns import from_columns
from analysis.returns.cells import Cell, Sheet
from analysis.returns.coded import Coded, Opened
from analysis.returns.coded_xlsx import OpenedSheet, open_sheet
from analysis.returns.files import NOT_UTF8
from analysis.returns.forms import BESIDE_A_FIGURE, FORMS, folded, letters_of
from analysis.returns.gathering import Issues
from analysis.returns.headings import Accepted, Heading, Known, heading_of, known_headings, names_heading
from analysis.returns.sheets import Part, Progress, is_called_total, record, tell_empty, why_ignored
from analysis.vocabulary import Outcome, Severity, Stage

LARGE = 20_000
"""From how many lines a file is read by columns: below it little is gained."""
_FORM = "performance"
_FEWEST = 3
"""A row of fewer cells may be a label of a header block, a note or a title."""
_GRAPHIC = r"[!-~]"
_MAY_BE_TOTAL = r"(?i)^[\W_]*(?:g[\W_]*r[\W_]*a[\W_]*n[\W_]*d[\W_]*)?t[\W_]*o[\W_]*t[\W_]*a[\W_]*l[\W_]*s?[\W_]*$"
_NO_LETTER_OR_DIGIT = r"[\s£!-/:-@\[-`{-~]+"
_MAY_BE_HEADING = r"[^\s£!-@\[-`{-~]|^[^0-9]*2[^0-9]*0(?:[^0-9]*[0-9]){4}[^0-9]*$"
"""A heading has a letter, or is a year such as 2016/17."""
_LONGEST_HEADING = max(40, *(len(folded(heading)) for form in FORMS for one in form.fields for heading in one.headings))


@dataclass
class Table:
    """
    The ordinary rows of a large table: each of them is a record of which every cell is its own.

    Attributes:
        where: quarter, file, sheet and partner.
        row: the number of each row, ascending.
        columns: the texts of every column of the sheet, coded, blank where there is no cell.
        heading: the headings of the table.
        stated: label of the header block, theme or round -> its text and its cell.
        stored: what is stored under each text of a column, where it is not what is shown; nothing where it always is.
        outcome, reason: what became of every cell where the whole return is held; empty where it is not.
    """

    where: dict[str, str]
    row: np.ndarray
    columns: list[Words]
    heading: Heading
    stated: dict[str, tuple[str, str]]
    stored: list[list[str]] = field(default_factory=list)
    outcome: str = ""
    reason: str = ""
    _there: list[np.ndarray] = field(default_factory=list)

    @property
    def texts(self) -> dict[str, Words]:
        """The texts of each field that has a column."""
        return {name: self.columns[column - 1] for column, (name, _) in self.heading.fields.items() if column <= len(self.columns)}

    @property
    def kinds(self) -> dict[str, str]:
        """How each field that has a column is read."""
        return dict(self.heading.fields.values())

    @property
    def letters(self) -> dict[str, str]:
        """The letters of each field's column."""
        return {name: letters_of(column) for column, (name, _) in self.heading.fields.items()}

    def there(self, column: int) -> np.ndarray:
        """Say which rows have a cell in a column, counted from 0."""
        if not self._there:
            self._there = [_filled(words)[words.codes] for words in self.columns]
        return self._there[column]

    def entries(self, places: Sequence[int] | np.ndarray) -> list[dict[str, Any]]:
        """Give the entries of some rows, made as those of a small return are."""
        part, nothing = Part(self.where["sheet"]), Issues()
        part.header = {label: text for label, (text, _) in self.stated.items()}
        part.header_cells = {label: cell for label, (_, cell) in self.stated.items()}
        sheet, at = Sheet(self.where["sheet"], {}, plain=True), {name: self.where[name] for name in ("quarter", "file", "sheet")}
        for place in places:
            record(part, at, int(self.row[place]), self._line(int(place)), self.heading, sheet, nothing)
        return [entry | {"partner": self.where["partner"]} for entry in part.entries]

    def _line(self, place: int) -> dict[int, Cell]:
        return {number: Cell(words.names[words.codes[place]]) for number, words in enumerate(self.columns, start=1) if self.there(number - 1)[place]}

    def cells(self, places: slice | np.ndarray = slice(None), *, unused_only: bool = False) -> pd.DataFrame:
        """
        Give the cells of some rows as a frame of the `CELLS` contract, row by row; it is not checked yet.

        Args:
            places: which rows; all of them where left out.
            unused_only: only those of columns that are not used.
        """
        row = self.row[places]
        fields = self.heading.fields
        wanted = [place for place in range(len(self.columns)) if not (unused_only and place + 1 in fields and not self.outcome)]
        there = np.array([self.there(place)[places] for place in wanted], dtype=bool).reshape(len(wanted), len(row)).T
        at, number = np.nonzero(there)
        column = np.array(wanted, dtype=np.int64)[number] if wanted else number
        named = [fields.get(place + 1, ("", ""))[0] for place in range(len(self.columns))]
        outcome = [self.outcome or str(Outcome.USED if name else Outcome.IGNORED) for name in named]
        reason = [self.reason or ("" if name else why_ignored(place, self.heading)) for place, name in enumerate(named, start=1)]
        raw = self._of_names([words.names for words in self.columns], places, at, column)
        columns = {
            **{name: _same(self.where[name], len(at)) for name in ("quarter", "file", "sheet")},
            "row": row[at],
            "column": column + 1,
            "cell": _taken([letters_of(place + 1) for place in range(len(self.columns))], column) + _digits(row)[at],
            "raw": raw,
            **({"stored": self._of_names(self.stored, places, at, column)} if self.stored else {}),
            "form": _same(_FORM, len(at)),
            "field": _taken(named, column),
            "outcome": _taken(outcome, column),
            "reason": _taken(reason, column),
        }
        return from_columns(columns, frames.CELLS, len(at))

    def _of_names(self, texts: list[list[str]], places: slice | np.ndarray, at: np.ndarray, column: np.ndarray) -> np.ndarray:
        """Give of each cell, by its place among *places* and its column, what stands in *texts* for it."""
        made = np.empty(len(at), dtype=object)
        for place in np.unique(column):
            mine = column == place
            made[mine] = np.array(texts[place], dtype=object)[self.columns[place].codes[places][at[mine]]]
        return made

    def tally(self) -> dict[str, int]:
        """Give how many cells were used, ignored and quarantined."""
        counts = dict.fromkeys(map(str, Outcome), 0)
        for place in range(len(self.columns)):
            counts[self.outcome or str(Outcome.USED if place + 1 in self.heading.fields else Outcome.IGNORED)] += int(self.there(place).sum())
        return counts


def _same(text: str, number: int) -> np.ndarray:
    made = np.empty(number, dtype=object)
    made[:] = text
    return made


def _taken(texts: list[str], places: np.ndarray) -> np.ndarray:
    return np.array(texts, dtype=object)[places] if texts else np.empty(0, dtype=object)


def _digits(row: np.ndarray) -> np.ndarray:
    """Give numbers as texts."""
    return np.array(list(map(str, row.tolist())), dtype=object)


def _filled(words: Words) -> np.ndarray:
    """Say which texts of a column are a cell: those that are not blank."""
    import pyarrow as pa
    from pyarrow import compute

    graphic = compute.match_substring_regex(pa.array(words.names, pa.string()), _GRAPHIC).to_numpy(zero_copy_only=False)
    for place in np.flatnonzero(~graphic):
        graphic[place] = bool(words.names[place].strip())
    return np.asarray(graphic, dtype=bool)


def read_large(content: bytes, where: dict[str, Any], issues: Issues, accepted: Accepted) -> tuple[Part, Table] | None:
    """
    Read a large file, CSV or XLSX, of one table of the performance form.

    Args:
        content: its bytes.
        where: its quarter and file.
        issues: to which what is wrong is added.
        accepted: headings that somebody has accepted for those of a form.

    Returns:
        What stands round the table and the rows that are not ordinary, as `read_sheet` gives them, and the ordinary rows. None where the file
        is small, is of another form, or has more than one table, or is in any way not a file that can be read so: it is then read cell by cell.
    """
    is_csv = where["file"].casefold().endswith(".csv")
    opened = _opened(content) if is_csv else open_sheet(where["file"], content, LARGE)
    if opened is None:
        return None
    at, told = where | {"sheet": opened.title}, Issues()
    if not opened.utf8:
        told.add(at, Stage.FILE, Severity.ADVISORY, "the file shows all it holds", NOT_UTF8)
    progress = Progress(Part(opened.title), at, Sheet(opened.title, {}, plain=is_csv), known_headings(accepted), told)
    try:
        heading = _headings(opened, progress)
        coded = opened.rest() if heading else None
    except csv.Error:
        return None
    if not heading or not coded or not coded.rows:
        return None
    table = _table(coded, heading, progress)
    if table is None:
        return None
    tell_empty(progress.part, progress.records, at, told)
    issues.rows += told.rows
    return progress.part, table


def _opened(content: bytes) -> Opened | None:
    return None if content.count(b"\n") < LARGE or b"\0" in content else Opened(content)


def _headings(opened: Opened | OpenedSheet, progress: Progress) -> Heading | None:
    """Take the rows down to the headings, and give these if they are whole, and of the form that is read by columns."""
    by_row: dict[int, dict[int, Cell]] = {}
    for row, line in opened.rows():
        by_row[row] = line
        if heading := heading_of(row, line, progress.known):
            if heading.form.name != _FORM or heading.missing or heading.twice or any(name in BESIDE_A_FIGURE for name, _ in heading.fields.values()):
                return None
            for one in by_row:
                progress.take(one, by_row)
            return None if progress.part.fault or progress.heading != heading else heading
    return None


def _table(coded: Coded, heading: Heading, progress: Progress) -> Table | None:
    """Take the rows under the headings: what is not ordinary one by one, the rest as a table; None where another table begins."""
    columns, part = coded.columns, progress.part
    there = [_filled(words)[words.codes] for words in columns]
    number = sum((one.astype(np.int16) for one in there), np.zeros(coded.rows, dtype=np.int16))
    odd = (number > 0) & ((number < _FEWEST) | coded.hiding() | _odd(columns, there, heading, progress.known))
    filled = np.flatnonzero(number)
    first = coded.first
    before = dict(zip(filled.tolist(), [heading.row, *(filled + first).tolist()], strict=False))
    ordinary = (number > 0) & ~odd
    progress.records += int(ordinary.sum())
    themes = next((column - 1 for column, (name, _) in heading.fields.items() if name == "theme" and column <= len(columns)), -1)
    named = np.flatnonzero(ordinary & (there[themes] if themes >= 0 and "theme" not in part.header else ("theme" in part.header)))
    for place in np.flatnonzero(odd).tolist():
        progress.last = before[place]
        above = int(named[nth - 1]) if (nth := np.searchsorted(named, place)) else -1
        if above + first > part.theme_row and above >= 0:  # a note belongs to the theme above it
            own = columns[themes].names[columns[themes].codes[above]] if themes >= 0 and there[themes][above] else part.header["theme"]
            part.theme, part.theme_row = own, above + first
        progress.take(place + first, {place + first: coded.line(place, there)})
        again = progress.heading
        if again is None or replace(again, row=heading.row, rows=heading.rows) != heading:
            return None
    kept = [Words(words.codes[ordinary], words.names) for words in columns]
    stated = {label: (part.header[label], part.header_cells[label]) for label in ("theme", "round") if label in part.header}
    where = progress.at | {"partner": part.header.get("partner", "")}
    return Table(where, np.flatnonzero(ordinary) + first, kept, heading, stated, coded.stored(), _there=[one[ordinary] for one in there])


def _odd(columns: list[Words], there: list[np.ndarray], heading: Heading, known: Known) -> np.ndarray:
    """Say which rows may be anything but a plain record: headings again, a total, several rows in one cell, a cell under no heading."""
    odd = np.zeros(len(columns[0].codes) if columns else 0, dtype=bool)
    for column, words in enumerate(columns, start=1):
        if column not in heading.fields and column not in heading.unknown and column not in heading.filled_in:
            odd |= there[column - 1]
        texts = _arrow(words)
        odd |= _which(texts, _MAY_BE_TOTAL, is_called_total)[words.codes]
        if heading.fields.get(column, ("", ""))[0] == heading.form.naming:
            odd |= _which(texts, "\n", bool)[words.codes]
    return odd | _like_headings(columns, known)


def _arrow(words: Words) -> Any:
    import pyarrow as pa

    return pa.array(words.names, pa.string())


def _which(texts: Any, pattern: str, test: Callable[[str], bool]) -> np.ndarray:
    """Say which texts pass a test that only those can pass which match a pattern."""
    from pyarrow import compute

    found = compute.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False)
    for place in np.flatnonzero(found):
        found[place] = test(texts[int(place)].as_py())
    return np.asarray(found, dtype=bool)


def _like_headings(columns: list[Words], known: Known) -> np.ndarray:
    """Say which rows have two cells that are headings of some form."""
    possible = sorted(((_short_words(words), words) for words in columns), key=lambda pair: len(pair[0]))
    number = np.zeros(len(columns[0].codes) if columns else 0, dtype=np.int16)
    for left, (places, words) in zip(reversed(range(len(possible))), possible, strict=True):
        asked = places if left else np.intersect1d(places, words.codes[number > 0])  # the last column matters only where another has one
        named = np.zeros(len(words.names), dtype=bool)
        named[asked] = [names_heading(words.names[place], known) for place in asked]
        number += named[words.codes]
    return np.asarray(number > 1)


def _short_words(words: Words) -> np.ndarray:
    """Give the places of the texts that are short enough to be a heading, and not a figure."""
    import pyarrow as pa
    from pyarrow import compute

    texts = _arrow(words)
    worded = np.flatnonzero(compute.match_substring_regex(texts, _MAY_BE_HEADING).to_numpy(zero_copy_only=False))
    bare = compute.replace_substring_regex(texts.take(pa.array(worded)), _NO_LETTER_OR_DIGIT, "")
    return worded[compute.less_equal(compute.utf8_length(bare), _LONGEST_HEADING).to_numpy(zero_copy_only=False)]
