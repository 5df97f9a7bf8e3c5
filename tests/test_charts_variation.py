"""The process chart: limits drawn anew, shapes that tell the rule, labels that keep apart, and the figures in words."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from analysis import charts
from analysis.charts.sheet import spread

SCRIPT = "<script>alert(1)</script>"
SAID = {"title": "Violence has settled", "subtitle": "Offences a quarter", "source": "returns", "alt": "Seven quarters lie below the old mean."}
BLUE, ORANGE, GREY, BAND = "#12436d", "#f46a25", "#8a9299", "#e0e4e7"
LIMITS = {"centre": 50.0, "lower": 40.0, "upper": 60.0, "near_lower": 43.3, "near_upper": 56.7}
NO_LIMITS = dict.fromkeys(LIMITS, float("nan"))


def point(value: float | None, signal: str = "", verdict: str = "common cause", segment: int = 0, **other: Any) -> dict[str, Any]:
    """Give one period's row, between the limits 40 and 60."""
    return {"value": float("nan") if value is None else float(value), "signal": signal, "verdict": verdict, "segment": segment} | LIMITS | other


def frame(*points: dict[str, Any]) -> pd.DataFrame:
    """Give the rows as a frame of quarters Q1, Q2 and so on."""
    columns = ["period", "value", *LIMITS, "signal", "verdict", "segment"]
    return pd.DataFrame([{"period": f"Q{number}"} | row for number, row in enumerate(points, start=1)], columns=columns)


def tree(*points: dict[str, Any], target: str | None = None, notes: tuple[tuple[str, str], ...] = (), **said: str) -> ET.Element:
    """Draw a process chart, and give the figure as a tree."""
    html = charts.process(frame(*points), target=None if target is None else Decimal(target), notes=notes, **SAID | said)
    return ET.fromstring(str(html))  # noqa: S314 - our own markup


def drawing(found: ET.Element, kind: str = "wide") -> ET.Element:
    """Give one of the two drawings of a figure."""
    return next(part for part in found.iter("svg") if part.get("class") == f"chart {kind}")


def written(svg: ET.Element) -> dict[str, tuple[float, float]]:
    """Give the texts of a drawing, each with where it stands."""
    return {str(part.text): (float(str(part.get("x"))), float(str(part.get("y")))) for part in svg.iter("text")}


def blocks(svg: ET.Element) -> list[tuple[float, ...]]:
    """Give the shaded bands: left, right, top, bottom."""
    found = []
    for part in svg.iter("path"):
        if part.get("style") == f"fill: {BAND}":
            across, down = (sorted(float(place[axis]) for place in re.findall(r"[ML]?([\d.]+) ([\d.]+)", str(part.get("d")))) for axis in (0, 1))
            found.append((across[0], across[-1], down[0], down[-1]))
    return found


def marks(svg: ET.Element) -> list[tuple[str, str, int]]:
    """Give the marks of the chart and its key: shape, colour, how many."""
    shapes = {str(part.get("id")): "dot" if "C" in str(part.get("d")) else "square" for part in svg.iter("path") if part.get("id")}
    count: dict[tuple[str, str], int] = {}
    for group in svg.iter():
        for use in group.findall("use"):
            style = use.get("style") or group.get("style") or ""
            key = shapes[str(use.get("{http://www.w3.org/1999/xlink}href"))[1:]], style.split("fill: ")[1][:7]
            count[key] = count.get(key, 0) + 1
    return sorted((shape, colour, many) for (shape, colour), many in count.items())


def rows(found: ET.Element) -> list[list[str]]:
    """Give the table under the drawing."""
    return [["".join(cell.itertext()) for cell in row] for row in found.iter("tr")]


# ---------------------------------------------------------------- points and limits


def test_the_band_is_drawn_anew_where_the_segment_changes() -> None:
    """It shades from limit to limit, each segment to the border half way between two periods, twice as high where the limits are twice as wide."""
    found = drawing(tree(*(point(50) for _ in range(4)), *(point(45, segment=1, lower=40.0, centre=45.0, upper=50.0) for _ in range(4))))
    first, second = blocks(found)
    assert first[1] == second[0]
    assert first[1] - first[0] == pytest.approx(second[1] - second[0], abs=0.2)
    assert first[3] == second[3]
    assert first[3] - first[2] == pytest.approx(2 * (second[3] - second[2]), abs=0.3)


SIGNALS = {
    "outside, concern": (("outside limits", "concern"), ("square", ORANGE)),
    "outside, improvement": (("outside limits", "improvement"), ("square", BLUE)),
    "trend": (("trend", "concern"), ("dot", ORANGE)),
    "two of three": (("two of three", "improvement"), ("dot", BLUE)),
    "shift": (("shift", "improvement"), ("dot", BLUE)),
}


