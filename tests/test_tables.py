"""Tables: a caption, a scope for each heading, units, words beside colours, and nothing from a return as markup."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from analysis import tables
from analysis.markup import Html
from analysis.tables import NUMBERS, Column
from analysis.vocabulary import Band

SCRIPT = "<script>alert(1)</script>"
COLUMNS = [Column("what", "Project"), Column("spent", "Spent", NUMBERS, "pounds", "pounds")]


def frame(*rows: tuple[object, ...]) -> pd.DataFrame:
    """Give rows of what, spent and place."""
    return pd.DataFrame([[*row, "Round 1"][:3] for row in rows], columns=["what", "spent", "place"], dtype=object)


def table(of: pd.DataFrame, columns: list[Column] = COLUMNS, **more: Any) -> ET.Element:
    """Give a table as a tree, which it can only be if every tag in it is closed and every text in it is escaped."""
    given = {"caption": "Grant, Q1 2011/12", "source": "Returns", "row_heading": "what"} | more
    return ET.fromstring(f"<div>{tables.table(of, columns, **given)}</div>")  # noqa: S314 - our own markup


def texts(tree: ET.Element, path: str) -> list[str]:
    """Give the text of every element on a path."""
    return ["".join(found.itertext()) for found in tree.findall(path)]


# ---------------------------------------------------------------- structure


def test_a_table_has_its_caption_once() -> None:
    """It has one caption, which also names the region that scrolls, and that region can be reached by keyboard."""
    tree = table(frame(("Green Gyms", Decimal(5))))
    assert texts(tree, ".//caption") == ["Grant, Q1 2011/12"]
    region = tree.find(".//*[@role='region']")
    assert region is not None
    assert (region.get("aria-label"), region.get("tabindex")) == ("Grant, Q1 2011/12", "0")


def test_every_heading_has_a_scope() -> None:
    """It gives each th its scope: columns, the row's name, and the group's."""
    tree = table(frame(("Green Gyms", Decimal(5))), group_by="place")
    assert [cell.get("scope") for cell in tree.iter("th")] == ["col", "col", "rowgroup", "row"]


def test_the_row_heading_is_the_column_that_names_the_row() -> None:
    """It makes the named column the heading of its row, wherever it stands."""
    tree = table(frame(("Green Gyms", Decimal(5))), list(reversed(COLUMNS)))
    assert texts(tree, ".//tbody/tr/th") == ["Green Gyms"]
    assert texts(tree, ".//tbody/tr/td") == ["£5.00"]


def test_the_unit_stands_in_the_heading() -> None:
    """It prints the unit under the heading of a column that has one, and only there."""
    tree = table(frame(("Green Gyms", Decimal(5))))
    assert texts(tree, ".//thead//th") == ["Project", "Spentpounds"]
    assert texts(tree, ".//thead//span[@class='unit']") == ["pounds"]


def test_a_cell_knows_its_heading_for_narrow_screens() -> None:
    """It repeats the column's label on each cell."""
    tree = table(frame(("Green Gyms", Decimal(5))))
    assert [cell.get("data-label") for cell in tree.findall(".//tbody/tr/*")] == ["Project", "Spent"]


def test_a_table_of_no_rows_has_its_headings() -> None:
    """It gives an empty body under the headings for a frame without rows."""
    tree = table(frame())
    assert (texts(tree, ".//thead//th"), texts(tree, ".//tbody/tr")) == (["Project", "Spentpounds"], [])


# ---------------------------------------------------------------- figures

FIGURES = {
    "pounds to the penny": (Decimal(8000), "pounds", "£8,000.00"),
    "pounds below zero": (Decimal("-941.5"), "pounds", "\u2212£941.50"),
    "percent": (Decimal("98.5"), "percent", "98.5%"),
    "a whole number": (1234, "number", "1,234"),
    "zero is a figure": (Decimal(0), "number", "0"),
    "missing is no zero": (None, "number", ""),
    "words": ("not known", "number", "not known"),
}


@pytest.mark.parametrize(("value", "unit", "text"), FIGURES.values(), ids=FIGURES)
def test_a_figure_is_shown_in_its_unit(value: object, unit: str, text: str) -> None:
    """It prints exact figures in their unit, and leaves a cell without a figure empty rather than zero."""
    tree = table(frame(("Green Gyms", value)), [COLUMNS[0], Column("spent", "Spent", NUMBERS, unit)])
    assert texts(tree, ".//tbody/tr/td") == [text]


def test_a_column_may_say_what_its_cells_hold() -> None:
    """It shows what `show` makes of the row, HTML as HTML and figures in the column's unit."""
    columns = [
        COLUMNS[0],
        Column("spent", "Spent", NUMBERS, "pounds", show=lambda row: row["spent"] * 2),
        Column("x", "Note", show=lambda _: Html("<b>due</b>")),
    ]
    tree = table(frame(("Green Gyms", Decimal(5))), columns)
    assert texts(tree, ".//tbody/tr/td") == ["£10.00", "due"]
    assert texts(tree, ".//tbody//b") == ["due"]


