"""Exact figures as whole numbers: of any size, from Python's decimals or Arrow's, with nothing lost and nothing made up."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis import frames
from analysis.errors import FrameError
from analysis.frames import EXACT, TEXT, WHOLE, Contract

SAME_EVERY_RUN = settings(derandomize=True, database=None, deadline=None, max_examples=100)
AMOUNT = Contract("amount", {"name": TEXT, "amount": EXACT}, ())


def held(*values: object, dtype: object = object) -> pd.DataFrame:
    """Give a frame of one exact column."""
    return pd.DataFrame({"a": pd.Series(list(values), dtype=dtype)})


def whole(frame: pd.DataFrame, places: int = 0) -> tuple[list[int], list[bool], int]:
    """Give the one column of a frame as whole numbers, which are known, and their scale."""
    numbers, known, scale = frames.integers(frame, list(frame.columns), places)
    assert known["a"].dtype == bool
    return numbers["a"].tolist(), known["a"].tolist(), scale


def figures(frame: pd.DataFrame, places: int = 0) -> list[Fraction | None]:
    """Give the figures that the whole numbers of a column stand for."""
    numbers, known, scale = whole(frame, places)
    assert scale >= places
    assert all(number == 0 for number, there in zip(numbers, known, strict=True) if not there)
    return [Fraction(number, 10**scale) if there else None for number, there in zip(numbers, known, strict=True)]


# ---------------------------------------------------------------- integers

WHOLE_NUMBERS = [
    pytest.param(["1.5", "-0.25"], [150, -25], 2, id="as many places as the figures need"),
    pytest.param(["1.50", "2.00"], [15, 20], 1, id="and no more: noughts at the end are none"),
    pytest.param(["100", "-200"], [100, -200], 0, id="whole numbers stay"),
    pytest.param(["1E+5", "1E-3"], [100_000_000, 1], 3, id="powers of ten"),
    pytest.param(["0.000001"], [1], 6, id="six places"),
    pytest.param(["0.0000001", "1"], [1, 10**7], 7, id="seven places"),
    pytest.param(["1E-30", "-1"], [1, -(10**30)], 30, id="thirty places"),
    pytest.param(["9223372036854775807", "-9223372036854775808"], [2**63 - 1, -(2**63)], 0, id="the ends of 64 bits"),
    pytest.param(["-9223372036854.775808"], [-(2**63)], 6, id="the low end of 64 bits, with six places"),
    pytest.param(["9223372036854775808", "0.5"], [2**63 * 10, 5], 1, id="beyond 64 bits"),
    pytest.param([str(2**127), str(-(2**127) - 1)], [2**127, -(2**127) - 1], 0, id="beyond 128 bits"),
    pytest.param([f"{10**40 + 1}", "0.001"], [10**43 + 1000, 1], 3, id="forty-one digits beside three places"),
    pytest.param(["4611686018427.387904", "4611686018427.387903"], [2**62, 2**62 - 1], 6, id="where 64 bits are left"),
    pytest.param(["-0"], [0], 0, id="less than nothing is nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "numbers", "scale"), WHOLE_NUMBERS)
def test_figures_become_whole_numbers_of_one_scale(values: list[str], numbers: list[int], scale: int) -> None:
    """It gives each figure times ten to the scale, exactly, however great it is."""
    assert whole(held(*map(Decimal, values))) == (numbers, [True] * len(values), scale)


def test_a_missing_figure_is_nought_and_not_known() -> None:
    """It marks None, NA and not-a-number as not known, beside a nought that is."""
    assert whole(held(Decimal("1.5"), None, pd.NA, float("nan"), Decimal(0))) == ([15, 0, 0, 0, 0], [True, False, False, False, True], 1)


def test_a_missing_figure_is_not_known_among_great_ones_either() -> None:
    """It marks what is missing beside figures that do not fit into 64 bits, or 128."""
    assert whole(held(None, Decimal(2**64), pd.NA)) == ([0, 2**64, 0], [False, True, False], 0)
    assert whole(held(None, Decimal(10**50), float("nan"))) == ([0, 10**50, 0], [False, True, False], 0)


@pytest.mark.parametrize("dtype", [object, pd.ArrowDtype(pa.decimal128(20, 4))], ids=["Python", "Arrow"])
def test_nothing_gives_nothing(dtype: object) -> None:
    """It gives no numbers for no rows, and no known ones for rows without a figure."""
    assert whole(held(dtype=dtype)) == ([], [], 0)
    assert whole(held(None, None, dtype=dtype)) == ([0, 0], [False, False], 0)


@pytest.mark.parametrize(
    ("values", "places", "numbers", "scale"),
    [
        (["1.5"], 3, [1500], 3),
        (["1.5"], 1, [15], 1),
        (["1.2345"], 2, [12345], 4),
        (["12345678901.5"], 12, [123456789015 * 10**11], 12),
        (["1E-9"], 10, [10], 10),
        ([], 4, [], 4),
    ],
)
def test_more_places_may_be_wanted(values: list[str], places: int, numbers: list[int], scale: int) -> None:
    """It gives at least the places asked for, and more where the figures have more."""
    assert whole(held(*map(Decimal, values)), places) == (numbers, [True] * len(values), scale)


def test_columns_share_one_scale() -> None:
    """It takes the scale from the column that needs most places, whatever the others hold."""
    frame = pd.DataFrame({"a": pd.Series([Decimal(7), None], dtype=object), "b": pd.Series([Decimal("0.125"), Decimal(10**40)], dtype=object), "c": ["x", "y"]})
    numbers, known, scale = frames.integers(frame, ["a", "b"])
    assert ({name: column.tolist() for name, column in numbers.items()}, scale) == ({"a": [7000, 0], "b": [125, 10**43]}, 3)
    assert {name: column.tolist() for name, column in known.items()} == {"a": [True, False], "b": [True, True]}


def test_a_figure_far_down_still_sets_the_scale() -> None:
    """It looks at every figure for the places needed, not at the first thousand only."""
    numbers, _, scale = whole(held(*[Decimal(1)] * 1500, Decimal("0.01")))
    assert (numbers[0], numbers[-1], scale) == (100, 1, 2)


def test_figures_of_nine_billion_are_kept_in_64_bits_and_greater_ones_not() -> None:
    """It keeps usual figures in 64 bits, where a million are compared at once, and only greater ones as Python's own."""
    kept, wide = (frames.integers(held(Decimal(value)), ["a"])[0]["a"].dtype for value in ("9000000000.25", "1E+20"))
    assert (kept, wide) == (np.dtype(np.int64), np.dtype(object))


