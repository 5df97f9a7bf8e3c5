"""Commentary checks: what a text leaves out, numbers that are not in the data, and movements that the figures contradict."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis import frames
from analysis.exceptions import commentary

SAME_EVERY_RUN = settings(derandomize=True, database=None, deadline=None, max_examples=60)
NOW, LAST, AGO = "2016-17-Q2", "2016-17-Q1", "2015-16-Q2"
COMPLETE = "Pressures continue in all 3 teams, so the manager will recruit by the end of October."

# Real commentaries of data/raw/2016-17-Q2 (source document 002), the longer ones cut.
HOMELESSNESS = (
    "We are currently prioritising homelessness prevention and finding housing solutions for statutory homeless households. Homelessness pressures continue, and "
    "we have been taking homeless applications from families in our Private Sector Leasing scheme, to whom we are not currently under any duty, in preparation for a "
    "change in subsidy rules.\nDue to efforts on both prevention and supply, we are now seeing a steady reduction in the number of families in B&B, from 307 households "
    "in March to 243 in September but there were still 85 families living in shared B&B longer than six weeks at the end of Q2."
)
LANDLORDS = (
    "Accreditations have not increased as much as expected this quarter. We will continue to promote accreditation through landlord forums and our contacts with "
    "landlords. In addition we encourage take up of our regular accreditation training sessions. We anticipate to impact positively on our numbers by next quarter, "
    "following our training event in December."
)
DISABLED = (
    "Equalities monitoring information is now accessible for staff to update online and a communications plan devised to ask staff to update this. A recruitment "
    "project is underway, which includes how we attract and retain employees with particular protected characteristics"
)
UNDER_25 = "A slight rise due to increase in apprentices from Q1 but still remains below target. The introduction of the apprentice levy in 2017 will impact on the way that we approach apprentices"
TRAINING = (
    "To ensure completion of all mandatory training the Learning Management System will now send automatic periodic email reminders to staff and their managers. We "
    "anticipate this will increase completion rates.\nManagement action has also been taken, which involves monthly reviews since October by senior management to ensure "
    "training is completed. For those still unable to access IT, classroom based training is being rolled out through quarters 3 and 4 so that performance hits target "
    "by the end of the financial year."
)
CONTACT = "Although remaining under target, avoidable contact has reduced following improvements to the Garden Waste service."
CALLS = (
    "Call levels in Public Realm has impacted negatively on wait times: however, this will be remedied by additional staffing in November, which has started to have a "
    "positive impact on call waiting times."
)
EMAIL = "The closure of the Council Tax email box has reduced demand. This will further reduce once additional support is introduced to Public Realm as telephone demand will be handled."
SICKNESS = "Over a quarter of the top 5 reasons were recorded as viral infection. Whilst figures remain above the target, collective absence levels are the lowest in a year."
TRANSFERS = (
    "The Department of Health comparative data for May 2016 ranked Harrow 22nd out of 33 boroughs for both Health and Social Care delays and 28th out of 33 boroughs "
    "for delays with social care responsibilities.\nOther councils have purchased block beds within care homes in Harrow, which has also reduced the availability of "
    "placements and added to the demand.\nWork continues with the teams to source appropriate cost effective placement but this remains an on-going issue."
)
RECYCLING = "Recycling figures improved slightly in quarter 2 but remain below the target. The national trend is one of reducing levels."


def row(quarter: str = NOW, text: str = "", measure_id: str = "Build 1", **more: object) -> dict[str, Any]:
    """Give one score, on target and without a figure where nothing else is said."""
    about = {"measure_id": measure_id, "measure": "Visits to libraries", "quarter": quarter, "polarity": "higher", "commentary": text}
    return about | {"direction_short": "not known", "direction_long": "not known", "actual_unit": "number"} | more


def checked(*scores: dict[str, Any], quarter: str = NOW) -> list[tuple[str, str]]:
    """Give the check and the finding of each row."""
    return [(found["check"], found["finding"]) for found in frames.rows(commentary.check(frames.make(list(scores), frames.SCORES), quarter))]


def left_out(text: str, **more: object) -> list[str]:
    """Give the checks that a text of a red measure without any figure does not pass."""
    return [check for check, _ in checked(row(text=text, **({"band": "HR"} | more)))]


def numbers(text: str, *others: dict[str, Any], **more: object) -> list[str]:
    """Give the numbers of a text that are found not to be in the data of an actual of 263 against a target of 250."""
    figures = {"actual": Decimal(263), "target": Decimal(250), "actual_raw": "263", "target_raw": "250"} | more
    return [
        finding.removeprefix("says ").removesuffix(", which is not in this measure's data")
        for check, finding in checked(row(text=text, **figures), *others)
        if check == "number"
    ]


def moved(text: str, now: str = "4", then: str = "5", ago: str = "", polarity: str = "higher", **more: object) -> list[str]:
    """Give the findings on movement where the figure went from *then*, and from *ago* a year before, to *now*."""
    words = {way: travel(now, before, polarity) for way, before in (("direction_short", then), ("direction_long", ago))}
    scores = [row(text=text, actual=Decimal(now), polarity=polarity, **(words | more))]
    scores += [
        row(quarter, actual=Decimal(value), polarity=polarity, **{name: more[name] for name in ("measure", "target_low") if name in more})
        for quarter, value in ((LAST, then), (AGO, ago))
        if value
    ]
    return [finding for check, finding in checked(*scores) if check == "direction"]


def travel(now: str, then: str, polarity: str) -> str:
    """Give the direction of travel in words."""
    if not then or now == then:
        return "no change" if then else "not known"
    return "better" if (Decimal(now) > Decimal(then)) == (polarity == "higher") else "worse"


# ---------------------------------------------------------------- which commentary


def test_findings_keep_the_order_of_the_scores_and_of_the_checks() -> None:
    """It gives the findings measure by measure as the scores stand, and for each in the order of the checks."""
    scores = frames.make(
        [row(text="Poor.", measure_id="b", band="HR"), row(LAST, "Poor.", "a", band="HR"), row(text=COMPLETE, measure_id="a", band="HR", actual=Decimal(4))],
        frames.SCORES,
    )
    found = commentary.check(scores, NOW)
    assert found["measure_id"].tolist() == ["b", "b", "b", "b", "b", "a"]
    assert found["check"].tolist() == ["cause", "size", "action", "owner", "date", "number"]
    assert set(found["quarter"]) == {NOW}


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_missing_commentary_is_not_told_here(text: str) -> None:
    """It finds nothing where there is no commentary: that is an exception of its own."""
    assert checked(row(text=text, band="HR"), row(LAST, text)) == []


def test_only_the_quarter_asked_for_is_checked() -> None:
    """It leaves the commentary of other quarters alone."""
    assert checked(row(LAST, "Poor.", band="HR"), row(text=COMPLETE, band="HR")) == []


def test_the_scores_are_left_as_they_were() -> None:
    """It changes nothing of what it is given."""
    scores = frames.make([row(text=HOMELESSNESS, band="LR", actual=Decimal(263)), row(LAST, actual=Decimal(122))], frames.SCORES)
    before = scores.copy(deep=True)
    commentary.check(scores, NOW)
    assert_frame_equal(scores, before)


def test_no_scores_give_no_findings() -> None:
    """It gives the empty frame of its contract."""
    assert_frame_equal(commentary.check(frames.make([], frames.SCORES), NOW), frames.make([], frames.COMMENTARY_CHECKS))


# ---------------------------------------------------------------- what is left out


BANDS = [
    pytest.param("HG", "HG", 0, id="high green"),
    pytest.param("LG", "", 0, id="low green"),
    pytest.param("", "", 0, id="not scored"),
    pytest.param("A", "A", 5, id="amber"),
    pytest.param("LR", "LR", 5, id="low red"),
    pytest.param("HR", "", 5, id="high red, recomputed only"),
    pytest.param("", "A", 5, id="amber, published only"),
    pytest.param("LG", "HR", 5, id="high red, published only"),
    pytest.param("", "No actual", 0, id="a published word that is no band"),
]


@pytest.mark.parametrize(("band", "published", "count"), BANDS)
def test_only_commentary_off_target_must_be_complete(band: str, published: str, count: int) -> None:
    """It asks for cause, size, action, owner and date where the measure is amber or red, recomputed or published."""
    assert len(left_out("Poor.", band=band, published_status=published)) == count


def test_a_complete_commentary_leaves_nothing_out() -> None:
    """It has nothing to say of a text with a cause, a size, an action, an owner and a date."""
    assert left_out(COMPLETE) == []


def test_what_is_left_out_is_said_politely() -> None:
    """It says what it does not find, and blames nobody."""
    assert [finding for _, finding in checked(row(text="Poor.", band="HR"))] == [
        "names no cause", "gives no number", "names no action", "names no owner", "names no date by or from when",
    ]  # fmt: skip


REAL = [
    pytest.param(HOMELESSNESS, [], id="Build 19"),
    pytest.param(LANDLORDS, ["size"], id="Build 22"),
    pytest.param(DISABLED, ["cause", "size", "date"], id="Build 60 and 63"),
    pytest.param(UNDER_25, [], id="Build 64"),
    pytest.param(TRAINING, ["cause"], id="Build 73 and 74"),
    pytest.param(CONTACT, ["size", "date"], id="Business 12"),
    pytest.param(CALLS, ["size", "owner"], id="Business 13 and 14: a service that is the cause is not the owner"),
    pytest.param(EMAIL, ["cause", "size", "owner", "date"], id="Business 20: Council Tax is not the council"),
    pytest.param(SICKNESS, ["action", "owner", "date"], id="Business 25"),
    pytest.param(TRANSFERS, [], id="Protect 12"),
]


@pytest.mark.parametrize(("text", "expected"), REAL)
def test_real_commentaries_lack_what_an_analyst_finds_lacking(text: str, expected: list[str]) -> None:
    """It agrees with a reading by hand of the report of 2016/17 Q2."""
    assert left_out(text) == expected


WORDS = [
    pytest.param("because of floods", "cause", id="because"), pytest.param("owing to floods", "cause", id="owing to"),
    pytest.param("This reflects demand", "cause", id="reflects"), pytest.param("driven by demand", "cause", id="driven by"),
    pytest.param("Attributable to demand", "cause", id="attributable"), pytest.param("THE IMPACT OF FLOODS", "cause", id="impact of"),
    pytest.param("twenty visits", "size", id="a number in words"), pytest.param("5.5% fewer", "size", id="a number in digits"),
    pytest.param("a third of them", "size", id="a fraction in words"), pytest.param("half of them", "size", id="half"),
    pytest.param("we will open longer", "action", id="will"), pytest.param("A review began", "action", id="review"),
    pytest.param("a scheme is being developed", "action", id="being developed"), pytest.param("action has been taken", "action", id="has been taken"),
    pytest.param("the Police are", "owner", id="police"), pytest.param("The NHS leads", "owner", id="NHS"), pytest.param("Mr Brown leads", "owner", id="a name"),
    pytest.param("Head of Housing", "owner", id="head of"), pytest.param("our partners", "owner", id="partners"),
    pytest.param("in May", "date", id="May"), pytest.param("from Q3", "date", id="Q3"), pytest.param("in quarter 4", "date", id="quarter 4"), pytest.param("by year end", "date", id="year end"),
    pytest.param("by the end of the year", "date", id="end of the year"), pytest.param("31/03/2017", "date", id="a date"), pytest.param("In 2017", "date", id="a year"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "check"), WORDS)
def test_one_word_is_enough(text: str, check: str) -> None:
    """It finds a cause, size, action, owner or date by any of the words that people use."""
    assert check not in left_out(text)


NOT_WORDS = [
    pytest.param("This may march on", "date", id="may and march are verbs"),
    pytest.param("the trend is one of decline", "size", id="one of"),
    pytest.param("Council Tax letters and age groups across the board", "owner", id="council tax, age groups, across the board"),
    pytest.param("other councils", "owner", id="other councils"),
    pytest.param("goodwill and airplanes", "action", id="parts of words"),
    pytest.param("this will impact positively", "cause", id="an impact to come"),
]


@pytest.mark.parametrize(("text", "check"), NOT_WORDS)
def test_a_word_of_another_sense_is_not_enough(text: str, check: str) -> None:
    """It does not take a word for a cause, size, owner or date that stands for something else."""
    assert check in left_out(text)


# ---------------------------------------------------------------- last quarter's again


def test_last_quarters_commentary_again_is_told() -> None:
    """It finds the same text whatever its case, spaces and punctuation."""
    assert checked(row(LAST, "Work continues -- as planned."), row(text="work  continues,\nas Planned")) == [
        ("repeated", "is the commentary of Q1 2016/17 again")
    ]


@pytest.mark.parametrize("before", [row(LAST, "Work continues slowly."), row(AGO, "Work continues."), row(LAST, "Work continues.", "Build 2"), row(LAST)])
def test_another_text_quarter_or_measure_is_no_repetition(before: dict[str, Any]) -> None:
    """It compares with the quarter before of the same measure only."""
    assert checked(before, row(text="Work continues.")) == []


def test_dashes_are_no_repetition() -> None:
    """It does not call two texts without a word the same."""
    assert checked(row(LAST, "--"), row(text="-")) == []


# ---------------------------------------------------------------- numbers


def test_real_numbers_that_are_not_in_the_data_are_told_once_each() -> None:
    """It finds the families in bed and breakfast, which the measure does not count, and neither months nor weeks."""
    assert numbers(HOMELESSNESS) == ["307", "243", "85"]


def test_a_real_rank_is_looked_for_in_every_quarter() -> None:
    """It knows 28th from the quarter before, and does not look for the 33 boroughs that are ranked."""
    figures = {"actual": Decimal("5.33"), "actual_rank": 26, "target": None, "actual_raw": "5.33 (26th)", "target_raw": "12th to 20th in London"}
    assert numbers(TRANSFERS, row(LAST, actual=Decimal("5.86"), actual_rank=28), **figures) == ["22nd"]


@pytest.mark.parametrize("text", [UNDER_25, TRAINING, CONTACT, CALLS, EMAIL, SICKNESS, RECYCLING])
def test_other_real_commentaries_quote_no_number(text: str) -> None:
    """It takes no quarter, year or "top 5" for a figure."""
    assert numbers(text) == []


KNOWN = [
    pytest.param("263 and 250.", id="as they are"), pytest.param("263.0 of 250", id="with a decimal more"), pytest.param("13 more than we wish", id="actual less target"),
    pytest.param("5.2% over, some 5%", id="the difference in percent, at the precision written"), pytest.param("141 more than the 122 of last quarter", id="two actuals"),
    pytest.param("116% up", id="two actuals in percent: 141/122 = 115.6"), pytest.param("105% of target", id="the share of target"), pytest.param("-13", id="without its sign"),
    pytest.param("about 260", id="about"), pytest.param("nearly 270", id="nearly"), pytest.param("\uff12\uff16\uff13", id="full-width digits"), pytest.param("<b>263</b>&nbsp;in all", id="in HTML"),
    pytest.param('<p style="width:77px">263</p>', id="no attribute of a tag"),
]  # fmt: skip


@pytest.mark.parametrize("text", KNOWN)
def test_a_number_that_follows_from_the_data_is_known(text: str) -> None:
    """It knows targets, actuals, differences and shares, at the precision they are written with."""
    assert numbers(text, row(LAST, actual=Decimal(122))) == []


FIGURES = [
    pytest.param("1,035 and 1035", {"actual": Decimal(1035)}, [], id="thousands with or without a comma"),
    pytest.param("\u00a31.5m, \u00a31,500k, 1.5 million", {"actual": Decimal(1500000)}, [], id="millions and thousands in letters"),
    pytest.param("42%, 42 per cent, 42", {"actual": Decimal("42.47"), "actual_unit": "percent"}, [], id="rounded as written"),
    pytest.param("42.4%", {"actual": Decimal("42.47")}, ["42.4%"], id="rounded wrongly"),
    pytest.param("42.5%", {"actual": Decimal("42.45")}, [], id="a half rounds up"),
    pytest.param(
        "62 of 146, so 84 were not, or 42.47%",
        {"actual": Decimal("42.5"), "actual_numerator": 62, "actual_denominator": 146},
        [],
        id="a fraction, its rest and its percentage",
    ),
    pytest.param("83% have not", {"actual": Decimal(17), "actual_unit": "percent"}, [], id="the rest of a percentage"),
    pytest.param("02:31, 151 seconds, 2 minutes 31 seconds, 2.5 minutes", {"actual": Decimal(151), "actual_unit": "seconds"}, [], id="lengths of time"),
    pytest.param("02:45", {"actual": Decimal(151), "actual_unit": "seconds"}, ["02:45"], id="another length of time"),
    pytest.param("8.84 days and 9.5 days", {"actual": Decimal("8.84"), "measure": "Sickness - average days"}, ["9.5"], id="days of a measure in days"),
    pytest.param("within 8 weeks of 600 seconds", {"measure": "% answered within 8 weeks, >600 seconds"}, [], id="numbers of the title"),
    pytest.param("Variance 27.67", {"variance": Decimal("-27.67")}, [], id="the variance"),
    pytest.param("from 12th to 20th", {"target_low": Decimal(12), "target_high": Decimal(20)}, [], id="the ends of a target"),
    pytest.param("20,000 visits; 20,000 again", {}, ["20,000"], id="one finding a number"),
    pytest.param("over 300", {}, ["300"], id="over, and far off"),
    pytest.param("\u00a377.20 and 7th", {}, ["\u00a377.20", "7th"], id="as written"),
]


@pytest.mark.parametrize(("text", "figures", "expected"), FIGURES)
def test_numbers_are_read_in_every_shape(text: str, figures: dict[str, object], expected: list[str]) -> None:
    """It reads thousands, money, percentages, ranks and lengths of time, and repeats what it does not find as written."""
    assert numbers(text, **figures) == expected


NOT_FIGURES = [
    "in 2016, 1999 and 2016/17, 2016-17 or 16/17", "on 31 March 2017, the 1st of April, March 31st, 31/03/2017, 31.3.17 and 2017-03-31", "in Q3, quarter 3, quarters 3 and 4, the 2nd quarter, Q1-Q3",
    "Note 1, section 106, Phase 2, Year 11, NI 155, KS4, A40, Build 5", "16 to 18 and 16-18 year olds, aged 19 to 24, under 25s, under-18, 65 and over, 16+", "for 12 months, 6 weeks, a 24-hour line, 5 working days, 24/7",
    "at 9.30am, 5pm and 14:30", "call 020 8863 5611, mail a1@b2.org or see www.c3.org/44", "the top 5 reasons", "1 in 5", "3rd party, 2nd year running", "1. First\n2) Second", "two hundred visits", "Covid-19, 2XY",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_FIGURES)
def test_what_is_no_figure_is_not_looked_for(text: str) -> None:
    """It leaves out dates, years, quarters, notes, ages, lengths and times of day, addresses and ordinals of time."""
    assert numbers(text) == []


def test_a_measure_without_any_figure_has_no_unknown_number() -> None:
    """It reports no number where there is nothing to look for it in."""
    assert checked(row(text="20,000 visits")) == []


def test_a_figure_of_another_quarter_is_enough_to_look_in() -> None:
    """It looks through every quarter where this one has no figure yet."""
    assert numbers(
        "There has been a decrease (9 clients) from 7.1%.", row(LAST, actual=Decimal("7.1")), actual=None, target=None, actual_raw="", target_raw=""
    ) == ["9"]


def test_measures_that_share_a_text_share_their_figures() -> None:
    """It does not report a number that belongs to another measure with the same commentary."""
    assert checked(row(text="17% and 49%", actual=Decimal(17)), row(text="17% and 49%", measure_id="Build 2", actual=Decimal(49))) == []


# ---------------------------------------------------------------- movement


SAYS_IT_IMPROVED = [
    "Performance has improved.", "Performance improved this quarter.", "Although performance improved slightly, it is below target.", "Performance has improved but remains below target.",
    "There has been a further improvement in performance.", "An improvement in performance since Q1.", "Performance is better than last quarter.", "Performance continues to improve.",
    "Performance is improving.", "Our performance has got better.", "In Q2, performance improved.", "Performance did not deteriorate.", "Performance has not worsened.", "<b>Performance</b>&nbsp;has improved.",
    "The figures increased since last quarter.", "The rate rose in Q2.", "Visits to libraries have increased.", "The number of visits to libraries has risen.", "There has been a slight increase in the rate.",
    "Performance hasn't declined.", "Performance has remained the same.", "No change since last quarter.", "Performance has not changed.", "Performance was unchanged.",
]  # fmt: skip


@pytest.mark.parametrize("text", SAYS_IT_IMPROVED)
def test_words_against_the_figures_are_told(text: str) -> None:
    """It finds a text that says better, up or the same of figures that fell, and nothing where they rose as it says."""
    assert len(moved(text, "4", "5")) == 1
    same = any(word in text for word in ("same", "change"))
    assert moved(text, "5", "5" if same else "4") == []


NOT_PLAIN = [
    "Performance has not improved.", "No improvement in performance.", "There has been no improvement in performance this quarter.", "Performance has not increased as much as expected.", "Performance declined.",
    "Performance will improve.", "We expect performance to improve.", "Performance should have improved.", "It is hoped that performance has improved.", "If performance has improved, we will say so.",
    "Performance improved in Q1.", "Performance improved in July.", "Performance improved last quarter.", "Performance had improved.", "Performance improved in 2012.", "Performance improved from the baseline.",
    "Performance is better than target.", "Performance is better than the London average.", "Performance is better.", "Compared with Barnet, performance has improved.", "Performance has improved in some areas.",
    "Performance improved at weekends.", "Performance improved for boys.", "Performance improved and then fell.", "Library stock has improved.", "We have increased the number of officers.", "The number of officers has increased.",
    "Visits by children increased.", "Staff morale has improved.", "We doubt performance has improved.", "Performance improved year on year.", "There has been an increase in performance on the Pinner site.", "Improved performance is expected.",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_PLAIN)
def test_words_that_are_right_or_not_plain_are_left_alone(text: str) -> None:
    """It finds nothing in negations, hopes, other times, other things and parts, where the figures fell since the quarter before."""
    assert moved(text, "4", "5") == []


@pytest.mark.parametrize(
    "text",
    [
        "Performance has not improved.",
        "There has been no improvement in performance this quarter.",
        "No improvement.",
        "Performance did not improve.",
        "Performance declined.",
        "Figures fell.",
    ],
)
def test_a_denied_improvement_is_told_where_there_is_one(text: str) -> None:
    """It finds a text that says not better, worse or down of figures that got better."""
    assert len(moved(text, "5", "4")) == 1


def test_a_finding_repeats_the_words_and_says_what_the_figures_did() -> None:
    """It says what the text says, what the figures did, and since when."""
    assert moved("Overall performance has improved on last year.", ago="6") == [
        "says overall performance has improved; the figures got worse since the same quarter of the year before"
    ]
    assert moved("The rate rose.") == ["says the rate rose; the figures fell since the quarter before"]


LONG = [
    pytest.param("Performance has improved on last year.", "6", 1, id="last year"), pytest.param("Performance is better than a year ago.", "6", 1, id="a year ago"),
    pytest.param("Performance has improved compared to 2015.", "6", 1, id="the year before"), pytest.param("Performance is higher than in Q2 2015/16.", "6", 1, id="the quarter of the year before"),
    pytest.param("Performance has improved on last year.", "3", 0, id="last year, and right"), pytest.param("Performance has improved on last year.", "", 0, id="last year, not known"),
    pytest.param("Performance has improved.", "3", 0, id="no time said, and right of the year"), pytest.param("Performance has improved this quarter.", "3", 1, id="right of the year, but said of the quarter"),
    pytest.param("Performance has improved since the end of last year.", "6", 0, id="the end of last year is another quarter"), pytest.param("Performance has improved compared to 2013.", "6", 0, id="another year"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "ago", "count"), LONG)
def test_a_sentence_about_last_year_is_held_against_last_year(text: str, ago: str, count: int) -> None:
    """It compares with the same quarter a year before where the text does, and only there."""
    assert len(moved(text, "4", "5", ago)) == count


LOWER_IS_BETTER = [
    pytest.param("Performance has improved.", 1, id="improved, and rose"), pytest.param("Performance has deteriorated.", 0, id="worse, and rose"), pytest.param("The number has fallen.", 1, id="fell, and rose"),
    pytest.param("The number has risen.", 0, id="rose, and rose"), pytest.param("Performance has increased.", 0, id="performance up may mean either"), pytest.param("Performance has declined.", 0, id="performance down may mean either"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "count"), LOWER_IS_BETTER)
def test_better_follows_polarity_and_up_follows_the_figures(text: str, count: int) -> None:
    """It judges better and worse by polarity, rose and fell by the sign of the change, where lower is better and the figure rose."""
    assert len(moved(text, "6", "5", polarity="lower")) == count


NO_CHANGE = [
    pytest.param("Performance has improved.", "5", 1, id="improved, and did not change"), pytest.param("Performance has slightly improved.", "5", 0, id="slightly: rounding may hide it"),
    pytest.param("The figures remained the same.", "4.99", 0, id="the same, and hardly changed"), pytest.param("Performance has remained broadly the same.", "4", 0, id="broadly the same"),
    pytest.param("Performance has not improved.", "5", 0, id="not improved, and did not change"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "now", "count"), NO_CHANGE)
def test_small_changes_are_taken_generously(text: str, now: str, count: int) -> None:
    """It holds "improved" against unchanged figures, but not "slightly", nor "the same" against next to nothing."""
    assert len(moved(text, now, "5")) == count


@pytest.mark.parametrize("direction", ["not comparable", "not known"])
def test_nothing_is_found_where_the_direction_is_not_known(direction: str) -> None:
    """It does not judge words where the direction is not known or not comparable, as of a cumulative measure."""
    assert moved("Performance has improved. The figures increased.", direction_short=direction) == []


def test_ranks_and_reductions_have_no_up_and_down() -> None:
    """It does not judge "increased" of a rank or of a target of change, where up may be meant either way."""
    assert moved("The figure has increased.", actual_rank=26) == []
    assert moved("The figure has increased.", "-18", "-12", polarity="lower", target_low=Decimal(-20)) == []


@pytest.mark.parametrize("text", [HOMELESSNESS, LANDLORDS, DISABLED, UNDER_25, TRAINING, CONTACT, CALLS, EMAIL, SICKNESS, TRANSFERS])
def test_real_commentaries_about_other_things_contradict_nothing(text: str) -> None:
    """It takes no movement of demand, contact, absence or families for one of the measure, whichever way the figures went."""
    assert (moved(text, "4", "5"), moved(text, "5", "4"), moved(text, "5", "5")) == ([], [], [])


def test_a_real_claim_about_the_measure_is_held_against_its_figures() -> None:
    """It reads "figures improved slightly in quarter 2" as said of the measure where its title is about recycling."""
    title = "% of household waste recycled and composted"
    assert moved(RECYCLING.replace("Recycling figures", "The figures"), "4", "5", measure=title) == [
        "says the figures improved; the figures got worse since the quarter before"
    ]


@pytest.mark.parametrize(("other", "count"), [("5", 0), ("3", 2)])
def test_a_shared_text_must_contradict_every_measure_that_shares_it(other: str, count: int) -> None:
    """It reports a movement said of several measures only where it is right of none."""
    text = "Performance has improved."
    scores = [row(LAST, measure_id=name, actual=Decimal(4)) for name in ("a", "b")]
    scores += [
        row(text=text, measure_id="a", actual=Decimal(3), direction_short="worse"),
        row(text=text, measure_id="b", actual=Decimal(other), direction_short="better" if other == "5" else "worse"),
    ]
    assert len(checked(*scores)) == count


# ---------------------------------------------------------------- any text

_PIECES = st.sampled_from(
    [
        "performance",
        "improved",
        "has",
        "not",
        "Q1",
        "2016/17",
        "42%",
        "\u00a31,",
        "000",
        "<b>",
        "&amp;",
        ".",
        ", ",
        "\n",
        "May",
        "last year",
        "fell",
        "16 to",
        "-",
        "1st",
        "no change",
        " in ",
    ]
)


@SAME_EVERY_RUN
@given(text=st.one_of(st.text(), st.lists(_PIECES).map(" ".join), st.lists(_PIECES).map("".join)), title=st.text(max_size=20))
def test_any_text_can_be_checked(text: str, title: str) -> None:
    """It never raises, whatever a commentary or a title holds."""
    found = checked(row(text=text, band="HR", actual=Decimal(4), direction_short="worse", measure=title), row(LAST, text, actual=Decimal(5)))
    assert {check for check, _ in found} <= {"cause", "size", "action", "owner", "date", "repeated", "number", "direction"}


_VALUES = st.decimals(min_value=0, max_value=10**7, places=2)


@SAME_EVERY_RUN
@given(actual=_VALUES, target=_VALUES, before=_VALUES, places=st.integers(0, 2), numerator=st.integers(0, 5000), denominator=st.integers(1, 5000))
def test_a_text_of_the_measures_own_figures_has_no_unknown_number(
    actual: Decimal, target: Decimal, before: Decimal, places: int, numerator: int, denominator: int
) -> None:
    """It knows every figure of the measure and every difference, however many decimals it is written with."""
    said = [f"{value:,.{places}f}" for value in (actual, target, before, abs(actual - before), abs(actual - target))]
    text = f"We had {' and '.join(said)}, that is {numerator:,} of {denominator}."
    figures = {"actual": actual, "target": target, "actual_raw": "", "target_raw": "", "actual_numerator": numerator, "actual_denominator": denominator}
    assert numbers(text, row(LAST, actual=before), **figures) == []


def test_a_long_text_takes_no_time() -> None:
    """It reads a text of any make in time that grows with its length only."""
    for piece in ("a", "<a", "1", "1,", "1.", "@", "-", "and ", "no change in ", "1:1", "1/1/", "Q1 and ", "than a "):
        checked(row(text=piece * (30000 // len(piece)), band="HR", actual=Decimal(4)))


def test_the_frame_keeps_its_contract() -> None:
    """It gives text columns only, one row a finding."""
    found = commentary.check(frames.make([row(text="Poor.", band="HR")], frames.SCORES), NOW)
    assert isinstance(found, pd.DataFrame)
    assert found.columns.tolist() == ["measure_id", "quarter", "check", "finding"]
    assert len(found) == 5
