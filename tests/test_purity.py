"""Functions on frames are pure: what they are given is the same after the call."""

from __future__ import annotations

import inspect
import tempfile
from collections.abc import Callable
from copy import deepcopy
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from published_by_hand import publish

from analysis import (
    changes,
    checking,
    cleansing,
    comparators,
    disclosure,
    entitlement,
    examination,
    exceptions,
    expectations,
    exploring,
    frames,
    grant,
    quality,
    quarters,
    receipts,
    reference,
    returns,
    scoring,
    trends,
)
from analysis.reports import forms
from analysis.scoring import cases, policies

REAL = Path(__file__).resolve().parents[1] / "data"
ROOMS = (
    changes,
    checking,
    cleansing,
    comparators,
    disclosure,
    entitlement,
    examination,
    exceptions,
    expectations,
    exploring,
    frames,
    grant,
    quality,
    receipts,
    scoring,
    trends,
)
MAKES_FRAMES = {"suites", "parameters", "make", "of_columns"}
"""Public functions of those rooms that are given no frame."""


class Real(NamedTuple):
    """The frames of one real quarter, from its returns to its receipts."""

    quarter: str
    registers: reference.Registers
    read: returns.Read
    cleansed: cleansing.Cleansed
    issues: pd.DataFrame
    scores: pd.DataFrame
    spend: pd.DataFrame
    receipts: pd.DataFrame


@pytest.fixture(scope="module")
def performance() -> Real:
    """Give the frames of 2016-17-Q2: three quarters of scorecards."""
    return river("2016-17-Q2")


@pytest.fixture(scope="module")
def months() -> Real:
    """Give the frames of 2009-10-Q3: five indicators by month."""
    return river("2009-10-Q3")


@pytest.fixture(scope="module")
def money() -> Real:
    """Give the frames of 2011-12-Q2: 28 awards of the quarter before, seven agreements, 46 milestones."""
    return river("2011-12-Q2")


def river(quarter: str) -> Real:
    """Take a real quarter down the river."""
    registers = reference.load(REAL)
    read = returns.read(REAL, quarters.shown(quarter))
    cleansed = cleansing.build(read.cells, read.entries, registers)
    made = cleansed.frames
    scores = trends.direction(scoring.score(made["observations"], registers.policies), registers.adjustments)
    spend = grant.spend(made["awards"], made["narrative"], registers.awards)
    first = frames.rows(read.returns)[0]
    fails = frames.make([{"quarter": first["quarter"], "file": first["file"], "severity": "fail"}], frames.ISSUES)
    return Real(quarter, registers, read, cleansed, fails, scores, spend, receipts.build(scores, spend, made["monthly"], read.returns))


def known(real: Real) -> exceptions.Evidence:
    """Give what is known of the measures besides their scores, with a revision and an action made up so that no frame is empty."""
    adjustments = real.registers.adjustments
    crossings = scoring.crossings(real.scores, real.registers.policies, revisions())
    actions = frames.make([{"quarter": "2016-17-Q1", "action": "Report on Build 19", "date": "1 June 2016"}], frames.ACTIONS)
    variation = trends.variation(trends.measure_points(real.scores, adjustments))
    positions = comparators.positions(real.scores, real.registers.comparators, real.quarter)
    return exceptions.Evidence(variation, trends.forecast(real.cleansed.frames["observations"], adjustments), positions, crossings, actions, Decimal(50))


def revisions() -> pd.DataFrame:
    """Give a register of one revision: 99.6% was 80%, which would have been red."""
    return pd.DataFrame([{"measure_id": "Build 5", "quarter": "2016-17-Q1", "was": "80", "now": "99.6"}], dtype=object)


