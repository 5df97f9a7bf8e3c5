"""From returns to the published folder: hand-made rows, real quarters, bad input, broken notebooks; same bytes; no network."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import nbformat
import openpyxl
import pytest
from bs4 import BeautifulSoup
from conftest import BAD_FOLDER, HOUSE, SYNTHETIC, Run, network_guard, workbook

from analysis.engine import can_fork

ALL_RUNS = ("published", "published_grant", "published_recession", "bad", "synthetic")


@pytest.fixture(params=ALL_RUNS)
def any_run(request: pytest.FixtureRequest) -> Run:
    """Give each of the shared runs in turn."""
    run: Run = request.getfixturevalue(request.param)
    return run


def fingerprints(folder: Path) -> dict[str, str]:
    """Give relative path -> SHA-256 of every file of a folder."""
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*")) if path.is_file()}


def said(process: subprocess.CompletedProcess[str]) -> str:
    """Give everything that the command said."""
    return process.stdout + process.stderr


def page_text(path: Path) -> str:
    """Give the words of a page, white space folded."""
    return re.sub(r"\s+", " ", BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").get_text(" "))


def table_rows(path: Path, caption: str) -> list[list[str]]:
    """Give the cells of each body row of the one table whose caption starts so; minus signs as hyphens."""
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    tables = [table for table in page.find_all("table") if table.caption and table.caption.get_text(" ", strip=True).startswith(caption)]
    assert len(tables) == 1, f"{path.name} should have one table {caption!r}"
    rows = [[cell.get_text(" ", strip=True).replace("\u2212", "-") for cell in row.find_all(["th", "td"])] for row in tables[0].tbody.find_all("tr")]
    return [row for row in rows if len(row) > 1]


# ---------------------------------------------------------------- every run


@pytest.mark.parametrize(("name", "code"), [("published", 0), ("published_grant", 0), ("published_recession", 0), ("guarded", 0), ("synthetic", 0), ("bad", 3)])
def test_a_run_ends_well(request: pytest.FixtureRequest, name: str, code: int) -> None:
    """It publishes and exits with 0, or with 3 where a return is held; it names its notebooks and shows no traceback."""
    run: Run = request.getfixturevalue(name)
    assert run.process.returncode == code, said(run.process)
    assert "Traceback" not in said(run.process)
    for notebook in ("01_returns", "02_quality", "03_performance", "04_reward_grant", "05_report"):
        assert re.search(rf"{notebook}\S* +[\d.]+ s", run.process.stdout), f"{notebook} is not in what the command said"


LEADING = {
    "scorecard": (
        "measure_id theme number measure polarity quarter target_raw actual_raw target_low target_high actual unit variance band reason "
        "published_status agreement direction_short direction_long markers figure_id"
    ),
    "exceptions": "measure_id quarter band rank reasons commentary for_discussion",
    "disagreements": "measure_id quarter target_raw actual_raw variance published_status band rounding_explains",
    "awards": (
        "project round kind award actual_q1 actual_q2 actual_q3 actual_q4 forecast_q1 forecast_q2 forecast_q3 forecast_q4 "
        "total_to_date identified_underspend verdict difference blocked_by completed return_received"
    ),
    "grant_totals": "what known unknown_count at_least at_most",
    "issues": "file sheet cell stage severity rule message as_typed read_as",
    "cells": "file sheet cell raw outcome reason figure_id",
}
"""The columns that design.md section 4 promises; an award's `<column>_reason` may stand beside its column."""
NAMED = ("agreements", "milestones", "outcome_measures", "actions", "narrative", "monthly", "entitlement", "missing")


def test_published_columns_keep_the_contract(any_run: Run) -> None:
    """It publishes every CSV file of the contract, with the promised columns first and in the promised order, even with no rows."""
    heads = {}
    for path in (any_run.folder / "data").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            heads[path.stem] = next(csv.reader(file))
    assert set(LEADING) | set(NAMED) <= set(heads)
    for name, columns in LEADING.items():
        wanted = columns.split()
        reasons = {f"{column}_reason" for column in wanted} if name == "awards" else set()
        assert [head for head in heads[name] if head not in reasons][: len(wanted)] == wanted, name
    money = set(LEADING["awards"].split()[3:14])
    assert {f"{column}_reason" for column in money} <= set(heads["awards"])
    assert {"partner", "quarter", "state"} <= set(heads["missing"])


