"""
Process behaviour: limits, signals, verdicts and assurance, against published examples, hand-made series and the rules written out again.

Published examples, for their data and figures only:

- NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2, flow rate of 10 batches (its limits use 3 / 1.128, not 2.66).
- D. J. Wheeler, Making Sense of Data, pages 130 and 382 and tables 8.1, 9.1 and 9.2, as quoted in the public tests of
  mattmccormick/statprocon (tests/test_xmr.py), and that package's README.
- The README of spc-plotly on PyPI: 38 monthly counts.

None of them screens outliers.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal, assert_series_equal

from analysis import trends
from analysis.errors import AskedWrongly

COLUMNS = ["value", "centre", "lower", "upper", "near_lower", "near_upper", "signal", "verdict"]
NONE, OUTSIDE, TREND, TWO, SHIFT = "", "outside limits", "trend", "two of three", "shift"
COMMON, GOOD, BAD = "common cause", "improvement", "concern"
LINES = ["centre", "lower", "upper"]


def points(values: list[Any], **how: Any) -> pd.DataFrame:
    """Give the points of a list of values."""
    return trends.xmr(pd.Series(values), **how).points


def signals(values: list[Any], **how: Any) -> list[str]:
    """Give the signal of each value."""
    return points(values, **how)["signal"].tolist()


def lines(values: list[Any], **how: Any) -> list[float]:
    """Give centre, lower and upper limit, which are the same at every point."""
    got = points(values, **how)[LINES]
    assert len(got.drop_duplicates()) == 1
    return got.iloc[0].tolist()


def marked(count: int, **where: tuple[int, ...]) -> list[str]:
    """Give *count* signals: the named ones at their positions, none elsewhere."""
    names = {"outside": OUTSIDE, "trend": TREND, "two": TWO, "shift": SHIFT}
    at = {position: names[name] for name, positions in where.items() for position in positions}
    return [at.get(position, NONE) for position in range(count)]


# ---------------------------------------------------------------- published examples

NIST = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
README = [10, 50, 40, 30]
OHMS = [5045, 4350, 4350, 3975, 4290, 4430, 4485, 4285, 3980, 3925, 3645, 3760, 3300, 3685, 3463, 5200]
FLOW = [120, 140, 100, 150, 260, 150, 100, 120, 300, 300, 275, 300, 140, 170, 150, 150, 190, 180]
SMOKERS = [21.3, 20.2, 20.9, 21.0, 18.8, 19.6, 18.7, 18.6, 18.1, 18.9, 19.2, 18.2, 17.3, 19.0]
FIRST_GROUP = [43, 40, 37, 33, 30, 33, 34, 35, 29, 33, 31, 39]
SECOND_GROUP = [35, 37, 33, 32, 27, 29, 31, 22, 25, 30, 24, 19]
OWED = [55.6, 54.7, 54.9, 54.8, 56.9, 55.7, 53.8, 54.8, 53.4, 57.0, 59.4, 63.2, 60.9, 60.7, 58.6, 57.3, 56.9, 58.1, 58.3, 50.9, 53.3, 52.5, 50.8, 52.9]
COUNTS = [
    *(2478, 2350, 2485, 2296, 2359, 2567, 3089, 2668, 1788, 2854, 2365, 1883, 1959, 1927, 2640, 2626, 2144, 2409, 4412),
    *(3287, 3049, 3364, 3078, 2972, 3415, 2753, 3102, 2191, 3693, 4385, 4699, 3031, 2659, 3885, 2628, 2621, 3071, 2002),
]

PUBLISHED = [
    # sum 508.1; ranges 2.0 2.3 1.4 3.5 3.4 1.4 0.2 1.2 1.5, sum 16.9 of 9; 2.66 x 1.8778 = 4.9949
    pytest.param(NIST, (50.81, 45.8159, 55.8041), 0.0011, id="NIST, flow rate"),
    # sum 130; ranges 40 10 10, mean 20; 53.2 either way
    pytest.param(README, (32.5, -20.7, 85.7), 1e-9, id="statprocon, README"),
    # sum 161; ranges 9 90 50, sum 149 of 3; 2.66 x 49.6667 = 132.1133; published from rounded means
    pytest.param([1, 10, 100, 50], (40.25, -91.864, 172.364), 0.001, id="statprocon, four counts"),
    # sum 66168; ranges sum 5339 of 15; 2.66 x 355.9333 = 946.7827
    pytest.param(OHMS, (4135.50, 3188.72, 5082.28), 0.005, id="Wheeler, page 382"),
    # sum 3295 of 18; ranges sum 890 of 17; 2.66 x 52.3529 = 139.2588; the book, from rounded means, has 43.7 and 322.5
    pytest.param(FLOW, (183.1, 43.7, 322.5), 0.2, id="Wheeler, page 130"),
    # sum 417 of 12; ranges 3 3 4 3 3 1 1 6 4 2 8, sum 38 of 11; 2.66 x 3.4545 = 9.1891
    pytest.param(FIRST_GROUP, (34.75, 25.6, 43.9), 0.05, id="Wheeler, table 9.1, first group"),
    # sum 344 of 12; ranges 2 4 1 5 2 2 9 3 5 6 5, sum 44 of 11; 2.66 x 4 = 10.64
    pytest.param(SECOND_GROUP, (28.67, 18.0, 39.3), 0.05, id="Wheeler, table 9.1, second group"),
    # sum 107184 of 38; ranges sum 21160 of 37
    pytest.param(COUNTS, (2820.63158, 1299.39915, 4341.86401), 0.0001, id="spc-plotly, README"),
]


@pytest.mark.parametrize(("values", "published", "within"), PUBLISHED)
def test_published_limits_are_reached(values: list[float], published: tuple[float, ...], within: float) -> None:
    """It reaches the centre and limits that were published, to their rounding and the rounding of the constant."""
    assert lines(values, screen_outliers=False) == pytest.approx(published, abs=within)


WORKED = [
    pytest.param(NIST, False, (50.81, Fraction(169, 90)), id="NIST, flow rate"),
    pytest.param(README, False, (32.5, 20), id="statprocon, README"),
    pytest.param(OHMS, False, (4135.5, Fraction(5339, 15)), id="Wheeler, page 382"),
    # 3.267 x 355.93 = 1162.8: of 15 ranges only 1737 is dropped, and 5339 - 1737 = 3602
    pytest.param(OHMS, True, (4135.5, Fraction(3602, 14)), id="Wheeler, page 382, screened"),
    # 3.267 x 52.3529 = 171.04: 180 is dropped and 160 is kept; 890 - 180 = 710
    pytest.param(FLOW, True, (Fraction(3295, 18), Fraction(710, 16)), id="Wheeler, page 130, screened"),
    # 3.267 x 0.8538 = 2.79, and the largest range is 2.2; sum 269.8; ranges 1.1 0.7 0.1 2.2 0.8 0.9 0.1 0.5 0.8 0.3 1.0 0.9 1.7, sum 11.1
    pytest.param(SMOKERS, True, (Fraction(2698, 140), Fraction(111, 130)), id="Wheeler, table 8.1, screened"),
    # 3.267 x 571.89 = 1868.4: of 37 ranges only 2003 is dropped, and 21160 - 2003 = 19157
    pytest.param(COUNTS, True, (Fraction(107184, 38), Fraction(19157, 36)), id="spc-plotly, README, screened"),
]


@pytest.mark.parametrize(("values", "screened", "worked"), WORKED)
def test_limits_are_as_worked_by_hand(values: list[float], screened: bool, worked: tuple[Any, Any]) -> None:
    """It puts the limits 2.66 mean moving ranges from the mean, and the near limits two thirds of the way there."""
    centre, width = float(worked[0]), float(worked[1]) * 2.66
    got = points(values, screen_outliers=screened).iloc[-1][COLUMNS[1:6]].tolist()
    assert got == pytest.approx([centre, centre - width, centre + width, centre - width * 2 / 3, centre + width * 2 / 3])


SIGNALLED = [
    # near limits 47.48 and 54.14; published: in control
    pytest.param(NIST, {}, marked(10), id="NIST, flow rate"),
    # above 5082.28: 5200; under the near limit 3504.31: 3300 and 3463, two apart; under 4135.5: seven, from 3980 to 3463
    pytest.param(OHMS, {"screen_outliers": False}, marked(16, outside=(15,), two=(12, 14), shift=(8, 9, 10, 11, 13)), id="Wheeler, page 382"),
    # 257.2857 x 2.66 = 684.38: limits 3451.12 and 4819.88, near 3679.25: 5045 and 3300 are out too, 3645 joins 3300, 3463 does
    pytest.param(OHMS, {}, marked(16, outside=(0, 12, 15), two=(10, 14), shift=(8, 9, 11, 13)), id="Wheeler, page 382, screened"),
    # near limit 183.0556 + 92.8392 = 275.89, and 275 is just inside it
    pytest.param(FLOW, {"screen_outliers": False}, marked(18, two=(8, 9, 11)), id="Wheeler, page 130"),
    # 44.375 x 2.66 = 118.0375: limit 301.09, near limits 104.36 and 261.75: 275 is beyond, 260 is not, 100 is alone each time
    pytest.param(FLOW, {}, marked(18, two=(8, 9, 10, 11)), id="Wheeler, page 130, screened"),
    # published: the last eight are on one side of 19.27; near limit 19.2714 + 1.5142 = 20.79: 21.3, then 20.9 and 21.0
    pytest.param(SMOKERS, {}, marked(14, two=(0, 2, 3), shift=tuple(range(6, 14))), id="Wheeler, table 8.1"),
    # published, with runs of eight: 4412, 4385 and 4699 are out, the eight from 2365 to 2409 are under 2820.63
    # a run of seven is enough here: the seven from 4412 to 3415 are above it
    pytest.param(COUNTS, {"screen_outliers": False}, marked(38, outside=(18, 29, 30), shift=(*range(10, 18), *range(19, 25))), id="spc-plotly, README"),
]


@pytest.mark.parametrize(("values", "how", "expected"), SIGNALLED)
def test_published_series_signal_as_worked_by_hand(values: list[float], how: dict[str, Any], expected: list[str]) -> None:
    """It finds the signals that were published, and the others that the rules give by hand."""
    assert signals(values, **how) == expected


def test_the_limits_of_one_group_judge_the_next() -> None:
    """It sets the limits from the first group and holds the second to them: 22, 25, 24 and 19 are under 25.56, as published."""
    got = points(FIRST_GROUP + SECOND_GROUP, fix_after=12, polarity="lower")
    assert got.iloc[0][LINES].tolist() == got.iloc[23][LINES].tolist() == pytest.approx([34.75, 34.75 - 2.66 * 38 / 11, 34.75 + 2.66 * 38 / 11])
    second = got.iloc[12:].reset_index(drop=True)
    assert second.index[second["signal"] == OUTSIDE].tolist() == [7, 8, 10, 11]
    assert set(second["verdict"][second["signal"] == OUTSIDE]) == {GOOD}


def test_a_first_year_judges_the_second() -> None:
    """It holds the second year to the limits of the first, where 60.7 is just outside 60.68, as published."""
    # sum 674.2 of 12; ranges .9 .2 .1 2.1 1.2 1.9 1 1.4 3.6 2.4 3.8, sum 18.6 of 11, x 2.66 = 4.4978: limits 51.6855 and 60.6811, near 53.1848 and 59.1819
    # out, as published: 63.2 60.9 60.7 50.9 50.8; beyond the near limits beside them: 59.4, 52.5, 52.9; above 56.1833: ten, from 57.0 to 58.3
    # 63.2 60.9 60.7 58.6 57.3 56.9 falls for six only
    got = points(OWED, fix_after=12, polarity="lower")
    assert got["signal"].tolist() == marked(24, outside=(11, 12, 13, 19, 22), two=(10, 21, 23), shift=(9, 14, 15, 16, 17, 18))
    assert got["verdict"].tolist() == [COMMON] * 9 + [BAD] * 10 + [GOOD, COMMON, GOOD, GOOD, GOOD]


# ---------------------------------------------------------------- signals, one rule at a time

BASE = [1075, 925] * 3
FLIPPED = [925, 1075] * 3
# mean 1000; every range 150, x 2.66 = 399: limits 601 and 1399, near limits 266 away: 734 and 1266. BASE ends below the centre, FLIPPED above it.

CASES = [
    pytest.param(BASE, [1399, 925, 1075, 1400, 925], [NONE, NONE, NONE, OUTSIDE, NONE], id="on the upper limit is inside"),
    pytest.param(FLIPPED, [601, 1075, 925, 600, 1075], [NONE, NONE, NONE, OUTSIDE, NONE], id="on the lower limit is inside"),
    # runs count 925, the last of BASE, or 1075, the last of FLIPPED
    pytest.param(BASE, [940, 960, 980, 1010, 1030, 1000], [NONE] * 6, id="six rising"),
    pytest.param(BASE, [940, 960, 980, 1010, 1030, 1050, 1000], [TREND] * 6 + [NONE], id="seven rising"),
    pytest.param(BASE, [940, 960, 980, 990, 1010, 1030, 1040, 1050, 1000], [TREND] * 8 + [NONE], id="nine rising"),
    pytest.param(FLIPPED, [1060, 1040, 1020, 990, 970, 1000], [NONE] * 6, id="six falling"),
    pytest.param(FLIPPED, [1060, 1040, 1020, 990, 970, 950, 1000], [TREND] * 6 + [NONE], id="seven falling"),
    pytest.param(BASE, [940, 960, 960, 980, 1010, 1030, 1050, 1000], [NONE] * 8, id="a tie breaks a rise"),
    pytest.param(FLIPPED, [1060, 1040, 1020, 1020, 990, 970, 950, 1000], [NONE] * 8, id="a tie breaks a fall"),
    pytest.param(BASE, [940, 960, 980, 1010, 1030, 1050, 1050, 1000], [TREND] * 6 + [NONE] * 2, id="a tie after a rise is no part of it"),
    pytest.param(BASE, [1010, 1020] * 3 + [990], [NONE] * 7, id="six above"),
    pytest.param(BASE, [1010, 1020] * 3 + [1010, 990], [SHIFT] * 7 + [NONE], id="seven above"),
    pytest.param(BASE, [1010, 1020] * 5 + [990], [SHIFT] * 10 + [NONE], id="ten above"),
    pytest.param(FLIPPED, [990, 980] * 3 + [1010], [NONE] * 7, id="six below"),
    pytest.param(FLIPPED, [990, 980] * 3 + [990, 1010], [SHIFT] * 7 + [NONE], id="seven below"),
    pytest.param(BASE, [1010, 1010, 1010, 1010, 1010, 1010, 1010, 990], [SHIFT] * 7 + [NONE], id="ties do not break a shift"),
    pytest.param(BASE, [1010, 1020, 1010, 1000, 1020, 1010, 1020, 1010, 990], [NONE] * 9, id="a point on the centre breaks a shift"),
    pytest.param(BASE, [1310, 1300, 1000], [TWO, TWO, NONE], id="first and second of three"),
    pytest.param(BASE, [1000, 1310, 1300, 1000], [NONE, TWO, TWO, NONE], id="second and third of three"),
    pytest.param(BASE, [1310, 1000, 1300, 1000], [TWO, NONE, TWO, NONE], id="first and third of three"),
    pytest.param(BASE, [1310, 1300, 1320, 1000], [TWO, TWO, TWO, NONE], id="three of three"),
    pytest.param(FLIPPED, [690, 1000, 700, 1000], [TWO, NONE, TWO, NONE], id="two of three at the lower limit"),
    pytest.param(BASE, [1310, 1000, 1000, 1300, 1000], [NONE] * 5, id="two of four"),
    pytest.param(BASE, [1310, 1000, 1000, 1300, 1310, 1000], [NONE, NONE, NONE, TWO, TWO, NONE], id="two of four, then two of three"),
    pytest.param(BASE, [1300, 700, 1000], [NONE] * 3, id="two of three at opposite limits"),
    pytest.param(BASE, [1300, 700, 1310, 1000], [TWO, NONE, TWO, NONE], id="one at the other limit between two"),
    pytest.param(BASE, [1300, 700, 1310, 710, 1000], [TWO] * 4 + [NONE], id="two of three at each limit"),
    pytest.param(BASE, [1266, 1300, 1000], [NONE] * 3, id="on the upper near limit is not beyond"),
    pytest.param(BASE, [1267, 1300, 1000], [TWO, TWO, NONE], id="just beyond the upper near limit"),
    pytest.param(FLIPPED, [734, 700, 1000], [NONE] * 3, id="on the lower near limit is not beyond"),
    pytest.param(FLIPPED, [733, 700, 1000], [TWO, TWO, NONE], id="just beyond the lower near limit"),
    pytest.param(BASE, [1399, 1300, 1000], [TWO, TWO, NONE], id="on the limit is beyond the near limit"),
    pytest.param(BASE, [1500, 1300, 1000], [OUTSIDE, TWO, NONE], id="outside counts as beyond"),
    pytest.param(BASE, [1500, 1000, 1510, 1000], [OUTSIDE, NONE, OUTSIDE, NONE], id="outside comes before two of three"),
    pytest.param(BASE, [940, 960, 1100, 1270, 1390, 1450, 1000], [TREND] * 5 + [OUTSIDE, NONE], id="outside, then trend, then two of three"),
    pytest.param(BASE, [1010, 1020, 1030, 1040, 1050, 1060, 1070, 1015, 990], [TREND] * 7 + [SHIFT, NONE], id="trend comes before shift"),
    pytest.param(BASE, [1010, 1310, 1300, 1010, 1020, 1010, 1020, 990], [SHIFT, TWO, TWO, *[SHIFT] * 4, NONE], id="two of three comes before shift"),
    pytest.param(BASE, [1010, 1020, 1010, 1500, 1010, 1020, 1010, 990], [SHIFT] * 3 + [OUTSIDE] + [SHIFT] * 3 + [NONE], id="outside is still part of a shift"),
    pytest.param(BASE, [940, 960, None, 980, 1010, 1030, 1050, 1060, 1000], [NONE] * 9, id="a gap breaks a rise"),
    pytest.param(BASE, [1010, 1020, 1010, None, 1020, 1010, 1020, 1010, 990], [NONE] * 9, id="a gap breaks a shift"),
    pytest.param(BASE, [1310, None, 1300, 1000, 1000], [NONE] * 5, id="a gap between two beyond"),
]


@pytest.mark.parametrize(("base", "then", "expected"), CASES)
def test_each_rule_gives_its_signal(base: list[int], then: list[int | None], expected: list[str]) -> None:
    """It marks every member of what a rule finds, and by the first rule that finds it."""
    assert signals(base + then, fix_after=6)[6:] == expected


def test_a_run_is_marked_from_its_first_point() -> None:
    """It marks the point that a rise starts from, and not the one before it."""
    assert signals([*BASE, 940, 960, 980, 1010, 1030, 1050], fix_after=6) == [NONE] * 5 + [TREND] * 7


def test_two_of_three_needs_three_points() -> None:
    """It calls two points beyond the near limit a signal with a third beside them, and not between two gaps."""
    assert signals([*BASE, None, 1310, 1300, None, 1000], fix_after=6) == [NONE] * 11


@pytest.mark.parametrize("size", [1, 7, 12, 30])
def test_a_constant_series_has_no_signal(size: int) -> None:
    """It finds nothing in figures that are all the same, on their own centre and limits."""
    got = points([5] * size)
    assert set(got["signal"]) == {NONE}
    assert set(got["verdict"]) == {COMMON}
    assert set(got["centre"]) == {5.0}


# Deviations in units: sum 0; ranges 133 133 0 133 133 0 6 6 0 0 6, sum 550 of 11, mean 50, x 2.66 = 133. So the highest and the lowest are on the limits.
DEVIATIONS = [0, 133, 0, 0, -133, 0, 0, 6, 0, 0, 0, -6]


@pytest.mark.parametrize("kind", [Decimal, float])
@pytest.mark.parametrize(("centre", "divisor"), [(1000, 1), (0, 100), (200, 10), (200, 1000), (700, 1000), (1400, 1000)])
def test_a_point_exactly_on_a_limit_is_inside(kind: type, centre: int, divisor: int) -> None:
    """It finds no signal on a limit, also in tenths and thousandths, where sums of binary floats go past it."""
    values = [kind(str(Decimal(centre + deviation) / divisor)) for deviation in DEVIATIONS]
    got = points(values)
    assert got["signal"].tolist() == [NONE] * 12
    assert got.iloc[0][LINES].tolist() == pytest.approx([centre / divisor, (centre - 133) / divisor, (centre + 133) / divisor])


@pytest.mark.parametrize("kind", [Decimal, float])
def test_a_point_just_past_a_limit_is_outside(kind: type) -> None:
    """It sees the smallest step past limits that tenths set: 139.9 and 60.1 are inside, 139.90000001 and 60.09999999 are not."""
    # 92.5 and 107.5 in turn: mean 100, ranges 15, 2.66 x 15 = 39.9
    base = ["107.5", "92.5"] * 3
    then = ["139.9", "92.5", "107.5", "139.90000001", "92.5", "107.5", "60.1", "107.5", "92.5", "60.09999999"]
    assert signals([kind(text) for text in base + then], fix_after=6)[6:] == marked(10, outside=(3, 9))


# ---------------------------------------------------------------- screening

HIDING = [10, 12, 10, 12, 10, 12, 52, 10, 12, 10, 12, 10, 12, 24]
# sum 208 of 14: 14.857; ranges: ten of 2, and 40 42 12, sum 114 of 13: 8.769, x 3.267 = 28.65. Kept: ten of 2 and 12, sum 32 of 11: 2.909.


def test_an_outlier_no_longer_hides_another() -> None:
    """It drops the ranges that one outlier makes, so that 24 is outside 22.6 and not inside 38.2."""
    assert lines(HIDING, screen_outliers=False) == pytest.approx([208 / 14, 208 / 14 - 2.66 * 114 / 13, 208 / 14 + 2.66 * 114 / 13])
    assert signals(HIDING, screen_outliers=False) == marked(14, outside=(6,))
    assert signals(HIDING) == marked(14, outside=(6, 13))


def test_ranges_are_screened_once_only() -> None:
    """It keeps the range of 12, although that is more than 3.267 of the second mean: 9.5."""
    assert lines(HIDING) == pytest.approx([208 / 14, 208 / 14 - 2.66 * 32 / 11, 208 / 14 + 2.66 * 32 / 11])


def test_the_outlier_stays_in_the_centre() -> None:
    """It drops ranges, never points: the mean is of all 14."""
    assert lines(HIDING)[0] == lines(HIDING, screen_outliers=False)[0] == pytest.approx(208 / 14)


def stepped(step: str) -> list[Decimal]:
    """Give 12 figures: ten ranges of 7.733 and in their middle one of *step*."""
    low, high = Decimal(0), Decimal("7.733")
    return [low, high] * 3 + [high + Decimal(step), high + Decimal(step) + high] * 3


EXACT = [
    # 77.33 + 32.67 = 110 of 11: mean 10, and 3.267 x 10 = 32.67: dropped, leaving 7.733
    pytest.param("32.67", Fraction(7733, 1000), id="exactly at the limit"),
    # 77.33 + 32.66 = 109.99 of 11: 9.99909, and 3.267 times that is 32.667: kept
    pytest.param("32.66", Fraction(10999, 1100), id="just under the limit"),
    pytest.param("32.68", Fraction(7733, 1000), id="just over the limit"),
]


@pytest.mark.parametrize("kind", [Decimal, float])
@pytest.mark.parametrize(("step", "mean"), EXACT)
def test_a_range_at_3267_thousandths_of_the_mean_is_dropped(kind: type, step: str, mean: Fraction) -> None:
    """It drops a range that is exactly 3.267 times the mean of them, and keeps one that is just less."""
    centre, lower, upper = lines([kind(str(value)) for value in stepped(step)])
    assert (upper - lower) / 2 == pytest.approx(2.66 * float(mean))
    assert (upper + lower) / 2 == pytest.approx(centre)


def test_where_nothing_moves_nothing_is_dropped() -> None:
    """It keeps ranges of nothing, though each is 3.267 times their mean."""
    assert lines([7, 7, 7]) == [7.0, 7.0, 7.0]


# ---------------------------------------------------------------- verdicts

VERDICTS = [
    pytest.param(BASE, [1500, 1000], [GOOD, COMMON], id="outside, above"),
    pytest.param(FLIPPED, [500, 1000], [BAD, COMMON], id="outside, below"),
    pytest.param(BASE, [1310, 1300, 1000], [GOOD, GOOD, COMMON], id="two of three, above"),
    pytest.param(BASE, [1300, 700, 1310, 710, 1000], [GOOD, BAD, GOOD, BAD, COMMON], id="two of three, each way"),
    pytest.param(BASE, [1010, 1020] * 3 + [1010, 990], [GOOD] * 7 + [COMMON], id="shift, above"),
    pytest.param(FLIPPED, [990, 980] * 3 + [990, 1010], [BAD] * 7 + [COMMON], id="shift, below"),
    pytest.param(BASE, [940, 960, 980, 1010, 1030, 1050, 1000], [GOOD] * 6 + [COMMON], id="rising, also below the centre"),
    pytest.param(FLIPPED, [1060, 1040, 1020, 990, 970, 950, 1000], [BAD] * 6 + [COMMON], id="falling, also above the centre"),
    # 500 starts a rise of seven, and is outside: the side counts; 745 is not beyond the near limit
    pytest.param(BASE, [500, 745, 800, 850, 950, 1010, 1020, 990], [BAD] + [GOOD] * 6 + [COMMON], id="outside in a rise"),
    # 925 to 1050 is seven, 1050 to 970 is seven
    pytest.param(BASE, [940, 960, 980, 1010, 1030, 1050, 1040, 1020, 1005, 990, 980, 970, 1000], [GOOD] * 6 + [BAD] * 6 + [COMMON], id="a peak ends the rise"),
    pytest.param(
        FLIPPED, [1060, 1040, 1020, 990, 970, 950, 960, 980, 1005, 1010, 1020, 1030, 1000], [BAD] * 6 + [GOOD] * 6 + [COMMON], id="a trough ends the fall"
    ),
    # 925 to 1050 is six, 1050 to 970 is seven
    pytest.param(
        BASE, [940, 960, 980, 1010, 1050, 1040, 1020, 1005, 990, 980, 970, 1000], [COMMON] * 4 + [BAD] * 7 + [COMMON], id="a peak after six rising only"
    ),
]


@pytest.mark.parametrize("polarity", ["higher", "lower"])
@pytest.mark.parametrize(("base", "then", "expected"), VERDICTS)
def test_the_verdict_follows_polarity(base: list[int], then: list[int], expected: list[str], polarity: str) -> None:
    """It calls a signal an improvement on the good side of the centre, or for a trend in the good direction, and else a concern."""
    turned = {GOOD: BAD, BAD: GOOD, COMMON: COMMON} if polarity == "lower" else {word: word for word in (GOOD, BAD, COMMON)}
    got = points(base + then, fix_after=6, polarity=polarity)["verdict"].tolist()
    assert got[6:] == [turned[word] for word in expected]


def test_higher_is_better_unless_told() -> None:
    """It takes higher as better where nothing is said."""
    assert_frame_equal(points([*BASE, 1500]), points([*BASE, 1500], polarity="higher"))


@pytest.mark.parametrize("polarity", ["sideways", "in range", "Higher", ""])
def test_an_unknown_polarity_is_refused(polarity: str) -> None:
    """It asks again where the polarity is neither higher nor lower."""
    with pytest.raises(AskedWrongly):
        trends.xmr(pd.Series(BASE), polarity=polarity)


# ---------------------------------------------------------------- limits fixed, gaps, trial


def test_fixed_limits_come_from_the_first_points_only() -> None:
    """It judges every point by the first six, whatever comes after."""
    # all twelve would have the centre 21000 / 12 = 1750
    values = [*BASE, 5000, 0, 5000, 0, 5000, 0]
    got = points(values, fix_after=6)
    assert got[LINES].drop_duplicates().to_numpy().tolist() == [[1000.0, 601.0, 1399.0]]
    assert got["near_lower"].tolist() == [734.0] * 12
    assert got["near_upper"].tolist() == [1266.0] * 12
    assert got["signal"].tolist() == marked(12, outside=tuple(range(6, 12)))
    assert lines(values)[0] == 1750


def test_limits_fixed_after_the_last_point_are_the_limits() -> None:
    """It gives the same where the fixed part is the whole."""
    assert_frame_equal(points(OWED, fix_after=len(OWED)), points(OWED))


def test_only_the_first_points_are_screened() -> None:
    """It screens within the fixed part: ranges after it neither widen nor narrow the limits."""
    # the fixed part is HIDING, whose limits are worked above
    assert lines([*HIDING, 500, 0, 500], fix_after=14) == pytest.approx([208 / 14, 208 / 14 - 2.66 * 32 / 11, 208 / 14 + 2.66 * 32 / 11])


def test_a_gap_has_no_range_across_it() -> None:
    """It takes no range from 12 over the gap to 30: the ranges are 2 and 2, and 2.66 x 2 = 5.32."""
    got = points([10, 12, None, 30, 32])
    assert got["value"].tolist()[:2] == [10.0, 12.0]
    assert pd.isna(got["value"].iloc[2])
    assert got["signal"].iloc[2] == NONE
    assert got.iloc[0][LINES].tolist() == got.iloc[4][LINES].tolist() == pytest.approx([21, 15.68, 26.32])


def test_gaps_at_the_ends_change_nothing() -> None:
    """It gives the known points the same with gaps before the first and after the last."""
    got = points([None, *OHMS, None, None])
    assert_frame_equal(got.iloc[1:-2].reset_index(drop=True), points(OHMS))
    assert got["signal"].iloc[[0, -2, -1]].tolist() == [NONE] * 3


MISSING = [
    pytest.param(pd.Series([10.0, 12.0, float("nan"), 30.0, 32.0]), id="floats"),
    pytest.param(pd.Series([10, 12, None, 30, 32], dtype="Int64"), id="whole numbers"),
    pytest.param(pd.Series([10, 12, None, 30, 32], dtype=object), id="objects"),
    pytest.param(pd.Series([Decimal(10), Decimal(12), None, Decimal(30), Decimal(32)]), id="decimals"),
    pytest.param(pd.Series([Decimal(10), Decimal(12), float("nan"), Decimal(30), Decimal(32)]), id="decimals and a float's gap"),
    pytest.param(pd.Series([10, 12, pd.NA, 30, 32], dtype=object), id="a gap of pandas"),
]


@pytest.mark.parametrize("values", MISSING)
def test_every_kind_of_gap_is_one(values: pd.Series) -> None:
    """It takes every way of saying missing as the same gap."""
    assert_frame_equal(trends.xmr(values).points, points([10, 12, None, 30, 32]))


NO_LIMITS = [
    pytest.param([], id="nothing"),
    pytest.param([5], id="one point"),
    pytest.param([None, None], id="only gaps"),
    pytest.param([5, None, 9], id="no two points together"),
]


@pytest.mark.parametrize("values", NO_LIMITS)
def test_what_cannot_be_said_is_left_open(values: list[int | None]) -> None:
    """It gives neither limits, signal nor assurance without two points together."""
    got = trends.xmr(pd.Series(values, dtype=float), target=1)
    assert list(got.points.columns) == COLUMNS
    assert len(got.points) == len(values)
    assert got.points[["lower", "upper", "near_lower", "near_upper"]].isna().all(axis=None)
    assert set(got.points["signal"]) <= {NONE}
    assert (got.assurance, bool(got.trial)) == ("none", True)


def test_one_point_is_its_own_centre() -> None:
    """It gives the mean of one point, which needs no range."""
    assert points([5])["centre"].tolist() == [5.0]


TRIALS = [
    pytest.param([1, 2] * 5 + [1], True, id="11 points"),
    pytest.param([1, 2] * 6, False, id="12 points"),
    pytest.param([1, 2] * 5 + [1, None], True, id="11 points and a gap"),
    pytest.param([1, None, 2] + [1, 2] * 5, False, id="12 points and a gap"),
]


@pytest.mark.parametrize(("values", "trial"), TRIALS)
def test_under_twelve_known_points_the_limits_are_on_trial(values: list[int | None], trial: bool) -> None:
    """It says trial limits under 12 known points."""
    assert bool(trends.xmr(pd.Series(values)).trial) is trial


# ---------------------------------------------------------------- assurance

PASSES, FAILS, EITHER = "consistently passes", "consistently fails", "hit and miss"
ASSURED = [  # limits 601 and 1399
    pytest.param(1400, FAILS, PASSES, id="above the upper limit"),
    pytest.param(Decimal("1399.0000001"), FAILS, PASSES, id="just above the upper limit"),
    pytest.param(1399, EITHER, EITHER, id="on the upper limit"),
    pytest.param(1398.9, EITHER, EITHER, id="under the upper limit"),
    pytest.param(1000, EITHER, EITHER, id="on the centre"),
    pytest.param(601.0, EITHER, EITHER, id="on the lower limit"),
    pytest.param(Decimal("600.9999999"), PASSES, FAILS, id="just under the lower limit"),
    pytest.param(0, PASSES, FAILS, id="at nought, which is a target"),
    pytest.param(None, "none", "none", id="no target"),
]


@pytest.mark.parametrize(("target", "higher", "lower"), ASSURED)
def test_assurance_says_whether_the_process_reaches_its_target(target: Any, higher: str, lower: str) -> None:
    """It compares the target with the limits, each way that may be better."""
    values = pd.Series(BASE * 2)
    assert [trends.xmr(values, polarity=way, target=target).assurance for way in ("higher", "lower")] == [higher, lower]


@pytest.mark.parametrize("kind", [Decimal, float])
@pytest.mark.parametrize(("target", "expected"), [("1.33", EITHER), ("1.3300000001", FAILS), ("-1.33", EITHER), ("-1.3300000001", PASSES)], ids=str)
def test_assurance_is_exact_in_hundredths(kind: type, target: str, expected: str) -> None:
    """It calls a target on the limit of 1.33 hit and miss, where sums of binary floats stop short of it."""
    values = pd.Series([kind(str(Decimal(deviation) / 100)) for deviation in DEVIATIONS])
    assert trends.xmr(values, target=kind(target)).assurance == expected


def test_assurance_uses_fixed_limits() -> None:
    """It compares the target with the limits that were fixed: 1400 is out of reach of the first six, not of all."""
    values = pd.Series([*BASE, 5000, 0, 5000, 0, 5000, 0])
    assert trends.xmr(values, target=1400, fix_after=6).assurance == FAILS
    assert trends.xmr(values, target=1400).assurance == EITHER


def test_a_constant_process_is_assured_by_its_figure() -> None:
    """It says hit and miss where the target is the one figure, and else passes or fails."""
    assert [trends.xmr(pd.Series([5] * 12), target=target).assurance for target in (4, 5, 6)] == [PASSES, EITHER, FAILS]


# ---------------------------------------------------------------- frames

INDEXES = [
    pytest.param(pd.Index([f"2016-17-Q{number}" for number in range(16)], name="quarter"), id="quarters"),
    pytest.param(pd.date_range("2016-04-01", periods=16, freq="MS", name="month"), id="dates"),
    pytest.param(pd.Index(range(15, -1, -1)), id="numbers, falling"),
    pytest.param(pd.Index(["a", "b"] * 8), id="labels that come again"),
    pytest.param(pd.MultiIndex.from_product([[1, 2, 3, 4], ["Q1", "Q2", "Q3", "Q4"]], names=["year", "quarter"]), id="two levels"),
]


@pytest.mark.parametrize("index", INDEXES)
def test_points_stand_on_the_index_of_the_values(index: pd.Index) -> None:
    """It keeps the index, and takes the values as they stand, whatever the labels are."""
    got = trends.xmr(pd.Series(OHMS, index=index)).points
    pd.testing.assert_index_equal(got.index, index)
    assert_frame_equal(got.reset_index(drop=True), points(OHMS))


def test_points_are_eight_columns_of_floats_and_text() -> None:
    """It gives the value and five lines as floats, and the signal and verdict as text."""
    got = points([Decimal("1.5"), None, Decimal(2), Decimal(4)])
    assert list(got.columns) == COLUMNS
    assert [str(kind) for kind in got.dtypes[:6]] == ["float64"] * 6
    assert all(isinstance(text, str) for text in [*got["signal"], *got["verdict"]])
    assert got["value"].dropna().tolist() == [1.5, 2.0, 4.0]


@pytest.mark.parametrize("values", [OHMS, OWED, [10, 12, None, 30, 32], [Decimal(1), Decimal(3), None]], ids=["whole", "floats", "a gap", "decimals"])
def test_the_values_are_left_as_they_were(values: list[Any]) -> None:
    """It changes nothing in its argument."""
    series = pd.Series(values, name="actual")
    before = series.copy(deep=True)
    trends.xmr(series, polarity="lower", target=1, fix_after=2)
    assert_series_equal(series, before)


@pytest.mark.parametrize(
    "values", [OHMS, FLOW, HIDING, [*BASE, 940, 960, 980, 1010, 1030, 1050]], ids=["Wheeler, page 382", "Wheeler, page 130", "outlier", "rise"]
)
def test_whole_numbers_floats_and_decimals_are_one(values: list[int]) -> None:
    """It gives the same for the same figures of another kind."""
    assert_frame_equal(points([float(value) for value in values]), points(values))
    assert_frame_equal(points([Decimal(value) for value in values]), points(values))


@pytest.mark.parametrize("values", [OWED, SMOKERS, NIST], ids=["Wheeler, table 9.2", "Wheeler, table 8.1", "NIST"])
def test_a_float_is_the_decimal_that_it_prints_as(values: list[float]) -> None:
    """It gives floats in tenths exactly what it gives the decimals."""
    assert_frame_equal(points([Decimal(str(value)) for value in values]), points(values))


# ---------------------------------------------------------------- properties

FEW = settings(derandomize=True, deadline=None, max_examples=100)


@st.composite
def stretches(draw: st.DrawFn) -> list[int | None]:
    """Give a stretch of noise, a gap, a rise, a fall, both, one side, or far away."""
    start, size = draw(st.integers(-6, 6)), draw(st.integers(1, 9))
    step = st.lists(st.integers(1, 2), min_size=size, max_size=size)
    shapes: dict[str, st.SearchStrategy[list[int | None]]] = {
        "noise": st.lists(st.integers(-9, 9), min_size=size, max_size=size),
        "side": st.lists(st.integers(start, start + 2), min_size=size, max_size=size),
        "rise": step.map(lambda steps: [start + sum(steps[:count]) for count in range(len(steps))]),
        "fall": step.map(lambda steps: [start - sum(steps[:count]) for count in range(len(steps))]),
        "peak": step.map(lambda steps: [start - abs(place - 7) for place in range(7 + len(steps))]),
        "far": st.sampled_from([[-60], [60], [40, 0, 40], [-40, -40], [40, None, 40]]),
        "gap": st.just([None]),
    }
    return draw(shapes[draw(st.sampled_from(sorted(shapes)))])


SERIES = st.lists(stretches(), max_size=6).map(lambda parts: [value for part in parts for value in part])


def figures(values: list[int | None]) -> pd.Series:
    """Give a series that keeps whole numbers whole beside gaps."""
    return pd.Series(values, dtype="Int64")


def scaled(values: list[int | None], times: int = 1, plus: int = 0) -> list[int | None]:
    """Give each known value multiplied and moved."""
    return [None if value is None else value * times + plus for value in values]


@given(SERIES, st.none() | st.integers(-70, 70), st.booleans())
@FEW
def test_turning_values_and_polarity_turns_nothing_else(values: list[int | None], target: int | None, screened: bool) -> None:
    """It gives negated values, with the other polarity and target negated, the same signals, verdicts and assurance."""
    one = trends.xmr(figures(values), polarity="higher", target=target, screen_outliers=screened)
    other = trends.xmr(figures(scaled(values, -1)), polarity="lower", target=None if target is None else -target, screen_outliers=screened)
    assert_frame_equal(one.points[["signal", "verdict"]], other.points[["signal", "verdict"]])
    assert one.assurance == other.assurance


@given(SERIES, st.integers(-1000, 1000), st.integers(1, 50), st.booleans())
@FEW
def test_another_nought_and_another_unit_leave_the_signals(values: list[int | None], plus: int, times: int, screened: bool) -> None:
    """It finds the same signals when a constant is added and when all is multiplied."""
    one = trends.xmr(figures(values), screen_outliers=screened).points
    other = trends.xmr(figures(scaled(values, times, plus)), screen_outliers=screened).points
    assert_frame_equal(one[["signal", "verdict"]], other[["signal", "verdict"]])


@given(SERIES, st.booleans())
@FEW
def test_time_reversed_has_the_same_lines(values: list[int | None], screened: bool) -> None:
    """It gives the same centre and limits to the values in the opposite order."""
    one = trends.xmr(figures(values), screen_outliers=screened).points.dropna(subset="value")[LINES]
    other = trends.xmr(figures(values[::-1]), screen_outliers=screened).points.dropna(subset="value")[LINES]
    assert_frame_equal(one.drop_duplicates().reset_index(drop=True), other.drop_duplicates().reset_index(drop=True))


# ---------------------------------------------------------------- the rules, written out again


def ruled_lines(values: list[int | None], screened: bool) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    """Give centre, lower and upper limit in fractions, or nothing where they cannot be said."""
    known = [Fraction(value) for value in values if value is not None]
    ranges = [Fraction(abs(after - before)) for before, after in pairwise(values) if before is not None and after is not None]
    if not known:
        return None, None, None
    centre = sum(known) / len(known)
    if not ranges:
        return centre, None, None
    mean = sum(ranges) / len(ranges)
    if screened and mean > 0:
        kept = [size for size in ranges if size < Fraction(3267, 1000) * mean]
        mean = sum(kept) / len(kept)
    return centre, centre - Fraction(266, 100) * mean, centre + Fraction(266, 100) * mean


def together(values: list[int | None], size: int) -> list[range]:
    """Give the places of each *size* points that follow one another without a gap; a longer run is made of such pieces."""
    return [range(start, start + size) for start in range(len(values) - size + 1) if None not in values[start : start + size]]


def ruled(values: list[Any], screened: bool, first: int | None) -> list[tuple[str, str]]:
    """Give the signal and verdict of each value where higher is better."""
    centre, lower, upper = ruled_lines(values[:first], screened)
    sevens, threes = together(values, 7), together(values, 3)
    rising = {place for seven in sevens if all(values[a] < values[b] for a, b in pairwise(seven)) for place in seven}
    falling = {place for seven in sevens if all(values[a] > values[b] for a, b in pairwise(seven)) for place in seven}
    above = {place for seven in sevens if all(values[one] > centre for one in seven) for place in seven}
    below = {place for seven in sevens if all(values[one] < centre for one in seven) for place in seven}
    known = [place for place, value in enumerate(values) if value is not None]
    out, two = set(), set()
    if lower is not None:
        out = {place for place in known if values[place] < lower or values[place] > upper}
        near_lower, near_upper = centre + (lower - centre) * 2 / 3, centre + (upper - centre) * 2 / 3
        for three in threes:
            for beyond in ({one for one in three if values[one] > near_upper}, {one for one in three if values[one] < near_lower}):
                two |= beyond if len(beyond) >= 2 else set()
    answers = []
    for place, value in enumerate(values):
        found = [(OUTSIDE, out), (TREND, rising | falling), (TWO, two), (SHIFT, above | below)]
        signal = next((name for name, places in found if place in places), NONE)
        good = value is not None and centre is not None and value > centre
        if signal == TREND:
            # in both, it is the last of the run that came to it: rising if it stands above the point before it
            good = values[place - 1] < value if place in rising and place in falling else place in rising
        answers.append((signal, COMMON if signal == NONE else GOOD if good else BAD))
    return answers


@given(SERIES, st.booleans(), st.none() | st.integers(2, 12))
@settings(derandomize=True, deadline=None, max_examples=150)
def test_random_series_follow_the_rules_as_written(values: list[int | None], screened: bool, first: int | None) -> None:
    """It gives every line, signal and verdict that the rules give when they are written out in fractions."""
    if None in values[:first] or len(values) < (first or 0):
        first = None  # what the first points are is plain where all of them are known
    got = trends.xmr(figures(values), screen_outliers=screened, fix_after=first).points
    known = [place for place, value in enumerate(values) if value is not None]
    expected = ruled(values, screened, first)
    assert got["signal"].tolist() == [signal for signal, _ in expected]
    assert got["verdict"].iloc[known].tolist() == [expected[place][1] for place in known]
    numbers = [float("nan") if line is None else float(line) for line in ruled_lines(values[:first], screened)]
    for place in known:
        assert got[LINES].iloc[place].tolist() == pytest.approx(numbers, rel=1e-12, abs=1e-12, nan_ok=True)


@given(SERIES, st.integers(-70, 70), st.booleans())
@FEW
def test_random_targets_are_assured_as_written(values: list[int | None], target: int, screened: bool) -> None:
    """It gives the assurance that the rule gives when it is written out in fractions."""
    _, lower, upper = ruled_lines(values, screened)
    expected = EITHER
    if lower is None or upper is None:
        expected = "none"
    elif not lower <= target <= upper:
        expected = FAILS if target > upper else PASSES
    assert trends.xmr(figures(values), target=target, screen_outliers=screened).assurance == expected
