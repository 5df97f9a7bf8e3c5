"""A frame of a contract from whole columns, for those who make a million rows in blocks and have them checked later, together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.frames.contracts import EXACT, TEXT, WHOLE, YES, Contract


def from_columns(columns: Mapping[str, Any], contract: Contract, size: int) -> pd.DataFrame:
    """
    Give a frame of *size* rows with the columns of a contract; those that are not given are empty text or missing.

    What the columns hold is not looked at: `check` does that, once for all blocks.

    >>> from analysis.frames.contracts import MISSING
    >>> from_columns({"name": np.array(["The Souk"], dtype=object)}, MISSING, 1)["state"].tolist()
    ['']
    """
    blank: dict[str, Any] = {TEXT: "", EXACT: None, WHOLE: pd.NA, YES: False}
    kinds = {WHOLE: "Int64", YES: "bool"}
    index = pd.RangeIndex(size)
    empty = {holds: pd.Series(np.full(size, value, dtype=object), index=index, dtype=kinds.get(holds, object)) for holds, value in blank.items()}
    made = {
        name: pd.Series(columns[name], index=index, dtype=kinds.get(holds, object), copy=False) if name in columns else empty[holds]
        for name, holds in contract.columns.items()
    }
    return pd.DataFrame(made, index=index, copy=False)
