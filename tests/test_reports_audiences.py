"""Audiences: each sees its own matters, in the order of the document that it is used to, and is told how final they are."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from reports_by_hand import (
    BEFORE,
    NOW,
    REAL,
    SCRIPT,
    THEMES,
    award,
    challenge,
    of_sections,
    page,
    read,
    real,
    registers_in,
    report,
    score,
    section,
    sections,
    told,
    words,
)

from analysis import reference, reports
from analysis.reports import group, index_page, performance, scorecard, sign_off, telling, themes

BUILD, BUSINESS, PROTECT = THEMES.values()
GROUPS = f"group,slug,aliases,themes\nSafer Harrow,safer-harrow,,{BUILD}\nCommunity Cohesion,community-cohesion,CCMG,{PROTECT}; {BUSINESS}\nAdult Health and Well-being,adult-health,Adult Health and Well Being,\n"
SAFER, COHESION, ADULT = (f"management-group-{slug}" for slug in ("safer-harrow", "community-cohesion", "adult-health"))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give registers with three groups: two with themes of their own, one with none."""
    return registers_in(tmp_path_factory.mktemp("groups"), groups=GROUPS)


# ---------------------------------------------------------------- management groups

SCORES = [score("Build 5", "HG", "81", row=2), score("Business 1", "A", "72", row=3), score("Protect 1", "HR", "63", row=4)]
AWARDS = [
    award("Alley Gating (Capital)", "17000.00", "8000.00", "short", row=2, difference=Decimal(9000), theme="Safer Harrow", note="Gates"),
    award("Under One Sky", "6000.00", "6000.00", "balances", row=3, difference=Decimal(0), theme="Community Cohesion"),
    award("Green Gyms (Capital)", "23000.00", None, "cannot be checked", row=4, theme="Adult Health and Well-being"),
    award("Arts Centre (Capital)", "25000.00", "25000.00", "balances", row=5, difference=Decimal(0)),
]


def outturn(row: dict[str, object]) -> dict[str, object]:
    """Give an award's outturn: spent in full."""
    known = row["total_to_date"] is not None
    kept = {name: row[name] for name in ("project", "round", "kind", "theme", "award", "figure_id")}
    return kept | {
        "state": "spent in full",
        "spent": row["total_to_date"],
        "at_least": row["total_to_date"] or Decimal(0),
        "at_most": row["award"],
        "unknown_count": 0 if known else 1,
    }


ACTIONS = [
    {"file": "a.csv", "row": n, "date": "30/11/09", "action": action, "owner": owner}
    for n, (action, owner) in enumerate([("Patrol", "Safer Harrow"), ("Report back", "All"), ("Festival", "CCMG"), ("Meet", "Michael Lockwood")], 2)
]
GAPS = [
    {"what": "award", "name": "Alley Gating (Capital)", "quarter": NOW, "state": "x"},
    {"what": "award", "name": "Under One Sky", "quarter": NOW, "state": "x"},
    {"what": "data", "name": "Protect 1", "quarter": NOW, "state": "x"},
    {"what": "measure", "name": "Build 13: NEET", "quarter": NOW, "state": "x"},
    {"what": "return", "name": "narrative", "partner": "Safer Harrow", "quarter": NOW, "state": "x"},
]
EVERYTHING = {
    "scores": SCORES,
    "exceptions": [challenge("Protect 1", "HR", 1)],
    "spend": AWARDS,
    "outturn": [outturn(row) for row in AWARDS],
    "actions": ACTIONS,
    "missing": GAPS,
    "narrative": [told("challenge", "Safer Harrow", "Burglary", 2, for_discussion="Yes"), told("challenge", "CCMG", "Festivals", 3), told("note", "", "Schemes shaded are complete", 4, file="p/grant.csv")],
}  # fmt: skip


def shown_to(audience: str, data: Path) -> str:
    """Give the page of a Management Group from everybody's frames."""
    return page(report(audience, data=data, **EVERYTHING))


MINE = {
    SAFER: ({"Build 5", "Alley Gating", "Patrol", "Report back", "Burglary"}, {"Business 1", "Protect 1", "Under One Sky", "Green Gyms", "Arts Centre", "Festival", "Michael Lockwood"}),
    COHESION: ({"Business 1", "Protect 1", "Under One Sky", "Festival", "Report back", "Festivals"}, {"Build 5", "Alley Gating", "Green Gyms", "Arts Centre", "Patrol", "Burglary", "Michael Lockwood"}),
    ADULT: ({"Green Gyms", "Report back"}, {"Build 5", "Business 1", "Protect 1", "Alley Gating", "Under One Sky", "Arts Centre", "Patrol", "Festival", "Burglary"}),
}  # fmt: skip


