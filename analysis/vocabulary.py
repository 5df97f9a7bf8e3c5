"""The words the field uses: bands, polarities, reasons for a gap, severities, and how each is said."""

from __future__ import annotations

from enum import StrEnum


class Band(StrEnum):
    """
    A RAG band, best first.

    >>> [band.words for band in (Band.HG, Band.HR)]
    ['High Green', 'High Red']
    """

    HG = "HG"
    LG = "LG"
    G = "G"
    A = "A"
    LR = "LR"
    HR = "HR"

    @property
    def words(self) -> str:
        """The band as a reader says it."""
        return _BAND_WORDS[self]

    @property
    def red(self) -> bool:
        """Whether the band is one of the two reds, which makes a measure a key challenge."""
        return self in (Band.LR, Band.HR)

    @property
    def green(self) -> bool:
        """Whether the target is met."""
        return self in (Band.HG, Band.LG, Band.G)


_BAND_WORDS = {
    Band.HG: "High Green",
    Band.LG: "Low Green",
    Band.G: "Green",
    Band.A: "Amber",
    Band.LR: "Low Red",
    Band.HR: "High Red",
}


class Polarity(StrEnum):
    """Which way is good."""

    HIGHER = "higher"
    LOWER = "lower"
    IN_RANGE = "in range"
    NONE = "none"


class Kind(StrEnum):
    """
    What a measure's figure covers, which decides what it may be compared with and summed over.

    Source: domain.md 3.
    """

    QUARTER_COUNT = "quarter count"
    CUMULATIVE = "cumulative"
    RATE = "rate"
    SNAPSHOT = "snapshot"
    ROLLING_YEAR = "rolling year"
    ANNUAL = "annual"
    SURVEY = "survey"
    MILESTONE = "milestone"
    CONTEXTUAL = "contextual"
    NOT_STATED = "not stated"


class Reason(StrEnum):
    """
    Why a cell holds no figure. A gap always has one; none of them is zero.

    >>> Reason.UNKNOWN.shorthand, str(Reason.UNKNOWN)
    ('[x]', 'asked for and not known')
    """

    NOT_GIVEN = "not given"
    UNKNOWN = "asked for and not known"
    NOT_APPLICABLE = "not applicable, or no figure"
    BASELINE = "baseline year"
    NO_SURVEY = "no survey this quarter"
    NEW = "new measure"
    REPORTS_LATER = "reports in another quarter"
    NO_TARGET = "no target"
    NO_ACTUAL = "no actual"
    SEE_NOTE = "see note"
    NONE = "none set"
    SUPPRESSED = "suppressed"
    FORMULA_ERROR = "formula error"
    UNREADABLE = "could not be read"

    @property
    def shorthand(self) -> str:
        """The Government Analysis Function shorthand for tables."""
        return _SHORTHAND_OF_REASON.get(self, "[x]")


_SHORTHAND_OF_REASON = {
    Reason.NOT_APPLICABLE: "[z]",
    Reason.BASELINE: "[z]",
    Reason.NO_TARGET: "[z]",
    Reason.NONE: "[z]",
    Reason.NEW: "[z]",
    Reason.REPORTS_LATER: "[z]",
    Reason.SUPPRESSED: "[c]",
}

SHORTHAND = {
    "[x]": "not available",
    "[z]": "not applicable",
    "[c]": "confidential",
    "[p]": "provisional",
    "[r]": "revised",
    "[e]": "estimated",
    "[f]": "forecast",
    "[b]": "break in series",
    "[u]": "low reliability",
    "[low]": "rounds to zero",
}


class Severity(StrEnum):
    """How much an issue matters: `fail` holds what it names, `advisory` goes on, `info` is for the record."""

    FAIL = "fail"
    ADVISORY = "advisory"
    INFO = "info"


class Stage(StrEnum):
    """Where on the river an issue was found."""

    FILE = "file"
    FORM = "form"
    CELL = "cell"
    ROW = "row"
    RETURNS = "between returns"
    QUARTERS = "between quarters"


