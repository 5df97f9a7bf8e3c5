"""Questions: why a measure has its band, where a figure came from, what a cell feeds, what changed; each answer is a frame that shows itself whole."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import Run
from reports_by_hand import BEFORE, NOW, award, figure, kept, registers_in

from analysis import cli, examination, frames, reference, returns, scoring, store
from analysis.errors import AskedWrongly
from analysis.questions import Answer, changed, feeds, reasons, trace, why

Row = dict[str, Any]


def observed(measure_id: str, target: str | None, actual: str | None, row: int, quarter: str = NOW, unit: str = "percent", **more: Any) -> Row:
    """Give a measure as it was read: target in column E and actual in column F of its row, typed as the unit has it."""
    sign = "%" if unit == "percent" else ""
    made: Row = {"quarter": quarter, "file": "council/scores.xlsx", "sheet": "Return", "row": row, "measure_id": measure_id, "policy": "five-band"}
    made |= {"measure": f"Measure {measure_id}", "polarity": "higher", "unit": unit, "kind": "rate", "period_covered": "July to September 2016"}
    for name, value, column in (("target", target, "E"), ("actual", actual, "F")):
        made |= figure(name, f"{value}{sign}" if value else "", value, f"{column}{row}", unit if value else "", reason="" if value else "not given")
        made |= {f"{name}_low": Decimal(value), f"{name}_high": Decimal(value), f"{name}_decimals": len(value.partition(".")[2])} if value else {}
    return made | {"arrears": 0, "tolerance": Decimal(0)} | more


ROWS = [
    observed("Build 63", "3", "2.86", 47, published_status="HR", published_status_cell="G47"),
    observed("Build 63", "3", "3.1", 47, BEFORE, published_status="LG", published_status_cell="G47"),
    observed("Protect 17", "44", "44", 17),
    observed("Business 1", "9.25", "7.08", 7, polarity="lower"),
    observed("Build 52", None, None, 38, published_status="No actual", published_status_cell="G38", arrears=1),
    observed("Build 5", "93", None, 5, actual_raw="n/a", actual_reason="not applicable, or no figure"),
    observed("Protect 9", None, "12", 9, unit="number", polarity="lower")
    | {"target_low": Decimal(10), "target_high": Decimal(15), "target_raw": "10-15", "target_unit": "number"},
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep the frames of a quarter of seven measures, scored, beside the real registers."""
    folder = registers_in(tmp_path_factory.mktemp("asked"))
    for quarter in (NOW, BEFORE):
        (folder / "raw" / quarter).mkdir(parents=True)
    registers = reference.load(folder)
    observations = frames.make(ROWS, frames.OBSERVATIONS)
    scores = scoring.fragility(scoring.score(observations, registers.policies), registers.policies, registers.revisions)
    cells = [
        {"file": "council/scores.xlsx", "sheet": "Return", "row": 47, "column": 6, "cell": "F47", "raw": "2.86%", "outcome": "used", "field": "actual"},
        {"file": "council/scores.xlsx", "sheet": "Return", "row": 1, "column": 1, "cell": "A1", "raw": "A title", "outcome": "ignored", "reason": "title"},
    ]
    rows = {
        "returns": [{"file": "council/scores.xlsx", "sha256": "ab12", "partner": "Harrow Council"}, {"file": "p/grant.csv", "sha256": "cd34"}],
        "cells": cells,
        "spend": [award("Alley Gating", "17000.00", "8000.00", "short", difference=Decimal(9000))],
    }
    nothing = {name: frames.make([], frames.CONTRACTS[name]) for name in examination.EXAMINED}
    store.write_all(nothing | kept(**rows) | {"scores": scores, "observations": observations}, folder, NOW)
    return folder


def said(answer: Answer) -> dict[str, str]:
    """Give what each step says."""
    return dict(zip(answer["step"], answer["says"], strict=True))


# ---------------------------------------------------------------- why