def counted(path: Path) -> int:
    """Count the non-empty cells of a return, without the workbook's own readers; a file that is no spreadsheet has none."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return sum(bool(cell.strip()) for row in csv.reader(file) for cell in row)
    if not path.read_bytes().startswith(b"PK"):
        return 0
    book = openpyxl.load_workbook(path)
    return sum(cell.value is not None and bool(str(cell.value).strip()) for sheet in book for row in sheet.iter_rows() for cell in row)


def test_no_cell_is_lost(any_run: Run) -> None:
    """It accounts for every file: used, ignored and quarantined add up to its non-empty cells, counted here on their own."""
    outcomes = Counter((row["quarter"], row["file"], row["outcome"]) for row in any_run.table("cells"))
    wrong = {}
    for row in any_run.table("returns"):
        of_file = {outcome: outcomes[row["quarter"], row["file"], outcome] for outcome in ("used", "ignored", "quarantined")}
        in_file = counted(any_run.data / "raw" / row["quarter"] / row["file"])
        said_so = {outcome: int(row[outcome]) for outcome in of_file}
        if not (of_file == said_so and sum(of_file.values()) == int(row["cells"]) == in_file):
            wrong[row["file"]] = (in_file, row["cells"], said_so, of_file)
    assert wrong == {}
    places = [(row["quarter"], row["file"], row["sheet"], row["cell"]) for row in any_run.table("cells")]
    assert len(places) == len(set(places)), "a cell stands twice"
    assert [row for row in any_run.table("cells") if row["outcome"] != "used" and not row["reason"]] == []


def test_every_file_of_the_quarters_shown_is_told(any_run: Run) -> None:
    """It lists every file of the quarter reported, the one before and the same a year ago."""
    year, number = int(any_run.quarter[:4]), int(any_run.quarter[-1])
    before = (year, number - 1) if number > 1 else (year - 1, 4)
    shown = [f"{start}-{(start + 1) % 100:02d}-Q{of}" for start, of in ((year, number), before, (year - 1, number))]
    there = {
        (quarter, path.relative_to(any_run.data / "raw" / quarter).as_posix())
        for quarter in shown
        for path in (any_run.data / "raw" / quarter).rglob("*")
        if path.is_file()
    }
    assert {(row["quarter"], row["file"]) for row in any_run.table("returns")} == there


def test_the_manifest_matches_what_lies_there(any_run: Run) -> None:
    """It names every published file and every input with its SHA-256, so that a changed one can be found."""
    manifest = json.loads((any_run.folder / "manifest.json").read_text(encoding="utf-8"))
    published = fingerprints(any_run.folder)
    del published["manifest.json"]
    assert manifest["outputs"] == published
    inputs = {(entry["quarter"], entry["file"]): entry["sha256"] for entry in manifest["inputs"]}
    assert inputs == {place: hashlib.sha256((any_run.data / "raw" / place[0] / place[1]).read_bytes()).hexdigest() for place in inputs}


def test_money_has_two_decimals_or_a_reason(any_run: Run) -> None:
    """It publishes money as pounds with two decimals, and an unknown amount as empty with its reason beside it."""
    money = ["award", *(f"{what}_q{n}" for what in ("actual", "forecast") for n in range(1, 5)), "total_to_date", "identified_underspend"]
    wrong = [
        (row["project"], name, row[name], row[f"{name}_reason"])
        for row in any_run.table("awards")
        for name in money
        if not (re.fullmatch(r"-?\d+\.\d\d", row[name]) and not row[f"{name}_reason"]) and not (row[name] == "" and row[f"{name}_reason"])
    ]
    wrong += [
        (row["round"], row["kind"], row["what"], row[name])
        for row in any_run.table("grant_totals")
        for name in ("known", "at_least", "at_most")
        if not re.fullmatch(r"\d+\.\d\d", row[name])
    ]
    assert wrong == []


def test_every_scored_figure_has_a_receipt(any_run: Run) -> None:
    """It gives each figure of the scorecard a receipt with the cell it came from, as it was typed there."""
    typed = {(row["figure_id"], row["file"], row["sheet"], row["cell"]): row["as_typed"] for row in any_run.table("receipts")}
    rows = [row for row in any_run.table("scorecard") if row["actual"]]
    without = [row["figure_id"] for row in rows if typed.get((row["figure_id"], row["file"], row["sheet"], row["actual_cell"])) != row["actual_raw"]]
    assert without == []


# ---------------------------------------------------------------- hand-made rows


def columns(rows: list[dict[str, str]], *names: str) -> list[tuple[str, ...]]:
    """Give some columns of a table, row by row."""
    return [tuple(row[name] for name in names) for row in rows]


def test_synthetic_scorecard(synthetic: Run) -> None:
    """It scores eight hand-made rows as worked out by hand: 84 is 1.05 of 80 exactly, 215 is 7.5% over 200, 40 is 20% under 50."""
    rows = columns(synthetic.table("scorecard"), "measure_id", "quarter", "target_raw", "actual_raw", "actual", "band", "published_status", "agreement")
    assert sorted(rows) == [
        ("S 1", "2020-21-Q1", "80%", "90%", "90", "HG", "HG", "agrees"),
        ("S 1", "2020-21-Q2", "80%", "84 %", "84", "HG", "LG", "rounding"),  # 83.5 would be LG
        ("S 2", "2020-21-Q1", "200", "190", "190", "HG", "HG", "agrees"),  # 190 is 0.95 of 200 exactly
        ("S 2", "2020-21-Q2", "200", "215", "215", "LR", "HR", "differs"),  # 210 < 215 <= 220, and so are 214.5 and 215.5
        ("S 3", "2020-21-Q1", "0.9-1.1", "1.05", "1.05", "G", "G", "agrees"),
        ("S 3", "2020-21-Q2", "0.9-1.1", "0.98", "0.98", "G", "G", "agrees"),
        ("S 4", "2020-21-Q1", "50", "40", "40", "HR", "HR", "agrees"),
        ("S 4", "2020-21-Q2", "50", "\u0422\u0412\u0421", "", "", "", "not scored"),
    ]
    known = {(row["measure_id"], row["quarter"]): row for row in synthetic.table("scorecard")}
    variances = {
        ("S 1", "2020-21-Q2"): "5.00",
        ("S 2", "2020-21-Q2"): "7.50",
        ("S 2", "2020-21-Q1"): "-5.00",
        ("S 4", "2020-21-Q1"): "-20.00",
        ("S 4", "2020-21-Q2"): "",
    }
    assert {key: known[key]["variance"] for key in variances} == variances
    assert (known["S 3", "2020-21-Q2"]["target_low"], known["S 3", "2020-21-Q2"]["target_high"]) == ("0.9", "1.1")
    assert "not known" in known["S 4", "2020-21-Q2"]["reason"]


def test_synthetic_direction_of_travel(synthetic: Run) -> None:
    """It says better and worse as polarity has it, and neither for a figure that stays inside its range, where no way is good."""
    known = {(row["measure_id"], row["quarter"]): row["direction_short"] for row in synthetic.table("scorecard")}
    assert known["S 1", "2020-21-Q2"] == "worse"  # higher is better: 90 to 84
    assert known["S 2", "2020-21-Q2"] == "worse"  # lower is better: 190 to 215
    assert known["S 4", "2020-21-Q2"] == "not known"
    assert known["S 3", "2020-21-Q2"] not in ("better", "worse")  # 1.05 to 0.98, both inside 0.9-1.1
    assert {row["direction_long"] for row in synthetic.table("scorecard")} == {"not known"}


def test_synthetic_exceptions(synthetic: Run) -> None:
    """It lists the measure last High Red first, then the Low Red one, each once with its reasons."""
    rows = synthetic.table("exceptions")
    assert columns(rows, "rank", "measure_id", "quarter", "band", "commentary") == [
        ("1", "S 4", "2020-21-Q2", "HR", ""),
        ("2", "S 2", "2020-21-Q2", "LR", "SYNTHETIC: patrols start in October."),
    ]
    assert "Q1 2020/21" in rows[0]["reasons"]
    assert "no commentary" in rows[0]["reasons"]
    assert "worse than last quarter" in rows[1]["reasons"]
    assert columns(synthetic.table("disagreements"), "measure_id", "published_status", "band", "rounding_explains") == [
        ("S 1", "LG", "HG", "yes"),
        ("S 2", "HR", "LR", "no"),
    ]


def test_synthetic_awards(synthetic: Run) -> None:
    """It finds 400+200+300+100 = 1000 to balance, an unknown forecast to stop the check, and 200 counted as spent and to come."""
    rows = synthetic.table("awards")
    names = ("project", "kind", "award", "actual_q1", "forecast_q3", "total_to_date", "identified_underspend", "verdict", "difference", "return_received")
    assert columns(rows, *names) == [
        ("SYNTHETIC Alpha", "capital", "1000.00", "100.00", "300.00", "400.00", "100.00", "balances", "0.00", "yes"),
        ("SYNTHETIC Beta", "revenue", "500.50", "0.00", "", "250.25", "0.00", "cannot be checked", "", "no"),
        ("SYNTHETIC Gamma", "not stated", "300.00", "50.00", "0.00", "200.00", "100.00", "double counted", "-200.00", "yes"),
    ]
    assert "E5" in rows[1]["blocked_by"]
    assert rows[1]["forecast_q3_reason"] == "asked for and not known"


def test_synthetic_totals(synthetic: Run) -> None:
    """It adds up what is known and gives the range for what is not: the unknown forecast lies between nothing and its award of 500.50."""
    rows = [row for row in synthetic.table("grant_totals") if row["kind"] == "all"]
    money = {row["what"]: tuple(Decimal(row[name]) for name in ("known", "unknown_count", "at_least", "at_most")) for row in rows}
    assert money == {
        "Total grant awarded": (Decimal("1800.50"), 0, Decimal("1800.50"), Decimal("1800.50")),
        "Quarter 1 actual": (Decimal(150), 0, Decimal(150), Decimal(150)),
        "Quarter 2 forecast": (Decimal("650.25"), 0, Decimal("650.25"), Decimal("650.25")),
        "Quarter 3 forecast": (Decimal(300), 1, Decimal(300), Decimal("800.50")),
        "Quarter 4 forecast": (Decimal(0), 0, Decimal(0), Decimal(0)),
        "Total spend to date": (Decimal("850.25"), 0, Decimal("850.25"), Decimal("850.25")),
        "Identified underspend": (Decimal(200), 0, Decimal(200), Decimal(200)),
    }


def test_synthetic_month_by_month(synthetic: Run) -> None:
    """It keeps each month's figure beside the cell as typed, and calls a fall good where lower is better."""
    assert columns(synthetic.table("monthly"), "indicator", "month", "value", "value_raw", "value_cell") == [
        ("SYNTHETIC claimants", "2020-07", "1000", "1,000", "C3"),
        ("SYNTHETIC claimants", "2020-08", "1050", "1,050", "D3"),
        ("SYNTHETIC claimants", "2020-09", "900", "900", "E3"),
    ]
    (row,) = table_rows(synthetic.folder / "joint-analysis-group.html", "Monthly indicators")
    assert "Low Green" in " ".join(row)
    assert "-100" in row


