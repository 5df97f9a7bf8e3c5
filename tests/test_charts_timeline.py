"""The timeline: what falls due when, for whom, what is said of it, and what names no date."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from itertools import combinations
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from analysis import charts
from analysis.charts.drawing import house_style
from analysis.charts.sheet import width_of

SCRIPT = "<script>alert(1)</script>"
SAID = {
    "now_label": "end of Q2 2011/12", "title": "Two milestones are due", "subtitle": "Each mark is a milestone", "source": "milestones return", "alt": "CAB: 31 July 2011.",
}  # fmt: skip
NOW = date(2011, 9, 30)
BLUE, ORANGE, PAPER, INK = "#12436d", "#f46a25", "#ffffff", "#0b0c0c"
WIDTHS = {"wide": 763, "narrow": 281}
SIZES = {"wide": 10.5, "narrow": 9.5}
both_widths = pytest.mark.parametrize("kind", WIDTHS)
STATES = ["overdue", "due, nothing said", "not yet due", "done", "no date"]
HEADS = ["Organisation", "Overdue", "Due, nothing said", "Not yet due", "Done", "No date"]
LONG = "Building Recovery in Communities by Engaging Substance Misusers and their families across the whole borough"
Item = tuple[str, str, str]


def frame(*items: Item) -> pd.DataFrame:
    """Give milestones: organisation, due, state."""
    return pd.DataFrame(items, columns=["organisation", "due", "state"], dtype=object)


@cache
def tree(*items: Item, now: date = NOW, **said: str) -> ET.Element:
    """Draw milestones, and give the figure as a tree."""
    return ET.fromstring(str(charts.timeline(frame(*items), now=now, **SAID | said)))  # noqa: S314 - our own markup


def drawing(found: ET.Element, kind: str = "wide") -> ET.Element:
    """Give one of the two drawings of a figure."""
    return next(part for part in found.iter("svg") if part.get("class") == f"chart {kind}")


def written(svg: ET.Element) -> list[str]:
    """Give the texts of a drawing."""
    return [str(part.text) for part in svg.iter("text")]


def figures(found: ET.Element) -> list[list[str]]:
    """Give the table under the drawing."""
    return [["".join(cell.itertext()) for cell in row] for row in found.iter("tr")]


def marks(svg: ET.Element) -> list[tuple[str, str, str, float, float]]:
    """Give the marks: round or square, filling, outline, how far across and down."""
    shapes = {str(part.get("id")): "round" if "C" in str(part.get("d")) else "square" for part in svg.iter("path") if part.get("id")}
    found = []
    for group in svg.iter():
        for use in group.findall("use"):
            style = str(use.get("style") or group.get("style"))
            colour, edge = (str(re.findall(rf"{name}: (#\w+)", style)[0]) for name in ("fill", "stroke"))
            found.append((shapes[str(use.get("{http://www.w3.org/1999/xlink}href"))[1:]], colour, edge, float(str(use.get("x"))), float(str(use.get("y")))))
    return found


def line_of_now(svg: ET.Element) -> float:
    """Give how far across the dotted line of the quarter's end stands."""
    (line,) = [str(path.get("d")) for path in svg.iter("path") if f"stroke: {INK}" in str(path.get("style"))]
    (across,) = set(re.findall(r"[ML]([-\d.]+) ", line))
    return float(across)


def texts(svg: ET.Element, size: float) -> list[tuple[str, float, float, float]]:
    """Give each text with where it begins, where it ends and how far down it stands, in the shipped font."""
    found = []
    for parent in svg.iter():
        for text in parent.findall("text"):
            style = str(text.get("style") or parent.get("style"))
            with house_style():
                width = width_of(str(text.text), size)
            anchor = re.findall(r"text-anchor: (\w+)", style)
            across = float(str(text.get("x"))) - width * {"end": 1.0, "middle": 0.5}.get(anchor[0] if anchor else "start", 0.0)
            found.append((str(text.text), across, across + width, float(str(text.get("y")))))
    return found


# ---------------------------------------------------------------- marks

MARKS = {
    "overdue": ("square", ORANGE, ORANGE),
    "due, nothing said": ("square", PAPER, ORANGE),
    "not yet due": ("round", PAPER, BLUE),
    "done": ("round", BLUE, BLUE),
}


@both_widths
@pytest.mark.parametrize(("state", "mark"), MARKS.items(), ids=MARKS)
def test_the_mark_tells_what_a_milestone_is(kind: str, state: str, mark: tuple[str, str, str]) -> None:
    """It draws squares for what is due and circles for the rest, orange where somebody has to act, full where something is said."""
    assert [found[:3] for found in marks(drawing(tree(("CAB", "2011-07-31", state)), kind))] == [mark]


