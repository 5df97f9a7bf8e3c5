"""The errors carry every fact, print as one screen, and cross a process boundary whole."""

from __future__ import annotations

import pickle

import pytest

from analysis.errors import AskedWrongly, FrameError, NotebookFailed, RegisterError, UnreadableFile, UnreadableValue, WorkbookError

EVERY_ERROR = [
    pytest.param(WorkbookError, id="any problem of the workbook"),
    pytest.param(AskedWrongly, id="an unknown command or quarter"),
    pytest.param(RegisterError, id="a register that contradicts itself"),
    pytest.param(FrameError, id="a frame that breaks its contract"),
    pytest.param(NotebookFailed, id="a notebook that stopped"),
    pytest.param(UnreadableFile, id="a file that cannot be opened"),
    pytest.param(UnreadableValue, id="a cell that cannot be read"),
]


@pytest.mark.parametrize("error", EVERY_ERROR)
def test_an_error_pickles_whole(error: type[WorkbookError]) -> None:
    """It comes back from another process as the same class with the same facts and the same text."""
    raised = error("Police.xlsx, sheet Return, cell E9", ["formula error #DIV/0!", "no unit"], "Correct the cell.")
    back = pickle.loads(pickle.dumps(raised))
    assert type(back) is error
    assert (back.subject, back.problems, back.hint) == ("Police.xlsx, sheet Return, cell E9", ["formula error #DIV/0!", "no unit"], "Correct the cell.")
    assert str(back) == str(raised)


@pytest.mark.parametrize("error", EVERY_ERROR)
def test_an_error_without_a_hint_pickles_too(error: type[WorkbookError]) -> None:
    """It needs no hint to cross a process boundary."""
    back = pickle.loads(pickle.dumps(error("quarter", ["is not a quarter"])))
    assert (back.subject, back.problems, back.hint) == ("quarter", ["is not a quarter"], "")


@pytest.mark.parametrize("error", EVERY_ERROR)
def test_every_error_is_caught_as_one(error: type[WorkbookError]) -> None:
    """It is a WorkbookError, so that the command line needs to know only one class."""
    with pytest.raises(WorkbookError, match="x: 1 problem"):
        raise error("x", ["y"])


@pytest.mark.parametrize(
    ("problems", "hint", "text"),
    [
        pytest.param(["a is wrong"], "Mend a.", "x.csv: 1 problem\n  - a is wrong\n  Mend a.", id="one problem is told in the singular"),
        pytest.param(["a is wrong"], "", "x.csv: 1 problem\n  - a is wrong", id="no hint leaves no empty line"),
        pytest.param(
            ["a is wrong", "b is wrong", "c is wrong"],
            "Mend them.",
            "x.csv: 3 problems\n  - a is wrong\n  - b is wrong\n  - c is wrong\n  Mend them.",
            id="every problem is told, in the order found",
        ),
        pytest.param(["a is wrong", "a is wrong"], "", "x.csv: 2 problems\n  - a is wrong\n  - a is wrong", id="the same problem twice is told twice"),
    ],
)
def test_an_error_prints_every_problem(problems: list[str], hint: str, text: str) -> None:
    """It prints its subject, how many problems there are, each of them, and what to do."""
    assert str(WorkbookError("x.csv", problems, hint)) == text


@pytest.mark.parametrize(
    ("error", "code"),
    [
        pytest.param(NotebookFailed, 1, id="a failed notebook is 1"),
        pytest.param(FrameError, 1, id="a fault in the workbook itself is 1"),
        pytest.param(AskedWrongly, 2, id="asked wrongly is 2"),
        pytest.param(RegisterError, 2, id="a wrong register is 2"),
    ],
)
def test_the_exit_code_stands_on_the_class(error: type[WorkbookError], code: int) -> None:
    """It ends the command with the exit code that the design gives: 1 failed, 2 asked wrongly."""
    assert error.exit_code == code


def test_raising_an_error_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """It carries facts only: nothing is written when it is made or raised."""
    with pytest.raises(UnreadableFile):
        raise UnreadableFile("x.xlsx", ["is password-protected"], "Ask for it without.")
    assert capsys.readouterr() == ("", "")
