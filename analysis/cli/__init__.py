"""The command `workbook`: asks the rooms, says what happened on one screen, and chooses the exit code."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from analysis.cli.asked import HOME
from analysis.cli.checking import check, slips, status
from analysis.cli.comparing import diff
from analysis.cli.explaining import explain
from analysis.cli.publishing import run
from analysis.cli.rescoring import rescore
from analysis.errors import WorkbookError


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
    outputs = argparse.ArgumentParser(add_help=False)
    outputs.add_argument(
        "--outputs",
        type=Path,
        metavar="DIR",
        help="where to publish (default: outputs/ beside the workbook's own data, outputs/ inside another --data)",
    )
    one = argparse.ArgumentParser(add_help=False)
    one.add_argument("quarter", nargs="?", metavar="QUARTER", help="such as 2016-17-Q2 (default: the newest)")

    running = commands.add_parser("run", parents=[shared, outputs], help="run the notebooks and publish the reports", allow_abbrev=False)
    running.add_argument("quarters", nargs="*", metavar="QUARTER", help="such as 2016-17-Q2 (default: the newest)")
    running.add_argument("--jobs", type=int, default=2, metavar="N", help="notebooks at a time where they do not depend on one another (default: 2)")
    running.add_argument("--quiet", action="store_true", help="say nothing while it runs")
    running.set_defaults(does=run)
    commands.add_parser("check", parents=[shared, one], help="read and check the returns, without reports", allow_abbrev=False).set_defaults(does=check)
    owed = commands.add_parser("status", parents=[shared, one], help="list the returns owed: what came, what is late, what is missing", allow_abbrev=False)
    owed.add_argument("--on", metavar="DAY", help="as on this day, such as 2016-10-31 (default: today)")
    owed.set_defaults(does=status)
    mending = commands.add_parser("slips", parents=[shared, outputs, one], help="write each partner a list of the cells to mend", allow_abbrev=False)
    mending.set_defaults(does=slips)
    tracing = commands.add_parser("explain", parents=[shared], help="say where a figure came from, or what a cell feeds", allow_abbrev=False)
    tracing.add_argument(
        "what", metavar="WHAT", help="a figure ('Build 5', met, 2016-17-Q2.build-5) or a cell (more-business-like.csv:E10, or FILE:SHEET!CELL)"
    )
    tracing.add_argument("quarter", nargs="?", metavar="QUARTER", help="such as 2016-17-Q2 (default: the newest)")
    tracing.add_argument("--audience", default="", metavar="NAME", help="as this audience may see it (default: as everybody may)")
    tracing.set_defaults(does=explain)
    other = commands.add_parser("rescore", parents=[shared, one], help="list which bands would flip under another RAG policy", allow_abbrev=False)
    other.add_argument("--policy", required=True, metavar="NAME", help="a policy of data/reference/policies.csv")
    other.add_argument("--csv", type=Path, metavar="FILE", help="write the flips to a file as well")
    other.set_defaults(does=rescore)
    comparing = commands.add_parser("diff", parents=[shared, outputs], help="tell what changed between two published folders, and why", allow_abbrev=False)
    comparing.add_argument("before", metavar="A", help="a published quarter, such as 2016-17-Q1, or the path of a published folder")
    comparing.add_argument("after", metavar="B", help="the same, of the one to compare with it")
    comparing.add_argument("--csv", type=Path, metavar="FILE", help="write every step to a file as well")
    comparing.set_defaults(does=diff)
    return parser
