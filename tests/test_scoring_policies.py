"""Policies as data: every one of the register at its exact edges, what another would have said, and how near a figure is to another band."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis import cleansing, frames, reference, returns, scoring

REAL = Path(__file__).resolve().parents[1] / "data"
QUARTER, YEAR_AGO = "2016-17-Q2", "2015-16-Q2"
OLD_HEADS = ["policy", "version", "from_quarter", "polarity", "order", "band", "test", "factor"]
HEADS = [*OLD_HEADS, "figure", "points", "against"]
SAME_EVERY_RUN = settings(derandomize=True, database=None, deadline=None, max_examples=60)


@cache
def registers() -> reference.Registers:
    """Load the real registers once."""
    return reference.load(REAL)


def register(*lines: tuple[str, ...]) -> pd.DataFrame:
    """Give a register of policy p, version 1: lines of polarity, order, band, test, factor and, if wanted, figure, points, against."""
    whole = [["p", "1", "2009-10-Q1", *line, *("actual", "0", "target")[len(line) - 5 :]] for line in lines]
    return pd.DataFrame(whole, columns=HEADS, dtype=object)


def observed(target: object, actual: object, polarity: str = "higher", policy: str = "five-band", **more: object) -> dict[str, Any]:
    """Give one observation; a target of two figures is a range, None is not given."""
    low, high = target if isinstance(target, tuple) else (target, target)
    of_target = {} if low is None else {"target_low": Decimal(str(low)), "target_high": Decimal(str(high)), "target_unit": "percent"}
    of_actual = {} if actual is None else {name: Decimal(str(actual)) for name in ("actual", "actual_low", "actual_high")}
    decimals = None if actual is None else max(-int(Decimal(str(actual)).as_tuple().exponent), 0)
    about = {"measure_id": "Build 1", "quarter": QUARTER, "polarity": polarity, "policy": policy, "kind": "rate", "partner": "Council"}
    return about | of_target | of_actual | {"actual_unit": "percent", "actual_decimals": decimals} | more


def observations(*rows: dict[str, Any]) -> pd.DataFrame:
    """Give observations as a frame of their contract."""
    return frames.make(list(rows), frames.OBSERVATIONS)


def forecasts(forecast: str | None, target: str | None = "100", quarter: str = QUARTER, measure: str = "Build 1") -> pd.DataFrame:
    """Give the forecast of one measure's year end, and the target it is held against."""
    made = {"forecast": None if forecast is None else Decimal(forecast), "target": None if target is None else Decimal(target)}
    return frames.make([{"measure_id": measure, "quarter": quarter} | made], frames.FORECASTS)


def scored(*rows: dict[str, Any], policies: pd.DataFrame | None = None, outlook: pd.DataFrame | None = None) -> list[dict[str, Any]]:
    """Score some observations, by the real register if none is given, and give the scores row by row."""
    return frames.rows(scoring.score(observations(*rows), registers().policies if policies is None else policies, outlook))


def band(*rows: dict[str, Any], policies: pd.DataFrame | None = None, outlook: pd.DataFrame | None = None) -> str:
    """Give the band of the last of some observations."""
    return str(scored(*rows, policies=policies, outlook=outlook)[-1]["band"])


# ---------------------------------------------------------------- each policy of the register, at its edges

RANK = {"target_unit": "rank"}
EDGES = [
    *((("five-band", "higher", "200", actual), expected) for actual, expected in (("210", "HG"), ("209.99", "LG"), ("200", "LG"), ("199.99", "A"), ("190", "A"), ("189.99", "LR"), ("180", "LR"), ("179.99", "HR"))),
    *((("five-band", "lower", "200", actual), expected) for actual, expected in (("190", "HG"), ("190.01", "LG"), ("200", "LG"), ("200.01", "A"), ("210", "A"), ("210.01", "LR"), ("220", "LR"), ("220.01", "HR"))),
    *((("within-5-percent", "higher", "200", actual), expected) for actual, expected in (("999", "G"), ("200", "G"), ("199.99", "A"), ("190", "A"), ("189.99", "HR"))),
    *((("within-5-percent", "lower", "200", actual), expected) for actual, expected in (("0", "G"), ("200", "G"), ("200.01", "A"), ("210", "A"), ("210.01", "HR"))),
    *((("within-5-points", "higher", "80", actual), expected) for actual, expected in (("80", "G"), ("79.99", "A"), ("75", "A"), ("74.99", "HR"))),
    *((("within-5-points", "lower", "80", actual), expected) for actual, expected in (("80", "G"), ("80.01", "A"), ("85", "A"), ("85.01", "HR"))),
    *((("within-5-points", "higher", "1000", actual), expected) for actual, expected in (("995", "A"), ("994.99", "HR"))),
    *((("within-5-points", "higher", "0.3", actual), expected) for actual, expected in (("-4.7", "A"), ("-4.701", "HR"))),
    *((("within-5-points", "lower", "0", actual), expected) for actual, expected in (("0", "G"), ("5", "A"), ("5.01", "HR"))),
    *((("within-5-points", "higher", ("13", "15"), actual), expected) for actual, expected in (("13", "G"), ("8", "A"), ("7.99", "HR"))),
    *((("within-5-points", "lower", ("7", "15"), actual), expected) for actual, expected in (("15", "G"), ("20", "A"), ("20.01", "HR"))),
    *((("within-5-points", "in range", ("0.9", "1.1"), actual), expected) for actual, expected in (("1.1", "G"), ("6.1", "A"), ("6.11", "HR"), ("0.9", "G"), ("-4.1", "A"), ("-4.11", "HR"))),
    *((("within-5-points", "lower", "-20", actual), expected) for actual, expected in (("-20", "G"), ("-19.99", "A"), ("-15", "A"), ("-14.99", "HR"), ("20", "HR"))),
]  # fmt: skip


@pytest.mark.parametrize(("case", "expected"), EDGES, ids=[" ".join(map(str, case)) for case, _ in EDGES])
def test_each_policy_of_the_register_turns_at_its_exact_edges(case: tuple[str, str, Any, str], expected: str) -> None:
    """It gives the first band whose test the actual passes, edges included, whichever policy the row names."""
    policy, polarity, target, actual = case
    assert band(observed(target, actual, polarity, policy)) == expected


@pytest.mark.parametrize(("rank", "expected"), [(20, "G"), (21, "A"), (25, "A"), (26, "HR")])
def test_points_of_a_rank_are_places(rank: int, expected: str) -> None:
    """It allows a rank five places beyond the worse end, under the policy that allows five points."""
    assert band(observed(("12", "20"), "5.3", "higher", "within-5-points", target_unit="rank", actual_rank=rank)) == expected


@pytest.mark.parametrize(("numerator", "denominator", "expected"), [(105, 300, "A"), (3496, 10_000, "HR")])
def test_points_are_taken_from_the_fraction_where_one_is_given(numerator: int, denominator: int, expected: str) -> None:
    """It holds 35% exactly to be within five points of 40%, and 34.96%, printed 35.0%, not."""
    assert band(observed("40", "35.0", "higher", "within-5-points", actual_numerator=numerator, actual_denominator=denominator)) == expected


@pytest.mark.parametrize("unit", ["number", "percent", "pounds", "seconds"])
def test_points_are_in_the_measures_own_unit(unit: str) -> None:
    """It takes five points as five of whatever the measure is in, beside figures of other scales in the same frame."""
    more = {"target_unit": unit, "actual_unit": unit, "policy": "within-5-points"}
    got = scored(
        observed("1000", "995", **more),
        observed("1000", "994.9", **more, measure_id="Build 2"),
        observed("0.000001", "-4.999999", **more, measure_id="Build 3"),
    )
    assert [row["band"] for row in got] == ["A", "HR", "A"]


# ---------------------------------------------------------------- no worse than a year ago


def with_year_ago(actual: object, ago: object, polarity: str = "higher", target: object = "100", **more: object) -> list[dict[str, Any]]:
    """Give a figure and that of the same quarter a year before, under the policy that looks at both."""
    return [observed(None, ago, polarity, "year-ago", quarter=YEAR_AGO), observed(target, actual, polarity, "year-ago", **more)]


