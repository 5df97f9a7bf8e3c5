"""What a report says of its own data: sections by hand, slips for partners, and one published quarter with all that must not be told."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup, Tag
from conftest import Run, publish
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import disclosure, frames, quality, reference, reports
from analysis.reports import index_page, slips
from analysis.reports.trust import TELLING

REAL = Path(__file__).resolve().parents[1] / "data"
QUARTER, BEFORE, LABEL = "2016-17-Q2", "2016-17-Q1", "Q2 2016/17"
SCRIPT = "<script>alert(1)</script>"
Row = dict[str, Any]
SAME_EVERY_RUN = settings(derandomize=True, deadline=None, max_examples=40)


@cache
def registers() -> reference.Registers:
    """Give the registers of the real partnership."""
    return reference.load(REAL)


def made(audience: str = "data-quality", **rows: list[Row]) -> reports.Report:
    """Give the report of a quarter that has only these rows."""
    (who,) = (found for found in reports.audiences(registers()) if found.name == audience)
    kept = {name: frames.make([{"quarter": QUARTER} | row for row in its], frames.CONTRACTS[name]) for name, its in rows.items()}
    return reports.Report(QUARTER, registers(), kept, who)


def shown(name: str, report: reports.Report) -> Tag:
    """Give a section as a browser reads it."""
    return BeautifulSoup(str(reports.show(name, report)), "html.parser")


def lead(page: Tag) -> str:
    """Give the sentence that opens a section."""
    return page.find("p", class_="lead").get_text()


def lines(page: Tag, caption: str = "") -> list[list[str]]:
    """Give the cells of each line of the table of this caption, or of the first."""
    table = next(found for found in page.find_all("table") if caption in found.caption.get_text())
    return [[" ".join(cell.get_text(" ").split()) for cell in line.find_all(["th", "td"])] for line in table.tbody.find_all("tr")]


def file(name: str, state: str = "received", used: int = 0, ignored: int = 0, quarantined: int = 0, **more: str) -> Row:
    """Give a return with what became of its cells."""
    counts = {"used": used, "ignored": ignored, "quarantined": quarantined, "cells": used + ignored + quarantined}
    return {"file": name, "state": state, "partner": "The Council", "forms": "performance", "sha256": "0"} | counts | more


def issue(name: str, severity: str, stage: str = "cell", rule: str = "a rule", **more: str) -> Row:
    """Give an issue about a file."""
    return {"file": name, "severity": severity, "stage": stage, "rule": rule, "message": f"{rule} of {name}"} | more


def grade(name: str, its: str, **more: str) -> Row:
    """Give a figure's grade; the four dimensions are good unless said otherwise."""
    about = dict.fromkeys(("completeness", "accuracy", "validity", "timeliness"), "good") | {"what": "measure", "partner": "The Council", "why": ""}
    return about | {"figure_id": f"{QUARTER}.{name}", "subject": name, "grade": its} | more


def owed(partner: str, state: str, **more: object) -> Row:
    """Give a return that is owed."""
    return {"partner": partner, "form": "performance", "state": state, "days_late": None} | more


# ---------------------------------------------------------------- quality

MISSING = [{"what": "data", "name": "Fires", "state": "asked for"}, {"what": "data", "name": "Floods", "state": "asked for"}]


def test_the_overview_counts_what_is_known() -> None:
    """It says how many figures are good, which returns are held and came, what is missing and what became of the cells."""
    graded = [grade("m1", "good"), grade("m2", "good"), grade("m3", "fair"), grade("m4", "poor"), grade("m5", "not known")]
    files = [file("a.csv", used=1000, ignored=20), file("b.csv", "held", quarantined=34)]
    asked = [owed("A", "accepted"), owed("B", "held"), owed("C", "received"), owed("D", "late", days_late=3), owed("E", "due")]
    page = shown("quality", made(returns=files, grades=graded, owed=asked, missing=MISSING))
    said = lead(page)
    assert said.startswith("2 of 5 figures are good, 1 fair and 1 poor; 1 is not due, or says why there is none. ")
    assert "One return is held. Three of five returns owed have come. Two things asked for are not there." in said
    tiles = [" ".join(tile.get_text(" ").split()) for tile in page.find_all("div", class_="tile")]
    assert tiles[0] == "Good figures 2 of 5 1 fair, 1 poor"
    assert tiles[1] == "Returns owed that came 3 of 5 1 late, 1 due"
    assert tiles[2] == "Cells accounted for 1,054 1,000 used, 20 ignored, 34 quarantined"
    assert tiles[3].startswith("Due and not there 2")


def test_the_overview_of_a_good_quarter_says_so() -> None:
    """It says that nothing is held or missing, and that no check found anything."""
    page = shown("quality", made(returns=[file("a.csv", used=5)], grades=[grade("m1", "good")], owed=[owed("A", "accepted")]))
    assert lead(page) == "1 of 1 figure is good, 0 fair and 0 poor. No return is held. One of one return owed has come. Nothing that is due is missing."
    assert "No check found anything odd" in page.get_text()


def test_without_a_register_nobody_is_owed() -> None:
    """It says that nobody has written what is owed, in place of a share of none."""
    page = shown("quality", made(returns=[file("a.csv", used=5)]))
    assert "nobody has written what is owed" in page.get_text()
    assert "owed have come" not in page.get_text()


