"""Figures that changed after they were sent: each with the band that it had and has, those with another band first, and marked [r]."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis import frames, scoring

Q1, Q2 = "2016-17-Q1", "2016-17-Q2"
NEW, OLD = "council/build-v2.csv", "council/build.csv"
HEADS = ["policy", "version", "from_quarter", "polarity", "order", "band", "test", "factor"]
FIVE_BAND = {  # the table of domain.md 4
    "higher": (("HG", ">=", "1.05"), ("LG", ">=", "1"), ("A", ">=", "0.95"), ("LR", ">=", "0.90"), ("HR", "otherwise", "")),
    "lower": (("HG", "<=", "0.95"), ("LG", "<=", "1"), ("A", "<=", "1.05"), ("LR", "<=", "1.10"), ("HR", "otherwise", "")),
}
POLICIES = pd.DataFrame(
    [["five-band", "1", "2009-10-Q1", polarity, str(order), *test] for polarity, of in FIVE_BAND.items() for order, test in enumerate(of, start=1)],
    columns=HEADS,
    dtype=object,
)
REGISTER = ("measure_id", "quarter", "was", "now", "reason", "author", "date")
Row = dict[str, Any]


def figure(number: int, actual: str | None, target: str | tuple[str, str] = "100", quarter: str = Q2, **more: object) -> Row:
    """Give an observation of measure `M<number>`, in line 10 + number of the newer file: target in column E, actual in F."""
    low, high = target if isinstance(target, tuple) else (target, target)
    values: Row = {f"target_{name}": Decimal(value) for name, value in (("low", low), ("high", high))}
    values |= {"target": Decimal(low) if low == high else None, "target_raw": low if low == high else f"{low}-{high}", "target_unit": "number"}
    values |= {"actual_reason": "not given"} if actual is None else {name: Decimal(actual) for name in ("actual", "actual_low", "actual_high")}
    values |= {} if actual is None else {"actual_raw": actual, "actual_unit": "number"}
    about = {"measure_id": f"M{number}", "quarter": quarter, "polarity": "higher", "unit": "number", "policy": "five-band", "kind": "not stated"}
    return about | values | {"file": NEW, "sheet": "", "row": 10 + number, "target_cell": f"E{10 + number}", "actual_cell": f"F{10 + number}"} | more


def scores(*rows: Row) -> pd.DataFrame:
    """Score some observations."""
    return scoring.score(frames.make(list(rows), frames.OBSERVATIONS), POLICIES)


def cell(number: int, was: str, now: str, part: str = "actual", **more: str) -> Row:
    """Give a cell that the newer file has otherwise than the older."""
    at = f"{'E' if part == 'target' else 'F'}{10 + number}"
    about = {"quarter": Q2, "partner": "Council", "form": "performance", "record": f"M{number}", "field": part, "was_raw": was, "now_raw": now}
    return about | {"reason": "Late forms", "dated": "2016-10-14", "author": "A. Officer", "was_file": OLD, "was_cell": "F3", "file": NEW, "cell": at} | more


def line(number: int, was: str, now: str, quarter: str = Q2, reason: str = "agreed", date: str = "2016-10-20") -> dict[str, str]:
    """Give a line of the register of revisions."""
    return {"measure_id": f"M{number}", "quarter": quarter, "was": was, "now": now, "reason": reason, "author": "B. Officer", "date": date}


def revised(of: pd.DataFrame, cells: list[Row] | None = None, register: list[dict[str, str]] | None = None) -> pd.DataFrame:
    """Give what has changed."""
    table = pd.DataFrame(register or [], columns=list(REGISTER), dtype=object)
    return scoring.revised(of, frames.make(cells or [], frames.REPLACED), table, POLICIES)


def told(changed: pd.DataFrame, *names: str) -> list[tuple[Any, ...]]:
    """Give some columns of the list, row by row."""
    return [tuple(row[name] for name in names) for row in frames.rows(changed)]


# ---------------------------------------------------------------- the list

BANDS = {  # actual and target now, what was typed before and in which part, the figures before and now, the bands
    "low red to low green": ("104", "100", "actual", "94", Decimal(94), Decimal(104), "LR", "LG"),
    "within a band": ("104", "100", "actual", "101", Decimal(101), Decimal(104), "LG", "LG"),
    "one hundredth across an edge": ("105", "100", "actual", "104.99", Decimal("104.99"), Decimal(105), "LG", "HG"),
    "down to high red": ("80", "100", "actual", "100", Decimal(100), Decimal(80), "LG", "HR"),
    "a target that is lowered": ("90", "80", "target", "100", Decimal(100), Decimal(80), "LR", "HG"),
    "pounds and commas": ("2000", "1000", "actual", "1,000", Decimal(1000), Decimal(2000), "LG", "HG"),
    "a figure where there was none": ("100", "100", "actual", "", None, Decimal(100), "", "LG"),
    "a figure where nobody knew one": ("100", "100", "actual", "TBC", None, Decimal(100), "", "LG"),
    "a figure where it could not be read": ("100", "100", "actual", "12..5", None, Decimal(100), "", "LG"),
}


@pytest.mark.parametrize(("actual", "target", "part", "typed", "was", "now", "band_was", "band_now"), BANDS.values(), ids=BANDS)
def test_a_changed_cell_is_judged_as_it_was_and_as_it_is(
    actual: str, target: str, part: str, typed: str, was: Decimal | None, now: Decimal, band_was: str, band_now: str
) -> None:
    """It gives the figure before and after, and the band of each."""
    found = revised(scores(figure(1, actual, target)), [cell(1, typed, actual if part == "actual" else target, part)])
    assert told(found, "part", "was", "now", "band_was", "band_now") == [(part, was, now, band_was, band_now)]


def test_a_change_says_where_it_stood_and_who_made_it() -> None:
    """It names both files and cells, the reason, the author and the day, and the figure."""
    (row,) = frames.rows(revised(scores(figure(1, "104")), [cell(1, "94", "104")]))
    assert [row[name] for name in ("measure_id", "quarter", "was_raw", "now_raw", "reason", "author", "date")] == [
        "M1", Q2, "94", "104", "Late forms", "A. Officer", "2016-10-14",
    ]  # fmt: skip
    assert [row[name] for name in ("was_file", "was_cell", "file", "sheet", "cell", "figure_id")] == [OLD, "F3", NEW, "", "F11", f"{Q2}.m1"]


def test_a_line_of_the_register_is_listed_beside_them() -> None:
    """It judges what was agreed otherwise in the same way, and gives the figure's own cell."""
    (row,) = frames.rows(revised(scores(figure(1, "104")), register=[line(1, "94", "104")]))
    assert [row[name] for name in ("part", "was", "now", "band_was", "band_now", "reason", "author", "date", "file", "cell", "figure_id")] == [
        "actual", Decimal(94), Decimal(104), "LR", "LG", "agreed", "B. Officer", "2016-10-20", NEW, "F11", f"{Q2}.m1",
    ]  # fmt: skip


