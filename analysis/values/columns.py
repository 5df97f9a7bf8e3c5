"""Plain figures by the million: the texts that are a number and nothing else, read together; every other text is for `read`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

_PLAIN = r"^-?£?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?%?$"
_POUNDS_PLACES = 2
_MOST_LETTERS = 400


@dataclass(frozen=True)
class Plain:
    """
    Texts that are plain figures, as `read` reads each of them.

    Attributes:
        which: the places of those texts that are; the others must be read one by one.
        value: their exact figures.
        unit: what each is in.
        decimals: how many places each is printed with.
    """

    which: np.ndarray
    value: np.ndarray
    unit: np.ndarray
    decimals: np.ndarray


def read_plain(texts: Sequence[str], unit: str = "") -> Plain:
    """
    Read those of many texts that are a plain figure of which nothing is to be said: `98.5%`, `£1,600.00`, `-20`.

    Args:
        texts: as typed, each different.
        unit: what the register says the figures are in, or empty.

    Returns:
        The same value, unit and decimals that `read` gives for each of them; none has a flag, a marker or a repair. A text that `read` mends,
        flags, refuses or takes for anything but a figure is left out, and so may be others: it is for `read` to say.

    >>> read_plain(["1,600", "n/a", "0.5"], "percent").value.tolist()
    [Decimal('1600')]
    """
    import pyarrow as pa
    from pyarrow import compute

    given = pa.array(texts, pa.string())
    which = np.flatnonzero(compute.match_substring_regex(given, _PLAIN).to_numpy(zero_copy_only=False)) if len(texts) else np.zeros(0, dtype=np.int64)
    chosen = given.take(pa.array(which))
    pounds, percent = (compute.match_substring(chosen, sign).to_numpy(zero_copy_only=False) for sign in ("£", "%"))
    digits = chosen
    for sign in ("£", ",", "%"):
        digits = compute.replace_substring(digits, sign, "")
    point = compute.find_substring(digits, ".").to_numpy()
    decimals = np.where(point < 0, 0, compute.utf8_length(digits).to_numpy() - point - 1).astype(np.int64)
    value = np.empty(len(which), dtype=object)
    value[:] = [number or number.copy_abs() for number in map(Decimal, digits.to_pylist())]
    money = pounds | (~percent & (unit == "pounds"))
    said = np.where(pounds, "pounds", np.where(percent, "percent", ""))
    kept = ~(pounds & percent) & ~(money & (decimals > _POUNDS_PLACES)) & (compute.utf8_length(chosen).to_numpy() < _MOST_LETTERS)
    if unit:
        kept &= (said == "") | (said == unit)  # another unit than the register's is flagged
    if unit == "rank":
        kept &= said != ""
    if unit == "percent":
        kept &= (said != "") | _above_one(value)
    return Plain(which[kept], value[kept], np.where(said == "", unit or "number", said)[kept].astype(object), decimals[kept])


def _above_one(value: np.ndarray) -> np.ndarray:
    """Say which figures cannot be a share of one: nought is none, and is plain."""
    return np.array([number > 1 or number < -1 or not number for number in value], dtype=bool)