def test_the_most_telling_findings_are_failures_first_each_rule_in_turn() -> None:
    """It shows ten: what holds something, then one of each rule, between quarters before cells, and only then more of a rule with many."""
    many = [issue("a.csv", "advisory", "between quarters", "a jump", cell=f"A{n}") for n in range(10, 30)]
    others = [issue("b.csv", "advisory", "cell", "spelling"), issue("c.csv", "fail", "cell", "unreadable"), issue("d.csv", "info", "file", "for the record")]
    rows = lines(shown("quality", made(returns=[file("a.csv")], issues=many + others)), "most telling")
    assert [row[0] for row in rows] == ["Unreadable of c.csv", "A jump of a.csv", "Spelling of b.csv", *["A jump of a.csv"] * (TELLING - 3)]
    assert (rows[0][2], rows[1][2:]) == ("fail", ["advisory", "A jump 20 in all"])


def test_notes_for_the_record_are_told_where_there_is_nothing_else() -> None:
    """It shows what is for the record only where nothing weighs more."""
    rows = lines(shown("quality", made(returns=[file("a.csv")], issues=[issue("a.csv", "info")])), "most telling")
    assert [row[2] for row in rows] == ["info"]


# ---------------------------------------------------------------- stages


def test_each_return_is_told_stage_by_stage() -> None:
    """It passes with notes only, advises, fails; a file that cannot be opened does not reach what comes after."""
    files = [file("a.csv"), file("b.csv"), file("c.csv", "held in part"), file("d.xlsx", "held", forms="")]
    found = [
        issue("a.csv", "info", "between returns"), issue("b.csv", "advisory", "row"), issue("b.csv", "advisory", "row"), issue("b.csv", "info", "cell"),
        issue("c.csv", "fail", "cell"), issue("c.csv", "advisory", "cell"), issue("d.xlsx", "fail", "file"),
    ]  # fmt: skip
    page = shown("stages", made(returns=files, issues=found))
    ok = "pass"
    assert [row[1:] for row in lines(page)] == [
        ["PASS", ok, ok, ok, ok, ok, ok],
        ["ADVISORY", ok, ok, ok, "advisory (2)", ok, ok],
        ["FAIL", ok, ok, "fail (1), advisory (1)", ok, ok, ok],
        ["FAIL", "fail (1)", *["not reached"] * 5],
    ]
    assert lead(page) == "One return passes every check, one with advisories, two fail."


def test_a_return_that_another_counts_instead_of_passes_nothing() -> None:
    """It says of a replaced and of a duplicate return what became of it, keeps what is still to be looked at, and counts neither."""
    files = [
        file("a.csv"),
        file("held.xlsx", "replaced", reason="held (names Q1 2016/17), and replaced by a.csv"),
        file("older.csv", "replaced", reason="replaced by a.csv"),
        file("twin.csv", "duplicate", reason="the same as a.csv"),
    ]
    page = shown("stages", made(returns=files, issues=[issue("held.xlsx", "advisory", "form"), issue("older.csv", "info", "between returns")]))
    assert lead(page) == "One return passes every check, none with advisories, none fail. Three are not counted: another return counts instead of each."
    assert [row[1:] for row in lines(page)] == [
        ["PASS", *["pass"] * 6],
        ["REPLACED held (names Q1 2016/17), and replaced by a.csv", "[z]", "advisory (1)", *["[z]"] * 4],
        ["REPLACED replaced by a.csv", *["[z]"] * 6],
        ["DUPLICATE the same as a.csv", *["[z]"] * 6],
    ]
    alone = shown("stages", made(returns=files[:2]))
    assert lead(alone).endswith("One is not counted: another return counts instead of it.")


HELD = {
    "one in part": (["held in part"], "One return is held in part, none whole."),
    "two in part": (["held in part", "held in part"], "Two returns are held in part, none whole."),
    "one whole, two in part": (["held", "held in part", "held in part"], "One return is held, and two in part."),
    "one whole": (["held", "received"], "One return is held."),
}


@pytest.mark.parametrize(("states", "said"), HELD.values(), ids=HELD)
def test_a_return_that_is_held_in_part_is_told(states: list[str], said: str) -> None:
    """It never says that no return is held beside one that is held in part."""
    page = shown("quality", made(returns=[file(f"{place}.csv", state) for place, state in enumerate(states)]))
    assert lead(page).startswith(said)
    assert "No return is held" not in lead(page)


# ---------------------------------------------------------------- owed


def test_what_is_owed_stands_with_what_became_of_it() -> None:
    """It says of each return when it was due and came, how late it was, and what is not known."""
    rows = [
        owed("A", "accepted", due="2016-10-17", received_on="2016-10-20", days_late=3, files="a.csv", covers="Build"),
        owed("B", "late", due="2016-10-17", days_late=5),
        owed("C", "due"),
    ]
    page = shown("owed", made(owed=rows))
    assert lead(page) == f"Three returns are owed for {LABEL}: 1 due, 1 late and 1 accepted."
    assert lines(page, "Returns owed") == [
        ["A", "Performance Build", "17 October 2016", "accepted", "20 October 2016", "3", "a.csv"],
        ["B", "Performance", "17 October 2016", "late", "[x]", "5", "none"],
        ["C", "Performance", "[x]", "due", "[x]", "[x]", "none"],
    ]


