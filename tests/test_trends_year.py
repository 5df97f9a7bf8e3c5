"""The year to date by kind, its forecast with an interval from past errors, and what restating one quarter may change."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import frames, quarters, reference, scoring, trends

REAL = Path(__file__).resolve().parents[1] / "data"
NOW = "2016-17-Q2"
SAME_EVERY_RUN = settings(derandomize=True, database=None, deadline=None, max_examples=25)
YEARS = range(2014, 2017)
COUNTS = st.integers(min_value=0, max_value=999)


def quarter(year: int, number: int) -> str:
    """Give the key of a quarter of the financial year that begins in *year*."""
    return f"{year}-{(year + 1) % 100:02d}-Q{number}"


def seen(of: str, actual: str | int | None, kind: str = "quarter count", **more: object) -> dict[str, Any]:
    """Give one observation."""
    about = {"measure_id": "Build 1", "quarter": of, "kind": kind, "polarity": "higher", "actual_unit": "number"}
    return about | {"actual": None if actual is None else Decimal(actual)} | more


def share(of: str, top: int | None, bottom: int | None, **more: object) -> dict[str, Any]:
    """Give one percentage with its numerator and denominator, its own figure being left out."""
    return seen(of, None, "rate", actual_unit="percent", actual_numerator=top, actual_denominator=bottom) | more


def to_date(*rows: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """Give the year to date of each measure and quarter."""
    return {(row["measure_id"], row["quarter"]): row for row in frames.rows(trends.to_date(frames.make(list(rows), frames.OBSERVATIONS)))}


def latest(*rows: dict[str, Any]) -> dict[str, Any]:
    """Give the year to date at the last of some observations."""
    return to_date(*rows)[rows[-1]["measure_id"], rows[-1]["quarter"]]


# ---------------------------------------------------------------- the year to date

FOUR = [quarter(2016, number) for number in range(1, 5)]


@pytest.mark.parametrize(("number", "expected"), [(1, 7), (2, 7), (3, 12), (4, 32)])
def test_counts_are_summed_from_the_start_of_the_year(number: int, expected: int) -> None:
    """It adds the counts of the year up to each quarter, nought included: 7, 0, 5 and 20 after a Q4 of 100."""
    rows = [seen("2015-16-Q4", 100), *map(seen, FOUR, (7, 0, 5, 20)), seen("2017-18-Q1", 100)]
    got = to_date(*rows)["Build 1", FOUR[number - 1]]
    assert (got["year_to_date"], got["known_part"], got["unknown_count"], got["reason"]) == (expected, expected, 0, "")


ITSELF = ["cumulative", "snapshot", "rolling year", "annual", "survey", "milestone"]


@pytest.mark.parametrize("kind", ITSELF)
def test_a_figure_of_more_than_its_quarter_is_never_summed(kind: str) -> None:
    """It gives the figure itself for kinds that do not add up, and does so whatever the quarters before it say."""
    got = to_date(*(seen(of, actual, kind) for of, actual in zip(FOUR, (10, None, 25, 40), strict=True)))
    assert [got["Build 1", of]["year_to_date"] for of in FOUR] == [10, None, 25, 40]
    assert [got["Build 1", of]["unknown_count"] for of in FOUR] == [0, 1, 0, 0]
    assert [bool(got["Build 1", of]["reason"]) for of in FOUR] == [False, True, False, False]


@pytest.mark.parametrize("kind", ["contextual", "not stated"])
def test_a_kind_that_says_nothing_of_the_year_has_no_year_to_date(kind: str) -> None:
    """It gives no figure where the kind does not say what a figure covers, and names the kind."""
    got = latest(seen(FOUR[0], 10, kind), seen(FOUR[1], 20, kind))
    assert (got["year_to_date"], kind in got["reason"]) == (None, True)


UNKNOWN = [
    pytest.param([seen(FOUR[0], 7), seen(FOUR[1], None), seen(FOUR[2], 5)], 12, 1, id="a figure that is not known"),
    pytest.param([seen(FOUR[0], 7), seen(FOUR[2], 5)], 12, 1, id="a quarter without a row"),
    pytest.param([seen(FOUR[2], 5)], 5, 2, id="two quarters without a row"),
    pytest.param([seen(FOUR[0], None), seen(FOUR[1], 7), seen(FOUR[2], None)], 7, 2, id="two that are not known"),
    pytest.param([seen(FOUR[0], 7, measure_id="Build 2"), seen(FOUR[1], 7), seen(FOUR[2], 5)], 12, 1, id="a figure of another measure"),
]


@pytest.mark.parametrize(("rows", "known", "count"), UNKNOWN)
def test_an_unknown_quarter_makes_the_sum_unknown(rows: list[dict[str, Any]], known: int, count: int) -> None:
    """It gives no sum over a gap, but the part that is known and how many quarters are not."""
    got = latest(*rows)
    assert (got["year_to_date"], got["known_part"], got["unknown_count"], bool(got["reason"])) == (None, known, count, True)


def test_a_later_gap_leaves_the_quarters_before_it() -> None:
    """It keeps the sums before a gap, and loses those from it on."""
    got = to_date(*(seen(of, actual) for of, actual in zip(FOUR, (7, 3, None, 4), strict=True)))
    assert [got["Build 1", of]["year_to_date"] for of in FOUR] == [7, 10, None, None]


def test_a_rate_is_sum_over_sum_and_not_a_mean() -> None:
    """It puts 1 of 2 and 90 of 100 together to 91 of 102, which is 89.2 percent; their mean would be 70."""
    got = latest(share(FOUR[0], 1, 2), share(FOUR[1], 90, 100))
    assert got["year_to_date"] == Decimal("89.2156862745")


def test_a_ratio_that_is_no_percentage_is_sum_over_sum_too() -> None:
    """It gives 3 for 10 over 5 and 20 over 5, where the unit is a number."""
    rows = [seen(of, None, "rate", actual_numerator=top, actual_denominator=5) for of, top in zip(FOUR, (10, 20), strict=False)]
    assert latest(*rows)["year_to_date"] == 3


def test_a_rate_of_nothing_is_nought() -> None:
    """It takes a numerator of 0 as known: none of 4 and 2 of 4 are 25 percent."""
    assert latest(share(FOUR[0], 0, 4), share(FOUR[1], 2, 4))["year_to_date"] == 25


@pytest.mark.parametrize("first", [share(FOUR[0], None, 10), share(FOUR[0], 5, None), seen(FOUR[0], 50, "rate", actual_unit="percent")])
def test_a_rate_without_its_parts_makes_the_year_unknown(first: dict[str, Any]) -> None:
    """It takes no mean where a numerator or denominator is missing, and counts the quarter as unknown."""
    got = latest(first, share(FOUR[1], 90, 100))
    assert (got["year_to_date"], got["unknown_count"], bool(got["reason"])) == (None, 1, True)


def test_rows_stand_in_the_order_given() -> None:
    """It gives one row a measure and quarter, in the order of the observations."""
    rows = [seen(FOUR[1], 2), seen(FOUR[0], 1, measure_id="Build 9"), seen(FOUR[0], 1)]
    got = trends.to_date(frames.make(rows, frames.OBSERVATIONS))
    assert got[["measure_id", "quarter", "kind"]].to_numpy().tolist() == [[row["measure_id"], row["quarter"], row["kind"]] for row in rows]


def test_nothing_gives_nothing() -> None:
    """It gives empty frames of their contracts for no observations."""
    none = frames.make([], frames.OBSERVATIONS)
    assert (len(trends.to_date(none)), len(trends.forecast(none))) == (0, 0)


@given(st.lists(COUNTS, min_size=4, max_size=4))
@SAME_EVERY_RUN
def test_at_the_end_of_the_year_counts_are_the_outturn(counts: list[int]) -> None:
    """It gives at Q4 what the year's events come to when they are counted one by one."""
    outturn = len([event for count in counts for event in range(count)])
    assert latest(*map(seen, FOUR, counts))["year_to_date"] == outturn


