"""Reward grant: the verdict on each of the 28 awards of 2011, and totals in which unknown is never zero."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis import cleansing, frames, grant, reference, returns

REAL = Path(__file__).resolve().parents[1] / "data"
QUARTER = "2011-12-Q1"
ASKED = ("award", "actual_q1", "forecast_q2", "forecast_q3", "forecast_q4", "total_to_date", "identified_underspend")
REGISTER = pd.DataFrame(
    [["Green Gyms", "Round 1", "capital", ""], ["The Souk", "Round 1", "not stated", "The Souk \u2013 African SANG"]],
    columns=["project", "round", "kind", "return_name"],
    dtype=object,
)


def award(*amounts: str, **more: object) -> dict[str, Any]:
    """Give one award: its seven amounts in the order of the form, "?" for asked for and not known, "" for not given."""
    row: dict[str, Any] = {"project": "Green Gyms", "round": "Round 1", "quarter": QUARTER, "kind": "capital", "theme": "Safer Harrow"}
    for name, amount, letter in zip(ASKED, amounts, "BCDEFGH", strict=True):
        reason = {"?": "asked for and not known", "": "not given"}.get(amount, "")
        row |= {
            f"{name}_raw": amount,
            f"{name}_reason": reason,
            f"{name}_cell": f"{letter}2",
            name: None if reason else Decimal(amount),
            f"{name}_unit": "" if reason else "pounds",
        }
    return row | more


def awards(*rows: dict[str, Any]) -> pd.DataFrame:
    """Give awards as a frame of their contract."""
    return frames.make(list(rows), frames.AWARDS)


def told(*missing: str, quarter: str = QUARTER) -> pd.DataFrame:
    """Give a narrative that names returns as missing."""
    return frames.make(
        [{"quarter": quarter, "file": "n.csv", "row": n, "section": "missing return", "subject": name} for n, name in enumerate(missing)], frames.NARRATIVE
    )


NOT_TOLD = told()
BLANK = dict.fromkeys((f"{name}_{end}" for name in frames.MONEY for end in ("raw", "reason", "cell")), "") | dict.fromkeys(frames.MONEY)


def judged(row: dict[str, Any]) -> dict[str, Any]:
    """Give the one award with its verdict, from a frame that has only what judging looks at."""
    return frames.rows(grant.spend(pd.DataFrame([BLANK | row], dtype=object), NOT_TOLD, REGISTER))[0]


# ---------------------------------------------------------------- one award

VERDICTS = [
    pytest.param(award("10", "1", "2", "3", "1", "3", "1"), "balances", "0", id="total, forecasts and underspend make up the award"),
    pytest.param(award("10", "0", "0", "0", "0", "10", "0"), "balances", "0", id="all spent"),
    pytest.param(award("0", "0", "0", "0", "0", "0", "0"), "balances", "0", id="nothing awarded and nothing spent"),
    pytest.param(award("10", "9", "2", "3", "1", "3", "1"), "balances", "0", id="the quarter's actual is part of the total, not added to it"),
    pytest.param(award("10", "0", "1", "1", "1", "3", "1"), "short", "3", id="three pounds are not accounted for"),
    pytest.param(award("10", "0", "0", "0", "0", "9.99", "0"), "short", "0.01", id="one penny is not accounted for"),
    pytest.param(award("10", "0", "0.01", "0", "0", "10", "0"), "over", "-0.01", id="one penny too much"),
    pytest.param(award("10", "0", "0", "4", "0", "10", "0"), "over", "-4", id="a forecast on top of an award that is spent"),
    pytest.param(award("10", "0", "0", "0", "9", "9", "1"), "double counted", "-9", id="the total to date forecast once more"),
    pytest.param(award("10", "0", "10", "0", "0", "10", "0"), "double counted", "-10", id="the whole award spent and forecast once more"),
    pytest.param(award("10", "0", "0", "0", "9", "9", "2"), "over", "-10", id="a forecast like the total, and still too much without it"),
    pytest.param(award("10", "0", "?", "0", "11", "3", "0"), "over", "-4", id="over by what is known, whatever the unknown is"),
    pytest.param(award("10", "", "", "0", "9", "9", "1"), "double counted", "-9", id="double counted by what is known, as the Resilience Programme"),
    pytest.param(award("10", "0", "?", "0", "0", "10", "0"), "cannot be checked", None, id="an unknown forecast is not zero, though the rest adds up"),
    pytest.param(award("10", "0", "0", "0", "0", "?", "0"), "cannot be checked", None, id="an unknown total to date"),
    pytest.param(award("10", "0", "0", "0", "0", "10", "?"), "cannot be checked", None, id="an unknown underspend"),
    pytest.param(award("10", "0", "", "0", "0", "10", "0"), "cannot be checked", None, id="a blank forecast is not zero"),
    pytest.param(award("?", "0", "0", "0", "0", "10", "0"), "cannot be checked", None, id="an unknown award"),
    pytest.param(award("10", "?", "0", "0", "0", "10", "0"), "balances", "0", id="an unknown quarter's actual stops nothing, being part of the total"),
]


@pytest.mark.parametrize(("row", "verdict", "difference"), VERDICTS)
def test_the_verdict_follows_from_the_spend_identity(row: dict[str, Any], verdict: str, difference: str | None) -> None:
    """It judges award = total to date + remaining forecasts + identified underspend, and gives what the right side lacks."""
    got = judged(row)
    assert (got["verdict"], got["difference"]) == (verdict, None if difference is None else Decimal(difference))


BLOCKED = [
    pytest.param(award("10", "0", "?", "0", "", "5", "0"), ("Quarter 2 forecast (D2: ?)", "Quarter 4 forecast (F2: not given)"), id="two forecasts"),
    pytest.param(award("10", "0", "0", "0", "0", "?", "?"), ("Total spend to date (G2: ?)", "Identified underspend (H2: ?)"), id="total and underspend"),
    pytest.param(award("?", "0", "0", "0", "0", "5", "0"), ("Total grant awarded (B2: ?)",), id="the award itself"),
    pytest.param(award("10", "0", "?", "0", "11", "3", "0"), ("Quarter 2 forecast (D2: ?)",), id="an excess that hides an unknown"),
    pytest.param(award("10", "?", "0", "0", "0", "10", "0"), (), id="nothing, where the quarter's actual is unknown"),
]


@pytest.mark.parametrize(("row", "cells"), BLOCKED)
def test_the_cells_that_stop_the_check_are_named(row: dict[str, Any], cells: tuple[str, ...]) -> None:
    """It names each unknown cell of the identity, and what is typed there."""
    assert judged(row)["blocked_by"] == ", ".join(cells)


def test_a_quarter_to_come_without_a_column_is_unknown() -> None:
    """It cannot check an award where a quarter still to come has no column at all: no column is not a forecast of nothing."""
    later = {f"forecast_q2{end}": value for end, value in (("", None), ("_cell", ""), ("_raw", ""), ("_reason", "not applicable, or no figure"))}
    got = judged(award("10", "0", "0", "3", "2", "5", "0") | later)
    assert (got["verdict"], got["blocked_by"]) == ("cannot be checked", "Quarter 2 forecast (no column: not applicable, or no figure)")


POUNDS = st.decimals(min_value=0, max_value=100000, places=2)


@given(parts=st.lists(POUNDS, min_size=5, max_size=5))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_an_award_that_is_the_sum_of_its_parts_balances_to_the_penny(parts: list[Decimal]) -> None:
    """It balances exactly whatever the pennies are, as pounds are never floats."""
    assert judged(award(str(sum(parts)), "0", *map(str, parts)))["verdict"] == "balances"


@given(parts=st.lists(POUNDS, min_size=5, max_size=5), hidden=st.integers(min_value=0, max_value=4))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_an_award_that_balances_cannot_be_checked_once_a_part_is_unknown(parts: list[Decimal], hidden: int) -> None:
    """It never says balances, short or over on the strength of an amount taken as zero."""
    typed = ["?" if n == hidden else str(part) for n, part in enumerate(parts)]
    assert judged(award(str(sum(parts)), "0", *typed))["verdict"] == "cannot be checked"


# ---------------------------------------------------------------- returns not received


def test_an_award_whose_return_is_missing_is_not_received() -> None:
    """It marks an award whose return is named as missing, and no other."""
    rows = awards(award("10", "0", "0", "0", "0", "10", "0"), award("8", "", "", "", "", "0", "0", project="The Souk"))
    got = grant.spend(rows, told("The Souk \u2013 African SANG", "Green Gardens"), REGISTER)
    assert got[["project", "return_received"]].to_numpy().tolist() == [["Green Gyms", "yes"], ["The Souk", "no"]]


def test_a_return_that_was_missing_in_another_quarter_is_received() -> None:
    """It marks an award of the quarter in which its return is missing only."""
    rows = awards(award("8", "", "", "", "", "0", "0", project="The Souk"), award("8", "0", "0", "0", "0", "8", "0", project="The Souk", quarter="2011-12-Q2"))
    got = grant.spend(rows, told("The Souk \u2013 African SANG"), REGISTER)
    assert got[["quarter", "return_received"]].to_numpy().tolist() == [["2011-12-Q1", "no"], ["2011-12-Q2", "yes"]]


def test_two_rounds_of_a_project_are_two_figures() -> None:
    """It gives an award of each round an id of its own, as one id is one figure."""
    ten = ("10", "0", "0", "0", "0", "10", "0")
    got = grant.spend(awards(award(*ten), award(*ten, round="Round 2")), told(), REGISTER)
    assert got["figure_id"].nunique() == 2


# ---------------------------------------------------------------- totals


def added(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the totals of awards, each a project of its own, from a frame that has only what adding up looks at."""
    texts = ("project", "round", "kind", "theme", *(f"{name}_cell" for name in frames.MONEY))
    looked_at = [dict.fromkeys(texts, "") | dict.fromkeys(frames.MONEY) | row | {"project": f"p{n}"} for n, row in enumerate(rows)]
    return frames.rows(grant.totals(pd.DataFrame(looked_at, columns=[*texts, *frames.MONEY], dtype=object)))