def deal() -> pd.DataFrame:
    """Give the terms of an agreement made up for one target, with what a return would fill in blank."""
    terms = [("possible", "", "£1,000"), ("ends", "", "2012-13-Q1"), ("scaling", "", "50%"), ("split", "Partnership", "100%"), ("claim", "", "£900")]
    rows = [
        {"agreement": "Deal", "instalment": "", "term": term, "name": name, "value": value, "fact": "", "basis": "", "source": ""}
        for term, name, value in terms
    ]
    return entitlement.stated(pd.DataFrame(rows, dtype=object), frames.make([], frames.REWARD_FACTS))


def stretched() -> pd.DataFrame:
    """Give four quarters of one stretched target, made up."""
    figures = {"expected_without_stretch": Decimal(10), "stretch_target": Decimal(20)}
    quarters_of_it = ("2011-12-Q2", "2011-12-Q1", "2010-11-Q4", "2010-11-Q3")
    rows = [
        {"agreement": "Deal", "target": "One", "polarity": "higher", "quarter": of, "outturn": Decimal(16 - place)} for place, of in enumerate(quarters_of_it)
    ]
    return frames.make([row | figures for row in rows], frames.REWARD_TARGETS)


def earned() -> pd.DataFrame:
    """Give what that target has earned in each quarter."""
    return entitlement.earned_by_all(stretched(), deal())[0]


def terms_of(real: Real) -> pd.DataFrame:
    """Give the real agreements' terms, with what the returns fill in."""
    return entitlement.stated(real.registers.agreement_terms, real.cleansed.frames["reward_facts"])


def rows_of_a_chart(real: Real) -> pd.DataFrame:
    """Give the figures of the quarter's charts as they are before limits are set."""
    points = trends.measure_points(real.scores, real.registers.adjustments)
    return points.assign(series=pd.factorize(points["series_id"])[0], time=range(len(points)))


def guarded(real: Real) -> reference.Registers:
    """Give the registers with every number below ten suppressed, and two measures made up to be the parts of a third."""
    profile = pd.DataFrame([{"audience": "", "theme": "", "measure_id": "", "profile": "suppress<10", "why": ""}], dtype=object)
    parts = pd.DataFrame([{"total": "Build 16", "part": part} for part in ("Build 18", "Build 50")], dtype=object)
    return replace(real.registers, disclosure=profile, sums=parts)


def counted(real: Real) -> pd.DataFrame:
    """Give the counts behind the real figures, the small ones hidden."""
    return disclosure.counts({"scores": real.scores}, guarded(real))


def one_revision(real: Real) -> pd.DataFrame:
    """Give a register of one revision, of the first measure with an actual."""
    row = next(row for row in frames.rows(real.scores) if row["actual"] is not None)
    about = {"measure_id": row["measure_id"], "quarter": row["quarter"], "was": "1", "now": str(row["actual"])}
    return pd.DataFrame([about | {"reason": "corrected", "author": "A. N. Analyst", "date": "2016-11-01"}], dtype=object)


def revised_of(real: Real) -> pd.DataFrame:
    """Give what that revision comes to."""
    return scoring.revised(real.scores, frames.make([], frames.REPLACED), one_revision(real), real.registers.policies)


def evidence(real: Real) -> quality.Evidence:
    """Give what the checks of quality look at."""
    made, points = real.cleansed.frames, trends.measure_points(real.scores, real.registers.adjustments)
    return quality.Evidence(made["observations"], made["monthly"], made["awards"], real.cleansed.cells, points, real.registers, real.quarter)


def as_read(real: Real) -> dict[str, pd.DataFrame]:
    """Give every frame as it is read, of which examining makes others."""
    return real.cleansed.frames | {"returns": real.read.returns, "cells": real.cleansed.cells, "issues": real.issues, "replaced": real.read.replaced}


def owed(real: Real) -> pd.DataFrame:
    """Give what is owed of the real returns."""
    return quality.owed(real.read.returns, real.registers.returns_owed, real.registers.received, real.cleansed.cells, [real.quarter])


def graded(real: Real) -> pd.DataFrame:
    """Give the grades of the real measures."""
    return quality.grades(real.scores, real.spend, real.cleansed.frames["monthly"].assign(figure_id=""), real.issues, owed(real))


