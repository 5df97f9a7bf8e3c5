"""Runs of the command, shared by the tests that look at what it published: each is made once a session, whichever process asks first."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from browser import Browser, binary
from filelock import FileLock

HOUSE = Path(__file__).resolve().parents[1]
SYNTHETIC = Path(__file__).resolve().parent / "synthetic"
BAD_FOLDER = "SYNTHETIC-bad"

GUARD = """
import os, sys

HERE = ("127.0.0.1", "::1", "localhost", "", None)

def note(file, text):
    with open(os.path.join(os.environ["NETWORK_GUARD"], file), "a") as told:
        told.write(f"{os.getpid()} {text}\\n")

def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        if not isinstance(address, tuple) or address[0] in HERE:
            return  # a unix socket, a connected socket, or this machine
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        address = arguments[0]
        if address in HERE or address in (b"127.0.0.1", b"localhost"):
            return
    else:
        return
    note("attempts", f"{event} {address!r}")
    raise PermissionError(f"the network guard refuses {event} {address!r}")

note("guarded", " ".join(sys.orig_argv))
sys.addaudithook(watch)
"""
"""A sitecustomize.py: Python loads it before anything else, and no program can take an audit hook out again."""


@dataclass(frozen=True)
class Run:
    """One run of the command: where it read, where it published, and what it said."""

    data: Path
    outputs: Path
    quarter: str
    process: subprocess.CompletedProcess[str]

    @property
    def folder(self) -> Path:
        """The published folder of the quarter."""
        return self.outputs / self.quarter

    def table(self, name: str) -> list[dict[str, str]]:
        """Give the rows of a published CSV file."""
        with (self.folder / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


def workbook(*arguments: str | Path, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does, and give what it said; a run that hangs fails."""
    command = shutil.which("workbook", path=str(Path(sys.executable).parent))
    assert command, "the command is not installed beside this Python: pip install -e ."
    whole = os.environ | {"PYTHONIOENCODING": "utf-8"} | (environment or {})
    return subprocess.run([command, *map(str, arguments)], capture_output=True, encoding="utf-8", env=whole, timeout=400, check=False)


def publish(quarter: str, data: Path, outputs: Path, jobs: int = 1, environment: dict[str, str] | None = None) -> Run:
    """Run one quarter from a data folder into an outputs folder."""
    process = workbook("run", quarter, "--data", data, "--outputs", outputs, "--jobs", str(jobs), environment=environment)
    return Run(data, outputs, quarter, process)


def copied(source: Path, target: Path) -> Path:
    """Copy a data folder, without what earlier runs kept in it."""
    return shutil.copytree(source, target, ignore=shutil.ignore_patterns("processed"))


def network_guard(folder: Path) -> dict[str, str]:
    """Put the guard into a folder; gives the environment in which every Python loads it."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    path = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))
    return {"PYTHONPATH": path, "NETWORK_GUARD": str(folder)}


def as_csv(rows: list[list[str]]) -> bytes:
    """Give rows as the bytes of a CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8")


HEADINGS = ["Theme", "No", "Measure", "Good", "Target", "Actual", "RAG status"]
BUSINESS = "Be More Business-like and Business Friendly"
ROW = [BUSINESS, "8", "% of major planning applications processed within 13 weeks of validation", "Higher", "65%", "72%", "HG"]


def spoil(data: Path) -> Path:
    """Add to the returns of 2016-17-Q2 one of each fault; gives the data folder back."""
    folder = data / "raw" / "2016-17-Q2" / BAD_FOLDER
    folder.mkdir()
    (folder / "misspelt-heading.csv").write_bytes(as_csv([["Theme", "No", "Measure", "Good", "Taget", "Actual", "RAG status"], ROW]))
    (folder / "unknown-measure.csv").write_bytes(as_csv([HEADINGS, [BUSINESS, "99", "SYNTHETIC measure of nobody", "Higher", "50%", "51%", "LG"]]))
    (folder / "wrong-quarter.csv").write_bytes(as_csv([["Partner", "SYNTHETIC Council"], ["Quarter", "Q1 2016/17"], HEADINGS, ROW]))
    (folder / "not-a-spreadsheet.xlsx").write_bytes(b"\x89PNG\r\n\x1a\nSYNTHETIC")
    empty = openpyxl.Workbook()
    empty.active.title = "Return"
    empty.save(folder / "empty-sheet.xlsx")
    real = data / "raw" / "2016-17-Q2" / "harrow-council" / "more-business-like.csv"
    text = real.read_bytes()
    assert text.count(b"7.08%") == 1, "Business 1 is printed as 7.08% and nothing else is"
    real.write_bytes(text.replace(b"7.08%", b"12..5"))
    return data


def example_data(folder: Path) -> Path:
    """Make the SYNTHETIC example's returns, as a user does; gives their folder."""
    subprocess.run([sys.executable, "-m", "examples.synthetic", folder], cwd=HOUSE, check=True, capture_output=True)
    return folder


SLOWEST_FIRST = (
    "test_end_to_end.py",
    "test_browser_lab.py",
    "test_reports_trust.py",
    "test_hostile.py",
    "test_disclosure.py",
    "test_example.py",
    "test_browser.py",
    "test_browser_keyboard.py",
    "test_browser_print.py",
    "test_reports_gate.py",
    "test_reports_findings.py",
    "test_cleansing.py",
    "test_workbook.py",
    "test_trends_process.py",
    "test_scoring_policies.py",
)
"""
Files that take longest, in the order in which workers take them, so that all workers end together.

The end-to-end tests make most of the runs; the browser comes when another worker has made them.
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slowest files first where several workers share the tests; a worker takes a file whole."""
    if WORKER in os.environ:
        order = {name: place for place, name in enumerate(SLOWEST_FIRST)}
        items.sort(key=lambda item: order.get(item.path.name, len(order)))


