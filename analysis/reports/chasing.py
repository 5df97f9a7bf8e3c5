"""A plain text for each partner, ready to be sent: what is owed and by when, what came and is held, what was wrong last time."""

from __future__ import annotations

import shutil
import textwrap
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import dates, exceptions, frames, quarters
from analysis.quality import plain
from analysis.quality.owed import BETWEEN_FILES
from analysis.reports.forms.asking import FORMS
from analysis.reports.report import Report
from analysis.reports.slips import FOR_THE_RECORD, file_names, for_its_sender
from analysis.reports.wording import alone, begin, count, listed, verb
from analysis.returns import AS_ASKED, OTHER_QUARTER
from analysis.vocabulary import Delivery, Severity

Row = dict[str, Any]
WIDTH = 76
_TOLD = 5
"""How many faults of one return, and of last time, are told; how many more there are is said."""
_PERFORMANCE = "performance"
_LONGEST = 60
_WANTED = {Delivery.LATE: "late", Delivery.DUE: "due", Delivery.HELD: "held", Delivery.RECEIVED: "to mend"}
"""The states in which something of a return is still wanted, and how a subject line says them."""
_MANGLED = ("From ", ">", ".", "--")
"""What a line must not begin with: mail programs quote, cut or hide such lines."""


@dataclass(frozen=True)
class Letter:
    """
    What is to be sent to one partner.

    Attributes:
        partner: to whom.
        name: its file's name, without an ending.
        says: what is wanted, in short: "one late, two held".
        form: the name of the form that it says is attached; empty where it speaks of none.
        text: the whole of it, subject line first.
    """

    partner: str
    name: str
    says: str
    form: str
    text: str


def letters(report: Report, on: date, last_time: Mapping[str, pd.DataFrame], forms: Collection[str] = ()) -> list[Letter]:
    """
    Give a text for each partner of whom something is still wanted.

    Args:
        report: of the quarter, with what is owed as on that day, and the issues of what came; not protected, as each sees only its own.
        on: the day.
        last_time: the slips of the quarter before, as `slips.slips` gives them.
        forms: the names of the forms that are ready for the quarter.

    Returns:
        In the order of the register of returns owed. Lines of at most `WIDTH` characters, that no mail program changes.
    """
    return [_letter(report, rows, name, on, last_time, forms) for name, rows in _partners(report).items() if _wanted(report, rows)]


def settled(report: Report) -> dict[str, str]:
    """Give each partner that gets no letter, and why: nothing is owed any more, or nothing is due yet."""
    return {
        rows[0]["partner"]: "nothing is due yet" if any(row["state"] == Delivery.NOT_DUE for row in rows) else "nothing is owed any more"
        for rows in _partners(report).values()
        if not _wanted(report, rows)
    }