# ---------------------------------------------------------------- groups


def test_groups_have_headings_with_the_number_of_rows() -> None:
    """It opens each group with a heading over the whole width that says how many rows it has."""
    tree = table(frame(("A", None, "Round 1"), ("B", None, "Round 1"), ("C", None, "Round 2")), group_by="place")
    assert texts(tree, ".//tbody/tr") == ["Round 1 2 rows", "A", "B", "Round 2 1 row", "C"]
    assert [cell.get("colspan") for cell in tree.findall(".//tr[@class='group']/th")] == ["2", "2"]


# ---------------------------------------------------------------- below the table


def test_the_source_stands_below() -> None:
    """It ends with notes first and the source last."""
    assert texts(table(frame(("A", None)), notes=["Capital only."]), ".//ul/li") == ["Capital only.", "Source: Returns."]


def test_shorthand_is_explained_where_it_is_used() -> None:
    """It explains each shorthand used in the table once, and no other."""
    tree = table(frame(("A", "[x]"), ("B", "[x]"), ("C", "[f] £5")))
    assert texts(tree, ".//ul/li") == ["[x] not available", "[f] forecast", "Source: Returns."]


def test_shorthand_that_is_not_used_is_not_explained() -> None:
    """It says nothing of shorthand where the table has none."""
    assert texts(table(frame(("A", "5"))), ".//ul/li") == ["Source: Returns."]


# ---------------------------------------------------------------- text from returns


def test_a_script_in_a_return_is_text_everywhere() -> None:
    """It escapes text in cells, row headings, groups, captions, labels, units, notes and the source."""
    columns = [Column("what", SCRIPT), Column("spent", "Spent", NUMBERS, "pounds", SCRIPT)]
    tree = table(frame((SCRIPT, SCRIPT, SCRIPT)), columns, caption=SCRIPT, source=SCRIPT, notes=[SCRIPT], group_by="place")
    assert list(tree.iter("script")) == []
    assert texts(tree, ".//tbody/tr") == [f"{SCRIPT} 1 row", SCRIPT * 2]
    assert texts(tree, ".//caption") == [SCRIPT]


def test_a_quotation_mark_in_a_return_stays_in_its_attribute() -> None:
    """It adds no attribute that a caption or a label tries to smuggle in."""
    tree = table(frame(("A", "5")), [Column("what", '" onclick="x'), COLUMNS[1]], caption='" onclick="x')
    assert [cell.attrib for cell in tree.iter() if "onclick" in cell.attrib] == []


def test_the_id_of_a_row_is_only_letters_and_digits() -> None:
    """It makes an id of whatever names the row, and none where nothing does."""
    tree = table(frame(("A", "5"), ("B", "6")).assign(row_id=['Green "Gyms" <1>', ""]))
    assert [row.get("id") for row in tree.findall(".//tbody/tr")] == ["green-gyms-1", None]


# ---------------------------------------------------------------- bands


def shape(band: str) -> str:
    """Give the shape of a band without its colours, as a black and white printer gives it: only filled or not."""
    return re.sub(r'"#(?!FFFFFF)[0-9A-F]{6}"', '"ink"', tables.mark(band))


@pytest.mark.parametrize("style", ["five bands", "three bands"])
def test_band_marks_differ_without_colour(style: str) -> None:
    """It draws a shape for each band of a policy that differs from the others in black and white, and one for no score."""
    bands = ["HG", "LG", "A", "LR", "HR", ""] if style == "five bands" else ["G", "A", "HR", ""]
    assert len({shape(band) for band in bands}) == len(bands)


@pytest.mark.parametrize("band", [*Band, ""])
def test_a_mark_is_hidden_from_screen_readers(band: str) -> None:
    """It leaves reading to the word beside it, and takes no place in the order of the keyboard."""
    tree = ET.fromstring(tables.mark(band))  # noqa: S314 - our own markup
    assert tree.get("aria-hidden") == "true"


BADGES = {"HG": "High Green", "LG": "Low Green", "G": "Green", "A": "Amber", "LR": "Low Red", "HR": "High Red"}


@pytest.mark.parametrize(("band", "words"), BADGES.items(), ids=BADGES)
def test_a_badge_says_its_band_in_words(band: str, words: str) -> None:
    """It has the band's name beside its shape, and is loud only for the reds."""
    tree = ET.fromstring(tables.badge(band))  # noqa: S314 - our own markup
    assert "".join(tree.itertext()) == words
    assert tree.find("svg") is not None
    assert ("loud" in str(tree.get("class"))) is words.endswith("Red")


UNSCORED = {"no reason": ("", "Not scored"), "a reason": ("no target", "no target"), "a script for a reason": (SCRIPT, SCRIPT)}


@pytest.mark.parametrize(("reason", "words"), UNSCORED.values(), ids=UNSCORED)
def test_a_badge_without_a_band_says_why(reason: str, words: str) -> None:
    """It says the reason where nothing was scored, as text."""
    assert "".join(ET.fromstring(tables.badge("", reason)).itertext()) == words  # noqa: S314 - our own markup
