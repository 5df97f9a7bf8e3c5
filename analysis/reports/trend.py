"""Sections about time: what changed, signal or noise, where the year will end, and how others do."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from analysis import charts, frames, quarters, tables
from analysis.charts import Panel
from analysis.markup import Html, joined
from analysis.reports.report import SCORES_SOURCE as SOURCE
from analysis.reports.report import Report
from analysis.reports.scorecard import share_of_target
from analysis.reports.wording import alone, as_typed, begin, count, lead, listed, verb
from analysis.tables import NUMBERS, Column
from analysis.values import rounded, shown
from analysis.vocabulary import Assurance, Band, Outlook, Position, Signal, Travel, Variation

MOST_CHARTS = 6
"""Process charts on a page: those that ask for a decision; the table names them all."""
PERIODS = 8
"""Quarters in a small chart."""


def change(report: Report) -> Html:
    """Show where the measures off target stood a year ago and stand now, and the same measures over time."""
    now = [row for row in frames.rows(report.now("scores")) if row["band"] and not Band(row["band"]).green]
    if not now:
        return Html("")
    year_ago = quarters.year_earlier(report.quarter)
    known = {(row["measure_id"], row["quarter"]): row for row in frames.rows(report.history("scores"))}
    worst = sorted(now, key=lambda row: (-list(Band).index(Band(row["band"])), -abs(row["variance"] or 0)))
    moved = [row["direction_long"] for row in worst]
    better, worse = moved.count(Travel.BETTER), moved.count(Travel.WORSE)
    title = f"{begin(count(better, 'measure'))} of {len(worst)} off target {verb(better, 'is', 'are')} better than a year ago, {alone(worse)} worse"
    rows = pd.DataFrame(
        [
            {
                "name": f"{row['measure']} ({row['measure_id']})", "band": row["band"], "moved": row["direction_long"],
                "before": _share_then(row, known.get((row["measure_id"], year_ago))), "now": share_of_target(row),
                "shown_before": _short(known[row["measure_id"], year_ago]) if (row["measure_id"], year_ago) in known else "", "shown_now": _short(row),
            }
            for row in worst
        ]
    )  # fmt: skip
    told = "; ".join(f"{row['measure']}: {_of_target(row)}, {row['direction_long']}" for row in worst)
    subtitle = f"Actual in percent of target, {quarters.label(year_ago)} and {quarters.label(report.quarter)}, worst band first; blue is better, orange worse"
    drawn = charts.change(
        rows, title=title, subtitle=subtitle, source=SOURCE, alt=f"{told}.", now=quarters.label(report.quarter), before=quarters.label(year_ago)
    )
    return joined([drawn, *(_small(report, theme, worst, known) for theme in report.registers.themes.sort_values("order")["theme"])])


def _short(row: dict[str, Any]) -> str:
    """Give an actual without the fraction, count or rank that stand beside it in its cell."""
    return shown(row["actual"], row["actual_unit"]) if row["actual"] is not None else as_typed(row, "actual")


def _share_then(row: dict[str, Any], then: dict[str, Any] | None) -> Decimal | None:
    """Give an earlier figure in percent of its target, where that target was of the same sort: a rank is no rate."""
    return share_of_target(then) if then and then["target_unit"] == row["target_unit"] else None


def _of_target(row: dict[str, Any]) -> str:
    share = share_of_target(row)
    return f"{share}% of target" if share is not None else as_typed(row, "actual")


def _small(report: Report, theme: str, worst: list[dict[str, Any]], known: dict[tuple[str, str], dict[str, Any]]) -> Html:
    """Show the measures of a theme that are off target as small charts on one pair of axes."""
    of_theme = [row for row in worst if row["theme"] == theme and share_of_target(row) is not None]
    keys = _periods(report.quarter, {quarter for row in of_theme for quarter in (year for measure, year in known if measure == row["measure_id"])})
    if not of_theme or len(keys) < 2:
        return Html("")
    panels = []
    for row in of_theme:
        then = [known.get((row["measure_id"], key)) for key in keys]
        values = tuple(_share_then(row, of) for of in then)
        panels.append(
            Panel(
                name=row["measure"], note=f"{row['measure_id']} · {row['polarity']} is better", band=row["band"], periods=tuple(quarters.label(key) for key in keys),
                values=values, targets=tuple(row["scored_target"] * 0 + 100 for _ in keys), unit_words="", mark=tables.mark(row["band"]),
                shown_values=tuple(_short(of) if of and value is not None else "" for of, value in zip(then, values, strict=True)),
            )
        )  # fmt: skip
    return charts.multiples(
        panels,
        title=f"{theme}: {count(len(panels), 'measure')} off target",
        subtitle=f"Actual in percent of its own target, {quarters.label(keys[0])} to {quarters.label(keys[-1])}; all on one scale; hollow dots are quarters without a figure",
        source=SOURCE,
        alt="; ".join(f"{row['measure']}: {_of_target(row)}" for row in of_theme) + ".",
    )


def _periods(quarter: str, known: set[str]) -> list[str]:
    """Give the quarters of a small chart: eight at most, from the first that is known."""
    now = quarters.period(quarter)
    keys = [quarters.key(now - back) for back in reversed(range(PERIODS))]
    first = next((place for place, key in enumerate(keys) if key in known), len(keys))
    return keys[first:]


# ---------------------------------------------------------------- signal or noise


def variation(report: Report) -> Html:
    """Show which measures changed by more than their usual variation, whether targets are within reach, and their charts."""
    said = report.variation
    if not said and report.now("scores").empty:
        return Html("")
    told = [row for row in said if row["variation"] in tuple(Variation)]
    if not told:
        most = max((row["points"] for row in said), default=0)
        return lead(
            f"Too short to say: seven figures in a row are needed before a change can be told from the usual variation, and the longest series has {most}."
        )
    titles = report.registers.measures.set_index("measure_id")["measure"].to_dict()
    concern, good = (sum(row["variation"] == word for row in told) for word in (Variation.CONCERN, Variation.IMPROVEMENT))
    short = len(said) - len(told)
    text = f"{begin(count(concern, 'series', 'series'))} {verb(concern, 'shows', 'show')} a signal for the worse and {alone(good)} for the better; "
    text += f"{len(told) - concern - good} {verb(len(told) - concern - good, 'moves', 'move')} as usual" + (
        f"; {short} {verb(short, 'is', 'are')} too short to say." if short else "."
    )
    order = {str(Variation.CONCERN): 0, str(Variation.IMPROVEMENT): 1, str(Variation.COMMON): 2}
    charted = sorted(
        (row for row in told if row["variation"] != Variation.COMMON or row["assurance"] == Assurance.FAILS), key=lambda row: order[row["variation"]]
    )
    drawn = [_chart(report, row, titles) for row in charted[:MOST_CHARTS]]
    return joined([lead(text), _matrix(report, told, titles), *drawn])


def _matrix(report: Report, told: list[dict[str, Any]], titles: dict[str, str]) -> Html:
    """Show variation by assurance on one page: each measure named once, in the cell that it belongs to."""
    assurances = [str(word) for word in (Assurance.PASSES, Assurance.HIT_AND_MISS, Assurance.FAILS, Assurance.NONE)]
    kinds = [str(word) for word in (Variation.IMPROVEMENT, Variation.COMMON, Variation.CONCERN)]

    def names(row: dict[str, Any], kind: str) -> Html:
        of = [titles.get(each["series_id"], each["series_id"]) for each in told if each["variation"] == kind and each["assurance"] == row["assurance"]]
        return Html("<ul>{}</ul>").format(joined([Html("<li>{}</li>").format(name) for name in of])) if of else Html("none")

    columns = [
        Column("assurance", "Against its target", show=lambda row: {"none": "no single target"}.get(row["assurance"], row["assurance"])),
        *(Column(kind, {"common cause": "Moves as usual"}.get(kind, f"A signal: {kind}"), show=lambda row, kind=kind: names(row, kind)) for kind in kinds),
    ]
    used = [word for word in assurances if any(each["assurance"] == word for each in told)]
    frame = pd.DataFrame({"assurance": used} | dict.fromkeys(kinds, ""))
    notes = [
        "A signal: a figure outside the limits of the usual variation, two of three near a limit, or seven in a row rising, falling or on one side of the mean.",
        "Consistently passes or fails: the target lies outside the limits, so that as the process runs it always, or never, meets it. Hit and miss: chance decides.",
    ]
    caption = f"Variation and assurance, {quarters.label(report.quarter)}"
    return tables.table(frame, columns, caption=caption, source=SOURCE, row_heading="assurance", notes=notes, kind="matrix")


def _chart(report: Report, said: dict[str, Any], titles: dict[str, str]) -> Html:
    """Show one series as a process chart whose title says what there is to see."""
    process = report["process"]
    points = process[(process["what"] == said["what"]) & (process["series_id"] == said["series_id"])].reset_index(drop=True)
    name = titles.get(said["series_id"], said["series_id"])
    label = _month if said["what"] == "monthly" else quarters.label
    last = frames.rows(points)[-1]
    title = f"{name}: {_verdict(said)}"
    trial = " Trial limits: there are fewer than twelve figures." if said["trial"] else ""
    subtitle = f"Figures from {label(points['period'].iloc[0])} to {label(last['period'])}; the shaded band is the usual variation, mean ± 2.66 × mean moving range.{trial}"
    alt = f"Latest {shown(last['value'])}, mean {shown(last['centre'], decimals=1)}, limits {shown(last['lower'], decimals=1)} to {shown(last['upper'], decimals=1)}. {_verdict(said)}."
    drawn = points.assign(period=[label(period) for period in points["period"]])
    for line in ("value", "centre", "lower", "upper", "near_lower", "near_upper"):
        drawn[line] = [float("nan") if value is None else float(value) for value in points[line]]
    return charts.process(drawn, target=last["target"], title=title, subtitle=subtitle, source=SOURCE, alt=alt, notes=_notes(report, said, points, label))


def _notes(report: Report, said: dict[str, Any], points: pd.DataFrame, label: Any) -> list[tuple[str, str]]:
    """Give the dated reasons for which limits were set anew or a quarter was left out."""
    adjusted = report.registers.adjustments
    known = set(points["period"])
    rows = adjusted[(adjusted["measure_id"] == said["series_id"]) & adjusted["what"].isin(["rebase", "break", "exclude"])].to_dict("records")
    return [(label(row["from_quarter"]), f"{row['reason']} ({row['author']})") for row in rows if said["what"] == "measure" and row["from_quarter"] in known]


def _verdict(said: dict[str, Any]) -> str:
    words = {
        Signal.OUTSIDE: "outside its usual variation", Signal.TREND: "seven or more in a row one way", Signal.TWO_OF_THREE: "two of three near a limit",
        Signal.SHIFT: "seven or more in a row on one side of the mean", Signal.NONE: "moves as usual",
    }[Signal(said["signal"])]  # fmt: skip
    way = {Variation.CONCERN: ", for the worse", Variation.IMPROVEMENT: ", for the better"}.get(said["variation"], "")
    fails = ", and so misses its target" if said["assurance"] == Assurance.FAILS else ""
    return f"{words}{way}{fails}"


def _month(month: str) -> str:
    return pd.Timestamp(f"{month}-01").strftime("%b %Y")


# ---------------------------------------------------------------- the year end


def forecast(report: Report) -> Html:
    """Show where each measure's year will end, by which method, and how far that method missed in past years; in its last quarter, how it ended."""
    found = report.now("forecasts")
    if found.empty:
        return Html("")
    ended = report.quarter.endswith("Q4")
    said = found[found["forecast"].notna()].reset_index(drop=True)
    if said.empty:
        return lead(_no_year_end(found, ended=ended))
    columns = _how_it_ended(report) if ended else _where_it_will_end(report)
    ordered = (
        said.assign(order=said["outlook"].map({word: place for place, word in enumerate(_OUTLOOKS)}).fillna(len(_OUTLOOKS)))
        .sort_values("order", kind="stable")
        .reset_index(drop=True)
    )
    caption = f"How the year ended, {quarters.label(report.quarter)}" if ended else f"Forecast of the year end, from {quarters.label(report.quarter)}"
    table = tables.table(ordered, columns, caption=caption, source=SOURCE, row_heading="measure_id", notes=[_NOTES[ended]], kind="forecast")
    return joined([lead(_outlooks_in_words(found, said, ended=ended)), table])


