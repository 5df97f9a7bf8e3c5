"""Reward grant: facts that fill terms, the outlook of live targets worked by hand, and the statement of Harrow's real claim."""

from __future__ import annotations

import csv
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from analysis import cleansing, entitlement, frames, reference, returns

REAL = Path(__file__).resolve().parents[1] / "data"
HEADS = ["agreement", "instalment", "term", "name", "value", "fact", "basis", "source"]
TIMES = ("2009-10-Q1", "2009-10-Q2", "2009-10-Q3", "2009-10-Q4", "2010-11-Q1", "2010-11-Q2", "2010-11-Q3", "2010-11-Q4")
NOW, END = "2010-11-Q2", "2010-11-Q4"
Row = dict[str, Any]


def register(*rows: Row, agreement: str = "First LAA") -> pd.DataFrame:
    """Give terms as the register holds them; what a row leaves out is blank."""
    return pd.DataFrame([dict.fromkeys(HEADS, "") | {"agreement": agreement} | row for row in rows], columns=HEADS, dtype=object)


def terms(possible: str = "£2,000", ends: str = END, agreement: str = "First LAA", **more: str) -> pd.DataFrame:
    """Give the terms of an agreement that ends two quarters from now."""
    said = {"possible": possible, "ends": ends} | {name.replace("_", "-"): value for name, value in more.items()}
    return register(*({"term": term, "value": value} for term, value in said.items()), agreement=agreement)


def printed(*facts: tuple[str, str | None, str, str]) -> pd.DataFrame:
    """Give facts as returns print them: each as fact, figure (None for words), unit and agreement, on a row of its own."""
    return frames.make(
        [
            {
                "quarter": "2009-10-Q4",
                "file": "laa.csv",
                "sheet": "LAA",
                "row": at,
                "agreement": agreement,
                "fact": fact,
                "basis": "a sentence",
                "source": "004:174",
            }
            | {"value_raw": figure or "words", "value": None if figure is None else Decimal(figure), "value_unit": unit, "value_cell": f"C{at}"}
            for at, (fact, figure, unit, agreement) in enumerate(facts, start=5)
        ],
        frames.REWARD_FACTS,
    )


# ---------------------------------------------------------------- facts fill terms


def stated(row: Row, *facts: tuple[str, str | None, str, str]) -> Row:
    """Give one term with what facts say of it."""
    (made,) = entitlement.stated(register(row), printed(*facts)).to_dict("records")
    return made


FILLED = [
    pytest.param({"fact": "Grant"}, [("Grant", "6337575", "pounds", "First LAA")], ("6337575", "C5"), id="a figure of its own agreement"),
    pytest.param({"fact": "Grant"}, [("Grant", "50", "percent", "Not stated")], ("50%", "C5"), id="a percentage, the agreement not stated"),
    pytest.param({"fact": "Grant"}, [("Grant", "7", "pounds", "Not stated"), ("Grant", "8", "pounds", "First LAA")], ("8", "C6"), id="its own agreement goes first"),
    pytest.param({"fact": "Grant"}, [("Grant", "7", "pounds", "Second LAA")], ("", ""), id="another agreement's is not taken"),
    pytest.param({"fact": "Grant"}, [("Grants", "7", "pounds", "First LAA")], ("", ""), id="another fact is not taken"),
    pytest.param({"fact": "Grant"}, [("Grant", None, "", "First LAA")], ("", "C5"), id="words are no figure, and their cell is kept"),
    pytest.param({"fact": "Grant", "value": "50%"}, [("Grant", "7", "pounds", "First LAA")], ("50%", "C5"), id="what the register says stands"),
    pytest.param({"fact": "Grant", "value": "50%"}, [("Grants", "7", "pounds", "First LAA")], ("", ""), id="what the register says waits until a return prints it"),
    pytest.param({"value": "50%"}, [("Grant", "7", "pounds", "First LAA")], ("50%", ""), id="what the register says of no fact stands"),
    pytest.param({"fact": "Grant"}, [("Grant", "0.000001", "number", "First LAA")], ("0.000001", "C5"), id="a small figure without an exponent"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "facts", "expected"), FILLED)
def test_a_blank_term_takes_the_figure_that_a_return_prints(row: Row, facts: list[tuple[str, str | None, str, str]], expected: tuple[str, str]) -> None:
    """It fills a blank value with the printed figure, looked for under the agreement and then under "Not stated", and says where it stands."""
    got = stated({"term": "possible"} | row, *facts)
    assert (got["value"], got["value_cell"]) == expected
    assert (got["quarter"], got["file"], got["sheet"]) == (("2009-10-Q4", "laa.csv", "LAA") if expected[1] else ("", "", ""))


def test_filled_terms_read_as_what_is_printed() -> None:
    """It gives terms that read back: £1.5m and 50%, with the arguments left as they were."""
    its = register({"term": "possible", "fact": "Most"}, {"term": "scaling", "fact": "Share"}, {"term": "penny", "value": "£1"})
    facts = printed(("Most", "1500000", "pounds", "First LAA"), ("Share", "50", "percent", "Not stated"))
    before = its.copy(deep=True), facts.copy(deep=True)
    found = entitlement.read(entitlement.stated(its, facts))
    assert (found.possible, found.instalments[0].scaling, found.penny) == (Fraction(1500000), Fraction(1, 2), Fraction(1))
    assert_frame_equal(its, before[0])
    assert_frame_equal(facts, before[1])


