"""The looks at what stands in a page: tables, lists, images, and what can be operated."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.reports.gate.document import label_of
from analysis.reports.gate.reading import Element, Page

_SCOPES = ("col", "row", "colgroup", "rowgroup")
_FREE_OF_RULES = ("script", "template")
_NAMELESS_INPUTS = ("hidden", "submit", "reset", "button")


def tables(page: Page) -> Iterator[str]:
    """Find tables without a caption, and headings of rows and columns that are empty or do not say of what they are the heading."""
    for table in page.tagged("table"):
        captions = [element for element in table.children if element.tag == "caption"]
        if len(captions) != 1 or not captions[0].words():
            yield f"{table} has no caption: say in one what the table holds, with its period"
        elif table.children[0] is not captions[0]:
            yield f"{table} does not begin with its caption: put it first"
        heads = [element for element in table.below() if element.tag == "th"]
        if not heads:
            yield f"{table} has no th: mark the headings of its columns and rows"
        yield from (f'{head} has no scope: say scope="col" or scope="row"' for head in heads if head.has.get("scope", "") not in _SCOPES)
        yield from (f"{head} in {captions[0] if captions else table} is an empty heading: give it words, or make it a td" for head in heads if not _named(head))
    yield from (f"{cell} stands in no row: put it in a tr" for cell in page.tagged("td", "th") if cell.parent is None or cell.parent.tag != "tr")


def lists(page: Page) -> Iterator[str]:
    """Find parts of lists that stand outside one, lists with something else in them, and details without a summary."""
    for element in page.elements:
        up = element.parent.tag if element.parent is not None else ""
        grand = element.parent.parent.tag if element.parent is not None and element.parent.parent is not None else ""
        if element.tag == "li" and up not in {"ul", "ol", "menu"}:
            yield f"{element} stands in <{up}>: an li stands in a ul or ol"
        elif element.tag in {"dt", "dd"} and up != "dl" and (up, grand) != ("div", "dl"):
            yield f"{element} stands in <{up}>: dt and dd stand in a dl, or in a div of one"
        elif element.tag in {"ul", "ol"}:
            yield from (f"{element} holds {child}: only li stands in it" for child in element.children if child.tag not in {"li", *_FREE_OF_RULES})
            yield from (f"{element} holds words outside its items: put them in an li" for part in element.parts if isinstance(part, str) and part.strip())
        elif element.tag == "dl":
            yield from (
                f"{element} holds {child}: only dt, dd and div stand in it"
                for child in element.children
                if child.tag not in {"dt", "dd", "div", *_FREE_OF_RULES}
            )
        elif element.tag == "details" and not (element.children and element.children[0].tag == "summary" and _named(element.children[0])):
            yield f"{element} does not begin with a summary: say in one what unfolds"
        elif element.tag == "summary" and up != "details":
            yield f"{element} stands in <{up}>: a summary is the first in a details"


def operated(page: Page) -> Iterator[str]:
    """Find links, buttons and controls without a name, controls inside one another, and a tabindex that changes the order."""
    ids = {element.has["id"]: element for element in page.elements if "id" in element.has}
    labelled = {element.has["for"] for element in page.tagged("label") if element.has.get("for") and element.words()}
    for element in page.elements:
        if element.tag in {"a", "button"} and ("href" in element.has or element.tag == "button"):
            if not _named(element) and not label_of(element, ids):
                yield f"{element} to {element.has.get('href', '')!r} has no name: give it words"
            if any(up.tag in {"a", "button", "summary"} for up in element.above()):
                yield f"{element} stands in another link or button: take it out of there"
        elif element.tag in {"input", "select", "textarea"} and element.has.get("type", "") not in _NAMELESS_INPUTS:
            within = any(up.tag == "label" and up.words() for up in element.above())
            if not (within or label_of(element, ids) or element.has.get("id") in labelled):
                yield f"{element} has no label: give it a <label for>"
        order = element.has.get("tabindex", "0").strip()
        if not order.lstrip("-").isdigit() or int(order) > 0:
            yield f"{element} has tabindex {order!r}: take it out, the order of the page is the order of the keyboard"
        if (
            order != "-1"
            and "tabindex" in element.has
            and element.tag in {"div", "span", "section"}
            and not (element.has.get("role") and label_of(element, ids))
        ):
            yield f"{element} can be reached by keyboard and has no role and name: give it both"
        if element.has.get("aria-hidden") == "true" and any(_operable(one) for one in (element, *element.below())):
            yield f"{element} is hidden from screen readers and can be reached by keyboard: show it to both"


def _operable(element: Element) -> bool:
    return element.tag in {"button", "input", "select", "textarea", "summary"} or (element.tag == "a" and "href" in element.has)


def _named(element: Element) -> bool:
    """Say whether what stands in an element gives it a name: words, or an image or drawing with some."""
    if element.words() or element.has.get("aria-label", "").strip():
        return True
    pictures = [one for one in element.below() if one.tag in {"img", "svg"} and one.has.get("aria-hidden") != "true"]
    return any((one.has.get("alt") or one.has.get("aria-label") or one.words(drawings=True)).strip() for one in pictures)
