"""What may not be told: personal data in free text, small numbers, and what would give them away."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis import disclosure, frames, returns
from analysis.disclosure.example import example_registers
from analysis.disclosure.quoting import quotes
from analysis.disclosure.secrets import nearest
from analysis.reference import Registers

Q1, Q2, Q3, Q4, NEXT = "2016-17-Q1", "2016-17-Q2", "2016-17-Q3", "2016-17-Q4", "2017-18-Q1"
MEASURES = ("G", "T", "A", "B", "C", "U")
SUMS = [("G", "T"), ("G", "U"), ("T", "A"), ("T", "B"), ("T", "C")]
SHA = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


# ---------------------------------------------------------------- personal data


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("943 476 5919", ("NHS number",)),
        ("Case 9434765919 is open", ("NHS number",)),
        ("nhs no. 943-476-5919", ("NHS number",)),
        ("943\u00a0476\u00a05919", ("NHS number",)),
        ("94\u200b34765919", ("NHS number",)),
        ("Mr A, AB123456C", ("National Insurance number",)),
        ("AB 12 34 56 C", ("National Insurance number",)),
        ("ab123456c", ("National Insurance number",)),
        ("NI number AB 12 34 56", ("National Insurance number",)),
        ("12 High Street,HA3 5AB.", ("postcode",)),
        ("ec1a 1bb", ("postcode",)),
        ("HA12XF", ("postcode",)),
        ("write to Jo.Bloggs+x@example.gov.uk", ("e-mail address",)),
        ("020 8424 1234", ("telephone number",)),
        ("(020) 8424 1234", ("telephone number",)),
        ("+44 (0)20 8424 1234", ("telephone number",)),
        ("0044 7700 900123", ("telephone number",)),
        ("Ring 07700900123.", ("telephone number",)),
        ("01204 62083", ("telephone number",)),
        ("0843 123 4567", ("telephone number",)),
        ("born on 12 March 1975", ("date of birth",)),
        ("DOB: 12/03/75", ("date of birth",)),
        ("d.o.b. 1975-03-12", ("date of birth",)),
        ("Her date of birth is 3rd May 1980", ("date of birth",)),
        ("12.03.1975 (DOB)", ("date of birth",)),
        ("Jo, HA1 2XF, jo@example.org, 07700 900123", ("postcode", "e-mail address", "telephone number")),
    ],
)
def test_personal_data_is_found_in_each_way_of_writing(text: str, kinds: tuple[str, ...]) -> None:
    """It finds each kind as people type it, and names the kinds in one order."""
    assert disclosure.personal(text) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "", "NI 155", "NI 117 16 to 18 year olds who are NEET", "£9,434,765,919", "£9434765919", "£ 9434765919", "£07700900123", "2016-17-Q2",
        "2016-17-Q2.build-5", "Build 18", "AB12", "HA1", "AB123456", "BG123456A", "QQ123456C", "DA123456C", "AB123456E", "in 2008-09 there were 12,345", "2010 2011 2012 2013", "9434765918",
        "19434765919", "943476 5919", "01/02/2009 10:30", "01-02-2009 10 30", "Phase B2 1st", "priority p1 2hr", "KS2 2nd", "A4 at 5pm", "OM12 3AB", "Q1 2AB", "HA1 2CF",
        "children born between 1 April 2008 and 31 March 2009", "babies born in 2009", "born 12", "0.123456789012", "020 100", "0800 1111", "020 8424 123", "020 8424 12345", "+44 20 8424 12345", "101 or 999", SHA, "0a9434765919" * 5,
        "9434765919" * 4, "1,234,567,890", "1 234 567 890", "three @ £4 each", "42.5% (62/146)", "02:31:10 01:30", "10 02 2009 01 04 2010",
    ],
)  # fmt: skip
def test_what_is_not_personal_data_is_left(text: str) -> None:
    """It takes no amount, fingerprint, quarter, National Indicator, cell or cohort for a person's data."""
    assert disclosure.personal(text) == ()


def check_digit(nine: str) -> int | None:
    """Give the tenth digit that makes the weighted sum of all ten a multiple of 11; None where no digit does."""
    first = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), nine, strict=True))
    return next((last for last in range(10) if (first + last) % 11 == 0), None)


@given(
    nine=st.text("0123456789", min_size=9, max_size=9),
    last=st.integers(0, 9),
    gap=st.sampled_from(["", " ", "-"]),
    around=st.sampled_from(["{}", "no. {}.", "({})", "NHS{}"]),
)
def test_an_nhs_number_counts_by_its_check_digit(nine: str, last: int, gap: str, around: str) -> None:
    """It finds every number whose check digit is right, and never one whose check digit is wrong."""
    text = around.format(gap.join((nine[:3], nine[3:6], f"{nine[6:]}{last}"))) if around != "NHS{}" else f"NHS{nine}{last}"
    assert ("NHS number" in disclosure.personal(text)) == (last == check_digit(nine))


@pytest.mark.parametrize("text", ["1" * 50_000, "a" * 50_000 + "@", "born " * 8_000, "020 " * 9_000, "ab12 " * 9_000, "n.i. " * 9_000, "12 " * 9_000])
def test_a_long_text_is_no_trap(text: str) -> None:
    """It looks through fifty thousand characters of any one pattern without an answer that takes for ever."""
    assert set(disclosure.personal(text)) <= set(disclosure.KINDS)