def test_a_term_that_names_no_fact_takes_none() -> None:
    """It leaves a term blank that names no fact, though a return has a figure without saying of what."""
    assert stated({"term": "threshold"}, ("", "7", "number", "First LAA"))["value"] == ""


def test_a_figure_is_found_behind_words_of_the_same_name() -> None:
    """It takes the figure that a later return prints, where an earlier one has words under that name."""
    assert stated({"term": "possible", "fact": "Grant"}, ("Grant", None, "", "First LAA"), ("Grant", "7", "pounds", "First LAA"))["value"] == "7"


# ---------------------------------------------------------------- outlook: the example worked by hand


def history(
    name: str,
    outturns: tuple[object, ...],
    expected: object = 0,
    stretch: object = 100,
    polarity: str = "higher",
    agreement: str = "First LAA",
    sub_target: str = "",
) -> list[Row]:
    """Give a target's outturns, the last of them now; None is not known, "" is no return that quarter."""
    last = TIMES.index(NOW) + 1
    return [
        {
            "quarter": quarter,
            "file": f"{quarter}.csv",
            "sheet": "LAA",
            "row": 5,
            "agreement": agreement,
            "target": name,
            "sub_target": sub_target,
            "polarity": polarity,
        }
        | {
            "expected_without_stretch": Decimal(str(expected)),
            "stretch_target": Decimal(str(stretch)),
            "outturn": None if outturn is None else Decimal(str(outturn)),
        }
        for quarter, outturn in zip(TIMES[last - len(outturns) : last], outturns, strict=True)
        if outturn != ""
    ]


def outlook(*lines: list[Row], its: pd.DataFrame | None = None, quarter: str = NOW) -> list[Row]:
    """Give the outlook of some targets, best first."""
    made = frames.make([row for rows in lines for row in rows], frames.REWARD_TARGETS)
    return frames.rows(frames.check(entitlement.outlook(made, terms() if its is None else its, quarter), frames.REWARD_OUTLOOK))


