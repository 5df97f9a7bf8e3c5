"""A timeline: what falls due when, for each organisation, and where the quarter ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from analysis import frames
from analysis.charts.drawing import drawn_once, for_both_widths, house_style
from analysis.charts.palette import BLUE, HAIRLINE, INK, MUTED, ORANGE, PAPER
from analysis.charts.sheet import Sheet, cut, width_of
from analysis.markup import Html

_WIDE, _NARROW = 763.0, 281.0
_SIZE, _SMALL = 10.5, 9.5
_MARKS: dict[str, tuple[str, str, str]] = {
    "overdue": ("s", ORANGE, ORANGE),
    "due, nothing said": ("s", PAPER, ORANGE),
    "not yet due": ("o", PAPER, BLUE),
    "done": ("o", BLUE, BLUE),
}
"""State -> shape, filling and outline: what is due is square and orange, what is done is full and blue."""


@drawn_once
def timeline(items: pd.DataFrame, *, now: date, now_label: str, title: str, subtitle: str, source: str, alt: str) -> Html:
    """
    Draw what falls due when: a row for each organisation, a mark for each date, a line where the quarter ends.

    Args:
        items: columns organisation, due (ISO date, empty for none), state ("overdue", "due, nothing said", "not yet due", "done", "no date").
        now: the last day of the quarter.
        now_label: what is written at it.
        title: what is to be seen, in a sentence.
        subtitle: what is plotted, in what unit, over what period.
        source: where the figures come from.
        alt: the chart in words, for those who cannot see it.
    """
    rows = frames.rows(items)
    names = list(dict.fromkeys(row["organisation"] for row in rows))
    days = [date.fromisoformat(row["due"]) for row in rows if row["due"]]
    span = (min([*days, now]), max([*days, now]))
    with house_style():
        wide, narrow = (_drawn(rows, names, span, (now, now_label), width) for width in (_WIDE, _NARROW))
        data = pd.DataFrame(
            [[name, *(sum(row["organisation"] == name and row["state"] == state for row in rows) for state in (*_MARKS, "no date"))] for name in names],
            columns=["Organisation", *(state.capitalize() for state in (*_MARKS, "no date"))],
        )
        return for_both_widths(wide.finished(), narrow.finished(), title=title, subtitle=subtitle, source=source, alt=alt, data=data)


def _drawn(rows: Sequence[dict[str, Any]], names: Sequence[str], span: tuple[date, date], now: tuple[date, str], width: float) -> Sheet:
    """Lay the timeline out on a sheet of a width; on a phone each name stands above its row."""
    wide = width > 500
    size = _SIZE if wide else _SMALL
    undated = {name: sum(row["organisation"] == name and not row["due"] for row in rows) for name in names}
    words = {name: f"{number} undated" if number else "" for name, number in undated.items()}
    left = min(max((width_of(name, size) for name in names), default=0.0) + 20, 250.0) if wide else 6.0
    right = width - max((width_of(text, size) for text in words.values()), default=0.0) - 16 if wide else width - 6
    pitch, head = (27.0, 22.0) if wide else (42.0, 22.0)
    sheet = Sheet(width, head + pitch * len(names) + 20)
    days = max((span[1] - span[0]).days, 1)

    def across(day: date) -> float:
        return left + (right - left) * (day - span[0]).days / days

    ground = head + pitch * len(names)
    at = across(now[0])
    rows_at = [head + pitch * number + (15 if wide else 30) for number in range(len(names))]
    ends = [[(at, head - 4), (at, ground)]] if wide else [[(at, down - 11), (at, down + 9)] for down in rows_at]  # on a phone names stand above the rows
    sheet.lines(ends, INK, 1, (2, 2))
    align = "left" if at < left + (right - left) * 0.6 else "right"
    sheet.words(at + (4 if align == "left" else -4), head - 8, now[1], size=size, align=align)
    for number, name in enumerate(names):
        down = rows_at[number]
        sheet.lines([[(left, down), (right, down)]], HAIRLINE, 1)
        sheet.words(0, down + 4 if wide else down - 14, cut(name, size, left - 14 if wide else width - width_of(words[name], size) - 10), size=size)
        sheet.words(width, down + 4 if wide else down - 14, words[name], size=size, colour=MUTED, align="right")
        _marks(sheet, [row for row in rows if row["organisation"] == name and row["due"]], across, down, size)
    for year in range(span[0].year + 1, span[1].year + 1):
        january = across(date(year, 1, 1))
        sheet.lines([[(january, ground), (january, ground + 5)]], MUTED, 0.8)
        clear = width_of("September 2012", size) + 10
        if left + clear < january - 12 and january + 12 < right - clear:
            sheet.words(january, ground + 15, str(year), size=size, colour=MUTED, align="center")
    for day, side in ((span[0], "left"), (span[1], "right")) if span[0] != span[1] else ((span[0], "left"),):
        sheet.words(across(day), ground + 15, f"{day:%B %Y}", size=size, colour=MUTED, align=side)
    return sheet


def _marks(sheet: Sheet, rows: Sequence[dict[str, Any]], across: Any, down: float, size: float) -> None:
    """Draw one row's marks; several of a kind on one day are one mark with their number."""
    for state, (shape, filling, outline) in _MARKS.items():
        on_day: dict[str, int] = {}
        for row in rows:
            if row["state"] == state:
                on_day[row["due"]] = on_day.get(row["due"], 0) + 1
        places = [(across(date.fromisoformat(day)), down) for day in on_day]
        sheet.marks(places, filling, 10, shape=shape, edge=outline, edge_width=1.8)
        for place, number in zip(places, on_day.values(), strict=True):
            if number > 1:
                sheet.words(place[0] + 8, down - 4, str(number), size=size - 1, colour=MUTED)