def test_a_line_of_the_register_about_no_figure_is_listed_without_bands() -> None:
    """It keeps a line about a quarter of which nothing is read, with no band and no cell."""
    found = revised(scores(figure(1, "104")), register=[line(1, "94", "104", quarter=Q1)])
    assert told(found, "quarter", "was", "now", "band_was", "band_now", "cell", "figure_id") == [(Q1, Decimal(94), Decimal(104), "", "", "", "")]


def test_other_cells_are_no_figures() -> None:
    """It lists no changed commentary, nothing of another sheet, file or quarter, and nothing of a return that is held."""
    others = [cell(1, "LR", "LG", cell="G11"), cell(1, "94", "104", sheet="Other"), cell(1, "94", "104", file="x.csv"), cell(1, "94", "104", quarter=Q1)]
    assert len(revised(scores(figure(1, "104")), others)) == 0
    assert len(revised(scores(), [cell(1, "94", "104")])) == 0


def test_changes_of_band_come_first() -> None:
    """It puts those with another band first, by quarter and measure, and the rest after them in the same way."""
    of = scores(*(figure(n, "104") for n in (1, 2, 3, 4)), figure(1, "104", quarter=Q1))
    cells = [cell(1, "103", "104"), cell(2, "94", "104"), cell(3, "103", "104"), cell(4, "10", "104"), cell(1, "80", "104", quarter=Q1)]
    assert told(revised(of, cells), "quarter", "measure_id") == [(Q1, "M1"), (Q2, "M2"), (Q2, "M4"), (Q2, "M1"), (Q2, "M3")]


def test_target_and_actual_of_one_measure_are_two_changes() -> None:
    """It judges each by itself: the old target with the new actual, and the old actual with the new target."""
    found = revised(scores(figure(1, "90", "80")), [cell(1, "100", "80", "target"), cell(1, "70", "90")])
    assert sorted(told(found, "part", "band_was", "band_now")) == [("actual", "HR", "HG"), ("target", "LR", "HG")]


