"""Tiny published folders, written by hand: the columns that a comparison reads, and a manifest."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

NOW, BEFORE, YEAR_AGO = "2016-17-Q2", "2016-17-Q1", "2015-16-Q2"
MONEY = ("award", *(f"actual_q{n}" for n in range(1, 5)), *(f"forecast_q{n}" for n in range(1, 5)), "total_to_date", "identified_underspend")
COLUMNS = {
    "scorecard": [
        "measure_id", "measure", "polarity", "quarter", "target_raw", "actual_raw", "target_low", "target_high", "actual", "unit", "variance", "band",
        "reason", "figure_id", "kind", "policy", "data_period", "rule", "file", "sheet", "target_cell", "actual_cell",
    ],
    "awards": ["project", "round", "kind", "theme", "quarter", *(c for name in MONEY for c in (name, f"{name}_reason")), "verdict", "difference", "figure_id", "file", "sheet"],
    "monthly": ["indicator", "month", "value", "value_raw", "value_reason", "value_cell", "quarter", "file", "sheet"],
    "grant_totals": ["what", "known", "unknown_count", "at_most", "round", "kind", "theme"],
    "receipts": ["figure_id", "part", "file", "sheet", "cell", "as_typed", "repairs", "sha256"],
    "forecasts": ["measure_id", "quarter", "forecast", "target"],
    "policies": ["policy", "version", "from_quarter", "polarity", "order", "band", "figure", "test", "factor", "points", "against"],
}  # fmt: skip
Row = dict[str, Any]


def policy(name: str, higher: str, lower: str, version: str = "1", against: str = "target") -> list[Row]:
    """Give a policy of the register: "HG 1.05 LG 1 A" is High Green from 1.05 times the target, Low Green from the target, else Amber."""
    made = []
    for polarity, steps, test in (("higher", higher.split(), ">="), ("lower", lower.split(), "<=")):
        for order, place in enumerate(range(0, len(steps), 2), 1):
            factor = steps[place + 1] if place + 1 < len(steps) else ""
            row = {"policy": name, "version": version, "from_quarter": "2009-10-Q1", "polarity": polarity, "order": order, "band": steps[place]}
            made.append(row | {"test": test if factor else "otherwise", "factor": factor, "against": against if order == 2 and factor else "target"})
    return made


FIVE = policy("five-band", "HG 1.05 LG 1 A 0.95 LR 0.90 HR", "HG 0.95 LG 1 A 1.05 LR 1.10 HR")
THREE = policy("three-band", "G 1 A 0.95 HR", "G 1 A 1.05 HR")


def measure(target: str, actual: str, variance: str, band: str, /, **more: Any) -> Row:
    """Give a row of the scorecard: a measure whose texts are plain numbers, unless *more* says otherwise."""
    number = {"target_low": target, "target_high": target} if target.replace(".", "").isdigit() else {}
    row = {"measure_id": "Build 5", "measure": "Repairs", "polarity": "higher", "quarter": NOW, "target_raw": target, "actual_raw": actual, "unit": "number"}
    row |= {"actual": actual if actual.replace(".", "").isdigit() else "", "variance": variance, "band": band, "kind": "rate", "policy": "five-band"}
    row |= {"file": "council.csv", "target_cell": "E2", "actual_cell": "F2"} | number | more
    return row | {"figure_id": f"{row['quarter']}.{row['measure_id'].lower().replace(' ', '-')}", "rule": f"{row['policy']} version 1, higher is better"} | more


def award(project: str, verdict: str, difference: str, *, quarter: str = BEFORE, **amounts: str) -> tuple[Row, list[Row]]:
    """Give an award and its receipts: the amounts as pounds, a text that is no amount as a reason."""
    figure = f"{quarter}.award.{project.lower()}"
    row: Row = {"project": project, "round": "Round 1", "kind": "capital", "theme": "Arts", "quarter": quarter, "verdict": verdict, "difference": difference}
    row |= {"figure_id": figure, "file": "grant.xlsx", "sheet": "Page 1"}
    told = []
    for name, typed in amounts.items():
        known = typed.replace(".", "").isdigit()
        row |= {name: typed if known else "", f"{name}_reason": "" if known else "asked for and not known"}
        told.append(
            {"figure_id": figure, "part": name, "file": "grant.xlsx", "sheet": "Page 1", "cell": f"B{len(told) + 2}", "as_typed": typed, "sha256": "aa"}
        )
    return row, told


def total(what: str, known: str, unknown: int, most: str) -> Row:
    """Give a row of the grant totals of all awards of round 1."""
    return {"what": what, "known": known, "unknown_count": unknown, "at_most": most, "round": "Round 1", "kind": "all", "theme": "all"}


def month(name: str, value: str, quarter: str = NOW, indicator: str = "Claimants") -> Row:
    """Give one month's figure."""
    return {"indicator": indicator, "month": name, "value": value, "value_raw": value, "value_cell": "C7", "quarter": quarter, "file": "months.csv"}


def publish(folder: Path, quarter: str = NOW, manifest: Row | None = None, **tables: list[Row]) -> Path:
    """
    Write a published folder.

    Args:
        folder: where; made when it is not there.
        quarter: the quarter reported.
        manifest: what its manifest says otherwise than most.
        tables: name -> rows; a file that is not given is empty but for its headings, and policies are the five bands and the three.
    """
    (folder / "data").mkdir(parents=True)
    for name, columns in COLUMNS.items():
        with (folder / "data" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(tables.get(name, FIVE + THREE if name == "policies" else []))
    said = {"quarter": quarter, "versions": {"workbook": "1.0", "pandas": "3.1.1"}, "registers": {"measures.csv": "m1", "policies.csv": "p1"}}
    said |= {"inputs": [{"quarter": quarter, "file": "council.csv", "sha256": "c1", "state": "received"}]} | (manifest or {})
    (folder / "manifest.json").write_text(json.dumps(said), encoding="utf-8")
    return folder
