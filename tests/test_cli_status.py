"""The commands about returns as they come: what is owed on a day, what to mend, and with which code each ends."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from analysis import cli

QUARTER, NEXT = "2016-17-Q2", "2016-17-Q3"
OWED = "partner,form,covers,from_quarter,until_quarter,due_days,basis\n"
COUNCIL, POLICE = "The Council,performance,,2016-17-Q1,,17,said\n", "The Police,performance,,2016-17-Q1,,31,said\n"
REGISTERS = {
    "partnership.toml": 'name = "Tiny Partnership"\n',
    "themes.csv": "theme,code,order\nBuild,B,1\n",
    "policies.csv": "policy,version,from_quarter,polarity,order,band,test,factor\nfive-band,1,2009-10-Q1,higher,1,HG,>=,1.05\nfive-band,1,2009-10-Q1,higher,2,HR,otherwise,\n",
    "measures.csv": (
        "measure_id,theme,number,measure,polarity,unit,kind,policy,equalities,kind_basis\n"
        "Build 5,Build,5,Tenant satisfaction,higher,percent,not stated,five-band,no,\n"
        "Build 6,Build,6,Parks in good order,higher,percent,not stated,five-band,no,\n"
    ),
    "audiences.csv": "audience,title,report,per_group,needs,sections\nboard,The Board,Report,no,returns,quality; owed\n",
    "returns_owed.csv": OWED + COUNCIL + POLICE,
}
HEADINGS = "Theme,No,Measure,Good,Target,Actual,RAG status\n"
Said = tuple[int, list[str], list[str]]


def sent(partner: str = "The Council", day: str = "10 October 2016", actual: str = "84%", title: str = "Tenant satisfaction") -> str:
    """Give a return of one measure, of a day."""
    return f"Partner,{partner}\nDate,{day}\n{HEADINGS}Build,5,{title},Higher,80%,{actual},HG\n"


def data(folder: Path, registers: dict[str, str] | None = None, **returns: str) -> Path:
    """Write a data folder with a small register and some returns, by name, for Q2 2016/17."""
    texts = {f"reference/{name}": text for name, text in (REGISTERS | (registers or {})).items()}
    texts |= {f"raw/{QUARTER}/{name}.csv": text for name, text in returns.items()}
    (folder / "raw" / QUARTER).mkdir(parents=True)
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def said(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Said:
    """Run the command: its exit code, what it said, and what it complained of."""
    code = cli.main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out.splitlines(), err.splitlines()


# ---------------------------------------------------------------- status

STATES = {  # the day, the code, what is said of the Police, and the count
    "the quarter is not over": ("2016-09-30", 0, "not due   The Police: performance, due 2016-10-31", "1 not due, 1 accepted."),
    "before the deadline": ("2016-10-31", 0, "due       The Police: performance, due 2016-10-31", "1 due, 1 accepted."),
    "a day late": ("2016-11-01", 3, "late      The Police: performance, due 2016-10-31, 1 day late", "1 late, 1 accepted."),
    "two days late": ("2016-11-02", 3, "late      The Police: performance, due 2016-10-31, 2 days late", "1 late, 1 accepted."),
}


@pytest.mark.parametrize(("day", "code", "line", "counted"), STATES.values(), ids=STATES)
def test_what_is_owed_is_told_as_on_a_day(day: str, code: int, line: str, counted: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says what came, what is due and what is late, and ends with 3 where something is late."""
    got, out, err = said(capsys, "status", QUARTER, "--on", day, "--data", data(tmp_path, council=sent()))
    assert (got, err) == (code, [])
    assert out[:4] == [
        f"Q2 2016/17, on {day}: 2 returns owed.",
        "  accepted  The Council: performance, due 2016-10-17, came 2016-10-10",
        f"  {line}",
        f"  {counted}",
    ]


