"""The sections about reward grant: every figure of a sentence is the computed one, unknown is said, and text from returns is text."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup, Tag

from analysis import cleansing, entitlement, frames, grant, reference, reports, returns
from analysis.reports import money, tracing

REAL = Path(__file__).resolve().parents[1] / "data"
QUARTER, LABEL = "2011-12-Q2", "Q2 2011/12"
SCRIPT = "<script>alert(1)</script>"
Row = dict[str, Any]
SECTIONS = (
    "claim", "earned", "prospect", "spend", "outturn", "ledger", "agreements", "milestones", "outcome measures", "grant checks", "sample", "inputs",
)  # fmt: skip
"""The sections about reward grant that show what returns say; the certification stands in every claim pack."""


@cache
def registers() -> reference.Registers:
    """Give the registers of the real partnership."""
    return reference.load(REAL)


def report(kept: dict[str, Any], audience: str = "claim-pack", quarter: str = QUARTER) -> reports.Report:
    """Give a report of some frames."""
    (who,) = (found for found in reports.audiences(registers()) if found.name == audience)
    return reports.Report(quarter, registers(), kept, who)


def made(quarter: str = QUARTER, **rows: list[Row]) -> reports.Report:
    """Give the report of a quarter that has only these rows."""
    return report({name: frames.make([{"quarter": quarter} | row for row in its], frames.CONTRACTS[name]) for name, its in rows.items()}, quarter=quarter)


@cache
def received() -> dict[str, pd.DataFrame]:
    """Give what Harrow's returns say, of the four quarters that say anything of reward grant."""
    read = returns.read(REAL, ("2009-10-Q3", "2009-10-Q4", "2011-12-Q1", "2011-12-Q2"))
    built = cleansing.build(read.cells, read.entries, registers())
    return built.frames | {"returns": cleansing.account(read.returns, built.cells)}


@cache
def nothing() -> dict[str, pd.DataFrame]:
    """Give every frame without rows."""
    return {name: frames.make([], contract) for name, contract in frames.CONTRACTS.items()}


@cache
def real(quarter: str) -> reports.Report:
    """Give Harrow's claim pack of a quarter, made as notebooks 02 and 04 make it."""
    kept = {name: frame[frame["quarter"] <= quarter].reset_index(drop=True) for name, frame in received().items()}
    kept["issues"], kept["grant_checks"] = grant.check(kept, registers(), quarter)
    terms = entitlement.stated(registers().agreement_terms, kept["reward_facts"])
    spend = grant.spend(kept["awards"], kept["narrative"], registers().awards)
    kept |= {"spend": spend, "outturn": grant.outturn(spend, registers().rounds), "burn_up": grant.burn_up(spend)}
    kept |= {"variations": grant.ledger(registers().variations, spend), "agreement_states": grant.standing(kept["agreements"], quarter)}
    kept["milestone_states"] = grant.due_milestones(kept["milestones"], quarter)
    reported = kept["reward_facts"][kept["reward_facts"]["quarter"] == quarter]
    kept["entitlement"] = entitlement.statement(reported, terms, grant.newest(spend, quarter))
    concerned = terms["agreement"].isin(set(kept["entitlement"]["agreement"]))
    kept["reward_way"] = entitlement.way(terms[concerned], frames.make([], frames.EARNED), grant.newest(kept["outturn"], quarter))
    kept["sample"] = grant.sample(grant.newest(spend, quarter), kept["issues"], quarter)
    return report(kept, quarter=quarter)


def shown(section: str, of: reports.Report) -> BeautifulSoup:
    """Give a section as it stands by itself."""
    return BeautifulSoup(str(reports.show(section, of)), "html.parser")


@cache
def harrow(section: str, quarter: str = QUARTER) -> BeautifulSoup:
    """Give a section of Harrow's page."""
    return shown(section, real(quarter))


def leading(page: BeautifulSoup) -> str:
    """Give the sentences that open a section."""
    found = page.find("p", class_="lead")
    return found.get_text() if found else ""


def tables(page: BeautifulSoup) -> list[Tag]:
    """Give the tables of a section, those of charts left out."""
    return [table for table in page.find_all("table") if not table.find_parent("details")]


def rows(table: Tag) -> list[list[str]]:
    """Give the rows of a table's body, group headings among them."""
    return [[cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])] for row in table.tbody.find_all("tr")]


def row_of(page: BeautifulSoup, name: str, number: int = 0) -> list[str]:
    """Give the only row of a section's table whose name begins so."""
    (found,) = [row for row in rows(tables(page)[number]) if row[0].startswith(name)]
    return found


def chart(page: BeautifulSoup, number: int = 0) -> tuple[str, str, list[list[str]]]:
    """Give a chart's title, its words, and the table under it."""
    figure = page.find_all("figure")[number]
    (words,) = {found.get_text() for found in figure.find_all("desc")}
    return figure.h3.get_text(), words, [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in figure.details.find_all("tr")]


def exact(value: Any) -> Decimal | None:
    """Give an exact amount, or nothing for nothing known."""
    return None if value is None else Decimal(value)


# ---------------------------------------------------------------- every section


@pytest.mark.parametrize("section", SECTIONS)
def test_no_rows_give_an_empty_section(section: str) -> None:
    """It shows nothing at all where the quarter has nothing, also with frames that are there and empty."""
    for kept in ({}, nothing()):
        assert str(reports.SECTIONS[section][1](report(kept))) == ""


SHOWN = [("claim", "2009-10-Q4"), *((section, QUARTER) for section in (*SECTIONS, "certification") if section not in {"earned", "prospect"})]


@pytest.mark.parametrize(("section", "quarter"), SHOWN, ids=[f"{section}, {quarter}" for section, quarter in SHOWN])
def test_a_table_can_be_read_aloud(section: str, quarter: str) -> None:
    """It gives every table a caption, every heading a scope, and every row a heading."""
    found = harrow(section, quarter).find_all("table")
    assert found
    for table in found:
        assert table.caption.get_text(strip=True)
        assert {cell.get("scope") for cell in table.find_all("th")} <= {"col", "row", "rowgroup"}
        assert [row for row in table.tbody.find_all("tr") if not row.find("th")] == []


@pytest.mark.parametrize(("section", "quarter"), SHOWN, ids=[f"{section}, {quarter}" for section, quarter in SHOWN])
def test_a_chart_says_in_words_what_it_shows(section: str, quarter: str) -> None:
    """It describes every drawing, both widths alike, and never says of a figure that it is nan or None."""
    page = harrow(section, quarter)
    for figure in page.find_all("figure"):
        wide, narrow = (svg.find("desc").get_text() for svg in figure.find_all("svg"))
        assert wide == narrow != ""
    text = page.get_text(" ")
    assert [word for word in ("nan", "None", "NaT", "<NA>") if word in text.split()] == []


# ---------------------------------------------------------------- claim


def test_the_claim_of_harrow_stands_in_the_sentence() -> None:
    """It says what was claimed of what was possible: 4,681,012.65 of 6,337,575 is 73.86%, half of it to the penny 2,340,506.33."""
    text = leading(harrow("claim"))
    assert text.startswith(
        "First LAA (2006-2009): £4,681,012.65 of £6,337,575.00 possible was claimed (73.9%); by the terms £2,340,506.33 of it would be paid;"
    )
    assert "£576,325.62 of the awards is known to be spent." in text
    assert leading(harrow("claim", "2009-10-Q4")).startswith("First LAA (2006-2009): £4,681,012.65 of £6,337,575.00 possible was claimed (73.9%). ")


WAY = [  # 004 line 174 and 000 line 183 to the claim; half of it by 001 line 25; then Appendix 1 of 001, added up by hand
    ["Possible", "£6,337,575.00"],
    ["Not claimed", "−£1,656,562.35"],
    ["Claimed", "£4,681,012.65"],
    ["Not paid", "−£2,340,506.32"],
    ["Paid, by the terms", "£2,340,506.33"],
    ["Not awarded in Round 1", "−£738,527.36"],
    ["Awarded in Round 1", "£1,601,978.97"],
    ["Spent, of the awards", "£576,325.62"],
    ["Forecast, of the awards", "£110,378.06"],
    ["Underspend identified, of the awards", "£46,751.64"],
    ["Without a plan, of the awards", "£2,597.24"],
    ["Not known, of the awards", "£865,926.44"],
    ["Over the awards", "−£0.03"],  # Community Events
]


