"""Sections about every measure: the scorecards by theme."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from analysis import charts, exceptions, frames, quarters, scoring, tables
from analysis.markup import Html, joined
from analysis.reports.report import SCORES_SOURCE as SOURCE
from analysis.reports.report import Report
from analysis.reports.wording import as_typed, begin, count, graded, lead, listed, signed_percent, tally, verb
from analysis.tables import NUMBERS, Column
from analysis.values import rounded, shown
from analysis.vocabulary import Agreement, Assurance, Band, Kind, Reason, Travel, Variation


def scorecards(report: Report) -> Html:
    """Show every measure of the quarter by theme, with the quarter before and the same quarter a year ago beside it."""
    if report.now("scores").empty:
        return Html("")
    themes = report.registers.themes.sort_values("order")["theme"]
    cards = [
        Html('<div class="theme-card" data-theme="{}"><h3>{}</h3>{}</div>').format(theme, theme, card) for theme in themes if (card := of_theme(report, theme))
    ]
    return joined([lead(in_words(report)), _glance(report), key(), *cards])


def key() -> Html:
    """Say how the small charts of a scorecard are read; where the page runs its script, find and filter stand under it."""
    return Html('<p class="source">{}</p><div class="controls-here"></div>').format(_KEY)


_KEY = (
    "Trend: the last eight quarters, or for a figure that grows over the year the same quarter of each year; dashed line: target; hollow dot: no figure. "
    "Against target: bar: actual; tick: target; white dot: last quarter; greys: where the bands meet; below it the distance from target. "
    "Quality: said under a figure that is less than good."
)


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


def of_theme(report: Report, theme: str) -> Html:
    """Show a theme's measures, and name those that nothing usable was returned for; nothing where the quarter asks for none."""
    now = report.now("scores")
    rows, unseasonal = _in_season(now[now["theme"] == theme], report)
    absent = not_returned(report).get(theme, [])
    without = f"Nothing that can be used was returned for {listed([exceptions.name_of(one) for one in absent])}." if absent else ""
    if rows.empty:
        return Html("<p>{}</p>").format(without) if without else Html("")
    told = report.now("narrative")
    notes = list(told.loc[(told["section"] == "note") & (told["group_or_theme"] == theme) & told["text"].str.startswith("Note"), "text"])
    _, before, year_ago = quarters.shown(report.quarter)
    series = report.once(_Series)
    columns = [
        Column("band", "Status", show=series.status),
        Column("measure", "Measure", show=_measure),
        Column("trend", "Trend", show=series.sparkline),
        Column("target_raw", "Target", NUMBERS, show=lambda row: as_typed(row, "target")),
        Column("actual_raw", "Actual", NUMBERS, show=_actual(report)),
        Column("variance", "Against target", show=series.bullet),
        Column("direction_short", f"Since {quarters.label(before)}", show=series.since(before, "direction_short")),
        Column("direction_long", f"Since {quarters.label(year_ago)}", show=series.since(year_ago, "direction_long")),
        Column("published_status", "Published", show=published),
    ]
    stand = tally(list(rows["band"]))
    rated = len(rows) - stand["none"]
    caption = f"{theme}: scorecard, {quarters.label(report.quarter)}"
    sentence = f"{stand['green']} of {rated} rated {verb(rated, 'measure is', 'measures are')} green, {stand['amber']} amber, {stand['red']} red; {stand['none']} not rated."
    kept = [*notes, *([f"Annual measures are shown in the quarter in which they report. Not shown here: {listed(unseasonal)}."] if unseasonal else [])]
    shown_frame = rows.assign(trend="", row_id=rows["figure_id"])
    return joined(
        [
            Html("<p>{}</p>").format(" ".join(filter(None, (sentence, without)))),
            tables.table(shown_frame, columns, caption=caption, source=SOURCE, row_heading="measure", notes=kept, kind="scorecard"),
        ]
    )


def not_returned(report: Report) -> dict[str, list[dict[str, Any]]]:
    """Give the measures of the register that no row of the quarter can be used of, by theme in the order of the report: those that are asked for now."""
    return report.once(_not_returned)


def _not_returned(report: Report) -> dict[str, list[dict[str, Any]]]:
    missing = report.now("missing")
    named = set(missing.loc[(missing["what"] == "measure") & (missing["state"] == exceptions.NO_ROW), "name"])
    absent = [row for row in frames.rows(report.registers.measures) if exceptions.name_of(row) in named]
    found = {theme: [row for row in absent if row["theme"] == theme] for theme in report.registers.themes.sort_values("order")["theme"]}
    return {theme: rows for theme, rows in found.items() if rows}


