"""Measures of two editions -> actual, target, variance and band, each step judged again by the scoring room."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pandas as pd

from analysis import frames, quarters, scoring, values
from analysis.changes.attribution import POLICIES, Because, Evidence, Figure, Link, Typed, chain, hidden
from analysis.changes.editions import Edition
from analysis.changes.wording import became, came_or_went, place, points
from analysis.errors import UnreadableValue
from analysis.scoring import policies as rag
from analysis.values import Reading, shown
from analysis.vocabulary import Band, Cause, Kind

PLACES = {str(Band.HG): 4, str(Band.LG): 3, str(Band.G): 3, str(Band.A): 2, str(Band.LR): 1, str(Band.HR): 0}
"""A band's place, counted from the worst; plain green, inside a range or under three bands, is level with Low Green."""
NOT_SCORED = "not scored"
_ALWAYS = "1900-01-Q1"
Row = dict[str, Any]
State = tuple[str, Decimal | None]
"""A band, empty for none, and a variance."""


@dataclass(frozen=True)
class Judged:
    """A measure as one edition has it: its row, the row of a year before with its actual, and the forecast of its year end."""

    row: Row
    year_ago: Row | None
    forecast: Row | None
    actual: Typed
    target: Typed
    past: Typed | None

    @property
    def published(self) -> State:
        """The band and the variance, as published."""
        return self.row["band"], self.row["variance"]

    def lacks(self, policies: pd.DataFrame) -> bool:
        """Say whether it is held against a figure that the folder does not hold: of a year before, or a forecast."""
        asks = policies[policies["policy"] == self.row["policy"]]
        year_ago = bool(_read(self.row["target_raw"], self.row["unit"]).rule) or ("against" in asks and (asks["against"] == "year ago").any())
        forecast = "figure" in asks and bool((asks["figure"] == "forecast").any())
        return bool((year_ago and self.year_ago is None) or (forecast and self.forecast is None))


def figures(before: Edition, after: Edition, evidence: Evidence) -> list[Figure]:
    """
    Give what differs in the measures of two editions' own quarters: actual, target, variance and band of each.

    A measure that only one of the two has is added or withdrawn, as a whole. Of the others variance and band go from the earlier to
    the later in steps: the later actual, the later target, what else it is held against, the later rule; whatever the
    earlier and the later edition have that scoring does not give again is left over. Of each step the whole is judged anew.
    """
    earlier, later = _judged(before), _judged(after)
    made: list[Figure] = []
    both = [name for name in later if name in earlier]
    stops = _stops(before, after, {name: (earlier[name], later[name]) for name in both}, evidence)
    for name in [*later, *(name for name in earlier if name not in later)]:
        if name in stops:
            made += _of_both(name, earlier[name], later[name], evidence, stops[name])
        else:
            made += _of_one(name, earlier.get(name), later.get(name))
    return made


# ---------------------------------------------------------------- what each edition has


def _judged(edition: Edition) -> dict[str, Judged]:
    rows = frames.rows(edition.scores)
    forecasts = {one["measure_id"]: one for one in frames.rows(edition.forecasts) if one["quarter"] == edition.quarter}
    of_measure: dict[str, list[Row]] = {}
    for row in rows:
        of_measure.setdefault(row["measure_id"], []).append(row)
    own = [row for row in rows if row["quarter"] == edition.quarter]
    return {row["measure_id"]: _one(row, of_measure[row["measure_id"]], forecasts.get(row["measure_id"]), edition.cells, edition) for row in own}


def _one(row: Row, rows: list[Row], forecast: Row | None, receipts: dict[tuple[str, str], Row], edition: Edition) -> Judged:
    """Give a measure of an edition; *rows* are all that it has of the measure."""
    year_ago = _year_before(row, rows)
    actual, target = (_typed(row, part, receipts, edition) for part in ("actual", "target"))
    return Judged(row, year_ago, forecast, actual, target, _typed(year_ago, "actual", receipts, edition) if year_ago else None)


def _year_before(row: Row, rows: list[Row]) -> Row | None:
    """Find the row of the period exactly a year before: by the period it states, else by quarter."""
    if row["data_period"]:
        span = quarters.span(row["data_period"])
        wanted = (span[0] - 12, span[1] - 12) if span else None
        return next((one for one in rows if wanted and one["data_period"] and quarters.span(one["data_period"]) == wanted), None)
    earlier = quarters.year_earlier(row["quarter"])
    return next((one for one in rows if one["quarter"] == earlier), None)


