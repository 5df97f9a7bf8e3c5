"""From figure to cell and back: receipts of what a page links to, what each cell feeds, and the proof that a figure is one figure."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape
from reports_by_hand import (
    BEFORE,
    NOW,
    SCRIPT,
    award,
    challenge,
    month,
    of_sections,
    page,
    read,
    registers_in,
    report,
    score,
    section,
    words,
)

from analysis import frames, reports
from analysis.errors import WorkbookError
from analysis.receipts import anchor
from analysis.reports import headlines, publication, tracing
from analysis.reports.tie_out import Tied, tie_out

RETURNS = [
    {"file": "p/scores.csv", "sha256": "ab12", "partner": "Harrow Council", "state": "received"},
    {"file": "p/grant.csv", "sha256": "cd34", "partner": "", "state": "received"},
]
SCORES = [
    score("Build 5", "HG", "84", row=2, actual_repairs="split digits joined"),
    score("Build 13", "HR", "7", row=3),
    score("Build 16", "", "", row=4),
    score("Build 5", "LR", "70", row=2, quarter=BEFORE),
]
AWARDS = [
    award("Alley Gating (Capital)", "17000.00", "8000.00", "short", row=2, difference=Decimal(9000)),
    award("Green Gyms (Capital)", "23000.00", None, "cannot be checked", row=3),
]


def whole(**rows: Any) -> reports.Report:
    """Give the report of measures and awards, with few sections."""
    made = report(returns=RETURNS, scores=rows.pop("scores", SCORES), spend=rows.pop("spend", AWARDS), exceptions=[challenge("Build 13", "HR", 1)], **rows)
    return of_sections(made, "summary", "themes", "monthly", "spend", "receipts")


@pytest.fixture(scope="module")
def html() -> str:
    """Give the page of measures and awards."""
    return page(whole())


def rows_of(html: str, caption: str) -> dict[str, list[str]]:
    """Give the rows of a table by their ids."""
    table = next(found for found in read(html).find_all("table") if found.caption and found.caption.get_text() == caption)
    return {str(row["id"]): [words(cell) for cell in row.find_all(["th", "td"])] for row in table.tbody.find_all("tr") if row.has_attr("id")}


# ---------------------------------------------------------------- receipts


def test_every_link_to_a_receipt_finds_one(html: str) -> None:
    """It gives each receipt that the page links to, once, so that no figure opens nothing."""
    linked = {str(link["href"])[1:] for link in read(html).select("a.receipt")}
    assert len(linked) > 8
    assert {name: len(read(html).find_all(id=name)) for name in linked} == dict.fromkeys(linked, 1)


def test_a_receipt_says_where_what_and_by_whom(html: str) -> None:
    """It says cell, as typed, read as, repairs, rule and who sent it."""
    made = rows_of(html, "Receipts")["receipt-2016-17-q2-build-5-actual"]
    assert made == ["Build 5 actual", "2016-17-Q2/p/scores.csv, F2", "84", "84", "split digits joined", "five-band version 1: HG", "Harrow Council"]
    assert rows_of(html, "Receipts")["receipt-2016-17-q2-award-round-1-alley-gating-capital-award"][-1] == "no partner named"


def test_the_parts_of_a_measure_stand_together(html: str) -> None:
    """It shows target and published status beside the actual that is linked, and no other unlinked cell."""
    made = rows_of(html, "Receipts")
    assert {f"receipt-2016-17-q2-build-5-{part}" for part in ("target", "actual", "published-status")} <= set(made)
    assert not [name for name in made if "build-16" in name], "Build 16 has no figure to link"
    assert not [name for name in made if name.startswith("receipt-2016-17-q1-")], "the quarter before is not linked"


def test_a_receipt_of_a_measure_names_its_figure(html: str) -> None:
    """It names the figure on the rows of a measure, so that they can be shown together, and on no row of an award."""
    rows = [row for row in read(html).select("table.receipts tr[id]") if "headline" not in str(row["id"])]
    assert {row.get("data-figure") for row in rows if "build-5" in str(row["id"])} == {f"{NOW}.build-5"}
    assert {row.get("data-figure") for row in rows if "award" in str(row["id"])} == {None}


def test_fingerprints_stand_under_the_receipts(html: str) -> None:
    """It says the SHA-256 of each file that a receipt names."""
    assert "p/scores.csv (Q2 2016/17): SHA-256 ab12" in words(section(html, "receipts"))


def test_a_headline_has_a_receipt_with_its_parts(html: str) -> None:
    """It says how a headline was made, and links each part that has a receipt on the page."""
    made = rows_of(html, "Headline figures")["receipt-2016-17-q2-headline-scored-value"]
    assert made[:3] == ["Measures that can be scored", "2", "measures with a band"]
    row = read(html).find(id="receipt-2016-17-q2-headline-scored-value")
    assert row is not None
    assert {str(link["href"]): link.get_text() for link in row.select("details a")} == {
        "#receipt-2016-17-q2-build-5-actual": "Build 5",
        "#receipt-2016-17-q2-build-13-actual": "Build 13",
    }


def test_a_headline_counted_by_its_section_says_so(html: str) -> None:
    """It says what a count of every row is made of, where it names no parts."""
    assert rows_of(html, "Headline figures")["receipt-2016-17-q2-headline-measures-value"][-1] == "the rows of its section"


def test_a_part_that_the_page_does_not_show_is_named_and_not_linked() -> None:
    """It never links to a receipt that is not there: the measures of a summary without scorecards are named."""
    made = of_sections(report(scores=SCORES), "summary", "themes", "receipts")
    text = str(tracing.receipts(made, f'<a class="receipt" href="#{anchor(f"{NOW}.headline.met", "value")}">1</a>'))
    assert 'href="#receipt' not in text
    assert "build-5" in text


def test_a_link_to_one_amount_brings_no_other() -> None:
    """It shows the receipt of the amount that is linked, and leaves out the award's other amounts."""
    name = anchor(f"{NOW}.award.round-1-alley-gating-capital", "award")
    shown = read(tracing.receipts(whole(), f'<a class="receipt" href="#{name}">£17,000.00</a>'))
    assert [row["id"] for row in shown.select("tbody tr")] == [name]


