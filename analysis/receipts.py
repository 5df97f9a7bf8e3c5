"""Receipts: for each published figure, the cells it came from, as typed, and each step since; and back again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from analysis import frames
from analysis.frames import MONEY
from analysis.markup import slug
from analysis.values import shown
from analysis.vocabulary import Verdict

_ROW = ("quarter", "file", "sheet")


def build(scores: pd.DataFrame, spend: pd.DataFrame, monthly: pd.DataFrame, returns: pd.DataFrame, targets: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Give every published figure its receipt.

    Args:
        scores, spend, monthly: frames of their contracts, with `<figure>_raw`, `_cell` and `_repairs`.
        returns: frame of the `RETURNS` contract, for the fingerprint of each file and who sent it.
        targets: frame of the `REWARD_TARGETS` contract with the `figure_id` of what each has earned, where there are such.

    Returns:
        Frame of the `RECEIPTS` contract: one row for each cell behind a figure. `rule` says what was made of it.
    """
    came = {(row["quarter"], row["file"]): {"sha256": row["sha256"], "sent_by": row["partner"]} for row in frames.rows(returns)}
    rows: list[dict[str, Any]] = []
    for row in frames.rows(scores):
        result = f"{row['rule']}: {row['band']}" if row["band"] else row["band_reason"]
        for name in ("target", "actual"):
            rows.append(_receipt(row, name, f"{row['measure_id']} {name}", result))
        if row["published_status_cell"]:
            rows.append(_cell(row) | {
                "part": "published_status", "what": f"{row['measure_id']} published status", "cell": row["published_status_cell"],
                "as_typed": row["published_status"],
                "read_as": row["published_status"], "rule": f"compared only: {row['agreement']}",
            })  # fmt: skip
    for row in frames.rows(spend):
        result = (
            row["verdict"]
            if row["verdict"] == Verdict.BALANCES or row["difference"] is None
            else f"{row['verdict']} by {shown(abs(row['difference']), 'pounds')}"
        )
        rows += [
            _receipt(row, name, f"{row['project']}: {name.replace('_', ' ')}", f"award = total to date + forecasts + underspend: {result}")
            for name in MONEY
            if row[f"{name}_cell"]
        ]
    rows += [_receipt(row | {"figure_id": month_id(row)}, "value", f"{row['indicator']}, {row['month']}", "as given") for row in frames.rows(monthly)]
    for row in [] if targets is None else frames.rows(targets):
        named = " ".join(filter(None, (row["target"], row["sub_target"])))
        rows += [_receipt(row, name, f"{named}: {name.replace('_', ' ')}", _SHARE) for name in REWARD_FIGURES]
    return frames.make([row | came.get((row["quarter"], row["file"]), {}) for row in rows if row["cell"]], frames.RECEIPTS)


def read_as(row: dict[str, Any], name: str) -> str:
    """
    Give a figure of a row as it was read: its value or its range, in its unit; nothing where neither is known.

    >>> read_as({"target": None, "target_low": Decimal(13), "target_high": Decimal(15), "target_unit": "percent"}, "target")
    '13% to 15%'
    """
    value: Decimal | None = row[name]
    low, high = row.get(f"{name}_low"), row.get(f"{name}_high")
    unit = row[f"{name}_unit"]
    if value is None and low is not None and high is not None:
        return f"{shown(low, unit)} to {shown(high, unit)}"
    return shown(value, unit)


def anchor(figure_id: str, part: str) -> str:
    """
    Give the id in a page of the receipt of one part of a figure: its actual, its target, one of its amounts.

    >>> anchor("2016-17-Q2.build-5", "actual")
    'receipt-2016-17-q2-build-5-actual'
    """
    return slug(f"receipt {figure_id} {part}")


def month_id(row: dict[str, Any]) -> str:
    """
    Give the id of one month's figure of a monthly indicator.

    >>> month_id({"quarter": "2009-10-Q3", "indicator": "Enquiries to CAB", "month": "2009-12"})
    '2009-10-Q3.monthly.enquiries-to-cab.2009-12'
    """
    return f"{row['quarter']}.monthly.{slug(row['indicator'])}.{row['month']}"


REWARD_FIGURES = ("expected_without_stretch", "stretch_target", "outturn", "potential_grant", "weight", "target_weight")
"""The figures of a reward targets return that what is earned follows from."""
_SHARE = "share = (outturn - without stretch) / (stretch - without stretch)"


def mark_cells(cells: pd.DataFrame, receipts: pd.DataFrame) -> pd.DataFrame:
    """
    Give *cells* with `figure_id` filled: the way back, from a source cell to the figures that it feeds.

    A cell that feeds several figures names them all, with a space between.
    """
    feeds: dict[tuple[str, ...], list[str]] = {}
    for row in frames.rows(receipts):
        feeds.setdefault((row["quarter"], row["file"], row["sheet"], row["cell"]), []).append(row["figure_id"])
    keys = zip(cells["quarter"], cells["file"], cells["sheet"], cells["cell"], strict=True)
    named = [" ".join(dict.fromkeys(feeds.get(key, []))) for key in keys]
    return cells.assign(figure_id=pd.Series(named, index=cells.index, dtype=object))


def _cell(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in _ROW} | {"figure_id": row["figure_id"]}


def _receipt(row: dict[str, Any], name: str, what: str, rule: str) -> dict[str, Any]:
    read = read_as(row, name) or row[f"{name}_reason"] or row.get(f"{name}_rule", "")
    return _cell(row) | {
        "part": name, "what": what, "cell": row[f"{name}_cell"], "as_typed": row[f"{name}_raw"], "read_as": read,
        "repairs": row[f"{name}_repairs"], "rule": rule,
    }  # fmt: skip
