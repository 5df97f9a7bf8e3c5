"""The registers: the real ones load, and every mistake in a register is told at once with its file and line."""

from __future__ import annotations

import hashlib
import os
from decimal import Decimal
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
        "Build 1,Build,1,Homes built,higher,number,quarter count,five-band,no,\n"
        "Build 2,Build,2,Homes repaired,higher,percent,quarter count,five-band,no,\n"
    ),
    "awards.csv": "project,round,kind,return_name\nAlley Gating,Round 1,capital,\n",
}
MEASURE = "{0},Build,{1},Homes let,{2},{3},quarter count,{4},no,\n"


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
    assert (list(groups.columns), len(groups)) == (["group", "slug", "aliases", "themes"], 0)


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


ADJUSTMENTS = "measure_id,what,from_quarter,until_quarter,value,author,date,reason\nBuild 1,break,2016-17-Q2,,,An Author,2016-09-30,New system\n"
COMPARATORS = "group,measure_id,subject,period,member,value,rank,of,quartile,source\nLondon,Build 1,,2016-17-Q1,Brent,12.5,,,,printed\n"
REVISIONS = "measure_id,quarter,was,now,reason,author,date\nBuild 1,2016-17-Q1,12.5,13,Late form,An Author,2016-10-01\n"
KEPT = {"adjustments": ADJUSTMENTS, "comparators": COMPARATORS, "revisions": REVISIONS}


def register_kept(data: Path, **changed: str) -> Path:
    """Write the small good set of registers with those of adjustments, comparators and revisions beside it."""
    folder = register(data, **{name: text for name, text in changed.items() if name not in KEPT}) / "reference"
    for name, text in KEPT.items():
        (folder / f"{name}.csv").write_text(changed.get(name, text), encoding="utf-8")
    return data


def test_the_further_registers_are_read(tmp_path: Path) -> None:
    """It reads the registers of adjustments, comparators and revisions, with an end, a rank or a place left blank."""
    registers = reference.load(register_kept(tmp_path))
    (adjustment,), (comparator,), (revision,) = (frame.to_dict("records") for frame in (registers.adjustments, registers.comparators, registers.revisions))
    assert (adjustment["measure_id"], adjustment["what"], adjustment["until_quarter"], adjustment["reason"]) == ("Build 1", "break", "", "New system")
    assert (comparator["member"], comparator["value"], comparator["rank"], comparator["quartile"]) == ("Brent", "12.5", "", "")
    assert (revision["was"], revision["now"], revision["date"]) == ("12.5", "13", "2016-10-01")


def test_further_registers_that_are_not_kept_are_empty(tmp_path: Path) -> None:
    """It gives empty frames with the right columns where no adjustments, comparators or revisions are kept."""
    registers = reference.load(register(tmp_path))
    for name, text in KEPT.items():
        frame = getattr(registers, name)
        assert (list(frame.columns), len(frame)) == (text.partition("\n")[0].split(","), 0)


def test_the_real_registers_hold_what_was_agreed() -> None:
    """It loads one break of Business 26, five policies, and seven published positions of comparators."""
    registers = reference.load(REAL)
    assert registers.adjustments[["measure_id", "what", "from_quarter", "until_quarter"]].to_numpy().tolist() == [["Business 26", "break", "2016-17-Q2", ""]]
    assert list(dict.fromkeys(registers.policies["policy"])) == ["five-band", "within-5-percent", "within-5-points", "year-ago", "recoverable"]
    assert len(registers.comparators) == 7
    assert len(registers.revisions) == 0


def of(name: str, line: str, *told: str, number: int = 3) -> tuple[str, str, list[str]]:
    """Give a register with one line more, and what is to be told of it."""
    return name, KEPT[name] + line + "\n", [f"{name}.csv line {number}", *told]


