"""Checks of data quality that run every time: what each passes, finds and cannot look at, its limit, and the real returns."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis import checking, cleansing, frames, quality, reference, returns, scoring, trends
from analysis.errors import RegisterError
from analysis.quality import against_history

REAL = Path(__file__).resolve().parents[1] / "data"
LAST_YEAR, Q1, Q2, Q3 = "2015-16-Q4", "2016-17-Q1", "2016-17-Q2", "2016-17-Q3"
MEASURES = ("measure_id", "decimals")
CHANGES = ("check", "severity", "limit", "why")
Case = dict[str, Any]
Row = dict[str, Any]

# ---------------------------------------------------------------- small returns, made by hand


def number(text: str) -> Decimal:
    """Give the figure that a text stands for, as the returns write it."""
    return Decimal(text.strip("£%").replace(",", ""))


def figure(actual: str, target: str = "", quarter: str = Q2, n: int = 1, **more: Any) -> Row:
    """Give a measure's figure as it is read: measure n stands in row n + 1, its target in E and its actual in F; "" is not given."""
    made: Row = {"measure_id": f"Build {n}", "quarter": quarter, "file": "build.csv", "sheet": "Card", "row": n + 1, "partner": "The Council"}
    made |= {"unit": "percent", "kind": "rate", "polarity": "higher", "target_raw": target, "actual_raw": actual}
    for name, text, letter in (("target", target, "E"), ("actual", actual, "F")):
        made[f"{name}_cell"] = f"{letter}{n + 1}"
        if text:
            made |= {f"{name}_unit": more.get("unit", "percent"), f"{name}_decimals": len(text.strip("%").partition(".")[2])}
    made |= {"actual": number(actual) if actual else None}
    made |= dict.fromkeys(("target_low", "target_high"), number(target) if target else None)
    return made | more


def figures(actuals: str, targets: str = "", quarter: str = Q2, **more: Any) -> list[Row]:
    """Give a figure of each of several measures."""
    given_ = actuals.split()
    wanted = targets.split() or [""] * len(given_)
    return [figure(actual, target, quarter, n, **more) for n, (actual, target) in enumerate(zip(given_, wanted, strict=True), start=1)]


def point(lower: str, upper: str, signal: str, quarter: str = Q2) -> Row:
    """Give one point of the process chart of measure 1."""
    return {"what": "measure", "series_id": "Build 1", "period": quarter, "lower": Decimal(lower), "upper": Decimal(upper), "signal": signal, "counted": True}


BEFORE = [point("1", "2", "", quarter) for quarter in ("2014-15-Q3", "2014-15-Q4", "2015-16-Q1", "2015-16-Q2", "2015-16-Q3", LAST_YEAR, Q1)]
"""Seven points of quarters before."""
LIMITED = [*BEFORE[:-1], point("80.46", "90.54", "", Q1)]
"""The same, with other limits at the last of them: those that the next figure is held against."""
UNMATCHED = "figures of nothing, or without a past or a target in their unit, or in a unit without a multiple"


def heading(text: str, quarter: str = Q2, column: int = 1, **more: Any) -> Row:
    """Give a cell of the line of headings, line 7."""
    where = {"quarter": quarter, "file": "build.csv", "sheet": "Card", "row": 7, "column": column, "cell": f"{'ABCDEFGH'[column - 1]}7"}
    return where | {"raw": text, "form": "performance", "field": "heading", "outcome": "used"} | more


def line(text: str, quarter: str = Q2, **more: Any) -> list[Row]:
    """Give a whole line of headings."""
    return [heading(name, quarter, column, **more) for column, name in enumerate(text.split("|"), start=1)]


GRANT = {"file": "grant.csv", "sheet": "Spend"}


def total(text: str) -> list[Row]:
    """Give the heading and the total line of the column of awards in a table of grant."""
    about = GRANT | {"quarter": Q2, "form": "grant spend", "column": 2}
    return [
        about | {"row": 6, "cell": "B6", "raw": "Award", "field": "award", "outcome": "used"},
        about | {"row": 9, "cell": "B9", "raw": text, "field": "", "outcome": "ignored", "reason": "total line: totals are recomputed"},
    ]


def award(text: str, n: int = 1, **more: Any) -> Row:
    """Give an award as read: "?" for not known."""
    made: Row = GRANT | {"quarter": Q2, "project": f"Project {n}", "round": "Round 1", "row": 6 + n, "award_raw": text, "award_cell": f"B{6 + n}"}
    return made | ({"award": number(text), "award_unit": "pounds"} if text.strip("?") else {"award_reason": "asked for and not known"}) | more


def table(columns: tuple[str, ...], rows: list[dict[str, str]]) -> pd.DataFrame:
    """Give a register: what a row leaves out is blank."""
    return pd.DataFrame([{name: row.get(name, "") for name in columns} for row in rows], columns=list(columns), dtype=object)


@cache
def partnership() -> reference.Registers:
    """Give the real registers, of which tests put others in the place of those of quality."""
    return reference.load(REAL)


@cache
def blank(name: str) -> pd.DataFrame:
    """Give a frame of a contract without any row."""
    return frames.make([], frames.CONTRACTS[name])


def case(*rows: Row | list[Row], quarter: str = Q2, **more: Any) -> Case:
    """Give what is checked: figures, and by name process, cells, awards, monthly, measures and changes."""
    return {"rows": [each for row in rows for each in (row if isinstance(row, list) else [row])], "quarter": quarter} | more


def evidence(of: Case) -> quality.Evidence:
    """Give the evidence of a case."""
    registers = replace(partnership(), measures=table(MEASURES, of.get("measures", [])), quality_checks=table(CHANGES, of.get("changes", [])))
    made = {name: frames.make(of[name], frames.CONTRACTS[name]) if name in of else blank(name) for name in ("monthly", "awards", "cells", "process")}
    return quality.Evidence(frames.make(of["rows"], frames.OBSERVATIONS), **made, registers=registers, quarter=of["quarter"])


def checked(name: str, of: Case, **change: str) -> tuple[list[Row], Row]:
    """Give the issues of one check and its row of results; a change is the register's."""
    register = table(CHANGES, [{"check": name} | change] if change else [])
    issues, results = checking.run({name: quality.CHECKS[name]}, evidence(of), Q2, register, frames.QUALITY_CHECKS)
    (result,) = frames.rows(results)
    return frames.rows(issues), result


