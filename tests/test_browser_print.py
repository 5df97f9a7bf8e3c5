"""Reports on paper: A4 landscape, the summary on the first sheet, and every table to its last row and column."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from browser import Browser
from conftest import Run
from pypdf import PdfReader

A4_LANDSCAPE = (842, 595)
"""In points, to the nearest."""

LAST_ROWS = """document.querySelectorAll('.hidden').forEach(part => { part.style.display = 'none'; });
[...document.querySelectorAll('table')].filter(table => table.checkVisibility() && table.tBodies.length).map(table => {
  const rows = [...table.tBodies[table.tBodies.length - 1].rows].filter(row => row.checkVisibility());
  return [table.caption ? table.caption.textContent : '', rows.length ? [...rows[rows.length - 1].cells].filter(cell => cell.checkVisibility()).map(cell => cell.innerText) : []];
})"""
"""Of each table that is on paper: its caption, and the words of each cell of its last row that the style sheet prints, without those that are for screen readers only."""


class Paper(NamedTuple):
    """A printed page: the size and the words of each sheet, and what the last rows of its tables hold."""

    sizes: list[tuple[int, int]]
    sheets: list[str]
    last_rows: list[tuple[str, list[str]]]


def on_paper(browser: Browser, page: Path) -> Paper:
    """Print a page and read what is on the paper."""
    browser.open(page, 1280)
    sheets = PdfReader(io.BytesIO(browser.printed())).pages
    browser.ask("Emulation.setEmulatedMedia", media="print")
    last_rows = [(caption, cells) for caption, cells in browser.evaluate(LAST_ROWS)]
    return Paper([(round(sheet.mediabox.width), round(sheet.mediabox.height)) for sheet in sheets], [sheet.extract_text() for sheet in sheets], last_rows)


def bare(text: str) -> str:
    """Give a text without white space and hyphens, which lines on paper begin and end with."""
    return re.sub(r"[\s\u00ad\u200b]", "", text)


def missing(paper: Paper) -> list[str]:
    """Give the cells of last rows that are not on the paper, in words."""
    whole = bare("".join(paper.sheets))
    return [f"{caption}: {cell!r}" for caption, cells in paper.last_rows for cell in cells if any(bare(line) not in whole for line in cell.split("\n"))]


PAGES = [
    ("published", "chief-executives.html"),
    ("published", "joint-analysis-group.html"),
    ("published_grant", "board.html"),
    ("published_grant", "claim-pack.html"),
    ("published_recession", "chief-executives.html"),
    ("published", "index.html"),
]


@pytest.fixture(scope="module")
def printed(request: pytest.FixtureRequest, browser: Browser) -> Callable[[str, str], Paper]:
    """Give what gives a page of a run on paper, printed once."""

    @cache
    def of(name: str, page: str) -> Paper:
        run: Run = request.getfixturevalue(name)
        return on_paper(browser, run.folder / page)

    return of


@pytest.mark.parametrize(("name", "page"), PAGES)
def test_every_sheet_is_a4_landscape(printed: Callable[[str, str], Paper], name: str, page: str) -> None:
    """It prints on A4, the long side across, from the first sheet to the last."""
    assert set(printed(name, page).sizes) == {A4_LANDSCAPE}


@pytest.mark.parametrize(("name", "page"), PAGES)
def test_no_column_is_cut_off(printed: Callable[[str, str], Paper], name: str, page: str) -> None:
    """It prints every cell of the last row of each table."""
    assert [caption for caption, cells in printed(name, page).last_rows if cells]
    assert missing(printed(name, page)) == []


@pytest.mark.parametrize(("name", "page"), PAGES)
def test_no_sheet_is_bare(printed: Callable[[str, str], Paper], name: str, page: str) -> None:
    """It prints something on every sheet, in ink that a reader of text finds."""
    assert [number for number, text in enumerate(printed(name, page).sheets, start=1) if not bare(text)] == []


@pytest.mark.parametrize(("name", "page"), [case for case in PAGES if case[1] != "index.html"])
def test_the_first_sheet_holds_the_summary(
    printed: Callable[[str, str], Paper], browser: Browser, name: str, page: str, request: pytest.FixtureRequest
) -> None:
    """It has the title and the message of the page on the first sheet."""
    first = bare(printed(name, page).sheets[0])
    run: Run = request.getfixturevalue(name)
    browser.open(run.folder / page, 1280)
    said = browser.evaluate("['h1', 'h2', '.lead'].map(part => (document.querySelector('main ' + part) || document.body).innerText)")
    assert [words for words in said if bare(words) not in first] == []


HTML = (
    '<!DOCTYPE html><html lang="en"><head><title>T</title><style>@page{{size:{}}}{}</style></head><body><table><caption>C</caption>'
    "<tbody><tr><th>a</th><td>b</td></tr><tr><th>first</th><td>second</td><td><div class='far'>third</div></td></tr></tbody></table></body></html>"
)


def test_a_cut_off_column_is_caught(browser: Browser, tmp_path: Path) -> None:
    """It misses what is beyond the edge of the paper, in a page made so, and sees what paper is asked for."""
    page = tmp_path / "paper.html"
    page.write_text(HTML.format("A4 landscape", ""), encoding="utf-8")
    good = on_paper(browser, page)
    assert (good.sizes, missing(good)) == ([A4_LANDSCAPE], [])
    page.write_text(HTML.format("A4 portrait", "table{display:block;overflow:hidden;width:300px}.far{margin-left:900px}"), encoding="utf-8")
    bad = on_paper(browser, page)
    assert (set(bad.sizes), missing(bad)) == ({A4_LANDSCAPE[::-1]}, ["C: 'third'"])
