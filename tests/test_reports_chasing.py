"""The text that goes to a partner: what is owed, by when, what is held and why, what was wrong last time; nothing that a mail program changes."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import frames, reference, reports
from analysis.reports import chasing, slips

REAL = Path(__file__).resolve().parents[1] / "data"
QUARTER = "2016-17-Q2"
DAY = date(2016, 11, 5)
Row = dict[str, Any]


@cache
def registers() -> reference.Registers:
    """Give the registers of the real partnership, by another name."""
    return replace(reference.load(REAL), name="Tiny Partnership")


def made(owed: list[Row], issues: list[Row] | None = None, missing: list[Row] | None = None) -> reports.Report:
    """Give the report of a quarter of which only this is known."""
    rows = {"owed": owed, "issues": issues or [], "missing": missing or []}
    kept = {name: frames.make([{"quarter": QUARTER} | row for row in its], frames.CONTRACTS[name]) for name, its in rows.items()}
    return reports.Report(QUARTER, registers(), kept, reports.audiences(registers())[0])


def owes(state: str, partner: str = "The Council", **more: object) -> Row:
    """Give a return that is owed."""
    return {"partner": partner, "form": "performance", "state": state, "days_late": None} | more


def fault(cell: str, message: str = "is no number", severity: str = "fail", file: str = "a/council.csv", **more: str) -> Row:
    """Give an issue about a cell."""
    return {"file": file, "cell": cell, "severity": severity, "stage": "cell", "rule": "a rule", "message": message} | more


def wrong_last_time(*weights: str, partner: str = "The Council") -> dict[str, pd.DataFrame]:
    """Give the slip of a partner for the quarter before, with a line of each weight."""
    rows = [
        dict.fromkeys(slips.COLUMNS, "")
        | {"partner": partner, "file": "a/council.csv", "cell": f"F{place}", "as_typed": f"{place}x", "what_is_wrong": "is no number", "weight": weight}
        for place, weight in enumerate(weights, start=1)
    ]
    return {partner: pd.DataFrame(rows, dtype=object)}


def text(
    owed: list[Row], issues: list[Row] | None = None, *, on: date = DAY, last_time: dict[str, pd.DataFrame] | None = None, forms: tuple[str, ...] = ()
) -> str:
    """Give the text of the only letter."""
    (letter,) = chasing.letters(made(owed, issues), on, last_time or {}, forms)
    return letter.text


def unwrapped(letter: str) -> str:
    """Give a text as one line."""
    return " ".join(letter.split())


WHOLE = """\
Subject: Returns for Q2 2016/17: one late, one due, one held, one to mend

Dear colleagues,

This is what we still need from The Council for Q2 2016/17 (July to
September 2016), as on 5 November 2016. Thank you for what you have sent
already.

Not received:

- Performance, Build a Better Harrow: was due on 31 October 2016 and is 5
  days late.
- Milestones: is due on 12 November 2016, in 7 days.

Please send what is late as soon as you can, or tell us on which day we can
expect it. Your form for it is attached (the-council.xlsx): it is filled in
with what we know. Where there is no figure, please say why in its place: a
blank counts as not given.

Received, and not used until it is mended:

- Narrative, in words.xlsx, dated 2 November 2016 and 2 days late:
  - Sheet Report: the heading 'Text' is missing.

Received and used, but for what is told here:

- Agreements, in council.csv:
  - Cell F4: '12..5' is not a number.
  - Row 7, typed 'Parks': names nothing that is known.

Please send the mended return whole, with its date above the table and what
you changed beside the word Reason. The newer one counts. What is held was
not looked at further, so there may be more to mend in it.

Worth a look in what you sent:

- Cell G9, council.csv: is ten times its usual size. Please say why.

Not due yet:

- Actions: due on 12 February 2017.

Last time, for Q1 2016/17, there was one thing to look at.

- Cell F1, council.csv, typed '1x': is no number.

If anything is unclear, please ask Jo Bloggs, 020 8863 5611.

