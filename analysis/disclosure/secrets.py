"""What must not be told of each figure: where it stands, in which texts, and by which numbers it is quoted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pandas as pd

from analysis import frames, quarters
from analysis.disclosure.counts import counts, figures, parts_of, sensitive
from analysis.disclosure.profiles import NONE, in_force
from analysis.disclosure.quoting import quotes
from analysis.disclosure.solving import with_secondary
from analysis.reference import Registers
from analysis.values import shown
from analysis.vocabulary import REPLACED_BY, Outcome

QUOTED = "[held back: quotes a suppressed figure]"
ABOUT = "[held back: is about a suppressed figure]"
SHOWN = "[c]"
Key = tuple[str, str]
Cell = tuple[Any, ...]
FIELDS = ("actual", "published_status", "commentary", "note")
"""Fields of a performance return that tell of a figure."""
ANSWERS = ("reason_for_none", "what_changed", "why", "what_next", "who", "by_when")
"""Fields of a form that say more of a figure, in a cell each."""


@dataclass
class Secrets:
    """
    What a publication must not tell.

    Attributes:
        hidden: the figures held back, by measure and quarter.
        rounded: the figures shown rounded, with what is shown: value and text.
        measures: every measure with a figure that is hidden or rounded.
        numbers: measure -> the numbers that would give a figure of it away.
        names: measure -> how texts call it, its id and its title.
        cells: where each was typed, (quarter, file, sheet, cell) -> what is shown instead.
        rows: (quarter, file, sheet, row) -> the measure reported there, of those measures.
        figure_ids: of the figures hidden or rounded.
        texts: commentary and notes that quote a figure.
        protected: every measure with a profile, whether or not a figure of it is hidden now.
    """

    hidden: set[Key] = field(default_factory=set)
    rounded: dict[Key, tuple[Decimal, str]] = field(default_factory=dict)
    measures: set[str] = field(default_factory=set)
    numbers: dict[str, set[Decimal]] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    cells: dict[Cell, str] = field(default_factory=dict)
    rows: dict[Cell, str] = field(default_factory=dict)
    figure_ids: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    protected: set[str] = field(default_factory=set)

    @property
    def touched(self) -> set[Key]:
        """The figures hidden or rounded."""
        return self.hidden | set(self.rounded)

    def tells(self, text: str) -> bool:
        """Say whether a text is, or holds, one that is held back, or names a measure beside a number that gives its figure away."""
        if not text:
            return False
        if text in self.texts or any(len(held) > 20 and held in text for held in self.texts):
            return True
        folded = text.casefold()
        for measure_id in self.measures:
            rest = folded
            for name in [name for name in self.names[measure_id] if name in folded]:
                rest = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " _ ", rest)
            if rest != folded and quotes(rest, self.numbers[measure_id]):
                return True
        return False

    def tells_in_sheet(self, issue: dict[str, Any]) -> bool:
        """Say whether an issue quotes a figure of the measure whose row it is about, or tells of another."""
        row = next((measure for place, measure in self.rows.items() if place[:3] == tuple(issue[n] for n in _SHEET) and _row(issue["cell"]) == place[3]), "")
        said = " ".join(issue[name] for name in ("message", "as_typed", "read_as"))
        return self.tells(issue["message"]) or (bool(row) and quotes(said, self.numbers[row]))


_SHEET = ("quarter", "file", "sheet")


def _row(cell: str) -> int:
    """Give the number of the row that a cell stands in, 0 where its name has none."""
    number = re.search(r"\d+$", cell)
    return int(number[0]) if number else 0


def secrets(made: dict[str, pd.DataFrame], registers: Registers, audience: str = "") -> Secrets:
    """
    Give what must not be told to an audience: small figures, those that would give them away, and where each stands.

    Args:
        made, registers, audience: as for `protect`.

    >>> from analysis.disclosure.example import example_registers
    >>> rows = [{"measure_id": "M1", "quarter": "2016-17-Q1", "actual_raw": "3", "actual": Decimal(3), "actual_unit": "number"}]
    >>> secrets({"scores": frames.make(rows, frames.SCORES)}, example_registers([("", "", "", "suppress<5")])).hidden
    {('M1', '2016-17-Q1')}
    """
    found = Secrets()
    if set(registers.disclosure["profile"]) <= {NONE}:
        return found
    force = in_force(registers, audience)
    if not any(profile != NONE for profile in force.values()):
        return found
    found.protected = {measure_id for measure_id, profile in force.items() if profile != NONE}
    cells = with_secondary(counts(made, registers), registers.sums)
    if force != in_force(registers):
        # What the open files show is known on this page too, so only what they hide can hide anything here.
        open_hidden = cells[cells["hidden"]]
        cells = with_secondary(counts(made, registers, audience), registers.sums, set(zip(open_hidden["measure_id"], open_hidden["quarter"], strict=True)))
    known = {(row["measure_id"], row["quarter"]): row for row in frames.rows(figures(made))}
    hidden = cells[cells["hidden"]]
    found.hidden = set(zip(hidden["measure_id"], hidden["quarter"], strict=True))
    for key, row in known.items():
        profile = force.get(key[0], NONE)
        if profile.startswith("round") and key not in found.hidden and (parts := parts_of(row)):
            found.rounded[key] = _rounded(row, parts, int(profile.removeprefix("round")))
    found.measures = {measure_id for measure_id, _ in found.touched}
    titles = dict(zip(registers.measures["measure_id"], registers.measures["measure"], strict=True))
    found.names = {name: tuple(filter(None, (str(titles.get(name, "")).casefold(), name.casefold()))) for name in found.measures}
    for measure_id in found.measures:
        found.numbers[measure_id] = {number for key in found.touched if key[0] == measure_id for number in _telling(key, known)}
    _find_places(found, known)
    _find_orphans(found, made, registers, force, known)
    return found


def nearest(value: int, step: int) -> int:
    """
    Give a count to the nearest multiple of a step, ties up.

    >>> [nearest(value, 5) for value in (2, 3, 7, 8)], nearest(5, 10)
    ([0, 5, 5, 10], 10)
    """
    return (2 * value + step) // (2 * step) * step


def _rounded(row: dict[str, Any], parts: dict[str, int | None], step: int) -> tuple[Decimal, str]:
    """Give what is shown of a figure under rounding: a count rounded, any other figure without the counts it was printed with."""
    count = parts.get("count")
    value = row["actual"] if count is None else Decimal(nearest(count, step))
    return value, shown(value, row["actual_unit"] or "number", row["actual_decimals"] if count is None else 0)


def _telling(key: Key, known: dict[Key, dict[str, Any]]) -> set[Decimal]:
    """Give the numbers that tell a figure: itself, its counts, and how far it is from its target and from the quarters it is compared with."""
    row = known[key]
    numbers = {Decimal(value) for value in sensitive(parts_of(row))}
    numbers |= {row[name] for name in ("actual", "actual_low", "actual_high") if row[name] is not None}
    if row["actual"] is not None:
        at = quarters.period(key[1])
        beside = [known.get((key[0], quarters.key(at + far))) for far in (-4, -1, 1, 4)]
        against = [of["actual"] for of in beside if of is not None] + [row["target_low"], row["target_high"]]
        numbers |= {abs(row["actual"] - of) for of in against if of is not None and of != row["actual"]}
    return numbers | {Decimal(number) for number in re.findall(r"\d+", row["actual_raw"]) if row["actual"] is None and row["actual_low"] is None}


def _find_places(found: Secrets, known: dict[Key, dict[str, Any]]) -> None:
    for key, row in known.items():
        if key[0] not in found.measures:
            continue
        sheet = (row["quarter"], row["file"], row["sheet"])
        found.rows[*sheet, row["row"]] = key[0]
        for name in ("commentary", "note"):
            if row[name] and quotes(row[name], found.numbers[key[0]]):
                found.texts.add(row[name])
                if name == "commentary" and row["commentary_cell"]:
                    found.cells[*sheet, row["commentary_cell"]] = QUOTED
        if key in found.touched:
            if row.get("figure_id"):
                found.figure_ids.add(row["figure_id"])
            found.cells[*sheet, row["actual_cell"]] = found.rounded[key][1] if key in found.rounded else SHOWN
            if row["published_status_cell"]:
                found.cells[*sheet, row["published_status_cell"]] = SHOWN


def _find_orphans(found: Secrets, made: dict[str, pd.DataFrame], registers: Registers, force: dict[str, str], known: dict[Key, dict[str, Any]]) -> None:
    """Hold what stands in rows of performance returns that are not used, or not any more, unless they are of a measure that is not protected."""
    if "cells" not in made:
        return
    used = {(row["quarter"], row["file"], row["sheet"], row["row"]) for row in known.values()}
    cells = made["cells"]
    cells = cells[(cells["form"] == "performance") & (cells["field"] != "")]
    if known:
        cells = cells[(cells["outcome"] == Outcome.QUARANTINED) | cells["reason"].str.startswith(REPLACED_BY)]
    of_row: dict[Cell, list[dict[str, Any]]] = {}
    for cell in frames.rows(cells):
        place = (cell["quarter"], cell["file"], cell["sheet"], cell["row"])
        if place not in used:
            of_row.setdefault(place, []).append(cell)
    open_rows = {
        (_plain(row["theme"]), _plain(row["number"])): _plain(row["measure"]) for row in frames.rows(registers.measures) if force[row["measure_id"]] == NONE
    }
    for place, its in of_row.items():
        said = {cell["field"]: _plain(cell["raw"]) for cell in its}
        title = open_rows.get((said.get("theme", ""), said.get("number", "")))
        if title is None or said.get("measure", "") not in ("", title):
            found.cells |= {(*place[:3], cell["cell"]): SHOWN for cell in its if cell["field"] in (*FIELDS, *ANSWERS)}


def _plain(text: Any) -> str:
    return re.sub(r"[\W_]+", "", str(text)).casefold()
