"""Key challenges and the other measures that need a reader's attention: each once, ranked, with the reasons why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from analysis import frames, quarters
from analysis.exceptions.missing import is_due
from analysis.vocabulary import Assurance, Band, Outlook, Polarity, Position, Reason, Signal, Travel, Variation

Known = dict[tuple[str, str], dict[str, Any]]
"""Scores by measure and quarter."""
Told = Iterator[tuple[str, int, str]]
"""Reasons as they are found: of which measure, at which place in the order, in which words."""


def key_challenges(scores: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """
    Give the measures whose latest band is Low Red or High Red, worst first.

    The latest band is this quarter's or, where this quarter has no figure yet, the one of the quarter before, or of as many
    quarters before as the measure is in arrears. A measure counts when the recomputed band is red, and also when only the
    published one is: the reason says which.

    Args:
        scores: frame of the `SCORES` contract with directions of travel.
        quarter: the quarter reported.

    Returns:
        Frame of the `EXCEPTIONS` contract. `rank` goes by band, then by distance from target; `commentary` is what the
        return of this quarter says of it, and a red without commentary says so in `reasons`. `standing` counts the quarters
        in a row that it has been red, up to the latest band; `moving` is "better", "worse", "no change" or empty.

    Source: domain.md 6; source document 002, "Summary of key challenges".
    """
    rows = frames.rows(scores)
    known = {(row["measure_id"], row["quarter"]): row for row in rows}
    now = {row["measure_id"]: row for row in rows if row["quarter"] == quarter}
    before = {row["measure_id"]: row for row in rows if row["quarter"] == quarters.previous(quarter)}
    found = []
    for measure_id in dict.fromkeys((*now, *before)) if now else ():
        row = now.get(measure_id)
        latest = _latest(measure_id, row, before.get(measure_id), known)
        if latest is not None and (reasons := _reasons(row, latest)):
            worst = "HR" if "HR" in (latest["band"], latest["published_status"]) else "LR"
            found.append((worst, -abs(latest["variance"] or 0), row or {"measure_id": measure_id, "commentary": ""}, latest, reasons))
    found.sort(key=lambda entry: entry[:2])
    return frames.make(
        [
            {
                "measure_id": row["measure_id"], "quarter": quarter, "band": latest["band"], "band_quarter": latest["quarter"], "rank": rank,
                "reasons": "; ".join(reasons), "commentary": row["commentary"], "for_discussion": "", "figure_id": latest["figure_id"],
                "key_challenge": True, "standing": _standing(latest, known), "moving": _moving(row, latest),
            }
            for rank, (_, _, row, latest, reasons) in enumerate(found, start=1)
        ],
        frames.EXCEPTIONS,
    )  # fmt: skip


def _latest(measure_id: str, row: dict[str, Any] | None, before: dict[str, Any] | None, known: Known) -> dict[str, Any] | None:
    """Give the newest row that says something: this quarter's, or one as far back as the measure is late; one quarter for all."""
    if row is not None and _speaks(row):
        return row
    quarter = before["quarter"] if before else quarters.previous(row["quarter"]) if row else ""
    for _ in range(max((row or before or {}).get("arrears") or 1, 1)):
        earlier = known.get((measure_id, quarter))
        if earlier is not None and _speaks(earlier):
            return earlier
        quarter = quarters.previous(quarter)
    return before if before is not None else row


def _standing(latest: dict[str, Any], known: dict[tuple[str, str], dict[str, Any]]) -> int:
    """Give for how many quarters in a row a measure has been red, in the figures or in print."""
    quarter, length = latest["quarter"], 0
    while (row := known.get((latest["measure_id"], quarter))) and _red(row):
        quarter, length = quarters.previous(quarter), length + 1
    return length


def _red(row: dict[str, Any]) -> bool:
    return any(text in tuple(Band) and Band(text).red for text in (row["band"], row["published_status"]))


def _moving(row: dict[str, Any] | None, latest: dict[str, Any]) -> str:
    """Say which way a measure moves: since last quarter or, where that is not known, since a year ago."""
    ways = (Travel.BETTER, Travel.WORSE, Travel.NO_CHANGE)
    if latest is not row:
        return ""
    return str(next((row[name] for name in ("direction_short", "direction_long") if row[name] in ways), ""))


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


