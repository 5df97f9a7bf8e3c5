"""The command `workbook`: asks the rooms, says what happened on one screen, and chooses the exit code."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import AskedWrongly, WorkbookError

if TYPE_CHECKING:
    import pandas as pd

    from analysis.reference import Registers
    from analysis.reports import Report
    from analysis.workbook import Done, Step

HOME = Path(__file__).parent.parent
HELD = 3
MOST_LINES = 20


def main(arguments: list[str] | None = None) -> int:
    """
    Run the command.

    Returns:
        0 done; 1 a notebook failed; 2 asked wrongly; 3 done, but a return is held.
    """
    asked = _parser().parse_args(arguments)
    try:
        return int(asked.does(asked))
    except WorkbookError as fault:
        if asked.debug:
            raise
        print(fault, file=sys.stderr)
        return fault.exit_code
    except BrokenPipeError:  # whoever read what was printed, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as fault:
        if asked.debug:
            raise
        print(f"{fault.filename or 'The disk'}: {fault.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. What was published before is as it was.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="workbook", description="Partners' quarterly returns in; checked, traceable reports out.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--data", type=Path, default=HOME / "data", metavar="DIR", help="the folder that holds raw/ and reference/ (default: the workbook's own)"
    )
    shared.add_argument("--debug", action="store_true", help="show the traceback of an error")
    run = commands.add_parser("run", parents=[shared], help="run the notebooks and publish the reports", allow_abbrev=False)
    run.add_argument("quarters", nargs="*", metavar="QUARTER", help="such as 2016-17-Q2 (default: the newest)")
    run.add_argument(
        "--outputs",
        type=Path,
        metavar="DIR",
        help="where reports are published (default: outputs/ beside the workbook's own data, outputs/ inside another --data)",
    )
    run.add_argument("--jobs", type=int, default=2, metavar="N", help="notebooks at a time where they do not depend on one another (default: 2)")
    run.add_argument("--quiet", action="store_true", help="say nothing while it runs")
    run.set_defaults(does=_run)
    check = commands.add_parser("check", parents=[shared], help="read and check the returns, without reports", allow_abbrev=False)
    check.add_argument("quarter", nargs="?", metavar="QUARTER", help="such as 2016-17-Q2 (default: the newest)")
    check.set_defaults(does=_check)
    rescore = commands.add_parser("rescore", parents=[shared], help="list which bands would flip under another RAG policy", allow_abbrev=False)
    rescore.add_argument("quarter", nargs="?", metavar="QUARTER", help="such as 2016-17-Q2 (default: the newest)")
    rescore.add_argument("--policy", required=True, metavar="NAME", help="a policy of data/reference/policies.csv")
    rescore.add_argument("--csv", type=Path, metavar="FILE", help="write the flips to a file as well")
    rescore.set_defaults(does=_rescore)
    return parser


def _newest(data: Path) -> str:
    from analysis import returns

    found = returns.available(data)
    if not found:
        raise AskedWrongly(str(data / "raw"), ["holds no quarter"], "Put returns into a folder named for their quarter, such as 2016-17-Q2.")
    return found[-1]


def _key(typed: str) -> str:
    """Give the key of a quarter as typed: `2016-17-Q2`, in small letters, or as pages show it."""
    from analysis import quarters

    return quarters.parse(typed.upper()) or typed


# ---------------------------------------------------------------- check


def _check(asked: argparse.Namespace) -> int:
    from analysis import cleansing, entitlement, expectations, frames, grant, quarters, reference, returns
    from analysis.vocabulary import Severity

    quarter = _key(asked.quarter) if asked.quarter else _newest(asked.data)
    read = returns.read(asked.data, (quarter,))
    registers = reference.load(asked.data)
    cleansed = cleansing.build(read.cells, read.entries, registers)
    found = expectations.check_all(cleansed.frames, registers)
    accepted = expectations.accepted(cleansed.frames, found)
    _, of_targets = entitlement.earned_by_all(accepted["reward_targets"], entitlement.stated(registers.agreement_terms, accepted["reward_facts"]))
    of_grant, _ = grant.check(_with_earlier_awards(asked.data, quarter, accepted, registers), registers, quarter)
    found = frames.stack([found, of_grant, of_targets], frames.ISSUES)
    issues = frames.stack([read.issues, cleansed.issues, found], frames.ISSUES)
    accounted = cleansing.account(read.returns, expectations.hold(cleansed.cells, found))
    for issue in frames.rows(issues):
        print(_line(issue))
    sums = {name: int(accounted[name].sum()) for name in ("cells", "used", "ignored", "quarantined")}
    print(
        f"{quarters.label(quarter)}: returns {len(accounted)}, cells {sums['cells']}: "
        f"{sums['used']} used, {sums['ignored']} ignored, {sums['quarantined']} quarantined."
    )
    fails = int((issues["severity"] == Severity.FAIL).sum())
    print(f"Failures: {fails}. Advisories and notes: {len(issues) - fails}.")
    return HELD if fails else 0


def _with_earlier_awards(data: Path, quarter: str, made: dict[str, pd.DataFrame], registers: Registers) -> dict[str, pd.DataFrame]:
    """Give the frames with the awards of earlier quarters too: the quarter before, as grant is reported late, and with awards now every one that there is."""
    from analysis import cleansing, frames, quarters, returns

    known = returns.available(data)
    history = [of for of in returns.with_history(data, quarter) if of != quarter and of in known]
    earlier = history if len(made["awards"]) else [of for of in history if of == quarters.previous(quarter)]
    if not earlier:
        return made
    read = returns.read(data, tuple(earlier))
    then = cleansing.build(read.cells, read.entries, registers).frames
    return made | {name: frames.stack([made[name], then[name]], frames.CONTRACTS[name]) for name in ("awards", "narrative")}


def _line(issue: dict[str, Any]) -> str:
    cell, _, whole_row = issue["cell"].partition(":")
    where = (f"sheet {issue['sheet']}" if issue["sheet"] else "", f"row {cell}" if whole_row else f"cell {cell}" if cell else "")
    place = ", ".join(part for part in where if part)
    return f"{issue['severity']:<9}{issue['quarter']}/{issue['file']}{', ' + place if place else ''}: {issue['message']}"


# ---------------------------------------------------------------- rescore


def _rescore(asked: argparse.Namespace) -> int:
    from analysis import cleansing, expectations, quarters, reference, returns, scoring, trends
    from analysis.reports import publication

    quarter = _key(asked.quarter) if asked.quarter else _newest(asked.data)
    registers = reference.load(asked.data)
    known = list(dict.fromkeys(registers.policies["policy"]))
    if asked.policy not in known:
        raise AskedWrongly(repr(asked.policy), ["is not a policy of the register"], f"There are {', '.join(known)}.")
    read = returns.read(asked.data, returns.with_history(asked.data, quarter))
    cleansed = cleansing.build(read.cells, read.entries, registers).frames
    accepted = expectations.accepted(cleansed, expectations.check_all(cleansed, registers))["observations"]
    observations = scoring.chosen(accepted, registers.adjustments)
    forecasts = trends.forecast(observations, registers.adjustments)
    found = scoring.flips(observations, registers.policies, asked.policy, forecasts)
    for of in quarters.shown(quarter):
        told = found[found["quarter"] == of].to_dict("records")
        named_only = [f"{row['band']} -> {row['band_then']}" for row in told if _colour(row["band"]) == _colour(row["band_then"])]
        print(f"{quarters.label(of)}: {len(told)} of {int((observations['quarter'] == of).sum())} measures would have another band under {asked.policy}.")
        for row in told:
            if _colour(row["band"]) != _colour(row["band_then"]):
                print(f"  {row['measure_id']:<14}{row['band'] or 'none':>5} -> {row['band_then'] or 'none':<5}{_why_none(row)} {row['measure']}")
        if named_only:
            print(f"  in name only: {', '.join(f'{flip} ({number})' for flip, number in sorted(Counter(named_only).items()))}")
    if asked.csv:
        asked.csv.write_text(publication.as_csv(found[found["quarter"].isin(quarters.shown(quarter))]), encoding="utf-8")
        print(f"Written to {asked.csv}.")
    return 0


def _colour(band: str) -> str:
    from analysis.vocabulary import Band

    return "" if not band else "green" if Band(band).green else "red" if Band(band).red else "amber"


def _why_none(row: dict[str, Any]) -> str:
    return f" ({row['reason_then']})" if row["reason_then"] else ""


# ---------------------------------------------------------------- run


def _run(asked: argparse.Namespace) -> int:
    from analysis import returns
    from analysis.reports import publication

    asked.outputs = asked.outputs or (HOME / "outputs" if asked.data.resolve() == (HOME / "data").resolve() else asked.data / "outputs")
    wanted = [_key(quarter) for quarter in asked.quarters] or [_newest(asked.data)]
    known = returns.available(asked.data)
    if unknown := [quarter for quarter in wanted if quarter not in known]:
        raise AskedWrongly(", ".join(unknown), ["there are no returns for it"], f"There are returns for {', '.join(known) or 'no quarter'}.")
    held = 0
    with publication.one_at_a_time(asked.outputs):
        for quarter in wanted:
            with publication.one_at_a_time(asked.data / "processed" / quarter, "work on another quarter"):
                held = max(held, _publish(asked, quarter))
    return held


def _publish(asked: argparse.Namespace, quarter: str) -> int:
    from analysis import quarters, reference
    from analysis.reports import publication

    reference.load(asked.data)  # a mistake in a register is told before any notebook starts
    say = _sayer(asked.quiet)
    started = time.monotonic()
    say(f"{quarters.label(quarter)} ({quarters.months(quarter)})")
    with publication.staged(asked.outputs, quarter) as folder:
        report = _build(asked, quarter, folder, say)
    target = asked.outputs / quarter
    shutil.rmtree(asked.outputs / "failed" / quarter, ignore_errors=True)
    say(f"  published in {time.monotonic() - started:.0f} s: {target / 'index.html'}")
    for issue in report.held.head(MOST_LINES).to_dict("records"):
        say(f"  held: {_line(issue)}")
    if (more := len(report.held) - MOST_LINES) > 0:
        say(f"  and {more} more: {target / 'data' / 'issues.csv'}")
    return HELD if len(report.held) else 0


def _sayer(quiet: bool) -> Callable[[str], None]:
    def say(text: str) -> None:
        if not quiet:
            print(text, flush=True)

    return say


def _build(asked: argparse.Namespace, quarter: str, folder: Path, say: Callable[[str], None]) -> Report:
    """Run the notebooks in order, then every audience's page, and write the data and the manifest."""
    from analysis import reports, store, workbook
    from analysis.reports import page, publication

    stages, page_notebook = workbook.planned(workbook.discover())
    parameters = {"quarter": quarter, "data": workbook.as_parameter(asked.data)}
    kept, failed = folder / "notebooks", asked.outputs / "failed" / quarter
    done: list[Done] = []
    for stage in stages:
        done += _ran([workbook.Step(path, parameters, path.stem) for path in stage], kept, failed, asked.jobs, say)
    everything = reports.open_report(quarter, asked.data, store.read_all(asked.data, quarter))
    known = reports.audiences(everything.registers)
    wanted = [reports.open_report(quarter, asked.data, everything.kept, audience.name) for audience in known]
    wanted = [report for report in wanted if reports.has_something(report)]
    pages = [workbook.Step(page_notebook, parameters | {"audience": report.audience.name}, f"{page_notebook.stem}_{report.audience.name}") for report in wanted]
    for made, report in zip(_ran(pages, kept, failed, asked.jobs, say), wanted, strict=True):
        (folder / f"{report.audience.name}.html").write_text(page.render(made.executed, report, reports.title(report)), encoding="utf-8")
    for made in done:
        (kept / f"{made.step.name}.html").write_text(page.render(made.executed, everything), encoding="utf-8")
    rows = publication.write_data(everything, folder / "data")
    (folder / "index.html").write_text(publication.index(everything, known, {report.audience.name for report in wanted}), encoding="utf-8")
    publication.write_manifest(everything, folder, rows, parameters)
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


if __name__ == "__main__":
    sys.exit(main())
