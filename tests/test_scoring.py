"""Scoring: the bands of every policy at their exact edges, what cannot be scored and why, and the printed bands of 2016/17 recomputed."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis import cleansing, frames, quarters, reference, returns, scoring

REAL = Path(__file__).resolve().parents[1] / "data"
QUARTER = "2016-17-Q2"
HEADS = ["policy", "version", "from_quarter", "polarity", "order", "band", "test", "factor"]
FIVE_BAND = {  # the table of domain.md 4
    "higher": (("HG", ">=", "1.05"), ("LG", ">=", "1"), ("A", ">=", "0.95"), ("LR", ">=", "0.90"), ("HR", "otherwise", "")),
    "lower": (("HG", "<=", "0.95"), ("LG", "<=", "1"), ("A", "<=", "1.05"), ("LR", "<=", "1.10"), ("HR", "otherwise", "")),
}
THREE_BAND = {
    "higher": (("G", ">=", "1"), ("A", ">=", "0.90"), ("HR", "otherwise", "")),
    "lower": (("G", "<=", "1"), ("A", "<=", "1.10"), ("HR", "otherwise", "")),
}


def policy(
    name: str = "five-band", tests: dict[str, tuple[tuple[str, str, str], ...]] = FIVE_BAND, version: str = "1", since: str = "2009-10-Q1"
) -> pd.DataFrame:
    """Give a register of one policy as reference.load makes it: columns of text."""
    lines = [[name, version, since, polarity, str(order), *test] for polarity, of in tests.items() for order, test in enumerate(of, start=1)]
    return pd.DataFrame(lines, columns=HEADS, dtype=object)


def observed(target: object, actual: object, polarity: str = "higher", **more: object) -> dict[str, Any]:
    """Give one observation; a target of two figures is a range, None is not given."""
    low, high = target if isinstance(target, tuple) else (target, target)
    given_target = (
        {}
        if low is None
        else {"target_low": Decimal(low), "target_high": Decimal(high), "target": Decimal(low) if low == high else None, "target_unit": "number"}
    )
    given_actual = {} if actual is None else {name: Decimal(str(actual)) for name in ("actual", "actual_low", "actual_high")} | {"actual_unit": "number"}
    gaps = {"target_reason": "" if given_target else "not given", "actual_reason": "" if given_actual else "not given"}
    decimals = {} if actual is None else {"actual_decimals": max(-int(Decimal(str(actual)).as_tuple().exponent), 0)}
    about = {"measure_id": "Build 1", "quarter": QUARTER, "polarity": polarity, "policy": "five-band", "kind": "not stated"}
    return about | gaps | given_target | given_actual | decimals | more


def observations(*rows: dict[str, Any]) -> pd.DataFrame:
    """Give observations as a frame of their contract."""
    return frames.make(list(rows), frames.OBSERVATIONS)


def scored(*rows: dict[str, Any], policies: pd.DataFrame | None = None) -> list[dict[str, Any]]:
    """Score some observations, and give the scores row by row."""
    return frames.rows(scoring.score(observations(*rows), policy() if policies is None else policies))


def bands(*rows: dict[str, Any]) -> list[str]:
    """Give the band of each of some observations, scored together as so many measures."""
    return [str(row["band"]) for row in scored(*(row | {"measure_id": f"Build {n}"} for n, row in enumerate(rows)))]


def band(target: object, actual: object, polarity: str = "higher", **more: object) -> str:
    """Give the band of one observation."""
    return str(scored(observed(target, actual, polarity, **more))[0]["band"])


# ---------------------------------------------------------------- the five bands

EDGES = [
    pytest.param("higher", "100", "200", "HG", id="higher: far above the target"),
    pytest.param("higher", "100", "105", "HG", id="higher: at 105% exactly"),
    pytest.param("higher", "100", "104.99", "LG", id="higher: just below 105%"),
    pytest.param("higher", "100", "100", "LG", id="higher: on the target"),
    pytest.param("higher", "100", "99.99", "A", id="higher: just below the target"),
    pytest.param("higher", "100", "95", "A", id="higher: at 95% exactly"),
    pytest.param("higher", "100", "94.99", "LR", id="higher: just below 95%"),
    pytest.param("higher", "100", "90", "LR", id="higher: at 90% exactly"),
    pytest.param("higher", "100", "89.99", "HR", id="higher: just below 90%"),
    pytest.param("higher", "100", "0", "HR", id="higher: nothing done"),
    pytest.param("lower", "100", "0", "HG", id="lower: none at all"),
    pytest.param("lower", "100", "95", "HG", id="lower: at 95% exactly"),
    pytest.param("lower", "100", "95.01", "LG", id="lower: just above 95%"),
    pytest.param("lower", "100", "100", "LG", id="lower: on the target"),
    pytest.param("lower", "100", "100.01", "A", id="lower: just above the target"),
    pytest.param("lower", "100", "105", "A", id="lower: at 105% exactly"),
    pytest.param("lower", "100", "105.01", "LR", id="lower: just above 105%"),
    pytest.param("lower", "100", "110", "LR", id="lower: at 110% exactly"),
    pytest.param("lower", "100", "110.01", "HR", id="lower: just above 110%"),
    pytest.param("higher", "1.1", "1.155", "HG", id="higher: 1.155 is 105% of 1.1, though in floats 1.05 x 1.1 is more"),
    pytest.param("lower", "1.1", "1.21", "LR", id="lower: 1.21 is 110% of 1.1, though floats round 1.1 x 1.1"),
    pytest.param("higher", "0", "0", "HG", id="higher: zero against a target of zero"),
    pytest.param("lower", "0", "0", "HG", id="lower: zero against a target of zero"),
    pytest.param("higher", "0", "1", "HG", id="higher: something against a target of zero"),
    pytest.param("lower", "0", "1", "HR", id="lower: something against a target of zero"),
]


@pytest.mark.parametrize(("polarity", "target", "actual", "expected"), EDGES)
def test_a_single_target_is_banded_at_its_exact_edges(polarity: str, target: str, actual: str, expected: str) -> None:
    """It gives the first band of the five-band table whose test the actual passes, edges included."""
    assert band(target, actual, polarity) == expected


NEGATIVE = [
    pytest.param("-27", "HG", id="a greater reduction than asked for"),
    pytest.param("-21", "HG", id="105% of the reduction exactly"),
    pytest.param("-20.99", "LG", id="just below 105% of the reduction"),
    pytest.param("-20", "LG", id="the reduction asked for"),
    pytest.param("-19", "A", id="95% of the reduction exactly"),
    pytest.param("-18.99", "LR", id="just below 95% of the reduction"),
    pytest.param("-18", "LR", id="90% of the reduction exactly, as printed for Business 20"),
    pytest.param("-17.99", "HR", id="just below 90% of the reduction"),
    pytest.param("0", "HR", id="no change where a reduction was asked for"),
    pytest.param("18", "HR", id="an increase is not a reduction of its size"),
]


@pytest.mark.parametrize(("actual", "expected"), NEGATIVE)
def test_a_target_of_minus_twenty_percent_is_a_reduction_of_twenty(actual: str, expected: str) -> None:
    """It compares the sizes of a negative target of change, as a reduction where more is better."""
    assert band("-20", actual, "lower", target_unit="percent", actual_unit="percent") == expected


RANGES = [
    pytest.param("in range", ("0.9", "1.1"), "0.98", "G", id="in range: inside, as printed for Build 65"),
    pytest.param("in range", ("0.9", "1.1"), "0.9", "G", id="in range: on the low end"),
    pytest.param("in range", ("0.9", "1.1"), "1.1", "G", id="in range: on the high end"),
    pytest.param("higher", ("13", "15"), "14", "G", id="higher: inside, as printed for Business 3"),
    pytest.param("higher", ("13", "15"), "13", "G", id="higher: on the low end"),
    pytest.param("higher", ("13", "15"), "15", "G", id="higher: on the high end"),
    pytest.param("higher", ("13", "15"), "15.01", "HG", id="higher: above the range, 115% of the low end"),
    pytest.param("higher", ("13", "13.5"), "13.6", "LG", id="higher: above a narrow range, 104.6% of the low end"),
    pytest.param("higher", ("13", "15"), "12.99", "A", id="higher: just below the low end"),
    pytest.param("higher", ("13", "15"), "12.35", "A", id="higher: 95% of the low end exactly"),
    pytest.param("higher", ("13", "15"), "12", "LR", id="higher: 92% of the low end, as printed for Business 3"),
    pytest.param("higher", ("13", "15"), "11.7", "LR", id="higher: 90% of the low end exactly"),
    pytest.param("higher", ("13", "15"), "10", "HR", id="higher: 77% of the low end, as printed for Business 3"),
    pytest.param("lower", ("7", "15"), "5", "HG", id="lower: below the range"),
    pytest.param("lower", ("7", "15"), "11.9", "HG", id="lower: inside, 79% of the high end, as printed for Protect 1"),
    pytest.param("lower", ("7", "15"), "14.25", "HG", id="lower: 95% of the high end exactly"),
    pytest.param("lower", ("7", "15"), "14.26", "LG", id="lower: just above 95% of the high end"),
    pytest.param("lower", ("7", "15"), "15", "LG", id="lower: on the high end"),
    pytest.param("lower", ("7", "15"), "15.75", "A", id="lower: 105% of the high end exactly"),
    pytest.param("lower", ("7", "15"), "16.5", "LR", id="lower: 110% of the high end exactly"),
    pytest.param("lower", ("7", "15"), "16.51", "HR", id="lower: above 110% of the high end"),
]


@pytest.mark.parametrize(("polarity", "target", "actual", "expected"), RANGES)
def test_a_range_is_green_inside_or_judged_by_its_end(polarity: str, target: tuple[str, str], actual: str, expected: str) -> None:
    """It is plain green inside a range (in range, higher), otherwise judges by the low end (higher) or the high end (lower)."""
    assert band(target, actual, polarity) == expected


OUTSIDE = [
    pytest.param("0.89", "A", id="just below the low end"),
    pytest.param("0.855", "A", id="95% of the low end exactly"),
    pytest.param("0.81", "LR", id="90% of the low end exactly"),
    pytest.param("0.8", "HR", id="far below the low end"),
    pytest.param("1.11", "A", id="just above the high end"),
    pytest.param("1.155", "A", id="105% of the high end exactly"),
    pytest.param("1.21", "LR", id="110% of the high end exactly"),
    pytest.param("1.22", "HR", id="far above the high end"),
]


@pytest.mark.parametrize(("actual", "expected"), OUTSIDE)
def test_outside_the_range_is_judged_by_the_nearer_end_and_never_green(actual: str, expected: str) -> None:
    """It measures what should lie in a range and does not against the nearer end, as DECISIONS.md says under "Bands"."""
    assert band(("0.9", "1.1"), actual, "in range") == expected


RANKS = [
    pytest.param(1, "HG", id="best of all, better than the range asks"),
    pytest.param(12, "HG", id="on the better end"),
    pytest.param(19, "HG", id="95% of the worse end exactly"),
    pytest.param(20, "LG", id="on the worse end"),
    pytest.param(21, "A", id="105% of the worse end exactly"),
    pytest.param(22, "LR", id="110% of the worse end exactly"),
    pytest.param(23, "HR", id="beyond 110% of the worse end"),
    pytest.param(26, "HR", id="as printed for Protect 12 in Q2"),
    pytest.param(28, "HR", id="as printed for Protect 12 in Q1"),
]


@pytest.mark.parametrize(("rank", "expected"), RANKS)
@pytest.mark.parametrize("polarity", ["lower", "higher"])
def test_a_rank_is_better_lower_and_judged_by_the_worse_end(polarity: str, rank: int, expected: str) -> None:
    """It compares the rank beside the figure with the worse end of the range of ranks, whichever way the figure itself is good."""
    assert band(("12", "20"), "5.33", polarity, target_unit="rank", actual_rank=rank) == expected


def test_a_rank_target_without_a_rank_is_not_scored() -> None:
    """It does not compare a figure that has no rank with a target that is one."""
    (row,) = scored(observed(("12", "20"), "5.33", "lower", target_unit="rank"))
    assert (row["band"], row["agreement"], bool(row["band_reason"])) == ("", "not scored", True)


# ---------------------------------------------------------------- exact, always

AMOUNTS = st.decimals(min_value="0.0001", max_value="100000", places=4)


@given(target=AMOUNTS)
@settings(derandomize=True, deadline=None, max_examples=50)
def test_no_edge_is_ever_decided_by_a_float(target: Decimal) -> None:
    """It puts exactly 105%, 100%, 95% and 90% (or 110%) of any target into the better band."""
    edges = {"higher": {"1.05": "HG", "1": "LG", "0.95": "A", "0.90": "LR"}, "lower": {"0.95": "HG", "1": "LG", "1.05": "A", "1.10": "LR"}}
    on_edge = [observed(target, target * Decimal(factor), polarity) for polarity, of in edges.items() for factor in of]
    assert bands(*on_edge) == [name for of in edges.values() for name in of.values()]


@given(
    target=AMOUNTS, actual=AMOUNTS, times=st.decimals(min_value="0.001", max_value="1000", places=3), polarity=st.sampled_from(["higher", "lower", "in range"])
)
@settings(derandomize=True, deadline=None, max_examples=100)
def test_the_unit_makes_no_difference(target: Decimal, actual: Decimal, times: Decimal, polarity: str) -> None:
    """It gives the same band where target and actual are both multiplied by the same positive number."""
    one, grown = bands(observed(target, actual, polarity), observed(target * times, actual * times, polarity))
    assert grown == one


@given(
    low=AMOUNTS,
    width=AMOUNTS,
    actual=AMOUNTS,
    times=st.decimals(min_value="0.001", max_value="1000", places=3),
    polarity=st.sampled_from(["higher", "lower", "in range"]),
)
@settings(derandomize=True, deadline=None, max_examples=50)
def test_the_unit_of_a_range_makes_no_difference(low: Decimal, width: Decimal, actual: Decimal, times: Decimal, polarity: str) -> None:
    """It gives the same band where both ends of a range and the actual are multiplied by the same positive number."""
    high = low + width
    one, grown = bands(observed((low, high), actual, polarity), observed((low * times, high * times), actual * times, polarity))
    assert grown == one


@given(target=st.decimals(min_value="0", max_value="1000", places=2), one=AMOUNTS, other=AMOUNTS, polarity=st.sampled_from(["higher", "lower"]))
@settings(derandomize=True, deadline=None, max_examples=100)
def test_a_better_figure_never_gets_a_worse_band(target: Decimal, one: Decimal, other: Decimal, polarity: str) -> None:
    """It never gives the better of two figures the worse band."""
    better, worse = sorted((one, other), reverse=polarity == "higher")
    order = ["HG", "LG", "A", "LR", "HR"]
    of_better, of_worse = bands(observed(target, better, polarity), observed(target, worse, polarity))
    assert order.index(of_better) <= order.index(of_worse)


@given(
    size=st.decimals(min_value="0.01", max_value="1000", places=2),
    one=st.decimals(min_value="-2000", max_value="2000", places=2),
    other=st.decimals(min_value="-2000", max_value="2000", places=2),
)
@settings(derandomize=True, deadline=None, max_examples=50)
def test_a_greater_reduction_never_gets_a_worse_band(size: Decimal, one: Decimal, other: Decimal) -> None:
    """It never gives the greater of two reductions the worse band, against a negative target."""
    better, worse = sorted((one, other))
    order = ["HG", "LG", "A", "LR", "HR"]
    of_better, of_worse = bands(observed(-size, better, "lower"), observed(-size, worse, "lower"))
    assert order.index(of_better) <= order.index(of_worse)


@pytest.mark.parametrize(("polarity", "expected"), [("higher", "HG"), ("lower", "HR")])
def test_a_figure_of_forty_digits_is_scored_like_any_other(polarity: str, expected: str) -> None:
    """It scores a figure however many digits it has, rather than stopping the run."""
    assert band("3", "1" + "0" * 39, polarity) == expected


# ---------------------------------------------------------------- year on year

AGO = {"measure_id": "Protect 3", "quarter": "2015-16-Q2", "data_period": "Oct 12 to Sep 13", "actual_unit": "percent", "target_rule": "year on year reduction"}
NOW = AGO | {"quarter": QUARTER, "data_period": "Oct 13 to Sept 14"}


def part_of(whole: str, numerator: int, denominator: int) -> dict[str, Any]:
    """Give a percentage with the fraction that it is printed with."""
    return observed(None, whole, "lower") | {"actual_numerator": numerator, "actual_denominator": denominator}


def test_year_on_year_compares_the_same_twelve_months_a_year_before() -> None:
    """It takes as target the figure for the period exactly a year before: 58/134 against 62/146 is 101.9%, amber, as printed."""
    ago, now = scored(part_of("42.5", 62, 146) | AGO, part_of("43.3", 58, 134) | NOW)
    assert (now["band"], now["variance"], now["scored_polarity"]) == ("A", Decimal("1.93"), "lower")
    assert (ago["band"], ago["agreement"]) == ("", "not computable")


def test_the_fraction_decides_where_the_percentage_is_rounded() -> None:
    """It judges by the fractions: 105/1000 is 105.4% of 249/2500 (low red), though the printed 10.5% is 105% of 10.0% (amber)."""
    _, now = scored(part_of("10.0", 249, 2500) | AGO, part_of("10.5", 105, 1000) | NOW)
    assert now["band"] == "LR"


def test_year_on_year_takes_the_period_not_the_quarter_it_was_reported_in() -> None:
    """It finds the figure for the year before in whichever quarter it was reported, and not the one reported a year ago."""
    late = part_of("50", 50, 100) | AGO | {"quarter": "2016-17-Q1"}
    other = part_of("10", 10, 100) | AGO | {"data_period": "Jul 12 to Jun 13"}
    *_, now = scored(late, other, part_of("40", 40, 100) | NOW)
    assert (now["band"], now["scored_target"]) == ("HG", Decimal(50))


def test_year_on_year_without_a_period_takes_the_same_quarter_last_year() -> None:
    """It compares with the same quarter last year where no data period is stated: 83 against 89 is 93.3%, high green."""
    rule = {"target_rule": "year on year reduction", "measure_id": "Protect 4"}
    _, now = scored(observed(None, "89", "lower", **rule, quarter="2015-16-Q2"), observed(None, "83", "lower", **rule))
    assert (now["band"], now["scored_target"]) == ("HG", Decimal(89))


def test_year_on_year_increase_is_better_higher() -> None:
    """It takes an increase for good where the target is a year-on-year increase."""
    rule = {"target_rule": "year on year increase"}
    _, now = scored(observed(None, "100", "higher", **rule, quarter="2015-16-Q2"), observed(None, "105", "higher", **rule))
    assert now["band"] == "HG"


def test_another_measures_figure_is_never_the_year_before() -> None:
    """It does not take the year-before figure of another measure with the same data period."""
    *_, now = scored(part_of("42.5", 62, 146) | AGO | {"measure_id": "Protect 99"}, part_of("43.3", 58, 134) | NOW)
    assert (now["band"], now["agreement"]) == ("", "not computable")


UNKNOWN_YEAR_BEFORE = [
    pytest.param([], id="no row a year before"),
    pytest.param([part_of("42.5", 62, 146) | AGO | {"data_period": "Jan 12 to Dec 12"}], id="another twelve months"),
    pytest.param([part_of("42.5", 62, 146) | AGO | {"data_period": ""}], id="twelve months that are not stated"),
    pytest.param([observed(None, None, "lower", **AGO)], id="a row without a figure"),
]


@pytest.mark.parametrize("before", UNKNOWN_YEAR_BEFORE)
def test_an_unknown_year_before_is_not_computable_and_never_red(before: list[dict[str, Any]]) -> None:
    """It calls a year-on-year target without the earlier figure not computable, with the reason, and no band."""
    *_, now = scored(*before, part_of("43.3", 58, 134) | NOW)
    assert (now["band"], now["agreement"], bool(now["band_reason"]), now["variance"]) == ("", "not computable", True, None)


def test_a_rate_per_thousand_is_judged_by_the_rate_not_by_its_fraction() -> None:
    """It keeps the printed figure where the fraction beside it is in another scale: 12.3 per 1,000 (45/3658) against 12 is amber."""
    assert band("12", "12.3", "lower", actual_numerator=45, actual_denominator=3658) == "A"


# ---------------------------------------------------------------- what is not scored

UNSCORED = [
    pytest.param(observed(None, "483", "lower", target_reason="no target"), "not scored", "no target", id="no target"),
    pytest.param(observed(None, "8", "lower", target_reason="baseline year"), "not scored", "baseline year", id="a baseline year"),
    pytest.param(observed("100", None, "higher", actual_reason="no survey this quarter"), "not scored", "no survey this quarter", id="no survey this quarter"),
    pytest.param(observed("100", None), "not scored", "not given", id="an actual that is blank"),
    pytest.param(observed(None, None), "not scored", "not given", id="nothing at all"),
    pytest.param(observed("60", "56", target_annual=True, quarter="2016-17-Q1"), "not scored", "Q4", id="an annual target before Q4"),
    pytest.param(observed("100", "90", "none"), "not scored", "contextual", id="a contextual measure"),
    pytest.param(observed(None, "90", published_status="HR"), "not computable", "not given", id="a printed band over no target"),
    pytest.param(observed("100", None, published_status="LG"), "not computable", "not given", id="a printed band over no actual"),
    pytest.param(
        observed(None, None, "lower", target_rule="year on year reduction", published_status="No actual"),
        "not scored",
        "not given",
        id="year on year with no figure this year",
    ),
]


@pytest.mark.parametrize(("row", "agreement", "reason"), UNSCORED)
def test_what_cannot_be_scored_has_a_reason_and_no_band(row: dict[str, Any], agreement: str, reason: str) -> None:
    """It gives no band, the typed reason, and says "not computable" only where a band was printed or a year-on-year figure is unknown."""
    (got,) = scored(row)
    assert (got["band"], got["agreement"], got["variance"], got["rule"]) == ("", agreement, None, "")
    assert reason in got["band_reason"]


def test_an_annual_target_is_scored_in_q4() -> None:
    """It assesses an annual target in Q4: 56 against 60 is 93.3%, low red."""
    assert band("60", "56", target_annual=True, quarter="2016-17-Q4") == "LR"


def test_a_policy_the_register_does_not_hold_is_named() -> None:
    """It gives no band under an unknown policy, and names it."""
    (got,) = scored(observed("100", "100", policy="six-band"))
    assert (got["band"], "six-band" in got["band_reason"]) == ("", True)


def test_a_policy_the_register_does_not_hold_is_named_for_a_range_too() -> None:
    """It leaves no gap without a reason where a range is judged under an unknown policy."""
    (got,) = scored(observed(("13", "15"), "14", policy="six-band"))
    assert (got["band"], "six-band" in got["band_reason"]) == ("", True)


# ---------------------------------------------------------------- variance

VARIANCES = [
    pytest.param(observed("100", "100"), "0.00", id="on target"),
    pytest.param(observed("3", "2.86"), "-4.67", id="below a target, as Build 63"),
    pytest.param(observed("14", "17", "lower"), "21.43", id="above a target that should be lower, as Business 12"),
    pytest.param(observed("90", "151", "lower"), "67.78", id="minutes and seconds, as Business 13"),
    pytest.param(observed("-20", "-18", "lower"), "-10.00", id="a reduction that falls short, as Business 20"),
    pytest.param(observed(("13", "15"), "12"), "-7.69", id="below a range, from its low end, as Business 3"),
    pytest.param(observed(("7", "15"), "11.9", "lower"), "-20.67", id="in a range that should be lower, from its high end, as Protect 1"),
    pytest.param(observed(("12", "20"), "5.33", "lower", target_unit="rank", actual_rank=26), "30.00", id="a rank, from the worse end, as Protect 12"),
    pytest.param(observed("80", "80.1"), "0.13", id="half a hundredth goes up"),
]


@pytest.mark.parametrize(("row", "expected"), VARIANCES)
def test_variance_is_the_distance_from_target_in_percent_of_it(row: dict[str, Any], expected: str) -> None:
    """It gives (actual - target) / target in percent to two places, signed as the numbers are."""
    assert scored(row)[0]["variance"] == Decimal(expected)


def test_there_is_no_variance_from_zero() -> None:
    """It gives no variance from a target of zero, though there is a band."""
    (got,) = scored(observed("0", "0"))
    assert (got["variance"], got["band"]) == (None, "HG")


# ---------------------------------------------------------------- agreement with the printed band

AGREEMENTS = [
    pytest.param(observed("100", "100", published_status="LG"), "agrees", id="the same band"),
    pytest.param(observed("44", "44", published_status="A"), "rounding", id="44% against 44% printed amber: 43.5% would be amber"),
    pytest.param(observed("44", "44", published_status="LR"), "differs", id="44% against 44% printed low red: not even 43.5% would be"),
    pytest.param(observed("44", "44", published_status="HG"), "differs", id="44% against 44% printed high green: not even 44.5% would be"),
    pytest.param(observed("44.0", "44.0", published_status="A"), "rounding", id="44.0% against 44.0% printed amber: 43.95% would be"),
    pytest.param(observed("3", "2.86", published_status="HR"), "differs", id="2.86% against 3% printed high red: it is amber from 2.855% to 2.865%"),
    pytest.param(observed("100", "94.95", published_status="A"), "differs", id="94.95 against 100 printed amber: 94.955 is still low red"),
    pytest.param(observed("100", "95.0", "lower", published_status="LG"), "rounding", id="lower: 95.0 against 100 printed low green: 95.05 would be"),
    pytest.param(observed("100", "100", published_status="G"), "differs", id="plain green printed where there is no range"),
    pytest.param(observed(("13", "15"), "14", published_status="G"), "agrees", id="plain green printed inside a range"),
    pytest.param(observed(("13", "15"), "13", published_status="A"), "rounding", id="13% against 13-15% printed amber: 12.5% would be amber"),
    pytest.param(
        observed(("1", "2"), "1", published_status="A"), "rounding", id="1% against 1-2% printed amber: 0.96% would be amber, though 0.5% is high red"
    ),
    pytest.param(observed("100", "100", published_status="No target"), "not scored", id="a word for no score printed beside figures"),
    pytest.param(observed("100", "100"), "not scored", id="nothing printed"),
    pytest.param(observed("44", "44", published_status="A", actual_numerator=44, actual_denominator=100), "differs", id="a fraction hides no rounding"),
    pytest.param(observed(("12", "20"), "5", "lower", published_status="A", target_unit="rank", actual_rank=20), "differs", id="a rank hides no rounding"),
]


@pytest.mark.parametrize(("row", "expected"), AGREEMENTS)
def test_the_printed_band_is_compared_and_rounding_considered(row: dict[str, Any], expected: str) -> None:
    """It says whether the printed band is the recomputed one, or one that the actual could have had before it was rounded, or neither."""
    unit = {} if row["target_unit"] == "rank" else {"actual_unit": "percent", "target_unit": "percent"}
    assert scored(row | unit)[0]["agreement"] == expected


def test_disagreements_are_listed_with_both_bands_and_whether_rounding_explains() -> None:
    """It lists just the rows that disagree, with target, actual, variance, both bands and whether rounding could explain it."""
    rows = (
        observed("3", "2.86", published_status="HR", measure_id="Build 63", target_raw="3%", actual_raw="2.86%"),
        observed("3", "3", published_status="LG", measure_id="Build 64"),
        observed("44", "44", published_status="A", measure_id="Protect 17", target_raw="44%", actual_raw="44%"),
        observed("44", None, published_status="A", measure_id="Protect 18"),
    )
    got = scoring.disagreements(scoring.score(observations(*rows), policy()))
    columns = ["measure_id", "quarter", "target_raw", "actual_raw", "variance", "published_status", "band", "rounding_explains"]
    assert got[columns].to_numpy().tolist() == [
        ["Build 63", QUARTER, "3%", "2.86%", Decimal("-4.67"), "HR", "A", "no"],
        ["Protect 17", QUARTER, "44%", "44%", Decimal("0.00"), "A", "LG", "yes"],
    ]


@given(
    target=AMOUNTS,
    actual=AMOUNTS,
    polarity=st.sampled_from(["higher", "lower", "in range", "none"]),
    status=st.sampled_from(["HG", "LG", "G", "A", "LR", "HR", "No target", "?"]),
)
@settings(derandomize=True, deadline=None, max_examples=50)
def test_the_printed_band_never_changes_the_computed_one(target: Decimal, actual: Decimal, polarity: str, status: str) -> None:
    """It computes the same band, variance and reason whatever was printed."""
    columns = ("band", "variance", "band_reason", "bands_within_rounding", "rule", "scored_target", "scored_actual")
    without, printed = scored(observed(target, actual, polarity), observed(target, actual, polarity, published_status=status, measure_id="Build 2"))
    assert [printed[name] for name in columns] == [without[name] for name in columns]


# ---------------------------------------------------------------- policy is data

THREE = [
    pytest.param("higher", "100", "G", id="higher: on target"),
    pytest.param("higher", "90", "A", id="higher: at 90% exactly"),
    pytest.param("higher", "89.9", "HR", id="higher: below 90%"),
    pytest.param("lower", "100", "G", id="lower: on target"),
    pytest.param("lower", "110", "A", id="lower: at 110% exactly"),
    pytest.param("lower", "110.1", "HR", id="lower: above 110%"),
]


@pytest.mark.parametrize(("polarity", "actual", "expected"), THREE)
def test_a_three_band_policy_in_the_register_just_works(polarity: str, actual: str, expected: str) -> None:
    """It bands by whatever policy the row names, as the register holds it, beside other policies."""
    both = pd.concat([policy(), policy("three-band", THREE_BAND)], ignore_index=True)
    (three, five) = scored(observed("100", actual, polarity, policy="three-band"), observed("100", actual, polarity, measure_id="Build 2"), policies=both)
    assert three["band"] == expected
    assert five["band"] != "G"


def test_rounding_is_considered_under_three_bands_too() -> None:
    """It sees that 44% against 44.2%, printed green, may have been 44.3% under a policy whose best band is plain green."""
    (got,) = scored(observed("44.2", "44", policy="three-band", published_status="G"), policies=policy("three-band", THREE_BAND))
    assert (got["band"], got["agreement"]) == ("A", "rounding")


def test_the_order_is_the_registers_column_not_its_lines() -> None:
    """It tries the bands in the register's order column, however its lines are sorted."""
    (got,) = scored(observed("100", "100"), policies=policy().iloc[::-1].reset_index(drop=True))
    assert got["band"] == "LG"


