"""Rows of headings: which form they are of, and what to propose where they have drifted from it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import pandas as pd

from analysis.errors import RegisterError
from analysis.returns.cells import Cell
from analysis.returns.forms import FORMS, Field, Form, address, folded
from analysis.returns.gathering import Issues
from analysis.vocabulary import Severity, Stage

Accepted = dict[str, dict[str, Field]]
"""Headings that are known: form -> folded heading -> field."""
_RULE = "headings are the form's"
_YEAR = re.compile(r"\b(20\d\d)\s*[/-]\s*(?:20)?(\d\d)\b")
_AND = re.compile(r"\s*(?:\band\b|[&/,+;|\n])\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Heading:
    """
    The headings of a table.

    Attributes:
        form: the form they are of.
        row: the row under which the table begins.
        fields: column -> the name of its field and how that is read.
        unknown: column -> the text of a heading that is nobody's.
        missing: fields that the form needs and that no heading names.
        twice: column -> the text of a heading that names a field a second time.
        filled_in: column -> the heading under which the workbook itself writes.
        rows: how many rows the headings take.
    """

    form: Form
    row: int
    fields: dict[int, tuple[str, str]]
    unknown: dict[int, str]
    missing: tuple[Field, ...]
    twice: dict[int, str]
    filled_in: dict[int, str]
    rows: int = 1

    def columns(self) -> dict[str, int]:
        """Give the column of each field, and of each heading under which the workbook writes by its folded text."""
        return {name: column for column, (name, _) in self.fields.items()} | {folded(text): column for column, text in self.filled_in.items()}


def accepted_headings(register: pd.DataFrame) -> Accepted:
    """
    Give the headings that the register `headings` accepts for those of a form, by form.

    Raises:
        RegisterError: every line whose form, or the heading that it stands for, there is not.

    >>> named = {"form": ["performance"], "heading": ["Result"], "means": ["Actual"], "line": ["2"]}
    >>> accepted_headings(pd.DataFrame(named))["performance"]["result"].name
    'actual'
    """
    found: Accepted = {}
    problems = []
    forms = {form.name: form for form in FORMS}
    for row in register.to_dict("records"):
        form = forms.get(row["form"])
        known = {folded(heading): field for field in form.fields if not field.pattern for heading in field.headings} if form else {}
        if form and (named := _field(form, folded(row["means"]), known)):
            name, kind = named
            found.setdefault(row["form"], {})[folded(row["heading"])] = Field(name, kind=kind)
        else:
            what = f"{row['means']!r} is not a heading of the form {row['form']!r}" if form else f"{row['form']!r} is not a form"
            problems.append(f"headings.csv line {row['line']}: {what}")
    if problems:
        raise RegisterError("headings.csv", problems, "docs/forms.md shows the forms and their headings.")
    return found


@dataclass(frozen=True)
class Known:
    """
    Every heading that is known: the forms' own and those that somebody has accepted.

    Attributes:
        of: form -> folded heading -> field.
        forms: folded heading -> the forms that have it.
    """

    of: Accepted
    forms: dict[str, set[str]]


def known_headings(accepted: Accepted) -> Known:
    """Give every heading that is known, with those that somebody has accepted."""
    own = {form.name: {folded(heading): field for field in form.fields for heading in field.headings} for form in FORMS}
    of = {form: headings | accepted.get(form, {}) for form, headings in own.items()}
    forms: dict[str, set[str]] = {}
    for form, headings in of.items():
        for heading in headings:
            forms.setdefault(heading, set()).add(form)
    return Known(of, forms)


def names_heading(text: str, known: Known) -> bool:
    """Say whether a text is a heading of any form."""
    plain = folded(text)
    return plain in known.forms or bool(_families_with(plain))


def heading_of(row: int, line: dict[int, Cell], known: Known) -> Heading | None:
    """Recognise a row of headings: the form with all its required headings, or else one with most of them."""
    return _best(row, {column: (cell.text,) for column, cell in line.items()}, known)


def heading_in_two_rows(row: int, upper: dict[int, Cell], lower: dict[int, Cell], merged: Iterable[tuple[int, int, int, int]], known: Known) -> Heading | None:
    """
    Recognise headings that stand in two rows, the upper one perhaps over several columns; None where they do not make a whole form.

    Args:
        row: the number of the lower row.
        upper, lower: column -> cell of the two rows.
        merged: the merged areas of the sheet.
        known: the headings that are known.
    """
    over = {column: upper[left].text for top, left, _, right in merged if top == row - 1 and left in upper for column in range(left, right + 1)}
    texts: dict[int, tuple[str, ...]] = {}
    last = ""
    for column in sorted({*upper, *lower}):
        own, under = upper[column].text if column in upper else "", lower[column].text if column in lower else ""
        last = own or last
        above = own or over.get(column, "") or last
        texts[column] = tuple(dict.fromkeys(text for text in (f"{above} {under}".strip() if under else own, under, own) if text))
    found = _best(row, texts, known)
    if found is None or found.missing or found.twice or not any(column in lower and column in found.fields for column in lower):
        return None
    below = [column for column in lower if column in found.fields and folded(upper[column].text if column in upper else "") not in known.of[found.form.name]]
    return replace(found, row=row, rows=2) if below else None


def columns_of(form: Form, texts: dict[int, tuple[str, ...]], known: Known) -> tuple[dict[int, tuple[str, str]], dict[int, str], dict[int, str]]:
    """Give the fields of a row's columns, the texts that are nobody's, and those that name a field a second time."""
    of_form = known.of[form.name]
    fields: dict[int, tuple[str, str]] = {}
    unknown: dict[int, str] = {}
    twice: dict[int, str] = {}
    for column, candidates in texts.items():
        name, kind = next((found for text in candidates if (found := _field(form, folded(text), of_form))), ("", ""))
        if not name:
            unknown[column] = candidates[0]
        elif name in {taken for taken, _ in fields.values()}:
            twice[column] = candidates[0]
        else:
            fields[column] = (name, kind)
    return fields, unknown, twice


def _field(form: Form, plain: str, known: dict[str, Field]) -> tuple[str, str] | None:
    if plain in known:
        return known[plain].name, known[plain].kind
    return _of_family(form.name, plain) if form.name in _FAMILIES else None


_FAMILIES = {form.name: found for form in FORMS if (found := [(field, re.compile(field.pattern)) for field in form.fields if field.pattern])}
"""Form -> its families of columns, each with what its folded headings look like."""


@lru_cache(maxsize=16384)
def _of_family(form: str, plain: str) -> tuple[str, str] | None:
    """Give the field of a family of columns that a folded heading names."""
    for field, pattern in _FAMILIES[form]:
        if match := pattern.fullmatch(plain):
            return field.name.format(*match.groups()), field.kind
    return None


@lru_cache(maxsize=16384)
def _families_with(plain: str) -> frozenset[str]:
    """Give the forms that have a family of columns which a folded heading is of."""
    return frozenset(form for form in _FAMILIES if _of_family(form, plain))


def _possible(texts: Iterable[tuple[str, ...]], known: Known) -> set[str]:
    """Give the forms of which two columns of a row name fields; a row of headings has as many, and most rows have none."""
    once: set[str] = set()
    twice: set[str] = set()
    for candidates in texts:
        plain = [folded(text) for text in candidates]
        forms = {form for one in plain for form in (*known.forms.get(one, ()), *_families_with(one))}
        twice |= once & forms
        once |= forms
    return twice


def _best(row: int, texts: dict[int, tuple[str, ...]], known: Known) -> Heading | None:
    best: Heading | None = None
    possible = _possible(texts.values(), known)
    for form in FORMS if possible else ():
        if form.name not in possible:
            continue
        fields, unknown, twice = columns_of(form, texts, known)
        filled_in = _filled_in(form, unknown, texts)
        unknown = {column: text for column, text in unknown.items() if column not in filled_in}
        names = {name for name, _ in fields.values()}
        missing = tuple(field for field in form.fields if field.required and not any(_is_of(name, field) for name in names))
        found = Heading(form, row, fields, unknown, missing, twice, filled_in)
        if len(fields) > 1 and _is_near(found) and (best is None or (len(missing), -len(fields)) < (len(best.missing), -len(best.fields))):
            best = found
    return best


def _filled_in(form: Form, unknown: dict[int, str], texts: dict[int, tuple[str, ...]]) -> dict[int, str]:
    """Give the columns of headings under which the workbook itself writes, each with the heading as the form has it."""
    own = {folded(heading): heading for heading in form.filled_in}
    return {column: own[plain] for column in unknown for plain in map(folded, texts[column]) if plain in own}


def _is_near(found: Heading) -> bool:
    """Say whether headings are those of a form, or most of them are; where half are missing, something must stand for each."""
    if not found.missing:
        return True
    required = sum(field.required for field in found.form.fields)
    few = len(found.missing) * 2 < required or (len(found.missing) * 2 == required and all(_proposal(field, found)[0] for field in found.missing))
    return few and len(found.fields) * 2 >= len(found.fields) + len(found.unknown) + len(found.twice)


def _is_of(name: str, field: Field) -> bool:
    return name == field.name or ("{" in field.name and name.startswith(field.name.partition("{")[0]))


# ---------------------------------------------------------------- what is told


def tell(found: Heading, texts: dict[int, str], at: dict[str, Any], issues: Issues) -> str:
    """Tell all that is odd about headings, whose *texts* stand by column; gives why the return is held, or nothing."""
    _tell_year(found, texts, at, issues)
    faults = [_tell_missing(found, at, issues), _tell_twice(found, at, issues)]
    _tell_unknown(found, at, issues)
    _tell_order(found, at, issues)
    if found.rows > 1:
        message = f"the headings stand in rows {found.row - 1} and {found.row}, and are read together. One row of headings is safer."
        issues.add(at | {"cell": f"{found.row - 1}:{found.row}"}, Stage.FORM, Severity.ADVISORY, _RULE, message)
    return "; ".join(filter(None, faults))


def _tell_year(found: Heading, texts: dict[int, str], at: dict[str, Any], issues: Issues) -> None:
    """Tell a heading that names another financial year than the quarter's."""
    year = f"{at['quarter'][:4]}/{at['quarter'][5:7]}"
    for column, text in texts.items():
        named = _YEAR.search(text)
        if named and column in found.fields and f"{named[1]}/{named[2]}" != year and found.form.name == "grant spend":
            message = (
                f"heading {text!r} names another year than {year}: its figures are taken for this year's. Correct the heading, or send this year's figures."
            )
            issues.add(at | {"cell": address(found.row, column)}, Stage.FORM, Severity.ADVISORY, "headings are of the year", message, text)