AGO = [
    pytest.param("higher", "90", "1000", "G", id="higher: on 90% is green, however good last year was"),
    pytest.param("higher", "89.99", "89.99", "A", id="higher: below 90%, the same as a year ago"),
    pytest.param("higher", "89.99", "89.98", "A", id="higher: below 90%, better than a year ago"),
    pytest.param("higher", "89.99", "90", "HR", id="higher: below 90%, worse than a year ago"),
    pytest.param("lower", "110", "0", "G", id="lower: on 110% is green, however good last year was"),
    pytest.param("lower", "110.01", "110.01", "A", id="lower: above 110%, the same as a year ago"),
    pytest.param("lower", "110.01", "110.02", "A", id="lower: above 110%, better than a year ago"),
    pytest.param("lower", "110.01", "110", "HR", id="lower: above 110%, worse than a year ago"),
]


@pytest.mark.parametrize(("polarity", "actual", "ago", "expected"), AGO)
def test_far_off_target_is_amber_if_no_worse_than_a_year_ago(polarity: str, actual: str, ago: str, expected: str) -> None:
    """It is green within 10% of target, and further off amber only where the figure is no worse than a year ago."""
    assert band(*with_year_ago(actual, ago, polarity)) == expected


@pytest.mark.parametrize(("actual", "ago", "expected"), [("-18", "-30", "G"), ("-10", "-10", "A"), ("-10", "-9", "A"), ("-10", "-11", "HR")])
def test_a_reduction_is_compared_with_the_reduction_a_year_ago(actual: str, ago: str, expected: str) -> None:
    """It takes a smaller reduction than a year ago for worse, where a reduction of twenty is the target."""
    assert band(*with_year_ago(actual, ago, "lower", target="-20")) == expected


@pytest.mark.parametrize(("rank", "ago", "expected"), [(22, 1, "G"), (23, 23, "A"), (23, 24, "A"), (23, 22, "HR"), (23, None, "")])
def test_a_rank_is_compared_with_the_rank_a_year_ago(rank: int, ago: int | None, expected: str) -> None:
    """It compares ranks with ranks, not with the figures beside them, and knows none where none was printed."""
    before = observed(None, "99", "higher", "year-ago", quarter=YEAR_AGO, actual_rank=ago)
    assert band(before, observed(("12", "20"), "1", "higher", "year-ago", target_unit="rank", actual_rank=rank)) == expected


def test_the_year_ago_is_that_of_the_data_period() -> None:
    """It looks for the figure of the data period a year before, and not for that of the quarter."""
    period = observed(None, "80", policy="year-ago", quarter="2016-17-Q1", data_period="Oct 14 to Sep 15")
    quarter = observed(None, "99", policy="year-ago", quarter=YEAR_AGO, data_period="Jan 14 to Dec 14")
    assert band(period, quarter, observed("100", "85", policy="year-ago", data_period="Oct 15 to Sept 16")) == "A"


def test_the_year_ago_is_as_exact_as_its_fraction() -> None:
    """It finds 43.3% worse than 58/133 (43.6%) was, though both are printed as whole numbers: 43 and 44."""
    before = observed(None, "44", policy="year-ago", quarter=YEAR_AGO, actual_numerator=58, actual_denominator=133)
    same = observed("100", "44", policy="year-ago", actual_numerator=4361, actual_denominator=10_000)
    worse = observed("100", "44", policy="year-ago", actual_numerator=4360, actual_denominator=10_000)
    assert [band(before, same), band(before, worse)] == ["A", "HR"]


NOT_KNOWN = [
    pytest.param([], id="no row"),
    pytest.param([observed(None, None, policy="year-ago", quarter=YEAR_AGO)], id="a row without a figure"),
    pytest.param([observed(None, "1", policy="year-ago", quarter=YEAR_AGO, actual_unit="number")], id="a figure in another unit"),
    pytest.param([observed(None, "1", policy="year-ago", quarter=YEAR_AGO, measure_id="Build 2")], id="another measure's figure"),
    pytest.param([observed(None, "1", policy="year-ago", quarter="2015-16-Q1")], id="another quarter's figure"),
]


@pytest.mark.parametrize("before", NOT_KNOWN)
def test_an_unknown_year_ago_makes_no_band_and_says_so(before: list[dict[str, Any]]) -> None:
    """It gives neither amber nor red where the year ago decides and is not known, with the reason, and no rule."""
    got = scored(*before, observed("100", "89.99", policy="year-ago", published_status="HR"))[-1]
    assert (got["band"], got["rule"], got["bands_within_rounding"], got["agreement"]) == ("", "", "", "not computable")
    assert got["band_reason"] == "the policy asks for the figure a year ago, which is not known"


@pytest.mark.parametrize("before", NOT_KNOWN)
def test_an_unknown_year_ago_does_not_matter_where_an_earlier_test_decides(before: list[dict[str, Any]]) -> None:
    """It is green at 90% of the target whatever a year ago was, with no reason for a gap."""
    got = scored(*before, observed("100", "90", policy="year-ago"))[-1]
    assert (got["band"], got["band_reason"], got["rule"]) == ("G", "", "year-ago version 1, higher is better")


# ---------------------------------------------------------------- can still be recovered

RECOVERABLE = [
    pytest.param("higher", "100", "0", "100", "G", id="higher: on target, whatever is forecast"),
    pytest.param("higher", "99.99", "100", "100", "A", id="higher: below target, forecast to reach it exactly"),
    pytest.param("higher", "99.99", "99.999999", "100", "HR", id="higher: below target, forecast to miss it"),
    pytest.param("higher", "20", "99", "90", "A", id="higher: the forecast is held against the year's target, not the quarter's"),
    pytest.param("higher", "99", "149", "150", "HR", id="higher: above the quarter's target at the year end is not enough"),
    pytest.param("lower", "100", "999", "100", "G", id="lower: on target, whatever is forecast"),
    pytest.param("lower", "100.01", "100", "100", "A", id="lower: above target, forecast to reach it exactly"),
    pytest.param("lower", "100.01", "100.0000000001", "100", "HR", id="lower: above target, forecast to miss it"),
]


@pytest.mark.parametrize(("polarity", "actual", "forecast", "year", "expected"), RECOVERABLE)
def test_off_target_is_amber_if_the_year_can_still_reach_it(polarity: str, actual: str, forecast: str, year: str, expected: str) -> None:
    """It is green on target, and off it amber only where the year is forecast to end on the year's target."""
    assert band(observed("100", actual, polarity, "recoverable"), outlook=forecasts(forecast, year)) == expected


@pytest.mark.parametrize(("forecast", "expected"), [("-20", "A"), ("-21", "A"), ("-19.9", "HR"), ("20", "HR")])
def test_a_reduction_is_recoverable_if_so_great_a_one_is_forecast(forecast: str, expected: str) -> None:
    """It holds a forecast reduction against the reduction asked for, where greater is better."""
    assert band(observed("-20", "-15", "lower", "recoverable"), outlook=forecasts(forecast, "-20")) == expected


NO_FORECAST = [
    pytest.param(None, id="no forecasts"),
    pytest.param(frames.make([], frames.FORECASTS), id="an empty frame of forecasts"),
    pytest.param(forecasts(None), id="a history too short for a forecast"),
    pytest.param(forecasts("100", None), id="a forecast without a target for the year"),
    pytest.param(forecasts("100", quarter=YEAR_AGO), id="another quarter's forecast"),
    pytest.param(forecasts("100", measure="Build 2"), id="another measure's forecast"),
]


@pytest.mark.parametrize("outlook", NO_FORECAST)
def test_an_unknown_forecast_makes_no_band_and_says_so(outlook: pd.DataFrame | None) -> None:
    """It gives neither amber nor red where the forecast decides and there is none, but green where the actual does."""
    off, on = scored(observed("100", "99.99", policy="recoverable"), observed("100", "100", policy="recoverable", measure_id="Build 3"), outlook=outlook)
    assert (off["band"], off["band_reason"]) == ("", "the policy asks for a forecast of the year end, which there is none of")
    assert (on["band"], on["band_reason"]) == ("G", "")


def test_a_forecast_of_many_places_is_compared_like_any_other() -> None:
    """It compares a forecast exactly however many places it has."""
    assert band(observed("100", "99", policy="recoverable"), outlook=forecasts("100.000000000000000000001")) == "A"


# ---------------------------------------------------------------- what a register may say

BETWEEN = register(("higher", "1", "G", ">=", "0.95"), ("higher", "1", "G", "<=", "1.05"), ("higher", "2", "HR", "otherwise", ""))
WORSE_TOO = register(
    ("higher", "1", "G", ">=", "1"),
    ("higher", "2", "HR", "<", "0.90"),
    ("higher", "2", "HR", "<", "1", "actual", "0", "year ago"),
    ("higher", "3", "A", "otherwise", ""),
)


