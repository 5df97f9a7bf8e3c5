"""Published folders read back: exact numbers, empty for nothing, and everything wrong with any of them at once."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from published_by_hand import NOW, measure, publish

from analysis import changes
from analysis.errors import AskedWrongly
from analysis.frames import rows

HINT = "Publish the quarter with `workbook run`, or give the path of a published folder."


def problems(*folders: Path, policies: pd.DataFrame | None = None) -> list[str]:
    """Give what is said to be wrong with folders."""
    with pytest.raises(AskedWrongly) as fault:
        changes.open_editions(folders, policies)
    assert fault.value.hint == HINT
    return fault.value.problems


def test_numbers_are_exact_and_an_empty_cell_is_missing(tmp_path: Path) -> None:
    """It gives decimals with the places they are written with, never floats, and None for nothing."""
    (edition,) = changes.open_editions([publish(tmp_path / "one", scorecard=[measure("100", "97.10", "-2.90", "A", target_high="")])])
    row = rows(edition.scores)[0]
    assert (str(row["actual"]), str(row["variance"]), row["target_high"], row["sheet"]) == ("97.10", "-2.90", None, "")
    assert isinstance(row["actual"], Decimal)
    assert (edition.quarter, edition.versions["pandas"], edition.inputs[NOW, "council.csv"], edition.own_policies) == (NOW, "3.1.1", "c1", True)


def test_everything_wrong_with_both_folders_is_told_at_once(tmp_path: Path) -> None:
    """It names a folder that is not there, and in another each file that is missing, lacks a column, or holds what is no number."""
    folder = publish(tmp_path / "one", scorecard=[measure("100", "97", "-3.00", "A", variance="three"), measure("100", "97", "-3.00", "A")])
    (folder / "data" / "awards.csv").unlink()
    (folder / "data" / "monthly.csv").write_text("indicator,month,value\n", encoding="utf-8")
    (folder / "data" / "receipts.csv").write_bytes(b"figure_id\n\xff\n")
    (folder / "data" / "policies.csv").write_text(
        "policy,version,from_quarter,polarity,order,band,test,factor\na,1,2009-10-Q1,higher,1,HG,>=,much\n", encoding="utf-8"
    )
    (folder / "manifest.json").write_text('{"quarter": "soon", "versions": {}, "registers": [], "inputs": [{"file": "x"}]}', encoding="utf-8")
    said = problems(tmp_path / "nowhere", folder)
    wanted = [
        "nowhere: there is no such folder",
        "manifest.json: 'registers' is missing or is not what a manifest says",
        "manifest.json: 'quarter' is missing or is not what a manifest says",
        "manifest.json: 'inputs' is missing or is not what a manifest says",
        "scorecard.csv: row 2, variance: 'three' is not a number",
        "scorecard.csv: Build 5, 2016-17-Q2 stands twice",
        "awards.csv is missing",
        "monthly.csv has no column 'value_raw', 'value_reason', 'value_cell', 'quarter', 'file', 'sheet'",
        "receipts.csv cannot be read: ",
        "policies.csv is not a register of policies: ",
    ]
    assert len(said) == len(wanted)
    assert [text for text, end in zip(said, wanted, strict=True) if end not in text] == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param(None, "manifest.json is missing", id="none"),
        pytest.param("{", "manifest.json cannot be read: ", id="broken off"),
        pytest.param("[]", "manifest.json is not a manifest", id="a list"),
        pytest.param("{}", "manifest.json: 'quarter' is missing", id="empty"),
    ],
)
def test_a_manifest_that_cannot_be_gone_by_is_told(text: str | None, wanted: str, tmp_path: Path) -> None:
    """It says what is wrong with it, whichever way it is."""
    folder = publish(tmp_path / "one")
    (folder / "manifest.json").unlink()
    if text is not None:
        (folder / "manifest.json").write_text(text, encoding="utf-8")
    assert wanted in problems(folder)[0]


@pytest.mark.parametrize("number", ["1e5", "1_000", "NaN", "Infinity", " 5", "5%", "\u0661"])
def test_a_number_is_only_what_was_published_as_one(number: str, tmp_path: Path) -> None:
    """It guesses nothing: what is not plain digits, a point and a sign is told."""
    assert "is not a number" in problems(publish(tmp_path / "one", scorecard=[measure("100", "97", number, "A")]))[0]


def test_a_row_of_another_length_is_told(tmp_path: Path) -> None:
    """It does not guess which cell is left out."""
    folder = publish(tmp_path / "one", grant_totals=[])
    path = folder / "data" / "grant_totals.csv"
    path.write_text(path.read_text(encoding="utf-8") + "Total,1\n", encoding="utf-8")
    assert problems(folder) == [f"{path}: row 2 has 2 cells, and the headings 7"]


def test_policies_are_those_of_the_folder_or_those_given(tmp_path: Path) -> None:
    """It takes the register given only for a folder without one, and says when there is neither."""
    with_own, without = publish(tmp_path / "one"), publish(tmp_path / "other")
    (without / "data" / "policies.csv").unlink()
    given = pd.DataFrame(
        [["p", "1", "2009-10-Q1", "higher", "1", "HG", "otherwise", ""]],
        columns=["policy", "version", "from_quarter", "polarity", "order", "band", "test", "factor"],
    )
    editions = changes.open_editions([with_own, without], given)
    assert [(edition.own_policies, set(edition.policies["policy"])) for edition in editions] == [(True, {"five-band", "three-band"}), (False, {"p"})]
    assert problems(without) == [f"{without / 'data' / 'policies.csv'} is missing, and no other policies are given"]
