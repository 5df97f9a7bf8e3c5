"""The coverage maps: every cell stands in its place with its own outcome, lettered, counted, and nothing is lost on the way into the picture."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis import charts, cleansing, frames, reference, returns
from analysis.charts.coverage import Block, blocks, letters
from analysis.markup import Html
from analysis.vocabulary import Outcome

REAL = Path(__file__).resolve().parents[1] / "data"
SCRIPT = "<script>alert(1)</script>"
SAID = {"title": "Every cell is accounted for", "subtitle": "Each square is a cell", "source": "the files as received"}
USED, IGNORED, QUARANTINED = "#12436D", "#8A9299", "#F46A25"
OUTCOMES = {"U": "used", "I": "ignored", "Q": "quarantined"}
CODES = {"U": 1, "I": 2, "Q": 3, ".": 0}
COLUMNS = ["file", "sheet", "row", "column", "cell", "outcome", "reason"]
HEADS = ["Sheet", "Used", "Ignored", "Quarantined", "Cells", "Why not used"]
SCORECARD = ("I...", "....", "UUUU", "UU.Q", "UU.Q", "....", "U..I")
"""A title, headings, two rows with a gap and what could not be read, and below them a word and another title."""


def frame(*sheets: tuple[str, ...], files: tuple[str, ...] = ("one/a.csv", "one/b.csv", "one/c.csv"), name: str = "", reason: str = "title") -> pd.DataFrame:
    """Give the cells of sheets that are written as rows of letters, a dot for an empty cell."""
    rows = [
        [file, name, row, column, f"{chr(64 + column)}{row}", OUTCOMES[letter], "" if letter == "U" else reason]
        for file, sheet in zip(files, sheets, strict=False)
        for row, line in enumerate(sheet, 1)
        for column, letter in enumerate(line, 1)
        if letter != "."
    ]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"row": "Int64", "column": "Int64"})


def squares(*lines: str) -> np.ndarray:
    """Give a map's squares, written as lines of letters."""
    return np.array([[CODES[letter] for letter in line] for line in lines])


def drawn(cells: pd.DataFrame, **said: str) -> Html:
    """Draw cells."""
    return charts.coverage(cells, **SAID | said)


@cache
def tree(*lines: str) -> ET.Element:
    """Draw one sheet, written as rows of letters, and give the figure as a tree."""
    return parsed(drawn(frame(lines)))


def parsed(html: Html) -> ET.Element:
    """Give a figure as a tree."""
    return ET.fromstring(str(html))  # noqa: S314 - our own markup


def maps(found: ET.Element) -> list[ET.Element]:
    """Give the maps of a figure."""
    return [svg for svg in found.iter("svg") if svg.get("class") == "map"]


