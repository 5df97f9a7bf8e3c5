"""The measures that need attention besides the key challenges: each reason, their order, what is due and what is missing."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import cleansing, comparators, exceptions, frames, quarters, reference, returns, scoring, trends

REAL = Path(__file__).resolve().parents[1] / "data"
NOW, LAST, BEFORE, AGO = "2016-17-Q2", "2016-17-Q1", "2015-16-Q4", "2015-16-Q2"
CROSSINGS = ["measure_id", "quarter", "was", "now", "band_was", "band"]


def row(quarter: str = NOW, band: str = "", measure: str = "Build 1", **more: object) -> dict[str, Any]:
    """Give one score with a figure, commentary, and the band published as it was recomputed."""
    about = {"measure_id": measure, "quarter": quarter, "band": band, "published_status": band, "figure_id": f"{quarter}.{measure}", "kind": "rate"}
    return about | {"actual": Decimal(1), "commentary": "Cause, action, owner and date.", "variance": Decimal(-10), "scored_polarity": "higher"} | more


def blank(quarter: str = NOW, measure: str = "Build 1", reason: str = "not given", **more: object) -> dict[str, Any]:
    """Give one score without a figure."""
    return row(quarter, "", measure, actual=None, actual_reason=reason, variance=None) | more


def evidence(**known: Any) -> exceptions.Evidence:
    """Give what else is known: rows of each frame, none where nothing is said."""
    contracts = {"variation": frames.VARIATION, "forecasts": frames.FORECASTS, "positions": frames.POSITIONS, "actions": frames.ACTIONS}
    made = {name: frames.make(known.get(name, []), contract) for name, contract in contracts.items()}
    crossings = pd.DataFrame(known.get("crossings", []), columns=CROSSINGS, dtype=object)
    return exceptions.Evidence(**made, crossings=crossings, far_beyond_target=known.get("far"))


def ranked(*scores: dict[str, Any], quarter: str = NOW, **known: Any) -> list[dict[str, Any]]:
    """Give the exceptions of some scores, row by row."""
    return frames.rows(exceptions.ranked(frames.make(list(scores), frames.SCORES), quarter, evidence(**known)))


def reasons(*scores: dict[str, Any], **known: Any) -> list[str]:
    """Give the reasons of each exception."""
    return [entry["reasons"] for entry in ranked(*scores, **known)]


def chart(measure: str = "Build 1", **more: object) -> dict[str, Any]:
    """Give what a process chart says of its latest point."""
    about = {"what": "measure", "series_id": measure, "period": NOW, "variation": "common cause", "signal": "", "assurance": "hit and miss"}
    return about | more


def concern(measure: str = "Build 1", **more: object) -> dict[str, Any]:
    """Give a special cause of concern."""
    return chart(measure, variation="concern", signal="outside limits") | more


def ahead(outlook: str = "likely to miss", measure: str = "Build 1", **more: object) -> dict[str, Any]:
    """Give a forecast."""
    return {"measure_id": measure, "quarter": NOW, "outlook": outlook} | more


def stood(quartile: str = "bottom quartile", measure: str = "Build 1", **more: object) -> dict[str, Any]:
    """Give a position among comparators."""
    return {"measure_id": measure, "group": "London boroughs", "period": LAST, "quartile": quartile, "words": f"28th of 33 London boroughs, {quartile}"} | more


def revised(measure: str = "Build 1", **more: object) -> dict[str, Any]:
    """Give a revision that took a figure across a band."""
    return {"measure_id": measure, "quarter": LAST, "was": "90", "now": "110", "band_was": "LR", "band": "HG"} | more


def agreed(action: str, **more: object) -> dict[str, Any]:
    """Give an action without an outcome from last quarter's return."""
    return {"quarter": LAST, "file": "a.csv", "sheet": "", "row": 1, "date": "1 June 2016", "action": action, "owner": "A. N. Other", "outcome": ""} | more


GREEN = row(band="LG")

# ---------------------------------------------------------------- each reason

SIGNALS = [
    pytest.param("outside limits", "outside the limits of its usual variation", id="outside"),
    pytest.param("trend", "seven or more in a row the wrong way", id="trend"),
    pytest.param("two of three", "two of three near the limit of its usual variation", id="two of three"),
    pytest.param("shift", "seven or more in a row on the wrong side of its mean", id="shift"),
]


@pytest.mark.parametrize(("signal", "words"), SIGNALS)
def test_a_special_cause_of_concern_is_one(signal: str, words: str) -> None:
    """It tells of a special cause on the bad side, and which rule found it."""
    assert reasons(GREEN, variation=[concern(signal=signal)]) == [f"special cause of concern: {words}"]


NO_CONCERN = [
    pytest.param(chart(variation="improvement", signal="trend"), id="an improvement"),
    pytest.param(chart(), id="common cause"),
    pytest.param(chart(variation="too short to say", assurance="too short to say", signal="outside limits"), id="too short a series"),
    pytest.param(concern(period=LAST), id="a signal of last quarter"),
    pytest.param(concern(what="monthly"), id="an indicator of the same name"),
    pytest.param(concern("Build 2"), id="another measure, which has no row"),
    pytest.param(chart(assurance="consistently passes"), id="one that passes"),
    pytest.param(chart(assurance="none"), id="one without a target"),
    pytest.param(chart(assurance="consistently fails", period=LAST), id="one that failed last quarter"),
]


