"""Runs shared between the processes of the test suite: each is made once, waited for, and a run that cannot be made fails every test that needs it."""

from __future__ import annotations

import multiprocessing
import subprocess
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import conftest
import pytest


def slowly(house: Path, folder: Path) -> conftest.Run:
    """Make a run that takes a while and notes that it was made."""
    with (house / "made").open("a", encoding="utf-8") as noted:
        noted.write("once\n")
    time.sleep(0.5)
    (folder / "page").write_text("whole", encoding="utf-8")
    return conftest.Run(house, folder, "2016-17-Q2", subprocess.CompletedProcess(["workbook"], 3, "said", "told"))


def asked(house: Path) -> tuple[str, int, str]:
    """Ask for the run in a process of its own; gives what the run holds."""
    conftest.MADE["slow"] = slowly
    run = conftest.made_once(house, "slow")
    return (run.outputs / "page").read_text(encoding="utf-8"), run.process.returncode, run.process.stdout


def broken(house: Path, _folder: Path) -> conftest.Run:
    """Note that a run was tried, and fail."""
    with (house / "made").open("a", encoding="utf-8") as noted:
        noted.write("tried\n")
    raise TimeoutError("it hung")


def test_a_run_is_made_once_for_all_processes(tmp_path: Path) -> None:
    """It is made by the process that asks first; the others wait for it and are given the same."""
    with ProcessPoolExecutor(3, multiprocessing.get_context("spawn")) as pool:
        assert list(pool.map(asked, [tmp_path] * 3)) == [("whole", 3, "said")] * 3
    assert (tmp_path / "made").read_text(encoding="utf-8") == "once\n"


def test_a_run_that_cannot_be_made_fails_whoever_asks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It says what went wrong each time, and is not tried again."""
    monkeypatch.setitem(conftest.MADE, "broken", broken)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="the run 'broken' could not be made: TimeoutError: it hung"):
            conftest.made_once(tmp_path, "broken")
    assert (tmp_path / "made").read_text(encoding="utf-8") == "tried\n"


def test_what_a_killed_process_left_is_cleared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It makes a run anew whose maker was killed halfway, in an empty folder."""
    monkeypatch.setitem(conftest.MADE, "slow", slowly)
    (tmp_path / "slow").mkdir()
    (tmp_path / "slow" / "half").write_text("half", encoding="utf-8")
    run = conftest.made_once(tmp_path, "slow")
    assert sorted(path.name for path in run.outputs.iterdir()) == ["page"]


def test_runs_named_in_a_table_of_cases_are_wanted(request: pytest.FixtureRequest) -> None:
    """It finds runs that are asked for as fixtures and those named as cases, in the order in which they are made."""

    class Item:
        def __init__(self, names: list[str], **params: object) -> None:
            self.fixturenames = names
            self.callspec = type("Call", (), {"params": params})

    items = [Item(["guarded", "tmp_path"]), Item(["request"], name="published", code=0)]
    assert conftest.runs_wanted(items) == ["published", "guarded"]  # type: ignore[arg-type]
