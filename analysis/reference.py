"""The registers in data/reference/: what the partnership has agreed, read and checked as a whole."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import tomllib
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path

import pandas as pd

from analysis import frames
from analysis.errors import RegisterError
from analysis.quarters import parse
from analysis.vocabulary import Band, Kind, Polarity, Position, Severity

_COLUMNS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "measures": (("measure_id", "theme", "number", "measure", "polarity", "unit", "kind", "policy", "equalities", "kind_basis"), ("theme", "number")),
    "themes": (("theme", "code", "order"), ("theme",)),
    "groups": (("group", "slug", "aliases"), ("slug",)),
    "awards": (("project", "round", "kind", "return_name"), ("project", "round")),
    "policies": (
        ("policy", "version", "from_quarter", "polarity", "order", "band", "test", "factor"),
        ("policy", "version", "polarity", "order", "figure", "test", "against"),
    ),
    "audiences": (("audience", "title", "report", "per_group", "needs", "sections"), ("audience",)),
    "adjustments": (
        ("measure_id", "what", "from_quarter", "until_quarter", "value", "author", "date", "reason"),
        ("measure_id", "what", "from_quarter"),
    ),
    "comparators": (
        ("group", "measure_id", "subject", "period", "member", "value", "rank", "of", "quartile", "source"),
        ("group", "measure_id", "subject", "period", "member"),
    ),
    "agreement_terms": (
        ("agreement", "instalment", "term", "name", "value", "fact", "basis", "source"),
        ("agreement", "instalment", "term", "name", "value", "fact"),
    ),
    "rounds": (("round", "allocated_on", "spend_by", "allocated", "source"), ("round",)),
    "variations": (
        ("round", "subject", "from_project", "to_project", "what", "amount", "authority", "decided", "effective", "basis", "source"),
        ("round", "subject", "from_project", "what"),
    ),
    "grant_checks": (("check", "severity", "limit", "why"), ("check",)),
    "quality_checks": (("check", "severity", "limit", "why"), ("check",)),
    "revisions": (("measure_id", "quarter", "was", "now", "reason", "author", "date"), ("measure_id", "quarter", "date")),
    "returns_owed": (("partner", "form", "covers", "from_quarter", "until_quarter", "due_days", "basis"), ("partner", "form", "covers", "from_quarter")),
    "received": (("quarter", "file", "received_on"), ("quarter", "file")),
    "headings": (("form", "heading", "means", "author", "date", "reason"), ("form", "heading")),
    "disclosure": (("audience", "theme", "measure_id", "profile", "why"), ("audience", "theme", "measure_id")),
    "sums": (("total", "part"), ("total", "part")),
    "sign_offs": (("quarter", "signed_by", "signed_on", "inputs"), ("quarter", "signed_on")),
}
"""Each register: the columns that it must have, and those that together name one row."""
_LEFT_OUT: dict[str, dict[str, str]] = {
    "measures": {"arrears": "0", "reports_in": "", "tolerance": "0", "decimals": "", "definition": ""},
    "policies": {"figure": "actual", "points": "0", "against": "target", "source": ""},
    "awards": {"theme": "not stated", "theme_basis": "", "starts": "", "spend_by": "", "milestones": ""},
    "rounds": {"capital": "", "revenue": "", "quarters_to_spend": "1", "starts": ""},
    "variations": {"interests": ""},
    "returns_owed": {"reports_in": "", "arrears": "0", "contact": ""},
    "groups": {"themes": ""},
    "audiences": {"only_in": ""},
}
"""Columns that may be left out, or blank, and what they then say."""
_WORDS = {
    ("measures", "polarity"): tuple(Polarity),
    ("measures", "unit"): ("number", "percent", "pounds", "seconds", "rank"),
    ("measures", "kind"): tuple(Kind),
    ("awards", "kind"): ("capital", "revenue", "not stated"),
    ("policies", "band"): tuple(Band),
    ("policies", "polarity"): (Polarity.HIGHER, Polarity.LOWER),
    ("policies", "test"): (">=", "<=", ">", "<", "otherwise"),
    ("policies", "figure"): ("actual", "forecast"),
    ("policies", "against"): ("target", "year ago"),
    ("audiences", "per_group"): ("yes", "no"),
    ("adjustments", "what"): ("policy", "rebase", "exclude", "break"),
    ("grant_checks", "severity"): ("", *Severity),
    ("quality_checks", "severity"): ("", *Severity),
    ("comparators", "quartile"): ("", *Position),
}
_QUARTERS = (
    ("policies", "from_quarter"),
    ("adjustments", "from_quarter"),
    ("adjustments", "until_quarter"),
    ("comparators", "period"),
    ("revisions", "quarter"),
    ("returns_owed", "from_quarter"),
    ("returns_owed", "until_quarter"),
    ("received", "quarter"),
    ("sign_offs", "quarter"),
)
_NUMBERS = (
    ("measures", "tolerance"),
    ("policies", "points"),
    ("comparators", "value"),
    ("revisions", "was"),
    ("revisions", "now"),
    ("rounds", "allocated"),
    ("rounds", "capital"),
    ("rounds", "revenue"),
    ("variations", "amount"),
    ("grant_checks", "limit"),
    ("quality_checks", "limit"),
)
_WHOLE = (
    ("rounds", "quarters_to_spend"),
    ("measures", "arrears"),
    ("measures", "decimals"),
    ("policies", "order"),
    ("themes", "order"),
    ("comparators", "rank"),
    ("comparators", "of"),
    ("returns_owed", "due_days"),
    ("returns_owed", "arrears"),
)
_DATES = (
    ("awards", "starts"),
    ("awards", "spend_by"),
    ("rounds", "allocated_on"),
    ("rounds", "starts"),
    ("rounds", "spend_by"),
    ("variations", "decided"),
    ("variations", "effective"),
    ("received", "received_on"),
    ("sign_offs", "signed_on"),
)
_MAY_BE_BLANK = {
    ("adjustments", "until_quarter"),
    ("comparators", "value"),
    ("comparators", "rank"),
    ("comparators", "of"),
    ("rounds", "allocated"),
    ("rounds", "capital"),
    ("rounds", "revenue"),
    ("variations", "amount"),
    ("grant_checks", "limit"),
    ("quality_checks", "limit"),
    ("measures", "decimals"),
    ("returns_owed", "until_quarter"),
    ("returns_owed", "due_days"),
    *_DATES,
}
_LINE = "line"
_PROFILE = re.compile(r"none|suppress<[1-9]\d*|round[1-9]\d*")


@dataclass(frozen=True)
class Registers:
    """
    What the partnership has agreed. Each register is a frame of text columns.

    Attributes:
        name: the partnership's name.
        language: of its reports, as in HTML.
        far_beyond_target: from how many percent beyond its target a measure is told as an exception; None for never.
        measures, themes, groups, awards, policies, audiences, adjustments, comparators, revisions, agreement_terms, rounds,
            variations, grant_checks, quality_checks, returns_owed, received, headings, disclosure, sums, sign_offs: the registers; one
            that is not kept is empty.
        fingerprints: file -> its SHA-256.
    """

    name: str
    language: str
    far_beyond_target: Decimal | None
    measures: pd.DataFrame
    themes: pd.DataFrame
    groups: pd.DataFrame
    awards: pd.DataFrame
    policies: pd.DataFrame
    audiences: pd.DataFrame
    adjustments: pd.DataFrame
    comparators: pd.DataFrame
    revisions: pd.DataFrame
    agreement_terms: pd.DataFrame
    rounds: pd.DataFrame
    variations: pd.DataFrame
    grant_checks: pd.DataFrame
    quality_checks: pd.DataFrame
    returns_owed: pd.DataFrame
    received: pd.DataFrame
    headings: pd.DataFrame
    disclosure: pd.DataFrame
    sums: pd.DataFrame
    sign_offs: pd.DataFrame
    fingerprints: dict[str, str] = field(default_factory=dict)


def load(data: Path) -> Registers:
    """
    Read and check every register under `data`/reference.

    Raises:
        RegisterError: everything that is wrong in any register, with file and line.
    """
    folder = data / "reference"
    found = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
    known = _of_contents(str(folder), tuple((path.name, path.read_bytes()) for path in found))
    own = {name: getattr(known, name).copy(deep=False) for name in _COLUMNS}  # pandas copies on write: nobody changes what is kept here
    return replace(known, **own, fingerprints=dict(known.fingerprints))


@lru_cache(maxsize=8)
def _of_contents(folder: str, contents: tuple[tuple[str, bytes], ...]) -> Registers:
    """Read and check registers, given as name and bytes of each file; the same bytes, which every notebook and report asks for, only once."""
    files = dict(contents)
    problems: list[str] = []
    about: dict[str, str] = {}
    try:
        about = tomllib.loads(_text(files["partnership.toml"], "utf-8"))
    except KeyError:
        problems.append("partnership.toml: is missing; it names the partnership")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        problems.append(f"partnership.toml: {fault}")
    if not _is_number(about.get("far_beyond_target", "0")):
        problems.append(f'partnership.toml: far_beyond_target {about["far_beyond_target"]!r} is not a number in quotes, such as "25"')
    registers = {name: _register(files.get(f"{name}.csv"), name, problems) for name in _COLUMNS}
    _check_between(registers, problems)
    _check_grant(registers, problems)
    _check_disclosure(registers, problems)
    if problems:
        raise RegisterError(folder, problems, "Correct the register and run again.")
    far = about.get("far_beyond_target")
    return Registers(
        name=str(about.get("name", "")),
        language=str(about.get("language", "en")),
        far_beyond_target=None if far is None else Decimal(far),
        **registers,
        fingerprints={name: hashlib.sha256(content).hexdigest() for name, content in contents},
    )


def _text(content: bytes, encoding: str) -> str:
    """Give the text of a file, its line ends made alike."""
    return io.TextIOWrapper(io.BytesIO(content), encoding=encoding).read()


def _register(content: bytes | None, name: str, problems: list[str]) -> pd.DataFrame:
    wanted, key = _COLUMNS[name]
    left_out = _LEFT_OUT.get(name, {})
    empty = pd.DataFrame({column: pd.Series(dtype=object) for column in (*wanted, *left_out)})
    if content is None:
        return empty
    file = f"{name}.csv"
    try:
        reader = csv.reader(_text(content, "utf-8-sig").splitlines(keepends=True), strict=True)
        lines = [(reader.line_num - sum(cell.count("\n") for cell in line), line) for line in reader]
    except (UnicodeDecodeError, csv.Error) as fault:
        problems.append(f"{file}: cannot be read ({fault})")
        return empty
    heads = lines[0][1] if lines else []
    if absent := [column for column in wanted if column not in heads]:
        problems.append(f"{file}: heading {', '.join(map(repr, absent))} is missing")
        return empty
    rows = []
    seen: dict[tuple[str, ...], int] = {}
    for number, line in lines[1:]:
        if len(line) != len(heads):
            problems.append(f"{file} line {number}: has {len(line)} cells, not {len(heads)}")
            continue
        row = left_out | {head: cell.strip() for head, cell in zip(heads, line, strict=True) if cell.strip() or head not in left_out}
        rows.append(row | {_LINE: str(number)})
        named = tuple(row[column] for column in key)
        if first := seen.setdefault(named, number) - number:
            problems.append(f"{file} line {number}: {' '.join(filter(None, named))!r} stands on line {number + first} already")
        problems += [f"{file} line {number}: {wrong}" for wrong in _wrong_in(name, row)]
    columns = [*dict.fromkeys((*heads, *left_out)), _LINE]
    return pd.DataFrame(rows, columns=columns, dtype=object) if rows else empty


def _wrong_in(name: str, row: dict[str, str]) -> list[str]:
    """Say what is wrong in one row of a register by itself."""
    wrong = [
        f"{column} {row[column]!r} is not one of {', '.join(filter(None, allowed))}{', or blank' if '' in allowed else ''}"
        for (register, column), allowed in _WORDS.items()
        if register == name and row[column] not in allowed
    ]
    if name == "policies" and row["test"] != "otherwise" and not _is_number(row["factor"]):
        wrong.append(f"factor {row['factor']!r} is not a number")
    for rule, columns, means in _FORMATS:
        wrong += [
            f"{column} {row[column]!r} is not {means}"
            for register, column in columns
            if register == name and not (rule(row[column]) or (not row[column] and (register, column) in _MAY_BE_BLANK))
        ]
    if name in ("measures", "returns_owed") and set(row["reports_in"].split()) - {"Q1", "Q2", "Q3", "Q4"}:
        wrong.append(f"reports_in {row['reports_in']!r} is not a list of quarters such as Q2 Q4")
    if name in ("adjustments", "headings"):
        wrong += [f"{column} is blank: each decision says who took it, when and why" for column in ("author", "date", "reason") if not row[column]]
    if name == "disclosure" and not _PROFILE.fullmatch(row["profile"]):
        wrong.append(f"profile {row['profile']!r} is none of none, suppress<5 (or another whole number), round5")
    if name in ("adjustments", "returns_owed") and row["until_quarter"] and row["until_quarter"] < row["from_quarter"]:
        wrong.append(f"until_quarter {row['until_quarter']} is before from_quarter {row['from_quarter']}")
    if name == "comparators" and not (row["value"] or row["quartile"] or row["rank"]):
        wrong.append("gives neither a member's value nor a published rank or quartile")
    return wrong


def _is_number(text: str) -> bool:
    try:
        return not isinstance(text, float) and Decimal(text).is_finite()
    except (InvalidOperation, TypeError, ValueError):
        return False


def _is_date(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d(-\d\d)?", text)) and bool(date.fromisoformat(f"{text}-01" if len(text) == 7 else text))
    except ValueError:
        return False


def _is_quarter(text: str) -> bool:
    return parse(text) == text


_FORMATS = (
    (_is_number, _NUMBERS, "a number"),
    (str.isdecimal, _WHOLE, "a whole number"),
    (_is_quarter, _QUARTERS, "a quarter such as 2016-17-Q2"),
    (_is_date, _DATES, "a date such as 2012-03-31, or a month such as 2012-03"),
)
"""Test of a cell, the columns it is for, and what it asks for in words."""


def _check_between(registers: dict[str, pd.DataFrame], problems: list[str]) -> None:
    """Hold the registers against one another: a measure's policy and theme exist, and its id is its own."""
    policies, themes = set(registers["policies"]["policy"]), set(registers["themes"]["theme"])
    seen: dict[str, str] = {}
    for row in frames.rows(registers["measures"]):
        at = f"measures.csv line {row[_LINE]}"
        if row["policy"] not in policies:
            problems.append(f"{at}: policy {row['policy']!r} is not in policies.csv")
        if row["theme"] not in themes:
            problems.append(f"{at}: theme {row['theme']!r} is not in themes.csv")
        if (first := seen.setdefault(row["measure_id"], row[_LINE])) != row[_LINE]:
            problems.append(f"{at}: measure_id {row['measure_id']!r} stands on line {first} already")
    for name in ("adjustments", "comparators", "revisions"):
        for row in frames.rows(registers[name]):
            at = f"{name}.csv line {row[_LINE]}"
            if row["measure_id"] not in seen and not (name == "comparators" and row["subject"]):
                problems.append(f"{at}: measure_id {row['measure_id']!r} is not in measures.csv")
            if name == "adjustments" and row["what"] == "policy" and row["value"] not in policies:
                problems.append(f"{at}: policy {row['value']!r} is not in policies.csv")


