"""Financial-year quarters: 1 April to 31 March, key `2016-17-Q2`, shown `Q2 2016/17`, sorted by key."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import quarters
from analysis.errors import AskedWrongly

SAME_EVERY_RUN = settings(derandomize=True, database=None, deadline=None, max_examples=100)

YEARS = st.integers(min_value=1902, max_value=2198)
KEYS = st.builds(lambda year, number: f"{year}-{(year + 1) % 100:02d}-Q{number}", YEARS, st.integers(min_value=1, max_value=4))


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        pytest.param("2016-17-Q1", date(2016, 4, 1), date(2016, 6, 30), id="Q1 opens the financial year on 1 April"),
        pytest.param("2016-17-Q2", date(2016, 7, 1), date(2016, 9, 30), id="Q2 is July to September"),
        pytest.param("2009-10-Q3", date(2009, 10, 1), date(2009, 12, 31), id="Q3 ends the calendar year"),
        pytest.param("2009-10-Q4", date(2010, 1, 1), date(2010, 3, 31), id="Q4 closes the financial year on 31 March of the next"),
        pytest.param("1999-00-Q4", date(2000, 1, 1), date(2000, 3, 31), id="a year that ends the century"),
        pytest.param("2099-00-Q1", date(2099, 4, 1), date(2099, 6, 30), id="a year that ends the next century"),
    ],
)
def test_a_quarter_covers_its_days(key: str, first: date, last: date) -> None:
    """It covers the days of the British financial year, 1 April to 31 March."""
    quarter = quarters.period(key)
    assert (quarter.start_time.date(), quarter.end_time.date()) == (first, last)


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("", id="nothing at all"),
        pytest.param("2016-17", id="no quarter"),
        pytest.param("2016-17-Q0", id="quarter 0"),
        pytest.param("2016-17-Q5", id="quarter 5"),
        pytest.param("2016-18-Q2", id="two years that do not follow one another"),
        pytest.param("2016-16-Q2", id="the same year twice"),
        pytest.param("2016-2017-Q2", id="the second year in full"),
        pytest.param("16-17-Q2", id="the first year cut short"),
        pytest.param("2016-17-q2", id="a small q"),
        pytest.param("2016/17-Q2", id="a stroke between the years"),
        pytest.param(" 2016-17-Q2", id="a space before"),
        pytest.param("2016-17-Q2\n", id="a line end after"),
        pytest.param("../2016-17-Q2", id="a path"),
        pytest.param("Q2 2016/17", id="the quarter as shown"),
        pytest.param("\u0662\u0660\u0661\u0666-\u0661\u0667-Q2", id="digits of another script, which would not sort"),
        pytest.param("0000-01-Q1", id="the year nought"),
        pytest.param("9999-00-Q1", id="a year that would end in 10000"),
    ],
)
def test_what_is_not_a_quarter_is_told(key: str) -> None:
    """It names what was asked for and says how a quarter is written."""
    with pytest.raises(AskedWrongly) as told:
        quarters.period(key)
    assert told.value.subject == repr(key)
    assert "2016-17-Q2" in told.value.hint


@pytest.mark.parametrize(
    ("key", "before", "earlier"),
    [
        pytest.param("2016-17-Q2", "2016-17-Q1", "2015-16-Q2", id="within a year"),
        pytest.param("2016-17-Q1", "2015-16-Q4", "2015-16-Q1", id="over the start of a financial year"),
        pytest.param("2009-10-Q4", "2009-10-Q3", "2008-09-Q4", id="into a year of one digit"),
        pytest.param("2000-01-Q1", "1999-00-Q4", "1999-00-Q1", id="over the turn of a century"),
    ],
)
def test_the_neighbours_of_a_quarter(key: str, before: str, earlier: str) -> None:
    """It gives the quarter before and the same quarter a year before, which a scorecard sets beside it (002)."""
    assert (quarters.previous(key), quarters.year_earlier(key)) == (before, earlier)
    assert quarters.shown(key) == (key, before, earlier)


@pytest.mark.parametrize(
    ("key", "label", "months"),
    [
        pytest.param("2016-17-Q1", "Q1 2016/17", "April to June 2016", id="spring"),
        pytest.param("2016-17-Q2", "Q2 2016/17", "July to September 2016", id="summer"),
        pytest.param("2009-10-Q3", "Q3 2009/10", "October to December 2009", id="autumn"),
        pytest.param("2009-10-Q4", "Q4 2009/10", "January to March 2010", id="winter, in the next calendar year"),
        pytest.param("1999-00-Q4", "Q4 1999/00", "January to March 2000", id="the turn of a century"),
    ],
)
def test_a_quarter_as_readers_see_it(key: str, label: str, months: str) -> None:
    """It is shown as Q2 2016/17 and by the months it covers."""
    assert (quarters.label(key), quarters.months(key)) == (label, months)


def test_a_label_of_no_quarter_is_refused() -> None:
    """It makes no label for what is not a quarter."""
    with pytest.raises(AskedWrongly, match="2016-18-Q2"):
        quarters.label("2016-18-Q2")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        pytest.param("2016-17-Q2", "2016-17-Q2", id="the key itself"),
        pytest.param("Q2 2016/17", "2016-17-Q2", id="as shown"),
        pytest.param("Quarter 2, 2016/17", "2016-17-Q2", id="in words with a comma"),
        pytest.param("Quarter 1 2011/12", "2011-12-Q1", id="as the headings of 001 write it"),
        pytest.param("q3 2009-10", "2009-10-Q3", id="small letters and a hyphen"),
        pytest.param("QUARTER 4 2009/2010", "2009-10-Q4", id="capitals and the second year in full"),
        pytest.param("  Q2 2016/17\n", "2016-17-Q2", id="space round it"),
        pytest.param("Q4 1999/00", "1999-00-Q4", id="the turn of a century"),
        pytest.param("soon", None, id="a word"),
        pytest.param("", None, id="nothing"),
        pytest.param("Q5 2016/17", None, id="quarter 5"),
        pytest.param("Q2 2016/18", None, id="years that do not follow one another"),
        pytest.param("Q2 2016/1917", None, id="a second year a hundred years early"),
        pytest.param("Q2 2016", None, id="a calendar year, which may be either financial year"),
        pytest.param("2016/17", None, id="a year without a quarter"),
        pytest.param("Q1 9999/00", None, id="a year out of reach"),
    ],
)
def test_a_quarter_in_words(text: str, key: str | None) -> None:
    """It reads a quarter written in words, and gives None for what is not one."""
    assert quarters.parse(text) == key


@SAME_EVERY_RUN
@given(KEYS)
def test_previous_is_undone_by_the_next(key: str) -> None:
    """It steps back by one quarter exactly: one step forward is the same quarter again."""
    assert quarters.key(quarters.period(quarters.previous(key)) + 1) == key


@SAME_EVERY_RUN
@given(KEYS)
def test_a_year_earlier_is_four_quarters_back(key: str) -> None:
    """It gives the same quarter number of the year before, which is four steps back, and four forward again."""
    earlier = quarters.year_earlier(key)
    stepped = key
    for _ in range(4):
        stepped = quarters.previous(stepped)
    assert earlier == stepped
    assert (earlier[-2:], int(earlier[:4])) == (key[-2:], int(key[:4]) - 1)
    assert quarters.key(quarters.period(earlier) + 4) == key


@SAME_EVERY_RUN
@given(st.lists(KEYS, max_size=12))
def test_keys_sort_in_time_order(keys: list[str]) -> None:
    """It sorts as plain text in the order in which the quarters happened."""
    assert sorted(keys) == sorted(keys, key=lambda key: quarters.period(key).start_time)


@SAME_EVERY_RUN
@given(KEYS)
def test_a_key_survives_being_shown_and_read(key: str) -> None:
    """It comes back the same from its Period and from the label that readers see."""
    assert quarters.key(quarters.period(key)) == key
    assert quarters.parse(quarters.label(key)) == key


@SAME_EVERY_RUN
@given(st.integers(min_value=0, max_value=9999), st.integers(min_value=1, max_value=4))
def test_a_year_of_four_digits_is_itself_or_refused(year: int, number: int) -> None:
    """It never takes one year for another: any year of four digits keeps its key, or is refused."""
    key = f"{year:04d}-{(year + 1) % 100:02d}-Q{number}"
    try:
        quarter = quarters.period(key)
    except AskedWrongly:
        return
    assert quarters.key(quarter) == key


@SAME_EVERY_RUN
@given(st.text(max_size=24) | st.from_regex(r"\s?(Q|Quarter)\s?\d,?\s?\d{4}\s?[/-]\d{2,4}", fullmatch=True) | st.from_regex(r"\d{4}-\d{2}-Q\d", fullmatch=True))
def test_any_text_is_a_quarter_or_none(text: str) -> None:
    """It raises nothing, whatever is written; and what it gives is a key that sorts, shows and reads back."""
    key = quarters.parse(text)
    if key is not None:
        assert key.isascii()
        assert quarters.key(quarters.period(key)) == key


def test_a_period_of_the_financial_year_gives_its_key() -> None:
    """It gives the key of any Period whose year ends in March."""
    assert quarters.key(pd.Period("2016-07-01", freq="Q-MAR")) == "2016-17-Q2"


COVERED = [
    pytest.param("quarter count", "April to June 2016", "January to March 2017", id="a count: the quarter"),
    pytest.param("rate", "April to June 2016", "January to March 2017", id="a rate: the quarter"),
    pytest.param("cumulative", "April to June 2016", "April 2016 to March 2017", id="cumulative: the year so far"),
    pytest.param("rolling year", "July 2015 to June 2016", "April 2016 to March 2017", id="a rolling year: the twelve months to the quarter's end"),
    pytest.param("snapshot", "at 30 June 2016", "at 31 March 2017", id="a snapshot: the quarter's last day"),
    pytest.param("milestone", "by 30 June 2016", "by 31 March 2017", id="a milestone: by the quarter's last day"),
    pytest.param("survey", "", "", id="a survey: as it says itself"),
    pytest.param("contextual", "", "", id="contextual: not said"),
    pytest.param("not stated", "", "", id="not stated"),
]


@pytest.mark.parametrize(("kind", "first", "last"), COVERED)
def test_what_a_figure_covers_follows_its_kind(kind: str, first: str, last: str) -> None:
    """It gives the time that a figure of the first and of the last quarter of a year covers, and nothing where the kind does not say."""
    assert (quarters.covered("2016-17-Q1", kind), quarters.covered("2016-17-Q4", kind)) == (first, last)


def test_an_annual_figure_of_the_last_quarter_covers_the_year() -> None:
    """It covers all twelve months of the financial year."""
    assert quarters.covered("2016-17-Q4", "annual") == "April 2016 to March 2017"


def test_an_annual_figure_never_covers_less_than_a_year() -> None:
    """It does not call a figure for a year one for April to June because it is reported in Q1."""
    assert quarters.covered("2016-17-Q1", "annual") != "April to June 2016"


def test_what_a_figure_covers_crosses_years_as_they_are() -> None:
    """It names both years only where they differ, also over the turn of a century."""
    assert quarters.covered("2016-17-Q3", "cumulative") == "April to December 2016"
    assert quarters.covered("2016-17-Q3", "rolling year") == "January to December 2016"
    assert quarters.covered("1999-00-Q4", "cumulative") == "April 1999 to March 2000"
    assert quarters.covered("2015-16-Q4", "snapshot") == "at 31 March 2016"


def test_what_covers_no_quarter_is_refused() -> None:
    """It covers nothing with what is not a quarter."""
    with pytest.raises(AskedWrongly, match="2016-18-Q2"):
        quarters.covered("2016-18-Q2", "rate")


@SAME_EVERY_RUN
@given(KEYS, st.integers(min_value=-8, max_value=8))
def test_an_ordinal_counts_quarters(key: str, steps: int) -> None:
    """It lies as many apart as there are quarters between, either way, and sorts as the keys do."""
    other = quarters.key(quarters.period(key) + steps)
    assert quarters.ordinal(other) - quarters.ordinal(key) == steps
    assert (other > key, other < key) == (steps > 0, steps < 0)


def test_ordinals_of_neighbours_are_one_apart_over_the_years_end() -> None:
    """It goes on from Q4 to Q1 as from Q1 to Q2."""
    ordinals = [quarters.ordinal(key) for key in ("2015-16-Q3", "2015-16-Q4", "2016-17-Q1", "2016-17-Q2")]
    assert [later - ordinals[0] for later in ordinals] == [0, 1, 2, 3]


@pytest.mark.parametrize("key", ["2016-18-Q2", "2016-17-Q5", ""])
def test_an_ordinal_of_no_quarter_is_refused(key: str) -> None:
    """It numbers nothing that is not a quarter."""
    with pytest.raises(AskedWrongly):
        quarters.ordinal(key)
