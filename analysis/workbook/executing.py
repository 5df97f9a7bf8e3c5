"""One notebook through papermill: executed whole, or told where it stopped."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import NotebookFailed
from analysis.workbook.notebooks import Step, check_parameters

if TYPE_CHECKING:
    from analysis.workbook.kernels import Kernels

_TIMES = ("start_time", "end_time", "duration")


def ready() -> None:
    """Compile the schemas of notebooks, which serve every notebook of this process."""
    import nbformat

    empty = nbformat.v4.new_notebook()
    for relaxed in (True, False):
        nbformat.validate(empty, relax_add_props=relaxed)


def execute(step: Step, folder: Path, kernels: Kernels | None = None) -> Any:
    """
    Execute one notebook through papermill, keep it in *folder*, and give it; it counts as run only if every one of its cells did.

    Args:
        step: what to run.
        folder: where the executed notebook is kept, also one that fails.
        kernels: what gives a kernel to run it in; None to run it in this process, which is then fit for no other notebook, and stands in the
            notebook's folder meanwhile.

    Raises:
        NotebookFailed: it stopped before its end.
        AskedWrongly: it declares no such parameter.
    """
    import nbformat
    import papermill
    from papermill.exceptions import PapermillExecutionError

    check_parameters(step)
    here = Path.cwd()
    folder.mkdir(parents=True, exist_ok=True)
    result = folder.resolve() / f"{step.name}.ipynb"
    try:
        executed = papermill.execute_notebook(
            str(step.notebook), str(result), step.parameters, progress_bar=False, log_output=False, autosave_cell_every=0, **_how(step, kernels)
        )
    except PapermillExecutionError as fault:
        told = [f"{fault.ename}: {fault.evalue}" if fault.ename != "AskedWrongly" else str(fault.evalue)]
        raise NotebookFailed(_where(step, result), told, f"The notebook as far as it ran: {result}") from None
    except Exception as fault:  # noqa: BLE001 - the kernel died, or never started
        first = (str(fault).strip().splitlines() or ["no message"])[0]
        raise NotebookFailed(step.notebook.name, [f"{type(fault).__name__}: {first}"], "Run it in JupyterLab to see where it stops.") from None
    finally:
        if kernels is None:
            os.chdir(here)
    _check_whole(executed, step, result)
    nbformat.write(_settled(executed), result)
    return executed


def _how(step: Step, kernels: Kernels | None) -> dict[str, Any]:
    """
    Give what papermill is told of where to run.

    A kernel starts in the notebook's folder, as it does by hand. papermill's own `cwd` would move this whole process, and with it the other
    notebooks that run beside this one; where there are none, the process itself goes there.
    """
    if kernels is None:
        from analysis.workbook import shell

        os.chdir(step.notebook.parent)
        return {"engine_name": shell.NAME}
    from analysis.workbook.kernels import NAME

    return {"engine_name": NAME, "kernels": kernels, "record_timing": False}


def _where(step: Step, result: Path) -> str:
    """Name the notebook and the heading above the cell that failed."""
    import nbformat

    heading = ""
    for cell in nbformat.read(result, as_version=4).cells:
        if any(output.output_type == "error" for output in cell.get("outputs", [])):
            break
        if cell.cell_type == "markdown" and (match := re.match(r"#+ (.*)", cell.source)) and "papermill" not in str(cell.metadata.get("tags", "")):
            heading = match[1]
    return f"{step.notebook.name}, under {heading!r}" if heading else step.notebook.name


def _check_whole(executed: Any, step: Step, result: Path) -> None:
    """Refuse a notebook that papermill calls completed although cells were not run: a dead kernel, a time-out, sys.exit."""
    code = [cell for cell in executed.cells if cell.cell_type == "code" and cell.source.strip()]
    pending = sum(cell.execution_count is None for cell in code)
    errors = [output for cell in code for output in cell.outputs if output.output_type == "error"]
    if pending or errors:
        problem = f"{pending} of its {len(code)} cells did not run" if pending else f"{errors[0].ename}: {errors[0].evalue}"
        raise NotebookFailed(step.notebook.name, [problem], f"The notebook as far as it ran: {result}")


def _settled(executed: Any) -> Any:
    """Take out of an executed notebook what differs from run to run: times, and the random id of the injected cell."""
    for name in _TIMES:
        executed.metadata.get("papermill", {}).pop(name, None)
    executed.metadata.get("papermill", {}).pop("output_path", None)
    executed.metadata.get("papermill", {}).pop("input_path", None)
    for number, cell in enumerate(executed.cells):
        for name in (*_TIMES, "status", "exception"):
            cell.metadata.get("papermill", {}).pop(name, None)
        cell.metadata.pop("execution", None)
        cell["id"] = f"cell-{number:02d}"
    return executed