def rectangles(svg: ET.Element, colour: str) -> list[tuple[int, ...]]:
    """Give the rectangles of a colour, in pixels: across, down, width, height."""
    paths = "".join(str(path.get("d")) for path in svg.iter("path") if path.get("fill") == colour)
    found = [tuple(map(int, part)) for part in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-(\d+)z", paths)]
    assert [part[2] for part in found] == [part[4] for part in found]
    return [part[:4] for part in found]


def places(svg: ET.Element, wide: int) -> list[tuple[str, int, int]]:
    """Give the squares that a map draws, as outcome, row and column from 1, one for each time it is drawn."""
    return [
        (outcome, down // 12 + line + 1, across // wide + square + 1)
        for outcome, colour in (("used", USED), ("ignored", IGNORED), ("quarantined", QUARANTINED))
        for across, down, width, height in rectangles(svg, colour)
        for line in range(height // 12)
        for square in range(width // wide)
    ]


def written(svg: ET.Element, wide: int) -> set[tuple[str, int, int]]:
    """Give the letters of a map with the row and column, from 1, of the square in which each stands."""
    return {
        (letter, int(float(str(text.get("y"))) // 12) + 1, int(float(across) // wide) + 1)
        for text in svg.iter("text")
        for letter, across in zip(str(text.text), str(text.get("x")).split(), strict=True)
    }


def words(part: ET.Element, kind: str) -> list[str]:
    """Give the text of each part of a class."""
    return ["".join(found.itertext()) for found in part.iter() if found.get("class") == kind]


def figures(found: ET.Element) -> list[list[str]]:
    """Give the table under the maps."""
    return [["".join(cell.itertext()) for cell in row] for row in found.iter("tr")]


@st.composite
def sheets(draw: st.DrawFn, most_rows: int = 9, most_columns: int = 7) -> tuple[str, ...]:
    """Make up a small sheet that holds something in its last row and column, or anywhere."""
    wide = draw(st.integers(1, most_columns))
    return tuple(draw(st.lists(st.text("UIQ.", min_size=wide, max_size=wide), min_size=1, max_size=most_rows)))


# ---------------------------------------------------------------- rectangles


CUT = {
    "one cell": (("U",), [(1, 0, 0, 1, 1)]),
    "nothing": (("..", ".."), []),
    "a block": (("UU", "UU", "UU"), [(1, 0, 0, 3, 2)]),
    "two outcomes beside each other": (("UI", "UI"), [(1, 0, 0, 2, 1), (2, 0, 1, 2, 1)]),
    "a gap in a column": (("U", ".", "U"), [(1, 0, 0, 1, 1), (1, 2, 0, 1, 1)]),
    "a gap in a row": (("U.U",), [(1, 0, 0, 1, 1), (1, 0, 2, 1, 1)]),
    "columns of other lengths": (("UUU", "UU."), [(1, 0, 0, 2, 2), (1, 0, 2, 1, 1)]),
    "columns that begin elsewhere": (("U.", "UU"), [(1, 0, 0, 2, 1), (1, 1, 1, 1, 1)]),
    "equal columns apart": (("UQU",), [(1, 0, 0, 1, 1), (3, 0, 1, 1, 1), (1, 0, 2, 1, 1)]),
    "the same length and other outcomes": (("UI", "UI", ".."), [(1, 0, 0, 2, 1), (2, 0, 1, 2, 1)]),
    "a scorecard": (SCORECARD, [(2, 0, 0, 1, 1), (1, 2, 0, 3, 2), (1, 2, 2, 1, 2), (3, 3, 3, 2, 1), (1, 6, 0, 1, 1), (2, 6, 3, 1, 1)]),
}


@pytest.mark.parametrize(("lines", "expected"), CUT.values(), ids=CUT)
def test_cells_of_one_outcome_are_cut_into_rectangles(lines: tuple[str, ...], expected: list[tuple[int, ...]]) -> None:
    """It joins runs down a column with equal runs in the columns beside it, and nothing else."""
    assert blocks(squares(*lines)) == [Block(*block) for block in expected]


@given(lines=sheets())
def test_rectangles_cover_each_cell_once_and_no_empty_one(lines: tuple[str, ...]) -> None:
    """It paints every square exactly once in its own outcome, whatever the sheet, and leaves the empty ones alone."""
    given_squares = squares(*lines)
    painted, times = np.zeros_like(given_squares), np.zeros_like(given_squares)
    for block in blocks(given_squares):
        area = (slice(block.line, block.line + block.lines), slice(block.square, block.square + block.squares))
        painted[area] = block.outcome
        times[area] += 1
    assert painted.tolist() == given_squares.tolist()
    assert times.tolist() == (given_squares > 0).astype(int).tolist()


@settings(deadline=None)
@given(lines=sheets(most_rows=6, most_columns=5))
def test_the_picture_holds_every_cell_of_the_frame(lines: tuple[str, ...]) -> None:
    """It draws each cell once, in its row, its column and its outcome's colour, and nothing else."""
    cells = frame(lines)
    found = maps(parsed(drawn(cells)))
    expected = sorted(zip(cells["outcome"], cells["row"], cells["column"], strict=True))
    assert sorted(place for svg in found for place in places(svg, 20)) == expected


def test_cells_are_drawn_where_they_stand() -> None:
    """It draws squares of 20 by 12 from the first row and column on: B3 and B4 are one rectangle, 20 across and 24 down."""
    (svg,) = maps(tree("...", "...", ".U.", ".UQ"))
    assert (rectangles(svg, USED), rectangles(svg, QUARANTINED)) == ([(20, 24, 20, 24)], [(40, 36, 20, 12)])
    assert (svg.get("width"), svg.get("height"), svg.get("viewBox")) == ("60", "48", "0 0 60 48")


def test_cells_are_parted_by_lines_of_paper() -> None:
    """It rules each map with a line of one pixel at the end of every row of 12 and column of 20."""
    (svg,) = maps(tree("UUU", "UUU"))
    ruled = [(path.get("d"), path.get("stroke-width"), path.get("stroke-dasharray")) for path in svg.iter("path") if path.get("stroke") == "#FFFFFF"]
    assert ruled == [("M30 11V24", "60", "1 11"), ("M19 12H60", "24", "1 19")]


# ---------------------------------------------------------------- letters


LETTERED = {
    "one cell": (("Q",), ["Q11"]),
    "a block once, in its first cell": (("UU", "UU"), ["U11"]),
    "what touches by a side": (("UU.", ".UU"), ["U11"]),
    "what touches by a corner only": (("U.", ".U"), ["U11", "U22"]),
    "a block round a gap": (("UUU", "U.U", "UUU"), ["U11"]),
    "a block that meets itself below": (("U.U", "UUU"), ["U11"]),
    "a run of one": (("UIU",), ["U11", "I12", "U13"]),
    "ignored cells once": (("II", "I."), ["I11"]),
    "each quarantined cell": (("QQ", "QU"), ["Q11", "Q12", "Q21", "U22"]),
    "a scorecard": (SCORECARD, ["I11", "U31", "Q44", "Q54", "U71", "I74"]),
}


@pytest.mark.parametrize(("lines", "expected"), LETTERED.values(), ids=LETTERED)
def test_every_block_is_lettered(lines: tuple[str, ...], expected: list[str]) -> None:
    """It letters all that touch once, in the first square as one reads, and each quarantined cell."""
    assert [f"{'UIQ'[outcome - 1]}{line + 1}{square + 1}" for outcome, line, square in letters(squares(*lines))] == expected
    assert written(maps(tree(*lines))[0], 20) == {(place[0], int(place[1]), int(place[2])) for place in expected}


def together(lines: tuple[str, ...]) -> set[tuple[str, frozenset[tuple[int, int]]]]:
    """Give the squares of each letter that hang together, found by joining neighbours until nothing changes."""
    groups = {(down, right): {(down, right)} for down, line in enumerate(lines) for right, letter in enumerate(line) if letter != "."}
    for place in list(groups):
        for near in ((place[0] + 1, place[1]), (place[0], place[1] + 1)):
            if near in groups and lines[place[0]][place[1]] == lines[near[0]][near[1]]:
                joint = groups[place] | groups[near]
                groups |= dict.fromkeys(joint, joint)
    return {(lines[place[0]][place[1]], frozenset(group)) for place, group in groups.items()}


@given(lines=sheets())
def test_no_cell_is_known_by_colour_alone(lines: tuple[str, ...]) -> None:
    """It puts one letter, its own, into all that hangs together, and one into each quarantined cell, whatever the sheet."""
    found = letters(squares(*lines))
    assert len(found) == len(set(found))
    assert all("UIQ"[outcome - 1] == lines[line][square] for outcome, line, square in found)
    at = {(line, square) for _, line, square in found}
    assert {len(at & group) - (len(group) if letter == "Q" else 1) for letter, group in together(lines)} <= {0}


def test_letters_can_be_read() -> None:
    """It writes them in ink, at 12 pixels, inside the square and in the middle of it."""
    (svg,) = maps(tree("U..", "..Q"))
    (group,) = svg.iter("g")
    assert (group.get("fill"), group.get("font-size"), group.get("text-anchor")) == ("#0B0C0C", "12", "middle")
    assert [(text.text, text.get("x"), text.get("y")) for text in group] == [("U", "9.5", "9.1"), ("Q", "49.5", "21.1")]


def test_quarantined_cells_stand_out_without_colour() -> None:
    """It outlines them in ink, those that touch together, and outlines nothing else."""
    (svg,) = maps(tree("UUI", "UQQ"))
    assert [(path.get("d"), path.get("stroke-width")) for path in svg.iter("path") if path.get("stroke") == "#0B0C0C"] == [("M20 12h39v11h-39z", "1.5")]
    (quiet,) = maps(tree("UUI"))
    assert [path for path in quiet.iter("path") if path.get("stroke") == "#0B0C0C"] == []


def test_what_is_used_is_quiet() -> None:
    """It paints used cells in the blue of data, thinned, so that they are lighter than those that are ignored."""
    fills = {path.get("fill"): path.get("fill-opacity") for path in maps(tree("UIQ"))[0].iter("path") if path.get("fill", "none") != "none"}
    assert fills == {USED: ".3", IGNORED: None, QUARANTINED: None}


# ---------------------------------------------------------------- sheets that are too long or too broad


def folded(rows: int, columns: int, **worse: str) -> ET.Element:
    """Draw a full sheet whose cells are used, but for those named by address."""
    addresses = [(row, column, f"R{row}C{column}") for row in range(1, rows + 1) for column in range(1, columns + 1)]
    cells = pd.DataFrame([["a.csv", "", row, column, cell, worse.get(cell, "used"), ""] for row, column, cell in addresses], columns=COLUMNS)
    return parsed(drawn(cells))


def test_a_sheet_of_sixty_rows_is_drawn_row_by_row() -> None:
    """It gives each of sixty rows its line, and says no more than how many there are."""
    found = folded(60, 1)
    assert (maps(found)[0].get("height"), words(found, "panel-note")) == ("720", ["60 rows by 1 column"])


def test_a_longer_sheet_has_several_rows_to_a_line() -> None:
    """It puts two rows of 61 on a line, three of 121, and says so; the last line has what is left."""
    found = folded(61, 1)
    assert (maps(found)[0].get("height"), words(found, "panel-note")) == ("372", ["61 rows by 1 column; 1 line = 2 rows, the worst of them shown"])
    assert "1 line = 3 rows" in words(folded(121, 1), "panel-note")[0]
    assert words(found, "tally") == ["61 used, 0 ignored, 0 quarantined"]


def test_a_line_shows_the_worst_of_its_rows() -> None:
    """It shows what is quarantined before what is ignored, that before what is used, each in its own column, and counts them all."""
    worse = {"R1C1": "ignored", "R2C1": "quarantined", "R3C2": "ignored", "R6C1": "quarantined", "R5C1": "ignored"}
    found = folded(61, 2, **worse)
    drawn_places = {(line, square): outcome for outcome, line, square in places(maps(found)[0], 20)}
    assert {place: outcome for place, outcome in drawn_places.items() if outcome != "used"} == {(1, 1): "quarantined", (2, 2): "ignored", (3, 1): "quarantined"}
    assert len(drawn_places) == 62
    assert words(found, "tally") == ["117 used, 3 ignored, 2 quarantined"]


def test_a_line_is_empty_where_all_its_rows_are() -> None:
    """It leaves paper where two rows that share a line are empty, and paints a line of which one row holds something."""
    sheet = ["U"] + ["."] * 3 + ["U"] + ["."] * 55 + ["U"]
    (svg,) = maps(tree(*sheet))
    assert {line for _, line, _ in places(svg, 20)} == {1, 3, 31}


def test_twenty_columns_stand_side_by_side_and_more_share_a_square() -> None:
    """It draws twenty columns 12 pixels broad, two of 21 in a square of 20, and says what a square stands for."""
    found = folded(1, 20)
    assert (maps(found)[0].get("width"), words(found, "panel-note")) == ("240", ["1 row by 20 columns"])
    found = folded(1, 21, R1C21="quarantined", R1C2="ignored")
    assert words(found, "panel-note") == ["1 row by 21 columns; 1 square = 2 columns, the worst of them shown"]
    assert {(outcome, square) for outcome, _, square in places(maps(found)[0], 20) if outcome != "used"} == {("ignored", 1), ("quarantined", 11)}
    assert words(folded(61, 41), "panel-note") == ["61 rows by 41 columns; 1 square = 2 rows by 3 columns, the worst of them shown"]


@pytest.mark.parametrize("columns", [1, 7, 12, 13, 17, 20, 21, 100, 16_384])
def test_no_map_is_wider_than_a_phone(columns: int) -> None:
    """It is at most 240 pixels wide and each square at least 12, however broad the sheet."""
    cells = pd.DataFrame([["a.csv", "", 1, columns, "A1", "used", ""]], columns=COLUMNS)
    (svg,) = maps(parsed(drawn(cells)))
    ((_, _, width, _),) = rectangles(svg, USED)
    assert int(str(svg.get("width"))) <= 240
    assert 12 <= width <= 20


def test_a_sheet_of_a_hundred_thousand_rows_is_a_small_picture() -> None:
    """It draws 800,000 cells in 60 lines and a few kilobytes, and the one that is quarantined, in row 54,321, on line 33."""
    rows = np.repeat(np.arange(1, 100_001), 8)
    cells = pd.DataFrame({"file": "a.csv", "sheet": "", "row": rows, "column": np.tile(np.arange(1, 9), 100_000), "cell": "X", "outcome": "used", "reason": ""})
    cells.loc[(cells["row"] == 54_321) & (cells["column"] == 3), ["cell", "outcome"]] = ["C54321", "quarantined"]
    html = drawn(cells)
    (svg,) = maps(parsed(html))
    assert [place for place in places(svg, 20) if place[0] == "quarantined"] == [("quarantined", 33, 3)]  # 1,667 rows a line; 32 × 1,667 is 53,344
    assert svg.get("aria-label") == "Map of a.csv: quarantined C54321"
    assert "799,999 used, 0 ignored, 1 quarantined" in html
    assert len(html) < 5_000


def test_the_worst_of_sheets_is_bounded() -> None:
    """It takes less than 60 kB where no two neighbours of a full map are alike."""
    board = tuple("".join("QI"[(line + square) % 2] for square in range(20)) for line in range(60))
    assert len(drawn(frame(board))) < 60_000


# ---------------------------------------------------------------- names and numbers


def test_each_sheet_is_named_and_counted() -> None:
    """It names each by its file, then folder and sheet, and says how many of its cells are used, ignored and quarantined."""
    cells = pd.concat([frame(SCORECARD, files=("council/board.xlsx",), name="Scorecard"), frame(("UI",), files=("plain.csv",))])
    found = parsed(drawn(cells))
    assert words(found, "panel-name") == ["board.xlsx", "plain.csv"]
    assert words(found, "panel-note") == ["council · Scorecard", "7 rows by 4 columns", "1 row by 2 columns"]
    assert words(found, "tally") == ["9 used, 2 ignored, 2 quarantined", "1 used, 1 ignored, 0 quarantined"]


def test_sheets_keep_apart_and_in_order() -> None:
    """It draws a map for each sheet of a file and each file of a sheet's name, in the order in which they first come, even where their cells are mixed."""
    parts = [
        frame((letters_of,), files=(file,), name=name) for file, name, letters_of in (("b.xlsx", "Two", "U"), ("a.xlsx", "Two", "UI"), ("b.xlsx", "One", "UIQ"))
    ]
    cells = pd.concat([*(part.iloc[:1] for part in parts), *(part.iloc[1:] for part in parts)], ignore_index=True)
    found = parsed(drawn(cells))
    assert [row[0] for row in figures(found)] == ["Sheet", "b.xlsx, Two", "a.xlsx, Two", "b.xlsx, One", "All sheets"]
    assert [len(places(svg, 20)) for svg in maps(found)] == [1, 2, 3]


def test_quarantined_cells_are_told_loudly() -> None:
    """It sets their number in bold, where there are any."""
    loud = [strong.text for strong in tree("UQ").iter("strong")]
    assert (loud, list(tree("UI").iter("strong"))) == (["1 quarantined"], [])


def test_the_key_says_what_the_letters_mean_and_counts_all_sheets() -> None:
    """It shows each colour with its letter, its word and the number of its cells in all."""
    (key,) = [part for part in parsed(drawn(frame(SCORECARD, ("UI", "UQ")))).iter("p") if part.get("class") == "key"]
    assert ["".join(part.itertext()) for part in key] == ["U11 used", "I3 ignored", "Q3 quarantined"]


def test_the_figures_are_given_as_a_table() -> None:
    """It gives each sheet and all of them: used, ignored, quarantined, cells, and why cells were not used."""
    assert figures(parsed(drawn(frame(SCORECARD, ("UU",))))) == [
        HEADS,
        ["one/a.csv", "9", "2", "2", "13", "title (4)"],
        ["one/b.csv", "2", "0", "0", "2", ""],
        ["All sheets", "11", "2", "2", "15", ""],
    ]


def test_one_sheet_needs_no_total() -> None:
    """It gives the figures of a sheet that is alone once."""
    assert figures(tree("U")) == [HEADS, ["one/a.csv", "1", "0", "0", "1", ""]]


REASONS = {
    "commonest first": (["b", "a", "b", ""], "b (2); no reason given (1); a (1)"),
    "three": (["a", "b", "c"], "a (1); b (1); c (1)"),
    "four": (["d", "b", "c", "a"], "a (1); b (1); c (1); one other reason"),
    "many": ([*"abcdef", "f"], "f (2); a (1); b (1); 3 other reasons"),
}


@pytest.mark.parametrize(("given_reasons", "expected"), REASONS.values(), ids=REASONS)
def test_the_table_says_why_cells_were_not_used(given_reasons: list[str], expected: str) -> None:
    """It gives the three commonest reasons with their numbers, and how many others there are."""
    cells = frame(("Q" * len(given_reasons),)).assign(reason=given_reasons)
    assert figures(parsed(drawn(cells)))[1][-1] == expected


@settings(deadline=None, max_examples=40)
@given(made=st.lists(sheets(), min_size=1, max_size=3))
def test_the_numbers_are_those_of_the_frame(made: list[tuple[str, ...]]) -> None:
    """It says for every sheet, and for all, as many of each as the frame holds, whatever the sheets."""
    cells = frame(*made)
    expected = {str(file): [int((part["outcome"] == outcome).sum()) for outcome in OUTCOMES.values()] for file, part in cells.groupby("file", sort=False)}
    found = parsed(drawn(cells))
    assert {row[0]: [int(cell) for cell in row[1:4]] for row in figures(found)[1:] if row[0] != "All sheets"} == expected
    assert words(found, "tally") == [f"{used} used, {ignored} ignored, {held} quarantined" for used, ignored, held in expected.values()]
    total = [sum(numbers) for numbers in zip(*expected.values(), strict=True)] or [0, 0, 0]
    assert words(found, "key") == [f"U{total[0]} usedI{total[1]} ignoredQ{total[2]} quarantined"]


# ---------------------------------------------------------------- for those who cannot see it


def test_the_picture_is_told_in_words() -> None:
    """It says how many cells of each sheet, and of all, became what."""
    assert words(parsed(drawn(frame(SCORECARD, ("UU",)))), "hidden") == [
        "Cells of 2 sheets: 11 used, 2 ignored, 2 quarantined. one/a.csv: 9 used, 2 ignored, 2 quarantined. one/b.csv: 2 used, 0 ignored, 0 quarantined."
    ]
    assert words(tree("UI"), "hidden") == ["one/a.csv: 1 used, 1 ignored, 0 quarantined."]


def test_words_that_are_given_are_used() -> None:
    """It takes the caller's words instead of its own."""
    assert words(parsed(drawn(frame(("U",)), alt="One cell.")), "hidden") == ["One cell."]


def test_many_sheets_are_told_in_bounded_words() -> None:
    """It names twelve of fourteen, first of all the one with a quarantined cell, and adds up the other two."""
    files = tuple(f"{number}.csv" for number in range(14))
    (text,) = words(parsed(drawn(frame(*[("UI",)] * 13, ("Q",), files=files))), "hidden")
    assert text.startswith("Cells of 14 sheets: 13 used, 13 ignored, 1 quarantined. 13.csv: 0 used, 0 ignored, 1 quarantined. 0.csv: 1 used")
    assert text.endswith("10.csv: 1 used, 1 ignored, 0 quarantined. 2 other sheets: 2 used, 2 ignored, 0 quarantined.")


def test_each_map_says_where_cells_are_quarantined() -> None:
    """It is an image named by its sheet and its first eight quarantined cells, and how many there are."""
    found = {name: maps(parsed(drawn(frame(lines, name="Data"))))[0] for name, lines in {"none": ("UI",), "two": ("UQ", "Q"), "ten": ("Q" * 10,)}.items()}
    assert {svg.get("role") for svg in found.values()} == {"img"}
    assert {name: str(svg.get("aria-label")) for name, svg in found.items()} == {
        "none": "Map of one/a.csv, Data: nothing quarantined",
        "two": "Map of one/a.csv, Data: quarantined B1, A2",
        "ten": "Map of one/a.csv, Data: quarantined 10 cells, the first of them A1, B1, C1, D1, E1, F1, G1, H1",
    }


def test_the_key_is_not_read_as_a_picture() -> None:
    """It hides the small drawings beside the words, which say the same."""
    (key,) = [part for part in tree("U").iter("p") if part.get("class") == "key"]
    assert [svg.get("aria-hidden") for svg in key.iter("svg")] == ["true"] * 3


def test_a_map_needs_no_style_sheet() -> None:
    """It has its colours in itself, and no id or style to clash with another's."""
    found = maps(parsed(drawn(frame(SCORECARD))))
    assert [name for svg in found for part in svg.iter() for name in part.attrib if name in {"id", "style"}] == []


def test_text_from_returns_is_escaped() -> None:
    """It shows markup in names, addresses and reasons as the text that it is."""
    cells = frame(("Q",), files=(f"{SCRIPT}/{SCRIPT}.csv",), name=SCRIPT, reason=SCRIPT).assign(cell=SCRIPT)
    html = drawn(cells, title=SCRIPT, subtitle=SCRIPT, source=SCRIPT)
    assert "<script" not in html
    assert words(parsed(html), "panel-name") == ["script>.csv"]  # what follows the last stroke is the file
    assert words(parsed(drawn(cells, alt=SCRIPT)), "hidden") == [SCRIPT]


# ---------------------------------------------------------------- what it is given


def test_no_cells_can_be_drawn() -> None:
    """It gives a key of noughts, no map and a table of headings."""
    found = parsed(drawn(frame()))
    assert (maps(found), figures(found), words(found, "hidden")) == ([], [HEADS], ["Cells of 0 sheets: 0 used, 0 ignored, 0 quarantined."])


@pytest.mark.parametrize("kind", ["text", "categories", "outcomes", "odd index"])
def test_the_same_cells_give_the_same_picture(kind: str) -> None:
    """It does not matter how the frame holds its text, or what its index is."""
    cells = frame(SCORECARD, ("UI", "UQ"))
    held = {
        "text": cells.copy(),
        "categories": cells.astype({"file": "category", "sheet": "category", "outcome": "category", "reason": "category"}),
        "outcomes": cells.assign(outcome=[Outcome(name) for name in cells["outcome"]]),
        "odd index": cells.set_axis([7] * len(cells)),
    }
    assert drawn(held[kind]) == drawn(cells)


def test_cells_of_the_contract_are_taken() -> None:
    """It takes a frame of cells as the workbook makes it, also with columns that it does not need."""
    cells = frames.make([row | {"quarter": "2016-17-Q2"} for row in frames.rows(frame(SCORECARD))], frames.CELLS)
    assert drawn(cells) == drawn(frame(SCORECARD))


def test_the_frame_is_left_as_it_was() -> None:
    """It changes nothing of what it is given."""
    cells = frame(SCORECARD, ("UI", "UQ"))
    before = cells.copy(deep=True)
    drawn(cells)
    assert_frame_equal(cells, before)


def test_a_map_is_drawn_the_same_every_time() -> None:
    """It gives the same bytes for the same cells."""
    assert drawn(frame(SCORECARD, ("UQ",))).encode() == drawn(frame(SCORECARD, ("UQ",))).encode()


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "an outcome that is none": ({"outcome": ["used", "lost"]}, "used, ignored or quarantined, not 'lost'"),
    "several quarters": ({"quarter": ["2016-17-Q2", "2016-17-Q1"]}, r"one quarter's cells, not of several \(2016-17-Q1, 2016-17-Q2\)"),
}


@pytest.mark.parametrize(("wrong", "message"), WRONG.values(), ids=WRONG)
def test_a_cell_that_cannot_be_drawn_is_told(wrong: dict[str, Any], message: str) -> None:
    """It loses no cell silently: it says what is wrong with it."""
    with pytest.raises(ValueError, match=message):
        drawn(frame(("UU",)).assign(**wrong))


@pytest.mark.parametrize("wrong", [{"row": [1, 1, 0]}, {"column": [1, 2, 0]}, {"row": [1, 1, None]}, {"column": [1, 2, None]}, {"row": [1, 1, -3]}], ids=str)
def test_a_cell_whose_place_is_not_known_is_counted_and_told(wrong: dict[str, Any]) -> None:
    """It draws the others, counts it in all numbers, and says that it is not drawn."""
    cells = frame(("UIQ",)).assign(**{name: pd.array(column, dtype="Int64") for name, column in wrong.items()})
    found = parsed(drawn(cells))
    assert sorted(place for svg in maps(found) for place in places(svg, 20)) == [("ignored", 1, 2), ("used", 1, 1)]
    assert words(found, "tally") == ["1 used, 1 ignored, 1 quarantined"]
    assert words(found, "panel-note")[-1] == "1 row by 2 columns; not drawn: 1 cell whose place is not known"


def test_a_sheet_of_which_no_place_is_known_is_told() -> None:
    """It draws nothing, and says how many cells are not drawn, beside a sheet that is drawn as ever."""
    cells = frame(("UI",), ("QU",))
    cells.loc[cells["file"] == "one/a.csv", "row"] = pd.NA
    found = parsed(drawn(cells))
    assert [len(places(svg, 20)) for svg in maps(found)] == [0, 2]
    assert words(found, "panel-note")[1::2] == ["not drawn: 2 cells whose place is not known", "1 row by 2 columns"]


# ---------------------------------------------------------------- real quarters


@pytest.mark.parametrize("quarter", ["2009-10-Q3", "2011-12-Q2", "2016-17-Q2"])
def test_the_maps_of_a_real_quarter_hold_all_its_cells_and_are_small(quarter: str) -> None:
    """It draws every cell of the quarter's files once, in less than 60 kB."""
    read = returns.read(REAL, (quarter,))
    cells = cleansing.build(read.cells, read.entries, reference.load(REAL)).cells
    html = drawn(cells)
    found = maps(parsed(html))
    number = [
        len(places(svg, min(20, 240 // int(part["column"].max())))) for svg, (_, part) in zip(found, cells.groupby(["file", "sheet"], sort=False), strict=True)
    ]
    assert number == cells.groupby(["file", "sheet"], sort=False).size().tolist()
    assert len(html.encode()) < 60_000