def test_partners_stand_beside_one_another_by_quarter() -> None:
    """It shows how many came of those owed, on time and late, and [z] where nothing was owed."""
    known = [
        {"partner": "A", "owed": 2, "came": 2, "accepted": 2, "held": 0, "late": 1, "on_time": 1, "unknown": 0},
        {"partner": "B", "owed": 1, "came": 0, "accepted": 0, "held": 0, "late": 0, "on_time": 0, "unknown": 0, "quarter": BEFORE},
        {"partner": "A", "owed": 1, "came": 1, "accepted": 1, "held": 0, "late": 0, "on_time": 0, "unknown": 1, "quarter": BEFORE},
        {"partner": "C", "owed": 9, "came": 9, "accepted": 9, "held": 0, "late": 0, "on_time": 9, "unknown": 0, "quarter": "2016-17-Q3"},
    ]
    page = shown("owed", made(owed=[owed("A", "accepted")], punctuality=known))
    assert lines(page, "Completeness") == [["A", "1 of 1 times not known", "2 of 2 1 on time, 1 late"], ["B", "0 of 1", "[z]"]]


# ---------------------------------------------------------------- checks


def test_every_check_is_shown_with_what_it_could_not_examine() -> None:
    """It shows each check's numbers, its limit with its unit, and why it could not look."""
    names = list(quality.CHECKS)[:2]
    rows = [
        {"check": names[0], "severity": "advisory", "limit": "", "result": "found 2", "why_not": "", "examined": 7, "found": 2, "not_examined": 0},
        {
            "check": names[1],
            "severity": "info",
            "limit": "5",
            "result": "not run",
            "why_not": "no earlier quarter",
            "examined": 0,
            "found": 0,
            "not_examined": 3,
        },
    ]
    page = shown("quality checks", made(quality_checks=rows, issues=[issue("a.csv", "advisory", rule=names[0], as_typed=SCRIPT)]))
    assert lead(page) == "Two checks of figures, two findings in one of them; one could examine nothing."
    first, second = lines(page, "Checks of figures")
    assert (first[1:4], first[5]) == (["found 2", "7", "none"], "advisory")
    assert (second[1:3], second[3].startswith("3"), "no earlier quarter" in second[3], second[4].startswith("5")) == (["not run", "0"], True, True, True)
    assert first[0].endswith(quality.CHECKS[names[0]].asks)
    assert page.find("script") is None


# ---------------------------------------------------------------- grades


def test_figures_less_than_good_stand_with_their_reasons_the_poor_first() -> None:
    """It lists the fair and the poor with all four dimensions, counts every grade, and lists no good one."""
    graded = [grade("m1", "good"), grade("m2", "fair", validity="fair", why="repaired: spaces"), grade("m3", "poor", accuracy="poor", why="its band is not the one printed"), grade("m4", "not known", completeness="not known", why="not due yet")]  # fmt: skip
    page = shown("grades", made(grades=graded))
    assert lead(page) == "Four figures: 1 good, 1 fair, 1 poor and 1 not known."
    assert lines(page, "less than good") == [
        ["m3 The Council", "poor", "its band is not the one printed", "good", "poor", "good", "good"],
        ["m2 The Council", "fair", "repaired: spaces", "good", "good", "fair", "good"],
    ]


def test_partners_grades_stand_beside_one_another() -> None:
    """It shows the share of good figures by partner and quarter, with how many there are, are missing and late, the last eight quarters only."""
    old = [f"{year}-{year % 100 + 1}-Q{n}" for year in (2014, 2015) for n in (1, 2, 3, 4)]
    league = [
        {"partner": "A", "quarter": of, "figures": 2, "good": 1, "fair": 1, "poor": 0, "missing": 0, "late": 0, "share_good": Decimal("50.0")} for of in old
    ]
    league += [{"partner": "B", "figures": 3, "good": 1, "fair": 1, "poor": 1, "missing": 1, "late": 2, "share_good": Decimal("33.3")}]
    page = shown("grades", made(grades=[grade("m1", "good")], league=league))
    table = page.find_all("table")[-1]
    heads = [head.get_text() for head in table.thead.find_all("th")]
    assert (len(heads), heads[1], heads[-1]) == (9, "Q2 2014/15", LABEL)
    assert [row[-2:] for row in lines(page, "Share of each")] == [["50.0% 2 figures", "[z]"], ["[z]", "33.3% 3 figures, 1 missing, 2 late"]]


GRADED = {"fair": "quality fair: provisional", "poor": "quality poor: provisional", "good": "", "not known": ""}


@pytest.mark.parametrize(("its", "beside"), GRADED.items(), ids=GRADED)
def test_a_grade_stands_beside_its_figure(its: str, beside: str) -> None:
    """It says beside the figure itself that it is fair or poor, and why; nothing beside a good one."""
    score = {
        "measure_id": "Build 5", "theme": "Build a Better Harrow", "number": "5", "measure": "Tenant satisfaction", "polarity": "higher", "unit": "percent",
        "target": Decimal(80), "target_raw": "80%", "actual": Decimal(81), "actual_raw": "81%", "actual_unit": "percent", "actual_markers": "[p] [r]",
        "band": "LG", "policy": "five-band", "figure_id": f"{QUARTER}.m1", "scored_actual": Decimal(81), "scored_target": Decimal(80), "scored_polarity": "higher",
        "agreement": "not scored", "direction_short": "not known", "direction_long": "not known", "kind": "not stated",
    }  # fmt: skip
    page = shown("scorecards", made("joint-analysis-group", scores=[score], grades=[grade("m1", its, why="provisional")]))
    (cell,) = [found for found in page.find_all("td") if found.get("data-label") == "Actual"]
    assert " ".join(cell.get_text(" ").split()) == f"81% [r] {beside}".strip()


