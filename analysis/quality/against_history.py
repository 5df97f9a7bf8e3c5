"""Checks of figures against their own past: the quarter before, the year so far, all that came before."""

from __future__ import annotations

from decimal import Context, Decimal

import numpy as np
import pandas as pd

from analysis import frames, quarters
from analysis.checking import Examined, Row
from analysis.quality.evidence import Evidence, each, significant
from analysis.values import shown
from analysis.vocabulary import Kind

_SLIPS = {
    "percent": {Decimal(100): ("a share of one", "a percentage")},
    "seconds": {Decimal(60): ("minutes", "seconds")},
    "pounds": {Decimal(1000): ("thousands", "pounds")},
    "number": {Decimal(1000): ("thousands", "single things")},
}
"""Unit -> how many times too small a figure is that was typed in something else: in what, and in what it should be."""
_LEAST_PAST = 2


def one_unit_as_before(evidence: Evidence, limit: Decimal) -> Examined:
    """
    Check that no figure is 60, 100 or 1,000 times what it was, or that part of it, as a slip of the unit makes it.

    It is held against the middle of its past, of two figures or more; against its target where it has less.
    """
    now, past = evidence.now, evidence.past
    aim = now["target_low"].where(now["target_unit"] == now["actual_unit"], None)
    usual = past["median"].where(past["number"] >= _LEAST_PAST, aim)
    usual = usual.where(usual.notna(), None)
    can = evidence.known & each(now["actual"], bool) & each(usual, bool) & now["unit"].isin(list(_SLIPS))
    rows = pd.Series(
        [_slip(*row, limit) if one else "" for one, *row in zip(can, now["actual"], usual, now["unit"], strict=True)], index=now.index, dtype=object
    )

    def say(row: Row) -> str:
        other = shown(row["usual"], row["actual_unit"])
        used = f"it is {other} as a rule" if row["enough"] else f"its target is {other}"
        return f"{row['measure_id']}: {shown(row['actual'], row['actual_unit'])}, but {used}: {row['slip']}?"

    enough = (past["number"] >= _LEAST_PAST).fillna(value=False)
    beside = pd.DataFrame({"slip": rows, "usual": usual, "enough": enough.astype(bool)})
    result = evidence.look(can, rows != "", "actual", say, beside)
    result.skip(int((evidence.known & ~can).sum()), "figures of nothing, or without a past or a target in their unit, or in a unit without a multiple")
    return result


def _slip(actual: Decimal, usual: Decimal, unit: str, limit: Decimal) -> str:
    """Say which slip of the unit would explain a figure, or nothing."""
    for times, (small, right) in _SLIPS.get(unit, {}).items():
        low, high = times * (100 - limit), times * (100 + limit)
        if low * abs(actual) <= 100 * abs(usual) <= high * abs(actual):
            return f"was it typed as {small} instead of {right}" if unit == "percent" else f"was it typed in {small} instead of {right}"
        if low * abs(usual) <= 100 * abs(actual) <= high * abs(usual):
            return f"is its unit another one, {times} times as small"
    return ""