@given(st.lists(COUNTS, min_size=4, max_size=4))
@SAME_EVERY_RUN
def test_at_the_end_of_the_year_cumulative_figures_are_the_outturn(counts: list[int]) -> None:
    """It gives the same at every quarter for counts as for the cumulative figures that they grow to."""
    grown = [sum(counts[: number + 1]) for number in range(4)]
    counted = to_date(*map(seen, FOUR, counts))
    growing = to_date(*(seen(of, figure, "cumulative") for of, figure in zip(FOUR, grown, strict=True)))
    assert [row["year_to_date"] for row in counted.values()] == [row["year_to_date"] for row in growing.values()] == grown


@given(st.lists(st.tuples(COUNTS, st.integers(min_value=1, max_value=999)), min_size=4, max_size=4))
@SAME_EVERY_RUN
def test_at_the_end_of_the_year_a_rate_is_that_of_all_cases_together(parts: list[tuple[int, int]]) -> None:
    """It gives at Q4 the share of the year's cases, each case counting once whatever its quarter."""
    cases = [case < top for top, bottom in parts for case in range(max(top, bottom))]
    parts = [(min(top, max(top, bottom)), max(top, bottom)) for top, bottom in parts]
    outturn = Fraction(100 * cases.count(True), len(cases))
    got = latest(*(share(of, top, bottom) for of, (top, bottom) in zip(FOUR, parts, strict=True)))["year_to_date"]
    assert abs(Fraction(got) - outturn) <= Fraction(1, 2 * 10**10)


