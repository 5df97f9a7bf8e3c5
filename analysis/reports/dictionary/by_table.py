"""What a published column holds in one table, where its name means something else there, or can be said better."""

from __future__ import annotations

_OF_CHANGES = {
    "now": "What is shown after the step, as a number; of a band, its place counted from the worst.",
    "part": "What of the figure differs: actual, target, band, or an amount.",
    "step": "The step's place on the way from the earlier to the later.",
    "was": "What is shown before the step, as a number; of a band, its place counted from the worst.",
    "what": "What the figure is of: measures, awards, monthly indicators or totals.",
    "words": "The step in words.",
}

OF_TABLE = {
    "agreements": {"organisation": "The organisation that the agreement is with.", "state": "The furthest step that is reached with none before it left out."},
    "awards": {
        "kind": "Capital, revenue, or not stated.",
        "verdict": "Whether the award is made up of spend to date, remaining forecasts and identified underspend.",
    },
    "burn_up": {"kind": "Whether the quarter is one of actual spend or of forecasts.", "unknown_count": "How many awards have an amount that is not known."},
    "cells": {
        "figure_id": "The ids of the figures that the cell feeds, with a space between.",
        "outcome": "What became of the cell: used, ignored or quarantined.",
        "reason": "Why it was ignored or quarantined, or what it was used for beside figures.",
    },
    "changes": _OF_CHANGES,
    "disagreements": {"target_raw": "The target, as typed in the return.", "actual_raw": "The actual, as typed in the return."},
    "earned": {
        "amount": "The reward that the target has earned; empty where its outturn is not known.",
        "at_most": "The most that the target can have earned.",
        "reason": "Why nothing can be worked out; empty where it can.",
        "target": "Name of the target.",
    },
    "entitlement": {
        "cells": "The cells that the row rests on, with their files.",
        "standing": "Whether it is printed, follows from what is printed, differs between sources or cannot be derived.",
        "value_raw": "The figure or the words, as typed in the return.",
        "value_cell": "The cell of the figure.",
        "value_unit": "What the figure is in.",
    },
    "exceptions": {
        "band": "The newest band of the measure, as for the scorecard.",
        "rank": "Its place in the list, 1 being what needs attention most.",
    },
    "findings": {"found": "What the figures give instead.", "what": "What the finding is about."},
    "forecasts": {"reason": "Why there is no forecast, or no outlook.", "target": "The target of the year; empty where none is given."},
    "headlines": {"how": "What was counted or added up, in words.", "name": "A short name that stays the same from quarter to quarter."},
    "grades": {
        "subject": "The measure, the indicator or the project that the figure is of.",
        "what": "What the figure is: a measure, a month or an award.",
        "why": "What made the grade less than good.",
    },
    "grant_totals": {
        "kind": "Which awards are added up: all, capital, revenue, not stated, or by theme.",
        "theme": "The theme whose awards are added up; all where they are not divided by theme.",
        "unknown_count": "How many awards do not state the amount.",
        "what": "Which amount of the spend form is added up.",
    },
    "issues": {"cell": "The cell, or the first and last row, that it is about.", "rule": "The check that noticed it."},
    "milestones": {
        "outcome": "What is to be reached.",
        "state": "Done, overdue, due with nothing said, not yet due, or with no date.",
    },
    "missing": {"what": "What is missing: data, a return, a measure or an award.", "state": "Why it is missing, or when it is due."},
    "outcome_measures": {"outcome": "The outcome that it is to show."},
    "outturn": {
        "forecast": "What is forecast still to be spent of the award.",
        "kind": "Capital, revenue, or not stated.",
        "state": "What the outturn of the award is, such as money without a plan.",
        "unknown_count": "How many of the award's amounts are not known.",
    },
    "owed": {"basis": "What says that the return is owed.", "state": "What became of it: not due, due, late, received, held or accepted."},
    "payments": {
        "name": "Who or what the part is for.",
        "step": "The step: earned, due, paid and its parts.",
        "unknown_count": "How many targets' amounts are not known.",
    },
    "policies": {
        "figure": "The figure that is compared: the actual, or the forecast of the year's end.",
        "points": "What is added after the factor, in the measure's own unit.",
    },
    "positions": {
        "how": "Whether the position is computed here, was published, or was stated in the return.",
        "rank": "Its place among the members, 1 being best.",
    },
    "process": {"verdict": "What the point is: common cause, an improvement or a concern.", "what": "Whether the series is a measure or a monthly indicator."},
    "receipts": {"rule": "What was made of the cell.", "what": "The figure and its part, in words."},
    "returns": {"reason": "Why the file is in that state.", "state": "What became of the file."},
    "revised": {"part": "Which figure of the measure changed."},
    "reward_outlook": {"rank": "Where the next effort earns most, 1 being first.", "target": "Name of the target.", "reason": "Why something cannot be told."},
    "reward_targets": {"target": "Name of the target."},
    "reward_way": {"what": "Name of the step."},
    "sample": {"why": "Why it was chosen: among the largest, odd, or at random.", "part": "Which amount of the award."},
    "scorecard": {
        "agreement": "How the band worked out stands to the one printed.",
        "kind": "What the measure's figure covers, which decides what it may be compared with.",
        "reason": "Why there is no band; empty where there is one.",
        "target_raw": "The target, as typed in the return.",
        "actual_raw": "The actual, as typed in the return.",
        "target_cell": "The cell of the target.",
        "actual_cell": "The cell of the actual.",
    },
    "since_last_run": _OF_CHANGES,
    "variation": {"what": "Whether the series is a measure or a monthly indicator."},
    "variations": {
        "amount": "How much is moved; empty where nobody has stated it.",
        "state": "What the ledger still lacks.",
        "what": "What the money is moved to, in the words of the return.",
    },
    "year_to_date": {
        "kind": "What the measure's figure covers.",
        "reason": "Why there is no figure.",
        "unknown_count": "How many quarters of the year are not known.",
    },
}
"""Table -> column -> what it holds there."""
