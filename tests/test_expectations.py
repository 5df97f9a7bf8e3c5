"""Expectations: what fails comes back as file, sheet and cell; a suite that would check nothing is told; only what fails is held."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis import expectations, frames, reference
from analysis.errors import RegisterError
from analysis.vocabulary import Outcome, Severity

ROOT = Path(__file__).resolve().parents[1]
SUITES = sorted((ROOT / "expectations").glob("*.json"))
QUARTER = "2009-10-Q3"
GOOD = {
    "quarter": QUARTER, "file": "a.csv", "row": 2, "indicator": "Enquiries", "month": "2009-11", "polarity": "lower",
    "value": Decimal(5), "value_raw": "5", "value_cell": "C2",
}  # fmt: skip
BAD = GOOD | {"file": "b.xlsx", "sheet": "Return", "row": 7, "month": "2009-12", "value_cell": "D7"}
NOT_NULL = {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "value"}, "severity": "critical", "notes": "The figure is known."}


def monthly(**wrong: object) -> pd.DataFrame:
    """Give a good row of one file and, with something wrong, a row of another."""
    return frames.make([GOOD, BAD | wrong], frames.MONTHLY)


def suite(kind: str, severity: str = "critical", **kwargs: object) -> dict[str, Any]:
    """Give a suite of one expectation."""
    return {"name": "monthly", "expectations": [{"type": f"expect_{kind}", "kwargs": kwargs, "severity": severity, "notes": "What is expected."}]}


def found(frame: pd.DataFrame, of: dict[str, Any], **parameters: object) -> list[list[str]]:
    """Give [file, sheet, cell, as typed] of each issue."""
    return expectations.check(frame, of, parameters)[["file", "sheet", "cell", "as_typed"]].to_numpy().tolist()


def folder(tmp_path: Path, **suites: object) -> Path:
    """Write suites to a folder, by the name of their frame."""
    for name, content in suites.items():
        (tmp_path / f"{name}.json").write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return tmp_path


def refused(tmp_path: Path, **suites: object) -> list[str]:
    """Give what is wrong with some suites when they are read."""
    with pytest.raises(RegisterError) as raised:
        expectations.suites(folder(tmp_path, **suites))
    return raised.value.problems


# ---------------------------------------------------------------- what fails comes back with its place

CHECKS = {
    "null": (suite("column_values_to_not_be_null", column="value"), {"value": None, "value_raw": "tbc"}, ["b.xlsx", "Return", "D7", "tbc"]),
    "range": (
        suite("column_values_to_be_between", column="value", min_value=0),
        {"value": Decimal("-0.01"), "value_raw": "-0.01"},
        ["b.xlsx", "Return", "D7", "-0.01"],
    ),
    "set": (
        suite("column_values_to_be_in_set", column="polarity", value_set=["higher", "lower"]),
        {"polarity": "sideways"},
        ["b.xlsx", "Return", "7:7", "sideways"],
    ),
    "regex": (suite("column_values_to_match_regex", column="indicator", regex=r"\S"), {"indicator": " "}, ["b.xlsx", "Return", "7:7", " "]),
}


@pytest.mark.parametrize(("of", "wrong", "place"), CHECKS.values(), ids=CHECKS)
def test_a_value_that_is_not_as_expected_is_found(of: dict[str, Any], wrong: dict[str, object], place: list[str]) -> None:
    """It gives file, sheet and cell of the wrong value, the row where it has no cell of its own, and nothing of the good row."""
    assert found(monthly(**wrong), of) == [place]


def test_what_is_as_expected_is_not_found() -> None:
    """It tells nothing of rows that all of a suite's expectations allow."""
    everything = {"name": "monthly", "expectations": [check[0]["expectations"][0] for check in CHECKS.values()]}
    assert found(monthly(), everything) == []


def test_rows_that_repeat_a_key_are_all_found() -> None:
    """It names both rows, for nobody has said which is right."""
    told = [
        {"quarter": QUARTER, "file": file, "row": row, "section": "challenge", "text": text}
        for file, row, text in (("a.csv", 2, "One"), ("a.csv", 3, "Two"), ("b.csv", 9, "One"))
    ]
    of = suite("compound_columns_to_be_unique", column_list=["section", "text"])
    assert found(frames.make(told, frames.NARRATIVE), of) == [["a.csv", "", "2:2", ""], ["b.csv", "", "9:9", ""]]


