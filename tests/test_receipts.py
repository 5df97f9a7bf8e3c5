"""Receipts: from each published figure to its cell as typed, and from each cell back to its figures."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from analysis import cleansing, frames, grant, quarters, receipts, reference, returns, scoring, trends

REAL = Path(__file__).resolve().parents[1] / "data"
NOW, MONEY_QUARTER = "2016-17-Q2", "2011-12-Q1"
FILE = {"quarter": NOW, "file": "build.xlsx", "sheet": "Scorecard", "row": 7}
RETURNED = [{"quarter": NOW, "file": "build.xlsx", "sha256": "abc123"}, {"quarter": "2016-17-Q1", "file": "build.xlsx", "sha256": "another"}]
SCORE = FILE | {
    "measure_id": "Build 5", "figure_id": "2016-17-Q2.build-5", "band": "HG", "rule": "five-band, higher is better",
    "target_raw": "93%", "target": Decimal(93), "target_low": Decimal(93), "target_high": Decimal(93), "target_unit": "percent", "target_cell": "E7",
    "actual_raw": "97.8 %", "actual": Decimal("97.8"), "actual_low": Decimal("97.8"), "actual_high": Decimal("97.8"), "actual_unit": "percent", "actual_cell": "F7",
    "actual_repairs": "split digits joined", "published_status": "HG", "published_status_cell": "G7", "agreement": "agrees",
}  # fmt: skip
NONE_SPENT = {name: frames.make([], contract) for name, contract in (("spend", frames.SPEND), ("monthly", frames.MONTHLY))}


def built(*scores: dict[str, Any], spend: tuple[dict[str, Any], ...] = (), monthly: tuple[dict[str, Any], ...] = ()) -> list[dict[str, Any]]:
    """Give the receipts of some figures, row by row."""
    made = receipts.build(
        frames.make(list(scores), frames.SCORES),
        frames.make(list(spend), frames.SPEND),
        frames.make(list(monthly), frames.MONTHLY),
        frames.make(RETURNED, frames.RETURNS),
    )
    return frames.rows(made)


def receipt(rows: list[dict[str, Any]], cell: str) -> dict[str, Any]:
    """Give the one receipt of a cell."""
    (row,) = [row for row in rows if row["cell"] == cell]
    return row


# ---------------------------------------------------------------- a measure's figures


def test_a_measure_has_a_receipt_for_target_actual_and_published_status() -> None:
    """It gives a receipt for each of the three cells behind a score, all under the figure's id."""
    got = built(SCORE)
    assert [(row["figure_id"], row["cell"], row["as_typed"], row["sha256"]) for row in got] == [
        ("2016-17-Q2.build-5", "E7", "93%", "abc123"), ("2016-17-Q2.build-5", "F7", "97.8 %", "abc123"), ("2016-17-Q2.build-5", "G7", "HG", "abc123"),
    ]  # fmt: skip


def test_a_receipt_says_where_what_was_typed_what_was_mended_and_what_followed() -> None:
    """It names file, sheet, cell, the text as typed, how it was read, the repair, and the rule with its result."""
    got = receipt(built(SCORE), "F7")
    assert {name: got[name] for name in ("quarter", "file", "sheet", "as_typed", "read_as", "repairs")} == {
        "quarter": NOW, "file": "build.xlsx", "sheet": "Scorecard", "as_typed": "97.8 %", "read_as": "97.8%", "repairs": "split digits joined",
    }  # fmt: skip
    assert ("five-band" in got["rule"], "HG" in got["rule"]) == (True, True)


def test_the_published_status_is_receipted_as_evidence_only() -> None:
    """It says that the published status was compared, with the outcome, and never that it was used."""
    got = receipt(built(SCORE | {"published_status": "LG", "agreement": "rounding"}), "G7")
    assert (got["as_typed"], got["rule"]) == ("LG", "compared only: rounding")


