"""Where things stand: which quarters have returns, a folder held by one run at a time, a quarter published whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.errors import AskedWrongly
from analysis.folders import available, one_at_a_time, staged, with_history

QUARTER = "2016-17-Q2"

# ---------------------------------------------------------------- which quarters there are


def test_available_quarters_are_sorted_and_others_passed_over(tmp_path: Path) -> None:
    """It lists the quarters that have a folder, oldest first, and no other folder."""
    for name in ("2016-17-Q2", "2009-10-Q3", "2016-17-Q1", "drafts", "2016-18-Q1"):
        (tmp_path / "raw" / name).mkdir(parents=True)
    assert available(tmp_path) == ["2009-10-Q3", "2016-17-Q1", "2016-17-Q2"]


def test_a_folder_named_like_a_quarter_but_not_by_its_key_is_told(tmp_path: Path) -> None:
    """It does not read a folder called Q2 2016-17 as an empty quarter: it says how to name it."""
    (tmp_path / "raw" / "Q2 2016-17").mkdir(parents=True)
    with pytest.raises(AskedWrongly, match="should be named '2016-17-Q2'"):
        available(tmp_path)


def test_every_misnamed_folder_is_told_at_once(tmp_path: Path) -> None:
    """It names each folder that is not named by its key, with the name it should have."""
    for name in ("Q2 2016-17", "Q1 2016-17", "2015-16-Q4"):
        (tmp_path / "raw" / name).mkdir(parents=True)
    with pytest.raises(AskedWrongly) as raised:
        available(tmp_path)
    assert raised.value.problems == ["'Q1 2016-17' should be named '2016-17-Q1'", "'Q2 2016-17' should be named '2016-17-Q2'"]


def test_a_data_folder_without_returns_is_named(tmp_path: Path) -> None:
    """It says that there is no such folder and what the option wants; a file of a quarter's name is no quarter."""
    with pytest.raises(AskedWrongly, match="there is no such folder"):
        available(tmp_path)
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / QUARTER).touch()
    assert available(tmp_path) == []


def test_a_report_needs_the_quarters_it_shows_and_every_earlier_one(tmp_path: Path) -> None:
    """It gives the quarter, the one before and the same a year ago, with a folder or without, then each earlier one that has one, newest first."""
    for name in ("2013-14-Q1", "2015-16-Q2", "2015-16-Q4", QUARTER, "2016-17-Q3"):
        (tmp_path / "raw" / name).mkdir(parents=True)
    assert with_history(tmp_path, QUARTER) == (QUARTER, "2016-17-Q1", "2015-16-Q2", "2015-16-Q4", "2013-14-Q1")


# ---------------------------------------------------------------- the published folder


def published(outputs: Path) -> dict[str, str]:
    """Give the published files of the quarter: name -> text."""
    return {path.name: path.read_text() for path in (outputs / QUARTER).iterdir()}


def publish(outputs: Path, text: str) -> None:
    """Publish a quarter of one page."""
    with staged(outputs, QUARTER) as folder:
        (folder / "index.html").write_text(text)


def test_a_quarter_is_published_whole(tmp_path: Path) -> None:
    """It puts what was built in the place of what was there, and leaves nothing beside."""
    publish(tmp_path, "old")
    with staged(tmp_path, QUARTER) as folder:
        (folder / "board.html").write_text("new")
        assert published(tmp_path) == {"index.html": "old"}
    assert published(tmp_path) == {"board.html": "new"}
    assert [path.name for path in tmp_path.iterdir()] == [QUARTER]


@pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt, SystemExit], ids=["an error", "Ctrl-C", "an exit"])
def test_a_failure_leaves_the_published_folder_as_it_was(fault: type[BaseException], tmp_path: Path) -> None:
    """It keeps the last good report whatever stops the new one."""
    publish(tmp_path, "old")
    with pytest.raises(fault), staged(tmp_path, QUARTER) as folder:  # noqa: PT012 - it fails half-way
        (folder / "index.html").write_text("half")
        raise fault
    assert published(tmp_path) == {"index.html": "old"}


def test_a_first_failure_publishes_nothing(tmp_path: Path) -> None:
    """It leaves no folder of the quarter's name where there was none."""
    with pytest.raises(ValueError, match="stop"), staged(tmp_path, QUARTER):
        raise ValueError("stop")
    assert not (tmp_path / QUARTER).exists()


def test_a_run_begins_with_an_empty_folder(tmp_path: Path) -> None:
    """It takes nothing over from a run that was killed while it built."""
    (tmp_path / f".{QUARTER}-new").mkdir()
    (tmp_path / f".{QUARTER}-new" / "half.html").write_text("half")
    publish(tmp_path, "new")
    assert published(tmp_path) == {"index.html": "new"}


