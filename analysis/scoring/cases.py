"""Observations -> what is compared with what, as whole numbers, or why nothing is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis import frames, quarters
from analysis.frames import Words, times
from analysis.vocabulary import Kind, Polarity, Reason

NO_YEAR_BEFORE = "the figure for the period exactly a year before is not known"
YEAR_ON_YEAR = {"year on year reduction": Polarity.LOWER, "year on year increase": Polarity.HIGHER}


class Ratio(NamedTuple):
    """One fraction a row: top / (bottom x the scale of its cases); the bottom is the number 1 where it is for every row."""

    top: np.ndarray
    bottom: np.ndarray | int

    def where(self, chosen: np.ndarray, other: Ratio) -> Ratio:
        """Give this where *chosen* does not say otherwise, *other* where it does."""
        if not chosen.any():
            return self
        plain = isinstance(self.bottom, int) and isinstance(other.bottom, int) and self.bottom == other.bottom
        return Ratio(np.where(chosen, other.top, self.top), self.bottom if plain else np.where(chosen, other.bottom, self.bottom))

    def at(self, rows: np.ndarray) -> Ratio:
        """Give the fractions of some rows."""
        return Ratio(self.top[rows], self.bottom if isinstance(self.bottom, int) else self.bottom[rows])

    def turned(self, round_: np.ndarray) -> Ratio:
        """Give the fractions with those turned round whose reduction is meant."""
        return Ratio(np.where(round_, -self.top, self.top), self.bottom) if round_.any() else self

    @property
    def bottoms(self) -> np.ndarray:
        """The bottom of every row."""
        return np.broadcast_to(np.asarray(self.bottom), self.top.shape)

    def shown(self) -> np.ndarray:
        """Give the fractions as floats, which decide nothing."""
        return np.asarray(self.top.astype(float) / np.asarray(self.bottom, dtype=float))


@dataclass(frozen=True)
class Cases:
    """
    What is compared with what, row by row of the observations.

    Attributes:
        scale: what every fraction is divided by.
        figure: the actual as reported, known or 0.
        actual, target: what is compared, both turned round where a reduction is meant.
        lower: whether less is better, in this comparison.
        ranged: whether low to high counts as met.
        low, high: that range, times the scale.
        half: half of the last printed place of the actual, times the scale; 0 where it is not open to rounding.
        year_ago, forecast: with whether known; `year_target` is what the forecast is held against.
        in_range: whether a figure below the range is judged by its low end and one above by its high end.
        reason: code of why nothing is compared (`reasons` gives the words); 0 where something is.
    """

    scale: int
    figure: Ratio
    figure_known: np.ndarray
    actual: Ratio
    target: Ratio
    lower: np.ndarray
    ranged: np.ndarray
    low: np.ndarray
    high: np.ndarray
    half: np.ndarray
    year_ago: Ratio
    year_ago_known: np.ndarray
    forecast: Ratio
    year_target: Ratio
    forecast_known: np.ndarray
    reason: np.ndarray
    in_range: np.ndarray

    @property
    def sound(self) -> np.ndarray:
        """Whether a row has something to compare."""
        return np.asarray(self.reason == 0)

    def of_the_other_end(self) -> Cases:
        """Give the cases as they are where a figure lies on the other side of its range: held against the other end, the other way good."""
        target = self.target.where(self.in_range, Ratio(np.where(self.lower, self.low, self.high), 1))
        return replace(self, target=target, lower=np.where(self.in_range, ~self.lower, self.lower).astype(bool))

    @property
    def within(self) -> np.ndarray:
        """Whether the actual lies in the range that counts as met."""
        top, bottom = self.actual
        return np.asarray(self.ranged & (times(self.low, bottom) <= top) & (top <= times(self.high, bottom)))


def build(observations: pd.DataFrame, forecasts: pd.DataFrame | None = None, *, year_ago: bool = True) -> Cases:
    """
    Give what is compared with what.

    Args:
        observations: frame of the `OBSERVATIONS` contract.
        forecasts: frame of the `FORECASTS` contract; only matters to policies that look at it.
        year_ago: whether the figure of a year ago is wanted for every row, and not only where the target is one.
    """
    decimals = _whole(observations["actual_decimals"])
    places = int(decimals.max(initial=0)) + 1
    numbers, known, scale = frames.integers(observations, ["actual", "target_low", "target_high"], places)
    ten = 10**scale
    text = {name: frames.coded(observations[name]) for name in ("polarity", "kind", "target_unit", "actual_unit", "target_rule")}
    half = _half(decimals, scale)
    figure, exact = _figure(observations, numbers["actual"], known["actual"], text["actual_unit"], half, ten)
    rule, rank = ~text["target_rule"].are(""), text["target_unit"].are("rank")
    before = _year_before(observations, np.ones(len(rule), dtype=bool) if year_ago else rule)
    low, high = numbers["target_low"], numbers["target_high"]
    reason = _reasons(observations, text, known, before, rule, rank)

    ranked, plain = rank & ~rule, ~rule & ~rank
    in_range = plain & text["polarity"].are(Polarity.IN_RANGE)
    spread = plain & ~in_range & (low != high)
    higher = text["polarity"].are(Polarity.HIGHER)
    reduction = plain & ~in_range & ~spread & (low < 0)
    below = in_range & _less(figure.top, times(low, figure.bottom)) if in_range.any() else in_range

    ranks, has_rank = _ranks(observations, ranked, ten)
    actual = figure.where(ranked, ranks)
    target = Ratio(np.where(rank | (spread & ~higher) | (in_range & ~below), high, low), 1)
    year_before, year_ago_known = _taken(figure, known["actual"], before)
    target = target.where(rule, year_before)
    if year_ago:
        year_ago_known &= _at(text["actual_unit"].codes, before) == text["actual_unit"].codes
        rank_ago, rank_ago_known = _taken(ranks, has_rank, before)
        year_before = year_before.where(ranked, rank_ago)
        year_ago_known = np.where(ranked, rank_ago_known, year_ago_known)
    forecast, year_target, forecast_known = _forecast(observations, forecasts, scale)
    wants = text["target_rule"].are(*(words for words, way in YEAR_ON_YEAR.items() if way == Polarity.LOWER))
    lower = np.where(rule, wants, np.where(in_range, ~below, ranked | (~higher & ~reduction)))
    return Cases(
        scale=ten,
        figure=figure,
        figure_known=known["actual"],
        actual=actual.turned(reduction),
        target=target.turned(reduction),
        lower=lower.astype(bool),
        ranged=in_range | (spread & higher),
        low=low,
        high=high,
        half=np.where(exact | rank | observations["actual_decimals"].isna().to_numpy(), 0, half),
        year_ago=year_before.turned(reduction),
        year_ago_known=year_ago_known,
        forecast=forecast.turned(reduction),
        year_target=year_target.turned(reduction),
        forecast_known=forecast_known,
        reason=reason,
        in_range=in_range,
    )


def _ranks(observations: pd.DataFrame, ranked: np.ndarray, ten: int) -> tuple[Ratio, np.ndarray]:
    """Give the ranks that stand beside actuals, and whether there is one; nothing is looked at where no target is a rank."""
    if not ranked.any():
        return Ratio(np.zeros(len(ranked), dtype=np.int64), 1), np.zeros(len(ranked), dtype=bool)
    return Ratio(times(_whole(observations["actual_rank"]), ten), 1), observations["actual_rank"].notna().to_numpy()


def _whole(column: pd.Series) -> np.ndarray:
    return column.fillna(0).to_numpy(dtype=np.int64)


def _less(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.asarray(left < right).astype(bool)


def _at(column: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Give what stands at each place; where there is none (-1), whatever stands last: callers look at what is known."""
    return column[places] if len(column) else column