def test_nothing_linked_has_no_receipts() -> None:
    """It shows no section of receipts where the page links to none."""
    assert tracing.receipts(whole(), "<p>words</p>") == ""


def test_a_page_without_receipts_has_no_link_to_one() -> None:
    """It shows bare figures to an audience whose page holds no receipts."""
    bare = of_sections(whole(), "summary", "themes", "spend")
    assert ('href="#receipt' in page(bare), 'class="receipt"' in page(bare)) == (False, False)
    assert bare.figure(f"{NOW}.build-5", "actual", "<84>") == "&lt;84&gt;"


def test_a_figure_opens_its_receipt() -> None:
    """It links a figure to the id of its receipt, as text."""
    assert whole().figure(f"{NOW}.build-5", "actual", "<84>") == '<a class="receipt" href="#receipt-2016-17-q2-build-5-actual">&lt;84&gt;</a>'


def test_receipts_of_receipts_go_without_labels_in_each_cell(html: str) -> None:
    """It leaves the labels of receipts to the style sheet, and keeps them in every other table."""
    cells = {name: read(html).select(f"table.{name} td, table.{name} th[scope=row]") for name in ("receipts", "scorecard", "awards")}
    assert {name: {cell.has_attr("data-label") for cell in found} for name, found in cells.items()} == {
        "receipts": {False},
        "scorecard": {True},
        "awards": {True},
    }


