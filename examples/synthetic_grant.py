"""The reward grant of the partnership that does not exist: a live agreement with stretched targets, a round of awards, what was undertaken for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

AGREEMENT = "SYNTHETIC Northmoor deal (2016-2019)"
ROUND = "SYNTHETIC round 1"
LIVE = [f"{year}-{(year + 1) % 100:02d}-Q{number}" for year in (2016, 2017, 2018) for number in range(1, 5)]
"""The quarters of the agreement, from first to last."""

Table = list[tuple[object, ...]]
Chance = Callable[..., float]


@dataclass(frozen=True)
class Stretch:
    """
    A stretched target and its story.

    From `expected` in the first quarter its outturn moves evenly to `now` in the third of the last year, give or take `wobble`; it is not known in the
    quarters of `blank`.
    """

    story: str
    target: str
    good: str
    expected: str
    stretch: str
    now: float
    wobble: float
    sub_target: str = ""
    weight: str = ""
    blank: str = ""


STRETCHES = (
    Stretch("Just below the threshold, and unsteady: the next effort earns most here.", "SYNTHETIC waste recycled (%)", "Higher", "40.0", "48.0", 44.5, 0.7),
    Stretch("Just above the threshold: value at risk.", "SYNTHETIC burglaries per 1,000 homes", "Lower", "22.0", "17.0", 18.8, 0.5),
    Stretch("Stretch reached, and steady.", "SYNTHETIC homes insulated, three years", "Higher", "2600", "3400", 3480, 30, weight="2"),
    Stretch("Half way: far from the threshold.", "SYNTHETIC residents who volunteer (%)", "Higher", "18.0", "26.0", 21.4, 0.4),
    Stretch("Two outcomes: this one is reached.", "SYNTHETIC people helped into work", "Higher", "400", "520", 531, 9, "aged under 25"),
    Stretch("Two outcomes: this one is not.", "SYNTHETIC people helped into work", "Higher", "300", "390", 341, 8, "out of work for a year"),
    Stretch("Its last figures have not come.", "SYNTHETIC falls at home", "Lower", "260", "215", 228, 6, blank="2018-19-Q3 2018-19-Q4"),
)

PROJECTS: dict[str, tuple[str, str, int, tuple[int, int, int, int], int]] = {
    "SYNTHETIC Food waste round": ("revenue", "SYNTHETIC Cleaner Streets", 180000, (20000, 41000, 52000, 67000), 0),
    "SYNTHETIC Warm homes fund": ("capital", "SYNTHETIC Healthy Homes", 240000, (30000, 60000, 60000, 78000), 12000),
    "SYNTHETIC Job coaches": ("revenue", "SYNTHETIC Open Council", 96000, (24000, 23500, 24500, 24000), 0),
    "SYNTHETIC Volunteer hub": ("not stated", "SYNTHETIC Healthy Homes", 64000, (9000, 0, 0, 55000), 0),
    "SYNTHETIC Alley lights": ("capital", "SYNTHETIC Cleaner Streets", 58350, (11670, 15480, 20000, 11200), 0),
}
"""Project -> kind of money, theme, award, what is spent in each quarter of 2018/19, and the underspend that the partner names."""
TYPED = {("SYNTHETIC Job coaches", "2018-19-Q3", "total"): "72", ("SYNTHETIC Alley lights", "2018-19-Q3", "total"): "£41,750.00"}
"""Cells typed wrong in one return: thousands where the rest is in pounds; two digits in each other's place (£47,150.00)."""

MILESTONES = (
    ("SYNTHETIC Food waste round", "Crews trained by June 2018", "SYNTHETIC: 24 staff trained", "Complete"),
    ("SYNTHETIC Food waste round", "All flats served by November 2018", "SYNTHETIC: 6,100 flats served", "A"),
    ("SYNTHETIC Warm homes fund", "First 150 homes by October 2018", "SYNTHETIC: homes insulated and inspected", ""),
    ("SYNTHETIC Warm homes fund", "Last homes by March 2019", "SYNTHETIC: 400 homes in all", "G"),
    ("SYNTHETIC Volunteer hub", "Lease signed by September 2018", "SYNTHETIC: a building to work from", "R"),
    ("SYNTHETIC Volunteer hub", "Over the two years of the project", "SYNTHETIC: 300 volunteers placed", ""),
)
DUE_DAYS = 14
DUE = "Report due 14 January"
AGREED = (
    ("SYNTHETIC Food waste round", "SYNTHETIC Northmoor Council", "Signed contract received. Purchase order raised. Invoice received. It has been paid.", DUE),
    ("SYNTHETIC Warm homes fund", "SYNTHETIC Northmoor Housing Trust", "Signed contract received and a purchase order has been raised.", DUE),
    ("SYNTHETIC Volunteer hub", "SYNTHETIC Northmoor Volunteers", "Contract sent. Awaiting signed copy before payment.", "Report due 14 December"),
)

