"""Checks of what was agreed: dates, pace, payments, variations, and one amount claimed twice."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from analysis import frames, quarters
from analysis.checking import Examined, Row
from analysis.dates import begins, ends, last_day, quarter_of
from analysis.grant.agreements import PAID, SIGNED
from analysis.grant.checks.evidence import Evidence, pounds
from analysis.grant.milestones import DONE
from analysis.grant.spend import WHAT
from analysis.values import shown

_ROUND_NUMBERS = Decimal(500)
"""Awards and budgets are often whole multiples of this, so that two alike say nothing."""


_ENDS = {"starts": "its start", "spend_by": "the day to spend it by"}


def nothing_outside_its_time(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that nothing is spent before an award starts, nor spent or forecast after the day by which it has to be spent."""
    del limit
    result = Examined()
    for row in evidence.now:
        its = evidence.terms.get((row["project"], row["round"]), {})
        missing = [words for name, words in _ENDS.items() if not its.get(name)]
        amounts = [name for name in frames.MONEY if "_q" in name and row[name]]
        if missing:
            neither = f"neither {' nor '.join(missing)}" if len(missing) > 1 else missing[0]
            result.not_examined.append(f"{row['project']}: {neither} is {'' if len(missing) > 1 else 'not '}stated")
        elif not amounts:
            result.not_examined.append(f"{row['project']}: what is spent in any quarter is not known")
        for name in amounts if len(missing) < len(_ENDS) else ():
            quarter = f"{row['quarter'][:-1]}{name[-1]}"
            early = bool(its["starts"]) and last_day(quarter) < begins(its["starts"])
            late = bool(its["spend_by"]) and quarter > quarter_of(ends(its["spend_by"]))
            when = f"it starts on {its['starts']}" if early else f"it has to be spent by {its['spend_by']}"
            result.look(row, name, f"{row['project']}: {WHAT[name]} of {pounds(row[name])}, and {when}" if early or late else "")
    return result


