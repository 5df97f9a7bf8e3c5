"""The command watch: publishes a quarter again whenever something that it is made from changes, with the libraries loaded once."""

from __future__ import annotations

import os
import sys
import time
from argparse import Namespace
from collections.abc import Iterator, Mapping
from itertools import count

from analysis import upkeep
from analysis.cli.asked import outputs_of, quarter_of
from analysis.cli.edition import Edition
from analysis.cli.publishing import by_forks, make
from analysis.engine import Forked, can_fork
from analysis.errors import AskedWrongly, WorkbookError

_EVERY = 0.5
"""Seconds between two looks at the files."""


def watch(asked: Namespace) -> int:
    """Publish a quarter, and again after every change, until it is interrupted; a mistake in a return or a notebook is told, and watching goes on."""
    if not can_fork():
        raise AskedWrongly("watch", ["this system cannot fork processes"], "Run `workbook run` after each change.")
    workers: Forked | None = None
    seen: Mapping[str, str] = {}
    try:
        for edition in _changed(asked):
            if seen and _ours(edition.inputs) != _ours(seen):
                _begin_anew(workers)
            if workers is None or not workers.alive:
                workers = by_forks(0)
            seen = edition.inputs
            if not edition.stands():
                make([edition], workers)
                if edition.fault:
                    print(edition.fault, file=sys.stderr, flush=True)
            print("Watching; Ctrl-C ends it.", flush=True)
    except KeyboardInterrupt:
        return 0
    finally:
        if workers is not None:
            workers.close()
    return 0


def _changed(asked: Namespace) -> Iterator[Edition]:
    """Give the quarter as it stands, and again whenever something that it is made from has changed; what cannot be read is told once."""
    quarter, outputs = quarter_of(asked), outputs_of(asked)
    seen: Mapping[str, str] = {}
    told = ""
    for place in count():
        try:
            edition = Edition(asked.data, outputs, quarter, place, _say)
        except (WorkbookError, OSError) as fault:  # half saved, or misnamed
            if str(fault) != told:
                print(fault, file=sys.stderr, flush=True)
            told = str(fault)
        else:
            if edition.inputs != seen:
                seen, told = edition.inputs, ""
                yield edition
        time.sleep(_EVERY)
        upkeep.look_again()


def _say(text: str) -> None:
    print(text, flush=True)


def _ours(inputs: Mapping[str, str]) -> dict[str, str]:
    """Give what this process and the warm ones have loaded, of which a change makes them old."""
    return {name: print_ for name, print_ in inputs.items() if name.startswith(("code analysis/", "Python", "libraries"))}


def _begin_anew(workers: Forked | None) -> None:
    """Become the same command, started now: all of its own code may be old."""
    if workers is not None:
        workers.close()
    print("The workbook itself has changed; beginning anew.", flush=True)
    os.execv(sys.executable, [sys.executable, "-m", "analysis", *sys.argv[1:]])  # noqa: S606 - this very Python and command
