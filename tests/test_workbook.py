"""The workbook: notebooks in their order, with parameters that they declare; done only if every cell ran, in this process and in a kernel."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from itertools import repeat
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analysis import workbook
from analysis.engine import Failed, Forked, ProcessEnded, Task, can_fork, carry_out
from analysis.errors import AskedWrongly, NotebookFailed, WorkbookError
from analysis.workbook import Planned, Step

PARAMETERS = 'quarter: str = "2016-17-Q1"  # the quarter\ndata: str = "../data"  # the folder'
CASES = {
    "raises": ["## Measures", "1 + 1", "## Targets", 'raise ValueError("no targets for " + quarter)', "## After", "print(1)"],
    "asks_wrongly": [
        "## Frames",
        "from analysis.errors import AskedWrongly",
        'raise AskedWrongly("frame \'scores\'", ["has not been made yet"], "Run the notebooks before this one first.")',
    ],
    "leaves": ["## Early", "import sys\nsys.exit(0)", "## After", "print(1)"],
    "leaves_last": ["## Last", "import sys\nsys.exit(0)"],
    "leaves_by_3": ["## Early", "import sys\nsys.exit(3)", "## After", "print(1)"],
    "interrupted": ["## Early", "raise KeyboardInterrupt", "## After", "print(1)"],
    "misspelt": ["## Early", "1 +", "## After", "print(1)"],
    "shows_badly": ["## Early", 'class Bad:\n    def _repr_html_(self):\n        raise ValueError("no table")\nBad()', "## After", "print(1)"],
    "dies": ["## Early", "import os\nos._exit(1)", "## After", "print(1)"],
    "dies_well": ["## Early", "print(2)", "import os\nos._exit(0)", "## After", "print(1)"],
}
DIES = {"dies": "exit code 1", "dies_well": "exit code 0"}
SHOWN = (
    "## Shown",
    "import os, sys\nprint(quarter, os.path.basename(os.getcwd()))",
    'print("warned", file=sys.stderr)',
)


def notebook(path: Path, *cells: str, **about: Any) -> Path:
    """Write a notebook with a heading, parameters and cells; one that begins with # is markdown. *about* is what its metadata say to the workbook."""
    made = [new_markdown_cell(cell) if cell.startswith("#") else new_code_cell(cell) for cell in cells]
    first = [new_markdown_cell("# 1 Tiny"), new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})]
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    tiny = new_notebook(cells=[*first, *made], metadata=spec | ({"workbook": about} if about else {}))
    for number, cell in enumerate(tiny.cells):
        cell["id"] = f"tiny-{number}"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(tiny, path)
    return path


def step(path: Path, name: str = "", **parameters: str) -> Step:
    """Give a step for a notebook, kept under its own name."""
    return Step(path, parameters, name or path.stem)


def printed(executed: Any) -> list[str]:
    """Give what each cell of an executed notebook printed."""
    return [output.text for cell in executed.cells if cell.cell_type == "code" for output in cell.outputs]


def kept(folder: Path, name: str) -> list[int | None]:
    """Give how far a kept notebook ran: the execution count of each of its code cells."""
    return [cell.execution_count for cell in nbformat.read(folder / f"{name}.ipynb", as_version=4).cells if cell.cell_type == "code"]


def in_a_kernel(asked: Step, folder: Path) -> Any:
    """Execute a notebook in a kernel of its own; give it, or how it failed."""
    from analysis.workbook.kernels import Kernels

    os.environ.pop("PYTEST_CURRENT_TEST", None)  # a kernel that sees it does not catch what programs print
    with closing(Kernels(asked.notebook.parent, 1, ())) as kernels:
        try:
            return workbook.execute(asked, folder, kernels)
        except NotebookFailed as fault:
            return fault


