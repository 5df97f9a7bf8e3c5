"""One record of a return -> the row of its frame, with what could not be used told and quarantined."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

import pandas as pd

from analysis import frames, quarters, values
from analysis.cleansing import beside
from analysis.errors import UnreadableValue
from analysis.frames import Contract
from analysis.reference import Registers
from analysis.vocabulary import SECTIONS, Band, Polarity, Reason, Severity, Stage

Record = dict[str, dict[str, Any]]
"""One row of a return: field -> its entry (raw, text, repairs, cell)."""


class Known:
    """What the registers name, to be looked up by what a record says; made once for all records."""

    def __init__(self, registers: Registers) -> None:
        """Take measures by theme and number, and awards by project, from the registers as they are now."""
        self.register = {name: registers.measures[name].tolist() for name in registers.measures}
        self.places: dict[tuple[str, str], int] = {}
        for place, (theme, number) in enumerate(zip(self.register["theme"], self.register["number"], strict=True)):
            self.places.setdefault((plain_key(theme), number), place)
        self.titles = _by_key(registers.measures["measure"])
        self.awards: dict[str, list[dict[str, Any]]] = {}
        for award in frames.rows(registers.awards):
            self.awards.setdefault(plain_key(award["project"]), []).append(award)
        self.projects = _by_key(registers.awards["project"])
        called = [(plain_key(name), row["group"]) for row in registers.groups.to_dict("records") for name in (row["group"], *row["aliases"].split(";"))]
        self.groups = {key: group for key, group in called if key} | _by_key(registers.themes["theme"])
        self._meant: dict[str, str] = {}
        self.by_columns: Any = None

    def measure(self, theme: str, number: str) -> dict[str, Any] | None:
        """Give the row of a measure, or None."""
        place = self.places.get((plain_key(theme), number))
        return None if place is None else {name: column[place] for name, column in self.register.items()}

    def group_meant(self, text: str) -> str:
        """Ask whether a group or theme is meant by a name that is nearly one of its names; nothing where it is one, or like none."""
        key = plain_key(text)
        if key not in self._meant:
            # not as wide as for other names: a paragraph may stand under any name, and one that is a little like a group's is often another's
            self._meant[key] = "" if key in self.groups else _close(text, self.groups, 0.8)
        return self._meant[key]


def _by_key(names: Iterable[str]) -> dict[str, str]:
    """Give what each name is matched by, with the first name that has it."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(plain_key(name), name)
    return found


class Findings:
    """Issues and quarantined cells, gathered while records are read."""

    def __init__(self, entries: pd.DataFrame, shared: set[tuple[str, str, str, str]]) -> None:
        """Start with none; *entries* tell which cells serve several rows, besides those that are known to be *shared*."""
        places = zip(*(entries[name] for name in ("quarter", "file", "sheet", "cell")), strict=True)
        self.shared = shared | {place for place, number in Counter(places).items() if number > 1}
        self.issues: list[dict[str, Any]] = []
        self.quarantined: dict[tuple[str, str, str, str], str] = {}
        self._met: set[tuple[str, str, str, str]] = set()

    def add(self, entry: dict[str, Any], stage: Stage, severity: Severity, rule: str, message: str, *, read_as: str = "") -> None:
        """Add an issue found at an entry's cell."""
        where = {name: entry[name] for name in ("quarter", "file", "sheet", "cell")}
        self.issues.append(where | {"stage": stage, "severity": severity, "rule": rule, "message": message, "as_typed": entry["raw"], "read_as": read_as})

    def is_first(self, entry: dict[str, Any]) -> bool:
        """Say whether an entry is the first of its cell that is asked for: a merged cell serves several rows."""
        place = (entry["quarter"], entry["file"], entry["sheet"], entry["cell"])
        met = place in self._met
        self._met.add(place)
        return not met

    def quarantine(self, entries: list[dict[str, Any]], reason: str) -> None:
        """Quarantine the cells of entries, but those that serve other rows too."""
        places = [(entry["quarter"], entry["file"], entry["sheet"], entry["cell"]) for entry in entries]
        self.quarantined |= dict.fromkeys((place for place in places if place not in self.shared), reason)


