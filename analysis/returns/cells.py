"""What a sheet is: its cells by row and column, each as it is shown and as it is stored."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation, localcontext

MOST_CELLS = 2_000_000
"""The most cells of a sheet that is not plain text: a return has some thousands."""
MOST_MERGED = 50_000
"""The most cells that merged areas of a sheet may cover."""
DIGITS = 400
"""How many digits a stored number can have: as many as a float's largest."""
RETURN_ID = "return_id"
"""The property by which a workbook says which form it is."""


@dataclass(frozen=True)
class Cell:
    """One non-empty cell: what it shows, what is stored where that differs (a formula, a number), and the number held."""

    text: str
    stored: str = ""
    held: str = ""

    @property
    def hides_digits(self) -> bool:
        """Whether a number is stored that is not the one shown: 0.9496 under a format that shows 95%."""
        if not self.held:
            return False
        digits = re.sub(r"[£,%() ]", "", self.text)
        try:
            with localcontext(prec=DIGITS):
                held = Decimal(self.held)
                shown = Decimal(digits) / (100 if "%" in self.text else 1)
                return abs(held.copy_abs() - shown.copy_abs()) > Decimal("1E-12")
        except InvalidOperation:
            return False


@dataclass
class Sheet:
    """
    A sheet's non-empty cells by (row, column), counted from 1, its merged areas, what had to be done to read it, and whether it is plain text.

    Where its workbook is a form that was sent out, `return_id` says which.
    """

    name: str
    cells: dict[tuple[int, int], Cell]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    remarks: tuple[str, ...] = ()
    plain: bool = False
    return_id: str = ""
