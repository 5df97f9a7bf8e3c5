"""What is earned -> what is paid: instalments, scaling, payments on account, capital and revenue, top-slices, split."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pandas as pd

from analysis import frames
from analysis.entitlement.pennies import exact_pounds, parted, pounds, rounded
from analysis.entitlement.terms import Instalment, Terms, read
from analysis.values import shown

BY_KIND, BY_WHO = "paid, by kind", "paid, by who"
"""The two ways in which each payment is divided; the parts of each come to the whole."""
Row = dict[str, Any]


def payments(earned: pd.DataFrame, agreement: pd.DataFrame) -> pd.DataFrame:
    """
    Give every step from what an agreement's targets have earned to who gets it.

    Args:
        earned: frame of the `EARNED` contract, of one agreement and quarter; or one row with `amount` alone, such as a claim.
        agreement: its terms, as `entitlement.read` takes them.

    Returns:
        Frame of the `PAYMENTS` contract; `amount` in pounds, to the penny. For each instalment the steps "earned" (its part of the whole), "due" (scaled),
        "not due", "paid on account" (taken off what is due, first instalment first), "paid", and of "paid" its "capital" and "revenue"
        and its "top slice"s and "split". Steps with the same `part_of` come to the step of that name. What was overpaid on account is a
        payment below nothing: to be paid back. Where an amount is unknown, everything is of the known part, and `unknown_count` says of how many.

    Raises:
        EntitlementError: the terms contradict themselves.

    Source: domain.md 7; source documents 001 line 25, 004 lines 174 and 175.

    >>> from decimal import Decimal
    >>> terms = pd.DataFrame({"term": ["scaling", "capital"], "value": ["50%", "50%"]})
    >>> made = payments(pd.DataFrame({"amount": [Decimal("4681012.65")]}), terms)
    >>> [(row["step"], str(row["amount"])) for row in made.to_dict("records")][1:4]
    [('due', '2340506.33'), ('not due', '2340506.32'), ('paid', '2340506.33')]
    """
    terms = read(agreement)
    amounts = [None if frames.absent(amount) else Fraction(amount) for amount in earned["amount"]]
    whole = rounded(sum((amount for amount in amounts if amount is not None), Fraction(0)), terms.penny, terms.rounding)
    first = frames.rows(earned)[0] if len(earned) else {}
    about = {"agreement": terms.agreement, "quarter": first.get("quarter") or "", "unknown_count": amounts.count(None)}
    rows = _steps(whole, terms, sure=None not in amounts)
    return frames.make([about | row | {"amount": frames.decimal(row["amount"])} for row in rows], frames.PAYMENTS)


def payments_of_all(earned: pd.DataFrame, terms: pd.DataFrame) -> pd.DataFrame:
    """
    Give the payments of every agreement and quarter of which something is worked out.

    Args:
        earned: frame of the `EARNED` contract, of any agreements and quarters.
        terms: the register of terms, as `stated` gives it.

    Returns:
        Frame of the `PAYMENTS` contract. An agreement none of whose potentials are known has no payments.
    """
    made = []
    for (agreement, quarter), its in earned.groupby(["agreement", "quarter"], sort=False):
        if its["potential"].notna().any():
            made.append(payments(its, terms[terms["agreement"] == agreement]).assign(quarter=quarter))
    return frames.stack(made, frames.PAYMENTS)


def _steps(whole: Fraction, terms: Terms, *, sure: bool) -> list[Row]:
    """Give the steps of every instalment; not sure where more may be earned than is known."""
    owed = ": to be paid back" if sure else ": more is paid already than is known to be due"
    later = [one for one in terms.instalments if one.on_account is None]
    sizes = [one.part if one.part is not None else 1 - sum((other.part or Fraction(0) for other in later), Fraction(0)) for one in later]
    earned = dict(zip((one.name for one in later), parted(whole, sizes, terms.penny), strict=True))
    credit = sum((one.on_account for one in terms.instalments if one.on_account is not None), Fraction(0))
    rows: list[Row] = []
    for one in terms.instalments:
        if one.on_account is not None:
            rows += [_row(one, "paid", one.on_account, "", "fixed: paid on account before the outturn is known"), *_divided(one, one.on_account, terms)]
            continue
        amount = earned[one.name]
        if one.scaling is None:
            rows.append(_row(one, "earned", amount, "", "how much of it is paid is not known: no return states the scaling yet"))
            continue
        due = rounded(amount * one.scaling, terms.penny, terms.rounding)
        last = one is later[-1]
        taken = credit if last else min(credit, due)
        credit -= taken
        share = "all that is earned" if len(later) == 1 else f"{_percent(sizes[later.index(one)])} of what is earned"
        rows.append(_row(one, "earned", amount, "", share))
        rows.append(_row(one, "due", due, "earned", f"{_percent(one.scaling)} of {pounds(amount)}{_halved(amount * one.scaling, terms)}"))
        if due != amount:
            rows.append(_row(one, "not due", amount - due, "earned", "the rest"))
        if taken:
            rows.append(_row(one, "paid on account", taken, "due", "paid already"))
        paid = due - taken
        rows.append(_row(one, "paid", paid, "due", "what is due" + (" less what was paid already" if taken else "") + (owed if paid < 0 else "")))
        rows += _divided(one, paid, terms)
    return rows


def _divided(one: Instalment, paid: Fraction, terms: Terms) -> list[Row]:
    """Give one payment by kind, and by who gets it."""
    rows = []
    if one.capital is not None:
        capital, revenue = parted(paid, [one.capital, 1 - one.capital], terms.penny)
        exact = f"{_percent(one.capital)} of {pounds(paid)}{_halved(paid * one.capital, terms)}"
        rows += [_row(one, "capital", capital, BY_KIND, exact), _row(one, "revenue", revenue, BY_KIND, "the rest")]
    left = paid
    for name, size, is_share in one.top_slices:
        wanted = rounded(paid * size, terms.penny, terms.rounding) if is_share else size
        taken = min(wanted, left) if paid >= 0 else wanted if is_share else Fraction(0)
        left -= taken
        how = f"{_percent(size)} of {pounds(paid)}" if is_share else "a fixed amount"
        rows.append(_row(one, "top slice", taken, BY_WHO, how + ("" if taken == wanted else f": {pounds(wanted)}, of which there is only so much"), name))
    if one.split:
        shares = [share for _, share in one.split]
        for (name, share), amount in zip(one.split, parted(left, shares, terms.penny), strict=True):
            rows.append(_row(one, "split", amount, BY_WHO, f"{_percent(share)} of {pounds(left)}{_halved(left * share, terms)}", name))
    elif one.top_slices:
        rows.append(_row(one, "split", left, BY_WHO, "the rest", "the rest"))
    return rows


def _halved(exact: Fraction, terms: Terms) -> str:
    """Say what an amount was before it was rounded, where that changes it."""
    return "" if (exact / terms.penny).denominator == 1 else f", exactly {exact_pounds(exact)}"


def _percent(share: Fraction) -> str:
    return f"{shown(frames.decimal(share * 100))}%"


def _row(one: Instalment, step: str, amount: Fraction, part_of: str, how: str, name: str = "") -> Row:
    return {"instalment": one.name, "step": step, "name": name, "part_of": part_of, "amount": amount, "how": how}
