"""A frame to look through: found in, filtered and sorted in JupyterLab; on a page, or without the library for it, a table that stands still."""

from __future__ import annotations

import builtins
import math
import os
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from importlib.util import find_spec
from typing import Any

import pandas as pd

from analysis import tables
from analysis.markup import Html
from analysis.tables import NUMBERS, WORDS, Column

UNKNOWN = "[x]"
"""What stands for a figure that is not known, where the frame does not say why."""
STILL = 200
"""How many rows a table that stands still shows at most."""
_REASON = "_reason"


def explore(frame: pd.DataFrame, about: str = "") -> Explored:
    """
    Show a frame to look through: in JupyterLab with a search, a filter and a sort for every column; elsewhere as a table.

    A figure is shown and sorted exactly. One that is not known is shown as the frame says: the words of the column beside it, `actual_reason` for
    `actual`, else [x]; in a sort these stand together at one end. A cell is text: nothing that a return says is run.

    Args:
        frame: any frame; `frame[["measure_id", "actual"]]` for some of its columns.
        about: what it is, which stands with the table.
    """
    return Explored(frame, about)


class Explored:
    """
    A frame that shows itself.

    >>> explore(pd.DataFrame({"actual": [Decimal("97.80"), None], "actual_reason": ["", "not given"]}))
    2 rows of 2 columns
    """

    def __init__(self, frame: pd.DataFrame, about: str) -> None:
        """Take the frame as it is."""
        self.frame, self.about = frame, about

    def __repr__(self) -> str:
        """Say how large it is."""
        return f"{_many(len(self.frame), 'row')} of {_many(self.frame.shape[1], 'column')}"

    def _repr_html_(self) -> str:
        return _with_library(self) if _can_be_looked_through() else str(still(self.frame, self.about))


def as_words(frame: pd.DataFrame) -> pd.DataFrame:
    """
    Give every cell of a frame as the text that is shown of it; no figure is rounded, and none is made of what is not known.

    >>> as_words(pd.DataFrame({"pounds": [Decimal("1E+3"), Decimal("0.10"), None]}))["pounds"].tolist()
    ['1000', '0.10', '[x]']
    """
    columns = list(frame.columns)
    words = {}
    for place, name in enumerate(columns):
        said = [value if type(value) is str else _word(value) for value in frame.iloc[:, place].astype(object)]
        if None in said:
            own = f"{name}{_REASON}"
            reasons = frame.iloc[:, columns.index(own)].astype(object) if own in columns else [None] * len(frame)
            said = [(_word(reason) or UNKNOWN) if word is None else word for word, reason in zip(said, reasons, strict=True)]
        words[place] = said
    made = pd.DataFrame(words, index=pd.RangeIndex(len(frame)), dtype=object)
    made.columns = pd.Index([str(name) for name in columns], dtype=object)
    return made


def looked_through(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Any]]:
    """
    Give what the library shows of a frame, and how.

    Returns:
        The frame in words, and at its end a hidden column for each column of figures: the place of each figure in their exact order, which the
        library sorts by, as it would compare the figures as binary numbers. And the options: every row, text only.
    """
    words = as_words(frame)
    figures = [place for place in range(frame.shape[1]) if _holds_figures(frame.iloc[:, place])]
    hidden = {figure: frame.shape[1] + number for number, figure in enumerate(figures)}
    ranks = {f"place of {words.columns[figure]}, {at}": _places(frame.iloc[:, figure]) for figure, at in hidden.items()}
    shown = pd.concat([words, pd.DataFrame(ranks, index=words.index)], axis=1) if ranks else words
    of_figures = [{"targets": figure, "orderData": [at], "type": "num", "className": "dt-right"} for figure, at in hidden.items()]
    of_words = [{"targets": place, "type": "string", "className": "dt-left"} for place in range(frame.shape[1]) if place not in hidden]
    few = [place for place in range(frame.shape[1]) if len(words) <= _LARGE and words.iloc[:, place].nunique() <= _FEW]
    of_few = [{"targets": few, "columnControl": [*_SORT, [*_SEARCH, "searchList"]]}] if few else []
    unseen = [{"targets": list(hidden.values()), "visible": False, "searchable": False, "columnControl": []}] if hidden else []
    return shown, _HOW | {"columnDefs": [*of_few, *of_figures, *of_words, *unseen]}


