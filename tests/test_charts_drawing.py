"""What the charts drawn by matplotlib for two widths have in common, and that importing them loads nothing heavy."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from analysis import charts
from analysis.charts import drawing, shapes, sheet
from analysis.markup import Html

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = "<script>alert(1)</script>"
SAID = {"title": "Homes have risen", "subtitle": "Per cent of target", "source": "returns", "alt": "Homes rose from 90 to 95 per cent."}
POINTS = pd.DataFrame(
    {
        "period": ["Q1", "Q2", "Q3"], "value": [50.0, 65.0, float("nan")], "centre": 50.0, "lower": 40.0, "upper": 60.0, "near_lower": 43.3, "near_upper": 56.7,
        "signal": ["", "outside limits", ""], "verdict": ["common cause", "concern", ""], "segment": 0,
    }
)  # fmt: skip
ROWS = pd.DataFrame(
    {"name": ["Homes", "Jobs"], "band": ["A", ""], "before": [Decimal(90), None], "now": [Decimal(95), Decimal(240)], "moved": ["better", "not known"],
     "shown_before": ["180", ""], "shown_now": ["190", "12"]}, dtype=object,
)  # fmt: skip
CHARTS: dict[str, Any] = {
    "process": cache(lambda **said: charts.process(POINTS, target=Decimal(46), notes=[("Q2", "Above")], **SAID | said)),
    "change": cache(lambda **said: charts.change(ROWS, now="Q2", before="Q1", **SAID | said)),
}
every_chart = pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)


def tree(html: Html) -> ET.Element:
    """Give a figure as a tree, which it can only be if it is well formed."""
    return ET.fromstring(str(html))  # noqa: S314 - our own markup


@every_chart
def test_a_chart_is_drawn_for_two_widths(draw: Callable[..., Html]) -> None:
    """It gives a wide drawing, and a narrow one that only the page's stylesheet shows."""
    wide, narrow = tree(draw()).findall("svg")
    assert [(part.get("class"), part.get("display")) for part in (wide, narrow)] == [("chart wide", None), ("chart narrow", "none")]
    assert [float(str(part.get("viewBox")).split()[2]) for part in (wide, narrow)] == [763, 281]
    css = ROOT.joinpath("analysis/assets/report/report.css").read_text(encoding="utf-8")
    assert "svg.chart.wide{display:none}svg.chart.narrow{display:block}" in css


@every_chart
def test_both_drawings_have_words(draw: Callable[..., Html]) -> None:
    """It names each drawing by its title and describes it by its alt text."""
    for image in tree(draw()).findall("svg"):
        assert (image.get("role"), image.findtext("title"), image.findtext("desc")) == ("img", SAID["title"], SAID["alt"])
        assert str(image.get("aria-labelledby")).split() == [part.get("id") for part in image if part.tag in {"title", "desc"}]


@every_chart
def test_nothing_is_written_outside_a_drawing(draw: Callable[..., Html]) -> None:
    """It keeps every text within the sides of its drawing."""
    for image in tree(draw()).findall("svg"):
        _, _, width, height = (float(size) for size in str(image.get("viewBox")).split())
        for text in image.iter("text"):
            assert -0.1 <= float(str(text.get("x"))) <= width + 0.1
            assert 0 <= float(str(text.get("y"))) <= height


@every_chart
def test_a_figure_says_its_message_unit_and_source(draw: Callable[..., Html]) -> None:
    """It has its message above, what is plotted under that, its figures as a table, and the source below."""
    found = tree(draw())
    assert [found.findtext(path) for path in ("figcaption/h3", "figcaption/p", "p")] == [SAID["title"], SAID["subtitle"], "Source: returns."]
    assert {cell.get("scope") for cell in found.iter("th")} == {"col", "row"}


@every_chart
@pytest.mark.parametrize("name", SAID)
def test_a_chart_cannot_be_drawn_without_its_words(draw: Any, name: str) -> None:
    """It requires title, subtitle, source and alt text."""
    said = {word: text for word, text in SAID.items() if word != name}
    calls: dict[Any, Callable[[Any], Html]] = {
        CHARTS["process"]: lambda words: charts.process(POINTS, target=None, **words),
        CHARTS["change"]: lambda words: charts.change(ROWS, now="Q2", before="Q1", **words),
    }
    with pytest.raises(TypeError, match=name):
        calls[draw](said)


@every_chart
def test_no_id_is_used_twice_on_a_page(draw: Callable[..., Html]) -> None:
    """It shares no id between its drawings or with another chart, and each of its references finds its part."""
    ids = [part.get("id") for html in (draw(), draw(title="Another message")) for part in tree(html).iter() if part.get("id")]
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:href="|url\()#([^")]+)', str(draw()))) <= set(ids)


@every_chart
def test_a_chart_needs_nothing_from_outside(draw: Callable[..., Html]) -> None:
    """It refers only to its own parts."""
    assert set(re.findall(r"https?://[^\"' ]+", str(draw()))) <= {"http://www.w3.org/1999/xlink", "http://www.w3.org/2000/svg"}


@every_chart
def test_a_chart_is_drawn_the_same_every_time(draw: Any) -> None:
    """It gives the same bytes for the same figures, also when drawn anew."""
    assert draw.__wrapped__() == draw()


@every_chart
def test_a_script_in_a_return_is_text(draw: Callable[..., Html]) -> None:
    """It escapes the words of a chart."""
    found = tree(draw(**dict.fromkeys(SAID, SCRIPT)))
    assert list(found.iter("script")) == []
    assert found.findtext("svg/desc") == SCRIPT


