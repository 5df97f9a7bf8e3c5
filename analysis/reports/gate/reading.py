"""A page as a tree of elements, read once, its drawings, scripts and style sheets set apart: what the looks of the gate look at."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html import unescape
from html.parser import HTMLParser
from itertools import chain
from typing import NamedTuple

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
_QUOTED = r"(?:\"[^\"]*\"|'[^']*'|[^>\"'])*"
_APART = re.compile(rf"<!--.*?-->|<(style|script|svg)\b{_QUOTED}>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_OPENING = re.compile(rf"<\w+{_QUOTED}>")
_PIECES = re.compile(r"(<[^<>]*>)")
_PLAIN = re.compile(r"<([a-zA-Z][a-zA-Z0-9:-]*)((?:\s+[a-zA-Z_:][\w:.-]*(?:=(?:\"[^\"]*\"|'[^']*'))?)*)\s*(/?)>")
_ENDING = re.compile(r"</([a-zA-Z][a-zA-Z0-9:-]*)\s*>")
_ATTRIBUTE = re.compile(r"\s([a-zA-Z_:][\w:.-]*)(?:=(?:\"([^\"]*)\"|'([^']*)'))?")
_NAMES = re.compile(rf"<(title|desc)\b{_QUOTED}>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_SHOWN = 40


class Element:
    """One element of a page: its tag, what it has, what it stands in and what stands in it."""

    __slots__ = ("_told", "has", "parent", "parts", "source", "tag")

    def __init__(self, tag: str, has: dict[str, str], parent: Element | None) -> None:
        """Begin it with nothing inside."""
        self.tag, self.has, self.parent = tag, has, parent
        self.parts: list[Element | str] = []
        self.source = ""
        self._told: dict[bool, str] = {}

    @property
    def children(self) -> list[Element]:
        """The elements that stand directly in it."""
        return [part for part in self.parts if not isinstance(part, str)]

    def below(self) -> list[Element]:
        """Give every element in it, however deep, in the order of the page."""
        found: list[Element] = []
        waiting = self.children[::-1]
        while waiting:
            element = waiting.pop()
            found.append(element)
            waiting += [part for part in reversed(element.parts) if not isinstance(part, str)]
        return found

    def above(self) -> Iterator[Element]:
        """Give every element that it stands in, the nearest first."""
        up = self.parent
        while up is not None:
            yield up
            up = up.parent

    def words(self, *, drawings: bool = False) -> str:
        """Give the text in it with white space folded, that of drawings only where asked for; ask when all of it is read."""
        if drawings not in self._told:
            found: list[str] = []
            _gather(self, found, drawings)
            self._told[drawings] = " ".join("".join(found).split())
        return self._told[drawings]

    def forget(self) -> None:
        """Forget the text in it, which was asked for before all of it was read."""
        self._told = {}

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
        found = [self._by_tag[tag] for tag in tags if tag in self._by_tag]
        return [element for _, element in (found[0] if len(found) == 1 else sorted(chain(*found), key=lambda placed: placed[0]))]

    @cached_property
    def _by_tag(self) -> dict[str, list[tuple[int, Element]]]:
        found: dict[str, list[tuple[int, Element]]] = defaultdict(list)
        for place, element in enumerate(self.elements):
            found[element.tag].append((place, element))
        return dict(found)


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
    reader = _plainly(short, html) or _parsed(short, html)
    page = reader.page
    page.scripts, page.styles = scripts, styles
    page.faults += [f"{element} is not closed: write </{element.tag}>" for element in reader.open[1:]]
    for element, source in zip(page.tagged("svg"), drawings, strict=False):
        element.source = source
    return page


def _parsed(short: str, html: str) -> _Reader:
    """Read what stands outside drawings, scripts and style sheets with the parser, which takes whatever comes."""
    reader = _Reader(Page(html, Element("", {}, None)))
    reader.feed(short)
    reader.close()
    return reader


def _plainly(short: str, html: str) -> _Reader | None:
    """Read the same tag by tag, several times as quickly, where every tag is plain; None where one is not."""
    reader = _Reader(Page(html, Element("", {}, None)))
    pieces = _PIECES.split(short)
    for place, piece in enumerate(pieces):
        if not place % 2:
            if "<" in piece:
                return None
            if piece:
                reader.handle_data(unescape(piece) if "&" in piece else piece)
        elif piece[1] == "/":
            if not (name := _ended(piece)):
                return None
            reader.handle_endtag(name)
        elif piece != "<!DOCTYPE html>":
            begun = _begun(piece)
            if begun is None or (begun.tag in _WORDS_ONLY and pieces[place + 2 : place + 3] != [f"</{begun.tag}>"]):
                return None
            (reader.handle_startendtag if begun.ends else reader.handle_starttag)(begun.tag, begun.has)
    return reader


class _Begun(NamedTuple):
    """What a tag begins, what it has, and whether it ends there too."""

    tag: str
    has: list[tuple[str, str | None]]
    ends: bool


_WORDS_ONLY = ("script", "style", "title")
"""Elements in which parsers look for no tags, or did not always: nothing but words may stand in them."""
_UNREAD = frozenset(["xmp", "iframe", "noembed", "noframes", "plaintext", "noscript", "textarea"])


@lru_cache(maxsize=2**12)
def _ended(piece: str) -> str:
    """Give what an end tag ends; nothing where only the parser can tell."""
    found = _ENDING.fullmatch(piece)
    return "" if found is None or found[1].lower() in _UNREAD else found[1].lower()


@lru_cache(maxsize=2**15)
def _begun(piece: str) -> _Begun | None:
    """Give what a tag begins; None where only the parser can tell."""
    found = _PLAIN.fullmatch(piece)
    if found is None or (tag := found[1].lower()) in _UNREAD or (found[3] and tag in _WORDS_ONLY):
        return None
    return _Begun(tag, [(name.lower(), unescape(one or other)) for name, one, other in _ATTRIBUTE.findall(found[2])], bool(found[3]))


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page, self.open = page, [page.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in reversed(attrs)}, self.open[-1])
        if len(element.has) < len(attrs):
            self.page.faults.append(f"{element} says one of its attributes twice: only the first counts")
            element.forget()
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
