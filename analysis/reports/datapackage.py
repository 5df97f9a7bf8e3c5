"""The published CSV files described for machines: a Frictionless Tabular Data Package beside them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from analysis import frames, grant, quarters
from analysis.markup import slug
from analysis.reports import dictionary
from analysis.reports.report import Report
from analysis.vocabulary import (
    Agreement,
    Assurance,
    Band,
    Cause,
    Delivery,
    Grade,
    Kind,
    Outcome,
    Outlook,
    Polarity,
    Position,
    Reason,
    Severity,
    Signal,
    Stage,
    Travel,
    Variation,
    Verdict,
)

FILE = "datapackage.json"
TOO_SHORT = "too short to say"


def write(report: Report, folder: Path) -> None:
    """Write the description of the CSV files of a folder beside them."""
    (folder / FILE).write_text(describe(report, folder), encoding="utf-8")


def describe(report: Report, folder: Path) -> str:
    """
    Give the data package of a quarter as JSON text: every CSV file with its size, fingerprint, columns and key.

    Args:
        report: whose quarter it is; its returns are named as the sources.
        folder: where the CSV files lie, all of them written; an empty cell is a missing value.
    """
    label = quarters.label(report.quarter)
    package = {
        "profile": "tabular-data-package",
        "name": slug(f"{report.registers.name} {report.quarter}"),
        "title": f"{report.registers.name}: performance and reward grant, {label}",
        "description": (
            f"The figures behind the reports for {label} ({quarters.months(report.quarter)}), each with the file and cell that it came from. "
            "An empty cell is a missing value, never zero. Text that a spreadsheet would run as a formula begins with an apostrophe. "
            "`created` is the last day of the quarter, so that the same returns give the same file."
        ),
        "quarter": report.quarter,
        "partnership": report.registers.name,
        "created": created(report.quarter),
        "keywords": ["performance", "reward grant", "quarterly returns"],
        "contributors": [{"title": report.registers.name, "role": "publisher"}],
        "sources": _sources(report),
        "resources": [_resource(path) for path in sorted(folder.glob("*.csv"))],
    }
    return json.dumps({name: value for name, value in package.items() if value}, indent=1, ensure_ascii=False) + "\n"


def created(quarter: str) -> str:
    """
    Give the day that the files of a quarter say they are of: its last one, since no clock may count.

    >>> created("2016-17-Q2")
    '2016-09-30T00:00:00Z'
    """
    return f"{quarters.period(quarter).end_time.date().isoformat()}T00:00:00Z"


def _sources(report: Report) -> list[dict[str, str]]:
    return [{"title": f"{row['partner'] or 'No partner named'}: {row['file']}, {quarters.label(row['quarter'])}"} for row in frames.rows(report["returns"])]


def _resource(path: Path) -> dict[str, Any]:
    name, written = path.stem, path.read_bytes()
    columns = written.partition(b"\n")[0].decode("utf-8").split(",")
    return {
        "profile": "tabular-data-resource",
        "name": name.replace("_", "-"),
        "title": dictionary.heading(name),
        "description": dictionary.TABLES.get(name, ""),
        "path": path.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "bytes": len(written),
        "hash": f"sha256:{hashlib.sha256(written).hexdigest()}",
        "schema": schema(name, columns),
    }


def schema(table: str, columns: Iterable[str]) -> dict[str, Any]:
    """
    Give the Table Schema of a published table: its columns in order, its missing value, and what names a row.

    A key that names a row by columns that may all be filled is the primary key; one with a column that may be empty, as the
    sheet of a CSV file is, stands as a unique key, because no column of a primary key may be missing.

    >>> made = schema("scorecard", ["measure_id", "quarter", "band"])
    >>> made["primaryKey"], made["fields"][2]["constraints"]["enum"][0]
    (['measure_id', 'quarter'], 'HG')
    """
    named = list(columns)
    key = _key(table, named)
    primary = bool(key) and not set(key) & MAY_BE_EMPTY
    made: dict[str, Any] = {"fields": [_field(table, column, required=primary and column in key) for column in named], "missingValues": [""]}
    return made | ({"primaryKey": key} if primary else {"uniqueKeys": [key]} if key else {})


MAY_BE_EMPTY = frozenset({"sheet", "sub_target", "covers", "partner", "instalment", "name", "round", "kind", "theme", "part"})
"""Columns of keys that are empty where a return has nothing for them."""
_TYPES = {frames.TEXT: "string", frames.WHOLE: "integer", frames.EXACT: "number", frames.YES: "boolean"}
_QUARTER = "[0-9]{4}-[0-9]{2}-Q[1-4]"


def _key(table: str, columns: list[str]) -> list[str]:
    contract = dictionary.contract_of(table)
    return list(contract.key) if contract and set(contract.key) <= set(columns) else []


def _field(table: str, column: str, *, required: bool) -> dict[str, Any]:
    holds = dictionary.holds(table, column)
    constraints: dict[str, Any] = {"required": True} if required or holds == frames.YES else {}
    if words := _closed(table, column):
        constraints["enum"] = words
    if column == "quarter":
        constraints["pattern"] = _QUARTER
    made: dict[str, Any] = {
        "name": column,
        "type": _TYPES[holds],
        "title": dictionary.heading(column),
        "description": dictionary.words(table, column),
        "unit": dictionary.unit(table, column),
        "constraints": constraints,
    }
    if holds == frames.YES:
        made |= {"trueValues": ["True"], "falseValues": ["False"]}
    return {name: value for name, value in made.items() if value}


_CLOSED: dict[tuple[str, str], Iterable[str]] = {
    ("scorecard", "band"): Band, ("scorecard", "band_beyond"): Band, ("scorecard", "agreement"): Agreement, ("scorecard", "direction_short"): Travel,
    ("scorecard", "direction_long"): Travel, ("scorecard", "grade"): Grade, ("scorecard", "kind"): Kind, ("scorecard", "polarity"): Polarity,
    ("exceptions", "band"): Band, ("disagreements", "band"): Band, ("disagreements", "rounding_explains"): ("yes", "no"), ("awards", "verdict"): Verdict,
    ("agreements", "state"): grant.STATES, ("agreements", "next_step"): grant.STATES, ("agreements", "may_be_paid"): ("yes", "no"),
    ("agreements", "report_state"): ("received", "due later", "overdue", "no date"), ("outturn", "state"): grant.OUTTURN_STATES,
    ("issues", "severity"): Severity, ("issues", "stage"): Stage, ("grant_checks", "severity"): Severity, ("quality_checks", "severity"): Severity,
    ("cells", "outcome"): Outcome, ("owed", "state"): Delivery, ("process", "signal"): Signal, ("process", "verdict"): Variation,
    ("process", "assurance"): Assurance, ("variation", "variation"): (*Variation, TOO_SHORT), ("variation", "assurance"): (*Assurance, TOO_SHORT),
    ("variation", "signal"): Signal, ("forecasts", "outlook"): Outlook, ("positions", "quartile"): Position, ("year_to_date", "kind"): Kind,
    ("burn_up", "kind"): ("actual", "forecast"), ("positions", "how"): ("computed", "published", "returned"), ("revised", "band_was"): Band,
    ("revised", "band_now"): Band, ("changes", "cause"): Cause, ("since_last_run", "cause"): Cause, ("policies", "band"): Band, ("policies", "polarity"): Polarity,
}  # fmt: skip
"""Published column -> every word that it can hold."""
_GRADED = ("accuracy", "validity", "timeliness", "completeness", "grade")


def _closed(table: str, column: str) -> list[str]:
    """Give every word that a column can hold, where these are few and known; empty text is a missing value and none of them."""
    found = _CLOSED.get((table, column), ())
    if table == "grades" and column in _GRADED:
        found = Grade
    figure = column.removesuffix("_reason")
    if figure != column and dictionary.holds(table, figure) == frames.EXACT:
        found = Reason
    return [str(word) for word in found if str(word)]
