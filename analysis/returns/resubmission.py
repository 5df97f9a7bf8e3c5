"""A return sent again: record by record the newer one counts, the older one stays beside it, every cell that differs is listed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from analysis import dates
from analysis.returns.forms import FORMS, folded
from analysis.returns.gathering import Issues
from analysis.vocabulary import CARRIED_DOWN, REPLACED_BY, Outcome, Severity, Stage

NAMED_BY = {
    "performance": ("theme", "number"),
    "monthly": ("indicator",),
    "grant spend": ("project", "round"),
    "agreements": ("project",),
    "outcome measures": ("number", "outcome_measure"),
    "reward targets": ("agreement", "target", "sub_target"),
    "reward facts": ("agreement", "fact"),
}
"""Form -> the fields that together name a record. What has no name, such as a paragraph, is never taken for a newer one of another."""
_VERSION = re.compile(r"(?:[-_ ]+v(?:ersion)? ?(\d{1,2})|[ _-]*\((\d{1,2})\))$", re.IGNORECASE)
OTHER_QUARTER = "quarter named is the folder's"
"""The rule that holds a return of another quarter."""
WHOLE = "a return sent again is whole"
Row = dict[str, Any]
Place = tuple[str, str, str, int]


@dataclass(frozen=True)
class Sent:
    """
    What a file says of itself.

    Attributes:
        file: its path in the quarter's folder.
        partner: whose it is; for a file that does not say, its name without the version.
        dated: the date above its table, or none.
        stem: its path without the version and the ending.
        version: the number that its name ends in, `v2`; 1 where there is none. A browser's `(1)` is the second.
        reason: why it was sent again, in the partner's words.
        author: who prepared it.
        form: the quarter and the partner of the form that was sent out that it is; empty where it is none.
    """

    file: str
    partner: str
    stem: str
    dated: date | None
    version: int
    reason: str
    author: str
    form: str = ""


def sent(file: str, header: dict[str, str], quarter: str, return_id: str = "") -> Sent:
    """
    Give what a file says of itself in its name, its header block and, where it is a form that was sent out, the id of that.

    >>> sent("police/crime-v2.csv", {"date": "14 October 2016"}, "2016-17-Q2").dated
    datetime.date(2016, 10, 14)
    >>> [sent("police/crime-v2.csv", {}, "2016-17-Q2").__dict__[name] for name in ("partner", "stem", "version")]
    ['police/crime', 'police/crime', 2]
    """
    path = PurePosixPath(file)
    found = _VERSION.search(path.stem)
    stem = path.with_name(path.stem[: found.start()] if found else path.stem).as_posix().casefold()
    written = dates.due(header.get("date", ""), quarter)
    return Sent(
        file=file,
        partner=folded(header.get("partner", "")) or stem,
        stem=stem,
        dated=written[0] if written else None,
        version=(int(found[1]) if found[1] else int(found[2]) + 1) if found else 1,
        reason=header.get("reason", ""),
        author=header.get("prepared by", ""),
        form=return_id.rpartition(".")[0],
    )


def in_order(files: Iterable[Sent]) -> list[Sent] | None:
    """
    Give files with the newest last, by the dates above their tables, else by the versions in their names; None where neither says which it is.

    >>> [one.file for one in in_order([sent("a-v2.csv", {}, "2016-17-Q2"), sent("a.csv", {}, "2016-17-Q2")])]
    ['a.csv', 'a-v2.csv']
    """
    listed = list(files)
    dated = all(one.dated for one in listed)
    ages = {one.file: (one.dated if dated and one.dated else date.min, one.version) for one in listed}
    ordered = sorted(listed, key=lambda one: ages[one.file])
    days = [one.dated for one in ordered if one.dated]
    if days != sorted(days):  # versions say one thing and the dates that there are another
        return None
    return ordered if len(ordered) < 2 or ages[ordered[-1].file] > ages[ordered[-2].file] else None


@dataclass(frozen=True)
class Settled:
    """What counts of a quarter's records (`entries`), what newer ones have replaced (`withdrawn`), each cell that differs (`replaced`), and the files that replaced another (`newer`)."""

    entries: list[Row]
    withdrawn: list[Row]
    replaced: list[Row]
    newer: frozenset[str]