def in_forks(steps: list[Step], folder: Path) -> dict[str, Any]:
    """Execute notebooks each in a process made for it; give each, or how it failed."""
    found: dict[str, Any] = {}
    with Forked(2, ("analysis.workbook.executing", "analysis.workbook.shell"), ()) as workers:
        tasks = [Task(asked.name, workbook.execute, (asked, folder), asked.name) for asked in steps]
        carry_out(tasks, workers, lambda task, result: found.update({task.name: result.fault if isinstance(result, Failed) else result}) or ())
    return found


def two_runs(base: Path) -> list[Any]:
    """Run a notebook twice, one after the other, in kernels."""
    path = notebook(base / "a" / "01_tiny.ipynb", *SHOWN)
    return [in_a_kernel(step(path, name, quarter="2016-17-Q2"), base / "kept") for name in ("once", "again")]


@pytest.fixture(scope="module")
def workers() -> Iterator[ProcessPoolExecutor]:
    """Give two processes to run notebooks in: jupyter_client leaves event loops open, which pytest would take for faults of later tests."""
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        yield pool


Ways = dict[str, tuple[Path, dict[str, NotebookFailed | ProcessEnded | None]]]


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory, workers: ProcessPoolExecutor) -> Ways:
    """Run all the notebooks that fail, both ways: way -> where each is kept, and how each failed."""
    base = tmp_path_factory.mktemp("failing")
    steps = [step(notebook(base / f"{name}.ipynb", *cells), quarter="2016-17-Q2") for name, cells in CASES.items()]
    by_kernel = workers.map(in_a_kernel, steps, repeat(base / "kernel"))
    here = in_forks(steps, base / "here") if can_fork() else {}
    return {"here": (base / "here", here), "kernel": (base / "kernel", dict(zip(CASES, by_kernel, strict=True)))}


@pytest.fixture(params=[pytest.param("here", marks=pytest.mark.skipif(not can_fork(), reason="no process is forked here")), "kernel"])
def way(request: pytest.FixtureRequest) -> str:
    """Give each way to run a notebook."""
    return str(request.param)


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory, workers: ProcessPoolExecutor) -> dict[str, tuple[list[Any], Path]]:
    """Give two runs of one notebook each way, and the folder they ran in."""
    found = {}
    if can_fork():
        base = tmp_path_factory.mktemp("twice_here")
        path = notebook(base / "a" / "01_tiny.ipynb", *SHOWN)
        made = in_forks([step(path, name, quarter="2016-17-Q2") for name in ("once", "again")], base / "kept")
        found["here"] = ([made["once"], made["again"]], base)
    base = tmp_path_factory.mktemp("twice_kernel")
    found["kernel"] = (workers.submit(two_runs, base).result(), base)
    return found


# ---------------------------------------------------------------- which, and in which order


def test_notebooks_are_found_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    """It finds the numbered notebooks, first to last, and passes over everything else."""
    for name in ("10_last.ipynb", "02_second.ipynb", "01_first.ipynb", "scratch.ipynb", "1_short.ipynb", "03_text.txt", "01_first-checkpoint.bak"):
        (tmp_path / name).touch()
    assert [path.name for path in workbook.discover(tmp_path)] == ["01_first.ipynb", "02_second.ipynb", "10_last.ipynb"]


def test_a_folder_without_notebooks_is_named(tmp_path: Path) -> None:
    """It says that there is no numbered notebook rather than doing nothing."""
    with pytest.raises(AskedWrongly, match="holds no numbered notebook"):
        workbook.discover(tmp_path)


def test_the_real_notebooks_are_found() -> None:
    """It finds the project's own five notebooks unasked."""
    assert [path.name[:2] for path in workbook.discover()] == ["01", "02", "03", "04", "05"]


FOLDERS = {
    "beside the notebooks": ("data", "../data"),
    "elsewhere": ("other/place", "../other/place"),
    "within the notebooks": ("notebooks/data", "data"),
    "not tidy": ("notebooks/../data/.", "../data"),
    "with a space": ("our data", "../our data"),
}