@pytest.mark.parametrize("said", NO_CONCERN)
def test_usual_variation_is_no_exception(said: dict[str, Any]) -> None:
    """It tells of nothing that is usual, good, too short to say, or not of this quarter's measure."""
    assert ranked(GREEN, variation=[said]) == []


def test_a_process_that_consistently_fails_its_target_is_one() -> None:
    """It tells of a process that does not reach its target as it runs, also where this quarter did."""
    assert reasons(GREEN, variation=[chart(assurance="consistently fails")]) == ["as it runs, it consistently fails its target"]


@pytest.mark.parametrize("outlook", ["likely to meet", "in the balance", "too short to say", "not said"])
def test_only_a_likely_miss_is_one(outlook: str) -> None:
    """It tells of a forecast only where the whole interval misses the year's target, and only of this quarter's."""
    assert reasons(GREEN, forecasts=[ahead()]) == ["forecast to miss the year's target"]
    assert ranked(GREEN, forecasts=[ahead(outlook)]) == []
    assert ranked(GREEN, forecasts=[ahead(quarter=LAST)]) == []


def test_a_year_that_is_over_was_missed() -> None:
    """It says in the year's last quarter that the target was missed, which nobody forecasts any more; in the quarter before it is still a forecast."""
    for quarter, words in (("2016-17-Q3", "forecast to miss the year's target"), ("2016-17-Q4", "missed the year's target")):
        assert reasons(row(quarter, "LG"), quarter=quarter, forecasts=[ahead(quarter=quarter)]) == [words]


FELL = [
    pytest.param("HG", "LG", "fell from High Green to Low Green since Q1 2016/17", id="a green to a lesser"),
    pytest.param("LG", "A", "fell from Low Green to Amber since Q1 2016/17", id="green to amber"),
    pytest.param("G", "A", "fell from Green to Amber since Q1 2016/17", id="a range left"),
    pytest.param("HG", "G", "fell from High Green to Green since Q1 2016/17", id="high green to a range"),
]


@pytest.mark.parametrize(("before", "now", "words"), FELL)
def test_a_measure_that_fell_a_band_is_one(before: str, now: str, words: str) -> None:
    """It tells from which band to which a measure fell since the quarter before."""
    assert reasons(row(LAST, before), row(band=now)) == [words]


DID_NOT_FALL = [("LG", "HG"), ("A", "LG"), ("LG", "LG"), ("G", "LG"), ("LG", "G"), ("G", "HG"), ("", "A"), ("HG", ""), ("HR", "A")]


@pytest.mark.parametrize(("before", "now"), DID_NOT_FALL)
def test_what_rose_or_stayed_or_is_not_scored_did_not_fall(before: str, now: str) -> None:
    """It tells of no fall where the band is as good or better, where either is not known, or between a green and a range."""
    assert ranked(row(LAST, before), row(band=now, published_status="A")) == []


def test_a_fall_is_since_the_quarter_before() -> None:
    """It compares with last quarter, never with last year or another measure."""
    assert ranked(row(AGO, "HG"), row(LAST, "HG", "Build 2"), row(band="A")) == []


def test_a_revision_across_a_band_is_one() -> None:
    """It tells which quarter was revised, from what to what, and what that made of its band."""
    assert reasons(GREEN, crossings=[revised()]) == ["Q1 2016/17 revised from 90 to 110: Low Red became High Green"]


def test_the_bottom_quartile_is_one() -> None:
    """It tells of each group in whose bottom quartile a measure is, with the period."""
    groups = [stood(), stood(words="bottom quartile of Outer London boroughs", period=AGO)]
    assert reasons(GREEN, positions=groups) == [
        "28th of 33 London boroughs, bottom quartile (Q1 2016/17); bottom quartile of Outer London boroughs (Q2 2015/16)"
    ]


@pytest.mark.parametrize("quartile", ["top quartile", "second quartile", "third quartile", ""])
def test_no_other_quartile_is_one(quartile: str) -> None:
    """It tells of no position but the bottom quartile, and of none whose quartile is not known."""
    assert ranked(GREEN, positions=[stood(quartile)]) == []


BEYOND = [
    pytest.param("higher", "50", "50", "50% beyond its target: is the target still right?", id="higher: exactly that far"),
    pytest.param("higher", "49.99", "50", None, id="higher: not quite"),
    pytest.param("higher", "-60", "50", None, id="higher: as far short of it"),
    pytest.param("lower", "-66.67", "50", "67% beyond its target: is the target still right?", id="lower: further under it"),
    pytest.param("lower", "-50", "50", "50% beyond its target: is the target still right?", id="lower: exactly that far"),
    pytest.param("lower", "60", "50", None, id="lower: above it"),
    pytest.param("higher", "170", None, None, id="nobody asked"),
    pytest.param("higher", None, "50", None, id="no variance"),
]


