"""Sections about reward grant as it is earned: what is printed and follows, what each target earned, performance to pounds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from analysis import charts, frames, quarters, tables
from analysis.markup import Html, joined
from analysis.reports.report import Report
from analysis.reports.wording import alone, as_typed, begin, count, lead, listed, pounds, verb
from analysis.tables import NUMBERS, Column
from analysis.values import shown

_SOURCE = "reward facts returns and the agreements' terms"
_HEADINGS = {
    "follows": "What follows from the printed figures",
    "sources differ": "Where sources differ",
    "cannot be derived": "What cannot be derived",
    "printed": "What is printed",
}
"""Standing of a line of the statement -> the heading it stands under, in the order of the page."""


def claim(report: Report) -> Html:
    """Show the way of each agreement's money, and the statement behind it: what follows, where sources differ, what is not known, what is printed."""
    rows = report["entitlement"]
    rows = rows[rows["quarter"] == report.quarter]
    way = report["reward_way"]
    if rows.empty and way.empty:
        return Html("")
    parts = [lead(begin(" ".join([*(way_in_words(of) for _, of in way.groupby("agreement", sort=False)), _standings(rows)]).strip()))]
    parts += [_waterfall(agreement, of, report) for agreement, of in way.groupby("agreement", sort=False)]
    return joined([*parts, _statement(rows, report) if len(rows) else ""])


def way_in_words(way: pd.DataFrame) -> str:
    """Say where an agreement's money went, in a sentence built from the steps."""
    amounts = {row["what"]: row["amount"] for row in frames.rows(way)}
    name = way["agreement"].iloc[0]
    earned = next((what for what in ("Earned", "Claimed") if what in amounts), "")
    if not earned or not amounts["Possible"]:
        return ""
    share = shown((amounts[earned] / amounts["Possible"] * 100).quantize(Decimal("0.1")), "percent")
    text = f"{name}: {pounds(amounts[earned])} of {pounds(amounts['Possible'])} possible was {earned.casefold()} ({share})"
    text += f"; of {pounds(amounts['Not known'])} it is not known" if "Not known" in amounts else ""
    if "Paid, by the terms" in amounts:
        text += f"; by the terms {pounds(amounts['Paid, by the terms'])} of it would be paid"
    spent = amounts.get("Spent, of the awards")
    return f"{text}; {pounds(spent)} of the awards is known to be spent." if spent is not None else f"{text}."


def _standings(rows: pd.DataFrame) -> str:
    numbers = rows["standing"].value_counts().to_dict()
    told = [
        f"{count(numbers[standing], one, many)}"
        for standing, one, many in (
            ("printed", "fact is printed in this quarter's returns", "facts are printed in this quarter's returns"),
            ("follows", "figure follows", "figures follow"),
            ("sources differ", "differs between sources", "differ between sources"),
            ("cannot be derived", "cannot be derived", "cannot be derived"),
        )
        if standing in numbers
    ]
    return f"{begin(listed(told))}." if told else ""


def _waterfall(agreement: str, way: pd.DataFrame, report: Report) -> Html:
    rows = frames.rows(way)
    words = {row["what"]: pounds(-row["amount"] if row["style"] == "less" else row["amount"]) for row in rows}
    sums = [row for row in rows if row["style"] == "known"]
    title = f"{agreement}: {pounds(sums[0]['amount'])} was possible, {pounds(sums[1]['amount'])} {sums[1]['what'].casefold()}" if len(sums) > 1 else agreement
    steps = way.assign(words=[words[row["what"]] for row in rows])
    return charts.waterfall(
        steps[["what", "start", "end", "style", "words"]],
        title=title,
        subtitle="Pounds: dark is a sum, grey what a step takes from it, light what is forecast, orange what nobody has planned, hatched what is not known",
        source=_SOURCE,
        alt="; ".join(f"{what} {amount}" for what, amount in words.items()) + f". Reported for {quarters.label(report.quarter)}.",
    )


