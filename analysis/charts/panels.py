"""Small multiples: one small chart for each measure, all on the same axes, in a grid that reflows on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from analysis.charts.drawing import framed
from analysis.charts.palette import BLUE, HAIRLINE, MUTED, PAPER, RULE
from analysis.charts.shapes import Place, breadth, dot, hollow, line, runs, spaced, words
from analysis.markup import Html, joined
from analysis.values import shown
from analysis.vocabulary import Band

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM, _FLOOR = 300, 122, 7, 14, 86, 97
_TARGET = Decimal(100)
_UNKNOWN = "not known"
_NO_MARK = Html("")


@dataclass(frozen=True)
class Panel:
    """
    One measure of a figure of small multiples.

    Attributes:
        name: the measure.
        note: a line under its name.
        band: the code of its band, or words for why it has none; empty for nothing.
        periods: the labels of its periods, in time order; the same for all panels of a figure.
        values: for each period, the actual in per cent of target; None where not known.
        targets: for each period, the target in per cent of target, so 100; None where there is none.
        shown_values: for each period, the actual as typed; empty where there is none.
        unit_words: what the actuals are in; empty where they say it themselves.
        mark: the shape of the band.
    """

    name: str
    note: str
    band: str
    periods: tuple[str, ...]
    values: tuple[Decimal | None, ...]
    targets: tuple[Decimal | None, ...]
    shown_values: tuple[str, ...]
    unit_words: str
    mark: Html = _NO_MARK

    @property
    def band_words(self) -> str:
        """The band as a reader says it."""
        return Band(self.band).words if self.band in tuple(Band) else self.band

    @property
    def last(self) -> str:
        """The last actual as it is written beside its dot."""
        known = self.values and self.values[-1] is not None
        return (self.shown_values[-1] if known else "") or (_shown_share(self.values[-1]) if known else _UNKNOWN)


def multiples(panels: Sequence[Panel], *, title: str, subtitle: str, source: str, alt: str) -> Html:
    """
    Give measures as small multiples: a blue line each, its last value labelled, its target dashed, all on the same axes.

    A value that is not known is a gap in the line with a hollow dot on the ground line. Nothing is cut off: the axis reaches from the lowest
    to the highest figure of all panels.

    Args:
        panels: in reading order, all of the same periods.
        title: what is to be seen, in a sentence.
        subtitle: what is plotted, in what unit, over what period.
        source: where the figures come from.
        alt: the figure in words, for those who cannot see it.

    Raises:
        ValueError: the panels have not all the same periods, or one has not a value, target and text for each.
    """
    periods = panels[0].periods if panels else ()
    for panel in panels:
        if panel.periods != periods or {len(panel.values), len(panel.targets), len(panel.shown_values)} != {len(periods)}:
            msg = f"{panel.name}: a panel needs a value, a target and a text for each of the figure's periods ({', '.join(periods)})"
            raise ValueError(msg)
    figures = [figure for panel in panels for figure in (*panel.values, *panel.targets) if figure is not None]  # noqa: PD011 - not a frame
    low, high = (min(figures), max(figures)) if figures else (_TARGET, _TARGET)
    room = min(max((breadth(panel.last, 16) for panel in panels), default=Decimal(0)), Decimal(112))
    axes = _Axes(periods, low, high, Decimal(_WIDTH - 11) - max(room, breadth("target", 13)))
    grid = Html('<p class="hidden">{}</p><div class="panels">{}</div>').format(alt, joined([_panel(panel, axes) for panel in panels]))
    return framed(grid, title=title, subtitle=subtitle, source=source, data=_table(panels, periods))


def _panel(panel: Panel, axes: _Axes) -> Html:
    """Give one panel: band and name, note, chart."""
    band = Html('{}<span class="hidden">{}: </span>').format(panel.mark, panel.band_words) if panel.band_words else panel.mark
    note = Html('<p class="panel-note">{}</p>').format(panel.note) if panel.note else Html("")
    return Html('<div class="panel"><p class="panel-name">{}<span>{}</span></p>{}{}</div>').format(band, panel.name, note, _chart(panel, axes))


@dataclass(frozen=True)
class _Axes:
    """The axes that all panels share."""

    periods: tuple[str, ...]
    low: Decimal
    high: Decimal
    right: Decimal

    @property
    def across(self) -> list[Decimal]:
        """Where each period stands."""
        return spaced(len(self.periods), _LEFT, self.right)

    def down(self, figure: Decimal) -> Decimal:
        """Give where a figure stands."""
        if self.high == self.low:
            return Decimal(_TOP + _BOTTOM) / 2
        return _BOTTOM - (_BOTTOM - _TOP) * (figure - self.low) / (self.high - self.low)

    def places(self, figures: Sequence[Decimal | None]) -> list[Place | None]:
        """Give where each figure of a series stands, and None where it is not known."""
        return [None if figure is None else (across, self.down(figure)) for across, figure in zip(self.across, figures, strict=True)]


def _chart(panel: Panel, axes: _Axes) -> Html:
    """Give the drawing of one panel."""
    floor = Decimal(_FLOOR)
    drawn = [line([(Decimal(_LEFT), floor), (axes.right, floor)], HAIRLINE, "1"), *_period_labels(axes)]
    for run in runs(axes.places(panel.targets)):
        drawn.append(line(run if len(run) > 1 else [(run[0][0] - 12, run[0][1]), run[0]], MUTED, "1.2", "4 3"))
    places = axes.places(panel.values)
    for run in runs(places):
        if len(run) > 1:
            drawn.append(line(run, BLUE, "2.2"))
        elif run[0] != places[-1]:
            drawn.append(dot(run[0], "2.6", BLUE))
    drawn += [hollow((across, floor), "3") for across, value in zip(axes.across, panel.values, strict=True) if value is None]
    if places:
        drawn += _end_labels(panel, places[-1], axes)
    spoken = f"{panel.name}: {_spoken(panel)}"
    return Html('<svg class="panel-chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(_WIDTH, _HEIGHT, spoken, joined(drawn))


def _end_labels(panel: Panel, last: Place | None, axes: _Axes) -> list[Html]:
    """Give the last value with its dot, and the word for the dashed line, apart from each other."""
    right = axes.right + 9
    at = last[1] if last else Decimal(_FLOOR)
    label = _cut(panel.last, 16, Decimal(_WIDTH) - right)
    drawn = [words((right, at + 5), label, BLUE, "16", weight="600") if last else words((right, at + 4), label, MUTED, "13")]
    if last:
        drawn.append(dot(last, "4.5", BLUE, PAPER))
    if panel.targets[-1] is not None:
        wanted = axes.down(panel.targets[-1])
        if abs(wanted - at) < 16:
            wanted = at + 16 if wanted >= at and at + 16 < _FLOOR else at - 16
        drawn.append(words((right, wanted + 4), "target", MUTED, "13"))
    return drawn


def _period_labels(axes: _Axes) -> list[Html]:
    """Give the first and the last period under the ground line; only the last where there is no room for both."""
    labels = axes.periods
    if not labels:
        return [line([(Decimal(_LEFT), Decimal(_FLOOR)), (axes.right, Decimal(_FLOOR))], RULE, "1")]
    under = Decimal(_FLOOR + 18)
    last = words((axes.right, under), labels[-1], MUTED, "13", "end")
    if breadth(labels[-1], 13) > axes.right - _LEFT:
        last = words((Decimal(_LEFT), under), _cut(labels[-1], 13, Decimal(_WIDTH - _LEFT)), MUTED, "13")
    if len(labels) == 1 or breadth(labels[0], 13) + breadth(labels[-1], 13) + 12 > axes.right - _LEFT:
        return [last]
    return [words((Decimal(_LEFT), under), labels[0], MUTED, "13"), last]


def _cut(text: str, size: int, room: Decimal) -> str:
    """Give as much of a text as there is room for."""
    if breadth(text, size) <= room:
        return text
    kept = text
    while kept and breadth(f"{kept}…", size) > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def _shown_share(share: Decimal | None) -> str:
    """Give a figure in per cent of target, whole where it is above ten."""
    return "" if share is None else shown(share, "percent", 0 if abs(share) >= 10 else 1)


def _spoken(panel: Panel) -> str:
    """Give a panel in words."""
    known = [place for place, value in enumerate(panel.values) if value is not None]
    if not known:
        return f"{_UNKNOWN} in any period."
    first, last = known[0], known[-1]
    then, now = (_shown_share(panel.values[place]) for place in (first, last))  # noqa: PD011 - not a frame
    unit = f" {panel.unit_words}" if panel.unit_words else ""
    typed = f"{panel.shown_values[last]}{unit}, " if panel.shown_values[last] else ""
    earlier = f"; {then} of target in {panel.periods[first]}" if first != last else ""
    gaps = len(panel.values) - len(known)
    missing = f"; {gaps} of {len(panel.values)} periods {_UNKNOWN}" if gaps else ""
    return f"{typed}{now} of target, in {panel.periods[last]}{earlier}{missing}."


def _table(panels: Sequence[Panel], periods: Sequence[str]) -> pd.DataFrame:
    """Give the figures of all panels, a row each: as typed, with their share of the target."""
    said = any(panel.unit_words for panel in panels)

    def units(cells: list[str]) -> list[str]:
        return cells if said else []

    rows = []
    for panel in panels:
        cells = [_cell(typed, share) for typed, share in zip(panel.shown_values, panel.values, strict=True)]
        rows.append([panel.name, panel.band_words, *units([panel.unit_words]), *cells])
    return pd.DataFrame(rows, columns=["Measure", "Band", *units(["Unit"]), *periods])


def _cell(typed: str, share: Decimal | None) -> str:
    if share is None:
        return typed or _UNKNOWN
    return f"{typed} ({_shown_share(share)} of target)" if typed else f"{_shown_share(share)} of target"
