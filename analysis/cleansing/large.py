"""Large tables beside small returns: which of their rows go by columns, which one by one, and what stands twice in any of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from analysis import frames
from analysis.cleansing.columns import Cleaned, Measures, Ordinary, Table, Themes, cleaned
from analysis.cleansing.records import Known, plain_key
from analysis.frames import Words
from analysis.vocabulary import CARRIED_DOWN

_FORM = "performance"
Place = tuple[str, str, str, str]
Row = dict[str, Any]


@dataclass
class Large:
    """
    The large tables of some returns.

    Attributes:
        ordinary: their rows, column by column.
        entries: those of all rows that go one by one, of small returns too, in the order that they were read in.
        shared: the cells that serve several rows of a large table.
        order: (quarter, file) -> its place among all files, and whether it has a large table.
    """

    ordinary: list[Ordinary]
    entries: pd.DataFrame
    shared: set[Place]
    order: dict[tuple[str, str], int] = field(default_factory=dict)
    tabled: set[tuple[str, str]] = field(default_factory=set)

    def place(self, row: Row) -> tuple[int, int]:
        """Give where a record stands among all: by its file, and in a file with a large table by its row."""
        file = (row["quarter"], row["file"])
        return self.order.get(file, len(self.order)), int(row["row"]) if file in self.tabled else 0

    def twice(self, made: Sequence[Row]) -> list[Row]:
        """Take out the plain rows whose key stands twice, among themselves or in rows *made* one by one, and give their entries."""
        found: list[Row] = []
        own = {(plain_key(row["measure_id"]), plain_key(row["quarter"])) for row in made}
        by_quarter: dict[str, list[Ordinary]] = {}
        for one in self.ordinary:
            by_quarter.setdefault(plain_key(one.table.where["quarter"]), []).append(one)
        for quarter, ordinary in by_quarter.items():
            keys = ordinary[0].measures.keys
            counts = np.bincount(np.concatenate([one.keys() for one in ordinary]), minlength=len(keys))
            taken = [keys[key] for key, of in own if of == quarter and key in keys]
            counts[taken] += 1
            for one in ordinary:
                plain = np.flatnonzero(one.plain)
                again = plain[counts[one.keys()] > 1]
                one.without(again)
                found += one.entries(again)
        return found


def separate(entries: pd.DataFrame, cells: pd.DataFrame, tables: Sequence[Table], known: Known) -> Large:
    """
    Part the rows of large tables: those that make an observation of which nothing has to be told, and those that go one by one.

    Args:
        entries: of the rows that go one by one already, frame of the `ENTRIES` contract.
        cells: frame of the `CELLS` contract, in the order that the files were read in.
        tables: the large tables; of one that is held nothing is taken.
        known: what the registers name.
    """
    large = Large([], entries, set(), _files(cells))
    measures = Measures.of(known) if tables else None
    more: list[Row] = []
    for table in tables:
        if measures is None or table.outcome:
            continue
        where = table.where
        of_file = (entries["quarter"] == where["quarter"]) & (entries["file"] == where["file"]) & (entries["form"] == _FORM)
        others = frames.rows(entries[of_file])
        if "round" in table.stated and len(table.row) + len({entry["row"] for entry in others}) > 1:
            large.shared.add((where["quarter"], where["file"], where["sheet"], table.stated["round"][1]))
        ordinary = Ordinary(table, measures, _themes(table, others, large.shared, more))
        more += ordinary.entries(np.flatnonzero(~ordinary.plain))
        large.ordinary.append(ordinary)
        large.tabled.add((where["quarter"], where["file"]))
    if more:
        rows = sorted([*frames.rows(entries), *more], key=large.place)
        large.entries = frames.make(rows, frames.ENTRIES)
    return large


def _themes(table: Table, others: list[Row], shared: set[Place], more: list[Row]) -> Themes:
    """
    Give the theme of each row; a blank one has it from above.

    The rows of the table that go one by one already (*others*) are among those above and below; what they have from above is added to *more*.
    """
    texts, where = table.texts, table.where
    own = texts.get("theme", Words(np.zeros(len(table.row), dtype=np.int32), [""]))
    theme = cleaned(own, table.kinds.get("theme", "words"))
    filled = np.array([bool(raw) for raw in theme.raw], dtype=bool)[theme.codes]
    nothing = np.full(len(table.row), -1, dtype=np.int64)
    rows: dict[int, Row | None] = {}
    for entry in others:
        rows[entry["row"]] = entry if entry["field"] == "theme" else rows.get(entry["row"])
    if "theme" in table.stated:
        text, cell = table.stated["theme"]
        if (~filled).sum() + sum(one is not None and one["cell"] == cell for one in rows.values()) > 1:
            shared.add((where["quarter"], where["file"], where["sheet"], cell))
        stated = cleaned(Words(np.zeros(1, dtype=np.int32), [text]), "words")
        codes = np.where(filled, theme.codes, len(theme.raw))
        return Themes(_joined(theme, stated, codes), nothing, [])
    if _FORM not in CARRIED_DOWN or (filled.all() and not any(one is None for one in rows.values())):
        return Themes(theme, nothing, [])
    return _from_rows_above(table, theme, filled, rows, shared, more)


def _from_rows_above(table: Table, theme: Cleaned, filled: np.ndarray, rows: dict[int, Row | None], shared: set[Place], more: list[Row]) -> Themes:
    """Fill each blank theme from the nearest row above it that has one, where no row between is missing."""
    size, others = len(table.row), sorted(rows)
    number = np.concatenate([table.row, np.array(others, dtype=np.int64)])
    has = np.concatenate([filled, np.array([rows[row] is not None for row in others], dtype=bool)])
    order = np.argsort(number, kind="stable")
    number, has, at = number[order], has[order], np.arange(len(order))
    begins = np.maximum.accumulate(np.where(np.diff(number, prepend=number[:1] - 2) != 1, at, 0))
    last = np.maximum.accumulate(np.where(has, at, -1))
    above = np.where(~has & (last >= begins), last, -1)
    source = np.full(len(order), -1, dtype=np.int64)
    source[order] = np.where(above >= 0, order[above], -1)
    theirs = [rows[row] for row in others]
    given = cleaned(Words(np.arange(len(others), dtype=np.int32), [entry["raw"] if entry else "" for entry in theirs]), "words")
    mine = source[:size]
    codes = np.where(mine < 0, theme.codes, np.where(mine < size, theme.codes[np.clip(mine, 0, max(size - 1, 0))], len(theme.raw) + mine - size))
    themes = Themes(_joined(theme, given, codes), mine, theirs)
    for place in np.unique(source[source >= 0]).tolist():
        entry = themes.entry(table, place)
        shared.add((entry["quarter"], entry["file"], entry["sheet"], entry["cell"]))
    more += [themes.entry(table, int(source[size + place])) | {"row": row} for place, row in enumerate(others) if source[size + place] >= 0]
    return themes


def _joined(one: Cleaned, other: Cleaned, codes: np.ndarray) -> Cleaned:
    return Cleaned(codes, one.raw + other.raw, one.text + other.text, one.repairs + other.repairs)


def observations(large: Large, made: pd.DataFrame) -> pd.DataFrame:
    """Give the observations of all rows, with those *made* one by one, in the order that they were read in."""
    found = [made, *(one.observations() for one in large.ordinary)]
    whole = frames.stack(found, frames.OBSERVATIONS)
    return _in_order(whole, large.order, large.tabled, ["row"])


def cells_of_all(cells: pd.DataFrame, tables: Sequence[Table]) -> pd.DataFrame:
    """Give *cells* with those of large tables, file by file as they were read, and in a file with a large table row by row."""
    whole = frames.stack([cells, *(table.cells() for table in tables)], frames.CELLS)
    tabled = {(table.where["quarter"], table.where["file"]) for table in tables}
    return _in_order(whole, _files(cells), tabled, ["row", "column"])


def _files(cells: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Give each (quarter, file) its place in the order that they were read in."""
    return {file: number for number, file in enumerate(dict.fromkeys(zip(cells["quarter"], cells["file"], strict=True)))}


def _in_order(frame: pd.DataFrame, files: dict[tuple[str, str], int], tabled: set[tuple[str, str]], names: list[str]) -> pd.DataFrame:
    """Put rows in the order of their files, and those of some files in that of columns of whole numbers too."""
    quarter, file = frames.coded(frame["quarter"]), frames.coded(frame["file"])
    pair = quarter.codes.astype(np.int64) * max(len(file.names), 1) + file.codes
    pairs = [(of, name) for of in quarter.names for name in file.names]
    place = np.array([files.get(one, len(files)) for one in pairs], dtype=np.int64)[pair]
    sorted_too = np.array([one in tabled for one in pairs], dtype=bool)[pair]
    within = [np.where(sorted_too, frame[name].to_numpy(dtype=np.int64), 0) for name in reversed(names)]
    return frame.iloc[np.lexsort((*within, place))].reset_index(drop=True)
