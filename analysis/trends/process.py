"""Process behaviour (XmR): is a change signal or noise, and does the process as it runs meet its target."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from analysis import frames, quarters
from analysis.errors import AskedWrongly
from analysis.frames import times
from analysis.vocabulary import Assurance, Kind, Outlook, Polarity, Signal, Variation

POINTS = ["value", "centre", "lower", "upper", "near_lower", "near_upper", "signal", "verdict"]
TRIAL, LEAST, RUN = 12, 7, 7
"""Fewer points than `TRIAL` give trial limits, fewer than `LEAST` no verdict; `RUN` in a row make a trend or a shift."""
CHARTED = (Kind.QUARTER_COUNT, Kind.RATE, Kind.SNAPSHOT, Kind.SURVEY)
"""Kinds whose figures stand each for itself. Rolling years overlap, cumulative ones grow: limits would mean nothing."""
_SIGNALS = np.array([str(signal) for signal in Signal], dtype=object)
_VERDICTS = np.array([str(Variation.CONCERN), str(Variation.COMMON), str(Variation.IMPROVEMENT)], dtype=object)


@dataclass(frozen=True)
class Xmr:
    """
    A process behaviour chart in figures.

    Attributes:
        points: on the index of the values: value, centre, lower, upper, near_lower, near_upper (floats, for showing),
            signal and verdict.
        assurance: "consistently passes", "consistently fails", "hit and miss", or "none".
        trial: whether there are fewer than 12 points, so that the limits are trial limits.
    """

    points: pd.DataFrame
    assurance: str
    trial: bool


def xmr(
    values: pd.Series,
    *,
    polarity: str = "higher",
    target: float | Decimal | None = None,
    screen_outliers: bool = True,
    fix_after: int | None = None,
) -> Xmr:
    """
    Tell signal from noise in a series: the individuals and moving range (XmR) chart.

    Centre = mean; limits = mean +/- 2.66 x mean moving range. Special cause, the first that applies: outside the limits;
    in a run of 7 rising or falling; 2 of 3 beyond two thirds of the way to the same limit; in a run of 7 on one side of
    the centre. Every member of a run is marked. A point on a limit is inside; a tie breaks a trend, a point on the
    centre a shift, a missing value every run. All comparisons are exact: a float counts as the decimal that it prints as.

    Args:
        values: in time order; may hold missing values, over which no moving range is taken.
        polarity: "higher" or "lower" is better.
        target: what the process is held against.
        screen_outliers: whether moving ranges at or above 3.267 x their mean are dropped, and the mean taken once more.
        fix_after: the number of first known points that alone set centre and limits.

    Raises:
        AskedWrongly: the polarity is neither "higher" nor "lower", or a value is infinite.

    Source: domain.md 5.

    >>> chart = xmr(pd.Series([10, 12, 10, 12, 10, 12, 10, 20]), target=3)
    >>> [round(line, 2) for line in chart.points[["centre", "lower", "upper"]].iloc[0]], chart.assurance, chart.trial
    ([12.0, 3.64, 20.36], 'consistently passes', True)
    """
    if polarity not in (Polarity.HIGHER, Polarity.LOWER):
        raise AskedWrongly(f"polarity {polarity!r}", ["is neither 'higher' nor 'lower'"], "A process chart needs to know which way is good.")
    exact = [_exactly(value) for value in values.tolist()]
    known = np.array([value is not None for value in exact], dtype=bool)
    place = np.flatnonzero(known)
    rows = pd.DataFrame(
        {
            "series": np.zeros(len(place), dtype=np.int64),
            "time": place,
            "value": pd.Series([exact[at] for at in place], dtype=object),
            "polarity": pd.Series([polarity] * len(place), dtype=object),
            "target": pd.Series([_exactly(target)] * len(place), dtype=object),
            "counted": np.arange(len(place)) < (len(place) if fix_after is None else fix_after),
        }
    )
    found = signals(rows, screen_outliers=screen_outliers)
    points = pd.DataFrame({name: pd.Series(np.nan, index=range(len(values)), dtype=float) for name in POINTS[:-2]})
    points = points.assign(signal=pd.Series("", index=points.index, dtype=object), verdict=pd.Series("", index=points.index, dtype=object))
    for name in POINTS:
        points[name] = points[name].where(~known, pd.Series(found[name].to_numpy(), index=place).reindex(points.index)) if len(place) else points[name]
    points.index = values.index
    assurance = str(found["assurance"].iloc[-1]) if len(found) else str(Assurance.NONE)
    return Xmr(points, assurance, len(place) < TRIAL)


def _exactly(value: Any) -> Decimal | None:
    """Give a number as the decimal that it prints as; None for a missing one."""
    if frames.absent(value):
        return None
    exact = value if isinstance(value, Decimal) else Decimal(repr(value.item() if hasattr(value, "item") else value))
    if exact.is_nan():
        return None
    if not exact.is_finite():
        raise AskedWrongly(repr(value), ["is not a number that can be charted"], "Give finite values, or leave the value out.")
    return exact


def signals(rows: pd.DataFrame, *, screen_outliers: bool = True) -> pd.DataFrame:
    """
    Give the process behaviour of many series at once, by the rules of `xmr`.

    Args:
        rows: one known point a row, the points of a series together and in time order. Columns: series (whole number;
            a rebase begins another), time (whole number; neighbours are one apart, so a gap shows), value and target
            (exact), polarity ("higher" or "lower"), counted (whether the point counts for centre and limits).
        screen_outliers: as for `xmr`.

    Returns:
        On the index of *rows*: the columns of `POINTS`, and assurance (of the series, against its last target).
    """
    numbers, known, scale = frames.integers(rows, ["value", "target"])
    value, ten = numbers["value"], 10**scale
    series = rows["series"].to_numpy(dtype=np.int64)
    time = rows["time"].to_numpy(dtype=np.int64)
    counted = rows["counted"].to_numpy(dtype=bool)
    new = np.ones(len(rows), dtype=bool)
    new[1:] = series[1:] != series[:-1]
    of = np.cumsum(new) - 1
    next_to = ~new
    next_to[1:] &= time[1:] == time[:-1] + 1
    limits = _limits(value, of, counted, next_to, screen_outliers=screen_outliers)
    above, spread = limits.apart(value, of), limits.spread[of]
    outside = _beyond(times(above, 100), times(spread, 266))
    beyond = _beyond(times(above, 300), times(spread, 532))
    outside, beyond = np.where(limits.set[of], outside, 0), np.where(limits.set[of], beyond, 0)
    side = np.sign(above).astype(np.int8)
    change = np.zeros(len(rows), dtype=np.int8)
    change[1:] = np.sign(value[1:] - value[:-1]).astype(np.int8)
    change[~next_to] = 0
    trend = _trend(change)
    shift = np.where(_run_lengths(side, next_to) >= RUN, side, 0)
    two = _two_of_three(beyond, next_to)
    rules = [outside, trend, two, shift]
    code = np.select([rule != 0 for rule in rules], [1, 2, 3, 4], 0)
    way = np.select([rule != 0 for rule in rules], rules, 0)
    good = np.where(rows["polarity"] == Polarity.HIGHER, 1, -1)
    return pd.DataFrame(
        limits.lines(of, ten)
        | {
            "value": value.astype(float) / ten,
            "signal": pd.Series(_SIGNALS[code], index=rows.index, dtype=object),
            "verdict": pd.Series(_VERDICTS[way * good + 1], index=rows.index, dtype=object),
            "assurance": pd.Series(_assurance(limits, of, new, numbers["target"], known["target"], good), index=rows.index, dtype=object),
        },
        index=rows.index,
    )[[*POINTS, "assurance"]]


@dataclass(frozen=True)
class _Limits:
    """
    Centre and limits of each series in whole numbers.

    centre = total / count; half-width = 2.66 x ranged / ranges. `spread` is ranged x count, so that
    (value x count - total) x ranges compares with 2.66 x spread.
    """

    total: np.ndarray
    count: np.ndarray
    ranged: np.ndarray
    ranges: np.ndarray

    @property
    def set(self) -> np.ndarray:
        """Whether a series has limits: at least one moving range."""
        return np.asarray(self.ranges > 0)

    @property
    def spread(self) -> np.ndarray:
        return times(self.ranged, self.count)

    def apart(self, value: np.ndarray, of: np.ndarray) -> np.ndarray:
        """Give how far values lie from the centre, on the scale of `spread`; by its sign alone where there are no limits."""
        return times(times(value, self.count[of]) - self.total[of], np.maximum(self.ranges, 1)[of])

    def lines(self, of: np.ndarray, ten: int) -> dict[str, np.ndarray]:
        """Give the lines of the chart at each point, as floats for showing."""
        with np.errstate(invalid="ignore", divide="ignore"):
            centre = self.total.astype(float) / self.count.astype(float) / ten
            half = np.where(self.set, 2.66 * self.ranged.astype(float) / self.ranges.astype(float) / ten, np.nan)
        drawn = {"centre": centre, "lower": centre - half, "upper": centre + half, "near_lower": centre - half * 2 / 3, "near_upper": centre + half * 2 / 3}
        return {name: line[of] for name, line in drawn.items()}


def _limits(value: np.ndarray, of: np.ndarray, counted: np.ndarray, next_to: np.ndarray, *, screen_outliers: bool) -> _Limits:
    size = int(of[-1]) + 1 if len(of) else 0
    count = np.bincount(of[counted], minlength=size).astype(np.int64)
    total = _sums(np.where(counted, value, 0), of, size)
    taken = next_to & counted
    taken[1:] &= counted[:-1]
    moving = np.zeros_like(value)
    moving[1:] = np.abs(value[1:] - value[:-1])
    ranges, ranged = np.bincount(of[taken], minlength=size).astype(np.int64), _sums(np.where(taken, moving, 0), of, size)
    if screen_outliers:
        far = (times(moving, 1000, ranges[of]) >= times(ranged[of], 3267)).astype(bool) & (ranged[of] > 0).astype(bool)
        taken &= ~far
        ranges, ranged = np.bincount(of[taken], minlength=size).astype(np.int64), _sums(np.where(taken, moving, 0), of, size)
    return _Limits(total, count, ranged, ranges)


def _sums(numbers: np.ndarray, of: np.ndarray, size: int) -> np.ndarray:
    """Give the sum of each series, exactly: in wider integers where the sums might not fit."""
    if not len(numbers):
        return np.zeros(size, dtype=np.int64)
    starts = np.flatnonzero(np.r_[True, of[1:] != of[:-1]])
    if numbers.dtype != object and float(np.abs(numbers).max()) * len(numbers) >= 2.0**62:
        numbers = numbers.astype(object)
    return np.asarray(np.add.reduceat(numbers, starts))


def _beyond(apart: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """Give on which side a point lies strictly beyond: 1 above, -1 below, 0 inside or exactly on the line."""
    return (apart > reach).astype(np.int8) - (apart < -reach).astype(np.int8)


def _run_lengths(sign: np.ndarray, next_to: np.ndarray) -> np.ndarray:
    """Give the length of the unbroken run of equal signs that each point stands in; 0 where the sign is none."""
    starts = np.ones(len(sign), dtype=bool)
    starts[1:] = (sign[1:] != sign[:-1]) | ~next_to[1:]
    run = np.cumsum(starts) - 1
    return np.where(sign == 0, 0, np.bincount(run, minlength=1)[run]) if len(sign) else np.zeros(0, dtype=np.int64)


def _trend(change: np.ndarray) -> np.ndarray:
    """Mark every point of a run of seven rising or falling, which is six changes of one sign; a peak goes with the run it ends."""
    steps = np.where(_run_lengths(change, np.ones(len(change), dtype=bool)) >= RUN - 1, change, 0)
    first = np.zeros_like(steps)
    first[:-1] = np.where((steps[1:] != 0) & (steps[1:] != steps[:-1]), steps[1:], 0)
    return np.where(steps != 0, steps, first)


def _two_of_three(beyond: np.ndarray, next_to: np.ndarray) -> np.ndarray:
    """Mark the points beyond the near limit where two of three neighbours are, on the same side."""
    marked = np.zeros_like(beyond)
    whole = np.zeros(len(beyond), dtype=bool)
    whole[2:] = next_to[2:] & next_to[1:-1]
    for side in (1, -1):
        there = beyond == side
        number = there.astype(np.int8)
        number[1:] += there[:-1]
        number[2:] += there[:-2]
        ends = whole & (number >= 2)
        window = ends.copy()
        window[:-1] |= ends[1:]
        window[:-2] |= ends[2:]
        marked[there & window] = side
    return marked


def _assurance(limits: _Limits, of: np.ndarray, new: np.ndarray, target: np.ndarray, known: np.ndarray, good: np.ndarray) -> np.ndarray:
    """Say whether the process as it runs meets its last target: beyond the limit on the good side it never does."""
    if not len(of):
        return np.zeros(0, dtype=object)
    last = np.r_[np.flatnonzero(new)[1:], len(of)] - 1
    beyond = _beyond(times(limits.apart(target[last], of[last]), 100), times(limits.spread, 266)) * good[last]
    words = np.array([str(Assurance.PASSES), str(Assurance.HIT_AND_MISS), str(Assurance.FAILS)], dtype=object)[beyond + 1]
    return np.where(known[last] & limits.set, words, str(Assurance.NONE))[of]


# ---------------------------------------------------------------- the partnership's series


def measure_points(scores: pd.DataFrame, adjustments: pd.DataFrame) -> pd.DataFrame:
    """
    Give every point of the process chart of each measure that can have one.

    Args:
        scores: frame of the `SCORES` contract, of as many quarters as there are.
        adjustments: the register of adjustments: "rebase" and "break" set centre and limits anew from their quarter,
            "exclude" leaves quarters out of them; nothing is rebased unasked.

    Returns:
        Frame of the `PROCESS` contract. Measures whose kind has no chart, or that have no good way, have no rows.

    Source: domain.md 5.
    """
    rows = scores[scores["kind"].isin(CHARTED) & scores["polarity"].isin([Polarity.HIGHER, Polarity.LOWER]) & scores["actual"].notna()]
    single = (rows["target_low"] == rows["target_high"]) & (rows["target_unit"] == rows["actual_unit"])
    of_the_figure = ~rows["target_annual"] | (rows["quarter"].str.endswith("Q4") & (rows["kind"] != Kind.QUARTER_COUNT))
    made = pd.DataFrame(
        {
            "series_id": rows["measure_id"],
            "period": rows["quarter"],
            "time": _places(rows),
            "value": rows["actual"],
            "polarity": rows["polarity"],
            "target": rows["target_low"].where(single & of_the_figure, None),
            "figure_id": rows["figure_id"],
        }
    )
    return _points(made, "measure", adjustments)


def _places(rows: pd.DataFrame) -> list[int]:
    """Give each figure's place in time; of a measure that reports in some quarters only, among those, so that they are neighbours."""
    strays = {
        measure for measure, quarter, season in zip(rows["measure_id"], rows["quarter"], rows["reports_in"], strict=True) if quarter[-2:] not in season.split()
    }
    places = []
    for measure, quarter, season in zip(rows["measure_id"], rows["quarter"], rows["reports_in"], strict=True):
        reports_in = sorted(season.split())
        places.append(quarters.ordinal(quarter) if measure in strays else int(quarter[:4]) * len(reports_in) + reports_in.index(quarter[-2:]))
    return places