def test_hostile_text_is_text_in_receipts_and_feeds() -> None:
    """It escapes names, files, cells, what was typed and who sent it, in receipts and on the way back."""
    hostile = {
        "file": SCRIPT,
        "sheet": SCRIPT,
        "target_raw": SCRIPT,
        "actual_raw": SCRIPT,
        "actual_repairs": SCRIPT,
        "rule": SCRIPT,
        "published_status": SCRIPT,
    }
    made = report(
        scores=[score("Build 5", "HR") | hostile],
        spend=[award("Alley", "17", "8", "short") | {"project": SCRIPT, "file": SCRIPT, "award_raw": SCRIPT}],
        monthly=[month(SCRIPT, "2016-08", "5", "B2"), month(SCRIPT, "2016-09", "6", "C2")],
        returns=[{"file": SCRIPT, "sha256": SCRIPT, "partner": SCRIPT}],
    )
    linked = "".join(f'href="#{anchor(figure_id, part)}"' for figure_id, part in zip(made.receipts["figure_id"], made.receipts["part"], strict=True))
    for shown in (tracing.receipts(made, linked), tracing.feeds(made)):
        assert (read(shown).find("script"), read(shown).get_text().count(SCRIPT) > 10) == (None, True)


# ---------------------------------------------------------------- the way back


def fed(of: reports.Report) -> dict[str, list[str]]:
    """Give what each cell feeds: cell -> as typed and the figures."""
    return {
        words(row.th): [words(cell) for cell in row.find_all("td")]
        for row in read(tracing.feeds(of)).select("table.feeds tr:not(.group)")
        if row.th.get("scope") == "row"
    }


def test_each_cell_says_what_it_feeds_and_what_is_counted_from_it() -> None:
    """It lists each cell of the quarter with its figure and the headlines above it, and none of the quarter before."""
    found = fed(whole())
    assert found["F2"] == ["84", "Build 5 actual scored, met"]
    assert found["F3"] == ["7", "Build 13 actual scored, red, challenges"]
    assert found["F4"] == ["(blank)", "Build 16 actual not-scored"]
    assert found["E2"] == ["80", "Build 5 target"]


def test_a_cell_that_feeds_several_figures_names_them_all() -> None:
    """It keeps one row for a cell, and names every figure under it."""
    twice = [score("Build 5", "HG", row=2), score("Build 13", "HG", row=2) | {"row": 2}]
    found = fed(report(scores=twice))
    assert found["F2"] == ["84", "Build 5 actual scored, met Build 13 actual scored, met"]


def test_grant_that_is_reported_late_is_traced_back_too() -> None:
    """It lists the cells of the quarter that the awards shown are of, under its own files."""
    late = [row | {"quarter": BEFORE, "figure_id": row["figure_id"].replace(NOW, BEFORE)} for row in AWARDS]
    shown = tracing.feeds(report(scores=SCORES[:1], spend=late))
    assert [words(group) for group in read(shown).select("tr.group th")] == ["2016-17-Q2/p/scores.csv 3 rows", "2016-17-Q1/p/grant.csv 6 rows"]
    assert "nine cells feed a figure" in words(shown).casefold()


def test_nothing_is_said_of_cells_where_no_figure_was_made() -> None:
    """It shows nothing where the returns hold no figures."""
    assert tracing.feeds(report()) == ""


# ---------------------------------------------------------------- tie-out


@pytest.fixture(scope="module")
def files() -> dict[str, pd.DataFrame]:
    """Give the published files of measures and awards."""
    return publication.tables(whole())


def proved(of: reports.Report, pages: dict[str, str], **files: pd.DataFrame) -> Tied:
    """Tie out pages and published files of a report."""
    return tie_out(pages, files, of.receipts, headlines.headlines(of))


def problems(of: reports.Report, pages: dict[str, str], **files: pd.DataFrame) -> list[str]:
    """Give what a tie-out finds."""
    with pytest.raises(WorkbookError) as raised:
        proved(of, pages, **files)
    assert raised.value.subject == "tie-out"
    assert raised.value.hint.startswith("Nothing is published.")
    return raised.value.problems


def test_a_page_ties_out_with_itself(html: str, files: dict[str, pd.DataFrame]) -> None:
    """It counts what is printed, how many figures those are, and what stands on two pages and in files: 6 of the scorecard, 5 of awards."""
    links = re.findall(r'<a class="receipt" href="#([^"]+)"', html)
    assert proved(whole(), {"a": html, "b": html}, **files) == Tied(2 * len(links), len(set(links)), len(set(links)), 6 + 2 + 5)