FURTHER_MISTAKES = {
    "adjustment of nobody's measure": of("adjustments", "Build 9,break,2016-17-Q2,,,A,2016-09-30,R", "measure_id 'Build 9'", "measures.csv"),
    "adjustment of an unknown kind": of("adjustments", "Build 2,fudge,2016-17-Q2,,,A,2016-09-30,R", "what 'fudge'", "policy, rebase, exclude, break"),
    "adjustment to a policy that no register has": of("adjustments", "Build 2,policy,2016-17-Q2,,six-band,A,2016-09-30,R", "policy 'six-band'", "policies.csv"),
    "adjustment from no quarter": of("adjustments", "Build 2,break,autumn,,,A,2016-09-30,R", "from_quarter 'autumn' is not a quarter such as 2016-17-Q2"),
    "adjustment from a blank": of("adjustments", "Build 2,break,,,,A,2016-09-30,R", "from_quarter '' is not a quarter"),
    "adjustment until a quarter in words": of("adjustments", "Build 2,break,2016-17-Q2,Q3 2016/17,,A,2016-09-30,R", "until_quarter 'Q3 2016/17' is not a quarter"),
    "adjustment until a year that does not follow": of("adjustments", "Build 2,break,2016-17-Q2,2016-18-Q3,,A,2016-09-30,R", "until_quarter '2016-18-Q3'"),
    "adjustment twice": of("adjustments", "Build 1,break,2016-17-Q2,2016-17-Q3,,B,2016-10-01,R", "'Build 1 break 2016-17-Q2' stands on line 2 already"),
    "adjustment cut short": of("adjustments", "Build 2,break", "has 2 cells, not 8"),
    "adjustments without a heading": ("adjustments", ADJUSTMENTS.replace("author", "auther"), ["adjustments.csv: heading 'author' is missing"]),
    "comparator of nobody's measure": of("comparators", "London,Build 9,,2016-17-Q1,Brent,1,,,,s", "measure_id 'Build 9' is not in measures.csv"),
    "comparator of neither measure nor subject": of("comparators", "London,,,2016-17-Q1,Brent,1,,,,s", "measure_id '' is not in measures.csv"),
    "comparator that says nothing": of("comparators", "London,Build 2,,2016-17-Q1,Brent,,,33,,s", "neither a member's value nor a published rank or quartile"),
    "comparator value that is no number": of("comparators", "London,Build 2,,2016-17-Q1,Brent,lots,,,,s", "value 'lots' is not a number"),
    "comparator rank that is no whole number": of("comparators", "London,Build 2,,2016-17-Q1,,,3rd,33,,s", "rank '3rd' is not a whole number"),
    "comparator rank of a part": of("comparators", "London,Build 2,,2016-17-Q1,,,3,32.5,,s", "of '32.5' is not a whole number"),
    "comparator in an unknown quartile": of("comparators", "London,Build 2,,2016-17-Q1,,,,,middle,s", "quartile 'middle'", "bottom quartile"),
    "comparator of no quarter": of("comparators", "London,Build 2,,2016,Brent,1,,,,s", "period '2016' is not a quarter"),
    "comparator twice": of("comparators", "London,Build 1,,2016-17-Q1,Brent,13,,,,s", "stands on line 2 already"),
    "revision of nobody's measure": of("revisions", "Build 9,2016-17-Q1,1,2,R,A,2016-10-01", "measure_id 'Build 9' is not in measures.csv"),
    "revision of no quarter": of("revisions", "Build 2,Q1,1,2,R,A,2016-10-01", "quarter 'Q1' is not a quarter"),
    "revision from no number": of("revisions", "Build 2,2016-17-Q1,unknown,2,R,A,2016-10-01", "was 'unknown' is not a number"),
    "revision from nothing": of("revisions", "Build 2,2016-17-Q1,,2,R,A,2016-10-01", "was '' is not a number"),
    "revision to no number": of("revisions", "Build 2,2016-17-Q1,1,NaN,R,A,2016-10-01", "now 'NaN' is not a number"),
    "revision twice": of("revisions", "Build 1,2016-17-Q1,13,14,R,A,2016-10-01", "'Build 1 2016-17-Q1 2016-10-01' stands on line 2 already"),
    "a line after a cell of two lines": (
        "revisions", REVISIONS.replace("Late form", '"Late\nform"') + "Build 2,2016-17-Q1,x,2,R,A,2016-10-01\n", ["revisions.csv line 4", "was 'x'"],
    ),
    "measure of unknown kind": ("measures", GOOD["measures.csv"].replace("Homes repaired,higher,percent,quarter count", "Homes repaired,higher,percent,guess"), ["measures.csv line 3", "kind 'guess'", "quarter count"]),
    "far beyond target in words": ("partnership", GOOD["partnership.toml"] + 'far_beyond_target = "a lot"\n', ["partnership.toml", "far_beyond_target 'a lot' is not a number in quotes"]),
    "far beyond target left empty": ("partnership", GOOD["partnership.toml"] + 'far_beyond_target = ""\n', ["partnership.toml", "far_beyond_target ''"]),
    "far beyond target without end": ("partnership", GOOD["partnership.toml"] + 'far_beyond_target = "Infinity"\n', ["partnership.toml", "far_beyond_target 'Infinity'"]),
    "far beyond target as a list": ("partnership", GOOD["partnership.toml"] + 'far_beyond_target = ["25"]\n', ["partnership.toml", "far_beyond_target"]),
}  # fmt: skip


