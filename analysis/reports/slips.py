"""One short page and one table for each partner: which cells to look at, what was typed, what is wrong, and by when."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import dates, frames, quarters, tables
from analysis.markup import Html, joined, slug
from analysis.quality import plain
from analysis.quality.owed import BETWEEN_FILES
from analysis.reports.page import check, stylesheet
from analysis.reports.publication import as_csv
from analysis.reports.report import Report
from analysis.reports.wording import begin, count, lead, listed, verb
from analysis.returns import OTHER_QUARTER
from analysis.tables import Column
from analysis.vocabulary import Delivery, Severity

_ORDER = {str(Severity.FAIL): 0, str(Severity.ADVISORY): 1, str(Severity.INFO): 2}
_WEIGHT = {
    str(Severity.FAIL): "must be mended: it is not used",
    str(Severity.ADVISORY): "please look at it",
    str(Severity.INFO): "for your record",
}
FOR_THE_RECORD = _WEIGHT[str(Severity.INFO)]
"""What a line weighs that asks for nothing."""
NOBODY = "Returns that name no partner"
_ANALYSTS = re.compile(r",? or (?:accept|add) it (?:in|to) data/\S+?\.csv|;? ?docs/forms\.md shows (?:them|the forms)")
"""What a message says to the analyst in the middle of a sentence."""
COLUMNS = ["partner", "quarter", "file", "sheet", "cell", "as_typed", "what_is_wrong", "read_as", "weight", "deadline"]


def slips(report: Report) -> dict[str, pd.DataFrame]:
    """
    Give each partner's list of cells to look at: partner -> frame of `COLUMNS`, what must be mended first.

    A return that is owed and has not come is a line of its own. Who has nothing to mend has no slip.
    """
    returns, owed = report.now("returns"), report.now("owed")
    partner_of = {row["file"]: row["partner"] or NOBODY for row in frames.rows(returns)}
    deadlines: dict[str, str] = {}
    for row in frames.rows(owed[owed["due"] != ""]):
        for of in (*row["files"].split(BETWEEN_FILES), plain(row["partner"])):
            deadlines[of] = min(deadlines.get(of, row["due"]), row["due"])
    issues = report.now("issues")
    rows = []
    for issue in frames.rows(issues[issues["file"] != ""]):
        partner = partner_of.get(issue["file"], NOBODY)
        same = {name: issue[name] for name in ("quarter", "file", "sheet", "cell", "as_typed", "read_as")}
        rows.append(
            same
            | {"partner": partner, "what_is_wrong": for_its_sender(issue), "severity": issue["severity"]}
            | {"deadline": deadlines.get(issue["file"]) or deadlines.get(plain(partner), "")}
        )
    for row in frames.rows(owed[owed["state"].isin([Delivery.DUE, Delivery.LATE])]):
        wanted = (
            f"the return {', '.join(filter(None, (row['form'], row['covers'])))} is owed{' and was due on ' + row['due'] if row['days_late'] else ''}: send it"
        )
        blank = dict.fromkeys(("file", "sheet", "cell", "as_typed", "read_as"), "")
        rows.append(
            blank | {"quarter": row["quarter"], "partner": row["partner"], "what_is_wrong": wanted, "severity": str(Severity.FAIL), "deadline": row["due"]}
        )
    names: dict[str, str] = {}
    for row in rows:  # one partner, however it writes its name
        row["partner"] = names.setdefault(plain(row["partner"]) or row["partner"], row["partner"])
    rows.sort(key=lambda row: (row["partner"], _ORDER[row["severity"]], row["file"], row["sheet"]))
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["partner"], []).append(row | {"weight": _WEIGHT[row["severity"]]})
    mending = {partner: of for partner, of in found.items() if any(row["severity"] != Severity.INFO for row in of)}
    return {partner: pd.DataFrame(of, dtype=object)[COLUMNS] for partner, of in mending.items()}


def for_its_sender(issue: dict[str, Any]) -> str:
    """
    Give what is wrong with a cell as its sender can act on it: folders, registers and whom to ask are the analyst's.

    >>> for_its_sender({"rule": "", "message": "heading 'Actual' is missing. 'Actal' looks like it, or accept it in data/reference/headings.csv. Ask why."})
    "heading 'Actual' is missing. 'Actal' looks like it. Please say why."
    """
    if issue["rule"] == OTHER_QUARTER:
        return f"says {issue['as_typed']!r}, and what we need is {quarters.label(issue['quarter'])}"
    sentences = re.split(r"(?<=[.?!]) ", _ANALYSTS.sub("", issue["message"]))
    told = ["Please say why." if sentence == "Ask why." else sentence for sentence in sentences if sentence == "Ask why." or not _to_the_analyst(sentence)]
    return " ".join(told) or str(issue["message"])


def _to_the_analyst(sentence: str) -> bool:
    return sentence.startswith("Ask ") or "data/reference/" in sentence


def write(report: Report, folder: Path) -> dict[str, int]:
    """Write every partner's slip, as page and as CSV, into a folder that holds nothing else; gives partner -> number of its lines."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    made = slips(report)
    names = file_names(made)
    for partner, rows in made.items():
        (folder / f"{names[partner]}.csv").write_text(as_csv(rows), encoding="utf-8", newline="")
        (folder / f"{names[partner]}.html").write_text(page(report, partner, rows), encoding="utf-8")
    return {partner: len(rows) for partner, rows in made.items()}


