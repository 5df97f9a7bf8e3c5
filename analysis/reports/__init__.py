"""Frames -> sections -> one offline accessible page for each audience, the published data, the manifest."""

from __future__ import annotations

from collections.abc import Callable

from analysis import frames
from analysis.errors import AskedWrongly
from analysis.markup import Html, joined, slug
from analysis.reports import (
    control,
    difference,
    evidence,
    findings,
    money,
    owing,
    performance,
    reward,
    scorecard,
    summary,
    telling,
    themes,
    tracing,
    trend,
    trust,
    undertakings,
)
from analysis.reports.report import Audience, Report, audiences, open_report
from analysis.reports.summary import front, title

__all__ = ["SECTIONS", "Audience", "Report", "audiences", "body", "front", "has_something", "open_report", "show", "title"]

SECTIONS: dict[str, tuple[str, Callable[[Report], Html]]] = {
    "summary": ("Summary", summary.summary),
    "exceptions": ("Key challenges", performance.exceptions),
    "scorecards": ("Scorecards", scorecard.scorecards),
    "change": ("What changed", trend.change),
    "signal or noise": ("Signal or noise", trend.variation),
    "forecast": ("Where the year will end", trend.forecast),
    "comparators": ("How others do", trend.comparators),
    "monthly": ("Monthly indicators", performance.monthly),
    "disagreements": ("Figures to check with the owner", performance.disagreements),
    "findings": ("What print says and its figures do not", findings.findings),
    "claim": ("Reward grant: from possible to spent", reward.claim),
    "earned": ("Reward grant: what targets have earned", reward.earned),
    "prospect": ("Performance to pounds", reward.prospect),
    "spend": ("Reward grant: awards and spending", money.spend),
    "outturn": ("Forecast outturn and underspend", money.outturn),
    "ledger": ("Ledger of variations", money.ledger),
    "agreements": ("Agreements", undertakings.agreements),
    "milestones": ("Milestones", undertakings.milestones),
    "outcome measures": ("Outcome measures", undertakings.outcome_measures),
    "grant checks": ("Checks of reward grant", control.grant_checks),
    "sample": ("Sample to test", control.sample),
    "inputs": ("What went in", control.inputs),
    "certification": ("Certification", control.certification),
    "quality": ("How far the figures can be trusted", trust.overview),
    "stages": ("Each return, stage by stage", trust.stages),
    "owed": ("Returns owed", owing.owed),
    "quality checks": ("Checks of figures", trust.checks),
    "grades": ("Grades of figures", trust.grades),
    "replaced": ("Sent again, and revised", owing.replaced),
    "repairs": ("Repairs", trust.repairs),
    "maps": ("Every cell of every sheet", trust.maps),
    "actions": ("Actions from previous meetings", telling.actions),
    "coverage": ("Returns and what became of their cells", evidence.coverage),
    "quarantine": ("Quarantined cells", evidence.quarantine),
    "issues": ("Issues found", evidence.issues),
    "missing": ("Missing data", evidence.missing),
    "since": ("What changed since the quarter before", difference.since),
    "feeds": ("From each cell to what it feeds", tracing.feeds),
    "achievement": ("Achievements", telling.telling("achievement")),
    "for discussion": ("Partnership challenges for discussion", telling.telling("challenge", "yes")),
    "challenge": ("Challenges", telling.telling("challenge", "no")),
    "recommendation": ("Recommendations", telling.telling("recommendation")),
    "decision": ("What is asked of you", telling.telling("decision")),
    "progress": ("Progress", telling.telling("progress")),
    "priority": ("Priorities", telling.telling("priority")),
    "initiative": ("Key projects and initiatives", telling.initiatives),
    "variation": ("Variations", telling.telling("variation")),
    "renegotiation": ("Targets renegotiated", telling.telling("renegotiation")),
    "data quality": ("Data quality", telling.telling("data quality")),
    "risk": ("Risk", telling.telling("risk")),
    "joint analysis group": ("Joint Analysis Group", telling.telling("joint analysis group")),
    "agenda": ("Topics suggested", telling.telling("agenda")),
    "membership": ("Membership", telling.telling("membership")),
    "background": ("Background", telling.telling("background")),
    "note": ("Notes", telling.telling("note")),
}
"""Every section a report can hold but those of `EACH` and the receipts: name -> its heading and the function that shows it (nothing where it has nothing to say)."""
WHEN_OVER = {"forecast": "How the year ended"}
"""Headings of sections that tell, in the year's last quarter, what happened instead."""
EACH: dict[str, Callable[[Report], list[tuple[str, Html]]]] = {"themes": themes.each}
"""Names that stand for several sections -> the function that gives each with its heading."""
RECEIPTS = "receipts"
"""The section of what the page's own links lead to; it is made last."""


