"""Frames -> sections -> one offline accessible page for each audience, the published data, the manifest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from analysis import frames
from analysis.errors import AskedWrongly
from analysis.markup import Html, joined, slug
from analysis.reports import control, evidence, findings, money, owing, performance, reward, scorecard, summary, telling, trend, trust, undertakings
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
    "receipts": ("Receipts", evidence.receipts),
    "achievement": ("Achievements", telling.telling("achievement")),
    "challenge": ("Challenges", telling.telling("challenge")),
    "recommendation": ("Recommendations", telling.telling("recommendation")),
    "decision": ("What is asked of you", telling.telling("decision")),
    "progress": ("Progress", telling.telling("progress")),
    "priority": ("Priorities", telling.telling("priority")),
    "initiative": ("Key projects and initiatives", telling.telling("initiative")),
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
"""Every section a report can hold: name -> its heading and the function that shows it (nothing where it has nothing to say)."""


def show(name: str, report: Report) -> Html:
    """
    Show one section, without its heading; says so where the quarter's returns have nothing for it.

    Raises:
        AskedWrongly: there is no such section.
    """
    if name not in SECTIONS:
        raise AskedWrongly(repr(name), ["is not a section"], f"There are {', '.join(SECTIONS)}.")
    return SECTIONS[name][1](replace(report, whole=False)) or Html("<p>The returns of this quarter have nothing for this.</p>")


def body(report: Report) -> Html:
    """Show every section of the audience's report that has something to say, with contents first."""
    made = [(name, *_section(name, report)) for name in report.audience.sections]
    made = [(name, heading, content) for name, heading, content in made if content]
    links = joined([Html('<li><a href="#{}">{}</a></li>').format(slug(name), heading) for name, heading, _ in made])
    contents = Html('<nav class="contents" aria-label="Contents"><ul>{}</ul></nav>').format(links)
    return joined([contents, *(Html('<section id="{}"><h2>{}</h2>{}</section>').format(slug(name), heading, content) for name, heading, content in made)])


def _section(name: str, report: Report) -> tuple[str, Html]:
    if name not in SECTIONS:
        raise AskedWrongly(f"audience {report.audience.name!r}", [f"{name!r} is not a section"], f"There are {', '.join(SECTIONS)}.")
    heading, function = SECTIONS[name]
    return heading, function(report)


def has_something(report: Report) -> bool:
    """Say whether the quarter's returns hold anything that this audience's report is about."""
    for need in report.audience.needs:
        name = {"outcome measures": "outcome_measures", "reward facts": "reward_facts", "reward targets": "reward_targets"}.get(need, need)
        found = report.latest(name) if name == "spend" else report.now(name) if name in frames.CONTRACTS else report.narrative(need)
        if len(found):
            return True
    return False
