"""The SYNTHETIC example, from its returns to its pages: six years of history make charts, forecasts and comparators speak."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import Run, workbook

from examples.synthetic import make

PAGES = ("joint-analysis-group", "chief-executives", "improvement-boards")


def sections(run: Run, page: str) -> dict[str, str]:
    """Give the words of each section of a page by its heading."""
    parsed = BeautifulSoup((run.folder / f"{page}.html").read_text(encoding="utf-8"), "html.parser")
    return {section.h2.get_text(" ", strip=True): re.sub(r"\s+", " ", section.get_text(" ")) for section in parsed.find_all("section") if section.h2}


def by(run: Run, table: str, key: str, **where: str) -> dict[str, dict[str, str]]:
    """Give the rows of a published table by one of their columns, of those that hold what is asked."""
    return {row[key]: row for row in run.table(table) if all(row[name] == value for name, value in where.items())}


def test_the_example_publishes_without_a_failure(example: Run) -> None:
    """It reads every return of six years, holds none, and ends with 0."""
    assert (example.process.returncode, example.process.stderr) == (0, "")


@pytest.mark.parametrize("page", [*PAGES, "index"])
def test_every_page_says_that_it_is_synthetic(example: Run, page: str) -> None:
    """It names the invented partnership at the head of the page, and no real one anywhere."""
    words = BeautifulSoup((example.folder / f"{page}.html").read_text(encoding="utf-8"), "html.parser").get_text(" ")
    assert "SYNTHETIC Northmoor Partnership" in words
    assert "Harrow" not in words


def test_the_example_makes_the_same_bytes_again(tmp_path: Path) -> None:
    """It writes the same files twice."""
    for name in ("one", "two"):
        make(tmp_path / name)
    one, two = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in sorted((tmp_path / name).rglob("*")) if path.is_file()} for name in ("one", "two")
    )
    assert {path.as_posix() for path in one} == {path.as_posix() for path in two}
    assert [one[path] for path in one] == [two[path] for path in two]
    assert len(one) > 100


def test_every_return_of_the_example_is_owed_and_came_in_time(example: Run) -> None:
    """It has eight returns due after Q3 2018/19: those of grant on 14 January 2019, 14 days after 31 December, the others on the 21st; all came."""
    owed = example.table("owed")
    now = [row for row in owed if row["quarter"] == example.quarter]
    due = {(row["form"], row["covers"]): row["due"] for row in now if row["partner"] == "SYNTHETIC Northmoor Council"}
    assert due == {
        ("performance", "SYNTHETIC Cleaner Streets"): "2019-01-21", ("performance", "SYNTHETIC Open Council"): "2019-01-21", ("monthly", ""): "2019-01-21",
        ("reward targets", ""): "2019-01-14", ("grant spend", ""): "2019-01-14", ("agreements", ""): "2019-01-14", ("milestones", ""): "2019-01-14",
    }  # fmt: skip
    assert [(row["form"], row["due"]) for row in now if row["partner"] == "SYNTHETIC Northmoor Housing Trust"] == [("performance", "2019-01-21")]
    assert {(row["state"], row["days_late"]) for row in now} == {("accepted", "0")}
    assert all(row["contact"].startswith("SYNTHETIC ") for row in owed)


def test_no_return_of_the_example_is_unknown_and_one_was_late(example: Run) -> None:
    """It knows of each return when it came; only the Housing Trust's for Q2 2018/19 was late: on 26 October, five days after 21 October."""
    punctuality = example.table("punctuality")
    assert {row["unknown"] for row in punctuality} == {"0"}
    assert [(row["partner"], row["quarter"]) for row in punctuality if row["late"] != "0"] == [("SYNTHETIC Northmoor Housing Trust", "2018-19-Q2")]
    late = by(example, "owed", "quarter", partner="SYNTHETIC Northmoor Housing Trust")["2018-19-Q2"]
    assert (late["received_on"], late["days_late"]) == ("2018-10-26", "5")
    assert len(example.table("returns")) == sum(int(row["owed"]) for row in punctuality)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[str]]:
    """Give what asks the command of a copy of the example's returns, and gives the lines of its answer; it ends as it is told to."""
    data = tmp_path_factory.mktemp("asked") / "data"
    make(data)

    def ask(*arguments: str, code: int = 0) -> list[str]:
        said = workbook(*arguments, "--data", data)
        assert (said.returncode, said.stderr) == (code, "")
        return said.stdout.splitlines()

    return ask


