"""The notebooks as stored: they tell the story and call rooms; no logic, no paths, no numbers and no outputs."""

from __future__ import annotations

import ast
import io
import json
import keyword
import re
import tokenize
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NAMES = ["01_returns.ipynb", "02_quality.ipynb", "03_performance.ipynb", "04_reward_grant.ipynb", "05_report.ipynb"]
LOGIC = {"def", "class", "for", "while", "if", "elif", "else", "try"}
Cell = dict[str, Any]


def opened(name: str) -> dict[str, Any]:
    """Give a notebook as its JSON says."""
    return dict(json.loads((FOLDER / name).read_text(encoding="utf-8")))


def source(cell: Cell) -> str:
    """Give the text of a cell, which JSON may hold as lines."""
    return "".join(cell["source"])


def tags(cell: Cell) -> list[str]:
    """Give the tags of a cell."""
    return list(cell["metadata"].get("tags", []))


def of_type(name: str, kind: str) -> list[Cell]:
    """Give the cells of a notebook that are code or markdown."""
    return [cell for cell in opened(name)["cells"] if cell["cell_type"] == kind]


def statements(name: str) -> list[str]:
    """Give the code of a notebook, without the parameters cell."""
    return [source(cell) for cell in of_type(name, "code") if "parameters" not in tags(cell)]


def constants(code: str) -> list[object]:
    """Give every literal in some code."""
    return [node.value for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant)]


def test_there_are_five_numbered_notebooks() -> None:
    """It keeps its five notebooks; whoever has questions of their own numbers them from 06."""
    found = sorted(path.name for path in FOLDER.glob("*.ipynb"))
    assert found[: len(NAMES)] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_opens_with_its_heading(name: str) -> None:
    """It begins with a markdown cell whose first line is the notebook's only heading of the first level, with its number."""
    first = opened(name)["cells"][0]
    headings = [line for cell in of_type(name, "markdown") for line in source(cell).splitlines() if re.match(r"# ", line)]
    assert first["cell_type"] == "markdown"
    assert headings == [source(first).splitlines()[0]]
    assert headings[0].startswith(f"# {int(name[:2])} ")


@pytest.mark.parametrize("name", NAMES)
def test_the_second_cell_holds_the_parameters(name: str) -> None:
    """It has one cell tagged parameters, its second, which sets quarter and data, and in the report the audience."""
    cells = opened(name)["cells"]
    assert [number for number, cell in enumerate(cells) if "parameters" in tags(cell)] == [1]
    lines = source(cells[1]).splitlines()
    assert [line.partition(":")[0] for line in lines] == ["quarter", "data", *(["audience"] if name == "05_report.ipynb" else [])]
    assert lines[:2] == source(opened(NAMES[0])["cells"][1]).splitlines()


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_holds_no_logic(name: str) -> None:
    """It defines, repeats and decides nothing: those are words of the rooms."""
    words = [token.string for code in statements(name) for token in tokenize.generate_tokens(io.StringIO(code).readline) if keyword.iskeyword(token.string)]
    assert [word for word in words if word in LOGIC] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_names_no_path(name: str) -> None:
    """It has no text with a slash but in its parameters."""
    assert [value for code in statements(name) for value in constants(code) if isinstance(value, str) and "/" in value] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_holds_no_number(name: str) -> None:
    """It has no number but 0 and 1: thresholds and sizes are data."""
    numbers = [value for code in statements(name) for value in constants(code) if isinstance(value, int | float | complex) and not isinstance(value, bool)]
    assert [number for number in numbers if number not in (0, 1)] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_code_cell_is_short(name: str) -> None:
    """It has six lines of code in a cell at most."""
    assert [source(cell) for cell in of_type(name, "code") if len(source(cell).splitlines()) > 6] == []


@pytest.mark.parametrize("name", NAMES)
def test_what_a_cell_shows_stands_under_a_heading(name: str) -> None:
    """It has a heading in the cell right above each cell that ends in something to show."""
    cells = opened(name)["cells"]
    shows = [number for number, cell in enumerate(cells) if cell["cell_type"] == "code" and isinstance(ast.parse(source(cell)).body[-1], ast.Expr)]
    assert shows
    assert [source(cells[number]) for number in shows if not source(cells[number - 1]).startswith("## ") or cells[number - 1]["cell_type"] != "markdown"] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_stored_as_it_was_written(name: str) -> None:
    """It holds no output and no execution count, so that a change shows only what a person changed."""
    code = of_type(name, "code")
    assert [(cell["outputs"], cell["execution_count"]) for cell in code] == [([], None)] * len(code)


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_asks_for_the_kernel_that_is_there(name: str) -> None:
    """It names the kernel python3, which every environment has, and no machine's own."""
    assert opened(name)["metadata"]["kernelspec"]["name"] == "python3"


def test_the_text_of_the_report_notebook_is_not_for_readers() -> None:
    """It tags each markdown cell of the report notebook, so that a page holds only what its sections say."""
    words = of_type("05_report.ipynb", "markdown")
    assert [source(cell) for cell in words if "notebook-only" not in tags(cell)] == []
    assert len(words) == 3
