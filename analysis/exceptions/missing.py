"""What is asked for and not there, by name: data, returns, measures, awards."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis import frames, quarters
from analysis.vocabulary import Band, Kind, Reason

DUE_LATER = "in arrears: due with"
"""How the state begins of a figure that is not there because it is not due yet."""


def missing(observations: pd.DataFrame, narrative: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """
    List by name what is asked for and not there, for every quarter that has returns.

    Args:
        observations: frame of the `OBSERVATIONS` contract.
        narrative: frame of the `NARRATIVE` contract; its sections "missing data" and "missing return" name gaps.
        measures: the register of measures.

    Returns:
        Frame of the `MISSING` contract. `what` is "data" or "return" where a return names the gap, "measure" where a
        registered measure has no actual and no word for why, or no row at all in a quarter with performance returns. What
        is in arrears says when it is due, and a measure that reports in other quarters is not missing.

    Source: source documents 000 and 001, which list missing data by name; domain.md 8.
    """
    rows: list[dict[str, Any]] = []
    for told in frames.rows(narrative[narrative["section"].isin(["missing data", "missing return"])]):
        what = told["section"].removeprefix("missing ")
        name = told["text"] if what == "data" else told["subject"]
        rows.append({"what": what, "name": name, "quarter": told["quarter"], "state": "named as missing by the partnership", "file": told["file"]})
    newest = max(observations["quarter"], default="")
    registered = frames.rows(measures)
    for quarter, of_quarter in observations.groupby("quarter", sort=False):
        given = {row["measure_id"]: row for row in frames.rows(of_quarter)}
        for measure in registered:
            row = given.get(measure["measure_id"])
            if (row is None and not is_due(measure, str(quarter), newest)) or not _in_season(measure, str(quarter)):
                continue
            about = {"what": "measure", "name": f"{measure['measure_id']}: {measure['measure']}", "quarter": quarter}
            if row is None:
                rows.append(about | {"state": "no row that can be used"})
            elif row["actual"] is None and row["actual_reason"] == Reason.NOT_GIVEN and row["published_status"] in ("", *Band):
                rows.append(about | {"state": _late(measure, str(quarter), newest), "partner": row["partner"], "file": row["file"], "cell": row["actual_cell"]})
            elif row["actual_reason"] == Reason.UNREADABLE:
                rows.append(about | {"state": "the actual could not be read", "partner": row["partner"], "file": row["file"], "cell": row["actual_cell"]})
    return frames.make(rows, frames.MISSING)


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
    return _in_season(measure, quarter) and quarters.ordinal(quarter) + int(measure.get("arrears") or 0) <= quarters.ordinal(newest)


def _in_season(measure: dict[str, Any], quarter: str) -> bool:
    """Say whether a measure reports on a quarter at all: as it says itself, an annual one at Q4, a survey when there is one."""
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
