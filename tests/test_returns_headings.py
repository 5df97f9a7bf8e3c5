"""Headings that drift: what may stand for one that is missing, which are read all the same, and which somebody has accepted."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from analysis import cli, returns
from analysis.errors import RegisterError

QUARTER = "2016-17-Q2"
COLUMNS = {
    "Theme": "Build", "No": "5", "Measure": "Tenant satisfaction", "Good": "Higher", "Target": "80%", "Actual": "81%", "RAG status": "LG", "Commentary": "Well done",
}  # fmt: skip
FIELDS = {
    "Theme": "theme", "No": "number", "Measure": "measure", "Good": "polarity", "Target": "target", "Actual": "actual", "RAG status": "published_status",
    "Commentary": "commentary",
}  # fmt: skip
WHOLE = {field: COLUMNS[heading] for heading, field in FIELDS.items()}
REGISTER = ("form", "heading", "means", "author", "date", "reason", "line")


def accepting(*lines: tuple[str, str, str]) -> pd.DataFrame:
    """Give the register of headings: form, heading and what it means, of each line from the second."""
    rows = [(*line, "A. Officer", "2016-10-01", "Their system prints it", str(number)) for number, line in enumerate(lines, start=2)]
    return pd.DataFrame(rows, columns=list(REGISTER), dtype=object)


def read(folder: Path, grid: list[list[str]], register: pd.DataFrame | None = None, merged: str = "") -> returns.Read:
    """Read a quarter that holds one file of this grid: a CSV, or a spreadsheet where an area is merged."""
    path = folder / "raw" / QUARTER / ("return.xlsx" if merged else "return.csv")
    path.parent.mkdir(parents=True)
    if merged:
        book = openpyxl.Workbook()
        for place, line in enumerate(grid, start=1):
            for column, text in enumerate(line, start=1):
                book.active.cell(place, column, text or None)
        book.active.merge_cells(merged)
        book.save(path)
    else:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(grid)
        path.write_text(text.getvalue(), encoding="utf-8")
    return returns.read(folder, (QUARTER,), register)


def table(**renamed: str) -> list[list[str]]:
    """Give a table of one measure, some of its headings renamed; of two columns that a renaming makes one, the first figure stays."""
    headings = [renamed.get(heading.replace(" ", "_"), heading) for heading in COLUMNS]
    return [headings, list(COLUMNS.values())]


def record(got: returns.Read) -> dict[str, str]:
    """Give field -> text of the one record."""
    return dict(got.entries[["field", "raw"]].to_numpy().tolist())


def told(got: returns.Read, severity: str) -> list[tuple[str, str]]:
    """Give cell and message of each issue of one severity."""
    its = got.issues[got.issues["severity"].map(str) == severity]
    return [(cell, message) for cell, message in its[["cell", "message"]].to_numpy().tolist()]


def state(got: returns.Read) -> str:
    """Give the state of the one file."""
    (found,) = got.returns["state"]
    return str(found)


def conserved(got: returns.Read, grid: list[list[str]]) -> bool:
    """Say whether each cell that holds something stands once among the cells, with a reason where it is not used."""
    written = sorted(text for line in grid for text in line if text)
    reasons = got.cells.loc[got.cells["outcome"].map(str) != "used", "reason"]
    return sorted(got.cells["raw"]) == written and not got.cells.duplicated("cell").any() and bool((reasons != "").all())


# ---------------------------------------------------------------- moved


@pytest.mark.parametrize(
    "order", [[7, 6, 5, 4, 3, 2, 1, 0], [1, 0, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3, 5, 4, 6, 7]], ids=["turned round", "two exchanged", "actual before target"]
)
def test_columns_may_move(order: list[int], tmp_path: Path) -> None:
    """It reads each column by its heading, and tells the other order for the record only."""
    grid = [[line[place] for place in order] for line in table()]
    got = read(tmp_path, grid)
    assert (state(got), record(got), told(got, "fail"), told(got, "advisory")) == ("received", WHOLE, [], [])
    assert [cell for cell, _ in told(got, "info")] == ["1:1"]


def test_columns_in_their_order_are_not_told(tmp_path: Path) -> None:
    """It finds nothing to tell in a form as it should be."""
    got = read(tmp_path, table())
    assert (state(got), record(got), len(got.issues)) == ("received", WHOLE, 0)


# ---------------------------------------------------------------- renamed

RENAMED = {  # renamed headings -> what is told, by cell
    "Actal": ({"Actual": "Actal"}, {"F1": "'Actal' looks like 'Actual'"}),
    "Taget": ({"Target": "Taget"}, {"E1": "'Taget' looks like 'Target'"}),
    "Mesure": ({"Measure": "Mesure"}, {"C1": "'Mesure' looks like 'Measure'"}),
    "with its year": ({"Actual": "Actual 2016/17"}, {"F1": "'Actual 2016/17' looks like 'Actual'"}),
    "two at once": ({"Target": "Traget", "Actual": "Actal"}, {"E1": "'Traget' looks like 'Target'", "F1": "'Actal' looks like 'Actual'"}),
    "two in one column": ({"Actual": "Actual and RAG status", "RAG_status": ""}, {"F1": "'Actual and RAG status' looks like 'Actual' and 'RAG status' in one column"}),
    "target and actual in one": ({"Target": "Target / Actual", "Actual": ""}, {"E1": "'Target / Actual' looks like 'Target' and 'Actual' in one column"}),
    "one in two columns": ({"Actual": "Actual number", "RAG_status": "Actual rate"}, {"F1": "'Actual number' and 'Actual rate' look like 'Actual' in 2 columns"}),
}  # fmt: skip


@pytest.mark.parametrize(("renamed", "expected"), RENAMED.values(), ids=RENAMED)
def test_a_missing_heading_holds_the_return_with_what_may_stand_for_it(renamed: dict[str, str], expected: dict[str, str], tmp_path: Path) -> None:
    """It holds the return, points at the heading and says what it looks like; each cell is kept, and none is used."""
    grid = table(**renamed)
    got = read(tmp_path, grid)
    assert (state(got), len(got.entries), set(got.cells["outcome"].map(str))) == ("held", 0, {"quarantined"})
    found = told(got, "fail")
    assert {cell for cell, _ in found} == set(expected)
    for cell, words in expected.items():
        assert any(at == cell and words in message and "data/reference/headings.csv" in message for at, message in found)
    assert conserved(got, grid)


def test_nothing_is_proposed_where_nothing_is_like_it(tmp_path: Path) -> None:
    """It says only that the form needs the heading, and of the other that nobody knows it."""
    got = read(tmp_path, table(Actual="Zzz"))
    ((_, missing),) = told(got, "fail")
    assert "heading 'Actual' is missing" in missing
    assert "looks like" not in missing
    assert [(cell, "'Zzz' is not of the form 'performance'" in message) for cell, message in told(got, "advisory")] == [("F1", True)]


def test_what_is_proposed_is_not_told_a_second_time(tmp_path: Path) -> None:
    """It tells a heading that may stand for a missing one once."""
    got = read(tmp_path, table(Actual="Actal"))
    assert [message.count("Actal") for _, message in told(got, "fail")] == [1]
    assert told(got, "advisory") == []


def test_a_heading_that_is_not_needed_may_be_missing(tmp_path: Path) -> None:
    """It reads the rest where commentary has another name, and tells what it looks like."""
    got = read(tmp_path, table(Commentary="Comentary"))
    assert (state(got), record(got)) == ("received", {name: text for name, text in WHOLE.items() if name != "commentary"})
    ((cell, message),) = told(got, "advisory")
    assert (cell, "it looks like 'Commentary'" in message, "Its column is not used" in message) == ("H1", True, True)
    assert conserved(got, table(Commentary="Comentary"))


def test_a_heading_twice_holds_the_return(tmp_path: Path) -> None:
    """It cannot know which of two columns is this quarter's, and says where the second stands."""
    grid = [[*line, more] for line, more in zip(table(), ("Outturn", "79%"), strict=True)]
    got = read(tmp_path, grid)
    assert (state(got), len(got.entries)) == ("held", 0)
    assert [cell for cell, _ in told(got, "fail")] == ["I1"]
    assert conserved(got, grid)


