"""Sections about reward grant: what is printed of it, spend by award, agreements, milestones, outcome measures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from analysis import charts, frames, grant, quarters, receipts, tables
from analysis.markup import Html, joined, paragraphs
from analysis.reports.report import Report
from analysis.reports.wording import as_typed, begin, count, lead, pounds, verb
from analysis.tables import NUMBERS, Column
from analysis.values import shown
from analysis.vocabulary import Verdict

SOURCE = "partners' grant spend returns"


def spend(report: Report) -> Html:
    """Show each award with its spend and verdict, and totals that keep what is unknown apart."""
    awards = report.latest("spend")
    if awards.empty:
        return Html("")
    as_at = quarters.label(awards["quarter"].iloc[0])
    ordered = awards.assign(size=awards["award"].map(lambda award: award or Decimal(0))).sort_values("size", ascending=False, kind="stable")
    unknown = [row for row in frames.rows(awards) if row["total_to_date"] is None]
    total = totals_of(awards)
    title = f"{shown(total['Total spend to date']['known'], 'pounds')} is known to be spent of {shown(total['Total grant awarded']['known'], 'pounds')} awarded"
    alt = (
        f"{len(awards)} awards. Largest: "
        + "; ".join(
            f"{row['project']} {pounds(row['award'])}, {'spend not known' if row['total_to_date'] is None else 'spent ' + pounds(row['total_to_date'])}"
            for row in frames.rows(ordered.head(5))
        )
        + f". Spend is not known for {count(len(unknown), 'award')}."
    )
    chart = charts.spend(
        ordered[["project", "award", "total_to_date"]],
        title=title,
        subtitle=f"Pounds by award: blue is spent to date, grey is the rest, hatched is not known; {as_at}",
        source=SOURCE,
        alt=alt,
    )
    told = report["narrative"]
    notes = list(told[(told["section"] == "note") & told["file"].isin(set(awards["file"])) & told["quarter"].isin(set(awards["quarter"]))]["text"])
    return joined([lead(in_words(awards)), chart, _awards(awards, as_at, notes, report.linked), _totals(awards, as_at)])


def totals_of(awards: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Give the totals over all awards shown: what -> its row of the grant totals."""
    rows = frames.rows(grant.totals(awards))
    return {row["what"]: row for row in rows if row["kind"] == "all"}


def in_words(awards: pd.DataFrame) -> str:
    """Say what was awarded, what is known of its spending, how many awards balance, and which figures nobody has sent."""
    total = totals_of(awards)
    verdicts = list(awards["verdict"])
    spent, unknown = total["Total spend to date"], total["Total spend to date"]["unknown_count"]
    text = f"{count(len(awards), 'award')} of {pounds(total['Total grant awarded']['known'])} in all. Spend to date is {pounds(spent['known'])}"
    if unknown:
        text += (
            f" for the {count(spent['known_count'], 'award')} that {verb(spent['known_count'], 'states', 'state')} it; with the {count(unknown, 'award')} that"
        )
        text += f" {verb(unknown, 'does', 'do')} not, it lies between {pounds(spent['at_least'])} and {pounds(spent['at_most'])}"
    unsent = [row for row in frames.rows(awards) if row["return_received"] == "no" and row["total_to_date"] is not None]
    if unsent:
        named = "; ".join(f"{row['project']} as {pounds(row['total_to_date'])}" for row in unsent)
        text += f" (this counts {named}, although the return was not received)"
    balancing, unchecked = verdicts.count(Verdict.BALANCES), verdicts.count(Verdict.CANNOT_BE_CHECKED)
    text += f". {begin(count(balancing, 'award'))} {verb(balancing, 'balances', 'balance')}"
    text += f"; {count(unchecked, 'award')} cannot be checked." if unchecked else "; every award can be checked."
    wrong = [row for row in frames.rows(awards) if row["difference"]]
    if wrong:
        text += f" {begin(count(len(wrong), 'award'))} {verb(len(wrong), 'does', 'do')} not add up: {'; '.join(_wrong(row) for row in wrong)}."
    return begin(text)


