"""Observations -> variance, RAG band under a policy that is data, and agreement with the published band."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd

from analysis import frames, quarters
from analysis.frames import times
from analysis.markup import slug
from analysis.scoring import banding
from analysis.scoring.banding import BANDS, NO_FORECAST, NO_YEAR_AGO, Group
from analysis.scoring.cases import NO_YEAR_BEFORE, Cases, Ratio, build, reasons
from analysis.scoring.policies import Policy, asks_for_year_ago, in_force, read
from analysis.vocabulary import Agreement, Kind, Polarity

_UNDECIDED = {
    NO_YEAR_AGO: "the policy asks for the figure a year ago, which is not known",
    NO_FORECAST: "the policy asks for a forecast of the year end, which there is none of",
}
COUNTED = (Kind.QUARTER_COUNT, Kind.CUMULATIVE, Kind.SNAPSHOT, Kind.MILESTONE)
"""Kinds whose whole numbers are counts, and so are exact as printed."""
WORDS = np.array([str(band) for band in BANDS] + [""], dtype=object)


def score(observations: pd.DataFrame, policies: pd.DataFrame, forecasts: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Give each observation its variance and band, and say how the band stands to the published one.

    Args:
        observations: frame of the `OBSERVATIONS` contract: the quarter reported and those it is compared with.
        policies: the register of RAG policies (text columns policy, version, from_quarter, polarity, order, band, test,
            factor; and figure, points, against, where they are not actual, 0 and target).
        forecasts: frame of the `FORECASTS` contract, for policies that look at the forecast of the year end.

    Returns:
        Frame of the `SCORES` contract on the index of *observations*. `variance` is (actual - target) / target in
        percent, signed as the numbers are, to two places; missing where there is no target, it is zero, or the actual is
        inside the range that is good.
        `band` is empty where nothing can be scored, with `band_reason` saying why. The published status is never
        an input: it is only compared with. Everything is decided in whole numbers, never in floats.

    Source: domain.md 4 as written into data/reference/policies.csv; DECISIONS.md, "Bands".
    """
    observations = observations.reset_index(drop=True)
    cases, groups, reason = cases_of(observations, policies, forecasts)
    banded = banding.codes(cases, groups)
    bits = banding.within_rounding(cases, groups, banded)
    reason = np.where(reason == "", reasons(observations, cases), reason)
    reason[(banded == banding.NONE) & (reason == "")] = "no test of the policy takes this figure"
    for code, words in _UNDECIDED.items():
        reason[banded == code] = words
    made = {
        "scored_target": _decimals(cases.target, cases, cases.sound, observations["target_low"]),
        "scored_actual": _decimals(cases.actual.where(~cases.sound, cases.figure), cases, cases.sound | cases.figure_known, observations["actual"]),
        "scored_polarity": np.where(cases.sound, np.where(cases.lower, str(Polarity.LOWER), str(Polarity.HIGHER)), observations["polarity"]),
        "variance": _variance(cases),
        "band": WORDS[banded.clip(-1)],
        "band_reason": reason,
        "bands_within_rounding": _words_of(bits),
        "agreement": _agreement(observations["published_status"], banded, bits, reason),
        "rule": _rules(cases, groups, banded),
        "figure_id": _figure_ids(observations),
    }
    return frames.extend(observations, made, frames.SCORES)


def bands(observations: pd.DataFrame, policies: pd.DataFrame, forecasts: pd.DataFrame | None = None) -> pd.Series:
    """
    Give the band of each observation and nothing else, on their index; empty where nothing can be scored.

    Args:
        observations: frame of the `OBSERVATIONS` contract; its exact columns may also be Arrow decimals.
        policies, forecasts: as for `score`.
    """
    cases, groups, _ = cases_of(observations, policies, forecasts)
    return pd.Series(WORDS[banding.codes(cases, groups).clip(-1)], index=observations.index, dtype=object)


