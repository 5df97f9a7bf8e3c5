"""The year so far: what a measure's figures of a year come to, by its kind."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pandas as pd

from analysis import frames, quarters
from analysis.vocabulary import Kind

_ITSELF = (Kind.CUMULATIVE, Kind.SNAPSHOT, Kind.ROLLING_YEAR, Kind.ANNUAL, Kind.SURVEY, Kind.MILESTONE)
"""Kinds whose figure is the year's already: never summed."""


def to_date(observations: pd.DataFrame) -> pd.DataFrame:
    """
    Give what each measure's figures of the financial year come to at each quarter; at Q4 that is the year's outturn.

    A quarter count is summed; a rate is the sum of numerators over the sum of denominators, never a mean of percentages;
    every other kind is its own figure. One unknown quarter makes the sum unknown: `known_part` and `unknown_count` say
    what there is.

    Args:
        observations: frame of the `OBSERVATIONS` contract; uses quarter, kind, actual, numerator and denominator.

    Returns:
        Frame of the `YEAR_TO_DATE` contract, one row a measure and quarter, in their order. `reason` says why there is
        no figure.

    Source: domain.md 3.
    """
    rows = frames.rows(observations)
    known = {(row["measure_id"], row["quarter"]): row for row in rows}
    return frames.make([_year(row, known) for row in rows], frames.YEAR_TO_DATE)


def _year(row: dict[str, Any], known: dict[tuple[str, str], dict[str, Any]]) -> dict[str, Any]:
    made = {"measure_id": row["measure_id"], "quarter": row["quarter"], "kind": row["kind"], "unknown_count": 0}
    if row["kind"] in _ITSELF:
        return made | {"year_to_date": row["actual"], "unknown_count": int(row["actual"] is None), "reason": "" if row["actual"] is not None else "not known"}
    if row["kind"] not in (Kind.QUARTER_COUNT, Kind.RATE):
        return made | {"reason": f"its kind is {row['kind']}"}
    so_far = [known.get((row["measure_id"], f"{row['quarter'][:-1]}{number}")) for number in range(1, int(row["quarter"][-1]) + 1)]
    if row["kind"] == Kind.RATE:
        return made | _rate(row, so_far)
    counts = [of["actual"] for of in so_far if of and of["actual"] is not None]
    whole = len(counts) == len(so_far)
    part = frames.decimal(sum((Fraction(count) for count in counts), Fraction(0)))
    made |= {"known_part": part, "unknown_count": len(so_far) - len(counts)}
    return made | ({"year_to_date": part} if whole else {"reason": "not every quarter is known"})


def _rate(row: dict[str, Any], so_far: list[dict[str, Any] | None]) -> dict[str, Any]:
    """Give a rate of the year: sum of numerators over sum of denominators; the first quarter alone is the year so far."""
    parts = [(of["actual_numerator"], of["actual_denominator"]) for of in so_far if of and _is_its_fraction(of)]
    bottom = sum(of for _, of in parts)
    if len(parts) == len(so_far) and bottom:
        return {"year_to_date": frames.decimal(Fraction(sum(top for top, _ in parts), bottom) * (100 if row["actual_unit"] == "percent" else 1))}
    if len(so_far) == 1 and row["actual"] is not None:
        return {"year_to_date": row["actual"]}
    return {"unknown_count": len(so_far) - len(parts), "reason": "numerator and denominator are not known for every quarter"}


def _is_its_fraction(row: dict[str, Any]) -> bool:
    """Say whether numerator over denominator is the figure beside it, as it was rounded; nothing over nothing adds nothing."""
    if row["actual_numerator"] is None or row["actual_denominator"] is None:
        return False
    if row["actual"] is None or not row["actual_denominator"]:
        return bool(row["actual_denominator"]) or not row["actual_numerator"]
    ratio = Fraction(row["actual_numerator"], row["actual_denominator"]) * (100 if row["actual_unit"] == "percent" else 1)
    return abs(ratio - Fraction(row["actual"])) <= Fraction(1, 2 * 10 ** (row["actual_decimals"] or 0))


def year_of(quarter: str) -> int:
    """
    Give the year in which a quarter's financial year begins.

    >>> year_of("2016-17-Q2")
    2016
    """
    quarters.period(quarter)
    return int(quarter[:4])
