"""What print says and its figures do not: each kind of finding, from frames made by hand, and the list of the real quarters."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from conftest import Run

from analysis import frames, reference, reports
from analysis.reports import findings

REAL = Path(__file__).resolve().parents[1] / "data"
QUARTER = "2016-17-Q2"


def listed(**kept: Any) -> list[dict[str, str]]:
    """Give the findings of some frames."""
    registers = reference.load(REAL)
    report = reports.Report(QUARTER, registers, kept, reports.audiences(registers)[0])
    return [{name: str(value) for name, value in row.items()} for row in findings.listing(report).to_dict("records")]


def score(**more: Any) -> dict[str, Any]:
    """Give one score as it stands in the frame."""
    about = {"measure_id": "Build 63", "measure": "Earners", "quarter": QUARTER, "file": "a.xlsx", "published_status": "HR", "published_status_cell": "G47"}
    return about | {"target_raw": "3%", "actual_raw": "2.86%", "actual_cell": "F47", "band": "A", "figure_id": "2016-17-Q2.build-63"} | more


def test_a_band_that_no_rounding_explains_is_told_with_both_bands() -> None:
    """It tells 2.86% of 3%, printed High Red: the figures give Amber, and no rounding could make it so."""
    (found,) = listed(scores=frames.make([score(agreement="differs")], frames.SCORES))
    assert (found["printed"], found["found"], found["file"], found["cell"], found["figure_id"]) == ("High Red", "Amber", "a.xlsx", "G47", "2016-17-Q2.build-63")
    assert found["evidence"] == "Target 3%, actual 2.86%: no rounding of the printed actual could make it so."


def test_a_band_that_rounding_may_explain_says_so() -> None:
    """It says that the rounding of the printed actual could explain the printed band."""
    (found,) = listed(scores=frames.make([score(agreement="rounding", published_status="A", band="LG")], frames.SCORES))
    assert (found["printed"], found["found"]) == ("Amber", "Low Green")
    assert found["evidence"].endswith("the rounding of the printed actual could explain it.")


def test_a_printed_band_that_cannot_be_recomputed_says_why() -> None:
    """It tells a printed band whose target is a figure that is not in the returns."""
    row = score(agreement="not computable", band="", band_reason="the figure a year ago is not known", target_raw="Year on year reduction")
    (found,) = listed(scores=frames.make([row], frames.SCORES))
    assert (found["found"], "not known" in found["evidence"]) == ("cannot be recomputed", True)


@pytest.mark.parametrize("agreement", ["agrees", "not scored"])
def test_a_band_that_stands_is_no_finding(agreement: str) -> None:
    """It tells nothing where print and figures agree, or where nothing is printed."""
    assert listed(scores=frames.make([score(agreement=agreement)], frames.SCORES)) == []


@pytest.mark.parametrize(("period", "months"), [("Jan 14 to Dec 15", "24 months"), ("Oct 13 to Aug 14", "11 months")])
def test_a_rolling_year_that_is_not_one_is_told(period: str, months: str) -> None:
    """It counts the months of a printed period, both ends included."""
    (found,) = listed(scores=frames.make([score(agreement="agrees", kind="rolling year", data_period=period)], frames.SCORES))
    assert (found["printed"], found["found"]) == (period, months)


@pytest.mark.parametrize(
    ("kind", "period"),
    [
        ("rolling year", "Oct 13 to Sept 14"),
        ("rolling year", ""),
        ("rate", "Jan 14 to Dec 15"),
        ("rolling year", "last year"),
        ("rolling year", "Xyz 14 to Dec 15"),
    ],
)
def test_a_period_that_may_be_right_is_no_finding(kind: str, period: str) -> None:
    """It tells nothing of twelve months, of no period, of another kind, or of a period that it cannot read."""
    assert listed(scores=frames.make([score(agreement="agrees", kind=kind, data_period=period)], frames.SCORES)) == []


def test_an_award_that_does_not_add_up_is_told_to_the_penny() -> None:
    """It tells how much is missing of an award, and in which row."""
    row = {
        "project": "Alley Gating",
        "round": "Round 1",
        "quarter": QUARTER,
        "file": "g.csv",
        "row": 7,
        "award": Decimal(8000),
        "verdict": "short",
        "difference": Decimal("-100.00"),
    }
    (found,) = listed(spend=frames.make([row, row | {"project": "The Souk", "verdict": "balances", "difference": Decimal(0)}], frames.SPEND))
    assert (found["printed"], found["found"], found["cell"]) == ("£8,000.00 awarded", "£100.00 less than the award", "row 7")


def months(*values: int, status: str, arrow: str) -> Any:
    """Give an indicator where lower is better, of October 2016 on."""
    about = {"indicator": "Claimants", "polarity": "lower", "quarter": QUARTER, "published_status": status, "direction_published": arrow, "file": "m.csv"}
    return frames.make([about | {"month": f"2016-{10 + place}", "value": Decimal(value)} for place, value in enumerate(values)], frames.MONTHLY)


@pytest.mark.parametrize(("status", "arrow", "number"), [("LG", "↓", 0), ("LR", "↓", 1), ("LG", "↑", 1), ("", "", 0)])
def test_a_printed_arrow_or_band_that_the_months_deny_is_told(status: str, arrow: str, number: int) -> None:
    """It holds print against the figures: claimants fell from 10 to 8, which is Low Green and a downward arrow."""
    assert len(listed(monthly=months(10, 9, 8, status=status, arrow=arrow))) == number


def test_a_movement_that_commentary_claims_and_figures_deny_is_told() -> None:
    """It tells the claim with the measure, and points at the cell of the commentary."""
    checks = frames.make(
        [{"measure_id": "Build 63", "quarter": QUARTER, "check": check, "finding": "says improved; worse"} for check in ("direction", "owner")],
        frames.COMMENTARY_CHECKS,
    )
    (found,) = listed(scores=frames.make([score(agreement="agrees", commentary_cell="J47")], frames.SCORES), commentary_checks=checks)
    assert (found["what"], found["found"], found["cell"]) == ("Commentary on Earners (Build 63)", "says improved; worse", "J47")


def test_what_is_wrong_in_the_published_scorecards_is_listed(published: Run) -> None:
    """It finds in document 002 the two bands, the four that cannot be recomputed, and the two years called one."""
    found = [(row["quarter"], row["what"].rpartition("(")[2].rstrip(")"), row["found"]) for row in published.table("findings")]
    assert sorted(found) == [
        ("2015-16-Q2", "Protect 17", "Low Green"),
        ("2015-16-Q2", "Protect 3", "cannot be recomputed"),
        ("2015-16-Q2", "Protect 4", "cannot be recomputed"),
        ("2016-17-Q1", "Protect 3", "cannot be recomputed"),
        ("2016-17-Q1", "Protect 4", "24 months"),
        ("2016-17-Q1", "Protect 4", "cannot be recomputed"),
        ("2016-17-Q2", "Build 63", "Amber"),
    ]


def test_what_is_wrong_in_the_published_grant_table_is_listed(published_grant: Run) -> None:
    """It finds in document 001 the four awards that do not add up, to the penny."""
    found = sorted(row["found"].partition(" ")[0] for row in published_grant.table("findings"))
    assert found == sorted(["£100.00", "£2,497.24", "£0.03", "£49,936.00"])


def test_the_recession_table_stands(published_recession: Run) -> None:
    """It finds nothing wrong in the four indicators of document 000: bands and arrows are those of the figures."""
    assert published_recession.table("findings") == []


MOVED = [
    "Job Seekers Allowance: up 103 in October, down 154 in November and down 149 in December; down 200 since September 2009.",
    "Empty Commercial Properties: down 1 in October, down 1 in November and down 2 in December; down 4 since September 2009.",
    "Housing Benefit Claimants’: up 190 in October, up 111 in November and up 67 in December; up 368 since September 2009.",
    "Enquiries to CAB: down 8 in October, down 32 in November and down 29 in December; down 69 since September 2009.",
]
"""The arithmetic of source document 000: "respectively 154, and then 149 people"; "increased by 368 since September 2009"."""


def test_the_narrative_of_the_recession_is_recomputed(published_recession: Run) -> None:
    """It says month by month what source document 000 says in words: 154, then 149, and 368 since September."""
    page = BeautifulSoup((published_recession.folder / "chief-executives.html").read_text(encoding="utf-8"), "html.parser")
    section = page.find("section", id="monthly")
    assert [line.get_text(" ", strip=True) for line in section.find_all("li") if "since September" in line.get_text()] == MOVED
    assert [row.find_all("td")[-1].get_text(" ", strip=True) for row in section.find_all("table")[-1].tbody.find_all("tr")] == [
        "LG ↓, agrees",
        "LG ↓, agrees",
        "LR ↑, agrees",
        "LG ↓, agrees",
    ]