ARROW = [
    pytest.param(pa.decimal128(10, 2), id="128 bits, two places"),
    pytest.param(pa.decimal128(38, 6), id="128 bits, six places"),
    pytest.param(pa.decimal128(38, 20), id="128 bits, twenty places"),
    pytest.param(pa.decimal256(76, 2), id="256 bits, two places"),
    pytest.param(pa.decimal256(76, 30), id="256 bits, thirty places"),
]


@pytest.mark.parametrize("kind", ARROW)
def test_arrow_decimals_give_the_same_numbers(kind: pa.DataType) -> None:
    """It reads Arrow decimals of any width as it reads Python's, also cut out of a longer column or stuck together."""
    frame = held(Decimal("1.5"), None, Decimal("-2.25"), dtype=pd.ArrowDtype(kind))
    assert whole(frame) == ([150, 0, -225], [True, False, True], 2)
    assert whole(frame.iloc[1:]) == ([0, -225], [False, True], 2)
    assert whole(frame.iloc[[2]]) == ([-225], [True], 2)
    assert whole(pd.concat([frame, frame.iloc[1:]])) == ([150, 0, -225, 0, -225], [True, False, True, False, True], 2)


def test_arrow_decimals_may_be_great() -> None:
    """It reads Arrow decimals beyond 64 and beyond 128 bits exactly, and ones of seven places."""
    assert figures(held(Decimal(2**90), None, dtype=pd.ArrowDtype(pa.decimal128(38, 6)))) == [2**90, None]
    assert figures(held(Decimal(10**60 + 1), None, dtype=pd.ArrowDtype(pa.decimal256(76, 2)))) == [10**60 + 1, None]
    assert figures(held(Decimal("123456789.1234567"), dtype=pd.ArrowDtype(pa.decimal128(38, 7)))) == [Fraction("123456789.1234567")]