# ---------------------------------------------------------------- replaced, repairs, maps

CHANGE = {"measure_id": "Build 5", "part": "actual", "was_raw": "73%", "now_raw": "81%", "was": Decimal(73), "now": Decimal(81), "band_was": "LR", "band_now": "LG", "reason": "Late forms", "author": "A. Officer", "date": "2016-10-14"}  # fmt: skip
CELL = {"partner": "The Council", "record": "Build 5", "field": "actual", "was_raw": "73%", "now_raw": "", "reason": "Late forms", "dated": "2016-10-14", "was_file": "x/a.csv", "was_cell": "F5", "file": "x/a-v2.csv", "cell": "F7"}  # fmt: skip


def test_what_changed_is_listed_with_both_bands_and_the_reason() -> None:
    """It marks the new figure, names both bands where they differ and one where they do not, and lists each cell of both files."""
    within = CHANGE | {"measure_id": "Build 6", "was_raw": "80%", "band_was": "LG", "reason": SCRIPT, "author": "", "date": ""}
    page = shown("replaced", made(revised=[CHANGE, within], replaced=[CELL]))
    assert lead(page).startswith("Two figures changed after they were sent, one with another band; one cell")
    assert lines(page, "Figures revised") == [
        ["Build 5 actual, Q2 2016/17", "73%", "81% [r]", "Low Red to Low Green", "Late forms", "A. Officer, 2016-10-14"],
        ["Build 6 actual, Q2 2016/17", "80%", "81% [r]", "Low Green", SCRIPT, "[x]"],
    ]
    assert lines(page, "Cells that differ") == [["Build 5 actual, Q2 2016/17", "73% a.csv F5", "(blank) a-v2.csv F7", "Late forms, 2016-10-14"]]
    assert page.find("script") is None


def test_one_cell_differs() -> None:
    """It counts one cell in the singular."""
    assert "one cell differs" in lead(shown("replaced", made(revised=[CHANGE], replaced=[CELL])))


def test_a_repaired_figure_stands_as_typed_and_as_read() -> None:
    """It shows each repaired figure with its cell, and for one that is still none the reason."""
    about = {"measure_id": "Build 5", "file": "x/a.csv", "sheet": "S1", "unit": "percent"}
    read = {"actual_raw": " 81 %", "actual": Decimal(81), "actual_unit": "percent", "actual_repairs": "spaces at the ends removed", "actual_cell": "F5"}
    unread = {"target_raw": SCRIPT, "target_reason": "could not be read", "target_repairs": "dashes made plain", "target_cell": "E5"}
    page = shown("repairs", made(observations=[about | read | unread]))
    assert lines(page) == [
        ["Build 5: target", SCRIPT, "could not be read", "dashes made plain", "a.csv sheet S1, cell E5"],
        ["Build 5: actual", "81 %", "81%", "spaces at the ends removed", "a.csv sheet S1, cell F5"],
    ]
    assert page.find("script") is None
    assert lead(shown("repairs", made())) == "No figure had to be repaired."


def test_a_map_counts_every_cell() -> None:
    """It says how many cells were used, ignored and quarantined, as its drawing shows them."""
    outcomes = ["used"] * 3 + ["ignored"] * 2 + ["quarantined"]
    cells = [
        {"file": "a.csv", "row": 1, "column": n, "cell": f"{'ABCDEF'[n - 1]}1", "raw": SCRIPT, "outcome": outcome}
        for n, outcome in enumerate(outcomes, start=1)
    ]
    page = shown("maps", made(cells=cells))
    assert lead(page) == "Every cell that holds something: 3 used, 2 ignored, 1 quarantined."
    assert (len(page.find_all("svg")) > 0, page.find("script")) == (True, None)


SECTIONS = ("quality", "stages", "owed", "quality checks", "grades", "replaced", "repairs", "maps")


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_of_nothing_says_so(name: str) -> None:
    """It says in words that there is nothing, without a table."""
    page = shown(name, made())
    assert (page.get_text().strip() != "", page.find("table")) == (True, None)


HOSTILE = [SCRIPT, '"><img src=x onerror=alert(1)>', "</td></table><h1>", "{{ 7 * 7 }}", "&lt;b&gt;"]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_returns_is_text(text: str) -> None:
    """It shows whatever a return says as it was typed, in every section."""
    kept = {
        "returns": [file(f"{text}.csv", partner=text, used=1)], "issues": [issue(f"{text}.csv", "fail", message=text, sheet=text, cell="B2", as_typed=text)],
        "grades": [grade("m1", "poor", subject=text, partner=text, why=text)], "owed": [owed(text, "late", covers=text, files=text)],
        "revised": [CHANGE | {"was_raw": text, "now_raw": text, "reason": text, "author": text}], "replaced": [CELL | {"record": text, "was_raw": text, "reason": text, "was_file": text}],
        "observations": [{"measure_id": "Build 5", "file": text, "sheet": text, "actual_raw": text, "actual_repairs": text, "actual_reason": "could not be read"}],
        "cells": [{"file": text, "sheet": text, "row": 1, "column": 1, "cell": "A1", "raw": text, "outcome": "used"}],
    }  # fmt: skip
    for name in SECTIONS:
        page = shown(name, made(**kept))
        assert not page.find_all(["script", "img", "h1"])
        if name not in ("quality checks", "maps", "stages"):
            assert " ".join(text.split()) in " ".join(page.get_text().split())