def test_the_old_figure_loses_the_new_ones_fraction() -> None:
    """It judges 50% as it was printed, not by the numerator and denominator of the new figure."""
    now = figure(1, "90", "80", actual_numerator=9, actual_denominator=10, unit="percent", actual_unit="percent", target_unit="percent")
    assert told(revised(scores(now), [cell(1, "50%", "90% (9/10)")]), "was", "band_was", "band_now") == [(Decimal(50), "HR", "HG")]


def test_lower_is_better_for_some() -> None:
    """It goes by the measure's polarity: from 110, low red, to 100, low green."""
    assert told(revised(scores(figure(1, "100", polarity="lower")), [cell(1, "110", "100")]), "band_was", "band_now") == [("LR", "LG")]


def test_a_figure_that_is_withdrawn_loses_its_band() -> None:
    """It says that 100 of 100 was low green where the newer return has no figure, among the changes of band."""
    assert told(revised(scores(figure(1, None)), [cell(1, "100", "")]), "was", "now", "band_was", "band_now") == [(Decimal(100), None, "LG", "")]


def test_a_range_that_changes_had_a_band() -> None:
    """It says that 12 was low red against 13 to 15, 92% of the low end, and is green in 11 to 15."""
    found = revised(scores(figure(1, "12", ("11", "15"))), [cell(1, "13-15", "11-15", "target")])
    assert told(found, "band_was", "band_now") == [("LR", "G")]


@pytest.mark.parametrize("typed", ["104.0", "£104", "104 (prov)"])
def test_the_same_figure_written_otherwise_has_not_changed(typed: str) -> None:
    """It marks and lists figures that changed, not their way of writing: 104 is 104.0."""
    of = scores(figure(1, "104"))
    found = revised(of, [cell(1, typed, "104")])
    assert (len(found), set(scoring.mark_revised(of, found)["actual_markers"])) == (0, {""})


# ---------------------------------------------------------------- the register made of it


def test_revisions_are_the_actuals_that_are_known() -> None:
    """It leaves out targets, and figures that were none; the others have the register's columns, exact and as text."""
    of = scores(*(figure(n, "104") for n in (1, 2, 3)), figure(4, None))
    cells = [cell(1, "94.50", "104"), cell(2, "90", "100", "target"), cell(3, "TBC", "104"), cell(4, "94", "")]
    found = scoring.revisions(revised(of, cells, [line(2, "101", "104")]))
    assert list(found) == list(REGISTER)
    assert sorted(found.to_numpy().tolist()) == [
        ["M1", Q2, "94.50", "104", "Late forms", "A. Officer", "2016-10-14"],
        ["M2", Q2, "101", "104", "agreed", "B. Officer", "2016-10-20"],
    ]


def test_of_nothing_there_are_no_revisions() -> None:
    """It gives the columns of the register without a row."""
    found = scoring.revisions(revised(scores(figure(1, "104"))))
    assert (list(found), len(found)) == (list(REGISTER), 0)


def test_crossings_are_fed_by_returns_sent_again() -> None:
    """It gives those of register and returns whose band is another, and not those within a band."""
    of = scores(*(figure(n, "104") for n in (1, 2, 3)))
    changed = revised(of, [cell(1, "94", "104"), cell(2, "103", "104")], [line(3, "80", "104")])
    found = scoring.crossings(of, POLICIES, scoring.revisions(changed))
    assert sorted(found.to_numpy().tolist()) == [["M1", Q2, "94", "104", "LR", "LG"], ["M3", Q2, "80", "104", "HR", "LG"]]


def test_fragility_goes_by_what_was_revised() -> None:
    """It calls a figure fragile that its owner's usual revision, here 10%, could take to another band."""
    of = scores(*(figure(n, "110", partner="Council") for n in (1, 2, 3)), figure(4, "104", partner="Council"), figure(5, "104", partner="Police"))
    revisions = scoring.revisions(revised(of, [cell(n, "100", "110") for n in (1, 2, 3)]))
    found = scoring.fragility(of, POLICIES, revisions)
    assert dict(zip(found["measure_id"], found["fragile"].str.contains("usual revision"), strict=True)) == {
        "M1": True, "M2": True, "M3": True, "M4": True, "M5": False,
    }  # fmt: skip


# ---------------------------------------------------------------- the mark