def _figure(record: Record, name: str, found: Findings, unit: str = "", column: str = "") -> tuple[dict[str, Any], values.Reading]:
    """Read one figure field to its columns; an unreadable one is quarantined and told."""
    column = column or name
    entry = record.get(name, {"raw": "", "text": "", "repairs": "", "cell": ""})
    try:
        reading = values.read(entry["text"], unit)
    except UnreadableValue as fault:
        reading = values.Reading(entry["raw"], reason=Reason.UNREADABLE)
        found.quarantine([entry], f"{fault.problems[0]}")
        found.add(entry, Stage.CELL, Severity.FAIL, "cell can be read", f"{entry['raw']!r} {fault.problems[0]}. {fault.hint}")
    for flag in reading.flags:
        found.add(entry, Stage.CELL, Severity.ADVISORY, "unit is the register's", f"{entry['raw']!r}: {flag}", read_as=values.printed(reading))
    if reading.reason is Reason.FORMULA_ERROR:
        found.add(entry, Stage.CELL, Severity.ADVISORY, "no formula error", f"{entry['raw']!r} is a formula error; the figure is not known")
    return {
        f"{column}_raw": entry["raw"],
        column: reading.value,
        f"{column}_reason": str(reading.reason or ""),
        f"{column}_unit": reading.unit,
        f"{column}_markers": " ".join(reading.markers),
        f"{column}_repairs": entry["repairs"],
        f"{column}_cell": entry["cell"],
    }, reading


def _text(record: Record, *names: str) -> dict[str, Any]:
    return {name: record[name]["text"] for name in names if name in record}


def _place(where: dict[str, Any], record: Record) -> dict[str, Any]:
    return {name: where[name] for name in ("quarter", "file", "sheet", "row")} | {"_record": record} | _text(record, "source", "transcription_note")


def plain_key(text: Any) -> str:
    """
    Give what a name is matched by: without case, spaces and punctuation.

    >>> plain_key("JSA  Claimants")
    'jsaclaimants'
    """
    return _plain(str(text))


@lru_cache(maxsize=16384)
def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


_MOST_COMPARED = 5000
"""Among how many names one like another is looked for: with more it would take a second each time."""


def _close(text: str, known: dict[str, str], likeness: float = 0.6) -> str:
    key = plain_key(text)
    near = [key] if key in known else difflib.get_close_matches(key, known, n=1, cutoff=likeness) if len(known) <= _MOST_COMPARED else []
    return f" Is {known[near[0]]!r} meant?" if near else ""


_covered = lru_cache(maxsize=1024)(quarters.covered)