With thanks,
Tiny Partnership
"""


def test_a_letter_says_all_that_is_to_be_said() -> None:
    """It tells what has not come and by when, what is held and why, what is not due yet, what was wrong last time, and whom to ask."""
    owed = [
        owes("late", covers="Build a Better Harrow", due="2016-10-31", days_late=5, contact="Jo Bloggs, 020 8863 5611"),
        owes("due", form="milestones", due="2016-11-12"),
        owes("held", form="narrative", files="a/words.xlsx", received_on="2016-11-02", days_late=2),
        owes("received", form="agreements", files="a/council.csv"),
        owes("accepted", form="monthly", files="a/months.csv"),
        owes("not due", form="actions", due="2017-02-12"),
    ]
    issues = [
        fault("", "the heading 'Text' is missing", file="a/words.xlsx", sheet="Report"),
        fault("F4", "'12..5' is not a number", as_typed="12..5"),
        fault("7:7", "names nothing that is known", as_typed="Parks"),
        fault("G9", "is ten times its usual size. Ask why.", severity="advisory"),
        fault("G9", "is odd in another way", severity="advisory"),
        fault("G10", "is told to nobody", severity="info"),
        fault("H9", "is another's", file="b/police.csv"),
    ]
    assert text(owed, issues, last_time=wrong_last_time("must be mended: it is not used"), forms=("the-council.xlsx", "the-police.xlsx")) == WHOLE


def test_a_partner_that_owes_nothing_gets_no_letter() -> None:
    """It writes to those of whom something is wanted, and says of the others why not."""
    owed = [
        owes("accepted"),
        owes("late", "The Police", due="2016-10-31", days_late=5),
        owes("not due", "The Fire Service"),
        owes("accepted", "The Fire Service", form="monthly"),
    ]
    report = made(owed)
    assert [letter.partner for letter in chasing.letters(report, DAY, {})] == ["The Police"]
    assert chasing.settled(report) == {"The Council": "nothing is owed any more", "The Fire Service": "nothing is due yet"}


DEADLINES = {
    "none stated": ("due", "", None, "Performance: no deadline has been stated."),
    "today": ("due", "2016-11-05", None, "Performance: is due on 5 November 2016, today."),
    "tomorrow": ("due", "2016-11-06", None, "Performance: is due on 6 November 2016, tomorrow."),
    "in two days": ("due", "2016-11-07", None, "Performance: is due on 7 November 2016, in 2 days."),
    "yesterday": ("late", "2016-11-04", 1, "Performance: was due on 4 November 2016 and is 1 day late."),
    "long ago": ("late", "2016-10-17", 19, "Performance: was due on 17 October 2016 and is 19 days late."),
}


@pytest.mark.parametrize(("state", "due", "late", "said"), DEADLINES.values(), ids=DEADLINES)
def test_a_deadline_is_said_in_words(state: str, due: str, late: int | None, said: str) -> None:
    """It says the day, and how far from the day of the letter it is; only what is late is asked for soon."""
    letter = unwrapped(text([owes(state, due=due, days_late=late)]))
    assert said in letter
    assert ("as soon as you can" in letter) == (state == "late")


def test_a_form_is_attached_for_what_it_asks_for() -> None:
    """It says for which returns the form is, and what will do for those that no form asks for."""
    letter = unwrapped(text([owes("due"), owes("due", form="monthly"), owes("due", form="monthly", covers="Streets")], forms=("the-council.xlsx",)))
    assert "Your form for performance is attached (the-council.xlsx): it is filled in with what we know." in letter
    assert "For monthly a spreadsheet with the headings of your last return will do" in letter
    alone = unwrapped(text([owes("due", form="monthly")], forms=("the-council.xlsx",)))
    assert "attached" not in alone


def test_a_fault_is_told_under_the_form_that_it_is_about() -> None:
    """It tells a cell of the sheet Grant under grant spend, where one file holds two forms with faults."""
    owed = [owes("received", files="a/council.csv"), owes("received", form="grant spend", files="a/council.csv")]
    cells = [{"quarter": QUARTER, "file": "a/council.csv", "sheet": "Grant", "cell": "B2", "form": "grant spend"}]
    report = made(owed, [fault("B2", sheet="Grant"), fault("F4", sheet="Return")])
    report.kept["cells"] = frames.make(cells, frames.CELLS)
    (letter,) = chasing.letters(report, DAY, {})
    said = unwrapped(letter.text)
    assert "Performance, in council.csv: - Cell F4, sheet Return: is no number. - Grant spend, in council.csv: - Cell B2, sheet Grant: is no number." in said


def test_the_first_of_several_versions_has_the_day() -> None:
    """It says of a return that replaced another that the day is that of the first, by which it is not late."""
    report = made([owes("held", files="a/council-v2.csv", received_on="2016-11-02")], [fault("F4", file="a/council-v2.csv")])
    report.kept["returns"] = frames.make(
        [{"quarter": QUARTER, "file": "a/council.csv", "state": "replaced", "reason": "replaced by a/council-v2.csv"}], frames.RETURNS
    )
    (letter,) = chasing.letters(report, DAY, {})
    assert "in council-v2.csv, first dated 2 November 2016:" in unwrapped(letter.text)


def test_one_cell_of_last_time_is_told_once() -> None:
    """It takes the weightiest line of each cell, however many there are about it."""
    last_time = wrong_last_time("must be mended", "please look at it")
    last_time["The Council"]["cell"] = "F1"
    assert "there was one thing to look at" in unwrapped(text([owes("due")], last_time=last_time))


def test_without_a_form_it_says_what_will_do() -> None:
    """It names a form only where that partner's is ready."""
    letter = unwrapped(text([owes("due")], forms=("the-police.xlsx",)))
    assert "A spreadsheet with the headings of your last return will do: XLSX, ODS or CSV." in letter
    assert "attached" not in letter