@pytest.mark.parametrize(("polarity", "variance", "far", "words"), BEYOND)
def test_a_figure_far_beyond_its_target_is_one(polarity: str, variance: str | None, far: str | None, words: str | None) -> None:
    """It asks after the target of a measure that is far on its good side, by as much as the partnership says."""
    green = row(band="HG", scored_polarity=polarity, variance=None if variance is None else Decimal(variance))
    assert reasons(green, far=None if far is None else Decimal(far)) == ([] if words is None else [words])


def test_a_figure_without_a_band_is_not_beyond_its_target() -> None:
    """It asks nothing of what was not scored."""
    assert ranked(row(band="", variance=Decimal(80)), far=Decimal(50)) == []


# ---------------------------------------------------------------- missing twice

TWICE = ["no figure for two quarters in which one was due"]
ONCE_A_YEAR = {"kind": "annual"}
HALF_YEARLY = {"kind": "survey", "reports_in": "Q2 Q4"}
LATE = {"arrears": 1}

MISSING_TWICE = [
    pytest.param([blank(LAST), blank()], TWICE, id="two blanks"),
    pytest.param([row(LAST), blank()], [], id="one blank"),
    pytest.param([blank(LAST), row()], [], id="a figure after a blank"),
    pytest.param([blank()], [], id="the first quarter that is known"),
    pytest.param([blank(LAST), blank(measure="Build 2"), row(LAST, measure="Build 2"), row()], [], id="two blanks of two measures"),
    pytest.param([blank(LAST, reason="asked for and not known"), blank(reason="could not be read")], TWICE, id="asked for, and not readable"),
    pytest.param([blank(LAST), blank(reason="formula error")], TWICE, id="blank, and a formula error"),
    pytest.param([blank(LAST, reason="no actual"), blank()], TWICE, id="no actual, typed"),
    pytest.param([blank(LAST, reason="new measure"), blank()], [], id="a new measure is explained"),
    pytest.param([blank(LAST), blank(reason="no survey this quarter")], [], id="no survey is explained"),
    pytest.param([blank(LAST), blank(reason="suppressed")], [], id="suppressed is explained"),
    pytest.param([blank(LAST), blank(reason="not applicable, or no figure")], [], id="not applicable is explained"),
    pytest.param([row(BEFORE), blank(LAST, **LATE), blank(**LATE)], [], id="in arrears: one is not due yet"),
    pytest.param([blank(BEFORE, **LATE), blank(LAST, **LATE), blank(**LATE)], TWICE, id="in arrears: two were due"),
    pytest.param([blank(BEFORE, **LATE), blank(LAST, **LATE), row(**LATE)], TWICE, id="in arrears: an early figure explains no late ones"),
    pytest.param([blank(LAST, **ONCE_A_YEAR), blank(**ONCE_A_YEAR)], [], id="annual: neither quarter is its own"),
    pytest.param([blank(LAST, kind="survey"), blank(kind="survey")], [], id="a survey that says no season is never due"),
    pytest.param([blank(BEFORE, **HALF_YEARLY), row(LAST, **HALF_YEARLY), blank(**HALF_YEARLY)], TWICE, id="half-yearly: both of its quarters"),
    pytest.param([row(BEFORE, **HALF_YEARLY), blank(LAST, **HALF_YEARLY), blank(**HALF_YEARLY)], [], id="half-yearly: one of its quarters"),
]


@pytest.mark.parametrize(("scores", "expected"), MISSING_TWICE)
def test_no_figure_in_two_quarters_that_were_due_is_one(scores: list[dict[str, Any]], expected: list[str]) -> None:
    """It tells of two figures running that were due, are not there and have no word for why."""
    assert reasons(*scores) == expected


def test_an_annual_measure_is_missing_twice_after_two_years() -> None:
    """It tells of two Q4s of an annual measure without a figure, though the quarters between have none either."""
    of = [quarters.key(quarters.period("2015-16-Q4") + step) for step in range(5)]
    assert reasons(*(blank(at, kind="annual") for at in of), quarter="2016-17-Q4") == TWICE
    assert reasons(*(blank(at, kind="annual") for at in of[1:]), quarter="2016-17-Q4") == []


# ---------------------------------------------------------------- key challenges first

RED = row(band="HR", measure="Red 1")


def test_key_challenges_come_first_and_as_they_were() -> None:
    """It gives the key challenges exactly as they are by themselves, and the others after them."""
    scores = [row(LAST, "LG"), row(band="A"), row(LAST, "LR", "Red 2"), row(band="LR", measure="Red 2", direction_short="better"), RED]
    alone = frames.rows(exceptions.key_challenges(frames.make(scores, frames.SCORES), NOW))
    got = ranked(*scores)
    assert got[:2] == alone
    assert [(entry["rank"], entry["measure_id"], entry["key_challenge"]) for entry in got] == [(1, "Red 1", True), (2, "Red 2", True), (3, "Build 1", False)]