@pytest.mark.parametrize(("actual", "expected"), [("94.99", "HR"), ("95", "G"), ("105", "G"), ("105.01", "HR")])
def test_rows_of_one_order_must_all_hold(actual: str, expected: str) -> None:
    """It is green only between 95% and 105% of target, where two rows of one order say so."""
    assert band(observed("100", actual, policy="p"), policies=BETWEEN) == expected


BOTH = [
    pytest.param("100", "200", "G", id="on target"),
    pytest.param("90", "200", "A", id="not 10% off, though worse than a year ago"),
    pytest.param("89.99", "90", "HR", id="10% off, and worse than a year ago"),
    pytest.param("89.99", "89.99", "A", id="10% off, but the same as a year ago"),
    pytest.param("90", None, "A", id="not 10% off, so that no year ago is asked for"),
    pytest.param("89.99", None, "", id="10% off, and a year ago not known"),
]


@pytest.mark.parametrize(("actual", "ago", "expected"), BOTH)
def test_red_may_need_worse_than_a_year_ago_too(actual: str, ago: str | None, expected: str) -> None:
    """It is red only where both tests of red hold, and undecided only where the one that is not known would decide."""
    rows = [observed(None, ago, policy="p", quarter=YEAR_AGO), observed("100", actual, policy="p")]
    assert band(*rows, policies=WORSE_TOO) == expected


@pytest.mark.parametrize(("sign", "below", "on", "above"), [(">=", "HR", "G", "G"), (">", "HR", "HR", "G"), ("<=", "G", "G", "HR"), ("<", "G", "HR", "HR")])
def test_each_sign_says_whether_the_edge_is_in(sign: str, below: str, on: str, above: str) -> None:
    """It counts the edge itself in for >= and <=, and out for > and <."""
    policies = register(("higher", "1", "G", sign, "1"), ("higher", "2", "HR", "otherwise", ""))
    got = scored(*(observed("0.3", actual, policy="p", measure_id=f"Build {actual}") for actual in ("0.299999", "0.3", "0.300001")), policies=policies)
    assert [row["band"] for row in got] == [below, on, above]


def test_factor_and_points_add_up() -> None:
    """It takes nine tenths of the target plus a quarter of a point as one edge: 90.25 of 100."""
    policies = register(("higher", "1", "G", ">=", "0.9", "actual", "0.25", "target"), ("higher", "2", "HR", "otherwise", ""))
    assert [band(observed("100", actual, policy="p"), policies=policies) for actual in ("90.25", "90.2499")] == ["G", "HR"]


def test_points_may_be_added_to_the_figure_a_year_ago() -> None:
    """It allows two points below a year ago where the register says so."""
    policies = register(("higher", "1", "A", ">=", "1", "actual", "-2", "year ago"), ("higher", "2", "HR", "otherwise", ""))
    assert [band(observed(None, "50", policy="p", quarter=YEAR_AGO), observed("100", actual, policy="p"), policies=policies) for actual in ("48", "47.9")] == [
        "A",
        "HR",
    ]


def test_a_register_of_the_eight_old_columns_says_what_it_did() -> None:
    """It takes the actual, the target and no points where a register has no such columns, or leaves them blank."""
    rows = [
        observed("100", actual, polarity, measure_id=f"{polarity} {actual}")
        for polarity in ("higher", "lower")
        for actual in ("89", "90", "95", "100", "105", "110", "111")
    ]
    of_five = registers().policies.query("policy == 'five-band'")
    for policies in (of_five[OLD_HEADS], of_five.assign(figure="", points="", against="")):
        got = [row["band"] for row in scored(*rows, policies=policies)]
        assert got == ["HR", "LR", "A", "LG", "HG", "HG", "HG", "HG", "HG", "HG", "LG", "A", "LR", "HR"]


def test_each_quarter_is_judged_by_the_version_then_in_force() -> None:
    """It judges by the version that begins last among those that have begun, per policy and polarity, and names it."""
    first, second, third = (
        register(("higher", "1", "G", ">=", factor), ("higher", "2", "HR", "otherwise", "")).assign(version=version, from_quarter=since)
        for factor, version, since in (("0.8", "1", "2014-15-Q1"), ("0.9", "2", "2015-16-Q3"), ("1", "3", "2016-17-Q2"))
    )
    quarters = ("2013-14-Q4", "2014-15-Q1", "2015-16-Q2", "2015-16-Q3", "2016-17-Q1", "2016-17-Q2", "2017-18-Q1")
    got = scored(*(observed("100", "85", policy="p", quarter=quarter) for quarter in quarters), policies=pd.concat([third, first, second]))
    assert [row["band"] for row in got] == ["", "G", "G", "HR", "HR", "HR", "HR"]
    assert got[0]["band_reason"] == "policy 'p' is not in force before Q1 2014/15"
    assert [row["rule"][:11] for row in got[1:]] == ["p version 1", "p version 1", "p version 2", "p version 2", "p version 3", "p version 3"]


def test_a_policy_that_says_nothing_for_a_polarity_is_told() -> None:
    """It says that the policy has no rows for the way that is good, rather than nothing."""
    (got,) = scored(observed("100", "100", "lower", policy="p"), policies=BETWEEN)
    assert (got["band"], got["band_reason"]) == ("", "policy 'p' says nothing where lower is better")


def test_a_figure_that_no_test_takes_has_a_reason() -> None:
    """It says why there is no band where a policy ends without an otherwise and none of its tests holds."""
    (got,) = scored(observed("100", "10", policy="p"), policies=register(("higher", "1", "G", ">=", "1")))
    assert (got["band"], bool(got["band_reason"])) == ("", True)


@pytest.mark.parametrize("printed", ["40", "41"])
def test_a_fraction_half_a_place_from_what_is_printed_rounds_to_it(printed: str) -> None:
    """It takes 81 of 200, which is 40.5%, for what was meant by 41% or by 40%: amber against 40.6%."""
    (got,) = scored(observed("40.6", printed, actual_numerator=81, actual_denominator=200))
    assert (got["band"], got["bands_within_rounding"], got["scored_actual"]) == ("A", "A", Decimal("40.5"))


WITHIN = [
    pytest.param(observed("90", "94"), "HG LG", id="higher: 94 may have been 94.5, which is on 105% of 90"),
    pytest.param(observed("90", "95"), "HG", id="higher: 95 was at least 94.5, which is on 105% of 90"),
    pytest.param(observed("90", "85"), "A LR", id="higher: 85 may have been 85.5, which is on 95% of 90"),
    pytest.param(observed("90", "86", "lower"), "HG LG", id="lower: 86 may have been 85.5, which is on 95% of 90"),
    pytest.param(observed("90", "85", "lower"), "HG", id="lower: 85 was at most 85.5"),
    pytest.param(observed(("13", "14.5"), "15"), "HG G", id="range: 15 may have been 14.5, which is the high end"),
    pytest.param(observed(("13", "13.5"), "14"), "HG LG G", id="range: 14 may have been just above 13.5, which is below 105% of 13"),
    pytest.param(observed(("1", "1.5"), "2", "in range"), "G A LR HR", id="in range: 2 may have been 1.5, which is the high end"),
    pytest.param(observed("-90", "-94", "lower"), "HG LG", id="reduction: 94 may have been 94.5"),
    pytest.param(observed("1", "1"), "HG LG A LR HR", id="higher: 1 may have been anything from 0.5 to 1.5"),
]


@pytest.mark.parametrize(("row", "expected"), WITHIN)
def test_both_ends_of_the_rounding_count(row: dict[str, Any], expected: str) -> None:
    """It counts the figures at exactly half a printed place below and above, and every band between."""
    assert scored(row)[0]["bands_within_rounding"] == expected


def test_rounding_may_hide_a_band_that_neither_end_has() -> None:
    """It finds green between 2.5 and 3.5, which are red, where 95% to 105% of 3.3 is green and 3 was printed."""
    assert scored(observed("3.3", "3", policy="p"), policies=BETWEEN)[0]["bands_within_rounding"] == "G HR"


def test_points_may_be_added_to_the_years_target() -> None:
    """It allows the forecast of a year's end to be half a point short, however many places it has."""
    policies = register(("higher", "1", "A", ">=", "1", "forecast", "-0.5", "target"), ("higher", "2", "HR", "otherwise", ""))
    short = [band(observed("100", "9", policy="p"), policies=policies, outlook=forecasts(text)) for text in ("99.5000000001", "99.4999999999")]
    assert short == ["A", "HR"]


