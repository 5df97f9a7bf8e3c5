"""The gate: a page that is all right passes, each fault is told with its element and what to do, and a page with one is not published."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import HOUSE, Run
from hypothesis import given
from hypothesis import strategies as st

from analysis.markup import Html
from analysis.reports import contrast, gate, page
from analysis.reports.gate import Page, reading

SCRIPT = 'document.title += "!";'
HASH = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
TABLE = (
    '<table><caption>Reds: the figures</caption><thead><tr><th scope="col">Theme</th><th scope="col">High Red</th><th scope="col">Q2 2016/17</th></tr></thead>'
    '<tbody><tr><th scope="row">Build</th><td>4</td><td>−17% (17.4)</td></tr><tr><th scope="row">Protect</th><td>9</td><td>not known</td></tr></tbody></table>'
)
FIGURE = (
    '<figure id="reds"><figcaption><h3>Build has 4 of the 13 reds</h3><p class="subtitle">Measures, 1,600 in all</p></figcaption>'
    '<svg class="chart wide" role="img" aria-labelledby="w-t w-d"><title id="w-t">Build has 4 of the 13 reds</title>'
    '<desc id="w-d">Build: High Red 4, −17% in Q2 2016/17; Protect: 9. Two themes have 1,600 measures.</desc><path id="w-a" fill="#0b0c0c"/><use href="#w-a"/></svg>'
    f"<details><summary>Show the figures</summary>{TABLE}</details></figure>"
)
SPARKLINE = '<svg class="sparkline" role="img" aria-label="Build 5: 97.8% in Q2 2016/17"><path d="M0 0" stroke="#12436D"/></svg>'
MARK = '<svg class="mark" aria-hidden="true"><circle r="7" fill="#14946F"/></svg>'
GOOD = f"""<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{HASH}'">
<title>Progress report</title><style>:focus{{outline:3px solid #FFDD00}}</style></head><body>
<a class="skip" href="#content">Skip to the content</a>
<main id="content"><header><h1>Progress report</h1></header>
<nav aria-label="Contents"><ul><li><a href="#reds">Reds</a></li></ul></nav>
<section aria-label="Reds"><h2>Reds</h2>{FIGURE}</section>
<h2>Scores</h2><div tabindex="0" role="region" aria-label="Scores of Q2 2016/17"><table class="scorecard"><caption>Scores of Q2 2016/17</caption>
<thead><tr><th scope="col">Measure</th><th scope="col">Actual</th></tr></thead>
<tbody><tr><th scope="row">{MARK}Build 5</th><td>97.8% {SPARKLINE}</td></tr></tbody></table></div>
<dl><div><dt>Status</dt><dd>provisional</dd></div></dl><p><img src="data:image/png;base64,AA" alt="The borough in 2016">See https://example.org/x.png: src="x.png" id="a" id="a" url(x.png)</p>
<label for="find">Find</label><input id="find" type="search"><button type="button">Show all</button><a href="https://example.org/">Source</a><a href="data/scorecard.csv">Scores</a>
</main><footer><p>Harrow</p></footer><script>{SCRIPT}</script></body></html>
"""


def test_a_small_drawing_may_tell_of_earlier_quarters_and_words_may_round() -> None:
    """It lets a sparkline name what stands nowhere else, a fraction that looks like a year among it, and a table give more decimals than the words."""
    told = "Build 5: 41.0% (2233/5441) in Q1 2013/14; 97.8% in Q2 2016/17"
    assert gate.faults(GOOD.replace("Build 5: 97.8% in Q2 2016/17", told)) == []
    precise = GOOD.replace("<td>97.8%", "<td>97.84%")
    assert gate.faults(precise) == []
    assert [fault for fault in gate.faults(GOOD.replace("<td>97.8%", "<td>97.86%")) if "97.8" in fault]


def test_a_good_page_passes_unchanged() -> None:
    """It gives back a page in which nothing is wrong, as it was."""
    assert gate.faults(GOOD) == []
    assert gate.check(GOOD, "board") is GOOD
    assert page.check is gate.check


WRONG = {
    "no doctype": ("<!DOCTYPE html>", "", "has no doctype"),
    "no language": (' lang="en-GB"', "", "<html> has no lang"),
    "an empty title": ("<title>Progress report</title>", "<title> </title>", "has an empty title"),
    "no title": ("<title>Progress report</title>", "", "has 0 titles"),
    "a file name for a title": ("<title>Progress report</title>", "<title>05_report.ipynb</title>", "'05_report.ipynb' is a file name"),
    "no policy": ("http-equiv", "data-equiv", "has 0 policies"),
    "a policy that lets all load": ("default-src 'none'", "default-src *", "default-src 'none'"),
    "another script than the policy's": ('+= "!"', '+= "?"', "is not the one that its policy lets run: put 'sha256-"),
    "a policy that lets any script run": (f"'sha256-{HASH}'", f"'sha256-{HASH}' 'unsafe-inline'", "lets 'unsafe-inline' run"),
    "no h1": ("<h1>Progress report</h1>", "<p>Progress report</p>", "has 0 h1"),
    "two h1": ("<h2>Scores</h2>", "<h1>Scores</h1>", "has 2 h1"),
    "a level left out": ("<h2>Scores</h2>", "<h2>Scores</h2><h4>More</h4>", '<h4> "More" comes after <h2> "Scores": make it an h3'),
    "a heading before the first": ('<main id="content">', '<main id="content"><h2>First</h2>', '<h2> "First" stands before the h1'),
    "an empty heading": ("<h2>Scores</h2>", "<h2>Scores</h2><h3> </h3>", "<h3> is an empty heading"),
    "no main": ("main", "div", "has 0 main"),
    "no skip link": ('<a class="skip" href="#content">Skip to the content</a>', "", '<a> "Reds" is the first to be reached'),
    "a skip link to elsewhere": ('href="#content"', 'href="#reds"', '<a class="skip"> "Skip to the content" is the first to be reached'),
    "a nameless navigation": (' aria-label="Contents"', "", '<nav> "Reds" has no name'),
    "a nameless region": (' role="region" aria-label="Scores of Q2 2016/17"', ' role="region"', "has no name: give it an aria-label"),
    "two regions of one name": ('aria-label="Reds"', 'aria-label="Scores of Q2 2016/17"', "2 region landmarks are called 'scores of q2 2016/17'"),
    "two footers": ("<footer><p>Harrow</p></footer>", "<footer><p>Harrow</p></footer><footer><p>More</p></footer>", "2 contentinfo landmarks"),
    "words in no landmark": ("</main>", "</main><p>Lost</p>", '<p> "Lost" stands in no landmark'),
    "no caption": ("<caption>Scores of Q2 2016/17</caption>", "", '<table class="scorecard">'),
    "an empty caption": ("<caption>Scores of Q2 2016/17</caption>", "<caption></caption>", "has no caption"),
    "no scope": ('<th scope="col">Actual', "<th>Actual", '<th> "Actual" has no scope'),
    "a wrong scope": ('<th scope="col">Actual', '<th scope="column">Actual', '<th> "Actual" has no scope'),
    "an empty heading of a column": ('<th scope="col">Actual</th>', '<th scope="col"></th>', '"Scores of Q2 2016/17" is an empty heading'),
    "a cell without a row": ("<p>Harrow</p>", "<td>Harrow</td>", '<td> "Harrow" stands in no row'),
    "an item without a list": ("<p>Harrow</p>", "<li>Harrow</li>", '<li> "Harrow" stands in <footer>'),
    "a list of other things": ("<p>Harrow</p>", "<ul><p>Harrow</p></ul>", '<ul> "Harrow" holds <p> "Harrow"'),
    "a list with loose words": ("<p>Harrow</p>", "<ul>Harrow</ul>", "holds words outside its items"),
    "a term without a list": ("<p>Harrow</p>", "<dt>Harrow</dt>", '<dt> "Harrow" stands in <footer>'),
    "details without a summary": ("<summary>Show the figures</summary>", "", "does not begin with a summary"),
    "a nameless link": (">Source</a>", "></a>", "to 'https://example.org/' has no name"),
    "a nameless button": (">Show all</button>", f">{MARK}</button>", "<button> to '' has no name"),
    "a link in a link": (">Source</a>", ">Source <a href='#reds'>Reds</a></a>", "stands in another link or button"),
    "a positive tabindex": ('tabindex="0"', 'tabindex="2"', "has tabindex '2'"),
    "a box that can be reached and has no role": (' role="region" aria-label="Scores of Q2 2016/17"', "", "can be reached by keyboard and has no role and name"),
    "a control without a label": ('<label for="find">Find</label>', "", '<input id="find"> has no label'),
    "a hidden link": ('<a href="#reds">', '<a aria-hidden="true" href="#reds">', "is hidden from screen readers and can be reached"),
    "an image without words": ('alt="The borough in 2016"', "", "an image has no words"),
    "an image with empty words": ('alt="The borough in 2016"', 'alt=""', "an image has no words"),
    "an image with words elsewhere": ("alt=", "data-alt=", "an image has no words"),
    "an image called by its file": ('alt="The borough in 2016"', 'alt="chart-1.png"', "an image is called 'chart-1.png'"),
    "an image without a description": ('alt="The borough in 2016"', 'alt="No description has been provided for this image"', "an image is called"),
    "a drawing without a role": (' role="img" aria-label="Build 5', ' aria-label="Build 5', '<svg class="sparkline"> has no words'),
    "a drawing without a name": (' aria-label="Build 5: 97.8% in Q2 2016/17"', "", '<svg class="sparkline"> has no words'),
    "a drawing called chart": ('aria-label="Build 5: 97.8% in Q2 2016/17"', 'aria-label="Chart"', "is called 'Chart'"),
    "a figure without a caption": ("figcaption", "div", "has no figcaption"),
    "two figures of one name": ("</section>", FIGURE.replace('id="', 'id="x').replace("w-", "xw-") + "</section>", "2 figures are called 'Build has 4 of the 13 reds'"),
    "two drawings of one name": ("<td>97.8%", f"<td>97.8% {SPARKLINE}</td></tr><tr><th scope='row'>Build 5</th><td>97.8%", "2 drawings are called 'build 5: 97.8% in q2 2016/17'"),
    "an id twice": ('<dl>', '<dl id="reds">', "id 'reds' stands twice"),
    "an id twice, once in a drawing": ('<dl>', '<dl id="w-a">', "id 'w-a' stands twice"),
    "a link to nothing": ('<a href="#reds">', '<a href="#blues">', "<a> \"Reds\" points to 'blues', which is not in the page"),
    "a name from nothing": ('aria-label="Reds"', 'aria-labelledby="gone"', "points to 'gone'"),
    "a drawing that uses nothing": ('<use href="#w-a"/>', '<use href="#w-b"/>', "points to 'w-b'"),
    "a link to code": ('href="https://example.org/"', 'href=" javascript:alert(1)"', "leads to javascript:"),
    "a link to a page of its own": ('href="https://example.org/"', 'href="data:text/html,x"', "leads to data:"),
    "a handler": ("<dl>", '<dl onclick="x()">', "<dl> \"Status provisional\" has onclick"),
    "a handler in a drawing": ('<path d="M0 0"', '<path d="M0 0" onload="x()"', "holds onload="),
    "a script in a drawing": ('<path d="M0 0"', '<script>x()</script><path d="M0 0"', "holds <script"),
    "a page that sends elsewhere": ('<meta charset="utf-8">', '<meta http-equiv="refresh" content="0; url=https://example.org/">', "sends the reader elsewhere"),
    "an attribute twice": ('<a class="skip"', '<a class="skip" class="x"', "says one of its attributes twice"),
    "a part left open": ("<p>Harrow</p>", "<p>Harrow", '<p> "Harrow" is not closed before </footer>'),
    "an end without a beginning": ("<p>Harrow</p>", "<p>Harrow</p></b>", "</b> closes nothing"),
    "an unknown colour in a style": ("#FFDD00", "#123456", "the style sheet's colour #123456 is in no pair"),
    "an unknown colour in a drawing": ("#12436D", "#123456", '<svg class="sparkline"> "Build 5'),
    "small words": ("outline:3px", "font-size:11px;outline:3px", "words of 11px"),
}  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "told"), WRONG.values(), ids=WRONG)
def test_a_fault_is_told(right: str, wrong: str, told: str) -> None:
    """It names the page, the element and what to do, once."""
    assert right in GOOD
    with pytest.raises(gate.PageRefused) as refused:
        gate.check(GOOD.replace(right, wrong), "board")
    assert (refused.value.subject, refused.value.exit_code) == ("board", 1)
    assert len([fault for fault in refused.value.problems if told in fault or (told.startswith("<svg") and fault.startswith("<svg"))]) == 1, (
        refused.value.problems
    )


OUTSIDE = {
    "an image": '<img src="https://example.org/x.png" alt="The borough">',
    "an image beside the page": '<img src="x.png" alt="The borough">',
    "an image in simple quotes": "<img src='x.png' alt='The borough'>",
    "an image without quotes": "<img src=x.png alt='The borough'>",
    "an image for large screens": '<img src="data:image/png;base64,AA" srcset="x.png 2x" alt="The borough">',
    "a script": '<script src="//example.org/x.js"></script>',
    "a style sheet": '<link rel="stylesheet" href="https://example.org/x.css">',
    "a frame": '<iframe src="https://example.org/"></iframe>',
    "a film": '<video src="x.mp4"></video>',
    "an image in a drawing": '<svg aria-hidden="true"><image href="https://example.org/x.png"/></svg>',
    "an image in a drawing, the old way": '<svg aria-hidden="true"><image xlink:href="https://example.org/x.png"/></svg>',
    "a pattern in a drawing": '<svg aria-hidden="true"><rect fill="url(https://example.org/x.svg#a)"/></svg>',
    "a font in a style": "<style>@font-face {src: url(https://example.org/x.woff2)}</style>",
    "a style in a style": '<style>@import "https://example.org/x.css";</style>',
    "a background": '<p style="background: url(//example.org/x.png)">X</p>',
    "another base": '<base href="#x">',
}


@pytest.mark.parametrize("html", OUTSIDE.values(), ids=OUTSIDE)
def test_a_page_that_needs_something_from_outside_is_refused(html: str) -> None:
    """It does not publish what would load from elsewhere, and nothing else is wrong but what comes with it."""
    faults = gate.faults(GOOD.replace("<dl>", f"{html}<dl>"))
    assert len([fault for fault in faults if fault.startswith("loads ") and "outside the page" in fault]) == 1, faults


DISAGREEING = {
    "a wrong number in its cell": ("High Red 4,", "High Red 17.4,", "says 17.4 of 'High Red' in the row 'Build', where 4 stands"),
    "a wrong number before its column": ("−17% in Q2", "−4% in Q2", "says −4"),
    "a number of another row": ("Protect: 9", "Protect: 17", "says 17, which does not stand in the row 'Protect' of its table"),
    "a number that stands nowhere": ("have 1,600 measures", "have 1,601 measures", "says 1,601, which does not stand beside it"),
    "another sign": ("−17% in", "17% in", "says 17, which does not stand in the row"),
    "a wrong decimal": ("Protect: 9", "Protect: 9.6", "says 9.6, which does not stand in the row 'Protect'"),
    "a small drawing's figure of this quarter": ("Build 5: 97.8% in Q2 2016/17", "Build 5: 96.1% in Q1 2013/14; 97.9% in Q2 2016/17", "says 97.9, which does not stand beside it"),
    "a figure rounded wrongly": ("Protect: 9.", "Protect: 9. The mean is 97.9.", "says 97.9, which does not stand beside it"),
    "another quarter": ("−17% in Q2 2016/17", "−17% in Q1 2016/17", "names Q1 2016/17, which stands nowhere in the words of the page"),
    "another title than that of the figure": ('<title id="w-t">Build has 4', '<title id="w-t">Build has 5', "says 5"),
    "a number that is not in the row beside": ("Build 5: 97.8% in", "Build 5: 87.8% in", "says 87.8"),
}  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "told"), DISAGREEING.values(), ids=DISAGREEING)
def test_words_of_a_drawing_that_its_figures_deny_are_told(right: str, wrong: str, told: str) -> None:
    """It names the number in the words of a drawing that the figures beside it do not hold, and nothing else."""
    assert GOOD.count(right) == 1
    (fault,) = gate.faults(GOOD.replace(right, wrong))
    assert told in fault
    assert fault.startswith("<svg class=")


AGREEING = {
    "more decimals than the table": ("Protect: 9", "Protect: 9.4"),
    "how many rows there are": ("Two themes", "2 themes"),
    "the sum of a column of counts": ("Two themes have", "13 reds in two themes have"),
    "how many cells are alike": ("Protect: 9.", "Protect: 9, 1 is not known."),
    "a day that the page names": ("Two themes", "By 30 September 2016 two themes"),
    "a number in words": ("Two themes", "Seven themes"),
    "the address of a cell": ("Two themes", "In F11 and F22.5, two themes"),
}


@pytest.mark.parametrize(("right", "also"), AGREEING.values(), ids=AGREEING)
def test_words_of_a_drawing_may_count_and_be_more_exact(right: str, also: str) -> None:
    """It lets through what an honest chart says: counts of what is shown, and a figure that rounds to the one in the table."""
    html = GOOD.replace("<p>Harrow</p>", "<p>Harrow, 30 September 2016</p>")
    assert html.count(right) == 1
    assert gate.faults(html.replace(right, also)) == []


@given(st.text(max_size=60))
def test_no_text_breaks_the_gate(text: str) -> None:
    """It reads whatever stands in a page as a page: text that is escaped is no fault."""
    assert gate.faults(GOOD.replace("<p>Harrow</p>", str(Html("<p>{} Harrow</p>").format(text)))) == []


@given(st.text(alphabet="<>/\"'= asvgtdph1-!x", max_size=60))
def test_no_markup_breaks_the_gate(markup: str) -> None:
    """It tells faults, and never fails itself, whatever the markup is like."""
    assert isinstance(gate.faults(GOOD.replace("<p>Harrow</p>", markup)), list)


@pytest.mark.parametrize("name", ["published", "published_grant", "published_recession", "bad", "synthetic", "example"])
def test_every_published_page_passes(request: pytest.FixtureRequest, name: str) -> None:
    """It finds nothing wrong with any page of a run, those of notebooks included."""
    run: Run = request.getfixturevalue(name)
    found = {path.name: gate.faults(path.read_text(encoding="utf-8")) for path in sorted(run.folder.rglob("*.html"))}
    assert len(found) >= 6
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("#FFFFFF", "#000000", "21.00"),
        ("#777777", "#FFFFFF", "4.48"),
        ("#767676", "#FFF", "4.54"),
        ("#FF0000", "#FFFFFF", "4.00"),
        ("#0b0c0c", "#0B0C0C", "1.00"),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, wanted: str) -> None:
    """It gives the ratio of two colours that WCAG's formula gives, whichever comes first."""
    assert f"{contrast.ratio(one, other):.2f}" == f"{contrast.ratio(other, one):.2f}" == wanted


CSS = page.stylesheet()
SPOILT = {
    "words that fade": ("--muted:#505A5F", "--muted:#9A9A9A", "units, sources, labels: muted #9A9A9A on paper"),
    "a darker paper": ("--paper:#FFFFFF", "--paper:#777777", "on paper #777777 has a contrast of"),
    "a colour that nobody declared": ("outline:3px solid #FFDD00", "outline:3px solid #ABCDEF", "the style sheet's colour #ABCDEF is in no pair"),
    "a colour in another notation": ("outline:3px solid #FFDD00", "outline:3px solid rgb(1, 2, 3)", "the style sheet's colour rgb(1,2,3) is in no pair"),
    "a token that nobody declared": ("--rule:", "--new:#123456;--rule:", "--new of the light scheme is in no pair"),
    "a token that is gone": ("--ink:", "--black:", "the style sheet has no --ink"),
    "small words": ("*{box-sizing", "small{font-size:11px}*{box-sizing", "words of 11px"),
}


@pytest.mark.parametrize(("right", "wrong", "told"), SPOILT.values(), ids=SPOILT)
def test_colours_that_meet_are_told_apart(right: str, wrong: str, told: str) -> None:
    """It finds nothing wrong with the published style sheet, and each fault in a spoilt one."""
    assert contrast.faults(CSS) == ()
    assert right in CSS
    assert [fault for fault in contrast.faults(CSS.replace(right, wrong, 1)) if told in fault], contrast.faults(CSS.replace(right, wrong, 1))


def test_a_dark_scheme_is_held_to_the_same() -> None:
    """It measures every pair once more with the colours of a dark scheme."""
    dark = CSS + "@media (prefers-color-scheme:dark){:root{--paper:#0B0C0C}}"
    assert [fault for fault in contrast.faults(dark) if "ink #0B0C0C on paper #0B0C0C has a contrast of 1.00 in the dark scheme and needs 4.5" in fault]


BAD = '<p id="twice"></p><p id="twice"></p><img src="https://example.org/x.png" alt="Measures off target">'
SPOILT_SECTION = f"""
from analysis.markup import Html

SECTIONS["exceptions"] = (SECTIONS["exceptions"][0], lambda _: Html({BAD!r}))
"""


def test_a_bad_page_is_not_published(synthetic: Run, tmp_path: Path) -> None:
    """It ends the run with 1, names the page and every fault, and leaves the last good publication as it was."""
    data, outputs = shutil.copytree(synthetic.data, tmp_path / "data"), shutil.copytree(synthetic.outputs, tmp_path / "outputs")
    published = {path.relative_to(outputs): path.read_bytes() for path in outputs.rglob("*") if path.is_file()}
    house = tmp_path / "house"
    for name in ("analysis", "notebooks", "expectations"):
        shutil.copytree(HOUSE / name, house / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    with (house / "analysis" / "reports" / "__init__.py").open("a", encoding="utf-8") as room:
        room.write(SPOILT_SECTION)
    command = [sys.executable, "-m", "analysis", "run", synthetic.quarter, "--data", str(data), "--outputs", str(outputs), "--jobs", "1"]
    done = subprocess.run(command, cwd=house, env=os.environ | {"PYTHONPATH": str(house)}, capture_output=True, encoding="utf-8", timeout=200, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    said = done.stderr.splitlines()
    assert "Q2 2020/21" in said[0]
    assert [line.strip(" -") for line in said[1:]] == [
        "loads https://example.org/x.png from outside the page: put it into the page, or leave <img> out",
        "id 'twice' stands twice: give each element an id of its own",
        "The page is not published; the last one that was stays.",
    ]
    assert {path.relative_to(outputs): path.read_bytes() for path in outputs.rglob("*") if path.is_file()} == published
    assert sorted(path.name for path in outputs.iterdir() if not path.name.startswith(".")) == ["2020-21-Q2"]


# ---------------------------------------------------------------- plain pages are read without the parser

TAGS = [
    "<p>",
    "</p>",
    '<a href="#a" class=\'b "c"\'>',
    "</a>",
    "<br>",
    "<br/>",
    '<LI ID="x">',
    "</li>",
    '<p id="1" id="2">',
    "<title>",
    "</title>",
    "<script>",
    "</script>",
    "<input disabled>",
    "<",
    "<!-- c -->",
    "<p id=bare>",
]
TALK = ["", " ", "One", "R &amp; D", "R & D", "It&#39;s", "a > b", "\n"]


def told(page: Page) -> list[Any]:
    """Give everything that was read of a page."""
    return [
        page.faults,
        [(one.tag, list(one.has.items()), [part if isinstance(part, str) else part.tag for part in one.parts]) for one in page.elements],
        page.root.words(drawings=True),
    ]


@given(st.lists(st.tuples(st.sampled_from(TAGS), st.sampled_from(TALK)), max_size=12))
def test_a_plain_page_is_read_as_the_parser_reads_it(parts: list[tuple[str, str]]) -> None:
    """It finds the same elements, words and faults in a page tag by tag as with the parser, or leaves the page to it."""
    html = "".join(f"{tag}{talk}" for tag, talk in parts)
    plain = reading._plainly(html, html)
    assert plain is None or told(plain.page) == told(reading._parsed(html, html).page)


def test_a_page_as_it_is_published_is_plain() -> None:
    """It needs no parser for a page that is all right."""
    html = re.sub(r"<(script|style)>.*?</\1>", r"<\1></\1>", GOOD, flags=re.DOTALL)
    assert reading._plainly(html, html) is not None
