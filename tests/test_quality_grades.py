"""How far each figure can be trusted: a grade by dimension, the worst of them its grade, and partners beside one another."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis import frames, quality
from analysis.quality.grades import worst

Q1, Q2 = "2016-17-Q1", "2016-17-Q2"
Row = dict[str, Any]
ORDER = ("completeness", "accuracy", "validity", "timeliness")

# ---------------------------------------------------------------- small frames, made by hand


def score(**its: Any) -> Row:
    """Give a measure's figure that was given, read and scored without any doubt: row 8, target in E, actual in F."""
    made = {"measure_id": "Build 1", "quarter": Q2, "file": "build.xlsx", "sheet": "Card", "row": 8, "partner": "The Council", "figure_id": "f1"}
    made |= {"target_cell": "E8", "actual_cell": "F8", "actual_raw": "90%", "actual": Decimal(90), "agreement": "agrees"}
    return made | its


def award(**its: Any) -> Row:
    """Give an award that adds up: its amount in B8, its spend in C8."""
    made = {
        "project": "Gyms",
        "round": "Round 1",
        "quarter": Q2,
        "file": "grant.xlsx",
        "sheet": "Page 1",
        "row": 8,
        "partner": "The Council",
        "figure_id": "a1",
    }
    return made | {"award": Decimal(5), "award_cell": "B8", "total_to_date": Decimal(5), "total_to_date_cell": "C8", "verdict": "balances"} | its


def month(**its: Any) -> Row:
    """Give a figure of one month, in C8."""
    made = {"indicator": "Claimants", "month": "2016-09", "quarter": Q2, "file": "jag.xlsx", "sheet": "Months", "row": 8, "partner": "JAG", "figure_id": "m1"}
    return made | {"value": Decimal(5), "value_raw": "5", "value_cell": "C8"} | its


def issue(stage: str = "cell", rule: str = "as asked", cell: str = "F8", severity: str = "advisory", **its: Any) -> Row:
    """Give an issue about a cell of the measure's return."""
    return {"quarter": Q2, "file": "build.xlsx", "sheet": "Card", "cell": cell, "stage": stage, "severity": severity, "rule": rule} | its


def came(late: int | None, files: str = "build.xlsx", quarter: str = Q2, form: str = "performance") -> Row:
    """Give a return that was owed and came so many days late."""
    return {"quarter": quarter, "partner": "The Council", "form": form, "state": "accepted", "files": files, "days_late": late}


ABOUT = {"scores": frames.SCORES, "spend": frames.SPEND, "monthly": frames.MONTHLY, "issues": frames.ISSUES, "owed": frames.OWED}


@cache
def blank(name: str) -> pd.DataFrame:
    """Give one of them without any row."""
    return frames.make([], ABOUT[name])


def given_to(**rows: list[Row]) -> list[pd.DataFrame]:
    """Give the five frames that figures are graded by."""
    made = {name: frames.make(rows[name], contract) if rows.get(name) else blank(name) for name, contract in ABOUT.items()}
    return list((made | {"monthly": made["monthly"].assign(figure_id=[row["figure_id"] for row in rows.get("monthly", [])])}).values())


def graded(**rows: list[Row]) -> list[Row]:
    """Give the grades of figures."""
    return frames.rows(quality.grades(*given_to(**rows)))


def letters(row: Row) -> str:
    """Give the grades of a figure in the order completeness, accuracy, validity, timeliness and all: g, f, p, or n for not known."""
    return "".join(row[name][0] for name in (*ORDER, "grade"))


# ---------------------------------------------------------------- measures

