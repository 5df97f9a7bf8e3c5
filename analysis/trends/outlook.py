"""Where the year will end: a forecast with a named method, and an interval from that method's own past errors."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from typing import Any

import pandas as pd

from analysis import frames
from analysis.trends.year import to_date, year_of
from analysis.vocabulary import Kind, Outlook, Polarity

GROWING = (Kind.QUARTER_COUNT, Kind.CUMULATIVE)
LEVEL = (Kind.RATE, Kind.SNAPSHOT, Kind.ROLLING_YEAR)
LEAST_ERRORS = 3
"""With fewer past errors there is no interval, and so no forecast: it is too short to say."""
SHARE = "what past years came to at this quarter, as a share of the year"
CARRIED = "the latest figure carried to the year end"
OUTTURN, LAST = "the year has ended: its outturn", "the year has ended: its last figure"


def forecast(observations: pd.DataFrame, adjustments: pd.DataFrame | None = None, wanted: Collection[str] | None = None) -> pd.DataFrame:
    """
    Give each measure's forecast of the year end, for kinds where it means something.

    Figures that grow within the year (counts, cumulative): year to date x the sum of past outturns over the sum of what
    those years had come to at the same quarter. Levels (rates, snapshots, rolling years): the latest figure carried on.
    The interval reaches from the worst to the best error that the same method made at the same quarter of past years,
    each judged only by what was known before it: at least three are needed.

    Args:
        observations: frame of the `OBSERVATIONS` contract, of as many quarters as there are.
        adjustments: the register of adjustments: quarters left out ("exclude") and years before a "break" or "rebase" are no
            guide to the year's end.
        wanted: the quarters to forecast from; all where None.

    Returns:
        Frame of the `FORECASTS` contract. `target` is the year's: the annual target where one is given, this quarter's
        for a level; missing otherwise. `outlook` compares the whole interval with it; `reason` says why there is none.

    Source: domain.md 5.
    """
    years = to_date(observations)
    figures: dict[str, dict[tuple[int, int], Fraction]] = {}
    for row, year in zip(frames.rows(observations), frames.rows(years), strict=True):
        figure = row["actual"] if row["kind"] in LEVEL else year["year_to_date"]
        if figure is not None:
            figures.setdefault(row["measure_id"], {})[year_of(row["quarter"]), int(row["quarter"][-1])] = Fraction(figure)
    decided: dict[str, list[dict[str, str]]] = {}
    for row in [] if adjustments is None else frames.rows(adjustments):
        decided.setdefault(row["measure_id"], []).append(row)
    chosen = observations if wanted is None else observations[observations["quarter"].isin(list(wanted))]
    annual = {
        (row["measure_id"], year_of(row["quarter"])): row["target_low"]
        for row in frames.rows(observations[observations["target_annual"]])
        if row["target_low"] == row["target_high"] and row["target_unit"] in (row["actual_unit"], "")
    }
    made = []
    for row in frames.rows(chosen):
        its, known_by_then = figures.get(row["measure_id"], {}), [of for of in decided.get(row["measure_id"], []) if of["from_quarter"] <= row["quarter"]]
        guide = {place: figure for place, figure in its.items() if not any(_no_guide(of, place, row["kind"]) for of in known_by_then)}
        made.append(_forecast(row, its, guide, annual))
    return frames.make(made, frames.FORECASTS)


def _no_guide(adjustment: dict[str, str], place: tuple[int, int], kind: str) -> bool:
    """Say whether an adjustment takes a figure, (year, quarter), out of what a forecast learns from; a sum over it goes with it."""
    first, last = (_place(adjustment[name] or adjustment["from_quarter"]) for name in ("from_quarter", "until_quarter"))
    summed = kind == Kind.QUARTER_COUNT
    if adjustment["what"] == "exclude":
        return first <= place <= last or (summed and last < place <= (last[0], 4))
    if adjustment["what"] not in ("break", "rebase"):
        return False
    return place < first or (summed and first[1] > 1 and place[0] == first[0])


def _place(quarter: str) -> tuple[int, int]:
    return year_of(quarter), int(quarter[-1])


Figures = dict[tuple[int, int], Fraction]
"""What a measure came to, by (year, quarter)."""


def _forecast(row: dict[str, Any], figures: Figures, guide: Figures, annual: dict[tuple[str, int], Any]) -> dict[str, Any]:
    """Give the forecast from one row: its own figure, and those of earlier years that are a guide."""
    year, quarter = _place(row["quarter"])
    made: dict[str, Any] = {"measure_id": row["measure_id"], "quarter": row["quarter"], "past_errors": 0, "outlook": str(Outlook.NOT_SAID)}
    if row["kind"] not in (*GROWING, *LEVEL):
        return made | {"reason": f"no forecast for a measure whose kind is {row['kind']}"}
    now = figures.get((year, quarter))
    if now is None:
        return made | {"reason": "the year to date is not known"}
    target = _year_target(row, annual.get((row["measure_id"], year)))
    if quarter == 4:
        return made | _against(target, row["polarity"], now, now, now) | {"method": OUTTURN if row["kind"] in GROWING else LAST}
    method = _share if row["kind"] in GROWING else _carried
    found = method(guide, year, quarter, now)
    errors = [error for past in range(min(figures)[0], year) if (error := _error(method, guide, past, quarter)) is not None]
    made |= {"method": SHARE if method is _share else CARRIED, "past_errors": len(errors)}
    if found is None and method is _share and not now:
        return made | {"outlook": str(Outlook.TOO_SHORT), "reason": "the year to date is zero, of which no share of the year can be told"}
    if found is None or len(errors) < LEAST_ERRORS:
        return made | {"outlook": str(Outlook.TOO_SHORT), "reason": f"{len(errors)} past errors of this method at this quarter, {LEAST_ERRORS} needed"}
    ends = [found * (1 + error) if method is _share else found + error for error in errors]
    return made | _against(target, row["polarity"], found, min(found, *ends), max(found, *ends))


def _share(figures: Figures, year: int, quarter: int, now: Fraction) -> Fraction | None:
    """Give the year to date over the share of the year that it has been by this quarter, in all earlier years together."""
    past = [(figures[before, quarter], figures[before, 4]) for before, of in figures if of == 4 and before < year and (before, quarter) in figures]
    so_far = sum((part for part, _ in past), Fraction(0))
    return now * sum((whole for _, whole in past), Fraction(0)) / so_far if so_far and now else None


def _carried(figures: Figures, year: int, quarter: int, now: Fraction) -> Fraction | None:
    """Give the latest figure."""
    del figures, year, quarter
    return now


def _error(method: Any, figures: Figures, year: int, quarter: int) -> Fraction | None:
    """Give what the method would have missed by in a past year: as a share of the forecast, or in the figure's own unit."""
    now, end = figures.get((year, quarter)), figures.get((year, 4))
    if now is None or end is None:
        return None
    found = method(figures, year, quarter, now)
    if method is _carried:
        return end - now
    return (end - found) / found if found else None