@pytest.mark.parametrize("audience", MINE)
def test_a_group_sees_its_own_and_nothing_of_others(audience: str, data: Path) -> None:
    """It shows a group its measures, awards, actions and words, those of all, and no name of another's anywhere on the page."""
    html, (own, others) = shown_to(audience, data), MINE[audience]
    assert {name for name in own if name not in html} == set()
    assert {name for name in others if name in html} == set()


def test_a_groups_sums_are_of_its_own_awards(data: Path) -> None:
    """It sums what is the group's: £8,000.00 of £17,000.00, and no total of the partnership, £71,000.00."""
    html = shown_to(SAFER, data)
    assert "£8,000.00 of the £17,000.00 awarded is known to be spent" in words(section(html, "summary"))
    assert ("£71,000.00" in html, "£39,000.00" in html) == (False, False)


def test_notes_under_awards_are_not_shown_to_a_group(data: Path) -> None:
    """It leaves out the notes of a grant return, which are of every group's awards."""
    assert "Schemes shaded" in page(of_sections(report(data=data, **EVERYTHING), "spend"))
    assert "Schemes shaded" not in shown_to(SAFER, data)


def test_a_groups_receipts_are_of_its_own_cells(data: Path) -> None:
    """It gives receipts of the group's figures alone, typed in rows 2 of both returns."""
    html = shown_to(SAFER, data)
    cells = {row.find_all("td")[0].get_text() for row in read(html).select("table.receipts tbody tr") if "headline" not in str(row["id"])}
    assert cells == {f"{NOW}/p/scores.csv, {cell}" for cell in ("E2", "F2", "G2")} | {f"{NOW}/p/grant.csv, {cell}" for cell in ("B2", "C2", "D2")}


def test_gaps_are_of_the_groups_awards_measures_and_returns(data: Path) -> None:
    """It names gaps of what is the group's, and of returns that it owes, for each group apart."""
    found = {audience: list(report(audience, data=data, **EVERYTHING)["missing"]["name"]) for audience in MINE}
    assert found == {SAFER: ["Alley Gating (Capital)", "Build 13: NEET", "narrative"], COHESION: ["Under One Sky", "Protect 1"], ADULT: []}


OWNERS = {
    "Safer Harrow": {SAFER},
    "safer harrow ": {SAFER},
    "CCMG": {COHESION},
    "All": {SAFER, COHESION, ADULT},
    "ALL.": {SAFER, COHESION, ADULT},
    "Safer Harrow and CCMG": {SAFER, COHESION},
    "Safer Harrow, Community Cohesion": {SAFER, COHESION},
    "Adult Health and Well-being": {ADULT},
    "Adult Health and Well Being": {ADULT},
    "Michael Lockwood and Dal Babu": set(),
    "Safer Harrow Partnership": set(),
    "": set(),
}


@pytest.mark.parametrize("owner", OWNERS)
def test_an_action_reaches_its_owners(owner: str, data: Path) -> None:
    """It shows an action to every group that owns it, by any of its names, to all where all own it, and to nobody else."""
    actions = [{"file": "a.csv", "row": 2, "action": "Act", "owner": owner}]
    assert {audience for audience in MINE if len(report(audience, data=data, actions=actions)["actions"])} == OWNERS[owner]


@pytest.mark.parametrize("owner", ["Adult Health and Well-being and Safer Harrow", "Safer Harrow; Adult Health and Well-being", "Safer Harrow/CCMG"])
def test_an_action_reaches_each_of_several_owners(owner: str, data: Path) -> None:
    """It shows an action of two groups to both, also where a name has an 'and' in it, or another mark stands between them."""
    actions = [{"file": "a.csv", "row": 2, "action": "Act", "owner": owner}]
    assert sum(len(report(audience, data=data, actions=actions)["actions"]) for audience in MINE) == 2


def test_a_missing_return_of_a_groups_award_is_its_gap() -> None:
    """It tells Adult Health that the return of Reablement – PCT, in which two of its awards are reported, was not received (source 001)."""
    gaps = [{"what": "return", "name": "Reablement \u2013 PCT", "quarter": "2011-12-Q1", "state": "named as missing by the partnership"}]
    assert list(report("management-group-adult-health-and-well-being", "2011-12-Q1", missing=gaps)["missing"]["name"]) == ["Reablement \u2013 PCT"]


