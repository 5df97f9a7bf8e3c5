"""A process chart (XmR): a series, the range that ordinary variation explains, and what stands out of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from analysis import frames
from analysis.charts.annotation import Note, Notes
from analysis.charts.drawing import drawn_once, for_both_widths, house_style
from analysis.charts.palette import BLUE, GREY, INK, MIDDLE_BAND, MUTED, ORANGE, PAPER, RULE
from analysis.charts.sheet import Sheet, spread, width_of
from analysis.markup import Html
from analysis.values import rounded, shown

_SIZE = 10.0
_OUTSIDE = "outside limits"
_COLOURS = {"improvement": BLUE, "concern": ORANGE}
_UNKNOWN = "not known"
_LIMITS = ("lower", "centre", "upper")
_NEAR = ("near_lower", "near_upper")
_TWO_OF_THREE = "two of three"


@drawn_once
def process(points: pd.DataFrame, *, target: Decimal | None, title: str, subtitle: str, source: str, alt: str, notes: Sequence[tuple[str, str]] = ()) -> Html:
    """
    Draw a process chart: the series, its mean, and the band that ordinary variation explains, drawn anew for each segment.

    A square is outside the limits; a large dot is part of a trend, of two of three, or of a shift. Orange is a concern, blue an improvement, grey ordinary.
    A value that is not known is a gap in the line with a hollow dot on the ground line; limits that are not known are not drawn.

    Args:
        points: in time order, columns period (its label); value, centre, lower, upper, near_lower, near_upper (missing where unknown);
            signal ("", "outside limits", "trend", "two of three" or "shift"); verdict ("common cause", "improvement" or "concern");
            segment (a whole number: the limits are drawn anew where it changes).
        target: in the same unit; None where there is none.
        title: what is to be seen, in a sentence.
        subtitle: what is plotted, in what unit, over what period.
        source: where the figures come from.
        alt: the chart in words, for those who cannot see it.
        notes: (period, text), each written at its period with a thin line down to it.

    Raises:
        ValueError: a note is about a period that is not in the chart.
    """
    series = _Series.read(points, target)
    for period, text in notes:
        if period not in series.periods:
            msg = f"the note {text!r} is about {period!r}, which is not in the chart"
            raise ValueError(msg)
    with house_style():
        height = 190.0 if series.known else 30.0
        wide, narrow = (_drawn(series, notes, width, height, beside=width > 500) for width in (763.0, 281.0))
        return for_both_widths(wide.finished(), narrow.finished(), title=title, subtitle=subtitle, source=source, alt=alt, data=series.table())


@dataclass(frozen=True)
class _Series:
    """The points of the chart, read from the frame."""

    rows: list[dict[str, Any]]
    target: Decimal | None

    @classmethod
    def read(cls, points: pd.DataFrame, target: Decimal | None) -> _Series:
        """Read them; what is missing is None."""
        return cls(frames.rows(points), target)

    @property
    def periods(self) -> list[str]:
        """The labels."""
        return [row["period"] for row in self.rows]

    @property
    def segments(self) -> list[tuple[int, int, dict[str, float | None]]]:
        """The stretches between which the limits change: first and last place, and the limits that hold there."""
        starts = [place for place, row in enumerate(self.rows) if place == 0 or row["segment"] != self.rows[place - 1]["segment"]]
        ends = [*(start - 1 for start in starts[1:]), len(self.rows) - 1]
        return [
            (start, end, {name: next((row[name] for row in self.rows[start : end + 1] if row[name] is not None), None) for name in (*_LIMITS, *_NEAR)})
            for start, end in zip(starts, ends, strict=False)
        ]

    @property
    def known(self) -> list[float]:
        """Every figure to be drawn."""
        figures = [row[name] for row in self.rows for name in ("value", *_LIMITS) if row[name] is not None]
        return [float(figure) for figure in figures] + ([float(self.target)] if self.target is not None else [])

    @property
    def places(self) -> int:
        """How many decimals tell the limits apart."""
        spans = [limits["upper"] - limits["lower"] for _, _, limits in self.segments if limits["upper"] is not None and limits["lower"] is not None]
        spans += [max(self.known) - min(self.known)] if self.known else []
        span = min((span for span in spans if span > 0), default=10.0)
        return min(max(1 - math.floor(math.log10(span)), 0), 6)

    def printed(self, figure: float | None, more: int = 0) -> str:
        """Give a limit as it is printed."""
        return _UNKNOWN if figure is None else shown(_exact(figure), decimals=self.places + more)

    def table(self) -> pd.DataFrame:
        """Give the figures under the drawing, in words."""
        columns = ["Period", "Value", "Lower limit", "Mean", "Upper limit", "Signal", "Meaning"]
        cells = [
            [
                row["period"],
                _UNKNOWN if row["value"] is None else shown(_exact(row["value"])),
                *(self.printed(row[name], 1) for name in _LIMITS),
                row["signal"] or ("none" if row["value"] is not None else _UNKNOWN),
                (row["verdict"] or _UNKNOWN) if row["value"] is not None else _UNKNOWN,
            ]
            for row in self.rows
        ]
        return pd.DataFrame(cells, columns=columns)


def _exact(figure: float) -> Decimal:
    """Give a figure without what a float adds to it."""
    near = Decimal(f"{figure:.6f}")
    return rounded(near) if near == near.to_integral_value() else near.normalize()


@dataclass(frozen=True)
class _Plot:
    """Where on the sheet the axes lie."""

    left: float
    right: float
    top: float
    bottom: float
    low: float
    high: float
    many: int

    @property
    def step(self) -> float:
        """How far apart two periods stand."""
        return (self.right - self.left) / max(self.many, 1)

    @property
    def ground(self) -> float:
        """Where the line under the periods runs."""
        return self.bottom + 10

    def across(self, place: float) -> float:
        """Give where a period stands."""
        return self.left + self.step * (place + 0.5)

    def down(self, figure: float) -> float:
        """Give where a figure stands."""
        return self.bottom - (self.bottom - self.top) * (float(figure) - self.low) / (self.high - self.low)


def _drawn(series: _Series, notes: Sequence[tuple[str, str]], width: float, height: float, *, beside: bool) -> Sheet:
    """Draw the chart on a sheet of a width."""
    low, high = (min(series.known), max(series.known)) if series.known else (0.0, 1.0)
    margin = (high - low or abs(high) or 1.0) * 0.05
    low, high = low - margin, high + margin
    ticks = _ticks(low, high) if series.known else []
    labels = _labels(series)
    left = max((width_of(text, _SIZE) for _, text in ticks), default=0.0) + 8
    right = width - max((width_of(text, _SIZE, bold=True) for text, *_ in labels), default=0.0) - (12 if labels else 6)
    key = _key(series, width)
    top = key[-1][1] + 16 if key else 8.0
    across = _Plot(left, right, 0.0, height, low, high, len(series.rows))
    told = Notes([_note(series, across, period, text) for period, text in notes], width, beside=beside)
    plot = _Plot(left, right, top + told.above, top + told.above + height, low, high, len(series.rows))
    sheet = Sheet(width, plot.ground + 20 + told.below)
    for at, base, shape, colour, edge, text in key:
        if shape == ".":
            sheet.lines([[(at - 5, base - _SIZE * 0.34), (at + 6, base - _SIZE * 0.34)]], colour, 0.9, (1, 2.5))
        else:
            sheet.marks([(at, base - _SIZE * 0.34)], colour, 7, shape=shape, edge=edge)
        sheet.words(at + 9, base, text, size=_SIZE, colour=MUTED)
    _bands(sheet, series, plot)
    told = Notes([_note(series, plot, period, text) for period, text in notes], width, beside=beside)
    told.draw(sheet, plot.top, plot.ground + 20)
    for figure, text in ticks:
        sheet.words(left - 6, plot.down(figure) + _SIZE * 0.34, text, size=_SIZE, colour=MUTED, align="right")
    _line(sheet, series, plot)
    _periods(sheet, series, plot)
    wanted = [plot.down(figure) for _, figure, *_ in labels]
    for (text, _, colour, bold), at in zip(labels, spread(wanted, _SIZE * 1.25), strict=True):
        sheet.words(right + 8, at + _SIZE * 0.34, text, size=_SIZE, colour=colour, bold=bold)
    return sheet


def _labels(series: _Series) -> list[tuple[str, float, str, bool]]:
    """Give what stands at the right: text, figure, colour and whether it is bold, the highest first."""
    limits = series.segments[-1][2] if series.rows else {}
    said = (("upper", "Upper limit", False), ("centre", "Mean", True), ("lower", "Lower limit", False))
    labels = [(f"{word} {series.printed(limits[name])}", float(limits[name] or 0), MUTED, bold) for name, word, bold in said if limits.get(name) is not None]
    if series.target is not None:
        labels.append((f"Target {shown(series.target)}", float(series.target), INK, True))
    return sorted(labels, key=lambda label: -label[1])


def _ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Give at most four round figures within the axis."""
    size = 10.0 ** math.floor(math.log10((high - low) / 4))
    step = next(size * by for by in (1, 2, 5, 10, 20) if math.floor(high / (size * by)) - math.ceil(low / (size * by)) < 4)
    places = max(-math.floor(math.log10(step) + 1e-9), 0)
    figures = [number * step for number in range(math.ceil(low / step), math.floor(high / step) + 1)]
    return [(figure, shown(Decimal(f"{figure:.{places}f}"), decimals=places)) for figure in figures]


