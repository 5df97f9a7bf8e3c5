"""Text that is already safe HTML, and how anything else becomes so."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup, escape


class Html(Markup):
    """
    Safe HTML that a notebook shows as it is.

    >>> Html("<b>{}</b>").format("<script>")
    Html('<b>&lt;script&gt;</b>')
    """

    def _repr_mimebundle_(self, **_wanted: Any) -> dict[str, str]:
        """Give the HTML once: a notebook would otherwise keep its text beside it."""
        return {"text/html": str(self), "text/plain": f"(HTML, {len(self)} characters)"}


def slug(text: str) -> str:
    """
    Give the part of an id or address that stands for a text.

    >>> slug("Arts Centre (Capital)")
    'arts-centre-capital'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")


def paragraphs(text: str) -> Html:
    """
    Give text from a return as escaped HTML paragraphs, its "- " lines as a list.

    >>> paragraphs("One & two")
    Html('<p>One &amp; two</p>')
    """
    blocks: list[str] = []
    items: list[str] = []
    for line in [*text.split("\n"), ""]:
        if line.startswith("- "):
            items.append(f"<li>{escape(line[2:])}</li>")
            continue
        if items:
            blocks.append(f"<ul>{''.join(items)}</ul>")
            items = []
        if line.strip():
            blocks.append(f"<p>{escape(line)}</p>")
    return Html("".join(blocks))


def joined(parts: list[Any]) -> Html:
    """
    Put pieces of HTML after one another, escaping those that are plain text.

    >>> joined([Html("<hr>"), "a < b"])
    Html('<hr>a &lt; b')
    """
    return Html("").join(parts)