def _observation(where: dict[str, Any], record: Record, known: Known, found: Findings) -> list[dict[str, Any]]:
    theme, number = (record.get(name, {}).get("text", "") for name in ("theme", "number"))
    title = record.get("measure", {}).get("text", "")
    measure = known.measure(theme, number)
    named = record.get("measure") or record.get("number") or next(iter(record.values()))
    if not measure:
        found.quarantine([entry for entry in record.values() if entry["raw"]], f"measure {theme} {number} is not in the register")
        message = f"{title or number!r} is not a measure of the register: no {theme or 'theme'!r} {number!r}.{_close(title, known.titles)}"
        found.add(named, Stage.ROW, Severity.FAIL, "measure is in the register", f"{message} Correct the row, or add it to data/reference/measures.csv.")
        return []
    typed = record.get("polarity", {"text": ""})["text"]
    if _is_another(title, measure["measure"], known.titles):
        found.quarantine([entry for entry in record.values() if entry["raw"]], f"title and number name different measures: {measure['measure_id']}")
        message = f"{title!r} stands beside the number of {measure['measure_id']}, which is {measure['measure']!r}. Correct the number, the theme or the title."
        found.add(named, Stage.ROW, Severity.FAIL, "title is the register's", message)
        return []
    if plain_key(title) != plain_key(measure["measure"]):
        found.add(named, Stage.ROW, Severity.ADVISORY, "title is the register's", f"{title!r} is {measure['measure']!r} in the register")
    if typed and polarity(typed) != measure["polarity"]:
        found.add(
            record["polarity"],
            Stage.ROW,
            Severity.ADVISORY,
            "polarity is the register's",
            f"{typed!r}: the register says {measure['polarity']!r}, which is used",
        )
    target_columns, target = _figure(record, "target", found, measure["unit"])
    record = beside.told(record, found)
    actual_columns, actual = _figure(record, "actual", found, measure["unit"])
    actual = beside.marked(actual, record, found)
    actual_columns["actual_markers"] = " ".join(actual.markers)
    if _shares_apart(record, target, actual):
        message = "one of target and actual looks like a share of one and the other like a percentage. Give both with a % sign."
        found.add(record["actual"], Stage.ROW, Severity.FAIL, "target and actual are in one unit", message)
        found.quarantine([record["target"], record["actual"]], "a share beside a percentage")
        unread = {"value": None, "low": None, "high": None, "reason": Reason.UNREADABLE}
        target, actual = replace(target, **unread), replace(actual, **unread)
        for name, columns in (("target", target_columns), ("actual", actual_columns)):
            columns |= {name: None, f"{name}_reason": str(Reason.UNREADABLE)}
    if not rounds_to(actual):
        message = f"{actual.numerator}/{actual.denominator} is not {values.shown(actual.value, 'percent')}: the percentage is the one used"
        found.add(record["actual"], Stage.CELL, Severity.ADVISORY, "a fraction is its percentage", message)
    status = record.get("published_status", {"text": "", "cell": ""})
    if not status_is_known(status["text"]):
        found.add(status, Stage.CELL, Severity.ADVISORY, "status is known", f"{status['text']!r} is neither a band nor a known reason for none")
    about = ("measure_id", "theme", "number", "measure", "polarity", "unit", "kind", "policy", "reports_in")
    registered = {name: measure[name] for name in about} | {"arrears": int(measure["arrears"]), "tolerance": Decimal(measure["tolerance"])}
    stated = record.get("data_period", {}).get("text", "")
    return [
        _place(where, record)
        | registered
        | {"partner": where["partner"]}
        | target_columns
        | actual_columns
        | {
            "target_low": target.low,
            "target_high": target.high,
            "target_annual": target.annual,
            "target_rule": target.rule,
            "target_decimals": target.decimals,
            "actual_low": actual.low,
            "actual_high": actual.high,
            "actual_numerator": actual.numerator,
            "actual_denominator": actual.denominator,
            "actual_rank": actual.rank,
            "actual_decimals": actual.decimals,
            "published_status": status["text"],
            "published_status_cell": status["cell"],
            "commentary_cell": record.get("commentary", {}).get("cell", ""),
            "period_covered": stated or _covered(where["quarter"], measure["kind"]),
        }
        | _text(record, "data_period", "note", "commentary")
    ]


def _is_another(title: str, registered: str, titles: dict[str, str]) -> bool:
    """Say whether a title is that of another measure, or nothing like the one its number is registered for."""
    if plain_key(title) == plain_key(registered) or not title:
        return False
    likeness = difflib.SequenceMatcher(None, plain_key(title), plain_key(registered)).ratio()
    return likeness < 0.5 or plain_key(title) in titles


def _shares_apart(record: Record, target: values.Reading, actual: values.Reading) -> bool:
    """Say whether one figure was read as a share of one and the other is a percentage without a sign to prove it."""
    pair = [(name, reading) for name, reading in (("target", target), ("actual", actual)) if reading.known and name in record]
    shares = [values.SHARE in reading.flags for _, reading in pair]
    signed = ["%" in record[name]["text"] for name, _ in pair]
    return len(pair) == 2 and any(shares) and not all(share or sign for share, sign in zip(shares, signed, strict=True))


def rounds_to(actual: values.Reading) -> bool:
    """Say whether a percentage is what its fraction comes to, where it has one."""
    if not actual.denominator or actual.unit != "percent" or actual.value is None:
        return True
    ratio = Fraction(actual.numerator or 0, actual.denominator or 1) * 100
    return abs(ratio - Fraction(actual.value or 0)) <= Fraction(10) ** -(actual.decimals or 0) / 2