def test_synthetic_says_so(synthetic: Run) -> None:
    """It reports for the partnership of the data folder: SYNTHETIC on every page, Harrow on none."""
    pages = {path.relative_to(synthetic.folder).as_posix(): page_text(path) for path in synthetic.folder.rglob("*.html")}
    assert [name for name, text in pages.items() if "SYNTHETIC" not in text or "Harrow" in text] == []
    assert len(pages) == 6  # the index, one audience, four notebooks


# ---------------------------------------------------------------- real quarters

PRINTED = [
    ("Build 5", "2016-17-Q2", "93%", "97.8%", "HG"),
    ("Build 5", "2015-16-Q2", "98.5%", "99.9%", "LG"),
    ("Build 13", "2015-16-Q2", "2%", "2.50%", "HR"),
    ("Build 19", "2016-17-Q2", "250", "263", "LR"),
    ("Build 22", "2016-17-Q1", "329", "323", "A"),
    ("Build 23", "2016-17-Q1", "", "286", "No target"),
    ("Build 25", "2016-17-Q1", "[70%]", "79%", "Note 8"),
    ("Build 40", "2015-16-Q2", "14%", "10.80%", "HR"),
    ("Build 45", "2015-16-Q2", "9.3%", "9.2%", "LG"),
    ("Build 48", "2016-17-Q2", "1100", "1059", "A"),
    ("Build 60", "2016-17-Q2", "3%", "2.17%", "HR"),
    ("Build 64", "2016-17-Q1", "3.31%", "2.29%", "HR"),
    ("Build 65", "2016-17-Q2", "0.9-1.1", "0.98", "G"),
    ("Business 1", "2016-17-Q1", "9.25%", "4.94%", "HG"),
    ("Business 3", "2015-16-Q2", "13-15%", "10%", "HR"),
    ("Business 3", "2016-17-Q1", "13-15%", "14%", "G"),
    ("Business 3", "2016-17-Q2", "13-15%", "12%", "LR"),
    ("Business 6", "2016-17-Q1", "[60%]", "56%", "Note 1"),
    ("Business 13", "2016-17-Q2", "01:30", "02:31", "HR"),
    ("Business 20", "2016-17-Q2", "-20%", "-18%", "LR"),
    ("Business 21", "2016-17-Q2", "33,000", "35,582", "HG"),
    ("Business 25", "2015-16-Q2", "8.18", "9.38", "HR"),
    ("Business 33", "2016-17-Q2", "58.5%", "56.48%", "A"),
    ("Protect 1", "2016-17-Q2", "7-15%", "13.80%", "HG"),
    ("Protect 5", "2016-17-Q1", "", "495", "No target"),
    ("Protect 3", "2016-17-Q2", "Year on year reduction", "43.3% (58/134)", "A"),
    ("Protect 4", "2016-17-Q1", "Year on year reduction", "86 (367)", "LR"),
    ("Protect 12", "2016-17-Q1", "12th to 20th in London", "5.86 (28th)", "HR"),
    ("Protect 20", "2015-16-Q2", "6.5%", "6%", "LR"),
    ("Protect 22", "2016-17-Q1", "[65%]", "60%", "Note 3"),
]
"""Measure, quarter, target, actual and status as document 002 prints them, copied by hand from lines 151 to 362."""


