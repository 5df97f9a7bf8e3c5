"""Figures -> the words and numbers of a sentence, so that text never quotes a figure that it was not built from."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from analysis.markup import Html
from analysis.values import rounded, shown
from analysis.vocabulary import Band, Grade, Reason

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def count(number: int, one: str, many: str = "") -> str:
    """
    Give a number with its noun, small numbers in words.

    >>> count(1, "award"), count(0, "award"), count(12, "reply", "replies")
    ('one award', 'no awards', '12 replies')
    """
    noun = one if number == 1 else many or f"{one}s"
    return f"{_SMALL[number] if number < len(_SMALL) else number} {noun}"


def verb(number: int, one: str, many: str) -> str:
    """
    Give the verb that goes with a number: only one takes the singular.

    >>> verb(1, "needs", "need"), verb(0, "is", "are")
    ('needs', 'are')
    """
    return one if number == 1 else many


def alone(number: int) -> str:
    """
    Give a number that stands without its noun, small numbers in words.

    >>> alone(0), alone(7), alone(12)
    ('none', 'seven', '12')
    """
    return "none" if not number else _SMALL[number] if number < len(_SMALL) else str(number)


def listed(names: list[str], last: str = "and") -> str:
    """
    Give names as a sentence lists them.

    >>> listed(["Build 5", "Build 13", "Build 16"]), listed(["Build 5"])
    ('Build 5, Build 13 and Build 16', 'Build 5')
    """
    return f"{', '.join(names[:-1])} {last} {names[-1]}" if len(names) > 1 else "".join(names)


def tile(label: str, number: str, of: str, line: str, bar: Html | str = "") -> Html:
    """
    Give one figure that matters, with what it is of, a bar of its parts, and a line about it.

    >>> "Awarded" in tile("Awarded", "£8,000.00", "", "two awards")
    True
    """
    return Html('<div class="tile"><p class="label">{}</p><p class="number">{} <span>{}</span></p>{}<p class="line">{}</p></div>').format(
        label, number, of, bar, line
    )


def begin(sentence: str) -> str:
    """
    Give a sentence with its first letter large.

    >>> begin("no awards.")
    'No awards.'
    """
    return sentence[:1].upper() + sentence[1:]


def pounds(value: Decimal | None) -> str:
    """
    Give an amount for a table: to the penny, or the shorthand for not available.

    >>> pounds(Decimal("8000")), pounds(None)
    ('£8,000.00', '[x]')
    """
    return shown(value, "pounds") if value is not None else "[x]"


def as_typed(row: dict[str, Any], name: str) -> str:
    """
    Give a figure as it was typed, marked where it was revised; where nothing was, the shorthand for why.

    >>> as_typed({"actual_raw": "", "actual_reason": "not given"}, "actual")
    '[x]'
    """
    shown_as = row[f"{name}_raw"] or (Reason(row[f"{name}_reason"]).shorthand if row[f"{name}_reason"] in tuple(Reason) else "[x]")
    return f"{shown_as} [r]" if "[r]" in row.get(f"{name}_markers", "").split() and "[r]" not in shown_as else shown_as


def graded(grades: dict[str, dict[str, Any]], figure_id: str) -> Html:
    """
    Give the grade that stands beside a figure that is less than good, with why; nothing beside another.

    >>> graded({"a": {"grade": "fair", "why": "provisional"}}, "a")
    Html('<span class="unit grade">quality fair: provisional</span>')
    """
    found = grades.get(figure_id)
    if not found or found["grade"] not in (Grade.FAIR, Grade.POOR):
        return Html("")
    return Html('<span class="unit grade">quality {}: {}</span>').format(found["grade"], found["why"])


def signed_percent(value: Decimal | None) -> str:
    """
    Give a variance with its sign, or the shorthand where there is none.

    >>> signed_percent(Decimal("-4.67")), signed_percent(None)
    ('\u22124.7%', '[z]')
    """
    if value is None:
        return "[z]"
    near = rounded(value, 1)
    return f"{'+' if near > 0 else ''}{shown(near, 'percent')}"


def tally(bands: list[str]) -> dict[str, int]:
    """
    Count bands in groups a reader asks about: met (green), amber, red and not scored.

    >>> tally(["HG", "G", "A", "HR", ""])
    {'green': 2, 'amber': 1, 'red': 1, 'none': 1}
    """
    scored = [Band(band) for band in bands if band]
    green, red = sum(band.green for band in scored), sum(band.red for band in scored)
    return {"green": green, "amber": len(scored) - green - red, "red": red, "none": len(bands) - len(scored)}


def lead(sentence: str) -> Html:
    """Give the sentence that opens a section."""
    return Html('<p class="lead">{}</p>').format(sentence)
