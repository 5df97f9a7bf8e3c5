"""
The rules of reading, cleansing and checking a performance return, in plain pandas written for speed: what `benchmarks.rows` is held against.

It knows one layout (a header block, one table, the headings of the form in one order), reads with Arrow and calamine, keeps text as Arrow strings, works on whole
columns, goes to Python only for the few cells that hold a space or are no plain figure, and gives no more than is compared: the rows with their measure,
figures, units, decimals, reasons, repairs and cells, what is wrong with its cell, and for each file how many cells were used, and which were not.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from python_calamine import CalamineWorkbook

_FIELDS = {"Theme": "theme", "No": "number", "Measure": "measure", "Good": "polarity", "Target": "target", "Actual": "actual", "RAG status": "status"}
_BANDS = ["HG", "LG", "G", "A", "LR", "HR", ""]
_REASONS = {"": "not given", "n/a": "not applicable, or no figure", "TBC": "asked for and not known", "No actual": "no actual"}
_EXACT = pd.ArrowDtype(pa.decimal128(24, 4))
_SPLIT = re.compile(r"(?<=[£$€]) +(?=\d)|(?<=\d,) +(?=\d)|(?<=\d) +(?=,\d)|(?<=\.) +(?=\d)|(?<=\.\d) +(?=\d\b)")
_SIGNS = {"£": "pounds", "%": "percent"}


@dataclass(frozen=True)
class Block:
    """What one file gave: its rows, what is wrong with it, and what became of its cells."""

    rows: pd.DataFrame
    issues: pd.DataFrame
    used: int
    unused: pd.DataFrame


def read(files: list[tuple[str, Path]], measures: pd.DataFrame, *, checked: bool = True) -> Iterator[Block]:
    """Give each (quarter, file) as it is read, cleansed and, unless not asked for, checked, against a register of measures."""
    register = measures.reset_index(drop=True).astype("str")
    key = pd.Index(register["theme"].str.lower() + "|" + register["number"])
    titles = set(register["measure"].str.lower())
    for quarter, path in files:
        yield _file(quarter, path, register, key, titles, checked=checked)


def _file(quarter: str, path: Path, register: pd.DataFrame, key: pd.Index, titles: set[str], *, checked: bool) -> Block:
    block, table = _csv(path) if path.suffix == ".csv" else _xlsx(path)
    above = len(block)
    letters = {name: chr(ord("A") + place) for place, name in enumerate(table.columns)}
    table = table.rename(columns=_FIELDS)
    row = pd.Series(np.arange(above + 2, above + 2 + len(table)))
    text = row.astype("str")
    place = pd.Series(key.get_indexer(table["theme"].str.lower() + "|" + table["number"]))
    named = register.take(place.clip(lower=0)).reset_index(drop=True)
    unknown = place < 0
    issues, caught = [], []
    for name in table.columns:
        if name not in _FIELDS.values():
            issues.append(pd.DataFrame({"cell": [f"{letters[name]}{above + 1}"], "rule": "headings are the form's", "quarter": quarter, "file": path.name}))

    def tell(where: pd.Series, column: str, rule: str) -> None:
        issues.append(pd.DataFrame({"cell": column + text[where], "rule": rule, "quarter": quarter, "file": path.name}))

    other = ~unknown & (table["measure"].str.lower() != named["measure"].str.lower())
    another = other.copy()
    another[other] = [_is_another(*pair, titles) for pair in zip(table["measure"][other], named["measure"][other], strict=True)]
    twice = place.where(~unknown & ~another, -1 - row).duplicated(keep=False)
    kept = ~unknown & ~another & ~twice
    of = {one: letters[head] for head, one in _FIELDS.items()}
    tell(unknown, letters["Measure"], "measure is in the register")
    tell(twice, letters["Theme"], "one row for each")
    caught += [of[one] + text[~kept & (table[one] != "")] for one in _FIELDS.values()]
    tell(other, of["measure"], "title is the register's")
    tell(~unknown & ~another & (table["polarity"] != "") & (table["polarity"].str.lower() != named["polarity"]), of["polarity"], "polarity is the register's")
    tell(~table["status"].isin(_BANDS) & ~unknown & ~another, of["status"], "status is known")
    made = {"quarter": quarter, "file": path.name, "row": row}
    for name in ("target", "actual"):
        columns, unread, flagged = _figures(table[name], named["unit"])
        tell(~unknown & ~another & unread, of[name], "cell can be read")
        tell(~unknown & ~another & flagged, of[name], "unit is the register's")
        caught.append(of[name] + text[kept & unread])
        made |= {f"{name}{what}": column for what, column in columns.items()} | {f"{name}_cell": of[name] + text}
    rows = pd.concat([named, pd.DataFrame(made), table[["status"]]], axis=1)[kept]
    for wrong, rule in _checks(rows, register) if checked else ():
        issues.append(pd.DataFrame({"cell": rows["row"][wrong].astype("str"), "rule": rule, "quarter": quarter, "file": path.name}))
    there = {name: table[name] != "" for name in table.columns}
    ignored = [letters[name] + text[there[name]] for name in table.columns if name not in of]
    cells = pd.concat([pd.concat(ignored), pd.concat(caught)]) if ignored else pd.concat(caught)
    outcome = np.repeat(["ignored", "quarantined"], [sum(map(len, ignored)), sum(map(len, caught))])
    unused = pd.DataFrame({"cell": cells.to_numpy(), "outcome": outcome, "quarter": quarter, "file": path.name})
    above_it = sum(bool(cell.strip()) for line in block for cell in line) + len(letters)
    return Block(rows, pd.concat(issues), above_it + int(sum(one.sum() for one in there.values())) - len(unused), unused)


def _csv(path: Path) -> tuple[list[list[str]], pd.DataFrame]:
    """Give the lines above the headings, and the table under them."""
    with path.open(encoding="utf-8") as lines:
        block = list(itertools.takewhile(lambda line: not line.startswith("Theme,No,"), lines))
    table = pd.read_csv(path, skiprows=len(block), dtype="str", keep_default_na=False, engine="pyarrow")
    return [line.split(",") for line in block], table


def _xlsx(path: Path) -> tuple[list[list[str]], pd.DataFrame]:
    """Give the same of a spreadsheet; calamine does not say how a number is shown, so only one that has no format can be read."""
    lines = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    block = list(itertools.takewhile(lambda line: line[:2] != ["Theme", "No"], lines))
    columns = zip(*lines[len(block) + 1 :], strict=True)
    texts = {
        name: pd.Series([one if type(one) is str else str(int(one)) if one.is_integer() else str(one) for one in column], dtype="str")
        for name, column in zip(lines[len(block)], columns, strict=True)
    }
    return block, pd.DataFrame(texts)


def _is_another(title: str, registered: str, titles: set[str]) -> bool:
    """Say whether a title is that of another measure, or nothing like the one that its number is registered for."""
    keys = [re.sub(r"[\W_]+", "", text).lower() for text in (title, registered)]
    return bool(title) and (title.lower() in titles or difflib.SequenceMatcher(None, *keys).ratio() < 0.5)


def _figures(typed: pd.Series, unit: pd.Series) -> tuple[dict[str, pd.Series], pd.Series, pd.Series]:
    """Read a column of figures: its columns, which cells cannot be read, and which are in another unit than the register's."""
    text, repairs = typed, pd.Series("", index=typed.index, dtype="str")
    spaced = typed.str.contains(" ", regex=False)
    if spaced.any():
        joined = typed[spaced].map(lambda one: _SPLIT.sub("", one.strip()) if re.fullmatch(r"\(?-?[£$€]? ?[\d ,.]+%?\)?", one) else one)
        text = typed.copy()
        text[spaced] = joined
        repairs[spaced] = np.where(joined != typed[spaced], "split digits joined", "")
    reason = text.map(_REASONS).fillna("").astype("str") if not text.is_unique else text
    plain = text.str.fullmatch(r"-?£?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?")
    digits = text.where(plain, None)
    for sign in ("£", ",", "%"):
        digits = digits.str.replace(sign, "", regex=False)
    value = digits.astype(pd.ArrowDtype(pa.string())).astype(_EXACT)
    point = digits.str.find(".")
    decimals = (digits.str.len() - point - 1).where(point >= 0, 0).where(plain)
    pounds, percent = text.str.contains("£", regex=False), text.str.contains("%", regex=False)
    said = unit.where(~pounds, "pounds").where(~percent, "percent")
    unread = (~plain & (reason == "")) | (plain & (said == "pounds") & (decimals > 2)) | (pounds & percent)
    size = value.abs()
    share = plain & (unit == "percent") & ~percent & ((size == 1) | ((size > 0) & (size < 1)))
    flagged = (plain & ~unread & (said != unit)) | share.fillna(value=False)
    reason = reason.where(~unread, "could not be read")
    known = plain & ~unread
    columns = {
        "_raw": typed,
        "": value.where(known),
        "_reason": reason,
        "_unit": said.where(known, ""),
        "_decimals": decimals.where(known),
        "_repairs": repairs,
    }
    return columns, unread, flagged.astype(bool)


def _checks(rows: pd.DataFrame, register: pd.DataFrame) -> Iterator[tuple[pd.Series, str]]:
    """Give the rows that break each expectation of expectations/observations.json."""
    yield ~rows["measure_id"].isin(register["measure_id"]), "values to be in set"
    yield rows.duplicated(["measure_id", "quarter"], keep=False), "columns to be unique"
    yield (rows["actual"] < -100).fillna(value=False).astype(bool), "values to be between"
    yield ~rows["measure"].str.contains(r"\S", regex=True), "values to match"
