"""Reward grant earned: the 60% cliff, weights, sub-targets and pennies worked by hand; terms read whole; payments that come to the whole."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis import entitlement, frames
from analysis.entitlement import Instalment, Terms
from analysis.errors import EntitlementError

PROPERTY = settings(derandomize=True, deadline=None, max_examples=50)
Row = dict[str, Any]


def exact(figure: object) -> Decimal | None:
    """Give a figure as returns give it: an exact decimal, None for one that is not known."""
    return None if figure is None else Decimal(str(figure))


def target(name: str, outturn: object, expected: object = 0, stretch: object = 100, polarity: str = "higher", **more: Any) -> Row:
    """Give one target; from 0 to 100 its share is its outturn in percent."""
    figures = {"expected_without_stretch": exact(expected), "stretch_target": exact(stretch), "outturn": exact(outturn)}
    numbers = {key: exact(value) if key in {"weight", "target_weight", "potential_grant"} else value for key, value in more.items()}
    return {"target": name, "polarity": polarity} | figures | numbers


def terms(*rows: tuple[str, ...], agreement: str = "First LAA") -> pd.DataFrame:
    """Give terms as the register holds them, each as term, value, instalment and name; what is left out is blank."""
    named = [dict(zip(("term", "value", "instalment", "name"), (*row, "", "", "")[:4], strict=True)) for row in rows]
    blank = {"agreement": agreement, "fact": "", "basis": "", "source": ""}
    return pd.DataFrame([blank | row for row in named], columns=["agreement", "instalment", "term", "name", "value", "fact", "basis", "source"], dtype=object)


def earned(*rows: Row, of: tuple[tuple[str, ...], ...] = (("possible", "£1,000"),)) -> list[Row]:
    """Give what some targets have earned, row by row; of £1,000 in all where nothing else is said."""
    made = entitlement.earned(pd.DataFrame(list(rows), dtype=object), terms(*of))
    return frames.rows(frames.check(made, frames.EARNED))


def amounts(*rows: Row, of: tuple[tuple[str, ...], ...] = (("possible", "£1,000"),)) -> list[Decimal | None]:
    """Give the amount of each of some targets."""
    return [row["amount"] for row in earned(*rows, of=of)]


def pounds(*figures: str | None) -> list[Decimal | None]:
    """Give amounts of pounds to compare with."""
    return [exact(figure) for figure in figures]


def half_up(amount: Fraction) -> Fraction:
    """Round an exact amount to pennies by whole-number arithmetic: add half a penny and drop what is left."""
    return Fraction((amount * 100 + Fraction(1, 2)).__floor__(), 100)


# ---------------------------------------------------------------- the cliff and the cap

CLIFF = [
    pytest.param(target("A", "60"), "600", id="exactly 60% pays 60%"),
    pytest.param(target("A", "59.999999999999"), "0", id="a hair below the threshold pays nothing"),
    pytest.param(target("A", "60.0005"), "600.01", id="60.0005% of £1,000 is £600.005, half a penny up"),
    pytest.param(target("A", "0.4", "0.1", "0.6"), "600", id="0.3 of 0.5 is 60%, though a float would fall short"),
    pytest.param(target("A", "100"), "1000", id="the stretch reached"),
    pytest.param(target("A", "250"), "1000", id="beyond the stretch pays no more"),
    pytest.param(target("A", "0"), "0", id="what was expected without the stretch"),
    pytest.param(target("A", "-40"), "0", id="worse than expected is not paid back"),
    pytest.param(target("A", "38", "50", "30", "lower"), "600", id="lower is good: 12 of 20 down"),
    pytest.param(target("A", "38.01", "50", "30", "lower"), "0", id="lower is good: 11.99 of 20 down"),
    pytest.param(target("A", "20", "50", "30", "lower"), "1000", id="lower is good: beyond the stretch"),
    pytest.param(target("A", "-9", "-12", "-8"), "750", id="figures below nothing: 3 of 4"),
]


@pytest.mark.parametrize(("row", "amount"), CLIFF)
def test_a_share_pays_from_the_threshold_on_and_no_more_than_the_cap(row: Row, amount: str) -> None:
    """It pays nothing below 60% of the stretch, the share itself from there on, and the whole at most."""
    assert amounts(row) == pounds(amount)


def test_share_and_paid_share_are_told_apart() -> None:
    """It gives the share reached uncapped and below nothing, and beside it the share that is paid."""
    got = earned(target("A", 130), target("B", -20), target("C", 59), target("D", 60))
    assert [(row["share"], row["paid_share"]) for row in got] == [
        (Decimal("1.3"), Decimal(1)), (Decimal("-0.2"), Decimal(0)), (Decimal("0.59"), Decimal(0)), (Decimal("0.6"), Decimal("0.6")),
    ]  # fmt: skip


TERMS_OF_SHARES = [
    pytest.param(("threshold", "75%"), 74, "0", id="below a threshold of 75%"),
    pytest.param(("threshold", "75%"), 75, "750", id="at a threshold of 75%"),
    pytest.param(("threshold", "0%"), 5, "50", id="no threshold at all"),
    pytest.param(("cap", "80%"), 90, "800", id="a cap below the stretch"),
    pytest.param(("cap", "120%"), 110, "1100", id="a cap above the stretch"),
    pytest.param(("cap", "120%"), 150, "1200", id="beyond a cap above the stretch"),
]


@pytest.mark.parametrize(("term", "outturn", "amount"), TERMS_OF_SHARES)
def test_threshold_and_cap_are_the_agreements_own(term: tuple[str, str], outturn: int, amount: str) -> None:
    """It takes threshold and cap from the agreement's terms."""
    assert amounts(target("A", outturn), of=(("possible", "1000"), term)) == pounds(amount)


# ---------------------------------------------------------------- who can earn how much


def test_the_possible_grant_is_divided_equally_between_targets_and_then_sub_targets() -> None:
    """It gives each of three targets a third and each of two sub-targets a sixth, to the penny: the largest remainders get the two pennies over."""
    got = earned(target("A", 100), target("B", 100, sub_target="1"), target("B", 100, sub_target="2"), target("C", 100))
    # 333.333, 166.667, 166.667, 333.333: rounded down they come to 999.98
    assert [row["potential"] for row in got] == pounds("333.33", "166.67", "166.67", "333.33")


def test_sub_targets_that_stand_apart_are_one_target() -> None:
    """It takes rows of one name as one target wherever they stand, and keeps the order of the rows."""
    got = earned(target("B", 100, sub_target="1"), target("A", 100), target("B", 100, sub_target="2"))
    assert [(row["target"], row["sub_target"], row["potential"]) for row in got] == [("B", "1", 250), ("A", "", 500), ("B", "2", 250)]


def test_equal_remainders_are_served_in_order() -> None:
    """It gives the odd penny of £10.01 to the first of two equal targets."""
    assert amounts(target("A", 100), target("B", 100), of=(("possible", "£10.01"),)) == pounds("5.01", "5.00")


def test_weights_of_targets_and_sub_targets_count() -> None:
    """It divides 3 to 1 between targets, and within the first 1 to 3 between its sub-targets."""
    rows = [
        target("A", 100, sub_target="1", weight=1, target_weight=3),
        target("A", 100, sub_target="2", weight=3, target_weight=3),
        target("B", 100, weight=1),
    ]
    assert amounts(*rows) == pounds("187.50", "562.50", "250")


def test_the_weight_among_targets_goes_before_a_weight_of_the_row() -> None:
    """It takes `target_weight` where a target without sub-targets states both weights."""
    assert amounts(target("A", 100, weight=9, target_weight=1), target("B", 100, weight=1, target_weight=3)) == pounds("250", "750")