# ---------------------------------------------------------------- inserted


@pytest.mark.parametrize("place", [0, 3, 8])
def test_an_inserted_column_is_passed_over(place: int, tmp_path: Path) -> None:
    """It reads the form round a column that is nobody's, ignores its cells with the reason, and tells its heading."""
    grid = [[*line[:place], more, *line[place:]] for line, more in zip(table(), ("Ward", "Greenhill"), strict=True)]
    got = read(tmp_path, grid)
    assert (state(got), record(got), told(got, "fail")) == ("received", WHOLE, [])
    ((_, message),) = told(got, "advisory")
    assert "heading 'Ward' is not of the form 'performance'" in message
    ignored = got.cells[got.cells["outcome"].map(str) == "ignored"]
    assert ignored[["raw", "reason"]].to_numpy().tolist() == [["Greenhill", "column 'Ward' is not of the form"]]
    assert conserved(got, grid)


def test_a_column_without_a_heading_is_accounted_for(tmp_path: Path) -> None:
    """It ignores what stands in a column that has no heading, with the reason."""
    grid = [["", *line] for line in table()]
    grid[1][0] = "Greenhill"
    got = read(tmp_path, grid)
    assert (state(got), record(got)) == ("received", WHOLE)
    assert got.cells.loc[got.cells["raw"] == "Greenhill", ["outcome", "reason"]].map(str).to_numpy().tolist() == [["ignored", "column without a heading"]]