def flips(observations: pd.DataFrame, policies: pd.DataFrame, policy: str, forecasts: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Give the rows whose band would be another under *policy* than under their own.

    Returns:
        Columns measure_id, quarter, measure, target_raw, actual_raw, policy (its own), band, band_then, reason_then (why
        there would be none), in the order of *observations*. G counts as another band than LG or HG.
    """
    now = score(observations, policies, forecasts)
    then = score(observations.assign(policy=policy), policies, forecasts)
    other = (now["band"] != then["band"]).to_numpy()
    columns = ["measure_id", "quarter", "measure", "target_raw", "actual_raw", "policy", "band"]
    return now.loc[other, columns].assign(band_then=then["band"][other], reason_then=then["band_reason"][other]).reset_index(drop=True)


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


# ---------------------------------------------------------------- which policy judges which rows


def cases_of(observations: pd.DataFrame, register: pd.DataFrame, forecasts: pd.DataFrame | None) -> tuple[Cases, list[Group], np.ndarray]:
    """Give the cases, the rows that each version of each policy judges, and why a row has no policy."""
    known = read(register)
    named, time = frames.coded(observations["policy"]), frames.coded(observations["quarter"])
    used = set(named.names)
    cases = build(observations, forecasts, year_ago=asks_for_year_ago({key: versions for key, versions in known.items() if key[0] in used}))
    reason = np.full(len(observations), "", dtype=object)
    size = max(len(time.names), 1)
    key = (named.codes.astype(np.int64) * size + time.codes) * 2 + cases.lower
    codes, keys = pd.factorize(np.where(cases.sound, key, -1))
    judged: dict[tuple[Policy, Policy | None], int] = {}
    judge_of = np.full(len(keys), -1, dtype=np.int16)
    for place, of in enumerate(keys.tolist()):
        if of < 0:
            continue
        polarity, opposite = (Polarity.LOWER, Polarity.HIGHER) if of % 2 else (Polarity.HIGHER, Polarity.LOWER)
        name, quarter = named.names[of // 2 // size], time.names[of // 2 % size]
        versions = known.get((name, str(polarity)), [])
        if policy := in_force(versions, quarter):
            judge_of[place] = judged.setdefault((policy, in_force(known.get((name, str(opposite)), []), quarter)), len(judged))
        else:
            why = f"is not in force before {quarters.label(versions[0].from_quarter)}" if versions else f"says nothing where {polarity} is better"
            reason[codes == place] = f"policy {name!r} {why}"
    judge = judge_of[codes] if len(codes) else judge_of[:0]
    return cases, [Group(policy, np.flatnonzero(judge == code), other) for (policy, other), code in judged.items()], reason


# ---------------------------------------------------------------- columns


def _decimals(ratio: Ratio, cases: Cases, known: np.ndarray, given: pd.Series) -> np.ndarray:
    """Give fractions as decimals, None where not known: the figure as *given* where it is that, or else made anew."""
    made = np.where(known, frames.decimals(given), None)
    numbers, _, scale = frames.integers(pd.DataFrame({"given": given}), ["given"])
    left, right = times(ratio.top, 10**scale), times(numbers["given"], ratio.bottom, cases.scale)
    there = known & given.notna().to_numpy()
    same, turned = there & (left == right).astype(bool), there & (left == -right).astype(bool)
    made[turned & ~same] = [-value for value in made[turned & ~same]]
    anew = np.flatnonzero(known & ~same & ~turned)
    made[anew] = frames.quotients(ratio.top[anew], times(ratio.bottoms[anew], cases.scale))
    return made


def _variance(cases: Cases) -> np.ndarray:
    known = cases.sound & ~cases.within & (cases.target.top != 0).astype(bool)
    actual, target = cases.actual.at(known), cases.target.at(known)
    apart = times(actual.top, target.bottom) - times(target.top, actual.bottom)
    size = times(np.abs(target.top), actual.bottom)
    doubled = times(np.abs(apart), 20_000) + size
    hundredths = np.where(apart < 0, -1, 1) * (doubled // (2 * size)) if len(size) else size
    codes, different = pd.factorize(hundredths)
    made = np.full(len(known), None, dtype=object)
    if len(different):
        made[known] = np.array([Decimal(f"{value}E-2") for value in different], dtype=object)[codes]
    return made


def _words_of(bits: np.ndarray) -> np.ndarray:
    codes, different = pd.factorize(bits)
    words = [" ".join(str(band) for code, band in enumerate(BANDS) if bit >> code & 1) for bit in different.tolist()]
    return np.array(words, dtype=object)[codes] if words else np.array([], dtype=object)


def _agreement(published: pd.Series, banded: np.ndarray, bits: np.ndarray, reason: np.ndarray) -> np.ndarray:
    place = {str(band): code for code, band in enumerate(BANDS)}
    printed = published.map(place).fillna(-1).to_numpy(dtype=np.int64)
    said = np.full(len(banded), str(Agreement.NOT_SCORED), dtype=object)
    said[(banded < 0) & ((printed >= 0) | (reason == NO_YEAR_BEFORE))] = str(Agreement.NOT_COMPUTABLE)
    both = (banded >= 0) & (printed >= 0)
    said[both] = str(Agreement.DIFFERS)
    said[both & (np.right_shift(bits, np.maximum(printed, 0)) & 1 == 1)] = str(Agreement.ROUNDING)
    said[both & (printed == banded)] = str(Agreement.AGREES)
    return said


def _rules(cases: Cases, groups: list[Group], banded: np.ndarray) -> np.ndarray:
    """Name the rule that made each band: policy, version, and which way was good."""
    rules = np.full(len(banded), "", dtype=object)
    within = cases.within
    for group in groups:
        rows = group.rows[banded[group.rows] >= 0]
        named = f"{group.policy.name} version {group.policy.version}"
        sense = np.where(cases.lower[rows], f"{named}, {Polarity.LOWER} is better", f"{named}, {Polarity.HIGHER} is better")
        rules[rows] = np.where(within[rows], f"{named}, inside the range", sense)
    return rules


def _figure_ids(observations: pd.DataFrame) -> np.ndarray:
    time, named = frames.coded(observations["quarter"]), frames.coded(observations["measure_id"])
    before, after = (np.array(words, dtype=object) for words in ([f"{quarter}." for quarter in time.names], [slug(name) for name in named.names]))
    return np.asarray(before[time.codes] + after[named.codes]) if len(observations) else np.array([], dtype=object)