def _wrong(row: dict[str, Any]) -> str:
    return f"{row['project']} ({row['verdict']} by {pounds(abs(row['difference']))})"


def _awards(awards: pd.DataFrame, as_at: str, told: list[str], linked: bool) -> Html:
    def verdict(row: dict[str, Any]) -> Any:
        by = f" by {pounds(abs(row['difference']))}" if row["difference"] else ""
        loud = row["verdict"] in (Verdict.SHORT, Verdict.OVER, Verdict.DOUBLE_COUNTED)
        blocked = (
            Html("<details><summary>What stops the check</summary><p>{}</p></details>").format(row["blocked_by"]) if row["blocked_by"] and not loud else ""
        )
        return Html('<span class="verdict{}">{}{}</span>{}').format(" loud" if loud else "", row["verdict"], by, blocked)

    def amount(name: str) -> Any:
        def cell(row: dict[str, Any]) -> Any:
            if not linked or row[name] is None:
                return _money(row, name)
            return Html('<a class="receipt" href="#{}">{}</a>').format(receipts.anchor(row["figure_id"], name), _money(row, name))

        return cell

    def project(row: dict[str, Any]) -> Html:
        late = "" if row["return_received"] == "yes" else " · monitoring return not received"
        return Html('<strong>{}</strong><span class="unit">{}{}</span>').format(row["project"], row["kind"], late)

    columns = [
        Column("project", "Project", show=project),
        Column("award", "Awarded", NUMBERS, show=amount("award")),
        *(Column(name, _heading(name), NUMBERS, show=amount(name)) for name in grant.asked(awards) if "_q" in name),
        Column("total_to_date", "Spent to date", NUMBERS, show=amount("total_to_date")),
        Column("identified_underspend", "Identified underspend", NUMBERS, show=amount("identified_underspend")),
        Column("verdict", "Does it add up?", show=verdict),
    ]
    notes = [
        "It adds up where the award equals spend to date, forecasts for the quarters to come and identified underspend together.",
        "A figure asked for and not known stays unknown: it is never counted as nothing.",
        *told,
    ]
    shown_frame = awards.assign(row_id=awards["figure_id"])
    return tables.table(shown_frame, columns, caption=f"Awards and their spending, {as_at}", source=SOURCE, row_heading="project", notes=notes, kind="awards")


def _heading(name: str) -> str:
    kind, _, quarter = name.partition("_q")
    return f"Q{quarter} {kind}"


def _money(row: dict[str, Any], name: str) -> str:
    return pounds(row[name]) if row[name] is not None else as_typed(row, name) if row[f"{name}_raw"] else "[x]"


def _totals(awards: pd.DataFrame, as_at: str) -> Html:
    totals = grant.totals(awards)
    totals = totals.assign(
        group=totals["round"] + ", " + totals["kind"].map({"all": "all money", "capital": "capital", "revenue": "revenue", "not stated": "kind not stated"})
    )
    columns = [
        Column("what", "Amount"),
        Column("known", "Known part", NUMBERS, "pounds"),
        Column("unknown_count", "Awards unknown", NUMBERS),
        Column("at_least", "At least", NUMBERS, "pounds"),
        Column("at_most", "At most", NUMBERS, show=lambda row: pounds(row["at_most"])),
    ]
    note = "An unknown amount is taken to lie between nothing and its award."
    return tables.table(totals, columns, caption=f"Totals and what is not known, {as_at}", source=SOURCE, row_heading="what", group_by="group", notes=[note])


def agreements(report: Report) -> Html:
    """Show where each round 2 agreement stands and when its report is due."""
    now = report.now("agreements")
    if now.empty:
        return Html("")
    signed = sum("signed contract" in text.casefold() and "awaiting signed" not in text.casefold() for text in now["progress"])
    text = f"{count(len(now), 'project')} in this round. For {signed} of them the return says that the signed contract has been received."
    columns = [
        Column("project", "Project"),
        Column("organisation", "Organisation"),
        Column("progress", "Progress", show=lambda row: paragraphs(row["progress"])),
        Column("report_due", "Report due"),
    ]
    return joined(
        [
            lead(begin(text)),
            tables.table(now, columns, caption=f"Agreements, {quarters.label(report.quarter)}", source="agreements return", row_heading="project"),
        ]
    )