def test_an_edge_with_points_is_no_percentage_of_the_target() -> None:
    """It leaves out of the edges 90% of the target plus a quarter of a point, and keeps 80%."""
    policies = register(
        ("higher", "1", "G", ">=", "0.9", "actual", "0.25", "target"), ("higher", "2", "A", ">=", "0.8"), ("higher", "3", "HR", "otherwise", "")
    )
    assert scoring.edges(policies, "p", "higher", QUARTER) == (Decimal(80),)


EDGES_OF = [
    pytest.param("five-band", "higher", QUARTER, ("90", "95", "100", "105"), id="five bands, higher"),
    pytest.param("five-band", "lower", QUARTER, ("95", "100", "105", "110"), id="five bands, lower"),
    pytest.param("within-5-percent", "higher", QUARTER, ("95", "100"), id="three bands in percent"),
    pytest.param("within-5-points", "lower", QUARTER, ("100",), id="points are no percentage of the target"),
    pytest.param("year-ago", "lower", QUARTER, ("110",), id="a year ago is no percentage of the target"),
    pytest.param("recoverable", "higher", QUARTER, ("100",), id="a forecast is no edge of the actual"),
    pytest.param("five-band", "higher", "2009-10-Q1", ("90", "95", "100", "105"), id="from its first quarter on"),
    pytest.param("five-band", "higher", "2008-09-Q4", (), id="before it is in force"),
    pytest.param("six-band", "higher", QUARTER, (), id="a policy that there is not"),
    pytest.param("five-band", "in range", QUARTER, (), id="a polarity it says nothing of"),
]


@pytest.mark.parametrize(("policy", "polarity", "quarter", "expected"), EDGES_OF)
def test_edges_are_where_bands_meet_in_percent_of_target(policy: str, polarity: str, quarter: str, expected: tuple[str, ...]) -> None:
    """It gives the edges that go by the target alone, lowest first."""
    assert scoring.edges(registers().policies, policy, polarity, quarter) == tuple(map(Decimal, expected))


# ---------------------------------------------------------------- which policy was agreed


def adjustments(*lines: tuple[str, ...]) -> pd.DataFrame:
    """Give a register of adjustments: lines of measure, what, from, until, value."""
    return pd.DataFrame(list(lines), columns=["measure_id", "what", "from_quarter", "until_quarter", "value"], dtype=object)


QUARTERS = ("2015-16-Q4", "2016-17-Q1", "2016-17-Q2", "2016-17-Q3")
CHOSEN = [
    pytest.param([], ["own", "own", "own", "own"], id="nothing agreed"),
    pytest.param([("Build 1", "policy", "2016-17-Q1", "2016-17-Q2", "x")], ["own", "x", "x", "own"], id="both ends count"),
    pytest.param([("Build 1", "policy", "2016-17-Q1", "", "x")], ["own", "x", "x", "x"], id="without end"),
    pytest.param([("Build 2", "policy", "2015-16-Q1", "", "x")], ["own", "own", "own", "own"], id="another measure"),
    pytest.param([("Build 1", "break", "2015-16-Q1", "", "x"), ("Build 1", "rebase", "2015-16-Q1", "", "x")], ["own", "own", "own", "own"], id="other adjustments"),
    pytest.param([("Build 1", "policy", "2016-17-Q2", "", "late"), ("Build 1", "policy", "2015-16-Q1", "", "early")], ["early", "early", "late", "late"], id="the one that begins last wins"),
    pytest.param([("Build 1", "policy", "2016-17-Q1", "2016-17-Q1", "late"), ("Build 1", "policy", "2015-16-Q1", "", "early")], ["early", "late", "early", "early"], id="and gives way when it ends"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), CHOSEN)
def test_an_agreed_policy_counts_from_and_until_its_quarters(lines: list[tuple[str, ...]], expected: list[str]) -> None:
    """It puts the agreed policy in place of the register's for its measure and time only, and leaves its arguments alone."""
    rows = observations(*(observed("1", "1", policy="own", quarter=quarter) for quarter in QUARTERS), observed("1", "1", policy="own", measure_id="Build 3"))
    given_rows, given_register = rows.copy(deep=True), adjustments(*lines)
    got = scoring.chosen(rows, given_register)
    assert got["policy"].tolist() == [*expected, "own"]
    assert_frame_equal(got.drop(columns="policy"), given_rows.drop(columns="policy"))
    assert_frame_equal(rows, given_rows)
    assert_frame_equal(given_register, adjustments(*lines))


def test_the_real_adjustments_change_no_policy() -> None:
    """It leaves every policy as it is where the register of adjustments holds a break only."""
    rows = observations(observed("1", "1", measure_id="Business 26"))
    assert scoring.chosen(rows, registers().adjustments)["policy"].tolist() == ["five-band"]


# ---------------------------------------------------------------- what another policy would have said

FLIPPED = observations(
    observed("100", "106", measure_id="Build 1", measure="Homes", target_raw="100%", actual_raw="106%"),  # HG -> G
    observed("100", "96", measure_id="Build 2"),  # A -> A
    observed("100", "92", measure_id="Build 3"),  # LR -> HR
    observed("100", "80", measure_id="Build 4"),  # HR -> HR
    observed("100", None, measure_id="Build 5"),  # no band either way
    observed(("90", "110"), "100", "in range", measure_id="Build 6"),  # G -> G
    observed("100", "92", measure_id="Build 7", policy="within-5-percent"),  # its own
)


def test_flips_are_the_rows_whose_band_would_be_another() -> None:
    """It lists the rows whose band differs, in their order, with both bands, and no others."""
    got = scoring.flips(FLIPPED, registers().policies, "within-5-percent")
    assert list(got.columns) == ["measure_id", "quarter", "measure", "target_raw", "actual_raw", "policy", "band", "band_then", "reason_then"]
    assert got.to_numpy().tolist() == [
        ["Build 1", QUARTER, "Homes", "100%", "106%", "five-band", "HG", "G", ""],
        ["Build 3", QUARTER, "", "", "", "five-band", "LR", "HR", ""],
    ]


def test_a_flip_to_no_band_says_why() -> None:
    """It says which figure the other policy wants where it could not decide, and flips nothing that had no band either way."""
    got = scoring.flips(FLIPPED, registers().policies, "year-ago")
    assert got[["measure_id", "band", "band_then", "reason_then"]].to_numpy().tolist() == [
        ["Build 1", "HG", "G", ""],
        ["Build 2", "A", "G", ""],
        ["Build 3", "LR", "G", ""],
        ["Build 4", "HR", "", "the policy asks for the figure a year ago, which is not known"],
        ["Build 7", "HR", "G", ""],
    ]


def test_flips_use_the_forecasts_they_are_given() -> None:
    """It rescues a figure that is off target where the year is forecast to end on it."""
    got = scoring.flips(observations(observed("100", "85")), registers().policies, "recoverable", forecasts("100"))
    assert got[["band", "band_then", "reason_then"]].to_numpy().tolist() == [["HR", "A", ""]]


def test_flips_to_ones_own_policy_are_none_and_change_nothing() -> None:
    """It finds no flips where every row is judged by its own policy again, and leaves the observations alone."""
    own = FLIPPED.assign(policy="five-band")
    before = own.copy(deep=True)
    assert len(scoring.flips(own, registers().policies, "five-band")) == 0
    assert_frame_equal(own, before)
    assert len(scoring.flips(observations(), registers().policies, "year-ago")) == 0


# ---------------------------------------------------------------- how near to another band


def revisions(*lines: tuple[str, ...]) -> pd.DataFrame:
    """Give a register of revisions: lines of measure, quarter, was, now."""
    return pd.DataFrame(list(lines), columns=["measure_id", "quarter", "was", "now"], dtype=object)


def fragile(*rows: dict[str, Any], revised: pd.DataFrame | None = None, outlook: pd.DataFrame | None = None) -> list[list[Any]]:
    """Give distance, band beyond and fragility of some observations under the real register."""
    scores = scoring.score(observations(*rows), registers().policies, outlook)
    before = scores.copy(deep=True)
    got = scoring.fragility(scores, registers().policies, revisions() if revised is None else revised, outlook)
    assert_frame_equal(scores, before)
    frames.check(got, frames.SCORES)
    return [[None if far is None else str(far), beyond, why] for far, beyond, why in got[["to_edge", "band_beyond", "fragile"]].to_numpy().tolist()]


