"""Stretched targets and their outturns -> what each has earned, to the penny."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from analysis import frames
from analysis.entitlement.pennies import parted, pounds, rounded, summing
from analysis.entitlement.terms import ALL, EACH, Terms, read
from analysis.errors import EntitlementError
from analysis.markup import slug
from analysis.vocabulary import Polarity, Severity, Stage

NO_OUTTURN = "the outturn is not known"
FAR = 3
"""From how many stretches on an outturn is asked about."""
Row = dict[str, Any]


def earned(targets: pd.DataFrame, agreement: pd.DataFrame) -> pd.DataFrame:
    """
    Give what each stretched target of an agreement has earned.

    Args:
        targets: one row a target or sub-target: `target`, `polarity`, `expected_without_stretch` (what performance would be
            without the stretch), `stretch_target`, `outturn`; where there are such also `sub_target`, `weight` (between the sub-targets of a
            target), `target_weight` (between targets; `weight` where a target has no sub-targets), `potential_grant` (pounds).
            Exact decimals; an outturn that is missing is unknown.
        agreement: its terms, as `entitlement.read` takes them.

    Returns:
        Frame of the `EARNED` contract, a row for each row of *targets*, in their order. `share` = (outturn - expected) / (stretch - expected),
        which the direction that is good does not change; `paid_share` is 0 below the threshold, `share` from it on, at most the cap;
        `potential` and `amount` are pounds. Potentials come to what is possible, and known amounts to their sum, rounded once. An
        unknown outturn has neither share nor amount, only `at_most`, its potential times the cap: it is not nothing.

    Raises:
        EntitlementError: everything wrong with the terms or the targets, such as a stretch target that equals the performance expected without it.

    Source: domain.md 7, "Entitlement".

    >>> from decimal import Decimal
    >>> rows = [("A", 70), ("B", 59)]
    >>> targets = pd.DataFrame([{"target": name, "polarity": "higher", "expected_without_stretch": Decimal(0), "stretch_target": Decimal(100),
    ...                          "outturn": Decimal(outturn)} for name, outturn in rows])
    >>> earned(targets, pd.DataFrame({"term": ["possible"], "value": ["£1,000"]}))[["target", "paid_share", "amount"]].values.tolist()
    [['A', Decimal('0.7'), Decimal('350')], ['B', Decimal('0'), Decimal('0')]]
    """
    terms, rows = read(agreement), frames.rows(targets)
    faults = _faults(rows, terms)
    if faults:
        told = [fault.message for fault in faults]
        raise EntitlementError(f"reward targets of {terms.agreement or 'the agreement'}", told, "Correct the return, or the agreement's terms.")
    return frames.make(_earned(rows, terms), frames.EARNED)


def earned_by_all(targets: pd.DataFrame, terms: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Give what the targets of every agreement have earned, each quarter by itself, and what stands in the way.

    Args:
        targets: frame of the `REWARD_TARGETS` contract.
        terms: the register of terms, as `stated` gives it.

    Returns:
        Two frames. `EARNED`: a target whose figures cannot be used is unknown, with the reason. `ISSUES`: file, sheet and cell of each such
        figure; where the agreement itself cannot be worked out (no terms, no possible grant), every target of it is unknown.
    """
    made: list[Row] = []
    issues: list[Row] = []
    for (agreement, _), of_quarter in targets.groupby(["agreement", "quarter"], sort=False):
        rows = frames.rows(of_quarter)
        its = terms[terms["agreement"] == agreement]
        try:
            read_terms = read(its)
            faults = _faults(rows, read_terms) if len(its) else [Fault(None, f"{agreement!r} has no terms in data/reference/agreement_terms.csv")]
        except EntitlementError as wrong:
            faults = [Fault(None, f"the terms of {agreement!r} cannot be used: {'; '.join(wrong.problems)}")]
        whole = [fault for fault in faults if fault.row is None]
        issues += [_issue(fault, rows) for fault in faults]
        if whole:
            made += [_place(row) | {"polarity": row["polarity"], "outturn": row["outturn"], "reason": whole[0].message} for row in rows]
            continue
        wrong_rows: dict[int | None, str] = {}
        for fault in faults:
            wrong_rows[fault.row] = "; ".join(filter(None, [wrong_rows.get(fault.row, ""), fault.message]))
        issues += [_far(row) for place, row in enumerate(rows) if place not in wrong_rows and (reached := share(row)) is not None and reached > FAR]
        made += _earned([row | {"_reason": wrong_rows[place]} if place in wrong_rows else row for place, row in enumerate(rows)], read_terms)
    return frames.make(made, frames.EARNED), frames.make(issues, frames.ISSUES)


