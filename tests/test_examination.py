"""Returns as read, held against every check: what fails is held, nothing is lost."""

from __future__ import annotations

from pathlib import Path

from analysis import examination, reference, returns

REAL = Path(__file__).resolve().parents[1] / "data"


def test_no_cell_of_a_real_quarter_is_lost() -> None:
    """It gives every cell of the quarter's files once, used, ignored or quarantined, and the three add up to each file."""
    registers = reference.load(REAL)
    read = examination.as_read(REAL, returns.with_history(REAL, "2011-12-Q2"), registers)
    made = examination.examine(read, registers, "2011-12-Q2")
    assert len(made["cells"]) == len(read["cells"])
    assert (made["returns"]["cells"] == made["returns"][["used", "ignored", "quarantined"]].sum(axis=1)).all()