def test_two_figures_of_a_row_are_compared() -> None:
    """It names the row in which one figure is above another, and passes over rows that lack one of the two."""
    awards = [
        {"quarter": QUARTER, "file": "a.csv", "row": 2, "project": "A", "award": Decimal(5), "total_to_date": Decimal(6)},
        {"quarter": QUARTER, "file": "a.csv", "row": 3, "project": "B", "award": Decimal(5), "total_to_date": None},
        {"quarter": QUARTER, "file": "a.csv", "row": 4, "project": "C", "award": Decimal(5), "total_to_date": Decimal(5)},
    ]
    of = suite("column_pair_values_a_to_be_greater_than_b", column_A="award", column_B="total_to_date", or_equal=True, ignore_row_if="either_value_is_missing")
    assert found(frames.make(awards, frames.AWARDS), of) == [["a.csv", "", "2:2", ""]]


SEVERITIES = {"critical": Severity.FAIL, "warning": Severity.ADVISORY, "info": Severity.INFO}


@pytest.mark.parametrize(("typed", "severity"), SEVERITIES.items(), ids=SEVERITIES)
def test_an_issue_says_how_much_it_matters_and_why(typed: str, severity: Severity) -> None:
    """It carries the suite's severity, its notes in the message, and the check's name as the rule."""
    (issue,) = frames.rows(expectations.check(monthly(value=None), suite("column_values_to_not_be_null", typed, column="value"), {}))
    assert (issue["severity"], issue["message"], issue["rule"]) == (
        severity,
        "Enquiries. Expected: What is expected. Found '5'.",
        "column values to not be null",
    )
    assert (issue["quarter"], issue["stage"]) == (QUARTER, "row")


def test_issues_come_in_the_order_of_the_files() -> None:
    """It sorts by file, sheet and cell, in whatever order Great Expectations gave its results."""
    both = {"name": "monthly", "expectations": [CHECKS["set"][0]["expectations"][0], NOT_NULL]}
    frame = frames.make([BAD | {"value": None, "value_raw": ""}, GOOD | {"polarity": "sideways"}], frames.MONTHLY)
    assert [place[0] for place in found(frame, both)] == ["a.csv", "b.xlsx"]


def test_a_parameter_stands_for_what_the_registers_allow() -> None:
    """It puts the registers' words in the place of $PARAMETER."""
    of = suite("column_values_to_be_in_set", column="indicator", value_set={"$PARAMETER": "indicators"})
    assert found(monthly(indicator="Enquiry"), of, indicators=["Enquiries"]) == [["b.xlsx", "Return", "7:7", "Enquiry"]]


def test_a_parameter_that_nobody_gives_is_an_error() -> None:
    """It does not let a suite pass that asks for words which no register has."""
    with pytest.raises(RegisterError):
        found(monthly(), suite("column_values_to_be_in_set", column="indicator", value_set={"$PARAMETER": "indicatrs"}))


def test_an_empty_frame_gives_no_issue() -> None:
    """It has nothing to tell of a quarter in which nothing of the kind was returned."""
    got = expectations.check(frames.make([], frames.MONTHLY), suite("column_values_to_not_be_null", column="value"), {})
    assert (len(got), list(got.columns)) == (0, list(frames.ISSUES.columns))


def test_one_frame_is_not_taken_for_another() -> None:
    """It looks at each frame afresh, though what hands them to Great Expectations is made once: good after bad, and bad after good."""
    of = suite("column_values_to_not_be_null", column="value")
    bad, good = monthly(value=None), monthly()
    assert [len(found(frame, of)) for frame in (bad, good, bad, good)] == [1, 0, 1, 0]


def test_only_the_expectation_that_fails_is_told_of_several() -> None:
    """It gives each failing expectation its own notes, in whatever place it stands among those that hold."""
    kinds = [
        ("not_be_null", {"column": "value"}),
        ("be_in_set", {"column": "polarity", "value_set": ["lower"]}),
        ("match_regex", {"column": "month", "regex": r"-1\d$"}),
    ]
    of = {
        "name": "monthly",
        "expectations": [
            {"type": f"expect_column_values_to_{kind}", "kwargs": kwargs, "severity": "critical", "notes": f"Number {number}."}
            for number, (kind, kwargs) in enumerate(kinds)
        ],
    }
    said = expectations.check(monthly(month="2009-01", value=None), of, {})["message"].tolist()
    assert sorted(text.partition("Expected: ")[2] for text in said) == ["Number 0. Found '5'.", "Number 2. Found '2009-01'."]


