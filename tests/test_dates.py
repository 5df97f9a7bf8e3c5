"""Dates as returns and registers write them: which day is meant."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import dates

SOME_DAY = st.dates(min_value=date(2010, 1, 1), max_value=date(2013, 12, 31))


def broken(*values: object, why: str) -> Any:
    """Give a case that is known to go wrong."""
    return pytest.param(*values, id=str(values[0]))


READ = [  # text, as typed in a return of Q2 2011/12 (July to September 2011) -> day, words it is read from
    ("1 st quarterly performance report is due 17 th October.", "2011-10-17", "17 th October"),
    ("17 th October", "2011-10-17", "17 th October"),
    ("17th October 2011", "2011-10-17", "17th October 2011"),
    ("17 Oct 2011", "2011-10-17", "17 Oct 2011"),
    ("17th of October, 2011", "2011-10-17", "17th of October, 2011"),
    ("Monday 17 OCTOBER 2011", "2011-10-17", "17 OCTOBER 2011"),
    ("by 17 october", "2011-10-17", "17 october"),
    ("17\u00a0October", "2011-10-17", "17 October"),
    ("17\nOctober", "2011-10-17", "17 October"),
    ("1st July", "2011-07-01", "1st July"),
    ("2nd July 2012", "2012-07-02", "2nd July 2012"),
    ("3 rd July", "2011-07-03", "3 rd July"),
    ("01 July", "2011-07-01", "01 July"),
    ("due to be spent by 31st March 2012.", "2012-03-31", "31st March 2012"),
    ("1 May 2012", "2012-05-01", "1 May 2012"),
    ("by 1 May", "2012-05-01", "1 May"),
    ("29 February 2012", "2012-02-29", "29 February 2012"),
    ("by Sept 2011", "2011-09-30", "Sept 2011"),
    ("Sept.", "2011-09-30", "Sept"),
    ("Sept. 2011", "2011-09-30", "Sept. 2011"),
    ("Sep 2011,", "2011-09-30", "Sep 2011"),
    ("August \u2013", "2011-08-31", "August"),
    ("August \u2013 recruitment of 4 advice volunteers begins", "2011-08-31", "August"),
    ("mid March 2012", "2012-03-31", "March 2012"),
    ("March 2012 - end of project", "2012-03-31", "March 2012"),
    ("end of Dec", "2011-12-31", "Dec"),
    ("February 2012", "2012-02-29", "February 2012"),
    ("February 2013", "2013-02-28", "February 2013"),
    ("December 2011", "2011-12-31", "December 2011"),
    ("march 2012", "2012-03-31", "march 2012"),
    ("may 2012", "2012-05-31", "may 2012"),
    ("by May", "2012-05-31", "May"),
    ("end of May", "2012-05-31", "May"),
    ("from April to May", "2012-05-31", "May"),
    ("in May and June 2012", "2012-06-30", "June 2012"),
    ("March", "2012-03-31", "March"),
    ("April 2012 to September 2012", "2012-09-30", "September 2012"),
    ("October 2011 \u2013 March 2012", "2012-03-31", "March 2012"),
    ("September/October 2011", "2011-10-31", "October 2011"),
    ("between 1 October and 15 November", "2011-11-15", "15 November"),
    ("1-15 October 2011", "2011-10-15", "15 October 2011"),
    ("from 17 October 2011 until March 2012", "2012-03-31", "March 2012"),
    ("in March 2012, or by 17 October 2011", "2011-10-17", "17 October 2011"),
    ("December \u2013 January", "2012-01-31", "January"),
    ("October 2010", "2010-10-31", "October 2010"),
    ("30 September or 31 February 2012", "2011-09-30", "30 September"),
]
SILENT = [
    "",
    "Over two years",
    "ongoing during this first phase/year one",
    "readiness at the beginning of year 2",
    "May need more time",
    "this may take longer",
    "we march on",
    "they may march on together",
    "Maybe later",
    "marching and mayors",
    "a decision on marketing, augmented",
    "31 February 2012",
    "30 February 2012",
    "29 February 2011",
    "31 September 2011",
    "31 Sept",
    "0 October 2011",
    "32 October 2011",
    "in 2012",
    "1 st report",
]
FORMS = "a date written this way is not read, or not wholly"
UNREAD = [
    ("May \u2013 recruitment begins", "2012-05-31", "capital May is a month after by, in, end of, from, to and until only: not as Appendix 3 writes August"),
    ("May", "2012-05-31", "a timescale that is May and nothing else has no date"),
    ("during May", "2012-05-31", "capital May is a month after by, in, end of, from, to and until only"),
    ("by october", "2011-10-31", "every month in small letters is taken as a verb, not only may and march"),
    ("Up to 15 may be recruited", None, "a number before the verb may makes a day of it"),
    ("17/10/2011", "2011-10-17", FORMS),
    ("2011-10-17", "2011-10-17", FORMS),
    ("17-Oct-2011", "2011-10-17", FORMS),
    ("October 17, 2012", "2012-10-17", FORMS),
    ("Mar-13", "2013-03-31", "two figures of a year are not read, and the year is guessed: a year too early"),
]


def read(text: str, quarter: str = "2011-12-Q2") -> tuple[str | None, str]:
    """Give the day that a text names and the words that say so."""
    found = dates.due(text, quarter)
    return (found[0].isoformat(), found[1]) if found else (None, "")


@pytest.mark.parametrize(("text", "day", "words"), READ, ids=repr)
def test_a_date_is_read_as_returns_write_it(text: str, day: str, words: str) -> None:
    """It gives the day by which something is due, a month being due by its last, and the words that it was read from."""
    assert read(text) == (day, words)


@pytest.mark.parametrize("text", SILENT, ids=repr)
def test_what_names_no_day_or_month_has_no_date(text: str) -> None:
    """It gives no date for verbs, longer words, numbers, and days that no month has."""
    assert dates.due(text, "2011-12-Q2") is None


@pytest.mark.parametrize(("text", "day"), [broken(text, day, why=why) for text, day, why in UNREAD])
def test_a_date_that_a_reader_would_understand_is_read(text: str, day: str | None) -> None:
    """It gives the day that a reader would take the words for."""
    assert read(text)[0] == day


YEARS = [  # text, quarter of the return -> day: the first that is not over when that quarter begins
    ("January", "2011-12-Q3", "2012-01-31"),
    ("15 January", "2011-12-Q3", "2012-01-15"),
    ("January", "2011-12-Q4", "2012-01-31"),
    ("1 January", "2011-12-Q4", "2012-01-01"),
    ("31 December", "2011-12-Q4", "2012-12-31"),
    ("December", "2011-12-Q4", "2012-12-31"),
    ("December", "2011-12-Q3", "2011-12-31"),
    ("31 December", "2011-12-Q3", "2011-12-31"),
    ("1 October", "2011-12-Q3", "2011-10-01"),
    ("30 September", "2011-12-Q3", "2012-09-30"),
    ("September", "2011-12-Q3", "2012-09-30"),
    ("March", "2011-12-Q4", "2012-03-31"),
    ("March", "2012-13-Q1", "2013-03-31"),
    ("1 April", "2012-13-Q1", "2012-04-01"),
    ("February", "2011-12-Q3", "2012-02-29"),
    ("February", "2012-13-Q3", "2013-02-28"),
    ("29 February", "2011-12-Q4", "2012-02-29"),
    ("January 2011", "2011-12-Q3", "2011-01-31"),
]


@pytest.mark.parametrize(("text", "quarter", "day"), YEARS)
def test_a_year_left_out_is_the_first_that_is_not_over(text: str, quarter: str, day: str) -> None:
    """It takes the first such day or month that is not over when the quarter of the return begins, also over the year's end."""
    assert read(text, quarter)[0] == day