def _tell_missing(found: Heading, at: dict[str, Any], issues: Issues) -> str:
    """Tell each required heading that is not there, with what may stand for it; gives why the return is held."""
    for field in found.missing:
        wanted = field.headings[0] if field.headings else field.name
        columns, proposal = _proposal(field, found)
        hint = f"{proposal}, or accept it in data/reference/headings.csv." if proposal else f"The form '{found.form.name}' needs it."
        cell = {"cell": address(found.row, min(columns or found.fields))}
        typed = ", ".join(found.unknown[column] for column in columns)
        issues.add(at | cell, Stage.FORM, Severity.FAIL, _RULE, f"heading {wanted!r} is missing. {hint}", typed)
    named = ", ".join(repr(field.headings[0] if field.headings else field.name) for field in found.missing)
    return f"form '{found.form.name}' without its heading {named}" if named else ""


def _proposal(field: Field, found: Heading) -> tuple[list[int], str]:
    """Give the columns of unknown headings that may stand for a missing one, and what to do about them."""
    wanted = field.headings[0] if field.headings else field.name
    names = {folded(heading): heading for one in found.form.fields for heading in one.headings}
    own = {folded(heading) for heading in field.headings}
    for column, text in found.unknown.items():
        parts = [difflib.get_close_matches(folded(part), names, n=1, cutoff=0.8) for part in _AND.split(text)]
        several = [names[part[0]] for part in parts if part]
        if len(parts) > 1 and len(several) == len(parts) and own & {folded(name) for name in several}:
            return [column], f"{text!r} looks like {' and '.join(map(repr, several))} in one column: give each a column of its own"
    begun = [column for column, text in found.unknown.items() if any(folded(text).startswith(plain) for plain in own)]
    if len(begun) > 1:
        texts = " and ".join(repr(found.unknown[column]) for column in begun)
        return begun, f"{texts} look like {wanted!r} in {len(begun)} columns: give one column {wanted!r}"
    near = difflib.get_close_matches(folded(wanted), [folded(text) for text in found.unknown.values()], n=1, cutoff=0.6)
    like = [column for column, text in found.unknown.items() if near and folded(text) == near[0]] or begun
    return (like[:1], f"{found.unknown[like[0]]!r} looks like {wanted!r}: correct the heading") if like else ([], "")