@both_widths
def test_a_mark_stands_at_its_date(kind: str) -> None:
    """It puts a hundred days, of two hundred between first and last, in the middle, and the quarter's end at its own day."""
    items = [("CAB", due, "done") for due in ("2011-06-22", "2011-09-30", "2012-01-08")]  # 100 days before and after 30 September 2011
    svg = drawing(tree(*items), kind)
    first, middle, last = (mark[3] for mark in marks(svg))
    assert middle == pytest.approx((first + last) / 2, abs=0.11)
    assert line_of_now(svg) == pytest.approx(middle, abs=0.11)


def test_the_span_holds_the_quarters_end() -> None:
    """It begins with the quarter's end where all is still to come, and ends with it where all is past."""
    after = drawing(tree(("CAB", "2012-03-31", "not yet due"), ("CAB", "2012-06-30", "not yet due")))
    assert line_of_now(after) < min(mark[3] for mark in marks(after))
    before = drawing(tree(("CAB", "2011-03-31", "overdue"), ("CAB", "2011-06-30", "overdue")))
    assert line_of_now(before) > max(mark[3] for mark in marks(before))


@both_widths
def test_several_of_a_kind_on_one_day_are_one_mark_with_their_number(kind: str) -> None:
    """It draws three that fall due on a day as one mark and a 3; one of another kind beside them keeps its own mark and no number."""
    items = [("CAB", "2011-08-31", "due, nothing said")] * 3 + [("CAB", "2011-08-31", "done")]
    svg = drawing(tree(*items), kind)
    assert len(marks(svg)) == 2
    assert [text for text in written(svg) if re.fullmatch(r"\d", text)] == ["3"]


def test_each_organisation_has_its_row() -> None:
    """It puts the marks of an organisation on its own line, in the order in which organisations first come."""
    svg = drawing(tree(("CAB", "2011-07-31", "done"), ("Arts", "2011-07-31", "overdue"), ("CAB", "2012-07-31", "not yet due")))
    downs = {mark[:3]: mark[4] for mark in marks(svg)}
    assert downs[MARKS["done"]] == downs[MARKS["not yet due"]] < downs[MARKS["overdue"]]
    assert [text for text in written(svg) if text in {"CAB", "Arts"}] == ["CAB", "Arts"]


# ---------------------------------------------------------------- what names no date


@both_widths
def test_what_names_no_date_is_counted_at_its_row(kind: str) -> None:
    """It writes how many of an organisation name no date, and draws no mark for them."""
    svg = drawing(tree(("CAB", "2011-07-31", "done"), ("CAB", "", "no date"), ("CAB", "", "no date"), ("Arts", "2012-07-31", "not yet due")), kind)
    assert ([text for text in written(svg) if "undated" in text], len(marks(svg))) == (["2 undated"], 2)


@both_widths
def test_milestones_without_any_date_can_be_drawn(kind: str) -> None:
    """It draws the quarter's end and counts them, where no milestone names a date."""
    svg = drawing(tree(("CAB", "", "no date"), ("Arts", "", "no date")), kind)
    assert marks(svg) == []
    assert {"CAB", "Arts", "1 undated", "end of Q2 2011/12"} <= set(written(svg))


@both_widths
def test_no_milestones_can_be_drawn(kind: str) -> None:
    """It gives the quarter's end and a table of headings."""
    found = tree()
    assert (marks(drawing(found, kind)), figures(found)) == ([], [HEADS])


# ---------------------------------------------------------------- table, words


def test_the_milestones_are_given_as_figures() -> None:
    """It counts under the drawing how many of each organisation are in each state, noughts included."""
    items = [("CAB", "2011-07-31", "overdue")] * 2 + [("CAB", "2011-08-31", "due, nothing said"), ("CAB", "", "no date")]
    items += [("Arts", "2012-03-31", "not yet due"), ("Arts", "2011-03-31", "done")]
    assert figures(tree(*items)) == [HEADS, ["CAB", "2", "1", "0", "0", "1"], ["Arts", "0", "0", "1", "1", "0"]]


def test_every_milestone_is_in_the_table() -> None:
    """It loses none, whatever its state."""
    row = figures(tree(*(("CAB", "" if state == "no date" else "2011-07-31", state) for state in STATES)))[1]
    assert row == ["CAB", "1", "1", "1", "1", "1"]


@both_widths
def test_a_chart_has_both_widths(kind: str) -> None:
    """It is drawn for screens and for phones, each an image with the title for its name and the alt text for its description."""
    svg = drawing(tree(("CAB", "2011-07-31", "done")), kind)
    assert [svg.findtext(name) for name in ("title", "desc")] == [SAID["title"], SAID["alt"]]
    assert str(svg.get("viewBox")).split()[2] == str(WIDTHS[kind])
    assert (svg.get("role"), svg.get("display")) == ("img", None if kind == "wide" else "none")


