"""Dates as returns write them -> the day by which something is due."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pandas as pd

from analysis import quarters

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_NAME = "|".join(f"{name[:3]}(?:{name[3:]})?" if name != "september" else "sept?(?:ember)?" for name in _MONTHS)
_YEAR = r"(?P<year>(?:19|20)\d\d)(?:/(?P<ending>\d\d)\b)?"
_ORDINAL = r"(?:\s*(?:st|nd|rd|th))?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"\b(?P<year>(?:19|20)\d\d)-(?P<number>\d\d)-(?P<day>\d\d)\b",
        r"\b(?P<day>\d{1,2})[/.](?P<number>\d{1,2})[/.](?P<year>(?:19|20)?\d\d)\b",
        rf"\b(?P<month>{_NAME})\.?\s+(?P<day>[0-3]?\d){_ORDINAL},?\s+(?P<year>(?:19|20)\d\d)\b",
        rf"\b(?P<day>[0-3]?\d){_ORDINAL}[\s-]+(?:of\s+)?(?P<month>{_NAME})\b\.?(?:[,\s-]*{_YEAR})?",
        rf"\b(?P<month>{_NAME})(?:-|\s*['\u2019])(?P<year>\d\d)\b",
        rf"\b(?P<month>{_NAME})\b\.?(?:[,\s-]*{_YEAR})?",
    )
)
"""How a day or a month is written; an earlier form wins where several fit."""


def due(text: str, quarter: str) -> tuple[date, str] | None:
    """
    Give the day by which a text says that something is due, and the words that say so; None where it names no day or month.

    A month is due by its last day; 03/04/2012 is 3 April; March 2011/12 lies in the financial year. Where the year is left out, it is the first
    such day or month that is not over when the quarter reported begins. The last date of a text counts: what runs from one to another
    is due by the second.

    >>> due("1 st quarterly performance report is due 17 th October.", "2011-12-Q2")
    (datetime.date(2011, 10, 17), '17 th October')
    >>> due("March 2012 - volunteer advisers have started", "2011-12-Q2")[0].isoformat(), due("Over two years", "2011-12-Q2")
    ('2012-03-31', None)
    """
    start = quarters.period(quarter).start_time.date()
    taken: list[tuple[int, int]] = []
    dates = []
    for form in _FORMS:
        for match in form.finditer(text):
            if not any(match.start() < last and first < match.end() for first, last in taken):
                taken.append(match.span())
                if _is_a_date(match, text) and (found := _day(match, start)):
                    dates.append((match.start(), found, " ".join(match[0].split()).rstrip(",. ")))
    return max(dates)[1:] if dates else None


def ends(written: str) -> date:
    """
    Give the day that a register's date stands for: itself, or a month's last day.

    >>> ends("2012-03").isoformat(), ends("2012-02-29").isoformat()
    ('2012-03-31', '2012-02-29')
    """
    return date.fromisoformat(written) if len(written) == 10 else _last(int(written[:4]), int(written[5:]))


def begins(written: str) -> date:
    """
    Give the day that something begins by a register's date: itself, or a month's first day.

    >>> begins("2010-07").isoformat()
    '2010-07-01'
    """
    return date.fromisoformat(written if len(written) == 10 else f"{written}-01")


def in_words(day: date | str) -> str:
    """
    Give a day in words; nothing of a text that names none.

    >>> in_words("2016-10-17"), in_words(date(2011, 1, 4)), in_words("")
    ('17 October 2016', '4 January 2011', '')
    """
    found = date.fromisoformat(day) if isinstance(day, str) and day else day
    return f"{found.day} {found:%B %Y}" if isinstance(found, date) else ""


def last_day(quarter: str) -> date:
    """
    Give the last day of a quarter.

    >>> last_day("2011-12-Q2").isoformat()
    '2011-09-30'
    """
    return quarters.period(quarter).end_time.date()


def quarter_of(day: date) -> str:
    """
    Give the key of the quarter that a day lies in.

    >>> quarter_of(date(2012, 3, 31))
    '2011-12-Q4'
    """
    return quarters.key(pd.Timestamp(day).to_period("Q-MAR"))


def _is_a_date(match: re.Match[str], text: str) -> bool:
    """Say whether a month's name means the month: "may" and "march" are verbs too."""
    found = match.groupdict()
    if found.get("year") or found.get("number"):
        return True
    word = found["month"]
    if word.casefold() not in ("may", "march"):
        return True
    led = re.search(r"\b(?:by|in|during|early|mid|late|end of|of|from|to|until|before)\s+$", text[: match.start()], re.IGNORECASE)
    return word[0].isupper() and (bool(led) or not re.match(r"\s+[a-z]", text[match.end() :]))


def _day(match: re.Match[str], start: date) -> date | None:
    """Give the day a match stands for; without a year, the first that is not over at the start."""
    found = match.groupdict()
    if found.get("number"):
        month = int(found["number"])
    else:
        month = next(place for place, name in enumerate(_MONTHS, start=1) if name.startswith(found["month"][:3].casefold()))
    year = found.get("year")
    written = None if not year else int(year) + (2000 if len(year) == 2 else 0) + bool(found.get("ending") and month < 4)
    for candidate in [written] if written else range(start.year, start.year + 5):
        try:
            day = date(candidate, month, int(found["day"])) if found.get("day") else _last(candidate, month)
        except ValueError:  # 29 February of most years
            continue
        if written or day >= start:
            return day
    return None


def _last(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
