"""The same answers row by row and series by series, as an analyst would write them first; the floor that vectorised code is held against."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

_BEFORE_ALL = -(10**6)


def bands(rows: pd.DataFrame) -> pd.Series:
    """
    Give the band of each row under the five-band policy, through `DataFrame.apply` and exact fractions.

    Args:
        rows: the columns that the rule looks at, decimals as Python's own, gaps as None.
    """
    ago = rows[["measure_id", "quarter", "actual", "actual_decimals", "actual_numerator", "actual_denominator", "actual_unit"]]
    ago = ago.assign(later=_year_later(ago["quarter"]))
    joined = rows.merge(ago, left_on=["measure_id", "quarter"], right_on=["measure_id", "later"], how="left", suffixes=("", "_ago"))
    return joined.apply(_band, axis=1)


def _year_later(quarter: pd.Series) -> pd.Series:
    year = quarter.str[:4].astype(int) + 1
    return year.astype(str) + "-" + ((year + 1) % 100).astype(str).str.zfill(2) + quarter.str[-3:]


def _figure(row: pd.Series, when: str = "") -> Fraction | None:
    """Give the actual, from numerator and denominator where these round to what is printed."""
    printed = row[f"actual{when}"]
    if pd.isna(printed):
        return None
    actual, top, bottom = Fraction(printed), row[f"actual_numerator{when}"], row[f"actual_denominator{when}"]
    if not pd.isna(top) and bottom:
        exact = Fraction(int(top) * (100 if row[f"actual_unit{when}"] == "percent" else 1), int(bottom))
        if abs(exact - actual) <= Fraction(1, 2 * 10 ** int(row[f"actual_decimals{when}"])):
            return exact
    return actual


def _band(row: pd.Series) -> str:  # noqa: C901, PLR0911 - the whole rule in one place, as it is first written
    if row["polarity"] == "none" or row["kind"] == "contextual":
        return ""
    if row["target_annual"] and not row["quarter"].endswith("Q4"):
        return ""
    actual, higher = _figure(row), row["polarity"] == "higher"
    if actual is None:
        return ""
    if row["target_rule"]:
        before = _figure(row, "_ago")
        return (
            ""
            if before is None or row["actual_unit"] != row["actual_unit_ago"]
            else _five(actual, before, higher=row["target_rule"] == "year on year increase")
        )
    if row["target_low"] is None:
        return ""
    low, high = Fraction(row["target_low"]), Fraction(row["target_high"])
    if row["target_unit"] == "rank":
        return "" if pd.isna(row["actual_rank"]) else _five(Fraction(int(row["actual_rank"])), high, higher=False)
    if row["target_unit"] != row["actual_unit"]:
        return ""
    if row["polarity"] == "in range":
        if low <= actual <= high:
            return "G"
        return _five(actual, low, higher=True) if actual < low else _five(actual, high, higher=False)
    if low != high:
        if not higher:
            return _five(actual, high, higher=False)
        return "G" if low <= actual <= high else _five(actual, low, higher=True)
    return _five(-actual, -low, higher=True) if low < 0 else _five(actual, low, higher=higher)


def _five(actual: Fraction, target: Fraction, *, higher: bool) -> str:
    sign, edges = (1, (21, 20, 19, 18)) if higher else (-1, (19, 20, 21, 22))
    for band, edge in zip(("HG", "LG", "A", "LR"), edges, strict=True):
        if sign * actual * 20 >= sign * target * edge:
            return band
    return "HR"


def directions(scores: pd.DataFrame, adjustments: pd.DataFrame) -> pd.DataFrame:
    """Give both directions of travel, measure by measure: each row against the one a quarter, and the one a year, before."""
    breaks = adjustments[adjustments["what"] == "break"].groupby("measure_id")["from_quarter"].apply(list).to_dict()
    parts = [_of_measure(of, [_ordinal(quarter) for quarter in breaks.get(name, [])]) for name, of in scores.groupby("measure_id", sort=False)]
    return pd.concat(parts).reindex(scores.index)


def _ordinal(quarter: str) -> int:
    return int(quarter[:4]) * 4 + int(quarter[-1])


def _of_measure(of: pd.DataFrame, breaks: list[int]) -> pd.DataFrame:
    rows = {_ordinal(row["quarter"]): row for row in of.to_dict("records")}
    made = []
    for time, row in rows.items():
        broken = max((at for at in breaks if at <= time), default=_BEFORE_ALL)
        short, long = (_travel(row, rows.get(time - back), broken=broken > time - back) for back in (1, 4))
        made.append(("not comparable" if row["kind"] == "cumulative" else short, long))
    return pd.DataFrame(made, columns=["direction_short", "direction_long"], index=of.index)


def _travel(now: dict[str, Any], then: dict[str, Any] | None, *, broken: bool) -> str:
    if then is None or pd.isna(now["actual"]) or pd.isna(then["actual"]):
        return "not known"
    reduction, was_reduction = (not pd.isna(row["target_low"]) and row["target_low"] < 0 for row in (now, then))
    same_period = now["data_period"] == then["data_period"] != ""
    if same_period or now["actual_unit"] != then["actual_unit"] or reduction != was_reduction or broken:
        return "not comparable"
    if all(row["target_unit"] == "rank" and not pd.isna(row["actual_rank"]) for row in (now, then)):
        change, small = now["actual_rank"] - then["actual_rank"], 0
    else:
        change, small = now["actual"] - then["actual"], 0 if pd.isna(now["tolerance"]) else now["tolerance"]
    if change == 0 or abs(change) < small:
        return "no change"
    way = {"higher": 1, "lower": -1}.get(now["polarity"], 0)
    way = -1 if reduction else way
    return "not comparable" if way == 0 else "better" if change * way > 0 else "worse"


def signals(rows: pd.DataFrame) -> pd.DataFrame:
    """Give signal, verdict and assurance of each point, series by series, in floats: whole figures make these exact here."""
    made = pd.concat([_of_series(of) for _, of in rows.groupby("series", sort=False)])
    return made.reindex(rows.index)


def _of_series(of: pd.DataFrame) -> pd.DataFrame:  # noqa: C901, PLR0912 - the rules of the chart, one after another
    values = [float(value) for value in of["value"]]
    size, total = len(values), sum(values)
    moving = [abs(after - before) for before, after in itertools.pairwise(values)]
    kept = [one for one in moving if not (sum(moving) > 0 and one * 1000 * len(moving) >= 3267 * sum(moving))]
    above = [(value * size - total) * len(kept) for value in values]  # each side times size x ranges, so that floats stay whole
    spread = sum(kept) * size

    def beyond(apart: float, scale: int, reach: int) -> int:
        return (apart * scale > spread * reach) - (apart * scale < -spread * reach)

    outside, near = [beyond(one, 100, 266) for one in above], [beyond(one, 300, 532) for one in above]
    two, trend, shift = [0] * size, [0] * size, [0] * size
    for end in range(2, size):
        for side in (1, -1):
            window = [place for place in range(end - 2, end + 1) if near[place] == side]
            if len(window) >= 2:
                for place in window:
                    two[place] = side
    steps = [0, *(int(np.sign(after - before)) for before, after in itertools.pairwise(values))]
    sides = [int(np.sign(one)) for one in above]
    for signs, marked, least, lead in ((steps, trend, 6, 1), (sides, shift, 7, 0)):
        start = 0
        for place in range(1, size + 1):
            if place == size or signs[place] != signs[start]:
                if signs[start] and place - start >= least:
                    for member in range(start - lead, place):
                        if member >= start or not marked[member]:
                            marked[member] = signs[start]
                start = place
    for place in range(size - 1):  # a peak between two runs goes with the run that it ends
        if trend[place] and steps[place] and _ends(steps, place):
            trend[place] = steps[place]
    good = 1 if of["polarity"].iloc[0] == "higher" else -1
    words = {1: "improvement", -1: "concern", 0: "common cause"}
    found = []
    for rules in zip(outside, trend, two, shift, strict=True):
        which = next((number for number, rule in enumerate(rules) if rule), None)
        found.append(("", words[0]) if which is None else (("outside limits", "trend", "two of three", "shift")[which], words[rules[which] * good]))
    against = beyond((float(of["target"].iloc[-1]) * size - total) * len(kept), 100, 266) * good
    assured = {-1: "consistently passes", 0: "hit and miss", 1: "consistently fails"}[against]
    return pd.DataFrame(found, columns=["signal", "verdict"], index=of.index).assign(assurance=assured)


def _ends(steps: list[int], place: int) -> bool:
    return place >= 5 and all(steps[back] == steps[place] for back in range(place - 5, place + 1))