def cumulative_figures_never_fall(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that a figure that grows over the year is not less than it was the quarter before, in one year."""
    del limit
    now = evidence.now
    can = evidence.known & (now["kind"] == Kind.CUMULATIVE) & now["before_actual"].notna() & (not evidence.quarter.endswith("Q1"))
    falls = pd.Series(
        [one and bool(own < before) for one, own, before in zip(can, now["actual"], now["before_actual"], strict=True)], index=now.index, dtype=bool
    )

    def say(row: Row) -> str:
        before = quarters.label(quarters.previous(evidence.quarter))
        falls = f"falls from {row['before_actual_raw']} in {before} to {row['actual_raw']}"
        return f"{row['measure_id']} grows over the year, but {falls}: is it the quarter's alone, or was the earlier figure corrected?"

    result = evidence.look(can, falls, "actual", say)
    if not evidence.quarter.endswith("Q1"):
        result.skip(int((evidence.known & (now["kind"] == Kind.CUMULATIVE) & ~can).sum()), "figures that are not known for the quarter before")
    return result


def targets_stay_within_the_year(evidence: Evidence, limit: Decimal) -> Examined:
    """
    Check that a target is that of the quarter before, in one year, and that none is withdrawn.

    One that grows with a cumulative or quarterly count may differ.
    """
    del limit
    now = evidence.now
    grows = now["kind"].isin([Kind.CUMULATIVE, Kind.QUARTER_COUNT, Kind.MILESTONE, Kind.CONTEXTUAL])
    aimed = now["before_target_low"].notna() | ~now["before_target_rule"].isin(["", None])
    aims = now["target_low"].notna() | (now["target_rule"] != "")
    can = aimed & (aims | evidence.known) & ~grows & (not evidence.quarter.endswith("Q1"))
    changed = pd.Series(np.zeros(len(now), dtype=bool), index=now.index)
    for name in ("target_low", "target_high", "target_rule"):
        pairs = zip(now[name], now[f"before_{name}"], strict=True)
        changed |= pd.Series([not (frames.absent(own) and frames.absent(before)) and own != before for own, before in pairs], index=now.index, dtype=bool)

    def say(row: Row) -> str:
        before = quarters.label(quarters.previous(evidence.quarter))
        stands = f"is {row['target_raw']} now" if row["aims"] else f"is withdrawn now ({row['target_raw'] or 'blank'})"
        return f"{row['measure_id']}: the target was {row['before_target_raw']} in {before} and {stands}. Who agreed to change it within the year?"

    result = evidence.look(can.astype(bool), changed, "target", say, aims.rename("aims").to_frame())
    if not evidence.quarter.endswith("Q1"):
        result.skip(int((aims & ~grows & ~aimed).sum()), "targets that are not known for the quarter before")
    return result


def figures_are_within_their_past(evidence: Evidence, limit: Decimal) -> Examined:
    """
    Check that a figure is within the limits (XmR) of the figures before it, where these are so many.

    One outside is looked at before it is explained. The figure itself, and later ones, have no part in the limits.
    """
    now, known = evidence.now, evidence.known
    process = evidence.process[(evidence.process["what"] == "measure") & (evidence.process["period"] < evidence.quarter)]
    few = f"figures with fewer than {limit} before them, or of a kind that limits mean nothing for"
    if process.empty:
        result = Examined()
        result.skip(int(known.sum()), few)
        return result
    ordered = process.sort_values("period", kind="stable").groupby("series_id", sort=False)
    last = ordered[["lower", "upper"]].last()
    beside = pd.DataFrame({name: now["measure_id"].map(last[name]).astype(object) for name in ("lower", "upper")})
    beside = beside.where(beside.notna(), None)
    enough = now["measure_id"].map(ordered.size()).fillna(0) >= limit
    can = known & enough & beside["lower"].notna()
    pairs = zip(can, now["actual"], beside["lower"], beside["upper"], strict=True)
    outside = pd.Series([bool(one) and not low <= own <= high for one, own, low, high in pairs], index=now.index, dtype=bool)

    def say(row: Row) -> str:
        places = Decimal(1).scaleb(-int(row["actual_decimals"] or 0) - 1)
        low, high = (shown(row[name].quantize(places, context=Context(prec=400)), row["actual_unit"]) for name in ("lower", "upper"))
        return f"{row['measure_id']}: {row['actual_raw']} is outside {low} to {high}, the limits of its own past. Is the figure right, before it is explained?"

    result = evidence.look(can, outside, "actual", say, beside)
    result.skip(int((known & ~can).sum()), few)
    return result


def figures_move_on(evidence: Evidence, limit: Decimal) -> Examined:
    """
    Check that no figure of so many digits is exactly that of the quarter before; a yearly one, or one in arrears, may stay.

    One that is printed with another numerator or denominator than before was counted anew, and only comes to the same.
    """
    now = evidence.now
    moves = ~now["kind"].isin([Kind.ANNUAL, Kind.SURVEY, Kind.MILESTONE, Kind.CONTEXTUAL]) & (now["arrears"].fillna(0) == 0)
    alike = now["before_actual"].notna() & (now["before_actual_unit"] == now["actual_unit"])
    can = evidence.known & moves & alike & each(now["actual"], lambda value: significant(value) >= limit)
    same = pd.Series(
        [one and bool(own == before) for one, own, before in zip(can, now["actual"], now["before_actual"], strict=True)], index=now.index, dtype=bool
    )
    same &= ~_counted_anew(evidence)
    label = quarters.label(quarters.previous(evidence.quarter))
    result = evidence.look(
        can, same, "actual", lambda row: f"{row['measure_id']}: {row['actual_raw']} is exactly the figure of {label}. Has it been copied forward?"
    )
    result.skip(int((evidence.known & moves & ~alike).sum()), f"figures that are not known for {label} in the same unit")
    return result


def _counted_anew(evidence: Evidence) -> pd.Series:
    """Give which figures have a numerator or a denominator that is not that of the quarter before, both being known."""
    now = evidence.now
    before = evidence.observations[evidence.observations["quarter"] == quarters.previous(evidence.quarter)].set_index("measure_id")
    anew = pd.Series(np.zeros(len(now), dtype=bool), index=now.index)
    for name in ("actual_numerator", "actual_denominator"):
        was = now["measure_id"].map(before[name])
        anew |= (now[name].notna() & was.notna() & (now[name] != was)).fillna(value=False).astype(bool)
    return anew


def headings_stay(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that a return that came the quarter before, under the same name, has lost none of its headings since; one with a date changes with the quarter."""
    del limit
    result = Examined()
    earlier = quarters.previous(evidence.quarter)
    heads = frames.rows(evidence.cells[(evidence.cells["field"] == "heading") & evidence.cells["quarter"].isin([earlier, evidence.quarter])])
    before = [row for row in heads if row["quarter"] == earlier]
    returns: dict[tuple[str, str, str], list[Row]] = {}
    for row in heads:
        if row["quarter"] == evidence.quarter:
            returns.setdefault((row["file"], row["sheet"], row["form"]), []).append(row)
    for (file, sheet, form), of_now in returns.items():
        of_file = [row for row in before if row["file"] == file and row["form"] == form]
        of_before = [row for row in of_file if row["sheet"] == sheet] or of_file
        if not of_before:
            result.skip(1, f"{file}: no return of this name the quarter before")
            continue
        plain = {row["raw"].strip().casefold() for row in of_now}
        undated = [text.strip() for text in dict.fromkeys(row["raw"] for row in of_before) if not any(map(str.isdigit, text))]
        lost = [text for text in undated if text.casefold() not in plain]
        first = of_now[0]
        was, are = ("was a heading", "is") if len(lost) == 1 else ("were headings", "are")
        message = f"{', '.join(map(repr, lost))} {was} the quarter before and {are} not there now. Left out on purpose?"
        result.look(first | {"heading_cell": f"{first['row']}:{first['row']}"}, "heading", message if lost else "")
    return result