@pytest.mark.parametrize(("quarter", "steps"), [(QUARTER, WAY), ("2009-10-Q4", WAY[:3])])
def test_the_way_of_harrows_money_is_drawn_step_by_step(quarter: str, steps: list[list[str]]) -> None:
    """It draws from what was possible to what is not known, with every step in its alt text and its table; in 2010 only the claim was known."""
    title, words, table = chart(harrow("claim", quarter))
    assert title == "First LAA (2006-2009): £6,337,575.00 was possible, £4,681,012.65 claimed"
    assert table == [["Step", "Amount"], *steps]
    assert words.startswith("; ".join(" ".join(step) for step in steps) + ".")


def test_what_is_not_known_of_harrows_awards_is_hatched() -> None:
    """It hatches the last step in both drawings."""
    assert ["url(#" in str(svg) for svg in harrow("claim").find_all("svg")] == [True, True]
    assert ["url(#" in str(svg) for svg in harrow("claim", "2009-10-Q4").find_all("svg")] == [False, False]


STATED = {  # worked by hand from 000 line 183, 001 line 25 and 004 line 174
    "Grant of each target, if all were equal": "£528,131.25",
    "Earned, had 8.5 of 12 equal targets been paid in full": "£4,489,115.625",
    "The claim less 8.5 of 12 equal targets": "£191,897.02",
    "Receipt that follows from the claim": "£2,340,506.33",
    "Claimed and not paid": "£2,340,506.32",
    "Of the receipt, capital": "£1,170,253.17",
    "Of the receipt, revenue": "£1,170,253.16",
    "Of the receipt, not awarded in Round 1": "£738,527.36",
    "The claim as a share of what was possible": "73.86%",
    "The claim": "£1,012.65",
    "What was received, in pounds and by date": "[x]",
    "Share of the amount earned provided in the first tranche": "in words",
}


@pytest.mark.parametrize(("fact", "amount"), STATED.items())
def test_the_statement_of_harrow_is_to_the_penny(fact: str, amount: str) -> None:
    """It gives each figure as hand arithmetic gives it, and none where there is none."""
    (found,) = [row for row in rows(tables(harrow("claim"))[0]) if row[0] == fact]
    assert found[1] == amount


def test_the_sentence_counts_the_lines_of_the_statement() -> None:
    """It counts what is printed, what follows, where sources differ and what cannot be derived, as the groups of the table do."""
    table = tables(harrow("claim"))[0]
    groups = [row[0] for row in rows(table) if len(row) == 1]
    counts = {group.partition(":")[0]: 0 for group in groups}
    for group in groups:
        counts[group.partition(":")[0]] += int(group.split()[-2])
    assert counts == {"What follows from the printed figures": 13, "Where sources differ": 3, "What cannot be derived": 4, "What is printed": 2}
    assert leading(harrow("claim")).endswith(
        "Two facts are printed in this quarter's returns, 13 figures follow, three differ between sources and four cannot be derived."
    )


def line(standing: str = "printed", **more: Any) -> Row:
    """Give a line of a statement."""
    about = {"agreement": "Our LAA", "fact": "Total possible", "standing": standing, "value_raw": "£10", "value": Decimal(10), "value_unit": "pounds"}
    return about | {"basis": "It was £10.", "source": "004:1", "cells": "2011-12-Q2/team/facts.csv, C5"} | more


@pytest.mark.parametrize(
    ("standing", "words"),
    [("printed", "One fact is printed in this quarter's returns."), ("follows", "One figure follows."), ("cannot be derived", "One cannot be derived.")],
)
def test_one_line_is_counted_as_one(standing: str, words: str) -> None:
    """It takes the singular for one, and leaves out what there is none of."""
    assert leading(shown("claim", made(entitlement=[line(standing)]))) == words


def test_a_half_penny_is_shown_and_an_unknown_is_not_nothing() -> None:
    """It shows a half penny, a share with two decimals, and the shorthand where there is no figure."""
    lines = [line("follows", fact="A", value=Decimal("2.345")), line("follows", fact="B", value=Decimal("73.8612"), value_unit="percent")]
    page = shown("claim", made(entitlement=[*lines, line("cannot be derived", fact="C", value=None, value_raw="")]))
    assert [row[1] for row in rows(tables(page)[0]) if len(row) > 1] == ["£2.345", "73.86%", "[x]"]


def way(*steps: tuple[str, int, int, str], agreement: str = "Our LAA") -> list[Row]:
    """Give the way of an agreement: what, start, end, style."""
    return [
        {"agreement": agreement, "what": what, "start": Decimal(start), "end": Decimal(end), "amount": Decimal(end - start), "style": style}
        for what, start, end, style in steps
    ]


def test_what_targets_earned_is_said_for_each_agreement() -> None:
    """It says earned where targets are returned, one sentence and one chart for each agreement, with its own share: 600 of 1,000, 1 of 3."""
    first = way(("Possible", 0, 1000, "known"), ("Not known", 600, 700, "unknown"), ("Not earned", 700, 1000, "less"), ("Earned", 0, 600, "known"))
    second = way(("Possible", 0, 3, "known"), ("Claimed", 0, 1, "known"), agreement="Next LAA")
    page = shown("claim", made(reward_way=first + second))
    assert leading(page).split(". ") == [
        "Our LAA: £600.00 of £1,000.00 possible was earned (60.0%); of £100.00 it is not known",
        "Next LAA: £1.00 of £3.00 possible was claimed (33.3%).",
    ]
    assert [chart(page, number)[0] for number in range(2)] == [
        "Our LAA: £1,000.00 was possible, £600.00 earned",
        "Next LAA: £3.00 was possible, £1.00 claimed",
    ]
    assert chart(page)[2][1:] == [["Possible", "£1,000.00"], ["Not known", "£100.00"], ["Not earned", "−£300.00"], ["Earned", "£600.00"]]


def test_nothing_earned_is_a_figure() -> None:
    """It says that nothing of what was possible was earned, in pounds."""
    page = shown("claim", made(reward_way=way(("Possible", 0, 1000, "known"), ("Not earned", 0, 1000, "less"), ("Earned", 0, 0, "known"))))
    assert leading(page) == "Our LAA: £0.00 of £1,000.00 possible was earned (0.0%)."


def test_more_awarded_than_paid_is_not_a_remainder() -> None:
    """It does not say that £500 is left to award where £500 more was awarded than paid."""
    frame = entitlement.way(
        terms(("possible", "£1,000"), ("claim", "£1,000"), ("scaling", "50%")),
        frames.make([], frames.EARNED),
        frames.make([{"quarter": QUARTER, "project": "Gyms", "round": "Round 1", "award": Decimal(1000), "at_least": Decimal(0)}], frames.OUTTURN),
    )
    assert "Not awarded in Round 1 £500.00" not in chart(shown("claim", report({"reward_way": frame})))[1]


def terms(*given: tuple[str, str]) -> pd.DataFrame:
    """Give the terms of an agreement: term, value."""
    columns = registers().agreement_terms.columns
    rows_of = [dict.fromkeys(columns, "") | {"agreement": "Our LAA", "term": term, "value": value} for term, value in given]
    return pd.DataFrame(rows_of, columns=columns, dtype=object)


# ---------------------------------------------------------------- earned


def target(
    name: str = "Burglary", share: str | None = "1", *, potential: Any = 100, most: Any = None, sub: str = "", agreement: str = "Our LAA"
) -> tuple[Row, Row]:
    """Give a target that paid a share of its potential, as earned and as returned; without a share its outturn is not known."""
    named = {"agreement": agreement, "target": name, "sub_target": sub}
    amount = None if share is None else Decimal(share) * Decimal(potential)
    earned = named | {"polarity": "lower", "share": exact(share), "paid_share": exact(share), "potential": exact(potential), "amount": amount}
    earned |= {
        "at_most": exact(most) if amount is None else amount,
        "reason": "" if share else "the outturn is not known",
        "figure_id": f"{QUARTER}.reward.{name}{sub}".lower(),
    }
    returned = named | {"expected_without_stretch_raw": "900", "stretch_target_raw": "800", "outturn_raw": "790" if share else "", "file": "targets.csv"}
    cells = {f"{figure}_cell": cell for figure, cell in (("expected_without_stretch", "D5"), ("stretch_target", "E5"), ("outturn", "F5"))}
    return earned, returned | cells | {"outturn_reason": "" if share else "asked for and not known"}


def earning(*targets: tuple[Row, Row], **more: list[Row]) -> reports.Report:
    """Give a report of some targets."""
    return made(earned=[one for one, _ in targets], reward_targets=[one for _, one in targets], **more)


