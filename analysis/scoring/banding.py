"""Cases and policies -> bands, exactly: the band, every band that rounding allows, the nearest edge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.frames import times
from analysis.scoring.cases import Cases, Ratio
from analysis.scoring.policies import OTHERWISE, Policy, Test
from analysis.vocabulary import Band

BANDS = tuple(Band)
NONE, NO_YEAR_AGO, NO_FORECAST = -1, -2, -3
"""Codes of a row without a band: nothing to compare, or a policy that asks for a figure that is not known."""
_CODE = {band: code for code, band in enumerate(BANDS)}
_G = _CODE[Band.G]


@dataclass(frozen=True)
class Group:
    """The rows that one version of one policy judges the same way; *other* judges figures on the other side of a range."""

    policy: Policy
    rows: np.ndarray
    other: Policy | None = None


def codes(cases: Cases, groups: list[Group]) -> np.ndarray:
    """Give the code of each row's band: its place in `BANDS`, or below zero for none."""
    found = np.full(len(cases.reason), NONE, dtype=np.int8)
    for group in groups:
        found[group.rows] = _judged(cases, group, cases.actual.at(group.rows))
    return found


def _judged(cases: Cases, group: Group, actual: Ratio, side: np.ndarray | int = 0, rows: np.ndarray | None = None) -> np.ndarray:
    """
    Judge figures put in the place of the actual; *side* is +1 or -1 for just above or just below them.

    Bands are tried in order; one is given when all its tests hold, and none when a test cannot be decided before.
    """
    rows = group.rows if rows is None else rows
    found = np.full(len(rows), NONE, dtype=np.int8)
    ranged = cases.ranged[rows]
    if ranged.any():
        low, high = _against(actual, Ratio(cases.low[rows], 1), side), _against(actual, Ratio(cases.high[rows], 1), side)
        found[ranged & (low >= 0) & (high <= 0)] = _G
        astray = cases.in_range[rows] & np.where(cases.lower[rows], low < 0, high > 0)
        if astray.any():
            beside = side if isinstance(side, int) else side[astray]
            whole = _judged(cases.of_the_other_end(), Group(group.other, rows, None), actual.at(astray), beside, rows[astray]) if group.other else NONE
            found[astray] = whole
    open_still = found == NONE
    if ranged.any():
        open_still &= ~astray
    for band, tests in group.policy.steps:
        holds, unknown = open_still.copy(), np.zeros(len(rows), dtype=np.int8)
        for test in tests:
            if test.sign == OTHERWISE:
                continue
            known = _known(cases, test, rows)
            passed = _passed(cases, test, actual, side, rows)
            holds &= passed | ~known
            unknown = np.where(known, unknown, NO_FORECAST if test.figure == "forecast" else NO_YEAR_AGO)
        found = np.where(holds, np.where(unknown == 0, np.int8(_CODE[band]), unknown) if unknown.any() else np.int8(_CODE[band]), found)
        open_still &= ~holds
    return found


def _known(cases: Cases, test: Test, rows: np.ndarray) -> np.ndarray:
    known = np.ones(len(rows), dtype=bool)
    if test.figure == "forecast":
        known &= cases.forecast_known[rows]
    if test.against == "year ago":
        known &= cases.year_ago_known[rows]
    return known


def _passed(cases: Cases, test: Test, actual: Ratio, side: np.ndarray | int, rows: np.ndarray) -> np.ndarray:
    figure, beside = (cases.forecast.at(rows), 0) if test.figure == "forecast" else (actual, side)
    turn = edge(cases, test, rows)
    if isinstance(beside, int) and not beside:
        compare = {">=": np.greater_equal, ">": np.greater, "<=": np.less_equal, "<": np.less}[test.sign]
        return np.asarray(compare(times(figure.top, turn.bottom), times(turn.top, figure.bottom))).astype(bool)
    sign = _against(figure, turn, beside)
    return {">=": sign >= 0, ">": sign > 0, "<=": sign <= 0, "<": sign < 0}[test.sign]


def edge(cases: Cases, test: Test, rows: np.ndarray) -> Ratio:
    """Give the figure at which a test turns: factor times target (or the figure a year ago), plus points."""
    base = cases.year_ago if test.against == "year ago" else cases.year_target if test.figure == "forecast" else cases.target
    top, bottom = base.at(rows)
    factor, points = test.factor, test.points
    if not points:
        return Ratio(times(top, factor.numerator), _bottom(bottom, factor.denominator))
    return Ratio(
        times(top, factor.numerator, points.denominator) + times(np.broadcast_to(bottom, top.shape), points.numerator, cases.scale, factor.denominator),
        _bottom(bottom, factor.denominator * points.denominator),
    )


