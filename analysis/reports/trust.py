"""Sections about data quality: how far the figures can be trusted, each return by stage, checks, grades, repairs, maps."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis import charts, exceptions, frames, quality, quarters, tables
from analysis.markup import Html, joined
from analysis.reports import control, evidence, owing
from analysis.reports.report import Report
from analysis.reports.wording import alone, begin, count, lead, listed, tile, verb
from analysis.tables import NUMBERS, Column
from analysis.values import shown
from analysis.vocabulary import Delivery, Grade, Outcome, Severity, Stage

TELLING = 10
"""How many findings stand at the head of the page."""
_ORDER = {str(Severity.FAIL): 0, str(Severity.ADVISORY): 1, str(Severity.INFO): 2}


def overview(report: Report) -> Html:
    """Say how far the quarter's figures can be trusted, and show the findings that say most about them."""
    returns, graded = _late_too(report, "returns"), _late_too(report, "grades")
    if returns.empty:
        return Html("")
    sums = {str(outcome): int(returns[outcome].sum()) for outcome in Outcome}
    by = {grade: int((graded["grade"] == grade).sum()) for grade in Grade}
    held = int((returns["state"] == Delivery.HELD).sum())
    owed = report.now("owed")
    came = int(owed["state"].isin([Delivery.RECEIVED, Delivery.HELD, Delivery.ACCEPTED]).sum())
    said = f"{by[Grade.GOOD]} of {len(graded)} {verb(len(graded), 'figure', 'figures')} {verb(by[Grade.GOOD], 'is', 'are')} good, {by[Grade.FAIR]} fair and {by[Grade.POOR]} poor"
    none = by[Grade.UNKNOWN]
    said += f"; {none} {verb(none, 'is', 'are')} not due, or {verb(none, 'says', 'say')} why there is none" if none else ""
    sentences = [said] if len(graded) else []
    sentences.append(_held_in_words(held, int((returns["state"] == "held in part").sum())))
    if len(owed):
        sentences.append(f"{alone(came)} of {count(len(owed), 'return')} owed {verb(came, 'has', 'have')} come")
    later = evidence.gaps(report)["state"].str.startswith(exceptions.DUE_LATER)
    gaps, waits = int((~later).sum()), int(later.sum())
    sentences.append(f"{count(gaps, 'thing')} asked for {verb(gaps, 'is', 'are')} not there" if gaps else "nothing that is due is missing")
    total = sum(sums.values())
    tiles = [
        tile("Good figures", str(by[Grade.GOOD]), f"of {len(graded)}", f"{by[Grade.FAIR]} fair, {by[Grade.POOR]} poor"),
        tile("Returns owed that came", str(came), f"of {len(owed)}", _days(owed))
        if len(owed)
        else tile("Returns that came", str(len(returns)), "", "nobody has written what is owed"),
        tile("Cells accounted for", f"{total:,}", "", f"{sums['used']:,} used, {sums['ignored']:,} ignored, {sums['quarantined']:,} quarantined"),
        tile(
            "Due and not there",
            str(gaps),
            "",
            f"{waits} more {verb(waits, 'is', 'are')} due later" if waits else "by name below" if gaps else "nothing is due later",
        ),
    ]
    return joined(
        [lead(" ".join(f"{begin(sentence)}." for sentence in sentences)), Html('<div class="tiles">{}</div>').format(joined(tiles)), _telling(report)]
    )


def _held_in_words(held: int, in_part: int) -> str:
    """
    Say how many returns are held, whole and in part.

    >>> _held_in_words(0, 0), _held_in_words(0, 1), _held_in_words(2, 1)
    ('no return is held', 'one return is held in part, none whole', 'two returns are held, and one in part')
    """
    if in_part and not held:
        return f"{count(in_part, 'return')} {verb(in_part, 'is', 'are')} held in part, none whole"
    text = f"{count(held, 'return')} {verb(held, 'is', 'are')} held" if held else "no return is held"
    return text + (f", and {alone(in_part)} in part" if in_part else "")