A = history("A", (40, 50, 58, 62, 50, 65))
B = history("B", (48, 46, 45, 41, 40, 34), expected=50, stretch=30, polarity="lower")
WORKED = {
    # Over two quarters A moved 58-40, 62-50, 50-58 and 65-62: 18, 12, -8 and 3. From 65 it ends at 83, 77, 57 or 68, which earn 830, 770, 0 and 680 of its £1,000:
    # 2,280 / 4 = 570; the shares come to 2.85, / 4 = 0.7125. Ten better, so 93, 87, 67 and 78, it earns 930 + 870 + 670 + 780 = 3,250: (3,250 - 2,280) / 4 = 242.50.
    "A": {
        "outturn": "65", "stretch_target": "100", "potential": "1000", "quarters_left": "2", "threshold_outturn": "60", "to_cliff": "5", "pounds_per_unit": "10",
        "share_now": "0.65", "amount_now": "650", "share_low": "0.57", "share_likely": "0.7125", "share_high": "0.83", "amount_low": "0", "amount_likely": "570",
        "amount_high": "830", "at_risk": "650", "next_gain": "242.50", "scenarios": "4", "reaching_threshold": "3", "reaching_stretch": "0", "rank": "1",
    },
    # B is better when lower, 50 to 30. It moved 45-48, 41-46, 40-45 and 34-41: -3, -5, -5, -7. From 34 (16 of 20, 80%) it ends at 31, 29, 29 or 27:
    # shares 0.95, 1.05, 1.05, 1.15, in all 4.2; 950 and three times 1,000: 3,950 / 4 = 987.50. Its cliff is 50 - 12 = 38; 34 is 4 better; £1,000 / 20 = £50 a unit.
    # Two better it earns 1,000 each time: 50 / 4 = 12.50 more. The worst end earns more than the 800 now, so nothing is at risk.
    "B": {
        "outturn": "34", "stretch_target": "30", "potential": "1000", "quarters_left": "2", "threshold_outturn": "38", "to_cliff": "4", "pounds_per_unit": "50",
        "share_now": "0.8", "amount_now": "800", "share_low": "0.95", "share_likely": "1.05", "share_high": "1.15", "amount_low": "950", "amount_likely": "987.50",
        "amount_high": "1000", "at_risk": "0", "next_gain": "12.50", "scenarios": "4", "reaching_threshold": "4", "reaching_stretch": "3", "rank": "2",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", WORKED)
def test_every_column_of_the_outlook_is_the_one_worked_by_hand(name: str) -> None:
    """It gives each figure of the worked example, and where the target stands."""
    (got,) = [row for row in outlook(B, A) if row["target"] == name]
    assert {column: got[column] for column in WORKED[name]} == {column: Decimal(figure) for column, figure in WORKED[name].items()}
    assert (got["quarter"], got["file"], got["sheet"], got["row"], got["reason"], bool(got["figure_id"])) == (NOW, f"{NOW}.csv", "LAA", 5, "", True)


def test_the_outlook_is_listed_by_rank() -> None:
    """It puts the target where the next effort earns most first, whatever the order of the returns."""
    assert [(row["target"], row["rank"]) for row in outlook(B, A)] == [("A", 1), ("B", 2)]


def test_only_what_was_known_by_the_quarter_counts() -> None:
    """It gives the same with later quarters' returns at hand, though these would change every figure."""
    later = [A[-1] | {"quarter": quarter, "outturn": Decimal(outturn)} for quarter, outturn in (("2010-11-Q3", 5), ("2010-11-Q4", 300))]
    assert outlook(A, later, B) == outlook(A, B)


def test_a_gap_in_the_history_makes_no_movement() -> None:
    """It takes only movements whose both ends are known: 58 to 65 is one of them, and no other two outturns are two quarters apart; then 50 to 58 as well."""
    (got,) = outlook(history("A", (40, "", "", 58, None, 65)), its=terms("£1,000"))
    assert got["reason"].startswith("1 past movement over 2 quarters")
    (got,) = outlook(history("A", (40, 50, "", 58, "", 65)), its=terms("£1,000"))
    assert got["reason"].startswith("2 past movements over 2 quarters")


ENDS = (
    "share_low", "share_likely", "share_high", "amount_low", "amount_likely", "amount_high", "at_risk", "scenarios", "reaching_threshold", "reaching_stretch",
)  # fmt: skip


@pytest.mark.parametrize(
    ("outturns", "moved"),
    [
        ((65,), 0),
        ((50, 65), 0),
        pytest.param((100, 50, 65), 1),
        ((40, 50, 58, 65), 2),
    ],
)
def test_a_short_history_is_said_to_be_too_short(outturns: tuple[int, ...], moved: int) -> None:
    """It leaves the ways to end missing with the reason, and ranks by the latest outturn alone: 65 to 75 of £1,000."""
    (got,) = outlook(history("A", outturns), its=terms("£1,000"))
    assert [name for name in ENDS if got[name] is not None] == []
    noun = "movement" if moved == 1 else "movements"
    assert f"{moved} past {noun} over 2 quarters, 3 needed" in got["reason"]
    assert (got["amount_now"], got["to_cliff"], got["pounds_per_unit"], got["next_gain"], got["rank"]) == (650, 5, 10, 100, 1)


def test_three_movements_are_enough() -> None:
    """It tells the ways to end from three past movements on: 12, -8 and 3 from 65 earn 770, 0 and 680, on average £483.33."""
    (got,) = outlook(history("A", (50, 58, 62, 50, 65)), its=terms("£1,000"))
    assert (got["scenarios"], got["amount_likely"], got["reason"]) == (3, Decimal("483.33"), "")


def test_in_the_last_quarter_nothing_is_left_to_move() -> None:
    """It takes the outturn of the last quarter as the end: every amount is what is earned, and nothing is at risk."""
    (got,) = outlook(history("A", (50, 58, 62, 50, 65)), its=terms("£1,000", ends=NOW))
    assert [got[name] for name in ENDS] == [Decimal("0.65"), Decimal("0.65"), Decimal("0.65"), 650, 650, 650, 0, 1, 1, 0]
    assert (got["quarters_left"], got["next_gain"], got["reason"]) == (0, 100, "")


def test_the_next_effort_earns_most_just_under_the_cliff() -> None:
    """It ranks 55, where ten more bring £650 at once, before 80, where they bring £100, 97, where the cap leaves £30, and 20, where they bring nothing."""
    lines = [history(name, (outturn,)) for name, outturn in (("far above", 80), ("far below", 20), ("near the cap", 97), ("just under", 55))]
    got = outlook(*lines, its=terms("£4,000", ends=NOW))
    assert [(row["target"], row["next_gain"], row["rank"], row["to_cliff"]) for row in got] == [
        ("just under", 650, 1, -5), ("far above", 100, 2, 20), ("near the cap", 30, 3, 37), ("far below", 0, 4, -40),
    ]  # fmt: skip


def test_an_effort_on_one_sub_target_earns_what_the_agreement_earns_more() -> None:
    """It counts what a lifted sub-target unlocks for its sibling: 60% and 66% together earn £300 and £330 where 50% and 66% earn nothing."""
    lines = [history("A", (50,), sub_target="1"), history("A", (66,), sub_target="2"), history("B", (80,))]
    got = outlook(*lines, its=terms("£2,000", ends=NOW, sub_targets="together"))
    # the other way round: 50% and 76% are 63%, so 250 + 380 = 630 as well; B has 1,000 and gains 100
    assert [(row["target"], row["sub_target"], row["next_gain"], row["rank"]) for row in got] == [("A", "1", 630, 1), ("A", "2", 630, 1), ("B", "", 100, 3)]


def test_the_agreements_own_threshold_is_the_cliff() -> None:
    """It puts the cliff where the terms put it: 80% of the way from 50 to 30 is 34."""
    (got,) = outlook(history("B", (34,), 50, 30, "lower"), its=terms("£1,000", ends=NOW, threshold="80%"))
    assert (got["threshold_outturn"], got["to_cliff"], got["reaching_threshold"], got["amount_now"]) == (34, 0, 1, 800)


def test_a_stretch_reached_exactly_is_reached() -> None:
    """It counts an end exactly at the stretch target as reaching it."""
    (got,) = outlook(history("B", (30,), 50, 30, "lower"), its=terms("£1,000", ends=NOW))
    assert (got["share_now"], got["reaching_stretch"], got["next_gain"]) == (1, 1, 0)


def test_sub_targets_have_histories_of_their_own() -> None:
    """It moves each sub-target as it moved itself: 18, 12, -8 and 3 of the first, never of the second."""
    lines = [history("A", (40, 50, 58, 62, 50, 65), sub_target="1"), history("A", (65, 65, 65, 65, 65, 65), sub_target="2")]
    got = {row["sub_target"]: (row["amount_low"], row["amount_high"]) for row in outlook(*lines, its=terms("£2,000"))}
    assert got == {"1": (0, 830), "2": (650, 650)}


def test_an_unknown_outturn_is_listed_last_with_its_reason() -> None:
    """It keeps a target whose outturn is not known, without a rank and without figures, but with its potential."""
    *_, got = outlook(history("C", (50, 58, 62, 50, 65, None)), A, its=terms("£2,000"))
    assert (got["target"], got["reason"], got["potential"], got["rank"]) == ("C", "the outturn is not known", 1000, None)
    assert [got[name] for name in (*ENDS, "amount_now", "share_now", "next_gain", "to_cliff", "pounds_per_unit")] == [None] * 15


def test_a_faulty_target_is_listed_with_its_reason_and_the_rest_goes_on() -> None:
    """It says why a target with no stretch has no outlook, and works out the other."""
    first, last = outlook(history("C", (50, 58, 62, 50, 65, 66), 10, 10), A)
    assert (first["target"], first["amount_likely"], last["target"], last["next_gain"]) == ("A", 570, "C", None)
    assert "equals the performance expected" in last["reason"]


NOT_LISTED = [
    pytest.param(terms(ends="2010-11-Q1"), id="the agreement is over"),
    pytest.param(register({"term": "possible", "value": "£1,000"}), id="nobody stated its end"),
    pytest.param(terms(agreement="Second LAA"), id="it has no terms"),
    pytest.param(terms(possible="lots"), id="its terms are wrong"),
]


@pytest.mark.parametrize("its", NOT_LISTED)
def test_an_agreement_that_is_not_live_has_no_outlook(its: pd.DataFrame) -> None:
    """It lists targets of running agreements only, and gives the empty frame of the contract where there are none."""
    assert outlook(A, its=its) == []


def test_a_live_agreement_without_returns_this_quarter_has_no_outlook() -> None:
    """It lists what is returned for the quarter, not what was returned before."""
    assert outlook(A[:-1]) == []


def test_the_same_target_of_two_agreements_has_two_histories() -> None:
    """It keeps the histories of agreements apart and ranks their targets together."""
    other = history("A", (65, 65, 65, 65, 65, 65), agreement="Second LAA")
    its = pd.concat([terms("£1,000"), terms("£1,000", agreement="Second LAA")], ignore_index=True)
    got = outlook(A, other, its=its)
    assert [(row["agreement"], row["amount_likely"], row["next_gain"], row["rank"]) for row in got] == [
        ("First LAA", 570, Decimal("242.50"), 1), ("Second LAA", 650, 100, 2),
    ]  # fmt: skip


def test_the_outlook_leaves_its_arguments_as_they_were() -> None:
    """It changes neither the returns nor the register."""
    lines, its = frames.make([*A, *B], frames.REWARD_TARGETS), terms()
    before = lines.copy(deep=True), its.copy(deep=True)
    entitlement.outlook(lines, its, NOW)
    assert_frame_equal(lines, before[0])
    assert_frame_equal(its, before[1])


def test_an_end_that_hangs_on_an_unknown_sub_target_is_not_nothing() -> None:
    """It does not say that a sub-target earns £0 at most where all have to pass, this one may, and the other is not known."""
    lines = [history("A", (20, 30, 40, 40, 50, 55), sub_target="1"), history("A", (55, None), sub_target="2")]
    got = {row["sub_target"]: row for row in outlook(*lines, its=terms("£1,000", sub_targets="all"))}
    # it moved 20, 10, 10 and 15, so it ends at 75, 65, 65 or 70: it passes, and earns up to £375 if the other passes too
    assert (got["1"]["reaching_threshold"], got["1"]["amount_high"]) != (4, 0)


def test_an_outlook_that_is_missing_always_has_a_reason() -> None:
    """It says why an unknown sub-target has no outlook, also where its sibling has failed already."""
    lines = [history("A", (55,), sub_target="1"), history("A", (None,), sub_target="2")]
    got = {row["sub_target"]: row for row in outlook(*lines, its=terms("£1,000", sub_targets="all", ends=NOW))}
    assert (got["2"]["next_gain"], got["2"]["reason"]) == (None, "the outturn is not known")


# ---------------------------------------------------------------- statement: Harrow's real figures


class Real(NamedTuple):
    """What the real returns and registers give."""

    facts: pd.DataFrame
    terms: pd.DataFrame
    awards: pd.DataFrame
    rows: list[Row]


@cache
def real() -> Real:
    """Give the statement of Harrow's agreements from the four quarters that print anything of them."""
    registers = reference.load(REAL)
    read = returns.read(REAL, ("2009-10-Q3", "2009-10-Q4", "2011-12-Q1", "2011-12-Q2"))
    made = cleansing.build(read.cells, read.entries, registers).frames
    its = entitlement.stated(registers.agreement_terms, made["reward_facts"])
    got = frames.check(entitlement.statement(made["reward_facts"], its, made["awards"]), frames.ENTITLEMENT)
    return Real(made["reward_facts"], its, made["awards"], frames.rows(got))


FIRST, SECOND = "First LAA (2006-2009)", "Second LAA (2008-2011)"
WORTH = [  # worked by hand from 000 line 183, 001 line 25 and Appendix 1, 004 lines 174 to 179
    (FIRST, "Grant of each target, if all were equal", "528131.25"),  # 6,337,575 / 12
    (FIRST, "Earned, had 8.5 of 12 equal targets been paid in full", "4489115.625"),  # 8.5 x 528,131.25 = 4,225,050 + 264,065.625
    (FIRST, "The claim less 8.5 of 12 equal targets", "191897.02"),  # 4,681,012.65 - 4,489,115.63
    (FIRST, "Receipt that follows from the claim", "2340506.33"),  # half of it is 2,340,506.325
    (FIRST, "Claimed and not paid", "2340506.32"),  # 4,681,012.65 - 2,340,506.33
    (FIRST, "Of the receipt, capital", "1170253.17"),  # half of 2,340,506.33 is 1,170,253.165
    (FIRST, "Of the receipt, revenue", "1170253.16"),
    (FIRST, "Of the receipt, to Management Groups", "1170253.17"),
    (FIRST, "Of the receipt, to Partnership", "1170253.16"),
    (FIRST, "Awarded in Round 1", "1601978.97"),  # page 1 of Appendix 1 comes to 530,923.61, page 2 to 1,071,055.36
    (FIRST, "Of the receipt, not awarded in Round 1", "738527.36"),  # 2,340,506.33 - 1,601,978.97
    (SECOND, "Grant of each target, if all were equal", "46875"),  # 1,500,000 / 32
]


def standing(of: str, agreement: str | None = None) -> list[Row]:
    """Give the rows of the real statement that stand so."""
    return [row for row in real().rows if row["standing"] == of and agreement in {None, row["agreement"]}]


@pytest.mark.parametrize(("agreement", "fact", "pounds"), WORTH)
def test_what_follows_for_harrow_is_what_hand_arithmetic_gives(agreement: str, fact: str, pounds: str) -> None:
    """It gives each sum in pounds that follows from the printed figures, exact where half a penny matters."""
    (row,) = [row for row in standing("follows", agreement) if row["fact"] == fact]
    assert (row["value"], row["value_unit"]) == (Decimal(pounds), "pounds")


def test_nothing_else_follows_for_harrow() -> None:
    """It gives no other figure but the claim as a share and in equal targets."""
    more = {(FIRST, "The claim as a share of what was possible"), (FIRST, "The claim in equal targets")}
    found = [(row["agreement"], row["fact"]) for row in standing("follows")]
    assert (set(found), len(found)) == ({(agreement, fact) for agreement, fact, _ in WORTH} | more, len(WORTH) + 2)


def test_harrows_claim_as_a_share_and_in_equal_targets() -> None:
    """It gives 4,681,012.65 / 6,337,575 as 73.86...%, and twelve times that share as 8.86... equal targets, to ten places."""
    share, targets = (
        next(row for row in standing("follows") if row["fact"] == f"The claim {of}") for of in ("as a share of what was possible", "in equal targets")
    )
    exact = Fraction("4681012.65") / 6337575
    assert (share["value_unit"], targets["value_unit"]) == ("percent", "number")
    assert (str(share["value"])[:5], str(targets["value"])[:4]) == ("73.86", "8.86")
    assert max(abs(Fraction(share["value"]) - exact * 100), abs(Fraction(targets["value"]) - exact * 12)) <= Fraction(1, 10**10)


HOW = {
    "Grant of each target, if all were equal": "£6,337,575.00 / 12",
    "The claim as a share of what was possible": "£4,681,012.65 / £6,337,575.00",
    "The claim in equal targets": "£4,681,012.65 / £528,131.25",
    "Earned, had 8.5 of 12 equal targets been paid in full": "8.5 / 12 of £6,337,575.00 = £4,489,115.625, to the penny £4,489,115.63 (half up)",
    "Receipt that follows from the claim": "50% of £4,681,012.65, exactly £2,340,506.325",
    "Of the receipt, capital": "50% of £2,340,506.33, exactly £1,170,253.165",
    "Awarded in Round 1": "28 awards, as returned",
}


@pytest.mark.parametrize(("fact", "how"), HOW.items())
def test_what_follows_says_how(fact: str, how: str) -> None:
    """It writes each calculation with its figures, the half penny among them."""
    (row,) = [row for row in standing("follows", FIRST) if row["fact"] == fact]
    assert row["how"] == how


def test_the_claim_is_more_than_eight_and_a_half_equal_targets() -> None:
    """It says that equal targets paid in full do not make the claim, and what may explain it."""
    (row,) = [row for row in standing("follows", FIRST) if row["fact"].startswith("The claim less")]
    assert row["how"].startswith("£4,681,012.65 less £4,489,115.63.")
    assert ("unequal worth" in row["how"], "paid for part of their stretch" in row["how"], "not all of these" in row["how"]) == (True, True, False)


def test_sources_that_print_the_claim_differently_are_set_side_by_side() -> None:
    """It gives the £1,012.65 between 000 and 004, and that the second is the first to the nearest £10,000; what follows goes by the first."""
    (row,) = [row for row in standing("sources differ", FIRST) if row["fact"] == "The claim"]
    assert (row["value"], row["value_unit"], row["source"]) == (Decimal("1012.65"), "pounds", "000:183; 004:174")
    assert row["how"].startswith("000:183 prints £4,681,012.65, 004:174 £4,680,000.00: £1,012.65 apart")
    assert ("to the nearest £10,000" in row["how"], row["how"].endswith("worked out from £4,681,012.65.")) == (True, True)


NOTED = [
    ("sources differ", FIRST, "How many claims there are", ""),
    ("sources differ", FIRST, "How many targets were achieved", "C16"),
    ("sources differ", SECOND, "Period of the agreement", "C28"),
    ("cannot be derived", FIRST, "What each target has earned: outturn, stretch target, performance expected without the stretch, weight", "C14"),
    ("cannot be derived", FIRST, "How near the target is that was achieved virtually in full, and which half of the two outcome target was", "C14"),
    ("cannot be derived", FIRST, "What part of the claims is the first claim and what part the second", "C11"),
    ("cannot be derived", FIRST, "What was received, in pounds and by date", "C6"),
    ("cannot be derived", SECOND, "The 32 stretched targets, their outturns and what they earned", "C32"),
]


def test_what_differs_and_what_cannot_be_derived_is_listed_with_its_cell_and_without_a_figure() -> None:
    """It lists all that the register notes, each with the cell of its fact, the reason and the source, and never a figure."""
    rows = [row for row in real().rows if row["standing"] in {"sources differ", "cannot be derived"} and row["fact"] != "The claim"]
    cells = [(row["standing"], row["agreement"], row["fact"], row["cells"].rpartition(", ")[2]) for row in rows]
    assert cells == sorted(NOTED, key=lambda noted: noted[1])
    assert [row["fact"] for row in rows if row["value"] is not None or not row["how"] or not row["source"]] == []


def test_every_printed_row_carries_its_cell_as_it_stands_in_the_file() -> None:
    """It prints each fact once, and the text of the cell that it names is the text in the return."""
    rows = standing("printed")
    assert len(rows) == len(real().facts) == 46
    for row in rows:
        with (REAL / "raw" / row["quarter"] / row["file"]).open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file))
        column, line = ord(row["value_cell"][0]) - ord("A"), int(row["value_cell"][1:])
        assert lines[line - 1][column] == row["value_raw"]
        assert row["source"] in lines[line - 1]
        assert row["cells"] == f"{row['quarter']}/{row['file']}, {row['value_cell']}"