def test_weights_between_sub_targets_are_not_weights_among_targets() -> None:
    """It divides equally between two targets, and only within the first 3 to 1."""
    rows = [target("A", 100, sub_target="1", weight=3), target("A", 100, sub_target="2", weight=1), target("B", 100)]
    assert amounts(*rows) == pounds("375", "125", "500")


def test_a_weight_of_nothing_earns_nothing() -> None:
    """It gives nothing to a target that weighs nothing."""
    assert amounts(target("A", 100, weight=0), target("B", 100, weight=2)) == pounds("0", "1000")


def test_stated_potentials_go_before_equal_parts() -> None:
    """It takes the potential grant of each target as stated, and what is possible as their sum where the agreement does not state it."""
    rows = [target("A", 60, potential_grant="700.25", weight=1), target("B", 100, potential_grant="299.75", weight=1)]
    assert amounts(*rows, of=()) == pounds("420.15", "299.75")
    assert amounts(*rows) == pounds("420.15", "299.75")


# ---------------------------------------------------------------- how sub-targets count

TOGETHER = [
    pytest.param("each", (100, 40), ("500", "0"), id="each: one half of a two outcome target"),
    pytest.param("together", (100, 40), ("500", "200"), id="together 70%: each is paid what it reached"),
    pytest.param("all", (100, 40), ("0", "0"), id="all: one falls short, so both do"),
    pytest.param("each", (80, 40), ("400", "0"), id="each: 80% and nothing"),
    pytest.param("together", (80, 40), ("400", "200"), id="together exactly 60%"),
    pytest.param("together", ("79.99", 40), ("0", "0"), id="together just below"),
    pytest.param("all", (60, 60), ("300", "300"), id="all: both exactly 60%"),
    pytest.param("all", (100, "59.99"), ("0", "0"), id="all: one just below"),
    pytest.param("together", (150, 20), ("500", "100"), id="together: capped before they are put together, exactly 60%"),
    pytest.param("together", (150, 19), ("0", "0"), id="together: the excess of one does not lift the other"),
    pytest.param("together", (-50, 100), ("0", "0"), id="together 50%"),
    pytest.param("together", (-100, 100, 100), ("0", "333.33", "333.33"), id="together: worse than expected counts as nothing, so two thirds"),
]


@pytest.mark.parametrize(("rule", "outturns", "expected"), TOGETHER)
def test_sub_targets_count_as_the_agreement_says(rule: str, outturns: tuple[object, ...], expected: tuple[str, ...]) -> None:
    """It counts sub-targets each by itself, by what they come to together, or only where all reach the threshold."""
    rows = [target("A", outturn, sub_target=str(place)) for place, outturn in enumerate(outturns)]
    assert amounts(*rows, of=(("possible", "1000"), ("sub-targets", rule))) == pounds(*expected)


def test_sub_targets_together_are_weighed() -> None:
    """It weighs sub-targets: 50% at three quarters and 100% at a quarter are 62.5% together."""
    rows = [target("A", 50, sub_target="1", weight=3), target("A", 100, sub_target="2", weight=1)]
    assert amounts(*rows, of=(("possible", "1000"), ("sub-targets", "together"))) == pounds("375", "250")


def test_sub_targets_together_do_not_reach_into_another_target() -> None:
    """It judges each target by its own sub-targets."""
    rows = [target("A", 100, sub_target="1"), target("A", 30, sub_target="2"), target("B", 50, sub_target="1"), target("B", 60, sub_target="2")]
    assert amounts(*rows, of=(("possible", "1000"), ("sub-targets", "together"))) == pounds("250", "75", "0", "0")


UNKNOWN_PARTS = [  # potentials of three sub-targets are 333.34, 333.33 and 333.33
    pytest.param("each", (80, None), ("400", None), ("", "the outturn is not known"), id="each: the known one is paid"),
    pytest.param("all", (80, None), (None, None), ("a sub-target is not known", "the outturn is not known"), id="all: it hangs on the unknown one"),
    pytest.param("together", (100, None), (None, None), ("a sub-target is not known", "the outturn is not known"), id="together: 50% for sure, 100% at best"),
    pytest.param("together", (100, 90, None), ("333.34", "300", None), ("", "", "the outturn is not known"), id="together: 63% for sure, whatever the last is"),
    pytest.param("together", (100, 80, None), ("333.34", "266.66", None), ("", "", "the outturn is not known"), id="together: 60% for sure"),
    pytest.param(
        "together",
        (100, "79.9", None),
        (None, None, None),
        ("a sub-target is not known",) * 2 + ("the outturn is not known",),
        id="together: just not for sure",
    ),
    pytest.param("together", (20, None), (None, None), ("a sub-target is not known", "the outturn is not known"), id="together: exactly 60% at best"),
]


@pytest.mark.parametrize(("rule", "outturns", "expected", "reasons"), UNKNOWN_PARTS)
def test_an_unknown_sub_target_leaves_open_only_what_hangs_on_it(
    rule: str, outturns: tuple[Any, ...], expected: tuple[str, ...], reasons: tuple[str, ...]
) -> None:
    """It pays what is sure whatever the unknown sub-target turns out to be, and leaves the rest unknown with the reason."""
    rows = [target("A", outturn, sub_target=str(place)) for place, outturn in enumerate(outturns)]
    got = earned(*rows, of=(("possible", "1000"), ("sub-targets", rule)))
    assert ([row["amount"] for row in got], [row["reason"] for row in got]) == (pounds(*expected), list(reasons))


@pytest.mark.parametrize(("rule", "known"), [("all", "59"), ("together", "19")])
def test_what_a_known_sub_target_rules_out_is_nothing(rule: str, known: str) -> None:
    """It knows that a target earns nothing once the known part rules the threshold out: 19% and at best 100% are 59.5%."""
    rows = [target("A", known, sub_target="1"), target("A", None, sub_target="2")]
    assert amounts(*rows, of=(("possible", "1000"), ("sub-targets", rule))) == pounds("0", "0")


# ---------------------------------------------------------------- unknown is never nothing


def test_an_unknown_outturn_is_not_nothing() -> None:
    """It gives an unknown outturn no share and no amount, but its potential as the most; a known nothing is a nothing."""
    unknown, nothing = earned(target("A", None), target("B", 0))
    assert (unknown["share"], unknown["paid_share"], unknown["amount"], unknown["potential"], unknown["at_most"]) == (None, None, None, 500, 500)
    assert unknown["reason"] == "the outturn is not known"
    assert (nothing["share"], nothing["paid_share"], nothing["amount"], nothing["at_most"], nothing["reason"]) == (0, 0, 0, 0, "")


def test_the_most_that_an_unknown_outturn_earns_is_its_potential_times_the_cap() -> None:
    """It bounds an unknown amount by the cap: 120% of £500."""
    got = earned(target("A", None), target("B", 100), of=(("possible", "1000"), ("cap", "120%")))
    assert [(row["potential"], row["at_most"]) for row in got] == [(500, 600), (500, 500)]


def test_no_targets_earn_an_empty_frame() -> None:
    """It gives the empty frame of the contract for no targets at all."""
    none = pd.DataFrame(columns=["target", "polarity", "expected_without_stretch", "stretch_target", "outturn"], dtype=object)
    assert len(frames.check(entitlement.earned(none, terms(("possible", "1000"))), frames.EARNED)) == 0


# ---------------------------------------------------------------- pennies

