"""Who is asked for what in a quarter's returns: by the register of returns owed, and by who reported what until now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis import frames
from analysis.markup import slug
from analysis.quality import is_owed, plain
from analysis.reference import Registers
from analysis.reports.wording import listed

Owed = dict[str, Any]
"""A row of the register of returns owed."""
Observed = dict[str, Any]
PERFORMANCE, SPEND, MILESTONES, NARRATIVE, AGREEMENTS = "performance", "grant spend", "milestones", "narrative", "agreements"
FORMS = (PERFORMANCE, SPEND, MILESTONES, NARRATIVE)
"""The forms of return that a form can be written for."""
NO_RETURN = "no such return is owed for this quarter"
NOBODY_REPORTS = "nobody who owes such a return has reported it or its like"
NO_MEASURE = "neither what was last reported nor a theme gives it a measure"
NO_FORM = "there is no form of it to fill in: it is sent as docs/forms.md shows"


@dataclass(frozen=True)
class Unasked:
    """What nobody is asked for, by name, and why."""

    what: str
    name: str
    why: str


@dataclass(frozen=True)
class Past:
    """
    What was reported before a quarter, and by whom.

    Attributes:
        measures: measure -> its observations, the newest first.
        awards: project and round -> what was last reported of it.
        milestones: as the newest quarter that has any reported them.
        senders: quarter and file -> the partners that it is from, as names are matched.
    """

    measures: dict[str, list[Observed]]
    awards: dict[tuple[str, str], dict[str, Any]]
    milestones: list[dict[str, Any]]
    senders: dict[tuple[str, str], tuple[str, ...]]

    def is_from(self, row: Mapping[str, Any], partner: str) -> bool:
        """Say whether a row was reported by a partner; a file that names none is the partner's whose name its path has."""
        named = self.senders.get((row["quarter"], row["file"]), ())
        return plain(partner) in named or (not named and bool(plain(partner)) and plain(partner) in plain(row["file"]))


def before(read: Mapping[str, pd.DataFrame], quarter: str) -> Past:
    """
    Give what was reported before a quarter.

    Args:
        read: name -> frame, as reading gives them: observations, awards, milestones, returns.
        quarter: the quarter that is asked for; what it holds itself does not count.
    """
    earlier = {name: frames.rows(read[name][read[name]["quarter"] < quarter]) for name in ("observations", "awards", "milestones", "returns")}
    measures: dict[str, list[Observed]] = {}
    for row in sorted(earlier["observations"], key=lambda row: row["quarter"], reverse=True):
        measures.setdefault(row["measure_id"], []).append(row)
    awards = {(row["project"], row["round"]): row for row in sorted(earlier["awards"], key=lambda row: row["quarter"])}
    newest = max((row["quarter"] for row in earlier["milestones"]), default="")
    senders = {(row["quarter"], row["file"]): tuple({plain(row["partner"]), *map(plain, row["partner"].split(", "))} - {""}) for row in earlier["returns"]}
    return Past(measures, awards, [row for row in earlier["milestones"] if row["quarter"] == newest], senders)


def in_force(registers: Registers, quarter: str) -> list[Owed]:
    """Give the returns that are owed from time to time as the register stands in a quarter, whether or not in this one."""
    return [one for one in frames.rows(registers.returns_owed) if is_owed(one | {"reports_in": ""}, quarter)]


def measures_of(registers: Registers, past: Past, quarter: str) -> tuple[dict[int, list[dict[str, Any]]], list[Unasked]]:
    """
    Share the measures of the register out among the performance returns that are owed.

    Returns:
        Place of a return in `in_force` -> its measures, in the register's order; and those that nobody is asked for. A measure goes to who last
        reported it, with the part of that partner's returns that it came in, unless the register has moved its theme to another; else to who reports
        its theme; else to the return that is named for its theme; else to the only one.
    """
    register = frames.rows(registers.measures)
    owed = _of(in_force(registers, quarter), (PERFORMANCE,))
    last = {measure["measure_id"]: past.measures[measure["measure_id"]][0] for measure in register if measure["measure_id"] in past.measures}
    placed = {name: at for name, row in last.items() if (at := _sent_in(row, owed, past)) is not None}
    by_theme = _commonest((measure["theme"], placed[measure["measure_id"]]) for measure in register if measure["measure_id"] in placed)
    for measure in register:
        name, theme = measure["measure_id"], measure["theme"]
        if name not in placed and (at := _first([by_theme.get(theme), _named_for(theme, owed), next(iter(owed)) if len(owed) == 1 else None])) is not None:
            placed[name] = at
    return _shared("measure", [(measure, measure["measure_id"]) for measure in register], lambda measure: placed.get(measure["measure_id"]), owed, quarter)


