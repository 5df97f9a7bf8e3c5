"""Quarters handed to the workers of a Dask cluster: the same command on each, one quarter at a time. The only door to Dask."""

from __future__ import annotations

import subprocess
import sys
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path

from analysis.cli.asked import worst
from analysis.errors import AskedWrongly, WorkbookError

_PATIENCE = 3600
"""For so many seconds a quarter waits for a run of it that a lost worker may have left behind."""


@dataclass(frozen=True)
class Ran:
    """What the command did on a worker: its exit code, what it said, and what it said was wrong."""

    code: int
    said: str
    wrong: str


def publish(data: str, outputs: str, quarter: str, options: tuple[str, ...]) -> Ran:
    """Publish one quarter by a command of its own, on whichever machine this is; one that is published already is left as it is."""
    command = [sys.executable, "-m", "analysis", "run", quarter, "--data", data, "--outputs", outputs, "--wait", str(_PATIENCE), *options]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)  # noqa: S603 - this very Python
    if done.returncode < 0:
        told = WorkbookError(quarter, [f"its command was killed on the worker (signal {-done.returncode})"], "Run it again: what was published stays as it is.")
        return Ran(1, done.stdout, f"{done.stderr}{told}\n")
    return Ran(done.returncode, done.stdout, done.stderr)


def run_on(scheduler: str, wanted: list[tuple[Path, Path, str]], asked: Namespace) -> int:
    """
    Publish quarters on a cluster, and say of each what its worker said, as each is done.

    Args:
        scheduler: the address of Dask's scheduler, such as tcp://10.0.0.1:8786. Its workers have this version of the workbook, and reach
            the folders by the same paths.
        wanted: data folder, outputs folder and quarter of each.
        asked: what else was asked of the command.

    Returns:
        The exit code: the worst of all quarters', 1 before 2 before 3.

    Raises:
        AskedWrongly: Dask is not installed, or no scheduler answers there.
    """
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise AskedWrongly("--scheduler", ["Dask is not installed"], "Install it: pip install -e '.[cluster]'") from None
    options = (*(["--force"] if asked.force else []), *(["--kernels"] if asked.kernels else []), *(["--jobs", str(asked.jobs)] if asked.jobs else []))
    try:
        client = Client(scheduler, timeout=10, set_as_default=False)
    except (OSError, ValueError) as fault:
        raise AskedWrongly(scheduler, [f"no scheduler answers: {fault}"], "Start one with: dask scheduler") from None
    with client:
        futures = {
            client.submit(publish, str(data.resolve()), str(outputs.resolve()), quarter, options, pure=False): quarter for data, outputs, quarter in wanted
        }
        codes = []
        for future in as_completed(futures, loop=client.loop):
            try:
                ran = future.result()
            except Exception as fault:  # noqa: BLE001 - a lost worker, a lost scheduler, or what a worker without this package raises
                told = WorkbookError(futures[future], [f"no worker did it: {type(fault).__name__}: {fault}"], "Look at the workers' own logs.")
                ran = Ran(1, "", f"{told}\n")
            codes.append(ran.code)
            if ran.said and not asked.quiet:
                print(ran.said, end="", flush=True)
            if ran.wrong:
                print(ran.wrong, end="", file=sys.stderr, flush=True)
    return worst(codes)
