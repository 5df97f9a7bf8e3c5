"""Observations -> variance, RAG band under a policy that is data, and agreement with the published band."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pandas as pd

from analysis import frames, quarters
from analysis.markup import slug
from analysis.vocabulary import Agreement, Band, Polarity, Reason

Row = dict[str, Any]
YEAR_ON_YEAR = {"year on year reduction": Polarity.LOWER, "year on year increase": Polarity.HIGHER}
_EXACT = Context(prec=2000)
NO_YEAR_BEFORE = "the figure for the period exactly a year before is not known"


@dataclass(frozen=True)
class _Case:
    """What is compared: actual with target, which way is good, and the range that counts as met where the target is one."""

    actual: Fraction
    target: Fraction
    polarity: str
    inside: tuple[Fraction, Fraction] | None = None

    @property
    def within(self) -> bool:
        """Whether the actual lies in the range that counts as met."""
        return self.inside is not None and self.inside[0] <= self.actual <= self.inside[1]


@dataclass(frozen=True)
class _Policy:
    """The tests of one version of a policy for one polarity, best band first."""

    version: str
    from_quarter: str
    tests: tuple[tuple[Band, str, Fraction], ...]

    def band(self, actual: Fraction, target: Fraction) -> Band:
        """Give the first band whose test the actual passes, exactly."""
        for band, test, factor in self.tests:
            edge = factor * target
            if test == "otherwise" or (actual >= edge if test == ">=" else actual <= edge):
                return band
        return self.tests[-1][0]


def score(observations: pd.DataFrame, policies: pd.DataFrame) -> pd.DataFrame:
    """
    Give each observation its variance and band, and say how the band stands to the published one.

    Args:
        observations: frame of the `OBSERVATIONS` contract: the quarter reported and those it is compared with.
        policies: the register of RAG policies (text columns policy, version, polarity, order, band, test, factor).

    Returns:
        Frame of the `SCORES` contract on the index of *observations*. `variance` is (actual - target) / target in
        percent, signed as the numbers are, to two places; missing where there is no target, it is zero, or the actual is
        inside the range that is good.
        `band` is empty where nothing can be scored, with `band_reason` saying why. The published status is never
        an input: it is only compared with.

    Source: domain.md 4 as written into data/reference/policies.csv; DECISIONS.md, "Bands".
    """
    rows = frames.rows(observations)
    known = {(row["measure_id"], row["quarter"]): row for row in rows}
    by_policy = _policies(policies)
    scored = []
    for row in rows:
        case, reason = _case(row, known)
        policy = _in_force(by_policy.get((row["policy"], case.polarity), []), row["quarter"]) if case else None
        band, within = _band(case, policy, row) if case and policy else (None, ())
        if case and not policy:
            versions = by_policy.get((row["policy"], case.polarity))
            why = f"is not in force before {quarters.label(versions[0].from_quarter)}" if versions else f"says nothing where {case.polarity} is better"
            reason = f"policy {row['policy']!r} {why}"
        actual = case.actual if case else _exact(row["actual"])
        scored.append(row | {
            "scored_target": _decimal(case.target) if case else None,
            "scored_actual": _decimal(actual) if actual is not None else None,
            "scored_polarity": case.polarity if case else row["polarity"],
            "variance": _variance(case),
            "band": str(band or ""),
            "band_reason": "" if band else reason,
            "bands_within_rounding": " ".join(within),
            "agreement": str(_agreement(row["published_status"], band, within, reason)),
            "rule": _rule(row, case, policy, band),
            "figure_id": figure_id(row["quarter"], row["measure_id"]),
        })  # fmt: skip
    return frames.make(scored, frames.SCORES)


def figure_id(quarter: str, measure_id: str) -> str:
    """
    Give the id under which a measure's figures of a quarter are known in every report and receipt.

    >>> figure_id("2016-17-Q2", "Build 5")
    '2016-17-Q2.build-5'
    """
    return f"{quarter}.{slug(measure_id)}"


def disagreements(scores: pd.DataFrame) -> pd.DataFrame:
    """
    Give the rows whose recomputed band is not the published one, with whether rounding could explain it.

    Returns:
        Columns measure_id, theme, number, measure, quarter, target_raw, actual_raw, variance, published_status, band,
        rounding_explains ("yes" or "no"), bands_within_rounding, figure_id; in the order of *scores*.
    """
    apart = scores[scores["agreement"].isin([Agreement.DIFFERS, Agreement.ROUNDING])]
    columns = ["measure_id", "theme", "number", "measure", "quarter", "target_raw", "actual_raw", "variance", "published_status", "band"]
    explained = apart["agreement"].map({str(Agreement.ROUNDING): "yes", str(Agreement.DIFFERS): "no"})
    return apart.assign(rounding_explains=explained)[[*columns, "rounding_explains", "bands_within_rounding", "figure_id"]].reset_index(drop=True)


def indicators(monthly: pd.DataFrame) -> pd.DataFrame:
    """
    Give one row for each monthly indicator: how it moved over its months, and the band that makes.

    An indicator without a target is LG if it moved the good way from its first month to its last, LR if it did not, and
    has no band where either figure is missing or neither way is good.

    Args:
        monthly: frame of the `MONTHLY` contract, of one quarter.

    Returns:
        Columns indicator, polarity, published_status, direction_published, change (exact; missing where unknown), band.

    Source: domain.md 4; source document 000, "Mitigating the Impact of the Recession".
    """
    rows = []
    for name, of_indicator in monthly.sort_values("month", kind="stable").groupby("indicator", sort=False):
        figures = frames.rows(of_indicator)
        first, last = figures[0], figures[-1]
        change = None if first["value"] is None or last["value"] is None else last["value"] - first["value"]
        good_way = {Polarity.HIGHER: 1, Polarity.LOWER: -1}.get(first["polarity"], 0)
        band = "" if change is None or not good_way else str(Band.LG if change * good_way > 0 else Band.LR)
        about = {column: first[column] for column in ("polarity", "published_status", "direction_published", "row")}
        rows.append({"indicator": name, "change": change, "band": band} | about)
    columns = ["indicator", "polarity", "published_status", "direction_published", "change", "band", "row"]
    return pd.DataFrame(rows, columns=columns, dtype=object).sort_values("row", kind="stable").drop(columns="row").reset_index(drop=True)


def _policies(register: pd.DataFrame) -> dict[tuple[str, str], list[_Policy]]:
    """Give the versions of each policy and polarity, oldest first."""
    tests: dict[tuple[str, str, str, str], list[tuple[int, Band, str, Fraction]]] = {}
    for row in register.to_dict("records"):
        factor = Fraction(row["factor"]) if row["test"] != "otherwise" else Fraction(0)
        version = (row["policy"], row["polarity"], row["from_quarter"], row["version"])
        tests.setdefault(version, []).append((int(row["order"]), Band(row["band"]), row["test"], factor))
    policies: dict[tuple[str, str], list[_Policy]] = {}
    for policy, polarity, from_quarter, version in sorted(tests):
        ordered = sorted(tests[policy, polarity, from_quarter, version])
        policies.setdefault((policy, polarity), []).append(_Policy(version, from_quarter, tuple(test[1:] for test in ordered)))
    return policies


def _in_force(versions: list[_Policy], quarter: str) -> _Policy | None:
    return next((version for version in reversed(versions) if version.from_quarter <= quarter), None)


# ---------------------------------------------------------------- what is compared with what


def _exact(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _decimal(value: Fraction) -> Decimal:
    """Give a fraction as a decimal: exact where it has an end, otherwise to ten places."""
    exact = _EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
    return Decimal(f"{exact:f}") if Fraction(exact) == value else exact.quantize(Decimal("1E-10"), context=_EXACT)


def _figure(row: Row) -> Fraction | None:
    """Give the actual; from its numerator and denominator where these round to what is printed, as they are more exact."""
    printed, ratio = _exact(row["actual"]), _ratio(row)
    return printed if ratio is None else ratio


def _ratio(row: Row) -> Fraction | None:
    """Give numerator over denominator in the unit of the figure; None where there are none, or they are of something else."""
    if row["actual"] is None or row["actual_numerator"] is None or not row["actual_denominator"]:
        return None
    ratio = Fraction(row["actual_numerator"], row["actual_denominator"]) * (100 if row["actual_unit"] == "percent" else 1)
    return ratio if abs(ratio - Fraction(row["actual"])) <= Fraction(10) ** -(row["actual_decimals"] or 0) / 2 else None


def _case(row: Row, known: dict[tuple[str, str], Row]) -> tuple[_Case | None, str]:
    """Give what is compared, or why nothing is."""
    if row["polarity"] == Polarity.NONE:
        return None, "contextual: no way is good"
    actual = _figure(row)
    if row["target_annual"] and not row["quarter"].endswith("Q4"):
        return None, "annual target, assessed in Q4"
    if row["target_low"] is None and not row["target_rule"]:
        return None, f"target: {row['target_reason'] or Reason.NOT_GIVEN}"
    if actual is None:
        return None, f"actual: {row['actual_reason'] or ('a range, not a figure' if row['actual_low'] is not None else Reason.NOT_GIVEN)}"
    if row["target_rule"]:
        return _year_on_year(row, actual, known)
    return _against_figure(row, actual)


def _against_figure(row: Row, actual: Fraction) -> tuple[_Case | None, str]:
    """Give the case of a target that is a figure, a range, a rank or a change."""
    if row["target_unit"] == "rank":
        if row["actual_rank"] is None:
            return None, "actual: gives no rank to compare with the target's"
        return _Case(Fraction(row["actual_rank"]), Fraction(row["target_high"]), Polarity.LOWER), ""
    if row["target_unit"] != row["actual_unit"]:
        return None, f"target in {row['target_unit']}, actual in {row['actual_unit']}"
    low, high = Fraction(row["target_low"]), Fraction(row["target_high"])
    if row["polarity"] == Polarity.IN_RANGE:
        return _Case(actual, low if actual < low else high, Polarity.HIGHER if actual < low else Polarity.LOWER, (low, high)), ""
    if low != high:
        if row["polarity"] == Polarity.HIGHER:
            return _Case(actual, low, Polarity.HIGHER, (low, high)), ""
        return _Case(actual, high, Polarity.LOWER), ""
    if low < 0:
        return _Case(-actual, -low, Polarity.HIGHER), ""
    return _Case(actual, low, row["polarity"]), ""


def _year_on_year(row: Row, actual: Fraction, known: dict[tuple[str, str], Row]) -> tuple[_Case | None, str]:
    before = _year_before(row, known)
    target = _figure(before) if before else None
    if target is None:
        return None, NO_YEAR_BEFORE
    return _Case(actual, target, YEAR_ON_YEAR[row["target_rule"]]), ""


def _year_before(row: Row, known: dict[tuple[str, str], Row]) -> Row | None:
    """Find the same measure's figure for the period exactly a year before: by its stated data period, else by quarter."""
    if not row["data_period"]:
        return known.get((row["measure_id"], quarters.year_earlier(row["quarter"])))
    wanted = _months_covered(row["data_period"], years_back=1)
    same = (other for (measure, _), other in known.items() if measure == row["measure_id"] and other["data_period"])
    return next((other for other in same if wanted and _months_covered(other["data_period"]) == wanted), None)


