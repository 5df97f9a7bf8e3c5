"""A frame to look through: exact figures, the frame's own words for what is not known, all of it text; and a table that stands still elsewhere."""

from __future__ import annotations

import builtins
import os
import sys
from decimal import Decimal
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from browser import Browser
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import exploring, frames
from analysis.exploring import as_words, explore, looked_through, still

LONG = Decimal("0.1000000000000000000000000000000001")
SCRIPT = "<script>alert(1)</script>"


def frame(**columns: list[Any]) -> pd.DataFrame:
    """Give a frame as the workbook's are: objects in every column."""
    return pd.DataFrame(columns, dtype=object)


def test_every_cell_is_shown_as_it_is() -> None:
    """It rounds no figure, writes none with an exponent, and gives words for yes and no."""
    values = [Decimal("1E+3"), Decimal("0.10"), LONG, Decimal("-0"), 12, Fraction(1, 3), True, False, "n/a", "", "1.0"]
    assert as_words(frame(x=values))["x"].tolist() == ["1000", "0.10", str(LONG), "-0", "12", "1/3", "yes", "no", "n/a", "", "1.0"]


def test_what_is_not_known_is_in_the_frames_own_words() -> None:
    """It shows the reason beside a figure, [x] where there is none, and never a number that is not there."""
    shown = as_words(
        frame(actual=[None, float("nan"), pd.NA, pd.NaT, Decimal(0)], actual_reason=["not given", "", None, "baseline", "not given"], target=[None] * 5)
    )
    assert shown["actual"].tolist() == ["not given", "[x]", "[x]", "baseline", "0"]
    assert shown["target"].tolist() == ["[x]"] * 5
    assert shown["actual_reason"].tolist() == ["not given", "", "[x]", "baseline", "not given"]


def test_figures_are_sorted_exactly() -> None:
    """It sorts figures that are one binary number apart from each other, equal ones together, and what is not known at the end."""
    just_above = Decimal("0.1000000000000000000000000000000002")
    shown, how = looked_through(frame(name=["a", "b", "c", "d", "e", "f"], x=[just_above, LONG, None, Decimal(-5), Decimal("0.5"), Decimal("0.50")]))
    assert shown.columns.tolist() == ["name", "x", "place of x, 2"]
    assert shown["place of x, 2"].tolist() == [2, 1, 4, 0, 3, 3]
    (of_x,) = [one for one in how["columnDefs"] if one.get("targets") == 1]
    assert of_x["orderData"] == [2]
    (hidden,) = [one for one in how["columnDefs"] if one["targets"] == [2]]
    assert (hidden["visible"], hidden["searchable"]) == (False, False)


def test_words_are_not_sorted_as_figures() -> None:
    """It takes a column with a word, or of yes and no, or of nothing known, for words."""
    shown, _ = looked_through(frame(x=[Decimal(1), "about two"], y=[True, False], z=[None, None]))
    assert shown.columns.tolist() == ["x", "y", "z"]


def test_every_row_and_column_is_there() -> None:
    """It sets no limit: nothing is left out of what is looked through, and no cell is HTML."""
    _, how = looked_through(frame(x=["a"]))
    assert [how[name] for name in ("maxBytes", "maxRows", "maxColumns", "allow_html", "showIndex")] == [0, 0, 0, False, False]


@pytest.mark.parametrize(("rows", "different", "offered"), [(100, 20, True), (100, 21, False), (20_001, 2, False)])
def test_few_words_are_offered_as_a_list(rows: int, different: int, offered: bool) -> None:
    """It offers a list of the words of a column that has few, unless the frame is large."""
    _, how = looked_through(frame(x=[f"word {number % different}" for number in range(rows)]))
    assert any("searchList" in menu for one in how["columnDefs"] for menu in one.get("columnControl", [])) == offered


# ---------------------------------------------------------------- the table that stands still


def lines(html: str) -> list[list[str]]:
    """Give the cells of each row of a table."""
    return [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in BeautifulSoup(html, "html.parser").tbody.find_all("tr")]


def test_a_page_holds_a_table_that_stands_still() -> None:
    """It shows the same words in a table with a caption and a heading for every row, and explains [x]."""
    table = BeautifulSoup(str(still(frame(measure_id=["Build 5", "Build 6"], actual=[Decimal("97.80"), None]), "Two measures")), "html.parser")
    assert lines(str(table)) == [["Build 5", "97.80"], ["Build 6", "[x]"]]
    assert table.caption.get_text() == "Two measures"
    assert [heading.get_text() for heading in table.find_all("th", scope="col")] == ["measure_id", "actual"]
    assert [heading.get_text() for heading in table.find_all("th", scope="row")] == ["Build 5", "Build 6"]
    assert "[x] not available" in table.get_text()
    assert table.find("script") is None


@pytest.mark.parametrize(("rows", "shown", "said"), [(200, 200, False), (201, 200, True)])
def test_of_many_rows_the_first_stand_on_a_page(rows: int, shown: int, said: bool) -> None:
    """It shows 200 rows, and says so where there are more."""
    html = str(still(frame(x=list(range(rows)))))
    assert len(lines(html)) == shown
    assert ("The first 200 of" in html, "The first 200 of 201 rows." in html) == (said, said)


def test_text_is_text() -> None:
    """It escapes what a return says, in cells, headings and the caption."""
    page = BeautifulSoup(str(still(pd.DataFrame({SCRIPT: [SCRIPT]}), SCRIPT)), "html.parser")
    assert page.find("script") is None
    assert page.get_text().count(SCRIPT) == 3


