"""A notebook and a page of one quarter, each made by whichever process is asked; it finds in the quarter's folders what earlier ones left there."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.reports import Report
    from analysis.workbook import Step
    from analysis.workbook.kernels import Kernels


@dataclass(frozen=True)
class Place:
    """
    Where a quarter is made.

    Attributes:
        data: the folder that holds raw/ and reference/.
        quarter: the quarter reported.
        folder: where it is built.
        target: where it is published.
    """

    data: Path
    quarter: str
    folder: Path
    target: Path

    @property
    def notebooks(self) -> Path:
        """Where the executed notebooks are kept."""
        return self.folder / "notebooks"


@dataclass(frozen=True)
class Executed:
    """A notebook that ran: how long it took, in seconds, the frames that it wrote, and the files that it published."""

    seconds: float
    frames: tuple[str, ...] | None
    files: tuple[str, ...]


def ready() -> None:
    """Make what every notebook and page would otherwise make for itself: fonts known, templates and schemas compiled."""
    from analysis import workbook
    from analysis.charts import drawing
    from analysis.reports import page as pages

    drawing.know_fonts()
    pages.ready()
    workbook.ready()


def check_registers(data: Path) -> None:
    """
    Look at the registers before any notebook starts.

    Raises:
        RegisterError: one contradicts itself.
    """
    from analysis import reference, returns

    returns.accepted_headings(reference.load(data).headings)


def notebook(place: Place, step: Step, kernels: Kernels | None = None) -> Executed:
    """Execute a notebook; the frames that it wrote are known where it ran in this process."""
    from analysis import store, workbook

    started = time.monotonic()
    before = store.written()
    workbook.execute(step, place.notebooks, kernels)
    wrote = None if kernels else store.written()[len(before) :]
    return Executed(time.monotonic() - started, wrote, (f"notebooks/{step.name}.ipynb",))


def wanted(place: Place) -> list[str]:
    """Give the name of every audience that has something to be told, in the order of the register."""
    return [report.audience.name for report in reports_of(place)[1]]


@lru_cache(maxsize=2)
def reports_of(place: Place) -> tuple[Report, list[Report]]:
    """Give the report that is open to everyone, and that of each audience that has something to be told; once all notebooks but the pages have run."""
    from analysis import reports, store

    stored = store.read_all(place.data, place.quarter)
    everything = reports.open_report(place.quarter, place.data, stored)
    each = (reports.open_report(place.quarter, place.data, stored, audience.name) for audience in reports.audiences(everything.registers))
    return everything, [report for report in each if reports.has_something(report)]


def page(place: Place, step: Step, audience: str, kernels: Kernels | None = None) -> Executed:
    """Execute the report for an audience, and put its page and its notebook where that audience's belong."""
    from analysis import reports, workbook
    from analysis.reports import page as pages
    from analysis.reports import publication

    started = time.monotonic()
    executed = workbook.execute(step, place.notebooks, kernels)
    report = next(report for report in reports_of(place)[1] if report.audience.name == audience)
    publication.put(place.folder, place.notebooks / f"{step.name}.ipynb", pages.render(executed, report, reports.title(report)), report)
    apart = apart_from_others(report)
    return Executed(time.monotonic() - started, (), (f"{apart}{audience}.html", f"{apart or 'notebooks/'}{step.name}.ipynb"))


def apart_from_others(report: Report) -> str:
    """Give the folder in which a page with figures that others must not see stands; nothing for any other page."""
    from analysis import disclosure
    from analysis.reports.publication import APART

    return f"{APART}/" if disclosure.stands_apart(report.registers, report.audience.name) else ""


def notebook_pages(place: Place, names: list[str]) -> None:
    """Give each executed notebook a page of its own, once it is known whether the quarter is provisional."""
    import nbformat

    from analysis.reports import page as pages

    everything, _ = reports_of(place)
    for name in names:
        executed = nbformat.read(place.notebooks / f"{name}.ipynb", as_version=4)
        (place.notebooks / f"{name}.html").write_text(pages.render(executed, everything), encoding="utf-8")