GAP = {"actual": None, "actual_low": None, "actual_high": None, "actual_unit": "", "actual_repairs": ""}
READ_AS = [
    pytest.param(
        SCORE | GAP | {"actual_raw": "TBC", "actual_reason": "asked for and not known"},
        "asked for and not known",
        id="unknown is read as its reason, never as zero",
    ),
    pytest.param(
        SCORE | GAP | {"actual_raw": "13-15%", "actual_low": Decimal(13), "actual_high": Decimal(15), "actual_unit": "percent"},
        "13% to 15%",
        id="a range is read as its two ends",
    ),
    pytest.param(SCORE | {"actual_raw": "02:31", "actual": Decimal(151), "actual_unit": "seconds"}, "02:31", id="minutes and seconds"),
    pytest.param(SCORE | {"actual_raw": "35,582", "actual": Decimal(35582), "actual_unit": "number"}, "35,582", id="a number in thousands"),
    pytest.param(SCORE | {"actual_raw": "0", "actual": Decimal(0), "actual_unit": "number"}, "0", id="zero is a figure"),
]


@pytest.mark.parametrize(("score", "expected"), READ_AS)
def test_a_receipt_shows_how_the_cell_was_read(score: dict[str, Any], expected: str) -> None:
    """It shows the reading, or why there is none."""
    assert receipt(built(score), "F7")["read_as"] == expected


def test_a_target_stated_as_a_rule_is_read_as_the_rule() -> None:
    """It shows "year on year reduction" for a target that is one."""
    rule = {
        "target_raw": "Year on year reduction",
        "target": None,
        "target_low": None,
        "target_high": None,
        "target_unit": "",
        "target_rule": "year on year reduction",
    }
    assert receipt(built(SCORE | rule), "E7")["read_as"] == "year on year reduction"


def test_a_figure_that_was_not_scored_says_why() -> None:
    """It gives the reason in place of the band."""
    assert receipt(built(SCORE | {"band": "", "rule": "", "band_reason": "annual target, assessed in Q4"}), "F7")["rule"] == "annual target, assessed in Q4"


def test_a_figure_without_a_cell_has_no_receipt() -> None:
    """It makes no receipt for a column that the return does not have."""
    assert [row["cell"] for row in built(SCORE | {"target_cell": "", "published_status_cell": ""})] == ["F7"]


# ---------------------------------------------------------------- an award's and a month's figures

SPENT = {
    "quarter": NOW, "file": "build.xlsx", "sheet": "Grant", "row": 2, "project": "Community Events", "round": "Round 1", "figure_id": "2016-17-Q2.award.community-events",
    "verdict": "over", "difference": Decimal("-0.03"), "award_raw": "£ 10,000", "award": Decimal(10000), "award_unit": "pounds", "award_repairs": "split digits joined", "award_cell": "B2",
    "forecast_q2_raw": "\u0422\u0412\u0421", "forecast_q2_reason": "asked for and not known", "forecast_q2_repairs": "look-alike letters made Latin", "forecast_q2_cell": "D2",
}  # fmt: skip


def test_an_award_has_a_receipt_for_each_amount_that_the_form_asks_for() -> None:
    """It receipts the amounts that have a cell, and no others, with the identity and its verdict."""
    got = built(spend=(SPENT,))
    assert [(row["figure_id"], row["cell"], row["as_typed"], row["read_as"], row["repairs"]) for row in got] == [
        ("2016-17-Q2.award.community-events", "B2", "£ 10,000", "£10,000.00", "split digits joined"),
        ("2016-17-Q2.award.community-events", "D2", "\u0422\u0412\u0421", "asked for and not known", "look-alike letters made Latin"),
    ]
    assert all(row["rule"].endswith("over by £0.03") for row in got)


@pytest.mark.parametrize(("verdict", "difference"), [("balances", Decimal(0)), ("cannot be checked", None)])
def test_an_award_without_a_difference_says_the_verdict_alone(verdict: str, difference: Decimal | None) -> None:
    """It names no amount beside a verdict that has none."""
    assert built(spend=(SPENT | {"verdict": verdict, "difference": difference},))[0]["rule"].endswith(f": {verdict}")


def test_a_month_has_a_receipt_and_an_id_of_its_own() -> None:
    """It gives each month of a monthly indicator its own id and receipt."""
    month = FILE | {"indicator": "Enquiries to CAB", "value_unit": "number"}
    got = built(monthly=(
        month | {"month": "2009-11", "value": Decimal(41), "value_raw": "41", "value_cell": "C7"},
        month | {"month": "2009-12", "value_raw": "n/a", "value_reason": "not applicable, or no figure", "value_cell": "D7", "value_unit": ""},
    ))  # fmt: skip
    assert [(row["figure_id"], row["cell"], row["as_typed"], row["read_as"]) for row in got] == [
        ("2016-17-Q2.monthly.enquiries-to-cab.2009-11", "C7", "41", "41"),
        ("2016-17-Q2.monthly.enquiries-to-cab.2009-12", "D7", "n/a", "not applicable, or no figure"),
    ]


