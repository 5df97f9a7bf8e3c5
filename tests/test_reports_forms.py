"""A form to send out, as a reader opens it: what is filled in, what is open, what it is held against, how it prints."""

from __future__ import annotations

import re
import zipfile
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from forms_by_hand import (
    COUNCIL,
    HOMES,
    PARKS,
    Q1,
    Q2,
    Q3,
    RETURN,
    measure,
    only,
    opened,
    owed,
    read,
    registers,
    seen,
    table,
    texts,
    top_of,
    validation,
    valued,
)
from openpyxl.worksheet.worksheet import Worksheet

from analysis import values
from analysis.reports.forms import Form, book, wording
from analysis.vocabulary import SECTIONS, Reason

TO_FILL = {"Actual", "Reason for none", "Provisional", "What changed", "Why", "What next", "Who", "By when"}


@pytest.fixture(scope="module")
def form() -> Form:
    """Give the form of a council that owes two measures, milestones and a report, of which one measure was reported."""
    known = registers(
        measures=[measure("Homes 1", definition="Homes let within 20 days, of all that fell empty"), measure("Homes 2", unit="number", kind="snapshot")],
        returns_owed=[owed(contact="forms@example.test"), owed(form="milestones"), owed(form="narrative")],
        groups=[{"group": "SYNTHETIC Group"}],
    )
    return only(known, read([seen("Homes 1", "97.8%", "93%")]))


@pytest.fixture
def sheet(form: Form) -> Worksheet:
    """Give its first sheet to fill in."""
    return opened(form)["Return"]


def forms_of(*, measures: list[dict[str, Any]], observations: list[dict[str, Any]] | None = None, quarter: str = Q3) -> list[dict[str, str]]:
    """Give the rows of the form of a council that owes these measures."""
    return texts(valued(only(registers(measures=measures, returns_owed=[owed()]), read(observations), quarter))["Return"])


# ---------------------------------------------------------------- sheets, headings, what is filled in


def test_a_form_has_instructions_what_is_owed_and_hidden_lists(form: Form) -> None:
    """It opens with the instructions; the lists behind its drop-downs are hidden."""
    made = opened(form)
    assert [(one.title, one.sheet_state) for one in made.worksheets] == [
        ("Instructions", "visible"), ("Return", "visible"), ("Milestones", "visible"), ("Report", "visible"), ("Lists", "hidden"),
    ]  # fmt: skip
    assert made.active.title == "Instructions"


def test_the_instructions_are_five_steps_that_say_to_whom_and_by_when(form: Form) -> None:
    """They name the contact of the register and the day in words: 17 days after 31 December 2016."""
    words = [cell.value for (cell,) in opened(form)["Instructions"].iter_rows(max_col=1) if cell.value]
    steps = [text for text in words if re.match(r"\d\. ", text)]
    assert len(steps) == 5
    assert steps[-1] == "5. Save it as .xlsx and send it to forms@example.test by 17 January 2017."
    assert any("to the left of the headings or between them" in text for text in words)
    assert any(text.startswith("Not checked: nobody has looked") for text in words)


def test_a_deadline_that_nobody_stated_is_not_made_up() -> None:
    """It says that there is none, and names no day."""
    steps = wording.steps(Q3, "", "")
    assert steps[-1] == "5. Save it as .xlsx and send it to the person who sent it to you as soon as you can: nobody has stated a deadline."


def test_a_return_has_its_header_block_and_headings(sheet: Worksheet) -> None:
    """It has label and value above the table, a blank row, and the headings that returns are read by, in their order."""
    assert [(row[0].value, row[1].value) for row in sheet.iter_rows(max_row=6)] == [
        ("Partner", COUNCIL), ("Quarter", "Q3 2016/17"), ("Prepared by", None), ("Date", None), ("Level of check", None), ("Reason", None),
    ]  # fmt: skip
    assert [cell.value for cell in sheet[7]] == [None] * 17
    assert [cell.value for cell in sheet[8]] == RETURN


def test_a_form_sent_again_is_asked_for_the_reason(form: Form, sheet: Worksheet) -> None:
    """The line is open, says that it is only for a form that is sent again, takes 500 characters, and stands in the instructions."""
    found = validation(sheet, "B6")
    assert (found.prompt, found.type, found.formula1) == ("Only where you send this form again: what changed, and why.", "textLength", "500")
    assert any(text.endswith("Only where you send it again, give the Reason: what changed, and why.") for text in wording.steps(Q3, form.contact, form.due))