def _check_disclosure(registers: dict[str, pd.DataFrame], problems: list[str]) -> None:
    """Hold the registers of disclosure against the others: audiences, themes and measures exist, and no measure is part of itself."""
    known = {
        name: set(registers[of][column])
        for name, of, column in (("audience", "audiences", "audience"), ("theme", "themes", "theme"), ("measure_id", "measures", "measure_id"))
    }
    for row in frames.rows(registers["disclosure"]):
        problems += [
            f"disclosure.csv line {row[_LINE]}: {name} {row[name]!r} is not in its register"
            for name, names in known.items()
            if row[name] and row[name] not in names
        ]
    for row in frames.rows(registers["sums"]):
        problems += [
            f"sums.csv line {row[_LINE]}: {name} {row[name]!r} is not in measures.csv" for name in ("total", "part") if row[name] not in known["measure_id"]
        ]
        if row["total"] == row["part"]:
            problems.append(f"sums.csv line {row[_LINE]}: {row['total']!r} is named as a part of itself")


def _check_grant(registers: dict[str, pd.DataFrame], problems: list[str]) -> None:
    """Hold the registers of reward grant against one another: the awards of variations exist, and so do the rounds of awards."""
    rounds, projects = set(registers["rounds"]["round"]), set(zip(registers["awards"]["round"], registers["awards"]["project"], strict=True))
    for row in frames.rows(registers["variations"]):
        for name in ("from_project", "to_project"):
            if row[name] and (row["round"], row[name]) not in projects:
                problems.append(f"variations.csv line {row[_LINE]}: {name} {row[name]!r} of {row['round']} is not in awards.csv")
    if rounds:
        problems += [
            f"awards.csv line {row[_LINE]}: round {row['round']!r} is not in rounds.csv"
            for row in frames.rows(registers["awards"])
            if row["round"] not in rounds
        ]
