"""What changed: since the quarter before, and since the last run, each difference with its cause."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import changes, frames, quarters, tables
from analysis.changes import Edition
from analysis.errors import AskedWrongly
from analysis.markup import Html, joined
from analysis.reports import publication
from analysis.reports.report import Report
from analysis.reports.wording import begin, count, lead, listed, verb
from analysis.tables import NUMBERS, Column

_MOST_SAID = 12
"""So many sentences stand on the index page; the rest are in since_last_run.csv."""


def since_before(report: Report) -> pd.DataFrame:
    """
    Give what differs between this quarter's report and that of the quarter before, each with the grant return that it shows: grant is reported late.

    Returns:
        Frame of the `CHANGES` contract; empty where the quarter before has no figures.
    """
    return since_quarter(report, quarters.previous(report.quarter))


def since_quarter(report: Report, quarter: str) -> pd.DataFrame:
    """Give the same for any earlier quarter that the report is compared with."""
    earlier = replace(report, quarter=quarter)
    if earlier.now("scores").empty and earlier.latest("spend").empty:
        return frames.make([], frames.CHANGES)
    return changes.between(edition(earlier), edition(report))


def edition(report: Report) -> Edition:
    """Give a quarter's report as if it had been published by itself, by the same registers and the same code."""
    awards = publication.awards(report)
    inputs = {(row["quarter"], row["file"]): row["sha256"] for row in frames.rows(report.history("returns"))}
    shown = set(report.latest("spend")["quarter"])
    return Edition(
        name=quarters.label(report.quarter), quarter=report.quarter, versions={}, registers=report.registers.fingerprints, inputs=inputs,
        scores=publication.scorecard(report),
        awards=awards[awards["quarter"].isin(shown)].reset_index(drop=True), monthly=publication.months(report),
        totals=pd.DataFrame(columns=list(publication.TOTALS), dtype=object), receipts=report.receipts, forecasts=report["forecasts"], policies=report.registers.policies, own_policies=True,
    )  # fmt: skip


def since(report: Report) -> Html:
    """Show what differs from the quarter before: the bridge of the headline counts, and every band that moved, with causes."""
    found = since_before(report)
    if found.empty:
        return Html("")
    before = quarters.label(quarters.previous(report.quarter))
    own = found[found["part"] != changes.PART]
    figures, causes = own[["what", "figure", "part"]].drop_duplicates(), own["cause"].value_counts()
    text = f"{begin(count(len(figures), 'figure'))} {verb(len(figures), 'differs', 'differ')} from {before}. "
    text += f"Steps by cause: {listed([f'{cause} ({number})' for cause, number in sorted(causes.items(), key=lambda item: (-item[1], item[0]))])}. "
    text += "Not every difference is explained." if changes.residual(found) else "Every difference is explained."
    return joined([lead(text), _bridge(found, before), _bands(found, before, report)])


_STEP = (Column("cause", "Cause"), Column("effect", "Adds", NUMBERS, show=lambda row: "[z]" if row["effect"] is None else _signed(row)))


def _signed(row: dict[str, Any]) -> str:
    """Give what a step adds to a headline, with its sign and as the headline itself is shown: pounds as pounds."""
    return f"{'+' if row['effect'] > 0 else ''}{changes.as_shown(row['figure'], row['effect'])}"


def _bridge(found: pd.DataFrame, before: str) -> Html:
    counts = found[found["part"] == changes.PART]
    if counts.empty:
        return Html("")
    columns = [Column("figure", "Count", show=lambda row: begin(row["figure"])), Column("before", "Before", NUMBERS), *_STEP, Column("after", "After", NUMBERS)]
    note = "Each row is one step: what stood before it, what its cause adds, and what stands after it."
    return tables.table(
        counts,
        columns,
        caption=f"Headline counts since {before}, step by step",
        source="this quarter's figures and the quarter before's",
        row_heading="figure",
        notes=[note],
    )


def _bands(found: pd.DataFrame, before: str, report: Report) -> Html:
    steps = found[(found["part"] == "band") & (found["before"] != "") & (found["after"] != "")]
    titles = report.registers.measures.set_index("measure_id")["measure"].to_dict()
    moved, now = [], quarters.label(report.quarter)
    for figure, of in steps.groupby("figure", sort=False):
        effects = of["effect"].tolist()
        causes = [words.partition("Cause: ")[2].strip().removesuffix(".").removesuffix(f" ({now} after {before})") for words in of["words"]]
        row = {"figure": str(figure).removesuffix(" band"), "before": of["before"].iloc[0], "after": of["after"].iloc[-1], "causes": "; then ".join(causes)}
        moved.append(row | {"order": (None in effects, sum(effects) if None not in effects else 0)})
    if not moved:
        return Html("")

    def measure(row: dict[str, Any]) -> Html:
        return Html('<strong>{}</strong><span class="unit">{}</span>').format(titles.get(row["figure"], row["figure"]), row["figure"])

    columns = [
        Column("figure", "Measure", show=measure),
        Column("before", "Before", show=lambda row: tables.badge(row["before"])),
        Column("after", "Now", show=lambda row: tables.badge(row["after"])),
        Column("causes", "Cause"),
    ]
    frame = pd.DataFrame(sorted(moved, key=lambda row: row["order"]), dtype=object)
    caption = f"Bands that moved since {before}, those that fell furthest first"
    return tables.table(frame, columns, caption=caption, source="bands worked out again step by step", row_heading="figure", kind="exceptions")


def since_last_run(folder: Path, last: Path) -> tuple[str, list[str]]:
    """
    Give what differs between the folder being published and the one published last, as CSV and in words.

    Args:
        folder: the new folder, with its data and its manifest.
        last: the published folder that it will replace; there may be none.

    Returns:
        The text of `since_last_run.csv`, rows of the `CHANGES` contract, and sentences, what matters most first. With nothing different, what
        the last run said of the run before it, so that running again changes nothing.
    """
    nothing = publication.as_csv(frames.make([], frames.CHANGES))
    if not last.is_dir():
        return nothing, []
    (after,) = changes.open_editions([folder])
    try:
        (before,) = changes.open_editions([last])
    except AskedWrongly as fault:
        return nothing, [f"{publication.NOT_COMPARED}: {fault.problems[0].replace(str(last), 'its folder')}."]
    if any("[c]" in set(edition.scores["actual_raw"]) for edition in (before, after)):
        return nothing, [HELD_BACK]
    found = changes.between(before, after)
    kept = last / "data" / SINCE_LAST_RUN
    if found.empty:
        return kept.read_text(encoding="utf-8") if kept.is_file() else nothing, publication.said_before(last)
    said = changes.in_words(found)
    more = len(said) - _MOST_SAID
    return publication.as_csv(found), [*said[:_MOST_SAID], *([f"And {count(more, 'more difference')}: data/{SINCE_LAST_RUN}."] if more > 0 else [])]


SINCE_LAST_RUN = "since_last_run.csv"
HELD_BACK = "Small numbers are held back in this quarter, so what changed is not said here, where it would give them away."
