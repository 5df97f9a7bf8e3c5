"""What the notebooks compute, run in this very process without what they show: how an analyst sees a changed return in a second."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from analysis.errors import AskedWrongly
from analysis.workbook.notebooks import Planned, code_of, discover, planned


def run_here(quarter: str, data: str | Path, until: str = "") -> None:
    """
    Run the code of the notebooks for a quarter, so that their frames are what the returns give now.

    A cell that only shows a section of a report makes nothing, and is passed over; all others are run as they stand, with the quarter and the data folder
    in place of the parameters.

    Args:
        quarter: its key.
        data: the folder that holds raw/ and reference/.
        until: the name of the last notebook, such as "03_performance", which is run after those that it needs; all but the report where left out.

    Raises:
        AskedWrongly: there is no such notebook; or what a notebook itself says.
    """
    steps, _ = planned(discover())
    names = [step.path.stem for step in steps]
    if until and until not in names:
        raise AskedWrongly(until, ["is no notebook that makes frames"], f"There are {', '.join(names)}.")
    wanted = _needed(steps, until) if until else set(names)
    for step in steps:
        if step.path.stem in wanted:
            _run(step.path, {"quarter": quarter, "data": str(data)})


def _needed(steps: list[Planned], name: str) -> set[str]:
    """Give a notebook and those that it runs after, however far back."""
    after = {step.path.stem: step.after for step in steps}
    found: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        waiting += [before for before in after[one] if before not in found]
        found.add(one)
    return found


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
