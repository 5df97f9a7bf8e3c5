"""Awards, months and grant totals of two editions -> what differs, totals bridged award by award."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pandas as pd

from analysis import frames, grant, receipts
from analysis.changes.attribution import Because, Evidence, Figure, Link, Typed, chain, evidence
from analysis.changes.editions import Edition
from analysis.changes.measures import typed_link
from analysis.changes.wording import became, came_or_went, place, points
from analysis.frames import MONEY
from analysis.grant import WHAT
from analysis.values import rounded, shown
from analysis.vocabulary import Cause

Row = dict[str, Any]
Key = tuple[str, str]
"""An award: its round and its project."""


class Awards:
    """The awards of an edition's newest quarter that has any, each amount with its cell."""

    def __init__(self, edition: Edition) -> None:
        """Take the rows of the newest quarter."""
        self.quarter = max(edition.awards["quarter"], default="")
        self.rows: dict[Key, Row] = {}
        self.typed: dict[Key, dict[str, Typed]] = {}
        for row in frames.rows(edition.awards[edition.awards["quarter"] == self.quarter]):
            key = row["round"], row["project"]
            self.rows[key] = row
            self.typed[key] = {name: _amount(row, name, edition.cells.get((row["figure_id"], name)), edition) for name in MONEY}


def _amount(row: Row, name: str, receipt: Row | None, edition: Edition) -> Typed:
    said = shown(row[name], "pounds") or row[f"{name}_reason"]
    if receipt is None:
        return Typed("", (row[name],), "pounds", said, row["file"], "", "", "")
    sent = receipt["sha256"] or edition.inputs.get((row["quarter"], row["file"]), "")
    return Typed(receipt["as_typed"], (row[name],), "pounds", said, row["file"], place(row, receipt["cell"]), sent, receipt["repairs"])


def _name(key: Key) -> str:
    return f"{key[1]} ({key[0]})"


# ---------------------------------------------------------------- awards


def of_awards(before: Edition, after: Edition) -> list[Figure]:
    """
    Give what differs in the awards: each amount of the form, the difference that the spend identity leaves, and the verdict.

    Difference and verdict go from the earlier to the later in steps, one for each cause that an amount differs by, the identity worked out
    again at each. An award that only one edition has is added or withdrawn.
    """
    earlier, later = Awards(before), Awards(after)
    seen = _seen(before, after, earlier, later)
    causes = _causes(earlier, later, seen)
    made: list[Figure] = []
    stops = _stops(earlier, later, causes, seen)
    for key in [*later.rows, *(key for key in earlier.rows if key not in later.rows)]:
        if key in causes:
            made += _of_both(key, earlier, later, causes[key], stops[key], seen)
        else:
            made += _of_one(key, earlier, later)
    return made


def _seen(before: Edition, after: Edition, earlier: Awards, later: Awards) -> Evidence:
    """Give the evidence for awards, whose quarter is that of their return: grant is reported late."""
    of = (earlier.quarter or later.quarter, later.quarter or earlier.quarter)
    return evidence(before, after, of if all(of) else None)


def _causes(earlier: Awards, later: Awards, seen: Evidence) -> dict[Key, dict[str, Because]]:
    """Give, for each award of both, why each amount that differs does."""
    found: dict[Key, dict[str, Because]] = {}
    for key in (key for key in later.rows if key in earlier.rows):
        each = {name: seen.typed_otherwise(earlier.typed[key][name], later.typed[key][name]) for name in MONEY}
        found[key] = {name: because for name, because in each.items() if because}
    return found


State = tuple[str, Decimal | None]


