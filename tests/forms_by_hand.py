"""Forms to send out, made of SYNTHETIC registers and of returns written by hand."""

from __future__ import annotations

import functools
import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from analysis import frames, reference
from analysis.reference import Registers
from analysis.reports.forms import Form, Unasked, book, forms
from analysis.vocabulary import Reason

REAL = Path(__file__).resolve().parents[1] / "data"
Q1, Q2, Q3 = "2016-17-Q1", "2016-17-Q2", "2016-17-Q3"
COUNCIL, POLICE = "The SYNTHETIC Council", "The SYNTHETIC Police"
HOMES, PARKS = "SYNTHETIC Homes", "SYNTHETIC Parks"
RETURN = [
    "Theme", "No", "Measure", "Definition", "Good", "Unit", "Last figure", "Target", "Actual", "Reason for none", "Provisional", "What changed", "Why",
    "What next", "Who", "By when", "Check",
]  # fmt: skip
Row = dict[str, Any]


@functools.cache
def real() -> Registers:
    """Give the real registers, of which the others are made."""
    return reference.load(REAL)


def register(name: str, rows: list[Row]) -> pd.DataFrame:
    """Give a register of rows; what a row leaves out is blank."""
    columns = list(getattr(real(), name).columns)
    return pd.DataFrame([{column: row.get(column, "") for column in columns} for row in rows], columns=columns, dtype=object)


def measure(name: str, theme: str = HOMES, **its: str) -> Row:
    """Give a measure of the register: "Homes 1" is number 1."""
    about = {"measure_id": name, "theme": theme, "number": name.rpartition(" ")[2], "measure": f"Title of {name}", "polarity": "higher", "unit": "percent"}
    return about | {"kind": "rate", "arrears": "0", "definition": ""} | its


def owed(partner: str = COUNCIL, form: str = "performance", **its: str) -> Row:
    """Give a return that a partner owes from the first quarter of the year on, 17 days after each."""
    return {"partner": partner, "form": form, "covers": "", "from_quarter": Q1, "until_quarter": "", "due_days": "17", "arrears": "0"} | its


def award(project: str, of_round: str = "Round 1") -> Row:
    """Give an award of the register."""
    return {"project": project, "round": of_round, "kind": "capital"}


def registers(*, measures: list[Row], returns_owed: list[Row], awards: list[Row] | None = None, groups: list[Row] | None = None) -> Registers:
    """Give registers of these rows and of the themes that they name."""
    themes = [{"theme": theme, "code": theme, "order": str(place)} for place, theme in enumerate(dict.fromkeys(row["theme"] for row in measures))]
    made = {"measures": measures, "returns_owed": returns_owed, "awards": awards or [], "groups": groups or [], "themes": themes}
    return replace(real(), name="SYNTHETIC Partnership", **{name: register(name, rows) for name, rows in made.items()})


def figure(name: str, typed: str, reason: Reason | None = None) -> Row:
    """Give the columns of a figure that is one number, or that is none for a reason."""
    digits = typed.strip("£%[]").replace(",", "")
    known = None if reason or not digits.replace(".", "").isdigit() else Decimal(digits)
    return {f"{name}_raw": typed, name: known, f"{name}_low": known, f"{name}_high": known, f"{name}_reason": str(reason or "")}


def seen(name: str, actual: str = "84%", target: str = "80%", quarter: str = Q2, partner: str = COUNCIL, theme: str = HOMES, **its: Any) -> Row:
    """Give what a return said of a measure."""
    about = {"measure_id": name, "theme": theme, "number": name.rpartition(" ")[2], "quarter": quarter, "partner": partner}
    about |= {"file": its.pop("file", f"{partner}/return.csv")}
    gap = Reason.NOT_GIVEN
    return about | figure("target", target, None if target else gap) | figure("actual", actual, None if actual else gap) | its


def read(
    observations: list[Row] | None = None, awards: list[Row] | None = None, milestones: list[Row] | None = None, returns: list[Row] | None = None
) -> dict[str, pd.DataFrame]:
    """Give frames as reading gives them; each file of an observation is a return of its partner."""
    sent = {(row["quarter"], row["file"]): row["partner"] for row in observations or []}
    rows = [*(returns or []), *({"quarter": quarter, "file": file, "partner": partner} for (quarter, file), partner in sent.items())]
    made = {"observations": observations or [], "awards": awards or [], "milestones": milestones or [], "returns": rows}
    return {name: frames.make(rows, frames.CONTRACTS[name]) for name, rows in made.items()}


def made(known: Registers, was: dict[str, pd.DataFrame] | None = None, quarter: str = Q3) -> tuple[list[Form], list[Unasked]]:
    """Give the forms of a quarter, and what nobody is asked for."""
    return forms(was or read(), known, quarter)


def only(known: Registers, was: dict[str, pd.DataFrame] | None = None, quarter: str = Q3) -> Form:
    """Give the form of a quarter in which one partner is asked."""
    (form,), _ = made(known, was, quarter)
    return form


def opened(form: Form) -> Workbook:
    """Give a form as a reader opens it, its formulas as they are typed."""
    return openpyxl.load_workbook(io.BytesIO(book.build(form)))


def valued(form: Form) -> Workbook:
    """Give a form as a reader opens it, its formulas as what they come to."""
    return openpyxl.load_workbook(io.BytesIO(book.build(form)), data_only=True)


def top_of(sheet: Worksheet) -> int:
    """Give the row of the headings."""
    return next(row for row in range(1, sheet.max_row + 1) if "Check" in [cell.value for cell in sheet[row]])


def table(sheet: Worksheet) -> list[dict[str, Any]]:
    """Give the cells of a table by their headings, a row each."""
    top = top_of(sheet)
    headings = [cell.value for cell in sheet[top]]
    return [dict(zip(headings, cells, strict=True)) for cells in sheet.iter_rows(min_row=top + 1)]


def texts(sheet: Worksheet) -> list[dict[str, str]]:
    """Give the same as texts, nothing where a cell is blank."""
    return [{heading: cell.value or "" for heading, cell in row.items()} for row in table(sheet)]


def validation(sheet: Worksheet, cell: str) -> Any:
    """Give what a cell is held against."""
    (found,) = [one for one in sheet.data_validations.dataValidation if cell in one.sqref]
    return found