def test_a_key_challenge_keeps_its_place_and_gains_reasons() -> None:
    """It adds what else is known to the key challenge's own reasons, and lists the measure once."""
    (got,) = ranked(RED, variation=[concern("Red 1", assurance="consistently fails")], forecasts=[ahead(measure="Red 1")], positions=[stood(measure="Red 1")])
    assert got["reasons"].split("; ") == [
        "High Red",
        "special cause of concern: outside the limits of its usual variation",
        "as it runs, it consistently fails its target",
        "forecast to miss the year's target",
        "28th of 33 London boroughs, bottom quartile (Q1 2016/17)",
    ]
    assert (got["rank"], got["key_challenge"]) == (1, True)


ONE_EACH = {
    "m1": {"variation": [concern("m1")]},
    "m2": {"variation": [chart("m2", assurance="consistently fails")]},
    "m3": {"forecasts": [ahead(measure="m3")]},
    "m4": {},
    "m5": {},
    "m6": {"crossings": [revised("m6")]},
    "m7": {"positions": [stood(measure="m7")]},
    "m8": {"far": Decimal(50)},
}
"""Measure: what makes it an exception, in the order in which these count; m4 fell a band, m5 has no figure twice."""


@given(st.permutations(list(ONE_EACH)))
@settings(derandomize=True, database=None, deadline=None, max_examples=30)
def test_the_others_stand_by_their_reason(order: list[str]) -> None:
    """It ranks by the reason that counts most, in whatever order the measures stand."""
    scores, known = [], {"variation": [], "far": Decimal(50)}
    for name in order:
        more = {"variance": Decimal(80)} if name == "m8" else {}
        scores += (
            [blank(LAST, "m5"), blank(NOW, "m5")] if name == "m5" else [row(LAST, "HG" if name == "m4" else "LG", name), row(band="LG", measure=name, **more)]
        )
        known["variation"] = [*known["variation"], *ONE_EACH[name].get("variation", [])]
        known |= {what: found for what, found in ONE_EACH[name].items() if what != "variation"}
    got = ranked(*scores, **known)
    assert [(entry["rank"], entry["measure_id"]) for entry in got] == [(n, f"m{n}") for n in range(1, 9)]


def test_a_measure_with_several_reasons_is_there_once_at_its_best_place() -> None:
    """It lists a measure once, by the reason that counts most, with all of its reasons."""
    got = ranked(
        row(LAST, "HG", "a"), row(band="LG", measure="a"), row(LAST, "HG", "b"), row(band="LG", measure="b"), positions=[stood(measure="b")], forecasts=[ahead(measure="b")]
    )  # fmt: skip
    assert [entry["measure_id"] for entry in got] == ["b", "a"]
    assert len(got[0]["reasons"].split("; ")) == 3


def test_another_exception_carries_its_band_commentary_and_way() -> None:
    """It gives band, quarter, commentary, figure and direction of an exception that is no red, and no standing."""
    (got,) = ranked(row(LAST, "HG"), row(band="A", commentary="We know.", direction_short="worse"))
    assert (got["band"], got["band_quarter"], got["quarter"], got["commentary"], got["figure_id"]) == ("A", NOW, NOW, "We know.", f"{NOW}.Build 1")
    assert (got["standing"], got["moving"], got["key_challenge"]) == (0, "worse", False)


def test_a_measure_without_any_reason_is_no_exception() -> None:
    """It lists nothing where nothing needs attention, and nothing for nothing."""
    assert ranked(row(LAST, "LG"), GREEN) == []
    assert list(exceptions.ranked(frames.make([], frames.SCORES), NOW, evidence()).columns) == list(frames.EXCEPTIONS.columns)


@given(
    st.lists(st.tuples(st.sampled_from(["HG", "LG", "A", "LR", "HR", ""]), st.sampled_from(["HG", "A", "HR", ""]), st.booleans(), st.booleans()), max_size=6)
)
@settings(derandomize=True, database=None, deadline=None, max_examples=40)
def test_ranks_run_from_one_and_each_measure_is_there_once(measures: list[tuple[str, str, bool, bool]]) -> None:
    """It ranks without a gap, reds first, each measure once and none without a reason."""
    scores, variation, forecasts = [], [], []
    for number, (now, before, concerned, missing) in enumerate(measures):
        scores += [row(LAST, before, f"m{number}"), row(band=now, measure=f"m{number}")]
        variation += [concern(f"m{number}")] * concerned
        forecasts += [ahead(measure=f"m{number}")] * missing
    got = ranked(*scores, variation=variation, forecasts=forecasts)
    assert [entry["rank"] for entry in got] == list(range(1, len(got) + 1))
    assert len({entry["measure_id"] for entry in got}) == len(got)
    assert all(entry["reasons"] for entry in got)
    reds = [entry["measure_id"] for entry in got if entry["key_challenge"]]
    assert set(reds) == {f"m{number}" for number, (now, *_) in enumerate(measures) if now in ("LR", "HR")}
    assert [entry["measure_id"] for entry in got][: len(reds)] == reds


# ---------------------------------------------------------------- standing and moving

