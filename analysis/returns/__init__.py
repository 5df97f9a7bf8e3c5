"""Files as partners sent them -> every cell with its address, its form, and what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import frames, quarters
from analysis.errors import AskedWrongly, UnreadableFile
from analysis.folders import available, with_history
from analysis.returns import as_sent
from analysis.returns.files import LARGEST_BYTES, open_sheets
from analysis.returns.gathering import Issues
from analysis.returns.headings import Accepted, accepted_headings
from analysis.returns.large import Table, read_large
from analysis.returns.resubmission import OTHER_QUARTER, WHOLE, Sent, Unused, sent, settle, settle_held
from analysis.returns.sheets import Part, read_sheet
from analysis.vocabulary import Outcome, Severity, Stage

__all__ = ["AS_ASKED", "OTHER_QUARTER", "Read", "accepted_headings", "available", "read", "with_history"]

AS_ASKED = (as_sent.LOCKED, as_sent.ROWS, as_sent.FILLED, as_sent.OF_QUARTER, WHOLE)
"""The rules of which only its sender can say whether what differs is meant."""


@dataclass(frozen=True)
class Read:
    """
    What a quarter's folders held; each frame keeps its contract.

    Attributes:
        returns, cells, entries, issues: the files, their cells, the fields of their records, what is wrong.
        withdrawn: entries of records that a newer return has replaced.
        replaced: each cell in which a newer record differs from the one that it replaced.
        newer: (quarter, file) of the returns that replaced another, in whole or in part.
        tables: the ordinary rows of large returns, which stand in none of the frames.
    """

    returns: pd.DataFrame
    cells: pd.DataFrame
    entries: pd.DataFrame
    issues: pd.DataFrame
    withdrawn: pd.DataFrame
    replaced: pd.DataFrame
    newer: frozenset[tuple[str, str]] = frozenset()
    tables: tuple[Table, ...] = ()


_NOT_RETURNS = ("readme", "thumbs", "desktop")
"""Names of files that a person or a system keeps beside returns."""


def read(
    data: Path, wanted: tuple[str, ...], headings: pd.DataFrame | None = None, refused: Container[tuple[str, str]] = (), *, by_columns: bool = False
) -> Read:
    """
    Read every return of the wanted quarters to cells.

    Args:
        data: the folder that holds `raw/<quarter>/`.
        wanted: quarter keys; one that has no folder gives nothing.
        headings: the register of headings that somebody has accepted for those of a form.
        refused: (quarter, file) of returns that are known to fail an expectation: they are held, and replace no older one.
        by_columns: whether the ordinary rows of large returns may be given as `tables`, instead of as cells and entries.

    Returns:
        The frames of `Read`. Every non-empty cell stands once in `cells`, as used, ignored or quarantined;
        `entries` has one row for each field of each record, which is how a merged cell can serve several records.

    A file that cannot be read is an issue, and the rest goes on.

    Raises:
        AskedWrongly: the first of the wanted quarters has no folder; the message says which quarters there are.
    """
    quarters.period(wanted[0])
    if wanted[0] not in (there := available(data)):
        raise AskedWrongly(wanted[0], [f"there are no returns in {data / 'raw' / wanted[0]}"], f"There are returns for {', '.join(there) or 'no quarter'}.")
    gathered = _Gathered(accepted_headings(headings) if headings is not None else {}, refused, by_columns=by_columns)
    first_with: dict[str, tuple[str, str]] = {}
    for quarter in wanted:
        folder = data / "raw" / quarter
        for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
            if (path.is_dir() and not path.is_symlink()) or path.name.startswith((".", "~$")) or path.stem.casefold() in _NOT_RETURNS:
                continue
            _read_file(path, data, quarter, first_with, gathered)
        gathered.settle(quarter)
    return gathered.frames()


class _Gathered(Issues):
    """Rows collected while files are read."""

    def __init__(self, accepted: Accepted, refused: Container[tuple[str, str]], *, by_columns: bool) -> None:
        super().__init__()
        self.accepted, self.refused, self.by_columns = accepted, refused, by_columns
        self.returns: list[dict[str, Any]] = []
        self.cells: list[dict[str, Any]] = []
        self.entries: list[dict[str, Any]] = []
        self.withdrawn: list[dict[str, Any]] = []
        self.replaced: list[dict[str, Any]] = []
        self.about: dict[tuple[str, str], Sent] = {}
        self.held: dict[tuple[str, str], Unused] = {}
        self.newer: set[tuple[str, str]] = set()
        self.tables: list[Table] = []
        self._kept: dict[Path, dict[str, Path]] = {}

    def kept(self, folder: Path) -> dict[str, Path]:
        """Give the forms of a quarter that are kept as they were sent, by their ids."""
        if folder not in self._kept:
            self._kept[folder] = as_sent.kept_forms(folder)
        return self._kept[folder]

    def cannot_open(self, row: dict[str, Any], why: str, hint: str) -> None:
        """Hold a file of which nothing can be read."""
        where = {"quarter": row["quarter"], "file": row["file"]}
        row |= {"state": "held", "reason": why}
        self.add(where, Stage.FILE, Severity.FAIL, "file can be opened", f"{why}{hint}")
        self.about[row["quarter"], row["file"]] = sent(row["file"], {}, row["quarter"])
        self.held[row["quarter"], row["file"]] = Unused(why, [])

    def settle(self, quarter: str) -> None:
        """Let the newer of two returns count, once all files of a quarter are read."""
        about = {file: one for (of, file), one in self.about.items() if of == quarter}
        for table in [table for table in self.tables if table.where["quarter"] == quarter and not table.outcome]:
            own = about[table.where["file"]]
            if any(one is not own and (one.partner == own.partner or one.stem == own.stem) for one in about.values()):
                self._expand(table)  # record by record one of the two may have replaced the other
        entries, cells, returns = ([row for row in rows if row["quarter"] == quarter] for rows in (self.entries, self.cells, self.returns))
        settled = settle(entries, cells, returns, about, self)
        self.entries = [entry for entry in self.entries if entry["quarter"] != quarter] + settled.entries
        self.withdrawn += settled.withdrawn
        self.replaced += settled.replaced
        self.newer |= {(quarter, file) for file in settled.newer}
        settle_held({file: one for (of, file), one in self.held.items() if of == quarter}, settled.entries, cells, returns, about, self)

    def _expand(self, table: Table) -> None:
        """Take the rows of a table as those of a small return."""
        self.tables = [other for other in self.tables if other is not table]
        own = (table.where["quarter"], table.where["file"])
        order = {(row["quarter"], row["file"]): number for number, row in enumerate(self.returns)}
        for rows, more in ((self.cells, frames.rows(table.cells())), (self.entries, table.entries(range(len(table.row))))):
            rows.extend(more)
            files = [(row["quarter"], row["file"]) for row in rows]
            places = [(order[file], *((row["row"], row.get("column", 0)) if file == own else ())) for file, row in zip(files, rows, strict=True)]
            rows[:] = [rows[number] for number in sorted(range(len(rows)), key=places.__getitem__)]

    def frames(self) -> Read:
        return Read(
            frames.make(self.returns, frames.RETURNS),
            frames.make(self.cells, frames.CELLS),
            frames.make(self.entries, frames.ENTRIES),
            frames.make(self.rows, frames.ISSUES),
            frames.make(self.withdrawn, frames.ENTRIES),
            frames.make(self.replaced, frames.REPLACED),
            frozenset(self.newer),
            tuple(self.tables),
        )


def _read_file(path: Path, data: Path, quarter: str, first_with: dict[str, tuple[str, str]], gathered: _Gathered) -> None:
    name = path.relative_to(data / "raw" / quarter).as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    where = {"quarter": quarter, "file": name}
    row: dict[str, Any] = where | {"state": "received"}
    gathered.returns.append(row)
    before = len(gathered.rows)
    try:
        content = _content(path, data, name)
        row["sha256"] = hashlib.sha256(content).hexdigest()
        may_be_large = gathered.by_columns and path.suffix.casefold() in (".csv", ".xlsx") and len(content) <= LARGEST_BYTES
        large = read_large(content, where, gathered, gathered.accepted) if may_be_large else None
        parts = [large[0]] if large else [read_sheet(sheet, where, gathered, gathered.accepted) for sheet in open_sheets(path.name, content)]
    except UnreadableFile as fault:
        gathered.cannot_open(row, "; ".join(fault.problems), f". {fault.hint}")
        return
    except OSError as fault:
        gathered.cannot_open(row, f"cannot be read: {fault.strerror}", "")
        return
    except Exception as fault:  # noqa: BLE001 - whatever one file holds, the others are read
        del gathered.rows[before:]
        gathered.cannot_open(row, f"cannot be read ({type(fault).__name__})", ". Save it anew as .xlsx and send it again.")
        return
    of_quarter, twin = first_with.setdefault(row["sha256"], (quarter, name))
    if of_quarter != quarter:  # told at the later of the two, which is read first, as its readers are those who see it
        message = f"is the same file as {quarter}/{name}, byte for byte: is one of them in the wrong quarter?"
        gathered.add({"quarter": of_quarter, "file": twin}, Stage.RETURNS, Severity.ADVISORY, "no file twice", message)
        twin = name
    cells = [cell for part in parts for cell in part.cells]
    entries = [entry | {"partner": part.header.get("partner", "")} for part in parts for entry in part.entries]
    forms = list(dict.fromkeys(part.form for part in parts if part.form))
    partners = dict.fromkeys(part.header["partner"] for part in parts if "partner" in part.header)
    return_id = parts[0].return_id if parts else ""
    row |= {"partner": ", ".join(partners), "forms": ", ".join(forms), "form_sent": return_id.rpartition(".")[0]}
    held = _why_held(quarter, name, twin, parts, where, gathered)
    if return_id and not held:
        as_sent.tell(parts, return_id, gathered.kept(data / "forms" / quarter), where, gathered)
    held = held or ("the return fails an expectation" if (quarter, name) in gathered.refused else "")
    if held:
        row |= {"state": "duplicate" if twin != name else "held", "reason": held}
        outcome = Outcome.IGNORED if twin != name else Outcome.QUARANTINED
        for cell in cells:
            cell |= {"outcome": outcome, "reason": held}
        if twin == name and not large:
            gathered.held[quarter, name] = Unused(held, entries)
        entries = []
        if large:
            large[1].outcome, large[1].reason = str(outcome), held
    header = {label: value for part in reversed(parts) for label, value in part.header.items()}
    gathered.about[quarter, name] = sent(name, header, quarter, return_id)
    gathered.cells += cells
    gathered.entries += entries
    gathered.tables += [large[1]] if large else []


def _sent_for_another(return_id: str, quarter: str) -> str:
    """Say that a return is the form of another quarter, nothing where it is not."""
    other = as_sent.sent_for(return_id)
    return f" It is the form that was sent for {quarters.label(other)}." if other not in ("", quarter) else ""


def _what_sheets_hold(parts: list[Part]) -> str:
    empty = [part.sheet for part in parts if not part.cells]
    if len(empty) == len(parts):
        return f"holds nothing: sheet {', '.join(map(repr, empty))} is empty" if any(empty) else "holds nothing"
    return "no sheet has the headings of a known form"


def _content(path: Path, data: Path, name: str) -> bytes:
    try:
        inside = path.resolve().is_relative_to(data.resolve())
    except RuntimeError:
        raise UnreadableFile(name, ["is a link that leads to itself"], "Put the file itself there.") from None
    if not inside:
        raise UnreadableFile(name, ["is a link to something outside the data folder"], "Put the file itself there.")
    if not path.exists():
        raise UnreadableFile(name, ["is a link that leads nowhere"], "Put the file itself there.")
    if path.is_dir():
        raise UnreadableFile(name, ["is a link to a folder, of which nothing is read"], "Put the files themselves there.")
    if not path.is_file():
        raise UnreadableFile(name, ["is not a file"], "Put the file itself there.")
    return path.read_bytes()


def _why_held(quarter: str, name: str, twin: str, parts: list[Part], where: dict[str, Any], gathered: _Gathered) -> str:
    """Say why a whole return is not used, or nothing. Each reason is also an issue."""
    if twin != name:
        gathered.add(where, Stage.RETURNS, Severity.INFO, "no file twice", f"is the same file as {twin}, byte for byte; read once")
        return f"same file as {twin}"
    for sheet, stated, cell in [(part.sheet, *told) for part in parts for told in part.quarters]:
        said = quarters.parse(stated)
        if said != quarter:
            reads = quarters.label(said) if said else "no quarter that can be read"
            of_form = _sent_for_another(parts[0].return_id, quarter)
            message = f"names {reads}, but lies in the folder of {quarters.label(quarter)}.{of_form} Move the file, or correct its heading."
            at = {"sheet": sheet, "cell": cell}
            gathered.add(where | at, Stage.FORM, Severity.FAIL, OTHER_QUARTER, message, stated)
            return f"names {reads}"
    if faulty := [part for part in parts if part.fault]:
        return faulty[0].fault
    for part in parts:
        if part.cells and not part.form and not part.as_sent and any(other.form for other in parts):
            message = "the sheet has the headings of no known form; nothing of it is used"
            gathered.add(where | {"sheet": part.sheet}, Stage.FORM, Severity.ADVISORY, "form is known", message)
    if not any(part.form or part.fault for part in parts):
        gathered.add(where, Stage.FORM, Severity.FAIL, "form is known", f"{_what_sheets_hold(parts)}; docs/forms.md shows the forms")
        return "no known form"
    return ""
