"""The store: what is read is what was written, a broken contract goes neither in nor out, and a write is whole or not at all."""

from __future__ import annotations

import errno
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from analysis import frames, store
from analysis.errors import AskedWrongly, FrameError

QUARTER = "2016-17-Q2"
GAP = {"what": "return", "name": "The Souk", "quarter": QUARTER}
TOTAL = {"round": "Round 1", "kind": "all", "what": "Total grant awarded"}


def kept(data: Path) -> list[str]:
    """Give the names of all files in the quarter's folder."""
    return sorted(path.name for path in (data / "processed" / QUARTER).iterdir())


def missing(name: str = "The Souk") -> pd.DataFrame:
    """Give a frame of one gap."""
    return frames.make([GAP | {"name": name}], frames.MISSING)


def totals(*known: Decimal | None) -> pd.DataFrame:
    """Give a frame of totals with these known parts."""
    return frames.make([TOTAL | {"what": str(number), "known": value} for number, value in enumerate(known)], frames.GRANT_TOTALS)


def fails(*_: Any, **__: Any) -> None:
    """Fail as a full disk does."""
    raise OSError(errno.ENOSPC, "No space left on device")


# ---------------------------------------------------------------- round trip

EXACT = {
    "pounds and pence": Decimal("4681012.65"),
    "noughts at the end": Decimal("1600.00"),
    "what no binary fraction is": Decimal("0.1"),
    "below zero": Decimal("-941.50"),
    "zero": Decimal(0),
    "forty digits": Decimal("1234567890123456789012345678.901234567890"),
    "very small": Decimal("1E-10"),
    "missing": None,
}


@pytest.mark.parametrize("value", EXACT.values(), ids=EXACT)
def test_an_exact_figure_comes_back_exactly(value: Decimal | None, tmp_path: Path) -> None:
    """It gives back each decimal with every digit that it had, and a missing one as missing."""
    store.write(totals(value), "grant_totals", tmp_path, QUARTER)
    (back,) = store.read("grant_totals", tmp_path, QUARTER)["known"]
    assert (back, back and back.as_tuple()) == (value, value and value.as_tuple())


def test_exact_figures_and_missing_ones_stand_together(tmp_path: Path) -> None:
    """It gives back a column of both as it was."""
    store.write(totals(Decimal("1.10"), None, Decimal(2)), "grant_totals", tmp_path, QUARTER)
    assert store.read("grant_totals", tmp_path, QUARTER)["known"].tolist() == [Decimal("1.10"), None, Decimal(2)]


WORDS = {
    "nothing": "",
    "spaces and line ends": "  One\r\nTwo\t",
    "what looks like a number": "007",
    "what looks missing": "NaN",
    "letters from elsewhere": "Café £5 \u2212 茶 \U0001f600",
    "a nought byte": "a\x00b",
}


@pytest.mark.parametrize("text", WORDS.values(), ids=WORDS)
def test_text_comes_back_as_it_was(text: str, tmp_path: Path) -> None:
    """It gives back text letter by letter, and never takes it for a number or a gap."""
    store.write(missing(text), "missing", tmp_path, QUARTER)
    assert store.read("missing", tmp_path, QUARTER)["name"].tolist() == [text]


def test_whole_numbers_come_back_with_their_gaps(tmp_path: Path) -> None:
    """It keeps whole numbers whole where some are missing."""
    made = frames.make([TOTAL | {"what": "a", "known_count": 3}, TOTAL | {"what": "b"}], frames.GRANT_TOTALS)
    store.write(made, "grant_totals", tmp_path, QUARTER)
    back = store.read("grant_totals", tmp_path, QUARTER)["known_count"]
    assert (str(back.dtype), frames.rows(back.to_frame())) == ("Int64", [{"known_count": 3}, {"known_count": None}])


