"""What the notebooks compute, run in this very process without what they show: how an analyst sees a changed return in a second."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from analysis.workbook.notebooks import code_of, discover, planned


def run_here(quarter: str, data: str | Path) -> None:
    """
    Run the code of all notebooks but the report for a quarter, so that their frames are what the returns give now.

    A cell that only shows a section of a report makes nothing, and is passed over; all others are run as they stand, with the quarter and the data folder
    in place of the parameters.

    Args:
        quarter: its key.
        data: the folder that holds raw/ and reference/.

    Raises:
        AskedWrongly: what a notebook itself says.
    """
    steps, _ = planned(discover())
    for step in steps:
        _run(step.path, {"quarter": quarter, "data": str(data)})


def _run(notebook: Path, parameters: dict[str, str]) -> None:
    names: dict[str, Any] = {"__name__": "__main__"}
    for number, (source, is_parameters) in enumerate(code_of(notebook), start=1):
        tree = ast.parse(source, f"{notebook.name}, cell {number}")
        if is_parameters:
            names |= parameters
        elif not all(_only_shows(line) for line in tree.body):
            exec(compile(tree, f"{notebook.name}, cell {number}", "exec"), names)  # noqa: S102 - the workbook's own notebooks


def _only_shows(line: ast.stmt) -> bool:
    """Say whether a line is a bare call of something in the room `reports`."""
    call = line.value if isinstance(line, ast.Expr) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) and call.func.value.id == "reports"