def _statement(rows: pd.DataFrame, report: Report) -> Html:
    order = list(_HEADINGS)
    rows = rows.assign(
        place=rows["standing"].map(order.index),
        group=[f"{_HEADINGS[row['standing']]}: {row['agreement'].replace('Not stated', 'agreement not stated')}" for row in frames.rows(rows)],
    ).sort_values("place", kind="stable")

    def amount(row: dict[str, Any]) -> str:
        if row["standing"] == "printed":
            return str(row["value_raw"]) if row["value"] is not None else "in words"
        if row["value"] is None:
            return "[x]"
        if row["value_unit"] == "pounds":
            return pounds(row["value"]) if row["value"] == row["value"].quantize(Decimal("0.01")) else f"£{shown(row['value'])}"
        return shown(row["value"].quantize(Decimal("0.01")), row["value_unit"])

    columns = [
        Column("fact", "What"),
        Column("value", "Amount", NUMBERS, show=amount),
        Column("how", "How, or the sentence it stands in", show=lambda row: row["how"] or _quoted(row)),
        Column("source", "Document and line", NUMBERS, show=lambda row: row["source"] or "[z]"),
        Column("cells", "Cells", show=lambda row: _places(row["cells"])),
    ]
    notes = ["A half penny that a figure ends in is shown; payments are rounded once, and their parts come to the whole."]
    notes.append("A source such as 004:174 is line 174 of source document 004.")
    terms = report.registers.agreement_terms
    assumed = terms[terms["agreement"].isin(set(rows["agreement"])) & terms["basis"].str.contains("not printed|judged") & (terms["value"] != "")]
    notes += [f"{row['agreement']}: {row['term']} {row['value']} ({row['basis']})." for row in assumed.to_dict("records")]
    caption = f"Reward grant: statement, reported for {quarters.label(report.quarter)}"
    return tables.table(rows, columns, caption=caption, source=_SOURCE, row_heading="fact", group_by="group", notes=notes)


def _quoted(row: dict[str, Any]) -> str:
    """Give a printed fact's sentence, with its own words first where it is not a figure."""
    return str(row["basis"]) if row["value"] is not None else f"\u201c{row['value_raw']}\u201d: {row['basis']}"


def _places(cells: str) -> Html:
    """Give cells, those of a file together, without the folders between the quarter and the file."""
    of_file: dict[str, list[str]] = {}
    for place in filter(None, cells.split("; ")):
        file, _, cell = place.partition(", ")
        quarter, _, rest = file.partition("/")
        of_file.setdefault(f"{quarter} {rest.rpartition('/')[2]}", []).append(cell)
    return Html("<br>").join(" ".join([file, ", ".join(filter(None, named))]) for file, named in of_file.items()) or Html("[z]")


# ---------------------------------------------------------------- targets


def earned(report: Report) -> Html:
    """Show what each stretched target has earned, and every step from there to the payments."""
    now = report.now("earned")
    if now.empty:
        return Html("")
    given = report.now("reward_targets")
    figures = {(row["agreement"], row["target"], row["sub_target"]): row for row in frames.rows(given)}
    rows = [
        row | {f"typed_{name}": as_typed(figures[row["agreement"], row["target"], row["sub_target"]], name) for name in _FIGURES} for row in frames.rows(now)
    ]

    def target(row: dict[str, Any]) -> Html:
        return Html('<strong>{}</strong><span class="unit">{}</span>').format(_named(row), f"{row['polarity']} is better" if row["polarity"] else "")

    def typed(name: str) -> Any:
        def cell(row: dict[str, Any]) -> Any:
            return report.figure(row["figure_id"], name, row[f"typed_{name}"])

        return cell

    columns = [
        Column("target", "Target", show=target),
        *(Column(name, label, NUMBERS, show=typed(name)) for name, label in _FIGURES.items()),
        Column("share", "Of the stretch", NUMBERS, show=lambda row: _percent(row["share"])),
        Column("paid_share", "Paid for", NUMBERS, show=lambda row: _percent(row["paid_share"])),
        Column("potential", "Possible", NUMBERS, show=lambda row: pounds(row["potential"])),
        Column("amount", "Earned", NUMBERS, show=lambda row: pounds(row["amount"]) if row["amount"] is not None else f"[x] at most {pounds(row['at_most'])}"),
    ]
    unknown = [row for row in rows if row["amount"] is None]
    notes = [f"{_named(row)}: {row['reason']}" for row in unknown]
    caption = f"What each target has earned, {quarters.label(report.quarter)}"
    table = tables.table(pd.DataFrame(rows), columns, caption=caption, source="reward targets returns", row_heading="target", group_by="agreement", notes=notes)
    return joined([lead(_earned_in_words(rows)), table, _payments(report)])