def spent_of(of: Decimal, spent: Decimal | None, **more: str) -> dict[str, Any]:
    """Give one award of which only the sum and what is spent of it are told."""
    return {"round": "Round 1", "kind": "capital", "theme": "Safer Harrow", "award": of, "total_to_date": spent, "identified_underspend": Decimal(0)} | more


BY_THEME = "by theme"
"""The kind of a total over a theme."""


def total(what: str, *rows: dict[str, Any], kind: str = "all", theme: str = "all") -> tuple[Any, ...]:
    """Give (known, number known, number unknown, at least, at most) of one amount, over a kind or over a theme."""
    kind = kind if theme == "all" else BY_THEME
    (row,) = [row for row in added(*rows) if (row["what"], row["kind"], row["theme"]) == (what, kind, theme)]
    return row["known"], row["known_count"], row["unknown_count"], row["at_least"], row["at_most"]


TOTALS = [
    pytest.param([award("10", "0", "0", "0", "0", "4", "0"), award("20", "0", "0", "0", "0", "5.50", "0")], ("9.50", 2, 0, "9.50", "9.50"), id="all known"),
    pytest.param(
        [award("10", "0", "0", "0", "0", "4", "0"), award("20", "0", "0", "0", "0", "?", "0")],
        ("4", 1, 1, "4", "24"),
        id="one unknown lies between nothing and its award",
    ),
    pytest.param(
        [award("10", "0", "0", "0", "0", "?", "0"), award("20", "0", "0", "0", "0", "", "0")], ("0", 0, 2, "0", "30"), id="all unknown, and not zero at most"
    ),
    pytest.param(
        [award("10", "0", "0", "0", "0", "4", "0"), award("?", "0", "0", "0", "0", "?", "0")],
        ("4", 1, 1, "4", None),
        id="an unknown of an unknown award has no most",
    ),
    pytest.param([award("10", "0", "0", "0", "0", "0", "0")], ("0", 1, 0, "0", "0"), id="a known zero is zero"),
]


