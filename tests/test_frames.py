"""The contract of a frame: made to it, checked against it, taken apart and stacked without losing it."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis import frames
from analysis.errors import FrameError
from analysis.frames import CONTRACTS, EXACT, TEXT, WHOLE, YES, Contract

SAME_EVERY_RUN = settings(derandomize=True, database=None, deadline=None, max_examples=50)

SMALL = Contract("small", {"project": TEXT, "round": TEXT, "count": WHOLE, "award": EXACT, "completed": YES}, ("project", "round"))
KEYLESS = Contract("keyless", {"what": TEXT}, ())


def small(projects: list[str], rounds: list[str], counts: list[int | None], awards: list[Decimal | None], completed: list[bool]) -> pd.DataFrame:
    """Give a frame of the small contract built by pandas alone."""
    return pd.DataFrame(
        {
            "project": pd.Series(projects, dtype=object),
            "round": pd.Series(rounds, dtype=object),
            "count": pd.Series(counts, dtype="Int64"),
            "award": pd.Series(awards, dtype=object),
            "completed": pd.Series(completed, dtype=bool),
        }
    )


TWO = small(["The Souk", "Reablement"], ["1", "1"], [3, None], [Decimal("16000.00"), None], [True, False])


def two() -> pd.DataFrame:
    """Give the two awards afresh, for a test to spoil."""
    return TWO.copy(deep=True)


# ---------------------------------------------------------------- make


def test_make_gives_the_columns_of_the_contract() -> None:
    """It makes a frame with each column in the contract's order and type."""
    made = frames.make(
        [
            {"award": Decimal("16000.00"), "project": "The Souk", "round": "1", "count": 3, "completed": True},
            {"project": "Reablement", "round": "1", "count": None, "award": None, "completed": False},
        ],
        SMALL,
    )
    assert_frame_equal(made, TWO)


def test_make_fills_what_a_row_leaves_out() -> None:
    """It gives empty text, a missing whole number, no amount and no for what a row does not say: never a nought."""
    assert_frame_equal(frames.make([{"project": "The Souk"}], SMALL), small(["The Souk"], [""], [None], [None], [False]))


def test_make_of_no_rows_keeps_the_contract() -> None:
    """It gives an empty frame with every column and its type."""
    assert_frame_equal(frames.make([], SMALL), small([], [], [], [], []))


def test_make_leaves_its_rows_alone() -> None:
    """It does not change the rows it is given."""
    rows = [{"project": "The Souk"}]
    frames.make(rows, SMALL)
    assert rows == [{"project": "The Souk"}]


@pytest.mark.parametrize(
    "amount",
    [
        pytest.param(16000.5, id="a binary float"),
        pytest.param(16000, id="a whole number"),
        pytest.param("16000.50", id="a text"),
        pytest.param(float("nan"), id="a float for nothing"),
    ],
)
def test_make_takes_only_decimals_for_exact_amounts(amount: object) -> None:
    """It refuses what is not a Decimal in an exact column, by name and value: a binary float never decides."""
    with pytest.raises(FrameError, match="column 'award' should hold exact values") as told:
        frames.make([{"project": "The Souk", "award": amount}], SMALL)
    assert repr(amount) in told.value.problems[0]


def test_make_refuses_two_rows_of_one_key() -> None:
    """It refuses rows that name the same thing twice."""
    with pytest.raises(FrameError, match="'The Souk', '1'.* stands twice"):
        frames.make([{"project": "The Souk", "round": "1"}, {"project": "The Souk", "round": "1"}], SMALL)


# ---------------------------------------------------------------- check


def test_check_gives_back_the_frame_it_was_given() -> None:
    """It gives the very frame back, unchanged, where the contract is kept."""
    frame = two()
    assert frames.check(frame, SMALL) is frame
    assert_frame_equal(frame, TWO)


def test_check_lets_further_columns_pass() -> None:
    """It promises what a frame has at least; a further column is no fault."""
    frame = two().assign(remark="x")
    assert frames.check(frame, SMALL) is frame


def spoilt(column: str, series: pd.Series) -> pd.DataFrame:
    """Give the two awards with one column replaced."""
    return two().assign(**{column: series})