# ---------------------------------------------------------------- what is wrong


@dataclass(frozen=True)
class Fault:
    """Something that stands in the way: of one row (its place), or of the whole agreement; with the field it is about."""

    row: int | None
    message: str
    field: str = "target"


def _faults(rows: list[Row], terms: Terms) -> list[Fault]:
    """Give everything that is wrong with the targets of one agreement."""
    found = [fault for place, row in enumerate(rows) for fault in _faults_of(place, row)]
    names = [(row["target"], row.get("sub_target") or "") for row in rows]
    found += [Fault(None, f"{_named(row)} stands twice") for place, row in enumerate(rows) if names[place] in names[:place]]
    potentials = [row.get("potential_grant") for row in rows]
    negative = [_named(row) for row, value in zip(rows, potentials, strict=True) if value is not None and value < 0]
    if negative:
        found.append(Fault(None, f"the potential grant of {', '.join(negative)} is below nothing", "potential_grant"))
    if any(value is not None for value in potentials):
        if None in potentials:
            without = ", ".join(_named(row) for row in rows if row.get("potential_grant") is None)
            found.append(Fault(None, f"potential grant is stated for some targets and not for {without}", "potential_grant"))
        elif terms.possible is not None and (together := sum(map(Fraction, potentials), Fraction(0))) != terms.possible:
            message = f"the potential grants come to {pounds(together)}, and the agreement's possible grant is {pounds(terms.possible)}"
            found.append(Fault(None, message, "potential_grant"))
    elif terms.possible is None:
        found.append(Fault(None, "neither the possible grant of the agreement nor the potential grant of its targets is stated"))
    else:
        found += _faults_of_weights(rows)
    agreed = len({row["target"] for row in rows})
    if terms.targets is not None and agreed != terms.targets:
        found.append(Fault(None, f"{terms.targets} targets are agreed, and the return has {agreed}"))
    return found


def _faults_of(place: int, row: Row) -> list[Fault]:
    """Give everything that is wrong with one target by itself."""
    expected, stretch = row["expected_without_stretch"], row["stretch_target"]
    said, found = _named(row), []
    for name, words in (("expected_without_stretch", "performance expected without the stretch"), ("stretch_target", "stretch target")):
        if row[name] is None:
            found.append(Fault(place, f"the {words} of {said} is not known, so no share can be told", name))
    units = {unit for name in _FIGURES if (unit := row.get(f"{name}_unit") or "")}
    if len(units) > 1:
        found.append(Fault(place, f"the figures of {said} are not in one unit: {', '.join(sorted(units))}", "outturn"))
    if row["polarity"] not in (Polarity.HIGHER, Polarity.LOWER):
        found.append(Fault(place, f"{said} does not say whether higher or lower is good", "target"))
    if expected is None or stretch is None:
        return found
    if stretch == expected:
        message = f"the stretch target of {said} equals the performance expected without it ({stretch}): there is no stretch to reach"
        found.append(Fault(place, message, "stretch_target"))
    elif row["polarity"] in (Polarity.HIGHER, Polarity.LOWER) and (stretch > expected) != (row["polarity"] == Polarity.HIGHER):
        message = f"the stretch target of {said} ({stretch}) is worse than the performance expected without it ({expected}), as {row['polarity']} is good"
        found.append(Fault(place, message, "stretch_target"))
    return found


_FIGURES = ("expected_without_stretch", "stretch_target", "outturn")