def changed_once(html: str, name: str, text: str) -> str:
    """Give a page in which the first figure that leads to a receipt is printed otherwise."""
    made, number = re.subn(rf'(<a class="receipt" href="#{name}">)[^<]*', rf"\g<1>{text}", html, count=1)
    assert number == 1, f"no figure leads to {name}"
    return made


CHANGED = {
    "an actual": ("2016-17-q2-build-5-actual", "85", "'84' or '84 [r]'"),
    "an amount by a penny": ("2016-17-q2-award-round-1-alley-gating-capital-award", "£17,000.01", "'£17,000.00' or '£17000.00' or '£17000.00 [r]'"),
    "a headline": ("2016-17-q2-headline-met-value", "2", "'1' or 'One' or 'one'"),
    "a sum": ("2016-17-q2-headline-spent-value", "£8,000.0", "'£8,000.00'"),
    "no figure at all": ("2016-17-q2-build-5-actual", "", "'84' or '84 [r]'"),
}


@pytest.mark.parametrize(("name", "text", "says"), CHANGED.values(), ids=CHANGED)
def test_a_figure_changed_on_one_page_is_found(name: str, text: str, says: str, html: str) -> None:
    """It names the page, what it prints and what the receipt says, and nothing that is right."""
    wrong = changed_once(html, f"receipt-{name}", text)
    assert problems(whole(), {"board": html, "claim-pack": wrong}) == [f"claim-pack: prints {text!r}, but its receipt receipt-{name} says {says}"]


def test_a_link_without_a_receipt_is_found(html: str) -> None:
    """It names a figure that leads to no receipt."""
    html = html.replace("</body>", '<a class="receipt" href="#receipt-2016-17-q2-build-99-actual">5</a></body>')
    assert problems(whole(), {"board": html}) == ["board: '5' has no receipt receipt-2016-17-q2-build-99-actual"]


def test_a_headline_that_differs_between_pages_is_found(html: str) -> None:
    """It holds each page against one count: a page made of other figures under the same id does not pass, whichever page is which."""
    others = page(whole(scores=[*SCORES[:2], score("Build 16", "HG", "9", row=4), SCORES[3]]))
    found = problems(whole(), {"one": html, "two": others})
    assert any("two: prints '2'" in problem and "headline-met" in problem for problem in found)
    assert not any(problem.startswith("one") for problem in found)


def test_pages_of_reports_that_count_differently_are_not_published(html: str) -> None:
    """It refuses two reports that give one headline two values, also where each page is true to its own report."""
    one, two = whole(), whole(scores=[*SCORES[:2], score("Build 16", "HG", "9", row=4), SCORES[3]])
    one, two = (replace(of, audience=replace(of.audience, name=name)) for of, name in ((one, "board"), (two, "chief-executives")))
    with pytest.raises(WorkbookError, match="headline-met"):
        publication.tied([one, two], {"board": html, "chief-executives": page(two)}, one, {"scorecard": publication.tables(one)["scorecard"]})


@pytest.mark.parametrize(("name", "column", "value", "said"), [
    ("scorecard", "actual_raw", "85", f"scorecard.csv: actual of {NOW}.build-5 is '85', but its receipt says '84'"),
    ("scorecard", "target_raw", "81", f"scorecard.csv: target of {NOW}.build-5 is '81', but its receipt says '80'"),
    ("awards", "award", Decimal("17000.01"), f"awards.csv: award of {NOW}.award.round-1-alley-gating-capital is '17000.01', but its receipt says '17000.00'"),
    ("awards", "total_to_date", Decimal("8000.10"), f"awards.csv: total_to_date of {NOW}.award.round-1-alley-gating-capital is '8000.10', but its receipt says '8000.00'"),
])  # fmt: skip
def test_a_published_file_that_differs_is_found(name: str, column: str, value: object, said: str, files: dict[str, pd.DataFrame]) -> None:
    """It names file, figure, and what the receipt says."""
    made = files[name].copy()
    made.loc[0, column] = value
    assert problems(whole(), {}, **(files | {name: made})) == [said]


