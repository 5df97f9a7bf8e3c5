"""Charts: a message, words for those who cannot see it, its figures as a table, the same bytes each time, nothing from outside."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from analysis import charts
from analysis.markup import Html

SCRIPT = "<script>alert(1)</script>"
SAID = {"title": "Two awards are spent", "subtitle": "Pounds, Q1 2011/12", "source": "grant returns", "alt": "Green Gyms has spent half of its award."}


def spend(**said: str) -> Html:
    """Draw an award half spent, and one of which nothing is known."""
    names = ["project", "award", "spent", "forecast", "unplanned", "unknown"]
    rows = [["Green Gyms", Decimal(8000), Decimal(4000), Decimal(4000), Decimal(0), False], ["The Souk", Decimal(5000), None, None, None, True]]
    return charts.spend(pd.DataFrame(rows, columns=names, dtype=object), **SAID | said)


def waterfall(**said: str) -> Html:
    """Draw what was possible, what is not known of it, and what was earned."""
    rows = [
        ["Possible", Decimal(0), Decimal(10), "known", "£10"],
        ["Not known", Decimal(6), Decimal(10), "unknown", "£4"],
        ["Earned", Decimal(0), Decimal(6), "known", "£6"],
    ]
    return charts.waterfall(pd.DataFrame(rows, columns=["what", "start", "end", "style", "words"], dtype=object), **SAID | said)


def burn_up(**said: str) -> Html:
    """Draw spending that is known, and spending that is forecast."""
    rows = [["Q1", "actual", Decimal(4), Decimal(4), Decimal(10)], ["Q2", "forecast", Decimal(6), Decimal(9), Decimal(10)]]
    return charts.burn_up(pd.DataFrame(rows, columns=["period", "kind", "at_least", "at_most", "awarded"], dtype=object), **SAID | said)


def timeline(**said: str) -> Html:
    """Draw a milestone that is due, and one that names no date."""
    rows = [["CAB", "2011-07-31", "due, nothing said"], ["CAB", "", "no date"]]
    return charts.timeline(
        pd.DataFrame(rows, columns=["organisation", "due", "state"], dtype=object), now=date(2011, 9, 30), now_label="end of Q2", **SAID | said
    )


def bands(counts: dict[str, list[int]], *themes: str, **said: str) -> Html:
    """Draw how many measures stand in each band, by theme."""
    return charts.bands(pd.DataFrame(counts, index=list(themes)), **SAID | said)


def months(*rows: tuple[str, str, Decimal | None], **said: str) -> Html:
    """Draw monthly indicators: indicator, month, value."""
    return charts.months(pd.DataFrame(rows, columns=["indicator", "month", "value"], dtype=object), **SAID | said)


def tree(html: Html) -> ET.Element:
    """Give a figure as a tree, which it can only be if every tag in it is closed and every text in it is escaped."""
    return ET.fromstring(str(html))  # noqa: S314 - our own markup


def drawn(html: Html) -> list[str]:
    """Give the texts inside the drawing."""
    return ["".join(text.itertext()).strip() for text in tree(html).iterfind("./svg//text")]


def figures(html: Html) -> list[list[str]]:
    """Give the rows of the table under the drawing."""
    return [["".join(cell.itertext()) for cell in row] for row in tree(html).iterfind("./details//tr")]


CHARTS: dict[str, Any] = {
    "bands": cache(lambda **said: bands({"HR": [2, 0], "HG": [5, 1], "": [1, 3]}, "Build", "Protect", **said)),
    "spend": cache(spend),
    "waterfall": cache(waterfall),
    "burn_up": cache(burn_up),
    "timeline": cache(timeline),
    "months": cache(lambda **said: months(("Enquiries", "2009-11", Decimal(10)), ("Enquiries", "2009-12", Decimal(12)), **said)),
}
every_chart = pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)


# ---------------------------------------------------------------- what every chart has


@every_chart
def test_a_chart_is_an_image_with_words(draw: Callable[..., Html]) -> None:
    """It is named by its title and described by its alt text, for those who cannot see it."""
    image = tree(draw()).find("svg")
    assert image is not None
    assert image.get("role") == "img"
    titled, described = (image.find(name) for name in ("title", "desc"))
    assert titled is not None
    assert described is not None
    assert (titled.text, described.text) == (SAID["title"], SAID["alt"])
    assert str(image.get("aria-labelledby")).split() == [titled.get("id"), described.get("id")]


@every_chart
def test_a_chart_says_its_message_unit_and_source(draw: Callable[..., Html]) -> None:
    """It has its message above, what is plotted under that, and the source below."""
    figure = tree(draw())
    assert [figure.findtext(path) for path in ("figcaption/h3", "figcaption/p", "p")] == [SAID["title"], SAID["subtitle"], "Source: grant returns."]


@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize("name", SAID)
def test_a_chart_cannot_be_drawn_without_its_words(chart: str, name: str) -> None:
    """It requires title, subtitle, source and alt text."""
    with pytest.raises(TypeError, match=name):
        getattr(charts, chart)(pd.DataFrame(), **{word: text for word, text in SAID.items() if word != name})


@every_chart
def test_a_chart_is_drawn_the_same_every_time(draw: Any) -> None:
    """It gives the same bytes for the same figures, also when drawn anew."""
    assert draw.__wrapped__() == draw()


@every_chart
def test_a_chart_needs_nothing_from_outside(draw: Callable[..., Html]) -> None:
    """It refers only to its own parts; the two addresses in it are names of formats."""
    found = tree(draw())
    references = [value for part in found.iter() for name, value in part.attrib.items() if name.endswith(("href", "src"))]
    references += re.findall(r"url\(([^)]*)\)", str(draw()))
    assert [reference for reference in references if not reference.startswith("#")] == []
    assert set(re.findall(r"https?://[^\"' ]+", str(draw()))) <= {"http://www.w3.org/1999/xlink", "http://www.w3.org/2000/svg"}


@every_chart
def test_the_parts_of_a_chart_are_its_own(draw: Callable[..., Html]) -> None:
    """It shares no id with another chart on the page, and each of its references finds its part."""
    first, second = ({part.get("id") for part in tree(html).iter()} - {None} for html in (draw(), draw(title="Another message")))
    assert first & second == set()
    pointed = set(re.findall(r'(?:href="|url\()#([^")]+)', str(draw())))
    assert pointed - first == set()


@every_chart
def test_a_script_in_a_return_is_text(draw: Callable[..., Html]) -> None:
    """It escapes the words of a chart."""
    html = draw(**dict.fromkeys(SAID, SCRIPT))
    assert list(tree(html).iter("script")) == []
    assert tree(html).findtext("figcaption/h3") == SCRIPT


@every_chart
def test_the_figures_have_headings_with_scope(draw: Callable[..., Html]) -> None:
    """It gives the table under the drawing a caption, and each of its headings a scope."""
    table = tree(draw()).find("details//table")
    assert table is not None
    assert table.findtext("caption") == f"{SAID['title']}: the figures"
    assert {cell.get("scope") for cell in table.iter("th")} == {"col", "row"}


# ---------------------------------------------------------------- bands


def test_the_bands_are_given_as_figures() -> None:
    """It gives under the drawing how many measures stand in each band, in words."""
    assert figures(CHARTS["bands"]()) == [["Theme", "High Red", "High Green", "Not scored"], ["Build", "2", "5", "1"], ["Protect", "0", "1", "3"]]


def test_a_bar_is_labelled_with_its_band_and_number() -> None:
    """It writes code and number where there is room, the number alone where there is not, and nothing for none."""
    assert drawn(CHARTS["bands"]()) == ["Build", "Protect", "HR 2", "HG 5", "1", "1", "3"]


# ---------------------------------------------------------------- months


def test_the_months_are_given_as_figures() -> None:
    """It gives under the drawing each indicator's figure of each month."""
    html = months(
        ("Enquiries", "2009-11", Decimal(10)), ("Enquiries", "2009-12", Decimal(12)), ("Claims", "2009-11", Decimal(7)), ("Claims", "2009-12", Decimal(5))
    )
    assert figures(html) == [["Indicator", "November 2009", "December 2009"], ["Enquiries", "10", "12"], ["Claims", "7", "5"]]