@pytest.mark.parametrize(("file", "text", "told"), FURTHER_MISTAKES.values(), ids=FURTHER_MISTAKES)
def test_a_mistake_in_a_further_register_is_told_with_file_and_line(tmp_path: Path, file: str, text: str, told: list[str]) -> None:
    """It tells one mistake in adjustments, comparators, revisions or their kin as one problem, naming file, line and what stands there."""
    (problem,) = mistakes(register_kept(tmp_path, **{file: text}))
    assert [part for part in told if part not in problem] == []


def test_mistakes_in_the_further_registers_are_told_at_once(tmp_path: Path) -> None:
    """It tells every mistake of one line, and those of all three registers, in one error."""
    changed = {
        "adjustments": ADJUSTMENTS + "Build 9,fudge,autumn,,,A,2016-09-30,R\n",
        "comparators": COMPARATORS + "London,Build 9,,2016,Brent,lots,,,,s\n",
        "revisions": REVISIONS + "Build 9,2016,x,y,R,A,2016-10-01\n",
    }
    told = mistakes(register_kept(tmp_path, **changed))
    assert (
        sorted(problem.partition(":")[0] for problem in told) == ["adjustments.csv line 3"] * 3 + ["comparators.csv line 3"] * 3 + ["revisions.csv line 3"] * 4
    )


@pytest.mark.parametrize(("line", "expected"), [('far_beyond_target = "12.5"\n', Decimal("12.5")), ('far_beyond_target = "25"\n', Decimal(25)), ("", None)])
def test_far_beyond_target_is_an_exact_number_or_never(tmp_path: Path, line: str, expected: Decimal | None) -> None:
    """It takes the number in quotes exactly, and none where the partnership does not give one."""
    assert reference.load(register(tmp_path, partnership=GOOD["partnership.toml"] + line)).far_beyond_target == expected


def test_far_beyond_target_is_never_a_float(tmp_path: Path) -> None:
    """It refuses a number without quotes, which TOML reads as a binary float."""
    (problem,) = mistakes(register(tmp_path, partnership=GOOD["partnership.toml"] + "far_beyond_target = 12.1\n"))
    assert "far_beyond_target 12.1" in problem


# ---------------------------------------------------------------- columns that may be left out

EIGHT = "policy,version,from_quarter,polarity,order,band,test,factor"


def test_columns_that_may_be_left_out_say_the_usual(tmp_path: Path) -> None:
    """It takes the actual, no points, the target, no arrears and no tolerance where a register has no such columns."""
    registers = reference.load(register(tmp_path))
    assert registers.policies[["figure", "points", "against", "source"]].to_numpy().tolist() == [["actual", "0", "target", ""]] * 2
    assert registers.measures[["arrears", "reports_in", "tolerance"]].to_numpy().tolist() == [["0", "", "0"]] * 2


def test_cells_that_may_be_left_out_say_the_usual(tmp_path: Path) -> None:
    """It takes the same where the columns are there and a cell is blank, and what stands there where one is not."""
    text = f"{EIGHT},figure,points,against\nfive-band,1,2009-10-Q1,higher,1,G,>=,1,,,\nfive-band,1,2009-10-Q1,higher,2,A,>=,1,forecast,-2.5,year ago\n"
    registers = reference.load(register(tmp_path, policies=text))
    assert registers.policies[["figure", "points", "against"]].to_numpy().tolist() == [["actual", "0", "target"], ["forecast", "-2.5", "year ago"]]


