"""Two published editions -> every figure that differs, in steps, each with its cause and its exact effect."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby, pairwise
from typing import Any

import pandas as pd

from analysis import frames
from analysis.changes.attribution import Figure, evidence, exactly
from analysis.changes.editions import Edition, open_editions
from analysis.changes.headlines import HEADLINES, PART, as_shown, bridge, headlines
from analysis.changes.measures import figures
from analysis.changes.money import of_awards, of_months, of_totals
from analysis.frames.contracts import CHANGES
from analysis.vocabulary import Band

__all__ = ["HEADLINES", "PART", "Edition", "as_shown", "between", "headlines", "in_words", "open_editions", "residual"]


def between(before: Edition, after: Edition) -> pd.DataFrame:
    """
    Give what differs between two editions, each only by its own quarter's figures, and why.

    Returns:
        Frame of the `CHANGES` contract: one row for each step of each figure that differs, in order from the earlier to the later.
        `what` is measures, awards, monthly or totals; `figure` a name that stays over quarters; `part` what of it (actual, target, variance,
        band; an amount of the form, difference, verdict; value; headline, known, unknown_count, at_most). `before` and `after` are as shown;
        `was` and `now` the same as numbers, of a band its place counted from the worst (0, High Red) to the best (4); missing where there is none, or
        where the two are in different units. `effect` is exactly `now` less `was`. `cause` is a `Cause`; `explained` is false where nothing that was
        published accounts for the step. `words` says the step to a reader.
    """
    found = evidence(before, after)
    differing = [*figures(before, after, found), *of_awards(before, after), *of_months(before, after, found)]
    differing += [*bridge(before, after, differing), *of_totals(before, after)]
    return frames.make([row for figure in differing for row in _rows(figure)], CHANGES)


def _rows(figure: Figure) -> list[dict[str, Any]]:
    named = {"what": figure.what, "figure": figure.name, "part": figure.part}
    return [
        named
        | {
            "step": step,
            "before": link.before,
            "after": link.after,
            "cause": link.because.cause,
            "was": link.was,
            "now": link.now,
            "effect": link.effect,
            "explained": link.because.explained,
            "words": link.words,
            "before_cell": link.before_cell,
            "after_cell": link.after_cell,
        }
        for step, link in enumerate(figure.links, 1)
    ]


def residual(frame: pd.DataFrame) -> Decimal:
    """
    Give what is not accounted for; 0 where every difference is explained, its steps join, and their effects come to it exactly.

    Args:
        frame: of the `CHANGES` contract.

    Returns:
        The sizes added up, whatever their units, of: effects of steps that are not explained, 1 for each of these that has no number;
        gaps between one step of a figure and the next; and what effects lack of the difference that they should come to. Only its being 0 has a meaning.

    >>> residual(frames.make([], CHANGES))
    Decimal('0')
    """
    amiss: list[Decimal] = []
    for _, group in groupby(frames.rows(frame), key=_figure):
        steps = list(group)
        amiss += [Decimal(1) if row["effect"] is None else abs(row["effect"]) or Decimal(1) for row in steps if not row["explained"]]
        numbered = [row for row in steps if row["effect"] is not None]
        amiss += [abs(exactly(exactly(row["now"], row["was"]), row["effect"])) for row in numbered]
        amiss += [abs(exactly(two["was"], one["now"])) for one, two in pairwise(steps) if None not in (one["now"], two["was"])]
        amiss += [Decimal(1) for one, two in pairwise(steps) if one["after"] != two["before"]]
    return -exactly(Decimal(0), sum(amiss, Decimal(0)))


def in_words(frame: pd.DataFrame) -> list[str]:
    """
    Give one text for each figure that differs, most important first: bands that moved, worse before better; headline counts; the rest.

    Args:
        frame: of the `CHANGES` contract.
    """
    said = []
    for place, (_, group) in enumerate(groupby(frames.rows(frame), key=_figure)):
        steps = list(group)
        first, last = steps[0], steps[-1]
        told = " ".join(row["words"] for row in steps)
        if len(steps) > 1:
            figure = first["figure"][:1].upper() + first["figure"][1:] if first["part"] == PART else first["figure"]  # a count has a name in small letters
            told = f"{figure}: {_full(first['before'])} became {_full(last['after'])}, in {len(steps)} steps. {told}"
        said.append((_weight(steps), place, told))
    return [told for _, _, told in sorted(said)]


def _figure(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["what"], row["figure"], row["part"]


_ORDER = {"band": 0, PART: 1, "verdict": 2, "known": 3, "actual": 4, "target": 5, "variance": 6}


def _weight(steps: list[dict[str, Any]]) -> tuple[int, bool, Decimal]:
    """Give what a figure is put in order by: what it is, whether it is a number before and after, how far it went."""
    effects = [row["effect"] for row in steps]
    whole = None not in effects
    by = sum(effects, Decimal(0)) if whole and steps[0]["part"] == "band" else Decimal(0)
    return _ORDER.get(steps[0]["part"], len(_ORDER)), not whole, by


def _full(said: str) -> str:
    """Give a band in full, and anything else as it is."""
    return Band(said).words if said in tuple(Band) else said or "nothing"
