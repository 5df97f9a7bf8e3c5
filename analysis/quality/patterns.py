"""Checks of many figures together: the traces that copying, rounding and wishing leave."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from analysis import frames, quarters
from analysis.checking import Examined
from analysis.quality.evidence import Evidence, each, significant
from analysis.vocabulary import Kind

LEAST = 10
"""Fewer figures than this make no pattern."""
_LEAST_OF_RETURN = 5


def _share(hits: int, of: int, limit: Decimal) -> bool:
    return hits * 100 >= limit * of


def a_return_is_not_last_quarters(evidence: Evidence, limit: Decimal) -> Examined:
    """Check of each return with five figures or more that were also known the quarter before, that not so many percent of them are the same."""
    now = evidence.now[evidence.known & evidence.now["before_actual"].notna()]
    result = Examined()
    label = quarters.label(quarters.previous(evidence.quarter))
    for file, of_file in now.groupby("file", sort=False):
        if len(of_file) < _LEAST_OF_RETURN:
            result.skip(1, f"{file}: fewer than {_LEAST_OF_RETURN} figures known in both quarters")
            continue
        same = int(sum(own == before for own, before in zip(of_file["actual"], of_file["before_actual"], strict=True)))
        message = f"{same} of its {len(of_file)} figures known in both quarters are exactly those of {label}. Is it last quarter's return?"
        result.look({"quarter": evidence.quarter, "file": file, "sheet": ""}, "file", message if _share(same, len(of_file), limit) else "")
    return result


def figures_do_not_bunch_at_target(evidence: Evidence, limit: Decimal) -> Examined:
    """Check of each partner with ten figures that have a target, that not so many percent of them are exactly the target."""
    now = evidence.now
    single = evidence.known & now["target_low"].notna() & each(now["actual"], bool)
    result = Examined()
    for partner, of_partner in now[single].groupby("partner", sort=False):
        if len(of_partner) < LEAST:
            result.skip(1, f"{partner or 'no partner named'}: fewer than {LEAST} figures with a target")
            continue
        at = of_partner[[own in (low, high) for own, low, high in zip(of_partner["actual"], of_partner["target_low"], of_partner["target_high"], strict=True)]]
        message = (
            f"{len(at)} of {len(of_partner)} figures of {partner or 'a partner who is not named'} are exactly their targets. Are they measured, or filled in?"
        )
        where = frames.rows(of_partner.iloc[:1])[0]
        result.look({name: where[name] for name in ("quarter", "file")} | {"sheet": ""}, "file", message if _share(len(at), len(of_partner), limit) else "")
    return result


def figures_do_not_heap(evidence: Evidence, limit: Decimal) -> Examined:
    """Check of each partner with ten counts of ten or more, that not so many percent of them end in 0 or 5; one in five would by chance."""
    now = evidence.now
    counts = evidence.known & now["kind"].isin([Kind.QUARTER_COUNT, Kind.CUMULATIVE, Kind.SNAPSHOT, Kind.ROLLING_YEAR]) & (now["actual_unit"] == "number")
    counts &= each(now["actual"], lambda value: value >= LEAST and value == int(value))
    result = Examined()
    for partner, of_partner in now[counts].groupby("partner", sort=False):
        if len(of_partner) < LEAST:
            result.skip(1, f"{partner or 'no partner named'}: fewer than {LEAST} counts of {LEAST} or more")
            continue
        heaped = sum(int(value) % 5 == 0 for value in of_partner["actual"])
        message = (
            f"{heaped} of {len(of_partner)} counts of {partner or 'a partner who is not named'} end in 0 or 5; one in five would by chance. Are they estimates?"
        )
        where = frames.rows(of_partner.iloc[:1])[0]
        result.look({name: where[name] for name in ("quarter", "file")} | {"sheet": ""}, "file", message if _share(heaped, len(of_partner), limit) else "")
    return result


def no_two_measures_are_one(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that no two measures of a return have the same target and the same actual, where the actual has so many digits."""
    now = evidence.now
    can = evidence.known & each(now["actual"], lambda value: significant(value) >= limit)
    key = pd.Series(
        [
            f"{row[0]}|{row[1].normalize()}|{'|'.join('' if frames.absent(aim) else str(aim) for aim in row[2:])}" if one else ""
            for one, *row in zip(can, now["file"], now["actual"], *(_plain(now[name]) for name in ("target_low", "target_high", "target_rule")), strict=True)
        ],
        index=now.index,
        dtype=object,
    )
    groups = now[can].groupby(key[can], sort=False)["measure_id"].agg(list)
    others = key.map(groups)
    twice = can & others.map(lambda names: isinstance(names, list) and len(names) > 1)

    def say(row: dict[str, object]) -> str:
        beside = [name for name in row["others"] if name != row["measure_id"]]  # type: ignore[attr-defined]
        both = f"target {row['target_raw'] or 'none'} and actual {row['actual_raw']}"
        return f"{row['measure_id']}: {both} are also those of {', '.join(beside)}. Has a row been copied?"

    return evidence.look(can, twice.astype(bool), "actual", say, others.rename("others").to_frame())


def _plain(column: pd.Series) -> list[object]:
    """Give figures without the noughts at their ends, so that 90 and 90.0 are one target."""
    return [value.normalize() if isinstance(value, Decimal) else value for value in column]
