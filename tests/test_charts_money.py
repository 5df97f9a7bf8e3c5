"""Money drawn to scale: the way of an amount, awards with their spend, the year's spending; what is not known is hatched, never nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from analysis import charts
from analysis.charts.drawing import house_style
from analysis.charts.sheet import Sheet, width_of

SCRIPT = "<script>alert(1)</script>"
SAID = {"title": "Half is spent", "subtitle": "Pounds, Q1 2011/12", "source": "grant returns", "alt": "Green Gyms has spent half of its award."}
BLUE, MID_BLUE, GREY, PALE, ORANGE, HATCHED = "#12436d", "#6bace6", "#8a9299", "#e0e4e7", "#f46a25", "hatched"
WIDTHS = {"wide": 763, "narrow": 281}
both_widths = pytest.mark.parametrize("kind", WIDTHS)
LONG = "Sustainable Development and Enterprise, second phase of works on the Wealdstone corridor and its side streets"
HOSTILE = {
    "a script": SCRIPT,
    "dollar signs": "From $5 to $10",
    "what looks like a formula": r"$\frac{1}{0$",
    "an underscore before": "_hidden",
    "letters that the font does not have": "Café 茶",
    "marks of HTML": "100% of & <",
}
hostile = pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)


def exact(value: Any) -> Any:
    """Give a whole number or a text of figures as an exact amount; nothing for nothing known."""
    return None if value is None else Decimal(value)


def way(*steps: tuple[str, Any, Any, str]) -> pd.DataFrame:
    """Give steps: what, start, end, style; beside each stands its amount."""
    rows = [[what, Decimal(start), Decimal(end), style, f"£{Decimal(end) - Decimal(start)}"] for what, start, end, style in steps]
    return pd.DataFrame(rows, columns=["what", "start", "end", "style", "words"], dtype=object)


def awards(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """Give awards: project, award, spent, forecast, without a plan; something of an award is unknown where one of the three is."""
    made = [[name, *map(exact, amounts), any(amount is None for amount in amounts[1:])] for name, *amounts in rows]
    return pd.DataFrame(made, columns=["project", "award", "spent", "forecast", "unplanned", "unknown"], dtype=object)


def year(*points: tuple[Any, ...]) -> pd.DataFrame:
    """Give points: period, kind, at least, at most, awarded."""
    made = [[period, kind, *map(exact, amounts)] for period, kind, *amounts in points]
    return pd.DataFrame(made, columns=["period", "kind", "at_least", "at_most", "awarded"], dtype=object)


def tree(draw: Callable[..., Any], frame: pd.DataFrame, **said: str) -> ET.Element:
    """Draw a frame, and give the figure as a tree."""
    return _tree(draw, tuple(frame.columns), tuple(frame.itertuples(index=False, name=None)), tuple((SAID | said).items()))


@cache
def _tree(draw: Callable[..., Any], columns: tuple[str, ...], rows: tuple[tuple[Any, ...], ...], said: tuple[tuple[str, str], ...]) -> ET.Element:
    """Draw the same figure only once, for the tests that look at either of its widths."""
    return ET.fromstring(str(draw(pd.DataFrame(rows, columns=columns, dtype=object), **dict(said))))  # noqa: S314 - our own markup


def drawing(found: ET.Element, kind: str = "wide") -> ET.Element:
    """Give one of the two drawings of a figure."""
    return next(part for part in found.iter("svg") if part.get("class") == f"chart {kind}")


def written(svg: ET.Element) -> list[str]:
    """Give the texts of a drawing."""
    return [str(part.text) for part in svg.iter("text")]


def figures(found: ET.Element) -> list[list[str]]:
    """Give the table under the drawing."""
    return [["".join(cell.itertext()) for cell in row] for row in found.iter("tr")]


def places(path: ET.Element) -> list[tuple[float, float]]:
    """Give the places that a path runs through."""
    return [(float(across), float(down)) for across, down in re.findall(r"[ML]([-\d.]+) ([-\d.]+)", str(path.get("d")))]


def blocks(svg: ET.Element) -> list[tuple[str, float, float]]:
    """Give what is filled, row by row: colour, from where to where; the sheet itself left out."""
    found = []
    for path in svg.iterfind("path"):
        fill = re.findall(r"fill: (#\w+|url)", str(path.get("style")))
        if fill:
            across = [place[0] for place in places(path)]
            found.append((HATCHED if fill[0] == "url" else fill[0], min(across), max(across)))
    return found


def colours(svg: ET.Element) -> list[str]:
    """Give the colours of what is filled."""
    return [block[0] for block in blocks(svg)]


def lines(svg: ET.Element, style: str) -> list[list[tuple[float, float]]]:
    """Give the lines whose style has something in it."""
    return [places(path) for path in svg.iterfind("path") if style in str(path.get("style"))]


# ---------------------------------------------------------------- the sheet


@pytest.mark.parametrize(("hatched", "face", "hatch"), [(False, (1, 0, 0, 1), None), (True, (0, 0, 0, 0), "////")])
def test_a_block_is_filled_or_hatched(hatched: bool, face: tuple[int, ...], hatch: str | None) -> None:
    """It fills a rectangle between two corners; hatched, it is an outline of the same size with nothing in it but the hatching."""
    with house_style():
        sheet = Sheet(100, 50)
        sheet.block((10, 5), (30, 20), "#ff0000", hatched=hatched)
        (patch,) = sheet.finished().axes[0].patches
    assert (patch.get_facecolor(), patch.get_hatch()) == (face, hatch)
    assert patch.get_edgecolor() == ((1, 0, 0, 1) if hatched else (0, 0, 0, 0))
    assert {tuple(place) for place in patch.get_xy().tolist()} == {(10, 5), (30, 5), (30, 20), (10, 20)}


def test_an_area_lies_between_its_corners() -> None:
    """It closes the line through the corners in the order given."""
    with house_style():
        sheet = Sheet(100, 50)
        sheet.area([(0, 0), (50, 10), (0, 20)], "#00ff00")
        (patch,) = sheet.finished().axes[0].patches
    assert patch.get_xy().tolist() == [[0, 0], [50, 10], [0, 20], [0, 0]]


# ---------------------------------------------------------------- what each of the three has

EACH: dict[str, tuple[Callable[..., Any], pd.DataFrame]] = {
    "waterfall": (charts.waterfall, way(("Possible", 0, 10, "known"), ("Not known", 6, 10, "unknown"), ("Earned", 0, 6, "known"))),
    "spend": (charts.spend, awards(("Green Gyms", 8000, 4000, 4000, 0), ("The Souk", 5000, None, None, None))),
    "burn_up": (charts.burn_up, year(("Q1", "actual", 40, 60, 100), ("Q2", "forecast", 50, 90, 100))),
}
each = pytest.mark.parametrize(("draw", "frame"), EACH.values(), ids=EACH)


@each
@both_widths
def test_a_chart_has_both_widths(draw: Callable[..., Any], frame: pd.DataFrame, kind: str) -> None:
    """It is drawn for screens and for phones, each an image with the title for its name and the alt text for its description; the narrow one is hidden at first."""
    svg = drawing(tree(draw, frame), kind)
    assert [svg.findtext(name) for name in ("title", "desc")] == [SAID["title"], SAID["alt"]]
    assert str(svg.get("viewBox")).split()[2] == str(WIDTHS[kind])
    assert (svg.get("role"), svg.get("display")) == ("img", None if kind == "wide" else "none")
    assert str(svg.get("aria-labelledby")).split() == [part.get("id") for name in ("title", "desc") for part in svg.iter(name)]


@each
def test_a_frame_is_left_as_it_was(draw: Callable[..., Any], frame: pd.DataFrame) -> None:
    """It changes nothing of the frame that it is given."""
    before = frame.copy(deep=True)
    draw(frame, **SAID)
    assert_frame_equal(frame, before)


@each
def test_what_is_not_known_is_hatched_in_both_widths(draw: Callable[..., Any], frame: pd.DataFrame) -> None:
    """It hatches what nobody knows, on screens and on phones."""
    found = tree(draw, frame)
    assert [HATCHED in colours(drawing(found, kind)) for kind in WIDTHS] == [True, True]


@each
def test_a_script_is_text(draw: Callable[..., Any], frame: pd.DataFrame) -> None:
    """It escapes every text of the frame and every word of the figure."""
    texts = {"what", "words", "project", "period"} & set(frame.columns)
    found = tree(draw, frame.assign(**dict.fromkeys(texts, SCRIPT)), **dict.fromkeys(SAID, SCRIPT))
    assert list(found.iter("script")) == []
    assert figures(found)[1][0] == SCRIPT


NOTHING = {"waterfall": (charts.waterfall, way()), "spend": (charts.spend, awards())}


@pytest.mark.parametrize(("draw", "frame"), NOTHING.values(), ids=NOTHING)
def test_no_rows_can_be_drawn(draw: Callable[..., Any], frame: pd.DataFrame) -> None:
    """It gives an empty drawing and a table of headings."""
    found = tree(draw, frame)
    assert (blocks(drawing(found)), len(figures(found))) == ([], 1)


def test_no_points_can_be_drawn() -> None:
    """It gives an empty drawing of the year, and a table of headings."""
    assert len(figures(tree(charts.burn_up, year()))) == 1


# ---------------------------------------------------------------- waterfall

STYLES = {"known": BLUE, "less": GREY, "forecast": MID_BLUE, "rest": PALE, "act": ORANGE, "unknown": HATCHED}


@both_widths
def test_the_colour_tells_what_a_step_is(kind: str) -> None:
    """It draws sums dark, what is taken off grey, forecasts light, what somebody has to act on orange, and what is not known hatched."""
    steps = way(*((style, 0, 10, style) for style in STYLES))
    assert colours(drawing(tree(charts.waterfall, steps), kind)) == list(STYLES.values())


@both_widths
def test_a_step_runs_from_where_it_starts_to_where_it_ends(kind: str) -> None:
    """It draws 10, less the 4 that run from 6 to 10, is 6, all on one scale from nothing."""
    svg = drawing(tree(charts.waterfall, way(("Possible", 0, 10, "known"), ("Not earned", 6, 10, "less"), ("Earned", 0, 6, "known"))), kind)
    (_, start, end), (_, less_start, less_end), (_, earned_start, earned_end) = blocks(svg)
    at_six = start + (end - start) * 0.6
    assert (less_start, less_end, earned_start, earned_end) == pytest.approx((at_six, end, start, at_six), abs=0.11)


def test_a_sum_is_written_bold() -> None:
    """It writes the name and the amount of a sum bold, and those of what is taken from it plain."""
    svg = drawing(tree(charts.waterfall, way(("Possible", 0, 10, "known"), ("Not earned", 4, 10, "less"))))
    bold = [text.text for group in svg.iter("g") if "font-weight: 600" in str(group.get("style")) for text in group]
    bold += [text.text for text in svg.iter("text") if "font-weight: 600" in str(text.get("style"))]
    assert set(bold) == {"Possible", "£10"}


def test_steps_are_given_as_figures() -> None:
    """It gives under the drawing each step with its amount in words, in the order given."""
    found = tree(charts.waterfall, way(("Possible", 0, 10, "known"), ("Not earned", 4, 10, "less"), ("Earned", 0, 4, "known")))
    assert figures(found) == [["Step", "Amount"], ["Possible", "£10"], ["Not earned", "£6"], ["Earned", "£4"]]
    for kind in WIDTHS:
        assert {"Possible", "£10", "Not earned", "£6", "Earned", "£4"} <= set(written(drawing(found, kind)))


def test_a_step_of_nothing_is_written_and_not_drawn() -> None:
    """It names a step of nothing with its amount, and draws no bar for it."""
    svg = drawing(tree(charts.waterfall, way(("Possible", 0, 10, "known"), ("Not earned", 10, 10, "less"))))
    assert (colours(svg), "Not earned" in written(svg), "£0" in written(svg)) == ([BLUE], True, True)


@both_widths
def test_a_small_step_can_be_seen(kind: str) -> None:
    """It draws a pound beside a million at least a point wide."""
    svg = drawing(tree(charts.waterfall, way(("Possible", 0, 1_000_000, "known"), ("Not known", 0, 1, "unknown"))), kind)
    _, (_, start, end) = blocks(svg)
    assert end - start >= 1


def test_a_way_of_nothing_can_be_drawn() -> None:
    """It draws steps that are all nothing, without bars."""
    assert blocks(drawing(tree(charts.waterfall, way(("Possible", 0, 0, "known"))))) == []


# ---------------------------------------------------------------- spend


def test_the_spend_is_given_as_figures() -> None:
    """It gives under the drawing what was awarded, spent, forecast and left without a plan, exactly, and says what is not known."""
    found = tree(charts.spend, awards(("Green Gyms", "8000.00", "4000.50", "3000", "999.50"), ("The Souk", 5000, None, None, None), ("Arts", None, 5, 0, None)))
    assert figures(found) == [
        ["Project", "Awarded", "Spent to date", "Forecast", "Without a plan"],
        ["Green Gyms", "£8,000.00", "£4,000.50", "£3,000.00", "£999.50"],
        ["The Souk", "£5,000.00", "not known", "not known", "not known"],
        ["Arts", "not known", "£5.00", "£0.00", "not known"],
    ]


STRETCHES = {  # award, spent, forecast, without a plan -> colour and share of the award of each stretch, left to right
    "all kinds": ((100, 40, 20, 10), [(BLUE, 0, 40), (MID_BLUE, 40, 60), (ORANGE, 60, 70), (PALE, 70, 100)]),
    "spent in full": ((100, 100, 0, 0), [(BLUE, 0, 100)]),
    "nothing spent, all forecast": ((100, 0, 100, 0), [(MID_BLUE, 0, 100)]),
    "nothing known": ((100, None, None, None), [(HATCHED, 0, 100)]),
    "forecast not known": ((100, 40, None, None), [(BLUE, 0, 40), (HATCHED, 40, 100)]),
    "spend not known": ((100, None, 30, None), [(MID_BLUE, 0, 30), (HATCHED, 30, 100)]),
    "without a plan below nothing": ((100, 100, 0, -5), [(BLUE, 0, 100)]),
    "all of it without a plan": ((100, 0, 0, 100), [(ORANGE, 0, 100)]),
}


@both_widths
@pytest.mark.parametrize(("amounts", "stretches"), STRETCHES.values(), ids=STRETCHES)
def test_an_award_is_drawn_in_stretches(kind: str, amounts: tuple[Any, ...], stretches: list[tuple[str, int, int]]) -> None:
    """It draws dark what is spent, light what is forecast, orange what has no plan, pale what is named as underspend, hatched what nobody has sent."""
    whole, *drawn = blocks(drawing(tree(charts.spend, awards(("Whole", 100, 100, 0, 0), ("Award", *amounts))), kind))
    start, scale = whole[1], (whole[2] - whole[1]) / 100
    assert [colour for colour, _, _ in drawn] == [colour for colour, _, _ in stretches]
    for (_, first, last), (_, low, high) in zip(drawn, stretches, strict=True):
        assert (first, last) == pytest.approx((start + low * scale, start + high * scale), abs=0.11)


def test_an_award_over_its_grant_runs_beyond_it() -> None:
    """It draws 125 of 100 awarded a quarter longer than an award of 100 that is spent in full."""
    (_, start, full), (_, over_start, over) = blocks(drawing(tree(charts.spend, awards(("Full", 100, 100, 0, 0), ("Over", 100, 125, 0, -25)))))
    assert over_start == start
    assert (over - start) / (full - start) == pytest.approx(1.25, abs=0.01)


def test_what_is_not_known_of_an_overspent_award_is_hatched() -> None:
    """It hatches something behind 125 of 100 spent where the forecast has not come: the outturn has no most."""
    assert HATCHED in colours(drawing(tree(charts.spend, awards(("Over", 100, 125, None, None)))))


SPENT = {
    "half": (("8000.00", 4000, 4000, 0), "50% of £8,000"),
    "nothing": ((8000, 0, 8000, 0), "0% of £8,000"),
    "more than awarded": ((8000, 10000, 0, -2000), "125% of £8,000"),
    "not known": ((5000, None, None, None), "not known of £5,000"),
    "of nothing awarded": ((0, 0, 0, 0), "of £0"),
    "of an award that is not known": ((None, 5, 0, None), "award not known"),
    "to the pound": (("48094.38", "13000.00", None, None), "27% of £48,094"),
}


@both_widths
@pytest.mark.parametrize(("amounts", "label"), SPENT.values(), ids=SPENT)
def test_an_award_says_how_much_of_it_is_spent(kind: str, amounts: tuple[Any, ...], label: str) -> None:
    """It writes beside the bar what part of the award is spent."""
    assert label in written(drawing(tree(charts.spend, awards(("Green Gyms", *amounts))), kind))


def test_an_award_that_is_not_known_is_not_drawn_as_nothing() -> None:
    """It draws an award without an amount hatched, beside one of which all is known."""
    svg = drawing(tree(charts.spend, awards(("Green Gyms", 8000, 8000, 0, 0), ("The Souk", None, 5, 0, None))))
    assert colours(svg) == [BLUE, HATCHED]


def test_awards_that_are_all_unknown_can_be_drawn() -> None:
    """It draws a quarter in which no award has an amount, all hatched."""
    found = tree(charts.spend, awards(("The Souk", None, None, None, None), ("Arts", None, None, None, None)))
    assert colours(drawing(found)) == [HATCHED, HATCHED]
    assert figures(found)[1] == ["The Souk", *["not known"] * 4]


def test_an_award_of_nothing_has_no_bar() -> None:
    """It names an award of nothing, and draws nothing for it, also where there is no other."""
    svg = drawing(tree(charts.spend, awards(("Green Gyms", 0, 0, 0, 0))))
    assert (blocks(svg), "Green Gyms" in written(svg)) == ([], True)


@hostile
def test_a_name_from_a_return_is_drawn_as_typed(name: str) -> None:
    """It draws whatever a return calls a project, letter by letter, in both widths, and warns of nothing into the page."""
    found = tree(charts.spend, awards((name, 8000, 4000, 4000, 0)))
    assert figures(found)[1][0] == name
    for kind in WIDTHS:
        assert name in written(drawing(found, kind))


@both_widths
def test_a_long_name_is_cut_where_the_bar_begins(kind: str) -> None:
    """It ends a long name with an ellipsis before it meets the bar or the words beside it, and gives it whole in the table."""
    found = tree(charts.spend, awards((LONG, 8000, 4000, 4000, 0)))
    svg = drawing(found, kind)
    (name,) = (text for text in written(svg) if text.endswith("…"))
    assert LONG.startswith(name[:-1])
    assert figures(found)[1][0] == LONG
    size = {"wide": 10.5, "narrow": 9.5}[kind]
    with house_style():
        room = blocks(svg)[0][1] if kind == "wide" else WIDTHS[kind] - width_of("50% of £8,000", size)
        assert width_of(name, size) <= room


def test_awards_keep_their_order() -> None:
    """It draws the awards in the order given, in both drawings and the table."""
    found = tree(charts.spend, awards(*((name, 10, 5, 5, 0) for name in ("Zoo", "Arts", "Homes"))))
    for kind in WIDTHS:
        assert [text for text in written(drawing(found, kind)) if text in {"Zoo", "Arts", "Homes"}] == ["Zoo", "Arts", "Homes"]
    assert [row[0] for row in figures(found)[1:]] == ["Zoo", "Arts", "Homes"]


# ---------------------------------------------------------------- burn-up

YEAR = year(
    ("Q4 2010/11", "actual", 20, 30, 100),
    ("Q1 2011/12", "actual", 40, 50, 100),
    ("Q2 2011/12", "forecast", 60, 80, 100),
    ("Q3 2011/12", "forecast", 70, 90, 100),
)


def scale(svg: ET.Element) -> tuple[float, float]:
    """Give how far down nothing and the whole award stand: on the grey line and on the dotted one."""
    (ground,), (award,) = ({down for _, down in line} for line in (*lines(svg, "stroke: #dfe2e5"), *lines(svg, "stroke: #0b0c0c")))
    return ground, award


@both_widths
def test_what_is_known_is_a_line_dashed_where_it_is_forecast(kind: str) -> None:
    """It draws 20 and 40 of 100 as a line, and from there 60 and 70 as dashes, at their heights."""
    svg = drawing(tree(charts.burn_up, YEAR), kind)
    ground, top = scale(svg)
    (dashed,) = lines(svg, f"stroke-dashoffset: 0; stroke: {BLUE}")
    (solid,) = [line for line in lines(svg, f"stroke: {BLUE}") if line != dashed]
    heights = [[(ground - down) / (ground - top) * 100 for _, down in line] for line in (solid, dashed)]
    assert heights == [pytest.approx([20, 40], abs=0.2), pytest.approx([40, 60, 70], abs=0.2)]


@both_widths
def test_what_may_come_on_top_is_hatched(kind: str) -> None:
    """It hatches between what is known and the most it can be, and nothing else."""
    svg = drawing(tree(charts.burn_up, YEAR), kind)
    ground, top = scale(svg)
    (area,) = (places(path) for path in svg.iterfind("path") if "fill: url" in str(path.get("style")))
    heights = [(ground - down) / (ground - top) * 100 for _, down in area]
    assert heights == pytest.approx([20, 40, 60, 70, 90, 80, 50, 30], abs=0.2)
    across = [place[0] for place in area]
    assert across == pytest.approx([*across[:4], *reversed(across[:4])])
    assert across[:4] == sorted(across[:4])


def test_the_year_is_given_as_figures() -> None:
    """It gives under the drawing every point in words, with what nobody knows."""
    found = tree(charts.burn_up, year(("Q4 2010/11", "actual", "20.50", 30, 100), ("Q1 2011/12", "forecast", 40, None, None)))
    assert figures(found) == [
        ["By the end of", "Actual or forecast", "At least", "At most", "Awarded"],
        ["Q4 2010/11", "actual", "£20.50", "£30.00", "£100.00"],
        ["Q1 2011/12", "forecast", "£40.00", "not known", "not known"],
    ]


def test_the_drawing_says_what_it_shows() -> None:
    """It writes what is known at the last actual, and at the end the least, the most and the award, to the pound."""
    assert {"£40 known, Q1 2011/12", "at least £70", "at most £90", "awarded £100"} <= set(written(drawing(tree(charts.burn_up, YEAR))))
    assert {"£40 known, Q1 2011/12", "awarded £100", "Q4 2010/11", "Q3 2011/12"} <= set(written(drawing(tree(charts.burn_up, YEAR), "narrow")))


@both_widths
@pytest.mark.parametrize("state", ["actual", "forecast"])
def test_one_quarter_alone_can_be_drawn(kind: str, state: str) -> None:
    """It draws a dot with its figure where there is only one point."""
    svg = drawing(tree(charts.burn_up, year(("Q1 2011/12", state, 40, 60, 100))), kind)
    assert {"£40 known, Q1 2011/12", "Q1 2011/12"} <= set(written(svg))
    assert len(list(svg.iter("use"))) == 1


def test_an_award_that_is_not_known_has_no_line() -> None:
    """It draws no line for an award that nobody knows, and writes nothing of it."""
    svg = drawing(tree(charts.burn_up, year(("Q1", "actual", 40, 60, None), ("Q2", "forecast", 50, 90, None))))
    assert lines(svg, "stroke: #0b0c0c") == []
    assert [text for text in written(svg) if text.startswith("awarded")] == []


@both_widths
def test_what_has_no_known_limit_is_hatched_above_the_line(kind: str) -> None:
    """It hatches upwards from what is known where nobody knows how much it may be: never as far as nothing."""
    svg = drawing(tree(charts.burn_up, year(("Q1", "actual", 40, None, None), ("Q2", "forecast", 80, None, None))), kind)
    (area,) = (places(path) for path in svg.iterfind("path") if "fill: url" in str(path.get("style")))
    least = [down for _, down in area[:2]]
    assert all(upper <= known for (_, upper), known in zip(reversed(area[2:]), least, strict=True))


@both_widths
def test_a_year_of_nothing_can_be_drawn(kind: str) -> None:
    """It draws a round of nothing on its ground line."""
    svg = drawing(tree(charts.burn_up, year(("Q1", "actual", 0, 0, 0), ("Q2", "forecast", 0, 0, 0))), kind)
    assert "£0 known, Q1" in written(svg)


def edges(svg: ET.Element, size: float) -> list[tuple[str, float, float]]:
    """Give each text of one size with where it begins and ends, in the shipped font."""
    found = []
    for parent in svg.iter():
        for text in parent.findall("text"):
            style = str(text.get("style") or parent.get("style"))
            with house_style():
                width = width_of(str(text.text), size, bold="font-weight: 600" in style)
            anchor = re.findall(r"text-anchor: (\w+)", style)
            across = float(str(text.get("x"))) - width * {"end": 1.0, "middle": 0.5}.get(anchor[0] if anchor else "start", 0.0)
            found.append((str(text.text), across, across + width))
    return found


@both_widths
@pytest.mark.parametrize("most", [100, 1_601_979, 123_456_789])
def test_the_words_of_a_year_stand_on_the_sheet(kind: str, most: int) -> None:
    """It writes nothing over the edge of the drawing by more than a point, however large the sums."""
    frame = YEAR.assign(**{name: [exact(value) * most / 100 for value in YEAR[name]] for name in ("at_least", "at_most", "awarded")})
    for text, start, end in edges(drawing(tree(charts.burn_up, frame), kind), {"wide": 10.5, "narrow": 9.5}[kind]):
        assert (start >= -1, end <= WIDTHS[kind] + 1, text) == (True, True, text)
