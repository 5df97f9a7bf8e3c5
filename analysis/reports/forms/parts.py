"""What a form is made of before it is a spreadsheet: sheets of cells, each with what stands in it, who may write in it, and what it is held against."""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_PROMPTED, MOST_TITLE, MOST_NAME = 255, 32, 31
"""The most characters of a spreadsheet's message, of its title, and of a worksheet's name."""
CHECK = "Check"
INSTRUCTIONS, LISTS = "Instructions", "Lists"


@dataclass(frozen=True)
class Rule:
    """
    What is told to somebody who types something else into a cell.

    Attributes:
        kind: "list" (one of a named list), "length" (at most so many characters) or "formula" (that must hold).
        by: the list's name, the number, or the formula; in a formula `[Actual]` stands for the cell of that heading in the same row.
        message: what is said, to a person.
        firm: whether nothing else is accepted; otherwise it is asked about, and kept if it is meant.
    """

    kind: str
    by: str
    message: str
    firm: bool = False


@dataclass(frozen=True)
class Cell:
    """
    One cell of a form.

    Attributes:
        text: what stands in it; of a formula, what it comes to while nothing is filled in.
        to_fill: whether the partner writes in it; everything else is locked.
        prompt: what is shown when it is chosen.
        rule: what it is held against.
        formula: what works it out, with headings in square brackets for cells of the same row.
        longest: the longest that a formula comes to, for which the row has room; no spreadsheet makes more of it by itself.
    """

    text: str = ""
    to_fill: bool = False
    prompt: str = ""
    rule: Rule | None = None
    formula: str = ""
    longest: str = ""


Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Column:
    """A heading, and how wide what stands under it is."""

    heading: str
    width: float


@dataclass(frozen=True)
class Sheet:
    """
    One sheet of a form.

    Attributes:
        name: of the worksheet.
        form: the form of return that it is.
        about: what it holds, in words: "44 measures".
        header: label and value above the table, one a row.
        columns: of the table.
        rows: of the table, each with a cell for every column.
        named_by: the headings that name a row, and the one that a person calls it by last.
    """

    name: str
    form: str
    about: str
    header: tuple[tuple[str, Cell], ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    named_by: tuple[str, ...]

    @property
    def headings(self) -> list[str]:
        """The headings of the table, from left to right."""
        return [column.heading for column in self.columns]


def locked(text: str) -> Cell:
    """Give a cell in which only the workbook writes."""
    return Cell(text)


def to_fill(prompt: str, rule: Rule | None = None, text: str = "") -> Cell:
    """Give a cell in which the partner writes."""
    return Cell(text, to_fill=True, prompt=prompt, rule=rule)


def words_of(most: int) -> Rule:
    """Give the rule of a cell for words, which says how many fit."""
    return Rule("length", str(most), f"Up to {most:,} characters fit here. Please shorten it, or send a longer text beside the form.", firm=True)


def chosen_from(name: str, *, firm: bool = True, message: str = "Please choose one from the list.") -> Rule:
    """Give the rule of a cell with a drop-down list."""
    return Rule("list", name, message, firm)


def sheet_names(wanted: list[str]) -> list[str]:
    """
    Give names that worksheets can have, each its own: without what a spreadsheet refuses, cut to its 31 characters.

    >>> sheet_names(["Build: a [Better] Harrow", "Return", "return", "?", "Protect the Most Vulnerable and Support"])
    ['Build a Better Harrow', 'Return', 'return 2', 'Sheet', 'Protect the Most Vulnerable and']
    """
    taken = {INSTRUCTIONS.casefold(), LISTS.casefold(), "history"}
    found = []
    for text in wanted:
        plain = " ".join(re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", text).split()).strip("' ") or "Sheet"
        name, number = plain[:MOST_NAME].strip("' "), 1
        while name.casefold() in taken:
            number += 1
            name = f"{plain[: MOST_NAME - len(str(number)) - 1].strip()} {number}"
        taken.add(name.casefold())
        found.append(name)
    return found


def clipped(text: str, most: int) -> str:
    """
    Give a text with at most so many characters, cut at a word and told that it is.

    >>> clipped("one two three", 10), clipped("one", 10)
    ('one two…', 'one')
    """
    return text if len(text) <= most else f"{text[: most - 1].rsplit(' ', 1)[0][: most - 1]}…"


def quoted(text: str) -> str:
    """
    Give a text as a formula holds it.

    >>> quoted('the "Souk" of Harrow')
    '"the ""Souk"" of Harrow"'
    """
    inside = text.replace('"', '""')
    return f'"{inside}"'
