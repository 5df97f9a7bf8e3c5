"""Sections about what was undertaken for the grant: agreements, milestones, outcome measures."""

from __future__ import annotations

from datetime import date
from typing import Any

from analysis import charts, grant, quarters, tables
from analysis.markup import Html, joined, paragraphs
from analysis.reports.report import Report
from analysis.reports.wording import alone, begin, count, lead, listed, verb
from analysis.tables import NUMBERS, Column


def agreements(report: Report) -> Html:
    """Show where each agreement stands, whether it may be paid, what is next, and when its report is due."""
    now = report.now("agreement_states")
    if now.empty:
        return Html("")
    unsigned = list(now[now["may_be_paid"] == "no"]["project"])
    late = list(now[now["report_state"] == "overdue"]["project"])
    text = f"{begin(count(len(now), 'agreement'))}, {_how_many(len(now) - len(unsigned), len(now))} signed."
    if unsigned:
        text += f" {listed(unsigned)} may not be paid before the signed contract has come."
    text += f" Reports overdue: {listed(late)}." if late else " No report is overdue at the quarter's end."

    def state(row: dict[str, Any]) -> Html:
        steps = grant.STATES[1:]
        done = steps.index(row["state"]) + 1 if row["state"] in steps else 0
        marks = "".join("\u25cf" if place < done else "\u25cb" for place in range(len(steps)))
        return Html('<span aria-hidden="true" class="steps">{}</span> {}').format(marks, row["state"])

    columns = [
        Column("project", "Project", show=lambda row: Html('<strong>{}</strong><span class="unit">{}</span>').format(row["project"], row["organisation"])),
        Column("state", "Stands at", show=state),
        Column("next_step", "Next"),
        Column("may_be_paid", "May be paid", show=lambda row: "yes" if row["may_be_paid"] == "yes" else "no: not signed"),
        Column("due", "Report due", show=_report_due),
        Column("progress", "As reported", show=lambda row: paragraphs(row["progress"])),
    ]
    notes = [
        f"The steps are {', '.join(grant.STATES[1:])}. An agreement stands at the last that its returns say is done, with all before it.",
        "A date written without its year is the first such day that was not over when the quarter began.",
    ]
    table = tables.table(now, columns, caption=f"Agreements, {quarters.label(report.quarter)}", source="agreements return", row_heading="project", notes=notes)
    return joined([lead(text), table])


def _how_many(number: int, of: int) -> str:
    """Give a number of some things, or that it is all of them."""
    return {1: "one", 2: "both"}.get(of, "all") if number == of and of > 1 else alone(number)


def _report_due(row: dict[str, Any]) -> str:
    """Give the day a report is due, and what became of it."""
    state = row["report_state"]
    return f"{day(row['due'])}, {state}" if row["due"] and state in ("overdue", "received") else "received" if state == "received" else day(row["due"])


def day(iso: str) -> str:
    """
    Give a date as readers see it; the shorthand where there is none.

    >>> day("2011-10-17"), day("")
    ('17 October 2011', '[x]')
    """
    found = date.fromisoformat(iso) if iso else None
    return f"{found.day} {found:%B %Y}" if found else "[x]"


