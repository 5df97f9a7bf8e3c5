"""The registers in data/reference/: what the partnership has agreed, read and checked as a whole."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pandas as pd

from analysis.errors import RegisterError
from analysis.quarters import parse
from analysis.vocabulary import Band, Polarity

_COLUMNS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "measures": (("measure_id", "theme", "number", "measure", "polarity", "unit", "kind", "policy", "equalities", "kind_basis"), ("theme", "number")),
    "themes": (("theme", "code", "order"), ("theme",)),
    "groups": (("group", "slug", "aliases"), ("slug",)),
    "awards": (("project", "round", "kind", "return_name"), ("project", "round")),
    "policies": (("policy", "version", "from_quarter", "polarity", "order", "band", "test", "factor"), ("policy", "version", "polarity", "band")),
    "audiences": (("audience", "title", "report", "per_group", "needs", "sections"), ("audience",)),
}
_WORDS = {
    ("measures", "polarity"): tuple(Polarity),
    ("measures", "unit"): ("number", "percent", "pounds", "seconds", "rank"),
    ("awards", "kind"): ("capital", "revenue", "not stated"),
    ("policies", "band"): tuple(Band),
    ("policies", "polarity"): (Polarity.HIGHER, Polarity.LOWER),
    ("policies", "test"): (">=", "<=", "otherwise"),
    ("audiences", "per_group"): ("yes", "no"),
}
_LINE = "line"


@dataclass(frozen=True)
class Registers:
    """
    What the partnership has agreed. Each register is a frame of text columns.

    Attributes:
        name: the partnership's name.
        language: of its reports, as in HTML.
        measures, themes, groups, awards, policies, audiences: the registers; one that is not kept is empty.
    """

    name: str
    language: str
    measures: pd.DataFrame
    themes: pd.DataFrame
    groups: pd.DataFrame
    awards: pd.DataFrame
    policies: pd.DataFrame
    audiences: pd.DataFrame


def load(data: Path) -> Registers:
    """
    Read and check every register under `data`/reference.

    Raises:
        RegisterError: everything that is wrong in any register, with file and line.
    """
    folder = data / "reference"
    problems: list[str] = []
    about: dict[str, str] = {}
    try:
        about = tomllib.loads((folder / "partnership.toml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.append("partnership.toml: is missing; it names the partnership")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        problems.append(f"partnership.toml: {fault}")
    registers = {name: _register(folder / f"{name}.csv", name, problems) for name in _COLUMNS}
    _check_between(registers, problems)
    if problems:
        raise RegisterError(str(folder), problems, "Correct the register and run again.")
    return Registers(name=str(about.get("name", "")), language=str(about.get("language", "en")), **registers)


def _register(path: Path, name: str, problems: list[str]) -> pd.DataFrame:
    wanted, key = _COLUMNS[name]
    empty = pd.DataFrame({column: pd.Series(dtype=object) for column in wanted})
    if not path.is_file():
        return empty
    try:
        reader = csv.reader(path.read_text(encoding="utf-8-sig").splitlines(keepends=True), strict=True)
        lines = [(reader.line_num - sum(cell.count("\n") for cell in line), line) for line in reader]
    except (UnicodeDecodeError, csv.Error) as fault:
        problems.append(f"{path.name}: cannot be read ({fault})")
        return empty
    heads = lines[0][1] if lines else []
    if absent := [column for column in wanted if column not in heads]:
        problems.append(f"{path.name}: heading {', '.join(map(repr, absent))} is missing")
        return empty
    rows = []
    seen: dict[tuple[str, ...], int] = {}
    for number, line in lines[1:]:
        if len(line) != len(heads):
            problems.append(f"{path.name} line {number}: has {len(line)} cells, not {len(heads)}")
            continue
        row = {head: cell.strip() for head, cell in zip(heads, line, strict=True)}
        rows.append(row | {_LINE: str(number)})
        named = tuple(row[column] for column in key)
        if first := seen.setdefault(named, number) - number:
            problems.append(f"{path.name} line {number}: {' '.join(named)!r} stands on line {number + first} already")
        problems += [f"{path.name} line {number}: {wrong}" for wrong in _wrong_in(name, row)]
    return pd.DataFrame(rows, columns=[*heads, _LINE], dtype=object) if rows else empty


def _wrong_in(name: str, row: dict[str, str]) -> list[str]:
    """Say what is wrong in one row of a register by itself."""
    wrong = [
        f"{column} {row[column]!r} is not one of {', '.join(allowed)}"
        for (register, column), allowed in _WORDS.items()
        if register == name and row[column] not in allowed
    ]
    if name == "policies" and row["test"] != "otherwise" and not _is_number(row["factor"]):
        wrong.append(f"factor {row['factor']!r} is not a number")
    if name in ("policies", "themes") and not row["order"].isdecimal():
        wrong.append(f"order {row['order']!r} is not a whole number")
    if name == "policies" and parse(row["from_quarter"]) != row["from_quarter"]:
        wrong.append(f"from_quarter {row['from_quarter']!r} is not a quarter such as 2016-17-Q2")
    return wrong


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _check_between(registers: dict[str, pd.DataFrame], problems: list[str]) -> None:
    """Hold the registers against one another: a measure's policy and theme exist, and its id is its own."""
    policies, themes = set(registers["policies"]["policy"]), set(registers["themes"]["theme"])
    seen: dict[str, str] = {}
    for row in registers["measures"].to_dict("records"):
        at = f"measures.csv line {row[_LINE]}"
        if row["policy"] not in policies:
            problems.append(f"{at}: policy {row['policy']!r} is not in policies.csv")
        if row["theme"] not in themes:
            problems.append(f"{at}: theme {row['theme']!r} is not in themes.csv")
        if (first := seen.setdefault(row["measure_id"], row[_LINE])) != row[_LINE]:
            problems.append(f"{at}: measure_id {row['measure_id']!r} stands on line {first} already")