def awards_of(registers: Registers, past: Past, quarter: str) -> tuple[dict[int, list[dict[str, Any]]], list[Unasked]]:
    """
    Share the awards of the register out among those who owe returns of grant spend; where nobody does, among those who owe others about grant.

    Returns:
        As of `measures_of`. An award goes to who last reported it; else to who reports its round; else to the only one.
    """
    register = frames.rows(registers.awards)
    every = in_force(registers, quarter)
    owed = _one_a_partner(_of(every, (SPEND,)) or _of(every, (MILESTONES, AGREEMENTS)))
    last = {_award(award): past.awards[_award(award)] for award in register if _award(award) in past.awards}
    placed = {name: at for name, row in last.items() if (at := _sent_in(row, owed, past)) is not None}
    by_round = _commonest((award["round"], placed[_award(award)]) for award in register if _award(award) in placed)
    for award in register:
        if _award(award) not in placed and (at := _first([by_round.get(award["round"]), next(iter(owed)) if len(owed) == 1 else None])) is not None:
            placed[_award(award)] = at
    named = [(award, f"{award['project']} ({award['round']})") for award in register]
    return _shared("award", named, lambda award: placed.get(_award(award)), owed, quarter)


def milestones_of(one: Owed, owed: Iterable[Owed], past: Past) -> list[dict[str, Any]]:
    """Give the milestones that a partner last reported; those of nobody are the only one's who owes any."""
    alone = len({plain(other["partner"]) for other in owed if other["form"] == MILESTONES}) == 1
    return [row for row in past.milestones if past.is_from(row, one["partner"]) or (alone and not past.senders.get((row["quarter"], row["file"])))]


def milestones_of_nobody(every: list[Owed], past: Past, quarter: str) -> list[Unasked]:
    """Give the milestones that were last reported and that nobody is asked for in a quarter, in the order of their return."""
    owed = [(one, milestones_of(one, every, past)) for one in every if one["form"] == MILESTONES]
    found = []
    for row in past.milestones:
        its = [one for one, rows in owed if row in rows]
        if not any(is_owed(one, quarter) for one in its):
            why = _only_in(its[0]) if its else NOBODY_REPORTS if owed else NO_RETURN
            found.append(Unasked("milestone", f"{row['organisation']}: {row['outcome']}", why))
    return found


def _only_in(one: Owed) -> str:
    return f"{', '.join(filter(None, (one['partner'], one['covers'])))} owes it in {listed(one['reports_in'].split())} only"


def _award(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["project"], row["round"]


def _of(owed: list[Owed], forms: tuple[str, ...]) -> dict[int, Owed]:
    return {at: one for at, one in enumerate(owed) if one["form"] in forms}


def _one_a_partner(owed: dict[int, Owed]) -> dict[int, Owed]:
    first: dict[str, int] = {}
    for at, one in owed.items():
        first.setdefault(plain(one["partner"]), at)
    return {at: owed[at] for at in first.values()}


def _sent_in(row: Mapping[str, Any], owed: dict[int, Owed], past: Past) -> int | None:
    """
    Give the return that a row came in: its partner's, of the part that its file is named for, else of its theme, else the one for everything.

    Where its partner owes none of these, and another owes one that is named for its theme, the theme has moved and the register counts.
    """
    own = {at: one for at, one in owed.items() if past.is_from(row, one["partner"])}
    stem = row["file"].rpartition(".")[0]
    whole = next((at for at, one in own.items() if not one["covers"]), None)
    theme = row.get("theme", "")
    return _first([_named_for(stem, own), _named_for(theme, own), whole, _named_for(theme, owed), next(iter(own), None)])


def _named_for(text: str, owed: dict[int, Owed]) -> int | None:
    """Give the return whose part is named in a text."""
    return next((at for at, one in owed.items() if slug(one["covers"]) and f"-{slug(one['covers'])}-" in f"-{slug(text)}-"), None)


def _commonest(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Give for each name what it is paired with most often."""
    counted = Counter(pairs)
    found: dict[str, int] = {}
    for name, at in sorted(counted, key=lambda pair: (-counted[pair], pair[1])):
        found.setdefault(name, at)
    return found


def _first(places: Iterable[int | None]) -> int | None:
    return next((place for place in places if place is not None), None)


def _shared(
    what: str, named: list[tuple[dict[str, Any], str]], place: Callable[[dict[str, Any]], int | None], owed: dict[int, Owed], quarter: str
) -> tuple[dict[int, list[dict[str, Any]]], list[Unasked]]:
    """Give each return its rows, and tell those that have none, or one that is not owed in this quarter."""
    found: dict[int, list[dict[str, Any]]] = {}
    unasked = []
    for row, name in named:
        at = place(row)
        if at is None:
            unasked.append(Unasked(what, name, NOBODY_REPORTS if owed else NO_RETURN))
        elif is_owed(owed[at], quarter):
            found.setdefault(at, []).append(row)
        else:
            unasked.append(Unasked(what, name, _only_in(owed[at])))
    return found, unasked