def test_many_targets_are_added_up_and_unknown_ones_kept_apart() -> None:
    """It says 300 could be earned, 150 is by the two known, and up to 100 more is by the one that is not."""
    page = shown("earned", earning(target("Burglary"), target("Homes", "0.5"), target("Jobs", None, most=100)))
    text = leading(page)
    assert text.startswith("Three stretched targets could earn £300.00;")
    assert "£150.00, and up to £100.00 more for one target of which something is not known." in text
    assert "Jobs: the outturn is not known" in page.get_text()


def test_no_unknown_target_is_not_mentioned() -> None:
    """It says nothing of unknown figures where there are none."""
    text = leading(shown("earned", earning(target("Burglary"), target("Homes", "0"))))
    assert "£200.00;" in text
    assert text.endswith("£100.00.")


def test_a_target_shows_what_it_earned_step_by_step() -> None:
    """It gives figures as typed, the share of the stretch, what it pays and what it earned; at most where the outturn is not known."""
    page = shown("earned", earning(target("Burglary", "0.625", potential=80), target("Jobs", None, potential=80, most=80)))
    assert row_of(page, "Burglary") == ["Burglary lower is better", "900", "800", "790", "62.5%", "62.5%", "£80.00", "£50.00"]
    assert row_of(page, "Jobs")[3:] == ["[x]", "[x]", "[x]", "£80.00", "[x] at most £80.00"]


def test_one_target_takes_the_singular() -> None:
    """It says of one target that it earns."""
    assert "they earn" not in leading(shown("earned", earning(target())))


def test_targets_of_two_agreements_are_all_counted() -> None:
    """It counts two targets of one name in two agreements as two."""
    assert leading(shown("earned", earning(target(), target(agreement="Next LAA")))).startswith("Two stretched targets could earn £200.00;")


def test_sub_targets_are_not_more_targets_than_there_are() -> None:
    """It does not speak of two unknown targets where there is one target with two unknown sub-targets."""
    text = leading(shown("earned", earning(target(sub="Homes", share=None, most=50), target(sub="Shops", share=None, most=50))))
    assert "two targets" not in text.casefold()


def test_a_grant_that_nobody_knows_is_not_nothing() -> None:
    """It does not say £0.00 of targets of which neither the possible grant nor the most they earn is known."""
    earned, returned = target(share=None, potential=0)
    page = shown("earned", earning((earned | {"potential": None, "reason": "'Our LAA' has no terms"}, returned)))
    assert "£0.00" not in leading(page)


def test_payments_are_followed_to_who_gets_them() -> None:
    """It gives every step with its amount and what it is part of, and says how many targets are left out."""
    steps = [
        {"agreement": "Our LAA", "instalment": "", "step": "earned", "amount": Decimal(100), "unknown_count": 2, "how": "of known targets"},
        {
            "agreement": "Our LAA",
            "instalment": "",
            "step": "split",
            "name": "Management Groups",
            "part_of": "due",
            "amount": Decimal("33.34"),
            "unknown_count": 2,
        },
        {"agreement": "Our LAA", "instalment": "second", "step": "due", "name": "", "amount": Decimal("66.66"), "unknown_count": 2},
    ]
    page = shown("earned", earning(target(), payments=steps))
    assert rows(tables(page)[1])[1:] == [
        ["Earned", "the whole", "[z]", "£100.00", "of known targets"],
        ["To: Management Groups", "the whole", "due", "£33.34", ""],
        ["Due", "second", "[z]", "£66.66", ""],
    ]
    assert "two targets are left out" in page.get_text()
    assert "left out" not in shown("earned", earning(target(), payments=[step | {"unknown_count": 0} for step in steps])).get_text()


# ---------------------------------------------------------------- prospect


def prospect(name: str = "Burglary", **more: Any) -> Row:
    """Give the outlook of a live target: £60 now, £50 likely between £0 and £100 over four ways to end, a tenth of its stretch worth £10."""
    amounts = {"amount_now": 60, "amount_low": 0, "amount_likely": 50, "amount_high": 100, "at_risk": 60, "pounds_per_unit": "2.50", "next_gain": 10}
    shares = {"share_now": "0.6", "share_low": "0.2", "share_likely": "0.55", "share_high": "1.1", "to_cliff": "-1.5"}
    ways = {"scenarios": 4, "reaching_threshold": 3, "reaching_stretch": 1, "quarters_left": 2, "rank": 1}
    return {"agreement": "Our LAA", "target": name} | {name: Decimal(value) for name, value in (amounts | shares).items()} | ways | more


SAFE = {"reaching_threshold": 4, "reaching_stretch": 4}
SHORT: Row = dict.fromkeys(
    ("amount_low", "amount_likely", "amount_high", "share_low", "share_likely", "share_high", "at_risk", "scenarios", "reaching_threshold", "reaching_stretch")
)


def test_live_targets_are_added_up() -> None:
    """It says £120 now, £100 likely between £0 and £200, which are in danger, and where the next effort earns most."""
    rows_of = [prospect("Homes", next_gain=Decimal(30)), prospect(**SAFE, rank=2)]
    page = shown("prospect", made(reward_outlook=rows_of))
    text = leading(page)
    assert "£120.00" in text
    assert "£100.00 is likely for two targets with enough history, between £0.00 and £200.00." in text
    assert "In danger of missing the stretch: Homes." in text
    assert "at Homes: a tenth of its stretch is worth £30.00." in text
    title, words, table = chart(page)
    assert "at Homes" in title
    assert (words, table) == ("Homes £30.00; Burglary £10.00.", [["Step", "Amount"], ["Homes", "£30.00"], ["Burglary", "£10.00"]])


def test_one_live_target_takes_the_singular() -> None:
    """It speaks of the one target with enough history."""
    assert "for one target with enough history" in leading(shown("prospect", made(reward_outlook=[prospect()])))


def test_too_short_a_history_gives_no_likely_end() -> None:
    """It leaves the likely end out, with the shorthand in the table and the reason below it, and still ranks the target."""
    page = shown("prospect", made(reward_outlook=[prospect(reason="2 past movements over 2 quarters, 3 needed", **SHORT)]))
    assert "likely" not in leading(page)
    assert "In danger" not in leading(page)
    row = row_of(page, "Burglary")
    assert (row[2], row[4], row[5], row[7]) == ("[x]", "[x]", "[x]", "£10.00")
    assert "Burglary: 2 past movements over 2 quarters, 3 needed" in page.get_text()


def test_targets_of_which_nothing_can_be_told_have_no_chart() -> None:
    """It draws no ranking where there is none, and keeps the row."""
    unknown = prospect() | SHORT | dict.fromkeys(("amount_now", "next_gain", "share_now", "to_cliff", "pounds_per_unit", "rank"))
    page = shown("prospect", made(reward_outlook=[unknown]))
    assert (page.find("figure"), row_of(page, "Burglary")[1:]) == (None, ["[x]"] * 7)


def test_a_live_target_that_is_not_known_is_told() -> None:
    """It says in the sentence that a target's outturn is not known."""
    unknown = prospect("Jobs") | SHORT | dict.fromkeys(("amount_now", "next_gain", "share_now", "to_cliff"))
    assert "not known" in leading(shown("prospect", made(reward_outlook=[prospect(), unknown])))


def test_an_effort_that_earns_nothing_is_not_recommended() -> None:
    """It names no target as worth the next effort where all have reached their cap."""
    page = shown("prospect", made(reward_outlook=[prospect(next_gain=Decimal(0), **SAFE)]))
    assert "worth £0.00" not in leading(page)


def test_an_outturn_says_how_far_it_is_from_its_threshold() -> None:
    """It gives the distance without its sign, as short of the threshold or beyond it, and the spread of the end below the mean."""
    page = shown("prospect", made(reward_outlook=[prospect(), prospect("Homes", to_cliff=Decimal("0.33333"))]))
    assert row_of(page, "Burglary")[1:4] == ["60.0% 1.5 short of the threshold", "55.0% 20.0% to 110.0%", "£60.00"]
    assert row_of(page, "Homes")[1] == "60.0% 0.333 beyond the threshold"
    assert row_of(page, "Homes")[4] == "£50.00 £0.00 to £100.00"


def at_its_end(name: str, *, share: str, stretch: int = 0, threshold: int = 1, **more: Any) -> Row:
    """Give the outlook of a target whose agreement ends with the quarter: one way to end, which is where it stands, £60 earned."""
    one = {f"amount_{part}": Decimal(60) for part in ("now", "low", "likely", "high")} | {
        f"share_{part}": Decimal(share) for part in ("now", "low", "likely", "high")
    }
    ways = {"quarters_left": 0, "scenarios": 1, "reaching_stretch": stretch, "reaching_threshold": threshold, "at_risk": Decimal(0)}
    return prospect(name, **(one | ways | {"next_gain": Decimal(30)} | more))


