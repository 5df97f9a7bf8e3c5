"""The Strategic Performance Report's own shape: for each theme its actions and progress, key challenges, scorecard and notes."""

from __future__ import annotations

from analysis.markup import Html, joined
from analysis.reports import performance, scorecard, telling
from analysis.reports.report import Report


def each(report: Report) -> list[tuple[str, Html]]:
    """
    Give a section for each theme that has anything: its name, and what stands under it, in the order of the report of source 002.

    What is told under no theme of the register stands last, in a section of its own.
    """
    made = []
    for theme in report.registers.themes.sort_values("order")["theme"]:
        parts = [
            ("Actions and progress", telling.initiatives(report, theme)),
            ("Key challenges", performance.challenges_of(report, theme)),
            ("Scorecard", scorecard.of_theme(report, theme)),
            ("Notes", telling.notes(report, theme)),
        ]
        shown = [_part(theme, heading, content) for heading, content in parts if content]
        if shown:
            made.append((theme, joined(shown)))
    rest = [("Actions and progress", telling.initiatives(report, "")), ("Notes", telling.notes(report, ""))]
    shown = [joined([Html("<h3>{}</h3>").format(heading), content]) for heading, content in rest if content]
    return [*made, ("Under no theme", joined(shown))] if shown else made


def _part(theme: str, heading: str, content: Html) -> Html:
    part = joined([Html("<h3>{}</h3>").format(heading), content])
    return Html('<div class="theme-card" data-theme="{}">{}</div>').format(theme, part) if heading == "Scorecard" else part
