"""
Make six years of returns for a partnership that does not exist: `python -m examples.synthetic FOLDER`.

The real returns cover three quarters; process charts, forecasts and comparators need more. Everything here is invented, says SYNTHETIC on
every page that it reaches, and lives outside data/. The same code makes the same bytes. Then:

    workbook run 2018-19-Q3 2018-19-Q4 --data FOLDER

Q3 has the forecasts of the year end; in Q4 the year has ended, and they are its outturn.
"""

from __future__ import annotations

import csv
import hashlib
import io
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from examples import synthetic_grant

SEED = 54
NAME = "SYNTHETIC Northmoor Partnership"
ANALYST = "SYNTHETIC R. Fell, Northmoor analyst"
HOME = Path(__file__).resolve().parent.parent
QUARTERS = [f"{year}-{(year + 1) % 100:02d}-Q{number}" for year in range(2013, 2019) for number in range(1, 5)]
THEMES = {"Streets": "SYNTHETIC Cleaner Streets", "Homes": "SYNTHETIC Healthy Homes", "Council": "SYNTHETIC Open Council"}
PARTNERS = {"Streets": "SYNTHETIC Northmoor Council", "Homes": "SYNTHETIC Northmoor Housing Trust", "Council": "SYNTHETIC Northmoor Council"}
GROUPS = ("SYNTHETIC Place Group", "SYNTHETIC Homes and Health Group")
FAMILY = "SYNTHETIC family group"
MEMBERS = ("Ashby", "Brent Cross", "Coldwater", "Dunmere", "Eastlow", "Fernhill", "Garside", "Holmbury", "Inchley", "Jarrowby", "Kelstone", "Larkhall")
DUE_DAYS = 21
"""How many days after the quarter's end a return is due; one of reward grant sooner."""
SENT_LATE = {("SYNTHETIC Healthy Homes", "2018-19-Q2"): 26}
"""Title and quarter of a return that came after its deadline -> how many days after the quarter's end; every other came in time."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """
    A measure and its story.

    Each figure is `level`, moved by `since` from a quarter on, times the `season` of its quarter, give or take `wobble`; from the quarter of
    `trend` it is the one before and so much more. `years` gives instead what each year came to, and `season` the share of it by each quarter.
    `of` is about what a percentage is of. `only` gives cells as they stand, `elsewhere` those of quarters that the measure does not report in.
    `adjusted` is its row of adjustments.csv, `family` the quarter and the figures of its comparators. `q3` and `q4` are its last commentaries.
    """

    story: str
    id: str
    title: str
    good: str = "higher"
    unit: str = "percent"
    kind: str = "rate"
    target: str | tuple[str, str, str, str]
    level: float = 0
    wobble: float = 0
    of: int = 0
    places: int = 0
    since: dict[str, float] = field(default_factory=dict)
    trend: tuple[str, float] = ("", 0)
    season: tuple[float, float, float, float] = (1, 1, 1, 1)
    years: tuple[int, ...] = ()
    only: dict[str, str] = field(default_factory=dict)
    elsewhere: str = ""
    policy: str = "five-band"
    arrears: str = ""
    reports_in: str = ""
    tolerance: str = ""
    adjusted: tuple[str, ...] = ()
    printed: dict[str, str] = field(default_factory=dict)
    family: tuple[str, str] = ("", "")
    q3: str = ""
    q4: str = ""


MEASURES = (
    Measure(story="Common cause, consistently passes. Printed bands; the one of Q3 is wrong. The family group has our own figure twice.",
        id="Streets 1", title="Streets found clean on inspection (%)", target="85%", level=93, wobble=1.4, of=400,
        printed={"2018-19-Q2": "HG", "2018-19-Q3": "A", "2018-19-Q4": "HG"},
        family=("2018-19-Q4", "own 95.2 91.0 88.4 own 90.3 89.9 94.1 86.7 92.2 87.5 90.3")),
    Measure(story="Red, common cause: consistently fails. Bottom of its family group, whose figures are a year old. Good commentary.",
        id="Streets 2", title="Household waste recycled (%)", target="47%", level=40.5, wobble=0.9, of=5200, printed={"2018-19-Q4": "HR"},
        family=("2017-18-Q4", "44.1 47.9 52.3 46.0 49.7 43.8 51.1 46.0 48.2 45.4 50.6 42.9"),
        q3="{now} was recycled because flats have no food waste round. The waste team will start one by April 2019.",
        q4="{now} was recycled against a target of {target} because flats have no food waste round. The waste team will start one by September 2019."),
    Measure(story="Hit and miss. The commentary of Q4 says that it improved where it fell.",
        id="Streets 3", title="Bins emptied on the promised day (%)", target="75%", level=75.5, wobble=4, of=900,
        only={"2018-19-Q3": "72.5% (634/874)", "2018-19-Q4": "71.5% (644/901)"},
        q3="{now} because of sickness among drivers. The contractor will add a crew in January 2019.",
        q4="Performance has improved since last quarter. It was {now} because of sickness; the contractor will add a crew in May 2019."),
    Measure(story="Improvement: a shift for the better since Q4 2016/17, which nobody has rebased yet.",
        id="Streets 4", title="Fly-tips cleared within two days (%)", target="73%", level=71, wobble=2.2, of=310, since={"2016-17-Q4": 4.5}),
    Measure(story="Improvement: falling for eight quarters, lower is better. Ties among members of the family group and with our figure.",
        id="Streets 5", title="Days to mend a pothole, on average", good="lower", unit="number", target="16.0", level=17, wobble=1.6, places=1,
        trend=("2017-18-Q1", -0.4), family=("2018-19-Q2", "own 11.9 14.2 16.0 14.2 18.8 13.1 20.4 own 12.7 15.5 14.2")),
    Measure(story="Concern: rising for eight quarters, lower is better. The commentary of Q4 quotes a number that is not in the data.",
        id="Streets 6", title="Abandoned vehicles reported", good="lower", unit="number", kind="quarter count", target="130", level=122, wobble=14,
        trend=("2017-18-Q1", 3.6),
        q3="Reports rose to {now} because scrap prices fell. The parking team will tow vehicles sooner from January 2019.",
        q4="There were {now}, of which 412 came from one estate, because scrap prices fell. The parking team will tow vehicles sooner from May 2019."),
    Measure(story="Concern two quarters ago, outside the limits; as usual since.",
        id="Streets 7", title="Street lights that work (%)", target="96.5%", level=98.2, wobble=0.5, of=8200, only={"2018-19-Q2": "95.9% (7862/8200)"}),
    Measure(story="A count with the same season every year, and a target each quarter: its forecast works.",
        id="Streets 8", title="Visits to the recycling centre", unit="number", kind="quarter count", target=("12,000", "13,000", "8,000", "6,500"),
        level=10_000, wobble=350, season=(1.25, 1.35, 0.82, 0.68)),
    Measure(story="One quarter left out of the limits. Its tolerance makes the last change no change.",
        id="Streets 9", title="Bins missed per 100,000", good="lower", unit="number", target="75", level=62, wobble=5, tolerance="5",
        only={"2015-16-Q3": "148", "2018-19-Q3": "63", "2018-19-Q4": "60"},
        adjusted=("exclude", "2015-16-Q3", "2015-16-Q3", "", "2016-02-11", "SYNTHETIC: three weeks of industrial action in November 2015")),
    Measure(story="Rebased from Q1 2016/17, after a shift for the better; as usual since.",
        id="Homes 1", title="Repairs finished at the first visit (%)", target="78%", level=70, wobble=2, of=640, since={"2016-17-Q1": 12},
        adjusted=("rebase", "2016-17-Q1", "", "", "2017-05-09", "SYNTHETIC: one contractor does all repairs since 1 April 2016, and the change has lasted")),
    Measure(story="Green, but falling: a special cause of concern, well above target. The family group's figures are a quarter old.",
        id="Homes 2", title="Tenants content with their repair (%)", target="80%", level=92, wobble=1.9, of=1900, trend=("2017-18-Q2", -0.6),
        printed={"2018-19-Q4": "HG"}, family=("2018-19-Q3", "84.0 91.2 86.5 88.1 79.9 92.4 85.3 87.7 83.6 90.0 81.8 86.5")),
    Measure(story="Cumulative, with an annual target: likely to meet it, and met.",
        id="Homes 3", title="Homes insulated, year to date", unit="number", kind="cumulative", target="[1200]", season=(0.2, 0.45, 0.7, 1),
        years=(980, 1015, 1070, 1120, 1190, 1335), wobble=12),
    Measure(story="Cumulative, with an annual target: likely to miss it, and missed. Good commentary.",
        id="Homes 4", title="Empty homes in use again, year to date", unit="number", kind="cumulative", target="[400]", season=(0.22, 0.48, 0.75, 1),
        years=(372, 391, 405, 398, 410, 318), wobble=5,
        q3="{now} so far because two developers withdrew. The empty homes officer will serve notices by February 2019.",
        q4="{now} against {target} because two developers withdrew. The empty homes officer will serve notices on the owners by July 2019."),
    Measure(story="A snapshot that has another policy for one year. Poor commentary: no cause, no size.",
        id="Homes 5", title="Households in temporary homes at the quarter's end", good="lower", unit="number", kind="snapshot", target="60",
        level=62, wobble=4, only={"2018-19-Q3": "66", "2018-19-Q4": "64"},
        adjusted=("policy", "2018-19-Q1", "2018-19-Q4", "within-5-points", "2018-06-20", "SYNTHETIC: a margin for one year, while a hostel is rebuilt"),
        q3="Numbers are being watched.", q4="We continue to watch this."),
    Measure(story="A rolling year: no process chart. Far beyond its target, which may be too easy.",
        id="Homes 6", title="Visits by volunteers, 12 months to the quarter's end", unit="number", kind="rolling year", target="2,000",
        level=3150, wobble=60),
    Measure(story="Annual: reports in Q4 only.",
        id="Homes 7", title="Homes that meet the decent homes standard (%)", kind="annual", target="92%", level=93.4, wobble=0.8, of=7400,
        reports_in="Q4", elsewhere="Reports in Q4 only"),
    Measure(story="One quarter in arrears: the newest quarter is blank.",
        id="Homes 8", title="Falls at home treated in hospital", good="lower", unit="number", kind="quarter count", target="210",
        level=196, wobble=11, arrears="1", only={"2018-19-Q4": ""}),
    Measure(story="Amber in Q2 and Q3, as the year could still be made good; and it was.",
        id="Homes 9", title="Carers given a break, year to date", unit="number", kind="cumulative", target=("[1000]", "450", "690", "[1000]"),
        policy="recoverable", season=(0.18, 0.4, 0.64, 1), years=(930, 968, 1010, 990, 1032, 1060), wobble=4,
        q3="{now} against {target} because respite beds were closed. The carers team will use the new beds from January 2019."),
    Measure(story="A survey that reports in Q1 and Q3.",
        id="Council 1", title="Residents who feel well informed (%) (survey)", kind="survey", target="60%", level=62, wobble=2.5, of=1040,
        reports_in="Q1 Q3", elsewhere="No survey this qtr"),
    Measure(story="Contextual: no target, and neither way is good.",
        id="Council 2", title="Telephone calls received", good="none", unit="number", kind="contextual", target="No target", level=21_400, wobble=1500),
    Measure(story="A break in the series: the measure was defined anew in Q2 2017/18. Red, and the commentary of Q4 is missing.",
        id="Council 3", title="Telephone calls answered in time (%)", target="85%", level=90, wobble=2, of=21_000, since={"2017-18-Q2": -14},
        adjusted=("break", "2017-18-Q2", "", "", "2017-07-03", "SYNTHETIC: in time now means within 60 seconds, not within 120"),
        q3="{now} because the switchboard was replaced. The contact team will train its advisers by March 2019."),
    Measure(story="Milestones of a plan reached, by year.",
        id="Council 4", title="Milestones of the digital plan reached, of the year's 8", unit="number", kind="milestone", target=("2", "4", "6", "8"),
        season=(0.25, 0.5, 0.75, 1), years=(8, 8, 7, 8, 8, 8), printed={"2018-19-Q4": "LG"}),
    Measure(story="Two quarters missing in mid-history. Within 5 points of its target: amber. The commentary is last quarter's again.",
        id="Council 5", title="Council tax collected of what fell due (%)", target="96%", level=93.2, wobble=0.9, policy="within-5-points",
        only={"2015-16-Q2": "No actual", "2015-16-Q3": "No actual"},
        q3="Collection is below target due to late bills. The revenues team will send reminders by text next quarter.",
        q4="Collection is below target due to late bills. The revenues team will send reminders by text next quarter."),
    Measure(story="Missing twice running: the last two quarters are blank.",
        id="Council 6", title="Complaints answered in time (%)", target="90%", level=87, wobble=3, of=160, only={"2018-19-Q3": "", "2018-19-Q4": ""}),
    Measure(story="More than 10 percent off target, but no worse than a year ago: amber under its policy. Poor commentary in Q3.",
        id="Council 7", title="Small firms paid within ten days (%)", target="90%", level=77.5, wobble=1.5, of=450, policy="year-ago",
        only={"2017-18-Q4": "76.9% (346/450)", "2018-19-Q3": "75.1% (337/449)", "2018-19-Q4": "78.4% (353/450)"},
        q3="Slow.", q4="{now} were paid in time, owing to paper invoices. The finance manager will require electronic ones from 1 July 2019."),
)  # fmt: skip
"""The measures, each with its story first."""

MONTHLY = (("SYNTHETIC jobseekers", "lower", 1840, 60, -85), ("SYNTHETIC library loans", "higher", 9300, 420, 0))
"""Monthly indicators: polarity, level, wobble, and the shift of the last nine months."""
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")

ACTIONS = (
    ("14/12/18", "SYNTHETIC: agree a food waste round for flats", "SYNTHETIC A. Marsh", "Agreed. The round starts in September 2019."),
    ("14/12/18", "SYNTHETIC: serve notices on the owners of empty homes", "SYNTHETIC B. Croft", ""),
)
NARRATIVE = (
    ("achievement", GROUPS[0], "Potholes", "SYNTHETIC: potholes are mended sooner for the eighth quarter running.", ""),
    ("challenge", GROUPS[0], "Abandoned vehicles", "SYNTHETIC: reports of abandoned vehicles go on rising.", "Yes"),
    ("challenge", GROUPS[1], "Empty homes", "SYNTHETIC: the year's target for empty homes was missed.", "Yes"),
    ("risk", GROUPS[1], "Hostel", "SYNTHETIC: the hostel may not open again in time for winter.", ""),
)


def chance(*what: object) -> float:
    """Give a number from -1 to 1 that looks like chance and is always the same: a hash, so that no measure depends on another."""
    return int.from_bytes(hashlib.sha256(repr((SEED, *what)).encode()).digest()[:4], "big") / 2**31 - 1


def actuals(measure: Measure) -> dict[str, str]:
    """Give what stands in the cell of each quarter."""
    cells: dict[str, str] = {}
    figure = 0.0
    for place, quarter in enumerate(QUARTERS):
        season, wobble = measure.season[place % 4], measure.wobble * chance(measure.id, quarter)
        start, step = measure.trend
        if measure.years:
            figure = measure.years[place // 4] * season + (wobble if place % 4 < 3 else 0)
        elif start and quarter >= start:
            figure += step * (1 + chance(measure.id, quarter) / 3)
        else:
            figure = (measure.level + sum(by for since, by in measure.since.items() if quarter >= since)) * season + wobble
        reported = not measure.reports_in or quarter[-2:] in measure.reports_in
        cells[quarter] = measure.only.get(quarter, written(measure, figure, quarter)) if reported else measure.elsewhere
    return cells


def written(measure: Measure, figure: float, quarter: str) -> str:
    """Write a figure as a partner would, with its fraction where it has one."""
    if measure.of:
        bottom = round(measure.of * (1 + chance(measure.id, quarter, "of") / 20))
        top = round(figure * bottom / 100)
        return f"{Decimal(100 * top) / bottom:.1f}% ({top}/{bottom})"
    return f"{figure:.1f}%" if measure.unit == "percent" else f"{figure:,.{measure.places}f}"


def target(measure: Measure, quarter: str) -> str:
    """Give the target of a quarter: none where the measure does not report."""
    if measure.reports_in and quarter[-2:] not in measure.reports_in:
        return "-"
    return measure.target if isinstance(measure.target, str) else measure.target[int(quarter[-1]) - 1]


def commentary(measure: Measure, quarter: str, cells: dict[str, str]) -> str:
    """Give the commentary of the last two quarters, with the figures that it quotes."""
    text = {QUARTERS[-2]: measure.q3, QUARTERS[-1]: measure.q4}.get(quarter, "")
    return text.format(now=cells[quarter].partition(" ")[0], target=target(measure, quarter).strip("[]"))


def table(rows: Iterable[Iterable[object]]) -> str:
    """Give rows as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def headed(partner: str, title: str, quarter: str, rows: Iterable[Iterable[object]]) -> str:
    """Give a return: its title, who sent it, for when and on which day, and its table."""
    shown, day = f"{quarter[-2:]} {quarter[:4]}/{quarter[5:7]}", sent_on(title, quarter)
    about = [["Partner", partner], ["Quarter", shown], ["Prepared by", ANALYST], ["Date", f"{day.day} {MONTHS[day.month - 1]} {day.year}"]]
    return table([[title], *about, [], *rows])


