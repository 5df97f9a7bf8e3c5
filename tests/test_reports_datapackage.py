"""The description of the published CSV files: whole, true, in plain words, and accepted by the standard's own validator."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from frictionless import validate

from analysis import frames, reports
from analysis.reports import datapackage, dictionary, publication
from analysis.vocabulary import Band, Severity

REAL = Path(__file__).resolve().parents[1] / "data"
QUARTER = "2016-17-Q2"
RUNS = ("published", "published_grant", "published_recession", "synthetic", "example")
Rows = list[dict[str, Any]]


@pytest.fixture(scope="session")
def folders(published: Run, published_grant: Run, published_recession: Run, synthetic: Run, example: Run) -> dict[str, Path]:
    """Give the published data of every quarter that tests look at."""
    return {name: run.folder / "data" for name, run in zip(RUNS, (published, published_grant, published_recession, synthetic, example), strict=True)}


def report(**kept: Rows) -> reports.Report:
    """Give the report of a quarter that has only these rows."""
    made = {name: frames.make([{"quarter": QUARTER} | row for row in rows], frames.CONTRACTS[name]) for name, rows in kept.items()}
    return reports.open_report(QUARTER, REAL, made)


def written(folder: Path, **kept: Rows) -> dict[str, Any]:
    """Publish these rows into a folder and give what describes them."""
    of = report(**kept)
    publication.write_data(publication.tables(of), folder)
    datapackage.write(of, folder)
    return described(folder)


def described(folder: Path) -> dict[str, Any]:
    """Read the description of a folder."""
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def faults(folder: Path) -> list[list[Any]]:
    """Give what the standard's validator finds wrong in a folder: the kind of fault, row and column."""
    return validate(str(folder / "datapackage.json")).flatten(["type", "rowNumber", "fieldName"])


def resource(package: dict[str, Any], name: str) -> dict[str, Any]:
    """Give what a package says of one file."""
    (found,) = [one for one in package["resources"] if one["path"] == f"{name}.csv"]
    return found


CHANGES = {name: list(frames.CHANGES.columns) for name in ("changes", "since_last_run")}
PUBLISHED = {name: list(frame.columns) for name, frame in publication.tables(report()).items()} | CHANGES
"""Every published table, with its columns."""

# ---------------------------------------------------------------- published quarters


@pytest.mark.parametrize("run", RUNS)
def test_the_validator_of_the_standard_finds_nothing(run: str, folders: dict[str, Path]) -> None:
    """Types, closed lists, required cells, primary keys, sizes and fingerprints are all as described."""
    assert faults(folders[run]) == []


@pytest.mark.parametrize("run", RUNS)
def test_every_file_is_described_and_none_else(run: str, folders: dict[str, Path]) -> None:
    """It has each CSV file of the folder once, with the columns in the order of the file."""
    package = described(folders[run])
    found = {one["path"]: [field["name"] for field in one["schema"]["fields"]] for one in package["resources"]}
    assert len(found) == len(package["resources"])
    assert found == {path.name: path.read_text(encoding="utf-8").partition("\n")[0].split(",") for path in folders[run].glob("*.csv")}


@pytest.mark.parametrize("run", RUNS)
def test_every_key_names_one_row(run: str, folders: dict[str, Path]) -> None:
    """Also a key with a column that may be empty, which the validator does not look at, has no two rows alike."""
    twice = []
    for one in described(folders[run])["resources"]:
        keys = [one["schema"].get("primaryKey", []), *one["schema"].get("uniqueKeys", [])]
        with (folders[run] / one["path"]).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for key in filter(None, keys):
            twice += [(one["path"], row) for row, times in Counter(tuple(row[name] for name in key) for row in rows).items() if times > 1]
    assert twice == []


@pytest.mark.parametrize("run", RUNS)
def test_the_returns_are_the_sources(run: str, folders: dict[str, Path]) -> None:
    """It names each file that a partner sent, once for each quarter that it is of."""
    with (folders[run] / "returns.csv").open(encoding="utf-8", newline="") as file:
        sent = [row["file"] for row in csv.DictReader(file)]
    titles = [source["title"] for source in described(folders[run])["sources"]]
    assert len(titles) == len(sent)
    assert all(file in title for file, title in zip(sent, titles, strict=True))


