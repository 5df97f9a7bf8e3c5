"""One typed cell -> an exact reading: the table of domain.md section 2, row by row, and what holds for any text."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis import values
from analysis.errors import UnreadableValue
from analysis.values import Reading
from analysis.vocabulary import Reason

SAME_EVERY_RUN = settings(derandomize=True, database=None, deadline=None, max_examples=200)

UNITS = ("", "number", "percent", "pounds", "seconds", "rank")


def figure(unit: str, amount: str, decimals: int, **more: Any) -> Reading:
    """Give the reading of one figure, worked out by hand."""
    exact = Decimal(amount)
    return Reading("", unit=unit, value=exact, low=exact, high=exact, decimals=decimals, **more)


def span(unit: str, low: str, high: str, decimals: int, **more: Any) -> Reading:
    """Give the reading of a range with both ends, worked out by hand."""
    return Reading("", unit=unit, low=Decimal(low), high=Decimal(high), decimals=decimals, **more)


def said(reading: Reading) -> Reading:
    """Give what a reading says, apart from how it was typed and mended, and what was remarked on that."""
    return replace(reading, raw="", repairs=(), flags=())


# ---------------------------------------------------------------- the table, row by row


@pytest.mark.parametrize(
    ("typed", "unit", "reads"),
    [
        pytest.param("98.5%", "percent", figure("percent", "98.5", 1), id="a percentage"),
        pytest.param("99.9 %", "percent", figure("percent", "99.9", 1), id="a percentage with a space before the sign"),
        pytest.param("98.5", "percent", figure("percent", "98.5", 1), id="a bare figure where the unit is percent"),
        pytest.param("0.985%", "percent", figure("percent", "0.985", 3), id="a small percentage that says so is left alone"),
        pytest.param("0%", "percent", figure("percent", "0", 0), id="no percent at all"),
        pytest.param("0", "percent", figure("percent", "0", 0), id="a bare nought is nought percent"),
        pytest.param("11.90%", "percent", figure("percent", "11.90", 2), id="a nought at the end is a decimal place (002)"),
        pytest.param("-20%", "percent", figure("percent", "-20", 0), id="a target for a change"),
        pytest.param("£1,600.0 0", "pounds", figure("pounds", "1600.00", 2), id="pence split by a space (001)"),
        pytest.param("£46,086.1 6", "pounds", figure("pounds", "46086.16", 2), id="the last penny split off (001)"),
        pytest.param("£3000.00", "pounds", figure("pounds", "3000.00", 2), id="thousands without a comma (001)"),
        pytest.param("£4, 681,012.65", "pounds", figure("pounds", "4681012.65", 2), id="a space after a comma (000)"),
        pytest.param("£ 941", "pounds", figure("pounds", "941", 0), id="a space after the pound sign (001)"),
        pytest.param("(£250)", "pounds", figure("pounds", "-250", 0), id="brackets are a minus"),
        pytest.param("-£250", "pounds", figure("pounds", "-250", 0), id="a minus before the pound sign"),
        pytest.param("£-250", "pounds", figure("pounds", "-250", 0), id="a minus after the pound sign"),
        pytest.param("£0.00", "pounds", figure("pounds", "0.00", 2), id="nothing spent is a figure, not a gap (001)"),
        pytest.param("£0.03", "pounds", figure("pounds", "0.03", 2), id="three pence (001)"),
        pytest.param("(£1,600.0 0)", "pounds", figure("pounds", "-1600.00", 2), id="brackets and split pence together"),
        pytest.param("16000", "pounds", figure("pounds", "16000", 0), id="a bare figure where the unit is pounds"),
        pytest.param("£1.5m", "pounds", figure("pounds", "1500000", 0), id="millions in short"),
        pytest.param("£25k", "pounds", figure("pounds", "25000", 0), id="thousands in short"),
        pytest.param("01:30", "seconds", figure("seconds", "90", 0), id="minutes and seconds (002)"),
        pytest.param("02:31", "", figure("seconds", "151", 0), id="minutes and seconds where no unit is registered"),
        pytest.param("00:00", "seconds", figure("seconds", "0", 0), id="no time at all"),
        pytest.param("90", "seconds", figure("seconds", "90", 0), id="a bare figure where the unit is seconds"),
        pytest.param("42.5% (62/146)", "percent", figure("percent", "42.5", 1, numerator=62, denominator=146), id="a value with its fraction (002)"),
        pytest.param("89 (378)", "number", figure("number", "89", 0, count=378), id="a value with its count (002)"),
        pytest.param("5.86 (28th)", "number", figure("number", "5.86", 2, rank=28), id="a value with its rank (002)"),
        pytest.param("0% (0/12)", "percent", figure("percent", "0", 0, numerator=0, denominator=12), id="none out of twelve"),
        pytest.param("13-15%", "percent", span("percent", "13", "15", 0), id="a range of percentages (002)"),
        pytest.param("7-15%", "percent", span("percent", "7", "15", 0), id="a range from one digit to two (002)"),
        pytest.param("0.9-1.1", "number", span("number", "0.9", "1.1", 1), id="a range of plain figures"),
        pytest.param("0.9-1.1", "", span("number", "0.9", "1.1", 1), id="a range where no unit is registered"),
        pytest.param("12th to 20th in London", "rank", span("rank", "12", "20", 0), id="a range of ranks (002)"),
        pytest.param("28th", "rank", figure("rank", "28", 0, rank=28), id="one rank"),
        pytest.param("[70%]", "percent", figure("percent", "70", 0, annual=True), id="an annual target (002)"),
        pytest.param("[13-15%]", "percent", span("percent", "13", "15", 0, annual=True), id="an annual range"),
        pytest.param("151", "number", figure("number", "151", 0), id="a plain count"),
        pytest.param("1,304", "number", figure("number", "1304", 0), id="a plain count with a comma"),
        pytest.param("-5", "number", figure("number", "-5", 0), id="a plain figure below nought"),
        pytest.param("3.4", "", figure("number", "3.4", 1), id="a plain figure where no unit is registered"),
        pytest.param(".5", "number", figure("number", "0.5", 1), id="no nought before the point"),
        pytest.param("-0", "number", figure("number", "0", 0), id="minus nought is nought"),
    ],
)
def test_a_figure_is_read_exactly(typed: str, unit: str, reads: Reading) -> None:
    """It gives the exact figure of the table in domain.md section 2, with nothing to look at."""
    reading = values.read(typed, unit)
    assert said(reading) == reads
    assert reading.raw == typed
    assert reading.known


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        pytest.param("", Reason.NOT_GIVEN, id="blank"),
        pytest.param("   ", Reason.NOT_GIVEN, id="only spaces"),
        pytest.param("\u00a0", Reason.NOT_GIVEN, id="only a non-breaking space"),
        pytest.param("\ufeff", Reason.NOT_GIVEN, id="only a byte-order mark"),
        pytest.param("?", Reason.UNKNOWN, id="a question mark (001)"),
        pytest.param("TBC", Reason.UNKNOWN, id="TBC in Latin letters"),
        pytest.param("\u0422\u0412\u0421", Reason.UNKNOWN, id="TBC in Cyrillic letters (001)"),
        pytest.param("T\u0412C", Reason.UNKNOWN, id="TBC with one Cyrillic letter"),
        pytest.param("tbc", Reason.UNKNOWN, id="tbc in small letters"),
        pytest.param("-", Reason.NOT_APPLICABLE, id="a hyphen (002)"),
        pytest.param("\u2013", Reason.NOT_APPLICABLE, id="an en dash"),
        pytest.param("n/a", Reason.NOT_APPLICABLE, id="n/a"),
        pytest.param("N/A", Reason.NOT_APPLICABLE, id="N/A in capitals"),
        pytest.param("BL", Reason.BASELINE, id="a baseline year (002)"),
        pytest.param("No survey this qtr", Reason.NO_SURVEY, id="no survey this quarter (002)"),
        pytest.param("New in 2016/17", Reason.NEW, id="a new measure (002)"),
        pytest.param("Reports in Q4 only", Reason.REPORTS_LATER, id="reports in another quarter (002)"),
        pytest.param("No target", Reason.NO_TARGET, id="no target"),
        pytest.param("No actual", Reason.NO_ACTUAL, id="no actual"),
        pytest.param("Note 3", Reason.SEE_NOTE, id="see a note (002)"),
        pytest.param("None", Reason.NONE, id="none set"),
        pytest.param("<5", Reason.SUPPRESSED, id="a small number suppressed"),
        pytest.param("< 5", Reason.SUPPRESSED, id="a small number suppressed, with a space"),
        pytest.param("#REF!", Reason.FORMULA_ERROR, id="a lost reference"),
        pytest.param("#DIV/0!", Reason.FORMULA_ERROR, id="a division by nought"),
        pytest.param("#N/A", Reason.FORMULA_ERROR, id="a failed look-up is not n/a"),
        pytest.param("#VALUE!", Reason.FORMULA_ERROR, id="a value of the wrong kind"),
        pytest.param("[x]", Reason.UNKNOWN, id="our own shorthand for not available"),
        pytest.param("[z]", Reason.NOT_APPLICABLE, id="our own shorthand for not applicable"),
        pytest.param("[c]", Reason.SUPPRESSED, id="our own shorthand for confidential"),
    ],
)
@pytest.mark.parametrize("unit", UNITS)
def test_a_gap_has_its_reason(typed: str, reason: Reason, unit: str) -> None:
    """It carries a typed reason and no figure in any unit: unknown is never zero."""
    reading = values.read(typed, unit)
    assert reading.reason is reason
    assert (reading.value, reading.low, reading.high, reading.known, reading.rule) == (None, None, None, False, "")


def test_a_target_may_be_a_rule() -> None:
    """It reads "Year on year reduction" (002) as a rule: no figure, and no gap either."""
    reading = values.read("Year on year reduction", "percent")
    assert (reading.rule, reading.reason, reading.known) == ("year on year reduction", None, False)


@pytest.mark.parametrize(
    ("typed", "unit", "value", "marker"),
    [
        pytest.param("c.40", "number", "40", "[e]", id="approximate is estimated"),
        pytest.param("circa 40", "number", "40", "[e]", id="circa is estimated"),
        pytest.param("12 (prov)", "number", "12", "[p]", id="provisional in brackets"),
        pytest.param("412p", "number", "412", "[p]", id="provisional by one letter"),
        pytest.param("42.5%p", "percent", "42.5", "[p]", id="a provisional percentage"),
    ],
)
def test_a_marked_figure_keeps_its_marker(typed: str, unit: str, value: str, marker: str) -> None:
    """It gives the figure, and the marker beside it."""
    reading = values.read(typed, unit)
    assert (reading.value, reading.markers, reading.unit) == (Decimal(value), (marker,), unit)


def test_a_suppressed_figure_is_marked_and_says_below_what() -> None:
    """It marks `<5` as confidential, and flags what it is below."""
    reading = values.read("<5", "number")
    assert reading.markers == ("[c]",)
    assert len(reading.flags) == 1
    assert "5" in reading.flags[0]


def test_pence_are_not_provisional_pounds() -> None:
    """It does not take `412p` for 412 provisional pounds where the unit is pounds: it may be pence, so it is refused."""
    with pytest.raises(UnreadableValue):
        values.read("412p", "pounds")


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        pytest.param("-0", "number", id="a bare nought"),
        pytest.param("-£0.00", "pounds", id="no pounds"),
        pytest.param("(0)", "pounds", id="nought in brackets"),
    ],
)
def test_nought_has_no_sign(typed: str, unit: str) -> None:
    """It reads minus nought as nought without a sign, so that no table prints one."""
    value = values.read(typed, unit).value
    assert value is not None
    assert (value.is_zero(), value.is_signed()) == (True, False)


# ---------------------------------------------------------------- slips of the unit


@pytest.mark.parametrize(
    ("typed", "value", "decimals"),
    [
        pytest.param("0.985", "98.5", 1, id="a share of one"),
        pytest.param(".5", "50", 0, id="a half without its nought"),
        pytest.param("-0.2", "-20", 0, id="a change as a share of one"),
        pytest.param("0.0005", "0.05", 2, id="a very small share"),
    ],
)
def test_a_share_where_a_percentage_belongs_is_read_and_flagged(typed: str, value: str, decimals: int) -> None:
    """It reads 0.985 as 98.5 percent where the unit is percent, and says so: never silently a hundred times wrong."""
    reading = values.read(typed, "percent")
    assert (reading.value, reading.unit, reading.decimals) == (Decimal(value), "percent", decimals)
    assert reading.flags


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        pytest.param("98.5%", "number", id="a percentage where a number belongs"),
        pytest.param("98.5%", "pounds", id="a percentage where pounds belong"),
        pytest.param("£250", "percent", id="pounds where a percentage belongs"),
        pytest.param("[70%]", "number", id="an annual percentage where a number belongs"),
        pytest.param("42.5% (62/146)", "number", id="a percentage with its fraction where a number belongs"),
        pytest.param("12% (prov)", "pounds", id="a provisional percentage where pounds belong"),
        pytest.param("13-15%", "number", id="a range of percentages where a number belongs"),
        pytest.param("13-15%", "pounds", id="a range of percentages where pounds belong"),
        pytest.param("0.13-0.15", "percent", id="a range of shares where a percentage belongs"),
        pytest.param("[0.7]", "percent", id="an annual share where a percentage belongs"),
        pytest.param("0.425 (62/146)", "percent", id="a share with its fraction where a percentage belongs"),
    ],
)
def test_a_slip_of_the_unit_is_flagged_in_every_shape(typed: str, unit: str) -> None:
    """It flags what looks like a slip of the unit, however the figure is dressed."""
    assert values.read(typed, unit).flags


@pytest.mark.parametrize(
    ("typed", "plain", "unit"),
    [
        pytest.param("c.0.985", "0.985", "percent", id="an approximate share where a percentage belongs"),
        pytest.param("c.40%", "40%", "number", id="an approximate percentage where a number belongs"),
        pytest.param("c.£40", "£40", "percent", id="approximate pounds where a percentage belongs"),
    ],
)
def test_approximate_does_not_hide_a_slip_of_the_unit(typed: str, plain: str, unit: str) -> None:
    """It keeps the flag that the same figure has without "c." before it."""
    assert set(values.read(plain, unit).flags) <= set(values.read(typed, unit).flags)


# ---------------------------------------------------------------- repairs


@pytest.mark.parametrize(
    ("typed", "unit", "reads", "repairs"),
    [
        pytest.param("98.5%", "percent", figure("percent", "98.5", 1), (), id="nothing to mend"),
        pytest.param("\ufeff98.5%", "percent", figure("percent", "98.5", 1), ("invisible characters removed",), id="a byte-order mark"),
        pytest.param("98\u200b.5%", "percent", figure("percent", "98.5", 1), ("invisible characters removed",), id="a zero-width space within"),
        pytest.param("98.5%\u00a0", "percent", figure("percent", "98.5", 1), ("spaces made plain",), id="a non-breaking space behind"),
        pytest.param(" 98.5%\n", "percent", figure("percent", "98.5", 1), ("spaces made plain",), id="spaces and a line end round it"),
        pytest.param("13\u201315%", "percent", span("percent", "13", "15", 0), ("dashes made plain",), id="an en dash"),
        pytest.param("13\u201415%", "percent", span("percent", "13", "15", 0), ("dashes made plain",), id="an em dash"),
        pytest.param("\u221220%", "percent", figure("percent", "-20", 0), ("dashes made plain",), id="the minus sign"),
        pytest.param(b"13\x9615%".decode("cp1252"), "percent", span("percent", "13", "15", 0), ("dashes made plain",), id="a dash from a cp1252 file"),
        pytest.param("\uff12\uff15\uff10", "number", figure("number", "250", 0), ("full-width characters made plain",), id="full-width digits"),
        pytest.param(
            "\uff11\uff12\uff0e\uff15\uff05", "percent", figure("percent", "12.5", 1), ("full-width characters made plain",), id="full-width throughout"
        ),
        pytest.param("\u0412L", "", Reading("", reason=Reason.BASELINE), ("look-alike letters made Latin",), id="a Cyrillic letter that looks like B"),
        pytest.param("£1,600.0 0", "pounds", figure("pounds", "1600.00", 2), ("split digits joined",), id="digits split by a space"),
        pytest.param(
            "\ufeff\u2212£1,600.0\u00a00",
            "pounds",
            figure("pounds", "-1600.00", 2),
            ("invisible characters removed", "spaces made plain", "dashes made plain", "split digits joined"),
            id="four faults in one cell",
        ),
    ],
)
def test_every_repair_is_made_and_recorded(typed: str, unit: str, reads: Reading, repairs: tuple[str, ...]) -> None:
    """It reads the mended text, names each repair that changed it, in order, and keeps the text as typed."""
    reading = values.read(typed, unit)
    assert said(reading) == reads
    assert reading.repairs == repairs
    assert reading.raw == typed


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("1 2", id="two figures in one cell"),
        pytest.param("12 (prov) 13", id="a figure behind the bracket"),
        pytest.param("£1 600 000", id="pounds in groups split by spaces only"),
        pytest.param("£4, 68", id="a comma that does not part thousands"),
    ],
)
def test_digits_are_not_joined_on_a_guess(typed: str) -> None:
    """It joins only what can be one figure, and refuses the rest."""
    with pytest.raises(UnreadableValue):
        values.read(typed)


# ---------------------------------------------------------------- what cannot be read


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        pytest.param("12..5", "is not a number", id="two points"),
        pytest.param("12,5", "is not a number", id="a decimal comma"),
        pytest.param("£1,60", "is not a number", id="pence behind a comma"),
        pytest.param("1.600,00", "is not a number", id="points for thousands"),
        pytest.param("--5", "is not a number", id="two minus signs"),
        pytest.param("-£-5", "is not a number", id="a minus on both sides of the pound sign"),
        pytest.param("£5%", "is not a number", id="pounds and percent at once"),
        pytest.param("£5-10%", "is not a number", id="a range from pounds to percent"),
        pytest.param("£250.555", "is not a number", id="a tenth of a penny"),
        pytest.param("01:75", "is not a number", id="75 seconds in a minute"),
        pytest.param("42.5% (62/0)", "is not a number", id="a fraction of nothing"),
        pytest.param("1e5", "is not a number", id="a power of ten"),
        pytest.param("=1+1", "is not a number", id="a formula"),
        pytest.param("$250", "is not a number", id="another currency"),
        pytest.param("1_000", "is not a number", id="a number as programs write it"),
        pytest.param("<script>alert(1)</script>", "is not a number", id="a script with a digit"),
        pytest.param("NaN", "is neither a number nor a known reason for having none", id="not a number, in words"),
        pytest.param("Infinity", "is neither a number nor a known reason for having none", id="infinity"),
        pytest.param("soon", "is neither a number nor a known reason for having none", id="a word"),
        pytest.param("£", "is neither a number nor a known reason for having none", id="a lone pound sign"),
        pytest.param("%", "is neither a number nor a known reason for having none", id="a lone percent sign"),
        pytest.param("[]", "is neither a number nor a known reason for having none", id="empty brackets"),
        pytest.param("()", "is neither a number nor a known reason for having none", id="empty round brackets"),
        pytest.param("\ud800", "is neither a number nor a known reason for having none", id="half a character"),
        pytest.param(".", "is neither a number nor a known reason for having none", id="a lone point"),
    ],
)
@pytest.mark.parametrize("unit", UNITS)
def test_what_cannot_be_read_is_told_with_the_text_as_typed(typed: str, problem: str, unit: str) -> None:
    """It names the text as typed, says what is wrong with it, and what to do."""
    with pytest.raises(UnreadableValue) as told:
        values.read(typed, unit)
    assert (told.value.subject, told.value.problems) == (repr(typed), [problem])
    assert told.value.hint


@pytest.mark.parametrize("typed", [pytest.param("10.123-20", id="a range of bare figures"), pytest.param("£10.123-£20", id="a range of pounds")])
def test_money_in_a_range_is_to_the_penny_too(typed: str) -> None:
    """It refuses a tenth of a penny in a range as it does alone."""
    with pytest.raises(UnreadableValue):
        values.read(typed, "pounds")


def test_digits_of_another_script_are_not_silently_pounds() -> None:
    """It refuses Arabic-Indic digits behind a pound sign as it does without one: no repair says they were read."""
    with pytest.raises(UnreadableValue):
        values.read("\u0663", "pounds")
    with pytest.raises(UnreadableValue):
        values.read("£\u0663", "pounds")


LONG = "1" * 5000
"""More digits than Python turns into an int (4300)."""


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        pytest.param(LONG, "", id="an endless number"),
        pytest.param(LONG, "seconds", id="endless seconds"),
        pytest.param(LONG, "rank", id="an endless bare rank"),
        pytest.param(f"{LONG}-{LONG}", "rank", id="a range of bare ranks without end"),
        pytest.param(f"£{LONG}", "", id="endless pounds"),
        pytest.param(f"£{LONG}bn", "", id="endless billions"),
        pytest.param(f"{LONG}th", "", id="an endless rank"),
        pytest.param(f"1st to {LONG}th", "", id="a range of ranks without end"),
        pytest.param(f"<{LONG}", "", id="suppressed below an endless number"),
        pytest.param(f"5 ({LONG})", "", id="an endless count"),
        pytest.param(f"5 (1/{LONG})", "", id="an endless denominator"),
        pytest.param(f"5 ({LONG}/1)", "", id="an endless numerator"),
        pytest.param(f"5 ({LONG}th)", "", id="an endless rank behind a figure"),
        pytest.param(f"{LONG}:30", "", id="endless minutes"),
        pytest.param(f"Note {LONG}", "", id="an endless note"),
        pytest.param(f"{LONG}-{LONG}", "", id="a range without end"),
        pytest.param(f"0.{LONG}", "", id="endless decimal places"),
    ],
)
def test_an_endless_cell_raises_nothing_else(typed: str, unit: str) -> None:
    """It reads or refuses thousands of digits, in the way it does any other text, and can print what it read."""
    try:
        reading = values.read(typed, unit)
    except UnreadableValue:
        return
    assert values.printed(reading)


# ---------------------------------------------------------------- any text at all

CELLS_LIKE = st.text(alphabet="0123456789£%.,()[]-/: <cCkKmMbnNsthrdpevotT?#A\u00a0\u2013\u2212\u0422\uff11\uff05\ufeff\u0663\u212a", max_size=24)
ANY_TEXT = st.text(alphabet=st.characters(), max_size=40) | CELLS_LIKE
ANY_UNIT = st.sampled_from(UNITS) | st.text(max_size=8)


@SAME_EVERY_RUN
@given(ANY_TEXT, ANY_UNIT)
def test_no_text_raises_anything_but_unreadable(text: str, unit: str) -> None:
    """It reads any text in any unit, or raises UnreadableValue; a reading is a figure, a rule or a reason, one of them."""
    try:
        reading = values.read(text, unit)
    except UnreadableValue:
        return
    assert reading.raw == text
    assert [reading.known, bool(reading.rule), reading.reason is not None].count(True) == 1


@SAME_EVERY_RUN
@given(CELLS_LIKE, st.sampled_from(UNITS))
def test_a_figure_is_never_a_binary_float(text: str, unit: str) -> None:
    """It holds figures as Decimal and counts as int, and the low end never lies above the high."""
    try:
        reading = values.read(text, unit)
    except UnreadableValue:
        return
    assert {type(getattr(reading, field.name)) for field in fields(reading)} <= {str, Decimal, int, bool, tuple, Reason, type(None)}
    if reading.low is not None:
        assert reading.high is not None
        assert reading.low <= reading.high


# ---------------------------------------------------------------- reading what was printed


@st.composite
def typed_figures(draw: st.DrawFn) -> str:
    """Give cells as partners dress them: sign, pounds, percent, what stands behind, brackets."""
    whole = draw(st.integers(min_value=1, max_value=10**9))
    digits = draw(st.sampled_from([f"{whole}", f"{whole:,}"])) + draw(st.sampled_from(["", ".0", ".5", ".65", ".00"]))
    sign, pounds, percent = draw(st.sampled_from(["", "-", "\u2212"])), draw(st.sampled_from(["", "£"])), ""
    if not pounds:
        percent = draw(st.sampled_from(["", "%"]))
    bare = f"{sign}{pounds}{digits}{percent}"
    dressed = draw(
        st.sampled_from(
            [bare, f"({pounds}{digits})", f"{bare} (62/146)", f"{bare} (28th)", f"{bare} (378)", f"{bare} (prov)", f"{bare} (est)", f"{bare}p", f"c.{bare}"]
        )
        | st.sampled_from([f"{pounds}1-{pounds}{digits}{percent}", "28th", "12th to 20th in London", "01:30", "<5"])
    )
    return draw(st.sampled_from([dressed, f"[{dressed}]", f" {dressed}\u00a0"]))


@SAME_EVERY_RUN
@given(typed_figures(), st.sampled_from(["", "number", "percent", "pounds"]))
def test_reading_is_idempotent(text: str, unit: str) -> None:
    """It reads the printed text of a reading as the same reading, but for the text as typed and the repairs."""
    try:
        reading = values.read(text, unit)
    except UnreadableValue:
        assume(False)
    assert said(values.read(values.printed(reading), unit)) == said(reading)


@SAME_EVERY_RUN
@given(CELLS_LIKE, st.sampled_from(["", "number", "pounds"]))
def test_reading_is_idempotent_for_any_cell_that_reads(text: str, unit: str) -> None:
    """It reads back as the same whatever mixture of signs and digits it could read."""
    try:
        reading = values.read(text, unit)
    except UnreadableValue:
        return
    assert said(values.read(values.printed(reading), unit)) == said(reading)


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        pytest.param("0.985", "percent", id="a share of one keeps its flag"),
        pytest.param("12th to 12th", "rank", id="a range of one rank"),
        pytest.param("90", "seconds", id="bare seconds"),
        pytest.param("90.5", "seconds", id="half a second"),
        pytest.param("60000", "seconds", id="a thousand minutes"),
        pytest.param("90 (378)", "seconds", id="seconds with a count"),
        pytest.param("90p", "seconds", id="provisional seconds"),
        pytest.param("c.90", "seconds", id="about ninety seconds"),
        pytest.param("60-90", "seconds", id="a range of seconds"),
        pytest.param("5", "rank", id="a bare rank"),
        pytest.param("5.86 (28th)", "rank", id="a figure with its rank, registered as a rank (002)"),
        pytest.param("12-20", "rank", id="a range of bare ranks"),
        pytest.param("89 (378)", "rank", id="a count where a rank belongs"),
        pytest.param("-3", "rank", id="a rank below nought"),
        pytest.param("12345678901234567890123456789012345.67", "pounds", id="more digits than a default Decimal sum keeps"),
        pytest.param("0.12345678901234567890123456789012345", "number", id="more places than a default Decimal sum keeps"),
        pytest.param("[-20%]", "percent", id="an annual change"),
        pytest.param("<5", "number", id="suppressed"),
        pytest.param("\u0422\u0412\u0421", "pounds", id="TBC in Cyrillic letters"),
        pytest.param("Year on year reduction", "percent", id="a rule"),
        pytest.param("", "number", id="a blank"),
    ],
)
def test_reading_is_idempotent_or_refuses_in_the_first_place(typed: str, unit: str) -> None:
    """It never prints a reading as something that is another reading or none; what has no canonical text is refused."""
    try:
        reading = values.read(typed, unit)
    except UnreadableValue:
        return
    assert said(values.read(values.printed(reading), unit)) == said(reading)


def test_a_long_share_is_moved_exactly() -> None:
    """It turns a share of 35 places into a percentage without losing one: no sum of 28 digits decides."""
    assert values.read("0.12345678901234567890123456789012345", "percent").value == Decimal("12.345678901234567890123456789012345")


# ---------------------------------------------------------------- readings built, printed and read


@SAME_EVERY_RUN
@given(st.integers(min_value=-(10**14), max_value=10**14))
def test_pounds_and_pence_come_back_to_the_penny(pence: int) -> None:
    """It prints any amount of pence so that it reads as the same amount, whatever the register says the unit is."""
    amount = Decimal(f"{pence}E-2")
    built = Reading("", unit="pounds", value=amount, low=amount, high=amount, decimals=2)
    for unit in ("", "pounds"):
        assert said(values.read(values.printed(built), unit)) == built


@SAME_EVERY_RUN
@given(st.integers(min_value=-(10**14), max_value=10**14))
def test_pounds_as_people_type_them(pence: int) -> None:
    """It reads commas, brackets and split digits as the same amount of pence."""
    pounds, rest = divmod(abs(pence), 100)
    digits = f"{pounds:,}.{rest:02d}"
    sign = "-" if pence < 0 else ""
    for typed in (
        f"{sign}£{digits}",
        f"{sign}£ {digits}",
        f"{sign}£{digits[:-1]} {digits[-1]}",
        f"{sign}£{digits.replace(',', ', ')}",
        f"{sign}£{pounds}.{rest:02d}",
    ):
        assert values.read(typed, "pounds").value == Decimal(f"{pence}E-2")
    assert values.read(f"(£{digits})", "pounds").value == Decimal(f"-{abs(pence)}E-2")


@SAME_EVERY_RUN
@given(st.integers(min_value=-(10**9), max_value=10**9), st.integers(min_value=0, max_value=4), st.booleans())
def test_percentages_come_back_with_their_places(digits: int, places: int, annual: bool) -> None:
    """It prints any percentage, annual or not, so that it reads as the same one with the same decimal places."""
    amount = Decimal(f"{digits}E-{places}")
    built = Reading("", unit="percent", value=amount, low=amount, high=amount, decimals=places, annual=annual)
    for unit in ("", "percent"):
        assert said(values.read(values.printed(built), unit)) == built


@SAME_EVERY_RUN
@given(st.integers(min_value=0, max_value=10**6), st.integers(min_value=1, max_value=10**6))
def test_a_fraction_comes_back_with_its_percentage(numerator: int, denominator: int) -> None:
    """It keeps the whole numbers behind a percentage as they are."""
    amount = Decimal("42.5")
    built = Reading("", unit="percent", value=amount, low=amount, high=amount, decimals=1, numerator=numerator, denominator=denominator)
    assert said(values.read(values.printed(built), "percent")) == built


@SAME_EVERY_RUN
@given(
    st.sampled_from(["number", "percent", "pounds"]),
    st.lists(st.integers(min_value=0, max_value=10**9), min_size=2, max_size=2, unique=True).map(sorted),
    st.integers(min_value=0, max_value=2),
)
def test_ranges_come_back_with_both_ends(unit: str, ends: list[int], places: int) -> None:
    """It prints any range so that both ends read as they were, and both are included."""
    low, high = (Decimal(f"{end}E-{places}") for end in ends)
    built = Reading("", unit=unit, low=low, high=high, decimals=places)
    assert said(values.read(values.printed(built))) == built
    assert said(values.read(values.printed(built), unit)) == built


@SAME_EVERY_RUN
@given(st.integers(min_value=0, max_value=999 * 60 + 59))
def test_seconds_come_back_as_minutes_and_seconds(seconds: int) -> None:
    """It prints any number of seconds as m:ss that reads as the same number."""
    amount = Decimal(seconds)
    built = Reading("", unit="seconds", value=amount, low=amount, high=amount, decimals=0)
    for unit in ("", "seconds"):
        assert said(values.read(values.printed(built), unit)) == built


@SAME_EVERY_RUN
@given(st.integers(min_value=1, max_value=5000), st.sampled_from(UNITS))
def test_a_rank_comes_back(rank: int, unit: str) -> None:
    """It prints any rank with its ending so that it reads as the same rank in any unit."""
    amount = Decimal(rank)
    built = Reading("", unit="rank", value=amount, low=amount, high=amount, decimals=0, rank=rank)
    assert said(values.read(values.printed(built), unit)) == built


@SAME_EVERY_RUN
@given(st.integers(min_value=1, max_value=500), st.integers(min_value=1, max_value=500), st.sampled_from(UNITS))
def test_a_range_of_ranks_comes_back(best: int, behind: int, unit: str) -> None:
    """It prints any range of ranks, best first, so that both ends read as they were."""
    built = Reading("", unit="rank", low=Decimal(best), high=Decimal(best + behind), decimals=0)
    assert said(values.read(values.printed(built), unit)) == built


# ---------------------------------------------------------------- showing


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "text"),
    [
        pytest.param(Decimal("4681012.65"), "pounds", None, "£4,681,012.65", id="pounds to the penny"),
        pytest.param(Decimal(250), "pounds", None, "£250.00", id="whole pounds with pence"),
        pytest.param(Decimal(-250), "pounds", None, "\u2212£250.00", id="pounds below nought with a true minus sign"),
        pytest.param(Decimal("42.5"), "percent", None, "42.5%", id="a percentage as it is"),
        pytest.param(Decimal("42.5"), "percent", 2, "42.50%", id="a percentage with more places"),
        pytest.param(Decimal(90), "seconds", None, "01:30", id="minutes and seconds"),
        pytest.param(Decimal(28), "rank", None, "28th", id="a rank"),
        pytest.param(378, "number", None, "378", id="a count"),
        pytest.param(Decimal(1304), "number", None, "1,304", id="thousands parted"),
        pytest.param(Decimal(0), "pounds", None, "£0.00", id="nothing spent is shown"),
        pytest.param(None, "pounds", None, "", id="unknown is not shown as nought"),
        pytest.param(
            Decimal("12345678901234567890123456789.99"), "pounds", None, "£12,345,678,901,234,567,890,123,456,789.99", id="31 digits, none of them rounded"
        ),
    ],
)
def test_a_figure_as_tables_print_it(value: Decimal | int | None, unit: str, decimals: int | None, text: str) -> None:
    """It prints a figure in its unit for readers, and nothing for none."""
    assert values.shown(value, unit, decimals) == text


@pytest.mark.parametrize(
    ("number", "ending"),
    [
        pytest.param(1, "st", id="1st"),
        pytest.param(2, "nd", id="2nd"),
        pytest.param(3, "rd", id="3rd"),
        pytest.param(4, "th", id="4th"),
        pytest.param(11, "th", id="11th, not 11st"),
        pytest.param(12, "th", id="12th, not 12nd"),
        pytest.param(13, "th", id="13th, not 13rd"),
        pytest.param(21, "st", id="21st"),
        pytest.param(22, "nd", id="22nd"),
        pytest.param(111, "th", id="111th, not 111st"),
        pytest.param(121, "st", id="121st"),
    ],
)
def test_a_rank_has_its_ending(number: int, ending: str) -> None:
    """It gives the letters that make a number an ordinal, the teens included."""
    assert values.ordinal_ending(number) == ending


# ---------------------------------------------------------------- by the million


@settings(SAME_EVERY_RUN, max_examples=300)
@given(
    st.lists(st.one_of(CELLS_LIKE, st.from_regex(r"-?£?-?[0-9]{1,4}(,[0-9]{3}){0,2}(\.[0-9]{1,3})?%?\n?", fullmatch=True)), max_size=20, unique=True),
    st.sampled_from(UNITS),
)
def test_figures_read_together_are_read_as_one_by_one(texts: list[str], unit: str) -> None:
    """It gives the value, unit and decimals that each has by itself, and takes none that is mended, flagged, marked or refused."""
    together = values.read_plain(texts, unit)
    for place, value, of_unit, decimals in zip(together.which, together.value, together.unit, together.decimals, strict=True):
        alone = values.read(texts[place], unit)
        assert alone == Reading(texts[place], unit=of_unit, value=value, low=value, high=value, decimals=decimals)
        assert str(alone.value) == str(value)


def test_plain_figures_are_taken_together() -> None:
    """It takes plain figures, signed or not, and leaves gaps, ranges, shares of one and money of three decimals to be read one by one."""
    typed = ["1,600", "n/a", "-20", "13-15%", "0.5", "98.5%", "£5.00", "007"]
    assert values.read_plain(typed, "percent").which.tolist() == [0, 2, 5, 7]
    assert values.read_plain(["£1,600.00", "£1.234", "12.345", "5%", "(£250)"], "pounds").which.tolist() == [0]
    assert values.read_plain([], "percent").which.tolist() == []