def test_what_is_not_as_expected_is_told_though_most_is() -> None:
    """It names the one value that differs where the suite lets some differ: the suite is kept, and the value is still worth a look."""
    of = suite("column_values_to_be_in_set", column="polarity", value_set=["lower"], mostly=0.5)
    assert found(monthly(polarity="sideways"), of) == [["b.xlsx", "Return", "7:7", "sideways"]]


def test_a_frame_that_was_cut_from_another_is_told_by_its_own_rows() -> None:
    """It goes by the place of a row in the frame and not by its label, which is that of the frame it was cut from."""
    frame = frames.make([GOOD | {"month": "2009-10", "file": "z.csv"}, GOOD, BAD | {"value": None}], frames.MONTHLY).iloc[1:]
    assert found(frame, suite("column_values_to_not_be_null", column="value")) == [["b.xlsx", "Return", "D7", "5"]]


@pytest.mark.parametrize(("of", "wrong", "place"), CHECKS.values(), ids=CHECKS)
def test_a_long_frame_is_told_as_a_short_one(of: dict[str, Any], wrong: dict[str, object], place: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """It finds the same in frames of so many rows that each is looked at once only, and refuses a suite there as well."""
    monkeypatch.setattr(expectations, "_MANY", 2)
    assert found(monthly(**wrong), of) == [place]
    with pytest.raises(RegisterError, match="valeu"):
        found(monthly(), suite("column_values_to_not_be_null", column="valeu"))


THOUSANDS = [f"place {number}" for number in range(1_500)]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("place 1499", []),
        ("place 1500", [["b.xlsx", "Return", "7:7", "place 1500"]]),
        ("", [["b.xlsx", "Return", "7:7", ""]]),
        ("Place 1499", [["b.xlsx", "Return", "7:7", "Place 1499"]]),
    ],
)
@pytest.mark.parametrize("by_parameter", [True, False])
def test_a_long_set_is_held_to_as_a_short_one(typed: str, told: list[list[str]], by_parameter: bool) -> None:
    """Of 1,500 allowed values the last is allowed, the one after it is not, nor a blank or a capital, whether the suite lists them or the registers do."""
    of = suite("column_values_to_be_in_set", column="indicator", value_set={"$PARAMETER": "places"} if by_parameter else THOUSANDS)
    frame = frames.make([GOOD | {"indicator": "place 0"}, BAD | {"indicator": typed}], frames.MONTHLY)
    assert found(frame, of, places=THOUSANDS) == told


def test_a_long_set_is_told_in_the_suites_words() -> None:
    """The issue names the rule that the suite has, and says what it expects."""
    of = suite("column_values_to_be_in_set", column="indicator", value_set=THOUSANDS)
    issue = frames.rows(expectations.check(monthly(indicator="elsewhere"), of, {}))[-1]
    assert (issue["rule"], issue["message"]) == ("column values to be in set", "elsewhere. Expected: What is expected. Found 'elsewhere'.")


def test_great_expectations_is_not_loaded_where_nothing_is_to_be_checked() -> None:
    """It leaves a library that takes seconds to load alone where every frame is empty or has no suite."""
    run = (
        "import sys; from pathlib import Path; from analysis import expectations, frames, reference;"
        "made = {'monthly': frames.make([], frames.MONTHLY), 'missing': frames.make([{}], frames.MISSING)};"
        "expectations.check_all(made, reference.load(Path('data'))); sys.exit('great_expectations' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", run], cwd=ROOT, check=False).returncode == 0


# ---------------------------------------------------------------- suites that would check nothing

FAULTY = {
    "an unknown type": (suite("column_values_to_be_nice", column="value"), "nice"),
    "an unknown argument": (suite("column_values_to_not_be_null", colum="value"), "colum"),
    "a column that is not there": (suite("column_values_to_not_be_null", column="valeu"), "valeu"),
}