WORKER = "PYTEST_XDIST_WORKER"
"""Set in the environment of each process that shares the tests with others."""


def _again(house: Path, folder: Path) -> Run:
    """Run 2016-17-Q2 a second time, when the first is done: another folder, two notebooks at a time, and no network."""
    first = made_once(house, "published")
    return publish("2016-17-Q2", first.data, folder / "again", jobs=2, environment=network_guard(folder / "guard") | {"PYTHONHASHSEED": "7"})


MADE: dict[str, Callable[[Path, Path], Run]] = {
    "published": lambda house, folder: publish("2016-17-Q2", real_data(house), folder / "outputs"),
    "published_recession": lambda house, folder: publish("2009-10-Q3", real_data(house), folder / "outputs"),
    "published_grant": lambda house, folder: publish("2011-12-Q2", real_data(house), folder / "outputs"),
    "bad": lambda _, folder: publish("2016-17-Q2", spoil(copied(HOUSE / "data", folder / "data")), folder / "outputs"),
    "synthetic": lambda _, folder: publish("2020-21-Q2", copied(SYNTHETIC, folder / "data"), folder / "outputs"),
    "example": lambda _, folder: publish("2018-19-Q3", example_data(folder / "data"), folder / "outputs"),
    "guarded": _again,
}
"""Name of a fixture -> how its run is made, from the folder of all the runs and an empty one of its own."""


def real_data(house: Path) -> Path:
    """Give the one copy of the real returns that the runs read."""
    data = house / "data"
    with FileLock(house / "data.lock"):
        if not data.exists():
            copied(HOUSE / "data", house / "data-new").rename(data)
    return data


def made_once(house: Path, name: str) -> Run:
    """
    Give a run; the first who asks makes it, and whoever asks meanwhile, in whatever process, waits and reads it.

    Raises:
        RuntimeError: it could not be made; whoever asks again is told the same, and it is not tried again.
    """
    folder, kept = house / name, house / f"{name}.json"
    with FileLock(house / f"{name}.lock"):
        if not kept.exists():
            shutil.rmtree(folder, ignore_errors=True)  # left by a process that was killed
            folder.mkdir()
            new = house / f"{name}-new.json"
            new.write_text(json.dumps(_made(house, name, folder)), encoding="utf-8")
            new.rename(kept)
    told = json.loads(kept.read_text(encoding="utf-8"))
    if "fault" in told:
        raise RuntimeError(f"the run {name!r} could not be made: {told['fault']}")
    return Run(Path(told["data"]), Path(told["outputs"]), told["quarter"], subprocess.CompletedProcess(**told["process"]))


def _made(house: Path, name: str, folder: Path) -> dict[str, object]:
    try:
        run = MADE[name](house, folder)
    except Exception as fault:  # noqa: BLE001 - whatever it is, every test that needs the run fails with it
        return {"fault": f"{type(fault).__name__}: {fault}"}
    return {"data": str(run.data), "outputs": str(run.outputs), "quarter": run.quarter, "process": vars(run.process)}


def runs_wanted(items: Iterable[pytest.Item]) -> list[str]:
    """Give the runs that tests ask for as a fixture, or by name in a table of cases."""
    named = {name for item in items for name in getattr(item, "fixturenames", ())}
    named |= {value for item in items if (case := getattr(item, "callspec", None)) for value in case.params.values() if isinstance(value, str)}
    return [name for name in MADE if name in named]


@pytest.fixture(scope="session")
def runs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Run]]:
    """Give what gives a run by its name; a process that has all the tests to itself starts the runs ahead, two at a time."""
    own = tmp_path_factory.getbasetemp()
    house = (own.parent if WORKER in os.environ else own) / "runs"
    house.mkdir(exist_ok=True)
    with ThreadPoolExecutor(max_workers=2) as pool:
        for name in runs_wanted(request.session.items) if WORKER not in os.environ else ():
            pool.submit(made_once, house, name)
        yield partial(made_once, house)
        pool.shutdown(cancel_futures=True)


@pytest.fixture(scope="session")
def published(runs: Callable[[str], Run]) -> Run:
    """Publish 2016-17-Q2 from a copy of the real returns."""
    return runs("published")


@pytest.fixture(scope="session")
def published_recession(runs: Callable[[str], Run]) -> Run:
    """Publish 2009-10-Q3, which has the recession indicators by month."""
    return runs("published_recession")


@pytest.fixture(scope="session")
def published_grant(runs: Callable[[str], Run]) -> Run:
    """Publish 2011-12-Q2, which shows round 1 spend as returned for 2011-12-Q1."""
    return runs("published_grant")


@pytest.fixture(scope="session")
def bad(runs: Callable[[str], Run]) -> Run:
    """Publish 2016-17-Q2 from real returns with six faults among them."""
    return runs("bad")


@pytest.fixture(scope="session")
def synthetic(runs: Callable[[str], Run]) -> Run:
    """Publish the hand-made returns of tests/synthetic."""
    return runs("synthetic")


@pytest.fixture(scope="session")
def example(runs: Callable[[str], Run]) -> Run:
    """Publish the third quarter of 2018/19 of the SYNTHETIC example, which has six years of history."""
    return runs("example")


@pytest.fixture(scope="session")
def guarded(runs: Callable[[str], Run]) -> Run:
    """Publish 2016-17-Q2 a second time, with every connection but to this machine refused."""
    return runs("guarded")


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Give one browser for all pages."""
    started = Browser(binary(), tmp_path_factory.mktemp("browser"))
    yield started
    started.close()