OWED = (
    ("reward targets", LIVE[0], LIVE[-1], DUE_DAYS),
    *((form, "2018-19-Q1", LIVE[-1], DUE_DAYS) for form in ("grant spend", "agreements", "milestones")),
)
"""The returns of grant that are owed: form, first and last quarter, days after the quarter's end."""


def returns(quarter: str, chance: Chance) -> dict[str, Table]:
    """Give the grant returns of a quarter: title -> rows with their headings; nothing before the agreement starts."""
    if quarter not in LIVE:
        return {}
    made: dict[str, Table] = {"SYNTHETIC reward targets": _targets(quarter, chance)}
    if quarter.startswith("2018-19"):
        made |= {"SYNTHETIC grant spend": _spend(quarter), "SYNTHETIC agreements": _agreements(), "SYNTHETIC milestones": _milestones()}
    return made


def _targets(quarter: str, chance: Chance) -> Table:
    rows: Table = [("Agreement", "Target", "Sub-target", "Good", "Expected without stretch", "Stretch target", "Outturn", "Target weight")]
    for of in STRETCHES:
        place = LIVE.index(quarter) / LIVE.index("2018-19-Q3")
        figure = float(of.expected) + (of.now - float(of.expected)) * place + of.wobble * chance(of.target, of.sub_target, quarter) * (place > 0)
        places = 1 if "." in of.expected else 0
        outturn = "" if quarter in of.blank else f"{figure:,.{places}f}"
        rows.append((AGREEMENT, of.target, of.sub_target, of.good, of.expected, of.stretch, outturn, of.weight or "1"))
    return rows


def _spend(quarter: str) -> Table:
    now = int(quarter[-1])
    heads = [f"Quarter {n} 2018/19 {'actual' if n <= now else 'forecast'}" for n in range(1, 5)]
    rows: Table = [("Project", "Total grant awarded", *heads, "Total spend to date", "Identified underspend", "Completed", "Note")]
    for project, (_, _, award, quarters, underspend) in PROJECTS.items():
        total = TYPED.get((project, quarter, "total")) or _pounds(sum(quarters[:now]))
        rows.append((project, _pounds(award), *(_pounds(amount) for amount in quarters), total, _pounds(underspend), "", ""))
    return [("Round", ROUND), (), *rows]


def _agreements() -> Table:
    return [("Project", "Organisation", "Progress", "Report due"), *AGREED]


def _milestones() -> Table:
    return [("Organisation", "Timescale", "Outcome", "RAG"), *MILESTONES]


def _pounds(amount: int) -> str:
    return f"£{Decimal(amount):,.2f}"


def registers() -> dict[str, Iterable[Iterable[object]]]:
    """Give the registers of reward grant: name -> rows with their headings."""
    source = "SYNTHETIC: examples/synthetic_grant.py"
    terms = [
        ("", "possible", "", "£1,400,000"), ("", "targets", "", "6"), ("", "starts", "", LIVE[0]), ("", "ends", "", LIVE[-1]), ("", "threshold", "", "60%"),
        ("", "cap", "", "100%"), ("", "sub-targets", "", "each"), ("", "rounding", "", "half up"), ("", "capital", "", "50%"),
        ("", "top slice", "SYNTHETIC evaluation", "2%"), ("", "split", "SYNTHETIC Management Groups", "50%"), ("", "split", "SYNTHETIC Partnership", "50%"),
        ("interim", "on account", "", "£150,000"), ("first", "part", "", "50%"), ("second", "part", "", "50%"),
    ]  # fmt: skip
    allocated = sum(award for _, _, award, _, _ in PROJECTS.values())
    between = ("SYNTHETIC Warm homes fund", "SYNTHETIC Alley lights")
    move = "SYNTHETIC: £12,000 of the underspend to more lamps"
    return {
        "agreement_terms.csv": [
            ("agreement", "instalment", "term", "name", "value", "fact", "basis", "source"),
            *((AGREEMENT, *term, "", "SYNTHETIC", source) for term in terms),
        ],
        "awards.csv": [
            ("project", "round", "kind", "return_name", "theme", "theme_basis", "starts", "spend_by", "milestones"),
            *((name, ROUND, kind, "", theme, "SYNTHETIC", "", "", name) for name, (kind, theme, _, _, _) in PROJECTS.items()),
        ],
        "rounds.csv": [
            ("round", "allocated_on", "starts", "spend_by", "quarters_to_spend", "allocated", "capital", "revenue", "source"),
            (ROUND, "2018-03-20", "2018-04-01", "2019-03-31", "1", allocated, "", "", source),
        ],
        "variations.csv": [
            ("round", "subject", "from_project", "to_project", "what", "amount", "authority", "decided", "effective", "interests", "basis", "source"),
            (ROUND, "SYNTHETIC More lamps", *between, move, "12000", "SYNTHETIC Board", "2018-12-14", "2018-12-01", "", "SYNTHETIC", source),
        ],
    }  # fmt: skip
