"""What is owed, by whom and when: states by day, deadlines, receipts, seasons; and how punctual partners are."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis import frames, quality

Q1, Q2, Q3 = "2016-17-Q1", "2016-17-Q2", "2016-17-Q3"
OWED = ("partner", "form", "covers", "from_quarter", "until_quarter", "due_days", "reports_in", "arrears", "contact", "basis")
RECEIVED = ("quarter", "file", "received_on")
Row = dict[str, Any]

# ---------------------------------------------------------------- small registers and returns, made by hand; Q2 ends on 30 September 2016


def one(**its: str) -> dict[str, str]:
    """Give a return that the Council owes 17 days after each quarter's end."""
    return {"partner": "The Council", "form": "performance", "from_quarter": Q1, "due_days": "17"} | its


OURS = f"{Q2}.the-council"


def file(
    name: str = "council/build.xlsx", state: str = "received", forms: str = "performance", partner: str = "The Council", quarter: str = Q2, form_sent: str = ""
) -> Row:
    """Give a return that came."""
    return {"quarter": quarter, "file": name, "state": state, "forms": forms, "partner": partner, "form_sent": form_sent}


def day(text: str, name: str = "council/build.xlsx", quarter: str = Q2) -> Row:
    """Give a cell above a table that names the day it was made."""
    return {"quarter": quarter, "file": name, "cell": "A2", "row": 2, "column": 1, "raw": text, "field": "header date"}


def table(columns: tuple[str, ...], rows: list[dict[str, str]]) -> pd.DataFrame:
    """Give a register: what a row leaves out is blank."""
    return pd.DataFrame([{name: row.get(name, "") for name in columns} for row in rows], columns=list(columns), dtype=object)


def received(on: str, name: str = "council/build.xlsx", quarter: str = Q2) -> dict[str, str]:
    """Give a line of the register of receipts."""
    return {"quarter": quarter, "file": name, "received_on": on}


def told(
    register: list[dict[str, str]],
    files: list[Row],
    on: str = "",
    cells: list[Row] | None = None,
    came: list[dict[str, str]] | None = None,
    of: tuple[str, ...] = (Q2,),
) -> list[Row]:
    """Give what became of each return that is owed, on a day or on none."""
    frame = frames.make(files, frames.RETURNS)
    asked = date.fromisoformat(on) if on else None
    return frames.rows(quality.owed(frame, table(OWED, register), table(RECEIVED, came or []), frames.make(cells or [], frames.CELLS), of, asked))


# ---------------------------------------------------------------- states

