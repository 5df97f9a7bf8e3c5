"""Checks of one quarter's return against the quarters before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise

from analysis.checking import Examined, Row
from analysis.grant.checks.evidence import Evidence, pounds
from analysis.grant.spend import WHAT, remaining_forecasts


def _number(row: Row) -> int:
    return int(row["quarter"][-1])


_CREDIT = re.compile(r"\b(?:credit(?:s|ed)?|refund(?:s|ed)?|repaid|repayment|money (?:(?:came|was) )?(?:back|returned))\b", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:no|not|without|nor|never)\b[^.;,]{0,20}$", re.IGNORECASE)
"""A denial, just before the credit."""


def _comparable(evidence: Evidence, result: Examined, names: Callable[[Row], tuple[str, ...]]) -> Iterator[tuple[Row, Row]]:
    """Give each award of which the named amounts are known, with its row of the return before, where the spend to date is known; note the others."""
    for row in evidence.now:
        before = evidence.before(row)
        if before is None:
            result.not_examined.append(evidence.nothing_before(row))
        elif before["total_to_date"] is None or any(row[name] is None for name in names(row)):
            result.not_examined.append(f"{row['project']}: an amount is not known")
        else:
            yield row, before


def opening_is_last_closing(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that spend to date less this quarter's actual is the spend to date of the return before."""
    del limit
    result = Examined()
    for row, before in _comparable(evidence, result, lambda row: ("total_to_date", f"actual_q{_number(row)}")):
        opening = row["total_to_date"] - row[f"actual_q{_number(row)}"]
        message = f"{row['project']}: opens the quarter with {pounds(opening)} spent; the return before closed with {pounds(before['total_to_date'])}"
        result.look(row, "total_to_date", message if opening != before["total_to_date"] else "")
    return result


def spend_never_falls(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that spend to date is no less than in the return before, unless a note says that money came back."""
    del limit
    result = Examined()
    for row, before in _comparable(evidence, result, lambda _: ("total_to_date",)):
        credit = any(not _DENIED.search(row["note"][: found.start()]) for found in _CREDIT.finditer(row["note"]))
        fell = f"fell from {pounds(before['total_to_date'])} to {pounds(row['total_to_date'])}"
        message = f"{row['project']}: spend to date {fell}, and no note says that money came back"
        result.look(row, "total_to_date", message if row["total_to_date"] < before["total_to_date"] and not credit else "")
    return result


def earlier_quarters_stay(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that no award is gone, and that the award, and the actuals of earlier quarters of the year, are what the return before said."""
    del limit
    result = Examined()
    result.not_examined += [f"{row['project']}: is in the return before and not in this one" for row in evidence.latest if not _is_now(evidence, row)]
    for row in evidence.now:
        before = evidence.before(row)
        if before is None:
            result.not_examined.append(evidence.nothing_before(row))
            continue
        same_year = before["quarter"][:4] == row["quarter"][:4]
        for name in ("award", *(f"actual_q{n}" for n in range(1, _number(row)) if same_year)):
            if None in (row[name], before[name]):
                result.not_examined.append(f"{row['project']}: {WHAT[name]} is not known in both returns")
                continue
            agreed = name == "award" and row[name] - before[name] == evidence.moved_in(row) - evidence.moved_in(before)
            changed = f"{WHAT[name]} was {pounds(before[name])} in the return before and is {pounds(row[name])} now"
            message = f"{row['project']}: {changed}. Send the earlier return again with the reason, or correct this one."
            result.look(row, name, message if row[name] != before[name] and not agreed else "")
    return result


def _is_now(evidence: Evidence, row: Row) -> bool:
    return any((row["project"], row["round"]) == (now["project"], now["round"]) for now in evidence.now)


def pounds_not_thousands(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that no amount is a thousand times, or a thousandth of, what the return before had in its place, give or take so many times."""
    result = Examined()
    for row in evidence.now:
        before = evidence.before(row)
        if before is None:
            result.not_examined.append(evidence.nothing_before(row))
            continue
        for name in ("award", "total_to_date"):
            if None in (row[name], before[name]):
                result.not_examined.append(f"{row['project']}: {WHAT[name]} is not known in both returns")
            elif row[name] and before[name]:
                ratio = row[name] / before[name]
                near = any(1 / limit <= ratio / times <= limit for times in (Decimal(1000), Decimal("0.001")))
                unit = "thousands" if ratio < 1 else "pounds where the rest is in thousands"
                changed = f"{WHAT[name]} is {pounds(row[name])} and was {pounds(before[name])} in the return before"
                message = f"{row['project']}: {changed}: was it typed in {unit}?"
                result.look(row, name, message if near else "")
    return result


def forecasts_are_made_anew(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that forecasts do not, return after return, just make up the award although the quarter came out otherwise than forecast."""
    result = Examined()
    for row in evidence.now:
        chain = evidence.chain(row, int(limit))
        if len(chain) < int(limit):
            result.not_examined.append(_too_few(evidence, row, chain, limit))
            continue
        pairs = [(later[f"actual_q{_number(later)}"], earlier[f"forecast_q{_number(later)}"]) for later, earlier in pairwise(chain)]
        plugged = [_plugged(one) for one in chain]
        if None in plugged or any(None in pair for pair in pairs):
            result.not_examined.append(f"{row['project']}: a forecast or an actual is not known")
            continue
        made_up = f"in {len(chain)} returns in a row the forecasts make up the award exactly, although actuals were not what was forecast"
        message = f"{row['project']}: {made_up}. Ask for a forecast that starts from the work."
        wrong = all(plugged) and any(actual != forecast for actual, forecast in pairs)
        result.look(row, (remaining_forecasts(row) or ["total_to_date"])[0], message if wrong else "")
    return result


def _plugged(row: Row) -> bool | None:
    """Say whether the forecasts to come are just what the award leaves, and that is something; None where an amount is not known."""
    parts = [row[name] for name in remaining_forecasts(row)]
    if None in (*parts, row["award"], row["total_to_date"]):
        return None
    rest = row["award"] - row["total_to_date"]
    return bool(parts) and rest > 0 and sum(parts, Decimal(0)) == rest


def _too_few(evidence: Evidence, row: Row, chain: list[Row], limit: Decimal) -> str:
    return evidence.nothing_before(row) if len(chain) == 1 else f"{row['project']}: fewer than {limit} returns in a row"


def spending_goes_on(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that an award with money left, beyond what is identified as underspend, is not without spend in two quarters running."""
    result = Examined()
    for row in evidence.now:
        chain = evidence.chain(row, int(limit))
        actuals = [one[f"actual_q{_number(one)}"] for one in chain]
        if len(chain) < int(limit):
            result.not_examined.append(_too_few(evidence, row, chain, limit))
        elif None in (*actuals, row["award"], row["total_to_date"]):
            result.not_examined.append(f"{row['project']}: an amount is not known")
        else:
            left = row["award"] - row["total_to_date"] - (row["identified_underspend"] or Decimal(0))
            message = f"{row['project']}: nothing was spent in {len(chain)} quarters running, and {pounds(left)} is left"
            result.look(row, f"actual_q{_number(row)}", message if not any(actuals) and left > 0 else "")
    return result
