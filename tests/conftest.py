"""Runs of the command, shared by the tests that look at what it published: each is made once a session, two at a time."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import openpyxl
import pytest

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


# ---------------------------------------------------------------- bad input


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


# ---------------------------------------------------------------- the runs

Started = dict[str, Future[Run]]
MADE: dict[str, Callable[[Path, Path, Started], Run]] = {
    "published": lambda data, folder, _: publish("2016-17-Q2", data, folder / "published"),
    "published_recession": lambda data, folder, _: publish("2009-10-Q3", data, folder / "recession"),
    "published_grant": lambda data, folder, _: publish("2011-12-Q2", data, folder / "grant"),
    "bad": lambda _, folder, __: publish("2016-17-Q2", spoil(copied(HOUSE / "data", folder / "bad-data")), folder / "bad"),
    "synthetic": lambda _, folder, __: publish("2020-21-Q2", copied(SYNTHETIC, folder / "synthetic-data"), folder / "synthetic"),
    "example": lambda _, folder, __: publish("2018-19-Q3", example_data(folder / "example-data"), folder / "example"),
    "guarded": lambda data, folder, started: _again(data, folder, started["published"]),
}
"""Name of a fixture -> how its run is made, from the copy of the real data, a folder of its own, and the runs before it."""


def _again(data: Path, folder: Path, first: Future[Run]) -> Run:
    """Run 2016-17-Q2 a second time, when the first is done: another folder, two notebooks at a time, and no network."""
    first.result()
    return publish("2016-17-Q2", data, folder / "again", jobs=2, environment=network_guard(folder / "guard") | {"PYTHONHASHSEED": "7"})


@pytest.fixture(scope="session")
def runs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """Start the runs that the chosen tests ask for, two at a time."""
    asked = {name for item in request.session.items for name in getattr(item, "fixturenames", ())}
    asked |= {"published"} if "guarded" in asked else set()
    folder = tmp_path_factory.mktemp("runs")
    data = copied(HOUSE / "data", folder / "data")
    with ThreadPoolExecutor(max_workers=2) as pool:
        started: Started = {}
        for name, make in MADE.items():
            if name in asked:
                started[name] = pool.submit(partial(make, data, folder, started))
        yield started
        pool.shutdown(cancel_futures=True)


@pytest.fixture(scope="session")
def published(runs: Started) -> Run:
    """Publish 2016-17-Q2 from a copy of the real returns."""
    return runs["published"].result()


@pytest.fixture(scope="session")
def published_recession(runs: Started) -> Run:
    """Publish 2009-10-Q3, which has the recession indicators by month."""
    return runs["published_recession"].result()


@pytest.fixture(scope="session")
def published_grant(runs: Started) -> Run:
    """Publish 2011-12-Q2, which shows round 1 spend as returned for 2011-12-Q1."""
    return runs["published_grant"].result()


@pytest.fixture(scope="session")
def bad(runs: Started) -> Run:
    """Publish 2016-17-Q2 from real returns with six faults among them."""
    return runs["bad"].result()


@pytest.fixture(scope="session")
def synthetic(runs: Started) -> Run:
    """Publish the hand-made returns of tests/synthetic."""
    return runs["synthetic"].result()


@pytest.fixture(scope="session")
def example(runs: Started) -> Run:
    """Publish the third quarter of 2018/19 of the SYNTHETIC example, which has six years of history."""
    return runs["example"].result()


@pytest.fixture(scope="session")
def guarded(runs: Started) -> Run:
    """Publish 2016-17-Q2 a second time, with every connection but to this machine refused."""
    return runs["guarded"].result()
