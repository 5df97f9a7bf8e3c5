"""Sections in words: actions from earlier meetings, and each section of the narrative returns."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from analysis import frames, quarters, tables
from analysis.markup import Html, joined, paragraphs
from analysis.reports.group import plain
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


def initiatives(report: Report, theme: str | None = None) -> Html:
    """Show key projects and initiatives as actions with their progress: of one theme, of none of the register's where blank, or of all."""
    rows = report.narrative("initiative")
    rows = rows if theme is None else _under(report, rows, theme)
    if rows.empty:
        return Html("")
    caption = " ".join(filter(None, (f"{theme}: actions and progress," if theme else "Actions and progress,", quarters.label(report.quarter))))
    columns = [
        Column("subject", "Action", show=lambda row: row["subject"] or "[x]"),
        Column("text", "Progress", show=lambda row: paragraphs(row["text"]) or "[x] nothing was reported"),
    ]
    together = "" if theme or rows["group_or_theme"].eq("").all() else "group_or_theme"
    return tables.table(rows, columns, caption=caption, source="narrative returns", row_heading="subject", group_by=together, kind="initiatives")


def notes(report: Report, theme: str) -> Html:
    """Show the notes of a theme, or of none of the register's where blank, that do not stand under its scorecard."""
    rows = _under(report, report.narrative("note"), theme)
    rows = rows[~rows["text"].str.startswith("Note ")] if theme in set(report.now("scores")["theme"]) else rows
    return joined([_entry(row, "h4") for row in frames.rows(rows)])


def _under(report: Report, rows: pd.DataFrame, theme: str) -> pd.DataFrame:
    """Give the rows under a theme, however it is written; where it is blank, those under no theme of the register."""
    known = {plain(name) for name in report.registers.themes["theme"]}
    under = rows["group_or_theme"].map(plain)
    return rows[under == plain(theme)] if theme else rows[~under.isin(known)]


def telling(section: str, discuss: str = "") -> Callable[[Report], Html]:
    """
    Give the function that shows one section of the narrative, by group or theme; text is escaped, never run.

    Args:
        section: the section of the narrative return.
        discuss: "yes" for what is marked for discussion alone; "no" for the rest, where the audience has a section for that; all where blank.
    """

    def show(report: Report) -> Html:
        rows = report.narrative(section)
        rows = rows[~rows["text"].str.startswith("Note ")] if section == "note" else rows
        marked = rows["for_discussion"].str.casefold() == "yes"
        rows = rows[marked] if discuss == "yes" else rows[~marked] if discuss == "no" and "for discussion" in report.audience.sections else rows
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