def test_what_never_came_brings_no_thanks() -> None:
    """It thanks for what was sent only where something was; and asks for nothing to be mended where nothing came."""
    letter = unwrapped(text([owes("late", due="2016-10-31", days_late=5)]))
    assert "Thank you for what you have sent" not in letter
    assert "mended" not in letter


@pytest.mark.parametrize(("faults", "told", "more"), [(5, 5, ""), (6, 5, "And one more."), (19, 5, "And 14 more.")])
def test_of_many_faults_the_first_five_are_told(faults: int, told: int, more: str) -> None:
    """It tells five faults of a return, and how many more there are."""
    letter = text([owes("received", files="a/council.csv")], [fault(f"F{number}") for number in range(1, faults + 1)])
    assert letter.count("  - Cell F") == told
    assert (f"  - {more}" in letter.splitlines()) == bool(more)


def test_a_return_of_several_files_says_which() -> None:
    """It names the file of each fault where a return came in more than one."""
    letter = unwrapped(text([owes("held", files="a/one.csv | a/two.csv")], [fault("F4", file="a/two.csv"), fault("", "holds nothing", file="a/one.csv")]))
    assert "Performance, in one.csv and two.csv: - Cell F4, two.csv: is no number. - The file one.csv: holds nothing." in letter


def test_the_day_in_the_register_of_receipts_is_the_day_it_came() -> None:
    """It says that a return came on a day only where somebody has logged it; the day that it names itself is its date."""
    report = made([owes("held", files="a/council.csv", received_on="2016-11-02", days_late=2)], [fault("F4")])
    (own,) = chasing.letters(report, DAY, {})
    logged = pd.DataFrame([{"quarter": QUARTER, "file": "a/council.csv", "received_on": "2016-11-02"}], dtype=object)
    (came,) = chasing.letters(replace(report, registers=replace(registers(), received=logged)), DAY, {})
    assert "Performance, in council.csv, dated 2 November 2016 and 2 days late:" in unwrapped(own.text)
    assert "Performance, in council.csv, which came on 2 November 2016 and 2 days late:" in unwrapped(came.text)


def test_a_fault_of_two_returns_in_one_file_is_told_once() -> None:
    """It tells the cell under the first of them, and sends the reader of the second there."""
    owed = [owes("held", covers="Build", files="a/council.csv"), owes("held", covers="Protect", files="a/council.csv")]
    letter = unwrapped(text(owed, [fault("F4")]))
    assert letter.count("Cell F4") == 1
    assert "Performance, Protect, in council.csv: see above" in letter


def test_the_form_of_another_quarter_is_told_in_its_senders_words() -> None:
    """It speaks of quarters and not of folders, and names the form that goes with the letter."""
    message = "names Q1 2016/17, but lies in the folder of Q2 2016/17. Move the file, or correct its heading."
    issue = fault("B2", message, rule="quarter named is the folder's", as_typed="Q1 2016/17")
    letter = unwrapped(text([owes("held", files="a/council.csv")], [issue], forms=("the-council.xlsx",)))
    assert "Cell B2: says 'Q1 2016/17', and what we need is Q2 2016/17." in letter
    assert "Your form for Q2 2016/17 is attached (the-council.xlsx). Please send the mended return whole" in letter
    assert "folder" not in letter
    assert "attached" not in unwrapped(text([owes("held", files="a/council.csv")], [fault("F4")], forms=("the-council.xlsx",)))


LITTER = {
    "what": "measure",
    "name": "Build 1: Litter",
    "partner": "the council",
    "state": "no actual, and no word for why",
    "file": "a/council.csv",
    "cell": "I9",
}
GONE = fault("", "Build 1 'Litter' is in the form as it was sent, and not in the return: was its row deleted?", "advisory", rule="rows are those of the form")


