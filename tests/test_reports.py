"""Reports: who they are for, what they show, pages that stand alone, published data and the folder it is published in."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis import frames, reference, reports
from analysis.errors import AskedWrongly
from analysis.reports import index_page, page, publication
from analysis.reports.tie_out import Tied
from analysis.vocabulary import SECTIONS as TOLD
from analysis.vocabulary import Outcome, Severity

REAL = Path(__file__).resolve().parents[1] / "data"
QUARTER = "2016-17-Q2"
SCRIPT = '<script>alert("x")</script>'
NAMES = ["joint-analysis-group", "data-quality", "chief-executives", "board", "claim-pack", "improvement-boards"]
YEARLY = ["annual-report"]
GROUPS = {
    "management-group-adult-health-and-well-being": "Adult Health and Well-being",
    "management-group-childrens-trust": "Children's Trust",
    "management-group-community-cohesion": "Community Cohesion",
    "management-group-safer-harrow": "Safer Harrow",
    "management-group-sustainable-development-and-enterprise": "Sustainable Development and Enterprise",
}
Rows = list[dict[str, Any]]


def report(audience: str = "joint-analysis-group", **kept: Rows) -> reports.Report:
    """Give the report of a quarter that has only these rows."""
    made = {name: frames.make([{"quarter": QUARTER} | row for row in rows], frames.CONTRACTS[name]) for name, rows in kept.items()}
    return reports.open_report(QUARTER, REAL, made, audience)


def told(section: str, group: str = "", text: str = "Words", row: int = 2, quarter: str = QUARTER) -> dict[str, Any]:
    """Give a row of narrative."""
    return {"quarter": quarter, "file": "n.csv", "row": row, "section": section, "group_or_theme": group, "text": text}


class Tags(HTMLParser):
    """Collects the tags and the words of a page."""

    def __init__(self, html: str) -> None:
        """Read the whole page."""
        super().__init__()
        self.tags: list[str] = []
        self.events: list[str] = []
        self.words = ""
        self.feed(str(html))  # Html would escape what the parser adds to it

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag, and each attribute that would run something."""
        self.tags.append(tag)
        self.events += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        self.words += data


# ---------------------------------------------------------------- audiences


def test_every_audience_of_the_register_has_its_report() -> None:
    """It gives the seven audiences of the register, and one for each of the five Management Groups."""
    found = reports.audiences(reference.load(REAL))
    assert {audience.name: audience.group for audience in found} == dict.fromkeys([*NAMES, *YEARLY], "") | GROUPS


def test_every_section_of_the_register_exists() -> None:
    """It can show whatever an audience of the register asks for."""
    found = reports.audiences(reference.load(REAL))
    assert {section for audience in found for section in audience.sections} - {*reports.SECTIONS, *reports.EACH, reports.RECEIPTS} == set()


def test_every_need_of_the_register_can_be_met() -> None:
    """It knows each thing an audience waits for as a frame or as a section of the narrative; a misspelt one would never be met."""
    found = reports.audiences(reference.load(REAL))
    known = {*frames.CONTRACTS, *TOLD, "outcome measures", "reward facts", "reward targets"}
    assert {need for audience in found for need in audience.needs} - known == set()


def test_every_section_a_return_may_name_reaches_a_report() -> None:
    """It shows each section of the narrative to somebody, missing data among the gaps."""
    shown = {section for audience in reports.audiences(reference.load(REAL)) for section in audience.sections}
    assert set(TOLD) - shown == {"missing data", "missing return"}


def test_an_unknown_audience_says_which_there_are() -> None:
    """It names the audience as asked and those that there are."""
    with pytest.raises(AskedWrongly) as raised:
        report("bord")
    assert str(raised.value).splitlines()[:2] == ["'bord': 1 problem", "  - is not an audience"]
    assert raised.value.hint == f"There are {', '.join([*NAMES, *GROUPS, *YEARLY])}."


def test_an_unknown_section_says_which_there_are() -> None:
    """It names the section as asked and those that there are."""
    with pytest.raises(AskedWrongly) as raised:
        reports.show("scorecard", report())
    assert str(raised.value).splitlines()[:2] == ["'scorecard': 1 problem", "  - is not a section"]
    assert "scorecards" in raised.value.hint