# ---------------------------------------------------------------- every check: passes, finds, cannot look

CARD = "No|Measure|Target|Actual|RAG status"
COUNT = {"unit": "number"}
HEAPED = "10 15 20 25 30 11 12 13 14 16"
"""Ten counts, of which five end in 0 or 5."""

PASSES = {
    "percentages are possible": case(figures("0% 100% 50.5%")),
    "a part is within its whole": case(figure("100%", actual_numerator=58, actual_denominator=58)),
    "decimals are as registered": case(figure("98.5%"), measures=[{"measure_id": "Build 1", "decimals": "1"}]),
    "the period is the quarter's": case(figure("98.5%", data_period="Jul 16 to Sept 16")),
    "totals foot": case(awards=[award("£600.50"), award("£399.50", 2)], cells=total("£1,000")),
    "figures are typed as figures": case(figure("98.5%", actual_repairs="spaces made plain; dashes made plain")),
    "headings stay": case(cells=line(CARD, Q1) + line(CARD)),
    "one unit as before": case(figure("98.5%"), figure("98.1%", quarter=Q1), figure("97%", quarter=LAST_YEAR)),
    "cumulative figures never fall": case(figure("120", quarter=Q1, kind="cumulative", **COUNT), figure("120", kind="cumulative", **COUNT)),
    "targets stay within the year": case(figure("1%", "90%", Q1), figure("2%", "90.0%")),
    "figures are within their past": case(figure("90%"), process=LIMITED),
    "figures move on": case(figure("98.5%", quarter=Q1), figure("98.4%")),
    "a return is not last quarter's": case(figures("1% 2% 3% 4% 5%", quarter=Q1), figures("1% 2% 9% 9% 9%")),
    "figures do not bunch at target": case(figures("1% 2% 3% 4% 5% 6% 7% 8% 9% 10%", "1% 2% 3% 5% 6% 7% 8% 9% 10% 11%")),  # three of ten
    "figures do not heap": case(figures(HEAPED, kind="snapshot", **COUNT)),
    "no two measures are one": case(figures("98.5% 98.5% 97.5%", "90% 91% 90%")),
}  # fmt: skip

PERIOD = "Send this quarter's figure, or correct the period."
LOST = "the quarter before and"
PURPOSE = "not there now. Left out on purpose?"
SINCE = "is it the quarter's alone, or was the earlier figure corrected?"
CHANGED = "Who agreed to change it within the year?"
CHANCE = "end in 0 or 5; one in five would by chance. Are they estimates?"
WHOLE = {"measure_id": "Build 1", "decimals": "0"}
COPIED = "Has a row been copied?"
SMALL = "a share of one instead of a percentage"