def _earned_in_words(rows: list[dict[str, Any]]) -> str:
    """Say what targets could earn and what they earn; where the grant of one cannot be worked out, that it is not known."""
    targets = {(row["agreement"], row["target"]) for row in rows}
    unknown = {(row["agreement"], row["target"]) for row in rows if row["amount"] is None}
    lost = {(row["agreement"], row["target"]) for row in rows if row["potential"] is None}
    text = begin(count(len(targets), "stretched target"))
    if targets != lost:
        potential, known = (sum((row[name] for row in rows if row[name] is not None), Decimal(0)) for name in ("potential", "amount"))
        text += f" could earn {pounds(potential)}; by the latest outturns {verb(len(targets), 'it earns', 'they earn')} {pounds(known)}"
        most = sum((row["at_most"] for row in rows if row["amount"] is None and row["at_most"] is not None), Decimal(0))
        if unknown - lost:
            text += f", and up to {pounds(most)} more for {count(len(unknown - lost), 'target')} of which something is not known"
    if lost:
        text += f"{'; of' if targets != lost else ': of'} {count(len(lost), 'target')} the grant cannot be worked out, for the reasons below"
    return f"{text}."


_FIGURES = {"expected_without_stretch": "Without the stretch", "stretch_target": "Stretch target", "outturn": "Outturn"}


def _payments(report: Report) -> Html:
    now = report.now("payments")
    if now.empty:
        return Html("")
    unknown = int(now["unknown_count"].max())
    now = pd.concat([now, _altogether(now)], ignore_index=True)
    columns = [
        Column("step", "Step", show=_step),
        Column("instalment", "Instalment", show=lambda row: row["instalment"] or "the whole"),
        Column("part_of", "Part of", show=lambda row: row["part_of"] or "[z]"),
        Column("amount", "Amount", NUMBERS, show=lambda row: pounds(row["amount"])),
        Column("how", "How"),
    ]
    notes = ["The parts of each sum come to it to the penny."]
    notes += [f"Amounts are of what is known: {count(unknown, 'target')} {verb(unknown, 'is', 'are')} left out."] if unknown else []
    caption = f"From what is earned to who gets it, {quarters.label(report.quarter)}"
    return tables.table(now, columns, caption=caption, source="the agreements' terms", row_heading="step", group_by="agreement", notes=notes)


def _altogether(payments: pd.DataFrame) -> pd.DataFrame:
    """Give what all instalments of each agreement come to: paid, by kind, and to whom; nothing where there is but one instalment."""
    rows = []
    for agreement, its in payments[(payments["step"] == "paid") | payments["part_of"].isin(["paid, by kind", "paid, by who"])].groupby("agreement", sort=False):
        if len(set(its["instalment"])) > 1:
            for (step, name), same in its.groupby(["step", "name"], sort=False):
                total = {"agreement": agreement, "instalment": "all", "step": step, "name": name, "amount": sum(same["amount"], Decimal(0))}
                rows.append(total | {"how": "all instalments together", "unknown_count": int(same["unknown_count"].max())})
    return frames.make(rows, frames.PAYMENTS)


def _step(row: dict[str, Any]) -> str:
    """Give a step of a payment as readers know it, with the name of what it goes to."""
    called = "To" if row["step"] == "split" else begin(row["step"])
    return f"{called}: {row['name']}" if row["name"] else called


def _named(row: dict[str, Any]) -> str:
    return f"{row['target']}: {row['sub_target']}" if row["sub_target"] else str(row["target"])


def _percent(share: Decimal | None) -> str:
    return "[x]" if share is None else shown((share * 100).quantize(Decimal("0.1")), "percent")


# ---------------------------------------------------------------- performance to pounds


def prospect(report: Report) -> Html:
    """Show what live targets would earn now and may earn at the end, and where the next effort earns most; of an agreement that has ended, what it earned."""
    rows = report.now("reward_outlook")
    if rows.empty:
        return Html("")
    over = (rows["quarters_left"] == 0).fillna(value=False).astype(bool)
    live, ended = rows[~over].reset_index(drop=True), rows[over].reset_index(drop=True)
    return joined([_live(live, report) if len(live) else "", _ended(ended, report) if len(ended) else ""])