STATES = {  # register, files, on, state, due, days late
    "on the quarter's last day": ([one()], [], "2016-09-30", "not due", "2016-10-17", None),
    "on the day after": ([one()], [], "2016-10-01", "due", "2016-10-17", None),
    "on the deadline": ([one()], [], "2016-10-17", "due", "2016-10-17", None),
    "the day after the deadline": ([one()], [], "2016-10-18", "late", "2016-10-17", 1),
    "a year after the deadline": ([one()], [], "2017-10-17", "late", "2016-10-17", 365),
    "without a deadline, long after": ([one(due_days="")], [], "2026-01-01", "due", "", None),
    "without a deadline, in the quarter": ([one(due_days="")], [], "2016-08-01", "not due", "", None),
    "due on the last day": ([one(due_days="0")], [], "2016-10-01", "late", "2016-09-30", 1),
    "on no day at all": ([one()], [], "", "due", "2016-10-17", None),
    "came whole": ([one()], [file()], "2016-09-01", "accepted", "2016-10-17", None),
    "came with cells held back": ([one()], [file(state="held in part")], "", "received", "2016-10-17", None),
    "came and is held": ([one()], [file(state="held")], "", "held", "2016-10-17", None),
    "came in two files, one held": ([one()], [file("a/x.csv"), file("a/y.csv", "held")], "", "received", "2016-10-17", None),
    "came in two files, both held": ([one()], [file("a/x.csv", "held"), file("a/y.csv", "held")], "", "held", "2016-10-17", None),
    "came twice the same": ([one()], [file("a/x.csv"), file("a/y.csv", "duplicate")], "", "accepted", "2016-10-17", None),
    "only as one that was replaced": ([one()], [file(state="replaced")], "2016-10-18", "late", "2016-10-17", 1),
    "of another form": ([one()], [file(forms="narrative")], "2016-10-10", "due", "2016-10-17", None),
    "of another partner": ([one()], [file(partner="The Police")], "2016-10-10", "due", "2016-10-17", None),
    "of another quarter": ([one()], [file(quarter=Q1)], "2016-10-10", "due", "2016-10-17", None),
    "of two forms": ([one()], [file(forms="narrative, performance")], "", "accepted", "2016-10-17", None),
    "of a partner written otherwise": ([one(partner="Children's Trust")], [file(partner="childrens trust")], "", "accepted", "2016-10-17", None),
    "of a partner that only its folder names": ([one()], [file("the-council/build.xlsx", partner="")], "", "accepted", "2016-10-17", None),
    "of nobody": ([one()], [file("somebody/build.xlsx", partner="")], "2016-10-10", "due", "2016-10-17", None),
    "the part that is asked for": ([one(covers="Build a Better")], [file("council/build-a-better_harrow.xlsx")], "", "accepted", "2016-10-17", None),
    "all parts, in a form named as the partner, sent again": ([one(covers="Build a Better")], [file("the-council-v2.xlsx")], "", "accepted", "2016-10-17", None),
    "all parts, in the form that was sent out, whatever its name": ([one(covers="Build a Better")], [file("services-q2.xlsx", form_sent=OURS)], "", "accepted", "2016-10-17", None),
    "the form that was sent out, whoever it says that it is of": ([one()], [file("x.xlsx", partner="A. Clerk", form_sent=OURS)], "", "accepted", "2016-10-17", None),
    "the form of another quarter": ([one(covers="Build a Better")], [file("x.xlsx", form_sent=OURS.replace("Q2", "Q1"))], "2016-10-10", "due", "2016-10-17", None),
    "the form of a partner whose name begins as this one's": ([one()], [file("x.xlsx", partner="The Council Tax", form_sent=OURS.replace("council", "council-tax"))], "2016-10-10", "due", "2016-10-17", None),
    "a name that only begins as the partner's": ([one(covers="Build a Better")], [file("the-council-tax.xlsx")], "2016-10-10", "due", "2016-10-17", None),
    "another part": ([one(covers="Protect")], [file()], "2016-10-10", "due", "2016-10-17", None),
    "held, and nobody can read what it is": ([one()], [file("the-council/x.xlsx", "held", "", "")], "", "held", "2016-10-17", None),
}  # fmt: skip


@pytest.mark.parametrize(("register", "files", "on", "state", "due", "late"), STATES.values(), ids=STATES)
def test_what_is_owed_has_a_state(register: list[dict[str, str]], files: list[Row], on: str, state: str, due: str, late: int | None) -> None:
    """It says not due, due, late, received, held or accepted, by the day and the deadline, and how many days late."""
    (row,) = told(register, files, on)
    assert (row["quarter"], row["state"], row["due"], row["days_late"]) == (Q2, state, due, late)


def caught(form: str, outcome: str, cell: str = "F4") -> Row:
    """Give a cell of a form, and what became of it."""
    return {"quarter": Q2, "file": "council/build.xlsx", "cell": cell, "form": form, "field": "actual", "outcome": outcome}


BY_FORM = {  # what became of the cells of a file that is held in part -> the state of its performance
    "another form's cell is held": ([caught("performance", "used"), caught("grant spend", "quarantined", "F5")], "accepted"),
    "one of two cells is held": ([caught("performance", "used"), caught("performance", "quarantined", "F5")], "received"),
    "every cell is held": ([caught("performance", "quarantined"), caught("grant spend", "used", "F5")], "held"),
    "nobody knows which": ([], "received"),
}


