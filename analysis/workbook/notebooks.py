"""The numbered notebooks: which there are, what each declares, and which waits for which. Read as text, so that asking costs nothing."""

from __future__ import annotations

import ast
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import AskedWrongly, NotebookFailed

NOTEBOOKS = Path(__file__).parent.parent.parent / "notebooks"


@dataclass(frozen=True)
class Step:
    """One notebook to run: its file, its parameters, and the name its result is kept under."""

    notebook: Path
    parameters: dict[str, str]
    name: str


@dataclass(frozen=True)
class Planned:
    """
    A notebook of the plan.

    Attributes:
        path: the notebook.
        after: the names of those that it runs after.
        needs: the slow libraries that it will load, as its metadata say.
    """

    path: Path
    after: tuple[str, ...]
    needs: tuple[str, ...] = ()


def discover(folder: Path = NOTEBOOKS) -> list[Path]:
    """
    Give the numbered notebooks of a folder in the order that they run.

    Raises:
        AskedWrongly: there is none.
    """
    found = sorted(path for path in folder.glob("*.ipynb") if re.match(r"\d\d_", path.name))
    if not found:
        raise AskedWrongly(str(folder), ["holds no numbered notebook (01_name.ipynb)"], "Run the workbook from its own checkout.")
    return found


def planned(notebooks: list[Path]) -> tuple[list[Planned], Planned]:
    """
    Give the notebooks in order, each with those that it runs after, and the one that runs once for each audience, after all others.

    A notebook runs after every one before it, unless its metadata say `"workbook": {"after": [names]}`; `"needs": [libraries]` there names
    libraries that take long to load. One that declares a parameter `audience` is the report.

    Raises:
        AskedWrongly: there is not one report.
        NotebookFailed: a file is not a notebook.
    """
    steps: list[Planned] = []
    pages: list[Planned] = []
    for path in notebooks:
        says = _opened(path)["metadata"].get("workbook", {})
        known = [step.path.stem for step in steps]
        one = Planned(path, tuple(name for name in says.get("after", known) if name in known), tuple(says.get("needs", ())))
        (pages if "audience" in declared(path) else steps).append(one)
    if len(pages) != 1:
        names = ", ".join(page.path.name for page in pages) or "none"
        problem = f"holds {len(pages)} notebooks with a parameter 'audience' ({names}), not one"
        raise AskedWrongly(str(NOTEBOOKS), [problem], "One notebook makes the reports.")
    return steps, pages[0]


def _opened(notebook: Path) -> dict[str, Any]:
    try:
        read = json.loads(notebook.read_text(encoding="utf-8"))
        fault = "" if read["nbformat"] == 4 and isinstance(read["cells"], list) and isinstance(read["metadata"], dict) else "it is not of format 4"
    except (ValueError, KeyError, TypeError) as error:
        fault = f"{type(error).__name__}: {error}"
    if fault:
        raise NotebookFailed(notebook.name, [f"is not a notebook: {fault}"], "Restore it: git checkout notebooks/")
    return dict(read)


def declared(notebook: Path) -> set[str]:
    """Give the parameters that a notebook declares: the names set in its cell tagged `parameters`."""
    cells = [cell for cell in _opened(notebook)["cells"] if "parameters" in cell.get("metadata", {}).get("tags", [])]
    if not cells:
        return set()
    try:
        body = ast.parse("".join(cells[0]["source"])).body
    except SyntaxError as fault:
        raise NotebookFailed(notebook.name, [f"its parameters cannot be read: {fault.msg}"], "Restore it: git checkout notebooks/") from None
    targets = [node.target for node in body if isinstance(node, ast.AnnAssign)]
    targets += [target for node in body if isinstance(node, ast.Assign) for target in node.targets]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def code_of(notebook: Path) -> list[tuple[str, bool]]:
    """Give the source of each code cell, and whether it is the one of the parameters."""
    cells = [cell for cell in _opened(notebook)["cells"] if cell["cell_type"] == "code"]
    return [("".join(cell["source"]), "parameters" in cell.get("metadata", {}).get("tags", [])) for cell in cells]


def check_parameters(step: Step) -> None:
    """
    Refuse a parameter that the notebook does not declare; papermill only warns of it.

    Raises:
        AskedWrongly: each that is not declared, and those that are.
    """
    known = declared(step.notebook)
    if unknown := sorted(set(step.parameters) - known):
        raise AskedWrongly(step.notebook.name, [f"declares no parameter {name!r}" for name in unknown], f"It declares {', '.join(sorted(known))}.")


def as_parameter(data: Path, folder: Path = NOTEBOOKS) -> str:
    """Give the data folder as a notebook writes it: from the notebooks' own folder where that can be, so that no machine's path is published."""
    try:
        return Path(os.path.relpath(data.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive
        return data.resolve().as_posix()