def test_what_stands_behind_a_gap_is_not_read() -> None:
    """It gives nought for an Arrow figure that is masked, whatever number lies under the mask."""
    shown = pa.array([Decimal("1.5"), Decimal("9.75")], pa.decimal128(38, 6))
    masked = pa.Array.from_buffers(shown.type, 2, [pa.py_buffer(bytes([0b01])), shown.buffers()[1]])
    assert whole(pd.DataFrame({"a": pd.Series(pd.arrays.ArrowExtensionArray(masked))})) == ([15, 0], [True, False], 1)


FIGURES = st.one_of(st.integers(-(10**45), 10**45), st.integers(-1000, 1000), st.sampled_from([2**62, 2**63, -(2**63), 2**64, 2**127, 10**38]))
DECIMALS = st.tuples(FIGURES, st.integers(0, 12)).map(lambda pair: Decimal(f"{pair[0]}E-{pair[1]}"))


@given(values=st.lists(st.one_of(st.none(), DECIMALS), max_size=12), places=st.integers(0, 8))
@SAME_EVERY_RUN
def test_whole_numbers_lead_back_to_the_figures(values: list[Decimal | None], places: int) -> None:
    """It loses nothing of any figures: each whole number over ten to the scale is the figure again, and the frame is as it was."""
    frame = held(*values)
    before = frame.copy(deep=True)
    assert figures(frame, places) == [None if value is None else Fraction(value) for value in values]
    assert_frame_equal(frame, before)


@given(
    values=st.lists(
        st.one_of(st.none(), st.tuples(st.integers(-(10**30), 10**30), st.integers(0, 6)).map(lambda pair: Decimal(f"{pair[0]}E-{pair[1]}"))), max_size=8
    )
)
@SAME_EVERY_RUN
def test_arrow_and_python_agree(values: list[Decimal | None]) -> None:
    """It gives numbers that stand for the same figures whether Arrow or Python holds them."""
    assert figures(held(*values, dtype=pd.ArrowDtype(pa.decimal256(60, 6)))) == figures(held(*values))


# ---------------------------------------------------------------- times

INTEGERS = st.one_of(st.integers(-100, 100), st.integers(-(2**62), 2**62), st.sampled_from([2**31, -(2**31), 2**32, 2**62, -(2**62), 2**63 - 1, -(2**63)]))


@given(pairs=st.lists(st.tuples(INTEGERS, INTEGERS), max_size=6), factor=st.one_of(INTEGERS, st.integers(-(10**40), 10**40)))
@SAME_EVERY_RUN
def test_products_are_exact_however_great(pairs: list[tuple[int, int]], factor: int) -> None:
    """It multiplies whole numbers of 64 bits as Python would, in whatever order they stand, and leaves them alone."""
    left, right = (np.array([pair[place] for pair in pairs], dtype=np.int64) for place in (0, 1))
    expected = [one * other * factor for one, other in pairs]
    assert frames.times(left, right, factor).tolist() == frames.times(factor, right, left).tolist() == expected
    assert frames.times(left.astype(object), right, factor).tolist() == expected
    assert (left.tolist(), right.tolist()) == ([one for one, _ in pairs], [other for _, other in pairs])


def test_the_sum_of_two_products_is_safe() -> None:
    """It goes over to Python's own integers while the sum of two products would still fit into 64 bits."""
    product = frames.times(np.array([2**31]), 2**31)
    assert (product + product).tolist() == [2**63]
    assert frames.times(np.array([2**31]), 2**30).dtype == np.int64


