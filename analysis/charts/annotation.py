"""Notes above a chart, each with a thin line down to what it is about, so that no two cross."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from analysis.charts.palette import RULE
from analysis.charts.sheet import LINE, Sheet, spread, width_of, wrapped

SIZE = 10.0
_MOST_BESIDE = 3
"""More notes than these are numbered, and written below."""


@dataclass(frozen=True)
class Note:
    """A note: where its line goes down, how far, and what it says."""

    at: float
    end: float
    text: str


@dataclass(frozen=True)
class _Block:
    """A note as it stands above the chart, beside its line."""

    note: Note
    lines: list[str]
    start: float
    end: float
    flipped: bool

    def covers(self, across: float) -> bool:
        """Tell whether a line down from above would run through the text."""
        return self.start - 4 <= across <= self.end + 4

    def touches(self, other: _Block) -> bool:
        """Tell whether the two could not stand side by side."""
        return min(self.start, self.note.at) - 12 < max(other.end, other.note.at) and min(other.start, other.note.at) - 12 < max(self.end, self.note.at)


class Notes:
    """The notes of one chart, laid out for the width of its sheet."""

    def __init__(self, notes: Sequence[Note], width: float, *, beside: bool) -> None:
        """
        Find a place for each.

        Args:
            notes: in the order of the chart.
            width: of the sheet.
            beside: whether there may be room for them above the chart; they are numbered and written below it otherwise.
        """
        self._notes, self._width = notes, width
        blocks = [self._block(note) for note in notes]
        self._levels = _levels(blocks) if beside and len(notes) <= _MOST_BESIDE and all(block.start >= 0 for block in blocks) else None
        self._blocks = blocks
        self._below = [wrapped(note.text, SIZE, width - 14) for note in notes] if self._levels is None else []

    def _block(self, note: Note) -> _Block:
        lines = wrapped(note.text, SIZE, 240.0)
        width = max((width_of(line, SIZE) for line in lines), default=0.0)
        flipped = note.at + 6 + width > self._width
        start = note.at - 6 - width if flipped else note.at + 6
        return _Block(note, lines, start, start + width, flipped)

    @property
    def above(self) -> float:
        """How much height they need above the chart."""
        if not self._notes:
            return 0.0
        return SIZE * LINE + 5 if self._levels is None else sum(self._heights()) + 6

    @property
    def below(self) -> float:
        """How much height they need below the chart."""
        return sum(len(lines) * SIZE * LINE + 3 for lines in self._below) + (8 if self._below else 0)

    def _heights(self) -> list[float]:
        """Give the height of each level, the one nearest to the chart first."""
        levels = self._levels or []
        tallest = [max((len(block.lines) for block, at in zip(self._blocks, levels, strict=True) if at == level), default=0) for level in range(len(levels))]
        return [lines * SIZE * LINE + 5 if lines else 0.0 for lines in tallest]

    def draw(self, sheet: Sheet, top: float, bottom: float) -> None:
        """Draw them between the top of the chart and, where they are numbered, from its bottom on."""
        if self._levels is None:
            self._draw_numbered(sheet, top, bottom)
            return
        heights = self._heights()
        for block, level in zip(self._blocks, self._levels, strict=True):
            first = top - sum(heights[: level + 1])
            across = block.note.at - 6 if block.flipped else block.start
            for number, line in enumerate(block.lines):
                sheet.words(across, first + SIZE * (0.85 + LINE * number), line, size=SIZE, align="right" if block.flipped else "left")
            sheet.lines([[(block.note.at, first), (block.note.at, block.note.end)]], RULE, 0.9)

    def _draw_numbered(self, sheet: Sheet, top: float, bottom: float) -> None:
        places = spread([note.at for note in self._notes], 11)
        down = bottom + 8
        for number, (note, across, lines) in enumerate(zip(self._notes, places, self._below, strict=True), start=1):
            sheet.words(across, top - 7, str(number), size=SIZE, bold=True, align="center")
            sheet.lines([[(across, top - 4), (note.at, top + 2), (note.at, note.end)]], RULE, 0.9)
            sheet.words(0, down + SIZE * LINE, str(number), size=SIZE, bold=True)
            for line in lines:
                down += SIZE * LINE
                sheet.words(14, down, line, size=SIZE)
            down += 3


def _levels(blocks: Sequence[_Block]) -> list[int] | None:
    """Give for each note the lowest level at which nothing crosses, nought being nearest to the chart; None where there is none."""
    many = len(blocks)
    for levels in sorted(product(range(many), repeat=many), key=lambda levels: (sum(levels), levels)):
        if not any(_clash(blocks[one], levels[one], blocks[other], levels[other]) for one in range(many) for other in range(many) if one != other):
            return list(levels)
    return None


def _clash(one: _Block, level: int, other: _Block, other_level: int) -> bool:
    if level == other_level:
        return one.touches(other)
    return level > other_level and other.covers(one.note.at)
