"""Sections about awards: what is spent of each, what it will come to and leave, and what was moved."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from analysis import charts, frames, grant, quarters, tables
from analysis.markup import Html, joined
from analysis.reports.report import Report
from analysis.reports.wording import alone, as_typed, begin, count, graded, lead, pounds, verb
from analysis.tables import NUMBERS, Column
from analysis.vocabulary import Verdict

SOURCE = "partners' grant spend returns"


def spend(report: Report) -> Html:
    """Show each award with its spend and verdict, and totals that keep what is unknown apart."""
    awards = report.latest("spend")
    if awards.empty:
        return Html("")
    as_at = quarters.label(awards["quarter"].iloc[0])
    ordered = _largest_first(awards)
    unknown = [row for row in frames.rows(awards) if row["total_to_date"] is None]
    total = latest_totals(report)
    granted, known = total["Total grant awarded"], pounds(total["Total spend to date"]["known"])
    title = f"{known} is known to be spent of {pounds(granted['known'])} awarded{', so far as that is known' if granted['unknown_count'] else ''}"
    alt = (
        f"{begin(count(len(awards), 'award'))}. Largest: "
        + "; ".join(
            f"{row['project']} {_grant(row)}, {'spend not known' if row['total_to_date'] is None else 'spent ' + pounds(row['total_to_date'])}"
            for row in frames.rows(ordered.head(5))
        )
        + (f". Spend is not known for {count(len(unknown), 'award')}." if unknown else ". Every award states its spend.")
    )
    bars = _largest_first(report.latest("outturn"))
    chart = charts.spend(
        bars.assign(unknown=bars["unknown_count"] > 0)[["project", "award", "spent", "forecast", "unplanned", "unknown"]],
        title=title,
        subtitle=f"Pounds by award: dark is spent, light is forecast, orange nobody has planned, pale grey is identified underspend, hatched nobody has sent; {as_at}",
        source=SOURCE,
        alt=alt,
    )
    told = report["narrative"].head(0) if report.audience.group else report["narrative"]  # the notes are of other groups' awards too
    notes = list(told[(told["section"] == "note") & told["file"].isin(set(awards["file"])) & told["quarter"].isin(set(awards["quarter"]))]["text"])
    return joined([lead(in_words(awards, total)), chart, _awards(awards, as_at, notes, report), _totals(awards, as_at)])


def _largest_first(awards: pd.DataFrame) -> pd.DataFrame:
    return awards.assign(size=awards["award"].map(lambda award: award or Decimal(0))).sort_values("size", ascending=False, kind="stable")


def _grant(row: dict[str, Any]) -> str:
    return "grant not known" if row["award"] is None else pounds(row["award"])


def totals_of(awards: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Give the totals over all awards shown, of every round: what -> its known part, counts, and the least and most it can be."""
    found: dict[str, dict[str, Any]] = {}
    for row in frames.rows(grant.totals(awards)):
        if row["kind"] == "all":
            so_far = found.setdefault(row["what"], row | dict.fromkeys(_SUMS, 0) | {"at_most": Decimal(0)})
            most = None if None in (so_far["at_most"], row["at_most"]) else so_far["at_most"] + row["at_most"]
            found[row["what"]] = so_far | {name: so_far[name] + row[name] for name in _SUMS} | {"at_most": most}
    return found


def latest_totals(report: Report) -> dict[str, dict[str, Any]]:
    """Give the same of the newest awards that the report shows, added up once."""
    return report.once(_latest_totals)


def _latest_totals(report: Report) -> dict[str, dict[str, Any]]:
    return totals_of(report.latest("spend"))


_SUMS = ("known", "known_count", "unknown_count", "at_least")


def in_words(awards: pd.DataFrame, added_up: dict[str, dict[str, Any]] | None = None) -> str:
    """Say what was awarded, what is known of its spending, how many awards balance, and which figures nobody has sent; *added_up* are their totals, where known."""
    total = added_up or totals_of(awards)
    verdicts = list(awards["verdict"])
    granted, spent = total["Total grant awarded"], total["Total spend to date"]
    unknown, ungranted = spent["unknown_count"], granted["unknown_count"]
    text = f"{count(len(awards), 'award')} of {pounds(granted['known'])}"
    text += f" so far as known; of {count(ungranted, 'award')} the grant is not known" if ungranted else " in all"
    if unknown == len(awards):
        text += ". No award states its spend"
    elif unknown:
        stating = spent["known_count"]
        text += f". Spend to date is {pounds(spent['known'])} for the {count(stating, 'award')} that {verb(stating, 'states', 'state')} it; with the"
        text += f" {count(unknown, 'award')} that {verb(unknown, 'does', 'do')} not, "
        least = pounds(spent["at_least"])
        text += (
            f"it lies between {least} and {pounds(spent['at_most'])}"
            if spent["at_most"] is not None
            else f"it is at least {least}, and nobody can tell how much at most"
        )
    else:
        text += f". Spend to date is {pounds(spent['known'])}"
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