def _live(rows: pd.DataFrame, report: Report) -> Html:
    """Show the targets of agreements that still run: now, at the end, at risk, and what the next effort earns."""
    listed_rows = frames.rows(rows)
    ranked = [row for row in listed_rows if row["next_gain"] is not None]
    parts = [lead(" ".join(_outlook_in_words(listed_rows, ranked)))]
    if ranked and ranked[0]["next_gain"]:
        parts.append(_next_gains(ranked, report))
    columns = [
        Column("target", "Target", show=lambda row: _above(Html("<strong>{}</strong>").format(_named(row)), _danger(row))),
        Column("share_now", "Of the stretch now", NUMBERS, show=lambda row: _above(_percent(row["share_now"]), _cliff(row))),
        Column("share_likely", "At the end", NUMBERS, show=lambda row: _interval(row, "share", _percent)),
        Column("amount_now", "Earned now", NUMBERS, show=lambda row: pounds(row["amount_now"])),
        Column("amount_likely", "Likely", NUMBERS, show=lambda row: _interval(row, "amount", pounds)),
        Column("at_risk", "At risk", NUMBERS, show=lambda row: pounds(row["at_risk"])),
        Column("pounds_per_unit", "One unit is worth", NUMBERS, show=lambda row: pounds(row["pounds_per_unit"])),
        Column("next_gain", "Next tenth earns", NUMBERS, show=lambda row: pounds(row["next_gain"])),
    ]
    notes = [
        "Of the stretch now, and how far the outturn is from the threshold, in its own unit.",
        "At the end: the latest outturn moved as it moved before over as many quarters as are left, each time one way to end; mean, and lowest to highest.",
        "Likely: the mean of what these ways to end would earn. At risk: what is earned now and lost in the worst of them.",
        "Next tenth: what the agreement earns more, over the same ways to end, if this outturn were a tenth of its stretch better.",
        *_why_not(listed_rows),
    ]
    caption = f"Performance to pounds, {quarters.label(report.quarter)}"
    parts.append(
        tables.table(rows, columns, caption=caption, source="reward targets returns", row_heading="target", group_by="agreement", notes=notes, kind="prospect")
    )
    return joined(parts)


def _ended(rows: pd.DataFrame, report: Report) -> Html:
    """Show the targets of agreements that end with the quarter: how much of the stretch each reached, and what it earned."""
    listed_rows = frames.rows(rows)
    told = [_end_in_words(agreement, frames.rows(of)) for agreement, of in rows.groupby("agreement", sort=False)]
    columns = [
        Column("target", "Target", show=lambda row: _above(Html("<strong>{}</strong>").format(_named(row)), _missed(row))),
        Column("share_now", "Of the stretch", NUMBERS, show=lambda row: _above(_percent(row["share_now"]), _cliff(row))),
        Column("amount_now", "Earned", NUMBERS, show=lambda row: pounds(row["amount_now"])),
        Column("pounds_per_unit", "One unit was worth", NUMBERS, show=lambda row: pounds(row["pounds_per_unit"])),
    ]
    notes = ["Of the stretch, and how far the outturn was from the threshold, in its own unit.", *_why_not(listed_rows)]
    caption = f"What ended with {quarters.label(report.quarter)}: performance to pounds"
    table = tables.table(
        rows, columns, caption=caption, source="reward targets returns", row_heading="target", group_by="agreement", notes=notes, kind="prospect"
    )
    return joined([lead(" ".join(told)), table])


def _why_not(rows: list[dict[str, Any]]) -> list[str]:
    return [f"{_named(row)}: {row['reason']}" for row in rows if row["reason"]]


def _earned_so_far(rows: list[dict[str, Any]]) -> tuple[str, str]:
    """Give what targets earn by their latest outturns, and of how many that is not known."""
    lost = sum(row["amount_now"] is None for row in rows)
    now = sum((row["amount_now"] for row in rows if row["amount_now"] is not None), Decimal(0))
    return pounds(now), f"; of {count(lost, 'target')} that is not known" if lost else ""


