"""Comparators: rank and quartile by polarity, ties, age, and what is published or returned instead."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import cleansing, comparators, frames, quarters, reference, returns, scoring, trends

REAL = Path(__file__).resolve().parents[1] / "data"
NOW = "2016-17-Q2"
COLUMNS = ["group", "measure_id", "subject", "period", "member", "value", "rank", "of", "quartile", "source"]
TOP, SECOND, THIRD, BOTTOM = "top quartile", "second quartile", "third quartile", "bottom quartile"


def score(actual: str | int | None, polarity: str = "higher", of: str = NOW, **more: object) -> dict[str, Any]:
    """Give this partnership's own figure."""
    about = {"measure_id": "Build 1", "quarter": of, "polarity": polarity, "file": "a.csv", "actual_cell": "F2"}
    return about | {"actual": None if actual is None else Decimal(actual)} | more


def told(**more: str) -> dict[str, str]:
    """Give one row of the register of comparators."""
    return dict.fromkeys(COLUMNS, "") | {"group": "London boroughs", "measure_id": "Build 1", "period": NOW, "source": "a table"} | more


def members(*values: str | int, **more: str) -> list[dict[str, str]]:
    """Give the values of the other members of a group."""
    return [told(member=f"Borough {number}", value=str(value), **more) for number, value in enumerate(values)]


def positions(register: list[dict[str, str]], *scores: dict[str, Any], quarter: str = NOW) -> list[dict[str, Any]]:
    """Give the positions, row by row."""
    made = comparators.positions(frames.make(list(scores), frames.SCORES), pd.DataFrame(register, columns=COLUMNS, dtype=object), quarter)
    return frames.rows(made)


def one(register: list[dict[str, str]], *scores: dict[str, Any], quarter: str = NOW) -> dict[str, Any]:
    """Give the only position."""
    (got,) = positions(register, *scores, quarter=quarter)
    return got


# ---------------------------------------------------------------- rank and quartile

RANKS = [
    pytest.param("higher", 50, (1, 4, TOP, 0), id="higher: the best of four"),
    pytest.param("higher", 35, (2, 4, SECOND, 0), id="higher: between"),
    pytest.param("higher", 5, (4, 4, BOTTOM, 0), id="higher: the last"),
    pytest.param("lower", 5, (1, 4, TOP, 0), id="lower: the best of four"),
    pytest.param("lower", 35, (3, 4, THIRD, 0), id="lower: between"),
    pytest.param("lower", 50, (4, 4, BOTTOM, 0), id="lower: the last"),
    pytest.param("higher", 40, (1, 4, TOP, 1), id="higher: as good as the best"),
    pytest.param("lower", 40, (3, 4, THIRD, 1), id="lower: as bad as the worst, and so third with it"),
    pytest.param("higher", "20.00", (2, 4, SECOND, 1), id="equal in other places"),
    pytest.param("higher", "40.000000000000000001", (1, 4, TOP, 0), id="better by less than a float can tell"),
]


@pytest.mark.parametrize(("polarity", "own", "expected"), RANKS)
def test_the_rank_goes_by_polarity_and_equals_share_the_better(polarity: str, own: Any, expected: tuple[Any, ...]) -> None:
    """It ranks the partnership's figure among 40, 20 and 10, the best first, equal figures sharing the better rank."""
    got = one(members(40, 20, 10), score(own, polarity))
    assert (got["rank"], got["of"], got["quartile"], got["tied"]) == expected
    assert (got["how"], got["value"], got["source"], got["age"]) == ("computed", Decimal(own), "a table", 0)


def test_three_that_share_a_rank_are_counted() -> None:
    """It says with how many members a rank is shared: two of three others, all second."""
    got = one(members(30, 20, 20), score(20))
    assert (got["rank"], got["of"], got["tied"], got["words"]) == (2, 4, 2, "joint 2nd of 4 London boroughs, second quartile")


