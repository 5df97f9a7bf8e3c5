"""Where a measure stands among its comparators: quartile and rank by polarity, ties stated, age shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from analysis import frames, quarters
from analysis.values import ordinal_ending
from analysis.vocabulary import Polarity, Position

OLDEST = 8
"""Quarters after which a comparison says nothing of today and is no longer shown."""


def positions(scores: pd.DataFrame, register: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """
    Give the newest position of each measure or subject in each of its comparator groups.

    Where the register holds members' values, the rank is computed: this partnership's figure of the same period among
    them, equal figures sharing the better rank. Otherwise the published rank or quartile is given, or the rank that the
    return stated. The quartile goes by rank: the top one is rank <= a quarter of the group.

    Args:
        scores: frame of the `SCORES` contract, of as many quarters as there are.
        register: the register of comparators (group, measure_id, subject, period, member, value, rank, of, quartile, source).
        quarter: the quarter reported; later and older values than two years are left out.

    Returns:
        Frame of the `POSITIONS` contract. `how` is "computed", "published" or "returned"; `age` is in quarters; `rank`,
        `of` and `quartile` are missing where not known; `tied` counts the members that share the rank.

    Source: requirements.md H; domain.md 6.
    """
    now = quarters.ordinal(quarter)
    rows = [row for row in frames.rows(register) if 0 <= now - quarters.ordinal(row["period"]) <= OLDEST]
    own = {(row["measure_id"], row["quarter"]): row for row in frames.rows(scores)}
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (row["period"], bool(row["value"]))):
        about = (row["group"], row["measure_id"], row["subject"])
        of_period = found.get(about, {}).get("period") == row["period"]
        if not row["value"]:
            found[about] = _published(row, now)
        elif not (of_period and found[about]["how"] == "computed"):
            members = [Decimal(other["value"]) for other in rows if _same(other, row) and other["value"]]
            if computed := _computed(row, members, own.get((row["measure_id"], row["period"])), now):
                found[about] = computed
    returned = [_returned(row) for (_, of), row in own.items() if of == quarter and row["actual_rank"] is not None]
    return frames.make([*found.values(), *returned], frames.POSITIONS)


def _same(one: dict[str, str], other: dict[str, str]) -> bool:
    return all(one[name] == other[name] for name in ("group", "measure_id", "subject", "period"))


def _published(row: dict[str, str], now: int) -> dict[str, Any]:
    rank, of = (int(row[name]) if row[name] else None for name in ("rank", "of"))
    age = now - quarters.ordinal(row["period"])
    quartile = row["quartile"] or (str(quartile_of(rank, of)) if rank and of else "")
    return _position(row, how="published", rank=rank, of=of, quartile=quartile, age=age) | {"source": row["source"]}


def _computed(row: dict[str, str], members: list[Decimal], own: dict[str, Any] | None, now: int) -> dict[str, Any] | None:
    if own is None or own["actual"] is None or own["polarity"] not in (Polarity.HIGHER, Polarity.LOWER):
        return None
    better = sum((member > own["actual"]) if own["polarity"] == Polarity.HIGHER else (member < own["actual"]) for member in members)
    tied = members.count(own["actual"])
    rank, of = better + 1, len(members) + 1
    made = _position(row, how="computed", rank=rank, of=of, quartile=str(quartile_of(rank, of)), age=now - quarters.ordinal(row["period"]), tied=tied)
    return made | {"value": own["actual"], "source": row["source"]}


def _returned(row: dict[str, Any]) -> dict[str, Any]:
    about = {"measure_id": row["measure_id"], "subject": "", "group": "", "period": row["quarter"]}
    return _position(about, how="returned", rank=row["actual_rank"], of=None, quartile="", age=0) | {"source": f"{row['file']}, {row['actual_cell']}"}


def _position(row: dict[str, Any], *, how: str, rank: int | None, of: int | None, quartile: str, age: int, tied: int = 0) -> dict[str, Any]:
    about = {name: row[name] for name in ("measure_id", "subject", "group", "period")}
    made: dict[str, Any] = {"rank": rank, "of": of, "quartile": quartile, "age": age, "tied": tied, "how": how}
    return about | made | {"words": _words(row["group"], rank, of, quartile, tied)}


def _words(group: str, rank: int | None, of: int | None, quartile: str, tied: int) -> str:
    if rank is None:
        return f"{quartile}{f' of {group}' if group else ''}"
    place = f"{'joint ' if tied else ''}{rank}{ordinal_ending(rank)}"
    among = f" of {of}{f' {group}' if group else ''}" if of else f" among {group}" if group else ""
    return f"{place}{among}{f', {quartile}' if quartile else ''}"


def quartile_of(rank: int, of: int) -> Position:
    """
    Give the quartile of a rank, 1 being best.

    >>> [str(quartile_of(rank, 12)) for rank in (3, 4, 9, 10)]
    ['top quartile', 'second quartile', 'third quartile', 'bottom quartile']
    """
    return list(Position)[min(-(-4 * rank // of), 4) - 1]
