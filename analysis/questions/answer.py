"""An answer: a frame that shows itself whole, as a table in a notebook and as lines in a terminal."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis import tables
from analysis.markup import Html
from analysis.reports.wording import begin


class Answer(pd.DataFrame):
    """
    A frame that shows every row and every word of its cells. What is taken out of it is a frame like any other.

    Attributes:
        about: what it is the answer to, which stands above it.
        source: where its figures come from, which stands under it.

    >>> said = Answer([{"what": "band", "says": "Amber"}], about="Build 63")
    >>> print(said)
    Build 63
      band  Amber
    """

    _metadata = ["about", "source"]  # noqa: RUF012 - how pandas wants it

    def __init__(self, rows: Any, columns: list[str] | None = None, *, about: str = "", source: str = "") -> None:
        """Take rows, what they are about, and where they come from."""
        super().__init__(rows, columns=columns, dtype=object)
        self.about, self.source = about, source

    @property
    def _constructor(self) -> Any:
        return pd.DataFrame

    def __str__(self) -> str:
        """Give a line for each row: its first column, as wide as the widest, and what the others say."""
        first, *others = self.columns
        width = max((len(str(name)) for name in self[first]), default=0)
        lines = [self.about] if self.about else []
        for row in self.to_dict("records"):
            said = "; ".join(str(row[name]) for name in others if row[name] not in ("", None))
            lines.append(f"  {row[first]!s:<{width}}  {said}".rstrip())
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        if self.empty:
            return str(Html("<p>{}</p>").format(self.about))
        columns = [tables.Column(name, begin(name.replace("_", " "))) for name in self.columns]
        return str(tables.table(self, columns, caption=self.about, source=self.source, row_heading=self.columns[0]))