# ---------------------------------------------------------------- slips


def slips_of(**rows: list[Row]) -> dict[str, pd.DataFrame]:
    """Give every partner's slip."""
    return slips.slips(made(**rows))


def test_a_slip_has_what_must_be_mended_first() -> None:
    """It lists a partner's failures, then advisories, then notes, with cell, text, reading and deadline; each partner's apart."""
    files = [file("a.csv"), file("b.csv", partner="The Police"), file("c.csv", partner="")]
    found = [
        issue("a.csv", "info"),
        issue("a.csv", "advisory", cell="B2", as_typed="7", read_as="7%"),
        issue("a.csv", "fail", cell="C3"),
        issue("c.csv", "fail"),
    ]
    made_of = slips_of(returns=files, issues=found, owed=[owed("The Council", "received", due="2016-10-17")])
    assert set(made_of) == {"The Council", slips.NOBODY}
    rows = frames.rows(made_of["The Council"])
    assert [(row["cell"], row["weight"].split(":")[0]) for row in rows] == [("C3", "must be mended"), ("B2", "please look at it"), ("", "for your record")]
    assert [rows[1][name] for name in ("file", "as_typed", "read_as", "what_is_wrong", "deadline")] == ["a.csv", "7", "7%", "a rule of a.csv", "2016-10-17"]


def test_a_return_that_has_not_come_is_a_line_of_its_own() -> None:
    """It asks for what is due or late, and for nothing that came or is not due yet."""
    rows = [owed("A", "due", due="2016-10-17"), owed("B", "late", due="2016-10-17", days_late=1, covers="Build"), owed("C", "not due"), owed("D", "held")]
    said = {partner: [row["what_is_wrong"] for row in frames.rows(of)] for partner, of in slips_of(owed=rows).items()}
    assert said == {"A": ["the return performance is owed: send it"], "B": ["the return performance, Build is owed and was due on 2016-10-17: send it"]}


PARTNERS = st.sampled_from(["The Council", "The Police", "", "Fire, and rescue"])
ISSUES = st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["fail", "advisory", "info"]), st.sampled_from([QUARTER, BEFORE])), max_size=12)


@given(st.lists(PARTNERS, min_size=3, max_size=3), ISSUES)
@SAME_EVERY_RUN
def test_every_issue_with_a_file_stands_in_one_slip(partners: list[str], found: list[tuple[int, str, str]]) -> None:
    """It puts each issue of the quarter about a file, known or not, once into one slip, that of the file's partner; no other issue."""
    files = [file(f"f{n}.csv", partner=partner) for n, partner in enumerate(partners)]
    given_ = [issue("" if place == 4 else f"f{place}.csv", severity, message=f"{n}", quarter=of) for n, (place, severity, of) in enumerate(found)]
    made_of = slips_of(returns=files, issues=given_)
    told = [(partner, row["what_is_wrong"]) for partner, of in made_of.items() for row in frames.rows(of)]
    whose = {row["file"]: row["partner"] or slips.NOBODY for row in files}
    expected = [(whose.get(row["file"], slips.NOBODY), row["message"]) for row in given_ if row["file"] and row["quarter"] == QUARTER]
    mending = {whose.get(row["file"], slips.NOBODY) for row in given_ if row["severity"] != "info" and row["file"] and row["quarter"] == QUARTER}
    assert Counter(told) == Counter(pair for pair in expected if pair[0] in mending)  # who has only notes for the record has nothing to mend


def written(folder: Path, **rows: list[Row]) -> dict[str, int]:
    """Write every partner's slip into a folder."""
    return slips.write(made(**rows), folder)


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1", "\r=1", '=HYPERLINK("http://example.org")'])
def test_a_slip_runs_nothing_in_a_spreadsheet(text: str, tmp_path: Path) -> None:
    """It begins each text that a spreadsheet would run with an apostrophe, wherever it stands."""
    written(tmp_path / "slips", returns=[file("a.csv", partner=text)], issues=[issue("a.csv", "fail", message=text, as_typed=text, sheet=text, cell="B2")])
    (path,) = (tmp_path / "slips").glob("*.csv")
    (row,) = csv.DictReader(io.StringIO(path.read_bytes().decode(), newline=""))
    assert {row[name] for name in ("partner", "sheet", "as_typed", "what_is_wrong")} == {f"'{text}"}


