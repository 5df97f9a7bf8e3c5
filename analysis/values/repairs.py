"""Repairs of a cell's text before it is read: text in, text out, each with the name the report gives it."""

from __future__ import annotations

import re

_INVISIBLE = re.compile("[\ufeff\u200b\u200c\u200d\u2060\u00ad]")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000\t\r\n]")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0xFFE1: 0xA3}
_LOOK_ALIKES = str.maketrans(
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0430\u0435\u043e\u0440\u0441\u0445\u0443"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a7\u03bf",
    "ABEKMHOPCTXaeopcxyABEZHIKMNOPTXo",
)
_SPLIT = re.compile(r"(?<=[£$€]) +(?=\d)|(?<=\d,) +(?=\d)|(?<=\d) +(?=,\d)|(?<=\.) +(?=\d)|(?<=\.\d) +(?=\d\b)")
_WHOLE_MONEY_OR_NUMBER = re.compile(r"\(?-?[£$€]? ?[\d ,.]+%?\)?")


def without_invisible(text: str) -> str:
    """Remove byte-order marks, zero-width characters and soft hyphens."""
    return _INVISIBLE.sub("", text)


def with_plain_spaces(text: str) -> str:
    """Turn non-breaking and other spaces into plain ones, and drop those at the ends."""
    return re.sub(" {2,}", " ", _SPACES.sub(" ", text)).strip()


def with_plain_dashes(text: str) -> str:
    """Turn en and em dashes and the minus sign into a hyphen."""
    return _DASHES.sub("-", text)


def with_plain_digits(text: str) -> str:
    """Turn full-width letters, digits and signs into plain ones."""
    return text.translate(_FULL_WIDTH)


def with_latin_letters(text: str) -> str:
    """Turn Cyrillic and Greek letters that look like Latin ones into Latin ones, where nothing else is left."""
    latin = text.translate(_LOOK_ALIKES)
    return latin if latin.isascii() or latin.replace("£", "").isascii() else text


def with_joined_digits(text: str) -> str:
    """Join the digits of one number that spaces have split: `£4, 681,012.65`, `£1,600.0 0`, `99.9 %`."""
    text = re.sub(r"(?<=\d) +(?=%)", "", text)
    return _SPLIT.sub("", text) if _WHOLE_MONEY_OR_NUMBER.fullmatch(text) else text


REPAIRS = {
    "invisible characters removed": without_invisible,
    "spaces made plain": with_plain_spaces,
    "dashes made plain": with_plain_dashes,
    "full-width characters made plain": with_plain_digits,
    "look-alike letters made Latin": with_latin_letters,
    "split digits joined": with_joined_digits,
}
"""The repairs in the order they are made; the name is what the report says was done."""


def mended(raw: str) -> tuple[str, tuple[str, ...]]:
    """
    Give the text after every repair, and the names of the repairs that changed it.

    >>> mended("£1,600.0 0")
    ('£1,600.00', ('split digits joined',))
    """
    done, text = [], raw
    for name, repair in REPAIRS.items():
        before, text = text, repair(text)
        if text != before:
            done.append(name)
    return text, tuple(done)
