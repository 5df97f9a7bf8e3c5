"""Figures that change after they were sent: what could take one to another band, and what did."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from analysis import frames, values
from analysis.errors import UnreadableValue
from analysis.scoring import banding
from analysis.scoring.judging import COUNTED, WORDS, bands, cases_of
from analysis.vocabulary import Reason


def fragility(scores: pd.DataFrame, policies: pd.DataFrame, revisions: pd.DataFrame, forecasts: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Give *scores* with how near each figure is to another band, and what could take it there.

    Args:
        scores: frame of the `SCORES` contract.
        policies, forecasts: as for `score`.
        revisions: the register of revisions (measure_id, quarter, was, now).

    Returns:
        The same frame with `to_edge` (distance from the scored actual to the nearest figure that has another band, in its
        unit, to four places; missing where there is none), `band_beyond`, and `fragile`: "rounding" where the rounding of
        the printed figure could make another band (a whole number of things counted is not rounded), "usual revision" where
        its owner's usual revision could (the median of three or more, in percent), both joined by "; ", or empty.

    Source: domain.md 4, last paragraph.
    """
    scores = scores.reset_index(drop=True)
    cases, groups, _ = cases_of(scores, policies, forecasts)
    banded = banding.codes(cases, groups)
    nearest, beyond = banding.nearest_edge(cases, groups, banded)
    usual = _usual_revision(scores, revisions)
    counted = (scores["kind"].isin(COUNTED) & (scores["actual_unit"] == "number") & (scores["actual_decimals"].fillna(1) == 0)).to_numpy(dtype=bool)
    by_rounding = scores["bands_within_rounding"].str.contains(" ", regex=False).to_numpy(dtype=bool) & ~counted
    to_edge: list[Decimal | None] = [None] * len(scores)
    fragile = np.where(by_rounding, "rounding", "").astype(object)
    for place in np.flatnonzero(beyond >= 0):
        own = Fraction(int(cases.actual.top[place]), int(cases.actual.bottoms[place]) * cases.scale)
        far = abs(Fraction(int(nearest.top[place]), int(nearest.bottoms[place]) * cases.scale) - own)
        to_edge[place] = frames.decimal(Fraction(round(far * 10_000), 10_000))
        revision = usual.get(scores["partner"].iloc[place])
        if revision and abs(own) * revision >= far:
            fragile[place] = "; ".join(part for part in (fragile[place], "usual revision") if part)
    return frames.extend(scores, {"to_edge": to_edge, "band_beyond": WORDS[beyond.clip(-1)], "fragile": fragile}, frames.SCORES)


