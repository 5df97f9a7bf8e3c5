"""What is made of all notebooks and pages of a quarter together: data, workbook, comparison, description, index, manifest."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.cli.asked import MOST_LINES, line
from analysis.cli.running import Place, apart_from_others, reports_of

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.reports import Report


@dataclass(frozen=True)
class Finished:
    """A quarter that is whole: what is said of it, and whether something of it is held."""

    said: tuple[str, ...]
    held: bool


def data(place: Place) -> None:
    """Write what is made of the frames alone: the tables, what changed since the quarter before, and the workbook of them."""
    from analysis.reports import difference, pack, publication

    everything, _ = reports_of(place)
    tables = publication.tables(everything)
    tables["changes"] = difference.since_before(everything)
    publication.write_data(tables, place.folder / "data")
    pack.write(everything, tables, place.folder)
    _kept(place).write_bytes(pickle.dumps(tables))


def _kept(place: Place) -> Path:
    """Give where the tables are kept for what is made of tables and pages together."""
    return place.folder / ".tables"


def finish(place: Place, parameters: dict[str, str]) -> Finished:
    """Write what is made of pages and tables: the proof that they agree, the manifest, what changed since the last run, the description, the index."""
    from analysis import reports
    from analysis.reports import datapackage, difference, index_page, publication

    everything, each = reports_of(place)
    folder = place.folder
    tables = pickle.loads(_kept(place).read_bytes())  # noqa: S301 - of this run
    _kept(place).unlink()
    shown = {report.audience.name: (folder / f"{apart_from_others(report)}{report.audience.name}.html").read_text(encoding="utf-8") for report in each}
    tied = publication.tied(each, shown, everything, tables)
    rows = {name: len(frame) for name, frame in tables.items()}
    publication.write_manifest(everything, folder, rows, parameters, tied)  # read by the comparison with the last run, and written again after it
    told, since = difference.since_last_run(folder, place.target)
    (folder / "data" / difference.SINCE_LAST_RUN).write_text(told, encoding="utf-8", newline="")
    datapackage.write(everything, folder / "data")
    (folder / "index.html").write_text(index_page.index(everything, reports.audiences(everything.registers), set(shown), folder, since), encoding="utf-8")
    publication.write_manifest(everything, folder, rows, parameters, tied, since)
    return Finished(tuple(_said(everything)), bool(len(everything.held)))


def _said(everything: Report) -> list[str]:
    """Give what is said at the end of a run: what to sign, and what is held."""
    held = everything.held
    said = [f"inputs {everything.inputs}, for data/reference/sign_offs.csv"]
    said += [f"held: {line(issue)}" for issue in held.head(MOST_LINES).to_dict("records")]
    more = len(held) - MOST_LINES
    return [*said, f"and {more} more: data/issues.csv beside it, or workbook check {everything.quarter}"] if more > 0 else said