NEAR = [
    pytest.param(observed("100", "97"), "2", "LR", id="higher: 97 is 2 above low red"),
    pytest.param(observed("100", "98"), "2", "LG", id="higher: 98 is 2 short of low green"),
    pytest.param(observed("100", "200"), "95", "LG", id="higher: 200 is 95 above the edge of high green"),
    pytest.param(observed("100", "0"), "90", "LR", id="higher: 0 is 90 short of low red"),
    pytest.param(observed("100", "105"), "0", "LG", id="higher: on the edge of high green exactly"),
    pytest.param(observed("100", "100"), "0", "A", id="higher: on target exactly"),
    pytest.param(observed("100", "90"), "0", "HR", id="higher: on the edge of low red exactly"),
    pytest.param(observed("100", "104.9999"), "0.0001", "HG", id="higher: a ten-thousandth below high green"),
    pytest.param(observed("100", "104.99999"), "0", "HG", id="higher: nearer than four places show"),
    pytest.param(observed("100", "101", "lower"), "1", "LG", id="lower: 101 is 1 above low green"),
    pytest.param(observed("100", "103", "lower"), "2", "LR", id="lower: 103 is 2 short of low red"),
    pytest.param(observed("100", "95", "lower"), "0", "LG", id="lower: on the edge of high green exactly"),
    pytest.param(observed("100", "110", "lower"), "0", "HR", id="lower: on the edge of low red exactly"),
    pytest.param(observed("100", "0", "lower"), "95", "LG", id="lower: nothing is 95 from low green"),
    pytest.param(observed(("13", "15"), "13.6"), "0.6", "A", id="range, higher: 0.6 above its low end"),
    pytest.param(observed(("13", "15"), "14.8"), "0.2", "HG", id="range, higher: 0.2 below its high end"),
    pytest.param(observed(("13", "15"), "15"), "0", "HG", id="range, higher: on its high end exactly"),
    pytest.param(observed(("13", "15"), "16"), "1", "G", id="range, higher: 1 above its high end"),
    pytest.param(observed(("13", "15"), "12.9"), "0.1", "G", id="range, higher: 0.1 below its low end"),
    pytest.param(observed(("13", "15"), "12.4"), "0.05", "LR", id="range, higher: 0.05 above 95% of its low end"),
    pytest.param(observed(("13", "13.5"), "13.6"), "0.05", "HG", id="narrow range, higher: 0.05 below 105% of its low end"),
    pytest.param(observed(("7", "15"), "11.9", "lower"), "2.35", "LG", id="range, lower: 2.35 below 95% of its high end"),
    pytest.param(observed(("0.9", "1.1"), "1.05", "in range"), "0.05", "A", id="in range: 0.05 below its high end"),
    pytest.param(observed(("0.9", "1.1"), "1.12", "in range"), "0.02", "G", id="in range: 0.02 above its high end"),
    pytest.param(observed(("0.9", "1.1"), "1.15", "in range"), "0.005", "LR", id="in range: 0.005 below 105% of its high end"),
    pytest.param(observed(("0.9", "1.1"), "0.88", "in range"), "0.02", "G", id="in range: 0.02 below its low end"),
    pytest.param(observed(("0.9", "1.1"), "0.8", "in range"), "0.01", "LR", id="in range: 0.01 below 90% of its low end"),
    pytest.param(observed(("0.9", "1.1"), "0.92", "in range"), "0.02", "A", id="in range: 0.02 above its low end"),
    pytest.param(observed(("0.9", "1.1"), "0.9", "in range"), "0", "A", id="in range: on its low end exactly"),
    pytest.param(observed("-20", "-18", "lower"), "0", "HR", id="reduction: on 90% of it exactly"),
    pytest.param(observed("-20", "-19.4", "lower"), "0.4", "LR", id="reduction: 0.4 more than 95% of it"),
    pytest.param(observed("-20", "-27", "lower"), "6", "LG", id="reduction: 6 more than 105% of it"),
    pytest.param(observed("-20", "5", "lower"), "23", "LR", id="reduction: an increase is 23 from 90% of it"),
    pytest.param(observed("0", "0", "lower"), "0", "HR", id="zero target, lower: anything more is high red"),
    pytest.param(observed("0", "3", "lower"), "3", "HG", id="zero target, lower: 3 too many"),
    pytest.param(observed("0", "5"), "5", "HR", id="zero target, higher: 5 above less than nothing"),
    pytest.param(observed(("12", "20"), "5", **RANK, actual_rank=20), "0", "A", id="rank: on the worse end"),
    pytest.param(observed(("12", "20"), "5", **RANK, actual_rank=26), "4", "LR", id="rank: 4 places from 110% of the worse end"),
    pytest.param(observed("42.5", "43.3", "lower", actual_numerator=58, actual_denominator=134), "0.7836", "LG", id="fraction: 58/134 is 0.783582 points above 42.5%"),
    pytest.param(observed("80", "76", policy="within-5-points"), "1", "HR", id="points: 1 above five below the target"),
    pytest.param(observed("200", "192", policy="within-5-percent"), "2", "HR", id="three bands: 2 above 95%"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "far", "beyond"), NEAR)
def test_the_nearest_other_band_and_how_far_it_is(row: dict[str, Any], far: str, beyond: str) -> None:
    """It gives the distance to the nearest figure of another band, in the figure's unit to four places, and that band."""
    assert [got[:2] for got in fragile(row)] == [[far, beyond]]


def test_a_year_ago_is_an_edge_where_the_policy_says_so() -> None:
    """It finds the year ago 3 away, or 90% of the target 4 away, whichever is nearer, and neither band beyond an unknown."""
    near = [fragile(*with_year_ago(actual, "80"))[-1][:2] for actual in ("83", "86")]
    assert [*near, fragile(observed("100", "95", policy="year-ago"))[0][:2]] == [["3", "HR"], ["4", "G"], [None, ""]]


def test_a_forecast_that_is_met_leaves_one_edge() -> None:
    """It finds no red below the target where the forecast makes every such figure amber."""
    row = observed("100", "97", policy="recoverable")
    assert [fragile(row, outlook=forecasts("100"))[0][:2], fragile(row, outlook=forecasts("90"))[0][:2]] == [["3", "G"], ["3", "G"]]
    assert fragile(observed("100", "105", policy="recoverable"))[0][:2] == [None, ""]


def test_what_has_no_band_is_not_fragile() -> None:
    """It gives no distance, no band beyond and no fragility where nothing was scored, and nothing for nothing."""
    assert fragile(observed("100", None), observed(None, "1", measure_id="Build 2")) == [[None, "", ""], [None, "", ""]]
    assert fragile() == []


ROUNDED = [
    pytest.param(observed("100", "100"), "rounding", id="100% may have been 99.5%"),
    pytest.param(observed("100", "97"), "", id="97% was 96.5% to 97.5%, amber throughout"),
    pytest.param(observed("100", "95.5"), "", id="95.5% was at least 95.45%"),
    pytest.param(observed("100", "96", actual_decimals=None), "", id="places that are not known"),
    pytest.param(observed("100", "100", kind="quarter count", target_unit="number", actual_unit="number"), "", id="100 things are 100 things"),
    pytest.param(observed("100", "100", kind="cumulative", target_unit="number", actual_unit="number"), "", id="100 things since April"),
    pytest.param(observed("100", "100", kind="snapshot", target_unit="number", actual_unit="number"), "", id="100 things on a day"),
    pytest.param(observed("100", "100.0", kind="quarter count", target_unit="number", actual_unit="number"), "rounding", id="100.0 thousands are rounded"),
    pytest.param(observed("100", "100", kind="quarter count"), "rounding", id="a percentage is never counted"),
    pytest.param(observed("100", "100", kind="quarter count", target_unit="pounds", actual_unit="pounds"), "rounding", id="pounds are not things"),
    pytest.param(observed("100", "100", kind="rate", target_unit="number", actual_unit="number"), "rounding", id="a rate is not counted"),
    pytest.param(observed("100", "100", actual_numerator=100, actual_denominator=100), "", id="a fraction is exact"),
]


@pytest.mark.parametrize(("row", "expected"), ROUNDED)
def test_rounding_makes_fragile_what_was_rounded(row: dict[str, Any], expected: str) -> None:
    """It says "rounding" where the figure before rounding could have had another band, and never of things counted."""
    assert fragile(row)[0][2] == expected


