"""A return sent again: the newer record counts, the older stays beside it, each cell that differs is listed, and nothing is lost."""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from datetime import date
from itertools import permutations
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import returns
from analysis.returns.resubmission import Sent, in_order, sent

QUARTER = "2016-17-Q2"
HEADINGS = "Theme,No,Measure,Good,Target,Actual,RAG status\n"
COUNCIL = "Partner,The Council\n"
SAME_EVERY_RUN = settings(derandomize=True, deadline=None, max_examples=40)


def row(number: int, actual: str, theme: str = "Build", target: str = "80%") -> str:
    """Give a line of the performance form."""
    return f"{theme},{number},Measure {number},Higher,{target},{actual},\n"


def dated(day: int, *rows: str, more: str = "") -> str:
    """Give a return of the Council that names a day of October 2016 above its table."""
    return f"{COUNCIL}Date,{day} October 2016\n{more}\n{HEADINGS}{''.join(rows)}"


def read(**files: str) -> returns.Read:
    """Read a quarter that holds these files, by path."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder) / "raw" / QUARTER / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return returns.read(Path(folder), (QUARTER,))


def actuals(got: returns.Read, frame: str = "entries") -> dict[tuple[str, str], str]:
    """Give (file, measure's number) -> actual as typed, of the entries that count, or of those withdrawn."""
    entries = getattr(got, frame)
    numbers = {(file, at): raw for file, at, raw in entries.loc[entries["field"] == "number", ["file", "row", "raw"]].to_numpy().tolist()}
    its = entries.loc[entries["field"] == "actual", ["file", "row", "raw"]].to_numpy().tolist()
    return {(file, numbers[file, at]): raw for file, at, raw in its}


def states(got: returns.Read) -> dict[str, tuple[str, str]]:
    """Give file -> its state and the reason for it."""
    return {file: (state, reason) for file, state, reason in got.returns[["file", "state", "reason"]].to_numpy().tolist()}


def cells(got: returns.Read, file: str) -> dict[str, tuple[str, str]]:
    """Give cell -> what became of it, and why, of a file of one sheet."""
    its = got.cells[got.cells["file"] == file]
    return {cell: (str(outcome), reason) for cell, outcome, reason in its[["cell", "outcome", "reason"]].to_numpy().tolist()}


def told(got: returns.Read, file: str) -> list[tuple[str, str, str]]:
    """Give severity, rule and message of each issue about a file."""
    its = got.issues[got.issues["file"] == file]
    return [(str(severity), rule, message) for severity, rule, message in its[["severity", "rule", "message"]].to_numpy().tolist()]


# ---------------------------------------------------------------- what a file says of itself

NAMES = {  # file -> whose it is, and its version
    "police.csv": ("police", 1),
    "police-v2.csv": ("police", 2),
    "police (2).csv": ("police", 3),
    "police_v3.xlsx": ("police", 3),
    "police v10.csv": ("police", 10),
    "police-V2.csv": ("police", 2),
    "police-version 4.csv": ("police", 4),
    "crime/police-v2.csv": ("crime/police", 2),
    "v2/police.csv": ("v2/police", 1),
    "police-v2-final.csv": ("police-v2-final", 1),
    "police-2016.csv": ("police-2016", 1),
    "nov5.csv": ("nov5", 1),
    "police-v2.v3.csv": ("police-v2.v3", 1),
}


@pytest.mark.parametrize(("file", "expected"), NAMES.items(), ids=NAMES)
def test_the_end_of_a_name_is_its_version(file: str, expected: tuple[str, int]) -> None:
    """It takes the number at the end of the name as the version, and the rest of the path as whose file it is."""
    one = sent(file, {}, QUARTER)
    assert (one.partner, one.version, one.dated, one.reason, one.author) == (*expected, None, "", "")


def test_a_header_says_whose_it_is_and_why_it_is_sent_again() -> None:
    """It goes by the partner named above the table, however it is written, and keeps date, reason and author."""
    header = {"partner": "The  COUNCIL.", "date": "14/10/2016", "reason": "Late forms", "prepared by": "A. Officer"}
    one = sent("anything (7).csv", header, QUARTER)
    assert (one.partner, one.dated, one.version, one.reason, one.author) == ("thecouncil", date(2016, 10, 14), 8, "Late forms", "A. Officer")


# ---------------------------------------------------------------- which is newer


def one(file: str, day: int | None = None, version: int = 1) -> Sent:
    """Give what a file of the Council says of itself, in its name and above its table."""
    header = {"partner": "The Council"} | ({} if day is None else {"date": f"{day} October 2016"})
    return sent(f"{file}-v{version}.csv", header, QUARTER)


def names(found: list[Sent] | None) -> list[str] | None:
    """Give the names of files in their order, without their versions."""
    return found if found is None else [file.file.partition("-v")[0] for file in found]


ORDERS = {
    "the later date": ([one("a", 14), one("b", 10)], ["b", "a"]),
    "the later date, whatever the versions": ([one("a", 14, 1), one("b", 10, 2)], ["b", "a"]),
    "one day, the higher version": ([one("a", 10, 2), one("b", 10, 1)], ["b", "a"]),
    "no dates, the higher version": ([one("a", version=10), one("b", version=2), one("c")], ["c", "b", "a"]),
    "one date only, the higher version": ([one("a", 1, 2), one("b")], ["b", "a"]),
    "no dates, one version": ([one("a"), one("b")], None),
    "one day, one version": ([one("a", 10), one("b", 10)], None),
    "one date only, one version": ([one("a", 10), one("b")], None),
    "one file": ([one("a")], ["a"]),
    "no file": ([], []),
}


@pytest.mark.parametrize(("files", "expected"), ORDERS.values(), ids=ORDERS)
def test_files_are_put_in_order(files: list[Sent], expected: list[str] | None) -> None:
    """It puts the oldest first, by date, else by version, in whatever order they come; none where neither decides."""
    for listed in permutations(files):
        assert names(in_order(listed)) == expected


FILES = st.builds(lambda day, version: (day, version), st.integers(1, 28), st.integers(1, 9))


@given(st.lists(FILES, min_size=1, max_size=6, unique=True), st.randoms(use_true_random=False), st.booleans())
@SAME_EVERY_RUN
def test_the_order_is_total(pairs: list[tuple[int, int]], random: object, with_dates: bool) -> None:
    """It gives every file once, the same whatever the order they come in, and any two of them in the order that they have among all."""
    files = [one(f"f{n}", day if with_dates else None, version) for n, (day, version) in enumerate(pairs)]
    if not with_dates:
        files = list({file.version: file for file in files}.values())
    found = in_order(files)
    assert found is not None
    assert Counter(file.file for file in found) == Counter(file.file for file in files)
    shuffled = list(files)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert in_order(shuffled) == found
    for place, older in enumerate(found):
        for newer in found[place + 1 :]:
            assert in_order([newer, older]) == [older, newer]


def test_a_file_without_a_date_does_not_turn_two_dates_round() -> None:
    """It never puts a file of 10 October after one of 20 October, whatever else was sent."""
    early, late, undated = one("early", 10, 3), one("late", 20, 1), one("undated", version=2)
    assert in_order([early, late]) == [early, late]
    found = in_order([early, late, undated])
    assert found is None or found.index(early) < found.index(late)


# ---------------------------------------------------------------- record by record


def test_the_newer_record_counts_and_the_older_is_kept() -> None:
    """It uses the later figure, withdraws the earlier, and lists where both stand with reason, date and author."""
    newer = dated(14, row(5, "81%"), more="Prepared by,A. Officer\nReason,Late forms counted\n")
    got = read(**{"a.csv": newer, "b.csv": dated(10, row(5, "73%"))})
    assert (actuals(got), actuals(got, "withdrawn")) == ({("a.csv", "5"): "81%"}, {("b.csv", "5"): "73%"})
    (told_of,) = got.replaced.to_dict("records")
    assert {name: told_of[name] for name in ("quarter", "partner", "form", "field", "was_raw", "now_raw", "reason", "dated", "author")} == {
        "quarter": QUARTER, "partner": "The Council", "form": "performance", "field": "actual", "was_raw": "73%", "now_raw": "81%",
        "reason": "Late forms counted", "dated": "2016-10-14", "author": "A. Officer",
    }  # fmt: skip
    assert [told_of[name] for name in ("was_file", "was_sheet", "was_cell", "file", "sheet", "cell")] == ["b.csv", "", "F5", "a.csv", "", "F7"]
    assert "Measure 5" in told_of["record"]


def test_without_a_reason_the_list_says_so() -> None:
    """It says that no reason is given, and leaves date and author empty."""
    got = read(**{"p.csv": HEADINGS + row(5, "73%"), "p-v2.csv": HEADINGS + row(5, "81%")})
    (told_of,) = got.replaced.to_dict("records")
    assert [told_of[name] for name in ("reason", "dated", "author")] == ["no reason given", "", ""]


def test_a_file_wholly_replaced_is_ignored_by_name() -> None:
    """It says of each cell of the older file, its heading too, that the newer replaced it, and of the file the same."""
    got = read(**{"p.csv": COUNCIL + HEADINGS + row(5, "73%"), "p-v2.csv": COUNCIL + HEADINGS + row(5, "81%") + row(6, "4%")})
    assert states(got) == {"p-v2.csv": ("received", ""), "p.csv": ("replaced", "replaced by p-v2.csv")}
    assert set(cells(got, "p.csv").values()) == {("ignored", "replaced by p-v2.csv")}
    assert {outcome for outcome, _ in cells(got, "p-v2.csv").values()} == {"used"}
    assert [severity for severity, *_ in told(got, "p.csv")] == ["info"]


def test_what_the_newer_does_not_have_stays_and_is_told() -> None:
    """It keeps the older file's other measure with its cells and the heading, and asks whether it was left out on purpose."""
    got = read(**{"p.csv": HEADINGS + row(5, "73%") + row(6, "40%"), "p-v2.csv": HEADINGS + row(5, "81%")})
    assert actuals(got) == {("p-v2.csv", "5"): "81%", ("p.csv", "6"): "40%"}
    assert states(got)["p.csv"] == ("received", "")
    outcome = cells(got, "p.csv")
    assert [outcome[f"{column}2"] for column in "ABCDEF"] == [("ignored", "replaced by p-v2.csv")] * 6
    assert {outcome[f"{column}{line}"][0] for column in "ABCDEF" for line in (1, 3)} == {"used"}
    severity, rule, message = told(got, "p.csv")[1]
    assert (severity, rule) == ("advisory", "a return sent again is whole")
    assert "p-v2.csv does not have Build 6" in message


def test_every_measure_left_out_is_counted() -> None:
    """It names five records that the newer file does not have, and says how many more there are."""
    older = HEADINGS + "".join(row(number, "50%") for number in range(1, 9))
    got = read(**{"p.csv": older, "p-v2.csv": HEADINGS + row(1, "51%")})
    message = told(got, "p.csv")[1][2]
    assert [f"Build {number}" in message for number in range(1, 9)] == [False, True, True, True, True, True, False, False]
    assert "and 2 more" in message


def test_a_third_return_counts_over_both() -> None:
    """It uses the newest of three, and lists how each older one differs from it."""
    got = read(**{"p.csv": HEADINGS + row(5, "73%"), "p-v2.csv": HEADINGS + row(5, "79%"), "p-v10.csv": HEADINGS + row(5, "81%")})
    assert actuals(got) == {("p-v10.csv", "5"): "81%"}
    rows = got.replaced[["was_raw", "now_raw", "was_file", "file"]].to_numpy().tolist()
    assert sorted(rows) == [["73%", "81%", "p.csv", "p-v10.csv"], ["79%", "81%", "p-v2.csv", "p-v10.csv"]]


def test_a_cell_names_the_file_that_replaced_it() -> None:
    """It names for each record the one file that has it newer, where two files replaced parts of an older one."""
    older = HEADINGS + row(1, "71%") + row(2, "72%") + row(3, "73%")
    got = read(**{"p.csv": older, "p-v2.csv": HEADINGS + row(1, "81%") + row(2, "82%"), "p-v3.csv": HEADINGS + row(1, "91%")})
    outcome = cells(got, "p.csv")
    assert [outcome[cell][1] for cell in ("F2", "F3", "F4")] == ["replaced by p-v3.csv", "replaced by p-v2.csv", ""]


def test_only_texts_that_differ_are_listed() -> None:
    """It lists a blank that is filled, a figure that is taken out and a changed target; not what is the same, nor spaces at the ends."""
    older = HEADINGS + "Build,1,One,Higher,80%,,LG\nBuild,2,Two,Higher,80%,70%,LR\nBuild,3,Three,Higher,80%,70%,LR\nBuild,4,Four,Higher,80%,70%,LR\n"
    newer = HEADINGS + "Build,1,One,Higher,80%,75%,LG\nBuild,2,Two,Higher,80%,,LR\nBuild,3,Three,Higher,79%,70%,LR\nBuild,4,Four,Higher,80%, 70% ,LR\n"
    got = read(**{"p.csv": older, "p-v2.csv": newer})
    rows = got.replaced[["field", "was_raw", "now_raw", "was_cell", "cell"]].to_numpy().tolist()
    assert rows == [["actual", "", "75%", "F2", "F2"], ["actual", "70%", "", "F3", "F3"], ["target", "80%", "79%", "E4", "E4"]]


def test_a_record_is_known_wherever_it_stands() -> None:
    """It knows a measure by theme and number, carried down or not, in any column and row."""
    older = HEADINGS + row(1, "71%") + row(2, "72%", theme="")
    newer = "RAG status,Actual,Target,Measure,No,Theme\n,92%,80%,Measure 2,2,BUILD\n"
    got = read(**{"p.csv": older, "p-v2.csv": newer})
    assert actuals(got) == {("p.csv", "1"): "71%", ("p-v2.csv", "2"): "92%"}


NOT_AGAIN = {
    "another partner": ("Partner,The Council\n" + HEADINGS + row(5, "73%"), "Partner,The Police\n" + HEADINGS + row(5, "81%")),
    "another theme": (COUNCIL + HEADINGS + row(5, "73%"), COUNCIL + HEADINGS + row(5, "81%", theme="Protect")),
    "another number": (COUNCIL + HEADINGS + row(5, "73%"), COUNCIL + HEADINGS + row(6, "81%")),
    "another form": (COUNCIL + HEADINGS + row(5, "73%"), COUNCIL + "Date,Action,Owner,Outcome\n1 May,Meet,Ann,Met\n"),
}


@pytest.mark.parametrize(("first", "second"), NOT_AGAIN.values(), ids=NOT_AGAIN)
def test_another_record_is_not_replaced(first: str, second: str) -> None:
    """It leaves both where they are not of one partner, form and name."""
    got = read(**{"p.csv": first, "p-v2.csv": second})
    assert (len(got.withdrawn), len(got.replaced), set(got.cells["outcome"].map(str))) == (0, 0, {"used"})
    assert {state for state, _ in states(got).values()} == {"received"}


def test_paragraphs_of_files_with_other_names_both_stay() -> None:
    """It takes no paragraph for a newer one of another: neither has a name, and the files have different ones."""
    risk, more = (f"{COUNCIL}Section,Group,Text\nrisk,Build,{text}\n" for text in ("A flood", "A strike"))
    got = read(**{"risks.csv": risk, "minutes-v2.csv": more})
    assert (len(got.withdrawn), {"A flood", "A strike"} <= set(got.entries["raw"])) == (0, True)


OTHER_FORMS = {
    "monthly": ("Indicator,Polarity,September 2016\n", "JSA claimants,Lower,{}\n"),
    "grant spend": ("Project,Total grant awarded,Total spend to date,Identified underspend\n", "Bridge,500,{},0\n"),
    "agreements": ("Project,Organisation,Progress,Report due\n", "Bridge,Trust,Signed {},May\n"),
    "outcome measures": ("Priority,Outcome measure,Baseline,Lead\n", "Safer,Burglary,{},Police\n"),
    "reward targets": ("Agreement,Target,Expected without stretch,Stretch target,Outturn\n", "LAA,Burglary,5,9,{}\n"),
    "reward facts": ("Agreement,Fact,Value\n", "LAA,Potential,{}\n"),
}


@pytest.mark.parametrize(("headings", "record"), OTHER_FORMS.values(), ids=OTHER_FORMS)
def test_records_of_every_form_with_names_are_replaced(headings: str, record: str) -> None:
    """It lets the newer record count, and lists the one cell that differs."""
    got = read(**{"p.csv": headings + record.format(7), "p-v2.csv": headings + record.format(8)})
    (differs,) = got.replaced[["was_raw", "now_raw"]].to_numpy().tolist()
    assert [text.replace("Signed ", "") for text in differs] == ["7", "8"]
    assert states(got)["p.csv"][0] == "replaced"
    assert set(got.entries["file"]) == {"p-v2.csv"}


def test_where_nothing_says_which_is_newer_both_stay() -> None:
    """It decides nothing between two files of one partner without dates and versions: cleansing quarantines both."""
    got = read(**{"a.csv": COUNCIL + HEADINGS + row(5, "73%"), "b.csv": COUNCIL + HEADINGS + row(5, "81%")})
    assert actuals(got) == {("a.csv", "5"): "73%", ("b.csv", "5"): "81%"}
    assert (len(got.withdrawn), len(got.replaced)) == (0, 0)


def test_a_record_twice_in_the_newer_file_replaces_nothing() -> None:
    """It decides nothing where the newer file itself has two rows for one measure."""
    got = read(**{"p.csv": HEADINGS + row(5, "73%"), "p-v2.csv": HEADINGS + row(5, "81%") + row(5, "82%")})
    assert len(got.withdrawn) == 0
    assert len(got.entries[got.entries["field"] == "actual"]) == 3


def test_the_newest_counts_though_two_older_ones_tie() -> None:
    """It uses the file with the later date, whichever of the two before it came first."""
    got = read(**{"a.csv": dated(1, row(5, "71%")), "b.csv": dated(1, row(5, "72%")), "c.csv": dated(5, row(5, "73%"))})
    assert actuals(got) == {("c.csv", "5"): "73%"}


@pytest.mark.parametrize("sheets", ["narrative", "actions"])
def test_what_stands_under_another_heading_stays(sheets: str) -> None:
    """It keeps the paragraphs or actions of an older file whose measures a newer one has again, as it has no newer ones."""
    more = {"narrative": "Section,Group or theme,Text\nrisk,Build,A flood\n", "actions": "Date,Action,Owner,Outcome\n1 May,Meet,Ann,Met\n"}[sheets]
    got = read(**{"p.csv": HEADINGS + row(5, "73%") + "\n" + more, "p-v2.csv": HEADINGS + row(5, "81%")})
    assert {"A flood", "Meet"} & set(got.entries["raw"])


# ---------------------------------------------------------------- the same file, and files that are held


def test_the_same_file_twice_is_read_once() -> None:
    """It ignores the copy by the name of the other, and replaces nothing."""
    got = read(**{"p.csv": HEADINGS + row(5, "73%"), "p-v2.csv": HEADINGS + row(5, "73%")})
    assert sorted(state for state, _ in states(got).values()) == ["duplicate", "received"]
    assert (len(got.entries[got.entries["field"] == "actual"]), len(got.withdrawn), len(got.replaced)) == (1, 0, 0)


@pytest.mark.parametrize(
    "version", ["-v3", pytest.param("_v3", marks=pytest.mark.xfail(strict=True, reason="which of two same files is read goes by their names' order"))]
)
def test_a_figure_that_is_put_back_counts(version: str) -> None:
    """It uses the third version, which says again what the first did, byte for byte, not the second."""
    files = {"p.csv": HEADINGS + row(5, "73%"), "p-v2.csv": HEADINGS + row(5, "81%"), f"p{version}.csv": HEADINGS + row(5, "73%")}
    assert set(actuals(read(**files)).values()) == {"73%"}


def test_a_newer_file_that_cannot_be_read_replaces_nothing() -> None:
    """It holds a file that names another quarter, and lets the older one stand."""
    got = read(**{"p.csv": HEADINGS + row(5, "73%"), "p-v2.csv": "Quarter,Q1 2016/17\n" + HEADINGS + row(5, "81%")})
    assert (states(got)["p-v2.csv"][0], states(got)["p.csv"][0], actuals(got)) == ("held", "received", {("p.csv", "5"): "73%"})


WRONG_QUARTER = "Quarter,Q1 2016/17\n"
MENDED = {  # what the mended return is named and says, and what the held one says -> what the held one is then
    "the next version": ({"council.csv": dated(10, row(1, "70%"), more=WRONG_QUARTER), "council-v2.csv": dated(10, row(1, "71%"))}, "replaced"),
    "a later day": ({"council.csv": dated(10, row(1, "70%"), more=WRONG_QUARTER), "council-v2.csv": dated(14, row(1, "71%"))}, "replaced"),
    "an earlier day": ({"council.csv": dated(14, row(1, "70%"), more=WRONG_QUARTER), "council-v2.csv": dated(10, row(1, "71%"))}, "held"),
    "a version that is older": ({"council-v2.csv": dated(10, row(1, "70%"), more=WRONG_QUARTER), "council.csv": dated(10, row(1, "71%"))}, "held"),
    "another name": ({"council.csv": dated(10, row(1, "70%"), more=WRONG_QUARTER), "parks.csv": dated(14, row(1, "71%"))}, "held"),
    "a measure fewer": ({"council.csv": dated(10, row(1, "70%"), row(2, "5%"), more=WRONG_QUARTER), "council-v2.csv": dated(14, row(1, "71%"))}, "held"),
    "a measure more": ({"council.csv": dated(10, row(1, "70%"), more=WRONG_QUARTER), "council-v2.csv": dated(14, row(1, "71%"), row(2, "5%"))}, "replaced"),
    "another form": (
        {
            "council.csv": dated(10, more=WRONG_QUARTER),
            "council-v2.csv": "Partner,The Council\nDate,14 October 2016\n\nProject,Organisation,Progress,Report due\nHub,Trust,Signed,January\n",
        },
        "held",
    ),
    "held as well": ({"council.csv": dated(10, row(1, "70%"), more=WRONG_QUARTER), "council-v2.csv": dated(14, row(1, "71%"), more=WRONG_QUARTER)}, "held"),
    "nothing could be read": ({"council.csv": "", "council-v2.csv": dated(14, row(1, "71%"))}, "replaced"),
}


@pytest.mark.parametrize(("files", "state"), MENDED.values(), ids=MENDED)
def test_a_held_return_is_replaced_by_the_one_that_mends_it(files: dict[str, str], state: str) -> None:
    """It lets a newer return of the same name stand for a held one, where it has every record of it; else the held one waits."""
    held = next(iter(files))
    got = read(**files)
    assert states(got)[held][0] == state
    fails = [severity for severity, _, _ in told(got, held) if severity == "fail"]
    assert fails == ([] if state == "replaced" else ["fail"])


def test_a_replaced_held_return_keeps_what_was_wrong_for_the_record() -> None:
    """It says why the return was held and what came instead; its cells are ignored by name, and every figure is the newer one's."""
    got = read(**{"council.csv": dated(10, row(1, "70%"), more=WRONG_QUARTER), "council-v2.csv": dated(14, row(1, "71%"))})
    reason = "held (names Q1 2016/17), and replaced by council-v2.csv"
    assert states(got) == {"council.csv": ("replaced", reason), "council-v2.csv": ("received", "")}
    assert set(cells(got, "council.csv").values()) == {("ignored", "replaced by council-v2.csv")}
    ((severity, rule, message),) = told(got, "council.csv")
    assert (severity, rule) == ("advisory", "quarter named is the folder's")
    assert message.endswith("Move the file, or correct its heading. For the record: council-v2.csv was sent later, and counts.")
    assert actuals(got) == {("council-v2.csv", "1"): "71%"}


@pytest.mark.parametrize(("numbers", "severity"), [((1, 2), "info"), ((1,), "advisory")], ids=["wholly", "in part"])
def test_of_a_return_wholly_replaced_nothing_is_asked_any_more(numbers: tuple[int, ...], severity: str, tmp_path: Path) -> None:
    """It keeps for the record what was odd about a return of which nothing counts any more, and goes on asking where something does."""
    book = openpyxl.Workbook()
    for line in csv.reader(io.StringIO(dated(10, row(1, "70%"), row(2, "5%")))):
        book.active.append(line)
    book.create_sheet("Scribbles").append(["What", "is", "this"])
    (folder := tmp_path / "raw" / QUARTER).mkdir(parents=True)
    book.save(folder / "council.xlsx")
    (folder / "council-v2.csv").write_text(dated(14, *(row(number, "71%") for number in numbers)), encoding="utf-8")
    got = returns.read(tmp_path, (QUARTER,))
    assert [found for found, rule, _ in told(got, "council.xlsx") if rule == "form is known"] == [severity]


def test_another_quarters_return_is_not_a_newer_one(tmp_path: Path) -> None:
    """It compares files within one quarter only."""
    for quarter, day, actual in ((QUARTER, 10, "73%"), ("2016-17-Q1", 14, "81%")):
        path = tmp_path / "raw" / quarter / "p.csv"
        path.parent.mkdir(parents=True)
        path.write_text(dated(day, row(5, actual)), encoding="utf-8")
    got = returns.read(tmp_path, (QUARTER, "2016-17-Q1"))
    assert (len(got.withdrawn), len(got.entries[got.entries["field"] == "actual"])) == (0, 2)


# ---------------------------------------------------------------- nothing is lost

RETURN = st.dictionaries(st.integers(1, 4), st.sampled_from(["70%", "80%", "", "TBC"]), min_size=1, max_size=4)
RETURNS = st.lists(st.tuples(st.integers(1, 9), RETURN), min_size=1, max_size=4)


def as_files(made: list[tuple[int, dict[int, str]]], called: list[str]) -> dict[str, str]:
    """Give file -> text of the Council's returns, each of a day; one empty line more for each makes all of them different files."""
    return {
        name: dated(day, *(row(number, actual) for number, actual in its.items())) + "\n" * n
        for n, (name, (day, its)) in enumerate(zip(called, made, strict=True))
    }


def entries_of(frame: object) -> Counter[tuple[str, int, str, str]]:
    """Give every entry as file, row, field and text."""
    return Counter(map(tuple, frame[["file", "row", "field", "raw"]].to_numpy().tolist()))  # type: ignore[index]


@given(RETURNS)
@SAME_EVERY_RUN
def test_a_return_sent_again_conserves_every_cell(made: list[tuple[int, dict[int, str]]]) -> None:
    """It keeps each cell once, and each entry either counts or is withdrawn; where no two are of one day, the newest has each record."""
    called = [f"{letter}.csv" for letter in "dbca"[: len(made)]]
    files = as_files(made, called)
    got = read(**files)
    written = {name: sum(bool(cell.strip()) for line in text.splitlines() for cell in line.split(",")) for name, text in files.items()}
    assert got.cells["file"].value_counts().to_dict() == written
    assert not got.cells.duplicated(["file", "sheet", "cell"]).any()
    assert set(got.cells["outcome"].map(str)) <= {"used", "ignored", "quarantined"}
    fields = ("theme", "number", "measure", "polarity", "target", "actual")
    lines = ((name, n, line.split(",")) for name, text in files.items() for n, line in enumerate(text.splitlines(), start=1) if line.startswith("Build,"))
    typed = Counter((name, n, field, cell) for name, n, line in lines for field, cell in zip(fields, line, strict=False))
    assert entries_of(got.entries) + entries_of(got.withdrawn) == typed
    if len({day for day, _ in made}) == len(made):
        holding = {number: max((day, name) for name, (day, its) in zip(called, made, strict=True) if number in its)[1] for _, its in made for number in its}
        assert actuals(got) == {(name, str(number)): dict(zip(called, made, strict=True))[name][1][number] for number, name in holding.items()}
    gone = got.cells[got.cells["reason"].str.startswith("replaced by ")]
    assert set(gone["outcome"].map(str)) <= {"ignored"}
    used = {(row["file"], row["cell"]) for row in got.entries.to_dict("records")}
    assert not used & set(map(tuple, gone[["file", "cell"]].to_numpy().tolist()))


@given(st.lists(RETURN, min_size=2, max_size=3), st.permutations(["a.csv", "z/m (9).csv", "k-v2.csv"]))
@SAME_EVERY_RUN
def test_names_and_their_order_do_not_matter_where_dates_decide(made: list[dict[int, str]], others: list[str]) -> None:
    """It says the same of every measure whatever the files are called, where each names another day."""
    of_days = list(zip((10, 4, 17), made, strict=False))
    usual, other = (read(**as_files(of_days, list(called)[: len(made)])) for called in (("a.csv", "b.csv", "c.csv"), others))
    assert {number: raw for (_, number), raw in actuals(usual).items()} == {number: raw for (_, number), raw in actuals(other).items()}
    differ = ["field", "was_raw", "now_raw", "was_cell", "cell"]
    assert sorted(usual.replaced[differ].to_numpy().tolist()) == sorted(other.replaced[differ].to_numpy().tolist())
    assert usual.cells["outcome"].map(str).value_counts().to_dict() == other.cells["outcome"].map(str).value_counts().to_dict()


def test_a_number_keeps_its_point() -> None:
    """It does not take measure 1.1 for measure 11 sent again."""
    from analysis.returns.resubmission import _key

    keys = {number: _key("performance", {"theme": {"raw": "Build"}, "number": {"raw": number}}) for number in ("11", "1.1", " 1.1 ")}
    assert (keys["11"] == keys["1.1"], keys["1.1"] == keys[" 1.1 "]) == (False, True)
