"""What a report is made from: one quarter's frames, for one audience."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from analysis import disclosure, frames, quarters, receipts, reference
from analysis.errors import AskedWrongly
from analysis.markup import Html
from analysis.reference import Registers
from analysis.reports.group import names_of, narrowed, plain
from analysis.vocabulary import Severity

SCORES_SOURCE = "partners' performance returns, bands recomputed from target and actual"
"""What tables and charts of measures name as their source."""
Made = TypeVar("Made")
LATE_SECTIONS = ("variation", "progress", "missing return")
"""Sections about grant, which is reported a quarter late: with none this quarter, the quarter before is shown."""


@dataclass(frozen=True)
class Audience:
    """
    Who a report is for.

    Attributes:
        name: its file's name, "board".
        title: the audience's name as readers know it.
        report: the report's title.
        sections: what it holds, in order.
        needs: what it has something to say about; with none of these it is not printed.
        group: the Management Group whose matters alone are shown, or empty.
        only_in: the quarters of the year in which it is printed, such as "Q4"; every quarter where empty.
    """

    name: str
    title: str
    report: str
    sections: tuple[str, ...]
    needs: tuple[str, ...]
    group: str = ""
    only_in: tuple[str, ...] = ()


def audiences(registers: Registers) -> list[Audience]:
    """Give every audience of the register, one for each Management Group where the entry is per group."""
    found = []
    for row in registers.audiences.to_dict("records"):
        sections, needs, only_in = (tuple(filter(None, (part.strip() for part in row[name].split(";")))) for name in ("sections", "needs", "only_in"))
        if row["per_group"] == "yes":
            found += [
                Audience(f"{row['audience']}-{group['slug']}", group["group"], row["report"], sections, needs, group["group"], only_in)
                for group in registers.groups.to_dict("records")
            ]
        else:
            found.append(Audience(row["audience"], row["title"], row["report"], sections, needs, only_in=only_in))
    return found


@dataclass(frozen=True)
class Report:
    """
    One quarter's frames, as one audience sees them.

    Attributes:
        quarter: the quarter reported.
        registers: the partnership's registers.
        kept: name -> frame, as the notebooks made them.
        audience: who reads it.
        whole: whether all its sections stand on one page; a section shown by itself has no receipts to link to.
        inputs: the fingerprint of everything that the quarter's reports are made of, whoever may see it.
    """

    quarter: str
    registers: Registers
    kept: dict[str, pd.DataFrame]
    audience: Audience
    whole: bool = True
    inputs: str = ""

    @cached_property
    def _made(self) -> dict[Hashable, Any]:
        return {}

    def once(self, make: Callable[[Report], Made]) -> Made:
        """Give what a function makes of this report, made the first time that anybody asks; it must not depend on `whole`."""
        return self._kept_under(make, lambda: make(self))

    def _kept_under(self, name: Hashable, make: Callable[[], Made]) -> Made:
        if name not in self._made:
            self._made[name] = make()
        found: Made = self._made[name]
        return found

    def section_alone(self) -> Report:
        """Give the same report as a section shown by itself sees it, with what was made of it."""
        single = replace(self, whole=False)
        vars(single)["_made"] = self._made
        return single

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Give a frame by name, of the quarters shown; one that was not made is empty."""
        return self._kept_under(("shown", name), lambda: self._shown(name))

    def _shown(self, name: str) -> pd.DataFrame:
        frame = self.history(name)
        if "quarter" not in frame:
            return frame
        return frame[frame["quarter"].isin(quarters.shown(self.quarter))].reset_index(drop=True)

    def history(self, name: str) -> pd.DataFrame:
        """Give a frame by name with every quarter that was read, also those that only trends look at."""
        return self.kept[name] if name in self.kept else _none_of(name)

    def now(self, name: str) -> pd.DataFrame:
        """Give the rows of a frame that are of the quarter reported."""
        return self._kept_under(("now", name), lambda: self[name][self[name]["quarter"] == self.quarter].reset_index(drop=True))

    def latest(self, name: str) -> pd.DataFrame:
        """Give the rows of the newest quarter, of this one and the one before, that has any: grant is reported late."""
        return self._kept_under(("latest", name), lambda: self._newest(self[name]))

    def narrative(self, section: str) -> pd.DataFrame:
        """Give the narrative of a section: the group's own for a Management Group; grant matters as late as they are sent."""
        rows = self["narrative"]
        rows = rows[rows["section"] == section]
        rows = self._newest(rows) if section in LATE_SECTIONS else rows[rows["quarter"] == self.quarter]
        if self.audience.group:
            names = names_of(self.registers, self.audience.group)
            rows = rows[rows["group_or_theme"].map(lambda name: plain(name) in names).astype(bool)]
        return rows.reset_index(drop=True)

    def _newest(self, rows: pd.DataFrame) -> pd.DataFrame:
        now = rows[rows["quarter"] == self.quarter]
        return (now if len(now) else rows[rows["quarter"] == quarters.previous(self.quarter)]).reset_index(drop=True)

    @property
    def variation(self) -> list[dict[str, Any]]:
        """What the charts say of each series whose newest point is of this quarter, or as old as its measure is late."""
        return self._kept_under("variation", self._variation)

    def _variation(self) -> list[dict[str, Any]]:
        now = quarters.ordinal(self.quarter)
        late = {row["measure_id"]: int(row["arrears"] or 0) for row in self.registers.measures.to_dict("records")}
        rows = frames.rows(self["variation"])
        return [row for row in rows if row["what"] == "monthly" or now - quarters.ordinal(row["period"]) <= late.get(row["series_id"], 0)]

    @property
    def receipts(self) -> pd.DataFrame:
        """The receipts of every figure, of all the quarters shown."""
        return self._kept_under("receipts", self._receipts)

    def _receipts(self) -> pd.DataFrame:
        key = list(frames.EARNED.key)
        targets = self["reward_targets"].merge(self["earned"][[*key, "figure_id"]], on=key)
        return receipts.build(self["scores"], self["spend"], self["monthly"], self["returns"], targets)

    @property
    def grades(self) -> dict[str, dict[str, Any]]:
        """How far each figure can be trusted, by its id."""
        return self._kept_under("grades", lambda: {row["figure_id"]: row for row in frames.rows(self["grades"])})

    @property
    def linked(self) -> bool:
        """Whether figures link to their receipts, which stand on the same page."""
        return self.whole and "receipts" in self.audience.sections

    def figure(self, figure_id: str, part: str, text: Any) -> Html:
        """Give a figure that opens its receipt; the bare figure where the page holds no receipts."""
        if not self.linked:
            return Html("{}").format(text)
        return Html('<a class="receipt" href="#{}">{}</a>').format(receipts.anchor(figure_id, part), text)

    @property
    def held(self) -> pd.DataFrame:
        """The issues that hold something back: a file, a row or a cell."""
        issues = self["issues"]
        return issues[issues["severity"] == Severity.FAIL]


