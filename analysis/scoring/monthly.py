"""Monthly indicators without targets: how each moved, and the band that makes."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pandas as pd

from analysis import frames
from analysis.vocabulary import Band, Polarity


def indicators(monthly: pd.DataFrame) -> pd.DataFrame:
    """
    Give one row for each monthly indicator: how it moved over its months, and the band that makes.

    An indicator without a target is LG if it moved the good way from its first month to its last, LR if it did not, and
    has no band where either figure is missing or neither way is good.

    Args:
        monthly: frame of the `MONTHLY` contract, of one quarter.

    Returns:
        Columns indicator, polarity, published_status, direction_published, change (exact; missing where unknown), band.

    Source: domain.md 4; source document 000, "Mitigating the Impact of the Recession".
    """
    rows = []
    for name, of_indicator in monthly.sort_values("month", kind="stable").groupby("indicator", sort=False):
        figures = frames.rows(of_indicator)
        first, last = figures[0], figures[-1]
        change = None if first["value"] is None or last["value"] is None else last["value"] - first["value"]
        good_way = {Polarity.HIGHER: 1, Polarity.LOWER: -1}.get(first["polarity"], 0)
        band = "" if change is None or not good_way else str(Band.LG if change * good_way > 0 else Band.LR)
        about = {column: first[column] for column in ("polarity", "published_status", "direction_published", "row")}
        rows.append({"indicator": name, "change": change, "band": band} | about)
    columns = ["indicator", "polarity", "published_status", "direction_published", "change", "band", "row"]
    return pd.DataFrame(rows, columns=columns, dtype=object).sort_values("row", kind="stable").drop(columns="row").reset_index(drop=True)


def steps(monthly: pd.DataFrame) -> pd.DataFrame:
    """
    Give by how much each monthly indicator moved from one month to the next.

    Args:
        monthly: frame of the `MONTHLY` contract, of one quarter.

    Returns:
        Columns indicator, month (the later of the two), change (exact; missing where either month is not known, or one between them is), in the
        order of the indicators and months.

    Source: source document 000, "respectively 154, and then 149 people".
    """
    rows = []
    for name, of_indicator in monthly.sort_values("month", kind="stable").groupby("indicator", sort=False):
        for before, now in pairwise(frames.rows(of_indicator)):
            known = before["value"] is not None and now["value"] is not None and _month(now) - _month(before) == 1
            rows.append({"indicator": name, "month": now["month"], "change": now["value"] - before["value"] if known else None})
    return pd.DataFrame(rows, columns=["indicator", "month", "change"], dtype=object)


def _month(row: dict[str, Any]) -> int:
    return int(row["month"][:4]) * 12 + int(row["month"][5:7])


def arrow(change: Decimal | None) -> str:
    """
    Give the direction-of-travel arrow of a change, which shows the way of the figures and not whether it is good.

    >>> arrow(Decimal(-200)), arrow(Decimal(0)), arrow(None)
    ('↓', '→', '')
    """
    return "" if change is None else "↑" if change > 0 else "↓" if change < 0 else "→"
