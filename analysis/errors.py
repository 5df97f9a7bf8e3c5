"""What can go wrong, as facts; the command line words them and chooses the exit code."""

from __future__ import annotations


class WorkbookError(Exception):
    """
    Something a person has to put right.

    Carries what it concerns, every problem found with it, and what to do; prints
    as one short text. Nothing is logged or printed when it is raised.

    >>> print(WorkbookError("data/raw/x.csv", ["'12..5' is not a number"], "Correct the cell."))
    data/raw/x.csv: 1 problem
      - '12..5' is not a number
      Correct the cell.
    """

    exit_code = 2

    def __init__(self, subject: str, problems: list[str], hint: str = "") -> None:
        """Keep every argument in `args`, so that the error pickles."""
        super().__init__(subject, problems, hint)
        self.subject, self.problems, self.hint = subject, problems, hint

    def __str__(self) -> str:
        """Give the subject, each problem on its own line, and what to do."""
        many = "problem" if len(self.problems) == 1 else "problems"
        lines = [f"{self.subject}: {len(self.problems)} {many}"]
        lines += [f"  - {problem}" for problem in self.problems]
        return "\n".join([*lines, f"  {self.hint}"] if self.hint else lines)


class AskedWrongly(WorkbookError):
    """The command, a parameter or a folder is not one that the workbook knows."""


class RegisterError(WorkbookError):
    """A register in data/reference/ contradicts itself or its headings."""


class FrameError(WorkbookError):
    """A frame does not keep its contract: a fault in the workbook, not in a return."""

    exit_code = 1


class NotebookFailed(WorkbookError):
    """A notebook stopped before its last cell had run."""

    exit_code = 1


class UnreadableFile(WorkbookError):
    """A file cannot be opened as a return; the rest of the quarter goes on."""


class UnreadableValue(WorkbookError):
    """A cell holds something that is neither a value nor a known reason for having none."""


class EntitlementError(WorkbookError):
    """Reward grant cannot be worked out from an agreement's terms and targets as they stand."""
