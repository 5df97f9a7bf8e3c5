"""The dot plot of change: what was, what is, which way, and what lies beyond the axis or is not known."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from analysis import charts

SCRIPT = "<script>alert(1)</script>"
SAID = {
    "title": "Most measures moved nearer", "subtitle": "Per cent of target", "source": "returns", "alt": "Homes rose from 90 to 95 per cent.",
    "now": "Q2 2016/17", "before": "Q1 2016/17",
}  # fmt: skip
BLUE, ORANGE, GREY, PAPER, MUTED = "#12436d", "#f46a25", "#8a9299", "#ffffff", "#505a5f"


def measure(before: str | None, now: str | None, moved: str = "better", **other: Any) -> dict[str, Any]:
    """Give one row, whose actuals as typed are its shares."""
    exact = {name: None if share is None else Decimal(share) for name, share in (("before", before), ("now", now))}
    return {"name": "Homes", "band": "A", "moved": moved, "shown_before": before or "", "shown_now": now or ""} | exact | other


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    """Give the rows as a frame."""
    return pd.DataFrame(rows, columns=["name", "band", "before", "now", "moved", "shown_before", "shown_now"], dtype=object)


def tree(*rows: dict[str, Any], **said: str) -> ET.Element:
    """Draw the rows, and give the figure as a tree."""
    return ET.fromstring(str(charts.change(frame(*rows), **SAID | said)))  # noqa: S314 - our own markup


def drawing(found: ET.Element, kind: str = "wide") -> ET.Element:
    """Give one of the two drawings of a figure."""
    return next(part for part in found.iter("svg") if part.get("class") == f"chart {kind}")


def written(svg: ET.Element) -> list[str]:
    """Give the texts of a drawing."""
    return [str(part.text) for part in svg.iter("text")]


def tick(svg: ET.Element, text: str) -> float:
    """Give where a share stands on the axis."""
    return next(float(str(part.get("x"))) for part in svg.iter("text") if part.text == text)


def marks(svg: ET.Element) -> list[tuple[str, str, str, float]]:
    """Give the marks below the key: round or not, colour, outline, how far across."""
    shapes = {str(part.get("id")): "dot" if "C" in str(part.get("d")) else "head" for part in svg.iter("path") if part.get("id")}
    found = []
    for group in svg.iter():
        for use in group.findall("use"):
            style = str(use.get("style") or group.get("style"))
            colour, edge = (str(re.findall(rf"{name}: (#\w+)", style)[0]) for name in ("fill", "stroke"))
            found.append((shapes[str(use.get("{http://www.w3.org/1999/xlink}href"))[1:]], colour, edge, float(str(use.get("x"))), float(str(use.get("y")))))
    return [mark[:4] for mark in found if mark[4] > 40]


def lines(svg: ET.Element, colour: str, width: str = "2.4") -> list[list[float]]:
    """Give from where to where the lines of a colour run."""
    paths = [str(part.get("d")) for part in svg.iter("path") if f"stroke: {colour}; stroke-width: {width}" in str(part.get("style"))]
    return [[float(across) for across in re.findall(r"[ML]([\d.]+) ", line)] for path in paths for line in re.findall(r"M[^M]+", path)]


def rows(found: ET.Element) -> list[list[str]]:
    """Give the table under the drawing."""
    return [["".join(cell.itertext()) for cell in row] for row in found.iter("tr")]


# ---------------------------------------------------------------- dots


MOVED = {"better": BLUE, "worse": ORANGE, "no change": GREY, "not comparable": GREY, "not known": GREY}


@pytest.mark.parametrize(("moved", "colour"), MOVED.items())
def test_the_colour_tells_which_way(moved: str, colour: str) -> None:
    """It draws a hollow dot for what was, a solid one for what is, and a line between, in the colour of the change; the word stands beside it."""
    svg = drawing(tree(measure("80", "95", moved)))
    (was, now) = marks(svg)
    assert (was[:3], now[:3]) == (("dot", PAPER, colour), ("dot", colour, PAPER))
    assert lines(svg, colour) == [[was[3], now[3]]]
    assert moved in written(svg)


def test_a_dot_stands_at_its_share() -> None:
    """It puts 75 % on its line, 100 % on the target, and 90 % at three fifths between the two."""
    svg = drawing(tree(measure("75", "90"), measure("100", "100")))
    (_, was, other, now) = sorted({mark[3] for mark in marks(svg)} | {0.0})
    start, target = tick(svg, "75%"), tick(svg, "target")
    assert (was, now) == pytest.approx((start, target), abs=0.11)
    assert other == pytest.approx(start + (target - start) * 0.6, abs=0.11)


def test_what_was_and_is_not_known_has_no_dot() -> None:
    """It draws only the solid dot where what was is not known, and only the hollow one where what is is not."""
    assert [mark[:3] for mark in marks(drawing(tree(measure(None, "95", "not known"))))] == [("dot", GREY, PAPER)]
    svg = drawing(tree(measure("95", None, "not known")))
    assert [mark[:3] for mark in marks(svg)] == [("dot", PAPER, GREY)]
    assert written(svg).count("not known") == 2
    assert lines(svg, GREY) == []


def test_a_measure_of_which_nothing_is_known_is_kept() -> None:
    """It draws a dashed line over the whole axis, and writes what was typed."""
    svg = drawing(tree(measure(None, None, "not known", shown_now="not returned")))
    assert marks(svg) == []
    assert "not returned" in written(svg)
    assert [part.get("d") for part in svg.iter("path") if "stroke-dasharray" in str(part.get("style"))] != []


def test_what_lies_beyond_the_axis_ends_in_an_arrow_head() -> None:
    """It stops at 200 % and at nought, with an arrow head and the figure in words."""
    svg = drawing(tree(measure("90", "1250.4"), measure("90", "-40", "worse"), measure("312", "240", "worse")))
    heads = [mark for mark in marks(svg) if mark[0] == "head"]
    end, start = tick(svg, "200%"), tick(svg, "0%")
    assert sorted(at for _, colour, _, at in heads if colour != PAPER) == pytest.approx([start, end, end], abs=0.11)
    assert [edge for _, colour, edge, at in heads if colour == PAPER and at < end] == [ORANGE]
    assert {"1,250% of target", "−40% of target", "was 312%, 240% of target"} <= set(written(svg))


AXES = {
    "near the target": (("98", "103"), {"75%", "target", "125%"}),
    "just below a step": (("74", "103"), {"50%", "75%", "target", "125%"}),
    "just above a step": (("12", "126"), {"0%", "50%", "target", "150%"}),
    "at the end": (("101", "200"), {"target", "150%", "200%"}),
    "beyond the end": (("90", "999"), {"target", "150%", "200%"}),
    "below nought": (("-5", "99"), {"0%", "50%", "target"}),
}


@pytest.mark.parametrize(("shares", "ticks"), AXES.values(), ids=AXES)
def test_the_axis_holds_what_is_known(shares: tuple[str, str], ticks: set[str]) -> None:
    """It reaches at least from 75 % to 125 %, and in steps of 25 as far as there are figures, a line at each 25 or 50."""
    texts = written(drawing(tree(measure(*shares, shown_now="typed"))))
    assert {text for text in texts if re.fullmatch(r"\d+%|target", text)} == ticks


# ---------------------------------------------------------------- rows and words


def test_the_rows_keep_their_order() -> None:
    """It draws the measures in the order given, in both drawings and the table."""
    found = tree(*(measure("80", "90", name=name) for name in ("Zoo", "Arts", "Homes")))
    for kind in ("wide", "narrow"):
        assert [text for text in written(drawing(found, kind)) if text in {"Zoo", "Arts", "Homes"}] == ["Zoo", "Arts", "Homes"]
    assert [row[0] for row in rows(found)[1:]] == ["Zoo", "Arts", "Homes"]


def test_sixty_rows_can_be_read() -> None:
    """It grows with its rows, which keep at least a line's height apart, and writes the axis again below them."""
    found = tree(*(measure("80", "90", name=f"Measure {number}") for number in range(60)))
    svg = drawing(found)
    downs = [float(str(part.get("y"))) for part in svg.iter("text") if str(part.text).startswith("Measure ")]
    assert len(downs) == 60
    assert min(after - before for before, after in pairwise(downs)) >= 18
    assert written(svg).count("target") == 2