def marks(of: pd.DataFrame, changed: pd.DataFrame) -> list[tuple[str, str]]:
    """Give the markers of target and actual, row by row."""
    made = scoring.mark_revised(of, changed)
    return list(zip(made["target_markers"], made["actual_markers"], strict=True))


def test_the_changed_figure_is_marked_and_no_other() -> None:
    """It marks the actual of one measure and the target of another, in their quarter, beside what is marked already."""
    of = scores(figure(1, "104", actual_markers="[p]"), figure(2, "104"), figure(3, "104"), figure(1, "104", quarter=Q1))
    assert marks(of, revised(of, [cell(1, "94", "104"), cell(2, "90", "100", "target")])) == [("", "[p] [r]"), ("[r]", ""), ("", ""), ("", "")]


def test_a_figure_taken_out_is_marked() -> None:
    """It marks the gap where a figure was."""
    of = scores(figure(1, None), figure(2, None))
    assert marks(of, revised(of, [cell(1, "94", "")])) == [("", "[r]"), ("", "")]


def test_a_range_that_changed_is_marked() -> None:
    """It marks a target that is a range."""
    of = scores(figure(1, "12", ("11", "15")))
    assert marks(of, revised(of, [cell(1, "13-15", "11-15", "target")])) == [("[r]", "")]


def test_a_line_of_the_register_marks_what_it_made() -> None:
    """It marks a figure that is the register's new one, and not one that has stayed as it was."""
    of = scores(figure(1, "104.0"), figure(2, "94"))
    assert marks(of, revised(of, register=[line(1, "94", "104"), line(2, "94", "104")])) == [("", "[r]"), ("", "")]


TWICE = {
    "across, then within": (("80", "90"), ("100", "101")),
    "within, then across": pytest.param(
        ("101", "102"),
        ("102", "105"),
    ),
}


@pytest.mark.parametrize(("first", "second"), TWICE.values(), ids=TWICE)
def test_a_figure_changed_twice_is_marked(first: tuple[str, str], second: tuple[str, str]) -> None:
    """It marks the figure of a return sent again, where the register tells an earlier change of the same figure."""
    of = scores(figure(1, second[1]))
    assert marks(of, revised(of, [cell(1, *second)], [line(1, *first)])) == [("", "[r]")]


def test_nothing_changed_marks_nothing_and_nothing_is_changed() -> None:
    """It leaves the frames that it is given as they were."""
    of = scores(figure(1, "104"), figure(2, None))
    changed = revised(of, [cell(1, "94", "104")])
    before, list_before = of.copy(deep=True), changed.copy(deep=True)
    assert set(marks(of, revised(of))) == {("", "")}
    scoring.mark_revised(of, changed)
    scoring.revisions(changed)
    assert_frame_equal(of, before)
    assert_frame_equal(changed, list_before)


FIGURES = st.decimals(min_value=0, max_value=200, places=1)


def band_of(actual: Decimal) -> str:
    """Give the band of a figure against 100, higher better, as domain.md 4 has it."""
    return next((band for band, least in (("HG", 105), ("LG", 100), ("A", 95), ("LR", 90)) if actual >= least), "HR")


@given(st.lists(st.tuples(FIGURES, FIGURES), min_size=1, max_size=5))
@settings(derandomize=True, deadline=None, max_examples=25)
def test_each_change_is_listed_once_with_its_bands(changes: list[tuple[Decimal, Decimal]]) -> None:
    """It lists every changed figure with the bands worked out by hand, crossings first, and marks those and no others."""
    of = scores(*(figure(n, f"{now:f}") for n, (_, now) in enumerate(changes)), figure(9, "100"))
    wanted = {f"M{n}": (was, now) for n, (was, now) in enumerate(changes) if was != now}
    found = revised(of, [cell(int(name[1:]), f"{was:f}", f"{now:f}") for name, (was, now) in wanted.items()])
    rows = told(found, "measure_id", "was", "now", "band_was", "band_now")
    assert sorted(rows) == sorted((name, was, now, band_of(was), band_of(now)) for name, (was, now) in wanted.items())
    stays = [row[3] == row[4] for row in rows]
    assert stays == sorted(stays)
    marked = scoring.mark_revised(of, found)
    assert set(marked.loc[marked["actual_markers"] == "[r]", "measure_id"]) == set(wanted)
    assert len(scoring.crossings(of, POLICIES, scoring.revisions(found))) == stays.count(False)
