"""The column Check of a form: what it asks, of which texts, and that it never calls unreadable what is read."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from forms_by_hand import Q1, Q2, Q3, measure, only, opened, owed, read, registers, seen, table
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import values
from analysis.errors import UnreadableValue
from analysis.reports.forms import check, wording

ASKS_OF_CHANGE, ASKS_OF_WHOLE = "*0.25", ">100"
"""What stands in the formula where it looks at a change of more than a quarter, and at more than the whole."""


def formula(past: list[dict[str, Any]] | None = None, quarter: str = Q3, **its: str) -> str:
    """Give the formula of Check of the council's only measure, in row 9."""
    (row,) = table(
        opened(only(registers(measures=[measure("Homes 1", **{"definition": "As counted"} | its)], returns_owed=[owed()]), read(past), quarter))["Return"]
    )
    return str(row["Check"].value)


def was(typed: str, *ends: str, quarter: str = Q2) -> dict[str, Any]:
    """Give the last figure as reading gives it: its value, or the two ends of a range."""
    value = Decimal(ends[0]) if len(ends) == 1 else None
    return seen("Homes 1", typed, quarter=quarter) | {"actual": value, "actual_low": Decimal(ends[0]), "actual_high": Decimal(ends[-1])}


# ---------------------------------------------------------------- what it looks at, and what it says


def test_it_goes_by_its_own_row_and_says_what_it_asks() -> None:
    """It looks at actual, reason and what changed of its row, and has words for each thing that it asks."""
    text = formula([was("97.8%", "97.8")])
    assert set(re.findall(r"\b[A-Z]\d+\b", text)) == {"I9", "J9", "L9"}
    assert re.findall(r'"([A-Z][a-z]+ [^"]+|OK)"', text) == [
        "Enter a figure or a reason", "Choose a reason from the list", "OK", "Give a figure or a reason, not both", "Cannot be read: see the note on Actual",
        "Beyond 100%: if meant, say what changed", "Changed by more than 25%: say what changed", "OK",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "value", "its"),
    [
        ("97.8%", "97.8", {}),
        ("43.3% (58/134)", "43.3", {}),
        ("83 (353)", "83", {"unit": "number"}),
        ("5.86 (28th)", "5.86", {"unit": "number"}),
        ("12 (prov)", "12", {"unit": "number"}),
        ("(£250)", "-250", {"unit": "pounds"}),
    ],
)
def test_a_new_figure_is_held_against_the_last_one_with_or_without_its_parts(typed: str, value: str, its: dict[str, str]) -> None:
    """It asks about a change of more than a quarter of the last figure; a fraction, count, rank or marker behind it does no harm."""
    assert f"-({value}))>ABS({value})*0.25" in formula([was(typed, value)], **its)


@pytest.mark.parametrize(
    ("typed", "ends", "its"),
    [("13-15%", ("13", "15"), {}), ("02:31", ("151",), {"unit": "seconds"}), ("84%", ("84",), {"kind": "cumulative"}), ("28th", ("28",), {"unit": "number"})],
)
def test_a_last_figure_that_is_not_one_number_of_the_unit_is_not_reckoned_with(typed: str, ends: tuple[str, ...], its: dict[str, str]) -> None:
    """A range, a time, a count from April and a place are shown, and nothing is held against them."""
    assert ASKS_OF_CHANGE not in formula([was(typed, *ends)], **its)


def test_without_a_last_figure_no_change_is_asked_about() -> None:
    """A measure that was never reported, and one whose last figure was not given, have nothing to be held against."""
    assert ASKS_OF_CHANGE not in formula()
    assert ASKS_OF_CHANGE not in formula([seen("Homes 1", "")])


@pytest.mark.parametrize(
    ("past", "its", "asks"),
    [
        pytest.param([was("98.6%", "98.6")], {}, True, id="within the whole"),
        pytest.param([], {}, True, id="never reported"),
        pytest.param([was("100%", "100")], {}, True, id="the whole itself"),
        pytest.param([was("84%", "84")], {"kind": "cumulative"}, True, id="a count from April"),
        pytest.param([was("104%", "104")], {}, False, id="beyond the whole already"),
        pytest.param([was("-130%", "-130")], {}, False, id="a fall beyond the whole"),
        pytest.param([was("95-105%", "95", "105")], {}, False, id="a range that goes beyond"),
        pytest.param([seen("Homes 1", ""), was("104%", "104", quarter=Q1)], {}, False, id="beyond it when it was last known"),
        pytest.param([was("98%", "98"), was("104%", "104", quarter=Q1)], {}, True, id="beyond it before the last figure only"),
        pytest.param([was("98", "98")], {"unit": "number"}, False, id="no percentage"),
    ],
)
def test_more_than_the_whole_is_asked_about_where_the_last_figure_is_not(past: list[dict[str, Any]], its: dict[str, str], asks: bool) -> None:
    """A percentage beyond 100% either way is asked about, unless the last known one is beyond it too."""
    text = formula(past, **its)
    assert (f"{ASKS_OF_WHOLE}),FALSE)" in text, check.BEYOND in text) == (asks, asks)


