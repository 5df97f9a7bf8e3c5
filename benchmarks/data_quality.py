"""
What checking a large return costs: the workbook beside plain pandas and pandera, the same checks on the same rows, each in a process of its own.

    python -m benchmarks.data_quality [--rows 100000 1000000] [--repeat 3]

The suite is that of `expectations/observations.json`: four expectations, of which one row in a thousand breaks one. The workbook gives each row
that fails with its file and cell; plain pandas gives the rows' numbers only; pandera its table of failure cases. All must find the same rows, or the
run stops. Seconds are those of the check alone, with whatever it imports to do it; memory is the most that the process held, and what of it came
after the rows were made. `quality.check`, the checks of figures against their past, has no counterpart and is measured by itself.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import expectations, frames, quality, reference
from benchmarks import synthetic

_ROOT = Path(__file__).resolve().parents[1]
_EVERY = 1000
_LEAST = -100


def rows_with_faults(size: int) -> tuple[pd.DataFrame, set[int]]:
    """Give SYNTHETIC observations, one row in a thousand at fault: by turns an unknown measure, a figure below the least, or no name; and which these are."""
    frame = synthetic.as_python(synthetic.measure_quarters(size).frame)
    places = np.arange(0, len(frame), _EVERY)
    unknown, low, unnamed = (places[turn::3] for turn in range(3))
    changed = {name: frame[name].to_numpy(dtype=object).copy() for name in ("measure_id", "actual_low", "measure", "file")}
    changed["measure_id"][unknown] = "Unknown 1"
    changed["actual_low"][low] = Decimal(-101)
    changed["measure"][:] = "SYNTHETIC measure"
    changed["measure"][unnamed] = " "
    changed["file"][:] = "SYNTHETIC.csv"
    frame = frame.assign(**{name: pd.Series(column, index=frame.index, dtype=object) for name, column in changed.items()})
    twice = frame.duplicated(["measure_id", "quarter"], keep=False).to_numpy()
    return frame, set(places.tolist()) | set(np.flatnonzero(twice).tolist())


def by_workbook(frame: pd.DataFrame, known: list[str]) -> set[int]:
    """Check through `expectations.check`: Great Expectations, and each failing row as an issue with its file and cell."""
    suite = expectations.suites(_ROOT / "expectations")["observations"]
    found = expectations.check(frame, suite, {"measure_ids": known, "least_actual": _LEAST})
    place = dict(zip(frame["row"], range(len(frame)), strict=True))
    cell = dict(zip(frame["actual_cell"], range(len(frame)), strict=True))
    return {place[int(one.partition(":")[0])] if ":" in one else cell[one] for one in found["cell"]}


def by_pandas(frame: pd.DataFrame, known: list[str]) -> set[int]:
    """Check with plain pandas."""
    wrong = ~frame["measure_id"].isin(known) | frame.duplicated(["measure_id", "quarter"], keep=False)
    wrong |= frame["actual_low"].map(lambda value: value is not None and value < _LEAST).astype(bool)
    wrong |= ~frame["measure"].str.contains(r"\S", regex=True)
    return set(np.flatnonzero(wrong.to_numpy()).tolist())


def by_pandera(frame: pd.DataFrame, known: list[str]) -> set[int]:
    """Check with pandera, all failures gathered."""
    import pandera.pandas as pa

    schema = pa.DataFrameSchema(
        {
            "measure_id": pa.Column(object, pa.Check.isin(known)),
            "actual_low": pa.Column(object, pa.Check(lambda value: value >= _LEAST, element_wise=True), nullable=True),
            "measure": pa.Column(object, pa.Check.str_matches(r"[\s\S]*\S")),
        },
        unique=["measure_id", "quarter"],
        report_duplicates="all",
    )
    try:
        schema.validate(frame.reset_index(drop=True), lazy=True)
    except pa.errors.SchemaErrors as fault:
        return {int(place) for place in fault.failure_cases["index"]}
    return set()


def by_past(frame: pd.DataFrame, known: list[str]) -> set[int]:
    """Run every check of figures on the newest quarter, with all the others as its past."""
    frame = frame[frame["measure_id"].isin(known)].reset_index(drop=True)  # what is not in the register does not get so far
    nothing = {name: frames.make([], frames.CONTRACTS[name]) for name in ("monthly", "awards", "cells", "process")}
    newest = max(frame["quarter"])
    of = quality.Evidence(frame, nothing["monthly"], nothing["awards"], nothing["cells"], nothing["process"], reference.load(_ROOT / "data"), newest)
    quality.check(of)
    return set()


ENTRANTS: dict[str, Callable[[pd.DataFrame, list[str]], set[int]]] = {
    "workbook": by_workbook,
    "plain pandas": by_pandas,
    "pandera": by_pandera,
    "quality.check": by_past,
}


def main() -> None:
    """Measure every entrant in turns, each time in a new process, and print one table; or be one of these processes."""
    asked = _asked()
    if asked.one:
        print(json.dumps(_one(asked.one, asked.rows[0])))
        return
    print(f"{'':16}{'rows':>10}{'seconds':>10}{'ratio':>8}{'most MB':>10}{'of it the check':>17}")
    for size in asked.rows:
        told: dict[str, list[dict[str, float]]] = {name: [] for name in ENTRANTS}
        for _ in range(asked.repeat):
            for name in ENTRANTS:
                told[name].append(_asked_of_a_process(name, size))
        first = statistics.median(one["seconds"] for one in told["plain pandas"])
        for name, times in told.items():
            seconds = statistics.median(one["seconds"] for one in times)
            most, own = (statistics.median(one[what] for one in times) for what in ("most", "own"))
            print(f"{name:16}{int(times[0]['rows']):>10,}{seconds:>10.2f}{seconds / first:>8.1f}{most:>10,.0f}{own:>17,.0f}")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--one", choices=list(ENTRANTS), help=argparse.SUPPRESS)
    return parser.parse_args()


def _asked_of_a_process(name: str, size: int) -> dict[str, float]:
    done = subprocess.run([sys.executable, "-m", "benchmarks.data_quality", "--one", name, "--rows", str(size)], capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _one(name: str, size: int) -> dict[str, float]:
    frame, wrong = rows_with_faults(size)
    known = sorted(set(frame["measure_id"]) - {"Unknown 1"})
    frame = frame.assign(row=range(2, len(frame) + 2), actual_cell=[f"F{row}" for row in range(2, len(frame) + 2)]).astype({"row": "Int64"})
    before = _most()
    started = time.perf_counter()
    found = ENTRANTS[name](frame, known)
    seconds = time.perf_counter() - started
    if name != "quality.check" and found != wrong:
        raise SystemExit(f"{name} finds {len(found)} rows, not {len(wrong)}: {sorted(found ^ wrong)[:5]}")
    return {"rows": len(frame), "seconds": seconds, "most": _most(), "own": _most() - before}


def _most() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
