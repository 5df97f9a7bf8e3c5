"""Which colours meet in a page, and whether they are told apart there: WCAG's contrast, measured on the style sheet and the palette themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from analysis import tables
from analysis.charts import palette
from analysis.vocabulary import Band

TEXT, GRAPHIC = 4.5, 3.0
"""The least contrast of words, and of large words and of what has to be seen to understand or operate a page (WCAG 2.2, 1.4.3 and 1.4.11)."""


class Pair(NamedTuple):
    """A colour on another: each a token of the style sheet, or a colour; and the least contrast that they need."""

    on_top: str
    behind: str
    least: float
    where: str


_AMBER_EDGE, _FOCUS, _FOUND = "#5C4000", "#FFDD00", "#FFF6CC"
PAIRS = (
    Pair("ink", "paper", TEXT, "words"),
    Pair("muted", "paper", TEXT, "units, sources, labels"),
    Pair("blue", "paper", TEXT, "links"),
    Pair("red", "paper", TEXT, "words that warn"),
    Pair("ink", "tint", TEXT, "a button under the pointer, a filter that is on"),
    Pair("ink", _FOUND, TEXT, "a row that a link led to"),
    Pair("muted", _FOUND, TEXT, "units in a row that a link led to"),
    Pair("blue", _FOUND, TEXT, "links in a row that a link led to"),
    Pair("paper", "ink", TEXT, "for discussion"),
    Pair(_FOCUS, "ink", GRAPHIC, "the ring of what the keyboard is on, inside its edge"),
    Pair("muted", "paper", GRAPHIC, "the edge of a control"),
    Pair(palette.INK, "paper", TEXT, "words in a chart"),
    Pair(palette.MUTED, "paper", TEXT, "scales and labels in a chart"),
    Pair(palette.BLUE, "paper", GRAPHIC, "data"),
    Pair(palette.BLUE, "paper", TEXT, "words about data that is better"),
    Pair(palette.ORANGE, "paper", GRAPHIC, "what needs acting on"),
    Pair(palette.GREY, "paper", GRAPHIC, "what is ordinary"),
    *(Pair(colour, behind, GRAPHIC, "data before a band of target")
      for colour in (palette.BLUE, palette.INK) for behind in (palette.DARK_BAND, palette.MIDDLE_BAND, palette.LIGHT_BAND)),
    Pair(palette.INK, palette.AMBER_PAST, TEXT, "a number on a bar of the past"),
    Pair(palette.PAPER, palette.BLUE, GRAPHIC, "last quarter's dot on a bar"),
    *(Pair(palette.INK, behind, TEXT, "a number on a bar")
      for behind in (*(colour for band, colour in palette.BAND_COLOURS.items() if band != Band.HR), palette.MID_BLUE, palette.DARK_BAND, palette.MIDDLE_BAND)),
    Pair(palette.PAPER, palette.BAND_COLOURS[Band.HR], TEXT, "a number on a red bar"),
    Pair("#FFFFFF", "#14946F", GRAPHIC, "the tick of High Green"),
    Pair("#14946F", "paper", GRAPHIC, "the shapes of green"),
    Pair("#0B0C0C", "#BFE0D6", GRAPHIC, "the tick of Green"),
    Pair(_AMBER_EDGE, "paper", GRAPHIC, "the shape of Amber"),
    Pair("#0B0C0C", "#F6B800", GRAPHIC, "the sign in Amber"),
    Pair("#A4161A", "paper", GRAPHIC, "the shapes of red"),
    Pair("#FFFFFF", "#A4161A", GRAPHIC, "the cross of High Red"),
    Pair("#505A5F", "paper", GRAPHIC, "the shape of no score"),
)  # fmt: skip
"""Every pair that touches in a page."""

EXCUSED = {
    "rule": "parts what white space parts as well",
    "hairline": "parts what white space parts as well",
    palette.RULE: "leads from a label to its mark, beside it",
    palette.HAIRLINE: "guides the eye; what it guides to is labelled",
    "rgba(11,12,12,.35)": "dims the page behind an opened receipt, which has its own edge",
}
"""Colours that nobody has to see, each with the reason."""

_TOKEN = re.compile(r"--([\w-]+)\s*:\s*(#[0-9A-Fa-f]{3,8})\s*[;}]")
_COLOUR = re.compile(
    r"#(?:[0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})(?:[0-9A-Fa-f]{2})?\b(?![^{}]*\{)|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color)a?\([^)]*\)", re.IGNORECASE
)
_DRAWN = re.compile(r"\s(?:fill|stroke|color|stop-color)=[\"']([^\"']*)|\sstyle=[\"']([^\"']*)", re.IGNORECASE)
_IN_STYLE = re.compile(r"(?:^|[;\s])(?:fill|stroke|[\w-]*color|background)\s*:\s*(#\w+|[a-z]+)", re.IGNORECASE)
_NO_COLOUR = frozenset(("none", "inherit", "currentcolor", "transparent", "url", "context", "var"))
_DARK = re.compile(r"@media[^{]*prefers-color-scheme\s*:\s*dark[^{]*\{\s*(:root\s*\{[^}]*\})")


def ratio(one: str, other: str) -> float:
    """
    Give the contrast of two colours as WCAG defines it, from 1 to 21, in whichever order.

    >>> ratio("#000000", "#FFF"), round(ratio("#777777", "#FFFFFF"), 2)
    (21.0, 4.48)
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    whole = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    shares = [int(whole[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def schemes(css: str) -> dict[str, dict[str, str]]:
    """
    Give the colours that a style sheet names: scheme (light, and dark where there is one) -> token -> colour.

    >>> schemes(":root{--ink:#000;--paper:#FFF}@media (prefers-color-scheme:dark){:root{--ink:#EEE}}")["dark"]
    {'ink': '#EEE', 'paper': '#FFF'}
    """
    light = dict(_TOKEN.findall(_DARK.sub("", css)))
    dark = dict(_TOKEN.findall(" ".join(_DARK.findall(css))))
    return {"light": light} | ({"dark": light | dark} if dark else {})


@lru_cache(maxsize=8)
def faults(css: str) -> tuple[str, ...]:
    """Give what is wrong with the colours and sizes of a style sheet, in words; nothing where all is well. Worked out once for each."""
    return tuple(dict.fromkeys([*_too_close(css), *_undeclared(css), *_too_small(css)]))


def _too_close(css: str) -> Iterator[str]:
    for scheme, tokens in schemes(css).items():
        if not tokens:
            return
        for pair in PAIRS:
            both = [tokens.get(name, name) for name in (pair.on_top, pair.behind)]
            yield from (f"the style sheet has no --{name}, which contrast.PAIRS names: take its pairs out there" for name in both if not name.startswith("#"))
            if all(name.startswith("#") for name in both) and (found := ratio(*both)) < pair.least:
                yield f"{pair.where}: {pair.on_top} {both[0]} on {pair.behind} {both[1]} has a contrast of {found:.2f} in the {scheme} scheme and needs {pair.least}: part them"


def _undeclared(css: str) -> Iterator[str]:
    for scheme, tokens in schemes(css).items():
        named = {name for pair in PAIRS for name in (pair.on_top, pair.behind)} | set(EXCUSED)
        yield from (f"--{name} of the {scheme} scheme is in no pair: say in contrast.PAIRS what it touches" for name in tokens if name not in named)
    used = {_alike(found[0]) for found in _COLOUR.finditer(_TOKEN.sub(";", css))}
    yield from (f"the style sheet's colour {colour} is in no pair: say in contrast.PAIRS what it touches" for colour in sorted(used - known()))
    drawn = [
        *(value for value in vars(palette).values() if isinstance(value, str)),
        *palette.BAND_COLOURS.values(),
        *(tables.mark(band) for band in (*Band, "")),
    ]
    own = {_alike(colour) for text in drawn for colour in re.findall(r"#[0-9A-Fa-f]{6}", text)}
    yield from (f"the charts' colour {colour} is in no pair: say in contrast.PAIRS what it touches" for colour in sorted(own - known()))


@lru_cache(maxsize=1)
def known() -> frozenset[str]:
    """Give the colours, not tokens, that are declared to touch something, or excused."""
    return frozenset(_alike(name) for name in (*(name for pair in PAIRS for name in (pair.on_top, pair.behind)), *EXCUSED) if name.startswith(("#", "rgb")))


def unknown_in(drawn: str) -> list[str]:
    """
    Give the colours in a drawing, or in an element's own style, that are declared nowhere.

    >>> unknown_in('<path fill="#0b0c0c" stroke="#123456" style="fill: red"/>')
    ['#123456', 'RED']
    """
    named = {name for plain, style in _DRAWN.findall(drawn) for name in ([plain.strip()] if plain.strip() else _IN_STYLE.findall(style))}
    return sorted({colour for name in named if name.partition("(")[0].casefold() not in _NO_COLOUR and (colour := _alike(name)) not in known()})


def _alike(colour: str) -> str:
    """Give a colour as it is compared: capitals, six digits, no space."""
    bare = re.sub(r"\s", "", colour)
    if not bare.startswith("#"):
        return bare.upper() if "(" not in bare else bare.casefold()
    digits = bare[1:].upper()
    return f"#{digits if len(digits) > 4 else ''.join(digit * 2 for digit in digits)}"


def _too_small(css: str) -> Iterator[str]:
    """Find words smaller than 12 pixels on a screen, or 8 points on paper."""
    for size, unit in re.findall(r"font(?:-size)?\s*:[^;{}]*?\b(\d+(?:\.\d+)?)(px|pt)\b", css):
        if float(size) < {"px": 12, "pt": 8}[unit]:
            yield f"words of {size}{unit} in the style sheet: nothing is smaller than 12px, or 8pt on paper"