def _months_covered(period: str, years_back: int = 0) -> tuple[tuple[str, int], tuple[str, int]] | None:
    """Give the first and last month of "Oct 13 to Sept 14" as (month, year), or None."""
    ends = re.fullmatch(r"([A-Za-z]{3})[a-z]* (?:20)?(\d\d) to ([A-Za-z]{3})[a-z]* (?:20)?(\d\d)", period)
    if not ends:
        return None
    return (ends[1].casefold(), int(ends[2]) - years_back), (ends[3].casefold(), int(ends[4]) - years_back)


# ---------------------------------------------------------------- bands


def _band(case: _Case, policy: _Policy, row: Row) -> tuple[Band, tuple[str, ...]]:
    """Give the band, and every band that the printed actual could have meant before it was rounded."""

    def of(actual: Fraction) -> Band:
        if case.inside and case.inside[0] <= actual <= case.inside[1]:
            return Band.G
        return policy.band(actual, case.target)

    band = of(case.actual)
    if _ratio(row) is not None or row["target_unit"] == "rank" or row["actual_decimals"] is None:
        return band, (str(band),)
    half = Fraction(10) ** -row["actual_decimals"] / 2
    low, high = case.actual - half, case.actual + half
    edges = [*(factor * case.target for _, _, factor in policy.tests), *(case.inside or ())]
    stops = sorted({low, case.actual, high, *(edge for edge in edges if low < edge < high)})
    between = [(first + second) / 2 for first, second in pairwise(stops)]
    met = {of(value) for value in (*stops, *between)}
    return band, tuple(str(possible) for possible in Band if possible in met)


def _rule(row: Row, case: _Case | None, policy: _Policy | None, band: Band | None) -> str:
    """Name the rule that made a band: policy, version, and which way was good."""
    if not case or not policy or not band:
        return ""
    sense = "inside the range" if case.within else f"{case.polarity} is better"
    return f"{row['policy']} version {policy.version}, {sense}"


def _variance(case: _Case | None) -> Decimal | None:
    if case is None or case.within or not case.target:
        return None
    return _decimal((case.actual - case.target) / abs(case.target) * 100).quantize(Decimal("0.01"), ROUND_HALF_UP, _EXACT)


def _agreement(published: str, band: Band | None, within: tuple[str, ...], reason: str) -> Agreement:
    printed = published in tuple(Band)
    if band is None:
        return Agreement.NOT_COMPUTABLE if printed or reason == NO_YEAR_BEFORE else Agreement.NOT_SCORED
    if not printed:
        return Agreement.NOT_SCORED
    if published == band:
        return Agreement.AGREES
    return Agreement.ROUNDING if published in within else Agreement.DIFFERS
