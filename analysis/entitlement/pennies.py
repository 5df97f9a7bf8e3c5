"""Money to the penny: a whole rounded once, and parts that come to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from analysis import frames
from analysis.values import shown

ROUNDINGS = ("half up", "half even", "down")


def rounded(amount: Fraction, penny: Fraction = Fraction(1, 100), rounding: str = "half up") -> Fraction:
    """
    Round an amount to a whole number of pennies; half a penny goes up, to the even one, or is dropped.

    >>> half = Fraction("4489115.625")
    >>> [float(rounded(half, rounding=how)) for how in ROUNDINGS]
    [4489115.63, 4489115.62, 4489115.62]
    """
    pennies = amount / penny
    whole = pennies.numerator // pennies.denominator
    rest = pennies - whole
    if rounding == "half up":
        up = rest >= Fraction(1, 2)
    elif rounding == "half even":
        up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1)
    else:
        up = False
    return (whole + up) * penny


def parted(whole: Fraction, weights: Sequence[Fraction], penny: Fraction = Fraction(1, 100)) -> list[Fraction]:
    """
    Divide a whole number of pennies by weights, so that the parts come to the whole: the largest remainders get the pennies left over.

    Of equal remainders the first in order is served first. Weights that are all zero give nothing to anyone but for a whole of nothing.

    Raises:
        ValueError: the whole is not a whole number of pennies, or there is something to divide and nobody to have it.

    >>> [float(part) for part in parted(Fraction(100), [Fraction(1)] * 3)]
    [33.34, 33.33, 33.33]
    """
    pennies = whole / penny
    total = sum(weights, Fraction(0))
    if pennies.denominator != 1:
        raise ValueError(f"{whole} is not a whole number of amounts of {penny}")
    if not total:
        if whole:
            raise ValueError("there is something to divide and nobody to have it")
        return [Fraction(0) for _ in weights]
    sign = -1 if whole < 0 else 1
    return [sign * part for part in summing(abs(whole), [abs(whole) * weight / total for weight in weights], penny)]


def summing(whole: Fraction, exact: Sequence[Fraction], penny: Fraction = Fraction(1, 100)) -> list[Fraction]:
    """
    Round exact amounts, none below nothing, so that they come to their rounded whole: those with the largest remainders are rounded up.

    An amount that is a whole number of pennies stays as it is.

    >>> [float(part) for part in summing(Fraction("0.67"), [Fraction("0.335"), Fraction("0.335")])]
    [0.34, 0.33]
    """
    pennies = [amount / penny for amount in exact]
    floors = [amount.numerator // amount.denominator for amount in pennies]
    order = sorted(range(len(exact)), key=lambda place: floors[place] - pennies[place])
    for place in order[: int(whole / penny) - sum(floors)]:
        floors[place] += 1
    return [part * penny for part in floors]


def pounds(amount: Fraction) -> str:
    """
    Give an amount as a reader sees it.

    >>> pounds(Fraction(1200))
    '£1,200.00'
    """
    return shown(frames.decimal(amount), "pounds")


def exact_pounds(amount: Fraction) -> str:
    """
    Give an amount with every place it has, not only pennies.

    >>> exact_pounds(Fraction("-2340506.325")), exact_pounds(Fraction(5))
    ('\u2212£2,340,506.325', '£5.00')
    """
    if (amount * 100).denominator == 1:
        return pounds(amount)
    text = f"£{shown(frames.decimal(abs(amount)))}"
    return f"\u2212{text}" if amount < 0 else text
