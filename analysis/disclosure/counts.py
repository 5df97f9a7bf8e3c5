"""The counts behind the figures: which of them are small, and which differences between quarters are."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pandas as pd

from analysis import frames, quarters, values
from analysis.disclosure.profiles import NONE, in_force
from analysis.errors import UnreadableValue
from analysis.reference import Registers
from analysis.vocabulary import Kind, Reason

COUNT, TOP, BOTTOM, BEHIND = "count", "numerator", "denominator", "count behind"
COLUMNS = ["measure_id", "quarter", "part", "value", "cumulative", "width", "hidden"]


def counts(made: dict[str, pd.DataFrame], registers: Registers, audience: str = "") -> pd.DataFrame:
    """
    Give every count that the figures are or are made of, and which of them are small.

    Args:
        made: name -> frame; uses `scores`, or `observations` where there are none: measure_id, quarter, kind and the columns of
            the actual.
        registers: uses `disclosure`, `measures`, `audiences`.
        audience: whose page; blank for what is open to all.

    Returns:
        One row for each count, with measure_id, quarter, `part` ("count", "numerator", "denominator", or "count behind" for a
        number in brackets behind a figure), `value` (missing where a figure is there that cannot be read, or that its sender has
        suppressed), `cumulative`, `width` (the k of `suppress<k`, 0 where the measure has none) and `hidden`. All counts of a figure are
        hidden together: where one of them, or the denominator less the numerator, is more than 0 and less than k; where a
        cumulative one is so much more than the last one known of its year; and where a figure with a digit in it cannot be read. Under
        rounding only what cannot be rounded is hidden: ranges, and figures that cannot be read.

    Source: domain.md 3 and 9.

    >>> from analysis.disclosure.example import example_registers
    >>> rows = [{"measure_id": "M1", "quarter": "2016-17-Q1", "actual_raw": "3", "actual": Decimal(3), "actual_unit": "number"}]
    >>> counts({"scores": frames.make(rows, frames.SCORES)}, example_registers([("", "", "", "suppress<5")]))[["value", "hidden"]].values.tolist()
    [[3, True]]
    """
    force = in_force(registers, audience)
    ks = {measure_id: suppressed_below(profile) for measure_id, profile in force.items()}
    found: list[dict[str, Any]] = []
    for row in frames.rows(figures(made)):
        k, profile = ks.get(row["measure_id"], 0), force.get(row["measure_id"], "")
        parts = parts_of(row)
        hidden = any(0 < value < k for value in sensitive(parts)) or (profile not in ("", NONE) and _may_be_small(row, k))
        if hidden and not parts:
            parts = {COUNT: None}
        about = {"measure_id": row["measure_id"], "quarter": row["quarter"], "cumulative": row["kind"] == Kind.CUMULATIVE, "width": k, "hidden": hidden}
        found += [about | {"part": part, "value": value} for part, value in parts.items()]
    made_ = pd.DataFrame(found, columns=COLUMNS).astype({"value": object, "cumulative": bool, "hidden": bool, "width": "int64"})
    return _with_small_steps(made_)


def figures(made: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """
    Give the frame that says what the figures are: `scores`, or `observations` where there are none; empty without either.

    >>> len(figures({}))
    0
    """
    return next((made[name] for name in ("scores", "observations") if name in made), frames.make([], frames.OBSERVATIONS))


def suppressed_below(profile: str) -> int:
    """
    Give the k of `suppress<k`, 0 for any other profile.

    >>> suppressed_below("suppress<5"), suppressed_below("round5")
    (5, 0)
    """
    return int(profile.removeprefix("suppress<")) if profile.startswith("suppress<") else 0


def parts_of(row: dict[str, Any]) -> dict[str, int | None]:
    """
    Give the counts in one figure: itself where it is whole and not in money, time or percent, and what it was printed with.

    >>> parts_of({"actual": Decimal("42.5"), "actual_unit": "percent", "actual_numerator": 62, "actual_denominator": 146, "actual_raw": ""})
    {'numerator': 62, 'denominator': 146}
    """
    parts: dict[str, int | None] = {}
    if row["actual_numerator"] is not None and row["actual_denominator"] is not None:
        parts |= {TOP: int(row["actual_numerator"]), BOTTOM: int(row["actual_denominator"])}
    if row["actual"] is not None and row["actual_unit"] in ("number", "") and row["actual"] >= 0 and row["actual"] == int(row["actual"]):
        parts[COUNT] = int(row["actual"])
    if re.search(r"\(\d[\d,]*\)$", row["actual_raw"].strip()) and (behind := _behind(row["actual_raw"])) is not None:
        parts[BEHIND] = behind
    return parts


def sensitive(parts: dict[str, int | None]) -> list[int]:
    """
    Give the numbers that must not be small: every count, and what the numerator leaves of the denominator.

    >>> sensitive({"numerator": 58, "denominator": 60})
    [58, 60, 2]
    """
    known = [value for value in parts.values() if value is not None]
    top, bottom = parts.get(TOP), parts.get(BOTTOM)
    return known if top is None or bottom is None else [*known, bottom - top]


def steps(cells: pd.DataFrame) -> list[tuple[int, int]]:
    """
    Give the places (before, after) of counts of a cumulative measure that follow one another within a year.

    >>> about = {"measure_id": "M1", "part": "count", "value": 1, "cumulative": True, "width": 5, "hidden": False}
    >>> steps(pd.DataFrame([about | {"quarter": quarter} for quarter in ("2016-17-Q3", "2016-17-Q1", "2015-16-Q4")]))
    [(1, 0)]
    """
    series: dict[tuple[str, str, str], list[tuple[str, int]]] = {}
    for place, row in enumerate(cells.to_dict("records")):
        if row["cumulative"]:
            series.setdefault((row["measure_id"], row["part"], row["quarter"][:4]), []).append((row["quarter"], place))
    return [(before, after) for year in series.values() for (_, before), (_, after) in pairwise(sorted(year))]


def _with_small_steps(cells: pd.DataFrame) -> pd.DataFrame:
    """Hide a cumulative figure that is a small number more than the last one known: the difference is the quarter's count."""
    rows = cells.to_dict("records")
    by_place = {(row["measure_id"], row["quarter"], row["part"]): row for row in rows}
    small: set[tuple[str, str]] = set()
    known = cells[[value is not None for value in cells["value"]]]
    known_rows = known.to_dict("records")
    for before, after in steps(known):
        earlier, later = known_rows[before], known_rows[after]
        grown = [later["value"] - earlier["value"]]
        bottoms = [by_place.get((row["measure_id"], row["quarter"], BOTTOM)) for row in (earlier, later)]
        if later["part"] == TOP and all(bottom is not None and bottom["value"] is not None for bottom in bottoms):
            grown.append(bottoms[1]["value"] - bottoms[0]["value"] - grown[0])  # type: ignore[index]
        if any(0 < step < later["width"] for step in grown):
            small.add((later["measure_id"], later["quarter"]))
    hidden = [row["hidden"] or (row["measure_id"], row["quarter"]) in small for row in rows]
    return cells.assign(hidden=pd.Series(hidden, index=cells.index, dtype=bool))