def _note(series: _Series, plot: _Plot, period: str, text: str) -> Note:
    """Place a note: at the border of a segment that begins there, or else over its point."""
    place = series.periods.index(period)
    if any(start == place > 0 for start, _, _ in series.segments):
        return Note(plot.across(place - 0.5), plot.ground, text)
    value = series.rows[place]["value"]
    return Note(plot.across(place), plot.ground - 5 if value is None else plot.down(value) - 7, text)


def _bands(sheet: Sheet, series: _Series, plot: _Plot) -> None:
    """Draw band, mean and target behind the points."""
    means = []
    for start, end, limits in series.segments:
        left, right = plot.across(start - 0.5), plot.across(end + 0.5)
        if limits["upper"] is not None and limits["lower"] is not None:
            sheet.block((left, plot.down(limits["upper"])), (right, plot.down(limits["lower"])), MIDDLE_BAND)
        if any(row["signal"] == _TWO_OF_THREE for row in series.rows[start : end + 1]):
            near = [plot.down(limits[name]) for name in _NEAR if limits[name] is not None]
            sheet.lines([[(left, down), (right, down)] for down in near], GREY, 0.9, (1, 2.5))
        if limits["centre"] is not None:
            means.append([(left, plot.down(limits["centre"])), (right, plot.down(limits["centre"]))])
    sheet.lines(means, MUTED, 1.4)
    if series.target is not None and series.rows:
        sheet.lines([[(plot.left, plot.down(float(series.target))), (plot.right, plot.down(float(series.target)))]], INK, 1.4, (5, 3))
    for start, end, limits in series.segments[:-1]:
        if limits["centre"] is not None:
            _earlier_mean(sheet, series, plot, start, end, float(limits["centre"]))


