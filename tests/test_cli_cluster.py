"""Quarters handed to a Dask cluster: published as by a run here, also when a worker is killed with one; what goes wrong is told."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import distributed
import pytest
from conftest import HOUSE, SYNTHETIC

from analysis import cli
from analysis.cli import cluster
from analysis.cli.cluster import Ran

QUARTERS = ("2020-21-Q1", "2020-21-Q2")
CLUSTER = """
import sys
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None, local_directory=sys.argv[1]) as started:
        print(started.scheduler_address, flush=True)
        sys.stdin.read()
"""
"""Workers in processes of their own, each with a nanny that starts it again."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the hand-made returns, and one return that is of no known form: something is held."""
    folder = tmp_path_factory.mktemp("cluster")
    shutil.copytree(SYNTHETIC, folder / "data")
    (folder / "data" / "raw" / QUARTERS[1] / "SYNTHETIC-shopping.csv").write_text("Milk,Bread\n1,2\n", encoding="utf-8")
    return folder


def asking(base: Path, *arguments: str) -> list[str]:
    """Give the command, for both quarters."""
    return [
        sys.executable, "-m", "analysis", "run", "--from", QUARTERS[0], "--data", str(base / "data"), "--outputs", str(base / "outputs"), "--jobs", "1",
        *arguments,
    ]  # fmt: skip


ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (str(HOUSE), os.environ.get("PYTHONPATH"))))}