def test_a_text_with_personal_data_is_held_wherever_it_stands() -> None:
    """It puts one sentence in the text's place in every frame and column, names the cell in an issue, and tells nothing of the text."""
    typed = "Ring Jo on 07700 900123"
    place = {"quarter": Q1, "file": "07700 900123.csv", "sheet": "Return", "row": 2}
    made = {
        "cells": frames.make([place | {"cell": "B2", "raw": typed, "stored": typed, "form": "narrative"}, place | {"cell": "B3", "raw": "12"}], frames.CELLS),
        "entries": frames.make([place | {"cell": "B2", "raw": typed, "text": typed}], frames.ENTRIES),
        "narrative": frames.make([place | {"text": typed, "subject": "Calls"}], frames.NARRATIVE),
        "issues": frames.make([{**place, "cell": "B2", "message": "'\\x300' is long", "as_typed": typed, "rule": "short"}], frames.ISSUES),
        "else": pd.DataFrame({"said": [typed, "no"], "number": [1, 2]}),
    }
    held, issues = disclosure.hold_personal(made)
    sentence = "[held back: may hold a telephone number]"
    assert held["cells"][["raw", "stored"]].to_numpy().tolist() == [[sentence, sentence], ["12", ""]]
    assert held["entries"][["raw", "text"]].to_numpy().tolist() == [[sentence, sentence]]
    assert held["narrative"][["text", "subject"]].to_numpy().tolist() == [[sentence, "Calls"]]
    assert held["else"]["said"].tolist() == [sentence, "no"]
    assert held["cells"]["file"].tolist() == ["07700 900123.csv"] * 2
    assert held["issues"][["message", "as_typed", "read_as"]].to_numpy().tolist() == [["[held back: the cell may hold personal data]", sentence, ""]]
    assert issues[["quarter", "file", "sheet", "cell", "stage", "severity", "rule", "as_typed", "read_as"]].to_numpy().tolist() == [
        [Q1, "07700 900123.csv", "Return", "B2", "cell", "advisory", "no personal data", "", ""]
    ]
    assert "telephone number" in issues["message"][0]
    assert "07700" not in issues["message"][0]


def test_an_address_in_a_forms_own_instructions_is_held_and_nobody_is_told() -> None:
    """The instructions of a form say to whom it goes: the text is held back from every file, and the partner need not mend what the workbook wrote."""
    cells = [
        {
            "file": "a.xlsx",
            "sheet": "Instructions",
            "cell": "A2",
            "raw": "Send it to jo@example.org",
            "outcome": "ignored",
            "reason": "part of the form as it was sent",
        },
        {"file": "a.xlsx", "sheet": "Return", "cell": "M8", "raw": "Ask jo@example.org", "outcome": "used"},
    ]
    held, issues = disclosure.hold_personal({"cells": frames.make(cells, frames.CELLS)})
    assert held["cells"]["raw"].tolist() == ["[held back: may hold an e-mail address]"] * 2
    assert issues["cell"].tolist() == ["M8"]


def test_a_figure_read_from_personal_data_is_missing() -> None:
    """It takes out the number that was read from a text that may be someone's, and says that it is suppressed."""
    row = {
        "measure_id": "M1",
        "quarter": Q1,
        "actual_raw": "9434765919",
        "actual": Decimal(9434765919),
        "actual_low": Decimal(9434765919),
        "actual_decimals": 0,
    }
    held, _ = disclosure.hold_personal({"observations": frames.make([row], frames.OBSERVATIONS)})
    found = frames.rows(held["observations"])[0]
    assert [found[name] for name in ("actual_raw", "actual", "actual_low", "actual_decimals", "actual_reason")] == [
        "[held back: may hold an NHS number]", None, None, None, "suppressed",
    ]  # fmt: skip
    frames.check(held["observations"], frames.OBSERVATIONS)


# ---------------------------------------------------------------- profiles


def registers(rows: list[tuple[str, str, str, str]], sums: list[tuple[str, str]] | None = None, **more: Any) -> Registers:
    """Give registers of six measures, two of the theme "first", with rows (audience, theme, measure_id, profile)."""
    measures = [
        {"measure_id": name, "theme": "first" if name in "AB" else "second", "number": str(number), "measure": f"Number of {name} seen", "policy": ""}
        for number, name in enumerate(MEASURES)
    ]
    made = example_registers(rows, sums)
    audiences = pd.DataFrame([{"audience": "group", "per_group": "yes"}, {"audience": "board", "per_group": "no"}])
    return replace(made, measures=pd.DataFrame(measures), audiences=audiences, **more)


def below(k: int, sums: list[tuple[str, str]] | None = None) -> Registers:
    """Give registers by which every measure's numbers below k are suppressed for everyone."""
    return registers([("", "", "", f"suppress<{k}")], sums)


def test_the_most_specific_row_wins() -> None:
    """It takes a row for a measure over one for its theme over one for all, and an audience's own rows over those for everyone."""
    rows = [("", "", "", "suppress<5"), ("", "first", "", "round5"), ("", "", "A", "none"), ("board", "", "", "suppress<10"), ("group", "second", "", "none")]
    assert disclosure.profiles(registers(rows)) == {"G": "suppress<5", "T": "suppress<5", "A": "none", "B": "round5", "C": "suppress<5", "U": "suppress<5"}
    assert set(disclosure.profiles(registers(rows), "board").values()) == {"suppress<10"}
    assert disclosure.profiles(registers(rows), "group-health") == {"G": "none", "T": "none", "A": "none", "B": "round5", "C": "none", "U": "none"}


def test_the_strictest_profile_is_open_to_all() -> None:
    """It holds the open files to the strictest row of anyone whose page stands among them."""
    rows = [("", "", "", "round5"), ("board", "", "A", "suppress<5"), ("group", "", "A", "suppress<10")]
    assert disclosure.restricted(registers(rows)) == {"board"}
    assert disclosure.in_force(registers(rows))["A"] == "suppress<10"
    assert disclosure.in_force(registers(rows), "group-health")["A"] == "suppress<10"


def test_a_looser_audience_is_published_apart() -> None:
    """It gives a restricted audience its looser profile on its own page, and what is open of all else."""
    rows = [("", "", "", "suppress<5"), ("board", "", "A", "none"), ("board", "", "B", "suppress<9")]
    assert disclosure.restricted(registers(rows)) == {"board"}
    assert disclosure.in_force(registers(rows), "board") | {"G": ""} == {
        "G": "",
        "T": "suppress<5",
        "A": "none",
        "B": "suppress<5",
        "C": "suppress<5",
        "U": "suppress<5",
    }
    assert disclosure.in_force(registers(rows))["B"] == "suppress<5"


