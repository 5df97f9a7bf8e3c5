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
        scores: frame of the `SCORES` contract; uses scored_actual, scored_polarity, actual_unit, kind, data_period.

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
    if before is None or row["scored_actual"] is None or before["scored_actual"] is None:
        return Travel.UNKNOWN
    same_sense = row["actual_unit"] == before["actual_unit"] and row["scored_polarity"] == before["scored_polarity"]
    same_period = row["data_period"] and row["data_period"] == before["data_period"]
    if row["scored_polarity"] not in (Polarity.HIGHER, Polarity.LOWER) or not same_sense or same_period:
        return Travel.NOT_COMPARABLE
    change: Decimal = row["scored_actual"] - before["scored_actual"]
    if not change:
        return Travel.NO_CHANGE
    return Travel.BETTER if (change > 0) == (row["scored_polarity"] == Polarity.HIGHER) else Travel.WORSE