# ---------------------------------------------------------------- words


def test_every_published_table_says_what_a_row_is() -> None:
    """It has one sentence for each table, and none for a table that there is not."""
    assert set(dictionary.TABLES) == set(PUBLISHED)
    assert [words for words in dictionary.TABLES.values() if not (words.endswith(".") and words.startswith("One "))] == []


@pytest.mark.parametrize("table", PUBLISHED)
def test_every_published_column_is_described(table: str) -> None:
    """It has plain words for each column, and for each column of numbers what they are in."""
    fields = datapackage.schema(table, PUBLISHED[table])["fields"]
    assert [field["name"] for field in fields if not field.get("description", "").endswith(".")] == []
    assert [field["name"] for field in fields if field["type"] in ("number", "integer") and not field.get("unit")] == []


def test_the_dictionary_has_no_words_for_columns_that_are_not_there() -> None:
    """A column that goes takes its words with it."""
    everywhere = {column for columns in PUBLISHED.values() for column in columns}
    parts = {column.rpartition("_")[0] for column in everywhere}
    assert set(dictionary.COLUMNS) - everywhere - parts == set()
    assert [(table, column) for table, own in dictionary.OF_TABLE.items() for column in own if column not in PUBLISHED.get(table, [])] == []


def test_a_column_of_a_figure_has_the_figures_words_and_its_own() -> None:
    """It says of which figure it is, then what it tells of it."""
    assert dictionary.words("monthly", "value_reason") == "The figure, as an exact number. Why there is no figure; empty where there is one."


def test_a_column_without_words_is_left_without() -> None:
    """It makes up nothing."""
    assert dictionary.words("scorecard", "colour") == ""
    assert "description" not in datapackage.schema("scorecard", ["colour"])["fields"][0]


# ---------------------------------------------------------------- schemas


@pytest.mark.parametrize(
    ("table", "column", "kind"),
    [
        ("scorecard", "actual", "number"),
        ("scorecard", "measure", "string"),
        ("awards", "row", "integer"),
        ("exceptions", "key_challenge", "boolean"),
        ("findings", "printed", "string"),
    ],
)
def test_a_column_has_the_type_of_its_contract(table: str, column: str, kind: str) -> None:
    """Exact figures are numbers, rows whole numbers, yes and no booleans, all else text."""
    assert datapackage.schema(table, [column])["fields"][0]["type"] == kind


def test_yes_and_no_are_read_as_they_are_written() -> None:
    """A boolean column says which words mean which, and is never missing."""
    (field,) = datapackage.schema("milestones", ["overdue"])["fields"]
    assert (field["trueValues"], field["falseValues"], field["constraints"]) == (["True"], ["False"], {"required": True})


@pytest.mark.parametrize(
    ("table", "column", "words"),
    [
        ("scorecard", "band", [str(band) for band in Band]),
        ("issues", "severity", [str(severity) for severity in Severity]),
        ("scorecard", "agreement", ["agrees", "differs", "rounding", "not computable", "not scored"]),
        ("grades", "timeliness", ["good", "fair", "poor", "not known"]),
        ("disagreements", "rounding_explains", ["yes", "no"]),
    ],
)
def test_a_closed_vocabulary_is_listed(table: str, column: str, words: list[str]) -> None:
    """It lists every word that can stand there, without the empty one, which is a missing value."""
    assert datapackage.schema(table, [column])["fields"][0]["constraints"]["enum"] == words


def test_a_name_is_not_held_to_the_words_of_another_table() -> None:
    """The agreement of an award is a name, whatever words the scorecard has for how bands agree."""
    assert "constraints" not in datapackage.schema("entitlement", ["agreement"])["fields"][0]


def test_a_reason_is_one_of_the_reasons() -> None:
    """It lists why a figure may be missing for the reason of a figure, and for no other reason."""
    of_figure, of_file = (datapackage.schema(table, [column])["fields"][0] for table, column in (("awards", "award_reason"), ("returns", "reason")))
    assert "suppressed" in of_figure["constraints"]["enum"]
    assert "constraints" not in of_file


def test_a_key_that_is_always_filled_is_the_primary_key() -> None:
    """Its columns are required, as the standard has it."""
    made = datapackage.schema("scorecard", PUBLISHED["scorecard"])
    required = [field["name"] for field in made["fields"] if field.get("constraints", {}).get("required")]
    assert (made["primaryKey"], required) == (["measure_id", "quarter"], ["measure_id", "quarter"])