def test_the_scorecard_has_every_measure_three_times(published: Run) -> None:
    """It shows 83 measures in three quarters: 39 to build, 25 of business and 14 to protect are counted in the document, three times over."""
    rows = published.table("scorecard")
    assert len(rows) == 249
    assert Counter(row["quarter"] for row in rows) == {"2016-17-Q2": 83, "2016-17-Q1": 83, "2015-16-Q2": 83}
    assert len({(row["measure_id"], row["quarter"]) for row in rows}) == 249


@pytest.mark.parametrize(("measure", "quarter", "target", "actual", "status"), PRINTED, ids=[f"{row[0]} {row[1]}" for row in PRINTED])
def test_printed_cells_stand_verbatim(published: Run, measure: str, quarter: str, target: str, actual: str, status: str) -> None:
    """It publishes target, actual and status character by character as the document prints them."""
    (row,) = (row for row in published.table("scorecard") if (row["measure_id"], row["quarter"]) == (measure, quarter))
    assert (row["target_raw"], row["actual_raw"], row["published_status"]) == (target, actual, status)


def test_the_printed_bands_are_recomputed(published: Run) -> None:
    """It recomputes at least 180 of the 184 bands that the document prints, and agrees with all but two of those."""
    rows = [row for row in published.table("scorecard") if row["published_status"] in ("HG", "LG", "G", "A", "LR", "HR")]
    assert len(rows) == 184
    words = Counter(row["agreement"] for row in rows)
    assert words["differs"] + words["rounding"] == 2
    assert words["agrees"] >= 178
    assert set(words) <= {"agrees", "differs", "rounding", "not computable"}


def test_only_two_bands_disagree(published: Run) -> None:
    """It lists 2.86% against 3%, which is Amber and printed High Red, and 44% against 44%, which rounding could make Amber."""
    names = ("measure_id", "quarter", "target_raw", "actual_raw", "variance", "published_status", "band", "rounding_explains")
    assert sorted(columns(published.table("disagreements"), *names)) == [
        ("Build 63", "2016-17-Q2", "3%", "2.86%", "-4.67", "HR", "A", "no"),
        ("Protect 17", "2015-16-Q2", "44%", "44%", "0.00", "A", "LG", "yes"),
    ]