FOUND = {  # check, case, file, cell, as typed, read as, message: all worked by hand
    "more than all": (
        "percentages are possible", case(figure("100.01%")), "build.csv", "F2", "100.01%", "100.01",
        "Build 1: a percentage of 100.01% cannot be, unless it is a change. Is it a count, or a slip of the point?",
    ),
    "less than nothing": (
        "percentages are possible", case(figure("-0.5%", "90%")), "build.csv", "F2", "-0.5%", "-0.5",
        "Build 1: a percentage of \u22120.5% cannot be, unless it is a change. Is it a count, or a slip of the point?",
    ),
    "a part above its whole": (
        "a part is within its whole", case(figure("96.7%", actual_numerator=60, actual_denominator=58)), "build.csv", "F2", "96.7%", "96.7",
        "Build 1: 60 is more than the whole it is part of, 58. Have the two changed places?",
    ),
    "decimals beyond the register": (
        "decimals are as registered", case(figure("98.55%"), measures=[WHOLE]), "build.csv", "F2", "98.55%", "98.55",
        "Build 1: 98.55% has 2 decimals; by the register it has 0. Is it another figure, or another unit?",
    ),
    "decimals beyond the past": (
        "decimals are as registered", case(figure("98.55%"), [figure("98%", quarter=of) for of in (Q1, LAST_YEAR, "2015-16-Q3")]), "build.csv", "F2", "98.55%", "98.55",
        "Build 1: 98.55% has 2 decimals; by its past it has 0. Is it another figure, or another unit?",
    ),
    "a quarter old": (
        "the period is the quarter's", case(figure("9%", data_period="Apr 16 to June 16")), "build.csv", "F2", "9%", "9",
        f"Build 1: says it is of Apr 16 to June 16, 1 quarter before Q2 2016/17; the register allows 0. {PERIOD}",
    ),
    "two quarters old, and one allowed": (
        "the period is the quarter's", case(figure("9%", data_period="Q4 2015/16", arrears=1)), "build.csv", "F2", "9%", "9",
        f"Build 1: says it is of Q4 2015/16, 2 quarters before Q2 2016/17; the register allows 1. {PERIOD}",
    ),
    "a quarter to come": (
        "the period is the quarter's", case(figure("9%", data_period="Oct 16 to Dec 16")), "build.csv", "F2", "9%", "9",
        "Build 1: says it is of Oct 16 to Dec 16, which is after Q2 2016/17. Correct the period.",
    ),
    "a total a penny off": (
        "totals foot", case(awards=[award("£600.50"), award("£399.49", 2)], cells=total("£1,000")), "grant.csv", "B9", "£1,000", "",
        "the total line says £1,000.00; its rows come to £999.99. The sum of the rows is used.",
    ),
    "a figure with a letter in it": (
        "figures are typed as figures", case(figure("90%", actual_raw="9O%", actual_repairs="look-alike letters")), "build.csv", "F2", "9O%", "90",
        "'9O%' was read after a repair: look-alike letters. Type it as a plain figure.",
    ),
    "an award that is split": (
        "figures are typed as figures", case(awards=[award("£1,600.00", award_raw="£1,600.0 0", award_repairs="dashes made plain; split digits joined")]), "grant.csv", "B7", "£1,600.0 0", "1600.00",
        "'£1,600.0 0' was read after a repair: dashes made plain; split digits joined. Type it as a plain figure.",
    ),
    "a heading lost": (
        "headings stay", case(cells=line(CARD, Q1) + line(" no |MEASURE|Target|Actual")), "build.csv", "7:7", "", "",
        f"'RAG status' was a heading {LOST} is {PURPOSE}",
    ),
    "two headings lost": (
        "headings stay", case(cells=line(f"{CARD}|Q1 2016/17", Q1) + line("No|Measure|Target")), "build.csv", "7:7", "", "",
        f"'Actual', 'RAG status' were headings {LOST} are {PURPOSE}",
    ),
    "a share of one after percentages": (
        "one unit as before", case(figure("0.985%"), figure("98.7%", quarter=Q1), figure("98.5%", quarter=LAST_YEAR)), "build.csv", "F2", "0.985%", "0.985",
        f"Build 1: 0.985%, but it is 98.5% as a rule: was it typed as {SMALL}?",
    ),
    "a share of one beside its target": (
        "one unit as before", case(figure("0.9%", "90%"), figure("0.95%", quarter=Q1)), "build.csv", "F2", "0.9%", "0.9",
        f"Build 1: 0.9%, but its target is 90%: was it typed as {SMALL}?",
    ),
    "a hundred times as much": (
        "one unit as before", case(figure("50%", "0.5%")), "build.csv", "F2", "50%", "50",
        "Build 1: 50%, but its target is 0.5%: is its unit another one, 100 times as small?",
    ),
    "minutes for seconds": (
        "one unit as before", case(figure("2", "120", unit="seconds")), "build.csv", "F2", "2", "2",
        "Build 1: 00:02, but its target is 02:00: was it typed in minutes instead of seconds?",
    ),
    "thousands for pounds": (
        "one unit as before", case(figure("£5", "£5,000", unit="pounds")), "build.csv", "F2", "£5", "5",
        "Build 1: £5.00, but its target is £5,000.00: was it typed in thousands instead of pounds?",
    ),
    "thousands for single things": (
        "one unit as before", case(figure("35.5", "33,000", **COUNT)), "build.csv", "F2", "35.5", "35.5",
        "Build 1: 35.5, but its target is 33,000: was it typed in thousands instead of single things?",
    ),
    "a fall within the year": (
        "cumulative figures never fall", case(figure("120", quarter=Q1, kind="cumulative", **COUNT), figure("119.99", kind="cumulative", **COUNT)), "build.csv", "F2", "119.99", "119.99",
        f"Build 1 grows over the year, but falls from 120 in Q1 2016/17 to 119.99: {SINCE}",
    ),
    "a target raised": (
        "targets stay within the year", case(figure("1%", "90%", Q1), figure("2%", "93%")), "build.csv", "E2", "93%", "",
        f"Build 1: the target was 90% in Q1 2016/17 and is 93% now. {CHANGED}",
    ),
    "a target become a range": (
        "targets stay within the year", case(figure("1%", "15%", Q1), figure("2%", "15%", target_raw="7-15%", target_low=Decimal(7))), "build.csv", "E2", "7-15%", "",
        f"Build 1: the target was 15% in Q1 2016/17 and is 7-15% now. {CHANGED}",
    ),
    "a target become a rule": (
        "targets stay within the year",
        case(figure("1%", "15%", Q1), figure("2%", target_raw="Year on year reduction", target_rule="year on year")), "build.csv", "E2", "Year on year reduction", "",
        f"Build 1: the target was 15% in Q1 2016/17 and is Year on year reduction now. {CHANGED}",
    ),
    "outside its limits": (
        "figures are within their past", case(figure("97%"), process=LIMITED), "build.csv", "F2", "97%", "97",
        "Build 1: 97% is outside 80.5% to 90.5%, the limits of its own past. Is the figure right, before it is explained?",
    ),
    "the same again": (
        "figures move on", case(figure("98.5%", quarter=Q1), figure("98.50%")), "build.csv", "F2", "98.50%", "98.50",
        "Build 1: 98.50% is exactly the figure of Q1 2016/17. Has it been copied forward?",
    ),
    "the same parts again": (
        "figures move on", case(figure("98.5%", quarter=Q1, actual_numerator=197, actual_denominator=200), figure("98.5%", actual_numerator=197, actual_denominator=200)),
        "build.csv", "F2", "98.5%", "98.5", "Build 1: 98.5% is exactly the figure of Q1 2016/17. Has it been copied forward?",
    ),
    "the same, its parts left out": (
        "figures move on", case(figure("98.5%", quarter=Q1, actual_numerator=197, actual_denominator=200), figure("98.5%")), "build.csv", "F2", "98.5%", "98.5",
        "Build 1: 98.5% is exactly the figure of Q1 2016/17. Has it been copied forward?",
    ),
    "half a return the same": (
        "a return is not last quarter's", case(figures("1% 2% 3% 4% 5% 6%", quarter=Q1), figures("1% 2% 3% 9% 9% 9%")), "build.csv", "", None, None,
        "3 of its 6 figures known in both quarters are exactly those of Q1 2016/17. Is it last quarter's return?",
    ),
    "four of ten at target": (
        "figures do not bunch at target", case(figures("1% 2% 3% 4% 5% 6% 7% 8% 9% 10%", "1% 2% 3% 4.0% 6% 7% 8% 9% 10% 11%")), "build.csv", "", None, None,
        "4 of 10 figures of The Council are exactly their targets. Are they measured, or filled in?",
    ),
    "six of ten heaped": (
        "figures do not heap", case(figures(HEAPED.replace("11", "35"), kind="quarter count", **COUNT)), "build.csv", "", None, None, f"6 of 10 counts of The Council {CHANCE}",
    ),
    "heaped by nobody": (
        "figures do not heap", case(figures(HEAPED.replace("11", "35"), kind="quarter count", partner="", **COUNT)), "build.csv", "", None, None,
        f"6 of 10 counts of a partner who is not named {CHANCE}",
    ),
}  # fmt: skip
SEVERITIES = {
    "decimals are as registered", "figures are typed as figures", "figures are within their past", "figures move on", "figures do not bunch at target",
    "figures do not heap", "no two measures are one",
}  # fmt: skip
"""The checks whose findings are for the record; those of the others are advisories."""
OF_ROWS = {
    "percentages are possible",
    "a part is within its whole",
    "decimals are as registered",
    "the period is the quarter's",
    "totals foot",
    "figures are typed as figures",
}
OF_MANY = {"figures do not bunch at target", "figures do not heap", "no two measures are one"}
TWO_ALIKE = case(figures("98.5% 98.5% 98.4%", "90% 90% 90%"))