def _stops(earlier: Awards, later: Awards, causes: dict[Key, dict[str, Because]], seen: Evidence) -> dict[Key, list[tuple[Because, State]]]:
    """Give the verdict and difference of each award, the earlier worked out again, then after each cause's amounts are swapped."""
    scenes: dict[tuple[Key, int], Row] = {}
    swaps: dict[Key, list[Because]] = {}
    for key, its in causes.items():
        old, new = (_scene(awards, key) for awards in (earlier, later))
        scenes[key, 0] = old
        swaps[key] = [next(one for one in its.values() if one.cause == cause) for cause in Cause if any(one.cause == cause for one in its.values())]
        mixed = old
        for step, because in enumerate(swaps[key], 1):
            names = [name for name, one in its.items() if one.cause == because.cause]
            mixed = mixed | {f"{name}{end}": new[f"{name}{end}"] for name in names for end in _ENDS}
            scenes[key, step] = mixed
        scenes[key, len(swaps[key]) + 1] = new
    states = _identity(scenes)
    found = {}
    for key, each in swaps.items():
        around = each[-1] if each else seen.another_period() if seen.new_period else None  # columns that came or went without an amount
        found[key] = [(_LEFT, states[key, 0]), *((because, states[key, step]) for step, because in enumerate(each, 1))]
        if around:
            found[key].append((around, states[key, len(each) + 1]))
    return found


_ENDS = ("", "_raw", "_reason", "_cell")
_LEFT = Because(Cause.CODE, "")


def _scene(awards: Awards, key: Key) -> Row:
    row, typed = awards.rows[key], awards.typed[key]
    told = {name: row[name] for name in ("project", "round", "quarter", "kind", "theme")}
    for name in MONEY:
        told |= {name: row[name], f"{name}_raw": typed[name].raw, f"{name}_reason": row[f"{name}_reason"], f"{name}_cell": typed[name].place}
    return told


def _identity(scenes: dict[tuple[Key, int], Row]) -> dict[tuple[Key, int], State]:
    """Work out the spend identity of scenes, all at once."""
    rows = [row | {"quarter": str(number)} for number, row in enumerate(scenes.values())]
    nobody = pd.DataFrame({"project": [], "round": [], "return_name": []}, dtype=object)
    worked = frames.rows(grant.spend(frames.make(rows, frames.AWARDS), frames.make([], frames.NARRATIVE), nobody))
    return {of: (row["verdict"], None if row["difference"] is None else rounded(row["difference"], 2)) for of, row in zip(scenes, worked, strict=True)}


def _of_both(key: Key, earlier: Awards, later: Awards, its: dict[str, Because], stops: list[tuple[Because, State]], seen: Evidence) -> list[Figure]:
    was, now, name = earlier.rows[key], later.rows[key], _name(key)
    made = []
    for part, because in its.items():
        figure = f"{name}: {WHAT[part].lower()}"
        made.append(Figure("awards", figure, part, (typed_link(figure, earlier.typed[key][part], later.typed[key][part], because),)))
    left = seen.left_over()
    whole = [(left if because is _LEFT else because, state) for because, state in stops]
    whole.append((left, (now["verdict"], now["difference"])))
    cells = earlier.typed[key]["award"].place, later.typed[key]["award"].place
    for part, at in (("difference", 1), ("verdict", 0)):
        steps = chain((was["verdict"], was["difference"])[at], [(because, state[at]) for because, state in whole], lambda state: state is not None)
        links = tuple(_link(part, f"{name}: {part}", one, other, because, cells) for one, other, because in steps)
        made += [Figure("awards", f"{name}: {part}", part, links)] if links else []
    return made


def _link(part: str, figure: str, one: Any, other: Any, because: Because, cells: tuple[str, str]) -> Link:
    if part == "verdict":
        return Link(one, other, None, None, because, became(figure, one, other, "", because), *cells)
    said = [shown(end, "pounds") or "cannot be checked" for end in (one, other)]
    ends = (one, other) if one is not None and other is not None else (None, None)
    return Link(said[0], said[1], *ends, because, became(figure, said[0], said[1], points(ends, "pounds"), because), *cells)