def test_a_measure_is_filled_in_with_what_is_known(form: Form) -> None:
    """It has the register's words, the last figure with its quarter, the year's target, and nothing where the partner writes."""
    first, second = texts(valued(form)["Return"])
    blank = dict.fromkeys(TO_FILL, "")
    assert first == blank | {
        "Theme": HOMES, "No": "1", "Measure": "Title of Homes 1", "Definition": "Homes let within 20 days, of all that fell empty", "Good": "Higher",
        "Unit": "percent", "Last figure": "97.8% (Q2 2016/17)", "Target": "93%", "Check": "Enter a figure or a reason",
    }  # fmt: skip
    assert (second["Last figure"], second["Target"], second["Unit"]) == ("never reported", "", "number")


def test_what_was_not_given_is_said_and_is_never_nothing() -> None:
    """It says "not given", with the quarter, also where an older figure is known; a range stands as it was typed."""
    rows = forms_of(
        measures=[measure("Homes 1"), measure("Homes 2")],
        observations=[
            seen("Homes 1", "", "93%"),
            seen("Homes 1", "90%", quarter=Q1),
            seen("Homes 2", "13 -15%", actual_low=Decimal(13), actual_high=Decimal(15)),
        ],
    )
    assert [row["Last figure"] for row in rows] == ["not given (Q2 2016/17)", "13 -15% (Q2 2016/17)"]


def test_rows_stand_in_the_order_of_the_register() -> None:
    """They do so whichever was reported first."""
    rows = forms_of(measures=[measure("Homes 3"), measure("Homes 1"), measure("Homes 2")], observations=[seen("Homes 1"), seen("Homes 3")])
    assert [row["No"] for row in rows] == ["3", "1", "2"]


# ---------------------------------------------------------------- targets, and what is not due

TARGETS = {  # what was reported, as the newest comes first -> the target, and whether the partner is asked for it
    "the newest of the year": ([seen("Homes 1", target="93%"), seen("Homes 1", target="93%", quarter=Q1)], "93%", False),
    "one that changed within the year": ([seen("Homes 1", target="93%"), seen("Homes 1", target="90%", quarter=Q1)], "", True),
    "one that changed within the year before": (
        [seen("Homes 1", target="93%"), seen("Homes 1", target="80%", quarter="2015-16-Q4"), seen("Homes 1", target="70%", quarter="2015-16-Q3")],
        "",
        True,
    ),
    "one that is another than the year before's": ([seen("Homes 1", target="93%"), seen("Homes 1", target="80%", quarter="2015-16-Q4")], "93%", False),
    "an older one of the year, where the newest is not known": ([seen("Homes 1", target=""), seen("Homes 1", target="90%", quarter=Q1)], "90%", False),
    "none of the year before": ([seen("Homes 1", target="90%", quarter="2015-16-Q4")], "", True),
    "a baseline year": ([seen("Homes 1", target="BL", target_reason=str(Reason.BASELINE))], "BL", False),
    "no survey this quarter, which is no target": ([seen("Homes 1", target="-", target_reason=str(Reason.NOT_APPLICABLE))], "", True),
    "a rule": ([seen("Homes 1", target="Year on year reduction", target_rule="year on year reduction")], "Year on year reduction", False),
    "none": ([], "", True),
}


@pytest.mark.parametrize("case", TARGETS)
def test_a_target_is_the_newest_of_the_financial_year(case: str) -> None:
    """It is filled in and locked where one is known; otherwise its cell is open and says that it is asked for."""
    observations, target, is_asked = TARGETS[case]
    sheet = opened(only(registers(measures=[measure("Homes 1")], returns_owed=[owed()]), read(observations)))["Return"]
    cell = table(sheet)[0]["Target"]
    assert (cell.value or "", not cell.protection.locked) == (target, is_asked)
    assert not is_asked or "asked for" in validation(sheet, cell.coordinate).prompt


def test_a_target_that_grows_within_the_year_is_asked_for_with_the_last_one_told() -> None:
    """A cumulative measure's target of Q2 is not that of Q3."""
    known = registers(measures=[measure("Homes 1", kind="cumulative", unit="number")], returns_owed=[owed()])
    sheet = opened(only(known, read([seen("Homes 1", "142", "100")])))["Return"]
    cell = table(sheet)[0]["Target"]
    assert (cell.value, cell.protection.locked) == (None, False)
    assert validation(sheet, cell.coordinate).prompt == (
        "The target is asked for: this figure counts from April, and 100 was the target of Q2 2016/17. Give the one for Q3 2016/17."
    )


