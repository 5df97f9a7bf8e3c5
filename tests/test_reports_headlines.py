"""Headlines: what a summary quotes is counted and summed once, from figures that can be named, and said as it was counted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from reports_by_hand import BEFORE, NOW, REAL, SCRIPT, award, challenge, month, of_sections, page, read, real, registers_in, report, score, told, words

from analysis import frames, reports
from analysis.reports import headlines, summary, wording
from analysis.vocabulary import Agreement

MEASURES = [
    score("Build 5", "HG", row=2, direction_short="better"),
    score("Build 13", "LG", row=3, direction_short="better"),
    score("Build 16", "G", row=4, direction_short="no change"),
    score("Business 1", "A", row=5, direction_short="worse"),
    score("Business 3", "LR", row=6, direction_short="worse", agreement="differs"),
    score("Protect 1", "HR", row=7, direction_short="better", agreement=str(Agreement.ROUNDING)),
    score("Protect 2", "", "", row=8, direction_short="unknown"),
    score("Build 5", "HG", row=2, quarter=BEFORE),
    score("Build 13", "HR", row=3, quarter=BEFORE),
    score("Build 16", "", "", row=4, quarter=BEFORE),
]
"""Seven measures: six scored, three green, one amber, two red; the quarter before two scored, one green."""
AWARDS = [
    award("Alley Gating (Capital)", "17000.00", "8000.00", "short", row=2, difference=Decimal(9000)),
    award("Green Gyms (Capital)", "23000.50", None, "cannot be checked", row=3),
    award("Arts Centre (Capital)", "25000.00", "15328.72", "balances", row=4, difference=Decimal(0)),
    award("Dangerous Dogs", "13000.00", "13000.01", "over", row=5, difference=Decimal("-0.01")),
    award("Resilience Programme", "50000.00", "49936.00", "double counted", row=6, difference=Decimal(-49936)),
]


def shown(of: reports.Report) -> dict[str, str]:
    """Give each headline as it is shown."""
    found = headlines.headlines(of)
    return dict(zip(found["name"], found["shown"], strict=True))


def test_measures_are_counted_by_hand() -> None:
    """It counts measures by what they have: a band, a green, an amber, a red, none, and which way they went."""
    found = shown(
        report(
            scores=MEASURES,
            exceptions=[challenge("Protect 1", "HR", 1), challenge("Business 3", "LR", 2), challenge("Build 5", "HG", 3) | {"key_challenge": False}],
        )
    )
    assert found == {
        "measures": "7", "scored": "6", "met": "3", "amber": "1", "red": "2", "not-scored": "1", "better": "3", "worse": "2",
        "scored-before": "2", "met-before": "1", "challenges": "2", "differ": "2",
    }  # fmt: skip


def test_a_headline_names_every_figure_it_counted() -> None:
    """It names the actual of each measure that it counted, and no other."""
    found = headlines.by_name(report(scores=MEASURES))
    assert found["met"]["made_of"] == f"{NOW}.build-5/actual {NOW}.build-13/actual {NOW}.build-16/actual"
    assert found["red"]["made_of"] == f"{NOW}.business-3/actual {NOW}.protect-1/actual"
    assert found["met-before"]["made_of"] == f"{BEFORE}.build-5/actual"
    assert found["not-scored"]["made_of"] == f"{NOW}.protect-2/actual"


def test_without_measures_nothing_is_counted_as_none() -> None:
    """It gives no headline of measures or awards where there are none, rather than noughts."""
    assert headlines.headlines(report()).empty


def test_without_the_quarter_before_nothing_is_said_of_it() -> None:
    """It compares with nothing where nothing could be scored the quarter before."""
    assert not {"scored-before", "met-before"} & set(shown(report(scores=[*MEASURES[:7], MEASURES[9]])))


def test_awards_are_summed_to_the_penny_and_what_is_unknown_stays_apart() -> None:
    """It sums what is known, 8,000.00 + 15,328.72 + 13,000.01 + 49,936.00; the unknown is at most its award, 23,000.50 more."""
    found = headlines.by_name(report(spend=AWARDS))
    assert {name: row["value"] for name, row in found.items()} == {
        "awarded": Decimal("128000.50"), "spent": Decimal("86264.73"), "spent-at-most": Decimal("109265.23"),
        "awards": 5, "balance": 1, "unchecked": 1, "wrong": 3,
    }  # fmt: skip
    assert (found["spent"]["shown"], found["spent-at-most"]["shown"]) == ("£86,264.73", "£109,265.23")
    assert f"{NOW}.award.round-1-green-gyms-capital/total_to_date" not in found["spent"]["made_of"].split()
    assert len(found["spent"]["made_of"].split()) == 4
    assert "the 4 that state it" in found["spent"]["how"]


def test_a_sum_that_is_wholly_known_has_no_at_most() -> None:
    """It says at most only where something is not known."""
    assert "spent-at-most" not in shown(report(spend=[AWARDS[0], AWARDS[2]]))


def test_nobody_can_say_at_most_where_the_award_itself_is_not_known() -> None:
    """It leaves the upper bound out where one cannot be had."""
    lost = award("Green Gyms (Capital)", "0", None, "cannot be checked") | {"award": None, "award_reason": "not given", "award_raw": "?"}
    found = shown(report(spend=[lost, *AWARDS[2:3]]))
    assert "spent-at-most" not in found
    assert (found["awarded"], found["spent"], found["awards"]) == ("£25,000.00", "£15,328.72", "2")


def test_grant_that_is_reported_late_is_dated_by_its_own_quarter() -> None:
    """It takes the quarter before where the quarter has no grant return, and says so."""
    found = headlines.by_name(report(spend=[row | {"quarter": BEFORE, "figure_id": row["figure_id"].replace(NOW, BEFORE)} for row in AWARDS]))
    assert found["spent"]["what"] == "Grant known to be spent, Q1 2016/17"
    assert found["spent"]["figure_id"] == f"{NOW}.headline.spent"


def test_undertakings_and_indicators_are_counted() -> None:
    """It counts agreements that may not be paid, milestones due, and indicators that moved the good way."""
    months = [
        month("Claims", "2016-08", "431", "B2"),
        month("Claims", "2016-09", "362", "C2"),
        month("Empty", "2016-08", "809", "B3"),
        month("Empty", "2016-09", "813", "C3"),
    ]
    agreements = [{"file": "a.csv", "row": n, "project": f"P{n}", "may_be_paid": pay} for n, pay in enumerate(["no", "yes", "no"], 2)]
    milestones = [{"file": "m.csv", "row": n, "overdue": late} for n, late in enumerate([True, False, True, True], 2)]
    found = shown(report(monthly=months, agreement_states=agreements, milestone_states=milestones))
    assert found == {"agreements": "3", "unsigned": "2", "overdue": "3", "indicators": "2", "good-way": "1"}


def test_a_groups_headlines_have_ids_of_their_own(tmp_path: Any) -> None:
    """It never gives two different counts one id: a Management Group's are its own."""
    data = registers_in(tmp_path, groups="group,slug,aliases,themes\nSafer Harrow,safer-harrow,,Build a Better Harrow\n")
    own, everyone = report("management-group-safer-harrow", data=data, scores=MEASURES), report(data=data, scores=MEASURES)
    assert (shown(own)["measures"], shown(everyone)["measures"]) == ("3", "7")
    assert set(headlines.headlines(own)["figure_id"]) & set(headlines.headlines(everyone)["figure_id"]) == set()
    assert headlines.by_name(own)["met"]["figure_id"] == f"{NOW}.headline.safer-harrow.met"


