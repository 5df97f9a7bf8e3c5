"""Stacked counts: every part as long as its number, what is unknown told apart, and nothing drawn that is not there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import charts
from analysis.charts.palette import AMBER, AMBER_PAST, BLUE, DARK_BAND, GREEN, GREEN_PAST, ORANGE, PAPER, RED, RED_PAST

SCRIPT = '<script>alert("x")</script>'


def rectangles(html: object) -> list[Tag]:
    """Give the bars that were drawn, in order."""
    return BeautifulSoup(str(html), "html.parser").find_all("rect")


def numbers(bar: Tag, *names: str) -> list[Decimal]:
    """Give attributes of a bar as numbers."""
    return [Decimal(str(bar[name])) for name in names]


# ---------------------------------------------------------------- parts


def test_parts_share_the_width_by_size() -> None:
    """It draws three quarters of 264 as 198 and one as 66, each with a gap of 1.5 after it."""
    bars = rectangles(charts.parts([(3, "data"), (1, "rest")]))
    assert [numbers(bar, "x", "width") for bar in bars] == [[Decimal("0.5"), Decimal("196.5")], [Decimal("198.5"), Decimal("64.5")]]


COLOURS = {"HG": GREEN, "A": AMBER, "HR": RED, "": DARK_BAND, "data": BLUE, "act": ORANGE, "rest": DARK_BAND, "unknown": PAPER}


@pytest.mark.parametrize("what", COLOURS)
def test_each_part_has_its_colour(what: str) -> None:
    """It fills each kind of part with its one colour, and outlines what is not known with dashes alone."""
    (bar,) = rectangles(charts.parts([(1, what)]))
    assert (bar["fill"], bar.has_attr("stroke-dasharray")) == (COLOURS[what], what == "unknown")


def test_a_part_of_nothing_is_not_drawn() -> None:
    """It leaves out parts of nothing, and the whole bar where there is nothing."""
    assert len(rectangles(charts.parts([(5, "data"), (0, "unknown"), (5, "rest")]))) == 2
    nothing: list[list[tuple[Decimal | int, str]]] = [[], [(0, "data")], [(Decimal(0), "data"), (0, "rest")]]
    assert [charts.parts(sizes) for sizes in nothing] == ["", "", ""]


def test_a_tiny_part_can_be_seen() -> None:
    """It draws a part of a thousandth one wide, rather than not at all."""
    assert numbers(rectangles(charts.parts([(1, "act"), (999, "rest")]))[0], "width") == [Decimal(1)]


def test_parts_say_nothing_to_a_screen_reader() -> None:
    """It is hidden, because the words stand beside it."""
    assert BeautifulSoup(str(charts.parts([(1, "data")])), "html.parser").svg["aria-hidden"] == "true"


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**9) | st.decimals(0, 10**9, places=2), st.sampled_from(list(COLOURS))), max_size=5))
def test_parts_follow_one_another_within_the_bar(sizes: list[tuple[Any, str]]) -> None:
    """It draws a bar for each part that is something, from left to right, none beyond the end."""
    bars = rectangles(charts.parts(sizes))
    assert len(bars) == sum(size > 0 for size, _ in sizes)
    lefts = [numbers(bar, "x")[0] for bar in bars]
    assert lefts == sorted(lefts)
    assert all(left >= 0 and left + numbers(bar, "width")[0] <= Decimal("265.6") for left, bar in zip(lefts, bars, strict=True))


# ---------------------------------------------------------------- stack

COUNTS = pd.DataFrame({"green": [3, 4, 10], "amber": [1, 0, 5], "red": [2, 0, 4], "not scored": [1, 1, 1]}, index=["Q2 2015/16", "Q1 2016/17", "Q2 2016/17"])


def stacked(counts: pd.DataFrame = COUNTS, **words: str) -> str:
    """Give the chart."""
    return str(charts.stack(counts, **({"title": "Ten are green", "subtitle": "Number", "source": "returns", "alt": "Green 3, 4, then 10."} | words)))


def test_a_column_is_as_tall_as_its_count() -> None:
    """It gives the tallest column of 20 all 230, so that 10 are 115 and each bar stands on the one before it, 2 for the gap."""
    bars = [bar for bar in rectangles(stacked()) if bar["fill"] in (GREEN, AMBER, RED)]
    assert [(bar["fill"], *numbers(bar, "y", "height")) for bar in bars] == [
        (GREEN, Decimal(130), Decimal(113)),
        (AMBER, Decimal("72.5"), Decimal("55.5")),
        (RED, Decimal("26.5"), Decimal(44)),
    ]


def test_only_the_newest_quarter_has_full_colour() -> None:
    """It draws earlier quarters pale, each count once, and none for nothing."""
    fills = [bar["fill"] for bar in rectangles(stacked())]
    assert fills == [GREEN_PAST, AMBER_PAST, RED_PAST, PAPER, GREEN_PAST, PAPER, GREEN, AMBER, RED, PAPER]


def test_what_is_not_scored_is_outlined() -> None:
    """It draws the bars of what is not scored, and no others, with dashes."""
    assert {bar["fill"]: bar.has_attr("stroke-dasharray") for bar in rectangles(stacked())} == {
        colour: colour == PAPER for colour in (GREEN, GREEN_PAST, AMBER, AMBER_PAST, RED, RED_PAST, PAPER)
    }


def texts(html: str) -> list[str]:
    """Give the words in the drawing."""
    return [text.get_text() for text in BeautifulSoup(html, "html.parser").svg.find_all("text")]


def test_quarters_and_counts_are_written() -> None:
    """It writes each quarter under its column, every count there is room for, and labels beside the newest."""
    found = texts(stacked())
    assert [text for text in found if text[0] == "Q"] == ["Q2", "Q1", "Q2"]
    assert [text for text in found if "/" in text] == ["2015/16", "2016/17", "2016/17"]
    assert {"10", "5", "4", "Green", "Amber", "Red"} <= set(found)


def test_a_small_red_is_written_however_small() -> None:
    """It writes the number beside the label of a red that is too thin for it, and leaves other thin bars to the table."""
    thin = pd.DataFrame({"green": [98], "amber": [1], "red": [1], "not scored": [0]}, index=["Q2 2016/17"])
    assert [text for text in texts(stacked(thin)) if text.startswith(("Red", "Amber"))] == ["Red 1"]


def test_the_chart_is_said_and_tabled() -> None:
    """It has its words for those who cannot see it, and every number in a table."""
    page = BeautifulSoup(stacked(), "html.parser")
    assert page.svg["aria-label"] == "Ten are green. Green 3, 4, then 10."
    rows = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in page.table.find_all("tr")]
    assert rows == [
        ["Quarter", "Green", "Amber", "Red", "Not scored"],
        ["Q2 2015/16", "3", "1", "2", "1"],
        ["Q1 2016/17", "4", "0", "0", "1"],
        ["Q2 2016/17", "10", "5", "4", "1"],
    ]


def test_words_are_text_in_the_chart() -> None:
    """It escapes title, subtitle, source and words."""
    page = BeautifulSoup(stacked(title=SCRIPT, subtitle=SCRIPT, source=SCRIPT, alt=SCRIPT), "html.parser")
    assert page.find("script") is None


def test_the_counts_are_left_as_they_were() -> None:
    """It changes nothing of what it is given."""
    before = COUNTS.copy()
    stacked()
    pd.testing.assert_frame_equal(COUNTS, before)


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 500)] * 4), min_size=1, max_size=4))
def test_columns_stay_within_the_chart(rows: list[tuple[int, ...]]) -> None:
    """It keeps every bar between the top and the ground, however many quarters and whatever the counts."""
    counts = pd.DataFrame(rows, columns=["green", "amber", "red", "not scored"], index=[f"Q{n} 2016/17" for n in range(1, len(rows) + 1)])
    for bar in rectangles(stacked(counts)):
        x, y, width, height = numbers(bar, "x", "y", "width", "height")
        assert x >= 0
        assert width > 0
        assert y >= 14
        assert y + height <= Decimal("246.1")
        assert x + width <= 540
