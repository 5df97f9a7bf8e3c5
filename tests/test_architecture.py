"""The house: rooms import upstream only, heavy libraries have one door each, importing does no work, names say what is inside."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ANALYSIS = ROOT / "analysis"
LINES = (
    ("errors", "libraries"),
    ("engine", "vocabulary"),
    ("quarters", "values", "markup"),
    ("frames", "dates", "folders"),
    ("reference", "checking", "upkeep"),
    ("returns", "cleansing", "disclosure", "expectations", "scoring", "trends", "comparators", "exceptions", "entitlement", "grant", "quality", "receipts"),
    ("examination", "changes"),
    ("tables", "charts"),
    ("store", "workbook", "reports"),
    ("exploring", "questions"),
    ("cli",),
)
LINE = {room: number for number, rooms in enumerate(LINES) for room in rooms}
DOORS = {
    "openpyxl": "returns",
    "python_calamine": "returns",
    "great_expectations": "expectations",
    "matplotlib": "charts",
    "papermill": "workbook",
    "IPython": "workbook",
    "ipykernel": "workbook",
    "jupyter_client": "workbook",
    "distributed": "cli",
    "itables": "exploring",
    "nbconvert": "reports",
    "xlsxwriter": "reports",
}
MODULES = sorted(ANALYSIS.rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))

IMPORT_EACH = """
import json, logging, os, sys, traceback
from pathlib import Path
import pandas
found = {}
for room in sys.argv[2:]:
    told, empty = Path(sys.argv[1], room + ".txt"), Path(sys.argv[1], room)
    empty.mkdir()
    child = os.fork()
    if not child:
        os.chdir(empty)
        into = os.open(told, os.O_CREAT | os.O_WRONLY)
        os.dup2(into, 1), os.dup2(into, 2)
        before = dict(os.environ)
        try:
            __import__("analysis." + room)
        except BaseException:
            traceback.print_exc()
        if dict(os.environ) != before:
            print("the environment was changed")
        if logging.getLogger().handlers:
            print("logging was set up")
        sys.stdout.flush()
        os._exit(0)
    os.waitpid(child, 0)
    found[room] = [told.read_text(), sorted(path.name for path in empty.rglob("*"))]
print(json.dumps(found))
"""


def room_of(path: Path) -> str:
    """Give the room that a module belongs to: its own name, or its package's."""
    return path.relative_to(ANALYSIS).parts[0].removesuffix(".py")


def shown(path: Path) -> str:
    """Give a module's name for the list of tests."""
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> set[str]:
    """Give the dotted name of everything that a module imports, wherever in it: functions and TYPE_CHECKING count too."""
    found: set[str] = set()
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            near = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            source = ".".join(part for part in (near, node.module) if part)
            found |= {f"{source}.{alias.name}" for alias in node.names}
    return found


def rooms_used(path: Path) -> set[str]:
    """Give the rooms that a module imports from, without its own."""
    return {name.split(".")[1] for name in imported(path) if name.startswith("analysis.")} - {room_of(path)}


def environment() -> dict[str, str]:
    """Give the environment for a bare process that sees this checkout and leaves no bytecode."""
    return os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


def functions(path: Path) -> list[ast.FunctionDef]:
    """Give every test function of a file, also those in classes."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]


# ---------------------------------------------------------------- order and doors


def test_every_room_stands_on_a_line() -> None:
    """It knows every room of the package, and no room that is not there."""
    assert {room_of(path) for path in MODULES} - {"__init__", "__main__"} == set(LINE)


@pytest.mark.parametrize("path", [path for path in MODULES if room_of(path) in LINE], ids=shown)
def test_a_room_imports_from_earlier_lines_only(path: Path) -> None:
    """It imports only rooms upstream of its own line, so never a sibling."""
    assert {room for room in rooms_used(path) if LINE.get(room, 99) >= LINE[room_of(path)]} == set()


@pytest.mark.parametrize("library", DOORS)
def test_a_heavy_library_has_one_door(library: str) -> None:
    """It is imported in one room only, and there it is."""
    assert {room_of(path) for path in MODULES if any(name.split(".")[0] == library for name in imported(path))} == {DOORS[library]}


# ---------------------------------------------------------------- no work on import


def test_importing_the_command_loads_no_heavy_library(tmp_path: Path) -> None:
    """It answers `workbook --help` without waiting for libraries that only some commands need."""
    code = f"import sys, analysis.cli; print(sorted({set(DOORS)!r} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ("[]\n", "")


@pytest.fixture(scope="module")
def imports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[object]]:
    """Import each room in a process and an empty folder of its own: room -> what it printed and the files it made."""
    folder = tmp_path_factory.mktemp("imports")
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", IMPORT_EACH, folder, *LINE], cwd=folder, env=environment(), capture_output=True, text=True, check=True
    )
    return dict(json.loads(ran.stdout))


@pytest.mark.parametrize("room", LINE)
def test_importing_a_room_does_no_work(room: str, imports: dict[str, list[object]]) -> None:
    """It prints nothing, makes no file, sets up no logging and leaves the environment as it is."""
    assert imports[room] == ["", []]


# ---------------------------------------------------------------- names, sizes, docstrings


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    """It opens with a docstring whose first line is a whole sentence."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    assert docstring.partition("\n")[0].endswith(".")


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_a_module_is_named_for_its_subject(path: Path) -> None:
    """It has no name that could stand for anything."""
    words = set(path.stem.casefold().split("_"))
    assert words & {"util", "utils", "utilities", "helper", "helpers", "common", "manager", "processor"} == set()


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_a_module_can_be_read_at_one_sitting(path: Path) -> None:
    """It has 400 lines at most; a larger room becomes a package."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", TESTS, ids=shown)
def test_every_test_states_the_behaviour(path: Path) -> None:
    """It has a docstring whose first line is a whole sentence."""
    docstrings = {test.name: ast.get_docstring(test) or "" for test in functions(path)}
    assert {name for name, text in docstrings.items() if not text.partition("\n")[0].endswith(".")} == set()


@pytest.mark.parametrize("room", LINE)
def test_every_room_has_its_tests(room: str) -> None:
    """It is tested in a file of its own name."""
    assert (ROOT / "tests" / f"test_{room}.py").is_file()