QUARTILES = [
    # a quarter of 12 is 3; of 10 is 2.5; of 33 is 8.25, half 16.5, three quarters 24.75; of 4 is 1
    *((rank, 12, quartile) for rank, quartile in ((1, TOP), (3, TOP), (4, SECOND), (6, SECOND), (7, THIRD), (9, THIRD), (10, BOTTOM), (12, BOTTOM))),
    *((rank, 10, quartile) for rank, quartile in ((2, TOP), (3, SECOND), (5, SECOND), (6, THIRD), (7, THIRD), (8, BOTTOM), (10, BOTTOM))),
    *((rank, 33, quartile) for rank, quartile in ((8, TOP), (9, SECOND), (16, SECOND), (17, THIRD), (24, THIRD), (25, BOTTOM), (33, BOTTOM))),
    *((rank, 4, quartile) for rank, quartile in ((1, TOP), (2, SECOND), (3, THIRD), (4, BOTTOM))),
]


@pytest.mark.parametrize(("rank", "of", "quartile"), QUARTILES)
def test_a_quartile_is_a_quarter_of_the_ranks(rank: int, of: int, quartile: str) -> None:
    """It puts ranks up to a quarter, a half and three quarters of the group into the first three quartiles."""
    assert comparators.quartile_of(rank, of) == quartile
    assert one([told(rank=str(rank), of=str(of))])["quartile"] == quartile


@given(st.integers(4, 400))
@settings(derandomize=True, database=None, deadline=None, max_examples=50)
def test_no_quartile_is_more_than_a_quarter_and_one(of: int) -> None:
    """It gives each quartile a quarter of the ranks, but for one, in the order of the ranks."""
    quartiles = [comparators.quartile_of(rank, of) for rank in range(1, of + 1)]
    order = [TOP, SECOND, THIRD, BOTTOM]
    assert quartiles == sorted(quartiles, key=order.index)
    assert all(abs(quartiles.count(quartile) - of / 4) < 1 for quartile in order)


@given(st.lists(st.integers(0, 20), min_size=1, max_size=15), st.integers(0, 20))
@settings(derandomize=True, database=None, deadline=None, max_examples=50)
def test_turning_the_polarity_turns_the_rank(values: list[int], own: int) -> None:
    """It gives a rank from the other end for the other polarity: both ranks and those tied make the whole group."""
    higher, lower = one(members(*values), score(own)), one(members(*values), score(own, "lower"))
    assert higher["rank"] + lower["rank"] + higher["tied"] == len(values) + 2
    assert higher["rank"] == sorted([*values, own], reverse=True).index(own) + 1
    assert higher["tied"] == lower["tied"] == values.count(own)


@pytest.mark.parametrize("own", [score(None), score(20, "in range"), score(20, "none"), score(20, of="2016-17-Q1"), score(20, measure_id="Build 2")])
def test_without_a_figure_of_the_same_period_nothing_is_ranked(own: dict[str, Any]) -> None:
    """It computes no rank where the own figure is missing or of another quarter or measure, or where no way is good."""
    assert positions(members(40, 20, 10), own) == []


# ---------------------------------------------------------------- published positions, and ranks that a return states

PUBLISHED = [
    pytest.param({"quartile": BOTTOM}, (None, None, BOTTOM), "bottom quartile of London boroughs", id="a quartile only"),
    pytest.param({"rank": "3"}, (3, None, ""), "3rd among London boroughs", id="a rank only"),
    pytest.param({"rank": "19", "of": "33"}, (19, 33, THIRD), "19th of 33 London boroughs, third quartile", id="a rank of a known number"),
    pytest.param({"rank": "22", "of": "33"}, (22, 33, THIRD), "22nd of 33 London boroughs, third quartile", id="twenty-second"),
    pytest.param({"rank": "11", "of": "12"}, (11, 12, BOTTOM), "11th of 12 London boroughs, bottom quartile", id="eleventh"),
    pytest.param(
        {"rank": "8", "of": "33", "quartile": SECOND},
        (8, 33, SECOND),
        "8th of 33 London boroughs, second quartile",
        id="a quartile as published, over the rank's",
    ),
    pytest.param({"quartile": TOP, "group": ""}, (None, None, TOP), "top quartile", id="of no named group"),
]