def test_two_tests_of_one_order_are_two_rows(tmp_path: Path) -> None:
    """It takes two rows of one order that look at different figures for two tests that must both hold, and not for one row twice."""
    text = f"{EIGHT},figure,against\nfive-band,1,2009-10-Q1,higher,1,HR,<,0.9,,target\nfive-band,1,2009-10-Q1,higher,1,HR,<,1,,year ago\n"
    assert len(reference.load(register(tmp_path, policies=text)).policies) == 2


def test_a_band_may_have_a_lower_and_an_upper_edge(tmp_path: Path) -> None:
    """It takes a band between 95% and 105% of target, which scoring can do, as two rows of one order."""
    text = f"{EIGHT}\nfive-band,1,2009-10-Q1,higher,1,G,>=,0.95\nfive-band,1,2009-10-Q1,higher,1,G,<=,1.05\n"
    assert len(reference.load(register(tmp_path, policies=text)).policies) == 2


POLICY_MISTAKES = {
    "figure nobody knows": ("1,G,>=,1,guess,,", "figure 'guess' is not one of actual, forecast"),
    "against nobody knows": ("1,G,>=,1,,,last week", "against 'last week' is not one of target, year ago"),
    "points that are no number": ("1,G,>=,1,,five,", "points 'five' is not a number"),
    "test nobody knows": ("1,G,~,1,,,", "test '~' is not one of"),
    "order that is no whole number": ("first,G,>=,1,,,", "order 'first' is not a whole number"),
}


@pytest.mark.parametrize(("line", "told"), POLICY_MISTAKES.values(), ids=POLICY_MISTAKES)
def test_a_mistake_in_a_policy_is_told_with_its_line(tmp_path: Path, line: str, told: str) -> None:
    """It tells a figure, points, a test or an order that a policy cannot have."""
    text = f"{EIGHT},figure,points,against\nfive-band,1,2009-10-Q1,higher,2,HR,otherwise,,,,\nfive-band,1,2009-10-Q1,higher,{line}\n"
    (problem,) = mistakes(register(tmp_path, policies=text))
    assert problem.startswith(f"policies.csv line 3: {told}")


# ---------------------------------------------------------------- registers of reward grant

GRANT = {
    "awards": "project,round,kind,return_name\nAlley Gating,Round 1,capital,\nGreen Gyms,Round 1,revenue,\n",
    "rounds": "round,allocated_on,spend_by,allocated,source\nRound 1,2010-07,2012-03-31,5000.50,minutes\n",
    "variations": (
        "round,subject,from_project,to_project,what,amount,authority,decided,effective,basis,source\n"
        "Round 1,Gates,Alley Gating,Green Gyms,Unspent money to benches,,HCE,2011-07-12,2011-08,printed,minutes\n"
    ),
    "grant_checks": "check,severity,limit,why\nno year-end spike,fail,60,agreed by the auditors\n",
    "agreement_terms": "agreement,instalment,term,name,value,fact,basis,source\nFirst LAA,,threshold,,60%,,printed,minutes\n",
}


def register_of_grant(data: Path, **changed: str) -> Path:
    """Write the small good set of registers with those of reward grant beside it, some replaced."""
    folder = register(data, awards=changed.get("awards", GRANT["awards"])) / "reference"
    for name in ("rounds", "variations", "grant_checks", "agreement_terms"):
        (folder / f"{name}.csv").write_text(changed.get(name, GRANT[name]), encoding="utf-8")
    return data


def test_the_registers_of_grant_are_read(tmp_path: Path) -> None:
    """It reads rounds, variations, checks and terms written without any column that may be left out, with an amount left blank."""
    registers = reference.load(register_of_grant(tmp_path))
    (one,), (varied,), (change,), (term,) = (
        frame.to_dict("records") for frame in (registers.rounds, registers.variations, registers.grant_checks, registers.agreement_terms)
    )
    assert (one["round"], one["allocated"], one["spend_by"], one["starts"], one["capital"], one["quarters_to_spend"]) == (
        "Round 1", "5000.50", "2012-03-31", "", "", "1",
    )  # fmt: skip
    assert (varied["from_project"], varied["to_project"], varied["amount"], varied["effective"], varied["interests"]) == (
        "Alley Gating", "Green Gyms", "", "2011-08", "",
    )  # fmt: skip
    assert (change["check"], change["severity"], change["limit"]) == ("no year-end spike", "fail", "60")
    assert (term["agreement"], term["term"], term["value"]) == ("First LAA", "threshold", "60%")