def _awards(awards: pd.DataFrame, as_at: str, told: list[str], report: Report) -> Html:
    def verdict(row: dict[str, Any]) -> Any:
        by = f" by {pounds(abs(row['difference']))}" if row["difference"] else ""
        loud = row["verdict"] in (Verdict.SHORT, Verdict.OVER, Verdict.DOUBLE_COUNTED)
        blocked = (
            Html("<details><summary>What stops the check</summary><p>{}</p></details>").format(row["blocked_by"]) if row["blocked_by"] and not loud else ""
        )
        grade = graded(report.grades, row["figure_id"])
        return Html('<span class="verdict{}">{}{}</span>{}{}').format(" loud" if loud else "", row["verdict"], by, blocked, grade)

    def amount(name: str) -> Any:
        def cell(row: dict[str, Any]) -> Any:
            if row[name] is None:
                return _money(row, name)
            return report.figure(row["figure_id"], name, _money(row, name))

        return cell

    def project(row: dict[str, Any]) -> Html:
        late = "" if row["return_received"] == "yes" else " · monitoring return not received"
        return Html('<strong>{}</strong><span class="unit">{}{}</span>').format(row["project"], _KINDS[row["kind"]], late)

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


_KINDS = {"all": "all money", "capital": "capital", "revenue": "revenue", "not stated": "kind not stated"}
"""Kind of money -> how it is said."""


def _heading(name: str) -> str:
    kind, _, quarter = name.partition("_q")
    return f"Q{quarter} {kind}"


def _money(row: dict[str, Any], name: str) -> str:
    return pounds(row[name]) if row[name] is not None else as_typed(row, name) if row[f"{name}_raw"] else "[x]"


def _totals(awards: pd.DataFrame, as_at: str) -> Html:
    totals = grant.totals(awards)
    groups = [
        f"{row['round']}, {_KINDS[row['kind']]}" if row["theme"] == "all" else f"{row['round']}, theme: {row['theme']}" for row in totals.to_dict("records")
    ]
    totals = totals.assign(group=groups)
    columns = [
        Column("what", "Amount"),
        Column("known", "Known part", NUMBERS, "pounds"),
        Column("unknown_count", "Awards unknown", NUMBERS),
        Column("at_least", "At least", NUMBERS, "pounds"),
        Column("at_most", "At most", NUMBERS, show=lambda row: pounds(row["at_most"])),
    ]
    notes = ["An unknown amount is taken to lie between nothing and its award."]
    if (awards["theme"] != "not stated").any():
        notes.append("The returns name no theme: it is the register's, with what it was judged from.")
    return tables.table(totals, columns, caption=f"Totals and what is not known, {as_at}", source=SOURCE, row_heading="what", group_by="group", notes=notes)


# ---------------------------------------------------------------- outturn, variations


def outturn(report: Report) -> Html:
    """Show what awards will come to by their returns, how spending grows over the year, and what can still be re-allocated."""
    rows = report.latest("outturn")
    if rows.empty:
        return Html("")
    as_at = quarters.label(rows["quarter"].iloc[0])
    order = list(grant.OUTTURN_STATES)
    rows = rows.assign(place=rows["state"].map(order.index), group=[begin(state) for state in rows["state"]]).sort_values("place", kind="stable")
    columns = [
        Column("project", "Project", show=lambda row: Html('<strong>{}</strong><span class="unit">{}</span>').format(row["project"], _KINDS[row["kind"]])),
        Column("award", "Awarded", NUMBERS, show=lambda row: pounds(row["award"])),
        Column("at_least", "Will come to", NUMBERS, show=lambda row: _range(row["at_least"], row["at_most"])),
        Column("identified", "Underspend identified", NUMBERS, show=lambda row: pounds(row["identified"])),
        Column("unplanned", "Without a plan", NUMBERS, show=lambda row: pounds(row["unplanned"])),
        Column("free_at_most", "Free to re-allocate", NUMBERS, show=lambda row: _range(row["free_at_least"], row["free_at_most"])),
        Column("last_quarter", "Last quarter to do so", show=lambda row: quarters.label(row["last_quarter"]) if row["last_quarter"] else "[x]"),
    ]
    notes = [
        "Will come to: what is spent and forecast; where something of it is not known, up to the award. A forecast that repeats the spend counts once.",
        "Free to re-allocate: what the award leaves, confirmed by the partner or not. Last quarter: as long as a quarter is left to spend it by the day stated; [x] where no day is.",
        "Which schemes are completed is told by shading in the document, which the returns do not carry; spent in full is worked out from the figures.",
    ]
    caption = f"Forecast outturn and underspend, {as_at}"
    table = tables.table(rows, columns, caption=caption, source=SOURCE, row_heading="project", group_by="group", notes=notes)
    return joined([lead(_outturn_in_words(rows)), *_burn_ups(report), table])


