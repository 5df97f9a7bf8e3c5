"""Forms as they are kept: written again, sent again with something else, and what the command says."""

from __future__ import annotations

from pathlib import Path

import pytest
from forms_by_hand import COUNCIL, HOMES, Q3, measure, only, owed, read, registers, seen
from test_cli_status import COUNCIL as COUNCIL_OWES
from test_cli_status import OWED, REGISTERS, data, said, sent

from analysis import frames, quality, reference
from analysis.reports.forms import Form, book, forms
from analysis.reports.forms.keeping import write


def form(target: str = "80%", numbers: tuple[int, ...] = (1, 2)) -> Form:
    """Give the form of a council's two measures, the first with this target."""
    known = registers(measures=[measure(f"Homes {number}") for number in numbers], returns_owed=[owed()])
    return only(known, read([seen("Homes 1", target=target)]))


def test_a_form_is_kept_by_quarter_and_partner(tmp_path: Path) -> None:
    """It lies where what comes back is compared with it, and holds what was built."""
    written = write(form(), tmp_path)
    assert written.path == tmp_path / "forms" / Q3 / "the-synthetic-council.xlsx"
    assert (written.anew, written.told) == (True, "")
    assert written.path.read_bytes() == book.build(form())


def test_a_form_that_is_the_same_stays(tmp_path: Path) -> None:
    """Written again with nothing changed, its file is not touched."""
    path = write(form(), tmp_path).path
    before = path.stat().st_mtime_ns
    again = write(form(), tmp_path)
    assert (again.anew, again.told, path.stat().st_mtime_ns) == (False, "", before)


def test_another_target_is_told_and_the_older_form_is_kept(tmp_path: Path) -> None:
    """The one that was sent before lies beside the new one under its own id, and what differs is said by the measure's name."""
    older = write(form("80%"), tmp_path).path.read_bytes()
    written = write(form("81%"), tmp_path)
    assert written.told == f"was sent before with another target for {HOMES} 1; the older one is kept beside it"
    kept = written.path.with_name(f"the-synthetic-council.{form('80%').return_id[-8:]}.xlsx")
    assert kept.read_bytes() == older
    assert sorted(path.name for path in kept.parent.iterdir()) == sorted([kept.name, "the-synthetic-council.xlsx"])


def test_a_measure_more_or_less_is_told(tmp_path: Path) -> None:
    """What the older form did not have, and what only it had, are both said."""
    write(form(numbers=(1, 2)), tmp_path)
    assert write(form(numbers=(1, 3)), tmp_path).told == f"was sent before with no {HOMES} 3 and {HOMES} 2; the older one is kept beside it"


def test_another_contact_is_told_as_other_words(tmp_path: Path) -> None:
    """A difference outside the tables is said too."""
    known = {name: registers(measures=[measure("Homes 1")], returns_owed=[owed(contact=name)]) for name in ("one@example.test", "two@example.test")}
    write(only(known["one@example.test"]), tmp_path)
    assert write(only(known["two@example.test"]), tmp_path).told == "was sent before with other words; the older one is kept beside it"


def test_what_is_no_form_is_replaced_and_told(tmp_path: Path) -> None:
    """A file of that name that cannot be opened gives way, and is named."""
    path = write(form(), tmp_path).path
    path.write_bytes(b"not a spreadsheet")
    assert write(form(), tmp_path).told == "what lay there is not a spreadsheet, whatever its name says, and is replaced"
    assert path.read_bytes() == book.build(form())


def test_a_return_named_as_its_partner_is_all_its_parts() -> None:
    """A form comes back under the name that it was sent with: it answers every part that the partner owes, not another partner's."""
    returns = frames.make(
        [{"quarter": Q3, "file": "in/the-synthetic-council.xlsx", "partner": COUNCIL, "forms": "performance", "state": "received"}], frames.RETURNS
    )
    known = registers(measures=[measure("Homes 1")], returns_owed=[owed(covers="Homes"), owed(covers="Parks"), owed("Another", covers="Homes")])
    found = quality.owed(returns, known.returns_owed, known.received.iloc[:0], frames.make([], frames.CELLS), [Q3])
    assert found["state"].tolist() == ["accepted", "accepted", "due"]


# ---------------------------------------------------------------- the command


def test_the_command_writes_forms_and_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It names the partner, what is asked, the file and the deadline; a second time, that nothing changed."""
    folder = data(tmp_path, {"returns_owed.csv": OWED + COUNCIL_OWES}, council=sent())
    path = folder / "forms" / Q3 / "the-council.xlsx"
    code, out, err = said(capsys, "forms", Q3, "--data", folder)
    assert (code, err) == (0, [])
    assert out == [
        "  The Council: Return, two measures",
        f"    {path}, due 17 January 2017",
        f"Q3 2016/17: 1 form in {path.parent}",
    ]
    assert said(capsys, "forms", "q3 2016/17", "--data", folder)[1][1] == f"    {path}, due 17 January 2017, as it was"


def test_the_command_says_what_was_sent_before_with_something_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It names the measure whose target is another now."""
    folder = data(tmp_path, {"returns_owed.csv": OWED + COUNCIL_OWES}, council=sent())
    said(capsys, "forms", Q3, "--data", folder)
    path = folder / "raw" / "2016-17-Q2" / "council.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("80%", "81%"), encoding="utf-8")
    assert said(capsys, "forms", Q3, "--data", folder)[1][2] == "    was sent before with another target for Build 5; the older one is kept beside it."


def test_the_command_needs_no_returns_yet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A partnership without a folder of returns gets its first forms; two partners with no past are told what nobody is asked for."""
    folder = data(tmp_path)
    (folder / "raw" / "2016-17-Q2").rmdir()
    (folder / "raw").rmdir()
    assert said(capsys, "forms", "2016-17-Q1", "--data", folder)[1] == [
        "Nobody is asked for 2 measures: nobody who owes such a return has reported it or its like: Build 5; Build 6.",
        "Nobody is asked for 2 returns: neither what was last reported nor a theme gives it a measure: The Council: performance; The Police: performance.",
        "Q1 2016/17: no form is owed.",
    ]


def test_a_definition_may_be_left_out_of_the_register(tmp_path: Path) -> None:
    """Without any the form has no column for them; with one, each measure's own, blank where it has none."""
    texts = {"returns_owed.csv": OWED + COUNCIL_OWES}
    heads, first, second = REGISTERS["measures.csv"].splitlines()
    defined = {"measures.csv": f"{heads},definition\n{first},Of all tenants who answered\n{second},\n"}
    for more, shown in (({}, None), (defined, ["Of all tenants who answered", ""])):
        folder = data(tmp_path / str(len(more)), texts | more)
        (form,), _ = forms(read(), reference.load(folder), Q3)
        headings = [column.heading for column in form.sheets[0].columns]
        place = headings.index("Definition") if "Definition" in headings else None
        assert (None if place is None else [row[place].text for row in form.sheets[0].rows]) == shown


def test_the_command_is_told_a_quarter_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says how a quarter is written, and writes nothing."""
    folder = data(tmp_path)
    code, out, err = said(capsys, "forms", "soon", "--data", folder)
    assert (code, out) == (2, [])
    assert "A quarter is written 2016-17-Q2." in " ".join(err)
    assert not (folder / "forms").exists()
