"""The engine: tasks by forks of a warm process or by threads, how they end, in which order, and what is left of them."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from analysis.engine import Failed, Forked, ProcessEnded, Task, Threads, Workers, can_fork, carry_out
from analysis.errors import NotebookFailed, WorkbookError

WORK = '''
import os, signal, sys, time
from analysis.errors import NotebookFailed

STATE = "as it was loaded"

class Stubborn(Exception):
    """Cannot be sent: it holds what is of this process only."""
    def __init__(self, text):
        super().__init__(text)
        self.held = lambda: None

class Lost(Exception):
    """Can be sent and not be read again: it wants two arguments and keeps one."""
    def __init__(self, one, other):
        super().__init__(f"{one} and {other}")

def gives(what):
    return what

def fails(subject):
    raise NotebookFailed(subject, ["one", "two"], "Look there.")

def stubborn():
    raise Stubborn("what it says")

def lost():
    raise Lost("what", "it says")

def asks_wrongly():
    return {}["nothing"]

def leaves(code):
    sys.exit(code)

def noted(log, name, seconds=0.0, failing=False):
    with open(log, "a") as file:
        file.write(f"+{name}\\n")
    time.sleep(seconds)
    with open(log, "a") as file:
        file.write(f"-{name}\\n")
    if failing:
        raise ValueError(name)
    return name

def killed():
    os.kill(os.getpid(), signal.SIGKILL)

def left_a_mark(name):
    global STATE
    before = STATE, os.environ.get("MARK", ""), os.getcwd() == "/"
    STATE = os.environ["MARK"] = name
    os.chdir("/")
    return before

def loaded():
    return [(name in sys.modules, name in sys.modules and sys.modules[name].BY == os.getpid()) for name in ("plainlib", "slowlib")]

def sleeps(marker):
    with open(marker + ".new", "w") as file:
        file.write(f"{os.getpid()} {os.getppid()}")
    os.rename(marker + ".new", marker)
    time.sleep(20)

def unsendable():
    return lambda: None
'''
LIBRARY = "import os\nBY = os.getpid()\n"
ASKER = """
import sys, enginework
from pathlib import Path
from analysis.engine import Forked, Task, carry_out
tasks = [Task(name, enginework.sleeps, (str(Path(sys.argv[1], name)),), needs=("slowlib",) if name == "slow" else ()) for name in sys.argv[2:]]
with Forked(3, ("enginework",), ("slowlib",)) as workers:
    carry_out(tasks, workers, lambda task, result: [])