def test_headlines_keep_their_contract() -> None:
    """It gives exact values and one row an id."""
    frames.check(headlines.headlines(report(scores=MEASURES, spend=AWARDS)), frames.HEADLINES)


# ---------------------------------------------------------------- the real quarters


def test_the_real_scorecards_are_counted_as_source_002_prints_them() -> None:
    """It counts 83 measures of Q2 2016/17: 56 scored, 34 met, 9 amber, 13 red, 27 not scored, 19 key challenges, 2 apart from print."""
    found = shown(reports.open_report(NOW, REAL, real(NOW)))
    wanted = {"measures": "83", "scored": "56", "met": "34", "amber": "9", "red": "13", "not-scored": "27", "challenges": "19", "differ": "2"}
    assert wanted.items() <= found.items()


def test_the_real_grant_is_summed_as_source_001_prints_it() -> None:
    """It sums round 1 as at Q1 2011/12: 28 awards, £576,325.62 known to be spent, £886,325.62 at most, four that do not add up."""
    found = shown(reports.open_report("2011-12-Q2", REAL, real("2011-12-Q2")))
    wanted = {
        "awards": "28",
        "awarded": "£1,601,978.97",
        "spent": "£576,325.62",
        "spent-at-most": "£886,325.62",
        "balance": "13",
        "unchecked": "11",
        "wrong": "4",
    }
    assert wanted.items() <= found.items()


