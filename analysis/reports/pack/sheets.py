"""The tables of the data pack: which published tables it shows, under which names, and with which columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd

from analysis import frames
from analysis.reports.pack.columns import (
    NARROW,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    WIDE,
    WIDEST,
    Column,
    Row,
    band,
    figure,
    number,
    pounds,
    quarter,
    shorthand,
    text,
    typed,
    whole,
    yes,
)
from analysis.reports.report import SCORES_SOURCE
from analysis.vocabulary import Reason


@dataclass(frozen=True)
class Sheet:
    """
    One table of the pack, on a worksheet of its own.

    Attributes:
        table: the published table that it shows.
        name: the worksheet's name.
        title: what it holds, as a line above it says.
        source: where its figures come from.
        columns: in order; the first names the row.
        notes: the notes that its figures need, by their names in `NOTES`.
    """

    table: str
    name: str
    title: str
    source: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = field(default=())


NOTES = {
    "as typed": "Columns headed 'as typed' repeat the text of the partner's return exactly; the figure beside it is what the text was read as.",
    "bands": (
        "Bands are worked out anew from target and actual. High Green, Low Green and Green meet the target, Amber is near it, Low Red and High Red are key challenges. "
        "The printed status is only compared with."
    ),
    "variance": "The variance is how far the actual is from the target in percent of the target, signed as the numbers are: for some measures below the target is good.",
    "rounding": "A printed figure is rounded, so it may stand for more than one exact figure. Bands within rounding are all that those figures could have.",
    "unknown": (
        "An amount that nobody has sent is unknown, not zero. Totals show the known part, how many amounts are not known, "
        "and the least and the most that the whole can be."
    ),
    "adding up": "An award adds up if the grant awarded is the spend to date, the remaining forecasts and the identified underspend together.",
    "late": "Spending of reward grant is reported a quarter late, so that its amounts can be of the quarter before.",
    "grades": "A figure's grade is the worst of its four grades that are known: accuracy, validity, timeliness and completeness.",
    "severity": "An issue of severity 'fail' holds back what it names; 'advisory' does not; 'info' is for the record.",
    "cells": "Cells that hold something are used, ignored with a reason, or quarantined with a reason; the three add up to the file.",
    "fingerprint": "The fingerprint (SHA-256) tells whether a file is the one that was read: another file has another.",
}
"""What readers have to know of more than one cell: name -> the note, in the order in which notes are numbered."""

_FILE = (text("file", "File", WIDE), text("sheet", "Sheet of the file"), text("cell", "Cell", NARROW))
_ROW = (text("file", "File", WIDE), text("sheet", "Sheet of the file"), whole("row", "Row of the sheet", NOT_APPLICABLE))
_SOURCE = text("source", "Line of the source document", NARROW)
_PARTNER = text("partner", "Partner", empty=NOT_AVAILABLE)


def _target(row: Row) -> str | Decimal:
    """Give the target where it is one figure; a range is text, and what is missing says why."""
    low, high = row["target_low"], row["target_high"]
    if low is None or high is None:
        return row["target_raw"] if low is not None or high is not None else shorthand(row["target_reason"])
    return low if low == high else f"{low:f} to {high:f}"


def _not_scored(row: Row) -> str:
    """Give the shorthand where a measure has no status: its figure is held back, or nothing can be scored."""
    return shorthand(Reason.SUPPRESSED) if row["reason"] == Reason.SUPPRESSED else NOT_APPLICABLE


def _agreement(row: Row) -> str:
    return f"{row['agreement'][:1].upper()}{row['agreement'][1:]}" if row["agreement"] else NOT_APPLICABLE


def _amount(row: Row) -> str | Decimal:
    """Give a fact's figure where it is money."""
    return row["value"] if row["value"] is not None and row["value_unit"] == "pounds" else NOT_APPLICABLE


def _other(row: Row) -> str | Decimal:
    """Give a fact's figure where it is none of money."""
    return row["value"] if row["value"] is not None and row["value_unit"] != "pounds" else NOT_APPLICABLE


