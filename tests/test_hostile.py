"""Hostile and messy returns: each file's outcome as written by hand beforehand, nothing lost, nothing crashed."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import tempfile
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from hostile import make
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis import cleansing, expectations, frames, reference, returns
from analysis.errors import UnreadableFile
from analysis.reference import Registers
from analysis.returns.files import open_sheets

HERE = Path(__file__).resolve().parent / "hostile"
WANTED = (make.QUARTER, make.BEFORE)
PASSED_OVER = "passed over"
ALONE = tuple(make.alone())
SEVERITIES = ("none", "info", "advisory", "fail")
SAME_EVERY_RUN = settings(derandomize=True, database=None, deadline=None)

LATER = {
    "twice-percent.csv": "a percentage of 9,780% cannot be",
    "numerator-over.csv": "146 is more than the whole it is part of, 62",
}
"""File -> what the checks between figures, which come after reading, say of it as an advisory."""


# ---------------------------------------------------------------- the river


@dataclass(frozen=True)
class Got:
    """What became of a folder of returns."""

    data: Path
    read: returns.Read
    built: cleansing.Cleansed
    made: dict[str, pd.DataFrame]
    returns: pd.DataFrame
    cells: pd.DataFrame
    issues: pd.DataFrame
    by_file: dict[str, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)

    def of(self, name: str, file: str) -> list[dict[str, Any]]:
        """Give the rows of one file in one of the frames: returns, cells, issues or observations."""
        if name not in self.by_file:
            rows = self.by_file.setdefault(name, {})
            for row in frames.rows(self.made["observations"] if name == "observations" else getattr(self, name)):
                rows.setdefault(row["file"], []).append(row)
        return self.by_file[name].get(file, [])


def river(data: Path, registers: Registers, wanted: tuple[str, ...] = WANTED) -> Got:
    """Take a folder of returns down the whole river: read, cleanse, check, hold, account."""
    read = returns.read(data, wanted)
    built = cleansing.build(read.cells, read.entries, registers)
    found = expectations.check_all(built.frames, registers)
    refused = expectations.held_files(found) & set(zip(read.replaced["quarter"], read.replaced["file"], strict=True))
    if refused:  # a newer return that fails does not replace the older one
        read = returns.read(data, wanted, refused=refused)
        built = cleansing.build(read.cells, read.entries, registers)
    cells = expectations.hold(built.cells, found)
    issues = frames.stack([read.issues, built.issues, found], frames.ISSUES)
    return Got(data, read, built, expectations.accepted(built.frames, found), cleansing.account(read.returns, cells), cells, issues)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the hostile files."""
    return make.write(tmp_path_factory.mktemp("hostile") / "data")


@pytest.fixture(scope="module")
def registers(folder: Path) -> Registers:
    """Load the registers that know the files' measures."""
    return reference.load(folder)


@pytest.fixture(scope="module")
def got(folder: Path, registers: Registers, opened_alone: dict[str, subprocess.Popen[str]]) -> Got:
    """Read the folder, once."""
    return river(folder, registers)


@cache
def expected() -> dict[str, dict[str, str]]:
    """Give what was written by hand: file -> its row."""
    with (HERE / "expected.csv").open(encoding="utf-8", newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file)}


def on_disk(file: str) -> str:
    r"""Give a file's name as it lies in the folder: `\udcff` is a byte that is no letter."""
    return file.replace("\\n", "\n").replace("\\udcff", "\udcff")


def named(file: str) -> str:
    r"""Give a file's name as it is told: `\n` is written out in expected.csv, and a byte that is no letter everywhere."""
    return file.replace("\\n", "\n").replace("\\udcff", "\\xff")


def cases(files: Iterable[str]) -> list[Any]:
    """Give files as cases, by their names as far as these are short."""
    return [pytest.param(file, id=file[:60]) for file in files]


def outcome(file: str, row: dict[str, str], seen: Got) -> dict[str, Any]:
    """Give what became of a file, in the words and columns of expected.csv; what was not decided by hand is left as it is there."""
    (account,) = seen.of("returns", file) or [dict.fromkeys(("state", "cells", "quarantined"), "no row")]
    issues = seen.of("issues", file)
    told = [issue for issue in issues if row["says"].casefold() in issue["message"].casefold() and row["cell"] in ("", issue["cell"])]
    values = {
        (line["measure_id"], *((line["actual"],) if line["actual"] is not None else (line["actual_low"], line["actual_high"])))
        for line in seen.of("observations", file)
    }
    exact = [figure for figure in row["used_figures"].split("; ") if figure and figure_of(figure) in values]
    return {
        "state": account["state"] if row["state"] else "",
        "cells": str(account["cells"]) if row["cells"] else "",
        "quarantined": str(account["quarantined"]) if row["quarantined"] else "",
        "severity": max((str(issue["severity"]) for issue in issues), key=SEVERITIES.index, default="none") if row["severity"] else "",
        "says": row["says"] if told else " | ".join(f"{issue['cell']}: {issue['message'][:300]}" for issue in issues),
        "used_figures": "; ".join(exact),
    }