def test_an_award_of_another_round_is_not_the_groups(tmp_path: Path) -> None:
    """It keeps apart two awards of one name of two rounds, which two groups have."""
    rows = (REAL / "reference" / "awards.csv").read_text(encoding="utf-8").rstrip(
        "\n"
    ) + "\nAlley Gating (Capital),Round 2,capital,,Community Cohesion,SYNTHETIC,,\n"
    data = registers_in(tmp_path, awards=rows, groups=GROUPS)
    second = award("Alley Gating (Capital)", "99.00", "9.00", "short", row=9, theme="Community Cohesion") | {"round": "Round 2", "figure_id": "f2"}
    assert [list(report(audience, data=data, spend=[AWARDS[0], second])["spend"]["round"]) for audience in (SAFER, COHESION)] == [["Round 1"], ["Round 2"]]


def test_the_real_awards_are_shared_out_by_the_register() -> None:
    """It gives each group the awards of its theme: Safer Harrow has these four, and no award has two groups."""
    made = real("2011-12-Q2")
    names = {audience.group: audience.name for audience in reports.audiences(reference.load(REAL)) if audience.group}
    found = {group: list(reports.open_report("2011-12-Q2", REAL, made, name).latest("spend")["project"]) for group, name in names.items()}
    assert set(found["Safer Harrow"]) == {"Young People and Anti Social Behaviour", "Third Party Reporting Sites", "Alley Gating (Capital)", "Dangerous Dogs"}
    together = [project for projects in found.values() for project in projects]
    assert len(together) == len(set(together)) < 28


def test_frames_are_narrowed_as_copies(data: Path) -> None:
    """It leaves everybody's frames as they were."""
    made = report(data=data, **EVERYTHING).kept
    before = {name: frame.copy() for name, frame in made.items()}
    group.narrowed(dict(made), reference.load(data), "Safer Harrow")
    for name, frame in before.items():
        pd.testing.assert_frame_equal(made[name], frame)


# ---------------------------------------------------------------- who has a page


def yearly(quarter: str, data: Path = REAL, **rows: list[dict[str, object]]) -> bool:
    """Say whether the annual report is printed in a quarter."""
    return reports.has_something(report("annual-report", quarter, data, **rows))


def test_the_annual_report_is_printed_in_the_fourth_quarter_alone() -> None:
    """It prints the annual report in Q4, where there is anything, and in no other quarter."""
    found = {quarter: yearly(quarter, scores=[score("Build 5", "HG", quarter=quarter)]) for quarter in ("2016-17-Q1", "2016-17-Q2", "2016-17-Q3", "2016-17-Q4")}
    assert found == {"2016-17-Q1": False, "2016-17-Q2": False, "2016-17-Q3": False, "2016-17-Q4": True}
    assert not yearly("2016-17-Q4")


def test_an_audience_may_be_printed_in_several_quarters_of_the_year(tmp_path: Path) -> None:
    """It takes several quarters of the year, and every quarter where none is named."""
    rows = "audience,title,report,per_group,only_in,needs,sections\nhalf-year,Half,Half a year,no,Q2; Q4,returns,summary\nalways,Always,Always,no,,returns,summary\n"
    data = registers_in(tmp_path, audiences=rows)
    returns = [{"file": "r.csv"}]
    found = {
        (name, quarter): reports.has_something(report(name, quarter, data, returns=returns))
        for name in ("half-year", "always")
        for quarter in ("2016-17-Q1", "2016-17-Q2", "2016-17-Q4")
    }
    assert found == {("half-year", "2016-17-Q1"): False, ("half-year", "2016-17-Q2"): True, ("half-year", "2016-17-Q4"): True} | {
        ("always", quarter): True for quarter in ("2016-17-Q1", "2016-17-Q2", "2016-17-Q4")
    }


def test_a_group_has_a_page_for_measures_or_awards_of_its_own_alone(data: Path) -> None:
    """It prints a group's page where it has a measure or an award, also one that is reported late, and not for another's."""
    late = [AWARDS[0] | {"quarter": BEFORE}]
    found = {
        audience: [
            reports.has_something(report(audience, data=data, **rows))
            for rows in ({"scores": SCORES[:1]}, {"spend": AWARDS[:1]}, {"spend": late}, {"actions": ACTIONS})
        ]
        for audience in MINE
    }
    assert found == {SAFER: [True, True, True, False], COHESION: [False] * 4, ADULT: [False] * 4}


# ---------------------------------------------------------------- the order of the documents


def in_order(html: str, wanted: list[str]) -> bool:
    """Say whether sections stand on a page, in this order."""
    found = [name for name in sections(html) if name in wanted]
    return found == wanted