def of(owed: list[Row], issues: list[Row], missing: list[Row]) -> tuple[str, str] | None:
    """Give in short what is wanted of the Council, and the letter as one line; None where it gets none."""
    found = chasing.letters(made(owed, issues, missing), DAY, {})
    return (found[0].says, unwrapped(found[0].text)) if found else None


def test_a_figure_that_is_not_there_is_asked_for() -> None:
    """It names measure and cell where a return that is used has neither a figure nor a word for why."""
    says, letter = of([owes("accepted", files="a/council.csv")], [fault("I9", "is a formula error", "advisory")], [LITTER]) or ("", "")
    assert (says, letter.count("I9")) == ("one without a figure", 1)
    assert "Asked for, and without a figure: - Build 1: Litter: no actual, and no word for why, cell I9. Please send their figures" in letter


def test_a_form_goes_only_with_a_letter_that_speaks_of_it() -> None:
    """It names the form to attach where a return is asked for, and none where only figures are."""
    (owing,) = chasing.letters(made([owes("due")]), DAY, {}, ("the-council.xlsx",))
    (asking,) = chasing.letters(made([owes("accepted", files="a/council.csv")], [], [LITTER]), DAY, {}, ("the-council.xlsx",))
    assert (owing.form, asking.form) == ("the-council.xlsx", "")


NOT_ASKED = {
    "another's": ("accepted", [LITTER | {"partner": "The Police"}]),
    "not due yet": ("accepted", [LITTER | {"state": "in arrears: due with Q3 2016/17"}]),
    "an award": ("accepted", [LITTER | {"what": "award"}]),
}


@pytest.mark.parametrize(("state", "missing"), NOT_ASKED.values(), ids=NOT_ASKED)
def test_a_figure_of_which_nothing_is_wanted_brings_no_letter(state: str, missing: list[Row]) -> None:
    """It asks nobody for another's figure, for one that is in arrears, or for what is no measure."""
    assert of([owes(state, files="a/council.csv")], [], missing) is None


@pytest.mark.parametrize("state", ["held", "late", "due"])
def test_the_figures_of_a_return_that_is_wanted_are_not_asked_for_one_by_one(state: str) -> None:
    """It asks for the return, of which they are part."""
    _, letter = of([owes(state, files="a/council.csv", due="2016-10-31" if state == "late" else "", days_late=5)], [], [LITTER]) or ("", "")
    assert "Performance" in letter
    assert "Litter" not in letter


def test_a_figure_that_cannot_be_read_is_told_once() -> None:
    """It stands with what is to be mended, and not among what is asked for as well."""
    unreadable = LITTER | {"state": "the actual could not be read"}
    says, letter = of([owes("received", files="a/council.csv")], [fault("I9", "'12..5' is not a number")], [unreadable]) or ("", "")
    assert (says, letter.count("I9")) == ("one to mend", 1)


def test_what_differs_from_the_form_is_to_be_confirmed() -> None:
    """It asks whether a deleted row and a changed target were meant, and names the deleted row's measure there alone."""
    changed = fault("H7", "Target of Build 2 is locked in the form as it was sent", "advisory", rule="locked cells are as they were sent", as_typed="80%")
    says, letter = of([owes("accepted", files="a/council.csv")], [GONE, changed], [LITTER | {"state": "no row that can be used", "cell": ""}]) or ("", "")
    assert says == "two to confirm"
    assert "please tell us whether this is meant: - The file council.csv: Build 1 'Litter' is in the form" in letter
    assert "- Cell H7, council.csv, typed '80%': Target of Build 2 is locked" in letter
    assert letter.count("Litter") == 1


def test_what_differs_from_the_form_of_a_return_that_is_held_waits() -> None:
    """It asks for a return that can be used first."""
    _, letter = of([owes("held", files="a/council.csv")], [GONE], []) or ("", "")
    assert "is meant" not in letter


def test_last_time_has_what_matters_most_and_no_notes_for_the_record() -> None:
    """It lists the first five of the slip that ask for something, counts the others, and leaves notes for the record out."""
    last_time = wrong_last_time(*["must be mended: it is not used"] * 6, slips.FOR_THE_RECORD)
    letter = text([owes("due")], last_time=last_time)
    assert "Last time, for Q1 2016/17, there were six things to look at. The five that matter most:" in unwrapped(letter)
    assert [line for line in letter.splitlines() if line.startswith("- Cell")] == [
        f"- Cell F{n}, council.csv, typed '{n}x': is no number." for n in range(1, 6)
    ]
    assert "- And one more." in letter.splitlines()