def test_the_example_has_forms_to_send_out(asked: Callable[..., list[str]]) -> None:
    """It writes one for each of its three partners, with nine, seven and nine measures, and the five awards; no measure or award is left over."""
    said = asked("forms", "2018-19-Q4")
    assert said[-1].startswith("Q4 2018/19: 3 forms in ")
    grant = "Grant, five awards of SYNTHETIC round 1; Milestones, six milestones, and room for more"
    assert [line for line in said if re.match(r"  SYNTHETIC ", line)] == [
        f"  SYNTHETIC Northmoor Council: SYNTHETIC Cleaner Streets, nine measures; SYNTHETIC Open Council, seven measures; {grant}",
        "  SYNTHETIC Northmoor Housing Trust: Return, nine measures",
        "  SYNTHETIC Northmoor Partnership: Report, room for a report in words",
    ]
    assert not [line for line in said if "asked for" in line and ("measure" in line or "award" in line)]


def test_the_example_has_returns_to_wait_for_and_to_ask_for(asked: Callable[..., list[str]]) -> None:
    """All ten of its last quarter came; of the next, two days after 21 July 2019, four are late, and a letter goes to each of the two who owe them."""
    assert "  10 accepted." in asked("status", "2018-19-Q4")
    assert "  4 late." in asked("status", "2019-20-Q1", "--on", "2019-07-23", code=3)
    letters = asked("chase", "2019-20-Q1", "--on", "2019-07-23")
    assert letters[0].startswith("Q1 2019/20, on 2019-07-23: 2 letters in ")
    (trust,) = Path(letters[0].partition(" letters in ")[2]).glob("*trust.txt")
    assert "- Performance: was due on 21 July 2019 and is 2 days late." in trust.read_text(encoding="utf-8")
    assert "please ask SYNTHETIC " in trust.read_text(encoding="utf-8")


STORIES = {
    "Streets 1": ("common cause", "", "consistently passes"),
    "Streets 2": ("common cause", "", "consistently fails"),
    "Streets 3": ("common cause", "", "hit and miss"),
    "Streets 4": ("improvement", "shift", "hit and miss"),
    "Streets 5": ("improvement", "trend", "hit and miss"),
    "Streets 6": ("concern", "trend", "hit and miss"),
    "Homes 2": ("concern", "trend", "consistently passes"),
    "Council 3": ("too short to say", "", "too short to say"),
}
"""What the example's measures were made to show, by examples/synthetic.py."""


@pytest.mark.parametrize("measure", STORIES)
def test_the_chart_tells_the_story_that_was_put_into_the_figures(example: Run, measure: str) -> None:
    """It finds the shift, the trends, the targets that are always and never met, and what is too short to say."""
    row = by(example, "variation", "series_id", what="measure")[measure]
    assert (row["variation"], row["signal"], row["assurance"]) == STORIES[measure]


@pytest.mark.parametrize("measure", ["Homes 3", "Homes 4", "Homes 6", "Homes 7", "Council 2", "Council 4"])
def test_no_chart_is_made_where_limits_would_mean_nothing(example: Run, measure: str) -> None:
    """It charts no cumulative, rolling, annual, contextual or milestone measure."""
    assert measure not in by(example, "variation", "series_id")


def test_a_rebase_starts_limits_of_its_own(example: Run) -> None:
    """It counts segments from 0, and gives Homes 1 a second one from the first quarter of 2016/17 on."""
    rows = by(example, "process", "period", series_id="Homes 1")
    assert {rows[quarter]["segment"] for quarter in ("2013-14-Q1", "2015-16-Q4")} == {"0"}
    assert {rows[quarter]["segment"] for quarter in ("2016-17-Q1", "2018-19-Q3")} == {"1"}
    assert rows["2015-16-Q4"]["centre"] != rows["2016-17-Q1"]["centre"]


@pytest.mark.parametrize(
    ("measure", "outlook"), [("Homes 3", "likely to meet"), ("Homes 4", "likely to miss"), ("Streets 3", "in the balance"), ("Streets 8", "not said")]
)
def test_the_year_end_is_forecast_with_an_interval(example: Run, measure: str, outlook: str) -> None:
    """It says whether the whole interval of past errors meets the year's target."""
    row = by(example, "forecasts", "measure_id", quarter="2018-19-Q3")[measure]
    assert row["outlook"] == outlook
    assert float(row["low"]) <= float(row["forecast"]) <= float(row["high"])
    assert int(row["past_errors"]) >= 3