BALANCES, CANNOT = ("balances", "0.00"), ("cannot be checked", "")
VERDICTS = {
    "Children's Health": CANNOT,
    "Young People and Anti Social Behaviour": BALANCES,
    "Development of Partnership Working (Capital)": CANNOT,
    "Voluntary Sector Development": BALANCES,
    "Smoking Cessation \u2013 Revenue": CANNOT,
    "Smoking Cessation \u2013 Capital": CANNOT,
    "Harrow in Business \u2013 Revenue": BALANCES,
    "Harrow in Business \u2013 Capital": CANNOT,
    "The Souk": CANNOT,
    "Third Party Reporting Sites": CANNOT,
    "HASVO Integrated Activities": BALANCES,
    "Harrow's Heroes": BALANCES,
    "Children's Services Transformation": BALANCES,
    "Reablement (LBH) - Revenue": CANNOT,
    "Reablement (NHS)\u2013 Revenue": CANNOT,
    "Reablement \u2013 Capital (LBH)": BALANCES,
    "Reablement \u2013 Capital (NHS)": CANNOT,
    "Local Intelligence Database and JAG - Revenue": ("short", "100.00"),  # 11,200 + 6,500 + 7,200 of 25,000
    "Local Intelligence Database and JAG - Capital": ("short", "2497.24"),  # 46,502.76 + 1,000 + 40,000 of 90,000
    "Media and Communications (Capital)": CANNOT,
    "Alley Gating (Capital)": BALANCES,
    "Green Gyms (Capital)": BALANCES,
    "Arts Centre (Capital)": BALANCES,
    "Under One Sky": BALANCES,
    "Dangerous Dogs": BALANCES,
    "Community Events": ("over", "-0.03"),
    "Resilience Programme": ("double counted", "-49936.00"),
    "Council and Health Integration": BALANCES,
}
"""Each award's verdict and difference, worked out by hand from Appendix 1 of document 001."""


def test_every_award_of_round_1_has_its_verdict(published_grant: Run) -> None:
    """It gives 28 awards of 1,601,978.97 pounds their verdicts: 13 balance, 11 cannot be checked, four do not add up."""
    rows = published_grant.table("awards")
    assert len(rows) == 28
    assert sum(Decimal(row["award"]) for row in rows) == Decimal("1601978.97")
    assert {row["project"]: (row["verdict"], row["difference"]) for row in rows} == VERDICTS
    assert {row["project"] for row in rows if row["return_received"] == "no"} == {
        "The Souk",
        "Reablement (NHS)\u2013 Revenue",
        "Reablement \u2013 Capital (NHS)",
    }


def test_unknown_totals_are_ranges(published_grant: Run) -> None:
    """It gives each total over unknowns as what is known, how many are not, and the range: up to the awards of those unknown."""
    rows = {
        row["what"]: tuple(row[name] for name in ("known", "unknown_count", "at_least", "at_most"))
        for row in published_grant.table("grant_totals")
        if row["kind"] == "all"
    }
    assert rows == {
        "Total grant awarded": ("1601978.97", "0", "1601978.97", "1601978.97"),
        "Quarter 1 actual": ("81917.53", "4", "81917.53", "449917.53"),  # + 8,000 + 90,000 + 220,000 + 50,000
        "Quarter 2 forecast": ("59235.29", "12", "59235.29", "1214064.52"),
        "Quarter 3 forecast": ("19119.01", "11", "19119.01", "1123948.24"),
        "Quarter 4 forecast": ("81959.76", "11", "81959.76", "1186788.99"),
        "Total spend to date": ("576325.62", "2", "576325.62", "886325.62"),  # + 90,000 + 220,000
        "Identified underspend": ("46751.64", "3", "46751.64", "466751.64"),  # + 90,000 + 220,000 + 110,000
    }
    text = page_text(published_grant.folder / "board.html")
    for figure in ("£1,601,978.97", "£576,325.62", "£886,325.62"):
        assert figure in text


def test_the_recession_table_is_recomputed(published_recession: Run) -> None:
    """It gives each indicator its change from September to December 2009 and its band: LG, LG, LR, LG as document 000 prints."""
    rows = {
        next(cell for cell in row if cell.startswith(("Job", "Empty", "Housing", "Enquiries"))): row
        for row in table_rows(published_recession.folder / "joint-analysis-group.html", "Monthly indicators")
    }
    wanted = {
        "Job Seekers Allowance": ("Low Green", "4,567", "4,670", "4,516", "4,367", "-200", "LG"),
        "Empty Commercial Properties": ("Low Green", "813", "812", "811", "809", "-4", "LG"),
        "Housing Benefit Claimants\u2019": ("Low Red", "18,360", "18,550", "18,661", "18,728", "+368", "LR"),
        "Enquiries to CAB": ("Low Green", "431", "423", "391", "362", "-69", "LG"),
    }
    assert list(rows) == list(wanted)
    for name, (band, *figures, published) in wanted.items():
        assert band in " ".join(rows[name])
        assert [cell for cell in rows[name] if cell in figures] == figures
        assert rows[name][-1].startswith(published)


def test_the_returns_are_untouched(published: Run, published_grant: Run, published_recession: Run) -> None:
    """It writes nothing into raw/ or reference/: the copies it ran on are still what lies in the project."""
    for name in ("raw", "reference"):
        assert fingerprints(published.data / name) == fingerprints(HOUSE / "data" / name)


# ---------------------------------------------------------------- same bytes, no network


def test_two_runs_give_the_same_bytes(published: Run, guarded: Run) -> None:
    """It gives every page, CSV file, manifest and executed notebook byte for byte again, elsewhere and two notebooks at a time."""
    first, second = fingerprints(published.folder), fingerprints(guarded.folder)
    assert sorted(first) == sorted(second)
    assert [name for name in first if first[name] != second[name]] == []
    assert {Path(name).suffix for name in first} >= {".html", ".csv", ".json", ".ipynb"}