def killed_at(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a run be killed just before its rename of that number."""
    renames: list[Path] = []
    rename = Path.rename

    def until(path: Path, target: Path) -> Path:
        renames.append(path)
        if len(renames) == number:
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", until)


@pytest.mark.parametrize("number", [1, 2])
def test_a_kill_while_publishing_is_put_right_by_the_next_run(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has the last good report back as soon as the next run begins, even if that one fails."""
    publish(tmp_path, "old")
    with monkeypatch.context() as patch:
        killed_at(number, patch)
        with pytest.raises(KeyboardInterrupt):
            publish(tmp_path, "new")
    with pytest.raises(ValueError, match="stop"), staged(tmp_path, QUARTER) as folder:  # noqa: PT012 - it fails half-way
        assert list(folder.iterdir()) == []
        assert published(tmp_path) == {"index.html": "old"}
        raise ValueError("stop")
    assert published(tmp_path) == {"index.html": "old"}


def test_a_kill_after_publishing_leaves_the_new_report(tmp_path: Path) -> None:
    """It takes away the older report that a killed run had no time to remove, not the new one."""
    publish(tmp_path, "new")
    (tmp_path / f".{QUARTER}-old").mkdir()
    (tmp_path / f".{QUARTER}-old" / "index.html").write_text("old")
    with pytest.raises(ValueError, match="stop"), staged(tmp_path, QUARTER):
        raise ValueError("stop")
    assert published(tmp_path) == {"index.html": "new"}
    assert not (tmp_path / f".{QUARTER}-old").exists()


def test_publishing_a_quarter_leaves_the_others(tmp_path: Path) -> None:
    """It touches no other quarter."""
    publish(tmp_path, "old")
    with staged(tmp_path, "2016-17-Q1") as folder:
        (folder / "index.html").write_text("another")
    assert published(tmp_path) == {"index.html": "old"}


def held(outputs: Path) -> Callable[[], None]:
    """Give a run that holds the folder for a moment."""

    def run() -> None:
        with one_at_a_time(outputs):
            pass

    return run


def test_a_second_run_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    """It says that another run is at work and what to do, rather than waiting or mixing two."""
    with one_at_a_time(tmp_path / "outputs"), pytest.raises(AskedWrongly) as raised:
        held(tmp_path / "outputs")()
    assert (
        str(raised.value)
        == f"{tmp_path / 'outputs'}: 1 problem\n  - another run is working on this folder\n  Wait for it, or give another folder with --outputs."
    )


def test_two_folders_are_worked_on_at_once(tmp_path: Path) -> None:
    """It holds only its own folder."""
    with one_at_a_time(tmp_path / "a"):
        held(tmp_path / "b")()


def test_the_folder_is_let_go_after_a_failure(tmp_path: Path) -> None:
    """It lets the next run begin when one has failed, and takes a lock file left by a kill for nothing."""
    with pytest.raises(ValueError, match="stop"), one_at_a_time(tmp_path):
        raise ValueError("stop")
    (tmp_path / ".lock").touch()
    held(tmp_path)()


def test_a_second_run_may_wait(tmp_path: Path) -> None:
    """It waits as long as it was told to for the run that holds the folder, and then goes on."""
    begun, order = threading.Event(), []

    def first() -> None:
        with one_at_a_time(tmp_path / "outputs"):
            begun.set()
            time.sleep(0.3)
            order.append("first")

    other = threading.Thread(target=first)
    other.start()
    begun.wait()
    with one_at_a_time(tmp_path / "outputs", wait=20):
        order.append("second")
    other.join()
    assert order == ["first", "second"]


def test_waiting_ends(tmp_path: Path) -> None:
    """It gives up after the seconds it was told to wait, and says what else can be done."""
    told = pytest.raises(AskedWrongly, match="Wait for it, or work on another quarter")
    with one_at_a_time(tmp_path / "a"), told, one_at_a_time(tmp_path / "a", "work on another quarter", wait=0.1):
        pass


HOLDER = """
import sys, time
from pathlib import Path
from analysis.folders import one_at_a_time
with one_at_a_time(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_run_that_is_killed_lets_go(tmp_path: Path) -> None:
    """It holds a folder against other processes, and the system lets go of it when its own is killed."""
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path / "outputs")], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(AskedWrongly, match="another run is working on this folder"):
            held(tmp_path / "outputs")()
        os.kill(holder.pid, signal.SIGKILL)
    held(tmp_path / "outputs")()


@pytest.mark.parametrize("below", [False, True], ids=["the folder itself", "one above it"])
def test_a_folder_that_cannot_be_made_is_named(below: bool, tmp_path: Path) -> None:
    """It names the file that stands in the way, and asks for another folder."""
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / ("a/b" if below else "a")
    with pytest.raises(AskedWrongly, match=r"file.*: 1 problem\n  - cannot be written in: .*\n  Give a folder that can be written in\."):
        held(folder)()