HALVES = [  # half of 10.01 is 500.5 pennies, half of 10.03 is 501.5
    pytest.param("half up", "10.01", "50", "5.01", id="half up: 500.5 is 501"),
    pytest.param("half even", "10.01", "50", "5.00", id="half even: 500.5 is 500"),
    pytest.param("half even", "10.03", "50", "5.02", id="half even: 501.5 is 502"),
    pytest.param("down", "10.03", "50", "5.01", id="down: 501.5 is 501"),
    pytest.param("down", "10.00", "59.99", "5.99", id="down: 599.9 is 599"),
    pytest.param("half even", "10.01", "50.01", "5.01", id="half even: 500.6001 is past the half"),
    pytest.param("half up", "10.01", "49.99", "5.00", id="half up: 500.3999 is not yet the half"),
]


@pytest.mark.parametrize(("rounding", "possible", "outturn", "amount"), HALVES)
def test_a_half_penny_goes_where_the_agreement_says(rounding: str, possible: str, outturn: str, amount: str) -> None:
    """It rounds the sum half up, half to even, or down."""
    assert amounts(target("A", outturn), of=(("possible", possible), ("threshold", "10%"), ("rounding", rounding))) == pounds(amount)


def test_a_sum_of_half_pennies_is_rounded_once() -> None:
    """It pays two halves of £10.01 £10.01 together, not £5.01 twice."""
    assert amounts(target("A", 50), target("B", 50), of=(("possible", "20.02"), ("threshold", "50%"))) == pounds("5.01", "5.00")


def test_the_smallest_amount_paid_may_be_a_pound() -> None:
    """It works in whole pounds where the agreement does: £1,001 is 501 and 500; 60% of £501 is £300.60, with £500 £800.60, so £801."""
    got = earned(target("A", 60), target("B", 100), of=(("possible", "£1,001"), ("penny", "£1")))
    assert [(row["potential"], row["amount"]) for row in got] == [(501, 301), (500, 500)]


POSSIBLE = st.integers(0, 10**9)
OUTTURN = st.one_of(st.none(), st.integers(-30, 160), st.just(60))


@st.composite
def returned(draw: st.DrawFn, outturn: st.SearchStrategy[int | None] = OUTTURN) -> list[Row]:
    """Give up to four targets of up to three sub-targets each, weighed or not."""
    weighed, rows = draw(st.booleans()), []
    for place in range(draw(st.integers(1, 4))):
        among = draw(st.integers(1, 9)) if weighed else None
        subs = draw(st.integers(1, 3))
        within = [draw(st.integers(1, 9)) if weighed else None for _ in range(subs)]
        rows += [
            target(f"T{place}", draw(outturn), sub_target=f"{n}" if subs > 1 else "", weight=weight, target_weight=among) for n, weight in enumerate(within)
        ]
    return rows


def of_pennies(pennies: int, rule: str = "each") -> tuple[tuple[str, str], ...]:
    """Give the terms of an agreement of so many pennies."""
    return ("possible", f"£{pennies // 100}.{pennies % 100:02d}"), ("sub-targets", rule)


RULES = st.sampled_from(["each", "together", "all"])


@given(rows=returned(), pennies=POSSIBLE, rule=RULES)
@PROPERTY
def test_potentials_come_to_the_possible_grant_and_amounts_to_their_rounded_sum(rows: list[Row], pennies: int, rule: str) -> None:
    """It divides what is possible without losing a penny, and rounds what is earned once: each amount is within a penny of its share of its potential."""
    got = earned(*rows, of=of_pennies(pennies, rule))
    assert sum(row["potential"] for row in got) == Decimal(pennies) / 100
    shares = [(Fraction(row["potential"]) * Fraction(row["paid_share"]), Fraction(row["amount"])) for row in got if row["amount"] is not None]
    assert sum((amount for _, amount in shares), Fraction(0)) == half_up(sum((share for share, _ in shares), Fraction(0)))
    assert all(abs(share - amount) < Fraction(1, 100) and (amount * 100).denominator == 1 for share, amount in shares)
    for row in got:  # what is reached in full is paid to the penny, nothing is paid more, and what is unknown has no figure
        assert (row["amount"] is None) == (row["paid_share"] is None) == bool(row["reason"])
        assert 0 <= (row["at_most"] if row["amount"] is None else row["amount"]) <= row["potential"]
        assert row["amount"] is not None or row["share"] is not None or row["at_most"] == row["potential"]
        assert row["paid_share"] != 1 or row["amount"] == row["potential"]


@given(rows=returned(), pennies=POSSIBLE, rule=RULES, left=st.integers(-50, 50))
@PROPERTY
def test_the_direction_that_is_good_makes_no_difference(rows: list[Row], pennies: int, rule: str, left: int) -> None:
    """It gives the same to targets that are mirrored: every figure turned round, and lower good instead of higher."""
    figures = ("expected_without_stretch", "stretch_target", "outturn")
    mirrored = [row | {"polarity": "lower"} | {name: None if row[name] is None else left - row[name] for name in figures} for row in rows]
    told = ("share", "paid_share", "potential", "amount", "at_most", "reason")
    plain, turned = (earned(*of, of=of_pennies(pennies, rule)) for of in (rows, mirrored))
    assert [[row[name] for name in told] for row in plain] == [[row[name] for name in told] for row in turned]


@given(rows=returned(st.integers(-30, 160)), pennies=POSSIBLE, rule=RULES, at=st.integers(0, 11), better=st.integers(0, 90))
@PROPERTY
def test_a_better_outturn_never_earns_less(rows: list[Row], pennies: int, rule: str, at: int, better: int) -> None:
    """It never pays less in all, nor less for the target itself, for a better outturn."""
    place = at % len(rows)
    lifted = [row | {"outturn": row["outturn"] + better} if n == place else row for n, row in enumerate(rows)]
    before, after = (amounts(*of, of=of_pennies(pennies, rule)) for of in (rows, lifted))
    assert sum(after) >= sum(before)
    assert after[place] >= before[place]


# ---------------------------------------------------------------- what is told


def told(*rows: Row, of: tuple[tuple[str, ...], ...] = (("possible", "£1,000"),)) -> list[str]:
    """Give everything that is told as wrong with some targets."""
    with pytest.raises(EntitlementError) as wrong:
        earned(*rows, of=of)
    return wrong.value.problems


EVEN = (("possible", "1000"), ("targets", "2"))
WRONG = [
    pytest.param([target("A", 5, 10, 10)], ["stretch target of 'A' equals", "(10)"], id="a stretch equal to what was expected without it"),
    pytest.param([target("A", 5, 10, "10.0")], ["stretch target of 'A' equals"], id="equal, written otherwise"),
    pytest.param([target("A", 5, 10, 5)], ["stretch target of 'A' (5) is worse than", "(10)", "higher is good"], id="a stretch below, higher good"),
    pytest.param([target("A", 5, 5, 10, "lower")], ["stretch target of 'A' (10) is worse than", "(5)", "lower is good"], id="a stretch above, lower good"),
    pytest.param([target("A", 5, polarity="")], ["'A' does not say whether higher or lower is good"], id="no polarity"),
    pytest.param([target("A", 5, None)], ["expected without the stretch of 'A' is not known"], id="expected is not known"),
    pytest.param([target("A", 5, 0, None)], ["stretch target of 'A' is not known"], id="the stretch is not known"),
    pytest.param([target("A", 5, sub_target="x"), target("A", 6, 1, 1, sub_target="y")], ["of 'A: y' equals"], id="a sub-target is named with its target"),
    pytest.param([target("A", 5), target("A", 6)], ["'A' stands twice"], id="the same target twice"),
    pytest.param([target("A", 5, potential_grant=1000), target("B", 6), target("C", 6)], ["stated for some targets and not for 'B', 'C'"], id="potential for some"),
    pytest.param([target("A", 5, potential_grant=600), target("B", 6, potential_grant="399.99")], ["come to £999.99", "possible grant is £1,000.00"], id="potentials a penny short"),
    pytest.param([target("A", 5, weight=1), target("B", 6)], ["weight is stated for some of the targets"], id="weights for some targets"),
    pytest.param([target("A", 5, sub_target="x", weight=1), target("A", 6, sub_target="y")], ["weight is stated for some of the sub-targets of 'A'"], id="weights for some sub-targets"),
    pytest.param([target("A", 5, sub_target="x", target_weight=1), target("A", 6, sub_target="y", target_weight=2)], ["weight of 'A' among the targets is not the same"], id="two weights of one target"),
    pytest.param([target("A", 5, weight=-1), target("B", 6, weight=2)], ["weights of the targets are below nothing"], id="a weight below nothing"),
    pytest.param([target("A", 5, weight=0), target("B", 6, weight=0)], ["weights of the targets come to nothing"], id="weights of nothing in all"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "words"), WRONG)
