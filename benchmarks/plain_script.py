"""
The same work as one plain script: what an analyst would write who wanted the quarter's pages, and no notebooks, no kernels, no reuse.

    python -m benchmarks.plain_script QUARTER DATA OUTPUTS

The code cells of the notebooks run one after another in this process; what each shows goes through the same template and gate, and the data, the
workbook, the comparison and the index are written by the same functions. It leaves out only what papermill records.
"""

from __future__ import annotations

import ast
import json
import os
import sys
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis import reports, workbook
from analysis.cli import making, running
from analysis.reports import page, publication


def ran(notebook: Path, parameters: dict[str, str]) -> Any:
    """Run the code cells of a notebook as a script, and give a notebook of what they show."""
    cells, names = [], {"__name__": "__main__"}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            cells.append(new_markdown_cell(source, metadata=cell["metadata"]))
            continue
        body = ast.parse(source).body
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), notebook.name, "exec"), names)  # noqa: S102 - the notebooks of this project
        names |= parameters if "parameters" in cell["metadata"].get("tags", []) else {}
        shown = eval(compile(ast.Expression(last.value), notebook.name, "eval"), names) if last else None  # noqa: S307 - as above
        outputs = [] if shown is None else [new_output("execute_result", data={"text/html": str(shown)}, execution_count=1)]
        cells.append(new_code_cell(source, outputs=outputs, metadata=cell["metadata"], execution_count=1))
    return new_notebook(cells=cells)


def main(quarter: str, data: Path, outputs: Path) -> None:
    """Publish a quarter."""
    steps, pages = workbook.planned(workbook.discover())
    place = running.Place(data, quarter, outputs / quarter, outputs / f"{quarter} before")
    place.notebooks.mkdir(parents=True)
    os.chdir(workbook.NOTEBOOKS)
    parameters = {"quarter": quarter, "data": workbook.as_parameter(data)}
    executed = [(step.path.stem, ran(step.path, parameters)) for step in steps]
    everything, each = running.reports_of(place)
    for report in each:
        name = report.audience.name
        made = page.render(ran(pages.path, parameters | {"audience": name}), report, reports.title(report))
        (place.notebooks / f"{name}.ipynb").touch()
        publication.put(place.folder, place.notebooks / f"{name}.ipynb", made, report)
    for name, notebook in executed:
        (place.notebooks / f"{name}.html").write_text(page.render(notebook, everything), encoding="utf-8")
    making.data(place)
    making.finish(place, parameters)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]).resolve(), Path(sys.argv[3]).resolve())