@pytest.mark.parametrize(("cells", "state"), BY_FORM.values(), ids=BY_FORM)
def test_each_form_in_a_file_has_a_state_of_its_own(cells: list[Row], state: str) -> None:
    """It does not hold a cell of one form against another in the same file."""
    (row,) = told([one()], [file(state="held in part", forms="performance, grant spend")], cells=cells)
    assert row["state"] == state


DAYS = {  # receipts, header dates; received on, days late: due on 17 October
    "on the deadline": ([received("2016-10-17")], [], "2016-10-17", 0),
    "early": ([received("2016-10-01")], [], "2016-10-01", 0),
    "a day late": ([received("2016-10-18")], [], "2016-10-18", 1),
    "by the day that it names": ([], [day("Date: 20 October 2016")], "2016-10-20", 3),
    "by a day without a label": ([], [day("2016-10-19")], "2016-10-19", 2),
    "by a day without a year": ([], [day("date : 16th October")], "2016-10-16", 0),
    "the register goes before the return": ([received("2016-11-16")], [day("Date: 1 October 2016")], "2016-11-16", 30),
    "a receipt of another quarter says nothing": ([received("2016-10-18", quarter=Q1)], [], "", None),
    "a receipt of another file says nothing": ([received("2016-10-18", "council/other.xlsx")], [], "", None),
    "a header that is no date": ([], [day("Date: to follow")], "", None),
}


@pytest.mark.parametrize(("came", "cells", "on", "late"), DAYS.values(), ids=DAYS)
def test_a_return_is_late_by_its_receipt_or_by_the_day_it_names(came: list[dict[str, str]], cells: list[Row], on: str, late: int | None) -> None:
    """It goes by the register of receipts, else by the day above the table; with neither it does not know."""
    (row,) = told([one()], [file()], "2017-01-01", cells, came)
    assert (row["state"], row["received_on"], row["days_late"], row["files"]) == ("accepted", on, late, "council/build.xlsx")


def test_a_return_in_two_files_is_as_late_as_the_later() -> None:
    """It takes the later of two days, and names both files."""
    (row,) = told([one()], [file("a/x.csv"), file("a/y.csv")], came=[received("2016-10-18", "a/y.csv"), received("2016-10-01", "a/x.csv")])
    assert (row["received_on"], row["days_late"], row["files"]) == ("2016-10-18", 1, "a/x.csv | a/y.csv")


def test_a_return_without_a_deadline_is_never_late() -> None:
    """It knows the day, and neither that it was late nor that it was on time."""
    (row,) = told([one(due_days="")], [file()], came=[received("2020-01-01")])
    assert (row["received_on"], row["days_late"], row["due"]) == ("2020-01-01", None, "")


NAMED = [("2016-10-17", "due", None), ("2016-10-18", "late", 1), ("2016-10-27", "late", 10)]


@pytest.mark.parametrize(("newest", "state", "late"), NAMED)
@pytest.mark.parametrize("by_register", [True, False])
def test_a_report_goes_by_the_newest_day_that_any_return_names(newest: str, state: str, late: int | None, by_register: bool) -> None:
    """It says, asked on no day, that what has not come is late where another return of the quarter is of a day after its deadline."""
    came, cells = ([received(newest)], []) if by_register else ([], [day(newest)])
    register = [one(), one(partner="The Police")]
    of = {row["partner"]: row for row in told(register, [file()], cells=cells, came=came)}
    assert (of["The Police"]["state"], of["The Police"]["days_late"]) == (state, late)


def test_another_quarters_days_make_nothing_late() -> None:
    """It goes by the days of the same quarter alone."""
    (row,) = told([one()], [file(quarter=Q3)], came=[received("2017-01-20", quarter=Q3)])
    assert row["state"] == "due"


SEASONS = {  # the register's line; the quarters in which it is owed, of three
    "from a quarter on": ({"from_quarter": Q2}, [Q2, Q3]),
    "until a quarter": ({"from_quarter": "2015-16-Q1", "until_quarter": Q2}, [Q1, Q2]),
    "in one quarter": ({"from_quarter": Q2, "until_quarter": Q2}, [Q2]),
    "in some quarters of the year": ({"reports_in": "Q1 Q3"}, [Q1, Q3]),
    "in some quarters, from one on": ({"reports_in": "Q1 Q3", "from_quarter": Q2}, [Q3]),
    "at the year's end": ({"reports_in": "Q4"}, []),
    "always": ({}, [Q1, Q2, Q3]),
}


