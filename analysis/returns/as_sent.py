"""A form that comes back, beside the form as it was sent: locked cells that changed, rows that are gone or new, figures sent a second time."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from analysis import quarters, values
from analysis.errors import UnreadableFile, UnreadableValue
from analysis.returns.cells import RETURN_ID
from analysis.returns.files import safe_book, sheets_of
from analysis.returns.forms import CHECK, FIGURE, address, folded, letters_of
from analysis.returns.gathering import Issues
from analysis.returns.headings import Heading
from analysis.returns.resubmission import NAMED_BY, Row, carried_down, key_of
from analysis.returns.sheets import Part, read_sheet
from analysis.vocabulary import Severity, Stage

_MATCHED_BY = {form: NAMED_BY[form] for form in ("performance", "grant spend")} | {"milestones": ("organisation", "outcome")}
"""Form -> the fields by which a row that comes back is known, wherever it stands."""
LOCKED, ROWS, FILLED, KEPT, OF_QUARTER = (
    "locked cells are as they were sent", "rows are those of the form", "a form is filled in", "the form as it was sent is kept", "a form is the quarter's own",
)  # fmt: skip
"""The rules that a form that comes back is held against."""
_USED = {
    "target": "What stands here is used, as an agreed change of a target is the partnership's to decide; put back what was sent if none was agreed.",
    "measure": "The register's is used.",
    "polarity": "The register's is used.",
}
"""Field -> what becomes of a locked cell that changed."""
_LAST_FIGURE, _PERFORMANCE = folded("Last figure"), "performance"
Key = tuple[str, str]


@dataclass(frozen=True)
class Line:
    """
    One row of a form.

    Attributes:
        part: the sheet that it stands in.
        heading: the headings above it.
        row: its number.
        record: its fields, as the entries of a return.
        texts: column -> what stands there.
    """

    part: Part
    heading: Heading
    row: int
    record: dict[str, Row]
    texts: dict[int, str]

    @property
    def name(self) -> str:
        """What a person calls it."""
        form = self.heading.form
        parts = [self.record[name]["raw"].strip() for name in ("theme", "number", "organisation") if name in self.record and name in _MATCHED_BY[form.name]]
        named = self.record.get(form.naming, {"raw": ""})["raw"].strip()
        return " ".join(filter(None, (*parts, repr(named) if named and parts else named)))

    def text(self, name: str) -> str:
        """Give what stands under a heading, by its field."""
        return self.texts.get(self.heading.columns().get(name, 0), "").strip()

    def cell(self, name: str) -> str:
        """Give the address of the cell under a heading, by its field."""
        return address(self.row, self.heading.columns()[name])


@dataclass(frozen=True)
class Kept:
    """A form as it was sent: its sheets as they are read, and the cells of each that its sender did not lock; all of a sheet that is not protected."""

    parts: list[Part]
    unlocked: dict[str, set[str] | None]

    def locks(self, sheet: str, cell: str) -> bool:
        """Say whether a cell was locked."""
        unlocked = self.unlocked[sheet]
        return unlocked is not None and cell not in unlocked

    def asks_for_rows(self, form: str) -> bool:
        """Say whether a form has room for rows that it does not name itself: the cells that would name them are not locked."""
        for part in self.parts:
            for heading in part.headings if part.form == form else ():
                letters = letters_of(heading.columns().get(heading.form.naming, 0))
                if any(re.fullmatch(rf"{letters}\d+", cell) for cell in self.unlocked[part.sheet] or ()):
                    return True
        return False


def kept_forms(folder: Path) -> dict[str, Path]:
    """Give the forms that a folder keeps: return id -> file. What is no such form is passed over."""
    found: dict[str, Path] = {}
    for path in sorted(folder.glob("[!.~]*.xlsx")):
        try:
            with zipfile.ZipFile(path) as archive:
                properties = ElementTree.fromstring(archive.read("docProps/custom.xml"))  # noqa: S314 - the parser itself limits what entities grow to
        except (OSError, KeyError, zipfile.BadZipFile, ElementTree.ParseError):
            continue
        for one in properties:
            if one.get("name") == RETURN_ID:
                found["".join(one.itertext()).strip()] = path
    return found


def opened(path: Path) -> Kept:
    """
    Open a form that was kept.

    Raises:
        UnreadableFile: it cannot be opened as a spreadsheet any more.
    """
    book = safe_book(path.name, path.read_bytes())
    where = {"quarter": "", "file": path.name}
    parts = [read_sheet(sheet, where, Issues(), {}) for sheet in sheets_of(book, book)]
    unlocked = {
        sheet.title: {cell.coordinate for cell in sheet._cells.values() if not cell.protection.locked} if sheet.protection.sheet else None  # noqa: SLF001 - the cells there are
        for sheet in book.worksheets
    }
    return Kept(parts, unlocked)


def sent_for(return_id: str) -> str:
    """
    Give the quarter that a form was sent for; nothing where its id names none.

    >>> sent_for("2016-17-Q3.harrow-council.1f0c9a2e")
    '2016-17-Q3'
    """
    return quarters.parse(return_id.partition(".")[0]) or ""


def tell(parts: list[Part], return_id: str, kept: dict[str, Path], where: dict[str, Any], issues: Issues) -> None:
    """
    Tell how a form that came back differs from the form as it was sent.

    Args:
        parts: its sheets as they were read.
        return_id: which form it says that it is.
        kept: the forms of the quarter, by their ids.
        where: its quarter and file.
        issues: to which everything is added that differs.
    """
    quarter = sent_for(return_id)
    if quarter and quarter != where["quarter"]:
        message = (
            f"is the form that was sent for {quarters.label(quarter)}, though it now names {quarters.label(where['quarter'])}: its targets and last figures are "
            f"those of {quarters.label(quarter)}. What stands in it is read; its locked cells are not compared. Use the form of the quarter."
        )
        issues.add(where, Stage.FORM, Severity.ADVISORY, OF_QUARTER, message, return_id)
        return
    try:
        sent = opened(kept[return_id])
    except (KeyError, OSError, UnreadableFile):
        message = f"no form with the id {return_id!r} is kept, so that nobody can say whether its locked cells are as they were sent. It is read as any other."
        issues.add(where, Stage.FORM, Severity.ADVISORY, KEPT, message, return_id)
        return
    _tell_headers(parts, sent, where, issues)
    _tell_rows(parts, sent, where, issues)


def _tell_headers(parts: list[Part], sent: Kept, where: dict[str, Any], issues: Issues) -> None:
    """Tell each locked value above a table that is not the one that was sent."""
    for part in sent.parts:
        came = _same_sheet(part, parts)
        for label, was in part.header.items() if came else ():
            now = came.header.get(label, "") if came else ""
            if sent.locks(part.sheet, part.header_cells[label]) and not _same(was, now):
                at = where | {"sheet": came.sheet, "cell": came.header_cells.get(label, "")} if came else where
                issues.add(at, Stage.FORM, Severity.ADVISORY, LOCKED, _changed(label.capitalize(), "", was, now, ""), now)


def _same_sheet(part: Part, among: list[Part]) -> Part | None:
    """Give the sheet that came back for one that was sent: that of its name, else the one of its form."""
    same = [one for one in among if one.form == part.form and one.form]
    return next((one for one in same if one.sheet == part.sheet), same[0] if len(same) == 1 else None)


def _tell_rows(parts: list[Part], sent: Kept, where: dict[str, Any], issues: Issues) -> None:
    """Tell the rows that are gone or new, and what changed in the others; and a form with no answers, or with last quarter's."""
    was, now = _by_key(sent.parts), _by_key(parts)
    lost: set[tuple[str, str]] = set()
    both: list[tuple[Line, Line]] = []
    for key, lines in now.items():
        for line in lines:
            if before := _sent_as(line, was.get(key, []), lines):
                _tell_changes(line, before, sent, where, lost, issues)
                both.append((line, before))
            elif line.name and any(part.form == line.part.form for part in sent.parts) and not sent.asks_for_rows(line.part.form):
                at = where | {"sheet": line.part.sheet, "cell": address(line.row, _named_in(line))}
                message = f"{line.name} is not in the form as it was sent. Its row is read as any other: was it added on purpose?"
                issues.add(at, Stage.ROW, Severity.ADVISORY, ROWS, message, line.name)
    for part in (part for part in sent.parts if part.form and part.form not in _MATCHED_BY):
        came = _same_sheet(part, parts)
        for heading in (one for one in (came.headings if came else ()) if one.form.name == part.form):
            _tell_lost(part.sheet, heading, part, part.headings[-1], where, lost, issues)
    _tell_gone(was, {(before.part.sheet, before.row) for _, before in both}, parts, where, issues)
    _tell_unanswered([pair for pair in both if pair[0].part.form == _PERFORMANCE], where, issues)


