"""Why a measure has its band: the calculation in words, step by step, each from the figure itself."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from analysis import frames, quarters, scoring
from analysis.errors import AskedWrongly
from analysis.questions.answer import Answer
from analysis.questions.opened import opened
from analysis.questions.sources import meant, place_of, some_of
from analysis.receipts import read_as
from analysis.reports import Report
from analysis.reports.wording import begin, listed, signed_percent
from analysis.scoring import OTHERWISE, Policy, Test
from analysis.values import shown
from analysis.vocabulary import Agreement, Band

Row = dict[str, Any]


def why(measure: str, quarter: str = "", data: str | Path = "", audience: str = "") -> Answer:
    """
    Say why a measure has its band in a quarter: target, actual, variance, policy, band, how near it is to another, what its figure covers.

    Args:
        measure: its id in the register, such as "Build 63", in any case; or the beginning of its title.
        quarter: as pages show it, or its key; the newest that was run where left out. One before it is found there too.
        data: the folder that holds raw/ and reference/; the workbook's own where left out.
        audience: whose report it is; what is open to everyone where left out.

    Returns:
        One row a step: `step`, what it `says`, and the cell that it is `from`, where it is from one. What is not known is said, and why.

    Raises:
        AskedWrongly: the quarter was not run, or has no such measure; the message names what there is.
    """
    report, row = _found(measure, quarter, data, audience)
    unit = row["actual_unit"] or row["target_unit"] or row["unit"]
    steps = [
        ("measure", f"{row['measure']} ({row['measure_id']}); {_way(row)}", ""),
        ("covers", _covers(row), ""),
        ("target", _figure(row, "target"), place_of(row, row["target_cell"])),
        ("actual", _figure(row, "actual"), place_of(row, row["actual_cell"])),
    ]
    if row["band_reason"]:
        steps.append(("band", f"none: {row['band_reason']}", ""))
    else:
        steps += [(name, said, "") for name, said in _judged(row, unit, report)]
    steps.append(("published", _published(row), place_of(row, row["published_status_cell"])))
    steps += [(name, said, "") for name, said in _beside(row, report)]
    about = f"{row['measure_id']}, {quarters.label(row['quarter'])}: {Band(row['band']).words if row['band'] else 'not scored'}"
    source = f"{row['quarter']}/{row['file']}, figure {row['figure_id']}"
    return Answer([step for step in steps if step[1]], ["step", "says", "from"], about=about, source=source)


def _found(measure: str, quarter: str, data: str | Path, audience: str) -> tuple[Report, Row]:
    """Give the report that has a measure's figure of a quarter, and its row."""
    asked = quarters.parse(quarter) or quarter
    try:
        report = opened(asked, data, audience)
    except AskedWrongly as fault:
        report = _any(data, audience, fault)  # a quarter that a later one is compared with is in its frames
    of = asked or report.quarter
    rows = [row for row in frames.rows(report.history("scores")) if row["quarter"] == of]
    wanted = measure.casefold().strip()
    found = [row for row in rows if row["measure_id"].casefold() == wanted] or [row for row in rows if wanted and row["measure"].casefold().startswith(wanted)]
    if len({row["measure_id"] for row in found}) == 1:
        return report, found[0]
    if not rows:
        there = sorted({quarters.label(key) for key in report.history("scores")["quarter"]}, reverse=True)
        raise AskedWrongly(quarter or of, ["has no measures that were scored"], f"There are {listed(there)}.")
    problem = "may be any of several measures" if found else _why_not_there(wanted, of, report)
    ids = [row["measure_id"] for row in found or rows]
    nearest = meant(measure, ids) if problem.startswith("is no measure") else ""
    raise AskedWrongly(repr(measure), [problem], f"{nearest}There are {some_of(ids)}.")


def _why_not_there(wanted: str, quarter: str, report: Report) -> str:
    """Say why a quarter has no figure of what is asked for: it is no measure, or one of the register that no row of the quarter can be used of."""
    known = [row["measure_id"] for row in frames.rows(report.registers.measures) if wanted in (row["measure_id"].casefold(), row["measure"].casefold())]
    if not known:
        return f"is no measure of {quarters.label(quarter)}"
    scores = report.history("scores")
    earlier = scores[(scores["measure_id"] == known[0]) & (scores["quarter"] < quarter)]["quarter"]
    last = f"; it was last reported in {quarters.label(max(earlier))}" if len(earlier) else ""
    return f"is a measure of the register, of which no row of {quarters.label(quarter)} can be used{last}"


def _any(data: str | Path, audience: str, fault: AskedWrongly) -> Report:
    try:
        return opened("", data, audience)
    except AskedWrongly:
        raise fault from None


def _way(row: Row) -> str:
    return {"none": "no way is good", "in range": "a range is good"}.get(row["polarity"], f"{row['polarity']} is better")


def _covers(row: Row) -> str:
    kind = "" if row["kind"] == "not stated" else f" ({row['kind']})"
    late = f"; comes {row['arrears']} {'quarter' if row['arrears'] == 1 else 'quarters'} late" if row["arrears"] else ""
    return f"{row['period_covered'] or 'not stated'}{kind}{late}"


