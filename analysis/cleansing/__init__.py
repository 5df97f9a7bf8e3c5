"""Cells -> readings -> one frame a form; what cannot be used is quarantined with its reason, and all of it is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis import frames
from analysis.cleansing import large
from analysis.cleansing.columns import Table
from analysis.cleansing.records import BUILDERS, Findings, Known, Record, plain_key, polarity
from analysis.cleansing.rules import RULES, Rule, carried_down, cleanse
from analysis.frames import Contract
from analysis.reference import Registers
from analysis.vocabulary import Outcome, Severity, Stage

__all__ = ["RULES", "Cleansed", "Known", "Rule", "account", "build", "carried_down", "cleanse", "in_blocks", "polarity"]


@dataclass(frozen=True)
class Cleansed:
    """`frames`: contract name -> frame; `cells`: with outcomes settled; `issues`: what cleansing found."""

    frames: dict[str, pd.DataFrame]
    cells: pd.DataFrame
    issues: pd.DataFrame


def build(cells: pd.DataFrame, entries: pd.DataFrame, registers: Registers, tables: Sequence[Table] = ()) -> Cleansed:
    """
    Turn the records of every form into frames.

    Args:
        cells: frame of the `CELLS` contract.
        entries: frame of the `ENTRIES` contract.
        registers: what measures and awards there are.
        tables: the ordinary rows of large returns.

    Returns:
        Frames observations, monthly, awards, agreements, milestones, outcome_measures, reward_targets, entitlement,
        actions and narrative, each keeping its contract; the cells with what was quarantined; the issues.
        A figure that cannot be read leaves its row in place with the reason "could not be read".
    """
    made, found, tabled = _one_by_one(cells, entries, registers, tables)
    if tabled:
        made |= {frames.OBSERVATIONS.name: large.observations(tabled, made[frames.OBSERVATIONS.name])}
        cells = large.cells_of_all(cells, tables)
    return Cleansed(made, _settled(cells, found), frames.make(found.issues, frames.ISSUES))


def in_blocks(
    cells: pd.DataFrame, entries: pd.DataFrame, registers: Registers | Known, tables: Sequence[Table], size: int = 50_000, *, unused_only: bool = False
) -> Iterator[Cleansed]:
    """
    Turn the records of every form into frames, those of large returns some rows at a time, so that memory does not grow with them.

    Args:
        cells, entries, tables: as for `build`.
        registers: what measures and awards there are; `Known` where they are asked for quarter after quarter.
        size: how many rows of a large return are made frames of at a time.
        unused_only: whether the blocks leave out the cells that are used, which are most; `tally` of a table counts them.

    Returns:
        First what went one by one, with every issue, then block after block of the rows that go by columns. A row whose key stands twice anywhere
        is in none. All rows of all blocks are those of `build`, in another order where a row went one by one.
    """
    made, found, tabled = _one_by_one(cells, entries, registers, tables)
    yield Cleansed(made, _settled(cells, found), frames.make(found.issues, frames.ISSUES))
    nothing = {contract.name: made[contract.name].iloc[:0] for contract, _ in BUILDERS.values()}
    of_table = {id(one.table): one for one in tabled.ordinary} if tabled else {}
    for table in tables:
        for start in range(0, len(table.row), size):
            one = of_table.get(id(table))
            some = {frames.OBSERVATIONS.name: one.observations(start, start + size)} if one else {}
            block = slice(start, start + size)
            of_block = table.cells(block, unused_only=unused_only)
            if unused_only and not table.outcome:
                odd = start + np.flatnonzero(~one.plain[block]) if one else np.zeros(0, dtype=np.int64)
                settled = _settled(table.cells(odd), found)
                of_block = frames.stack([of_block, settled[settled["outcome"] == Outcome.QUARANTINED]], frames.CELLS)
            yield Cleansed(nothing | some, of_block if unused_only else _settled(of_block, found), frames.make([], frames.ISSUES))


def _one_by_one(
    cells: pd.DataFrame, entries: pd.DataFrame, registers: Registers | Known, tables: Sequence[Table]
) -> tuple[dict[str, pd.DataFrame], Findings, large.Large | None]:
    """Give the frames of the records that go one by one, what was found in them, and the rows of large tables that go by columns."""
    known = registers if isinstance(registers, Known) else Known(registers)
    tabled = large.separate(entries, cells, tables, known) if tables else None
    clean = cleanse(tabled.entries if tabled else entries)
    found = Findings(clean, tabled.shared if tabled else set())
    made = _made(clean, known, found)
    name = frames.OBSERVATIONS.name
    if tabled and (again := tabled.twice(made[name])):
        made[name] = sorted([*made[name], *_made(cleanse(frames.make(again, frames.ENTRIES)), known, found)[name]], key=tabled.place)
    return {contract.name: frames.make(_without_repeats(made[contract.name], contract, found), contract) for contract, _ in BUILDERS.values()}, found, tabled


def _made(clean: pd.DataFrame, known: Known, found: Findings) -> dict[str, list[dict[str, Any]]]:
    """Give the rows of each frame, record by record."""
    made: dict[str, list[dict[str, Any]]] = {contract.name: [] for contract, _ in BUILDERS.values()}
    for where, record in _records(clean):
        contract, builder = BUILDERS[where["form"]]
        made[contract.name] += builder(where, record, known, found)
    return made


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