ENDED = (
    at_its_end("Homes", share="0.8"),
    at_its_end("Jobs", share="0.4", threshold=0, amount_now=Decimal(0)),
    at_its_end("Burglary", share="1.2", stretch=1),
    prospect("Falls")
    | SHORT
    | dict.fromkeys(("amount_now", "next_gain", "share_now", "to_cliff", "pounds_per_unit"))
    | {"quarters_left": 0, "reason": "not known"},
)


def test_an_agreement_that_has_ended_is_in_no_danger() -> None:
    """It says what £60, £0 and £60 came to, and which targets missed their stretch; it speaks of no danger, no likely end and no next effort."""
    page = shown("prospect", made(reward_outlook=[*ENDED]))
    told = "Our LAA has ended: by its last outturns it earned £120.00; of one target that is not known. The stretch was missed at Homes and Jobs."
    assert leading(page) == told
    assert row_of(page, "Homes") == ["Homes missed its stretch", "80.0% 1.5 short of the threshold", "£60.00", "£2.50"]
    assert row_of(page, "Jobs")[0] == "Jobs missed its stretch, and its threshold"
    assert row_of(page, "Burglary")[:2] == ["Burglary", "120.0% 1.5 short of the threshold"]
    assert row_of(page, "Falls") == ["Falls", "[x]", "[x]", "[x]"]
    assert page.find("figure") is None
    assert [word for word in ("danger", "likely", "next", "Next", "At risk", "way to end", "Live") if word in page.get_text()] == []


def test_a_live_agreement_stands_beside_one_that_has_ended() -> None:
    """It adds up, ranks and warns of what still runs alone, £60 now, and says of the other what it earned."""
    page = shown("prospect", made(reward_outlook=[at_its_end("Homes", share="0.8", agreement="The old deal"), prospect()]))
    live, ended = (words.get_text() for words in page.find_all("p", class_="lead"))
    assert live.startswith("Live targets earn £60.00 by their latest outturns. ")
    assert "In danger of missing the stretch: Burglary." in live
    assert "at Burglary: a tenth of its stretch is worth £10.00." in live
    assert ended == "The old deal has ended: by its last outturns it earned £60.00. The stretch was missed at Homes."
    assert chart(page)[1] == "Burglary £10.00."


# ---------------------------------------------------------------- awards, made by hand

FIGURES = ("award", "actual_q1", "forecast_q2", "forecast_q3", "forecast_q4", "total_to_date", "identified_underspend")


def award(project: str, *amounts: Any, **more: Any) -> Row:
    """Give an award: its grant, actual of Q1, forecasts of Q2 to Q4, total to date, identified underspend."""
    row: Row = {"project": project, "round": "Round 1", "kind": "all", "theme": "not stated", "file": "grant.csv", "row": 7}
    for name, cell, amount in zip(FIGURES, "BCDEFGH", amounts, strict=True):
        row |= {name: exact(amount), f"{name}_raw": "?" if amount is None else f"£{amount}", f"{name}_cell": f"{cell}7"}
    return row | more


def granted(*awards: Row, audience: str = "claim-pack", **more: list[Row]) -> reports.Report:
    """Give a report of some awards, worked out as the notebook does."""
    kept = {name: frames.make([{"quarter": QUARTER} | row for row in its], frames.CONTRACTS[name]) for name, its in more.items()}
    given = frames.make([{"quarter": QUARTER} | row for row in awards], frames.AWARDS)
    spend = grant.spend(given, kept.get("narrative", frames.make([], frames.NARRATIVE)), registers().awards)
    kept |= {"spend": spend, "outturn": grant.outturn(spend, registers().rounds), "burn_up": grant.burn_up(spend)}
    return report(kept, audience)


GYMS = award("Green Gyms", 8000, 1000, 2000, 1000, 1000, 4000, 0)
PLANLESS = award("Homes", 1000, 0, 0, 0, 0, 200, 300)
UNKNOWN = award("Arts", 5000, None, None, None, None, None, None)
OVER = award("Jobs", 100, 0, 0, 0, 0, 125, 0)
NO_GRANT = award("The Souk", None, 0, 0, 0, 0, 5, 0)


# ---------------------------------------------------------------- spend


def test_the_awards_of_harrow_stand_in_the_sentence() -> None:
    """It says of the 28 awards what Appendix 1 comes to: 26 state their spend, two do not, 13 balance, 11 cannot be checked, four do not add up."""
    text = leading(harrow("spend"))
    for part in (
        "28 awards of £1,601,978.97 in all. Spend to date is £576,325.62 for the 26 awards that state it;",
        "two awards that do not, it lies between £576,325.62 and £886,325.62",
        "The Souk as £0.00",
        "13 awards balance; 11 awards cannot be checked. Four awards do not add up:",
        "Local Intelligence Database and JAG - Revenue (short by £100.00)",
        "Local Intelligence Database and JAG - Capital (short by £2,497.24)",
        "Community Events (over by £0.03)",
        "Resilience Programme (double counted by £49,936.00)",
    ):
        assert part in text


def test_the_awards_of_harrow_are_drawn_largest_first() -> None:
    """It draws all 28, the largest first, and describes the five largest with their spend."""
    title, words, table = chart(harrow("spend"))
    assert title == "£576,325.62 is known to be spent of £1,601,978.97 awarded"
    assert words.startswith(
        "28 awards. Largest: Reablement (LBH) - Revenue £251,000.00, spent £165,500.00; Development of Partnership Working (Capital) £250,639.00, spent £1,750.00;"
    )
    assert "Reablement – Capital (NHS) £220,000.00, spend not known; Media and Communications (Capital) £110,000.00, spent £22,367.71" in words
    assert words.endswith("Spend is not known for two awards.")
    assert len(table) == 29
    assert ["Children's Services Transformation", "£85,000.00", "£65,637.11", "£12,675.25", "£0.00"] in table
    assert ["Reablement – Capital (NHS)", "£220,000.00", "not known", "not known", "not known"] in table
    assert ["Local Intelligence Database and JAG - Capital", "£90,000.00", "£46,502.76", "£1,000.00", "£2,497.24"] in table


def test_an_award_of_harrow_is_given_as_printed() -> None:
    """It gives the amounts of Appendix 1, what was typed where nobody knows, the verdict, and what stops a check."""
    row = row_of(harrow("spend"), "Children's Services Transformation")
    assert row[1:] == ["£85,000.00", "£46,086.16", "£12,675.25", "£0.00", "£0.00", "£65,637.11", "£6,687.64", "balances"]
    assert row_of(harrow("spend"), "Reablement – Capital (NHS)")[1:8] == ["£220,000.00", "?", "?", "?", "?", "?", "?"]
    assert "Identified underspend (H14: TBC)" in row_of(harrow("spend"), "Media and Communications")[-1]
    assert "monitoring return not received" in row_of(harrow("spend"), "The Souk")[0]
    assert row_of(harrow("spend"), "The Souk")[2] == "[x]"


def test_the_totals_of_harrow_keep_what_is_unknown_apart() -> None:
    """It gives each sum with how many are not known, and the least and the most that it can be."""
    every = [row for row in rows(tables(harrow("spend"))[1]) if len(row) > 1][:7]
    assert every[0] == ["Total grant awarded", "£1,601,978.97", "0", "£1,601,978.97", "£1,601,978.97"]
    assert every[5] == ["Total spend to date", "£576,325.62", "2", "£576,325.62", "£886,325.62"]
    assert every[6] == ["Identified underspend", "£46,751.64", "3", "£46,751.64", "£466,751.64"]


SPEND_TOLD = {
    "one": ((GYMS,), "One award of £8,000.00 in all. Spend to date is £4,000.00. One award balances; every award can be checked."),
    "none balances": ((UNKNOWN, GYMS), "One award balances; one award cannot be checked."),
    "one states it": ((GYMS, UNKNOWN), "Spend to date is £4,000.00 for the one award that states it; with the one award that does not, it lies between £4,000.00 and £9,000.00."),
    "nothing balances": ((UNKNOWN,), "No awards balance; one award cannot be checked."),
    "one is over": ((OVER,), "No awards balance; every award can be checked. One award does not add up: Jobs (over by £25.00)."),
    "one is short": ((PLANLESS, GYMS), "Two awards of £9,000.00 in all. Spend to date is £4,200.00. One award balances; every award can be checked. One award does not add up: Homes (short by £500.00)."),
    "an award of nothing": ((award("Green Gyms", 0, 0, 0, 0, 0, 0, 0),), "One award of £0.00 in all. Spend to date is £0.00. One award balances; every award can be checked."),
}  # fmt: skip