def status_is_known(text: str) -> bool:
    """Say whether a published status is a band, or a known reason for none."""
    try:
        return text in tuple(Band) or not values.read(text).known
    except UnreadableValue:
        return False


def polarity(text: str) -> str:
    """
    Give the polarity that a return's word or arrow stands for, or an empty text.

    >>> polarity("In range"), polarity("\u2193"), polarity("sideways")
    ('in range', 'lower', '')
    """
    folded = text.strip().casefold()
    arrows = {"\u2191": Polarity.HIGHER, "\u2193": Polarity.LOWER, "high": Polarity.HIGHER, "low": Polarity.LOWER, "-": Polarity.NONE}
    return str(arrows.get(folded, folded if folded in tuple(Polarity) else ""))


@lru_cache(maxsize=1024)
def _month_key(month: str, year: str) -> str:
    return pd.Timestamp(f"1 {month} {year}").strftime("%Y-%m")


def _monthly(where: dict[str, Any], record: Record, known: Known, found: Findings) -> list[dict[str, Any]]:
    about = {
        "polarity": polarity(record.get("polarity", {"text": ""})["text"]),
        "partner": where["partner"],
    } | _text(record, "indicator", "published_status", "direction_published")
    rows = []
    for name in record:
        if name.startswith("month_"):
            _, year, month = name.split("_")
            rows.append(_place(where, record) | about | {"month": _month_key(month, year)} | _figure(record, name, found, column="value")[0])
    return rows


def _award(where: dict[str, Any], record: Record, known: Known, found: Findings) -> list[dict[str, Any]]:
    project = record.get("project") or next(iter(record.values()))
    awards = known.awards.get(plain_key(project["text"]), [])
    if "round" in record:
        awards = [award for award in awards if award["round"] == record["round"]["text"]]
    if not awards:
        found.quarantine([entry for entry in record.values() if entry["raw"]], f"project {project['text']!r} is not in the register")
        message = f"{project['raw']!r} is not a project of the register.{_close(project['text'], known.projects)}"
        found.add(project, Stage.ROW, Severity.FAIL, "project is in the register", f"{message} Correct the row, or add it to data/reference/awards.csv.")
        return []
    award = awards[0]
    money: dict[str, Any] = {}
    for name in frames.MONEY:
        columns, reading = _figure(record, name, found, "pounds")
        asked = name in record
        money |= columns if asked else columns | {f"{name}_reason": str(Reason.NOT_APPLICABLE)}
        if reading.unit not in ("", "pounds"):
            found.add(record[name], Stage.CELL, Severity.FAIL, "amount is money", f"{record[name]['raw']!r} is not an amount of money")
            found.quarantine([record[name]], "not an amount of money")
            money |= {name: None, f"{name}_reason": str(Reason.UNREADABLE)}
    about = {name: award[name] for name in ("project", "round", "kind", "theme", "spend_by")} | {"return_received": "", "partner": where["partner"]}
    return [_place(where, record) | about | money | _text(record, "completed", "note")]


def _as_written(*names: str, cells: tuple[str, ...] = ()) -> Callable[..., list[dict[str, Any]]]:
    """Give a builder that keeps fields as they are, and of some the cell."""

    def builder(where: dict[str, Any], record: Record, known: Known, found: Findings) -> list[dict[str, Any]]:
        return [_place(where, record) | _text(record, *names) | {f"{name}_cell": record[name]["cell"] for name in cells if name in record}]

    return builder


def _outcome_measure(where: dict[str, Any], record: Record, known: Known, found: Findings) -> list[dict[str, Any]]:
    years = {name: entry["text"] for name, entry in sorted(record.items()) if name.startswith("year_")}
    row = _place(where, record) | _text(record, "priority", "outcome", "number", "outcome_measure", "description", "baseline", "partners", "lead")
    number = row.get("number") or next(iter(re.findall(r"OM\d+", row.get("outcome_measure", ""))), "")
    blanks = [
        label for label, name in (("measure", "outcome_measure"), ("baseline", "baseline"), ("partners", "partners"), ("lead", "lead")) if not row.get(name)
    ]
    blanks += ["yearly targets"] if not any(years.values()) else []
    shown = "; ".join(f"{name[5:9]}/{name[10:]}: {text}" for name, text in years.items() if text)
    return [row | {"number": number, "years": shown, "undefined": ", ".join(blanks)}]


