"""
What reading, cleansing and checking many rows of returns costs: the workbook beside the same rules in plain pandas, each in a process of its own.

    python -m benchmarks.rows [--rows 100000 1000000] [--kinds csv xlsx] [--what reading "reading and checking"] [--runs 3]

The rows are SYNTHETIC, from a fixed seed: performance returns in CSV and in XLSX, one file of 25,000 rows a quarter, each row another measure of a
register of as many. In XLSX a figure without a sign or a comma is a number, as a spreadsheet makes of it, and in no format, which is what plain pandas can
read. Of the figures 45% are plain, 35% percentages, most of them with their sign, 20% money, most of it with £ and commas; 4% are blank, n/a, TBC or "No
actual"; of every thousand cells one holds a space that has split its digits, and one cannot be read; of every thousand rows one names no measure of the
register or has the title of none, and two name the same one. A column that is not of the form is filled in one row of a hundred. Both engines must first
give the same rows, figures, cells and places of issues for 50,000 of them, or nothing is measured.

"Reading" is from bytes to typed rows with their measure and their cells, all that is wrong told, every cell accounted for; "checking" holds them against
expectations/observations.json as well, by Great Expectations here and by pandas there. Seconds are medians of CPU time and of time by the clock; memory is
the most that the process ever held.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

from analysis import cleansing, expectations, frames, quarters, reference, returns
from analysis.reference import Registers
from analysis.vocabulary import Outcome
from benchmarks import rows_in_pandas

_ROOT = Path(__file__).resolve().parents[1]
SEED = 20162
MEASURES = 25_000
_HEADINGS = ["Theme", "No", "Measure", "Good", "Target", "Actual", "RAG status", "Our ref"]
_ABOVE = ("Partner", "SYNTHETIC Council"), ("Quarter", "{}"), ()
KINDS = ("csv", "xlsx")
WHAT = ("reading", "reading and checking")
_OF_FIGURES = {_HEADINGS.index("Target"), _HEADINGS.index("Actual")}
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_FIRST = quarters.period("2009-10-Q1")
_UNITS = np.array(["number", "percent", "pounds"], dtype=object)
_AT_ONCE = 500_000
"""How many rows are held against the suite at a time: each time costs as much as many rows."""
_ASKED_ABOUT = ["quarter", "file", "sheet", "row", "measure_id", "measure", "actual_low", "actual_raw", "actual_cell"]
"""The columns that the suite and its issues are about."""


# ---------------------------------------------------------------- the rows


def register(measures: int = MEASURES) -> pd.DataFrame:
    """Give a register of SYNTHETIC measures, a thousand to a theme."""
    rng = np.random.default_rng(SEED)
    number = np.arange(measures)
    unit = _UNITS[rng.choice(3, measures, p=[0.45, 0.35, 0.20])]
    theme = [f"Theme {chr(ord('A') + one // 1000)}" for one in number]
    columns = {
        "measure_id": [f"{of} {one % 1000 + 1}" for of, one in zip(theme, number, strict=True)],
        "theme": theme,
        "number": [str(one % 1000 + 1) for one in number],
        "measure": [f"SYNTHETIC measure {one}" for one in number],
        "polarity": np.array(["higher", "lower"], dtype=object)[number % 2],
        "unit": unit,
        "kind": np.array(["quarter count", "rate", "snapshot", "not stated"], dtype=object)[number % 4],
        "policy": "five-band", "equalities": "no", "kind_basis": "", "arrears": "0", "reports_in": "", "tolerance": "0", "decimals": "",
    }  # fmt: skip
    return pd.DataFrame({name: pd.Series(column, index=range(measures), dtype=object) for name, column in columns.items()})


def returned(measures: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Give a quarter's SYNTHETIC rows, one for each measure, as a partner would have typed them."""
    rng = np.random.default_rng(seed)
    size = len(measures)
    typed = {name: _typed(rng, measures["unit"].to_numpy()) for name in ("Target", "Actual")}
    table = pd.DataFrame({
        "Theme": measures["theme"], "No": measures["number"], "Measure": measures["measure"],
        "Good": measures["polarity"].str.capitalize(), **typed,
        "RAG status": np.array(["HG", "LG", "A", "LR", "HR", ""], dtype=object)[rng.integers(0, 6, size)],
        "Our ref": np.where(rng.random(size) < 0.01, [f"ref {one}" for one in range(size)], ""),
    }, dtype=object)  # fmt: skip
    few = rng.choice(size, max(size // 500, 4), replace=False)
    unknown, titled, twice = np.array_split(few, [len(few) // 4, len(few) // 2])
    table.loc[unknown, "No"] = "9999"
    table.loc[titled, "Measure"] = "SYNTHETIC title of no measure"
    table.loc[twice, ["Theme", "No", "Measure", "Good"]] = table.loc[(twice + 1) % size, ["Theme", "No", "Measure", "Good"]].to_numpy()
    return table


def _typed(rng: np.random.Generator, unit: np.ndarray) -> np.ndarray:
    size = len(unit)
    places = rng.integers(0, 3, size)
    number = [f"{value:.{place}f}" for value, place in zip(rng.integers(2, 10**6, size) / 10 ** rng.integers(0, 3, size), places, strict=True)]
    percent = [
        f"{value:.{place}f}{sign}"
        for value, place, sign in zip(rng.integers(20, 1000, size) / 10, places, rng.choice(["%", "%", "%", "%", ""], size), strict=True)
    ]
    money = [f"£{value:,.2f}" if signed else f"{value:.0f}" for value, signed in zip(rng.integers(200, 10**9, size) / 100, rng.random(size) < 0.8, strict=True)]
    made = np.select([unit == "number", unit == "percent"], [np.array(number, dtype=object), np.array(percent, dtype=object)], np.array(money, dtype=object))
    for text, share in (("", 0.01), ("n/a", 0.01), ("TBC", 0.01), ("No actual", 0.01), ("12..5", 0.001)):
        made[rng.random(size) < share] = text
    made[rng.random(size) < 0.001] = "£4, 681,012.65"
    return made


def write(folder: Path, rows: int, kind: str = "csv") -> list[tuple[str, Path]]:
    """Write so many rows as returns of one of the `KINDS` under *folder*, a file a quarter, and give each (quarter, file)."""
    measures = register(min(rows, MEASURES))
    written = []
    for number in range(max(rows // len(measures), 1)):
        quarter = quarters.key(_FIRST + number)
        path = folder / "raw" / quarter / f"SYNTHETIC.{kind}"
        path.parent.mkdir(parents=True)
        above = [[text.format(quarters.label(quarter)) for text in line] for line in _ABOVE]
        (_as_csv if kind == "csv" else _as_xlsx)(above, returned(measures, SEED + number), path)
        written.append((quarter, path))
    return written


def _as_csv(above: list[list[str]], table: pd.DataFrame, path: Path) -> None:
    path.write_text("".join(",".join(line) + "\n" for line in above) + table.to_csv(index=False), encoding="utf-8")


def _as_xlsx(above: list[list[str]], table: pd.DataFrame, path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Return")
        for row, line in enumerate([*above, list(table.columns), *table.itertuples(index=False)]):
            for column, text in enumerate(line):
                if column in _OF_FIGURES and _NUMBER.fullmatch(text):
                    sheet.write_number(row, column, float(text))
                elif text:
                    sheet.write_string(row, column, text)


# ---------------------------------------------------------------- the engines


Given = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, int]
"""What an engine gives of some rows: observations, issues, cells that are not used, and how many are."""


def by_workbook(files: list[tuple[str, Path]], registers: Registers, *, checked: bool = True) -> Iterator[Given]:
    """Read, cleanse and check quarter by quarter, block by block."""
    suite, given = expectations.suites(_ROOT / "expectations")["observations"], expectations.parameters(registers)
    waiting: list[pd.DataFrame] = []
    known = cleansing.Known(registers)
    for quarter, path in files:
        read = returns.read(path.parents[2], (quarter,), registers.headings, by_columns=True)
        used = sum(table.tally()[Outcome.USED] for table in read.tables) + int((read.cells["outcome"] == Outcome.USED).sum())
        issues = read.issues
        for block in cleansing.in_blocks(read.cells, read.entries, known, read.tables, unused_only=True):
            made, unused = block.frames["observations"], block.cells[block.cells["outcome"] != Outcome.USED]
            used -= int((unused["outcome"] == Outcome.QUARANTINED).sum())
            found = [issues, block.issues]
            issues = issues.iloc[:0]
            if checked:
                waiting.append(frames.check(made, frames.OBSERVATIONS)[_ASKED_ABOUT])
                if sum(map(len, waiting)) >= _AT_ONCE:
                    found.append(expectations.check(pd.concat(waiting, ignore_index=True), suite, given))
                    waiting = []
            yield made, frames.stack(found, frames.ISSUES), unused, 0
        yield made.iloc[:0], issues, unused.iloc[:0], used
    if waiting:
        nothing = frames.make([], frames.OBSERVATIONS), frames.make([], frames.CELLS)
        yield nothing[0], expectations.check(pd.concat(waiting, ignore_index=True), suite, given), nothing[1], 0


def by_pandas(files: list[tuple[str, Path]], registers: Registers, *, checked: bool = True) -> Iterator[Given]:
    """Do the same in plain pandas, file by file."""
    for block in rows_in_pandas.read(files, registers.measures, checked=checked):
        yield block.rows, block.issues, block.unused, block.used


ENGINES: dict[str, Callable[..., Iterator[Given]]] = {"workbook, block by block": by_workbook, "plain pandas": by_pandas}


def registers_of(rows: int) -> Registers:
    """Give the project's registers with the SYNTHETIC measures."""
    return replace(reference.load(_ROOT / "data"), measures=register(min(rows, MEASURES)))


_COMPARED = ["quarter", "row", "measure_id"] + [
    f"{name}{what}" for name in ("target", "actual") for what in ("_raw", "", "_reason", "_unit", "_decimals", "_repairs", "_cell")
]


def compared(given: Iterator[Given]) -> dict[str, Any]:
    """Give everything that two engines must agree on."""
    rows, issues, unused, used = zip(*given, strict=True)
    made = pd.concat([one[_COMPARED] for one in rows if len(one)]).sort_values(["quarter", "row"])
    as_text = {
        name: [
            "" if frames.absent(value) else f"{value.normalize():f}" if hasattr(value, "normalize") else str(int(value) if isinstance(value, float) else value)
            for value in made[name]
        ]
        for name in made
    }
    told, left = pd.concat(issues), pd.concat(unused)
    return {
        "rows": as_text,
        "issues": sorted(set(zip(told["quarter"], told["cell"], strict=True))),
        "cells": sorted(zip(left["quarter"], left["cell"], map(str, left["outcome"]), strict=True)),
        "used": sum(used),
    }


# ---------------------------------------------------------------- the measuring


def main() -> None:
    """Hold the engines against each other, then measure them in turns, each time in a new process, and print one table; or be one of these processes."""
    asked = _asked()
    if asked.one:
        print(json.dumps(_one(asked.one, Path(asked.folder), asked.rows[0], checked=not asked.unchecked)))
        return
    for kind in asked.kinds:
        _agree(kind=kind)
    print("| rows | in | what | engine | CPU s | clock s | ratio | most MB |\n|---:|---|---|---|---:|---:|---:|---:|")
    for rows, kind in itertools.product(asked.rows, asked.kinds):
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), rows, kind)
            for what in asked.what:
                _measure(folder, rows, kind, what, asked.runs)


def _measure(folder: str, rows: int, kind: str, what: str, runs: int) -> None:
    told: dict[str, list[dict[str, float]]] = {name: [] for name in ENGINES}
    for _ in range(runs):
        for name in ENGINES:
            told[name].append(_asked_of_a_process(name, folder, rows, checked=what != "reading"))
    first = statistics.median(one["cpu"] for one in told["plain pandas"])
    for name, times in told.items():
        cpu, clock, most = (statistics.median(one[of] for one in times) for of in ("cpu", "clock", "most"))
        print(f"| {rows:,} | {kind.upper()} | {what} | {name} | {cpu:.2f} | {clock:.2f} | {cpu / first:.2f} | {most:,.0f} |", flush=True)


def _agree(rows: int = 50_000, kind: str = "csv") -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = write(Path(folder), rows, kind)
        registers = registers_of(rows)
        ours, theirs = (compared(engine(files, registers)) for engine in ENGINES.values())
    for what, one in ours.items():
        if one != theirs[what]:
            raise SystemExit(f"the engines do not agree on {what}: {_apart(one, theirs[what])}")


def _apart(one: Any, other: Any) -> str:
    if isinstance(one, dict):
        return "; ".join(f"{name}: {_apart(one[name], other[name])}" for name in one if one[name] != other[name])
    if isinstance(one, list) and len(one) == len(other):
        return str([pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]][:5])
    return f"{sorted(set(one) - set(other))[:5]} {sorted(set(other) - set(one))[:5]}" if isinstance(one, list) else f"{one} {other}"


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--kinds", nargs="+", default=list(KINDS), choices=KINDS)
    parser.add_argument("--what", nargs="+", default=list(WHAT), choices=WHAT)
    parser.add_argument("--runs", type=int, default=3)
    for hidden in ("--one", "--folder"):
        parser.add_argument(hidden, help=argparse.SUPPRESS)
    parser.add_argument("--unchecked", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _asked_of_a_process(name: str, folder: str, rows: int, *, checked: bool) -> dict[str, float]:
    words = [sys.executable, "-m", "benchmarks.rows", "--one", name, "--folder", folder, "--rows", str(rows), *([] if checked else ["--unchecked"])]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _one(name: str, folder: Path, rows: int, *, checked: bool) -> dict[str, float]:
    registers = registers_of(rows)
    files = sorted((path.parent.name, path) for path in folder.glob("raw/*/SYNTHETIC.*"))
    _imported(checked=checked)
    cpu, clock = time.process_time(), time.perf_counter()
    number = sum(len(given[0]) for given in ENGINES[name](files, registers, checked=checked))
    return {
        "cpu": time.process_time() - cpu,
        "clock": time.perf_counter() - clock,
        "most": _most(),
        "made": number,
    }


def _most() -> float:
    """Give the most that this process has held, in MB; what `resource` gives is the most of the process that started it, where that was more."""
    return int(re.findall(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))[0]) / 1024


def _imported(*, checked: bool) -> None:
    """Import what the engines import late, so that it is not measured."""
    if checked:
        import great_expectations  # noqa: F401


if __name__ == "__main__":
    main()