STANDING = [
    pytest.param([], "HR", 1, id="red for the first time"),
    pytest.param([(LAST, "LR")], "HR", 2, id="red of either kind, twice"),
    pytest.param([(AGO, "HR"), ("2015-16-Q3", "HR"), (BEFORE, "LR"), (LAST, "HR")], "HR", 5, id="five quarters"),
    pytest.param([(BEFORE, "HR"), (LAST, "A")], "HR", 1, id="an amber in between"),
    pytest.param([(AGO, "HR"), (BEFORE, "HR"), (LAST, "HR")], "HR", 3, id="a quarter that is not known in between"),
    pytest.param([("2016-17-Q3", "HR"), (LAST, "HR")], "HR", 2, id="later quarters do not count"),
]


@pytest.mark.parametrize(("before", "now", "standing"), STANDING)
def test_standing_counts_the_quarters_in_a_row(before: list[tuple[str, str]], now: str, standing: int) -> None:
    """It counts for how many quarters without a break a measure has been red, this one included."""
    (got,) = ranked(*(row(of, band) for of, band in before), row(band=now))
    assert got["standing"] == standing


def test_a_red_in_print_stands_too() -> None:
    """It counts a quarter that is red in print only."""
    (got,) = ranked(row(LAST, "A", published_status="LR"), row(band="HR"))
    assert got["standing"] == 2


def test_a_red_in_arrears_stands_up_to_its_last_figure() -> None:
    """It counts up to the latest band, not over the quarter that has none."""
    (got,) = ranked(row(BEFORE, "HR"), row(LAST, "HR"), blank())
    assert (got["standing"], got["band_quarter"], got["moving"]) == (2, LAST, "")


MOVING = [
    pytest.param("better", "worse", "better", id="since last quarter first"),
    pytest.param("worse", "better", "worse", id="worse, though better than a year ago"),
    pytest.param("no change", "worse", "no change", id="no change is a word"),
    pytest.param("not comparable", "worse", "worse", id="since a year ago where a quarter cannot be compared"),
    pytest.param("not known", "better", "better", id="since a year ago where last quarter is not known"),
    pytest.param("not known", "not comparable", "", id="nothing to compare with"),
]


@pytest.mark.parametrize(("short", "long", "moving"), MOVING)
def test_moving_says_which_way(short: str, long: str, moving: str) -> None:
    """It says better, worse or no change since last quarter or, where that is not known, since a year ago."""
    (got,) = ranked(row(band="HR", direction_short=short, direction_long=long))
    assert got["moving"] == moving


# ---------------------------------------------------------------- overdue actions

OVERDUE = "High Red; an action agreed on 1 June 2016 has no outcome yet"

ACTIONS = [
    pytest.param("Report back on Build 1", {}, OVERDUE, id="by its number"),
    pytest.param("report back on BUILD 1.", {}, OVERDUE, id="in capitals"),
    pytest.param("Report back on Litter in parks", {}, OVERDUE, id="by its title"),
    pytest.param("Report back on Build 19", {}, "High Red", id="another measure whose number begins alike"),
    pytest.param("Report back on Rebuild 1", {}, "High Red", id="a word that ends alike"),
    pytest.param("Report back", {}, "High Red", id="no measure at all"),
    pytest.param("Report back on Build 1", {"outcome": "Done"}, "High Red", id="it has an outcome"),
    pytest.param("Report back on Build 1", {"quarter": NOW}, "High Red", id="it was agreed this quarter"),
    pytest.param("Report back on Build 1", {"quarter": "2016-17-Q3"}, "High Red", id="it was agreed later"),
]


@pytest.mark.parametrize(("action", "more", "expected"), ACTIONS)
def test_an_overdue_action_on_a_red_is_told(action: str, more: dict[str, Any], expected: str) -> None:
    """It tells of an action that names the measure, was agreed before this quarter and has no outcome."""
    assert reasons(row(band="HR", measure="Build 1") | {"measure": "Litter in parks"}, actions=[agreed(action, **more)]) == [expected]


def test_an_action_with_an_outcome_in_this_quarters_return_is_done() -> None:
    """It leaves out an action whose outcome this quarter's return gives."""
    both = [agreed("Report on Build 1"), agreed("Report on Build 1", quarter=NOW, row=2, outcome="Reported")]
    assert reasons(row(band="HR"), actions=both) == ["High Red"]


def test_an_action_makes_no_exception_of_a_green() -> None:
    """It tells of actions on reds only."""
    assert ranked(GREEN, actions=[agreed("Report back on Build 1")]) == []


def test_a_red_without_a_title_is_not_in_every_action() -> None:
    """It finds no empty title in whatever is agreed."""
    assert reasons(row(band="HR") | {"measure": ""}, actions=[agreed("Report back on something else")]) == ["High Red"]


# ---------------------------------------------------------------- what is due

