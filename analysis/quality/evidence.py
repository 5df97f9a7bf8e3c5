"""What the checks of data quality look at: a quarter's figures beside their own past."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analysis import frames, quarters
from analysis.checking import Examined, Row
from analysis.reference import Registers


@dataclass(frozen=True)
class Evidence:
    """
    What is known of a quarter's figures when the checks run.

    Attributes:
        observations: frame of the `OBSERVATIONS` contract, of as many quarters as there are.
        monthly: frame of the `MONTHLY` contract.
        awards: frame of the `AWARDS` contract.
        cells: frame of the `CELLS` contract.
        process: frame of the `PROCESS` contract, of the quarters before alone: between which limits figures were.
        registers: what was agreed.
        quarter: the quarter that is checked.
    """

    observations: pd.DataFrame
    monthly: pd.DataFrame
    awards: pd.DataFrame
    cells: pd.DataFrame
    process: pd.DataFrame
    registers: Registers
    quarter: str

    @cached_property
    def now(self) -> pd.DataFrame:
        """The observations of the quarter, with those of the quarter before, of the year so far and of the past beside them."""
        rows = self.observations[self.observations["quarter"] == self.quarter].reset_index(drop=True)
        before = self.observations[self.observations["quarter"] == quarters.previous(self.quarter)]
        columns = ["actual", "actual_raw", "actual_unit", "target_raw", "target_low", "target_high", "target_rule"]
        beside = before.set_index("measure_id")[columns].reindex(rows["measure_id"]).reset_index(drop=True).astype(object)
        return pd.concat([rows, beside.where(beside.notna(), None).add_prefix("before_")], axis=1)

    @cached_property
    def known(self) -> pd.Series:
        """Which of the quarter's observations have an actual."""
        return self.now["actual"].notna()

    @cached_property
    def past(self) -> pd.DataFrame:
        """The known actuals of the quarters before: how many, their median, and the decimals that most were printed with."""
        earlier = self.observations[(self.observations["quarter"] < self.quarter) & self.observations["actual"].notna()]
        if earlier.empty:
            return pd.DataFrame({"number": [], "median": [], "decimals": []}).reindex(self.now["measure_id"]).reset_index(drop=True)
        by = earlier.groupby("measure_id", sort=False)
        found = pd.DataFrame({"number": by.size(), "median": by["actual"].agg(_middle), "decimals": by["actual_decimals"].agg(_all_alike)})
        return found.reindex(self.now["measure_id"]).reset_index(drop=True)

    def look(self, examined: pd.Series, odd: pd.Series, part: str, say: Callable[[Row], str], beside: pd.DataFrame | None = None) -> Examined:
        """
        Give what a check of the quarter's observations comes to.

        Args:
            examined: which rows of `now` could be looked at.
            odd: which of them are not as expected.
            part: the field whose cell is told.
            say: gives the message of a row.
            beside: more columns for that row.
        """
        result = Examined(number=int(examined.sum()))
        hit = (examined & odd).to_numpy(dtype=bool)
        rows = self.now[hit] if beside is None else pd.concat([self.now[hit], beside[hit]], axis=1)
        for row in frames.rows(rows):
            result.look(row, part, say(row))
        result.number -= int(hit.sum())  # look counts them again
        return result


def _middle(values: pd.Series) -> Decimal:
    """Give the middle value, the lower of two: one that was reported, so that nothing is rounded."""
    ordered = sorted(values)
    return ordered[(len(ordered) - 1) // 2]


def _all_alike(values: pd.Series) -> Any:
    """Give the number of decimals that three or more figures all have; missing where they differ."""
    known = values.dropna()
    return known.iloc[0] if len(known) > 2 and (known == known.iloc[0]).all() else pd.NA


def each(series: pd.Series, test: Callable[[Any], bool]) -> pd.Series:
    """
    Give which values of a column pass a test; a missing one does not.

    >>> each(pd.Series([Decimal(3), None], dtype=object), lambda value: value > 2).tolist()
    [True, False]
    """
    return pd.Series(np.array([value is not None and value == value and bool(test(value)) for value in series.array], dtype=bool), index=series.index)  # noqa: PLR0124 - NaN


def significant(value: Decimal) -> int:
    """
    Give how many digits of a figure say something: 1 for 200, 3 for 20.10, 4 for 10.05.

    >>> significant(Decimal("200")), significant(Decimal("20.10")), significant(Decimal("10.05"))
    (1, 3, 4)
    """
    return len("".join(map(str, value.as_tuple().digits)).strip("0")) if value else 0