def _tell_twice(found: Heading, at: dict[str, Any], issues: Issues) -> str:
    """Tell each heading that stands twice: nobody can say which of the two columns is this quarter's."""
    for column, text in found.twice.items():
        message = f"heading {text!r} stands twice in one table. Send one quarter in a table, each column once."
        issues.add(at | {"cell": address(found.row, column)}, Stage.FORM, Severity.FAIL, "headings stand once", message, text)
    return f"heading {', '.join(map(repr, dict.fromkeys(found.twice.values())))} stands twice" if found.twice else ""


def _tell_unknown(found: Heading, at: dict[str, Any], issues: Issues) -> None:
    """Tell each heading that is nobody's, but those already told as what may stand for a missing one."""
    headings = {folded(heading): heading for heading in (*found.form.filled_in, *(heading for field in found.form.fields for heading in field.headings))}
    proposed = {column for field in found.missing for column in _proposal(field, found)[0]}
    for column, text in found.unknown.items():
        if column in proposed:
            continue
        near = difflib.get_close_matches(folded(text), headings, n=1, cutoff=0.7)
        hint = f"; it looks like {headings[near[0]]!r}" if near else ""
        message = f"heading {text!r} is not of the form '{found.form.name}'{hint}. Its column is not used."
        issues.add(at | {"cell": address(found.row, column)}, Stage.FORM, Severity.ADVISORY, _RULE, message, text)


def _tell_order(found: Heading, at: dict[str, Any], issues: Issues) -> None:
    """Tell, for the record, that columns stand in another order than the form's."""
    order = {field.name: place for place, field in enumerate(found.form.fields) if not field.pattern}
    places = [order[name] for _, (name, _) in sorted(found.fields.items()) if name in order]
    if places != sorted(places):
        message = f"columns stand in another order than in the form '{found.form.name}'; each is read by its heading"
        issues.add(at | {"cell": f"{found.row}:{found.row}"}, Stage.FORM, Severity.INFO, "columns are in the form's order", message)