@both_widths
def test_the_first_and_last_month_are_named(kind: str) -> None:
    """It writes the months at both ends, and the years that begin between where there is room."""
    svg = drawing(tree(("CAB", "2011-07-31", "overdue"), ("CAB", "2013-12-31", "not yet due")), kind)
    assert {"July 2011", "December 2013", *(("2012",) if kind == "wide" else ())} <= set(written(svg))


DATES = {
    "all past": (("2009-06-30", "overdue"), ("2011-06-30", "done")),
    "all to come": (("2011-12-31", "not yet due"), ("2013-06-30", "not yet due")),
    "before and after": (("2010-06-30", "overdue"), ("2013-06-30", "not yet due")),
}


@both_widths
@pytest.mark.parametrize("dates", DATES.values(), ids=DATES)
def test_the_words_stand_on_the_sheet(kind: str, dates: tuple[tuple[str, str], ...]) -> None:
    """It writes nothing over the edge of the drawing by more than a point."""
    for text, start, end, _ in texts(drawing(tree(*(("CAB", *one) for one in dates), ("CAB", "", "no date")), kind), SIZES[kind]):
        assert (start >= -1, end <= WIDTHS[kind] + 1, text) == (True, True, text)


@both_widths
@pytest.mark.parametrize("item", [("CAB", "", "no date"), ("CAB", "2011-09-30", "done")], ids=["no date", "the day itself"])
def test_a_span_of_one_day_names_its_month_once(kind: str, item: Item) -> None:
    """It writes the month once where the quarter's end is the only day there is."""
    assert written(drawing(tree(item), kind)).count("September 2011") == 1


def overlapping(svg: ET.Element, size: float) -> list[set[str]]:
    """Give the texts of one line that stand upon each other."""
    return [{one[0], other[0]} for one, other in combinations(texts(svg, size), 2) if one[3] == other[3] and one[1] < other[2] and other[1] < one[2]]


@pytest.mark.parametrize(("first", "last"), [("2011-07-31", "2013-03-31"), ("2011-12-15", "2014-01-31")])
def test_the_dates_of_a_wide_drawing_stand_apart(first: str, last: str) -> None:
    """It leaves a year out where it would stand upon the month at an end, and keeps those between."""
    svg = drawing(tree(("CAB", first, "overdue"), ("CAB", last, "not yet due"), now=date(2012, 6, 30)))
    assert overlapping(svg, 10.5) == []
    assert {"2012", "2013"} & set(written(svg))


def test_the_dates_of_a_narrow_drawing_stand_apart() -> None:
    """It leaves a year out on a phone too where it would stand upon the month at an end: July 2011 to March 2013, as source document 001 has it."""
    svg = drawing(tree(("CAB", "2011-07-31", "overdue"), ("CAB", "2013-03-31", "not yet due")), "narrow")
    assert overlapping(svg, 9.5) == []


@both_widths
def test_a_long_name_is_cut(kind: str) -> None:
    """It ends a long name with an ellipsis where its row or its count begins, and gives it whole in the table."""
    found = tree((LONG, "2011-07-31", "done"), (LONG, "", "no date"))
    (name,) = [text for text in texts(drawing(found, kind), SIZES[kind]) if text[0].endswith("…")]
    assert LONG.startswith(name[0][:-1])
    (count,) = [text for text in texts(drawing(found, kind), SIZES[kind]) if text[0] == "1 undated"]
    assert name[2] <= (min(mark[3] for mark in marks(drawing(found, kind))) if kind == "wide" else count[1])
    assert figures(found)[1][0] == LONG


@pytest.mark.parametrize("name", [SCRIPT, "From $5 to $10", r"$\frac{1}{0$", "_hidden", "Café 茶", "100% of & <"])
def test_a_name_from_a_return_is_drawn_as_typed(name: str) -> None:
    """It draws whatever a return calls an organisation, in both widths, and warns of nothing into the page."""
    found = tree((name, "2011-07-31", "done"), **dict.fromkeys(SAID, SCRIPT))
    assert list(found.iter("script")) == []
    assert figures(found)[1][0] == name
    for kind in WIDTHS:
        assert name in written(drawing(found, kind))


def test_a_frame_is_left_as_it_was() -> None:
    """It changes nothing of the frame that it is given."""
    given = frame(("CAB", "2011-07-31", "done"), ("CAB", "", "no date"))
    before = given.copy(deep=True)
    arguments: dict[str, Any] = {"now": NOW, **SAID}
    charts.timeline(given, **arguments)
    assert_frame_equal(given, before)