def sent_on(title: str, quarter: str) -> date:
    """Give the day a return was made: four to twelve days after the quarter's end, but for one that came late."""
    year, number = int(quarter[:4]), int(quarter[-1])
    after = date(year + (number > 2), (3 * number + 3) % 12 + 1, 1)
    return after + timedelta(days=SENT_LATE.get((title, quarter), round(8 + 4 * chance(title, quarter, "sent"))) - 1)


def scorecard(code: str, quarter: str, cells: dict[str, dict[str, str]]) -> str:
    """Give the performance return of a theme."""
    rows: list[list[str]] = [["Theme", "No", "Measure", "Good", "Target", "Actual", "RAG status", "Data period", "Note", "Commentary"]]
    for measure in MEASURES:
        of, _, number = measure.id.partition(" ")
        if of == code:
            said = (measure.printed.get(quarter, ""), "", "", commentary(measure, quarter, cells[measure.id]))
            good = measure.good.capitalize() if measure.good != "none" else "-"
            rows.append([THEMES[code], number, measure.title, good, target(measure, quarter), cells[measure.id][quarter], *said])
    note = f"Note: SYNTHETIC data, made by examples/synthetic.py. {NAME} does not exist."
    return headed(PARTNERS[code], THEMES[code], quarter, [*rows, [], [note]])


