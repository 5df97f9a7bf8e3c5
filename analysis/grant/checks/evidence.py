"""What a check looks at, and what it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

import pandas as pd

from analysis import frames, quarters
from analysis.dates import last_day
from analysis.grant.spend import newest
from analysis.reference import Registers
from analysis.values import shown
from analysis.vocabulary import Severity

Row = dict[str, Any]


def pounds(amount: Decimal) -> str:
    """Give an amount as a finding says it."""
    return shown(amount, "pounds")


@dataclass(frozen=True)
class Evidence:
    """
    What is known of reward grant when the checks run.

    Attributes:
        spend: frame of the `SPEND` contract, of as many quarters as there are.
        agreements: frame of the `AGREEMENT_STATES` contract.
        milestones: frame of the `MILESTONE_STATES` contract.
        registers: what was agreed: awards, rounds, variations.
        quarter: the quarter reported.
    """

    spend: pd.DataFrame
    agreements: pd.DataFrame
    milestones: pd.DataFrame
    registers: Registers
    quarter: str

    @cached_property
    def now(self) -> list[Row]:
        """The awards of the newest return of each round, of this quarter or the one before: grant is reported late."""
        return frames.rows(newest(self.spend, self.quarter))

    def before(self, row: Row, back: int = 1) -> Row | None:
        """Give the same award's row so many quarters before; None where there is none."""
        quarter = quarters.key(quarters.period(row["quarter"]) - back)
        return self._by_award.get((row["project"], row["round"], quarter))

    def chain(self, row: Row, length: int) -> list[Row]:
        """Give an award's rows of so many quarters running, newest first; fewer where one is missing."""
        rows = [row]
        while len(rows) < length and (earlier := self.before(row, len(rows))) is not None:
            rows.append(earlier)
        return rows

    @cached_property
    def _by_award(self) -> dict[tuple[str, str, str], Row]:
        return {(row["project"], row["round"], row["quarter"]): row for row in frames.rows(self.spend)}

    @cached_property
    def rounds(self) -> dict[str, Row]:
        """The register of rounds, by name."""
        return {row["round"]: row for row in self.registers.rounds.to_dict("records")}

    @cached_property
    def terms(self) -> dict[tuple[str, str], Row]:
        """The register of awards, by project and round; dates left blank are those of the round."""
        found = {}
        for row in self.registers.awards.to_dict("records"):
            its = self.rounds.get(row["round"], {})
            found[row["project"], row["round"]] = row | {name: row[name] or its.get(name, "") for name in ("starts", "spend_by")}
        return found

    @cached_property
    def latest(self) -> list[Row]:
        """The newest row of each award, whichever return it stands in: partners of one round may report a quarter apart."""
        shown = [row for row in frames.rows(self.spend) if row["quarter"] in (self.quarter, quarters.previous(self.quarter))]
        newest_last = sorted(shown, key=lambda row: row["quarter"])
        return list({(row["project"], row["round"]): row for row in newest_last}.values())

    def ceiling(self, row: Row) -> Decimal:
        """Give an award with what approved variations moved, unless the award as returned already has it."""
        for earlier in self.chain(row, 8)[1:]:
            moved = self.moved_in(row) - self.moved_in(earlier)
            if moved and earlier["award"] is not None and row["award"] - earlier["award"] == moved:
                return Decimal(row["award"]) + self.moved_in(earlier)
        return Decimal(row["award"]) + self.moved_in(row)

    def nothing_before(self, row: Row) -> str:
        """Say that an award, or its whole round, has no return for the quarter before."""
        before = quarters.previous(row["quarter"])
        others = any(key[1:] == (row["round"], before) for key in self._by_award)
        return f"{row['project']}: {'not in the return for' if others else 'no return for'} {quarters.label(before)}"

    def moved_in(self, row: Row) -> Decimal:
        """Give what approved variations added to an award, less what they took from it, by the end of its quarter."""
        total = Decimal(0)
        end = last_day(row["quarter"]).isoformat()
        for variation in self.registers.variations.to_dict("records"):
            if variation["round"] == row["round"] and variation["amount"] and variation["decided"] and variation["decided"] <= end:
                amount = Decimal(variation["amount"])
                total += amount * ((variation["to_project"] == row["project"]) - (variation["from_project"] == row["project"]))
        return total


@dataclass(frozen=True)
class Found:
    """Something a check found: the row it is about, the field (its cell is told), and what is wrong."""

    row: Row
    part: str
    message: str


@dataclass
class Examined:
    """What a check looked at: how many things, what it found, and what it could not look at and why."""

    number: int = 0
    found: list[Found] = field(default_factory=list)
    not_examined: list[str] = field(default_factory=list)

    def look(self, row: Row, part: str, message: str) -> None:
        """Count one thing examined, and what is wrong with it where there is a message."""
        self.number += 1
        if message:
            self.found.append(Found(row, part, message))


@dataclass(frozen=True)
class Check:
    """
    A check of reward grant.

    Attributes:
        function: looks at the evidence, with the limit.
        severity: how much a finding matters, unless the register `grant_checks` says otherwise.
        limit: the number that it goes by, unless the register says otherwise; None where it needs none.
        asks: the question it answers, in plain words.
        unit: what the limit is in, as written after it; quarters and returns are whole numbers.
        least: the least that the limit can be.
    """

    function: Callable[[Evidence, Decimal], Examined]
    severity: Severity
    asks: str
    limit: Decimal | None = None
    unit: str = ""
    least: Decimal = Decimal(0)

    def takes(self, limit: Decimal) -> bool:
        """Say whether the check can go by a limit."""
        return limit >= self.least and (self.unit not in (" returns", " quarters") or limit == int(limit))
