"""Money drawn to scale: the way from what was possible to what is spent, each award with its spend, and the year's spending as it grows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from analysis import frames
from analysis.charts.drawing import drawn_once, for_both_widths, house_style
from analysis.charts.palette import BLUE, GREY, HAIRLINE, INK, MID_BLUE, MIDDLE_BAND, MUTED, ORANGE
from analysis.charts.sheet import Sheet, cut, spread, width_of
from analysis.markup import Html
from analysis.values import shown

_WIDE, _NARROW = 763.0, 281.0
_SIZE, _SMALL = 10.5, 9.5
_COLOURS = {"known": BLUE, "forecast": MID_BLUE, "less": GREY, "rest": MIDDLE_BAND, "act": ORANGE, "unknown": MUTED}
"""What a stretch of a bar stands for -> its colour; what is not known is hatched."""
UNKNOWN = "not known"


@dataclass(frozen=True)
class _Bar:
    """A row: its name, its stretches (start, end, what they stand for), and what is written beside it."""

    name: str
    stretches: tuple[tuple[Decimal, Decimal, str], ...]
    words: str
    bold: bool = False


@drawn_once
def waterfall(steps: pd.DataFrame, *, title: str, subtitle: str, source: str, alt: str) -> Html:
    """
    Draw the way of an amount: what there was, what each step took from it, what is left, what is not known.

    Args:
        steps: in order, columns what, start and end (exact pounds), style ("known" a sum, "less" what was taken off, "forecast", "rest", "act"
            what somebody has to act on, "unknown" hatched), words (what is written beside it).
        title: what is to be seen, in a sentence.
        subtitle: what is plotted, in what unit, over what period.
        source: where the figures come from.
        alt: the chart in words, for those who cannot see it.
    """
    rows = frames.rows(steps)
    bars = [_Bar(row["what"], _some((row["start"], row["end"], row["style"])), row["words"], row["style"] == "known") for row in rows]
    data = pd.DataFrame({"Step": [row["what"] for row in rows], "Amount": [row["words"] for row in rows]})
    return _drawn(bars, title=title, subtitle=subtitle, source=source, alt=alt, data=data)


@drawn_once
def spend(awards: pd.DataFrame, *, title: str, subtitle: str, source: str, alt: str) -> Html:
    """
    Draw each award as a bar: dark what is spent, light what is forecast, hatched what nobody has sent, orange what no one has planned.

    Args:
        awards: largest first, columns project; award, spent, forecast, unplanned (exact pounds; missing where unknown); unknown (yes where an
            amount of it is not known).
        title: what is to be seen, in a sentence.
        subtitle: what is plotted, in what unit, over what period.
        source: where the figures come from.
        alt: the chart in words, for those who cannot see it.
    """
    rows = frames.rows(awards)
    largest = max((row["award"] for row in rows if row["award"] is not None), default=Decimal(1)) or Decimal(1)
    bars = [_award_bar(row, largest) for row in rows]
    names = {"project": "Project", "award": "Awarded", "spent": "Spent to date", "forecast": "Forecast", "unplanned": "Without a plan"}
    data = pd.DataFrame({label: [row[name] if name == "project" else shown(row[name], "pounds") or UNKNOWN for row in rows] for name, label in names.items()})
    return _drawn(bars, title=title, subtitle=subtitle, source=source, alt=alt, data=data)


def _award_bar(row: dict[str, Any], largest: Decimal) -> _Bar:
    """Give an award's bar, and in words how much of it is spent."""
    nothing, award = Decimal(0), row["award"]
    spent, forecast, unplanned = row["spent"] or nothing, row["forecast"] or nothing, max(row["unplanned"] or nothing, nothing)
    if award is None:
        return _Bar(row["project"], ((nothing, largest / 20, "unknown"),), "award not known")
    planned = spent + forecast
    rest = "unknown" if row["unknown"] else "rest"
    award = max(award, planned + largest / 40) if row["unknown"] and planned >= award else award  # a stub for what is not known of an award that is over
    stretches = [(nothing, spent, "known"), (spent, planned, "forecast"), (planned, planned + unplanned, "act"), (planned + unplanned, award, rest)]
    of = f"of {_pounds(row['award'])}"
    words = f"{UNKNOWN} {of}" if row["spent"] is None else f"{spent / row['award']:.0%} {of}" if row["award"] else of
    return _Bar(row["project"], _some(*stretches), words)