@pytest.mark.parametrize("text", HOSTILE)
def test_a_slips_page_holds_text_only(text: str, tmp_path: Path) -> None:
    """It shows what was typed as text, in a page that may run and load nothing."""
    written(
        tmp_path / "slips", returns=[file("a.csv", partner=f"A {text}")], issues=[issue("a.csv", "fail", message=text, as_typed=text, sheet=text, cell="B2")]
    )
    (path,) = (tmp_path / "slips").glob("*.html")
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    assert not page.find_all(["script", "img"])
    assert len(page.find_all("h1")) == 1
    assert "default-src 'none'" in str(page.head)
    (row,) = lines(page)
    assert [" ".join(text.split()) in cell for cell in row[:3]] == [True] * 3


@pytest.mark.parametrize("text", ["see url(http://example.org/x.png)", "@import http://example.org;", ' srcset="x"'])
def test_text_that_looks_like_an_address_stops_nothing(text: str, tmp_path: Path) -> None:
    """It writes the slips of all partners, whatever one of them typed: as text, it loads nothing."""
    files, found = [file("a.csv"), file("b.csv", partner="The Police")], [issue("a.csv", "fail", as_typed=text), issue("b.csv", "fail")]
    assert len(written(tmp_path / "slips", returns=files, issues=found)) == 2


@pytest.mark.parametrize("two", [("The Police", "THE POLICE"), ("A & B", "A B"), ("Полиция", "Совет")], ids=["letters", "signs", "no Latin letters"])
def test_no_slip_is_written_over_another(two: tuple[str, str], tmp_path: Path) -> None:
    """It writes as many pages and tables as it says there are slips, each under a name that a folder shows."""
    files, found = [file(f"f{n}.csv", partner=partner) for n, partner in enumerate(two)], [issue(f"f{n}.csv", "fail", message=f"fault {n}") for n in (0, 1)]
    number = len(written(tmp_path / "slips", returns=files, issues=found))
    paths = [path for path in (tmp_path / "slips").iterdir() if path.stem and not path.name.startswith(".")]
    assert len(paths) == 2 * number
    text = "".join(path.read_text(encoding="utf-8") for path in paths)
    assert all(f"fault {n}" in text for n in (0, 1))


def test_a_long_name_stops_nothing(tmp_path: Path) -> None:
    """It writes the slip of a partner who wrote a paragraph beside the word Partner."""
    assert len(written(tmp_path / "slips", returns=[file("a.csv", partner="x" * 300)], issues=[issue("a.csv", "fail")])) == 1


@pytest.mark.parametrize("name", ["../../evil", "/etc/passwd", "..", "a/b"])
def test_a_partners_name_is_never_a_path(name: str, tmp_path: Path) -> None:
    """It writes into its own folder only."""
    written(tmp_path / "slips", returns=[file("a.csv", partner=name)], issues=[issue("a.csv", "fail")])
    assert [path.name for path in tmp_path.iterdir()] == ["slips"]
    assert all(path.is_file() for path in (tmp_path / "slips").iterdir())


# ---------------------------------------------------------------- provisional

TITLES = {"a failure": ([issue("a.csv", "fail")], True), "an advisory": ([issue("a.csv", "advisory")], False), "nothing": ([], False)}


@pytest.mark.parametrize(("found", "provisional"), TITLES.values(), ids=TITLES)
def test_a_title_says_whether_it_is_provisional(found: list[Row], provisional: bool, tmp_path: Path) -> None:
    """It does so where anything is held back, in title, front and index, and nowhere else."""
    report = made(returns=[file("a.csv")], issues=found)
    assert ("(provisional)" in reports.title(report)) is provisional
    assert ("Provisional" in str(reports.front(report))) is provisional
    (tmp_path / f"{report.audience.name}.html").write_text("page")
    assert ("Provisional" in index_page.index(report, [report.audience], {report.audience.name}, tmp_path)) is provisional


# ---------------------------------------------------------------- a quarter, published