SHEETS = (
    Sheet(
        "scorecard", "Scorecard", "Scorecard: every measure against its target", SCORES_SOURCE,
        (
            text("measure", "Measure", WIDEST), text("measure_id", "Reference", 14), text("theme", "Theme", WIDE), quarter(),
            text("polarity", "Which way is good", 14), typed("target", "Target as typed"), typed("actual", "Actual as typed"),
            text("unit", "Unit of target and actual", 14), Column("Target (in its unit)", _target, 14, numbers=True), figure("actual", "Actual (in its unit)"),
            text("markers", "Marks on the actual", NARROW), number("variance", "Variance from target (%)", 2, _not_scored), band("band", "Status", _not_scored),
            text("reason", "Why no status", 24), band("published_status", "Status as printed", NOT_AVAILABLE), Column("Does print agree", _agreement, 16),
            text("direction_short", "Since the quarter before", 16), text("direction_long", "Since a year before", 16), text("grade", "Quality grade", NARROW, NOT_AVAILABLE),
            text("series_break", "Break in series [b]", WIDE), text("file", "File", WIDE), text("sheet", "Sheet of the file"), text("actual_cell", "Cell of the actual", NARROW),
        ),
        ("as typed", "bands", "variance", "grades"),
    ),
    Sheet(
        "exceptions", "Exceptions", "Exceptions: measures that need attention, and why", SCORES_SOURCE,
        (
            whole("rank", "Rank"), text("measure_id", "Reference", 14), text("measure", "Measure", WIDEST), yes("key_challenge", "Key challenge"), band("band", "Latest status"),
            quarter("band_quarter", "Quarter of the status"), text("reasons", "Why it is here", WIDE), whole("standing", "Quarters in a row that it is red"),
            text("moving", "Moving", NARROW), text("commentary", "What the return says", WIDEST, NOT_AVAILABLE), text("for_discussion", "For discussion", NARROW),
        ),
        ("bands",),
    ),
    Sheet(
        "disagreements", "Disagreements", "Disagreements: statuses that are not the ones printed", SCORES_SOURCE,
        (
            text("measure", "Measure", WIDEST), text("measure_id", "Reference", 14), quarter(), text("target_raw", "Target as typed", 16, NOT_AVAILABLE),
            text("actual_raw", "Actual as typed", 18, NOT_AVAILABLE), number("variance", "Variance from target (%)", 2, NOT_APPLICABLE), band("published_status", "Status as printed"),
            band("band", "Status worked out"), text("rounding_explains", "Does rounding explain it", 14), text("bands_within_rounding", "Bands within rounding", 16),
        ),
        ("as typed", "bands", "variance", "rounding"),
    ),
    Sheet(
        "awards", "Awards", "Awards of reward grant and what is spent of them", "partners' grant spend returns",
        (
            text("project", "Project", WIDE), text("round", "Round", NARROW), text("kind", "Kind", NARROW), text("theme", "Theme", WIDE), quarter(),
            figure("award", "Total grant awarded (£)", 2), *(figure(f"actual_q{n}", f"Quarter {n} actual (£)", 2) for n in range(1, 5)),
            *(figure(f"forecast_q{n}", f"Quarter {n} forecast (£)", 2) for n in range(1, 5)), figure("total_to_date", "Total spend to date (£)", 2),
            figure("identified_underspend", "Identified underspend (£)", 2), text("verdict", "Does it add up", 18), pounds("difference", "What is lacking"),
            text("blocked_by", "What stops the check", WIDE), text("return_received", "Return received", NARROW, NOT_AVAILABLE), text("spend_by", "To be spent by", 14, NOT_AVAILABLE),
            text("file", "File", WIDE), text("sheet", "Sheet of the file"), whole("row", "Row of the sheet"),
        ),
        ("unknown", "adding up", "late"),
    ),
    Sheet(
        "grant_totals", "Grant totals", "Totals of reward grant, with what is not known", "partners' grant spend returns, added up",
        (
            text("what", "Amount", 24), text("round", "Round", NARROW), text("kind", "Awards added up", 16), text("theme", "Theme", WIDE), pounds("known", "Known part"),
            whole("known_count", "Awards that state it"), whole("unknown_count", "Awards that do not"), pounds("at_least", "At least"), pounds("at_most", "At most"),
        ),
        ("unknown", "late"),
    ),
    Sheet(
        "agreements", "Agreements", "Agreements with projects and how far each has come", "the partnership team's returns",
        (
            text("project", "Project", WIDE), text("organisation", "Organisation", WIDE), quarter(), text("state", "Where it stands", 22), text("next_step", "Next step", 22),
            text("may_be_paid", "May be paid", NARROW), text("progress", "Progress as typed", WIDEST, NOT_AVAILABLE), text("report_due", "Next report as typed", WIDE, NOT_AVAILABLE),
            text("due", "Report due", 14, NOT_AVAILABLE), text("report_state", "State of the report", 14), *_ROW, _SOURCE,
        ),
        ("as typed",),
    ),
    Sheet(
        "milestones", "Milestones", "Milestones of projects", "the partnership team's returns",
        (
            text("organisation", "Organisation", WIDE), text("timescale", "When, as typed", WIDEST), text("outcome", "Milestone", WIDEST), quarter(), text("due", "Due", 14, NOT_AVAILABLE),
            text("rag", "Status as typed", 14, NOT_AVAILABLE), text("state", "Where it stands", 18), yes("overdue", "Due and not said to be done"), *_ROW, _SOURCE,
        ),
        ("as typed",),
    ),
    Sheet(
        "outcome_measures", "Outcome measures", "Outcome measures proposed, and what is not yet defined", "the partnership team's returns",
        (
            text("number", "Number", NARROW), text("priority", "Priority", 24), text("outcome", "Outcome", WIDE), text("outcome_measure", "Outcome measure", WIDE, NOT_AVAILABLE),
            text("description", "Description", WIDEST, NOT_AVAILABLE), text("baseline", "Baseline", 14, NOT_AVAILABLE), text("years", "Yearly targets", 14, NOT_AVAILABLE),
            text("partners", "Partners", empty=NOT_AVAILABLE), text("lead", "Lead", empty=NOT_AVAILABLE), text("undefined", "Not yet defined", WIDE), quarter(), *_ROW, _SOURCE,
        ),
    ),
    Sheet(
        "actions", "Actions", "Actions from earlier meetings", "partners' returns",
        (
            text("action", "Action", WIDEST), text("date", "Agreed on", 14, NOT_AVAILABLE), text("owner", "Owner", empty=NOT_AVAILABLE),
            text("outcome", "What came of it", WIDEST, NOT_AVAILABLE), quarter(), *_ROW, _SOURCE,
        ),
    ),
    Sheet(
        "monthly", "Monthly", "Monthly indicators", "partners' monthly returns",
        (
            text("indicator", "Indicator", WIDE), text("month", "Month (year and month)", 14), typed("value", "Figure as typed"), figure("value", "Figure (number)"),
            text("polarity", "Which way is good", 14), band("published_status", "Status as printed", NOT_AVAILABLE), text("direction_published", "Arrow as printed", NARROW), quarter(),
            text("file", "File", WIDE), text("sheet", "Sheet of the file"), text("value_cell", "Cell", NARROW), _SOURCE,
        ),
        ("as typed",),
    ),
    Sheet(
        "entitlement", "Entitlement", "Reward grant of each agreement: what is printed, what follows, what cannot be told", "partners' returns and the register of terms",
        (
            text("fact", "What", WIDE), text("agreement", "Agreement", 24), text("standing", "Standing", 18), text("value_raw", "As typed", 24),
            Column("Amount (£)", _amount, 16, 2, numbers=True), Column("Other figure (in its unit)", _other, 14, numbers=True), text("value_unit", "Unit of the figure", NARROW), text("how", "How it is worked out", WIDEST),
            text("basis", "What says so", WIDEST), text("source", "Line of the source document", NARROW), quarter(), text("file", "File", WIDE), text("value_cell", "Cell", NARROW),
        ),
        ("as typed",),
    ),
    Sheet(
        "issues", "Issues", "Issues found in the returns", "the returns as received, checked",
        (
            text("message", "What was found", WIDEST), text("severity", "Severity", NARROW), text("stage", "Where it was noticed", 18), text("rule", "Check", 24), quarter(), *_FILE,
            text("as_typed", "As typed", 18), text("read_as", "Read as", 18),
        ),
        ("severity", "as typed"),
    ),
    Sheet(
        "missing", "Missing", "Missing data: what is asked for and has not come", "the returns as received, against the registers",
        (text("name", "What is missing", WIDEST), text("what", "Kind of thing", NARROW), _PARTNER, quarter(), text("state", "Why, or since when", WIDE), text("file", "File", WIDE), text("cell", "Cell", NARROW)),
    ),
    Sheet(
        "owed", "Owed", "Returns owed and what became of each", "the register of returns owed, and the returns as received",
        (
            _PARTNER, quarter(), text("form", "Form", 18), text("covers", "Part of the returns", 28), text("state", "What became of it", 16), text("due", "Due", 14, NOT_AVAILABLE),
            text("received_on", "Received on", 14, NOT_AVAILABLE), whole("days_late", "Days late"), text("files", "Files", WIDE, NOT_AVAILABLE), text("basis", "What says so", WIDE),
        ),
    ),
    Sheet(
        "grades", "Grades", "Grades of figures: how far each can be trusted", "the returns as received, checked",
        (
            text("subject", "Figure of", WIDE), text("what", "Kind of figure", NARROW), quarter(), _PARTNER, text("grade", "Grade", NARROW), text("accuracy", "Accuracy", NARROW),
            text("validity", "Validity", NARROW), text("timeliness", "Timeliness", NARROW), text("completeness", "Completeness", 15), text("why", "Why less than good", WIDE), *_FILE,
        ),
        ("grades",),
    ),
    Sheet(
        "returns", "Returns", "Returns received and what became of their cells", "the files as received",
        (
            text("file", "File", WIDEST), quarter(), _PARTNER, text("forms", "Form", 18, NOT_AVAILABLE), text("state", "State", 14), text("reason", "Why", WIDE),
            whole("cells", "Cells with something"), whole("used", "Cells used"), whole("ignored", "Cells ignored"), whole("quarantined", "Cells quarantined"),
            text("sha256", "Fingerprint", WIDE, NOT_AVAILABLE),
        ),
        ("cells", "fingerprint"),
    ),
    Sheet(
        "receipts", "Receipts", "Receipts: the cells behind each figure", "the files as received",
        (
            text("what", "Figure", WIDE), text("figure_id", "Figure ID", WIDE), quarter(), text("as_typed", "As typed", 18, NOT_AVAILABLE), text("read_as", "Read as", 18, NOT_AVAILABLE),
            text("repairs", "What was mended", 24), text("rule", "What was made of it", WIDE), *_FILE, text("sha256", "Fingerprint of the file", WIDE, NOT_AVAILABLE),
        ),
        ("as typed", "fingerprint"),
    ),
)  # fmt: skip
"""Every table of the pack, in the order of its worksheets."""


def shown(made: dict[str, pd.DataFrame], scores: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """
    Give the frames that the worksheets show: the published ones, with what only their worksheets need.

    Totals stand beside the awards that they add up; without these there are none.

    Args:
        made: published name -> frame.
        scores: frame of the `SCORES` contract, in the order of the published scorecard: why a figure is not there, and titles of measures.
    """
    titles = dict(zip(scores["measure_id"], scores["measure"], strict=True))
    scorecard, exceptions = made["scorecard"], made["exceptions"]
    reasons = scores.drop_duplicates(list(frames.SCORES.key)).set_index(list(frames.SCORES.key))
    of_rows = reasons.reindex(pd.MultiIndex.from_frame(scorecard[list(frames.SCORES.key)]))
    return {sheet.table: made[sheet.table] for sheet in SHEETS} | {
        "grant_totals": made["grant_totals"] if len(made["awards"]) else made["grant_totals"].head(0),
        "scorecard": scorecard.assign(actual_reason=of_rows["actual_reason"].tolist(), target_reason=of_rows["target_reason"].tolist()),
        "exceptions": exceptions.assign(measure=[titles.get(one, "") for one in exceptions["measure_id"]]),
    }
