"""The forms that returns come in, each known by its headings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

FIGURE, CODE, WORDS = "figure", "code", "words"
"""How a field is read: a figure (exact), a code (status, polarity, serial), or words that stay as written."""
CHECK = "Check"
"""The heading under which a form that is sent out says whether a row can stand as it is."""
AS_SENT = ("Instructions", "Lists")
"""The sheets of a form that is sent out which hold no return."""


@dataclass(frozen=True)
class Field:
    """
    One column of a form.

    Attributes:
        name: the field's name in frames.
        headings: the headings it is known by; matched without regard to case, spaces and punctuation.
        kind: FIGURE, CODE or WORDS.
        required: whether the form can be recognised and read without it.
        pattern: for a family of columns ("Quarter 2 Forecast"): matched against the folded heading, its groups
            filling the `{}` of `name`.
    """

    name: str
    headings: tuple[str, ...] = ()
    kind: str = WORDS
    required: bool = False
    pattern: str = ""


@dataclass(frozen=True)
class Form:
    """
    A kind of return, known by its headings.

    Attributes:
        name: what the form is called.
        naming: the field that names a row: a row that fills it alone is a record with everything else missing.
        fields: its columns.
        registered: whether what it names is in a register, so that a name alone in a row can be told from other text.
        totals: whether a row called "Total" is a total, not one of the things reported.
        filled_in: headings of the form as it is sent out under which the workbook itself writes: nothing under them is read.
    """

    name: str
    naming: str
    fields: tuple[Field, ...]
    registered: bool = False
    totals: bool = True
    filled_in: tuple[str, ...] = (CHECK,)


_EVIDENCE = (Field("source", ("Source",)), Field("transcription_note", ("Transcription note",)))

FORMS = (
    Form("performance", "measure", (
        Field("theme", ("Theme",)),
        Field("number", ("No", "Number", "Serial", "Ref"), CODE, required=True),
        Field("measure", ("Measure", "Indicator", "Performance measure"), required=True),
        Field("polarity", ("Good", "Good =", "Polarity"), CODE),
        Field("target", ("Target",), FIGURE, required=True),
        Field("actual", ("Actual", "Actuals", "Outturn"), FIGURE, required=True),
        Field("reason_for_none", ("Reason for none",), CODE),
        Field("provisional", ("Provisional",), CODE),
        Field("what_changed", ("What changed",)),
        Field("why", ("Why",)),
        Field("what_next", ("What next",)),
        Field("who", ("Who",)),
        Field("by_when", ("By when",)),
        Field("published_status", ("RAG status", "RAG", "Status"), CODE),
        Field("data_period", ("Data period", "Period"), CODE),
        Field("note", ("Note", "Notes"), CODE),
        Field("commentary", ("Commentary", "Comment", "Comments")),
        *_EVIDENCE,
    ), registered=True, filled_in=("Definition", "Unit", "Last figure", CHECK)),
    Form("monthly", "indicator", (
        Field("indicator", ("Indicator",), required=True),
        Field("polarity", ("Polarity", "Good"), CODE, required=True),
        Field("month_{1}_{0}", ("one column a month, such as September 2009",), kind=FIGURE, required=True, pattern=r"(?:0?1)?(january|february|march|april|may|june|july|august|september|october|november|december)((?:19|20)\d{2})"),
        Field("published_status", ("RAG", "RAG status"), CODE),
        Field("direction_published", ("Direction of travel",), CODE),
        *_EVIDENCE,
    ), totals=False),
    Form("grant spend", "project", (
        Field("project", ("Project",), required=True),
        Field("award", ("Total grant awarded", "Grant awarded", "Award"), FIGURE, required=True),
        Field("forecast_q{0}", kind=FIGURE, pattern=r"q(?:uarter)?([1-4])(?:\d{4,6})?forecasts?"),
        Field("actual_q{0}", kind=FIGURE, pattern=r"q(?:uarter)?([1-4])(?:\d{4,6})?(?:actuals?)?"),
        Field("total_to_date", ("Total spend to date", "Total to date"), FIGURE, required=True),
        Field("identified_underspend", ("Identified underspend",), FIGURE, required=True),
        Field("completed", ("Completed",), CODE),
        Field("note", ("Note", "Notes")),
        *_EVIDENCE,
    ), registered=True),
    Form("agreements", "project", (
        Field("project", ("Project",), required=True),
        Field("organisation", ("Organisation",), required=True),
        Field("progress", ("Progress",), required=True),
        Field("report_due", ("Report due",), CODE, required=True),
        *_EVIDENCE,
    )),
    Form("milestones", "outcome", (
        Field("organisation", ("Organisation",), required=True),
        Field("timescale", ("Timescale", "Timescales"), required=True),
        Field("outcome", ("Outcome", "Outcomes"), required=True),
        Field("rag", ("RAG", "RAG status"), CODE),
        *_EVIDENCE,
    )),
    Form("outcome measures", "outcome_measure", (
        Field("priority", ("Priority",), required=True),
        Field("outcome", ("Outcome",)),
        Field("number", ("No", "Number"), CODE),
        Field("outcome_measure", ("Outcome measure",), required=True),
        Field("description", ("Description",)),
        Field("baseline", ("Baseline",), kind=FIGURE, pattern=r"baseline(?:\d{4,6})?", required=True),
        Field("year_{0}_{1}", kind=FIGURE, pattern=r"(20\d\d)(\d\d)"),
        Field("partners", ("Partners",)),
        Field("lead", ("Lead",), required=True),
        *_EVIDENCE,
    )),
    Form("reward targets", "target", (
        Field("agreement", ("Agreement",), required=True),
        Field("target", ("Target",), required=True),
        Field("sub_target", ("Sub-target",)),
        Field("polarity", ("Good", "Good =", "Polarity"), CODE),
        Field("expected_without_stretch", ("Expected without stretch",), FIGURE, required=True),
        Field("stretch_target", ("Stretch target",), FIGURE, required=True),
        Field("outturn", ("Outturn",), FIGURE, required=True),
        Field("potential_grant", ("Potential grant",), FIGURE),
        Field("weight", ("Weight",), FIGURE),
        Field("target_weight", ("Target weight",), FIGURE),
        *_EVIDENCE,
    )),
    Form("reward facts", "fact", (
        Field("agreement", ("Agreement",), required=True),
        Field("fact", ("Fact",), required=True),
        Field("value", ("Value",), CODE, required=True),
        Field("basis", ("Basis",)),
        *_EVIDENCE,
    )),
    Form("actions", "action", (
        Field("date", ("Date",), CODE, required=True),
        Field("action", ("Action",), required=True),
        Field("owner", ("Owner",), required=True),
        Field("outcome", ("Outcome",), required=True),
        *_EVIDENCE,
    )),
    Form("narrative", "text", (
        Field("section", ("Section", "Audience section"), CODE, required=True),
        Field("group_or_theme", ("Group or theme", "Group", "Theme"), required=True),
        Field("subject", ("Subject", "Heading")),
        Field("text", ("Text",), required=True),
        Field("for_discussion", ("For discussion",), CODE),
        *_EVIDENCE,
    )),
)  # fmt: skip
"""The forms. A new one is an entry here and a builder in `cleansing`."""

BESIDE_A_FIGURE = ("reason_for_none", "provisional", "what_changed", "why", "what_next", "who", "by_when")
"""Fields of the performance form that say more of its actual: why there is none, that it may change, what is to be said of it."""

HEADER_BLOCK = ("partner", "quarter", "prepared by", "date", "status", "level of check", "theme", "round", "reason")
"""The labels a file may carry above its table, each with its value in the next cell."""


_NEITHER_LETTER_NOR_DIGIT = re.compile(r"[\W_]+")


@lru_cache(maxsize=16384)
def folded(heading: str) -> str:
    """
    Give a heading without case, spaces and punctuation, for matching.

    >>> folded(" RAG-Status ")
    'ragstatus'
    """
    return _NEITHER_LETTER_NOR_DIGIT.sub("", heading).casefold()


def address(row: int, column: int) -> str:
    """
    Give the A1 address of a cell.

    >>> address(9, 28)
    'AB9'
    """
    return f"{letters_of(column)}{row}"


@lru_cache(maxsize=1024)
def letters_of(column: int) -> str:
    """
    Give the letters of a column, counted from 1.

    >>> letters_of(1), letters_of(28)
    ('A', 'AB')
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