_OUTLOOKS = tuple(str(word) for word in (Outlook.MISSES, Outlook.BALANCE, Outlook.MEETS))
_HOW_IT_ENDED = {str(Outlook.MISSES): "missed", str(Outlook.MEETS): "met"}
_NOTES = {
    False: "From and to: the forecast with the worst and the best error that the same method made at the same quarter of past years.",
    True: "Its outturn is what the figures of the whole year come to; of a rate or a level it is the last quarter's figure that is held against the target.",
}


def _no_year_end(found: pd.DataFrame, *, ended: bool) -> str:
    """Say why there is no year end to show for any measure."""
    short = int((found["outlook"] == Outlook.TOO_SHORT).sum())
    others = f"{verb(len(found) - short, 'is', 'are')} of a kind or state that has none."
    if ended:
        return f"Of no measure is it known how its year ended: {count(len(found), 'measure')} {others}"
    return f"No year end can be forecast: {count(short, 'measure')} {verb(short, 'has', 'have')} too short a history to say, and {count(len(found) - short, 'other')} {others}"


def _outlooks_in_words(found: pd.DataFrame, said: pd.DataFrame, *, ended: bool) -> str:
    """Say of how many measures the year will end short of its target, or did."""
    missed, balance, met = (int((said["outlook"] == word).sum()) for word in _OUTLOOKS)
    if ended:
        return f"{begin(count(missed, 'measure'))} missed the year's target and {alone(met)} met it."
    short = int((found["outlook"] == Outlook.TOO_SHORT).sum())
    text = (
        f"{begin(count(missed, 'measure'))} {verb(missed, 'is', 'are')} likely to miss the year's target, {met} likely to meet it and {balance} in the balance."
    )
    return text + (f" For {count(short, 'measure')} the history is too short to say." if short else "")


