"""How final a quarter's reports are: draft, provisional or final."""

from __future__ import annotations

from analysis.reports.report import Report
from analysis.reports.wording import count, verb


def status(report: Report) -> str:
    """
    Say how final the report is.

    Provisional where a problem in the returns holds figures back; final where the register `sign_offs.csv` has a name and a day
    for the quarter and for just these inputs; draft everywhere else, also where anything has changed since it was signed off.
    """
    held = len(report.held)
    if held:
        return f"Provisional: {count(held, 'problem')} {verb(held, 'holds', 'hold')} figures back"
    signed = report.registers.sign_offs
    signed = signed[signed["quarter"] == report.quarter]
    if signed.empty:
        return "Draft: not signed off"
    last = signed.sort_values("signed_on", kind="stable").to_dict("records")[-1]
    if last["inputs"] != inputs(report):
        return f"Draft: returns or registers changed since {last['signed_by']} signed off on {last['signed_on']}"
    return f"Final: signed off by {last['signed_by']} on {last['signed_on']}"


def inputs(report: Report) -> str:
    """
    Give the fingerprint of what the quarter's reports are made of, which somebody who signs off copies.

    It is that of every return as it came, also of those whose own fingerprint is held back, so that none can change unseen.
    """
    return report.inputs


def may_be_shown(report: Report) -> bool:
    """Say whether the fingerprint may be published: not where a small number is held back, because it tells whoever tries them all which is right."""
    return "[c]" not in set(report.history("returns")["sha256"])
