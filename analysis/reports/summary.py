"""The head of a page: for whom, of what quarter, its message, and the figures that matter most."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from analysis import charts, frames, quarters, tables
from analysis.markup import Html, joined, slug
from analysis.reports import headlines, money, performance, reward, scorecard, sign_off
from analysis.reports.report import SCORES_SOURCE, Report
from analysis.reports.wording import alone, begin, count, listed, tally, tile, verb
from analysis.vocabulary import Band, Reason


def front(report: Report) -> Html:
    """Show whose report it is, for whom, of what quarter, from which returns, and how final it is."""
    returns, grant = report.now("returns"), report.latest("spend")
    late = (
        f"; grant spending as returned for {quarters.label(grant['quarter'].iloc[0])}"
        if len(grant) and grant["quarter"].iloc[0] != report.quarter and "spend" in report.audience.sections
        else ""
    )
    facts = [
        ("For", report.audience.title),
        ("Status", sign_off.status(report)),
        ("Data", f"{count(len(returns), 'return')} of {quarters.label(report.quarter)}{late}"),
    ]
    listed = joined([Html("<div><dt>{}</dt><dd>{}</dd></div>").format(name, words) for name, words in facts])
    return Html('<header class="front"><div><p class="eyebrow">{}</p><h1>{}</h1><p class="quarter">{}: {}</p></div><dl>{}</dl></header>').format(
        report.registers.name, report.audience.report, quarters.label(report.quarter), quarters.months(report.quarter), listed
    )


def title(report: Report) -> str:
    """Give the page's title: report, quarter, audience, and whether it is provisional."""
    provisional = " (provisional)" if len(report.held) else ""
    return f"{report.audience.report}, {quarters.label(report.quarter)}{provisional}: {report.audience.title}"


def summary(report: Report) -> Html:
    """Say the message first, then the tiles, then every measure at a glance."""
    found, sections = headlines.by_name(report), report.audience.sections
    figures = {name: report.figure(row["figure_id"], "value", row["shown"]) for name, row in found.items()}
    numbers = {name: int(row["value"]) for name, row in found.items()}
    about = _About(report, found, figures, numbers)
    asks_for_measures = any(name in sections for name in ("scorecards", "themes"))
    of_measures = "measures" in found and asks_for_measures
    of_awards = "awards" in found and "spend" in sections
    loud, quiet, tiles = about.held(), list[Html](), list[Html]()
    if of_measures:
        loud.append(about.measures())
        quiet += about.challenges()
        tiles += about.measure_tiles()
    if asks_for_measures:
        quiet += about.absent()
    if of_awards:
        loud.append(about.awards())
        tiles += about.award_tiles()
    tiles += about.undertaking_tiles()
    rest = [*([] if of_awards else about.claims()), *about.undertakings(), *about.indicators(), *about.discussion()]
    loud, rest = (loud, rest) if loud else (rest[:1], rest[1:])
    quiet += [*rest, *about.missing()]
    if not loud and not quiet:
        returns = report.now("returns")
        loud.append(Html("{}").format(begin(f"{count(len(returns), 'return')} came for {quarters.label(report.quarter)}.")))
    message = Html('<p class="lead"><strong>{}</strong> {}</p>').format(Html(" ").join(loud), Html(" ").join(quiet))
    shown = [message, Html('<div class="tiles">{}</div>').format(joined(tiles[:4])) if tiles else ""]
    below = [_glances(report), scorecard.key() if "themes" in sections else ""] if of_measures else []
    return joined([*shown, *below])