def test_what_changed_answers_both_questions() -> None:
    """Each of the two asks only while nothing is said under What changed."""
    assert formula([was("97.8%", "97.8")]).count('AND(TRIM(L9)="",IFERROR(') == 2


def test_a_reason_is_held_against_the_list_that_is_offered() -> None:
    """It is compared with each of the list, without regard to signs that a spreadsheet would take for any letter."""
    assert f'IF(SUMPRODUCT(--({wording.REASONS}=TRIM(J9)))=0,"Choose a reason from the list","OK")' in formula()


@pytest.mark.parametrize("unit", ["number", "percent", "pounds", "seconds", "rank"])
def test_a_formula_is_one_that_older_spreadsheets_take(unit: str) -> None:
    """It has less than half of the 8,192 characters that Excel takes, at most 64 brackets deep, and no function that came after Excel 2007."""
    text = formula([was("97.8", "97.8")], unit=unit)
    bare = re.sub(r'"[^"]*"', "", text)
    deep = [bare[:at].count("(") - bare[:at].count(")") for at in range(len(bare))]
    assert (len(text) < 4096, max(deep) < 64, bare.count("(")) == (True, True, bare.count(")"))
    assert set(re.findall(r"([A-Z]{2,})\(", text)) <= {
        "ABS", "AND", "FIND", "IF", "IFERROR", "ISERROR", "ISNUMBER", "LEFT", "LEN", "NOT", "OR", "RIGHT", "SEARCH", "SUBSTITUTE", "SUMPRODUCT", "TRIM", "VALUE",
    }  # fmt: skip


def test_a_row_has_room_for_all_that_it_may_say() -> None:
    """Spreadsheets make no room for what a formula comes to: a row is as high as the five lines that the longest words take, of 15 points each."""
    sheet = opened(only(registers(measures=[measure("Homes 1", theme="A", measure="B")], returns_owed=[owed()])))["Return"]
    assert max(check.WORDS, key=len) == "Changed by more than 25%: say what changed"
    assert sheet.row_dimensions[9].height >= 5 * 15


def test_what_a_formula_looks_things_up_in_is_there() -> None:
    """Shapes and signs are named lists of the hidden sheet, each cell as it is compared; none is blank and none stands twice in another case."""
    made = opened(only(registers(measures=[measure("Homes 1")], returns_owed=[owed()])))
    for name, words in ((check.SHAPES, check.shapes()), (check.SIGNS, check.KNOWN_SIGNS)):
        cells = [cell for (cell,) in made["Lists"][made.defined_names[name].attr_text.partition("!")[2].replace("$", "")]]
        assert [cell.value for cell in cells] == list(words)
        assert {cell.data_type for cell in cells} == {"s"}
        assert name in formula()
    assert len({text.casefold() for text in check.shapes()}) == len(check.shapes())


# ---------------------------------------------------------------- what can be read


def stripped(text: str) -> str:
    """Give which signs the formula takes out of a text before it looks its shape up."""
    (nested,) = re.findall(r'&(?:SUBSTITUTE\()+I9((?:,(?:\d|"."),""\))+)\)\)=0', text)
    return "".join(digit or sign for digit, sign in re.findall(r',(?:(\d)|"(.)"),""\)', nested))


def test_the_formula_takes_out_what_a_shape_leaves_out() -> None:
    """What the formula takes out of a text is what its shape is without: every other sign stays."""
    assert sorted(stripped(formula())) == sorted("0123456789 ,£%[]")
    assert {sign for sign in (" ", *check.KNOWN_SIGNS) if check.shape(sign) in ("", "0")} == set(stripped(formula()))