def test_what_stands_in_the_way_is_told_by_name(rows: list[Row], words: list[str]) -> None:
    """It names the target and the figures of what cannot be worked out."""
    (problem,) = told(*rows)
    assert [word for word in words if word not in problem] == []


@pytest.mark.parametrize("rows", [[target("A", 5)], [target("A", 5), target("B", 5), target("C", 5)]], ids=["one", "three"])
def test_a_wrong_number_of_targets_is_told(rows: list[Row]) -> None:
    """It says how many targets are agreed and how many there are; sub-targets are not targets."""
    assert told(*rows, of=EVEN) == [f"2 targets are agreed, and the return has {len(rows)}"]
    assert len(earned(target("A", 5, sub_target="1"), target("A", 5, sub_target="2"), target("B", 5), of=EVEN)) == 3


def test_neither_possible_nor_potential_grant_is_told() -> None:
    """It says so where there is no sum to divide."""
    assert told(target("A", 5), of=()) == ["neither the possible grant of the agreement nor the potential grant of its targets is stated"]


def test_everything_wrong_is_told_at_once() -> None:
    """It gathers what is wrong with every target, and with the agreement as a whole, in one error that names the agreement."""
    rows = [target("A", 5, 10, 10, weight=1), target("B", 5, 10, 5), target("C", 5, polarity=""), target("D", 5, None), target("D", 5)]
    with pytest.raises(EntitlementError, match="First LAA") as wrong:
        earned(*rows, of=EVEN)
    found = wrong.value.problems
    expected = [
        "'A' equals",
        "'B' (5) is worse",
        "'C' does not say",
        "'D' is not known",
        "'D' stands twice",
        "weight is stated for some of the targets",
        "the return has 4",
    ]
    assert [sum(words in problem for problem in found) for words in expected] == [1] * len(expected)


def test_every_fault_of_a_row_is_told() -> None:
    """It tells both figures that are not known, and the missing direction, of one target."""
    assert [word in " ".join(told(target("A", 5, None, None, polarity=""))) for word in ("expected without", "stretch target of", "higher or lower")] == [
        True
    ] * 3


def test_a_potential_grant_below_nothing_is_told() -> None:
    """It refuses potentials of -£100 and £1,100, though they come to what is possible."""
    assert "below nothing" in " ".join(told(target("A", 100, potential_grant=-100), target("B", 100, potential_grant=1100)))


def test_the_most_that_a_known_sub_target_earns_is_what_it_reached() -> None:
    """It bounds what hangs on another sub-target by the share that is known: 80% of £500."""
    got = earned(target("A", 80, sub_target="1"), target("A", None, sub_target="2"), of=(("possible", "1000"), ("sub-targets", "all")))
    assert [row["at_most"] for row in got] == [400, 500]


def test_earned_leaves_its_arguments_as_they_were() -> None:
    """It changes neither the targets nor the terms."""
    rows, its = pd.DataFrame([target("A", 70), target("B", None)], dtype=object), terms(("possible", "1000"))
    before = rows.copy(deep=True), its.copy(deep=True)
    entitlement.earned(rows, its)
    assert_frame_equal(rows, before[0])
    assert_frame_equal(its, before[1])


# ---------------------------------------------------------------- every agreement, and the rest goes on

CELLS = {"expected_without_stretch": "E", "stretch_target": "F", "outturn": "G", "potential_grant": "H", "weight": "I", "target_weight": "J"}


def line(row: Row, at: int, agreement: str = "First LAA", quarter: str = "2009-10-Q4", **more: Any) -> Row:
    """Give one target as a return has it, on row *at* of its sheet."""
    typed = {f"{name}_raw": "TBC" if row.get(name) is None else str(row[name]) for name in CELLS}
    cells = {f"{name}_cell": f"{letter}{at}" for name, letter in CELLS.items()}
    return row | typed | cells | {"agreement": agreement, "quarter": quarter, "file": f"{quarter}.csv", "sheet": "LAA", "row": at} | more


def by_all(lines: list[Row], its: pd.DataFrame) -> tuple[list[Row], list[Row]]:
    """Give what the targets of every agreement have earned, and the issues, row by row."""
    made, issues = entitlement.earned_by_all(frames.make(lines, frames.REWARD_TARGETS), its)
    return frames.rows(frames.check(made, frames.EARNED)), frames.rows(frames.check(issues, frames.ISSUES))


def test_a_faulty_row_is_unknown_with_its_cell_and_the_rest_goes_on() -> None:
    """It pays the sound target its part, leaves the faulty ones unknown with the reason, and points at the cell of each."""
    rows = [target("A", 100), target("B", 5, 10, 10), target("C", 5, None), target("D", 5, polarity=""), target("E", 5, 10, 5)]
    got, issues = by_all([line(row, at) for at, row in enumerate(rows, start=5)], terms(("possible", "500")))
    assert [(row["target"], row["potential"], row["amount"], row["at_most"]) for row in got] == [
        ("A", 100, 100, 100), ("B", 100, None, 100), ("C", 100, None, 100), ("D", 100, None, 100), ("E", 100, None, 100),
    ]  # fmt: skip
    assert [word in row["reason"] for word, row in zip(["", "equals", "not known", "higher or lower", "worse"], got, strict=True)] == [True] * 5
    assert got[0]["reason"] == ""
    assert [(issue["quarter"], issue["file"], issue["sheet"], issue["cell"], issue["as_typed"]) for issue in issues] == [
        ("2009-10-Q4", "2009-10-Q4.csv", "LAA", *at) for at in [("F6", "10"), ("E7", "TBC"), ("", ""), ("F9", "5")]
    ]
    assert [row["reason"] for row in got[1:]] == [issue["message"].removesuffix(". Its grant is not known until that is put right.") for issue in issues]


def test_an_unknown_outturn_is_no_issue() -> None:
    """It finds nothing to put right in an outturn that is not known yet: the amount is unknown, and that is all."""
    (row,), issues = by_all([line(target("A", None), 5)], terms(("possible", "500")))
    assert (row["amount"], row["at_most"], row["reason"], issues) == (None, 500, "the outturn is not known", [])


