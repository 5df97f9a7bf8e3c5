"""Checks of data quality that run every time: each a small function, its severity and limit data."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from analysis import checking, frames
from analysis.checking import Check
from analysis.quality import against_history, patterns, plausible
from analysis.quality.evidence import Evidence
from analysis.vocabulary import Severity, Stage

_ADVISORY, _INFO = Severity.ADVISORY, Severity.INFO
CHECKS: dict[str, Check] = {
    "percentages are possible": Check(
        plausible.percentages_are_possible,
        _ADVISORY,
        "Is every percentage from 0 to 100, unless its target is not?",
        "a percentage that cannot be",
        stage=Stage.ROW,
    ),
    "a part is within its whole": Check(
        plausible.a_part_is_within_its_whole,
        _ADVISORY,
        "Is no numerator larger than its denominator?",
        "a part larger than its whole",
        stage=Stage.ROW,
    ),
    "decimals are as registered": Check(
        plausible.decimals_are_as_registered,
        _INFO,
        "Does each figure have the decimals of the register, or of its past?",
        "more decimals than usual",
        stage=Stage.ROW,
    ),
    "the period is the quarter's": Check(
        plausible.the_period_is_the_quarters,
        _ADVISORY,
        "Is no figure older than the register's lag, newer than the quarter, or of another length than its kind?",
        "of another period than the register allows",
        stage=Stage.ROW,
    ),
    "totals foot": Check(
        plausible.totals_foot,
        _ADVISORY,
        "Do total lines come to the sum of their rows?",
        "a total that its rows do not make",
        stage=Stage.ROW,
    ),
    "figures are typed as figures": Check(
        plausible.figures_are_typed_as_figures,
        _INFO,
        "Could each figure be read without a repair?",
        "repaired",
        stage=Stage.ROW,
    ),
    "headings stay": Check(
        against_history.headings_stay,
        _ADVISORY,
        "Does each return have the headings it had the quarter before?",
        "a heading of its return is gone",
        stage=Stage.QUARTERS,
    ),
    "one unit as before": Check(
        against_history.one_unit_as_before,
        _ADVISORY,
        "Is no figure 60, 100 or 1,000 times what it was, give or take so many percent?",
        "may be in another unit",
        Decimal(20),
        "%",
        Decimal(1),
        Decimal(50),
        stage=Stage.QUARTERS,
    ),
    "cumulative figures never fall": Check(
        against_history.cumulative_figures_never_fall,
        _ADVISORY,
        "Does what grows over the year never fall?",
        "fell within the year",
        stage=Stage.QUARTERS,
    ),
    "targets stay within the year": Check(
        against_history.targets_stay_within_the_year,
        _ADVISORY,
        "Is each target that of the quarter before, in one year?",
        "target changed within the year",
        stage=Stage.QUARTERS,
    ),
    "figures are within their past": Check(
        against_history.figures_are_within_their_past,
        _INFO,
        "Is each figure within the limits (XmR) of its past of so many figures or more?",
        "outside the limits of its past",
        Decimal(7),
        " figures",
        Decimal(2),
        stage=Stage.QUARTERS,
    ),
    "figures move on": Check(
        against_history.figures_move_on,
        _INFO,
        "Is no figure of so many digits or more exactly last quarter's?",
        "same as last quarter",
        Decimal(3),
        " figures",
        Decimal(1),
        stage=Stage.QUARTERS,
    ),
    "a return is not last quarter's": Check(
        patterns.a_return_is_not_last_quarters,
        _ADVISORY,
        "Are less than so many percent of a return's figures last quarter's?",
        "its return repeats last quarter's",
        Decimal(50),
        "%",
        Decimal(1),
        Decimal(100),
        stage=Stage.QUARTERS,
    ),
    "figures do not bunch at target": Check(
        patterns.figures_do_not_bunch_at_target,
        _INFO,
        "Are less than so many percent of a partner's figures exactly its targets?",
        "many figures at target",
        Decimal(40),
        "%",
        Decimal(1),
        Decimal(100),
    ),
    "figures do not heap": Check(
        patterns.figures_do_not_heap,
        _INFO,
        "Do less than so many percent of a partner's counts end in 0 or 5?",
        "many figures rounded",
        Decimal(60),
        "%",
        Decimal(21),
        Decimal(100),
    ),
    "no two measures are one": Check(
        patterns.no_two_measures_are_one,
        _INFO,
        "Do no two measures of a return have the same target and actual, of so many digits?",
        "same as another measure",
        Decimal(3),
        " figures",
        Decimal(1),
    ),
}
"""Name -> check, in the order of the report. A check is a function and an entry here."""


def check(evidence: Evidence) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Run every check of data quality on a quarter.

    Args:
        evidence: the frames; the register `quality_checks` in its registers changes the severity or the limit of a check by its name.

    Returns:
        Two frames: `ISSUES`, with file, sheet and cell of every finding; and `QUALITY_CHECKS`, for each check how much it examined, what it
        found, and what it could not examine and why.

    Raises:
        RegisterError: the register names a check that there is not, or a limit that it cannot go by.

    Source: domain.md 8.
    """
    return checking.run(CHECKS, evidence, evidence.quarter, evidence.registers.quality_checks, frames.QUALITY_CHECKS)
