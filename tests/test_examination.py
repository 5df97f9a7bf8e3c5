"""Returns as read -> returns as they may be used: what fails is held, nothing is lost, every figure is graded, what is owed is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis import examination, expectations, frames, reference

REAL = Path(__file__).resolve().parents[1] / "data"
LAST_YEAR, Q1, Q2, Q3 = "2015-16-Q2", "2016-17-Q1", "2016-17-Q2", "2016-17-Q3"
BUILD, PROTECT = (f"harrow-council/{name}.xlsx" for name in ("build-a-better-harrow", "protect-the-most-vulnerable"))
PROMISED = ("cells", "returns", "issues", "grant_checks", "quality_checks", "owed", "punctuality", "missing", "grades", "league")
COUNTS = ("used", "ignored", "quarantined")
Made = dict[str, pd.DataFrame]


@cache
def partnership() -> reference.Registers:
    """Give the real registers."""
    return reference.load(REAL)


@cache
def read() -> Made:
    """Give the real scorecards of three quarters as read and cleansed."""
    return examination.as_read(REAL, (Q2, Q1, LAST_YEAR), partnership())


@cache
def examined() -> Made:
    """Give them examined, nothing failing; called within a test, where the suites find nothing."""
    return examination.examine(read(), partnership(), Q2)


@pytest.fixture(autouse=True)
def expected(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Give a list into which a test puts the issues that the suites of expectations are to find; these have tests of their own."""
    issues: list[dict[str, Any]] = []
    monkeypatch.setattr(expectations, "check_all", lambda *_, **__: frames.make(issues, frames.ISSUES))
    return issues


def changed(*rows: dict[str, str], **registers: pd.DataFrame) -> reference.Registers:
    """Give the real registers with some changes of the checks of quality."""
    table = pd.DataFrame(
        [{"check": "", "severity": "", "limit": "", "why": ""} | row for row in rows], columns=["check", "severity", "limit", "why"], dtype=object
    )
    return replace(partnership(), quality_checks=table, **registers)


def fails(file: str, quarter: str = Q2) -> dict[str, str]:
    """Give an issue that holds a return."""
    return {"quarter": quarter, "file": file, "severity": "fail", "stage": "row", "rule": "be right", "message": "It is not."}


def kept(made: Made, file: str, quarter: str = Q2) -> int:
    """Give how many figures of a return are left."""
    rows = made["observations"]
    return int(((rows["file"] == file) & (rows["quarter"] == quarter)).sum())


def of(made: Made, file: str, quarter: str = Q2) -> dict[str, Any]:
    """Give the account of one return."""
    (row,) = [row for row in frames.rows(made["returns"]) if (row["file"], row["quarter"]) == (file, quarter)]
    return row


def conserved(before: Made, after: Made) -> bool:
    """Say whether every cell that was read is there once, and used, ignored or quarantined with a reason."""
    where = ["quarter", "file", "sheet", "cell", "raw"]
    assert_frame_equal(before["cells"][where], after["cells"][where])
    counts = after["returns"][list(COUNTS)].sum(axis=1)
    assert set(after["cells"]["outcome"]) <= set(COUNTS)
    assert (after["cells"].loc[after["cells"]["outcome"] != "used", "reason"] != "").all()
    return bool((counts == after["returns"]["cells"]).all()) and int(counts.sum()) == len(before["cells"])


# ---------------------------------------------------------------- nothing wrong


def test_it_gives_all_that_it_promises() -> None:
    """It gives every frame of the returns and ten more, each keeping its contract, and leaves what it was given as it was."""
    before = {name: frame.copy(deep=True) for name, frame in read().items()}
    made = examination.examine(read(), partnership(), Q2)
    assert set(made) == set(read()) | set(PROMISED)
    for name, frame in made.items():
        frames.check(frame, frames.CONTRACTS[name])
    for name, frame in before.items():
        assert_frame_equal(read()[name], frame)
    assert conserved(read(), made)


def test_what_is_right_goes_on() -> None:
    """It holds nothing where nothing fails: advisories are told, and all 249 figures of three quarters stay."""
    made = examined()
    assert (len(made["observations"]), set(made["returns"]["state"])) == (249, {"received"})
    found = made["issues"][made["issues"]["rule"].isin(made["quality_checks"]["check"])]
    assert found["rule"].tolist() == ["the period is the quarter's"] * 2 + ["targets stay within the year"] * 5


def test_every_figure_is_graded_and_the_leagues_figures_are_those() -> None:
    """It grades each of 249 figures once, for three quarters, and the league has those of whom anything is known."""
    made = examined()
    assert (len(made["grades"]), sorted(set(made["grades"]["quarter"]))) == (249, [LAST_YEAR, Q1, Q2])
    known = made["grades"][made["grades"]["grade"] != "not known"]
    assert int(made["league"]["figures"].sum()) == len(known)
    assert (made["league"][["good", "fair", "poor"]].sum(axis=1) == made["league"]["figures"]).all()


