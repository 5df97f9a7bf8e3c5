"""Benchmarks: on the rows that the claims of speed come from, the workbook gives what the rules written row by row give."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis import reference, scoring, trends
from benchmarks import by_row, synthetic

ROOT = Path(__file__).resolve().parents[1]
ROWS = 4000


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """Give some thousand SYNTHETIC measure-quarters of all sorts, decimals as Arrow holds them."""
    return synthetic.measure_quarters(ROWS).frame


@pytest.fixture(scope="module")
def policies() -> pd.DataFrame:
    """Give the register of policies."""
    return reference.load(ROOT / "data").policies


def test_the_band_is_that_of_the_rule_row_by_row(table: pd.DataFrame, policies: pd.DataFrame) -> None:
    """It bands ranges, reductions, ranks, fractions and year-on-year targets as the rule does that looks at one row at a time."""
    expected = by_row.bands(synthetic.as_python(table)).tolist()
    assert scoring.bands(table, policies).tolist() == expected
    assert {"HG", "LG", "G", "A", "LR", "HR", ""} == set(expected)


def test_words_as_categories_change_nothing(table: pd.DataFrame, policies: pd.DataFrame) -> None:
    """It gives the same scores whether words are text or pandas' categories."""
    text, coded = (scoring.score(frame, policies) for frame in (table, synthetic.coded(table)))
    made = ["band", "band_reason", "bands_within_rounding", "agreement", "rule", "figure_id", "scored_polarity", "variance", "scored_target", "scored_actual"]
    pd.testing.assert_frame_equal(text[made], coded[made])


def test_the_direction_is_that_of_the_rule_measure_by_measure(table: pd.DataFrame, policies: pd.DataFrame) -> None:
    """It compares with the quarter before and the year before as the rule does that looks at one measure at a time."""
    scores, breaks = scoring.score(table, policies), synthetic.adjustments()
    moved = trends.direction(scores, breaks)
    for column, expected in by_row.directions(synthetic.as_python(scores), breaks).items():
        assert moved[column].tolist() == expected.tolist()


def test_the_signals_are_those_of_the_rules_series_by_series() -> None:
    """It marks each point as the rules do that look at one series at a time."""
    points = synthetic.series(ROWS)
    ours = trends.signals(points)
    for column, expected in by_row.signals(points.assign(value=points["value"].astype(float), target=points["target"].astype(float))).items():
        assert ours[column].tolist() == expected.tolist()