def test_a_return_that_came_late_is_here(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says how late a return came, and ends with 0 where all that is owed has come."""
    both = {"council": sent(day="19 October 2016"), "police": sent("The Police").replace("Build,5,Tenant satisfaction", "Build,6,Parks in good order")}
    code, out, _ = said(capsys, "status", QUARTER, "--on", "2016-12-01", "--data", data(tmp_path, **both))
    assert (code, out[1:4]) == (0, [
        "  accepted  The Council: performance, due 2016-10-17, came 2016-10-19, 2 days late",
        "  accepted  The Police: performance, due 2016-10-31, came 2016-10-10",
        "  2 accepted.",
    ])  # fmt: skip


def test_a_return_that_is_held_ends_with_three(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says that a return is held whose heading is missing."""
    folder = data(tmp_path, {"returns_owed.csv": OWED + COUNCIL}, council=sent().replace("Actual", "Actal"))
    code, out, _ = said(capsys, "status", QUARTER, "--on", "2016-10-11", "--data", folder)
    assert (code, out[1].split(":")[0], out[2]) == (3, "  held      The Council", "  1 held.")


def test_a_return_that_is_used_in_part_is_received(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says received of a return with a cell held back, and ends with 0: it is neither late nor held."""
    folder = data(tmp_path, {"returns_owed.csv": OWED + COUNCIL}, council=sent(actual="12..5"))
    code, out, _ = said(capsys, "status", QUARTER, "--on", "2016-12-01", "--data", folder)
    assert (code, out[2]) == (0, "  1 received.")


def test_a_return_sent_again_is_one_return(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It goes by the newer file's state, and by the day of the first one: who corrects a figure is not late for it."""
    files = {"council": sent(), "council-v2": sent(day="14 October 2016", actual="85%")}
    folder = data(tmp_path, {"returns_owed.csv": OWED + COUNCIL}, **files)
    code, out, _ = said(capsys, "status", QUARTER, "--on", "2016-12-01", "--data", folder)
    assert (code, out[1]) == (0, "  accepted  The Council: performance, due 2016-10-17, came 2016-10-10")


def test_where_nobody_has_written_what_is_owed_status_says_where_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 0, owes nobody anything, and names the register."""
    code, out, _ = said(capsys, "status", QUARTER, "--on", "2016-12-01", "--data", data(tmp_path, {"returns_owed.csv": OWED}, council=sent()))
    assert (code, out[0]) == (0, "Q2 2016/17, on 2016-12-01: 0 returns owed.")
    assert "data/reference/returns_owed.csv" in out[1]


def test_what_is_missing_is_named_but_what_is_owed_not_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It lists data that the returns do not have by name; a return that has not come stands above it only."""
    actual = sent(actual="").replace(",HG", ",")
    _, out, _ = said(capsys, "status", QUARTER, "--on", "2016-11-05", "--data", data(tmp_path, council=actual))
    missing = out[out.index("  1 late, 1 accepted.") + 1 :]
    assert any("Build 5" in line or "Tenant satisfaction" in line for line in missing)
    assert not any("The Police" in line for line in missing)


def test_a_quarter_of_which_nothing_came_is_owed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says that both returns are late where the quarter's folder is still empty."""
    code, out, _ = said(capsys, "status", QUARTER, "--on", "2016-12-01", "--data", data(tmp_path))
    assert (code, out[0]) == (3, "Q2 2016/17, on 2016-12-01: 2 returns owed.")


@pytest.mark.parametrize("typed", ["31/10/2016", "2016-10-32", "yesterday"])
def test_a_day_that_is_none_is_told(typed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 2 and says how a day is written."""
    code, out, err = said(capsys, "status", QUARTER, "--on", typed, "--data", data(tmp_path, council=sent()))
    assert (code, out) == (2, [])
    assert err == [f"{typed!r}: 1 problem", "  - is not a day", "  Write it as 2016-10-31."]


def test_a_quarter_without_a_folder_is_owed_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says that both returns of the next quarter are late, on 2 February, though it has no folder yet."""
    code, out, _ = said(capsys, "status", NEXT, "--on", "2017-02-02", "--data", data(tmp_path, council=sent()))
    assert (code, [line.partition(":")[0] for line in out[1:3]]) == (3, ["  late      The Council", "  late      The Police"])


@pytest.mark.parametrize("command", ["check", "slips"])
def test_a_quarter_without_a_folder_is_told(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 2 and says for which quarters there are returns."""
    code, out, err = said(capsys, command, NEXT, "--data", data(tmp_path, council=sent()))
    assert (code, out, err[-1]) == (2, [], f"  There are returns for {QUARTER}.")


def test_looking_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It leaves the data folder as it was, checked or asked what is owed, and no reports."""
    folder = data(tmp_path, council=sent())
    before = sorted(folder.rglob("*"))
    said(capsys, "status", QUARTER, "--on", "2016-12-01", "--data", folder)
    said(capsys, "check", QUARTER, "--data", folder)
    assert sorted(folder.rglob("*")) == before


# ---------------------------------------------------------------- check


def test_check_tells_a_return_sent_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 0, says which file counts, and counts the cells of the other as ignored."""
    code, out, _ = said(capsys, "check", QUARTER, "--data", data(tmp_path, council=sent(), **{"council-v2": sent(day="14 October 2016", actual="85%")}))
    assert (code, out[-2]) == (0, "Q2 2016/17: returns 2, cells 36: 18 used, 18 ignored, 0 quarantined.")
    assert any(line.startswith(f"info     {QUARTER}/council.csv: council-v2.csv was sent later") for line in out)


def test_check_never_prints_personal_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It names the cell and the kind, not the text, wherever in a return it stands."""
    text = sent(title="Write to jo.bloggs@example.org").replace("Date,", "Prepared by,ann.other@example.org\nDate,")
    code, out, err = said(capsys, "check", QUARTER, "--data", data(tmp_path, council=text))
    assert code in (0, 3)
    assert any("may hold an e-mail address" in line for line in out)
    assert "example.org" not in "".join(out + err)


# ---------------------------------------------------------------- slips


def test_a_slip_of_nothing_that_came_asks_for_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It speaks of a return that is owed, not of one to be sent again."""
    folder = data(tmp_path, {"returns_owed.csv": OWED + COUNCIL + POLICE}, council=sent(actual="12..5", day="1 November 2016"))
    said(capsys, "slips", QUARTER, "--data", folder)
    there = folder / "outputs" / "slips" / QUARTER
    told = {name: " ".join((there / f"the-{name}.html").read_text(encoding="utf-8").split()) for name in ("council", "police")}
    assert "The Police: what is owed" in told["police"]
    assert "Please send what is owed" in told["police"]
    assert "again" not in told["police"]
    assert "Please send the return again" in told["council"]
    assert "The deadline is 17 October 2016." in told["council"]


def rows(path: Path) -> list[dict[str, str]]:
    """Give the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_slips_are_written_for_each_who_has_something_to_mend(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It writes a page and a table for the partner with a fault and for the one whose return is owed, and says where; it ends with 0."""
    folder = data(tmp_path, council=sent(actual="12..5"))
    code, out, err = said(capsys, "slips", QUARTER, "--data", folder)
    there = folder / "outputs" / "slips" / QUARTER
    assert (code, err, sorted(path.name for path in there.iterdir())) == (0, [], ["the-council.csv", "the-council.html", "the-police.csv", "the-police.html"])
    assert out[-1] == f"Q2 2016/17: 2 slips in {there}"
    (fault,) = [row for row in rows(there / "the-council.csv") if row["cell"] == "F4"]
    assert [fault[name] for name in ("partner", "quarter", "file", "as_typed", "deadline")] == ["The Council", QUARTER, "council.csv", "12..5", "2016-10-17"]
    assert fault["weight"].startswith("must be mended")
    (owed,) = rows(there / "the-police.csv")
    assert [owed[name] for name in ("partner", "file", "cell", "deadline")] == ["The Police", "", "", "2016-10-31"]
    assert "performance is owed" in owed["what_is_wrong"]


def test_slips_go_where_outputs_are_and_older_ones_go(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It writes under --outputs, and leaves no slip of somebody who has nothing to mend any more."""
    folder, there = data(tmp_path / "data", council=sent(actual="12..5")), tmp_path / "there"
    (there / "slips" / QUARTER).mkdir(parents=True)
    (there / "slips" / QUARTER / "the-fire-service.html").write_text("old", encoding="utf-8")
    (there / "slips" / "2016-17-Q1").mkdir()
    said(capsys, "slips", QUARTER, "--data", folder, "--outputs", there)
    assert sorted(path.name for path in (there / "slips" / QUARTER).glob("*.html")) == ["the-council.html", "the-police.html"]
    assert (there / "slips" / "2016-17-Q1").is_dir()
    assert not (folder / "outputs").exists()


def test_who_has_nothing_to_mend_has_no_slip(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says so where nobody has."""
    two = sent().replace("HG\n", "HG\nBuild,6,Parks in good order,Higher,80%,90%,HG\n")
    code, out, _ = said(capsys, "slips", QUARTER, "--data", data(tmp_path, {"returns_owed.csv": OWED + COUNCIL}, council=two))
    assert (code, out) == (0, ["Nobody has anything to mend."])


def test_a_partner_sees_its_own_small_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It shows a partner what it typed itself, though reports hold so small a number back."""
    disclosure = "audience,theme,measure_id,profile,why\n,,,suppress<5,few\n"
    folder = data(tmp_path, {"disclosure.csv": disclosure}, council=sent(actual="40% (1/3)"))
    said(capsys, "slips", QUARTER, "--data", folder)
    typed = {row["as_typed"] for row in rows(folder / "outputs" / "slips" / QUARTER / "the-council.csv")}
    assert "40% (1/3)" in typed