def milestones(report: Report) -> Html:
    """Show when each milestone falls due, and what is said of those that have."""
    now = report.now("milestone_states")
    if now.empty:
        return Html("")
    end = quarters.period(report.quarter).end_time.date()
    numbers = now["state"].value_counts().to_dict()
    silent, late = numbers.get("due, nothing said", 0), numbers.get("overdue", 0)
    unrated, undated = int((now["rag"] == "").sum()), int((now["due"] == "").sum())
    text = f"{begin(count(len(now), 'milestone'))} of {count(now['organisation'].nunique(), 'organisation')}."
    if silent:
        text += f" {begin(count(silent, 'milestone'))} had fallen due by {day(end.isoformat())}, and no return says whether {verb(silent, 'it is', 'they are')} done."
    if late:
        text += f" {begin(count(late, 'milestone'))} {verb(late, 'is', 'are')} overdue."
    if not silent and not late:
        text += f" {'It was not' if len(now) == 1 else 'None was'} overdue on {day(end.isoformat())}."
    text += f" {begin(count(undated, 'milestone'))} {verb(undated, 'names', 'name')} no date" if undated else " Each names a date"
    text += (
        f"; {'it has no' if len(now) == 1 else 'none has a'} RAG status."
        if unrated == len(now)
        else f"; {count(unrated, 'milestone')} came without a RAG status."
        if unrated
        else "; each has a RAG status."
    )
    waiting = silent + late
    title = f"No milestone was overdue on {day(end.isoformat())}"
    if waiting:
        title = f"{begin(alone(waiting))} of {count(len(now), 'milestone')} {verb(waiting, 'is', 'are')} due and not said to be done on {day(end.isoformat())}"
    chart = charts.timeline(
        now[["organisation", "due", "state"]],
        now=end,
        now_label=f"end of {quarters.label(report.quarter)}",
        title=title,
        subtitle="Each mark is a milestone by the date its timescale names: square and orange where it is due and not said to be done (full where a RAG says it is late), circle where it is still to come, full circle where it is done",
        source="milestones return",
        alt=f"{text} {_dates_in_words(now)}",
    )
    columns = [
        Column("timescale", "By when, or how", show=lambda row: row["timescale"] or "[x]"),
        Column("due", "Due", NUMBERS, show=lambda row: day(row["due"])),
        Column("state", "At the quarter's end", show=_state),
        Column("outcome", "Outcome", show=lambda row: paragraphs(row["outcome"])),
        Column("rag", "RAG", show=lambda row: row["rag"] or "[x]"),
    ]
    caption = f"Milestones, {quarters.label(report.quarter)}"
    notes = ["A month is due by its last day. A milestone that is due and of which nothing is said is neither done nor missed: ask."]
    table = tables.table(
        now, columns, caption=caption, source="milestones return", row_heading="timescale", group_by="organisation", notes=notes, kind="milestones"
    )
    return joined([lead(text), chart, table])


def _state(row: dict[str, Any]) -> Html:
    return Html('<span class="verdict{}">{}</span>').format(" loud" if row["overdue"] else "", row["state"])


def _dates_in_words(now: Any) -> str:
    dated = now[now["due"] != ""]
    first = [f"{name}: {', '.join(day(due) for due in sorted(of['due']))}" for name, of in dated.groupby("organisation", sort=False)]
    return "; ".join(first) + ("." if first else "")


_LACKED = {"measure": "a measure", "baseline": "a baseline", "lead": "a lead"}


def outcome_measures(report: Report) -> Html:
    """Show the outcome measures, and what of each is still undefined."""
    now = report.now("outcome_measures")
    if now.empty:
        return Html("")
    gaps = [text.split(", ") if text else [] for text in now["undefined"]]
    lacking = {name: sum(name in of for of in gaps) for name in ("measure", "baseline", "yearly targets", "partners", "lead")}
    whole = sum(not of for of in gaps)
    said = listed([f"{_how_many(number, len(now))} {verb(number, 'lacks', 'lack')} {_LACKED.get(name, name)}" for name, number in lacking.items() if number])
    text = f"{begin(count(len(now), 'outcome measure'))}, {_how_many(whole, len(now))} fully defined" + (f": {said}." if said else ".")
    columns = [
        Column("number", "No"),
        Column(
            "outcome_measure",
            "Outcome measure",
            show=lambda row: Html('<strong>{}</strong><span class="unit">{}</span>').format(row["outcome_measure"] or "[x]", row["outcome"]),
        ),
        Column("description", "Description", show=lambda row: paragraphs(row["description"])),
        Column("baseline", "Baseline", show=lambda row: row["baseline"] or "[x]"),
        Column("years", "Yearly targets", show=lambda row: row["years"] or "[x]"),
        Column("partners", "Partners", show=lambda row: row["partners"] or "[x]"),
        Column("lead", "Lead", show=lambda row: row["lead"] or "[x]"),
        Column("undefined", "Still undefined", show=lambda row: row["undefined"] or "nothing"),
    ]
    caption = f"Outcome measures, {quarters.label(report.quarter)}"
    table = tables.table(now, columns, caption=caption, source="outcome measures return", row_heading="outcome_measure", group_by="priority")
    return joined([lead(text), table])
