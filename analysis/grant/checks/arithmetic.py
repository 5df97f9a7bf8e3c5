"""Checks that sums are right: parts make awards, awards make rounds; and which single slip would explain one that is not."""

from __future__ import annotations

from decimal import Decimal

from analysis.checking import Examined, Row
from analysis.grant.checks.evidence import Evidence, pounds
from analysis.grant.spend import WHAT, remaining_forecasts, repeated_forecast
from analysis.vocabulary import Verdict


def parts_make_the_award(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that award = spend to date + forecasts to come + identified underspend, or tell which slip would explain why not."""
    del limit
    result = Examined()
    for row in evidence.now:
        if row["verdict"] == Verdict.CANNOT_BE_CHECKED:
            result.not_examined.append(f"{row['project']}: {row['blocked_by']}")
            continue
        part, message = "total_to_date", ""
        award = row["award"] if not row["difference"] else evidence.ceiling(row)
        together = row["award"] - (row["difference"] or Decimal(0))
        if row["blocked_by"] and together < award:
            result.not_examined.append(f"{row['project']}: {row['blocked_by']}")
            continue
        if row["verdict"] == Verdict.DOUBLE_COUNTED:
            part = repeated_forecast(row)
            twice = f"repeats its spend to date: counted twice, the award is over by {pounds(-row['difference'])}"
            message = f"{WHAT[part]} of {row['project']}, {pounds(row[part])}, {twice}. Leave the forecast out, or say what is still to be spent."
        elif together not in (row["award"], award) and (together < award or planned(row) <= award):
            part, slip = likely_slip(row, award)
            apart = f"{pounds(abs(award - together))} {'short of' if together < award else 'over'}"
            varied = "" if award == row["award"] else " after variations"
            message = f"{row['project']}: spend to date, forecasts and underspend are {apart} its award of {pounds(award)}{varied}.{slip}"
        result.look(row, part, message)
    return result


def spend_is_within_the_award(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that spend and forecasts are no more than the award and what approved variations added to it."""
    del limit
    result = Examined()
    for row in evidence.now:
        if row["award"] is None:
            result.not_examined.append(f"{row['project']}: its award is not known")
            continue
        ceiling = evidence.ceiling(row)
        excess = planned(row) - ceiling
        if excess <= 0 and None in [row[name] for name in ("total_to_date", *remaining_forecasts(row))]:
            result.not_examined.append(f"{row['project']}: its spend to date or a forecast is not known")
            continue
        part, slip = likely_slip(row, ceiling) if excess > 0 else ("total_to_date", "")
        if excess > 0 and not slip and (repeated := [name for name in remaining_forecasts(row) if row[name] and row[name] == row["total_to_date"]]):
            part, slip = repeated[0], f" {WHAT[repeated[0]]} repeats the spend to date, {pounds(row[repeated[0]])}: is it what is still to be spent?"
        varied = "" if ceiling == row["award"] else " after variations"
        message = f"{row['project']}: spend to date and forecasts are {pounds(excess)} over its award of {pounds(ceiling)}{varied}.{slip}"
        result.look(row, part, message if excess > 0 else "")
    return result


def planned(row: Row) -> Decimal:
    """Give what is known to be spent and forecast of an award; a forecast that only repeats the spend to date counts once."""
    doubled = repeated_forecast(row)
    names = [name for name in ("total_to_date", *remaining_forecasts(row)) if row[name] is not None and name != doubled]
    return sum((row[name] for name in names), Decimal(0))


def actuals_are_within_the_total(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that the quarters' actuals of this year are together no more than the spend to date."""
    del limit
    result = Examined()
    for row in evidence.now:
        actuals = [row[f"actual_q{n}"] for n in range(1, 5) if row[f"actual_q{n}_cell"]]
        known = sum((actual for actual in actuals if actual is not None), Decimal(0))
        excess = known - row["total_to_date"] if row["total_to_date"] is not None else Decimal(0)
        if row["total_to_date"] is None or (excess <= 0 and (None in actuals or not actuals)):
            result.not_examined.append(f"{row['project']}: its spend to date or its actuals are not known")
            continue
        message = f"{row['project']}: the quarters' actuals come to {pounds(excess)} more than the spend to date of {pounds(row['total_to_date'])}"
        result.look(row, "total_to_date", message if excess > 0 else "")
    return result


def awards_make_the_round(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that the awards of a round come to what was allocated, in all and by kind of money."""
    del limit
    result = Examined()
    for name in dict.fromkeys(row["round"] for row in evidence.latest):
        rows = [row for row in evidence.latest if row["round"] == name]
        its = evidence.rounds.get(name, {})
        for kind, column in (("", "allocated"), ("capital", "capital"), ("revenue", "revenue")):
            said = f"{name}{f', {kind}' if kind else ''}"
            of_kind = [row for row in rows if not kind or row["kind"] == kind]
            unstated = [row for row in rows if kind and row["kind"] == "not stated"]
            if not its.get(column) or any(row["award"] is None for row in (*of_kind, *unstated)):
                result.not_examined.append(f"{said}: {'what was allocated is not stated' if not its.get(column) else 'an award is not known'}")
                continue
            together, allocated = sum((row["award"] for row in of_kind), Decimal(0)), Decimal(its[column])
            at_most = together + sum((row["award"] for row in unstated), Decimal(0))
            more = f" ({pounds(at_most)} with those whose kind is not stated)" if together != at_most < allocated else ""
            message = f"{said}: awards come to {pounds(together)}{more}, {pounds(allocated)} were allocated"
            result.look((of_kind or rows)[0], "award", message if together > allocated or at_most < allocated else "")
    return result


def likely_slip(row: Row, ceiling: Decimal | None = None) -> tuple[str, str]:
    """
    Give which one amount, typed otherwise, would make the award add up, as its field and a sentence; the spend to date and nothing where there is none.

    Two neighbouring digits changed places; pounds typed as thousands or thousands as pounds; pence typed as pounds. An explanation is a question
    to ask, never a correction. *ceiling* is the award after variations, where it is not the one returned.
    """
    parts = ["total_to_date", *remaining_forecasts(row), "identified_underspend"]
    if row["award"] is None or any(row[name] is None for name in parts):
        return "total_to_date", ""
    award = row["award"] if ceiling is None else ceiling
    known = sum((row[name] for name in parts), Decimal(0))
    for name in ("award", *parts):
        wanted = known - (award - row["award"]) if name == "award" else award - (known - row[name])
        for meant, how in _typed_otherwise(row[name]):
            if meant == wanted and meant != row[name]:
                return name, f" {WHAT[name]} would make it right as {pounds(meant)}, not {pounds(row[name])}: {how}?"
    return "total_to_date", ""


def _typed_otherwise(amount: Decimal) -> list[tuple[Decimal, str]]:
    """Give what an amount may have been meant as, and the slip that made it what it is."""
    pence, rest = divmod(amount * 100, 1)
    digits = "" if rest or amount < 0 else str(int(pence))
    swapped = [digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :] for place in range(len(digits) - 1)]
    meant = [(Decimal(text) / 100, "have two digits changed places") for text in swapped]
    meant.append((amount * 1000, "was it typed in thousands"))
    meant.append((amount / 1000, "was it typed in pounds where the rest is in thousands"))
    return [*meant, (amount / 100, "were pence typed as pounds")]