def _of_one(key: Key, earlier: Awards, later: Awards) -> list[Figure]:
    came = key in later.rows
    awards = later if came else earlier
    because = Because(Cause.ADDED, "it is not in the earlier") if came else Because(Cause.WITHDRAWN, "it is not in the later")
    row, name = awards.rows[key], _name(key)
    typed = {part: one for part, one in awards.typed[key].items() if one.raw}
    parts = [(part, f"{name}: {WHAT[part].lower()}", one.shown, one.place) for part, one in typed.items()]
    parts += [(part, f"{name}: {part}", said, "") for part, said in (("difference", shown(row["difference"], "pounds")), ("verdict", row["verdict"]))]
    return [Figure("awards", figure, part, (came_or_went(figure, said, because, at, came=came),)) for part, figure, said, at in parts if said]


# ---------------------------------------------------------------- months


def of_months(before: Edition, after: Edition, seen: Evidence) -> list[Figure]:
    """Give what differs in the monthly figures; a month that only the later of two quarters has is of the new period, not an addition."""
    earlier, later = _months(before), _months(after)
    known = {indicator for indicator, _ in earlier} & {indicator for indicator, _ in later}
    made = []
    for key in [*later, *(key for key in earlier if key not in later)]:
        name = ", ".join(key)
        if key in earlier and key in later:
            because = seen.typed_otherwise(earlier[key], later[key])
            links = [typed_link(name, earlier[key], later[key], because)] if because else []
        else:
            one, came = (later[key], True) if key in later else (earlier[key], False)
            only = Because(Cause.ADDED, "it is not in the earlier") if came else Because(Cause.WITHDRAWN, "it is not in the later")
            because = seen.another_period() if seen.new_period and key[0] in known else only
            links = [came_or_went(name, one.shown or "no figure", because, one.place, came=came)]
        made += [Figure("monthly", name, "value", (link,)) for link in links]
    return made


def _months(edition: Edition) -> dict[Key, Typed]:
    repairs = {(one["figure_id"], one["part"]): one["repairs"] for one in frames.rows(edition.receipts)}
    return {
        (row["indicator"], row["month"]): Typed(
            row["value_raw"],
            (row["value"],),
            "number",
            shown(row["value"]) or row["value_reason"],
            row["file"],
            place(row, row["value_cell"]),
            edition.inputs.get((row["quarter"], row["file"]), ""),
            repairs.get((receipts.month_id(row), "value"), ""),
        )
        for row in frames.rows(edition.monthly[edition.monthly["quarter"] == edition.quarter])
    }


# ---------------------------------------------------------------- totals

_PARTS = {"known": "pounds", "unknown_count": "number", "at_most": "pounds"}
_COLUMN = {words: name for name, words in WHAT.items()}
_SAID = {"known": "known", "unknown_count": "amounts not known", "at_most": "at most"}


def of_totals(before: Edition, after: Edition) -> list[Figure]:
    """
    Give what differs in the grant totals: what is known, how many amounts are not, and the most it can be, bridged award by award.

    The least is always what is known, and has no rows of its own. Where the awards in a folder do not come to its totals, which are
    then of older returns, a total is one step, its cause told by what went in.
    """
    earlier, later = Awards(before), Awards(after)
    seen = _seen(before, after, earlier, later)
    causes = _causes(earlier, later, seen)
    totals = [{tuple(row[name] for name in ("round", "kind", "theme", "what")): row for row in frames.rows(edition.totals)} for edition in (before, after)]
    otherwise = seen.other_inputs(before.inputs != after.inputs)
    made: list[Figure] = []
    for of in [*totals[1], *(of for of in totals[0] if of not in totals[1])]:
        was, now = (each.get(of) for each in totals)
        name = _total_name(of)
        for part in _PARTS:
            ends = tuple(None if row is None else _decimal(row[part]) for row in (was, now))
            if was is None or now is None:
                links = _total_of_one(f"{name}, {_SAID[part]}", ends, part, came=was is None)
            else:
                links = [] if ends[0] == ends[1] else _bridged(of, part, ends, (earlier, later), causes, otherwise)
            made += [Figure("totals", name, part, tuple(links))] if links else []
    return made


