"""The rows of a form that ask for grant: each award with what was reported of it, this quarter's spending, and what is still to come."""

from __future__ import annotations

from typing import Any

from analysis import quarters, values
from analysis.reports.forms import wording
from analysis.reports.forms.parts import CHECK, Cell, Column, Row, Rule, chosen_from, locked, quoted, to_fill, words_of

EVERY_CELL = "Fill in every cell, or ? where it is not known"
NOT_THE_SUM = "The award is not total + forecasts + underspend: say why in Note"
FINE = "OK"
NAMED_BY = ("Project",)
_PROJECT, _AWARD, _TOTAL, _UNDERSPEND, _COMPLETED, _NOTE = (
    "Project", "Total grant awarded", "Total spend to date", "Identified underspend", "Completed", "Note",
)  # fmt: skip
_MONEY = Rule(
    "formula", 'IFERROR(VALUE(SUBSTITUTE(SUBSTITUTE([{0}],"£",""),",",""))>=0,TRUE)', "An amount below nought is a credit. Keep it if it is meant, and say why in Note."
)  # fmt: skip


def columns(quarter: str) -> tuple[Column, ...]:
    """Give the columns of the grant sheet of a quarter: what is spent up to it, and what is forecast after it."""
    widths = {_PROJECT: 23, _AWARD: 12, _TOTAL: 13, _UNDERSPEND: 12, _COMPLETED: 11, _NOTE: 15, CHECK: 12}
    headings = (_PROJECT, _AWARD, *_quarters(quarter), _TOTAL, _UNDERSPEND, _COMPLETED, _NOTE, CHECK)
    return tuple(Column(heading, widths.get(heading, 11)) for heading in headings)


def row(award: dict[str, Any], past: dict[str, Any] | None, quarter: str) -> Row:
    """
    Give the row that asks for one award.

    Args:
        award: its row of the register.
        past: what was reported of it in the newest earlier quarter; None where nothing was.
        quarter: the quarter to be returned.
    """
    same_year = past is not None and past["quarter"][:7] == quarter[:7]
    cells = {_PROJECT: locked(award["project"]), _AWARD: _known(past, "award", _AWARD, "The whole of the grant awarded.")}
    this_year = past if same_year else None
    for heading, field in _quarters(quarter).items():
        if field.startswith("actual") and field[-1] < quarter[-1]:
            cells[heading] = _known(this_year, field, heading, "Spent in that quarter.")
        else:
            forecast = _typed(this_year, field.replace("actual", "forecast"))
            what = f"Spent in {quarters.months(quarter)}." if field.startswith("actual") else "What you expect to spend."
            cells[heading] = _amount(heading, f"{what}{f' The last forecast was {forecast}.' if forecast else ''}")
    cells[_TOTAL] = _amount(_TOTAL, "Everything spent since the award, this quarter with it.")
    cells[_UNDERSPEND] = _amount(_UNDERSPEND, "What will not be spent. £0.00 where it all will be.")
    cells[_COMPLETED] = to_fill(
        "Yes, where the project is finished. Otherwise leave it blank.", chosen_from(wording.PROVISIONAL), (past or {}).get("completed", "")
    )
    cells[_NOTE] = to_fill("Anything that explains the figures. Up to 500 characters.", words_of(500))
    cells[CHECK] = Cell(EVERY_CELL, formula=_check(quarter))
    return tuple(cells[column.heading] for column in columns(quarter))


def _quarters(quarter: str) -> dict[str, str]:
    """Give the headings of a year's quarters, each with its field."""
    year, this = f"{quarter[:4]}/{quarter[5:7]}", int(quarter[-1])
    return {f"Quarter {n} {year} ({'actuals' if n <= this else 'forecast'})": f"{'actual' if n <= this else 'forecast'}_q{n}" for n in range(1, 5)}


def _typed(past: dict[str, Any] | None, field: str) -> str:
    return values.mended(past[f"{field}_raw"])[0] if past is not None and past[field] is not None else ""


def _known(past: dict[str, Any] | None, field: str, heading: str, asked: str) -> Cell:
    """Give what is known of an award, locked; what is not is asked for."""
    typed = _typed(past, field)
    return locked(typed) if typed else _amount(heading, asked)


def _amount(heading: str, what: str) -> Cell:
    rule = Rule(_MONEY.kind, _MONEY.by.format(heading), _MONEY.message)
    return to_fill(f"{what} In pounds: £1,600.00. Where it is not known: ?", rule)


def _check(quarter: str) -> str:
    """Give the formula that says what a row still needs: every cell, and the award in full where all is known."""
    of_year = _quarters(quarter)
    asked = [_AWARD, *of_year, _TOTAL, _UNDERSPEND]
    blank = ",".join(f'TRIM([{heading}])=""' for heading in asked)
    parts = [_TOTAL, *(heading for heading, field in of_year.items() if field.startswith("forecast")), _UNDERSPEND]
    rest = f"{_number(_AWARD)}-{'-'.join(_number(heading) for heading in parts)}"
    wrong = f'AND(TRIM([{_NOTE}])="",IFERROR(ABS({rest})>=0.005,FALSE))'
    return f"IF(OR({blank}),{quoted(EVERY_CELL)},IF({wrong},{quoted(NOT_THE_SUM)},{quoted(FINE)}))"


def _number(heading: str) -> str:
    return f'VALUE(SUBSTITUTE(SUBSTITUTE([{heading}],"£",""),",",""))'