def test_with_no_register_nothing_is_restricted_or_held() -> None:
    """It gives every measure the profile none, and the frames as they are."""
    made = table({("A", Q1): 3})
    assert set(disclosure.profiles(registers([])).values()) == {"none"}
    assert disclosure.restricted(registers([])) == set()
    assert disclosure.protect(made, registers([]))["scores"] is made["scores"]


# ---------------------------------------------------------------- frames made by hand


def score(measure: str, quarter: str, value: int | None, **more: Any) -> dict[str, Any]:
    """Give one score with a whole number, and all that follows from it filled in."""
    figure = None if value is None else Decimal(value)
    return {
        "measure_id": measure, "quarter": quarter, "file": f"{quarter}.csv", "sheet": "Return", "row": MEASURES.index(measure) + 2, "unit": "number", "kind": "quarter count",
        "measure": f"Number of {measure} seen", "actual": figure, "actual_low": figure, "actual_high": figure, "actual_raw": "" if value is None else str(value), "actual_unit": "number",
        "actual_cell": f"D{MEASURES.index(measure) + 2}", "actual_decimals": 0, "target": Decimal(50), "target_low": Decimal(50), "target_high": Decimal(50), "target_raw": "50",
        "published_status": "HR", "published_status_cell": f"E{MEASURES.index(measure) + 2}", "commentary_cell": f"F{MEASURES.index(measure) + 2}",
        "scored_actual": figure, "scored_target": Decimal(50), "variance": Decimal("-94.00"), "band": "HR", "bands_within_rounding": "HR", "agreement": "agrees",
        "rule": "five-band version 1, higher is better: HR", "to_edge": Decimal(47), "band_beyond": "LR", "fragile": "rounding", "figure_id": f"{quarter}.{measure.lower()}",
        "direction_short": "worse", "direction_long": "worse", "polarity": "higher", "scored_polarity": "higher",
    } | more  # fmt: skip


def table(values: dict[tuple[str, str], int | None], **more: Any) -> dict[str, pd.DataFrame]:
    """Give the scores of some figures, by measure and quarter."""
    return {"scores": frames.make([score(*key, value, **more) for key, value in values.items()], frames.SCORES)}


def hidden(made: dict[str, pd.DataFrame]) -> set[tuple[str, str]]:
    """Give which figures of protected frames are suppressed."""
    return {(row["measure_id"], row["quarter"]) for row in frames.rows(made["scores"]) if row["actual_reason"] == "suppressed"}


# ---------------------------------------------------------------- small numbers


@pytest.mark.parametrize(
    ("figure", "held"),
    [
        ({"actual": Decimal(1)}, True),
        ({"actual": Decimal(4)}, True),
        ({"actual": Decimal(5)}, False),
        ({"actual": Decimal(0)}, False),
        ({"actual": Decimal("3.5")}, False),
        ({"actual": Decimal(3), "actual_unit": "percent"}, False),
        ({"actual": Decimal(3), "actual_unit": "pounds"}, False),
        ({"actual": Decimal("33.3"), "actual_unit": "percent", "actual_numerator": 2, "actual_denominator": 6}, True),
        ({"actual": Decimal("96.7"), "actual_unit": "percent", "actual_numerator": 58, "actual_denominator": 60}, True),
        ({"actual": Decimal(100), "actual_unit": "percent", "actual_numerator": 4, "actual_denominator": 4}, True),
        ({"actual": Decimal(50), "actual_unit": "percent", "actual_numerator": 30, "actual_denominator": 60}, False),
        ({"actual": Decimal(0), "actual_unit": "percent", "actual_numerator": 0, "actual_denominator": 60}, False),
        ({"actual": Decimal(89), "actual_unit": "percent", "actual_raw": "89% (3)"}, True),
        ({"actual": None, "actual_low": Decimal(2), "actual_high": Decimal(9), "actual_raw": "2-9"}, True),
        ({"actual": None, "actual_low": Decimal(6), "actual_high": Decimal(9), "actual_raw": "6-9"}, False),
        ({"actual": None, "actual_low": None, "actual_raw": "3 families", "actual_reason": "could not be read"}, True),
        ({"actual": None, "actual_low": None, "actual_raw": "<5", "actual_reason": "suppressed"}, True),
        ({"actual": None, "actual_low": None, "actual_raw": "TBC", "actual_reason": "asked for and not known"}, False),
    ],
)
def test_a_small_number_is_held(figure: dict[str, Any], held: bool) -> None:
    """It hides more than none and less than k, as a count, either side of a fraction, a range that begins there, or text not read."""
    made = disclosure.protect({"scores": frames.make([score("A", Q1, 7) | figure], frames.SCORES)}, below(5))
    assert (made["scores"]["actual_raw"][0] == "[c]") == held
    assert (made["scores"]["band_reason"][0] == "suppressed") == held


def test_nothing_that_follows_from_a_hidden_figure_is_left() -> None:
    """It empties the figure, its counts, band, distances, directions and status, and keeps the target and the place."""
    found = frames.rows(disclosure.protect(table({("A", Q1): 3}), below(5))["scores"])[0]
    gone = ("actual", "actual_low", "actual_high", "actual_decimals", "scored_actual", "scored_target", "variance", "to_edge")
    assert [found[name] for name in gone] == [None] * 8
    assert [found[name] for name in ("band", "bands_within_rounding", "rule", "band_beyond", "fragile")] == [""] * 5
    assert [found[name] for name in ("actual_raw", "actual_markers", "published_status", "actual_reason", "band_reason")] == [
        "[c]",
        "[c]",
        "[c]",
        "suppressed",
        "suppressed",
    ]
    assert [found[name] for name in ("agreement", "direction_short", "direction_long")] == ["not scored", "not known", "not known"]
    assert [found[name] for name in ("target", "target_raw", "actual_cell", "figure_id")] == [Decimal(50), "50", "D4", "2016-17-Q1.a"]


def test_directions_that_compare_with_a_hidden_figure_are_held() -> None:
    """It holds the short direction a quarter later and the long one a year later, and no other."""
    made = disclosure.protect(table({("A", Q1): 3, ("A", Q2): 30, ("A", Q3): 40, ("A", NEXT): 50}), below(5))["scores"]
    assert made["direction_short"].tolist() == ["not known", "not known", "worse", "worse"]
    assert made["direction_long"].tolist() == ["not known", "worse", "worse", "not known"]
    assert made["band"].tolist() == ["", "HR", "HR", "HR"]