def _sent_as(line: Line, sent: list[Line], came: list[Line]) -> Line | None:
    """Give the row of the form that a row is, of those known by the same: the one of its very name, else one whose name no row has any more."""
    names = {one.name for one in came}
    return next((one for one in sent if one.name == line.name), None) or next((one for one in sent if one.name not in names), None)


def _named_in(line: Line) -> int:
    columns = line.heading.columns()
    return columns.get(line.heading.form.naming) or min(columns.values())


def _by_key(parts: list[Part]) -> dict[Key, list[Line]]:
    """Give the rows of a workbook by their form and what each is known by."""
    found: dict[Key, list[Line]] = {}
    for part in parts:
        for line in _lines(part):
            form = line.heading.form.name
            if any(line.record.get(name, {"raw": ""})["raw"].strip() for name in _MATCHED_BY[form]):
                found.setdefault((form, key_of(line.record, _MATCHED_BY[form])), []).append(line)
    return found


def _lines(part: Part) -> list[Line]:
    records: dict[int, dict[str, Row]] = {}
    for entry in (*part.entries, *carried_down(part.entries)):
        if entry["form"] in _MATCHED_BY:
            records.setdefault(entry["row"], {}).setdefault(entry["field"], entry)
    texts: dict[int, dict[int, str]] = {}
    for cell in part.cells:
        texts.setdefault(cell["row"], {})[cell["column"]] = cell["raw"]
    above = {row: [heading for heading in part.headings if heading.row < row] for row in records}
    return [Line(part, above[row][-1], row, record, texts.get(row, {})) for row, record in sorted(records.items()) if above[row]]