FEW = "of a kind that limits mean nothing for"
NOT_RUN = {  # check, case, why, how many
    "a period in words": ("the period is the quarter's", case(figure("1%", data_period="last summer")), "a period that is not a quarter or a year", 1),
    "a row not known": ("totals foot", case(awards=[award("£5"), award("?", 2)], cells=total("£5")), "B9: 1 of its rows not known", 1),
    "a total that is no figure": ("totals foot", case(awards=[award("£5")], cells=total("about five")), "B9: its total cannot be read", 1),
    "a return that is new": ("headings stay", case(cells=line(CARD)), "build.csv: no return of this name the quarter before", 1),
    "neither past nor target": ("one unit as before", case(figures("1% 2%")), UNMATCHED, 2),
    "one figure before, and no target": ("one unit as before", case(figure("1%"), figure("90%", quarter=Q1)), UNMATCHED, 1),
    "a past of nothing": (
        "one unit as before", case(figure("1%", "50%"), figure("0%", quarter=Q1), figure("0%", quarter=LAST_YEAR)), UNMATCHED, 1,
    ),
    "a figure of nothing": ("one unit as before", case(figure("0%", "50%")), UNMATCHED, 1),
    "six figures before": (
        "figures are within their past", case(figures("97% 5%"), process=[*BEFORE[1:], point("80", "90", "outside limits")]), f"figures with fewer than 7 before them, or {FEW}", 2,
    ),
    "four figures in both quarters": (
        "a return is not last quarter's", case(figures("1% 2% 3% 4%", quarter=Q1), figures("1% 2% 3% 4% 5%")), "build.csv: fewer than 5 figures known in both quarters", 1,
    ),
    "nine figures with a target": (
        "figures do not bunch at target", case(figures("1% 2% 3% 4% 5% 6% 7% 8% 9%", "1% 2% 3% 4% 5% 6% 7% 8% 9%"), figure("7%", n=10)), "The Council: fewer than 10 figures with a target", 1,
    ),
    "nine counts of ten or more": (
        "figures do not heap", case(figures("10 15 20 25 30 35 40 45 50 9", kind="snapshot", partner="", **COUNT)), "no partner named: fewer than 10 counts of 10 or more", 1,
    ),
}  # fmt: skip

WITHOUT = {  # what has nothing to be held against, and is told by no check: 1 should be not examined
    "decimals that nobody set": ("decimals are as registered", case(figure("98.55%"))),
    "a cumulative figure without the one before": ("cumulative figures never fall", case(figure("120", kind="cumulative", **COUNT))),
    "a target without the one before": ("targets stay within the year", case(figure("1%", "90%"))),
    "a figure without the one before": ("figures move on", case(figure("98.5%"))),
}


def test_every_check_has_its_cases() -> None:
    """It has for each of the 16 checks a case that passes and one that is found."""
    assert len(quality.CHECKS) == 16
    assert set(PASSES) == set(quality.CHECKS) == {name for name, *_ in FOUND.values()} | {"no two measures are one"}


@pytest.mark.parametrize(("name", "of"), PASSES.items(), ids=PASSES)
def test_a_check_passes_what_is_right(name: str, of: Case) -> None:
    """It counts what it looked at, and finds nothing where nothing is wrong, to the very edge of its limit."""
    found, result = checked(name, of)
    assert (found, result["result"], result["found"], result["examined"] > 0, result["not_examined"]) == ([], "passed", 0, True, 0)


@pytest.mark.parametrize(("name", "of", "file", "cell", "typed", "read_as", "message"), FOUND.values(), ids=FOUND)
def test_a_check_finds_what_is_wrong(name: str, of: Case, file: str, cell: str, typed: str | None, read_as: str | None, message: str) -> None:
    """It tells what is wrong, once, with its severity, file, cell, what is typed there, and what to ask."""
    (issue,), result = checked(name, of)
    severity = "info" if name in SEVERITIES else "advisory"
    stage = "row" if name in OF_ROWS else "between returns" if name in OF_MANY else "between quarters"
    sheet = "" if not cell else "Spend" if file == "grant.csv" else "Card"
    expected = {"quarter": Q2, "file": file, "sheet": sheet, "cell": cell, "stage": stage, "severity": severity, "rule": name, "message": message}
    told = {} if typed is None else {"as_typed": typed, "read_as": read_as}
    assert {key: issue[key] for key in (expected | told)} == expected | told
    assert (result["result"], result["found"], result["severity"]) == ("found 1", 1, severity)


def test_two_rows_that_are_one_are_both_told() -> None:
    """It names each of two measures with one target and one actual, and with whom it shares them."""
    issues, result = checked("no two measures are one", TWO_ALIKE)
    both = "target 90% and actual 98.5% are also those of"
    assert [(issue["cell"], issue["message"]) for issue in issues] == [
        ("F2", f"Build 1: {both} Build 2. {COPIED}"),
        ("F3", f"Build 2: {both} Build 1. {COPIED}"),
    ]
    assert (result["examined"], result["found"], result["severity"], issues[0]["stage"]) == (3, 2, "info", "between returns")


def test_what_is_found_is_examined_once() -> None:
    """It counts a repaired figure once among those examined, beside its target and the figure that is not given."""
    of = case(figure("90%", "95%", actual_raw="9O%", actual_repairs="look-alike letters"), figure("", n=2))
    result = checked("figures are typed as figures", of)[1]
    assert (result["examined"], result["found"], result["not_examined"]) == (2, 1, 0)


def test_a_zero_at_the_end_makes_no_other_figure() -> None:
    """It takes 98.5 and 98.50 for one figure."""
    assert checked("no two measures are one", case(figures("98.5% 98.50%", "90% 90%")))[1]["found"] == 2


@pytest.mark.parametrize(("name", "of", "why", "many"), NOT_RUN.values(), ids=NOT_RUN)
def test_a_check_says_why_it_cannot_look(name: str, of: Case, why: str, many: int) -> None:
    """It is not run, and neither passed nor found, where what it needs is not known, and says what that is and how often."""
    found, result = checked(name, of)
    assert (found, result["result"], result["why_not"], result["examined"], result["not_examined"]) == ([], "not run", why, 0, many)