def file_names(partners: Iterable[str]) -> dict[str, str]:
    """
    Give each partner the name that its files have, without an ending: different names for different partners.

    >>> file_names(["The Council", "The Council!", "?"])
    {'The Council': 'the-council', 'The Council!': 'the-council-2', '?': 'partner'}
    """
    found: dict[str, str] = {}
    for partner in partners:
        name = short = slug(partner)[:80].strip("-") or "partner"
        while name in found.values():
            name = f"{short}-{len(found) + 1}"
        found[partner] = name
    return found


def page(report: Report, partner: str, rows: pd.DataFrame) -> str:
    """Give one partner's slip as a page that stands alone."""
    must = int((rows["weight"] == _WEIGHT[str(Severity.FAIL)]).sum())
    look = len(rows) - must
    parts = [f"{count(must, 'thing')} must be mended, or {verb(must, 'it is', 'they are')} left out of the reports"] if must else []
    parts += [f"{count(look, 'thing')} to look at"] if look else []
    deadline = min(filter(None, rows["deadline"]), default="")
    columns = [
        Column(
            "cell",
            "Cell",
            show=lambda row: Html('<strong>{}</strong><span class="unit">{}</span>').format(
                _place(row), row["file"].rpartition("/")[2] + (f", sheet {row['sheet']}" if row["sheet"] else "")
            ),
        ),
        Column("as_typed", "What was typed", show=lambda row: row["as_typed"] or "(blank)"),
        Column("what_is_wrong", "What is wrong, and what would be right", show=lambda row: begin(row["what_is_wrong"])),
        Column("weight", "What it means"),
    ]
    came = bool((rows["file"] != "").any())
    again = "Please send the return again, with its date above the table and what you changed beside the word Reason. The newer return counts, the older one is kept."
    how = again if came else "Please send what is owed, with its date above the table."
    how += f" The deadline is {dates.in_words(deadline)}." if deadline else " No deadline is stated."
    caption = f"{'Cells to look at' if came else 'Returns owed'}, {quarters.label(report.quarter)}"
    body = joined(
        [
            lead(f"{begin(listed(parts))}."),
            Html("<p>{}</p>").format(how),
            tables.table(rows, columns, caption=caption, source="your return, as received", row_heading="cell"),
        ]
    )
    html = Html(
        '<!DOCTYPE html>\n<html lang="{}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'\">"
        '<title>{}</title><style>{}</style></head><body><main><header class="front"><div><p class="eyebrow">{}</p><h1>{}</h1><p class="quarter">{}: {}</p></div></header>'
        "<section>{}</section></main></body></html>\n"
    ).format(
        report.registers.language,
        f"{partner}: cells to look at, {quarters.label(report.quarter)}",
        Html(stylesheet()),
        report.registers.name,
        f"{partner}: what to look at in your return" if came else f"{partner}: what is owed",
        quarters.label(report.quarter),
        quarters.months(report.quarter),
        body,
    )
    return check(str(html), f"slip of {partner}")


def _place(row: dict[str, Any]) -> str:
    first, colon, last = row["cell"].partition(":")
    return f"row {first}" if colon and first == last else f"rows {first} to {last}" if colon else first or ("the whole file" if row["file"] else "not received")
