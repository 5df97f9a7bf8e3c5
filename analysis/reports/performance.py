"""Sections about measures: exceptions, scorecards, monthly indicators, figures to check with their owners."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from analysis import charts, frames, quarters, receipts, scoring, tables
from analysis.markup import Html, joined, paragraphs
from analysis.reports.report import SCORES_SOURCE as SOURCE
from analysis.reports.report import Report
from analysis.reports.scorecard import travel
from analysis.reports.wording import alone, as_typed, begin, count, lead, listed, signed_percent, verb
from analysis.tables import NUMBERS, Column
from analysis.values import shown
from analysis.vocabulary import Agreement, Band, Travel


def exceptions(report: Report) -> Html:
    """Show the key challenges, worst first, each with its reasons and what its owner says; then the other exceptions."""
    found = report.now("exceptions")
    if report.now("scores").empty:
        return Html("")
    challenges, others = found[found["key_challenge"]], found[~found["key_challenge"]]
    parts = [lead(f"No measure is in a red band in {quarters.label(report.quarter)}.")]
    if len(challenges):
        caption = f"Key challenges, {quarters.label(report.quarter)}, worst first"
        parts = [lead(_challenges_in_words(report, challenges)), _listed(report, challenges, caption)]
    if len(others):
        text = f"{begin(count(len(others), 'measure'))} not red {verb(len(others), 'needs', 'need')} a look for another reason."
        parts += [Html("<h3>Also worth a look</h3><p>{}</p>").format(text), _listed(report, others, f"Other exceptions, {quarters.label(report.quarter)}")]
    return joined(parts)


def _challenges_in_words(report: Report, found: pd.DataFrame) -> str:
    bands = list(found["band"])
    parts = [(bands.count(Band.HR), "in High Red"), (bands.count(Band.LR), "in Low Red")]
    parts.append((len(bands) - parts[0][0] - parts[1][0], "published as red, which the printed figures do not make so"))
    text = (
        f"{count(len(found), 'measure')} {verb(len(found), 'needs', 'need')} attention: {', '.join(f'{number} {words}' for number, words in parts if number)}. "
    )
    earlier = int((found["band_quarter"] != report.quarter).sum())
    if earlier:
        text += (
            f"{begin(alone(earlier))} of these {verb(earlier, 'has', 'have')} no figure yet this quarter and {verb(earlier, 'is', 'are')} judged by the last. "
        )
    better, standing = int((found["moving"] == Travel.BETTER).sum()), int((found["standing"] > 1).sum())
    text += (
        f"{begin(alone(better))} {verb(better, 'is', 'are')} getting better; {alone(standing)} {verb(standing, 'was', 'were')} red the quarter before as well. "
    )
    silent = int((found["commentary"] == "").sum())
    text += f"{begin(count(silent, 'measure'))} came without commentary." if silent else "Each came with commentary."
    return begin(text)


def challenges_of(report: Report, theme: str) -> Html:
    """Show the key challenges among a theme's measures, worst first."""
    found = report.now("exceptions")
    of_theme = set(report.registers.measures.loc[report.registers.measures["theme"] == theme, "measure_id"])
    found = found[found["key_challenge"] & found["measure_id"].isin(of_theme)].reset_index(drop=True)
    if found.empty:
        return Html("<p>None.</p>") if theme in set(report.now("scores")["theme"]) else Html("")
    return _listed(report, found, f"{theme}: key challenges, {quarters.label(report.quarter)}, worst first")


def _listed(report: Report, found: pd.DataFrame, caption: str) -> Html:
    titles = report.registers.measures.set_index("measure_id")["measure"].to_dict()
    advice = report.now("commentary_checks")

    def measure(row: dict[str, Any]) -> Html:
        checks = [text for name, text in zip(advice["measure_id"], advice["finding"], strict=True) if name == row["measure_id"]]
        asked = Html('<p class="advice">To ask its owner: the commentary {}.</p>').format("; ".join(checks)) if checks else ""
        told = Html("<details><summary>What its owner says</summary>{}{}</details>").format(paragraphs(row["commentary"]), asked) if row["commentary"] else ""
        return Html('<strong>{}</strong><span class="unit">{}</span>{}').format(titles.get(row["measure_id"], row["measure_id"]), row["measure_id"], told)

    def moving(row: dict[str, Any]) -> Html:
        standing = f"red for {count(row['standing'], 'quarter')} running" if (row["standing"] or 0) > 1 else ""
        words = travel(row["moving"]) if row["moving"] else "no figure yet" if row["band_quarter"] != report.quarter else "[z]"
        return Html('{}<span class="unit">{}</span>').format(words, standing)

    columns = [
        Column("rank", "Rank", NUMBERS),
        Column("band", "Latest band", show=lambda row: tables.badge(row["band"])),
        Column("measure_id", "Measure", show=measure),
        Column("moving", "Moving", show=moving),
        Column("reasons", "Why it is here", show=lambda row: begin(row["reasons"])),
    ]
    return tables.table(found, columns, caption=caption, source=SOURCE, row_heading="measure_id", kind="exceptions")