@pytest.mark.parametrize(
    ("frame", "problem"),
    [
        pytest.param(two().drop(columns="count"), "column 'count' is missing", id="a column is missing"),
        pytest.param(spoilt("project", pd.Series(["The Souk", None], dtype=object)), "column 'project' should hold text values, but holds None", id="no text"),
        pytest.param(spoilt("project", pd.Series([7, "x"], dtype=object)), "column 'project' should hold text values, but holds 7", id="a number for a text"),
        pytest.param(
            spoilt("count", pd.Series([3, 4], dtype="int64")),
            "column 'count' should hold whole values, but holds 'int64'",
            id="whole numbers without room for a gap",
        ),
        pytest.param(spoilt("count", pd.Series([3.0, None])), "column 'count' should hold whole values, but holds 'float64'", id="floats for whole numbers"),
        pytest.param(
            spoilt("award", pd.Series([Decimal(1), 1.5], dtype=object)), "column 'award' should hold exact values, but holds 1.5", id="one float among decimals"
        ),
        pytest.param(
            spoilt("completed", pd.Series([True, None], dtype=object)), "column 'completed' should hold yes values, but holds 'object'", id="neither yes nor no"
        ),
        pytest.param(spoilt("project", pd.Series(["The Souk", "The Souk"], dtype=object)), "project, round ('The Souk', '1') stands twice", id="a key twice"),
    ],
)
def test_check_names_what_is_wrong(frame: pd.DataFrame, problem: str) -> None:
    """It names the frame, and the one column or key that breaks the contract."""
    with pytest.raises(FrameError) as told:
        frames.check(frame, SMALL)
    assert (told.value.subject, told.value.problems) == ("frame 'small'", [problem])


def test_check_tells_every_problem_at_once() -> None:
    """It tells a missing column and two wrong ones in one error, in the order of the contract's kinds of fault."""
    frame = two().drop(columns="round").assign(award=pd.Series([1.5, 2.5], dtype=object), completed=pd.Series(["yes", "no"], dtype=object))
    with pytest.raises(FrameError) as told:
        frames.check(frame, SMALL)
    assert told.value.problems == [
        "column 'round' is missing",
        "column 'award' should hold exact values, but holds 1.5",
        "column 'completed' should hold yes values, but holds 'object'",
    ]


def test_check_tells_every_repeated_key() -> None:
    """It tells each key that stands twice, not the first of them."""
    frame = small(["a", "b", "a", "b", "c"], ["1"] * 5, [None] * 5, [None] * 5, [False] * 5)
    with pytest.raises(FrameError) as told:
        frames.check(frame, SMALL)
    assert told.value.problems == ["project, round ('a', '1') stands twice", "project, round ('b', '1') stands twice"]


def test_check_tells_wrong_values_and_repeated_keys_together() -> None:
    """It tells a wrong column and a repeated key in one error: nobody mends one to be told of the other."""
    frame = small(["a", "a"], ["1", "1"], [None, None], [None, None], [False, False]).assign(award=pd.Series([1.5, None], dtype=object))
    with pytest.raises(FrameError) as told:
        frames.check(frame, SMALL)
    assert told.value.problems == ["column 'award' should hold exact values, but holds 1.5", "project, round ('a', '1') stands twice"]


def test_check_lets_rows_repeat_where_no_key_is_promised() -> None:
    """It has nothing against equal rows in a frame whose contract names no key."""
    frame = pd.DataFrame({"what": pd.Series(["return", "return"], dtype=object)})
    assert frames.check(frame, KEYLESS) is frame


# ---------------------------------------------------------------- rows


def test_rows_gives_missing_values_as_none() -> None:
    """It gives each row as a dictionary, with None wherever there is nothing."""
    assert frames.rows(TWO) == [
        {"project": "The Souk", "round": "1", "count": 3, "award": Decimal("16000.00"), "completed": True},
        {"project": "Reablement", "round": "1", "count": None, "award": None, "completed": False},
    ]


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param(pd.DataFrame(), id="no columns"),
        pytest.param(TWO.iloc[:0], id="columns and no rows"),
    ],
)
def test_rows_of_nothing_is_an_empty_list(frame: pd.DataFrame) -> None:
    """It gives no rows for an empty frame."""
    assert frames.rows(frame) == []


def test_rows_follow_the_order_not_the_index() -> None:
    """It gives the rows as they stand, whatever the index says."""
    assert [row["project"] for row in frames.rows(TWO.iloc[::-1])] == ["Reablement", "The Souk"]