# ---------------------------------------------------------------- restating one quarter

HISTORY = st.lists(COUNTS, min_size=24, max_size=24)
PLACES = [(name, quarter(year, number)) for name in ("Build 1", "Build 2") for year in YEARS for number in range(1, 5)]


def history(figures: list[int], kind: str, **more: object) -> list[dict[str, Any]]:
    """Give three years of two measures: the figures are counts, and of rates numerators of cases out of 1000."""
    parts = {"actual_denominator": 1000, "actual_unit": "percent", "actual_decimals": 1} if kind == "rate" else {}
    return [
        seen(of, figure, kind, measure_id=name, **parts, **more) | ({"actual_numerator": figure, "actual": Decimal(figure) / 10} if parts else {})
        for (name, of), figure in zip(PLACES, figures, strict=True)
    ]


def restated(rows: list[dict[str, Any]], at: int, by: int) -> list[dict[str, Any]]:
    """Give the rows with one figure restated."""
    row = rows[at] | {"actual": rows[at]["actual"] + by}
    if row.get("actual_numerator") is not None:
        row |= {"actual_numerator": rows[at]["actual_numerator"] + by, "actual": rows[at]["actual"] + Decimal(by) / 10}
    return [*rows[:at], row, *rows[at + 1 :]]


def changed(before: pd.DataFrame, after: pd.DataFrame, without: tuple[str, ...] = ()) -> set[tuple[str, str]]:
    """Give the measures and quarters whose rows differ between two frames of one contract."""
    pairs = zip(frames.rows(before.drop(columns=list(without))), frames.rows(after.drop(columns=list(without))), strict=True)
    return {(one["measure_id"], one["quarter"]) for one, other in pairs if one != other}


def later(at: int, *steps: int) -> set[tuple[str, str]]:
    """Give the same measure's quarters that lie some steps after a place of the history, as far as it reaches."""
    name, of = PLACES[at]
    return {(name, quarters.key(quarters.period(of) + step)) for step in steps} & set(PLACES)


@given(HISTORY, st.integers(0, 23), st.integers(1, 999), st.sampled_from(["quarter count", "rate", "cumulative", "snapshot", "survey"]))
@SAME_EVERY_RUN
def test_restating_a_quarter_moves_its_year_from_there_on_and_nothing_else(figures: list[int], at: int, by: int, kind: str) -> None:
    """It changes that quarter and the later ones of the same measure and year, or only itself for figures that stand alone."""
    rows = history(figures, kind)
    before, after = (trends.to_date(frames.make(given, frames.OBSERVATIONS)) for given in (rows, restated(rows, at, by)))
    to_the_end = range(4 - int(PLACES[at][1][-1]) + 1) if kind in ("quarter count", "rate") else (0,)
    assert changed(before, after) == later(at, *to_the_end)


@given(HISTORY, st.integers(0, 23), st.integers(1, 999))
@SAME_EVERY_RUN
def test_restating_a_count_moves_each_sum_by_as_much(figures: list[int], at: int, by: int) -> None:
    """It adds the whole difference, once, to each year to date that holds the quarter."""
    rows = history(figures, "quarter count")
    before, after = to_date(*rows), to_date(*restated(rows, at, by))
    moved = {place: after[place]["year_to_date"] - before[place]["year_to_date"] for place in before}
    assert {place for place, difference in moved.items() if difference} == later(at, *range(4 - int(PLACES[at][1][-1]) + 1))
    assert set(moved.values()) <= {0, by}


@given(HISTORY, st.integers(0, 23), st.integers(1, 999), st.sampled_from(["quarter count", "cumulative", "rate"]))
@SAME_EVERY_RUN
def test_restating_a_quarter_turns_only_the_directions_that_look_at_it(figures: list[int], at: int, by: int, kind: str) -> None:
    """It may change the directions of that quarter, of the next and of the same one a year later, of that measure alone."""
    rows = [row | {"scored_polarity": "higher"} for row in history(figures, kind)]
    before, after = (trends.direction(frames.make(given, frames.SCORES)) for given in (rows, restated(rows, at, by)))
    assert changed(before, after, ("actual", "actual_numerator")) <= later(at, 0, 1, 4)