def full(quarter: str = NOW) -> dict[str, list[dict[str, object]]]:
    """Give something for every section of words."""
    told_of = [
        "achievement",
        "challenge",
        "recommendation",
        "priority",
        "renegotiation",
        "joint analysis group",
        "data quality",
        "risk",
        "decision",
        "variation",
        "progress",
        "agenda",
        "note",
    ]
    narrative = [told(name, "Safer Harrow", f"Of {name}", row, quarter) for row, name in enumerate(told_of, 2)] + [
        told("challenge", "Partnership", "Discuss", 40, quarter, for_discussion="Yes")
    ]
    return {"narrative": narrative, "actions": [{"file": "a.csv", "row": 2, "action": "Meet", "owner": "All"}]}


def test_the_morning_report_has_the_order_of_source_000() -> None:
    """It has actions, achievements, what is for discussion, the groups' challenges, priorities, the LAA, JAG, data quality and risk."""
    html = page(report("chief-executives", **full()))
    assert in_order(
        html,
        [
            "summary",
            "actions",
            "achievement",
            "for-discussion",
            "challenge",
            "recommendation",
            "priority",
            "renegotiation",
            "joint-analysis-group",
            "data-quality",
            "risk",
        ],
    )


def test_what_is_for_discussion_stands_apart_from_other_challenges() -> None:
    """It puts what is marked for discussion first, and not a second time among the challenges, as source 000 does."""
    html = page(report("chief-executives", **full()))
    assert ("Discuss" in words(section(html, "for-discussion")), "Discuss" in words(section(html, "challenge"))) == (True, False)
    assert ("Of challenge" in words(section(html, "for-discussion")), "Of challenge" in words(section(html, "challenge"))) == (False, True)


def test_an_audience_without_a_section_for_discussion_loses_no_challenge() -> None:
    """It shows marked challenges among the others where the audience has no section for them, marked as such."""
    shown = section(page(report("joint-analysis-group", **full())), "challenge")
    assert ("Discuss" in words(shown), "Of challenge" in words(shown), len(shown.select(".for-discussion"))) == (True, True, 1)


def test_the_board_report_has_the_order_of_source_001() -> None:
    """It has what is asked, spending, variations, progress, then agreements, milestones and outcome measures as appendices 1 to 4."""
    more = {
        "spend": AWARDS[:1],
        "agreement_states": [{"file": "a.csv", "row": 2, "project": "Cedars", "may_be_paid": "yes"}],
        "milestone_states": [{"file": "m.csv", "row": 2, "organisation": "CAB", "timescale": "July", "outcome": "Hired"}],
        "outcome_measures": [{"file": "o.csv", "row": 2, "number": "OM1", "outcome_measure": "Costs"}],
    }
    html = page(report("board", **full(), **more))
    assert in_order(html, ["summary", "decision", "spend", "variation", "progress", "agreements", "milestones", "outcome-measures", "agenda"])


STRATEGIC = {
    "scores": [score("Build 5", "HG", "81", row=2), score("Business 1", "A", "72", row=3), score("Protect 1", "HR", "63", row=4)],
    "exceptions": [challenge("Protect 1", "HR", 1, commentary="Working on it")],
    "narrative": [
        told("achievement", BUILD, "Five parks", 2),
        told("challenge", "", "Demand", 3),
        told("initiative", BUILD, "In place", 4, subject="Better Homes"),
        told("initiative", PROTECT, "", 5, subject="Care unit"),
        told("note", BUILD, "Note 5: in arrears", 6),
        told("note", BUILD, "The events are free", 7),
    ],
}


def test_the_strategic_report_has_the_order_of_source_002() -> None:
    """It has achievements, additional challenges, then each theme in the plan's order: actions, key challenges, scorecard, notes."""
    html = page(report("improvement-boards", **STRATEGIC))
    assert in_order(
        html,
        [
            "summary",
            "achievement",
            "challenge",
            "themes-1",
            "themes-2",
            "themes-3",
        ],
    )
    heads = {theme: [head.get_text() for head in section(html, name).find_all("h3")] for theme, name in ((BUILD, "themes-1"), (PROTECT, "themes-3"))}
    assert heads == {BUILD: ["Actions and progress", "Key challenges", "Scorecard", "Notes"], PROTECT: ["Actions and progress", "Key challenges", "Scorecard"]}


def test_each_theme_holds_its_own() -> None:
    """It puts each measure, challenge, action and note under its theme, once; a note of the scorecard stands under the scorecard."""
    html = page(report("improvement-boards", **STRATEGIC))
    build, protect = section(html, "themes-1"), section(html, "themes-3")
    assert [
        name in words(build) for name in ("Better Homes", "In place", "Measure Build 5", "None.", "The events are free", "Care unit", "Measure Protect 1")
    ] == [True] * 5 + [False] * 2
    assert [name in words(protect) for name in ("Care unit", "[x] nothing was reported", "Working on it", "Measure Protect 1", "Better Homes")] == [
        True
    ] * 4 + [False]
    assert (words(build).count("Note 5: in arrears"), "Note 5" in words(build.select_one(".theme-card .table-notes") or build)) == (1, True)


