"""The workbook: notebooks in their order, with parameters that they declare; done only if every cell ran."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analysis import workbook
from analysis.errors import AskedWrongly, NotebookFailed, WorkbookError
from analysis.workbook import Done, Step

PARAMETERS = 'quarter: str = "2016-17-Q1"  # the quarter\ndata: str = "../data"  # the folder'
CASES = {
    "raises": ["## Measures", "1 + 1", "## Targets", 'raise ValueError("no targets for " + quarter)', "## After", "print(1)"],
    "asks_wrongly": [
        "## Frames",
        "from analysis.errors import AskedWrongly",
        'raise AskedWrongly("frame \'scores\'", ["has not been made yet"], "Run the notebooks before this one first.")',
    ],
    "leaves": ["## Early", "import sys\nsys.exit(0)", "## After", "print(1)"],
    "dies": ["## Early", "import os\nos._exit(1)", "## After", "print(1)"],
}
SHOWN = (
    "## Shown",
    "import os, sys\nprint(quarter, os.path.basename(os.getcwd()))",
    'print("warned", file=sys.stderr)',
)


def notebook(path: Path, *cells: str) -> Path:
    """Write a notebook with a heading, parameters and cells; one that begins with # is markdown."""
    made = [new_markdown_cell(cell) if cell.startswith("#") else new_code_cell(cell) for cell in cells]
    first = [new_markdown_cell("# 1 Tiny"), new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})]
    tiny = new_notebook(cells=[*first, *made], metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
    for number, cell in enumerate(tiny.cells):
        cell["id"] = f"tiny-{number}"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(tiny, path)
    return path


def step(path: Path, name: str = "", **parameters: str) -> Step:
    """Give a step for a notebook, kept under its own name."""
    return Step(path, parameters, name or path.stem)


def printed(done: Done) -> list[str]:
    """Give what each cell of an executed notebook printed."""
    return [output.text for cell in done.executed.cells if cell.cell_type == "code" for output in cell.outputs]


def kept(folder: Path, name: str) -> list[int | None]:
    """Give how far a kept notebook ran: the execution count of each of its code cells."""
    return [cell.execution_count for cell in nbformat.read(folder / f"{name}.ipynb", as_version=4).cells if cell.cell_type == "code"]


def failure(folder: Path, name: str) -> NotebookFailed | None:
    """Run one of the notebooks that fail, and give how it failed."""
    try:
        workbook.run([step(notebook(folder / f"{name}.ipynb", *CASES[name]), quarter="2016-17-Q2")], folder / "kept", 1, lambda _: None)
    except NotebookFailed as fault:
        return fault
    return None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder that the failing notebooks run in."""
    return tmp_path_factory.mktemp("failing")


def two_runs(base: Path) -> list[Done]:
    """Run a notebook twice side by side."""
    path = notebook(base / "a" / "01_tiny.ipynb", *SHOWN)
    return workbook.run([step(path, name, quarter="2016-17-Q2") for name in ("once", "again")], base / "kept", 2, lambda _: None)


@pytest.fixture(scope="module")
def workers() -> Iterator[ProcessPoolExecutor]:
    """Give two processes to run notebooks in: jupyter_client leaves event loops open, which pytest would take for faults of later tests."""
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        yield pool


@pytest.fixture(scope="module")
def failed(folder: Path, workers: ProcessPoolExecutor) -> dict[str, NotebookFailed | None]:
    """Run all the notebooks that fail, each as a run of its own, two at a time."""
    return dict(zip(CASES, workers.map(failure, repeat(folder), CASES), strict=True))


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory, workers: ProcessPoolExecutor) -> tuple[list[Done], Path]:
    """Give two runs of one notebook, and the folder they ran in."""
    base = tmp_path_factory.mktemp("twice")
    return workers.submit(two_runs, base).result(), base


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


# ---------------------------------------------------------------- parameters


def test_a_parameter_that_is_not_declared_is_an_error(tmp_path: Path) -> None:
    """It names the parameter and those that there are, before any kernel starts or anything is written."""
    path = notebook(tmp_path / "01_tiny.ipynb", "print(1)")
    with pytest.raises(AskedWrongly) as raised:
        workbook.run([step(path, quater="2016-17-Q2", quarter="2016-17-Q2")], tmp_path / "kept", 1, lambda _: None)
    assert str(raised.value) == "01_tiny.ipynb: 1 problem\n  - declares no parameter 'quater'\n  It declares data, quarter."
    assert not (tmp_path / "kept").exists()


# ---------------------------------------------------------------- what ran


def test_steps_come_back_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It gives steps back as they were given, whichever was done first, and tells of each as it is done."""

    def slowly(asked: Step, _: Path, tell: Callable[[Done], None]) -> Done:
        time.sleep(0.2 if asked.name == "slow" else 0)
        tell(Done(asked, None, 0.0))
        return Done(asked, None, 0.0)

    monkeypatch.setattr(workbook, "_execute", slowly)
    told: list[str] = []
    done = workbook.run([step(tmp_path, "slow"), step(tmp_path, "quick")], tmp_path, 2, lambda made: told.append(made.step.name))
    assert ([made.step.name for made in done], told) == (["slow", "quick"], ["quick", "slow"])


def test_nothing_to_run(tmp_path: Path) -> None:
    """It has nothing to do, and makes no folder."""
    assert workbook.run([], tmp_path / "kept", 2, lambda _: None) == []
    assert not (tmp_path / "kept").exists()


def test_a_notebook_sees_its_parameters_and_runs_in_its_own_folder(twice: tuple[list[Done], Path]) -> None:
    """It runs with the values given, where the notebook lies, and says how long that took."""
    done, _ = twice
    assert [printed(made) for made in done] == [["2016-17-Q2 a\n", "warned\n"]] * 2
    assert all(0 < made.seconds < 60 for made in done)


def test_the_notebook_itself_is_not_changed(twice: tuple[list[Done], Path]) -> None:
    """It keeps what ran beside, and leaves the notebook without outputs."""
    _, base = twice
    assert kept(base / "a", "01_tiny") == [None, None, None]
    assert kept(base / "kept", "once") == [1, 2, 3, 4]


def test_two_runs_give_the_same_notebook(twice: tuple[list[Done], Path]) -> None:
    """It gives the same bytes twice: no times, no random ids, and no path of this machine."""
    _, base = twice
    once, again = ((base / "kept" / f"{name}.ipynb").read_text(encoding="utf-8") for name in ("once", "again"))
    assert once == again
    assert str(base) not in once


# ---------------------------------------------------------------- what failed


@pytest.mark.parametrize("name", CASES)
def test_a_notebook_that_stops_early_is_a_failure(name: str, failed: dict[str, NotebookFailed | None]) -> None:
    """It counts a notebook as run only if all its cells did, whatever papermill calls it."""
    fault = failed[name]
    assert isinstance(fault, NotebookFailed)
    assert isinstance(fault, WorkbookError)
    assert fault.exit_code == 1
    assert fault.subject.startswith(f"{name}.ipynb")


def test_a_cell_that_raises_is_named_by_its_heading(failed: dict[str, NotebookFailed | None], folder: Path) -> None:
    """It says in which notebook, under which heading and why it stopped, and where it can be looked at."""
    result = folder / "kept" / "raises.ipynb"
    assert (
        str(failed["raises"])
        == f"raises.ipynb, under 'Targets': 1 problem\n  - ValueError: no targets for 2016-17-Q2\n  The notebook as far as it ran: {result}"
    )


def test_a_notebook_that_raised_is_kept_as_far_as_it_ran(failed: dict[str, NotebookFailed | None], folder: Path) -> None:
    """It keeps the cells that ran, the one that failed with its error, and the rest not run."""
    assert failed["raises"]
    read = nbformat.read(folder / "kept" / "raises.ipynb", as_version=4)
    cells = [cell for cell in read.cells if cell.cell_type == "code" and "papermill" not in str(cell.metadata.get("tags"))]
    assert [cell.source for cell in cells if cell.execution_count is None] == ["print(1)"]
    assert [output.evalue for cell in cells for output in cell.outputs if output.output_type == "error"] == ["no targets for 2016-17-Q2"]


def test_what_a_room_says_is_said_without_the_name_of_its_class(failed: dict[str, NotebookFailed | None]) -> None:
    """It repeats the words of an error of the workbook's own, which already say what to do."""
    fault = failed["asks_wrongly"]
    assert fault
    assert fault.problems == ["frame 'scores': 1 problem\n  - has not been made yet\n  Run the notebooks before this one first."]


def test_leaving_with_success_is_a_failure(failed: dict[str, NotebookFailed | None], folder: Path) -> None:
    """It says so of a notebook that called sys.exit(0) before its last cell, and keeps it."""
    assert "SystemExit: 0" in str(failed["leaves"]) or "1 of its 4 cells did not run" in str(failed["leaves"])
    assert str(folder / "kept" / "leaves.ipynb") in str(failed["leaves"])
    assert kept(folder / "kept", "leaves")[-1] is None


def test_a_kernel_that_dies_is_a_failure(failed: dict[str, NotebookFailed | None], folder: Path) -> None:
    """It says so of a notebook whose kernel went away, and keeps it as far as it ran."""
    assert "died" in str(failed["dies"]).casefold() or "did not run" in str(failed["dies"])
    assert kept(folder / "kept", "dies")[-1] is None
