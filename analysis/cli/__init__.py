"""The command `workbook`: asks the rooms, says what happened on one screen, and chooses the exit code."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from analysis.cli.asked import HOME
from analysis.errors import WorkbookError


def main(arguments: list[str] | None = None) -> int:
    """
    Run the command.

    Returns:
        0 done; 1 a notebook failed; 2 asked wrongly; 3 done, but a return is held.
    """
    asked = _parser().parse_args(arguments)
    asked.data = asked.data or [HOME / "data"]
    try:
        module, _, function = asked.does.rpartition(".")
        does = getattr(import_module(f"analysis.cli.{module}"), function)  # only what is asked for is imported, so that each answers at once
        return int(does(asked))
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
    debug = argparse.ArgumentParser(add_help=False)
    debug.add_argument("--debug", action="store_true", help="show the traceback of an error")
    shared = argparse.ArgumentParser(add_help=False, parents=[debug])
    shared.add_argument(
        "--data", type=Path, default=HOME / "data", metavar="DIR", help="the folder that holds raw/ and reference/ (default: the workbook's own)"
    )
    outputs = argparse.ArgumentParser(add_help=False)
    outputs.add_argument(
        "--outputs",
        type=Path,
        metavar="DIR",
        help="where to publish (default: outputs/ beside the workbook's own data, outputs/ inside another --data)",
    )
    one = argparse.ArgumentParser(add_help=False)
    one.add_argument("quarter", nargs="?", metavar="QUARTER", help="such as 2016-17-Q2 (default: the newest)")

    _add_run(commands, debug, outputs)
    watching = commands.add_parser("watch", parents=[shared, outputs, one], help="publish a quarter, and again whenever something changes", allow_abbrev=False)
    watching.set_defaults(does="watching.watch")
    commands.add_parser("check", parents=[shared, one], help="read and check the returns, without reports", allow_abbrev=False).set_defaults(
        does="checking.check"
    )
    owed = commands.add_parser("status", parents=[shared, one], help="list the returns owed: what came, what is late, what is missing", allow_abbrev=False)
    owed.add_argument("--on", metavar="DAY", help="as on this day, such as 2016-10-31 (default: today)")
    owed.set_defaults(does="checking.status")
    mending = commands.add_parser("slips", parents=[shared, outputs, one], help="write each partner a list of the cells to mend", allow_abbrev=False)
    mending.set_defaults(does="checking.slips")
    tracing = commands.add_parser("explain", parents=[shared], help="say where a figure came from, or what a cell feeds", allow_abbrev=False)
    tracing.add_argument(
        "what", metavar="WHAT", help="a figure ('Build 5', met, 2016-17-Q2.build-5) or a cell (more-business-like.csv:E10, or FILE:SHEET!CELL)"
    )
    tracing.add_argument("quarter", nargs="?", metavar="QUARTER", help="such as 2016-17-Q2 (default: the newest)")
    tracing.add_argument("--audience", default="", metavar="NAME", help="as this audience may see it (default: as everybody may)")
    tracing.set_defaults(does="explaining.explain")
    asking = commands.add_parser("why", parents=[shared], help="say why a measure has its band, step by step", allow_abbrev=False)
    asking.add_argument("measure", metavar="MEASURE", help="its id, such as 'Build 63', or the beginning of its title")
    asking.add_argument("quarter", nargs="?", default="", metavar="QUARTER", help="such as 2016-17-Q2 (default: the newest that was run)")
    asking.add_argument("--audience", default="", metavar="NAME", help="as this audience may see it (default: as everybody may)")
    asking.set_defaults(does="explaining.why")
    _add_for_partners(commands, shared, one)
    _add_for_notebooks(commands, debug, shared)
    other = commands.add_parser("rescore", parents=[shared, one], help="list which bands would flip under another RAG policy", allow_abbrev=False)
    other.add_argument("--policy", required=True, metavar="NAME", help="a policy of data/reference/policies.csv")
    other.add_argument("--csv", type=Path, metavar="FILE", help="write the flips to a file as well")
    other.set_defaults(does="rescoring.rescore")
    comparing = commands.add_parser("diff", parents=[shared, outputs], help="tell what changed between two published folders, and why", allow_abbrev=False)
    comparing.add_argument("before", metavar="A", help="a published quarter, such as 2016-17-Q1, or the path of a published folder")
    comparing.add_argument("after", metavar="B", help="the same, of the one to compare with it")
    comparing.add_argument("--csv", type=Path, metavar="FILE", help="write every step to a file as well")
    comparing.set_defaults(does="comparing.diff")
    return parser


def _add_run(commands: Any, debug: argparse.ArgumentParser, outputs: argparse.ArgumentParser) -> None:
    running = commands.add_parser("run", parents=[debug, outputs], help="run the notebooks and publish the reports", allow_abbrev=False)
    running.add_argument("quarters", nargs="*", metavar="QUARTER", help="such as 2016-17-Q2 (default: the newest)")
    running.add_argument("--from", dest="first", metavar="QUARTER", help="this quarter and every later one that has returns")
    running.add_argument("--to", dest="last", metavar="QUARTER", help="no later quarter than this")
    running.add_argument("--data", type=Path, action="append", metavar="DIR", help="as for other commands; several times for several partnerships")
    running.add_argument("--force", action="store_true", help="run every notebook, also where nothing has changed")
    running.add_argument("--jobs", type=int, default=0, metavar="N", help="how much at a time (default: as many as there are cores)")
    running.add_argument("--kernels", action="store_true", help="run each notebook in a Jupyter kernel of its own, as it is done where processes cannot fork")
    running.add_argument("--wait", type=float, default=0, metavar="SECONDS", help="how long to wait for another run on the same folder (default: not at all)")
    running.add_argument("--scheduler", metavar="ADDRESS", help="hand the quarters to a Dask cluster, such as tcp://10.0.0.1:8786 (extra: cluster)")
    running.add_argument("--quiet", action="store_true", help="say nothing while it runs")
    running.set_defaults(does="publishing.run")


def _add_for_partners(commands: Any, shared: argparse.ArgumentParser, one: argparse.ArgumentParser) -> None:
    """Add the commands whose files go to partners: forms before a quarter's returns come, a letter about those that are owed."""
    forms = commands.add_parser("forms", parents=[shared], help="write each partner the form of a quarter, filled in with what is known", allow_abbrev=False)
    forms.add_argument("quarter", metavar="QUARTER", help="the quarter to be returned, such as 2016-17-Q3; it needs no folder yet")
    forms.set_defaults(does="forming.forms")
    chasing = commands.add_parser("chase", parents=[shared, one], help="write each partner a text: what is owed, by when, what was wrong", allow_abbrev=False)
    chasing.add_argument("--on", metavar="DAY", help="as on this day, such as 2016-10-31 (default: today)")
    chasing.add_argument("--outputs", type=Path, metavar="DIR", help="where to write them (default: as for run)")
    chasing.set_defaults(does="chasing.chase")


