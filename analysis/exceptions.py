"""Exceptions: the measures that need a reader's attention, each once, with the reasons why."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis import frames, quarters
from analysis.vocabulary import Band, Reason, Travel


def key_challenges(scores: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """
    Give the measures whose latest band is Low Red or High Red, worst first.

    The latest band is this quarter's or, where this quarter has no figure yet, the one of the quarter before. A measure
    counts when the recomputed band is red, and also when only the published one is: the reason says which.

    Args:
        scores: frame of the `SCORES` contract with directions of travel.
        quarter: the quarter reported.

    Returns:
        Frame of the `EXCEPTIONS` contract. `rank` goes by band, then by distance from target; `commentary` is what the
        return of this quarter says of it, and a red without commentary says so in `reasons`.

    Source: domain.md 6; source document 002, "Summary of key challenges".
    """
    rows = frames.rows(scores)
    now = {row["measure_id"]: row for row in rows if row["quarter"] == quarter}
    before = {row["measure_id"]: row for row in rows if row["quarter"] == quarters.previous(quarter)}
    found = []
    for measure_id in dict.fromkeys((*now, *before)) if now else ():
        row = now.get(measure_id)
        latest = before.get(measure_id, row) if row is None or not _speaks(row) else row
        if latest is not None and (reasons := _reasons(row, latest)):
            worst = "HR" if "HR" in (latest["band"], latest["published_status"]) else "LR"
            found.append((worst, -abs(latest["variance"] or 0), row or {"measure_id": measure_id, "commentary": ""}, latest, reasons))
    found.sort(key=lambda entry: entry[:2])
    return frames.make(
        [
            {
                "measure_id": row["measure_id"], "quarter": quarter, "band": latest["band"], "band_quarter": latest["quarter"], "rank": rank,
                "reasons": "; ".join(reasons), "commentary": row["commentary"], "for_discussion": "", "figure_id": latest["figure_id"],
            }
            for rank, (_, _, row, latest, reasons) in enumerate(found, start=1)
        ],
        frames.EXCEPTIONS,
    )  # fmt: skip


def _speaks(row: dict[str, Any]) -> bool:
    """Say whether this quarter's row has a figure or a band; otherwise the quarter before is the latest there is."""
    return bool(row["band"]) or row["actual"] is not None or row["published_status"] in tuple(Band)


def _reasons(row: dict[str, Any] | None, latest: dict[str, Any]) -> list[str]:
    computed, published = (Band(text) if text in tuple(Band) else None for text in (latest["band"], latest["published_status"]))
    if not ((computed and computed.red) or (published and published.red)):
        return []
    if computed and computed.red:
        reasons = [computed.words]
    else:
        recomputed = f"the printed figures give {computed.words}" if computed else "the printed figures give no band"
        reasons = [f"published as {published.words if published else ''}, but {recomputed}"]
    if latest is not row:
        reasons[0] += f" in {quarters.label(latest['quarter'])}, the last figure given"
    if row is None:
        return [*reasons, "no row of this quarter can be used"]
    if row["actual_reason"] == Reason.UNREADABLE:
        reasons.append("this quarter's figure could not be read")
    if latest is row and row["direction_short"] in (Travel.BETTER, Travel.WORSE):
        reasons.append(f"{row['direction_short']} than last quarter")
    elif latest is row and row["direction_long"] in (Travel.BETTER, Travel.WORSE):
        reasons.append(f"{row['direction_long']} than a year ago")
    if not row["commentary"]:
        reasons.append("no commentary was sent")
    return reasons


def missing(observations: pd.DataFrame, narrative: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """
    List by name what is asked for and not there, for every quarter that has returns.

    Args:
        observations: frame of the `OBSERVATIONS` contract.
        narrative: frame of the `NARRATIVE` contract; its sections "missing data" and "missing return" name gaps.
        measures: the register of measures.

    Returns:
        Frame of the `MISSING` contract. `what` is "data" or "return" where a return names the gap, "measure" where a
        registered measure has no actual and no word for why, or no row at all in a quarter with performance returns.

    Source: source documents 000 and 001, which list missing data by name; domain.md 8.
    """
    rows: list[dict[str, Any]] = []
    for told in frames.rows(narrative[narrative["section"].isin(["missing data", "missing return"])]):
        what = told["section"].removeprefix("missing ")
        name = told["text"] if what == "data" else told["subject"]
        rows.append({"what": what, "name": name, "quarter": told["quarter"], "state": "named as missing by the partnership", "file": told["file"]})
    for quarter, of_quarter in observations.groupby("quarter", sort=False):
        given = {row["measure_id"]: row for row in frames.rows(of_quarter)}
        for measure in measures.to_dict("records"):
            row = given.get(measure["measure_id"])
            about = {"what": "measure", "name": f"{measure['measure_id']}: {measure['measure']}", "quarter": quarter}
            if row is None:
                rows.append(about | {"state": "no row that can be used"})
            elif row["actual"] is None and row["actual_reason"] == Reason.NOT_GIVEN and row["published_status"] in ("", *Band):
                rows.append(about | {"state": "no actual, and no word for why", "partner": row["partner"], "file": row["file"], "cell": row["actual_cell"]})
            elif row["actual_reason"] == Reason.UNREADABLE:
                rows.append(about | {"state": "the actual could not be read", "partner": row["partner"], "file": row["file"], "cell": row["actual_cell"]})
    return frames.make(rows, frames.MISSING)


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
