"""A notebook as a page: written as nbconvert's parser writes it, whether the parser is asked or not."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from reports_by_hand import report

from analysis.reports import page
from analysis.reports.report import Report
from analysis.reports.rewritten import rewritten

WORDS = st.sampled_from(
    ["", " ", "\n ", "\t", "Red", "It&#39;s", "1 &lt; 2", "a > b", "&amp;#39;", "&#34;four&quot;", "50&nbsp;%", "&#8217;", "¶ &#182;", "R & D", " \u00a0"]
)
NAMES = st.sampled_from(["p", "b", "TD", "pre", "svg", "path", "br", "meta", "br/", "path/", "img", "li"])
ATTRIBUTES = st.sampled_from(
    ["", ' class=" a  b "', ' title="x" id="y"', ' viewBox="0 0 1 1"', ' hidden', ' aria-label="say &#34;it&#34;"', ' aria-label="&#34;it&#39;s&#34;"', ' alt="a > b"',
     " id='one'", " id=two", ' id="1" id="2"', ' charset="latin-1"', ' data-a="&lt;&copy;"', ' href="#a&amp;b"']
)  # fmt: skip


@st.composite
def pieces(draw: st.DrawFn, deep: int = 3) -> str:
    """Give words and elements, most of them as pages have them, some as no page should."""
    made = draw(WORDS)
    for _ in range(draw(st.integers(0, 3)) if deep else 0):
        name, attributes = draw(NAMES), draw(ATTRIBUTES)
        if name.endswith("/") or name in {"br", "meta", "img"}:
            made += f"<{name.rstrip('/')}{attributes}{'/' if name.endswith('/') else ''}>"
        else:
            made += f"<{name}{attributes}>{draw(pieces(deep - 1))}</{name}>"
        made += draw(WORDS)
    return made


def parsed(html: str) -> str:
    """Give a page as nbconvert's parser reads it and writes it again."""
    return str(BeautifulSoup(html, "html.parser"))


@given(html=pieces())
def test_what_is_rewritten_is_what_the_parser_writes(html: str) -> None:
    """It gives the same characters as the parser, or leaves the page to it."""
    assert rewritten(html) in (None, parsed(html))


@pytest.mark.parametrize(
    "html",
    [
        "<!DOCTYPE html>\n<html lang='en'>".replace("'", '"') + "<p>One</p></html>",
        '<p class="b  a" title="x">It&#39;s <b>4 &gt; 3</b><br></p>\n \n<ul><li>&#34;One&#34;</li> <li>\u00a0</li></ul>',
        '<svg viewBox="0 0 1 1"><path d="M0 0"/><circle r="1"></circle></svg><meta charset="utf-8"><pre>  \n</pre>',
        '<script>if (1 < 2 && "a") {}</script><style>p > a {color: red}</style><p aria-label="say &#34;it&#34;">a > b</p>',
    ],
)
def test_plain_pages_need_no_parser(html: str) -> None:
    """It writes what pages are made of by itself, as the parser writes it."""
    assert rewritten(html) == parsed(html)


@pytest.mark.parametrize(
    "html",
    [
        "<p>never closed", "<b><i>crossed</b></i>", "</p>", '<p id="a" id="b">twice</p>', "<p id=bare>x</p>", "<!-- a comment -->", '<img src="data:,"/>', "<p>caf&eacute;</p>",
        "<p>R & D</p>", '<meta charset="latin-1">', "<script>a</b></script>", "1 < 2",
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_the_parser(html: str) -> None:
    """It does not guess at ends that are missing, attributes that stand twice, comments, or entities that pages are not made of."""
    assert rewritten(html) is None


def notebook(*shown: str) -> Any:
    """Give an executed notebook whose cells show HTML."""
    outputs = [nbformat.v4.new_output("execute_result", data={"text/html": html, "text/plain": ""}, execution_count=1) for html in shown]
    cells = [nbformat.v4.new_code_cell("reports.body(report)", outputs=[output], execution_count=1) for output in outputs]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# One & two"), *cells])


ABOUT = {
    "language": "en-GB",
    "title": "A title",
    "css": "p > a {}",
    "script": "1 < 2",
    "script_hash": "x",
    "running": "",
    "is_report": True,
    "partnership": "Northmoor's",
}


@pytest.mark.parametrize("shown", ["<p title='a' class='c'>It's</p>", '<p title="a" class="c">It&#39;s</p>', "<p>open <b>and crossed</p></b>"])
def test_a_page_is_what_nbconvert_exports(shown: str) -> None:
    """It gives the bytes of nbconvert's own export, whether the page is plain, oddly quoted or badly nested."""
    expected, _ = page._exporter().from_notebook_node(notebook(shown), resources={"page": ABOUT})
    assert page._exported(notebook(shown), ABOUT) == expected


def test_one_page_leaves_nothing_to_the_next() -> None:
    """It gives a page the same bytes whatever was rendered before it by the same exporter."""
    alone = page._exported(notebook("<p>One</p>"), ABOUT)
    page._exported(notebook("<p>open", "<p>Two</p>"), ABOUT | {"title": "Another", "is_report": False})
    assert page._exported(notebook("<p>One</p>"), ABOUT) == alone


# ---------------------------------------------------------------- what is made of a report once


def counted(made_of: Report) -> list[float]:
    """Give something new each time that it is made."""
    return [random.random()]  # noqa: S311 - only to be told apart


def test_what_is_made_of_a_report_is_made_once() -> None:
    """It gives the same thing whenever it is asked for, also to a section that is shown alone."""
    one = report()
    assert one.once(counted) is one.once(counted)
    assert one.section_alone().once(counted) is one.once(counted)
    assert (one.whole, one.section_alone().whole) == (True, False)


def test_another_report_is_made_of_its_own() -> None:
    """It keeps nothing for a report of another quarter or for another audience, which sees other figures."""
    one = report(scores=[{"measure_id": "B1", "quarter": "2016-17-Q2"}, {"measure_id": "B1", "quarter": "2016-17-Q1"}])
    assert one.now("scores")["quarter"].tolist() == ["2016-17-Q2"]
    earlier = replace(one, quarter="2016-17-Q1")
    assert earlier.now("scores")["quarter"].tolist() == ["2016-17-Q1"]
    assert replace(one, kept={}).now("scores").empty
    assert earlier.once(counted) is not one.once(counted)
