"""Bars: how many measures stand in each band, and how much of each award is spent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from analysis import frames
from analysis.charts.drawing import drawing, figure
from analysis.charts.palette import BAND_COLOURS, BLUE, INK, MUTED
from analysis.markup import Html
from analysis.values import shown
from analysis.vocabulary import Band

_ON_BAND = {Band.HR: "#FFFFFF"}


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


def spend(awards: pd.DataFrame, *, title: str, subtitle: str, source: str, alt: str) -> Html:
    """
    Draw each award with what of it is spent, and hatched where that is not known.

    Args:
        awards: columns project, award, total_to_date (exact pounds; missing where unknown), largest first.
    """
    rows = frames.rows(awards)
    largest = max((float(row["award"]) for row in rows if row["award"] is not None), default=0) or 1.0
    with drawing(10.6, 0.3 * len(rows) + 0.5) as (drawn, (axes,)):
        for place, row in enumerate(rows):
            _award_bar(axes, place, row, largest)
        axes.set_yticks(range(len(rows)), [row["project"] for row in rows])
        axes.invert_yaxis()
        axes.set_xlim(0, largest * 1.22)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        data = pd.DataFrame(
            {
                "Project": [row["project"] for row in rows],
                "Awarded": [shown(row["award"], "pounds") or "not known" for row in rows],
                "Spent to date": [shown(row["total_to_date"], "pounds") or "not known" for row in rows],
            }
        )
        return figure(drawn, title=title, subtitle=subtitle, source=source, alt=alt, data=data)


def _award_bar(axes: Any, place: int, row: dict[str, Any], largest: float) -> None:
    """Draw one award: grey to its whole, blue to what is spent; hatched where either is not known."""
    unknown = {"color": "none", "edgecolor": MUTED, "hatch": "////", "linewidth": 0.8, "height": 0.66}
    spent = row["total_to_date"]
    if row["award"] is None:
        width, words = largest * 0.06, "award not known"
        axes.barh(place, width, **unknown)
    else:
        width, whole = float(row["award"]), f"£{shown(_whole_pounds(row['award']))}"
        axes.barh(place, width, color="#E0E4E7", height=0.66)
        axes.barh(place, width if spent is None else float(spent), **(unknown if spent is None else {"color": BLUE, "height": 0.66}))
        words = f"spend not known, of {whole}" if spent is None else f"{float(spent) / width:.0%} of {whole}" if width else whole
    axes.annotate(words, (width, place), xytext=(6, 0), textcoords="offset points", va="center", color=MUTED, fontsize=10)


def _whole_pounds(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal(1))
