"""Charts: a message, words for those who cannot see it, its figures as a table, the same bytes each time, nothing from outside."""

from __future__ import annotations

import re
from collections.abc import Callable
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


def spend(*rows: tuple[str, Decimal | None, Decimal | None], **said: str) -> Html:
    """Draw awards: project, award, spent."""
    return charts.spend(pd.DataFrame(rows, columns=["project", "award", "total_to_date"], dtype=object), **SAID | said)


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


GYMS = ("Green Gyms", Decimal("8000.00"), Decimal("4000.00"))
SOUK = ("The Souk", Decimal("5000.00"), None)
CHARTS: dict[str, Any] = {
    "bands": cache(lambda **said: bands({"HR": [2, 0], "HG": [5, 1], "": [1, 3]}, "Build", "Protect", **said)),
    "spend": cache(lambda **said: spend(GYMS, SOUK, **said)),
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


@every_chart
@pytest.mark.parametrize("name", SAID)
def test_a_chart_cannot_be_drawn_without_its_words(draw: Callable[..., Html], name: str) -> None:
    """It requires title, subtitle, source and alt text."""
    function: Any = {"Green Gyms": charts.spend, "Build": charts.bands}.get(figures(draw())[1][0], charts.months)
    with pytest.raises(TypeError, match=name):
        function(pd.DataFrame(), **{word: text for word, text in SAID.items() if word != name})


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


# ---------------------------------------------------------------- spend


def test_the_spend_is_given_as_figures() -> None:
    """It gives under the drawing what was awarded and spent, exactly, and says what is not known."""
    assert figures(CHARTS["spend"]()) == [
        ["Project", "Awarded", "Spent to date"],
        ["Green Gyms", "£8,000.00", "£4,000.00"],
        ["The Souk", "£5,000.00", "not known"],
    ]


def test_unknown_spend_is_hatched() -> None:
    """It draws an award whose spend is not known hatched, never as nothing spent."""
    assert "<pattern" in spend(SOUK)
    assert "<pattern" not in spend(GYMS)
    assert "<pattern" not in spend(("The Souk", Decimal("5000.00"), Decimal(0)))


SPENT = {
    "half": (GYMS, "50% of £8,000"),
    "nothing": (("Green Gyms", Decimal(8000), Decimal(0)), "0% of £8,000"),
    "more than awarded": (("Green Gyms", Decimal(8000), Decimal(10000)), "125% of £8,000"),
    "not known": (SOUK, "spend not known, of £5,000"),
}


@pytest.mark.parametrize(("row", "label"), SPENT.values(), ids=SPENT)
def test_an_award_says_how_much_of_it_is_spent(row: tuple[str, Decimal, Decimal | None], label: str) -> None:
    """It writes beside the bar what part of the award is spent."""
    assert drawn(spend(row))[-1] == label


def test_an_award_that_is_not_known_is_not_drawn_as_nothing() -> None:
    """It says of an award without an amount that it is not known, in the drawing as in the table."""
    html = spend(GYMS, ("The Souk", None, Decimal(5)))
    assert figures(html)[2] == ["The Souk", "not known", "£5.00"]
    assert "not known" in drawn(html)[-1]


def test_awards_that_are_all_unknown_can_be_drawn() -> None:
    """It draws a quarter in which no award has an amount, without a warning into the page."""
    assert figures(spend(("The Souk", None, None)))[1] == ["The Souk", "not known", "not known"]


HOSTILE = {
    "a script": SCRIPT,
    "dollar signs": "From $5 to $10",
    "what looks like a formula": r"$\frac{1}{0$",
    "an underscore before": "_hidden",
    "letters that the font does not have": "Café 茶",
    "long": "Sustainable Development and Enterprise, second phase of works",
}


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_name_from_a_return_is_drawn_as_typed(name: str) -> None:
    """It draws whatever a return calls a project, letter by letter, and warns of nothing into the page."""
    html = spend((name, Decimal(8000), Decimal(4000)))
    assert name in " ".join(drawn(html))
    assert figures(html)[1][0] == name


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
