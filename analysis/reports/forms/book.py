"""A form as a spreadsheet: what is to be filled in is open, everything else is locked; the same form gives the same bytes."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from analysis import quarters
from analysis.charts import palette
from analysis.reports import datapackage
from analysis.reports.forms import TEMPLATE_VERSION, Form, wording
from analysis.reports.forms.parts import CHECK, INSTRUCTIONS, LISTS, MOST_PROMPTED, MOST_TITLE, Cell, Rule, Sheet, clipped
from analysis.reports.pack.book import Book, height, stored
from analysis.returns.forms import letters_of

SIZE = 11
_LETTERS = 1.15
"""How many more letters of words fit into a column than its width in digits says, beyond what the data pack reckons with."""
_FILL, _EDGE = "#FFF6CC", palette.MUTED
_ALLOWED = {"sort": True, "autofilter": True, "format_columns": True, "format_rows": True}
_TABLES = {"performance": "return_table", "grant spend": "grant_table", "milestones": "milestones_table", "narrative": "report_table"}
_FROZEN = {"performance": 3, "grant spend": 1, "milestones": 0, "narrative": 0}


def build(form: Form) -> bytes:
    """Give a form as an XLSX file, which says of itself which form it is."""
    return _FormBook(form).bytes()


class _FormBook(Book):
    """The spreadsheet of a form in the making."""

    def __init__(self, form: Form) -> None:
        label = quarters.label(form.quarter)
        super().__init__(
            title=f"{form.partner}: return for {label}", subject=f"Return for {label} ({quarters.months(form.quarter)}), to be filled in", author=form.partnership,
            keywords="return, performance, form", language=form.language, created=datetime.fromisoformat(datapackage.created(form.quarter).removesuffix("Z")), size=SIZE,
        )  # fmt: skip
        self._form, self._tables = form, dict.fromkeys(_TABLES.values(), 0)
        self._book.set_custom_property("return_id", form.return_id, "text")
        self._book.set_custom_property("template_version", TEMPLATE_VERSION, "text")
        self._instructions()
        for sheet in form.sheets:
            self._form_sheet(sheet)
        self._lists()

    def _part(self, name: str, content: bytes) -> bytes:
        """Give a part of the file as it is kept: rows with the height that their words take, and free to grow with what is typed."""
        return super()._part(name, content).replace(b' customHeight="1"', b"" if name.startswith("xl/worksheets/") else b' customHeight="1"')

    def _instructions(self) -> None:
        form = self._form
        holds = [f"{sheet.name}: {sheet.about}." for sheet in form.sheets]
        parts = [("", line) for line in wording.steps(form.quarter, form.contact, form.due)]
        parts += [("What is in this form", holds[0]), *(("", line) for line in holds[1:])]
        parts += [("What the levels of check mean", wording.LEVELS_EXPLAINED), ("What may be changed", wording.ROOM)]
        self.page(INSTRUCTIONS, f"{form.partner}: return for {quarters.label(form.quarter)}", [*parts, ("", f"Form {form.return_id}")])
        self._finish(self._book.worksheets()[-1])

    def _form_sheet(self, sheet: Sheet) -> None:
        made = self._sheet(sheet.name, [])
        for at, column in enumerate(sheet.columns):
            made.set_column(at, at, column.width)
        for row, (label, value) in enumerate(sheet.header):
            made.set_row(row, _high([(label, sheet.columns[0].width)]))
            made.write_string(row, 0, label, self._format(bold=True, text_wrap=True))
            self._header_value(made, row, label, value)
        top = len(sheet.header) + 1
        made.set_row(top, _high([(column.heading, column.width - 1) for column in sheet.columns]))
        for at, column in enumerate(sheet.columns):
            made.write_string(top, at, column.heading, self._heading())
        titles = [" ".join(cell.text for cell, heading in zip(row, sheet.headings, strict=True) if heading in sheet.named_by) for row in sheet.rows]
        for place, (row, title) in enumerate(zip(sheet.rows, titles, strict=True), top + 1):
            made.set_row(place, _high([(cell.longest or cell.text, column.width) for cell, column in zip(row, sheet.columns, strict=True)]))
            for at, cell in enumerate(row):
                self._put(made, place, at, cell, sheet.headings, title)
        last, right = top + len(sheet.rows), len(sheet.columns) - 1
        self._name_table(sheet, top, last, right)
        self._colour_check(made, top + 1, last, sheet.headings.index(CHECK))
        made.autofilter(top, 0, last, right)
        made.freeze_panes(top + 1, _FROZEN[sheet.form])
        made.repeat_rows(top)
        made.ignore_errors({"number_stored_as_text": f"A1:{letters_of(right + 1)}{last + 1}"})
        self._finish(made)

    def _header_value(self, made: Any, row: int, label: str, value: Cell) -> None:
        if not value.to_fill:
            made.write_string(row, 1, stored(value.text), self._format(num_format="@"))
            return
        box = {"bg_color": _FILL, "top": 1, "bottom": 1, "border_color": _EDGE, "num_format": "@"}
        made.write_blank(row, 1, None, self._format(**box, left=1, locked=False))
        made.write_blank(row, 2, None, self._format(**box, right=1))  # the box goes on over the next cell, into which the words run
        made.data_validation(row, 1, row, 1, _validation(value, label, {}))

    def _put(self, made: Any, row: int, at: int, cell: Cell, headings: list[str], title: str) -> None:
        places = {heading: f"{letters_of(column)}{row + 1}" for column, heading in enumerate(headings, 1)}
        if cell.formula:
            made.write_formula(row, at, f"={_with_cells(cell.formula, places)}", self._cell(), cell.text)
            return
        style = self._to_fill() if cell.to_fill else self._cell(num_format="@")
        if cell.text:
            made.write_string(row, at, stored(cell.text), style)
        else:
            made.write_blank(row, at, None, style)
        if cell.prompt or cell.rule:
            made.data_validation(row, at, row, at, _validation(cell, title or headings[at], places))

    def _name_table(self, sheet: Sheet, top: int, last: int, right: int) -> None:
        name = _TABLES[sheet.form]
        self._tables[name] += 1
        number = f"_{self._tables[name]}" if self._tables[name] > 1 else ""
        title = sheet.name.replace("'", "''")
        self._book.define_name(f"{name}{number}", f"='{title}'!$A${top + 1}:${letters_of(right + 1)}${last + 1}")

    def _colour_check(self, made: Any, first: int, last: int, at: int) -> None:
        """Colour what Check says, beside its words: done, nothing to do, contradicted or not to be read, to do."""
        cell = f"${letters_of(at + 1)}{first + 1}"
        looks = (
            (f'={cell}="OK"', {"bg_color": palette.GREEN_PAST}),
            (f'=LEFT({cell},3)="Not"', {"font_color": palette.MUTED}),
            (f'=OR(RIGHT({cell},8)="not both",LEFT({cell},6)="Cannot")', {"bg_color": palette.RED_PAST, "bold": True}),
            (f'={cell}<>""', {"bg_color": palette.AMBER_PAST}),
        )
        for criteria, look in looks:
            made.conditional_format(first, at, last, at, {"type": "formula", "criteria": criteria, "format": self._book.add_format(look), "stop_if_true": True})

    def _lists(self) -> None:
        made = self._sheet(LISTS, [])
        for at, (name, words) in enumerate(self._form.lists.items()):
            made.set_column(at, at, 30)
            made.write_string(0, at, name, self._format(bold=True))
            for row, word in enumerate(words, 1):
                made.write_string(row, at, stored(word), self._format(num_format="@"))
            column = letters_of(at + 1)
            self._book.define_name(name, f"={LISTS}!${column}$2:${column}${len(words) + 1}")
        self._finish(made)
        made.hide()

    def _finish(self, made: Any) -> None:
        """Lock a sheet, without a password, and say at its foot whose it is and which page."""
        made.protect("", _ALLOWED)
        whose = clipped(f"{self._form.partner}, {quarters.label(self._form.quarter)}", 120).replace("&", "&&")
        made.set_footer(f"&L{whose}&CForm {self._form.return_id[-8:]}&RPage &P of &N")

    def _heading(self) -> Any:
        return self._format(bold=True, text_wrap=True, bottom=2, bottom_color=palette.INK)

    def _cell(self, **look: Any) -> Any:
        return self._format(text_wrap=True, bottom=1, bottom_color=palette.RULE, **look)

    def _to_fill(self) -> Any:
        return self._format(text_wrap=True, bg_color=_FILL, border=1, border_color=_EDGE, locked=False, num_format="@")


def _high(cells: list[tuple[str, float]]) -> float:
    """Give how high a row has to be for every text of it to be seen whole; capitals are wider than other letters."""
    capitals = [sum(sign.isupper() for sign in text) / max(len(text), 1) for text, _ in cells]
    return height([(text, int((width - 1) * _LETTERS / (1 + share / 2))) for (text, width), share in zip(cells, capitals, strict=True)]) * SIZE / 12 + 4


def _validation(cell: Cell, title: str, places: dict[str, str]) -> dict[str, Any]:
    """Give what a spreadsheet shows when a cell is chosen, and what it says to somebody who types something else."""
    about = {"input_title": clipped(title, MOST_TITLE), "input_message": clipped(cell.prompt, MOST_PROMPTED)} if cell.prompt else {}
    rule = cell.rule
    if rule is None:
        return {"validate": "any", **about}
    told = {"error_title": "Please check", "error_message": clipped(rule.message, MOST_PROMPTED), "error_type": "stop" if rule.firm else "warning"}
    return _test(rule, places) | about | told


def _test(rule: Rule, places: dict[str, str]) -> dict[str, Any]:
    if rule.kind == "list":
        return {"validate": "list", "source": f"={rule.by}"}
    if rule.kind == "length":
        return {"validate": "length", "criteria": "<=", "value": int(rule.by)}
    return {"validate": "custom", "value": f"={_with_cells(rule.by, places)}"}


def _with_cells(formula: str, places: dict[str, str]) -> str:
    """Put cells of the same row for the headings in square brackets."""
    return re.sub(r"\[([^\[\]]+)\]", lambda match: places.get(match[1], match[0]), formula)