@pytest.mark.parametrize(
    ("its", "says"),
    [
        ({}, "Enter a figure or a reason"),
        ({"arrears": "1"}, "Not due until Q4 2016/17"),
        ({"reports_in": "Q2 Q4"}, "Not due until Q4 2016/17"),
        ({"reports_in": "Q1", "arrears": "1"}, "Not due until Q2 2017/18"),
        ({"kind": "annual"}, "Not due until Q4 2016/17"),
        ({"kind": "survey"}, "Not due: only when there is a survey"),
    ],
)
def test_a_measure_that_is_not_due_is_there_and_says_when(its: dict[str, str], says: str) -> None:
    """It stands in the form of Q3 all the same, and asks for nothing yet."""
    (row,) = forms_of(measures=[measure("Homes 1", **its)])
    assert row["Check"] == says


# ---------------------------------------------------------------- locks, choices, limits


def test_only_what_the_partner_writes_is_open(sheet: Worksheet) -> None:
    """The header's last four values and eight columns are open, and a target that is not known; all else is locked, without a password."""
    top = top_of(sheet)
    open_above = {cell.coordinate for row in sheet.iter_rows(max_row=top) for cell in row if not cell.protection.locked}
    assert open_above == {"B3", "B4", "B5", "B6"}
    assert [{heading for heading, cell in row.items() if not cell.protection.locked} for row in table(sheet)] == [TO_FILL, TO_FILL | {"Target"}]
    lock = sheet.protection
    assert (lock.sheet, lock.password, lock.sort, lock.autoFilter, lock.formatColumns, lock.formatRows) == (
        True,
        None,
        False,
        False,
        False,
        False,
    )  # False: allowed


def test_every_sheet_is_locked(form: Form) -> None:
    """It is so also for instructions and lists."""
    assert all(one.protection.sheet and not one.protection.password for one in opened(form).worksheets)


def test_drop_downs_offer_what_the_lists_hold(form: Form) -> None:
    """Each is a named range of the hidden sheet; level of check has the honest words, none of them chosen beforehand."""
    made = opened(form)
    held = {
        name: [cell.value for (cell,) in made["Lists"][made.defined_names[name].attr_text.partition("!")[2].replace("$", "")]]
        for name in form.lists
        if name != "provisional"
    }
    assert held["levels_of_check"] == ["not checked", "checked by the person who prepared it", "checked by somebody else", "audited"]
    assert held["sections"] == list(SECTIONS)
    assert held["groups_and_themes"] == ["SYNTHETIC Group", HOMES]
    assert made["Lists"][made.defined_names["provisional"].attr_text.partition("!")[2].replace("$", "").partition(":")[0]].value == "Yes"
    sheet = made["Return"]
    row = table(sheet)[0]
    chosen = {heading: validation(sheet, row[heading].coordinate) for heading in ("Reason for none", "Provisional")}
    assert {heading: (one.type, one.formula1) for heading, one in chosen.items()} == {
        "Reason for none": ("list", "reasons_for_none"), "Provisional": ("list", "provisional"),
    }  # fmt: skip
    assert validation(sheet, "B5").formula1 == "levels_of_check"
    assert sheet["B5"].value is None


@pytest.mark.parametrize("quarter", ["2016-17-Q1", "2016-17-Q2", "2016-17-Q3", "2016-17-Q4"])
def test_every_reason_that_is_offered_is_read_as_one(quarter: str) -> None:
    """It reads back to why there is no figure, and no two mean that it could not be read."""
    read_back = [values.read(text).reason for text in wording.reasons(quarter)]
    assert None not in read_back
    assert set(read_back) >= {Reason.UNKNOWN, Reason.NO_ACTUAL, Reason.NOT_APPLICABLE, Reason.NO_SURVEY, Reason.BASELINE, Reason.NEW, Reason.REPORTS_LATER}
    assert f"Reports in {quarter[-2:]} only" not in wording.reasons(quarter)


LIMITS = {"percent": ("rate", "beyond 100%"), "number": ("snapshot", "below nought"), "seconds": ("rate", "minutes and seconds"), "rank": ("rate", "a place")}