class _About:
    """Sentences and tiles of a summary, from its headlines."""

    def __init__(self, report: Report, found: dict[str, dict[str, Any]], figures: dict[str, Html], numbers: dict[str, int]) -> None:
        self.report, self.found, self.figures, self.numbers = report, found, figures, numbers

    def held(self) -> list[Html]:
        """Say first what is held back, where anything is."""
        held = len(self.report.held)
        if not held:
            return []
        first = frames.rows(self.report.held)[0]
        return [
            Html("This report is provisional: {} {} figures back, the first in {}.").format(
                count(held, "problem in the returns", "problems in the returns"), verb(held, "holds", "hold"), first["file"]
            )
        ]

    def measures(self) -> Html:
        """Say how many measures met their target, against the quarter before, and how many are red."""
        n, f = self.numbers, self.figures
        if not n["scored"]:
            return Html("None of the {} measures can be scored.").format(f["measures"])
        text = Html("{} of {} {} met {} target").format(
            f["met"], f["scored"], verb(n["scored"], "measure", "measures that can be scored"), verb(n["scored"], "its", "their")
        )
        if "met-before" in n:
            text += Html(", against {} of {} in {}").format(f["met-before"], f["scored-before"], _before(self.report))
        return text + Html("; {} {} red.").format(f["red"] if n["red"] else alone(0), verb(n["red"], "is", "are"))

    def challenges(self) -> list[Html]:
        """Say what needs attention, which way measures move, and what cannot be said."""
        n, f, told = self.numbers, self.figures, []
        if n["challenges"]:
            told.append(Html("{} {} attention.").format(f["challenges"], verb(n["challenges"], "needs", "need")))
        if n["better"] or n["worse"]:
            told.append(Html("Since {}, {} got better and {} worse.").format(_before(self.report), f["better"], f["worse"]))
        if n["not-scored"]:
            told.append(Html("{} more cannot be scored: they have {}.").format(f["not-scored"], self._why_not_scored()))
        return told

    def absent(self) -> list[Html]:
        """Say how many measures are asked for of which nothing that can be used was returned, and of which themes."""
        if "absent" not in self.numbers:
            return []
        number, of = self.numbers["absent"], [f"{theme} ({len(rows)})" for theme, rows in scorecard.not_returned(self.report).items()]
        what = "more" if "measures" in self.numbers else verb(number, "measure", "measures")
        said = Html("{} {} {} asked for, and nothing that can be used was returned: {}.")
        return [said.format(self.figures["absent"], what, verb(number, "is", "are"), listed(of))]

    def _why_not_scored(self) -> str:
        held = " a figure that is held back," if (self.report.now("scores")["band_reason"] == Reason.SUPPRESSED).any() else ""
        return f"no target, no figure yet,{held} or a rule that needs one"

    def measure_tiles(self) -> list[Html]:
        """Give the tiles of measures."""
        n, f = self.numbers, self.figures
        colours = [(n["met"], Band.HG), (n["amber"], Band.A), (n["red"], Band.HR), (n["not-scored"], "")]
        return [
            tile("Met their target", f["met"], Html("of {} scored").format(f["scored"]), Html("{} amber, {} red").format(f["amber"], f["red"]), charts.parts(colours)),
            tile("Need attention", f["challenges"], verb(n["challenges"], "measure", "measures"), "latest band Low Red or High Red", charts.parts([(n["challenges"], Band.HR), (max(n["measures"] - n["challenges"], 0), "rest")])),
            tile("Cannot be scored", f["not-scored"], Html("of {}").format(f["measures"]), self._why_not_scored(), charts.parts([(n["not-scored"], "unknown"), (n["scored"], "rest")])),
            tile("Differ from print", f["differ"], verb(n["differ"], "band", "bands"), "recomputed for all quarters shown", ""),
        ]  # fmt: skip

    def awards(self) -> Html:
        """Say what is known to be spent of what was awarded, and how many awards do not add up."""
        f, wrong = self.figures, self.numbers["wrong"]
        if "spent" not in f:
            text = (
                Html("No award states its spend; {} {}.").format(f["awarded"], "is awarded so far as known")
                if "awarded" in f
                else Html("No award states its grant or its spend.")
            )
        elif "awarded" in f:
            text = Html("{} of the {} awarded{} is known to be spent.").format(
                f["spent"], f["awarded"], "" if self._all("Total grant awarded") else ", so far as known,"
            )
        else:
            text = Html("{} is known to be spent; no award states its grant.").format(f["spent"])
        if not wrong:
            return text
        return text + Html(" {} of {} awards {} not add up.").format(
            self.report.figure(self.found["wrong"]["figure_id"], "value", begin(alone(wrong))), f["awards"], verb(wrong, "does", "do")
        )

    def _all(self, what: str) -> bool:
        """Say whether every award states an amount."""
        return not money.latest_totals(self.report)[what]["unknown_count"]

    def award_tiles(self) -> list[Html]:
        """Give the tiles of awards."""
        n, f, found, made = self.numbers, self.figures, self.found, list[Html]()
        if "spent" in found:
            spent, awarded = found["spent"]["value"], found["awarded"]["value"] if "awarded" in found else Decimal(0)
            most = found["spent-at-most"]["value"] if "spent-at-most" in found else spent if self._all("Total spend to date") else None
            upto: Html | str = (
                "every award states it"
                if most == spent
                else "nobody can tell how much at most"
                if most is None
                else Html("at most {}; dashed is not known").format(f["spent-at-most"])
            )
            reached = [(spent, "data"), (most - spent, "unknown"), (max(awarded - most, Decimal(0)), "rest")] if most is not None else []
            made.append(tile("Known to be spent", f["spent"], "", upto, charts.parts(reached)))
        if "awarded" in found:
            line = Html("{} {}, {}{}").format(
                f["awards"],
                verb(n["awards"], "award", "awards"),
                quarters.label(self.report.latest("spend")["quarter"].iloc[0]),
                "" if self._all("Total grant awarded") else "; not all state it",
            )
            made.append(tile("Awarded", f["awarded"], "", line, ""))
        adding = charts.parts([(n["balance"], "data"), (n["unchecked"], "unknown"), (n["wrong"], "act")])
        made.append(
            tile(
                "Add up",
                f["balance"],
                Html("of {} awards").format(f["awards"]),
                Html("{} do not, {} cannot be checked").format(f["wrong"], f["unchecked"]),
                adding,
            )
        )
        return made

    def claims(self) -> list[Html]:
        """Say of each agreement what was possible and what was earned or claimed."""
        way = self.report["reward_way"]
        if way.empty or "claim" not in self.report.audience.sections:
            return []
        told = [reward.way_in_words(of) for _, of in way.groupby("agreement", sort=False)]
        return [Html("{}").format(sentence) for sentence in told if sentence]

    def undertakings(self) -> list[Html]:
        """Say which agreements may not be paid, and how many milestones are due with nothing to show that they are done."""
        n, told, sections = self.numbers, [], self.report.audience.sections
        if n.get("unsigned") and "agreements" in sections:
            told.append(
                Html("{} of {} {} not signed and may not be paid.").format(
                    self._words("unsigned"), count(n["agreements"], "agreement"), verb(n["unsigned"], "is", "are")
                )
            )
        if n.get("overdue") and "milestones" in sections:
            told.append(
                Html("{} {} {} due and not said to be done.").format(
                    self._words("overdue"), verb(n["overdue"], "milestone", "milestones"), verb(n["overdue"], "is", "are")
                )
            )
        return told

    def undertaking_tiles(self) -> list[Html]:
        """Give the tiles of agreements and milestones."""
        n, f, sections, made = self.numbers, self.figures, self.report.audience.sections, list[Html]()
        if "agreements" in n and "agreements" in sections:
            bar = charts.parts([(n["unsigned"], "act"), (n["agreements"] - n["unsigned"], "data")])
            made.append(tile("May not be paid", f["unsigned"], Html("of {} agreements").format(f["agreements"]), "nobody is said to have signed them", bar))
        if "overdue" in n and "milestones" in sections:
            made.append(tile("Overdue", f["overdue"], verb(n["overdue"], "milestone", "milestones"), "due and not said to be done", ""))
        return made

    def _words(self, name: str) -> Html:
        return self.report.figure(self.found[name]["figure_id"], "value", begin(alone(self.numbers[name])))

    def indicators(self) -> list[Html]:
        """Say how the monthly indicators moved."""
        if "indicators" not in self.numbers or "monthly" not in self.report.audience.sections:
            return []
        return [
            Html("{} of {} moved the good way {}.").format(
                self._words("good-way"), count(self.numbers["indicators"], "monthly indicator"), performance.span_in_words(self.report)
            )
        ]

    def discussion(self) -> list[Html]:
        """Say how many challenges wait for discussion."""
        sections = self.report.audience.sections
        discuss = self.report.narrative("challenge")
        waiting = int((discuss["for_discussion"].str.casefold() == "yes").sum()) if {"challenge", "for discussion"} & set(sections) else 0
        return [Html("{}").format(begin(f"{count(waiting, 'challenge')} for discussion."))] if waiting else []

    def missing(self) -> list[Html]:
        """Name what has not been received."""
        gaps = self.report["missing"]
        if "missing" not in self.report.audience.sections or gaps.empty:
            return []
        named = gaps[gaps["what"].isin(["data", "return"]) & gaps["quarter"].isin((self.report.quarter, quarters.previous(self.report.quarter)))]
        return [Html("Not received: {}.").format(", ".join(named["name"]))] if len(named) else []


