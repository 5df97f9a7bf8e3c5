"""Milestones: when each is due, and what the returns say of it."""

from __future__ import annotations

import pandas as pd

from analysis import frames, values
from analysis.dates import due, last_day
from analysis.errors import UnreadableValue

NO_DATE, LATER, SILENT, OVERDUE, DONE = "no date", "not yet due", "due, nothing said", "overdue", "done"
STATES = (OVERDUE, SILENT, LATER, NO_DATE, DONE)
"""What a milestone can be, most pressing first."""
_DONE = {"complete", "completed", "done", "achieved", "met", "blue", "b"}


def due_milestones(milestones: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """
    Give each milestone's due date and what it is at the end of a quarter.

    Args:
        milestones: frame of the `MILESTONES` contract; the date is read from `timescale`.
        quarter: the quarter reported; what is due by its last day is due.

    Returns:
        Frame of the `MILESTONE_STATES` contract. `due` is ISO, empty where the timescale names no date; `due_read` the words it was read from.
        `state`: "done" where the RAG says so; "overdue" where it is due and its RAG says something else; "due, nothing said" where it is due
        and has no RAG, which is neither done nor missed; "not yet due"; "no date". `overdue` holds for both kinds of due and not done.

    Source: domain.md 7, "Round 2"; source document 001, Appendix 3.
    """
    rows = []
    for row in frames.rows(milestones):
        when = due(row["timescale"], row["quarter"])
        rag = row["rag"].strip().casefold()
        if rag in _DONE:
            state = DONE
        elif when is None:
            state = NO_DATE
        elif when[0] > last_day(quarter):
            state = LATER
        else:
            state = SILENT if _says_nothing(rag) else OVERDUE
        rows.append(
            row | {"due": when[0].isoformat() if when else "", "due_read": when[1] if when else "", "state": state, "overdue": state in (OVERDUE, SILENT)}
        )
    return frames.make(rows, frames.MILESTONE_STATES)


def _says_nothing(rag: str) -> bool:
    """Say whether a RAG cell is blank, or only says that there is none: "TBC", "-", "n/a"."""
    try:
        return not values.read(rag).known
    except UnreadableValue:
        return False
