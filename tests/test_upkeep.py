"""Upkeep: what a result was made from is seen to the last byte, read without importing it, and a record that is not one is none."""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis import upkeep
from analysis.upkeep import Made

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "analysis").rglob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
QUARTER = "2016-17-Q2"

# ---------------------------------------------------------------- imports, read as text


def named(source: str, package: tuple[str, ...] = ()) -> set[str]:
    """Give what a source imports of the workbook by Python's own grammar: each module, those above it, and each name as if it were a module."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            modules = [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            near = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, (near, node.module)))
            modules = [(module, alias.name) for alias in node.names]
        else:
            continue
        for module, name in modules:
            parts = module.split(".")
            found |= {".".join(parts[:far]) for far in range(1, len(parts) + 1)} | ({f"{module}.{name}"} if name else set())
    return {name for name in found if name.split(".")[0] == "analysis"}


def module_of(path: Path) -> str:
    """Give the dotted name of a module's file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


KNOWN = {module_of(path) for path in MODULES}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_modules_imports_are_those_of_the_grammar(path: Path) -> None:
    """It finds in the text of each module just the modules that Python's own grammar finds, wherever in it they are imported."""
    source = path.read_text(encoding="utf-8")
    assert upkeep._named_in(source) & KNOWN == named(source, path.relative_to(ROOT).parent.parts) & KNOWN


