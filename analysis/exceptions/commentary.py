"""Advisory checks of commentary: what it leaves out when off target, and what the figures do not bear out."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pandas as pd

from analysis import frames, quarters
from analysis.exceptions import wording
from analysis.exceptions.movement import contradictions
from analysis.exceptions.quoted import not_in_data
from analysis.vocabulary import Band

_OFF_TARGET = (Band.A, Band.LR, Band.HR)
_LEFT_OUT = tuple(
    (check, wording.named(patterns), finding)
    for check, patterns, finding in (
        ("cause", wording.CAUSE, "names no cause"),
        ("size", (*wording.SIZE, r"\w*[0-9]\w*"), "gives no number"),
        ("action", wording.ACTION, "names no action"),
        ("owner", wording.OWNER, "names no owner"),
        ("date", wording.DATE, "names no date by or from when"),
    )
)
"""What commentary on a measure off target should have: the check, the words that satisfy it, what is said without them."""


def check(scores: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """
    Give what an analyst may wish to ask about the commentary of a quarter. It is advice: nothing is held back for it.

    Args:
        scores: frame of the `SCORES` contract with directions of travel, of the quarter and of those before it. Uses commentary,
            band, published_status, measure, polarity, the directions and every figure.
        quarter: the quarter reported.

    Returns:
        Frame of the `COMMENTARY_CHECKS` contract, in the order of *scores*. `check` is "cause", "size", "action", "owner" or
        "date", asked only of measures off target (amber or red, recomputed or published); "repeated", last quarter's
        commentary again; "number", one row for each number that is not in the data; or "direction", a movement that the
        figures contradict. Measures without commentary are not here: that is told among the exceptions. Measures that
        share one text share their figures too, and its movement is found only where it contradicts every one of them.

    Source: domain.md 6, "Commentary is checked, advisory only".

    >>> row = {"measure_id": "Build 1", "quarter": "2016-17-Q2", "band": "HR", "commentary": "Pressures continue in all 3 teams; a review ends in May."}
    >>> check(frames.make([row], frames.SCORES), "2016-17-Q2")["finding"].tolist()
    []
    >>> check(frames.make([row | {"commentary": "Due to 2 delays, the team works to a plan."}], frames.SCORES), "2016-17-Q2")["finding"].tolist()
    ['names no date by or from when']
    """
    of_measure: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    sharing: dict[str, list[str]] = defaultdict(list)
    rows = frames.rows(scores)
    for row in rows:
        of_measure[row["measure_id"]][row["quarter"]] = row
        if row["quarter"] == quarter:
            sharing[_text(row)].append(row["measure_id"])
    found = []
    for row in rows:
        if row["quarter"] == quarter and row["commentary"].strip():
            together = [of_measure[measure_id] for measure_id in sharing[_text(row)]]
            about = {"measure_id": row["measure_id"], "quarter": quarter}
            found += [about | {"check": name, "finding": finding} for name, finding in _of_row(row, of_measure[row["measure_id"]], together)]
    return frames.make(found, frames.COMMENTARY_CHECKS)


def _of_row(row: dict[str, Any], known: dict[str, dict[str, Any]], together: list[dict[str, dict[str, Any]]]) -> list[tuple[str, str]]:
    text, before = row["commentary"], quarters.previous(row["quarter"])
    found = []
    if row["band"] in _OFF_TARGET or row["published_status"] in _OFF_TARGET:
        found += [(name, finding) for name, pattern, finding in _LEFT_OUT if not pattern.search(wording.plain(text))]
    if before in known and wording.folded(text) and wording.folded(text) == wording.folded(known[before]["commentary"]):
        found.append(("repeated", f"is the commentary of {quarters.label(before)} again"))
    if any(_has_figure(of) for of in known.values()):
        found += [
            ("number", f"says {number}, which is not in this measure's data") for number in not_in_data(text, [of for each in together for of in each.values()])
        ]
    if all(contradictions(text, each[row["quarter"]], each) for each in together):
        found += [("direction", finding) for finding in contradictions(text, row, known)]
    return found


def _text(row: dict[str, Any]) -> str:
    """Give what tells one commentary from another; a text without a letter or a digit is the measure's own."""
    return wording.folded(row["commentary"]) or f" {row['measure_id']}"


def _has_figure(row: dict[str, Any]) -> bool:
    return any(row[name] is not None for name in ("target", "target_low", "actual", "actual_low", "actual_rank"))