def test_a_band_against_an_earlier_figure_is_held_with_it() -> None:
    """It holds what a year-on-year target says of another quarter: its target is the hidden figure itself."""
    rows = [score("A", Q1, 3), score("A", NEXT, 30, target_rule="year on year reduction")]
    made = disclosure.protect({"scores": frames.make(rows, frames.SCORES)}, below(5))["scores"]
    assert made[["actual_raw", "scored_target", "variance", "band", "published_status"]].iloc[1].tolist() == ["30", None, None, "", "[c]"]


def test_a_sum_does_not_give_a_part_away() -> None:
    """It hides the smallest other figure of the sum: 12 = 3 + 9 would tell the 3, so the 9 goes too and the 12 stays."""
    made = disclosure.protect(table({("T", Q1): 12, ("A", Q1): 3, ("B", Q1): 9}), below(5, [("T", "A"), ("T", "B")]))
    assert hidden(made) == {("A", Q1), ("B", Q1)}


def test_an_interval_must_stay_wide() -> None:
    """It hides more where two hidden parts add up to too little: 4 = 1 + 3 + 0 + ... leaves 0 to 4, less than five apart."""
    made = disclosure.protect(table({("T", Q1): 14, ("A", Q1): 1, ("B", Q1): 3, ("C", Q1): 10}), below(5, [("T", "A"), ("T", "B"), ("T", "C")]))
    assert hidden(made) == {("A", Q1), ("B", Q1), ("C", Q1)}


def test_a_nought_is_hidden_last() -> None:
    """It prefers the larger figure to a nought: hiding a nought protects least."""
    made = disclosure.protect(table({("T", Q1): 23, ("A", Q1): 3, ("B", Q1): 0, ("C", Q1): 20}), below(5, [("T", "A"), ("T", "B"), ("T", "C")]))
    assert hidden(made) == {("A", Q1), ("C", Q1)}


def test_a_total_of_totals_does_not_give_it_away() -> None:
    """It follows sums of sums: with T hidden for A's sake, G less U would tell T, and with it A."""
    made = disclosure.protect(table({("G", Q1): 90, ("T", Q1): 8, ("U", Q1): 82, ("A", Q1): 3, ("B", Q1): 5}), below(5, [*SUMS[:2], ("T", "A"), ("T", "B")]))
    assert hidden(made) == {("A", Q1), ("B", Q1)}
    tight = disclosure.protect(table({("G", Q1): 86, ("T", Q1): 4, ("U", Q1): 82, ("A", Q1): 3, ("B", Q1): 1}), below(5, [*SUMS[:2], ("T", "A"), ("T", "B")]))
    assert hidden(tight) == {("A", Q1), ("B", Q1), ("T", Q1), ("U", Q1)}


def test_sums_of_fractions_are_held_too() -> None:
    """It sees that numerators add up: 2/60 and 40/60 of 42/120 are hidden together."""
    fractions = {"T": (42, 120), "A": (2, 60), "B": (40, 60)}
    rows = [
        score(name, Q1, 50, actual_unit="percent", actual_raw="50%", actual_numerator=top, actual_denominator=bottom)
        for name, (top, bottom) in fractions.items()
    ]
    made = disclosure.protect({"scores": frames.make(rows, frames.SCORES)}, below(5, [("T", "A"), ("T", "B")]))
    assert hidden(made) == {("A", Q1), ("B", Q1)}


def test_a_small_step_of_a_cumulative_figure_is_held() -> None:
    """It hides 12 after 10, a quarter's count of 2; 20 after 12 stays, and so does what is no more than before."""
    made = disclosure.protect(table({("A", Q1): 10, ("A", Q2): 12, ("A", Q3): 20, ("A", Q4): 20, ("A", NEXT): 22}, kind="cumulative"), below(5))
    assert hidden(made) == {("A", Q2)}


def test_the_quarter_after_does_not_close_in_on_a_cumulative_figure() -> None:
    """It hides 12 again in the next quarter: between 10 and 12 the hidden 12 would have three places left."""
    made = disclosure.protect(table({("A", Q1): 10, ("A", Q2): 12, ("A", Q3): 12, ("A", Q4): 40}, kind="cumulative"), below(5))
    assert hidden(made) == {("A", Q2), ("A", Q3)}


def test_bounds_by_hand() -> None:
    """It gives 0 to 12 for both parts of 12, 10 to 20 for a figure between two of its year, and no end to a lone one."""
    about = {"part": "count", "width": 5}
    rows = [
        ("T", Q1, 12, False, False),
        ("A", Q1, 3, False, True),
        ("B", Q1, 9, False, True),
        ("C", Q1, 10, True, False),
        ("C", Q2, 12, True, True),
        ("C", Q3, 20, True, False),
        ("U", Q1, 2, False, True),
    ]
    cells = pd.DataFrame([about | dict(zip(("measure_id", "quarter", "value", "cumulative", "hidden"), row, strict=True)) for row in rows])
    sums = pd.DataFrame([{"total": "T", "part": "A"}, {"total": "T", "part": "B"}])
    assert disclosure.bounds(cells, sums).fillna(-1).to_numpy().tolist() == [
        ["A", Q1, "count", 0, 12], ["B", Q1, "count", 0, 12], ["C", Q2, "count", 10, 20], ["U", Q1, "count", 0, -1],
    ]  # fmt: skip
    assert disclosure.solvable(cells, sums).empty
    told = cells.assign(hidden=cells["hidden"] & (cells["measure_id"] != "B"))
    assert disclosure.solvable(told, sums)["measure_id"].tolist() == ["A"]


