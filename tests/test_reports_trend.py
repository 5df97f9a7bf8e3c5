"""Where the year will end, on a page: a forecast while it runs, and in its last quarter what happened."""

from __future__ import annotations

from decimal import Decimal

from bs4 import Tag
from reports_by_hand import NOW, Row, of_sections, page, read, report, score, section, words

from analysis.reports import trend

LAST = "2016-17-Q4"


def ending(measure_id: str, outlook: str, came_to: str | None, target: str | None, quarter: str = LAST, **more: object) -> Row:
    """Give a measure's year end as it is kept: in the last quarter the forecast is the figure that there is."""
    known = None if came_to is None else Decimal(came_to)
    made: Row = {"measure_id": measure_id, "quarter": quarter, "outlook": outlook, "forecast": known, "low": known, "high": known, "past_errors": 0}
    return made | {"target": None if target is None else Decimal(target), "method": "the year has ended: its last figure"} | more


def shown(quarter: str, *rows: Row) -> Tag:
    """Give the section of a quarter with these year ends."""
    scores = [score(row["measure_id"], "LG", row=place, quarter=quarter) for place, row in enumerate(rows, start=2)]
    return read(trend.forecast(report(quarter=quarter, scores=scores, forecasts=list(rows))))


def lines(page: Tag) -> list[list[str]]:
    """Give the heading line and every line of the section's table."""
    return [[words(cell) for cell in line.find_all(["th", "td"])] for line in page.table.find_all("tr")]


ENDED = (
    ending("Build 5", "likely to meet", "84", "80"),
    ending("Build 13", "likely to miss", "318", "400", method="the year has ended: its outturn"),
    ending("Build 16", "not said", "530", None, reason="the year's target is not given"),
)


def test_a_year_that_is_over_is_not_forecast() -> None:
    """It says in the last quarter which target was missed and which met, by which figure, and nothing of what is likely."""
    page = shown(LAST, *ENDED)
    assert words(page.find("p", class_="lead")) == "One measure missed the year's target and one met it."
    assert page.table.caption.get_text() == "How the year ended, Q4 2016/17"
    heads, *rows = lines(page)
    assert heads == ["Outcome", "Measure", "The year came to", "Year's target", "By"]
    assert [[row[0], *row[2:]] for row in rows] == [
        ["missed", "318", "400", "its outturn"],
        ["met", "84", "80", "its last figure"],
        ["the year's target is not given", "530", "[x]", "its last figure"],
    ]
    assert [word for word in ("likely", "orecast", "balance", "From and to", "Past years") if word in page.get_text()] == []


def test_a_year_that_ended_without_a_figure_says_so() -> None:
    """It says that it is not known of the two measures there are, and forecasts nothing."""
    page = shown(LAST, *(ending(name, "not said", None, "80", reason="the year to date is not known") for name in ("Build 5", "Build 13")))
    assert words(page) == "Of no measure is it known how its year ended: two measures are of a kind or state that has none."


def test_the_heading_says_whether_the_year_is_over() -> None:
    """It heads the section by what will be, and in the year's last quarter by what was."""
    for quarter, heading in ((NOW, "Where the year will end"), (LAST, "How the year ended")):
        rows = [ending("Build 5", "likely to meet", "84", "80", quarter)]
        made = of_sections(report(quarter=quarter, scores=[score("Build 5", "LG", quarter=quarter)], forecasts=rows), "forecast")
        assert section(page(made), "forecast").h2.get_text() == heading


def test_a_year_that_runs_is_forecast() -> None:
    """It says where the year is likely to end, between what, from how many past years, and of how many it is too short to say."""
    likely = ending("Build 5", "likely to miss", "84", "90", NOW, low=Decimal(81), high=Decimal(86), past_errors=3, method="carried")
    page = shown(NOW, likely, ending("Build 13", "too short to say", None, "80", NOW))
    told = "One measure is likely to miss the year's target, 0 likely to meet it and 0 in the balance. For one measure the history is too short to say."
    assert words(page.find("p", class_="lead")) == told
    heads, row = lines(page)
    assert heads == ["Outlook", "Measure", "Forecast [f]", "From", "To", "Year's target", "Past years tried", "Method"]
    assert [row[0], *row[2:]] == ["likely to miss", "84", "81", "86", "90", "3", "carried"]
    assert page.table.caption.get_text() == "Forecast of the year end, from Q2 2016/17"