def test_printed_figures_are_exact_and_words_stay_words() -> None:
    """It prints the sums of 000 and 004 as figures in pounds, and "seven" as a word without a figure."""
    got = {row["fact"]: (row["value"], row["value_unit"]) for row in standing("printed")}
    assert got["Expected reward grant claim"] == (Decimal("4681012.65"), "pounds")
    assert (got["Total possible reward grant"], got["Maximum reward grant"]) == ((Decimal(6337575), "pounds"), (Decimal(1500000), "pounds"))
    assert got["Targets achieved in full"] == (None, "")


def test_the_real_register_takes_its_sums_from_the_returns() -> None:
    """It reads Harrow's terms: £6,337,575 over 12 targets, 8.5 achieved, both printed claims, 60%, and half paid; £1.5m over 32."""
    first, second = (entitlement.read(real().terms[real().terms["agreement"] == agreement]) for agreement in (FIRST, SECOND))
    assert (first.possible, first.targets, first.achieved, first.threshold, first.cap) == (6337575, 12, Fraction(17, 2), Fraction(3, 5), 1)
    assert first.claims == (Fraction("4681012.65"), Fraction(4680000))
    assert (first.instalments[0].scaling, first.instalments[0].capital) == (Fraction(1, 2), Fraction(1, 2))
    assert first.instalments[0].split == (("Management Groups", Fraction(1, 2)), ("Partnership", Fraction(1, 2)))
    assert (second.possible, second.targets, second.achieved, second.claims) == (1500000, 32, None, ())