def test_whole_numbers_decide_where_halves_would_not() -> None:
    """It proves ends in whole numbers: with each pair of A, B and C at most 9, halves would let the three add up to 13.5, whole numbers to 13."""
    about = {"part": "count", "width": 2, "quarter": Q1, "cumulative": False}
    values = {"T": (9, False), "U": (9, False), "W": (9, False), "A": (3, True), "B": (3, True), "C": (3, True), "G": (9, True)}
    cells = pd.DataFrame([about | {"measure_id": name, "value": value, "hidden": held} for name, (value, held) in values.items()])
    parts = {"T": ("A", "B", "not reported"), "U": ("B", "C", "not reported"), "W": ("A", "C", "not reported"), "G": ("A", "B", "C")}
    sums = pd.DataFrame([{"total": total, "part": part} for total, names in parts.items() for part in names])
    found = disclosure.bounds(cells, sums)[["measure_id", "lower", "upper"]].to_numpy().tolist()
    assert found == [["A", 0, 9], ["B", 0, 9], ["C", 0, 9], ["G", 0, 13]]


# ---------------------------------------------------------------- texts and the other frames


@pytest.mark.parametrize(
    ("text", "numbers", "found"),
    [
        ("Only 3 families", [3], True),
        ("Only three families", [3], True),
        ("THREE families", [3], True),
        ("thirty-three families", [3], False),
        ("thirty-three families", [33], True),
        ("In Q3 and 2016/17", [3], False),
        ("300 or 3,000 or 0.3", [3], False),
        ("1,234 families", [1234], True),
        ("33.3% of them", [Decimal("33.3")], True),
        ("a couple of families", [2], True),
        ("the 3rd time", [3], False),
        ("fell to \uff13", [3], True),
    ],
)
def test_a_number_is_found_in_digits_and_words(text: str, numbers: list[Any], found: bool) -> None:
    """It finds a number as such, and not inside another or inside a name."""
    assert quotes(text, [Decimal(number) for number in numbers]) == found


def published(commentary: str, later: str = "") -> dict[str, pd.DataFrame]:
    """Give the frames of two quarters, 3 and then 30, with the cells, receipts, issues and all else that is published of them."""
    rows = [score("A", Q1, 3, commentary=commentary, note="Note 1"), score("A", Q2, 30, commentary=later, row=9), score("B", Q1, 60, commentary=commentary)]
    place = {"quarter": Q1, "file": f"{Q1}.csv", "sheet": "Return", "row": 4, "form": "performance", "outcome": "used"}
    exceptions = [
        {
            "measure_id": "A",
            "quarter": Q1,
            "band": "HR",
            "band_quarter": Q1,
            "rank": 1,
            "reasons": "High Red; worse than last quarter",
            "commentary": commentary,
            "key_challenge": True,
        },
        {
            "measure_id": "B",
            "quarter": Q1,
            "band": "HR",
            "band_quarter": Q1,
            "rank": 2,
            "reasons": "High Red; better than last quarter",
            "commentary": commentary,
            "key_challenge": True,
        },
        {
            "measure_id": "A",
            "quarter": Q2,
            "band": "LR",
            "band_quarter": Q2,
            "rank": 4,
            "reasons": "Low Red; better than last quarter",
            "moving": "better",
            "standing": 2,
        },
        {"measure_id": "B", "quarter": Q2, "band": "LR", "band_quarter": Q2, "rank": 5, "reasons": "Low Red", "standing": 2},
    ]
    of_measures = [{"measure_id": name, "quarter": Q1} for name in "AB"]
    return {
        "scores": frames.make(rows, frames.SCORES),
        "cells": frames.make(
            [
                place | {"cell": "D4", "raw": "3", "stored": "3.0", "field": "actual"},
                place | {"cell": "E4", "raw": "HR", "field": "published_status"},
                place | {"cell": "F4", "raw": commentary, "field": "commentary"},
                place | {"cell": "C4", "raw": "50", "field": "target"},
                place | {"cell": "D5", "raw": "60", "field": "actual", "row": 5},
            ],
            frames.CELLS,
        ),
        "entries": frames.make([place | {"cell": "D4", "raw": "3", "text": "3", "field": "actual"}], frames.ENTRIES),
        "receipts": frames.make(
            [
                place | {"cell": "D4", "figure_id": f"{Q1}.a", "part": "actual", "as_typed": "3", "read_as": "3", "rule": "five-band: HR"},
                place | {"cell": "C4", "figure_id": f"{Q1}.a", "part": "target", "as_typed": "50", "read_as": "50", "rule": "five-band: HR"},
                place | {"cell": "D5", "figure_id": f"{Q1}.b", "part": "actual", "as_typed": "60", "read_as": "60", "rule": "five-band: HG"},
            ],
            frames.RECEIPTS,
        ),
        "issues": frames.make(
            [
                place | {"cell": "D4", "message": "'3' is flagged", "as_typed": "3", "read_as": "3"},
                place | {"cell": "D9", "quarter": Q2, "file": f"{Q2}.csv", "message": "Number of A seen rose from 3 to 30", "as_typed": "30"},
                place | {"cell": "D5", "message": "Number of B seen is 3 short of 63", "as_typed": "60"},
            ],
            frames.ISSUES,
        ),
        "exceptions": frames.make(exceptions, frames.EXCEPTIONS),
        "process": frames.make([{"what": what, "series_id": "A", "period": Q1, "value": Decimal(3)} for what in ("measure", "monthly")], frames.PROCESS),
        "variation": frames.make([{"what": "measure", "series_id": name, "period": Q2} for name in "AB"], frames.VARIATION),
        "positions": frames.make([{"measure_id": name, "words": "2nd", "value": Decimal(3)} for name in "AB"], frames.POSITIONS),
        "year_to_date": frames.make([row | {"year_to_date": Decimal(3), "known_part": Decimal(3)} for row in of_measures], frames.YEAR_TO_DATE),
        "forecasts": frames.make([row | {"forecast": Decimal(9), "low": Decimal(8), "high": Decimal(10), "outlook": "likely to miss"} for row in of_measures], frames.FORECASTS),
        "commentary_checks": frames.make([row | {"check": "number", "finding": "says 4, which is not in this measure's data"} for row in of_measures], frames.COMMENTARY_CHECKS),
        "narrative": frames.make([{"row": 1, "text": "Number of A seen was 3."}, {"row": 2, "text": "Number of B seen was 3."}, {"row": 3, "text": "3 went."}], frames.NARRATIVE),
        "grades": frames.make([{"figure_id": f"{Q1}.{name}", "why": "3 of 3 are right"} for name in "ab"], frames.GRADES),
        "revised": frames.make([row | {"was_raw": "4", "now_raw": "3", "was": Decimal(4), "now": Decimal(3), "band_was": "HR"} for row in of_measures], frames.REVISED),
        "kept": pd.DataFrame({"said": [commentary, "nothing"], "figure": [1, 2]}),
    }  # fmt: skip


