"""What changed between two published folders: measures, in steps, each with its cause and its exact effect."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from published_by_hand import BEFORE, FIVE, NOW, THREE, YEAR_AGO, measure, policy, publish

from analysis import changes, frames
from analysis.changes.attribution import Because, chain
from analysis.frames.contracts import CHANGES
from analysis.vocabulary import Cause

Row = dict[str, Any]
SENT_AGAIN = {"inputs": [{"quarter": NOW, "file": "council.csv", "sha256": "c2", "state": "received"}]}
LATER_CODE = {"versions": {"workbook": "1.1", "pandas": "3.1.1"}}
OTHER_HEADINGS = {"registers": {"measures.csv": "m1", "policies.csv": "p1", "headings.csv": "h1"}}


def compared(folder: Path, one: list[Row], other: list[Row], **more: Any) -> pd.DataFrame:
    """Publish two scorecards and give what differs; *more*: quarter, manifest and policies of the one and the other."""
    made = []
    for name, rows, place in (("one", one, 0), ("other", other, 1)):
        about = {of: more[of][place] for of in ("quarter", "manifest", "policies") if of in more}
        made.append(publish(folder / name, scorecard=rows, **about))
    return changes.between(*changes.open_editions(made))


def of(found: pd.DataFrame, part: str, *columns: str) -> list[tuple[Any, ...]]:
    """Give some columns of the steps of one part."""
    return [tuple(row[name] for name in columns) for row in frames.rows(found[found["part"] == part])]


def steps(found: pd.DataFrame, part: str) -> list[tuple[Any, ...]]:
    """Give before, after, cause and effect of the steps of one part, effects as text."""
    return [
        (before, after, cause, None if effect is None else str(effect))
        for before, after, cause, effect in of(found, part, "before", "after", "cause", "effect")
    ]


QUARTERS = {"quarter": (BEFORE, NOW)}


def earlier(*given_: str, **more: Any) -> Row:
    """Give a measure of the quarter before."""
    return measure(*given_, quarter=BEFORE, **more)


# ---------------------------------------------------------------- one cause


def test_a_figure_of_the_next_quarter_is_of_a_new_period(tmp_path: Path) -> None:
    """It gives the difference of actual, distance from target and band to the new period, with the cells of both."""
    found = compared(tmp_path, [earlier("100", "102", "2.00", "LG")], [measure("100", "97", "-3.00", "A", actual_cell="F9")], **QUARTERS)
    assert steps(found, "actual") == [("102", "97", "new period", "-5")]
    assert steps(found, "variance") == [("2.00%", "\u22123.00%", "new period", "-5.00")]
    assert steps(found, "band") == [("LG", "A", "new period", "-1")]
    assert steps(found, "target") == []
    assert of(found, "band", "before_cell", "after_cell") == [("council.csv, F2", "council.csv, F9")]
    assert found["words"].tolist()[0] == "Build 5 actual: 102 became 97 (\u22125). Cause: new period (Q2 2016/17 after Q1 2016/17)."
    assert changes.residual(found) == 0


def test_a_figure_typed_otherwise_in_the_same_quarter_was_sent_again(tmp_path: Path) -> None:
    """It says resubmission, and what the return says now where it said another thing."""
    found = compared(tmp_path, [measure("100", "102", "2.00", "LG")], [measure("100", "80", "-20.00", "HR")], manifest=({}, SENT_AGAIN))
    assert steps(found, "actual") == [("102", "80", "resubmission", "-22")]
    assert steps(found, "variance") == [("2.00%", "\u221220.00%", "resubmission", "-22.00")]
    assert steps(found, "band") == [("LG", "HR", "resubmission", "-3")]
    assert "the return says 80 where it said 102" in of(found, "actual", "words")[0][0]


def test_a_figure_typed_otherwise_that_reads_the_same_is_told(tmp_path: Path) -> None:
    """It keeps the step, with no effect: nothing changes silently."""
    found = compared(tmp_path, [measure("100", "102", "2.00", "LG")], [measure("100", "102.0", "2.00", "LG")], manifest=({}, SENT_AGAIN))
    assert [(*step[2:],) for step in steps(found, "actual")] == [("resubmission", "0.0")]
    assert set(found["part"]) == {"actual"}


@pytest.mark.parametrize("of_before", [NOW, BEFORE], ids=["of the same quarter", "of the quarter before"])
def test_another_target_is_the_cause_target(of_before: str, tmp_path: Path) -> None:
    """It says so whether the quarters differ or not: 97 of 100 is 3 percent short, of 80 it is 21.25 percent more."""
    found = compared(tmp_path, [measure("100", "97", "-3.00", "A", quarter=of_before)], [measure("80", "97", "21.25", "HG")], quarter=(of_before, NOW))
    assert steps(found, "target") == [("100", "80", "target", "-20")]
    assert steps(found, "variance") == [("\u22123.00%", "21.25%", "target", "24.25")]
    assert steps(found, "band") == [("A", "HG", "target", "2")]
    assert of(found, "band", "before_cell") == [("council.csv, E2",)]


RULES = [
    pytest.param(
        ["94", "95", "1.06", "LG"],
        ["94", "95", "1.06", "G"],
        {"policy": "three-band"},
        "0",
        "policy three-band instead of five-band",
        id="another name of green",
    ),
    pytest.param(
        ["100", "92", "-8.00", "LR"],
        ["100", "92", "-8.00", "HR"],
        {"policy": "three-band"},
        "-1",
        "policy three-band instead of five-band",
        id="another policy",
    ),
    pytest.param(
        ["100", "95", "-5.00", "A"], ["100", "95", "-5.00", "HG"], {"polarity": "lower"}, "2", "good is lower instead of higher", id="the other way good"
    ),
    pytest.param(["100", "95", "-5.00", "A"], ["100", "95", "", ""], {"kind": "contextual"}, None, "kind contextual instead of rate", id="another kind"),
]


@pytest.mark.parametrize(("was", "now", "more", "effect", "words"), RULES)
def test_another_rule_moves_a_band_and_no_figure(was: list[str], now: list[str], more: Row, effect: str | None, words: str, tmp_path: Path) -> None:
    """It says rule or policy, and what of it is another; plain green stands as high as Low Green."""
    found = compared(tmp_path, [measure(*was)], [measure(*now, **more)])
    assert steps(found, "band") == [(was[3], now[3] or "not scored", "rule or policy", effect)]
    assert words in of(found, "band", "words")[0][0]
    assert {"actual", "target"} & set(found["part"]) == set()
    assert changes.residual(found) == 0


def test_another_version_of_a_policy_is_read_from_each_folder(tmp_path: Path) -> None:
    """It judges each edition by its own register: 92 of 100 is Low Red, and Amber once amber begins at 0.90."""
    wider = policy("five-band", "HG 1.05 LG 1 A 0.90 LR 0.85 HR", "HG 0.95 LG 1 A 1.10 LR 1.15 HR", version="2")
    rows = [measure("100", "92", "-8.00", "LR")], [measure("100", "92", "-8.00", "A", rule="five-band version 2, higher is better")]
    found = compared(tmp_path, *rows, policies=(FIVE, wider), manifest=({}, {"registers": {"measures.csv": "m1", "policies.csv": "p2"}}))
    assert steps(found, "band") == [("LR", "A", "rule or policy", "1")]
    assert "five-band version 2 instead of five-band version 1" in of(found, "band", "words")[0][0]
    assert changes.residual(found) == 0


def test_a_version_that_begins_in_the_later_quarter_is_a_rule_and_not_the_period(tmp_path: Path) -> None:
    """It judges the later figure by the version of the earlier quarter first: 86 of 100 is High Red, and Low Red from 0.85 only under the new one."""
    register = FIVE + [
        row | {"from_quarter": NOW} for row in policy("five-band", "HG 1.05 LG 1 A 0.90 LR 0.85 HR", "HG 0.95 LG 1 A 1.10 LR 1.15 HR", version="2")
    ]
    found = compared(tmp_path, [earlier("100", "97", "-3.00", "A")], [measure("100", "86", "-14.00", "LR")], policies=(register, register), **QUARTERS)
    assert steps(found, "band") == [("A", "HR", "new period", "-2"), ("HR", "LR", "rule or policy", "1")]


def test_an_older_edition_may_be_compared_with_a_newer_one(tmp_path: Path) -> None:
    """It keeps the version in force in the first one until the rule is swapped, though it had not begun in the quarter of the second."""
    register = FIVE + [
        row | {"from_quarter": NOW} for row in policy("five-band", "HG 1.05 LG 1 A 0.90 LR 0.85 HR", "HG 0.95 LG 1 A 1.10 LR 1.15 HR", version="2")
    ]
    found = compared(
        tmp_path, [measure("100", "97", "-3.00", "A")], [earlier("100", "86", "-14.00", "HR")], policies=(register, register), quarter=(NOW, BEFORE)
    )
    assert steps(found, "band") == [("A", "LR", "new period", "-1"), ("LR", "HR", "rule or policy", "-1")]


CLEANSED = [
    pytest.param(OTHER_HEADINGS, {}, "cleansing", True, "headings.csv differs", id="a register of reading differs"),
    pytest.param(LATER_CODE, {}, "code", True, "workbook 1.1 after 1.0", id="the workbook differs"),
    pytest.param({}, {}, "code", False, "nothing that the manifests name differs", id="nothing differs"),
    pytest.param(SENT_AGAIN, {}, "resubmission", True, "the return around it was sent again", id="the return differs elsewhere"),
    pytest.param({}, {"repairs": "joined digits"}, "cleansing", True, "mended by nothing, then by joined digits", id="it was mended otherwise"),
]


@pytest.mark.parametrize(("manifest", "receipt", "cause", "explained", "words"), CLEANSED)
def test_the_same_text_read_otherwise_is_told_by_what_the_manifests_name(
    manifest: Row, receipt: Row, cause: str, explained: bool, words: str, tmp_path: Path
) -> None:
    """It says cleansing for a register or a mend, code for a version, and that it is not explained where nothing differs."""
    one = measure("100", "97", "-3.00", "A")
    other = measure("100", "97", "-21.00", "HR", actual="79")
    told = [{"figure_id": one["figure_id"], "part": "actual", "file": "council.csv", "cell": "F2", "as_typed": "97"} | receipt]
    made = [publish(tmp_path / "one", scorecard=[one]), publish(tmp_path / "other", scorecard=[other], receipts=told, manifest=manifest)]
    found = changes.between(*changes.open_editions(made))
    assert steps(found, "actual") == [("97", "79", cause, "-18")]
    assert steps(found, "band") == [("A", "HR", cause, "-2")]
    assert of(found, "actual", "explained") == [(explained,)]
    assert words in of(found, "actual", "words")[0][0]
    assert (changes.residual(found) == 0) is explained


def test_a_band_that_the_figures_do_not_give_is_code_where_a_version_differs(tmp_path: Path) -> None:
    """It gives what is left after all swaps to the code, and names the versions."""
    found = compared(
        tmp_path, [measure("100", "97", "-3.00", "A")], [measure("100", "97", "-3.10", "LR")], manifest=({}, {"versions": {"workbook": "1.0", "pandas": "3.2"}})
    )
    assert steps(found, "band") == [("A", "LR", "code", "-1")]
    assert steps(found, "variance") == [("\u22123.00%", "\u22123.10%", "code", "-0.10")]
    assert "pandas 3.2 after 3.1.1" in of(found, "band", "words")[0][0]
    assert changes.residual(found) == 0


def test_a_band_that_nothing_accounts_for_is_said_plainly(tmp_path: Path) -> None:
    """It is told as not explained, and leaves a residual of all its steps: 1 band, 0.10 points, and a count of each of two headlines."""
    found = compared(tmp_path, [measure("100", "97", "-3.00", "A")], [measure("100", "97", "-3.10", "LR")])
    assert of(found, "band", "cause", "explained") == [("code", False)]
    assert "Not explained. Cause: code (nothing that the manifests name explains it)." in of(found, "band", "words")[0][0]
    assert changes.residual(found) == Decimal("3.10")


def test_what_the_earlier_edition_had_wrong_is_code_before_anything_is_swapped(tmp_path: Path) -> None:
    """It puts right 97 of 100, published as Low Red by an older version, then takes 102, then the target of 95."""
    manifests = {}, LATER_CODE | SENT_AGAIN
    found = compared(tmp_path, [measure("100", "97", "-3.00", "LR")], [measure("95", "102", "7.37", "HG")], manifest=manifests)
    assert steps(found, "band") == [("LR", "A", "code", "1"), ("A", "LG", "resubmission", "1"), ("LG", "HG", "target", "1")]
    assert changes.residual(found) == 0


@pytest.mark.parametrize("target", ["100", "90"], ids=["with the same target", "with another target"])
def test_a_band_without_a_figure_is_not_explained(target: str, tmp_path: Path) -> None:
    """It does not take for a rule, or for the target, what neither gives: two bands published of an actual that is not known."""
    found = compared(tmp_path, [measure("100", "TBC", "", "A")], [measure(target, "TBC", "", "LG")])
    assert of(found, "band", "before", "after", "cause", "explained") == [("A", "LG", "code", False)]


def test_another_cell_of_the_same_file_is_read_by_another_register(tmp_path: Path) -> None:
    """It does not call a return sent again whose bytes are the same: a register of headings, or the code, reads another cell of it."""
    rows = [measure("100", "97", "-3.00", "A")], [measure("100", "102", "2.00", "LG", actual_cell="G2")]
    assert [step[2] for step in steps(compared(tmp_path / "1", *rows, manifest=({}, OTHER_HEADINGS)), "actual")] == ["cleansing"]
    assert [step[2] for step in steps(compared(tmp_path / "2", *rows, manifest=({}, LATER_CODE)), "actual")] == ["code"]
    assert [step[2] for step in steps(compared(tmp_path / "3", *rows, manifest=({}, OTHER_HEADINGS | SENT_AGAIN)), "actual")] == ["resubmission"]


@pytest.mark.parametrize(
    ("own", "cause", "explained"), [(True, "code", False), (False, "rule or policy", True)], ids=["both hold their policies", "one holds none"]
)
def test_policies_that_are_not_in_the_folder_can_be_the_cause_of_what_is_left(own: bool, cause: str, explained: bool, tmp_path: Path) -> None:
    """It gives what is left to the rule where the register of policies differs and a folder holds none of its own."""
    other = {"registers": {"measures.csv": "m1", "policies.csv": "p2"}}
    made = [
        publish(tmp_path / "one", scorecard=[measure("100", "97", "-3.00", "LR")], manifest=other),
        publish(tmp_path / "other", scorecard=[measure("100", "97", "-3.00", "A")]),
    ]
    if not own:
        (made[0] / "data" / "policies.csv").unlink()
    register = pd.DataFrame([{name: str(value) for name, value in row.items()} for row in FIVE], dtype=object)
    found = changes.between(*changes.open_editions(made, register))
    assert of(found, "band", "before", "after", "cause", "explained") == [("LR", "A", cause, explained)]


# ---------------------------------------------------------------- several causes, and no number


def test_causes_are_taken_one_after_the_other_and_their_effects_add_up(tmp_path: Path) -> None:
    """It swaps the actual, then the target, then the rule: 102 of 100; 97 of 100; 97 of 120; and then under three bands."""
    other = measure("120", "97", "-19.17", "HR", policy="three-band")
    found = compared(tmp_path, [earlier("100", "102", "2.00", "LG")], [other], **QUARTERS)
    assert steps(found, "variance") == [("2.00%", "\u22123.00%", "new period", "-5.00"), ("\u22123.00%", "\u221219.17%", "target", "-16.17")]
    assert steps(found, "band") == [("LG", "A", "new period", "-1"), ("A", "HR", "target", "-2")]
    other = measure("120", "110", "-8.33", "HR", policy="three-band")
    found = compared(tmp_path / "again", [earlier("100", "102", "2.00", "LG")], [other], **QUARTERS)
    assert steps(found, "band") == [("LG", "HG", "new period", "1"), ("HG", "LR", "target", "-3"), ("LR", "HR", "rule or policy", "-1")]
    assert sum(found.loc[found["part"] == "band", "effect"]) == -3
    assert changes.residual(found) == 0


def test_a_target_that_grows_over_the_year_is_of_the_new_period(tmp_path: Path) -> None:
    """It takes 105 of 100 to 190 of 200 in one step where both are cumulative; between the same quarters of two years, a target is a target."""
    later_, before = measure("200", "190", "-5.00", "A", kind="cumulative"), ("100", "105", "5.00", "HG")
    found = compared(tmp_path, [earlier(*before, kind="cumulative")], [later_], **QUARTERS)
    assert steps(found, "variance") == [("5.00%", "\u22125.00%", "new period", "-10.00")]
    assert steps(found, "band") == [("HG", "A", "new period", "-2")]
    assert steps(found, "target") == [("100", "200", "new period", "100")]
    found = compared(tmp_path / "kept", [earlier(*before)], [measure("200", "190", "-5.00", "A")], **QUARTERS)
    assert steps(found, "band") == [("HG", "A", "target", "-2")], "190 of 100 is as green as 105 of 100"
    found = compared(tmp_path / "year", [measure(*before, kind="cumulative", quarter=YEAR_AGO)], [later_], quarter=(YEAR_AGO, NOW))
    assert steps(found, "target") == [("100", "200", "target", "100")]
    assert changes.residual(found) == 0


def test_a_figure_that_became_unknown_has_no_effect_and_is_said(tmp_path: Path) -> None:
    """It has no number for the step, and counts the measure among those not scored."""
    other = measure("100", "TBC", "", "", reason="actual: asked for and not known")
    found = compared(tmp_path, [earlier("100", "102", "2.00", "LG")], [other], **QUARTERS)
    assert steps(found, "actual") == [("102", "TBC", "new period", None)]
    assert steps(found, "band") == [("LG", "not scored", "new period", None)]
    assert "Low Green became not scored. Cause: new period" in of(found, "band", "words")[0][0]
    assert [(row["figure"], str(row["effect"])) for row in frames.rows(found[found["part"] == "headline"])] == [
        ("measures met", "-1"),
        ("measures not scored", "1"),
    ]
    assert changes.residual(found) == 0


def test_steps_that_can_only_be_taken_together_are_one(tmp_path: Path) -> None:
    """It bridges what is known before and after, where actual and target change their unit and one without the other is not scored."""
    other = measure("50%", "49%", "-2.00", "A", unit="percent", actual="49", target_low="50", target_high="50")
    found = compared(tmp_path, [earlier("100", "102", "2.00", "LG")], [other], **QUARTERS)
    assert steps(found, "actual") == [("102", "49%", "new period", None)], "a number and a percentage are not taken from one another"
    assert steps(found, "variance") == [("2.00%", "\u22122.00%", "new period", "-4.00")]
    assert steps(found, "band") == [("LG", "A", "new period", "-1")]
    assert "together with target" in of(found, "band", "words")[0][0]


def test_a_measure_in_one_edition_only_is_added_or_withdrawn(tmp_path: Path) -> None:
    """It says so of each of its figures, and in the headline counts."""
    shared, came = measure("100", "97", "-3.00", "A"), measure("100", "102", "2.00", "LG", measure_id="Build 6", figure_id="six")
    gone = measure("100", "80", "-20.00", "HR", measure_id="Build 7", figure_id="seven")
    found = compared(tmp_path, [shared, gone], [shared, came])
    assert steps(found, "band") == [("", "LG", "added", None), ("HR", "", "withdrawn", None)]
    assert steps(found, "actual") == [("", "102", "added", None), ("80", "", "withdrawn", None)]
    assert steps(found, "headline") == [("0", "1", "added", "1"), ("1", "0", "withdrawn", "-1")]


def test_headline_counts_are_bridged_cause_by_cause(tmp_path: Path) -> None:
    """It gives each cause what it adds net: two measures fall to amber by the period, and one of them rises again by its target."""
    one = [earlier("100", "102", "2.00", "LG", measure_id=f"Build {n}", figure_id=f"a{n}") for n in (1, 2, 3)]
    other = [
        measure("100", "97", "-3.00", "A", measure_id="Build 1", figure_id="b1"),
        measure("90", "97", "7.78", "HG", measure_id="Build 2", figure_id="b2"),
        measure("100", "102", "2.00", "LG", measure_id="Build 3", figure_id="b3"),
    ]
    found = compared(tmp_path, one, other, **QUARTERS)
    assert [(row["figure"], row["before"], row["after"], row["cause"], str(row["effect"])) for row in frames.rows(found[found["part"] == "headline"])] == [
        ("measures met", "3", "1", "new period", "-2"),
        ("measures met", "1", "2", "target", "1"),
        ("measures amber", "0", "2", "new period", "2"),
        ("measures amber", "2", "1", "target", "-1"),
    ]
    said = changes.in_words(found)
    assert any(words.startswith("Measures met: 3 became 2, in 2 steps. Measures met: 3 became 1 (\u22122). Cause: new period (2 down).") for words in said)


def test_only_the_editions_own_quarter_is_compared(tmp_path: Path) -> None:
    """It leaves the rows of other quarters out, which a scorecard shows beside its own."""
    beside = measure("100", "80", "-20.00", "HR", quarter=BEFORE, figure_id="old"), measure("100", "105", "5.00", "HG", quarter=BEFORE, figure_id="old")
    own = measure("100", "97", "-3.00", "A")
    assert compared(tmp_path, [own, beside[0]], [own, beside[1]]).empty


# ---------------------------------------------------------------- figures that others stand behind

REDUCTION = {"target_raw": "Year on year reduction", "target_low": "", "target_high": ""}


def reduced(actual: str, year_ago: str, variance: str, band: str, *, quarter: str = NOW, with_past: bool = True) -> list[Row]:
    """Give a measure that is to be lower than a year ago, and the row of a year ago."""
    past = f"{int(quarter[:4]) - 1}-{int(quarter[5:7]) - 1}{quarter[7:]}"
    own = measure("x", actual, variance, band, quarter=quarter, **REDUCTION)
    return [own, measure("x", year_ago, "", "", quarter=past, figure_id="past", **REDUCTION)] if with_past else [own]


def test_another_figure_of_a_year_ago_is_of_the_new_period(tmp_path: Path) -> None:
    """It holds 90 against 100, then, with nothing typed otherwise, against 80: 10 percent less becomes 12.5 percent more."""
    found = compared(tmp_path, reduced("90", "100", "-10.00", "HG", quarter=BEFORE), reduced("90", "80", "12.50", "HR"), **QUARTERS)
    assert steps(found, "variance") == [("\u221210.00%", "12.50%", "new period", "22.50")]
    assert steps(found, "band") == [("HG", "HR", "new period", "-4")]
    assert changes.residual(found) == 0


def test_a_figure_of_a_year_ago_that_was_sent_again_is_a_resubmission(tmp_path: Path) -> None:
    """It names the figure that the target follows from."""
    found = compared(tmp_path, reduced("90", "100", "-10.00", "HG"), reduced("90", "80", "12.50", "HR"))
    assert steps(found, "band") == [("HG", "HR", "resubmission", "-4")]
    assert "the figure of a year before: the return says 80 where it said 100" in of(found, "band", "words")[0][0]
    assert YEAR_AGO == "2015-16-Q2"


FORESEEN = policy("five-band", "HG 1.05 LG 1 A 0.95 LR 0.90 HR", "HG 0.95 LG 1 A 1.05 LR 1.10 HR")
RECOVERABLE = [row | {"policy": "recoverable", "figure": "forecast" if row["band"] == "HG" else "actual"} for row in FORESEEN]


@pytest.mark.parametrize(("manifest", "cause", "explained"), [(SENT_AGAIN, "resubmission", True), ({}, "code", False)], ids=["sent again", "not"])
def test_another_forecast_is_told_by_what_went_in(manifest: Row, cause: str, explained: bool, tmp_path: Path) -> None:
    """It judges 92 of 100 by a year end of 110, High Green, then of 90, Low Red; forecasts follow from figures of other quarters."""
    row, made = measure("100", "92", "-8.00", "HG", policy="recoverable"), []
    for name, end, band, said in (("one", "110", "HG", {}), ("other", "90", "LR", manifest)):
        forecast = {"measure_id": "Build 5", "quarter": NOW, "forecast": end, "target": "100"}
        made.append(publish(tmp_path / name, scorecard=[row | {"band": band}], forecasts=[forecast], policies=RECOVERABLE, manifest=said))
    found = changes.between(*changes.open_editions(made))
    assert of(found, "band", "before", "after", "cause", "explained") == [("HG", "LR", cause, explained)]


def test_a_figure_held_against_one_that_the_folder_lacks_is_told_by_what_was_typed(tmp_path: Path) -> None:
    """It takes the whole as one step and says so, and does not call it unexplained."""
    found = compared(
        tmp_path, reduced("90", "", "-10.00", "HG", with_past=False), reduced("120", "", "20.00", "HR", with_past=False), manifest=({}, SENT_AGAIN)
    )
    assert steps(found, "band") == [("HG", "HR", "resubmission", "-4")]
    assert "the folder lacks the figure that it is held against" in of(found, "band", "words")[0][0]
    assert changes.residual(found) == 0


def test_a_figure_held_against_one_that_the_folder_lacks_is_told_by_what_went_in(tmp_path: Path) -> None:
    """It takes the same text, judged otherwise, for a return that was sent again, and for not explained where none was."""
    rows = reduced("90", "", "-10.00", "HG", with_past=False), reduced("90", "", "12.50", "HR", with_past=False)
    sent = compared(tmp_path / "sent", *rows, manifest=({}, SENT_AGAIN))
    assert (steps(sent, "band"), changes.residual(sent)) == ([("HG", "HR", "resubmission", "-4")], 0)
    assert of(compared(tmp_path / "not", *rows), "band", "cause", "explained") == [("code", False)]


def test_a_figure_that_may_not_be_shown_any_more_is_told_by_the_rule(tmp_path: Path) -> None:
    """It gives a suppressed figure to the rule of disclosure that differs, and what follows from it too."""
    hidden = measure("100", "[c]", "", "", reason="suppressed")
    found = compared(
        tmp_path,
        [measure("100", "97", "-3.00", "A")],
        [hidden],
        manifest=({}, {"registers": {"measures.csv": "m1", "policies.csv": "p1", "disclosure.csv": "d1"}}),
    )
    assert steps(found, "actual") == [("97", "[c]", "rule or policy", None)]
    assert steps(found, "band") == [("A", "not scored", "rule or policy", None)]
    assert changes.residual(found) == 0


def test_a_figure_shown_rounded_is_not_judged_while_it_is_held_back(tmp_path: Path) -> None:
    """It takes the band of a figure whose band was held back for known by the rule of disclosure, and judges no rounded figure."""
    rounded, open_ = measure("100", "100", "", "", reason="suppressed"), measure("100", "102", "2.00", "LG")
    found = compared(tmp_path, [rounded], [open_], manifest=({"registers": {"measures.csv": "m1", "policies.csv": "p1", "disclosure.csv": "d1"}}, {}))
    assert steps(found, "band") == [("not scored", "LG", "rule or policy", None)]
    assert steps(found, "actual") == [("100", "102", "rule or policy", "2")]


# ---------------------------------------------------------------- the whole


def test_the_same_edition_twice_differs_in_nothing(tmp_path: Path) -> None:
    """It gives no row, no words and nothing unexplained."""
    rows = [measure("100", "97", "-3.00", "A"), measure("x", "5", "", "", measure_id="Build 6", figure_id="six", reason="target: not given", target_raw="")]
    found = compared(tmp_path, rows, rows)
    assert (len(found), changes.in_words(found), changes.residual(found)) == (0, [], 0)


def test_words_begin_with_the_bands_that_fell_furthest_then_the_counts(tmp_path: Path) -> None:
    """It puts a fall of three bands before a rise of one, both before the counts, and these before the figures."""
    one = [measure("100", "97", "-3.00", "A"), measure("100", "102", "2.00", "LG", measure_id="Build 6", figure_id="six", measure="Parks")]
    other = [measure("100", "102", "2.00", "LG"), measure("100", "80", "-20.00", "HR", measure_id="Build 6", figure_id="six", measure="Parks")]
    told = changes.in_words(compared(tmp_path, one, other))
    assert told[0].startswith("Build 6, Parks: Low Green became High Red (3 bands worse).")
    assert told[1].startswith("Build 5, Repairs: Amber became Low Green (1 band better).")
    assert [text.partition(":")[0] for text in told[2:5]] == ["Measures met", "Measures amber", "Measures red"]
    assert told[5].startswith("Build 5 actual: 97 became 102 (+5).")


def test_words_of_several_steps_say_the_whole_first(tmp_path: Path) -> None:
    """It says where a figure came from and went to before it says the steps between."""
    found = compared(tmp_path, [earlier("100", "102", "2.00", "LG")], [measure("120", "97", "-19.17", "HR")], **QUARTERS)
    assert changes.in_words(found)[0].startswith("Build 5 band: Low Green became High Red, in 2 steps. Build 5, Repairs: Low Green became Amber")


AMISS = [
    pytest.param([{"was": Decimal(1), "now": Decimal(4), "effect": Decimal(3)}], "0", id="effects that come to the difference"),
    pytest.param([{"was": Decimal(1), "now": Decimal(4), "effect": Decimal(2)}], "1", id="an effect that lacks one"),
    pytest.param(
        [{"was": Decimal(1), "now": Decimal(4), "effect": Decimal(3)}, {"was": Decimal("4.5"), "now": Decimal(6), "effect": Decimal("1.5")}],
        "0.5",
        id="steps that do not join",
    ),
    pytest.param([{"explained": False, "was": Decimal(1), "now": Decimal(3), "effect": Decimal(2)}], "2", id="a step that is not explained"),
    pytest.param([{"explained": False}], "1", id="one without a number"),
    pytest.param([{"after": "A"}, {"before": "LR"}], "1", id="texts that do not join"),
]


@pytest.mark.parametrize(("rows", "left"), AMISS)
def test_the_residual_is_what_is_not_accounted_for(rows: list[Row], left: str) -> None:
    """It is 0 only where effects come to the difference, steps join, and each is explained."""
    named = [{"what": "measures", "figure": "Build 5 actual", "part": "actual", "step": step, "explained": True} | row for step, row in enumerate(rows, 1)]
    assert changes.residual(frames.make(named, CHANGES)) == Decimal(left)


def test_a_chain_passes_over_what_is_not_known_between() -> None:
    """It gives no step to a swap that changes nothing, and one cause to two swaps between which nothing is known."""
    first, second, third = (Because(cause, str(cause)) for cause in (Cause.NEW_PERIOD, Cause.TARGET, Cause.RULE))
    assert chain("A", [(first, ""), (second, ""), (third, "LG")], bool) == [
        ("A", "LG", Because(Cause.NEW_PERIOD, "new period; together with rule or policy: rule or policy"))
    ]
    assert chain("A", [(first, "A"), (second, "")], bool) == [("A", "", second)]
    assert chain("", [(first, ""), (second, "A"), (third, "LG")], bool) == [("", "A", second), ("A", "LG", third)]
    assert chain("A", [(first, "LG"), (second, "A")], bool) == []


FIGURES = st.one_of(st.sampled_from(["", "TBC", "n/a"]), st.integers(1, 999).map(str), st.decimals(1, 999, places=2).map(str))
PUBLISHED = st.fixed_dictionaries(
    {
        "target_raw": FIGURES,
        "actual_raw": FIGURES,
        "actual": st.one_of(st.just(""), st.decimals(0, 999, places=1).map(str)),
        "target_low": st.one_of(st.just(""), st.decimals(1, 999, places=1).map(str)),
        "variance": st.one_of(st.just(""), st.decimals(-99, 99, places=2).map(str)),
        "band": st.sampled_from(["", "HG", "LG", "G", "A", "LR", "HR"]),
        "polarity": st.sampled_from(["higher", "lower", "in range"]),
        "policy": st.sampled_from(["five-band", "three-band", "of nobody"]),
        "unit": st.sampled_from(["number", "percent"]),
        "reason": st.sampled_from(["", "suppressed"]),
    }
)
EDITIONS = st.tuples(
    st.dictionaries(st.sampled_from([f"Build {n}" for n in range(9)]), PUBLISHED, min_size=3),
    st.sampled_from([NOW, BEFORE]),
    st.sampled_from([{}, LATER_CODE]),
)


@given(editions=st.tuples(EDITIONS, EDITIONS))
@settings(derandomize=True, deadline=None, max_examples=15)
def test_effects_always_come_to_the_difference(editions: tuple[Any, Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    """It bridges any two editions, however little their figures follow from one another: from what the one says to what the other says, exactly."""
    folder, made = tmp_path_factory.mktemp("random"), []
    for place, (rows, quarter, manifest) in enumerate(editions):
        scorecard = [
            {"measure_id": name, "quarter": quarter, "kind": "rate", "file": "council.csv", "figure_id": name, "target_high": row["target_low"]} | row
            for name, row in rows.items()
        ]
        made.append(publish(folder / str(place), quarter, manifest, scorecard=scorecard, policies=FIVE + THREE))
    found = changes.between(*changes.open_editions(made))
    ends = [{(name, part): row[part] for name, row in rows.items() for part in ("variance", "band")} for rows, *_ in editions]
    for (name, part), was in ends[0].items():
        now = ends[1].get((name, part), was)
        its = frames.rows(found[found["figure"] == f"{name} {part}"])
        both = name in editions[0][0] and name in editions[1][0]
        assert not both or bool(its) == (was != now)
        if both and was and now and its:
            counted = {"HG": 4, "LG": 3, "G": 3, "A": 2, "LR": 1, "HR": 0}
            apart = Decimal(now) - Decimal(was) if part == "variance" else counted[now] - counted[was]
            assert sum((row["effect"] for row in its), Decimal(0)) == apart
    for name, rows in found[found["part"] == "headline"].groupby("figure"):
        greens = {"measures met": ("HG", "LG", "G"), "measures amber": ("A",), "measures red": ("LR", "HR"), "measures not scored": ("",)}[str(name)]
        counts = [sum(row["band"] in greens for row in rows_.values()) for rows_, *_ in editions]
        assert sum(rows["effect"]) == counts[1] - counts[0]
    assert changes.residual(found.assign(explained=True)) == 0