def _in_season(of_theme: pd.DataFrame, report: Report) -> tuple[pd.DataFrame, list[str]]:
    """Leave out annual measures that have nothing to report, as this is not their quarter, and name them."""
    registered = {row["measure_id"]: row for row in frames.rows(report.registers.measures)}
    now = {name for name in of_theme["measure_id"] if name in registered and exceptions.in_season(registered[name], report.quarter)}
    quiet = (of_theme["kind"] == Kind.ANNUAL) & of_theme["actual"].isna() & (of_theme["band"] == "") & (of_theme["actual_reason"] != Reason.UNREADABLE)
    quiet &= ~of_theme["measure_id"].isin(now)
    return of_theme[~quiet], list(of_theme.loc[quiet, "measure"])


def _measure(row: dict[str, Any]) -> Html:
    sense = {"higher": "higher is better", "lower": "lower is better", "in range": "good within a range"}.get(row["polarity"], "")
    facts = [
        row["measure_id"],
        sense,
        _covers(row),
        f"break in series [b]: {row['series_break']}" if row["series_break"] else "",
    ]
    return Html('<strong>{}</strong><span class="unit">{}</span>').format(row["measure"], " · ".join(fact for fact in facts if fact))


def _covers(row: dict[str, Any]) -> str:
    """Say what time the figure covers, where it is not simply the quarter."""
    period = row["period_covered"]
    if not period or period == quarters.months(row["quarter"]):
        return ""
    return period if period.startswith(("at ", "by ")) else f"covers {period}"


def _actual(report: Report) -> Callable[[dict[str, Any]], Any]:
    def cell(row: dict[str, Any]) -> Any:
        text, grade = as_typed(row, "actual"), graded(report.grades, row["figure_id"])
        return Html("{}{}").format(report.figure(row["figure_id"], "actual", text) if row["actual_raw"] else text, grade)

    return cell


class _Series:
    """What a scorecard says of each measure over time: earlier figures, the chart's verdict, how near the next band is."""

    def __init__(self, report: Report) -> None:
        self.quarter = report.quarter
        self.known = {(row["measure_id"], row["quarter"]): row for row in frames.rows(report.history("scores"))}
        self.variation = {row["series_id"]: row for row in report.variation if row["what"] == "measure"}
        self.policies = report.registers.policies
        self.edges: dict[tuple[str, str], tuple[Decimal, ...]] = {}

    def status(self, row: dict[str, Any]) -> Html:
        """Show the band, what could change it, and what the process chart says beside it."""
        beside = [text for text in (fragile_words(row), verdict_beside(row["band"], self.variation.get(row["measure_id"]))) if text]
        return joined([tables.badge(row["band"], status_words(row)), *(Html('<span class="unit">{}</span>').format(text) for text in beside)])

    def bullet(self, row: dict[str, Any]) -> Html | str:
        """Show how near the figure is to its target, as a bar and in percent of it."""
        if not row["band"]:
            return ""
        share, before = share_of_target(row), self.known.get((row["measure_id"], quarters.previous(row["quarter"])))
        said = Html('<span class="share">{}</span><span class="unit">{}</span>').format(signed_percent(row["variance"]), edge_words(row))
        if share is None or row["target_low"] != row["target_high"]:
            return said
        policy = (row["policy"], row["scored_polarity"])
        if policy not in self.edges:
            self.edges[policy] = tuple(scoring.edges(self.policies, *policy, row["quarter"]))
        return charts.bullet(share, share_of_target(before) if before else None, self.edges[policy]) + said

    def sparkline(self, row: dict[str, Any]) -> Html | str:
        """Show the last eight quarters, or for a cumulative figure the same quarter of earlier years."""
        step = 4 if row["kind"] == Kind.CUMULATIVE else 1
        now = quarters.period(self.quarter)
        keys = [quarters.key(now - step * back) for back in reversed(range(8))]
        first = next((place for place, key in enumerate(keys) if self._figure(row["measure_id"], key) is not None), len(keys))
        values = [self._figure(row["measure_id"], key) for key in keys[first:]]
        known = [(key, value) for key, value in zip(keys[first:], values, strict=True) if value is not None]
        if len(known) < 2:
            return ""
        told = "; ".join(f"{self.known[row['measure_id'], key]['actual_raw']} in {quarters.label(key)}" for key, _ in known)
        target = row["target_low"] if row["target_low"] == row["target_high"] and row["target_unit"] == row["actual_unit"] else None
        return charts.sparkline(values, target=target, label=f"{row['measure_id']}: {told}")

    def _figure(self, measure_id: str, quarter: str) -> Decimal | None:
        row = self.known.get((measure_id, quarter))
        return None if row is None else row["actual"]

    def since(self, quarter: str, direction: str) -> Callable[[dict[str, Any]], Html | str]:
        """Show what the figure was then, its band then, and whether it got better or worse since."""

        def cell(row: dict[str, Any]) -> Html | str:
            then = self.known.get((row["measure_id"], quarter))
            if then is None or (not then["actual_raw"] and not then["band"]):
                return "[x]"
            mark = Html('{}<span class="hidden">{}</span>').format(tables.mark(then["band"]), Band(then["band"]).words) if then["band"] else ""
            word = travel(row[direction]) if then["actual"] is not None and row["actual"] is not None else ""
            return Html('<span class="past">{} {}</span><span class="since">{}</span>').format(as_typed(then, "actual"), mark, word)

        return cell