@pytest.mark.parametrize(("rows", "expected"), TOTALS)
def test_a_total_knows_what_it_does_not_know(rows: list[dict[str, Any]], expected: tuple[Any, ...]) -> None:
    """It gives the known part, how many are unknown, and the range that the whole must lie in."""
    exact = tuple(Decimal(part) if isinstance(part, str) else part for part in expected)
    assert total("Total spend to date", *rows) == exact


def test_an_award_that_is_not_known_has_no_most() -> None:
    """It gives no upper end for awards of which one is unknown."""
    assert total("Total grant awarded", award("10", *"000000"), award("?", *"000000")) == (Decimal(10), 1, 1, Decimal(10), None)


def test_capital_and_revenue_are_kept_apart_and_add_up_to_all() -> None:
    """It totals capital, revenue and not stated each for itself, and all of them together."""
    rows = [award(amount, *"000000", kind=kind) for amount, kind in (("1", "capital"), ("20", "revenue"), ("300", "not stated"), ("4000", "capital"))]
    kinds = {kind: total("Total grant awarded", *rows, kind=kind)[0] for kind in ("capital", "revenue", "not stated", "all")}
    assert kinds == {"capital": Decimal(4001), "revenue": Decimal(20), "not stated": Decimal(300), "all": Decimal(4321)}