REPAIR = "look-alike letters replaced"
STALE = "the period is the quarter's"
MEASURES = {  # what is otherwise than without doubt, issues; grades, why
    "without doubt": ({}, [], "gggng", ""),
    "a target that was repaired": ({"target_repairs": f"spaces made plain; {REPAIR}"}, [], "ggfnf", f"repaired: {REPAIR}"),
    "target and actual repaired alike": ({"target_repairs": REPAIR, "actual_repairs": REPAIR}, [], "ggfnf", f"repaired: {REPAIR}"),
    "only spaces": ({"actual_repairs": "spaces made plain; dashes made plain; carried down from the row above"}, [], "gggng", ""),
    "an advisory of its cell": ({}, [issue()], "ggfnf", "not as asked: as asked"),
    "an advisory of its target's cell": ({}, [issue(cell="E8", stage="row")], "ggfnf", "not as asked: as asked"),
    "an advisory of its row": ({}, [issue(cell="8:8", stage="row")], "ggfnf", "not as asked: as asked"),
    "an advisory of its row's first cell": ({}, [issue(cell="A8", stage="form")], "ggfnf", "not as asked: as asked"),
    "an advisory of its sheet": ({}, [issue(cell="", stage="form")], "ggfnf", "not as asked: as asked"),
    "an advisory of its file": ({}, [issue(cell="", sheet="", stage="file")], "ggfnf", "not as asked: as asked"),
    "told twice": ({}, [issue(), issue(cell="E8")], "ggfnf", "not as asked: as asked"),
    "a note for the record": ({}, [issue(severity="info"), issue("between quarters", severity="info")], "gggng", ""),
    "an advisory of another row": ({}, [issue(cell="F9"), issue(cell="9:9")], "gggng", ""),
    "an advisory of another quarter": ({}, [issue(quarter=Q1)], "gggng", ""),
    "an advisory of another file": ({}, [issue(file="other.xlsx")], "gggng", ""),
    "an advisory of another sheet": ({}, [issue(sheet="Other")], "gggng", ""),
    "odd beside other quarters": ({}, [issue("between quarters", "one unit as before")], "gfgnf", "one unit as before"),
    "odd beside other returns": ({}, [issue("between returns", "no two measures are one")], "gfgnf", "no two measures are one"),
    "provisional": ({"actual_markers": "[p]"}, [], "gfgnf", "provisional"),
    "estimated, and odd": ({"actual_markers": "[e]"}, [issue("between quarters", "x")], "gfgnf", "estimated; x"),
    "revised": ({"actual_markers": "[r]"}, [], "gggng", ""),
    "another band than the one printed": ({"agreement": "differs"}, [], "gpgnp", "its band is not the one printed"),
    "a band that rounding explains": ({"agreement": "rounding"}, [], "gggng", ""),
    "older than the register allows": ({}, [issue("row", STALE)], "gggpp", STALE),
    "a range": ({"actual": None, "actual_low": Decimal(1), "actual_high": Decimal(2)}, [], "gggng", ""),
    "an actual that could not be read": ({"actual": None, "actual_reason": "could not be read"}, [], "pnpnp", "no figure: could not be read; actual could not be read"),
    "a formula error": ({"actual": None, "actual_reason": "formula error"}, [], "pnpnp", "no figure: formula error; actual could not be read"),
    "a target that could not be read": ({"target_reason": "could not be read"}, [], "ggpnp", "target could not be read"),
    "not given": ({"actual": None, "actual_reason": "not given"}, [], "pngnp", "no figure: not given"),
    "asked for and not known": ({"actual": None, "actual_reason": "asked for and not known"}, [], "pngnp", "no figure: asked for and not known"),
    "not given, though a band is printed": ({"actual": None, "actual_reason": "not given", "published_status": "HR"}, [], "pngnp", "no figure: not given"),
    "no survey": ({"actual": None, "actual_reason": "no survey this quarter"}, [issue()], "nnnnn", "no figure: no survey this quarter"),
    "a reason in the status": ({"actual": None, "actual_reason": "not given", "published_status": "Reports in Q4 only"}, [], "nnnnn", "no figure: Reports in Q4 only"),
}  # fmt: skip


@pytest.mark.parametrize(("its", "issues", "grades", "why"), MEASURES.values(), ids=MEASURES)
def test_a_measures_figure_is_graded(its: Row, issues: list[Row], grades: str, why: str) -> None:
    """It is good in every dimension unless something says otherwise, which it then tells; the worst that is known is its grade."""
    (row,) = graded(scores=[score(**its)], issues=issues)
    assert (letters(row), row["why"]) == (grades, why)


def test_a_grade_names_its_figure() -> None:
    """It says which figure it is of, of whom and when, and where it stands."""
    (row,) = graded(scores=[score()])
    about = {"figure_id": "f1", "what": "measure", "quarter": Q2, "partner": "The Council", "subject": "Build 1"}
    assert {name: row[name] for name in (*about, "file", "sheet", "cell")} == about | {"file": "build.xlsx", "sheet": "Card", "cell": "F8"}