def test_the_first_and_last_month_are_labelled() -> None:
    """It writes the first and the last figure into the drawing, and the months below."""
    html = months(("Enquiries", "2009-10", Decimal(10)), ("Enquiries", "2009-11", Decimal(11)), ("Enquiries", "2009-12", Decimal(1234)))
    assert [text for text in drawn(html) if text in {"10", "11", "1,234"}] == ["10", "1,234"]
    assert {"Oct", "Nov", "Dec", "Enquiries"} <= set(drawn(html))


def test_a_figure_in_the_drawing_keeps_its_decimals() -> None:
    """It writes a figure of three decimals with all three, as the table under it does."""
    html = months(("Rate", "2009-11", Decimal("12.345")), ("Rate", "2009-12", Decimal("0.125")))
    assert {"12.345", "0.125"} <= set(drawn(html))


GAPS = {
    "first": (None, Decimal(11), Decimal(12)),
    "between": (Decimal(10), None, Decimal(12)),
    "last": (Decimal(10), Decimal(11), None),
    "all": (None, None, None),
    "only one": (Decimal(3),),
}


@pytest.mark.parametrize("values", GAPS.values(), ids=GAPS)
def test_a_month_that_is_not_known_is_a_gap(values: tuple[Decimal | None, ...]) -> None:
    """It leaves a gap where a month is not known, and says so in the table."""
    html = months(*(("Enquiries", f"2009-{month}", value) for month, value in enumerate(values, start=10)))
    assert figures(html)[1] == ["Enquiries", *("not known" if value is None else str(value) for value in values)]


def test_indicators_of_different_months_stand_in_one_chart() -> None:
    """It puts each figure under its own month where one indicator begins later than another."""
    html = months(("Enquiries", "2009-11", Decimal(10)), ("Enquiries", "2009-12", Decimal(12)), ("Claims", "2009-12", Decimal(5)))
    heads, enquiries, claims = figures(html)
    assert (heads, enquiries) == (["Indicator", "November 2009", "December 2009"], ["Enquiries", "10", "12"])
    assert claims[2] == "5"