def test_three_slips_are_looked_for_beside_the_shape() -> None:
    """A comma with fewer than three digits behind it, `97,8%`, a point at the end, `12.`, and a space between two digits without any point, `1 600`."""
    text = formula()
    assert 'ISNUMBER(FIND(",",RIGHT(SUBSTITUTE(SUBSTITUTE(LEFT(I9&"(",FIND("(",I9&"(",2)-1)," ",""),"%",""),3)))' in text
    assert 'RIGHT(SUBSTITUTE(SUBSTITUTE(I9," ",""),"%",""))="."' in text
    pairs = '{0;1;2;3;4;5;6;7;8;9}&" "&{0,1,2,3,4,5,6,7,8,9}'
    assert f'AND(ISERROR(FIND(".",I9)),SUMPRODUCT(--ISNUMBER(FIND({pairs},TRIM(LEFT(I9&"(",FIND("(",I9&"(",2)-1)))))>0)' in text


@pytest.mark.parametrize("text", ["97,8%", "1,60", "12.", "1 600", "£1 600"])
def test_each_of_the_three_slips_is_refused(text: str) -> None:
    """The reader takes none of them, though their shapes are those of figures."""
    assert not is_read(text)
    assert check.shape(text) in check.shapes()


READ = (
    "98.5%", "99.9 %", "0.985", "-20%", "£1,600.00", "£1,600.0 0", "£4, 681,012.65", "£ 941", "(£250)", "-£250", "£-250", "£1.5m", "£25k", "£2bn (est)", "01:30", "1:30:00",
    "42.5% (62/146)", "89 (378)", "89 (1,378)", "5.86 (28th)", "83 (353)", "13-15%", "13 to 15%", "0.9-1.1", "£10-£20", "28th", "12th-20th", "[70%]", "[13-15%]", ".5",
    "12 (prov)", "42.5% (revised)", "c.40", "c. £1,600", "~40", "approx. 40", "approx. (1,378)", "412p", "42.5% [p]", "<5", "< 5%", "1,059", "TBC", "tba", "?", "-", "n/a", "BL",
    "No survey this qtr", "No actual", "New in 2016/17", "Reports in Q4 only", "[x]", "[c]", "None", "#DIV/0!", "#N/A",
)  # fmt: skip
"""Texts of docs/forms.md and of the returns, which are read in some unit."""
REFUSED = (
    "12..5",
    "12.5.3",
    "about 40",
    "40ish",
    "lots",
    "see attached",
    "TBD",
    "62/146",
    "12 (62/146",
    "12 (about)",
    "5--6",
    "12-13-14",
    "£",
    "%",
    "4O%",
    "31/12/2016",
    "1 in 5",
)
"""Texts that are read in no unit, of a shape that none has."""
UNITS = ("number", "percent", "pounds", "seconds", "rank")


def is_read(text: str) -> bool:
    """Say whether a text is read in any unit."""
    for unit in UNITS:
        try:
            values.read(text, unit)
        except UnreadableValue:
            continue
        return True
    return False


@pytest.mark.parametrize("text", READ)
def test_a_text_that_is_read_has_a_shape_that_is_known(text: str) -> None:
    """The reader takes it, and its shape is one of the list."""
    assert is_read(text)
    assert check.shape(text).casefold() in check.shapes()


@pytest.mark.parametrize("text", REFUSED)
def test_a_text_that_is_refused_has_another_shape(text: str) -> None:
    """The reader refuses it, every sign of it is known, and its shape is none of the list."""
    assert not is_read(text)
    assert set(text) <= {" ", *check.KNOWN_SIGNS}
    assert check.shape(text).casefold() not in check.shapes()


PIECES = (
    "£", "-", "%", "(", ")", "[", "]", ".", ",", " ", "k", "m", "bn", "c.", "approx. ", "~", "p", " [e]", " (prov)", " (62/146)", " (1,378)", " (28th)", "st", "th", " to ",
    ":", "<", "5", "12", "7.25", "1,600", "0.9", "100", "2016/17", "new in ", "reports in q", "only", "n/a", "tbc", "?", "no ", "target", "baseline",
)  # fmt: skip


@settings(derandomize=True, database=None, deadline=None, max_examples=1500)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join))
def test_no_text_that_is_read_has_a_shape_that_is_not(text: str) -> None:
    """Whatever figures, signs and words stand together, what the reader takes has a shape of the list, or is left to the reader by a part of it."""
    if is_read(text) and text.strip() and not any(part in text.casefold() for part in ("st in ", "nd in ", "rd in ", "th in ", "new in q", "note")):
        assert check.shape(text).casefold() in check.shapes()