def test_the_fingerprint_is_that_of_the_file_in_its_own_quarter() -> None:
    """It tells files of one name in two quarters apart."""
    earlier = SCORE | {"quarter": "2016-17-Q1", "figure_id": "2016-17-Q1.build-5"}
    assert {(row["quarter"], row["sha256"]) for row in built(SCORE, earlier)} == {(NOW, "abc123"), ("2016-17-Q1", "another")}


# ---------------------------------------------------------------- the way back


def cell(name: str, **more: object) -> dict[str, Any]:
    """Give one source cell."""
    return FILE | {"cell": name, "raw": "x"} | more


def marked(cells: list[dict[str, Any]], found: list[dict[str, Any]]) -> list[str]:
    """Give what each cell feeds."""
    return receipts.mark_cells(frames.make(cells, frames.CELLS), frames.make(found, frames.RECEIPTS))["figure_id"].tolist()


def test_a_cell_names_the_figure_that_it_feeds() -> None:
    """It writes a figure's id into its cell, and leaves other cells empty."""
    assert marked([cell("A7"), cell("F7")], built(SCORE)) == ["", "2016-17-Q2.build-5"]


def test_a_cell_that_feeds_two_figures_names_both_once() -> None:
    """It names every figure that a cell feeds, each once, with a space between."""
    found = [FILE | {"cell": "F7", "figure_id": figure} for figure in ("one", "two")]
    assert marked([cell("F7")], found) == ["one two"]


ELSEWHERE = [
    pytest.param({"quarter": "2016-17-Q1"}, id="another quarter"),
    pytest.param({"file": "protect.xlsx"}, id="another file"),
    pytest.param({"sheet": "Notes"}, id="another sheet"),
]


@pytest.mark.parametrize("where", ELSEWHERE)
def test_a_cell_of_the_same_name_elsewhere_is_not_marked(where: dict[str, str]) -> None:
    """It knows a cell by quarter, file, sheet and address together."""
    assert marked([cell("F7", **where)], built(SCORE)) == [""]


# ---------------------------------------------------------------- frames


def test_receipts_and_marks_leave_their_arguments_alone() -> None:
    """It changes none of the frames that it is given."""
    given_frames = [frames.make([SCORE], frames.SCORES), frames.make([SPENT], frames.SPEND), NONE_SPENT["monthly"], frames.make(RETURNED, frames.RETURNS)]
    before = [frame.copy(deep=True) for frame in given_frames]
    made = receipts.build(*given_frames)
    cells = frames.make([cell("A7"), cell("F7")], frames.CELLS)
    cells_before, made_before = cells.copy(deep=True), made.copy(deep=True)
    receipts.mark_cells(cells, made)
    for frame, copy in zip([*given_frames, cells, made], [*before, cells_before, made_before], strict=True):
        assert_frame_equal(frame, copy)


def test_marking_changes_the_figure_ids_only() -> None:
    """It keeps every cell, in order, with all else as it was."""
    cells = frames.make([cell("F7"), cell("A7")], frames.CELLS)
    got = receipts.mark_cells(cells, frames.make(built(SCORE), frames.RECEIPTS))
    assert_frame_equal(got.drop(columns="figure_id"), cells.drop(columns="figure_id"))


# ---------------------------------------------------------------- the real returns


@cache
def real() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the receipts and the marked cells of the three quarters of source document 002."""
    registers = reference.load(REAL)
    read = returns.read(REAL, quarters.shown(NOW))
    made = cleansing.build(read.cells, read.entries, registers)
    scores = trends.direction(scoring.score(made.frames["observations"], registers.policies))
    found = receipts.build(scores, NONE_SPENT["spend"], made.frames["monthly"], read.returns)
    return found, receipts.mark_cells(made.cells, found)


@cache
def real_money() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the receipts and the marked cells of the awards of source document 001."""
    registers = reference.load(REAL)
    read = returns.read(REAL, (MONEY_QUARTER,))
    made = cleansing.build(read.cells, read.entries, registers)
    spend = grant.spend(made.frames["awards"], made.frames["narrative"], registers.awards)
    found = receipts.build(frames.make([], frames.SCORES), spend, made.frames["monthly"], read.returns)
    return found, receipts.mark_cells(made.cells, found)