def test_a_new_version_of_a_policy_counts_from_its_quarter_on() -> None:
    """It judges each quarter by the version in force then: 106% is high green until a new version asks for 110%."""
    stricter = FIVE_BAND | {"higher": (("HG", ">=", "1.10"), *FIVE_BAND["higher"][1:])}
    both = pd.concat([policy(), policy(tests=stricter, version="2", since="2016-17-Q1")], ignore_index=True)
    before, since = scored(observed("100", "106", quarter="2015-16-Q4"), observed("100", "106", quarter="2016-17-Q1"), policies=both)
    assert [before["band"], since["band"]] == ["HG", "LG"]


def test_the_partnerships_five_band_policy_is_the_agreed_table() -> None:
    """It holds in the register the five-band table of domain.md 4, line for line."""
    register = reference.load(REAL).policies
    five = register[register["policy"] == "five-band"]
    held = {(row["polarity"], int(row["order"])): (row["band"], row["test"], Fraction(row["factor"] or 0)) for row in five.to_dict("records")}
    agreed = {(way, order): (name, test, Fraction(factor or 0)) for way, of in FIVE_BAND.items() for order, (name, test, factor) in enumerate(of, start=1)}
    assert held == agreed


# ---------------------------------------------------------------- monthly indicators


def month(value: str | None, of: str, polarity: str = "lower", **more: object) -> dict[str, Any]:
    """Give one month's figure of a monthly indicator."""
    return {
        "indicator": "Enquiries to CAB",
        "quarter": "2009-10-Q3",
        "row": 4,
        "month": of,
        "polarity": polarity,
        "value": None if value is None else Decimal(value),
    } | more