def edition(real: Real) -> changes.Edition:
    """Give a real quarter as it would be published, with what a comparison reads of it."""
    scores = real.scores.assign(reason=real.scores["band_reason"], unit=real.scores["actual_unit"])
    none = frames.make([], frames.MONTHLY)
    return changes.Edition(
        name=real.quarter,
        quarter=real.quarter,
        versions={},
        registers={},
        inputs={},
        scores=scores,
        awards=real.spend,
        monthly=none,
        totals=grant.totals(real.spend),
        receipts=real.receipts,
        forecasts=frames.make([], frames.FORECASTS),
        policies=real.registers.policies,
        own_policies=True,
    )


def edition_of_others(real: Real) -> changes.Edition:
    """Give the same with every actual and every amount typed otherwise."""
    one = edition(real)
    actual = [None if value is None else value + 1 for value in one.scores["actual"]]
    scores = one.scores.assign(actual_raw=[f"{raw}1" for raw in one.scores["actual_raw"]], actual=pd.Series(actual, index=one.scores.index, dtype=object))
    return replace(one, scores=scores, receipts=one.receipts.assign(as_typed=[f"{raw}1" for raw in one.receipts["as_typed"]]))


def folder_without_policies() -> Path:
    """Publish a folder by hand that is judged by the policies it is given."""
    folder = publish(Path(tempfile.mkdtemp()) / "one")
    (folder / "data" / "policies.csv").unlink()
    return folder


def changed(real: Real) -> pd.DataFrame:
    """Give what differs between the two."""
    return changes.between(edition(real), edition_of_others(real))