@pytest.mark.parametrize(("name", "of"), WITHOUT.values(), ids=WITHOUT)
def test_what_cannot_be_examined_is_told(name: str, of: Case) -> None:
    """It tells a figure that it has nothing to hold against as not examined: what cannot be examined is told, never passed."""
    _, result = checked(name, of)
    assert (result["result"], result["examined"], result["not_examined"]) == ("not run", 0, 1)


@pytest.mark.parametrize("rows", [[], figures("98.5% 50%", "90% 60%", Q1)], ids=["no returns at all", "none of the quarter"])
def test_where_there_is_nothing_nothing_is_checked(rows: list[Row]) -> None:
    """It says of every check that there was nothing to check, in its order, where the quarter has no return."""
    issues, results = quality.check(evidence(case(rows)))
    assert (len(issues), set(results["result"]), results["check"].tolist()) == (0, {"nothing to check"}, list(quality.CHECKS))


@pytest.mark.parametrize("name", ["a return is not last quarter's", "figures do not bunch at target", "figures do not heap"])
def test_a_finding_about_many_figures_quotes_no_cell(name: str) -> None:
    """It quotes nothing as typed where it is about no cell."""
    ((issue,), _) = next(checked(name, of) for one, of, *_ in FOUND.values() if one == name)
    assert (issue["as_typed"], issue["read_as"]) == ("", "")


# ---------------------------------------------------------------- where a check must keep silent, or must not

MONTHS = {"data_period": "Apr 16 to Jun 16"}
SILENT = {
    "a target for a change": ("percentages are possible", case(figure("-18%", "-20%"))),
    "a past of changes": ("percentages are possible", case(figure("-18%"), figure("-20%", quarter=Q1))),
    "a rate above all": ("percentages are possible", case(figure("110%", "105%"))),
    "not a percentage": ("percentages are possible", case(figure("101", actual_unit="number"))),
    "as late as the register allows": ("the period is the quarter's", case(figure("1%", arrears=1, **MONTHS))),
    "a year to the quarter": ("the period is the quarter's", case(figure("1%", data_period="Oct 15 to Sep 16"))),
    "a cumulative figure starts anew": (
        "cumulative figures never fall", case(figure("500", quarter=LAST_YEAR, kind="cumulative", **COUNT), figure("5", quarter=Q1, kind="cumulative", **COUNT), quarter=Q1),
    ),
    "a rate falls": ("cumulative figures never fall", case(figure("90%", quarter=Q1), figure("5%"))),
    "a new year's target": ("targets stay within the year", case(figure("1%", "90%", LAST_YEAR), figure("2%", "93%", Q1), quarter=Q1)),
    "a target that grows": ("targets stay within the year", case(figure("1", "64", Q1, kind="cumulative"), figure("2", "100", kind="cumulative"))),
    "a quarter's target": ("targets stay within the year", case(figure("1", "64", Q1, kind="quarter count"), figure("2", "10", kind="quarter count"))),
    "a heading with a date": ("headings stay", case(cells=line("No|Actual Q1 2016/17", Q1) + line("No|Actual Q2 2016/17"))),
    "two digits the same": ("figures move on", case(figure("98%", quarter=Q1), figure("98%"))),
    "a round number the same": ("figures move on", case(figure("1200", quarter=Q1, **COUNT), figure("1200", **COUNT))),
    "a figure of another numerator and denominator": (
        "figures move on", case(figure("98.6%", quarter=Q1, actual_numerator=8073, actual_denominator=8190), figure("98.6%", actual_numerator=8401, actual_denominator=8523)),
    ),
    "a figure of another denominator": (
        "figures move on", case(figure("33.3%", quarter=Q1, actual_numerator=1, actual_denominator=3), figure("33.3%", actual_numerator=1, actual_denominator=4)),
    ),
    "a yearly figure the same": ("figures move on", case(figure("98.5%", quarter=Q1, kind="annual"), figure("98.5%", kind="annual"))),
    "a figure in arrears the same": ("figures move on", case(figure("98.5%", quarter=Q1, arrears=1), figure("98.5%", arrears=1))),
    "no target, and the same in another return": ("no two measures are one", case(figure("98.5%"), figure("98.5%", n=2, file="other.csv"))),
    "small numbers alike": ("no two measures are one", case(figures("98% 98%", "90% 90%"))),
    "targets of nothing met": ("figures do not bunch at target", case(figures("0% 0% 0% 0% 5% 6% 7% 8% 9% 10% 4% 3% 2% 1%", "0% 0% 0% 0% 6% 7% 8% 9% 10% 11% 5% 2% 3% 2%"))),
    "percentages that end in 0": ("figures do not heap", case(figures("10% 20% 30% 40% 50% 60% 70% 80% 90% 15%", kind="snapshot"))),
    "a range for an actual": ("percentages are possible", case(figure("", actual_raw="90-110%", actual_low=Decimal(90), actual_high=Decimal(110)))),
}  # fmt: skip


@pytest.mark.parametrize(("name", "of"), SILENT.values(), ids=SILENT)
def test_a_check_keeps_silent_about_the_plausible(name: str, of: Case) -> None:
    """It raises no alarm about what a careful analyst would pass."""
    assert checked(name, of)[0] == []


MISSED = {  # check, case, why it is missed
    "a target withdrawn within the year": ("targets stay within the year", case(figure("91%", "95%", Q1), figure("21%", target_raw="-"))),
    "an impossible percentage with a yearly rule": (
        "percentages are possible",
        case(figure("433%", target_raw="Year on year reduction", target_rule="year on year")),
    ),
    "one target written in two ways": ("no two measures are one", case(figures("98.5% 98.5%", "90% 90.0%"))),
    "fewer decimals than registered": ("decimals are as registered", case(figure("98%"), measures=[{"measure_id": "Build 1", "decimals": "1"}])),
}


@pytest.mark.parametrize(("name", "of"), MISSED.values(), ids=MISSED)
def test_what_a_check_says_it_looks_for_is_found(name: str, of: Case) -> None:
    """It finds what its own words say that it looks for."""
    assert len(checked(name, of)[0]) > 0


def test_a_year_is_a_period() -> None:
    """It looks at a figure of the financial year before: by the end of Q2 it is two quarters old."""
    _, result = checked("the period is the quarter's", case(figure("1%", data_period="2015/16")))
    assert (result["examined"], result["found"]) == (1, 1)