def _reward_target(where: dict[str, Any], record: Record, known: Known, found: Findings) -> list[dict[str, Any]]:
    row = _place(where, record) | _text(record, "agreement", "target", "sub_target")
    row["polarity"] = polarity(record.get("polarity", {"text": ""})["text"])
    for name in ("expected_without_stretch", "stretch_target", "outturn", "weight", "target_weight"):
        row |= _figure(record, name, found)[0]
    return [row | _figure(record, "potential_grant", found, "pounds")[0]]


def _reward_fact(where: dict[str, Any], record: Record, known: Known, found: Findings) -> list[dict[str, Any]]:
    """Keep a printed fact about reward grant; its value is exact where it is an amount, and words where it is words."""
    row = _place(where, record) | _text(record, "agreement", "fact", "basis")
    entry = record.get("value", {"raw": "", "text": "", "repairs": "", "cell": ""})
    text, repairs = values.mended(entry["text"])
    try:
        reading = values.read(text)
    except UnreadableValue:
        reading = values.Reading(entry["raw"])
    done = "; ".join(dict.fromkeys([*filter(None, entry["repairs"].split("; ")), *(repairs if reading.known else ())]))
    figure = {"value_raw": entry["raw"], "value": reading.value, "value_reason": str(reading.reason or ""), "value_unit": reading.unit}
    return [row | figure | {"value_markers": "", "value_repairs": done, "value_cell": entry["cell"]}]


def _narrative(where: dict[str, Any], record: Record, known: Known, found: Findings) -> list[dict[str, Any]]:
    section = record.get("section") or next(iter(record.values()))
    if section["text"].casefold() not in SECTIONS:
        found.quarantine([entry for entry in record.values() if entry["raw"]], f"section {section['text']!r} is not known")
        meant = _close(section["text"], _by_key(SECTIONS))
        message = f"{section['raw']!r} is not a section of a narrative return.{meant} The sections are {', '.join(SECTIONS)}."
        found.add(section, Stage.ROW, Severity.FAIL, "section is known", message)
        return []
    _tell_group(record, known, found)
    row = _place(where, record) | _text(record, "group_or_theme", "subject", "text", "for_discussion")
    return [row | {"section": section["text"].casefold()}]


def _tell_group(record: Record, known: Known, found: Findings) -> None:
    """Tell a group or theme that is misspelt, once for a cell; one that a note takes from the table above it is told there."""
    group = record.get("group_or_theme")
    if group and group["cell"] and (meant := known.group_meant(group["text"])) and found.is_first(group):
        message = f"{group['raw']!r} is neither a group nor a theme of the registers, so that its row is on no group's page and under no theme.{meant}"
        hint = "Correct the row, or add the name to data/reference/groups.csv or themes.csv."
        found.add(group, Stage.ROW, Severity.ADVISORY, "group or theme is known", f"{message} {hint}")


BUILDERS: dict[str, tuple[Contract, Callable[[dict[str, Any], Record, Known, Findings], list[dict[str, Any]]]]] = {
    "performance": (frames.OBSERVATIONS, _observation),
    "monthly": (frames.MONTHLY, _monthly),
    "grant spend": (frames.AWARDS, _award),
    "agreements": (frames.AGREEMENTS, _as_written("project", "organisation", "progress", "report_due", cells=("progress", "report_due"))),
    "milestones": (frames.MILESTONES, _as_written("organisation", "timescale", "outcome", "rag")),
    "outcome measures": (frames.OUTCOME_MEASURES, _outcome_measure),
    "reward targets": (frames.REWARD_TARGETS, _reward_target),
    "reward facts": (frames.REWARD_FACTS, _reward_fact),
    "actions": (frames.ACTIONS, _as_written("date", "action", "owner", "outcome")),
    "narrative": (frames.NARRATIVE, _narrative),
}
"""Form -> the frame it fills and the function that makes its rows."""