def figure_of(text: str) -> tuple[Any, ...]:
    """Give a figure of expected.csv: measure and value, or measure and both ends of a range."""
    measure, _, value = text.partition("=")
    return measure, *(Decimal(end) for end in value.split(".."))


# ---------------------------------------------------------------- each file


def test_there_are_enough_files(folder: Path) -> None:
    """It tries at least 48 files; each has its row, and each row its file."""
    there = {
        path.relative_to(folder / "raw" / make.QUARTER).as_posix() for path in (folder / "raw" / make.QUARTER).rglob("*") if path.is_symlink() or path.is_file()
    }

    assert len(there) >= 48
    assert there | {*ALONE, "sent-in-july.csv"} == {on_disk(file) for file in expected()}


@pytest.mark.parametrize("file", cases(file for file in expected() if file not in ALONE and expected()[file]["state"] != PASSED_OVER))
def test_a_file_comes_out_as_written_beforehand(file: str, got: Got) -> None:
    """It gives each file the state, the counts, the worst severity, the message with its cell and the figures that were written down by hand."""
    row = expected()[file]

    assert outcome(named(file), row, got) == {name: row[name] for name in ("state", "cells", "quarantined", "severity", "says", "used_figures")}


def test_what_no_file_shows_by_itself_is_told_by_the_checks_between_figures(got: Got, registers: Registers) -> None:
    """It tells percentages that cannot be and wholes smaller than their parts, as advisories, once figures are held against one another."""
    from analysis import examination

    read = got.built.frames | {"returns": got.read.returns, "cells": got.built.cells, "issues": got.issues}
    of_these = {name: frame[frame["file"].isin(LATER)].reset_index(drop=True) for name, frame in read.items()}
    found = frames.rows(examination.examine(of_these, registers, make.QUARTER)["issues"])

    for file, says in LATER.items():
        assert [issue["severity"] for issue in found if issue["file"] == file and says in issue["message"]] == ["advisory"], file


@pytest.mark.parametrize("file", [file for file, row in expected().items() if row["state"] == PASSED_OVER])
def test_locks_and_notes_to_the_reader_are_passed_over(file: str, got: Got) -> None:
    """It says nothing of what is no return: locks of open files, hidden files, a README."""
    assert got.of("returns", file) == got.of("cells", file) == got.of("issues", file) == []


OPEN = """
import resource, sys
from pathlib import Path
from analysis.errors import UnreadableFile
from analysis.returns.files import open_sheets
resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))
resource.setrlimit(resource.RLIMIT_CPU, (3, 3))
path = Path(sys.argv[1])
try:
    print(len(open_sheets(path.name, path.read_bytes())), "sheets")
except UnreadableFile as fault:
    print("told:", fault)
"""


@pytest.fixture(scope="module")
def opened_alone(folder: Path) -> Iterator[dict[str, subprocess.Popen[str]]]:
    """Start a process for each file that might fill the memory."""
    said = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": HERE.parents[1]}
    started = {file: subprocess.Popen([sys.executable, "-c", OPEN, folder / "alone" / file], **said) for file in ALONE}
    yield started
    for process in started.values():
        process.kill()
        process.communicate()


@pytest.mark.parametrize("file", cases(ALONE))
def test_a_small_file_does_not_unfold_to_fill_the_memory(file: str, opened_alone: dict[str, subprocess.Popen[str]]) -> None:
    """It opens, or refuses by name, a file of a few kilobytes within 1.5 GB and 3 seconds."""
    _, complaint = opened_alone[file].communicate(timeout=60)

    assert (opened_alone[file].returncode, complaint) == (0, "")


# ---------------------------------------------------------------- nothing lost


def counted(path: Path) -> dict[tuple[str, str], str | None]:
    """Count a file's cells without the project: (sheet, cell) -> its text, or None where the file stores something else than a text."""
    content = path.read_bytes()
    if path.suffix.casefold() == ".csv":
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", errors="replace")
        lines = csv.reader(io.StringIO(text, newline=""))
        return {("", f"{openpyxl.utils.get_column_letter(c)}{r}"): value for r, line in enumerate(lines, 1) for c, value in enumerate(line, 1) if value.strip()}
    if path.suffix == ".ods":
        return dict.fromkeys(_of_opendocument(content))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(content))
    return {
        (sheet.title, cell.coordinate): None
        for sheet in book.worksheets
        for cell in list(sheet._cells.values())
        if cell.value is not None and str(cell.value).strip()
    }