@pytest.mark.parametrize(("awards", "words"), SPEND_TOLD.values(), ids=SPEND_TOLD)
def test_the_sentence_about_awards_counts_right(awards: tuple[Row, ...], words: str) -> None:
    """It says no, one and many awards as readers do, and each sum as it comes to."""
    assert words in money.in_words(granted(*awards)["spend"])


def test_all_awards_have_their_bar() -> None:
    """It gives an unknown, an unplanned, an overspent award and one of unknown grant in the table under the drawing."""
    page = shown("spend", granted(GYMS, PLANLESS, UNKNOWN, OVER, NO_GRANT))
    assert chart(page)[2][1:] == [
        ["Green Gyms", "£8,000.00", "£4,000.00", "£4,000.00", "£0.00"],
        ["Arts", "£5,000.00", "not known", "not known", "not known"],
        ["Homes", "£1,000.00", "£200.00", "£0.00", "£500.00"],
        ["Jobs", "£100.00", "£125.00", "£0.00", "£0.00"],
        ["The Souk", "not known", "£5.00", "£0.00", "not known"],
    ]
    assert {"not known of £5,000", "125% of £100", "award not known"} <= {text.get_text() for text in page.find_all("text")}
    assert str(page.find("svg")).count("fill: url(#") == 2


def test_the_words_of_one_award_take_the_singular() -> None:
    """It describes one award as one award."""
    assert "1 awards" not in chart(shown("spend", granted(GYMS)))[1]


def test_a_sum_of_awards_says_what_is_not_known() -> None:
    """It says in the sentence that of one award the grant is not known: £8,000.00 is not all."""
    assert "£8,000.00 in all" not in money.in_words(granted(GYMS, NO_GRANT)["spend"])


def test_two_rounds_are_added_up() -> None:
    """It says what the awards of both rounds come to: 8,000 and 1,000."""
    of = granted(GYMS, PLANLESS | {"round": "Round 2"})
    assert money.in_words(of["spend"]).startswith("Two awards of £9,000.00 in all. Spend to date is £4,200.00.")


def test_a_spend_that_nobody_states_is_said_so() -> None:
    """It does not speak of the no awards that state their spend."""
    assert "the no awards" not in money.in_words(granted(UNKNOWN)["spend"])


def test_a_sentence_has_no_shorthand() -> None:
    """It says in words that nobody knows how much it may be."""
    unknown = award("The Souk", None, None, None, None, None, None, None)
    assert "[x]" not in money.in_words(granted(GYMS, unknown)["spend"])


# ---------------------------------------------------------------- outturn


def test_the_outturn_of_harrow_stands_in_the_sentence() -> None:
    """It says what Appendix 1 comes to: spend and forecasts £686,703.68, twelve awards not known, £46,751.64 identified, £100.00 and £2,497.24 without a plan."""
    text = leading(harrow("outturn"))
    for part in ("£686,703.68", "£1,552,694.12 at most: of 12 awards something is not known", "£46,751.64 is identified as underspend", "£2,597.24"):
        assert part in text


def test_the_year_of_harrow_is_drawn() -> None:
    """It draws five points, each with the least and the most it can be, of £1,601,978.97 awarded."""
    title, words, table = chart(harrow("outturn"))
    assert title == "Round 1: £576,325.62 of £1,601,978.97 is known to be spent by the end of Q1 2011/12"
    assert "Q4 2011/12 at least £686,703.68, at most £1,552,694.12" in words
    assert [
        row[:4] for row in table[1:]
    ] == [  # Q1 spend of the 24 awards that state it, 81,917.53, taken off; forecasts added, the repeated one of £49,936 once
        ["Q4 2010/11", "actual", "£444,472.09", "£804,408.09"],  # with 90,000 and 220,000 unknown, and at most the 0 and 49,936 that two had come to later
        ["Q1 2011/12", "actual", "£576,325.62", "£886,325.62"],
        ["Q2 2011/12", "forecast", "£635,560.91", "£1,501,551.35"],
        ["Q3 2011/12", "forecast", "£654,679.92", "£1,520,670.36"],
        ["Q4 2011/12", "forecast", "£686,703.68", "£1,552,694.12"],
    ]
    assert {row[4] for row in table[1:]} == {"£1,601,978.97"}


def test_the_outturn_table_of_harrow_puts_first_what_needs_asking() -> None:
    """It groups the 28 awards, and says where a day to spend by is stated until when money can be moved: 31 March 2012 for two."""
    table = tables(harrow("outturn"))[0]
    assert [row[0] for row in rows(table) if len(row) == 1] == [
        "Not known 12 rows", "Money without a plan 2 rows", "Underspend identified 1 row", "Over 1 row", "Planned to be spent 8 rows", "Spent in full 4 rows",
    ]  # fmt: skip
    assert sorted(row[0].partition(" (")[0] for row in rows(table) if row[-1] == "Q3 2011/12") == ["Reablement", "Reablement – Capital"]
    assert row_of(harrow("outturn"), "Local Intelligence Database and JAG - Capital")[1:6] == [
        "£90,000.00",
        "£47,502.76",
        "£40,000.00",
        "£2,497.24",
        "£42,497.24",
    ]
    assert row_of(harrow("outturn"), "Reablement (NHS)")[1:6] == ["£90,000.00", "£0.00 to £90,000.00", "[x]", "[x]", "£0.00 to £90,000.00"]


OUTTURN_TOLD = {
    "all planned": ((GYMS,), ("£8,000.00", "£0.00 is identified as underspend", "no money is without a plan."), ("not known",)),
    "one without a plan": ((PLANLESS,), ("£200.00", "£300.00 is identified", "£500.00 more is neither forecast nor identified."), ("no money",)),
    "one not known": ((GYMS, UNKNOWN), ("£8,000.00", "£13,000.00 at most: of one award something is not known"), ()),
    "one over": ((OVER,), ("£125.00", "no money is without a plan."), ("-", "−", "not known")),
}


@pytest.mark.parametrize(("awards", "said", "unsaid"), OUTTURN_TOLD.values(), ids=OUTTURN_TOLD)
def test_the_sentence_about_the_outturn_adds_up(awards: tuple[Row, ...], said: tuple[str, ...], unsaid: tuple[str, ...]) -> None:
    """It says what spend and forecasts come to, what is identified, and what has no plan."""
    text = leading(shown("outturn", granted(*awards)))
    assert ([part for part in said if part not in text], [part for part in unsaid if part in text]) == ([], [])


def test_what_is_not_known_is_not_planned() -> None:
    """It does not say that no money is without a plan where it cannot be told."""
    assert "no money is without a plan" not in leading(shown("outturn", granted(UNKNOWN)))


def test_an_award_of_unknown_grant_is_told() -> None:
    """It says that of two awards something is not known, also where there is no most."""
    unknown = award("The Souk", None, None, None, None, None, None, None)
    assert "not known" in leading(shown("outturn", granted(GYMS, unknown, UNKNOWN))).replace("so far as they are known", "")


def test_an_overspent_award_of_which_more_is_not_known_is_told() -> None:
    """It says that something of an award is not known that is over before its forecasts have come."""
    over = award("Jobs", 100, 0, None, None, None, 125, 0)
    assert "not known" in leading(shown("outturn", granted(GYMS, over)))


def test_each_round_has_its_year() -> None:
    """It draws a year for each round, with that round's sums: 4,000 of 8,000 and 200 of 1,000."""
    page = shown("outturn", granted(GYMS, PLANLESS | {"round": "Round 2"}))
    assert [chart(page, number)[0].partition(" is")[0] for number in range(2)] == ["Round 1: £4,000.00 of £8,000.00", "Round 2: £200.00 of £1,000.00"]


def test_a_year_of_unknown_awards_names_no_award() -> None:
    """It says in the title only what is known to be spent, and in the table that the rest is not known."""
    title, words, table = chart(shown("outturn", granted(NO_GRANT)))
    assert title == "Round 1: £5.00 is known to be spent by the end of Q1 2011/12"
    assert "at least £5.00" in words
    assert [row[4] for row in table[1:]] == ["not known"] * 5


