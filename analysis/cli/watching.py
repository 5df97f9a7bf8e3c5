"""The command watch: publishes a quarter again whenever something that it is made from changes, with the libraries loaded once."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from collections.abc import Mapping

from analysis import upkeep
from analysis.cli.asked import outputs_of, quarter_of
from analysis.cli.edition import Edition
from analysis.cli.publishing import by_forks, make
from analysis.engine import Forked, can_fork
from analysis.errors import AskedWrongly

_EVERY = 0.2
"""Seconds between two looks at the files."""


def watch(asked: Namespace) -> int:
    """Publish a quarter, and again after every change, until it is interrupted; a mistake in a return or a notebook is told, and watching goes on."""
    if not can_fork():
        raise AskedWrongly("watch", ["this system cannot fork processes"], "Run `workbook run` after each change: it runs only what the change concerns.")
    quarter = quarter_of(asked)
    outputs = outputs_of(asked)
    workers: Forked | None = None
    seen: Mapping[str, str] = {}
    place = 0
    try:
        while True:
            edition = Edition(asked.data, outputs, quarter, place, print)
            if edition.inputs == seen:
                time.sleep(_EVERY)
                upkeep.look_again()
                continue
            if workers is None or _ours(edition.inputs) != _ours(seen):
                workers = _anew(workers)
            seen, place = edition.inputs, place + 1
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


def _ours(inputs: Mapping[str, str]) -> dict[str, str]:
    """Give what warm processes have loaded, of which a change makes them old."""
    return {name: print_ for name, print_ in inputs.items() if name.startswith(("code ", "Python", "libraries"))}


def _anew(workers: Forked | None) -> Forked:
    if workers is not None:
        workers.close()
    return by_forks(0)
