"""The contract of each frame: its columns, what they hold, and which of them name a row."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from analysis.errors import FrameError

TEXT, WHOLE, EXACT, YES = "text", "whole", "exact", "yes"
"""What a column holds: text (never missing, empty for nothing), a whole number, an exact decimal, yes or no."""


@dataclass(frozen=True)
class Contract:
    """
    What a frame promises to those who read it.

    Attributes:
        name: the frame's name in the store and in the published data.
        columns: column -> TEXT, WHOLE, EXACT or YES.
        key: the columns that together name one row.
    """

    name: str
    columns: dict[str, str]
    key: tuple[str, ...]


_WHERE = {"quarter": TEXT, "file": TEXT, "sheet": TEXT, "row": WHOLE}


def _texts(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, TEXT)


def _figure(*names: str) -> dict[str, str]:
    """Give the columns every figure has: as typed, exact, why not, in what, marked how, mended how, from which cell."""
    columns: dict[str, str] = {}
    for name in names:
        columns |= {
            f"{name}_raw": TEXT,
            name: EXACT,
            f"{name}_reason": TEXT,
            f"{name}_unit": TEXT,
            f"{name}_markers": TEXT,
            f"{name}_repairs": TEXT,
            f"{name}_cell": TEXT,
        }
    return columns


MONEY = (
    "award",
    *(f"actual_q{n}" for n in range(1, 5)),
    *(f"forecast_q{n}" for n in range(1, 5)),
    "total_to_date",
    "identified_underspend",
)
"""The money columns of an award, in the order of the grant spend form."""

RETURNS = Contract(
    "returns",
    _texts("quarter", "file", "sha256", "partner", "forms", "state", "reason") | dict.fromkeys(("cells", "used", "ignored", "quarantined"), WHOLE),
    ("quarter", "file"),
)
CELLS = Contract(
    "cells",
    _WHERE | {"column": WHOLE} | _texts("cell", "raw", "stored", "form", "field", "outcome", "reason", "figure_id"),
    ("quarter", "file", "sheet", "cell"),
)
ENTRIES = Contract(
    "entries", _WHERE | _texts("form", "partner", "field", "kind", "cell", "raw", "repairs", "text"), ("quarter", "file", "sheet", "row", "form", "field")
)
ISSUES = Contract(
    "issues",
    _texts("quarter", "file", "sheet", "cell", "stage", "severity", "rule", "message", "as_typed", "read_as"),
    (),
)
OBSERVATIONS = Contract(
    "observations",
    _WHERE
    | _texts("measure_id", "theme", "number", "measure", "polarity", "unit", "kind", "policy", "partner")
    | _figure("target", "actual")
    | dict.fromkeys(("target_low", "target_high", "actual_low", "actual_high"), EXACT)
    | dict.fromkeys(("actual_numerator", "actual_denominator", "actual_rank", "actual_decimals", "target_decimals"), WHOLE)
    | {"target_annual": YES}
    | _texts("target_rule", "published_status", "published_status_cell", "data_period", "note", "commentary", "commentary_cell")
    | _texts("source", "transcription_note"),
    ("measure_id", "quarter"),
)
AWARDS = Contract(
    "awards",
    _WHERE | _texts("project", "round", "kind", "completed", "return_received", "note", "source", "transcription_note", "partner") | _figure(*MONEY),
    ("project", "round", "quarter"),
)
AGREEMENTS = Contract(
    "agreements", _WHERE | _texts("project", "organisation", "progress", "report_due", "source", "transcription_note"), ("project", "quarter")
)
MILESTONES = Contract(
    "milestones",
    _WHERE | _texts("organisation", "timescale", "outcome", "rag", "source", "transcription_note"),
    ("quarter", "file", "sheet", "row"),
)
OUTCOME_MEASURES = Contract(
    "outcome_measures",
    _WHERE
    | _texts(
        "number", "priority", "outcome", "outcome_measure", "description", "baseline", "years", "partners", "lead", "undefined", "source", "transcription_note"
    ),
    ("number", "quarter"),
)
MONTHLY = Contract(
    "monthly",
    _WHERE | _texts("indicator", "polarity", "published_status", "direction_published", "month", "partner", "source", "transcription_note") | _figure("value"),
    ("indicator", "month", "quarter"),
)
ACTIONS = Contract("actions", _WHERE | _texts("date", "action", "owner", "outcome", "source", "transcription_note"), ("quarter", "file", "sheet", "row"))
NARRATIVE = Contract(
    "narrative",
    _WHERE | _texts("section", "group_or_theme", "subject", "text", "for_discussion", "source", "transcription_note"),
    ("quarter", "file", "sheet", "row"),
)
ENTITLEMENT = Contract(
    "entitlement", _WHERE | _texts("agreement", "fact", "basis", "source", "transcription_note") | _figure("value"), ("quarter", "file", "sheet", "row")
)
REWARD_TARGETS = Contract(
    "reward_targets",
    _WHERE
    | _texts("agreement", "target", "sub_target", "polarity", "source", "transcription_note")
    | _figure("expected_without_stretch", "stretch_target", "outturn", "potential_grant", "weight"),
    ("agreement", "target", "sub_target", "quarter"),
)
SCORES = Contract(
    "scores",
    OBSERVATIONS.columns
    | dict.fromkeys(("scored_target", "scored_actual", "variance"), EXACT)
    | _texts("scored_polarity", "band", "band_reason", "bands_within_rounding", "agreement", "rule", "figure_id")
    | _texts("direction_short", "direction_long", "markers"),
    ("measure_id", "quarter"),
)
EXCEPTIONS = Contract(
    "exceptions",
    _texts("measure_id", "quarter", "band", "band_quarter", "reasons", "commentary", "for_discussion", "figure_id") | {"rank": WHOLE},
    ("measure_id", "quarter"),
)
SPEND = Contract(
    "spend",
    AWARDS.columns | _texts("verdict", "blocked_by", "figure_id") | {"difference": EXACT},
    AWARDS.key,
)
GRANT_TOTALS = Contract(
    "grant_totals",
    _texts("round", "kind", "what") | dict.fromkeys(("known", "at_least", "at_most"), EXACT) | {"known_count": WHOLE, "unknown_count": WHOLE},
    ("round", "kind", "what"),
)
MISSING = Contract("missing", _texts("what", "name", "partner", "quarter", "state", "file", "cell"), ())
RECEIPTS = Contract(
    "receipts",
    _texts("figure_id", "part", "what", "quarter", "file", "sheet", "cell", "as_typed", "read_as", "repairs", "rule", "sha256"),
    ("figure_id", "file", "sheet", "cell"),
)

CONTRACTS = {
    contract.name: contract
    for contract in (
        RETURNS, CELLS, ENTRIES, ISSUES, OBSERVATIONS, AWARDS, AGREEMENTS, MILESTONES, OUTCOME_MEASURES, MONTHLY, ACTIONS,
        NARRATIVE, ENTITLEMENT, REWARD_TARGETS, SCORES, EXCEPTIONS, SPEND, GRANT_TOTALS, MISSING, RECEIPTS,
    )
}  # fmt: skip


def make(rows: list[dict[str, Any]], contract: Contract) -> pd.DataFrame:
    """
    Give a frame of *rows* that keeps *contract*; what a row leaves out is empty text or missing.

    >>> make([{"what": "return", "name": "The Souk"}], MISSING)["state"].tolist()
    ['']
    """
    columns = {}
    for name, holds in contract.columns.items():
        column = [row.get(name) for row in rows]
        if holds == TEXT:
            columns[name] = pd.Series(["" if absent(value) else str(value) for value in column], dtype=object)
        elif holds == WHOLE:
            columns[name] = pd.Series([pd.NA if value is None else value for value in column], dtype="Int64")
        elif holds == YES:
            columns[name] = pd.Series([bool(value) for value in column], dtype=bool)
        else:
            columns[name] = pd.Series(column, dtype=object)
    return check(pd.DataFrame(columns), contract)


def absent(value: object) -> bool:
    """
    Say whether a value of a frame stands for nothing: None, NA or not-a-number.

    >>> absent(None), absent(pd.NA), absent(float("nan")), absent("")
    (True, True, True, False)
    """
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """
    Give the rows of a frame as dictionaries, missing values as None.

    >>> rows(pd.DataFrame({"a": pd.Series([1, None], dtype="Int64")}))
    [{'a': 1}, {'a': None}]
    """
    columns = {name: [None if absent(value) else value for value in frame[name].tolist()] for name in frame.columns}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)] if columns else []


def stack(frames: list[pd.DataFrame], contract: Contract) -> pd.DataFrame:
    """
    Put frames of one contract under one another; none at all gives the empty frame.

    >>> len(stack([], ISSUES))
    0
    """
    kept = [frame for frame in frames if len(frame)]
    return check(pd.concat(kept, ignore_index=True), contract) if kept else make([], contract)


def check(frame: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """
    Give *frame* back if it keeps *contract*.

    Raises:
        FrameError: every column that is missing or holds something else, and every repeated key, at once.

    >>> check(pd.DataFrame({"x": []}), MISSING)
    Traceback (most recent call last):
    ...
    analysis.errors.FrameError: frame 'missing': 7 problems
      - column 'what' is missing
      - column 'name' is missing
      - column 'partner' is missing
      - column 'quarter' is missing
      - column 'state' is missing
      - column 'file' is missing
      - column 'cell' is missing
    """
    problems = [f"column {name!r} is missing" for name in contract.columns if name not in frame]
    for name, holds in contract.columns.items():
        if name in frame and (wrong := _wrong_values(frame[name], holds)):
            problems.append(f"column {name!r} should hold {holds} values, but holds {wrong[0]!r}")
    if contract.key and set(contract.key) <= set(frame.columns):
        repeated = frame[frame.duplicated(list(contract.key))]
        problems += [f"{', '.join(contract.key)} {tuple(row)!r} stands twice" for row in repeated[list(contract.key)].to_numpy().tolist()]
    if problems:
        raise FrameError(f"frame {contract.name!r}", problems)
    return frame


def _wrong_values(column: pd.Series, holds: str) -> list[object]:
    if holds == WHOLE:
        return [] if str(column.dtype) == "Int64" else [str(column.dtype)]
    if holds == YES:
        return [] if column.dtype == bool else [str(column.dtype)]
    right = str if holds == TEXT else (Decimal, type(None))
    return [value for value in column if not isinstance(value, right)]