def test_the_policies_of_the_example_are_each_at_work(example: Run) -> None:
    """It bands measures under four policies, each named with the band."""
    rules = {row["rule"].partition(" version")[0] for row in example.table("scorecard") if row["band"]}
    assert rules >= {"five-band", "within-5-points", "year-ago", "recoverable"}


def test_a_recoverable_miss_is_amber_by_its_forecast(example: Run) -> None:
    """It gives Homes 9 amber in Q3: 679 of 690, with a year end of 1,000 forecast to be reached."""
    row = by(example, "scorecard", "measure_id", quarter="2018-19-Q3")["Homes 9"]
    assert (row["band"], row["actual_raw"], row["target_raw"]) == ("A", "679", "690")
    assert by(example, "forecasts", "measure_id", quarter="2018-19-Q3")["Homes 9"]["outlook"] == "likely to meet"


def test_an_annual_measure_is_shown_in_its_quarter_only(example: Run) -> None:
    """It leaves Homes 7 out of the scorecard of a third quarter, and names it below."""
    words = sections(example, "joint-analysis-group")["Scorecards"]
    assert "Not shown here: Homes that meet the decent homes standard" in words


def test_no_figure_is_handed_on_without_its_place(example: Run) -> None:
    """It gives every point of the charts the id under which its receipt stands."""
    ids = {row["figure_id"] for row in example.table("receipts")}
    now = [row for row in example.table("process") if row["what"] == "measure" and row["period"] == "2018-19-Q3"]
    assert now
    assert {row["figure_id"] for row in now} <= ids


def test_a_page_explains_signal_forecast_and_position(example: Run) -> None:
    """It has a section for each, whose first sentence counts what the published tables hold."""
    words = sections(example, "chief-executives")
    said = list(by(example, "variation", "series_id", period="2018-19-Q3").values())
    concerns = sum(row["variation"] == "concern" for row in said)
    assert re.search(
        rf"\b({concerns}|{('No', 'One', 'Two', 'Three', 'Four', 'Five')[concerns]}) series shows? a signal for the worse", words["Signal or noise"]
    )
    missing = sum(row["outlook"] == "likely to miss" for row in by(example, "forecasts", "measure_id", quarter="2018-19-Q3").values())
    assert re.search(
        rf"\b({missing}|{('No', 'One', 'Two', 'Three', 'Four', 'Five')[missing]}) measures? (is|are) likely to miss", words["Where the year will end"]
    )
    assert "bottom quartile" in words["How others do"]


# ---------------------------------------------------------------- workbook rescore


def test_rescore_lists_the_bands_that_flip(example: Run, tmp_path: Path) -> None:
    """
    It names each measure whose colour would change, with both bands, counts the rest, and keeps all in a file.

    In Q2 2018/19 Homes 9 had 423 of 450 (94%, amber as recoverable) and Council 7 76.4% of 90% (amber as no worse than a year ago):
    both are more than 5% off.
    """
    kept = tmp_path / "flips.csv"
    asked = workbook("rescore", "2018-19-Q3", "--data", example.data, "--policy", "within-5-percent", "--csv", kept)
    assert asked.returncode == 0, asked.stderr
    second = asked.stdout.partition("Q2 2018/19:")[2].partition("Q3 2017/18:")[0]
    assert re.findall(r"^  (\w+ \d+) +(\w+) -> (\w+) ", second, re.MULTILINE) == [("Homes 9", "A", "HR"), ("Council 7", "A", "HR")]
    assert "in name only: HG -> G (5), LG -> G (4), LR -> HR (2)" in second
    rows = [row.split(",") for row in kept.read_text(encoding="utf-8").splitlines()]
    assert rows[0][:2] == ["measure_id", "quarter"]
    assert len([row for row in rows if row[1] == "2018-19-Q2"]) == 13


def test_rescore_refuses_a_policy_that_nobody_knows(example: Run) -> None:
    """It names the policies that there are, and ends with 2."""
    asked = workbook("rescore", "2018-19-Q3", "--data", example.data, "--policy", "traffic-light")
    assert asked.returncode == 2
    assert "five-band, within-5-percent, within-5-points, year-ago, recoverable" in asked.stderr
