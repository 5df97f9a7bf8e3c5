"""What a column of the data pack is: its heading, and what its cells show, so that none is left blank."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from analysis import frames, quarters
from analysis.vocabulary import Band, Reason

NOT_AVAILABLE, NOT_APPLICABLE = "[x]", "[z]"
NARROW, MIDDLE, WIDE, WIDEST = 12, 20, 34, 60
"""Widths of columns, in characters."""

Row = dict[str, Any]
Cell = str | Decimal | int


@dataclass(frozen=True)
class Column:
    """
    One column of a worksheet.

    Attributes:
        label: its heading, with the unit where its cells are numbers; one of a table is like no other.
        show: from a row (as a dictionary) to what the cell holds: text, or a number; never nothing.
        width: in characters.
        places: decimals that its numbers show; as many as each has where None.
        numbers: whether its cells are numbers, and so stand to the right.
    """

    label: str
    show: Callable[[Row], Cell]
    width: int = MIDDLE
    places: int | None = None
    numbers: bool = False


def text(name: str, label: str, width: int = MIDDLE, empty: str = NOT_APPLICABLE) -> Column:
    """
    Give a column of text; what is empty says `empty`.

    >>> text("note", "Note").show({"note": ""})
    '[z]'
    """
    return Column(label, lambda row: row[name] if (row[name] or "").strip() else empty, width)


def quarter(name: str = "quarter", label: str = "Quarter") -> Column:
    """
    Give a column of quarters or months as readers know them.

    >>> quarter().show({"quarter": "2016-17-Q2"})
    'Q2 2016/17'
    """
    return Column(label, lambda row: quarters.label(row[name]) if row[name] else NOT_AVAILABLE, NARROW)


def band(name: str, label: str, empty: Callable[[Row], str] | str = NOT_APPLICABLE) -> Column:
    """
    Give a column of bands in words; a word that is no band stays as it was typed, and nothing says `empty`.

    >>> band("band", "Status").show({"band": "HG"})
    'High Green'
    """

    def show(row: Row) -> str:
        code = row[name]
        return Band(code).words if code in tuple(Band) else code or _instead(empty, row)

    return Column(label, show, 14)


def _instead(empty: Callable[[Row], str] | str, row: Row) -> str:
    return empty if isinstance(empty, str) else empty(row)


def yes(name: str, label: str) -> Column:
    """Give a column of yes and no."""
    return Column(label, lambda row: "Yes" if row[name] else "No", NARROW)


def whole(name: str, label: str, empty: str = NOT_AVAILABLE) -> Column:
    """Give a column of whole numbers; one that is missing says `empty`."""
    return Column(label, lambda row: empty if frames.absent(row[name]) else int(row[name]), NARROW, 0, numbers=True)


def number(name: str, label: str, places: int | None = None, empty: Callable[[Row], str] | str = NOT_AVAILABLE) -> Column:
    """Give a column of exact numbers; one that is missing says `empty`."""
    return Column(label, lambda row: _instead(empty, row) if frames.absent(row[name]) else row[name], 14, places, numbers=True)


def figure(name: str, label: str, places: int | None = None) -> Column:
    """
    Give a column of figures from returns; one that is missing says by its shorthand why.

    >>> figure("award", "Award (£)").show({"award": None, "award_reason": "suppressed"})
    '[c]'
    """
    return Column(label, lambda row: shorthand(row[f"{name}_reason"]) if frames.absent(row[name]) else row[name], 14, places, numbers=True)


def typed(name: str, label: str) -> Column:
    """
    Give a column of figures as their returns have them; an empty cell of a return says by its shorthand why there is no figure.

    >>> typed("actual", "Actual as typed").show({"actual_raw": "", "actual_reason": "not given"})
    '[x]'
    """
    return Column(label, lambda row: row[f"{name}_raw"] if row[f"{name}_raw"].strip() else shorthand(row[f"{name}_reason"]), 18)


def pounds(name: str, label: str, empty: str = NOT_AVAILABLE) -> Column:
    """Give a column of money, with pence."""
    return number(name, f"{label} (£)", 2, empty)


def shorthand(reason: str) -> str:
    """
    Give the shorthand for why there is no figure.

    >>> shorthand("baseline year"), shorthand("")
    ('[z]', '[x]')
    """
    return Reason(reason).shorthand if reason in tuple(Reason) else NOT_AVAILABLE
