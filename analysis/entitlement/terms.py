"""What an agreement says about its reward grant: every parameter a row of data, read and checked as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pandas as pd

from analysis import frames, quarters, values
from analysis.entitlement.pennies import ROUNDINGS
from analysis.errors import EntitlementError, UnreadableValue

EACH, TOGETHER, ALL = "each", "together", "all"
"""How sub-targets count: each by itself; by what they come to together; only if all reach the threshold."""

TERMS = (
    "possible", "targets", "achieved", "claim", "threshold", "cap", "sub-targets", "rounding", "penny", "starts", "ends",
    "part", "on account", "scaling", "capital", "top slice", "split", "differs", "not printed",
)  # fmt: skip
"""Every term that an agreement can have."""
_OF_INSTALMENTS = ("part", "on account", "scaling", "capital", "top slice", "split")
_NOTES = ("differs", "not printed")
_SHARES = ("threshold", "cap", "part", "scaling", "capital", "split")
_POUNDS = ("possible", "claim", "on account", "top slice", "penny")
_MOST_CAP = 5
"""A cap is rarely far above 100%; "100" without its sign would be a hundred times."""
_NAMED = ("top slice", "split", "claim", *_NOTES)


@dataclass(frozen=True)
class Instalment:
    """
    One payment of reward grant.

    Attributes:
        name: what it is called; empty where the agreement is paid at once.
        part: its share of what is earned; None where it takes what the others leave.
        on_account: a fixed amount in pounds paid before the outturn is known; None where it follows from the outturn.
        scaling: the share of what is earned that is paid; None where the terms leave it to a return that has not come.
        capital: the share paid as capital, the rest as revenue; None where the agreement does not say.
        top_slices: (name, size, whether that is a share of the payment, not pounds): taken off first.
        split: (name, share) of the rest; the shares come to 1.
    """

    name: str = ""
    part: Fraction | None = None
    on_account: Fraction | None = None
    scaling: Fraction | None = Fraction(1)
    capital: Fraction | None = None
    top_slices: tuple[tuple[str, Fraction, bool], ...] = ()
    split: tuple[tuple[str, Fraction], ...] = ()


@dataclass(frozen=True)
class Terms:
    """
    One agreement's terms.

    Attributes:
        agreement: its name, as returns write it.
        possible: the whole reward grant in pounds; None where it is not stated.
        targets: how many targets there are; None where that is not stated.
        achieved: how many are said to be achieved; None where nobody said.
        claims: what was claimed, in pounds, one for each place that prints it.
        threshold: the share below which nothing is paid.
        cap: the most that a share counts for.
        sub_targets: EACH, TOGETHER or ALL.
        rounding: "half up", "half even" or "down".
        penny: the smallest amount paid, in pounds.
        starts, ends: its first and last quarter, as keys; empty where not stated.
        instalments: its payments, in order; one without a name where there is but one.
    """

    agreement: str = ""
    possible: Fraction | None = None
    targets: int | None = None
    achieved: Fraction | None = None
    claims: tuple[Fraction, ...] = ()
    threshold: Fraction = Fraction(3, 5)
    cap: Fraction = Fraction(1)
    sub_targets: str = EACH
    rounding: str = "half up"
    penny: Fraction = Fraction(1, 100)
    starts: str = ""
    ends: str = ""
    instalments: tuple[Instalment, ...] = (Instalment(),)


def stated(terms: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """
    Give the register of terms with the values that it leaves to the returns.

    Args:
        terms: the register `agreement_terms`: agreement, instalment, term, name, value, fact, basis, source; all text.
        facts: frame of the `REWARD_FACTS` contract: what returns print about agreements.

    Returns:
        The same rows. A blank `value` whose `fact` a return prints as a figure is that figure; `quarter`, `file`, `sheet`, `value_cell`, `value_raw`
        say where that fact stands. A fact is looked for under its own agreement, and under "Not stated"; a term that names one
        holds once a return has printed it: until then its value is blank.
    """
    places = ("quarter", "file", "sheet", "value_cell", "value_raw")
    printed: dict[tuple[str, str], dict[str, Any]] = {}
    newest_figure_first = sorted(frames.rows(facts), key=lambda fact: (fact["value"] is not None, fact["quarter"]), reverse=True)
    for fact in newest_figure_first:
        printed.setdefault((fact["agreement"], fact["fact"]), fact)
    rows = []
    for row in terms.to_dict("records"):
        named = row["fact"]
        fact = (printed.get((row["agreement"], named)) or printed.get((NOBODYS, named)) or {}) if named else {}
        value = row["value"] if fact or not named else ""
        value = value or (_plain(fact) if fact else "")
        rows.append(row | {"value": value} | {name: fact.get(name, "") if named else "" for name in places})
    return pd.DataFrame(rows, columns=[*terms.columns, *places], dtype=object)


NOBODYS = "Not stated"
"""What returns write where a sentence does not say which agreement it is about."""


def _plain(fact: Mapping[str, Any]) -> str:
    return "" if fact["value"] is None else f"{fact['value']:f}{'%' if fact['value_unit'] == 'percent' else ''}"


def read(agreement: pd.DataFrame) -> Terms:
    """
    Read the terms of one agreement.

    Args:
        agreement: one row a term: `term` and `value`, both text; `instalment` and `name` where they are needed, `agreement` for messages.
            Amounts are pounds, shares are written 60% or 0.6. A blank value is a term that nobody has stated.

    Raises:
        EntitlementError: everything that is wrong with them at once.

    >>> found = read(pd.DataFrame({"term": ["possible", "threshold"], "value": ["£1,200.00", "60%"]}))
    >>> found.possible, found.threshold, found.cap
    (Fraction(1200, 1), Fraction(3, 5), Fraction(1, 1))
    """
    given = [{"agreement": "", "instalment": "", "name": ""} | row for row in agreement.to_dict("records")]
    gathered = _Gathered(next((row["agreement"] for row in given), ""))
    for row in given:
        if row["instalment"] and row["term"] in _OF_INSTALMENTS:
            gathered.of.setdefault(row["instalment"], {})
        if row["term"] == "part":
            gathered.parted.add(row["instalment"])
        if row["term"] == "scaling" and not row["value"]:
            gathered.unscaled.add(row["instalment"])
        if row["value"] or row["term"] not in TERMS:
            gathered.take(row["term"], row["instalment"], row["name"], row["value"])
    return gathered.settled()


@dataclass
class _Gathered:
    """Terms while they are read, with every problem found."""

    agreement: str
    whole: dict[str, Any] = field(default_factory=dict)
    of: dict[str, dict[str, Any]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    parted: set[str] = field(default_factory=set)
    unscaled: set[str] = field(default_factory=set)

    def take(self, term: str, instalment: str, name: str, value: str) -> None:
        """Take in one row."""
        said = f"term {term!r}{f' of {instalment!r}' if instalment else ''}{f' ({name})' if name else ''}"
        if term not in TERMS:
            self.problems.append(f"{said} is not a term; there are {', '.join(TERMS)}")
            return
        if instalment and term not in _OF_INSTALMENTS:
            self.problems.append(f"{said} belongs to the whole agreement, not to an instalment")
        if not name and term in ("top slice", "split"):
            self.problems.append(f"{said} needs a name: what it is for")
        if name and term not in _NAMED:
            self.problems.append(f"{said} needs no name")
        held = self.of.setdefault(instalment, {}) if term in _OF_INSTALMENTS else self.whole
        read_as = self._value(term, value, said)
        if term in ("top slice", "split"):
            held.setdefault(term, {})
            if name in held[term]:
                self.problems.append(f"{said} is stated twice")
            held[term][name] = read_as
        elif term == "claim":
            held[term] = (*held.get(term, ()), *([read_as] if read_as is not None else []))
        elif term in held:
            self.problems.append(f"{said} is stated twice")
        elif term not in _NOTES:
            held[term] = read_as

    def _value(self, term: str, value: str, said: str) -> Any:
        """Give a term's value: a word of a list, a quarter, or an exact number; a problem is noted."""
        choices = {"sub-targets": (EACH, TOGETHER, ALL), "rounding": ROUNDINGS}.get(term)
        if choices:
            if value not in choices:
                self.problems.append(f"{said} is {value!r}, not one of {', '.join(choices)}")
            return value
        if term in ("starts", "ends"):
            if quarters.parse(value) != value:
                self.problems.append(f"{said} is {value!r}, not a quarter such as 2008-09-Q4")
            return value
        return None if term in _NOTES else self._number(term, value, said)

    def _number(self, term: str, value: str, said: str) -> Any:
        """Give a term's number; of a top slice, also whether it is a share."""
        try:
            reading = values.read(value)
        except UnreadableValue:
            reading = values.Reading(value)
        if reading.value is None:
            self.problems.append(f"{said} is {value!r}, which is not a number")
            return None
        number = Fraction(reading.value) / (100 if reading.unit == "percent" else 1)
        is_share = term in _SHARES or (term == "top slice" and reading.unit != "pounds" and (reading.unit == "percent" or number <= 1))
        kind, unit = ("a share", "percent") if is_share else ("an amount of money", "pounds") if term in _POUNDS else ("a number", "number")
        most = _MOST_CAP if term == "cap" else 1 if is_share else None
        wrong = {
            f"is {value!r}, which is not {kind}": reading.unit not in ("number", unit),
            f"is {value!r}; {f'a share lies between 0% and {most * 100}%' if most else 'it cannot be below nothing'}": number < 0 or (most and number > most),
            f"is {value!r}, which is not a whole number": term == "targets" and number.denominator != 1,
        }
        self.problems += [f"{said} {words}" for words, holds in wrong.items() if holds]
        return (number, is_share) if term == "top slice" else number

    def settled(self) -> Terms:
        """Give the terms; raise with every problem."""
        whole, named = self.whole, [name for name in self.of if name]
        threshold = Terms.threshold if whole.get("threshold") is None else whole["threshold"]
        if whole.get("cap") is not None and whole["cap"] < threshold <= 1:
            self.problems.append("the cap is below the threshold, so nothing could ever be paid in part")
        if whole.get("penny") == 0:
            self.problems.append("the smallest amount paid cannot be nothing")
        starts, ends = (quarters.parse(whole.get(name, "")) for name in ("starts", "ends"))
        if starts and ends and starts > ends:
            self.problems.append(f"it ends in {whole['ends']}, before it starts in {whole['starts']}")
        if None not in (whole.get("achieved"), whole.get("targets")) and whole["achieved"] > whole["targets"]:
            self.problems.append("more targets are said to be achieved than there are")
        instalments = tuple(self._instalment(name) for name in named) if named else (self._instalment(""),)
        self._check_parts(instalments)
        self._check_pennies(instalments, whole.get("penny") or Terms.penny)
        if self.problems:
            raise EntitlementError(f"terms of {self.agreement or 'the agreement'}", self.problems, "Correct data/reference/agreement_terms.csv.")
        known = {name.replace("-", "_"): value for name, value in whole.items() if name not in ("claim", "targets")}
        count = whole.get("targets")
        return Terms(self.agreement, **known, claims=whole.get("claim", ()), targets=None if count is None else int(count), instalments=instalments)

    def _instalment(self, name: str) -> Instalment:
        """Give an instalment: its own terms, and for the rest those of the whole agreement."""
        held = self.of.get("", {}) | self.of.get(name, {})
        shares = tuple((held.get("split") or {}).items())
        if shares and None not in dict(shares).values() and sum((share for _, share in shares), Fraction(0)) != 1:
            together = sum((share for _, share in shares), Fraction(0))
            self.problems.append(f"the split{f' of {name!r}' if name else ''} comes to {values.shown(frames.decimal(together * 100))}%, not 100%")
        if held.get("part") is not None and held.get("on account") is not None:
            self.problems.append(f"instalment {name!r} has both a part and an amount on account; it is one or the other")
        slices = tuple((of, *size) for of, size in (held.get("top slice") or {}).items() if size is not None)
        scaling = held.get("scaling", None if {name, ""} & self.unscaled else Fraction(1))
        return Instalment(name, held.get("part"), held.get("on account"), scaling, held.get("capital"), slices, shares)

    def _check_parts(self, instalments: tuple[Instalment, ...]) -> None:
        parts = [one.part for one in instalments if one.on_account is None]
        known = sum((part for part in parts if part is not None), Fraction(0))
        each_may_be = all(part is None or part <= 1 for part in parts)  # one that is too large is told by itself
        if parts and each_may_be and ((None not in parts and known != 1) or known > 1):
            self.problems.append("the parts of the instalments do not come to 100%; leave one blank to take what the others leave")
        unsaid = [one.name for one in instalments if one.on_account is None and one.part is None and one.name not in self.parted]
        if unsaid and known == 1 and len(parts) > 1:
            self.problems.append(f"{', '.join(map(repr, unsaid))} has terms, and neither a part nor an amount on account: is the name right?")
        elif parts.count(None) > 1:
            self.problems.append("more than one instalment has neither a part nor an amount on account")
        if not parts:
            self.problems.append("every instalment is on account; one has to follow from what is earned")

    def _check_pennies(self, instalments: tuple[Instalment, ...], penny: Fraction) -> None:
        """Refuse fixed amounts that cannot be paid in whole pennies."""
        fixed = {f"on account of {one.name!r}": one.on_account for one in instalments if one.on_account is not None}
        fixed |= {f"top slice {name!r}": size for one in instalments for name, size, is_share in one.top_slices if not is_share}
        self.problems += [
            f"the amount {said}, '{frames.decimal(amount):f}', is not a whole number of the smallest amount paid"
            for said, amount in fixed.items()
            if (amount / penny).denominator != 1
        ]
