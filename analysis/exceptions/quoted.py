"""The numbers that commentary quotes, and which of them the measure's figures do not bear out."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import combinations
from typing import Any, NamedTuple

from analysis.exceptions.wording import MONTH, plain

_SERIES = ("actual", "actual_numerator", "actual_denominator", "actual_rank")
_TARGETS = ("target", "target_low", "target_high", "scored_target")
_FIGURES = (*_SERIES, *_TARGETS, "actual_low", "actual_high", "scored_actual", "variance")

_ALONE = r"(?<![\w.,£$€])"
_TO = r" ?(?:,|-|/|&|and|to|or) ?"
_WHOLE = r"[0-9]++(?![.,]?[0-9]| ?%| ?per ?cent)"
_ENDING = r"(?: ?(?:st|nd|rd|th))"
_LABELS = (
    r"notes?|ni|lines?|sections?|clause|schedule|article|appendix|annex|table|paragraph|para|phases?|stages?|ks|years?|grades?|tiers?|bands?|parts?"
    r"|levels?|wave|step|round|zones?|wards?|block|priority|option|version|category|type|measures?|indicators?|no\.?|unit|room|top"
)
_AGES = r"(?:0-4|0-5|0-18|0-19|4-5|10-11|10-17|11-19|13-19|15-17|15-24|16-17|16-18|16-19|16-24|16-64|18-21|18-24|18-25|18-64|19-25|25-64|65-74)"
_PERIODS = "part(?:y|ies)|year|quarter|month|week|day|consecutive|successive|century|sector|phase|round|time|tranche|stage|floor|annual|half"
_UNITS = "day|week|month|year|hour|minute|second|night|hr|min|sec|wk|mth|yr"
_NOT_FIGURES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:https?://|www\.)\S+|(?<!\S)[^\s@]++@\S+",
        r"(?m)^ ?\(?[0-9]{1,2}[.)] ",
        rf"{_ALONE}0(?:[0-9]{{9,}}|[0-9]{{2,4}}(?:[ -][0-9]{{3,8}}){{1,2}})(?![0-9])",
        rf"{_ALONE}[0-9]{{1,4}}([/.-])[0-9]{{1,2}}\1[0-9]{{2,4}}(?!\w)",
        rf"{_ALONE}[0-9]+(?:\.[0-9]+){{2,}}",
        rf"{_ALONE}[0-9]{{1,2}}{_ENDING}?(?:{_TO}[0-9]{{1,2}}{_ENDING}?)? (?:of )?{MONTH}(?:,? '?{_WHOLE})?",
        rf"(?<!\w){MONTH} '?[0-9]{{1,2}}{_ENDING}?(?!\w|[.,][0-9]| ?%)(?:,? (?:19|20)[0-9]{{2}}(?!\w))?",
        rf"{_ALONE}(?:19|20)[0-9]{{2}} ?[/-] ?(?:[0-9]{{4}}|[0-9]{{2}})(?![0-9])",
        rf"{_ALONE}(?:199|20[0-9])[0-9](?!\w|[.,][0-9]| ?%)|(?<!\w)(?:199|20[0-9])0s(?!\w)",
        rf"(?i)(?<!\w)(?:q|qtrs?\.? ?|quarters? ?)[1-4](?![0-9%]|[.,][0-9])(?:{_TO}(?:q|qtr |quarter )?[1-4](?![0-9%]|[.,][0-9]))*",
        rf"(?i)(?<!\w)(?:{_LABELS}) ?{_WHOLE}(?:{_TO}{_WHOLE})*",
        rf"{_ALONE}{_AGES}(?![0-9]| ?%)|{_ALONE}{_AGES.replace('-', ' to ')}(?![0-9]| ?%)",
        rf"(?i)(?<!\w)(?:aged?|ages(?: of)?) (?:between |from |under |over )?{_WHOLE}(?:{_TO}{_WHOLE})?",
        r"(?i)(?<!\w)(?:under|over)[- ][0-9]{1,2}'?s(?!\w)|(?<!\w)under[- ](?:5|11|16|18|19|21|25)(?![0-9]| ?%)",
        rf"(?i){_ALONE}[0-9]{{1,2}}(?:\+|(?: years)? (?:and|or) (?:over|under|above|below)(?!\w))",
        rf"(?i){_ALONE}[0-9]+{_ENDING}[- ](?:{_PERIODS})",
        r"(?i)(?<=[0-9](?:st|nd|rd|th)) (?:out )?of [0-9]++",
        r"(?<!\w)24/7(?!\w)|(?<!\w)(?:1/2|1/3|2/3|1/4|3/4)(?!\w)|(?i:(?<!\w)[0-9]+ in (?:every )?[0-9]++)(?!\w| ?%|[./])",
        r"(?i)(?<!\w)(?:999|111|101) (?:calls?|services?|numbers?)",
        r"(?i)(?<!\w)[0-9]{1,2}(?:[.:][0-9]{2})? ?[ap]m(?!\w)",
    )
)
"""What holds digits and is no figure: addresses, dates, years, quarters, labels such as Note 1, ages, ordinals of time, times of day."""

_SPLIT = re.compile(r"(£[0-9]{1,3}), (?=[0-9]{3}[,.][0-9])")
_CONSECUTIVE = re.compile(r"(?<![\w.,/])([0-9]{2})[/-]([0-9]{2})(?![\w/]|[.,][0-9]| ?%)")
_DURATION = re.compile(rf"(?i)(?<![\w.,£$€])[0-9]{{1,3}}(?:{_TO}[0-9]{{1,3}})?(?: ?-? ?)(?:(?:working|calendar|school|consecutive) )?({_UNITS})s?(?!\w)")
_CLOCK = re.compile(r"(?<![\w:])([0-9]{1,3}):([0-5][0-9])(?![\w:])")
_MINUTES = re.compile(r"(?i)(?<!\w)([0-9]{1,3}) ?min(?:ute)?s?,? (?:and )?([0-9]{1,2}) ?sec(?:ond)?s?(?!\w)")
_NUMBER = re.compile(
    rf"(?i)(?<![\w])(?<![^\W\d_]-)(?<![0-9][.,])(?P<written>[£$€]? ?(?P<digits>[0-9]{{1,3}}(?:,[0-9]{{3}})+(?![0-9])|[0-9]++|(?=\.[0-9]))"
    r"(?P<decimals>\.[0-9]++)?+"
    rf"(?P<tail> (?:thousand|million|billion)(?!\w)|k|mn?|bn|{_ENDING}| ?%| ?per ?cent|pp|p|s|x| ?min(?:ute)?s?(?!\w))?)(?!\w)"
)
_HEDGED = re.compile(
    r"(?i)(?<!\w)(?:about|around|approximately|approx\.?|circa|c\.?|some|nearly|almost|over|under|more than|less than|roughly|just|close to) ?[£$€]?$"
)
_SCALE = {"thousand": 1000, "k": 1000, "million": 10**6, "m": 10**6, "mn": 10**6, "billion": 10**9, "bn": 10**9, "p": Decimal("0.01"), "min": 60}


class _Quote(NamedTuple):
    """A number as it is written, what it may stand for, and half of the last place it is written with."""

    written: str
    values: tuple[tuple[Decimal, Decimal], ...]


def not_in_data(text: str, rows: list[dict[str, Any]]) -> list[str]:
    """
    Give the numbers of *text* that are not among the figures of *rows*, as written, each once, in the order of the text.

    A number is looked for at the precision it is written with, without its sign, among the targets, actuals, fractions, ranks
    and variances of every row; the differences between two of its actuals, numerators, denominators or ranks, and between an
    actual and its target, as they are and in percent; what a percentage leaves to 100; and the share of target reached. A
    number written with "about", "over" and the like may be 5 percent off. Dates, years, quarters, labels such as "Note 1",
    ages, lengths of time of a measure that is not itself a length of time, times of day and numbers of the measure's title are
    not looked for. Numbers in words are not either.

    Args:
        text: the commentary.
        rows: the rows of one measure, of the `SCORES` contract; with those of others, where they share the text.

    Returns:
        The numbers not found; none where no row has a figure, because what is not known contradicts nothing.

    Source: domain.md 6, "every number in it is in the data".

    >>> row = {"measure": "Visits", "actual": Decimal(1035), "actual_rank": None, "target": None, "actual_raw": "1,035", "target_raw": ""}
    >>> not_in_data("We had 1,035 visits in March 2016, not 20,000.", [row])
    ['20,000']
    """
    if not any(row.get(name) is not None for row in rows for name in _FIGURES):
        return []
    timed = any("seconds" in (row.get("actual_unit"), row.get("target_unit"), row.get("unit")) for row in rows)
    titles = " ".join(plain(row["measure"]) for row in rows)
    known = _figures(rows) | {value for title in {row["measure"] for row in rows} for value in _plain_values(plain(title))}
    missing: dict[Decimal, str] = {}
    for quote in _quotes(_without_what_is_no_figure(_without_serials(plain(text), rows), titles, timed), timed):
        if not any(abs(abs(figure) - value) <= off for figure in known for value, off in quote.values):
            missing.setdefault(quote.values[0][0], quote.written)
    return list(missing.values())


def _without_serials(text: str, rows: list[dict[str, Any]]) -> str:
    """Take out the names of measures that are numbered as these are: "Build 5"."""
    themes = {match[1] for row in rows if (match := re.fullmatch(r"(.*\w) [0-9]+", row.get("measure_id") or ""))}
    for theme in sorted(themes):
        text = re.sub(rf"(?<!\w){re.escape(theme)} [0-9]{{1,3}}(?!\w)", " _ ", text)
    return text


def _without_what_is_no_figure(text: str, titles: str, timed: bool) -> str:
    text = _SPLIT.sub(r"\1,", text)
    for pattern in _NOT_FIGURES:
        text = pattern.sub(" _ ", text)
    text = _CONSECUTIVE.sub(lambda match: " _ " if int(match[2]) == (int(match[1]) + 1) % 100 else match[0], text)
    if not timed:
        text = _CLOCK.sub(" _ ", text)
    return _DURATION.sub(lambda match: match[0] if timed or _measures(titles, match[1]) else " _ ", text)


def _measures(titles: str, unit: str) -> bool:
    """Say whether a measure counts this unit of time itself, as "average days" and "(working days)" do."""
    return bool(re.search(rf"(?i)(?:average|mean|number of|no\.? of|total|time taken|\() ?(?:\w+ )?{unit}s?(?!\w)", titles))


def _quotes(text: str, timed: bool) -> list[_Quote]:
    found = []
    if timed:
        for pattern in (_CLOCK, _MINUTES):
            found += [_Quote(match[0], ((Decimal(int(match[1]) * 60 + int(match[2])), Decimal("0.5")),)) for match in pattern.finditer(text)]
            text = pattern.sub(" _ ", text)
    for match in _NUMBER.finditer(text):
        digits, decimals, tail = match["digits"].replace(",", ""), match["decimals"] or "", (match["tail"] or "").strip().casefold()
        if len(digits) + len(decimals) > 25:
            continue
        value, off = Decimal(f"{digits or 0}{decimals}"), Decimal(5).scaleb(-len(decimals[1:]) - 1)
        off = max(off, value / 20) if _HEDGED.search(text[max(0, match.start() - 20) : match.start()]) else off
        scale = _SCALE.get("min" if tail.startswith("min") else tail)
        values = ((value * scale, off * scale), (value, off)) if scale else ((value, off),)
        found.append(_Quote(match["written"].strip(), values))
    return found


def _plain_values(text: str) -> set[Decimal]:
    """Give every number of a title or a cell, whatever it stands for."""
    return {value for quote in _quotes(text, timed=False) for value, _ in quote.values}


def _figures(rows: list[dict[str, Any]]) -> set[Decimal]:
    """Give every figure of *rows* and what follows from them."""
    known: set[Decimal] = set()
    for row in rows:
        known |= {Decimal(row[name]) for name in _FIGURES if row.get(name) is not None}
        known |= _plain_values(f"{row.get('target_raw') or ''} {row.get('actual_raw') or ''}")
        known |= _of_one(row)
    for name in _SERIES:
        held = [(row.get("measure_id"), Decimal(row[name])) for row in rows if row.get(name) is not None]
        for (one, first), (other, second) in combinations(held, 2):
            known |= _apart(first, second) if one == other else set()
    return known


def _of_one(row: dict[str, Any]) -> set[Decimal]:
    """Give what follows from one row: actual against target, the rest to a hundred, the fraction as a percentage and its rest."""
    known: set[Decimal] = set()
    actual, top, bottom = row.get("actual"), row.get("actual_numerator"), row.get("actual_denominator")
    if actual is not None:
        for target in {row[name] for name in _TARGETS if row.get(name) is not None}:
            known |= _apart(actual, target) | ({100 * actual / target} if target else set())
        known |= {100 - actual} if row.get("actual_unit") == "percent" else set()
    if top is not None and bottom:
        known |= {Decimal(bottom - top), Decimal(100 * top) / Decimal(bottom)}
    return known


def _apart(first: Decimal, second: Decimal) -> set[Decimal]:
    """Give the difference of two figures, and the same in percent of either."""
    return {first - second} | {100 * (first - second) / base for base in (first, second) if base}