@pytest.mark.parametrize(("its", "in_quarters"), SEASONS.values(), ids=SEASONS)
def test_a_return_is_owed_in_its_quarters(its: dict[str, str], in_quarters: list[str]) -> None:
    """It asks for a return from its first quarter to its last, ends included, and in its season alone."""
    assert [row["quarter"] for row in told([one(**its)], [], of=(Q1, Q2, Q3))] == in_quarters


def test_a_deadline_counts_from_each_quarters_own_end() -> None:
    """It sets the deadline 17 days after the end of June, September and December."""
    assert [row["due"] for row in told([one()], [], of=(Q1, Q2, Q3))] == ["2016-07-17", "2016-10-17", "2017-01-17"]


def test_who_is_asked_stands_beside_it() -> None:
    """It keeps the partner, form, part, contact and basis of the register."""
    (row,) = told([one(covers="Build", contact="Jo", basis="002 line 147")], [])
    assert [row[name] for name in ("partner", "form", "covers", "contact", "basis")] == ["The Council", "performance", "Build", "Jo", "002 line 147"]


def test_a_part_is_not_another_whose_name_begins_alike() -> None:
    """It does not take the return of round 10 for that of round 1."""
    (row,) = told([one(covers="round-1")], [file("council/round-10.csv")])
    assert row["state"] == "due"


def test_an_unreadable_file_leaves_an_accepted_return_accepted() -> None:
    """It keeps a return that came whole accepted, though another file of its partner cannot be read."""
    (row,) = told([one()], [file("the-council/build.xlsx"), file("the-council/notes.xlsx", "held", "")])
    assert row["state"] == "accepted"


def test_a_return_in_arrears_is_due_a_quarter_later() -> None:
    """It counts the deadline of a return a quarter in arrears from the end of the quarter after."""
    (early,), (row,) = (told([one(arrears="1")], [], day) for day in ("2016-12-31", "2017-01-01"))
    assert (early["state"], row["due"], row["state"]) == ("not due", "2017-01-17", "due")


def test_the_frames_stay_as_they_were() -> None:
    """It leaves returns, registers and cells unchanged."""
    given_ = [frames.make([file()], frames.RETURNS), table(OWED, [one()]), table(RECEIVED, [received("2016-10-18")]), frames.make([day("1 May")], frames.CELLS)]
    before = [frame.copy(deep=True) for frame in given_]
    quality.not_received(given_[0], quality.owed(*given_, [Q2]))
    for frame, earlier in zip(given_, before, strict=True):
        assert_frame_equal(frame, earlier)


@pytest.mark.parametrize("of", [(), (Q2,)])
def test_where_nothing_is_owed_nothing_is_told(of: tuple[str, ...]) -> None:
    """It gives empty frames where the register is empty or no quarter is looked at."""
    made = quality.owed(frames.make([file()], frames.RETURNS), table(OWED, [one()] if not of else []), table(RECEIVED, []), frames.make([], frames.CELLS), of)
    assert (len(made), len(quality.punctuality(made)), len(quality.not_received(frames.make([], frames.RETURNS), made))) == (0, 0, 0)


# ---------------------------------------------------------------- not received


def states(*rows: tuple[str, str, int | None], **more: str) -> pd.DataFrame:
    """Give what is owed: partner, state and days late, each of a form of its own."""
    made = [{"quarter": Q2, "partner": who, "form": f"form {n}", "state": state, "days_late": late} | more for n, (who, state, late) in enumerate(rows)]
    return frames.make(made, frames.OWED)


ABSENT = {  # state, days late, what is more; the state as listed, or none
    "late": ("late", 3, {"due": "2016-10-17"}, "owed and not received, due 17 October 2016, 3 days late"),
    "due": ("due", None, {"due": "2016-10-01"}, "owed and not received, due 1 October 2016"),
    "without a deadline": ("due", None, {}, "owed and not received"),
    "not due": ("not due", None, {"due": "2016-10-17"}, None),
    "received": ("received", 3, {"due": "2016-10-17"}, None),
    "held": ("held", 0, {}, None),
    "accepted": ("accepted", None, {}, None),
}


