"""Who is asked for what: by the register of returns owed and by who reported what; nothing is lost on the way."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from forms_by_hand import COUNCIL, HOMES, PARKS, POLICE, Q1, Q2, Q3, REAL, award, figure, made, measure, only, owed, read, real, registers, seen, texts, valued
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import examination
from analysis.reports.forms import Form, Unasked, asking, forms, parts
from analysis.vocabulary import Reason

Row = dict[str, Any]


def asked(found: list[Form], heading: str = "No", form: str = "performance") -> dict[str, dict[str, list[str]]]:
    """Give partner -> sheet -> what its rows are named by."""
    return {
        one.partner: {sheet.name: [row[sheet.headings.index(heading)].text for row in sheet.rows] for sheet in one.sheets if sheet.form == form}
        for one in found
    }


# ---------------------------------------------------------------- measures


def test_a_measure_goes_to_who_last_reported_it() -> None:
    """It follows the newest return: what the Council reported in Q1 and the Police in Q2 is asked of the Police."""
    known = registers(measures=[measure("Homes 1"), measure("Homes 2")], returns_owed=[owed(), owed(POLICE)])
    was = read([seen("Homes 1", quarter=Q1), seen("Homes 1", partner=POLICE), seen("Homes 2")])
    found, unasked = made(known, was)
    assert asked(found) == {COUNCIL: {"Return": ["2"]}, POLICE: {"Return": ["1"]}}
    assert unasked == []


def test_a_measure_that_nobody_reported_goes_to_who_reports_its_theme() -> None:
    """The Police report Parks, so that a new measure of Parks is theirs."""
    known = registers(measures=[measure("Homes 1"), measure("Parks 1", PARKS), measure("Parks 2", PARKS)], returns_owed=[owed(), owed(POLICE)])
    found, _ = made(known, read([seen("Homes 1"), seen("Parks 1", theme=PARKS, partner=POLICE)]))
    assert asked(found)[POLICE] == {"Return": ["1", "2"]}


def test_a_theme_that_the_register_moves_to_another_partner_is_asked_there() -> None:
    """It goes by the register where who last reported a theme owes another part only, and by the past where that partner still owes the theme or everything."""
    measures = [measure("Homes 1", HOMES), measure("Parks 1", PARKS)]
    was = read([seen("Homes 1", theme=HOMES), seen("Parks 1", theme=PARKS)])
    moved = registers(measures=measures, returns_owed=[owed(covers=HOMES), owed(POLICE, covers=PARKS)])
    assert asked(made(moved, was)[0]) == {COUNCIL: {"Return": ["1"]}, POLICE: {"Return": ["1"]}}
    shared = registers(measures=measures, returns_owed=[owed(), owed(POLICE, covers=PARKS)])
    found, unasked = made(shared, was)
    assert list(asked(found)) == [COUNCIL]
    assert unasked == [Unasked("return", f"{POLICE}: performance, {PARKS}", asking.NO_MEASURE)]


def test_a_measure_of_a_theme_that_nobody_reports_is_told_by_name() -> None:
    """Two partners owe returns and neither has reported its theme: nobody is asked, and that is said."""
    known = registers(measures=[measure("Homes 1"), measure("Parks 1", PARKS)], returns_owed=[owed(), owed(POLICE)])
    found, unasked = made(known, read([seen("Homes 1")]))
    assert asked(found) == {COUNCIL: {"Return": ["1"]}}
    assert unasked == [Unasked("measure", "Parks 1", asking.NOBODY_REPORTS), Unasked("return", f"{POLICE}: performance", asking.NO_MEASURE)]


def test_the_only_one_who_owes_is_asked_for_everything() -> None:
    """A partnership in its first quarter has no past to go by."""
    assert asked(made(registers(measures=[measure("Homes 1"), measure("Parks 1", PARKS)], returns_owed=[owed()]))[0]) == {COUNCIL: {"Return": ["1", "1"]}}


def test_parts_of_a_partners_returns_are_sheets() -> None:
    """A measure stands in the part that its last file was named for, whatever its theme is called, else in the one of its theme."""
    known = registers(
        measures=[measure("Homes 1", "Dwellings"), measure("Homes 2", "Dwellings"), measure("Parks 1", PARKS)],
        returns_owed=[owed(covers=PARKS), owed(covers=HOMES)],
    )
    was = read([seen("Homes 1", theme="Dwellings", file="council/q2-synthetic-homes.xlsx"), seen("Parks 1", theme=PARKS, file="council/all.xlsx")])
    assert asked(made(known, was)[0]) == {COUNCIL: {HOMES: ["1", "2"], PARKS: ["1"]}}


def test_a_part_that_is_not_owed_in_this_quarter_is_told_not_asked_elsewhere() -> None:
    """Parks are returned in Q2 and Q4: in Q3 its measure is in no form, and its name and why are said."""
    known = registers(measures=[measure("Homes 1"), measure("Parks 1", PARKS)], returns_owed=[owed(covers=HOMES), owed(covers=PARKS, reports_in="Q2 Q4")])
    was = read([seen("Homes 1", file="c/synthetic-homes.csv"), seen("Parks 1", theme=PARKS, file="c/synthetic-parks.csv")])
    found, unasked = made(known, was)
    assert asked(found) == {COUNCIL: {"Return": ["1"]}}
    assert unasked == [Unasked("measure", "Parks 1", f"{COUNCIL}, {PARKS} owes it in Q2 and Q4 only")]


def test_a_return_without_a_partner_is_whose_name_its_path_has() -> None:
    """It is matched as the register of returns owed matches it."""
    known = registers(measures=[measure("Homes 1")], returns_owed=[owed(), owed(POLICE)])
    found, _ = made(known, read([seen("Homes 1", partner="", file="the-synthetic-police/return.csv")]))
    assert asked(found) == {POLICE: {"Return": ["1"]}}


def test_what_came_for_the_quarter_itself_does_not_count() -> None:
    """A form can be written again after its return has come, and says the same."""
    known = registers(measures=[measure("Homes 1")], returns_owed=[owed()])
    before, after = read([seen("Homes 1", "84%")]), read([seen("Homes 1", "84%"), seen("Homes 1", "99%", "90%", quarter=Q3)])
    assert only(known, before).return_id == only(known, after).return_id


def test_a_partner_is_one_however_it_writes_its_name() -> None:
    """Two rows of the register that differ in case and punctuation make one form, under the first name."""
    known = registers(measures=[measure("Homes 1")], returns_owed=[owed("Children's Trust"), owed("Childrens Trust", form="narrative")])
    assert [(one.partner, one.name, len(one.sheets)) for one in made(known)[0]] == [("Children's Trust", "children-s-trust", 2)]


def test_each_deadline_is_said() -> None:
    """Two returns with days of their own are both named; 17 and 31 days after 31 December 2016."""
    known = registers(measures=[measure("Homes 1")], returns_owed=[owed(), owed(form="narrative", due_days="31")])
    assert only(known).due == "17 January 2017 (performance) and 31 January 2017 (narrative)"


def test_a_form_of_return_that_has_none_to_fill_in_is_told() -> None:
    """Monthly figures are sent as docs/forms.md shows: nobody gets a form of them, and that is said by name."""
    found, unasked = made(registers(measures=[measure("Homes 1")], returns_owed=[owed(form="monthly", covers="recession")]))
    assert found == []
    assert Unasked("return", f"{COUNCIL}: monthly, recession", asking.NO_FORM) in unasked
    assert Unasked("measure", "Homes 1", asking.NO_RETURN) in unasked


# ---------------------------------------------------------------- grant, milestones, reports


def spent(project: str, quarter: str = Q2, partner: str = COUNCIL, **money: str) -> Row:
    """Give what a return said of an award of Round 1; what it leaves out it does not ask for."""
    row: Row = {"quarter": quarter, "file": f"{partner}/grant.csv", "project": project, "round": "Round 1", "partner": partner}
    for name, typed in ({"award": "£1,000"} | money).items():
        row |= {key: value for key, value in figure(name, typed, Reason.UNKNOWN if typed == "?" else None).items() if not key.endswith(("_low", "_high"))}
    return row


GRANT = [
    "Project", "Total grant awarded", "Quarter 1 2016/17 (actuals)", "Quarter 2 2016/17 (actuals)", "Quarter 3 2016/17 (actuals)", "Quarter 4 2016/17 (forecast)",
    "Total spend to date", "Identified underspend", "Completed", "Note", "Check",
]  # fmt: skip


def test_an_award_shows_what_is_known_and_asks_for_the_rest() -> None:
    """Award and earlier quarters are filled in and locked where a figure was given; one that was not known, and what is new, is asked for."""
    known = registers(measures=[measure("Homes 1")], awards=[award("Alley")], returns_owed=[owed(form="grant spend")])
    was = read(
        awards=[spent("Alley", actual_q1="£20.00", actual_q2="?", forecast_q3="£300")],
        returns=[{"quarter": Q2, "file": f"{COUNCIL}/grant.csv", "partner": COUNCIL}],
    )
    form = only(known, was)
    (sheet,) = form.sheets
    (row,) = sheet.rows
    assert (sheet.name, sheet.headings, [value.text for _, value in sheet.header][:3]) == ("Grant", GRANT, [COUNCIL, "Q3 2016/17", "Round 1"])
    assert [cell.text for cell in row] == ["Alley", "£1,000", "£20.00", *[""] * 7, "Fill in every cell, or ? where it is not known"]
    assert [cell.to_fill for cell in row] == [False, False, False, *[True] * 7, False]
    assert row[4].prompt == "Spent in October to December 2016. The last forecast was £300. In pounds: £1,600.00. Where it is not known: ?"
    assert texts(valued(form)["Grant"])[0]["Check"] == "Fill in every cell, or ? where it is not known"


def test_figures_of_the_year_before_are_not_this_years() -> None:
    """What was spent in the first quarter of last year is not filled in for this one: it is asked for, and two quarters are forecast."""
    known = registers(measures=[measure("Homes 1")], awards=[award("Alley")], returns_owed=[owed(form="grant spend")])
    (sheet,) = only(known, read(awards=[spent("Alley", "2015-16-Q4", actual_q1="£20.00", forecast_q3="£30.00")]), Q2).sheets
    assert sheet.headings[2:6] == [*(f"Quarter {n} 2016/17 (actuals)" for n in (1, 2)), *(f"Quarter {n} 2016/17 (forecast)" for n in (3, 4))]
    assert [(cell.text, cell.to_fill) for cell in sheet.rows[0]][:5] == [("Alley", False), ("£1,000", False), *[("", True)] * 3]
    assert "£30.00" not in sheet.rows[0][4].prompt


def test_each_round_is_a_sheet() -> None:
    """A return names one round above its table, so that awards of two stand apart."""
    known = registers(measures=[measure("Homes 1")], awards=[award("Alley"), award("Gym", "Round 2")], returns_owed=[owed(form="grant spend")])
    assert asked(made(known)[0], "Project", "grant spend") == {COUNCIL: {"Grant Round 1": ["Alley"], "Grant Round 2": ["Gym"]}}


def test_awards_are_shared_among_who_reported_them() -> None:
    """Each is asked of who last reported it; one that nobody did, of who reports its round most; of a round that nobody reports, nobody."""
    awards = [award("A"), award("B"), award("C"), award("D"), award("E", "Round 9")]
    known = registers(measures=[measure("Homes 1")], awards=awards, returns_owed=[owed(form="grant spend"), owed(POLICE, form="grant spend")])
    rows = [spent("A"), spent("B", partner=POLICE), spent("C", partner=POLICE)]
    returns = [{"quarter": Q2, "file": f"{who}/grant.csv", "partner": who} for who in (COUNCIL, POLICE)]
    found, unasked = made(known, read(awards=rows, returns=returns))
    assert asked(found, "Project", "grant spend") == {COUNCIL: {"Grant": ["A"]}, POLICE: {"Grant": ["B", "C", "D"]}}
    assert Unasked("award", "E (Round 9)", asking.NOBODY_REPORTS) in unasked


def test_milestones_are_those_of_the_newest_return_with_room_for_more() -> None:
    """What was agreed is locked, its RAG is asked for with the last one told; ten rows more are open."""
    about = {"organisation": "CAB", "timescale": "March 2017", "outcome": "Six volunteers", "file": f"{COUNCIL}/milestones.csv"}
    rows = [about | {"quarter": Q1, "rag": "Red", "row": 3}, about | {"quarter": Q2, "rag": "Amber", "row": 3}]
    known = registers(measures=[measure("Homes 1")], returns_owed=[owed(form="milestones")])
    returns = [{"quarter": of, "file": about["file"], "partner": COUNCIL} for of in (Q1, Q2)]
    (sheet,) = only(known, read(milestones=rows, returns=returns)).sheets
    assert sheet.headings == ["Organisation", "Timescale", "Outcome", "RAG", "Check"]
    first, *more = sheet.rows
    assert [(cell.text, cell.to_fill) for cell in first[:4]] == [("CAB", False), ("March 2017", False), ("Six volunteers", False), ("", True)]
    assert first[3].prompt == "How it stands: Done, Green, Amber or Red. Last time: Amber."
    assert first[4].text == "Choose a RAG"
    assert len(more) == 10
    assert all(cell.to_fill for row in more for cell in row[:4])


def test_milestones_of_another_partner_are_not_asked() -> None:
    """Two partners owe milestones: each gets its own."""
    rows = [{"organisation": who, "outcome": "One", "quarter": Q2, "file": f"{who}/m.csv", "row": 2} for who in (COUNCIL, POLICE)]
    known = registers(measures=[measure("Homes 1")], returns_owed=[owed(form="milestones"), owed(POLICE, form="milestones")])
    found, _ = made(known, read(milestones=rows, returns=[{"quarter": Q2, "file": f"{who}/m.csv", "partner": who} for who in (COUNCIL, POLICE)]))
    assert {who: sheets["Milestones"][0] for who, sheets in asked(found, "Organisation", "milestones").items()} == {COUNCIL: COUNCIL, POLICE: POLICE}


MILESTONE = {"organisation": "CAB", "timescale": "March 2017", "outcome": "Six volunteers", "quarter": Q2, "file": f"{COUNCIL}/milestones.csv", "row": 3}


@pytest.mark.parametrize(
    ("owing", "why"),
    [
        pytest.param([], asking.NO_RETURN, id="no return of milestones is owed"),
        pytest.param([owed(POLICE, form="milestones"), owed("The SYNTHETIC Trust", form="milestones")], asking.NOBODY_REPORTS, id="others owe them"),
        pytest.param([owed(form="milestones", reports_in="Q2 Q4")], f"{COUNCIL} owes it in Q2 and Q4 only", id="they are owed in another quarter"),
        pytest.param([owed(form="milestones", until_quarter=Q2)], asking.NO_RETURN, id="they were owed until the quarter before"),
    ],
)
def test_a_milestone_that_nobody_is_asked_for_is_told_by_name(owing: list[Row], why: str) -> None:
    """It was reported before and stands in no form of the quarter: its organisation, its outcome and why are said."""
    known = registers(measures=[measure("Homes 1")], returns_owed=[owed(), *owing])
    returns = [{"quarter": Q2, "file": MILESTONE["file"], "partner": COUNCIL}]
    found, unasked = made(known, read(milestones=[MILESTONE], returns=returns))
    assert [one for one in unasked if one.what == "milestone"] == [Unasked("milestone", "CAB: Six volunteers", why)]
    assert "Six volunteers" not in [text for sheets in asked(found, "Outcome", "milestones").values() for rows in sheets.values() for text in rows]


def test_a_milestone_that_is_asked_for_is_not_told() -> None:
    """Each that was last reported is in a form or among those that nobody is asked for, and in one of the two."""
    rows = [MILESTONE, MILESTONE | {"outcome": "Two vans", "file": "elsewhere/m.csv", "row": 4}, MILESTONE | {"outcome": "Long ago", "quarter": Q1}]
    known = registers(measures=[measure("Homes 1")], returns_owed=[owed(form="milestones"), owed(POLICE, form="milestones")])
    returns = [{"quarter": row["quarter"], "file": row["file"], "partner": "Somebody who left" if "else" in row["file"] else COUNCIL} for row in rows]
    found, unasked = made(known, read(milestones=rows, returns=returns))
    assert [sheets["Milestones"][0] for sheets in asked(found, "Outcome", "milestones").values()] == ["Six volunteers", ""]
    assert [one for one in unasked if one.what == "milestone"] == [Unasked("milestone", "CAB: Two vans", asking.NOBODY_REPORTS)]


def test_a_report_in_words_has_its_headings_and_open_rows() -> None:
    """Section, group, subject, text and whether it is for discussion are open; a row that is not used says so."""
    (sheet,) = only(registers(measures=[measure("Homes 1")], returns_owed=[owed(form="narrative")])).sheets
    assert (sheet.name, sheet.headings) == ("Report", ["Section", "Group or theme", "Subject", "Text", "For discussion", "Check"])
    assert {tuple((cell.text, cell.to_fill) for cell in row) for row in sheet.rows} == {(*[("", True)] * 5, ("Not used", False))}


# ---------------------------------------------------------------- nothing is lost

THEMES, PARTNERS = (HOMES, PARKS), (COUNCIL, POLICE, "The SYNTHETIC Trust")
PERFORMANCE = st.builds(
    lambda partner, covers, season: owed(partner, covers=covers, reports_in=season),
    st.sampled_from(PARTNERS),
    st.sampled_from(("", *THEMES)),
    st.sampled_from(("", "Q2 Q4")),
)


@settings(max_examples=60, deadline=None)
@given(
    themes=st.lists(st.sampled_from(THEMES), min_size=1, max_size=8),
    returns=st.lists(PERFORMANCE, max_size=5, unique_by=lambda row: (row["partner"], row["covers"])),
    reported=st.dictionaries(st.integers(0, 7), st.sampled_from(("", *PARTNERS, "Somebody who left")), max_size=8),
)
def test_every_measure_is_in_exactly_one_form_or_is_told(themes: list[str], returns: list[Row], reported: dict[int, str]) -> None:
    """Whoever owes what and whoever reported what, each measure of the register stands once: in a form, or among those that nobody is asked for."""
    measures = [measure(f"Measure {place}", theme) for place, theme in enumerate(themes)]
    was = [seen(f"Measure {at}", theme=themes[at], partner=who, file=f"{who or 'nobody'}/r.csv") for at, who in reported.items() if at < len(themes)]
    found, unasked = made(registers(measures=measures, returns_owed=returns), read(was))
    in_forms = [f"Measure {number}" for sheets in asked(found).values() for numbers in sheets.values() for number in numbers]
    told = [one.name for one in unasked if one.what == "measure"]
    assert Counter(in_forms + told) == Counter(row["measure_id"] for row in measures)
    assert all(one.sheets for one in found)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=6))
def test_names_of_sheets_are_what_a_spreadsheet_takes(wanted: list[str]) -> None:
    """Whatever parts of returns are called, sheets have names of 1 to 31 characters, without those that are refused, no two alike."""
    found = parts.sheet_names(wanted)
    assert len({name.casefold() for name in found}) == len(wanted)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") and name.strip("'") == name for name in found)
    assert {"instructions", "lists", "history"}.isdisjoint(name.casefold() for name in found)


# ---------------------------------------------------------------- the real partnership


@pytest.fixture(scope="module")
def council() -> Form:
    """Give Harrow Council's form for Q3 2016/17, the quarter after the last that it returned."""
    known = real()
    (form,), _ = forms(examination.as_read(REAL, (Q2, Q1, "2015-16-Q2"), known), known, Q3)
    return form