@pytest.mark.parametrize("unit", LIMITS)
def test_a_limit_warns_and_refuses_nothing(unit: str) -> None:
    """It asks, in words for a person, about a figure that is odd in its unit; the figure may be kept."""
    kind, says = LIMITS[unit]
    sheet = opened(only(registers(measures=[measure("Homes 1", unit=unit, kind=kind)], returns_owed=[owed()])))["Return"]
    place = table(sheet)[0]["Actual"].coordinate
    found = validation(sheet, place)
    assert (found.type, found.errorStyle) == ("custom", "warning")
    assert says in found.error
    assert place in found.formula1
    assert "[" not in found.formula1


def test_a_figure_without_a_limit_still_says_how_it_is_written() -> None:
    """Pounds may be anything; the message says how they are written, and what the figure covers."""
    sheet = opened(only(registers(measures=[measure("Homes 1", unit="pounds")], returns_owed=[owed()])))["Return"]
    found = validation(sheet, table(sheet)[0]["Actual"].coordinate)
    assert (found.type, found.promptTitle, found.prompt) == (None, f"{HOMES} 1", "In pounds: £1,600.00. It covers October to December 2016.")


def test_words_have_a_length_that_is_told_beforehand(sheet: Worksheet) -> None:
    """What changed takes 1,000 characters: its message says so, and so does what refuses more."""
    found = validation(sheet, table(sheet)[0]["What changed"].coordinate)
    assert (found.type, found.operator, found.formula1, found.errorStyle) == ("textLength", "lessThanOrEqual", "1000", None)
    assert found.prompt == "Say what changed since the last figure. Up to 1,000 characters."
    assert found.error.startswith("Up to 1,000 characters fit here.")


def test_messages_and_formulas_are_no_longer_than_a_spreadsheet_takes(form: Form) -> None:
    """Titles have at most 32 characters, messages and formulas of limits at most 255, or the file would not open."""
    found = [one for sheet in opened(form).worksheets for one in sheet.data_validations.dataValidation]
    assert len(found) > 50
    assert max(len(text or "") for one in found for text in (one.promptTitle, one.errorTitle)) <= 32
    assert max(len(text or "") for one in found for text in (one.prompt, one.error, one.formula1)) <= 255


# ---------------------------------------------------------------- the column Check


def test_what_check_says_is_not_told_by_colour_alone(sheet: Worksheet) -> None:
    """Its colours follow its words."""
    (area,) = sheet.conditional_formatting
    assert str(area.sqref) == "Q9:Q10"
    assert [rule.formula[0] for rule in area.rules] == [
        '$Q9="OK"', 'LEFT($Q9,3)="Not"', 'OR(RIGHT($Q9,8)="not both",LEFT($Q9,6)="Cannot")', '$Q9<>""',
    ]  # fmt: skip


# ---------------------------------------------------------------- what it is, how it prints, what breaks things


def test_a_form_says_which_it_is(form: Form) -> None:
    """It carries its id, of quarter, partner and fingerprint, the template's version, a title and its language."""
    made = opened(form)
    own = {one.name: one.value for one in made.custom_doc_props}
    assert own == {"return_id": form.return_id, "template_version": "2"}
    assert re.fullmatch(r"2016-17-Q3\.the-synthetic-council\.[0-9a-f]{8}", form.return_id)
    assert (made.properties.title, made.properties.language) == (f"{COUNCIL}: return for Q3 2016/17", "en-GB")


def test_the_same_form_gives_the_same_bytes_and_another_target_another_id() -> None:
    """Its bytes and id depend on what is filled in, and on nothing else."""
    known = registers(measures=[measure("Homes 1")], returns_owed=[owed()])
    one, same, other = (only(known, read([seen("Homes 1", target=target)])) for target in ("80%", "80%", "81%"))
    assert book.build(one) == book.build(same)
    assert one.return_id == same.return_id != other.return_id


def test_a_form_prints_on_a4_with_its_headings_on_each_page(form: Form) -> None:
    """It lies on its side, fits the width, repeats its headings and says page of pages."""
    for sheet in opened(form).worksheets:
        setup = sheet.page_setup
        assert (setup.paperSize, setup.orientation, setup.fitToWidth or 1, setup.fitToHeight) == (9, "landscape", 1, 0)  # one page wide is the usual
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.oddFooter.right.text == "Page &P of &N"
        if sheet.title not in ("Instructions", "Lists"):
            assert sheet.print_title_rows == f"${top_of(sheet)}:${top_of(sheet)}"