def test_a_register_that_asks_for_an_unknown_section_is_told_by_audience() -> None:
    """It names the audience whose entry has to be corrected."""
    known = report()
    strange = reports.Audience("board", "Board", "Progress report", ("summary", "scorecard"), ("returns",))
    with pytest.raises(AskedWrongly, match="audience 'board'.*\n.*'scorecard' is not a section"):
        reports.body(reports.Report(QUARTER, known.registers, known.kept, strange))


# ---------------------------------------------------------------- sections


@pytest.mark.parametrize("name", reports.SECTIONS)
def test_a_section_of_nothing_says_so(name: str) -> None:
    """It shows words for every section, also where the quarter's returns have nothing for it."""
    assert len(Tags(reports.show(name, report())).words) > 10


@pytest.mark.parametrize("audience", [*NAMES, *GROUPS, *YEARLY])
def test_an_audience_is_not_printed_for_a_quarter_without_data(audience: str) -> None:
    """It has nothing to say where no return came."""
    assert not reports.has_something(report(audience))


def test_a_group_is_shown_its_own_matters() -> None:
    """It shows a Management Group what stands under any of its names, and nothing of another group."""
    rows = [
        told("challenge", "Safer Harrow", "Burglary", 2),
        told("challenge", "Community Cohesion", "Festivals", 3),
        told("challenge", "safer harrow ", "Lighting", 4),
    ]
    body = reports.body(report("management-group-safer-harrow", narrative=rows))
    assert [word in body for word in ("Burglary", "Lighting", "Festivals")] == [True, True, False]
    assert not reports.has_something(report("management-group-childrens-trust", narrative=rows))


def test_an_apostrophe_of_either_kind_names_the_same_group() -> None:
    """It takes Children's Trust for the group whichever apostrophe was typed."""
    for name in ("Children's Trust", "Children\u2019s Trust"):
        assert reports.has_something(report("management-group-childrens-trust", narrative=[told("progress", name)]))


def test_the_contents_lead_to_every_section() -> None:
    """It links each section that has something to say, and shows no other."""
    body = reports.body(report(narrative=[told("risk"), told("decision", row=3)], actions=[{"file": "a.csv", "row": 2, "action": "Meet"}]))
    linked = re.findall(r'<li><a href="#([^"]+)">', body)
    assert linked == re.findall(r'<section id="([^"]+)">', body)
    assert {"actions", "decision", "risk"} <= set(linked)
    assert "agreements" not in linked


THEME = reference.load(REAL).themes["theme"][0]
HOSTILE_ROW = {"file": SCRIPT, "sheet": SCRIPT, "cell": "A1", "row": 2, "source": SCRIPT, "transcription_note": SCRIPT}
HOSTILE: dict[str, dict[str, Any]] = {
    "actions": {"date": SCRIPT, "action": SCRIPT, "owner": SCRIPT, "outcome": SCRIPT},
    "agreements": {"project": SCRIPT, "organisation": SCRIPT, "progress": SCRIPT, "report_due": SCRIPT},
    "milestones": {"organisation": SCRIPT, "timescale": SCRIPT, "outcome": SCRIPT, "rag": SCRIPT},
    "outcome_measures": dict.fromkeys(("number", "priority", "outcome", "outcome_measure", "description", "baseline", "partners", "lead", "undefined"), SCRIPT),
    "reward_facts": {"agreement": SCRIPT, "fact": SCRIPT, "basis": SCRIPT, "value_raw": SCRIPT},
    "issues": {"stage": "cell", "severity": Severity.FAIL, "rule": SCRIPT, "message": SCRIPT, "as_typed": SCRIPT, "read_as": SCRIPT},
    "cells": {"raw": SCRIPT, "outcome": Outcome.QUARANTINED, "reason": SCRIPT},
    "returns": {"partner": SCRIPT, "forms": SCRIPT, "state": SCRIPT, "reason": SCRIPT, "sha256": SCRIPT, "cells": 1, "used": 0, "ignored": 0, "quarantined": 1},
    "missing": {"what": "data", "name": SCRIPT, "partner": SCRIPT, "state": SCRIPT},
    "exceptions": {"measure_id": SCRIPT, "band": "HR", "band_quarter": QUARTER, "reasons": SCRIPT, "commentary": SCRIPT, "rank": 1},
    "scores": {"measure_id": SCRIPT, "measure": SCRIPT, "theme": THEME, "number": SCRIPT, "polarity": "higher", "target_raw": SCRIPT, "actual_raw": SCRIPT, "note": SCRIPT, "commentary": SCRIPT, "published_status": SCRIPT, "agreement": "differs", "band": "HR", "direction_short": "worse", "direction_long": "better", "target_cell": "E2", "actual_cell": "F2", "rule": SCRIPT, "data_period": SCRIPT},
    "spend": {"project": SCRIPT, "round": SCRIPT, "kind": "capital", "award": Decimal(5), "award_raw": SCRIPT, "award_cell": "B2", "total_to_date": Decimal(2), "note": SCRIPT, "verdict": "short", "difference": Decimal(3), "blocked_by": SCRIPT, "completed": SCRIPT, "return_received": SCRIPT},
}  # fmt: skip