def test_the_real_form_asks_for_the_83_measures_of_the_three_scorecards(council: Form) -> None:
    """It has a sheet for each theme, 44, 25 and 14 measures, and one for the summary of achievement (source document 002)."""
    assert [(sheet.name, sheet.about) for sheet in council.sheets] == [
        ("Build a Better Harrow", "44 measures"), ("More Business-like", "25 measures"), ("Protect the Most Vulnerable", "14 measures"),
        ("Report", "room for a report in words: Summary of achievement"),
    ]  # fmt: skip
    assert [len(sheet.rows) for sheet in council.sheets[:3]] == [44, 25, 14]


PRINTED = {  # number -> last figure and target, as the scorecards of Q2 2016/17 print them (source document 002); Build 5 had 90% in Q1, so it is asked
    "Build a Better Harrow": {"5": ("97.8%", ""), "65": ("0.98", "0.9-1.1"), "60": ("2.17%", "3%")},
    "More Business-like": {"3": ("12%", "13-15%"), "13": ("02:31", "01:30"), "20": ("-18%", "-20%")},
    "Protect the Most Vulnerable": {"3": ("43.3% (58/134)", "Year on year reduction"), "2": ("9", "BL"), "12": ("5.33 (26th)", "12th to 20th in London")},
}


@pytest.mark.parametrize("name", PRINTED)
def test_the_real_form_shows_what_was_printed(name: str, council: Form) -> None:
    """Last figures and targets are those of the last scorecard, as they were typed; a target that changed within the year is asked for."""
    (sheet,) = [sheet for sheet in council.sheets if sheet.name == name]
    rows = {row[1].text: dict(zip(sheet.headings, (cell.text for cell in row), strict=True)) for row in sheet.rows}
    shown = {number: (rows[number]["Last figure"], rows[number]["Target"]) for number in PRINTED[name]}
    assert shown == {number: (f"{last} (Q2 2016/17)", target) for number, (last, target) in PRINTED[name].items()}


def test_the_real_partnership_team_is_asked_for_28_awards() -> None:
    """Nobody owes a return of spending for Q2 2011/12: who owes milestones and agreements is asked for the awards, with what Q1 said of them."""
    known = real()
    (form,), unasked = forms(examination.as_read(REAL, ("2011-12-Q1",), known), known, "2011-12-Q2")
    (grant, _) = form.sheets
    assert (form.partner, form.due, grant.about, len(grant.rows)) == ("Partnership team", "17 October 2011", "28 awards of Round 1", 28)
    assert [cell.text for cell in grant.rows[0]][:3] == ["Children's Health", "£75,000", "£2,210.99"]
    assert Counter((one.what, one.why) for one in unasked) == {("measure", asking.NO_RETURN): 83, ("return", asking.NO_FORM): 1}
