"""How a step is said to a reader, and where its figure stands."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from analysis.changes.attribution import Because, Link, exactly
from analysis.values import shown


def place(row: dict[str, Any], cell: str) -> str:
    """
    Give the place of a figure as a reader finds it: file, sheet, cell; empty where it stands in none.

    >>> place({"file": "council/scores.xlsx", "sheet": "Scorecard"}, "F8"), place({"file": "scores.csv", "sheet": ""}, "F8")
    ('council/scores.xlsx, Scorecard, F8', 'scores.csv, F8')
    """
    return ", ".join(part for part in (row["file"], row["sheet"], cell) if part) if cell else ""


def points(ends: tuple[Decimal | None, Decimal | None], unit: str) -> str:
    """
    Say by how much a figure changed; empty where that is no number.

    >>> points((Decimal("99.6"), Decimal("97.8")), "percent"), points((Decimal(3), Decimal(5)), "rank"), points((None, Decimal(5)), "number")
    ('−1.8 points', '+2', '')
    """
    was, now = ends
    if was is None or now is None:
        return ""
    by = exactly(now, was)
    size = shown(abs(by), "number" if unit in ("percent", "rank") else unit)
    sign = "\u00b1" if not by else "+" if by > 0 else "\u2212"
    return f"{sign}{size}{'' if unit != 'percent' else ' point' if abs(by) == 1 else ' points'}"


def became(figure: str, was: str, now: str, moved: str, because: Because) -> str:
    """
    Say one step in a sentence.

    >>> from analysis.vocabulary import Cause
    >>> became("Build 5 actual", "90%", "95%", "+5 points", Because(Cause.NEW_PERIOD, "Q2 2016/17 after Q1 2016/17"))
    'Build 5 actual: 90% became 95% (+5 points). Cause: new period (Q2 2016/17 after Q1 2016/17).'
    """
    went = f"{was} became {now}" if was != now else f"{now} stays {now}"
    return f"{figure}: {went}{f' ({moved})' if moved else ''}. {told(because)}"


def told(because: Because) -> str:
    """Say a cause, and plainly where it is none that accounts for the difference."""
    return f"{'' if because.explained else 'Not explained. '}Cause: {because.cause}{f' ({because.why})' if because.why else ''}."


def came_or_went(figure: str, said: str, because: Because, at: str = "", *, came: bool) -> Link:
    """Give the one step of a figure that only one of two editions has."""
    words = f"{figure}: {said}. {told(because)}"
    return Link("", said, None, None, because, words, "", at) if came else Link(said, "", None, None, because, words, at, "")