def monthly_points(monthly: pd.DataFrame) -> pd.DataFrame:
    """
    Give every point of the process chart of each monthly indicator that has a good way.

    Args:
        monthly: frame of the `MONTHLY` contract; a month reported in several quarters counts as reported last.

    Returns:
        Frame of the `PROCESS` contract.
    """
    known = monthly[monthly["value"].notna() & monthly["polarity"].isin([Polarity.HIGHER, Polarity.LOWER])]
    last = known.sort_values("quarter", kind="stable").drop_duplicates(["indicator", "month"], keep="last")
    made = pd.DataFrame(
        {
            "series_id": last["indicator"],
            "period": last["month"],
            "time": [int(month[:4]) * 12 + int(month[5:7]) for month in last["month"]],
            "value": last["value"],
            "polarity": last["polarity"],
            "target": pd.Series([None] * len(last), index=last.index, dtype=object),
            "figure_id": "",
        }
    )
    return _points(made, "monthly", None)


def _points(made: pd.DataFrame, what: str, adjustments: pd.DataFrame | None) -> pd.DataFrame:
    made = made.sort_values(["series_id", "time"], kind="stable").reset_index(drop=True)
    segment, counted = np.zeros(len(made), dtype=np.int64), np.ones(len(made), dtype=bool)
    for row in [] if adjustments is None else frames.rows(adjustments):
        its = (made["series_id"] == row["measure_id"]).to_numpy(dtype=bool) & (made["period"] >= row["from_quarter"]).to_numpy(dtype=bool)
        if row["what"] in ("rebase", "break"):
            segment[its] += 1
        elif row["what"] == "exclude":
            counted[its & (made["period"] <= (row["until_quarter"] or row["from_quarter"])).to_numpy(dtype=bool)] = False
    codes, _ = pd.factorize(made["series_id"])
    series = codes.astype(np.int64) * 1000 + segment
    found = signals(made.assign(series=series, counted=counted))
    _, of = np.unique(series, return_inverse=True)
    size = np.bincount(of)[of]
    lines = {name: pd.Series([_shown(line) for line in found[name]], dtype=object) for name in POINTS[1:-2]}
    columns = {"what": what, "segment": segment, "signal": found["signal"], "verdict": found["verdict"], "assurance": found["assurance"], "trial": size < TRIAL}
    whole = made.assign(**columns, **lines, counted=counted)
    return frames.make(frames.rows(whole), frames.PROCESS)


