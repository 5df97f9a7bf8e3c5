"""The partnership's process charts: which series have one, where limits begin anew, and what the latest point says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import frames, quarters, trends

SAME_EVERY_RUN = settings(derandomize=True, database=None, deadline=None, max_examples=60)
LINES = ["centre", "lower", "upper", "near_lower", "near_upper"]
NONE = pd.DataFrame({name: pd.Series(dtype=object) for name in ("measure_id", "what", "from_quarter", "until_quarter", "reason")})


def keys(count: int, first: str = "2010-11-Q1", step: int = 1) -> list[str]:
    """Give *count* quarters from one on, each *step* after the one before."""
    return [quarters.key(quarters.period(first) + step * number) for number in range(count)]


def scored(of: str, actual: str | int | None, **more: object) -> dict[str, Any]:
    """Give one score."""
    about = {"measure_id": "Build 1", "quarter": of, "kind": "rate", "polarity": "higher", "actual_unit": "number", "figure_id": f"{of}.build-1"}
    return about | {"actual": None if actual is None else Decimal(actual)} | more


def series(values: list[Any], first: str = "2010-11-Q1", step: int = 1, **more: object) -> list[dict[str, Any]]:
    """Give one measure's scores, quarter by quarter."""
    return [scored(of, value, **more) for of, value in zip(keys(len(values), first, step), values, strict=True)]


def adjusted(what: str, first: str, last: str = "", measure: str = "Build 1", reason: str = "agreed") -> dict[str, str]:
    """Give one row of the register of adjustments."""
    return {"measure_id": measure, "what": what, "from_quarter": first, "until_quarter": last, "reason": reason}


def register(*rows: dict[str, str]) -> pd.DataFrame:
    """Give the register of adjustments."""
    return pd.DataFrame(list(rows), dtype=object) if rows else NONE


def charted(rows: list[dict[str, Any]], *adjustments: dict[str, str]) -> pd.DataFrame:
    """Give the points of some scores."""
    return trends.measure_points(frames.make(rows, frames.SCORES), register(*adjustments))


