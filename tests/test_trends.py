"""Direction of travel: better and worse follow polarity, and what cannot be compared says so."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis import cleansing, frames, quarters, reference, returns, scoring, trends

REAL = Path(__file__).resolve().parents[1] / "data"
NOW, LAST, AGO = "2016-17-Q2", "2016-17-Q1", "2015-16-Q2"


def figure(quarter: str, actual: str | None, polarity: str = "higher", **more: object) -> dict[str, Any]:
    """Give one score: what direction of travel looks at."""
    value = None if actual is None else Decimal(actual)
    about = {"measure_id": "Build 1", "quarter": quarter, "polarity": polarity, "scored_polarity": polarity, "kind": "not stated", "actual_unit": "number"}
    return about | {"actual": value, "scored_actual": value} | more


def travelled(*rows: dict[str, Any]) -> dict[tuple[str, str], tuple[str, str]]:
    """Give (short, long) of each measure and quarter."""
    got = trends.direction(frames.make(list(rows), frames.SCORES))
    return {(row["measure_id"], row["quarter"]): (row["direction_short"], row["direction_long"]) for row in frames.rows(got)}


def one(before: dict[str, Any], now: dict[str, Any]) -> tuple[str, str]:
    """Give (short, long) of the later of two figures."""
    return travelled(before, now)[now["measure_id"], now["quarter"]]


WAYS = [
    pytest.param("higher", "10", "11", "better", id="a rise where higher is good"),
    pytest.param("higher", "11", "10", "worse", id="a fall where higher is good"),
    pytest.param("lower", "10", "11", "worse", id="a rise where lower is good"),
    pytest.param("lower", "11", "10", "better", id="a fall where lower is good"),
    pytest.param("higher", "10", "10.00", "no change", id="the same where higher is good"),
    pytest.param("lower", "10", "10.00", "no change", id="the same where lower is good"),
    pytest.param("higher", "0", "0.1", "better", id="up from nothing"),
    pytest.param("lower", "0.1", "0", "better", id="down to nothing"),
    pytest.param("higher", "0.1", "0.1000000000000000001", "better", id="a rise too small for a float"),
    pytest.param("in range", "10", "11", "not comparable", id="a rise where a range is good"),
    pytest.param("none", "10", "11", "not comparable", id="a rise where no way is good"),
]


@pytest.mark.parametrize(("polarity", "before", "now", "expected"), WAYS)
def test_words_follow_polarity_against_last_quarter(polarity: str, before: str, now: str, expected: str) -> None:
    """It says better, worse or no change against the quarter before, by the way that is good."""
    assert one(figure(LAST, before, polarity), figure(NOW, now, polarity)) == (expected, "not known")


@pytest.mark.parametrize(("polarity", "before", "now", "expected"), WAYS)
def test_words_follow_polarity_against_last_year(polarity: str, before: str, now: str, expected: str) -> None:
    """It says better, worse or no change against the same quarter a year before, by the way that is good."""
    assert one(figure(AGO, before, polarity), figure(NOW, now, polarity)) == ("not known", expected)


def test_short_and_long_are_two_comparisons() -> None:
    """It compares with last quarter and with last year each for itself."""
    assert travelled(figure(AGO, "12"), figure(LAST, "9"), figure(NOW, "10"))["Build 1", NOW] == ("better", "worse")


def test_the_quarter_before_the_first_is_the_fourth_of_last_year() -> None:
    """It compares a first quarter with the fourth of the year before."""
    assert one(figure("2015-16-Q4", "9"), figure(LAST, "10")) == ("better", "not known")


def test_another_measure_is_not_compared_with() -> None:
    """It never compares a measure with another one."""
    assert one(figure(LAST, "9", measure_id="Build 2"), figure(NOW, "10")) == ("not known", "not known")


MISSING = [
    pytest.param(figure(LAST, None), figure(NOW, "10"), id="no figure before"),
    pytest.param(figure(LAST, "10"), figure(NOW, None), id="no figure now"),
    pytest.param(figure("2015-16-Q3", "10"), figure(NOW, "10"), id="no row before"),
]


@pytest.mark.parametrize(("before", "now"), MISSING)
def test_a_missing_figure_makes_the_direction_not_known(before: dict[str, Any], now: dict[str, Any]) -> None:
    """It says not known, never no change, where either figure is missing."""
    assert one(before, now)[0] == "not known"


def test_a_cumulative_measure_is_compared_with_last_year_only() -> None:
    """It does not compare a cumulative figure with an earlier quarter, and does with the same quarter last year: 263 after 217 is worse."""
    rows = [figure(quarter, actual, "lower", kind="cumulative") for quarter, actual in ((AGO, "217"), (LAST, "122"), (NOW, "263"))]
    assert travelled(*rows)["Build 1", NOW] == ("not comparable", "worse")


NOT_COMPARABLE = [
    pytest.param({"actual_unit": "percent"}, {}, id="percent after a number"),
    pytest.param({"target_low": Decimal(-20)}, {}, id="a reduction last quarter, a level now"),
    pytest.param({"data_period": "Jul 13 to Jun 14"}, {"data_period": "Jul 13 to Jun 14"}, id="the same twelve months again"),
]


@pytest.mark.parametrize(("then", "now"), NOT_COMPARABLE)
def test_what_is_not_the_same_thing_is_not_comparable(then: dict[str, str], now: dict[str, str]) -> None:
    """It does not compare other units, other senses, or the same period told twice."""
    assert one(figure(LAST, "9", **then), figure(NOW, "10", **now))[0] == "not comparable"


def test_other_twelve_months_are_comparable() -> None:
    """It compares two figures that cover different periods."""
    assert one(figure(LAST, "9", data_period="Jul 13 to Jun 14"), figure(NOW, "10", data_period="Oct 13 to Sep 14"))[0] == "better"


# ---------------------------------------------------------------- after scoring


def after_scoring(*rows: dict[str, Any]) -> dict[tuple[str, str], tuple[str, str]]:
    """Score some observations under the partnership's policy, then give (short, long) of each."""
    observed = frames.make([row | {"policy": "five-band", "scored_polarity": None} for row in rows], frames.OBSERVATIONS)
    got = trends.direction(scoring.score(observed, reference.load(REAL).policies))
    return {(row["measure_id"], row["quarter"]): (row["direction_short"], row["direction_long"]) for row in frames.rows(got)}


