"""Charts small enough to stand in a table's row: a sparkline and a bullet bar."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from analysis.charts.palette import BLUE, DARK_BAND, INK, LIGHT_BAND, MIDDLE_BAND, MUTED, PAPER
from analysis.charts.shapes import dot, hollow, line, number, runs, spaced
from analysis.markup import Html, joined

_TOP, _BOTTOM, _FLOOR = Decimal(4), Decimal(26), Decimal(27)
"""Of a sparkline: the highest and the lowest value, and where a value that is not known stands; then values keep above it."""
_ABOVE_FLOOR = Decimal(21)
_SCALE_END, _TARGET = Decimal(150), Decimal(100)


def sparkline(values: Sequence[Decimal | None], *, target: Decimal | None, label: str) -> Html:
    """
    Give a series as a line of 112 by 30 pixels: grey, its last value a blue dot, its target dashed.

    A value that is not known is a gap in the line with a hollow dot below it, never a value; a known one between two gaps is a grey dot.
    With nothing known there are only hollow dots.

    Args:
        values: one for each period in time order, in one unit; None where not known.
        target: in the same unit; None where there is none.
        label: the series in words, for those who cannot see it.

    >>> chart = sparkline([Decimal(1), None, Decimal(3)], target=Decimal(2), label="Rising from 1 to 3; target 2")
    >>> 'role="img" aria-label="Rising from 1 to 3; target 2"' in chart, chart.count("<circle")
    (True, 3)
    """
    across = spaced(len(values), 4, 108)
    known = [value for value in values if value is not None]
    bottom = _BOTTOM if len(known) == len(values) else _ABOVE_FLOOR
    span = [*known, *([target] if known and target is not None else [])]

    def down(value: Decimal) -> Decimal:
        low, high = min(span), max(span)
        return bottom - (bottom - _TOP) * (value - low) / (high - low) if high > low else (bottom + _TOP) / 2

    places = [None if value is None else (place, down(value)) for place, value in zip(across, values, strict=True)]
    drawn: list[Html] = []
    if known and target is not None:
        drawn.append(line([(Decimal(1), down(target)), (Decimal(111), down(target))], MUTED, "1", "3 2.4"))
    for run in runs(places):
        if len(run) > 1:
            drawn.append(line(run, MUTED, "1.4"))
        elif run[0] != places[-1]:
            drawn.append(dot(run[0], "1.6", MUTED))
    drawn += [hollow((place, _FLOOR)) for place, value in zip(across, values, strict=True) if value is None]
    if places and places[-1] is not None:
        drawn.append(dot(places[-1], "2.8", BLUE))
    return Html('<svg class="sparkline" viewBox="0 0 112 30" width="112" height="30" role="img" aria-label="{}">{}</svg>').format(label, joined(drawn))


def bullet(share: Decimal, before: Decimal | None, edges: Sequence[Decimal]) -> Html:
    """
    Give how near a figure is to its target as a bar of 150 by 18 pixels, one for each per cent.

    Hidden from screen readers, because the per cent stands beside it. Beyond 150 %, and below nought, the bar ends in a small arrow head.

    Args:
        share: the actual in per cent of target.
        before: the same of the last quarter, a small white dot; None, and no dot, where not known.
        edges: where the policy's bands part, in per cent of target: dark grey below the lowest, light grey above the highest.

    >>> chart = bullet(Decimal(92), None, [Decimal(90), Decimal(100)])
    >>> '<rect x="0" y="6" width="92" height="6" fill="#12436D"/>' in chart
    True
    """
    cuts = [min(max(edge, Decimal(0)), _SCALE_END) for edge in sorted(edges)]
    parts = [(Decimal(0), cuts[0], DARK_BAND), (cuts[0], cuts[-1], MIDDLE_BAND)] if cuts else []
    parts.append((cuts[-1] if cuts else Decimal(0), _SCALE_END, LIGHT_BAND))
    drawn = [_bar(start, end, 2, 14, colour) for start, end, colour in parts if end > start]
    if share > _SCALE_END:
        drawn += [_bar(Decimal(0), _SCALE_END - 6, 6, 6, BLUE), Html(f'<path d="M143 4.2L150 9L143 13.8z" fill="{BLUE}"/>')]
    elif share < 0:
        drawn.append(Html(f'<path d="M7 4.2L0 9L7 13.8z" fill="{BLUE}"/>'))
    elif share > 0:
        drawn.append(_bar(Decimal(0), share, 6, 6, BLUE))
    drawn.append(_bar(_TARGET - 1, _TARGET + 1, 1, 16, INK))
    if before is not None:
        drawn.append(dot((min(max(before, Decimal(3)), _SCALE_END - 3), Decimal(9)), "2.4", PAPER, INK))
    return Html('<svg class="bullet" viewBox="0 0 150 18" width="150" height="18" aria-hidden="true">{}</svg>').format(joined(drawn))


def _bar(start: Decimal, end: Decimal, top: int, height: int, colour: str) -> Html:
    return Html(f'<rect x="{number(start)}" y="{top}" width="{number(end - start)}" height="{height}" fill="{colour}"/>')
