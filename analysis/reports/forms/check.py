"""The column Check of a form's measures: a formula that says what a row still needs, and the shapes of texts by which it knows a figure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import product

from analysis.reports.forms.parts import quoted

NOT_BOTH = "Give a figure or a reason, not both"
CHOOSE = "Choose a reason from the list"
CANNOT_READ = "Cannot be read: see the note on Actual"
BEYOND = "Beyond 100%: if meant, say what changed"
CHANGED = "Changed by more than 25%: say what changed"
FINE = "OK"
WORDS = (NOT_BOTH, CHOOSE, CANNOT_READ, BEYOND, CHANGED, FINE)
"""What Check may say of a row in which something is filled in."""
SHAPES, SIGNS = "shapes_that_are_read", "signs_that_are_known"
"""The names of the lists that the formula looks things up in."""
KNOWN_SIGNS = (*map(chr, range(ord("!"), ord("~") + 1)), "£")
"""The signs that a formula can judge by, beside the space. A text with any other may be one that reading mends, so it is left to that."""
_WHOLE = 100
_DIGITS = "0123456789"
_PASSED_OVER = f"{_DIGITS} ,£%[]"
_BY_PART = ("st in ", "nd in ", "rd in ", "th in ", "new in q", "note")
"""Parts of what may go on in any words and is read, or may be: `12th to 20th in London`, `New in Q2`, `Note 3`."""
_WORDS = (
    "?", "TBC", "TBA", "-", "n/a", "na", "Not applicable", "BL", "Baseline", "No survey this qtr", "No survey this quarter", "No target", "No actual",
    "None", "[x]", "[z]", "[c]", "<5", "New in 2016/17", "Reports in Q4", "Reports in Q4 only", "Year on year reduction", "Year on year increase",
    "#REF!", "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#VALUE!",
)  # fmt: skip
_ORDINALS = ("st", "nd", "rd", "th")


def shape(text: str) -> str:
    """
    Give what stays of a text without its digits, spaces, commas, pounds, percents and square brackets, behind a nought where it has a digit.

    >>> shape("42.5% (62/146)"), shape("£1,600.00"), shape("n/a"), shape("about 40")
    ('0.(/)', '0.', 'n/a', '0about')
    """
    rest = "".join(sign for sign in text if sign not in _PASSED_OVER)
    return f"0{rest}" if any(digit in text for digit in _DIGITS) else rest


def shapes() -> tuple[str, ...]:
    """Give every shape of the texts that are read as a figure or as a reason for none, but those of `_BY_PART`; `analysis.values` says which they are."""
    figures = (f"0{rest}" for rest in _figures())
    return tuple(dict.fromkeys((*figures, *(shape(text).casefold() for text in _WORDS))))


def _figures() -> Iterator[str]:
    plain = ["".join(parts) for parts in product(("", "-"), ("", "."))]
    numbers = [*("".join(parts) for parts in product(plain, ("", "k", "m", "bn"))), "()", "(.)"]
    behind = ("/", *_ORDINALS, "", "prov", "provisional", "est", "estimated", "rev", "revised")
    yield from numbers
    yield from (f"{number}({rest})" for number, rest in product(numbers, behind))
    yield from map("".join, product(("c", "c.", "circa", "approx", "approx.", "~"), numbers))
    yield from map("".join, product(plain, "per"))
    yield from map("".join, product(("", "."), ("-", "to"), ("", ".")))
    yield from (":", "::")
    yield from _ORDINALS
    yield from map("".join, product(_ORDINALS, ("-", "to"), _ORDINALS))


def formula(empty: str, unit: str, reasons: str, last: Decimal | None, *, is_beyond: bool = False) -> str:
    """
    Give the formula that says what the row of a measure still needs.

    Args:
        empty: what it says while nothing is filled in.
        unit: of the measure.
        reasons: the name of the list of reasons for none.
        last: the last figure, where a new one can be held against it.
        is_beyond: whether the last figure is a percentage beyond 100% either way, so that another is no surprise.

    What it cannot judge it lets pass. It is for Excel 2010 and later, and for LibreOffice.
    """
    unexplained = 'TRIM([What changed])=""'
    asked = [(_unreadable(), CANNOT_READ)]
    if unit == "percent" and not is_beyond:
        asked.append((f"AND({unexplained},{_if_number(f'ABS({_now(unit)})>{_WHOLE}')})", BEYOND))
    if last is not None:
        asked.append((f"AND({unexplained},{_if_number(f'ABS({_now(unit)}-({last:f}))>ABS({last:f})*0.25')})", CHANGED))
    said = quoted(FINE)
    for test, words in reversed(asked):
        said = f"IF({test},{quoted(words)},{said})"
    without = f'IF(TRIM([Reason for none])="",{quoted(empty)},IF(SUMPRODUCT(--({reasons}=TRIM([Reason for none])))=0,{quoted(CHOOSE)},{quoted(FINE)}))'
    blank = 'IF(ISERROR([Actual]),TRUE,TRIM([Actual])="")'
    return f'IF({blank},{without},IF(TRIM([Reason for none])<>"",{quoted(NOT_BOTH)},{said}))'


_BEFORE_BRACKET = 'LEFT([Actual]&"(",FIND("(",[Actual]&"(",2)-1)'
"""The figure of `42.5% (62/146)`, and all of `(£250)`."""


def _without(text: str, signs: str) -> str:
    for sign in signs:
        text = f'SUBSTITUTE({text},{sign if sign.isdigit() else quoted(sign)},"")'
    return text


def _unreadable() -> str:
    """
    Give the test of a text that reading refuses.

    It has no shape that is read, too few digits behind its last comma, a point at its end, or, where it has no point, a space between two digits.
    """
    across, down = ",".join(_DIGITS), ";".join(_DIGITS)
    some_digit = f'LEFT("0",SUMPRODUCT(--ISNUMBER(FIND({{{across}}},[Actual]))))'
    parts = ",".join(map(quoted, _BY_PART))
    end = _without(_BEFORE_BRACKET, " %")
    wrong = (
        f"SUMPRODUCT(--({SHAPES}={some_digit}&{_without('[Actual]', _PASSED_OVER)}))=0",
        f'ISNUMBER(FIND(",",RIGHT({end},3)))',
        f'RIGHT({_without("[Actual]", " %")})="."',
        f'AND(ISERROR(FIND(".",[Actual])),SUMPRODUCT(--ISNUMBER(FIND({{{down}}}&" "&{{{across}}},TRIM({_BEFORE_BRACKET}))))>0)',
    )
    judged = (
        "NOT(ISNUMBER([Actual]))",
        f'SUMPRODUCT(LEN([Actual])-LEN(SUBSTITUTE([Actual],{SIGNS},"")))=LEN({_without("[Actual]", " ")})',
        f"SUMPRODUCT(--ISNUMBER(SEARCH({{{parts}}},TRIM([Actual]))))=0",
    )
    return f"AND({','.join(judged)},OR({','.join(wrong)}))"


def _now(unit: str) -> str:
    """Give the new figure; a percentage may be a share of one, as spreadsheets store it and as some type it."""
    typed = f"VALUE(TRIM({_without(_BEFORE_BRACKET, '%£,')}))"
    if unit != "percent":
        return f"IF(ISNUMBER([Actual]),[Actual],{typed})"
    stored = f"IF(ABS([Actual])<=1,[Actual]*{_WHOLE},[Actual])"
    return f'IF(ISNUMBER([Actual]),{stored},{typed}*IF(AND(ABS({typed})<1,ISERROR(FIND("%",[Actual]))),{_WHOLE},1))'


def _if_number(test: str) -> str:
    """Give a test of the new figure that is not met where it is none; a range is none, though a spreadsheet may take `10-12` for a day."""
    return f'IFERROR(AND(ISERROR(FIND("-",[Actual],2)),{test}),FALSE)'
