"""Small multiples: shared axes worked out by hand, gaps drawn as gaps, words for those who cannot see them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from analysis import charts, tables
from analysis.charts import Panel
from analysis.markup import Html

SCRIPT = "<script>alert(1)</script>"
SAID = {
    "title": "Two measures are below target",
    "subtitle": "Per cent of target, three quarters",
    "source": "returns",
    "alt": "Both lines end below the dashed line.",
}
PERIODS = ("Q4 15/16", "Q1 16/17", "Q2 16/17")
BLUE, MUTED = "#12436D", "#505A5F"


def panel(*values: int | str | None, name: str = "Homes", **other: Any) -> Panel:
    """Give a panel of per cents of target, whose actuals as typed are the same."""
    exact = tuple(None if value is None else Decimal(value) for value in values)
    given = {
        "note": "homes, higher is better", "band": "HR", "periods": PERIODS[: len(values)], "targets": (Decimal(100),) * len(values),
        "shown_values": tuple("" if value is None else str(value) for value in values), "unit_words": "homes",
    }  # fmt: skip
    return Panel(name=name, values=exact, **given | other)


def tree(*panels: Panel, **said: str) -> ET.Element:
    """Draw panels, and give the figure as a tree."""
    return ET.fromstring(str(charts.multiples(panels, **SAID | said)))  # noqa: S314 - our own markup


def drawings(*panels: Panel) -> list[ET.Element]:
    """Give the drawing of each panel."""
    return [part for part in tree(*panels).iter("svg") if part.get("class") == "panel-chart"]


def lines(svg: ET.Element, colour: str = BLUE) -> list[str]:
    """Give the lines of a colour."""
    return [str(part.get("d")) for part in svg.iter("path") if part.get("stroke") == colour]


def written(svg: ET.Element) -> list[str | None]:
    """Give the texts in a drawing."""
    return [part.text for part in svg.iter("text")]


def text_at(svg: ET.Element, words: str) -> float:
    """Give how far down a text stands."""
    return next(float(str(part.get("y"))) for part in svg.iter("text") if part.text == words)


def hollow(svg: ET.Element) -> list[tuple[str | None, str | None]]:
    """Give where the dots stand that mean "not known"."""
    return [(part.get("cx"), part.get("cy")) for part in svg.iter("circle") if part.get("stroke") == MUTED]


def test_every_panel_stands_on_the_same_axes() -> None:
    """It puts the lowest figure of all at 86 and the highest at 14, also in the panel that has neither: 50 % down to 150 %."""
    first, second = drawings(panel(50, 100, 150), panel(75, 75, 125))
    downs = [[place.split()[1] for place in lines(svg)[0][1:].split("L")] for svg in (first, second)]
    assert downs == [["86", "50", "14"], ["68", "68", "32"]]
    assert [lines(svg, MUTED) for svg in (first, second)] == [[re.sub(r" \d+(?=L|$)", " 50", lines(first)[0])]] * 2


def test_the_periods_are_spread_evenly() -> None:
    """It begins at 7 and ends left of the labels, with the second of three periods half way."""
    starts = [Decimal(place.split()[0]) for place in lines(drawings(panel(90, 95, 98))[0])[0][1:].split("L")]
    assert starts[0] == 7
    assert abs(starts[1] * 2 - starts[0] - starts[2]) <= Decimal("0.1")


def test_nothing_is_cut_off() -> None:
    """It makes room for a figure of 1,250 % and for one below nought."""
    for svg in drawings(panel(1250, 90, 95), panel(-120, 90, 95)):
        assert all(14 <= float(place.split()[1]) <= 86 for place in lines(svg)[0][1:].split("L"))


def test_the_last_value_is_labelled_as_typed() -> None:
    """It writes the last actual as it was typed, the word target, and the first and last period."""
    assert written(drawings(panel(90, 95, 98, shown_values=("1", "2", "£3.10")))[0]) == ["Q4 15/16", "Q2 16/17", "£3.10", "target"]


@pytest.mark.parametrize("last", [99, 100, 101, 50, 150])
def test_the_labels_keep_apart(last: int) -> None:
    """It moves the word target away where the last value stands beside it."""
    (svg,) = drawings(panel(50, 150, last))
    assert abs(text_at(svg, str(last)) - text_at(svg, "target")) >= 14


def test_a_value_that_is_not_known_is_a_gap() -> None:
    """It parts the line, keeps a single value as a dot, and puts a hollow dot on the ground line."""
    (svg,) = drawings(panel(90, None, 95))
    ((across, down),) = hollow(svg)
    assert (lines(svg), down) == ([], "97")
    assert next(part.get("cx") for part in svg.iter("circle") if part.get("fill") == BLUE) == "7"
    assert 7 < float(str(across)) < 300


def test_a_last_value_that_is_not_known_is_said_so() -> None:
    """It writes "not known" at the end, and never the value before."""
    (svg,) = drawings(panel(90, 95, None))
    assert written(svg)[2:] == ["not known", "target"]
    assert [part.get("r") for part in svg.iter("circle") if part.get("fill") == BLUE] == []


def test_a_panel_of_which_nothing_is_known_is_kept() -> None:
    """It draws a hollow dot for each period, and says so."""
    first, _ = drawings(panel(None, None, None), panel(90, 95, 98))
    assert (len(hollow(first)), lines(first)) == (3, [])
    assert first.get("aria-label") == "Homes: not known in any period."


def test_without_a_target_there_is_no_dashed_line() -> None:
    """It draws no target where there is none, and does not name it."""
    (svg,) = drawings(panel(90, 95, 98, targets=(None, None, None)))
    assert (lines(svg, MUTED), written(svg)) == ([], ["Q4 15/16", "Q2 16/17", "98"])


def test_one_period_can_be_drawn() -> None:
    """It draws one dot and one label."""
    (svg,) = drawings(panel(95))
    assert written(svg) == ["Q4 15/16", "95", "target"]


def test_a_label_too_long_for_its_room_ends_in_an_ellipsis() -> None:
    """It keeps the label inside the drawing, and the whole text in the table."""
    found = tree(panel(90, 95, 98, shown_values=("", "", "Not returned until the survey is published")))
    (svg,) = (part for part in found.iter("svg") if part.get("class") == "panel-chart")
    assert str(written(svg)[2]).endswith("…")
    assert "Not returned until the survey is published (98% of target)" in ["".join(cell.itertext()) for cell in found.iter("td")]


def test_a_drawing_is_read_out_in_words() -> None:
    """It says measure, last actual with its unit, share of the target, where it came from, and what is missing."""
    (svg,) = drawings(panel(90, None, "98.6", shown_values=("180", "", "197")))
    assert svg.get("aria-label") == "Homes: 197 homes, 99% of target, in Q2 16/17; 90% of target in Q4 15/16; 1 of 3 periods not known."


def test_the_figure_has_its_words() -> None:
    """It has message, subtitle, source and alt text, and its band in words beside the mark."""
    found = tree(panel(90, 95, 98, mark=tables.mark("HR")))
    assert [found.findtext(path) for path in ("figcaption/h3", "figcaption/p")] == [SAID["title"], SAID["subtitle"]]
    assert [part.text for part in found.findall("p")] == [SAID["alt"], "Source: returns."]
    name = found.find(".//p[@class='panel-name']")
    assert name is not None
    assert "".join(name.itertext()) == "High Red: Homes"
    assert [part.get("class") for part in name] == ["mark", "hidden", None]


@pytest.mark.parametrize("name", SAID)
def test_the_figure_cannot_be_drawn_without_its_words(name: str) -> None:
    """It requires title, subtitle, source and alt text."""
    function: Any = charts.multiples
    with pytest.raises(TypeError, match=name):
        function([panel(90)], **{word: text for word, text in SAID.items() if word != name})


def test_the_figures_of_all_panels_stand_below() -> None:
    """It gives each actual as typed with its share of the target, and says what is not known."""
    found = tree(
        panel(90, None, "98.6", shown_values=("180", "", "197")),
        panel(None, "8.25", 70, name="Jobs", shown_values=("12", "", "14"), band="no target", unit_words=""),
    )
    rows = [["".join(cell.itertext()) for cell in row] for row in found.iter("tr")]
    assert rows == [
        ["Measure", "Band", "Unit", *PERIODS],
        ["Homes", "High Red", "homes", "180 (90% of target)", "not known", "197 (99% of target)"],
        ["Jobs", "no target", "", "12", "8.2% of target", "14 (70% of target)"],
    ]


def test_panels_of_other_periods_are_refused() -> None:
    """It names the panel whose periods are not the figure's, or that has too few values."""
    for odd in (panel(90, name="Jobs"), panel(90, 95, 98, name="Jobs", periods=("a", "b", "c")), panel(90, 95, 98, name="Jobs", shown_values=("1",))):
        with pytest.raises(ValueError, match="Jobs: a panel needs"):
            tree(panel(90, 95, 98), odd)