TARGETS = [
    pytest.param({"target_low": Decimal(500), "target_high": Decimal(500), "target_unit": "number", "policy": "five-band"}, (0,), id="a target of its own"),
    pytest.param({"target_rule": "Year on year increase", "policy": "five-band"}, (0, 4), id="the figure a year before as target"),
    pytest.param(
        {"target_low": Decimal(500), "target_high": Decimal(500), "target_unit": "number", "policy": "year-ago"}, (0, 4), id="a policy that looks a year back"
    ),
]


@pytest.mark.parametrize(("more", "steps"), TARGETS)
@given(figures=HISTORY, at=st.integers(0, 23), by=st.integers(1, 999))
@SAME_EVERY_RUN
def test_restating_a_quarter_rescores_only_the_rows_that_look_at_it(more: dict[str, Any], steps: tuple[int, ...], figures: list[int], at: int, by: int) -> None:
    """It scores that quarter anew and, where the target or the policy looks a year back, the same quarter a year later."""
    policies = reference.load(REAL).policies
    rows = history(figures, "quarter count", **more)
    before, after = (scoring.score(frames.make(given, frames.OBSERVATIONS), policies) for given in (rows, restated(rows, at, by)))
    moved = changed(before, after, ("actual",))
    assert PLACES[at] in moved
    assert moved <= later(at, *steps)


# ---------------------------------------------------------------- the forecast: growing figures

SHARE = "what past years came to at this quarter, as a share of the year"
CARRIED = "the latest figure carried to the year end"
GROWN = {2011: (40, 100), 2012: (50, 100), 2013: (45, 110), 2014: (54, 124), 2015: (27, 62)}
"""
Year: what it had come to at Q2 and at Q4. Each year is 2.5 (100/40), then 20/9 (200/90), then 62/27 (310/135, 434/189) times its
half. So 2012 should have come to 125 and came to 20% less; 2013 to 100, 10% more; 2014 to 124 and 2015 to 62, which they did.
"""


def grown(pairs: dict[int, tuple[int, int]], now: int | str | None, of: str = NOW, **more: object) -> list[dict[str, Any]]:
    """Give cumulative figures at Q2 and Q4 of past years, and the one now."""
    past = [seen(quarter(year, number), figure, "cumulative", **more) for year, pair in pairs.items() for number, figure in zip((2, 4), pair, strict=True)]
    return [*past, seen(of, now, "cumulative", **more)]


def ahead(rows: list[dict[str, Any]], adjustments: list[dict[str, str]] | None = None, of: str = NOW) -> dict[str, Any]:
    """Give the forecast from one quarter."""
    register = None if adjustments is None else pd.DataFrame(adjustments, dtype=object)
    (got,) = frames.rows(trends.forecast(frames.make(rows, frames.OBSERVATIONS), register, [of]))
    return got


def interval(got: dict[str, Any]) -> tuple[Any, ...]:
    """Give forecast, low and high."""
    return got["forecast"], got["low"], got["high"]


def test_growing_figures_are_forecast_by_their_share_of_past_years() -> None:
    """It gives 54 x 62/27 = 124, between 20% less and 10% more, which are the worst and the best of four errors."""
    got = ahead(grown(GROWN, 54))
    assert interval(got) == (124, Decimal("99.2"), Decimal("136.4"))
    assert (got["past_errors"], got["method"], got["outlook"]) == (4, SHARE, "not said")


def test_counts_are_forecast_from_what_they_come_to() -> None:
    """It gives counts the forecast of the cumulative figures that they add up to."""
    rows = []
    for year, (half, whole) in GROWN.items():
        rows += [seen(quarter(year, number), count) for number, count in enumerate((half - 30, 30, 5, whole - half - 5), start=1) if half >= 30]
        rows += [seen(quarter(year, number), count) for number, count in enumerate((7, half - 7, 5, whole - half - 5), start=1) if half < 30]
    got = ahead([*rows, seen("2016-17-Q1", 50), seen(NOW, 4)])
    assert (interval(got), got["past_errors"], got["method"]) == ((124, Decimal("99.2"), Decimal("136.4")), 4, SHARE)


def test_three_past_errors_are_enough() -> None:
    """It forecasts from four complete years, which make three errors."""
    got = ahead(grown({year: pair for year, pair in GROWN.items() if year < 2015}, 54, "2015-16-Q2"), of="2015-16-Q2")
    assert (interval(got), got["past_errors"]) == ((124, Decimal("99.2"), Decimal("136.4")), 3)


