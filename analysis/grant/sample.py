"""Which figures a finance officer should test: the largest, the odd, and some at random, the same every time."""

from __future__ import annotations

import hashlib
from typing import Any

import pandas as pd

from analysis import frames
from analysis.grant.spend import WHAT, asked

LARGEST, ODD, RANDOM = "largest", "odd", "random"


def sample(spend: pd.DataFrame, issues: pd.DataFrame, seed: str, largest: int = 5, at_random: int = 5) -> pd.DataFrame:
    """
    Choose figures of the awards to test against invoices and ledgers.

    Args:
        spend: frame of the `SPEND` contract, of one quarter; amounts in pounds.
        issues: frame with the columns file, sheet and cell: what the checks found; each figure there is chosen as odd.
        seed: what the random choice follows from, such as the quarter: the same seed and figures give the same sample, whatever their order.
        largest: how many of the largest amounts of spend are chosen.
        at_random: how many of the rest.

    Returns:
        Frame of the `SAMPLE` contract: project, figure, amount, as typed, why it was chosen, and the cell. Unknown amounts and nothings are not chosen.
    """
    wanted = set(zip(issues["file"], issues["sheet"], issues["cell"], strict=True))
    names = [name for name in asked(spend) if not name.startswith("forecast")]
    items = [item for row in frames.rows(spend) for item in _figures(row, names)]
    chosen: dict[tuple[str, str], dict[str, Any]] = {}
    spent = [item for item in items if item["part"] == WHAT["total_to_date"]]
    for item in sorted(spent, key=lambda item: (-item["amount"], item["project"], item["figure_id"]))[:largest]:
        chosen[item["figure_id"], item["part"]] = item | {"why": LARGEST}
    for item in items:
        if (item["file"], item["sheet"], item["cell"]) in wanted:
            already = chosen.get((item["figure_id"], item["part"]))
            chosen[item["figure_id"], item["part"]] = item | {"why": f"{already['why']}, {ODD}" if already else ODD}
    rest = [item for item in items if (item["figure_id"], item["part"]) not in chosen]
    for item in sorted(rest, key=lambda item: _lot(seed, item))[:at_random]:
        chosen[item["figure_id"], item["part"]] = item | {"why": RANDOM}
    order = {LARGEST: 0, ODD: 1, RANDOM: 2}
    rows = sorted(chosen.values(), key=lambda item: (order[item["why"].partition(",")[0]], -item["amount"], item["project"], item["figure_id"], item["part"]))
    return frames.make(rows, frames.SAMPLE)


def _figures(row: dict[str, Any], names: list[str]) -> list[dict[str, Any]]:
    """Give an award's figures that can be tested: known, more than nothing, and not forecasts, for which there are no papers yet."""
    about = {name: row[name] for name in ("quarter", "project", "round", "file", "sheet", "figure_id")}
    wanted = [name for name in names if row[name] is not None and row[name] > 0]
    return [about | {"part": WHAT[name], "amount": row[name], "as_typed": row[f"{name}_raw"], "cell": row[f"{name}_cell"]} for name in wanted]


def _lot(seed: str, item: dict[str, Any]) -> str:
    return hashlib.sha256(f"{seed}|{item['figure_id']}|{item['part']}".encode()).hexdigest()
