"""Which returns are owed, by whom and when; what became of each; and how complete and how timely each partner is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pandas as pd

from analysis import dates, frames, quarters
from analysis.markup import slug
from analysis.vocabulary import Delivery, Outcome

BETWEEN_FILES = " | "
"""What stands between the files of one return."""
NOT_RECEIVED = "owed and not received"
"""How the state begins of a return that is owed and has not come."""


def owed(returns: pd.DataFrame, register: pd.DataFrame, received: pd.DataFrame, cells: pd.DataFrame, of: Iterable[str], on: date | None = None) -> pd.DataFrame:
    """
    Say of each return that is owed what became of it.

    Args:
        returns: frame of the `RETURNS` contract, accounted for.
        register: the register `returns_owed`: partner, form, covers (a part of the partner's returns, as its file is named), from and until which
            quarter, in which quarters, how many days after the quarter's end it is due (blank where nobody has said), how many quarters in arrears.
        received: the register `received`: on which day a file came.
        cells: frame of the `CELLS` contract, for the date that a return says it was made.
        of: the quarters looked at.
        on: the day on which it is asked; None where no day is to count, so that a report says the same whenever it is made: what has not come
            is then late if its deadline is before the newest day that any return of the quarter names, else due.

    Returns:
        Frame of the `OWED` contract. `state`: not due, due, late, received (with cells of its form held back), held, accepted. `received_on` is the day of the
        register, else the day the return names; `days_late` is missing where a deadline or a day is not known.

    Source: domain.md 8; source document 001, "We are expecting data about performance and progress on 17th October".
    """
    dated = _dates_named(cells)
    tallies = cells[cells["field"] != ""].groupby(["quarter", "file", "form", "outcome"]).size().to_dict()
    logged = {(row["quarter"], row["file"]): dates.ends(row["received_on"]).isoformat() for row in frames.rows(received) if row["received_on"]}
    rows = []
    for quarter in of:
        files = [row for row in frames.rows(returns) if row["quarter"] == quarter and row["state"] != "duplicate"]
        days = {row["file"]: logged.get((quarter, row["file"])) or dated.get((quarter, row["file"]), "") for row in files}
        asked = on or max((date.fromisoformat(day) for day in days.values() if day), default=None)
        for one in frames.rows(register):
            if is_owed(one, quarter):
                its = [row | {"state": _of_form(row, one["form"], tallies)} for row in _answering(one, files)]
                rows.append(_state(one, quarter, its, days, asked, told_on=on is not None))
    return frames.make(rows, frames.OWED)


def is_owed(one: dict[str, Any], quarter: str) -> bool:
    """
    Say whether a return is owed for a quarter.

    Args:
        one: a row of the register `returns_owed`.
        quarter: the quarter that it would be for.

    >>> one = {"from_quarter": "2016-17-Q1", "until_quarter": "", "reports_in": "Q2 Q4"}
    >>> is_owed(one, "2016-17-Q2"), is_owed(one, "2016-17-Q3"), is_owed(one, "2015-16-Q4")
    (True, False, False)
    """
    until = one["until_quarter"] or quarter
    return one["from_quarter"] <= quarter <= until and (not one["reports_in"] or quarter[-2:] in one["reports_in"].split())


def due_on(one: dict[str, Any], quarter: str) -> date | None:
    """
    Give the day by which a return for a quarter is due; None where nobody has stated a deadline.

    Args:
        one: a row of the register `returns_owed`.
        quarter: the quarter that it is for.

    >>> due_on({"arrears": "0", "due_days": "17"}, "2011-12-Q2").isoformat()
    '2011-10-17'
    """
    covers = quarters.key(quarters.period(quarter) + int(one["arrears"] or 0))
    return None if one["due_days"] == "" else dates.last_day(covers) + timedelta(days=int(one["due_days"]))


def plain(text: str) -> str:
    """
    Give a partner's name as it is matched: without case, spaces and punctuation.

    >>> plain("Children's Trust")
    'childrenstrust'
    """
    return re.sub(r"[\W_]+", "", text).casefold()


def _answering(one: dict[str, Any], files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """
    Give the files that are the return that is owed: of its form, partner and part; a file of the partner's that could not be opened, where there is none.

    A form that was sent out to the partner for the quarter holds all its parts, and so does a file that is named as the partner is, with a version or without.
    """
    who, part = plain(one["partner"]), f"-{slug(one['covers'])}-"
    forms = {row["file"] for row in files if row["form_sent"] == f"{row['quarter']}.{slug(one['partner'])}"}
    stems = {row["file"]: row["file"].rpartition(".")[0] for row in files}
    named_for_all = {file for file, stem in stems.items() if re.fullmatch(rf"{re.escape(who)}(?:v(?:ersion)?)?\d{{0,2}}", plain(stem.rpartition("/")[2]))}
    covered = [row for row in files if not one["covers"] or part in f"-{slug(stems[row['file']])}-" or row["file"] in named_for_all | forms]
    own = [row for row in covered if row["file"] in forms or (who in map(plain, row["partner"].split(", ")) if row["partner"] else who in plain(row["file"]))]
    of_form = [row for row in own if one["form"] in row["forms"].split(", ")]
    return of_form or [row for row in own if row["state"] == Delivery.HELD and not row["forms"]]


def _of_form(row: dict[str, Any], form: str, tallies: dict[Any, int]) -> str:
    """Give the state of one form in a file that is held in part: another form's cells may be the ones that are held."""
    used, held = (tallies.get((row["quarter"], row["file"], form, str(outcome)), 0) for outcome in (Outcome.USED, Outcome.QUARANTINED))
    if row["state"] != "held in part" or not used + held:
        return str(row["state"])
    return "held in part" if used and held else "held" if held else "received"


def _state(one: dict[str, Any], quarter: str, files: list[dict[str, Any]], days: dict[str, str], asked: date | None, *, told_on: bool) -> dict[str, Any]:
    covers = quarters.key(quarters.period(quarter) + int(one["arrears"] or 0))
    due = due_on(one, quarter)
    about = {name: one[name] for name in ("partner", "form", "covers", "contact", "basis")} | {"quarter": quarter, "due": due.isoformat() if due else ""}
    now = [row for row in files if row["state"] != "replaced"]
    if now:
        states = {row["state"] for row in now}
        state = Delivery.HELD if states == {"held"} else Delivery.ACCEPTED if states == {"received"} else Delivery.RECEIVED
        day = max((first for row in now if (first := _first_day(row, files, days))), default="")
        late = max((date.fromisoformat(day) - due).days, 0) if day and due else None
        return about | {"state": state, "files": BETWEEN_FILES.join(row["file"] for row in now), "received_on": day, "days_late": late}
    if told_on and asked and asked <= dates.last_day(covers):
        return about | {"state": Delivery.NOT_DUE}
    if due and asked and asked > due:
        return about | {"state": Delivery.LATE, "days_late": (asked - due).days}
    return about | {"state": Delivery.DUE}


def _first_day(row: dict[str, Any], files: list[dict[str, Any]], days: dict[str, str]) -> str:
    """Give the day a file came, or the first one that it replaced: who corrects a figure is not late for it."""
    older = [days[other["file"]] for other in files if other["state"] == "replaced" and row["file"] in other["reason"]]
    return min(filter(None, [days[row["file"]], *older]), default="")


def _dates_named(cells: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Give the day that each file names above its table, as the day it was made."""
    found = {}
    for row in frames.rows(cells[cells["field"] == "header date"]):
        label, colon, rest = row["raw"].partition(":")
        written = dates.due(rest if colon and label.strip().casefold() == "date" else row["raw"], row["quarter"])
        if written:
            found[row["quarter"], row["file"]] = written[0].isoformat()
    return found


def not_received(returns: pd.DataFrame, owed_: pd.DataFrame) -> pd.DataFrame:
    """
    List the owed returns that have not come, by name, as the report lists what is missing.

    Returns:
        Frame of the `MISSING` contract, `what` being "return".
    """
    absent = owed_[owed_["state"].isin([Delivery.DUE, Delivery.LATE])]
    kept = set(returns["quarter"])
    rows = []
    for row in frames.rows(absent[absent["quarter"].isin(kept)]):
        due = f", due {dates.in_words(row['due'])}" if row["due"] else ""
        late = f", {row['days_late']} {'day' if row['days_late'] == 1 else 'days'} late" if row["days_late"] else ""
        name = f"{row['partner']}: {row['form']}{', ' + row['covers'] if row['covers'] else ''}"
        rows.append({"what": "return", "name": name, "partner": row["partner"], "quarter": row["quarter"], "state": f"{NOT_RECEIVED}{due}{late}"})
    return frames.make(rows, frames.MISSING)


def punctuality(owed_: pd.DataFrame) -> pd.DataFrame:
    """
    Give how complete and how timely each partner's returns are, quarter by quarter.

    Args:
        owed_: frame of the `OWED` contract.

    Returns:
        Frame of the `PUNCTUALITY` contract: of the returns owed (those not due yet left out) how many came, were accepted, came on time and came
        late; how many of them have no deadline or no day is `unknown`.
    """
    rows = []
    counted = owed_[owed_["state"] != Delivery.NOT_DUE]
    returns: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in frames.rows(counted):
        returns.setdefault((row["partner"], row["quarter"]), []).append(row)
    for (partner, quarter), of in sorted(returns.items()):
        states = [row["state"] for row in of]
        days = [row["days_late"] for row in of if row["state"] in (Delivery.RECEIVED, Delivery.HELD, Delivery.ACCEPTED)]
        known = [day for day in days if day is not None]
        rows.append({
            "partner": partner, "quarter": quarter, "owed": len(of), "came": len(days), "accepted": states.count(Delivery.ACCEPTED),
            "held": states.count(Delivery.HELD), "late": sum(day > 0 for day in known) + states.count(Delivery.LATE), "on_time": known.count(0),
            "unknown": len(days) - len(known),
        })  # fmt: skip
    return frames.make(rows, frames.PUNCTUALITY)
