"""Everything that print says and its own figures do not: each with what was printed, what the figures give, and where."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis import frames, quarters, scoring, tables
from analysis.markup import Html, joined
from analysis.reports.report import Report
from analysis.reports.wording import begin, count, lead, pounds, verb
from analysis.tables import Column
from analysis.values import shown
from analysis.vocabulary import Agreement, Band, Kind, Verdict

COLUMNS = ["quarter", "what", "printed", "found", "evidence", "file", "cell", "figure_id"]


def listing(report: Report) -> pd.DataFrame:
    """
    Give what was found wrong in print, of the quarters shown: bands, periods, fractions, grant balances, months, claims.

    Returns:
        Text columns quarter, what, printed, found, evidence, file, cell, figure_id.
    """
    rows = [*_bands(report), *_periods(report), *_issues(report), *_awards(report), *_months(report), *_claims(report)]
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object).fillna("")


def findings(report: Report) -> Html:
    """Show what was found wrong in the published figures and words, each with its evidence."""
    found = listing(report)
    if found.empty:
        return Html("")
    columns = [
        Column("what", "What", show=lambda row: Html('<strong>{}</strong><span class="unit">{}</span>').format(row["what"], quarters.label(row["quarter"]))),
        Column("printed", "As printed"),
        Column("found", "What the figures give"),
        Column(
            "evidence",
            "Evidence",
            show=lambda row: Html('{}<span class="unit">{}</span>').format(row["evidence"], ", ".join(part for part in (row["file"], row["cell"]) if part)),
        ),
    ]
    text = f"{begin(count(len(found), 'place'))} where print and its own figures {verb(len(found), 'does', 'do')} not agree."
    return joined(
        [
            lead(text),
            tables.table(
                found,
                columns,
                caption="What print says and its figures do not",
                source="returns as received, figures recomputed",
                row_heading="what",
                kind="findings",
            ),
        ]
    )


def _at(row: dict[str, Any], cell: str = "") -> dict[str, str]:
    return {"quarter": row["quarter"], "file": row["file"], "cell": cell, "figure_id": row.get("figure_id") or ""}


def _bands(report: Report) -> list[dict[str, Any]]:
    found = []
    for row in frames.rows(report["scores"]):
        printed = Band(row["published_status"]).words if row["published_status"] in tuple(Band) else ""
        if row["agreement"] in (Agreement.DIFFERS, Agreement.ROUNDING):
            why = (
                "the rounding of the printed actual could explain it"
                if row["agreement"] == Agreement.ROUNDING
                else "no rounding of the printed actual could make it so"
            )
            evidence = f"Target {row['target_raw']}, actual {row['actual_raw']}: {why}."
            found.append(
                _at(row, row["published_status_cell"])
                | {"what": f"Band of {row['measure']} ({row['measure_id']})", "printed": printed, "found": Band(row["band"]).words, "evidence": evidence}
            )
        elif row["agreement"] == Agreement.NOT_COMPUTABLE and printed:
            evidence = f"Target {row['target_raw']!r}: {row['band_reason']}."
            found.append(
                _at(row, row["published_status_cell"])
                | {"what": f"Band of {row['measure']} ({row['measure_id']})", "printed": printed, "found": "cannot be recomputed", "evidence": evidence}
            )
    return found


def _periods(report: Report) -> list[dict[str, Any]]:
    """Find rolling years whose printed period is not of twelve months."""
    found = []
    for row in frames.rows(report["scores"]):
        span = quarters.span(row["data_period"]) if row["kind"] == Kind.ROLLING_YEAR else None
        if span and (months := span[1] - span[0] + 1) != 12:
            what = f"Period of {row['measure']} ({row['measure_id']})"
            found.append(
                _at(row, row["actual_cell"])
                | {"what": what, "printed": row["data_period"], "found": f"{months} months", "evidence": "The measure is a rolling year."}
            )
    return found


def _issues(report: Report) -> list[dict[str, Any]]:
    """Find the fractions that are not the percentage printed beside them."""
    told = report["issues"]
    return [
        _at(row, row["cell"])
        | {"what": "A fraction beside its percentage", "printed": row["as_typed"], "found": row["message"], "evidence": "Numerator over denominator."}
        for row in frames.rows(told[told["rule"] == "a fraction is its percentage"])
    ]


def _awards(report: Report) -> list[dict[str, Any]]:
    wrong = {
        Verdict.SHORT: "less than the award",
        Verdict.OVER: "more than the award",
        Verdict.DOUBLE_COUNTED: "more than the award: a forecast repeats the total to date",
    }
    return [
        _at(row) | {
            "what": f"Award to {row['project']}", "printed": f"{pounds(row['award'])} awarded", "found": f"{pounds(abs(row['difference']))} {wrong[Verdict(row['verdict'])]}",
            "evidence": "Spent to date, forecast and identified underspend, added up.", "cell": f"row {row['row']}",
        }
        for row in frames.rows(report["spend"]) if row["verdict"] in tuple(wrong)
    ]  # fmt: skip


def _months(report: Report) -> list[dict[str, Any]]:
    found = []
    for quarter, of_quarter in report["monthly"].groupby("quarter", sort=False):
        place = of_quarter.drop_duplicates("indicator").set_index("indicator")["file"]
        for row in frames.rows(scoring.indicators(of_quarter)):
            given = f"{row['band']} {scoring.arrow(row['change'])}"
            printed = f"{row['published_status'] or row['band']} {row['direction_published'] or scoring.arrow(row['change'])}"
            if row["change"] is not None and printed != given:
                evidence = f"The figures moved by {shown(row['change'])} over the period."
                found.append(
                    {
                        "quarter": quarter,
                        "what": row["indicator"],
                        "printed": printed,
                        "found": given,
                        "evidence": evidence,
                        "file": place[row["indicator"]],
                        "cell": "",
                        "figure_id": "",
                    }
                )
    return found


def _claims(report: Report) -> list[dict[str, Any]]:
    """Find the movements that commentary claims and the figures contradict."""
    told = report["commentary_checks"]
    known = {(row["measure_id"], row["quarter"]): row for row in frames.rows(report["scores"])}
    found = []
    for row in frames.rows(told[told["check"] == "direction"]):
        score = known[row["measure_id"], row["quarter"]]
        what = f"Commentary on {score['measure']} ({row['measure_id']})"
        found.append(
            _at(score, score["commentary_cell"]) | {"what": what, "printed": "in words", "found": row["finding"], "evidence": f"Actual {score['actual_raw']}."}
        )
    return found
