"""What readers know of hidden counts: the rules that they keep, and the intervals that follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.disclosure.counts import BOTTOM, TOP, steps

Place = int
Terms = dict[Place, int]
Interval = tuple[int, int | None]
FREE: Interval = (0, None)
_ROUNDS = 10_000


@dataclass(frozen=True)
class _Rule:
    """What readers know of some counts: the sum of the terms lies from `low` to `high`; None for no end."""

    terms: Terms
    low: int
    high: int | None
    summed: bool


class Known:
    """The counts, what readers know of them, and which hidden ones hang together."""

    def __init__(self, cells: pd.DataFrame, sums: pd.DataFrame) -> None:
        """Take the counts as `counts` gives them and the register of sums, and narrow every hidden one."""
        self.cells = cells.reset_index(drop=True)
        self.rows: list[dict[str, Any]] = self.cells.to_dict("records")
        self.place = {(row["measure_id"], row["quarter"], row["part"]): place for place, row in enumerate(self.rows)}
        self.hidden = [place for place, row in enumerate(self.rows) if row["hidden"]]
        self.steps = steps(self.cells)
        rules = [*self._sums(sums), *self._within()]
        self.rules = [rule for rule in rules if any(self.rows[place]["hidden"] for place in rule.terms)]
        self.rules_of: dict[Place, list[_Rule]] = {}
        for rule in self.rules:
            for place in rule.terms:
                self.rules_of.setdefault(place, []).append(rule)
        self.narrowed: dict[Place, Interval] | None = self._narrow()

    # ---------------------------------------------------------------- what readers know

    def _sums(self, sums: pd.DataFrame) -> list[_Rule]:
        parts_of: dict[str, list[str]] = {}
        for row in sums.to_dict("records"):
            parts_of.setdefault(row["total"], []).append(row["part"])
        rules = []
        for (measure_id, quarter, part), total in self.place.items():
            names = parts_of.get(measure_id, [])
            terms = {total: 1} | {self.place[name, quarter, part]: -1 for name in names if (name, quarter, part) in self.place}
            if len(terms) > 1:
                off = self._value(terms)
                whole = len(terms) == len(names) + 1
                rules.append(_Rule(terms, off, off, summed=True) if whole else _Rule(terms, min(off, 0), None, summed=True))
        return rules

    def _within(self) -> list[_Rule]:
        """Give the rules of one measure: it does not fall within a year, and a part is no more than its whole."""
        pairs = [({after: 1, before: -1}) for before, after in self.steps]
        for (measure_id, quarter, part), place in self.place.items():
            bottom = self.place.get((measure_id, quarter, BOTTOM)) if part == TOP else None
            if bottom is not None:
                pairs.append({bottom: 1, place: -1})
        return [_Rule(terms, min(self._value(terms), 0), None, summed=False) for terms in pairs]

    def _value(self, terms: Terms) -> int:
        """Give what some terms come to, 0 where one is not known even to us."""
        values = {place: self.rows[place]["value"] for place in terms}
        return 0 if any(value is None for value in values.values()) else sum(int(values[place]) * times for place, times in terms.items())

    def guarded(self) -> list[tuple[Terms, Place, int]]:
        """Give what must not be pinned down: the terms, the count that they are about, and how wide they must stay."""
        found: list[tuple[Terms, Place, int]] = [({place: 1}, place, self.rows[place]["width"]) for place in self.hidden]
        pairs = [({after: 1, before: -1}, after) for before, after in self.steps]
        pairs += [
            ({self.place[measure_id, quarter, BOTTOM]: 1, place: -1}, place)
            for (measure_id, quarter, part), place in self.place.items()
            if part == TOP and (measure_id, quarter, BOTTOM) in self.place
        ]
        for terms, place in pairs:
            width = self.rows[place]["width"]
            if any(self.rows[of]["hidden"] for of in terms) and 0 < self._value(terms) < width:
                found.append((terms, place, width))
        return found

    # ---------------------------------------------------------------- what follows

    def joined(self, places: set[Place]) -> set[Place]:
        """Give the hidden counts that hang together with some, through rules that hold two of them."""
        found, new = set(places), set(places)
        while new:
            beside = {other for place in new for rule in self.rules_of.get(place, []) for other in rule.terms if self.rows[other]["hidden"]}
            new = beside - found
            found |= new
        return found

    def neighbours(self, places: set[Place]) -> list[Place]:
        """Give the published counts that stand in one rule with some."""
        beside = {other for place in places for rule in self.rules_of.get(place, []) for other in rule.terms}
        return sorted(place for place in beside if not self.rows[place]["hidden"])

    def reaches(self, places: set[Place], quarter: str) -> bool:
        """Say whether some counts hang together with one of a quarter, hidden or published."""
        together = self.joined(places)
        return any(self.rows[place]["quarter"] == quarter for place in (*together, *self.neighbours(together)))

    def key(self, place: Place) -> tuple[str, str]:
        """Give the figure that a count is of."""
        return self.rows[place]["measure_id"], self.rows[place]["quarter"]

    def order(self, place: Place) -> tuple[Any, ...]:
        """Give the order in which figures are hidden for others: the smallest first, noughts last."""
        row = self.rows[place]
        return row["value"] == 0, row["value"], row["measure_id"], row["part"]

    def interval(self, terms: Terms, *, proved: bool = True) -> Interval | None:
        """
        Give the least and the most that some terms can come to; None where the published figures contradict one another.

        Where it is not to be proved, the ends may lie further apart than they can be: too close is then too close.
        """
        if self.narrowed is None:
            return None
        spans = [self._times(self._span(place), times) for place, times in terms.items()]
        outer = _total(spans)
        together = self.joined({place for place in terms if self.rows[place]["hidden"]})
        rules = {id(rule): rule for place in together for rule in self.rules_of.get(place, [])}
        if not proved or not any(rule.summed for rule in rules.values()):
            low, high = outer
            return max(low if low is not None else 0, 0), high
        return self._proved(terms, sorted(together), list(rules.values()))

    def _span(self, place: Place) -> Interval:
        row = self.rows[place]
        return (self.narrowed or {}).get(place, FREE) if row["hidden"] else (int(row["value"]), int(row["value"]))

    @staticmethod
    def _times(span: tuple[int | None, int | None], times: int) -> tuple[int | None, int | None]:
        low, high = (None if end is None else end * times for end in span)
        return (low, high) if times > 0 else (high, low)

    def _narrow(self) -> dict[Place, Interval] | None:
        """Narrow every hidden count by each rule until nothing changes; None where a rule cannot be kept."""
        spans: dict[Place, Interval] = dict.fromkeys(self.hidden, FREE)
        for _ in range(_ROUNDS):
            before = dict(spans)
            for rule in self.rules:
                for place, times in rule.terms.items():
                    if place not in spans:
                        continue
                    others = [self._times(spans[of] if of in spans else (int(self.rows[of]["value"]),) * 2, by) for of, by in rule.terms.items() if of != place]
                    low, high = _total(others)
                    least = None if high is None else rule.low - high
                    most = None if low is None or rule.high is None else rule.high - low
                    least, most = (least, most) if times > 0 else (None if most is None else -most, None if least is None else -least)
                    old = spans[place]
                    spans[place] = max(old[0], least or 0), most if old[1] is None else old[1] if most is None else min(old[1], most)
                    if spans[place][1] is not None and spans[place][1] < spans[place][0]:  # type: ignore[operator]
                        return None
            if spans == before:
                return spans
        return spans

    def _proved(self, terms: Terms, together: list[Place], rules: list[_Rule]) -> Interval | None:
        """Give the exact ends of some terms, each by an integer program over the hidden counts that hang together with them."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        column = {place: number for number, place in enumerate(together)}
        table = np.zeros((len(rules), len(together)))
        ends = np.zeros((len(rules), 2))
        for number, rule in enumerate(rules):
            fixed = sum(int(self.rows[place]["value"]) * times for place, times in rule.terms.items() if place not in column)
            ends[number] = rule.low - fixed, np.inf if rule.high is None else rule.high - fixed
            for place, times in rule.terms.items():
                if place in column:
                    table[number, column[place]] = times
        spans = [self._span(place) for place in together]
        # No end that the rules set can lie beyond all that is published together: what gets past that has no end.
        far = 4 * (1 + sum(abs(int(row["value"] or 0)) for row in self.rows) + sum(row["width"] for row in self.rows))
        limits = Bounds(np.array([low for low, _ in spans], dtype=float), np.array([far if high is None else high for _, high in spans], dtype=float))
        aim = np.array([terms.get(place, 0) for place in together], dtype=float)
        fixed = sum(int(self.rows[place]["value"]) * times for place, times in terms.items() if place not in column)
        found = []
        for sense in (1, -1):
            done = milp(sense * aim, constraints=LinearConstraint(table, ends[:, 0], ends[:, 1]), bounds=limits, integrality=np.ones(len(together)))
            if done.x is None:
                return None
            found.append(round(float(aim @ np.round(done.x))) + fixed)
        return found[0], None if found[1] - fixed >= far // 2 else found[1]


def _total(spans: list[tuple[int | None, int | None]]) -> tuple[int | None, int | None]:
    lows, highs = zip(*spans, strict=True) if spans else ((0,), (0,))
    return None if None in lows else sum(lows), None if None in highs else sum(highs)