def test_a_figure_that_is_not_due_is_not_known() -> None:
    """It grades nothing of a figure that is not due yet, and what is given before it is due as given."""
    blank = score(actual=None, actual_reason="not given")
    waits = {("Build 1", Q2)}
    (row,) = frames.rows(quality.grades(*given_to(scores=[blank]), waits=waits))
    assert (letters(row), row["why"]) == ("nnnnn", "not due yet")
    (row,) = frames.rows(quality.grades(*given_to(scores=[score()]), waits=waits))
    assert letters(row) == "gggng"


def test_a_finding_is_said_in_its_checks_few_words() -> None:
    """It says what a check found in the words given for that check, of validity and of accuracy, and by its name where there are none."""
    issues = [issue("row", "totals foot"), issue("between quarters", "figures move on"), issue("between quarters", "other")]
    few = {"totals foot": "a total that its rows do not make", "figures move on": "same as last quarter"}
    (row,) = frames.rows(quality.grades(*given_to(scores=[score()], issues=issues), odd=few))
    assert row["why"] == "same as last quarter; other; not as asked: a total that its rows do not make"


TIMES = {  # what is owed; timeliness, grade, why
    "on time": ([came(0)], "good", "good", ""),
    "a day late": ([came(1)], "poor", "poor", "its return came 1 day late"),
    "two days late": ([came(2)], "poor", "poor", "its return came 2 days late"),
    "on a day that nobody knows": ([came(None)], "not known", "good", ""),
    "one of two files": ([came(3, "other.xlsx | build.xlsx")], "poor", "poor", "its return came 3 days late"),
    "another return": ([came(3, "other.xlsx")], "not known", "good", ""),
    "another quarter's": ([came(3, quarter=Q1)], "not known", "good", ""),
}


@pytest.mark.parametrize(("owed", "timeliness", "grade", "why"), TIMES.values(), ids=TIMES)
def test_a_figure_is_as_late_as_its_return(owed: list[Row], timeliness: str, grade: str, why: str) -> None:
    """It is poor in timeliness where its return came late, and not known where nobody knows when it was due or came."""
    (row,) = graded(scores=[score()], owed=owed)
    assert (row["timeliness"], row["grade"], row["why"]) == (timeliness, grade, why)


def test_reasons_stand_in_the_order_of_the_dimensions() -> None:
    """It tells accuracy before validity and validity before timeliness, and takes the worst."""
    (row,) = graded(scores=[score(actual_markers="[p]", actual_repairs=REPAIR)], owed=[came(2)])
    assert (letters(row), row["why"]) == ("gffpp", f"provisional; repaired: {REPAIR}; its return came 2 days late")


# ---------------------------------------------------------------- awards and months

AWARDS = {  # what is otherwise, issues; grades, why
    "adds up": ({}, [], "gggng", ""),
    "short": ({"verdict": "short"}, [], "gpgnp", "its parts do not make the award: short"),
    "over": ({"verdict": "over"}, [], "gpgnp", "its parts do not make the award: over"),
    "double counted": ({"verdict": "double counted"}, [], "gpgnp", "its parts do not make the award: double counted"),
    "cannot be checked": ({"verdict": "cannot be checked"}, [], "gngng", ""),
    "cannot be checked, and odd": ({"verdict": "cannot be checked"}, [issue("between quarters", "x", "C8")], "gfgnf", "x"),
    "an amount not known": (
        {"verdict": "cannot be checked", "total_to_date": None, "total_to_date_reason": "asked for and not known"}, [], "pngnp", "not given: total to date",
    ),
    "an amount that the form has not": ({"forecast_q2_reason": "not given"}, [], "gggng", ""),
    "an amount that could not be read": (
        {"total_to_date": None, "total_to_date_reason": "could not be read"}, [], "pgpnp", "not given: total to date; total to date could not be read",
    ),
    "an advisory of an amount": ({}, [issue("row", "x", "C8")], "ggfnf", "not as asked: x"),
    "an amount repaired": ({"award_repairs": "split digits joined"}, [], "ggfnf", "repaired: split digits joined"),
}  # fmt: skip


