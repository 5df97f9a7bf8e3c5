"""The rows of a form that ask for milestones and for words: what was agreed, and room for more."""

from __future__ import annotations

from typing import Any

from analysis.reports.forms import wording
from analysis.reports.forms.parts import CHECK, Cell, Column, Row, chosen_from, clipped, locked, quoted, to_fill, words_of

CHOOSE = "Choose a RAG"
NEEDS_NAMES = "Give organisation, timescale and outcome"
NEEDS_TEXT = "Give section, group or theme, and text"
NOT_USED = "Not used"
FINE = "OK"
NAMED_BY = ("Organisation", "Outcome")
MILESTONES = (Column("Organisation", 24), Column("Timescale", 34), Column("Outcome", 52), Column("RAG", 12), Column(CHECK, 18))
REPORT = (
    Column("Section", 18), Column("Group or theme", 24), Column("Subject", 22), Column("Text", 55), Column("For discussion", 11), Column(CHECK, 15),
)  # fmt: skip
MORE_MILESTONES, PARAGRAPHS = 10, 30


def milestone(past: dict[str, Any]) -> Row:
    """Give the row of a milestone that was reported before."""
    last = f" Last time: {clipped(past['rag'], 60)}." if past["rag"] else ""
    return (
        locked(past["organisation"]),
        locked(past["timescale"]),
        locked(past["outcome"]),
        to_fill(f"How it stands: Done, Green, Amber or Red.{last}", chosen_from(wording.STATES)),
        Cell(CHOOSE, formula=f'IF(TRIM([RAG])="",{quoted(CHOOSE)},{quoted(FINE)})'),
    )


def more_milestones() -> tuple[Row, ...]:
    """Give rows for milestones that nobody has reported yet."""
    names = ",".join(f'TRIM([{heading}])=""' for heading in ("Organisation", "Timescale", "Outcome"))
    check = f'IF(AND({names},TRIM([RAG])=""),{quoted(NOT_USED)},IF(OR({names}),{quoted(NEEDS_NAMES)},IF(TRIM([RAG])="",{quoted(CHOOSE)},{quoted(FINE)})))'
    new = (
        to_fill("For a new milestone: who answers for it. Up to 200 characters.", words_of(200)),
        to_fill("By when: a day, a month or a quarter, and what happens then. Up to 500 characters.", words_of(500)),
        to_fill("What there is when it is reached. Up to 1,000 characters.", words_of(1000)),
        to_fill("How it stands: Done, Green, Amber or Red.", chosen_from(wording.STATES)),
        Cell(NOT_USED, formula=check),
    )
    return (new,) * MORE_MILESTONES


def paragraphs(grouped: str) -> tuple[Row, ...]:
    """Give the rows of a report in words; *grouped* says whose it is, in what is shown for the group."""
    names = ",".join(f'TRIM([{heading}])=""' for heading in ("Section", "Group or theme", "Text"))
    check = f'IF(AND({names},TRIM([Subject])=""),{quoted(NOT_USED)},IF(OR({names}),{quoted(NEEDS_TEXT)},{quoted(FINE)}))'
    row = (
        to_fill("What it is: choose one, such as achievement, challenge or recommendation.", chosen_from(wording.SECTION)),
        to_fill(
            clipped(f"Whose it is, or which theme it is about{f', such as {grouped}' if grouped else ''}.", 200),
            chosen_from(wording.GROUPS, firm=False, message="This is neither a group nor a theme of the partnership. Keep it if it is meant."),
        ),
        to_fill("The measure or the matter, if there is one: NI 155. Up to 200 characters.", words_of(200)),
        to_fill("One point, in plain words. Up to 3,000 characters.", words_of(3000)),
        to_fill("Yes, where the Chief Executives should talk about it. Otherwise No.", chosen_from(wording.DISCUSSION)),
        Cell(NOT_USED, formula=check),
    )  # fmt: skip
    return (row,) * PARAGRAPHS
