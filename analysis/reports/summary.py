"""The head of a page: for whom, of what quarter, its message, and the figures that matter most."""

from __future__ import annotations

from analysis import frames, quarters
from analysis.markup import Html, joined
from analysis.reports import money, performance
from analysis.reports.report import Report
from analysis.reports.wording import alone, begin, count, lead, pounds, tally, tile, verb
from analysis.vocabulary import Agreement, Verdict


def front(report: Report) -> Html:
    """Show whose report it is, for whom, of what quarter, from which returns, and whether anything is held."""
    returns, grant = report.now("returns"), report.latest("spend")
    status = status_of(report)
    late = (
        f"; grant spending as returned for {quarters.label(grant['quarter'].iloc[0])}"
        if len(grant) and grant["quarter"].iloc[0] != report.quarter and "spend" in report.audience.sections
        else ""
    )
    facts = [
        ("For", report.audience.title),
        ("Status", status),
        ("Data", f"{count(len(returns), 'return')} of {quarters.label(report.quarter)}{late}"),
    ]
    listed = joined([Html("<div><dt>{}</dt><dd>{}</dd></div>").format(name, words) for name, words in facts])
    return Html('<header class="front"><div><p class="eyebrow">{}</p><h1>{}</h1><p class="quarter">{}: {}</p></div><dl>{}</dl></header>').format(
        report.registers.name, report.audience.report, quarters.label(report.quarter), quarters.months(report.quarter), listed
    )


def status_of(report: Report) -> str:
    """Say whether anything in the returns is held back."""
    held = len(report.held)
    return f"Provisional: {count(held, 'problem')} {verb(held, 'holds', 'hold')} figures back" if held else "Nothing is held back"


def title(report: Report) -> str:
    """Give the page's title: report, quarter, audience, and whether it is provisional."""
    provisional = " (provisional)" if len(report.held) else ""
    return f"{report.audience.report}, {quarters.label(report.quarter)}{provisional}: {report.audience.title}"


def summary(report: Report) -> Html:
    """Say the message first, then the tiles."""
    sections = report.audience.sections
    sentences, tiles = [], []
    scores = report.now("scores")
    if len(scores) and "scorecards" in sections:
        stand = tally(list(scores["band"]))
        scored = stand["green"] + stand["amber"] + stand["red"]
        sentences.append(
            f"{stand['green']} of {scored} {verb(scored, 'measure', 'measures')} met their target and {stand['red']} {verb(stand['red'], 'is', 'are')} red; {stand['none']} more cannot be scored."
        )
        challenges = int(report.now("exceptions")["key_challenge"].sum())
        apart = int(report["scores"]["agreement"].isin([Agreement.DIFFERS, Agreement.ROUNDING]).sum())
        tiles += [
            tile("Met their target", str(stand["green"]), f"of {scored} scored", f"{stand['amber']} amber, {stand['red']} red"),
            tile(
                "Need attention",
                str(challenges),
                verb(challenges, "measure", "measures"),
                "latest band Low Red or High Red",
            ),
            tile("Cannot be scored", str(stand["none"]), f"of {len(scores)}", "no target, no figure, or a rule that needs one"),
            tile("Differ from print", str(apart), "bands", "recomputed for all quarters shown"),
        ]
    awards = report.latest("spend")
    if len(awards) and "spend" in sections:
        total = money.totals_of(awards)
        spent = total["Total spend to date"]
        verdicts = list(awards["verdict"])
        wrong = len(awards) - verdicts.count(Verdict.BALANCES) - verdicts.count(Verdict.CANNOT_BE_CHECKED)
        sentences.append(
            f"{pounds(spent['known'])} of the {pounds(total['Total grant awarded']['known'])} awarded is known to be spent. {begin(count(wrong, 'award'))} of {len(awards)} {verb(wrong, 'does', 'do')} not add up."
        )
        tiles += [
            tile("Awarded", pounds(total["Total grant awarded"]["known"]), "", f"{count(len(awards), 'award')}, {quarters.label(awards['quarter'].iloc[0])}"),
            tile("Known to be spent", pounds(spent["known"]), "", f"at most {pounds(spent['at_most'])}" if spent["unknown_count"] else "every award states it"),
            tile("Add up", str(verdicts.count(Verdict.BALANCES)), f"of {len(awards)} awards", f"{verdicts.count(Verdict.CANNOT_BE_CHECKED)} cannot be checked"),
        ]
    sentences += _undertaken(report)
    monthly = report.now("monthly")
    if len(monthly) and "monthly" in sections and not report.audience.group:
        sentences.append(f"{performance.months_in_words(report)}.")
    discuss = report.narrative("challenge")
    waiting = int((discuss["for_discussion"].str.casefold() == "yes").sum()) if "challenge" in sections else 0
    if waiting:
        sentences.append(begin(f"{count(waiting, 'challenge')} for discussion."))
    if "missing" in sections and len(gaps := report["missing"]):
        named = gaps[gaps["what"].isin(["data", "return"]) & gaps["quarter"].isin((report.quarter, quarters.previous(report.quarter)))]
        if len(named):
            sentences.append(f"Data or returns not received: {', '.join(named['name'])}.")
    if len(report.held):
        first = frames.rows(report.held)[0]
        sentences.insert(
            0,
            f"This report is provisional: {count(len(report.held), 'problem')} in the returns {verb(len(report.held), 'holds', 'hold')} figures back, the first in {first['file']}.",
        )
    if not sentences:
        returns = report.now("returns")
        sentences.append(begin(f"{count(len(returns), 'return')} came for {quarters.label(report.quarter)}."))
    return joined([lead(" ".join(sentences)), Html('<div class="tiles">{}</div>').format(joined(tiles)) if tiles else ""])


def _undertaken(report: Report) -> list[str]:
    """Say which agreements may not be paid, and how many milestones are due with nothing to show that they are done."""
    sections, sentences = report.audience.sections, []
    agreements, milestones = report.now("agreement_states"), report.now("milestone_states")
    unsigned = int((agreements["may_be_paid"] == "no").sum())
    if unsigned and "agreements" in sections:
        sentences.append(f"{begin(alone(unsigned))} of {count(len(agreements), 'agreement')} {verb(unsigned, 'is', 'are')} not signed and may not be paid.")
    due = int(milestones["overdue"].sum())
    if due and "milestones" in sections:
        sentences.append(f"{begin(count(due, 'milestone'))} {verb(due, 'is', 'are')} due and not said to be done.")
    return sentences