@dataclass(frozen=True)
class Evidence:
    """
    What is known of the measures besides their scores; each frame may be empty.

    Attributes:
        variation, forecasts, positions: frames of those contracts.
        crossings: revisions that took a figure from one band to another, as scoring gives them.
        actions: frame of the `ACTIONS` contract.
        far_beyond_target: from how many percent beyond its target a measure is told; None for never.
    """

    variation: pd.DataFrame
    forecasts: pd.DataFrame
    positions: pd.DataFrame
    crossings: pd.DataFrame
    actions: pd.DataFrame
    far_beyond_target: Decimal | None = None


def ranked(scores: pd.DataFrame, quarter: str, evidence: Evidence) -> pd.DataFrame:
    """
    Give every measure that needs attention, once, with all its reasons: the key challenges first, then the others.

    The others, in this order: a special cause of concern; its process consistently fails the target; forecast to miss the
    year's target, and in the year's last quarter missed it; fell a band since the quarter before; no figure for two quarters
    in which one was due; revised across a band; in the bottom quartile of its comparators; far beyond its target. A key
    challenge has these reasons added to its own, and an action on it that was agreed before the quarter and has no outcome.

    Args:
        scores: frame of the `SCORES` contract with directions of travel, of as many quarters as there are.
        quarter: the quarter reported.
        evidence: what else is known.

    Returns:
        Frame of the `EXCEPTIONS` contract; `key_challenge` tells the two apart.

    Source: domain.md 6.
    """
    challenges = frames.rows(key_challenges(scores, quarter))
    known = {(row["measure_id"], row["quarter"]): row for row in frames.rows(scores)}
    more = _further(known, quarter, evidence)
    names = {measure_id: row["measure"] for (measure_id, _), row in reversed(known.items())}  # what each measure is called where it stands first
    overdue = _overdue(evidence.actions, quarter)
    for row in challenges:
        reasons = [words for _, words in more.pop(row["measure_id"], [])] + _not_done(row["measure_id"], names.get(row["measure_id"], ""), overdue)
        row["reasons"] = "; ".join([row["reasons"], *reasons])
    others = sorted(more.items(), key=lambda item: item[1][0][0])
    newest = _newest(known, quarter)
    for rank, (measure_id, reasons) in enumerate(others, start=len(challenges) + 1):
        row = newest[measure_id]
        told = {"reasons": "; ".join(words for _, words in reasons), "rank": rank, "band": row["band"], "band_quarter": row["quarter"], "quarter": quarter}
        said = row["commentary"] if row["quarter"] == quarter else ""
        about = {"measure_id": measure_id, "commentary": said, "figure_id": row["figure_id"], "standing": 0, "moving": _moving(row, row)}
        challenges.append(about | told)
    return frames.make(challenges, frames.EXCEPTIONS)


def _further(known: Known, quarter: str, evidence: Evidence) -> dict[str, list[tuple[int, str]]]:
    """Give each measure's further reasons with their place in the order, for measures with a row in the quarter."""
    found: dict[str, list[tuple[int, str]]] = {}
    newest = _newest(known, quarter)
    for measure_id, order, words in (
        *_of_process(newest, evidence, quarter),
        *_of_figures(known, newest, quarter, evidence.far_beyond_target),
        *_of_others(evidence, quarter),
    ):
        if measure_id in newest:
            found.setdefault(measure_id, []).append((order, words))
    return {measure_id: sorted(reasons, key=lambda reason: reason[0]) for measure_id, reasons in found.items()}


def _newest(known: Known, quarter: str) -> dict[str, dict[str, Any]]:
    """Give each measure's row of the quarter; of one that is late or was not sent, the newest of those due or expected before."""
    late = {measure_id: max(row["arrears"] or 0, 1) for (measure_id, _), row in known.items()}
    found = {}
    for measure_id, back in late.items():
        back_to_then = [quarters.key(quarters.period(quarter) - step) for step in range(back + 1)]
        rows = [known[measure_id, of] for of in back_to_then if (measure_id, of) in known]
        if rows:
            found[measure_id] = next((row for row in rows if not _is_waiting(row)), rows[0])
    return found


def _is_waiting(row: dict[str, Any]) -> bool:
    """Say whether a row is blank only because its measure is in arrears."""
    return bool(row["arrears"]) and row["actual"] is None


def _of_process(newest: dict[str, dict[str, Any]], evidence: Evidence, quarter: str) -> Told:
    """Give what charts and forecasts say."""
    for row in frames.rows(evidence.variation):
        if row["what"] == "measure" and row["series_id"] in newest and row["period"] == newest[row["series_id"]]["quarter"]:
            if row["variation"] == Variation.CONCERN:
                yield row["series_id"], 1, f"special cause of concern: {SIGNAL_WORDS[Signal(row['signal'])]}"
            if row["assurance"] == Assurance.FAILS:
                yield row["series_id"], 2, "as it runs, it consistently fails its target"
    for row in frames.rows(evidence.forecasts):
        if row["quarter"] == quarter and row["outlook"] == Outlook.MISSES:
            yield row["measure_id"], 3, "missed the year's target" if quarter.endswith("Q4") else "forecast to miss the year's target"