def test_registers_of_grant_that_are_not_kept_are_empty(tmp_path: Path) -> None:
    """It gives empty frames with the right columns, those that may be left out among them, where a partnership keeps no such registers."""
    registers = reference.load(register(tmp_path))
    more = {"rounds": ["capital", "revenue", "quarters_to_spend", "starts"], "variations": ["interests"], "grant_checks": [], "agreement_terms": []}
    for name, further in more.items():
        frame = getattr(registers, name)
        assert (list(frame.columns), len(frame)) == (GRANT[name].partition("\n")[0].split(",") + further, 0)


def test_awards_of_a_user_who_knows_no_further_columns_still_load(tmp_path: Path) -> None:
    """It takes no theme, no dates and no milestones where the register of awards has no such columns, and where a cell of them is blank."""
    names = ["theme", "theme_basis", "starts", "spend_by", "milestones"]
    usual = [["not stated", "", "", "", ""]]
    assert reference.load(register(tmp_path / "short")).awards[names].to_numpy().tolist() == usual
    text = f"project,round,kind,return_name,{','.join(names)}\nAlley Gating,Round 1,capital,,,,,,\n"
    assert reference.load(register(tmp_path / "blank", awards=text)).awards[names].to_numpy().tolist() == usual


def test_what_the_further_columns_of_awards_say_is_kept(tmp_path: Path) -> None:
    """It keeps a theme, a start by month, a last day and the organisation whose milestones are the award's."""
    text = "project,round,kind,return_name,theme,starts,spend_by,milestones\nAlley Gating,Round 1,capital,,Build,2010-07,2012-02-29,CAB\n"
    awards = reference.load(register(tmp_path, awards=text)).awards
    assert awards[["theme", "starts", "spend_by", "milestones"]].to_numpy().tolist() == [["Build", "2010-07", "2012-02-29", "CAB"]]


def test_the_real_registers_of_grant_hold_what_was_agreed() -> None:
    """It loads two rounds, of which no sum is stated, three variations of HCE without sum or date, terms of two agreements, and the Council's last day."""
    registers = reference.load(REAL)
    assert registers.rounds[["round", "allocated", "capital", "revenue"]].to_numpy().tolist() == [["Round 1", "", "", ""], ["Round 2", "", "", ""]]
    assert registers.variations[["authority", "amount", "decided"]].to_numpy().tolist() == [["HCE", "", ""]] * 3
    assert set(registers.agreement_terms["agreement"]) == {"First LAA (2006-2009)", "Second LAA (2008-2011)"}
    dated = registers.awards[registers.awards["spend_by"] != ""]
    assert dated[["project", "spend_by"]].to_numpy().tolist() == [
        ["Reablement (LBH) - Revenue", "2012-03-31"], ["Reablement \u2013 Capital (LBH)", "2012-03-31"],
    ]  # fmt: skip


def of_grant(name: str, line: str, *told: str, number: int = 3) -> tuple[str, str, list[str]]:
    """Give a register of grant with one line more, and what is to be told of it."""
    return name, GRANT[name] + line + "\n", [f"{name}.csv line {number}: ", *told]