def test_yes_and_no_come_back(tmp_path: Path) -> None:
    """It keeps yes and no as such."""
    made = frames.make([{"measure_id": "A", "target_annual": True}, {"measure_id": "B"}], frames.OBSERVATIONS)
    store.write(made, "observations", tmp_path, QUARTER)
    assert store.read("observations", tmp_path, QUARTER)["target_annual"].tolist() == [True, False]


@pytest.mark.parametrize("name", frames.CONTRACTS)
def test_a_frame_of_any_contract_comes_back_whole(name: str, tmp_path: Path) -> None:
    """It gives back the same frame, kinds of columns included, also where it holds nothing but gaps."""
    made = frames.make([{}], frames.CONTRACTS[name])
    store.write(made, name, tmp_path, QUARTER)
    assert_frame_equal(store.read(name, tmp_path, QUARTER), made)


@pytest.mark.parametrize("name", ["issues", "grant_totals", "observations"])
def test_a_frame_without_a_row_comes_back_whole(name: str, tmp_path: Path) -> None:
    """It gives back the same kinds of columns where there is no row to tell them by."""
    made = frames.make([], frames.CONTRACTS[name])
    store.write(made, name, tmp_path, QUARTER)
    assert_frame_equal(store.read(name, tmp_path, QUARTER), made)


def test_only_the_columns_of_the_contract_are_kept(tmp_path: Path) -> None:
    """It leaves out columns that no contract promises."""
    store.write(missing().assign(scratch=1), "missing", tmp_path, QUARTER)
    assert list(store.read("missing", tmp_path, QUARTER).columns) == list(frames.MISSING.columns)


def test_writing_leaves_the_frame_as_it_was(tmp_path: Path) -> None:
    """It does not change what it keeps."""
    made = totals(Decimal("1.10"))
    before = made.copy(deep=True)
    store.write(made, "grant_totals", tmp_path, QUARTER)
    assert_frame_equal(made, before)


# ---------------------------------------------------------------- contracts


def test_a_frame_that_breaks_its_contract_does_not_go_in(tmp_path: Path) -> None:
    """It refuses it, says why, and writes nothing."""
    with pytest.raises(FrameError, match="column 'state' is missing"):
        store.write(missing().drop(columns="state"), "missing", tmp_path, QUARTER)
    assert not (tmp_path / "processed").exists()


def test_a_file_that_breaks_its_contract_does_not_come_out(tmp_path: Path) -> None:
    """It refuses what an older version or another hand has left."""
    store.write(missing(), "missing", tmp_path, QUARTER)
    missing().drop(columns="state").to_parquet(tmp_path / "processed" / QUARTER / "missing.parquet")
    with pytest.raises(FrameError, match="column 'state' is missing"):
        store.read("missing", tmp_path, QUARTER)


def test_a_file_with_another_kind_of_column_does_not_come_out(tmp_path: Path) -> None:
    """It refuses numbers where text is promised."""
    store.write(missing(), "missing", tmp_path, QUARTER)
    missing().assign(state=1).to_parquet(tmp_path / "processed" / QUARTER / "missing.parquet")
    with pytest.raises(FrameError, match="column 'state' should hold text values, but holds 1"):
        store.read("missing", tmp_path, QUARTER)


def test_a_key_that_stands_twice_does_not_go_in(tmp_path: Path) -> None:
    """It refuses two rows of one key."""
    twice = pd.concat([totals(None)] * 2, ignore_index=True)
    with pytest.raises(FrameError, match="stands twice"):
        store.write(twice, "grant_totals", tmp_path, QUARTER)


def test_a_file_of_another_hand_that_keeps_the_contract_comes_out(tmp_path: Path) -> None:
    """It reads what pandas wrote by itself, where a column of nothing but gaps has no type and the order is another."""
    made = totals(None, None)
    store.write(made, "grant_totals", tmp_path, QUARTER)
    made[[*reversed(made.columns)]].to_parquet(tmp_path / "processed" / QUARTER / "grant_totals.parquet")
    assert_frame_equal(store.read("grant_totals", tmp_path, QUARTER)[list(made.columns)], made)


