"""Texts written into a drawing where they are told to stand: matplotlib would measure each once more, and nothing comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.artist import Artist
from matplotlib.colors import to_hex

from analysis.charts.drawing import FONT
from analysis.charts.sheet import Look

_ANCHORS = {"left": "start", "right": "end", "center": "middle"}


class Written(Artist):
    """The texts of a sheet, those that look alike together, above all that is drawn."""

    zorder = 3

    def __init__(self, alike: Mapping[Look, Sequence[tuple[float, float, str]]]) -> None:
        """Take look -> texts, each with where it stands on the sheet."""
        super().__init__()
        self._alike = alike

    def draw(self, renderer: Any) -> None:
        """Write them as matplotlib's SVG renderer writes texts, the only one that the house draws with."""
        place = self.axes.transData.transform
        for look, texts in self._alike.items():
            style = _style(look)
            for (across, down), (*_, text) in zip(place([at for *at, _ in texts]).tolist(), texts, strict=True):
                renderer.open_group("text")
                renderer.writer.element("text", text, attrib={"style": style, "x": _short(across), "y": _short(renderer.height - down)})
                renderer.close_group("text")


def _style(look: Look) -> str:
    parts = {
        "font-weight": "600" if look.bold else "",
        "font-size": f"{_short(look.size)}px",
        "font-family": f"'{FONT}'",
        "text-anchor": _ANCHORS[look.align],
        "fill": colour if (colour := to_hex(look.colour)) != "#000000" else "",
    }
    return "; ".join(f"{name}: {value}" for name, value in parts.items() if value)


def _short(number: float) -> str:
    return f"{number:f}".rstrip("0").rstrip(".")