FUNCTIONS: dict[str, Callable[[Real], tuple[Callable[..., Any], list[Any]]]] = {
    "changes.between": lambda real: (changes.between, [edition(real), edition_of_others(real)]),
    "changes.headlines": lambda real: (changes.headlines, [edition(real)]),
    "changes.in_words": lambda real: (changes.in_words, [changed(real)]),
    "changes.open_editions": lambda real: (lambda policies: changes.open_editions([folder_without_policies()], policies), [real.registers.policies]),
    "changes.residual": lambda real: (changes.residual, [changed(real)]),
    "checking.run": lambda real: (
        lambda evidence, register: checking.run(quality.CHECKS, evidence, real.quarter, register, frames.QUALITY_CHECKS),
        [evidence(real), real.registers.quality_checks],
    ),
    "cleansing.account": lambda real: (cleansing.account, [real.read.returns, real.cleansed.cells]),
    "cleansing.build": lambda real: (cleansing.build, [real.read.cells, real.read.entries, real.registers]),
    "cleansing.carried_down": lambda real: (cleansing.RULES["carried down from the row above"], [real.read.entries]),
    "cleansing.cleanse": lambda real: (cleansing.cleanse, [real.read.entries]),
    "cleansing.in_blocks": lambda real: (
        lambda cells, entries, registers: list(cleansing.in_blocks(cells, entries, registers, [])),
        [real.read.cells, real.read.entries, real.registers],
    ),
    "comparators.positions": lambda real: (comparators.positions, [real.scores, real.registers.comparators, real.quarter]),
    "disclosure.bounds": lambda real: (disclosure.bounds, [counted(real), guarded(real).sums]),
    "disclosure.counts": lambda real: (disclosure.counts, [{"scores": real.scores}, guarded(real)]),
    "disclosure.hold_personal": lambda real: (disclosure.hold_personal, [{"cells": real.cleansed.cells, "scores": real.scores}]),
    "disclosure.protect": lambda real: (
        disclosure.protect,
        [{"cells": real.cleansed.cells, "scores": real.scores, "receipts": real.receipts}, guarded(real)],
    ),
    "disclosure.solvable": lambda real: (disclosure.solvable, [counted(real), guarded(real).sums]),
    "disclosure.with_secondary": lambda real: (disclosure.with_secondary, [counted(real), guarded(real).sums]),
    "entitlement.earned": lambda _: (entitlement.earned, [stretched().iloc[:1], deal()]),
    "entitlement.earned_by_all": lambda _: (entitlement.earned_by_all, [stretched(), deal()]),
    "entitlement.outlook": lambda _: (entitlement.outlook, [stretched(), deal(), "2011-12-Q2"]),
    "entitlement.payments": lambda _: (entitlement.payments, [earned().iloc[:1], deal()]),
    "entitlement.payments_of_all": lambda _: (entitlement.payments_of_all, [earned(), deal()]),
    "entitlement.read": lambda _: (entitlement.read, [deal()]),
    "entitlement.stated": lambda real: (entitlement.stated, [real.registers.agreement_terms, real.cleansed.frames["reward_facts"]]),
    "entitlement.statement": lambda real: (entitlement.statement, [real.cleansed.frames["reward_facts"], terms_of(real), real.cleansed.frames["awards"]]),
    "entitlement.way": lambda real: (entitlement.way, [deal(), earned().iloc[:1], grant.outturn(real.spend, real.registers.rounds)]),
    "examination.examine": lambda real: (examination.examine, [as_read(real), real.registers, real.quarter]),
    "exceptions.check": lambda real: (exceptions.check, [real.scores, real.quarter]),
    "exceptions.key_challenges": lambda real: (exceptions.key_challenges, [real.scores, real.quarter]),
    "exceptions.missing": lambda real: (exceptions.missing, [real.cleansed.frames["observations"], real.cleansed.frames["narrative"], real.registers.measures]),
    "exceptions.missing_awards": lambda real: (exceptions.missing_awards, [real.cleansed.frames["awards"], real.registers.awards]),
    "exceptions.ranked": lambda real: (exceptions.ranked, [real.scores, real.quarter, known(real)]),
    "expectations.accepted": lambda real: (expectations.accepted, [real.cleansed.frames, real.issues]),
    "expectations.check": lambda real: (
        expectations.check,
        [real.cleansed.frames["narrative"], expectations.suites(REAL.parent / "expectations")["narrative"], expectations.parameters(real.registers)],
    ),
    "expectations.check_all": lambda real: (expectations.check_all, [real.cleansed.frames, real.registers]),
    "expectations.held_files": lambda real: (expectations.held_files, [real.issues]),
    "expectations.hold": lambda real: (expectations.hold, [real.cleansed.cells, real.issues]),
    "exploring.as_words": lambda real: (exploring.as_words, [real.scores]),
    "exploring.explore": lambda real: (lambda frame: exploring.explore(frame)._repr_html_(), [real.scores]),
    "exploring.looked_through": lambda real: (exploring.looked_through, [real.scores]),
    "exploring.still": lambda real: (exploring.still, [real.scores]),
    "frames.check": lambda real: (frames.check, [real.cleansed.cells, frames.CELLS]),
    "frames.extend": lambda real: (frames.extend, [real.scores, {"band": ["LG"] * len(real.scores)}, frames.SCORES]),
    "frames.integers": lambda real: (frames.integers, [real.scores, ["actual", "target_low"]]),
    "frames.rows": lambda real: (frames.rows, [real.cleansed.cells]),
    "frames.stack": lambda real: (frames.stack, [[real.scores.iloc[:5], real.scores.iloc[5:]], frames.SCORES]),
    "grant.asked": lambda real: (grant.asked, [real.cleansed.frames["awards"]]),
    "grant.burn_up": lambda real: (grant.burn_up, [real.spend]),
    "grant.check": lambda real: (grant.check, [real.cleansed.frames, real.registers, real.quarter]),
    "grant.due_milestones": lambda real: (grant.due_milestones, [real.cleansed.frames["milestones"], real.quarter]),
    "grant.ledger": lambda real: (grant.ledger, [real.registers.variations, real.spend]),
    "grant.newest": lambda real: (grant.newest, [real.spend, real.quarter]),
    "grant.outturn": lambda real: (grant.outturn, [real.spend, real.registers.rounds]),
    "grant.sample": lambda real: (grant.sample, [real.spend, real.issues, real.quarter]),
    "grant.spend": lambda real: (grant.spend, [real.cleansed.frames["awards"], real.cleansed.frames["narrative"], real.registers.awards]),
    "grant.standing": lambda real: (grant.standing, [real.cleansed.frames["agreements"], real.quarter]),
    "grant.totals": lambda real: (grant.totals, [real.cleansed.frames["awards"]]),
    "quality.check": lambda real: (quality.check, [evidence(real)]),
    "quality.grades": lambda real: (
        quality.grades,
        [real.scores, real.spend, real.cleansed.frames["monthly"].assign(figure_id=""), real.issues, owed(real)],
    ),
    "quality.league": lambda real: (quality.league, [graded(real), quality.punctuality(owed(real))]),
    "quality.not_received": lambda real: (quality.not_received, [real.read.returns, owed(real)]),
    "quality.owed": lambda real: (
        quality.owed,
        [real.read.returns, real.registers.returns_owed, real.registers.received, real.cleansed.cells, [real.quarter]],
    ),
    "quality.punctuality": lambda real: (quality.punctuality, [owed(real)]),
    "receipts.build": lambda real: (
        receipts.build,
        [real.scores, real.spend, real.cleansed.frames["monthly"], real.read.returns, stretched().assign(figure_id="one")],
    ),
    "receipts.mark_cells": lambda real: (receipts.mark_cells, [real.cleansed.cells, real.receipts]),
    "reports.forms.forms": lambda real: (forms.forms, [as_read(real), real.registers, real.quarter]),
    "scoring.bands": lambda real: (scoring.bands, [real.cleansed.frames["observations"], real.registers.policies]),
    "scoring.mark_revised": lambda real: (scoring.mark_revised, [real.scores, revised_of(real)]),
    "scoring.revised": lambda real: (scoring.revised, [real.scores, frames.make([], frames.REPLACED), one_revision(real), real.registers.policies]),
    "scoring.revisions": lambda real: (scoring.revisions, [revised_of(real)]),
    "scoring.cases.build": lambda real: (cases.build, [real.cleansed.frames["observations"]]),
    "scoring.chosen": lambda real: (scoring.chosen, [real.cleansed.frames["observations"], real.registers.adjustments.assign(what="policy", value="year-ago")]),
    "scoring.crossings": lambda real: (scoring.crossings, [real.scores, real.registers.policies, revisions()]),
    "scoring.disagreements": lambda real: (scoring.disagreements, [real.scores]),
    "scoring.applied": lambda real: (scoring.applied, [real.registers.policies, "five-band", "higher", real.quarter]),
    "scoring.edges": lambda real: (scoring.edges, [real.registers.policies, "five-band", "higher", real.quarter]),
    "scoring.flips": lambda real: (scoring.flips, [real.cleansed.frames["observations"], real.registers.policies, "year-ago"]),
    "scoring.fragility": lambda real: (scoring.fragility, [real.scores, real.registers.policies, revisions(), known(real).forecasts]),
    "scoring.indicators": lambda real: (scoring.indicators, [real.cleansed.frames["monthly"]]),
    "scoring.policies.read": lambda real: (policies.read, [real.registers.policies]),
    "scoring.cases.reasons": lambda real: (lambda observations: cases.reasons(observations, cases.build(observations)), [real.cleansed.frames["observations"]]),
    "scoring.score": lambda real: (scoring.score, [real.cleansed.frames["observations"], real.registers.policies]),
    "scoring.steps": lambda real: (scoring.steps, [real.cleansed.frames["monthly"]]),
    "trends.direction": lambda real: (trends.direction, [real.scores, real.registers.adjustments]),
    "trends.forecast": lambda real: (trends.forecast, [real.cleansed.frames["observations"], real.registers.adjustments, [real.quarter]]),
    "trends.measure_points": lambda real: (trends.measure_points, [real.scores, real.registers.adjustments]),
    "trends.monthly_points": lambda real: (trends.monthly_points, [real.cleansed.frames["monthly"]]),
    "trends.signals": lambda real: (trends.signals, [rows_of_a_chart(real)]),
    "trends.to_date": lambda real: (trends.to_date, [real.cleansed.frames["observations"]]),
    "trends.variation": lambda real: (trends.variation, [trends.measure_points(real.scores, real.registers.adjustments)]),
}
ABOUT_MONEY = {"exceptions.missing_awards", "receipts.build", *(name for name in FUNCTIONS if name.startswith(("grant.", "entitlement.")))}
ABOUT_MONTHS = {"scoring.indicators", "scoring.steps", "trends.monthly_points"}