def test_no_text_of_a_return_becomes_markup() -> None:
    """It escapes every text of every frame in every section, and shows it as it was typed."""
    narrative = [told(section, SCRIPT, f"- {SCRIPT}\n{SCRIPT}", row) | {"subject": SCRIPT} for row, section in enumerate(TOLD, start=2)]
    everything = report(
        narrative=narrative,
        **{name: [HOSTILE_ROW | row] for name, row in HOSTILE.items() if name not in {"cells", "issues"}},
        cells=[HOSTILE_ROW | HOSTILE["cells"]],
        issues=[HOSTILE_ROW | HOSTILE["issues"]],
    )
    for html in (reports.front(everything), reports.body(everything), *(reports.show(name, everything) for name in reports.SECTIONS)):
        found = Tags(html)
        assert ("script" in found.tags, found.events) == (False, [])
    assert Tags(reports.body(everything)).words.count(SCRIPT) > 50


# ---------------------------------------------------------------- pages


@pytest.fixture(scope="module")
def rendered() -> str:
    """Give the page of a small executed notebook."""
    cells = [
        new_markdown_cell("# 5 Report", metadata={"tags": ["notebook-only"]}),
        new_code_cell("secret_code()", outputs=[new_output("display_data", {"text/html": "<h1>Board</h1>", "text/plain": "plain"})]),
        new_code_cell("more()", outputs=[new_output("execute_result", {"text/plain": SCRIPT}), new_output("stream", name="stderr", text=SCRIPT)]),
    ]
    return page.render(new_notebook(cells=cells), report("board"), reports.title(report("board")))


def test_a_page_says_its_language_and_title(rendered: str) -> None:
    """It has the partnership's language, and a title of report, quarter and audience."""
    assert '<html lang="en-GB">' in rendered
    assert "<title>Progress report to the Partnership Board, Q2 2016/17: Harrow Strategic Partnership Board</title>" in rendered


def test_a_page_has_results_and_no_code(rendered: str) -> None:
    """It shows what cells gave, without their code and without what is only for those at the notebook."""
    assert "<h1>Board</h1>" in rendered
    assert "secret_code" not in rendered
    assert "5 Report" not in rendered


def test_what_a_cell_prints_is_text(rendered: str) -> None:
    """It escapes plain results and printed words: the one script of the page is its own, to the letter."""
    others = rendered.replace(f"<script>{page.script()}</script>", "")
    assert ("script" in Tags(rendered).tags, "script" in Tags(others).tags) == (True, False)
    assert Tags(others).words.count(SCRIPT) == 2


def test_a_notebook_is_called_by_its_heading() -> None:
    """It gives a notebook that is no audience's report its own heading and the quarter for a title."""
    assert "<title>2 Data quality: Q2 2016/17</title>" in page.render(new_notebook(cells=[new_markdown_cell("# 2 Data quality\n\nWords.")]), report())


def test_a_page_is_the_same_every_time() -> None:
    """It gives the same bytes for an executed notebook whose cells have other ids."""
    cells = [new_code_cell("x()", outputs=[new_output("display_data", {"text/html": "<h1>5</h1>"})]) for _ in range(2)]
    assert page.render(new_notebook(cells=cells[:1]), report(), "Board") == page.render(new_notebook(cells=cells[1:]), report(), "Board")


# ---------------------------------------------------------------- data