MOVES = [
    pytest.param("lower", ("431", "423", "391", "362"), "LG", "-69", id="a fall where lower is good, as enquiries to CAB"),
    pytest.param("lower", ("4567", "4670", "4516", "4367"), "LG", "-200", id="a rise on the way to a fall, as Job Seekers Allowance"),
    pytest.param("lower", ("18360", "18550", "18661", "18728"), "LR", "368", id="a rise where lower is good, as Housing Benefit claimants"),
    pytest.param("higher", ("1", "2"), "LG", "1", id="a rise where higher is good"),
    pytest.param("higher", ("2", "1"), "LR", "-1", id="a fall where higher is good"),
    pytest.param("lower", (None, "423"), "", None, id="a first month that is not known"),
    pytest.param("lower", ("431", "423", None), "", None, id="a last month that is not known"),
    pytest.param("", ("431", "423"), "", "-8", id="no way is said to be good"),
]


@pytest.mark.parametrize(("polarity", "values", "expected", "change"), MOVES)
def test_a_monthly_indicator_is_banded_by_its_way_over_the_period(polarity: str, values: tuple[str | None, ...], expected: str, change: str | None) -> None:
    """It is low green where the last month is better than the first, low red where it is worse, and no band over an unknown."""
    lines = [month(value, f"2009-{n:02d}", polarity) for n, value in enumerate(values, start=9)]
    got = scoring.indicators(frames.make(lines[::-1], frames.MONTHLY))
    assert got[["band", "change"]].to_numpy().tolist() == [[expected, None if change is None else Decimal(change)]]


