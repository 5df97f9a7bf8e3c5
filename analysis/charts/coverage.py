"""What became of every cell: a small map of each sheet, coloured and lettered used, ignored or quarantined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis import frames
from analysis.charts.drawing import framed
from analysis.charts.palette import BLUE, GREY, INK, ORANGE, PAPER
from analysis.markup import Html, joined
from analysis.vocabulary import Outcome

_OUTCOMES = (Outcome.USED, Outcome.IGNORED, Outcome.QUARANTINED)
"""In rising order of how much a reader must know of them; a square of a map holds the place of one here, from 1, or 0 where it is empty."""
_USED, _IGNORED, _QUARANTINED = 1, 2, 3
_FILLS = {_USED: f'fill="{BLUE}" fill-opacity=".3"', _IGNORED: f'fill="{GREY}"', _QUARANTINED: f'fill="{ORANGE}"'}
"""The more there is to know of a cell, the darker it is, so that it stands out without colour too; what is quarantined has an outline besides."""
_LETTERS = {_USED: "U", _IGNORED: "I", _QUARANTINED: "Q"}
_MOST_LINES, _MOST_SQUARES, _WIDTH = 60, 20, 240
"""The most lines of a map and squares of a line, and how many pixels wide a map may be: four stand beside each other on paper, one on a phone."""
_LINE, _SQUARE = 12, 20
"""How many pixels high a line is, and how wide a square of a line is where there are few."""
_SIZE = 12
_NAMED, _PLACED, _REASONS = 12, 8, 3
"""How many sheets are named in the text alternative, quarantined cells in the words of a map, and reasons in the table."""


def coverage(cells: pd.DataFrame, *, title: str, subtitle: str, source: str, alt: str = "") -> Html:
    """
    Draw what became of every cell: for each sheet a map of its cells, used, ignored or quarantined, with their numbers in words.

    Each cell stands in its row and column; paper is an empty cell. Cells of one outcome that touch make a block, lettered in its first cell;
    each quarantined cell has its own letter and an outline. Where a sheet has too many rows or columns, a square stands for several cells,
    shows the one that matters most, and the map says so. A cell whose place is not known is counted, and said not to be drawn.

    Args:
        cells: of one quarter, a row each: file, sheet, row, column, cell, outcome, reason; sheets are drawn in the order in which they first come.
        title: what is to be seen, in a sentence.
        subtitle: what is plotted, in what unit, over what period.
        source: where the figures come from.
        alt: the picture in words, for those who cannot see it; made from the figures where empty.

    Raises:
        ValueError: a cell has none of the three outcomes, or the cells are of several quarters.

    >>> cells = pd.DataFrame([["a/b.csv", "", 1, 1, "A1", "used", ""]], columns=["file", "sheet", "row", "column", "cell", "outcome", "reason"])
    >>> "1 used, 0 ignored, 0 quarantined" in coverage(cells, title="One cell, and it is used", subtitle="Cells", source="returns")
    True
    """
    sheets = _sheets(cells)
    totals = _total(sheets)
    words = alt or _alternative(sheets, totals)
    maps = Html('<p class="hidden">{}</p>{}<div class="maps">{}</div>').format(words, _key(totals), joined([_panel(sheet) for sheet in sheets]))
    return framed(maps, title=title, subtitle=subtitle, source=source, data=_table(sheets, totals))


class Block(NamedTuple):
    """A rectangle of squares of one outcome: where it begins, from 0, and how far it reaches."""

    outcome: int
    line: int
    square: int
    lines: int
    squares: int


def blocks(squares: np.ndarray) -> list[Block]:
    """
    Give the squares of a map that are not empty as rectangles: runs down a column, together with equal runs in the columns beside it.

    >>> blocks(np.array([[2, 0], [1, 1], [1, 1]]))
    [Block(outcome=2, line=0, square=0, lines=1, squares=1), Block(outcome=1, line=1, square=0, lines=2, squares=2)]
    """
    found: list[Block] = []
    beside: dict[tuple[int, int, int], int] = {}
    for square in range(squares.shape[1] + 1):
        runs = set(_runs(squares[:, square].tolist())) if square < squares.shape[1] else set()
        found += [Block(outcome, line, begun, lines, square - begun) for (outcome, line, lines), begun in beside.items() if (outcome, line, lines) not in runs]
        beside = {run: beside.get(run, square) for run in runs}
    return sorted(found, key=lambda block: (block.line, block.square))


def letters(squares: np.ndarray) -> list[tuple[int, int, int]]:
    """
    Give where a map is lettered, as outcome, line and square: the first square of all that touch, and every quarantined one.

    >>> letters(np.array([[1, 1, 0, 1], [1, 3, 3, 2]]))
    [(1, 0, 0), (1, 0, 3), (3, 1, 1), (3, 1, 2), (2, 1, 3)]
    """
    cells = squares.tolist()
    seen: set[tuple[int, int]] = set()
    found: list[tuple[int, int, int]] = []
    for line, square in np.argwhere(squares).tolist():
        outcome = cells[line][square]
        if (line, square) not in seen:
            found.append((outcome, line, square))
            seen |= _touching(cells, (line, square)) if outcome != _QUARANTINED else set()
    return found


def _touching(cells: list[list[int]], first: tuple[int, int]) -> set[tuple[int, int]]:
    """Give the squares of one outcome that can be reached from a square by its sides."""
    outcome, found, reached = cells[first[0]][first[1]], {first}, [first]
    while reached:
        line, square = reached.pop()
        near = {(line - 1, square), (line + 1, square), (line, square - 1), (line, square + 1)} - found
        same = {(down, right) for down, right in near if 0 <= down < len(cells) and 0 <= right < len(cells[0]) and cells[down][right] == outcome}
        found |= same
        reached += sorted(same)
    return found


@dataclass(frozen=True, eq=False)
class _Sheet:
    """One sheet: how many cells became what, where the quarantined ones are, why cells were not used, and its map."""

    file: str
    name: str
    counts: tuple[int, ...]
    rows: int
    columns: int
    unplaced: int
    folded: tuple[int, int]
    squares: np.ndarray
    quarantined: tuple[str, ...]
    reasons: str

    @property
    def label(self) -> str:
        """The sheet as a row of the table and the text alternative name it."""
        return f"{self.file}, {self.name}" if self.name else self.file

    @property
    def tally(self) -> str:
        """How many of its cells became what."""
        return _tally(self.counts)


def _sheets(cells: pd.DataFrame) -> list[_Sheet]:
    """Give each sheet of a frame of cells, counted and laid out; nothing here is done cell by cell."""
    if not len(cells):
        return []
    if len(quarters := set(cells["quarter"]) if "quarter" in cells else ()) > 1:
        msg = f"a map is of one quarter's cells, not of several ({', '.join(sorted(quarters))})"
        raise ValueError(msg)
    outcomes, files, names = (frames.coded(cells[name]) for name in ("outcome", "file", "sheet"))
    if unknown := sorted({str(name) for name in outcomes.names} - {str(outcome) for outcome in _OUTCOMES}):
        msg = f"a cell is used, ignored or quarantined, not {' or '.join(map(repr, unknown))}"
        raise ValueError(msg)
    code = outcomes.as_numbers([_OUTCOMES.index(Outcome(name)) + 1 for name in outcomes.names])
    sheet, found = pd.factorize(files.codes.astype(np.int64) * len(names.names) + names.codes)
    row, column = (cells[name].to_numpy(dtype=np.int64, na_value=0) for name in ("row", "column"))
    placed = (row > 0) & (column > 0)
    ends = tuple(pd.Series(np.where(placed, place, 0)).groupby(sheet).max().to_numpy() for place in (row, column))
    maps, folded = _maps(sheet[placed], code[placed], (row[placed], column[placed]), (np.maximum(ends[0], 1), np.maximum(ends[1], 1)))
    unplaced = np.bincount(sheet[~placed], minlength=len(found)).tolist()
    counts = np.bincount(sheet * 4 + code, minlength=len(found) * 4).reshape(-1, 4)[:, 1:].tolist()
    places = _grouped(cells["cell"], sheet, code == _QUARANTINED)
    reasons = _grouped(cells["reason"], sheet, code != _USED)
    return [
        _Sheet(
            file=str(files.names[key // len(names.names)]),
            name=str(names.names[key % len(names.names)]),
            counts=tuple(counts[number]),
            rows=int(ends[0][number]),
            columns=int(ends[1][number]),
            unplaced=unplaced[number],
            folded=folded[number],
            squares=maps[number],
            quarantined=tuple(places[number].head(_PLACED)) if number in places else (),
            reasons=_reasons(reasons[number]) if number in reasons else "",
        )
        for number, key in enumerate(found.tolist())
    ]


def _maps(
    sheet: np.ndarray, code: np.ndarray, places: tuple[np.ndarray, np.ndarray], ends: tuple[np.ndarray, np.ndarray]
) -> tuple[list[np.ndarray], list[tuple[int, int]]]:
    """Give the map of each sheet, and how many rows and columns stand in one of its squares, which shows the worst of them."""
    by = [-(-end // most) for end, most in zip(ends, (_MOST_LINES, _MOST_SQUARES), strict=True)]
    lines, squares = (-(-end // fold) for end, fold in zip(ends, by, strict=True))
    starts = np.concatenate([[0], np.cumsum(lines * squares)])
    line, square = ((place - 1) // fold[sheet] for place, fold in zip(places, by, strict=True))
    at = starts[sheet] + line * squares[sheet] + square
    drawn = np.zeros(starts[-1], dtype=np.int64)
    for outcome in (_USED, _IGNORED, _QUARANTINED):
        drawn[at[code == outcome]] = outcome
    maps = [part.reshape(high, wide) for part, high, wide in zip(np.split(drawn, starts[1:-1]), lines.tolist(), squares.tolist(), strict=True)]
    return maps, list(zip(by[0].tolist(), by[1].tolist(), strict=True))


def _grouped(column: pd.Series, sheet: np.ndarray, wanted: np.ndarray) -> dict[int, pd.Series]:
    """Give the wanted cells of a column for each sheet that has any."""
    return {int(number): part for number, part in column[wanted].groupby(sheet[wanted])}


def _reasons(column: pd.Series) -> str:
    """Give the commonest reasons with their numbers, and how many others there are."""
    numbers = column.astype(object).value_counts().rename_axis("reason").reset_index(name="cells")
    numbers = numbers.sort_values(["cells", "reason"], ascending=[False, True]).head(_REASONS + 1)
    others = column.nunique() - _REASONS
    said = [f"{reason or 'no reason given'} ({number:,})" for reason, number in zip(numbers["reason"][:_REASONS], numbers["cells"], strict=False)]
    return "; ".join([*said, *([f"{others:,} other reasons" if others > 1 else "one other reason"] if others > 0 else [])])


def _tally(counts: Sequence[int]) -> str:
    return ", ".join(f"{count:,} {outcome}" for count, outcome in zip(counts, _OUTCOMES, strict=True))


def _total(sheets: Sequence[_Sheet]) -> tuple[int, ...]:
    return tuple(sum(sheet.counts[place] for sheet in sheets) for place in range(len(_OUTCOMES)))


def _alternative(sheets: Sequence[_Sheet], totals: Sequence[int]) -> str:
    """Give the whole picture in words; where there are many sheets, those with quarantined cells are named first."""
    named = sorted(sheets, key=lambda sheet: sheet.counts[-1] == 0)[:_NAMED]
    said = [f"{sheet.label}: {sheet.tally}." for sheet in named]
    if others := [sheet for sheet in sheets if sheet not in named]:
        said.append(f"{_counted(len(others), 'other sheet')}: {_tally(_total(others))}.")
    return " ".join(said if len(sheets) == 1 else [f"Cells of {_counted(len(sheets), 'sheet')}: {_tally(totals)}.", *said])


def _table(sheets: Sequence[_Sheet], totals: Sequence[int]) -> pd.DataFrame:
    """Give the figures, a row for each sheet and one for all."""
    rows = [[sheet.label, *(f"{count:,}" for count in sheet.counts), f"{sum(sheet.counts):,}", sheet.reasons] for sheet in sheets]
    if len(rows) > 1:
        rows.append(["All sheets", *(f"{count:,}" for count in totals), f"{sum(totals):,}", ""])
    return pd.DataFrame(rows, columns=["Sheet", *(outcome.capitalize() for outcome in _OUTCOMES), "Cells", "Why not used"])


def _key(totals: Sequence[int]) -> Html:
    """Give what the colours and letters stand for, with how many cells of each there are in all."""
    parts = []
    for outcome, total in zip((_USED, _IGNORED, _QUARANTINED), totals, strict=True):
        swatch = Html('<svg width="{}" height="{}" overflow="visible" aria-hidden="true">{}</svg>').format(
            _SQUARE, _LINE, _drawn(np.array([[outcome]]), _SQUARE, _LINE)
        )
        parts.append(Html("<span>{}{} {}</span>").format(swatch, f"{total:,}", _OUTCOMES[outcome - 1]))
    return Html('<p class="key">{}</p>').format(joined(parts))


def _panel(sheet: _Sheet) -> Html:
    """Give one sheet: its file, where that stands, what became of its cells, its map and how large it is."""
    folder, _, file = sheet.file.rpartition("/")
    where = Html('<p class="panel-note">{}</p>').format(" · ".join(part for part in (folder, sheet.name) if part)) if folder or sheet.name else Html("")
    before, comma, quarantined = sheet.tally.rpartition(", ")
    tally = Html("{}{}<strong>{}</strong>").format(before, comma, quarantined) if sheet.counts[-1] else sheet.tally
    return Html('<div class="panel"><p class="panel-name">{}</p>{}<p class="tally">{}</p>{}<p class="panel-note">{}</p></div>').format(
        file, where, tally, _map(sheet), _size(sheet)
    )


def _size(sheet: _Sheet) -> str:
    """Give how large a sheet is, what one square of its map stands for where that is several cells, and what could not be drawn."""
    down, across = sheet.folded
    several = " by ".join(_counted(number, name) for number, name in ((down, "row"), (across, "column")) if number > 1)
    said = [f"{_counted(sheet.rows, 'row')} by {_counted(sheet.columns, 'column')}"] if sheet.rows else []
    said += [f"1 {'line' if across == 1 else 'square'} = {several}, the worst of them shown"] if several else []
    said += [f"not drawn: {_counted(sheet.unplaced, 'cell')} whose place is not known"] if sheet.unplaced else []
    return "; ".join(said)


def _map(sheet: _Sheet) -> Html:
    """Give the drawing of one sheet."""
    lines, across = sheet.squares.shape
    wide = min(_SQUARE, _WIDTH // across)
    more = sheet.counts[-1] > len(sheet.quarantined)
    places = f"{sheet.counts[-1]:,} cells, the first of them {', '.join(sheet.quarantined)}" if more else ", ".join(sheet.quarantined)
    spoken = f"Map of {sheet.label}: {f'quarantined {places}' if places else 'nothing quarantined'}"
    size = Html('viewBox="0 0 {0} {1}" width="{0}" height="{1}" preserveAspectRatio="xMinYMin" overflow="visible"').format(wide * across, _LINE * lines)
    return Html('<svg class="map" {} role="img" aria-label="{}">{}</svg>').format(size, spoken, _drawn(sheet.squares, wide, _LINE))


def _drawn(squares: np.ndarray, wide: int, high: int) -> Html:
    """Draw a map: its blocks, parted into cells by lines of paper, the outlines of what is quarantined, the letters."""
    lines, across = (int(size) for size in squares.shape)
    found = blocks(squares)
    drawn = []
    for outcome, fill in _FILLS.items():
        path = "".join(
            f"M{block.square * wide} {block.line * high}h{block.squares * wide}v{block.lines * high}h-{block.squares * wide}z"
            for block in found
            if block.outcome == outcome
        )
        drawn.append(f'<path d="{path}" {fill}/>' if path else "")
    drawn.append(_ruled(wide * across, high * lines, high, down=True))
    drawn.append(_ruled(high * lines, wide * across, wide, down=False))
    outlines = "".join(
        f"M{block.square * wide} {block.line * high}h{block.squares * wide - 1}v{block.lines * high - 1}h-{block.squares * wide - 1}z"
        for block in found
        if block.outcome == _QUARANTINED
    )
    drawn.append(f'<path d="{outlines}" fill="none" stroke="{INK}" stroke-width="1.5"/>' if outlines else "")
    return Html("".join([*drawn, *_lettered(letters(squares), wide, high)]))


def _ruled(width: int, length: int, pitch: int, *, down: bool) -> str:
    """Give the lines of paper between cells as the dashes of one broad line, so that they take no more room in a long sheet."""
    path = f"M{width / 2:g} {pitch - 1}V{length}" if down else f"M{pitch - 1} {width / 2:g}H{length}"
    return f'<path d="{path}" stroke="{PAPER}" stroke-width="{width}" stroke-dasharray="1 {pitch - 1}"/>' if length > pitch - 1 else ""


def _lettered(places: Sequence[tuple[int, int, int]], wide: int, high: int) -> Iterator[str]:
    """Give the letters, those of an outcome on a line as one text."""
    yield f'<g fill="{INK}" font-size="{_SIZE}" font-weight="600" text-anchor="middle">'
    for (line, outcome), alike in groupby(sorted((line, outcome, square) for outcome, line, square in places), lambda place: place[:2]):
        across = [f"{square * wide + (wide - 1) / 2:g}" for _, _, square in alike]
        yield f'<text x="{" ".join(across)}" y="{line * high + high / 2 + 3.1:g}">{_LETTERS[outcome] * len(across)}</text>'
    yield "</g>"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _runs(outcomes: list[int]) -> Iterator[tuple[int, int, int]]:
    """Give the runs of one column that are not empty: outcome, first line, number of lines."""
    line = 0
    for outcome, run in groupby(outcomes):
        lines = len(list(run))
        if outcome:
            yield outcome, line, lines
        line += lines