def test_a_key_with_a_column_that_may_be_empty_is_a_unique_key() -> None:
    """A CSV file has no sheet, so that a cell's key cannot be a primary one; its columns stay optional."""
    made = datapackage.schema("cells", PUBLISHED["cells"])
    assert made["uniqueKeys"] == [["quarter", "file", "sheet", "cell"]]
    assert "primaryKey" not in made
    assert not any(field.get("constraints", {}).get("required") for field in made["fields"])


def test_a_table_that_lacks_a_column_of_its_key_has_no_key() -> None:
    """It never names a column that the file does not have."""
    made = datapackage.schema("scorecard", ["measure_id", "band"])
    assert {"primaryKey", "uniqueKeys"} & set(made) == set()


# ---------------------------------------------------------------- the package


def test_the_package_says_whose_quarter_it_is(tmp_path: Path) -> None:
    """It names partnership, quarter and the quarter's last day, and claims no licence that nobody has given."""
    package = written(tmp_path)
    assert (package["partnership"], package["quarter"], package["created"]) == ("Harrow Strategic Partnership", QUARTER, "2016-09-30T00:00:00Z")
    assert package["name"] == "harrow-strategic-partnership-2016-17-q2"
    assert "Q2 2016/17" in package["title"]
    assert {"licenses", "sources"} & set(package) == set()


def test_an_empty_quarter_is_described_too(tmp_path: Path) -> None:
    """Files with headings alone are accepted by the validator."""
    written(tmp_path)
    assert faults(tmp_path) == []


def test_an_empty_cell_is_the_only_missing_value(tmp_path: Path) -> None:
    """Words such as `[c]` or `None` stay words."""
    assert {tuple(one["schema"]["missingValues"]) for one in written(tmp_path)["resources"]} == {("",)}


def test_the_same_report_gives_the_same_text(tmp_path: Path) -> None:
    """It holds nothing of the clock or the machine."""
    rows = [{"file": "r.csv", "partner": "P", "cells": 1, "used": 1, "ignored": 0, "quarantined": 0}]
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, returns=rows)
        made.append((tmp_path / name / "datapackage.json").read_bytes())
    assert made[0] == made[1]
    assert str(tmp_path).encode() not in made[0]


def test_size_and_fingerprint_are_those_of_the_file(tmp_path: Path) -> None:
    """It counts bytes, not characters: the pound sign takes two."""
    package = written(tmp_path, issues=[{"file": "r.csv", "severity": "info", "stage": "cell", "message": "£1"}])
    content = (tmp_path / "issues.csv").read_bytes()
    assert "£1".encode() in content
    assert resource(package, "issues")["bytes"] == len(content)


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    """The validator sees that the file is no longer the one described."""
    written(tmp_path, issues=[{"file": "r.csv", "severity": "info", "stage": "cell"}])
    path = tmp_path / "issues.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("r.csv", "s.csv"), encoding="utf-8")
    assert [fault[0] for fault in faults(tmp_path)] == ["hash-count"]


def test_a_word_outside_a_closed_list_is_noticed(tmp_path: Path) -> None:
    """The closed lists are not there for show."""
    written(tmp_path, issues=[{"file": "r.csv", "severity": "dreadful", "stage": "cell"}])
    assert faults(tmp_path) == [["constraint-error", 2, "severity"]]


HOSTILE = ["=1+1", 'He said "no", twice', "two\nlines", "a lone\rreturn", "<b>bold</b>", "x" * 40_000]


@pytest.mark.parametrize("text", HOSTILE, ids=["formula", "quotes", "lines", "return", "tags", "long"])
def test_whatever_a_partner_types_can_be_read_back(tmp_path: Path, text: str) -> None:
    """The validator finds one row with as many cells as columns."""
    written(tmp_path, issues=[{"file": "r.csv", "severity": "info", "stage": "cell", "message": text}])
    assert faults(tmp_path) == []


def test_a_folder_without_files_has_nothing_to_describe(tmp_path: Path) -> None:
    """It describes what is there and nothing else."""
    assert "resources" not in json.loads(datapackage.describe(report(), tmp_path))
