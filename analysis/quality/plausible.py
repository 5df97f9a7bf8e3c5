"""Checks of figures by themselves: whether they can be what they say."""

from __future__ import annotations

import re
from decimal import Decimal

import pandas as pd

from analysis import frames, quarters, values
from analysis.checking import Examined, Row
from analysis.errors import UnreadableValue
from analysis.frames import MONEY
from analysis.quality.evidence import Evidence, each
from analysis.values import shown
from analysis.vocabulary import Kind, Outcome, Reason

HUNDRED = Decimal(100)
_YEAR = 12


def percentages_are_possible(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that percentages lie from 0 to 100; one whose target or past does not is a change or a rate, and may."""
    del limit
    now, past = evidence.now, evidence.past
    percent = evidence.known & (now["actual_unit"] == "percent")

    def beyond(value: Decimal) -> bool:
        return value < 0 or value > HUNDRED

    may = each(now["target_low"], beyond) | each(now["target_high"], beyond) | each(past["median"], beyond)
    return evidence.look(
        percent,
        each(now["actual"], beyond) & ~may,
        "actual",
        lambda row: (
            f"{row['measure_id']}: a percentage of {shown(row['actual'], 'percent')} cannot be, unless it is a change. Is it a count, or a slip of the point?"
        ),
    )


def a_part_is_within_its_whole(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that no numerator is larger than its denominator."""
    del limit
    now = evidence.now
    both = now["actual_numerator"].notna() & now["actual_denominator"].notna()
    odd = both & (now["actual_numerator"] > now["actual_denominator"]).fillna(value=False)
    return evidence.look(
        both,
        odd.astype(bool),
        "actual",
        lambda row: (
            f"{row['measure_id']}: {row['actual_numerator']} is more than the whole it is part of, {row['actual_denominator']}. Have the two changed places?"
        ),
    )


def decimals_are_as_registered(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that a figure is printed with the register's decimals, or with those that all of its past has."""
    del limit
    now = evidence.now
    register = evidence.registers.measures.set_index("measure_id")["decimals"]
    stated = pd.to_numeric(now["measure_id"].map(register).replace("", None), errors="coerce").astype("Int64")
    wanted = stated.fillna(evidence.past["decimals"].astype("Int64")).rename("wanted_decimals")
    can = evidence.known & wanted.notna() & now["actual_decimals"].notna()
    odd = can & (now["actual_decimals"] != wanted).fillna(value=False)

    def say(row: Row) -> str:
        by = "the register" if register.get(row["measure_id"]) else "its past"
        number = int(row["actual_decimals"])
        has = f"{row['actual_raw']} has {number} {'decimal' if number == 1 else 'decimals'}; by {by} it has {row['wanted_decimals']}"
        return f"{row['measure_id']}: {has}. Is it another figure, or another unit?"

    result = evidence.look(can.astype(bool), odd.astype(bool), "actual", say, wanted.to_frame())
    result.skip(int((evidence.known & ~can).sum()), "figures with no decimals in the register, and no past of three that all have the same")
    return result


def the_period_is_the_quarters(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that the period a figure says it covers is no older than the register's lag, not after the quarter, and of a rolling year twelve months."""
    del limit
    now = evidence.now
    ends = pd.Series([_last_quarter(text) for text in now["data_period"]], index=now.index, dtype=object)
    lag = ends.map(lambda end: pd.NA if end is None else quarters.ordinal(evidence.quarter) - end).astype("Int64")
    stated = (now["data_period"] != "") & lag.notna()
    months = pd.Series([_months(text) for text in now["data_period"]], index=now.index, dtype="Int64")
    long = ((now["kind"] == Kind.ROLLING_YEAR) & (months != _YEAR)).fillna(value=False)
    odd = stated & (((lag > now["arrears"].fillna(0)) | (lag < 0)).fillna(value=False) | long)

    def say(row: Row) -> str:
        if row["lag"] < 0:
            return f"{row['measure_id']}: says it is of {row['data_period']}, which is after {quarters.label(evidence.quarter)}. Correct the period."
        if row["long"]:
            return f"{row['measure_id']}: says it is of {row['data_period']}, {row['months']} months; a rolling year has 12. Correct the figure or the period."
        behind = f"{row['lag']} {'quarter' if row['lag'] == 1 else 'quarters'} before {quarters.label(evidence.quarter)}"
        late = f"the register allows {row['arrears'] or 0}"
        return f"{row['measure_id']}: says it is of {row['data_period']}, {behind}; {late}. Send this quarter's figure, or correct the period."

    beside = pd.DataFrame({"lag": lag, "months": months, "long": long})
    result = evidence.look(stated.astype(bool), odd.astype(bool), "actual", say, beside)
    result.skip(int(((now["data_period"] != "") & lag.isna()).sum()), "a period that is not a quarter or a year")
    return result


def _months(text: str) -> int | None:
    """Give how many months a period that names its first and last has."""
    span = quarters.span(text)
    return span[1] - span[0] + 1 if span else None


def _last_quarter(text: str) -> int | None:
    """Give the ordinal of the last quarter that a period covers; None where it is none that is known."""
    if not text:
        return None
    key = quarters.parse(text)
    if key:
        return quarters.ordinal(key)
    year = re.fullmatch(r"(20\d\d)[/-](?:20)?\d\d", text.strip())
    if year:
        return quarters.ordinal(f"{year[1]}-{(int(year[1]) + 1) % 100:02d}-Q4")
    span = quarters.span(text)
    if not span:
        return None
    year, month = divmod(span[1], 12)
    return int(pd.Period(year=year + (2000 if year < 100 else 0), month=month + 1, freq="M").asfreq("Q-MAR").ordinal)


def totals_foot(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that the total line of a table of awards comes to the sum of its rows; an unknown in a row leaves it open."""
    del limit
    result = Examined()
    cells = evidence.cells[(evidence.cells["quarter"] == evidence.quarter) & (evidence.cells["form"] == "grant spend")]
    totals = cells[(cells["field"] == "") & (cells["outcome"] == Outcome.IGNORED) & cells["reason"].str.startswith("total line")]
    if totals.empty:
        return result
    field_of = {(row["file"], row["sheet"], row["column"]): row["field"] for row in frames.rows(cells[cells["field"].isin(MONEY)])}
    awards = evidence.awards[evidence.awards["quarter"] == evidence.quarter]
    for cell in frames.rows(totals):
        name = field_of.get((cell["file"], cell["sheet"], cell["column"]))
        if name is None:
            continue
        rows = awards[(awards["file"] == cell["file"]) & (awards["sheet"] == cell["sheet"])]
        try:
            printed = values.read(values.mended(cell["raw"])[0], "pounds").value
        except UnreadableValue:
            printed = None
        unknown = int((rows[name].isna() & (rows[f"{name}_reason"] != Reason.NOT_APPLICABLE)).sum())
        if printed is None or unknown:
            result.skip(1, f"{cell['cell']}: {'its total cannot be read' if printed is None else f'{unknown} of its rows not known'}")
            continue
        own = sum((value for value in rows[name] if value is not None), Decimal(0))
        message = f"the total line says {shown(printed, 'pounds')}; its rows come to {shown(own, 'pounds')}. The sum of the rows is used."
        result.look(cell | {"total_raw": cell["raw"], "total_cell": cell["cell"]}, "total", message if printed != own else "")
    return result


def figures_are_typed_as_figures(evidence: Evidence, limit: Decimal) -> Examined:
    """Check that figures could be read without a repair: look-alike letters, full-width digits, split digits and the like."""
    del limit
    result = Examined()
    for frame, parts in ((evidence.observations, ("target", "actual")), (evidence.monthly, ("value",)), (evidence.awards, MONEY)):
        now = frame[frame["quarter"] == evidence.quarter]
        for part in parts:
            raw, repairs, reasons = (now[f"{part}_{name}"].tolist() for name in ("raw", "repairs", "reason"))
            result.number += len(raw) - raw.count("")
            of_cells = enumerate(zip(repairs, reasons, strict=True))
            mended = [place for place, (repair, reason) in of_cells if repair and reason != Reason.UNREADABLE and telling_repairs(repair)]
            for row in frames.rows(now.iloc[mended]) if mended else []:
                result.look(row, part, f"{row[f'{part}_raw']!r} was read after a repair: {row[f'{part}_repairs']}. Type it as a plain figure.")
            result.number -= len(mended)
    return result


_PLAIN = {"spaces made plain", "dashes made plain", "invisible characters removed", "spaces at the ends removed", "carried down from the row above"}
"""Repairs that say nothing of a figure: nobody sees what they mend."""


def telling_repairs(repairs: str) -> list[str]:
    """
    Give the repairs of a cell that its sender would want to know of.

    >>> telling_repairs("spaces made plain; split digits joined")
    ['split digits joined']
    """
    return [repair for repair in filter(None, repairs.split("; ")) if repair not in _PLAIN]