NAMES = st.lists(st.text(max_size=6), max_size=5, unique=True)


@SAME_EVERY_RUN
@given(st.data(), NAMES)
def test_rows_and_make_undo_one_another(data: st.DataObject, names: list[str]) -> None:
    """It makes the same frame again from the rows of a frame, amounts to the last digit."""
    made = frames.make(
        [
            {
                "project": name,
                "round": "1",
                "count": data.draw(st.none() | st.integers(min_value=0, max_value=2**53)),
                "award": data.draw(st.none() | st.decimals(allow_nan=False, allow_infinity=False)),
                "completed": data.draw(st.booleans()),
            }
            for name in names
        ],
        SMALL,
    )
    assert_frame_equal(frames.make(frames.rows(made), SMALL), made)


# ---------------------------------------------------------------- stack


def test_stack_puts_frames_under_one_another() -> None:
    """It keeps the order of the frames, numbers the rows anew, and leaves the frames as they were."""
    first, second = TWO.iloc[:1].copy(), TWO.iloc[1:].copy()
    assert_frame_equal(frames.stack([first, second], SMALL), TWO)
    assert_frame_equal(first, TWO.iloc[:1])
    assert_frame_equal(second, TWO.iloc[1:])


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([], id="no frames"),
        pytest.param([TWO.iloc[:0]], id="one empty frame"),
        pytest.param([TWO.iloc[:0], TWO.iloc[:0]], id="two empty frames"),
    ],
)
def test_stack_of_nothing_is_the_empty_frame(parts: list[pd.DataFrame]) -> None:
    """It gives the empty frame with every column and its type."""
    assert_frame_equal(frames.stack(parts, SMALL), small([], [], [], [], []))


def test_stack_passes_over_empty_frames() -> None:
    """It is the same with an empty frame among the others, types included."""
    assert_frame_equal(frames.stack([TWO.iloc[:0], TWO, TWO.iloc[:0]], SMALL), TWO)


def test_stack_refuses_a_key_that_stands_in_two_frames() -> None:
    """It finds a key that is single in each frame and double in the stack."""
    with pytest.raises(FrameError, match="'The Souk', '1'.* stands twice"):
        frames.stack([TWO, TWO.iloc[:1]], SMALL)


@pytest.mark.parametrize(
    "column", [pytest.param("project", id="a text"), pytest.param("completed", id="a yes or no"), pytest.param("award", id="an exact amount")]
)
def test_stack_refuses_a_frame_that_lacks_a_column(column: str) -> None:
    """It does not let one frame's columns cover for those another lacks."""
    other = small(["Other"], ["1"], [1], [Decimal(1)], [True]).drop(columns=column)
    with pytest.raises(FrameError, match=f"column '{column}'"):
        frames.stack([TWO, other], SMALL)


# ---------------------------------------------------------------- columns and rows


def test_columns_become_a_frame_in_their_order_and_types() -> None:
    """It keeps the order of the columns, makes whole numbers and yes or no types of their own, and leaves all else as it is."""
    given = {"project": ["A", "B"], "count": [3, None], "award": [Decimal("1.50"), None], "completed": [True, False]}
    made = frames.of_columns(given, SMALL.columns)
    assert (list(made.columns), list(map(str, made.dtypes))) == (["project", "count", "award", "completed"], ["object", "Int64", "object", "bool"])
    assert frames.rows(made) == [
        {"project": "A", "count": 3, "award": Decimal("1.50"), "completed": True},
        dict(zip(given, ["B", None, None, False], strict=True)),
    ]


def test_whole_numbers_as_large_as_pandas_holds_stay_exact() -> None:
    """It puts no whole number through a float, which would make 2**53 + 1 an even number."""
    assert frames.of_columns({"count": [2**53 + 1, None, -(2**63)]}, {"count": WHOLE})["count"].tolist() == [2**53 + 1, pd.NA, -(2**63)]


def test_every_way_of_being_missing_is_none_in_a_row() -> None:
    """It gives None for None, NA and not-a-number in columns of every type, and leaves a Decimal that is not a number to be seen."""
    frame = pd.DataFrame({"mixed": pd.Series([None, pd.NA, float("nan"), ""], dtype=object), "whole": pd.Series([None, 1, None, 2], dtype="Int64")})
    assert frames.rows(frame.assign(part=[0.5, None, 1.5, None])) == [
        {"mixed": None, "whole": None, "part": 0.5},
        {"mixed": None, "whole": 1, "part": None},
        {"mixed": None, "whole": None, "part": 1.5},
        {"mixed": "", "whole": 2, "part": None},
    ]
    (odd,) = frames.rows(pd.DataFrame({"award": pd.Series([Decimal("NaN")], dtype=object)}))
    assert isinstance(odd["award"], Decimal)