def settle(entries: list[Row], cells: list[Row], returns: list[Row], about: dict[str, Sent], issues: Issues) -> Settled:
    """
    Let the newer record count wherever a partner has sent one again in one quarter.

    Args:
        entries: of one quarter; `cells` and `returns` of the same get what became of them.
        cells: rows of the `CELLS` contract; one that only replaced records use is ignored, with the file that replaced it.
        returns: rows of the `RETURNS` contract; a file all of whose records are replaced is "replaced".
        about: file -> what it says of itself.
        issues: to which is added what was replaced, and what a newer file does not have.

    Source: domain.md 8, "Resubmission".
    """
    given, entries = entries, entries + carried_down(entries)
    records = _records(entries)
    notes = {_place(entry) for entry in entries if entry["form"] == "narrative" and entry["field"] == "section" and not entry["cell"]}
    winners = _winners(records, about)
    lost = {place: winner for place, (winner, _) in winners.items()} | _unnamed(entries, notes, about)
    if not lost:
        return Settled(given, [], [], frozenset())
    kept = [entry for entry in entries if _place(entry) not in lost]
    withdrawn = [entry for entry in entries if _place(entry) in lost]
    for file in sorted({place[0] for place in lost}):
        newer = [winner for place, winner in lost.items() if place[0] == file]
        own = {place for place in records if place[0] == file}
        stay = sorted(own - set(lost))
        by = ", ".join(dict.fromkeys(newer))
        whole = not stay and not any(entry["file"] == file and _place(entry) not in notes for entry in kept)
        if whole:
            withdrawn += [entry for entry in kept if entry["file"] == file]
            kept = [entry for entry in kept if entry["file"] != file]
        _tell(file, by, len(newer), [records[place][0] for place in stay], returns, issues, whole=whole)
        used = {(entry["sheet"], entry["cell"]) for entry in kept if entry["file"] == file}
        gone = {(entry["sheet"], entry["cell"]): lost.get(_place(entry), by) for entry in withdrawn if entry["file"] == file}
        _pass_over(file, by, {place: winner for place, winner in gone.items() if place not in used}, cells, whole=whole)
    differing = [row for place, (_, over) in winners.items() for row in _differences(records[place][1], records[over][1], about)]
    return Settled(kept, withdrawn, differing, frozenset(lost.values()))


def _place(entry: Row) -> Place:
    return entry["file"], entry["sheet"], entry["form"], entry["row"]


def carried_down(entries: list[Row]) -> list[Row]:
    """Give what a blank takes from the row above it, which is none of *entries*: once a record is taken out, the rows below it have nothing above them any more."""
    tables: dict[tuple[str, str, str], dict[int, dict[str, Row]]] = {}
    for entry in entries:
        tables.setdefault(_place(entry)[:3], {}).setdefault(entry["row"], {})[entry["field"]] = entry
    added = []
    for (_, _, form), rows in tables.items():
        for name in CARRIED_DOWN.get(form, ()):
            last, before = None, 0
            for row in sorted(rows):
                own = rows[row].get(name)
                last = own if own and own["raw"].strip() else last if row == before + 1 else None
                before = row
                if own is None and last is not None:
                    added.append(last | {"row": row})
    return added


def _records(entries: list[Row]) -> dict[Place, tuple[str, dict[str, Row]]]:
    """Give each named record: its place -> its name and its entries by field."""
    found: dict[Place, dict[str, Row]] = {}
    for entry in entries:
        found.setdefault(_place(entry), {})[entry["field"]] = entry
    named: dict[Place, tuple[str, dict[str, Row]]] = {}
    for place, record in found.items():
        parts = [record.get(name, {}).get("raw", "") for name in NAMED_BY.get(place[2], ())]
        if any(parts):
            named[place] = (" ".join(filter(None, parts)), record)
    return named


