"""The command explain: from a figure to its cell, from a cell to what it feeds, for whoever asks, as far as they may see."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from reports_by_hand import BEFORE, NOW, SCRIPT, award, challenge, kept, month, registers_in, score

from analysis import cli, store

GROUPS = "group,slug,aliases,themes\nSafer Harrow,safer-harrow,,Build a Better Harrow\n"
HIDDEN = "audience,theme,measure_id,profile,why\n,,Build 13,suppress<10,small\nboard,,Build 13,none,theirs\n"
ROWS = {
    "returns": [
        {"file": "p/scores.csv", "sha256": "ab12", "partner": "Harrow Council"},
        {"file": "p/grant.csv", "sha256": "cd34"},
        {"file": "p/months.csv", "sha256": "ef56"},
    ],
    "scores": [
        score("Build 5", "HG", " 84 ", row=2, actual=Decimal(84), actual_repairs="spaces made plain", actual_reason=""),
        score("Build 13", "HR", "7", row=3),
        score("Business 1", "LG", "81", row=4),
        score("Build 5", "LR", "70", row=2, quarter=BEFORE),
    ],
    "exceptions": [challenge("Build 13", "HR", 1)],
    "spend": [award("Alley Gating (Capital)", "17000.00", "8000.00", "short", row=2, difference=Decimal(9000), file="p/grant.csv", sheet="Page 1")],
    "monthly": [month("Claims", "2016-08", "431", "B2"), month("Claims", "2016-09", "362", "C2")],
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep the frames of a small quarter beside the registers."""
    folder = registers_in(tmp_path_factory.mktemp("data"), groups=GROUPS, disclosure=HIDDEN)
    (folder / "raw" / NOW).mkdir(parents=True)
    store.write_all(kept(**ROWS), folder, NOW)
    return folder


def explained(capsys: pytest.CaptureFixture[str], data: Path, what: str, *more: str, quarter: str = NOW) -> list[str]:
    """Ask about something, and give the lines of the answer."""
    code = cli.main(["explain", what, *filter(None, [quarter]), "--data", str(data), *more])
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    return out.splitlines()


def refused(capsys: pytest.CaptureFixture[str], data: Path, what: str, *more: str, quarter: str = NOW) -> list[str]:
    """Ask about something that there is no answer to, and give what is said of it."""
    code = cli.main(["explain", what, quarter, "--data", str(data), *more])
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    return err.splitlines()


BUILD_5 = [
    f"Build 5 actual ({NOW}.build-5)",
    f"  file        {NOW}/p/scores.csv, cell F2",
    "  sent by     Harrow Council",
    "  as typed    ' 84 '",
    "  read as     84",
    "  repaired    spaces made plain",
    "  made of it  five-band version 1: HG",
    "  fingerprint SHA-256 ab12",
    "  counted in  Measures that can be scored, 2; Measures that met their target, 2",
]


