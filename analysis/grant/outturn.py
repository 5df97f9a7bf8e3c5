"""What each award will come to, and what it will leave: the underspend finder, and the ledger of variations."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from analysis import frames, quarters
from analysis.dates import ends, last_day, quarter_of
from analysis.grant.spend import remaining_forecasts, repeated_forecast

FULL, IDENTIFIED, UNPLANNED, PLANNED, OVER, UNKNOWN = (
    "spent in full",
    "underspend identified",
    "money without a plan",
    "planned to be spent",
    "over",
    "not known",
)
STATES = (UNKNOWN, UNPLANNED, IDENTIFIED, OVER, PLANNED, FULL)
"""What an award's outturn can be, what needs asking first."""
Row = dict[str, Any]


def outturn(spend: pd.DataFrame, rounds: pd.DataFrame, variations: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Give what each award will come to by its returns, and what that leaves of it.

    Args:
        spend: frame of the `SPEND` contract; amounts in pounds.
        rounds: the register of rounds: `spend_by` (a date; blank where none is stated) and `quarters_to_spend`, how many quarters money needs
            after it is re-allocated.
        variations: the register of variations; what was moved away by the end of the quarter is no longer free.

    Returns:
        Frame of the `OUTTURN` contract. `at_least` is what is known to be spent and forecast; `at_most` the award where anything of it is not known,
        missing where what is known exceeds it already. A forecast that only repeats the spend to date counts once. `free_at_least` and
        `free_at_most` are what the award leaves; of it `identified` is what the partner says, `unplanned` what nobody has said anything
        about, missing where it cannot be told. `last_quarter` is the last in which that money can still be re-allocated and spent; empty
        where no date to spend it by is stated.

    Source: domain.md 7, "Spend"; source document 001, Appendix 1 and line 126.
    """
    of_round = {row["round"]: row for row in frames.rows(rounds)}
    rows = []
    for row in frames.rows(spend):
        its_round = of_round.get(row["round"], {})
        by = row["spend_by"] or its_round.get("spend_by", "")
        about = {name: row[name] for name in ("quarter", "project", "round", "kind", "theme", "award", "completed", "figure_id")}
        come_to = _come_to(row)
        gone = _moved_away(row, variations)
        come_to |= {name: max(come_to[name] - gone, Decimal(0)) for name in ("free_at_least", "free_at_most") if come_to.get(name) is not None}
        rows.append(about | come_to | {"spend_by": by, "last_quarter": _last_quarter(by, int(its_round.get("quarters_to_spend") or 1))})
    return frames.make(rows, frames.OUTTURN)


def _moved_away(row: Row, variations: pd.DataFrame | None) -> Decimal:
    """Give what decided variations took from an award by the end of its quarter."""
    decided = [] if variations is None else frames.rows(variations)
    end = last_day(row["quarter"]).isoformat()
    its = [of for of in decided if (of["round"], of["from_project"]) == (row["round"], row["project"]) and of["amount"] and of["decided"]]
    return sum((Decimal(of["amount"]) for of in its if of["decided"] <= end), Decimal(0))


def _last_quarter(spend_by: str, to_spend: int) -> str:
    return quarters.key(quarters.period(quarter_of(ends(spend_by))) - to_spend) if spend_by else ""


def _come_to(row: Row) -> Row:
    """Give what an award comes to and leaves."""
    doubled = repeated_forecast(row)
    planned = [name for name in remaining_forecasts(row) if name != doubled]
    forecast = sum((row[name] for name in planned if row[name] is not None), Decimal(0))
    unknown = [name for name in ("total_to_date", *planned) if row[name] is None]
    least = (row["total_to_date"] or Decimal(0)) + forecast
    award, identified = row["award"], row["identified_underspend"]
    most = least if not unknown else None if award is None or least > award else award
    made: Row = {"spent": row["total_to_date"], "forecast": None if set(unknown) - {"total_to_date"} else forecast, "identified": identified}
    made |= {"at_least": least, "at_most": most, "unknown_count": len(unknown)}
    if award is None:
        return made | {"state": UNKNOWN}
    free_least, free_most = (Decimal(0) if most is None else max(award - most, Decimal(0))), max(award - least, Decimal(0))
    rest = award - least - identified if not unknown and identified is not None else None
    unplanned = None if rest is None else max(rest, Decimal(0))
    return made | {"free_at_least": free_least, "free_at_most": free_most, "unplanned": unplanned, "state": _state(row, least, rest)}


def _state(row: Row, least: Decimal, rest: Decimal | None) -> str:
    """Give what an outturn is; *rest* is what is neither spent, forecast nor identified, below nothing where these exceed the award."""
    if least > row["award"] or (rest is not None and rest < 0):
        return OVER
    if row["total_to_date"] == row["award"] == least:
        return FULL
    if rest is None:
        return UNKNOWN
    return UNPLANNED if rest else IDENTIFIED if row["identified_underspend"] else PLANNED


def burn_up(spend: pd.DataFrame) -> pd.DataFrame:
    """
    Give what the awards of each round have come to by the end of each quarter of the year: as spent so far, then as forecast.

    Args:
        spend: frame of the `SPEND` contract.

    Returns:
        Frame of the `BURN_UP` contract: for each round and return, the quarter before the year's first actual, then each to the fourth.
        `at_least` is the known part; `at_most` adds what else the awards with an unknown amount, `unknown_count` of them, may have spent: what an
        earlier return said, at most the spend to date, otherwise the award; missing where that is not known. A forecast that only
        repeats the spend to date counts once; where a year's actuals come to more than the spend to date, what was spent before is not known.

    Source: domain.md 7, "Spend".
    """
    rows = []
    returned = {(row["project"], row["round"], row["quarter"]): row["total_to_date"] for row in frames.rows(spend)}
    for (quarter, name), of_round in spend.groupby(["quarter", "round"], sort=True):
        awards = frames.rows(of_round)
        known = [row["award"] for row in awards if row["award"] is not None]
        last = max((n for n in range(1, 5) for row in awards if row[f"actual_q{n}_cell"]), default=0)
        for number in range(5):
            period = f"{quarter[:-1]}{number}" if number else quarters.previous(f"{quarter[:-1]}1")
            so_far = [_so_far(row, number, last, returned.get((row["project"], name, period))) for row in awards]
            unknown = [most for least, most in so_far if most is None or most != least]
            rows.append(
                {"quarter": quarter, "round": name, "period": period, "kind": "actual" if number <= last else "forecast"}
                | {"at_least": sum((least for least, _ in so_far), Decimal(0)), "unknown_count": len(unknown)}
                | {"at_most": None if None in unknown else sum((most for _, most in so_far if most is not None), Decimal(0))}
                | {"awarded": sum(known, Decimal(0)) if len(known) == len(awards) else None}
            )
    return frames.make(rows, frames.BURN_UP)


def _so_far(row: Row, number: int, last: int, then: Decimal | None) -> tuple[Decimal, Decimal | None]:
    """Give the least and the most of an award's spend by the end of a quarter of the year; *then* is what its return of that quarter said."""
    total, award = row["total_to_date"], row["award"]
    if number < last:
        if then is not None:
            return then, then
        since = [row[f"actual_q{n}"] for n in range(number + 1, last + 1)]
        if total is None or None in since or total < sum(since, Decimal(0)):
            return Decimal(0), award if total is None else total
        return (total - sum(since, Decimal(0)),) * 2
    doubled = repeated_forecast(row)
    planned = [row[name] for name in remaining_forecasts(row) if int(name[-1]) <= number and name != doubled]
    least = (total or Decimal(0)) + sum((part for part in planned if part is not None), Decimal(0))
    if total is not None and None not in planned:
        return least, least
    return least, None if award is None else max(award, least)


def ledger(variations: pd.DataFrame, spend: pd.DataFrame) -> pd.DataFrame:
    """
    Give the ledger of variations: what was moved, by whose authority, when, and what there was to move.

    Args:
        variations: the register of variations; a blank amount or date is one that nobody has stated.
        spend: frame of the `SPEND` contract; the newest row of each award counts.

    Returns:
        Frame of the `VARIATIONS` contract, a row for each of the register. `remaining` is what of the award was not spent at that return, missing
        where the spend is not known, with the award as `remaining_at_most`; `state` says what the ledger still lacks.

    Source: domain.md 7; source document 001, "Variations", lines 106 to 122.
    """
    known = {(row["round"], row["project"]): row for row in sorted(frames.rows(spend), key=lambda row: row["quarter"])}
    rows = []
    for row in frames.rows(variations):
        award = known.get((row["round"], row["from_project"]), {})
        whole, spent = award.get("award"), award.get("total_to_date")
        lacks = [words for name, words in (("amount", "the sum"), ("authority", "the authority"), ("decided", "the date")) if not row[name]]
        known_left = None if whole is None or spent is None else whole - spent
        rows.append(
            {name: row[name] for name in frames.VARIATIONS.columns if name in row}
            | {"quarter": award.get("quarter", ""), "amount": Decimal(row["amount"]) if row["amount"] else None}
            | {"remaining": known_left, "remaining_at_most": whole if spent is None else known_left}
            | {"state": f"not stated: {', '.join(lacks)}" if lacks else "complete"}
        )
    return frames.make(rows, frames.VARIATIONS)