def test_a_figure_without_panels_can_be_drawn() -> None:
    """It gives the message and an empty table."""
    assert list(tree().iter("svg")) == []


def test_a_script_in_a_return_is_text() -> None:
    """It escapes name, note, band, unit, labels and the words of the figure."""
    odd = panel(90, 95, 98, name=SCRIPT, note=SCRIPT, band=SCRIPT, unit_words=SCRIPT, shown_values=(SCRIPT,) * 3, periods=(SCRIPT,) * 3)
    found = tree(odd, **dict.fromkeys(SAID, SCRIPT))
    assert list(found.iter("script")) == []
    assert found.findtext(".//p[@class='panel-name']/span[2]") == SCRIPT


def test_two_figures_share_no_id() -> None:
    """It has one id, made of its title."""
    ids = [part.get("id") for title in ("One message", "Another") for part in tree(panel(90, 95, 98), panel(80, 85, 88), title=title).iter() if part.get("id")]
    assert ids == ["chart-one-message", "chart-another"]


def test_a_figure_is_drawn_the_same_every_time() -> None:
    """It gives the same bytes for the same figures, and coordinates of at most one decimal."""
    one, other = (charts.multiples([panel("90.123456", None, "98.7")], **SAID) for _ in range(2))
    assert isinstance(one, Html)
    assert one == other
    assert re.findall(r'="[^"]*\d\.\d\d[^"]*"', str(one).split("<details>")[0]) == []
