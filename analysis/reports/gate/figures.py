"""The looks at pictures: each has words of its own, and the numbers in those words are those of the figures shown beside it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from analysis.reports.gate.document import label_of
from analysis.reports.gate.reading import Element, Page

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_WHEN = re.compile(rf"Q[1-4] \d{{4}}/\d\d|(?<![\d.,])(?:19|20)\d\d/\d\d(?!\d)|(?:\d{{1,2}} )?(?:{_MONTHS}) \d{{4}}")
_NUMBER = re.compile(r"(?:(?<![\w.,])[-\u2212]£?|(?<!\w)(?<!\d[.,]))\d+(?:,\d{3})*(?:\.\d+)?")
_CLAUSES = re.compile(r"[;.]\s+")
_VAGUE = frozenset(
    [
        "a",
        "an",
        "the",
        "this",
        "of",
        "our",
        "chart",
        "charts",
        "diagram",
        "drawing",
        "figure",
        "graph",
        "graphic",
        "icon",
        "image",
        "img",
        "logo",
        "photo",
        "picture",
        "plot",
        "svg",
        "table",
        "visualisation",
        "untitled",
    ]
)
_FILE = re.compile(r"\S+\.(?:avif|gif|jpe?g|pdf|png|svg|webp)", re.IGNORECASE)
_PLACEHOLDER = "no description has been provided"


def pictures(page: Page) -> Iterator[str]:
    """Find images and drawings without words of their own, and figures that are not told apart by theirs."""
    ids = {element.has["id"]: element for element in page.elements if "id" in element.has}
    for image in page.tagged("img"):
        if not image.has.get("alt", "").strip():
            yield f"an image has no words: say in its alt what {image} shows"
        elif vague(image.has["alt"]):
            yield f"an image is called {image.has['alt']!r}: say in its alt what it shows"
    names: dict[str, set[int]] = {}
    for drawing in page.tagged("svg"):
        if drawing.has.get("aria-hidden") == "true":
            continue
        name = _name(drawing, ids)
        if drawing.has.get("role") != "img" or not name:
            yield f'{drawing} has no words: give it role="img" and a title, or hide it with aria-hidden="true" where its words stand beside it'
        elif vague(name):
            yield f"{drawing} is called {name!r}: say what it shows"
        names.setdefault(name.casefold(), set()).add(id(_own(drawing)))
    yield from (f"{len(places)} drawings are called {name!r}: give each words of its own" for name, places in names.items() if name and len(places) > 1)
    titles: Counter[str] = Counter()
    for figure in page.tagged("figure"):
        captions = [child for child in figure.children if child.tag == "figcaption"]
        title = next((one.words() for caption in captions for one in (*caption.below(), caption) if one.words()), "")
        if not title or vague(title):
            yield f"{figure} has no figcaption that says what is to be seen: give it one"
        titles[title] += 1
    yield from (f"{number} figures are called {title!r}: give each a title of its own" for title, number in titles.items() if title and number > 1)


def vague(name: str) -> bool:
    """
    Say whether a name could stand for any picture: a word for pictures, a file name, what a tool puts where nobody wrote anything.

    >>> [vague(name) for name in ("Chart 1", "figure.png", "Red measures by theme")]
    [True, True, False]
    """
    said = set(re.findall(r"[^\W\d_]+", name.casefold()))
    return said <= _VAGUE or _FILE.fullmatch(name.strip()) is not None or _PLACEHOLDER in name.casefold()


def _name(drawing: Element, ids: dict[str, Element]) -> str:
    titles = [child.words() for child in drawing.children if child.tag == "title"]
    return label_of(drawing, ids) or next(iter(titles), "")


def _own(drawing: Element) -> Element:
    """Give what a drawing shows the figures of: its figure, else its row of a table, else what it stands in."""
    above = list(drawing.above())
    return next((up for tag in ("figure", "tr", "li", "article", "section") for up in above if up.tag == tag), above[0])


@dataclass
class _Row:
    """A row of a figure's table: its heading, and each other cell under the heading of its column."""

    heading: str
    cells: dict[str, str]

    @cached_property
    def numbers(self) -> set[Decimal]:
        alike = Counter(self.cells.values())
        return {*numbers(self.heading), *(number for cell in self.cells.values() for number in numbers(cell)), *map(Decimal, alike.values())}


