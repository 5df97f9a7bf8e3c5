"""The counts that head a report, bridged from one edition to the other, cause by cause."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from analysis import frames
from analysis.changes.attribution import Because, Figure, Link, evidence
from analysis.changes.editions import Edition
from analysis.changes.measures import NOT_SCORED
from analysis.changes.money import Awards, moved_spend
from analysis.changes.wording import became, points
from analysis.values import shown
from analysis.vocabulary import Band, Cause, Verdict

PART = "headline"
KNOWN_SPEND = "known spend"
BALANCE = "awards that balance"
_MEASURES: dict[str, Callable[[str], bool]] = {
    "measures met": lambda band: band in tuple(Band) and Band(band).green,
    "measures amber": lambda band: band == Band.A,
    "measures red": lambda band: band in tuple(Band) and Band(band).red,
    "measures not scored": lambda band: band == NOT_SCORED,
}
HEADLINES = (*_MEASURES, BALANCE, KNOWN_SPEND)
Contribution = tuple[Because, Decimal]
"""What one step adds to a headline, and why."""


def headlines(edition: Edition) -> dict[str, Decimal | None]:
    """
    Give the headline counts of an edition: of its own quarter's measures, and of the awards of the newest quarter it has any of.

    Known spend is missing where there is no award: nothing is known of it, which is not nothing spent.
    """
    bands = [row["band"] or NOT_SCORED for row in frames.rows(edition.scores) if row["quarter"] == edition.quarter]
    awards = list(Awards(edition).rows.values())
    counted: dict[str, Decimal | None] = {name: Decimal(sum(map(counts, bands))) for name, counts in _MEASURES.items()}
    spent = [row["total_to_date"] for row in awards if row["total_to_date"] is not None]
    return counted | {
        BALANCE: Decimal(sum(row["verdict"] == Verdict.BALANCES for row in awards)),
        KNOWN_SPEND: sum(spent, Decimal(0)) if awards else None,
    }


def bridge(before: Edition, after: Edition, figures: list[Figure]) -> list[Figure]:
    """Give the steps of each headline count from the earlier to the later: one for each cause, with what it adds net."""
    ends = headlines(before), headlines(after)
    made = []
    for name in HEADLINES:
        was, now = (each[name] for each in ends)
        given = moved_spend(before, after) if name == KNOWN_SPEND else _contributions(name, figures)
        if was is None or now is None:
            links = [] if was == now else [_appears(name, was, now)]
        else:
            left = evidence(before, after).left_over()
            links = _links(name, was, now, given, left)
        made += [Figure("totals", name, PART, tuple(links))] if links else []
    return made


def as_shown(name: str, value: Decimal | None) -> str:
    """
    Give a headline's value as it is printed.

    >>> as_shown("known spend", Decimal("12.5")), as_shown("measures met", Decimal(3)), as_shown("known spend", None)
    ('£12.50', '3', 'no awards')
    """
    return "no awards" if value is None else shown(value, "pounds" if name == KNOWN_SPEND else "number")


def _appears(name: str, was: Decimal | None, now: Decimal | None) -> Link:
    because = Because(Cause.ADDED, "the earlier has no awards") if was is None else Because(Cause.WITHDRAWN, "the later has no awards")
    said = [as_shown(name, end) for end in (was, now)]
    return Link(said[0], said[1], None, None, because, became(name.capitalize(), said[0], said[1], "", because))


def _contributions(name: str, figures: list[Figure]) -> list[Contribution]:
    """Give what each step of each band or verdict adds to a count."""
    counts, part = (_MEASURES[name], "band") if name in _MEASURES else (_balances, "verdict")
    steps = [(link.because, counts(link.before), counts(link.after)) for figure in figures if figure.part == part for link in figure.links]
    return [(because, Decimal(int(after) - int(before))) for because, before, after in steps if before != after]


def _balances(verdict: str) -> bool:
    return verdict == Verdict.BALANCES


def _links(name: str, was: Decimal, now: Decimal, given: list[Contribution], left: Because) -> list[Link]:
    links, stands = [], was
    for explained in (True, False):
        for cause in Cause:
            its = [(because, by) for because, by in given if because.cause == cause and because.explained is explained]
            if not its:
                continue
            then = stands + sum((by for _, by in its), Decimal(0))
            links.append(_link(name, stands, then, cause, [by for _, by in its], explained=explained))
            stands = then
    if stands != now:
        links.append(_link(name, stands, now, left.cause, [now - stands], explained=left.explained))
    return links


def _link(name: str, was: Decimal, now: Decimal, cause: Cause, each: list[Decimal], *, explained: bool) -> Link:
    up, down = sum(by > 0 for by in each), sum(by < 0 for by in each)
    moves = " and ".join(f"{number} {way}" for number, way in ((up, "up"), (down, "down")) if number)
    if name == KNOWN_SPEND:  # an amount: what went up or down so many times are awards, not pounds
        number, _, way = moves.partition(" ")
        moves = f"{number} {'award' if number == '1' else 'awards'} {way}"
    because = Because(cause, moves, explained)
    said = [as_shown(name, end) for end in (was, now)]
    unit = "pounds" if name == KNOWN_SPEND else "number"
    return Link(said[0], said[1], was, now, because, became(name.capitalize(), said[0], said[1], points((was, now), unit), because))
