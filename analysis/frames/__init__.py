"""The contract of each frame: its columns, what they hold, and which of them name a row."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import FrameError
from analysis.frames.contracts import (
    ACTIONS,
    AGREEMENT_STATES,
    AGREEMENTS,
    AWARDS,
    BURN_UP,
    CELLS,
    CHANGES,
    COMMENTARY_CHECKS,
    CONTRACTS,
    EARNED,
    ENTITLEMENT,
    ENTRIES,
    EXACT,
    EXCEPTIONS,
    FORECASTS,
    GRADES,
    GRANT_CHECKS,
    GRANT_TOTALS,
    HEADLINES,
    ISSUES,
    LEAGUE,
    MILESTONE_STATES,
    MILESTONES,
    MISSING,
    MONEY,
    MONTHLY,
    NARRATIVE,
    OBSERVATIONS,
    OUTCOME_MEASURES,
    OUTTURN,
    OWED,
    PAYMENTS,
    POSITIONS,
    PROCESS,
    PUNCTUALITY,
    QUALITY_CHECKS,
    RECEIPTS,
    REPLACED,
    RETURNS,
    REVISED,
    REWARD_FACTS,
    REWARD_OUTLOOK,
    REWARD_TARGETS,
    REWARD_WAY,
    SAMPLE,
    SCORES,
    SPEND,
    TEXT,
    VARIATION,
    VARIATIONS,
    WHOLE,
    YEAR_TO_DATE,
    YES,
    Contract,
)
from analysis.frames.numbers import absent, decimal, decimals, integers, quotients, times
from analysis.frames.words import Words, coded

__all__ = [
    "ACTIONS",
    "AGREEMENTS",
    "AGREEMENT_STATES",
    "AWARDS",
    "BURN_UP",
    "CELLS",
    "CHANGES",
    "COMMENTARY_CHECKS",
    "CONTRACTS",
    "EARNED",
    "ENTITLEMENT",
    "ENTRIES",
    "EXACT",
    "EXCEPTIONS",
    "FORECASTS",
    "GRADES",
    "GRANT_CHECKS",
    "GRANT_TOTALS",
    "HEADLINES",
    "ISSUES",
    "LEAGUE",
    "MILESTONES",
    "MILESTONE_STATES",
    "MISSING",
    "MONEY",
    "MONTHLY",
    "NARRATIVE",
    "OBSERVATIONS",
    "OUTCOME_MEASURES",
    "OUTTURN",
    "OWED",
    "PAYMENTS",
    "POSITIONS",
    "PROCESS",
    "PUNCTUALITY",
    "QUALITY_CHECKS",
    "RECEIPTS",
    "REPLACED",
    "RETURNS",
    "REVISED",
    "REWARD_FACTS",
    "REWARD_OUTLOOK",
    "REWARD_TARGETS",
    "REWARD_WAY",
    "SAMPLE",
    "SCORES",
    "SPEND",
    "TEXT",
    "VARIATION",
    "VARIATIONS",
    "WHOLE",
    "YEAR_TO_DATE",
    "YES",
    "Contract",
    "Words",
    "absent",
    "check",
    "coded",
    "decimal",
    "decimals",
    "extend",
    "integers",
    "make",
    "of_columns",
    "quotients",
    "rows",
    "stack",
    "times",
]


def make(rows: list[dict[str, Any]], contract: Contract) -> pd.DataFrame:
    """
    Give a frame of *rows* that keeps *contract*; what a row leaves out is empty text or missing.

    >>> make([{"what": "return", "name": "The Souk"}], MISSING)["state"].tolist()
    ['']
    """
    given = {name: [row.get(name) for row in rows] for name in contract.columns}
    texts = {name: _as_text(given[name]) for name, holds in contract.columns.items() if holds == TEXT}
    return check(of_columns(given | texts, contract.columns), contract)


def of_columns(given: Mapping[str, list[Any]], holds: Mapping[str, str]) -> pd.DataFrame:
    """
    Give a frame of columns as lists, nothing of it checked: whole numbers with NA and yes or no in types of their own, all else as it is.

    Args:
        given: name -> the column's values, None where missing; all of one length.
        holds: name -> TEXT, WHOLE, EXACT or YES, of those that hold one of these.

    >>> of_columns({"a": [1, None]}, {"a": WHOLE})["a"].tolist()
    [1, <NA>]
    """
    size = len(next(iter(given.values()), []))
    cells = np.empty((len(given), size), dtype=object)
    typed: dict[int, Any] = {}
    for place, (name, values) in enumerate(given.items()):
        kind = holds.get(name)
        if kind == WHOLE:
            typed[place] = _wholes(values)
        elif kind == YES:
            typed[place] = np.array(values, dtype=bool)
        else:
            cells[place] = values
    made = pd.DataFrame(cells.T, columns=_named(tuple(given)).view(), dtype=object, copy=False)  # one block: a column by itself costs ten times as much
    for place, values in typed.items():
        made.isetitem(place, values)
    return made


@cache
def _named(names: tuple[str, ...]) -> pd.Index:
    """Give the names of columns as pandas keeps them; made once, as the same few contracts are made again and again."""
    return pd.Index(list(names))


def _as_text(values: list[Any]) -> list[str]:
    return values if set(map(type, values)) <= {str} else ["" if absent(value) else str(value) for value in values]


def _wholes(values: list[Any]) -> Any:
    """Give whole numbers as pandas keeps them; what is no plain number is left to pandas to read or refuse."""
    if not set(map(type, values)) <= {int, type(None)}:
        return pd.array([pd.NA if value is None else value for value in values], dtype="Int64")
    missing = np.array([value is None for value in values], dtype=bool)
    return pd.arrays.IntegerArray(np.array([value or 0 for value in values], dtype=np.int64), missing)


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """
    Give the rows of a frame as dictionaries, missing values as None.

    >>> rows(pd.DataFrame({"a": pd.Series([1, None], dtype="Int64")}))
    [{'a': 1}, {'a': None}]
    """
    names = frame.columns.tolist()
    return [dict(zip(names, row, strict=True)) for row in _without_missing(frame.to_numpy(dtype=object)).tolist()] if names else []


def _without_missing(cells: np.ndarray) -> np.ndarray:
    """Give cells with None for all that is `absent`; pandas counts a few things more as missing, and these stay."""
    missing = pd.isna(cells)
    found = cells[missing]
    if all(value is None for value in found.tolist()):
        return cells
    plain = cells.copy()
    found[:] = [None if absent(value) else value for value in found.tolist()]
    plain[missing] = found
    return plain


def stack(frames: list[pd.DataFrame], contract: Contract) -> pd.DataFrame:
    """
    Put frames of one contract under one another; none at all gives the empty frame.

    >>> len(stack([], ISSUES))
    0
    """
    kept = [frame for frame in frames if len(frame)]
    return check(pd.concat(kept, ignore_index=True), contract) if kept else make([], contract)


def check(frame: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """
    Give *frame* back if it keeps *contract*.

    Raises:
        FrameError: every column that is missing or holds something else, and every repeated key, at once.

    >>> check(pd.DataFrame({"x": []}), MISSING)
    Traceback (most recent call last):
    ...
    analysis.errors.FrameError: frame 'missing': 7 problems
      - column 'what' is missing
      - column 'name' is missing
      - column 'partner' is missing
      - column 'quarter' is missing
      - column 'state' is missing
      - column 'file' is missing
      - column 'cell' is missing
    """
    names = set(frame.columns.tolist())
    problems = [f"column {name!r} is missing" for name in contract.columns if name not in names]
    wrong_in = _wrong_by_cell if len(frame) < _FEW else _wrong_by_column
    for name, wrong in wrong_in(frame, {name: holds for name, holds in contract.columns.items() if name in names}).items():
        problems.append(f"column {name!r} should hold {contract.columns[name]} values, but holds {wrong[0]!r}")
    if contract.key and set(contract.key) <= names and (problems or _may_repeat(frame, contract.key)):
        repeated = frame[frame.duplicated(list(contract.key))]
        problems += [f"{', '.join(contract.key)} {tuple(row)!r} stands twice" for row in repeated[list(contract.key)].to_numpy().tolist()]
    if problems:
        raise FrameError(f"frame {contract.name!r}", problems)
    return frame


def extend(frame: pd.DataFrame, columns: Mapping[str, Any], contract: Contract) -> pd.DataFrame:
    """
    Give *frame*, which keeps a contract already, with new columns and those that *contract* has more, these empty.

    Only what is new is checked, so that a million rows are not looked through once more at each step.

    >>> gap = make([{"what": "return"}], MISSING)
    >>> extend(gap, {"state": ["late"]}, MISSING)["state"].tolist()
    ['late']
    """
    size = len(frame)
    blank: dict[str, Any] = {TEXT: "", EXACT: None, WHOLE: pd.NA, YES: False}
    empty = {name: np.full(size, blank[holds], dtype=object) for name, holds in contract.columns.items() if name not in frame and name not in columns}
    kinds = {WHOLE: "Int64", YES: "bool"}
    made = pd.DataFrame(
        {name: pd.Series(column, index=frame.index, dtype=kinds.get(contract.columns[name], object)) for name, column in (dict(columns) | empty).items()},
        index=frame.index,
    )
    check(made, Contract(contract.name, {name: holds for name, holds in contract.columns.items() if name in made}, ()))
    kept = [name for name in frame if name not in made]
    return pd.concat([frame[kept], made], axis=1)[list(contract.columns)]


_FEW = 1000
"""Frames of fewer rows are looked at cell by cell, which is quicker than asking pandas."""


def _wrong_by_cell(frame: pd.DataFrame, holds: Mapping[str, str]) -> dict[str, list[object]]:
    """Give the cells of each column that are not what it holds; columns without any are left out."""
    names = frame.columns.tolist()
    cells = dict(zip(names, frame.to_numpy(dtype=object).T.tolist(), strict=True))
    dtypes = dict(zip(names, frame.dtypes.tolist(), strict=True))
    found: dict[str, list[object]] = {}
    for name, kind in holds.items():
        if kind in (WHOLE, YES) or isinstance(dtypes[name], pd.ArrowDtype if kind == EXACT else pd.CategoricalDtype):
            found[name] = _wrong_values(frame[name], kind)
        elif kind == TEXT:
            found[name] = [] if set(map(type, cells[name])) <= {str} else [value for value in cells[name] if not isinstance(value, str)]
        else:
            found[name] = [value for value in cells[name] if value is not None and (not isinstance(value, Decimal) or value.is_nan())]
    return {name: wrong for name, wrong in found.items() if wrong}


def _wrong_by_column(frame: pd.DataFrame, holds: Mapping[str, str]) -> dict[str, list[object]]:
    return {name: wrong for name, kind in holds.items() if (wrong := _wrong_values(frame[name], kind))}


def _may_repeat(frame: pd.DataFrame, key: tuple[str, ...]) -> bool:
    """Say whether rows of a frame without other problems may have the same key; a set tells that of a few, pandas of many."""
    return len(frame) >= _FEW or len(set(zip(*(frame[name].tolist() for name in key), strict=True))) < len(frame)


def _wrong_values(column: pd.Series, holds: str) -> list[object]:
    if holds == WHOLE:
        return [] if str(column.dtype) == "Int64" else [str(column.dtype)]
    if holds == YES:
        return [] if column.dtype == bool else [str(column.dtype)]
    if holds == EXACT and isinstance(column.dtype, pd.ArrowDtype):
        return [] if str(column.dtype).startswith("decimal") else [str(column.dtype)]
    if holds == TEXT and isinstance(column.dtype, pd.CategoricalDtype):
        return [*(name for name in column.cat.categories if not isinstance(name, str)), *([None] if column.isna().any() else [])]
    known = column if holds == TEXT else column[column.notna()]
    found = pd.api.types.infer_dtype(known, skipna=False)  # compiled: a million cells take a moment, not seconds
    wrong = (
        []
        if found in ("string" if holds == TEXT else "decimal", "empty")
        else [value for value in known if not isinstance(value, str if holds == TEXT else Decimal)]
    )
    return wrong if holds == TEXT else wrong + [value for value in column[column.isna()].unique() if value is not None]
