"""An agreement whose targets are not in the returns: what is printed of it, what follows, what cannot be derived, where sources differ."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import pandas as pd

from analysis import frames
from analysis.entitlement.payments import payments
from analysis.entitlement.pennies import exact_pounds, pounds, rounded
from analysis.entitlement.terms import NOBODYS, Terms, read
from analysis.errors import EntitlementError
from analysis.values import shown

PRINTED, FOLLOWS, DIFFER, NOT_DERIVED = "printed", "follows", "sources differ", "cannot be derived"
"""How a figure of the statement stands to its sources."""
Row = dict[str, Any]


def statement(facts: pd.DataFrame, terms: pd.DataFrame, awards: pd.DataFrame) -> pd.DataFrame:
    """
    Give everything that is known about each agreement's reward grant, with its standing.

    Args:
        facts: frame of the `REWARD_FACTS` contract, of the quarters reported.
        terms: the register of terms, as `stated` gives it.
        awards: frame with the columns round, award, quarter and file of the `AWARDS` contract: what was allocated from the receipt.

    Returns:
        Frame of the `ENTITLEMENT` contract. "printed": each fact as returned, with its cell. "follows": what the printed figures make by
        the agreement's terms, with the calculation; "sources differ": figures that two places print differently, with the difference;
        "cannot be derived": what the register says is not printed anywhere. Amounts in pounds, exact where a half penny matters.

    Source: domain.md 7, "First LAA"; source documents 000 line 183, 001 line 25, 004 lines 174 to 177.
    """
    rows = [{name: fact.get(name) for name in frames.ENTITLEMENT.columns} | {"standing": PRINTED, "cells": _place(fact)} for fact in frames.rows(facts)]
    reported = set(facts["agreement"])
    for agreement in dict.fromkeys(terms["agreement"]):
        its = terms[terms["agreement"] == agreement]
        try:
            found = read(its)
        except EntitlementError as wrong:
            how = f"its terms cannot be used: {'; '.join(wrong.problems)}"
            rows.append({"agreement": agreement, "quarter": max(facts["quarter"], default=""), "fact": "Everything", "standing": NOT_DERIVED, "how": how})
            continue
        its_facts = facts[facts["agreement"].isin([agreement, NOBODYS])]["fact"]
        if agreement in reported or set(its["fact"]) & set(its_facts) - {""}:
            rows += [{"agreement": agreement, "quarter": max(facts["quarter"])} | row for row in _of_agreement(found, its, awards)]
    return frames.make([row | {"value": _decimal(row.get("value"))} for row in rows], frames.ENTITLEMENT)


def _decimal(value: Any) -> Any:
    return frames.decimal(value) if isinstance(value, Fraction) else value


def _of_agreement(terms: Terms, rows: pd.DataFrame, awards: pd.DataFrame) -> list[Row]:
    """Give what follows for one agreement, where its claims differ, and what cannot be derived, each with its sources and their cells."""
    listed = rows.to_dict("records")
    stated: dict[str, Row] = {}
    for row in listed:
        if row["value"]:
            stated.setdefault(row["term"], row)
    claimed = [row for row in listed if row["term"] == "claim" and row["value"]]
    made: list[Row] = []
    if len(set(terms.claims)) > 1:
        other = next(place for place, claim in enumerate(terms.claims) if claim != terms.claims[0])
        made.append(_differ(terms.claims[0], terms.claims[other], [claimed[0], claimed[other]]))
    if terms.possible and terms.targets:
        made += _equal_targets(terms, terms.possible, terms.targets)
    if terms.claims and "scaling" in stated:
        made += _received(terms.claims[0], rows, awards)
    made += [
        {"fact": row["name"], "standing": standing, "how": row["basis"], "source": row["source"], "cells": _place(row)}
        for row in listed
        if (standing := _NOTED.get(row["term"]))
    ]
    for row in made:
        used = [stated[name] for name in row.pop("_from", ()) if name in stated]
        row.setdefault("source", _together(row["source"] for row in used))
        row.setdefault("cells", _together(_place(row) for row in used))
    return made


def _place(row: Row) -> str:
    """Give the file and cell that a fact stands in; empty for what no return prints."""
    return ", ".join(part for part in (f"{row['quarter']}/{row['file']}", row["sheet"], row["value_cell"]) if part) if row.get("value_cell") else ""


def _together(parts: Iterable[str]) -> str:
    """Give parts, each once."""
    return "; ".join(dict.fromkeys(part for part in parts if part))


_NOTED = {"differs": DIFFER, "not printed": NOT_DERIVED}
"""Term under which the register notes something -> its standing."""


def _differ(first: Fraction, second: Fraction, claimed: list[Row]) -> Row:
    """Say by how much two printed claims differ, and whether rounding could explain it."""
    coarse = next((Fraction(10) ** power for power in range(6, 0, -1) if rounded(first, Fraction(10) ** power) == second), None)
    how = f"{claimed[0]['source']} prints {pounds(first)}, {claimed[1]['source']} {pounds(second)}: {pounds(abs(first - second))} apart"
    how += f"; the second is the first to the nearest {pounds(coarse).removesuffix('.00')}" if coarse else ""
    row = {"fact": "The claim", "value": abs(first - second), "value_unit": "pounds", "standing": DIFFER}
    row |= {"how": f"{how}. What follows is worked out from {pounds(first)}."}
    return row | {"source": _together(row["source"] for row in claimed[:2]), "cells": _together(_place(row) for row in claimed[:2])}


def _equal_targets(terms: Terms, possible: Fraction, targets: int) -> list[Row]:
    """Give what equal targets would have earned, and how that stands to the claim."""
    each = possible / targets
    made = [_follows("Grant of each target, if all were equal", each, f"{pounds(possible)} / {targets}", "possible", "targets")]
    if not terms.claims:
        return made
    claim = terms.claims[0]
    share = _follows("The claim as a share of what was possible", claim / possible * 100, f"{pounds(claim)} / {pounds(possible)}", "claim", "possible")
    number = _follows("The claim in equal targets", claim / each, f"{pounds(claim)} / {exact_pounds(each)}", "claim", "possible", "targets")
    made += [share | {"value_unit": "percent"}, number | {"value_unit": "number"}]
    if terms.achieved is None:
        return made
    achieved = shown(frames.decimal(terms.achieved))
    known, exact = f"{achieved} of {targets} equal targets", each * terms.achieved
    paid = rounded(exact, terms.penny, terms.rounding)
    half = f", to the penny {pounds(paid)} ({terms.rounding})" if paid != exact else ""
    how = f"{achieved} / {targets} of {pounds(possible)} = {exact_pounds(exact)}{half}"
    made.append(_follows(f"Earned, had {known} been paid in full", exact, how, "possible", "targets", "achieved"))
    if claim == paid:
        how = "the claim is exactly that"
    else:
        why = "or others were paid for part of their stretch" if claim > paid else "or not all of these were paid in full"
        how = f"{pounds(claim)} less {pounds(paid)}. So {known} do not make the claim: targets or their parts were of unequal worth, {why}"
    return [*made, _follows(f"The claim less {known}", claim - paid, how, "claim", "possible", "targets", "achieved")]


_STEPS = {
    "due": ("Receipt that follows from the claim", "scaling"),
    "not due": ("Claimed and not paid", "scaling"),
    "capital": ("Of the receipt, capital", "capital"),
    "revenue": ("Of the receipt, revenue", "capital"),
    "split": ("Of the receipt, to", "split"),
    "top slice": ("Of the receipt, taken off first for", "top slice"),
}
"""Step of a payment -> what the statement calls it, and the term that decides it."""


def _received(claim: Fraction, rows: pd.DataFrame, awards: pd.DataFrame) -> list[Row]:
    """Give what the claim comes to once it is paid: scaled, by kind, by who gets it, and what awards leave of it."""
    steps = frames.rows(payments(pd.DataFrame({"amount": [frames.decimal(claim)]}), rows))
    made = []
    for step in steps:
        if step["step"] in _STEPS:
            called, term = _STEPS[step["step"]]
            of = " ".join(filter(None, [called, step["name"], f"({step['instalment']})" if step["instalment"] else ""]))
            made.append(_follows(of, Fraction(step["amount"]), step["how"], "claim", term))
    received = sum((Fraction(step["amount"]) for step in steps if step["step"] == "due"), Fraction(0))
    for name, of_round in awards.groupby("round", sort=True):
        known = [Fraction(award) for award in of_round["award"] if award is not None]
        if len(known) == len(of_round):
            together = sum(known, Fraction(0))
            files = _together(f"{row['quarter']}/{row['file']}" for row in frames.rows(of_round))
            made.append(_follows(f"Awarded in {name}", together, f"{len(known)} awards, as returned") | {"cells": files})
            how = f"{pounds(received)} less {pounds(together)}, if the claim was paid as above"
            made.append(_follows(f"Of the receipt, not awarded in {name}", received - together, how, "claim", "scaling") | {"cells": files})
    return made


def _follows(fact: str, value: Fraction, how: str, *terms: str) -> Row:
    """Give a line that follows from some terms."""
    return {"fact": fact, "value": value, "value_unit": "pounds", "standing": FOLLOWS, "how": how, "_from": terms}
