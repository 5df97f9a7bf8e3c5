"""Sections that a finance officer certifies from: checks and their results, what to test, what went in, and space to sign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis import frames, grant, quarters, tables
from analysis.checking import Check
from analysis.markup import Html, joined
from analysis.reports import money
from analysis.reports.report import Report
from analysis.reports.wording import alone, begin, count, lead, pounds
from analysis.tables import NUMBERS, Column


def grant_checks(report: Report) -> Html:
    """Show every check of reward grant: how much it examined, what it found, and what it could not examine."""
    return checks_made(report, "grant_checks", grant.CHECKS, "reward grant")


def checks_made(report: Report, name: str, known: Mapping[str, Check], of: str) -> Html:
    """
    Show checks of one kind, and what they found.

    Args:
        report: the report.
        name: the frame of what each check came to.
        known: the checks by their names.
        of: what they are checks of.
    """
    checks = report.now(name)
    if checks.empty or not (checks["examined"].sum() + checks["not_examined"].sum()):
        return Html("")
    found, idle = checks[checks["found"] > 0], checks[(checks["examined"] == 0)]
    text = f"{begin(count(len(checks), 'check'))} of {of}, {count(int(checks['found'].sum()), 'finding')}"
    text += f" in {alone(len(found))} of them" if len(found) and len(checks) > 1 else ""
    text += f"; {alone(len(idle))} could examine nothing." if len(idle) else "; each examined something."

    def beyond(row: dict[str, Any]) -> Any:
        if not row["not_examined"]:
            return "none"
        return Html("{}<details><summary>Which, and why</summary><p>{}</p></details>").format(str(row["not_examined"]), row["why_not"])

    columns = [
        Column(
            "check",
            "Check",
            show=lambda row: Html('<strong>{}</strong><span class="unit">{}</span>').format(begin(row["check"]), known[row["check"]].asks),
        ),
        Column("result", "Result", show=lambda row: Html('<span class="verdict{}">{}</span>').format(" loud" if row["found"] else "", row["result"])),
        Column("examined", "Examined", NUMBERS),
        Column("not_examined", "Could not be examined", show=beyond),
        Column("limit", "Limit", NUMBERS, show=lambda row: f"{row['limit']}{known[row['check']].unit}" if row["limit"] else "[z]"),
        Column("severity", "A finding is"),
    ]
    source = f"{of} returns and registers" if of != "figures" else "returns and registers"
    table = tables.table(checks, columns, caption=f"Checks of {of}, {quarters.label(report.quarter)}", source=source, row_heading="check")
    return joined([lead(text), table, _findings(report, known)])


def _findings(report: Report, known: Mapping[str, Check]) -> Html:
    issues = report["issues"]
    issues = issues[issues["rule"].isin(list(known))].reset_index(drop=True)
    issues = issues.assign(group=issues["rule"].map(begin))
    if issues.empty:
        return Html("")
    columns = [
        Column("message", "Finding"),
        Column("cell", "Where", show=lambda row: f"{row['file'].rpartition('/')[2]}, {row['sheet'] + ', ' if row['sheet'] else ''}{row['cell']}"),
        Column("as_typed", "As typed", show=lambda row: row["as_typed"] or "(blank)"),
        Column("severity", "Severity"),
    ]
    return tables.table(issues, columns, caption="What the checks found", source="returns", row_heading="message", group_by="group")


def sample(report: Report) -> Html:
    """Show which figures to test against ledgers and invoices, with space for what was seen."""
    rows = report["sample"]
    if rows.empty:
        return Html("")

    def amount(row: dict[str, Any]) -> Any:
        name = next(column for column, words in grant.WHAT.items() if words == row["part"])
        return report.figure(row["figure_id"], name, pounds(row["amount"]))

    columns = [
        Column("project", "Project", show=lambda row: Html('<strong>{}</strong><span class="unit">{}</span>').format(row["project"], row["part"])),
        Column("amount", "Amount", NUMBERS, show=amount),
        Column("why", "Chosen as"),
        Column("cell", "Cell", show=lambda row: f"{row['sheet'] + ', ' if row['sheet'] else ''}{row['cell']}"),
        Column("seen", "Seen in the ledger", show=lambda _: Html('<span class="blank">\u2003</span>')),
        Column("agrees", "Agrees, initials", show=lambda _: Html('<span class="blank">\u2003</span>')),
    ]
    numbers = {why: int(rows["why"].str.contains(why).sum()) for why in ("largest", "odd", "random")}
    both = sum(numbers.values()) - len(rows)
    numbers = {why: alone(number) for why, number in numbers.items()}
    text = f"{begin(count(len(rows), 'figure'))} to test: {numbers['largest']} of the largest, {numbers['odd']} that a check found odd, {numbers['random']} at random{f'; {alone(both)} for two reasons' if both else ''}."
    notes = ["The random choice follows from the quarter and the figures alone, so that anyone who runs the workbook again gets the same."]
    caption = f"Sample to test, {quarters.label(report.quarter)}"
    return joined([lead(text), tables.table(rows, columns, caption=caption, source="grant spend returns", row_heading="project", notes=notes)])


def inputs(report: Report) -> Html:
    """Show every file that went in, with its fingerprint and what became of it."""
    returns = report.history("returns")
    if returns.empty:
        return Html("")
    columns = [
        Column("file", "File", show=lambda row: "/".join(filter(None, (row["quarter"], row["file"])))),
        Column("state", "State"),
        Column("used", "Cells used", NUMBERS, show=lambda row: "[z]" if row["used"] is None else str(row["used"])),
        Column("sha256", "SHA-256", show=lambda row: Html('<code class="hash">{}</code>').format(row["sha256"])),
    ]
    registers = [{"file": f"reference/{name}", "state": "register", "sha256": sha256} for name, sha256 in sorted(report.registers.fingerprints.items())]
    files = pd.concat([returns, frames.make(registers, frames.RETURNS)], ignore_index=True)
    text = f"{begin(count(len(returns), 'return'))} and {count(len(registers), 'register')} went in. A file with another fingerprint is another file."
    return joined([lead(text), tables.table(files, columns, caption="What went in", source="the files as received", row_heading="file", kind="receipts")])


_WHO = (
    ("Prepared by", "the analyst who ran the workbook and read its findings"),
    ("Checked by", "somebody else, who tested the sample"),
    ("Certified by", "the finance officer"),
    ("Received by", "the accountable body"),
)
"""Who has to put their name, and as what."""


def certification(report: Report) -> Html:
    """Show space for names and dates; the workbook writes none."""
    blank = Html('<td><span class="blank">\u2003</span></td>')
    rows = joined(
        [
            Html('<tr><th scope="row"><strong>{}</strong><span class="unit">{}</span></th>{}{}{}</tr>').format(who, what, blank, blank, blank)
            for who, what in _WHO
        ]
    )
    table = Html(
        '<div class="table-scroll" tabindex="0" role="region" aria-label="Certification"><table class="certification"><caption>Certification, {}</caption>'
        '<thead><tr><th scope="col">As</th><th scope="col">Name</th><th scope="col">Signature</th><th scope="col">Date</th></tr></thead><tbody>{}</tbody></table></div>'
    ).format(quarters.label(report.quarter), rows)
    text = "Nobody has signed this page: the workbook leaves every name, signature and date blank. Sign only what the sample and the checks support."
    return joined([lead(text), _certified(report), table])


def _certified(report: Report) -> Html:
    """Show the sums that a signature is about: of each agreement, what was possible, earned or claimed, and would be paid; of each round, what was awarded and spent."""
    rows = [row for row in frames.rows(report["reward_way"]) if row["style"] == "known" and not row["what"].startswith(("Awarded", "Spent"))]
    sums = [{"of": row["agreement"], "what": row["what"], "amount": row["amount"]} for row in rows]
    awards = report.latest("spend")
    totals = money.latest_totals(report) if len(awards) else {}
    rounds = " and ".join(dict.fromkeys(awards["round"]))
    for what in (grant.WHAT["award"], grant.WHAT["total_to_date"]):
        if what in totals:
            sums.append({"of": rounds, "what": what, "amount": totals[what]["known"], "more": totals[what]["unknown_count"]})
    if not sums:
        return Html("")

    def amount(row: dict[str, Any]) -> str:
        unknown = row.get("more") or 0
        return pounds(row["amount"]) + (f", and {count(unknown, 'award')} not known" if unknown else "")

    columns = [
        Column("what", "What"),
        Column("amount", "Sum", NUMBERS, show=amount),
        Column("agrees", "Agrees with the records seen, initials", show=lambda _: Html('<span class="blank">\u2003</span>')),
    ]
    frame = pd.DataFrame(sums, dtype=object)
    caption = f"What is certified, {quarters.label(report.quarter)}"
    return tables.table(frame, columns, caption=caption, source="this page", row_heading="what", group_by="of")
