"""A frame -> a figure with a message for its title and words for those who cannot see it. The only door to matplotlib."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import frames
from analysis.markup import Html, slug
from analysis.values import shown
from analysis.vocabulary import Band

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK, MUTED, RULE, BLUE = "#0B0C0C", "#505A5F", "#B1B4B6", "#12436D"
BAND_COLOURS = {Band.HR: "#A4161A", Band.LR: "#E6C3C4", Band.A: "#F6B800", Band.G: "#DCEFE9", Band.LG: "#BFE0D6", Band.HG: "#14946F"}
_ON_BAND = {Band.HR: "#FFFFFF"}
_FONT = "Source Sans 3 ExtraLight"  # what the regular cut of the shipped subset calls its family


@contextmanager
def _drawing(width: float, height: float, panels: int = 1) -> Iterator[tuple[Figure, list[Any]]]:
    """Open a figure in the house style, drawn without a window and the same every time."""
    import matplotlib as mpl
    from matplotlib import font_manager
    from matplotlib.figure import Figure

    for font in sorted(str(path) for path in files("analysis").joinpath("assets/fonts").iterdir() if str(path).endswith(".ttf")):
        font_manager.fontManager.addfont(font)
    style = {
        "svg.fonttype": "none", "svg.hashsalt": "workbook", "font.family": _FONT, "font.size": 11, "text.color": INK, "axes.edgecolor": RULE,
        "axes.labelcolor": MUTED, "xtick.color": MUTED, "ytick.color": INK, "axes.spines.top": False, "axes.spines.right": False,
        "axes.spines.left": False, "ytick.left": False, "xtick.bottom": False, "hatch.linewidth": 0.8, "text.parse_math": False, "figure.facecolor": "none", "axes.facecolor": "none",
    }  # fmt: skip
    with mpl.rc_context(style), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from")  # text stays text in the page, where the reader's fonts have it
        figure = Figure(figsize=(width, height), layout="constrained")
        yield figure, list(figure.subplots(1, panels, squeeze=False)[0])


def figure(drawn: Figure, *, title: str, subtitle: str, source: str, alt: str, data: pd.DataFrame) -> Html:
    """
    Give a drawn chart as an HTML figure: inline SVG, a title that is its message, and its figures as a table.

    Args:
        drawn: the matplotlib figure.
        title: what is to be seen, in a sentence.
        subtitle: what is plotted, in what unit, over what period.
        source: where the figures come from.
        alt: the chart in words, for those who cannot see it.
        data: the figures plotted, already worded, one column each; the first names the row.
    """
    name = f"chart-{slug(title)}"
    raw = io.StringIO()
    drawn.savefig(raw, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    svg = raw.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\b(id=")|(href="#)|(url\(#)', lambda m: f"{m[0]}{name}-", svg)
    svg = re.sub(r"<[^>]+>", lambda tag: re.sub(r"(\d+\.\d{2})\d+", r"\1", tag[0]), svg)
    svg = re.sub(r"(font(?:-family)?:[^;\"]*?)'Source Sans 3 ExtraLight'[^;\"]*", r"\1'Source Sans 3', 'Segoe UI', Arial, sans-serif", svg)
    head = re.search(r'viewBox="([^"]+)"', svg)
    opening = (
        f'<svg class="chart" viewBox="{head[1] if head else ""}" role="img" aria-labelledby="{name}-t {name}-d" xmlns:xlink="http://www.w3.org/1999/xlink">'
    )
    described = Html('<title id="{}-t">{}</title><desc id="{}-d">{}</desc>').format(name, title, name, alt)
    svg = re.sub(r"<svg[^>]*>", lambda _: opening + str(described), svg, count=1)
    return Html(
        '<figure id="{}"><figcaption><h3>{}</h3><p class="subtitle">{}</p></figcaption>{}<details><summary>Show the figures</summary>{}</details><p class="source">Source: {}.</p></figure>'
    ).format(name, title, subtitle, Html(re.sub(r">\s+<", "><", svg)), _figures(data, title), source)


def _figures(data: pd.DataFrame, title: str) -> Html:
    heads = Html("").join(Html('<th scope="col">{}</th>').format(column) for column in data.columns)
    body = []
    for values in data.itertuples(index=False):
        first, *others = values
        body.append(Html('<tr><th scope="row">{}</th>{}</tr>').format(first, Html("").join(Html("<td>{}</td>").format(value) for value in others)))
    return Html(
        '<div class="table-scroll" tabindex="0" role="region" aria-label="Figures: {}"><table class="plain"><caption>{}: the figures</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    ).format(title, title, heads, Html("").join(body))


def bands(counts: pd.DataFrame, *, title: str, subtitle: str, source: str, alt: str) -> Html:
    """
    Draw how many measures stand in each band, one bar a row, worst on the left, unscored outlined.

    Args:
        counts: index = row labels in reading order; columns = band codes, worst first, and "" for not scored; whole numbers.
    """
    labels = list(counts.index)
    with _drawing(10.6, 0.52 * len(labels) + 0.55) as (drawn, (axes,)):
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
    with _drawing(10.6, 0.3 * len(rows) + 0.5) as (drawn, (axes,)):
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


def months(monthly: pd.DataFrame, *, title: str, subtitle: str, source: str, alt: str) -> Html:
    """
    Draw each monthly indicator in a panel of its own, first and last figure labelled.

    Args:
        monthly: columns indicator, month ("2009-12"), value (exact; missing where unknown), in time order.
    """
    names: Sequence[str] = list(dict.fromkeys(monthly["indicator"]))
    span = sorted(set(monthly["month"]))
    given = {(row["indicator"], row["month"]): row["value"] for row in frames.rows(monthly)}
    with _drawing(10.6, 2.1, panels=max(len(names), 1)) as (drawn, panels):
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