@pytest.mark.parametrize(("its", "issues", "grades", "why"), AWARDS.values(), ids=AWARDS)
def test_an_award_is_graded(its: Row, issues: list[Row], grades: str, why: str) -> None:
    """It is poor where its parts do not make it or an amount is not known, and fair where one was repaired or is odd."""
    (row,) = graded(spend=[award(**its)], issues=[one | {"file": "grant.xlsx", "sheet": "Page 1"} for one in issues])
    assert (letters(row), row["why"]) == (grades, why)
    assert (row["what"], row["subject"], row["cell"], row["figure_id"]) == ("award", "Gyms", "B8", "a1")


MONTHS = {  # what is otherwise, issues; grades, why
    "without doubt": ({}, [], "gggng", ""),
    "repaired": ({"value_repairs": REPAIR}, [], "ggfnf", f"repaired: {REPAIR}"),
    "not known": ({"value": None, "value_reason": "asked for and not known"}, [], "pngnp", "no figure: asked for and not known"),
    "odd": ({}, [issue("between quarters", "x", "C8")], "gfgnf", "x"),
}


@pytest.mark.parametrize(("its", "issues", "grades", "why"), MONTHS.values(), ids=MONTHS)
def test_a_months_figure_is_graded(its: Row, issues: list[Row], grades: str, why: str) -> None:
    """It is graded as a measure's figure is."""
    (row,) = graded(monthly=[month(**its)], issues=[one | {"file": "jag.xlsx", "sheet": "Months"} for one in issues])
    assert (letters(row), row["why"]) == (grades, why)
    assert (row["what"], row["subject"], row["cell"]) == ("month", "Claimants, 2016-09", "C8")


def test_a_month_with_a_reason_for_no_figure_is_not_known() -> None:
    """It knows nothing of a month for which the return says that there is no figure."""
    (row,) = graded(monthly=[month(value=None, value_reason="not applicable, or no figure")])
    assert letters(row) == "nnnnn"


@pytest.mark.parametrize("status", ["No actual", "TBC", "?"])
def test_a_status_that_says_there_is_none_gives_no_reason(status: str) -> None:
    """It is poor where the status only says again that the figure is not there."""
    (row,) = graded(scores=[score(actual=None, actual_reason="not given", published_status=status)])
    assert row["completeness"] == "poor"


def test_a_period_to_come_is_not_old() -> None:
    """It does not call a figure old that says it is of a quarter to come."""
    told = "Build 1: says it is of Oct 16 to Dec 16, which is after Q2 2016/17. Correct the period."
    (row,) = graded(scores=[score()], issues=[issue("row", STALE, message=told)])
    assert "older" not in row["why"]


def test_a_file_with_a_comma_in_its_name_is_late_too() -> None:
    """It finds the return of a figure whose file has a comma in its name."""
    (row,) = graded(scores=[score(file="build, better.xlsx")], owed=[came(3, "build, better.xlsx")])
    assert row["timeliness"] == "poor"


def test_a_file_that_is_two_returns_is_late_for_the_one_that_is() -> None:
    """It keeps a figure poor whose file came late for one of the two returns it is, whichever the register names last."""
    (row,) = graded(scores=[score()], owed=[came(3), came(0, form="narrative")])
    assert row["timeliness"] == "poor"


def test_a_figure_is_not_late_for_another_form_in_its_file() -> None:
    """It goes by the deadline of the figure's own form, where one file holds two that were due on different days."""
    (row,) = graded(scores=[score()], owed=[came(0), came(5, form="grant spend")])
    assert (row["timeliness"], "late" in row["why"]) == ("good", False)


def test_a_row_that_is_gone_is_no_other_figures_fault() -> None:
    """It grades a figure by its own row, not by one that the form had and the return has not."""
    gone = issue("row", "rows are those of the form", cell="")
    (row,) = graded(scores=[score()], issues=[gone])
    (own,) = graded(scores=[score()], issues=[issue("row", "rows are those of the form")])
    assert (row["validity"], own["validity"]) == ("good", "fair")


# ---------------------------------------------------------------- the worst of them

GRADES = ("good", "fair", "poor", "not known")