def test_the_real_agreements_are_counted_as_source_001_prints_them() -> None:
    """It counts the seven agreements of round 2, of which two, Circles of Support and Top 50 Families, are not signed."""
    found = shown(reports.open_report("2011-12-Q2", REAL, real("2011-12-Q2")))
    assert (found["agreements"], found["unsigned"]) == ("7", "2")


# ---------------------------------------------------------------- the summary


def lead(of: reports.Report) -> str:
    """Give the message of a summary."""
    return words(read(summary.summary(of)).find("p", class_="lead"))


CHALLENGES = [challenge("Protect 1", "HR", 1), challenge("Business 3", "LR", 2)]


def test_the_message_says_what_was_counted() -> None:
    """It says met of scored, against the quarter before, reds, what needs attention, which way, and what cannot be scored."""
    assert lead(report(scores=MEASURES, exceptions=CHALLENGES)) == (
        "3 of 6 measures that can be scored met their target, against 1 of 2 in Q1 2016/17; 2 are red. 2 need attention. "
        "Since Q1 2016/17, 3 got better and 2 worse. 1 more cannot be scored: they have no target, no figure yet, or a rule that needs one."
    )


ALONE = {
    "one measure that met its target": ([score("Build 5", "HG")], "1 of 1 measure met its target; none are red."),
    "one red": ([score("Build 5", "HG"), score("Build 13", "HR", row=3)], "1 of 2 measures that can be scored met their target; 1 is red."),
    "none that can be scored": ([score("Build 5", "", "")], "None of the 1 measures can be scored."),
}


@pytest.mark.parametrize(("rows", "said"), ALONE.values(), ids=ALONE)
def test_small_counts_are_said_in_good_grammar(rows: list[dict[str, Any]], said: str) -> None:
    """It agrees verbs with their numbers."""
    assert lead(report(scores=rows)).startswith(said)


def test_the_message_of_awards_says_known_of_awarded() -> None:
    """It says what is known to be spent of what was awarded, and how many do not add up."""
    assert lead(report(spend=AWARDS)) == "£86,264.73 of the £128,000.50 awarded is known to be spent. Three of 5 awards do not add up."


def test_no_award_out_of_balance_is_not_mentioned() -> None:
    """It is silent of awards that do not add up where all do."""
    assert lead(report(spend=AWARDS[2:3])) == "£15,328.72 of the £25,000.00 awarded is known to be spent."


def test_what_is_held_back_is_said_first() -> None:
    """It begins with the problems that hold figures back, and names the first file."""
    issues = [{"file": "p/a.csv", "severity": "fail"}, {"file": "p/b.csv", "severity": "fail"}, {"file": "p/c.csv", "severity": "advisory"}]
    assert lead(report(scores=MEASURES, issues=issues)).startswith(
        "This report is provisional: two problems in the returns hold figures back, the first in p/a.csv. 3 of 6"
    )


