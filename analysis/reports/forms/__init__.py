"""Forms to send out: one spreadsheet for each partner that owes returns for a quarter, filled in with what is known."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from analysis import dates, quarters
from analysis.quality import due_on, is_owed, plain
from analysis.reference import Registers
from analysis.reports.forms import asking, awards, measures, undertakings, wording
from analysis.reports.forms.asking import Owed, Past, Unasked
from analysis.reports.forms.parts import Cell, Column, Row, Sheet, chosen_from, locked, sheet_names, to_fill, words_of
from analysis.reports.slips import file_names
from analysis.reports.wording import count, listed

__all__ = ["TEMPLATE_VERSION", "Form", "Unasked", "forms"]

TEMPLATE_VERSION = "2"


@dataclass(frozen=True)
class Form:
    """
    What one partner is asked for in a quarter.

    Attributes:
        partner, partnership: their names.
        name: of its file, without the ending.
        quarter: the quarter to be returned.
        language: of the partnership's reports.
        contact: whom it is sent back to; empty where the register does not say.
        due: by when, in words; empty where nobody has stated a deadline.
        sheets: what it asks for.
        lists: name -> what cells are chosen from.
    """

    partner: str
    partnership: str
    name: str
    quarter: str
    language: str
    contact: str
    due: str
    sheets: tuple[Sheet, ...]
    lists: dict[str, tuple[str, ...]]

    @property
    def return_id(self) -> str:
        """The id by which the form is known when it comes back: the quarter, the partner, and a fingerprint of all that is filled in."""
        filled_in = json.dumps(asdict(self) | {"template_version": TEMPLATE_VERSION}, sort_keys=True)
        return f"{self.quarter}.{self.name}.{hashlib.sha256(filled_in.encode()).hexdigest()[:8]}"


def forms(read: Mapping[str, pd.DataFrame], registers: Registers, quarter: str) -> tuple[list[Form], list[Unasked]]:
    """
    Give the form of each partner that owes returns for a quarter, in the order of the register, and what nobody is asked for.

    Args:
        read: name -> frame, as reading gives them: observations, awards, milestones, returns. Only what was returned for earlier quarters counts.
        registers: the partnership's registers.
        quarter: the quarter to be returned.

    Every measure and every award of the registers stands in exactly one form, or is told by name; so is every milestone that was last reported.
    """
    past = asking.before(read, quarter)
    every = asking.in_force(registers, quarter)
    of_measures, no_measures = asking.measures_of(registers, past, quarter)
    of_awards, no_awards = asking.awards_of(registers, past, quarter)
    sheets: dict[str, list[_Part]] = {}
    for at, one in enumerate(every):
        if is_owed(one, quarter):
            found = sheets.setdefault(plain(one["partner"]), [])
            found += _performance(one, of_measures.get(at, []), past, quarter)
            found += _grant(of_awards.get(at, []), past, quarter)
            found += [_milestones(asking.milestones_of(one, every, past))] if one["form"] == asking.MILESTONES else []
            found += [_report(one)] if one["form"] == asking.NARRATIVE else []
    partners = {plain(one["partner"]): one["partner"] for one in reversed(every)}
    names = file_names([partners[who] for who in sheets])
    groups = tuple(dict.fromkeys([*registers.groups["group"], *registers.themes["theme"]]))
    made = []
    for who, parts in sheets.items():
        if parts:
            owed = [one for one in every if plain(one["partner"]) == who and is_owed(one, quarter) and one["form"] in asking.FORMS]
            about = {"partner": partners[who], "partnership": registers.name, "name": names[partners[who]], "quarter": quarter, "language": registers.language}
            contact = next((one["contact"] for one in owed if one["contact"]), "")
            made.append(
                Form(**about, contact=contact, due=_due(owed, quarter), sheets=_sheets(parts, partners[who], quarter), lists=wording.lists(quarter, groups))
            )
    return made, [*no_measures, *no_awards, *asking.milestones_of_nobody(every, past, quarter), *_without_form(every, of_measures, quarter)]


@dataclass(frozen=True)
class _Part:
    """A sheet before it has its name: its form, the name that it has by itself and among others of its form, what it holds, its table."""

    form: str
    alone: str
    among: str
    about: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    named_by: tuple[str, ...]
    round: str = ""


def _performance(one: Owed, of: list[dict[str, Any]], past: Past, quarter: str) -> list[_Part]:
    rows = measures.rows(of, past.measures, quarter)
    about = count(len(of), "measure")
    return [_Part(asking.PERFORMANCE, "Return", one["covers"] or "Return", about, measures.columns(of), rows, measures.NAMED_BY)] if of else []


def _grant(of: list[dict[str, Any]], past: Past, quarter: str) -> list[_Part]:
    """Give a sheet for each round: a return says above its table of which one it is."""
    found = []
    for name in dict.fromkeys(award["round"] for award in of):
        rows = tuple(awards.row(award, past.awards.get((award["project"], name)), quarter) for award in of if award["round"] == name)
        about = f"{count(len(rows), 'award')} of {name}"
        found.append(_Part(asking.SPEND, "Grant", f"Grant {name}", about, awards.columns(quarter), rows, awards.NAMED_BY, name))
    return found


def _milestones(past: list[dict[str, Any]]) -> _Part:
    rows = (*map(undertakings.milestone, past), *undertakings.more_milestones())
    about = f"{count(len(past), 'milestone')}, and room for more" if past else "room for milestones"
    return _Part(asking.MILESTONES, "Milestones", "Milestones", about, undertakings.MILESTONES, rows, undertakings.NAMED_BY)


def _report(one: Owed) -> _Part:
    about = ": ".join(filter(None, ("room for a report in words", one["covers"])))
    return _Part(asking.NARRATIVE, "Report", one["covers"] or "Report", about, undertakings.REPORT, undertakings.paragraphs(one["partner"]), ())


def _sheets(parts: list[_Part], partner: str, quarter: str) -> tuple[Sheet, ...]:
    """Give the sheets of a form in the order of `asking.FORMS`; who prepared it is asked once, on the first."""
    ordered = sorted(parts, key=lambda part: asking.FORMS.index(part.form))
    forms_of = [part.form for part in ordered]
    names = sheet_names([part.alone if forms_of.count(part.form) == 1 else part.among for part in ordered])
    return tuple(
        Sheet(name, part.form, part.about, _header(partner, quarter, part.round, signed=at == 0), part.columns, part.rows, part.named_by)
        for at, (name, part) in enumerate(zip(names, ordered, strict=True))
    )


def _header(partner: str, quarter: str, of_round: str, *, signed: bool) -> tuple[tuple[str, Cell], ...]:
    """Give the labels and values above a table, as every return has them."""
    sign_off = (
        ("Prepared by", to_fill("Who prepared this form: name and post.", words_of(200))),
        ("Date", to_fill("When it was prepared: 14 January 2017.", words_of(40))),
        (
            "Level of check",
            to_fill("How far the figures were checked, honestly. The sheet Instructions says what each level means.", chosen_from(wording.LEVELS)),
        ),
        ("Reason", to_fill("Only where you send this form again: what changed, and why.", words_of(500))),
    )
    return (
        ("Partner", locked(partner)),
        ("Quarter", locked(quarters.label(quarter))),
        *((("Round", locked(of_round)),) if of_round else ()),
        *(sign_off if signed else ()),
    )


def _due(owed: list[Owed], quarter: str) -> str:
    """Give by when a partner's returns are due, in words: one day, or each with what is due by it."""
    days: dict[str, list[str]] = {}
    for one in owed:
        if day := due_on(one, quarter):
            days.setdefault(dates.in_words(day), []).append(", ".join(filter(None, (one["form"], one["covers"]))))
    return next(iter(days)) if len(days) == 1 else listed([f"{day} ({listed(what)})" for day, what in days.items()])


def _without_form(every: list[Owed], of_measures: Mapping[int, list[dict[str, Any]]], quarter: str) -> list[Unasked]:
    """Give the returns that are owed and that no sheet asks for: none can, or nothing is left to ask."""
    found = []
    for at, one in enumerate(every):
        why = asking.NO_FORM if one["form"] not in asking.FORMS else asking.NO_MEASURE if one["form"] == asking.PERFORMANCE and not of_measures.get(at) else ""
        if why and is_owed(one, quarter):
            found.append(Unasked("return", f"{one['partner']}: {', '.join(filter(None, (one['form'], one['covers'])))}", why))
    return found
