"""What the published figures give away of the hidden ones, and what else must be hidden so that they do not."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.disclosure.counts import in_order
from analysis.disclosure.known import Interval, Known


def bounds(cells: pd.DataFrame, sums: pd.DataFrame) -> pd.DataFrame:
    """
    Give the least and the most that each hidden count can be, by everything that is published.

    What readers know: counts are whole and not negative; a total is the sum of its parts in every quarter; a cumulative
    count does not fall within its year; a numerator is no more than its denominator. Where the figures themselves contradict one of
    these, readers are taken to know by how much; where a part was not reported, that the total is no less than the rest.
    Intervals are narrowed until nothing changes, which is exact without totals; with them, each end is then the
    optimum of an integer program (`scipy.optimize.milp`, all variables integral), which proves it.

    Args:
        cells: as `counts` gives them: measure_id, quarter, part, value, cumulative, hidden.
        sums: the register of sums (total, part).

    Returns:
        One row for each hidden count, in their order: measure_id, quarter, part, `lower` and `upper`, whole numbers. `upper` is missing where
        there is no most; both are where the published figures contradict one another, so that nothing is proved.

    Source: domain.md 9.

    >>> cells = pd.DataFrame({"measure_id": ["T", "A", "B"], "quarter": "2016-17-Q1", "part": "count", "value": [12, 3, 9], "cumulative": False,
    ...     "width": 5, "hidden": [False, True, True]})
    >>> bounds(cells, pd.DataFrame({"total": ["T", "T"], "part": ["A", "B"]}))[["measure_id", "lower", "upper"]].values.tolist()
    [['A', 0, 12], ['B', 0, 12]]
    """
    known = Known(cells, sums)
    found = [known.interval({place: 1}) for place in known.hidden]
    ends = {"lower": [None if of is None else of[0] for of in found], "upper": [None if of is None else of[1] for of in found]}
    made = cells.loc[cells["hidden"], ["measure_id", "quarter", "part"]].reset_index(drop=True)
    return made.assign(**{name: pd.array(of, dtype="Int64") for name, of in ends.items()})


def solvable(cells: pd.DataFrame, sums: pd.DataFrame) -> pd.DataFrame:
    """
    Give the hidden counts that the published figures pin down too closely; after `protect` there are none.

    Too closely is to fewer than two whole numbers, or to less than `width` from the least to the most. Besides the counts
    themselves it looks at what a numerator leaves of its denominator, and at the growth of a cumulative count within a quarter, where
    these are small.

    Args:
        cells: as for `bounds`, with `width`.
        sums: the register of sums.

    Returns:
        measure_id, quarter, part of each, once.

    >>> cells = pd.DataFrame({"measure_id": ["T", "A", "B"], "quarter": "2016-17-Q1", "part": "count", "value": [12, 3, 9], "cumulative": False,
    ...     "width": 5, "hidden": [False, True, False]})
    >>> solvable(cells, pd.DataFrame({"total": ["T", "T"], "part": ["A", "B"]}))["measure_id"].tolist()
    ['A']
    """
    known = Known(cells, sums)
    places = dict.fromkeys(place for terms, place, width in known.guarded() if not wide(known.interval(terms), width))
    return cells.iloc[list(places)][["measure_id", "quarter", "part"]].reset_index(drop=True)


def with_secondary(cells: pd.DataFrame, sums: pd.DataFrame, among: set[tuple[str, str]] | None = None) -> pd.DataFrame:
    """
    Give the counts with as many more hidden as it takes that no hidden one can be solved or pinned down too closely.

    Quarters are taken in the order of time, and of each only its own figures are hidden, the smallest first and noughts last: so the
    quarter is protected in the same way when it is shown again later, and no two publications can be set off against each other.

    Args:
        cells: as for `solvable`. A figure that is hidden for the sake of another takes over its width.
        sums: the register of sums.
        among: the figures (measure_id, quarter) that may be hidden for others, where the rest can be read elsewhere; any where None.

    >>> cells = pd.DataFrame({"measure_id": ["T", "A", "B"], "quarter": "2016-17-Q1", "part": "count", "value": [12, 3, 9], "cumulative": False,
    ...     "width": 5, "hidden": [False, True, False]})
    >>> with_secondary(cells, pd.DataFrame({"total": ["T", "T"], "part": ["A", "B"]}))["hidden"].tolist()
    [False, True, True]
    """
    cells = cells.reset_index(drop=True)
    if not cells["hidden"].any():
        return cells
    for quarter in in_order(cells):
        # Nothing that readers know joins two financial years.
        upto = (cells["quarter"] <= quarter) & (cells["quarter"].str[:4] == quarter[:4])
        while (pick := _next(cells[upto], sums, quarter, among)) is not None:
            row, width = pick
            its = (cells["measure_id"] == row["measure_id"]) & (cells["quarter"] == row["quarter"])
            cells = cells.assign(hidden=cells["hidden"] | its, width=cells["width"].mask(its & (cells["width"] < width), width))
    return cells


def wide(interval: Interval | None, width: int) -> bool:
    """
    Say whether an interval leaves enough open: at least `width` from end to end, and more than one whole number.

    >>> wide((0, 5), 5), wide((1, 5), 5), wide((7, None), 5), wide(None, 5)
    (True, False, True, False)
    """
    return interval is not None and (interval[1] is None or interval[1] - interval[0] >= max(width, 1))


def _next(cells: pd.DataFrame, sums: pd.DataFrame, quarter: str, among: set[tuple[str, str]] | None) -> tuple[dict[str, Any], int] | None:
    """Give the figure to hide next and the width that it is for; None where every hidden count is safe, or nothing is left to hide."""
    known = Known(cells, sums)
    guarded = [(terms, width) for terms, _, width in known.guarded() if known.reaches(set(terms), quarter)]
    # What is too narrow at first sight is so in truth; only what seems wide enough is proved to be.
    narrow = ((terms, width) for proved in (False, True) for terms, width in guarded if not wide(known.interval(terms, proved=proved), width))
    for terms, width in narrow:
        beside = [place for place in known.neighbours(known.joined(set(terms))) if among is None or known.key(place) in among]
        # This quarter's figures before earlier ones, which stand in earlier publications; and those of a rule of its own before others.
        of_quarter = [place for place in beside if known.key(place)[1] == quarter] or beside
        near = [place for place in known.neighbours(set(terms)) if place in of_quarter] or of_quarter
        if near:
            return known.rows[min(near, key=known.order)], width
    return None