def test_the_sources_of_what_follows_are_given() -> None:
    """It names the claim's source and that of the rule beside each step of the payment."""
    sources = {row["fact"]: row["source"] for row in standing("follows", FIRST)}
    assert sources["Receipt that follows from the claim"] == "000:183; 001:25"
    assert sources["Of the receipt, capital"] == "000:183; 004:174"
    assert sources["Of the receipt, to Partnership"] == "000:183; 004:175"
    assert sources["Grant of each target, if all were equal"] == "004:174"


CLAIM = "2009-10-Q3/harrow-chief-executives/local-area-agreement.csv, C13"
ANNUAL = "2009-10-Q4/partnership-team/local-area-agreement.csv"
STANDS = {  # where the figures behind a line stand in the returns
    "Grant of each target, if all were equal": [f"{ANNUAL}, C17", f"{ANNUAL}, C12"],
    "The claim as a share of what was possible": [CLAIM, f"{ANNUAL}, C17"],
    "Earned, had 8.5 of 12 equal targets been paid in full": [f"{ANNUAL}, C17", f"{ANNUAL}, C12", f"{ANNUAL}, C16"],
    "Receipt that follows from the claim": [CLAIM, "2011-12-Q2/partnership-team/local-area-agreement.csv, C5"],
    "Of the receipt, capital": [CLAIM, f"{ANNUAL}, C19"],
    "Of the receipt, to Management Groups": [CLAIM, f"{ANNUAL}, C22"],
}