def test_every_difference_is_told_at_once(html: str, files: dict[str, pd.DataFrame]) -> None:
    """It tells of pages and files together, and names every page that prints the same wrong figure."""
    wrong = changed_once(html, "receipt-2016-17-q2-build-5-actual", "85")
    made = files["scorecard"].assign(actual_raw="1")
    found = problems(whole(), {"a": wrong, "b": wrong}, scorecard=made)
    assert found[0].startswith("a, b: prints '85'")
    assert sum(problem.startswith("scorecard.csv") for problem in found) == 4


PRINTED_TRUE = {
    "a count in a small word": ("receipt-2016-17-q2-headline-met-value", "one"),
    "a count that begins a sentence": ("receipt-2016-17-q2-headline-met-value", "One"),
    "as read": ("receipt-2016-17-q2-award-round-1-alley-gating-capital-award", "£17,000.00"),
    "revised": ("receipt-2016-17-q2-build-5-actual", "84 [r]"),
    "within other tags": ("receipt-2016-17-q2-build-5-actual", "<b> 84 </b>"),
}


@pytest.mark.parametrize(("name", "text"), PRINTED_TRUE.values(), ids=PRINTED_TRUE)
def test_a_figure_may_be_said_in_these_ways(name: str, text: str, html: str) -> None:
    """It takes as typed, as read, revised, and small counts in words for the same figure."""
    proved(whole(), {"board": changed_once(html, name, text)})


def test_money_is_never_said_in_a_word() -> None:
    """It takes no word for an amount: four pounds are £4.00."""
    four = whole(spend=[award("Alley Gating (Capital)", "9.00", "4.00", "short", difference=Decimal(5))])
    shown = '<a class="receipt" href="#receipt-2016-17-q2-headline-spent-value">four</a>'
    assert problems(four, {"board": shown}) == ["board: prints 'four', but its receipt receipt-2016-17-q2-headline-spent-value says '£4.00'"]


def test_a_page_apart_is_held_against_its_own_receipts(tmp_path: Any) -> None:
    """It ties a restricted page, which shows a small figure, to its own receipts, and the open pages to the open ones."""
    rows = "audience,theme,measure_id,profile,why\n,,Build 13,suppress<10,small\nboard,,Build 13,none,theirs\n"
    data = registers_in(tmp_path, disclosure=rows)
    few = {"scores": SCORES, "returns": RETURNS}
    opened, apart = (of_sections(report(name, data=data, **few), "summary", "themes", "receipts") for name in ("joint-analysis-group", "board"))
    pages = {"joint-analysis-group": page(opened), "board": page(apart)}
    assert (">7</a>" in pages["board"], ">7</a>" in pages["joint-analysis-group"]) == (True, False)
    files = publication.tables(opened)
    publication.tied([opened, apart], pages, opened, files)
    with pytest.raises(WorkbookError, match="board: prints '8'"):
        publication.tied([opened, apart], pages | {"board": pages["board"].replace(">7</a>", ">8</a>")}, opened, files)


# ---------------------------------------------------------------- any figures at all

TYPED = (
    st.decimals(min_value=0, max_value=10**6, places=1).map(str)
    | st.integers(0, 10**6).map(str)
    | st.sampled_from(["84%", "13-15%", "02:31", "£1,600", "n/a", "<5", "a & b", '"9"', "[c]"])
)
POUNDS = st.decimals(min_value=0, max_value=10**7, places=2)


def linked(name: str, text: str) -> str:
    """Give a figure as a page prints it."""
    return f'<a class="receipt" href="#{anchor(*name.rsplit("/", 1))}">{escape(text)}</a>'