def test_every_frame_keeps_the_secret() -> None:
    """It holds back, in each frame, exactly what tells of the 3 of measure A."""
    commentary = "Only three came because the hall was shut."
    made = disclosure.protect(published(commentary, "It was 27 more than before."), below(5))
    quoted, about = "[held back: quotes a suppressed figure]", "[held back: is about a suppressed figure]"
    assert made["scores"]["commentary"].tolist() == [quoted, quoted, quoted]
    assert made["scores"]["note"].tolist() == ["Note 1", "", ""]
    assert made["cells"]["raw"].tolist() == ["[c]", "[c]", quoted, "50", "60"]
    assert made["cells"]["stored"].tolist() == ["[c]", "", "", "", ""]
    assert made["entries"][["raw", "text"]].to_numpy().tolist() == [["[c]", "[c]"]]
    assert made["receipts"][["as_typed", "read_as", "rule"]].to_numpy().tolist() == [
        ["[c]", "[c]", "suppressed"],
        ["50", "50", "suppressed"],
        ["60", "60", "five-band: HG"],
    ]
    assert made["issues"]["message"].tolist() == [about, about, "Number of B seen is 3 short of 63"]
    assert made["issues"]["as_typed"].tolist() == ["[c]", "[c]", "60"]
    assert made["exceptions"][["measure_id", "quarter", "rank", "reasons", "moving"]].to_numpy().tolist() == [
        ["B", Q1, 1, "High Red; better than last quarter", ""], ["A", Q2, 1, "Low Red", ""], ["B", Q2, 2, "Low Red", ""],
    ]  # fmt: skip
    assert made["exceptions"]["standing"].isna().tolist() == [True, True, False]
    assert made["process"]["what"].tolist() == ["monthly"]
    assert made["variation"]["series_id"].tolist() == ["B"]
    assert made["positions"]["measure_id"].tolist() == ["B"]
    assert made["commentary_checks"]["measure_id"].tolist() == ["B"]
    assert made["year_to_date"][["year_to_date", "known_part", "reason"]].to_numpy().tolist() == [[None, None, "suppressed"], [Decimal(3), Decimal(3), ""]]
    assert made["forecasts"][["forecast", "low", "high", "outlook"]].to_numpy().tolist() == [
        [None, None, None, "not said"],
        [Decimal(9), Decimal(8), Decimal(10), "likely to miss"],
    ]
    assert made["narrative"]["text"].tolist() == [quoted, "Number of B seen was 3.", "3 went."]
    assert made["grades"]["why"].tolist() == [about, "3 of 3 are right"]
    assert made["revised"][["was_raw", "now_raw", "band_was", "was"]].to_numpy().tolist() == [["[c]", "[c]", "", None]] * 2
    assert made["kept"]["said"].tolist() == [quoted, "nothing"]
    for name, frame in made.items():
        if name in frames.CONTRACTS:
            frames.check(frame, frames.CONTRACTS[name])


def test_a_fingerprint_does_not_confirm_a_guess() -> None:
    """It holds the SHA-256 of a file with a hidden figure, by which each small number could be tried, and of no other file."""
    returns = frames.make([{"quarter": Q1, "file": f"{Q1}.csv", "sha256": SHA}, {"quarter": Q1, "file": "other.csv", "sha256": SHA}], frames.RETURNS)
    receipts = frames.make([{"quarter": Q1, "file": f"{Q1}.csv", "cell": "D4", "figure_id": f"{Q1}.a", "sha256": SHA}], frames.RECEIPTS)
    made = disclosure.protect(table({("A", Q1): 3}) | {"returns": returns, "receipts": receipts}, below(5))
    assert made["returns"]["sha256"].tolist() == ["[c]", SHA]
    assert made["receipts"]["sha256"].tolist() == ["[c]"]


def test_commentary_without_the_number_stays() -> None:
    """It leaves commentary that quotes nothing, and tells apart 3 and 30."""
    made = disclosure.protect(published("The hall was shut.", "We had 30."), below(5))
    assert made["scores"]["commentary"].tolist() == ["The hall was shut.", "We had 30.", "The hall was shut."]


def test_cells_of_a_form_that_quote_a_hidden_figure_are_held() -> None:
    """An answer beside a hidden 3, in words or digits, and the last figure of the form after it, are held back as quoting; a definition stays."""
    base = {"file": "a.xlsx", "sheet": "Return", "row": 8, "theme": "T", "number": "1", "measure": "M1", "measure_id": "M1", "actual_unit": "number"}
    scores = [
        base | {"quarter": Q2, "actual": Decimal(3), "actual_raw": "3", "actual_cell": "I8", "commentary": "Why: three wardens left.", "commentary_cell": "M8"},
        base | {"quarter": Q3, "actual": Decimal(12), "actual_raw": "12", "actual_cell": "I8"},
    ]
    typed = {
        (Q2, "I8", "actual"): "3", (Q2, "M8", "why"): "Three wardens left", (Q2, "N8", "what_next"): "Ask the 3 of them", (Q2, "O8", "who"): "The depot",
        (Q3, "G8", ""): "3 (Q2 2016/17)", (Q3, "D8", ""): "Wardens in post",
    }  # fmt: skip
    ours = {"outcome": "ignored", "reason": "filled in by the workbook"}
    cells = [
        {name: base[name] for name in ("file", "sheet", "row")}
        | {"form": "performance", "column": 1, "quarter": quarter, "cell": cell, "field": field, "raw": raw}
        | (ours if not field else {"outcome": "used"})
        for (quarter, cell, field), raw in typed.items()
    ]
    made = {"scores": frames.make(scores, frames.SCORES), "cells": frames.make(cells, frames.CELLS)}
    held = "[held back: quotes a suppressed figure]"
    shown = disclosure.protect(made, example_registers([("", "", "", "suppress<5")]))["cells"]["raw"].tolist()
    assert shown == ["[c]", held, held, "The depot", held, "Wardens in post"]