def _shown(line: float) -> Decimal | None:
    """Give a line of the chart as a decimal of four places, for the store; comparisons were made before, exactly."""
    return None if np.isnan(line) else Decimal(f"{line:.4f}")


def variation(points: pd.DataFrame) -> pd.DataFrame:
    """
    Give what the chart of each series says of its latest point.

    Args:
        points: frame of the `PROCESS` contract.

    Returns:
        Frame of the `VARIATION` contract: variation "common cause", "improvement" or "concern", or "too short to say"
        with fewer than seven points since the last rebase; assurance likewise.
    """
    series: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for point in frames.rows(points[["what", "series_id", "period", "segment", "trial", "signal", "verdict", "assurance"]]):
        series.setdefault((point["what"], point["series_id"]), []).append(point)
    made = []
    for (what, name), of in series.items():
        last = of[-1]
        size = sum(point["segment"] == last["segment"] for point in of)
        short = size < LEAST
        row = {"what": what, "series_id": name, "period": last["period"], "points": size, "trial": last["trial"]}
        said = {"signal": last["signal"], "variation": last["verdict"], "assurance": last["assurance"]}
        made.append(row | ({"variation": str(Outlook.TOO_SHORT), "assurance": str(Outlook.TOO_SHORT)} if short else said))
    return frames.make(made, frames.VARIATION)