@given(found=st.lists(st.sampled_from(GRADES), max_size=5))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_a_grade_is_the_worst_of_those_known(found: list[str]) -> None:
    """It is one of those found, no worse one is among them, and it is not known only where none is."""
    place = {"poor": 0, "fair": 1, "good": 2, "not known": 3}
    assert worst(found) == min(found, key=place.__getitem__, default="not known")


@given(
    its=st.fixed_dictionaries({
        "agreement": st.sampled_from(["agrees", "differs", "rounding"]), "actual_markers": st.sampled_from(["", "[p]", "[e] [r]"]),
        "actual_repairs": st.sampled_from(["", REPAIR]), "actual_reason": st.sampled_from(["not given", "no survey this quarter", "could not be read"]),
        "actual": st.sampled_from([None, Decimal(90)]),
    }),
    stages=st.lists(st.sampled_from(["cell", "row", "between quarters"]), max_size=2), late=st.sampled_from([None, 0, 2]),
)  # fmt: skip
@settings(derandomize=True, deadline=None, max_examples=25)
def test_a_figure_less_than_good_says_why(its: Row, stages: list[str], late: int | None) -> None:
    """It takes the worst of its four dimensions, says why it is less than good and nothing where it is good, and changes no frame."""
    given_ = given_to(scores=[score(**its)], issues=[issue(stage) for stage in stages], owed=[came(late)])
    before = [frame.copy(deep=True) for frame in given_]
    (row,) = frames.rows(quality.grades(*given_))
    assert row["grade"] == worst([row[name] for name in ORDER])
    assert (row["why"] == "") == (row["grade"] == "good")
    for frame, earlier in zip(given_, before, strict=True):
        assert_frame_equal(frame, earlier)


# ---------------------------------------------------------------- the league


def marks(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Give graded figures: partner, grade, completeness."""
    made = [{"figure_id": f"f{n}", "quarter": Q2, "partner": who, "grade": grade, "completeness": whole} for n, (who, grade, whole) in enumerate(rows)]
    return frames.make(made, frames.GRADES)


def league(of: pd.DataFrame, **late: int) -> list[Row]:
    """Give the league, with how many returns of each partner were late."""
    return frames.rows(quality.league(of, frames.make([{"partner": who, "quarter": Q2, "late": many} for who, many in late.items()], frames.PUNCTUALITY)))


def test_the_league_counts_figures_by_grade() -> None:
    """It counts good, fair and poor figures and those missing, leaves out what is not known, and gives the share of good ones to one place: 2 of 6."""
    of = marks(
        *[("B", "good", "good")] * 2,
        ("B", "fair", "good"),
        *[("B", "poor", "poor")] * 2,
        ("B", "poor", "good"),
        ("B", "not known", "not known"),
        ("A", "good", "good"),
    )
    assert league(of, B=2) == [
        {"partner": "A", "quarter": Q2, "figures": 1, "good": 1, "fair": 0, "poor": 0, "missing": 0, "late": None, "share_good": Decimal("100.0")},
        {"partner": "B", "quarter": Q2, "figures": 6, "good": 2, "fair": 1, "poor": 3, "missing": 2, "late": 2, "share_good": Decimal("33.3")},
    ]


def test_a_partner_of_whom_nothing_is_known_is_not_in_the_league() -> None:
    """It gives no row where no figure could be graded, and none at all where there are no figures."""
    assert league(marks(("A", "not known", "not known"))) == league(marks()) == []


def test_a_partner_written_otherwise_is_the_same_partner() -> None:
    """It finds the late returns of a partner whose returns write its name as the register does but for an apostrophe, as what is owed does."""
    (row,) = league(marks(("Childrens Trust", "good", "good")), **{"Children's Trust": 1})
    assert row["late"] == 1


@given(rows=st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(GRADES), st.sampled_from(GRADES)), max_size=30))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_the_league_adds_up(rows: list[tuple[str, str, str]]) -> None:
    """It has every figure that could be graded once, by grade, and a share of good ones within a twentieth of a point."""
    found = league(marks(*rows))
    assert sum(row["figures"] for row in found) == sum(grade != "not known" for _, grade, _ in rows)
    for row in found:
        assert row["good"] + row["fair"] + row["poor"] == row["figures"] > 0
        assert abs(row["share_good"] * row["figures"] - 100 * row["good"]) <= Decimal("0.05") * row["figures"]
        assert row["share_good"].as_tuple().exponent == -1