def _days(owed: pd.DataFrame) -> str:
    late, due = (int((owed["state"] == state).sum()) for state in (Delivery.LATE, Delivery.DUE))
    return ", ".join(filter(None, (f"{late} late" if late else "", f"{due} due" if due else ""))) or "none late, as far as is known"


def _late_too(report: Report, name: str) -> pd.DataFrame:
    """Give a frame's rows of the quarter, and with them those of the quarter before that grant is shown of."""
    frame = report[name]
    grant = set(report.latest("spend")["quarter"])
    if name == "grades":
        return frame[(frame["quarter"] == report.quarter) | ((frame["what"] == "award") & frame["quarter"].isin(grant))].reset_index(drop=True)
    return frame[frame["quarter"].isin({report.quarter} | grant)].reset_index(drop=True)


def telling(report: Report) -> pd.DataFrame:
    """Give the findings that say most: what holds something first, then what a check between returns or quarters found, each rule in turn."""
    found = _late_too(report, "issues")
    found = found[found["severity"] != Severity.INFO] if (found["severity"] != Severity.INFO).any() else found
    depth = {str(stage): -place for place, stage in enumerate(Stage)}
    ordered = found.assign(order=found["severity"].map(_ORDER), depth=found["stage"].map(depth)).sort_values(
        ["order", "depth", "rule", "file", "cell"], kind="stable"
    )
    numbers = found["rule"].value_counts()
    nth = ordered.groupby("rule", sort=False).cumcount()
    best = ordered.assign(nth=nth).sort_values(["order", "nth", "depth"], kind="stable").head(TELLING)
    return best.assign(of_rule=best["rule"].map(numbers)).reset_index(drop=True)


def _telling(report: Report) -> Html:
    found = telling(report)
    if found.empty:
        return Html("<p>No check found anything odd in the returns of this quarter.</p>")
    columns = [
        Column("message", "Finding", show=lambda row: begin(row["message"])),
        Column("file", "Where", show=_where),
        Column(
            "severity",
            "Weight",
            show=lambda row: Html('<span class="verdict{}">{}</span>').format(" loud" if row["severity"] == Severity.FAIL else "", row["severity"]),
        ),
        Column(
            "rule",
            "Check",
            show=lambda row: Html('{}<span class="unit">{}</span>').format(begin(row["rule"]), f"{row['of_rule']} in all" if row["of_rule"] > 1 else ""),
        ),
    ]
    caption = f"The most telling findings, {quarters.label(report.quarter)}"
    return tables.table(
        found,
        columns,
        caption=caption,
        source="every check, of reading and after it",
        row_heading="message",
        notes=["Every finding stands under Issues found."] if "issues" in report.audience.sections and report.whole else [],
    )


def _where(row: dict[str, Any]) -> Html:
    cell = row["cell"].partition(":")
    place = ", ".join(filter(None, (f"sheet {row['sheet']}" if row["sheet"] else "", (f"row {cell[0]}" if cell[1] else f"cell {cell[0]}") if cell[0] else "")))
    return Html('{}<span class="unit">{}</span>').format(row["file"].rpartition("/")[2], place or "the whole file")


_NOT_COUNTED = ("replaced", "duplicate")
"""States of a return that another counts instead of: it passes nothing and fails nothing."""