def test_a_run_needs_no_network(guarded: Run) -> None:
    """It publishes with every connection and look-up beyond this machine refused, and never tries one; the process that notebooks are forked from is guarded too."""
    guard = guarded.outputs.parent / "guard"
    attempts = guard / "attempts"
    assert not attempts.exists(), attempts.read_text(encoding="utf-8")
    assert guarded.process.returncode == 0, said(guarded.process)
    processes = (guard / "guarded").read_text(encoding="utf-8").splitlines()
    assert sum("analysis.engine import warm" in line for line in processes) == 1, "the guard should be loaded where notebooks are forked from"
    assert sum("workbook" in line for line in processes) >= 1


REACH = {
    "an address": "import socket; socket.create_connection(('192.0.2.1', 443), timeout=1)",
    "an IPv6 address": "import socket; socket.socket(socket.AF_INET6).connect(('2001:db8::1', 443))",
    "a datagram": "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
    "a name": "import socket; socket.getaddrinfo('example.org', 443)",
    "a page": "import urllib.request; urllib.request.urlopen('http://example.org/', timeout=1)",
}


@pytest.mark.parametrize("code", REACH.values(), ids=REACH)
def test_the_network_guard_refuses(tmp_path: Path, code: str) -> None:
    """It refuses to reach another machine, and writes the attempt down: the test above can fail."""
    environment = network_guard(tmp_path / "guard")
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert "the network guard refuses" in done.stderr
    assert (tmp_path / "guard" / "attempts").read_text(encoding="utf-8").count("\n") == 1


def test_the_network_guard_lets_this_machine_through(tmp_path: Path) -> None:
    """It lets a process connect to this machine, as a kernel and its client do, and writes nothing down."""
    environment = network_guard(tmp_path / "guard")
    with socket.create_server(("127.0.0.1", 0)) as server:
        code = f"import socket; socket.create_connection(('127.0.0.1', {server.getsockname()[1]}), timeout=5).close()"
        done = subprocess.run([sys.executable, "-c", code], env=os.environ | environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "guard" / "attempts").exists()


# ---------------------------------------------------------------- bad input

FAULTS = {
    "misspelt heading": (f"{BAD_FOLDER}/misspelt-heading.csv", "", "E1", "Taget"),
    "two points in a number": ("harrow-council/more-business-like.csv", "", None, "12..5"),
    "unknown measure": (f"{BAD_FOLDER}/unknown-measure.csv", "", "C2", "SYNTHETIC measure of nobody"),
    "wrong quarter": (f"{BAD_FOLDER}/wrong-quarter.csv", "", "B2", "Q1 2016/17"),
    "empty sheet": (f"{BAD_FOLDER}/empty-sheet.xlsx", "Return", "", "empty"),
    "not a spreadsheet": (f"{BAD_FOLDER}/not-a-spreadsheet.xlsx", "", "", "not a spreadsheet"),
}
"""Name -> file, sheet, cell and words of the issue; the cell of `12..5` is looked up in the file itself."""


def place(run: Run, fault: str) -> tuple[str, str, str, str]:
    """Give file, sheet, cell and words of a fault."""
    file, sheet, cell, words = FAULTS[fault]
    if cell is None:
        with (run.data / "raw" / run.quarter / file).open(encoding="utf-8-sig", newline="") as opened:
            ((row, column),) = ((row, column) for row, cells in enumerate(csv.reader(opened), 1) for column, text in enumerate(cells) if text == words)
        cell = f"{chr(65 + column)}{row}"
    return file, sheet, cell, words


@pytest.mark.parametrize("fault", FAULTS)
def test_bad_input_is_told_in_the_issues(bad: Run, fault: str) -> None:
    """It lists each fault in issues.csv with its file, sheet and cell."""
    file, sheet, cell, words = place(bad, fault)
    rows = [row for row in bad.table("issues") if (row["file"], row["sheet"], row["cell"]) == (file, sheet, cell) and words in row["message"] + row["as_typed"]]
    assert rows, [row for row in bad.table("issues") if row["file"] == file]


@pytest.mark.parametrize("fault", FAULTS)
def test_bad_input_is_told_by_the_command(bad: Run, fault: str) -> None:
    """It says each fault, all in one run, on a line with file, sheet and cell."""
    file, sheet, cell, words = place(bad, fault)
    lines = [line for line in said(bad.process).splitlines() if file in line]
    assert [line for line in lines if words in line and re.search(rf"\b{cell}\b", line) and sheet in line], lines


@pytest.mark.parametrize("fault", FAULTS)
def test_bad_input_is_told_by_the_check(bad: Run, fault: str, checked: str) -> None:
    """It says each fault when only asked to check, too."""
    file, sheet, cell, words = place(bad, fault)
    lines = [line for line in checked.splitlines() if file in line]
    assert [line for line in lines if words in line and re.search(rf"\b{cell}\b", line) and sheet in line], lines


@pytest.fixture(scope="module")
def checked(bad: Run) -> str:
    """Check the bad returns without notebooks; gives what the command said."""
    process = workbook("check", bad.quarter, "--data", bad.data)
    assert process.returncode == 3, said(process)
    return said(process)


