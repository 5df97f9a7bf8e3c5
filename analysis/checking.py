"""What a check is: a function with a severity and a limit that a register may change; and how checks are run and told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pandas as pd

from analysis import frames
from analysis.errors import RegisterError
from analysis.frames import Contract
from analysis.vocabulary import Severity, Stage

Row = dict[str, Any]


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
    more_not_examined: int = 0

    def look(self, row: Row, part: str, message: str) -> None:
        """Count one thing examined, and what is wrong with it where there is a message."""
        self.number += 1
        if message:
            self.found.append(Found(row, part, message))

    def skip(self, number: int, why: str) -> None:
        """Count things that could not be examined, all for one reason."""
        if number:
            self.not_examined.append(why)
            self.more_not_examined += number - 1


@dataclass(frozen=True)
class Check:
    """
    A check.

    Attributes:
        function: looks at the evidence, with the limit.
        severity: how much a finding matters, unless the register of checks says otherwise.
        asks: the question it answers, in plain words.
        odd: what a finding says of a figure, in few words, for its grade.
        limit: the number that it goes by, unless the register says otherwise; None where it needs none.
        unit: what the limit is in, as written after it; quarters, returns and figures are whole numbers.
        least, most: the least and the most that the limit can be.
        stage: where on the river it looks.
    """

    function: Callable[[Any, Decimal], Examined]
    severity: Severity
    asks: str
    odd: str
    limit: Decimal | None = None
    unit: str = ""
    least: Decimal = Decimal(0)
    most: Decimal = Decimal("Infinity")
    stage: Stage = Stage.RETURNS

    def takes(self, limit: Decimal) -> bool:
        """Say whether the check can go by a limit; one that goes by none can go by no limit."""
        return self.limit is not None and self.least <= limit <= self.most and (self.unit not in (" returns", " quarters", " figures") or limit == int(limit))


def run(checks: Mapping[str, Check], evidence: Any, quarter: str, register: pd.DataFrame, contract: Contract) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Run checks on their evidence.

    Args:
        checks: name -> check, in the order of the report.
        evidence: what each check's function looks at.
        quarter: the quarter reported.
        register: changes the severity or the limit of a check by its name (check, severity, limit).
        contract: `GRANT_CHECKS` or `QUALITY_CHECKS`; the register is the file of that name.

    Returns:
        Two frames: `ISSUES`, with file, sheet and cell of every finding; and one of *contract*, for each check how much it examined, what it
        found, and what it could not examine and why. What cannot be examined is told, never passed.

    Raises:
        RegisterError: the register names a check that there is not, or a limit that it cannot go by.
    """
    name_of_register = f"{contract.name}.csv"
    chosen = {row["check"]: row for row in frames.rows(register)}
    if unknown := [name for name in chosen if name not in checks]:
        raise RegisterError(name_of_register, [f"{name!r} is not a check" for name in unknown], f"There are {', '.join(checks)}.")
    wrong = [
        f"the limit of {name!r} is {row['limit']}, which it cannot go by"
        for name, row in chosen.items()
        if row["limit"] and not checks[name].takes(Decimal(row["limit"]))
    ]
    if wrong:
        raise RegisterError(name_of_register, wrong, "Correct the limit, or leave it blank for the usual one.")
    issues, results = [], []
    for name, one in checks.items():
        said = chosen.get(name, {})
        severity = said.get("severity") or str(one.severity)
        limit = Decimal(said["limit"]) if said.get("limit") else one.limit
        result = one.function(evidence, limit if limit is not None else Decimal(0))
        issues += [_issue(found, name, one, severity, quarter) for found in result.found]
        results.append(
            {"quarter": quarter, "check": name, "severity": severity, "limit": "" if limit is None else f"{limit:f}"}
            | {"result": _in_words(result), "why_not": "; ".join(result.not_examined)}
            | {"examined": result.number, "found": len(result.found), "not_examined": len(result.not_examined) + result.more_not_examined}
        )
    return frames.make(issues, frames.ISSUES), frames.make(results, contract)


def _in_words(result: Examined) -> str:
    if result.found:
        return f"found {len(result.found)}"
    return "passed" if result.number else "not run" if result.not_examined else "nothing to check"


def _issue(found: Found, rule: str, check: Check, severity: str, quarter: str) -> dict[str, str]:
    row, part = found.row, found.part
    about_all = part == "file"  # a finding about a whole return, of which nothing single was typed
    typed = "" if about_all else row.get(f"{part}_raw", row.get(part, ""))
    cell = row.get(f"{part}_cell") or (f"A{row['row']}" if row.get("row") else "")
    read_as = "" if about_all or row.get(part) is None else str(row[part])
    where = {"quarter": row.get("quarter", quarter)} | {name: row.get(name, "") for name in ("file", "sheet")} | {"cell": cell, "as_typed": typed}
    return where | {"stage": str(check.stage), "severity": severity, "rule": rule, "message": found.message, "read_as": read_as}