DATED = "project,round,kind,return_name,starts,spend_by\nAlley Gating,Round 1,capital,,,\nGreen Gyms,Round 1,revenue,,{}\n"
A_DATE = "is not a date such as 2012-03-31, or a month such as 2012-03"
MOVE = "Round 1,Gates,Green Gyms,,More benches,{},HCE,{},{},printed,minutes"
GRANT_MISTAKES = {
    "rounds without a heading": ("rounds", GRANT["rounds"].replace("spend_by", "spent_by"), ["rounds.csv: heading 'spend_by' is missing"]),
    "variations without two headings": (
        "variations", GRANT["variations"].replace("authority,decided", "who,when"), ["variations.csv: heading 'authority', 'decided' is missing"],
    ),
    "checks without a heading": ("grant_checks", GRANT["grant_checks"].replace("limit", "limits"), ["grant_checks.csv: heading 'limit' is missing"]),
    "terms without a heading": ("agreement_terms", GRANT["agreement_terms"].replace("fact", "facts"), ["agreement_terms.csv: heading 'fact' is missing"]),
    "round twice": of_grant("rounds", "Round 1,2011-07,,,minutes", "'Round 1' stands on line 2 already"),
    "variation twice": of_grant("variations", "Round 1,Gates,Alley Gating,,Unspent money to benches,,,,,,", "stands on line 2 already"),
    "check twice": of_grant("grant_checks", "no year-end spike,info,70,why", "'no year-end spike' stands on line 2 already"),
    "term twice": of_grant("agreement_terms", "First LAA,,threshold,,60%,,,", "stands on line 2 already"),
    "allocated that is no number": of_grant("rounds", "Round 2,,,£5000,minutes", "allocated '£5000' is not a number"),
    "capital that is no number": (
        "rounds", "round,allocated_on,spend_by,allocated,source,capital\nRound 1,,,,minutes,half\n", ["rounds.csv line 2: capital 'half' is not a number"],
    ),
    "revenue that is no number": (
        "rounds", "round,allocated_on,spend_by,allocated,source,revenue\nRound 1,,,,minutes,NaN\n", ["rounds.csv line 2: revenue 'NaN' is not a number"],
    ),
    "quarters to spend in part": (
        "rounds", "round,allocated_on,spend_by,allocated,source,quarters_to_spend\nRound 1,,,,minutes,1.5\n", ["rounds.csv line 2: quarters_to_spend '1.5' is not a whole number"],
    ),
    "round allocated in a thirteenth month": of_grant("rounds", "Round 2,2012-13,,,minutes", f"allocated_on '2012-13' {A_DATE}"),
    "round to be spent by a day as written in letters": of_grant("rounds", "Round 2,,31/03/2012,,minutes", f"spend_by '31/03/2012' {A_DATE}"),
    "round that starts on no day": (
        "rounds", "round,allocated_on,spend_by,allocated,source,starts\nRound 1,,,,minutes,July\n", [f"rounds.csv line 2: starts 'July' {A_DATE}"],
    ),
    "variation of no number": of_grant("variations", MOVE.format("the rest", "", ""), "amount 'the rest' is not a number"),
    "variation decided in a thirteenth month": of_grant("variations", MOVE.format("", "2012-13", ""), f"decided '2012-13' {A_DATE}"),
    "variation from a day as written in letters": of_grant("variations", MOVE.format("", "", "31/03/2012"), f"effective '31/03/2012' {A_DATE}"),
    "variation of nobody's project": of_grant("variations", "Round 1,Gates,Souk,,Benches,,,,,,", "from_project 'Souk' of Round 1 is not in awards.csv"),
    "variation to nobody's project": of_grant("variations", "Round 1,Gates,Green Gyms,Souk,Benches,,,,,,", "to_project 'Souk' of Round 1 is not in awards.csv"),
    "variation of a project in another round": of_grant("variations", "Round 2,Gates,Green Gyms,,Benches,,,,,,", "from_project 'Green Gyms' of Round 2 is not in awards.csv"),
    "award that starts in a thirteenth month": ("awards", DATED.format("2012-13,"), [f"awards.csv line 3: starts '2012-13' {A_DATE}"]),
    "award to be spent by a day as written in letters": ("awards", DATED.format(",31/03/2012"), [f"awards.csv line 3: spend_by '31/03/2012' {A_DATE}"]),
    "award to be spent by a day that there is not": ("awards", DATED.format(",2011-02-29"), [f"awards.csv line 3: spend_by '2011-02-29' {A_DATE}"]),
    "award of a round that no register has": ("awards", GRANT["awards"] + "The Souk,Round 3,revenue,\n", ["awards.csv line 4: round 'Round 3' is not in rounds.csv"]),
    "severity nobody knows": of_grant("grant_checks", "spend keeps pace,grave,,why", "severity 'grave' is not one of fail, advisory, info"),
    "limit that is no number": of_grant("grant_checks", "spend keeps pace,info,a lot,why", "limit 'a lot' is not a number"),
}  # fmt: skip