def _earlier_mean(sheet: Sheet, series: _Series, plot: _Plot, start: int, end: int, mean: float) -> None:
    """Name the mean of an earlier segment where nothing runs through the words; the table has it in any case."""
    text = f"Mean {series.printed(mean)}"
    wide = width_of(text, _SIZE, bold=True)
    crossing = _crossings(series, plot)
    for left in (plot.across(start - 0.5) + 4, plot.across(end + 0.5) - wide - 4):
        for base in (plot.down(mean) - 4, plot.down(mean) + _SIZE + 2):
            box = (left - 3, base - _SIZE * 0.9, left + wide + 3, base + 3)
            inside = plot.across(start - 0.5) <= left and left + wide <= plot.across(end + 0.5)
            if inside and not any(box[0] <= x <= box[2] and box[1] - 2 <= y <= box[3] + 2 for x, y in crossing):
                sheet.words(left, base, text, size=_SIZE, colour=MUTED, bold=True)
                return


def _crossings(series: _Series, plot: _Plot) -> list[tuple[float, float]]:
    """Give places close together along everything that words should keep clear of."""
    values = [row["value"] for row in series.rows]
    found = []
    for place, (one, other) in enumerate(zip(values, [*values[1:], None], strict=True)):
        if one is not None:
            parts = range(21) if other is not None else range(1)
            found += [(plot.across(place + part / 20), plot.down(one + ((other or 0) - one) * part / 20)) for part in parts]
    if series.target is not None:
        found += [(plot.left + (plot.right - plot.left) * part / 200, plot.down(float(series.target))) for part in range(201)]
    return found