def test_an_agreement_that_cannot_be_worked_out_is_unknown_whole_and_the_others_go_on() -> None:
    """It leaves every target unknown where the agreement has no terms, wrong terms or faults as a whole, with one issue each, and pays the others."""
    lines = [
        line(target("A", 100), 5, "No terms"), line(target("B", 100), 6, "No terms"), line(target("A", 100), 7, "Wrong terms"),
        line(target("A", 100), 8, "Too few"), line(target("A", 100), 9, "Sound"),
    ]  # fmt: skip
    its = [
        terms(("possible", "lots"), ("penny", "0"), agreement="Wrong terms"),
        terms(("possible", "9"), ("targets", "2"), agreement="Too few"),
        terms(("possible", "7"), agreement="Sound"),
    ]
    got, issues = by_all(lines, pd.concat(its, ignore_index=True))
    assert [(row["agreement"], row["amount"], row["at_most"]) for row in got] == [
        ("No terms", None, None), ("No terms", None, None), ("Wrong terms", None, None), ("Too few", None, None), ("Sound", 7, 7),
    ]  # fmt: skip
    reasons = [row["reason"] for row in got]
    assert "'No terms' has no terms in data/reference/agreement_terms.csv" in reasons[0]
    assert reasons[0] == reasons[1]
    assert ("'lots'" in reasons[2], "smallest amount" in reasons[2], "the return has 1" in reasons[3], reasons[4]) == (True, True, True, "")
    assert len(issues) == 3


def test_each_quarter_is_worked_out_by_itself() -> None:
    """It takes the same target in two quarters as two returns, not as one target twice."""
    lines = [line(target("A", 70), 5), line(target("A", 100), 5, quarter="2010-11-Q1")]
    got, issues = by_all(lines, terms(("possible", "500")))
    assert ([(row["quarter"], row["amount"]) for row in got], issues) == ([("2009-10-Q4", 350), ("2010-11-Q1", 500)], [])


def test_a_row_keeps_its_place_and_a_name_of_its_own() -> None:
    """It carries quarter, file, sheet and row along, and names each figure differently."""
    got, _ = by_all([line(target("A", 70, sub_target=sub), at) for at, sub in ((5, "1"), (6, "2"))], terms(("possible", "500")))
    assert [(row["quarter"], row["file"], row["sheet"], row["row"]) for row in got] == [("2009-10-Q4", "2009-10-Q4.csv", "LAA", at) for at in (5, 6)]
    assert len({row["figure_id"] for row in got}) == 2
    assert all(row["figure_id"].startswith("2009-10-Q4.reward.") for row in got)


def test_figures_of_names_that_run_together_are_told_apart() -> None:
    """It gives target "NI 1" with sub-target "2" and target "NI 1 2" ids of their own."""
    got, _ = by_all([line(target("NI 1", 70, sub_target="2"), 5), line(target("NI 1 2", 70), 6)], terms(("possible", "500")))
    assert len({row["figure_id"] for row in got}) == 2


def test_a_faulty_sub_target_keeps_its_reason() -> None:
    """It says why beside a faulty sub-target, even where its sibling decides the target."""
    lines = [line(target("A", 10, sub_target="1"), 5), line(target("A", 10, 10, 10, sub_target="2"), 6)]
    (_, faulty), issues = by_all(lines, terms(("possible", "500"), ("sub-targets", "all")))
    assert (len(issues), "equals" in faulty["reason"]) == (1, True)


def test_an_outturn_in_another_unit_is_not_a_known_nothing() -> None:
    """It does not take an outturn typed as 0.7 for a failure against 50% and 70%: the amount is unknown and the cell is told."""
    units = {"expected_without_stretch_unit": "percent", "stretch_target_unit": "percent", "outturn_unit": "number"}
    (row,), issues = by_all([line(target("A", "0.7", 50, 70), 5, **units)], terms(("possible", "500")))
    assert (row["amount"], [issue["cell"] for issue in issues]) == (None, ["G5"])


def test_all_agreements_leave_the_arguments_as_they_were() -> None:
    """It changes neither the returns nor the register, faulty rows or not."""
    lines = frames.make([line(target("A", 70), 5), line(target("B", 5, 1, 1), 6)], frames.REWARD_TARGETS)
    its = terms(("possible", "1000"))
    before = lines.copy(deep=True), its.copy(deep=True)
    entitlement.earned_by_all(lines, its)
    assert_frame_equal(lines, before[0])
    assert_frame_equal(its, before[1])


# ---------------------------------------------------------------- terms


def test_what_an_agreement_does_not_say_is_the_national_rule() -> None:
    """It takes 60%, a cap of 100%, sub-targets each, half up, pennies, and one payment of all that is earned; a blank value says nothing."""
    found = entitlement.read(terms(("threshold", ""), ("possible", "")))
    assert found == Terms("First LAA") == Terms(
        "First LAA", possible=None, targets=None, achieved=None, claims=(), threshold=Fraction(3, 5), cap=Fraction(1), sub_targets="each",
        rounding="half up", penny=Fraction(1, 100), starts="", ends="", instalments=(Instalment("", None, None, Fraction(1), None, (), ()),),
    )  # fmt: skip


@pytest.mark.parametrize("value", ["60%", "0.6", "0.60", "60.0%"])
def test_a_share_is_the_same_however_it_is_written(value: str) -> None:
    """It reads 60% and 0.6 alike."""
    assert entitlement.read(terms(("cap", value), ("threshold", "50%"))).cap == Fraction(3, 5)


def test_every_term_finds_its_place() -> None:
    """It reads each term of an agreement as written."""
    rows = [
        ("possible", "£1.5m"), ("targets", "32"), ("achieved", "8.5"), ("claim", "£4,681,012.65"), ("claim", "£4,680,000"), ("threshold", "50%"), ("cap", "110%"),
        ("sub-targets", "together"), ("rounding", "half even"), ("penny", "£1"), ("starts", "2008-09-Q1"), ("ends", "2010-11-Q4"), ("scaling", "50%"),
        ("capital", "30%"), ("top slice", "£2,000", "", "Fund"), ("top slice", "5%", "", "Fee"), ("split", "0.25", "", "X"), ("split", "75%", "", "Y"),
        ("not printed", "", "", "Outturns"),
    ]  # fmt: skip
    slices, split = (("Fund", Fraction(2000), False), ("Fee", Fraction(1, 20), True)), (("X", Fraction(1, 4)), ("Y", Fraction(3, 4)))
    once = Instalment("", None, None, Fraction(1, 2), Fraction(3, 10), slices, split)
    assert entitlement.read(terms(*rows)) == Terms(
        "First LAA", Fraction(1500000), 32, Fraction(17, 2), (Fraction("4681012.65"), Fraction(4680000)), Fraction(1, 2), Fraction(11, 10),
        "together", "half even", Fraction(1), "2008-09-Q1", "2010-11-Q4", (once,),
    )  # fmt: skip


def test_an_instalment_has_its_own_terms_and_otherwise_those_of_the_agreement() -> None:
    """It lets an instalment say otherwise than the agreement, and keeps the order of instalments."""
    rows = [
        ("scaling", "50%"), ("part", "40%", "Second"), ("split", "100%", "", "X"),
        ("part", "60%", "First"), ("scaling", "100%", "First"), ("split", "100%", "First", "Y"),
    ]  # fmt: skip
    second, first = entitlement.read(terms(*rows)).instalments
    assert (second.name, second.part, second.scaling, second.split) == ("Second", Fraction(2, 5), Fraction(1, 2), (("X", Fraction(1)),))
    assert (first.name, first.part, first.scaling, first.split) == ("First", Fraction(3, 5), Fraction(1), (("Y", Fraction(1)),))


@pytest.mark.parametrize(("value", "size"), [("5%", "0.05"), ("0.05", "0.05"), ("1", "1"), ("100%", "1")])
def test_a_top_slice_up_to_one_is_a_share(value: str, size: str) -> None:
    """It takes a size up to 1 as a share of the payment, with a sign and without."""
    assert entitlement.read(terms(("top slice", value, "", "Fee"))).instalments[0].top_slices == (("Fee", Fraction(size), True),)


