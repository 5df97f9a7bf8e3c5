"""Sections about measures: exceptions, scorecards, monthly indicators, figures to check with their owners."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis import charts, frames, quarters, receipts, scoring, tables
from analysis.markup import Html, joined, paragraphs
from analysis.reports.report import Report
from analysis.reports.wording import as_typed, begin, count, lead, signed_percent, tally, verb
from analysis.tables import NUMBERS, Column
from analysis.values import shown
from analysis.vocabulary import Agreement, Band, Travel

SOURCE = "partners' performance returns, bands recomputed from target and actual"


def exceptions(report: Report) -> Html:
    """Show the measures that need attention, worst first, each with its reasons and what its owner says."""
    found = report.now("exceptions")
    if report.now("scores").empty:
        return Html("")
    if found.empty:
        return lead(f"No measure is in a red band in {quarters.label(report.quarter)}.")
    titles = report.registers.measures.set_index("measure_id")["measure"].to_dict()
    bands = list(found["band"])
    parts = [(bands.count(Band.HR), "in High Red"), (bands.count(Band.LR), "in Low Red")]
    parts.append((len(bands) - parts[0][0] - parts[1][0], "published as red, which the printed figures do not make so"))
    silent = int((found["commentary"] == "").sum())
    text = (
        f"{count(len(found), 'measure')} {verb(len(found), 'needs', 'need')} attention: {', '.join(f'{number} {words}' for number, words in parts if number)}. "
    )
    earlier = int((found["band_quarter"] != report.quarter).sum())
    if earlier:
        text += f"{begin(count(earlier, 'measure').partition(' ')[0])} of these {verb(earlier, 'has', 'have')} no figure yet this quarter and {verb(earlier, 'is', 'are')} judged by the last. "
    text += f"{begin(count(silent, 'measure'))} came without commentary." if silent else "Each came with commentary."

    def measure(row: dict[str, Any]) -> Html:
        told = Html("<details><summary>What its owner says</summary>{}</details>").format(paragraphs(row["commentary"])) if row["commentary"] else ""
        return Html('<strong>{}</strong><span class="unit">{}</span>{}').format(titles.get(row["measure_id"], row["measure_id"]), row["measure_id"], told)

    columns = [
        Column("rank", "Rank", NUMBERS),
        Column("band", "Latest band", show=lambda row: tables.badge(row["band"])),
        Column("measure_id", "Measure", show=measure),
        Column("reasons", "Why it is here", show=lambda row: begin(row["reasons"])),
    ]
    caption = f"Key challenges, {quarters.label(report.quarter)}, worst first"
    return joined([lead(begin(text)), tables.table(found, columns, caption=caption, source=SOURCE, row_heading="measure_id", kind="exceptions")])


def scorecards(report: Report) -> Html:
    """Show every measure of the quarter by theme, with the quarter before and the same quarter a year ago beside it."""
    now = report.now("scores")
    if now.empty:
        return Html("")
    parts = [lead(in_words(report)), _glance(report)]
    earlier = {(row["measure_id"], row["quarter"]): row for row in frames.rows(report["scores"])}
    notes = report.now("narrative")
    for theme in report.registers.themes.sort_values("order")["theme"]:
        of_theme = now[now["theme"] == theme]
        if len(of_theme):
            printed = notes[(notes["section"] == "note") & (notes["group_or_theme"] == theme) & notes["text"].str.startswith("Note")]
            parts.append(_scorecard(report, theme, of_theme, earlier, list(printed["text"])))
    return joined(parts)


def in_words(report: Report) -> str:
    """Say how many measures stand where, and how many moved which way."""
    rows = frames.rows(report.now("scores"))
    stand = tally([row["band"] for row in rows])
    scored = stand["green"] + stand["amber"] + stand["red"]
    moved = [row["direction_short"] for row in rows]
    better, worse = moved.count(Travel.BETTER), moved.count(Travel.WORSE)
    quarter = quarters.label(report.quarter)
    if not scored:
        return f"None of the {len(rows)} {verb(len(rows), 'measure', 'measures')} can be scored in {quarter}."
    text = f"{stand['green']} of the {scored} {verb(scored, 'measure', 'measures')} that can be scored met their target in {quarter}; "
    text += f"{stand['amber']} {verb(stand['amber'], 'is', 'are')} amber and {stand['red']} red. "
    text += f"{begin(count(stand['none'], 'measure'))} cannot be scored. " if stand["none"] else "Every measure can be scored. "
    if better or worse:
        text += f"Since the quarter before, {count(better, 'measure')} got better and {count(worse, 'measure')} worse."
    return text.strip()


def _glance(report: Report) -> Html:
    now = report.now("scores")
    codes = [str(band) for band in (Band.HR, Band.LR, Band.A, Band.G, Band.LG, Band.HG)]
    themes = [theme for theme in report.registers.themes.sort_values("order")["theme"] if theme in set(now["theme"])]
    counts = pd.DataFrame(
        [[int(((now["theme"] == theme) & (now["band"] == code)).sum()) for code in [*codes, ""]] for theme in themes], index=themes, columns=[*codes, ""]
    )
    counts = counts[[code for code in counts.columns if counts[code].sum()]]
    worst = max(themes, key=lambda theme: sum(counts.loc[theme, code] for code in ("HR", "LR") if code in counts))
    reds = sum(int(counts.loc[worst, code]) for code in ("HR", "LR") if code in counts)
    title = f"{worst} has the most reds, {reds} of its {int(counts.loc[worst].sum())} measures" if reds else "No theme has a red measure"
    said = "; ".join(
        f"{theme}: "
        + ", ".join(f"{Band(code).words if code else 'not scored'} {int(counts.loc[theme, code])}" for code in counts.columns if counts.loc[theme, code])
        for theme in themes
    )
    return charts.bands(counts, title=title, subtitle=f"Number of measures in each band, {quarters.label(report.quarter)}", source=SOURCE, alt=f"{said}.")


def _scorecard(report: Report, theme: str, of_theme: pd.DataFrame, earlier: dict[tuple[str, str], dict[str, Any]], notes: list[str]) -> Html:
    _, before, year_ago = quarters.shown(report.quarter)

    def measure(row: dict[str, Any]) -> Html:
        period = f" · covers {row['data_period']}" if row["data_period"] else ""
        sense = {"higher": "higher is better", "lower": "lower is better", "in range": "good within a range"}.get(row["polarity"], "")
        return Html('<strong>{}</strong><span class="unit">{} · {}{}</span>').format(row["measure"], row["measure_id"], sense, period)

    def actual(row: dict[str, Any]) -> Any:
        text = as_typed(row, "actual")
        return (
            Html('<a class="receipt" href="#{}">{}</a>').format(receipts.anchor(row["figure_id"], "actual"), text)
            if report.linked and row["actual_raw"]
            else text
        )

    def back(quarter: str) -> Any:
        def cell(row: dict[str, Any]) -> Any:
            then = earlier.get((row["measure_id"], quarter))
            if then is None:
                return "[x]"
            mark = Html('{}<span class="hidden">{}</span>').format(tables.mark(then["band"]), Band(then["band"]).words) if then["band"] else ""
            return Html('<span class="past">{} {}</span>').format(as_typed(then, "actual"), mark)

        return cell

    columns = [
        Column("band", "Status", show=lambda row: tables.badge(row["band"], status_words(row))),
        Column("measure", "Measure", show=measure),
        Column("target_raw", "Target", NUMBERS, show=lambda row: as_typed(row, "target")),
        Column("actual_raw", "Actual", NUMBERS, show=actual),
        Column("variance", "Against target", NUMBERS, unit_words="% of target", show=lambda row: signed_percent(row["variance"]) if row["band"] else ""),
        Column("direction_short", f"Since {quarters.label(before)}", show=travel("direction_short")),
        Column("direction_long", f"Since {quarters.label(year_ago)}", show=travel("direction_long")),
        Column("before", f"Actual {quarters.label(before)}", NUMBERS, show=back(before)),
        Column("year_ago", f"Actual {quarters.label(year_ago)}", NUMBERS, show=back(year_ago)),
        Column("published_status", "Published", show=published),
    ]
    stand = tally(list(of_theme["band"]))
    caption = f"{theme}: scorecard, {quarters.label(report.quarter)}"
    sentence = f"{stand['green']} green, {stand['amber']} amber, {stand['red']} red, {stand['none']} not scored, of {len(of_theme)} measures."
    shown_frame = of_theme.assign(before="", year_ago="", row_id=of_theme["figure_id"])
    return joined(
        [
            Html("<h3>{}</h3>").format(theme),
            Html("<p>{}</p>").format(sentence),
            tables.table(shown_frame, columns, caption=caption, source=SOURCE, row_heading="measure", notes=notes, kind="scorecard"),
        ]
    )


def travel(name: str) -> Any:
    """Give the words for a direction of travel; silent where nothing can be said."""

    def cell(row: dict[str, Any]) -> Any:
        words = {Travel.UNKNOWN: "[x]", Travel.NOT_COMPARABLE: "[z]"}.get(row[name], row[name])
        return Html("<strong>worse</strong>") if words == Travel.WORSE else words

    return cell


def status_words(row: dict[str, Any]) -> str:
    """Say why a measure has no band: the word the return used, or the reason found."""
    status = row["published_status"]
    if status and status not in tuple(Band):
        return str(status)
    return "Not computable" if row["agreement"] == Agreement.NOT_COMPUTABLE else "No figure" if row["band_reason"].startswith("actual") else "Not scored"


def published(row: dict[str, Any]) -> str:
    """Say what was published, and whether it stands."""
    if row["agreement"] == Agreement.AGREES:
        return f"{row['published_status']}, agrees"
    if row["agreement"] in (Agreement.DIFFERS, Agreement.ROUNDING):
        why = "differs" if row["agreement"] == Agreement.DIFFERS else "rounding explains"
        return f"{row['published_status']}, {why}"
    return row["published_status"] or "[z]"


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
        *(Column(month, _month(month, "%b %Y"), NUMBERS, show=lambda row, month=month: _value(given.get((row["indicator"], month)))) for month in span),
        Column("change", "Change", NUMBERS, show=lambda row: "[x]" if row["change"] is None else f"{'+' if row['change'] > 0 else ''}{shown(row['change'])}"),
        Column("published_status", "Published"),
    ]
    note = "An indicator without a target is Low Green where it moved the good way over the period, Low Red where it did not."
    caption = f"Monthly indicators, {since} to {until}"
    return joined([chart, tables.table(moved, columns, caption=caption, source="monthly return", row_heading="indicator", notes=[note])])


def months_in_words(report: Report) -> str:
    """Say how many of the monthly indicators moved the good way, and over which months."""
    now = report.now("monthly")
    moved = scoring.indicators(now)
    good = int((moved["band"] == Band.LG).sum())
    since, until = (_month(month, "%B %Y") for month in (min(now["month"]), max(now["month"])))
    return begin(f"{count(good, 'indicator').partition(' ')[0]} of {count(len(moved), 'monthly indicator')} moved the good way between {since} and {until}")


def _month(month: str, shape: str) -> str:
    return pd.Timestamp(f"{month}-01").strftime(shape)


def _value(row: dict[str, Any] | None) -> str:
    if row is None:
        return "[x]"
    return shown(row["value"]) if row["value"] is not None else as_typed(row, "value")