def test_the_four_recession_indicators_get_their_printed_bands() -> None:
    """It gives the four indicators of source document 000 the bands that it prints, in its order."""
    read = returns.read(REAL, ("2009-10-Q3",))
    got = scoring.indicators(cleansing.build(read.cells, read.entries, reference.load(REAL)).frames["monthly"])
    assert got[["indicator", "change", "band", "published_status"]].to_numpy().tolist() == [
        ["Job Seekers Allowance", Decimal(-200), "LG", "LG"],
        ["Empty Commercial Properties", Decimal(-4), "LG", "LG"],
        ["Housing Benefit Claimants\u2019", Decimal(368), "LR", "LR"],
        ["Enquiries to CAB", Decimal(-69), "LG", "LG"],
    ]


def test_banding_months_leaves_them_alone() -> None:
    """It does not change the months that it looks at."""
    months = frames.make([month("2", "2009-10"), month("1", "2009-09")], frames.MONTHLY)
    before = months.copy(deep=True)
    scoring.indicators(months)
    assert_frame_equal(months, before)


# ---------------------------------------------------------------- frames


def test_scoring_leaves_its_arguments_alone_and_keeps_rows_in_order() -> None:
    """It changes neither argument, and gives one score for each observation in their order."""
    given_rows, given_policies = (
        observations(observed("2", "3", measure_id="Build 2"), observed("1", None), observed("1", "1", "none", measure_id="Build 3")),
        policy(),
    )
    rows, policies = given_rows.copy(deep=True), given_policies.copy(deep=True)
    got = scoring.score(given_rows, given_policies)
    assert_frame_equal(given_rows, rows)
    assert_frame_equal(given_policies, policies)
    assert_frame_equal(got[list(frames.OBSERVATIONS.columns)], rows)


