"""A page as a tree of elements, read once, its drawings, scripts and style sheets set apart: what the looks of the gate look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
_QUOTED = r"(?:\"[^\"]*\"|'[^']*'|[^>\"'])*"
_APART = re.compile(rf"<!--.*?-->|<(style|script|svg)\b{_QUOTED}>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_OPENING = re.compile(rf"<\w+{_QUOTED}>")
_NAMES = re.compile(rf"<(title|desc)\b{_QUOTED}>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_SHOWN = 40


class Element:
    """One element of a page: its tag, what it has, what it stands in and what stands in it."""

    __slots__ = ("has", "parent", "parts", "source", "tag")

    def __init__(self, tag: str, has: dict[str, str], parent: Element | None) -> None:
        """Begin it with nothing inside."""
        self.tag, self.has, self.parent = tag, has, parent
        self.parts: list[Element | str] = []
        self.source = ""

    @property
    def children(self) -> list[Element]:
        """The elements that stand directly in it."""
        return [part for part in self.parts if isinstance(part, Element)]

    def below(self) -> list[Element]:
        """Give every element in it, however deep, in the order of the page."""
        found: list[Element] = []
        for child in self.children:
            found.append(child)
            found += child.below()
        return found

    def above(self) -> Iterator[Element]:
        """Give every element that it stands in, the nearest first."""
        up = self.parent
        while up is not None:
            yield up
            up = up.parent

    def words(self, *, drawings: bool = False) -> str:
        """Give the text in it with white space folded, that of drawings only where asked for."""
        found: list[str] = []
        _gather(self, found, drawings)
        return " ".join("".join(found).split())

    def __str__(self) -> str:
        """Give it as a fault names it: its tag, id or class, and first words."""
        own = f' id="{self.has["id"]}"' if "id" in self.has else f' class="{self.has["class"]}"' if "class" in self.has else ""
        text = self.words(drawings=True)
        return f"<{self.tag}{own}>" + (f' "{text[:_SHOWN].rstrip()}{"…" if len(text) > _SHOWN else ""}"' if text else "")


def _gather(element: Element, found: list[str], drawings: bool) -> None:
    for part in element.parts:
        if isinstance(part, str):
            found.append(part)
        elif part.tag != "svg" or (drawings and part.has.get("aria-hidden") != "true"):
            between = " " if part.tag in _APART_IN_TEXT else ""
            found.append(between)
            _gather(part, found, drawings)
            found.append(between)


_APART_IN_TEXT = frozenset(
    [
        "p",
        "div",
        "td",
        "th",
        "tr",
        "li",
        "dt",
        "dd",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "br",
        "figcaption",
        "caption",
        "title",
        "desc",
        "summary",
        "section",
        "article",
        "header",
        "footer",
        "text",
    ]
)
"""Elements whose words do not run into those beside them."""


@dataclass
class Page:
    """A page as it was read."""

    html: str
    root: Element
    elements: list[Element] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """What is wrong with its markup as such: parts that are left open, and ends without a beginning."""

    def tagged(self, *tags: str) -> list[Element]:
        """Give the elements of some tags in the order of the page."""
        return [element for element in self.elements if element.tag in tags]


def read(html: str) -> Page:
    """
    Give a page as a tree.

    Of a drawing only its title and description are read as elements; its whole source is kept beside it.

    >>> [str(element) for element in read("<p id='a'>One <b>two</b></p>").elements]
    ['<p id="a"> "One two"', '<b> "two"']
    """
    scripts: list[str] = []
    styles: list[str] = []
    drawings: list[str] = []

    def apart(found: re.Match[str]) -> str:
        kind = (found[1] or "").casefold()
        if not kind:
            return ""
        opening = _OPENING.match(found[0])
        head = opening[0] if opening else f"<{kind}>"
        if kind == "svg":
            drawings.append(found[0])
            return head + "".join(name[0] for name in _NAMES.finditer(found[0])) + "</svg>"
        (scripts if kind == "script" else styles).append(found[0][len(head) : found[0].rindex("</")])
        return f"{head}</{kind}>"

    short = _APART.sub(apart, html)
    page = Page(html, Element("", {}, None), scripts=scripts, styles=styles)
    reader = _Reader(page)
    reader.feed(short)
    reader.close()
    page.faults += [f"{element} is not closed: write </{element.tag}>" for element in reader.open[1:]]
    for element, source in zip(page.tagged("svg"), drawings, strict=False):
        element.source = source
    return page


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page, self.open = page, [page.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in reversed(attrs)}, self.open[-1])
        if len(element.has) < len(attrs):
            self.page.faults.append(f"{element} says one of its attributes twice: only the first counts")
        self.open[-1].parts.append(element)
        self.page.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1].tag == tag:
            self.open.pop()
        elif tag in {element.tag for element in self.open}:
            while (left := self.open.pop()).tag != tag:
                self.page.faults.append(f"{left} is not closed before </{tag}>: close it")
        else:
            self.page.faults.append(f"</{tag}> closes nothing: take it out")

    def handle_data(self, data: str) -> None:
        self.open[-1].parts.append(data)