def _of_opendocument(content: bytes) -> list[tuple[str, str]]:
    of_table, of_text = (f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("table", "text"))
    root = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("content.xml"))  # noqa: S314 - made here
    return [
        (table.get(f"{of_table}name", ""), f"{openpyxl.utils.get_column_letter(column)}{at}")
        for table in root.iter(f"{of_table}table")
        for at, line in enumerate(table.iter(f"{of_table}table-row"), 1)
        for column, cell in enumerate(line, 1)
        if any((words.text or "").strip() for words in cell.iter(f"{of_text}p"))
    ]


OPENED = [file for file, row in expected().items() if row["cells"] and file not in ALONE]


@pytest.mark.parametrize("file", cases(OPENED))
def test_every_cell_stands_once_with_what_became_of_it(file: str, got: Got) -> None:
    """It gives each non-empty cell, counted without the project, exactly one outcome, with a reason where it is not used; texts stay as typed."""
    name = named(file)
    quarter = make.BEFORE if file == "sent-in-july.csv" else make.QUARTER
    there = counted(got.data / "raw" / quarter / on_disk(file))
    cells = got.of("cells", name)
    (account,) = got.of("returns", name)

    assert Counter((cell["sheet"], cell["cell"]) for cell in cells) == Counter(list(there))
    assert [cell["raw"] for cell in cells if there[cell["sheet"], cell["cell"]] not in (None, cell["raw"])] == []
    assert account["used"] + account["ignored"] + account["quarantined"] == account["cells"] == len(there)
    assert {cell["cell"] for cell in cells if not cell["reason"] and cell["outcome"] != "used"} == set()


def test_a_file_that_cannot_be_opened_has_no_cells(got: Got) -> None:
    """It counts nothing of a file that it cannot open, and holds it."""
    closed = {named(file) for file, row in expected().items() if row["state"] == "held" and not row["cells"]} - {*ALONE}

    assert [
        (row["file"], row["state"], row["cells"]) for row in frames.rows(got.returns) if row["file"] in closed and (row["state"], row["cells"]) != ("held", 0)
    ] == []


def test_no_file_is_missing(got: Got) -> None:
    """It has one row for each file of the folder but those that are passed over, and each held file has its reason and an issue."""
    due = {named(file) for file, row in expected().items() if row["state"] != PASSED_OVER} - {*ALONE}
    told = set(got.issues.loc[got.issues["severity"].map(str) == "fail", "file"])

    assert sorted(got.returns["file"]) == sorted(due)
    assert [row["file"] for row in frames.rows(got.returns) if row["state"].startswith("held") and row["file"] not in told] == []
    assert [row["file"] for row in frames.rows(got.read.returns) if row["state"] != "received" and not row["reason"]] == []


def test_reading_twice_gives_the_same(got: Got) -> None:
    """It gives the same frames a second time, row by row."""
    again = river(got.data, reference.load(got.data)).read

    for name in ("returns", "cells", "entries", "issues"):
        assert_frame_equal(getattr(again, name), getattr(got.read, name))


def test_nothing_outside_is_read(got: Got) -> None:
    """It takes no cell from a file outside the data folder, whatever names or links to it."""
    outside = {f"SYNTHETIC figure {number}" for number in (183, 199)}

    assert set(got.cells["raw"]) & outside == set()


# ---------------------------------------------------------------- sent again


def test_a_replaced_cell_says_by_which_file(got: Got) -> None:
    """It ignores every cell of a replaced file, each with the file that replaced it."""
    replaced = {"rs-date-b.csv": "rs-date-a.csv", "rs-version.csv": "rs-version-v2.csv", "rs-nine v9.csv": "rs-nine_v10.csv", "rs-kind.csv": "rs-kind-v2.xlsx"}

    for file, by in replaced.items():
        assert {(cell["outcome"], cell["reason"]) for cell in got.of("cells", file)} - {("ignored", "heading, repeated")} == {("ignored", f"replaced by {by}")}