@pytest.mark.parametrize(("more", "expected", "words"), PUBLISHED)
def test_what_is_published_is_given_as_it_is(more: dict[str, str], expected: tuple[Any, ...], words: str) -> None:
    """It gives a published rank or quartile with no more than it says."""
    got = one([told(**more)])
    assert (got["rank"], got["of"], got["quartile"]) == expected
    assert (got["words"], got["how"], got["tied"], got["value"], got["source"]) == (words, "published", 0, None, "a table")


def test_a_subject_that_is_no_measure_has_its_position() -> None:
    """It gives the position of a subject that is not in the register of measures."""
    got = one([told(measure_id="", subject="NI 7", quartile=BOTTOM)], score(20))
    assert (got["measure_id"], got["subject"], got["quartile"]) == ("", "NI 7", BOTTOM)


def test_a_rank_that_a_return_states_is_given() -> None:
    """It gives the rank of this quarter's return, with file and cell, and no group or quartile that nobody stated."""
    got = one([], score("5.33", "lower", actual_rank=26), score("5.86", "lower", of="2016-17-Q1", actual_rank=28))
    assert (got["rank"], got["of"], got["quartile"], got["group"], got["period"]) == (26, None, "", "", NOW)
    assert (got["how"], got["words"], got["age"], got["source"]) == ("returned", "26th", 0, "a.csv, F2")


def test_a_returned_rank_stands_beside_a_published_one() -> None:
    """It gives both where the register and the return each say something."""
    assert [row["how"] for row in positions([told(rank="28", of="33")], score("5.33", actual_rank=26))] == ["published", "returned"]


# ---------------------------------------------------------------- age

AGES = [("2016-17-Q2", 0), ("2016-17-Q1", 1), ("2015-16-Q4", 2), ("2015-16-Q2", 4), ("2014-15-Q2", 8)]


@pytest.mark.parametrize(("period", "age"), AGES)
def test_the_age_is_in_quarters(period: str, age: int) -> None:
    """It says how many quarters old a comparison is, up to two years, whether published or computed."""
    assert one([told(period=period, quartile=TOP)])["age"] == age
    assert one(members(10, period=period), score(20, of=period))["age"] == age


@pytest.mark.parametrize("period", ["2014-15-Q1", "2009-10-Q3", "2016-17-Q3", "2017-18-Q2"])
def test_what_is_too_old_or_later_is_left_out(period: str) -> None:
    """It gives no comparison of more than two years ago, nor of a quarter after the one reported."""
    assert positions([told(period=period, quartile=TOP)]) == []
    assert positions(members(10, period=period), score(20, of=period)) == []


@pytest.mark.parametrize("newest_first", [True, False])
def test_the_newest_period_wins(newest_first: bool) -> None:
    """It gives the newest of several periods, in whatever order the register lists them."""
    register = [told(period="2016-17-Q1", quartile=TOP), told(period="2015-16-Q1", quartile=BOTTOM)]
    got = one(register if newest_first else register[::-1])
    assert (got["period"], got["quartile"]) == ("2016-17-Q1", TOP)


def test_the_newest_computed_rank_wins() -> None:
    """It ranks among the members of the newest period only, with the figure of that period."""
    register = [*members(10, 20, period="2016-17-Q1"), *members(10, 20, 30, 40)]
    got = one(register, score(5, of="2016-17-Q1"), score(50))
    assert (got["rank"], got["of"], got["period"]) == (1, 5, NOW)