# ---------------------------------------------------------------- over two rows


@pytest.mark.parametrize("merged", ["", "E1:F1"], ids=["plain", "merged"])
def test_headings_over_two_rows_are_read_and_told(merged: str, tmp_path: Path) -> None:
    """It reads target and actual under a heading over both, uses the cells of both rows, and advises one row."""
    upper = ["Theme", "No", "Measure", "Good", "Performance", "", "RAG status", "Commentary"]
    grid = [upper, ["", "", "", "", "Target", "Actual", "", ""], list(COLUMNS.values())]
    got = read(tmp_path, grid, merged=merged)
    assert (state(got), record(got), told(got, "fail")) == ("received", WHOLE, [])
    assert set(got.entries["row"]) == {3}
    ((_, message),) = told(got, "advisory")
    assert "rows 1 and 2" in message
    assert (set(got.cells["outcome"].map(str)), conserved(got, grid)) == ({"used"}, True)


def test_a_heading_in_two_halves_is_put_together(tmp_path: Path) -> None:
    """It reads "RAG" over "status" as one heading, and "Total grant" over "awarded"."""
    grid = [["", "Total grant", "Total spend", "Identified"], ["Project", "awarded", "to date", "underspend"], ["Bridge", "500", "300", "0"]]
    got = read(tmp_path, grid)
    assert (state(got), record(got)) == ("received", {"project": "Bridge", "award": "500", "total_to_date": "300", "identified_underspend": "0"})


@pytest.mark.parametrize("merged", ["", "E1:F1"], ids=["plain", "merged"])
def test_a_band_above_whole_headings_does_no_harm(merged: str, tmp_path: Path) -> None:
    """It reads headings that are whole by themselves, and passes over the quarter written above two of them."""
    grid = [["", "", "", "", "Q2 2016/17", "", "", ""], *table()]
    got = read(tmp_path, grid, merged=merged)
    assert (state(got), record(got), told(got, "fail")) == ("received", WHOLE, [])
    assert conserved(got, grid)


def test_a_first_row_of_figures_is_no_second_row_of_headings(tmp_path: Path) -> None:
    """It takes the row under whole headings for a record, though its text is that of a heading."""
    grid = [list(COLUMNS), ["Build", "5", "Target", "Higher", "80%", "81%", "LG", "Actual"]]
    got = read(tmp_path, grid)
    assert (state(got), record(got)["measure"], len(got.issues)) == ("received", "Target", 0)


# ---------------------------------------------------------------- accepted

ACCEPTED = {
    "as it stands": ("Result", "Result"),
    "in other letters": ("RESULT ", "result"),
    "with other signs": ("Result (%)", "Result %"),
}


@pytest.mark.parametrize(("typed", "listed"), ACCEPTED.values(), ids=ACCEPTED)
def test_an_accepted_heading_is_the_forms_own(typed: str, listed: str, tmp_path: Path) -> None:
    """It reads a column whose heading somebody has accepted, and tells nothing more."""
    got = read(tmp_path, table(Actual=typed), accepting(("performance", listed, "Actual")))
    assert (state(got), record(got), len(got.issues)) == ("received", WHOLE, 0)


def test_any_heading_of_the_form_may_be_named(tmp_path: Path) -> None:
    """It takes "Outturn", the form's other word, for the same column."""
    got = read(tmp_path, table(Actual="Result"), accepting(("performance", "Result", "Outturn")))
    assert record(got) == WHOLE


def test_it_is_accepted_for_its_form_alone(tmp_path: Path) -> None:
    """It holds a return of another form with that heading."""
    got = read(tmp_path, table(Actual="Result"), accepting(("reward targets", "Result", "Outturn")))
    assert state(got) == "held"


def test_an_accepted_heading_beside_the_own_stands_twice(tmp_path: Path) -> None:
    """It holds a return that has both, as nobody can say which column counts."""
    grid = [[*line, more] for line, more in zip(table(), ("Result", "79%"), strict=True)]
    assert (state(read(tmp_path, grid, accepting(("performance", "Result", "Actual"))))) == "held"