def test_a_quarter_without_figures_still_says_something() -> None:
    """It says how many returns came where there is nothing else."""
    assert lead(report(returns=[{"file": "r.csv", "state": "received"}])) == "One return came for Q2 2016/17."


def test_challenges_for_discussion_are_counted() -> None:
    """It counts what is marked for discussion, however it is written, and nothing else."""
    rows = [
        told("challenge", "Safer Harrow", row=2, for_discussion="Yes"),
        told("challenge", row=3, for_discussion="YES"),
        told("challenge", row=4, for_discussion="No"),
    ]
    assert lead(report("chief-executives", narrative=rows)) == "Two challenges for discussion."


TITLES = {
    "Business 3": "% of 3rd party contract spend placed with local organisations",
    "Business 1": "Reduction in vacancy rates in Harrow Town Centre",
}
ABSENT = [{"what": "measure", "name": f"{name}: {TITLES[name]}", "quarter": NOW, "state": "no row that can be used"} for name in ("Business 1", "Business 3")]
OTHER = {"what": "measure", "name": "Build 23: Residential burglaries", "quarter": NOW, "state": "no row that can be used"}
OF_BUILD = [row for row in MEASURES if row["measure_id"].startswith("Build")]


def test_measures_that_nothing_was_returned_for_are_counted_apart() -> None:
    """It says how many measures are asked for and have no row, by theme; they are in no other count."""
    of = report(scores=OF_BUILD, missing=ABSENT)
    assert lead(of).endswith("2 more are asked for, and nothing that can be used was returned: Be More Business-like and Business Friendly (2).")
    assert (shown(of)["absent"], shown(of)["measures"]) == ("2", "3")
    assert headlines.by_name(of)["absent"]["how"] == "due in the quarter, with no row that can be used: Business 1, Business 3"
    assert "absent" not in shown(report(scores=OF_BUILD))


def test_where_every_measure_is_without_a_row_the_message_says_so() -> None:
    """It counts them though there is nothing to score, which is not the same as that nothing was asked for."""
    of = report(missing=ABSENT[:1])
    assert lead(of) == "1 measure is asked for, and nothing that can be used was returned: Be More Business-like and Business Friendly (1)."
    assert shown(of) == {"absent": "1"}


def test_a_gap_of_another_kind_is_no_measure_without_a_row() -> None:
    """It counts what has no row at all: neither a blank, nor a row of another quarter, nor data that the partnership misses."""
    others = [ABSENT[0] | {"state": "no actual, and no word for why"}, ABSENT[0] | {"quarter": BEFORE}, ABSENT[0] | {"what": "data"}]
    assert "absent" not in shown(report(scores=OF_BUILD, missing=others))


def test_a_theme_that_nothing_was_returned_for_stands_in_the_glance() -> None:
    """It shows the theme with how many of its measures have no row, and none of none that met their target."""
    rows = read(summary.summary(report(scores=OF_BUILD, missing=ABSENT))).select("table.glance tbody tr")
    assert [words(row) for row in rows][1] == "Be More Business-like and Business Friendly 2 without a row 0 of 0"
    assert "without a row" not in words(rows[0])


def test_a_theme_that_nothing_was_returned_for_is_named_among_the_scorecards() -> None:
    """It names its measures where its table would stand, and beside the table of a theme that has others."""
    html = reports.show("scorecards", report(scores=[*OF_BUILD, score("Business 1", "A", row=5)], missing=ABSENT[1:]))
    assert "Nothing that can be used was returned for Business 3: % of 3rd party contract spend placed with local organisations." in words(read(html))
    alone = read(reports.show("scorecards", report(scores=OF_BUILD, missing=ABSENT)))
    card = alone.find("div", attrs={"data-theme": "Be More Business-like and Business Friendly"})
    assert words(card).endswith(
        "Nothing that can be used was returned for Business 1: Reduction in vacancy rates in Harrow Town Centre and "
        "Business 3: % of 3rd party contract spend placed with local organisations."
    )


