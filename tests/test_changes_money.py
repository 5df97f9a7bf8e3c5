"""What changed between two published folders: awards, grant totals bridged award by award, and months."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from published_by_hand import BEFORE, NOW, YEAR_AGO, award, month, publish, total

from analysis import changes, frames

Row = dict[str, Any]
Award = tuple[Row, list[Row]]
PLAN = {
    "award": "1000",
    "actual_q1": "400",
    "forecast_q2": "200",
    "forecast_q3": "200",
    "forecast_q4": "200",
    "total_to_date": "400",
    "identified_underspend": "0",
}


def arts(verdict: str = "balances", difference: str = "0.00", **amounts: str) -> Award:
    """Give an award of 1,000: 400 spent, 200 forecast for each quarter to come."""
    return award("Arts", verdict, difference, **(PLAN | amounts))


def folder(path: Path, awards: list[Award], totals: list[Row] | None = None, sha256: str = "aa", **more: Any) -> Path:
    """Publish awards with their receipts."""
    receipts = [receipt | {"sha256": sha256} for _, its in awards for receipt in its]
    return publish(path, awards=[row for row, _ in awards], receipts=receipts, grant_totals=totals or [], **more)


def between(*folders: Path) -> pd.DataFrame:
    """Give what differs between two folders."""
    return changes.between(*changes.open_editions(folders))


def steps(found: pd.DataFrame, part: str) -> list[tuple[Any, ...]]:
    """Give before, after, cause and effect of the steps of one part, effects as text."""
    rows = frames.rows(found[found["part"] == part])
    return [(row["before"], row["after"], row["cause"], None if row["effect"] is None else str(row["effect"])) for row in rows]


# ---------------------------------------------------------------- awards


def test_an_amount_sent_again_moves_the_difference_and_the_verdict(tmp_path: Path) -> None:
    """It follows a forecast of 300 instead of 200 to an award that is over by 100, and to the awards that balance."""
    found = between(folder(tmp_path / "one", [arts()]), folder(tmp_path / "other", [arts("over", "-100.00", forecast_q4="300")], sha256="bb"))
    assert steps(found, "forecast_q4") == [("£200.00", "£300.00", "resubmission", "100")]
    assert steps(found, "difference") == [("£0.00", "\u2212£100.00", "resubmission", "-100.00")]
    assert steps(found, "verdict") == [("balances", "over", "resubmission", None)]
    assert steps(found, "headline") == [("1", "0", "resubmission", "-1")]
    assert found.loc[found["part"] == "forecast_q4", ["figure", "before_cell"]].to_numpy().tolist() == [
        ["Arts (Round 1): quarter 4 forecast", "grant.xlsx, Page 1, B6"]
    ]
    assert changes.residual(found) == 0


def test_amounts_of_two_causes_move_the_difference_one_cause_after_the_other(tmp_path: Path) -> None:
    """It takes 300 typed for 200 first, then 20 read where 200 was read of the same text: 100 over, then 80 short."""
    row, receipts = arts("short", "80.00", forecast_q4="300")
    row |= {"forecast_q3": "20"}
    headings = {"registers": {"measures.csv": "m1", "policies.csv": "p1", "headings.csv": "h1"}}
    found = between(folder(tmp_path / "one", [arts()]), folder(tmp_path / "other", [(row, receipts)], sha256="bb", manifest=headings))
    assert steps(found, "forecast_q3") == [("£200.00", "£20.00", "cleansing", "-180")]
    assert steps(found, "difference") == [("£0.00", "\u2212£100.00", "resubmission", "-100.00"), ("\u2212£100.00", "£80.00", "cleansing", "180.00")]
    assert steps(found, "verdict") == [("balances", "over", "resubmission", None), ("over", "short", "cleansing", None)]
    assert changes.residual(found) == 0


def test_an_award_of_the_next_return_is_of_a_new_period(tmp_path: Path) -> None:
    """It goes by the quarter of the grant return, which is late, and works the identity out by the columns of each form."""
    later = {name: amount for name, amount in PLAN.items() if name != "forecast_q2"} | {"actual_q2": "220", "forecast_q4": "180", "total_to_date": "620"}
    old, new = folder(tmp_path / "one", [arts()], quarter=BEFORE), folder(tmp_path / "other", [arts(), award("Arts", "balances", "0.00", quarter=NOW, **later)])
    found = between(old, new)
    assert {row["cause"] for row in frames.rows(found)} == {"new period"}
    assert steps(found, "total_to_date") == [("£400.00", "£620.00", "new period", "220")]
    assert steps(found, "verdict") == []
    assert between(folder(tmp_path / "same", [arts()], quarter=BEFORE), folder(tmp_path / "late", [arts()])).empty, "no newer return has come"
    again = between(folder(tmp_path / "1", [arts()], quarter=BEFORE), folder(tmp_path / "2", [arts("over", "-100.00", forecast_q4="300")], sha256="bb"))
    assert steps(again, "difference") == [("£0.00", "\u2212£100.00", "resubmission", "-100.00")], "the return of the same quarter was sent again"


def test_an_unknown_amount_is_never_nothing(tmp_path: Path) -> None:
    """It has no effect where an amount became unknown, and says that the award cannot be checked."""
    found = between(folder(tmp_path / "one", [arts()]), folder(tmp_path / "other", [arts("cannot be checked", "", forecast_q4="?")], sha256="bb"))
    assert steps(found, "forecast_q4") == [("£200.00", "asked for and not known", "resubmission", None)]
    assert steps(found, "difference") == [("£0.00", "cannot be checked", "resubmission", None)]
    assert changes.residual(found) == 0


def test_a_verdict_that_the_amounts_do_not_give_is_not_explained(tmp_path: Path) -> None:
    """It gives to the code what no amount accounts for, and says so: 5 pounds, a verdict, and one award that balances less."""
    found = between(folder(tmp_path / "one", [arts()]), folder(tmp_path / "other", [arts("short", "5.00")]))
    assert steps(found, "difference") == [("£0.00", "£5.00", "code", "5.00")]
    assert found["explained"].tolist() == [False, False, False]
    assert changes.residual(found) == Decimal(7)


# ---------------------------------------------------------------- totals

SPENT, FORECAST = "Total spend to date", "Quarter 4 forecast"


def two(first: str, second: str) -> list[Award]:
    """Give two awards with what they have spent."""
    return [award("Arts", "short", "600.00", award="1000", total_to_date=first), award("Music", "short", "100.00", award="200", total_to_date=second)]


def test_a_total_is_bridged_award_by_award(tmp_path: Path) -> None:
    """It gives what each award adds to what is known, in order, and the whole to the headline of known spend."""
    one, other = (
        folder(tmp_path / "one", two("400", "100"), [total(SPENT, "500", 0, "500")]),
        folder(tmp_path / "other", two("450", "170"), [total(SPENT, "620", 0, "620")], sha256="bb"),
    )
    found = between(one, other)
    assert steps(found, "known") == [("£500.00", "£550.00", "resubmission", "50"), ("£550.00", "£620.00", "resubmission", "70")]
    assert steps(found, "at_most") == [("£500.00", "£550.00", "resubmission", "50"), ("£550.00", "£620.00", "resubmission", "70")]
    assert steps(found, "headline") == [("£500.00", "£620.00", "resubmission", "120")]
    assert found.loc[found["part"] == "headline", "words"].tolist() == [
        "Known spend: £500.00 became £620.00 (+£120.00). Cause: resubmission (2 awards up).",
    ]
    assert "by Music (Round 1): £550.00 became £620.00 (+£70.00)" in found.loc[found["part"] == "known", "words"].tolist()[1]


SPENT_TO_DATE = {  # what the two had spent, then what they have -> how known spend says it
    "one up": (("400", "100"), ("450", "100"), "1 award up"),
    "one down": (("400", "100"), ("400", "90"), "1 award down"),
    "one each way": (("400", "100"), ("450", "90"), "1 award up and 1 down"),
}


@pytest.mark.parametrize(("was", "now", "said"), SPENT_TO_DATE.values(), ids=SPENT_TO_DATE)
def test_known_spend_says_what_went_up_or_down(was: tuple[str, str], now: tuple[str, str], said: str, tmp_path: Path) -> None:
    """It counts awards, and says so, where the figure itself is in pounds."""
    found = between(folder(tmp_path / "one", two(*was)), folder(tmp_path / "other", two(*now), sha256="bb"))
    (words,) = found.loc[found["part"] == "headline", "words"]
    assert words.endswith(f"Cause: resubmission ({said}).")


def test_an_amount_that_became_unknown_leaves_the_known_and_widens_the_most(tmp_path: Path) -> None:
    """It takes 100 from what is known, counts one amount more as unknown, and puts the award of 200 into the most."""
    one, other = (
        folder(tmp_path / "one", two("400", "100"), [total(SPENT, "500", 0, "500")]),
        folder(tmp_path / "other", two("400", "TBC"), [total(SPENT, "400", 1, "600")], sha256="bb"),
    )
    found = between(one, other)
    assert steps(found, "known") == [("£500.00", "£400.00", "resubmission", "-100")]
    assert steps(found, "unknown_count") == [("0", "1", "resubmission", "1")]
    assert steps(found, "at_most") == [("£500.00", "£600.00", "resubmission", "100")]


def test_an_award_that_came_or_went_moves_the_totals(tmp_path: Path) -> None:
    """It bridges a total by awards that only one edition has: added and withdrawn."""
    arts_only, music_only = two("400", "100")[:1], two("400", "100")[1:]
    found = between(
        folder(tmp_path / "one", arts_only, [total(SPENT, "400", 0, "400")]), folder(tmp_path / "other", music_only, [total(SPENT, "100", 0, "100")])
    )
    assert steps(found, "known") == [("£400.00", "£500.00", "added", "100"), ("£500.00", "£100.00", "withdrawn", "-400")]
    assert steps(found, "verdict") == [("", "short", "added", None), ("short", "", "withdrawn", None)]
    assert [step for step in steps(found, "headline") if step[0].startswith("£")] == [
        ("£400.00", "£500.00", "added", "100"),
        ("£500.00", "£100.00", "withdrawn", "-400"),
    ]


def test_an_award_moved_to_another_theme_moves_the_totals_by_theme(tmp_path: Path) -> None:
    """It gives the step to the rule, the amounts being the same."""
    by_theme = {"kind": "by theme", "theme": "Arts"}
    row, receipts = two("400", "100")[0]
    moved = [(row | {"theme": "Sport"}, receipts), two("400", "100")[1]]
    found = between(
        folder(tmp_path / "one", two("400", "100"), [total(SPENT, "500", 0, "500") | by_theme]),
        folder(tmp_path / "other", moved, [total(SPENT, "100", 0, "100") | by_theme]),
    )
    assert steps(found, "known") == [("£500.00", "£100.00", "rule or policy", "-400")]
    assert set(found["figure"]) == {"Total spend to date, Round 1, Arts"}


def test_a_total_whose_awards_are_not_in_the_folder_is_one_step(tmp_path: Path) -> None:
    """It tells the cause by what went in, and that it could not be bridged."""
    sent_again = {"inputs": [{"quarter": YEAR_AGO, "file": "grant.xlsx", "sha256": "zz"}]}
    found = between(
        folder(tmp_path / "one", [], [total(SPENT, "500", 0, "500")]), folder(tmp_path / "other", [], [total(SPENT, "620", 0, "500")], manifest=sent_again)
    )
    assert steps(found, "known") == [("£500.00", "£620.00", "resubmission", "120")]
    assert "the figures behind it are not in the folders" in found["words"].tolist()[0]
    nothing = between(folder(tmp_path / "1", [], [total(SPENT, "500", 0, "500")]), folder(tmp_path / "2", [], [total(SPENT, "620", 0, "500")]))
    assert (steps(nothing, "known"), changes.residual(nothing)) == ([("£500.00", "£620.00", "code", "120")], Decimal(120))


def test_a_total_in_one_edition_only_is_added_or_withdrawn(tmp_path: Path) -> None:
    """It says so, without making nothing of what is not there; and no award is no spend that is known."""
    found = between(folder(tmp_path / "one", [], []), folder(tmp_path / "other", two("400", "100")[:1], [total(SPENT, "400", 0, "400")]))
    assert steps(found, "known") == [("", "£400.00", "added", None)]
    assert ("no awards", "£400.00", "added", None) in steps(found, "headline")
    assert changes.residual(found) == 0


POUNDS = st.one_of(st.just("TBC"), st.decimals(0, 9999, places=2).map(str))
SPENDING = st.dictionaries(st.sampled_from(["Arts", "Books", "Gardens", "Music", "Parks", "Sport"]), st.tuples(POUNDS, POUNDS), min_size=2)


@given(before=SPENDING, after=SPENDING)
@settings(derandomize=True, deadline=None, max_examples=12)
def test_effects_of_awards_always_come_to_the_totals(before: dict[str, Any], after: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    """It bridges each total exactly, whichever amounts are unknown and whichever awards come or go."""
    path, folders = tmp_path_factory.mktemp("random"), []
    for name, spent in (("one", before), ("other", after)):
        known = [Decimal(to_date) for _, to_date in spent.values() if to_date != "TBC"]
        totals = [total(SPENT, f"{sum(known, Decimal(0)):f}", len(spent) - len(known), _most(spent))]
        folders.append(folder(path / name, [award(of, "short", "1.00", award=its[0], total_to_date=its[1]) for of, its in spent.items()], totals, sha256=name))
    found = between(*folders)
    known = [sum((Decimal(to_date) for _, to_date in spent.values() if to_date != "TBC"), Decimal(0)) for spent in (before, after)]
    for rows in (found[found["part"] == "known"], found[found["figure"] == changes.HEADLINES[-1]]):
        assert sum(rows["effect"], Decimal(0)) == known[1] - known[0]
    unknown = [sum(to_date == "TBC" for _, to_date in spent.values()) for spent in (before, after)]
    assert sum(found.loc[found["part"] == "unknown_count", "effect"], Decimal(0)) == unknown[1] - unknown[0]
    assert changes.residual(found.assign(explained=True)) == 0


def _most(spent: dict[str, tuple[str, str]]) -> str:
    ends = [to_date if to_date != "TBC" else of for of, to_date in spent.values()]
    return "" if "TBC" in ends else f"{sum(map(Decimal, ends), Decimal(0)):f}"


# ---------------------------------------------------------------- months


def test_a_month_told_otherwise_is_compared_with_itself(tmp_path: Path) -> None:
    """It names the indicator and the month, and a month of the later quarter is of the new period."""
    old = [month("2016-05", "40", BEFORE), month("2016-06", "50", BEFORE)]
    new = [month("2016-06", "52"), month("2016-07", "60"), month("2016-07", "7", indicator="Vacancies")]
    found = between(publish(tmp_path / "one", BEFORE, monthly=old), publish(tmp_path / "other", NOW, monthly=[*old, *new]))
    assert [(row["figure"], row["before"], row["after"], row["cause"], row["effect"]) for row in frames.rows(found)] == [
        ("Claimants, 2016-06", "50", "52", "new period", Decimal(2)),
        ("Claimants, 2016-07", "", "60", "new period", None),
        ("Vacancies, 2016-07", "", "7", "added", None),
        ("Claimants, 2016-05", "40", "", "new period", None),
    ]
    again = between(publish(tmp_path / "1", monthly=new), publish(tmp_path / "2", monthly=[new[0] | {"value": "55", "value_raw": "55"}, *new[2:]]))
    assert steps(again, "value") == [("52", "55", "resubmission", "3"), ("60", "", "withdrawn", None)]