def _key(form: str, record: dict[str, Row]) -> str:
    return key_of(record, NAMED_BY[form])


def key_of(record: dict[str, Row], named_by: tuple[str, ...]) -> str:
    """Give what a record is matched by; a number keeps its points, as 1.1 is not 11."""
    parts = [(name, record.get(name, {}).get("raw", "")) for name in named_by]
    return "|".join(re.sub(r"\s", "", raw).casefold() if name == "number" else folded(raw) for name, raw in parts)


def _winners(records: dict[Place, tuple[str, dict[str, Row]]], about: dict[str, Sent]) -> dict[Any, tuple[str, Any]]:
    """Give each replaced record: its place -> the file that replaced it, and the place of the record that did."""
    same: dict[tuple[str, str, str], list[Place]] = {}
    for place, (_, record) in records.items():
        same.setdefault((about[place[0]].partner, place[2], _key(place[2], record)), []).append(place)
    lost = {}
    for places in same.values():
        files = {place[0] for place in places}
        order = in_order(about[file] for file in files) if len(files) > 1 else None
        newest = [place for place in places if order and place[0] == order[-1].file]
        if len(newest) == 1:
            lost |= {place: (newest[0][0], newest[0]) for place in places if place != newest[0]}
    return lost


def _unnamed(entries: list[Row], notes: set[Place], about: dict[str, Sent]) -> dict[Place, str]:
    """Give the records of forms whose records have no names that a newer file of the same name has replaced, all together: place -> file."""
    of_form: dict[tuple[str, str], dict[str, set[Place]]] = {}
    for entry in entries:
        if entry["form"] not in NAMED_BY and _place(entry) not in notes:
            of_form.setdefault((about[entry["file"]].stem, entry["form"]), {}).setdefault(entry["file"], set()).add(_place(entry))
    lost = {}
    for files in of_form.values():
        order = in_order(about[file] for file in files) if len(files) > 1 else None
        for older in order[:-1] if order else ():
            lost |= dict.fromkeys(files[older.file], order[-1].file)  # type: ignore[index]
    return lost


def _tell(file: str, by: str, number: int, stay: list[str], returns: list[Row], issues: Issues, *, whole: bool) -> None:
    row = next(row for row in returns if row["file"] == file)
    where = {name: row[name] for name in ("quarter", "file")}
    was, counts = ("were", "count") if ", " in by else ("was", "counts")
    message = f"{by} {was} sent later and {counts} instead of it, in {number} {'record' if number == 1 else 'records'}; this one stays beside it"
    issues.add(where, Stage.RETURNS, Severity.INFO, "the newest counts", message)
    if stay:
        named = "; ".join(stay[:5]) + (f"; and {len(stay) - 5} more" if len(stay) > 5 else "")
        message = f"{by} does not have {named}: what this file says of {'it' if len(stay) == 1 else 'them'} is still used. Were they left out on purpose?"
        issues.add(where, Stage.RETURNS, Severity.ADVISORY, WHOLE, message)
    if whole:
        row |= {"state": "replaced", "reason": f"{REPLACED_BY}{by}"}
        _for_the_record(row, by, issues)


def _for_the_record(row: Row, by: str, issues: Issues) -> None:
    """Ask nothing more about a return that another counts instead of; that it is another quarter's stays to be looked at, as it may be the only one of that."""
    for issue in issues.rows:
        if (issue["quarter"], issue["file"]) == (row["quarter"], row["file"]) and issue["severity"] != Severity.INFO:
            severity = Severity.ADVISORY if issue["rule"] == OTHER_QUARTER else Severity.INFO
            issue |= {"severity": severity, "message": f"{issue['message'].rstrip('.')}. For the record: {by} was sent later, and counts."}


def _pass_over(file: str, by: str, gone: dict[tuple[str, str], str], cells: list[Row], *, whole: bool) -> None:
    """Set what became of the cells of replaced records: ignored, unless a record that stays uses them too."""
    for cell in cells:
        winner = gone.get((cell["sheet"], cell["cell"]), by if whole else "")
        if cell["file"] == file and cell["outcome"] == Outcome.USED and winner:
            cell |= {"outcome": Outcome.IGNORED, "reason": f"{REPLACED_BY}{winner}"}


