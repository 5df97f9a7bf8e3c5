"""What changed since an earlier quarter, or since an edition that was published."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from analysis import changes, quarters
from analysis.changes import Edition
from analysis.questions.answer import Answer
from analysis.questions.opened import opened
from analysis.reports import Report, difference


def changed(since: str | Path = "", quarter: str = "", data: str | Path = "", audience: str = "") -> Answer:
    """
    Say what differs from an earlier quarter, or from a published folder, figure by figure and step by step, each with its cause.

    Args:
        since: a quarter, or the path of a published folder, such as outputs/2016-17-Q2; the quarter before where left out.
        quarter, data, audience: as for `why`.

    Returns:
        Rows of the `CHANGES` contract, what matters most first to read: bands that moved, headline counts, the rest as they come. Totals of grant are
        left out: only publishing adds them up; `workbook diff` compares them between published folders.

    Raises:
        AskedWrongly: the quarter was not run; or the folder is none that was published.
    """
    report = opened(quarter, data, audience)
    earlier = quarters.parse(str(since)) if since else quarters.previous(report.quarter)
    if earlier:
        found, named = difference.since_quarter(report, earlier), quarters.label(earlier)
    else:
        (before,) = changes.open_editions([Path(since)], report.registers.policies)
        found, named = changes.between(_alike(before, report), difference.edition(report)), str(since)
    found = found.sort_values("part", key=lambda parts: parts.map(_ORDER).fillna(len(_ORDER)), kind="stable")
    about = f"{quarters.label(report.quarter)} after {named}: " + (f"{len(found)} steps" if len(found) else "nothing differs")
    columns = ["figure", "part", "before", "after", "cause", "words", *(name for name in found if name not in _FIRST)]
    return Answer(found[columns].to_dict("records"), columns, about=about, source="the figures as the notebooks left them")


def _alike(before: Edition, report: Report) -> Edition:
    """Give a published edition with what a report in the making holds as well: the awards of the quarters that it shows, and no totals yet."""
    now = difference.edition(report)
    shown = set(report.latest("spend")["quarter"]) | {before.quarter}
    return replace(before, awards=before.awards[before.awards["quarter"].isin(shown)].reset_index(drop=True), totals=now.totals)


_ORDER = {"band": 0, changes.PART: 1}
_FIRST = ("figure", "part", "before", "after", "cause", "words")