@pytest.mark.parametrize("by", ["an expectation", "a check of figures"])
def test_what_is_held_has_no_grade(by: str, expected: list[dict[str, Any]]) -> None:
    """It grades the figures that go on and no others, whether their return is held before the checks of figures or by one of them."""
    if by == "an expectation":
        expected.append(fails(BUILD))
    made = examination.examine(read(), partnership() if expected else changed({"check": "targets stay within the year", "severity": "fail"}), Q2)
    held = expectations.held_files(made["issues"])
    assert held
    assert not held & set(zip(made["grades"]["quarter"], made["grades"]["file"], strict=True))
    assert len(made["grades"]) == len(made["observations"]) < 249


def test_a_finding_of_its_own_quarter_lowers_a_grade() -> None:
    """It makes the figures fair whose target changed, and poor those of an old period, as document 002 has them."""
    grades = examined()["grades"]
    rows = {row["subject"]: row for row in frames.rows(grades[grades["quarter"] == Q2])}
    assert [rows[f"Build {n}"]["accuracy"] for n in (5, 22, 59, 62, 13)] == ["fair", "fair", "fair", "fair", "good"]
    assert [rows[f"Protect {n}"]["timeliness"] for n in (3, 4)] == ["poor", "poor"]
    earlier = {row["subject"]: row for row in frames.rows(grades[grades["quarter"] == Q1])}
    assert [earlier[f"Protect {n}"]["timeliness"] for n in (3, 4)] == ["poor", "poor"]  # Jul 13 to Jun 14, Jan 14 to Dec 15


# ---------------------------------------------------------------- what fails is held


def test_a_return_that_fails_is_held_as_a_whole(expected: list[dict[str, Any]]) -> None:
    """It takes a failing return out of every frame, quarantines each cell it used, tells it, and lets the others go on."""
    expected.append(fails(BUILD))
    made = examination.examine(read(), partnership(), Q2)
    before, after = of(read(), BUILD), of(made, BUILD)
    assert (kept(made, BUILD), kept(made, PROTECT), kept(made, BUILD, Q1)) == (0, kept(read(), PROTECT), kept(read(), BUILD, Q1))
    assert [after[name] for name in COUNTS] == [0, before["ignored"], before["used"] + before["quarantined"]]
    assert (after["state"], of(made, PROTECT)["state"], of(made, BUILD, Q1)["state"]) == ("held", "received", "received")
    assert conserved(read(), made)
    assert "It is not." in set(made["issues"]["message"])


def test_a_check_of_quality_holds_where_the_register_says_so() -> None:
    """It holds the return with an old period where the register makes that a failure, and no other; the finding is still told."""
    made = examination.examine(read(), changed({"check": "the period is the quarter's", "severity": "fail"}), Q2)
    assert (kept(made, PROTECT), kept(made, BUILD)) == (0, kept(read(), BUILD))
    assert (of(made, PROTECT)["state"], of(made, PROTECT)["used"], conserved(read(), made)) == ("held", 0, True)
    told = made["issues"][made["issues"]["severity"] == "fail"]
    assert list(zip(told["rule"], told["cell"], strict=True)) == [("the period is the quarter's", "F10"), ("the period is the quarter's", "F11")]


def test_what_is_held_is_not_checked_against(expected: list[dict[str, Any]]) -> None:
    """It finds no changed target of the return whose quarter before is held; that of another return is found still."""
    expected.append(fails(BUILD, Q1))
    made = examination.examine(read(), partnership(), Q2)
    changed = made["issues"][made["issues"]["rule"] == "targets stay within the year"]
    assert [message.partition(":")[0] for message in changed["message"]] == ["Business 26"]


def test_what_is_held_is_owed_as_held(expected: list[dict[str, Any]]) -> None:
    """It says of the held return that it is held, of the others that they are accepted, and lists none as not received."""
    expected.append(fails(BUILD))
    made = examination.examine(read(), partnership(), Q2)
    states = {row["covers"]: row["state"] for row in frames.rows(made["owed"]) if (row["quarter"], row["form"]) == (Q2, "performance")}
    assert states == {"Build a Better Harrow": "held", "More Business-like": "accepted", "Protect the Most Vulnerable": "accepted"}
    (row,) = [row for row in frames.rows(made["punctuality"]) if row["quarter"] == Q2]
    assert (row["owed"], row["came"], row["accepted"], row["held"]) == (4, 4, 3, 1)


FILES = st.sets(st.sampled_from([(BUILD, Q2), (PROTECT, Q2), ("harrow-council/more-business-like.csv", Q2), (BUILD, Q1), (PROTECT, LAST_YEAR)]))