@pytest.mark.parametrize(("given", "written"), FOLDERS.values(), ids=FOLDERS)
def test_the_data_folder_is_written_from_the_notebooks(given: str, written: str, tmp_path: Path) -> None:
    """It writes the folder as seen from the notebooks, so that no machine's own path is published."""
    assert workbook.as_parameter(tmp_path / given, tmp_path / "notebooks") == written


def test_the_data_folder_is_the_same_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes a relative folder from where the command was given."""
    monkeypatch.chdir(tmp_path)
    assert workbook.as_parameter(Path("data"), Path("notebooks")) == "../data"


# ---------------------------------------------------------------- which waits for which

REPORT = 'audience: str = "x"'


def report(path: Path) -> Path:
    """Write the notebook that runs once for each audience."""
    tiny = nbformat.read(notebook(path), as_version=4)
    tiny.cells[1].source += f"\n{REPORT}"
    nbformat.write(tiny, path)
    return path


def test_a_notebook_waits_for_every_one_before_it_unless_it_says_which(tmp_path: Path) -> None:
    """It gives each with those that it runs after, oldest first, and the slow libraries that it says it needs; one it does not know it does not wait for."""
    paths = [
        notebook(tmp_path / "01_a.ipynb"),
        notebook(tmp_path / "02_b.ipynb", needs=["great_expectations"]),
        notebook(tmp_path / "03_c.ipynb", after=["01_a"]),
        notebook(tmp_path / "04_d.ipynb", after=["09_z", "02_b"], needs=[]),
        report(tmp_path / "05_e.ipynb"),
    ]
    steps, pages = workbook.planned(paths)
    assert steps == [
        Planned(paths[0], (), ()),
        Planned(paths[1], ("01_a",), ("great_expectations",)),
        Planned(paths[2], ("01_a",), ()),
        Planned(paths[3], ("02_b",), ()),
    ]
    assert pages == Planned(paths[4], ("01_a", "02_b", "03_c", "04_d"), ())


@pytest.mark.parametrize(("reports", "told"), [(0, "holds 0 notebooks with a parameter 'audience' (none)"), (2, "holds 2 notebooks")])
def test_one_notebook_makes_the_reports(reports: int, told: str, tmp_path: Path) -> None:
    """It refuses a folder with none or several."""
    with pytest.raises(AskedWrongly) as raised:
        workbook.planned([notebook(tmp_path / "01_a.ipynb"), *(report(tmp_path / f"0{number}_r.ipynb") for number in range(2, 2 + reports))])
    assert told in str(raised.value)


def test_the_slow_library_is_named_where_it_is_used() -> None:
    """It knows of the project's own notebooks that only the second needs Great Expectations, and that the fourth does not wait for the third."""
    steps, pages = workbook.planned(workbook.discover())
    assert {one.path.stem: one.needs for one in (*steps, pages) if one.needs} == {"02_quality": ("great_expectations",)}
    assert [one.after for one in steps if one.path.stem == "04_reward_grant"] == [("02_quality",)]


NO_NOTEBOOKS = {
    "empty": "",
    "cut short": '{"cells": [',
    "another format": '{"nbformat": 3, "cells": [], "metadata": {}}',
    "not cells": '{"nbformat": 4, "cells": {}, "metadata": {}}',
    "a list": "[]",
    "no metadata": '{"nbformat": 4, "cells": []}',
}


@pytest.mark.parametrize("text", NO_NOTEBOOKS.values(), ids=NO_NOTEBOOKS)
def test_what_is_no_notebook_is_named(text: str, tmp_path: Path) -> None:
    """It names the file and says how to get it back."""
    (tmp_path / "01_a.ipynb").write_text(text, encoding="utf-8")
    with pytest.raises(NotebookFailed, match=r"01_a\.ipynb: 1 problem\n  - is not a notebook: .*\n  Restore it: git checkout notebooks/"):
        workbook.planned([tmp_path / "01_a.ipynb"])