@dataclass
class _Shown:
    """The figures that stand beside a drawing: rows of the figure's tables, and all the words of it."""

    words: str
    captions: str
    rows: list[_Row] = field(default_factory=list)

    @cached_property
    def everywhere(self) -> set[Decimal]:
        """Numbers that any part of a description may name: those of title and headings, and counts and sums of the tables."""
        found = set(numbers(self.captions)) | {Decimal(len(self.rows))}
        heads = list(dict.fromkeys(head for row in self.rows for head in row.cells))
        found |= {number for head in heads for number in numbers(head)} | {Decimal(sum(bool(_WHEN.search(head)) for head in heads))}
        sums = [_sum(row.cells.get(head, "") for row in self.rows) for head in heads]
        found |= {whole for whole in sums if whole is not None} | {whole for row in self.rows if (whole := _sum(row.cells.values())) is not None}
        found |= {Decimal(number) for head in heads for number in Counter(row.cells.get(head, "") for row in self.rows).values()}
        return found | {sum((whole for whole in sums if whole is not None), Decimal(0))}

    @cached_property
    def numbers(self) -> set[Decimal]:
        """Every number that stands beside the drawing."""
        return set(numbers(self.words)) | self.everywhere


def _sum(cells: Iterable[str]) -> Decimal | None:
    texts = list(cells)
    return sum(map(Decimal, texts), Decimal(0)) if texts and all(re.fullmatch(r"\d+", text) for text in texts) else None


def numbers(text: str) -> list[Decimal]:
    """
    Give the numbers in a text with their signs, without those of dates and quarters, and of names such as F11.

    >>> [str(number) for number in numbers("−£1,600.50 by 30 September 2011, 4% in Q2 2016/17, cell F11")]
    ['-1600.50', '4']
    """
    return [Decimal(re.sub(r"[£,]", "", found).replace("\u2212", "-")) for found in _NUMBER.findall(_WHEN.sub(" ", text))]


def agreeing(page: Page) -> Iterator[str]:
    """
    Find numbers in the words of a drawing that the figures beside it do not hold.

    What an honest chart says, it also shows. A number in the name or description of a drawing must stand

    - where the words say "row: heading number" or "row: number in heading", in that cell of the table in its figure;
    - where they begin with a row's heading, in that row; a drawing that names one row speaks of no other;
    - else anywhere in its figure, or in its own row where it stands in a table.

    Besides, it may name what stands in the figure's title, subtitle or headings, how many rows, periods or like cells there are, and the sum
    of a column or row of counts. A number may be given to more decimals than the table has, if it rounds to what stands there, or to fewer (but
    at least one), if what stands there rounds to it. Of a small drawing in a row, only what it says of periods that the table is about can stand
    in its row; it is the one place where earlier figures stand.
    A date or quarter must stand somewhere in the words of the page. Numbers in words ("four") are not looked at.
    """
    ids = {element.has["id"]: element for element in page.elements if "id" in element.has}
    shown: dict[int, _Shown] = {}
    named: dict[int, str] = {}
    words = page.root.words()
    for drawing in page.tagged("svg"):
        if drawing.has.get("aria-hidden") == "true":
            continue
        own = _own(drawing)
        beside = shown.setdefault(id(own), _beside(own))
        pointed = [ids[one].words() for name in ("aria-labelledby", "aria-describedby") for one in drawing.has.get(name, "").split() if one in ids]
        said = [drawing.has.get("aria-label", ""), *pointed, *(child.words() for child in drawing.children)]
        for text in dict.fromkeys(filter(None, said)):
            about = text if own.tag != "tr" else _of_its_periods(text, own, named)
            yield from (f"{drawing} says {fault}" for fault in _disagreeing(about, beside))
            yield from (
                f"{drawing} names {when}, which stands nowhere in the words of the page: mend it, or show it in a table"
                for when in dict.fromkeys(_WHEN.findall(about))
                if when not in words
            )


def _of_its_periods(text: str, row: Element, named: dict[int, str]) -> str:
    """Leave out of the words of a drawing in a row what is of periods that neither the table's headings nor its caption name; *named* holds what they say."""
    table = next((up for up in row.above() if up.tag == "table"), row)
    if id(table) not in named:
        named[id(table)] = " ".join(part.words() for part in table.below() if part.tag in {"caption", "thead"})
    kept = [clause for clause in _CLAUSES.split(text) if all(when in named[id(table)] for when in _WHEN.findall(clause))]
    return "; ".join(kept)