@pytest.mark.parametrize(("said", "look"), SIGNALS.values(), ids=SIGNALS)
def test_the_shape_tells_the_rule_and_the_colour_the_verdict(said: tuple[str, str], look: tuple[str, str]) -> None:
    """It marks a point outside the limits by a square and one of a run by a dot, and names the mark in a key."""
    found = tree(point(50), point(51), point(65, *said))
    assert marks(drawing(found)) == sorted([("dot", GREY, 2), (*look, 2)])
    assert f"{said[0]}: {said[1]}" in written(drawing(found))


def test_without_a_signal_there_is_no_key() -> None:
    """It explains only what is there."""
    svg = drawing(tree(point(50), point(51)))
    assert marks(svg) == [("dot", GREY, 2)]
    assert not [text for text in written(svg) if ":" in text]


def test_a_value_that_is_not_known_is_a_gap() -> None:
    """It parts the line, puts a hollow dot on the ground line below the limits, and says so in key and table."""
    found = tree(point(50), point(51), point(None), point(50), point(49))
    svg = drawing(found)
    assert marks(svg) == sorted([("dot", "#ffffff", 2), ("dot", GREY, 4)])
    (series,) = (str(part.get("d")) for part in svg.iter("path") if f"stroke: {GREY}; stroke-width: 1.5" in str(part.get("style")))
    assert series.count("M") == 2
    assert "not known" in written(svg)
    assert rows(found)[3] == ["Q3", "not known", "40.0", "50.0", "60.0", "not known", "not known"]


def test_limits_that_are_not_known_are_not_drawn() -> None:
    """It draws the points alone, names no limit, and says so in the table."""
    found = tree(point(50, **NO_LIMITS))
    assert (blocks(drawing(found)), marks(drawing(found))) == ([], [("dot", GREY, 1)])
    assert not [text for text in written(drawing(found)) if "limit" in text]
    assert rows(found)[1] == ["Q1", "50", "not known", "not known", "not known", "none", "common cause"]


def test_a_series_of_which_nothing_is_known_can_be_drawn() -> None:
    """It draws hollow dots, and no scale that would be made up."""
    svg = drawing(tree(point(None, **NO_LIMITS), point(None, **NO_LIMITS)))
    assert marks(svg) == [("dot", "#ffffff", 3)]
    assert set(written(svg)) == {"not known", "Q1", "Q2"}


def test_a_series_without_a_period_can_be_drawn() -> None:
    """It gives a figure with an empty table."""
    assert rows(tree()) == [["Period", "Value", "Lower limit", "Mean", "Upper limit", "Signal", "Meaning"]]


# ---------------------------------------------------------------- labels


def test_the_limits_are_labelled_at_the_right() -> None:
    """It names limits, mean and target with their figures, from the highest to the lowest."""
    places = written(drawing(tree(point(50), point(51), target="46.0")))
    told = ["Upper limit 60", "Mean 50", "Target 46.0", "Lower limit 40"]
    assert [places[text][0] for text in told] == [places[told[0]][0]] * 4
    assert [places[text][1] for text in told] == sorted(places[text][1] for text in told)


@pytest.mark.parametrize("target", ["39.9", "40", "50", "50.1", "60"])
def test_the_labels_keep_apart(target: str) -> None:
    """It leaves the height of a line between any two labels, however near the figures."""
    for kind in ("wide", "narrow"):
        places = written(drawing(tree(point(50), point(51), target=target), kind))
        downs = sorted(down for text, (_, down) in places.items() if text.startswith(("Upper", "Mean", "Lower", "Target")))
        assert len(downs) == 4
        assert min(after - before for before, after in pairwise(downs)) >= 12


SPREADS = {
    "apart already": ([10, 40], [10, 40]),
    "two at one place": ([20, 20], [14, 26]),
    "pushed into a third": ([20, 22, 40], [15, 27, 40]),
    "three together": ([20, 20, 30], [11.3, 23.3, 35.3]),
    "in any order": ([30, 20], [31, 19]),
    "none": ([], []),
}


@pytest.mark.parametrize(("wanted", "given"), SPREADS.values(), ids=SPREADS)
def test_places_are_spread_as_little_as_may_be(wanted: list[float], given: list[float]) -> None:
    """It keeps twelve points between any two, their middle where they wanted to be."""
    assert spread(wanted, 12) == pytest.approx(given, abs=0.05)


PLACES = {
    "whole": ({"lower": 40.0, "centre": 50.4, "upper": 60.0}, "Mean 50"),
    "tenths": ({"lower": 9.0, "centre": 10.26, "upper": 11.5}, "Mean 10.3"),
    "hundredths": ({"lower": 0.7, "centre": 0.756, "upper": 0.9}, "Mean 0.76"),
    "thousands, below nought": ({"lower": -3000.0, "centre": -1234.5, "upper": 500.0}, "Mean −1,234"),
}