def test_an_award_not_given_leaves_a_total_open() -> None:
    """It cannot say what a total line should come to where a row is blank: unknown is never zero."""
    _, result = checked("totals foot", case(awards=[award("£5"), award("", 2, award_reason="not given")], cells=total("£9")))
    assert (result["result"], result["why_not"]) == ("not run", "B9: 1 of its rows not known")


def test_a_return_with_another_sheet_did_come() -> None:
    """It does not say that no return of a name came the quarter before, where only its sheet was renamed."""
    _, result = checked("headings stay", case(cells=line(CARD, Q1, sheet="Q1") + line(CARD, sheet="Q2")))
    assert "no return of this name" not in result["why_not"]


def test_a_rank_is_no_usual_figure() -> None:
    """It does not hold 0.012 against a target from the 12th to the 20th place, which is of another unit than the figure."""
    ranks = {"target_raw": "12th to 20th in London", "target_low": Decimal(12), "target_high": Decimal(20), "target_unit": "rank"}
    assert checked("one unit as before", case(figure("0.012", unit="number", actual_unit="number") | ranks))[0] == []


PAST = [f"{year}-{year % 100 + 1:02d}-Q{n}" for year in (2012, 2013, 2014, 2015) for n in range(1, 5)]


def charted(percents: str, at: int) -> quality.Evidence:
    """Give the evidence of one measure over some quarters, with its process chart, as it is at one of them."""
    rows = [figure(f"{text}%", "9%", quarter, policy="five-band") for quarter, text in zip(PAST, percents.split(), strict=False)]
    observations = frames.make(rows, frames.OBSERVATIONS)
    before = observations[observations["quarter"] < PAST[at]].reset_index(drop=True)
    points = trends.measure_points(scoring.score(before, partnership().policies), partnership().adjustments)
    return replace(evidence(case(quarter=PAST[at])), observations=observations, process=points)


def outside(of: quality.Evidence) -> int:
    """Give how many figures are outside the limits of their past."""
    return len(against_history.figures_are_within_their_past(of, Decimal(7)).found)


@pytest.mark.parametrize(("newest", "found"), [("13", 0), ("20", 1)])
def test_a_figure_is_held_against_its_chart(newest: str, found: int) -> None:
    """It passes 13 after seven quarters of 10 and 11 (10.43 and 2.66 make 13.09), and finds 20."""
    assert outside(charted(f"10 11 10 11 10 11 10 {newest}", 7)) == found


def test_a_figure_does_not_widen_the_limits_of_its_past() -> None:
    """It finds 14 after seven quarters of 10 and 11: mean 10.43, moving ranges of 1, so that the limits end at 13.09."""
    assert outside(charted("10 11 10 11 10 11 10 14", 7)) == 1


def test_what_came_later_is_not_its_past() -> None:
    """It passes a 10 after eight quarters of 10 and 11, whatever came in the quarters after it."""
    assert outside(charted("10 11 10 11 10 11 10 11 10 30 31 30 31 30 31 30", 8)) == 0


# ---------------------------------------------------------------- limits

PERCENT = "1% 2% 3% 4% 5% 6% 7% 8% 9% 10%"
LIMITS = {  # check, case, limit, result
    "half is not more than half": ("a return is not last quarter's", FOUND["half a return the same"][1], "50.01", "passed"),
    "half by a limit of half": ("a return is not last quarter's", FOUND["half a return the same"][1], "50", "found 1"),
    "four of ten by 40": ("figures do not bunch at target", FOUND["four of ten at target"][1], "40", "found 1"),
    "four of ten by 41": ("figures do not bunch at target", FOUND["four of ten at target"][1], "41", "passed"),
    "six of ten by 60.5": ("figures do not heap", FOUND["six of ten heaped"][1], "60.5", "passed"),
    "five of ten by 50": ("figures do not heap", PASSES["figures do not heap"], "50", "found 1"),
    "three digits by four": ("figures move on", FOUND["the same again"][1], "4", "nothing to check"),
    "two digits by two": ("figures move on", SILENT["two digits the same"][1], "2", "found 1"),
    "two digits alike by two": ("no two measures are one", SILENT["small numbers alike"][1], "2", "found 2"),
    "seven before by eight": ("figures are within their past", FOUND["outside its limits"][1], "8", "not run"),
    "six before by six": ("figures are within their past", case(figure("97%"), process=[*BEFORE[1:], point("80", "90", "outside limits")]), "6", "found 1"),
    "a slip that is ten percent off by nine": ("one unit as before", case(figure("1%", "90%")), "9", "passed"),
    "a slip that is ten percent off by ten": ("one unit as before", case(figure("1%", "90%")), "10", "found 1"),
}


@pytest.mark.parametrize(("name", "of", "limit", "result"), LIMITS.values(), ids=LIMITS)
def test_a_limit_is_the_registers(name: str, of: Case, limit: str, result: str) -> None:
    """It goes by the limit of the register, and prints it beside the result."""
    _, told = checked(name, of, limit=limit)
    if result == "nothing to check":
        assert told["found"] == 0
    else:
        assert told["result"] == result
    assert told["limit"] == limit


@pytest.mark.parametrize("name", quality.CHECKS)
def test_a_severity_is_the_registers(name: str) -> None:
    """It tells a finding of any check with the severity of the register, and its limit stays the usual one where that is blank."""
    of = TWO_ALIKE if name == "no two measures are one" else next(of for one, of, *_ in FOUND.values() if one == name)
    issues, told = checked(name, of, severity="fail")
    assert ({issue["severity"] for issue in issues}, told["severity"]) == ({"fail"}, "fail")
    usual = quality.CHECKS[name].limit
    assert told["limit"] == ("" if usual is None else str(usual))


USUAL = {
    "one unit as before": "20", "figures are within their past": "7", "figures move on": "3", "a return is not last quarter's": "50",
    "figures do not bunch at target": "40", "figures do not heap": "60", "no two measures are one": "3",
}  # fmt: skip