def _where_it_will_end(report: Report) -> list[Column]:
    """Give the columns of a forecast: where the year will end, between what, and by which method."""
    return [
        Column("outlook", "Outlook", show=lambda row: _outlook(row, row["outlook"] if row["outlook"] in _OUTLOOKS else row["reason"])),
        _measure_of(report),
        *(_year_figure(report, name, label) for name, label in (("forecast", "Forecast [f]"), ("low", "From"), ("high", "To"), ("target", "Year's target"))),
        Column("past_errors", "Past years tried", NUMBERS),
        Column("method", "Method"),
    ]


def _how_it_ended(report: Report) -> list[Column]:
    """Give the columns of a year that is over: what it came to, and which figure that is."""
    return [
        Column("outlook", "Outcome", show=lambda row: _outlook(row, _HOW_IT_ENDED.get(row["outlook"]) or row["reason"])),
        _measure_of(report),
        *(_year_figure(report, name, label) for name, label in (("forecast", "The year came to"), ("target", "Year's target"))),
        Column("method", "By", show=lambda row: row["method"].rpartition(": ")[2]),
    ]


def _outlook(row: dict[str, Any], words: str) -> Html | str:
    return Html("<strong>{}</strong>").format(words) if row["outlook"] == Outlook.MISSES else words