@pytest.mark.parametrize("what", ["Build 5", "build 5", "Build 5 actual", f"{NOW}.build-5", f"{NOW}.BUILD-5/actual"])
def test_a_figure_is_explained_by_any_of_its_names(what: str, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says cell, sender, as typed, as read, repairs, rule and what is counted from it, of this quarter and no other."""
    found = explained(capsys, data, what)
    assert [line for line in BUILD_5 if line.partition("SHA")[0] not in [other.partition("SHA")[0] for other in found]] == []
    assert BEFORE not in "\n".join(found)
    assert ("  as typed    '80'" in found) == (what.lower() not in ("build 5 actual", f"{NOW}.build-5/actual".lower()))


def test_an_id_reaches_another_quarter(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It explains the figure of an earlier quarter by its id, and says what is counted from it now."""
    found = explained(capsys, data, f"{BEFORE}.build-5/actual")
    assert found[:2] == [f"Build 5 actual ({BEFORE}.build-5)", f"  file        {BEFORE}/p/scores.csv, cell F2"]
    assert found[-1] == "  counted in  Measures that could be scored the quarter before, 1"


HEADLINES = {
    "met": ["Measures that met their target: 2", "bands High Green, Green and Low Green", f"2 figures: {NOW}.build-5, {NOW}.business-1"],
    "awarded": ["Grant awarded, Q2 2016/17: £17,000.00", "sum of the awards: the 1 that state it", f"1 figures: {NOW}.award.round-1-alley-gating-capital"],
    "measures": ["Measures: 3", "every measure of the scorecards", ""],
    f"{NOW}.headline.good-way": ["Monthly indicators that moved the good way: 1", "last month against the first", ""],
}


@pytest.mark.parametrize("what", HEADLINES)
def test_a_headline_is_explained_by_its_parts(what: str, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says the number, how it was made, and every figure that it is made of."""
    found, (first, how, parts) = explained(capsys, data, what), HEADLINES[what]
    assert found[0].startswith(first)
    assert found[1] == f"  how         {how}"
    assert found[2:] == ([f"  made of     {parts}"] if parts else [])


@pytest.mark.parametrize("what", ["scores.csv:F2", "p/scores.csv:F2", "scores.csv:f2", f"{NOW}/p/scores.csv:F2"])
def test_a_cell_is_explained_by_what_it_feeds(what: str, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says what the cell holds and every figure and headline that it feeds, in this quarter's file of that name."""
    assert explained(capsys, data, what) == [
        f"{NOW}/p/scores.csv, cell F2 holds ' 84 ' and feeds:",
        f"  Build 5 actual ({NOW}.build-5), read as 84",
        "    counted in: Measures that can be scored, 2",
        "    counted in: Measures that met their target, 2",
    ]


def test_a_cell_of_an_earlier_quarter_is_asked_for_with_it(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It takes the file of another quarter where the quarter is named."""
    assert explained(capsys, data, f"{BEFORE}/p/scores.csv:F2")[0] == f"{BEFORE}/p/scores.csv, cell F2 holds '70' and feeds:"


@pytest.mark.parametrize("what", ["grant.csv:Page 1!C2", "grant.csv:C2"])
def test_a_cell_of_a_sheet_is_explained(what: str, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It takes the sheet's name, or goes without where one is enough."""
    found = explained(capsys, data, what)
    assert found[0] == f"{NOW}/p/grant.csv, sheet Page 1, cell C2 holds '£8000.00' and feeds:"
    assert found[2] == "    counted in: Grant known to be spent, Q2 2016/17, £8,000.00"


@pytest.mark.parametrize("what", ["Build 99", "Zebra: crossings", "scores.csv", "", ":", "!", f"{NOW}.build"])
def test_what_is_not_there_is_answered_with_what_is(what: str, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says that there is no such thing, and names headlines, figures and how to ask for a cell."""
    found = refused(capsys, data, what)
    assert found[0] == f"{what!r}: 1 problem"
    assert "Headlines: measures, scored, met" in found[2]
    assert "Build 5, Build 13, Business 1, Alley Gating (Capital)" in found[2]
    assert found[2].endswith("A cell is asked for as FILE:CELL or FILE:SHEET!CELL.")


MISSPELT = {"Build5": "Build 5", "Biuld 13": "Build 13", "busines 1": "Business 1", "Aley Gating (Capital)": "Alley Gating (Capital)", "scord": "scored"}


@pytest.mark.parametrize("what", MISSPELT)
def test_a_misspelt_figure_is_answered_with_the_nearest(what: str, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It asks first whether the figure or headline that is spelt most like it was meant."""
    assert refused(capsys, data, what)[2].startswith(f"  Did you mean {MISSPELT[what]!r}? Headlines: ")


def test_what_is_like_nothing_is_answered_without_a_guess(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It guesses no name where none is near."""
    assert refused(capsys, data, "Zebra crossings")[2].startswith("  Headlines: ")


NOT_READ = {
    "scores.csv:Z9": "", "p/scores.csv:Z9": "", "grant.csv:Page 2!C2": "", ":F2": "", "zebra.xlsx:A1": "",
    "cores.csv:F2": "Did you mean 'scores.csv'? ", "p/month.csv:b2": "Did you mean 'months.csv'? ", "gant.csv:Page 1!C2": "Did you mean 'grant.csv'? ",
}  # fmt: skip


@pytest.mark.parametrize("what", NOT_READ)
def test_a_cell_that_was_not_read_is_answered_with_the_files_there_are(what: str, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It names the returns of the quarter, the nearest name first where there is no such file, and says how a cell is asked for."""
    assert refused(capsys, data, what) == [
        f"{what!r}: 1 problem",
        "  - is no cell that was read, or holds nothing",
        f"  {NOT_READ[what]}There are p/grant.csv, p/months.csv, p/scores.csv. A cell is asked for as FILE:CELL or FILE:SHEET!CELL.",
    ]


def test_a_quarter_that_was_not_run_says_what_to_do(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It asks for a run of a quarter of which nothing is kept."""
    found = refused(capsys, data, "met", quarter="2015-16-Q1")
    assert found == ["2015-16-Q1: 1 problem", "  - has not been run yet: nothing is kept of it", "  Run it first: workbook run 2015-16-Q1"]


def test_the_newest_quarter_is_meant_where_none_is_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It explains figures of the newest quarter that has returns."""
    assert explained(capsys, data, "met", quarter="")[0].startswith("Measures that met their target: 2")


def test_a_small_number_is_not_told_to_everybody(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says that a suppressed figure is confidential, to whoever asks without a right to it, and to no page that has one."""
    found = "\n".join(explained(capsys, data, "Build 13"))
    assert ("'[c]'" in found, "'7'" in found, "SHA-256 ab12" in found) == (True, False, False)
    assert "'7'" in "\n".join(explained(capsys, data, "Build 13", "--audience", "board"))
    assert "holds '[c]'" in explained(capsys, data, "scores.csv:F3")[0]


def test_a_cell_that_was_replaced_tells_no_small_number_either(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It names the cell that counts, and hides what both hold from whoever has no right to it."""
    folder = registers_in(tmp_path, disclosure=HIDDEN)
    was = {"file": "p/older.csv", "row": 9, "cell": "F9", "raw": "6", "outcome": "ignored", "reason": "replaced by p/scores.csv"}
    now = {"file": "p/scores.csv", "row": 3, "cell": "F3", "raw": "7", "outcome": "used"}
    cells = [{"form": "performance", "field": "actual"} | row for row in (was, now)]
    replaced = [{"was_file": "p/older.csv", "was_cell": "F9", "was_raw": "6", "file": "p/scores.csv", "cell": "F3", "now_raw": "7"}]
    store.write_all(kept(scores=[score("Build 13", "HR", "7", row=3)], cells=cells, replaced=replaced), folder, NOW)
    told = f"{NOW}/p/older.csv, cell F9 holds '{{}}' and feeds no published figure (ignored: replaced by p/scores.csv, cell F3, which holds '{{}}')."
    assert explained(capsys, folder, "older.csv:F9") == [told.format("[c]", "[c]")]
    assert explained(capsys, folder, "older.csv:F9", "--audience", "board") == [told.format("6", "7")]


def test_a_cell_that_feeds_nothing_says_what_became_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It answers for the quarter asked for, also where a cell of the same place fed a figure in the quarter before."""
    folder = registers_in(tmp_path)
    title = {"file": "p/scores.csv", "row": 2, "cell": "F2", "raw": "Actual", "outcome": "ignored", "reason": "title"}
    store.write_all(kept(scores=[score("Build 5", "LR", "70", row=2, quarter=BEFORE)], cells=[title]), folder, NOW)
    assert explained(capsys, folder, "scores.csv:F2") == [f"{NOW}/p/scores.csv, cell F2 holds 'Actual' and feeds no published figure (ignored: title)."]


def test_a_group_is_told_of_cells_that_are_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It explains an older cell of the group's measure, and neither another's nor one that belongs to nobody."""
    folder = registers_in(tmp_path, groups=GROUPS)
    used = [{"file": "p/scores.csv", "row": row, "cell": f"F{row}", "raw": raw, "outcome": "used", "field": "actual"} for row, raw in ((2, "84"), (4, "81"))]
    older = [one | {"file": "p/older.csv", "outcome": "ignored", "reason": "replaced by p/scores.csv"} for one in used]
    other = [{"file": "p/scores.csv", "row": 1, "cell": "A1", "raw": "A title", "outcome": "ignored", "reason": "title"}]
    replaced = [{"was_file": "p/older.csv", "was_cell": one["cell"], "file": "p/scores.csv", "cell": one["cell"]} for one in older]
    scores = [score("Build 5", "HG", "84", row=2), score("Business 1", "LG", "81", row=4)]
    store.write_all(kept(scores=scores, cells=used + older + other, replaced=replaced), folder, NOW)
    group = ("--audience", "management-group-safer-harrow")
    assert len(explained(capsys, folder, "older.csv:F2", *group)) == 1
    for cell in ("older.csv:F4", "scores.csv:F4", "scores.csv:A1"):
        assert "81" not in "\n".join(refused(capsys, folder, cell, *group))
        assert len(explained(capsys, folder, cell)) >= 1


def test_a_cell_that_is_used_and_no_figure_says_as_what(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says what a commentary was read as, which feeds no figure."""
    folder = registers_in(tmp_path)
    cell = {"file": "p/scores.csv", "row": 2, "cell": "J2", "raw": "Fewer bins", "outcome": "used", "field": "what_next"}
    store.write_all(kept(scores=[score("Build 5", "LR", "70", row=2)], cells=[cell]), folder, NOW)
    assert explained(capsys, folder, "scores.csv:J2")[0].endswith("holds 'Fewer bins' and feeds no published figure (used, as what next).")


def test_a_group_is_told_of_its_own_measures(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It counts a group's measures alone for the group, and knows no other's."""
    group = ("--audience", "management-group-safer-harrow")
    assert explained(capsys, data, "measures", *group)[0] == f"Measures: 2 ({NOW}.headline.safer-harrow.measures)"
    assert "Business 1" not in "\n".join(refused(capsys, data, "Business 1", *group)[1:])


def test_an_unknown_audience_is_told(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It names the audiences there are."""
    assert refused(capsys, data, "met", "--audience", "bord")[:2] == ["'bord': 1 problem", "  - is not an audience"]


def test_nothing_typed_reaches_the_terminal_as_a_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It prints what was typed quoted, so that control characters of a cell do nothing."""
    folder = registers_in(tmp_path)
    store.write_all(kept(scores=[score("Build 5", "HG", "84", row=2, actual_raw=f"\x1b[2J84\n{SCRIPT}")]), folder, NOW)
    assert "\x1b" not in "\n".join(explained(capsys, folder, "Build 5"))


def test_an_award_that_is_reported_late_is_explained_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It knows the awards that this quarter's pages show by their names, though their return is of the quarter before."""
    folder = registers_in(tmp_path)
    late = {"quarter": BEFORE, "figure_id": f"{BEFORE}.award.round-1-alley-gating-capital"}
    store.write_all(kept(scores=ROWS["scores"], spend=[ROWS["spend"][0] | late]), folder, NOW)
    assert "  as typed    '£17000.00'" in explained(capsys, folder, "Alley Gating (Capital): award")
