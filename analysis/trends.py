"""Direction of travel: whether a figure moved the good way, against the last quarter and against last year."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from analysis import frames, quarters
from analysis.vocabulary import Polarity, Travel


def direction(scores: pd.DataFrame) -> pd.DataFrame:
    """
    Give *scores* with its two directions of travel filled in.

    `direction_short` compares with the quarter before, `direction_long` with the same quarter of the year before, both
    taken from *scores* itself. Words follow polarity: a fall in a measure where lower is better is "better".

    Args:
        scores: frame of the `SCORES` contract; uses actual, actual_rank, actual_unit, target_low, target_unit, polarity,
            kind and data_period.

    Returns:
        The same frame with the two columns as `Travel` words: "not known" where either figure is missing, "not
        comparable" where a cumulative figure meets an earlier quarter of its own year, where units or the sense of
        the figure differ, where both figures cover the same period, or where neither way is good.

    Source: domain.md 3 and 4.
    """
    rows = frames.rows(scores)
    known = {(row["measure_id"], row["quarter"]): row for row in rows}
    for row in rows:
        before = known.get((row["measure_id"], quarters.previous(row["quarter"])))
        year_ago = known.get((row["measure_id"], quarters.year_earlier(row["quarter"])))
        short = Travel.NOT_COMPARABLE if row["kind"] == "cumulative" else _travel(row, before)
        row |= {"direction_short": str(short), "direction_long": str(_travel(row, year_ago))}
    return frames.make(rows, frames.SCORES)


def _travel(row: dict[str, Any], before: dict[str, Any] | None) -> Travel:
    if before is None or row["actual"] is None or before["actual"] is None:
        return Travel.UNKNOWN
    same_period = row["data_period"] and row["data_period"] == before["data_period"]
    if same_period or row["actual_unit"] != before["actual_unit"] or _is_reduction(row) != _is_reduction(before):
        return Travel.NOT_COMPARABLE
    both_ranked = all(of["target_unit"] == "rank" and of["actual_rank"] is not None for of in (row, before))
    now, then = (Decimal(of["actual_rank"]) if both_ranked else of["actual"] for of in (row, before))
    if now == then:
        return Travel.NO_CHANGE
    if _is_reduction(row):
        return Travel.BETTER if now < then else Travel.WORSE
    if row["polarity"] not in (Polarity.HIGHER, Polarity.LOWER):
        return Travel.NOT_COMPARABLE
    return Travel.BETTER if (now > then) == (row["polarity"] == Polarity.HIGHER) else Travel.WORSE


def _is_reduction(row: dict[str, Any]) -> bool:
    """Say whether the figure is a change that is meant to be a reduction: the greater the fall the better, whatever the polarity."""
    return row["target_low"] is not None and row["target_low"] < 0
