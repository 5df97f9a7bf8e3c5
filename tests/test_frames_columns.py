"""Frames from whole columns: the same as from rows, but that nobody looks at what the columns hold."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
from pandas.testing import assert_frame_equal

from analysis import frames
from analysis.frames.columns import from_columns


def test_columns_give_what_rows_give() -> None:
    """It gives the frame that `make` gives of the same rows: the same columns, kinds and gaps."""
    rows = [{"row": 2, "measure_id": "Build 5", "actual": Decimal("1.50"), "target_annual": True}, {"row": 3, "actual_decimals": 1}]
    columns = {
        "row": np.array([2, 3]),
        "measure_id": np.array(["Build 5", ""], dtype=object),
        "actual": np.array([Decimal("1.50"), None], dtype=object),
        "target_annual": np.array([True, False]),
        "actual_decimals": pd.arrays.IntegerArray(np.array([0, 1]), np.array([True, False])),
    }
    assert_frame_equal(from_columns(columns, frames.OBSERVATIONS, 2), frames.make(rows, frames.OBSERVATIONS))


def test_a_blank_column_is_its_own() -> None:
    """It gives columns of which one can be written without changing another."""
    made = from_columns({}, frames.CELLS, 2)
    made.loc[0, "raw"] = "changed"
    assert made["stored"].tolist() == ["", ""]
    assert frames.check(made, frames.CELLS.__class__("cells", frames.CELLS.columns, ())) is made