def code_of(path: Path) -> str:
    """Give the code of a notebook."""
    return "\n".join("".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebooks_imports_are_those_of_the_grammar(path: Path) -> None:
    """It finds in each notebook just the modules that Python's own grammar finds."""
    assert upkeep._named_in(code_of(path)) & KNOWN == named(code_of(path)) & KNOWN
    assert upkeep._named_in(code_of(path)) & KNOWN != set()


SHAPES = {
    "one": "from analysis import store",
    "several": "from analysis import store, reports , charts",
    "deeper": "from analysis.reports.gate import reading",
    "aliased": "from analysis import store as kept, charts as drawn",
    "a module": "import analysis.reports.page",
    "a module by another name": "import analysis.reports.page as page",
    "the package": "import analysis",
    "in parentheses": "from analysis import (store, charts)",
    "over lines": "from analysis import (\n    store,\n    charts as drawn,\n)",
    "in a function": "def f():\n    from analysis import store\n    import analysis.charts\n",
    "for types only": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from analysis.reports import Report\n",
    "in a try": "try:\n\tfrom analysis import store\nexcept ImportError:\n\tpass\n",
    "wide": "from   analysis.grant\timport   checks",
    "before a comment": "from analysis import store  # noqa: F401",
    "between others": "import os\nfrom analysis import store\nimport sys\n",
    "another package": "from analysis_of import store\nfrom other.analysis import charts\n",
    "nothing": "print('from nowhere')",
    "a name of a module": "from analysis.store import read",
}
UNSEEN = {
    "a bracket in a comment": "from analysis import (  # (both)\n    store,\n    charts,\n)",
    "a second module": "import analysis.store, analysis.charts",
    "after another module": "import os, analysis.charts",
    "after a semicolon": "import os; from analysis import charts",
    "on the line of its condition": "if True: from analysis import charts",
    "a line carried on": "from analysis import store, \\\n    charts",
    "relative": "from . import charts",
}
NOT_SEEN = "the expression does not know this shape: a module so imported could change and nothing would run again"


@pytest.mark.parametrize(
    "source",
    [pytest.param(source, id=name) for name, source in SHAPES.items()]
    + [pytest.param(source, id=name, marks=pytest.mark.xfail(reason=NOT_SEEN, strict=True)) for name, source in UNSEEN.items()],
)
def test_an_import_of_any_shape_is_seen(source: str) -> None:
    """It sees each way to write an import, and takes nothing else for one."""
    assert upkeep._named_in(source) & KNOWN == named(source, ("analysis",)) & KNOWN


def test_no_module_is_imported_by_a_name_that_text_does_not_show() -> None:
    """It reads imports as text, so that only the engine, which loads what it is told, the command and what Lab loads, which no run reaches, may import by name."""
    by_name = {path.relative_to(ROOT).as_posix() for path in MODULES if "import_module(" in path.read_text(encoding="utf-8")}
    assert by_name <= {"analysis/engine/warm.py", "analysis/cli/__init__.py", "analysis/workbook/live.py"}


# ---------------------------------------------------------------- what a source reaches


def test_what_a_source_reaches_is_reached_by_whatever_way() -> None:
    """It follows imports of imports, and leaves out what is not reached."""
    found = upkeep.reached("from analysis import quarters")
    assert {name for name in found if name.startswith("code ")} == {f"code analysis/{name}.py" for name in ("__init__", "errors", "quarters", "vocabulary")}
    assert {"Python", "libraries"} <= set(found)


@pytest.mark.parametrize(
    ("source", "beside", "there"),
    [
        ("from analysis import reports", "code analysis/assets/", True),
        ("from analysis import grant", "code analysis/assets/", False),
        ("from analysis import expectations", "code expectations/", True),
        ("from analysis import grant", "code expectations/", False),
    ],
)
def test_what_lies_beside_a_room_is_reached_with_it(source: str, beside: str, there: bool) -> None:
    """It takes the page's assets with a report, and the suites with expectations."""
    assert any(name.startswith(beside) for name in upkeep.reached(source)) == there


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_made_from_itself_and_what_runs_it(path: Path) -> None:
    """It counts the notebook's own bytes, the rooms that it imports and those that execute and show it."""
    found = upkeep.notebook(path)
    assert f"notebook {path.name}" in found
    assert {f"code analysis/{name}.py" for name in ("workbook/executing", "workbook/shell", "reports/page", "reference", "errors")} <= set(found)


def test_a_page_is_made_by_what_puts_it_in_its_place() -> None:
    """It counts what makes the page of the executed notebook."""
    assert "code analysis/cli/running.py" in upkeep.notebook(ROOT / "notebooks" / "05_report.ipynb")


def test_everything_of_the_workbook_counts() -> None:
    """It has each file of the package but what Python compiles, the suites, the Python and its libraries among the inputs."""
    own = upkeep.own()
    wanted = {f"code {path.relative_to(ROOT).as_posix()}" for path in (ROOT / "analysis").rglob("*") if path.is_file() and path.suffix != ".pyc"}
    wanted |= {f"code {path.relative_to(ROOT).as_posix()}" for path in (ROOT / "expectations").glob("*.json")}
    assert set(own) == wanted | {"Python", "libraries"}


# ---------------------------------------------------------------- fingerprints


def data(folder: Path) -> Path:
    """Write two quarters of returns and a register, with a link and an empty quarter."""
    for name, text in {
        f"raw/{QUARTER}/a.csv": "a",
        f"raw/{QUARTER}/deep/er/b.csv": "b",
        "raw/2016-17-Q1/c.csv": "c",
        "raw/2016-17-Q3/late.csv": "late",
        "raw/drafts/x.csv": "x",
        "reference/measures.csv": "m",
        "elsewhere.csv": "e",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "raw" / "2015-16-Q4").mkdir()
    (folder / "raw" / QUARTER / "link.csv").symlink_to(folder / "elsewhere.csv")
    return folder


def test_every_return_is_named(tmp_path: Path) -> None:
    """It names each file of the quarter and of earlier ones, and each quarter; not those of later ones, nor of other folders."""
    assert sorted(upkeep.returns(data(tmp_path), QUARTER)) == [
        "return 2016-17-Q1/c.csv",
        f"return {QUARTER}/a.csv",
        f"return {QUARTER}/deep/er/b.csv",
        f"return {QUARTER}/link.csv",
        "returns 2015-16-Q4",
        "returns 2016-17-Q1",
        f"returns {QUARTER}",
    ]


CHANGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "changed": (lambda raw: (raw / QUARTER / "a.csv").write_text("A"), f"return {QUARTER}/a.csv changed"),
    "changed below": (lambda raw: (raw / QUARTER / "deep" / "er" / "b.csv").write_text("B"), f"return {QUARTER}/deep/er/b.csv changed"),
    "changed earlier": (lambda raw: (raw / "2016-17-Q1" / "c.csv").write_text("C"), "return 2016-17-Q1/c.csv changed"),
    "added": (lambda raw: (raw / QUARTER / "new.csv").write_text("n"), f"return {QUARTER}/new.csv is new"),
    "added and hidden": (lambda raw: (raw / QUARTER / ".new.csv").write_text("n"), f"return {QUARTER}/.new.csv is new"),
    "removed": (lambda raw: (raw / QUARTER / "a.csv").unlink(), f"return {QUARTER}/a.csv is gone"),
    "renamed": (lambda raw: (raw / QUARTER / "a.csv").rename(raw / QUARTER / "z.csv"), f"return {QUARTER}/a.csv is gone, return {QUARTER}/z.csv is new"),
    "what a link leads to": (lambda raw: (raw.parent / "elsewhere.csv").write_text("E"), f"return {QUARTER}/link.csv changed"),
    "a link that leads elsewhere": (
        lambda raw: [(raw / QUARTER / "link.csv").unlink(), (raw / QUARTER / "link.csv").symlink_to(raw / "2016-17-Q1" / "c.csv")],
        f"return {QUARTER}/link.csv changed",
    ),
    "a link that leads elsewhere, to the same": (
        lambda raw: [
            (raw / "2016-17-Q1" / "c.csv").write_text("e"),
            (raw / QUARTER / "link.csv").unlink(),
            (raw / QUARTER / "link.csv").symlink_to(raw / "2016-17-Q1" / "c.csv"),
        ],
        f"return 2016-17-Q1/c.csv changed, return {QUARTER}/link.csv changed",
    ),
    "a link that leads nowhere": (lambda raw: (raw.parent / "elsewhere.csv").unlink(), f"return {QUARTER}/link.csv changed"),
    "a link that is a file now": (
        lambda raw: [(raw / QUARTER / "link.csv").unlink(), (raw / QUARTER / "link.csv").write_text("e")],
        f"return {QUARTER}/link.csv changed",
    ),
    "a new quarter without returns": (lambda raw: (raw / "2014-15-Q1").mkdir(), "returns 2014-15-Q1 is new"),
    "a quarter without returns is gone": (lambda raw: (raw / "2015-16-Q4").rmdir(), "returns 2015-16-Q4 is gone"),
    "later": (lambda raw: (raw / "2016-17-Q3" / "late.csv").write_text("L"), ""),
    "a later quarter": (lambda raw: (raw / "2017-18-Q1").mkdir(), ""),
    "a folder that is no quarter": (lambda raw: (raw / "drafts" / "x.csv").write_text("X"), ""),
    "an empty folder of a quarter": (lambda raw: (raw / QUARTER / "empty").mkdir(), ""),
    "only the time": (lambda raw: os.utime(raw / QUARTER / "a.csv", (1, 1)), ""),
}


