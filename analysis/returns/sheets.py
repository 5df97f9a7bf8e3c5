"""A sheet -> its cells, each with what became of it, and the records of its form."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from analysis.returns.cells import Cell, Sheet
from analysis.returns.forms import AS_SENT, FIGURE, FORMS, HEADER_BLOCK, WORDS, address, folded
from analysis.returns.gathering import Issues
from analysis.returns.headings import Accepted, Heading, Known, columns_of, heading_in_two_rows, heading_of, known_headings, tell
from analysis.vocabulary import FILLED_IN, HOLDS_NO_RETURN, Outcome, Severity, Stage


@dataclass
class Part:
    """
    What one sheet gave.

    `return_id` says of which form that was sent out its workbook is; `as_sent`, that the sheet is one of those in it that hold no return.
    """

    sheet: str
    return_id: str = ""
    as_sent: bool = False
    cells: list[dict[str, Any]] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)
    header: dict[str, str] = field(default_factory=dict)
    header_cells: dict[str, str] = field(default_factory=dict)
    quarters: list[tuple[str, str]] = field(default_factory=list)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    headings: list[Heading] = field(default_factory=list)
    form: str = ""
    fault: str = ""
    theme: str | None = None
    theme_row: int = 0


SWALLOWED = "several rows in one cell"
"""Why nothing of a row is used that an open quotation mark has joined with the next."""
_TOTALS = {"total", "totals", "grandtotal"}
_NOTE = re.compile(r"notes?\b|\*|†", re.IGNORECASE)


def read_sheet(sheet: Sheet, where: dict[str, Any], issues: Issues, accepted: Accepted) -> Part:
    """
    Read one sheet: tables of known forms, the header block above them, the notes under them.

    Args:
        sheet: the cells.
        where: its quarter and file.
        issues: to which what is wrong is added.
        accepted: headings that somebody has accepted for those of a form.

    Every non-empty cell of the sheet is in `cells` of what is given back; what is wrong is added to *issues*.
    """
    part = Part(sheet.name, sheet.return_id, as_sent=bool(sheet.return_id) and sheet.name in AS_SENT)
    at = where | {"sheet": sheet.name}
    if part.as_sent:
        for (row, column), cell in sorted(sheet.cells.items()):
            _put(part, at, row, {column: cell}, Outcome.IGNORED, HOLDS_NO_RETURN)
        return part
    for remark in sheet.remarks:
        issues.add(at, Stage.FILE, Severity.ADVISORY, "the file shows all it holds", remark)
    if not sheet.cells:
        issues.add(at, Stage.FORM, Severity.ADVISORY, "sheet holds something", "the sheet is empty")
        return part
    by_row: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in sorted(sheet.cells.items()):
        by_row.setdefault(row, {})[column] = cell
    part.texts = {place: cell.text for place, cell in sheet.cells.items()}
    progress = Progress(part, at, sheet, known_headings(accepted), issues)
    for row in by_row:
        progress.take(row, by_row)
    tell_empty(part, progress.records, at, issues)
    if not part.form:
        _tell_formless(part, by_row, at, issues, progress.known)
    return part


@dataclass
class Progress:
    """How far a sheet is read: its part so far, the headings that count, the last row taken, and how many records there were."""

    part: Part
    at: dict[str, Any]
    sheet: Sheet
    known: Known
    issues: Issues
    heading: Heading | None = None
    last: int = 0
    records: int = 0

    def take(self, row: int, by_row: dict[int, dict[int, Cell]]) -> None:
        """Take a row of those that hold something: headings, text above a table or under it, or a record."""
        part, at, issues, heading, line = self.part, self.at, self.issues, self.heading, by_row[row]
        if heading is not None and row == heading.row and heading.rows > 1:
            pass  # the second row of headings, taken with the first
        elif found := _found_heading(row, by_row, self.sheet, self.known, alone=heading is not None):
            _take_heading(part, at, found, heading, by_row)
            texts = {column: cell.text for column, cell in by_row[found.row].items()}
            part.fault = "; ".join(filter(None, (part.fault, tell(found, texts, at, issues))))
            self.heading = found
        elif heading is None or _is_header_line(line):
            self.heading = None  # a header block under a table begins another table
            _above(part, at, row, line)
        elif len(line) == 1 and len(heading.fields) > 1 and not _is_bare_record(line, heading, row - self.last):
            _alone(part, at, row, line, heading, issues)
        else:
            record(part, at, row, line, heading, self.sheet, issues)
            self.records += 1
        self.last = row


def tell_empty(part: Part, records: int, at: dict[str, Any], issues: Issues) -> None:
    """Tell a form that was sent before it was filled in."""
    if part.form and not part.fault and not records:
        message = "has the headings of a table, and no row under them: was the form sent before it was filled in?"
        issues.add(at, Stage.FORM, Severity.ADVISORY, "a table has rows", message)


def _take_heading(part: Part, at: dict[str, Any], found: Heading, before: Heading | None, by_row: dict[int, dict[int, Cell]]) -> None:
    """Take the cells of headings; those that stand above the same table a second time are passed over."""
    repeated = before is not None and before.form is found.form and before.fields == found.fields
    part.form = found.form.name
    part.headings.append(found)
    outcome, reason = (Outcome.IGNORED, "heading, repeated") if repeated else (Outcome.USED, "heading")
    for row in range(found.row - found.rows + 1, found.row + 1):
        _put(part, at, row, by_row[row], outcome, reason, found.form.name)


def _found_heading(row: int, by_row: dict[int, dict[int, Cell]], sheet: Sheet, known: Known, *, alone: bool) -> Heading | None:
    """Recognise headings in a row; unless it must stand alone, in it and the next one too, where neither is whole by itself."""
    own = heading_of(row, by_row[row], known)
    below = by_row.get(row + 1)
    if alone or below is None or (own and not own.missing):
        return own
    under = heading_of(row + 1, below, known)
    both = None if under and not under.missing else heading_in_two_rows(row + 1, by_row[row], below, sheet.merged, known)
    return both or own


def _is_bare_record(line: dict[int, Cell], heading: Heading, step: int) -> bool:
    """
    Say whether a row of one cell is a record with everything else missing, not text round the table.

    It is where the cell is in the column that names a row, directly under the row before, in a form whose names are
    registered: a name that is none is told there.
    """
    ((column, cell),) = line.items()
    name, _ = heading.fields.get(column, ("", ""))
    return heading.form.registered and name == heading.form.naming and step == 1 and not _NOTE.match(cell.text.strip())


def _is_header_line(line: dict[int, Cell]) -> bool:
    """Say whether a row under a table is a line of a header block: a label with its value, and nothing else."""
    texts = [line[column].text for column in sorted(line)]
    label, colon, rest = texts[0].partition(":")
    if len(texts) == 1:
        return bool(colon and rest.strip()) and with_colon_off(label) in HEADER_BLOCK
    return len(texts) == 2 and with_colon_off(texts[0]) in HEADER_BLOCK


def _tell_formless(part: Part, by_row: dict[int, dict[int, Cell]], at: dict[str, Any], issues: Issues, known: Known) -> None:
    """Hold the whole return where a sheet of no known form has a row that looks like the headings of one."""
    texts = {row: {column: (cell.text,) for column, cell in line.items()} for row, line in by_row.items()}
    near = [(len(columns_of(form, line, known)[0]), form.name, row) for row, line in texts.items() for form in FORMS]
    number, name, row = max(near, key=lambda found: found[0])
    if number < 2:
        return
    part.fault = f"headings like those of form '{name}', but not enough of them"
    message = f"row {row} has {number} headings of the form '{name}', but not enough to read it by. docs/forms.md shows them."
    issues.add(at | {"cell": f"{row}:{row}"}, Stage.FORM, Severity.FAIL, "form is known", message)


def _above(part: Part, at: dict[str, Any], row: int, line: dict[int, Cell]) -> None:
    """Take a row above the table: a label of the header block with its value, or a title."""
    columns = sorted(line)
    while columns:
        column = columns.pop(0)
        text = line[column].text
        label, _, rest = (part_of.strip() for part_of in text.partition(":"))
        beside_it = columns[0] if columns and columns[0] == column + 1 else 0
        if with_colon_off(text) in HEADER_BLOCK and beside_it and with_colon_off(line[beside_it].text) not in HEADER_BLOCK:
            beside = columns.pop(0)
            _header(part, with_colon_off(text), line[beside].text, address(row, beside))
            _put(part, at, row, {column: line[column], beside: line[beside]}, Outcome.USED, "header block", field_name=f"header {with_colon_off(text)}")
        elif with_colon_off(label) in HEADER_BLOCK and rest:
            _header(part, with_colon_off(label), rest, address(row, column))
            _put(part, at, row, {column: line[column]}, Outcome.USED, "header block", field_name=f"header {with_colon_off(label)}")
        else:
            _put(part, at, row, {column: line[column]}, Outcome.IGNORED, "title above the table")


def _header(part: Part, label: str, value: str, cell: str) -> None:
    part.header[label] = value.strip()
    part.header_cells[label] = cell
    if label == "quarter":
        part.quarters.append((value.strip(), cell))


def with_colon_off(label: str) -> str:
    """
    Give a header-block label as it is looked up.

    >>> with_colon_off(" Prepared by: ")
    'prepared by'
    """
    return re.sub(r"\s+", " ", label).strip().rstrip(":").strip().casefold()


def _alone(part: Part, at: dict[str, Any], row: int, line: dict[int, Cell], heading: Heading, issues: Issues) -> None:
    """Take a row of one cell under a heading: a note is kept as narrative, a figure without a name is quarantined, other text passed over."""
    ((column, cell),) = line.items()
    if heading.fields.get(column, ("", ""))[1] == FIGURE:
        message = f"{cell.text!r} stands alone: nothing in its row says what it is. Name its row."
        issues.add(at | {"cell": address(row, column)}, Stage.ROW, Severity.FAIL, "a figure has a name", message, cell.text)
        _put(part, at, row, line, Outcome.QUARANTINED, "a figure without a name", heading.form.name)
        return
    if column in heading.filled_in or not _NOTE.match(cell.text.strip()):
        reason = FILLED_IN if column in heading.filled_in else "text round the table"
        _put(part, at, row, line, Outcome.IGNORED, reason, heading.form.name)
        return
    _put(part, at, row, line, Outcome.USED, "note under the table", heading.form.name, "note under the table")
    values = {"section": ("note", ""), "text": (cell.text, address(row, column)), "group_or_theme": (_theme_of(part), "")}
    part.entries += [at | {"row": row, "form": "narrative", "field": name, "kind": WORDS, "cell": of, "raw": text} for name, (text, of) in values.items()]


def _theme_of(part: Part) -> str:
    """Give the theme of the nearest record above that names one, or else that of the header block."""
    return part.header.get("theme", "") if part.theme is None else part.theme


def record(part: Part, at: dict[str, Any], row: int, line: dict[int, Cell], heading: Heading, sheet: Sheet, issues: Issues) -> None:
    """Take one row of the table as a record; a merged cell of words serves every row that it spans, a merged figure none."""
    form, merged = heading.form, sheet.merged
    if _is_total(line, heading):
        _put(part, at, row, line, Outcome.IGNORED, "total line: totals are recomputed", form.name)
        return
    spilt = _spilt(row, line, heading, sheet, at, issues)
    found: dict[str, tuple[str, str, str]] = {}
    for column, cell in line.items():
        name, kind = heading.fields.get(column, ("", ""))
        is_one = kind != FIGURE or _is_one_figure(cell, (row, column), at, merged, heading, issues)
        reason = (spilt if is_one else "one figure merged over several cells") if kind == FIGURE or spilt == SWALLOWED else ""
        if reason:
            _put(part, at, row, {column: cell}, Outcome.QUARANTINED, reason, form.name, name)
        elif name:
            _put(part, at, row, {column: cell}, Outcome.USED, "", form.name, name)
            found[name] = (kind, address(row, column), cell.text)
        else:
            _put(part, at, row, {column: cell}, Outcome.IGNORED, why_ignored(column, heading), form.name)
    _fill(found, part, row, heading, merged)
    if "theme" in found:
        part.theme, part.theme_row = found["theme"][2], row
    part.entries += [
        {**at, "row": row, "form": form.name, "field": name, "kind": kind, "cell": cell, "raw": text} for name, (kind, cell, text) in found.items()
    ]


def _fill(found: dict[str, tuple[str, str, str]], part: Part, row: int, heading: Heading, merged: list[tuple[int, int, int, int]]) -> None:
    """Add to the fields of a record what stands in merged cells, its blank figures, and what the header block says for all."""
    for top, left in _merged_over(row, heading, merged):
        name, kind = heading.fields[left]
        found.setdefault(name, (kind, address(top, left), part.texts.get((top, left), "")))
    for column, (name, kind) in heading.fields.items():
        if kind == FIGURE:  # a blank figure belongs to the record too: its address is where the gap is
            found.setdefault(name, (kind, address(row, column), ""))
    for label in ("theme", "round"):
        if label in part.header:
            found.setdefault(label, (WORDS, part.header_cells[label], part.header[label]))


def why_ignored(column: int, heading: Heading) -> str:
    """Say why a cell of a record is not used whose column names no field."""
    if column in heading.filled_in:
        return FILLED_IN
    return f"column {heading.unknown[column]!r} is not of the form" if column in heading.unknown else "column without a heading"


def _spilt(row: int, line: dict[int, Cell], heading: Heading, sheet: Sheet, at: dict[str, Any], issues: Issues) -> str:
    """
    Say why the figures of a row cannot be told apart, or nothing; and tell a cell that stands under no heading.

    In plain text a figure beyond the last heading is what a comma has cut off another: `1,148` without quotes is two cells.
    """
    named = [line[column] for column, (name, _) in heading.fields.items() if name == heading.form.naming and column in line]
    if sheet.plain and heading.form.registered and named and "\n" in named[0].text.strip() and named[0].text.count(",") > 2:
        message = "one quotation mark too many: several rows stand in one cell. None of it is used; send the rows again without it."
        issues.add(at | {"cell": address(row, min(line))}, Stage.ROW, Severity.FAIL, "a row is one row", message, named[0].text)
        return SWALLOWED
    others = (heading.unknown, heading.twice, heading.filled_in)
    nobodys = [column for column in line if column not in heading.fields and not any(column in known for known in others)]
    beyond = [column for column in nobodys if column > max(heading.fields) and re.match(r"[\d ]", line[column].text)]
    if sheet.plain and beyond:
        message = "the row has more cells than there are headings: was a figure typed with a comma and without quotes? Its figures are not used."
        issues.add(at | {"cell": address(row, beyond[0])}, Stage.ROW, Severity.FAIL, "a row has a cell for each heading", message, line[beyond[0]].text)
        return "a figure cut in two by its comma"
    for column in nobodys:
        message = "stands in a column without a heading, which is not used. Give the column its heading, or leave it out."
        issues.add(at | {"cell": address(row, column)}, Stage.ROW, Severity.ADVISORY, "a row has a cell for each heading", message, line[column].text)
    return ""


def _merged_over(row: int, heading: Heading, merged: list[tuple[int, int, int, int]]) -> list[tuple[int, int]]:
    """Give the merged cells of words, by row and column, that begin above a row of the table and reach it."""
    spans = [(top, left) for top, left, bottom, _ in merged if heading.row < top < row <= bottom]
    return [(top, left) for top, left in spans if left in heading.fields and heading.fields[left][1] != FIGURE]


def is_called_total(text: str) -> bool:
    """Say whether a text is what a total is called."""
    return folded(text) in _TOTALS


def _is_total(line: dict[int, Cell], heading: Heading) -> bool:
    """Say whether a row is a total: its first cell, or the one that names it, says so, and it has no number of its own."""
    named = {heading.fields[column][0]: cell.text for column, cell in line.items() if column in heading.fields}
    called = (line[min(line)].text, named.get(heading.form.naming, ""))
    return heading.form.totals and any(is_called_total(text) for text in called) and not named.get("number")


def _is_one_figure(cell: Cell, place: tuple[int, int], at: dict[str, Any], merged: list[tuple[int, int, int, int]], heading: Heading, issues: Issues) -> bool:
    """Say whether a figure is its own cell's alone, and tell one that is merged over others, or holds more than it shows."""
    here = at | {"cell": address(*place)}
    if cell.hides_digits:
        message = f"shows {cell.text}, but holds {cell.held}: the figure shown is the one used"
        issues.add(here, Stage.CELL, Severity.ADVISORY, "the figure shown is the one held", message, cell.text)
    area = next(((bottom, right) for top, left, bottom, right in merged if (top, left) == place), place)
    columns = [column for column in range(place[1] + 1, area[1] + 1) if heading.fields.get(column, ("", ""))[1] == FIGURE]
    if area[0] == place[0] and not columns:
        return True
    message = f"one figure is merged over {address(*place)}:{address(*area)}: whose it is cannot be known. Give each cell its own."
    issues.add(here, Stage.CELL, Severity.FAIL, "a figure has one cell", message, cell.text)
    return False


def _put(part: Part, at: dict[str, Any], row: int, line: dict[int, Cell], outcome: Outcome, reason: str, form: str = "", field_name: str = "") -> None:
    named = field_name or ("heading" if reason.startswith("heading") else "")
    for column, cell in line.items():
        part.cells.append({
            **at, "row": row, "column": column, "cell": address(row, column), "raw": cell.text, "stored": cell.stored,
            "form": form, "field": named, "outcome": outcome, "reason": reason,
        })  # fmt: skip