DECLARED = {
    "typed": ('quarter: str = "a"\ndata: str = "b"', {"quarter", "data"}),
    "not typed": ('quarter = "a"\ndata = other = "b"', {"quarter", "data", "other"}),
    "without a value": ("quarter: str", {"quarter"}),
    "nothing": ("# none", set()),
    "not a name": ("x.y = 1\nz[0] = 2\nquarter = 3", {"quarter"}),
}


@pytest.mark.parametrize(("source", "names"), DECLARED.values(), ids=DECLARED)
def test_the_names_of_the_parameters_cell_are_declared(source: str, names: set[str], tmp_path: Path) -> None:
    """It gives the names that the cell tagged `parameters` sets, and no other cell's."""
    path = notebook(tmp_path / "01_a.ipynb", "other_cell = 1")
    tiny = json.loads(path.read_text(encoding="utf-8"))
    tiny["cells"][1]["source"] = source.splitlines(keepends=True)
    path.write_text(json.dumps(tiny), encoding="utf-8")
    assert workbook.declared(path) == names


def test_parameters_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    """It names the notebook whose parameters are not Python; one without such a cell declares nothing."""
    path = notebook(tmp_path / "01_a.ipynb")
    path.write_text(path.read_text(encoding="utf-8").replace("quarter: str", "quarter str"), encoding="utf-8")
    with pytest.raises(NotebookFailed, match="its parameters cannot be read"):
        workbook.declared(path)
    bare = path.read_text(encoding="utf-8").replace('"parameters"', '"other"')
    path.write_text(bare, encoding="utf-8")
    assert workbook.declared(path) == set()


# ---------------------------------------------------------------- parameters


def test_a_parameter_that_is_not_declared_is_an_error(tmp_path: Path) -> None:
    """It names the parameter and those that there are, before anything is run or written."""
    path = notebook(tmp_path / "01_tiny.ipynb", "print(1)")
    with pytest.raises(AskedWrongly) as raised:
        workbook.execute(step(path, quater="2016-17-Q2", quarter="2016-17-Q2"), tmp_path / "kept")
    assert str(raised.value) == "01_tiny.ipynb: 1 problem\n  - declares no parameter 'quater'\n  It declares data, quarter."
    assert not (tmp_path / "kept").exists()


# ---------------------------------------------------------------- what ran


def test_a_notebook_sees_its_parameters_and_runs_in_its_own_folder(way: str, twice: dict[str, tuple[list[Any], Path]]) -> None:
    """It runs with the values given, where the notebook lies."""
    done, _ = twice[way]
    assert [printed(executed) for executed in done] == [["2016-17-Q2 a\n", "warned\n"]] * 2


def test_the_notebook_itself_is_not_changed(way: str, twice: dict[str, tuple[list[Any], Path]]) -> None:
    """It keeps what ran beside, and leaves the notebook without outputs."""
    _, base = twice[way]
    assert kept(base / "a", "01_tiny") == [None, None, None]
    assert kept(base / "kept", "once") == [1, 2, 3, 4]


def test_two_runs_give_the_same_notebook(way: str, twice: dict[str, tuple[list[Any], Path]]) -> None:
    """It gives the same bytes twice: no times, no random ids, and no path of this machine."""
    _, base = twice[way]
    once, again = ((base / "kept" / f"{name}.ipynb").read_text(encoding="utf-8") for name in ("once", "again"))
    assert once == again
    assert str(base) not in once


