"""Sections about the returns themselves: what came, what became of each cell, what is missing, issues, receipts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis import quarters, tables
from analysis.markup import Html, joined
from analysis.reports.report import Report
from analysis.reports.wording import begin, count, lead, verb
from analysis.tables import NUMBERS, Column
from analysis.vocabulary import Outcome, Severity


def coverage(report: Report) -> Html:
    """Show each file with the cells that were used, ignored and quarantined: the three add up to the file."""
    returns = report["returns"]
    if returns.empty:
        return Html("")
    sums = {name: int(returns[name].sum()) for name in ("cells", "used", "ignored", "quarantined")}
    text = f"{count(len(returns), 'file')} with {sums['cells']:,} cells that hold something: "
    text += f"{sums['used']:,} used, {sums['ignored']:,} ignored with a reason and {sums['quarantined']:,} quarantined. "
    adds = sums["used"] + sums["ignored"] + sums["quarantined"] == sums["cells"]
    text += "Nothing is lost: the three add up to the files." if adds else "They do not add up: tell those who keep the workbook."
    columns = [
        Column(
            "file", "File", show=lambda row: Html('<strong>{}</strong><span class="unit">{}</span>').format(row["file"], row["partner"] or "no partner named")
        ),
        Column("forms", "Form", show=lambda row: row["forms"] or "[x]"),
        Column("state", "State", show=lambda row: f"{row['state']}: {row['reason']}" if row["reason"] else row["state"]),
        *(Column(name, label, NUMBERS) for name, label in (("cells", "Cells"), ("used", "Used"), ("ignored", "Ignored"), ("quarantined", "Quarantined"))),
    ]
    shown_frame = returns.assign(group=returns["quarter"].map(quarters.label))
    return joined(
        [
            lead(begin(text)),
            tables.table(
                shown_frame,
                columns,
                caption="Returns read, and what became of their cells",
                source="the files as received",
                row_heading="file",
                group_by="group",
            ),
        ]
    )


def quarantine(report: Report) -> Html:
    """Show every quarantined cell with its reason, and the reasons cells were ignored for."""
    cells = report["cells"]
    kept_back = cells[cells["outcome"] == Outcome.QUARANTINED].reset_index(drop=True)
    ignored = cells[cells["outcome"] == Outcome.IGNORED]
    reasons = "; ".join(f"{reason} ({number})" for reason, number in sorted(ignored["reason"].value_counts().items()))
    text = f"{count(len(kept_back), 'cell')} quarantined. Ignored: {reasons or 'none'}."
    if kept_back.empty:
        return lead(begin(text))
    columns = [Column("file", "File"), Column("sheet", "Sheet"), Column("cell", "Cell"), Column("raw", "As typed"), Column("reason", "Why")]
    return joined(
        [lead(begin(text)), tables.table(kept_back, columns, caption="Cells that could not be used", source="the files as received", row_heading="cell")]
    )


def issues(report: Report) -> Html:
    """Show every issue with its file, sheet and cell, what matters most first."""
    found = report["issues"]
    if found.empty:
        return lead("No issue was found in any return.")
    order = {str(Severity.FAIL): 0, str(Severity.ADVISORY): 1, str(Severity.INFO): 2}
    ordered = found.assign(order=found["severity"].map(order)).sort_values(["order", "quarter", "file", "sheet", "cell"], kind="stable")
    numbers = [int((found["severity"] == severity).sum()) for severity in order]
    text = f"{count(numbers[0], 'failure')} that {verb(numbers[0], 'holds', 'hold')} something back, {count(numbers[1], 'advisory', 'advisories')} and {count(numbers[2], 'note')}."

    def where(row: dict[str, Any]) -> Html:
        place = ", ".join(
            part
            for part in (
                f"sheet {row['sheet']}" if row["sheet"] else "",
                f"cell {row['cell']}" if row["cell"] and ":" not in row["cell"] else f"row {row['cell'].partition(':')[0]}" if row["cell"] else "",
            )
            if part
        )
        return Html('<strong>{}</strong><span class="unit">{}{}</span>').format(row["file"], quarters.label(row["quarter"]), f" · {place}" if place else "")

    columns = [
        Column(
            "severity",
            "Severity",
            show=lambda row: Html("<strong>{}</strong>").format(row["severity"]) if row["severity"] == Severity.FAIL else row["severity"],
        ),
        Column("file", "Where", show=where),
        Column("message", "What was found, and what to do"),
        Column("as_typed", "As typed"),
    ]
    return joined(
        [
            lead(begin(text)),
            tables.table(ordered, columns, caption="Issues found in the returns", source="reading, cleansing and expectations", row_heading="file"),
        ]
    )


def gaps(report: Report) -> pd.DataFrame:
    """Give what is asked for and not there, of this quarter; of the one before too where that is reported late."""
    found = report["missing"]
    told_late = (found["quarter"] == quarters.previous(report.quarter)) & found["what"].isin(["data", "return", "award"])
    return found[(found["quarter"] == report.quarter) | told_late].reset_index(drop=True)


def missing(report: Report) -> Html:
    """List by name what is owed and not there."""
    found = gaps(report)
    if found.empty or report["returns"].empty:
        return Html("")
    columns = [
        Column("name", "What", show=lambda row: Html('<strong>{}</strong><span class="unit">{}</span>').format(row["name"], row["what"])),
        Column("quarter", "Quarter", show=lambda row: quarters.label(row["quarter"])),
        Column("partner", "Partner", show=lambda row: row["partner"] or "[x]"),
        Column("state", "State"),
    ]
    return joined(
        [
            lead(begin(f"{count(len(found), 'thing')} asked for and not there.")),
            tables.table(found, columns, caption="Missing data, by name", source="returns and registers", row_heading="name"),
        ]
    )