@pytest.mark.parametrize(("change", "told"), CHANGES.values(), ids=CHANGES)
def test_what_changes_in_the_returns_is_seen_and_named(change: Callable[[Path], object], told: str, tmp_path: Path) -> None:
    """It sees each change that a report could show, says which it is, and nothing where none is."""
    before = upkeep.returns(data(tmp_path), QUARTER)
    change(tmp_path / "raw")
    assert upkeep.changed(before, upkeep.returns(tmp_path, QUARTER)) == told


def test_registers_frames_and_published_files_are_seen(tmp_path: Path) -> None:
    """It names registers wherever below reference/, frames without what a writer has not finished, and every published file."""
    data(tmp_path)
    for name in ("reference/more/x.toml", f"processed/{QUARTER}/scores.parquet", f"processed/{QUARTER}/.scores-1", f"processed/{QUARTER}/notes.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    assert sorted(upkeep.registers(tmp_path)) == ["register measures.csv", "register more/x.toml"]
    assert sorted(upkeep.frames(tmp_path, QUARTER)) == ["frame scores"]
    assert upkeep.frames(tmp_path, "2016-17-Q1") == {}
    assert sorted(upkeep.files(tmp_path / "reference")) == ["measures.csv", "more/x.toml"]
    assert upkeep.files(tmp_path / "nowhere") == {}


def test_a_fingerprint_is_that_of_the_bytes(tmp_path: Path) -> None:
    """It gives the SHA-256 that any other program gives, anew when the file is; what cannot be read has one as well."""
    path = tmp_path / "a"
    path.write_bytes(b"")
    assert upkeep.fingerprint(path) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    path.write_bytes(b"abc")
    assert upkeep.fingerprint(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    path.unlink()
    assert upkeep.fingerprint(path) == "not read: No such file or directory"
    assert upkeep.fingerprint(tmp_path) == "not read: Is a directory"


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ({}, {}, ""),
        ({"a": "1"}, {"a": "1"}, ""),
        ({"a": "1"}, {"a": "2"}, "a changed"),
        ({"a": "1"}, {}, "a is gone"),
        ({}, {"a": "1"}, "a is new"),
        ({"b": "1", "a": "1"}, {"a": "2"}, "a changed, b is gone"),
        ({}, {"a": "1", "b": "1", "c": "1"}, "a is new, b is new and 1 more"),
    ],
)
def test_what_differs_is_named(before: dict[str, str], now: dict[str, str], told: str) -> None:
    """It names the first two that differ, in order, and counts the rest."""
    assert upkeep.changed(before, now) == told