"""
needs_fork = pytest.mark.skipif(not can_fork(), reason="processes with libraries loaded are not forked here")


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """Give a module of small tasks that warm processes find as well, beside two libraries that say who loaded them."""
    folder = tmp_path_factory.mktemp("work")
    for name, text in {"enginework": WORK, "plainlib": LIBRARY, "slowlib": LIBRARY}.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(folder), str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH")))))
        yield importlib.import_module("enginework")
        sys.modules.pop("enginework")


Kind = Callable[[int], Forked | Threads]
KINDS = {"forked": lambda jobs: Forked(jobs, ("enginework", "plainlib"), ("slowlib",)), "threads": Threads}


@pytest.fixture(params=[pytest.param("forked", marks=needs_fork), "threads"])
def kind(request: pytest.FixtureRequest, work: ModuleType) -> Kind:
    """Give what makes workers, of each kind in turn."""
    assert work.STATE == "as it was loaded"
    return KINDS[request.param]


def told(tasks: Iterable[Task], workers: Workers, follow: Callable[[Task, Any], Iterable[Task]] = lambda *_: ()) -> dict[str, Any]:
    """Carry tasks out; give what was told of each, in the order in which it was told."""
    found: dict[str, Any] = {}

    def then(task: Task, result: Any) -> Iterable[Task]:
        assert task.name not in found, f"{task.name} was told twice"
        found[task.name] = result
        return follow(task, result)

    carry_out(tasks, workers, then)
    return found


def parts(*tasks: Task) -> list[Task]:
    """Give tasks each as a part by itself, so that one that fails stops no other."""
    return [Task(task.name, task.does, task.given, task.name, task.needs, task.rank) for task in tasks]


def events(log: Path) -> list[str]:
    """Give what tasks noted: +name as it began, -name as it ended."""
    return log.read_text(encoding="utf-8").split()


def gone(pid: int, within: float = 5) -> bool:
    """Say whether a process has ended, or does so soon; one that is left over is ended here."""
    ends = time.monotonic() + within
    while time.monotonic() < ends:
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state in "ZX":
            return True
        time.sleep(0.02)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return False


# ---------------------------------------------------------------- what comes back


def test_a_result_and_an_error_come_back(kind: Kind, work: ModuleType) -> None:
    """It hands over what a task gave, and what one raised with all that it says, and goes on."""
    with kind(2) as workers:
        found = told(
            parts(Task("gives", work.gives, ({"a": [1, None]},)), Task("fails", work.fails, ("01.ipynb",)), Task("nothing", work.gives, (None,))), workers
        )
    fault = found["fails"].fault
    assert (found["gives"], found["nothing"]) == ({"a": [1, None]}, None)
    assert (type(fault), fault.subject, fault.problems, fault.hint, fault.exit_code) == (NotebookFailed, "01.ipynb", ["one", "two"], "Look there.", 1)
    assert isinstance(fault, WorkbookError)


@pytest.mark.parametrize("name", ["stubborn", "lost"])
def test_an_error_that_cannot_be_sent_travels_as_what_it_says(name: str, kind: Kind, work: ModuleType) -> None:
    """It hands over the words of an error whose class does not pickle, or cannot be made again from what was sent."""
    with kind(1) as workers:
        found = told([Task(name, getattr(work, name))], workers)
    assert isinstance(found[name], Failed)
    assert " ".join(("what", "it says") if name == "stubborn" else ("what and it says",)) in str(found[name].fault)


def test_any_error_is_a_failure(kind: Kind, work: ModuleType) -> None:
    """It takes an error that nobody foresaw as a failure of its task, and others go on."""
    with kind(1) as workers:
        found = told(parts(Task("wrong", work.asks_wrongly), Task("right", work.gives, (1,))), workers)
    assert (type(found["wrong"].fault), found["right"]) == (KeyError, 1)


@pytest.mark.parametrize("code", [0, 3])
def test_a_task_that_leaves_by_sys_exit_failed(code: int, kind: Kind, work: ModuleType) -> None:
    """It takes sys.exit in a task, whatever its code, as a failure of that task only."""
    with kind(1) as workers:
        found = told(parts(Task("leaves", work.leaves, (code,)), Task("right", work.gives, (1,))), workers)
    assert isinstance(found["leaves"], Failed)
    assert found["right"] == 1


ENDED = {
    "killed": ("killed", (), "its process was killed (signal 9) before it was done"),
    "left with success": ("_exit", (0,), "its process ended (exit code 0) before it was done"),
    "left with failure": ("_exit", (3,), "its process ended (exit code 3) before it was done"),
}


@needs_fork
@pytest.mark.parametrize(("does", "given", "words"), ENDED.values(), ids=ENDED)
def test_a_process_that_ends_before_its_task_is_a_failure(does: str, given: tuple[int, ...], words: str, work: ModuleType) -> None:
    """It says how the process ended, also where it said that all was well, and the other tasks go on."""
    with KINDS["forked"](2) as workers:
        found = told(
            parts(Task("ended", getattr(work, does, getattr(os, does, None)), given), Task("a", work.gives, (1,)), Task("b", work.gives, (2,))), workers
        )
    assert (type(found["ended"].fault), str(found["ended"].fault)) == (ProcessEnded, words)
    assert (found["a"], found["b"]) == (1, 2)


@needs_fork
def test_a_result_that_cannot_be_sent_is_a_failure(work: ModuleType, capfd: pytest.CaptureFixture[str]) -> None:
    """It fails the task, says why on the error stream at least, and the other tasks go on."""
    with KINDS["forked"](1) as workers:
        found = told(parts(Task("unsendable", work.unsendable), Task("right", work.gives, (1,))), workers)
    assert isinstance(found["unsendable"], Failed)
    assert "pickle" in str(found["unsendable"].fault) + capfd.readouterr().err
    assert found["right"] == 1


@needs_fork
def test_a_library_that_cannot_be_loaded_ends_the_run(work: ModuleType, capfd: pytest.CaptureFixture[str]) -> None:
    """It says that the process ended rather than waiting for it for ever, and the process itself has said which library."""
    with pytest.raises(ProcessEnded), Forked(1, ("enginework", "no_such_library"), ()) as workers:
        told([Task("a", work.gives, (1,))], workers)
    assert "no_such_library" in capfd.readouterr().err


@needs_fork
@pytest.mark.parametrize("needs", [(), ("slowlib",)], ids=["plain", "slow"])
def test_a_task_for_a_process_that_has_ended_is_no_success(needs: tuple[str, ...], work: ModuleType) -> None:
    """It says that the process ended when a task is given to one that has ended meanwhile."""
    with KINDS["forked"](2) as workers:
        found = told([Task("warm", os.getppid, needs=needs)], workers)
        os.kill(found["warm"], signal.SIGKILL)
        assert gone(found["warm"])
        with pytest.raises(ProcessEnded):
            told([Task("late", work.gives, (1,), needs=needs)], workers)


# ---------------------------------------------------------------- how many, in which order


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_no_more_run_at_a_time_than_were_asked_for(jobs: int, kind: Kind, work: ModuleType, tmp_path: Path) -> None:
    """It has just so many tasks under way at a time while there are enough of them."""
    log = tmp_path / "log"
    with kind(jobs) as workers:
        assert len(told([Task(str(number), work.noted, (log, number, 0.15)) for number in range(6)], workers)) == 6
    under_way, most = 0, 0
    for event in events(log):
        under_way += 1 if event.startswith("+") else -1
        most = max(most, under_way)
    assert most == jobs


@pytest.mark.parametrize("jobs", [0, -4])
def test_there_is_always_one_worker(jobs: int, kind: Kind, work: ModuleType) -> None:
    """It does tasks one at a time where fewer were asked for."""
    with kind(jobs) as workers:
        assert workers.free == 1
        workers.start(Task("begun", work.gives, (0,)))
        assert workers.free == 0
        assert workers.wait() == [("begun", 0)]
        assert told([Task("a", work.gives, (1,)), Task("b", work.gives, (2,))], workers) == {"a": 1, "b": 2}


def test_the_lowest_rank_begins_first(kind: Kind, work: ModuleType) -> None:
    """It begins what could start by rank, those of one rank as they came; what follows from a task takes its own place."""
    tasks = [Task(name, work.gives, (name,), rank=rank) for name, rank in (("late", (1, 0)), ("first", (0, 1)), ("second", (0, 1)), ("later", (1, 1)))]

    def follow(task: Task, _: Any) -> list[Task]:
        return [Task("follows", work.gives, ("follows",), rank=(0, 9))] if task.name == "first" else []

    with kind(1) as workers:
        assert list(told(tasks, workers, follow)) == ["first", "second", "follows", "late", "later"]


def test_tasks_follow_from_tasks(kind: Kind, work: ModuleType) -> None:
    """It goes on until nothing follows any more, and follows what a task gave."""

    def follow(_: Task, result: int) -> list[Task]:
        return [Task(str(other), work.gives, (other,)) for other in (2 * result, 2 * result + 1) if other < 8]

    with kind(2) as workers:
        assert sorted(told([Task("1", work.gives, (1,))], workers, follow)) == list("1234567")


def test_nothing_to_do() -> None:
    """It is done at once, and waits for nobody."""
    with Threads(1) as workers:
        assert told([], workers) == {}


@pytest.mark.parametrize("later", [False, True], ids=["at once", "one that follows"])
def test_two_tasks_of_one_name_are_an_error(later: bool, work: ModuleType) -> None:
    """It refuses a name that stood for another task, also one that is done, as nobody could tell which was meant."""
    one = Task("one", work.gives, (1,))
    with pytest.raises(ValueError, match="two tasks are called 'one'"), Threads(1) as workers:
        carry_out([one] if later else [one, one], workers, lambda *_: [one])


# ---------------------------------------------------------------- a part that fails


def test_what_has_not_begun_of_a_failed_part_never_does(kind: Kind, work: ModuleType, tmp_path: Path) -> None:
    """It lets what runs of the part end, tells the failure once after that, begins nothing more of it, and does all of the other part."""
    log = tmp_path / "log"
    tasks = [
        Task("fails", work.noted, (log, "fails", 0.05, True), "bad", rank=(0,)),
        Task("runs", work.noted, (log, "runs", 0.5), "bad", rank=(0,)),
        Task("fails too", work.noted, (log, "fails-too", 0.3, True), "bad", rank=(0,)),
        Task("never", work.noted, (log, "never"), "bad", rank=(9,)),
        Task("good", work.noted, (log, "good", 0.1), "good", rank=(1,)),
        Task("other", work.noted, (log, "other"), "good", rank=(2,)),
    ]
    seen: dict[str, list[str]] = {}

    def follow(task: Task, _: Any) -> list[Task]:
        seen[task.name] = events(log)
        return []

    with kind(3) as workers:
        found = told(tasks, workers, follow)
    assert (type(found["fails"]), str(found["fails"].fault)) == (Failed, "fails")
    assert sorted(found) == ["fails", "good", "other"]
    assert {"-runs", "-fails-too"} <= set(seen["fails"])
    assert "+never" not in events(log)


# ---------------------------------------------------------------- warm


@needs_fork
def test_a_task_finds_its_libraries_loaded(work: ModuleType) -> None:
    """It gives a task that needs the slow library a process that has loaded it; any other has only the plain one, loaded before it."""
    with KINDS["forked"](2) as workers:
        found = told([Task("plain", work.loaded), Task("slow", work.loaded, needs=("slowlib",)), Task("other", work.loaded, needs=("json",))], workers)
    assert found == {
        "plain": [(True, False), (False, False)],
        "slow": [(True, False), (True, False)],
        "other": [(True, False), (False, False)],
    }


@needs_fork
def test_no_task_sees_what_another_did(work: ModuleType) -> None:
    """It gives each task modules, environment and folder as they were, whatever ran before, in the plain process and in the slow one."""
    tasks = [Task(f"{needs}{number}", work.left_a_mark, (f"{needs}{number}",), needs=(needs,)) for needs in ("", "slowlib") for number in range(2)]
    with KINDS["forked"](1) as workers:
        assert set(told(tasks, workers).values()) == {("as it was loaded", "", False)}
    assert (work.STATE, "MARK" in os.environ) == ("as it was loaded", False)


@needs_fork
def test_tasks_end_with_the_block(work: ModuleType, tmp_path: Path) -> None:
    """It ends every task that still runs when the block is left by an error."""
    tasks = parts(Task("sleeps", work.sleeps, (str(tmp_path / "sleeps"),)), Task("gives", work.gives, (1,)))

    def then(_: Task, __: Any) -> list[Task]:
        while not (tmp_path / "sleeps").exists():
            time.sleep(0.01)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), KINDS["forked"](2) as workers:
        carry_out(tasks, workers, then)
    assert gone(int((tmp_path / "sleeps").read_text(encoding="utf-8").split()[0]))


def asking(folder: Path, *names: str) -> tuple[subprocess.Popen[bytes], dict[str, tuple[int, int]]]:
    """Start a process that has tasks done which take long; give it, and of each task its process and the one that it is a fork of."""
    asker = subprocess.Popen([sys.executable, "-c", ASKER, str(folder), *names])
    ends = time.monotonic() + 20
    while not all((folder / name).exists() for name in names):
        assert time.monotonic() < ends
        time.sleep(0.02)
    pids = {name: (folder / name).read_text(encoding="utf-8").split() for name in names}
    return asker, {name: (int(own), int(warm)) for name, (own, warm) in pids.items()}


@needs_fork
def test_nothing_outlives_whoever_asked(work: ModuleType, tmp_path: Path) -> None:
    """It ends warm processes and tasks when the process that asked is killed in the middle."""
    assert work
    asker, pids = asking(tmp_path, "one", "two")
    asker.kill()
    asker.wait()
    assert {pid: gone(pid) for pair in pids.values() for pid in pair} == {pid: True for pair in pids.values() for pid in pair}


@needs_fork
def test_no_task_of_the_slow_process_outlives_whoever_asked(work: ModuleType, tmp_path: Path) -> None:
    """It ends tasks that need the slow library as well, also where their own process is too busy to see to it."""
    assert work
    asker, pids = asking(tmp_path, "slow")
    task, warm = pids["slow"]
    os.kill(warm, signal.SIGSTOP)  # as busy as it can be; unstopped, it loses the race once in twenty times
    asker.kill()
    asker.wait()
    assert gone(warm)
    assert gone(task, within=1)


@needs_fork
@pytest.mark.parametrize("which", ["plain", "slow"])
def test_a_warm_process_that_is_killed_ends_the_run(which: str, work: ModuleType, tmp_path: Path) -> None:
    """It says that the process ended rather than waiting for ever, and the other one ends too."""
    pids: list[int] = []

    def then(_: Task, result: Any) -> list[Task]:
        while not (tmp_path / "sleeps").exists():
            time.sleep(0.01)
        pids.append(int((tmp_path / "sleeps").read_text(encoding="utf-8").split()[0]))
        os.kill(result, signal.SIGKILL)
        return []

    other = Task("sleeps", work.sleeps, (str(tmp_path / "sleeps"),), "b", () if which == "slow" else ("slowlib",))
    with pytest.raises(ProcessEnded), KINDS["forked"](2) as workers:
        carry_out([other, Task("asks", os.getppid, (), "a", ("slowlib",) if which == "slow" else (), (1,))], workers, then)
    assert [gone(pid) for pid in pids] == [True]
