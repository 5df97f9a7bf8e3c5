"""Exceptions: the key challenges of the published report, each once and with its reasons, and what is missing by name."""

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

from analysis import cleansing, exceptions, frames, quarters, reference, returns, scoring, trends

REAL = Path(__file__).resolve().parents[1] / "data"
NOW, LAST, AGO = "2016-17-Q2", "2016-17-Q1", "2015-16-Q2"


def row(quarter: str = NOW, band: str = "", measure: str = "Build 1", **more: object) -> dict[str, Any]:
    """Give one score with a figure and the band published as it was recomputed."""
    about = {"measure_id": measure, "quarter": quarter, "band": band, "published_status": band, "figure_id": f"{quarter}.{measure}"}
    return about | {"actual": Decimal(1), "commentary": "Cause, action, owner and date.", "variance": Decimal(-10)} | more


def waiting(quarter: str = NOW, measure: str = "Build 1", **more: object) -> dict[str, Any]:
    """Give one score of a quarter whose figure is in arrears."""
    return row(quarter, "", measure, actual=None, actual_reason="not given", variance=None) | more


def challenges(*scores: dict[str, Any], quarter: str = NOW) -> list[dict[str, Any]]:
    """Give the key challenges of some scores, row by row."""
    return frames.rows(exceptions.key_challenges(frames.make(list(scores), frames.SCORES), quarter))


# ---------------------------------------------------------------- which measures

BANDS = [
    pytest.param("HG", 0, id="high green is none"),
    pytest.param("LG", 0, id="low green is none"),
    pytest.param("G", 0, id="green is none"),
    pytest.param("A", 0, id="amber is none"),
    pytest.param("LR", 1, id="low red is one"),
    pytest.param("HR", 1, id="high red is one"),
    pytest.param("", 0, id="a measure that is not scored is none"),
]


@pytest.mark.parametrize(("band", "count"), BANDS)
def test_only_a_red_is_a_key_challenge(band: str, count: int) -> None:
    """It takes the measures whose band this quarter is low red or high red."""
    assert len(challenges(row(band=band))) == count


def test_a_green_this_quarter_ends_a_red_of_the_last() -> None:
    """It looks at the latest band only: red last quarter and green now is none."""
    assert challenges(row(LAST, "HR"), row(band="LG")) == []


def test_a_figure_in_arrears_keeps_the_red_of_last_quarter() -> None:
    """It takes the last band given where this quarter's figure is in arrears, and says which quarter it is from."""
    (got,) = challenges(row(LAST, "HR"), waiting())
    assert (got["measure_id"], got["quarter"], got["band"], got["band_quarter"]) == ("Build 1", NOW, "HR", LAST)
    assert "Q1 2016/17" in got["reasons"]


def test_a_figure_in_arrears_keeps_a_green_too() -> None:
    """It is no challenge where the last band given is green."""
    assert challenges(row(LAST, "LG"), waiting()) == []


def test_last_years_red_is_not_the_latest_band() -> None:
    """It does not go back to last year's red where last quarter has a better band."""
    assert challenges(row(AGO, "HR"), row(LAST, "A"), waiting()) == []


def test_a_figure_without_a_target_is_not_in_arrears() -> None:
    """It does not carry last quarter's red over a figure that was given this quarter and is not scored."""
    assert challenges(row(LAST, "HR"), row(band="", target_reason="no target")) == []


def test_the_commentary_is_this_quarters() -> None:
    """It prints what this quarter's return says, also over a figure in arrears."""
    (got,) = challenges(row(LAST, "HR", commentary="Old words."), waiting(commentary="New words."))
    assert got["commentary"] == "New words."


def test_each_measure_is_there_once() -> None:
    """It gives one entry a measure, with all of its reasons, however many quarters are red."""
    got = challenges(row(AGO, "HR"), row(LAST, "HR"), row(band="HR", direction_short="worse", commentary=""))
    assert [entry["measure_id"] for entry in got] == ["Build 1"]


def test_another_quarter_has_its_own_challenges() -> None:
    """It reports the quarter asked for, not the newest."""
    assert [entry["band_quarter"] for entry in challenges(row(LAST, "HR"), row(band="LG"), quarter=LAST)] == [LAST]


# ---------------------------------------------------------------- why