@pytest.mark.parametrize("fact", STANDS)
def test_what_follows_leads_back_to_its_cells(fact: str) -> None:
    """It names quarter, file and cell of every figure that a line is worked out from."""
    assert {row["fact"]: row["cells"] for row in standing("follows", FIRST)}[fact].split("; ") == STANDS[fact]


def test_awards_lead_back_to_their_return() -> None:
    """It names the return that the 28 awards were made from."""
    cells = {row["fact"]: row["cells"] for row in standing("follows", FIRST)}
    assert cells["Awarded in Round 1"] == "2011-12-Q1/local-area-agreement-reward-grant.xlsx"


@pytest.mark.parametrize("fact", ["The claim as a share of what was possible", "The claim in equal targets", "The claim less 8.5 of 12 equal targets"])
def test_what_is_worked_out_from_the_claim_names_its_source(fact: str) -> None:
    """It names 000 line 183, which prints the claim."""
    assert "000:183" in {row["fact"]: row["source"] for row in standing("follows", FIRST)}[fact]


def test_the_statement_leaves_its_arguments_as_they_were() -> None:
    """It changes neither facts nor terms nor awards."""
    before = [frame.copy(deep=True) for frame in real()[:3]]
    entitlement.statement(*real()[:3])
    for frame, was in zip(real()[:3], before, strict=True):
        assert_frame_equal(frame, was)