def _tell_changes(line: Line, sent: Line, kept: Kept, where: dict[str, Any], lost: set[tuple[str, str]], issues: Issues) -> None:
    """Tell each column that is gone, and each locked cell of a row that is not as it was sent."""
    _tell_lost(line.part.sheet, line.heading, sent.part, sent.heading, where, lost, issues)
    columns = line.heading.columns()
    for name in sent.heading.columns():
        if name == folded(CHECK) or name not in columns or not kept.locks(sent.part.sheet, sent.cell(name)):
            continue
        if not _same(sent.text(name), line.text(name), figure=_is_figure(name, sent.heading)):
            becomes = _USED.get(name, "Nothing in this column is used." if name not in dict(sent.heading.fields.values()) else "")
            at = where | {"sheet": line.part.sheet, "cell": line.cell(name)}
            message = _changed(_heading_of(name, sent.part, sent.heading), line.name, sent.text(name), line.text(name), becomes)
            issues.add(at, Stage.CELL, Severity.ADVISORY, LOCKED, message, line.text(name))


def _tell_lost(sheet: str, came: Heading, sent_on: Part, sent: Heading, where: dict[str, Any], lost: set[tuple[str, str]], issues: Issues) -> None:
    """Tell each column of the form that is gone, locked or open, once for a sheet, with the headings that nothing is used under."""
    strange = [repr(text) for text in came.unknown.values() if text not in sent.unknown.values()]
    becomes = f". Nothing under {' or '.join(strange)} is used." if strange else ""
    there = {folded(CHECK), *came.columns()}
    for name in sent.columns():
        if name not in there and (sheet, name) not in lost:
            lost.add((sheet, name))
            message = f"the column {_heading_of(name, sent_on, sent)!r} of the form as it was sent is not in the return{becomes}"
            issues.add(where | {"sheet": sheet}, Stage.FORM, Severity.ADVISORY, LOCKED, message)


