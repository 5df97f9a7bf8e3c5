"""How far each figure can be trusted: a grade by dimension, the worst of them its grade; and partners beside one another."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from analysis import frames
from analysis.frames import MONEY
from analysis.quality.owed import BETWEEN_FILES, plain
from analysis.quality.plausible import telling_repairs
from analysis.vocabulary import Agreement, Band, Grade, Reason, Severity, Stage, Verdict

_OF_VALIDITY = {"file", "form", "cell", "row"}
_UNKNOWN = {Reason.NOT_GIVEN, Reason.UNKNOWN, Reason.UNREADABLE, Reason.FORMULA_ERROR, Reason.NO_ACTUAL}
_NO_REASON = {"no actual", "tbc", "?", "none"}
"""Statuses that say that there is no figure, and not why."""
_ROUGH = {"[p]": "provisional", "[e]": "estimated", "[c]": "suppressed"}
_ORDER = (Grade.POOR, Grade.FAIR, Grade.GOOD)
_STALE = "the period is the quarter's"
"""The check whose finding is about timeliness."""
_BETWEEN = {"between returns", "between quarters"}
_QUARTER = re.compile(r"(actual|forecast)_q(\d)")
Notes = dict[str, tuple[Grade, list[str]]]
Told = dict[tuple[str, ...], list[dict[str, Any]]]


def grades(
    scores: pd.DataFrame,
    spend: pd.DataFrame,
    monthly: pd.DataFrame,
    issues: pd.DataFrame,
    owed: pd.DataFrame,
    *,
    waits: Container[tuple[str, str]] = (),
    odd: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """
    Give each figure its grade of quality.

    Args:
        scores: frame of the `SCORES` contract; spend: of `SPEND`; monthly: of `MONTHLY` with a column figure_id.
        issues: frame of the `ISSUES` contract, of all stages.
        owed: frame of the `OWED` contract.
        waits: measure and quarter of each figure that is not due yet.
        odd: what a finding of a check says in few words, by the check's name; its name where it has none.

    Returns:
        Frame of the `GRADES` contract; a dimension is good unless what follows says otherwise, and `grade` is the worst of those known.
        `validity`: fair where a cell was repaired, or an advisory of file, form, cell or row is about it; poor where it could not be read.
        `accuracy`: fair where a check between returns or quarters finds it odd, or it is provisional or estimated; poor where its band is not
        the one printed, or its award does not add up; not known where there is no figure.
        `timeliness`: poor where the return of its form came late, or its period is older than the register's lag; not known where nobody has said when it
        was due or came.
        `completeness`: poor where what is asked for is not given; not known where it is not due, or the return gives a reason for having none:
        then nothing else is known either. `why` says what made it less than good. An issue for the record changes no grade.

    Source: domain.md 8, "Each figure carries a quality grade that stands beside it in the report".
    """
    told = _told(issues.assign(says=issues["rule"].map(lambda rule: (odd or {}).get(rule, rule))))
    late = _lateness(owed)
    rows = [_of_measure(row, told, late, due=(row["measure_id"], row["quarter"]) not in waits) for row in frames.rows(scores)]
    rows += [_of_award(row, told, late) for row in frames.rows(spend)]
    rows += [_of_month(row, told, late) for row in frames.rows(monthly)]
    return frames.make(rows, frames.GRADES)


def league(graded: pd.DataFrame, punctuality: pd.DataFrame) -> pd.DataFrame:
    """
    Put partners beside one another, quarter by quarter.

    Args:
        graded: frame of the `GRADES` contract.
        punctuality: frame of the `PUNCTUALITY` contract.

    Returns:
        Frame of the `LEAGUE` contract: the figures that could be graded, by grade, how many are not given, how many returns were late;
        `share_good` in percent of the figures, to one place.
    """
    late = {(plain(row["partner"]), row["quarter"]): row["late"] for row in frames.rows(punctuality)}
    figures: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in frames.rows(graded):
        if row["grade"] != Grade.UNKNOWN:
            figures.setdefault((row["partner"], row["quarter"]), []).append(row)
    rows = []
    for (partner, quarter), of in sorted(figures.items()):
        found = [row["grade"] for row in of]
        counts = {str(grade): found.count(grade) for grade in (Grade.GOOD, Grade.FAIR, Grade.POOR)}
        share = (Decimal(100 * counts[Grade.GOOD]) / len(of)).quantize(Decimal("0.1"))
        missing = sum(row["completeness"] == Grade.POOR for row in of)
        about = {"partner": partner, "quarter": quarter, "figures": len(of), "missing": missing, "late": late.get((plain(partner), quarter))}
        rows.append(about | counts | {"share_good": share})
    return frames.make(rows, frames.LEAGUE)


def worst(found: list[str]) -> Grade:
    """
    Give the worst grade of those known.

    >>> worst(["good", "not known", "fair"]).value
    'fair'
    """
    return next((grade for grade in _ORDER if grade in found), Grade.UNKNOWN)


def _told(issues: pd.DataFrame) -> Told:
    """Give the issues of each cell; those about a whole file or row stand under the address of either; a row that is not there is no other figure's."""
    found: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    about_nothing = (issues["stage"] == Stage.ROW) & (issues["cell"] == "")
    for row in frames.rows(issues[(issues["severity"] != Severity.INFO) & ~about_nothing]):
        found[row["quarter"], row["file"], row["sheet"], row["cell"]].append(row)
    return found