def test_rows_that_could_not_be_used_are_held_unless_of_an_open_measure() -> None:
    """It holds what was typed in a quarantined row of a protected or unknown measure, and leaves that of one that is open."""
    place = {"quarter": Q1, "file": "late.csv", "sheet": "Return", "form": "performance", "outcome": "quarantined"}
    rows = [(2, "first", "2", "3"), (3, "second", "0", "4"), (4, "second", "99", "2")]
    cells = [
        place | {"row": row, "cell": f"{column}{row}", "field": name, "raw": raw}
        for row, theme, number, actual in rows
        for column, name, raw in (("A", "theme", theme), ("B", "number", number), ("D", "actual", actual))
    ]
    made = disclosure.protect(table({("G", Q1): 70}) | {"cells": frames.make(cells, frames.CELLS)}, registers([("", "first", "", "suppress<5")]))
    assert made["cells"].loc[made["cells"]["field"] == "actual", "raw"].tolist() == ["[c]", "4", "[c]"]


@pytest.mark.parametrize("named", ["Q2 2016/17", "Q1 2016/17"], ids=["replaced", "held, then replaced"])
def test_figures_of_a_return_that_a_newer_one_replaced_are_held(named: str, tmp_path: Path) -> None:
    """It holds the older figure of a protected measure as it does the newer, whether the older return was used before or held."""
    (folder := tmp_path / "raw" / Q2).mkdir(parents=True)
    for name, quarter, actual in (("a.csv", named, "3"), ("a-v2.csv", "Q2 2016/17", "4")):
        (folder / name).write_text(f"Quarter,{quarter}\nTheme,No,Measure,Target,Actual\nfirst,2,Made up,9,{actual}\n", encoding="utf-8")
    read = returns.read(tmp_path, (Q2,))
    assert set(read.returns["state"]) == {"replaced", "received"}
    cells = disclosure.protect(table({("G", Q1): 70}) | {"cells": read.cells}, registers([("", "first", "", "suppress<5")]))["cells"]
    assert cells.loc[cells["file"] == "a.csv", ["cell", "raw"]].to_numpy().tolist()[-1] == ["E3", "[c]"]
    assert "3" not in set(cells.loc[cells["file"] == "a.csv", "raw"])


def test_without_figures_every_cell_of_a_protected_measure_is_held() -> None:
    """It cannot tell small from large where neither scores nor observations are given, and holds both."""
    place = {"quarter": Q1, "file": "one.csv", "sheet": "Return", "form": "performance", "outcome": "used", "row": 2}
    cells = [
        place | {"cell": f"{column}2", "field": name, "raw": raw}
        for column, name, raw in (("A", "theme", "first"), ("B", "number", "2"), ("D", "actual", "300"))
    ]
    made = disclosure.protect({"cells": frames.make(cells, frames.CELLS)}, registers([("", "first", "", "suppress<5")]))
    assert made["cells"]["raw"].tolist() == ["first", "2", "[c]"]


# ---------------------------------------------------------------- rounding


def test_rounded_counts_are_shown_to_the_nearest_five() -> None:
    """It shows 2 as 0, 3 as 5 and 30 as 30, marks what rounds to nothing, and holds back what was worked out from the exact figure."""
    made = disclosure.protect(table({("A", Q1): 2, ("A", Q2): 3, ("A", Q3): 30, ("B", Q1): 0}), registers([("", "", "", "round5")]))["scores"]
    assert made["actual"].tolist() == [0, 5, 30, 0]
    assert made["actual_raw"].tolist() == ["0", "5", "30", "0"]
    assert made["actual_markers"].tolist() == ["[low]", "", "", ""]
    assert made["band"].tolist() == [""] * 4
    assert made["variance"].tolist() == [None] * 4


def test_rounding_drops_the_fraction_of_a_percentage() -> None:
    """It shows 33.3% without its 2 of 6."""
    row = score(
        "A", Q1, 0, actual=Decimal("33.3"), actual_raw="33.3% (2/6)", actual_unit="percent", actual_decimals=1, actual_numerator=2, actual_denominator=6
    )
    made = frames.rows(disclosure.protect({"scores": frames.make([row], frames.SCORES)}, registers([("", "", "", "round5")]))["scores"])[0]
    assert [made[name] for name in ("actual_raw", "actual", "actual_numerator", "actual_denominator")] == ["33.3%", Decimal("33.3"), None, None]


@pytest.mark.parametrize(("low", "raw", "reason"), [(Decimal(12), "12-14", ""), (None, "3 families", "could not be read")])
def test_what_cannot_be_rounded_is_held(low: Decimal | None, raw: str, reason: str) -> None:
    """It hides a range and a text that was not read, where a count would be rounded."""
    row = score("A", Q1, None, actual_low=low, actual_high=low, actual_raw=raw, actual_reason=reason)
    made = disclosure.protect({"scores": frames.make([row], frames.SCORES)}, registers([("", "", "", "round5")]))["scores"]
    assert made["actual_raw"].tolist() == ["[c]"]


@given(value=st.integers(0, 10_000), step=st.integers(1, 50))
def test_rounding_goes_to_the_nearest(value: int, step: int) -> None:
    """It gives a multiple of the step no more than half of it away, the upper one of two as near."""
    found = nearest(value, step)
    assert found % step == 0
    assert -step < 2 * (value - found) < step or 2 * (found - value) == step


# ---------------------------------------------------------------- of any table

K = 3


@st.composite
def tables(draw: st.DrawFn) -> dict[tuple[str, str], int | None]:
    """Draw a quarter of a total of totals with parts 0 to 6, some of the figures not reported."""
    base = {name: draw(st.integers(0, 6)) for name in ("A", "B", "C", "U")}
    whole = base | {"T": base["A"] + base["B"] + base["C"]}
    whole["G"] = whole["T"] + whole["U"]
    return {(name, Q1): value for name, value in whole.items()}