def test_a_red_that_was_only_published_says_so() -> None:
    """It keeps a published red that the printed figures do not support, and says what they give."""
    (got,) = challenges(row(band="A", published_status="HR"))
    assert (got["band"], "published as High Red" in got["reasons"], "Amber" in got["reasons"]) == ("A", True, True)


def test_a_red_that_was_published_without_figures_says_so() -> None:
    """It keeps a published red over figures that give no band, and says that they give none."""
    (got,) = challenges(row(band="", published_status="LR"))
    assert ("published as Low Red" in got["reasons"], "no band" in got["reasons"]) == (True, True)


def test_a_published_red_without_an_actual_is_this_quarters_not_last_quarters() -> None:
    """It takes a red printed this quarter for the latest one, also where no actual was sent with it."""
    (got,) = challenges(row(LAST, "LG"), waiting(published_status="HR"))
    assert (got["band_quarter"], "published as High Red" in got["reasons"]) == (NOW, True)


def test_a_red_that_was_only_recomputed_counts() -> None:
    """It is a challenge where the figures give a red and the return prints amber."""
    (got,) = challenges(row(band="LR", published_status="A"))
    assert got["reasons"].startswith("Low Red")


REASONS = [
    pytest.param({}, "High Red", id="nothing but the band"),
    pytest.param({"direction_short": "better"}, "High Red; better than last quarter", id="improving"),
    pytest.param(
        {"direction_short": "worse", "direction_long": "better"}, "High Red; worse than last quarter", id="getting worse, though better than a year ago"
    ),
    pytest.param({"direction_short": "not comparable", "direction_long": "worse"}, "High Red; worse than a year ago", id="cumulative, so against last year"),
    pytest.param({"direction_short": "not known", "direction_long": "not known"}, "High Red", id="nothing to compare with"),
    pytest.param({"commentary": ""}, "High Red; no commentary was sent", id="no commentary, which is itself an exception"),
]


@pytest.mark.parametrize(("more", "expected"), REASONS)
def test_reasons_say_the_band_the_way_and_what_is_lacking(more: dict[str, str], expected: str) -> None:
    """It says why it is an exception: the band, whether it improves, and that commentary is missing."""
    assert challenges(row(band="HR", **more))[0]["reasons"] == expected


# ---------------------------------------------------------------- in which order


def test_high_reds_come_first_and_the_furthest_from_target_first_among_them() -> None:
    """It ranks by band, then by distance from target, whichever way."""
    got = challenges(
        row(band="LR", measure="a", variance=Decimal(-90)), row(band="HR", measure="b", variance=Decimal(-20)),
        row(band="HR", measure="c", variance=Decimal(30)), row(band="HR", measure="d", variance=None),
    )  # fmt: skip
    assert [(entry["rank"], entry["measure_id"]) for entry in got] == [(1, "c"), (2, "b"), (3, "d"), (4, "a")]


@given(st.lists(st.tuples(st.sampled_from(["HG", "LG", "G", "A", "LR", "HR", ""]), st.sampled_from(["HG", "LR", "HR", "A", "No target"])), max_size=8))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_ranks_run_from_one_and_every_red_is_there(bands: list[tuple[str, str]]) -> None:
    """It lists every measure with a red, recomputed or published, once, ranked without a gap, each with a reason."""
    scores = [row(band=band, measure=f"m{n}", published_status=status) for n, (band, status) in enumerate(bands)]
    got = challenges(*scores)
    assert {entry["measure_id"] for entry in got} == {f"m{n}" for n, pair in enumerate(bands) if {"LR", "HR"} & set(pair)}
    assert [entry["rank"] for entry in got] == list(range(1, len(got) + 1))
    assert all(entry["reasons"] for entry in got)


# ---------------------------------------------------------------- the published report