Late = dict[tuple[str, str, str], int | None]


def _lateness(owed: pd.DataFrame) -> Late:
    """Give how many days late each file came as a return of each form, as the forms in one file may be due on different days."""
    found: Late = {}
    for row in frames.rows(owed):
        for file in filter(None, row["files"].split(BETWEEN_FILES)):
            key = (row["quarter"], file, row["form"])
            before = found.get(key)
            found[key] = row["days_late"] if before is None else max(before, row["days_late"] or 0)
    return found


def _cells_of(row: dict[str, Any], parts: tuple[str, ...], told: Told) -> list[dict[str, Any]]:
    """Give the issues about a figure's cells, its row and its file."""
    places = [row[f"{part}_cell"] for part in parts if row.get(f"{part}_cell")] + [f"{row['row']}:{row['row']}", f"A{row['row']}"]
    found = [issue for place in dict.fromkeys(places) for issue in told.get((row["quarter"], row["file"], row["sheet"], place), [])]
    return found + told.get((row["quarter"], row["file"], "", ""), []) + (told.get((row["quarter"], row["file"], row["sheet"], ""), []) if row["sheet"] else [])


def _validity(row: dict[str, Any], parts: tuple[str, ...], about: list[dict[str, Any]]) -> tuple[Grade, list[str]]:
    unread = [part for part in parts if row[f"{part}_reason"] in (Reason.UNREADABLE, Reason.FORMULA_ERROR)]
    mended = [repair for part in parts for repair in telling_repairs(row[f"{part}_repairs"])]
    odd = [issue["says"] for issue in about if issue["stage"] in _OF_VALIDITY]
    if unread:
        return Grade.POOR, [f"{' and '.join(name.replace('_', ' ') for name in unread)} could not be read"]
    why = [f"repaired: {', '.join(dict.fromkeys(mended))}"] if mended else []
    why += [f"not as asked: {rule}" for rule in dict.fromkeys(odd)]
    return (Grade.FAIR if why else Grade.GOOD), why


def _timeliness(row: dict[str, Any], form: str, late: Late, stale: Sequence[str] = ()) -> tuple[Grade, list[str]]:
    days = late.get((row["quarter"], row["file"], form))
    if stale:
        return Grade.POOR, list(dict.fromkeys(stale))
    if days is None:
        return Grade.UNKNOWN, []
    return (Grade.POOR, [f"its return came {days} {'day' if days == 1 else 'days'} late"]) if days else (Grade.GOOD, [])


def _graded(row: dict[str, Any], about: dict[str, Any], found: Notes) -> dict[str, Any]:
    order = ("completeness", "accuracy", "validity", "timeliness")
    place = {name: row[name] for name in ("quarter", "partner", "file", "sheet", "figure_id")}
    by = {name: str(found[name][0]) for name in order}
    why = "; ".join(reason for name in order for reason in found[name][1])
    return place | about | by | {"grade": worst(list(by.values())), "why": why}