def _some(*stretches: tuple[Decimal, Decimal, str]) -> tuple[tuple[Decimal, Decimal, str], ...]:
    """Give the stretches that are more than nothing."""
    return tuple(stretch for stretch in stretches if stretch[1] > stretch[0])


def _drawn(bars: list[_Bar], *, title: str, subtitle: str, source: str, alt: str, data: pd.DataFrame) -> Html:
    """Draw bars, one a row, for both widths."""
    with house_style():
        most = max((end for bar in bars for _, end, _ in bar.stretches), default=Decimal(1)) or Decimal(1)
        wide, narrow = _wide(bars, most), _narrow(bars, most)
        return for_both_widths(wide.finished(), narrow.finished(), title=title, subtitle=subtitle, source=source, alt=alt, data=data)


def _wide(bars: Sequence[_Bar], most: Decimal) -> Sheet:
    """Lay a row out on one line: name, bar, words."""
    left = min(max((width_of(bar.name, _SIZE, bold=bar.bold) for bar in bars), default=0.0) + 12, 290.0)
    right = _WIDE - max((width_of(bar.words, _SIZE, bold=bar.bold) for bar in bars), default=0.0) - 10
    pitch = 23.0
    sheet = Sheet(_WIDE, pitch * len(bars) + 6)
    for place, bar in enumerate(bars):
        down = pitch * place + 3
        sheet.words(0, down + 13, cut(bar.name, _SIZE, left - 10, bold=bar.bold), size=_SIZE, bold=bar.bold)
        _stretches(sheet, bar, (left, right), (down + 2, down + 17), most)
        sheet.words(_WIDE, down + 13, bar.words, size=_SIZE, colour=INK if bar.bold else MUTED, bold=bar.bold, align="right")
    return sheet


def _narrow(bars: Sequence[_Bar], most: Decimal) -> Sheet:
    """Lay a row out on two lines: name and words above, the bar below."""
    pitch = 34.0
    sheet = Sheet(_NARROW, pitch * len(bars) + 4)
    for place, bar in enumerate(bars):
        down = pitch * place + 2
        room = _NARROW - width_of(bar.words, _SMALL, bold=bar.bold) - 8
        sheet.words(0, down + 10, cut(bar.name, _SMALL, room, bold=bar.bold), size=_SMALL, bold=bar.bold)
        sheet.words(_NARROW, down + 10, bar.words, size=_SMALL, colour=INK if bar.bold else MUTED, bold=bar.bold, align="right")
        _stretches(sheet, bar, (0, _NARROW), (down + 14, down + 26), most)
    return sheet


def _stretches(sheet: Sheet, bar: _Bar, across: tuple[float, float], down: tuple[float, float], most: Decimal) -> None:
    """Draw the stretches of a bar, each at least wide enough to be seen."""
    scale = (across[1] - across[0]) / float(most)
    for start, end, style in bar.stretches:
        first = across[0] + float(start) * scale
        last = max(across[0] + float(end) * scale, first + 1.2)
        sheet.block((first, down[0]), (last, down[1]), _COLOURS[style], hatched=style == "unknown")


# ---------------------------------------------------------------- burn-up


@drawn_once
def burn_up(points: pd.DataFrame, *, title: str, subtitle: str, source: str, alt: str) -> Html:
    """
    Draw how spending grows over the year: a line of what is known, dashed where it is forecast, and hatched above it what may have been spent too.

    Args:
        points: in time order, columns period (its label), kind ("actual" or "forecast"), at_least, at_most and awarded (exact pounds; at_most and
            awarded missing where nobody knows them).
        title: what is to be seen, in a sentence.
        subtitle: what is plotted, in what unit, over what period.
        source: where the figures come from.
        alt: the chart in words, for those who cannot see it.
    """
    rows = frames.rows(points)
    with house_style():
        wide, narrow = _growing(rows, _WIDE, 230.0), _growing(rows, _NARROW, 190.0)
        amounts = {"at_least": "At least", "at_most": "At most", "awarded": "Awarded"}
        data = pd.DataFrame(
            {"By the end of": [row["period"] for row in rows]}
            | {"": [row["kind"] for row in rows]}
            | {label: [shown(row[name], "pounds") or UNKNOWN for row in rows] for name, label in amounts.items()}
        ).rename(columns={"": "Actual or forecast"})
        return for_both_widths(wide.finished(), narrow.finished(), title=title, subtitle=subtitle, source=source, alt=alt, data=data)