def _look(row: dict[str, Any]) -> tuple[str, str]:
    """Give the shape and the colour of a point."""
    return ("s" if row["signal"] == _OUTSIDE else "o"), _COLOURS.get(row["verdict"], MUTED if row["signal"] else GREY) if row["signal"] else GREY


def _line(sheet: Sheet, series: _Series, plot: _Plot) -> None:
    """Draw the series: its line, ordinary points, points that stand out, and hollow dots for what is not known."""
    runs: list[list[tuple[float, float]]] = [[]]
    for place, row in enumerate(series.rows):
        if row["value"] is None:
            runs.append([])
        else:
            runs[-1].append((plot.across(place), plot.down(row["value"])))
    sheet.lines([run for run in runs if len(run) > 1], GREY, 1.5)
    known = [(place, row) for place, row in enumerate(series.rows) if row["value"] is not None]
    looks = sorted({_look(row) for _, row in known}, key=lambda look: (look[1] != GREY, look))
    for shape, colour in looks:
        at = [(plot.across(place), plot.down(row["value"])) for place, row in known if _look(row) == (shape, colour)]
        sheet.marks(at, colour, 6.2 if colour == GREY else 8.4, shape=shape)
    sheet.marks([(plot.across(place), plot.ground) for place, row in enumerate(series.rows) if row["value"] is None], PAPER, 6, edge=MUTED, edge_width=1.2)


def _periods(sheet: Sheet, series: _Series, plot: _Plot) -> None:
    """Draw the ground line, and write as many periods under it as there is room for: the last, and others evenly before it."""
    if not series.rows:
        return
    last = len(series.rows) - 1
    sheet.lines([[(plot.across(0), plot.ground), (plot.across(last), plot.ground)]], RULE, 0.9)
    widest = max(width_of(period, _SIZE) for period in series.periods)
    every = max(math.ceil((widest + 14) / plot.step), 1)
    places = list(range(last, -1, -every))
    sheet.lines([[(plot.across(place), plot.ground), (plot.across(place), plot.ground + 3.5)] for place in places], RULE, 0.9)
    for place in places:
        half = width_of(series.periods[place], _SIZE) / 2
        at = min(max(plot.across(place), half), sheet.width - half)
        sheet.words(at, plot.ground + 14, series.periods[place], size=_SIZE, colour=MUTED, align="center")


def _key(series: _Series, width: float) -> list[tuple[float, float, str, str, str, str]]:
    """Give what the marks mean, of those that are there: across, down, shape, colour, edge, words."""
    kinds = dict.fromkeys((*_look(row), PAPER, f"{row['signal']}: {row['verdict']}") for row in series.rows if row["signal"] and row["value"] is not None)
    if any(row["signal"] == _TWO_OF_THREE for row in series.rows):
        kinds[".", GREY, GREY, "two thirds of the way to the limits"] = None
    kinds |= dict.fromkeys([("o", PAPER, MUTED, _UNKNOWN)] if any(row["value"] is None for row in series.rows) else [])
    placed: list[tuple[float, float, str, str, str, str]] = []
    across, down = 5.0, _SIZE
    for shape, colour, edge, text in kinds:
        long = 9 + width_of(text, _SIZE) + 20
        if across + long - 20 > width and across > 5:
            across, down = 5.0, down + _SIZE * 1.5
        placed.append((across, down, shape, colour, edge, text))
        across += long
    return placed