DUE = [
    pytest.param({"kind": "rate"}, NOW, NOW, True, id="every quarter"),
    pytest.param({"kind": "rate"}, NOW, LAST, False, id="not before its quarter"),
    pytest.param({"kind": "rate", "reports_in": "", "arrears": "1"}, NOW, NOW, False, id="in arrears: not yet"),
    pytest.param({"kind": "rate", "reports_in": "", "arrears": "1"}, LAST, NOW, True, id="in arrears: a quarter later"),
    pytest.param({"kind": "rate", "arrears": 2}, LAST, NOW, False, id="two in arrears: not after one"),
    pytest.param({"kind": "rate", "arrears": 2}, BEFORE, NOW, True, id="two in arrears: after two, over the year's end"),
    pytest.param({"kind": "rate", "arrears": None}, NOW, NOW, True, id="arrears left blank"),
    pytest.param({"kind": "annual", "reports_in": ""}, NOW, NOW, False, id="annual: not in Q2"),
    pytest.param({"kind": "annual", "reports_in": ""}, BEFORE, NOW, True, id="annual: in Q4"),
    pytest.param({"kind": "annual", "reports_in": "Q2"}, NOW, NOW, True, id="annual: in Q2, as it says itself"),
    pytest.param({"kind": "annual", "reports_in": "Q2"}, BEFORE, NOW, False, id="annual: not in Q4, as it says itself"),
    pytest.param({"kind": "annual", "arrears": "1"}, BEFORE, BEFORE, False, id="annual and in arrears: not in Q4"),
    pytest.param({"kind": "annual", "arrears": "1"}, BEFORE, LAST, True, id="annual and in arrears: in Q1"),
    pytest.param({"kind": "survey", "reports_in": ""}, NOW, NOW, False, id="a survey without a season"),
    pytest.param({"kind": "survey", "reports_in": "Q1 Q3"}, NOW, NOW, False, id="a survey out of season"),
    pytest.param({"kind": "survey", "reports_in": "Q1 Q3"}, LAST, NOW, True, id="a survey in season"),
    pytest.param({}, NOW, NOW, True, id="nothing is known of it"),
]


@pytest.mark.parametrize(("measure", "quarter", "newest", "expected"), DUE)
def test_a_figure_is_due_in_its_season_and_after_its_arrears(measure: dict[str, Any], quarter: str, newest: str, expected: bool) -> None:
    """It says whether the figure of a quarter is due by the newest quarter reported."""
    assert exceptions.is_due(measure, quarter, newest) is expected


PUT_OFF = {"actual": None, "actual_reason": "no survey this quarter", "actual_raw": "No survey this qtr"}
LATER = {"actual_reason": "reports in another quarter", "actual_raw": "Reports in Q4 only"}
STATES = [
    pytest.param({}, {"actual": None, "actual_reason": "not given"}, NOW, ["no actual, and no word for why"], id="due and blank"),
    pytest.param({"arrears": "1"}, {"actual": None, "actual_reason": "not given"}, NOW, ["in arrears: due with Q3 2016/17"], id="in arrears"),
    pytest.param(
        {"arrears": "3"}, {"actual": None, "actual_reason": "not given"}, NOW, ["in arrears: due with Q1 2017/18"], id="in arrears over the year's end"
    ),
    pytest.param({"arrears": "1"}, {"actual": None, "actual_reason": "not given"}, LAST, ["no actual, and no word for why"], id="in arrears, and late"),
    pytest.param({"arrears": "1"}, None, NOW, [], id="in arrears, and no row yet"),
    pytest.param({"arrears": "1"}, None, LAST, ["no row that can be used"], id="in arrears, late, and no row"),
    pytest.param({"kind": "annual"}, {"actual": None, "actual_reason": "not given"}, NOW, [], id="annual, in Q2"),
    pytest.param({"kind": "annual"}, None, NOW, [], id="annual, in Q2, no row"),
    pytest.param({"kind": "annual", "reports_in": "Q2"}, None, NOW, ["no row that can be used"], id="annual, reporting in Q2, no row"),
    pytest.param({"kind": "survey"}, None, NOW, [], id="a survey without a season"),
    pytest.param({"reports_in": "Q2 Q4"}, {"actual": None, "actual_reason": "not given"}, NOW, ["no actual, and no word for why"], id="in season"),
    pytest.param({"reports_in": "Q1 Q3"}, {"actual": None, "actual_reason": "not given"}, NOW, [], id="out of season"),
    pytest.param({}, {"actual": None, "actual_reason": "could not be read"}, NOW, ["the actual could not be read"], id="not readable"),
    pytest.param({}, {"actual": None, "actual_reason": "formula error"}, NOW, ["the actual is a formula error"], id="a formula error"),
    pytest.param(
        {"arrears": "1"}, {"actual": None, "actual_reason": "could not be read"}, NOW, ["the actual could not be read"], id="in arrears and not readable"
    ),
    pytest.param({}, {"actual": None, "actual_reason": "not given", "published_status": "New in 2016/17"}, NOW, [], id="a word for why"),
    pytest.param(
        {}, {"actual": None, "actual_reason": "not given", "published_status": "HR"}, NOW, ["no actual, and no word for why"], id="a band is no word for why"
    ),
    pytest.param({"arrears": "1"}, {"actual": Decimal(0)}, LAST, [], id="nought is a figure"),
    pytest.param({"kind": "annual", "reports_in": "Q2"}, PUT_OFF, NOW, ["'No survey this qtr', though it reports in Q2"], id="annual, put off in its quarter"),
    pytest.param({"kind": "annual"}, PUT_OFF, NOW, [], id="annual, put off in another quarter"),
    pytest.param({"reports_in": "Q2 Q4"}, PUT_OFF | LATER, NOW, ["'Reports in Q4 only', though it reports in Q2"], id="half-yearly, put off"),
    pytest.param({}, PUT_OFF, NOW, [], id="every quarter, and says why"),
    pytest.param({"kind": "survey"}, PUT_OFF, NOW, [], id="a survey that was not held"),
    pytest.param(
        {"kind": "annual", "reports_in": "Q2"},
        {"actual": None, "actual_reason": "asked for and not known", "actual_raw": "TBC"},
        NOW,
        [],
        id="annual, and asked for",
    ),
]


