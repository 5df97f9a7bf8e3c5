"""The looks at a page as a whole: what it declares, what it loads, what may run in it, its headings and landmarks, its ids and links."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from analysis.reports import contrast
from analysis.reports.gate.reading import Element, Page

_LOADS = {
    "img": ("src", "srcset"), "image": ("href", "xlink:href"), "use": ("href", "xlink:href"), "script": ("src",), "link": ("href",), "iframe": ("src", "srcdoc"),
    "object": ("data",), "embed": ("src",), "video": ("src", "poster"), "audio": ("src",), "source": ("src", "srcset"), "track": ("src",), "input": ("src",),
    "body": ("background",), "base": ("href",),
}  # fmt: skip
_IN_STYLE = re.compile(r"url\(([^)]*)\)|@import\s+(?!url)([^;]*)", re.IGNORECASE)
_IN_DRAWING = re.compile(r"<(image|use|script|foreignobject|a|animate\w*|set)\b((?:\"[^\"]*\"|'[^']*'|[^>\"'])*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\s([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_SCHEME = re.compile(r"[\s\x00-\x1f]*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_SAFE_SCHEMES = ("http", "https", "mailto")
_LEADING = frozenset(["a", "area", "form", "button", "input"])
_POINTERS = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-details", "aria-owns", "for", "headers", "list")
_POINTING = frozenset(["href", *_POINTERS])
_FILE_NAME = re.compile(r"[\w-]+\.(html?|ipynb|csv|png|svg|jpe?g|py|md)", re.IGNORECASE)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_SECTIONING = ("article", "aside", "main", "nav", "section")


def declared(page: Page) -> Iterator[str]:
    """Find what a page does not say of itself: that it is HTML, its language, its title, the policy under which nothing loads or runs."""
    if not page.html.lstrip().lower().startswith("<!doctype html>"):
        yield "has no doctype: begin it with <!DOCTYPE html>"
    if not any(element.has.get("lang", "").strip() for element in page.tagged("html")):
        yield '<html> has no lang: say the page\'s language, as in <html lang="en-GB">'
    titles = [element.words() for element in page.tagged("title") if not any(up.tag == "svg" for up in element.above())]
    if len(titles) != 1 or not titles[0]:
        yield f"has {len(titles) if titles != [''] else 'an empty title, not'} titles: give it one <title> that says what it is"
    elif _FILE_NAME.fullmatch(titles[0]):
        yield f"its title {titles[0]!r} is a file name: say what the page is"
    policies = [element.has.get("content", "") for element in page.tagged("meta") if element.has.get("http-equiv", "").casefold() == "content-security-policy"]
    yield from _policy(page, policies)


def _policy(page: Page, policies: list[str]) -> Iterator[str]:
    if len(policies) != 1:
        yield f'has {len(policies)} policies: give it one <meta http-equiv="Content-Security-Policy">'
        return
    said = {name: sources.split() for name, _, sources in (part.strip().partition(" ") for part in policies[0].split(";"))}
    if said.get("default-src") != ["'none'"]:
        yield "its policy does not begin with default-src 'none': nothing may load that is not named"
    allowed = said.get("script-src", [])
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in page.scripts]
    yield from (f"its script {script.strip()[:30]!r} is not the one that its policy lets run: put {own} in script-src"
                for script, own in zip(page.scripts, hashes, strict=True) if own not in allowed)  # fmt: skip
    yield from (
        f"its policy lets {source} run, which is no script of the page: take it out of script-src"
        for source in allowed
        if source not in hashes and source != "'none'"
    )


def loading(page: Page) -> Iterator[str]:
    """Find what a page would load from outside itself."""
    asked = [(element.tag, element.has[name]) for element in page.elements for name in _LOADS.get(element.tag, ()) if name in element.has]
    styles = [*page.styles, *(element.has["style"] for element in page.elements if "style" in element.has)]
    for drawing in page.tagged("svg"):
        tags = [
            (found[1].casefold(), {name.casefold(): "".join(value) for name, *value in _ATTRIBUTE.findall(found[2])})
            for found in _IN_DRAWING.finditer(drawing.source)
        ]
        asked += [(tag, has[name]) for tag, has in tags for name in _LOADS.get(tag, ()) if name in has]
        styles += [drawing.source] if "url(" in drawing.source or "@import" in drawing.source else []
    asked += [("style", next(filter(None, found.groups()), "")) for style in styles for found in _IN_STYLE.finditer(style)]
    for tag, written in asked:
        address = written.strip(" \"'")
        if not address.startswith(("data:", "#")) or tag == "base":
            yield f"loads {address or 'something'} from outside the page: put it into the page, or leave <{tag}> out"


def running(page: Page) -> Iterator[str]:
    """Find what could run in a page besides the one script that its policy names, and links that lead to code."""
    for element in page.elements:
        for name in element.has:
            if name.startswith("on"):
                yield f"{element} has {name}: put what it does in the page's script"
        if element.tag == "meta" and element.has.get("http-equiv", "").casefold() == "refresh":
            yield f"{element} sends the reader elsewhere: take it out"
        if element.tag not in _LEADING:
            continue
        for name in ("href", "action", "formaction", "xlink:href"):
            scheme = _SCHEME.match(element.has.get(name, ""))
            if scheme and scheme[1].casefold() not in _SAFE_SCHEMES:
                yield f"{element} leads to {scheme[1]}: - a link leads to a page, a file or an address for mail"
    for drawing in page.tagged("svg"):
        if found := re.search(r"<(script|foreignobject|animate|set)\b|\s(on\w+)\s*=|javascript:", drawing.source, re.IGNORECASE):
            yield f"{drawing} holds {found[0].strip()}: a drawing only shows"


def headings(page: Page) -> Iterator[str]:
    """Find where headings are not an outline: one h1, first, and no level left out on the way down."""
    found = [(int(element.tag[1]), element) for element in page.tagged(*_HEADINGS)]
    first = [element for level, element in found if level == 1]
    if len(first) != 1:
        yield f"has {len(first)} h1: give it one, which says what the page is"
    if found and found[0][0] != 1:
        yield f"{found[0][1]} stands before the h1: begin with the h1"
    for (above, earlier), (level, element) in pairwise(found):
        if level > above + 1:
            yield f"{element} comes after {earlier}: make it an h{above + 1}, no level is left out"
    yield from (
        f"{element} is an empty heading: give it words" for _, element in found if not element.words(drawings=True) and not element.has.get("aria-label")
    )


def _kind(element: Element) -> str:
    """Give the landmark that an element is; nothing where it is none."""
    if role := element.has.get("role", ""):
        return role if role in {"main", "navigation", "banner", "contentinfo", "complementary", "region", "search", "form"} else ""
    if element.tag in {"header", "footer"}:
        return "" if any(up.tag in _SECTIONING for up in element.above()) else {"header": "banner", "footer": "contentinfo"}[element.tag]
    if element.tag in {"section", "form"} and not (element.has.get("aria-label") or element.has.get("aria-labelledby")):
        return ""
    return {"main": "main", "nav": "navigation", "aside": "complementary", "section": "region", "form": "form", "search": "search"}.get(element.tag, "")


def landmarks(page: Page) -> Iterator[str]:
    """Find where landmarks do not lead through a page: one main, a first link that skips to it, each region and navigation with its own name."""
    ids = {element.has["id"]: element for element in page.elements if "id" in element.has}
    marks = [(kind, element) for element in page.elements if (kind := _kind(element))]
    mains = [element for kind, element in marks if kind == "main"]
    if len(mains) != 1:
        yield f"has {len(mains)} main: put what the page is for in one <main>"
    links = [element for element in page.tagged("a", "button", "summary", "input", "select", "textarea") if element.tag != "a" or "href" in element.has]
    if links and mains and links[0].has.get("href") != f"#{mains[0].has.get('id')}":
        yield f'{links[0]} is the first to be reached: begin the body with <a class="skip" href="#content"> and give main that id'
    names = [(kind, element, label_of(element, ids)) for kind, element in marks]
    yield from (f"{element} has no name: give it an aria-label" for kind, element, name in names if kind in {"navigation", "region", "form"} and not name)
    for (kind, name), number in Counter(
        (kind, name.casefold()) for kind, _, name in names if name or kind in {"banner", "contentinfo", "complementary", "search"}
    ).items():
        if number > 1:
            first = next(element for other, element, own in names if (other, own.casefold()) == (kind, name))
            yield f"{number} {kind} landmarks are called {name!r}, the first is {first}: give each a name of its own"
    outside = [
        element
        for element in page.tagged("p", "table", "section", "figure", "ul", "dl", "article")
        if not any(_kind(up) for up in element.above()) and not _kind(element)
    ]
    yield from (f"{element} stands in no landmark: put it in main, or in the page's header or footer" for element in outside[:1])


def label_of(element: Element, ids: dict[str, Element]) -> str:
    """Give the name that an element is given by its attributes, or by the elements that they point to."""
    if pointed := element.has.get("aria-labelledby", "").split():
        return " ".join(ids[one].words(drawings=True) for one in pointed if one in ids).strip()
    return element.has.get("aria-label", "").strip()


def references(page: Page) -> Iterator[str]:
    """Find ids that stand twice, and links and names that point to an id which is not there."""
    inside = [(name, drawing) for drawing in page.tagged("svg") for name in re.findall(r"\sid=[\"']([^\"']*)", drawing.source)]
    within = [element for drawing in page.tagged("svg") for element in (drawing, *drawing.below())]
    known = {id(element) for element in within}
    ids = Counter([element.has["id"] for element in page.elements if "id" in element.has and id(element) not in known] + [name for name, _ in inside])
    yield from (f"id {name!r} stands twice: give each element an id of its own" for name, number in sorted(ids.items()) if number > 1)
    yield from (f"{element} has an empty id: leave it out" for element in page.elements if element.has.get("id") == "")
    missing: dict[str, str] = {}
    for element in page.elements:
        if element.has.keys().isdisjoint(_POINTING):
            continue
        href = element.has.get("href", "")
        wanted = [href[1:]] if href.startswith("#") and len(href) > 1 else []
        wanted += [one for name in _POINTERS for one in element.has.get(name, "").split()]
        missing |= {one: f"{element}" for one in wanted if one not in ids and one not in missing}
    for drawing in page.tagged("svg"):
        used = re.findall(r"href=[\"']#([^\"']+)|url\(#([^)]+)\)", drawing.source)
        missing |= {one: f"{drawing}" for one in map("".join, used) if one not in ids and one not in missing}
    yield from (f"{element} points to {one!r}, which is not in the page: mend it, or leave it out" for one, element in missing.items())


def colours(page: Page) -> Iterator[str]:
    """Find colours that are not told apart from what they touch, or that nobody declared, and words too small to read."""
    yield from (fault for css in page.styles for fault in contrast.faults(css))
    for element in page.elements:
        if drawn := element.source or (f' style="{element.has["style"]}"' if "style" in element.has else ""):
            yield from (
                f"{element} has the colour {colour}, which is in no pair: say in contrast.PAIRS what it touches" for colour in contrast.unknown_in(drawn)
            )
