"""A dot plot of change: where each measure stood against its target, and where it stands now."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from analysis import frames
from analysis.charts.drawing import drawn_once, for_both_widths, house_style
from analysis.charts.palette import BLUE, GREY, HAIRLINE, INK, MUTED, ORANGE, PAPER
from analysis.charts.sheet import LINE, Sheet, cut, width_of, wrapped
from analysis.markup import Html
from analysis.values import shown
from analysis.vocabulary import Band, Travel

_WIDE, _NARROW = 763.0, 281.0
_COLOURS = {Travel.BETTER: BLUE, Travel.WORSE: ORANGE}
_UNKNOWN = "not known"
_LAST_SHARE, _SIZE, _SMALL = 200, 10.5, 9.5


@drawn_once
def change(rows: pd.DataFrame, *, title: str, subtitle: str, source: str, alt: str, now: str, before: str) -> Html:
    """
    Draw how each measure moved against its target: hollow before, solid now, blue better, orange worse, grey else.

    A figure that is not known has no dot; with neither known the row is a dashed line. What lies beyond 200 %, or below nought, ends in an arrow head, with its figure in words.

    Args:
        rows: in reading order, columns name; band (its code, or words for why there is none); before and now (exact per cent of target; missing where unknown);
            moved ("better", "worse", "no change", "not known" or other words); shown_before and shown_now (the actuals as typed).
        title: what is to be seen, in a sentence.
        subtitle: what is plotted, in what unit, over what period.
        source: where the figures come from.
        alt: the chart in words, for those who cannot see it.
        now: the period of the solid dots.
        before: the period of the hollow dots.
    """
    given = [_Row.read(row) for row in frames.rows(rows)]
    with house_style():
        axis = _Axis.around(given)
        sheets = [draw(given, axis, now, before) for draw in (_drawn_wide, _drawn_narrow)]
        table = pd.DataFrame(
            [[row.name, row.band, row.typed(row.shown_before, row.before), row.typed(row.shown_now, row.now), row.moved] for row in given],
            columns=["Measure", "Band", before, now if now != before else f"{now} (now)", "Change"],
        )
        return for_both_widths(*(sheet.finished() for sheet in sheets), title=title, subtitle=subtitle, source=source, alt=alt, data=table)


@dataclass(frozen=True)
class _Row:
    """One measure."""

    name: str
    band: str
    before: Decimal | None
    now: Decimal | None
    moved: str
    shown_before: str
    shown_now: str

    @classmethod
    def read(cls, row: dict[str, Any]) -> _Row:
        """Read it from a row of the frame."""
        told = {name: str(row[name] or "") for name in ("name", "band", "moved", "shown_before", "shown_now")}
        band = told["band"]
        return cls(**told | {"band": Band(band).words if band in tuple(Band) else band}, before=row["before"], now=row["now"])

    @property
    def colour(self) -> str:
        """The colour of what moved."""
        return next((colour for moved, colour in _COLOURS.items() if moved == self.moved), GREY)

    @property
    def label(self) -> str:
        """The actual as it is written at the right."""
        return self.shown_now or (_UNKNOWN if self.now is None else _percent(self.now))

    @staticmethod
    def typed(text: str, share: Decimal | None) -> str:
        """Give an actual as typed with its share of the target, for the table."""
        if share is None:
            return text or _UNKNOWN
        return f"{text} ({_percent(share)} of target)" if text else f"{_percent(share)} of target"


@dataclass(frozen=True)
class _Axis:
    """The share of the target from the left end to the right end, in per cent."""

    start: int
    end: int

    @classmethod
    def around(cls, rows: Sequence[_Row]) -> _Axis:
        """Give the axis that holds what is known, from nought at the lowest to 200 % at the highest, in steps of 25."""
        known = [share for row in rows for share in (row.before, row.now) if share is not None] or [Decimal(100)]
        return cls(max(min(math.floor(min(known) / 25) * 25, 75), 0), min(max(math.ceil(max(known) / 25) * 25, 125), _LAST_SHARE))

    @property
    def ticks(self) -> list[int]:
        """The shares at which a line is drawn."""
        step = 50 if self.end - self.start > 100 else 25
        return [share for share in range(0, _LAST_SHARE + 1, step) if self.start <= share <= self.end]

    def outside(self, share: Decimal | None) -> bool:
        """Tell whether a share lies beyond an end."""
        return share is not None and not self.start <= share <= self.end

    def notes(self, row: _Row) -> str:
        """Give in words the shares of a row that lie beyond an end."""
        told = [f"{word}{_percent(share)}" for word, share in (("was ", row.before), ("", row.now)) if share is not None and self.outside(share)]
        return f"{', '.join(told)} of target" if told else ""


@dataclass(frozen=True)
class _Track:
    """Where on the sheet the axis lies."""

    axis: _Axis
    left: float
    right: float

    def across(self, share: Decimal | float) -> float:
        """Give where a share stands, at an end if it lies beyond."""
        part = (float(share) - self.axis.start) / (self.axis.end - self.axis.start)
        return self.left + (self.right - self.left) * min(max(part, 0.0), 1.0)


def _percent(share: Decimal) -> str:
    return shown(share, "percent", 0 if abs(share) >= 10 else 1)


def _drawn_wide(rows: Sequence[_Row], axis: _Axis, now: str, before: str) -> Sheet:
    """Lay a row out on one line: name, dots, actual, what moved, band."""
    name_width = min(max((width_of(row.name, _SIZE) for row in rows), default=0.0) + 2, 236.0)
    names = [wrapped(row.name, _SIZE, name_width, 3) for row in rows]
    label_width = max(min(max((width_of(row.label, _SIZE, bold=True) for row in rows), default=0.0), 112.0), width_of("Actual", 10))
    moved_width = max(min(max((width_of(row.moved, _SIZE, bold=True) for row in rows), default=0.0), 90.0), width_of("Change", 10))
    beside = [[line for text in (row.band, axis.notes(row)) for line in wrapped(text, _SMALL, 118, 2)] for row in rows]
    beside_width = max((width_of(line, _SMALL) for lines in beside for line in lines), default=0.0)
    beside_width = max(beside_width, width_of("Band", 10))
    at_band = _WIDE - beside_width
    at_moved = at_band - moved_width - 14
    track = _Track(axis, name_width + 22, at_moved - 12 - label_width - 30)
    step = _SIZE * LINE
    heights = [step * max(len(name), len(lines), 1) + 7 for name, lines in zip(names, beside, strict=True)]
    key = _key(rows, now, before, _WIDE, _SIZE)
    top = key[-1].down + 38
    sheet = Sheet(_WIDE, top + sum(heights) + (20 if len(rows) > 20 else 4))
    _draw_key(sheet, key, _SIZE)
    _scale(sheet, track, top - 8)
    for across, word, align in ((at_moved - 12, "Actual", "right"), (at_moved, "Change", "left"), (at_band, "Band", "left")):
        sheet.words(across, top - 8, word if rows else "", size=10, colour=MUTED, align=align)
    _grid(sheet, track, [(top, top + sum(heights))])
    sheet.lines([[(0, top), (_WIDE, top)]], INK, 0.9)
    down = top
    rules, middles = [], []
    for row, name, lines, height in zip(rows, names, beside, heights, strict=True):
        middle = down + height / 2
        _column(sheet, 0, middle, name, _SIZE)
        sheet.words(at_moved - 12, middle + _SIZE * 0.34, cut(row.label, _SIZE, label_width + 1, bold=True), size=_SIZE, bold=True, align="right")
        sheet.words(at_moved, middle + _SIZE * 0.34, cut(row.moved, _SIZE, moved_width + 1, bold=True), size=_SIZE, bold=row.moved == Travel.WORSE)
        _column(sheet, at_band, middle, lines, _SMALL, MUTED)
        down += height
        rules.append([(0, down), (_WIDE, down)])
        middles.append(middle)
    sheet.lines(rules, HAIRLINE, 0.7)
    _dots(sheet, track, rows, middles)
    if len(rows) > 20:
        _scale(sheet, track, down + 13)
    return sheet


def _drawn_narrow(rows: Sequence[_Row], axis: _Axis, now: str, before: str) -> Sheet:
    """Lay a row out for a phone: name and actual above, dots below over the whole width."""
    size, small = 11.0, 10.0
    room = 84.0
    step = size * LINE
    names = [wrapped(row.name, size, _NARROW - room - 8, 4) for row in rows]
    notes = [wrapped(" · ".join(text for text in (row.band, axis.notes(row)) if text), small, _NARROW - room - 8, 3) for row in rows]
    heads = [step * max(len(name) + len(note), 2) + 8 for name, note in zip(names, notes, strict=True)]
    track = _Track(axis, 7, _NARROW - 7)
    key = _key(rows, now, before, _NARROW, size)
    top = key[-1].down + 38
    height = 24.0
    sheet = Sheet(_NARROW, top + sum(heads) + height * len(rows) + 4)
    _draw_key(sheet, key, size)
    _scale(sheet, track, top - 8)
    sheet.lines([[(0, top), (_NARROW, top)]], INK, 0.9)
    down = top
    rules, zones = [], []
    for row, name, note, head in zip(rows, names, notes, heads, strict=True):
        for number, line in enumerate(name):
            sheet.words(0, down + step * (number + 1), line, size=size)
        for number, line in enumerate(note, start=len(name)):
            sheet.words(0, down + step * (number + 1), line, size=small, colour=MUTED)
        sheet.words(_NARROW, down + step, cut(row.label, size, room, bold=True), size=size, bold=True, align="right")
        moved = row.moved == Travel.WORSE
        sheet.words(_NARROW, down + step * 2, cut(row.moved, small, room, bold=moved), size=small, bold=moved, colour=INK if moved else MUTED, align="right")
        zones.append((down + head - 2, down + head + height - 7))
        down += head + height
        rules.append([(0, down), (_NARROW, down)])
    _grid(sheet, track, zones)
    sheet.lines(rules, HAIRLINE, 0.7)
    _dots(sheet, track, rows, [(start + end) / 2 for start, end in zones])
    return sheet


def _column(sheet: Sheet, across: float, middle: float, lines: Sequence[str], size: float, colour: str = INK) -> None:
    """Write lines under one another, their middle at a place."""
    step = size * LINE
    first = middle - step * (len(lines) - 1) / 2 + size * 0.34
    for number, line in enumerate(lines):
        sheet.words(across, first + step * number, line, size=size, colour=colour)


@dataclass(frozen=True)
class _Mark:
    """A mark of the key with its words, and where it stands."""

    across: float
    down: float
    shape: str
    colour: str
    edge: str
    words: str


def _key(rows: Sequence[_Row], now: str, before: str, width: float, size: float) -> list[_Mark]:
    """Say at the top what the dots and colours are, only of those that are there."""
    said = [("o", PAPER, MUTED, before), ("o", MUTED, PAPER, now)]
    moved = {row.colour for row in rows if row.now is not None and row.before is not None}
    said += [("-", colour, colour, word) for colour, word in ((BLUE, "better"), (ORANGE, "worse"), (GREY, "neither")) if colour in moved]
    marks: list[_Mark] = []
    across, down = 5.0, size
    for shape, colour, edge, word in said:
        text = cut(word, size, width - 24)
        long = 10 + width_of(text, size)
        if across + long > width and marks:
            across, down = 5.0, down + size * 1.5
        marks.append(_Mark(across, down, shape, colour, edge, text))
        across += long + 22
    return marks


def _draw_key(sheet: Sheet, key: Sequence[_Mark], size: float) -> None:
    for mark in key:
        middle = mark.down - size * 0.33
        if mark.shape == "-":
            sheet.lines([[(mark.across - 5, middle), (mark.across + 6, middle)]], mark.colour, 2.6)
        else:
            sheet.marks([(mark.across, middle)], mark.colour, 7.5, edge=mark.edge, edge_width=1.3)
        sheet.words(mark.across + 10, mark.down, mark.words, size=size, colour=MUTED)


def _scale(sheet: Sheet, track: _Track, down: float) -> None:
    """Write the shares over their lines, and at 100 % the word for it."""
    for share in track.axis.ticks:
        at, target = track.across(share), share == 100
        align = "left" if at < 12 else "right" if at > sheet.width - 12 else "center"
        text = "target" if target else f"{share}%"
        edge = {"left": at - 7, "right": at + 7}.get(align, at)
        sheet.words(edge, down, text, size=10, colour=INK if target else MUTED, bold=target, align=align)


def _grid(sheet: Sheet, track: _Track, zones: Sequence[tuple[float, float]]) -> None:
    """Draw a line at each share, and the target in ink."""
    light = [share for share in track.axis.ticks if share != 100]
    sheet.lines([[(track.across(share), start), (track.across(share), end)] for start, end in zones for share in light], HAIRLINE, 0.7)
    sheet.lines([[(track.across(100), start), (track.across(100), end)] for start, end in zones], INK, 1.4)


def _dots(sheet: Sheet, track: _Track, rows: Sequence[_Row], middles: Sequence[float]) -> None:
    """Draw what is known of each row: lines first, then what was, then what is."""
    placed = list(zip(rows, middles, strict=True))
    for colour in (GREY, ORANGE, BLUE):
        both = [(row, down) for row, down in placed if row.colour == colour and row.before is not None and row.now is not None]
        sheet.lines([[(track.across(row.before or 0), down), (track.across(row.now or 0), down)] for row, down in both], colour, 2.4)
    none = [down for row, down in placed if row.before is None and row.now is None]
    sheet.lines([[(track.left, down), (track.right, down)] for down in none], GREY, 1.1, (1.5, 3))
    for colour in (GREY, ORANGE, BLUE):
        mine = [(row, down) for row, down in placed if row.colour == colour]
        for share, fill, edge, size, width in (("before", PAPER, colour, 9.0, 1.4), ("now", colour, PAPER, 7.8, 0.9)):
            ends = [(row, getattr(row, share), down) for row, down in mine if getattr(row, share) is not None]
            sheet.marks([(track.across(at), down) for _, at, down in ends if not track.axis.outside(at)], fill, size, edge=edge, edge_width=width)
            for head, beyond, inward in ((">", 1, -9), ("<", -1, 9)):
                arrows = [
                    (track.across(at) + (inward if share == "before" and track.axis.outside(row.now) else 0), down)
                    for row, at, down in ends
                    if track.axis.outside(at) and (at > track.axis.end) == (beyond > 0)
                ]
                sheet.marks(arrows, fill, size, shape=head, edge=edge, edge_width=width)