def of_council(*shares: str) -> pd.DataFrame:
    """Give revisions of Build 1, from 100 up by so many percent each."""
    return revisions(*(("Build 1", f"2015-16-Q{place}", "100", str(100 + Decimal(share))) for place, share in enumerate(shares, start=1)))


HR_50 = observed("57", "50", policy="within-5-points", kind="quarter count", actual_unit="number", target_unit="number")
"""High red, 2 short of amber: 52 is five points below 57."""
USUAL = [
    pytest.param(of_council("4", "4", "4"), "usual revision", id="4% of 50 is 2 exactly"),
    pytest.param(of_council("3.9", "3.9", "3.9"), "", id="3.9% of 50 is less than 2"),
    pytest.param(of_council("1", "4", "90"), "usual revision", id="the middle one of three"),
    pytest.param(of_council("1", "3", "90"), "", id="not their mean"),
    pytest.param(of_council("1", "3", "5", "90"), "usual revision", id="the middle of four is between two"),
    pytest.param(of_council("-1", "-4", "-90"), "usual revision", id="down counts like up"),
    pytest.param(of_council("90", "90"), "", id="two are no habit"),
    pytest.param(revisions(("Build 1", "2015-16-Q1", "0", "9"), ("Build 1", "2015-16-Q2", "1", "9"), ("Build 1", "2015-16-Q3", "1", "9")), "", id="a revision of nothing has no share"),
    pytest.param(revisions(*(("Build 9", f"2015-16-Q{n}", "1", "9") for n in (1, 2, 3))), "", id="measures that nobody reports"),
    pytest.param(revisions(), "", id="no revisions"),
]  # fmt: skip


@pytest.mark.parametrize(("revised", "expected"), USUAL)
def test_a_usual_revision_is_the_median_share_of_three_or_more(revised: pd.DataFrame, expected: str) -> None:
    """It says "usual revision" where the median of its partner's revisions, in percent, reaches another band."""
    assert fragile(HR_50, revised=revised) == [["2", "A", expected]]


def test_a_usual_revision_is_the_partners_own() -> None:
    """It judges each partner by the revisions of all of its measures, and none by another's."""
    rows = [HR_50, HR_50 | {"measure_id": "Build 2"}, HR_50 | {"measure_id": "Build 3", "partner": "Police"}]
    revised = revisions(
        ("Build 1", YEAR_AGO, "100", "104"), ("Build 2", YEAR_AGO, "100", "104"), ("Build 2", QUARTER, "100", "104"), ("Build 3", YEAR_AGO, "1", "9")
    )
    assert [why for *_, why in fragile(*rows, revised=revised)] == ["usual revision", "usual revision", ""]


def test_both_reasons_stand_together() -> None:
    """It joins both where rounding and a usual revision could each make another band."""
    assert fragile(observed("100", "100"), revised=of_council("4", "4", "4")) == [["0", "A", "rounding; usual revision"]]


def test_no_float_decides_what_a_usual_revision_reaches() -> None:
    """It sees that 29% of 100 reaches a band that is 29 away."""
    assert fragile(observed("134", "100", policy="within-5-points", actual_decimals=None), revised=of_council("29", "29", "29")) == [
        ["29", "A", "usual revision"]
    ]


def test_no_float_decides_how_far_an_edge_is() -> None:
    """It tells a figure of twenty-one digits from the target that it is one above."""
    assert fragile(observed("100000000000000000000", "100000000000000000001"))[0][:2] == ["1", "A"]


# ---------------------------------------------------------------- what revisions changed


def crossed(rows: list[dict[str, Any]], *lines: tuple[str, ...]) -> list[list[Any]]:
    """Give the crossings among some revisions."""
    scores, revised = scoring.score(observations(*rows), registers().policies), revisions(*lines)
    before = scores.copy(deep=True), revised.copy(deep=True)
    got = scoring.crossings(scores, registers().policies, revised)
    assert_frame_equal(scores, before[0])
    assert_frame_equal(revised, before[1])
    assert list(got.columns) == ["measure_id", "quarter", "was", "now", "band_was", "band"]
    return got.to_numpy().tolist()


CROSSED = [
    pytest.param(observed("100", "100"), "94", "100", ["LR", "LG"], id="94 to 100"),
    pytest.param(observed("100", "95"), "94.99", "95", ["LR", "A"], id="onto an edge"),
    pytest.param(observed("100", "101"), "104", "101", None, id="104 to 101, low green both times"),
    pytest.param(observed("100", "94", "lower"), "111", "94", ["HR", "HG"], id="lower: 111 to 94"),
    pytest.param(observed("-20", "-20", "lower"), "-18", "-20", ["LR", "LG"], id="a reduction of 18 to one of 20"),
    pytest.param(observed(("13", "15"), "14"), "15.5", "14", ["HG", "G"], id="into a range"),
    pytest.param(observed("42.2", "44", actual_numerator=44, actual_denominator=100), "44.4", "44", ["HG", "LG"], id="the old figure without the new one's fraction: 44.4 is above 105% of 42.2"),
    pytest.param(observed(None, "44"), "1", "44", None, id="nothing to score"),
    pytest.param(observed("100", "44", "none"), "1", "44", None, id="no way is good"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "was", "now", "expected"), CROSSED)
def test_a_crossing_is_a_revision_from_one_band_to_another(row: dict[str, Any], was: str, now: str, expected: list[str] | None) -> None:
    """It lists a revision with the bands before and after, where they differ and there are both."""
    assert crossed([row], ("Build 1", QUARTER, was, now)) == ([["Build 1", QUARTER, was, now, *expected]] if expected else [])


def test_crossings_are_in_the_registers_order_and_of_known_figures_only() -> None:
    """It keeps the order of the register, and leaves out measures and quarters that are not among the scores."""
    rows = [observed("100", "100"), observed("100", "100", measure_id="Build 2")]
    lines = [("Build 2", QUARTER, "80", "100"), ("Build 9", QUARTER, "80", "100"), ("Build 1", YEAR_AGO, "80", "100"), ("Build 1", QUARTER, "97", "100")]
    assert crossed(rows, *lines) == [["Build 2", QUARTER, "80", "100", "HR", "LG"], ["Build 1", QUARTER, "97", "100", "A", "LG"]]
    assert crossed(rows) == crossed([], *lines) == []


def test_two_revisions_of_one_figure_are_two_steps() -> None:
    """It gives each of two revisions the bands of its own figures: 94 to 100, then 100 to 106."""
    got = crossed([observed("100", "106")], ("Build 1", QUARTER, "94", "100"), ("Build 1", QUARTER, "100", "106"))
    assert [line[2:] for line in got] == [["94", "100", "LR", "LG"], ["100", "106", "LG", "HG"]]


def test_a_year_on_year_figure_crosses_too() -> None:
    """It sees that 120, revised to 94, went from high red to high green against 100 a year before."""
    rule = {"target_rule": "year on year reduction"}
    got = crossed([observed(None, "100", "lower", **rule, quarter=YEAR_AGO), observed(None, "94", "lower", **rule)], ("Build 1", QUARTER, "120", "94"))
    assert [line[4:] for line in got] == [["HR", "HG"]]


# ---------------------------------------------------------------- an oracle: domain.md 4 once more, from the text alone

PERIODS = {"Oct 12 to Sep 13": 2013, "Oct 13 to Sept 14": 2014, "Oct 2014 to Sep 2015": 2015, "all of last year": None}
HIGHER = (("HG", Fraction(105, 100)), ("LG", Fraction(1)), ("A", Fraction(95, 100)), ("LR", Fraction(90, 100)))
LOWER = (("HG", Fraction(95, 100)), ("LG", Fraction(1)), ("A", Fraction(105, 100)), ("LR", Fraction(110, 100)))


class Span(NamedTuple):
    """Some figures in one piece, with whether each end is one of them; None is no end."""

    low: Fraction | None
    has_low: bool
    high: Fraction | None
    has_high: bool

    def meets(self, low: Fraction, high: Fraction) -> bool:
        """Say whether a figure from low to high is among these."""
        start, closed = (low, True) if self.low is None or self.low < low else (self.low, self.has_low)
        end, shut = (high, True) if self.high is None or self.high > high else (self.high, self.has_high)
        return start < end or (start == end and closed and shut)

    def turned(self) -> Span:
        """Give the same figures below zero for above."""
        return Span(None if self.high is None else -self.high, self.has_high, None if self.low is None else -self.low, self.has_low)


