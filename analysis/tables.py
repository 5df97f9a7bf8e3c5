"""A frame -> an accessible HTML table: caption, scope, units, and words beside every colour."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
from markupsafe import escape

from analysis import frames
from analysis.markup import Html, slug
from analysis.values import shown
from analysis.vocabulary import SHORTHAND, Band

WORDS, NUMBERS = "words", "numbers"
LABELLED_BY_STYLE = "receipts"
"""The kind of table whose cells the style sheet labels on a phone: it has hundreds of rows, and a label in each would be a third of them."""


@dataclass(frozen=True)
class Column:
    """
    One column of a table.

    Attributes:
        name: the frame's column.
        label: its heading.
        holds: WORDS (left) or NUMBERS (right, tabular).
        unit: of exact figures: "pounds", "percent", "number".
        unit_words: what the figures are in, as printed under the heading, where the cells do not say it.
        show: from a row (as a dictionary) to what the cell holds; the value itself where None.
    """

    name: str
    label: str
    holds: str = WORDS
    unit: str = "number"
    unit_words: str = ""
    show: Callable[[dict[str, Any]], Any] | None = None


def table(
    frame: pd.DataFrame,
    columns: Sequence[Column],
    *,
    caption: str,
    source: str,
    row_heading: str,
    group_by: str = "",
    notes: Sequence[str] = (),
    kind: str = "",
) -> Html:
    """
    Give a frame as a table.

    Args:
        frame: one row for each table row.
        columns: what to show, in order.
        caption: what the table holds, with its period.
        source: where the figures come from.
        row_heading: the column whose cell names the row (`th scope=row`).
        group_by: a column whose values make groups, in the order in which they first come, each under a heading row.
        notes: lines under the table; shorthand used in the cells is explained there without asking.
        kind: a CSS class.

    >>> frame = pd.DataFrame({"what": ["Awarded"], "pounds": [Decimal("8000")]})
    >>> columns = [Column("what", "Amount"), Column("pounds", "Total", NUMBERS, "pounds")]
    >>> "£8,000.00" in table(frame, columns, caption="Grant", source="Returns", row_heading="what")
    True
    """
    if group_by:
        order = {group: place for place, group in enumerate(dict.fromkeys(frame[group_by]))}
        frame = frame.sort_values(group_by, key=lambda groups: groups.map(order), kind="stable")
    sizes = Counter(frame[group_by].tolist()) if group_by else Counter[Any]()
    heads = "".join(_head(column) for column in columns)
    around = [_around(column, column.name == row_heading, labelled=not kind.startswith(LABELLED_BY_STYLE)) for column in columns]
    body: list[str] = []
    group = None
    for row in frames.rows(frame):
        if group_by and row[group_by] != group:
            group = row[group_by]
            size = sizes[group]
            body.append(
                str(
                    Html('<tr class="group"><th scope="rowgroup" colspan="{}">{} <span class="count">{}</span></th></tr>').format(
                        len(columns), group, _many(size)
                    )
                )
            )
        cells = "".join([f"{opening}{_content(column, row)}{closing}" for column, (opening, closing) in zip(columns, around, strict=True)])
        body.append(f"<tr{_row_id(row)}>{cells}</tr>")
    grid = Html(
        '<div class="table-scroll" tabindex="0" role="region" aria-label="{}"><table class="{}"><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    ).format(caption, kind or "plain", caption, Html(heads), Html("".join(body)))
    below = [*notes, *_shorthand_used(str(grid)), f"Source: {source}."]
    return grid + Html('<ul class="table-notes">{}</ul>').format(Html("").join(Html("<li>{}</li>").format(note) for note in below))


def _many(size: int) -> str:
    return f"{size} row" if size == 1 else f"{size} rows"


def _head(column: Column) -> str:
    unit = Html('<span class="unit">{}</span>').format(column.unit_words) if column.unit_words else ""
    return str(Html('<th scope="col"{}>{}{}</th>').format(_class(column), column.label, unit))


def _row_id(row: dict[str, Any]) -> str:
    own = f' id="{slug(str(row["row_id"]))}"' if row.get("row_id") else ""
    return own + (f' data-figure="{escape(row["row_figure"])}"' if row.get("row_figure") else "")


def _around(column: Column, heading: bool, *, labelled: bool) -> tuple[str, str]:
    """Give what stands before and after the content of each cell of a column."""
    tag = 'th scope="row"' if heading else "td"
    label = f' data-label="{escape(column.label)}"' if labelled else ""
    return f"<{tag}{_class(column)}{label}>", f"</{tag.split(maxsplit=1)[0]}>"


def _content(column: Column, row: dict[str, Any]) -> str:
    content = column.show(row) if column.show else row[column.name]
    if isinstance(content, Decimal | int):
        content = shown(content, column.unit)
    return "" if content is None else str(escape(content))


def _class(column: Column) -> Html:
    """Give the class of a column of numbers; words, which most cells hold, need none."""
    return Html(' class="numbers"' if column.holds == NUMBERS else "")


def _shorthand_used(html: str) -> list[str]:
    return [f"{mark} {words}" for mark, words in SHORTHAND.items() if mark in html]


_MARKS = {
    Band.HG: '<circle cx="8" cy="8" r="7" fill="#14946F"/><path d="M4.5 8.2l2.4 2.4 4.6-5" fill="none" stroke="#FFFFFF" stroke-width="1.8"/>',
    Band.LG: '<circle cx="8" cy="8" r="6.2" fill="#FFFFFF" stroke="#14946F" stroke-width="1.6"/><path d="M4.7 8.2l2.2 2.2 4.3-4.7" fill="none" stroke="#14946F" stroke-width="1.8"/>',
    Band.G: '<circle cx="8" cy="8" r="6.2" fill="#BFE0D6" stroke="#14946F" stroke-width="1.6"/><path d="M4.7 8.2l2.2 2.2 4.3-4.7" fill="none" stroke="#0B0C0C" stroke-width="1.8"/>',
    Band.A: '<path d="M8 1.2L15 14.2H1z" fill="#F6B800" stroke="#5C4000" stroke-width="1.2"/><path d="M8 5.5v4.2M8 11v1.7" stroke="#0B0C0C" stroke-width="1.7"/>',
    Band.LR: '<rect x="1.8" y="1.8" width="12.4" height="12.4" fill="#FFFFFF" stroke="#A4161A" stroke-width="1.7"/><path d="M5 5l6 6M11 5l-6 6" stroke="#A4161A" stroke-width="1.8"/>',
    Band.HR: '<rect x="1" y="1" width="14" height="14" fill="#A4161A"/><path d="M4.7 4.7l6.6 6.6M11.3 4.7l-6.6 6.6" stroke="#FFFFFF" stroke-width="1.9"/>',
}
_MARK = '<svg class="mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">'
_NO_SCORE = '<circle cx="8" cy="8" r="6.4" fill="none" stroke="#505A5F" stroke-width="1.4" stroke-dasharray="2.5 2"/><path d="M5 8h6" stroke="#505A5F" stroke-width="1.6"/>'


def mark(band: str) -> Html:
    """
    Give the shape of a band, hidden from screen readers because the word stands beside it.

    Five shapes that differ in black and white; a dashed circle where there is no score.

    >>> str(mark("HR")).startswith('<svg class="mark"')
    True
    """
    shape = _MARKS[Band(band)] if band in tuple(Band) else _NO_SCORE
    return Html(f"{_MARK}{shape}</svg>")


def marks_once(html: str) -> str:
    """
    Give a page in which each shape of a band is drawn once and used wherever it stands, because there are hundreds of them.

    >>> page = f"<body>{mark('HR')}{mark('HR')}</body>"
    >>> marks_once(page).count('<use href="#mark-0"/>'), marks_once(page).count("<rect")
    (2, 1)
    """
    drawn: dict[str, str] = {}

    def used(found: re.Match[str]) -> str:
        name = drawn.setdefault(found[2], f"mark-{len(drawn)}")
        return f'{found[1]}<use href="#{name}"/></svg>'

    html = re.sub(r'(<svg(?=[^>]* class="mark")[^>]*>)(.*?)</svg>', used, html, flags=re.DOTALL)
    shapes = "".join(f'<g id="{name}">{shape}</g>' for shape, name in drawn.items())
    kept = f'<svg class="shapes" width="0" height="0" aria-hidden="true"><defs>{shapes}</defs></svg>' if drawn else ""
    return re.sub(r"(<body[^>]*>)", lambda body: body[1] + kept, html, count=1)


def badge(band: str, reason: str = "") -> Html:
    """
    Give a band as shape and words; with no band, the words of the reason.

    >>> str(badge("", "no target"))[-30:]
    '><span>no target</span></span>'
    """
    words = Band(band).words if band in tuple(Band) else reason or "Not scored"
    loud = " loud" if band in tuple(Band) and Band(band).red else ""
    return Html('<span class="badge{}">{}<span>{}</span></span>').format(loud, mark(band), words)
