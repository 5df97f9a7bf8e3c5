"""The registers: the real ones load, and every mistake in a register is told at once with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis import reference
from analysis.errors import RegisterError

REAL = Path(__file__).resolve().parents[1] / "data"

GOOD = {
    "partnership.toml": 'name = "Tiny Partnership"\nlanguage = "en-GB"\n',
    "themes.csv": "theme,code,order\nBuild,B,1\n",
    "policies.csv": (
        "policy,version,from_quarter,polarity,order,band,test,factor\n"
        "five-band,1,2009-10-Q1,higher,1,HG,>=,1.05\n"
        "five-band,1,2009-10-Q1,higher,2,HR,otherwise,\n"
    ),
    "measures.csv": (
        "measure_id,theme,number,measure,polarity,unit,kind,policy,equalities,kind_basis\n"
        "Build 1,Build,1,Homes built,higher,number,quarter,five-band,no,\n"
        "Build 2,Build,2,Homes repaired,higher,percent,quarter,five-band,no,\n"
    ),
    "awards.csv": "project,round,kind,return_name\nAlley Gating,Round 1,capital,\n",
}
MEASURE = "{0},Build,{1},Homes let,{2},{3},quarter,{4},no,\n"


def register(data: Path, **changed: str | bytes) -> Path:
    """Write a small good set of registers, with some files (named without ending) replaced."""
    folder = data / "reference"
    folder.mkdir(parents=True)
    for name, text in GOOD.items():
        new = changed.get(name.partition(".")[0], text)
        (folder / name).write_bytes(new if isinstance(new, bytes) else new.encode("utf-8"))
    return data


def mistakes(data: Path) -> list[str]:
    """Give what loading says is wrong."""
    with pytest.raises(RegisterError) as raised:
        reference.load(data)
    return raised.value.problems


def test_the_real_measures_are_those_of_the_three_scorecards() -> None:
    """It loads 83 measures: 44 Build, 25 Business, 14 Protect, as source document 002 prints."""
    measures = reference.load(REAL).measures
    assert measures["measure_id"].str.partition(" ")[0].value_counts().to_dict() == {"Build": 44, "Business": 25, "Protect": 14}
    assert len(measures) == 83


def test_the_real_awards_are_those_of_round_one() -> None:
    """It loads 28 awards, all of round 1, as source document 001 prints."""
    awards = reference.load(REAL).awards
    assert awards["round"].tolist() == ["Round 1"] * 28


def test_the_partnership_names_itself() -> None:
    """It takes the partnership's name and language from its own file, so that none stands in code."""
    registers = reference.load(REAL)
    assert (registers.name, registers.language) == ("Harrow Strategic Partnership", "en-GB")


def test_a_register_that_is_not_kept_is_empty(tmp_path: Path) -> None:
    """It gives an empty frame with the right columns for a register that a partnership does not keep."""
    groups = reference.load(register(tmp_path)).groups
    assert (list(groups.columns), len(groups)) == (["group", "slug", "aliases"], 0)


def test_a_byte_order_mark_is_no_part_of_a_heading(tmp_path: Path) -> None:
    """It reads a register that Excel saved with a byte-order mark."""
    data = register(tmp_path, awards="\ufeff" + GOOD["awards.csv"])
    assert reference.load(data).awards["project"].tolist() == ["Alley Gating"]