def _range(least: Decimal | None, most: Decimal | None) -> str:
    return pounds(least) if least == most else f"{pounds(least)} to {pounds(most)}"


def _outturn_in_words(rows: pd.DataFrame) -> str:
    """Say what awards will come to, what is free for sure, and what of it nobody has planned."""
    found = frames.rows(rows)
    least, identified, unplanned = (sum((row[name] or Decimal(0) for row in found), Decimal(0)) for name in ("at_least", "identified", "unplanned"))
    unknown = sum(row["unknown_count"] > 0 or row["award"] is None for row in found)
    silent, untold = (sum(row[name] is None for row in found) for name in ("identified", "unplanned"))
    text = f"Spend and forecasts come to {pounds(least)} so far as they are known"
    if unknown:
        most = [row["at_most"] for row in found]
        text += "" if None in most else f", and to {pounds(sum(most, Decimal(0)))} at most"
        text += f": of {count(unknown, 'award')} something is not known"
    text += f". {pounds(identified)} is identified as underspend"
    text += f" ({count(silent, 'award')} {verb(silent, 'does', 'do')} not say)" if silent else ""
    if unplanned:
        text += f", and {pounds(unplanned)} more is neither forecast nor identified"
    elif not untold:
        text += ", and no money is without a plan"
    return f"{text}; of {count(untold, 'award')} that cannot be told." if untold else f"{text}."


def _burn_ups(report: Report) -> list[Html]:
    """Draw each round's spending over the year."""
    drawn = []
    for name, points in report.latest("burn_up").groupby("round", sort=False):
        rows = frames.rows(points)
        now = [row for row in rows if row["kind"] == "actual"][-1]
        end = rows[-1]
        awarded = f" of {pounds(now['awarded'])}" if now["awarded"] is not None else ""
        shown_points = points.assign(period=[quarters.label(row["period"]) for row in rows])
        most = "how much at most cannot be told" if end["at_most"] is None else f"at most {pounds(end['at_most'])}"
        ahead = f"by the end of {quarters.label(end['period'])} at least {pounds(end['at_least'])}, {most}"
        drawn.append(
            charts.burn_up(
                shown_points[["period", "kind", "at_least", "at_most", "awarded"]],
                title=f"{name}: {pounds(now['at_least'])}{awarded} is known to be spent by the end of {quarters.label(now['period'])}",
                subtitle="Pounds, spent in all by the end of each quarter: the line is known, dashed where it is forecast; hatched is what may come on top",
                source=SOURCE,
                alt=f"{pounds(now['at_least'])}{awarded} is known to be spent by the end of {quarters.label(now['period'])}; {ahead}.",
            )
        )
    return drawn


def ledger(report: Report) -> Html:
    """Show each variation: what was moved, by whose authority, when, and what there was to move."""
    rows, awards = report["variations"], report.latest("spend")
    if rows.empty or awards.empty:
        return Html("")
    rows = rows[rows["quarter"].isin(set(awards["quarter"]))].reset_index(drop=True)
    if rows.empty:
        return Html("")
    lacking = int((rows["state"] != "complete").sum())
    columns = [
        Column("subject", "Variation", show=lambda row: Html('<strong>{}</strong><span class="unit">{}</span>').format(row["subject"], row["what"])),
        Column("from_project", "From", show=lambda row: f"{row['from_project']}{' to ' + row['to_project'] if row['to_project'] else ''}"),
        Column("amount", "Sum moved", NUMBERS, show=lambda row: pounds(row["amount"])),
        Column(
            "remaining",
            "Not spent then",
            NUMBERS,
            show=lambda row: _range(row["remaining"], row["remaining_at_most"]) if row["remaining"] is not None else "[x]",
        ),
        Column("authority", "Decided by", show=lambda row: row["authority"] or "[x]"),
        Column("decided", "On", show=lambda row: row["decided"] or "[x]"),
        Column("state", "The ledger", show=lambda row: Html('{}<span class="unit">{}</span>').format(row["state"], row["source"])),
    ]
    text = f"{begin(count(len(rows), 'line'))} in the ledger of variations"
    text += f"; {alone(lacking)} {verb(lacking, 'lacks', 'lack')} a sum, an authority or a date." if lacking else ", each with sum, authority and date."
    caption = f"Variations, {quarters.label(awards['quarter'].iloc[0])}"
    return joined([lead(text), tables.table(rows, columns, caption=caption, source="register of variations", row_heading="subject")])
