"""The published folder of a quarter: pages, data, manifest; whole or not at all."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import disclosure, frames, grant, receipts, scoring
from analysis.frames import MONEY
from analysis.reports import findings, headlines, sign_off
from analysis.reports.report import Report
from analysis.reports.tie_out import Tied, tie_out
from analysis.values import rounded

LIBRARIES = ("great-expectations", "matplotlib", "nbconvert", "numpy", "openpyxl", "pandas", "papermill", "pyarrow", "xlsxwriter")


# ---------------------------------------------------------------- data


def scorecard(report: Report) -> pd.DataFrame:
    """Give the published scorecard: every measure of the quarters shown, its band, its grade, and where it came from."""
    scores = report["scores"]
    grades = report.grades
    made = scores.assign(
        reason=scores["band_reason"],
        markers=scores["actual_markers"],
        grade=[grades.get(one, {}).get("grade", "") for one in scores["figure_id"]],
        unit=scores["actual_unit"].where(scores["actual_unit"] != "", scores["unit"]),
    )
    return made[list(_SCORECARD)]


_SCORECARD = (
    "measure_id", "theme", "number", "measure", "polarity", "quarter", "target_raw", "actual_raw", "target_low", "target_high", "actual",
    "unit", "variance", "band", "reason", "published_status", "agreement", "direction_short", "direction_long", "markers", "figure_id",
    "grade", "kind", "policy", "period_covered", "data_period", "to_edge", "band_beyond", "fragile", "series_break", "note", "bands_within_rounding",
    "rule", "file", "sheet", "target_cell", "actual_cell", "published_status_cell", "source", "transcription_note",
)  # fmt: skip


def awards(report: Report) -> pd.DataFrame:
    """Give the published awards of the quarters shown, each amount to the penny with the reason where there is none."""
    money = [column for name in MONEY for column in (name, f"{name}_reason")]
    about = ["verdict", "difference", "blocked_by", "completed", "return_received", "theme", "spend_by", "quarter", "file", "sheet", "row", "figure_id"]
    made = _to_the_penny(report["spend"], (*MONEY, "difference"))
    return made[["project", "round", "kind", *money, *about, "source", "transcription_note"]]


def months(report: Report) -> pd.DataFrame:
    """Give the published monthly indicators of the quarters shown."""
    return report["monthly"][
        ["indicator", "month", "value", "value_raw", "value_reason", "polarity", "published_status", "direction_published", "value_cell", *_PLACE]
    ]


_PLACE = ("quarter", "file", "sheet", "row", "source", "transcription_note")
TOTALS = ("what", "known", "unknown_count", "at_least", "at_most", "known_count", "round", "kind", "theme")
"""The columns of the published totals of grant."""


def tables(report: Report) -> dict[str, pd.DataFrame]:
    """Give every published CSV file: name -> frame, columns in the order that the contract promises."""
    scores = report["scores"]
    cells = receipts.mark_cells(report["cells"], report.receipts)
    totals = _to_the_penny(grant.totals(report.latest("spend")), ("known", "at_least", "at_most"))
    pounds = {name: [column for column, holds in frames.CONTRACTS[name].columns.items() if holds == frames.EXACT] for name in _ALL_POUNDS}
    in_pounds = {name: _to_the_penny(report[name], tuple(columns)) for name, columns in pounds.items()}
    return {
        "scorecard": scorecard(report),
        "exceptions": report["exceptions"][["measure_id", "quarter", "band", "rank", "reasons", "commentary", "for_discussion", "band_quarter", "key_challenge", "standing", "moving", "figure_id"]],
        "commentary_checks": report["commentary_checks"],
        "process": report["process"],
        "variation": report["variation"],
        "forecasts": report["forecasts"],
        "positions": report["positions"],
        "year_to_date": report["year_to_date"],
        "findings": findings.listing(report),
        "disagreements": scoring.disagreements(scores)[["measure_id", "quarter", "target_raw", "actual_raw", "variance", "published_status", "band", "rounding_explains", "bands_within_rounding", "measure", "figure_id"]],
        "awards": awards(report),
        "grant_totals": totals[list(TOTALS)],
        "agreements": report["agreement_states"][["project", "organisation", "progress", "report_due", "state", "next_step", "steps", "may_be_paid", "due", "report_state", *_PLACE]],
        "milestones": report["milestone_states"][["organisation", "timescale", "outcome", "rag", "due", "due_read", "state", "overdue", *_PLACE]],
        "outcome_measures": report["outcome_measures"][["number", "priority", "outcome", "outcome_measure", "description", "baseline", "years", "partners", "lead", "undefined", *_PLACE]],
        "actions": report["actions"][["date", "action", "owner", "outcome", *_PLACE]],
        "narrative": report["narrative"][["section", "group_or_theme", "subject", "text", "for_discussion", *_PLACE]],
        "monthly": months(report),
        "entitlement": report["entitlement"][["agreement", "fact", "value_raw", "value", "value_unit", "standing", "how", "basis", "source", "cells", "quarter", "file", "sheet", "value_cell"]],
        "reward_targets": report["reward_targets"],
        "earned": _to_the_penny(report["earned"], ("potential", "amount", "at_most")),
        "reward_outlook": _to_the_penny(report["reward_outlook"], ("potential", "pounds_per_unit", "amount_now", "amount_low", "amount_likely", "amount_high", "at_risk", "next_gain")),
        **in_pounds,
        "grant_checks": report["grant_checks"],
        "quality_checks": report["quality_checks"],
        "grades": report["grades"],
        "league": report["league"],
        "owed": report["owed"],
        "punctuality": report["punctuality"],
        "replaced": report["replaced"],
        "revised": report["revised"],
        "issues": report["issues"][["file", "sheet", "cell", "stage", "severity", "rule", "message", "as_typed", "read_as", "quarter"]],
        "cells": cells[["file", "sheet", "cell", "raw", "outcome", "reason", "figure_id", "quarter", "form", "field", "stored"]],
        "missing": report["missing"],
        "returns": report["returns"],
        "receipts": report.receipts,
        "headlines": headlines.headlines(report),
        "policies": report.registers.policies.drop(columns="line", errors="ignore"),
    }  # fmt: skip


_ALL_POUNDS = ("payments", "reward_way", "outturn", "burn_up", "variations", "sample")
"""Published frames all of whose exact figures are pounds."""


def _to_the_penny(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    return frame.assign(**{name: frame[name].map(lambda value: value if frames.absent(value) else rounded(value, 2)) for name in columns})


def as_csv(frame: pd.DataFrame) -> str:
    r"""
    Give a frame as CSV text: exact numbers plain, missing empty, text that a spreadsheet would run as a formula made text.

    >>> from decimal import Decimal
    >>> as_csv(pd.DataFrame({"a": [Decimal("1600.00")], "b": ["=1+1"], "c": ["-20%"]}))
    "a,b,c\n1600.00,'=1+1,-20%\n"
    """
    lines = [frame.columns, *(row.values() for row in frames.rows(frame))]
    return "".join(f"{','.join([_cell(value) for value in line])}\n" for line in lines)


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return _words(value)
    return "" if value is None else _quoted(f"{value:f}" if hasattr(value, "as_tuple") else str(value))


@lru_cache(maxsize=2**15)
def _words(text: str) -> str:
    """Give text as a cell of a CSV file holds it; most texts stand in many cells."""
    return _quoted(f"'{text}" if _FORMULA.match(text) else text)


_FORMULA = re.compile(r"[=@\t\r]|[+-](?!£?[\d.,]*%?$)")
_ENDS_A_CELL = re.compile(r'[,"\r\n]')


def _quoted(text: str) -> str:
    """Quote what would end a cell; Python's own writer leaves a lone carriage return bare, and readers begin a new row there."""
    return '"{}"'.format(text.replace('"', '""')) if _ENDS_A_CELL.search(text) else text


