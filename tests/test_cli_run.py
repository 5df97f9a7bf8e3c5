"""The command run: which quarters, nothing twice, what is told of why, what a kill or a failure leaves behind."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from conftest import HOUSE, SYNTHETIC

from analysis import cli, upkeep
from analysis.cli import publishing
from analysis.cli.edition import Edition
from analysis.cli.making import Finished
from analysis.cli.running import Executed
from analysis.engine import Failed, ProcessEnded, Task, can_fork
from analysis.errors import AskedWrongly
from analysis.folders import one_at_a_time

Q1, Q2 = "2020-21-Q1", "2020-21-Q2"
STEPS = ("01_returns", "02_quality", "03_performance", "04_reward_grant", "05_report_joint-analysis-group")
NOTEBOOKS = (*STEPS[:4], "05_report")

# ---------------------------------------------------------------- which quarters of which partnerships


@pytest.fixture
def wanted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, Path, str]]:
    """Give what a run would publish, data, outputs and quarter: each edition says that it stands already."""
    found: list[tuple[Path, Path, str]] = []

    class Standing:
        fault, code = None, 0

        def __init__(self, data: Path, outputs: Path, quarter: str, *_: Any) -> None:
            found.append((data, outputs, quarter))

        def stands(self) -> bool:
            return True

    monkeypatch.setattr(publishing, "Edition", Standing)
    return found


def with_quarters(folder: Path, *names: str) -> Path:
    """Make a data folder with empty quarters."""
    for name in names:
        (folder / "raw" / name).mkdir(parents=True)
    return folder


THERE = ("2015-16-Q3", "2015-16-Q4", "2016-17-Q2", "2016-17-Q4")
RANGES = {
    "from one on": (["--from", "2015-16-Q4"], THERE[1:]),
    "up to one": (["--to", "2016-17-Q2"], THERE[:3]),
    "between two": (["--from", "2015-16-Q4", "--to", "2016-17-Q2"], THERE[1:3]),
    "a single one": (["--from", "2016-17-Q2", "--to", "2016-17-Q2"], THERE[2:3]),
    "ends that have no returns": (["--from", "2016-17-Q1", "--to", "2016-17-Q3"], THERE[2:3]),
    "from before the first": (["--from", "1999-00-Q1"], THERE),
    "as pages write it": (["--from", "Q4 2015/16", "--to", "2016-17-q2"], THERE[1:3]),
    "none asked for": ([], THERE[3:]),
    "by name, the oldest first": (["2016-17-Q2", "2015-16-Q3"], (THERE[0], THERE[2])),
    "one twice": (["2016-17-Q2", "q2 2016/17"], THERE[2:3]),
}


@pytest.mark.parametrize(("asked", "quarters"), RANGES.values(), ids=RANGES)
def test_quarters_of_a_range_are_run(asked: list[str], quarters: tuple[str, ...], wanted: list[tuple[Path, Path, str]], tmp_path: Path) -> None:
    """It runs those that there are from one end to the other, ends included, either of which may be left open."""
    data = with_quarters(tmp_path, *THERE)
    assert cli.main(["run", *asked, "--data", str(data)]) == 0
    assert wanted == [(data, data / "outputs", quarter) for quarter in quarters]


WRONG_RANGES = {
    "no quarter": (["--from", "soon"], "soon"),
    "no such quarter": (["--to", "2016-17-Q5"], "2016-17-Q5"),
    "years that do not follow": (["--from", "2016-18-Q1"], "2016-18-Q1"),
    "beside a name": (["2016-17-Q2", "--from", "2015-16-Q4"], "stand beside quarters by name"),
    "an end beside a name": (["2016-17-Q2", "--to", "2016-17-Q4"], "stand beside quarters by name"),
    "ends in the wrong order": (["--from", "2016-17-Q2", "--to", "2015-16-Q4"], "2016-17-Q2 to 2015-16-Q4: 1 problem\n  - there are no returns for it"),
    "nothing there": (["--to", "2014-15-Q4"], "There are returns for 2015-16-Q3, 2015-16-Q4, 2016-17-Q2, 2016-17-Q4."),
}


@pytest.mark.parametrize(("asked", "told"), WRONG_RANGES.values(), ids=WRONG_RANGES)
def test_a_wrong_range_is_told(asked: list[str], told: str, wanted: list[Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 2, says what is wrong, and runs nothing."""
    assert cli.main(["run", *asked, "--data", str(with_quarters(tmp_path, *THERE))]) == 2
    assert told in capsys.readouterr().err
    assert wanted == []


