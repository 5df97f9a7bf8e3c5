"""Bars: how many measures stand in each band."""

from __future__ import annotations

import pandas as pd

from analysis.charts.drawing import drawing, drawn_once, figure
from analysis.charts.palette import BAND_COLOURS, INK, MUTED
from analysis.markup import Html
from analysis.vocabulary import Band

_ON_BAND = {Band.HR: "#FFFFFF"}


@drawn_once
def bands(counts: pd.DataFrame, *, title: str, subtitle: str, source: str, alt: str) -> Html:
    """
    Draw how many measures stand in each band, one bar a row, worst on the left, unscored outlined.

    Args:
        counts: index = row labels in reading order; columns = band codes, worst first, and "" for not scored; whole numbers.
    """
    labels = list(counts.index)
    with drawing(10.6, 0.52 * len(labels) + 0.55) as (drawn, (axes,)):
        left = [0] * len(labels)
        for code in counts.columns:
            sizes = [int(size) for size in counts[code]]
            colour = BAND_COLOURS.get(Band(code), "#FFFFFF") if code else "#FFFFFF"
            outline = {"edgecolor": MUTED, "linestyle": (0, (3, 2)), "linewidth": 0.9} if not code else {"edgecolor": "#FFFFFF", "linewidth": 1.2}
            bars = axes.barh(range(len(labels)), sizes, left=left, color=colour, height=0.62, **outline)
            for bar, size, start in zip(bars, sizes, left, strict=True):
                if size:
                    words = f"{code or 'Not scored'} {size}" if size >= (5 if not code else 2) else str(size)
                    axes.text(
                        start + size / 2,
                        bar.get_y() + bar.get_height() / 2,
                        words,
                        ha="center",
                        va="center",
                        color=_ON_BAND.get(Band(code), INK) if code else INK,
                        fontsize=10,
                    )
            left = [start + size for start, size in zip(left, sizes, strict=True)]
        axes.set_yticks(range(len(labels)), labels)
        axes.invert_yaxis()
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        words = counts.rename(columns={code: (Band(code).words if code else "Not scored") for code in counts.columns})
        return figure(drawn, title=title, subtitle=subtitle, source=source, alt=alt, data=words.rename_axis("Theme").reset_index())
