"""The command chase: who is written to and who is not, what the texts say of returns as they come, and with which code it ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_cli_status import COUNCIL, NEXT, OWED, POLICE, QUARTER, data, said, sent


def letters(folder: Path, quarter: str = QUARTER) -> dict[str, str]:
    """Give every letter of a quarter by its name, as one line."""
    return {path.name: " ".join(path.read_text(encoding="utf-8").split()) for path in sorted((folder / "outputs" / "chase" / quarter).iterdir())}


def test_who_owes_is_written_to_and_who_does_not_is_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It writes to the Police, five days late, not to the Council, whose return was accepted; it says so and ends with 0."""
    folder = data(tmp_path, council=sent())
    code, out, err = said(capsys, "chase", QUARTER, "--on", "2016-11-05", "--data", folder)
    assert (code, err) == (0, [])
    assert out == [
        f"Q2 2016/17, on 2016-11-05: 1 letter in {folder / 'outputs' / 'chase' / QUARTER}",
        "  the-police.txt: The Police, one late",
        "  no letter: The Council, nothing is owed any more",
    ]
    (letter,) = letters(folder).values()
    assert letter.startswith("Subject: Returns for Q2 2016/17: one late Dear colleagues, This is what we still need from The Police for Q2 2016/17")
    assert "- Performance: was due on 31 October 2016 and is 5 days late." in letter
    assert letter.endswith("With thanks, Tiny Partnership")


def test_a_quarter_of_which_nothing_has_come_is_chased(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It writes to both partners for a quarter without a folder, with the form that is ready for one, and what was wrong the quarter before."""
    folder = data(tmp_path, council=sent(actual="12..5"))
    (folder / "forms" / NEXT).mkdir(parents=True)
    (folder / "forms" / NEXT / "the-council.xlsx").write_bytes(b"")
    code, out, _ = said(capsys, "chase", NEXT, "--on", "2017-01-17", "--data", folder)
    form = folder / "forms" / NEXT / "the-council.xlsx"
    assert (code, out[1:]) == (0, [f"  the-council.txt: The Council, one due; attach {form}", "  the-police.txt: The Police, one due"])
    council, police = letters(folder, NEXT).values()
    assert "is due on 17 January 2017, today." in council
    assert "Your form for it is attached (the-council.xlsx)" in council
    assert "Last time, for Q2 2016/17, there" in council
    assert "Cell F4, council.csv" in council
    assert "12..5" in council
    assert "attached" not in police
    assert "12..5" not in police
    assert "The return performance is owed and was due on 2016-10-31: send it." in police  # of the quarter before, as the slip of it says


def test_a_return_that_is_held_is_told_by_its_cells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says which cell of which return cannot be used, as the partner typed it, and asks for the return again."""
    folder = data(tmp_path, {"returns_owed.csv": OWED + COUNCIL}, council=sent(actual="12..5"))
    code, out, _ = said(capsys, "chase", QUARTER, "--on", "2016-11-05", "--data", folder)
    assert (code, out[1]) == (0, "  the-council.txt: The Council, one to mend")
    (letter,) = letters(folder).values()
    assert "Received and used, but for what is told here: - Performance, in council.csv, dated 10 October 2016: - Cell F4" in letter
    assert "Please send the mended return whole" in letter


def test_a_letter_that_is_not_needed_any_more_goes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It leaves no letter of an earlier day to somebody whose return has come since, and says that there is none."""
    folder = data(tmp_path, {"returns_owed.csv": OWED + COUNCIL})
    said(capsys, "chase", QUARTER, "--on", "2016-11-05", "--data", folder)
    assert list(letters(folder)) == ["the-council.txt"]
    (folder / "raw" / QUARTER / "council.csv").write_text(sent().replace("HG\n", "HG\nBuild,6,Parks in good order,Higher,80%,90%,HG\n"), encoding="utf-8")
    _, out, _ = said(capsys, "chase", QUARTER, "--on", "2016-11-06", "--data", folder)
    assert (letters(folder), out) == ({}, ["Q2 2016/17, on 2016-11-06: no letter", "  no letter: The Council, nothing is owed any more"])


def test_letters_go_where_outputs_are_the_same_each_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It writes under --outputs, byte for byte the same for the same day, and nothing into the data folder."""
    folder = data(tmp_path / "data", council=sent())
    before = sorted(folder.rglob("*"))
    for name in ("one", "two"):
        said(capsys, "chase", QUARTER, "--on", "2016-11-05", "--data", folder, "--outputs", tmp_path / name)
    one, two = ((tmp_path / name / "chase" / QUARTER / "the-police.txt").read_bytes() for name in ("one", "two"))
    assert one == two
    assert b"\r" not in one
    assert sorted(folder.rglob("*")) == before


def test_where_nobody_has_written_what_is_owed_it_says_where_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It writes no letter and names the register."""
    code, out, _ = said(capsys, "chase", QUARTER, "--on", "2016-12-01", "--data", data(tmp_path, {"returns_owed.csv": OWED}, council=sent()))
    assert (code, out[0]) == (0, "Q2 2016/17, on 2016-12-01: no letter")
    assert "data/reference/returns_owed.csv" in out[1]


def test_a_partner_of_whom_nothing_is_due_yet_is_not_written_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It writes to nobody before the quarter is over."""
    folder = data(tmp_path, {"returns_owed.csv": OWED + POLICE})
    _, out, _ = said(capsys, "chase", QUARTER, "--on", "2016-09-30", "--data", folder)
    assert out == ["Q2 2016/17, on 2016-09-30: no letter", "  no letter: The Police, nothing is due yet"]


@pytest.mark.parametrize(("arguments", "told"), [((QUARTER, "--on", "soon"), "  - is not a day"), (("2016-17-Q5",), "  - is not a quarter")])
def test_what_is_asked_wrongly_is_told(arguments: tuple[str, ...], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 2, says what is wrong, and writes nothing."""
    folder = data(tmp_path, council=sent())
    code, out, err = said(capsys, "chase", *arguments, "--data", folder)
    assert (code, out, err[1]) == (2, [], told)
    assert not (folder / "outputs").exists()


def test_a_partner_sees_its_own_small_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It tells a partner what it typed itself last time, though reports hold so small a number back."""
    disclosure = "audience,theme,measure_id,profile,why\n,,,suppress<5,few\n"
    folder = data(tmp_path, {"disclosure.csv": disclosure, "returns_owed.csv": OWED + COUNCIL}, council=sent(actual="40% (1/3)"))
    said(capsys, "chase", NEXT, "--on", "2017-01-17", "--data", folder)
    (letter,) = letters(folder, NEXT).values()
    assert "40% (1/3)" in letter
