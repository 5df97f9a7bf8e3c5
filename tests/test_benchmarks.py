"""Benchmarks: the rows that the claims of speed come from, and that every engine gives the same answers on them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def test_every_engine_gives_the_same_answers_on_a_few_rows() -> None:
    """It runs to its table, which it only prints after all engines have agreed on every row."""
    pytest.importorskip("polars")
    pytest.importorskip("duckdb")
    command = [sys.executable, "-m", "benchmarks.measure_quarters", "--rows", "2000", "--sample", "800", "--repeat", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert "bands, the whole rule" in done.stdout
