"""The contract of each frame: its columns, what they hold, and which of them name a row."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
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
    objects = {name: holds for name, holds in contract.columns.items() if holds in (TEXT, EXACT)}
    cells = np.empty((len(rows), len(objects)), dtype=object)
    for place, (name, holds) in enumerate(objects.items()):
        cells[:, place] = ["" if absent(value) else str(value) for value in given[name]] if holds == TEXT else given[name]
    others = {
        name: pd.array([pd.NA if value is None else value for value in given[name]], dtype="Int64") if holds == WHOLE else np.array(given[name], dtype=bool)
        for name, holds in contract.columns.items()
        if holds in (WHOLE, YES)
    }
    made = pd.concat([pd.DataFrame(cells, columns=list(objects), dtype=object), pd.DataFrame(others)], axis=1)
    return check(made[list(contract.columns)], contract)


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """
    Give the rows of a frame as dictionaries, missing values as None.

    >>> rows(pd.DataFrame({"a": pd.Series([1, None], dtype="Int64")}))
    [{'a': 1}, {'a': None}]
    """
    columns = {name: [None if absent(value) else value for value in frame[name].tolist()] for name in frame.columns}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)] if columns else []


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
    problems = [f"column {name!r} is missing" for name in contract.columns if name not in frame]
    for name, holds in contract.columns.items():
        if name in frame and (wrong := _wrong_values(frame[name], holds)):
            problems.append(f"column {name!r} should hold {holds} values, but holds {wrong[0]!r}")
    if contract.key and set(contract.key) <= set(frame.columns):
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
"""Up to so many cells are looked at one by one, which is quicker than asking pandas."""


def _wrong_values(column: pd.Series, holds: str) -> list[object]:
    if holds == WHOLE:
        return [] if str(column.dtype) == "Int64" else [str(column.dtype)]
    if holds == YES:
        return [] if column.dtype == bool else [str(column.dtype)]
    if holds == EXACT and isinstance(column.dtype, pd.ArrowDtype):
        return [] if str(column.dtype).startswith("decimal") else [str(column.dtype)]
    if holds == TEXT and isinstance(column.dtype, pd.CategoricalDtype):
        return [*(name for name in column.cat.categories if not isinstance(name, str)), *([None] if column.isna().any() else [])]
    if len(column) < _FEW:
        right = str if holds == TEXT else (Decimal, type(None))
        return [value for value in column.array if not isinstance(value, right) or (isinstance(value, Decimal) and value.is_nan())]
    known = column if holds == TEXT else column[column.notna()]
    found = pd.api.types.infer_dtype(known, skipna=False)  # compiled: a million cells take a moment, not seconds
    wrong = (
        []
        if found in ("string" if holds == TEXT else "decimal", "empty")
        else [value for value in known if not isinstance(value, str if holds == TEXT else Decimal)]
    )
    return wrong if holds == TEXT else wrong + [value for value in column[column.isna()].unique() if value is not None]