def _total_name(of: tuple[str, ...]) -> str:
    name_of_round, kind, theme, what = of
    return f"{what}, {name_of_round}, {theme if kind == 'by theme' else f'{kind} awards'}"


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def _total_of_one(name: str, ends: tuple[Decimal | None, ...], part: str, *, came: bool) -> list[Link]:
    said = shown(ends[1] if came else ends[0], _PARTS[part])
    because = Because(Cause.ADDED, "it is not in the earlier") if came else Because(Cause.WITHDRAWN, "it is not in the later")
    return [came_or_went(name, said, because, came=came)] if said else []


def _bridged(
    of: tuple[str, ...],
    part: str,
    ends: tuple[Decimal | None, ...],
    awards: tuple[Awards, Awards],
    causes: dict[Key, dict[str, Because]],
    otherwise: Because,
) -> list[Link]:
    """Give the steps of a total, one for each award that moves it; one step in all where its awards do not come to it."""
    name, was, now = f"{_total_name(of)}, {_SAID[part]}", *ends
    shares = [{key: _share(row, of, part) for key, row in each.rows.items() if _belongs(row, of)} for each in awards]
    add_up = all(None not in share.values() and sum(share.values(), Decimal(0)) == end for share, end in zip(shares, ends, strict=True))
    unit = _PARTS[part]
    if was is None or now is None or not add_up:
        said = [shown(end, unit) or "not known" for end in ends]
        pair = (was, now) if was is not None and now is not None else (None, None)
        return [Link(said[0], said[1], *pair, otherwise, became(name, said[0], said[1], points(pair, unit), otherwise))]
    links, stands = [], was
    for key in dict.fromkeys((*shares[1], *shares[0])):
        one, other = (share.get(key, Decimal(0)) for share in shares)
        if one == other:
            continue
        because = _why_of_share(key, _COLUMN.get(of[3], ""), awards, causes, otherwise)
        then = stands + other - one
        words = became(f"{name}, by {_name(key)}", shown(stands, unit), shown(then, unit), points((stands, then), unit), because)
        cells = [each.typed[key][_COLUMN[of[3]]].place if key in each.typed else "" for each in awards]
        links.append(Link(shown(stands, unit), shown(then, unit), stands, then, because, words, *cells))
        stands = then
    return links


def moved_spend(before: Edition, after: Edition) -> list[tuple[Because, Decimal]]:
    """Give what each award adds to the spend that is known, where it is not what it was, and why."""
    awards = Awards(before), Awards(after)
    causes = _causes(*awards, _seen(before, after, *awards))
    otherwise = evidence(before, after).left_over()
    moved = []
    for key in dict.fromkeys((*awards[1].rows, *awards[0].rows)):
        was, now = (each.rows.get(key, {}).get("total_to_date") or Decimal(0) for each in awards)
        if was != now:
            moved.append((_why_of_share(key, "total_to_date", awards, causes, otherwise), now - was))
    return moved


def _belongs(row: Row, of: tuple[str, ...]) -> bool:
    name_of_round, kind, theme, _ = of
    return row["round"] == name_of_round and (kind == "all" or kind == row["kind"] or (kind == "by theme" and theme == row["theme"]))


def _share(row: Row, of: tuple[str, ...], part: str) -> Decimal | None:
    """Give what an award adds to a total."""
    value = row[_COLUMN[of[3]]] if of[3] in _COLUMN else None
    if part == "unknown_count":
        return Decimal(value is None)
    if value is not None:
        return Decimal(value)
    return Decimal(0) if part == "known" else row["award"]


def _why_of_share(key: Key, column: str, awards: Iterable[Awards], causes: dict[Key, dict[str, Because]], otherwise: Because) -> Because:
    earlier, later = awards
    if key not in earlier.rows:
        return Because(Cause.ADDED, "the award is not in the earlier")
    if key not in later.rows:
        return Because(Cause.WITHDRAWN, "the award is not in the later")
    its = causes[key]
    if column in its or "award" in its:
        return its.get(column) or its["award"]
    was, now = earlier.rows[key], later.rows[key]
    if (was["kind"], was["theme"]) != (now["kind"], now["theme"]):
        return Because(Cause.RULE, f"the award is {now['kind']}, {now['theme']}, and was {was['kind']}, {was['theme']}")
    return otherwise
