"""Markup: whatever a return says stays text, and pieces that are already HTML stay HTML."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from markupsafe import Markup

from analysis.markup import Html, joined, paragraphs, slug
from analysis.vocabulary import Band

SCRIPT = "<script>alert(1)</script>"


def test_text_put_into_html_is_escaped() -> None:
    """It makes of a script in a return the letters that were typed."""
    assert Html("<p>{}</p>").format(SCRIPT) == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"


def test_html_put_into_html_stays_html() -> None:
    """It does not escape twice what is already safe."""
    assert Html("<p>{}</p>").format(Html("<b>5</b>")) == "<p><b>5</b></p>"


def test_a_quotation_mark_cannot_leave_an_attribute() -> None:
    """It escapes quotation marks, so that text in an attribute ends where the attribute ends."""
    assert Html('<i title="{}">').format('" onclick="x') == '<i title="&#34; onclick=&#34;x">'


def test_what_is_built_from_html_is_html() -> None:
    """It stays Html through format, adding and joining, so that the next piece is escaped too."""
    assert [type(made) for made in (Html("{}").format("a"), Html("a") + "b", joined(["a"]), paragraphs("a"))] == [Html] * 4
    assert Html("<hr>") + "<" == "<hr>&lt;"


def test_a_notebook_keeps_the_html_once() -> None:
    """It shows itself as HTML, with a short text beside it rather than the whole again."""
    assert Html("<b>5</b>")._repr_mimebundle_() == {"text/html": "<b>5</b>", "text/plain": "(HTML, 8 characters)"}


PARAGRAPHS = {
    "nothing": ("", ""),
    "blank lines only": ("\n  \n", ""),
    "one line": ("One & two", "<p>One &amp; two</p>"),
    "two lines": ("One\nTwo", "<p>One</p><p>Two</p>"),
    "a blank line between": ("One\n\nTwo", "<p>One</p><p>Two</p>"),
    "a list": ("- One\n- Two", "<ul><li>One</li><li>Two</li></ul>"),
    "words, a list, words": ("Done:\n- One\nNext", "<p>Done:</p><ul><li>One</li></ul><p>Next</p>"),
    "a figure below zero is no list": ("-20% on last year", "<p>-20% on last year</p>"),
    "a script": (SCRIPT, "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
    "a script in a list": (f"- {SCRIPT}", "<ul><li>&lt;script&gt;alert(1)&lt;/script&gt;</li></ul>"),
}


@pytest.mark.parametrize(("text", "html"), PARAGRAPHS.values(), ids=PARAGRAPHS)
def test_paragraphs(text: str, html: str) -> None:
    """It gives each line as a paragraph, lines that begin with a dash as a list, all of it escaped."""
    assert paragraphs(text) == html


SLUGS = {
    "spaces and brackets": ("Arts Centre (Capital)", "arts-centre-capital"),
    "already one": ("build-5", "build-5"),
    "signs at the ends": ("  *Build 5*  ", "build-5"),
    "a path": ("../../etc/passwd", "etc-passwd"),
    "a quotation mark and a bracket": ('"><script>', "script"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("text", "made"), SLUGS.values(), ids=SLUGS)
def test_slug(text: str, made: str) -> None:
    """It keeps only small letters, digits and single hyphens."""
    assert slug(text) == made


def test_joining_escapes_what_is_only_text() -> None:
    """It puts pieces after one another and escapes those that are not HTML."""
    assert joined([Html("<hr>"), SCRIPT]) == "<hr>&lt;script&gt;alert(1)&lt;/script&gt;"


def test_joining_nothing_gives_nothing() -> None:
    """It gives empty Html for no pieces."""
    assert joined([]) == Html("")


class Told:
    """Something that says for itself what it is in HTML."""

    def __html__(self) -> str:
        """Give it as HTML."""
        return "<i>told</i>"


@pytest.mark.parametrize(
    ("template", "values"),
    [
        ("<p>{}</p>", ("a < b",)), ("{}{}", (Html("<b>1</b>"), None)), ("{} of {}", (Decimal("1.50"), 3, "left over")), ("{}", (Told(),)), ("{}", (Band.HG,)),
        ("{0} {0}", ("twice",)), ("{{}} {}", ("braces",)), ("{:>4}", ("<",)), ("no place", ("unused",)), ("{!r}", ("<",)),
    ],
)  # fmt: skip
def test_a_template_is_filled_as_markup_fills_it(template: str, values: tuple[Any, ...]) -> None:
    """It gives what the library's own formatter gives, whether the places of the template are plain or not."""
    assert Html(template).format(*values) == Markup(template).format(*values)  # noqa: S704 - templates of this test


def test_a_place_without_a_value_is_an_error() -> None:
    """It does not leave out what a template asks for."""
    with pytest.raises(IndexError):
        Html("{} and {}").format("one")