def _heading_of(name: str, part: Part, heading: Heading) -> str:
    """Give a heading as a sheet of the form has it, by its field."""
    return " ".join(part.texts.get((heading.row, heading.columns()[name]), name).split())


def _is_figure(name: str, heading: Heading) -> bool:
    return dict(heading.fields.values()).get(name) == FIGURE


def _changed(heading: str, of: str, was: str, now: str, becomes: str) -> str:
    what = f"{heading} of {of}" if of else heading
    said, stands = f"says {was!r}" if was else "is blank", f"stands {now!r}" if now else "it is blank"
    return f"{what} is locked in the form as it was sent, where it {said}; here {stands}. {becomes or 'What stands here is used.'}"


def _same(one: str, other: str, *, figure: bool = False) -> bool:
    """Say whether two cells say the same: the same words, or the same figure in another way of writing."""
    if one.split() == other.split():
        return True
    read = [_reading(text) for text in (one, other)] if figure else [None]
    return read[0] is not None and read[0] == read[-1]


def _reading(text: str) -> tuple[Any, ...] | None:
    """Give what a figure says, None where it cannot be read."""
    try:
        found = values.read(text)
    except UnreadableValue:
        return None
    return found.low, found.high, found.unit, found.reason, found.rule, found.annual


def _tell_gone(was: dict[Key, list[Line]], back: set[tuple[str, int]], parts: list[Part], where: dict[str, Any], issues: Issues) -> None:
    """Tell by name each row of the form that did not come back; where none of a sheet did, the sheet."""
    by_sheet: dict[str, list[Line]] = {}
    for line in (line for lines in was.values() for line in lines):
        by_sheet.setdefault(line.part.sheet, []).append(line)
    for sheet, asked in by_sheet.items():
        gone = [line for line in asked if (sheet, line.row) not in back]
        came = _same_sheet(asked[0].part, parts)
        if len(gone) == len(asked) > 1:
            message = f"none of the {len(asked)} rows of sheet {sheet!r} of the form as it was sent came back"
            issues.add(where, Stage.FORM, Severity.ADVISORY, ROWS, message)
            continue
        for line in gone:
            message = f"{line.name} is in the form as it was sent, and not in the return: was its row deleted? Where there is no figure, give the reason."
            issues.add(where | {"sheet": came.sheet if came else ""}, Stage.ROW, Severity.ADVISORY, ROWS, message, line.name)


def _tell_unanswered(both: list[tuple[Line, Line]], where: dict[str, Any], issues: Issues) -> None:
    """Tell a form that came back without an answer, or with the last figures that it showed."""
    figures = [(_reading(line.text("actual")), _reading(_last_figure(sent))) for line, sent in both if line.text("actual")]
    known = [(now, before) for now, before in figures if now is not None and now[0] is not None]
    if both and not any(line.text("actual") or line.text("reason_for_none") for line, _ in both):
        message = f"has neither a figure nor a reason for none in any of its {len(both)} rows: was it sent back before it was filled in?"
        issues.add(where, Stage.FORM, Severity.ADVISORY, FILLED, message)
    elif len(known) > 1 and all(before is not None and now[:2] == before[:2] for now, before in known):
        message = f"each of its {len(known)} figures is the last figure that the form itself shows: was last quarter's return sent again?"
        issues.add(where, Stage.QUARTERS, Severity.ADVISORY, FILLED, message)


def _last_figure(sent: Line) -> str:
    """Give the figure of `97.8% (Q2 2016/17)`."""
    return re.sub(r"\s*\([^()]*\)$", "", sent.text(_LAST_FIGURE))
