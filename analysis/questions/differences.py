"""What changed since an earlier quarter, or since an edition that was published."""

from __future__ import annotations

from pathlib import Path

from analysis import changes, quarters
from analysis.questions.answer import Answer
from analysis.questions.opened import opened
from analysis.reports import difference


def changed(since: str | Path = "", quarter: str = "", data: str | Path = "", audience: str = "") -> Answer:
    """
    Say what differs from an earlier quarter, or from a published folder, figure by figure and step by step, each with its cause.

    Args:
        since: a quarter, or the path of a published folder, such as outputs/2016-17-Q2; the quarter before where left out.
        quarter, data, audience: as for `why`.

    Returns:
        Rows of the `CHANGES` contract, what matters most first to read: bands that moved, headline counts, the rest as they come.

    Raises:
        AskedWrongly: the quarter was not run; or the folder is none that was published.
    """
    report = opened(quarter, data, audience)
    earlier = quarters.parse(str(since)) if since else quarters.previous(report.quarter)
    if earlier:
        found, named = difference.since_quarter(report, earlier), quarters.label(earlier)
    else:
        (before,) = changes.open_editions([Path(since)], report.registers.policies)
        found, named = changes.between(before, difference.edition(report)), str(since)
    found = found.sort_values("part", key=lambda parts: parts.map(_ORDER).fillna(len(_ORDER)), kind="stable")
    about = f"{quarters.label(report.quarter)} after {named}: " + (f"{len(found)} steps" if len(found) else "nothing differs")
    columns = ["figure", "part", "before", "after", "cause", "words", *(name for name in found if name not in _FIRST)]
    return Answer(found[columns].to_dict("records"), columns, about=about, source="the figures as the notebooks left them")


_ORDER = {"band": 0, changes.PART: 1}
_FIRST = ("figure", "part", "before", "after", "cause", "words")