PLACE = ["quarter", "file", "sheet", "cell"]


def test_every_target_and_actual_of_the_real_quarter_has_a_receipt_with_the_cells_own_text() -> None:
    """It has a receipt for each non-blank target and actual of Q2 2016/17, whose text is the source cell's to the letter."""
    found, cells = real()
    figures = cells[(cells["quarter"] == NOW) & cells["field"].isin(["target", "actual"]) & (cells["outcome"] == "used") & (cells["raw"] != "")]
    figures = figures[~figures["reason"].str.contains("heading")]
    both = figures.merge(found, on=PLACE, how="left", validate="one_to_one")
    assert len(figures) == 47 + 50 + 27  # Build, Business and Protect, counted in document 002
    assert both[both["as_typed"] != both["raw"]][[*PLACE, "raw", "as_typed"]].to_numpy().tolist() == []


def test_the_real_receipts_of_a_figure_lead_to_the_words_of_the_report() -> None:
    """It leads from Protect 12 in Q2 2016/17 to the three cells that document 002 prints."""
    found, _ = real()
    of_figure = found[found["figure_id"] == "2016-17-Q2.protect-12"]
    assert of_figure["as_typed"].tolist() == ["12th to 20th in London", "5.33 (26th)", "HR"]


def links(found: pd.DataFrame) -> set[tuple[str, ...]]:
    """Give each (place of a cell, figure) that receipts hold."""
    return {tuple(row) for row in found[[*PLACE, "figure_id"]].to_numpy().tolist()}


def marks(cells: pd.DataFrame) -> set[tuple[str, ...]]:
    """Give each (place of a cell, figure) that marked cells hold."""
    return {(*(row[name] for name in PLACE), figure) for row in frames.rows(cells) for figure in row["figure_id"].split()}


def filled(found: pd.DataFrame) -> pd.DataFrame:
    """Give the receipts of cells that are not blank, as the cells frame lists no blank ones."""
    return found[found["as_typed"] != ""]


@pytest.mark.parametrize("source", [real, real_money], ids=["the scorecards", "the awards"])
def test_marking_cells_is_the_way_back(source: Any) -> None:
    """It marks just the cells that receipts name, with just the figures that they name them for."""
    found, cells = source()
    assert marks(cells) <= links(found)
    assert links(filled(found)) <= marks(cells)


def test_every_receipt_has_the_fingerprint_of_its_file() -> None:
    """It carries the SHA-256 of the return, sixty-four hexadecimal digits, in every receipt."""
    for found, _ in (real(), real_money()):
        assert [value for value in found["sha256"] if len(value) != 64 or set(value) - set("0123456789abcdef")] == []


def test_every_real_amount_has_a_receipt_with_the_cells_own_text() -> None:
    """It receipts seven amounts of each of the 28 awards, and each non-blank one gives the source cell's text to the letter."""
    found, cells = real_money()
    assert len(found) == 28 * 7
    both = filled(found).merge(cells, on=PLACE, how="left", validate="one_to_one")
    assert both[both["as_typed"] != both["raw"]][[*PLACE, "raw", "as_typed"]].to_numpy().tolist() == []


REAL_AMOUNTS = [
    pytest.param("hasvo-integrated-activities", "F17", "£1,600.0 0", "£1,600.00", "split digits joined", id="split pence are joined, and it says so"),
    pytest.param(
        "development-of-partnership-working-capital",
        "D9",
        "\u0422\u0412\u0421",
        "asked for and not known",
        "look-alike letters made Latin",
        id="Cyrillic TBC is read, and it says so",
    ),
    pytest.param("resilience-programme", "D21", "", "not given", "", id="a blank is not given, never zero"),
]


@pytest.mark.parametrize(("project", "address", "as_typed", "read_as", "repairs"), REAL_AMOUNTS)
def test_a_real_amount_shows_each_repair(project: str, address: str, as_typed: str, read_as: str, repairs: str) -> None:
    """It shows an amount as printed in document 001, what it was read as, and what was mended."""
    found, _ = real_money()
    rows = found[(found["figure_id"] == f"{MONEY_QUARTER}.award.round-1-{project}") & (found["cell"] == address)]
    assert rows[["as_typed", "read_as", "repairs"]].to_numpy().tolist() == [[as_typed, read_as, repairs]]