def write(made: list[Letter], folder: Path) -> None:
    """Write every letter into a folder that holds nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for letter in made:
        (folder / f"{letter.name}.txt").write_text(letter.text, encoding="utf-8", newline="")


def _partners(report: Report) -> dict[str, list[Row]]:
    """Give what each partner owes, by the name of its files; one partner, however its name is written."""
    found: dict[str, list[Row]] = {}
    for row in frames.rows(report.now("owed")):
        found.setdefault(plain(row["partner"]) or row["partner"], []).append(row)
    names = file_names(rows[0]["partner"] for rows in found.values())
    return {names[rows[0]["partner"]]: rows for rows in found.values()}


def _wanted(report: Report, rows: list[Row]) -> str:
    """Say in short what is wanted; nothing where nothing is."""
    counted = {words: sum(row["state"] == state for row in rows) for state, words in _WANTED.items()}
    counted |= {"to confirm": len(_odd(report, rows)), "without a figure": len(_without_figure(report, rows))}
    return ", ".join(f"{alone(number)} {words}" for words, number in counted.items() if number)


def _letter(report: Report, rows: list[Row], name: str, on: date, last_time: Mapping[str, pd.DataFrame], forms: Collection[str]) -> Letter:
    partner, says = rows[0]["partner"], _wanted(report, rows)
    form = f"{name}.xlsx" if f"{name}.xlsx" in forms else ""
    states = {row["state"] for row in rows}
    of = f"{quarters.label(report.quarter)} ({quarters.months(report.quarter)})"
    thanks = " Thank you for what you have sent already." if states & {Delivery.HELD, Delivery.RECEIVED, Delivery.ACCEPTED} else ""
    lines = [
        f"Subject: Returns for {quarters.label(report.quarter)}: {says}",
        *_paragraph("Dear colleagues,"),
        *_paragraph(f"This is what we still need from {partner} for {of}, as on {dates.in_words(on)}.{thanks}"),
        *_not_received(rows, on, form),
        *_to_mend(report, rows, form),
        *_to_complete(report, rows),
        *_to_confirm(report, rows),
        *_to_look_at(report, rows),
        *_later(rows),
        *_last_time(report.quarter, partner, last_time),
        *_paragraph(_whom_to_ask(rows)),
        *_paragraph("With thanks,"),
        *_lines(report.registers.name),
    ]
    return Letter(partner, name, says, form if any(form in line for line in lines) else "", "\n".join(lines) + "\n")


def _not_received(rows: list[Row], on: date, form: str) -> list[str]:
    late, due = ([row for row in rows if row["state"] == state] for state in (Delivery.LATE, Delivery.DUE))
    if not late and not due:
        return []
    said = [f"{_return(row)}: was due on {dates.in_words(row['due'])} and is {_days(row['days_late'])} late." for row in late]
    said += [f"{_return(row)}: {_is_due(row, on)}." for row in due]
    in_form = [row for row in (*late, *due) if form and row["form"] in FORMS]
    others = [row for row in (*late, *due) if row not in in_form]
    for_some = f" for {listed(_each([row['form'] for row in in_form]))}" if others else " for it"
    how = f"Your form{for_some} is attached ({form}): it is filled in with what we know." if in_form else ""
    for_others = f"For {listed(_each([row['form'] for row in others]))} a" if in_form else "A"
    how = " ".join(filter(None, (how, f"{for_others} spreadsheet with the headings of your last return will do: XLSX, ODS or CSV." if others else "")))
    soon = "Please send what is late as soon as you can, or tell us on which day we can expect it. " if late else ""
    why = "Where there is no figure, please say why in its place: a blank counts as not given."
    return [*_paragraph("Not received:"), *_items(said), *_paragraph(f"{soon}{how} {why}")]


def _is_due(row: Row, on: date) -> str:
    if not row["due"]:
        return "no deadline has been stated"
    days = (date.fromisoformat(row["due"]) - on).days
    return f"is due on {dates.in_words(row['due'])}, {('today', 'tomorrow')[days] if days < 2 else f'in {_days(days)}'}"


def _to_mend(report: Report, rows: list[Row], form: str) -> list[str]:
    held, in_part = ([row for row in rows if row["state"] == state] for state in (Delivery.HELD, Delivery.RECEIVED))
    if not held and not in_part:
        return []
    issues = report.now("issues")
    fails = frames.rows(issues[issues["severity"] == Severity.FAIL])
    lines: list[str] = []
    told: list[Row] = []
    for heading, those in (("Received, and not used until it is mended:", held), ("Received and used, but for what is told here:", in_part)):
        lines += _paragraph(heading) if those else []
        for row in those:
            files = row["files"].split(BETWEEN_FILES)
            faults = [issue for issue in fails if issue["file"] in files and issue not in told and row["form"] in _forms_at(issue, report, row["form"])]
            above = "" if faults else ": see above" if any(issue["file"] in files for issue in told) else ""
            lines += ["", *_lines(f"{_return(row)}, {_came(report, row, files)}{above or ':'}", "- ", "  ")]
            lines += [line for said in _faults(faults, with_file=len(files) > 1) for line in _lines(said, "  - ", "    ")]
            told += faults
    other = any(issue["rule"] == OTHER_QUARTER for issue in told) and form
    again = "Please send the mended return whole, with its date above the table and what you changed beside the word Reason. The newer one counts."
    attached = f"Your form for {quarters.label(report.quarter)} is attached ({form}). " if other else ""
    further = " What is held was not looked at further, so there may be more to mend in it." if held else ""
    return [*lines, *_paragraph(f"{attached}{again}{further}")]


def _to_complete(report: Report, rows: list[Row]) -> list[str]:
    """Name the measures that have no figure and no word for why."""
    gaps = _without_figure(report, rows)
    if not gaps:
        return []
    said = [begin(f"{gap['name']}: {gap['state']}{', cell ' + gap['cell'] if gap['cell'] else ''}.") for gap in gaps[:_TOLD]]
    asks = "Please send their figures, or say in their place why there are none."
    return [*_paragraph("Asked for, and without a figure:"), *_items(said + _and_more(len(gaps))), *_paragraph(asks)]


def _without_figure(report: Report, rows: list[Row]) -> list[Row]:
    """Give what is asked of a partner that sent its performance, is due, and has no figure; where one of its returns is held or has not come, the rest waits for it."""
    states = {row["state"] for row in rows if row["form"] == _PERFORMANCE}
    if not states or states & {Delivery.HELD, Delivery.LATE, Delivery.DUE}:
        return []
    gaps = report.now("missing")
    gaps = gaps[(gaps["what"] == "measure") & ~gaps["state"].str.startswith(exceptions.DUE_LATER)]
    unreadable = {(issue["file"], issue["cell"]) for issue in frames.rows(report.now("issues")) if issue["severity"] == Severity.FAIL}
    asked_about = " ".join(issue["message"] for issue in _odd(report, rows))
    return [
        gap
        for gap in frames.rows(gaps)
        if plain(gap["partner"]) == plain(rows[0]["partner"])
        and (gap["file"], gap["cell"]) not in unreadable
        and (gap["state"] != exceptions.NO_ROW or gap["name"].partition(": ")[2] not in asked_about)
    ]


def _to_confirm(report: Report, rows: list[Row]) -> list[str]:
    """Tell where a form did not come back as it was sent, which may be meant."""
    odd = _odd(report, rows)
    if not odd:
        return []
    said = [_fault(issue, issue["message"], with_file=True) for issue in odd[:_TOLD]]
    return [*_paragraph("Received and used; please tell us whether this is meant:"), *_items(said + _and_more(len(odd)))]


def _odd(report: Report, rows: list[Row]) -> list[Row]:
    """Give where the returns of a partner that are used differ from the forms as they were sent, or from the returns that they replace."""
    files = {file for row in rows if row["state"] in (Delivery.ACCEPTED, Delivery.RECEIVED) for file in row["files"].split(BETWEEN_FILES)}
    return [row for row in frames.rows(report.now("issues")) if row["file"] in files and row["severity"] == Severity.ADVISORY and row["rule"] in AS_ASKED]


def _to_look_at(report: Report, rows: list[Row]) -> list[str]:
    """Tell what else is odd in the returns of a partner, each cell once; by itself it asks for no letter."""
    files = {file for row in rows for file in row["files"].split(BETWEEN_FILES)}
    asked_for = {(gap["file"], gap["cell"]) for gap in _without_figure(report, rows)}
    advisories = [row for row in frames.rows(report.now("issues")) if row["severity"] == Severity.ADVISORY and row["file"] in files]
    odd = [row for row in advisories if row["rule"] not in AS_ASKED and (row["file"], row["cell"]) not in asked_for]
    each = _once(odd, "message")
    if not each:
        return []
    said = [_fault(row, for_its_sender(row), with_file=True) for row in each[:_TOLD]]
    return [*_paragraph("Worth a look in what you sent:"), *_items(said + _and_more(len(each)))]


def _came(report: Report, row: Row, files: list[str]) -> str:
    """Say in which files a return came and when; its own date is not said to be the day on which it came."""
    logged = {known["file"] for known in frames.rows(report.registers.received) if known["quarter"] == report.quarter and known["received_on"]}
    replaced = [one["reason"] for one in frames.rows(report.now("returns")) if one["state"] == "replaced"]
    first = "first " if any(file in reason for reason in replaced for file in files) else ""
    says = f"which {first}came on" if set(files) <= logged else f"{first}dated"
    day = f", {says} {dates.in_words(row['received_on'])}" if row["received_on"] else ""
    late = f" and {_days(row['days_late'])} late" if row["days_late"] and day else ""
    return f"in {listed([_short(file) for file in files])}{day}{late}"


def _forms_at(issue: Row, report: Report, otherwise: str) -> set[str]:
    """Give the forms that a sheet holds; where none is known, or the issue is about all of a file, whichever is asked about."""
    cells = report.now("cells")
    here = cells[(cells["file"] == issue["file"]) & (cells["sheet"] == issue["sheet"])] if issue["sheet"] else cells.head(0)
    return set(here["form"]) - {""} or {otherwise}


def _faults(faults: list[Row], *, with_file: bool) -> list[str]:
    """Say each fault by the cell that its sender knows it by; of many the first, and how many more."""
    said = [_fault(row, for_its_sender(row), with_file=with_file) for row in faults[:_TOLD]]
    return said + _and_more(len(faults))


def _and_more(number: int) -> list[str]:
    return [f"And {alone(number - _TOLD)} more."] if number > _TOLD else []


def _fault(row: Row, wrong: str, *, with_file: bool) -> str:
    place, sheet = _place(row["cell"]), f"sheet {row['sheet']}" if row["sheet"] else ""
    file = ("" if place or sheet else "the file ") + _short(row["file"]) if with_file and row["file"] else ""
    where = ", ".join(filter(None, (place, sheet, file)))
    typed = _cut(row["as_typed"])
    what = f", typed {typed!r}" if typed and place and typed not in wrong else ""
    told = f"{where}{what}: {wrong}" if where else wrong
    return begin(told if told.endswith((".", "?", "!")) else f"{told}.")


def _place(cell: str) -> str:
    first, colon, last = cell.partition(":")
    return f"row {first}" if colon and first == last else f"rows {first} to {last}" if colon else f"cell {first}" if first else ""


def _later(rows: list[Row]) -> list[str]:
    those = [row for row in rows if row["state"] == Delivery.NOT_DUE]
    said = [f"{_return(row)}{': due on ' + dates.in_words(row['due']) if row['due'] else ''}." for row in those]
    return [*_paragraph("Not due yet:"), *_items(said)] if said else []


def _last_time(quarter: str, partner: str, slips: Mapping[str, pd.DataFrame]) -> list[str]:
    """Say what was wrong with the returns of the quarter before, what matters most first."""
    listed_then = [row for of, rows in slips.items() if plain(of) == plain(partner) for row in frames.rows(rows) if row["weight"] != FOR_THE_RECORD]
    wrong = _once(listed_then, "what_is_wrong")
    if not wrong:
        return []
    label, number = quarters.label(quarters.previous(quarter)), len(wrong)
    most = f" The {alone(_TOLD)} that matter most:" if number > _TOLD else ""
    opening = f"Last time, for {label}, there {verb(number, 'was', 'were')} {count(number, 'thing')} to look at.{most}"
    said = [_fault(row, row["what_is_wrong"], with_file=True) for row in wrong[:_TOLD]]
    return [*_paragraph(opening), *_items(said + _and_more(number))]


def _whom_to_ask(rows: list[Row]) -> str:
    named = list(dict.fromkeys(row["contact"] for row in rows if row["contact"]))
    return f"If anything is unclear, please ask {listed(named, 'or')}." if named else "If anything is unclear, please answer this message."


def _each(names: list[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _once(rows: list[Row], words: str) -> list[Row]:
    """Give the first of the rows about each cell; of those about no cell the first of each words."""
    found: dict[tuple[str, str, str], Row] = {}
    for row in rows:
        found.setdefault((row["file"], row["sheet"], row["cell"] or row[words]), row)
    return list(found.values())


def _return(row: Row) -> str:
    return begin(", ".join(filter(None, (row["form"], row["covers"]))))


def _days(number: int) -> str:
    return f"{number} {'day' if number == 1 else 'days'}"


def _short(file: str) -> str:
    return file.rpartition("/")[2]


def _cut(text: str) -> str:
    whole = _one_line(text)
    return whole if len(whole) <= _LONGEST else f"{whole[:_LONGEST].rstrip()}..."


def _paragraph(text: str) -> list[str]:
    return ["", *_lines(text)]


def _items(texts: list[str]) -> list[str]:
    return ["", *(line for text in texts for line in _lines(text, "- ", "  "))]


def _lines(text: str, first: str = "", further: str = "") -> list[str]:
    """Give a text as lines, each as wide as mail carries it; none begins as mail programs would change it."""
    wrapped = textwrap.wrap(_one_line(text), WIDTH - 1, initial_indent=first, subsequent_indent=further, break_on_hyphens=False)
    return [f" {line}" if line.startswith(_MANGLED) else line for line in wrapped]


def _one_line(text: str) -> str:
    """Give a text with single spaces and without what cannot be seen: control signs, marks of direction, soft hyphens."""
    return " ".join("".join(sign for sign in part if unicodedata.category(sign)[0] != "C") for part in text.split())
