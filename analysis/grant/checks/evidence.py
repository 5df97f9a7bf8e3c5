"""What a check looks at, and what it gives."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import pandas as pd

from analysis import frames, quarters
from analysis.checking import Row
from analysis.dates import last_day
from analysis.grant.spend import newest
from analysis.reference import Registers
from analysis.values import shown


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
        return {row["round"]: row for row in frames.rows(self.registers.rounds)}

    @cached_property
    def terms(self) -> dict[tuple[str, str], Row]:
        """The register of awards, by project and round; dates left blank are those of the round."""
        found = {}
        for row in frames.rows(self.registers.awards):
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
        for variation in frames.rows(self.registers.variations):
            if variation["round"] == row["round"] and variation["amount"] and variation["decided"] and variation["decided"] <= end:
                amount = Decimal(variation["amount"])
                total += amount * ((variation["to_project"] == row["project"]) - (variation["from_project"] == row["project"]))
        return total
