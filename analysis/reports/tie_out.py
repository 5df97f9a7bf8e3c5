"""The proof that a figure is one figure: what each page and file prints under an id is what its receipt says, and the same everywhere."""

from __future__ import annotations

import html as entities
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import pandas as pd

from analysis import frames
from analysis.errors import WorkbookError
from analysis.frames import MONEY
from analysis.receipts import anchor, month_id
from analysis.reports.wording import alone, begin

_PRINTED = re.compile(r'<a class="receipt" href="#(receipt-[^"]+)">(.*?)</a>', re.DOTALL)


@dataclass(frozen=True)
class Tied:
    """
    What a tie-out proved.

    Attributes:
        printed: how many times pages print a figure.
        figures: how many different figures those are.
        on_several_pages: how many of them stand on more than one page.
        in_files: how many figures of published files were held against their receipts.
    """

    printed: int
    figures: int
    on_several_pages: int
    in_files: int


def tie_out(pages: Mapping[str, str], files: Mapping[str, pd.DataFrame], receipts: pd.DataFrame, headlines: pd.DataFrame) -> Tied:
    """
    Hold every figure that pages and files print against its receipt, and against itself on other pages.

    Args:
        pages: name -> HTML of every page that is open to the same readers.
        files: name -> frame of the published files; `scorecard`, `monthly` and `awards` are held against their receipts.
        receipts: frame of the `RECEIPTS` contract.
        headlines: frame of the `HEADLINES` contract, of every report among the pages.

    Raises:
        WorkbookError: a figure is printed without a receipt, differs from it, or is one thing here and another there; all are told.
    """
    said = {anchor(row["figure_id"], row["part"]): _sayings(row) for row in frames.rows(receipts)}
    said |= {anchor(row["figure_id"], "value"): _in_words(row["shown"], row["value"]) for row in frames.rows(headlines)}
    where: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    printed, problems = 0, list[str]()
    for page, html in pages.items():
        for name, inside in _PRINTED.findall(html):
            printed += 1
            where[name][_folded(entities.unescape(re.sub(r"<[^>]*>", "", inside)))].add(page)
    for name, texts in where.items():
        known = said.get(name)
        for text, on in texts.items():
            if known is None:
                problems.append(f"{_named(on)}: {text!r} has no receipt {name}")
            elif text not in known:
                problems.append(f"{_named(on)}: prints {text!r}, but its receipt {name} says {' or '.join(map(repr, sorted(known)))}")
    in_files, apart = _in_files(files, receipts)
    if problems or apart:
        raise WorkbookError("tie-out", [*problems, *apart], "Nothing is published. A figure must be one figure everywhere: tell those who keep the workbook.")
    several = sum(len(set().union(*texts.values())) > 1 for texts in where.values())
    return Tied(printed, len(where), several, in_files)


def _named(pages: set[str]) -> str:
    return ", ".join(sorted(pages))


def _sayings(row: dict[str, str]) -> set[str]:
    """Give the ways in which a page may print a figure from a cell: as typed, marked where revised, or as read."""
    typed, read_as = _folded(row["as_typed"]), _folded(row["read_as"])
    return {typed, f"{typed} [r]", read_as} if typed else {"[x]", read_as}


def _folded(text: str) -> str:
    """Give a text as a page shows it, with one space where there are several."""
    return " ".join(text.split())


def _in_words(shown: str, value: Decimal) -> set[str]:
    """Give the ways in which a page may print a count or sum: in figures, or a small count in words."""
    number = {alone(int(value)), begin(alone(int(value)))} if value == int(value) and not shown.startswith("£") else set()
    return {shown} | number


def _in_files(files: Mapping[str, pd.DataFrame], receipts: pd.DataFrame) -> tuple[int, list[str]]:
    """Hold the figures of the scorecard, of months and of awards in the published files against their receipts."""
    known = {(row["figure_id"], row["part"]): row for row in frames.rows(receipts)}
    held = [
        *(
            (f"scorecard.csv: {part} of {row['figure_id']}", row[f"{part}_raw"], row["figure_id"], part)
            for row in _rows(files, "scorecard")
            for part in ("target", "actual")
        ),
        *((f"monthly.csv: {month_id(row)}", row["value_raw"], month_id(row), "value") for row in _rows(files, "monthly")),
        *(
            (f"awards.csv: {part} of {row['figure_id']}", row[part], row["figure_id"], part)
            for row in _rows(files, "awards")
            for part in MONEY
            if row[part] is not None
        ),
    ]
    checked, problems = 0, list[str]()
    for what, value, figure_id, part in held:
        found = known.get((figure_id, part))
        if found is None:
            continue
        checked += 1
        said = _pounds(found["read_as"]) if isinstance(value, Decimal) else found["as_typed"]
        if value != said:
            problems.append(f"{what} is {str(value)!r}, but its receipt says {str(said)!r}")
    return checked, problems


def _rows(files: Mapping[str, pd.DataFrame], name: str) -> list[dict[str, Any]]:
    return frames.rows(files[name]) if name in files else []


def _pounds(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace("£", "").replace(",", "").replace("\u2212", "-"))
    except InvalidOperation:
        return None
