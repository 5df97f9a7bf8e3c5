"""Where forms lie once they are written, and what is told where one was sent before and is not the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from analysis.errors import UnreadableFile
from analysis.reports.forms import Form
from analysis.reports.forms.book import build
from analysis.reports.forms.parts import CHECK, Sheet
from analysis.reports.wording import listed
from analysis.returns.files import open_sheets

_MOST_NAMED = 5
Table = dict[tuple[str, ...], dict[str, str]]
"""What names a row -> heading -> text."""


@dataclass(frozen=True)
class Written:
    """
    A form that was written.

    Attributes:
        path: where it lies.
        anew: whether it was not there before as it is now.
        told: what is to be said, where another was sent before.
    """

    path: Path
    anew: bool
    told: str = ""


def folder_of(data: Path, quarter: str) -> Path:
    """Give the folder in which the forms of a quarter are kept, to compare with them what comes back."""
    return data / "forms" / quarter


def write(form: Form, data: Path) -> Written:
    """
    Write a form to where the partnership keeps it.

    The form that was sent before stays if it is the same. One that differs is kept beside the new one, under its own id, so that what a partner has
    begun to fill in can still be compared; and what differs is told.
    """
    path, content = folder_of(data, form.quarter) / f"{form.name}.xlsx", build(form)
    before = path.read_bytes() if path.exists() else None
    if before == content:
        return Written(path, anew=False)
    told = ""
    if before is not None:
        older, told = _compared(form, path.name, before)
        if older and older != form.return_id:
            (path.parent / f"{form.name}.{older[-8:]}.xlsx").write_bytes(before)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}-new")
    beside.write_bytes(content)
    beside.replace(path)
    return Written(path, anew=True, told=told)


def _compared(form: Form, file: str, before: bytes) -> tuple[str, str]:
    """Give the id of the form that was there, and in words what differs from it."""
    try:
        sheets = open_sheets(file, before)
    except UnreadableFile as fault:
        return "", f"what lay there {fault.problems[0]}, and is replaced"
    texts = {sheet.name: {place: cell.text for place, cell in sheet.cells.items()} for sheet in sheets}
    older = sheets[0].return_id if sheets else ""
    if older == form.return_id:
        return older, "what lay there was not as it was sent, and is put right"
    differing = [difference for sheet in form.sheets for difference in _differences(sheet, texts)]
    differing += [f"sheet {name}" for name in texts if name not in {sheet.name for sheet in form.sheets} and _heading_row(texts[name])]
    named = differing[:_MOST_NAMED] + ([f"{len(differing) - _MOST_NAMED} more"] if len(differing) > _MOST_NAMED else [])
    return older, f"was sent before with {listed(named) if named else 'other words'}; the older one is kept beside it"


def _differences(sheet: Sheet, texts: dict[str, dict[tuple[int, int], str]]) -> list[str]:
    """Give what a sheet that was sent before has otherwise, row by row."""
    was, now = _table_of(texts.get(sheet.name, {}), sheet), _table(sheet)
    if not was:
        return [f"no sheet {sheet.name}"]
    found = []
    for key, row in now.items():
        if key not in was:
            found.append(f"no {' '.join(key)}")
        found += [
            f"another {heading.casefold()} for {' '.join(key)}"
            for heading, text in row.items()
            if heading != CHECK and text != was.get(key, row).get(heading, "")
        ]
    return found + [" ".join(key) for key in was if key not in now]


def _table(sheet: Sheet) -> Table:
    """Give what is filled in in the rows of a sheet that have a name."""
    rows = [dict(zip(sheet.headings, (cell.text for cell in row), strict=True)) for row in sheet.rows]
    return {key: row for row in rows if any(key := tuple(row[heading] for heading in sheet.named_by))}


def _table_of(cells: dict[tuple[int, int], str], sheet: Sheet) -> Table:
    """Give the same of a sheet that was sent before, by its headings."""
    top = _heading_row(cells)
    heads = {column: text for (row, column), text in cells.items() if row == top}
    rows: dict[int, dict[str, str]] = {}
    for (row, column), text in cells.items():
        if top and row > top and column in heads:
            rows.setdefault(row, {})[heads[column]] = text
    return {key: row for row in rows.values() if any(key := tuple(row.get(heading, "") for heading in sheet.named_by))}


def _heading_row(cells: dict[tuple[int, int], str]) -> int:
    """Give the row of the headings: the one that has Check."""
    return next((row for (row, _), text in sorted(cells.items()) if text == CHECK), 0)