def test_rounds_are_kept_apart() -> None:
    """It totals each round for itself."""
    got = grant.totals(awards(award("1", *"000000"), award("2", *"000000", round="Round 2")))
    of_awards = got[(got["what"] == "Total grant awarded") & (got["kind"] == "all") & (got["theme"] == "all")]
    assert of_awards[["round", "known"]].to_numpy().tolist() == [["Round 1", Decimal(1)], ["Round 2", Decimal(2)]]


def test_themes_are_kept_apart_and_add_up_to_all() -> None:
    """It totals each theme for itself over every kind of money, and those that state none together."""
    of_awards = (("1", "Children's Trust"), ("20", "not stated"), ("300", "Safer Harrow"), ("4000", "Children's Trust"))
    rows = [award(amount, *"000000", theme=theme, kind=kind) for (amount, theme), kind in zip(of_awards, ("capital", "revenue") * 2, strict=True)]
    themes = {theme: total("Total grant awarded", *rows, theme=theme)[0] for theme in ("Children's Trust", "Safer Harrow", "not stated", "all")}
    assert themes == {"Children's Trust": Decimal(4001), "Safer Harrow": Decimal(300), "not stated": Decimal(20), "all": Decimal(4321)}


def test_a_theme_knows_what_it_does_not_know() -> None:
    """It counts an unknown amount in its own theme only, from nothing to its award."""
    rows = [award("10", *"0000", "?", "0", theme="Children's Trust"), award("20", *"0000", "5", "0")]
    assert total("Total spend to date", *rows, theme="Children's Trust") == (Decimal(0), 0, 1, Decimal(0), Decimal(10))
    assert total("Total spend to date", *rows, theme="Safer Harrow") == (Decimal(5), 1, 0, Decimal(5), Decimal(5))


def test_totals_come_in_the_order_of_the_page() -> None:
    """It gives all awards first, then capital, revenue and not stated, then the themes by name with those not stated last."""
    kinds = ("not stated", "revenue", "capital")
    got = grant.totals(
        awards(*[award("1", *"000000", kind=kind, theme=theme, project=kind) for kind, theme in zip(kinds, ("not stated", "Z", "A"), strict=True)])
    )
    of_awards = got[got["what"] == "Total grant awarded"]
    expected = [["all", "all"], ["capital", "all"], ["revenue", "all"], ["not stated", "all"], [BY_THEME, "A"], [BY_THEME, "Z"], [BY_THEME, "not stated"]]
    assert of_awards[["kind", "theme"]].to_numpy().tolist() == expected


THEMES = st.sampled_from(("Safer Harrow", "Children's Trust", "not stated"))


@given(money=st.lists(st.tuples(POUNDS, st.one_of(st.none(), POUNDS), THEMES, st.sampled_from(("capital", "revenue"))), min_size=1, max_size=4))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_kinds_and_themes_each_add_up_to_all(money: list[tuple[Decimal, Decimal | None, str, str]]) -> None:
    """It splits what is known, the counts and the range over the kinds, and again over the themes, losing and doubling nothing."""
    rows = [spent_of(of, spent, theme=theme, kind=kind) for of, spent, theme, kind in money]
    spent = [row for row in added(*rows) if row["what"] == "Total spend to date"]
    for name in ("known", "known_count", "unknown_count", "at_least", "at_most"):
        by_theme = sum(row[name] for row in spent if row["kind"] == BY_THEME)
        by_kind = sum(row[name] for row in spent if row["kind"] not in {BY_THEME, "all"})
        (whole,) = [row[name] for row in spent if row["kind"] == "all"]
        assert (by_kind, by_theme) == (whole, whole)


# ---------------------------------------------------------------- a forecast that repeats the total