def _year_target(row: dict[str, Any], annual: Any) -> Any:
    """Give what the year is to come to: the annual target, or for a level this quarter's, where it is one figure."""
    if annual is not None:
        return annual
    single = row["target_low"] is not None and row["target_low"] == row["target_high"] and row["target_unit"] == row["actual_unit"]
    last = int(row["quarter"][-1]) == 4
    return row["target_low"] if single and (row["kind"] in LEVEL or (last and row["kind"] == Kind.CUMULATIVE)) else None


def _against(target: Any, polarity: str, found: Fraction, low: Fraction, high: Fraction) -> dict[str, Any]:
    made = {"forecast": frames.decimal(found), "low": frames.decimal(low), "high": frames.decimal(high), "target": target}
    if target is None or polarity not in (Polarity.HIGHER, Polarity.LOWER):
        return made | {"reason": "the year's target is not given" if target is None else "neither way is good"}
    goal = Fraction(target)
    if goal < 0:  # a reduction: sizes are compared, and the greater the better
        goal, low, high, polarity = -goal, -high, -low, str(Polarity.HIGHER)
    meets, misses = (low >= goal, high < goal) if polarity == Polarity.HIGHER else (high <= goal, low > goal)
    return made | {"outlook": str(Outlook.MEETS if meets else Outlook.MISSES if misses else Outlook.BALANCE)}
