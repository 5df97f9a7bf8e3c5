"""What the charts drawn by matplotlib for two widths have in common, and that importing them loads nothing heavy."""

from __future__ import annotations

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
from analysis.charts import shapes
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
