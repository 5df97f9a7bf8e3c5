"""A published folder -> the figures of its quarter as exact frames, with what its manifest says of how they were made."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import frames, quarters
from analysis.errors import AskedWrongly
from analysis.frames import EXACT, MONEY, TEXT, WHOLE, Contract
from analysis.scoring import policies as rag


def _texts(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, TEXT)


_PLACE = ("quarter", "file", "sheet")
SCORECARD = Contract(
    "scorecard",
    _texts("measure_id", "measure", "polarity", "target_raw", "actual_raw", "unit", "band", "reason", "kind", "policy", "data_period", "rule", "figure_id")
    | _texts(*_PLACE, "target_cell", "actual_cell")
    | dict.fromkeys(("target_low", "target_high", "actual", "variance"), EXACT),
    ("measure_id", "quarter"),
)
PUBLISHED_AWARDS = Contract(
    "awards",
    _texts("project", "round", "kind", "theme", "verdict", "figure_id", *_PLACE, *(f"{name}_reason" for name in MONEY))
    | dict.fromkeys((*MONEY, "difference"), EXACT),
    ("project", "round", "quarter"),
)
PUBLISHED_MONTHS = Contract(
    "monthly", _texts("indicator", "month", "value_raw", "value_reason", "value_cell", *_PLACE) | {"value": EXACT}, ("indicator", "month", "quarter")
)
PUBLISHED_TOTALS = Contract(
    "grant_totals",
    _texts("round", "kind", "theme", "what") | dict.fromkeys(("known", "at_most"), EXACT) | {"unknown_count": WHOLE},
    ("round", "kind", "theme", "what"),
)
PUBLISHED_RECEIPTS = Contract("receipts", _texts("figure_id", "part", "file", "sheet", "cell", "as_typed", "repairs", "sha256"), ())
PUBLISHED_FORECASTS = Contract("forecasts", _texts("measure_id", "quarter") | dict.fromkeys(("forecast", "target"), EXACT), ("measure_id", "quarter"))
_TABLES = (SCORECARD, PUBLISHED_AWARDS, PUBLISHED_MONTHS, PUBLISHED_TOTALS, PUBLISHED_RECEIPTS, PUBLISHED_FORECASTS)
"""What is read of each published file: the columns that a comparison needs."""
_POLICIES = Contract("policies", _texts("policy", "version", "from_quarter", "polarity", "order", "band", "test", "factor"), ())
_MAY_LACK = ("figure", "points", "against")
_NUMBER = {EXACT: re.compile(r"-?[0-9]+(\.[0-9]+)?"), WHOLE: re.compile(r"-?[0-9]+")}
_MOST_TOLD = 5
"""Of one file, so many wrong cells are told; a file that is wrong throughout is told by its first."""


@dataclass(frozen=True)
class Edition:
    """
    One published folder: what was said of a quarter, and how it was made.

    Attributes:
        name: how messages call it.
        quarter: the quarter reported.
        versions: the workbook and its libraries -> version.
        registers: register -> its fingerprint.
        inputs: quarter and file -> the return's fingerprint.
        scores: frame of the columns of `SCORECARD`, of every quarter shown; so the other frames of theirs.
        policies: the register of RAG policies that its bands are worked out by again.
        own_policies: whether the folder itself holds them.
    """

    name: str
    quarter: str
    versions: dict[str, str]
    registers: dict[str, str]
    inputs: dict[tuple[str, str], str]
    scores: pd.DataFrame
    awards: pd.DataFrame
    monthly: pd.DataFrame
    totals: pd.DataFrame
    receipts: pd.DataFrame
    forecasts: pd.DataFrame
    policies: pd.DataFrame
    own_policies: bool

    @cached_property
    def cells(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The receipt of each part of each figure."""
        return {(row["figure_id"], row["part"]): row for row in frames.rows(self.receipts)}


def open_editions(folders: Sequence[Path], policies: pd.DataFrame | None = None) -> list[Edition]:
    """
    Read published folders.

    Args:
        folders: each as `outputs/<quarter>/`: `manifest.json` and `data/*.csv`.
        policies: the register of RAG policies for a folder that holds no `data/policies.csv`.

    Returns:
        An edition for each folder, in their order. Numbers are exact, as written; an empty cell of a number is missing.

    Raises:
        AskedWrongly: everything that is wrong with any of the folders, at once.
    """
    problems: list[str] = []
    read = [_read(Path(folder), policies, problems) for folder in folders]
    if problems:
        raise AskedWrongly(", ".join(map(str, folders)), problems, "Publish the quarter with `workbook run`, or give the path of a published folder.")
    return [edition for edition in read if edition]


