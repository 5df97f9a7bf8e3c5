"""Notebooks' code run where one is: the frames are those of a run, what only shows is passed over, and a saved return is seen at once."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from conftest import Run
from reports_by_hand import registers_in

from analysis import reports, workbook
from analysis.questions import fresh, why
from analysis.workbook import here, run_here

QUARTER = "2016-17-Q2"
RETURN = """Partner,Harrow Council
Quarter,Q2 2016/17

Theme,No,Measure,Good,Target,Actual
Build a Better Harrow,49,Number of Park User Groups,Higher,14,{}
"""


def sent(folder: Path, actual: str) -> Path:
    """Save a return of one measure beside the real registers, and give the data folder."""
    path = folder / "raw" / QUARTER / "council.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(RETURN.format(actual), encoding="utf-8")
    return folder


def test_a_saved_return_is_seen_at_once(tmp_path: Path) -> None:
    """Of a target of 14, an actual of 21 is High Green; saved again as 12 it is 86% of it, High Red, in the answer and in the scorecard."""
    data = sent(registers_in(tmp_path), "21")
    assert "High Green" in str(reports.show("scorecards", fresh(QUARTER, data)))
    assert why("Build 49", QUARTER, data).about == "Build 49, Q2 2016/17: High Green"
    shown = str(reports.show("scorecards", fresh("Q2 2016/17", sent(data, "12"))))
    assert "High Red" in shown
    assert "High Green" not in shown.partition("<table")[2]
    assert why("Build 49", "", data).about == "Build 49, Q2 2016/17: High Red"


def test_the_frames_are_those_of_a_run(published: Run, tmp_path: Path) -> None:
    """Of the real quarter every frame that a run keeps is kept, with the bytes that the run gave it."""
    data = tmp_path / "data"
    shutil.copytree(published.data, data, ignore=shutil.ignore_patterns("processed"))
    run_here(published.quarter, data)
    made, whole = (sorted((folder / "processed" / published.quarter).glob("*.parquet")) for folder in (data, published.data))
    assert [path.name for path in made] == [path.name for path in whole]
    assert [path.name for path in made if path.read_bytes() != (published.data / "processed" / published.quarter / path.name).read_bytes()] == []


def notebook(path: Path, *cells: str) -> Path:
    """Write a notebook whose first cell is the one of its parameters."""
    made = [{"cell_type": "code", "metadata": {"tags": ["parameters"]} if place == 0 else {}, "source": source} for place, source in enumerate(cells)]
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made}), encoding="utf-8")
    return path


@pytest.fixture
def three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give three notebooks that note what was run of them, and the report."""
    note = "from pathlib import Path\nnoted = Path(data)\nnoted.write_text((noted.read_text() if noted.exists() else '') + quarter + ' {} ')"
    first = 'quarter: str = "x"\ndata: str = "y"'
    notebook(tmp_path / "01_one.ipynb", first, "reports = None", "reports.show('a')", note.format("one"))
    notebook(tmp_path / "02_two.ipynb", first, note.format("two"))
    notebook(tmp_path / "03_three.ipynb", first, f"before = 1\n{note.format('three')}")
    notebook(tmp_path / "04_page.ipynb", first + '\naudience: str = ""', note.format("page"))
    monkeypatch.setattr(here, "discover", lambda: workbook.discover(tmp_path))
    return tmp_path / "noted"


def test_notebooks_run_in_order_with_what_is_asked_for(three: Path) -> None:
    """Each is given quarter and data in place of its own; the report is not run, and a cell that only shows is passed over."""
    run_here("Q", three)
    assert three.read_text() == "Q one Q two Q three "


def test_what_goes_wrong_names_notebook_and_cell(three: Path) -> None:
    """The traceback points at the cell of the notebook."""
    notebook(three.parent / "01_one.ipynb", "quarter = data = ''", "ready = 1 / 0")
    with pytest.raises(ZeroDivisionError) as raised:
        run_here("Q", three)
    assert "01_one.ipynb, cell 2" in str(raised.traceback[-1].path)