def _typed(row: Row, part: str, receipts: dict[tuple[str, str], Row], edition: Edition) -> Typed:
    raw, unit = row[f"{part}_raw"], row["unit"]
    held = part == "actual" and hidden(row["reason"])
    its = receipts.get((row["figure_id"], part), {})
    ends = (row["actual"],) if part == "actual" else (row["target_low"], row["target_high"])
    if part == "target":
        unit = _read(raw, unit).unit or unit
    seen = [shown(value, unit) for value in dict.fromkeys(ends) if value is not None]
    return Typed(
        raw=raw,
        values=ends,
        unit=unit,
        shown=" to ".join(seen) or raw,
        file=row["file"],
        place=place(row, row[f"{part}_cell"]),
        sha256=edition.inputs.get((row["quarter"], row["file"]), ""),
        repairs=its.get("repairs", ""),
        hidden=held,
    )


@lru_cache(maxsize=2**12)
def _read(raw: str, unit: str) -> Reading:
    try:
        return values.read(raw, unit)
    except UnreadableValue:
        return Reading(raw)


# ---------------------------------------------------------------- judging again, step by step


def _stops(before: Edition, after: Edition, both: dict[str, tuple[Judged, Judged]], evidence: Evidence) -> dict[str, list[tuple[Because, State]]]:
    """Give, for each measure that both have, where it stands after each swap: the earlier edition, judged again, comes first."""
    scenes = {name: _scenes(was, now) for name, (was, now) in both.items()}
    old, new = _in_force(before), _in_force(after)
    with_old = _states({(name, step): scene for name, steps in scenes.items() for step, scene in enumerate(steps[:4])}, old)
    with_new = _states({(name, 4): steps[4] for name, steps in scenes.items()}, new)
    same = {policy for policy in {*old["policy"], *new["policy"]} if _tests_of(old, policy) == _tests_of(new, policy)}
    left, of_inputs = evidence.left_over(), evidence.other_inputs(before.inputs != after.inputs)
    found = {}
    for name, (was, now) in both.items():
        states = [*(with_old[name, step] for step in range(4)), with_new[name, 4]]
        causes = _causes(was, now, evidence, of_inputs, same_policy=now.row["policy"] in same)
        if _beyond(was, states[0], before) or _beyond(now, states[4], after):
            first = next((cause for cause in causes if cause), of_inputs)
            found[name] = [(first._replace(why=f"{first.why}; the folder lacks the figure that it is held against"), now.published)]
            continue
        swapped = list(zip((cause or left for cause in causes), states[1:], strict=True))
        swapped = [stop for stop, then in zip(swapped, [*swapped[1:], (None, None)], strict=True) if stop[0] != then[0]]  # one cause, one step
        found[name] = [(left, states[0]), *swapped, (left, now.published)]
    return found


def _beyond(one: Judged, state: State, edition: Edition) -> bool:
    """Say whether what was published cannot be worked out again from the folder alone."""
    return bool(one.row["band"]) and not state[0] and one.lacks(edition.policies)


def _causes(was: Judged, now: Judged, evidence: Evidence, of_inputs: Because, *, same_policy: bool) -> list[Because | None]:
    """Give the cause of each swap: actual, target, what else it is held against, rule; None where nothing is known of one."""
    later = evidence.another_period() if evidence.new_period else None
    actual = evidence.typed_otherwise(was.actual, now.actual) or later
    target = _why_target(was, now, evidence) or later
    return [actual, target, later or _beside(was, now, evidence, of_inputs), _rule(was, now, evidence, same_policy=same_policy)]


def _why_target(was: Judged, now: Judged, evidence: Evidence) -> Because | None:
    """Give why a target is another. One that grows over the year with what it is for is that of the new period: nobody has changed it."""
    because = evidence.typed_otherwise(was.target, now.target, is_target=True)
    grows = was.row["kind"] == now.row["kind"] == Kind.CUMULATIVE and evidence.quarters[0][-2:] != evidence.quarters[1][-2:]
    return evidence.another_period() if because and because.cause == Cause.TARGET and grows else because


def _beside(was: Judged, now: Judged, evidence: Evidence, of_inputs: Because) -> Because | None:
    """Give why, in one quarter, a figure is held against another figure of a year before, or another forecast."""
    if was.past and now.past and (because := evidence.typed_otherwise(was.past, now.past)):
        return because._replace(why=f"the figure of a year before: {because.why}")
    return of_inputs._replace(why=f"a figure that it is held against: {of_inputs.why}") if (was.past, was.forecast) != (now.past, now.forecast) else None


