"""Reports made of rows written by hand: measures, awards, months, as the notebooks would have kept them."""

from __future__ import annotations

import functools
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock

import pandas as pd
from bs4 import BeautifulSoup, Tag

from analysis import entitlement, examination, exceptions, frames, grant, reference, reports, returns, scoring, trends
from analysis.markup import slug

REAL = Path(__file__).resolve().parents[1] / "data"
NOW, BEFORE = "2016-17-Q2", "2016-17-Q1"
SCRIPT = '<script>alert("x")</script>'
THEMES = {
    "Build": "Build a Better Harrow",
    "Business": "Be More Business-like and Business Friendly",
    "Protect": "Protect the Most Vulnerable and Support Families",
}
Row = dict[str, Any]


def figure(name: str, typed: str, value: str | None, cell: str, unit: str = "number", reason: str = "") -> Row:
    """Give the columns that every figure has."""
    return {
        f"{name}_raw": typed,
        name: None if value is None else Decimal(value),
        f"{name}_reason": reason,
        f"{name}_unit": unit,
        f"{name}_cell": cell,
    }


def score(measure_id: str, band: str, typed: str = "84", row: int = 2, quarter: str = NOW, **more: Any) -> Row:
    """Give a scored measure, its actual typed in row *row* of its quarter's return; one that is no number has no figure."""
    known = typed if typed.replace(".", "").isdigit() else None
    made: Row = {"quarter": quarter, "file": "p/scores.csv", "row": row, "measure_id": measure_id, "measure": f"Measure {measure_id}", "polarity": "higher"}
    made |= {"theme": THEMES.get(measure_id.partition(" ")[0], ""), "number": measure_id.partition(" ")[2], "kind": "rate", "unit": "number", "band": band}
    made |= figure("target", "80", "80", f"E{row}") | {"target_low": Decimal(80), "target_high": Decimal(80)}
    made |= figure("actual", typed, known, f"F{row}", reason="" if known else "not given")
    made |= {"agreement": "agrees" if band else "not scored", "rule": "five-band version 1" if band else "", "band_reason": "" if band else "actual not given"}
    return made | {"published_status": band, "published_status_cell": f"G{row}", "figure_id": f"{quarter}.{slug(measure_id)}"} | more


def award(project: str, amount: str, spent: str | None, verdict: str, row: int = 2, quarter: str = NOW, **more: Any) -> Row:
    """Give an award and what is known of its spending, in pounds; unknown spending is typed as a question mark."""
    made: Row = {"quarter": quarter, "file": "p/grant.csv", "row": row, "project": project, "round": "Round 1", "kind": "capital", "theme": "not stated"}
    made |= figure("award", f"£{amount}", amount, f"B{row}", "pounds")
    made |= figure("total_to_date", "?" if spent is None else f"£{spent}", spent, f"C{row}", "pounds", "asked for and not known" if spent is None else "")
    made |= figure("identified_underspend", "£0.00", "0", f"D{row}", "pounds")
    return made | {"verdict": verdict, "return_received": "yes", "figure_id": grant.award_id(quarter, made["round"], project)} | more


def month(indicator: str, name: str, typed: str, cell: str, value: str | None = None, unit: str = "number", **more: Any) -> Row:
    """Give one month's figure of an indicator; a lower one is better."""
    made: Row = {"quarter": NOW, "file": "p/months.csv", "row": 2, "indicator": indicator, "month": name, "polarity": "lower"}
    return made | figure("value", typed, value or typed, cell, unit) | more


def told(section: str, group: str = "", text: str = "Words", row: int = 2, quarter: str = NOW, **more: Any) -> Row:
    """Give a row of narrative."""
    return {"quarter": quarter, "file": "n.csv", "row": row, "section": section, "group_or_theme": group, "text": text} | more