def show(name: str, report: Report) -> Html:
    """
    Show one section, without its heading; says so where the quarter's returns have nothing for it.

    Raises:
        AskedWrongly: there is no such section.
    """
    _known(name, repr(name))
    made = [content for _, content in _sections(name, report.section_alone()) if content]
    return joined(made) or Html("<p>The returns of this quarter have nothing for this.</p>")


def body(report: Report) -> Html:
    """Show every section of the audience's report that has something to say, with contents first and the receipts of all its links last."""
    for name in report.audience.sections:
        _known(name, f"audience {report.audience.name!r}")
    made = [found for name in report.audience.sections if name != RECEIPTS for found in _named(name, report)]
    if RECEIPTS in report.audience.sections and (content := tracing.receipts(report, joined([content for *_, content in made]))):
        made.append((RECEIPTS, "Receipts", content))
    links = joined([Html('<li><a href="#{}">{}</a></li>').format(anchor, heading) for anchor, heading, _ in made])
    contents = Html('<nav class="contents" aria-label="Contents"><ul>{}</ul></nav>').format(links)
    if any(anchor == RECEIPTS for anchor, *_ in made):
        contents += Html('<p class="hint">Underlined figures open their receipt: the cell that they came from, and what was made of it.</p>')
    return joined([contents, *(Html('<section id="{}"><h2>{}</h2>{}</section>').format(anchor, heading, content) for anchor, heading, content in made)])


def _named(name: str, report: Report) -> list[tuple[str, str, Html]]:
    """Give each section of a name that has something to say, with its id and heading."""
    found = [(heading, content) for heading, content in _sections(name, report) if content]
    return [(f"{slug(name)}-{number}" if name in EACH else slug(name), heading, content) for number, (heading, content) in enumerate(found, start=1)]


def _known(name: str, asked_by: str) -> None:
    known = (*SECTIONS, *EACH, RECEIPTS)
    if name not in known:
        problem = "is not a section" if asked_by == repr(name) else f"{name!r} is not a section"
        raise AskedWrongly(asked_by, [problem], f"There are {', '.join(known)}.")


def _sections(name: str, report: Report) -> list[tuple[str, Html]]:
    if name in EACH:
        return EACH[name](report)
    if name == RECEIPTS:
        return []
    heading, function = SECTIONS[name]
    return [(WHEN_OVER.get(name, heading) if report.quarter.endswith("Q4") else heading, function(report))]


def has_something(report: Report) -> bool:
    """Say whether the report is printed in this quarter of the year, and its returns hold anything that it is about."""
    if report.audience.only_in and report.quarter.rpartition("-")[2] not in report.audience.only_in:
        return False
    for need in report.audience.needs:
        name = {"outcome measures": "outcome_measures", "reward facts": "reward_facts", "reward targets": "reward_targets"}.get(need, need)
        found = report.latest(name) if name == "spend" else report.now(name) if name in frames.CONTRACTS else report.narrative(need)
        if len(found):
            return True
    return False
