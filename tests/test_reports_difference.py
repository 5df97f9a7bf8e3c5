"""What changed, on pages: since the quarter before with late grant as it is shown, and since the last run without what is held back."""

from __future__ import annotations

import json
from pathlib import Path

from published_by_hand import measure, publish
from reports_by_hand import BEFORE, NOW, award, of_sections, page, read, real, report, score, words

from analysis import frames
from analysis.reports import difference, open_report
from analysis.reports.publication import NOT_COMPARED

REAL = Path(__file__).resolve().parents[1] / "data"


def test_grant_that_is_reported_late_is_not_withdrawn() -> None:
    """It compares the grant return that each of two reports shows: round 1 of Q1 2011/12 in both, which differs in nothing."""
    made = open_report("2011-12-Q2", REAL, real("2011-12-Q2"))
    assert len(made.latest("spend")) == 28
    found = difference.since_before(made)
    assert "withdrawn" not in set(found["cause"])
    assert found[found["what"] == "awards"].empty


def test_an_award_sent_again_in_the_next_quarter_is_a_new_period() -> None:
    """It takes spend of 40.00 to 65.00 between the returns of two quarters as the new period."""
    rows = [
        award("Arts Centre (Capital)", "100.00", spent, "cannot be checked", row=4, quarter=quarter) for quarter, spent in ((BEFORE, "40.00"), (NOW, "65.00"))
    ]
    found = difference.since_before(report("board", spend=rows))
    told = {(row["part"], row["cause"], str(row["effect"])) for row in frames.rows(found) if row["part"] == "total_to_date"}
    assert told == {("total_to_date", "new period", "25.00")}


def test_the_section_counts_figures_and_steps_and_says_that_all_is_explained() -> None:
    """It says how many figures differ by which causes, and shows each band that moved once."""
    rows = [score("Build 5", "HG", "84", row=2), score("Build 5", "HR", "48", row=2, quarter=BEFORE)]
    html = page(of_sections(report(scores=rows), "since"))
    assert "High Red" in words(html)
    assert "explained." in words(html)


def test_what_a_cause_adds_is_in_the_figures_own_unit() -> None:
    """It adds £1,025.00 to known spend, with its pound sign and commas, and takes one measure from those that met."""
    rows = [award("Arts Centre", "5000.00", spent, "short", row=4, quarter=quarter) for quarter, spent in ((BEFORE, "40.00"), (NOW, "1065.00"))]
    bands = [score("Build 5", "HR", "48", row=2), score("Build 5", "HG", "84", row=2, quarter=BEFORE)]
    (table, *_) = read(difference.since(report("data-quality", spend=rows, scores=bands))).find_all("table")
    adds = {cells[0]: cells[3] for cells in ([words(cell) for cell in line.find_all(["th", "td"])] for line in table.tbody.find_all("tr"))}
    assert (adds["Known spend"], adds["Measures met"], adds["Measures red"]) == ("+£1,025.00", "\u22121", "+1")


def test_the_first_quarter_has_nothing_to_differ_from() -> None:
    """It shows no section where the quarter before has no figures."""
    assert difference.since(report(scores=[score("Build 5", "HG", "84", row=2)])) == ""


def test_a_first_run_differs_from_nothing(tmp_path: Path) -> None:
    """It says nothing of a last run that was not there, and has a file with headings alone."""
    told, said = difference.since_last_run(publish(tmp_path / "new", scorecard=[measure("100", "97", "-3.00", "A")]), tmp_path / "none")
    assert said == []
    assert told.count("\n") == 1


def test_a_run_that_changes_nothing_repeats_what_the_last_said(tmp_path: Path) -> None:
    """It carries file and sentences over, so that the same returns give the same bytes; but not that the run before could not be compared."""
    rows = [measure("100", "97", "-3.00", "A")]
    new, last = (publish(tmp_path / name, scorecard=rows) for name in ("new", "last"))
    (last / "data" / difference.SINCE_LAST_RUN).write_text("as it was\n", encoding="utf-8")
    manifest = json.loads((last / "manifest.json").read_text(encoding="utf-8"))
    manifest["since_last_run"] = ["Build 5: 84 instead of 48.", f"{NOT_COMPARED}: something."]
    (last / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert difference.since_last_run(new, last) == ("as it was\n", ["Build 5: 84 instead of 48."])


def test_what_a_run_changed_is_said_and_kept(tmp_path: Path) -> None:
    """It names the figure with what it was and is, and writes each step."""
    new = publish(tmp_path / "new", scorecard=[measure("100", "97", "-3.00", "A")])
    last = publish(tmp_path / "last", scorecard=[measure("100", "102", "2.00", "LG")])
    told, said = difference.since_last_run(new, last)
    assert any("102 became 97" in sentence for sentence in said)
    assert "Build 5 actual" in told


def test_a_number_that_is_held_back_now_is_not_told_by_what_changed(tmp_path: Path) -> None:
    """It tells neither the small number that was published before, nor its band, where the new run holds it back."""
    hidden = measure("100", "[c]", "", "") | {"reason": "suppressed"}
    new = publish(tmp_path / "new", scorecard=[hidden])
    last = publish(tmp_path / "last", scorecard=[measure("100", "3", "-97.00", "HR")])
    told, said = difference.since_last_run(new, last)
    assert said == [difference.HELD_BACK]
    assert told.count("\n") == 1


def test_a_last_run_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """It says what is wrong with the last folder, and publishes all the same."""
    new = publish(tmp_path / "new", scorecard=[measure("100", "97", "-3.00", "A")])
    last = publish(tmp_path / "last", scorecard=[measure("100", "97", "-3.00", "A")])
    (last / "data" / "receipts.csv").unlink()
    _, said = difference.since_last_run(new, last)
    assert len(said) == 1
    assert said[0].startswith(NOT_COMPARED)
    assert "receipts.csv is missing" in said[0]