def test_a_theme_without_anything_has_no_section() -> None:
    """It gives sections to themes that have something, in the register's order, each with its own heading in the contents."""
    made = report("improvement-boards", scores=STRATEGIC["scores"][2:])
    assert [theme for theme, _ in themes.each(made)] == [PROTECT]
    html = page(made)
    assert [link.get_text() for link in read(html).select("nav.contents a") if "themes" in str(link["href"])] == [PROTECT]


@pytest.mark.parametrize("theme", ["Build a better Harrow", "Regeneration", ""])
@pytest.mark.parametrize("kind", ["initiative", "note"])
def test_words_under_no_theme_are_not_lost(kind: str, theme: str) -> None:
    """It shows an initiative or a note under a theme written as source 002 writes it, under another, and under none."""
    assert "Words to keep" in page(report("improvement-boards", narrative=[told(kind, theme, "Words to keep", subject="Action")]))


def test_a_theme_shown_by_itself_has_no_links() -> None:
    """It can be shown in a notebook as any other section."""
    shown = reports.show("themes", report("improvement-boards", **STRATEGIC))
    assert ("Better Homes" in shown, 'class="receipt"' in shown) == (True, False)


# ---------------------------------------------------------------- sections of a theme


def test_initiatives_of_all_themes_stand_under_their_names() -> None:
    """It shows every theme's actions in one table, each theme's under its name."""
    shown = telling.initiatives(report(**STRATEGIC))
    assert [words(found) for found in read(shown).select("tr.group th")] == [f"{BUILD} 1 row", f"{PROTECT} 1 row"]
    assert words(read(shown).caption) == "Actions and progress, Q2 2016/17"


def test_initiatives_without_themes_need_no_headings() -> None:
    """It shows plain rows where no initiative names a theme, and nothing where there is none."""
    assert read(telling.initiatives(report(narrative=[told("initiative", "", "Done", subject="Homes")]))).select("tr.group") == []
    assert telling.initiatives(report()) == ""


def test_key_challenges_of_a_theme_are_its_own() -> None:
    """It lists the theme's key challenges, says none where its measures have none, and nothing where it has no measures."""
    made = report(scores=STRATEGIC["scores"][1:], exceptions=[*STRATEGIC["exceptions"], challenge("Business 1", "A", 2) | {"key_challenge": False}])
    assert "Protect 1" in performance.challenges_of(made, PROTECT)
    assert [words(performance.challenges_of(made, theme)) for theme in (BUSINESS, BUILD)] == ["None.", ""]


def test_months_are_said_as_a_span() -> None:
    """It says the first and the last month, in whatever order they stand."""
    months = [
        {"file": "m.csv", "row": 2, "indicator": "Claims", "month": name, "value_raw": "5", "value": Decimal(5), "polarity": "lower"}
        for name in ("2009-12", "2009-09", "2009-10")
    ]
    assert performance.span_in_words(report(monthly=months)) == "between September 2009 and December 2009"


def test_a_scorecard_of_a_theme_counts_its_own() -> None:
    """It says how many of the theme's rated measures stand where, and shows nothing for a theme without measures."""
    made = report(scores=[*STRATEGIC["scores"], score("Build 13", "LR", "7", row=5), score("Build 16", "", "", row=6)])
    assert words(scorecard.of_theme(made, BUILD)).startswith("1 of 2 rated measures are green, 0 amber, 1 red; 1 not rated.")
    assert scorecard.of_theme(report(scores=SCORES[:1]), PROTECT) == ""


def test_the_key_of_a_scorecard_stands_once() -> None:
    """It explains the small charts once on a page of three scorecards."""
    html = page(of_sections(report(scores=SCORES), "scorecards"))
    assert html.count(str(scorecard.key())) == 1


# ---------------------------------------------------------------- signing off


def status(data: Path, **rows: list[dict[str, object]]) -> str:
    """Say how final a quarter is."""
    return sign_off.status(report(data=data, **rows))


RETURNS = [{"file": "p/scores.csv", "sha256": "ab12", "state": "received"}, {"file": "p/grant.csv", "sha256": "cd34", "state": "received"}]