# ---------------------------------------------------------------- statement: other agreements

NO_AWARDS = frames.make([], frames.AWARDS)
REPORTED = ("Anything", None, "", "First LAA")


def statement(*rows: Row, awards: pd.DataFrame = NO_AWARDS, facts: tuple[tuple[str, str | None, str, str], ...] = (REPORTED,)) -> dict[str, Row]:
    """Give the statement of one agreement by fact, without what is printed."""
    its = entitlement.stated(register(*rows), printed(*facts))
    got = frames.rows(frames.check(entitlement.statement(printed(*facts), its, awards), frames.ENTITLEMENT))
    return {row["fact"]: row for row in got if row["standing"] != "printed"}


def said(**more: str) -> list[Row]:
    """Give terms by name, of an agreement of £1,200 over 12 targets."""
    return [{"term": term, "value": value, "source": f"of {term}"} for term, value in ({"possible": "£1,200", "targets": "12"} | more).items()]


def test_a_claim_that_is_exactly_the_achieved_targets_says_so() -> None:
    """It finds no difference where 8.5 of 12 equal targets of £100 make the claim of £850."""
    got = statement(*said(claim="£850", achieved="8.5"))["The claim less 8.5 of 12 equal targets"]
    assert (got["value"], got["how"]) == (0, "the claim is exactly that")


def test_a_claim_below_the_achieved_targets_says_why_that_may_be() -> None:
    """It gives a difference below nothing, and that not all may have been paid in full."""
    got = statement(*said(claim="£800", achieved="8.5"))["The claim less 8.5 of 12 equal targets"]
    assert (got["value"], "not all of these were paid in full" in got["how"]) == (-50, True)


def test_nothing_follows_from_what_is_not_stated() -> None:
    """It gives no claim, no receipt and no achieved targets where nobody stated them, and nothing at all without a sum."""
    assert list(statement(*said())) == ["Grant of each target, if all were equal"]
    assert "Earned, had" not in " ".join(statement(*said(claim="£850")))
    assert list(statement({"term": "possible", "value": "£1,200"}, {"term": "achieved", "value": "3"})) == []
    assert list(statement({"term": "claim", "value": "£850", "source": "s"})) == []
    assert list(statement({"term": "claim", "value": "£850"}, {"term": "scaling", "value": "100%"})) == ["Receipt that follows from the claim"]


def test_claims_that_agree_do_not_differ() -> None:
    """It has nothing to set side by side where two places print the same claim."""
    assert "The claim" not in statement(*said(claim="£850"), {"term": "claim", "value": "£850.00", "source": "elsewhere"})


def test_claims_that_rounding_does_not_explain_only_differ() -> None:
    """It says of £850 and £845 how far apart they are, and not that one is the other rounded."""
    got = statement(*said(claim="£850"), {"term": "claim", "value": "£845", "source": "elsewhere"})["The claim"]
    assert (got["value"], "nearest" in got["how"], got["source"]) == (5, False, "of claim; elsewhere")


