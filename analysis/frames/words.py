"""Text columns as codes, so that a million cells are compared as numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Words:
    """
    A text column, coded: each cell's code is its place in `names`.

    >>> words = coded(pd.Series(["percent", "number", "percent"]))
    >>> words.are("percent").tolist(), words.names[words.codes[1]]
    ([True, False, True], 'number')
    """

    codes: np.ndarray
    names: list[str]

    def are(self, *wanted: str) -> np.ndarray:
        """Say which cells hold one of the wanted words."""
        places = [place for place, name in enumerate(self.names) if name in wanted]
        if len(places) == 1:
            return np.asarray(self.codes == places[0])
        return np.isin(self.codes, places) if places else np.zeros(len(self.codes), dtype=bool)

    def same(self, other: Words) -> np.ndarray:
        """Say which cells hold the same word as another column's."""
        place = {name: code for code, name in enumerate(self.names)}
        if self.names == other.names:
            return np.asarray(self.codes == other.codes)
        return (
            np.asarray(self.codes == np.array([place.get(name, -1) for name in other.names], dtype=np.int64)[other.codes])
            if len(other.codes)
            else np.zeros(0, dtype=bool)
        )

    def as_numbers(self, numbers: list[int]) -> np.ndarray:
        """Give each cell the number of its name."""
        return np.array(numbers, dtype=np.int64)[self.codes] if len(self.codes) else np.zeros(0, dtype=np.int64)


def coded(column: pd.Series) -> Words:
    """Give a text column as codes; one that is categorical already, at no cost."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return Words(column.cat.codes.to_numpy(), column.cat.categories.to_numpy(dtype=object).tolist())
    codes, names = pd.factorize(column)
    return Words(codes, np.asarray(names, dtype=object).tolist())