def signed(folder: Path, *rows: str) -> Path:
    """Give registers with sign-offs: quarter, name, day and fingerprint a row; an equals sign stands for what the inputs are now."""
    data = folder if (folder / "reference").exists() else registers_in(folder)
    now = sign_off.inputs(report(data=data, returns=RETURNS))
    text = "quarter,signed_by,signed_on,inputs\n" + "".join(f"{row.replace('=', now)}\n" for row in rows)
    (data / "reference" / "sign_offs.csv").write_text(text, encoding="utf-8")
    return data


def test_a_report_is_a_draft_until_it_is_signed_off(tmp_path: Path) -> None:
    """It is a draft without a register, and with sign-offs of other quarters alone."""
    assert status(REAL, returns=RETURNS) == "Draft: not signed off"
    assert status(signed(tmp_path, "2016-17-Q1,Dal Babu,2016-08-01,="), returns=RETURNS) == "Draft: not signed off"


def test_a_report_is_final_when_somebody_signed_just_these_inputs(tmp_path: Path) -> None:
    """It is final by the name and the day of the sign-off; the register of sign-offs is no input of its own."""
    assert status(signed(tmp_path, f"{NOW},Dal Babu,2016-11-03,="), returns=RETURNS) == "Final: signed off by Dal Babu on 2016-11-03"


def test_the_newest_sign_off_counts(tmp_path: Path) -> None:
    """It goes by the latest day, in whatever order the rows stand."""
    data = signed(tmp_path, f"{NOW},Second,2016-12-01,=", f"{NOW},First,2016-11-03,00000000")
    assert status(data, returns=RETURNS) == "Final: signed off by Second on 2016-12-01"


CHANGES = {
    "a return that was mended": [RETURNS[0] | {"sha256": "ab13"}, RETURNS[1]],
    "a return that came": [*RETURNS, {"file": "p/late.csv", "sha256": "ef56"}],
    "a return that went": RETURNS[:1],
    "a return under another name": [RETURNS[0] | {"file": "p/other.csv"}, RETURNS[1]],
    "a return of another quarter": [RETURNS[0], RETURNS[1] | {"quarter": BEFORE}],
}


@pytest.mark.parametrize("rows", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_after_signing_makes_a_draft_again(rows: list[dict[str, object]], tmp_path: Path) -> None:
    """It is a draft, and says who signed what was before, where any return differs."""
    assert (
        status(signed(tmp_path, f"{NOW},Dal Babu,2016-11-03,="), returns=rows) == "Draft: returns or registers changed since Dal Babu signed off on 2016-11-03"
    )


@pytest.mark.parametrize("name", ["policies.csv", "partnership.toml", "audiences.csv"])
def test_a_register_that_changes_after_signing_makes_a_draft_again(name: str, tmp_path: Path) -> None:
    """It is a draft where any register but the sign-offs has another byte."""
    data = signed(tmp_path, f"{NOW},Dal Babu,2016-11-03,=")
    path = data / "reference" / name
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes() if path.suffix == ".csv" else path.read_bytes() + b"\n")
    assert status(data, returns=RETURNS).startswith("Draft: returns or registers changed")


def test_provisional_wins_over_every_sign_off(tmp_path: Path) -> None:
    """It is provisional while a problem holds figures back, whoever signed."""
    data = signed(tmp_path, f"{NOW},Dal Babu,2016-11-03,=")
    held = [{"file": "p/scores.csv", "severity": "fail"}, {"file": "p/scores.csv", "severity": "fail"}]
    assert status(data, returns=RETURNS, issues=held[:1]) == "Provisional: one problem holds figures back"
    assert status(data, returns=RETURNS, issues=held) == "Provisional: two problems hold figures back"


def test_returns_in_another_order_are_the_same_inputs() -> None:
    """It gives eight characters that do not depend on the order in which files were read."""
    found = {sign_off.inputs(report(returns=rows)) for rows in (RETURNS, RETURNS[::-1])}
    assert [bool(re.fullmatch("[0-9a-f]{8}", one)) for one in found] == [True]
    assert sign_off.inputs(report(quarter=BEFORE, returns=[row | {"quarter": NOW} for row in RETURNS])) not in found


SUPPRESSED = "audience,theme,measure_id,profile,why\n,,Build 13,suppress<10,small\nboard,,Build 13,none,theirs\n"
FEW = {"scores": [score("Build 13", "HR", "7", row=3)], "returns": RETURNS}


def test_a_return_with_a_small_number_cannot_change_unseen_after_signing(tmp_path: Path) -> None:
    """It notices a change of a return whose fingerprint may not be published."""
    data = registers_in(tmp_path, disclosure=SUPPRESSED)
    before = sign_off.inputs(report(data=data, **FEW))
    assert sign_off.inputs(report(data=data, **(FEW | {"returns": [RETURNS[0] | {"sha256": "ab13"}, RETURNS[1]]}))) != before