FAMILIES = {
    "a month": ("monthly", "Sept 09", "September 2009", [["Indicator", "Polarity", "Sept 09"], ["JSA", "Lower", "5"]], "month_2009_september"),
    "a month, in the words of the form": (
        "monthly", "Sept 09", "one column a month, such as September 2009", [["Indicator", "Polarity", "August 2009", "Sept 09"], ["JSA", "Lower", "4", "5"]], "month_2009_september",
    ),
    "a quarter's forecast": (
        "grant spend", "2nd fcst", "Quarter 2 forecast",
        [["Project", "Total grant awarded", "2nd fcst", "Total spend to date", "Identified underspend"], ["Bridge", "9", "5", "3", "0"]], "forecast_q2",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("form", "heading", "means", "grid", "field"), FAMILIES.values(), ids=FAMILIES)
def test_a_heading_of_a_family_can_be_accepted(form: str, heading: str, means: str, grid: list[list[str]], field: str, tmp_path: Path) -> None:
    """It reads a month or a quarter under an accepted heading; where it cannot tell which, it says so in place of reading it."""
    try:
        got = record(read(tmp_path, grid, accepting((form, heading, means))))
    except RegisterError:
        assert means.startswith("one column")  # which month is meant cannot be told from these words
    else:
        assert got.get(field) == "5"


def test_every_mistake_in_the_register_is_told_at_once() -> None:
    """It names each line with a form or a heading that there is not."""
    lines = accepting(("performance", "Result", "Actual"), ("perfomance", "Result", "Actual"), ("performance", "Result 2", "Actul"), ("", "Result 3", ""))
    with pytest.raises(RegisterError) as raised:
        returns.headings.accepted_headings(lines)
    assert [problem.partition(":")[0] for problem in raised.value.problems] == [f"headings.csv line {number}" for number in (3, 4, 5)]
    assert "'perfomance' is not a form" in raised.value.problems[0]
    assert "'Actul' is not a heading of the form 'performance'" in raised.value.problems[1]


def test_an_empty_register_accepts_nothing(tmp_path: Path) -> None:
    """It holds the return as it would without a register."""
    assert state(read(tmp_path, table(Actual="Result"), accepting())) == "held"


# ---------------------------------------------------------------- from the command

FILES = {
    "partnership.toml": 'name = "Tiny"\n',
    "themes.csv": "theme,code,order\nBuild,B,1\n",
    "policies.csv": "policy,version,from_quarter,polarity,order,band,test,factor\nfive-band,1,2009-10-Q1,higher,1,HG,otherwise,\n",
    "measures.csv": "measure_id,theme,number,measure,polarity,unit,kind,policy,equalities,kind_basis\nBuild 5,Build,5,Tenant satisfaction,higher,percent,not stated,five-band,no,\n",
    "audiences.csv": "audience,title,report,per_group,needs,sections\nboard,Board,Report,no,returns,quality\n",
}


def data(folder: Path, line: str) -> Path:
    """Write a data folder whose return says "Result", with one line in the register of headings."""
    for name, text in FILES.items() | {("headings.csv", f"form,heading,means,author,date,reason\n{line}\n")}:
        path = folder / "reference" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    path = folder / "raw" / QUARTER / "return.csv"
    path.parent.mkdir(parents=True)
    path.write_text("\n".join(map(",".join, table(Actual="Result"))), encoding="utf-8")
    return folder


def test_check_goes_by_the_register(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It uses the return whose heading is accepted, and ends with 0."""
    assert cli.main(["check", "--data", str(data(tmp_path, "performance,Result,Actual,A. Officer,2016-10-01,As printed"))]) == 0
    assert "16 used, 0 ignored, 0 quarantined" in capsys.readouterr().out


@pytest.mark.parametrize("line", ["performance,Result,Actual,,2016-10-01,As printed", "perfomance,Result,Actual,A. Officer,2016-10-01,As printed"])
def test_check_tells_a_mistake_in_the_register(line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 2 and names file and line, where nobody has signed or a form is misspelt."""
    assert cli.main(["check", "--data", str(data(tmp_path, line))]) == 2
    assert "headings.csv line 2" in capsys.readouterr().err


def test_run_tells_a_mistake_in_the_register_before_anything_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It names the line of the register, and starts no notebook."""
    line = "perfomance,Result,Actual,A. Officer,2016-10-01,As printed"
    assert cli.main(["run", QUARTER, "--data", str(data(tmp_path, line))]) == 2
    said = capsys.readouterr()
    assert "headings.csv line 2" in said.err
    assert "01_returns" not in said.out