def _faults_of_weights(rows: list[Row]) -> list[Fault]:
    """Give what is wrong with the weights: stated for some and not for others, below nothing, or nothing in all."""
    found = []
    by_target = _by_target(rows)
    for target, places in by_target.items():
        weights = [rows[place].get("weight") for place in places]
        if len(places) > 1:
            found += _uneven(weights, f"the sub-targets of {target!r}")
        if len({rows[place].get("target_weight") for place in places}) > 1:
            found.append(Fault(None, f"the weight of {target!r} among the targets is not the same in all its rows", "target_weight"))
    return found + _uneven([_weight_of(rows, places) for places in by_target.values()], "the targets")


def _uneven(weights: Sequence[Any], of: str) -> list[Fault]:
    known = [weight for weight in weights if weight is not None]
    if known and len(known) < len(weights):
        return [Fault(None, f"a weight is stated for some of {of} and not for others", "weight")]
    if any(weight < 0 for weight in known) or (known and not sum(known)):
        return [Fault(None, f"the weights of {of} {'are below nothing' if any(weight < 0 for weight in known) else 'come to nothing'}", "weight")]
    return []


def _named(row: Row) -> str:
    return repr(f"{row['target']}: {row['sub_target']}" if row.get("sub_target") else row["target"])


def _issue(fault: Fault, rows: list[Row]) -> Row:
    """Give a fault as an issue at the cell that it is about; of a whole agreement, at its first row."""
    return _asked(rows[fault.row or 0], fault.field, "reward grant can be worked out", f"{fault.message}. Its grant is not known until that is put right.")


def _far(row: Row) -> Row:
    """Ask about an outturn far beyond its stretch: it may have lost its decimal point."""
    far = f"is more than {FAR} times as far as its stretch target of {row['stretch_target']}"
    return _asked(row, "outturn", "outturn is near its stretch", f"the outturn of {_named(row)}, {row['outturn']}, {far}. Is it right?")


def _asked(row: Row, field: str, rule: str, message: str) -> Row:
    where = {name: row[name] for name in ("quarter", "file", "sheet")} | {"cell": row.get(f"{field}_cell") or "", "as_typed": row.get(f"{field}_raw") or ""}
    return where | {"stage": str(Stage.ROW), "severity": str(Severity.ADVISORY), "rule": rule, "message": message}


# ---------------------------------------------------------------- working it out


def _by_target(rows: list[Row]) -> dict[str, list[int]]:
    """Give the places of each target's rows."""
    found: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        found.setdefault(row["target"], []).append(place)
    return found


def _weight_of(rows: list[Row], places: list[int]) -> Any:
    """Give a target's weight among the targets; None where none is stated."""
    first = rows[places[0]]
    if first.get("target_weight") is not None:
        return first["target_weight"]
    return first.get("weight") if len(places) == 1 else None


def parts(rows: list[Row]) -> list[Fraction]:
    """
    Give each row's part of the possible grant: equal between targets, and between a target's sub-targets, unless weights or amounts are stated.

    >>> [str(part) for part in parts([{"target": "A"}, {"target": "B", "sub_target": "1"}, {"target": "B", "sub_target": "2"}])]
    ['1/2', '1/4', '1/4']
    """
    stated = [row.get("potential_grant") for row in rows]
    if rows and None not in stated:
        together = sum(map(Fraction, stated), Fraction(0))
        return [Fraction(value) / together if together else Fraction(0) for value in stated]
    made = [Fraction(0)] * len(rows)
    by_target = _by_target(rows)
    among = [_weight_of(rows, places) for places in by_target.values()]
    weights = [Fraction(1) if weight is None else Fraction(weight) for weight in among]
    for weight, places in zip(weights, by_target.values(), strict=True):
        within = [Fraction(1) if len(places) == 1 or rows[place].get("weight") is None else Fraction(rows[place]["weight"]) for place in places]
        for place, inner in zip(places, within, strict=True):
            made[place] = weight / sum(weights, Fraction(0)) * inner / sum(within, Fraction(0))
    return made


def share(row: Row) -> Fraction | None:
    """
    Give how much of the stretch is reached: 0 at what was expected without it, 1 at the stretch target; None where the outturn is not known.

    >>> share({"expected_without_stretch": 20, "stretch_target": 10, "outturn": 14})
    Fraction(3, 5)
    """
    if row["outturn"] is None or row.get("_reason"):
        return None
    expected = Fraction(row["expected_without_stretch"])
    return (Fraction(row["outturn"]) - expected) / (Fraction(row["stretch_target"]) - expected)


