"""A sheet measured in points from its top left corner, on which matplotlib puts each thing where it is told."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.charts.drawing import FONT, know_fonts
from analysis.charts.palette import INK, PAPER

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LINE = 1.22
"""How far apart the lines of a text stand, in sizes of its letters."""


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Give how wide a text is in the shipped font, in points; call it inside the house style."""
    text = " ".join(text.split())
    return _hundredfold(text, bold) * (size / _SCALE) if text else 0.0


_SCALE = 100.0
"""The size at which texts are measured, each once whatever its size on the page: large, so that what is rounded off does not matter."""


@lru_cache(maxsize=2**16)
def _hundredfold(text: str, bold: bool) -> float:
    """Give how wide a text is in letters of the size of the scale, without hinting, as matplotlib measures it."""
    from matplotlib.ft2font import LoadFlags

    font = _font(bold)
    font.set_size(_SCALE, 72)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    return float(font.get_width_height()[0] / 64)


@cache
def _font(bold: bool) -> Any:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    know_fonts()
    return get_font(findfont(FontProperties(family=FONT, weight=600 if bold else 400)))


def cut(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """Give as much of a text as there is room for, ended by an ellipsis where that is not all of it."""
    if width_of(text, size, bold=bold) <= room:
        return text
    fits = _fitting(text, "", room, size, bold=bold, end="…")
    return f"{text[:fits].rstrip()}…"


def wrapped(text: str, size: float, room: float, most: int = 99, *, bold: bool = False) -> list[str]:
    """Give a text in lines that fit the room; a word too wide for it is parted, and what is over the most lines is left out with an ellipsis."""
    lines: list[str] = []
    words = text.split()
    while words:
        fits = _fitting(words, " ", room, size, bold=bold)
        if fits:
            lines.append(" ".join(words[:fits]))
            words = words[fits:]
            continue
        word, *others = words
        parted = max(_fitting(word[:-1], "", room, size, bold=bold), 1)
        lines.append(word[:parted])
        words = [word[parted:], *others] if word[parted:] else others
    return lines if len(lines) <= most else [*lines[: most - 1], cut(" ".join(lines[most - 1 :]), size, room, bold=bold)]


def _fitting(parts: Sequence[str], between: str, room: float, size: float, *, bold: bool, end: str = "") -> int:
    """Give how many parts of a text fit, all of them tried first; a text gets wider with each part, so that few need to be measured."""

    def width(many: int) -> float:
        return width_of(between.join(parts[:many]) + end, size, bold=bold)

    most = len(parts)
    return most if not most or width(most) <= room else bisect_right(range(1, most), room, key=width)


def spread(wanted: Sequence[float], gap: float) -> list[float]:
    """
    Give places as near as may be to those wanted, in their order, none nearer to the next than the gap.

    >>> spread([50, 10, 52], 12), spread([5, 5], 10)
    ([45.0, 10.0, 57.0], [0.0, 10.0])
    """
    groups: list[list[int]] = []

    def top(group: list[int]) -> float:
        return sum(wanted[place] for place in group) / len(group) - gap * (len(group) - 1) / 2

    for place in sorted(range(len(wanted)), key=lambda place: wanted[place]):
        groups.append([place])
        while len(groups) > 1 and top(groups[-1]) < top(groups[-2]) + gap * len(groups[-2]):
            last = groups.pop()
            groups[-1] += last
    given = {place: top(group) + gap * number for group in groups for number, place in enumerate(group)}
    return [float(given[place]) for place in range(len(wanted))]


class Look(NamedTuple):
    """How a text looks: the size of its letters, its colour, whether it is bold, and what of it stands at its place."""

    size: float
    colour: str
    bold: bool
    align: str


class Sheet:
    """A sheet to draw on; across and down are in points, and a text stands on its baseline."""

    def __init__(self, width: float, height: float) -> None:
        """Take an empty sheet; do it inside the house style."""
        from matplotlib.figure import Figure

        self.width, self.height = width, height
        self._figure = Figure(figsize=(width / 72, height / 72))
        self._texts: list[tuple[Look, tuple[float, float, str]]] = []
        self._axes: Any = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, width)
        self._axes.set_ylim(height, 0)

    def words(self, across: float, down: float, text: str, *, size: float, colour: str = INK, bold: bool = False, align: str = "left") -> None:
        """Write a text that begins, ends ("right") or has its middle ("center") at a place."""
        if text:
            self._texts.append((Look(size, colour, bold, align), (across, down, " ".join(text.split()))))

    def finished(self) -> Figure:
        """Give the figure with all its texts, those that look alike together, so that their look need be said only once."""
        from analysis.charts.written import Written

        alike: dict[Look, list[tuple[float, float, str]]] = {}
        for look, place in self._texts:
            alike.setdefault(look, []).append(place)
        self._axes.add_artist(Written(alike))
        self._texts = []
        return self._figure

    def lines(self, places: Sequence[Sequence[tuple[float, float]]], colour: str, width: float, dashes: tuple[float, ...] = ()) -> None:
        """Draw lines of one kind, each through its places."""
        if places:
            across = [part for one in places for part in (*(place[0] for place in one), float("nan"))]
            down = [part for one in places for part in (*(place[1] for place in one), float("nan"))]
            style = (0, dashes) if dashes else "-"
            self._axes.plot(across, down, color=colour, linewidth=width, linestyle=style, solid_capstyle="butt", dash_capstyle="butt", clip_on=False)

    def marks(self, places: Sequence[tuple[float, float]], colour: str, size: float, *, shape: str = "o", edge: str = PAPER, edge_width: float = 1.0) -> None:
        """Draw marks of one kind: dots, squares ("s") or arrow heads (">" and "<")."""
        if places:
            across, down = zip(*places, strict=True)
            style = {"markersize": size, "markeredgecolor": edge, "markeredgewidth": edge_width}
            self._axes.plot(across, down, linestyle="none", marker=shape, color=colour, clip_on=False, **style)

    def block(self, corner: tuple[float, float], other: tuple[float, float], colour: str, *, hatched: bool = False) -> None:
        """Fill a rectangle between two opposite corners; hatched, in outline, where what it stands for is not known."""
        self.area([corner, (other[0], corner[1]), other, (corner[0], other[1])], colour, hatched=hatched)

    def area(self, corners: Sequence[tuple[float, float]], colour: str, *, hatched: bool = False) -> None:
        """Fill what lies between corners; hatched, in outline, where what it stands for is not known."""
        from matplotlib.patches import Polygon

        style = (
            {"facecolor": "none", "edgecolor": colour, "hatch": "////", "linewidth": 0.6}
            if hatched
            else {"facecolor": colour, "edgecolor": "none", "linewidth": 0}
        )
        self._axes.add_patch(Polygon(list(corners), closed=True, clip_on=False, **style))
