"""What the checks of data quality look at: a quarter's figures beside their own past."""

from __future__ import annotations

from collections import defaultdict
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
        place = pd.Index(before["measure_id"], dtype=object).get_indexer(rows["measure_id"].astype(object))
        beside = np.full((len(rows), len(columns)), None, dtype=object)
        beside[place >= 0] = before[columns].to_numpy(dtype=object)[place[place >= 0]]
        beside[pd.isna(beside)] = None
        return pd.concat([rows, pd.DataFrame(beside, columns=[f"before_{name}" for name in columns], dtype=object)], axis=1)

    @cached_property
    def known(self) -> pd.Series:
        """Which of the quarter's observations have an actual."""
        return self.now["actual"].notna()

    @cached_property
    def past(self) -> pd.DataFrame:
        """The known actuals of the quarters before: how many, their median, and the decimals that most were printed with."""
        earlier = self.observations[(self.observations["quarter"] < self.quarter) & self.observations["actual"].notna()]
        of: dict[str, list[tuple[Decimal, Any]]] = defaultdict(list)
        for name, *figure in zip(earlier["measure_id"].tolist(), frames.decimals(earlier["actual"]).tolist(), earlier["actual_decimals"].tolist(), strict=True):
            of[name].append((figure[0], figure[1]))
        its = [of.get(name, []) for name in self.now["measure_id"].tolist()]
        return pd.DataFrame({
            "number": np.array([len(figures) or np.nan for figures in its], dtype=float),
            "median": pd.Series([_middle([value for value, _ in figures]) if figures else None for figures in its], dtype=object),
            "decimals": pd.array([_all_alike([places for _, places in figures]) for figures in its], dtype="Int64"),
        })  # fmt: skip

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
        if not hit.any():
            return result
        rows = self.now[hit] if beside is None else pd.concat([self.now[hit], beside[hit]], axis=1)
        for row in frames.rows(rows):
            result.look(row, part, say(row))
        result.number -= int(hit.sum())  # look counts them again
        return result


def _middle(values: list[Decimal]) -> Decimal:
    """Give the middle value, the lower of two: one that was reported, so that nothing is rounded."""
    ordered = sorted(values)
    return ordered[(len(ordered) - 1) // 2]


def _all_alike(values: list[Any]) -> Any:
    """Give the number of decimals that three or more figures all have; missing where they differ."""
    known = [value for value in values if value is not pd.NA]
    return known[0] if len(known) > 2 and len(set(known)) == 1 else pd.NA


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