def test_last_time_is_the_partners_own() -> None:
    """It finds a slip however the partner wrote its name, and never another's."""
    assert "Last time" in text([owes("due")], last_time=wrong_last_time("must be mended", partner="the council"))
    assert "Last time" not in text([owes("due")], last_time=wrong_last_time("must be mended", partner="The Police"))
    assert "Last time" not in text([owes("due")], last_time=wrong_last_time(slips.FOR_THE_RECORD))


def test_one_partner_gets_one_letter() -> None:
    """It puts all that a partner owes into one text, however its name is written, and names every contact once."""
    owed = [owes("due", contact="Jo"), owes("due", "the council", form="monthly", contact="Al"), owes("due", form="actions", contact="Jo")]
    (letter,) = chasing.letters(made(owed), DAY, {})
    assert (letter.partner, letter.name, letter.says) == ("The Council", "the-council", "three due")
    assert "please ask Jo or Al." in letter.text


def test_partners_of_like_names_have_files_of_their_own(tmp_path: Path) -> None:
    """It writes each letter to another file, and leaves no older one beside them."""
    (tmp_path / "old.txt").write_text("old", encoding="utf-8")
    letters = chasing.letters(made([owes("due", "Café"), owes("due", "Caf"), owes("due", "?")]), DAY, {})
    chasing.write(letters, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["caf-2.txt", "caf.txt", "partner.txt"]
    assert (tmp_path / "caf.txt").read_bytes() == letters[0].text.encode()


MANGLED = [
    "From now on",
    ">quoted",
    ".",
    "--",
    "a\tb\r\nc",
    "soft\u00adhyphen",
    "\u202eturned",
    "zero\u200bwidth",
    "\x1b[31mred",
    "x" * 200,
    "£5 \u2212 3\u00a0%",
    "",
    "=1+1",
    "a-b " * 40,
]


@given(st.data())
@settings(derandomize=True, deadline=None, max_examples=60)
def test_no_mail_program_changes_a_line(data: st.DataObject) -> None:
    """It gives lines of 76 characters at most, without signs that are not seen, and none that begins or ends as mail programs change it."""
    words = st.one_of(st.sampled_from(MANGLED), st.text(max_size=90))
    partner, form, covers, contact, message, typed, sheet = (data.draw(words) for _ in range(7))
    owed = [
        owes("held", partner, form=form, covers=covers, contact=contact, files="a.csv"),
        owes("late", partner, covers=covers, due="2016-10-31", days_late=5),
    ]
    last_time = wrong_last_time("must be mended", partner=partner)
    for rows in last_time.values():
        rows["as_typed"], rows["what_is_wrong"], rows["sheet"] = typed, message, sheet
    report = replace(made(owed, [fault("F4", message, file="a.csv", as_typed=typed, sheet=sheet)]), registers=replace(registers(), name=partner))
    for letter in chasing.letters(report, DAY, last_time):
        lines = letter.text.split("\n")
        assert lines[0].startswith("Subject: Returns for Q2 2016/17: ")
        assert (lines[1], lines[-1]) == ("", "")
        assert [line for line in lines if len(line) > 76 or line != line.rstrip() or line.startswith(("From ", ">", ".", "--"))] == []
        assert [sign for sign in letter.text if unicodedata.category(sign)[0] == "C" and sign != "\n"] == []
        assert letter.text.encode("utf-8").decode("utf-8") == letter.text


def test_a_subject_stays_on_one_line_however_much_is_owed() -> None:
    """It has at most 76 characters with a hundred returns in every state."""
    states = ("late", "due", "held", "received")
    owed = [
        owes(state, covers=f"{state} {number}", due="2016-10-31" if state == "late" else "", days_late=1 if state == "late" else None, files="a.csv")
        for state in states
        for number in range(100)
    ]
    assert text(owed).splitlines()[0] == "Subject: Returns for Q2 2016/17: 100 late, 100 due, 100 held, 100 to mend"


def test_the_same_day_gives_the_same_letter() -> None:
    """It gives the same text of the same input and day, and another on another day."""
    owed = [owes("due", due="2016-11-12")]
    assert text(owed) == text(owed) != text(owed, on=date(2016, 11, 6))


def test_a_letter_leaves_its_frames_alone() -> None:
    """It changes neither what is owed nor the slips."""
    report, last_time = made([owes("held", files="a/council.csv")], [fault("F4")]), wrong_last_time("must be mended")
    before = {name: frame.copy() for name, frame in report.kept.items()} | {"slip": last_time["The Council"].copy()}
    chasing.letters(report, DAY, last_time)
    for name, frame in (report.kept | {"slip": last_time["The Council"]}).items():
        pd.testing.assert_frame_equal(frame, before[name])