@pytest.mark.parametrize("kind", ["actual", "forecast"])
def test_one_point_alone_can_be_shown(kind: str) -> None:
    """It draws a year of which only one quarter is given, with the actual it needs for its title."""
    points = [{"round": "Round 1", "period": "2011-12-Q1", "kind": "actual", "at_least": Decimal(5), "at_most": Decimal(5), "awarded": Decimal(10)}]
    points += [points[0] | {"period": "2011-12-Q2", "kind": kind}] if kind == "forecast" else []
    of = granted(GYMS)
    of.kept["burn_up"] = frames.make([{"quarter": QUARTER} | point for point in points], frames.BURN_UP)
    assert chart(shown("outturn", of))[0] == "Round 1: £5.00 of £10.00 is known to be spent by the end of Q1 2011/12"


# ---------------------------------------------------------------- ledger


def variation(**more: Any) -> Row:
    """Give a line of the ledger."""
    about = {"round": "Round 1", "subject": "Gyms", "from_project": "Green Gyms", "to_project": "Homes", "what": "Left over", "amount": Decimal(500)}
    return (
        about
        | {
            "authority": "HCE",
            "decided": "2011-07-12",
            "remaining": Decimal(4000),
            "remaining_at_most": Decimal(4000),
            "state": "complete",
            "source": "minutes",
        }
        | more
    )


def test_the_ledger_of_harrow_says_what_it_lacks() -> None:
    """It gives the three moves of lines 112 and 122 of source document 001, without sum or date, and what was not spent: 110,000 less 22,367.71."""
    page = harrow("ledger")
    assert leading(page).startswith("Three lines in the ledger of variations")
    assert row_of(page, "Media and Communications")[1:6] == ["Media and Communications (Capital)", "[x]", "£87,632.29", "HCE", "[x]"]
    assert [row[3] for row in rows(tables(page)[0])] == ["£87,632.29", "£13,970.07", "£4,236.52"]


def test_a_ledger_that_is_complete_says_so() -> None:
    """It says of one line and of two that nothing is lacking."""
    assert leading(shown("ledger", granted(GYMS, variations=[variation()]))) == "One line in the ledger of variations, each with sum, authority and date."
    page = shown("ledger", granted(GYMS, variations=[variation(), variation(subject="Homes")]))
    assert leading(page) == "Two lines in the ledger of variations, each with sum, authority and date."
    assert row_of(page, "Homes")[1:] == ["Green Gyms to Homes", "£500.00", "£4,000.00", "HCE", "2011-07-12", "complete minutes"]


def test_a_ledger_counts_what_lacks_something() -> None:
    """It counts one line of two that does not name its sum."""
    lines = [variation(), variation(amount=None, state="not stated: the sum")]
    assert "; one lacks " in leading(shown("ledger", granted(GYMS, variations=lines)))


def test_a_ledger_says_what_is_lacking() -> None:
    """It does not say that sum or date is lacking where only the authority is."""
    text = leading(shown("ledger", granted(GYMS, variations=[variation(authority="", state="not stated: the authority")])))
    assert "sum or its date" not in text


def test_many_lines_lack_theirs() -> None:
    """It says of three lines their sum, not its sum."""
    assert "three lack its" not in leading(harrow("ledger"))


# ---------------------------------------------------------------- agreements


def agreement(project: str = "Cedars", state: str = "signed", **more: Any) -> Row:
    """Give an agreement where it stands."""
    about = {"project": project, "organisation": "Kids Can Achieve", "progress": "Signed.", "state": state, "next_step": "purchase order raised"}
    return about | {"may_be_paid": "no" if state in {"not sent", "contract sent"} else "yes", "due": "2011-10-17", "report_state": "due later"} | more


def test_the_agreements_of_harrow_stand_where_appendix_2_says() -> None:
    """It counts seven, five signed, and names the two of which no signed copy has come; reports are due on 17 October, after the quarter."""
    page = harrow("agreements")
    assert leading(page) == (
        "Seven agreements, five signed. Circles of Support and Top 50 Families may not be paid before the signed contract has come. "
        "No report is overdue at the quarter's end."
    )
    assert row_of(page, "Circles of Support")[1:5] == ["●○○○○ contract sent", "signed", "no: not signed", "17 October 2011"]
    assert row_of(page, "Increasing Volunteering")[1:5] == ["●●●●○ invoice received", "paid", "yes", "17 October 2011"]
    assert row_of(page, "Harrow Into Work")[1:4] == ["●●○○○ signed", "purchase order raised", "yes"]


AGREED = {
    "nothing unsigned": ([agreement(), agreement("Homes", "paid")], "Two agreements, both signed. No report is overdue at the quarter's end."),
    "one": ([agreement()], "One agreement, one signed. No report is overdue at the quarter's end."),
    "one unsigned": ([agreement(), agreement("Homes", "contract sent")], "Two agreements, one signed. Homes may not be paid before the signed contract has come. No report is overdue at the quarter's end."),
    "none signed": ([agreement("Homes", "not sent")], "One agreement, none signed. Homes may not be paid before the signed contract has come. No report is overdue at the quarter's end."),
    "late reports": ([agreement(report_state="overdue"), agreement("Homes", report_state="overdue")], "Two agreements, both signed. Reports overdue: Cedars and Homes."),
}  # fmt: skip


@pytest.mark.parametrize(("agreements", "words"), AGREED.values(), ids=AGREED)
def test_the_sentence_about_agreements_counts_right(agreements: list[Row], words: str) -> None:
    """It says how many are signed, who may not be paid, and whose reports are overdue."""
    assert leading(shown("agreements", made(agreement_states=agreements))) == words


def test_an_agreement_shows_its_steps_and_day() -> None:
    """It fills as many of the five marks as steps are done, none where it was not sent, and gives the shorthand for no day."""
    page = shown(
        "agreements", made(agreement_states=[agreement("A", "not sent", due="", report_state="no date"), agreement("B", "paid", report_state="overdue")])
    )
    assert row_of(page, "A")[1:5] == ["○○○○○ not sent", "purchase order raised", "no: not signed", "[x]"]
    assert row_of(page, "B")[1] == "●●●●● paid"
    assert row_of(page, "B")[4] == "17 October 2011, overdue"
    assert {mark.get("aria-hidden") for mark in page.find_all(class_="steps")} == {"true"}


# ---------------------------------------------------------------- milestones


def milestone(state: str = "not yet due", due: str = "2012-03-31", rag: str = "Green", **more: Any) -> Row:
    """Give a milestone."""
    about = {"file": "m.csv", "organisation": "CAB", "timescale": "March 2012", "outcome": "Volunteers", "rag": rag, "due": due, "state": state}
    return about | {"overdue": state in {"overdue", "due, nothing said"}} | more


def numbered(*given: Row) -> list[Row]:
    """Give milestones, each in a row of its own."""
    return [row | {"row": number} for number, row in enumerate(given, start=2)]


LATE, SILENT, DONE = milestone("overdue", "2011-07-31", "Red"), milestone("due, nothing said", "2011-08-31", ""), milestone("done", "2011-06-30", "Complete")
UNDATED = milestone("no date", "")
MILESTONES_TOLD = {
    "none due": ([milestone()], "One milestone of one organisation. It was not overdue on 30 September 2011. Each names a date; each has a RAG status."),
    "one silent": ([SILENT], "One milestone of one organisation. One milestone had fallen due by 30 September 2011, and no return says whether it is done. Each names a date; it has no RAG status."),
    "two late": ([LATE, LATE, UNDATED], "Three milestones of one organisation. Two milestones are overdue. One milestone names no date; each has a RAG status."),
    "one late": ([LATE, milestone(organisation="Arts")], "Two milestones of two organisations. One milestone is overdue. Each names a date; each has a RAG status."),
    "all done": ([DONE, DONE], "Two milestones of one organisation. None was overdue on 30 September 2011. Each names a date; each has a RAG status."),
    "no dates": ([UNDATED, UNDATED], "Two milestones of one organisation. None was overdue on 30 September 2011. Two milestones name no date; each has a RAG status."),
}  # fmt: skip


@pytest.mark.parametrize(("milestones", "words"), MILESTONES_TOLD.values(), ids=MILESTONES_TOLD)
def test_the_sentence_about_milestones_counts_right(milestones: list[Row], words: str) -> None:
    """It says how many there are, how many are due and not said to be done, how many are overdue, and how many have no date or RAG."""
    page = shown("milestones", made(milestone_states=numbered(*milestones)))
    assert leading(page) == words
    assert chart(page)[1].startswith(words)


