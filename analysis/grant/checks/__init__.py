"""Checks of reward grant that run every time: each a small function, its severity and limit data."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from analysis import frames
from analysis.errors import RegisterError
from analysis.grant.agreements import standing
from analysis.grant.checks import arithmetic, continuity, control
from analysis.grant.checks.evidence import Check, Evidence, Examined, Found
from analysis.grant.milestones import due_milestones
from analysis.grant.spend import spend
from analysis.reference import Registers
from analysis.vocabulary import Severity, Stage

__all__ = ["CHECKS", "Check", "Evidence", "Examined", "Found", "check", "evidence_of"]

_ADVISORY, _INFO = Severity.ADVISORY, Severity.INFO
_ONE, _TWO = Decimal(1), Decimal(2)
CHECKS: dict[str, Check] = {
    "parts make the award": Check(arithmetic.parts_make_the_award, _ADVISORY, "Do spend, forecasts and underspend come to the award?"),
    "spend is within the award": Check(arithmetic.spend_is_within_the_award, _ADVISORY, "Is no more spent and forecast than awarded and varied?"),
    "actuals are within the total": Check(arithmetic.actuals_are_within_the_total, _ADVISORY, "Are the year's actuals within the spend to date?"),
    "awards make the round": Check(arithmetic.awards_make_the_round, _ADVISORY, "Do awards come to what was allocated, in all and by kind?"),
    "opening is last closing": Check(continuity.opening_is_last_closing, _ADVISORY, "Does the quarter open where the last one closed?"),
    "spend never falls": Check(continuity.spend_never_falls, _ADVISORY, "Does spend to date never fall without a stated credit?"),
    "earlier quarters stay": Check(continuity.earlier_quarters_stay, _ADVISORY, "Are earlier quarters and the award unchanged?"),
    "pounds, not thousands": Check(continuity.pounds_not_thousands, _ADVISORY, "Is nothing a thousand times what it was?", Decimal(3), " times", _ONE),
    "forecasts are made anew": Check(continuity.forecasts_are_made_anew, _ADVISORY, "Are forecasts more than the award leaves?", _TWO, " returns", _TWO),
    "spending goes on": Check(continuity.spending_goes_on, _ADVISORY, "Is there no award without spend for so many quarters?", _TWO, " quarters", _ONE),
    "nothing outside its time": Check(control.nothing_outside_its_time, _ADVISORY, "Is all spend between an award's start and end?"),
    "no year-end spike": Check(control.no_year_end_spike, _ADVISORY, "Does the last quarter take no more than so many percent?", Decimal(50), "%"),
    "spend keeps pace": Check(control.spend_keeps_pace, _INFO, "Are spend, time and milestones within so many points of one another?", Decimal(25), " points"),
    "no payment before signature": Check(control.no_payment_before_signature, _ADVISORY, "Is nothing paid before its agreement is signed?"),
    "reports are in": Check(control.reports_are_in, _ADVISORY, "Have the reports that are due come?"),
    "variations are authorised": Check(control.variations_are_authorised, _ADVISORY, "Does each variation name its sum, authority and date, in order?"),
    "moves are within underspend": Check(control.moves_are_within_underspend, _ADVISORY, "Is no more moved than is confirmed as underspent?"),
    "one amount, one project": Check(control.one_amount_one_project, _INFO, "Does no odd amount stand in two projects?"),
}  # fmt: skip
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
    chosen = {row["check"]: row for row in registers.grant_checks.to_dict("records")}
    if unknown := [name for name in chosen if name not in CHECKS]:
        raise RegisterError("grant_checks.csv", [f"{name!r} is not a check" for name in unknown], f"There are {', '.join(CHECKS)}.")
    wrong = [
        f"the limit of {name!r} is {row['limit']}, which it cannot go by"
        for name, row in chosen.items()
        if row["limit"] and not CHECKS[name].takes(Decimal(row["limit"]))
    ]
    if wrong:
        raise RegisterError("grant_checks.csv", wrong, "Correct the limit, or leave it blank for the usual one.")
    evidence = evidence_of(made, registers, quarter)
    issues, results = [], []
    for name, one in CHECKS.items():
        said = chosen.get(name, {})
        severity = said.get("severity") or str(one.severity)
        limit = Decimal(said["limit"]) if said.get("limit") else one.limit
        result = one.function(evidence, limit if limit is not None else Decimal(0))
        issues += [_issue(found, name, severity) for found in result.found]
        results.append(
            {"quarter": quarter, "check": name, "severity": severity, "limit": "" if limit is None else f"{limit:f}"}
            | {"result": _in_words(result), "why_not": "; ".join(result.not_examined)}
            | {"examined": result.number, "found": len(result.found), "not_examined": len(result.not_examined)}
        )
    return frames.make(issues, frames.ISSUES), frames.make(results, frames.GRANT_CHECKS)


def evidence_of(made: dict[str, pd.DataFrame], registers: Registers, quarter: str) -> Evidence:
    """Give what the checks look at, worked out from the frames."""
    spent = spend(made["awards"], made["narrative"], registers.awards)
    return Evidence(spent, standing(made["agreements"], quarter), due_milestones(made["milestones"], quarter), registers, quarter)


def _in_words(result: Examined) -> str:
    if result.found:
        return f"found {len(result.found)}"
    return "passed" if result.number else "not run" if result.not_examined else "nothing to check"


def _issue(found: Found, rule: str, severity: str) -> dict[str, str]:
    row, part = found.row, found.part
    typed = row.get(f"{part}_raw", row.get(part, ""))
    where = {name: row[name] for name in ("quarter", "file", "sheet")} | {"cell": row.get(f"{part}_cell") or f"A{row['row']}", "as_typed": typed}
    read_as = "" if row.get(part) is None else str(row[part])
    return where | {"stage": str(Stage.RETURNS), "severity": severity, "rule": rule, "message": found.message, "read_as": read_as}