def test_a_replaced_figure_stands_beside_its_successor_with_the_reason(got: Got) -> None:
    """It lists each figure that a newer return changed, old and new, with the reason the partner gave or that it gave none."""
    seen = {(row["was_file"], row["was_raw"], row["now_raw"], row["reason"]) for row in frames.rows(got.read.replaced)}

    assert seen >= {
        ("rs-date-b.csv", "150", "151", "Late figures"),
        ("rs-date-b.csv", "151", "152", "Late figures"),
        ("rs-version.csv", "153", "154", "no reason given"),
        ("rs-withdrawn.csv", "170", "", "no reason given"),
    }


# ---------------------------------------------------------------- arbitrary bytes

ENDINGS = (".csv", ".xlsx", ".ods", ".xls", ".xlsm", ".CSV", ".txt", "")
BEGINNINGS = (
    b"",
    b"PK\x03\x04",
    b"PK\x05\x06" + bytes(18),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"Theme,No,Measure,Target,Actual\n",
    b"<?xml?>",
)


@settings(SAME_EVERY_RUN, max_examples=60)
@given(st.sampled_from(BEGINNINGS), st.binary(max_size=600))
def test_arbitrary_bytes_are_refused_by_name_or_read(beginning: bytes, content: bytes) -> None:
    """It opens any bytes under any ending, or says that it cannot; nothing else happens."""
    for ending in ENDINGS:
        with suppress(UnreadableFile):
            sheets = open_sheets(f"x{ending}", beginning + content)

            assert all(cell.text.strip() for sheet in sheets for cell in sheet.cells.values())


VALID = {
    "csv": make.text([*make.sender("Mutant"), make.HEADINGS, *(make.row(number) for number in (1, 300, 400, 420)), [], ["Note 1: as typed"]]),
    "xlsx": make.book(
        {"Return": [*make.sender("Mutant"), make.HEADINGS, *(make.row(number) for number in (1, 300, 400, 420))], "Actions": [make.ACTIONS, make.meeting()]}
    ),
    "ods": make.ods_sheet(make.ods_row(171), make.ods_row(172)),
}
INNER = {"xlsx": "xl/worksheets/sheet1.xml", "ods": "content.xml"}


def damaged(content: bytes, flips: list[tuple[float, int]], kept: float) -> bytes:
    """Give bytes with some changed, and cut off after a share of them."""
    spoilt = bytearray(content)
    for place, value in flips:
        spoilt[int(place * (len(spoilt) - 1))] = value
    return bytes(spoilt[: max(int(len(spoilt) * kept), 1)])


PLACES = st.floats(0, 1, allow_nan=False)
DAMAGE = st.tuples(st.sampled_from(sorted(VALID)), st.booleans(), st.lists(st.tuples(PLACES, st.integers(0, 255)), max_size=8), st.one_of(st.just(1.0), PLACES))


@settings(SAME_EVERY_RUN, max_examples=5)
@given(st.lists(DAMAGE, min_size=10, max_size=20))
def test_a_damaged_file_never_stops_the_river(registers: Registers, damage: list[tuple[str, bool, list[tuple[float, int]], float]]) -> None:
    """It takes valid files with bytes changed and cut off, outside and inside their zip, down the whole river; the three counts add up."""
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary) / "raw" / make.QUARTER
        place.mkdir(parents=True)
        for number, (kind, inside, flips, kept) in enumerate(damage):
            content = VALID[kind]
            if inside and kind in INNER:
                parts = make.parts_of(content)
                content = make.zipped(parts | {INNER[kind]: damaged(bytes(parts[INNER[kind]]), flips, kept)})  # type: ignore[arg-type]
            else:
                content = damaged(content, flips, kept)
            (place / f"mutant{number}.{kind}").write_bytes(content)
        seen = river(Path(temporary), registers, (make.QUARTER,))

    assert len(seen.returns) == len(damage)
    assert (seen.returns["used"] + seen.returns["ignored"] + seen.returns["quarantined"] == seen.returns["cells"]).all()
    assert not seen.cells.duplicated(["file", "sheet", "cell"]).any()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "wide.ods",
            make.ods([f"<table:table-cell office:value-type='string' table:number-columns-spanned='{10**9}'><text:p>Title</text:p></table:table-cell>"]),
        ),
        ("long.ods", make.ods([make.said("1", "float", " office:value='1E999999999'")])),
    ],
    ids=["a title over a thousand million columns", "a number of a thousand million digits"],
)
def test_a_sheet_that_would_never_end_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    """It holds the file, or passes over what it says, and goes on; nothing is raised."""
    folder = tmp_path / "raw" / make.QUARTER
    folder.mkdir(parents=True)
    (folder / name).write_bytes(content)
    read = returns.read(tmp_path, (make.QUARTER,))
    assert read.returns["state"].tolist() == ["held"]
    assert len(read.issues)