@dataclass(frozen=True)
class Unused:
    """A held return: why it is held, and the entries that it would have given; none where it could not be read."""

    why: str
    entries: list[Row]


def settle_held(held: dict[str, Unused], entries: list[Row], cells: list[Row], returns: list[Row], about: dict[str, Sent], issues: Issues) -> None:
    """
    Let a held return be replaced by one that came instead: a newer one of its name, or the partner's form that was sent out, with all its forms and records.

    Args:
        held: file -> why it is held, and its entries.
        entries: of the quarter, those that count.
        cells, returns, issues: of the held file they get what became of it; what was wrong with it is then for the record, that it is another quarter's advisory.
        about: file -> what it says of itself.

    Source: domain.md 8, "Resubmission".
    """
    there: dict[str, set[tuple[str, str]]] = {}
    for (file, _, form, _), (_, record) in _records(entries + carried_down(entries)).items():
        there.setdefault(file, set()).add((form, _key(form, record)))
    forms = {row["file"]: set(row.get("forms", "").split(", ")) - {""} for row in returns}
    for file, unused in held.items():
        own = {(place[2], _key(place[2], record)) for place, (_, record) in _records(unused.entries + carried_down(unused.entries)).items()}
        whole = [other for other, records in there.items() if own <= records and forms[file] <= forms[other]]
        instead = [other for other in whole if _comes_instead(about[other], about[file])]
        if instead:
            _replace_held(file, unused.why, instead[-1], cells, returns, issues)


def _comes_instead(one: Sent, held: Sent) -> bool:
    """Say whether a return was sent instead of a held one: both are the partner's form and it is not the older of the two, or it is the newer of the same name."""
    order = in_order([held, one])
    whose = [form.partition(".")[2] for form in (one.form, held.form)]
    return (whose[0] == whose[1] != "" and (order is None or order[-1] is one)) or (one.stem == held.stem and order is not None and order[-1] is one)


def _replace_held(file: str, why: str, by: str, cells: list[Row], returns: list[Row], issues: Issues) -> None:
    row = next(row for row in returns if row["file"] == file)
    row |= {"state": "replaced", "reason": f"held ({why}), and {REPLACED_BY}{by}"}
    for cell in cells:
        if cell["file"] == file:
            cell |= {"outcome": Outcome.IGNORED, "reason": f"{REPLACED_BY}{by}"}
    _for_the_record(row, by, issues)


_NAMING = {form.name: form.naming for form in FORMS}


def _differences(older: dict[str, Row], newer: dict[str, Row], about: dict[str, Sent]) -> list[Row]:
    """Give each field that a newer record has another text in."""
    one = next(iter(newer.values()))
    by = about[one["file"]]
    naming = newer.get(_NAMING[one["form"]]) or one
    own = {entry["raw"] for name, entry in newer.items() if name in NAMED_BY[one["form"]]}
    rows = []
    for field in dict.fromkeys((*older, *newer)):
        was, now = older.get(field), newer.get(field)
        if (was or {"raw": ""})["raw"].strip() == (now or {"raw": ""})["raw"].strip() or field in CARRIED_DOWN.get(one["form"], ()):
            continue
        rows.append({
            "quarter": one["quarter"], "partner": one["partner"], "form": one["form"], "field": field,
            "record": " ".join(dict.fromkeys((*sorted(own), naming["raw"]))),
            "was_raw": was["raw"] if was else "", "now_raw": now["raw"] if now else "",
            "reason": by.reason or "no reason given", "dated": by.dated.isoformat() if by.dated else "", "author": by.author,
            "was_file": was["file"] if was else "", "was_sheet": was["sheet"] if was else "", "was_cell": was["cell"] if was else "",
            "file": one["file"], "sheet": one["sheet"], "cell": now["cell"] if now else "",
        })  # fmt: skip
    return rows