def monthly(quarter: str) -> str:
    """Give the monthly return of a quarter: its three months."""
    place = QUARTERS.index(quarter) * 3
    year, first = int(quarter[:4]) + (quarter[-1] == "4"), (int(quarter[-1]) % 4) * 3
    rows: list[list[str]] = [["Indicator", "Polarity", *(f"{name} {year}" for name in MONTHS[first : first + 3]), "RAG", "Direction of travel"]]
    for name, good, level, wobble, shift in MONTHLY:
        figures = [level + wobble * chance(name, place + of) + (shift if place + of >= 63 else 0) for of in range(3)]
        rows.append([name, good.capitalize(), *(f"{figure:,.0f}" for figure in figures), "", ""])
    return headed(PARTNERS["Council"], "SYNTHETIC monthly indicators", quarter, rows)


def owed() -> list[list[object]]:
    """Give the register of returns owed: all that the example sends, by partner and form, and by theme where a partner sends several."""
    first, last = QUARTERS[0], QUARTERS[-1]
    several = [code for code in THEMES if list(PARTNERS.values()).count(PARTNERS[code]) > 1]
    rows: list[list[object]] = [
        *([PARTNERS[code], "performance", theme if code in several else "", first, "", DUE_DAYS, ""] for code, theme in THEMES.items()),
        [PARTNERS["Council"], "monthly", "", first, "", DUE_DAYS, ""],
        *([PARTNERS["Council"], form, "", *of, ""] for form, *of in synthetic_grant.OWED),
        *([NAME, form, "", last, "", DUE_DAYS, "Q4"] for form in ("actions", "narrative")),
    ]
    heads: list[object] = ["partner", "form", "covers", "from_quarter", "until_quarter", "due_days", "reports_in", "contact", "basis"]
    return [heads, *([*row, ANALYST, "SYNTHETIC: examples/synthetic.py"] for row in rows)]