def _measure_of(report: Report) -> Column:
    about = report.registers.measures.set_index("measure_id").to_dict("index")

    def measure(row: dict[str, Any]) -> Html:
        of = about[row["measure_id"]]
        return Html('<strong>{}</strong><span class="unit">{} · {} is better</span>').format(of["measure"], row["measure_id"], of["polarity"])

    return Column("measure_id", "Measure", show=measure)


def _year_figure(report: Report, name: str, label: str) -> Column:
    """Give the column of a figure of the year, with the places and the unit of the quarter's own."""
    now = {row["measure_id"]: row for row in frames.rows(report.now("scores"))}

    def figure(row: dict[str, Any]) -> str:
        of = now.get(row["measure_id"], {"actual_decimals": 0, "actual_unit": "number"})
        return shown(rounded(row[name], int(of["actual_decimals"] or 0)), of["actual_unit"]) if row[name] is not None else "[x]"

    return Column(name, label, NUMBERS, show=figure)


# ---------------------------------------------------------------- comparators


def comparators(report: Report) -> Html:
    """Show where measures stand among others, with how old the comparison is."""
    found = report["positions"]
    if found.empty:
        return Html("")
    titles = report.registers.measures.set_index("measure_id")["measure"].to_dict()
    bottom = [row for row in frames.rows(found) if row["quartile"] == Position.BOTTOM]
    named = listed([titles.get(row["measure_id"], row["subject"]) for row in bottom])
    text = f"{begin(count(len(found), 'comparison'))}; " + (f"in the bottom quartile: {named}." if bottom else "none is in the bottom quartile.")
    ordered = found.sort_values("how", key=lambda column: column.map({"computed": 0, "published": 1, "returned": 2}), kind="stable").reset_index(drop=True)
    columns = [
        Column(
            "measure_id",
            "Measure",
            show=lambda row: Html('<strong>{}</strong><span class="unit">{}</span>').format(titles.get(row["measure_id"], row["subject"]), row["measure_id"]),
        ),
        Column("words", "Position", show=lambda row: f"{row['words']}{', shared with ' + count(row['tied'], 'other') if row['tied'] else ''}"),
        Column("period", "Period", show=lambda row: quarters.label(row["period"])),
        Column("age", "Age", show=lambda row: "this quarter" if not row["age"] else f"{count(row['age'], 'quarter')} old"),
        Column("how", "How known"),
        Column("source", "Source"),
    ]
    return joined(
        [
            lead(text),
            tables.table(
                ordered,
                columns,
                caption=f"Comparators, as at {quarters.label(report.quarter)}",
                source="comparators register and returns",
                row_heading="measure_id",
            ),
        ]
    )
