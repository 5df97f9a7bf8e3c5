"""Sparkline and bullet: where each thing stands, worked out by hand, and what is not known drawn as not known."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from analysis import charts
from analysis.markup import Html

BLUE, MUTED, INK = "#12436D", "#505A5F", "#0B0C0C"
SCRIPT = '"><script>alert(1)</script>'


def exact(*values: str | None) -> list[Decimal | None]:
    """Give exact values, None for those that are not known."""
    return [None if value is None else Decimal(value) for value in values]


def sparkline(*values: str | None, target: str | None = None, label: str = "Falling") -> Html:
    """Draw a series."""
    return charts.sparkline(exact(*values), target=exact(target)[0], label=label)


def bullet(share: str, before: str | None = None, *edges: str) -> Html:
    """Draw a share of the target."""
    return charts.bullet(Decimal(share), exact(before)[0], [Decimal(edge) for edge in edges])


def tree(html: Html) -> ET.Element:
    """Give a drawing as a tree, which it can only be if it is well formed."""
    return ET.fromstring(str(html))  # noqa: S314 - our own markup


def lines(html: Html) -> list[str]:
    """Give the solid lines of a sparkline."""
    return [str(part.get("d")) for part in tree(html).iter("path") if not part.get("stroke-dasharray")]


def dashed(html: Html) -> list[str]:
    """Give the dashed lines of a sparkline."""
    return [str(part.get("d")) for part in tree(html).iter("path") if part.get("stroke-dasharray")]


def dots(html: Html, colour: str) -> list[tuple[str | None, str | None]]:
    """Give where the dots of a colour stand."""
    return [(part.get("cx"), part.get("cy")) for part in tree(html).iter("circle") if part.get("fill") == colour]


def hollow(html: Html) -> list[tuple[str | None, str | None]]:
    """Give where the dots stand that mean "not known"."""
    return [(part.get("cx"), part.get("cy")) for part in tree(html).iter("circle") if (part.get("fill"), part.get("stroke")) == ("#FFFFFF", MUTED)]


def bars(html: Html) -> list[tuple[str | None, ...]]:
    """Give the bars of a bullet: where each begins, how long it is, its colour."""
    return [tuple(part.get(name) for name in ("x", "width", "fill")) for part in tree(html).iter("rect")]


# ---------------------------------------------------------------- sparkline


def test_a_sparkline_is_an_image_with_words() -> None:
    """It is 112 by 30 pixels, and read out as its label."""
    image = tree(sparkline("1", "2", label="Rising from 1 to 2"))
    assert [image.get(name) for name in ("width", "height", "role", "aria-label")] == ["112", "30", "img", "Rising from 1 to 2"]


def test_a_sparkline_runs_from_left_to_right_in_time() -> None:
    """It spreads the periods from 4 to 108, and the values from 26 for the lowest up to 4 for the highest."""
    assert lines(sparkline("0", "5", "10", "2.5", "0")) == ["M4 26L30 15L56 4L82 20.5L108 26"]


def test_the_target_is_dashed_on_the_same_scale() -> None:
    """It makes room for a target beyond the values, and draws it over the whole width."""
    html = sparkline("0", "5", target="10")
    assert (lines(html), dashed(html)) == (["M4 26L108 15"], ["M1 4L111 4"])


def test_without_a_target_nothing_is_dashed() -> None:
    """It draws no target where there is none."""
    assert dashed(sparkline("0", "5")) == []


def test_the_last_value_is_a_blue_dot() -> None:
    """It ends in a blue dot at the last value."""
    assert dots(sparkline("0", "10"), BLUE) == [("108", "4")]


def test_a_value_that_is_not_known_is_a_gap() -> None:
    """It parts the line, and puts a hollow dot below every value in the place of the one that is not known."""
    html = sparkline("0", "10", None, "10", "0")
    assert (lines(html), hollow(html), dots(html, BLUE)) == (["M4 21L30 4", "M82 4L108 21"], [("56", "27")], [("108", "21")])


def test_where_the_last_value_is_not_known_there_is_no_blue_dot() -> None:
    """It ends in the hollow dot, never in the value before."""
    html = sparkline("0", "10", None)
    assert (dots(html, BLUE), hollow(html)) == ([], [("108", "27")])


def test_a_value_between_gaps_is_a_dot() -> None:
    """It shows a single known value as a grey dot, because no line can."""
    html = sparkline("0", None, "10")
    assert (lines(html), dots(html, MUTED), dots(html, BLUE), hollow(html)) == ([], [("4", "21")], [("108", "4")], [("56", "27")])


def test_one_value_stands_at_the_end() -> None:
    """It draws one value alone as the blue dot, at half height."""
    html = sparkline("3")
    assert (lines(html), dots(html, BLUE)) == ([], [("108", "15")])


def test_with_nothing_known_only_hollow_dots_are_left() -> None:
    """It draws neither line nor target, and keeps its label."""
    html = sparkline(None, None, None, target="5", label="Never returned")
    assert (lines(html), dashed(html), hollow(html)) == ([], [], [("4", "27"), ("56", "27"), ("108", "27")])
    assert tree(html).get("aria-label") == "Never returned"


def test_without_a_period_there_is_nothing_to_draw() -> None:
    """It gives a labelled drawing with nothing in it."""
    assert list(tree(sparkline(target="5"))) == []


def test_values_that_are_all_the_same_lie_in_the_middle() -> None:
    """It draws a level line at half height, not on the ground."""
    assert lines(sparkline("4", "4", "4", target="4")) == ["M4 15L56 15L108 15"]


def test_a_coordinate_has_one_decimal_at_most() -> None:
    """It rounds what cannot be written exactly: thirds of the height and sevenths of the width."""
    assert lines(sparkline("0", "1", "3", "3", "3", "3", "3", "3"))[0].startswith("M4 26L18.9 18.7L33.7 4L48.6 4")


def test_a_label_is_text() -> None:
    """It escapes the label, which may quote a return."""
    assert tree(sparkline("1", label=SCRIPT)).get("aria-label") == SCRIPT


# ---------------------------------------------------------------- bullet


def test_a_bullet_is_hidden_from_screen_readers() -> None:
    """It is 150 by 18 pixels and says nothing, because the per cent stands beside it."""
    image = tree(bullet("92"))
    assert [image.get(name) for name in ("width", "height", "aria-hidden", "aria-label")] == ["150", "18", "true", None]


def test_the_bar_is_as_long_as_the_share() -> None:
    """It draws a blue bar of one pixel for each per cent, and the ink tick of the target at 100."""
    assert bars(bullet("97.44"))[1:] == [("0", "97.4", BLUE), ("99", "2", INK)]


EDGES = {
    "four": (("90", "95", "100", "105"), [("0", "90", "#CCD2D7"), ("90", "15", "#E0E4E7"), ("105", "45", "#F0F2F4")]),
    "in any order": (("105", "90"), [("0", "90", "#CCD2D7"), ("90", "15", "#E0E4E7"), ("105", "45", "#F0F2F4")]),
    "one": (("100",), [("0", "100", "#CCD2D7"), ("100", "50", "#F0F2F4")]),
    "none": ((), [("0", "150", "#F0F2F4")]),
    "beyond the end": (("60", "200"), [("0", "60", "#CCD2D7"), ("60", "90", "#E0E4E7")]),
    "below nought": (("-5", "100"), [("0", "100", "#E0E4E7"), ("100", "50", "#F0F2F4")]),
}


@pytest.mark.parametrize(("edges", "greys"), EDGES.values(), ids=EDGES)
def test_the_greys_part_at_the_edges_of_the_policy(edges: tuple[str, ...], greys: list[tuple[str, ...]]) -> None:
    """It is dark below the lowest edge, light above the highest, and between them between."""
    assert bars(bullet("0", None, *edges))[:-1] == greys


def test_what_is_beyond_the_end_has_an_arrow_head() -> None:
    """It ends the bar at 150 in an arrow head, which a bar of exactly 150 has not."""
    assert bars(bullet("150.1"))[1] == ("0", "144", BLUE)
    assert [part.get("d") for part in tree(bullet("150.1")).iter("path")] == ["M143 4.2L150 9L143 13.8z"]
    assert bars(bullet("150"))[1] == ("0", "150", BLUE)
    assert list(tree(bullet("150")).iter("path")) == []


def test_what_is_below_nought_has_an_arrow_head() -> None:
    """It draws no bar for a negative share but a head that points left, and for nought neither."""
    assert [part.get("d") for part in tree(bullet("-18")).iter("path")] == ["M7 4.2L0 9L7 13.8z"]
    assert list(tree(bullet("0")).iter("path")) == []
    assert {colour for _, _, colour in bars(bullet("-18"))} == {colour for _, _, colour in bars(bullet("0"))} == {"#F0F2F4", INK}


BEFORE = {"78.25": "78.2", "100": "100", "0": "3", "-40": "3", "149": "147", "900": "147"}


@pytest.mark.parametrize(("before", "across"), BEFORE.items())
def test_the_last_quarter_is_a_white_dot(before: str, across: str) -> None:
    """It stands at the share of the last quarter, whole even at the ends."""
    (dot,) = tree(bullet("92", before)).iter("circle")
    assert [dot.get(name) for name in ("cx", "cy", "fill", "stroke")] == [across, "9", "#FFFFFF", INK]


def test_a_last_quarter_that_is_not_known_has_no_dot() -> None:
    """It draws no dot, least of all at nought."""
    assert list(tree(bullet("92", None)).iter("circle")) == []


# ---------------------------------------------------------------- both


@pytest.mark.parametrize(
    "html", [sparkline("1", None, "3", "2", "5", "4", "6", "3", target="2"), bullet("92", "90", "90", "95", "100", "105")], ids=["sparkline", "bullet"]
)
def test_a_small_chart_is_small_and_its_own(html: Html) -> None:
    """It takes about a kilobyte, has no id to clash with another's, and no colour that a page must explain."""
    assert len(html) < 1200
    assert [name for part in tree(html).iter() for name in part.attrib if name in {"id", "style"}] == []


def test_a_small_chart_is_drawn_the_same_every_time() -> None:
    """It gives the same bytes for the same figures."""
    assert sparkline("1", None, "3", target="2") == sparkline("1", None, "3", target="2")
    assert bullet("92", "90", "100") == bullet("92", "90", "100")
