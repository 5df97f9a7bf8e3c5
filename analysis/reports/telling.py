"""Sections in words: actions from earlier meetings, and each section of the narrative returns."""

from __future__ import annotations

from collections.abc import Callable

from analysis import frames, quarters, tables
from analysis.markup import Html, joined, paragraphs
from analysis.reports.report import Report
from analysis.reports.wording import begin, count, lead
from analysis.tables import Column


def actions(report: Report) -> Html:
    """Show the actions agreed at earlier meetings, with their owners and outcomes."""
    now = report.now("actions")
    if now.empty:
        return Html("")
    columns = [
        Column("date", "Agreed"),
        Column("action", "Action"),
        Column("owner", "Owner"),
        Column("outcome", "Outcome", show=lambda row: paragraphs(row["outcome"]) or "[x]"),
    ]
    text = f"{count(len(now), 'action')} from previous meetings, {count(int((now['outcome'] == '').sum()), 'action')} without an outcome yet."
    return joined(
        [
            lead(begin(text)),
            tables.table(
                now, columns, caption=f"Actions from previous meetings, {quarters.label(report.quarter)}", source="actions return", row_heading="action"
            ),
        ]
    )


def telling(section: str) -> Callable[[Report], Html]:
    """Give the function that shows one section of the narrative, by group or theme; text is escaped, never run."""

    def show(report: Report) -> Html:
        rows = report.narrative(section)
        rows = rows[~rows["text"].str.startswith("Note ")] if section == "note" else rows
        if rows.empty:
            return Html("")
        reported = rows["quarter"].iloc[0]
        parts = [lead(f"As reported for {quarters.label(reported)}.")] if reported != report.quarter else []
        for group, of_group in rows.groupby("group_or_theme", sort=False):
            under_group = bool(group) and not report.audience.group
            if under_group:
                parts.append(Html("<h3>{}</h3>").format(group))
            level = "h4" if under_group else "h3"
            parts.append(Html('<div class="telling">{}</div>').format(joined([_entry(row, level) for row in frames.rows(of_group)])))
        return joined(parts)

    return show


def _entry(row: dict[str, str], level: str) -> Html:
    subject = Html(f"<{level}>{{}}</{level}>").format(row["subject"]) if row["subject"] else ""
    mark = Html('<p class="for-discussion">For discussion</p>') if row["for_discussion"].casefold() == "yes" else ""
    text = paragraphs(row["text"]) or Html("<p>[x] nothing was reported</p>")
    return Html('<div class="entry">{}{}{}</div>').format(subject, mark, text)
