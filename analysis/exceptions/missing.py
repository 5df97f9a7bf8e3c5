"""What is asked for and not there, by name: data, returns, measures, awards."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from analysis import frames, quarters
from analysis.vocabulary import Band, Kind, Reason

DUE_LATER = "in arrears: due with"
"""How the state begins of a figure that is not there because it is not due yet."""
NO_ROW = "no row that can be used"
"""The state of a measure that no return has a row for, or only one that is held."""
_OUT_OF_SEASON = (Reason.NO_SURVEY, Reason.REPORTS_LATER)


def missing(observations: pd.DataFrame, narrative: pd.DataFrame, measures: pd.DataFrame, came: Iterable[str] = ()) -> pd.DataFrame:
    """
    List by name what is asked for and not there, for every quarter that has returns.

    Args:
        observations: frame of the `OBSERVATIONS` contract.
        narrative: frame of the `NARRATIVE` contract; its sections "missing data" and "missing return" name gaps.
        measures: the register of measures.
        came: quarters with performance returns, those too of which every one is held.

    Returns:
        Frame of the `MISSING` contract. `what` is "data" or "return" where a return names the gap, "measure" where a
        registered measure has no actual and no word for why, or no row at all in a quarter with performance returns: `partner`
        is then who reported it last. What is in arrears says when it is due, and a measure that reports in other quarters is not
        missing; one that reports once or twice a year is, where it is put off in a quarter in which it reports.

    Source: source documents 000 and 001, which list missing data by name; domain.md 8.
    """
    rows: list[dict[str, Any]] = []
    for told in frames.rows(narrative[narrative["section"].isin(["missing data", "missing return"])]):
        what = told["section"].removeprefix("missing ")
        name = told["text"] if what == "data" else told["subject"]
        rows.append({"what": what, "name": name, "quarter": told["quarter"], "state": "named as missing by the partnership", "file": told["file"]})
    given: dict[str, dict[str, dict[str, Any]]] = {}
    for row in frames.rows(observations):
        given.setdefault(row["quarter"], {})[row["measure_id"]] = row
    given |= {quarter: {} for quarter in came if quarter not in given}
    newest, registered = max(given, default=""), frames.rows(measures)
    for quarter, of_quarter in given.items():
        for measure in registered:
            row = of_quarter.get(measure["measure_id"])
            about = {"what": "measure", "name": name_of(measure), "quarter": quarter}
            if row is None and is_due(measure, quarter, newest):
                rows.append(about | {"state": NO_ROW, "partner": _last_reported_by(measure, quarter, given)})
            elif row is not None and in_season(measure, quarter) and (state := _state(measure, row, newest)):
                rows.append(about | {"state": state, "partner": row["partner"], "file": row["file"], "cell": row["actual_cell"]})
    return frames.make(rows, frames.MISSING)


def name_of(measure: dict[str, Any]) -> str:
    """
    Give the name under which a measure of the register is listed as missing.

    >>> name_of({"measure_id": "Build 1", "measure": "Litter"})
    'Build 1: Litter'
    """
    return f"{measure['measure_id']}: {measure['measure']}"


def _last_reported_by(measure: dict[str, Any], quarter: str, given: dict[str, dict[str, dict[str, Any]]]) -> str:
    """Give who reported a measure in the newest earlier quarter that has it."""
    earlier = [of for of in given if of < quarter and measure["measure_id"] in given[of]]
    return str(given[max(earlier)][measure["measure_id"]]["partner"]) if earlier else ""


def _state(measure: dict[str, Any], row: dict[str, Any], newest: str) -> str:
    """Say why a measure that has a row has no figure, nothing where it has one or says why not."""
    if row["actual_reason"] == Reason.UNREADABLE:
        return "the actual could not be read"
    if row["actual_reason"] == Reason.FORMULA_ERROR:
        return "the actual is a formula error"
    if row["actual"] is None and row["actual_reason"] == Reason.NOT_GIVEN and row["published_status"] in ("", *Band):
        return _late(measure, row["quarter"], newest)
    seldom = measure.get("reports_in") or measure.get("kind") == Kind.ANNUAL
    if row["actual"] is None and row["actual_reason"] in _OUT_OF_SEASON and seldom:
        return f"{row['actual_raw']!r}, though it reports in {row['quarter'][-2:]}"
    return ""


def _late(measure: dict[str, Any], quarter: str, newest: str) -> str:
    """Say why a blank is one: the measure is in arrears and the figure not due yet, or nobody has said."""
    if is_due(measure, quarter, newest):
        return "no actual, and no word for why"
    due = quarters.key(quarters.period(quarter) + int(measure.get("arrears") or 0))
    return f"{DUE_LATER} {quarters.label(due)}"


def is_due(measure: dict[str, Any], quarter: str, newest: str) -> bool:
    """
    Say whether a measure's figure of a quarter is due by the newest quarter reported.

    Args:
        measure: with kind, reports_in ("Q2 Q4", or empty for every quarter) and arrears (quarters).
        quarter: the quarter that the figure is of.
        newest: the quarter reported.

    Source: source document 002, notes 1 to 7: "Public Health data reports a quarter in arrears"; domain.md 3.

    >>> is_due({"kind": "rate", "reports_in": "", "arrears": "1"}, "2016-17-Q2", "2016-17-Q2")
    False
    """
    return in_season(measure, quarter) and quarters.ordinal(quarter) + int(measure.get("arrears") or 0) <= quarters.ordinal(newest)


def in_season(measure: dict[str, Any], quarter: str) -> bool:
    """
    Say whether a measure reports on a quarter at all: as it says itself, an annual one at Q4, a survey when there is one.

    Args:
        measure: with kind and reports_in ("Q2 Q4", or empty for every quarter).
        quarter: the quarter that the figure would be of.

    >>> in_season({"kind": "annual", "reports_in": ""}, "2016-17-Q4"), in_season({"kind": "annual", "reports_in": ""}, "2016-17-Q2")
    (True, False)
    """
    if measure.get("reports_in"):
        return quarter[-2:] in measure["reports_in"].split()
    return measure.get("kind") != Kind.SURVEY and (measure.get("kind") != Kind.ANNUAL or quarter.endswith("Q4"))


def missing_awards(awards: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """
    List the registered awards that have no row in a quarter that reports on their round.

    Args:
        awards: frame of the `AWARDS` contract.
        register: the register of awards.

    Returns:
        Frame of the `MISSING` contract, `what` being "award".
    """
    rows = []
    for (quarter, name_of_round), of_round in awards.groupby(["quarter", "round"], sort=False):
        owed = register[register["round"] == name_of_round]["project"]
        absent = [project for project in owed if project not in set(of_round["project"])]
        rows += [{"what": "award", "name": project, "quarter": quarter, "state": f"no row in any return of {name_of_round}"} for project in absent]
    return frames.make(rows, frames.MISSING)
