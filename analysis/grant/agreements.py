"""Where each agreement stands: a small state machine that never pays before a signature."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

import pandas as pd

from analysis import frames
from analysis.dates import due, last_day
from analysis.markup import slug

NOT_SENT, SENT, SIGNED, ORDERED, INVOICED, PAID = "not sent", "contract sent", "signed", "purchase order raised", "invoice received", "paid"
STATES = (NOT_SENT, SENT, SIGNED, ORDERED, INVOICED, PAID)
"""The states of an agreement, in order. Payment by instalments goes from paid back to an invoice for the next."""
NEXT = {**dict(pairwise(STATES)), PAID: INVOICED}
"""State -> the only step that may follow it."""

_PAPER = r"(?:contracts?|agreements?|slas?)\b"
_ORDER = r"(?:purchase orders?|p\.?o\.?)(?!\w)"
_SAYS = {
    SENT: rf"\b{_PAPER}.*\bsent\b|\bsent\b.*\b{_PAPER}",
    SIGNED: rf"\bsigned\b.*\b(?:{_PAPER}|copy\b|copies\b).*\b(?:received|returned|back)\b|\breceived\b.*\bsigned\b|\b{_PAPER}.*\bsigned\b",
    ORDERED: rf"\b{_ORDER}.*\braised\b|\braised\b.*\b{_ORDER}",
    INVOICED: r"\binvoices?\b.*\breceived\b|\breceived\b.*\binvoices?\b",
    PAID: r"(?:^|\b(?:been|now|was|were|instalment|invoice|grant|it)\b.*)\bpaid\b(?! (?:staff|worker|post))|\bpayments?\b.*\bmade\b",
}
"""Step -> how a return says that it is done, in one clause."""
_NOT_DONE = re.compile(
    r"\b(?:await\w*|before|no|not|never|neither|none|cannot|will|should|must|shall|may|if|when|yet|being)\b"
    r"|\b(?:pending|expected|outstanding|to be|can be|once|until)\b|n['\u2019]t\b"
)
"""What makes a clause say that something is not done, or only to come."""
_CAME = re.compile(r"\breports?\b.*\b(?:received|submitted|delivered)\b", re.IGNORECASE)
_ANSWERED_NO = re.compile(r"[?:]\s*(?:no|not)\b")
_CLAUSE = re.compile(r"[.;?\n,]|\s[-\u2013\u2014]\s|\b(?:and|but|although|though|however)\b|\b(?=to be\b)")
_THING = re.compile(rf"\b(?:{_PAPER}|{_ORDER}|invoices?\b|payments?\b)")


def follow(state: str, step: str) -> str:
    """
    Give the state after a step.

    Raises:
        ValueError: the step may not follow the state, such as a payment before a signature.

    >>> follow("contract sent", "signed")
    'signed'
    >>> follow("contract sent", "paid")
    Traceback (most recent call last):
    ...
    ValueError: 'paid' cannot follow 'contract sent': next is 'signed'
    """
    if NEXT[state] != step:
        raise ValueError(f"{step!r} cannot follow {state!r}: next is {NEXT[state]!r}")
    return step


def steps_said(progress: str) -> list[str]:
    """
    Give the steps that a return says are done, in the order of the states; what is awaited is not done.

    >>> steps_said("Contract developed and sent. Awaiting signed copy of contract before payment can be made.")
    ['contract sent']
    """
    said, thing = set(), ""
    for part in _CLAUSE.split(_ANSWERED_NO.sub(" not ", progress.casefold().replace("p.o.", "po"))):
        named = _THING.search(part)
        clause = part.strip() if named or not thing else f"{thing} {part.strip()}"  # "contract developed and sent": the contract is sent
        thing = named[0] if named else thing
        if not _NOT_DONE.search(clause):
            said |= {step for step, pattern in _SAYS.items() if re.search(pattern, clause) or re.search(pattern, part.strip())}
    return [step for step in STATES if step in said]


def furthest(steps: Iterable[str]) -> str:
    """
    Give the state that steps lead to. A signature proves that the contract was sent, an order that nothing more; a payment needs the signature said.

    >>> furthest(["signed", "purchase order raised"]), furthest(["purchase order raised"]), furthest([])
    ('purchase order raised', 'not sent', 'not sent')
    """
    said = set(steps)
    said |= {SENT} if SIGNED in said else set()
    state = NOT_SENT
    while state != PAID and NEXT[state] in said:
        state = follow(state, NEXT[state])
    return state


def standing(agreements: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """
    Give where each agreement stands.

    Args:
        agreements: frame of the `AGREEMENTS` contract, of as many quarters as there are: a step said once stays done.
        quarter: the quarter reported; its last day decides what is overdue.

    Returns:
        Frame of the `AGREEMENT_STATES` contract, a row for each row given. `state` is one of `STATES`: the furthest that is reached without leaving
        a step out; `next_step` what has to follow; `steps` what the returns say is done; `may_be_paid` "yes" once it is signed. `due` is the day
        the report is due (ISO); `report_state` "received" where the return says that it came, "due later",
        "overdue" where that day is past at the quarter's end, or "no date".

    Source: domain.md 7, "Round 2"; source document 001, lines 137 to 160: no payment before a signed copy of the contract.
    """
    said: dict[str, set[str]] = {}
    rows = []
    for row in sorted(frames.rows(agreements), key=lambda row: row["quarter"]):
        steps = said.setdefault(row["project"], set())
        steps |= set(steps_said(row["progress"]))
        state = furthest(steps)
        when = due(row["report_due"], row["quarter"])
        came = bool(_CAME.search(row["report_due"])) and not _NOT_DONE.search(row["report_due"].casefold())
        late = when is not None and when[0] <= last_day(quarter)
        rows.append(
            row
            | {"state": state, "next_step": NEXT[state], "steps": ", ".join(step for step in STATES if step in steps)}
            | {"may_be_paid": "yes" if SIGNED in steps else "no", "due": when[0].isoformat() if when else ""}
            | {"report_state": "received" if came else "no date" if when is None else "overdue" if late else "due later"}
            | {"figure_id": f"{row['quarter']}.agreement.{slug(row['project'])}"}
        )
    return frames.make(rows, frames.AGREEMENT_STATES)