def against(target: str, unit: str = "number", high: str | None = None) -> dict[str, Any]:
    """Give the target's columns."""
    return {"target_low": Decimal(target), "target_high": Decimal(high or target), "target_unit": unit}


SIZES = [
    pytest.param("-12", "-18", "better", id="a greater reduction"),
    pytest.param("-18", "-12", "worse", id="a smaller reduction"),
    pytest.param("-5", "5", "worse", id="an increase after a reduction"),
    pytest.param("-18", "-18", "no change", id="the same reduction"),
]


@pytest.mark.parametrize(("before", "now", "expected"), SIZES)
def test_a_target_of_reduction_compares_the_sizes_of_reductions(before: str, now: str, expected: str) -> None:
    """It calls a greater reduction better, against a negative target."""
    got = after_scoring(figure(LAST, before, "lower") | against("-20"), figure(NOW, now, "lower") | against("-20"))
    assert got["Build 1", NOW][0] == expected


def test_ranks_are_compared_with_ranks() -> None:
    """It compares the rank with the rank before where the target is a rank: 26th after 28th is better, whatever the figure did."""
    ranks = against("12", "rank", "20")
    got = after_scoring(figure(LAST, "5.33", "lower", actual_rank=28) | ranks, figure(NOW, "5.86", "lower", actual_rank=26) | ranks)
    assert got["Build 1", NOW][0] == "better"


def test_a_rank_is_not_compared_with_a_rate() -> None:
    """It does not call 5.33 (26th) worse than a rate of 10, because 26 is more than 10: the sense of the figure has changed."""
    got = after_scoring(figure(AGO, "10", "lower") | against("12"), figure(NOW, "5.33", "lower", actual_rank=26) | against("12", "rank", "20"))
    assert got["Build 1", NOW][1] != "worse"