def quarter_for(name: str) -> str:
    """Give the quarter whose returns hold what a function is about."""
    return "money" if name in ABOUT_MONEY else "months" if name in ABOUT_MONTHS else "performance"


def frames_in(value: Any) -> list[pd.DataFrame]:
    """Give every frame in an argument: itself, in a list or a dictionary, in the registers or in what else is known."""
    if isinstance(value, pd.DataFrame):
        return [value]
    if isinstance(value, (reference.Registers, exceptions.Evidence, quality.Evidence, changes.Edition)):
        value = {field.name: getattr(value, field.name) for field in fields(value)}  # and not what it has worked out since
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [frame for part in inside for frame in frames_in(part)]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_leaves_its_arguments_as_they_were(name: str, request: pytest.FixtureRequest) -> None:
    """It gives something new and changes nothing of what it was given, rows, values, kinds of columns and order included."""
    function, arguments = FUNCTIONS[name](request.getfixturevalue(quarter_for(name)))
    given = frames_in(arguments)
    assert any(len(frame) for frame in given)
    before, beside = [frame.copy(deep=True) for frame in given], deepcopy([part for part in arguments if not frames_in([part])])
    function(*arguments)
    for frame, earlier in zip(frames_in(arguments), before, strict=True):
        assert_frame_equal(frame, earlier)
    assert [part for part in arguments if not frames_in([part])] == beside