def no_year_end_spike(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that the last quarter of the year does not take more than so many percent of the award."""
    result = Examined()
    for row in evidence.now:
        known = [name for name in ("actual_q4", "forecast_q4") if row[name] is not None]
        if not known or not row["award"]:
            result.not_examined.append(f"{row['project']}: its fourth quarter or its award is not known")
            continue
        name = known[0]
        share = row[name] / row["award"] * 100
        much = f"{shown(share.quantize(Decimal(1)), 'percent')} of its award falls in the year's last quarter ({pounds(row[name])})"
        message = f"{row['project']}: {much}. Ask what is bought then, and whether it can be."
        result.look(row, name, message if share > limit else "")
    return result


def spend_keeps_pace(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that the shares of the award spent, of its time gone and of its milestones done are within so many points of one another."""
    result = Examined()
    milestones = frames.rows(evidence.milestones[evidence.milestones["quarter"] == evidence.quarter])
    for row in evidence.now:
        its = evidence.terms.get((row["project"], row["round"]), {})
        shares: dict[str, Decimal] = {}
        if row["award"] and row["total_to_date"] is not None:
            shares["of its award spent"] = row["total_to_date"] / row["award"] * 100
        if its.get("starts") and its.get("spend_by"):
            start, end, now = begins(its["starts"]), ends(its["spend_by"]), last_day(row["quarter"])
            gone = Decimal(max((min(now, end) - start).days + 1, 0)) / ((end - start).days + 1)
            shares["of its time gone"] = gone * 100
        dated = [one for one in milestones if its.get("milestones") and one["organisation"] == its["milestones"] and one["due"]]
        if dated:
            shares["of its dated milestones done"] = Decimal(sum(one["state"] == DONE for one in dated)) / len(dated) * 100
        if "of its award spent" not in shares or len(shares) < 2:
            result.not_examined.append(f"{row['project']}: its spend, or both its dates and its milestones, are not known")
            continue
        apart = max(shares.values()) - min(shares.values())
        told = ", ".join(f"{shown(share.quantize(Decimal(1)), 'percent')} {what}" for what, share in shares.items())
        result.look(row, "total_to_date", f"{row['project']}: {told}. Ask why." if apart > limit else "")
    return result


def no_payment_before_signature(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that no agreement is paid, and no money of its project is spent, before it is signed."""
    del limit
    result = Examined()
    unsigned = set()
    for row in frames.rows(evidence.agreements[evidence.agreements["quarter"] == evidence.quarter]):
        steps = row["steps"].split(", ")
        if SIGNED not in steps:
            unsigned.add(row["project"])
        message = f"{row['project']}: the return says that it was paid, and nowhere that its contract is signed. Find the signed copy, or recover the payment."
        result.look(row, "progress", message if PAID in steps and SIGNED not in steps else "")
    for row in evidence.now:
        if row["project"] in unsigned and row["total_to_date"] is None:
            result.not_examined.append(f"{row['project']}: its contract is not signed, and what it has spent is not known")
        elif row["project"] in unsigned:
            message = f"{row['project']}: {pounds(row['total_to_date'])} is spent, and its contract is not signed"
            result.look(row, "total_to_date", message if row["total_to_date"] else "")
    return result


def variations_are_authorised(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that a variation names its authority and date, is decided before it takes effect, and not by someone with a declared interest in it."""
    del limit
    return _of_variations(evidence, _authority)


def _authority(variation: Row, row: Row) -> str:
    del row
    lacks = [words for name, words in (("authority", "who decided it"), ("decided", "when it was decided"), ("amount", "the sum moved")) if not variation[name]]
    wrong = [f"it does not say {' nor '.join(lacks)}"] if lacks else []
    if variation["decided"] and variation["effective"] and begins(variation["decided"]) > ends(variation["effective"]):
        wrong.append(f"it took effect on {variation['effective']}, before it was decided on {variation['decided']}")
    interested = set(_names(variation.get("interests", ""))) & set(_names(variation["authority"]))
    wrong += [f"{name} decided it and has a declared interest in it" for name in sorted(interested)]
    return "; ".join(wrong)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(";") if name.strip()]


def moves_are_within_underspend(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that no more is re-allocated from a project, by all its variations together, than it has confirmed as underspend."""
    del limit
    moved: dict[tuple[str, str], list[Decimal]] = {}
    for variation in frames.rows(evidence.registers.variations):
        if variation["amount"]:
            moved.setdefault((variation["round"], variation["from_project"]), []).append(Decimal(variation["amount"]))

    def wrong(variation: Row, row: Row) -> str:
        amounts, confirmed = moved[variation["round"], variation["from_project"]], row["identified_underspend"]
        said = f"{pounds(sum(amounts, Decimal(0)))} is moved{' in all' if len(amounts) > 1 else ''}"
        if confirmed is None:
            return f"{said}, and how much is underspent is not confirmed"
        return f"{said}, and {pounds(confirmed)} is confirmed as underspent" if sum(amounts, Decimal(0)) > confirmed else ""

    return _of_variations(evidence, wrong, needs="amount", once=True)


def _of_variations(evidence: Evidence, wrong_with: Callable[[Row, Row], str], needs: str = "", *, once: bool = False) -> Examined:
    """Look at each variation together with the award that it moves money from; once for each award, where all its variations are told together."""
    result = Examined()
    awards = {(row["project"], row["round"]): row for row in evidence.now}
    seen: set[tuple[str, str]] = set()
    for variation in frames.rows(evidence.registers.variations):
        row = awards.get((variation["from_project"], variation["round"]))
        said = f"variation of {variation['subject']}, {variation['from_project']}"
        if row is None or (needs and not variation[needs]):
            result.not_examined.append(f"{said}: {'its award is not in this return' if row is None else 'the sum moved is not stated'}")
            continue
        if once and (row["project"], row["round"]) in seen:
            continue
        seen.add((row["project"], row["round"]))
        wrong = wrong_with(variation, row)
        result.look(row, "identified_underspend", f"The {said}: {wrong}. Complete data/reference/variations.csv." if wrong else "")
    return result


def one_amount_one_project(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that no odd amount stands in the same column of two projects' awards or spend: it may be one sum entered twice."""
    del limit
    result = Examined()
    for name in ("award", "total_to_date"):
        seen: dict[Decimal, Row] = {}
        for row in evidence.now:
            amount = row[name]
            if amount is None:
                result.not_examined.append(f"{row['project']}: {WHAT[name]} is not known")
            if not amount or not amount % _ROUND_NUMBERS:
                continue
            other = seen.setdefault(amount, row)
            message = f"{row['project']}: {WHAT[name]} of {pounds(amount)} is also that of {other['project']}. Are they two sums, or one entered twice?"
            result.look(row, name, message if other is not row else "")
    return result


def reports_are_in(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that the reports that agreements owe have come by their day."""
    del limit
    result = Examined()
    for row in frames.rows(evidence.agreements[evidence.agreements["quarter"] == evidence.quarter]):
        if not row["due"] and row["report_state"] != "received":
            result.not_examined.append(f"{row['project']}: no day is stated")
            continue
        if row["report_state"] == "due later":
            continue
        message = f"{row['project']}: its report was due on {row['due']}, which is past at the end of {quarters.label(evidence.quarter)}"
        result.look(row, "report_due", message if row["report_state"] == "overdue" else "")
    return result