LONG = {"many words": "A very long name of a measure " * 6, "one word": "Unbreakable" * 14}


@pytest.mark.parametrize("name", LONG.values(), ids=LONG)
def test_a_long_name_is_broken_into_lines(name: str) -> None:
    """It draws three lines at most, each as long as there is room, and gives the whole name in the table."""
    found = tree(measure("80", "90", name=name))
    broken = [text for text in written(drawing(found)) if "name" in text or "break" in text or "Unb" in text]
    assert len(broken) == 3
    assert broken[-1].endswith("…")
    assert rows(found)[1][0] == name


def test_the_actual_is_written_as_typed() -> None:
    """It writes what was typed at the right; where nothing was typed, the share."""
    assert "£1,600.00" in written(drawing(tree(measure("80", "90", shown_now="£1,600.00"))))
    assert "90%" in written(drawing(tree(measure("80", "90", shown_now=""))))


def test_the_key_explains_what_is_there() -> None:
    """It names the two periods, and only the colours that are drawn."""
    texts = written(drawing(tree(measure("80", "90"), measure("80", None, "worse"))))
    assert {"Q1 2016/17", "Q2 2016/17", "better"} <= set(texts)
    assert "neither" not in texts


def test_the_figures_are_given_in_words() -> None:
    """It gives under the drawing each actual as typed with its share of the target, the band in words, and what is not known."""
    found = tree(measure("80", "92.44", shown_before="8", shown_now="9"), measure(None, "5.25", "not known", name="Jobs", band="no target", shown_now=""))
    assert rows(found) == [
        ["Measure", "Band", "Q1 2016/17", "Q2 2016/17", "Change"],
        ["Homes", "Amber", "8 (80% of target)", "9 (92% of target)", "better"],
        ["Jobs", "no target", "not known", "5.2% of target", "not known"],
    ]


def test_no_rows_can_be_drawn() -> None:
    """It gives the axis and an empty table."""
    assert rows(tree()) == [["Measure", "Band", "Q1 2016/17", "Q2 2016/17", "Change"]]


def test_a_script_in_a_return_is_text() -> None:
    """It escapes names, actuals, bands and the words of the figure."""
    found = tree(measure("80", "90", SCRIPT, name=SCRIPT, band=SCRIPT, shown_now=SCRIPT, shown_before=SCRIPT), **dict.fromkeys(SAID, SCRIPT))
    assert list(found.iter("script")) == []
    assert rows(found)[1][0] == SCRIPT


@pytest.mark.parametrize("name", ["From $5 to $10", r"$\frac{1}{0$", "_hidden", "Café 茶", "a\nb", "100% of & <"])
def test_a_name_from_a_return_is_drawn_as_typed(name: str) -> None:
    """It draws whatever a return calls a measure, and warns of nothing into the page."""
    assert " ".join(name.split()) in written(drawing(tree(measure("80", "90", name=name))))


def test_a_frame_is_left_as_it_was() -> None:
    """It changes nothing of the frame that it is given."""
    given = frame(measure("80", "90"), measure(None, None))
    before = given.copy(deep=True)
    charts.change(given, **SAID)
    assert_frame_equal(given, before)