def test_listing_disagreements_leaves_the_scores_alone() -> None:
    """It does not change the scores that it lists from."""
    scores = scoring.score(observations(observed("3", "2.86", published_status="HR")), policy())
    before = scores.copy(deep=True)
    scoring.disagreements(scores)
    assert_frame_equal(scores, before)


def test_no_observations_give_no_scores() -> None:
    """It gives an empty frame of its contract for an empty frame."""
    got = scoring.score(observations(), policy())
    assert (list(got.columns), len(got), len(scoring.disagreements(got))) == (list(frames.SCORES.columns), 0, 0)


def test_a_figure_has_an_id_of_its_own() -> None:
    """It names a figure by quarter and measure."""
    assert scored(observed("1", "1", measure_id="Protect 12"))[0]["figure_id"] == "2016-17-Q2.protect-12"


# ---------------------------------------------------------------- the published past, recomputed


@cache
def real_scores() -> pd.DataFrame:
    """Score the three quarters of source document 002 once."""
    registers = reference.load(REAL)
    read = returns.read(REAL, quarters.shown(QUARTER))
    return scoring.score(cleansing.build(read.cells, read.entries, registers).frames["observations"], registers.policies)


def test_184_of_the_249_rows_print_a_band_and_180_can_be_recomputed() -> None:
    """It recomputes 180 of the 184 bands that source document 002 prints for 83 measures in three quarters, and no other."""
    scores = real_scores()
    printed = scores["published_status"].isin(["HG", "LG", "G", "A", "LR", "HR"])
    assert (len(scores), int(printed.sum()), int((scores["band"] != "").sum()), int((printed & (scores["band"] != "")).sum())) == (249, 184, 180, 180)