@pytest.mark.parametrize(("quarter", "there"), [("2016-17-Q4", True), (NOW, False)])
def test_an_annual_measure_is_shown_in_its_quarter_whatever_it_says(quarter: str, there: bool, tmp_path: Any) -> None:
    """It shows an annual measure without a figure in the quarter in which it reports, and leaves it out, by name, in others."""
    register = (REAL / "reference" / "measures.csv").read_text(
        encoding="utf-8"
    ) + "Build 999,Build a Better Harrow,999,Litter,higher,percent,annual,,,,five-band,no,made up\n"
    row = score("Build 999", "", "No survey this qtr", quarter=quarter, kind="annual", measure="Litter") | {"actual_reason": "no survey this quarter"}
    of = report(quarter=quarter, data=registers_in(tmp_path, measures=register), scores=[row, score("Build 6", "G", row=3, quarter=quarter)])
    told = words(read(reports.show("scorecards", of)))
    assert "Litter" in told
    assert ("Not shown here: Litter" not in told) == there


def test_what_has_not_come_is_named() -> None:
    """It names gaps of this quarter and the one before, and no older."""
    gaps = [
        {"what": "return", "name": "The Souk", "quarter": BEFORE, "state": "x"},
        {"what": "data", "name": "NI 32", "quarter": NOW, "state": "x"},
        {"what": "data", "name": "NI 7", "quarter": "2015-16-Q2", "state": "x"},
        {"what": "measure", "name": "Build 5", "quarter": NOW, "state": "x"},
    ]
    assert lead(report(scores=MEASURES, missing=gaps)).endswith("Not received: The Souk, NI 32.")


def test_tiles_show_figures_that_open_their_receipts() -> None:
    """It shows at most four tiles, each number a link to a receipt that stands on the page."""
    html = page(of_sections(report(scores=MEASURES, exceptions=CHALLENGES, spend=AWARDS), "summary", "themes", "spend", "receipts"))
    tiles = read(html).select(".tile")
    assert [words(tile.select_one(".label")) for tile in tiles] == ["Met their target", "Need attention", "Cannot be scored", "Differ from print"]
    assert [words(tile.select_one(".number")) for tile in tiles] == ["3 of 6 scored", "2 measures", "1 of 7", "2 bands"]
    for link in read(html).select(".tile a.receipt"):
        assert read(html).find(id=str(link["href"])[1:]) is not None


def test_tiles_of_awards_show_what_is_unknown() -> None:
    """It says at most beside known, and draws known, unknown and unspent."""
    (spent, awarded, balance) = read(summary.summary(report(spend=AWARDS))).select(".tile")
    assert (words(spent.select_one(".number")), words(spent.select_one(".line"))) == ("£86,264.73", "at most £109,265.23; dashed is not known")
    assert (words(awarded.select_one(".number")), words(awarded.select_one(".line"))) == ("£128,000.50", "5 awards, Q2 2016/17")
    assert (words(balance.select_one(".number")), words(balance.select_one(".line"))) == ("1 of 5 awards", "3 do not, 1 cannot be checked")
    assert len(spent.select("svg rect")) == 3


def test_a_tile_has_its_bar_between_number_and_line() -> None:
    """It shows label, number, bar, line, and text as text."""
    made = wording.tile("Met", "3", "of <6>", "one amber", wording.Html("<svg></svg>"))
    assert (
        str(made) == '<div class="tile"><p class="label">Met</p><p class="number">3 <span>of &lt;6&gt;</span></p><svg></svg><p class="line">one amber</p></div>'
    )


@pytest.mark.parametrize("cards", ["scorecards", "themes"])
def test_marks_that_are_not_green_lead_to_their_rows(cards: str) -> None:
    """It links amber and red marks, worst first, each to a row of the page, whether scorecards stand together or by theme."""
    html = page(of_sections(report(scores=MEASURES), "summary", cards, "receipts"))
    links = [str(link["href"])[1:] for link in read(html).select("table.glance a")]
    assert links == ["2016-17-q2-business-3", "2016-17-q2-business-1", "2016-17-q2-protect-1"]
    assert all(len(read(html).find_all(id=link)) == 1 for link in links)


