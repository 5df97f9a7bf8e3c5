"""The words of the field, as domain.md sections 1, 2, 7 and 8 and design.md section 4 give them."""

from __future__ import annotations

from enum import StrEnum

import pytest

from analysis.vocabulary import SECTIONS, SHORTHAND, Agreement, Band, Outcome, Polarity, Reason, Severity, Verdict


def test_bands_stand_from_best_to_worst() -> None:
    """It lists High Green first and High Red last, with plain green (within a range) among the greens."""
    assert list(Band) == ["HG", "LG", "G", "A", "LR", "HR"]


@pytest.mark.parametrize(
    ("band", "words", "green", "red"),
    [
        pytest.param(Band.HG, "High Green", True, False, id="HG beats the target by 5 percent"),
        pytest.param(Band.LG, "Low Green", True, False, id="LG meets the target"),
        pytest.param(Band.G, "Green", True, False, id="G lies within a range"),
        pytest.param(Band.A, "Amber", False, False, id="A is neither green nor red"),
        pytest.param(Band.LR, "Low Red", False, True, id="LR is a key challenge"),
        pytest.param(Band.HR, "High Red", False, True, id="HR is a key challenge"),
    ],
)
def test_a_band_says_what_it_is(band: Band, words: str, green: bool, red: bool) -> None:
    """It gives its name in words, and is green, red, or neither."""
    assert (band.words, band.green, band.red) == (words, green, red)


@pytest.mark.parametrize(
    ("words", "given"),
    [
        pytest.param(Polarity, {"higher", "lower", "in range", "none"}, id="polarity"),
        pytest.param(Severity, {"fail", "advisory", "info"}, id="severity of an issue"),
        pytest.param(Outcome, {"used", "ignored", "quarantined"}, id="what became of a cell"),
        pytest.param(Agreement, {"agrees", "differs", "rounding", "not computable", "not scored"}, id="agreement with the published band"),
        pytest.param(Verdict, {"balances", "short", "over", "double counted", "cannot be checked"}, id="the spend identity"),
    ],
)
def test_published_words_are_those_of_the_contract(words: type[StrEnum], given: set[str]) -> None:
    """It writes into the published files exactly the words that the design lists, and no others."""
    assert {str(word) for word in words} == given


@pytest.mark.parametrize(
    ("reason", "shorthand"),
    [
        pytest.param(Reason.UNKNOWN, "[x]", id="asked for and not known is not available"),
        pytest.param(Reason.NOT_GIVEN, "[x]", id="a blank is not available"),
        pytest.param(Reason.FORMULA_ERROR, "[x]", id="a formula error is not available"),
        pytest.param(Reason.UNREADABLE, "[x]", id="a cell that could not be read is not available"),
        pytest.param(Reason.NO_ACTUAL, "[x]", id="no actual is not available"),
        pytest.param(Reason.NOT_APPLICABLE, "[z]", id="n/a is not applicable"),
        pytest.param(Reason.BASELINE, "[z]", id="a target is not applicable in a baseline year"),
        pytest.param(Reason.NO_TARGET, "[z]", id="no target is not applicable"),
        pytest.param(Reason.NEW, "[z]", id="a new measure is not applicable"),
        pytest.param(Reason.REPORTS_LATER, "[z]", id="a measure that reports in Q4 only is not applicable"),
        pytest.param(Reason.SUPPRESSED, "[c]", id="suppressed is confidential"),
    ],
)
def test_a_reason_has_its_shorthand(reason: Reason, shorthand: str) -> None:
    """It shows a gap by the Government Analysis Function shorthand."""
    assert reason.shorthand == shorthand


def test_every_shorthand_is_explained() -> None:
    """It can explain each shorthand of domain.md section 2 under the table where it is used."""
    assert SHORTHAND == {
        "[x]": "not available",
        "[z]": "not applicable",
        "[c]": "confidential",
        "[p]": "provisional",
        "[r]": "revised",
        "[e]": "estimated",
        "[f]": "forecast",
        "[b]": "break in series",
        "[u]": "low reliability",
        "[low]": "rounds to zero",
    }


@pytest.mark.parametrize("reason", [pytest.param(reason, id=str(reason)) for reason in Reason])
def test_no_reason_lacks_an_explanation(reason: Reason) -> None:
    """It never shows a shorthand that no table could explain, nor a reason without words."""
    assert reason.shorthand in SHORTHAND
    assert str(reason)


@pytest.mark.parametrize("section", ["achievement", "challenge", "recommendation", "progress", "risk", "data quality"])
def test_the_narrative_form_knows_its_sections(section: str) -> None:
    """It knows each section that the narrative form of design.md section 4 names."""
    assert section in SECTIONS


def test_no_section_stands_twice() -> None:
    """It lists each section once, so that the order is one order."""
    assert len(set(SECTIONS)) == len(SECTIONS)