def _add_for_notebooks(commands: Any, debug: argparse.ArgumentParser, shared: argparse.ArgumentParser) -> None:
    """Add the commands for whoever works in notebooks."""
    lab = commands.add_parser("lab", parents=[shared], help="open JupyterLab on the workbook, with its own settings (extra: lab)", allow_abbrev=False)
    lab.add_argument("--no-browser", action="store_true", help="say the address, and open no browser")
    lab.add_argument("--port", type=int, default=8888, metavar="N", help="the port it asks for first (default: 8888)")
    lab.set_defaults(does="lab.lab")
    new = commands.add_parser("new-notebook", parents=[debug], help="write a notebook for a question of your own, with the first cells", allow_abbrev=False)
    new.add_argument("title", metavar="TITLE", help="what it asks, such as 'Why did waste fall?'")
    new.set_defaults(does="notebooks.new", data=None)
    clean = commands.add_parser("clean-notebooks", parents=[debug], help="take outputs and counts out of stored notebooks", allow_abbrev=False)
    clean.add_argument("paths", nargs="*", type=Path, metavar="FILE", help="notebooks (default: all in notebooks/)")
    clean.add_argument("--check", action="store_true", help="change nothing; 1 where one is not clean")
    clean.set_defaults(does="notebooks.clean", data=None)