class Outcome(StrEnum):
    """What became of a source cell. Each non-empty cell has exactly one of these."""

    USED = "used"
    IGNORED = "ignored"
    QUARANTINED = "quarantined"


class Delivery(StrEnum):
    """
    What became of a return that is owed.

    Source: domain.md 8.
    """

    NOT_DUE = "not due"
    DUE = "due"
    LATE = "late"
    RECEIVED = "received"
    HELD = "held"
    ACCEPTED = "accepted"


class Grade(StrEnum):
    """How far a figure can be trusted, in one dimension or in all."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    UNKNOWN = "not known"


class Agreement(StrEnum):
    """How a recomputed band stands to the published one."""

    AGREES = "agrees"
    DIFFERS = "differs"
    ROUNDING = "rounding"
    NOT_COMPUTABLE = "not computable"
    NOT_SCORED = "not scored"


class Verdict(StrEnum):
    """Whether award = total to date + remaining forecasts + identified underspend."""

    BALANCES = "balances"
    SHORT = "short"
    OVER = "over"
    DOUBLE_COUNTED = "double counted"
    CANNOT_BE_CHECKED = "cannot be checked"


class Travel(StrEnum):
    """Direction of travel, in words that already follow polarity."""

    BETTER = "better"
    WORSE = "worse"
    NO_CHANGE = "no change"
    NOT_COMPARABLE = "not comparable"
    UNKNOWN = "not known"


class Signal(StrEnum):
    """Which rule of a process chart a point breaks; none where it moves as usual."""

    NONE = ""
    OUTSIDE = "outside limits"
    TREND = "trend"
    TWO_OF_THREE = "two of three"
    SHIFT = "shift"


class Variation(StrEnum):
    """What a process chart says of a point: as usual, or special and which way."""

    COMMON = "common cause"
    IMPROVEMENT = "improvement"
    CONCERN = "concern"


class Assurance(StrEnum):
    """Whether a process, as it runs, meets its target."""

    PASSES = "consistently passes"
    FAILS = "consistently fails"
    HIT_AND_MISS = "hit and miss"
    NONE = "none"


class Outlook(StrEnum):
    """Where the year will end against its target, by the whole of the forecast's interval."""

    MEETS = "likely to meet"
    BALANCE = "in the balance"
    MISSES = "likely to miss"
    TOO_SHORT = "too short to say"
    NOT_SAID = "not said"


class Position(StrEnum):
    """A quarter of a comparator group, best first, whichever way is good."""

    TOP = "top quartile"
    SECOND = "second quartile"
    THIRD = "third quartile"
    BOTTOM = "bottom quartile"


class Cause(StrEnum):
    """Why a published figure differs from the one published before."""

    NEW_PERIOD = "new period"
    RESUBMISSION = "resubmission"
    TARGET = "target"
    RULE = "rule or policy"
    CLEANSING = "cleansing"
    CODE = "code"
    ADDED = "added"
    WITHDRAWN = "withdrawn"


FILLED_IN = "filled in by the workbook"
"""Why nothing is read that stands in a column of a form in which the workbook itself writes."""
REPLACED_BY = "replaced by "
"""How the reason begins of a cell that a return sent again has replaced; the file follows."""
HOLDS_NO_RETURN = "part of the form as it was sent"
"""Why nothing is read of a sheet of a form that holds no return, such as its instructions."""
CARRIED_DOWN = {
    "performance": ("theme",),
    "milestones": ("organisation",),
    "outcome measures": ("priority",),
    "reward targets": ("agreement",),
    "reward facts": ("agreement",),
}
"""Form -> the fields that a blank takes from the row above it in the same table."""

SECTIONS = (
    "achievement",
    "challenge",
    "recommendation",
    "decision",
    "progress",
    "priority",
    "initiative",
    "variation",
    "renegotiation",
    "missing data",
    "missing return",
    "data quality",
    "risk",
    "joint analysis group",
    "agenda",
    "membership",
    "background",
    "note",
)
"""The sections a narrative return may name, in the order reports use them."""