def test_178_printed_bands_agree() -> None:
    """It agrees with 178 printed bands; one differs, one is rounding, four are not computable, and 65 print none."""
    assert Counter(real_scores()["agreement"]) == {"agrees": 178, "differs": 1, "rounding": 1, "not computable": 4, "not scored": 65}


def test_the_two_that_do_not_agree_are_named() -> None:
    """It lists Build 63 (2.86% against 3% is amber, printed high red) and Protect 17 (44% against 44% is low green, printed amber)."""
    got = scoring.disagreements(real_scores())
    columns = ["measure_id", "quarter", "target_raw", "actual_raw", "variance", "published_status", "band", "rounding_explains"]
    assert sorted(got[columns].to_numpy().tolist()) == [
        ["Build 63", "2016-17-Q2", "3%", "2.86%", Decimal("-4.67"), "HR", "A", "no"],
        ["Protect 17", "2015-16-Q2", "44%", "44%", Decimal("0.00"), "A", "LG", "yes"],
    ]


def test_the_four_that_cannot_be_computed_want_figures_from_before_the_report() -> None:
    """It cannot compute a year-on-year target whose year before (Oct 11 to Sep 12, Jul 12 to Jun 13 ...) the report does not print."""
    scores = real_scores()
    assert sorted(scores.loc[scores["agreement"] == "not computable", ["measure_id", "quarter"]].to_numpy().tolist()) == [
        ["Protect 3", "2015-16-Q2"], ["Protect 3", "2016-17-Q1"], ["Protect 4", "2015-16-Q2"], ["Protect 4", "2016-17-Q1"],
    ]  # fmt: skip