def _beside(own: Element) -> _Shown:
    captions = " ; ".join(child.words() for child in own.children if child.tag == "figcaption")
    found = _Shown(own.words(), captions)
    for table in (element for element in own.below() if element.tag == "table"):
        lines = [[cell for cell in row.children if cell.tag in {"td", "th"}] for row in table.below() if row.tag == "tr"]
        heads = [cell.words() for cell in lines[0]] if lines else []
        for cells in lines[1:]:
            if len(cells) == len(heads):
                found.rows.append(_Row(cells[0].words(), {head: cell.words() for head, cell in zip(heads[1:], cells[1:], strict=True)}))
    return found


def _disagreeing(text: str, beside: _Shown) -> Iterator[str]:
    clauses = [clause for clause in _CLAUSES.split(text.strip().rstrip(".")) if clause]
    spoken_of = [_rows_named(clause, beside.rows) for clause in clauses]
    only = spoken_of[0] if spoken_of and not any(spoken_of[1:]) else []
    for clause, named in zip(clauses, spoken_of, strict=True):
        rows = named or only
        if not rows:
            yield from (f"{_shown(number)}, which does not stand beside it: {_MEND}" for number in numbers(clause) if not _holds(beside.numbers, number))
            continue
        about = clause.removeprefix(max((row.heading for row in rows if clause.startswith(row.heading)), key=len, default=clause.partition(": ")[0]))
        held = beside.everywhere.union(*(row.numbers for row in rows))
        wrong = [number for number in numbers(about) if not _holds(held, number)]
        yield from (f"{_shown(number)}, which does not stand in the row {rows[0].heading!r} of its table: {_MEND}" for number in wrong)
        yield from _in_other_cells(about, rows, set(wrong))


_MEND = "mend the words, or show the figure"


def _rows_named(clause: str, rows: list[_Row]) -> list[_Row]:
    """Give the rows whose heading a clause begins with; the table may add to the heading in brackets."""
    name = clause.partition(": ")[0]
    fitting = [row for row in rows if row.heading and (row.heading.startswith(f"{name} (") or re.match(rf"{re.escape(row.heading)}(?!\w)", clause))]
    longest = max((len(row.heading) for row in fitting), default=0)
    return [row for row in fitting if len(row.heading) == longest]


def _in_other_cells(about: str, rows: list[_Row], told: set[Decimal]) -> Iterator[str]:
    """Find numbers that stand in the row, but not in the cell that the words name: "heading number", or "number in heading"."""
    claims: list[tuple[str, list[Decimal]]] = []
    rest = about
    for head in rows[0].cells:
        if found := re.search(rf"(?:^|[,:]) ?{re.escape(head)}:? ({_NUMBER.pattern})(?![\d/])", rest, re.IGNORECASE):
            claims.append((head, numbers(found[1])))
            rest = rest.replace(found[0], "", 1)
    claims += [(head, numbers(rest.removesuffix(f" in {head}"))) for head in rows[0].cells if rest.endswith(f" in {head}")]
    for head, said in claims:
        held = {number for row in rows for number in numbers(row.cells.get(head, ""))}
        wrong = [number for number in said if held and number not in told and not _holds(held, number)]
        yield from (f"{_shown(number)} of {head!r} in the row {rows[0].heading!r}, where {_listed(held)} stands: {_MEND}" for number in wrong)


def _holds(held: set[Decimal], number: Decimal) -> bool:
    """Say whether a number is among others, rounds to one that has fewer decimals, or, with a decimal at least, is one with more rounded."""
    return number in held or any(
        abs(other - number) * 2 <= Decimal(1).scaleb(-min(_places(other), _places(number)))
        for other in held
        if _places(other) < _places(number) or 1 <= _places(number) < _places(other)
    )


def _places(number: Decimal) -> int:
    return max(-int(number.as_tuple().exponent), 0)


def _shown(number: Decimal) -> str:
    return f"{number:,f}".replace("-", "\u2212")


def _listed(held: set[Decimal]) -> str:
    return " and ".join(map(_shown, sorted(held)))