def stages(report: Report) -> Html:
    """Show how each return of the quarter stands at each stage: pass, advisory, fail; or which other counts instead of it."""
    returns, issues = report.now("returns"), report.now("issues")
    if returns.empty:
        return Html("")
    severities = issues.groupby(["file", "stage", "severity"]).size().to_dict()
    rows = []
    for row in frames.rows(returns):
        fails = [stage for stage in Stage if severities.get((row["file"], stage, Severity.FAIL))]
        unread = row["state"] == Delivery.HELD and not row["forms"]
        instead = row["state"] in _NOT_COUNTED
        row |= {
            f"at {stage}": _result(
                severities,
                row["file"],
                stage,
                reached=not (unread and fails and list(Stage).index(stage) > list(Stage).index(fails[0])),
                passed="[z]" if instead else "pass",
            )
            for stage in Stage
        }
        advised = any(severities.get((row["file"], stage, Severity.ADVISORY)) for stage in Stage)
        rows.append(row | {"result": row["state"].upper() if instead else "FAIL" if fails else "ADVISORY" if advised else "PASS"})
    results = [row["result"] for row in rows]
    said = f"{begin(count(results.count('PASS'), 'return'))} {verb(results.count('PASS'), 'passes', 'pass')} every check, {alone(results.count('ADVISORY'))} with advisories, {alone(results.count('FAIL'))} {verb(results.count('FAIL'), 'fails', 'fail')}."
    others = sum(row["state"] in _NOT_COUNTED for row in rows)
    said += f" {begin(alone(others))} {verb(others, 'is', 'are')} not counted: another return counts instead of {verb(others, 'it', 'each')}." if others else ""
    columns = [
        Column(
            "file",
            "Return",
            show=lambda row: Html('<strong>{}</strong><span class="unit">{}</span>').format(
                row["file"].rpartition("/")[2], row["partner"] or "no partner named"
            ),
        ),
        Column("result", "Result", show=_verdict),
        *(Column(f"at {stage}", begin(str(stage))) for stage in Stage),
    ]
    notes = [
        "PASS: nothing found, notes for the record apart. ADVISORY: it goes on, and is told. FAIL: what fails is held back, the rest goes on, and the quarter is provisional."
    ]
    return joined(
        [
            lead(said),
            tables.table(
                pd.DataFrame(rows),
                columns,
                caption=f"Returns by stage, {quarters.label(report.quarter)}",
                source="every check",
                row_heading="file",
                notes=notes,
            ),
        ]
    )


def _verdict(row: dict[str, Any]) -> Html:
    """Give how a return stands, and of one that another counts instead of, what became of it."""
    became = Html('<span class="unit">{}</span>').format(row["reason"]) if row["state"] in _NOT_COUNTED else Html("")
    return Html('<span class="verdict{}">{}</span>{}').format(" loud" if row["result"] == "FAIL" else "", row["result"], became)


def _result(severities: dict[Any, int], file: str, stage: Stage, *, reached: bool, passed: str) -> str:
    fail, advisory = (severities.get((file, stage, severity), 0) for severity in (Severity.FAIL, Severity.ADVISORY))
    if not reached:
        return "not reached"
    return ", ".join(filter(None, (f"fail ({fail})" if fail else "", f"advisory ({advisory})" if advisory else ""))) or passed


def checks(report: Report) -> Html:
    """Show every check of figures: how much it examined, what it found, and what it could not examine."""
    return control.checks_made(report, "quality_checks", quality.CHECKS, "figures")


def grades(report: Report) -> Html:
    """Show how far figures can be trusted: each that is less than good with its reason, and partners beside one another over time."""
    graded = _late_too(report, "grades")
    if graded.empty:
        return Html("")
    less = graded[graded["grade"].isin([Grade.POOR, Grade.FAIR])]
    less = less.assign(order=less["grade"].map({Grade.POOR: 0, Grade.FAIR: 1})).sort_values("order", kind="stable").reset_index(drop=True)
    dimensions = ("completeness", "accuracy", "validity", "timeliness")
    columns = [
        Column("subject", "Figure", show=lambda row: Html('<strong>{}</strong><span class="unit">{}</span>').format(row["subject"], row["partner"])),
        Column(
            "grade", "Grade", show=lambda row: Html('<span class="verdict{}">{}</span>').format(" loud" if row["grade"] == Grade.POOR else "", row["grade"])
        ),
        Column("why", "Why"),
        *(Column(name, begin(name)) for name in dimensions),
    ]
    counted = [(int((graded["grade"] == grade).sum()), grade) for grade in Grade]
    text = f"{begin(count(len(graded), 'figure'))}: {listed([f'{number} {grade}' for number, grade in counted if number])}."
    notes = ["A figure's grade is the worst of its four that is known. Timeliness is not known where nobody has said when its return was due, or when it came."]
    caption = f"Figures that are less than good, {quarters.label(report.quarter)}"
    table = tables.table(less, columns, caption=caption, source="every check", row_heading="subject", notes=notes) if len(less) else Html("")
    return joined([lead(text), table, _league(report)])


