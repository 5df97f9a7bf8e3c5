"""A new notebook for a question of one's own: numbered, with the cells that every notebook begins with, clean, and run like the others."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Any

from analysis.errors import AskedWrongly
from analysis.markup import slug
from analysis.workbook.cleaning import KERNEL, cell_id, written
from analysis.workbook.notebooks import NOTEBOOKS, code_of, discover

Cell = dict[str, Any]
_LONGEST = 60
_LAST = 99
_IMPORTS = (
    "from pathlib import Path\n\n"
    "from analysis import reference, store\n"
    "from analysis.exploring import explore\n"
    "from analysis.questions import changed, feeds, trace, why"
)
_OPENED = """registers = reference.load(Path(data))
scores = store.read("scores", data, quarter)"""
_SHOWN = """explore(scores[["quarter", "measure_id", "measure", "target", "actual", "band", "band_reason"]])"""
_CHANGED = """found = changed(quarter=quarter, data=data)
explore(found[["figure", "before", "after", "cause"]], found.about)"""
_ABOUT = "What is asked, by whom, and what was found."
_EXAMPLE = (
    "## What changed since the quarter before\n\nAn example: put your own question here (docs/notebooks.md).\n\n"
    "Each row is a step of a figure, with what to look at first. `list(found)` names the other columns: `words` says the step in a sentence,\n"
    "`before_cell` and `after_cell` where it stands. Add their names to the list; or end the cell with `found` to see them all."
)
_TABLE = (
    "## The figures behind it\n\nIn JupyterLab: to find, filter and sort. On the page of a run: the same table, still.\n"
    "`list(scores)` names the other columns: add their names to the list."
)


def draft(title: str, folder: Path = NOTEBOOKS) -> Path:
    """
    Write a notebook for a question under the next free number, and give its path. One that is there is never written over.

    Args:
        title: what it asks: "Why did waste fall?" is named 06_why_did_waste_fall.ipynb.
        folder: where the notebooks are; the first of them has the parameters that every notebook has.

    Raises:
        AskedWrongly: the title makes no name; or no number is free.
    """
    path = folder / name_of(title, [one.name for one in folder.glob("*.ipynb")])
    with path.open("x", encoding="utf-8", newline="") as file:
        file.write(drafted(title, path.name, _parameters(folder)))
    return path


def name_of(title: str, taken: list[str]) -> str:
    """
    Give the name of a new notebook: the number after the highest, and the words of its title.

    Raises:
        AskedWrongly: the title has no letter or digit that a name can have; or the numbers are used up.

    >>> name_of("Why did waste fall?", ["01_returns.ipynb", "05_report.ipynb"])
    '06_why_did_waste_fall.ipynb'
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    words = slug(plain)[:_LONGEST].strip("-").replace("-", "_")
    if not words:
        raise AskedWrongly(repr(title), ["makes no name for a file"], 'Give it words, such as "Why did waste fall?".')
    number = max((int(name[:2]) for name in taken if re.match(r"\d\d_", name)), default=0) + 1
    if number > _LAST:
        raise AskedWrongly(repr(title), [f"would be notebook {number}, and there are numbers up to {_LAST}"], "Remove a notebook that is not needed any more.")
    return f"{number:02d}_{words}.ipynb"


def drafted(title: str, name: str, parameters: str) -> str:
    """Give the text of a new notebook's file: heading, parameters, imports, what is opened, one question and one table."""
    heading = f"# {int(name[:2])} {' '.join(title.split())}\n\n{_ABOUT}"
    cells = [
        _words(heading),
        _code(parameters, tags=["parameters"]),
        _code(_IMPORTS),
        _code(_OPENED),
        _words(_EXAMPLE),
        _code(_CHANGED),
        _words(_TABLE),
        _code(_SHOWN),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = cell_id(name, number)
    return written({"cells": cells, "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5})


def _parameters(folder: Path) -> str:
    """Give the parameters as the folder's notebooks have them."""
    first = discover(folder)[0]
    found = [source for source, are_parameters in code_of(first) if are_parameters]
    if not found:
        raise AskedWrongly(first.name, ["has no cell tagged 'parameters'"], "Restore it: git checkout notebooks/")
    return found[0]


def _words(source: str) -> Cell:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def _code(source: str, tags: list[str] | None = None) -> Cell:
    return {"cell_type": "code", "execution_count": None, "metadata": {"tags": tags} if tags else {}, "outputs": [], "source": source}