def test_the_rest_of_bad_input_is_published(bad: Run, published: Run) -> None:
    """It publishes every other figure as without the faults: of 249 rows only that of the unreadable cell differs."""
    without = {(row["measure_id"], row["quarter"]): row for row in published.table("scorecard")}
    with_faults = {(row["measure_id"], row["quarter"]): row for row in bad.table("scorecard")}
    assert sorted(without) == sorted(with_faults)
    assert [key for key in without if without[key] != with_faults[key]] == [("Business 1", "2016-17-Q2")]
    row = with_faults["Business 1", "2016-17-Q2"]
    assert (row["actual_raw"], row["actual"], row["band"]) == ("12..5", "", "")
    assert "could not be read" in row["reason"]
    assert sorted(path.name for path in bad.folder.glob("*.html")) == sorted(path.name for path in published.folder.glob("*.html"))


def test_what_is_held_is_quarantined(bad: Run) -> None:
    """It quarantines the cells of held returns and of the unreadable cell, and nothing else."""
    caught = Counter(row["file"] for row in bad.table("cells") if row["outcome"] == "quarantined")
    assert caught == {
        f"{BAD_FOLDER}/misspelt-heading.csv": 14,  # two rows of seven
        f"{BAD_FOLDER}/wrong-quarter.csv": 18,  # the same, and two labels with their values
        f"{BAD_FOLDER}/unknown-measure.csv": 7,  # its headings were used
        "harrow-council/more-business-like.csv": 1,
    }


@pytest.mark.parametrize("page", ["index", "joint-analysis-group", "chief-executives", "improvement-boards"])
def test_pages_of_bad_input_say_provisional(bad: Run, published: Run, page: str) -> None:
    """It says on each page that the report is provisional, and does not where nothing is held."""
    assert "provisional" in page_text(bad.folder / f"{page}.html").casefold()
    assert "provisional" not in page_text(published.folder / f"{page}.html").casefold().replace("[p] provisional", "").replace("provisionally", "")


def test_the_manifest_of_bad_input_says_provisional(bad: Run, published: Run) -> None:
    """It says in the manifest, for machines, that the quarter cannot be called final."""
    manifests = [json.loads((run.folder / "manifest.json").read_text(encoding="utf-8")) for run in (bad, published)]
    assert [manifest["provisional"] for manifest in manifests] == [True, False]


# ---------------------------------------------------------------- broken notebooks, wrong questions


def assert_one_screen(process: subprocess.CompletedProcess[str]) -> None:
    """Assert that an error is one clear screen: no traceback, on the error stream, a dozen lines at most."""
    assert "Traceback" not in said(process)
    assert 1 <= len(process.stderr.strip().splitlines()) <= 12, process.stderr


@pytest.fixture
def publication(synthetic: Run, tmp_path: Path) -> Path:
    """Give an outputs folder that holds a good publication of the hand-made returns."""
    return shutil.copytree(synthetic.outputs, tmp_path / "outputs")


def in_first_cell_under(heading: str, source: str) -> Callable[[nbformat.NotebookNode], None]:
    """Give a change to a notebook: other code in the first cell under a heading."""

    def change(notebook: nbformat.NotebookNode) -> None:
        below = iter(notebook.cells)
        next(cell for cell in below if cell.cell_type == "markdown" and cell.source.startswith(heading))
        next(cell for cell in below if cell.cell_type == "code").source = source

    return change