@cache
def _none_of(name: str) -> pd.DataFrame:
    return frames.make([], frames.CONTRACTS[name])


def open_report(quarter: str, data: str | Path, kept: dict[str, pd.DataFrame], audience: str = "", *, protected: bool = True) -> Report:
    """
    Give the report of a quarter for an audience; for the first of the register where none is named, with what is open to everyone.

    Args:
        quarter: the quarter reported.
        data: the folder that holds the registers.
        kept: name -> frame, as the notebooks made them.
        audience: whose report it is.
        protected: whether small numbers are suppressed as the register of disclosure says; not so only for a partner's own figures.

    Raises:
        AskedWrongly: there is no such audience; the message names those there are.
    """
    registers = reference.load(Path(data))
    known = {found.name: found for found in audiences(registers)}
    whose = audience or next(iter(known), "")
    if whose not in known:
        raise AskedWrongly(repr(whose), ["is not an audience"], f"There are {', '.join(known)}.")
    shown = disclosure.protect(kept, registers, audience) if protected else kept
    whom = known[whose]
    own = narrowed(shown, registers, whom.group) if whom.group else shown
    return Report(quarter, registers, own, whom, inputs=_fingerprint(quarter, kept, registers))


def _fingerprint(quarter: str, kept: dict[str, pd.DataFrame], registers: Registers) -> str:
    """Give eight characters of the SHA-256 of every return that was read, as it came, and every register but the sign-offs."""
    returns = [f"{row['quarter']}/{row['file']} {row['sha256']}" for row in frames.rows(kept["returns"])] if "returns" in kept else []
    agreed = [f"{name} {sha256}" for name, sha256 in registers.fingerprints.items() if name != "sign_offs.csv"]
    return hashlib.sha256("\n".join([quarter, *sorted(returns), *sorted(agreed)]).encode()).hexdigest()[:8]