def _rule(was: Judged, now: Judged, evidence: Evidence, *, same_policy: bool) -> Because | None:
    told = [
        f"{word} {now.row[name] or 'none'} instead of {was.row[name] or 'none'}"
        for name, word in (("policy", "policy"), ("polarity", "good is"), ("kind", "kind"))
        if was.row[name] != now.row[name]
    ]
    versions = [_version(one.row) for one in (was, now)]
    if not told and versions[0] != versions[1] and all(versions):
        told = [f"{versions[1]} instead of {versions[0]}"]
    if not told and same_policy:
        return None
    changed = evidence.differing(POLICIES)
    return Because(Cause.RULE, ", ".join(told) or changed or "another version of the policy is in force")


def _version(row: Row) -> str:
    """Give the policy and version that judged a row, of "five-band version 1, higher is better"."""
    return str(row["rule"].partition(",")[0])


Scene = tuple[Row, Row | None, Row | None, str]
"""What is judged: the row's figures, its year before, its forecast, and its quarter."""
_OF_ACTUAL = ("actual", "actual_raw", "actual_unit", "reason")
_OF_TARGET = ("target_raw", "target_low", "target_high", "target_unit")
_OF_RULE = ("policy", "polarity", "kind")


def _scenes(was: Judged, now: Judged) -> list[Scene]:
    """Give what is judged at each stop: the earlier, then with the later actual, target, what else it is held against, rule."""
    old, new = ({**one.row, "actual_unit": one.actual.unit, "target_unit": one.target.unit} for one in (was, now))
    steps: list[Scene] = [(old, was.year_ago, was.forecast, old["quarter"])]
    mixed = old | {name: new[name] for name in _OF_ACTUAL}
    steps.append((mixed, was.year_ago, was.forecast, new["quarter"]))
    mixed = mixed | {name: new[name] for name in _OF_TARGET}
    steps.append((mixed, was.year_ago, was.forecast, new["quarter"]))
    steps.append((mixed, now.year_ago, now.forecast, new["quarter"]))
    mixed = mixed | {name: new[name] for name in _OF_RULE}
    return [*steps, (mixed, now.year_ago, now.forecast, new["quarter"])]


def _in_force(edition: Edition) -> pd.DataFrame:
    """Give the policies as they stand in an edition's quarter, so that a later quarter is judged by them too."""
    kept = {
        (force.name, polarity, force.version, force.from_quarter)
        for (_, polarity), versions in rag.read(edition.policies).items()
        if (force := rag.in_force(versions, edition.quarter))
    }
    rows = zip(edition.policies["policy"], edition.policies["polarity"], edition.policies["version"], edition.policies["from_quarter"], strict=True)
    return edition.policies[[row in kept for row in rows]].assign(from_quarter=_ALWAYS).reset_index(drop=True)


def _tests_of(register: pd.DataFrame, policy: str) -> dict[tuple[str, str], list[rag.Policy]]:
    """Give what one policy of a register asks, whichever way is good."""
    return rag.read(register[register["policy"] == policy])


def _states(scenes: dict[tuple[str, int], Scene], policies: pd.DataFrame) -> dict[tuple[str, int], State]:
    """Judge scenes, all at once."""
    rows: list[Row] = []
    forecasts: list[Row] = []
    for number, (row, year_ago, forecast, quarter) in enumerate(scenes.values()):
        named = {"measure_id": str(number), "quarter": quarter}
        rows.append(_observed(row) | named)
        if year_ago:
            told = _observed({**year_ago, "actual_unit": year_ago["unit"], "target_unit": ""})
            rows.append(told | named | {"quarter": quarters.year_earlier(quarter)})
        if forecast:
            forecasts.append({"forecast": forecast["forecast"], "target": forecast["target"]} | named)
    scored = scoring.score(frames.make(rows, frames.OBSERVATIONS), policies, frames.make(forecasts, frames.FORECASTS))
    own = {(row["measure_id"], row["quarter"]): (row["band"], row["variance"]) for row in frames.rows(scored[["measure_id", "quarter", "band", "variance"]])}
    return {of: own[str(number), scene[3]] for number, (of, scene) in enumerate(scenes.items())}