def _growing(rows: Sequence[dict[str, Any]], width: float, height: float) -> Sheet:
    """Lay the burn-up out on a sheet of a size."""
    wide = width > 500
    size = _SIZE if wide else _SMALL
    sheet = Sheet(width, height)
    top, ground, left = 20.0, height - 26, 0.0
    most = max((float(row[name]) for row in rows for name in ("at_least", "at_most", "awarded") if row[name] is not None), default=1.0) or 1.0
    beside = max((width_of(f"{text} {_pounds(Decimal(most))}", size) for text in ("at most", "awarded")), default=0.0) + 10 if wide else 4.0
    inset = 36.0 if wide else 8.0  # half of a period's name, so that the first is not cut
    step = (width - beside - left - inset) / max(len(rows) - 1, 1)
    places = [left + inset + step * number for number in range(len(rows))]

    def down(amount: Decimal | None) -> float:
        return ground - (ground - top) * float(amount or 0) / most

    sheet.lines([[(left, ground), (width - beside, ground)]], HAIRLINE, 1)
    least = [(across, down(row["at_least"])) for across, row in zip(places, rows, strict=True)]
    highest = [row["at_most"] if row["at_most"] is not None else row["awarded"] for row in rows]
    upper = [(across, top if amount is None else down(amount)) for across, amount in zip(places, highest, strict=True)]
    if rows:
        sheet.area([*least, *reversed(upper)], GREY, hatched=True)
    last = max((number for number, row in enumerate(rows) if row["kind"] == "actual"), default=0)
    sheet.lines([least[: last + 1]], BLUE, 2.4)
    sheet.lines([least[last:]], BLUE, 2.0, (4, 3))
    if not rows:
        return sheet
    sheet.marks([least[last]], BLUE, 8)
    awarded = rows[-1]["awarded"]
    if awarded is not None:
        sheet.lines([[(left, down(awarded)), (width - beside, down(awarded))]], INK, 1, (2, 2))
    _say(sheet, rows, places, [down(row["at_least"]) for row in rows], last, down)
    return sheet


def _say(sheet: Sheet, rows: Sequence[dict[str, Any]], places: Sequence[float], least: Sequence[float], last: int, down: Callable[[Any], float]) -> None:
    """Write what a burn-up's lines are: the periods below, what is known now, and at the right what it may come to; on a phone only what there is room for."""
    wide = sheet.width > 500
    size = _SIZE if wide else _SMALL
    for number, (across, row) in enumerate(zip(places, rows, strict=True)):
        if wide:
            sheet.words(across, sheet.height - 10, row["period"], size=size, colour=MUTED, align="center")
        elif number in (0, len(rows) - 1):
            sheet.words(sheet.width if number else 0, sheet.height - 10, row["period"], size=size, colour=MUTED, align="right" if number else "left")
    now, end = rows[last], rows[-1]
    left_of = places[last] > places[-1] / 2
    at = (places[last] + (-8 if left_of else 8), least[last] + (-8 if left_of else 16))
    sheet.words(*at, f"{_pounds(now['at_least'])} known, {now['period']}", size=size, colour=BLUE, bold=True, align="right" if left_of else "left")
    if wide:
        told = [(name, end[column]) for name, column in (("at most", "at_most"), ("at least", "at_least"), ("awarded", "awarded")) if end[column] is not None]
        for (name, amount), place in zip(told, spread([down(amount) for _, amount in told], 14), strict=True):
            sheet.words(places[-1] + 8, place + 4, f"{name} {_pounds(amount)}", size=size, colour=INK if name == "awarded" else MUTED)
    elif end["awarded"] is not None:
        sheet.words(0, down(end["awarded"]) - 5, f"awarded {_pounds(end['awarded'])}", size=size)


def _pounds(amount: Decimal) -> str:
    return f"£{shown(amount.quantize(Decimal(1)))}"