def disagreements(report: Report) -> Html:
    """List the bands that differ from print, of all quarters shown, as figures to check with their owners."""
    scores = report["scores"]
    if scores.empty:
        return Html("")
    apart = scoring.disagreements(scores)
    computed = int(scores["agreement"].isin([Agreement.AGREES, Agreement.DIFFERS, Agreement.ROUNDING]).sum())
    text = f"{computed} published bands can be recomputed from what is printed; {computed - len(apart)} agree and {len(apart)} differ"
    explained = int((apart["rounding_explains"] == "yes").sum())
    text += f", {explained} of which the rounding of the printed actual could explain." if len(apart) else "."
    if apart.empty:
        return lead(text)
    columns = [
        Column("measure_id", "Measure", show=lambda row: Html('<strong>{}</strong><span class="unit">{}</span>').format(row["measure"], row["measure_id"])),
        Column("quarter", "Quarter", show=lambda row: quarters.label(row["quarter"])),
        Column("target_raw", "Target", NUMBERS),
        Column("actual_raw", "Actual", NUMBERS),
        Column("variance", "Variance", NUMBERS, unit_words="% of target", show=lambda row: signed_percent(row["variance"])),
        Column("published_status", "Published", show=lambda row: tables.badge(row["published_status"])),
        Column("band", "Recomputed", show=lambda row: tables.badge(row["band"])),
        Column("rounding_explains", "Could rounding explain it?"),
    ]
    return joined(
        [
            lead(text),
            tables.table(apart, columns, caption="Bands that differ from print: figures to check with their owners", source=SOURCE, row_heading="measure_id"),
        ]
    )


def monthly(report: Report) -> Html:
    """Show the monthly indicators with what moved, and whether that is the good way."""
    now = report.now("monthly").sort_values(["row", "month"], kind="stable").reset_index(drop=True)
    if now.empty:
        return Html("")
    given = {(row["indicator"], row["month"]): row for row in frames.rows(now)}
    moved = scoring.indicators(now)
    span = sorted(set(now["month"]))
    since, until = (_month(month, "%B %Y") for month in (span[0], span[-1]))
    moves = [
        f"{row['indicator']} from {_value(given.get((row['indicator'], span[0])))} to {_value(given.get((row['indicator'], span[-1])))}"
        for row in frames.rows(moved)
    ]
    chart = charts.months(
        now[["indicator", "month", "value"]],
        title=months_in_words(report),
        subtitle=f"Monthly figures, {since} to {until}; each panel on its own scale",
        source="monthly return",
        alt=f"{'; '.join(moves)}.",
    )
    columns = [
        Column("band", "Status", show=lambda row: tables.badge(row["band"])),
        Column("indicator", "Indicator"),
        *(
            Column(month, _month(month, "%b %Y"), NUMBERS, show=lambda row, month=month: _traced(report, given.get((row["indicator"], month))))
            for month in span
        ),
        Column("change", "Change", NUMBERS, show=lambda row: "[x]" if row["change"] is None else f"{'+' if row['change'] > 0 else ''}{shown(row['change'])}"),
        Column("arrow", "Direction", show=lambda row: _arrow_words(scoring.arrow(row["change"]))),
        Column("published_status", "Published", show=_as_published),
    ]
    note = "An indicator without a target is Low Green where it moved the good way over the period, Low Red where it did not."
    caption = f"Monthly indicators, {since} to {until}"
    shown_frame = moved.assign(arrow="")
    table = tables.table(shown_frame, columns, caption=caption, source="monthly return", row_heading="indicator", notes=[note])
    sentences = joined([Html("<li>{}</li>").format(sentence) for sentence in month_by_month(now)])
    return joined([chart, Html("<ul>{}</ul>").format(sentences), table])


def month_by_month(monthly: pd.DataFrame) -> list[str]:
    """Say of each monthly indicator by how much it moved from month to month, and over the whole period."""
    told = []
    moved = {row["indicator"]: row["change"] for row in frames.rows(scoring.indicators(monthly))}
    first = _month(min(monthly["month"]), "%B %Y")
    for name, of in scoring.steps(monthly).groupby("indicator", sort=False):
        parts = [f"{_moved(row['change'])} in {_month(row['month'], '%B')}" for row in frames.rows(of)]
        whole = f"; {_moved(moved[name])} since {first}" if moved[name] is not None else ""
        told.append(f"{name}: {listed(parts)}{whole}.")
    return told


def _moved(change: Decimal | None) -> str:
    if change is None:
        return "not known"
    return "no change" if not change else f"{'up' if change > 0 else 'down'} {shown(abs(change))}"


def _arrow_words(arrow: str) -> Html | str:
    words = {"↑": "rising", "↓": "falling", "→": "unchanged"}.get(arrow)
    return Html('<span aria-hidden="true">{}</span> {}').format(arrow, words) if words else "[x]"


def _as_published(row: dict[str, Any]) -> str:
    """Say what was printed, band and arrow, and whether the months bear it out."""
    printed = " ".join(part for part in (row["published_status"], row["direction_published"]) if part)
    same = row["published_status"] in ("", row["band"]) and row["direction_published"] in ("", scoring.arrow(row["change"]))
    return f"{printed}, {'agrees' if same else 'differs'}" if printed else "[z]"


def months_in_words(report: Report) -> str:
    """Say how many of the monthly indicators moved the good way, and over which months."""
    moved = scoring.indicators(report.now("monthly"))
    good = int((moved["band"] == Band.LG).sum())
    return begin(f"{alone(good)} of {count(len(moved), 'monthly indicator')} moved the good way {span_in_words(report)}")


def span_in_words(report: Report) -> str:
    """Say between which months the monthly indicators run."""
    months = report.now("monthly")["month"]
    return f"between {_month(min(months), '%B %Y')} and {_month(max(months), '%B %Y')}"


def _month(month: str, shape: str) -> str:
    return pd.Timestamp(f"{month}-01").strftime(shape)


def _traced(report: Report, row: dict[str, Any] | None) -> Html | str:
    return _value(row) if row is None or not row["value_raw"] else report.figure(receipts.month_id(row), "value", _value(row))


def _value(row: dict[str, Any] | None) -> str:
    if row is None:
        return "[x]"
    return shown(row["value"], row["value_unit"] or "number") if row["value"] is not None else as_typed(row, "value")