def test_the_milestones_of_harrow_are_those_of_appendix_3() -> None:
    """It counts 46 of seven organisations, none with a RAG; July, August twice and September 2011 are past, 31 name no date."""
    page = harrow("milestones")
    text = leading(page)
    assert text.startswith("46 milestones of seven organisations. Four milestones had fallen due by 30 September 2011,")
    assert "31 milestones name no date; none has a RAG status." in text
    title, words, table = chart(page)
    assert title == "Four of 46 milestones are due and not said to be done on 30 September 2011"
    assert "CAB: 31 July 2011, 31 August 2011, 31 August 2011, 31 March 2012, 30 April 2012, 31 October 2012, 31 March 2013;" in words
    assert words.endswith("Building recovery in communities: 30 September 2011, 31 May 2012, 30 September 2012, 30 November 2012.")
    assert ["CAB", "0", "3", "4", "0", "1"] in table
    assert ["Building recovery in communities", "0", "1", "3", "0", "6"] in table
    assert sum(int(cell) for row in table[1:] for cell in row[1:]) == 46


def test_a_milestone_says_loudly_that_it_is_due() -> None:
    """It marks what is due and not done, with its day and its RAG, and leaves the rest plain."""
    page = shown("milestones", made(milestone_states=numbered(SILENT, DONE, UNDATED)))
    assert [span.get_text() for span in page.find_all(class_="loud")] == ["due, nothing said"]
    assert [row[1:3] for row in rows(tables(page)[0]) if len(row) > 1] == [
        ["31 August 2011", "due, nothing said"],
        ["30 June 2011", "done"],
        ["[x]", "no date"],
    ]


def test_what_is_done_had_fallen_due_too() -> None:
    """It does not say that one of two had fallen due where both had, one of them done."""
    title = chart(shown("milestones", made(milestone_states=numbered(LATE, DONE))))[0]
    assert not title.startswith("1 of 2 milestones had fallen due")


def test_what_is_done_without_a_date_names_none() -> None:
    """It does not say that each names a date where one that is done names none."""
    assert "Each names a date" not in leading(shown("milestones", made(milestone_states=numbered(milestone("done", "", "Complete")))))


# ---------------------------------------------------------------- outcome measures


def measure(number: int, undefined: str = "", **more: Any) -> Row:
    """Give an outcome measure that lacks something."""
    return {"number": f"OM{number}", "priority": "Health", "outcome": "Better lives", "outcome_measure": f"Measure {number}", "undefined": undefined} | more


def test_the_outcome_measures_of_harrow_are_those_of_appendix_4() -> None:
    """It counts 19, none fully defined: all without baseline, yearly targets and partners, three without a lead, OM6 without a measure."""
    page = harrow("outcome measures")
    text = leading(page)
    assert text.startswith("19 outcome measures, none fully defined: ")
    for part in ("all lack a baseline", "all lack yearly targets", "all lack partners"):
        assert part in text
    assert row_of(page, "OM6")[1:] == [
        "[x] Empowered citizens",
        "Involvement Tracker and Residents' Panel data. Any Partner sur rvey data?",
        "[x]",
        "[x]",
        "[x]",
        "[x]",
        "measure, baseline, partners, lead, yearly targets",
    ]
    assert [row[0] for row in rows(tables(page)[0]) if row[-2:-1] == ["[x]"]] == ["OM6", "OM11", "OM12"]


def test_outcome_measures_that_are_whole_say_so() -> None:
    """It says how many are fully defined, and of those nothing more."""
    page = shown("outcome measures", made(outcome_measures=[measure(1), measure(2)]))
    assert leading(page) == "Two outcome measures, both fully defined."
    assert row_of(page, "OM1")[-1] == "nothing"


def test_all_outcome_measures_may_lack_the_same() -> None:
    """It says all where all lack something."""
    rows_of = [measure(1, "baseline, lead"), measure(2, "baseline, lead")]
    assert (
        leading(shown("outcome measures", made(outcome_measures=rows_of)))
        == "Two outcome measures, none fully defined: both lack a baseline and both lack a lead."
    )


def test_one_outcome_measure_lacks() -> None:
    """It says of one measure that it lacks something, in words."""
    assert "1 lack" not in leading(harrow("outcome measures"))


# ---------------------------------------------------------------- checks


def check(name: str, result: str = "passed", examined: int = 5, found: int = 0, beyond: int = 0, **more: Any) -> Row:
    """Give the result of a check."""
    return {"check": name, "severity": "advisory", "result": result, "examined": examined, "found": found, "not_examined": beyond} | more


CHECKED = {
    "no findings": ([check("reports are in"), check("spend never falls")], "Two checks of reward grant, no findings; each examined something."),
    "one": ([check("reports are in", "found 1", found=1)], "One check of reward grant, one finding; each examined something."),
    "many": ([check("reports are in", "found 2", found=2), check("spend never falls", "found 1", found=1), check("spending goes on", "not run", 0, 0, 3)], "Three checks of reward grant, three findings in two of them; one could examine nothing"),
}  # fmt: skip


@pytest.mark.parametrize(("checks", "words"), CHECKED.values(), ids=CHECKED)
def test_the_sentence_about_checks_counts_right(checks: list[Row], words: str) -> None:
    """It counts checks, findings, the checks that found something, and those that could examine nothing."""
    assert leading(shown("grant checks", made(grant_checks=checks))).startswith(words)


def test_the_checks_of_harrow_find_what_appendix_1_has_wrong() -> None:
    """It makes 18 checks; five find nine things, and nine have nothing to look at, most for want of the quarter before."""
    page = harrow("grant checks")
    assert leading(page).startswith("18 checks of reward grant, nine findings in five of them; nine could examine nothing")
    assert row_of(page, "Parts make the award")[1:3] == ["found 3", "17"]
    assert row_of(page, "Spend never falls")[1:3] == ["not run", "0"]
    findings = [row for row in rows(tables(page)[1]) if len(row) > 1]
    assert len(findings) == 9
    assert ["local-area-agreement-reward-grant.xlsx, Page 2, G12", "£11,200", "advisory"] in [row[1:] for row in findings]


def test_a_check_that_was_not_run_is_not_passed() -> None:
    """It says not run, with why, and never none where something could not be examined."""
    row = row_of(
        shown("grant checks", made(grant_checks=[check("spend never falls", "not run", 0, 0, 28, why_not="no return for Q4 2010/11")])), "Spend never falls"
    )
    assert (row[1], row[2]) == ("not run", "0")
    assert row[3] == "28 Which, and why no return for Q4 2010/11"


def test_checks_without_anything_to_look_at_are_left_out() -> None:
    """It shows nothing where no check examined anything nor had anything to examine."""
    assert str(reports.SECTIONS["grant checks"][1](made(grant_checks=[check("spend never falls", "nothing to check", 0)]))) == ""


def test_reasons_are_promised_only_where_they_are_given() -> None:
    """It does not speak of reasons given where a check had nothing to look at and gives none."""
    page = shown("grant checks", made(grant_checks=[check("reports are in"), check("spend never falls", "nothing to check", 0)]))
    assert "for the reasons given" not in leading(page)


# ---------------------------------------------------------------- sample, what went in, certification


def test_the_sample_of_harrow_holds_the_largest_and_the_odd() -> None:
    """It holds the five largest spends of Appendix 1, the four figures that a check found odd, one of them both, and five at random."""
    page = harrow("sample")
    found = rows(tables(page)[0])
    assert leading(page).startswith("13 figures to test: five of the largest, four that a check found odd, five at random")
    assert [row[1] for row in found[:5]] == ["£165,500.00", "£65,637.11", "£49,936.00", "£48,094.38", "£46,502.76"]
    assert [row[3] for row in found if "odd" in row[2]] == ["Page 2, G13", "Page 1, B14", "Page 2, G12", "Page 2, G20"]
    assert {tuple(row[4:]) for row in found} == {("", "")}


def figure(**more: Any) -> Row:
    """Give a figure of a sample."""
    about = {"project": "Green Gyms", "round": "Round 1", "part": "Total spend to date", "amount": Decimal(4000), "why": "largest", "cell": "G7"}
    return about | {"sheet": "", "figure_id": f"{QUARTER}.award.round-1-green-gyms"} | more


def test_a_sample_of_one_has_none_of_the_rest() -> None:
    """It says one figure, and none where there is none; never 0."""
    text = leading(shown("sample", made(sample=[figure()])))
    assert text == "One figure to test: one of the largest, none that a check found odd, none at random."


