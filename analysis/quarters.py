"""Financial-year quarters: the key `2016-17-Q2`, its neighbours, and how it is shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.errors import AskedWrongly
from analysis.vocabulary import Kind

if TYPE_CHECKING:
    import pandas as pd

_KEY = re.compile(r"((?:19|20|21)[0-9]{2})-([0-9]{2})-Q([1-4])")
_SHOWN = re.compile(r"\s*(?:Q|Quarter)\s*([1-4])\s*,?\s*([0-9]{4})\s*[/-]\s*([0-9]{2}|[0-9]{4})\s*", re.IGNORECASE)


def period(key: str) -> pd.Period:
    """
    Give the pandas Period (year ending in March) of a quarter key.

    Raises:
        AskedWrongly: the key is not of the form `2016-17-Q2`, or its two years do not follow one another.

    >>> period("2016-17-Q2").start_time.date().isoformat()
    '2016-07-01'
    """
    import pandas as pd  # takes half a second, and only what reckons with months needs it

    return pd.Period(ordinal=ordinal(key), freq="Q-MAR")


def key(quarter: pd.Period) -> str:
    """
    Give the key of a pandas Period (year ending in March).

    >>> key(period("2016-17-Q1") - 1)
    '2015-16-Q4'
    """
    return f"{quarter.qyear - 1}-{quarter.qyear % 100:02d}-Q{quarter.quarter}"


def previous(quarter: str) -> str:
    """
    Give the quarter before.

    >>> previous("2016-17-Q1")
    '2015-16-Q4'
    """
    return _key_at(ordinal(quarter) - 1)


def year_earlier(quarter: str) -> str:
    """
    Give the same quarter of the year before.

    >>> year_earlier("2016-17-Q2")
    '2015-16-Q2'
    """
    return _key_at(ordinal(quarter) - 4)


def shown(quarter: str) -> tuple[str, str, str]:
    """
    Give the three quarters a scorecard sets side by side: this one, the one before, the same a year ago.

    Source: source document 002, the columns of "Corporate Scorecard 2016/17".

    >>> shown("2016-17-Q2")
    ('2016-17-Q2', '2016-17-Q1', '2015-16-Q2')
    """
    return quarter, previous(quarter), year_earlier(quarter)


def label(quarter: str) -> str:
    """
    Give the quarter as readers see it.

    >>> label("2016-17-Q2")
    'Q2 2016/17'
    """
    ordinal(quarter)
    return f"{quarter[-2:]} {quarter[:4]}/{quarter[5:7]}"


def months(quarter: str) -> str:
    """
    Give the months that a quarter covers.

    >>> months("2009-10-Q4")
    'January to March 2010'
    """
    place = ordinal(quarter) % 4
    return f"{_FIRST_MONTHS[place]} to {_LAST_MONTHS[place]} {int(quarter[:4]) + place // 3}"


_FIRST_MONTHS, _LAST_MONTHS = ("April", "July", "October", "January"), ("June", "September", "December", "March")


def covered(quarter: str, kind: str) -> str:
    """
    Give the time that a measure's figure of a quarter covers, as its kind has it; empty where the kind does not say.

    Source: domain.md 3.

    >>> covered("2016-17-Q2", "cumulative"), covered("2016-17-Q2", "rolling year"), covered("2016-17-Q2", "snapshot")
    ('April to September 2016', 'October 2015 to September 2016', 'at 30 September 2016')
    """
    of = period(quarter)
    year_starts = period(f"{quarter[:-1]}1")
    firsts = {
        Kind.QUARTER_COUNT: of, Kind.RATE: of, Kind.CUMULATIVE: year_starts, Kind.ANNUAL: year_starts, Kind.ROLLING_YEAR: of - 3,
    }  # fmt: skip
    if kind in (Kind.SNAPSHOT, Kind.MILESTONE):
        return f"{'at' if kind == Kind.SNAPSHOT else 'by'} {of.end_time.day} {of.end_time.strftime('%B %Y')}"
    if kind not in firsts:
        return ""
    first, last = firsts[Kind(kind)].start_time, (year_starts + 3 if kind == Kind.ANNUAL else of).end_time
    return f"{first.strftime('%B') if first.year == last.year else first.strftime('%B %Y')} to {last.strftime('%B %Y')}"


_SPAN = re.compile(r"([A-Za-z]{3})[a-z]* (?:20)?(\d\d) to ([A-Za-z]{3})[a-z]* (?:20)?(\d\d)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def span(period_: str) -> tuple[int, int] | None:
    """
    Give the first and last month of a period as returns write it, as numbers twelve apart for a year; None where it is not one.

    >>> span("Oct 13 to Sept 14"), span("Xyz 13 to Sep 14"), span("last year")
    ((165, 176), None, None)
    """
    ends = _SPAN.fullmatch(period_)
    if not ends or not {ends[1].casefold(), ends[3].casefold()} <= set(_MONTHS):
        return None
    first, last = (int(ends[year]) * 12 + _MONTHS.index(ends[month].casefold()) for month, year in ((1, 2), (3, 4)))
    return first, last


def ordinal(quarter: str) -> int:
    """
    Give a quarter's place in time, which is that of its Period: neighbours are one apart, the same quarter of two years four.

    Raises:
        AskedWrongly: the key is not of the form `2016-17-Q2`, or its two years do not follow one another.

    >>> ordinal("2016-17-Q1") - ordinal("2015-16-Q4"), ordinal("2016-17-Q2") - ordinal("2015-16-Q2")
    (1, 4)
    """
    match = _KEY.fullmatch(quarter)
    if not match or (int(match[1]) + 1) % 100 != int(match[2]):
        raise AskedWrongly(repr(quarter), ["is not a quarter"], "A quarter is written 2016-17-Q2.")
    return (int(match[1]) + 1 - 1970) * 4 + int(match[3]) - 1


def _key_at(place: int) -> str:
    year, quarter = divmod(place, 4)
    return f"{year + 1969}-{(year + 1970) % 100:02d}-Q{quarter + 1}"


def parse(text: str) -> str | None:
    """
    Give the key of a quarter written in words, or None where the text is not one.

    >>> parse("Quarter 2, 2016/17"), parse("2016-17-Q2"), parse("soon")
    ('2016-17-Q2', '2016-17-Q2', None)
    """
    text = text.strip()
    match = _SHOWN.fullmatch(text)
    if match and len(match[3]) == 4 and int(match[3]) != int(match[2]) + 1:
        return None
    candidate = f"{match[2]}-{match[3][-2:]}-Q{match[1]}" if match else text
    try:
        ordinal(candidate)
    except AskedWrongly:
        return None
    return candidate
