"""Shapes of bands drawn once a page, and rows of tables that name their figure."""

from __future__ import annotations

import pandas as pd
import pytest
from bs4 import BeautifulSoup, Tag

from analysis import tables
from analysis.tables import Column
from analysis.vocabulary import Band

PAGE = "<html><head></head><body class='x'>{}</body></html>"


def read(html: str) -> Tag:
    """Give HTML as something to look in."""
    return BeautifulSoup(html, "html.parser")


def test_each_shape_is_drawn_once_and_used_where_it_stood() -> None:
    """It draws each different shape once, and has every mark in its place use it."""
    marks = [tables.mark(band) for band in ("HR", "A", "HR", "", "HG", "A")]
    page = read(tables.marks_once(PAGE.format("".join(f"<p>{mark}</p>" for mark in marks))))
    assert [str(found["id"]) for found in page.select("svg.shapes g")] == ["mark-0", "mark-1", "mark-2", "mark-3"]
    assert [found.use["href"] for found in page.select("p svg")] == ["#mark-0", "#mark-1", "#mark-0", "#mark-2", "#mark-3", "#mark-1"]


@pytest.mark.parametrize("band", [*Band, ""])
def test_a_shape_is_kept_to_the_letter(band: str) -> None:
    """It moves the drawing of every band as it is, and keeps what the mark says to screen readers: nothing."""
    mark = read(str(tables.mark(band))).svg
    page = read(tables.marks_once(PAGE.format(tables.mark(band))))
    shape, used = page.select_one("svg.shapes g"), page.select_one("svg.mark")
    assert shape is not None
    assert used is not None
    assert shape.decode_contents() == mark.decode_contents()
    assert ({name: used[name] for name in mark.attrs}, page.select_one("svg.shapes")["aria-hidden"]) == ({name: mark[name] for name in mark.attrs}, "true")


def test_shapes_stand_at_the_head_of_the_body_once() -> None:
    """It puts the shapes first in the body, whatever the body is called, and once."""
    html = tables.marks_once(PAGE.format(f"{tables.mark('A')}<pre>&lt;body&gt;</pre>"))
    assert html.count('<svg class="shapes"') == 1
    assert html.startswith("<html><head></head><body class='x'><svg class=\"shapes\"")


def test_other_drawings_and_pages_without_marks_are_left_alone() -> None:
    """It touches no other drawing, and adds nothing to a page without marks."""
    html = PAGE.format('<svg class="chart"><rect/></svg>')
    assert tables.marks_once(html) == html
    assert '<svg class="chart"><rect/></svg>' in tables.marks_once(PAGE.format(f'<svg class="chart"><rect/></svg>{tables.mark("A")}'))


def test_a_mark_whose_attributes_stand_in_another_order_is_found() -> None:
    """It finds marks after nbconvert has put their attributes in order."""
    html = str(tables.mark("HR")).replace(
        '<svg class="mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">',
        '<svg aria-hidden="true" class="mark" height="16" viewBox="0 0 16 16" width="16">',
    )
    assert html.startswith("<svg aria-hidden")
    assert '<use href="#mark-0"/>' in tables.marks_once(PAGE.format(html))


FRAME = pd.DataFrame({"what": ["One", "Two"], "row_id": ["2016-17-Q2.build-5", ""], "row_figure": ['2016-17-Q2."<5>', ""]})


def rows(kind: str) -> list[Tag]:
    """Give the rows of a table of a kind."""
    made = tables.table(FRAME, [Column("what", "A & B")], caption="C", source="s", row_heading="what", kind=kind)
    return read(str(made)).tbody.find_all("tr")


def test_a_row_names_its_figure_as_text() -> None:
    """It puts the figure on the row that has one, escaped, and nothing on the other."""
    first, second = rows("plain")
    assert (first["id"], first["data-figure"]) == ("2016-17-q2-build-5", '2016-17-Q2."<5>')
    assert second.attrs == {}


@pytest.mark.parametrize(("kind", "labelled"), [("receipts", False), ("receipts headlines", False), ("scorecard", True), ("", True), ("my receipts", True)])
def test_receipts_leave_labels_to_the_style(kind: str, labelled: bool) -> None:
    """It labels each cell for a phone, but in tables of receipts, which the style sheet labels."""
    assert [cell.get("data-label") for row in rows(kind) for cell in row.find_all("th")] == ["A & B" if labelled else None] * 2