@pytest.mark.parametrize(("about", "seen", "quarter", "states"), STATES)
def test_what_is_missing_says_why(about: dict[str, str], seen: dict[str, Any] | None, quarter: str, states: list[str]) -> None:
    """It says of each measure that has no figure whether it is late, not due yet, not readable or not there at all."""
    measures = pd.DataFrame(
        [{"measure_id": name, "measure": "", "kind": "rate", "reports_in": "", "arrears": "0"} for name in ("Build 1", "Build 2")], dtype=object
    )
    for name, value in about.items():
        measures.loc[0, name] = value
    rows = [{"measure_id": "Build 2", "quarter": of, "actual": Decimal(1)} for of in (LAST, NOW)]
    rows += [] if quarter == LAST else [{"measure_id": "Build 1", "quarter": LAST, "actual": Decimal(1)}]
    rows += [] if seen is None else [{"measure_id": "Build 1", "quarter": quarter} | seen]
    got = exceptions.missing(frames.make(rows, frames.OBSERVATIONS), frames.make([], frames.NARRATIVE), measures)
    assert got[got["quarter"] == quarter]["state"].tolist() == states


# ---------------------------------------------------------------- the published report


@cache
def real() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the exceptions and the key challenges of the three quarters of source document 002, as the notebook makes them."""
    registers = reference.load(REAL)
    read = returns.read(REAL, quarters.shown(NOW))
    made = cleansing.build(read.cells, read.entries, registers).frames
    observations = scoring.chosen(made["observations"], registers.adjustments)
    forecasts = trends.forecast(observations, registers.adjustments)
    scores = trends.direction(scoring.score(observations, registers.policies, forecasts), registers.adjustments)
    variation = trends.variation(trends.measure_points(scores, registers.adjustments))
    positions = comparators.positions(scores, registers.comparators, NOW)
    crossings = scoring.crossings(scores, registers.policies, registers.revisions)
    known = exceptions.Evidence(variation, forecasts, positions, crossings, made["actions"], registers.far_beyond_target)
    return exceptions.ranked(scores, NOW, known), exceptions.key_challenges(scores, NOW)


def test_the_nineteen_key_challenges_come_out_as_before() -> None:
    """It lists the nineteen key challenges of Q2 2016/17 first, in their order and unchanged but for further reasons."""
    got, alone = frames.rows(real()[0]), frames.rows(real()[1])
    assert len(alone) == 19
    for entry, before in zip(got[:19], alone, strict=True):
        assert entry | {"reasons": ""} == before | {"reasons": ""}
        assert entry["reasons"].startswith(before["reasons"])
    assert [entry["key_challenge"] for entry in got] == [True] * 19 + [False] * (len(got) - 19)


ADDED = {  # what the published figures of Q1 and Q2, and the comparison that document 002 quotes, add to a key challenge
    "Protect 12": "28th of 33 London boroughs, bottom quartile (Q1 2016/17)",
    "Build 63": "fell from Low Green to Amber since Q1 2016/17",  # 3.03 against 3, then 2.86: 95.3%
    "Business 3": "fell from Green to Low Red since Q1 2016/17",  # 14 of 13-15, then 12
    "Build 22": "fell from Amber to Low Red since Q1 2016/17",  # 323 against 329, then 325 against 344
    "Build 19": "fell from High Green to Low Red since Q1 2016/17",  # 122 against 130, then 263 against 250
}


def test_five_real_challenges_have_a_further_reason() -> None:
    """It adds to the key challenges what an analyst finds in the printed figures, and nothing more: three quarters make no chart."""
    got, alone = frames.rows(real()[0]), frames.rows(real()[1])
    added = {entry["measure_id"]: entry["reasons"].removeprefix(before["reasons"]).removeprefix("; ") for entry, before in zip(got[:19], alone, strict=True)}
    assert {name: words for name, words in added.items() if words} == ADDED


OTHERS = {
    "Build 20": "fell from High Green to Low Green since Q1 2016/17",  # 268 against 250, then 560 against 550: 101.8%
    "Business 32": "fell from Low Green to Amber since Q1 2016/17",  # 30 against 30, then 56.77 against 57
    "Business 33": "fell from Low Green to Amber since Q1 2016/17",  # 33 against 33, then 56.48 against 58.5
    "Protect 19": "fell from High Green to Low Green since Q1 2016/17",  # 84.1 against 80, then 83.1: 103.9%
    "Build 36": "196% beyond its target in Q1 2016/17: is the target still right?",  # 222 against 75, a quarter in arrears
    "Build 49": "50% beyond its target: is the target still right?",  # 21 against 14
    "Build 55": "67% beyond its target: is the target still right?",  # 1 against 3, lower
    "Business 19": "170% beyond its target: is the target still right?",  # 27% off against 10% off
}


def test_eight_other_real_measures_need_attention() -> None:
    """It finds the four that fell a band without being red, then the four that are half their target or more beyond it."""
    assert {entry["measure_id"]: entry["reasons"] for entry in frames.rows(real()[0])[19:]} == OTHERS
    assert [entry["measure_id"] for entry in frames.rows(real()[0])[19:23]] == list(OTHERS)[:4]


REAL_STANDING = {"Build 73": (2, "worse"), "Build 74": (2, "better"), "Business 14": (2, "no change"), "Build 41": (1, ""), "Build 22": (1, "better")}


@pytest.mark.parametrize(("measure", "expected"), REAL_STANDING.items(), ids=REAL_STANDING)
def test_real_challenges_stand_as_printed(measure: str, expected: tuple[int, str]) -> None:
    """It counts the printed reds of Q1 and Q2, the quarter before them being unknown, and says which way they move."""
    got = real()[0].set_index("measure_id").loc[measure]
    assert (got["standing"], got["moving"]) == expected


# ---------------------------------------------------------------- what once went wrong


@pytest.mark.parametrize("word", ["New in 2016/17", "No survey this qtr", "Note 5"])
def test_a_word_in_the_status_column_explains_a_blank(word: str) -> None:
    """It tells of no blank that the return explains in its status column, as document 002 does."""
    assert ranked(blank(LAST, published_status=word), blank(published_status=word)) == []


@pytest.mark.parametrize(("kind", "season", "before"), [("annual", "", "2015-16-Q4"), ("survey", "Q2 Q4", "2016-17-Q2")])
def test_a_measure_that_has_rows_only_in_its_season_is_missing_twice(kind: str, season: str, before: str) -> None:
    """It looks past quarters in which the measure does not report and so has no row."""
    rows = [blank(before, kind=kind, reports_in=season), blank("2016-17-Q4", kind=kind, reports_in=season)]
    assert reasons(*rows, quarter="2016-17-Q4") == TWICE


def test_an_action_done_in_between_is_done() -> None:
    """It does not tell of an action agreed in Q4 whose outcome the return of Q1 gave."""
    both = [agreed("Report on Build 1", quarter=BEFORE), agreed("Report on Build 1", outcome="Reported", row=2)]
    assert reasons(row(band="HR"), actions=both) == ["High Red"]


def test_an_action_listed_twice_is_told_once() -> None:
    """It tells once of an action that two returns list without an outcome."""
    both = [agreed("Report on Build 1", quarter=BEFORE), agreed("Report on Build 1", row=2)]
    assert reasons(row(band="HR"), actions=both) == [OVERDUE]


def test_a_concern_in_arrears_is_told_when_it_is_known() -> None:
    """It tells of last quarter's special cause where the measure is a quarter in arrears: nobody could tell of it before."""
    got = reasons(row(LAST, "LG", arrears=1), blank(arrears=1), variation=[concern(period=LAST)])
    assert got == ["special cause of concern: outside the limits of its usual variation"]