def test_a_form_can_be_read_by_everyone(form: Form) -> None:
    """It merges nothing, has words of 11 points or more, columns of 150 characters together at most, wrapped text and headings that stay."""
    for sheet in opened(form).worksheets:
        assert not sheet.merged_cells.ranges
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert min(cell.font.sz for cell in cells) >= 11
        if sheet.title not in ("Instructions", "Lists"):
            assert sum(one.width * (one.max - one.min + 1) for one in sheet.column_dimensions.values()) <= 150
            assert sheet.freeze_panes[1:] == str(top_of(sheet) + 1)
            assert all(cell.alignment.wrap_text for row in table(sheet) for cell in row.values())
            assert sheet.auto_filter.ref


def test_each_table_has_a_name(form: Form) -> None:
    """It covers the headings and every row."""
    names = opened(form).defined_names
    assert names["return_table"].attr_text == "'Return'!$A$8:$Q$10"
    assert {"milestones_table", "report_table"} <= set(names)


def test_rows_grow_with_what_is_typed(form: Form) -> None:
    """No row has a height of its own, which would hide the second line of a comment."""
    with zipfile.ZipFile(BytesIO(book.build(form))) as archive:
        assert not [name for name in archive.namelist() if b"customHeight" in archive.read(name) and "worksheets" in name]


def test_text_that_looks_like_a_formula_stays_text() -> None:
    """A title, a theme, a partner, a definition or a target from outside never calculates."""
    known = registers(measures=[measure("Homes 1", theme="=1+1", measure="=1+1", definition="@SUM(A1)")], returns_owed=[owed(partner="=2+2")])
    made = opened(only(known, read([seen("Homes 1", target="=3+3", target_low=Decimal(6), theme="=1+1", partner="=2+2")])))
    formulas = {cell.column for sheet in made.worksheets for row in sheet.iter_rows() for cell in row if cell.data_type == "f"}
    assert formulas == {RETURN.index("Check") + 1}
    (row,) = texts(made["Return"])
    assert (row["Measure"], row["Theme"], row["Target"], row["Definition"]) == ("=1+1", "=1+1", "=3+3", "@SUM(A1)")


def test_names_that_spreadsheets_refuse_are_made_to_fit() -> None:
    """Two parts that are alike in 31 characters get sheets of their own; quotes and ampersands do no harm; a long definition is whole."""
    theme = "Safe, & [well] 'kept' homes: everybody / everywhere"
    long = "All that is counted, and how. " * 300
    known = registers(
        measures=[measure("Homes 1", theme=f"{theme} A", definition=long), measure("Homes 2", theme=f"{theme} B")],
        returns_owed=[owed(partner='A & B "C"', covers=f"{theme} {part}") for part in "AB"],
    )
    form = only(known)
    made = opened(form)
    names = made.sheetnames[1:3]
    assert len(set(names)) == 2
    assert max(map(len, made.sheetnames)) <= 31
    (row,) = texts(made[names[0]])
    assert row["Definition"] == long
    assert made[names[0]].oddFooter.left.text == 'A && B "C", Q3 2016/17'
    assert made[names[0]]["B1"].value == 'A & B "C"'


def test_sign_off_is_asked_once() -> None:
    """A form of several sheets has it on the first; each says whose it is and for when."""
    known = registers(measures=[measure("Homes 1"), measure("Parks 1", theme=PARKS)], returns_owed=[owed(covers=HOMES), owed(covers=PARKS)])
    made = opened(only(known, read([seen("Homes 1", file="c/synthetic-homes.csv", quarter=Q2)])))
    labels = {name: [cell.value for (cell,) in made[name].iter_rows(max_col=1, max_row=top_of(made[name]) - 1)] for name in (HOMES, PARKS)}
    assert labels == {HOMES: ["Partner", "Quarter", "Prepared by", "Date", "Level of check", "Reason", None], PARKS: ["Partner", "Quarter", None]}


def test_a_row_has_room_for_capitals() -> None:
    """It gives a line more to a text of which a third is capitals, as they are wider."""
    one, two = (book._high([(text, 24)]) for text in ("two wardens in every park", "SYNTHETIC Food waste round"))
    assert two > one
