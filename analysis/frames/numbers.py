"""Exact figures: as decimals where they are shown, as whole numbers where a million of them are compared."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd


def absent(value: object) -> bool:
    """
    Say whether a value of a frame stands for nothing: None, NA or not-a-number.

    >>> absent(None), absent(pd.NA), absent(float("nan")), absent("")
    (True, True, True, False)
    """
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def integers(frame: pd.DataFrame, names: Sequence[str], places: int = 0) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], int]:
    """
    Give EXACT columns as whole numbers of one scale, so that they can be compared exactly and by the million.

    Args:
        frame: has the columns; decimals as Python holds them, or as Arrow does.
        names: which columns.
        places: the least scale, where more places are wanted than the figures have.

    Returns:
        Three things: column -> figures times 10 to the scale, 0 where missing (64-bit, or Python's own integers where
        these do not fit); column -> whether known; the scale.

    >>> frame = pd.DataFrame({"a": [Decimal("1.5"), None], "b": [Decimal("2"), Decimal("0.25")]})
    >>> numbers, known, scale = integers(frame, ["a", "b"])
    >>> numbers["a"].tolist(), numbers["b"].tolist(), known["a"].tolist(), scale
    ([150, 0], [200, 25], [True, False], 2)
    """
    import pyarrow as pa

    try:
        columns = {name: _as_arrow(frame[name], pa.decimal128(_DIGITS, _PLACES)) for name in names}
        found = {name: _words(column) for name, column in columns.items()}
        known = {name: np.asarray(column.is_valid()) for name, column in columns.items()}
        scale = _PLACES
    except (pa.ArrowInvalid, OverflowError):  # more digits than fit: slower, and as exact
        lists = {name: [None if absent(value) else value for value in frame[name].tolist()] for name in names}
        scale = max((places, *(-int(value.as_tuple().exponent) for column in lists.values() for value in column if value is not None)))
        ten = 10**scale
        whole = {name: [0 if value is None else int(Fraction(value) * ten) for value in column] for name, column in lists.items()}
        return (
            {name: np.array(column, dtype=object) for name, column in whole.items()},
            {name: np.array([value is not None for value in column], dtype=bool) for name, column in lists.items()},
            scale,
        )
    for spare in range(_PLACES, 0, -1):  # as few places as the figures need, so that products stay small; a sample rules most out
        if all((numbers[:1000] % 10**spare == 0).all() and (numbers % 10**spare == 0).all() for numbers in found.values()):
            found, scale = {name: numbers // 10**spare for name, numbers in found.items()}, _PLACES - spare
            break
    if places > scale:
        found = {name: times(numbers, 10 ** (places - scale)) for name, numbers in found.items()}
    return found, known, max(scale, places)


def decimal(value: Fraction) -> Decimal:
    """
    Give a fraction as a decimal: exact where it has an end, otherwise to ten places.

    >>> decimal(Fraction(1, 8)), decimal(Fraction(1, 3))
    (Decimal('0.125'), Decimal('0.3333333333'))
    """
    top, bottom = value.numerator, value.denominator
    odd, twos, fives = bottom, 0, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    while odd % 5 == 0:
        odd, fives = odd // 5, fives + 1
    if odd == 1:
        places = max(twos, fives)
        return Decimal(top * 10**places // bottom).scaleb(-places, _EXACTLY)
    return Decimal(round(value * 10**10)).scaleb(-10, _EXACTLY)


_EXACTLY = Context(prec=2000)


def quotients(tops: np.ndarray, bottoms: np.ndarray) -> np.ndarray:
    """Give top / bottom of each pair as `decimal` does; what has an end within ten places is told by whole numbers alone."""
    made = np.empty(len(tops), dtype=object)
    scaled = tops.astype(object) * 10**10
    quotient, rest = (scaled // bottoms, scaled % bottoms) if len(tops) else (scaled, scaled)
    for place, (whole, left, bottom) in enumerate(zip(quotient.tolist(), rest.tolist(), bottoms.tolist(), strict=True)):
        if left and math.gcd(int(tops[place]), bottom) * 10**60 % bottom:
            made[place] = Decimal(whole + (2 * left >= bottom)).scaleb(-10, _EXACTLY)
        else:
            made[place] = decimal(Fraction(int(tops[place]), int(bottom)))
    return made


def decimals(column: pd.Series) -> np.ndarray:
    """Give an EXACT column as Python's decimals, None where missing; of Arrow's, equal ones are made once."""
    if not isinstance(column.dtype, pd.ArrowDtype):
        return column.to_numpy(dtype=object)
    codes, different = pd.factorize(column)
    return np.append(different.to_numpy(dtype=object), None)[codes]


def times(*factors: np.ndarray | int) -> np.ndarray:
    """
    Multiply whole numbers exactly: in 64 bits where the product is sure to fit, in Python's own integers where not.

    >>> times(np.array([3, 10**12]), 10**9).tolist()
    [3000000000, 1000000000000000000000]
    """
    counting = [factor for factor in factors if isinstance(factor, np.ndarray) or factor != 1]
    if len(counting) == 1:
        return np.asarray(counting[0])
    largest = 1.0
    for factor in counting:
        if isinstance(factor, np.ndarray):
            largest *= _about(max(abs(int(factor.max())), abs(int(factor.min())), 1)) if factor.size else 1.0
        else:
            largest *= _about(max(abs(factor), 1))
    wide = largest >= _SURE
    product: Any = 1
    for factor in counting:
        product = product * (factor.astype(object) if wide and isinstance(factor, np.ndarray) else factor)
    return np.asarray(product)


_DIGITS, _PLACES = 38, 6
"""How Arrow is asked to hold decimals: figures of more than six places, or over nine billion, go the slower way."""
_SURE = 2.0**62
"""A product below this fits into 64 bits, and so does the sum of two of them."""


def _about(size: int) -> float:
    """Give a size as a float, infinite where it is beyond one."""
    return float(size) if size.bit_length() < 1000 else math.inf


def _as_arrow(column: pd.Series, kind: Any) -> Any:
    import pyarrow as pa

    held = pa.array(column.array, from_pandas=True) if isinstance(column.dtype, pd.ArrowDtype) else pa.array(column.to_numpy(), kind, from_pandas=True)
    held = held.combine_chunks() if isinstance(held, pa.ChunkedArray) else held
    return held if held.type == kind else held.cast(kind)


def _words(held: Any) -> np.ndarray:
    """Give the numbers behind an array of Arrow decimals, which are of 128 bits, where 64 hold them all."""
    if not len(held):
        return np.zeros(0, dtype=np.int64)
    both = np.frombuffer(held.buffers()[1], dtype="<i8").reshape(-1, 2)[held.offset : held.offset + len(held)]
    low = np.where(np.asarray(held.is_valid()), both[:, 0], 0)
    if ((both[:, 1] != both[:, 0] >> 63) & np.asarray(held.is_valid())).any() or (np.abs(low) >= _SURE).any():
        raise OverflowError
    return low