def test_what_went_in_is_listed_with_its_fingerprint() -> None:
    """It lists the files of every quarter that was read, each with state, cells used and whole fingerprint."""
    page = harrow("inputs")
    found = rows(tables(page)[0])
    quarters = {row[0].partition("/")[0] for row in found}
    assert quarters == {"2009-10-Q3", "2009-10-Q4", "2011-12-Q1", "2011-12-Q2", "reference"}
    registers = [row[0] for row in found if row[1] == "register"]
    assert {"reference/agreement_terms.csv", "reference/awards.csv"} <= set(registers)
    assert leading(page).startswith(f"{len(found) - len(registers)} returns and {len(registers)} registers went in.")
    assert {len(row[3]) for row in found} == {64}
    one = made(returns=[{"file": "a.csv", "state": "received", "used": 3, "sha256": "ab" * 32}])
    assert leading(shown("inputs", one)).startswith("One return and ")


@pytest.mark.parametrize("quarter", [QUARTER, "2009-10-Q4"])
def test_nobody_is_certified_for(quarter: str) -> None:
    """It leaves every name, signature and date blank, for whoever prepares, checks, certifies and receives."""
    page = harrow("certification", quarter)
    found = rows(tables(page)[-1])
    assert [row[1:] for row in found] == [["", "", ""]] * 4
    assert [row[0].partition(" by")[0] for row in found] == ["Prepared", "Checked", "Certified", "Received"]
    assert "Nobody has signed" in leading(page)


def test_a_signature_says_what_it_is_about() -> None:
    """It lists the sums that are certified: possible, claimed, what would be paid, awarded and spent, with what is not known, each with space for initials."""
    sums = {row[0]: row[1:] for row in rows(tables(harrow("certification"))[0]) if len(row) > 1}
    assert sums["Possible"] == ["£6,337,575.00", ""]
    assert sums["Claimed"] == ["£4,681,012.65", ""]
    assert sums["Paid, by the terms"] == ["£2,340,506.33", ""]
    assert sums["Total grant awarded"] == ["£1,601,978.97", ""]
    assert sums["Total spend to date"] == ["£576,325.62, and two awards not known", ""]


# ---------------------------------------------------------------- receipts


def linked(section: str, of: reports.Report) -> set[str]:
    """Give where a section's figures lead to, as it stands on the whole page."""
    page = BeautifulSoup(str(reports.SECTIONS[section][1](of)), "html.parser")
    return {str(link["href"]) for link in page.find_all("a")}


def anchors(section: str, of: reports.Report) -> set[str]:
    """Give the places of the receipts of a page that has this section."""
    page = BeautifulSoup(str(tracing.receipts(of, str(reports.SECTIONS[section][1](of)))), "html.parser")
    return {f"#{row['id']}" for row in page.find_all("tr", id=True)}


def test_every_figure_of_harrow_leads_to_its_receipt() -> None:
    """It links amounts of awards and of the sample to receipts that stand on the page; what is not known has no link."""
    for section in ("spend", "sample"):
        links = linked(section, real(QUARTER))
        assert links
        assert links - anchors(section, real(QUARTER)) == set()
    assert not [link for link in linked("spend", real(QUARTER)) if "reablement-capital-nhs-total" in link]


def test_every_figure_of_a_target_leads_to_its_receipt() -> None:
    """It links what was typed for a target to its cell, also where the outturn is not known."""
    of = earning(target("Burglary"), target("Jobs", None, most=100))
    links = linked("earned", of)
    assert len(links) == 6
    assert links - anchors("earned", of) == set()


@pytest.mark.parametrize("section", ["spend", "sample", "earned"])
def test_a_section_by_itself_has_no_links(section: str) -> None:
    """It links nothing in a notebook, nor on a page without receipts."""
    earned, returned = target()
    of = granted(GYMS, earned=[earned], reward_targets=[returned], sample=[figure()])
    assert shown(section, of).find("a") is None
    analysts = report(of.kept, "data-quality")
    assert linked(section, analysts) == set()
    assert linked(section, of) != set()


# ---------------------------------------------------------------- text from returns

HOSTILE: dict[str, dict[str, list[Row]]] = {
    "claim": {"entitlement": [line("printed", fact=SCRIPT, value=None, value_raw=SCRIPT, basis=SCRIPT, source=SCRIPT, agreement=SCRIPT, cells=f"2011-12-Q2/{SCRIPT}, C5")], "reward_way": way(("Possible", 0, 10, "known"), ("Claimed", 0, 5, "known"), (SCRIPT, 0, 5, "less"), agreement=SCRIPT)},
    "prospect": {"reward_outlook": [prospect(SCRIPT, sub_target=SCRIPT, agreement=SCRIPT, reason=SCRIPT)]},
    "agreements": {"agreement_states": [agreement(SCRIPT, "contract sent", organisation=SCRIPT, progress=f"{SCRIPT}\n- {SCRIPT}", next_step=SCRIPT)]},
    "milestones": {"milestone_states": numbered(milestone(organisation=SCRIPT, timescale=SCRIPT, outcome=f"{SCRIPT}\n- {SCRIPT}", rag=SCRIPT))},
    "outcome measures": {"outcome_measures": [measure(1, SCRIPT, **dict.fromkeys(("priority", "outcome", "outcome_measure", "description", "baseline", "years", "partners", "lead"), SCRIPT))]},
    "grant checks": {"grant_checks": [check("reports are in", "found 1", found=1, beyond=1, why_not=SCRIPT)], "issues": [{"rule": "reports are in", "message": SCRIPT, "file": SCRIPT, "sheet": SCRIPT, "cell": "B2", "as_typed": SCRIPT, "severity": "advisory"}]},
    "sample": {"sample": [figure(project=SCRIPT, cell=SCRIPT, sheet=SCRIPT)]},
    "inputs": {"returns": [{"file": SCRIPT, "state": SCRIPT, "used": 1, "sha256": SCRIPT}]},
}  # fmt: skip


@pytest.mark.parametrize("section", HOSTILE)
def test_a_script_in_a_return_is_text(section: str) -> None:
    """It escapes every text of a return, in sentences, tables, charts and their alt text."""
    page = shown(section, made(**HOSTILE[section]))
    assert page.find("script") is None
    assert SCRIPT in page.get_text()


def test_a_script_in_an_award_is_text() -> None:
    """It escapes projects, rounds, amounts as typed, notes and variations."""
    hostile = award(SCRIPT, 8000, 1000, 0, 0, 0, None, 0) | {"round": SCRIPT, "theme": SCRIPT, "total_to_date_raw": SCRIPT, "sheet": SCRIPT}
    note = {"file": "grant.csv", "row": 9, "section": "note", "text": SCRIPT}
    of = granted(hostile, PLANLESS | {"project": f"{SCRIPT}2"}, narrative=[note], variations=[variation(**dict.fromkeys(("subject", "from_project", "to_project", "what", "authority", "decided", "state", "source"), SCRIPT))])  # fmt: skip
    for section in ("spend", "outturn", "ledger"):
        page = shown(section, of)
        assert page.find("script") is None
        assert SCRIPT in page.get_text()


def test_a_script_in_a_target_is_text() -> None:
    """It escapes targets, their figures as typed, agreements, reasons and payments."""
    earned, returned = target(SCRIPT, None, most=5, sub=SCRIPT, agreement=SCRIPT)
    step = {
        "agreement": SCRIPT,
        "instalment": SCRIPT,
        "step": "split",
        "name": SCRIPT,
        "part_of": SCRIPT,
        "amount": Decimal(1),
        "unknown_count": 0,
        "how": SCRIPT,
    }
    page = shown("earned", earning((earned | {"reason": SCRIPT}, returned | {"outturn_raw": SCRIPT}), payments=[step]))
    assert page.find("script") is None
    assert page.get_text().count(SCRIPT) >= 8


LONG = "Sustainable Development and Enterprise, second phase of works on the Wealdstone corridor"


def test_long_names_are_whole_in_tables_and_cut_in_drawings() -> None:
    """It keeps a very long name in tables and alt text, and ends it with an ellipsis in the drawing."""
    page = shown("spend", granted(award(LONG, 8000, 1000, 2000, 1000, 1000, 4000, 0)))
    assert row_of(page, LONG)[1] == "£8,000.00"
    assert LONG in chart(page)[1]
    assert [text.get_text().endswith("…") for text in page.find_all("text") if text.get_text().startswith("Sustainable")] == [True, True]
    page = shown("milestones", made(milestone_states=numbered(milestone(organisation=LONG))))
    assert chart(page)[2][1][0] == LONG