def test_two_past_errors_are_too_few() -> None:
    """It says too short, with the number of errors and how many are needed, and gives no figure."""
    got = ahead(grown({year: pair for year, pair in GROWN.items() if year < 2014}, 54, "2014-15-Q2"), of="2014-15-Q2")
    assert (interval(got), got["past_errors"], got["outlook"]) == ((None, None, None), 2, "too short to say")
    assert got["reason"].startswith("2 past errors")
    assert "3 needed" in got["reason"]


def test_a_year_without_an_outturn_teaches_nothing() -> None:
    """It makes no error of a year whose Q4 or whose figure at the same quarter is not known."""
    rows = [row for row in grown(GROWN, 54) if row["quarter"] not in ("2012-13-Q4", "2015-16-Q2")]
    # 2011: 40 -> 100; 2013: 45 x 2.5 = 112.5 and came to 110; 2014: 54 x 210/85 against 124: two errors
    got = ahead(rows)
    assert (got["past_errors"], got["outlook"]) == (2, "too short to say")


def test_another_measure_teaches_nothing() -> None:
    """It never learns from another measure's years."""
    rows = [*grown(GROWN, 54)[:-1], *grown({}, 54, measure_id="Build 2")]
    assert (ahead(rows)["past_errors"], ahead(rows)["outlook"]) == (0, "too short to say")


def test_other_quarters_teach_nothing() -> None:
    """It looks at what past years had come to at the same quarter only."""
    assert ahead(grown(GROWN, 54, "2016-17-Q3"), of="2016-17-Q3")["outlook"] == "too short to say"


# ---------------------------------------------------------------- the forecast: levels

LEVELS = {2011: (50, 52), 2012: (51, 50), 2013: (53, 53), 2014: (50, 54), 2015: (52, 49)}
"""Year: the figure at Q2 and at Q4. Carried on, they missed by +2, -1, 0, +4 and -3."""


def carried(pairs: dict[int, tuple[int, int]] = LEVELS, now: str | int | None = 55, kind: str = "snapshot", **more: object) -> list[dict[str, Any]]:
    """Give levels at Q2 and Q4 of past years, and the one now."""
    past = [seen(quarter(year, number), figure, kind, **more) for year, pair in pairs.items() for number, figure in zip((2, 4), pair, strict=True)]
    return [*past, seen(NOW, now, kind, **more)]


@pytest.mark.parametrize("kind", ["rate", "snapshot", "rolling year"])
def test_levels_are_carried_on(kind: str) -> None:
    """It carries 55 on, from 3 less to 4 more, which are the worst and the best of five errors in the figure's unit."""
    got = ahead(carried(kind=kind))
    assert (interval(got), got["past_errors"], got["method"]) == ((55, 52, 59), 5, CARRIED)


def test_levels_need_three_past_errors_too() -> None:
    """It needs three years before, each an error by itself."""
    three = {year: pair for year, pair in LEVELS.items() if year > 2012}
    two = {year: pair for year, pair in LEVELS.items() if year > 2013}
    assert (interval(ahead(carried(three))), ahead(carried(three))["past_errors"]) == ((55, 52, 59), 3)
    assert (interval(ahead(carried(two))), ahead(carried(two))["outlook"]) == ((None, None, None), "too short to say")


def test_the_interval_holds_the_forecast() -> None:
    """It reaches down to the forecast itself where every past year ended above, and up to it where every one ended below."""
    above, below = {2013: (50, 52), 2014: (50, 51), 2015: (50, 54)}, {2013: (52, 50), 2014: (51, 50), 2015: (54, 50)}
    assert interval(ahead(carried(above))) == (55, 55, 59)
    assert interval(ahead(carried(below))) == (55, 51, 55)


def against(target: str, **more: object) -> dict[str, Any]:
    """Give the target's columns."""
    return {"target_low": Decimal(target), "target_high": Decimal(target), "target_unit": "number"} | more


EDGES = [
    pytest.param("higher", "51.99", "likely to meet", id="higher: below the worst"),
    pytest.param("higher", "52", "likely to meet", id="higher: at the worst"),
    pytest.param("higher", "52.01", "in the balance", id="higher: just above the worst"),
    pytest.param("higher", "59", "in the balance", id="higher: at the best"),
    pytest.param("higher", "59.01", "likely to miss", id="higher: above the best"),
    pytest.param("lower", "59.01", "likely to meet", id="lower: above the worst"),
    pytest.param("lower", "59", "likely to meet", id="lower: at the worst"),
    pytest.param("lower", "58.99", "in the balance", id="lower: just below the worst"),
    pytest.param("lower", "52", "in the balance", id="lower: at the best"),
    pytest.param("lower", "51.99", "likely to miss", id="lower: below the best"),
]