def crossings(scores: pd.DataFrame, policies: pd.DataFrame, revisions: pd.DataFrame, forecasts: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Give the revisions that took a figure from one band to another, each judged as it was and as it became.

    Args:
        scores: frame of the `SCORES` contract.
        policies, forecasts: as for `score`.
        revisions: the register of revisions (measure_id, quarter, was, now).

    Returns:
        Columns measure_id, quarter, was, now, band_was, band, in the order of the register.
    """
    found = []
    for row in frames.rows(revisions):
        its, place = _its_row(scores, row)
        if place is not None:
            banded = [_band_with(its, place, "actual", Decimal(row[name]), policies, forecasts) for name in ("was", "now")]
            found.append({name: row[name] for name in ("measure_id", "quarter", "was", "now")} | dict(zip(("band_was", "band"), banded, strict=True)))
    made = pd.DataFrame(found, columns=["measure_id", "quarter", "was", "now", "band_was", "band"], dtype=object)
    return made[(made["band_was"] != made["band"]) & (made["band_was"] != "") & (made["band"] != "")].reset_index(drop=True)


def revised(
    scores: pd.DataFrame, replaced: pd.DataFrame, register: pd.DataFrame, policies: pd.DataFrame, forecasts: pd.DataFrame | None = None
) -> pd.DataFrame:
    """
    List the figures of measures that changed after they were sent, changes of band first.

    Args:
        scores: frame of the `SCORES` contract.
        replaced: frame of the `REPLACED` contract: the cells that a return sent again has changed.
        register: the register of revisions, for those agreed otherwise.
        policies, forecasts: as for `score`.

    Returns:
        Frame of the `REVISED` contract. `was` and `now` are missing where a text is no figure; a band is empty where there is none.

    Source: domain.md 3, "listed with old value, new value and reason. Nothing changes silently".
    """
    rows = []
    for row in frames.rows(register):
        its, place = _its_row(scores, row)
        was, now = Decimal(row["was"]), Decimal(row["now"])
        banded = ["", ""] if place is None else [_band_with(its, place, "actual", figure, policies, forecasts) for figure in (was, now)]
        about = {"part": "actual", "was": was, "now": now, "was_raw": row["was"], "now_raw": row["now"], "band_was": banded[0], "band_now": banded[1]}
        where = {} if place is None else {name: its.iloc[place][name] for name in ("file", "sheet", "figure_id")} | {"cell": its.iloc[place]["actual_cell"]}
        rows.append({name: row[name] for name in ("measure_id", "quarter", "reason", "author", "date")} | about | where)
    cells = {(row["quarter"], row["file"], row["sheet"], row[f"{part}_cell"]): (row, part) for row in frames.rows(scores) for part in ("target", "actual")}
    for one in frames.rows(replaced):
        row, part = cells.get((one["quarter"], one["file"], one["sheet"], one["cell"]), ({}, ""))
        was = _reading_of(one["was_raw"], row["unit"]) if row else values.Reading("")
        if not row or (was.value, was.low, was.high, str(was.reason or ""), was.rule) == _stands(row, part):
            continue
        its, place = _its_row(scores, row)
        known = was.value is not None or was.low is not None
        band_was = _band_as(its, place or 0, part, was, policies, forecasts) if known else ""
        about = {"part": part, "was": was.value, "now": row[part], "was_raw": one["was_raw"], "now_raw": one["now_raw"], "date": one["dated"]}
        same = {name: one[name] for name in ("quarter", "reason", "author", "was_file", "was_cell", "file", "sheet", "cell")}
        rows.append(same | about | {"measure_id": row["measure_id"], "figure_id": row["figure_id"], "band_was": band_was, "band_now": row["band"]})
    return frames.make(sorted(rows, key=lambda row: (row["band_was"] == row["band_now"], row["quarter"], row["measure_id"])), frames.REVISED)


def revisions(changed: pd.DataFrame) -> pd.DataFrame:
    """
    Give the revised actuals whose figures are both known, in the shape of the register of revisions.

    Args:
        changed: frame of the `REVISED` contract.
    """
    known = changed[(changed["part"] == "actual") & changed["was"].notna() & changed["now"].notna()].reset_index(drop=True)
    columns = ["measure_id", "quarter", "was", "now", "reason", "author", "date"]
    return known[columns].assign(was=known["was"].map(str), now=known["now"].map(str)).astype(object)


def mark_revised(scores: pd.DataFrame, changed: pd.DataFrame) -> pd.DataFrame:
    """Give *scores* with the marker `[r]` at each figure that the frame of `REVISED` says has changed into what it is."""
    now = {(row["measure_id"], row["quarter"], row["part"], row["now"]) for row in frames.rows(changed)}
    marked = {}
    for part in ("target", "actual"):
        stands = zip(scores["measure_id"], scores["quarter"], scores[part], strict=True)
        is_new = [(one, quarter, part, None if frames.absent(value) else value) in now for one, quarter, value in stands]
        markers = [f"{old} [r]".strip() if new else old for new, old in zip(is_new, scores[f"{part}_markers"], strict=True)]
        marked[f"{part}_markers"] = pd.Series(markers, index=scores.index, dtype=object)
    return scores.assign(**marked)


def _reading_of(raw: str, unit: str) -> values.Reading:
    try:
        return values.read(values.mended(raw)[0], unit)
    except UnreadableValue:
        return values.Reading(raw, reason=Reason.UNREADABLE)


def _stands(row: dict[str, Any], part: str) -> tuple[Any, ...]:
    """Give what stands as one of a measure's figures, to be compared with what stood there before."""
    return row[part], row[f"{part}_low"], row[f"{part}_high"], row[f"{part}_reason"], row["target_rule"] if part == "target" else ""


def _its_row(scores: pd.DataFrame, row: dict[str, Any]) -> tuple[pd.DataFrame, int | None]:
    """Give all rows of a measure, and the place among them of a quarter's; None where there is none."""
    its = scores[scores["measure_id"] == row["measure_id"]].reset_index(drop=True)
    place = its.index[its["quarter"] == row["quarter"]]
    return its, int(place[0]) if len(place) else None


def _band_with(its: pd.DataFrame, place: int, part: str, figure: Decimal, policies: pd.DataFrame, forecasts: pd.DataFrame | None) -> str:
    """Give the band of one row of a measure with another figure in place of its own, numerator and denominator gone."""
    return _band_as(its, place, part, values.Reading("", value=figure, low=figure, high=figure, unit=its["unit"].iloc[place]), policies, forecasts)


def _band_as(its: pd.DataFrame, place: int, part: str, reading: values.Reading, policies: pd.DataFrame, forecasts: pd.DataFrame | None) -> str:
    """Give the band of one row of a measure with another reading in place of what it has."""
    told = {part: reading.value, f"{part}_low": reading.low, f"{part}_high": reading.high, f"{part}_reason": str(reading.reason or "")}
    if its[part].iloc[place] is None or reading.unit:
        told[f"{part}_unit"] = reading.unit or its["unit"].iloc[place]
    told |= {"target_rule": reading.rule} if part == "target" else {}
    changed = its.copy()
    for name, said in told.items():
        changed[name] = pd.Series([said if at == place else value for at, value in enumerate(its[name])], dtype=object)
    for name in ("actual_numerator", "actual_denominator") if part == "actual" else ():
        changed[name] = its[name].mask(its.index == place)
    return str(bands(changed, policies, forecasts).iloc[place])


def _usual_revision(scores: pd.DataFrame, revisions: pd.DataFrame) -> dict[str, Fraction]:
    """Give the median size of each partner's revisions, as a share of what the figure was; of three or more."""
    partner_of = dict(zip(scores["measure_id"], scores["partner"], strict=True))
    sizes: dict[str, list[Fraction]] = {}
    for row in frames.rows(revisions):
        was, now = Fraction(row["was"]), Fraction(row["now"])
        if was and row["measure_id"] in partner_of:
            sizes.setdefault(partner_of[row["measure_id"]], []).append(abs(now - was) / abs(was))
    return {partner: median(of) for partner, of in sizes.items() if len(of) >= 3}