@pytest.mark.parametrize(("state", "late", "more", "as_listed"), ABSENT.values(), ids=ABSENT)
def test_what_has_not_come_is_listed_by_name(state: str, late: int | None, more: dict[str, str], as_listed: str | None) -> None:
    """It lists with partner, form and part what is due or late, when it was due and how late it is, and nothing that came or is not due."""
    found = frames.rows(quality.not_received(frames.make([file()], frames.RETURNS), states(("The Police", state, late), covers="Crime", **more)))
    expected = {"what": "return", "name": "The Police: form 0, Crime", "partner": "The Police", "quarter": Q2, "state": as_listed, "file": "", "cell": ""}
    assert found == ([expected] if as_listed else [])


def test_one_day_is_one_day() -> None:
    """It says of what is one day late "1 day late"."""
    (row,) = frames.rows(quality.not_received(frames.make([file()], frames.RETURNS), states(("The Police", "late", 1))))
    assert row["state"] == "owed and not received, 1 day late"


# ---------------------------------------------------------------- punctuality


def test_punctuality_counts_each_return_once() -> None:
    """It counts of six returns owed four that came: one on time, one late, two of unknown day; two never came, one of them late; one is not due."""
    of = states(
        ("A", "accepted", 0), ("A", "received", 4), ("A", "held", None), ("A", "accepted", None), ("A", "late", 9), ("A", "due", None), ("A", "not due", None)
    )
    assert frames.rows(quality.punctuality(of)) == [
        {"partner": "A", "quarter": Q2, "owed": 6, "came": 4, "accepted": 2, "held": 1, "late": 2, "on_time": 1, "unknown": 2}
    ]


def test_partners_stand_apart_and_in_order() -> None:
    """It gives a row for each partner, in order, and none for one of whom nothing is due yet."""
    found = frames.rows(quality.punctuality(states(("B", "accepted", 0), ("A", "due", None), ("C", "not due", None))))
    assert [(row["partner"], row["owed"], row["came"], row["on_time"]) for row in found] == [("A", 1, 0, 0), ("B", 1, 1, 1)]


CAME = ("received", "held", "accepted")


@given(rows=st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(["not due", "due", "late", *CAME]), st.none() | st.integers(0, 40)), max_size=15))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_punctuality_covers_all_that_is_owed(rows: list[tuple[str, str, int | None]]) -> None:
    """It counts every return that is due; those that came are on time, late or unknown; and late are those and what is late and has not come."""
    found = {row["partner"]: row for row in frames.rows(quality.punctuality(states(*rows)))}
    assert sum(row["owed"] for row in found.values()) == sum(state != "not due" for _, state, _ in rows)
    for partner, row in found.items():
        never = sum(who == partner and state == "late" for who, state, _ in rows)
        assert row["came"] == row["on_time"] + (row["late"] - never) + row["unknown"] <= row["owed"]
        assert row["accepted"] + row["held"] <= row["came"]


@given(days=st.integers(0, 60), on=st.dates(date(2016, 7, 1), date(2017, 12, 31)))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_what_has_not_come_is_not_due_then_due_then_late(days: int, on: date) -> None:
    """It is not due until the quarter has ended, due until the deadline has passed, and late by the days since."""
    (row,) = told([one(due_days=str(days))], [], on.isoformat())
    past = (on - date(2016, 9, 30)).days
    expected = ("not due", None) if past <= 0 else ("due", None) if past <= days else ("late", past - days)
    assert (row["state"], row["days_late"]) == expected


def test_a_month_in_the_register_of_receipts_is_its_last_day() -> None:
    """It counts a return of which only the month of receipt is known as come by the month's end."""
    (row,) = told([one()], [file()], came=[received("2016-10")])
    assert (row["received_on"], row["days_late"]) == ("2016-10-31", 14)