def _end_in_words(agreement: str, rows: list[dict[str, Any]]) -> str:
    """Say of an agreement that has ended what it earned, and which targets missed their stretch."""
    earned, beside = _earned_so_far(rows)
    missed = [_named(row) for row in rows if _missed(row)]
    text = f"{agreement} has ended: by its last outturns it earned {earned}{beside}."
    return f"{text} The stretch was missed at {listed(missed)}." if missed else text


def _missed(row: dict[str, Any]) -> str:
    """Say that a target whose agreement has ended missed its stretch, and its threshold; nothing where it reached them or neither is known."""
    if row["scenarios"] is None or row["reaching_stretch"]:
        return ""
    return "missed its stretch" if row["reaching_threshold"] else "missed its stretch, and its threshold"


def _outlook_in_words(rows: list[dict[str, Any]], ranked: list[dict[str, Any]]) -> list[str]:
    known = [row for row in rows if row["amount_likely"] is not None]
    now, beside = _earned_so_far(rows)
    sentences = [f"Live targets earn {now} by their latest outturns{beside}."]
    if known:
        likely, low, high = (sum((row[name] for row in known), Decimal(0)) for name in ("amount_likely", "amount_low", "amount_high"))
        sentences.append(
            f"At the end {pounds(likely)} is likely for {count(len({(row['agreement'], row['target']) for row in known}), 'target')} with enough history, between {pounds(low)} and {pounds(high)}."
        )
    danger = [_named(row) for row in rows if _danger(row)]
    if danger:
        sentences.append(f"In danger of missing the stretch: {listed(danger)}.")
    best = ranked[0] if ranked else None
    if best and not best["next_gain"]:
        sentences.append("A tenth of the stretch more would earn nothing at any target.")
    elif best:
        sentences.append(f"The next effort earns most at {_named(best)}: a tenth of its stretch is worth {pounds(best['next_gain'])}.")
    return sentences


def _danger(row: dict[str, Any]) -> str:
    """Say in how many of the ways to end a target misses its threshold or its stretch; nothing where it misses neither."""
    if row["scenarios"] is None or row["reaching_stretch"] == row["scenarios"]:
        return ""
    below = row["scenarios"] - row["reaching_threshold"]
    ways = count(row["scenarios"], "way to end", "ways to end")
    text = f"reaches its stretch in {alone(row['reaching_stretch'])} of {ways}"
    return f"{text}, and misses its threshold in {alone(below)}" if below else text


def _above(first: Any, second: str) -> Html:
    """Give a figure with what qualifies it on a line below."""
    return Html('{}<span class="unit">{}</span>').format(first, second) if second else Html("{}").format(first)


def _interval(row: dict[str, Any], name: str, as_shown: Any) -> Html:
    """Give a mean with its lowest and highest below."""
    if row[f"{name}_likely"] is None:
        return Html("[x]")
    return _above(as_shown(row[f"{name}_likely"]), f"{as_shown(row[f'{name}_low'])} to {as_shown(row[f'{name}_high'])}")


def _cliff(row: dict[str, Any]) -> str:
    """Say how far an outturn is beyond its threshold, or short of it."""
    if row["to_cliff"] is None:
        return ""
    return f"{shown(_short(abs(row['to_cliff'])))} {'beyond' if row['to_cliff'] >= 0 else 'short of'} the threshold"


def _short(value: Decimal) -> Decimal:
    """Give a figure without more places than a reader can use."""
    return value if value == value.quantize(Decimal("0.001")) else value.quantize(Decimal("0.001"))


def _next_gains(ranked: list[dict[str, Any]], report: Report) -> Html:
    bars = pd.DataFrame(
        {
            "what": [_named(row) for row in ranked],
            "start": [Decimal(0)] * len(ranked),
            "end": [row["next_gain"] for row in ranked],
            "style": ["act" if not place else "forecast" for place in range(len(ranked))],
            "words": [pounds(row["next_gain"]) for row in ranked],
        },
        dtype=object,
    )
    return charts.waterfall(
        bars,
        title=f"A tenth of the stretch more earns most at {_named(ranked[0])}",
        subtitle=f"Pounds that a tenth of each target's stretch would add to what the agreement earns; {quarters.label(report.quarter)}",
        source="reward targets returns",
        alt="; ".join(f"{_named(row)} {pounds(row['next_gain'])}" for row in ranked) + ".",
    )