REPEATED = [
    pytest.param(award("10", "0", "0", "0", "9", "9", "1"), "forecast_q4", id="the fourth quarter's repeats it"),
    pytest.param(award("10", "0", "9", "0", "0", "9", "1"), "forecast_q2", id="the second quarter's repeats it"),
    pytest.param(award("10", "", "", "0", "9", "9", "1"), "forecast_q4", id="a forecast not given beside it, as the Resilience Programme"),
    pytest.param(award("10", "0", "0", "5", "5", "5", "0"), "forecast_q3", id="two are alike: the first, once"),
    pytest.param(award("18", "0", "0", "0", "9", "9", "0"), "", id="alike, and the award needs both"),
    pytest.param(award("10", "0", "0", "0", "9", "9", "2"), "", id="still too much without it"),
    pytest.param(award("10", "0", "0", "0", "9", "9", "0"), "", id="too little without it"),
    pytest.param(award("10", "9", "0", "0", "1", "9", "0"), "", id="the quarter's actual like the total repeats nothing"),
    pytest.param(award("10", "0", "0", "0", "8", "9", "1"), "", id="too much, and no forecast is like the total"),
    pytest.param(award("0", "0", "0", "0", "0", "0", "0"), "", id="nothing forecast and nothing spent are not a repetition"),
    pytest.param(award("10", "0", "0", "0", "?", "?", "10"), "", id="unknown and unknown are not alike"),
    pytest.param(award("?", "0", "0", "0", "9", "9", "1"), "", id="an unknown award tells nothing"),
]


@pytest.mark.parametrize(("row", "expected"), REPEATED)
def test_a_forecast_that_repeats_the_total_is_found(row: dict[str, Any], expected: str) -> None:
    """It names the forecast equal to the total to date without which the award adds up, and none otherwise."""
    assert grant.repeated_forecast(frames.rows(awards(row))[0]) == expected


@given(money=st.lists(st.tuples(POUNDS, st.decimals(min_value=0, max_value=1, places=2), st.booleans()), min_size=1, max_size=4))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_forgetting_a_figure_never_moves_the_range_off_the_truth(money: list[tuple[Decimal, Decimal, bool]]) -> None:
    """It keeps the true total within at least and at most whichever figures are unknown, each being from nothing to its award."""
    spent = [(amount, (amount * share).quantize(Decimal("0.01"), "ROUND_DOWN"), hidden) for amount, share, hidden in money]
    truth = sum((part for _, part, _ in spent), Decimal(0))
    known, _, unknown_count, at_least, at_most = total("Total spend to date", *(spent_of(amount, None if hidden else part) for amount, part, hidden in spent))
    assert at_least <= truth <= at_most
    assert (known, unknown_count) == (truth - sum((part for _, part, hidden in spent if hidden), Decimal(0)), sum(hidden for *_, hidden in spent))


@given(money=st.lists(st.tuples(POUNDS, POUNDS), min_size=1, max_size=3), hidden=st.integers(min_value=0, max_value=4))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_knowing_less_never_narrows_the_range(money: list[tuple[Decimal, Decimal]], hidden: int) -> None:
    """It never raises at least, nor lowers at most, when a known figure within its award becomes unknown."""
    rows = [spent_of(max(pair), min(pair)) for pair in money]
    fewer = [spent_of(max(pair), None if n == hidden % len(money) else min(pair)) for n, pair in enumerate(money)]
    *_, least, most = total("Total spend to date", *rows)
    *_, least_with_less, most_with_less = total("Total spend to date", *fewer)
    assert (least_with_less <= least, most_with_less >= most) == (True, True)


# ---------------------------------------------------------------- the 28 awards of source document 001