def _league(report: Report) -> Html:
    def show(found: dict[str, Any]) -> Html:
        beside = [f"{found['figures']} figures", f"{found['missing']} missing" if found["missing"] else "", f"{found['late']} late" if found["late"] else ""]
        return Html('{}%<span class="unit">{}</span>').format(f"{found['share_good']:f}", ", ".join(filter(None, beside)))

    caption, source = "Share of each partner's figures that are good, by quarter", "grades of this and earlier quarters"
    return owing.partners_over_time(report, "league", show, caption=caption, source=source, holds=NUMBERS)


_REPAIRED = (("observations", ("target", "actual")), ("monthly", ("value",)), ("awards", frames.MONEY), ("reward_facts", ("value",)))


def repairs(report: Report) -> Html:
    """Show what was mended so that a figure could be read: each cell as typed, as read, and what was done."""
    rows = []
    for name, parts in _REPAIRED:
        frame = _late_too(report, name)
        for part in parts:
            for row in frames.rows(frame[frame[f"{part}_repairs"] != ""]):
                subject = row.get("measure_id") or row.get("project") or row.get("indicator") or row.get("fact") or ""
                rows.append(
                    {
                        "subject": f"{subject}: {part.replace('_', ' ')}",
                        "typed": row[f"{part}_raw"],
                        "done": row[f"{part}_repairs"],
                        "file": row["file"],
                        "sheet": row["sheet"],
                        "cell": row[f"{part}_cell"],
                        "read": row[part],
                        "unit": row[f"{part}_unit"],
                        "reason": row[f"{part}_reason"],
                    }
                )
    if not rows:
        return lead("No figure had to be repaired.")
    columns = [
        Column("subject", "Figure"),
        Column("typed", "As typed", NUMBERS),
        Column("read", "Read as", NUMBERS, show=lambda row: shown(row["read"], row["unit"]) if row["read"] is not None else row["reason"]),
        Column("done", "What was done"),
        Column("file", "Where", show=_where),
    ]
    table = tables.table(
        pd.DataFrame(rows, dtype=object),
        columns,
        caption=f"Figures repaired, {quarters.label(report.quarter)}",
        source="the files as received",
        row_heading="subject",
    )
    return joined([lead(f"{begin(count(len(rows), 'figure'))} could be read only after a repair. The text as typed is kept."), table])


def maps(report: Report) -> Html:
    """Show a map of every sheet: each cell used, ignored or quarantined."""
    cells = report.now("cells")
    if cells.empty:
        return Html("")
    said = {outcome: int((cells["outcome"] == outcome).sum()) for outcome in Outcome}
    text = f"Every cell that holds something: {said[Outcome.USED]:,} used, {said[Outcome.IGNORED]:,} ignored, {said[Outcome.QUARANTINED]:,} quarantined."
    title = "Nothing is lost: each cell is used, ignored with a reason, or quarantined"
    return joined(
        [
            lead(text),
            charts.coverage(
                cells,
                title=title,
                subtitle=f"Each square is a cell that holds something, in its row and column; {quarters.label(report.quarter)}",
                source="the files as received",
            ),
        ]
    )