# ---------------------------------------------------------------- writing


def write_data(made: dict[str, pd.DataFrame], folder: Path) -> dict[str, int]:
    """Write every CSV file of the quarter; gives name -> number of rows."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in made.items():
        (folder / f"{name}.csv").write_text(as_csv(frame), encoding="utf-8", newline="")
    return {name: len(frame) for name, frame in made.items()}


APART = "restricted"
"""The folder of pages with figures that others must not see: hand them over by themselves, and never publish it with the rest."""


def tied(reports: list[Report], pages: dict[str, str], everything: Report, made: dict[str, pd.DataFrame]) -> Tied:
    """
    Prove that a figure is one figure on every page and in every file; a page that others must not see is held against its own receipts.

    Args:
        reports: the reports that have a page.
        pages: the audience's name -> its page.
        everything: the quarter, as everybody may see it.
        made: its published files, name -> frame.

    Raises:
        WorkbookError: a figure is not; nothing is published then.
    """
    apart = [report for report in reports if disclosure.stands_apart(report.registers, report.audience.name)]
    for report in apart:
        tie_out({report.audience.name: pages[report.audience.name]}, {}, report.receipts, headlines.headlines(report))
    names = {report.audience.name for report in apart}
    open_to_all = [report for report in reports if report.audience.name not in names]
    quoted = pd.concat([headlines.headlines(report) for report in (everything, *open_to_all)], ignore_index=True).drop_duplicates(["figure_id", "shown"])
    shown = {name: page for name, page in pages.items() if name not in names}
    return tie_out(shown, made, everything.receipts, quoted)


def put(folder: Path, notebook: Path, html: str, report: Report) -> None:
    """Put an audience's page in the quarter's folder; one that may see more than others goes, with its notebook, into a folder apart."""
    name = f"{report.audience.name}.html"
    if not disclosure.stands_apart(report.registers, report.audience.name):
        (folder / name).write_text(html, encoding="utf-8")
        return
    (folder / APART).mkdir(exist_ok=True)
    (folder / APART / name).write_text(html, encoding="utf-8")
    notebook.replace(folder / APART / notebook.name)


NOT_COMPARED = "The last run cannot be compared with"


def said_before(last: Path) -> list[str]:
    """Give what the last run said of the run before it, but for what holds of that one alone."""
    try:
        said = [str(sentence) for sentence in json.loads((last / "manifest.json").read_text(encoding="utf-8")).get("since_last_run", [])]
        return [sentence for sentence in said if not sentence.startswith(NOT_COMPARED)]
    except (OSError, ValueError):
        return []


def write_manifest(report: Report, folder: Path, rows: dict[str, int], parameters: dict[str, str], tied: Tied, since: Sequence[str] = ()) -> None:
    """Write what went in and what came out: inputs and outputs with SHA-256, versions, parameters, counts, verdicts."""
    returns = report["returns"]
    outputs = sorted(
        path for path in folder.rglob("*") if path.is_file() and path.relative_to(folder).parts[0] not in (APART, "manifest.json")
    )  # a fingerprint can be tried
    manifest = {
        "quarter": report.quarter,
        "partnership": report.registers.name,
        "parameters": parameters,
        "versions": {"workbook": version("quarterly-performance-workbook")} | {name: version(name) for name in LIBRARIES},
        "inputs": [
            {"quarter": row["quarter"], "file": row["file"], "sha256": row["sha256"], "state": row["state"]} for row in frames.rows(report.history("returns"))
        ],
        "registers": report.registers.fingerprints,
        "cells": {name: int(returns[name].sum()) for name in ("cells", "used", "ignored", "quarantined")},
        "issues": {str(severity): int(number) for severity, number in sorted(report["issues"]["severity"].value_counts().items())},
        "agreement": {str(word): int(number) for word, number in sorted(report["scores"]["agreement"].value_counts().items())},
        "verdicts": {str(word): int(number) for word, number in sorted(report["spend"]["verdict"].value_counts().items())},
        "status": sign_off.status(report),
        "provisional": bool(len(report.held)),
        "inputs_fingerprint": sign_off.inputs(report) if sign_off.may_be_shown(report) else "[c]",
        "tie_out": asdict(tied),
        "rows": rows,
        "since_last_run": list(since),
        "outputs": {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in outputs},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