FORMULAS = {
    "equals": ("=1+1", "'=1+1"),
    "a link": ('=HYPERLINK("http://example.org","x")', '\'=HYPERLINK("http://example.org","x")'),
    "at": ("@SUM(A1)", "'@SUM(A1)"),
    "plus": ("+SUM(A1)", "'+SUM(A1)"),
    "minus": ("-SUM(A1)", "'-SUM(A1)"),
    "a number before a command": ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
    "a sum": ("+1+1", "'+1+1"),
    "tab": ("\t=1+1", "'\t=1+1"),
    "carriage return": ("\r=1+1", "'\r=1+1"),
    "a line that begins with a formula": ("words\r=1+1", "words\r=1+1"),
    "a figure below zero": ("-20%", "-20%"),
    "an amount below zero": ("-£941.50", "-£941.50"),
    "a figure above zero": ("+5.2", "+5.2"),
    "a dash for nothing": ("-", "-"),
    "a list in words": ("- One", "'- One"),
    "words": ("Burglary = up", "Burglary = up"),
    "a comma and a quotation mark": ('5, "about"', '5, "about"'),
}


@pytest.mark.parametrize(("typed", "published"), FORMULAS.values(), ids=FORMULAS)
def test_text_is_never_a_formula(typed: str, published: str) -> None:
    """It puts an apostrophe before text that a spreadsheet would run, and leaves figures as they were typed."""
    made = publication.as_csv(pd.DataFrame({"text": [typed]}))
    assert list(csv.reader(io.StringIO(made, newline=""))) == [["text"], [published]]


VALUES = {
    "pounds": (Decimal("1600.00"), "1600.00"),
    "below zero": (Decimal("-941.5"), "-941.5"),
    "very small": (Decimal("1E-10"), "0.0000000001"),
    "large": (Decimal("1E+3"), "1000"),
    "zero": (Decimal(0), "0"),
    "missing": (None, ""),
    "a whole number": (7, "7"),
}


@pytest.mark.parametrize(("value", "published"), VALUES.values(), ids=VALUES)
def test_a_figure_is_published_plain(value: object, published: str) -> None:
    """It writes exact figures with all their digits and no exponent, and nothing for a missing one."""
    assert publication.as_csv(pd.DataFrame({"a": pd.Series([value], dtype=object), "b": ["x"]})) == f"a,b\n{published},x\n"


def test_the_data_of_a_quarter_without_returns_has_its_headings(tmp_path: Path) -> None:
    """It writes every file with its columns, so that whoever reads them always finds them."""
    rows = publication.write_data(publication.tables(report()), tmp_path / "data")
    assert {name for name, number in rows.items() if number} == {"policies"}
    assert {path.stem for path in (tmp_path / "data").iterdir()} == set(rows)
    assert (tmp_path / "data" / "grant_totals.csv").read_text(encoding="utf-8").startswith("what,known,unknown_count,at_least,at_most")


def test_the_manifest_says_what_went_in_and_came_out(tmp_path: Path) -> None:
    """It lists inputs and outputs with their fingerprints, and says that a report with a failure is provisional."""
    (tmp_path / "a.txt").write_bytes(b"abc")
    held = report(
        returns=[{"file": "r.csv", "sha256": "12ab", "state": "held", "cells": 3, "used": 1, "ignored": 1, "quarantined": 1}],
        issues=[{"file": "r.csv", "severity": "fail"}],
    )
    publication.write_manifest(held, tmp_path, {"awards": 0}, {"quarter": QUARTER}, Tied(printed=5, figures=3, on_several_pages=2, in_files=4))
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["inputs"] == [{"quarter": QUARTER, "file": "r.csv", "sha256": "12ab", "state": "held"}]
    assert manifest["outputs"] == {"a.txt": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}
    assert (manifest["provisional"], manifest["issues"]) == (True, {"fail": 1})
    assert manifest["cells"] == {"cells": 3, "used": 1, "ignored": 1, "quarantined": 1}
    assert manifest["tie_out"] == {"printed": 5, "figures": 3, "on_several_pages": 2, "in_files": 4}
    assert manifest["status"] == "Provisional: one problem holds figures back"


def test_the_index_says_who_has_nothing_this_quarter(tmp_path: Path) -> None:
    """It links the reports that were made, and names the audiences without one."""
    this = report()
    (tmp_path / "board.html").write_text("page")
    html = index_page.index(this, reports.audiences(this.registers), {"board"}, tmp_path)
    assert re.findall(r'href="([a-z-]+\.html)"', html) == ["board.html"]
    assert "Harrow Strategic Partnership Board" in html
    assert re.search(r"Nothing this quarter for .*Safer Harrow", html)


def test_with_no_audience_named_the_first_of_the_register_is_meant() -> None:
    """It opens the first audience there is where none is named, so that no partnership needs another's audience."""
    assert reports.open_report(QUARTER, REAL, {}).audience.title == "Joint Analysis Group"
