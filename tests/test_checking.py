"""What a check is and how checks are run: words, counts, cells told, and a register that changes severity and limit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis import checking, frames
from analysis.checking import Check, Examined
from analysis.errors import RegisterError
from analysis.vocabulary import Severity, Stage

Q2 = "2016-17-Q2"
ROW = {"quarter": "2016-17-Q1", "file": "a.csv", "sheet": "Page 1", "row": 7, "actual": Decimal("9.50"), "actual_raw": "9.50%", "actual_cell": "F7"}


def check(look: list[str], *skipped: tuple[int, str], **more: Any) -> Check:
    """Give a check that looks at one thing for each message, and skips some."""

    def function(evidence: Any, limit: Decimal) -> Examined:
        del evidence, limit
        result = Examined()
        for message in look:
            result.look(ROW, "actual", message)
        for number, why in skipped:
            result.skip(number, why)
        return result

    return Check(function, Severity.ADVISORY, "Is it?", "it is not", **more)


def register(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Give a register of changes: check, severity, limit."""
    return pd.DataFrame([dict(zip(("check", "severity", "limit"), row, strict=True)) for row in rows], columns=["check", "severity", "limit"], dtype=object)


def ran(checks: dict[str, Check], *changes: tuple[str, str, str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Give the issues and results of some checks."""
    issues, results = checking.run(checks, None, Q2, register(*changes), frames.QUALITY_CHECKS)
    return frames.rows(issues), frames.rows(results)


WORDS = {  # what a check looks at; result, examined, found, not examined, why not
    "nothing there": (check([]), "nothing to check", 0, 0, 0, ""),
    "all well": (check(["", ""]), "passed", 2, 0, 0, ""),
    "one of three odd": (check(["", "odd", ""]), "found 1", 3, 1, 0, ""),
    "nothing could be looked at": (check([], (3, "no past")), "not run", 0, 0, 3, "no past"),
    "some could be looked at": (check([""], (3, "no past"), (1, "no target")), "passed", 1, 0, 4, "no past; no target"),
    "odd, and some not looked at": (check(["odd", "odd"], (1, "no past")), "found 2", 2, 2, 1, "no past"),
    "skipping none says nothing": (check([""], (0, "no past")), "passed", 1, 0, 0, ""),
}


@pytest.mark.parametrize(("one", "result", "examined", "found", "not_examined", "why_not"), WORDS.values(), ids=WORDS)
def test_a_result_is_told_in_words_and_counts(one: Check, result: str, examined: int, found: int, not_examined: int, why_not: str) -> None:
    """It says found, passed, not run or nothing to check, how many of each, and every reason once."""
    _, (told,) = ran({"one": one})
    expected = {"quarter": Q2, "check": "one", "severity": "advisory", "limit": "", "result": result, "why_not": why_not}
    assert told == expected | {"examined": examined, "found": found, "not_examined": not_examined}


def test_an_issue_has_the_place_of_its_row() -> None:
    """It tells a finding with the quarter, file, sheet and cell of its own row, what is typed there and how it was read."""
    (issue,), _ = ran({"one": check(["odd"], stage=Stage.QUARTERS)})
    where = {"quarter": "2016-17-Q1", "file": "a.csv", "sheet": "Page 1", "cell": "F7", "as_typed": "9.50%", "read_as": "9.50"}
    assert issue == where | {"stage": "between quarters", "severity": "advisory", "rule": "one", "message": "odd"}


PLACES = {  # row, part; quarter, cell, as typed, read as
    "a figure with its cell": (ROW, "actual", "2016-17-Q1", "F7", "9.50%", "9.50"),
    "a text without a cell of its own": ({"row": 7, "note": "late"}, "note", Q2, "A7", "late", "late"),
    "a figure that is not there": (ROW | {"actual": None, "actual_raw": "?"}, "actual", "2016-17-Q1", "F7", "?", ""),
    "a part that the row has not": ({"row": 7}, "actual", Q2, "A7", "", ""),
    "no row at all": ({"file": "a.csv"}, "actual", Q2, "", "", ""),
    "a zero is read as a zero": (ROW | {"actual": Decimal(0), "actual_raw": "0"}, "actual", "2016-17-Q1", "F7", "0", "0"),
}


@pytest.mark.parametrize(("row", "part", "quarter", "cell", "typed", "read_as"), PLACES.values(), ids=PLACES)
def test_a_finding_without_a_cell_names_its_row(row: dict[str, Any], part: str, quarter: str, cell: str, typed: str, read_as: str) -> None:
    """It names the cell of the part, else the row's first cell, else none; and the quarter reported where the row names none."""

    def function(evidence: Any, limit: Decimal) -> Examined:
        del evidence, limit
        result = Examined()
        result.look(row, part, "odd")
        return result

    (issue,), _ = ran({"one": Check(function, Severity.INFO, "Is it?", "it is not")})
    assert tuple(issue[name] for name in ("quarter", "cell", "as_typed", "read_as")) == (quarter, cell, typed, read_as)


def test_results_keep_the_order_of_the_checks() -> None:
    """It gives results in the order of the checks, whatever the register's, and issues in the same order."""
    issues, results = ran({"b": check(["odd b"]), "a": check(["odd a", "odd too"])}, ("a", "info", ""), ("b", "", ""))
    assert [row["check"] for row in results] == ["b", "a"]
    assert [(row["rule"], row["severity"], row["message"]) for row in issues] == [("b", "advisory", "odd b"), ("a", "info", "odd a"), ("a", "info", "odd too")]


@pytest.mark.parametrize(
    ("usual", "change", "limit", "severity"),
    [
        (Decimal(20), [], "20", "advisory"),
        (Decimal(20), [("one", "", "")], "20", "advisory"),
        (Decimal(20), [("one", "fail", "")], "20", "fail"),
        (Decimal(20), [("one", "", "7.5")], "7.5", "advisory"),
        (Decimal(20), [("one", "info", "1E+1")], "10", "info"),
        (None, [], "", "advisory"),
    ],
)
def test_the_register_changes_severity_and_limit(usual: Decimal | None, change: list[tuple[str, str, str]], limit: str, severity: str) -> None:
    """It goes by the register's limit and severity where it gives them, by its own where they are blank, and prints the limit plainly."""
    gone_by = []

    def function(evidence: Any, by: Decimal) -> Examined:
        gone_by.append(by)
        result = Examined()
        result.look(ROW, "actual", "odd")
        return result

    (issue,), (told,) = ran({"one": Check(function, Severity.ADVISORY, "Is it?", "it is not", usual, "%")}, *change)
    assert (told["limit"], told["severity"], issue["severity"]) == (limit, severity, severity)
    assert gone_by == [Decimal(limit or 0)]


TAKES = [  # unit, least, limit, whether it can be gone by
    ("%", 1, "1", True), ("%", 1, "0.99", False), ("%", 1, "20.5", True), ("%", 21, "20.999", False), ("%", 0, "-0.01", False),
    (" figures", 2, "2", True), (" figures", 2, "1", False), (" figures", 1, "2.5", False), (" figures", 1, "2.0", True),
    (" quarters", 1, "1.5", False), (" quarters", 1, "3", True), (" returns", 2, "2.01", False), (" returns", 2, "2", True), ("", 0, "0", True),
]  # fmt: skip


@pytest.mark.parametrize(("unit", "least", "limit", "can"), TAKES)
def test_a_limit_has_a_least_and_counts_are_whole(unit: str, least: int, limit: str, can: bool) -> None:
    """It takes no limit below its least, and of figures, quarters and returns whole numbers only."""
    assert check([], limit=Decimal(5), unit=unit, least=Decimal(least)).takes(Decimal(limit)) is can


def test_every_check_that_there_is_not_is_named() -> None:
    """It names each check of the register that nobody knows, and lists those there are."""
    with pytest.raises(RegisterError) as raised:
        ran({"one": check([]), "two": check([])}, ("three", "info", ""), ("one", "info", ""), ("four", "", ""))
    assert (raised.value.subject, raised.value.problems) == ("quality_checks.csv", ["'three' is not a check", "'four' is not a check"])
    assert raised.value.hint == "There are one, two."


def test_every_limit_that_cannot_be_gone_by_is_named() -> None:
    """It names all of them at once, before any check runs, under the name of the register."""
    checks = {"one": check(["odd"], limit=Decimal(3), unit=" figures", least=Decimal(2)), "two": check([], limit=Decimal(9), unit="%", least=Decimal(1))}
    with pytest.raises(RegisterError) as raised:
        checking.run(checks, None, Q2, register(("one", "", "2.5"), ("two", "", "0")), frames.GRANT_CHECKS)
    told = ["the limit of 'one' is 2.5, which it cannot go by", "the limit of 'two' is 0, which it cannot go by"]
    assert (raised.value.subject, raised.value.problems) == ("grant_checks.csv", told)


def test_a_check_without_a_limit_takes_none() -> None:
    """It refuses a limit for a check that goes by none, as a limit that it cannot go by."""
    with pytest.raises(RegisterError):
        ran({"one": check([])}, ("one", "", "5"))


@given(looked=st.lists(st.sampled_from(["", "odd"]), max_size=9), skipped=st.lists(st.integers(0, 9), max_size=5))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_counts_cover_what_was_looked_at(looked: list[str], skipped: list[int]) -> None:
    """It never finds more than it examined, and examined and not examined come to all there was."""
    issues, (told,) = ran({"one": check(looked, *((number, f"why {number}") for number in skipped))})
    assert told["found"] == len(issues) == looked.count("odd") <= told["examined"] == len(looked)
    assert told["not_examined"] == sum(skipped)


def test_the_register_stays_as_it_was() -> None:
    """It leaves the register it is given unchanged."""
    changes = register(("one", "fail", "2"))
    before = changes.copy(deep=True)
    checking.run({"one": check(["odd"], limit=Decimal(3))}, None, Q2, changes, frames.QUALITY_CHECKS)
    assert_frame_equal(changes, before)