def test_rows_leave_their_frame_as_it_was() -> None:
    """It puts None into the rows only, also where the frame's cells are Python's own and pandas gives them out as they lie."""
    frame = pd.DataFrame({"a": pd.Series([pd.NA, "x"], dtype=object), "b": pd.Series([float("nan"), "y"], dtype=object)})
    rows = frames.rows(frame)
    rows[1]["a"] = "spoilt"
    assert (rows[0], frame["a"].tolist(), frame["b"].isna().tolist(), frame["b"][0] is None) == ({"a": None, "b": None}, [pd.NA, "x"], [True, False], False)


def test_a_frame_that_is_changed_leaves_the_next_one_as_it_should_be() -> None:
    """It gives each frame names of columns of its own, though they are kept between frames of one contract."""
    made = frames.make([], KEYLESS)
    made.columns.name = "spoilt"
    made["more"] = 1
    assert (frames.make([], KEYLESS).columns.tolist(), frames.make([], KEYLESS).columns.name) == (["what"], None)


@pytest.mark.parametrize("rows", [3, 1500], ids=["few rows", "many rows"])
@pytest.mark.parametrize("wrong", [None, float("nan"), 1, Decimal(1)], ids=str)
def test_text_that_is_no_text_is_told_in_frames_of_any_size(rows: int, wrong: object) -> None:
    """It finds one wrong cell, in the last row, whether it looks cell by cell or leaves that to pandas."""
    frame = pd.DataFrame({"what": pd.Series(["a"] * (rows - 1) + [wrong], dtype=object)})
    with pytest.raises(FrameError, match="column 'what' should hold text values"):
        frames.check(frame, KEYLESS)


@pytest.mark.parametrize("rows", [3, 1500], ids=["few rows", "many rows"])
def test_a_key_that_stands_twice_is_told_in_frames_of_any_size(rows: int) -> None:
    """It finds the first row's key in the last row."""
    names = [str(number) for number in range(rows - 1)] + ["0"]
    with pytest.raises(FrameError, match=r"project, round \('0', '1'\) stands twice"):
        frames.check(small(names, ["1"] * rows, [1] * rows, [None] * rows, [True] * rows), SMALL)


# ---------------------------------------------------------------- the contracts themselves


@pytest.mark.parametrize("contract", [pytest.param(contract, id=name) for name, contract in CONTRACTS.items()])
def test_a_contract_names_its_key_among_its_columns(contract: Contract) -> None:
    """It names a row only by columns that it has, none of them twice, and each column holds a known kind."""
    assert set(contract.key) <= set(contract.columns)
    assert len(set(contract.key)) == len(contract.key)
    assert set(contract.columns.values()) <= {TEXT, WHOLE, EXACT, YES}


@pytest.mark.parametrize("contract", [pytest.param(contract, id=name) for name, contract in CONTRACTS.items()])
def test_an_empty_frame_of_every_contract_can_be_made(contract: Contract) -> None:
    """It makes and stacks an empty frame of every contract with the columns in order."""
    assert list(frames.make([], contract).columns) == list(contract.columns)
    assert_frame_equal(frames.stack([], contract), frames.make([], contract))


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        pytest.param("issues", {"file", "sheet", "cell", "stage", "severity", "rule", "message", "as_typed", "read_as"}, id="issues"),
        pytest.param("cells", {"file", "sheet", "cell", "raw", "outcome", "reason", "figure_id"}, id="cells"),
        pytest.param("missing", {"what", "name", "partner", "quarter", "state"}, id="missing"),
        pytest.param("exceptions", {"measure_id", "quarter", "band", "rank", "reasons", "commentary", "for_discussion"}, id="exceptions"),
    ],
)
def test_a_published_frame_has_the_columns_of_the_design(name: str, columns: set[str]) -> None:
    """It promises at least the columns that design.md section 4 publishes."""
    assert columns <= set(CONTRACTS[name].columns)
