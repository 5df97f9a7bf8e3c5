"""
What a million measure-quarters cost: the workbook beside polars, DuckDB and plain pandas, on the same rows in one run.

    python -m benchmarks.measure_quarters [--rows 1000000] [--repeat 5] [--sample 20000]

Every engine begins with its own form of the same table, in memory, and conversions are timed for none: repeated words are categories in
pandas (and, in a line of its own, plain text), strings in polars, strings that it compresses itself in DuckDB. All give the same answers on every
row that they are given, or the run stops. What pandas does row by row is measured on a sample and scaled up in proportion.
The text of a band is made for every row by all; DuckDB puts it into a table of its own, in any order.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

from analysis import scoring, trends
from benchmarks import by_row, engines, synthetic

_ROOT = Path(__file__).resolve().parents[1]
_RULE = [
    "measure_id", "quarter", "polarity", "kind", "target_rule", "target_annual", "target_unit", "actual_unit", "target_low", "target_high",
    "actual", "actual_decimals", "actual_numerator", "actual_denominator", "actual_rank",
]  # fmt: skip
_TRAVEL = ["measure_id", "quarter", "polarity", "kind", "target_unit", "actual_unit", "target_low", "actual", "actual_rank", "tolerance", "data_period"]
OURS, TEXTS = "workbook", "workbook, words as text"


@dataclass
class Entrant:
    """One way of doing a task, how many rows it is given, and how long it took each time."""

    name: str
    run: Callable[[], object]
    rows: int
    seconds: list[float] = field(default_factory=list)


@dataclass
class Task:
    """What is measured: the ways of doing it, the workbook's first."""

    name: str
    rows: int
    entrants: list[Entrant]


def main() -> None:
    """Make the rows, hold every engine's answers against the others', measure them in turns, and print one table."""
    asked = _asked()
    tasks = _tasks(asked.rows, asked.sample)
    for _ in range(asked.repeat):
        for task in tasks:
            for entrant in task.entrants:
                entrant.seconds.append(_timed(entrant.run))
    print(_described(tasks, asked.repeat))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--sample", type=int, default=20_000, help="rows for what pandas does row by row")
    return parser.parse_args()


def _timed(run: Callable[[], object]) -> float:
    gc.collect()
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


# ---------------------------------------------------------------- the tasks


def _tasks(rows: int, sample: int) -> list[Task]:
    policies = pd.read_csv(_ROOT / "data" / "reference" / "policies.csv", dtype=str, keep_default_na=False).astype(object)
    table = synthetic.measure_quarters(rows)
    plain = synthetic.plain(table.frame, table.arrow)
    chosen = _sample(table.frame, sample)
    return [
        _whole_rule(table, plain, policies, chosen),
        _plain_rule(table, plain, policies),
        *_scores_and_travel(table.frame, policies, chosen),
        _charts(rows, sample),
    ]


def _whole_rule(table: synthetic.Table, plain: synthetic.Table, policies: pd.DataFrame, chosen: np.ndarray) -> Task:
    frame, coded, size = table.frame, synthetic.coded(table.frame), len(table.frame)
    rows, connection = engines.polars_frame(table.arrow), engines.duckdb_tables(table.arrow, plain.arrow)
    few = synthetic.as_python(frame.loc[chosen, _RULE])
    ours = scoring.bands(coded, policies)
    _same(TEXTS, ours, scoring.bands(frame, policies).tolist())
    _same("polars, whole rule", ours, engines.polars_bands(rows).to_list())
    engines.duckdb_bands(connection)
    _same("DuckDB, whole rule", ours, engines.duckdb_banded(connection))
    _same("pandas by row, whole rule", ours[chosen], by_row.bands(few).tolist())
    entrants = [
        Entrant(OURS, lambda: scoring.bands(coded, policies), size),
        Entrant(TEXTS, lambda: scoring.bands(frame, policies), size),
        Entrant("polars", lambda: engines.polars_bands(rows), size),
        Entrant("DuckDB", lambda: engines.duckdb_bands(connection), size),
        Entrant("pandas apply(axis=1)", lambda: by_row.bands(few), len(few)),
    ]
    return Task("bands, the whole rule", size, entrants)


def _plain_rule(table: synthetic.Table, plain: synthetic.Table, policies: pd.DataFrame) -> Task:
    frame, size = synthetic.coded(plain.frame), len(plain.frame)
    rows, connection = engines.polars_frame(plain.arrow), engines.duckdb_tables(table.arrow.slice(0, 1), plain.arrow)
    ours = scoring.bands(frame, policies)
    _same("polars, plain rows", ours, engines.polars_plain(rows).to_list())
    engines.duckdb_plain(connection)
    _same("DuckDB, plain rows", ours, engines.duckdb_banded(connection))
    entrants = [
        Entrant(OURS, lambda: scoring.bands(frame, policies), size),
        Entrant("polars", lambda: engines.polars_plain(rows), size),
        Entrant("DuckDB", lambda: engines.duckdb_plain(connection), size),
    ]
    return Task("bands, plain rows", size, entrants)