@cache
def real() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the real awards of Q1 2011/12 with their verdicts, and as they were returned."""
    registers = reference.load(REAL)
    read = returns.read(REAL, (QUARTER,))
    made = cleansing.build(read.cells, read.entries, registers).frames
    return grant.spend(made["awards"], made["narrative"], registers.awards), made["awards"]


@cache
def real_totals() -> pd.DataFrame:
    """Give the totals of the real awards."""
    return grant.totals(real()[1])


CANNOT = ("cannot be checked", None)
BALANCES = ("balances", "0")
WORKED = {  # project -> verdict and difference, worked by hand from Appendix 1: award against total + forecasts + underspend
    "Children's Health": CANNOT,  # three forecasts ?
    "Young People and Anti Social Behaviour": BALANCES,  # 30,000 = 0 + 12,000 + 9,000 + 9,000
    "Development of Partnership Working (Capital)": CANNOT,  # three forecasts TBC
    "Voluntary Sector Development": BALANCES,  # 2,000 = 1,059 + 941
    "Smoking Cessation \u2013 Revenue": CANNOT,  # three forecasts ?
    "Smoking Cessation \u2013 Capital": CANNOT,  # three forecasts ?
    "Harrow in Business \u2013 Revenue": BALANCES,  # 48,094.38 all spent
    "Harrow in Business \u2013 Capital": CANNOT,  # three forecasts ?
    "The Souk": CANNOT,  # three forecasts blank
    "Third Party Reporting Sites": CANNOT,  # three forecasts blank
    "HASVO Integrated Activities": BALANCES,  # 8,000 = 3,200 + 3 x 1,600
    "Harrow's Heroes": BALANCES,  # 9,000 = 4,409.50 + 2 x 2,295.25
    "Children's Services Transformation": BALANCES,  # 85,000 = 65,637.11 + 12,675.25 + 6,687.64
    "Reablement (LBH) - Revenue": CANNOT,  # three forecasts ?
    "Reablement (NHS)\u2013 Revenue": CANNOT,  # everything ?
    "Reablement \u2013 Capital (LBH)": BALANCES,  # 46,000 = 30,000 + 16,000
    "Reablement \u2013 Capital (NHS)": CANNOT,  # everything ?
    "Local Intelligence Database and JAG - Revenue": ("short", "100"),  # 25,000 against 11,200 + 6,500 + 7,200 = 24,900
    "Local Intelligence Database and JAG - Capital": ("short", "2497.24"),  # 90,000 against 46,502.76 + 1,000 + 40,000 = 87,502.76
    "Media and Communications (Capital)": CANNOT,  # three forecasts ?, underspend TBC
    "Alley Gating (Capital)": BALANCES,  # 17,000 = 8,000 + 3 x 3,000
    "Green Gyms (Capital)": BALANCES,  # 23,000 = 15,000 + 8,000
    "Arts Centre (Capital)": BALANCES,  # 25,000 = 15,328.72 + 3 x 3,223.76
    "Under One Sky": BALANCES,  # 6,000 all spent
    "Dangerous Dogs": BALANCES,  # 13,000 all spent
    "Community Events": ("over", "-0.03"),  # 10,000 against 10,000 + 0.03
    "Resilience Programme": ("double counted", "-49936"),  # 50,000 = 49,936 + 64; the 49,936 is forecast for Q4 once more
    "Council and Health Integration": BALANCES,  # 10,055.36 all spent
}


@pytest.mark.parametrize(("project", "expected"), WORKED.items(), ids=WORKED)
def test_the_verdict_on_a_real_award_is_the_one_worked_by_hand(project: str, expected: tuple[str, str | None]) -> None:
    """It gives the verdict and the difference that Appendix 1 of document 001 gives by hand."""
    verdict, difference = expected
    (row,) = frames.rows(real()[0][real()[0]["project"] == project])
    assert (row["verdict"], row["difference"]) == (verdict, None if difference is None else Decimal(difference))


def test_there_are_28_awards_and_no_other() -> None:
    """It judges the 28 awards of the first round, each once."""
    assert sorted(real()[0]["project"]) == sorted(WORKED)


REAL_BLOCKED = {
    "Media and Communications (Capital)": ["D14", "E14", "F14", "H14"],
    "Resilience Programme": ["D21"],
    "Reablement (NHS)\u2013 Revenue": ["D9", "E9", "F9", "G9", "H9"],
    "Dangerous Dogs": [],
}


@pytest.mark.parametrize(("project", "cells"), REAL_BLOCKED.items(), ids=REAL_BLOCKED)
def test_the_cells_that_stop_a_real_check_are_named(project: str, cells: list[str]) -> None:
    """It names the unknown cells of the return, where the identity cannot be checked."""
    (row,) = frames.rows(real()[0][real()[0]["project"] == project])
    assert sorted(part.split("(")[1].split(":")[0] for part in row["blocked_by"].split(", ") if part) == cells


def test_the_two_returns_not_received_are_three_awards() -> None:
    """It marks The Souk and both NHS Reablement awards, whose returns document 001 names as not received."""
    spend = real()[0]
    assert sorted(spend.loc[spend["return_received"] == "no", "project"]) == ["Reablement (NHS)\u2013 Revenue", "Reablement \u2013 Capital (NHS)", "The Souk"]
    assert set(spend["return_received"]) == {"yes", "no"}


REAL_TOTALS = {  # what, kind -> known, known count, unknown count, at most: added up by hand from Appendix 1
    "everything awarded": ("Total grant awarded", "all", "1601978.97", 28, 0, "1601978.97"),
    "capital awarded": ("Total grant awarded", "capital", "848781.38", 10, 0, "848781.38"),
    "revenue awarded": ("Total grant awarded", "revenue", "443142.23", 5, 0, "443142.23"),
    "awarded without saying which": ("Total grant awarded", "not stated", "310055.36", 13, 0, "310055.36"),
    "spent to date, but for the two NHS awards of 90,000 and 220,000": ("Total spend to date", "all", "576325.62", 26, 2, "886325.62"),
    "underspent, but for the two NHS awards and Media's 110,000": ("Identified underspend", "all", "46751.64", 25, 3, "466751.64"),
    "spent in the quarter, but for the two NHS awards, The Souk's 8,000 and Resilience's 50,000": ("Quarter 1 actual", "all", "81917.53", 24, 4, "449917.53"),
}


REAL_THEMES = {  # theme -> awards and their sum, spent to date, unknown, at most: added up by hand from Appendix 1 and awards.csv
    "Adult Health and Well-being": (8, "688151.21", "250444.62", 2, "560444.62"),  # at most + the 90,000 and 220,000 of the NHS
    "Children's Trust": (2, "160000.00", "71059.93", 0, "71059.93"),  # 5,422.82 + 65,637.11
    "Community Cohesion": (2, "16000.00", "16000.00", 0, "16000.00"),
    "Safer Harrow": (4, "64000.00", "21973.00", 0, "21973.00"),  # 0 + 973 + 8,000 + 13,000
    "Sustainable Development and Enterprise": (2, "96188.76", "61094.38", 0, "61094.38"),  # 48,094.38 + 13,000
    "not stated": (10, "577639.00", "155753.69", 0, "155753.69"),
}


@pytest.mark.parametrize(("theme", "expected"), REAL_THEMES.items(), ids=REAL_THEMES)
def test_the_real_totals_of_a_theme_are_those_added_up_by_hand(theme: str, expected: tuple[int, str, str, int, str]) -> None:
    """It gives each theme of the first round its awards, what is known to be spent of them, and the range."""
    got = real_totals()
    whole, spent = (frames.rows(got[(got["theme"] == theme) & (got["what"] == what)])[0] for what in ("Total grant awarded", "Total spend to date"))
    count, awarded, known, unknown, most = expected
    assert (whole["kind"], whole["known_count"], whole["known"]) == (BY_THEME, count, Decimal(awarded))
    assert (spent["known"], spent["unknown_count"], spent["at_most"]) == (Decimal(known), unknown, Decimal(most))


@pytest.mark.parametrize(("what", "kind", "known", "known_count", "unknown_count", "at_most"), REAL_TOTALS.values(), ids=REAL_TOTALS)
def test_the_real_totals_are_those_added_up_by_hand(what: str, kind: str, known: str, known_count: int, unknown_count: int, at_most: str) -> None:
    """It gives the known part of the first round, how many are unknown, and the range."""
    got = real_totals()
    (row,) = frames.rows(got[(got["what"] == what) & (got["kind"] == kind) & (got["theme"] == "all")])
    expected = [Decimal(known), known_count, unknown_count, Decimal(known), Decimal(at_most)]
    assert [row[name] for name in ("known", "known_count", "unknown_count", "at_least", "at_most")] == expected


# ---------------------------------------------------------------- frames


def test_judging_and_adding_up_leave_the_arguments_alone() -> None:
    """It changes none of the frames that it is given."""
    given_frames = (awards(award("10", "0", "?", "0", "", "5", "0")), told("The Souk \u2013 African SANG"), REGISTER.copy(deep=True))
    before = [frame.copy(deep=True) for frame in given_frames]
    grant.spend(*given_frames)
    grant.totals(given_frames[0])
    for frame, copy in zip(given_frames, before, strict=True):
        assert_frame_equal(frame, copy)


def test_judging_changes_no_amount() -> None:
    """It gives every amount, reason and cell of the return as it came."""
    same = [name for name in frames.AWARDS.columns if name != "return_received"]
    assert_frame_equal(real()[0][same], real()[1][same])


def test_no_awards_give_no_totals() -> None:
    """It gives empty frames of their contracts where there are no awards."""
    assert (len(grant.spend(awards(), told(), REGISTER)), len(grant.totals(awards()))) == (0, 0)