def spans(target: Fraction, lower: bool, first: Span) -> list[tuple[str, Span]]:
    """Give which of some figures have which band: a band's own half-line, less those of the bands before."""
    if lower:  # X <= k T is the same as -X >= k (-T)
        return [(name, span.turned()) for name, span in _half_lines(-target, LOWER, first.turned())]
    return _half_lines(target, HIGHER, first)


def _half_lines(target: Fraction, table: tuple[tuple[str, Fraction], ...], left: Span) -> list[tuple[str, Span]]:
    found = []
    for name, factor in (*table, ("HR", None)):
        if factor is None or (left.low is not None and factor * target < left.low):
            found.append((name, left))
            break
        edge = factor * target
        if left.high is None or edge < left.high or (edge == left.high and left.has_high):
            found.append((name, Span(edge, edge != left.low or left.has_low, left.high, left.has_high)))
            left = Span(left.low, left.has_low, edge, False)
    return found


def figure(row: dict[str, Any]) -> tuple[Fraction | None, Fraction]:
    """Give the actual, and how far it may lie from what was meant: a fraction that rounds to it takes its place."""
    if row.get("actual") is None:
        return None, Fraction(0)
    printed, half = Fraction(row["actual"]), Fraction(1, 2 * 10 ** row["actual_decimals"])
    if row.get("actual_denominator"):
        exact = Fraction(row["actual_numerator"], row["actual_denominator"]) * (100 if row["actual_unit"] == "percent" else 1)
        if printed - half <= exact <= printed + half:
            return exact, Fraction(0)
    return printed, half