INSIDE = [
    pytest.param("0.95", "1.05", id="up, and inside before and after"),
    pytest.param("1.05", "0.95", id="down, and inside before and after"),
]


@pytest.mark.parametrize(("before", "now"), INSIDE)
def test_a_move_inside_the_range_is_neither_better_nor_worse(before: str, now: str) -> None:
    """It calls no move inside a range better or worse, as no way is good there."""
    got = after_scoring(figure(LAST, before, "in range") | against("0.9", high="1.1"), figure(NOW, now, "in range") | against("0.9", high="1.1"))
    assert got["Build 1", NOW][0] in ("no change", "not comparable")


# ---------------------------------------------------------------- frames


@given(before=st.decimals(-1000, 1000, places=2), now=st.decimals(-1000, 1000, places=2))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_turning_the_polarity_turns_the_word(before: Decimal, now: Decimal) -> None:
    """It says the opposite for the opposite polarity, and the same only for no change."""
    turned = {"better": "worse", "worse": "better", "no change": "no change"}
    both = [figure(quarter, str(value), way, measure_id=way) for way in ("higher", "lower") for quarter, value in ((LAST, before), (NOW, now))]
    got = travelled(*both)
    higher, lower = got["higher", NOW][0], got["lower", NOW][0]
    assert lower == turned[higher]


def test_direction_leaves_the_scores_alone_and_fills_two_columns_only() -> None:
    """It changes neither its argument nor anything but the two columns, whatever order the rows stand in."""
    scores = frames.make([figure(NOW, "10"), figure(AGO, None), figure(LAST, "9")], frames.SCORES)
    before = scores.copy(deep=True)
    got = trends.direction(scores)
    assert_frame_equal(scores, before)
    two = ["direction_short", "direction_long"]
    assert_frame_equal(got.drop(columns=two), before.drop(columns=two))
    assert got[two].to_numpy().tolist() == [["better", "not known"], ["not known", "not known"], ["not known", "not known"]]


# ---------------------------------------------------------------- the real quarters


@cache
def real() -> pd.DataFrame:
    """Give the three quarters of source document 002, scored, with directions."""
    registers = reference.load(REAL)
    read = returns.read(REAL, quarters.shown(NOW))
    observations = cleansing.build(read.cells, read.entries, registers).frames["observations"]
    return trends.direction(scoring.score(observations, registers.policies))


REAL_WAYS = {
    "Build 5": ("worse", "worse"),  # 99.9, 99.6, 97.8 %, higher
    "Build 13": ("better", "better"),  # 2.5, 2.3, 1.7 %, lower
    "Build 19": ("not comparable", "worse"),  # 217, 122, 263, lower, grows within the year
    "Build 23": ("not known", "not known"),  # 245, 286, reported in arrears
    "Build 53": ("no change", "no change"),  # 7, 7, 7 %
    "Build 63": ("worse", "better"),  # 0.93, 3.03, 2.86 %, higher
    "Build 65": ("no change", "no change"),  # 0.98, 0.98, 0.98, in range
    "Business 13": ("worse", "not known"),  # -, 02:11, 02:31, lower
    "Business 14": ("no change", "not known"),  # -, 4, 4 %
    "Business 20": ("better", "not known"),  # -, -12, -18 %
    "Business 32": ("not comparable", "better"),  # 56.57, 30, 56.77 %, higher, grows within the year
    "Protect 3": ("better", "worse"),  # 42.5, 44.9, 43.3 %, lower
    "Protect 5": ("worse", "worse"),  # 483, 495, 510, lower, no target
    "Protect 14": ("worse", "better"),  # 78, 89.5, 87.8 %, higher
}


@pytest.mark.parametrize(("measure", "expected"), REAL_WAYS.items(), ids=REAL_WAYS)
def test_the_printed_figures_travel_as_worked_by_hand(measure: str, expected: tuple[str, str]) -> None:
    """It gives the directions of Q2 2016/17 that the printed figures show."""
    got = real()
    rows = got.loc[(got["measure_id"] == measure) & (got["quarter"] == NOW), ["direction_short", "direction_long"]]
    assert rows.to_numpy().tolist() == [list(expected)]