def test_a_claim_rounded_to_pounds_of_ten_is_told() -> None:
    """It tells the coarsest rounding that explains the second claim: £845 to the nearest £10 is £850."""
    assert "nearest £10." in statement(*said(claim="£845"), {"term": "claim", "value": "£850", "source": "elsewhere"})["The claim"]["how"]


def test_the_coarsest_rounding_that_explains_a_claim_is_told() -> None:
    """It tells of £849,999 and £850,000 that the second is the first to the nearest £10,000, not only to the nearest £10."""
    rows = said(possible="£1.2m", claim="£849,999")
    assert "nearest £10,000." in statement(*rows, {"term": "claim", "value": "£850,000", "source": "elsewhere"})["The claim"]["how"]


def test_payment_steps_are_named_with_instalment_and_receiver() -> None:
    """It names each step of each instalment: £600 and £400 of a claim of £1,000, each with £10 off first."""
    rows = [
        {"term": "claim", "value": "£1,000", "source": "s"}, {"term": "part", "value": "60%", "instalment": "I1"}, {"term": "part", "value": "40%", "instalment": "I2"},
        {"term": "top slice", "value": "£10", "name": "Fee", "source": "t"}, {"term": "scaling", "value": "100%"},
    ]  # fmt: skip
    got = statement(*rows)
    assert {fact: row["value"] for fact, row in got.items()} == {
        "Receipt that follows from the claim (I1)": 600, "Of the receipt, taken off first for Fee (I1)": 10, "Of the receipt, to the rest (I1)": 590,
        "Receipt that follows from the claim (I2)": 400, "Of the receipt, taken off first for Fee (I2)": 10, "Of the receipt, to the rest (I2)": 390,
    }  # fmt: skip
    assert got["Of the receipt, taken off first for Fee (I2)"]["source"] == "s; t"


def test_awards_are_taken_off_the_receipt_round_by_round_and_only_where_all_are_known() -> None:
    """It takes £30 and £20.50 of round 1 off the receipt of £425, and says nothing of round 2, one of whose awards is not known."""
    returned = (("a", "Round 2", Decimal(5)), ("b", "Round 1", Decimal(30)), ("c", "Round 2", None), ("d", "Round 1", Decimal("20.50")))
    awards = frames.make([{"project": name, "round": of, "award": award, "quarter": NOW, "file": "spend.csv"} for name, of, award in returned], frames.AWARDS)
    got = statement(*said(claim="£850", scaling="50%"), awards=awards)
    assert (got["Awarded in Round 1"]["value"], got["Awarded in Round 1"]["how"]) == (Decimal("50.50"), "2 awards, as returned")
    assert got["Of the receipt, not awarded in Round 1"]["value"] == Decimal("374.50")
    assert [fact for fact in got if "Round 2" in fact] == []


def test_an_agreement_that_no_return_speaks_of_has_no_statement() -> None:
    """It says nothing of an agreement whose name and facts no return of these quarters prints."""
    assert statement(*said(claim="£850"), facts=(("Anything", None, "", "Second LAA"),)) == {}


def test_an_agreement_that_is_named_only_by_a_fact_has_a_statement() -> None:
    """It takes an agreement as reported where a return prints one of its facts without naming it."""
    assert "The claim in equal targets" in statement(
        *said(), {"term": "claim", "fact": "Claim", "source": "s"}, facts=(("Claim", "850", "pounds", "Not stated"),)
    )


def test_wrong_terms_stop_only_their_own_agreement() -> None:
    """It prints the facts all the same, and works out the other agreement."""
    its = pd.concat([register({"term": "possible", "value": "lots"}), register(*said(), agreement="Second LAA")], ignore_index=True)
    facts = printed(REPORTED, ("Anything", None, "", "Second LAA"))
    got = frames.rows(entitlement.statement(facts, entitlement.stated(its, facts), NO_AWARDS))
    assert [(row["agreement"], row["standing"]) for row in got] == [
        ("First LAA", "printed"),
        ("Second LAA", "printed"),
        ("First LAA", "cannot be derived"),
        ("Second LAA", "follows"),
    ]


def test_a_statement_of_nothing_is_empty() -> None:
    """It gives the empty frame of the contract where no return prints anything."""
    none = printed()
    assert len(frames.check(entitlement.statement(none, entitlement.stated(register(*said()), none), NO_AWARDS), frames.ENTITLEMENT)) == 0


def test_a_third_claim_that_differs_is_set_against_the_first() -> None:
    """It gives the £10 by which the third of three claims differs, not £0."""
    more = [{"term": "claim", "value": value, "source": "elsewhere"} for value in ("£850", "£860")]
    assert statement(*said(claim="£850"), *more)["The claim"]["value"] == 10


def test_a_possible_grant_of_nothing_has_no_share() -> None:
    """It does not stop at an agreement whose possible grant is nothing."""
    assert "The claim as a share of what was possible" not in statement(*said(possible="0", claim="£850"))


def test_another_agreements_fact_does_not_make_an_agreement_reported() -> None:
    """It says nothing of an agreement where only another one prints a fact of that name."""
    assert statement(*said(), {"term": "claim", "fact": "Claim", "value": "£850", "source": "s"}, facts=(("Claim", "7", "pounds", "Second LAA"),)) == {}
