"""The command run: notebooks in order, then every audience's page, published whole or not at all."""

from __future__ import annotations

import shutil
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.cli.asked import HELD, MOST_LINES, key, line, newest, outputs_of
from analysis.errors import AskedWrongly

if TYPE_CHECKING:
    from analysis.reports import Report
    from analysis.workbook import Done, Step


def run(asked: Namespace) -> int:
    """Run the notebooks of each quarter asked for and publish their reports; 3 where something is held."""
    from analysis import returns
    from analysis.reports import publication

    asked.outputs = outputs_of(asked)
    wanted = [key(quarter) for quarter in asked.quarters] or [newest(asked.data)]
    known = returns.available(asked.data)
    if unknown := [quarter for quarter in wanted if quarter not in known]:
        raise AskedWrongly(", ".join(unknown), ["there are no returns for it"], f"There are returns for {', '.join(known) or 'no quarter'}.")
    held = 0
    with publication.one_at_a_time(asked.outputs):
        for quarter in wanted:
            with publication.one_at_a_time(asked.data / "processed" / quarter, "work on another quarter"):
                held = max(held, _publish(asked, quarter))
    return held


def _publish(asked: Namespace, quarter: str) -> int:
    from analysis import quarters, reference, returns
    from analysis.reports import publication

    returns.accepted_headings(reference.load(asked.data).headings)  # a mistake in a register is told before any notebook starts
    say = _sayer(asked.quiet)
    started = time.monotonic()
    say(f"{quarters.label(quarter)} ({quarters.months(quarter)})")
    with publication.staged(asked.outputs, quarter) as folder:
        report = _build(asked, quarter, folder, say)
    target = asked.outputs / quarter
    shutil.rmtree(asked.outputs / "failed" / quarter, ignore_errors=True)
    say(f"  inputs {report.inputs}, for data/reference/sign_offs.csv")
    say(f"  published in {time.monotonic() - started:.0f} s: {target / 'index.html'}")
    for issue in report.held.head(MOST_LINES).to_dict("records"):
        say(f"  held: {line(issue)}")
    if (more := len(report.held) - MOST_LINES) > 0:
        say(f"  and {more} more: {target / 'data' / 'issues.csv'}")
    return HELD if len(report.held) else 0


def _sayer(quiet: bool) -> Callable[[str], None]:
    def say(text: str) -> None:
        if not quiet:
            print(text, flush=True)

    return say


def _build(asked: Namespace, quarter: str, folder: Path, say: Callable[[str], None]) -> Report:
    """Run the notebooks in order, then every audience's page, and write the data and the manifest."""
    from analysis import reports, store, workbook
    from analysis.reports import datapackage, difference, index_page, pack, page, publication

    stages, page_notebook = workbook.planned(workbook.discover())
    parameters = {"quarter": quarter, "data": workbook.as_parameter(asked.data)}
    kept, failed = folder / "notebooks", asked.outputs / "failed" / quarter
    done: list[Done] = []
    for stage in stages:
        done += _ran([workbook.Step(path, parameters, path.stem) for path in stage], kept, failed, asked.jobs, say)
    stored = store.read_all(asked.data, quarter)
    everything = reports.open_report(quarter, asked.data, stored)
    known = reports.audiences(everything.registers)
    wanted = [reports.open_report(quarter, asked.data, stored, audience.name) for audience in known]
    wanted = [report for report in wanted if reports.has_something(report)]
    pages = [workbook.Step(page_notebook, parameters | {"audience": report.audience.name}, f"{page_notebook.stem}_{report.audience.name}") for report in wanted]
    shown: dict[str, str] = {}
    for made, report in zip(_ran(pages, kept, failed, asked.jobs, say), wanted, strict=True):
        shown[report.audience.name] = page.render(made.executed, report, reports.title(report))
        publication.put(folder, kept / f"{made.step.name}.ipynb", shown[report.audience.name], report)
    for made in done:
        (kept / f"{made.step.name}.html").write_text(page.render(made.executed, everything), encoding="utf-8")
    tables = publication.tables(everything)
    tables["changes"] = difference.since_before(everything)
    tied = publication.tied(wanted, shown, everything, tables)
    rows = publication.write_data(tables, folder / "data")
    publication.write_manifest(everything, folder, rows, parameters, tied)  # read by the comparison with the last run, and written again after it
    told, since = difference.since_last_run(folder, asked.outputs / quarter)
    (folder / "data" / difference.SINCE_LAST_RUN).write_text(told, encoding="utf-8", newline="")
    datapackage.write(everything, folder / "data")
    pack.write(everything, tables, folder)
    (folder / "index.html").write_text(index_page.index(everything, known, set(shown), folder, since), encoding="utf-8")
    publication.write_manifest(everything, folder, rows, parameters, tied, since)
    return everything


def _ran(steps: list[Step], kept: Path, failed: Path, jobs: int, say: Callable[[str], None]) -> list[Done]:
    """Run steps side by side; a notebook that fails is kept, as far as it ran, where it can be looked at."""
    from analysis import workbook
    from analysis.errors import NotebookFailed

    def tell(done: Done) -> None:
        say(f"  {done.step.name:<44}{done.seconds:5.1f} s")

    try:
        return workbook.run(steps, kept, jobs, tell)
    except NotebookFailed as fault:
        failed.mkdir(parents=True, exist_ok=True)
        for path in kept.glob("*.ipynb"):
            path.replace(failed / path.name)
        hint = fault.hint.replace(str(kept), str(failed))
        raise NotebookFailed(fault.subject, fault.problems, hint) from None
