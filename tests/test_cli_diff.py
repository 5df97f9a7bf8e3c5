"""The command diff: one screen of what changed and why, and every step in a file."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from published_by_hand import BEFORE, NOW, measure, publish

from analysis import cli

Said = tuple[int, list[str], list[str]]


def said(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Said:
    """Run the command: its exit code, what it said, and what it complained of."""
    code = cli.main(["diff", *map(str, arguments)])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out.splitlines(), err.splitlines()


def two_quarters(outputs: Path) -> Path:
    """Publish two quarters: one measure falls by its actual and again by its target, one is new."""
    before = [measure("100", "102", "2.00", "LG", quarter=BEFORE)]
    now = [measure("120", "97", "-19.17", "HR"), measure("100", "102", "2.00", "LG", measure_id="Build 6", figure_id="six")]
    publish(outputs / BEFORE, BEFORE, scorecard=before)
    publish(outputs / NOW, NOW, scorecard=now)
    return outputs


def test_two_quarters_are_told_on_one_screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It bridges the headline counts, names the band that moved with its causes, counts steps by cause, and says that all are explained."""
    assert said(capsys, BEFORE, NOW.lower(), "--outputs", two_quarters(tmp_path)) == (
        0,
        [
            "Q2 2016/17 after Q1 2016/17",
            "  measures met                     1 -> 1             new period \u22121, added +1",
            "  measures amber                   0 -> 0             new period +1, target \u22121",
            "  measures red                     0 -> 1             target +1",
            "  measures not scored              0 -> 0",
            "  awards that balance              0 -> 0",
            "  known spend              no awards -> no awards",
            "Bands that moved: 1.",
            "  Build 5       LG -> HR              new period, target",
            "Figures that differ: 8.",
            "  new period          3 steps: 3 in measures",
            "  target              3 steps: 3 in measures",
            "  added               4 steps: 4 in measures",
            "Every difference is explained.",
        ],
        [],
    )


def test_two_runs_of_a_quarter_are_given_by_their_paths(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It names both folders, and says plainly what nothing accounts for; it ends with 0 all the same."""
    one, other = (
        publish(tmp_path / "old", scorecard=[measure("100", "97", "-3.00", "A")]),
        publish(tmp_path / "new", scorecard=[measure("100", "97", "-3.00", "LR")]),
    )
    code, out, err = said(capsys, one, other)
    assert (code, err, out[0]) == (0, [], f"Q2 2016/17: {other} after {one}")
    assert out[-4:-3] == ["Not explained: 3 steps."]
    assert out[-3].startswith("  Build 5, Repairs: Amber became Low Red (1 band worse). Not explained. Cause: code")


def test_an_edition_beside_itself_differs_in_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says so."""
    one = publish(tmp_path / "old", scorecard=[measure("100", "97", "-3.00", "A")])
    assert said(capsys, one, one)[1][-1] == "Nothing differs."


def test_every_step_is_written_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It writes a row for each step, with numbers exact and missing ones empty."""
    file = tmp_path / "steps.csv"
    code, out, _ = said(capsys, BEFORE, NOW, "--outputs", two_quarters(tmp_path / "outputs"), "--csv", file)
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    assert (code, out[-1]) == (0, f"Written to {file}.")
    band = [row for row in rows if row["figure"] == "Build 5 band"]
    assert [(row["step"], row["before"], row["after"], row["cause"], row["effect"], row["explained"]) for row in band] == [
        ("1", "LG", "A", "new period", "-1", "True"),
        ("2", "A", "HR", "target", "-2", "True"),
    ]
    assert next(row["effect"] for row in rows if row["figure"] == "Build 6 band") == ""


def test_a_folder_without_policies_is_judged_by_the_register_and_that_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It names the folder and where the policies come from."""
    outputs = two_quarters(tmp_path)
    (outputs / BEFORE / "data" / "policies.csv").unlink()
    code, out, _ = said(capsys, BEFORE, NOW, "--outputs", outputs)
    assert (code, out[1].startswith(f"No data/policies.csv in {outputs / BEFORE}: bands judged again by the register of today")) == (0, True)
    assert out[-1] == "Every difference is explained."


def test_what_is_not_there_is_asked_wrongly_and_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 2, and names both folders."""
    assert said(capsys, "2015-16-Q4", tmp_path / "nowhere", "--outputs", tmp_path) == (
        2,
        [],
        [
            f"{tmp_path / '2015-16-Q4'}, {tmp_path / 'nowhere'}: 2 problems",
            f"  - {tmp_path / '2015-16-Q4'}: there is no such folder",
            f"  - {tmp_path / 'nowhere'}: there is no such folder",
            "  Publish the quarter with `workbook run`, or give the path of a published folder.",
        ],
    )


def test_many_bands_fit_on_one_screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It prints twenty of thirty bands that moved, those that fell first, and says how many more there are."""
    before = [
        measure("100", "102" if n % 2 else "97", "2.00" if n % 2 else "-3.00", "LG" if n % 2 else "A", measure_id=f"M {n}", quarter=BEFORE, figure_id=f"a{n}")
        for n in range(30)
    ]
    now = [
        measure("100", "97" if n % 2 else "102", "-3.00" if n % 2 else "2.00", "A" if n % 2 else "LG", measure_id=f"M {n}", figure_id=f"b{n}")
        for n in range(30)
    ]
    publish(tmp_path / BEFORE, BEFORE, scorecard=before)
    publish(tmp_path / NOW, scorecard=now)
    _, out, _ = said(capsys, BEFORE, NOW, "--outputs", tmp_path)
    place = out.index("Bands that moved: 30.")
    assert [line.split()[2:5] for line in out[place + 1 : place + 21]] == [["LG", "->", "A"]] * 15 + [["A", "->", "LG"]] * 5
    assert out[place + 21] == "  and 10 more: --csv FILE writes them all."
    assert len(out) < 50
