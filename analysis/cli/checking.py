"""The commands that look at returns without making reports: check, status, slips."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from analysis.cli.asked import HELD, as_read, day_of, examined, line, outputs_of, owed_of, quarter_of

if TYPE_CHECKING:
    import pandas as pd


def check(asked: Namespace) -> int:
    """Print every issue of a quarter's returns, those found in reading at once, and what became of their cells; 3 where something fails."""
    from analysis import examination, expectations, frames, grant, quarters
    from analysis.vocabulary import Severity

    def said(issues: pd.DataFrame) -> pd.DataFrame:
        chosen = issues[(issues["quarter"] == quarter) | issues["rule"].isin(list(grant.CHECKS))]  # grant is reported a quarter late
        for issue in frames.rows(chosen):
            print(line(issue))
        sys.stdout.flush()
        return chosen

    quarter = quarter_of(asked)
    read, registers = as_read(asked, quarter)
    found = said(read["issues"])
    made = examination.examine(read, registers, quarter, answers=expectations.answers(asked.data, grows=False))
    more = said(made["issues"].iloc[len(read["issues"]) :])
    issues, returns = frames.stack([found, more], frames.ISSUES), made["returns"][made["returns"]["quarter"] == quarter]
    sums = {name: int(returns[name].sum()) for name in ("cells", "used", "ignored", "quarantined")}
    print(
        f"{quarters.label(quarter)}: returns {len(returns)}, cells {sums['cells']}: "
        f"{sums['used']} used, {sums['ignored']} ignored, {sums['quarantined']} quarantined."
    )
    fails = int((issues["severity"] == Severity.FAIL).sum())
    print(f"Failures: {fails}. Advisories and notes: {len(issues) - fails}.")
    return HELD if fails else 0


def status(asked: Namespace) -> int:
    """Print which returns are owed, their state and how late they are, and what is missing by name; 3 where a return is late or held."""
    from analysis import frames, quarters
    from analysis.quality import NOT_RECEIVED
    from analysis.vocabulary import Delivery

    quarter, on = quarter_of(asked), day_of(asked)
    made, registers = owed_of(asked, quarter, on)
    owed = frames.rows(made["owed"][made["owed"]["quarter"] == quarter])
    print(f"{quarters.label(quarter)}, on {on.isoformat()}: {len(owed)} {'return' if len(owed) == 1 else 'returns'} owed.")
    if registers.returns_owed.empty:
        print("Nobody has written which returns are owed: data/reference/returns_owed.csv (docs/registers.md).")
    for row in owed:
        late = f", {row['days_late']} {'day' if row['days_late'] == 1 else 'days'} late" if row["days_late"] else ""
        due = f", due {row['due']}" if row["due"] else ", no deadline stated"
        came = f", came {row['received_on']}" if row["received_on"] else ""
        print(f"  {row['state']:<9} {row['partner']}: {', '.join(filter(None, (row['form'], row['covers'])))}{due}{came}{late}")
    counted = {state: sum(row["state"] == state for row in owed) for state in Delivery}
    print("  " + ", ".join(f"{number} {state}" for state, number in counted.items() if number) + "." if owed else "", end="\n" if owed else "")
    missing = [row for row in frames.rows(made["missing"]) if row["quarter"] == quarter and not row["state"].startswith(NOT_RECEIVED)]
    if missing:
        print(f"Missing by name: {len(missing)}.")
        for row in missing:
            print(f"  {row['what']:<9} {row['name']}: {row['state']}")
    return HELD if counted[Delivery.LATE] or counted[Delivery.HELD] else 0


def slips(asked: Namespace) -> int:
    """Write one page and one table for each partner: which cells to mend, and by when."""
    from analysis import quarters
    from analysis.reports import open_report
    from analysis.reports.slips import write

    quarter = quarter_of(asked)
    made, _ = examined(asked, quarter)
    folder = outputs_of(asked) / "slips" / quarter
    written = write(open_report(quarter, asked.data, made, protected=False), folder)
    for partner, number in written.items():
        print(f"  {number:>4} {'cell' if number == 1 else 'cells'} to look at: {partner}")
    print(f"{quarters.label(quarter)}: {len(written)} {'slip' if len(written) == 1 else 'slips'} in {folder}" if written else "Nobody has anything to mend.")
    return 0
