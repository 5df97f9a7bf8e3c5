"""A page as nbconvert's parser writes it, without the parser: tag by tag, wherever tags are plain and stand well inside one another."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_PIECES = re.compile(r"(<(?:script|style)\b[^<>]*>.*?</(?:script|style)>|<[^<>]*>)", re.DOTALL)
_OPENING = re.compile(r'<([a-zA-Z][\w:-]*)((?:\s+[a-zA-Z_:][\w:.-]*(?:="[^"]*")?)*)\s*(/?)>')
_CLOSING = re.compile(r"</([a-zA-Z][\w:-]*)\s*>")
_ATTRIBUTE = re.compile(r'\s([a-zA-Z_:][\w:.-]*)(?:="([^"]*)")?')
_UNKNOWN = re.compile(r"&(?!(?:amp|lt|gt);)")
_VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "input", "link", "meta", "source", "track", "wbr"])
_RAW = ("script", "style")
_KEPT_SPACE = ("pre", "textarea")
_OTHERWISE = frozenset(["img", "image", "keygen", "menuitem", "param", "basefont", "bgsound", "command", "frame", "isindex", "nextid", "spacer"])
"""Elements that the parser adds to, or takes for empty ones; a page with one of them is left to it."""
_LISTS = frozenset(["class", "accesskey", "dropzone", "rel", "rev", "headers", "accept-charset", "archive", "sizes", "sandbox", "for"])
"""Attributes whose value may be a list to the parser, which then puts one space between its words."""
_SPACES = " \n\t\f\r"


class _Tag(NamedTuple):
    """A tag as the parser writes it: the element's name, whether it begins it, ends it, or is all of it."""

    name: str
    begins: bool
    ends: bool
    written: str


def rewritten(html: str) -> str | None:
    r"""
    Give a page as nbconvert's parser would read it and write it again; None where that takes the parser.

    Entities become characters where they need not be entities, attributes stand in the order of the alphabet and in double quotes where they can,
    white space alone becomes one space or line, empty elements are closed.

    >>> rewritten('<!DOCTYPE html><p title="b" class="a">It&#39;s <b>1 &lt; 2</b><br></p>')
    '<!DOCTYPE html>\n<p class="a" title="b">It\'s <b>1 &lt; 2</b><br/></p>'
    >>> rewritten("<p>An end is missing") is None
    True
    """
    texts = _PIECES.split(html)
    made: list[str] = []
    within: list[str] = []
    for place, piece in enumerate(texts):
        if not place % 2:
            if piece:
                text = _text(piece, kept=any(name in within for name in _KEPT_SPACE) if piece[0] in _SPACES else True)
                if text is None:
                    return None
                made.append(text)
            continue
        tag = _tag(piece)
        if tag is None:
            return None
        if tag.begins:
            if not tag.ends:
                within.append(tag.name)
        elif tag.ends and (not within or within.pop() != tag.name):
            return None
        made.append(tag.written)
    return None if within else "".join(made)


def _text(text: str, *, kept: bool) -> str | None:
    """Give a text between tags; None where it holds what only the parser can read."""
    if not kept and not text.strip(_SPACES):
        return "\n" if "\n" in text else " "
    if "<" in text:
        return None
    return _characters(text) if "&" in text or ">" in text else text


def _characters(text: str) -> str | None:
    text = text.replace("&#39;", "'").replace("&#34;", '"').replace("&quot;", '"').replace("&#182;", "¶").replace(">", "&gt;")
    return None if _UNKNOWN.search(text) else text


@lru_cache(maxsize=2**15)
def _tag(piece: str) -> _Tag | None:
    if found := _OPENING.fullmatch(piece):
        return _opening(found[1].lower(), found[2], bool(found[3]))
    if found := _CLOSING.fullmatch(piece):
        name = found[1].lower()
        return None if name in _VOID or name in _OTHERWISE else _Tag(name, begins=False, ends=True, written=f"</{name}>")
    if piece == "<!DOCTYPE html>":
        return _Tag("", begins=False, ends=False, written=f"{piece}\n")
    return _raw(piece)


def _opening(name: str, told: str, alone: bool) -> _Tag | None:
    if name in _OTHERWISE or (name in _RAW):
        return None
    attributes = _attributes(name, told)
    if attributes is None:
        return None
    if name in _VOID:
        return _Tag(name, begins=True, ends=True, written=f"<{name}{attributes}/>")
    return _Tag(name, begins=True, ends=alone, written=f"<{name}{attributes}>" + (f"</{name}>" if alone else ""))


def _raw(piece: str) -> _Tag | None:
    """Give a script or a style sheet, in which nothing is read."""
    head, _, rest = piece.partition(">")
    found = _OPENING.fullmatch(f"{head}>")
    if not found or found[1] not in _RAW or found[3] or not rest.endswith(f"</{found[1]}>"):
        return None
    inside, attributes = rest[: -len(f"</{found[1]}>")], _attributes(found[1], found[2])
    if attributes is None or "</" in inside or (inside and not inside.strip(_SPACES)):
        return None
    return _Tag(found[1], begins=True, ends=True, written=f"<{found[1]}{attributes}>{rest}")


def _attributes(name: str, told: str) -> str | None:
    """Give the attributes of a tag as they are written; None where one stands twice, or only the parser can read it."""
    made: dict[str, str] = {}
    for key, value in _ATTRIBUTE.findall(told):
        own = key.lower()
        text = _characters(value) if "&" in value else value
        if text is None or own in made or (name == "meta" and "charset" in f"{own} {text}".lower() and (own, text) != ("charset", "utf-8")):
            return None
        made[own] = _quoted(" ".join(text.split()) if own in _LISTS else text)
    return "".join(f" {key}={made[key]}" for key in sorted(made))


def _quoted(text: str) -> str:
    if '"' not in text:
        return f'"{text}"'
    return f"'{text}'" if "'" not in text else '"{}"'.format(text.replace('"', "&quot;"))