def test_one_fingerprint_for_many_tells_them_apart() -> None:
    """It differs where a name or a value does, whatever could be run together, and not by order."""
    different = [{}, {"a": "b"}, {"b": "a"}, {"ab": ""}, {"": "ab"}, {"a": "b", "c": ""}, {"a": "", "bc": ""}]
    assert len({upkeep.one_of(prints) for prints in different}) == len(different)
    assert upkeep.one_of({"a": "1", "b": "2"}) == upkeep.one_of({"b": "2", "a": "1"})


# ---------------------------------------------------------------- the record

WHOLE = Made({"Python": "3"}, {"01": "x"}, {"01": {"frame a": "y"}}, {"index.html": "z"}, {"a": "y"}, ["said – so"], held=True)


def test_a_record_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    """It gives every part back, by quarter; where none was kept there is none."""
    WHOLE.write(tmp_path, QUARTER)
    assert upkeep.made(tmp_path, QUARTER) == WHOLE
    assert upkeep.made(tmp_path, "2016-17-Q1") is None
    assert [path.name for path in tmp_path.iterdir()] == [f".{QUARTER}.made-from.json"]


def kept(**other: object) -> str:
    """Give the text of a record, with other values."""
    return json.dumps(vars(WHOLE) | {"format": upkeep._FORMAT} | other)


NO_RECORDS = {
    "empty": "",
    "cut short": kept()[:-20],
    "another format": kept(format=upkeep._FORMAT + 1),
    "no format": json.dumps(vars(WHOLE)),
    "a part that is not known": kept(more=1),
    "a list": "[]",
    "nothing": "null",
    "words": '"made"',
    "a number": "1",
    "not UTF-8": "\udcff",
}
OTHER_TYPES = {
    "inputs are a list": kept(inputs=["Python"]),
    "steps are words": kept(steps="01"),
    "what a step wrote is a list": kept(wrote={"01": ["frame a"]}),
    "frames are nothing": kept(frames=None),
    "said is a word": kept(said="said"),
    "a fingerprint is a number": kept(outputs={"index.html": 1}),
    "held is a word": kept(held="no"),
}


@pytest.mark.parametrize(
    "text",
    [pytest.param(text, id=name) for name, text in NO_RECORDS.items()] + [pytest.param(text, id=name) for name, text in OTHER_TYPES.items()],
)
def test_what_is_no_record_is_none(text: str, tmp_path: Path) -> None:
    """It takes what another version kept, what a kill cut short and what is of other types for no record, rather than failing."""
    (tmp_path / f".{QUARTER}.made-from.json").write_text(text, encoding="utf-8", errors="surrogateescape")
    assert upkeep.made(tmp_path, QUARTER) is None


DIFFERENT: dict[str, Callable[[Path, dict[str, str]], object]] = {
    "an input": lambda _, inputs: inputs.update(Python="4"),
    "a page is edited": lambda base, _: (base / "out" / "index.html").write_text("x"),
    "a page is removed": lambda base, _: (base / "out" / "index.html").unlink(),
    "a page is added": lambda base, _: (base / "out" / "more.html").write_text("x"),
    "a frame is edited": lambda base, _: (base / "processed" / QUARTER / "a.parquet").write_text("x"),
    "a frame is removed": lambda base, _: (base / "processed" / QUARTER / "a.parquet").unlink(),
    "a frame is added": lambda base, _: (base / "processed" / QUARTER / "b.parquet").write_text("x"),
}


@pytest.mark.parametrize("change", [None, *DIFFERENT.values()], ids=["nothing", *DIFFERENT])
def test_a_quarter_stands_while_nothing_differs(change: Callable[[Path, dict[str, str]], object] | None, tmp_path: Path) -> None:
    """It is up to date only if its inputs, its published files and its frames are those of the record."""
    for name in ("out/index.html", f"processed/{QUARTER}/a.parquet"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    inputs = {"Python": "3"}
    record = Made(inputs=dict(inputs), outputs=upkeep.files(tmp_path / "out"), frames=upkeep.frames(tmp_path, QUARTER))
    if change:
        change(tmp_path, inputs)
    assert upkeep.up_to_date(record, inputs, tmp_path / "out", tmp_path, QUARTER) == (change is None)
    assert not upkeep.up_to_date(None, inputs, tmp_path / "out", tmp_path, QUARTER)