@pytest.mark.parametrize(("polarity", "target", "outlook"), EDGES)
def test_the_outlook_holds_the_whole_interval_against_the_target(polarity: str, target: str, outlook: str) -> None:
    """It says meet or miss only where all of 52 to 59 does, by the way that is good; meeting is reaching."""
    got = ahead(carried(polarity=polarity, **against(target)))
    assert (got["outlook"], got["target"]) == (outlook, Decimal(target))


@pytest.mark.parametrize("polarity", ["in range", "none"])
def test_where_neither_way_is_good_there_is_no_outlook(polarity: str) -> None:
    """It forecasts, but says neither meet nor miss, where no way is good."""
    got = ahead(carried(polarity=polarity, **against("50")))
    assert (interval(got), got["outlook"], bool(got["reason"])) == ((55, 52, 59), "not said", True)


NO_YEAR_TARGET = [
    pytest.param({}, id="none given"),
    pytest.param(against("50", target_high=Decimal(60)), id="a range"),
    pytest.param(against("50", target_unit="rank"), id="another unit"),
]


@pytest.mark.parametrize("target", NO_YEAR_TARGET)
def test_without_one_target_there_is_no_outlook(target: dict[str, Any]) -> None:
    """It forecasts, but holds it against nothing, where the year's target is not one figure of its unit."""
    got = ahead(carried(**target))
    assert (interval(got), got["outlook"], got["target"], bool(got["reason"])) == ((55, 52, 59), "not said", None, True)


def test_a_quarters_target_is_not_the_years_for_what_grows() -> None:
    """It does not hold the year's end against what was to be reached by Q2."""
    got = ahead(grown(GROWN, 54, **against("50")))
    assert (got["target"], got["outlook"]) == (None, "not said")


ANNUAL = [
    pytest.param("99.2", "likely to meet", id="at the worst"),
    pytest.param("120", "in the balance", id="between"),
    pytest.param("136.5", "likely to miss", id="above the best"),
]


@pytest.mark.parametrize(("target", "outlook"), ANNUAL)
def test_an_annual_target_is_the_years(target: str, outlook: str) -> None:
    """It holds the forecast against the annual target, also where the row of another quarter of the year gives it."""
    rows = [*grown(GROWN, 54), seen("2016-17-Q1", 20, "cumulative", **against(target, target_annual=True))]
    got = ahead(rows)
    assert (got["target"], got["outlook"]) == (Decimal(target), outlook)


def test_the_annual_target_of_another_year_or_measure_is_not_this_ones() -> None:
    """It does not take last year's annual target, nor another measure's."""
    last = seen("2015-16-Q3", 20, "cumulative", **against("10", target_annual=True))
    other = seen("2016-17-Q1", 20, "cumulative", measure_id="Build 2", **against("10", target_annual=True))
    assert ahead([*grown(GROWN, 54), last, other])["target"] is None


# ---------------------------------------------------------------- the forecast: where there is none


@pytest.mark.parametrize("kind", ["annual", "survey", "milestone", "contextual", "not stated"])
def test_other_kinds_have_no_forecast(kind: str) -> None:
    """It forecasts nothing for other kinds, however long their history, and names the kind."""
    got = ahead(carried(kind=kind))
    assert (interval(got), got["outlook"], got["past_errors"], got["method"]) == ((None, None, None), "not said", 0, "")
    assert kind in got["reason"]


def test_an_unknown_year_to_date_has_no_forecast() -> None:
    """It forecasts nothing from a figure that is not known, and says so."""
    for rows in (grown(GROWN, None), carried(now=None), [*grown(GROWN, 54)[:-1], seen(NOW, 54)]):  # the last: a count, whose Q1 has no row
        got = ahead(rows)
        assert (interval(got), got["outlook"], "not known" in got["reason"]) == ((None, None, None), "not said", True)


ENDED = [
    pytest.param("cumulative", "70", "likely to meet", id="growing, reached"),
    pytest.param("cumulative", "70.01", "likely to miss", id="growing, not reached"),
    pytest.param("snapshot", "70", "likely to meet", id="a level, reached"),
    pytest.param("snapshot", "70.01", "likely to miss", id="a level, not reached"),
]