def _figure(row: Row, name: str) -> str:
    """Say a figure as it was read, and as it was typed where that is another text."""
    typed, rule = row[f"{name}_raw"], row["target_rule"] if name == "target" else ""
    said = read_as(row, name) or rule or f"not known: {row[f'{name}_reason'] or 'not given'}"
    repairs = f", {row[f'{name}_repairs']}" if row[f"{name}_repairs"] else ""
    return said if typed in (said, "") and not repairs else f"{said}, typed {typed!r}{repairs}"


def _judged(row: Row, unit: str, report: Report) -> list[tuple[str, str]]:
    """Say what was compared, by which policy, which of its tests held, and how near the next is."""
    policy = scoring.applied(report.registers.policies, row["policy"], row["scored_polarity"], row["quarter"])
    actual, target = shown(row["scored_actual"], unit), shown(row["scored_target"], unit)
    compared = f"{actual} is held against {target}" if (row["scored_actual"], row["scored_target"]) != (row["actual"], row["target"]) else ""
    variance = f"{signed_percent(row['variance'])} of the target: ({actual} \u2212 {target}) / {target}" if row["variance"] is not None else ""
    if row["rule"].endswith("inside the range"):
        return [("policy", row["rule"]), ("band", f"{Band(row['band']).words}: {actual} lies inside the range that is good")]
    tests = _tests(policy, row["scored_target"], unit) if policy else []
    return [
        ("compared", compared),
        ("variance", variance),
        ("policy", f"{row['rule']}: {'; '.join(tests)}" if tests else row["rule"]),
        ("band", f"{Band(row['band']).words}: the first of these that holds for {actual}"),
        ("rounding", _rounding(row)),
        ("nearest band", _nearest(row, unit)),
    ]


def _tests(policy: Policy, target: Decimal, unit: str) -> list[str]:
    return [f"{band.words} {' and '.join(_test(test, target, unit) for test in tests)}" for band, tests in policy.steps]


_SIGNS = {">=": "from {} up", ">": "above {}", "<=": "up to {}", "<": "below {}"}


def _test(test: Test, target: Decimal, unit: str) -> str:
    """Say a test with the figure that it turns on, where that follows from the target."""
    if test.sign == OTHERWISE:
        return OTHERWISE
    on = "" if test.figure == "actual" else f"{test.figure} "
    if test.against != "target" or test.figure != "actual":
        share = f"{shown(frames.decimal(test.factor * 100), 'percent')} of the {test.against}"
        return on + _SIGNS[test.sign].format(share + (f" and {frames.decimal(test.points)}" if test.points else ""))
    edge = frames.decimal(test.factor * Fraction(target) + test.points)
    return _SIGNS[test.sign].format(shown(edge, "number" if unit == "rank" else unit))


def _rounding(row: Row) -> str:
    within = row["bands_within_rounding"].split()
    if len(within) < 2:
        return ""
    return f"as printed it may stand for figures that are {listed([Band(band).words for band in within], 'or')}"


def _nearest(row: Row, unit: str) -> str:
    if row["to_edge"] is None or not row["band_beyond"]:
        return ""
    fragile = f"; could cross by {listed(row['fragile'].split('; '))}" if row["fragile"] else ""
    far = f"{shown(row['to_edge'])} points" if unit == "percent" else shown(row["to_edge"], "number" if unit == "rank" else unit)
    away = f"{far} away" if row["to_edge"] else "at it"
    return f"{Band(row['band_beyond']).words}, {away}{fragile}"


_AGREEMENTS = {
    Agreement.AGREES: "agrees",
    Agreement.DIFFERS: "differs from what the figures give",
    Agreement.ROUNDING: "differs only as rounding allows",
    Agreement.NOT_COMPUTABLE: "cannot be worked out again from what is there",
}


def _published(row: Row) -> str:
    status = row["published_status"]
    if not status:
        return ""
    said = _AGREEMENTS.get(row["agreement"], "")
    return f"{Band(status).words if status in tuple(Band) else status}{f': {said}' if said else ''}"


def _beside(row: Row, report: Report) -> list[tuple[str, str]]:
    """Say what else stands beside the figure: which way it goes, whether it needs attention, how far it can be trusted."""
    of = {"measure_id": row["measure_id"], "quarter": row["quarter"]}
    ranked = [one for one in frames.rows(report.history("exceptions")) if all(one[name] == value for name, value in of.items())]
    grade = report.grades.get(row["figure_id"])
    ways = {"since the quarter before": row["direction_short"], "since a year ago": row["direction_long"]}
    known = [f"{way} {since}" for since, way in ways.items() if way not in ("", "not known", "not comparable")]
    return [
        ("direction", listed(known)),
        ("not comparable", row["series_break"]),
        ("exception", begin("; ".join(one["reasons"] for one in ranked))),
        ("grade", f"{grade['grade']}{': ' + grade['why'] if grade['why'] else ''}" if grade else ""),
    ]