def test_a_fall_in_arrears_is_told_when_it_is_known() -> None:
    """It tells of a fall from Q4 to Q1 at Q2, where the measure is a quarter in arrears."""
    assert len(ranked(row(BEFORE, "HG", arrears=1), row(LAST, "A", arrears=1), blank(arrears=1))) == 1


@pytest.mark.parametrize("of", ["2011-12-Q1", "2016-17-Q3"])
def test_a_revision_of_another_time_is_not_this_quarters(of: str) -> None:
    """It tells of no revision of a figure five years old, nor of one of a later quarter."""
    assert ranked(row(of, "LG"), GREEN, crossings=[revised(quarter=of)]) == []


def test_reasons_stand_in_their_order() -> None:
    """It gives a measure's reasons in the order in which they count."""
    (got,) = reasons(row(band="HG", variance=Decimal(80)), far=Decimal(50), positions=[stood()])
    assert got.split("; ")[-1].startswith("80% beyond")


def test_a_red_two_quarters_in_arrears_is_a_key_challenge() -> None:
    """It takes the last band given where a measure is two quarters in arrears."""
    assert len(ranked(row(BEFORE, "HR", arrears=2), blank(LAST, arrears=2), blank(arrears=2))) == 1


def test_a_measure_that_is_not_sent_twice_is_missing_twice() -> None:
    """It tells of a measure whose last figure was not given and whose row is not sent at all now."""
    assert reasons(blank(LAST), row(band="LG", measure="Build 2"), row(LAST, "LG", "Build 2")) == TWICE