@pytest.mark.parametrize(("file", "text", "told"), GRANT_MISTAKES.values(), ids=GRANT_MISTAKES)
def test_a_mistake_in_a_register_of_grant_is_told_with_file_and_line(tmp_path: Path, file: str, text: str, told: list[str]) -> None:
    """It tells one mistake in the registers of reward grant as one problem, naming file, line and what stands there."""
    (problem,) = mistakes(register_of_grant(tmp_path, **{file: text}))
    assert [part for part in told if part not in problem] == []


def test_mistakes_in_the_registers_of_grant_are_told_at_once(tmp_path: Path) -> None:
    """It tells every mistake of rounds, variations, checks and awards in one error, within a register and between them."""
    changed = {
        "awards": GRANT["awards"] + "The Souk,Round 3,money,\n",
        "rounds": GRANT["rounds"] + "Round 2,2012-13,31/03/2012,lots,minutes\n",
        "variations": GRANT["variations"] + "Round 1,Gates,Souk,Nowhere,Benches,x,HCE,soon,,,\n",
        "grant_checks": GRANT["grant_checks"] + "spend keeps pace,grave,a lot,why\n",
    }
    told = sorted(problem.partition(":")[0] for problem in mistakes(register_of_grant(tmp_path, **changed)))
    assert told == ["awards.csv line 4"] * 2 + ["grant_checks.csv line 3"] * 2 + ["rounds.csv line 3"] * 3 + ["variations.csv line 3"] * 4


def test_awards_name_any_round_where_no_rounds_are_kept(tmp_path: Path) -> None:
    """It holds the rounds of awards against the register of rounds only where there is one."""
    data = register_of_grant(tmp_path, awards=GRANT["awards"] + "The Souk,Round 3,revenue,\n")
    (data / "reference" / "rounds.csv").unlink()
    assert reference.load(data).awards["round"].tolist() == ["Round 1", "Round 1", "Round 3"]


def test_a_limit_is_changed_without_a_severity(tmp_path: Path) -> None:
    """It takes a change of a check's limit that leaves its severity as it is."""
    text = "check,severity,limit,why\nno year-end spike,,60,agreed\n"
    assert reference.load(register_of_grant(tmp_path, grant_checks=text)).grant_checks["limit"].tolist() == ["60"]


@pytest.mark.parametrize("written", ["20120331", "2012-W13"])
def test_a_date_is_written_in_one_of_two_ways(tmp_path: Path, written: str) -> None:
    """It refuses a date that Python knows and the register does not: only 2012-03-31 and 2012-03 are dates."""
    (problem,) = mistakes(register_of_grant(tmp_path, rounds=GRANT["rounds"].replace("2012-03-31", written)))
    assert written in problem


# ---------------------------------------------------------------- read once


def test_registers_that_are_changed_are_read_again(tmp_path: Path) -> None:
    """It goes by what stands in the files, not by their time or size: another word of the same length, put back to the same time, is seen."""
    data = register(tmp_path)
    path = data / "reference" / "measures.csv"
    before, was = reference.load(data), path.stat()
    path.write_text(path.read_text(encoding="utf-8").replace("Homes built", "Homes burnt"), encoding="utf-8")
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    after = reference.load(data)
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (was.st_size, was.st_mtime_ns)
    assert (before.measures["measure"][0], after.measures["measure"][0]) == ("Homes built", "Homes burnt")
    assert before.fingerprints["measures.csv"] != after.fingerprints["measures.csv"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_nobody_changes_the_registers_of_another(tmp_path: Path) -> None:
    """It gives whoever asks second what stands in the files, whatever the first has done to its own."""
    data = register(tmp_path)
    mine = reference.load(data)
    mine.measures.loc[0, "measure"] = "spoilt"
    mine.themes["more"] = "spoilt"
    mine.fingerprints.clear()
    again = reference.load(data)
    assert (again.measures["measure"][0], "more" in again.themes, len(again.fingerprints)) == ("Homes built", False, len(GOOD))


def test_registers_that_are_wrong_are_told_each_time(tmp_path: Path) -> None:
    """It refuses what it has refused before, in the same words."""
    data = register(tmp_path, themes="theme,code\n")
    first, second = (list(mistakes(data)) for _ in range(2))
    assert first == second != []