EMAIL, NHS = "jo.bloggs@example.org", "999 000 0018"
SECRET, COUNTS = "42.857", "(3/7)"
FIVE_BAND = (("HG", ">=", "1.05"), ("LG", ">=", "1"), ("A", ">=", "0.95"), ("LR", ">=", "0.90"), ("HR", "otherwise", ""))
ALL = "summary; exceptions; scorecards; change; disagreements; replaced; grades; issues; quarantine; coverage; receipts"
HEADINGS = "Theme,No,Measure,Good,Target,Actual,RAG status,Commentary\n"
REGISTERS = {
    "partnership.toml": 'name = "Tiny"\n',
    "themes.csv": "theme,code,order\nBuild,B,1\n",
    "policies.csv": "policy,version,from_quarter,polarity,order,band,test,factor\n"
    + "".join(f"five-band,1,2009-10-Q1,higher,{order},{','.join(test)}\n" for order, test in enumerate(FIVE_BAND, start=1)),
    "measures.csv": "measure_id,theme,number,measure,polarity,unit,kind,policy,equalities,kind_basis\n"
    + "".join(f"Build {n},Build,{n},{title},higher,percent,rate,five-band,no,\n" for n, title in ((5, "Tenant satisfaction"), (6, "Rare cases closed"), (7, "Street lights lit"))),
    "audiences.csv": f"audience,title,report,per_group,needs,sections\nboard,The Board,Performance report,no,returns,quality; stages; owed; missing; quality checks; repairs; maps; {ALL}\n"
    f"panel,The Panel,Panel report,no,returns,{ALL}\n",
    "disclosure.csv": "audience,theme,measure_id,profile,why\n,,Build 6,suppress<5,few\npanel,,Build 6,none,they decide on them\n",
    "returns_owed.csv": "partner,form,covers,from_quarter,until_quarter,due_days,basis\nTiny Council,performance,,2016-17-Q1,,17,said\nTiny Police,performance,,2016-17-Q1,,17,said\n",
}  # fmt: skip
RETURNS = {
    "council/build.csv": f"Partner,Tiny Council\nDate,10 October 2016\n\n{HEADINGS}"
    f"Build,5,Tenant satisfaction,Higher,80%,73%,LR,Write to {EMAIL}\n"
    f"Build,6,Rare cases closed,Higher,40%,{SECRET}% {COUNTS},HG,Patient {NHS} waits\n"
    "Build,7,Street lights lit,Higher,90%,12..5,,\n",
    "council/build-v2.csv": f"Partner,Tiny Council\nDate,14 October 2016\nReason,Late forms {SCRIPT}\nPrepared by,=1+1 Officer\n\n{HEADINGS}"
    "Build,5,Tenant satisfaction,Higher,80%,81%,LG,\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Publish a tiny quarter: a figure corrected, a small number that one audience may see, personal data, and a cell that cannot be read."""
    folder = tmp_path_factory.mktemp("tiny")
    texts = {f"reference/{name}": text for name, text in REGISTERS.items()} | {f"raw/{QUARTER}/{name}": text for name, text in RETURNS.items()}
    for name, text in texts.items():
        path = folder / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    run = publish(QUARTER, folder / "data", folder / "outputs", jobs=2)
    assert run.process.returncode == 3, run.process.stderr
    return run


def page_of(run: Run, name: str) -> Tag:
    """Give a published page as a browser reads it."""
    return BeautifulSoup((run.folder / name).read_text(encoding="utf-8"), "html.parser")


def texts_of(folder: Path) -> dict[str, str]:
    """Give path -> text of each file of a folder and below; of a workbook, the text of every part of it."""
    return {path.relative_to(folder).as_posix(): text_of(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def text_of(path: Path) -> str:
    """Give the text of a file."""
    if path.suffix != ".xlsx":
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as parts:
        return "".join(parts.read(name).decode("utf-8") for name in parts.namelist())


def test_the_newer_figure_is_published(tiny: Run) -> None:
    """It shows 81% [r] in low green on every page, and gives it in the scorecard with its new cell."""
    (row,) = [row for row in tiny.table("scorecard") if row["measure_id"] == "Build 5"]
    assert [row[name] for name in ("actual_raw", "actual", "band", "markers", "file", "actual_cell")] == [
        "81%",
        "81",
        "LG",
        "[r]",
        "council/build-v2.csv",
        "F7",
    ]
    for name in ("board.html", "restricted/panel.html"):
        cells = [cell.get_text() for cell in page_of(tiny, name).find_all("td") if cell.get("data-label") == "Actual"]
        assert any(text.startswith("81% [r]") for text in cells)


def test_the_correction_is_listed_with_both_bands_and_the_reason(tiny: Run) -> None:
    """It names old and new figure, both bands, reason and author, in the page and in the data, and as an exception."""
    (row,) = tiny.table("revised")
    assert [row[name] for name in ("measure_id", "part", "was_raw", "now_raw", "band_was", "band_now", "reason", "date")] == [
        "Build 5", "actual", "73%", "81%", "LR", "LG", f"Late forms {SCRIPT}", "2016-10-14",
    ]  # fmt: skip
    (line,) = lines(page_of(tiny, "board.html").find("section", id="replaced"), "Figures revised")
    assert line[1:5] == ["73%", "81% [r]", "Low Red to Low Green", f"Late forms {SCRIPT}"]
    (told,) = [row["reasons"] for row in tiny.table("exceptions") if row["measure_id"] == "Build 5"]
    assert "revised from 73 to 81: Low Red became Low Green" in told


def test_the_older_files_cells_are_kept_as_replaced(tiny: Run) -> None:
    """It ignores the cells of the older record with the name of the newer file, and uses those of what was not sent again."""
    cells = {row["cell"]: (row["outcome"], row["reason"]) for row in tiny.table("cells") if row["file"] == "council/build.csv"}
    assert {cells[f"{column}5"] for column in "ABCDEFGH"} == {("ignored", "replaced by council/build-v2.csv")}
    assert {cells[f"{column}6"][0] for column in "ABCDEF"} == {"used"}
    for row in tiny.table("returns"):
        assert int(row["used"]) + int(row["ignored"]) + int(row["quarantined"]) == int(row["cells"])


def test_every_page_says_that_it_is_provisional(tiny: Run) -> None:
    """It says so in each title, and in index and manifest, as a cell could not be read."""
    paths = [path for path in tiny.folder.rglob("*.html") if path.name != "index.html"]
    assert len(paths) == 6
    for path in paths:
        title = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").title.get_text()
        assert "(provisional)" in title, path
    assert "Provisional: one problem holds figures back" in page_of(tiny, "index.html").get_text()
    assert json.loads((tiny.folder / "manifest.json").read_text(encoding="utf-8"))["provisional"] is True


def test_a_restricted_page_stands_apart(tiny: Run) -> None:
    """It puts the page and its notebook into a folder of their own, and the index does not lead there."""
    assert sorted(path.name for path in (tiny.folder / "restricted").iterdir()) == ["05_report_panel.ipynb", "panel.html"]
    elsewhere = [path for path in tiny.folder.rglob("*panel*") if path.parent.name != "restricted"]
    index = page_of(tiny, "index.html")
    assert (elsewhere, "panel" in index.body.get_text().casefold()) == ([], False)
    links = [link["href"] for link in index.find_all("a") if link["href"] != "#content"]
    assert "board.html" in links
    assert all((tiny.folder / link).exists() and "restricted" not in link for link in links)


def test_the_small_figure_is_told_to_the_restricted_alone(tiny: Run) -> None:
    """It shows 3 of 7 to the panel, and holds it back in every other file: page, notebook, data, manifest."""
    found = texts_of(tiny.folder)
    assert f"{SECRET}% {COUNTS}" in found["restricted/panel.html"]
    for name, text in found.items():
        if not name.startswith("restricted/"):
            assert (SECRET in text, COUNTS in text) == (False, False), name
    (row,) = [row for row in tiny.table("scorecard") if row["measure_id"] == "Build 6"]
    assert [row[name] for name in ("target_raw", "actual_raw", "actual", "variance", "band", "reason")] == ["40%", "[c]", "", "", "", "suppressed"]
    assert "7.14" not in "".join(text for name, text in found.items() if name.startswith("data/"))


def test_every_file_is_in_the_manifest_and_readable(tiny: Run) -> None:
    """It names each published file but itself and what lies apart: a fingerprint tells whoever tries every small number which is right."""
    known = json.loads((tiny.folder / "manifest.json").read_text(encoding="utf-8"))["outputs"]
    assert set(known) == {name for name in texts_of(tiny.folder) if not name.startswith("restricted/")} - {"manifest.json"}


def test_personal_data_is_nowhere(tiny: Run) -> None:
    """It holds e-mail address and NHS number back from every published file and every frame that is kept, and the page says so."""
    personal = re.compile(rf"{re.escape(EMAIL)}|bloggs|{NHS}|{NHS.replace(' ', '')}")
    for name, text in texts_of(tiny.outputs).items():
        assert not personal.search(text), name
    kept = sorted((tiny.data / "processed").rglob("*.parquet"))
    assert len(kept) > 20
    for path in kept:
        assert not personal.search(path.read_bytes().decode("latin-1")), path.name
        frame = pd.read_parquet(path)
        assert not any(personal.search(str(value)) for column in frame for value in frame[column].unique()), path.name
    page = page_of(tiny, "board.html").get_text()
    assert "may hold an e-mail address; the text is held back" in page
    assert "may hold an NHS number; the text is held back" in page
    assert "[held back: may hold an e-mail address]" in page


def test_hostile_text_of_a_return_is_text_everywhere(tiny: Run) -> None:
    """It runs no script from a reason in any page, and no formula from a name in any table."""
    for name, text in texts_of(tiny.folder).items():
        if name.endswith(".html"):
            assert SCRIPT not in text, name
        if name.endswith(".csv"):
            assert not any(cell[:1] in ("=", "@", "+") for row in csv.reader(io.StringIO(text, newline="")) for cell in row), name
    assert {row["author"] for row in tiny.table("revised")} == {"'=1+1 Officer"}
    assert "=1+1 Officer" in page_of(tiny, "board.html").get_text()


@pytest.mark.parametrize("name", ["replaced", "revised", "cells"])
def test_a_small_figure_that_was_corrected_is_held_back_too(name: str) -> None:
    """It tells nobody that 3 was sent before 40, neither as a change nor as an ignored cell."""
    table = pd.DataFrame([{"audience": "", "theme": "", "measure_id": "", "profile": "suppress<5", "why": ""}], dtype=object)
    strict = replace(registers(), disclosure=table)
    row = {
        "quarter": QUARTER,
        "measure_id": "Build 49",
        "theme": "Build a Better Harrow",
        "number": "49",
        "measure": "Number of Park User Groups",
        "figure_id": "x",
    }
    score = row | {"file": "b.csv", "row": 2, "actual_raw": "40", "actual": Decimal(40), "actual_unit": "number", "actual_cell": "F2", "unit": "number"}
    was = {
        "quarter": QUARTER,
        "file": "a.csv",
        "row": 2,
        "column": 6,
        "cell": "F2",
        "raw": "3",
        "outcome": "ignored",
        "reason": "replaced by b.csv",
        "form": "performance",
        "field": "actual",
    }
    change = {"quarter": QUARTER, "was_raw": "3", "now_raw": "40", "was_file": "a.csv", "was_cell": "F2", "file": "b.csv", "cell": "F2"}
    kept = {
        "scores": frames.make([score], frames.SCORES),
        "cells": frames.make([was], frames.CELLS),
        "replaced": frames.make(
            [change | {"record": "49 Build a Better Harrow Number of Park User Groups", "field": "actual", "form": "performance"}], frames.REPLACED
        ),
        "revised": frames.make([change | {"measure_id": "Build 49", "part": "actual", "was": Decimal(3), "now": Decimal(40)}], frames.REVISED),
    }
    shown_frame = disclosure.protect(kept, strict)[name]
    assert "3" not in {str(value) for value in shown_frame.to_numpy().ravel()}