def _scores_and_travel(frame: pd.DataFrame, policies: pd.DataFrame, chosen: np.ndarray) -> list[Task]:
    size, breaks = len(frame), synthetic.adjustments()
    few, frame = synthetic.as_python(frame.loc[chosen, _RULE]), synthetic.coded(frame)
    scores = scoring.score(frame, policies)
    moved = trends.direction(scores, breaks)
    some = synthetic.as_python(scores.loc[chosen, _TRAVEL])
    for column, made in by_row.directions(some, breaks).items():
        _same(f"pandas by measure, {column}", moved.loc[chosen, column], made.tolist())
    del moved
    score = [
        Entrant(OURS, lambda: scoring.score(frame, policies), size),
        Entrant("pandas apply, band only", lambda: by_row.bands(few), len(few)),
    ]
    travel = [
        Entrant(OURS, lambda: trends.direction(scores, breaks), size),
        Entrant("pandas groupby", lambda: by_row.directions(some, breaks), len(some)),
    ]
    return [Task("score, every column", size, score), Task("direction of travel", size, travel)]


def _charts(rows: int, sample: int) -> Task:
    points = synthetic.series(rows)
    few = points[points["series"] < max(sample // synthetic.QUARTERS, 1)]
    ours, as_floats = trends.signals(points), few.assign(value=few["value"].astype(float), target=few["target"].astype(float))
    for column, made in by_row.signals(as_floats).items():
        _same(f"pandas by series, {column}", ours.loc[few.index, column], made.tolist())
    entrants = [
        Entrant(OURS, lambda: trends.signals(points), len(points)),
        Entrant("pandas groupby", lambda: by_row.signals(as_floats), len(few)),
    ]
    return Task("process charts (XmR)", len(points), entrants)


def _sample(frame: pd.DataFrame, rows: int) -> np.ndarray:
    """Mark about *rows* rows: some measures in all their quarters, so that a year before is there."""
    measures = frame["measure_id"].unique()[: max(rows // synthetic.QUARTERS, 1)]
    return frame["measure_id"].isin(measures).to_numpy(dtype=bool)


def _same(what: str, ours: pd.Series, theirs: list[str]) -> None:
    """Stop the run where two engines do not give the same."""
    apart = [place for place, (one, other) in enumerate(zip(ours.tolist(), theirs, strict=True)) if one != other]
    if apart:
        place = apart[0]
        sys.exit(f"{what}: {len(apart)} of {len(ours)} rows differ; the first is row {ours.index[place]}: {ours.iloc[place]!r} here, {theirs[place]!r} there")


# ---------------------------------------------------------------- what is printed


def _described(tasks: list[Task], repeat: int) -> str:
    heads = f"{'what':<24}{'engine':<26}{'rows':>10}{'seconds: median (min..max)':>32}{'rows/s':>13}{'x workbook':>12}"
    lines = [_machine(), "", heads, "-" * len(heads)]
    for task in tasks:
        own = statistics.median(task.entrants[0].seconds)
        for entrant in task.entrants:
            lines.append(_line(task, entrant, own))
    scaled = "scaled up in proportion from the rows given; the others did every row"
    lines += ["", f"Median of {repeat}, engines in turns; ~ {scaled}. Equal answers were required before anything was measured."]
    return "\n".join(lines)


def _line(task: Task, entrant: Entrant, own: float) -> str:
    up = task.rows / entrant.rows
    middle, least, most = (up * of(entrant.seconds) for of in (statistics.median, min, max))
    seconds = f"{'~' if up > 1 else ''}{middle:.3f} ({least:.3f}..{most:.3f})"
    return f"{task.name:<24}{entrant.name:<26}{entrant.rows:>10,}{seconds:>32}{task.rows / middle:>13,.0f}{middle / own:>12.2f}"


def _machine() -> str:
    threads = duckdb.connect().execute("SELECT current_setting('threads')").fetchone()
    versions = f"Python {platform.python_version()}, " + ", ".join(f"{room.__name__} {room.__version__}" for room in (np, pd, pa, pl, duckdb))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "linux" else 1024**3)
    cores = f"{os.cpu_count()} cores; threads: workbook 1, polars {pl.thread_pool_size()}, DuckDB {threads[0] if threads else '?'}"
    return f"{versions}\n{cores}; load {os.getloadavg()[0]:.1f}; peak memory of the process, all engines together: {peak:.1f} GB"


if __name__ == "__main__":
    main()
