"""Returns as read -> returns as they may be used: every check made, what fails held, every figure graded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from analysis import cleansing, disclosure, entitlement, exceptions, expectations, frames, grant, quality, receipts, returns, scoring, trends
from analysis.reference import Registers
from analysis.vocabulary import Outcome, Severity, Stage

EXAMINED = (
    "actions", "agreements", "awards", "cells", "grades", "grant_checks", "issues", "league", "milestones", "missing", "monthly", "narrative", "observations",
    "outcome_measures", "owed", "punctuality", "quality_checks", "replaced", "returns", "reward_facts", "reward_targets",
)  # fmt: skip
"""The frames that `examine` gives."""
GRADED = 8
"""How many quarters back figures are graded, for the league of partners over time."""


def as_read(data: Path, wanted: tuple[str, ...], registers: Registers, answers: expectations.Answers | None = None) -> dict[str, pd.DataFrame]:
    """
    Read the returns of some quarters to frames, nothing of them checked yet.

    Args:
        data: the folder that holds `raw/<quarter>/`.
        wanted: quarter keys, the quarter reported first.
        registers: the partnership's registers.
        answers: as for `examine`; it is asked where a return was sent again.

    Returns:
        The frames of every form, and returns, cells, issues and replaced. A text that may hold personal data is held back everywhere, and told.
        A return sent again that fails an expectation is held, and the older one counts: the newest that is accepted wins.
    """
    refused: set[tuple[str, str]] = set()
    told: list[pd.DataFrame] = []
    while True:
        read, made = _read(data, wanted, registers, refused)
        failing = (
            expectations.check_all(made | {"scores": _scored(made["observations"], registers)}, registers, answers=answers)
            if read.newer
            else frames.make([], frames.ISSUES)
        )
        fresh = read.newer & expectations.held_files(failing)
        if not fresh:
            break
        refused |= fresh
        told.append(failing[[pair in fresh for pair in zip(failing["quarter"], failing["file"], strict=True)]])
    made["issues"] = frames.stack([made["issues"], *told, _given_up(read, made["cells"])], frames.ISSUES)
    return made


def _read(data: Path, wanted: tuple[str, ...], registers: Registers, refused: set[tuple[str, str]]) -> tuple[returns.Read, dict[str, pd.DataFrame]]:
    """Read the returns once; those *refused* are held, so that they replace no older ones."""
    read = returns.read(data, wanted, registers.headings, refused, by_columns=True)
    cleansed = cleansing.build(read.cells, read.entries, registers, read.tables)
    about = {"returns": cleansing.account(read.returns, cleansed.cells), "cells": cleansed.cells, "replaced": read.replaced}
    about["issues"] = frames.stack([read.issues, cleansed.issues], frames.ISSUES)
    held, personal = disclosure.hold_personal(about | cleansed.frames)
    return read, held | {"issues": frames.stack([held["issues"], personal], frames.ISSUES)}


def _given_up(read: returns.Read, cells: pd.DataFrame) -> pd.DataFrame:
    """Tell each newer return of which something cannot be used: it has replaced the older one there, so that neither counts."""
    caught = cells[cells["outcome"] == Outcome.QUARANTINED]
    hurt = set(zip(caught["quarter"], caught["file"], strict=True)) & read.newer
    message = "replaces an older return, and some of its own cells cannot be used: where both are so, neither counts until it is sent again"
    about = {"stage": str(Stage.RETURNS), "severity": str(Severity.ADVISORY), "rule": "the newest counts", "message": message}
    return frames.make([about | {"quarter": quarter, "file": file} for quarter, file in sorted(hurt)], frames.ISSUES)


def examine(
    read: Mapping[str, pd.DataFrame], registers: Registers, quarter: str, on: date | None = None, answers: expectations.Answers | None = None
) -> dict[str, pd.DataFrame]:
    """
    Hold a quarter's returns against all that is expected of them, and hold back what fails.

    Args:
        read: name -> frame, as reading and cleansing gave them: those of every form, returns, cells, issues.
        registers: the partnership's registers.
        quarter: the quarter reported; those before it are what it is compared with.
        on: the day on which it is asked what is owed; None for a report, which says the same on any day.
        answers: what Great Expectations said at earlier times; None to ask it anew.

    Returns:
        The frames of every form without what is held; and cells, returns, issues, grant_checks, quality_checks, owed, punctuality, missing,
        grades and league. A return that fails an expectation, or a check that is said to fail, is held as a whole; what reading could not use is
        held already, by itself; the rest goes on.

    Raises:
        RegisterError: a suite or a register of checks is not one that can be gone by.
    """
    made = dict(read)
    scores = _scored(made["observations"], registers)
    found = expectations.check_all(made | {"scores": scores}, registers, answers=answers)
    accepted = expectations.accepted(made, found)
    scores = _of_the_same(scores, accepted["observations"], registers)
    of_grant, grant_checks = grant.check(accepted, registers, quarter)
    _, of_targets = entitlement.earned_by_all(accepted["reward_targets"], entitlement.stated(registers.agreement_terms, accepted["reward_facts"]))
    of_figures, quality_checks = quality.check(_evidence(accepted, registers, quarter, _points(scores, registers, quarter)))
    found = frames.stack([found, of_grant, of_targets, of_figures], frames.ISSUES)
    made = expectations.accepted(made, found) | {"grant_checks": grant_checks, "quality_checks": quality_checks}
    made["cells"] = expectations.hold(read["cells"], found)
    made["returns"] = cleansing.account(read["returns"], made["cells"])
    made["issues"] = frames.stack([read["issues"], found], frames.ISSUES)
    shown = sorted({*made["returns"]["quarter"], quarter})
    made["owed"] = quality.owed(made["returns"], registers.returns_owed, registers.received, made["cells"], shown, on)
    made["punctuality"] = quality.punctuality(made["owed"])
    made["missing"] = _missing(made, registers)
    made["grades"] = _graded(made, _of_the_same(scores, made["observations"], registers), registers, quarter)
    made["league"] = quality.league(made["grades"], made["punctuality"])
    return made


def _scored(observations: pd.DataFrame, registers: Registers) -> pd.DataFrame:
    return scoring.score(scoring.chosen(observations, registers.adjustments), registers.policies)


def _of_the_same(scores: pd.DataFrame, observations: pd.DataFrame, registers: Registers) -> pd.DataFrame:
    """Give the scores of observations of which some may be held by now; the *scores* there are already where none is."""
    return scores if len(scores) == len(observations) else _scored(observations, registers)


def _points(scores: pd.DataFrame, registers: Registers, quarter: str) -> pd.DataFrame:
    """Give the limits of each measure's past, as they were before a quarter's figures came; these go by the figures, whatever their bands."""
    return trends.measure_points(scores[scores["quarter"] < quarter].reset_index(drop=True), registers.adjustments)


def _evidence(made: Mapping[str, pd.DataFrame], registers: Registers, quarter: str, points: pd.DataFrame) -> quality.Evidence:
    return quality.Evidence(made["observations"], made["monthly"], made["awards"], made["cells"], points, registers, quarter)


def _missing(made: Mapping[str, pd.DataFrame], registers: Registers) -> pd.DataFrame:
    """List by name what is asked for and not there: data, measures, awards, returns."""
    of_performance = ["performance" in forms.split(", ") for forms in made["returns"]["forms"]]
    came = dict.fromkeys(made["returns"].loc[of_performance, "quarter"])
    of_measures = exceptions.missing(made["observations"], made["narrative"], registers.measures, came)
    gaps = [of_measures, exceptions.missing_awards(made["awards"], registers.awards)]
    return frames.stack([*gaps, quality.not_received(made["returns"], made["owed"])], frames.MISSING)


def _graded(made: Mapping[str, pd.DataFrame], scores: pd.DataFrame, registers: Registers, quarter: str) -> pd.DataFrame:
    """Grade the figures of a quarter and of those before it; each by the checks of its own quarter."""
    looked_at = [of for of in sorted(set(made["returns"]["quarter"])) if of < quarter][-GRADED:]
    no_limits = frames.make([], frames.PROCESS)  # a figure outside the limits of its past is as a rule for the record, and changes no grade
    earlier = [quality.check(_evidence(made, registers, of, no_limits))[0] for of in looked_at]
    issues = frames.stack([made["issues"], *earlier], frames.ISSUES)
    spend = grant.spend(made["awards"], made["narrative"], registers.awards)
    monthly = made["monthly"].assign(figure_id=[receipts.month_id(row) for row in frames.rows(made["monthly"])])
    kept = [frame[frame["quarter"].isin([*looked_at, quarter])] for frame in (scores, spend, monthly)]
    newest = max(made["observations"]["quarter"], default="")
    measures = {row["measure_id"]: row for row in frames.rows(registers.measures)}
    pairs = zip(scores["measure_id"], scores["quarter"], strict=True)
    waits = {(one, of) for one, of in pairs if one in measures and not exceptions.is_due(measures[one], of, newest)}
    odd = {name: check.odd for name, check in (grant.CHECKS | quality.CHECKS).items()}
    return quality.grades(kept[0], kept[1], kept[2], issues, made["owed"], waits=waits, odd=odd)
