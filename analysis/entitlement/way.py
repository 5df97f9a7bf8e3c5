"""The way of an agreement's money: possible, earned or claimed, paid, awarded, and what became of the awards."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from analysis import frames
from analysis.entitlement.payments import payments
from analysis.entitlement.terms import read
from analysis.errors import EntitlementError

SUM, LESS, FORECAST, ACT, UNKNOWN = "known", "less", "forecast", "act", "unknown"
"""What a step is: a sum, what is taken from it, what is forecast, what somebody has to act on, what is not known."""
Row = dict[str, Any]


def way(terms: pd.DataFrame, earned: pd.DataFrame, outturn: pd.DataFrame) -> pd.DataFrame:
    """
    Give each agreement's money from what was possible to what is spent, step by step.

    Args:
        terms: the register of terms, as `stated` gives it.
        earned: frame of the `EARNED` contract, of one quarter: where targets are returned, what they earned; otherwise the claim stands for it.
        outturn: frame of the `OUTTURN` contract, of the newest return of each round: what was awarded from the money that a claim brought.

    Returns:
        Frame of the `REWARD_WAY` contract, pounds: a "known" step runs from nothing to its amount, a "less" step from what is left to what there was;
        what became of the awards stands end to end from nothing, with what nobody knows last. Steps that cannot be told are left out:
        a way ends where the figures do.

    Source: domain.md 7; look.md, "waterfall".
    """
    rows: list[Row] = []
    for agreement in dict.fromkeys(terms["agreement"]):
        its = terms[terms["agreement"] == agreement]
        own = earned[earned["agreement"] == agreement]
        try:
            steps = _of_agreement(its, own, outturn)
        except EntitlementError:
            continue  # told where it is worked out what is earned
        rows += [{"agreement": agreement} | step for step in steps]
    return frames.make([row | {name: _decimal(row[name]) for name in ("start", "end", "amount")} for row in rows], frames.REWARD_WAY)


def _decimal(value: Any) -> Decimal:
    return frames.decimal(value) if isinstance(value, Fraction) else value


def _of_agreement(terms: pd.DataFrame, earned: pd.DataFrame, outturn: pd.DataFrame) -> list[Row]:
    read_terms = read(terms)
    potentials = [Fraction(value) for value in earned["potential"] if value is not None]
    possible = read_terms.possible if read_terms.possible is not None else sum(potentials, Fraction(0)) or None
    claim = read_terms.claims[0] if read_terms.claims else None
    if potentials:
        whole = sum((Fraction(amount) for amount in earned["amount"] if amount is not None), Fraction(0))
        open_ended = earned[earned["amount"].isna() & earned["at_most"].notna()]
        unknown = sum((Fraction(most) for most in open_ended["at_most"]), Fraction(0))
        called, paid_from = "Earned", earned
    elif claim is not None:
        whole, unknown, called, paid_from = claim, Fraction(0), "Claimed", pd.DataFrame({"amount": [frames.decimal(claim)]})
    else:
        return []
    if possible is None:
        return []
    steps = [_sum("Possible", possible, "all targets in full"), _less(f"Not {called.casefold()}", whole + unknown, possible)]
    if unknown:
        steps.append(_step("Not known", whole, whole + unknown, UNKNOWN, "targets without a figure"))
    steps.append(_sum(called, whole, ""))
    if "scaling" not in set(terms[terms["value"] != ""]["term"]):
        return steps
    due = sum((Fraction(step["amount"]) for step in frames.rows(payments(paid_from, terms)) if step["step"] == "due"), Fraction(0))
    if due != whole:
        steps.append(_less("Not paid", due, whole))
    steps.append(_sum("Paid, by the terms", due, "what follows; what was received is not in the returns"))
    return steps + (_awarded(due, outturn) if claim is not None and len(outturn) else [])


def _awarded(due: Fraction, outturn: pd.DataFrame) -> list[Row]:
    """Give what was awarded from the money, and what became of it."""
    awards = frames.rows(outturn)
    if any(row["award"] is None for row in awards):
        return []
    nothing = Decimal(0)
    whole = sum((row["award"] for row in awards), nothing)
    rounds = " and ".join(dict.fromkeys(row["round"] for row in awards))
    spent = sum((row["spent"] or nothing for row in awards), nothing)
    forecast = sum((row["at_least"] - (row["spent"] or nothing) for row in awards), nothing)
    identified = sum((row["identified"] or nothing for row in awards), nothing)
    unplanned = sum((max(row["unplanned"] or nothing, nothing) for row in awards), nothing)
    open_ended = sum((max(row["award"] - row["at_least"] - (row["identified"] or nothing), nothing) for row in awards if row["unplanned"] is None), nothing)
    beyond = Fraction(whole) > due
    apart = _step(f"Awarded beyond that in {rounds}", due, Fraction(whole), ACT, "") if beyond else _less(f"Not awarded in {rounds}", Fraction(whole), due)
    steps = [apart, _sum(f"Awarded in {rounds}", whole, f"{len(awards)} awards")]
    start = nothing
    parts = (
        ("Spent", spent, SUM), ("Forecast", forecast, FORECAST), ("Underspend identified", identified, "rest"),
        ("Without a plan", unplanned, ACT), ("Not known", open_ended, UNKNOWN),
    )  # fmt: skip
    for what, amount, style in parts:
        if amount:
            steps.append(_step(f"{what}, of the awards", start, start + amount, style, ""))
            start += amount
    return [*steps, _step("Over the awards", whole, start, LESS, "spent or forecast beyond its award")] if start > whole else steps


def _sum(what: str, amount: Any, how: str) -> Row:
    return _step(what, amount * 0, amount, SUM, how)


def _less(what: str, start: Fraction, end: Fraction) -> Row:
    return _step(what, start, end, LESS, "")


def _step(what: str, start: Any, end: Any, style: str, how: str) -> Row:
    return {"what": what, "start": start, "end": end, "amount": end - start, "style": style, "how": how}