def test_every_page_of_a_quarter_is_as_final_as_the_others(tmp_path: Path) -> None:
    """It says the same of the page of an audience that may see more."""
    data = registers_in(tmp_path, disclosure=SUPPRESSED)
    assert len({sign_off.inputs(report(name, data=data, **FEW)) for name in ("joint-analysis-group", "board")}) == 1


def test_the_front_says_how_final_the_report_is(tmp_path: Path) -> None:
    """It says for whom, of how many returns, and the status, with names as text."""
    data = signed(tmp_path, f"{NOW},{SCRIPT},2016-11-03,=".replace('"', ""))
    shown = reports.front(report(data=data, returns=RETURNS))
    assert [words(found) for found in read(shown).find_all("dd")][1:] == [
        "Final: signed off by <script>alert(x)</script> on 2016-11-03",
        "two returns of Q2 2016/17",
    ]
    assert read(shown).find("script") is None


# ---------------------------------------------------------------- the index


def index(folder: Path, *made: str, data: Path = REAL, since: tuple[str, ...] = (), **rows: list[dict[str, object]]) -> str:
    """Give the index of a folder in which these pages were made."""
    for name in made:
        (folder / f"{name}.html").write_text("x" * 12_400, encoding="utf-8")
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data" / "scorecard.csv").write_text("a\n", encoding="utf-8")
    of = report(data=data, **rows)
    return index_page.index(of, reports.audiences(of.registers), set(made), folder, since)


def test_the_index_lists_reports_status_and_files(tmp_path: Path) -> None:
    """It links each page with its size, says how final, and links the files that are there and no others."""
    html = index(tmp_path, "board", "chief-executives", returns=RETURNS, scores=SCORES)
    rows = [[words(cell) for cell in row.find_all(["th", "td"])] for row in read(html).select("table.reports tbody tr")]
    assert rows == [
        ["Harrow Chief Executives", "Performance Morning Report", "12 KB"],
        ["Harrow Strategic Partnership Board", "Progress report to the Partnership Board", "12 KB"],
    ]
    assert words(read(html).find("dd")) == "Draft: not signed off"
    assert [str(link["href"]) for link in read(html).select("ul.files a")] == ["data/scorecard.csv"]
    assert "data-pack.xlsx" not in html
    (tmp_path / "data-pack.xlsx").write_bytes(b"x")
    assert 'href="data-pack.xlsx"' in index(tmp_path, "board")


def test_the_index_says_its_message_in_figures() -> None:
    """It says met of scored and reds, what is spent, and first what is held back."""
    found = index_page._message(report(scores=[*SCORES, score("Protect 2", "LR", row=5)], spend=AWARDS[:1], issues=[{"file": "a.csv", "severity": "fail"}]))
    assert (
        words(found)
        == "One problem in the returns holds figures back. 1 of 4 scored measures met their target, 2 are red. £8,000.00 of the £17,000.00 awarded is known to be spent."
    )
    assert index_page._message(report()) == ""


def test_the_index_names_who_has_nothing(tmp_path: Path) -> None:
    """It names each audience without a page, and the Management Groups together."""
    html = words(index(tmp_path, "board", "management-group-safer-harrow"))
    found = re.search(r"Nothing this quarter for (.*?)\. ", html)
    assert found
    assert found[1].startswith("Joint Analysis Group (Everything this quarter's returns say); Analysts (Data quality report); Harrow Chief Executives (")
    assert "Progress report" not in found[1]
    assert found[1].endswith(
        "the Management Groups Adult Health and Well-being, Children's Trust, Community Cohesion and Sustainable Development and Enterprise"
    )


def test_the_index_does_not_lead_to_a_page_apart(tmp_path: Path) -> None:
    """It neither links the page of a restricted audience nor says that it has nothing."""
    data = registers_in(tmp_path / "d", disclosure=SUPPRESSED)
    html = index(tmp_path, "board", "chief-executives", data=data)
    assert ('href="chief-executives.html"' in html, "board.html" in html, "Progress report" in html) == (True, False, False)


def test_the_index_tells_what_changed_since_the_last_run(tmp_path: Path) -> None:
    """It lists each sentence as text, and says so on a first run."""
    assert "first run" in words(section_of(index(tmp_path), "Since the last run that changed anything"))
    changed = section_of(index(tmp_path, since=("Build 5: 84 instead of 48.", SCRIPT)), "Since the last run that changed anything")
    assert [item.get_text() for item in changed.find_all("li")] == ["Build 5: 84 instead of 48.", SCRIPT]