def _behind(raw: str) -> int | None:
    try:
        return values.read(raw).count
    except UnreadableValue:
        return None


def _may_be_small(row: dict[str, Any], k: int) -> bool:
    """
    Say whether a figure without a value could be a small number: a range that begins below k, or text with a digit that was not read.

    Without a k counts are rounded, and neither a range nor such a text can be.
    """
    if row["actual"] is not None:
        return False
    if row["actual_low"] is not None:
        return bool(row["actual_unit"] in ("number", "") and (not k or row["actual_low"] < k))
    return row["actual_reason"] in (Reason.UNREADABLE, Reason.SUPPRESSED) and bool(re.search(r"\d", row["actual_raw"]))


def in_order(cells: pd.DataFrame) -> list[str]:
    """
    Give the quarters of some counts from the oldest to the newest.

    >>> in_order(pd.DataFrame({"quarter": ["2016-17-Q1", "2015-16-Q4"]}))
    ['2015-16-Q4', '2016-17-Q1']
    """
    return sorted(set(cells["quarter"]), key=quarters.ordinal)


def whole(value: Any) -> Decimal | None:
    """
    Give a count as the frames hold figures.

    >>> whole(3), whole(None)
    (Decimal('3'), None)
    """
    return None if value is None else Decimal(int(value))
