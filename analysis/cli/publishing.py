"""The command run: quarters of one partnership or of several, each published whole or not at all."""

from __future__ import annotations

import os
import shutil
import sys
import time
import traceback
from argparse import Namespace
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from analysis import folders, quarters
from analysis.cli.asked import key, newest, outputs_of, worst
from analysis.cli.edition import Edition
from analysis.engine import Forked, ProcessEnded, Task, Threads, Workers, can_fork, carry_out
from analysis.errors import AskedWrongly, NotebookFailed, WorkbookError

SLOW = ("great_expectations",)
LIBRARIES = (
    "pandas", "pyarrow.parquet", "openpyxl", "matplotlib.figure", "matplotlib.backends.backend_svg", "nbformat", "nbconvert", "xlsxwriter", "bs4",
    "ipykernel.ipkernel", "papermill",
)  # fmt: skip
FOR_KERNELS = LIBRARIES[:4]
"""What a kernel that is started ahead loads: what most notebooks do."""
ROOMS = (
    "analysis.workbook.shell", "analysis.examination", "analysis.scoring", "analysis.reports", "analysis.reports.publication", "analysis.reports.page",
    "analysis.reports.pack", "analysis.reports.datapackage", "analysis.reports.difference", "analysis.reports.index_page", "analysis.store",
    "analysis.cli.making", "analysis.cli.running:ready",
)  # fmt: skip
"""What a warm process has loaded. It serves one run, so it may hold the workbook's own rooms too, as they were when the run began."""


def run(asked: Namespace) -> int:
    """Publish each quarter asked for; 3 where something is held, 1 or 2 where one could not be."""
    wanted = _everything_wanted(asked)
    if asked.scheduler:
        from analysis.cli import cluster

        return cluster.run_on(asked.scheduler, wanted, asked)
    if asked.force:
        for data in asked.data:
            shutil.rmtree(data / "processed" / ".answers", ignore_errors=True)
    say = _sayer(asked.quiet)
    editions = [Edition(*each, place, _prefixed(say, each[2]) if len(wanted) > 1 else say) for place, each in enumerate(wanted)]
    left = editions if asked.force else [edition for edition in editions if not edition.stands()]
    if left:
        started = time.monotonic()
        _make(left, asked)
        if len(left) > 1:
            say(f"{sum(edition.fault is None for edition in left)} of {len(left)} quarters in {time.monotonic() - started:.1f} s")
    return _told(editions)


def _told(editions: list[Edition]) -> int:
    """Tell what went wrong, of each quarter where there are several, and give the exit code."""
    failed = [edition for edition in editions if edition.fault]
    for edition in failed:
        if len(editions) == 1 and edition.fault:
            raise edition.fault
        print(f"{quarters.label(edition.quarter)}, {edition.data}: {edition.fault}", file=sys.stderr)
        if not isinstance(edition.fault, WorkbookError | OSError):
            traceback.print_exception(edition.fault)
    return worst(edition.code or 0 for edition in editions)


def make(editions: list[Edition], workers: Workers, **how: Any) -> None:
    """Publish editions; of one that fails the fault is kept, and the others go on."""
    by_part = {str(edition.place): edition for edition in editions}
    first = [edition.begin(**how) for edition in editions]

    def then(task: Task, result: Any) -> list[Task]:
        return by_part[task.part].then(task, result)

    try:
        carry_out(first, workers, then)
    except BaseException as fault:
        told = NotebookFailed("run", [str(fault)], "Run it again; if memory ran out, with --jobs 1.") if isinstance(fault, ProcessEnded) else fault
        for edition in editions:
            if edition.code is None:
                edition.leave(told)
        if told is fault:
            raise


def by_forks(jobs: int) -> Forked:
    """Start the processes that runs are forked from; so many tasks at a time, or as many as there are cores."""
    return Forked(jobs or _cores(), (*LIBRARIES, *ROOMS), SLOW, {"MPLBACKEND": "module://matplotlib_inline.backend_inline"})  # as a kernel has it


def _make(editions: list[Edition], asked: Namespace) -> None:
    how = {"force": asked.force, "wait": asked.wait}
    if can_fork() and not asked.kernels:
        with by_forks(asked.jobs) as workers:
            make(editions, workers, **how)
        return
    from analysis.workbook import NOTEBOOKS
    from analysis.workbook.kernels import Kernels

    jobs = asked.jobs or _cores()
    with Threads(jobs) as threads, closing(Kernels(NOTEBOOKS, jobs, FOR_KERNELS)) as kernels:
        make(editions, threads, kernels=kernels, **how)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _everything_wanted(asked: Namespace) -> list[tuple[Path, Path, str]]:
    """Give the data folder, the outputs folder and the quarter of all that is asked for, a partnership after another."""
    asked.data = list({data.resolve(): data for data in asked.data}.values())
    pairs = [(data, quarter) for data in asked.data for quarter in _wanted(asked, data)]
    outputs = {data: _outputs(asked, data) for data in asked.data}
    if len({path.resolve() for path in outputs.values()}) < len(outputs):
        raise AskedWrongly("--data", ["two folders would be published in one"], "Give them different names, or leave out --outputs.")
    return [(data, outputs[data], quarter) for data, quarter in sorted(pairs)]  # in one order, so that two runs never wait for one another


def _wanted(asked: Namespace, data: Path) -> list[str]:
    known = folders.available(data)
    if asked.first or asked.last:
        if asked.quarters:
            raise AskedWrongly("--from and --to", ["stand beside quarters by name"], "Give either.")
        first, last = (key(end) if end else "" for end in (asked.first, asked.last))
        for end in filter(None, (first, last)):
            quarters.ordinal(end)
        found = [quarter for quarter in known if (not first or quarter >= first) and (not last or quarter <= last)]
        if not found:
            raise AskedWrongly(f"{first or 'the first'} to {last or 'the newest'}", ["there are no returns for it"], _there(known))
        return found
    wanted = list(dict.fromkeys(key(quarter) for quarter in asked.quarters)) or [newest(data)]
    if unknown := [quarter for quarter in wanted if quarter not in known]:
        raise AskedWrongly(
            ", ".join(unknown), [f"there are no returns for it in {data}" if len(asked.data) > 1 else "there are no returns for it"], _there(known)
        )
    return wanted


def _there(known: list[str]) -> str:
    return f"There are returns for {', '.join(known) or 'no quarter'}."


def _outputs(asked: Namespace, data: Path) -> Path:
    """Give the folder to publish a partnership in; of several in one folder, each has one of its own there."""
    own = outputs_of(Namespace(data=data, outputs=asked.outputs))
    return own / data.resolve().name if asked.outputs and len(asked.data) > 1 else own


def _sayer(quiet: bool) -> Callable[[str], None]:
    def say(text: str) -> None:
        if not quiet:
            try:
                print(text, flush=True)
            except BrokenPipeError:  # whoever read what is said, such as `head`, has seen enough; the run goes on
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    return say


def _prefixed(say: Callable[[str], None], quarter: str) -> Callable[[str], None]:
    """Give what says lines of one quarter among those of others."""
    return lambda text: say(f"{quarters.label(quarter)}{text}" if text.startswith(" ") else text)
