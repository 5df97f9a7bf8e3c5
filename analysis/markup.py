"""Text that is already safe HTML, and how anything else becomes so."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape


class Html(Markup):
    """
    Safe HTML that a notebook shows as it is.

    >>> Html("<b>{}</b>").format("<script>")
    Html('<b>&lt;script&gt;</b>')
    """

    def format(self, *args: Any, **kwargs: Any) -> Html:
        """Put values into the places of a template, escaped unless they are HTML; plain places, "{}", are filled without a formatter, which is slower."""
        parts = _between_places(str(self)) if args and not kwargs else None
        if parts is None or len(args) < len(parts) - 1:
            return super().format(*args, **kwargs)
        made = [parts[0]]
        for value, after in zip(args, parts[1:], strict=False):
            made += (escape(value if isinstance(value, Markup) else value.__html__() if hasattr(value, "__html__") else format(value)), after)
        return self.__class__("".join(made))

    def _repr_mimebundle_(self, **_wanted: Any) -> dict[str, str]:
        """Give the HTML once: a notebook would otherwise keep its text beside it."""
        return {"text/html": str(self), "text/plain": f"(HTML, {len(self)} characters)"}


@lru_cache(maxsize=2**10)
def _between_places(template: str) -> tuple[str, ...] | None:
    """Give what stands between the plain places of a template; None where one is not plain."""
    parts = template.split("{}")
    return None if any("{" in part or "}" in part for part in parts) else tuple(parts)


@lru_cache(maxsize=2**15)
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