WRONG_TERMS = [
    pytest.param([("bonus", "1")], "term 'bonus' is not a term; there are possible, targets,", id="no such term"),
    pytest.param([("bonus", "")], "term 'bonus' is not a term", id="no such term, though blank"),
    pytest.param([("possible", "lots")], "term 'possible' is 'lots', which is not a number", id="not a number"),
    pytest.param([("possible", "TBC")], "term 'possible' is 'TBC', which is not a number", id="a reason is not a number"),
    pytest.param([("possible", "£10-£20")], "term 'possible' is '£10-£20', which is not a number", id="a range is not a number"),
    pytest.param([("possible", "-1")], "term 'possible' is '-1'; it cannot be below nothing", id="pounds below nothing"),
    pytest.param([("threshold", "-5%")], "a share lies between 0% and 100%", id="a share below nothing"),
    pytest.param([("threshold", "100.01%")], "a share lies between 0% and 100%", id="a threshold beyond the whole"),
    pytest.param([("scaling", "50")], "term 'scaling' is '50'; a share lies between 0% and 100%", id="fifty without a sign"),
    pytest.param([("capital", "1.5")], "term 'capital' is '1.5'; a share", id="a capital share beyond the whole"),
    pytest.param([("part", "101%", "I1")], "term 'part' of 'I1' is '101%'; a share", id="a part beyond the whole"),
    pytest.param([("targets", "8.5")], "term 'targets' is '8.5', which is not a whole number", id="half a target"),
    pytest.param([("sub-targets", "some")], "term 'sub-targets' is 'some', not one of each, together, all", id="sub-targets by no rule"),
    pytest.param([("rounding", "up")], "term 'rounding' is 'up', not one of half up, half even, down", id="no such rounding"),
    pytest.param([("ends", "March 2011")], "term 'ends' is 'March 2011', not a quarter such as", id="an end in words"),
    pytest.param([("starts", "Q1 2008/09")], "term 'starts' is 'Q1 2008/09', not a quarter such as", id="a quarter not written as a key"),
    pytest.param([("possible", "1"), ("possible", "1")], "term 'possible' is stated twice", id="twice"),
    pytest.param([("part", "1", "I1"), ("part", "1", "I1")], "term 'part' of 'I1' is stated twice", id="twice of one instalment"),
    pytest.param([("top slice", "5", "", "Fee"), ("top slice", "6", "", "Fee")], "term 'top slice' (Fee) is stated twice", id="a top slice twice"),
    pytest.param([("threshold", "60%", "I1")], "term 'threshold' of 'I1' belongs to the whole agreement", id="a threshold of an instalment"),
    pytest.param([("threshold", "60%", "", "X")], "term 'threshold' (X) needs no name", id="a name that is not needed"),
    pytest.param([("cap", "59%")], "the cap is below the threshold", id="a cap below the usual threshold"),
    pytest.param([("cap", "79%"), ("threshold", "80%")], "the cap is below the threshold", id="a cap below the agreement's threshold"),
    pytest.param([("penny", "0")], "the smallest amount paid cannot be nothing", id="a penny of nothing"),
    pytest.param([("split", "50%", "", "X"), ("split", "40%", "", "Y")], "the split comes to 90%, not 100%", id="a split short of the whole"),
    pytest.param([("split", "50%", "I1", "X"), ("split", "60%", "I1", "Y")], "the split of 'I1' comes to 110%, not 100%", id="a split beyond the whole"),
    pytest.param([("part", "50%", "I1"), ("on account", "£5", "I1"), ("part", "100%", "I2")], "instalment 'I1' has both a part and an amount on account", id="both"),
    pytest.param([("part", "50%", "I1"), ("part", "49%", "I2")], "the parts of the instalments do not come to 100%", id="parts short of the whole"),
    pytest.param([("part", "50%", "I1"), ("scaling", "1", "I2"), ("scaling", "1", "I3")], "more than one instalment has neither", id="two that take the rest"),
    pytest.param([("on account", "£5", "I1")], "every instalment is on account", id="nothing follows from what is earned"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "words"), WRONG_TERMS)
def test_a_wrong_term_is_told(rows: list[tuple[str, ...]], words: str) -> None:
    """It tells what is wrong with a term, as it is written, and nothing else."""
    with pytest.raises(EntitlementError, match="First LAA") as wrong:
        entitlement.read(terms(*rows))
    (problem,) = wrong.value.problems
    assert words in problem


def test_everything_wrong_with_terms_is_told_at_once() -> None:
    """It gathers every problem of an agreement's terms in one error, and says where to put them right."""
    rows = [
        ("bonus", "1"),
        ("possible", "lots"),
        ("threshold", "101%"),
        ("penny", "0"),
        ("rounding", "up"),
        ("ends", "soon"),
        ("split", "50%", "", "X"),
        ("on account", "5", "I1"),
        ("cap", "-1"),
    ]
    with pytest.raises(EntitlementError) as wrong:
        entitlement.read(terms(*rows))
    words = ["'bonus'", "'lots'", "'101%'", "smallest amount", "'up'", "'soon'", "comes to 50%", "every instalment is on account", "'-1'"]
    assert [sum(word in problem for problem in wrong.value.problems) for word in words] == [1] * len(words)
    assert "data/reference/agreement_terms.csv" in wrong.value.hint


UNTOLD = [
    pytest.param([("part", "60%", "One"), ("part", "40%", "Two"), ("scaling", "50%", "one")], "'one' has terms", id="an instalment whose name is mistyped"),
    pytest.param([("split", "100%")], "needs a name", id="a split without a name: the branch that tells it is never reached"),
    pytest.param([("top slice", "£5")], "needs a name", id="a top slice without a name"),
    pytest.param([("top slice", "150%", "", "Fee")], "a share lies between", id="a top slice of more than the whole"),
    pytest.param([("possible", "60%")], "'60%'", id="pounds written as a share: read as 60p"),
    pytest.param([("threshold", "£0.60")], "'£0.60'", id="a share written in pounds"),
    pytest.param([("part", "40%")], "do not come to 100%", id="one payment of 40% is paid in full"),
    pytest.param([("part", "60%", "I1"), ("part", "70%", "I2"), ("scaling", "1", "I3")], "100%", id="parts beyond the whole leave the last below nothing"),
    pytest.param([("on account", "100.005", "I1"), ("part", "1", "I2"), ("capital", "50%")], "'100.005'", id="an amount with half a penny"),
    pytest.param([("top slice", "100.005", "", "Fee"), ("split", "1", "", "X")], "'100.005'", id="a top slice with half a penny"),
    pytest.param([("starts", "2010-11-Q1"), ("ends", "2009-10-Q1")], "2009-10-Q1", id="an end before the start"),
]


@pytest.mark.parametrize(("rows", "words"), UNTOLD)
def test_a_term_that_cannot_be_meant_is_told(rows: list[tuple[str, ...]], words: str) -> None:
    """It refuses a term that contradicts itself instead of paying by it."""
    with pytest.raises(EntitlementError) as wrong:
        entitlement.read(terms(*rows))
    assert words in " ".join(wrong.value.problems)


def test_a_cap_may_lie_below_the_usual_threshold_where_there_is_none() -> None:
    """It takes a cap of 50% where the agreement pays from nothing on."""
    assert entitlement.read(terms(("threshold", "0%"), ("cap", "50%"))).cap == Fraction(1, 2)


def test_a_top_slice_with_a_pound_sign_is_pounds() -> None:
    """It takes a slice of £1 as a pound, not as all there is."""
    assert entitlement.read(terms(("top slice", "£1", "", "Fee"))).instalments[0].top_slices == (("Fee", Fraction(1), False),)