def share_of_target(row: dict[str, Any]) -> Decimal | None:
    """
    Give a scored figure in percent of its target, to one place; None where that says nothing.

    >>> share_of_target({"scored_actual": Decimal("97.8"), "scored_target": Decimal(93), "band": "HG"})
    Decimal('105.2')
    """
    if not row["band"] or row["scored_actual"] is None or not row["scored_target"] or row["scored_target"] < 0:
        return None
    return rounded(frames.decimal(Fraction(row["scored_actual"]) / Fraction(row["scored_target"]) * 100), 1)


def edge_words(row: dict[str, Any]) -> str:
    """
    Say how far a figure is from another band, and from which.

    >>> edge_words({"to_edge": Decimal("1.8"), "band_beyond": "A", "actual_unit": "number", "target_unit": "number"})
    '1.8 from Amber'
    """
    if row["to_edge"] is None or not row["band_beyond"]:
        return ""
    unit = "rank" if row["target_unit"] == "rank" else row["actual_unit"]
    near = {"percent": " points", "seconds": " seconds", "rank": " places"}.get(unit, "")
    far = shown(row["to_edge"], "pounds" if unit == "pounds" else "number")
    return f"{far}{near} from {Band(row['band_beyond']).words}" if row["to_edge"] else f"at the edge of {Band(row['band_beyond']).words}"


def fragile_words(row: dict[str, Any]) -> str:
    """
    Say what could give a figure another band: its own rounding, or its owner's usual revision.

    >>> fragile_words({"fragile": "rounding", "bands_within_rounding": "A LR", "band": "LR", "band_beyond": "A"})
    'rounding could make it Amber'
    """
    other = " or ".join(Band(code).words for code in row["bands_within_rounding"].split() if code != row["band"])
    said = {
        "rounding": f"rounding could make it {other}",
        "usual revision": f"a usual revision could make it {Band(row['band_beyond']).words if row['band_beyond'] else ''}",
    }
    return "; ".join(said[part] for part in row["fragile"].split("; ") if part)


def verdict_beside(band: str, chart: dict[str, Any] | None) -> str:
    """
    Say what the process chart says where it adds to the band or contradicts it; nothing where there is no chart.

    >>> verdict_beside("HG", {"variation": "concern", "assurance": "hit and miss"})
    'green, but getting worse'
    """
    if chart is None or chart["variation"] not in tuple(Variation):
        return ""
    green, red = bool(band) and Band(band).green, bool(band) and Band(band).red
    if chart["variation"] == Variation.CONCERN:
        return "green, but getting worse" if green else "a signal for the worse"
    if chart["variation"] == Variation.IMPROVEMENT:
        return "red, but getting better" if red else "a signal for the better"
    if red and chart["assurance"] == Assurance.FAILS:
        return "red, as always: as it runs, it misses its target"
    return "red, within its usual variation" if red else ""


def travel(word: str) -> Html | str:
    """Give the words of a direction of travel; the shorthand where nothing can be said."""
    words = {Travel.UNKNOWN: "[x]", Travel.NOT_COMPARABLE: "[z]"}.get(Travel(word) if word else Travel.UNKNOWN, word)
    return Html("<strong>worse</strong>") if words == Travel.WORSE else words


def status_words(row: dict[str, Any]) -> str:
    """Say why a measure has no band: the word the return used, or the reason found."""
    status = row["published_status"]
    if status and status not in tuple(Band):
        return str(status)
    if row["arrears"] and row["actual_reason"] == Reason.NOT_GIVEN:
        return f"In arrears, due with {quarters.label(quarters.key(quarters.period(row['quarter']) + row['arrears']))}"
    return "Not computable" if row["agreement"] == Agreement.NOT_COMPUTABLE else "No figure" if row["band_reason"].startswith("actual") else "Not scored"


def published(row: dict[str, Any]) -> str:
    """Say what was published, and whether it stands."""
    if row["agreement"] == Agreement.AGREES:
        return f"{row['published_status']}, agrees"
    if row["agreement"] in (Agreement.DIFFERS, Agreement.ROUNDING):
        why = "differs" if row["agreement"] == Agreement.DIFFERS else "rounding explains"
        return f"{row['published_status']}, {why}"
    return row["published_status"] or "[z]"