def test_a_file_that_is_no_frame_is_named(tmp_path: Path) -> None:
    """It names the file that cannot be read and says that it is made anew by running again."""
    store.write(missing(), "missing", tmp_path, QUARTER)
    (tmp_path / "processed" / QUARTER / "missing.parquet").write_bytes(b"PAR1 half a file")
    with pytest.raises(AskedWrongly, match="cannot be read") as raised:
        store.read("missing", tmp_path, QUARTER)
    assert (raised.value.subject, raised.value.hint) == (
        str(tmp_path / "processed" / QUARTER / "missing.parquet"),
        "Run the notebooks again: it is made anew.",
    )


def test_the_same_frame_is_the_same_bytes(tmp_path: Path) -> None:
    """It writes nothing of when or where it was written, so that two runs can be compared by their files."""
    made = [store.write(totals(Decimal("1.10"), None), "grant_totals", tmp_path, quarter) for quarter in (QUARTER, "2016-17-Q1")]
    first, second = ((tmp_path / "processed" / quarter / "grant_totals.parquet").read_bytes() for quarter in (QUARTER, "2016-17-Q1"))
    assert (len(made), first == second) == (2, True)


def test_any_reader_of_parquet_finds_the_figures(tmp_path: Path) -> None:
    """It keeps text as text, whole numbers as such with their gaps, and exact figures as the text of their digits."""
    store.write(totals(Decimal("1.10"), None), "grant_totals", tmp_path, QUARTER)
    kept = pd.read_parquet(tmp_path / "processed" / QUARTER / "grant_totals.parquet")
    assert (str(kept["known_count"].dtype), kept["known"].tolist()[0], bool(kept["known"].isna()[1])) == ("Int64", "1.10", True)


def test_a_file_that_is_changed_is_read_again(tmp_path: Path) -> None:
    """It goes by what stands in the file, also where that is of the same length and time."""
    store.write(missing("old"), "missing", tmp_path, QUARTER)
    path = tmp_path / "processed" / QUARTER / "missing.parquet"
    was, first = path.stat(), store.read("missing", tmp_path, QUARTER)
    store.write(missing("new"), "missing", tmp_path, QUARTER)
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    again = store.read("missing", tmp_path, QUARTER)
    assert (path.stat().st_size, first["name"][0], again["name"][0]) == (was.st_size, "old", "new")