MISTAKES = {
    "measure twice": (
        "measures", GOOD["measures.csv"] + MEASURE.format("Build 3", "1", "higher", "number", "five-band"), ["measures.csv line 4", "'Build 1'", "line 2"],
    ),
    "unknown polarity": (
        "measures", GOOD["measures.csv"] + MEASURE.format("Build 3", "3", "up", "number", "five-band"), ["measures.csv line 4", "polarity 'up'", "higher"],
    ),
    "unknown unit": (
        "measures", GOOD["measures.csv"] + MEASURE.format("Build 3", "3", "higher", "furlongs", "five-band"), ["measures.csv line 4", "unit 'furlongs'"],
    ),
    "policy that no register has": (
        "measures", GOOD["measures.csv"] + MEASURE.format("Build 3", "3", "higher", "number", "six-band"), ["measures.csv line 4", "'six-band'", "policies.csv"],
    ),
    "theme that no register has": (
        "measures", GOOD["measures.csv"].replace("Build 2,Build,", "Build 2,Bild,"), ["measures.csv line 3", "'Bild'", "themes.csv"],
    ),
    "measure_id twice": (
        "measures", GOOD["measures.csv"] + MEASURE.format("Build 1", "3", "higher", "number", "five-band"), ["measures.csv line 4", "'Build 1'", "line 2 already"],
    ),
    "row cut short": ("measures", GOOD["measures.csv"] + "Build 3,Build\n", ["measures.csv line 4", "has 2 cells, not 10"]),
    "heading missing": ("measures", GOOD["measures.csv"].replace("polarity", "polarty"), ["measures.csv", "heading 'polarity' is missing"]),
    "line after a cell of two lines": (
        "measures",
        GOOD["measures.csv"].replace("Homes built", '"Homes\nbuilt"') + MEASURE.format("Build 3", "3", "up", "number", "five-band"),
        ["measures.csv line 5", "polarity 'up'"],
    ),
    "award of unknown kind": ("awards", GOOD["awards.csv"] + "Green Gyms,Round 1,money,\n", ["awards.csv line 3", "kind 'money'"]),
    "factor that is no number": ("policies", GOOD["policies.csv"].replace("1.05", "lots"), ["policies.csv line 2", "factor 'lots'"]),
    "band nobody knows": ("policies", GOOD["policies.csv"].replace("HR", "XX"), ["policies.csv line 3", "band 'XX'"]),
    "register in another encoding": ("awards", "project,round,kind,return_name\nCafé,Round 1,capital,\n".encode("cp1252"), ["awards.csv", "cannot be read"]),
    "partnership file in another encoding": ("partnership", 'name = "Café"\n'.encode("cp1252"), ["partnership.toml"]),
    "partnership file that is no TOML": ("partnership", "name = \n", ["partnership.toml"]),
}  # fmt: skip


@pytest.mark.parametrize(("file", "text", "told"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_file_and_line(tmp_path: Path, file: str, text: str | bytes, told: list[str]) -> None:
    """It tells one mistake as one problem, naming file, line and what stands there."""
    (problem,) = mistakes(register(tmp_path, **{file: text}))
    assert [part for part in told if part not in problem] == []


def test_a_missing_partnership_file_is_told(tmp_path: Path) -> None:
    """It says that the file that names the partnership is missing."""
    data = register(tmp_path)
    (data / "reference" / "partnership.toml").unlink()
    (problem,) = mistakes(data)
    assert problem.startswith("partnership.toml")


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    """It tells the mistakes of three registers in one error, not the first alone."""
    data = register(
        tmp_path,
        measures=GOOD["measures.csv"] + MEASURE.format("Build 3", "3", "up", "furlongs", "five-band"),
        awards=GOOD["awards.csv"] + "Alley Gating,Round 1,money,\n",
        policies=GOOD["policies.csv"].replace("1.05", "lots"),
    )
    told = mistakes(data)
    assert sorted(problem.partition(":")[0] for problem in told) == [
        "awards.csv line 3", "awards.csv line 3", "measures.csv line 4", "measures.csv line 4", "policies.csv line 2",
    ]  # fmt: skip


def test_mistakes_within_and_between_registers_are_told_together(tmp_path: Path) -> None:
    """It tells an unknown polarity and an unknown policy in the same error."""
    data = register(tmp_path, measures=GOOD["measures.csv"] + MEASURE.format("Build 3", "3", "up", "number", "six-band"))
    told = " | ".join(mistakes(data))
    assert [part for part in ("'up'", "'six-band'") if part not in told] == []