def one_set(actuals: list[str], amounts: list[Decimal], count: int) -> tuple[pd.DataFrame, pd.DataFrame, list[tuple[str, str]]]:
    """Give receipts and headlines of some figures, and what a page prints of each."""
    made = [{"figure_id": f"{NOW}.m-{n}", "part": "actual", "cell": f"F{n}", "as_typed": text, "read_as": text} for n, text in enumerate(actuals)]
    made += [
        {"figure_id": f"{NOW}.a-{n}", "part": "award", "cell": f"B{n}", "as_typed": f"{value}", "read_as": f"£{value:,.2f}"} for n, value in enumerate(amounts)
    ]
    quoted = [{"figure_id": f"{NOW}.headline.met", "name": "met", "value": Decimal(count), "shown": str(count)}]
    quoted += [{"figure_id": f"{NOW}.headline.spent", "name": "spent", "value": sum(amounts, Decimal(0)), "shown": f"£{sum(amounts, Decimal(0)):,.2f}"}]
    printed = [(f"{row['figure_id']}/{row['part']}", row["read_as"]) for row in made] + [(f"{row['figure_id']}/value", row["shown"]) for row in quoted]
    return frames.make(made, frames.RECEIPTS), frames.make(quoted, frames.HEADLINES), printed


@settings(max_examples=60, deadline=None)
@given(st.lists(TYPED, max_size=5), st.lists(POUNDS, max_size=4), st.integers(0, 99), st.data())
def test_any_set_of_figures_ties_out_and_no_changed_one_does(actuals: list[str], amounts: list[Decimal], count: int, data: st.DataObject) -> None:
    """It passes every set of figures printed from their receipts, and fails after any one printed text is changed."""
    receipts, quoted, printed = one_set(actuals, amounts, count)
    true = "".join(linked(name, text) for name, text in printed)
    assert tie_out({"one": true, "two": true}, {}, receipts, quoted) == Tied(2 * len(printed), len(printed), len(printed), 0)
    place = data.draw(st.integers(0, len(printed) - 1))
    name, text = printed[place]
    other = data.draw(
        TYPED.filter(lambda new: new not in (text, f"{text} [r]") and name.endswith("actual")) | st.sampled_from([f"{text}1", f"-{text}", f"{text}.", "[x]"])
    )
    wrong = "".join(linked(*((name, other) if at == place else figure)) for at, figure in enumerate(printed))
    with pytest.raises(WorkbookError) as raised:
        tie_out({"one": true, "two": wrong}, {}, receipts, quoted)
    assert [problem.partition(":")[0] for problem in raised.value.problems] == ["two"]


# ---------------------------------------------------------------- what partners type

UNITS = {
    "a percentage": ("5.2%", "5.2", "percent"),
    "pounds": ("£1,200", "1200", "pounds"),
    "a time": ("02:31", "151", "seconds"),
    "a bare number": ("4567", "4567", "number"),
}


@pytest.mark.parametrize("unit", UNITS)
def test_a_month_in_any_unit_ties_out(unit: str) -> None:
    """It publishes monthly indicators in percent, pounds or minutes as it does plain counts."""
    typed, value, of = UNITS[unit]
    made = of_sections(
        report(monthly=[month("Vacant", "2016-08", typed, "B2", value, of), month("Vacant", "2016-09", typed, "C2", value, of)]), "monthly", "receipts"
    )
    proved(made, {"board": page(made)})


SPACES = {"none": "1600", "behind": "84 ", "before": " 1600", "within": "84 %", "around and within": " 84 % "}


@pytest.mark.parametrize("where", SPACES)
def test_spaces_around_a_typed_figure_stop_nothing(where: str) -> None:
    """It takes a figure typed with spaces around it for what it is: as typed on the page, and as typed in its receipt."""
    percent = "%" in SPACES[where]
    typed = {"actual_raw": SPACES[where], "actual": Decimal(84 if "84" in SPACES[where] else 1600), "actual_unit": "percent" if percent else "number"}
    made = of_sections(report(scores=[score("Build 5", "HG") | typed]), "themes", "receipts")
    proved(made, {"board": page(made)})
