"""Monthly indicators, each in a panel of its own."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from analysis import frames
from analysis.charts.drawing import drawing, drawn_once, figure
from analysis.charts.palette import BLUE, INK, MUTED
from analysis.markup import Html
from analysis.values import shown


@drawn_once
def months(monthly: pd.DataFrame, *, title: str, subtitle: str, source: str, alt: str) -> Html:
    """
    Draw each monthly indicator in a panel of its own, first and last figure labelled.

    Args:
        monthly: columns indicator, month ("2009-12"), value (exact; missing where unknown), in time order.
    """
    names: Sequence[str] = list(dict.fromkeys(monthly["indicator"]))
    span = sorted(set(monthly["month"]))
    given = {(row["indicator"], row["month"]): row["value"] for row in frames.rows(monthly)}
    with drawing(10.6, 2.1, panels=max(len(names), 1)) as (drawn, panels):
        for axes, name in zip(panels, names, strict=False):
            _month_panel(axes, name, [(month, given.get((name, month))) for month in span])
        table = {"Indicator": list(names)} | {
            pd.Timestamp(f"{month}-01").strftime("%B %Y"): [shown(given.get((name, month))) or "not known" for name in names] for month in span
        }
        return figure(drawn, title=title, subtitle=subtitle, source=source, alt=alt, data=pd.DataFrame(table))


def _month_panel(axes: Any, name: str, series: list[tuple[str, Decimal | None]]) -> None:
    """Draw one indicator's months; a month that is not known is a gap, and an indicator with none says so."""
    values = [float("nan") if value is None else float(value) for _, value in series]
    known = [place for place, (_, value) in enumerate(series) if value is not None]
    axes.plot(range(len(series)), values, color=BLUE, linewidth=2)
    low, high = (min(values[place] for place in known), max(values[place] for place in known)) if known else (0.0, 1.0)
    margin = (high - low or 1) * 0.45
    axes.set_ylim(low - margin, high + margin)
    axes.set_xlim(-0.4, max(len(series) - 0.6, 0.4))
    for place in dict.fromkeys((*known[:1], *known[-1:])):
        text = shown(series[place][1])
        axes.annotate(text, (place, values[place]), textcoords="offset points", xytext=(0, 9), ha="center", color=INK, fontsize=10.5)
    if known:
        axes.plot(known[-1], values[known[-1]], "o", color=BLUE, markersize=8, markeredgecolor="#FFFFFF")
    else:
        axes.text(0.5, 0.5, "not known", transform=axes.transAxes, ha="center", color=MUTED)
    axes.set_title(name, loc="left", fontsize=11, color=INK)
    axes.set_yticks([])
    axes.set_xticks(range(len(series)), [pd.Timestamp(f"{month}-01").strftime("%b") for month, _ in series])