def registers(cells: dict[str, dict[str, str]]) -> dict[str, str]:
    """Give the registers: policies as the real ones, audiences too but for the partnership's name."""
    real = HOME / "data" / "reference"
    heads = ["measure_id", "theme", "number", "measure", "polarity", "unit", "kind", "arrears", "reports_in", "tolerance", "policy", "equalities", "kind_basis"]
    measures = [heads]
    adjustments = [["measure_id", "what", "from_quarter", "until_quarter", "value", "author", "date", "reason"]]
    comparators = [["group", "measure_id", "subject", "period", "member", "value", "rank", "of", "quartile", "source"]]
    for of in MEASURES:
        code, _, number = of.id.partition(" ")
        about = [of.good, of.unit, of.kind, of.arrears, of.reports_in, of.tolerance, of.policy, "no", f"SYNTHETIC. {of.story}"]
        measures.append([of.id, THEMES[code], number, of.title, *about])
        if of.adjusted:
            adjustments.append([of.id, *of.adjusted[:4], ANALYST, *of.adjusted[4:]])
        period, values = of.family
        for member, value in zip(MEMBERS, values.split(), strict=False):
            figure = cells[of.id][period].partition(" ")[0].strip("%") if value == "own" else value
            comparators.append([FAMILY, of.id, "", period, f"SYNTHETIC {member}", figure, "", "", "", "SYNTHETIC: examples/synthetic.py"])
    return {
        "partnership.toml": f'name = "{NAME}"\nlanguage = "en-GB"\nfar_beyond_target = "50"\n',
        "measures.csv": table(measures),
        "adjustments.csv": table(adjustments),
        "comparators.csv": table(comparators),
        "themes.csv": table([["theme", "code", "order"], *([theme, code, order] for order, (code, theme) in enumerate(THEMES.items(), start=1))]),
        "groups.csv": table([["group", "slug", "aliases"], *([group, group.lower().replace(" ", "-"), ""] for group in GROUPS)]),
        "returns_owed.csv": table(owed()),
        **{name: table(rows) for name, rows in synthetic_grant.registers().items()},
        "policies.csv": (real / "policies.csv").read_text(encoding="utf-8"),
        "audiences.csv": (real / "audiences.csv").read_text(encoding="utf-8").replace("Harrow", "SYNTHETIC Northmoor"),
    }