def misspell_parameter(notebook: nbformat.NotebookNode) -> None:
    """Misspell the parameter `quarter` where the notebook declares it."""
    cell = next(cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", []))
    assert "quarter: str" in cell.source
    cell.source = cell.source.replace("quarter: str", "quater: str")


BROKEN = {
    "raises": (
        in_first_cell_under("## Quarantined cells", "raise ValueError('SYNTHETIC fault')"),
        1,
        ["01_returns.ipynb", "Quarantined cells", "ValueError: SYNTHETIC fault"],
    ),
    "leaves quietly": (in_first_cell_under("## Quarantined cells", "import sys; sys.exit(0)"), 1, ["01_returns.ipynb"]),
    "loses its kernel": (in_first_cell_under("## Quarantined cells", "import os; os._exit(1)"), 1, ["01_returns.ipynb"]),
    "misspells a parameter": (misspell_parameter, 2, ["01_returns.ipynb", "'quarter'", "quater"]),
}


@pytest.mark.parametrize(("change", "code", "told"), BROKEN.values(), ids=BROKEN)
def test_a_broken_notebook(publication: Path, tmp_path: Path, change: Callable[[nbformat.NotebookNode], None], code: int, told: list[str]) -> None:
    """It names the notebook and the fault on one screen, exits with 1 (2 where it was asked wrongly), and leaves the last publication as it was."""
    house = tmp_path / "house"
    for name in ("analysis", "notebooks", "expectations"):
        shutil.copytree(HOUSE / name, house / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    notebook = nbformat.read(house / "notebooks" / "01_returns.ipynb", as_version=4)
    change(notebook)
    nbformat.write(notebook, house / "notebooks" / "01_returns.ipynb")
    data = shutil.copytree(SYNTHETIC, tmp_path / "data")
    before = fingerprints(publication / "2020-21-Q2")
    command = [sys.executable, "-m", "analysis", "run", "2020-21-Q2", "--data", str(data), "--outputs", str(publication)]
    done = subprocess.run(command, cwd=house, env=os.environ | {"PYTHONPATH": str(house)}, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert done.returncode == code, said(done)
    assert_one_screen(done)
    assert [words for words in told if words not in done.stderr] == []
    assert fingerprints(publication / "2020-21-Q2") == before
    assert sorted(path.name for path in publication.iterdir() if not path.name.startswith(".")) == (["2020-21-Q2", "failed"] if code == 1 else ["2020-21-Q2"])


SIDE_BY_SIDE = """
import json, os, pathlib, sys
from contextlib import ExitStack, closing
from analysis import workbook
from analysis.engine import Forked, Task, Threads, carry_out
kept, folder, moved, ran = pathlib.Path("kept").resolve(), pathlib.Path("notebooks").resolve(), [], {}

def then(task, executed):
    moved.append(os.getcwd())
    ran[task.name] = executed.cells[0].outputs[0].text.strip()
    return []

with ExitStack() as stack:
    kernels = None
    if sys.argv[1] == "kernels":
        from analysis.workbook.kernels import Kernels
        kernels = stack.enter_context(closing(Kernels(folder, 2, ())))
    workers = stack.enter_context(Threads(3) if kernels else Forked(3, ("analysis.workbook.shell",), ()))
    steps = [workbook.Step(path, {}, path.stem) for path in sorted(folder.glob("*.ipynb"))]
    carry_out([Task(step.name, workbook.execute, (step, kept, kernels), step.name) for step in steps], workers, then)
print(json.dumps([list(ran.values()), [*moved, os.getcwd()]]))
"""


@pytest.mark.parametrize("way", ["kernels", pytest.param("forks", marks=pytest.mark.skipif(not can_fork(), reason="no process is forked here"))])
def test_notebooks_side_by_side_do_not_move_one_another(way: str, tmp_path: Path) -> None:
    """It runs each notebook in its own folder, whichever ends first, and never leaves the command in another folder than it was called from."""
    (tmp_path / "notebooks").mkdir()
    for number in range(6):
        cell = nbformat.v4.new_code_cell(f"import os, time\nprint(os.getcwd())\ntime.sleep({number % 3 / 4})")
        metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=metadata), tmp_path / "notebooks" / f"{number:02d}_where.ipynb")
    done = subprocess.run([sys.executable, "-c", SIDE_BY_SIDE, way], cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert done.returncode == 0, said(done)
    ran_in, moved = json.loads(done.stdout.splitlines()[-1])
    assert ran_in == [str(tmp_path / "notebooks")] * 6
    assert moved == [str(tmp_path)] * 7


def asked(*arguments: str) -> Callable[[Path, Path], list[str | Path]]:
    """Give a question of the command to a data folder and an outputs folder."""
    return lambda data, outputs: [*arguments, "--data", data, "--outputs", outputs]


WRONG = {
    "unknown quarter": (asked("run", "2031-32-Q1"), ["2031-32-Q1", "2020-21-Q2"]),
    "no quarter at all": (asked("run", "soon"), ["soon"]),
    "missing folder": (lambda data, outputs: ["run", "--data", data / "nowhere", "--outputs", outputs], ["nowhere", "--data"]),
    "misspelt option": (lambda data, outputs: ["run", "--data", data, "--ouputs", outputs], ["--ouputs"]),
    "shortened option": (lambda data, outputs: ["run", "--data", data, "--output", outputs], ["--output"]),
    "misspelt command": (asked("rnu", "2020-21-Q2"), ["rnu"]),
    "outputs is a file": (lambda data, _: ["run", "--data", data, "--outputs", data / "reference" / "measures.csv"], ["measures.csv"]),
    "unknown quarter to check": (lambda data, _: ["check", "2031-32-Q1", "--data", data], ["2031-32-Q1", "2020-21-Q2"]),
}  # fmt: skip


@pytest.mark.parametrize(("question", "told"), WRONG.values(), ids=WRONG)
def test_a_wrong_question(publication: Path, tmp_path: Path, question: Callable[[Path, Path], list[str | Path]], told: list[str]) -> None:
    """It says on one screen what is not known and what is, exits with 2, and leaves the last publication as it was."""
    data = shutil.copytree(SYNTHETIC, tmp_path / "data")
    before = fingerprints(publication)
    done = workbook(*question(data, publication))
    assert done.returncode == 2, said(done)
    assert_one_screen(done)
    assert [words for words in told if words not in done.stderr] == []
    assert fingerprints(publication) | {".lock": ""} == before | {".lock": ""}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "outputs"]


def test_mistakes_in_registers_are_told_at_once(publication: Path, tmp_path: Path) -> None:
    """It tells every mistake of every register with file and line before a notebook starts, and exits with 2."""
    data = shutil.copytree(SYNTHETIC, tmp_path / "data")
    measures, awards = data / "reference" / "measures.csv", data / "reference" / "awards.csv"
    measures.write_text(measures.read_text(encoding="utf-8").replace("lower,number,snapshot", "downwards,number,snapshot"), encoding="utf-8")
    awards.write_text(awards.read_text(encoding="utf-8").replace("Round 1,revenue", "Round 1,cash"), encoding="utf-8")
    before = fingerprints(publication / "2020-21-Q2")
    done = workbook("run", "--data", data, "--outputs", publication)
    assert done.returncode == 2, said(done)
    assert_one_screen(done)
    assert [words for words in ("measures.csv line 3", "'downwards'", "awards.csv line 3", "'cash'") if words not in done.stderr] == []
    assert "01_returns" not in done.stdout
    assert fingerprints(publication / "2020-21-Q2") == before