@pytest.mark.parametrize(("limits", "label"), PLACES.values(), ids=PLACES)
def test_a_limit_has_the_decimals_that_tell_it_apart(limits: dict[str, float], label: str) -> None:
    """It prints more decimals the nearer the limits stand to each other."""
    assert label in written(drawing(tree(point(limits["centre"], **limits))))


def test_there_are_four_figures_on_the_scale_at_most() -> None:
    """It writes two to four round figures at the left."""
    for factor in (0.01, 1.0, 7.0, 300.0, 90000.0):
        limits = {name: value * factor for name, value in LIMITS.items()}
        texts = written(drawing(tree(point(50 * factor, **limits), point(52 * factor, **limits))))
        assert 2 <= len([text for text in texts if re.fullmatch(r"[−\d,.]+", text)]) <= 4


@pytest.mark.parametrize("kind", ["wide", "narrow"])
def test_a_long_series_names_some_periods(kind: str) -> None:
    """It names the last of a hundred periods, and no two that would touch."""
    places = written(drawing(tree(*(point(50 + number % 3) for number in range(100))), kind))
    across = sorted(place[0] for text, place in places.items() if re.fullmatch(r"Q\d+", text))
    assert "Q100" in places
    assert len(across) >= 4
    assert min(after - before for before, after in pairwise(across)) >= 30


# ---------------------------------------------------------------- notes


def test_a_note_stands_beside_its_line() -> None:
    """It writes the note above the chart, right of its period, or left of it where it would not fit."""
    points = [point(50) for _ in range(20)]
    early, late = (written(drawing(tree(*points, notes=((period, "New patrols"),)))) for period in ("Q3", "Q20"))
    assert early["New patrols"][0] < 200
    assert late["New patrols"][0] > 600
    assert early["New patrols"][1] < min(down for text, (_, down) in early.items() if text != "New patrols")


def test_many_notes_are_numbered() -> None:
    """It writes more than three notes below the chart, and on a phone any, each under the number at its line."""
    notes = tuple((f"Q{number}", f"Note {number}") for number in (1, 2, 3, 4))
    found = tree(*(point(50) for _ in range(6)), notes=notes)
    for svg in (drawing(found), drawing(found, "narrow")):
        places = written(svg)
        assert {"Note 1", "Note 2", "Note 3", "Note 4", "1", "2", "3", "4"} <= set(places)
        assert places["Note 1"][1] > places["Q6"][1]


def test_notes_whose_lines_would_cross_are_put_at_other_heights() -> None:
    """It puts the note on the left above the one on the right, so that no line runs through a text."""
    places = written(drawing(tree(*(point(50) for _ in range(20)), notes=(("Q3", "The first of the two notes"), ("Q5", "The second of the two notes")))))
    assert places["The first of the two notes"][1] < places["The second of the two notes"][1] - 10


def test_a_note_about_another_period_is_refused() -> None:
    """It names the period that is not in the chart."""
    with pytest.raises(ValueError, match="'Q9', which is not in the chart"):
        tree(point(50), notes=(("Q9", "New patrols"),))


# ---------------------------------------------------------------- the figure


def test_the_figures_are_in_words() -> None:
    """It gives under the drawing value and limits, the limits with one decimal more than their labels, signal and verdict."""
    found = tree(point(50.25), point(65, "outside limits", "concern"))
    assert rows(found) == [
        ["Period", "Value", "Lower limit", "Mean", "Upper limit", "Signal", "Meaning"],
        ["Q1", "50.25", "40.0", "50.0", "60.0", "none", "common cause"],
        ["Q2", "65", "40.0", "50.0", "60.0", "outside limits", "concern"],
    ]


def test_what_a_float_adds_is_not_shown() -> None:
    """It writes 0.3 where a float holds 0.30000000000000004."""
    assert rows(tree(point(0.1 + 0.2, **NO_LIMITS)))[1][1] == "0.3"


def test_a_script_in_a_return_is_text() -> None:
    """It escapes periods, notes, signals and the words of the figure."""
    points = frame(point(50, SCRIPT, SCRIPT)).assign(period=SCRIPT)
    html = charts.process(points, target=None, notes=[(SCRIPT, SCRIPT)], **dict.fromkeys(SAID, SCRIPT))
    assert list(ET.fromstring(str(html)).iter("script")) == []  # noqa: S314 - our own markup


def test_a_frame_is_left_as_it_was() -> None:
    """It changes nothing of the frame that it is given."""
    points = frame(point(50), point(None))
    before = points.copy(deep=True)
    charts.process(points, target=None, **SAID)
    assert_frame_equal(points, before)


@cache
def twice() -> tuple[str, str]:
    """Draw one chart two times."""
    points = frame(point(50), point(65, "outside limits", "concern"), point(None))
    one, other = (charts.process(points, target=Decimal(46), notes=[("Q2", "Above")], **SAID) for _ in range(2))
    return str(one), str(other)


def test_a_chart_is_drawn_the_same_every_time() -> None:
    """It gives the same bytes for the same figures."""
    one, other = twice()
    assert one == other