def make(folder: Path) -> None:
    """
    Write the whole data folder.

    Raises:
        SystemExit: the folder lies within data/, which holds what real partnerships sent.
    """
    if folder.resolve().is_relative_to(HOME / "data"):
        raise SystemExit(f"{folder} is among the real returns: name a folder outside {HOME / 'data'}")
    cells = {measure.id: actuals(measure) for measure in MEASURES}
    files = {f"reference/{name}": text for name, text in registers(cells).items()}
    for quarter in QUARTERS:
        for code, theme in THEMES.items():
            files[f"raw/{quarter}/{theme.replace(' ', '-')}.csv"] = scorecard(code, quarter, cells)
        files[f"raw/{quarter}/SYNTHETIC-monthly.csv"] = monthly(quarter)
        for title, rows in synthetic_grant.returns(quarter, chance).items():
            files[f"raw/{quarter}/{title.replace(' ', '-')}.csv"] = headed(PARTNERS["Council"], title, quarter, rows)
    last = QUARTERS[-1]
    actions = [("Date", "Action", "Owner", "Outcome"), *ACTIONS]
    narrative = [("Section", "Group or theme", "Subject", "Text", "For discussion"), *NARRATIVE]
    files[f"raw/{last}/SYNTHETIC-actions.csv"] = headed(NAME, "SYNTHETIC actions from the last meeting", last, actions)
    files[f"raw/{last}/SYNTHETIC-narrative.csv"] = headed(NAME, "SYNTHETIC report of the groups", last, narrative)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("python -m examples.synthetic FOLDER")
    make(Path(sys.argv[1]))