SINCE = {  # what is told, and the list: an item, or what stands under it
    "one cause of several": (
        ["Build 5: LG. Cause: added (it is new).", "Build 6: 1 became 2. Cause: target (2).", "Build 5 actual: 15. Cause: added (it is new)."],
        [("Two differences with the same cause, added (it is new):", ["Build 5: LG.", "Build 5 actual: 15."]), ("Build 6: 1 became 2. Cause: target (2).", [])],
    ),
    "several causes": (["met: 7 became 9. One. Cause: a (1). Two. Cause: b (1)."] * 2 + ["Build 5: LG. Cause: b (1)."], None),
    "no cause": (["And two more differences: data/since_last_run.csv."], None),
    "not explained": (["Build 5: LG. Not explained. Cause: code."], None),
    "the same words twice": (["Build 5: LG.", "Build 5: LG."], None),
}


@pytest.mark.parametrize(("since", "expected"), SINCE.values(), ids=SINCE)
def test_the_index_says_a_cause_once(since: list[str], expected: list[tuple[str, list[str]]] | None, tmp_path: Path) -> None:
    """It puts what has one cause in common under it, where the first of it stood; what has several causes, or none, stays as it was."""
    changed = section_of(index(tmp_path, since=tuple(since)), "Since the last run that changed anything")
    items = changed.find("ul", class_="since-last").find_all("li", recursive=False)
    found = [(words(item.find(string=True)), [words(under) for under in item.find_all("li")]) for item in items]
    assert found == (expected or [(sentence, []) for sentence in since])


def section_of(html: str, heading: str) -> object:
    """Give the section of an index page under a heading."""
    return next(found for found in read(html).find_all("section") if found.h2.get_text() == heading)


def test_the_index_shows_the_fingerprint_to_sign(tmp_path: Path) -> None:
    """It shows the fingerprint that makes a report final when it is signed."""
    html = index(tmp_path, "board", returns=RETURNS)
    assert words(read(html).find("code")) == sign_off.inputs(report(returns=RETURNS))


def test_hostile_text_is_text_on_the_index(tmp_path: Path) -> None:
    """It escapes whoever signed, files, and what the register calls people."""
    rows = f"audience,title,report,per_group,only_in,needs,sections\njoint-analysis-group,{SCRIPT},{SCRIPT},no,,returns,summary\nother,{SCRIPT},{SCRIPT},no,,returns,summary\n".replace(
        '"', ""
    )
    data = signed(registers_in(tmp_path / "d", audiences=rows), f"{NOW},{SCRIPT},2016-11-03,=".replace('"', ""))
    html = index(tmp_path, "joint-analysis-group", data=data, returns=[*RETURNS, {"file": SCRIPT, "sha256": SCRIPT}])
    assert (read(html).find("script"), read(html).get_text().count("<script>alert(x)</script>") >= 4) == (None, True)


def test_an_audience_is_replaced_without_touching_the_report() -> None:
    """It keeps a report's figures whoever it is shown to."""
    one = report(scores=SCORES)
    assert replace(one, audience=replace(one.audience, title="Another")).now("scores").equals(one.now("scores"))


@pytest.mark.parametrize("name", ["Summary", "Receipts", "Content", "\u6559\u80b2", "Build & Grow"])
def test_a_theme_may_have_any_name(name: str, tmp_path: Path) -> None:
    """It gives the sections of themes ids of their own, whatever themes are called."""
    themes_ = f"theme,code,order\n{name},Build,1\nBuild grow,Business,2\n"
    narrative = [told("initiative", name, "In place", 2, subject="One"), told("initiative", "Build grow", "In place", 3, subject="Two")]
    heads = {of: (REAL / "reference" / f"{of}.csv").read_text(encoding="utf-8").splitlines()[0] + "\n" for of in ("measures", "adjustments", "comparators")}
    data = registers_in(tmp_path, themes=themes_, **heads)
    html = page(report("improvement-boards", data=data, narrative=narrative))
    ids = re.findall(r'<section id="([^"]*)"', html)
    assert "" not in ids
    assert len(ids) == len(set(ids))
    assert {"themes-1", "themes-2"} <= set(ids)


def test_each_scorecard_of_the_strategic_report_can_be_found_by_its_theme() -> None:
    """It wraps each theme's scorecard with the theme's name, and has one place for find and filter, before the first."""
    made = read(page(report("improvement-boards", **STRATEGIC)))
    assert [card["data-theme"] for card in made.select(".theme-card")] == [BUILD, BUSINESS, PROTECT]
    assert all(card.select("table.scorecard") for card in made.select(".theme-card"))
    assert len(made.select(".controls-here")) == 1
    assert made.select(".controls-here")[0].find_all_next(class_="theme-card")[0]["data-theme"] == BUILD