def _of_figures(known: Known, newest: dict[str, dict[str, Any]], quarter: str, far: Decimal | None) -> Told:
    """Give what the figures themselves say."""
    there = {of for _, of in known}
    for measure_id, row in newest.items():
        before = known.get((measure_id, quarters.previous(row["quarter"])))
        if before and _fell(row, before):
            yield measure_id, 4, f"fell from {Band(before['band']).words} to {Band(row['band']).words} since {quarters.label(before['quarter'])}"
        if _missing_twice(row, known, quarter, there):
            yield measure_id, 5, "no figure for two quarters in which one was due"
        if far is not None and _beyond(row, far):
            when = "" if row["quarter"] == quarter else f" in {quarters.label(row['quarter'])}"
            yield measure_id, 8, f"{abs(row['variance']):.0f}% beyond its target{when}: is the target still right?"


def _of_others(evidence: Evidence, quarter: str) -> Told:
    """Give what revisions of the last year and comparators say."""
    for row in frames.rows(evidence.crossings):
        if 0 <= quarters.ordinal(quarter) - quarters.ordinal(row["quarter"]) <= 4:
            became = f"{Band(row['band_was']).words} became {Band(row['band']).words}"
            yield row["measure_id"], 6, f"{quarters.label(row['quarter'])} revised from {row['was']} to {row['now']}: {became}"
    for row in frames.rows(evidence.positions):
        if row["quartile"] == Position.BOTTOM:
            yield row["measure_id"], 7, f"{row['words']} ({quarters.label(row['period'])})"


SIGNAL_WORDS = {
    Signal.OUTSIDE: "outside the limits of its usual variation",
    Signal.TREND: "seven or more in a row the wrong way",
    Signal.TWO_OF_THREE: "two of three near the limit of its usual variation",
    Signal.SHIFT: "seven or more in a row on the wrong side of its mean",
    Signal.NONE: "",
}


def _fell(row: dict[str, Any], before: dict[str, Any]) -> bool:
    bands = tuple(band for band in Band if band is not Band.G)
    places = [bands.index(Band.LG if of["band"] == Band.G else Band(of["band"])) for of in (before, row) if of["band"]]
    return len(places) == 2 and places[1] > places[0]


def _missing_twice(row: dict[str, Any], known: Known, quarter: str, there: set[str]) -> bool:
    """Say whether the last two figures that were due are both missing without a word for why, in quarters that have returns."""
    due, at = [], quarter
    for _ in range(12):
        if at in there and is_due(row, at, quarter):
            due.append(known.get((row["measure_id"], at)))
        if len(due) == 2:
            return all(of is None or _unexplained(of) for of in due)
        at = quarters.previous(at)
    return False


def _unexplained(row: dict[str, Any]) -> bool:
    return row["actual"] is None and row["actual_reason"] in _UNEXPLAINED and row["published_status"] in ("", *Band)


_UNEXPLAINED = (Reason.NOT_GIVEN, Reason.UNKNOWN, Reason.NO_ACTUAL, Reason.UNREADABLE, Reason.FORMULA_ERROR)


def _beyond(row: dict[str, Any], far: Decimal) -> bool:
    if row["variance"] is None or not row["band"]:
        return False
    return bool(row["variance"] >= far if row["scored_polarity"] == Polarity.HIGHER else row["variance"] <= -far)


def _overdue(actions: pd.DataFrame, quarter: str) -> list[dict[str, Any]]:
    """Give the actions that were agreed in an earlier quarter's return and have no outcome yet."""
    told = [row for row in frames.rows(actions) if row["quarter"] <= quarter]
    done = {row["action"] for row in told if row["outcome"]}
    due = {(row["date"], row["action"]): row for row in reversed(told) if row["quarter"] < quarter and row["action"] not in done}
    return [*reversed(due.values())]


def _not_done(measure_id: str, measure: str, overdue: list[dict[str, Any]]) -> list[str]:
    """Tell of each overdue action that names a measure."""
    named = re.compile(rf"\b{re.escape(measure_id)}\b|{re.escape(measure) if measure else '(?!)'}", re.IGNORECASE)
    return [f"an action agreed on {of['date']} has no outcome yet" for of in overdue if named.search(of["action"])]