@pytest.mark.parametrize(
    "odd", [pd.DataFrame(), frame(x=[]), pd.DataFrame([[1, 2]], columns=["a", "a"]), pd.DataFrame({1: [2]}), pd.DataFrame({"row_id": ["a b"]})]
)
def test_odd_frames_are_shown(odd: pd.DataFrame) -> None:
    """It shows a frame without columns or rows, with a name twice, with numbers for names."""
    assert str(still(odd))
    shown, _ = looked_through(odd)
    assert len(shown) == len(odd)
    assert shown.columns.is_unique or not odd.columns.is_unique


CELLS = st.one_of(st.none(), st.text(max_size=5), st.integers(), st.decimals(allow_nan=False), st.booleans(), st.floats())


@given(st.lists(st.tuples(CELLS, CELLS), max_size=20))
@settings(derandomize=True, deadline=None, max_examples=100)
def test_no_cell_is_lost_or_made_up(rows: list[tuple[Any, Any]]) -> None:
    """It gives a text for every cell, reads back to the same figure, is never nan, and leaves the frame as it was."""
    given_ = pd.DataFrame(rows, columns=["a", "b"], dtype=object)
    before = given_.copy(deep=True)
    words, _ = looked_through(given_)
    assert len(words) == len(rows)
    for name in ("a", "b"):
        for value, word in zip(given_[name], words[name], strict=True):
            assert isinstance(word, str)
            assert word == value if isinstance(value, str) else word.casefold() not in ("nan", "none", "<na>", "nat")
            assert not isinstance(value, Decimal) or Decimal(word) == value
    pd.testing.assert_frame_equal(given_, before)


# ---------------------------------------------------------------- where it is shown


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be in a kernel that a Jupyter server has started, with the library there."""
    monkeypatch.setenv("JPY_SESSION_NAME", "notebooks/06_waste.ipynb")
    monkeypatch.setattr(builtins, "get_ipython", type("ZMQInteractiveShell", (), {}), raising=False)
    monkeypatch.setattr(exploring, "find_spec", lambda name: name)


NOT_BY_HAND = {
    "a run in a kernel": lambda patch: patch.delenv("JPY_SESSION_NAME"),
    "a run in this process": lambda patch: patch.setattr(builtins, "get_ipython", type("_Shell", (), {})),
    "no notebook": lambda patch: patch.delattr(builtins, "get_ipython"),
    "no library": lambda patch: patch.setattr(exploring, "find_spec", lambda _: None),
}


@pytest.mark.parametrize("where", NOT_BY_HAND)
@pytest.mark.usefixtures("by_hand")
def test_elsewhere_it_stands_still(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It gives the table that stands still, and never loads the library."""
    monkeypatch.setitem(sys.modules, "itables", None)
    NOT_BY_HAND[where](monkeypatch)
    html = explore(frame(x=["a"]))._repr_html_()
    assert lines(html) == [["a"]]
    assert "<script" not in html


@pytest.mark.usefixtures("by_hand")
def test_the_library_itself_shows_it(tmp_path: Path, browser: Browser) -> None:
    """It finds, sorts and filters in a browser, exactly, without a request to anywhere and with no cell run as HTML."""
    if not find_spec("itables"):
        (pytest.fail if os.environ.get("CI", "").casefold() == "true" else pytest.skip)("no itables here: it is in the extra `lab`")
    of = frame(
        name=[f"m{n}" for n in range(30)],
        band=["HR", "LG", ""] * 10,
        x=[Decimal(f"0.{'0' * 20}{30 - n:02d}") for n in range(29)] + [None],
        x_reason=[SCRIPT] * 30,
    )
    page = tmp_path / "page.html"
    page.write_text(f"<!DOCTYPE html><meta charset=utf-8><body>{explore(of)._repr_html_()}", encoding="utf-8")
    browser.open(page, 1200)
    browser.evaluate("new Promise(done => { const wait = () => document.querySelector('.dt-info') ? done() : setTimeout(wait, 20); wait(); })")
    cells = "[...document.querySelectorAll('tbody tr')].map(row => [...row.cells].map(cell => cell.textContent))"
    assert browser.evaluate(cells)[0] == ["m0", "HR", "0.0000000000000000000030", SCRIPT]
    browser.evaluate("document.querySelector('thead th[data-dt-column=\"2\"] button').click()")
    assert [row[0] for row in browser.evaluate(cells)][:3] == ["m28", "m27", "m26"]
    assert browser.evaluate("document.querySelector('.dt-info').textContent") == "Showing 1 to 10 of 30 entries"
    browser.evaluate("(box => { box.value = 'm2'; box.dispatchEvent(new Event('input', {bubbles: true})); })(document.querySelector('.dt-search input'))")
    browser.evaluate("new Promise(done => setTimeout(done, 600))")
    assert "of 11 entries" in browser.evaluate("document.querySelector('.dt-info').textContent")
    assert [address for address in browser.requests() if not address.startswith(("file:", "blob:", "data:"))] == []
    assert browser.complaints() == []


def test_a_frame_of_the_workbook_is_shown() -> None:
    """It shows every column of a frame that keeps its contract."""
    made = frames.make([{"quarter": "2016-17-Q2", "measure_id": "Build 5", "actual": Decimal("97.8"), "actual_reason": ""}], frames.SCORES)
    (row,) = as_words(made).to_dict("records")
    assert (row["actual"], row["target"], row["measure_id"]) == ("97.8", "[x]", "Build 5")