def _observed(row: Row) -> Row:
    """Give a published row the columns that scoring asks for; what is not published is read again from the text."""
    actual, target = _read(row["actual_raw"], row["actual_unit"]), _read(row["target_raw"], row["target_unit"])
    same = actual.value == row["actual"] and row["actual"] is not None
    return {name: row[name] for name in ("policy", "polarity", "kind", "target_raw", "actual_raw", "target_low", "target_high")} | {
        "actual": None if hidden(row["reason"]) else row["actual"],
        "actual_unit": row["actual_unit"] if row["actual"] is not None else "",
        "target_unit": row["target_unit"] if row["target_low"] is not None else target.unit,
        "target_rule": target.rule,
        "target_annual": target.annual,
        "actual_numerator": actual.numerator if same else None,
        "actual_denominator": actual.denominator if same else None,
        "actual_rank": actual.rank if same else None,
        "actual_decimals": actual.decimals if same else None,
    }


# ---------------------------------------------------------------- the rows of a measure


def _of_both(name: str, was: Judged, now: Judged, evidence: Evidence, stops: list[tuple[Because, State]]) -> list[Figure]:
    made = []
    for part, one, other in (("actual", was.actual, now.actual), ("target", was.target, now.target)):
        if because := _why_target(was, now, evidence) if part == "target" else evidence.typed_otherwise(one, other):
            made.append(Figure("measures", f"{name} {part}", part, (typed_link(f"{name} {part}", one, other, because),)))
    title = f"{name}, {now.row['measure']}"
    for part, place_ in (("variance", 1), ("band", 0)):
        steps = chain(was.published[place_], [(because, state[place_]) for because, state in stops], _known)
        if steps:
            links = tuple(_link(part, title, step, (was, now)) for step in steps)
            made.append(Figure("measures", f"{name} {part}", part, links))
    return made


def _known(state: str | Decimal | None) -> bool:
    return state is not None and state != ""


def typed_link(figure: str, was: Typed, now: Typed, because: Because) -> Link:
    """Give the one step of a figure that a return holds; its numbers only where both are in one unit."""
    ends = (was.number, now.number) if was.unit == now.unit and was.number is not None and now.number is not None else (None, None)
    moved = points(ends, now.unit)
    return Link(was.shown, now.shown, *ends, because, became(figure, was.shown or "nothing", now.shown or "nothing", moved, because), was.place, now.place)


def _link(part: str, title: str, step: tuple[Any, Any, Because], both: tuple[Judged, Judged]) -> Link:
    (one, other, because), (was, now) = step, both
    of_target = because.cause == Cause.TARGET
    cells = (was.target.place, now.target.place) if of_target else (was.actual.place, now.actual.place)
    if part == "variance":
        said = [shown(end, "percent") if end is not None else "none" for end in (one, other)]
        ends = (one, other) if one is not None and other is not None else (None, None)
        return Link(*said, *ends, because, became(f"{title}: the distance from target", *said, points(ends, "percent"), because), *cells)
    ends = tuple(Decimal(PLACES[end]) if end else None for end in (one, other)) if one and other else (None, None)
    said = [Band(end).words if end else NOT_SCORED for end in (one, other)]
    return Link(one or NOT_SCORED, other or NOT_SCORED, *ends, because, became(title, *said, bands_moved(ends), because), *cells)


def bands_moved(ends: Iterable[Decimal | None]) -> str:
    """
    Say how far a measure went on the scale of bands.

    >>> bands_moved((Decimal(3), Decimal(1))), bands_moved((Decimal(3), Decimal(3)))
    ('2 bands worse', 'the same height on the scale')
    """
    was, now = ends
    if was is None or now is None:
        return ""
    by = int(now - was)
    many = f"{abs(by)} {'band' if abs(by) == 1 else 'bands'}"
    return f"{many} {'better' if by > 0 else 'worse'}" if by else "the same height on the scale"


def _of_one(name: str, was: Judged | None, now: Judged | None) -> list[Figure]:
    """Give the figures of a measure that only one edition has."""
    one = now or was
    if one is None:
        return []
    because = Because(Cause.ADDED, "it is not in the earlier") if now else Because(Cause.WITHDRAWN, "it is not in the later")
    title = f"{name}, {one.row['measure']}"
    variance = shown(one.row["variance"], "percent")
    parts = [
        ("actual", one.actual.shown, one.actual.place, f"{name} actual"),
        ("target", one.target.shown, one.target.place, f"{name} target"),
        ("variance", variance, one.actual.place, f"{title}: the distance from target"),
        ("band", one.row["band"] or NOT_SCORED, one.actual.place, title),
    ]
    return [
        Figure("measures", f"{name} {part}", part, (came_or_went(figure, said, because, at, came=now is not None),)) for part, said, at, figure in parts if said
    ]
