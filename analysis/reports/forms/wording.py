"""What a form offers to choose from, and what it says of itself: reasons that read back, levels of check, five steps."""

from __future__ import annotations

from analysis import quarters
from analysis.reports.forms import check
from analysis.vocabulary import SECTIONS

LEVELS_OF_CHECK = ("not checked", "checked by the person who prepared it", "checked by somebody else", "audited")
YES = ("Yes",)
YES_OR_NO = ("Yes", "No")
RAG = ("Done", "Green", "Amber", "Red")
LEVELS = "levels_of_check"
REASONS, PROVISIONAL, DISCUSSION, STATES, SECTION, GROUPS = "reasons_for_none", "provisional", "yes_or_no", "rag_of_milestones", "sections", "groups_and_themes"


def reasons(quarter: str) -> tuple[str, ...]:
    """
    Give the reasons for having no figure of a quarter, as partners choose them; each is read as one.

    >>> reasons("2016-17-Q3")[-2:]
    ('Reports in Q2 only', 'Reports in Q4 only')
    """
    elsewhere = tuple(f"Reports in {of} only" for of in ("Q1", "Q2", "Q3", "Q4") if of != quarter[-2:])
    return ("TBC", "No actual", "Not applicable", "No survey this quarter", "Baseline", f"New in {quarter[:4]}/{quarter[5:7]}", *elsewhere)


def lists(quarter: str, groups: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Give every list that a form's cells are chosen from or checked by, by the name that it has in the spreadsheet."""
    offered = {LEVELS: LEVELS_OF_CHECK, REASONS: reasons(quarter), PROVISIONAL: YES, DISCUSSION: YES_OR_NO, STATES: RAG, SECTION: SECTIONS, GROUPS: groups}
    offered |= {check.SHAPES: check.shapes(), check.SIGNS: check.KNOWN_SIGNS}
    return {name: words for name, words in offered.items() if words}


def steps(quarter: str, contact: str, due: str) -> list[str]:
    """
    Give what a partner is asked to do, in order.

    Args:
        quarter: the quarter to be returned.
        contact: whom to send the form to; empty where the register does not say.
        due: by when, in words; empty where nobody has stated a deadline.
    """
    whom = contact or "the person who sent it to you"
    by = f"by {due}" if due else "as soon as you can: nobody has stated a deadline"
    what = f"{quarters.label(quarter)} ({quarters.months(quarter)})"
    asked = (
        (f"Fill in the boxed, yellow cells of every sheet for {what}. Choose a cell, and a note says what goes into it. The other cells are locked; if "
        f"something in them is wrong, leave it and tell {whom}."),
        ("Give each figure as you would write it: 97.8%, £1,600.00, 01:30, 13-15%, 42.5% (62/146). Where there is none, choose a reason for none. Never write 0 "
        "for a figure that is not known."),
        ("Look at the column Check, at the right: every row should say OK, or that it is not due. Where a figure is provisional, or has moved much, say so and "
        "say why."),
        ("Above the first table, say who prepared the form, when, and its level of check. Only where you send it again, give the Reason: what changed, and why."),
        f"Save it as .xlsx and send it to {whom} {by}.",
    )  # fmt: skip
    return [f"{number}. {step}" for number, step in enumerate(asked, 1)]


ROOM = (
    "Rows may be filtered and may stand in any order, and columns may be made wider. Please add nothing to the left of the headings or between them: "
    "each row is found by its name and each column by its heading. Text may be pasted in; it is looked at again when it is read."
)
LEVELS_EXPLAINED = (
    "Not checked: nobody has looked at the figures since they were typed. Checked by the person who prepared it: that person has held them against their "
    "source once more. Checked by somebody else: another person has. Audited: an auditor has examined how they were made. An honest 'not checked' is worth "
    "more than a hopeful 'checked'."
)