@given(held=FILES)
@settings(derandomize=True, deadline=None, max_examples=3)
def test_nothing_is_lost_whatever_is_held(held: set[tuple[str, str]]) -> None:
    """It keeps every cell, whichever returns are held: used, ignored and quarantined come to the cells of each file."""
    found = frames.make([fails(*one) for one in sorted(held)], frames.ISSUES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(expectations, "check_all", lambda *_, **__: found)
        made = examination.examine(read(), partnership(), Q2)
    assert conserved(read(), made)
    assert {(row["file"], row["quarter"]) for row in frames.rows(made["returns"]) if row["state"] == "held"} == held


def test_what_reading_found_is_told_too(expected: list[dict[str, Any]]) -> None:
    """It tells the issues of reading and cleansing before those it finds itself, and holds nothing for an advisory."""
    earlier = frames.make(
        [{"quarter": Q2, "file": BUILD, "severity": "advisory", "stage": "cell", "rule": "be read", "message": "Read it again."}], frames.ISSUES
    )
    expected.append(fails(PROTECT) | {"severity": "advisory"})
    made = examination.examine(read() | {"issues": earlier}, partnership(), Q2)
    assert made["issues"]["message"].tolist()[:2] == ["Read it again.", "It is not."]
    assert set(made["returns"]["state"]) == {"received"}


# ---------------------------------------------------------------- little or nothing there


@cache
def nothing() -> Made:
    """Give every frame as read without any row."""
    return {name: frames.make([], frames.CONTRACTS[name]) for name in read()}


def test_no_returns_at_all_are_examined() -> None:
    """It gives every frame, empty but for the checks, of which each says that there was nothing to check."""
    made = examination.examine(nothing(), partnership(), Q2)
    assert {name for name, frame in made.items() if len(frame)} - {"owed", "punctuality", "missing"} == {"quality_checks", "grant_checks"}
    assert set(made["quality_checks"]["result"]) == {"nothing to check"}


def test_a_quarter_of_which_nothing_came_is_owed() -> None:
    """It says on 1 November, when not one return of the quarter has come, which are owed."""
    made = examination.examine(nothing(), partnership(), Q2, date(2016, 11, 1))
    assert [row["state"] for row in frames.rows(made["owed"]) if row["quarter"] == Q2] == ["due"] * 4


def test_a_quarter_that_is_not_there_says_nothing_of_it() -> None:
    """It checks nothing of a quarter without figures, and grades those before it."""
    made = examination.examine(read(), partnership(), Q3)
    assert set(made["quality_checks"]["result"]) == {"nothing to check"}
    assert set(made["grades"]["quarter"]) == {LAST_YEAR, Q1, Q2}


def test_the_day_asked_changes_only_what_is_owed() -> None:
    """It says the same of everything but what is owed, whenever it is asked."""
    on_a_day = examination.examine(read(), partnership(), Q2, date(2030, 1, 1))
    for name, frame in examined().items():
        if name not in ("owed", "punctuality", "missing", "league", "grades"):
            assert_frame_equal(frame, on_a_day[name])


# ---------------------------------------------------------------- returns sent again, with the real suites

HEAD = "Partner,The Council\nQuarter,Q2 2016/17\nDate,{}\n\nTheme,No,Measure,Good,Target,Actual\n"
ROW = "{},5,Tenant satisfaction with the housing repair and maintenance service (%),Higher,93%,{}\n"
NEET = ',13,"16 to 18 year olds who are not in education, employment or training (NEET)",Lower,2%,1.7%\n'
THEME = "Build a Better Harrow"


def sent_again(folder: Path, **files: str) -> Made:
    """Give returns of one quarter as read, with the real registers."""
    (folder / "raw" / Q2).mkdir(parents=True)
    (folder / "reference").symlink_to(REAL / "reference")
    for name, text in files.items():
        (folder / "raw" / Q2 / f"{name}.csv").write_text(text, encoding="utf-8")
    return examination.as_read(folder, (Q2,), partnership())


def test_rows_that_stay_keep_the_theme_above_them(tmp_path: Path) -> None:
    """It reads a row whose theme stood in the row above also when a newer return has replaced that row."""
    older, newer = HEAD.format("1 October 2016") + ROW.format(THEME, "97%") + NEET, HEAD.format("14 October 2016") + ROW.format(THEME, "95%")
    made = sent_again(tmp_path, older=older, newer=newer)
    assert sorted(zip(made["observations"]["measure_id"], made["observations"]["actual_raw"], strict=True)) == [("Build 13", "1.7%"), ("Build 5", "95%")]


def test_the_newest_that_is_accepted_counts(tmp_path: Path, expected: list[dict[str, Any]]) -> None:
    """It goes back to the first of three returns where the two newer ones fail, though one of them changes no cell."""
    texts = {name: HEAD.format(day) + ROW.format(THEME, "97%") for name, day in (("a", "1 October 2016"), ("b", "2 October 2016"), ("c", "3 October 2016"))}
    expected += [fails("b.csv"), fails("c.csv")]
    made = sent_again(tmp_path, **texts)
    assert made["observations"]["file"].tolist() == ["a.csv"]
    assert dict(zip(made["returns"]["file"], made["returns"]["state"], strict=True)) == {"a.csv": "received", "b.csv": "held", "c.csv": "held"}
    assert {"b.csv", "c.csv"} <= set(made["issues"].loc[made["issues"]["severity"] == "fail", "file"])