def _bottom(bottom: np.ndarray | int, times_: int) -> np.ndarray | int:
    return bottom * times_ if isinstance(bottom, int) else times(bottom, times_)


def _against(figure: Ratio, other: Ratio, side: np.ndarray | int) -> np.ndarray:
    """Say which is greater, row by row: 1, 0 or -1; where they are equal, which side of it is meant decides."""
    left, right = times(figure.top, other.bottom), times(other.top, figure.bottom)
    sign = (left > right).astype(np.int8) - (left < right).astype(np.int8)
    return np.where(sign == 0, side, sign)


# ---------------------------------------------------------------- rounding and edges


def within_rounding(cases: Cases, groups: list[Group], banded: np.ndarray) -> np.ndarray:
    """
    Give every band that the printed actual could have meant before it was rounded, as a sum of 2 to the code of each.

    The figure lay anywhere within half of its last printed place, both ends included; the target is taken as exact.
    """
    found = np.where(banded >= 0, np.left_shift(1, np.maximum(banded, 0)), 0).astype(np.int64)
    for group in groups:
        rows = group.rows[(cases.half[group.rows] != 0) & (banded[group.rows] >= 0)]
        actual = cases.actual.at(rows)
        reach = times(cases.half[rows], actual.bottom)
        ends = [Ratio(actual.top + sign * reach, actual.bottom) for sign in (-1, 1)]
        low, high = (_judged(cases, group, end, rows=rows) for end in ends)
        found[rows] |= _bit(low) | _bit(high)
        open_still = (low != high) | (low < 0) | cases.ranged[rows] if group.policy.one_way else np.ones(len(rows), dtype=bool)
        rows, ends = rows[open_still], [end.at(open_still) for end in ends]
        for turn in _turns(cases, group, rows):
            inside = (_against(turn, ends[0], 0) > 0) & (_against(turn, ends[1], 0) < 0)
            few = rows[inside]
            for side in (-1, 0, 1):
                found[few] |= _bit(_judged(cases, group, turn.at(inside), side, few))
    return found


def _bit(banded: np.ndarray) -> np.ndarray:
    return np.where(banded >= 0, np.left_shift(1, np.maximum(banded, 0)), 0).astype(np.int64)


def _turns(cases: Cases, group: Group, rows: np.ndarray) -> Iterator[Ratio]:
    """Give every figure at which a test of the actual may turn, and the ends of a range."""
    for test in group.policy.on_actual:
        known = _known(cases, test, rows)
        turn = edge(cases, test, rows)
        yield turn.where(~known, cases.actual.at(rows))
    if group.other and cases.in_range[rows].any():
        beside = cases.of_the_other_end()
        for test in group.other.on_actual:
            yield edge(beside, test, rows).where(~(cases.in_range[rows] & _known(beside, test, rows)), cases.actual.at(rows))
    if cases.ranged[rows].any():
        for end in (cases.low, cases.high):
            yield cases.actual.at(rows).where(cases.ranged[rows], Ratio(end[rows], 1))


def nearest_edge(cases: Cases, groups: list[Group], banded: np.ndarray) -> tuple[Ratio, np.ndarray]:
    """
    Give the figure nearest to each actual that would have another band, and the code of that band (-1 where there is none).

    Which is nearest is told by floats, as it decides no band; the figure itself is exact.
    """
    far = np.full(len(banded), np.inf)
    beyond = np.full(len(banded), NONE, dtype=np.int8)
    tops, bottoms = np.zeros(len(banded), dtype=object), np.ones(len(banded), dtype=object)
    for group in groups:
        rows = group.rows[banded[group.rows] >= 0]
        actual = cases.actual.at(rows)
        own = actual.shown()
        for turn in _turns(cases, group, rows):
            place = np.abs(turn.shown() - own)
            way = _against(turn, actual, 0)
            for side in (0, 1, -1):
                beside = side if side == 0 else np.where(way == 0, side, way)
                other = _judged(cases, group, turn, beside, rows)
                nearer = (other >= 0) & (other != banded[rows]) & (place < far[rows])
                far[rows[nearer]], beyond[rows[nearer]] = place[nearer], other[nearer]
                tops[rows[nearer]], bottoms[rows[nearer]] = turn.top[nearer], turn.bottoms[nearer]
    return Ratio(tops, bottoms), beyond