def test_the_glance_says_met_of_scored_by_theme() -> None:
    """It counts greens of those scored in each theme: 3 of 3, 0 of 2, 0 of 1."""
    rows = read(summary.summary(report(scores=MEASURES))).select("table.glance tbody tr")
    assert [row.find_all("td")[-1].get_text() for row in rows] == ["3 of 3", "0 of 2", "0 of 1"]


def test_the_chart_over_time_counts_each_quarter() -> None:
    """It says how many scored measures met their target now and in the first quarter shown."""
    assert "3 of 6 scored measures met their target, against 1 of 2 in Q1 2016/17" in words(summary.summary(report(scores=MEASURES)))


def test_the_chart_over_time_says_what_it_leaves_out() -> None:
    """It says how many measures of the quarter are not among its bars, as they have no row."""
    assert "in the quarters shown; 1 without a row in Q2 2016/17 is left out" in words(summary.summary(report(scores=MEASURES, missing=[OTHER])))
    assert "left out" not in words(summary.summary(report(scores=MEASURES)))


def test_a_summary_by_itself_links_nowhere() -> None:
    """It shows bare figures and marks in a notebook, where there is no page to go to."""
    assert 'href="' not in reports.show("summary", report(scores=MEASURES, spend=AWARDS))


def test_text_of_returns_is_text_in_the_summary() -> None:
    """It escapes names of measures, files and gaps in front, message and marks."""
    rows = [score("Build 5", "HR", measure=SCRIPT)]
    hostile = report(scores=rows, missing=[{"what": "data", "name": SCRIPT}], issues=[{"file": SCRIPT, "severity": "fail"}])
    html = f"{reports.front(hostile)}{summary.summary(hostile)}"
    assert (read(html).find("script"), SCRIPT in read(html).get_text()) == (None, True)


def test_no_sum_stands_where_no_award_states_one() -> None:
    """It says that no award states its spend, where none does, rather than nought pounds; and that not every award is known."""
    unstated = award("Green Gyms (Capital)", "100.00", None, "cannot be checked", row=3)
    made = report("board", spend=[unstated])
    assert "spent" not in shown(made)
    text = words(summary.summary(made))
    assert "No award states its spend; \u00a3100.00 is awarded" in text
    assert "\u00a30.00" not in text
    lost = unstated | {"award": None, "award_raw": "?", "award_reason": "not given"}
    assert "No award states its grant or its spend." in words(summary.summary(report("board", spend=[lost])))


def test_a_tile_does_not_say_that_every_award_states_what_one_does_not() -> None:
    """It says that nobody can tell how much at most, where an award is not known either; and that not all state their award."""
    known = award("Arts Centre (Capital)", "100.00", "40.00", "short", row=4, difference=Decimal(60))
    lost = award("Green Gyms (Capital)", "0", None, "cannot be checked", row=3) | {"award": None, "award_raw": "?", "award_reason": "not given"}
    text = words(summary.summary(report("board", spend=[known, lost])))
    assert "every award states it" not in text
    assert "nobody can tell how much at most" in text
    assert "not all state it" in text
    assert "\u00a340.00 of the \u00a3100.00 awarded, so far as known, is known to be spent." in text
    assert "every award states it" in words(summary.summary(report("board", spend=[known])))


def test_a_figure_held_back_is_not_told_as_missing() -> None:
    """It says that some cannot be scored because a figure is held back, where one is, and not otherwise."""
    hidden = score("Protect 2", "", "[c]", row=8) | {"band_reason": "suppressed", "actual": None, "actual_reason": "suppressed"}
    assert "a figure that is held back" in words(summary.summary(report(scores=[*MEASURES[:6], hidden])))
    assert "a figure that is held back" not in words(summary.summary(report(scores=MEASURES)))