@pytest.mark.parametrize(("of", "named"), FAULTY.values(), ids=FAULTY)
def test_an_expectation_that_cannot_be_run_is_an_error(of: dict[str, Any], named: str) -> None:
    """It names the suite and what is wrong, where Great Expectations would drop it and succeed."""
    with pytest.raises(RegisterError) as raised:
        found(monthly(), of)
    assert raised.value.subject == "suite 'monthly'"
    assert named in str(raised.value)


def test_one_unknown_type_among_known_ones_is_an_error() -> None:
    """It does not let the known ones speak for the one that was dropped."""
    with pytest.raises(RegisterError, match="nice"):
        found(monthly(), {"name": "monthly", "expectations": [NOT_NULL, *FAULTY["an unknown type"][0]["expectations"]]})


REFUSED = {
    "a severity of no meaning": ({"monthly": suite("x", "fatal")}, "monthly.json, expectation 1: severity 'fatal' is not one of critical, warning, info"),
    "no severity": (
        {"monthly": {"name": "monthly", "expectations": [{"type": "x", "notes": "Why."}]}},
        "monthly.json, expectation 1: severity None is not one of critical, warning, info",
    ),
    "no notes": (
        {"monthly": {"name": "monthly", "expectations": [NOT_NULL, NOT_NULL | {"notes": ""}]}},
        "monthly.json, expectation 2: has no notes; they are what the report says",
    ),
    "no expectation": ({"monthly": {"name": "monthly", "expectations": []}}, "monthly.json: holds no expectation"),
    "no list of expectations": ({"monthly": {"name": "monthly"}}, "monthly.json: holds no expectation"),
    "no such frame": ({"monthley": suite("x")}, "monthley.json: there is no frame 'monthley'"),
}


@pytest.mark.parametrize(("suites", "problem"), REFUSED.values(), ids=REFUSED)
def test_a_suite_that_would_check_nothing_is_refused(suites: dict[str, object], problem: str, tmp_path: Path) -> None:
    """It names the file and the expectation, and says what is wrong."""
    assert refused(tmp_path, **suites) == [problem]


UNREADABLE = {"not JSON": "{", "a list": [NOT_NULL], "without a name": {"expectations": [NOT_NULL]}}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_is_no_suite_is_refused(content: object, tmp_path: Path) -> None:
    """It names a file that cannot be read as a suite, when it is read and not in the middle of a check."""
    (problem,) = refused(tmp_path, monthly=content)
    assert problem.startswith("monthly.json")


def test_everything_wrong_with_the_suites_is_told_at_once(tmp_path: Path) -> None:
    """It goes on after the first fault, through all files."""
    problems = refused(tmp_path, monthly=suite("x", "fatal"), actions="{", awards={"expectations": []})
    assert [problem.partition(".json")[0] for problem in problems] == ["actions", "awards", "monthly"]


# ---------------------------------------------------------------- the real suites


def test_every_real_suite_is_read() -> None:
    """It reads each suite as its JSON says."""
    assert expectations.suites(ROOT / "expectations") == {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in SUITES}
    assert len(SUITES) == 10


@pytest.mark.parametrize("path", SUITES, ids=lambda path: path.stem)
def test_what_great_expectations_runs_is_what_the_json_holds(path: Path) -> None:
    """It runs each expectation of the file, with its own arguments, severity and notes, and none else."""
    registers = reference.load(ROOT / "data")
    given = expectations.parameters(registers)
    of = json.loads(path.read_text(encoding="utf-8"))
    results = expectations._validate(frames.make([{}], frames.CONTRACTS[path.stem]), of, given, "BOOLEAN_ONLY")
    ran = [result.to_json_dict()["expectation_config"] for result in results]
    assert sorted(map(told, ran)) == sorted(told(wanted | {"kwargs": filled(wanted["kwargs"], given)}) for wanted in of["expectations"])


def told(config: dict[str, Any]) -> str:
    """Give what matters of an expectation as text that can be sorted."""
    kwargs = {name: value for name, value in config["kwargs"].items() if name != "batch_id"}
    return json.dumps([config["type"], config["severity"], config["notes"], json.loads(json.dumps(kwargs), parse_int=float)], sort_keys=True)