@pytest.mark.parametrize(
    "name",
    [
        "scoring.score",
        "trends.direction",
        "trends.to_date",
        "trends.measure_points",
        "exceptions.ranked",
        "comparators.positions",
        "grant.spend",
        "cleansing.cleanse",
    ],
)
def test_what_a_function_gives_is_its_own(name: str, request: pytest.FixtureRequest) -> None:
    """It gives a frame that can be changed without changing what it was made from."""
    function, arguments = FUNCTIONS[name](request.getfixturevalue(quarter_for(name)))
    before = [frame.copy(deep=True) for frame in frames_in(arguments)]
    made = function(*arguments)
    made.loc[:, made.columns[0]] = "changed"
    for frame, earlier in zip(frames_in(arguments), before, strict=True):
        assert_frame_equal(frame, earlier)


def test_every_function_on_frames_is_held_to_this() -> None:
    """It leaves out no public function of the rooms that is given a frame."""
    public = {
        f"{room.__name__.partition('.')[2]}.{name}": function
        for room in ROOMS
        for name, function in inspect.getmembers(room, inspect.isfunction)
        if not name.startswith("_") and function.__module__.startswith(room.__name__)
    }
    on_frames = {
        name for name, function in public.items() if name.partition(".")[2] not in MAKES_FRAMES and "DataFrame" in " ".join(map(str, parameters(function)))
    }
    assert on_frames - set(FUNCTIONS) == set()


def parameters(function: Callable[..., Any]) -> list[object]:
    """Give the declared kinds of a function's parameters."""
    return [parameter.annotation for parameter in inspect.signature(function).parameters.values()]