def _read(folder: Path, policies: pd.DataFrame | None, problems: list[str]) -> Edition | None:
    if not folder.is_dir():
        problems.append(f"{folder}: there is no such folder")
        return None
    found: list[str] = []
    manifest = _manifest(folder / "manifest.json", found)
    tables = {contract.name: _table(folder / "data" / f"{contract.name}.csv", contract, found) for contract in _TABLES}
    own = (folder / "data" / "policies.csv").exists()
    judged_by = _policies(folder / "data" / "policies.csv", found) if own else policies
    if judged_by is None and not own:
        found.append(f"{folder / 'data' / 'policies.csv'} is missing, and no other policies are given")
    problems += found
    if found:
        return None
    inputs = {(one["quarter"], one["file"]): one["sha256"] for one in manifest["inputs"]}
    return Edition(
        name=str(folder),
        quarter=manifest["quarter"],
        versions=manifest["versions"],
        registers=manifest["registers"],
        inputs=inputs,
        scores=tables["scorecard"],
        awards=tables["awards"],
        monthly=tables["monthly"],
        totals=tables["grant_totals"],
        receipts=tables["receipts"],
        forecasts=tables["forecasts"],
        policies=judged_by,
        own_policies=own,
    )


_SAYS = {"quarter": str, "versions": dict, "registers": dict, "inputs": list}


def _manifest(path: Path, problems: list[str]) -> dict[str, Any]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.append(f"{path} is missing")
        return {}
    except (ValueError, OSError) as fault:
        problems.append(f"{path} cannot be read: {fault}")
        return {}
    if not isinstance(said, dict):
        problems.append(f"{path} is not a manifest")
        return {}
    wrong = [name for name, kind in _SAYS.items() if not isinstance(said.get(name), kind)]
    wrong += [] if "quarter" in wrong or quarters.parse(said["quarter"]) == said["quarter"] else ["quarter"]
    wrong += [] if "inputs" in wrong or all(isinstance(one, dict) and {"quarter", "file", "sha256"} <= set(one) for one in said["inputs"]) else ["inputs"]
    problems += [f"{path}: {name!r} is missing or is not what a manifest says" for name in wrong]
    return said


def _table(path: Path, contract: Contract, problems: list[str]) -> pd.DataFrame:
    """Give the columns of *contract* of a CSV file; what is wrong goes to *problems*."""
    lines = _lines(path, contract, problems)
    if not lines:
        return frames.make([], contract)
    place = {name: lines[0].index(name) for name in contract.columns}
    wrong: list[str] = []
    rows = []
    for number, line in enumerate(lines[1:], 2):
        if len(line) != len(lines[0]):
            wrong.append(f"{path}: row {number} has {len(line)} cells, and the headings {len(lines[0])}")
            continue
        told = {name: line[at] for name, at in place.items()}
        wrong += [
            f"{path}: row {number}, {name}: {told[name]!r} is not a number"
            for name, holds in contract.columns.items()
            if holds in _NUMBER and told[name] and not _NUMBER[holds].fullmatch(told[name])
        ]
        rows.append(told)
    keys = Counter(tuple(told[name] for name in contract.key) for told in rows) if contract.key else Counter()
    wrong += [f"{path}: {', '.join(key)} stands twice" for key, number in keys.items() if number > 1]
    problems += wrong[:_MOST_TOLD]
    return frames.make([] if wrong else [_typed(told, contract) for told in rows], contract)


def _lines(path: Path, contract: Contract, problems: list[str]) -> list[list[str]]:
    """Give the lines of a CSV file that has the columns wanted; none where it has not."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = list(csv.reader(file, strict=True))
    except FileNotFoundError:
        problems.append(f"{path} is missing")
        return []
    except (UnicodeDecodeError, csv.Error, OSError) as fault:
        problems.append(f"{path} cannot be read: {fault}")
        return []
    missing = [name for name in contract.columns if not lines or name not in lines[0]]
    if missing:
        problems.append(f"{path} has no column {', '.join(map(repr, missing))}")
    return [] if missing else lines


def _typed(told: dict[str, str], contract: Contract) -> dict[str, Any]:
    makes: dict[str, Any] = {EXACT: Decimal, WHOLE: int}
    return {name: told[name] if holds == TEXT else makes[holds](told[name]) if told[name] else None for name, holds in contract.columns.items()}


def _policies(path: Path, problems: list[str]) -> pd.DataFrame | None:
    """Give a published register of policies, which must be one that bands can be worked out by."""
    lines = _lines(path, _POLICIES, problems)
    if not lines:
        return None
    columns = [*_POLICIES.columns, *(name for name in _MAY_LACK if name in lines[0])]
    rows = [[dict(zip(lines[0], line, strict=False)).get(name, "") for name in columns] for line in lines[1:]]
    register = pd.DataFrame(rows, columns=columns, dtype=object)
    try:
        rag.read(register)
    except (ValueError, ZeroDivisionError) as fault:
        problems.append(f"{path} is not a register of policies: {fault}")
        return None
    return register