@pytest.mark.parametrize(("kind", "target", "outlook"), ENDED)
def test_at_the_end_of_the_year_the_forecast_is_the_outturn(kind: str, target: str, outlook: str) -> None:
    """It gives the outturn itself at Q4, needs no history for it, and says meet or miss for certain."""
    got = ahead([seen("2016-17-Q4", 70, kind, **against(target))], of="2016-17-Q4")
    assert (interval(got), got["outlook"], got["method"]) == (
        (70, 70, 70),
        outlook,
        f"the year has ended: its {'outturn' if kind == 'cumulative' else 'last figure'}",
    )


def test_at_the_end_of_the_year_counts_are_their_sum() -> None:
    """It holds the sum of four counts against the annual target, and not the last of them."""
    rows = [*map(seen, FOUR[:3], (10, 10, 10)), seen(FOUR[3], 10, **against("40", target_annual=True))]
    got = ahead(rows, of=FOUR[3])
    assert (interval(got), got["outlook"]) == ((40, 40, 40), "likely to meet")


def test_only_the_quarters_wanted_are_forecast() -> None:
    """It gives one row for each measure and quarter that is wanted, and for every one where nothing is said."""
    observations = frames.make(grown(GROWN, 54), frames.OBSERVATIONS)
    assert trends.forecast(observations, None, [NOW, "2011-12-Q2"])["quarter"].tolist() == ["2011-12-Q2", NOW]
    assert trends.forecast(observations)["quarter"].tolist() == observations["quarter"].tolist()


# ---------------------------------------------------------------- the forecast: what is no guide


def adjusted(what: str, first: str, last: str = "", measure: str = "Build 1") -> dict[str, str]:
    """Give one row of the register of adjustments."""
    return {"measure_id": measure, "what": what, "from_quarter": first, "until_quarter": last, "reason": "agreed"}


NO_GUIDE = [
    # without 2014: 55 - 3 to 55 + 2; without 2011: four errors and the same ends; before 2013: three
    pytest.param(adjusted("exclude", "2014-15-Q4"), (55, 52, 57), 4, id="a year's end is left out"),
    pytest.param(adjusted("exclude", "2014-15-Q2"), (55, 52, 57), 4, id="a year's same quarter is left out"),
    pytest.param(adjusted("exclude", "2014-15-Q3", "2015-16-Q2"), (55, 54, 57), 3, id="a stretch over two years is left out"),
    pytest.param(adjusted("exclude", "2014-15-Q3"), (55, 52, 59), 5, id="another quarter is left out"),
    pytest.param(adjusted("break", "2013-14-Q1"), (55, 52, 59), 3, id="two years are before a break"),
    pytest.param(adjusted("rebase", "2013-14-Q2"), (55, 52, 59), 3, id="two years are before a rebase"),
    pytest.param(adjusted("break", "2013-14-Q3"), (None, None, None), 2, id="two and a half years are before a break"),
    pytest.param(adjusted("exclude", "2014-15-Q4", measure="Build 2"), (55, 52, 59), 5, id="another measure's"),
    pytest.param(adjusted("policy", "2014-15-Q4"), (55, 52, 59), 5, id="another policy"),
]


@pytest.mark.parametrize(("adjustment", "expected", "errors"), NO_GUIDE)
def test_what_is_left_out_or_before_a_break_is_no_guide(adjustment: dict[str, str], expected: tuple[Any, ...], errors: int) -> None:
    """It makes no error of a year whose figures are left out, or are from before a break or rebase."""
    got = ahead(carried(), [adjustment])
    assert (interval(got), got["past_errors"]) == (expected, errors)


def test_a_break_ends_the_share_of_past_years_too() -> None:
    """It takes neither shares nor errors from years before a break: after 2012, three years make two errors."""
    got = ahead(grown(GROWN, 54), [adjusted("break", "2013-14-Q1")])
    assert (got["past_errors"], got["outlook"]) == (2, "too short to say")


# ---------------------------------------------------------------- the forecast: only what was known before

LONG = st.lists(st.integers(1, 999), min_size=32, max_size=32)
PLACES_OF_LONG = [quarter(year, number) for year in range(2009, 2017) for number in range(1, 5)]


@given(LONG, st.integers(0, 31), st.integers(1, 999), st.sampled_from(["quarter count", "cumulative", "snapshot", "rate"]))
@SAME_EVERY_RUN
def test_a_later_figure_never_changes_an_earlier_forecast(figures: list[int], at: int, by: int, kind: str) -> None:
    """It leaves forecast, interval and errors of every quarter before a restated one as they were."""
    rows = [seen(of, figure, kind) for of, figure in zip(PLACES_OF_LONG, figures, strict=True)]
    before, after = (trends.forecast(frames.make(given, frames.OBSERVATIONS)) for given in (rows, restated(rows, at, by)))
    assert {of for _, of in changed(before, after)} <= set(PLACES_OF_LONG[at:])