def _before(report: Report) -> str:
    return quarters.label(quarters.previous(report.quarter))


# ---------------------------------------------------------------- every measure


def _glances(report: Report) -> Html:
    """Show every measure as a mark by theme, and beside it how many stood where in the quarters shown."""
    return Html('<div class="side-by-side">{}{}</div>').format(_marks(report), _over_time(report))


def _marks(report: Report) -> Html:
    """Show one mark for each measure, worst first; those not green lead to their rows."""
    now, absent = report.now("scores"), scorecard.not_returned(report)
    rows = []
    for theme in [theme for theme in report.registers.themes.sort_values("order")["theme"] if theme in {*now["theme"], *absent}]:
        of_theme = sorted(frames.rows(now[now["theme"] == theme]), key=lambda row: _WORST_FIRST.index(row["band"]))
        stand = tally([row["band"] for row in of_theme])
        scored = stand["green"] + stand["amber"] + stand["red"]
        marks = joined([_mark(row, linked=report.whole) for row in of_theme])
        without = Html('<span class="unit">{} without a row</span>').format(len(absent[theme])) if theme in absent else ""
        rows.append(
            Html('<tr><th scope="row">{}</th><td>{}{}</td><td class="numbers">{} of {}</td></tr>').format(theme, marks, without, stand["green"], scored)
        )
    used = set(now["band"])
    key = joined([Html("<span>{} {}</span>").format(tables.mark(band), Band(band).words if band else "No score") for band in _WORST_FIRST if band in used])
    return Html(
        '<div class="glance"><h3>Every measure at a glance</h3><p class="subtitle">One mark for each measure, worst first; choose a mark that is not green to go to its row</p>'
        '<table class="glance"><caption class="hidden">Every measure by theme</caption><thead class="hidden"><tr><th scope="col">Theme</th><th scope="col">Measures, worst first</th><th scope="col">Met, of those scored</th></tr></thead>'
        '<tbody>{}</tbody></table><p class="key">{}</p></div>'
    ).format(joined(rows), key)


