"""The rows of a form that ask for measures: what was last reported, what is aimed at, what to give, and when it is due."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from analysis import exceptions, quarters, values
from analysis.errors import UnreadableValue
from analysis.reports.forms import check, wording
from analysis.reports.forms.parts import CHECK, MOST_PROMPTED, Cell, Column, Row, Rule, chosen_from, clipped, locked, to_fill, words_of
from analysis.vocabulary import Kind, Reason

Measure = dict[str, Any]
Observation = dict[str, Any]

FIGURE_OR_REASON = "Enter a figure or a reason"
WHEN_SURVEYED = "Not due: only when there is a survey"
_WIDTHS = (
    ("Theme", 9.5), ("No", 5.5), ("Measure", 16), ("Definition", 9), ("Good", 6), ("Unit", 7), ("Last figure", 9.5), ("Target", 8), ("Actual", 8),
    ("Reason for none", 9), ("Provisional", 10), ("What changed", 8), ("Why", 6), ("What next", 6.5), ("Who", 5), ("By when", 5.5), (CHECK, 9),
)  # fmt: skip
_DEFINED = {"Measure": 14, "Definition": 11}
_UNDEFINED = {"Measure": 17, "What changed": 11, "Why": 8.5, "What next": 8.5}
NAMED_BY = ("Theme", "No")
_UNITS = {"seconds": "min:sec"}
_WRITTEN = {
    "percent": "With its sign: 97.8%. Also a range, 13-15%, or what it is of, 42.5% (62/146).",
    "pounds": "In pounds: £1,600.00.",
    "seconds": "Minutes and seconds: 01:30.",
    "rank": "A place: 5th, or 28th.",
    "number": "A number: 142, or 1,059. Also a rate with its count, 83 (353).",
}
_SETTLED = (str(Reason.BASELINE), str(Reason.NO_TARGET), str(Reason.NONE))
"""What a target that is no figure says for the whole of its year."""
_SHARE = 'VALUE(SUBSTITUTE([Actual],"%",""))'
_PERCENT = Rule(
    "formula", f'IFERROR(AND(ABS({_SHARE})<=100,OR({_SHARE}=0,ABS({_SHARE})>=1,ISNUMBER(SEARCH("%",[Actual])))),TRUE)',
    "This is beyond 100%, or looks like a share of one (0.985 for 98.5%). Keep it if it is meant; a % sign makes it plain.",
)  # fmt: skip
_COUNT = Rule("formula", "IFERROR(VALUE([Actual])>=0,TRUE)", "A count below nought is unusual. Keep it if it is meant.")
_TIME = Rule(
    "formula", 'OR(ISNUMBER(SEARCH(":",[Actual])),NOT(ISNUMBER(VALUE([Actual]))))', "This is a time in minutes and seconds: 01:30 is ninety seconds. Keep it if it is meant."
)  # fmt: skip
_RANK = Rule(
    "formula",
    "IFERROR(AND(VALUE([Actual])>=1,VALUE([Actual])=INT(VALUE([Actual]))),TRUE)",
    "This is a place, a whole number from 1: 5th. Keep it if it is meant.",
)
_RULES = {"percent": _PERCENT, "seconds": _TIME, "rank": _RANK}
_COUNTS = (Kind.QUARTER_COUNT, Kind.CUMULATIVE, Kind.SNAPSHOT)
_MOST_DIGITS = 15


def columns(of: list[Measure]) -> tuple[Column, ...]:
    """Give the columns of a sheet for these measures; where none has a definition there is no column of it, and more room to say why."""
    defined = any(measure["definition"] for measure in of)
    widths = dict(_WIDTHS) | (_DEFINED if defined else _UNDEFINED)
    return tuple(Column(heading, widths[heading]) for heading, _ in _WIDTHS if defined or heading != "Definition")


def rows(of: list[Measure], past: dict[str, list[Observation]], quarter: str) -> tuple[Row, ...]:
    """
    Give the rows that ask for measures.

    Args:
        of: their rows of the register.
        past: id -> what was reported of a measure in earlier quarters, the newest first.
        quarter: the quarter to be returned.
    """
    headings = [column.heading for column in columns(of)]
    made = [_cells(measure, past.get(measure["measure_id"], []), quarter) for measure in of]
    return tuple(tuple(cells[heading] for heading in headings) for cells in made)


def _cells(measure: Measure, past: list[Observation], quarter: str) -> dict[str, Cell]:
    """Give the cells that ask for one measure, by their headings."""
    due = not_due(measure, quarter)
    empty = due or FIGURE_OR_REASON
    last = past[0] if past else None
    formula = check.formula(empty, measure["unit"], wording.REASONS, plain_figure(measure, last), is_beyond=_beyond(past))
    comments = {"What changed": "what changed since the last figure", "Why": "why it changed, or why it is off target", "What next": "what will be done"}
    return {
        "Theme": locked(measure["theme"]),
        "No": locked(measure["number"]),
        "Measure": locked(measure["measure"]),
        "Definition": locked(measure["definition"]),
        "Good": locked(measure["polarity"].capitalize()),
        "Unit": locked(_UNITS.get(measure["unit"], measure["unit"])),
        "Last figure": locked(f"{_figure(last)} ({quarters.label(last['quarter'])})" if last else "never reported"),
        "Target": _target(measure, past, quarter),
        "Actual": to_fill(_prompt(measure, due, quarter), _RULES.get(measure["unit"]) or (_COUNT if measure["kind"] in _COUNTS else None)),
        "Reason for none": to_fill(
            "Only where there is no figure: choose why. TBC means that it was asked for and is not known yet.",
            chosen_from(wording.REASONS, firm=False, message="The reasons of the list are the ones that can be read. Keep yours if none of them fits: it is looked at."),
        ),
        "Provisional": to_fill("Yes, where the figure may still change. Otherwise leave it blank.", chosen_from(wording.PROVISIONAL)),
        **{heading: to_fill(f"Say {what}. Up to 1,000 characters.", words_of(1000)) for heading, what in comments.items()},
        "Who": to_fill("Who will do it: a name or a team. Up to 100 characters.", words_of(100)),
        "By when": to_fill("A day, a month or a quarter: 31 March 2017, or Q4 2016/17. Up to 40 characters.", words_of(40)),
        CHECK: Cell(empty, formula=formula, longest=max(check.WORDS, key=len)),
    }  # fmt: skip


def not_due(measure: Measure, quarter: str) -> str:
    """
    Say when a measure's figure of a quarter is due, or nothing where it is due with it.

    >>> not_due({"kind": "annual", "reports_in": "", "arrears": "1"}, "2016-17-Q2")
    'Not due until Q1 2017/18'
    """
    if exceptions.is_due(measure, quarter, quarter):
        return ""
    at_once = measure | {"arrears": "0"}
    for later in range(4):
        season = quarters.key(quarters.period(quarter) + later)
        if exceptions.is_due(at_once, season, season):
            due = quarters.key(quarters.period(season) + int(measure["arrears"] or 0))
            return f"Not due until {quarters.label(due)}"
    return WHEN_SURVEYED


def plain_figure(measure: Measure, last: Observation | None) -> Decimal | None:
    """
    Give the last figure where it is one number in the measure's unit, which a new one can be held against; None where it is not.

    What stands in brackets behind it, `42.5% (62/146)` or `83 (353)`, does no harm.
    One that counts from April is not: it is compared with the same quarter of the year before, if with any (domain.md 3).
    """
    if last is None or last["actual"] is None or measure["unit"] in ("seconds", "rank") or measure["kind"] == Kind.CUMULATIVE:
        return None
    try:
        found = values.read(last["actual_raw"], measure["unit"])
    except UnreadableValue:
        return None
    plain = found.value is not None and found.unit == measure["unit"] and len(found.value.as_tuple().digits) <= _MOST_DIGITS
    return found.value if plain else None


def _beyond(past: list[Observation]) -> bool:
    """Say whether the last figure that is known is beyond 100, either way."""
    last = next((row for row in past if row["actual_low"] is not None), None)
    return last is not None and max(abs(last["actual_low"]), abs(last["actual_high"])) > 100


def _figure(last: Observation) -> str:
    """Give what was last reported, as it was typed, or why there was no figure."""
    return values.mended(last["actual_raw"])[0] if last["actual_low"] is not None else last["actual_reason"] or str(Reason.NOT_GIVEN)


def _target(measure: Measure, past: list[Observation], quarter: str) -> Cell:
    """Give the newest target of the financial year, locked; one that nobody knows, or that is not the same every quarter, is asked for."""
    known = [
        row for row in past if row["quarter"][:7] == quarter[:7] and (row["target_low"] is not None or row["target_rule"] or row["target_reason"] in _SETTLED)
    ]
    last = known[0] if known else None
    plain = last is not None and last["target_low"] is not None and not last["target_annual"]
    growing = plain and measure["kind"] == Kind.CUMULATIVE
    if last and not growing and not (plain and _varies(past, quarter)):
        return locked(values.mended(last["target_raw"])[0])
    if measure["kind"] == Kind.CONTEXTUAL:
        return locked("No target")
    of = quarters.label(quarter)
    if last:
        was = f"{clipped(values.mended(last['target_raw'])[0], 60)} was the target of {quarters.label(last['quarter'])}"
        why = "this figure counts from April" if growing else "it has not been the same every quarter"
        return to_fill(f"The target is asked for: {why}, and {was}. Give the one for {of}.")
    return to_fill(f"The target is asked for: none is known for {quarter[:4]}/{quarter[5:7]}. Give it, or TBC, BL (baseline year) or No target.")


def _varies(past: list[Observation], quarter: str) -> bool:
    """Say whether a target changed from quarter to quarter within the financial year of a quarter, or within the one before."""
    years = {quarters.key(quarters.period(quarter) - back)[:7] for back in (0, 4)}
    found: dict[str, set[Any]] = {}
    for row in past:
        if row["quarter"][:7] in years and row["target_low"] is not None and not row["target_annual"]:
            found.setdefault(row["quarter"][:7], set()).add((row["target_low"], row["target_high"]))
    return any(len(targets) > 1 for targets in found.values())


def _prompt(measure: Measure, due: str, quarter: str) -> str:
    covered = quarters.covered(quarter, measure["kind"])
    parts = (f"{due}." if due else "", _WRITTEN[measure["unit"]], f"It covers {covered}." if covered else "")
    return clipped(" ".join(filter(None, parts)), MOST_PROMPTED)