def test_a_band_is_explained_step_by_step(data: Path) -> None:
    """Source 002 prints 3% and 2.86% as High Red: by hand −0.14/3 is −4.7%, amber runs from 95% of 3, 2.85%, and low red begins a hundredth under it."""
    answer = why("Build 63", "Q2 2016/17", data)
    assert answer.about == "Build 63, Q2 2016/17: Amber"
    assert said(answer) == {
        "measure": "Measure Build 63 (Build 63); higher is better",
        "covers": "July to September 2016 (rate)",
        "target": "3%",
        "actual": "2.86%",
        "variance": "\u22124.7% of the target: (2.86% \u2212 3%) / 3%",
        "policy": "five-band version 1, higher is better: High Green from 3.15% up; Low Green from 3% up; Amber from 2.85% up; "
        "Low Red from 2.7% up; High Red otherwise",
        "band": "Amber: the first of these that holds for 2.86%",
        "nearest band": "Low Red, 0.01 points away",
        "published": "High Red: differs from what the figures give",
    }
    assert answer["from"].tolist()[2:4] == ["council/scores.xlsx, sheet Return, cell E47", "council/scores.xlsx, sheet Return, cell F47"]


def test_where_less_is_better_the_tests_look_the_other_way(data: Path) -> None:
    """Of a target of 9.25% high green ends at 95%, 8.7875%, and low red at 110%, 10.175%."""
    answer = why("business 1", NOW, data)
    assert said(answer)["policy"] == (
        "five-band version 1, lower is better: High Green up to 8.7875%; Low Green up to 9.25%; Amber up to 9.7125%; Low Red up to 10.175%; High Red otherwise"
    )
    assert answer.about.endswith("High Green")


def test_what_rounding_could_hide_is_said(data: Path) -> None:
    """44% held against 44% is at the edge: printed so, the figures may have been a little less."""
    found = said(why("Protect 17", NOW, data))
    assert found["rounding"] == "as printed it may stand for figures that are Low Green or Amber"
    assert found["nearest band"] == "Amber, at it; could cross by rounding"


@pytest.mark.parametrize(
    ("measure", "told"),
    [
        ("Build 52", {"target": "not known: not given", "actual": "not known: not given", "band": "none: target: not given", "published": "No actual"}),
        ("Build 5", {"target": "93%", "actual": "not known: not applicable, or no figure, typed 'n/a'", "band": "none: actual: not applicable, or no figure"}),
    ],
)
def test_what_is_not_known_is_said_with_its_reason(measure: str, told: dict[str, str], data: Path) -> None:
    """A measure without a target or an actual has no band, no variance and no test, and says why."""
    found = said(why(measure, NOW, data))
    assert {name: found[name] for name in told} == told
    assert not {"variance", "policy", "nearest band"} & set(found)


def test_a_figure_that_comes_late_says_so(data: Path) -> None:
    """A measure in arrears by a quarter says that its figure comes one quarter late."""
    assert said(why("Build 52", NOW, data))["covers"] == "July to September 2016 (rate); comes 1 quarter late"


def test_a_target_that_is_a_range_is_said_as_one(data: Path) -> None:
    """A target typed 10-15 is said with both ends, and where less is better its upper end is what counts."""
    found = said(why("Protect 9", NOW, data))
    assert found["target"] == "10 to 15, typed '10-15'"
    assert found["compared"] == "12 is held against 15"


def test_an_earlier_quarter_is_found_in_a_later_ones_frames(data: Path) -> None:
    """A quarter that was not run by itself, but read for the trends, is answered too."""
    assert why("Build 63", BEFORE, data).about == "Build 63, Q1 2016/17: Low Green"


def test_a_measure_is_found_by_the_beginning_of_its_title(data: Path) -> None:
    """One title begins so; where several do, their ids are offered."""
    assert why("measure protect 17", NOW, data).about.startswith("Protect 17")
    with pytest.raises(AskedWrongly) as raised:
        why("measure build", NOW, data)
    assert raised.value.problems == ["may be any of several measures"]
    assert raised.value.hint == "There are Build 63, Build 52, Build 5."