@given(LONG, st.sampled_from(["quarter count", "cumulative", "snapshot", "rate"]))
@SAME_EVERY_RUN
def test_past_errors_and_interval_are_as_the_method_says(figures: list[int], kind: str) -> None:
    """It gives what the two methods give when they are written out year by year in fractions."""
    years = {2009 + n: [Fraction(figure) for figure in figures[4 * n : 4 * n + 4]] for n in range(8)}
    if kind == "quarter count":
        years = {year: [sum(of[: n + 1], Fraction(0)) for n in range(4)] for year, of in years.items()}
    got = ahead([seen(of, figure, kind) for of, figure in zip(PLACES_OF_LONG, figures, strict=True)])

    def by_share(year: int) -> Fraction | None:
        past = [of for before, of in years.items() if before < year]
        return years[year][1] * sum(of[3] for of in past) / sum(of[1] for of in past) if past else None

    if kind in ("quarter count", "cumulative"):
        found = {year: guess for year in years if (guess := by_share(year)) is not None}
        errors = [years[year][3] / found[year] - 1 for year in range(2010, 2016)]
        now = found[2016]
        ends = [now, *(now * (1 + error) for error in errors)]
    else:
        errors = [of[3] - of[1] for year, of in years.items() if year < 2016]
        now = years[2016][1]
        ends = [now, *(now + error for error in errors)]
    assert got["past_errors"] == len(errors)
    for shown, worked in zip(interval(got), (now, min(ends), max(ends)), strict=True):
        assert abs(Fraction(shown) - worked) <= Fraction(1, 2 * 10**10)


# ---------------------------------------------------------------- what once went wrong


def test_a_rate_ends_the_year_at_its_last_figure() -> None:
    """It calls the end of a rate its last figure, 100 of 100, and leaves the year's rate of 62.5 percent to the year to date."""
    rows = [share(of, top, 100) | {"actual": Decimal(top)} for of, top in zip(FOUR, (50, 50, 50, 100), strict=True)]
    got = ahead(rows, of=FOUR[3])
    assert to_date(*rows)["Build 1", FOUR[3]]["year_to_date"] == Decimal("62.5")
    assert (got["forecast"], got["method"]) == (100, "the year has ended: its last figure")


def test_nothing_so_far_is_no_certain_nought() -> None:
    """It does not promise a year of nothing, likely to meet, because nothing has happened by Q2."""
    got = ahead([*grown(GROWN, 0, polarity="lower"), seen("2016-17-Q1", 0, "cumulative", **against("10", target_annual=True))])
    assert got["outlook"] != "likely to meet"


def test_a_count_that_is_left_out_teaches_nothing_through_its_years_sum() -> None:
    """It forecasts from Q1 as if a freak Q3 of 2014 had not been: 40 a year, whatever that quarter was."""
    rows = [seen(quarter(year, number), 1000 if (year, number) == (2014, 3) else 10) for year in range(2010, 2016) for number in range(1, 5)]
    got = ahead([*rows, seen("2016-17-Q1", 10)], [adjusted("exclude", "2014-15-Q3")], of="2016-17-Q1")
    assert interval(got) == (40, 40, 40)


def test_a_later_break_leaves_the_outturns_before_it() -> None:
    """It still gives the outturn of a year that ended before a break, and never says that its figure is not known."""
    got = ahead([seen("2014-15-Q4", 70, "cumulative"), seen("2016-17-Q2", 10, "cumulative")], [adjusted("break", "2016-17-Q1")], of="2014-15-Q4")
    assert got["forecast"] == 70


def test_a_greater_reduction_meets_a_target_of_reduction() -> None:
    """It compares sizes against a negative target, as scoring does, whatever way is good: -25 meets -20."""
    got = ahead([seen("2016-17-Q4", -25, "snapshot", **against("-20"))], of="2016-17-Q4")
    assert got["outlook"] == "likely to meet"


def test_an_annual_target_of_another_unit_is_not_compared_with() -> None:
    """It does not hold a level of 55 against a target of 12th place, as scoring does not."""
    rank = seen("2016-17-Q1", 50, "snapshot", **against("12", target_unit="rank", target_annual=True))
    assert ahead([*carried(), rank])["outlook"] == "not said"


def test_a_rate_per_thousand_keeps_its_scale() -> None:
    """It does not turn 60 per 1000 (12 of 200) into 0.06: the year to date after one quarter is that quarter's figure."""
    assert latest(seen(FOUR[0], 60, "rate", actual_numerator=12, actual_denominator=200))["year_to_date"] == 60
