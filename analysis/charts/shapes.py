"""The few shapes that the hand-written charts are made of, in SVG with literal colours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from analysis.charts.palette import MUTED, PAPER
from analysis.markup import Html

Place = tuple[Decimal, Decimal]
"""Where something stands: across, and down from the top."""

_TENTH = Decimal("0.1")


def number(size: Decimal) -> str:
    """
    Give a coordinate, rounded to one decimal, as short as it can be written.

    >>> number(Decimal("12.345")), number(Decimal("40.00")), number(Decimal("-0.01"))
    ('12.3', '40', '0')
    """
    rounded = size.quantize(_TENTH) + 0
    return f"{rounded:f}".removesuffix(".0")


def line(places: Sequence[Place], colour: str, width: str, dashes: str = "") -> Html:
    """
    Give a line through places.

    >>> str(line([(Decimal(0), Decimal(4)), (Decimal(9), Decimal("2.5"))], "#12436D", "2"))
    '<path d="M0 4L9 2.5" fill="none" stroke="#12436D" stroke-width="2"/>'
    """
    path = "L".join(f"{number(across)} {number(down)}" for across, down in places)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return Html(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="{width}"{dashed}/>')


def dot(place: Place, radius: str, colour: str, outline: str = "") -> Html:
    """
    Give a solid dot.

    >>> str(dot((Decimal(4), Decimal(5)), "2.5", "#12436D"))
    '<circle cx="4" cy="5" r="2.5" fill="#12436D"/>'
    """
    edge = f' stroke="{outline}" stroke-width="1.2"' if outline else ""
    return Html(f'<circle cx="{number(place[0])}" cy="{number(place[1])}" r="{radius}" fill="{colour}"{edge}/>')


def hollow(place: Place, radius: str = "2.2") -> Html:
    """
    Give the hollow dot that stands for a value that is not known.

    >>> str(hollow((Decimal(4), Decimal(5))))
    '<circle cx="4" cy="5" r="2.2" fill="#FFFFFF" stroke="#505A5F" stroke-width="1.2"/>'
    """
    return dot(place, radius, PAPER, MUTED)


def words(place: Place, text: str, colour: str, size: str, anchor: str = "", weight: str = "") -> Html:
    """
    Give a text that begins, or with the anchor "end" ends, at a place on its baseline.

    >>> str(words((Decimal(4), Decimal(5)), "<1", "#505A5F", "13"))
    '<text x="4" y="5" fill="#505A5F" font-size="13">&lt;1</text>'
    """
    more = (f' text-anchor="{anchor}"' if anchor else "") + (f' font-weight="{weight}"' if weight else "")
    return Html('<text x="{}" y="{}" fill="{}" font-size="{}"{}>{}</text>').format(number(place[0]), number(place[1]), colour, size, Html(more), text)


def breadth(text: str, size: int) -> Decimal:
    """
    Give about how wide a text is, on the generous side.

    >>> breadth("1,776", 10) > breadth("1776", 10) > breadth(".,:!", 10)
    True
    """
    thin, broad = sum(letter in ".,:;!'|iIl " for letter in text), sum(letter in "mwMW%—" for letter in text)
    return (Decimal("0.28") * thin + Decimal("0.86") * broad + Decimal("0.56") * (len(text) - thin - broad)) * size


def runs(places: Sequence[Place | None]) -> Iterator[list[Place]]:
    """
    Give the places that follow one another without a gap, together.

    >>> [len(run) for run in runs([(Decimal(0), Decimal(1)), None, (Decimal(2), Decimal(1)), (Decimal(3), Decimal(1))])]
    [1, 2]
    """
    together: list[Place] = []
    for place in [*places, None]:
        if place is not None:
            together.append(place)
        elif together:
            yield together
            together = []


def spaced(many: int, start: int, end: int | Decimal) -> list[Decimal]:
    """
    Give where each of so many periods stands between two ends; one alone stands at the end, which is now.

    >>> [number(across) for across in spaced(3, 4, 108)], spaced(1, 4, 108)
    (['4', '56', '108'], [Decimal('108')])
    """
    width = Decimal(end) - start
    return [start + width * period / (many - 1) for period in range(many)] if many > 1 else [Decimal(end)] * many