def filled(kwargs: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Give the arguments of an expectation with its parameters filled in."""
    return {name: given[value["$PARAMETER"]] if isinstance(value, dict) else value for name, value in kwargs.items()}


def test_frames_are_held_against_their_own_suites() -> None:
    """It checks each frame by the project's suite of its name, and lets a frame without one pass."""
    registers = reference.load(ROOT / "data")
    strange = {"quarter": QUARTER, "file": "c.csv", "row": 3, "section": "chalenge", "text": "Words"}
    made = {"monthly": monthly(indicator=""), "narrative": frames.make([strange], frames.NARRATIVE), "missing": frames.make([{}], frames.MISSING)}
    issues = expectations.check_all(made, registers)
    assert issues[["file", "cell", "as_typed"]].to_numpy().tolist() == [["b.xlsx", "7:7", ""], ["c.csv", "3:3", "chalenge"]]


def test_an_actual_far_below_zero_is_shown_at_its_cell() -> None:
    """It points to the actual's own cell, as it was typed, for that is the cell to correct."""
    row = {
        "quarter": QUARTER,
        "file": "a.csv",
        "row": 5,
        "measure_id": "Build 1",
        "measure": "Homes",
        "actual": Decimal(-101),
        "actual_low": Decimal(-101),
        "actual_raw": "-101%",
        "actual_cell": "F5",
    }
    of = json.loads((ROOT / "expectations" / "observations.json").read_text(encoding="utf-8"))
    given = {"measure_ids": ["Build 1"], "least_actual": -100}
    assert found(frames.make([row], frames.OBSERVATIONS), of, **given) == [["a.csv", "", "F5", "-101%"]]


# ---------------------------------------------------------------- what is held


def issue(file: str, severity: Severity, quarter: str = QUARTER) -> dict[str, object]:
    """Give an issue of a file."""
    return {"quarter": quarter, "file": file, "severity": severity}


HELD = [issue("bad.csv", Severity.FAIL), issue("odd.csv", Severity.ADVISORY), issue("note.csv", Severity.INFO)]
FILES = [(QUARTER, "bad.csv"), (QUARTER, "odd.csv"), (QUARTER, "good.csv"), ("2009-10-Q4", "bad.csv")]


def test_only_the_return_that_fails_is_held() -> None:
    """It takes out all rows of the failing file, and leaves other files, advisories, and a namesake in another quarter."""
    rows = [{"quarter": quarter, "file": file, "row": row} for quarter, file in FILES for row in (2, 3)]
    made = {"milestones": frames.make(rows, frames.MILESTONES), "actions": frames.make(rows[:2], frames.ACTIONS)}
    kept = expectations.accepted(made, frames.make(HELD, frames.ISSUES))
    assert kept["milestones"][["quarter", "file"]].drop_duplicates().to_numpy().tolist() == [list(pair) for pair in FILES[1:]]
    assert (len(kept["milestones"]), len(kept["actions"])) == (6, 0)
    assert list(kept["milestones"].index) == list(range(6))


def test_nothing_is_held_where_nothing_fails() -> None:
    """It leaves every row where there is no failure."""
    made = {"actions": frames.make([{"quarter": QUARTER, "file": "a.csv", "row": 2}], frames.ACTIONS)}
    assert len(expectations.accepted(made, frames.make(HELD[1:], frames.ISSUES))["actions"]) == 1


def test_the_used_cells_of_a_held_return_are_quarantined() -> None:
    """It quarantines them with the reason, and leaves ignored ones, those quarantined before, and all other files."""
    rows = [
        {"quarter": QUARTER, "file": "bad.csv", "cell": "A1", "outcome": Outcome.USED},
        {"quarter": QUARTER, "file": "bad.csv", "cell": "A2", "outcome": Outcome.IGNORED, "reason": "title"},
        {"quarter": QUARTER, "file": "bad.csv", "cell": "A3", "outcome": Outcome.QUARANTINED, "reason": "no such measure"},
        {"quarter": QUARTER, "file": "good.csv", "cell": "A1", "outcome": Outcome.USED},
        {"quarter": "2009-10-Q4", "file": "bad.csv", "cell": "A1", "outcome": Outcome.USED},
    ]
    cells = expectations.hold(frames.make(rows, frames.CELLS), frames.make(HELD, frames.ISSUES))
    assert cells[["outcome", "reason"]].to_numpy().tolist() == [
        ["quarantined", "the return fails an expectation"],
        ["ignored", "title"],
        ["quarantined", "no such measure"],
        ["used", ""],
        ["used", ""],
    ]
