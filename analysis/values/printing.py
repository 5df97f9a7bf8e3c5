"""An exact figure -> text: as tables print it, and as it reads back to the same reading."""

from __future__ import annotations

import re
from decimal import Context, Decimal

from analysis.values.reading import WORD_OF_MARKER, Reading
from analysis.values.repairs import mended
from analysis.vocabulary import Reason


def shown(value: Decimal | int | None, unit: str = "number", decimals: int | None = None) -> str:
    """
    Give a figure as it is printed in tables, or an empty text for none.

    Args:
        value: the exact figure, in `unit`.
        unit: "percent", "pounds", "seconds", "rank" or "number".
        decimals: places to print; as many as the figure has where None.

    >>> shown(Decimal("1600"), "pounds"), shown(Decimal("151"), "seconds"), shown(Decimal("-18"), "percent")
    ('£1,600.00', '02:31', '\u221218%')
    """
    if value is None:
        return ""
    size = Decimal(value).copy_abs()
    if unit == "seconds":
        text = f"{int(size) // 60:02d}:{int(size) % 60:02d}"
    elif unit == "rank":
        return f"{int(size)}{ordinal_ending(int(size))}"
    else:
        places = 2 if unit == "pounds" else decimals
        number = f"{size:,f}" if places is None else f"{size:,.{places}f}"
        text = f"{'£' if unit == 'pounds' else ''}{number}{'%' if unit == 'percent' else ''}"
    return f"\u2212{text}" if value < 0 and re.search("[1-9]", text) else text


def ordinal_ending(number: int) -> str:
    """
    Give the letters that make a number an ordinal.

    >>> [f"{n}{ordinal_ending(n)}" for n in (1, 12, 22)]
    ['1st', '12th', '22nd']
    """
    if 10 <= number % 100 <= 20:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def printed(reading: Reading) -> str:
    """
    Give the canonical text of a reading, which reads back as the same reading.

    >>> from analysis.values.reading import read
    >>> printed(read("£4, 681,012.65")), printed(read("(£250)"))
    ('£4681012.65', '-£250')
    """
    if not reading.known:
        below = re.search(r"\d+", reading.flags[0]) if reading.reason is Reason.SUPPRESSED and reading.flags else None
        return f"<{below[0]}" if below else reading.rule or mended(reading.raw)[0]
    bare = reading.denominator is None and reading.rank is None and reading.count is None and not reading.markers
    if reading.unit == "seconds" and reading.value is not None and bare and 0 <= reading.value < 60000 and reading.value == int(reading.value):
        core = f"{int(reading.value) // 60:02d}:{int(reading.value) % 60:02d}"
    elif reading.unit == "rank":
        ends = dict.fromkeys((reading.low, reading.high))
        core = " to ".join(f"{int(end)}{ordinal_ending(int(end))}" for end in ends if end is not None)
    elif reading.value is None:
        core = f"{_plain(reading.low, '')}-{_plain(reading.high, reading.unit)}"
    else:
        core = _plain(reading.value, reading.unit)
    if reading.denominator is not None:
        core += f" ({reading.numerator}/{reading.denominator})"
    elif reading.rank is not None and reading.unit != "rank":
        core += f" ({reading.rank}{ordinal_ending(reading.rank)})"
    elif reading.count is not None:
        core += f" ({reading.count})"
    elif reading.markers:
        core += f" ({WORD_OF_MARKER[reading.markers[0]]})"
    return f"[{core}]" if reading.annual else core


def _plain(value: Decimal | None, unit: str) -> str:
    value = Decimal(0) if value is None else value
    sign, size = ("-" if value < 0 else ""), f"{value.copy_abs():f}"
    return f"{sign}{'£' if unit == 'pounds' else ''}{size}{'%' if unit == 'percent' else ''}"


def rounded(value: Decimal, places: int = 0) -> Decimal:
    """
    Give a figure to so many decimals, however many digits it has before the point.

    >>> rounded(Decimal("2.345"), 1), rounded(Decimal("1" * 40 + ".55"), 1) == Decimal("1" * 40 + ".6")
    (Decimal('2.3'), True)
    """
    return value.quantize(Decimal(1).scaleb(-places), context=_WIDE)


_WIDE = Context(prec=2000)
