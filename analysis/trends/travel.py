"""Direction of travel: whether a figure moved the good way, against the last quarter and against last year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis import frames, quarters
from analysis.frames import Words, times
from analysis.vocabulary import Kind, Polarity, Travel


def direction(scores: pd.DataFrame, adjustments: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Give *scores* with its two directions of travel filled in.

    `direction_short` compares with the quarter before, `direction_long` with the same quarter of the year before, both
    taken from *scores* itself. Words follow polarity: a fall in a measure where lower is better is "better".

    Args:
        scores: frame of the `SCORES` contract; uses actual, actual_rank, actual_unit, target_low, target_unit, polarity,
            kind, tolerance and data_period.
        adjustments: the register of adjustments; uses the rows whose `what` is "break".

    Returns:
        The same frame with the two columns as `Travel` words: "not known" where either figure is missing, "not
        comparable" where a cumulative figure meets an earlier quarter of its own year, where units or the sense of
        the figure differ, where the series was broken in between, where both figures cover the same period, or where
        neither way is good; "no change" where the figures differ by less than the measure's tolerance. `series_break`
        says why the series was broken within the last year, and is empty where it was not.

    Source: domain.md 3 and 4.
    """
    scores = scores.reset_index(drop=True)
    measures, keys = frames.coded(scores["measure_id"]), frames.coded(scores["quarter"])
    time = keys.as_numbers([quarters.ordinal(key) for key in keys.names])
    place = measures.codes.astype(np.int64) * 100_000 + time
    by_place = pd.Index(place)
    broken_at, why_broken = _breaks(adjustments, measures, time)
    compared = _Compared(scores)
    short = compared.travel(by_place.get_indexer(place - 1), broken_at > time - 1)
    long = compared.travel(by_place.get_indexer(place - 4), broken_at > time - 4)
    short[frames.coded(scores["kind"]).are(Kind.CUMULATIVE)] = _CODE[Travel.NOT_COMPARABLE]
    made = {"direction_short": _WORDS[short], "direction_long": _WORDS[long], "series_break": why_broken}
    return frames.extend(scores, made, frames.SCORES)


_WORDS = np.array([str(word) for word in Travel], dtype=object)
_CODE = {word: code for code, word in enumerate(Travel)}


class _Compared:
    """The columns that a comparison looks at, made ready once for both directions."""

    def __init__(self, scores: pd.DataFrame) -> None:
        numbers, known, scale = frames.integers(scores, ["actual", "target_low", "tolerance"])
        self.known = known["actual"]
        self.actual = numbers["actual"]
        self.tolerance = numbers["tolerance"]
        self.reduction = (numbers["target_low"] < 0).astype(bool)
        ranked = frames.coded(scores["target_unit"]).are("rank")
        self.ranked = ranked & scores["actual_rank"].notna().to_numpy() if ranked.any() else ranked
        self.rank = times(scores["actual_rank"].fillna(0).to_numpy(dtype=np.int64), 10**scale) if ranked.any() else self.actual
        self.unit = frames.coded(scores["actual_unit"]).codes
        period = frames.coded(scores["data_period"])
        self.period, self.no_period = period.codes, period.are("")
        polarity = frames.coded(scores["polarity"])
        self.way = polarity.are(Polarity.HIGHER).astype(np.int8) - polarity.are(Polarity.LOWER).astype(np.int8)
        self.way[self.reduction] = -1

    def travel(self, then: np.ndarray, broken: np.ndarray) -> np.ndarray:
        """Give the code of the travel from the row at *then* (-1 for none) to each row."""
        found = np.full(len(then), _CODE[Travel.UNKNOWN], dtype=np.int8)
        if not len(then):
            return found
        both = (then >= 0) & self.known & self.known[then]
        ranks = self.ranked & self.ranked[then]
        change = np.where(ranks, self.rank - self.rank[then], self.actual - self.actual[then])
        small = np.where(ranks, change == 0, (change == 0) | (np.abs(change) < self.tolerance)).astype(bool)
        way = np.where(change > 0, 1, -1) * self.way
        word = np.where(
            small, _CODE[Travel.NO_CHANGE], np.select([way > 0, way < 0], [_CODE[Travel.BETTER], _CODE[Travel.WORSE]], _CODE[Travel.NOT_COMPARABLE])
        )
        same_period = (self.period == self.period[then]) & ~self.no_period
        apart = same_period | (self.unit != self.unit[then]) | (self.reduction != self.reduction[then]) | broken
        found[both] = np.where(apart, _CODE[Travel.NOT_COMPARABLE], word)[both]
        return found


def _breaks(adjustments: pd.DataFrame | None, measures: Words, time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the quarter of each row's last break in its series up to then, far in the past where there was none, and why if it is under a year old."""
    broken, words = np.full(len(time), -(10**6), dtype=np.int64), np.full(len(time), "", dtype=object)
    rows = [] if adjustments is None else frames.rows(adjustments[adjustments["what"] == "break"])
    for row in sorted(rows, key=lambda row: row["from_quarter"]):
        since = quarters.ordinal(row["from_quarter"])
        its = measures.are(row["measure_id"]) & (time >= since)
        broken[its] = since
        words[its & (time < since + 4)] = row["reason"]
    return broken, words
