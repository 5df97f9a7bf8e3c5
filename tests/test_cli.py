"""The command: exit codes, what it says on one screen, and that a wrong question never ends in a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis import cli
from analysis.cli import checking, publishing
from analysis.errors import AskedWrongly, RegisterError

ROOT = Path(__file__).resolve().parents[1]
QUARTER = "2016-17-Q2"
REGISTERS = {
    "partnership.toml": 'name = "Tiny Partnership"\n',
    "themes.csv": "theme,code,order\nBuild,B,1\n",
    "policies.csv": "policy,version,from_quarter,polarity,order,band,test,factor\nfive-band,1,2009-10-Q1,higher,1,HG,>=,1.05\n",
    "measures.csv": (
        "measure_id,theme,number,measure,polarity,unit,kind,policy,equalities,kind_basis\n"
        "Build 5,Build,5,Tenant satisfaction,higher,percent,not stated,five-band,no,\n"
    ),
}
HEADINGS = "Theme,No,Measure,Good,Target,Actual,RAG status\n"
GOOD = f"{HEADINGS}Build,5,Tenant satisfaction,Higher,80%,84%,HG\n"


def data(folder: Path, **returns: str) -> Path:
    """Write a data folder with a small register and some returns, by name, sent for Q2 2016/17."""
    for name, text in REGISTERS.items():
        place(folder / "reference" / name, text)
    for name, text in returns.items():
        place(folder / "raw" / QUARTER / f"{name}.csv", text)
    return folder


def place(path: Path, text: str) -> None:
    """Write a file and the folders that it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


Said = tuple[int, list[str], list[str]]