def year_before(row: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Find the figure for the period exactly a year before: the stated period's, or the same quarter's of last year."""
    same = [other for other in rows if other["measure_id"] == row["measure_id"]]
    if period := row["data_period"]:
        wanted = None if PERIODS[period] is None else PERIODS[period] - 1
        return next((other for other in same if wanted and PERIODS.get(other["data_period"]) == wanted), None)
    year = f"{int(row['quarter'][:4]) - 1}-{row['quarter'][2:4]}{row['quarter'][7:]}"
    return next((other for other in same if other["quarter"] == year), None)


def by_hand(row: dict[str, Any], rows: list[dict[str, Any]]) -> list[tuple[str, Span]] | None:  # noqa: PLR0911 - one a rule
    """Give which figures would have which band in a row's place; None where nothing can be compared."""
    every = Span(None, False, None, False)
    actual, _ = figure(row)
    off = row["polarity"] == "none" or row["kind"] == "contextual" or (row.get("target_annual") and not row["quarter"].endswith("Q4"))
    if off or actual is None:
        return None
    if rule := row.get("target_rule"):
        before = year_before(row, rows)
        target, _ = figure(before) if before else (None, Fraction(0))
        return None if target is None else spans(target, rule == "year on year reduction", every)
    if row.get("target_low") is None:
        return None
    low, high = Fraction(row["target_low"]), Fraction(row["target_high"])
    if row["target_unit"] == "rank":
        return spans(high, True, every) if row.get("actual_rank") else None
    if row["target_unit"] != row["actual_unit"]:
        return None
    under, inside, over = Span(None, False, low, False), Span(low, True, high, True), Span(high, False, None, False)
    if row["polarity"] == "in range":
        return [("G", inside), *spans(low, False, under), *spans(high, True, over)]
    if low != high and row["polarity"] == "higher":
        return [("G", inside), *spans(low, False, under), *spans(low, False, over)]
    if low != high:
        return spans(high, True, every)
    if low < 0:  # a reduction: more of it is better
        return [(name, span.turned()) for name, span in spans(-low, False, every)]
    return spans(low, row["polarity"] == "lower", every)


def judged(row: dict[str, Any], rows: list[dict[str, Any]]) -> tuple[str, set[str]]:
    """Give the band of a row, and every band within rounding."""
    found = by_hand(row, rows)
    if found is None:
        return "", set()
    at, half = (Fraction(row["actual_rank"]), Fraction(0)) if row.get("target_unit") == "rank" and not row.get("target_rule") else figure(row)
    (name,) = {name for name, span in found if span.meets(at, at)}
    return name, {name for name, span in found if span.meets(at - half, at + half)}


def digits(whole: int, places: int) -> Decimal:
    """Give a whole number divided by a power of ten, exactly, however many digits it has."""
    return Decimal(f"{whole}E-{places}")


LONG = 10**39 + 1234567890123456789
TARGETS = st.one_of(
    st.integers(0, 200),
    st.integers(0, 40_000).map(lambda n: digits(n, 4)),
    st.sampled_from([Decimal(0), Decimal(LONG), digits(LONG, 3), digits(1, 6), digits(5, 7)]),
).map(Decimal)
NEAR_EDGES = st.sampled_from([Fraction(factor, 100) for factor in (0, 50, 90, 95, 100, 105, 110, 150)])


@st.composite
def one_row(draw: st.DrawFn, measure: str, quarter: str, sorts: tuple[str, ...]) -> dict[str, Any]:
    """Make one observation of some sort, its actual on or beside an edge as often as not."""
    sort, places = draw(st.sampled_from(sorts)), draw(st.integers(0, 6))
    target, width = draw(TARGETS), draw(st.one_of(st.integers(1, 30), st.integers(1, 999).map(lambda n: digits(n, 3))).map(Decimal))
    low, high = Fraction(target), Fraction(target) + Fraction(width)
    base = draw(st.sampled_from([low, high])) if sort in ("in range", "range") else low
    near = int(base * draw(NEAR_EDGES) * 10**places) + draw(st.integers(-1, 1))
    whole = draw(st.one_of(st.just(near), st.just(near), st.integers(-300, 300 * 10**places)))
    unit = "number" if measure == "Build 3" else "percent"
    row = {"measure_id": measure, "quarter": quarter, "policy": "five-band", "kind": "rate", "data_period": draw(st.sampled_from(["", "", *PERIODS]))}
    row |= {"polarity": draw(st.sampled_from(["higher", "lower"])), "actual_unit": unit, "actual": digits(whole, places), "actual_decimals": places}
    row |= {"target_low": target, "target_high": target, "target_unit": unit}
    if sort in ("range", "in range"):
        row |= {"target_high": digits(int(high * 10**9), 9), "polarity": "in range" if sort == "in range" else row["polarity"]}
    elif sort == "negative":
        row |= {"target_low": digits(-int(low * 10**9) - 1, 9), "target_high": digits(-int(low * 10**9) - 1, 9), "actual": digits(-whole, places)}
    elif sort == "rank":
        best, worst = draw(st.integers(1, 12)), draw(st.integers(12, 40))
        row |= {
            "target_unit": "rank",
            "target_low": Decimal(best),
            "target_high": Decimal(worst),
            "actual_rank": draw(st.one_of(st.none(), st.integers(1, 45))),
        }
    elif sort == "annual":
        row |= {"target_annual": True}
    elif sort == "rule":
        row |= {
            "target_low": None,
            "target_high": None,
            "target_unit": "",
            "target_rule": draw(st.sampled_from(["year on year reduction", "year on year increase"])),
        }
    elif sort == "fraction":
        top, bottom = draw(st.integers(0, 400)), draw(st.integers(1, 400))
        exact = Fraction(top, bottom) * (100 if unit == "percent" else 1)
        beside = round(exact * 10**places) + draw(st.sampled_from([0, 0, 0, 1, 3]))
        row |= {"actual": digits(beside, places), "actual_numerator": top, "actual_denominator": bottom}
        row |= {"target_low": digits(int(exact * 100), 2), "target_high": digits(int(exact * 100), 2)}
    elif sort == "nothing":
        gaps = (
            {"actual": None, "actual_decimals": None},
            {"target_low": None, "target_high": None},
            {"target_unit": "pounds"},
            {"polarity": "none"},
            {"kind": "contextual"},
        )
        row |= draw(st.sampled_from(gaps))
    return row


SORTS = ("plain", "plain", "range", "negative", "rank", "annual", "rule", "rule", "fraction", "nothing")


@st.composite
def some_rows(draw: st.DrawFn, sorts: tuple[str, ...] = (*SORTS, "in range")) -> list[dict[str, Any]]:
    """Make up to eight observations of few measures and quarters, no two of one measure for the same stated period."""
    quarters = ("2014-15-Q2", "2015-16-Q2", "2016-17-Q2", "2015-16-Q4", "2016-17-Q4")
    keys = draw(st.lists(st.tuples(st.sampled_from(["Build 1", "Build 2", "Build 3"]), st.sampled_from(quarters)), unique=True, max_size=8))
    rows, seen = [], set()
    for measure, quarter in keys:
        row = draw(one_row(measure, quarter, sorts))
        period = row["data_period"]
        rows.append(row | {"data_period": "" if (measure, period) in seen else period})
        seen.add((measure, period))
    return rows


@given(rows=some_rows())
@settings(SAME_EVERY_RUN, max_examples=70)
def test_every_band_is_that_of_the_rules_worked_a_second_way(rows: list[dict[str, Any]]) -> None:
    """It gives each row of any mixture the band that the text of the rules gives it, worked in fractions one row at a time."""
    got = scored(*rows)
    assert [row["band"] for row in got] == [judged(row, rows)[0] for row in rows]
    assert all((row["band"] == "") != (row["band_reason"] == "") for row in got)


@given(rows=some_rows(sorts=SORTS))
@settings(SAME_EVERY_RUN, max_examples=70)
def test_every_band_within_rounding_is_found_and_no_other(rows: list[dict[str, Any]]) -> None:
    """It finds just the bands of figures within half a printed place, best first, as the rules worked a second way have them."""
    got = [row["bands_within_rounding"].split() for row in scored(*rows)]
    assert [set(names) for names in got] == [judged(row, rows)[1] for row in rows]
    assert all(names == sorted(names, key=["HG", "LG", "G", "A", "LR", "HR"].index) for names in got)


@given(rows=some_rows(sorts=("in range",)))
@settings(SAME_EVERY_RUN, max_examples=70)
def test_every_band_within_rounding_of_a_range_is_found_and_no_other(rows: list[dict[str, Any]]) -> None:
    """It judges what lies below a range by its low end and what lies above by its high end, within rounding too."""
    assert [set(row["bands_within_rounding"].split()) for row in scored(*rows)] == [judged(row, rows)[1] for row in rows]


def test_rounding_below_a_range_is_never_green_beyond_it() -> None:
    """It finds that 1, printed without places, may have been anything from high red (0.5) to high red (1.5) of 0.9-1.1, and never high green."""
    assert scored(observed(("0.9", "1.1"), "1", "in range"))[0]["bands_within_rounding"] == "G A LR HR"


def test_the_second_working_is_right_by_hand() -> None:
    """It agrees with bands worked by hand, so that two workings are not wrong together."""
    by_oracle = [
        judged(row | {"data_period": ""}, [])
        for row in (
            observed("3", "2.86"),
            observed("44", "44"),
            observed(("0.9", "1.1"), "0.98", "in range"),
            observed("-20", "-18", "lower"),
            observed(("1", "2"), "1"),
        )
    ]
    assert by_oracle == [("A", {"A"}), ("LG", {"LG", "A"}), ("G", {"G"}), ("LR", {"LR", "HR"}), ("G", {"G", "A", "LR", "HR"})]


def test_a_year_before_in_another_unit_is_not_scored() -> None:
    """It does not compare 40 things with 50 percent a year before."""
    rule = {"target_rule": "year on year reduction"}
    assert band(observed(None, "50", "lower", **rule, quarter=YEAR_AGO), observed(None, "40", "lower", **rule, actual_unit="number")) == ""


def test_a_variance_has_all_of_its_digits() -> None:
    """It gives the variance of a figure of thirty digits from a target of 1 to two places."""
    (got,) = scored(observed("1", "123456789012345678901234567891"))
    assert got["variance"] == Decimal("12345678901234567890123456789000.00")


def test_a_variance_does_not_run_over() -> None:
    """It gives the variance of 461168602.84273 from 1 where its working just fits into 64 bits."""
    (got,) = scored(observed("1", "461168602.84273"))
    assert got["variance"] == Decimal("46116860184.27")


# ---------------------------------------------------------------- the band alone


def in_arrow(rows: pd.DataFrame) -> pd.DataFrame:
    """Give observations with their exact columns as Arrow decimals."""
    exact = [name for name, holds in frames.OBSERVATIONS.columns.items() if holds == frames.EXACT]
    return rows.astype(dict.fromkeys(exact, pd.ArrowDtype(pa.decimal256(76, 12))))


@given(rows=some_rows())
@SAME_EVERY_RUN
def test_the_band_alone_is_the_band_of_the_score(rows: list[dict[str, Any]]) -> None:
    """It gives the same bands as the whole score, from Python's decimals and from Arrow's, on the index of the rows."""
    frame = observations(*rows)
    expected = scoring.score(frame, registers().policies)["band"].tolist()
    elsewhere = frame.set_index(pd.Index(range(90, 90 + len(frame))))
    got = scoring.bands(elsewhere, registers().policies)
    assert (got.tolist(), got.index.tolist()) == (expected, elsewhere.index.tolist())
    assert scoring.bands(in_arrow(frame), registers().policies).tolist() == expected


def test_the_band_alone_looks_at_forecasts_and_years_ago() -> None:
    """It hands on forecasts, and gives nothing where a figure that the policy asks for is not known."""
    rows = observations(observed("100", "85", policy="recoverable"), observed("100", "85", policy="year-ago", measure_id="Build 2"))
    assert [scoring.bands(rows, registers().policies, forecasts("100")).tolist(), scoring.bands(rows, registers().policies).tolist()] == [["A", ""], ["", ""]]
    assert scoring.bands(observations(), registers().policies).tolist() == []


# ---------------------------------------------------------------- month by month


@cache
def recession() -> pd.DataFrame:
    """Read the monthly indicators of Q3 2009/10 once."""
    read = returns.read(REAL, ("2009-10-Q3",))
    return cleansing.build(read.cells, read.entries, registers()).frames["monthly"]


def test_the_recession_months_move_as_source_document_000_says() -> None:
    """It finds Job Seekers Allowance up 103, then down 154 in November and 149 in December, and the other three month by month."""
    got = scoring.steps(recession())
    assert got.to_numpy().tolist() == [
        [name, month, Decimal(change)]
        for name, changes in {
            "Job Seekers Allowance": (103, -154, -149),
            "Empty Commercial Properties": (-1, -1, -2),
            "Housing Benefit Claimants\u2019": (190, 111, 67),
            "Enquiries to CAB": (-8, -32, -29),
        }.items()
        for month, change in zip(("2009-10", "2009-11", "2009-12"), changes, strict=True)
    ]
    assert got.loc[got["indicator"] == "Housing Benefit Claimants\u2019", "change"].sum() == 368


def test_the_published_arrows_all_agree() -> None:
    """It draws for each of the four indicators the arrow that document 000 prints: down, down, up, down."""
    got = scoring.indicators(recession())
    assert [scoring.arrow(change) for change in got["change"]] == got["direction_published"].tolist() == ["\u2193", "\u2193", "\u2191", "\u2193"]


@pytest.mark.parametrize(("change", "expected"), [("0.01", "\u2191"), ("-0.01", "\u2193"), ("0", "\u2192"), ("-0.00", "\u2192"), (None, "")])
def test_an_arrow_shows_the_way_of_the_figures(change: str | None, expected: str) -> None:
    """It points up for more, down for less, across for the same, and is left out for what is not known."""
    assert scoring.arrow(None if change is None else Decimal(change)) == expected


def months(*lines: tuple[str, str, str | None]) -> pd.DataFrame:
    """Give monthly figures: indicator, month, value."""
    rows = [
        {"indicator": name, "month": month, "value": None if value is None else Decimal(value), "quarter": "2009-10-Q3", "row": place}
        for place, (name, month, value) in enumerate(lines)
    ]
    return frames.make(rows, frames.MONTHLY)


def test_a_month_that_is_not_known_makes_two_unknown_steps() -> None:
    """It takes no step to or from a month without a figure, whichever way its rows stand, and leaves them alone."""
    given_months = months(("CAB", "2009-12", "4"), ("CAB", "2009-11", None), ("CAB", "2009-10", "0.1"), ("CAB", "2009-09", "0.3"), ("JSA", "2009-10", "7"))
    before = given_months.copy(deep=True)
    assert scoring.steps(given_months).to_numpy().tolist() == [["CAB", "2009-10", Decimal("-0.2")], ["CAB", "2009-11", None], ["CAB", "2009-12", None]]
    assert_frame_equal(given_months, before)
    assert list(scoring.steps(months()).columns) == ["indicator", "month", "change"]
