"""Numbers in words and digits: whether a text quotes one of some figures."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal

from analysis import values

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()  # noqa: SIM905
)
_TENS = {20: "twenty", 30: "thirty", 40: "forty", 50: "fifty", 60: "sixty", 70: "seventy", 80: "eighty", 90: "ninety"}
_ALSO = {0: ("nil", "none"), 1: ("single", "once", "only one"), 2: ("twice", "couple", "pair", "both"), 3: ("trio",), 6: ("half a dozen",), 12: ("dozen",)}
_NUMBER = re.compile(r"(?<![\w.,])[0-9][0-9,]*(?:\.[0-9]+)?(?![\w])|(?<![\w.,])\.[0-9]+(?!\w)")


def quotes(text: str, numbers: Collection[Decimal]) -> bool:
    """
    Say whether a text has one of some numbers in it, in digits or, up to 99 and "dozen", in words.

    A percentage rounded to fewer places than the figure has is not that figure; nor is a number inside another or inside a name (Q3).

    >>> quotes("Only three families in Q3", [Decimal(3)]), quotes("300 families in Q3", [Decimal(3)])
    (True, False)
    """
    plain = values.with_plain_spaces(values.with_plain_dashes(values.with_plain_digits(text))).casefold()
    found = {Decimal(match[0].rstrip(",").replace(",", "")) for match in _NUMBER.finditer(plain)}
    if found & {abs(number) for number in numbers}:
        return True
    spoken = [word for number in numbers if number == int(number) for word in in_words(abs(int(number)))]
    return bool(spoken) and bool(re.search(rf"(?<![\w-])(?:{'|'.join(map(re.escape, spoken))})(?![\w-])", plain))


def in_words(number: int) -> tuple[str, ...]:
    """
    Give the words that a whole number is written in; none from 100.

    >>> in_words(42), in_words(2)
    (('forty-two', 'forty two'), ('two', 'twice', 'couple', 'pair', 'both'))
    """
    also = _ALSO.get(number, ())
    if number < len(_ONES):
        return _ONES[number], *also
    if number in _TENS:
        return _TENS[number], *also
    if number < 100:
        pair = _TENS[number // 10 * 10], _ONES[number % 10]
        return "-".join(pair), " ".join(pair)
    return ()