def said(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Said:
    """Run the command: its exit code, what it said, and what it complained of."""
    code = cli.main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out.splitlines(), err.splitlines()


# ---------------------------------------------------------------- check


def test_good_returns_are_checked_with_success(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 0 and says how many cells were used, where nothing is wrong."""
    code, out, err = said(capsys, "check", QUARTER, "--data", data(tmp_path, good=GOOD))
    assert (code, err) == (0, [])
    assert out == ["Q2 2016/17: returns 1, cells 14: 14 used, 0 ignored, 0 quarantined.", "Failures: 0. Advisories and notes: 0."]


def test_a_held_return_is_told_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 3, and names file and cell of what is held; the other return goes on."""
    bad = f"{HEADINGS}Build,5,Tenant satisfaction,Higher,80%,12..5,HG\n"
    code, out, err = said(capsys, "check", QUARTER, "--data", data(tmp_path, bad=bad))
    assert (code, err) == (3, [])
    assert out[0].startswith(f"fail     {QUARTER}/bad.csv, cell F2: ")
    assert "12..5" in out[0]
    assert out[-1].startswith("Failures: 1.")


def test_a_file_that_is_no_return_is_held(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 3 for a file of no known form, and goes on with the rest."""
    code, out, _ = said(capsys, "check", QUARTER, "--data", data(tmp_path, good=GOOD, shopping="Milk,Bread\n1,2\n"))
    assert code == 3
    assert out[0].startswith(f"fail     {QUARTER}/shopping.csv: ")
    assert out[-2] == "Q2 2016/17: returns 2, cells 18: 14 used, 0 ignored, 4 quarantined."


def test_an_advisory_holds_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 0 where something is only to be looked at."""
    actions = "Date,Action,Owner,Outcome\n01/02/16,Meet,,\n"
    code, out, _ = said(capsys, "check", QUARTER, "--data", data(tmp_path, actions=actions))
    assert code == 0
    assert [line[:8] for line in out if line.startswith("advisory")] == ["advisory"]
    assert any("actions.csv, row 2: " in line and "owner" in line for line in out)


def test_the_newest_quarter_is_checked_unasked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It takes the newest quarter that has a folder, whatever else lies beside it."""
    folder = data(tmp_path, good=GOOD)
    for name in ("2015-16-Q4", "archive", "2016-17-Q5"):
        (folder / "raw" / name).mkdir()
    assert said(capsys, "check", "--data", folder)[1][-2].startswith("Q2 2016/17: returns 1,")


def test_the_returns_are_not_touched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It writes nothing into the data folder."""
    folder = data(tmp_path, good=GOOD)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    said(capsys, "check", QUARTER, "--data", folder)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


# ---------------------------------------------------------------- asked wrongly

both_commands = pytest.mark.parametrize("command", ["check", "run"])


@both_commands
def test_a_quarter_without_returns_names_those_there_are(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 2 and says for which quarters there are returns."""
    code, out, err = said(capsys, command, "2019-20-Q1", "--data", data(tmp_path, good=GOOD))
    assert (code, out) == (2, [])
    assert err[0].startswith("2019-20-Q1: 1 problem")
    assert err[-1] == f"  There are returns for {QUARTER}."


@pytest.mark.parametrize("typed", ["2016-17-q2", "Q2 2016/17", "Quarter 2, 2016/17"])
def test_a_quarter_may_be_typed_as_pages_show_it(typed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It knows a quarter by its key in any letters, and by the words of pages and returns."""
    code, out, _ = said(capsys, "check", typed, "--data", data(tmp_path, good=GOOD))
    assert (code, out[-2].startswith("Q2 2016/17")) == (0, True)


WRONG = {"no such quarter of a year": "2016-17-Q5", "years that do not follow": "2016-18-Q2", "words": "last quarter", "a path": "../../etc"}


@both_commands
@pytest.mark.parametrize("quarter", WRONG.values(), ids=WRONG)
def test_what_is_no_quarter_is_told(command: str, quarter: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 2, repeats what was asked, and publishes nothing."""
    outputs = ["--outputs", tmp_path / "outputs"] if command == "run" else []
    code, out, err = said(capsys, command, quarter, "--data", data(tmp_path, good=GOOD), *outputs)
    assert (code, out) == (2, [])
    assert quarter in err[0]
    assert len(err) == 3
    assert not (tmp_path / "outputs").exists()


@both_commands
@pytest.mark.parametrize("quarter", [[QUARTER], []], ids=["a quarter", "the newest"])
def test_a_missing_folder_is_named(command: str, quarter: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 2, names the folder, and says what it should hold."""
    code, out, err = said(capsys, command, *quarter, "--data", tmp_path / "nowhere")
    assert (code, out) == (2, [])
    assert err == [f"{tmp_path / 'nowhere' / 'raw'}: 1 problem", "  - there is no such folder", "  Point --data at a folder that holds raw/ and reference/."]


@both_commands
def test_a_folder_without_quarters_is_named(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 2 and says how a quarter's folder is named."""
    (tmp_path / "raw" / "archive").mkdir(parents=True)
    code, _, err = said(capsys, command, "--data", tmp_path)
    assert code == 2
    assert err == [f"{tmp_path / 'raw'}: 1 problem", "  - holds no quarter", "  Put returns into a folder named for their quarter, such as 2016-17-Q2."]


@both_commands
def test_a_mistake_in_a_register_is_told_before_anything_runs(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 2 and names file and line."""
    folder = data(tmp_path, good=GOOD)
    place(folder / "reference" / "measures.csv", REGISTERS["measures.csv"].replace("five-band", "six-band"))
    outputs = ["--outputs", tmp_path / "outputs"] if command == "run" else []
    code, out, err = said(capsys, command, QUARTER, "--data", folder, *outputs)
    assert code == 2
    assert [line for line in out if "Q2 2016/17" not in line] == []
    assert err[1] == "  - measures.csv line 2: policy 'six-band' is not in policies.csv"


def test_one_unknown_quarter_among_known_ones_stops_before_any_is_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It names only the one that is not there, and publishes none."""
    code, _, err = said(capsys, "run", QUARTER, "2019-20-Q1", "--data", data(tmp_path, good=GOOD), "--outputs", tmp_path / "outputs")
    assert (code, err[0]) == (2, "2019-20-Q1: 1 problem")
    assert not (tmp_path / "outputs").exists()


# ---------------------------------------------------------------- debug


@both_commands
def test_debug_shows_where_an_error_comes_from(command: str, tmp_path: Path) -> None:
    """It lets the error through, so that Python prints its traceback."""
    with pytest.raises(AskedWrongly, match="there is no such folder"):
        cli.main([command, QUARTER, "--debug", "--data", str(tmp_path / "nowhere")])


def test_debug_lets_every_kind_of_error_through(tmp_path: Path) -> None:
    """It does so for a mistake in a register too."""
    folder = data(tmp_path, good=GOOD)
    (folder / "reference" / "partnership.toml").unlink()
    with pytest.raises(RegisterError):
        cli.main(["check", QUARTER, "--debug", "--data", str(folder)])


# ---------------------------------------------------------------- options

MISSPELT = {
    "an option that is not there": (["check", "--date", "x"], "unrecognized arguments: --date"),
    "an option cut short": (["check", "--dat", "x"], "unrecognized arguments: --dat"),
    "an option of another command": (["check", "--jobs", "2"], "unrecognized arguments: --jobs"),
    "an option without its value": (["check", "--data"], "--data: expected one argument"),
    "a number that is none": (["run", "--jobs", "two"], "invalid int value: 'two'"),
    "seconds that are none": (["run", "--wait", "long"], "invalid float value: 'long'"),
    "a range cut short": (["run", "--fro", QUARTER], "unrecognized arguments: --fro"),
    "a range without its end": (["run", "--from"], "--from: expected one argument"),
    "a scheduler without its address": (["run", "--scheduler"], "--scheduler: expected one argument"),
    "an option of run": (["check", "--force"], "unrecognized arguments: --force"),
    "no command": ([], "COMMAND"),
    "a command that is not there": (["chek"], "invalid choice: 'chek'"),
    "two quarters to check": (["check", "2016-17-Q1", QUARTER], "unrecognized arguments"),
}


@pytest.mark.parametrize(("arguments", "told"), MISSPELT.values(), ids=MISSPELT)
def test_a_misspelt_question_is_told(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 2 and says which word it does not know."""
    with pytest.raises(SystemExit) as raised:
        cli.main(arguments)
    assert raised.value.code == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("command", [[], ["check"], ["run"]], ids=["the workbook", "check", "run"])
def test_help_is_given(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """It says what can be asked, and ends with 0."""
    with pytest.raises(SystemExit) as raised:
        cli.main([*command, "--help"])
    assert raised.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: {' '.join(['workbook', *command])}")


def test_the_module_is_the_command(tmp_path: Path) -> None:
    """It ends as the command does when run with python -m analysis, and says everything on one screen."""
    ran = subprocess.run(
        [sys.executable, "-m", "analysis", "check", "2019-20-Q1", "--data", data(tmp_path, good=GOOD)],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "Traceback" not in ran.stderr
    assert len(ran.stderr.splitlines()) == 3


# ---------------------------------------------------------------- what else can happen


def test_ctrl_c_is_told_in_a_sentence(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """It says that what was published stays, and ends as shells expect."""

    def stopped(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(checking, "check", stopped)
    assert said(capsys, "check") == (130, [], ["Stopped. What was published before is as it was."])


def test_a_fault_of_the_disk_is_told_in_a_sentence(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the file and says what is wrong with it."""

    def full(_: object) -> int:
        raise OSError(28, "No space left on device", "outputs/x.csv")

    monkeypatch.setattr(checking, "check", full)
    assert said(capsys, "check") == (1, [], ["outputs/x.csv: No space left on device"])


def test_another_partnership_is_published_beside_its_own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It publishes what --data names into that folder, never over the workbook's own reports, unless --outputs says where."""
    published: list[Path] = []

    class Standing:
        fault, code = None, 0

        def __init__(self, _: Path, outputs: Path, *__: object) -> None:
            published.append(outputs)

        def stands(self) -> bool:
            return True

    monkeypatch.setattr(publishing, "Edition", Standing)
    folder = data(tmp_path, good=GOOD)
    assert [cli.main(["run", "--data", str(folder)]), cli.main(["run", "--data", str(folder), "--outputs", str(tmp_path / "there")])] == [0, 0]
    assert cli.main(["run", QUARTER, "--data", str(ROOT / "data")]) == 0
    assert published == [folder / "outputs", tmp_path / "there", ROOT / "outputs"]


@pytest.mark.parametrize("quarter", ["2011-12-Q1", "2011-12-Q2"])
def test_check_tells_what_the_checks_of_grant_find(quarter: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It tells the findings of round 1, each with the quarter of its return, for that quarter and the one after; quarters without a folder do no harm."""
    assert cli.main(["check", quarter, "--data", str(ROOT / "data")]) == 0
    told = capsys.readouterr().out
    assert "2011-12-Q1/local-area-agreement-reward-grant.xlsx, sheet Page 2, cell G13" in told
    assert "£2,497.24 short of its award of £90,000.00" in told
