"""Cells -> readings -> one frame a form; what cannot be used is quarantined with its reason, and all of it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis import frames
from analysis.cleansing.records import BUILDERS, Findings, Record, plain_key, polarity
from analysis.cleansing.rules import RULES, Rule, carried_down, cleanse
from analysis.frames import Contract
from analysis.reference import Registers
from analysis.vocabulary import Outcome, Severity, Stage

__all__ = ["RULES", "Cleansed", "Rule", "account", "build", "carried_down", "cleanse", "polarity"]


@dataclass(frozen=True)
class Cleansed:
    """`frames`: contract name -> frame; `cells`: with outcomes settled; `issues`: what cleansing found."""

    frames: dict[str, pd.DataFrame]
    cells: pd.DataFrame
    issues: pd.DataFrame


def build(cells: pd.DataFrame, entries: pd.DataFrame, registers: Registers) -> Cleansed:
    """
    Turn the records of every form into frames.

    Args:
        cells: frame of the `CELLS` contract.
        entries: frame of the `ENTRIES` contract.
        registers: what measures and awards there are.

    Returns:
        Frames observations, monthly, awards, agreements, milestones, outcome_measures, reward_targets, entitlement,
        actions and narrative, each keeping its contract; the cells with what was quarantined; the issues.
        A figure that cannot be read leaves its row in place with the reason "could not be read".
    """
    clean = cleanse(entries)
    found = Findings(clean)
    made: dict[str, list[dict[str, Any]]] = {contract.name: [] for contract, _ in BUILDERS.values()}
    for where, record in _records(clean):
        contract, builder = BUILDERS[where["form"]]
        made[contract.name] += builder(where, record, registers, found)
    built = {contract.name: frames.make(_without_repeats(made[contract.name], contract, found), contract) for contract, _ in BUILDERS.values()}
    return Cleansed(built, _settled(cells, found), frames.make(found.issues, frames.ISSUES))


def account(returns: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """
    Give *returns* with how many cells of each file were used, ignored and quarantined; the three add up to `cells`.

    A file that was received but has quarantined cells is "held in part", one of which nothing is used is "held".
    """
    rows = []
    tallies = cells.groupby(["quarter", "file", "outcome"]).size().to_dict()
    for row in frames.rows(returns):
        counts = {str(outcome): int(tallies.get((row["quarter"], row["file"], outcome), 0)) for outcome in Outcome}
        state = row["state"]
        if state == "received" and counts[Outcome.QUARANTINED]:
            state = "held in part" if counts[Outcome.USED] else "held"
        rows.append(row | counts | {"cells": sum(counts.values()), "state": state})
    return frames.make(rows, frames.RETURNS)


def _records(clean: pd.DataFrame) -> list[tuple[dict[str, Any], Record]]:
    gathered: dict[tuple[Any, ...], Record] = {}
    for entry in frames.rows(clean):
        key = (entry["quarter"], entry["file"], entry["sheet"], entry["row"], entry["form"], entry["partner"])
        gathered.setdefault(key, {})[entry["field"]] = entry
    names = ("quarter", "file", "sheet", "row", "form", "partner")
    return [(dict(zip(names, key, strict=True)), record) for key, record in gathered.items()]


def _settled(cells: pd.DataFrame, found: Findings) -> pd.DataFrame:
    keys = list(zip(cells["quarter"], cells["file"], cells["sheet"], cells["cell"], strict=True))
    reasons = [found.quarantined.get(key) for key in keys]
    outcome = [Outcome.QUARANTINED.value if reason else old for reason, old in zip(reasons, cells["outcome"], strict=True)]
    reason = [new or old for new, old in zip(reasons, cells["reason"], strict=True)]
    return cells.assign(outcome=pd.Series(outcome, index=cells.index, dtype=object), reason=pd.Series(reason, index=cells.index, dtype=object))


def _without_repeats(rows: list[dict[str, Any]], contract: Contract, found: Findings) -> list[dict[str, Any]]:
    """Keep rows whose key stands once; of those that stand twice, all are quarantined: nobody has said which is right."""
    by_key: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        by_key.setdefault(tuple(plain_key(row.get(name) or "") for name in contract.key), []).append(row)
    for same in by_key.values():
        for row in same if len(same) > 1 else []:
            others = ", ".join(f"{other['file']} row {other['row']}" for other in same if other is not row)
            record = list(row["_record"].values())
            found.quarantine(record, f"stands also in {others}")
            key = [row.get(name) or "" for name in contract.key]
            message = f"{', '.join(map(str, key))} stands also in {others}. None of them is used: send one row for each."
            found.add(record[0], Stage.RETURNS, Severity.FAIL, "one row for each", message)
    kept = [same[0] for same in by_key.values() if len(same) == 1]
    return [{name: value for name, value in row.items() if name != "_record"} for row in kept]
