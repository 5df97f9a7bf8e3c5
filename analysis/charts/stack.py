"""Stacked counts: a bar of parts for a tile, and columns of statuses over quarters."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd

from analysis.charts.drawing import framed
from analysis.charts.palette import AMBER, AMBER_PAST, BLUE, DARK_BAND, GREEN, GREEN_PAST, INK, MUTED, ORANGE, PAPER, RED, RED_PAST
from analysis.charts.shapes import breadth, number, words
from analysis.markup import Html, joined
from analysis.vocabulary import Band

_FILLS = {str(Band.HG): GREEN, str(Band.A): AMBER, str(Band.HR): RED, "": DARK_BAND, "data": BLUE, "act": ORANGE, "rest": DARK_BAND}
_WIDTH = Decimal(264)


def parts(sizes: Sequence[tuple[Decimal | int, str]]) -> Html:
    """
    Give parts of a whole as one thin bar; hidden from screen readers, because the words stand beside it.

    Args:
        sizes: how large each part is, and what it is: a band's code, "" for no score, "data", "act" for what needs acting on, "unknown" (outlined), "rest".

    >>> parts([(1, "data"), (1, "rest")]).count("<rect"), parts([(0, "data")])
    (2, Html(''))
    """
    whole = sum((Decimal(size) for size, _ in sizes), Decimal(0))
    if whole <= 0:
        return Html("")
    drawn, left = [], Decimal(0)
    for size, what in sizes:
        wide = Decimal(size) * _WIDTH / whole
        if size > 0:
            inner = max(wide - Decimal("1.5"), Decimal(1))
            look = f'fill="{PAPER}" stroke="{MUTED}" stroke-width="1" stroke-dasharray="3 2"' if what == "unknown" else f'fill="{_FILLS[what]}"'
            drawn.append(Html(f'<rect x="{number(left + Decimal("0.5"))}" y="0.5" width="{number(inner)}" height="11" {look}/>'))
        left += wide
    return Html('<svg class="parts" viewBox="0 0 265 12" preserveAspectRatio="none" aria-hidden="true">{}</svg>').format(joined(drawn))


_STATUSES = (
    ("green", "Green", GREEN, GREEN_PAST, INK),
    ("amber", "Amber", AMBER, AMBER_PAST, INK),
    ("red", "Red", RED, RED_PAST, PAPER),
    ("not scored", "Not scored", PAPER, PAPER, INK),
)
"""From the ground up: the column, its label, its colour now and in the past, and the ink on it now."""
_TALL, _GROUND, _RIGHT = Decimal(230), Decimal(244), Decimal(430)


def stack(counts: pd.DataFrame, *, title: str, subtitle: str, source: str, alt: str) -> Html:
    """
    Give how many measures had each status in each quarter as stacked columns, the newest in full colour with its labels beside it.

    Args:
        counts: index = quarters in time order, the newest last; columns "green", "amber", "red", "not scored"; whole numbers.
        title: what is to be seen, in a sentence.
        subtitle: what is plotted, in what unit, over what period.
        source: where the figures come from.
        alt: the chart in words, for those who cannot see it.

    >>> counts = pd.DataFrame({"green": [3, 4], "amber": [1, 0], "red": [0, 0], "not scored": [1, 1]}, index=["Q1 2016/17", "Q2 2016/17"])
    >>> stack(counts, title="Four are green", subtitle="Number", source="returns", alt="Green 3, then 4.").count("<rect")
    5
    """
    most = max((int(sum(counts.loc[label])) for label in counts.index), default=0) or 1
    wide = min(_RIGHT / len(counts), Decimal(150))
    drawn: list[Html] = []
    for place, label in enumerate(counts.index):
        now, left, top = place == len(counts) - 1, wide * place, _GROUND
        for column, said, colour, past, on in _STATUSES:
            size = int(counts.loc[label, column])
            tall = _TALL * size / most
            if not size:
                continue
            top -= tall
            edge = f' stroke="{MUTED}" stroke-width="1" stroke-dasharray="3 2"' if column == "not scored" else ""
            fill = colour if now else past
            drawn.append(
                Html(
                    f'<rect x="{number(left + 1)}" y="{number(top + 1)}" width="{number(wide - 14)}" height="{number(max(tall - 2, Decimal(1)))}" fill="{fill}"{edge}/>'
                )
            )
            middle = top + tall / 2 + 5
            if tall >= 15:
                drawn.append(
                    words((left + (wide - 14) / 2 - breadth(str(size), 15) / 2, middle), str(size), on if now else INK, "15", weight="600" if now else "")
                )
            if now and (tall >= 13 or column == "red"):
                drawn.append(words((left + wide - 6, middle), said if tall >= 15 else f"{said} {size}", INK, "15", weight="600"))
        quarter, _, year = label.partition(" ")
        drawn += [words((left + 1, _GROUND + 20), quarter, MUTED, "15"), words((left + 1, _GROUND + 39), year, MUTED, "15")]
    svg = Html('<svg class="chart stack" viewBox="0 0 540 292" role="img" aria-label="{}">{}</svg>').format(f"{title}. {alt}", joined(drawn))
    data = counts.rename(columns={column: said for column, said, *_ in _STATUSES}).rename_axis("Quarter").reset_index()
    return framed(svg, title=title, subtitle=subtitle, source=source, data=data)