REAL_BANDS = [
    pytest.param("Build 37", "2016-17-Q1", "HG", None, id="0 against 0"),
    pytest.param("Build 48", "2015-16-Q2", "LR", "-5.91", id="1035 against 1100"),
    pytest.param("Build 65", "2016-17-Q2", "G", None, id="0.98 in 0.9-1.1"),
    pytest.param("Business 3", "2016-17-Q2", "LR", "-7.69", id="12% against 13-15%"),
    pytest.param("Business 13", "2016-17-Q2", "HR", "67.78", id="02:31 against 01:30"),
    pytest.param("Business 19", "2016-17-Q2", "HG", "170.00", id="-27% against -10%"),
    pytest.param("Business 20", "2016-17-Q2", "LR", "-10.00", id="-18% against -20%"),
    pytest.param("Business 21", "2016-17-Q2", "HG", "7.82", id="35,582 against 33,000"),
    pytest.param("Protect 1", "2016-17-Q2", "HG", "-8.00", id="13.80% against 7-15%"),
    pytest.param("Protect 3", "2016-17-Q2", "A", "1.93", id="43.3% (58/134) against 42.5% (62/146) a year before"),
    pytest.param("Protect 4", "2016-17-Q2", "HG", "-6.74", id="83 (353) against 89 (378) a year before"),
    pytest.param("Protect 12", "2016-17-Q2", "HR", "30.00", id="26th against 12th to 20th"),
]