def _counted(reached: Fraction, terms: Terms) -> Fraction:
    """Give what a share counts for before the threshold: no less than nothing, no more than the cap."""
    return min(max(reached, Fraction(0)), terms.cap)


def paid_shares(rows: list[Row], shares: list[Fraction | None], weights: list[Fraction], terms: Terms) -> list[Fraction | None]:
    """Give the share of its potential that each row is paid: nothing below the threshold, from it on as far as reached, at most the cap."""
    counted = [None if reached is None else _counted(reached, terms) for reached in shares]
    if terms.sub_targets == EACH:
        return [None if part is None else part if part >= terms.threshold else Fraction(0) for part in counted]
    made: list[Fraction | None] = [None] * len(rows)
    for places in _by_target(rows).values():
        known = {place: part for place in places if (part := counted[place]) is not None}
        if terms.sub_targets == ALL:
            failed = any(part < terms.threshold for part in known.values())
            passed = len(known) == len(places)
        else:
            whole = sum((weights[place] for place in places), Fraction(0))
            sure, best = (
                sum((weights[place] * counts for place in places if (counts := known.get(place, other)) is not None), Fraction(0))
                for other in (Fraction(0), terms.cap)
            )
            failed, passed = best < terms.threshold * whole, sure >= terms.threshold * whole
        for place in places:
            made[place] = Fraction(0) if failed else known.get(place) if passed else None
    return made


def _earned(rows: list[Row], terms: Terms) -> list[Row]:
    """Work out one agreement of one quarter; rows with `_reason` are unknown for that reason."""
    weights = parts(rows)
    possible = rounded(possible_of(rows, terms), terms.penny, terms.rounding)
    potentials = parted(possible, weights, terms.penny) if rows else []
    shares = [share(row) for row in rows]
    paid = paid_shares(rows, shares, weights, terms)
    exact = [potential * (part or 0) for potential, part in zip(potentials, paid, strict=True)]
    amounts = summing(rounded(sum(exact, Fraction(0)), terms.penny, terms.rounding), exact, terms.penny)
    made = []
    for row, potential, reached, part, amount in zip(rows, potentials, shares, paid, amounts, strict=True):
        unknown = part is None
        counted = terms.cap if reached is None else _counted(reached, terms)
        most = rounded(potential * counted, terms.penny, terms.rounding)
        made.append(
            _place(row)
            | {"polarity": row["polarity"], "outturn": row["outturn"], "potential": frames.decimal(potential)}
            | {"share": None if reached is None else frames.decimal(reached), "paid_share": None if part is None else frames.decimal(part)}
            | {"amount": None if unknown else frames.decimal(amount), "at_most": frames.decimal(most if unknown else amount)}
            | {"reason": row.get("_reason") or ("" if not unknown else NO_OUTTURN if reached is None else "a sub-target is not known")}
        )
    return made


def _place(row: Row) -> Row:
    """Give what names a row, and where it stands."""
    named = {name: row.get(name) or "" for name in ("quarter", "file", "sheet", "agreement", "target", "sub_target")}
    of = ".".join(slug(named[name]) for name in ("agreement", "target", "sub_target") if named[name])
    return named | {"row": row.get("row"), "figure_id": f"{named['quarter']}.reward.{of}"}


def possible_of(rows: list[Row], terms: Terms) -> Fraction:
    """Give the whole reward grant: what the agreement states, otherwise what its targets state together."""
    if terms.possible is not None:
        return terms.possible
    return sum((Fraction(row["potential_grant"]) for row in rows if row.get("potential_grant") is not None), Fraction(0))


def would_earn(rows: list[Row], outturns: list[Fraction | None], terms: Terms) -> list[Fraction | None]:
    """Give what rows would earn, exactly, with other outturns than their own; None where that is not known."""
    weights, possible = parts(rows), possible_of(rows, terms)
    other = [row | {"outturn": outturn} for row, outturn in zip(rows, outturns, strict=True)]
    paid = paid_shares(other, [share(row) for row in other], weights, terms)
    return [None if part is None else possible * weight * part for weight, part in zip(weights, paid, strict=True)]