def test_importing_the_charts_loads_nothing_heavy(tmp_path: Path) -> None:
    """It leaves matplotlib until something is to be drawn, and draws the small charts without it."""
    code = """
import sys
from decimal import Decimal
from analysis import charts
charts.sparkline([Decimal(1), None], target=None, label="a")
charts.bullet(Decimal(90), None, [])
charts.multiples([charts.Panel("a", "", "", ("Q1",), (Decimal(1),), (None,), ("1",), "")], title="a", subtitle="b", source="c", alt="d")
print(sorted(name for name in sys.modules if name.startswith("matplotlib")))
"""
    settings = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=settings, capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ("[]\n", "")


def test_every_text_of_the_hand_written_charts_is_measured_generously() -> None:
    """It takes no text for narrower than the shipped font draws it."""
    from analysis.charts.drawing import house_style
    from analysis.charts.sheet import width_of

    with house_style():
        for text in ("1,776", "£1,234,567.00", "not known", "Quarter 2 2016/17", "02:31", "−40%", "WWW mmm", "target"):
            assert width_of(text, 16, bold=True) <= float(shapes.breadth(text, 16)), text


# ---------------------------------------------------------------- what is measured, written and drawn once

TEXTS = ["", "Homes", "AV To: fi ffl", "97.8% · Q2 2016/17", "  two   spaces ", "−£1,600 — “quoted”", "Children’s Trust (Capital)"]


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("size", [9.5, 10.0, 11.0])
def test_a_text_is_as_wide_as_matplotlib_measures_it(size: float, bold: bool) -> None:
    """It gives the width that matplotlib gives for that text, size and weight, to the last bit."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    with drawing.house_style():
        font = FontProperties(family=drawing.FONT, size=size, weight=600 if bold else 400)
        expected = [text_to_path.get_text_width_height_descent(" ".join(text.split()) or " ", font, ismath=False)[0] for text in TEXTS]
        assert [sheet.width_of(text, size, bold=bold) for text in TEXTS[1:]] == expected[1:]
        assert sheet.width_of("", size, bold=bold) == 0


@pytest.mark.parametrize("room", [3.0, 20.0, 60.0, 150.0, 1000.0])
def test_a_line_holds_as_many_words_as_fit(room: float) -> None:
    """It ends a line before the first word that does not fit, parts a word that is wider than the room, and loses no letter."""
    text = "Improvement of Donaudampfschifffahrtsgesellschaft i i i, year on year"
    with drawing.house_style():
        lines = sheet.wrapped(text, 10, room)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert all(sheet.width_of(line, 10) <= room or len(line) == 1 for line in lines)
        for line, after in itertools.pairwise(lines):
            assert sheet.width_of(f"{line} {after.split()[0]}", 10) > room


@pytest.mark.parametrize("room", [1.0, 30.0, 61.0, 500.0])
def test_a_text_is_cut_where_the_room_ends(room: float) -> None:
    """It keeps as many letters as there is room for with the ellipsis behind them, and all of a text that fits."""
    text = "Adult Health and Well Being"
    with drawing.house_style():
        found = sheet.cut(text, 10, room)
        fitting = [many for many in range(len(text)) if sheet.width_of(f"{text[:many]}…", 10) <= room]
        assert found == (text if sheet.width_of(text, 10) <= room else f"{text[: max(fitting, default=0)].rstrip()}…")


def test_texts_are_written_as_matplotlib_writes_them() -> None:
    """It puts each text of a sheet where matplotlib's own text would stand, in the same look."""
    told = [
        (20.25, 30.5, "R & D <1", 10.5, "#0B0C0C", False, "left"),
        (80.0, 41.0, "Red", 11.0, "#505A5F", True, "right"),
        (60.0, 50.0, "mid", 9.5, "#000000", False, "center"),
    ]
    with drawing.house_style():
        ours, theirs = sheet.Sheet(120, 60), sheet.Sheet(120, 60)
        for across, down, text, size, colour, bold, align in told:
            ours.words(across, down, text, size=size, colour=colour, bold=bold, align=align)
            theirs._axes.text(across, down, text, fontsize=size, color=colour, fontweight=600 if bold else 400, ha=align, va="baseline")
        made = [
            re.findall(r"<text.*?</text>", re.sub(r' transform="rotate[^"]*"', "", drawing._saved(one)), re.DOTALL) for one in (ours.finished(), theirs._figure)
        ]
    assert len(made[1]) == 3
    assert made[0] == made[1]


def test_a_chart_of_the_same_figures_is_drawn_once() -> None:
    """It draws a chart again only for other figures or words, also where they are equal and written otherwise."""
    drawn: list[tuple[Any, str]] = []

    @drawing.drawn_once
    def chart(figures: pd.DataFrame, *, title: str) -> Html:
        """Draw nothing, and note it."""
        drawn.append((figures["n"].tolist(), title))
        return Html(f"{figures['n'].tolist()}")

    one = pd.DataFrame({"n": [Decimal(1)]}, dtype=object)
    assert [chart(one, title="a"), chart(one.copy(), title="a")] == [Html("[Decimal('1')]")] * 2
    chart(one, title="b")
    chart(pd.DataFrame({"n": [Decimal("1.0")]}, dtype=object), title="a")
    chart(pd.DataFrame({"n": [Decimal(1)]}, index=["x"], dtype=object), title="a")
    one.loc[0, "n"] = Decimal(2)
    assert chart(one, title="a") == "[Decimal('2')]"
    assert [figures for figures, _ in drawn] == [[Decimal(1)], [Decimal(1)], [Decimal("1.0")], [Decimal(1)], [Decimal(2)]]