@pytest.mark.parametrize(
    ("measure", "quarter", "problem"),
    [
        ("Build 99", NOW, "is no measure of Q2 2016/17"),
        ("", NOW, "is no measure of Q2 2016/17"),
        ("Build 63", "2012-13-Q1", "has no measures that were scored"),
    ],
)
def test_what_is_not_there_is_answered_with_what_is(measure: str, quarter: str, problem: str, data: Path) -> None:
    """It names measures, or the quarters that have any."""
    with pytest.raises(AskedWrongly) as raised:
        why(measure, quarter, data)
    assert raised.value.problems == [problem]
    assert ("Build 63" in raised.value.hint) or (raised.value.hint == "There are Q2 2016/17 and Q1 2016/17.")


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("Build 63", "is a measure of the register, of which no row of Q2 2016/17 can be used; it was last reported in Q1 2016/17"),
        ("Build 999", "is a measure of the register, of which no row of Q2 2016/17 can be used"),
    ],
)
def test_a_measure_without_a_row_is_not_said_to_be_none(name: str, problem: str, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It knows a registered measure of which the quarter has no row, and says when it was last reported."""
    report = reasons.opened(NOW, data)
    scores = report.kept["scores"]
    left = scores[(scores["measure_id"] != "Build 63") | (scores["quarter"] != NOW)].reset_index(drop=True)
    register = report.registers.measures
    more = pd.concat([register, register.head(1).assign(measure_id="Build 999", measure="Made up")], ignore_index=True)
    other = replace(report, kept=report.kept | {"scores": left}, registers=replace(report.registers, measures=more))
    monkeypatch.setattr(reasons, "opened", lambda *_: other)
    with pytest.raises(AskedWrongly) as raised:
        why(name, NOW, data)
    assert raised.value.problems == [problem]


def test_a_data_folder_of_which_nothing_was_run_says_what_to_do(tmp_path: Path) -> None:
    """It asks for a run."""
    with pytest.raises(AskedWrongly, match="has not been run yet"):
        why("Build 63", NOW, registers_in(tmp_path))


def test_the_command_says_the_same(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`workbook why` prints the answer, one line a step."""
    assert cli.main(["why", "Build 63", NOW, "--data", str(data)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Build 63, Q2 2016/17: Amber"
    assert "  target        3%; council/scores.xlsx, sheet Return, cell E47" in lines


# ---------------------------------------------------------------- where from, and what it feeds


def test_a_figure_is_traced_to_its_cell(data: Path) -> None:
    """It gives the receipt of target and actual, with the file's fingerprint, and what is counted from them."""
    answer = trace("Build 63 actual", NOW, data)
    assert answer[["cell", "as_typed", "read_as", "sha256", "sent_by"]].to_numpy().tolist() == [["F47", "2.86%", "2.86%", "ab12", "Harrow Council"]]
    assert answer["counted_in"].tolist() == ["Measures that can be scored, 4; Amber measures, 1; Bands that differ from print, 1"]


def test_a_count_is_traced_to_every_figure_that_it_is_made_of(data: Path) -> None:
    """Of the four measures that are scored all but Build 63 met their target, so that the count has three receipts."""
    answer = trace("met", NOW, data)
    assert sorted(answer["what"]) == ["Business 1 actual", "Protect 17 actual", "Protect 9 actual"]
    assert answer.about.startswith("Measures that met their target: 3")


def test_a_cell_says_what_it_feeds(data: Path) -> None:
    """A cell that holds an actual feeds its measure, and the counts that this is in."""
    answer = feeds("scores.xlsx", "Return", "f47", NOW, data)
    assert answer[["figure_id", "part", "as_typed"]].to_numpy().tolist() == [[f"{NOW}.build-63", "actual", "2.86%"]]
    assert answer.about == f"{NOW}/council/scores.xlsx, sheet Return, cell F47, '2.86%'"


def test_a_cell_that_feeds_nothing_says_what_became_of_it(data: Path) -> None:
    """A title above the table feeds no figure, and says that it was ignored."""
    assert feeds("scores.xlsx", "", "A1", NOW, data)["what"].tolist() == ["no published figure (ignored: title)"]


RETURN = "Partner,The Council\nDate,{} October 2016\n\nTheme,No,Measure,Good,Target,Actual,RAG status\n{}"
OLDER = RETURN.format(10, "Build,1,Litter,Higher,80%,70%,HG\n,2,Parks,Higher,80%,71%,HG\n,3,Trees,Higher,80%,72%,HG\n")
NEWER = RETURN.format(14, "Build,2,Parks,Higher,80%,71%,HG\n,1,Litter,Higher,,75%,HG\n,3,Trees,Higher,80%,72%,\n")
HELD = "replaced by council-v2.csv"
OF_HELD = [
    {"file": "held.csv", "row": 9, "cell": f"{column}9", "raw": raw, "form": "performance", "field": field, "reason": HELD}
    for column, field, raw in (("A", "theme", "Build"), ("B", "number", "2"), ("F", "actual", "70%"))
]
NAMELESS = [
    {"file": file, "row": 4, "cell": "F4", "raw": "1%", "form": "performance", "field": "actual", "reason": reason}
    for file, reason in (("plain.csv", "replaced by plain-v2.csv"), ("plain-v2.csv", ""))
]
SHEETS = ({"sheet": "Return", "cell": "A1"}, {"sheet": "Return", "cell": "B2"}, {"sheet": "Scorecard", "cell": "A1"})


@pytest.fixture(scope="module")
def sent_again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep what reading gives of a return and of a newer one with its rows in another order, and some cells of a held one, of nameless rows and of two sheets."""
    folder = registers_in(tmp_path_factory.mktemp("again"))
    for name, text in (("council.csv", OLDER), ("council-v2.csv", NEWER)):
        (folder / "raw" / NOW).mkdir(parents=True, exist_ok=True)
        (folder / "raw" / NOW / name).write_text(text, encoding="utf-8")
    read = returns.read(folder, (NOW,))
    others = [{"quarter": NOW, "file": "p/scores.xlsx", "raw": "x", "outcome": "ignored"} | row for row in (*SHEETS, *OF_HELD, *NAMELESS)]
    nothing = {name: frames.make([], frames.CONTRACTS[name]) for name in (*examination.EXAMINED, "scores")}
    store.write_all(
        nothing | {"returns": read.returns, "cells": frames.stack([read.cells, frames.make(others, frames.CELLS)], frames.CELLS), "replaced": read.replaced},
        folder,
        NOW,
    )
    return folder


REPLACED = {  # cell of the older return -> what stands in its place, counted off in the two texts
    "another figure": ("F5", ", cell F6, which holds '75%'"),
    "the same figure": ("F6", ", cell F5, which holds '71%'"),
    "the same figure, its theme in a row above": ("F7", ", cell F7, which holds '72%'"),
    "nothing any more": ("E5", ", which has nothing in its place"),
    "nothing any more, in a row that differs nowhere else": ("G7", ", which has nothing in its place"),
}


@pytest.mark.parametrize(("cell", "instead"), REPLACED.values(), ids=REPLACED)
def test_a_cell_that_was_replaced_names_the_one_that_counts(cell: str, instead: str, sent_again: Path) -> None:
    """It names the newer file, its cell of the same measure, wherever its row stands, and what that holds."""
    assert feeds("council.csv", "", cell, NOW, sent_again)["what"].tolist() == [f"no published figure (ignored: replaced by council-v2.csv{instead})"]


def test_a_held_cell_names_the_one_that_came_instead(sent_again: Path) -> None:
    """It finds the measure's cell in the return that was sent instead of a held one."""
    assert feeds("held.csv", "", "F9", NOW, sent_again)["what"].tolist() == [f"no published figure (ignored: {HELD}, cell F5, which holds '71%')"]


def test_a_record_without_a_name_has_none_that_is_its_own(sent_again: Path) -> None:
    """It names the newer file, and takes no row of it for the one that stands in the place of a paragraph or a nameless row."""
    assert feeds("plain.csv", "", "F4", NOW, sent_again)["what"].tolist() == ["no published figure (ignored: replaced by plain-v2.csv)"]


SHEETS_ASKED = {  # file, sheet -> what is wrong, and what there is
    "misspelt": ("scores.xlsx", "scoercard", "has no sheet 'scoercard'", "Did you mean 'Scorecard'? Its sheets are Return, Scorecard."),
    "like none": ("scores.xlsx", "Grant", "has no sheet 'Grant'", "Its sheets are Return, Scorecard."),
    "of a file without": ("council.csv", "Return", "has no sheet 'Return': it is one table", "Leave the sheet out."),
    "rightly spelt": ("scores.xlsx", "Scorecard", "is no cell that was read, or holds nothing", "There are council-v2.csv, council.csv."),
}


@pytest.mark.parametrize(("file", "sheet", "problem", "hint"), SHEETS_ASKED.values(), ids=SHEETS_ASKED)
def test_a_sheet_that_is_not_there_is_answered_with_those_that_are(file: str, sheet: str, problem: str, hint: str, sent_again: Path) -> None:
    """It names the sheets of that file, the nearest first, and other files only where the sheet is there."""
    with pytest.raises(AskedWrongly) as raised:
        feeds(file, sheet, "Z9", NOW, sent_again)
    assert (raised.value.problems, raised.value.hint) == ([problem], hint)


def test_the_command_tells_of_cells_and_sheets_too(sent_again: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`workbook explain` says what stands in a cell's place, and which sheets there are."""
    assert cli.main(["explain", "council.csv:f5", NOW, "--data", str(sent_again)]) == 0
    said_of_it = "feeds no published figure (ignored: replaced by council-v2.csv, cell F6, which holds '75%')."
    assert capsys.readouterr().out == f"{NOW}/council.csv, cell F5 holds '70%' and {said_of_it}\n"
    assert cli.main(["explain", "scores.xlsx:Scorecad!A1", NOW, "--data", str(sent_again)]) == 2
    assert "Did you mean 'Scorecard'?" in capsys.readouterr().err


@pytest.mark.parametrize("asked", [lambda data: trace("nothing", NOW, data), lambda data: feeds("scores.xlsx", "Return", "Z99", NOW, data)])
def test_a_question_about_nothing_is_told(asked: Any, data: Path) -> None:
    """It names what there is to ask about."""
    with pytest.raises(AskedWrongly, match="There are|Headlines"):
        asked(data)


@pytest.mark.parametrize(
    ("asked", "nearest"), [("Build63", "Build 63"), ("Biuld 5", "Build 5"), ("Protekt 171", "Protect 17"), ("PROTECT  9 ", "Protect 9"), ("Protect 18", "")]
)
def test_a_misspelt_figure_is_offered_as_it_is_spelt(asked: str, nearest: str, data: Path) -> None:
    """It asks whether the nearest name is meant; Protect 18 of the register is no slip, though the quarter has no figure of it."""
    with pytest.raises(AskedWrongly) as raised:
        trace(asked, NOW, data)
    assert raised.value.hint.startswith(f"Did you mean {nearest!r}? Headlines: " if nearest else "Headlines: ")


@pytest.mark.parametrize(("asked", "nearest"), [("Build63", "Build 63"), ("Bild 5", "Build 5"), ("Protect 18", ""), ("Zebra", "")])
def test_a_misspelt_measure_is_answered_with_the_nearest(asked: str, nearest: str, data: Path) -> None:
    """It asks whether the measure that is spelt most like it is meant; it guesses none where none is near, or for one of the register that has no row."""
    with pytest.raises(AskedWrongly) as raised:
        why(asked, NOW, data)
    assert raised.value.hint.startswith(f"Did you mean {nearest!r}? There are " if nearest else "There are ")


# ---------------------------------------------------------------- what changed


def test_what_changed_since_a_quarter_comes_with_its_cause(data: Path) -> None:
    """Build 63 fell from Low Green to Amber, because its figure is another; bands come first."""
    answer = changed("Q1 2016/17", NOW, data)
    first = answer.iloc[0]
    assert (first["figure"], first["before"], first["after"]) == ("Build 63 band", "LG", "A")
    assert answer.about == f"Q2 2016/17 after Q1 2016/17: {len(answer)} steps"
    assert changed("", NOW, data).equals(answer)


def test_nothing_differs_from_what_was_just_published(published_grant: Run) -> None:
    """Of a quarter with grant, no figure, award or total is said to be another than in the folder that a run has published from the same returns."""
    answer = changed(published_grant.folder, published_grant.quarter, published_grant.data)
    assert (len(answer), answer.about.endswith("nothing differs")) == (0, True)


def test_nothing_before_gives_no_rows(data: Path) -> None:
    """A quarter of which nothing is known differs in nothing that can be said."""
    assert changed("Q1 2012/13", NOW, data).about.endswith("nothing differs")


# ---------------------------------------------------------------- how an answer shows itself


def test_an_answer_shows_itself_whole() -> None:
    """In a notebook it is a table with every word, escaped; in a terminal lines under what it is about."""
    answer = Answer([["band", "<b>" + "long " * 40]], ["step", "says"], about="Build 63", source="a.csv")
    assert "&lt;b&gt;" in answer._repr_html_()
    assert ("long " * 40).strip() in str(answer)
    assert "Source: a.csv." in answer._repr_html_()
    assert "<caption>Build 63</caption>" in answer._repr_html_()


def test_an_answer_is_a_frame() -> None:
    """What is taken out of it is a frame like any other, and its columns can be asked by name."""
    answer = Answer([["band", "Amber"], ["target", "3%"]], ["step", "says"], about="Build 63")
    assert isinstance(answer, pd.DataFrame)
    assert type(answer[answer["step"] == "band"]) is pd.DataFrame
    assert answer.set_index("step")["says"]["target"] == "3%"


def test_an_answer_without_rows_says_what_it_is_about() -> None:
    """It shows no empty table."""
    assert Answer([], ["step"], about="nothing differs")._repr_html_() == "<p>nothing differs</p>"
