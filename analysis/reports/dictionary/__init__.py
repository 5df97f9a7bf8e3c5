"""The dictionary of the published data: what a row of each table is, and what each column holds, in what unit."""

from __future__ import annotations

from analysis import frames
from analysis.reports.dictionary.by_table import OF_TABLE
from analysis.reports.dictionary.columns import COLUMNS, PARTS
from analysis.reports.dictionary.rows import TABLES

__all__ = ["COLUMNS", "OF_TABLE", "TABLES", "contract_of", "heading", "holds", "unit", "words"]

_CONTRACTS = {
    "scorecard": "scores",
    "disagreements": "scores",
    "awards": "spend",
    "agreements": "agreement_states",
    "milestones": "milestone_states",
    "since_last_run": "changes",
}
"""Published table -> the frame it is made from, where its name is another."""


def contract_of(table: str) -> frames.Contract | None:
    """
    Give the contract that a published table is made from; none for a list that is made for printing alone.

    >>> contract_of("scorecard").key
    ('measure_id', 'quarter')
    """
    return frames.CONTRACTS.get(_CONTRACTS.get(table, table))


def holds(table: str, column: str) -> str:
    """
    Give what the cells of a published column are: text, whole, exact or yes; text where no contract has the column.

    >>> holds("awards", "difference"), holds("scorecard", "grade")
    ('exact', 'text')
    """
    contract = contract_of(table)
    return contract.columns.get(column, frames.TEXT) if contract else frames.TEXT


def heading(column: str) -> str:
    """
    Give a column's name as a heading.

    >>> heading("forecast_q2"), heading("sha256")
    ('Forecast Q2', 'SHA-256')
    """
    plain = column.replace("_", " ").replace(" id", " ID").replace(" q", " Q")
    return {"sha256": "SHA-256"}.get(column, plain[:1].upper() + plain[1:])


def words(table: str, column: str) -> str:
    """
    Give what a published column holds, in a sentence or two; empty where the dictionary has no words for it.

    The table's own words come first, then those for the column anywhere; a column that goes with a figure (as typed, why
    none, its cell) has the figure's words and its own.

    >>> words("awards", "total_to_date_reason")
    'Total spend to date, as returned. Why there is no figure; empty where there is one.'
    >>> words("awards", "colour")
    ''
    """
    own = OF_TABLE.get(table, {})
    if column in own or column in COLUMNS:
        return own.get(column) or COLUMNS[column]
    figure, _, part = column.rpartition("_")
    if part in PARTS and (of := own.get(figure) or COLUMNS.get(figure)):
        return PARTS[part].format(of)
    return ""


_POUNDS = {
    *frames.MONEY, "difference", "known", "at_least", "at_most", "awarded", "spent", "forecast", "identified", "unplanned", "free_at_least", "free_at_most",
    "amount", "remaining", "remaining_at_most", "potential", "potential_grant", "pounds_per_unit", "at_risk", "next_gain", "start", "end",
    "amount_now", "amount_low", "amount_likely", "amount_high",
}  # fmt: skip
_OF_THE_STRETCH = {"share", "paid_share", "share_now", "share_low", "share_likely", "share_high"}
_UNITS = {
    "variance": "percent", "share_good": "percent", "age": "quarters", "days_late": "days", "quarters_left": "quarters", "standing": "quarters",
    "cells": "cells", "used": "cells", "ignored": "cells", "quarantined": "cells", "known_count": "awards", "past_errors": "errors", "points": "points",
    "figures": "figures", "good": "figures", "fair": "figures", "poor": "figures", "missing": "figures", "late": "returns", "owed": "returns",
    "came": "returns", "accepted": "returns", "held": "returns", "on_time": "returns", "unknown": "returns", "rank": "place", "row": "row number",
    "of": "members", "tied": "members", "scenarios": "ways to end", "reaching_threshold": "ways to end", "reaching_stretch": "ways to end",
    "segment": "number in order", "step": "number in order", "weight": "weight", "target_weight": "weight",
    "expected_without_stretch": "as the column expected_without_stretch_unit says", "stretch_target": "as the column stretch_target_unit says",
    "outturn": "as the column outturn_unit says",
}  # fmt: skip
_UNITS_OF_TABLE = {
    ("scorecard", "actual"): "as the column unit says", ("scorecard", "to_edge"): "as the column unit says",
    ("scorecard", "target_low"): "as the column unit says", ("scorecard", "target_high"): "as the column unit says",
    ("entitlement", "value"): "as the column value_unit says", ("forecasts", "forecast"): "the measure's own",
    ("year_to_date", "unknown_count"): "quarters", ("payments", "unknown_count"): "targets", ("positions", "value"): "the measure's own",
    ("outturn", "unknown_count"): "amounts", ("reward_outlook", "outturn"): "the target's own", ("earned", "outturn"): "the target's own",
    ("reward_outlook", "stretch_target"): "the target's own",
    ("grant_checks", "examined"): "figures or rows", ("grant_checks", "found"): "figures or rows", ("grant_checks", "not_examined"): "figures or rows",
    ("quality_checks", "examined"): "figures or rows", ("quality_checks", "found"): "figures or rows", ("quality_checks", "not_examined"): "figures or rows",
}  # fmt: skip
_UNIT_OF_THE_REST = {
    "process": "the series' own", "monthly": "the indicator's own", "forecasts": "the measure's own", "year_to_date": "the measure's own",
    "revised": "the measure's own", "reward_outlook": "the target's own", "burn_up": "awards", "grant_totals": "awards",
    "headlines": "as the column shown says", "changes": "the figure's own", "since_last_run": "the figure's own",
}  # fmt: skip


def unit(table: str, column: str) -> str:
    """
    Give what the numbers of a published column are in; empty for a column that holds none, or whose unit is not known.

    >>> unit("grant_totals", "known"), unit("forecasts", "forecast"), unit("awards", "project")
    ('pounds', "the measure's own", '')
    """
    if holds(table, column) not in (frames.EXACT, frames.WHOLE):
        return ""
    if (table, column) in _UNITS_OF_TABLE:
        return _UNITS_OF_TABLE[table, column]
    if column in _UNITS:
        return _UNITS[column]
    if column in _POUNDS:
        return "pounds"
    return "share of the stretch, 1 being all of it" if column in _OF_THE_STRETCH else _UNIT_OF_THE_REST.get(table, "")