# ---------------------------------------------------------------- payments


def paid(*amount: str | None, of: tuple[tuple[str, ...], ...] = ()) -> list[Row]:
    """Give every step of paying some amounts."""
    made = entitlement.payments(pd.DataFrame({"amount": [exact(one) for one in amount]}, dtype=object), terms(*of))
    return frames.rows(frames.check(made, frames.PAYMENTS))


def steps(rows: list[Row]) -> list[tuple[str, ...]]:
    """Give steps as instalment, step, name and amount to the penny."""
    return [(row["instalment"], row["step"], row["name"], f"{row['amount']:.2f}") for row in rows]


def test_harrows_claim_is_paid_at_half_with_the_half_penny_said() -> None:
    """It pays 50% of £4,681,012.65: £2,340,506.325, so £2,340,506.33 and £2,340,506.32 not; then half and half, and says each half penny."""
    of = (("scaling", "50%"), ("capital", "50%"), ("split", "50%", "", "Management Groups"), ("split", "50%", "", "Partnership"))
    got = paid("4681012.65", of=of)
    assert steps(got) == [
        ("", "earned", "", "4681012.65"), ("", "due", "", "2340506.33"), ("", "not due", "", "2340506.32"), ("", "paid", "", "2340506.33"),
        ("", "capital", "", "1170253.17"), ("", "revenue", "", "1170253.16"), ("", "split", "Management Groups", "1170253.17"), ("", "split", "Partnership", "1170253.16"),
    ]  # fmt: skip
    assert [row["part_of"] for row in got] == ["", "earned", "earned", "due", *["paid, by kind"] * 2, *["paid, by who"] * 2]
    assert got[1]["how"] == "50% of £4,681,012.65, exactly £2,340,506.325"
    assert [row["how"] for row in got[4:]] == [
        "50% of £2,340,506.33, exactly £1,170,253.165", "the rest", *["50% of £2,340,506.33, exactly £1,170,253.165"] * 2,
    ]  # fmt: skip


@pytest.mark.parametrize(("rounding", "due"), [("half up", "0.02"), ("half even", "0.02"), ("down", "0.01")])
def test_what_is_due_is_rounded_as_the_agreement_says(rounding: str, due: str) -> None:
    """It scales three pennies to one and a half, and rounds as agreed; what is not due is the rest."""
    got = {step: amount for _, step, _, amount in steps(paid("0.03", of=(("scaling", "50%"), ("rounding", rounding))))}
    assert (got["due"], got["not due"]) == (due, f"{Decimal('0.03') - Decimal(due):.2f}")


def test_an_amount_that_comes_out_even_says_nothing_of_rounding() -> None:
    """It says the exact amount only where rounding changes it, and has no step for nothing."""
    got = paid("100", of=(("capital", "30%"),))
    assert steps(got) == [
        ("", "earned", "", "100.00"),
        ("", "due", "", "100.00"),
        ("", "paid", "", "100.00"),
        ("", "capital", "", "30.00"),
        ("", "revenue", "", "70.00"),
    ]
    assert [row["how"] for row in got] == ["all that is earned", "100% of £100.00", "what is due", "30% of £100.00", "the rest"]


def test_instalments_part_what_is_earned() -> None:
    """It gives each instalment its part and its own scaling; one that has no part takes what the others leave."""
    of = ("part", "33%", "I1"), ("part", "33%", "I2"), ("scaling", "50%", "I3")
    # 33% of 100.01 is 33.0033, twice; the rest 34.0034: rounded down 100.00, the penny goes to the largest remainder, 0.34 of a penny
    got = [step for step in steps(paid("100.01", of=of)) if step[1] in {"earned", "due", "not due"}]
    assert got == [
        ("I1", "earned", "", "33.00"), ("I1", "due", "", "33.00"), ("I2", "earned", "", "33.00"), ("I2", "due", "", "33.00"),
        ("I3", "earned", "", "34.01"), ("I3", "due", "", "17.01"), ("I3", "not due", "", "17.00"),
    ]  # fmt: skip


def test_a_blank_part_takes_what_the_others_leave() -> None:
    """It keeps an instalment whose part is blank, as the message on parts advises: 60% and the rest."""
    got = [step for step in steps(paid("1000", of=(("part", "60%", "I1"), ("part", "", "I2")))) if step[1] == "paid"]
    assert got == [("I1", "paid", "", "600.00"), ("I2", "paid", "", "400.00")]


def test_payments_on_account_are_taken_off_first_instalment_first() -> None:
    """It takes £70 on account off the first £50 in full and the rest off the second."""
    of = (("on account", "£70", "Advance"), ("part", "50%", "I1"), ("part", "50%", "I2"))
    got = paid("100", of=of)
    assert steps(got) == [
        ("Advance", "paid", "", "70.00"),
        ("I1", "earned", "", "50.00"), ("I1", "due", "", "50.00"), ("I1", "paid on account", "", "50.00"), ("I1", "paid", "", "0.00"),
        ("I2", "earned", "", "50.00"), ("I2", "due", "", "50.00"), ("I2", "paid on account", "", "20.00"), ("I2", "paid", "", "30.00"),
    ]  # fmt: skip
    assert [row["part_of"] for row in got if row["instalment"] == "I2"] == ["", "earned", "due", "due"]


def test_more_on_account_than_is_due_is_paid_back() -> None:
    """It gives what was overpaid as a payment below nothing, and says that it is to be paid back; its parts come to it too."""
    of = (
        ("on account", "£70.01", "Advance"),
        ("scaling", "50%", "Final"),
        ("capital", "50%", "Final"),
        ("split", "50%", "Final", "X"),
        ("split", "50%", "Final", "Y"),
    )
    got = [row for row in paid("100", of=of) if row["instalment"] == "Final"]
    # due 50, less 70.01 = -20.01; halves of it are 10.005 each, so 10.01 and 10.00 below nothing
    assert steps(got)[3:] == [
        ("Final", "paid on account", "", "70.01"), ("Final", "paid", "", "-20.01"),
        ("Final", "capital", "", "-10.01"), ("Final", "revenue", "", "-10.00"), ("Final", "split", "X", "-10.01"), ("Final", "split", "Y", "-10.00"),
    ]  # fmt: skip
    assert "to be paid back" in got[4]["how"]
    assert not any("to be paid back" in row["how"] for row in paid("200", of=of))


def test_two_payments_on_account_are_both_taken_off() -> None:
    """It takes the sum of all payments on account off what is due."""
    got = steps(paid("100", of=(("on account", "£30", "A1"), ("on account", "£20.50", "A2"), ("part", "100%", "Final"))))
    assert [step for step in got if step[0] == "Final"][2:] == [("Final", "paid on account", "", "50.50"), ("Final", "paid", "", "49.50")]


def test_top_slices_come_off_first_and_the_rest_is_split() -> None:
    """It takes a fixed £10 and 20% of the whole payment off £100, and splits the £70 that are left 60 to 40."""
    of = (("top slice", "£10", "", "Fee"), ("top slice", "20%", "", "Fund"), ("split", "60%", "", "X"), ("split", "40%", "", "Y"))
    assert steps(paid("100", of=of))[3:] == [
        ("", "top slice", "Fee", "10.00"),
        ("", "top slice", "Fund", "20.00"),
        ("", "split", "X", "42.00"),
        ("", "split", "Y", "28.00"),
    ]


