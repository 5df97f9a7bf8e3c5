"""The one door to matplotlib: figures in the house style, and how a drawn one becomes HTML."""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache, wraps
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.charts.palette import INK, MUTED, RULE
from analysis.markup import Html, slug

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FONT = "Source Sans 3 ExtraLight"
"""What the shipped subset calls its family."""
_FAMILY = "'Source Sans 3', 'Segoe UI', Arial, sans-serif"


class _Asked:
    """What a chart is asked to show; two are alike where they are written alike, because 1 and 1.0 are not drawn the same."""

    def __init__(self, figures: pd.DataFrame, said: dict[str, Any]) -> None:
        self.figures, self.said = figures, said
        self._written = repr((list(figures.columns), list(figures.index), [figures[name].tolist() for name in figures.columns], sorted(said.items())))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self._written == other._written

    def __hash__(self) -> int:
        return hash(self._written)


def drawn_once(draw: Callable[..., Html]) -> Callable[..., Html]:
    """Let a chart that stands on several pages be drawn once; of a frame with other figures another is drawn."""

    @lru_cache(maxsize=64)
    def drawn(asked: _Asked) -> Html:
        return draw(asked.figures, **asked.said)

    @wraps(draw)
    def given(figures: pd.DataFrame, **said: Any) -> Html:
        return drawn(_Asked(figures.copy(), said))

    return given


@contextmanager
def house_style() -> Iterator[None]:
    """Let matplotlib draw and measure in the house style, with the shipped font, the same every time."""
    import matplotlib as mpl

    know_fonts()
    style = {
        "svg.fonttype": "none", "svg.hashsalt": "workbook", "font.family": FONT, "font.size": 11, "text.color": INK, "axes.edgecolor": RULE,
        "axes.labelcolor": MUTED, "xtick.color": MUTED, "ytick.color": INK, "axes.spines.top": False, "axes.spines.right": False,
        "axes.spines.left": False, "ytick.left": False, "xtick.bottom": False, "hatch.linewidth": 0.8, "text.parse_math": False, "figure.facecolor": "none", "axes.facecolor": "none",
    }  # fmt: skip
    with mpl.rc_context(style), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "(?s)Glyph .* missing from")  # text stays text in the page, where the reader's fonts have it
        yield


@cache
def know_fonts() -> None:
    """Let matplotlib know the shipped fonts; once, because whenever it learns one it forgets every font that it has found."""
    from matplotlib import font_manager

    for font in sorted(str(path) for path in files("analysis").joinpath("assets/fonts").iterdir() if str(path).endswith(".ttf")):
        font_manager.fontManager.addfont(font)


@contextmanager
def drawing(width: float, height: float, panels: int = 1) -> Iterator[tuple[Figure, list[Any]]]:
    """Open a figure in the house style, drawn without a window and the same every time."""
    from matplotlib.figure import Figure

    with house_style():
        drawn = Figure(figsize=(width, height), layout="constrained")
        yield drawn, list(drawn.subplots(1, panels, squeeze=False)[0])


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
    svg = _own_names(_saved(drawn), named(title))
    svg = re.sub(r"<[^>]+>", lambda tag: re.sub(r"(\d+\.\d{2})\d+", r"\1", tag[0]), svg)
    svg = re.sub(r"(font(?:-family)?:[^;\"]*?)'Source Sans 3 ExtraLight'[^;\"]*", rf"\1{_FAMILY}", svg)
    return framed(_described(svg, named(title), title, alt, 'class="chart"'), title=title, subtitle=subtitle, source=source, data=data)


def for_both_widths(wide: Figure, narrow: Figure, *, title: str, subtitle: str, source: str, alt: str, data: pd.DataFrame) -> Html:
    """
    Give a chart drawn twice as one HTML figure: the page shows the narrow drawing on a phone, and the wide one everywhere else.

    Args:
        wide: the matplotlib figure for screens and paper; the only one to be seen where the page has no stylesheet.
        narrow: the same figures, laid out for a phone.
        title: what is to be seen, in a sentence.
        subtitle: what is plotted, in what unit, over what period.
        source: where the figures come from.
        alt: the chart in words, for those who cannot see it.
        data: the figures plotted, already worded, one column each; the first names the row.
    """
    name = f"c{hashlib.blake2s(title.encode(), digest_size=4).hexdigest()}"  # short, because it is written hundreds of times
    drawings = [
        _described(_compact(_own_names(_saved(drawn), own)), own, title, alt, f'{kind} font-family="{_FAMILY}"')
        for drawn, own, kind in ((wide, name, 'class="chart wide"'), (narrow, f"{name}n", 'class="chart narrow" display="none"'))
    ]
    return framed(Html("").join(drawings), title=title, subtitle=subtitle, source=source, data=data)


