"""The figures that a page opens with: each counted or summed once, with an id, how it was made, and what it was made of."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pandas as pd

from analysis import frames, quarters, scoring
from analysis.markup import slug
from analysis.reports import money, scorecard
from analysis.reports.report import Report
from analysis.reports.wording import pounds
from analysis.vocabulary import Agreement, Band, Travel, Verdict


def headlines(report: Report) -> pd.DataFrame:
    """
    Give the figures that summaries and tiles quote, for the measures, awards and undertakings that the report is about.

    Returns:
        Frame of the `HEADLINES` contract. `value` is exact, `shown` as pages print it; `made_of` names the figures counted or
        summed, as `figure_id/part` with spaces between. A sum with unknown parts is its known part, and a second headline says
        what it is at most, where anybody can tell; a sum of nothing known is none.
    """
    return report.once(_made)


def _made(report: Report) -> pd.DataFrame:
    return frames.make([*_measures(report), *_awards(report), *_undertakings(report)], frames.HEADLINES)


def by_name(report: Report) -> dict[str, dict[str, Any]]:
    """Give the same as rows by name: those that a page can quote."""
    return {row["name"]: row for row in frames.rows(headlines(report))}


def _row(report: Report, name: str, what: str, value: Decimal | int, how: str, made_of: Iterable[tuple[str, str]], *, shown: str = "") -> dict[str, Any]:
    whose = f"{slug(report.audience.group)}." if report.audience.group else ""
    parts = " ".join(f"{figure_id}/{part}" for figure_id, part in made_of)
    about = {"figure_id": f"{report.quarter}.headline.{whose}{name}", "quarter": report.quarter, "name": name, "what": what}
    return about | {"value": Decimal(value), "shown": shown or str(value), "how": how, "made_of": parts}


def _measures(report: Report) -> list[dict[str, Any]]:
    rows = frames.rows(report.now("scores"))
    absent = [row["measure_id"] for of_theme in scorecard.not_returned(report).values() for row in of_theme]
    which = f"due in the quarter, with no row that can be used: {', '.join(absent)}"
    without = [_row(report, "absent", "Measures asked for that have no row", len(absent), which, ())] if absent else []
    if not rows:
        return without

    def counted(name: str, what: str, how: str, chosen: list[dict[str, Any]]) -> dict[str, Any]:
        return _row(report, name, what, len(chosen), how, ((row["figure_id"], "actual") for row in chosen))

    scored = [row for row in rows if row["band"]]
    made = [
        _row(report, "measures", "Measures", len(rows), "every measure of the scorecards", ()),
        counted("scored", "Measures that can be scored", "measures with a band", scored),
        counted("met", "Measures that met their target", "bands High Green, Green and Low Green", [row for row in scored if Band(row["band"]).green]),
        counted("amber", "Amber measures", "band Amber", [row for row in scored if row["band"] == Band.A]),
        counted("red", "Red measures", "bands Low Red and High Red", [row for row in scored if Band(row["band"]).red]),
        counted("not-scored", "Measures that cannot be scored", "measures without a band", [row for row in rows if not row["band"]]),
        counted("better", "Measures that got better", "better than the quarter before", [row for row in rows if row["direction_short"] == Travel.BETTER]),
        counted("worse", "Measures that got worse", "worse than the quarter before", [row for row in rows if row["direction_short"] == Travel.WORSE]),
    ]
    made += without
    before = report["scores"]
    before = before[before["quarter"] == quarters.previous(report.quarter)]
    met = [row for row in frames.rows(before) if row["band"] and Band(row["band"]).green]
    scored_before = [row for row in frames.rows(before) if row["band"]]
    if scored_before:
        made.append(counted("scored-before", "Measures that could be scored the quarter before", "measures with a band", scored_before))
        made.append(counted("met-before", "Measures that met their target the quarter before", "bands High Green, Green and Low Green", met))
    challenges = report.now("exceptions")
    challenges = challenges[challenges["key_challenge"]]
    made.append(counted("challenges", "Key challenges", "measures whose latest band is Low Red or High Red", frames.rows(challenges)))
    all_shown = report["scores"]
    apart = frames.rows(all_shown[all_shown["agreement"].isin([Agreement.DIFFERS, Agreement.ROUNDING])])
    made.append(counted("differ", "Bands that differ from print", "published bands that the printed figures do not give, of all quarters shown", apart))
    return made


def _awards(report: Report) -> list[dict[str, Any]]:
    awards = report.latest("spend")
    if awards.empty:
        return []
    rows, total = frames.rows(awards), money.latest_totals(report)
    as_at = quarters.label(rows[0]["quarter"])

    def summed(name: str, column: str, what: str, which: str, how: str) -> list[dict[str, Any]]:
        found = total[which]
        parts = [(row["figure_id"], column) for row in rows if row[column] is not None]
        if not parts:
            return []
        made = [_row(report, name, f"{what}, {as_at}", found["known"], f"{how}: the {len(parts)} that state it", parts, shown=pounds(found["known"]))]
        if found["unknown_count"] and found["at_most"] is not None:
            most = f"{how}, with each unknown amount taken as large as it can be, its award"
            made.append(_row(report, f"{name}-at-most", f"{what} at most, {as_at}", found["at_most"], most, parts, shown=pounds(found["at_most"])))
        return made

    def counted(name: str, what: str, how: str, verdicts: tuple[str, ...]) -> dict[str, Any]:
        chosen = [row for row in rows if row["verdict"] in verdicts]
        return _row(report, name, f"{what}, {as_at}", len(chosen), how, ((row["figure_id"], "award") for row in chosen))

    return [
        *summed("awarded", "award", "Grant awarded", "Total grant awarded", "sum of the awards"),
        *summed("spent", "total_to_date", "Grant known to be spent", "Total spend to date", "sum of spend to date"),
        counted("awards", "Awards", "every award returned", tuple(Verdict)),
        counted("balance", "Awards that add up", "award = spend to date + forecasts to come + identified underspend", (Verdict.BALANCES,)),
        counted("unchecked", "Awards that cannot be checked", "a figure that the check needs is not known", (Verdict.CANNOT_BE_CHECKED,)),
        counted("wrong", "Awards that do not add up", "short, over or double counted", (Verdict.SHORT, Verdict.OVER, Verdict.DOUBLE_COUNTED)),
    ]


def _undertakings(report: Report) -> list[dict[str, Any]]:
    made = []
    agreements, milestones, months = report.now("agreement_states"), report.now("milestone_states"), report.now("monthly")
    if len(agreements):
        made.append(_row(report, "agreements", "Agreements", len(agreements), "every agreement returned", ()))
        unsigned = int((agreements["may_be_paid"] == "no").sum())
        made.append(_row(report, "unsigned", "Agreements that may not be paid", unsigned, "agreements that nobody is said to have signed", ()))
    if len(milestones):
        made.append(_row(report, "overdue", "Milestones due and not said to be done", int(milestones["overdue"].sum()), "due by the end of the quarter", ()))
    if len(months):
        moved = scoring.indicators(months)
        made.append(_row(report, "indicators", "Monthly indicators", len(moved), "every indicator returned by month", ()))
        good = int((moved["band"] == Band.LG).sum())
        made.append(_row(report, "good-way", "Monthly indicators that moved the good way", good, "last month against the first", ()))
    return made