def _taken(figures: Ratio, known: np.ndarray, places: np.ndarray) -> tuple[Ratio, np.ndarray]:
    if not len(places):
        return figures, known
    return figures.at(places), known[places] & (places >= 0)


def _half(decimals: np.ndarray, scale: int) -> np.ndarray:
    """Give half of the last printed place, times the scale; few different numbers of places occur."""
    by_places = [10**scale // (2 * 10**places) for places in range(int(decimals.max(initial=0)) + 1)]
    return np.array(by_places, dtype=np.int64 if scale <= 18 else object)[decimals]


def _figure(observations: pd.DataFrame, actual: np.ndarray, known: np.ndarray, unit: Words, half: np.ndarray, ten: int) -> tuple[Ratio, np.ndarray]:
    """Give the actual, and whether it is exact: from numerator and denominator where these round to what is printed."""
    top, bottom = _whole(observations["actual_numerator"]), _whole(observations["actual_denominator"])
    given = known & observations["actual_numerator"].notna().to_numpy() & (bottom != 0)
    plain = Ratio(actual, 1)
    if not given.any():
        return plain, given
    bottom = np.where(given, bottom, 1)
    ratio = times(top, np.where(unit.are("percent"), 100, 1), ten)
    apart = np.abs(ratio - times(actual, bottom))
    exact = given & (apart <= times(half, bottom)).astype(bool)
    return plain.where(exact, Ratio(ratio, bottom)), exact


_ANNUAL, _NO_TARGET, _NO_ACTUAL, _NO_YEAR, _NO_RANK, _UNITS, _CONTEXT, _OTHER_UNIT = range(1, 9)


def _reasons(
    observations: pd.DataFrame, text: dict[str, Words], known: dict[str, np.ndarray], before: np.ndarray, rule: np.ndarray, rank: np.ndarray
) -> np.ndarray:
    """Give the code of why nothing is compared: the first that holds, so the last are set first."""
    reason = np.zeros(len(observations), dtype=np.int8)
    reason[~rule & ~rank & ~text["target_unit"].same(text["actual_unit"])] = _UNITS
    if rank.any():
        reason[~rule & rank & observations["actual_rank"].isna().to_numpy()] = _NO_RANK
    reason[rule & (_at(text["actual_unit"].codes, before) != text["actual_unit"].codes)] = _OTHER_UNIT
    reason[rule & ~((before >= 0) & _at(known["actual"], before))] = _NO_YEAR
    reason[~known["actual"]] = _NO_ACTUAL
    reason[~known["target_low"] & ~rule] = _NO_TARGET
    annual = observations["target_annual"].to_numpy(dtype=bool)
    if annual.any():
        quarter = frames.coded(observations["quarter"])
        reason[annual & ~quarter.are(*(name for name in quarter.names if name.endswith("Q4")))] = _ANNUAL
    reason[text["polarity"].are(Polarity.NONE) | text["kind"].are(Kind.CONTEXTUAL)] = _CONTEXT
    return reason


def reasons(observations: pd.DataFrame, cases: Cases) -> np.ndarray:
    """Say in words why nothing is compared, row by row; empty where something is."""
    words = np.full(len(observations), "", dtype=object)
    fixed = {
        _CONTEXT: "contextual: no way is good",
        _ANNUAL: "annual target, assessed in Q4",
        _NO_YEAR: NO_YEAR_BEFORE,
        _OTHER_UNIT: "the figure a year before is in another unit",
        _NO_RANK: "actual: gives no rank to compare with the target's",
    }
    for code, said in fixed.items():
        words[cases.reason == code] = said
    column = {name: observations[name].to_numpy(dtype=object) for name in ("target_reason", "actual_reason", "target_unit", "actual_unit")}
    ranges = observations["actual_low"].notna().to_numpy()
    for place in np.flatnonzero(cases.reason == _NO_TARGET):
        words[place] = f"target: {column['target_reason'][place] or Reason.NOT_GIVEN}"
    for place in np.flatnonzero(cases.reason == _NO_ACTUAL):
        words[place] = f"actual: {column['actual_reason'][place] or ('a range, not a figure' if ranges[place] else Reason.NOT_GIVEN)}"
    for place in np.flatnonzero(cases.reason == _UNITS):
        words[place] = f"target in {column['target_unit'][place]}, actual in {column['actual_unit'][place]}"
    return words


def _year_before(observations: pd.DataFrame, wanted: np.ndarray) -> np.ndarray:
    """Find the row of a year before for the wanted rows, among the rows of their measures; -1 for the others."""
    found = np.full(len(observations), -1)
    if wanted.any():
        measures = frames.coded(observations["measure_id"])
        has = np.zeros(len(measures.names), dtype=bool)
        has[measures.codes[wanted]] = True
        rows = np.flatnonzero(has[measures.codes])
        among = _year_before_among(observations.iloc[rows][["measure_id", "quarter", "data_period"]])
        found[rows] = np.where(among >= 0, rows[among], -1)
    return found


def _year_before_among(observations: pd.DataFrame) -> np.ndarray:
    """Find the row of the same measure's figure for the period exactly a year before, or -1: by its data period, else by quarter."""
    named, time = frames.coded(observations["measure_id"]), frames.coded(observations["quarter"])
    measures = named.codes.astype(np.int64)
    keys = measures * 100_000 + time.as_numbers([quarters.ordinal(quarter) if used else 0 for quarter, used in _used(time)])
    found = pd.Index(keys).get_indexer(keys - 4) if len(keys) else keys
    stated = np.flatnonzero(~frames.coded(observations["data_period"]).are(""))
    periods = {text: quarters.span(text) for text in observations["data_period"].iloc[stated].unique()}
    texts = observations["data_period"].to_numpy(dtype=object)
    first: dict[Any, int] = {}
    for place in stated:
        first.setdefault((measures[place], periods[texts[place]]), int(place))
    for place in stated:
        months = periods[texts[place]]
        found[place] = first.get((measures[place], (months[0] - 12, months[1] - 12)), -1) if months else -1
    return np.asarray(found)


def _used(words: Words) -> list[tuple[str, bool]]:
    """Give each name with whether a cell holds it: categories may name what the frame does not have."""
    there = np.bincount(words.codes, minlength=len(words.names)) > 0
    return list(zip(words.names, there.tolist(), strict=True))


def _forecast(observations: pd.DataFrame, forecasts: pd.DataFrame | None, scale: int) -> tuple[Ratio, Ratio, np.ndarray]:
    """Give each row's forecast of the year end and what it is held against, where there are both."""
    if forecasts is None or forecasts.empty:
        none = np.zeros(len(observations), dtype=np.int64)
        return Ratio(none, 1), Ratio(none, 1), none.astype(bool)
    numbers, known, own = frames.integers(forecasts, ["forecast", "target"], scale)
    places = pd.MultiIndex.from_frame(forecasts[["measure_id", "quarter"]]).get_indexer(pd.MultiIndex.from_frame(observations[["measure_id", "quarter"]]))
    bottom = 10 ** (own - scale)
    return (
        Ratio(numbers["forecast"][places], bottom),
        Ratio(numbers["target"][places], bottom),
        (known["forecast"] & known["target"])[places] & (places >= 0),
    )
