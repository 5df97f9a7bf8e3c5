"""Where figures came from: the receipts of a page, and the way back from each cell to what it feeds."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import pandas as pd

from analysis import frames, quarters, tables
from analysis.markup import Html, joined
from analysis.receipts import anchor
from analysis.reports import headlines
from analysis.reports.report import Report
from analysis.reports.wording import begin, count, lead, verb
from analysis.tables import Column

_LINKED = re.compile(r'href="#(receipt-[^"]+)"')


def receipts(report: Report, shown: str) -> Html:
    """
    Show where each figure of the page came from: file, sheet, cell, as typed, how read, what was repaired, which rule, who sent it.

    Args:
        report: the report.
        shown: the rest of the page: what it links to gets a receipt, and nothing else does.
    """
    linked = set(_LINKED.findall(shown))
    made = [row for row in frames.rows(headlines.headlines(report)) if anchor(row["figure_id"], "value") in linked]
    known = {(row["figure_id"], row["part"]): row for row in frames.rows(report.receipts)}
    figures = {figure_id for figure_id, part in known if anchor(figure_id, part) in linked}
    wanted = {(figure_id, part) for figure_id, part in known if anchor(figure_id, part) in linked or (figure_id in figures and part in _TOGETHER)}
    found = report.receipts
    found = found[[key in wanted for key in zip(found["figure_id"], found["part"], strict=True)]].reset_index(drop=True)
    if found.empty and not made:
        return Html("")
    return joined([_counted(made, wanted, known), _typed(found)])


_TOGETHER = ("target", "actual", "published_status")
"""The parts of a measure, which one receipt shows together."""


def _counted(made: list[dict[str, Any]], wanted: set[tuple[str, str]], known: dict[tuple[str, str], dict[str, Any]]) -> Html:
    if not made:
        return Html("")

    def parts(row: dict[str, Any]) -> Html | str:
        named = [tuple(part.rsplit("/", 1)) for part in row["made_of"].split()]
        if not named:
            return "the rows of its section"
        links = [
            Html('<a href="#{}">{}</a>').format(anchor(*part), known[part]["what"].removesuffix(" actual"))
            if part in wanted
            else Html("{}").format(part[0].partition(".")[2])
            for part in named
        ]
        return Html("<details><summary>{}</summary>{}</details>").format(count(len(named), "figure"), Html(", ").join(links))

    columns = [Column("what", "Figure"), Column("shown", "Is"), Column("how", "Counted or summed from"), Column("made_of", "Made of", show=parts)]
    frame = pd.DataFrame(made, dtype=object).assign(row_id=[anchor(row["figure_id"], "value") for row in made])
    return joined(
        [
            lead(
                begin(f"{count(len(made), 'headline figure')} {verb(len(made), 'is', 'are')} counted or summed from others, each of which has its own receipt.")
            ),
            tables.table(frame, columns, caption="Headline figures", source="the figures named", row_heading="what", kind="receipts headlines"),
        ]
    )


def _typed(found: pd.DataFrame) -> Html:
    if found.empty:
        return Html("")
    columns = [
        Column("what", "Figure"),
        Column("file", "Where", show=_where),
        Column("as_typed", "As typed", show=lambda row: row["as_typed"] or "(blank)"),
        Column("read_as", "Read as"),
        Column("repairs", "Repaired", show=lambda row: row["repairs"] or "no"),
        Column("rule", "Made of it"),
        Column("sent_by", "Sent by", show=lambda row: row["sent_by"] or "no partner named"),
    ]
    frame = found.assign(
        row_id=[anchor(figure_id, part) for figure_id, part in zip(found["figure_id"], found["part"], strict=True)],
        row_figure=found["figure_id"].where(found["part"].isin(_TOGETHER), ""),
    )
    files = {(row["quarter"], row["file"]): row["sha256"] for row in frames.rows(found)}
    notes = [f"{file} ({quarters.label(quarter)}): SHA-256 {sha256}" for (quarter, file), sha256 in sorted(files.items())]
    text = f"Where each figure came from: {count(len(found), 'cell')}, as they were typed."
    return joined(
        [lead(text), tables.table(frame, columns, caption="Receipts", source="the files as received", row_heading="what", notes=notes, kind="receipts")]
    )


def _where(row: dict[str, Any]) -> str:
    """Say which cell of which sheet of which file."""
    return f"{row['quarter']}/{row['file']}, {row['sheet'] + ', ' if row['sheet'] else ''}{row['cell']}"


def feeds(report: Report) -> Html:
    """Show the way back: each cell of the quarter's returns that feeds a figure, with every figure it feeds, and the headlines those are part of."""
    found = report.receipts
    found = found[found["quarter"].isin({report.quarter, *report.latest("spend")["quarter"]})]
    if found.empty:
        return Html("")
    above = defaultdict(list)
    for row in frames.rows(headlines.headlines(report)):
        for part in row["made_of"].split():
            above[part].append(row["name"])
    cells: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in frames.rows(found):
        place = (row["quarter"], row["file"], row["sheet"], row["cell"])
        cell = cells.setdefault(
            place, {"place": ", ".join(filter(None, (row["sheet"], row["cell"]))), "as_typed": row["as_typed"], "feeds": [], "file": _of(row)}
        )
        cell["feeds"].append(Html('{} <span class="unit">{}</span>').format(row["what"], ", ".join(above.get(f"{row['figure_id']}/{row['part']}", []))))
    columns = [
        Column("place", "Cell"),
        Column("as_typed", "As typed", show=lambda row: row["as_typed"] or "(blank)"),
        Column("feeds", "Feeds", show=lambda row: joined(row["feeds"])),
    ]
    frame = pd.DataFrame(cells.values(), dtype=object)
    text = f"{begin(count(len(cells), 'cell'))} {verb(len(cells), 'feeds', 'feed')} a figure. Under each figure stand the headline figures that it is counted in. The command workbook explain FILE:CELL says the same of one cell."
    notes = ["Cells that feed no figure hold words, headings or facts of agreements; what became of each is in cells.csv."]
    caption = f"From each cell to the figures it feeds, {quarters.label(report.quarter)}"
    return joined(
        [
            lead(text),
            tables.table(frame, columns, caption=caption, source="the files as received", row_heading="place", group_by="file", notes=notes, kind="feeds"),
        ]
    )


def _of(row: dict[str, Any]) -> str:
    return f"{row['quarter']}/{row['file']}"