def test_the_usual_limits() -> None:
    """It goes, where the register says nothing, by the limits that the documents name, and seven checks have one."""
    _, results = quality.check(evidence(case()))
    assert {row["check"]: row["limit"] for row in frames.rows(results) if row["limit"]} == USUAL


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("one unit as before", "0.5"), ("figures are within their past", "1"), ("figures are within their past", "7.5"), ("figures move on", "0"),
        ("figures move on", "2.5"), ("a return is not last quarter's", "0"), ("figures do not bunch at target", "-40"), ("figures do not heap", "20"),
        ("no two measures are one", "0"),
    ],
)  # fmt: skip
def test_a_limit_that_makes_no_sense_is_told(name: str, limit: str) -> None:
    """It refuses a limit that a check cannot go by as a mistake of the register; heaping at one in five is chance."""
    with pytest.raises(RegisterError) as raised:
        checked(name, case(), limit=limit)
    assert (raised.value.subject, raised.value.problems) == ("quality_checks.csv", [f"the limit of {name!r} is {limit}, which it cannot go by"])


@pytest.mark.parametrize("limit", ["100", "150"])
def test_a_slip_give_or_take_all_is_none(limit: str) -> None:
    """It refuses to look for a slip give or take 100 % or more, by which 89 is a slip of 90."""
    with pytest.raises(RegisterError):
        checked("one unit as before", case(figure("89%", "90%")), limit=limit)


def test_a_check_that_there_is_not_is_an_error() -> None:
    """It refuses a register that changes a check nobody knows, and lists the 16 that there are."""
    with pytest.raises(RegisterError) as raised:
        quality.check(evidence(case(changes=[{"check": "one unit"}])))
    assert raised.value.problems == ["'one unit' is not a check"]
    assert [name for name in quality.CHECKS if name not in raised.value.hint] == []


# ---------------------------------------------------------------- slips of the unit, exactly

TIMES = {"percent": 100, "seconds": 60, "pounds": 1000, "number": 1000}


def slips(pairs: list[tuple[str, Decimal, Decimal]], limit: Decimal = Decimal(20), *, by_target: bool = True) -> list[int]:
    """Give the place of each slip found in figures (unit, actual, usual), each held against its target or a past of two."""
    now, past = [], []
    for n, (unit, actual, usual) in enumerate(pairs):
        plain = {"unit": unit, "actual_unit": unit, "actual_raw": str(actual), "actual": actual}
        target = {"target_low": usual, "target_high": usual, "target_unit": unit} if by_target else {}
        now.append(figure("", n=n) | plain | target)
        past += [] if by_target else [figure("", quarter=of, n=n) | plain | {"actual": usual} for of in (Q1, LAST_YEAR)]
    found = against_history.one_unit_as_before(evidence(case(now, past)), limit)
    ranks = sum(unit == "rank" for unit, _, _ in pairs)  # a rank has no multiple
    assert (found.number, found.not_examined) == (len(pairs) - ranks, [UNMATCHED] if ranks else [])
    return [one.row["row"] - 1 for one in found.found]


BESIDE = [("79.99", 0), ("80", 1), ("80.01", 1), ("100", 1), ("119.99", 1), ("120", 1), ("120.01", 0), ("1", 0)]
"""How many hundredths of the multiple a figure is off by, and whether that is found by the usual limit of 20%."""


@pytest.mark.parametrize("by_target", [True, False], ids=["target", "past"])
@pytest.mark.parametrize(("hundredths", "found"), BESIDE)
def test_a_slip_is_found_to_the_very_limit(hundredths: str, found: int, by_target: bool) -> None:
    """It finds a figure 80 to 120 hundredths of 60, 100 or 1,000 times too small or too large, ends included, and none beside."""
    small = Decimal("0.3")  # a float of 0.3 x 120 is not 36
    large = {unit: small * times * Decimal(hundredths) / 100 for unit, times in TIMES.items()}
    pairs = [(unit, small, far) for unit, far in large.items()] + [(unit, far, small) for unit, far in large.items()]
    assert slips(pairs, by_target=by_target) == (list(range(8)) if found else [])


@given(
    unit=st.sampled_from(list(TIMES)), usual=st.decimals("0.01", 10000, places=2), off=st.decimals(-30, 30, places=2),
    limit=st.decimals(1, 30, places=1), sign=st.sampled_from([1, -1]),
)  # fmt: skip
@settings(derandomize=True, deadline=None, max_examples=50)
def test_a_slip_is_found_within_its_limit_and_not_beside_it(unit: str, usual: Decimal, off: Decimal, limit: Decimal, sign: int) -> None:
    """It finds every multiple of every unit give or take the limit, of negative figures too, and nothing beyond the limit."""
    far = usual * TIMES[unit] * (100 + off) / 100
    assert slips([(unit, sign * far, sign * usual), (unit, sign * usual, sign * far)], limit) == ([0, 1] if abs(off) <= limit else [])


def test_a_change_is_no_slip() -> None:
    """It takes a tenth, a tenfold and the same for what they may be: a change, or none."""
    units = ("percent", "seconds", "pounds", "number", "rank")
    assert slips([(unit, Decimal(9), Decimal(usual)) for unit in units for usual in ("90", "0.9", "9")]) == []


def test_every_unit_has_its_own_multiple() -> None:
    """It takes no thousandth of a percentage, no hundredth of a sum and no sixtieth of a count for a slip of the unit."""
    others = [(unit, Decimal(6), Decimal(6 * times)) for unit, its in TIMES.items() for times in (60, 100, 1000) if not 0.8 <= times / its <= 1.2]
    assert slips(others) == []


# ---------------------------------------------------------------- what holds of all of them

ROWS = st.lists(
    st.tuples(st.sampled_from([Q2, Q1, LAST_YEAR]), st.integers(1, 6), st.decimals(-200, 200, places=1), st.sampled_from(["", "50%", "-5%", "0%"]), st.integers(0, 3)),
    max_size=20, unique_by=lambda row: row[:2],
)  # fmt: skip
KINDS = ("rate", "cumulative", "snapshot", "annual")


def copies(value: quality.Evidence) -> dict[str, Any]:
    """Give copies of every frame of the evidence."""
    return {one.name: getattr(value, one.name).copy(deep=True) for one in fields(value) if isinstance(getattr(value, one.name), pd.DataFrame)}