@pytest.mark.parametrize(("measure", "quarter", "expected", "variance"), REAL_BANDS)
def test_a_printed_figure_gives_its_printed_band(measure: str, quarter: str, expected: str, variance: str | None) -> None:
    """It gives the band that document 002 prints, and the variance worked out by hand."""
    scores = real_scores()
    (row,) = frames.rows(scores[(scores["measure_id"] == measure) & (scores["quarter"] == quarter)])
    assert (row["band"], row["published_status"]) == (expected, expected)
    assert variance is None or row["variance"] == Decimal(variance)


def test_annual_targets_are_not_scored_before_q4() -> None:
    """It scores none of the four targets in square brackets, as the report prints a note in place of a band."""
    scores = real_scores()
    annual = scores[scores["target_annual"]]
    assert sorted(annual[["measure_id", "band", "agreement"]].to_numpy().tolist()) == [
        ["Build 25", "", "not scored"], ["Business 6", "", "not scored"], ["Business 7", "", "not scored"], ["Protect 22", "", "not scored"],
    ]  # fmt: skip


def test_figures_in_different_units_are_not_scored() -> None:
    """It does not compare 95% with 0.97 of something: the reason names both units."""
    (got,) = scored(observed("95", "0.97", target_unit="percent", actual_unit="number"))
    assert (got["band"], got["band_reason"]) == ("", "target in percent, actual in number")


def test_a_green_of_a_policy_is_not_inside_a_range() -> None:
    """It gives a plain green that a policy's own test makes its variance, and the way that was good as its rule."""
    policy = pd.DataFrame(
        [["simple", "1", "2009-10-Q1", "lower", "1", "G", "<=", "1"], ["simple", "1", "2009-10-Q1", "lower", "2", "HR", "otherwise", ""]],
        columns=["policy", "version", "from_quarter", "polarity", "order", "band", "test", "factor"],
    )
    (got,) = frames.rows(scoring.score(frames.make([observed("100", "95", "lower", policy="simple")], frames.OBSERVATIONS), policy))
    assert (got["band"], got["variance"], got["rule"]) == ("G", Decimal("-5.00"), "simple version 1, lower is better")