@cache
def real() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the three quarters of source document 002, scored, and their observations."""
    registers = reference.load(REAL)
    read = returns.read(REAL, quarters.shown(NOW))
    observations = cleansing.build(read.cells, read.entries, registers).frames["observations"]
    return trends.direction(scoring.score(observations, registers.policies)), observations


KEY_CHALLENGES = {  # heading in "Summary of key challenges" of document 002 -> the measures it speaks of
    "Total number of households to whom we have accepted a full homelessness duty": ["Build 19"],
    "Number of Harrow Landlords accredited through the London Landlord Accreditation scheme": ["Build 22"],
    "Percentage of service users completing drug/alcohol treatment services": ["Build 40", "Build 41", "Build 42", "Build 43"],
    "% of household waste recycled and composted": ["Build 52"],
    "Proportion of disabled employees & top 5% of earners, who are disabled": ["Build 60", "Build 63"],
    "Proportion of Harrow Council employees aged less than 25": ["Build 64"],
    "The percentage of existing staff & new starters who completed the mandatory Equality Matters training": ["Build 73", "Build 74"],
    "% of 3rd party contract spend placed with local organisations": ["Business 3"],
    "Customer enquiries that should not have been necessary": ["Business 12"],
    "Average speed to answer the telephone in Access Harrow & % of calls answered less than 600 seconds": ["Business 13", "Business 14"],
    "Email traffic: % reduction of emails from previous year": ["Business 20"],
    "Staff sickness": ["Business 25"],
    "Delayed Transfers of Care": ["Protect 12"],
}


def test_the_nineteen_key_challenges_of_the_published_report_are_found_each_once() -> None:
    """It finds the nineteen measures under the thirteen headings of "Summary of key challenges", and no other."""
    got = exceptions.key_challenges(real()[0], NOW)
    assert sorted(got["measure_id"]) == sorted(measure for measures in KEY_CHALLENGES.values() for measure in measures)
    assert len(got) == 19


def test_the_real_challenges_stand_worst_first() -> None:
    """It ranks the fourteen high reds by distance from target, then the five low reds, as worked by hand."""
    got = exceptions.key_challenges(real()[0], NOW)
    assert got.sort_values("rank")["measure_id"].tolist() == [
        "Build 73",  # 17 against 100: -83%
        "Business 13",  # 151 s against 90 s: +67.8%
        "Build 41",  # 25.4 against 45 in Q1: -43.6%
        "Build 74",  # 49 against 75: -34.7%
        "Business 14",  # 4 against 3: +33.3%
        "Protect 12",  # 26th against 20th: +30%
        "Build 60",  # 2.17 against 3: -27.7%
        "Build 42",  # 26.1 against 35 in Q1: -25.4%
        "Build 52",  # 38 against 50 in Q1: -24%
        "Build 64",  # 2.59 against 3.31: -21.8%
        "Business 12",  # 17 against 14: +21.4%
        "Build 43",  # 30.3 against 38 in Q1: -20.3%
        "Build 40",  # 7.1 against 8 in Q1: -11.3%
        "Build 63",  # 2.86 against 3: -4.7%, printed high red
        "Business 20",  # -18 against -20: 10% short
        "Business 25",  # 8.84 against 8.18: +8.1%
        "Business 3",  # 12 against 13-15: -7.7%
        "Build 22",  # 325 against 344: -5.5%
        "Build 19",  # 263 against 250: +5.2%
    ]


def test_five_real_challenges_are_in_arrears() -> None:
    """It takes drug and alcohol treatment and recycling, whose Q2 figures are in arrears, by their Q1 band."""
    got = exceptions.key_challenges(real()[0], NOW)
    assert sorted(got.loc[got["band_quarter"] == LAST, "measure_id"]) == ["Build 40", "Build 41", "Build 42", "Build 43", "Build 52"]


def test_every_real_challenge_has_the_commentary_of_the_report() -> None:
    """It prints the published commentary of every one, and misses none."""
    got = exceptions.key_challenges(real()[0], NOW)
    assert (got["commentary"] == "").sum() == 0
    assert [text for text in got["reasons"] if "no commentary" in text] == []


def test_build_63_is_red_in_print_only() -> None:
    """It says that 2.86% against 3% was published as high red while the figures give amber."""
    got = exceptions.key_challenges(real()[0], NOW).set_index("measure_id")
    assert got.loc["Build 63", "reasons"] == "published as High Red, but the printed figures give Amber; worse than last quarter"


# ---------------------------------------------------------------- what is missing

MEASURES = pd.DataFrame([["Build 1", "Litter"], ["Build 2", "Detritus"]], columns=["measure_id", "measure"], dtype=object)
TOLD = [
    {"quarter": NOW, "file": "a.csv", "row": 1, "section": "missing return", "subject": "The Souk", "text": "Reports have not been received for The Souk"},
    {"quarter": NOW, "file": "a.csv", "row": 2, "section": "missing data", "subject": "NI 7", "text": "NI 7: environment for a thriving third sector"},
    {"quarter": NOW, "file": "a.csv", "row": 3, "section": "achievement", "subject": "Nothing missing here", "text": "All well"},
]


def seen(measure: str, **more: object) -> dict[str, Any]:
    """Give one observation with an actual."""
    return {"measure_id": measure, "quarter": NOW, "partner": "Council", "file": "b.csv", "actual": Decimal(1), "actual_cell": "F2"} | more


def listed(rows: list[dict[str, Any]], told: list[dict[str, Any]]) -> list[list[str]]:
    """Give [what, name, state] of what is missing."""
    got = exceptions.missing(frames.make(rows, frames.OBSERVATIONS), frames.make(told, frames.NARRATIVE), MEASURES)
    return got[["what", "name", "state"]].to_numpy().tolist()


def test_gaps_that_a_return_names_are_listed_by_name() -> None:
    """It lists what a return names as missing, data and returns apart, and nothing else that a return says."""
    assert listed([], TOLD) == [
        ["return", "The Souk", "named as missing by the partnership"],
        ["data", "NI 7: environment for a thriving third sector", "named as missing by the partnership"],
    ]


GAPS = [
    pytest.param({}, [], id="a figure is not missing"),
    pytest.param({"actual": None, "actual_reason": "not given"}, ["no actual, and no word for why"], id="a blank without a word"),
    pytest.param({"actual": None, "actual_reason": "not given", "published_status": "No actual"}, [], id="a blank with a word for why"),
    pytest.param({"actual": None, "actual_reason": "no survey this quarter"}, [], id="a reason in place of the figure"),
    pytest.param(
        {"actual": None, "actual_reason": "could not be read", "published_status": "LG"}, ["the actual could not be read"], id="a figure that cannot be read"
    ),
    pytest.param({"actual": Decimal(0)}, [], id="zero is a figure"),
]


@pytest.mark.parametrize(("more", "states"), GAPS)
def test_a_measure_without_a_figure_or_a_word_is_missing(more: dict[str, object], states: list[str]) -> None:
    """It lists a measure with neither an actual nor a word for why, or with one that cannot be read."""
    assert listed([seen("Build 1", **more), seen("Build 2")], []) == [["measure", "Build 1: Litter", state] for state in states]


def test_a_registered_measure_without_a_row_is_missing() -> None:
    """It lists a registered measure that no return of the quarter has a row for."""
    assert listed([seen("Build 2")], []) == [["measure", "Build 1: Litter", "no row that can be used"]]


def test_a_measure_without_a_row_is_its_last_reporters() -> None:
    """It names who reported it in the newest quarter before, and nobody where it was never reported."""
    rows = [seen("Build 2"), seen("Build 1", quarter=AGO, partner="Police"), seen("Build 1", quarter=LAST, partner="Trust")]
    got = exceptions.missing(frames.make(rows, frames.OBSERVATIONS), frames.make([], frames.NARRATIVE), MEASURES)
    assert got.loc[got["quarter"] == NOW, ["name", "partner"]].to_numpy().tolist() == [["Build 1: Litter", "Trust"]]
    never = exceptions.missing(frames.make(rows[:1], frames.OBSERVATIONS), frames.make([], frames.NARRATIVE), MEASURES)
    assert never["partner"].tolist() == [""]


def test_every_measure_is_missing_where_all_that_came_is_held() -> None:
    """It asks for the measures of a quarter of which performance came and nothing of it is used."""
    none = frames.make([], frames.OBSERVATIONS)
    got = exceptions.missing(none, frames.make([], frames.NARRATIVE), MEASURES, [NOW])
    assert got[["name", "quarter", "state"]].to_numpy().tolist() == [
        ["Build 1: Litter", NOW, "no row that can be used"],
        ["Build 2: Detritus", NOW, "no row that can be used"],
    ]


def test_a_quarter_without_performance_returns_misses_no_measures() -> None:
    """It asks for measures only in the quarters that have performance returns."""
    assert listed([], []) == []


def test_a_missing_actual_says_from_whom_and_where() -> None:
    """It names partner, file and cell of an actual that is missing."""
    rows = [seen("Build 1", actual=None, actual_reason="not given"), seen("Build 2")]
    got = exceptions.missing(frames.make(rows, frames.OBSERVATIONS), frames.make([], frames.NARRATIVE), MEASURES)
    assert got[["partner", "quarter", "file", "cell"]].to_numpy().tolist() == [["Council", NOW, "b.csv", "F2"]]


def test_the_blanks_of_the_published_scorecard_are_listed() -> None:
    """It lists the fourteen rows of document 002 that print neither a figure nor a word: thirteen now, all in arrears, and Build 18 a year ago."""
    registers = reference.load(REAL)
    got = exceptions.missing(real()[1], frames.make([], frames.NARRATIVE), registers.measures)
    assert dict(zip(got["quarter"], got["state"], strict=True)) == {AGO: "no actual, and no word for why", NOW: "in arrears: due with Q3 2016/17"}
    blank = sorted((row["quarter"], row["name"].split(":")[0]) for row in frames.rows(got))
    assert blank == [(AGO, "Build 18"), *((NOW, f"Build {n}") for n in (34, 35, 36, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47))]


def test_the_two_returns_that_source_001_misses_are_listed() -> None:
    """It lists Reablement - PCT and The Souk - African SANG, which document 001 names as not received."""
    read = returns.read(REAL, ("2011-12-Q1",))
    made = cleansing.build(read.cells, read.entries, reference.load(REAL)).frames
    got = exceptions.missing(made["observations"], made["narrative"], reference.load(REAL).measures)
    assert sorted(got[["what", "name"]].to_numpy().tolist()) == [["return", "Reablement \u2013 PCT"], ["return", "The Souk \u2013 African SANG"]]


# ---------------------------------------------------------------- frames


def test_finding_exceptions_leaves_the_arguments_alone() -> None:
    """It changes none of the frames that it is given."""
    scores = frames.make([row(LAST, "HR"), waiting(), row(band="LR", measure="Build 2")], frames.SCORES)
    observations, narrative, measures = frames.make([seen("Build 2")], frames.OBSERVATIONS), frames.make(TOLD, frames.NARRATIVE), MEASURES.copy(deep=True)
    given_frames = (scores, observations, narrative, measures)
    before = [frame.copy(deep=True) for frame in given_frames]
    exceptions.key_challenges(scores, NOW)
    exceptions.missing(observations, narrative, measures)
    for frame, copy in zip(given_frames, before, strict=True):
        assert_frame_equal(frame, copy)


def test_nothing_gives_nothing() -> None:
    """It gives empty frames of their contracts for empty frames."""
    assert list(exceptions.key_challenges(frames.make([], frames.SCORES), NOW).columns) == list(frames.EXCEPTIONS.columns)
    assert listed([], []) == []


# ---------------------------------------------------------------- a red that nobody sends


def test_a_red_whose_row_is_not_sent_stays_a_challenge() -> None:
    """It keeps a red of last quarter on the list where this quarter has returns but no row of the measure, and says so."""
    (got,) = challenges(row(LAST, "HR"), row(band="LG", measure="Build 2"))
    assert (got["measure_id"], got["band_quarter"]) == ("Build 1", LAST)
    assert "no row of this quarter can be used" in got["reasons"]


def test_a_red_whose_figure_cannot_be_read_stays_a_challenge() -> None:
    """It keeps a red of last quarter where this quarter's cell could not be read, and says that it could not."""
    (got,) = challenges(row(LAST, "HR"), waiting(actual_reason="could not be read"))
    assert (got["band"], "could not be read" in got["reasons"]) == ("HR", True)


def test_an_award_without_a_row_is_missing() -> None:
    """It names a registered award of a round that no return of the quarter has a row for."""
    made = frames.make([{"project": "Alley Gating", "round": "Round 1", "quarter": NOW}], frames.AWARDS)
    register = pd.DataFrame({"project": ["Alley Gating", "The Souk", "Kids Can Achieve"], "round": ["Round 1", "Round 1", "Round 2"]})
    got = exceptions.missing_awards(made, register)
    assert got[["what", "name", "quarter"]].to_numpy().tolist() == [["award", "The Souk", NOW]]