@given(rows=ROWS, known=st.booleans())
@settings(derandomize=True, deadline=None, max_examples=12)
def test_no_check_counts_wrong_or_changes_what_it_is_given(rows: list[tuple[str, int, Decimal, str, int]], known: bool) -> None:
    """It leaves the evidence as it was, counts its findings, finds no more than it examined, and examines no more than there is."""
    made = [figure(f"{actual}%" if known or n > 2 else "", target, quarter, n, kind=KINDS[kind]) for quarter, n, actual, target, kind in rows]
    looked_at = evidence(case(made))
    before = copies(looked_at)
    issues, results = quality.check(looked_at)
    for name, frame in before.items():
        assert_frame_equal(getattr(looked_at, name), frame)
    counted = issues["rule"].value_counts().to_dict()
    now = sum(row["quarter"] == Q2 for row in made)
    for row in frames.rows(results):
        assert counted.get(row["check"], 0) == row["found"] <= row["examined"]
        assert row["examined"] + row["not_examined"] <= 2 * now  # targets and actuals at the most
    of = {row["check"]: row["examined"] + row["not_examined"] for row in frames.rows(results)}
    figures_known = sum(row["quarter"] == Q2 and row["actual"] is not None for row in made)
    assert {of[name] for name in ("one unit as before", "percentages are possible", "figures are within their past")} == {figures_known}


@pytest.mark.parametrize("check", quality.CHECKS.values(), ids=quality.CHECKS)
def test_a_check_asks_a_question(check: Any) -> None:
    """It asks one question, in words that end in a question mark."""
    assert check.asks.endswith("?")


# ---------------------------------------------------------------- the real returns


@cache
def scorecards() -> quality.Evidence:
    """Give the evidence of the real scorecards: those of the quarter and of the two beside it."""
    registers = partnership()
    read = returns.read(REAL, (Q2, Q1, "2015-16-Q2"))
    made = cleansing.build(read.cells, read.entries, registers).frames
    points = trends.measure_points(scoring.score(made["observations"], registers.policies), registers.adjustments)
    return quality.Evidence(made["observations"], made["monthly"], made["awards"], read.cells, points, registers, Q2)


@cache
def real(quarter: str = Q2) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give issues and results of the checks on the real scorecards of a quarter."""
    return quality.check(replace(scorecards(), quarter=quarter))


PROTECT, BUILD = (f"harrow-council/{name}.xlsx" for name in ("protect-the-most-vulnerable", "build-a-better-harrow"))
BUSINESS = "harrow-council/more-business-like.csv"
REAL_FINDINGS = [  # rule, file, cell, as typed: by hand from document 002, which prints both quarters side by side
    ("the period is the quarter's", PROTECT, "F10", f"Protect 3: says it is of Oct 13 to Sept 14, 8 quarters before Q2 2016/17; the register allows 0. {PERIOD}"),
    ("the period is the quarter's", PROTECT, "F11", f"Protect 4: says it is of Apr 15 to Mar 16, 2 quarters before Q2 2016/17; the register allows 0. {PERIOD}"),
    ("targets stay within the year", BUILD, "E8", f"Build 5: the target was 90% in Q1 2016/17 and is 93% now. {CHANGED}"),
    ("targets stay within the year", BUILD, "E14", f"Build 22: the target was 329 in Q1 2016/17 and is 344 now. {CHANGED}"),
    ("targets stay within the year", BUILD, "E43", f"Build 59: the target was 46% in Q1 2016/17 and is 45% now. {CHANGED}"),
    ("targets stay within the year", BUILD, "E46", f"Build 62: the target was 21% in Q1 2016/17 and is 20% now. {CHANGED}"),
    ("targets stay within the year", BUSINESS, "E28", f"Business 26: the target was 95% in Q1 2016/17 and is withdrawn now (-). {CHANGED}"),
]  # fmt: skip


def test_the_real_returns_have_exactly_these_findings() -> None:
    """It finds in the scorecards of 2016/17 two old periods, four targets changed within the year and one withdrawn, and nothing else."""
    issues, _ = real()
    assert list(zip(*(issues[name] for name in ("rule", "file", "cell", "message")), strict=True)) == REAL_FINDINGS
    assert set(issues["severity"]) == {"advisory"}


@pytest.mark.parametrize(
    ("quarter", "file", "cell", "value"),
    [
        (Q2, PROTECT, "H10", "Oct 13 to Sept 14"), (Q2, PROTECT, "B10", 3), (Q2, PROTECT, "H11", "Apr 15 to Mar 16"), (Q2, PROTECT, "B11", 4),
        (Q1, BUILD, "E8", 0.9), (Q2, BUILD, "E8", 0.93), (Q1, BUILD, "E14", 329), (Q2, BUILD, "E14", 344),
        (Q1, BUILD, "E43", 0.46), (Q2, BUILD, "E43", 0.45), (Q1, BUILD, "E46", 0.21), (Q2, BUILD, "E46", 0.2),
    ],
)  # fmt: skip
def test_the_findings_stand_in_the_files(quarter: str, file: str, cell: str, value: object) -> None:
    """It tells what the cells of the returns themselves hold, read without the workbook."""
    typed = openpyxl.load_workbook(REAL / "raw" / quarter / file)["Scorecard"][cell].value
    assert str(typed) == str(value)


def test_the_target_withdrawn_in_document_002_is_found() -> None:
    """It asks who withdrew the target of Business 26 within the year."""
    issues, _ = real()
    assert any(message.startswith("Business 26:") for message in issues["message"])


def test_the_period_of_two_years_in_document_002_is_found() -> None:
    """It asks why Protect 4 in Q1 2016/17 covers 24 months, as a rolling year covers 12 in the quarters beside it."""
    issues, _ = real(Q1)
    assert any("Protect 4" in message and "months" in message for message in issues["message"])


def test_the_first_quarter_with_returns_is_checked_too() -> None:
    """It has in the first quarter of scorecards no past to hold against, says so, and finds the periods that are old: Oct 12 to Sep 13, Apr 14 to Mar 15."""
    issues, results = real("2015-16-Q2")
    periods = issues[issues["rule"] == "the period is the quarter's"]
    assert [message.partition(";")[0] for message in periods["message"]] == [
        "Protect 3: says it is of Oct 12 to Sep 13, 8 quarters before Q2 2015/16",
        "Protect 4: says it is of Apr 14 to Mar 15, 2 quarters before Q2 2015/16",
    ]
    of = dict(zip(results["check"], results["result"], strict=True))
    assert (of["headings stay"], of["figures are within their past"], of["targets stay within the year"]) == ("not run", "not run", "not run")