@settings(max_examples=30, deadline=None)
@given(values=tables())
def test_no_enumeration_solves_a_hidden_figure(values: dict[tuple[str, str], int | None]) -> None:
    """It leaves each hidden figure K or more from end to end among all tables of whole numbers that agree with what is shown."""
    made = disclosure.protect(table(values), below(K, SUMS))
    shown = {row["measure_id"]: row["actual"] for row in frames.rows(made["scores"]) if row["actual"] is not None}
    every = np.array(list(product(range(14), repeat=4)))
    columns = dict(zip(("A", "B", "C", "U"), every.T, strict=True))
    columns["T"] = columns["A"] + columns["B"] + columns["C"]
    columns["G"] = columns["T"] + columns["U"]
    agrees = np.ones(len(every), dtype=bool)
    for name, value in shown.items():
        agrees &= columns[name] == int(value)
    for name, _ in hidden(made):
        possible = np.unique(columns[name][agrees])
        assert len(possible) >= 2
        assert possible[-1] - possible[0] >= K


@settings(max_examples=30, deadline=None)
@given(first=st.integers(0, 12), steps=st.lists(st.integers(0, 6), min_size=3, max_size=3))
def test_no_enumeration_solves_a_quarter_of_a_cumulative_figure(first: int, steps: list[int]) -> None:
    """It leaves each small quarter's count K or more from end to end among all years that agree with what is shown."""
    counts = [first, *steps]
    values = {("A", quarter): sum(counts[: place + 1]) for place, quarter in enumerate((Q1, Q2, Q3, Q4))}
    made = disclosure.protect(table(values, kind="cumulative"), below(K))
    every = np.array(list(product(range(19), range(13), range(13), range(13)))).cumsum(axis=1)
    agrees = np.ones(len(every), dtype=bool)
    for place, value in enumerate(made["scores"]["actual"]):
        if value is not None:
            agrees &= every[:, place] == int(value)
    possible = np.diff(every[agrees], axis=1, prepend=0)
    for place, count in enumerate(counts):
        if 0 < count < K:
            assert np.ptp(possible[:, place]) >= K


@settings(max_examples=30, deadline=None)
@given(values=tables(), gone=st.sets(st.sampled_from(MEASURES), max_size=2))
def test_what_is_shown_is_as_it_was(values: dict[tuple[str, str], int | None], gone: set[str]) -> None:
    """It changes no figure that is not suppressed, adds no row, hides every small one, and leaves its input alone."""
    given_ = {key: None if key[0] in gone else value for key, value in values.items()}
    before = table(given_)
    copy = before["scores"].copy(deep=True)
    after = disclosure.protect(before, below(K, SUMS))
    assert_frame_equal(before["scores"], copy)
    assert len(after["scores"]) == len(copy)
    held = hidden(after)
    assert {key for key, value in given_.items() if value is not None and 0 < value < K} <= held
    for old, new in zip(frames.rows(copy), frames.rows(after["scores"]), strict=True):
        if (old["measure_id"], old["quarter"]) not in held:
            assert new == old


@settings(max_examples=25, deadline=None)
@given(values=tables(), later=tables())
def test_a_quarter_is_protected_alike_when_shown_again(values: dict[tuple[str, str], int | None], later: dict[tuple[str, str], int | None]) -> None:
    """It hides the same figures of a quarter with and without the quarters after it, so that two publications cannot be set off."""
    both = values | {(name, Q2): value for (name, _), value in later.items()}
    of_both = hidden(disclosure.protect(table(both, kind="cumulative"), below(K, SUMS)))
    assert {key for key in of_both if key[1] == Q1} == hidden(disclosure.protect(table(values, kind="cumulative"), below(K, SUMS)))


@settings(max_examples=25, deadline=None)
@given(values=tables())
def test_a_page_apart_and_the_open_files_do_not_add_up(values: dict[tuple[str, str], int | None]) -> None:
    """It hides on a looser page only what the open files hide, so that both together show no more than the page."""
    both = registers([("", "", "", f"suppress<{K + 2}"), ("board", "", "", f"suppress<{K}")], SUMS)
    page, open_ = hidden(disclosure.protect(table(values), both, "board")), hidden(disclosure.protect(table(values), both))
    assert page <= open_
    cells = disclosure.counts(table(values), both, "board")
    cells["hidden"] = [(row["measure_id"], row["quarter"]) in page for row in frames.rows(cells)]
    assert disclosure.solvable(cells, both.sums).empty


@settings(max_examples=20, deadline=None)
@given(count=st.integers(1, 4), noise=st.sampled_from(["", "a", "it fell to {}", "{} of 9", "Number of A seen: {}"]))
def test_no_column_of_any_frame_keeps_what_was_typed(count: int, noise: str) -> None:
    """It leaves the figure as typed in no text column of any row about its cell, nor in a text that names its measure."""
    marked = f"{count}"
    made = published(noise.format(count))
    place = {"quarter": Q1, "file": f"{Q1}.csv", "sheet": "Return", "cell": "D4"}
    made["scores"] = frames.make([score("A", Q1, count, commentary=noise.format(count)), score("B", Q1, 60)], frames.SCORES)
    for name in ("cells", "entries", "receipts", "issues"):
        its = made[name]["cell"] == "D4"
        made[name] = made[name].assign(
            **{column: made[name][column].where(~its, marked) for column in ("raw", "stored", "text", "as_typed", "read_as") if column in made[name]}
        )
    told = disclosure.protect(made, below(5))
    for name, frame in told.items():
        for row in frames.rows(frame):
            at_the_cell = all(row.get(column) == value for column, value in place.items())
            figure = name == "scores" and (row["measure_id"], row["quarter"]) == ("A", Q1)
            if at_the_cell or figure:
                texts = {
                    column: text
                    for column, text in row.items()
                    if isinstance(text, str) and column not in ("message", *place, "actual_cell", "figure_id", "measure")
                }
                assert not [column for column, text in texts.items() if text == marked or (column in ("commentary", "note") and quotes(text, [Decimal(count)]))]