_FEW, _LARGE = 20, 20_000
"""A column of no more different words than these few offers them as a list to choose from; not in a large frame, which would take twice as long to open."""
_SORT, _SEARCH = ["order"], ["orderAsc", "orderDesc", "orderClear", "spacer", "search"]
_HOW: dict[str, Any] = {
    "columnControl": [*_SORT, _SEARCH],
    "ordering": {"indicators": False, "handler": False},
    "order": [],
    "lengthMenu": [10, 25, 100],
    "allow_html": False,
    "showIndex": False,
    "maxBytes": 0,
    "maxColumns": 0,
    "maxRows": 0,
    "display_logo_when_loading": False,
    "classes": "display compact",
    "style": "table-layout:auto;width:auto;float:left;caption-side:top",
}


def _with_library(explored: Explored) -> str:
    """Give what the library makes of a frame, with the library itself, so that nothing is asked for from outside."""
    from itables import options, to_html_datatable
    from itables.javascript import generate_init_offline_itables_html

    shown, how = looked_through(explored.frame)
    return f"{generate_init_offline_itables_html(options.dt_bundle)}{_LOOK}{to_html_datatable(shown, explored.about or None, connected=False, **how)}"


_LOOK = """<style>td.dt-right{text-align:right!important}</style>
<script>document.documentElement.classList.toggle('dark', document.body.dataset.jpThemeLight === 'false')</script>"""
"""Figures to the right, whatever style a notebook's tables have; dark where Jupyter is."""


def still(frame: pd.DataFrame, about: str = "") -> Html:
    """Give a frame as a table that stands still, the first of many rows."""
    words = as_words(frame.head(STILL))
    places = [str(place) for place in range(frame.shape[1])]
    columns = [
        Column(place, name, NUMBERS if _holds_figures(frame[:STILL].iloc[:, int(place)]) else WORDS) for place, name in zip(places, words.columns, strict=True)
    ]
    if not columns:
        return Html("<p>Nothing to show: there are no columns.</p>")
    more = [f"The first {STILL} of {len(frame):,} rows."] if len(frame) > STILL else []
    caption = about or repr(explore(frame))
    return tables.table(words.set_axis(places, axis=1), columns, caption=caption, source="the frame as it is", row_heading=places[0], notes=more)


def _can_be_looked_through() -> bool:
    """Say whether this is a notebook that somebody has open in Jupyter, with the library there; a run in batches is none, in a kernel or without."""
    shell: Callable[[], Any] | None = getattr(builtins, "get_ipython", None)
    by_hand = "JPY_SESSION_NAME" in os.environ  # a Jupyter server says so to the kernels that it starts
    return by_hand and shell is not None and type(shell()).__name__ == "ZMQInteractiveShell" and find_spec("itables") is not None


def _word(value: Any) -> str | None:
    """Give what is shown of a cell; None where nothing is known."""
    if isinstance(value, str):
        return value
    if value is None or value is pd.NaT or value is pd.NA or value != value:  # noqa: PLR0124 - not a number
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _holds_figures(column: pd.Series) -> bool:
    """Say whether every cell of a column that is known is a figure, and there is one."""
    kinds = set(map(type, column.astype(object))) - {type(None), type(pd.NaT), type(pd.NA)}
    return bool(kinds) and kinds <= {Decimal, Fraction, int, float}


def _places(column: pd.Series) -> list[int]:
    """Give each figure's place in the exact order of all, equal ones the same; what is not known comes last."""
    values = column.astype(object).tolist()
    different = [value for value in set(values) if _word(value) is not None]
    by_fraction = any(isinstance(value, Fraction) for value in different)  # Python compares all others with one another exactly, and much faster
    exact = {value: Fraction(value) if by_fraction and abs(value) != math.inf else value for value in different}
    order = {value: place for place, value in enumerate(sorted(set(exact.values())))}
    return [order[exact[value]] if value in exact else len(order) for value in values]


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else noun + 's'}"
