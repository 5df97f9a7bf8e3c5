"""Which small-number profile holds for which measure, and for whom."""

from __future__ import annotations

import re
from typing import Any

from analysis import frames
from analysis.reference import Registers

NONE = "none"


def profiles(registers: Registers, audience: str = "") -> dict[str, str]:
    """
    Give what the register says of each measure for an audience: `none`, `suppress<k` or `round5`.

    The audience's own rows win over those for everyone (blank), and among the rows of either a row for a measure wins over one for
    its theme, and that over one for all. A measure that no row names has the profile `none`.

    Args:
        registers: uses `disclosure` (audience, theme, measure_id, profile), `measures` (measure_id, theme) and `audiences`.
        audience: as in the register of audiences, or the page of one Management Group; blank for everyone.

    Source: domain.md 9.

    >>> from analysis.disclosure.example import example_registers
    >>> profiles(example_registers([("", "", "", "suppress<5"), ("board", "", "M1", "none")]), "board")
    {'M1': 'none', 'M2': 'suppress<5'}
    """
    own, everyone = _rows(registers, _of_register(registers, audience)), _rows(registers, "")
    return {measure["measure_id"]: _said(own if audience else [], measure) or _said(everyone, measure) or NONE for measure in frames.rows(registers.measures)}


def in_force(registers: Registers, audience: str = "") -> dict[str, str]:
    """
    Give the profile by which each measure's figures are protected, in the open files or on a page that stands apart.

    Whoever can open a published folder can open all of it, so one profile holds for everything in it: the strictest of the row for
    everyone and of the rows of every audience that is not `restricted`. A restricted audience has its own profile where that is
    looser, on a page that must be published apart, and sees what is open of every other measure: to hold back there what the open
    files show would hide nothing.

    >>> from analysis.disclosure.example import example_registers
    >>> in_force(example_registers([("", "", "", "none"), ("board", "", "M1", "suppress<5")]))
    {'M1': 'suppress<5', 'M2': 'none'}
    """
    apart, name = restricted(registers), _of_register(registers, audience)
    open_to_all = _strictest(registers, _named(registers) - apart)
    if name not in apart:
        return open_to_all
    own = _own(registers, name)
    return open_to_all | {measure_id: profile for measure_id, profile in own.items() if profile and strictness(profile) < strictness(open_to_all[measure_id])}


def restricted(registers: Registers) -> set[str]:
    """
    Give the audiences whose pages must be published apart from the folder that everyone can open.

    They are those with a row of their own that is looser, for any measure, than the strictest row that anyone else is held to:
    on their pages stand figures that the open files hold back. `none` is looser than any rounding, rounding than any
    suppression, and a lower number than a higher one.

    >>> from analysis.disclosure.example import example_registers
    >>> sorted(restricted(example_registers([("", "", "", "suppress<5"), ("board", "", "M1", "none"), ("panel", "", "M2", "suppress<10")])))
    ['board']
    """
    strictest = _strictest(registers, _named(registers))
    return {
        audience
        for audience in _named(registers)
        if any(own and strictness(own) < strictness(strictest[measure_id]) for measure_id, own in _own(registers, audience).items())
    }


def stands_apart(registers: Registers, audience: str) -> bool:
    """
    Say whether a page, of an audience or of one Management Group, must be published apart from what everyone can open.

    >>> from analysis.disclosure.example import example_registers
    >>> stands_apart(example_registers([("", "", "", "suppress<5"), ("board", "", "M1", "none")]), "board")
    True
    """
    return _of_register(registers, audience) in restricted(registers)


def strictness(profile: str) -> tuple[int, int]:
    """
    Give a profile's place among all: the higher, the stricter.

    >>> strictness("none") < strictness("round5") < strictness("suppress<5") < strictness("suppress<10")
    True
    """
    number = re.search(r"\d+", profile)
    return (2 if profile.startswith("suppress") else 1 if number else 0, int(number[0]) if number else 0)


def _named(registers: Registers) -> set[str]:
    return set(registers.disclosure["audience"]) - {""}


def _of_register(registers: Registers, audience: str) -> str:
    """Give the register's name of an audience: a page for each Management Group goes by the one name of them all."""
    groups = [row["audience"] for row in frames.rows(registers.audiences) if row["per_group"] == "yes"]
    return next((name for name in groups if audience.startswith(f"{name}-")), audience)


def _rows(registers: Registers, audience: str) -> list[dict[str, Any]]:
    return [row for row in frames.rows(registers.disclosure) if row["audience"] == audience]


def _own(registers: Registers, audience: str) -> dict[str, str]:
    """Give what an audience's own rows say of each measure, empty where they say nothing."""
    rows = _rows(registers, audience)
    return {measure["measure_id"]: _said(rows, measure) for measure in frames.rows(registers.measures)}


def _said(rows: list[dict[str, Any]], measure: dict[str, Any]) -> str:
    """Give the profile of the most specific row that takes a measure in, empty where none does."""
    its = [row for row in rows if row["measure_id"] in ("", measure["measure_id"]) and row["theme"] in ("", measure["theme"])]
    best = max(its, key=lambda row: (bool(row["measure_id"]), bool(row["theme"])), default=None)
    return str(best["profile"]) if best else ""


def _strictest(registers: Registers, audiences: set[str]) -> dict[str, str]:
    everyone = profiles(registers)
    all_own = [_own(registers, audience) for audience in sorted(audiences)]
    return {name: max([profile, *(own[name] or NONE for own in all_own)], key=strictness) for name, profile in everyone.items()}
