"""What was asked, and how an answer is said: quarters, returns held against expectations, issues in one line."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import folders, quarters
from analysis.errors import AskedWrongly

if TYPE_CHECKING:
    import pandas as pd

    from analysis.reference import Registers

HOME = Path(__file__).parent.parent.parent
HELD = 3
MOST_LINES = 20


def quarter_of(asked: Namespace) -> str:
    """Give the key of the quarter asked for: `2016-17-Q2`, in small letters, or as pages show it; the newest where none is."""
    return key(asked.quarter) if asked.quarter else newest(asked.data)


def newest(data: Path) -> str:
    """Give the newest quarter that has returns."""
    found = folders.available(data)
    if not found:
        raise AskedWrongly(str(data / "raw"), ["holds no quarter"], "Put returns into a folder named for their quarter, such as 2016-17-Q2.")
    return found[-1]


def key(typed: str) -> str:
    """Give the key of a quarter as typed."""
    return quarters.parse(typed.upper()) or typed


def outputs_of(asked: Namespace) -> Path:
    """Give the folder to publish in: the one asked for, else the workbook's own beside its data, else one in the data."""
    own = HOME / "outputs" if asked.data.resolve() == (HOME / "data").resolve() else asked.data / "outputs"
    return Path(asked.outputs or own)


def examined(asked: Namespace, quarter: str, on: date | None = None) -> tuple[dict[str, pd.DataFrame], Registers]:
    """Give a quarter's returns, and those they are compared with, after every check; and the registers."""
    from analysis import examination, expectations

    read, registers = as_read(asked, quarter)
    return examination.examine(read, registers, quarter, on, expectations.answers(asked.data, grows=False)), registers


def as_read(asked: Namespace, quarter: str) -> tuple[dict[str, pd.DataFrame], Registers]:
    """Give a quarter's returns, and those they are compared with, as they were read; and the registers."""
    from analysis import examination, expectations, reference

    wanted = folders.with_history(asked.data, quarter)
    registers = reference.load(asked.data)
    return examination.as_read(asked.data, wanted, registers, expectations.answers(asked.data, grows=False)), registers


def day_of(asked: Namespace) -> date:
    """
    Give the day asked for with --on; today where none is.

    Raises:
        AskedWrongly: it is not a day.
    """
    try:
        return date.fromisoformat(asked.on) if asked.on else date.today()  # noqa: DTZ011 - deadlines are days where the partnership is
    except ValueError:
        raise AskedWrongly(repr(asked.on), ["is not a day"], "Write it as 2016-10-31.") from None


def owed_of(asked: Namespace, quarter: str, on: date) -> tuple[dict[str, pd.DataFrame], Registers]:
    """Give what is owed, missing and found in what came, as on a day, also for a quarter of which nothing has come yet; and the registers."""
    from analysis import frames, quality, reference

    quarters.period(quarter)
    if quarter in folders.available(asked.data):
        return examined(asked, quarter, on)
    registers = reference.load(asked.data)
    nothing = {name: frames.make([], frames.CONTRACTS[name]) for name in ("returns", "cells", "issues", "missing")}
    owed = quality.owed(nothing["returns"], registers.returns_owed, registers.received, nothing["cells"], [quarter], on)
    return nothing | {"owed": owed}, registers


def worst(codes: Iterable[int]) -> int:
    """
    Give the exit code of many: a failure before a wrong question, that before something held.

    >>> worst([0, 3, 2, 1]), worst([0, 3]), worst([])
    (1, 3, 0)
    """
    found = {code if code >= 0 else 1 for code in codes}
    return next((code for code in (1, 2, 3) if code in found), max(found, default=0))


def line(issue: dict[str, Any]) -> str:
    """Give an issue in one line: severity, file, place, what is wrong."""
    cell, _, whole_row = issue["cell"].partition(":")
    where = (f"sheet {issue['sheet']}" if issue["sheet"] else "", f"row {cell}" if whole_row else f"cell {cell}" if cell else "")
    place = ", ".join(part for part in where if part)
    return f"{issue['severity']:<9}{issue['quarter']}/{issue['file']}{', ' + place if place else ''}: {issue['message']}"