def test_a_top_slice_larger_than_the_payment_takes_what_there_is() -> None:
    """It takes no more than the payment, says how much was wanted, and leaves the next slice and the split nothing."""
    got = paid("50", of=(("top slice", "£60", "", "Fee"), ("top slice", "10%", "", "Fund"), ("split", "100%", "", "X")))
    assert steps(got)[3:] == [("", "top slice", "Fee", "50.00"), ("", "top slice", "Fund", "0.00"), ("", "split", "X", "0.00")]
    assert [("£60.00, of which there is only so much" in row["how"], "£5.00, of which" in row["how"]) for row in got[3:]] == [
        (True, False),
        (False, True),
        (False, False),
    ]


def test_what_top_slices_leave_is_named_where_nobody_is_to_split_it() -> None:
    """It keeps the rest as a part of its own, so that the parts come to the payment."""
    assert steps(paid("100", of=(("top slice", "£10", "", "Fee"),)))[3:] == [("", "top slice", "Fee", "10.00"), ("", "split", "the rest", "90.00")]


def test_payments_of_unknown_amounts_are_of_the_known_part_and_say_so() -> None:
    """It pays what is known and counts what is not, on every step."""
    got = paid("100", None, None, "50.50", of=(("scaling", "50%"),))
    assert (got[0]["amount"], {row["unknown_count"] for row in got}) == (Decimal("150.50"), {2})
    assert {row["unknown_count"] for row in paid("100")} == {0}


def test_nothing_is_to_be_paid_back_while_amounts_are_unknown() -> None:
    """It does not ask £90 back while an unknown amount may still cover it."""
    assert not any("to be paid back" in row["how"] for row in paid("10", None, of=(("on account", "£100", "Advance"), ("part", "100%", "Final"))))


def test_payments_of_what_targets_have_earned_keep_agreement_and_quarter() -> None:
    """It takes the frame of what is earned as it is: £700 and nothing, named by agreement and quarter, and leaves it unchanged."""
    its = terms(("possible", "2000"), ("scaling", "50%"))
    made, _ = entitlement.earned_by_all(frames.make([line(target("A", 70), 5), line(target("B", 59), 6)], frames.REWARD_TARGETS), its)
    before = made.copy(deep=True)
    got = frames.rows(entitlement.payments(made, its))
    assert {(row["agreement"], row["quarter"]) for row in got} == {("First LAA", "2009-10-Q4")}
    assert steps(got) == [("", "earned", "", "700.00"), ("", "due", "", "350.00"), ("", "not due", "", "350.00"), ("", "paid", "", "350.00")]
    assert_frame_equal(made, before)


def test_payments_of_all_are_those_of_each_agreement_and_quarter() -> None:
    """It pays each agreement by its own terms in each quarter, and leaves out one that cannot be worked out."""
    lines = [
        line(target("A", 70), 5),
        line(target("A", 80), 5, quarter="2010-11-Q1"),
        line(target("A", 100), 6, "Second LAA"),
        line(target("A", 100), 7, "No terms"),
    ]
    its = pd.concat([terms(("possible", "100"), ("scaling", "50%")), terms(("possible", "9"), agreement="Second LAA")], ignore_index=True)
    made, _ = entitlement.earned_by_all(frames.make(lines, frames.REWARD_TARGETS), its)
    got = [row for row in frames.rows(entitlement.payments_of_all(made, its)) if row["step"] == "paid"]
    assert [(row["agreement"], row["quarter"], row["amount"]) for row in got] == [
        ("First LAA", "2009-10-Q4", 35),
        ("First LAA", "2010-11-Q1", 40),
        ("Second LAA", "2009-10-Q4", 9),
    ]


def test_payments_of_wrong_terms_are_refused() -> None:
    """It raises what is wrong with the terms."""
    with pytest.raises(EntitlementError, match="scaling"):
        paid("100", of=(("scaling", "500%"),))


def shares(draw: st.DrawFn, count: int) -> list[int]:
    """Give so many whole percentages that come to 100."""
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=count - 1, max_size=count - 1)))
    return [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]


MONEY = st.integers(101, 10**8).map(lambda pennies: f"£{pennies // 100}.{pennies % 100:02d}")


@st.composite
def agreed(draw: st.DrawFn) -> tuple[tuple[str, ...], ...]:
    """Give the terms of up to three instalments, payments on account, capital, top slices fixed or shares, and a split."""
    names = [f"I{place}" for place in range(draw(st.integers(1, 3)))]
    rows: list[tuple[str, ...]] = [("rounding", draw(st.sampled_from(["half up", "half even", "down"])))]
    rows += [("on account", draw(MONEY), f"Advance {place}") for place in range(draw(st.integers(0, 2)))]
    for name, part in zip(names, shares(draw, len(names)), strict=True):
        rows += [("scaling", f"{draw(st.integers(0, 100))}%", name)]
        rows += [("part", "" if name == "I0" else f"{part}%", name)]  # the first takes what the others leave
    rows += [("capital", f"{draw(st.integers(0, 99))}.{draw(st.integers(0, 9))}%")] if draw(st.booleans()) else []
    rows += [("top slice", draw(st.one_of(MONEY, st.integers(0, 100).map("{}%".format))), "", f"Slice {place}") for place in range(draw(st.integers(0, 2)))]
    if count := draw(st.integers(0, 3)):
        rows += [("split", f"{share}%", "", f"Group {place}") for place, share in enumerate(shares(draw, count))]
    return tuple(rows)


@given(of=agreed(), pennies=st.lists(st.one_of(st.none(), st.integers(0, 10**9)), min_size=1, max_size=4))
@PROPERTY
def test_the_parts_of_every_step_come_to_the_whole_to_the_penny(of: tuple[tuple[str, ...], ...], pennies: list[int | None]) -> None:
    """It loses no penny at any step, whatever the instalments, scaling, payments on account, capital, top slices and split."""
    got = paid(*[None if one is None else f"{one // 100}.{one % 100:02d}" for one in pennies], of=of)
    assert all((row["amount"] * 100) % 1 == 0 for row in got)

    def total(step: str, instalment: str | None = None, part_of: str | None = None) -> Decimal:
        """Add up the steps of a name, or the parts of a step."""
        of_it = [row for row in got if (row["step"] == step or part_of) and part_of in {None, row["part_of"]} and instalment in {None, row["instalment"]}]
        return sum((row["amount"] for row in of_it), Decimal(0))

    assert total("earned") == Decimal(sum(one or 0 for one in pennies)) / 100
    assert total("paid") == total("due"), "what is paid on account and what is paid at the end come to what is due"
    for name in {row["instalment"] for row in got}:
        if not name.startswith("Advance"):
            assert total("earned", name) == total("", name, "earned")
            assert total("due", name) == total("", name, "due")
        for way in ("paid, by kind", "paid, by who"):
            if any(row["part_of"] == way for row in got):
                assert total("", name, way) == total("paid", name)


def test_a_scaling_that_no_return_states_yet_pays_nothing_and_not_all() -> None:
    """It stops at what is earned where the terms leave the scaling to a return that has not come, and says so."""
    got = paid("100", of=(("scaling", ""), ("capital", "50%")))
    assert [(row["step"], row["amount"]) for row in got] == [("earned", Decimal(100))]
    assert "not known" in got[0]["how"]


def test_an_outturn_far_beyond_its_stretch_is_asked_about() -> None:
    """It asks whether 725 against a stretch of 100 has lost its decimal point, at its cell, and still pays the cap; 300, three times the stretch, is let be."""
    for outturn, asked in ((725, 1), (300, 0)):
        made, issues = by_all([line(target("A", outturn), 5)], terms(("possible", "£1,000")))
        assert ([issue["as_typed"] for issue in issues], made[0]["paid_share"]) == ([str(outturn)] * asked, Decimal(1))
