"""What two manifests and two cells say of why a figure differs, and the chain of steps from the one to the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any, NamedTuple, TypeVar

from analysis import quarters
from analysis.changes.editions import Edition
from analysis.vocabulary import Cause, Reason

READING = ("adjustments.csv", "headings.csv", "measures.csv", "awards.csv", "themes.csv", "quality_checks.csv")
"""Registers that say how a return is read, and which of its figures count."""
HIDING = ("disclosure.csv", "sums.csv")
"""Registers that say what may be shown."""
POLICIES = "policies.csv"


class Because(NamedTuple):
    """The cause of a difference, what is known of it in words, and whether what was published accounts for it."""

    cause: Cause
    why: str
    explained: bool = True


@dataclass(frozen=True)
class Typed:
    """
    One figure as one edition has it.

    Attributes:
        raw: as typed in the return; empty for nothing.
        values: what it was read as: the figure, or the ends of a range; in `unit`.
        shown: as a reader sees it.
        file, place: the return, and in it the sheet and cell, as a reader is told.
        sha256: the return's fingerprint; empty or "[c]" where it is not told.
        repairs: what was mended before it was read.
        hidden: whether it is held back.
    """

    raw: str
    values: tuple[Decimal | None, ...]
    unit: str
    shown: str
    file: str
    place: str
    sha256: str
    repairs: str
    hidden: bool = False

    @property
    def number(self) -> Decimal | None:
        """The figure, where it is one and not a range or a gap."""
        return self.values[0] if len(set(self.values)) == 1 else None


@dataclass(frozen=True)
class Link:
    """
    One step of a figure from the earlier edition to the later.

    `was` and `now` are missing where there is no number, or the two cannot be taken from one another.
    """

    before: str
    after: str
    was: Decimal | None
    now: Decimal | None
    because: Because
    words: str
    before_cell: str = ""
    after_cell: str = ""

    @property
    def effect(self) -> Decimal | None:
        """What the step adds, exactly."""
        return None if self.was is None or self.now is None else exactly(self.now, self.was)


@dataclass(frozen=True)
class Figure:
    """One figure that differs, with its steps."""

    what: str
    name: str
    part: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Evidence:
    """
    What the two manifests say of two editions, for figures of two quarters.

    Attributes:
        quarters: the quarter of the figures in the earlier edition, and in the later.
        registers: the registers that differ.
        versions: the workbook and the libraries that differ, in words.
        own_policies: whether both editions hold the policies that their bands were made by.
    """

    quarters: tuple[str, str]
    registers: frozenset[str]
    versions: tuple[str, ...]
    own_policies: bool

    @property
    def new_period(self) -> bool:
        """Whether the two are figures of two quarters."""
        return self.quarters[0] != self.quarters[1]

    def typed_otherwise(self, was: Typed, now: Typed, *, is_target: bool = False) -> Because | None:
        """Give why a figure is not what it was: typed otherwise, or typed the same and read otherwise; None where it is the same."""
        if was.raw == now.raw:
            return self._read_otherwise(was, now) if was.values != now.values or (was.number is not None and was.unit != now.unit) else None
        if (was.hidden or now.hidden) and (changed := self.differing(*HIDING)):
            return Because(Cause.RULE, f"what may be shown is another: {changed}")
        if is_target:
            return Because(Cause.TARGET, f"the target was {was.raw or 'blank'} and is {now.raw or 'blank'}")
        if self.new_period:
            return self.another_period()
        if was.file == now.file and was.sha256 == now.sha256 and was.sha256 and not now.hidden and not was.hidden:
            if changed := self.differing(*READING):
                return Because(Cause.CLEANSING, f"the return is the same, and another cell of it is read: {changed}")
            if self.versions:
                return Because(Cause.CODE, f"the return is the same, and another cell of it is read by {', '.join(self.versions)}")
        return Because(Cause.RESUBMISSION, f"the return says {now.raw or 'nothing'} where it said {was.raw or 'nothing'}")

    def _read_otherwise(self, was: Typed, now: Typed) -> Because:
        same = f"{now.raw or 'a blank cell'} is typed in both, and read as {was.shown or 'nothing'}, then as {now.shown or 'nothing'}"
        if changed := self.differing(*READING):
            return Because(Cause.CLEANSING, f"{same}: {changed}")
        if was.repairs != now.repairs:
            return Because(Cause.CLEANSING, f"{same}: mended by {was.repairs or 'nothing'}, then by {now.repairs or 'nothing'}")
        if self.versions:
            return Because(Cause.CODE, f"{same}: {', '.join(self.versions)}")
        if self.new_period:
            return Because(Cause.CLEANSING, f"{same}, in the returns of two quarters")
        if (was.file, was.sha256) != (now.file, now.sha256):
            return Because(Cause.RESUBMISSION, f"{same}: the return around it was sent again")
        return Because(Cause.CODE, f"{same}, and nothing that the manifests name differs", explained=False)

    def another_period(self) -> Because:
        """Give the cause of what only follows from the time: figures of two quarters."""
        return Because(Cause.NEW_PERIOD, f"{quarters.label(self.quarters[1])} after {quarters.label(self.quarters[0])}")

    def left_over(self) -> Because:
        """Give the cause of what is left when everything that went in has been swapped."""
        if POLICIES in self.registers and not self.own_policies:
            return Because(Cause.RULE, f"{POLICIES} differs, and is not in the folder")
        if self.versions:
            return Because(Cause.CODE, f"made by {', '.join(self.versions)}")
        doubt = "" if self.own_policies else f"; judged by the register of today, for lack of {POLICIES} in the folder"
        return Because(Cause.CODE, f"nothing that the manifests name explains it{doubt}", explained=False)

    def other_inputs(self, inputs_differ: bool) -> Because:
        """Give the cause of a sum whose parts are not in the folders: told by what went in."""
        if self.new_period:
            return self.another_period()
        if inputs_differ:
            return Because(Cause.RESUBMISSION, "returns were sent again; the figures behind it are not in the folders")
        if changed := self.differing(*READING):
            return Because(Cause.CLEANSING, f"{changed}; the figures behind it are not in the folders")
        return self.left_over()

    def differing(self, *names: str) -> str:
        """Say which of some registers differ; empty where none does."""
        found = [name for name in names if name in self.registers]
        return f"{' and '.join(found)} {'differs' if len(found) == 1 else 'differ'}" if found else ""


def evidence(before: Edition, after: Edition, of: tuple[str, str] | None = None) -> Evidence:
    """Give what the manifests say; *of* are the quarters of the figures, where these are not the editions' own."""
    registers = {name for name in before.registers.keys() | after.registers.keys() if before.registers.get(name) != after.registers.get(name)}
    names = [name for name in {**before.versions, **after.versions} if before.versions.get(name) != after.versions.get(name)]
    told = tuple(f"{name} {after.versions.get(name, 'left out')} after {before.versions.get(name, 'none')}" for name in names)
    return Evidence(of or (before.quarter, after.quarter), frozenset(registers), told, before.own_policies and after.own_policies)