def test_a_product_of_python_numbers_alone_is_one_number() -> None:
    """It multiplies plain numbers too."""
    assert frames.times(10**20, 10**20).tolist() == 10**40


# ---------------------------------------------------------------- decimal

DECIMALS_OF = [
    pytest.param(Fraction(1, 8), "0.125", id="one that ends"),
    pytest.param(Fraction(1, 3), "0.3333333333", id="one without end, to ten places"),
    pytest.param(Fraction(-2, 3), "-0.6666666667", id="below nothing, rounded to the nearest"),
    pytest.param(Fraction(10**40 + 1, 2), "5000000000000000000000000000000000000000.5", id="forty digits"),
    pytest.param(Fraction(10**40, 3), "3" * 40 + ".3333333333", id="forty digits without end"),
    pytest.param(Fraction(1, 2**60), "0.000000000000000000867361737988403547205962240695953369140625", id="sixty places that end"),
    pytest.param(Fraction(1000), "1000", id="a thousand, in full"),
    pytest.param(Fraction(0), "0", id="nothing"),
]


@pytest.mark.parametrize(("value", "expected"), DECIMALS_OF)
def test_a_fraction_is_a_decimal_as_far_as_it_can_be(value: Fraction, expected: str) -> None:
    """It gives a fraction exactly where it has an end, otherwise to ten places, and never as a power of ten."""
    made = frames.decimal(value)
    assert made == Decimal(expected)
    assert made.as_tuple().exponent <= 0


@given(value=DECIMALS)
@SAME_EVERY_RUN
def test_every_decimal_comes_back_from_its_fraction(value: Decimal) -> None:
    """It gives any decimal back, of any size, from the fraction that it is."""
    assert Fraction(frames.decimal(Fraction(value))) == Fraction(value)


# ---------------------------------------------------------------- check and extend


def named(amount: pd.Series) -> pd.DataFrame:
    """Give a frame of names and amounts."""
    return pd.DataFrame({"name": pd.Series(["x"] * len(amount), dtype=object), "amount": amount})


@pytest.mark.parametrize("kind", ARROW)
def test_arrow_decimals_are_exact(kind: pa.DataType) -> None:
    """It takes Arrow decimals, with gaps or none, in an exact column, and gives the very frame back."""
    frame = named(pd.Series([Decimal("1.5"), None], dtype=pd.ArrowDtype(kind)))
    assert frames.check(frame, AMOUNT) is frame


@pytest.mark.parametrize("kind", [pa.float64(), pa.int64(), pa.string()], ids=str)
def test_other_arrow_columns_are_not_exact(kind: pa.DataType) -> None:
    """It refuses Arrow's floats, whole numbers and texts in an exact column."""
    with pytest.raises(FrameError, match="column 'amount' should hold exact values"):
        frames.check(named(pd.Series([None, None], dtype=pd.ArrowDtype(kind))), AMOUNT)


NO_AMOUNTS = [
    pytest.param(float("nan"), id="a float for nothing"),
    pytest.param(np.float64("nan"), id="a NumPy float for nothing"),
    pytest.param(Decimal("NaN"), id="a decimal that is no number"),
    pytest.param(pd.NA, id="NA"),
    pytest.param(pd.NaT, id="no time"),
    pytest.param(1.5, id="a float"),
    pytest.param(1, id="a whole number"),
    pytest.param(True, id="a yes"),
    pytest.param("1.5", id="a text"),
]


@pytest.mark.parametrize("amount", NO_AMOUNTS)
@pytest.mark.parametrize("beside", [[Decimal(1)], [None], []], ids=["beside a decimal", "beside a gap", "alone"])
def test_only_decimals_and_none_are_exact(beside: list[object], amount: object) -> None:
    """It refuses whatever is neither a decimal nor None in an exact column, wherever it stands."""
    for values in ([*beside, amount], [amount, *beside]):
        with pytest.raises(FrameError, match="column 'amount' should hold exact values, but holds"):
            frames.check(named(pd.Series(values, dtype=object)), AMOUNT)


