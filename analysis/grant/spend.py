"""The spend identity of each award, and totals that know what they do not know."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from analysis import frames, quarters
from analysis.markup import slug
from analysis.vocabulary import Verdict

WHAT = {
    "award": "Total grant awarded",
    **{f"actual_q{n}": f"Quarter {n} actual" for n in range(1, 5)},
    **{f"forecast_q{n}": f"Quarter {n} forecast" for n in range(1, 5)},
    "total_to_date": "Total spend to date",
    "identified_underspend": "Identified underspend",
}
"""The money columns of the spend form as readers know them."""


def spend(awards: pd.DataFrame, narrative: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """
    Give each award its verdict: whether award = total to date + remaining forecasts + identified underspend.

    Args:
        awards: frame of the `AWARDS` contract; amounts in pounds, exact.
        narrative: frame of the `NARRATIVE` contract; its section "missing return" names returns not received.
        register: the register of awards; `return_name` says which return an award is reported in.

    Returns:
        Frame of the `SPEND` contract. `verdict` is a `Verdict`; `difference` is what the right side of the identity
        lacks (positive) or has too much (negative) in pounds, missing where it cannot be checked; `blocked_by` names
        the cells that stop the check. Less than half a penny is no difference. Remaining forecasts are those after the last quarter
        that has a column of actuals; a quarter without a column is unknown. An unknown amount is never taken as zero: an award with one cannot be checked,
        unless what is known already exceeds the award. "double counted" is an excess that goes away when a forecast
        equal to the total to date is left out.

    Source: domain.md 7, "Spend"; source document 001, Appendix 1.
    """
    told = narrative[narrative["section"] == "missing return"]
    missing = set(zip(told["quarter"], told["subject"], strict=True))
    return_of = {(row["project"], row["round"]): row["return_name"] for row in frames.rows(register)}
    rows = []
    for row in frames.rows(awards):
        name = return_of.get((row["project"], row["round"]), "")
        received = "no" if name and (row["quarter"], name) in missing else "yes"
        rows.append(row | _verdict(row) | {"return_received": received, "figure_id": award_id(row["quarter"], row["round"], row["project"])})
    return frames.make(rows, frames.SPEND)


def award_id(quarter: str, name_of_round: str, project: str) -> str:
    """
    Give the id under which an award's figures are known in every report and receipt.

    >>> award_id("2011-12-Q1", "Round 1", "Arts Centre (Capital)")
    '2011-12-Q1.award.round-1-arts-centre-capital'
    """
    return f"{quarter}.award.{slug(f'{name_of_round} {project}')}"


_HALF_A_PENNY = Decimal("0.005")
"""What formulas leave beyond the penny is not money."""


def _verdict(row: dict[str, Any]) -> dict[str, Any]:
    remaining = remaining_forecasts(row)
    parts = ["total_to_date", *remaining, "identified_underspend"]
    blocked = [name for name in ("award", *parts) if row[name] is None]
    cells = ", ".join(f"{WHAT.get(name, name)} ({row[f'{name}_cell'] or 'no column'}: {row[f'{name}_raw'] or row[f'{name}_reason']})" for name in blocked)
    result = {"verdict": str(Verdict.CANNOT_BE_CHECKED), "difference": None, "blocked_by": cells}
    if row["award"] is None:
        return result
    known = sum((row[name] for name in parts if row[name] is not None), Decimal(0))
    difference = row["award"] - known
    difference = Decimal(0) if abs(difference) < _HALF_A_PENNY else difference
    if difference < 0:
        return {"verdict": str(Verdict.DOUBLE_COUNTED if repeated_forecast(row) else Verdict.OVER), "difference": difference, "blocked_by": cells}
    if blocked:
        return result
    return {"verdict": str(Verdict.SHORT if difference else Verdict.BALANCES), "difference": difference, "blocked_by": ""}


def remaining_forecasts(row: dict[str, Any]) -> list[str]:
    """Give the forecast columns of the quarters still to come: those after the last quarter that has a column of actuals."""
    last = max((n for n in range(1, 5) if row[f"actual_q{n}_cell"]), default=0)
    return [f"forecast_q{n}" for n in range(last + 1, 5)]


def repeated_forecast(row: dict[str, Any]) -> str:
    """Give the forecast column that repeats the total to date, so that leaving it out makes the award add up; empty where there is none."""
    parts = ["total_to_date", *remaining_forecasts(row), "identified_underspend"]
    known = sum((row[name] for name in parts if row[name] is not None), Decimal(0))
    if row["award"] is None:
        return ""
    return next((name for name in remaining_forecasts(row) if row[name] and row[name] == row["total_to_date"] and known - row[name] == row["award"]), "")


def asked(awards: pd.DataFrame) -> list[str]:
    """Give the money columns that the returns of these awards had, in the form's order; those every form has come always."""
    always = ("award", "total_to_date", "identified_underspend")
    return [name for name in frames.MONEY if name in always or (awards[f"{name}_cell"] != "").any()]


def newest(awards: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """
    Give the rows of each round's newest return, of a quarter or of the one before: grant is reported late.

    Args:
        awards: frame with the columns quarter and round, such as `SPEND` or `OUTTURN`.
        quarter: the quarter reported.
    """
    shown = awards[awards["quarter"].isin([quarter, quarters.previous(quarter)])]
    return shown[shown["quarter"] == shown.groupby("round")["quarter"].transform("max")].reset_index(drop=True)


def totals(awards: pd.DataFrame) -> pd.DataFrame:
    """
    Add up each amount by round and kind, keeping what is unknown apart.

    Args:
        awards: frame with the columns of the `AWARDS` contract.

    Returns:
        Frame of the `GRANT_TOTALS` contract: for each round, for all its awards, for each kind of money and for each theme (kind "by theme"), and for each
        amount of the form: the known part, how many are unknown, and the least and most that the whole can be. An unknown
        amount lies between nothing and its own award; where an award itself is unknown there is no most.

    Source: domain.md 7: "Unknown is never zero".
    """
    rows = []
    for name_of_round, of_round in awards.groupby("round", sort=True):
        names = asked(of_round)
        its = frames.rows(of_round)
        kinds, themes = ({row[name] for row in its} for name in ("kind", "theme"))
        parts = [("all", "all", its)]
        parts += [(kind, "all", [row for row in its if row["kind"] == kind]) for kind in ("capital", "revenue", "not stated") if kind in kinds]
        for theme in [*sorted(themes - {"not stated"}), *sorted(themes & {"not stated"})]:
            parts.append(("by theme", theme, [row for row in its if row["theme"] == theme]))
        for kind, theme, part in parts:
            rows += [{"round": name_of_round, "kind": kind, "theme": theme} | _total(part, name) for name in names]
    return frames.make(rows, frames.GRANT_TOTALS)


def _total(awards: list[dict[str, Any]], name: str) -> dict[str, Any]:
    known = [row[name] for row in awards if row[name] is not None]
    unknown = [row for row in awards if row[name] is None]
    part = sum(known, Decimal(0))
    ceilings = [row["award"] for row in unknown]
    most = None if None in ceilings else part + sum(ceilings, Decimal(0))
    return {"what": WHAT[name], "known": part, "known_count": len(known), "unknown_count": len(unknown), "at_least": part, "at_most": most}
