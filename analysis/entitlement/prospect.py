"""Performance to pounds: what live targets would earn now, may earn at the end, and where the next effort earns most."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pandas as pd

from analysis import frames, quarters
from analysis.entitlement.earned import NO_OUTTURN, Row, earned_by_all, parts, possible_of, share, would_earn
from analysis.entitlement.pennies import rounded
from analysis.entitlement.terms import Terms, read
from analysis.errors import EntitlementError
from analysis.vocabulary import Polarity

EFFORT = Fraction(1, 10)
"""The effort that targets are compared by: a tenth of the way from performance without the stretch to the stretch target."""
LEAST_SCENARIOS = 3
"""With fewer past movements there is no interval: it is too short to say."""
History = dict[tuple[str, str], dict[int, Fraction]]


def outlook(targets: pd.DataFrame, terms: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """
    Give what each target of the agreements still running would earn, and what an effort spent on it would bring.

    The outturn at the end of the agreement is not known. Each past movement of the target over as many quarters as are left, added to
    the latest outturn, is one way it may end; all count alike. From them come the lowest and highest share, the mean amount (the
    probability-weighted entitlement), how many reach the threshold and the stretch, and the value at risk: what is earned now
    and lost in the worst of them. No distribution is assumed and no rounding decides. Fewer than three are too short to say.

    Args:
        targets: frame of the `REWARD_TARGETS` contract, of as many quarters as there are.
        terms: the register of terms, as `stated` gives it; its term "ends" says until when an agreement runs.
        quarter: the quarter reported.

    Returns:
        Frame of the `REWARD_OUTLOOK` contract, ranked by `next_gain`: what the agreement earns more, over the same ways to end, if this outturn
        were a tenth of its stretch better. `to_cliff` is how far the outturn is beyond the threshold, in its own unit, below nothing where it
        falls short; `pounds_per_unit` holds between threshold and cap. Other targets stay as they are. What cannot be told is missing, with the reason.

    Source: domain.md 7, "Performance to pounds"; source document 003, line 31.
    """
    made: list[Row] = []
    for agreement, of_agreement in targets.groupby("agreement", sort=False):
        try:
            its = read(terms[terms["agreement"] == agreement])
        except EntitlementError:
            continue  # told where it is worked out what is earned
        if not its.ends or quarters.ordinal(quarter) > quarters.ordinal(its.ends):
            continue
        now = of_agreement[of_agreement["quarter"] == quarter]
        if len(now):
            made += _of_agreement(frames.rows(now), _history(of_agreement, quarter), its, earned_by_all(now, terms)[0], quarter)
    gains = sorted((row["next_gain"] for row in made if row["next_gain"] is not None), reverse=True)
    for row in made:
        row["rank"] = gains.index(row["next_gain"]) + 1 if row["next_gain"] is not None else None
    made.sort(key=lambda row: (row["rank"] is None, row["rank"] or 0))
    exact = [name for name, holds in frames.REWARD_OUTLOOK.columns.items() if holds == frames.EXACT]
    return frames.make([row | {name: _decimal(row.get(name)) for name in exact} for row in made], frames.REWARD_OUTLOOK)


def _decimal(value: Any) -> Any:
    return frames.decimal(value) if isinstance(value, Fraction) else value


def _history(targets: pd.DataFrame, quarter: str) -> History:
    """Give each target's known outturns up to a quarter, by the quarter's place in time."""
    found: History = {}
    for row in frames.rows(targets):
        if row["outturn"] is not None and row["quarter"] <= quarter:
            found.setdefault((row["target"], row["sub_target"]), {})[quarters.ordinal(row["quarter"])] = Fraction(row["outturn"])
    return found


def _of_agreement(rows: list[Row], history: History, terms: Terms, earned: pd.DataFrame, quarter: str) -> list[Row]:
    """Give the outlook of each target of an agreement."""
    told = frames.rows(earned)
    left = quarters.ordinal(terms.ends) - quarters.ordinal(quarter)
    usable = [row | ({"_reason": of["reason"]} if of["reason"] else {}) for row, of in zip(rows, told, strict=True)]
    outturns = [None if row["outturn"] is None or row.get("_reason") else Fraction(row["outturn"]) for row in usable]
    made = []
    for place, (row, of) in enumerate(zip(rows, told, strict=True)):
        about = {name: of[name] for name in ("quarter", "file", "sheet", "row", "agreement", "target", "sub_target", "reason", "figure_id", "potential")}
        about |= {
            "outturn": row["outturn"],
            "stretch_target": row["stretch_target"],
            "quarters_left": left,
            "share_now": of["share"],
            "amount_now": of["amount"],
        }
        now = outturns[place]
        about["reason"] = of["reason"] or (NO_OUTTURN if now is None else "")
        if now is not None:
            ends = [now + movement for movement in _movements(history, row, left)] if left else [now]
            enough = not left or len(ends) >= LEAST_SCENARIOS
            about |= _of_target(usable, outturns, place, ends if enough else [now], terms)
            if not enough:
                known = f"{len(ends)} past movement{'' if len(ends) == 1 else 's'} over {left} quarter{'' if left == 1 else 's'}"
                about |= dict.fromkeys(_OF_ENDS) | {"reason": f"{known}, {LEAST_SCENARIOS} needed: ranked by its latest outturn alone"}
        made.append({"next_gain": None} | about)
    return made


def _movements(history: History, row: Row, left: int) -> list[Fraction]:
    """Give by how much the outturn moved, each time, over as many quarters as are left."""
    known = history.get((row["target"], row["sub_target"]), {})
    return [known[start + left] - known[start] for start in sorted(known) if start + left in known]


_OF_ENDS = (
    "share_low", "share_likely", "share_high", "amount_low", "amount_likely", "amount_high", "at_risk", "scenarios", "reaching_threshold", "reaching_stretch",
)  # fmt: skip
"""What only the ways to end can tell."""


def _of_target(rows: list[Row], outturns: list[Fraction | None], place: int, ends: list[Fraction], terms: Terms) -> Row:
    """Give the outlook of one target whose outturn is known, over the ways it may end."""
    row = rows[place]
    expected, stretch = Fraction(row["expected_without_stretch"]), Fraction(row["stretch_target"])
    good = 1 if row["polarity"] == Polarity.HIGHER else -1

    def ending(outturn: Fraction) -> list[Fraction | None]:
        return would_earn(rows, [*outturns[:place], outturn, *outturns[place + 1 :]], terms)

    def whole(outturn: Fraction) -> Fraction:
        return sum((amount for amount in ending(outturn) if amount is not None), Fraction(0))

    present = outturns[place] or Fraction(0)
    cliff, effort = expected + terms.threshold * (stretch - expected), EFFORT * (stretch - expected)
    potential = parts(rows)[place] * possible_of(rows, terms)
    gain = sum((whole(end + effort) - whole(end) for end in ends), Fraction(0)) / len(ends)
    shares = sorted(reached for end in ends if (reached := share(row | {"outturn": end})) is not None)
    paid = [ending(end)[place] for end in ends]
    amounts = sorted(amount for amount in paid if amount is not None)
    pounds = {"next_gain": gain, "pounds_per_unit": potential / abs(stretch - expected)}
    if len(amounts) == len(paid):  # with a sub-target that is not known, what this one earns may not be known either
        at_risk = max((ending(present)[place] or Fraction(0)) - amounts[0], Fraction(0))
        pounds |= {"amount_low": amounts[0], "amount_high": amounts[-1], "amount_likely": sum(amounts, Fraction(0)) / len(amounts), "at_risk": at_risk}
    return {name: rounded(amount, terms.penny, terms.rounding) for name, amount in pounds.items()} | {
        "threshold_outturn": cliff, "to_cliff": (present - cliff) * good, "scenarios": len(ends),
        "share_low": shares[0], "share_high": shares[-1], "share_likely": sum(shares, Fraction(0)) / len(shares),
        "reaching_threshold": sum(reached >= terms.threshold for reached in shares), "reaching_stretch": sum(reached >= 1 for reached in shares),
    }  # fmt: skip