_WORST_FIRST = [str(band) for band in (Band.HR, Band.LR, Band.A, Band.G, Band.LG, Band.HG)] + [""]


def _mark(row: dict[str, Any], *, linked: bool) -> Html:
    """Give a measure's mark with its name for those who cannot see it."""
    words = Band(row["band"]).words if row["band"] else "no score"
    named = Html('{}<span class="hidden">{}: {}</span>').format(tables.mark(row["band"]), row["measure_id"], words)
    if not linked or not row["band"] or Band(row["band"]).green:
        return Html("<span>{}</span> ").format(named)
    return Html('<a href="#{}" title="{}: {}">{}</a> ').format(slug(row["figure_id"]), row["measure_id"], words, named)


def _over_time(report: Report) -> Html:
    """Show how many measures were green, amber, red or not scored in each quarter shown."""
    scores = report["scores"]
    keys = [key for key in reversed(quarters.shown(report.quarter)) if (scores[scores["quarter"] == key]["band"] != "").any()]
    keys = sorted(keys, key=quarters.ordinal)
    if len(keys) < 2 or keys[-1] != report.quarter:
        return Html("")
    counts = pd.DataFrame([tally(list(scores.loc[scores["quarter"] == key, "band"])) for key in keys], index=[quarters.label(key) for key in keys])
    counts = counts.rename(columns={"none": "not scored"})
    met = [f"{counts.loc[label, 'green']} of {sum(counts.loc[label]) - counts.loc[label, 'not scored']}" for label in counts.index]
    message = f"{met[-1]} scored measures met their target, against {met[0]} in {counts.index[0]}"
    alt = "; ".join(f"{label}: {', '.join(f'{counts.loc[label, name]} {name}' for name in counts)}" for label in counts.index)
    absent = sum(map(len, scorecard.not_returned(report).values()))
    left_out = f"; {absent} without a row in {counts.index[-1]} {verb(absent, 'is', 'are')} left out" if absent else ""
    subtitle = f"Number of measures by status, in the quarters shown{left_out}"
    return charts.stack(counts, title=message, subtitle=subtitle, source=SCORES_SOURCE, alt=f"{alt}{left_out}.")