@pytest.mark.parametrize("small", [0, 2**20], ids=["read anew", "read once"])
def test_nobody_changes_the_frame_of_another(small: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It gives whoever asks second what was written, whatever the first has done to its own."""
    monkeypatch.setattr(store, "_SMALL", small)
    store.write(totals(Decimal("1.10"), None), "grant_totals", tmp_path, QUARTER)
    mine = store.read("grant_totals", tmp_path, QUARTER)
    mine.loc[0, "known"] = Decimal(9)
    mine["round"] = "spoilt"
    mine["more"] = 1
    mine.columns.name = "spoilt"
    assert_frame_equal(store.read("grant_totals", tmp_path, QUARTER), totals(Decimal("1.10"), None))


# ---------------------------------------------------------------- whole or not at all


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says that the folder cannot be written, and what was kept before is still there."""
    store.write(missing("old"), "missing", tmp_path, QUARTER)
    monkeypatch.setattr("pyarrow.parquet.write_table", fails)
    with pytest.raises(AskedWrongly, match="No space left on device"):
        store.write(missing("new"), "missing", tmp_path, QUARTER)
    assert store.read("missing", tmp_path, QUARTER)["name"].tolist() == ["old"]


def test_a_write_that_fails_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes away what it had begun to write: the disk is full already."""
    store.write(missing("old"), "missing", tmp_path, QUARTER)
    monkeypatch.setattr("pyarrow.parquet.write_table", fails)
    with pytest.raises(AskedWrongly):
        store.write(missing("new"), "missing", tmp_path, QUARTER)
    assert kept(tmp_path) == ["missing.parquet"]


def test_a_write_that_fails_at_the_last_step_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It puts the new file in the old one's place in one step, and the old one stays if that cannot be done."""
    store.write(missing("old"), "missing", tmp_path, QUARTER)
    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(AskedWrongly):
        store.write(missing("new"), "missing", tmp_path, QUARTER)
    assert store.read("missing", tmp_path, QUARTER)["name"].tolist() == ["old"]


def test_a_write_that_was_killed_is_not_taken_for_a_frame(tmp_path: Path) -> None:
    """It passes over what a killed write left beside, and forgetting takes it away."""
    store.write(missing(), "missing", tmp_path, QUARTER)
    (tmp_path / "processed" / QUARTER / ".missing-abc123").write_bytes(b"half")
    assert list(store.read_all(tmp_path, QUARTER)) == ["missing"]
    store.forget(tmp_path, QUARTER)
    assert kept(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """It says where it wanted to write when a file stands in the folder's place."""
    (tmp_path / "processed").write_text("in the way")
    with pytest.raises(AskedWrongly, match=f"processed/{QUARTER}: 1 problem"):
        store.write(missing(), "missing", tmp_path, QUARTER)


# ---------------------------------------------------------------- names


def test_a_frame_that_was_not_made_says_what_to_run(tmp_path: Path) -> None:
    """It names the frame and the quarter, and says to run the notebooks before."""
    with pytest.raises(AskedWrongly) as raised:
        store.read("scores", tmp_path, QUARTER)
    assert str(raised.value) == "frame 'scores' of 2016-17-Q2: 1 problem\n  - has not been made yet\n  Run the notebooks before this one first."


def test_a_quarter_without_returns_is_answered_with_those_that_have_some(tmp_path: Path) -> None:
    """A frame of a quarter that nobody has sent anything for names the quarters that there are; where there are none it says what makes frames."""
    for hint in ("Run the notebooks before this one first.", "There are returns for 2015-16-Q2, 2016-17-Q1."):
        for ask in (lambda: store.read("scores", tmp_path, "2016-17-Q2"), lambda: store.read_all(tmp_path, "2016-17-Q2")):
            with pytest.raises(AskedWrongly) as raised:
                ask()
            assert raised.value.hint == hint
        for quarter in ("2016-17-Q1", "2015-16-Q2"):
            (tmp_path / "raw" / quarter).mkdir(parents=True, exist_ok=True)


def test_a_quarter_of_which_nothing_was_made_says_what_to_run(tmp_path: Path) -> None:
    """It says so for all frames of a quarter together."""
    with pytest.raises(AskedWrongly, match="the frames of 2016-17-Q2: 1 problem"):
        store.read_all(tmp_path, QUARTER)


def test_frames_as_read_are_kept_beside_the_finished_ones(tmp_path: Path) -> None:
    """It keeps both under their own names, and gives back the one kind that is asked for."""
    store.write_all({"missing": missing("before")}, tmp_path, QUARTER, store.AS_READ)
    store.write_all({"missing": missing("after")}, tmp_path, QUARTER)
    assert kept(tmp_path) == ["missing.parquet", "missing_as_read.parquet"]
    assert store.read_all(tmp_path, QUARTER)["missing"]["name"].tolist() == ["after"]
    assert store.read_all(tmp_path, QUARTER, store.AS_READ)["missing"]["name"].tolist() == ["before"]


def test_forgetting_a_quarter_leaves_the_others(tmp_path: Path) -> None:
    """It removes what is kept for one quarter only."""
    for quarter in (QUARTER, "2016-17-Q1"):
        store.write(missing(), "missing", tmp_path, quarter)
    store.forget(tmp_path, QUARTER)
    assert kept(tmp_path) == []
    assert len(store.read("missing", tmp_path, "2016-17-Q1")) == 1


def test_forgetting_a_quarter_that_was_never_kept(tmp_path: Path) -> None:
    """It has nothing to do, and makes no folder."""
    store.forget(tmp_path, QUARTER)
    assert list(tmp_path.iterdir()) == []