def test_floats_for_nothing_throughout_are_refused() -> None:
    """It refuses a column of floats, even where every one of them stands for nothing."""
    with pytest.raises(FrameError, match="column 'amount' should hold exact values"):
        frames.check(named(pd.Series([float("nan")])), AMOUNT)


WIDER = Contract("wider", {"name": TEXT, "note": TEXT, "amount": EXACT, "later": EXACT}, ("name",))


def test_extend_puts_new_columns_in_the_contracts_order_and_leaves_the_rest_empty() -> None:
    """It gives the contract's columns in its order, what is new as given, what is missing as empty text or no amount."""
    frame = pd.DataFrame({"amount": pd.Series([Decimal(1), None], dtype=object), "name": ["a", "b"]}).set_index(pd.Index([7, 3]))
    before = frame.copy(deep=True)
    got = frames.extend(frame, {"later": [Decimal(2), None]}, WIDER)
    assert (list(got.columns), got.index.tolist()) == (["name", "note", "amount", "later"], [7, 3])
    assert frames.rows(got) == [{"name": "a", "note": "", "amount": Decimal(1), "later": Decimal(2)}, {"name": "b", "note": "", "amount": None, "later": None}]
    assert_frame_equal(frame, before)
    frames.check(got, WIDER)


def test_extend_may_put_a_column_in_place_of_another() -> None:
    """It takes the new column where the frame has one of that name already."""
    frame = frames.make([{"name": "a", "note": "old", "amount": Decimal(1)}], WIDER)
    assert frames.extend(frame, {"note": ["new"]}, WIDER)["note"].tolist() == ["new"]


def test_extend_of_no_rows_has_every_column() -> None:
    """It gives an empty frame of the contract for one of a lesser contract."""
    got = frames.extend(frames.make([], frames.OBSERVATIONS), {}, frames.SCORES)
    assert (list(got.columns), len(got)) == (list(frames.SCORES.columns), 0)


def test_extend_keeps_arrow_columns_as_they_are() -> None:
    """It leaves a column of Arrow decimals that the frame has already alone."""
    frame = named(pd.Series([Decimal("1.5")], dtype=pd.ArrowDtype(pa.decimal128(10, 2))))
    assert frames.extend(frame, {}, WIDER)["amount"].dtype == frame["amount"].dtype


@pytest.mark.parametrize(
    ("columns", "problem"),
    [({"later": [1.5]}, "column 'later' should hold exact values, but holds 1.5"), ({"note": [None]}, "column 'note' should hold text values, but holds None")],
)
def test_extend_checks_what_is_new(columns: dict[str, list[object]], problem: str) -> None:
    """It refuses a new column that breaks the contract, by name and value."""
    with pytest.raises(FrameError) as told:
        frames.extend(frames.make([{"name": "a"}], WIDER), columns, WIDER)
    assert (told.value.subject, told.value.problems) == ("frame 'wider'", [problem])


def test_extend_makes_whole_columns_too() -> None:
    """It gives a missing whole number where the contract has a column of them and the frame none."""
    got = frames.extend(frames.make([{"name": "a"}], AMOUNT), {}, Contract("counted", AMOUNT.columns | {"count": WHOLE}, ()))
    assert got["count"].isna().tolist() == [True]


def test_a_number_beyond_any_float_is_multiplied_too() -> None:
    """It multiplies a number of 401 digits, which no float holds, as exactly as any other."""
    assert frames.times(np.array([3]), 10**400).tolist() == [3 * 10**400]


def test_a_long_quotient_keeps_all_its_digits() -> None:
    """It gives a third of 10 to the 25 with ten places and every digit before them: 25 threes, a point, ten threes."""
    assert frames.quotients(np.array([10**25], dtype=object), np.array([3], dtype=object))[0] == Decimal("3" * 25 + "." + "3" * 10)