def test_a_leap_day_is_looked_for_in_both_years() -> None:
    """It finds 29 February 2012 from Q3 2011/12, as 2011 had none."""
    assert read("29 February", "2011-12-Q3")[0] == "2012-02-29"


NAMES = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
STARTS = {"2011-12-Q1": date(2011, 4, 1), "2011-12-Q2": date(2011, 7, 1), "2011-12-Q3": date(2011, 10, 1), "2011-12-Q4": date(2012, 1, 1)}


@given(day=SOME_DAY, shape=st.sampled_from(("{d} {m} {y}", "by {d}th of {m} {y}", "{d} {s} {y}", "due {d} nd {s}. {y}.", "({d} {m}, {y})")))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_a_whole_date_is_that_day_whatever_the_quarter(day: date, shape: str) -> None:
    """It reads a day, month and year as written, in full or short, whatever the quarter of the return."""
    name = NAMES[day.month - 1]
    text = shape.format(d=day.day, m=name, s=name[:3], y=day.year)
    assert {read(text, quarter)[0] for quarter in STARTS} == {day.isoformat()}


@given(quarter=st.sampled_from(sorted(STARTS)), after=st.integers(min_value=0, max_value=364))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_a_day_of_the_coming_year_needs_no_year(quarter: str, after: int) -> None:
    """It finds each day of the twelve months from the quarter's first, but for a leap day, by its day and month alone."""
    day = STARTS[quarter] + timedelta(days=after)
    if (day.month, day.day) != (2, 29):
        assert read(f"by {day.day} {NAMES[day.month - 1]}", quarter)[0] == day.isoformat()


BOUNDS = [  # as a register writes it -> first day, last day
    ("2012-03-31", "2012-03-31", "2012-03-31"),
    ("2010-07", "2010-07-01", "2010-07-31"),
    ("2012-02", "2012-02-01", "2012-02-29"),
    ("2011-02", "2011-02-01", "2011-02-28"),
    ("2011-12", "2011-12-01", "2011-12-31"),
]


@pytest.mark.parametrize(("written", "first", "last"), BOUNDS)
def test_a_month_of_a_register_begins_on_its_first_day_and_ends_on_its_last(written: str, first: str, last: str) -> None:
    """It takes a day as itself, and a month from its first day to its last."""
    assert (dates.begins(written).isoformat(), dates.ends(written).isoformat()) == (first, last)


ENDS = [("2011-12-Q1", "2011-06-30"), ("2011-12-Q2", "2011-09-30"), ("2011-12-Q3", "2011-12-31"), ("2011-12-Q4", "2012-03-31"), ("2012-13-Q1", "2012-06-30")]


@pytest.mark.parametrize(("quarter", "last"), ENDS)
def test_a_quarter_ends_on_its_last_day(quarter: str, last: str) -> None:
    """It gives the last day, which lies in that quarter, and the day after it in the next."""
    day = date.fromisoformat(last)
    assert (dates.last_day(quarter), dates.quarter_of(day)) == (day, quarter)
    assert dates.quarter_of(day + timedelta(days=1)) > quarter