def published(base: Path) -> dict[str, bytes]:
    """Give the bytes of everything that is published for the quarters."""
    folders = [base / "outputs" / quarter for quarter in QUARTERS]
    return {path.relative_to(base).as_posix(): path.read_bytes() for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def here(base: Path) -> tuple[int, dict[str, bytes]]:
    """Publish the quarters here, and take everything away again; gives the exit code and what was published."""
    ran = subprocess.run(asking(base, "--quiet"), env=ENVIRONMENT, capture_output=True, encoding="utf-8", timeout=200, check=False)
    found = published(base)
    shutil.rmtree(base / "outputs")
    shutil.rmtree(base / "data" / "processed")
    return ran.returncode, found


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a scheduler with two workers on this machine; gives its address."""
    folder = tmp_path_factory.mktemp("dask")
    script = folder / "start.py"
    script.write_text(CLUSTER, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, script, folder], env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8",
        start_new_session=True,
    ) as started:  # fmt: skip
        assert started.stdout
        yield started.stdout.readline().strip()
        assert started.stdin
        started.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            started.wait(timeout=20)
        with suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)


def parents() -> dict[int, tuple[int, str]]:
    """Give each process -> the process that started it, and its command."""
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            of = int((path / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
            found[int(path.name)] = of, (path / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return found


def worker_at_work(base: Path) -> tuple[int, int]:
    """Wait until a worker publishes a quarter, and give the worker's process and the command's."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        known = parents()
        for pid, (of, command) in known.items():
            if f"-m analysis run {QUARTERS[0]}" in command and str(base / "data") in command and "--wait" in command:
                return of, pid
        time.sleep(0.02)
    raise AssertionError("no worker began")


def test_a_killed_worker_costs_no_quarter(base: Path, here: tuple[int, dict[str, bytes]], scheduler: str) -> None:
    """It publishes every quarter with the bytes and the exit code of a run here, though a worker is killed with one of them; and nothing twice."""
    with subprocess.Popen(asking(base, "--scheduler", scheduler), env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as asker:
        worker, command = worker_at_work(base)
        assert "spawn_main" in parents()[worker][1]
        os.kill(worker, signal.SIGKILL)
        os.kill(command, signal.SIGKILL)  # as the loss of a machine takes both
        said, told = asker.communicate(timeout=200)
    assert (asker.returncode, here[0]) == (3, 3), told
    assert "Traceback" not in told
    assert [quarter for quarter in QUARTERS if f"{quarter}/index.html" not in said] == []
    assert published(base) == here[1]
    # asked once more, each worker says that nothing has changed, and again what is held
    before = {path: path.stat().st_mtime_ns for path in (base / "outputs").rglob("*.html")}
    ran = subprocess.run(asking(base, "--scheduler", scheduler), env=ENVIRONMENT, capture_output=True, encoding="utf-8", timeout=100, check=False)
    assert (ran.returncode, ran.stderr) == (3, "")
    assert ran.stdout.count("nothing has changed since it was published") == 2
    assert ran.stdout.count("held: ") == 1
    assert {path: path.stat().st_mtime_ns for path in (base / "outputs").rglob("*.html")} == before


def test_no_scheduler_is_told(base: Path) -> None:
    """It ends with 2 and says how to start one, where none answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    ran = subprocess.run(asking(base, "--scheduler", address), env=ENVIRONMENT, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.splitlines()[0] == f"{address}: 1 problem"
    assert ran.stderr.splitlines()[-1] == "  Start one with: dask scheduler"
    assert "Traceback" not in ran.stderr


# ---------------------------------------------------------------- what each worker says


class Future:
    """What a worker will have said."""

    def __init__(self, ran: Any) -> None:
        """Keep what it said, or the fault."""
        self.ran = ran

    def result(self) -> Any:
        """Give it."""
        if isinstance(self.ran, Exception):
            raise self.ran
        return self.ran


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], list[str]]:
    """Let quarters be answered, one after another, by what a test puts into the first list; the second has the order in which they were asked for."""
    answers: list[Any] = []
    submitted: list[str] = []

    class Client:
        loop = None

        def __init__(self, *_: Any, **__: Any) -> None: ...
        def __enter__(self) -> Any:
            return self

        def __exit__(self, *_: object) -> None: ...
        def submit(self, _: Any, __: str, ___: str, quarter: str, *____: Any, **_____: Any) -> Future:
            submitted.append(quarter)
            return Future(answers[len(submitted) - 1])

    monkeypatch.setattr(distributed, "Client", Client)
    monkeypatch.setattr(distributed, "as_completed", lambda futures, **_: list(futures))
    return answers, submitted


def code(answers: list[Any]) -> int:
    """Give the exit code of a run of as many quarters as there are answers."""
    wanted = [(Path("data"), Path("out"), f"2016-17-Q{number}") for number in range(1, len(answers) + 1)]
    return cluster.run_on("tcp://127.0.0.1:1", wanted, Namespace(force=False, kernels=False, jobs=0, quiet=False))


CODES = [
    pytest.param([0, 0], 0, id="all well"),
    pytest.param([0, 3], 3, id="something held"),
    pytest.param([3, 2, 0], 2, id="asked wrongly"),
    pytest.param([2, 1, 3], 1, id="a notebook failed"),
    pytest.param([0, 130], 130, id="interrupted"),
    pytest.param([0, -9], 1, id="killed"),
    pytest.param([3, -9], 1, id="killed, and another held"),
]


@pytest.mark.parametrize(("codes", "worst"), CODES)
def test_the_worst_exit_code_counts(codes: list[int], worst: int, asked: tuple[list[Any], list[str]]) -> None:
    """It ends with the worst code of all quarters; one whose command was killed is a failure."""
    asked[0][:] = [Ran(one, "", "") for one in codes]
    assert code(asked[0]) == worst


def test_what_each_worker_said_is_said(asked: tuple[list[Any], list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    """It prints what each said, and what each said was wrong on the error stream."""
    asked[0][:] = [Ran(0, "Q1\n", ""), Ran(1, "Q2\n", "wrong\n")]
    assert code(asked[0]) == 1
    assert capsys.readouterr() == ("Q1\nQ2\n", "wrong\n")
    assert asked[1] == ["2016-17-Q1", "2016-17-Q2"]


def killed_worker() -> Exception:
    """Give what Dask raises of a task that several workers were lost with."""
    from distributed.scheduler import KilledWorker

    return KilledWorker("key", type("Lost", (), {"address": "tcp://127.0.0.1:1"})(), 3)


def test_a_quarter_that_no_worker_survives_is_told(asked: tuple[list[Any], list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 1, and names the quarter."""
    asked[0][:] = [killed_worker()]
    assert code(asked[0]) == 1
    assert capsys.readouterr().err.startswith("2016-17-Q1: 1 problem\n")


def test_a_quarter_that_no_worker_survives_leaves_the_others(asked: tuple[list[Any], list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    """It waits for the other quarters and says what they said."""
    asked[0][:] = [killed_worker(), Ran(0, "Q2 is published\n", "")]
    assert code(asked[0]) == 1
    assert "Q2 is published" in capsys.readouterr().out


def test_without_dask_the_option_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 2 and names the extra to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    (tmp_path / "raw" / QUARTERS[0]).mkdir(parents=True)
    assert cli.main(["run", "--data", str(tmp_path), "--scheduler", "tcp://127.0.0.1:1"]) == 2
    assert capsys.readouterr().err.splitlines()[1:] == ["  - Dask is not installed", "  Install it: pip install -e '.[cluster]'"]