def limits(points: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Give the different (centre, lower, upper) of some points, in their order."""
    return list(dict.fromkeys(zip(points["centre"], points["lower"], points["upper"], strict=True)))


def said(rows: list[dict[str, Any]], *adjustments: dict[str, str]) -> dict[str, Any]:
    """Give what the chart of one series says of its latest point."""
    (got,) = frames.rows(trends.variation(charted(rows, *adjustments)))
    return got


ALTERNATE = (Decimal("11.0000"), Decimal("5.6800"), Decimal("16.3200"))
"""Centre and limits of 10, 12, 10, 12: every range is 2, and 2.66 x 2 = 5.32."""

# ---------------------------------------------------------------- which series have a chart

KINDS = [("quarter count", True), ("rate", True), ("snapshot", True), ("survey", True)]
NO_CHART = ["cumulative", "rolling year", "annual", "milestone", "contextual", "not stated"]


@pytest.mark.parametrize(("kind", "has"), [*KINDS, *((kind, False) for kind in NO_CHART)])
def test_only_figures_that_stand_for_themselves_have_a_chart(kind: str, has: bool) -> None:
    """It charts no figures that grow, overlap or come once a year, and none whose kind is not stated."""
    assert len(charted(series([10, 12], kind=kind))) == (2 if has else 0)


@pytest.mark.parametrize(("polarity", "has"), [("higher", True), ("lower", True), ("none", False), ("in range", False), ("", False)])
def test_a_series_without_a_good_way_has_no_chart(polarity: str, has: bool) -> None:
    """It leaves out measures and indicators of which neither more nor less is good."""
    assert len(charted(series([10, 12], polarity=polarity))) == (2 if has else 0)
    assert len(trends.monthly_points(frames.make(months([10, 12], polarity=polarity), frames.MONTHLY))) == (2 if has else 0)


def test_nothing_gives_nothing() -> None:
    """It gives empty frames of their contracts for empty frames."""
    none = charted([])
    assert list(none.columns) == list(frames.PROCESS.columns)
    assert len(none) == len(trends.monthly_points(frames.make([], frames.MONTHLY))) == len(trends.variation(none)) == 0


def test_a_point_keeps_its_figure_and_where_it_comes_from() -> None:
    """It gives each known figure exactly, with its quarter, target and figure id, in time order."""
    rows = [
        scored("2016-17-Q2", "10.10", target_low=Decimal(9), target_high=Decimal(9), target_unit="number"),
        scored("2016-17-Q1", None),
        scored("2015-16-Q4", 7),
    ]
    got = charted(rows)[["what", "series_id", "period", "value", "target", "figure_id", "segment", "counted"]].to_numpy().tolist()
    assert got == [
        ["measure", "Build 1", "2015-16-Q4", Decimal(7), None, "2015-16-Q4.build-1", 0, True],
        ["measure", "Build 1", "2016-17-Q2", Decimal("10.10"), Decimal(9), "2016-17-Q2.build-1", 0, True],
    ]


# ---------------------------------------------------------------- where limits begin anew


@pytest.mark.parametrize("what", ["rebase", "break"])
def test_a_rebase_or_break_sets_limits_anew(what: str) -> None:
    """It gives 10, 12, 10, 12 and 50, 54, 50, 54 limits of their own, and takes no range from 12 to 50."""
    got = charted(series([10, 12, 10, 12, 50, 54, 50, 54]), adjusted(what, "2011-12-Q1"))
    assert limits(got) == [ALTERNATE, (Decimal("52.0000"), Decimal("41.3600"), Decimal("62.6400"))]
    assert len(set(got["segment"][:4])) == len(set(got["segment"][4:])) == 1
    assert got["segment"].nunique() == 2


def test_nothing_is_rebased_unasked() -> None:
    """It keeps one segment whatever the figures do, and whatever is said of another measure or another matter."""
    rows = [*series([10, 12, 10, 12, 50, 54, 50, 54]), *series([1, 2], measure_id="Build 2")]
    others = adjusted("break", "2011-12-Q1", measure="Build 2"), adjusted("policy", "2011-12-Q1")
    got = charted(rows, *others)
    assert set(got.loc[got["series_id"] == "Build 1", "segment"]) == {0}


def test_three_segments_have_three_sets_of_limits() -> None:
    """It begins anew at each rebase, in whatever order the register lists them."""
    values = [10, 12, 10, 12, 110, 112, 110, 112, 210, 212, 210, 212]
    got = charted(series(values), adjusted("rebase", "2012-13-Q1"), adjusted("rebase", "2011-12-Q1"))
    assert [centre for centre, _, _ in limits(got)] == [11, 111, 211]


def test_a_run_does_not_reach_over_a_rebase() -> None:
    """It sees no trend in eight figures that rise, where a break comes after the fourth."""
    rising = series([1, 2, 3, 4, 5, 6, 7, 8])
    assert set(charted(rising)["signal"]) == {"trend", "outside limits"}  # 4.5 and 2.66 each side: 1 and 8 are out
    assert set(charted(rising, adjusted("break", "2011-12-Q1"))["signal"]) == {""}


EXCLUDED = [
    pytest.param([10, 12, 90, 10, 12], adjusted("exclude", "2010-11-Q3"), [2], id="one quarter"),
    pytest.param([10, 12, 90, 95, 10, 12], adjusted("exclude", "2010-11-Q3", "2010-11-Q4"), [2, 3], id="two quarters, ends included"),
]


@pytest.mark.parametrize(("values", "adjustment", "out"), EXCLUDED)
def test_what_is_excluded_sets_no_limits_and_stays_on_the_chart(values: list[int], adjustment: dict[str, str], out: list[int]) -> None:
    """It leaves a freak out of centre and ranges, both of those that touch it, and still shows it, outside the limits."""
    got = charted(series(values), adjustment)
    assert limits(got) == [ALTERNATE]
    assert got["value"].tolist() == values
    assert [place for place, counted in enumerate(got["counted"]) if not counted] == out
    assert [got["signal"][place] for place in out] == ["outside limits"] * len(out)


def test_another_measures_exclusion_leaves_this_one() -> None:
    """It counts every point that nobody left out."""
    assert charted(series([10, 12, 90, 10, 12]), adjusted("exclude", "2010-11-Q3", measure="Build 2"))["counted"].all()


# ---------------------------------------------------------------- neighbours


@pytest.mark.parametrize("season", ["Q1 Q3", "Q3 Q1"])
def test_a_half_yearly_surveys_figures_are_neighbours(season: str) -> None:
    """It takes ranges between Q1 and Q3 where a measure reports in these two."""
    got = charted(series([10, 12, 10, 12], step=2, kind="survey", reports_in=season))
    assert (limits(got), got["period"].tolist()) == ([ALTERNATE], keys(4, step=2))


def test_a_yearly_surveys_figures_are_neighbours() -> None:
    """It takes ranges from year to year where a measure reports in Q4 only."""
    assert limits(charted(series([10, 12, 10, 12], "2010-11-Q4", 4, kind="survey", reports_in="Q4"))) == [ALTERNATE]


def test_a_missed_survey_is_a_gap() -> None:
    """It takes no range over a survey that was not held: 10, 12, a gap, 90, 92 have ranges of 2."""
    rows = series([10, 12, None, 90, 92], step=2, kind="survey", reports_in="Q1 Q3")
    assert limits(charted(rows)) == [(Decimal("51.0000"), Decimal("45.6800"), Decimal("56.3200"))]


def test_quarters_apart_are_no_neighbours_without_a_season() -> None:
    """It gives no limits where every other quarter is missing and nobody said that it would be."""
    (line,) = limits(charted(series([10, 12, 10, 12], step=2)))
    assert line == (Decimal("11.0000"), None, None)


def months(values: list[Any], of: str = "2009-10-Q3", first: int = 1, **more: object) -> list[dict[str, Any]]:
    """Give one indicator's months of 2009 from the *first* on, as one quarter reports them."""
    about = {"indicator": "Vacancies", "quarter": of, "polarity": "higher"}
    return [about | {"month": f"2009-{first + n:02d}", "value": None if value is None else Decimal(value)} | more for n, value in enumerate(values)]


def monthly(*rows: dict[str, Any]) -> pd.DataFrame:
    """Give the points of some months."""
    return trends.monthly_points(frames.make(list(rows), frames.MONTHLY))


def test_months_are_neighbours_also_over_the_new_year() -> None:
    """It takes a range from December to January: 2, 4 and 2, whose mean is 8/3, and 2.66 x 8/3 = 7.0933."""
    rows = [*months([10, 12], first=11), *({**row, "month": f"2010-{n:02d}"} for n, row in enumerate(months([8, 10]), start=1))]
    got = monthly(*rows)
    assert limits(got) == [(Decimal("10.0000"), Decimal("2.9067"), Decimal("17.0933"))]
    assert got["period"].tolist() == ["2009-11", "2009-12", "2010-01", "2010-02"]
    assert set(got["what"]) == {"monthly"}


@pytest.mark.parametrize("newest_first", [True, False])
def test_a_month_reported_twice_counts_as_reported_last(newest_first: bool) -> None:
    """It takes the figure of the newest return, whichever stands first."""
    older, newer = months([10, 99, 10], "2009-10-Q2"), months([12, 10, 12], "2009-10-Q3", first=2)
    got = monthly(*newer, *older) if newest_first else monthly(*older, *newer)
    assert got["value"].tolist() == [10, 12, 10, 12]
    assert limits(got) == [ALTERNATE]


def test_a_month_that_is_not_known_is_a_gap() -> None:
    """It takes no range over a month without a figure."""
    assert limits(monthly(*months([10, 12, None, 90, 92]))) == [(Decimal("51.0000"), Decimal("45.6800"), Decimal("56.3200"))]


# ---------------------------------------------------------------- the same as one series by itself

VALUES = st.lists(st.one_of(st.none(), st.integers(0, 60)), min_size=1, max_size=20)


def rounded(lines: pd.DataFrame) -> list[list[Decimal | None]]:
    """Give the lines of a chart as the store keeps them, to four places."""
    return [[None if frames.absent(line) else Decimal(f"{line:.4f}") for line in row] for row in lines.to_numpy().tolist()]


@given(st.lists(st.tuples(VALUES, st.sampled_from(["higher", "lower"]), st.integers(0, 60)), min_size=1, max_size=4))
@SAME_EVERY_RUN
def test_each_measure_is_charted_as_if_it_stood_alone(measures: list[tuple[list[int | None], str, int]]) -> None:
    """It gives each series the lines, signals, verdicts and assurance that xmr gives it, whatever stands beside it."""
    rows = []
    for number, (values, polarity, target) in enumerate(measures):
        more = {"target_low": Decimal(target), "target_high": Decimal(target), "target_unit": "number", "measure_id": f"m{number}", "polarity": polarity}
        rows += series(values, **more)
    points = charted(rows[::-1])
    for number, (values, polarity, target) in enumerate(measures):
        alone = trends.xmr(pd.Series(values, dtype=object), polarity=polarity, target=target)
        known = alone.points[[value is not None for value in values]]
        got = points[points["series_id"] == f"m{number}"]
        assert got["value"].tolist() == [value for value in values if value is not None]
        assert got[["signal", "verdict"]].to_numpy().tolist() == known[["signal", "verdict"]].to_numpy().tolist()
        assert got[LINES].to_numpy().tolist() == rounded(known[LINES])
        assert set(got["assurance"]) <= {alone.assurance}
        assert set(got["trial"]) <= {alone.trial}


@given(VALUES)
@SAME_EVERY_RUN
def test_an_indicator_is_charted_as_a_series_without_a_target(values: list[int | None]) -> None:
    """It gives an indicator what xmr gives its months."""
    rows = months(values[:12], polarity="lower")
    alone = trends.xmr(pd.Series(values[:12], dtype=object), polarity="lower").points
    known, got = alone[[value is not None for value in values[:12]]], monthly(*rows)
    assert got[["signal", "verdict"]].to_numpy().tolist() == known[["signal", "verdict"]].to_numpy().tolist()
    assert got[LINES].to_numpy().tolist() == rounded(known[LINES])


# ---------------------------------------------------------------- what the latest point says

STEADY = [10, 12] * 5
"""Ten figures, every range 2."""
JUMP = [*STEADY, 10, 30]
"""
The range of 20 is more than 3.267 x 40/11 and dropped: ranges of 2; centre 150 / 12 = 12.5, limits 7.18 and 17.82; 30 is outside.
"""


@pytest.mark.parametrize(("polarity", "expected"), [("higher", "improvement"), ("lower", "concern")])
def test_the_latest_point_is_signal_or_noise(polarity: str, expected: str) -> None:
    """It says of the latest point what its chart says, the signal by name, with twelve points no longer on trial."""
    got = said(series(JUMP, polarity=polarity))
    assert (got["variation"], got["signal"], got["period"], got["points"], got["trial"]) == (expected, "outside limits", "2012-13-Q4", 12, False)


def test_an_earlier_signal_is_not_the_latest() -> None:
    """It says common cause where only an earlier point is out."""
    assert said(series([*STEADY, 10, 30, 12]))["variation"] == "common cause"
    assert said(series(STEADY))["variation"] == "common cause"


ASSURED = [
    pytest.param("higher", "7.17", "consistently passes", id="higher: under the lower limit of 7.18"),
    pytest.param("higher", "7.19", "hit and miss", id="higher: above it"),
    pytest.param("higher", "17.83", "consistently fails", id="higher: above the upper limit of 17.82"),
    pytest.param("lower", "17.83", "consistently passes", id="lower: above the upper limit"),
    pytest.param("lower", "17.81", "hit and miss", id="lower: under it"),
    pytest.param("lower", "7.17", "consistently fails", id="lower: under the lower limit"),
]


@pytest.mark.parametrize(("polarity", "target", "expected"), ASSURED)
def test_assurance_holds_the_process_against_its_last_target(polarity: str, target: str, expected: str) -> None:
    """It compares the limits with the target of the last quarter, whatever the target was before."""
    rows = series(JUMP, polarity=polarity, target_unit="number", target_low=Decimal(1), target_high=Decimal(1))
    rows[-1] |= {"target_low": Decimal(target), "target_high": Decimal(target)}
    assert said(rows)["assurance"] == expected


NO_TARGET = [
    pytest.param({}, id="none"),
    pytest.param({"target_low": Decimal(40), "target_high": Decimal(50), "target_unit": "number"}, id="a range"),
    pytest.param({"target_low": Decimal(40), "target_high": Decimal(40), "target_unit": "rank"}, id="another unit"),
]


@pytest.mark.parametrize("target", NO_TARGET)
def test_without_one_target_nothing_is_assured(target: dict[str, Any]) -> None:
    """It says none where there is no single target of the figure's unit."""
    assert said(series(JUMP, **target))["assurance"] == "none"


def test_six_points_are_too_few_and_seven_enough() -> None:
    """It says too short to say of variation and assurance with fewer than seven points."""
    target = {"target_low": Decimal(1), "target_high": Decimal(1), "target_unit": "number"}
    six, seven = said(series(STEADY[:6], **target)), said(series(STEADY[:7], **target))
    assert (six["variation"], six["assurance"], six["points"]) == ("too short to say", "too short to say", 6)
    assert (seven["variation"], seven["assurance"], seven["points"], seven["trial"]) == ("common cause", "consistently passes", 7, True)


def test_points_count_from_the_last_rebase() -> None:
    """It counts six after ten and a rebase as six, and seven as seven."""
    rebased = adjusted("rebase", "2012-13-Q3")
    six, seven = said(series([*STEADY, *STEADY[:6]]), rebased), said(series([*STEADY, *STEADY[:7]]), rebased)
    assert (six["variation"], six["points"]) == ("too short to say", 6)
    assert (seven["variation"], seven["points"]) == ("common cause", 7)


def test_eleven_points_are_on_trial_and_twelve_not() -> None:
    """It says trial limits under twelve points."""
    assert [said(series(JUMP[:count]))["trial"] for count in (11, 12)] == [True, False]


def test_each_series_has_one_word() -> None:
    """It gives one row a series, measures and indicators apart although they share a name."""
    points = frames.stack([charted(series(JUMP, measure_id="Vacancies", polarity="lower")), monthly(*months([10, 12] * 5))], frames.PROCESS)
    got = trends.variation(points)[["what", "series_id", "variation"]].to_numpy().tolist()
    assert got == [["measure", "Vacancies", "concern"], ["monthly", "Vacancies", "common cause"]]


# ---------------------------------------------------------------- direction: tolerance

LAST, NOW, AGO = "2016-17-Q1", "2016-17-Q2", "2015-16-Q2"


def travelled(rows: list[dict[str, Any]], *adjustments: dict[str, str]) -> dict[str, tuple[str, str, str]]:
    """Give (short, long, series_break) of each quarter of one measure."""
    got = trends.direction(frames.make(rows, frames.SCORES), register(*adjustments))
    return {row["quarter"]: (row["direction_short"], row["direction_long"], row["series_break"]) for row in frames.rows(got)}


TOLERANCES = [
    pytest.param("0.5", "10.4", "no change", id="a rise below it"),
    pytest.param("0.5", "10.5", "better", id="a rise equal to it"),
    pytest.param("0.5", "9.6", "no change", id="a fall below it"),
    pytest.param("0.5", "9.5", "worse", id="a fall equal to it"),
    pytest.param("0.5", "10.49999999999", "no change", id="a rise just below it, in more places than usual"),
    pytest.param("0.3", "10.3", "better", id="equal to it, where floats fall short"),
    pytest.param("0", "10.0001", "better", id="no tolerance"),
    pytest.param(None, "10.0001", "better", id="none given"),
    pytest.param("0", "10", "no change", id="no tolerance and no change"),
]


@pytest.mark.parametrize(("tolerance", "now", "expected"), TOLERANCES)
def test_a_change_below_the_tolerance_is_none(tolerance: str | None, now: str, expected: str) -> None:
    """It says no change where figures differ by less than the measure's tolerance, both ways and against both quarters."""
    more = {"tolerance": None if tolerance is None else Decimal(tolerance)}
    got = travelled([scored(AGO, 10, **more), scored(LAST, 10, **more), scored(NOW, now, **more)])
    assert got[NOW][:2] == (expected, expected)


def test_the_tolerance_is_the_measures_own() -> None:
    """It judges each measure by its own tolerance."""
    rows = [scored(of, value, measure_id=name, tolerance=Decimal(own)) for name, own in (("a", 2), ("b", 1)) for of, value in ((LAST, 10), (NOW, 11))]
    got = frames.rows(trends.direction(frames.make(rows, frames.SCORES)))
    assert {row["measure_id"]: row["direction_short"] for row in got if row["quarter"] == NOW} == {"a": "no change", "b": "better"}


# ---------------------------------------------------------------- direction: breaks in the series

EIGHT = series([10, 11, 12, 13, 14, 15, 16, 17, 18, 19], "2014-15-Q1")
"""Ten quarters that each rise by one, to 2016-17-Q2."""


def test_figures_across_a_break_are_not_comparable() -> None:
    """It compares nothing across a break at Q3 of 2015, and everything before it and after it."""
    got = travelled(EIGHT, adjusted("break", "2015-16-Q3"))
    assert {of: way[0] for of, way in got.items()} == dict.fromkeys(got, "better") | {"2014-15-Q1": "not known", "2015-16-Q3": "not comparable"}
    across = {"2015-16-Q3", "2015-16-Q4", "2016-17-Q1", "2016-17-Q2"}
    assert {of for of, way in got.items() if way[1] == "not comparable"} == across
    assert {got[of][1] for of in ("2015-16-Q1", "2015-16-Q2")} == {"better"}


def test_a_year_after_a_break_figures_are_comparable_again() -> None:
    """It compares the fifth quarter of a new series with the first, and no longer tells of the break."""
    got = travelled(EIGHT, adjusted("break", "2015-16-Q1", reason="counted anew"))
    assert {of: way[1:] for of, way in got.items() if of[:7] in ("2015-16", "2016-17")} == {
        "2015-16-Q1": ("not comparable", "counted anew"),
        "2015-16-Q2": ("not comparable", "counted anew"),
        "2015-16-Q3": ("not comparable", "counted anew"),
        "2015-16-Q4": ("not comparable", "counted anew"),
        "2016-17-Q1": ("better", ""),
        "2016-17-Q2": ("better", ""),
    }
    assert {got[of][2] for of in ("2014-15-Q1", "2014-15-Q4")} == {""}


def test_two_breaks_are_both_kept_to() -> None:
    """It compares across neither of two breaks, in whatever order the register lists them."""
    for breaks in ((adjusted("break", "2014-15-Q3"), adjusted("break", "2016-17-Q2")), (adjusted("break", "2016-17-Q2"), adjusted("break", "2014-15-Q3"))):
        got = travelled(EIGHT, *breaks)
        assert {of for of, way in got.items() if way[0] == "not comparable"} == {"2014-15-Q3", "2016-17-Q2"}
        assert {of for of, way in got.items() if way[1] == "not comparable"} == {"2015-16-Q1", "2015-16-Q2", "2016-17-Q2"}


@pytest.mark.parametrize("other", [adjusted("break", "2015-16-Q3", measure="Build 2"), adjusted("rebase", "2015-16-Q3"), adjusted("exclude", "2015-16-Q3")])
def test_only_a_break_of_the_measure_ends_its_comparisons(other: dict[str, str]) -> None:
    """It compares on where another measure's series was broken, or this one's limits were set anew."""
    assert travelled(EIGHT, other) == travelled(EIGHT)


def test_a_figure_that_is_missing_across_a_break_is_not_known() -> None:
    """It says not known, as everywhere, where there is no figure to compare."""
    got = travelled([scored(LAST, None), scored(NOW, 10)], adjusted("break", NOW, reason="counted anew"))
    assert got[NOW] == ("not known", "not known", "counted anew")


def test_of_two_breaks_the_latest_is_told() -> None:
    """It tells of the newest break in whatever order the register lists them."""
    got = travelled(EIGHT, adjusted("break", "2016-17-Q1", reason="newer"), adjusted("break", "2015-16-Q4", reason="older"))
    assert got[NOW][2] == "newer"


# ---------------------------------------------------------------- what once went wrong


def test_an_annual_target_is_not_a_quarters() -> None:
    """It does not fail counts of about 11 a quarter against a target of 44 for the year, which is assessed in Q4 only."""
    target = {"target_low": Decimal(44), "target_high": Decimal(44), "target_unit": "number", "target_annual": True}
    assert said(series(STEADY, kind="quarter count", **target))["assurance"] == "none"


def test_limits_of_few_points_since_a_rebase_are_on_trial() -> None:
    """It says trial limits of seven points since a rebase, although there are seventeen in all."""
    assert said(series([*STEADY, *STEADY[:7]]), adjusted("rebase", "2012-13-Q3"))["trial"]


def test_a_figure_outside_its_season_keeps_its_place_in_time() -> None:
    """It keeps time order where a survey of Q1 and Q3 was once held in Q4 instead, so that the latest point is the latest."""
    rows = [
        scored(of, value, kind="survey", reports_in="Q1 Q3") for of, value in (("2014-15-Q1", 10), ("2014-15-Q3", 12), ("2015-16-Q1", 10), ("2015-16-Q4", 12))
    ]
    assert charted(rows)["period"].tolist() == ["2014-15-Q1", "2014-15-Q3", "2015-16-Q1", "2015-16-Q4"]
