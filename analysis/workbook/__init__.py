"""Which notebooks there are, which waits for which, with which parameters; and one of them executed. The only door to papermill."""

from __future__ import annotations

from analysis.workbook.executing import execute, ready
from analysis.workbook.here import run_here
from analysis.workbook.notebooks import NOTEBOOKS, Planned, Step, as_parameter, check_parameters, declared, discover, planned

__all__ = ["NOTEBOOKS", "Planned", "Step", "as_parameter", "check_parameters", "declared", "discover", "execute", "planned", "ready", "run_here"]
