"""RAG policies: rows of the register -> tests in order, and which version is in force when."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd

from analysis import frames
from analysis.frames import decimal
from analysis.vocabulary import Band

OTHERWISE = "otherwise"


@dataclass(frozen=True)
class Test:
    """
    One test of a policy: a figure against factor times what it is held against, plus points.

    Attributes:
        figure: "actual", or "forecast" of the year end.
        sign: ">=", ">", "<=" or "<"; "otherwise" always holds.
        against: "target" or "year ago".
    """

    figure: str
    sign: str
    factor: Fraction
    points: Fraction
    against: str


@dataclass(frozen=True)
class Policy:
    """One version of a policy for one polarity: bands in order, each with the tests that must all hold."""

    name: str
    version: str
    from_quarter: str
    steps: tuple[tuple[Band, tuple[Test, ...]], ...]

    @property
    def one_way(self) -> bool:
        """Whether all tests of the actual look the same way, so that a band at both ends of a stretch is the band between."""
        return len({test.sign[0] for test in self.on_actual}) <= 1 and len({band for band, _ in self.steps}) == len(self.steps)

    @property
    def on_actual(self) -> list[Test]:
        """The tests that the actual decides, whose edges it may cross."""
        return [test for _, tests in self.steps for test in tests if test.figure == "actual" and test.sign != OTHERWISE]


def read(register: pd.DataFrame) -> dict[tuple[str, str], list[Policy]]:
    """
    Give the versions of each policy and polarity, oldest first.

    Columns that a register may leave out: figure (actual), points (0), against (target). Rows of one order must all hold.
    """
    rows: dict[tuple[str, str, str, str], list[tuple[int, Band, Test]]] = {}
    for row in frames.rows(register):
        always = row["test"] == OTHERWISE
        test = Test(
            row.get("figure") or "actual",
            row["test"],
            Fraction(0) if always else Fraction(row["factor"]),
            Fraction(row.get("points") or 0),
            row.get("against") or "target",
        )
        rows.setdefault((row["policy"], row["polarity"], row["from_quarter"], row["version"]), []).append((int(row["order"]), Band(row["band"]), test))
    found: dict[tuple[str, str], list[Policy]] = {}
    for name, polarity, from_quarter, version in sorted(rows, key=_age):
        steps: dict[tuple[int, Band], list[Test]] = {}
        for order, band, test in sorted(rows[name, polarity, from_quarter, version], key=lambda row: row[0]):
            steps.setdefault((order, band), []).append(test)
        made = tuple((band, tuple(tests)) for (_, band), tests in steps.items())
        found.setdefault((name, polarity), []).append(Policy(name, version, from_quarter, made))
    return found


def _age(version: tuple[str, str, str, str]) -> tuple[str, str, str, int, str]:
    """Give what versions are put in order by, oldest first: "10" after "9"."""
    name, polarity, from_quarter, number = version
    return name, polarity, from_quarter, int(number) if number.isdecimal() else -1, number


def asks_for_year_ago(found: dict[tuple[str, str], list[Policy]]) -> bool:
    """Say whether any policy looks at the figure of a year ago."""
    return any(test.against == "year ago" for versions in found.values() for policy in versions for _, tests in policy.steps for test in tests)


def in_force(versions: list[Policy], quarter: str) -> Policy | None:
    """Give the newest version that counts in a quarter."""
    return next((version for version in reversed(versions) if version.from_quarter <= quarter), None)


def chosen(observations: pd.DataFrame, adjustments: pd.DataFrame) -> pd.DataFrame:
    """
    Give the observations with the policy that was agreed for a measure and time in place of the register's.

    Args:
        observations: frame of the `OBSERVATIONS` contract.
        adjustments: the register of adjustments; rows whose `what` is "policy" count from `from_quarter` to `until_quarter`
            (without end where blank); the one that begins last wins.
    """
    policy = observations["policy"].to_numpy(dtype=object, copy=True)
    quarter, measure = (observations[name].to_numpy(dtype=object) for name in ("quarter", "measure_id"))
    for row in adjustments[adjustments["what"] == "policy"].sort_values("from_quarter", kind="stable").to_dict("records"):
        counts = (measure == row["measure_id"]) & (quarter >= row["from_quarter"]) & (quarter <= (row["until_quarter"] or "9999"))
        policy = np.where(counts, row["value"], policy)
    return observations.assign(policy=policy)


def applied(register: pd.DataFrame, policy: str, polarity: str, quarter: str) -> Policy | None:
    """Give the version of a policy that counts in a quarter, for one polarity; None where there is none."""
    return in_force(read(register).get((policy, polarity), []), quarter)


def edges(register: pd.DataFrame, policy: str, polarity: str, quarter: str) -> tuple[Decimal, ...]:
    """
    Give where a policy's bands meet, in percent of the target, lowest first; only those that go by the target alone.

    >>> rows = [["p", "1", "2009-10-Q1", "higher", "1", "G", ">=", "1"], ["p", "1", "2009-10-Q1", "higher", "2", "HR", "otherwise", ""]]
    >>> register = pd.DataFrame(rows, columns=["policy", "version", "from_quarter", "polarity", "order", "band", "test", "factor"])
    >>> edges(register, "p", "higher", "2016-17-Q2")
    (Decimal('100'),)
    """
    found = applied(register, policy, polarity, quarter)
    turns = {test.factor * 100 for test in found.on_actual if test.against == "target" and not test.points} if found else set()
    return tuple(decimal(turn) for turn in sorted(turns))
