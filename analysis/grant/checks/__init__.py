"""Checks of reward grant that run every time: each a small function, its severity and limit data."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from analysis import frames
from analysis.checking import Check, Examined, Found, run
from analysis.grant.agreements import standing
from analysis.grant.checks import arithmetic, continuity, control
from analysis.grant.checks.evidence import Evidence
from analysis.grant.milestones import due_milestones
from analysis.grant.spend import spend
from analysis.reference import Registers
from analysis.vocabulary import Severity

__all__ = ["CHECKS", "Check", "Evidence", "Examined", "Found", "check", "evidence_of"]

_ADVISORY, _INFO = Severity.ADVISORY, Severity.INFO
_ONE, _TWO = Decimal(1), Decimal(2)
CHECKS: dict[str, Check] = {
    "parts make the award": Check(
        arithmetic.parts_make_the_award,
        _ADVISORY,
        "Do spend, forecasts and underspend come to the award?",
        "its parts do not make the award",
    ),
    "spend is within the award": Check(
        arithmetic.spend_is_within_the_award,
        _ADVISORY,
        "Is no more spent and forecast than awarded and varied?",
        "more planned than awarded",
    ),
    "actuals are within the total": Check(
        arithmetic.actuals_are_within_the_total,
        _ADVISORY,
        "Are the year's actuals within the spend to date?",
        "actuals above the spend to date",
    ),
    "awards make the round": Check(
        arithmetic.awards_make_the_round,
        _ADVISORY,
        "Do awards come to what was allocated, in all and by kind?",
        "awards do not make the round",
    ),
    "opening is last closing": Check(
        continuity.opening_is_last_closing,
        _ADVISORY,
        "Does the quarter open where the last one closed?",
        "does not open where it closed",
    ),
    "spend never falls": Check(
        continuity.spend_never_falls,
        _ADVISORY,
        "Does spend to date never fall without a stated credit?",
        "spend to date fell",
    ),
    "earlier quarters stay": Check(
        continuity.earlier_quarters_stay,
        _ADVISORY,
        "Are earlier quarters and the award unchanged?",
        "an earlier quarter changed",
    ),
    "pounds, not thousands": Check(
        continuity.pounds_not_thousands,
        _ADVISORY,
        "Is nothing a thousand times what it was?",
        "a thousand times what it was",
        Decimal(3),
        " times",
        _ONE,
    ),
    "forecasts are made anew": Check(
        continuity.forecasts_are_made_anew,
        _ADVISORY,
        "Are forecasts more than the award leaves?",
        "forecast is what is left",
        _TWO,
        " returns",
        _TWO,
    ),
    "spending goes on": Check(
        continuity.spending_goes_on,
        _ADVISORY,
        "Is there no award without spend for so many quarters?",
        "nothing spent for some time",
        _TWO,
        " quarters",
        _ONE,
    ),
    "nothing outside its time": Check(
        control.nothing_outside_its_time,
        _ADVISORY,
        "Is all spend between an award's start and end?",
        "spend outside its time",
    ),
    "no year-end spike": Check(
        control.no_year_end_spike,
        _ADVISORY,
        "Does the last quarter take no more than so many percent?",
        "most falls in the last quarter",
        Decimal(50),
        "%",
    ),
    "spend keeps pace": Check(
        control.spend_keeps_pace,
        _INFO,
        "Are spend, time and milestones within so many points of one another?",
        "out of step with time or milestones",
        Decimal(25),
        " points",
    ),
    "no payment before signature": Check(
        control.no_payment_before_signature,
        _ADVISORY,
        "Is nothing paid before its agreement is signed?",
        "paid before signature",
    ),
    "reports are in": Check(
        control.reports_are_in,
        _ADVISORY,
        "Have the reports that are due come?",
        "its report is late",
    ),
    "variations are authorised": Check(
        control.variations_are_authorised,
        _ADVISORY,
        "Does each variation name its sum, authority and date, in order?",
        "a variation lacks its authority",
    ),
    "moves are within underspend": Check(
        control.moves_are_within_underspend,
        _ADVISORY,
        "Is no more moved than is confirmed as underspent?",
        "more moved than was underspent",
    ),
    "one amount, one project": Check(
        control.one_amount_one_project,
        _INFO,
        "Does no odd amount stand in two projects?",
        "an amount of another project",
    ),
}
"""Name -> check, in the order of the report. A check is a function and an entry here."""


def check(made: dict[str, pd.DataFrame], registers: Registers, quarter: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Run every check of reward grant on a quarter.

    Args:
        made: the frames awards, narrative, agreements and milestones, of as many quarters as there are.
        registers: the partnership's registers; `grant_checks` changes the severity or the limit of a check by its name.
        quarter: the quarter reported; awards are those of its return, or of the one before where it has none.

    Returns:
        Two frames: `ISSUES`, with file, sheet and cell of every finding; and `GRANT_CHECKS`, for each check how much it examined, what it found, and
        what it could not examine and why. What cannot be examined is told, never passed.

    Raises:
        RegisterError: the register names a check that there is not, or a limit that it cannot go by.

    Source: domain.md 7, "Checks every run".
    """
    return run(CHECKS, evidence_of(made, registers, quarter), quarter, registers.grant_checks, frames.GRANT_CHECKS)


def evidence_of(made: dict[str, pd.DataFrame], registers: Registers, quarter: str) -> Evidence:
    """Give what the checks look at, worked out from the frames."""
    spent = spend(made["awards"], made["narrative"], registers.awards)
    return Evidence(spent, standing(made["agreements"], quarter), due_milestones(made["milestones"], quarter), registers, quarter)
