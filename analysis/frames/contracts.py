"""What each frame promises: its columns, what they hold, and which of them name a row."""

from __future__ import annotations

from dataclasses import dataclass

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
    _texts("quarter", "file", "sha256", "partner", "forms", "form_sent", "state", "reason") | dict.fromkeys(("cells", "used", "ignored", "quarantined"), WHOLE),
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
    | {"arrears": WHOLE, "tolerance": EXACT}
    | _texts("reports_in", "target_rule", "published_status", "published_status_cell", "data_period", "period_covered")
    | _texts("note", "commentary", "commentary_cell")
    | _texts("source", "transcription_note"),
    ("measure_id", "quarter"),
)
AWARDS = Contract(
    "awards",
    _WHERE
    | _texts("project", "round", "kind", "theme", "spend_by", "completed", "return_received", "note", "source", "transcription_note", "partner")
    | _figure(*MONEY),
    ("project", "round", "quarter"),
)
AGREEMENTS = Contract(
    "agreements",
    _WHERE | _texts("project", "organisation", "progress", "progress_cell", "report_due", "report_due_cell", "source", "transcription_note"),
    ("project", "quarter"),
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
REWARD_FACTS = Contract(
    "reward_facts", _WHERE | _texts("agreement", "fact", "basis", "source", "transcription_note") | _figure("value"), ("quarter", "file", "sheet", "row")
)
REWARD_TARGETS = Contract(
    "reward_targets",
    _WHERE
    | _texts("agreement", "target", "sub_target", "polarity", "source", "transcription_note")
    | _figure("expected_without_stretch", "stretch_target", "outturn", "potential_grant", "weight", "target_weight"),
    ("agreement", "target", "sub_target", "quarter"),
)
EARNED = Contract(
    "earned",
    _WHERE
    | _texts("agreement", "target", "sub_target", "polarity", "reason", "figure_id")
    | dict.fromkeys(("outturn", "share", "paid_share", "potential", "amount", "at_most"), EXACT),
    ("agreement", "target", "sub_target", "quarter"),
)
PAYMENTS = Contract(
    "payments",
    _texts("agreement", "quarter", "instalment", "step", "name", "part_of", "how") | {"amount": EXACT, "unknown_count": WHOLE},
    ("agreement", "quarter", "instalment", "step", "name"),
)
REWARD_OUTLOOK = Contract(
    "reward_outlook",
    _WHERE
    | _texts("agreement", "target", "sub_target", "reason", "figure_id")
    | dict.fromkeys(("outturn", "threshold_outturn", "to_cliff", "stretch_target", "potential", "pounds_per_unit"), EXACT)
    | dict.fromkeys(("share_now", "amount_now", "share_low", "share_likely", "share_high", "amount_low", "amount_likely", "amount_high"), EXACT)
    | dict.fromkeys(("at_risk", "next_gain"), EXACT)
    | dict.fromkeys(("scenarios", "reaching_threshold", "reaching_stretch", "quarters_left", "rank"), WHOLE),
    ("agreement", "target", "sub_target"),
)
ENTITLEMENT = Contract(
    "entitlement",
    _texts("agreement", "quarter", "fact", "value_raw", "value_unit", "standing", "how", "basis", "source", "file", "sheet", "value_cell", "cells")
    | {"value": EXACT},
    (),
)
SCORES = Contract(
    "scores",
    OBSERVATIONS.columns
    | dict.fromkeys(("scored_target", "scored_actual", "variance"), EXACT)
    | _texts("scored_polarity", "band", "band_reason", "bands_within_rounding", "agreement", "rule", "figure_id")
    | _texts("direction_short", "direction_long", "markers", "series_break")
    | {"to_edge": EXACT}
    | _texts("band_beyond", "fragile"),
    ("measure_id", "quarter"),
)
PROCESS = Contract(
    "process",
    _texts("what", "series_id", "period", "polarity", "signal", "verdict", "assurance", "figure_id")
    | dict.fromkeys(("value", "target", "centre", "lower", "upper", "near_lower", "near_upper"), EXACT)
    | {"segment": WHOLE, "counted": YES, "trial": YES},
    ("what", "series_id", "period"),
)
VARIATION = Contract(
    "variation",
    _texts("what", "series_id", "period", "variation", "signal", "assurance") | {"points": WHOLE, "trial": YES},
    ("what", "series_id"),
)
YEAR_TO_DATE = Contract(
    "year_to_date",
    _texts("measure_id", "quarter", "kind", "reason") | {"year_to_date": EXACT, "known_part": EXACT, "unknown_count": WHOLE},
    ("measure_id", "quarter"),
)
FORECASTS = Contract(
    "forecasts",
    _texts("measure_id", "quarter", "method", "outlook", "reason") | dict.fromkeys(("forecast", "low", "high", "target"), EXACT) | {"past_errors": WHOLE},
    ("measure_id", "quarter"),
)
POSITIONS = Contract(
    "positions",
    _texts("measure_id", "subject", "group", "period", "quartile", "how", "words", "source")
    | dict.fromkeys(("rank", "of", "tied", "age"), WHOLE)
    | {"value": EXACT},
    (),
)
COMMENTARY_CHECKS = Contract("commentary_checks", _texts("measure_id", "quarter", "check", "finding"), ())
EXCEPTIONS = Contract(
    "exceptions",
    _texts("measure_id", "quarter", "band", "band_quarter", "reasons", "commentary", "for_discussion", "figure_id")
    | {"rank": WHOLE, "key_challenge": YES, "standing": WHOLE}
    | _texts("moving"),
    ("measure_id", "quarter"),
)
REWARD_WAY = Contract(
    "reward_way",
    _texts("agreement", "what", "style", "how") | dict.fromkeys(("start", "end", "amount"), EXACT),
    ("agreement", "what"),
)
SPEND = Contract(
    "spend",
    AWARDS.columns | _texts("verdict", "blocked_by", "figure_id") | {"difference": EXACT},
    AWARDS.key,
)
OUTTURN = Contract(
    "outturn",
    _texts("quarter", "project", "round", "kind", "theme", "state", "spend_by", "last_quarter", "completed", "figure_id")
    | dict.fromkeys(("award", "spent", "forecast", "at_least", "at_most", "identified", "unplanned", "free_at_least", "free_at_most"), EXACT)
    | {"unknown_count": WHOLE},
    ("project", "round", "quarter"),
)
BURN_UP = Contract(
    "burn_up",
    _texts("quarter", "round", "period", "kind") | dict.fromkeys(("awarded", "at_least", "at_most"), EXACT) | {"unknown_count": WHOLE},
    ("quarter", "round", "period"),
)
VARIATIONS = Contract(
    "variations",
    _texts("quarter", "round", "subject", "from_project", "to_project", "what", "authority", "decided", "effective", "interests", "state", "source", "basis")
    | dict.fromkeys(("amount", "remaining", "remaining_at_most"), EXACT),
    (),
)
AGREEMENT_STATES = Contract(
    "agreement_states",
    AGREEMENTS.columns | _texts("state", "next_step", "steps", "may_be_paid", "due", "report_state", "figure_id"),
    AGREEMENTS.key,
)
MILESTONE_STATES = Contract(
    "milestone_states",
    MILESTONES.columns | _texts("due", "due_read", "state") | {"overdue": YES},
    MILESTONES.key,
)
GRANT_CHECKS = Contract(
    "grant_checks",
    _texts("quarter", "check", "severity", "limit", "result", "why_not") | dict.fromkeys(("examined", "found", "not_examined"), WHOLE),
    ("quarter", "check"),
)
QUALITY_CHECKS = Contract("quality_checks", GRANT_CHECKS.columns, GRANT_CHECKS.key)
OWED = Contract(
    "owed",
    _texts("quarter", "partner", "form", "covers", "due", "state", "files", "received_on", "contact", "basis") | {"days_late": WHOLE},
    ("quarter", "partner", "form", "covers"),
)
PUNCTUALITY = Contract(
    "punctuality",
    _texts("partner", "quarter") | dict.fromkeys(("owed", "came", "accepted", "held", "late", "on_time", "unknown"), WHOLE),
    ("partner", "quarter"),
)
GRADES = Contract(
    "grades",
    _texts("figure_id", "what", "quarter", "partner", "subject", "accuracy", "validity", "timeliness", "completeness", "grade", "why", "file", "sheet", "cell"),
    ("figure_id",),
)
LEAGUE = Contract(
    "league",
    _texts("partner", "quarter") | dict.fromkeys(("figures", "good", "fair", "poor", "missing", "late"), WHOLE) | {"share_good": EXACT},
    ("partner", "quarter"),
)
REPLACED = Contract(
    "replaced",
    _texts("quarter", "partner", "form", "record", "field", "was_raw", "now_raw", "reason", "dated", "author")
    | _texts("was_file", "was_sheet", "was_cell", "file", "sheet", "cell"),
    (),
)
REVISED = Contract(
    "revised",
    _texts("measure_id", "quarter", "part", "was_raw", "now_raw", "band_was", "band_now", "reason", "author", "date")
    | _texts("was_file", "was_cell", "file", "sheet", "cell", "figure_id")
    | dict.fromkeys(("was", "now"), EXACT),
    (),
)
SAMPLE = Contract(
    "sample",
    _texts("quarter", "project", "round", "part", "as_typed", "why", "file", "sheet", "cell", "figure_id") | {"amount": EXACT},
    ("quarter", "project", "round", "part"),
)
GRANT_TOTALS = Contract(
    "grant_totals",
    _texts("round", "kind", "what", "theme") | dict.fromkeys(("known", "at_least", "at_most"), EXACT) | {"known_count": WHOLE, "unknown_count": WHOLE},
    ("round", "kind", "theme", "what"),
)
MISSING = Contract("missing", _texts("what", "name", "partner", "quarter", "state", "file", "cell"), ())
RECEIPTS = Contract(
    "receipts",
    _texts("figure_id", "part", "what", "quarter", "file", "sheet", "cell", "as_typed", "read_as", "repairs", "rule", "sha256", "sent_by"),
    ("figure_id", "file", "sheet", "cell"),
)
HEADLINES = Contract(
    "headlines",
    _texts("figure_id", "quarter", "name", "what", "shown", "how", "made_of") | {"value": EXACT},
    ("figure_id",),
)
CHANGES = Contract(
    "changes",
    _texts("what", "figure", "part")
    | {"step": WHOLE}
    | _texts("before", "after", "cause", "words", "before_cell", "after_cell")
    | dict.fromkeys(("was", "now", "effect"), EXACT)
    | {"explained": YES},
    ("what", "figure", "part", "step"),
)

CONTRACTS = {
    contract.name: contract
    for contract in (
        RETURNS, CELLS, ENTRIES, ISSUES, OBSERVATIONS, AWARDS, AGREEMENTS, MILESTONES, OUTCOME_MEASURES, MONTHLY, ACTIONS,
        NARRATIVE, REWARD_FACTS, REWARD_TARGETS, SCORES, PROCESS, VARIATION, YEAR_TO_DATE, FORECASTS, POSITIONS, EXCEPTIONS,
        COMMENTARY_CHECKS, EARNED, PAYMENTS, REWARD_OUTLOOK, ENTITLEMENT, REWARD_WAY, SPEND, GRANT_TOTALS, OUTTURN, BURN_UP, VARIATIONS,
        AGREEMENT_STATES, MILESTONE_STATES, GRANT_CHECKS, QUALITY_CHECKS, OWED, PUNCTUALITY, GRADES, LEAGUE, REPLACED, REVISED, SAMPLE, MISSING, RECEIPTS,
        HEADLINES, CHANGES,
    )
}  # fmt: skip