_WIDE = Context(prec=4000)


def exactly(now: Decimal, was: Decimal) -> Decimal:
    """
    Take one figure from another without rounding, however many digits they have.

    >>> exactly(Decimal("1E+30"), Decimal("0.01"))
    Decimal('999999999999999999999999999999.99')
    """
    return _WIDE.subtract(now, was)


State = TypeVar("State")


def chain(start: State, stops: list[tuple[Because, State]], known: Callable[[State], Any]) -> list[tuple[State, State, Because]]:
    """
    Give the steps that change a state, from *start* to the last stop; none where it ends as it began.

    A stop that is not known, between two that are, is no stop: the two steps are taken as one, under the first one's cause, so
    that what is known before and after is always bridged.

    >>> chain(1, [(Because(Cause.NEW_PERIOD, "later"), 3), (Because(Cause.TARGET, "other"), 2)], bool)[1][:2]
    (3, 2)
    """
    if not stops or stops[-1][1] == start:
        return []
    steps: list[tuple[State, State, Because]] = []
    last = previous = start
    waiting: Because | None = None
    for place, (because, state) in enumerate(stops):
        if state == previous:
            continue
        previous = state
        cause = _together(waiting, because) if waiting else because
        if known(last) and not known(state) and any(known(later) for _, later in stops[place + 1 :]):
            waiting = because
            continue
        if state != last:
            steps.append((last, state, cause))
        last, waiting = state, None
    return steps


def _together(first: Because, second: Because) -> Because:
    if first.cause == second.cause:
        return Because(first.cause, first.why, first.explained and second.explained)
    return Because(first.cause, f"{first.why}; together with {second.cause}: {second.why}", first.explained and second.explained)


def hidden(reason: str) -> bool:
    """Say whether a reason is that a figure is held back."""
    return reason == Reason.SUPPRESSED