def test_an_older_period_stands_in_where_the_newest_cannot_be_ranked() -> None:
    """It gives last quarter's rank where this quarter's own figure is not known, and says its age."""
    register = [*members(10, 20, period="2016-17-Q1"), *members(10, 20)]
    got = one(register, score(15, of="2016-17-Q1"), score(None))
    assert (got["rank"], got["period"], got["age"]) == (2, "2016-17-Q1", 1)


def test_groups_measures_and_subjects_are_apart() -> None:
    """It gives one position for each group of each measure or subject, and ranks within each group alone."""
    register = [
        *members(10, 20),
        *members(30, 40, 50, group="Outer London"),
        told(measure_id="", subject="NI 7", quartile=TOP),
        told(measure_id="", subject="NI 8", quartile=BOTTOM),
    ]
    got = [(row["group"], row["measure_id"], row["subject"], row["rank"], row["of"]) for row in positions(register, score(25))]
    assert sorted(got, key=str) == sorted(
        [
            ("London boroughs", "Build 1", "", 1, 3),
            ("Outer London", "Build 1", "", 4, 4),
            ("London boroughs", "", "NI 7", None, None),
            ("London boroughs", "", "NI 8", None, None),
        ],
        key=str,
    )


def test_nothing_gives_nothing() -> None:
    """It gives the empty frame of its contract for empty frames."""
    got = comparators.positions(frames.make([], frames.SCORES), pd.DataFrame(columns=COLUMNS, dtype=object), NOW)
    assert (list(got.columns), len(got)) == (list(frames.POSITIONS.columns), 0)


# ---------------------------------------------------------------- the real register


@cache
def real(quarter: str) -> list[tuple[Any, ...]]:
    """Give (measure or subject, words, period, age, how) of the real register and returns at a quarter."""
    registers = reference.load(REAL)
    read = returns.read(REAL, quarters.shown(quarter))
    observations = cleansing.build(read.cells, read.entries, registers).frames["observations"]
    scores = trends.direction(scoring.score(observations, registers.policies))
    found = frames.rows(comparators.positions(scores, registers.comparators, quarter))
    return [(row["measure_id"] or row["subject"], row["words"], row["period"], row["age"], row["how"]) for row in found]


def test_the_positions_that_document_002_quotes_are_given() -> None:
    """It gives the four positions of Q2 2016/17, and nothing of 2009/10."""
    assert sorted(real(NOW)) == [
        ("Delayed transfers of care: health and social care", "22nd of 33 London boroughs, third quartile", "2016-17-Q1", 1, "published"),
        ("London Youth Games", "19th of 33 London boroughs, third quartile", NOW, 0, "published"),
        ("Protect 12", "26th", NOW, 0, "returned"),
        ("Protect 12", "28th of 33 London boroughs, bottom quartile", "2016-17-Q1", 1, "published"),
    ]


def test_the_positions_that_document_000_quotes_are_given() -> None:
    """It gives NI 7 and NI 8 in the bottom quartile, and two published ranks, in Q3 2009/10."""
    assert sorted(real("2009-10-Q3")) == [
        ("Free swims by people aged 60 and over", "3rd among London boroughs", "2009-10-Q2", 1, "published"),
        ("NI 7: Environment for a thriving third sector", "bottom quartile of London boroughs", "2009-10-Q3", 0, "published"),
        ("NI 8: Adult participation in sport", "bottom quartile of London boroughs", "2009-10-Q3", 0, "published"),
        ("Parents' experience of services for disabled children", "2nd among Outer London boroughs", "2009-10-Q3", 0, "published"),
    ]


# ---------------------------------------------------------------- what once went wrong


@pytest.mark.parametrize("published_first", [True, False])
def test_members_values_go_before_a_published_position(published_first: bool) -> None:
    """It computes the rank where the register holds members' values of a period as well as a published position."""
    published = told(rank="9", of="33")
    register = [published, *members(10, 20)] if published_first else [*members(10, 20), published]
    assert one(register, score(15))["how"] == "computed"