def milestones(report: Report) -> Html:
    """Show the milestones of each organisation as they were agreed."""
    now = report.now("milestones")
    if now.empty:
        return Html("")
    unrated = int((now["rag"] == "").sum())
    text = f"{count(len(now), 'milestone')} of {count(now['organisation'].nunique(), 'organisation')}. {begin(count(unrated, 'milestone'))} came without a RAG status."
    columns = [
        Column("timescale", "By when, or how", show=lambda row: row["timescale"] or "[x]"),
        Column("outcome", "Outcome", show=lambda row: paragraphs(row["outcome"])),
        Column("rag", "RAG", show=lambda row: row["rag"] or "[x]"),
    ]
    return joined(
        [
            lead(text),
            tables.table(
                now,
                columns,
                caption=f"Milestones, {quarters.label(report.quarter)}",
                source="milestones return",
                row_heading="timescale",
                group_by="organisation",
            ),
        ]
    )


def outcome_measures(report: Report) -> Html:
    """Show the outcome measures and what of each is still undefined."""
    now = report.now("outcome_measures")
    if now.empty:
        return Html("")
    without = sum("baseline" in text for text in now["undefined"])
    text = f"{count(len(now), 'outcome measure')}; {without} of them still without a baseline."
    columns = [
        Column("number", "No"),
        Column(
            "outcome_measure",
            "Outcome measure",
            show=lambda row: Html('<strong>{}</strong><span class="unit">{}</span>').format(row["outcome_measure"] or "[x]", row["outcome"]),
        ),
        Column("description", "Description", show=lambda row: paragraphs(row["description"])),
        Column("lead", "Lead", show=lambda row: row["lead"] or "[x]"),
        Column("undefined", "Still undefined"),
    ]
    return joined(
        [
            lead(text),
            tables.table(
                now,
                columns,
                caption=f"Outcome measures, {quarters.label(report.quarter)}",
                source="outcome measures return",
                row_heading="outcome_measure",
                group_by="priority",
            ),
        ]
    )


def reward_facts(report: Report) -> Html:
    """Show what the returns print about reward grant and its agreements, each with the sentence it stands in."""
    now = report.now("entitlement")
    if now.empty:
        return Html("")
    amounts = int(now["value"].notna().sum())
    text = f"{count(len(now), 'fact')} about the agreements and their reward grant as printed, {amounts} of them figures."
    columns = [
        Column("fact", "What"),
        Column("value_raw", "As printed"),
        Column("basis", "The sentence it stands in"),
        Column("source", "Document and line", NUMBERS),
    ]
    return joined(
        [
            lead(begin(text)),
            tables.table(
                now,
                columns,
                caption=f"Reward grant as printed, reported for {quarters.label(report.quarter)}",
                source="reward facts return",
                row_heading="fact",
                group_by="agreement",
            ),
        ]
    )


def reward_targets(report: Report) -> Html:
    """Show the stretched targets that a reward targets return carries, with their outturns."""
    now = report.now("reward_targets")
    if now.empty:
        return Html("")
    columns = [
        Column("target", "Target", show=lambda row: f"{row['target']}: {row['sub_target']}" if row["sub_target"] else row["target"]),
        *(
            Column(name, label, NUMBERS, show=lambda row, name=name: as_typed(row, name))
            for name, label in (
                ("expected_without_stretch", "Expected without stretch"),
                ("stretch_target", "Stretch target"),
                ("outturn", "Outturn"),
                ("potential_grant", "Potential grant"),
            )
        ),
    ]
    return joined(
        [
            lead(f"{begin(count(len(now), 'target'))} with a stretch."),
            tables.table(
                now,
                columns,
                caption=f"Reward targets, {quarters.label(report.quarter)}",
                source="reward targets return",
                row_heading="target",
                group_by="agreement",
            ),
        ]
    )