def framed(inside: Html, *, title: str, subtitle: str, source: str, data: pd.DataFrame) -> Html:
    """Put a picture between its message above and its figures and source below."""
    return Html(
        '<figure id="{}"><figcaption><h3>{}</h3><p class="subtitle">{}</p></figcaption>{}<details><summary>Show the figures</summary>{}</details><p class="source">Source: {}.</p></figure>'
    ).format(named(title), title, subtitle, inside, _figures(data, title), source)


def named(title: str) -> str:
    """
    Give the id of the chart with a title, with which the ids of its parts begin.

    >>> named("Two awards are spent")
    'chart-two-awards-are-spent'
    """
    return f"chart-{slug(title)}"


def _saved(drawn: Figure) -> str:
    """Give a figure as SVG without what differs from run to run."""
    raw = io.StringIO()
    drawn.savefig(raw, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    svg = raw.getvalue()
    return re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg[svg.index("<svg") :], flags=re.DOTALL)


def _own_names(svg: str, name: str) -> str:
    """Begin every id in a drawing, and every reference to one, with the name of the chart."""
    return re.sub(r'\b(id=")|(href="#)|(url\(#)', lambda m: f"{m[0]}{name}-", svg)


def _compact(svg: str) -> str:
    """Leave out of a drawing what does not show: names and groups of parts, turns by nothing, a font for each text, decimals that nobody sees."""
    svg = re.sub(r'<g id="[^"]*">', "<g>", svg)
    svg = re.sub(r' transform="rotate\(-0 [^"]*"| *font-family: [^;"]*;| *text-anchor: start;', "", svg)
    svg = re.sub(r"<[^>]+>", lambda tag: re.sub(r"\s*\n\s*", " ", re.sub(r"(\d+)(?:\.0|(\.[1-9]))\d*(?=[\s\"])", r"\1\2", tag[0])), svg)
    svg = re.sub(r"([ML]) (?=[\d-])", r"\1", re.sub(r">\s+<", "><", svg))
    for number, mark in enumerate(dict.fromkeys(re.findall(r"-(m[0-9a-f]{10})\b", svg))):
        svg = svg.replace(f"-{mark}", f"-{number}")
    svg = svg if "<g " in svg else re.sub(r"</?g>", "", svg)
    return re.sub(r"(?:<text [^>]*>[^<]*</text>|<use [^>]*/>){2,}", _alike_together, svg)


def _alike_together(run: re.Match[str]) -> str:
    """Say once how texts or marks that follow one another look, where they look alike."""
    parts = re.findall(r"<text [^>]*>[^<]*</text>|<use [^>]*/>", run[0])
    grouped = []
    for style, alike in groupby(parts, lambda part: re.findall(r' style="[^"]*"', part)[0]):
        bare = "".join(part.replace(style, "", 1) for part in alike)
        grouped.append(f"<g{style}>{bare}</g>")
    return "".join(grouped)


def _described(svg: str, name: str, title: str, alt: str, attributes: str) -> Html:
    """Give a drawing as an image that is named by its title and described by its alt text."""
    head = re.search(r'viewBox="([^"]+)"', svg)
    opening = (
        f'<svg {attributes} viewBox="{head[1] if head else ""}" role="img" aria-labelledby="{name}-t {name}-d" xmlns:xlink="http://www.w3.org/1999/xlink">'
    )
    described = Html('<title id="{}-t">{}</title><desc id="{}-d">{}</desc>').format(name, title, name, alt)
    svg = re.sub(r"<svg[^>]*>", lambda _: opening + str(described), svg, count=1)
    return Html(re.sub(r">\s+<", "><", svg))


def _figures(data: pd.DataFrame, title: str) -> Html:
    heads = Html("").join(Html('<th scope="col">{}</th>').format(column) for column in data.columns)
    body = []
    for values in data.itertuples(index=False):
        first, *others = values
        body.append(Html('<tr><th scope="row">{}</th>{}</tr>').format(first, Html("").join(Html("<td>{}</td>").format(value) for value in others)))
    return Html(
        '<div class="table-scroll" tabindex="0" role="region" aria-label="Figures: {}"><table class="plain"><caption>{}: the figures</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    ).format(title, title, heads, Html("").join(body))