def challenge(measure_id: str, band: str, rank: int, **more: Any) -> Row:
    """Give a key challenge of the quarter."""
    made: Row = {"measure_id": measure_id, "quarter": NOW, "band": band, "band_quarter": NOW, "reasons": f"{band} now", "rank": rank, "key_challenge": True}
    return made | {"figure_id": f"{NOW}.{slug(measure_id)}"} | more


def kept(quarter: str = NOW, **rows: list[Row]) -> dict[str, pd.DataFrame]:
    """Give frames of rows; one without a quarter is of the quarter reported."""
    return {name: frames.make([{"quarter": quarter} | row for row in given], frames.CONTRACTS[name]) for name, given in rows.items()}


def report(audience: str = "joint-analysis-group", quarter: str = NOW, data: Path = REAL, **rows: list[Row]) -> reports.Report:
    """Give the report of a quarter that has only these rows; registers that are as they were are not read again."""
    with mock.patch.object(reference, "load", _loaded):
        return reports.open_report(quarter, data, kept(quarter, **rows), audience)


_READ: dict[tuple[object, ...], reference.Registers] = {}
_LOAD = reference.load


def _loaded(data: Path) -> reference.Registers:
    found = [(path.stat().st_mtime_ns, path.stat().st_size) for path in sorted((data / "reference").iterdir())]
    key = (data, *found)
    if key not in _READ:
        _READ[key] = _LOAD(data)
    return _READ[key]


def of_sections(of: reports.Report, *names: str) -> reports.Report:
    """Give a report with these sections alone."""
    return replace(of, audience=replace(of.audience, sections=names))


def page(of: reports.Report) -> str:
    """Give the page of a report, without its style."""
    return f"<body>{reports.front(of)}{reports.body(of)}</body>"


def read(html: object) -> Tag:
    """Give HTML as something to look in."""
    return BeautifulSoup(str(html), "html.parser")


def words(html: object) -> str:
    """Give the words of HTML, with single spaces."""
    return " ".join(read(html).get_text(" ").split()).replace(" .", ".").replace(" ,", ",").replace(" ;", ";")


def section(html: object, name: str) -> Tag:
    """Give a section of a page by its id."""
    found = read(html).find("section", id=name)
    assert found is not None, f"there is no section {name!r}"
    return found


def sections(html: object) -> list[str]:
    """Give the ids of the sections of a page, in order."""
    return [str(found["id"]) for found in read(html).find_all("section")]


def registers_in(folder: Path, **changed: str) -> Path:
    """Copy the real registers into a data folder, some of them (named without ending) replaced or added."""
    shutil.copytree(REAL / "reference", folder / "reference")
    for name, text in changed.items():
        (folder / "reference" / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@functools.cache
def real(quarter: str) -> dict[str, pd.DataFrame]:
    """Give the frames of the real returns of a quarter that headlines are made of, without a run."""
    registers = reference.load(REAL)
    made = dict(examination.as_read(REAL, returns.with_history(REAL, quarter), registers))
    observations = scoring.chosen(made["observations"], registers.adjustments)
    forecasts = trends.forecast(observations, registers.adjustments)
    made["scores"] = trends.direction(scoring.score(observations, registers.policies, forecasts), registers.adjustments)
    nothing = {name: frames.make([], frames.CONTRACTS[name]) for name in ("variation", "positions", "revised", "actions")}
    evidence = exceptions.Evidence(nothing["variation"], frames.make([], frames.FORECASTS), nothing["positions"], nothing["revised"], nothing["actions"])
    made["exceptions"] = exceptions.ranked(made["scores"], quarter, evidence)
    made["spend"] = grant.spend(made["awards"], made["narrative"], registers.awards)
    made["outturn"] = grant.outturn(made["spend"], registers.rounds, registers.variations)
    made["earned"], _ = entitlement.earned_by_all(made["reward_targets"], entitlement.stated(registers.agreement_terms, made["reward_facts"]))
    made["agreement_states"] = grant.standing(made["agreements"], quarter)
    made["milestone_states"] = grant.due_milestones(made["milestones"], quarter)
    return made