def _of_measure(row: dict[str, Any], told: Told, late: Late, *, due: bool) -> dict[str, Any]:
    about = _cells_of(row, ("target", "actual"), told)
    given = row["actual"] is not None or row["actual_low"] is not None
    rough = [words for marker, words in _ROUGH.items() if marker in row["actual_markers"].split()]
    between = [issue["says"] for issue in about if issue["stage"] in _BETWEEN and issue["rule"] != _STALE]
    contradicts = row["agreement"] == Agreement.DIFFERS
    accuracy = (Grade.POOR, ["its band is not the one printed"]) if contradicts else _fair([*rough, *(rule for rule in between)])
    if not given:
        accuracy = (Grade.UNKNOWN, [])
    found: Notes = {
        "completeness": (Grade.GOOD, []) if given else _why_none(row, due=due),
        "accuracy": accuracy,
        "validity": _validity(row, ("target", "actual"), [issue for issue in about if issue["rule"] != _STALE]),
        "timeliness": _timeliness(row, "performance", late, [issue["says"] for issue in about if issue["rule"] == _STALE]),
    }
    if not given and found["completeness"][0] == Grade.UNKNOWN:
        found |= {"validity": (Grade.UNKNOWN, []), "timeliness": (Grade.UNKNOWN, [])}  # nothing was to come, so nothing can be right or late
    return _graded(row, {"what": "measure", "subject": row["measure_id"], "cell": row["actual_cell"]}, found)


def _why_none(row: dict[str, Any], *, due: bool) -> tuple[Grade, list[str]]:
    """Grade a figure that is not there: nobody's fault where it is not due, or where the return says why."""
    if not due:
        return Grade.UNKNOWN, ["not due yet"]
    status = row["published_status"]
    reason = row["actual_reason"] if status in ("", *Band) or status.casefold() in _NO_REASON else status
    return (Grade.POOR if reason in _UNKNOWN else Grade.UNKNOWN), [f"no figure: {reason}"]


def _of_award(row: dict[str, Any], told: Told, late: Late) -> dict[str, Any]:
    about = _cells_of(row, MONEY, told)
    blank = [name for name in MONEY if row[name] is None and row[f"{name}_reason"] in _UNKNOWN and row[f"{name}_cell"]]
    unknown = [_QUARTER.sub(r"quarter \2 \1", name).replace("_", " ") for name in blank]
    wrong = row["verdict"] in (Verdict.SHORT, Verdict.OVER, Verdict.DOUBLE_COUNTED)
    between = [issue["says"] for issue in about if issue["stage"] in _BETWEEN]
    accuracy = (Grade.POOR, [f"its parts do not make the award: {row['verdict']}"]) if wrong else _fair(between)
    if row["verdict"] == Verdict.CANNOT_BE_CHECKED and accuracy[0] == Grade.GOOD:
        accuracy = (Grade.UNKNOWN, [])
    found: Notes = {
        "completeness": (Grade.POOR, [f"not given: {', '.join(unknown)}"]) if unknown else (Grade.GOOD, []),
        "accuracy": accuracy,
        "validity": _validity(row, MONEY, about),
        "timeliness": _timeliness(row, "grant spend", late),
    }
    return _graded(row, {"what": "award", "subject": row["project"], "cell": row["award_cell"]}, found)


def _of_month(row: dict[str, Any], told: Told, late: Late) -> dict[str, Any]:
    about = _cells_of(row, ("value",), told)
    between = [issue["says"] for issue in about if issue["stage"] in _BETWEEN]
    about_month = {"what": "month", "subject": f"{row['indicator']}, {row['month']}", "cell": row["value_cell"]}
    missing = row["value"] is None and row["value_reason"] in _UNKNOWN
    if row["value"] is None and not missing:
        unknown: Notes = {name: (Grade.UNKNOWN, []) for name in ("accuracy", "validity", "timeliness")}
        return _graded(row, about_month, unknown | {"completeness": (Grade.UNKNOWN, [f"no figure: {row['value_reason']}"])})
    found: Notes = {
        "completeness": (Grade.POOR, [f"no figure: {row['value_reason']}"]) if missing else (Grade.GOOD, []),
        "accuracy": (Grade.UNKNOWN, []) if row["value"] is None else _fair(between),
        "validity": _validity(row, ("value",), about),
        "timeliness": _timeliness(row, "monthly", late),
    }
    return _graded(row, about_month, found)


def _fair(why: list[str]) -> tuple[Grade, list[str]]:
    return (Grade.FAIR if why else Grade.GOOD), list(dict.fromkeys(why))