def test_partnerships_are_published_each_in_its_own_outputs(wanted: list[tuple[Path, Path, str]], tmp_path: Path) -> None:
    """It publishes each in its own folder; with --outputs, each in one of its name there."""
    one, other = with_quarters(tmp_path / "one", *THERE[:2]), with_quarters(tmp_path / "other", *THERE[1:3])
    both = ["run", "--from", THERE[1], "--data", str(one), "--data", str(other)]
    assert cli.main(both) == cli.main([*both, "--outputs", str(tmp_path / "all")]) == 0
    assert wanted[:3] == [(one, one / "outputs", THERE[1]), (other, other / "outputs", THERE[1]), (other, other / "outputs", THERE[2])]
    assert [outputs for _, outputs, _ in wanted[3:]] == [tmp_path / "all" / "one", tmp_path / "all" / "other", tmp_path / "all" / "other"]


def test_two_partnerships_of_one_name_are_refused(wanted: list[Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It publishes no two in one folder, and says how to tell them apart."""
    one, other = (with_quarters(tmp_path / name / "data", *THERE) for name in ("a", "b"))
    assert cli.main(["run", "--data", str(one), "--data", str(other), "--outputs", str(tmp_path / "all")]) == 2
    assert "two folders would be published in one" in capsys.readouterr().err
    assert wanted == []
    assert cli.main(["run", "--data", str(one), "--data", str(other)]) == 0


def test_one_partnership_given_twice_is_run_once_or_refused(wanted: list[Any], tmp_path: Path) -> None:
    """It never publishes one folder twice in a run."""
    data = with_quarters(tmp_path, *THERE)
    code = cli.main(["run", "--data", str(data), "--data", str(data)])
    assert (code, len(wanted)) in ((0, 1), (2, 0))


def test_a_quarter_that_one_partnership_lacks_is_told_with_its_folder(wanted: list[Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says in which folder there are no returns for it, and runs nothing."""
    one, other = with_quarters(tmp_path / "one", *THERE), with_quarters(tmp_path / "other", THERE[0])
    assert cli.main(["run", THERE[3], "--data", str(one), "--data", str(other)]) == 2
    assert f"there are no returns for it in {other}" in capsys.readouterr().err
    assert wanted == []


# ---------------------------------------------------------------- one edition, piece by piece


@pytest.fixture
def begun(tmp_path: Path) -> tuple[Edition, Task]:
    """Give an edition that has begun, and its first task."""
    edition = Edition(shutil.copytree(SYNTHETIC, tmp_path / "data"), tmp_path / "outputs", Q2, 0, lambda _: None)
    return edition, edition.begin()


LONG = "05_report_management-group-synthetic-place-group"


def test_a_name_as_long_as_its_column_stands_apart_from_what_is_said_of_it(tmp_path: Path) -> None:
    """It leaves a space after a notebook's name, however long, where it stands as before and where it ran."""
    said: list[str] = []
    edition = Edition(shutil.copytree(SYNTHETIC, tmp_path / "data"), tmp_path / "outputs", Q2, 0, said.append)
    edition._no_reuse, edition._before = "", upkeep.Made(steps={LONG: upkeep.one_of({})}, wrote={LONG: {}})
    assert not edition._must_run(LONG, {})
    edition._why[LONG] = "no earlier run"
    edition._tell_ran(LONG, Executed(123.4, None, ()))
    assert said == [f"  {LONG} as before: nothing that it reads has changed", f"  {LONG} 123.4 s"]


def test_folders_are_held_until_the_record_is_written(begun: tuple[Edition, Task], monkeypatch: pytest.MonkeyPatch) -> None:
    """It lets nobody work on the folders before it has said what they were made from."""
    edition, _ = begun
    free: list[Path] = []
    write = upkeep.Made.write

    def watched(made: upkeep.Made, outputs: Path, quarter: str) -> None:
        for folder in (edition.outputs / quarter, edition.data / "processed" / quarter):
            try:
                with one_at_a_time(folder):
                    free.append(folder)
            except AskedWrongly:
                pass
        write(made, outputs, quarter)

    monkeypatch.setattr(upkeep.Made, "write", watched)
    edition._hold()
    edition._publish(Finished((), held=False))
    assert (edition.code, free) == (0, [])


def test_a_process_that_is_killed_over_the_registers_fails_its_quarter(begun: tuple[Edition, Task]) -> None:
    """It gives up the quarter with exit code 1, and others can go on."""
    edition, first = begun
    assert edition.then(first, Failed(ProcessEnded("its process was killed (signal 9) before it was done"))) is None
    assert edition.code == 1


def test_an_error_that_nobody_foresaw_fails_its_quarter_only(begun: tuple[Edition, Task]) -> None:
    """It gives up the quarter with exit code 1, and others can go on."""
    edition, first = begun
    assert edition.then(first, Failed(KeyError("scores"))) is None
    assert edition.code == 1


def test_a_quarter_that_was_given_up_lets_go_of_its_folders(begun: tuple[Edition, Task]) -> None:
    """It leaves nothing half-built behind, and another run can begin."""
    edition, _ = begun
    edition._hold()
    edition.leave(AskedWrongly("x", ["y"]))
    assert (edition.code, [path.name for path in edition.outputs.iterdir()]) == (2, [f".{Q2}.lock"])
    with one_at_a_time(edition.outputs / Q2):
        pass


# ---------------------------------------------------------------- a house of its own, and what it published


class Place:
    """A copy of the house, of the hand-made returns and of what was published of them, which can be put back as it was after the first run."""

    def __init__(self, base: Path) -> None:
        """Copy the house and the returns; one more return is of no known form, so that something is held."""
        self.base, self.kept = base, base / "kept"
        self.house, self.data, self.outputs = base / "house", base / "data", base / "outputs"
        for name in ("analysis", "notebooks", "expectations"):
            shutil.copytree(HOUSE / name, self.house / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
        shutil.copytree(SYNTHETIC, self.data)
        (self.data / "raw" / Q2 / "SYNTHETIC-shopping.csv").write_text("Milk,Bread\n1,2\n", encoding="utf-8")

    def keep(self) -> None:
        """Keep everything as it is now."""
        for path in (self.house, self.data, self.outputs):
            shutil.copytree(path, self.kept / path.name, ignore=shutil.ignore_patterns("__pycache__"))

    def put_back(self) -> None:
        """Make everything as it was kept, in the same place, so that the parameters of a run are the same."""
        for path in (self.house, self.data, self.outputs):
            shutil.rmtree(path)
            shutil.copytree(self.kept / path.name, path)

    def asking(self, *arguments: str | Path, outputs: Path | None = None) -> list[str]:
        """Give the command."""
        whole = ["run", *arguments, "--data", self.data, "--outputs", outputs or self.outputs, "--jobs", "1"]
        return [sys.executable, "-m", "analysis", *map(str, whole)]

    @property
    def environment(self) -> dict[str, str]:
        """Give the environment in which Python finds this house first."""
        path = os.pathsep.join(filter(None, (str(self.house), os.environ.get("PYTHONPATH"))))
        return os.environ | {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": ""}

    def run(self, *arguments: str | Path, command: list[str] | None = None, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the command to its end."""
        return subprocess.run(
            command or self.asking(*arguments), cwd=cwd or self.house, env=self.environment | environment, capture_output=True, encoding="utf-8",
            timeout=200, check=False,
        )  # fmt: skip

    def published(self, quarter: str = Q2) -> dict[str, bytes]:
        """Give the bytes of every published file of a quarter."""
        folder = self.outputs / quarter
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}

    def marks(self) -> dict[str, tuple[int, int]]:
        """Give inode and time of every published file and every frame: the same only if nobody wrote it again."""
        found = [path for folder in (self.outputs, self.data) for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".lock"]
        return {str(path): (path.stat().st_ino, path.stat().st_mtime_ns) for path in found}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, subprocess.CompletedProcess[str]]:
    """Publish both quarters of the hand-made returns as a back-run, and keep what it left."""
    place = Place(tmp_path_factory.mktemp("editions"))
    first = place.run("--from", Q1)
    assert first.returncode == 3, first.stdout + first.stderr
    place.keep()
    return place, first


@pytest.fixture
def place(made: tuple[Place, subprocess.CompletedProcess[str]]) -> Iterator[Place]:
    """Give the house with both quarters published, and put everything back afterwards."""
    yield made[0]
    made[0].put_back()


def why(said: str) -> dict[str, str]:
    """Give each notebook that the command names -> why it ran, or `as before`."""
    found = {}
    for line in said.splitlines():
        if match := re.search(r"(0\d_\S+) +(?:[\d.]+ s(?: +because (.*))?|(as before).*)$", line):
            found[match[1]] = match[2] or match[3] or ""
    return found


def changed_return(place: Place) -> None:
    """Correct a figure of a return of the second quarter."""
    path = place.data / "raw" / Q2 / "SYNTHETIC-performance.csv"
    text = path.read_text(encoding="utf-8")
    assert text.count("84 %") == 1
    path.write_text(text.replace("84 %", "82 %"), encoding="utf-8")


def test_a_back_run_publishes_every_quarter(made: tuple[Place, subprocess.CompletedProcess[str]]) -> None:
    """It publishes each quarter, tells the notebooks of each apart, and ends with 3 as something is held in one."""
    place, first = made
    assert [quarter for quarter in (Q1, Q2) if not (place.kept / "outputs" / quarter / "index.html").is_file()] == []
    for label in ("Q1 2020/21", "Q2 2020/21"):
        told = [line for line in first.stdout.splitlines() if line.startswith(label)]
        assert [step for step in STEPS if not any(re.search(rf"{step} +[\d.]+ s$", line) for line in told)] == []
    assert first.stderr == ""


def test_nothing_is_done_twice(place: Place, made: tuple[Place, subprocess.CompletedProcess[str]]) -> None:
    """It names no notebook and writes no file where nothing has changed, says again what is held, and ends with the same code."""
    before = place.marks()
    again = place.run("--from", Q1)
    assert (again.returncode, again.stderr) == (3, "")
    assert why(again.stdout) == {}
    assert place.marks() == before
    assert again.stdout.count("nothing has changed since it was published") == 2
    held = [line.partition("held: ")[2] for line in made[1].stdout.splitlines() if "held: " in line]
    assert len(held) == 1
    assert [line.partition("held: ")[2] for line in again.stdout.splitlines() if "held: " in line] == held
    assert place.run(Q1).returncode == 0


STANDS = """
import sys
from pathlib import Path
from analysis.cli.edition import Edition
print(Edition(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], 0, lambda _: None).stands())
"""
BRINGS: dict[str, Callable[[Place], object]] = {
    "a page is removed": lambda place: (place.outputs / Q2 / "index.html").unlink(),
    "a file is added": lambda place: (place.outputs / Q2 / "data" / "more.csv").write_text("x"),
    "a frame is edited": lambda place: next((place.data / "processed" / Q2).glob("*.parquet")).write_text("x"),
    "a register": lambda place: (place.data / "reference" / "new.csv").write_text("x"),
    "an earlier return": lambda place: (place.data / "raw" / Q1 / "SYNTHETIC-new.csv").write_text("x"),
    "an expectation": lambda place: next((place.house / "expectations").glob("*.json")).write_text("{}"),
    "the style sheet": lambda place: (place.house / "analysis" / "assets" / "new.css").write_text("x"),
    "the record is of another format": lambda place: (place.outputs / f".{Q2}.made-from.json").write_text('{"format": 0}'),
    "the record is cut short": lambda place: (place.outputs / f".{Q2}.made-from.json").write_text('{"format": 1, "inp'),
}


@pytest.mark.parametrize("change", [None, *BRINGS.values()], ids=["nothing", *BRINGS])
def test_what_brings_a_run(change: Callable[[Place], object] | None, place: Place) -> None:
    """It takes a quarter as published while all is as it was left, and no longer once any one thing differs."""
    if change:
        change(place)
    asked = place.run(command=[sys.executable, "-c", STANDS, str(place.data), str(place.outputs), Q2])
    assert (asked.stdout, asked.stderr) == (f"{change is None}\n", "")


@pytest.mark.parametrize("later", [f"raw/{Q1[:7]}-Q3", "processed/2020-21-Q1/more.parquet"], ids=["a later quarter", "a frame of another quarter"])
def test_what_brings_no_run(later: str, place: Place) -> None:
    """It takes no account of a later quarter's returns nor of another quarter's frames."""
    if later.startswith("raw"):
        (place.data / later).mkdir()
    else:
        (place.data / later).write_text("x")
    asked = place.run(command=[sys.executable, "-c", STANDS, str(place.data), str(place.outputs), Q2])
    assert asked.stdout == "True\n"


def test_an_edited_page_is_made_again(place: Place) -> None:
    """It runs the page's notebook only, says why, takes away what was added, and gives the bytes that were."""
    before = place.published()
    (place.outputs / Q2 / "joint-analysis-group.html").write_text("edited")
    (place.outputs / Q2 / "added.html").write_text("added")
    again = place.run(Q2)
    assert again.returncode == 3, again.stderr
    assert why(again.stdout) == dict.fromkeys(STEPS[:4], "as before") | {STEPS[4]: "what it made is not as it was left: file joint-analysis-group.html"}
    after = place.published()
    same = {name: content for name, content in before.items() if name not in ("index.html", "manifest.json", "data/since_last_run.csv")}
    assert {name: after.get(name) for name in same} == same
    assert set(after) == set(before)


@pytest.fixture(scope="module")
def mended(made: tuple[Place, subprocess.CompletedProcess[str]]) -> tuple[dict[str, str], bool, set[str]]:
    """Take a frame away and run again; gives why each notebook ran, whether all frames are as they were, and the published files that differ."""
    place, _ = made
    before, frames = place.published(), upkeep.frames(place.data, Q2)
    (place.data / "processed" / Q2 / "scores.parquet").unlink()
    again = place.run(Q2)
    assert again.returncode == 3, again.stderr
    after, same = place.published(), upkeep.frames(place.data, Q2) == frames
    place.put_back()
    return why(again.stdout), same, {name for name in {*before, *after} if before.get(name) != after.get(name)}


def test_a_frame_that_is_gone_is_made_again(mended: tuple[dict[str, str], bool, set[str]]) -> None:
    """It runs the notebook that wrote it only, says why, and has every frame as it was."""
    ran, same, _ = mended
    assert ran == dict.fromkeys(STEPS, "as before") | {"03_performance": "what it made is not as it was left: frame scores"}
    assert same


def test_a_notebook_that_runs_by_itself_shows_what_it_showed(mended: tuple[dict[str, str], bool, set[str]]) -> None:
    """It publishes the same bytes whether a notebook runs among all others or alone after them, but for what says what changed since the last run."""
    assert mended[2] <= {"index.html", "manifest.json", "data/since_last_run.csv"}


@pytest.fixture(scope="module")
def corrected(made: tuple[Place, subprocess.CompletedProcess[str]]) -> tuple[dict[str, bytes], subprocess.CompletedProcess[str]]:
    """Publish the corrected return from nothing kept, though over the same last publication, while another run holds the first quarter."""
    place, _ = made
    changed_return(place)
    shutil.rmtree(place.data / "processed" / Q2)
    with one_at_a_time(place.outputs / Q1):
        ran = place.run("--force", "--from", Q1)
    found = place.published()
    place.put_back()
    return found, ran


def test_force_runs_everything(corrected: tuple[dict[str, bytes], subprocess.CompletedProcess[str]]) -> None:
    """It runs each notebook and says that it was told to."""
    assert why(corrected[1].stdout) == dict.fromkeys(STEPS, "--force")


def test_a_quarter_that_fails_leaves_the_others_published(corrected: tuple[dict[str, bytes], subprocess.CompletedProcess[str]]) -> None:
    """It publishes the other quarter, ends with the code of the one that failed, and its message names that one."""
    found, ran = corrected
    assert (ran.returncode, bool(found)) == (2, True)
    assert ran.stderr.splitlines()[:2] == [ran.stderr.splitlines()[0], "  - another run is working on this folder"]
    assert Q1 in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_changed_return_runs_what_depends_on_it(place: Place, corrected: tuple[dict[str, bytes], subprocess.CompletedProcess[str]]) -> None:
    """It says which return changed and which frame then differs, leaves the other quarter, and gives the bytes of a run that kept nothing."""
    changed_return(place)
    before = place.published(Q1)
    again = place.run("--from", Q1)
    assert again.returncode == 3, again.stderr
    told = why(again.stdout)
    assert told["01_returns"] == f"return {Q2}/SYNTHETIC-performance.csv changed"
    assert [name for name in ("02_quality", "03_performance", STEPS[4]) if not re.search(r"\bframe \w+ changed", told[name])] == []
    assert place.published() == corrected[0]
    assert place.published(Q1) == before
    assert "Q1 2020/21 (April to June 2020)\nQ1 2020/21  nothing has changed" in again.stdout


def test_a_comment_runs_the_notebooks_that_reach_it(place: Place) -> None:
    """It runs the notebooks that reach the module, says so, and no others; a page follows from its notebook or from the frames."""
    path = place.house / "analysis" / "comparators.py"
    notebooks = zip(STEPS, NOTEBOOKS, strict=True)
    reaches = {step: "code analysis/comparators.py" in upkeep.notebook(HOUSE / "notebooks" / f"{name}.ipynb") for step, name in notebooks}
    assert set(reaches.values()) == {True, False}
    path.write_text(path.read_text(encoding="utf-8") + "# SYNTHETIC\n", encoding="utf-8")
    frames = upkeep.frames(place.data, Q2)
    again = place.run(Q2)
    assert again.returncode == 3, again.stderr
    assert why(again.stdout) == {step: "code analysis/comparators.py changed" if reached else "as before" for step, reached in reaches.items()}
    assert upkeep.frames(place.data, Q2) == frames


def test_the_first_notebook_takes_those_after_it_along_but_no_page(place: Place) -> None:
    """It runs those after it, as it leaves nothing that they wrote, and says so; the frames are the same, so the pages stay."""
    path = place.house / "notebooks" / "01_returns.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source += "\n\nSYNTHETIC words."
    nbformat.write(notebook, path)
    again = place.run(Q2)
    assert again.returncode == 3, again.stderr
    assert why(again.stdout) == {
        "01_returns": "notebook 01_returns.ipynb changed",
        "02_quality": "01_returns ran again",
        "03_performance": "01_returns, 02_quality ran again",
        "04_reward_grant": "01_returns, 02_quality ran again",
    } | dict.fromkeys(STEPS[4:], "as before")


def test_folders_may_be_given_from_here(place: Place, corrected: tuple[dict[str, bytes], subprocess.CompletedProcess[str]]) -> None:
    """It reads and publishes in folders as seen from where the command was given, and gives the same bytes."""
    changed_return(place)
    command = [sys.executable, "-m", "analysis", "run", Q2, "--data", "data", "--outputs", "outputs", "--force"]
    ran = place.run(command=command, cwd=place.base)
    assert ran.returncode == 3, ran.stderr
    assert place.published() == corrected[0]


# ---------------------------------------------------------------- stopped in the middle


def until(process: subprocess.Popen[str], words: str) -> str:
    """Read what the command says until it says these words; give that line."""
    assert process.stdout
    for line in process.stdout:
        if words in line:
            return line
    raise AssertionError(f"it never said {words!r}")


def of_group(group: int) -> list[int]:
    """Give the processes of a process group that run still."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, in_group, *_ = path.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(in_group) == group and state not in "ZX":
            found.append(int(path.parent.name))
    return found


def left_over(group: int, within: float = 10) -> list[int]:
    """Give the processes of a group that do not end in time, and end them."""
    ends = time.monotonic() + within
    while (left := of_group(group)) and time.monotonic() < ends:
        time.sleep(0.05)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    return left


@pytest.mark.skipif(not can_fork(), reason="no process is forked here")
def test_a_killed_run_leaves_what_was_published(place: Place, corrected: tuple[dict[str, bytes], subprocess.CompletedProcess[str]]) -> None:
    """It leaves the last publication as it was and no process behind; the next run makes what a run that kept nothing makes."""
    changed_return(place)
    before = place.published()
    with subprocess.Popen(
        place.asking(Q2), cwd=place.house, env=place.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", start_new_session=True
    ) as process:
        until(process, "01_returns")
        process.kill()
    assert left_over(process.pid) == []
    assert place.published() == before
    again = place.run(Q2)
    assert again.returncode == 3, again.stderr
    assert place.published() == corrected[0]
    assert sorted(path.name for path in place.outputs.iterdir() if path.suffix not in (".lock", ".json")) == [Q1, Q2]


@pytest.mark.skipif(not can_fork(), reason="no process is forked here")
def test_ctrl_c_leaves_what_was_published(place: Place) -> None:
    """It ends with 130 in one sentence, leaves no process and nothing half-built, and what was published as it was."""
    before = place.published()
    with subprocess.Popen(
        place.asking(Q2, "--force"), cwd=place.house, env=place.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        start_new_session=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - a shell's background job ignores it
    ) as process:  # fmt: skip
        assert "because --force" in until(process, "01_returns")
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=20)
    assert (process.returncode, told) == (130, "Stopped. What was published before is as it was.\n")
    assert left_over(process.pid) == []
    assert place.published() == before
    assert [path.name for path in place.outputs.iterdir() if path.name.endswith(("-new", "-old"))] == []


@pytest.mark.skipif(not can_fork(), reason="no process is forked here")
def test_watching_publishes_again_after_a_change(place: Place) -> None:
    """It publishes again when a return has changed, so that a run has nothing left to do, tells a folder that is misnamed, and ends well with Ctrl-C."""
    command = [sys.executable, "-m", "analysis", "watch", Q2, "--data", str(place.data), "--outputs", str(place.outputs)]
    with subprocess.Popen(
        command, cwd=place.house, env=place.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        start_new_session=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - a shell's background job ignores it
    ) as process:  # fmt: skip
        assert until(process, "nothing has changed")
        assert until(process, "Watching")
        (place.data / "raw" / "Q2 2020-21").mkdir()
        assert until(process, "should be named")
        (place.data / "raw" / "Q2 2020-21").rmdir()
        changed_return(place)
        assert "SYNTHETIC-performance.csv changed" in until(process, "01_returns")
        assert until(process, "Watching")
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=20)
    assert process.returncode == 0
    watched = place.published()
    assert "nothing has changed" in place.run(Q2).stdout
    assert place.published() == watched


# ---------------------------------------------------------------- notebooks that fail


def broken(place: Place, source: str) -> None:
    """Put other code into the first cell of the first notebook that imports."""
    path = place.house / "notebooks" / "01_returns.ipynb"
    notebook = nbformat.read(path, as_version=4)
    next(cell for cell in notebook.cells if cell.cell_type == "code" and "import" in cell.source).source = source
    nbformat.write(notebook, path)


def test_notebooks_that_fail_are_kept_where_the_message_says(place: Place) -> None:
    """It keeps each quarter's failed notebook in its own partnership's outputs, and what was published."""
    broken(place, "raise ValueError('SYNTHETIC fault')")
    other = shutil.copytree(SYNTHETIC, place.base / "other")
    before = place.published()
    ran = place.run(command=[*place.asking(Q1, Q2, outputs=place.base / "all"), "--data", str(other)])
    shutil.rmtree(other)
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    kept = [Path(line.partition(": ")[2]) for line in ran.stderr.splitlines() if "The notebook as far as it ran" in line]
    assert sorted(kept) == [place.base / "all" / name / "failed" / quarter / "01_returns.ipynb" for name in ("data", "other") for quarter in (Q1, Q2)]
    assert all("SYNTHETIC fault" in json.dumps(nbformat.read(path, as_version=4)) for path in kept)
    shutil.rmtree(place.base / "all")
    assert place.published() == before


def test_a_message_names_its_quarter(place: Place) -> None:
    """It says of which quarter a notebook's process ended, where several were asked for."""
    broken(place, "import os\nos._exit(0)")
    ran = place.run("--from", Q1)
    assert (ran.returncode, "Traceback" in ran.stderr) == (1, False)
    assert [quarter for quarter in ("2020-21-Q1", "2020-21-Q2") if quarter not in ran.stderr and quarter.replace("2020-21-", "") not in ran.stderr] == []


@pytest.mark.skipif(not can_fork(), reason="no process is forked here")
def test_a_library_that_cannot_be_loaded_is_told(place: Place) -> None:
    """It ends with 1 and says in words that the process that runs notebooks ended."""
    (place.base / "shadow").mkdir(exist_ok=True)
    (place.base / "shadow" / "great_expectations.py").write_text('raise ImportError("SYNTHETIC: not installed")\n', encoding="utf-8")
    before = place.published()
    ran = place.run(Q2, "--force", PYTHONPATH=os.pathsep.join((str(place.base / "shadow"), str(place.house))))
    assert (ran.returncode, place.published() == before) == (1, True)
    assert "SYNTHETIC: not installed" in ran.stderr
    assert "analysis.engine.tasks.ProcessEnded" not in ran.stderr


# ---------------------------------------------------------------- one after another


@pytest.mark.skipif(not can_fork(), reason="no process is forked here")
def test_a_second_run_waits_if_it_is_told_to(place: Place) -> None:
    """It is refused while another works on the quarter, unless it may wait."""
    with one_at_a_time(place.data / "processed" / Q2):
        refused = place.run(Q2, "--force")
    assert (refused.returncode, "another run is working on this folder" in refused.stderr) == (2, True)
    waited = threading.Event()

    def hold() -> None:
        with one_at_a_time(place.outputs / Q2):
            waited.set()
            time.sleep(3)

    other = threading.Thread(target=hold)
    other.start()
    waited.wait()
    broken(place, "raise ValueError('SYNTHETIC fault')")
    ran = place.run(Q2, "--wait", "60")
    other.join()
    assert (ran.returncode, "SYNTHETIC fault" in ran.stderr) == (1, True)