@pytest.mark.skipif(not can_fork(), reason="no process is forked here")
def test_a_folder_may_be_given_as_it_is_seen_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It keeps a notebook in a folder whose path is relative, though it runs in another."""
    path = notebook(tmp_path / "a" / "01_tiny.ipynb", *SHOWN)
    monkeypatch.chdir(tmp_path)
    found = in_forks([step(path, quarter="2016-17-Q2")], Path("kept"))["01_tiny"]
    assert not isinstance(found, Exception), found
    assert kept(tmp_path / "kept", "01_tiny") == [1, 2, 3, 4]


# ---------------------------------------------------------------- what failed


@pytest.mark.parametrize("name", CASES)
def test_a_notebook_that_stops_early_is_a_failure(name: str, way: str, ways: Ways) -> None:
    """It counts a notebook as run only if all its cells did, whatever papermill calls it."""
    fault = ways[way][1][name]
    if name in DIES and way == "here":
        assert (type(fault), DIES[name] in str(fault)) == (ProcessEnded, True)
        return
    assert isinstance(fault, NotebookFailed)
    assert isinstance(fault, WorkbookError)
    assert fault.exit_code == 1
    assert fault.subject.startswith(f"{name}.ipynb")


def test_a_cell_that_raises_is_named_by_its_heading(way: str, ways: Ways) -> None:
    """It says in which notebook, under which heading and why it stopped, and where it can be looked at."""
    folder, failed = ways[way]
    result = folder / "raises.ipynb"
    assert (
        str(failed["raises"])
        == f"raises.ipynb, under 'Targets': 1 problem\n  - ValueError: no targets for 2016-17-Q2\n  The notebook as far as it ran: {result}"
    )


STOPPED = {
    "raises": ["print(1)"],
    "leaves": ["print(1)"],
    "leaves_by_3": ["print(1)"],
    "interrupted": ["print(1)"],
    "misspelt": ["print(1)"],
    "leaves_last": [],
}
"""Notebooks that fail -> their cells that do not run."""


@pytest.mark.parametrize("name", STOPPED)
def test_a_notebook_that_failed_is_kept_as_far_as_it_ran(name: str, way: str, ways: Ways) -> None:
    """It keeps the cells that ran, the one that failed with its error, and the rest not run, and says where."""
    folder, failed = ways[way]
    assert f"The notebook as far as it ran: {folder / name}.ipynb" in str(failed[name])
    read = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    cells = [cell for cell in read.cells if cell.cell_type == "code" and "papermill" not in str(cell.metadata.get("tags"))]
    assert [cell.source for cell in cells if cell.execution_count is None] == STOPPED[name]
    errors = [output.ename for cell in cells for output in cell.outputs if output.output_type == "error"]
    assert errors == [{"raises": "ValueError", "interrupted": "KeyboardInterrupt", "misspelt": "SyntaxError"}.get(name, "SystemExit")]


def test_what_a_room_says_is_said_without_the_name_of_its_class(way: str, ways: Ways) -> None:
    """It repeats the words of an error of the workbook's own, which already say what to do."""
    fault = ways[way][1]["asks_wrongly"]
    assert isinstance(fault, NotebookFailed)
    assert fault.problems == ["frame 'scores': 1 problem\n  - has not been made yet\n  Run the notebooks before this one first."]


@pytest.mark.parametrize(("name", "words"), [("leaves", "1 of its 4 cells did not run"), ("leaves_last", "SystemExit: 0"), ("leaves_by_3", "SystemExit: 3")])
def test_leaving_is_a_failure(name: str, words: str, way: str, ways: Ways) -> None:
    """It says so of a notebook that called sys.exit, with success or without, before its last cell or in it."""
    assert words in str(ways[way][1][name])


@pytest.mark.parametrize("name", DIES)
def test_a_kernel_that_dies_is_a_failure(name: str, ways: Ways) -> None:
    """It says so of a notebook whose kernel went away, and keeps it as far as it ran."""
    folder, failed = ways["kernel"]
    assert "died" in str(failed[name]).casefold() or "did not run" in str(failed[name])
    assert kept(folder, name)[-1] is None


@pytest.mark.skipif(not can_fork(), reason="no process is forked here")
@pytest.mark.parametrize("name", DIES)
def test_a_process_that_dies_leaves_a_notebook_that_can_be_opened(name: str, ways: Ways) -> None:
    """It keeps the notebook that ended its own process, with its last cell not run."""
    assert kept(ways["here"][0], name)[-1] is None
