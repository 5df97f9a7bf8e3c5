"""Each published page in a real browser: it stands alone, fits a phone and paper, keeps nobody out, and says all without its script."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from browser import AXE, Browser, axe, binary
from conftest import Run

WIDTHS = (1280, 390, 320)
HEARD_AT = (1280, 320)
"""The widths at which axe hears of a page: what lies between them has the layout of the narrowest."""
OWN_PAGES = {"bad": ("index.html", "data-quality.html"), "synthetic": ("index.html",), "example": ("joint-analysis-group.html", "claim-pack.html")}
"""Of runs whose other pages are made of the same sections as those of the real quarters: the pages that axe hears of."""
LOOKED_AT_WHOLE = 200_000
"""Up to so many bytes axe looks at all of a page, and of larger ones at one part of each kind: it takes ten seconds for each of those otherwise."""
RUNS = ("published", "published_grant", "published_recession", "bad", "synthetic", "example")
UNFOLD = "document.querySelectorAll('details').forEach(part => part.open = true)"
FOLD = "document.querySelectorAll('details').forEach(part => part.open = false)"

LOOK = """(async () => {
  await document.fonts.ready;
  const wide = window.innerWidth;
  const scrolls = part => { for (let up = part.parentElement; up && up !== document.body; up = up.parentElement)
    if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(up).overflowX)) return true; return false; };
  const named = part => part.tagName.toLowerCase() + (part.id ? '#' + part.id : '') + (part.getAttribute('class') ? '.' + part.getAttribute('class') : '')
    + ' "' + part.textContent.trim().replace(/\\s+/g, ' ').slice(0, 40) + '" to ' + Math.round(part.getBoundingClientRect().right);
  const over = [...document.body.querySelectorAll('*')].filter(part => part.getBoundingClientRect().right > wide + 1 && part.getClientRects().length && !scrolls(part));
  return {
    title: document.title, h1: document.querySelectorAll('h1').length, language: document.documentElement.lang, wide,
    scroll: document.documentElement.scrollWidth, over: over.filter(part => !over.some(other => other !== part && part.contains(other))).slice(0, 3).map(named),
    fonts: [...document.fonts].filter(font => font.status === 'error').map(font => font.family + ' ' + font.weight),
    images: [...document.images].filter(image => !image.naturalWidth).map(image => image.alt),
  };
})()"""

LEAVE_OUT_ALIKE = """(() => {
  document.querySelectorAll('svg').forEach(drawing => [...drawing.children].forEach(part => ['title', 'desc'].includes(part.tagName) || part.remove()));
  const kind = part => [part.tagName, ...['class', 'style', 'role', 'hidden'].map(name => part.getAttribute(name)), part.hasAttribute('href')].join();
  document.querySelectorAll('tbody, ul, ol, dl, td, p, details, .panels, .maps, .telling').forEach(whole => {
    const met = {};
    [...whole.children].forEach(part => {
      const kinds = [part, ...part.querySelectorAll('*')].map(one => kind(one) + ' in ' + kind(one.parentElement));
      if (kinds.every(one => met[one])) part.remove();
      else kinds.forEach(one => { met[one] = true; });
    });
  });
})()"""
"""Leaves out the rows, items and panels in which all has been met before, and of drawings all but the words: axe says of one what it says of all, and is slow."""

KEPT_OUT = """(async () => {
  const found = await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    resultTypes: ['violations'], elementRef: false, iframes: false, preload: false});
  return found.violations.map(broken => broken.id + ': ' + broken.help + ', at ' + broken.nodes.slice(0, 2).map(part => part.target.join(' ')).join(' and ')
    + (broken.nodes.length > 2 ? ' and ' + (broken.nodes.length - 2) + ' more' : ''));
})()"""

UNSAID = """(() => {
  const shown = part => part.checkVisibility();
  const bare = text => text.replace(/\\s/g, '');
  const named = part => part.tagName.toLowerCase() + ' "' + part.textContent.trim().replace(/\\s+/g, ' ').slice(0, 40) + '"';
  return [
    ...[...document.querySelectorAll('button, input, select, textarea, dialog')].filter(shown).map(part => 'shows a dead ' + named(part)),
    ...[...document.querySelectorAll('tr')].filter(part => !shown(part) && !part.closest('svg')).slice(0, 3).map(part => 'hides ' + named(part)),
    ...[...document.querySelectorAll('td, th')].filter(part => bare(part.textContent) && !bare(part.innerText)).slice(0, 3).map(part => 'hides ' + named(part)),
  ];
})()"""
"""What a page does not say, or cannot do, where its script does not run and all is unfolded."""


def across(look: dict[str, Any]) -> list[str]:
    """Give what sticks out of a page to the right."""
    return [f"is {look['scroll']} px wide in {look['wide']}: {'; '.join(look['over'])}"] if look["scroll"] > look["wide"] or look["over"] else []


def alone(browser: Browser, address: str, looks: list[dict[str, Any]]) -> list[str]:
    """Give what is wrong with a page in itself: what it asks for and complains of, and what it was found to be, folded and unfolded."""
    found = [f"asks for {asked[:120]}" for asked in browser.requests() if asked != address and not asked.startswith("data:")]
    found += [f"complains: {complaint}" for complaint in browser.complaints()]
    for look in looks:
        found += [] if look["title"].strip() else ["has no title"]
        found += [] if look["language"] else ["has no language"]
        found += [] if look["h1"] == 1 else [f"has {look['h1']} h1"]
        found += across(look)
        found += [f"font {font} was not loaded" for font in look["fonts"]]
        found += [f"image {alt!r} was not shown" for alt in look["images"]]
    return found


def faults(browser: Browser, page: Path, source: str = "") -> dict[str, list[str]]:
    """
    Open a page at each width and give what is wrong with it: "alone", "kept out", "printed", "unscripted" -> faults.

    Args:
        browser: the browser.
        page: the page's file.
        source: axe-core; nobody is found to be kept out without it. It looks at the whole page unfolded at the first width where the page is not
            large, else and at the last width at one part of each kind, and folded there.
    """
    found: dict[str, list[str]] = {"alone": [], "kept out": [], "printed": [], "unscripted": []}
    for width in WIDTHS:
        browser.open(page, width)
        folded = browser.evaluate(LOOK)
        browser.evaluate(UNFOLD)
        found["alone"] += [f"at {width} px: {fault}" for fault in alone(browser, page.as_uri(), [folded, browser.evaluate(LOOK)])]
        if width == WIDTHS[0]:
            found["printed"] += printed(browser)
        if source and width in HEARD_AT:
            browser.evaluate(source)
            if width != WIDTHS[0] or page.stat().st_size > LOOKED_AT_WHOLE:
                browser.evaluate(LEAVE_OUT_ALIKE)
            found["kept out"] += [f"at {width} px: {fault}" for fault in browser.evaluate(KEPT_OUT)]
            if width == WIDTHS[-1]:
                found["kept out"] += [f"at {width} px, folded: {fault}" for fault in browser.evaluate(f"{FOLD}; {KEPT_OUT}")]
    browser.open(page, WIDTHS[0], script=False)
    browser.evaluate(UNFOLD)
    found["unscripted"] += browser.evaluate(UNSAID)
    return {what: list(dict.fromkeys(told)) for what, told in found.items()}


def printed(browser: Browser) -> list[str]:
    """Give what sticks out of the paper that the open page asks for; the page is as it was afterwards."""
    sheet = re.search(
        r"@page\s*\{\s*size:\s*A4 landscape;\s*margin:\s*([^;}]+)",
        browser.evaluate("[...document.querySelectorAll('style')].map(part => part.textContent).join('')"),
    )
    if not sheet:
        return ["asks for no A4 landscape paper"]
    margins = [float(margin.removesuffix("mm")) for margin in sheet[1].split()]
    beside = (margins[1 % len(margins)], (margins[3:] or margins[1:] or margins)[0])
    browser.ask("Emulation.setEmulatedMedia", media="print")
    browser.ask("Emulation.setDeviceMetricsOverride", width=int((297 - sum(beside)) / 25.4 * 96), height=700, deviceScaleFactor=1, mobile=False)
    found = [f"on A4: {fault}" for fault in across(browser.evaluate(LOOK))]
    browser.ask("Emulation.setEmulatedMedia", media="")
    browser.ask("Emulation.setDeviceMetricsOverride", width=WIDTHS[0], height=800, deviceScaleFactor=1, mobile=False)
    return found


def pages_of(run: Run) -> list[Path]:
    """Give the pages of a run, without the notebooks of audiences, which hold what the audience's page holds."""
    return [page for page in sorted(run.folder.rglob("*.html")) if not page.name.startswith("05_report")]


@pytest.fixture(scope="module")
def looked(request: pytest.FixtureRequest, browser: Browser) -> Callable[[str], dict[str, list[str]]]:
    """Give what gives all the faults of the pages of a run, looked at once."""
    source = AXE.read_text(encoding="utf-8") if AXE.is_file() else ""

    @cache
    def of(name: str) -> dict[str, list[str]]:
        run: Run = request.getfixturevalue(name)
        pages = pages_of(run)
        assert len(pages) >= 6  # the index, an audience, four notebooks
        told: dict[str, list[str]] = {}
        for page in pages:
            by_axe = source if name not in OWN_PAGES or page.name in OWN_PAGES[name] else ""
            for what, found in faults(browser, page, by_axe).items():
                told.setdefault(what, []).extend(f"{page.relative_to(run.folder).as_posix()} {fault}" for fault in found)
        return told

    return of


@pytest.mark.parametrize("name", RUNS)
def test_every_page_stands_alone_and_fits(looked: Callable[[str], dict[str, list[str]]], name: str) -> None:
    """It opens each page at 1280, 390 and 320 px: no request, no complaint, a title, one h1, no sideways scrolling, folded and unfolded."""
    assert looked(name)["alone"] == [], "\n" + "\n".join(looked(name)["alone"])


@pytest.mark.parametrize("name", RUNS)
def test_no_page_keeps_anyone_out(looked: Callable[[str], dict[str, list[str]]], name: str) -> None:
    """It breaks no rule of axe for WCAG 2.2 A and AA, nor of good practice, at 1280 and 320 px, all unfolded, and at 320 px folded too."""
    axe()
    assert looked(name)["kept out"] == [], "\n" + "\n".join(looked(name)["kept out"])


@pytest.mark.parametrize("name", RUNS)
def test_every_page_fits_on_paper(looked: Callable[[str], dict[str, list[str]]], name: str) -> None:
    """It keeps within the margins of the A4 paper that it asks for."""
    assert looked(name)["printed"] == [], "\n" + "\n".join(looked(name)["printed"])


@pytest.mark.parametrize("name", RUNS)
def test_every_page_says_all_without_its_script(looked: Callable[[str], dict[str, list[str]]], name: str) -> None:
    """It shows every cell of every table where no script runs, and no control that would do nothing."""
    assert looked(name)["unscripted"] == [], "\n" + "\n".join(looked(name)["unscripted"])


GOOD = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">{}<title>T</title></head><body><h1>H</h1>{}</body></html>'
POLICY = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'
DOCTORED = {
    "an outside picture": ("", '<img alt="a" src="http://192.0.2.1/a.png">', "asks for http://192.0.2.1/a.png"),
    "a file beside it": ("", '<link rel="stylesheet" href="report.css">', "report.css"),
    "an outside script": ("", '<script src="https://example.org/a.js"></script>', "asks for https://example.org/a.js"),
    "a fetch": ("", "<script>fetch('http://192.0.2.1/x').catch(() => 0)</script>", "asks for http://192.0.2.1/x"),
    "an error on the console": ("", "<script>console.error('spilt')</script>", "complains: spilt"),
    "a script that breaks": ("", "<script>nothing.there</script>", "complains: Uncaught"),
    "a style that its policy blocks": (POLICY, "<p style='color: red'>x</p>", "complains: "),
    "a picture that its policy blocks": (POLICY, '<img alt="a" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">', "ContentSecurityPolicyIssue: img-src"),
    "two first headings": ("", "<h1>H</h1>", "has 2 h1"),
    "a wide table": ("", '<table style="width: 400px"><tr><td>x</table>', 'td "x" to'),
    "a wide table, folded away": ("", '<details><summary>s</summary><p class="far" style="width: 500px">x</p></details>', "p.far"),
}


@pytest.mark.parametrize(("head", "body", "told"), DOCTORED.values(), ids=DOCTORED)
def test_a_faulty_page_is_caught(browser: Browser, tmp_path: Path, head: str, body: str, told: str) -> None:
    """It sees each fault that it looks for, in a page made to have it: the tests above can fail."""
    page = tmp_path / "faulty.html"
    page.write_text(GOOD.format(head, body), encoding="utf-8")
    found = faults(browser, page)
    assert [fault for fault in found["alone"] if told in fault], found


PAPER = "<style>@page{size:A4 landscape;margin:14mm 12mm}</style>"
KEEPING_OUT = {
    "faint words": '<main><h1>H</h1><p style="color: #999">Faint</p></main>',
    "a control without a label": "<main><h1>H</h1><input></main>",
    "an image without words": '<main><h1>H</h1><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></main>',
    "words outside landmarks": "<main><h1>H</h1></main><p>Lost</p>",
    "faint words, folded away": '<main><h1>H</h1><details><summary>S</summary><p style="color: #999">Faint</p></details></main>',
    "faint words on a phone": "<style>@media (max-width:400px){p{color:#999}}</style><main><h1>H</h1><p>Faint</p></main>",
}
PRINTED = {
    "a wide table on paper": (PAPER + "<style>@media print{td{min-width:2000px}}</style>", "<table><tr><td>x</td></tr></table>", "on A4: is"),
    "no paper": ("", "<p>x</p>", "asks for no A4 landscape paper"),
}
UNSCRIPTED = {
    "a dead button": ("<button>Sort</button>", 'shows a dead button "Sort"'),
    "a row that its script shows": ('<table><tr hidden id="r"><td>x</td></tr></table><script>r.hidden = false</script>', 'hides tr "x"'),
    "a cell that its script shows": ('<table><tr><td><b hidden id="c">x</b></td></tr></table><script>c.hidden = false</script>', 'hides td "x"'),
}


@pytest.mark.parametrize("body", KEEPING_OUT.values(), ids=KEEPING_OUT)
def test_a_page_that_keeps_someone_out_is_caught(browser: Browser, tmp_path: Path, body: str) -> None:
    """It hears what axe says of a page made to keep someone out."""
    page = tmp_path / "faulty.html"
    page.write_text(GOOD.replace("<h1>H</h1>", "").format("", body), encoding="utf-8")
    assert faults(browser, page, axe())["kept out"] != []


@pytest.mark.parametrize(("head", "body", "told"), PRINTED.values(), ids=PRINTED)
def test_a_page_that_does_not_fit_on_paper_is_caught(browser: Browser, tmp_path: Path, head: str, body: str, told: str) -> None:
    """It measures a page made too wide for paper, and misses the paper of one that asks for none."""
    page = tmp_path / "faulty.html"
    page.write_text(GOOD.format(head, body), encoding="utf-8")
    assert [fault for fault in faults(browser, page)["printed"] if told in fault]


@pytest.mark.parametrize(("body", "told"), UNSCRIPTED.values(), ids=UNSCRIPTED)
def test_a_page_that_needs_its_script_is_caught(browser: Browser, tmp_path: Path, body: str, told: str) -> None:
    """It misses what only the script of a page made so would show, and sees what would do nothing without it."""
    page = tmp_path / "faulty.html"
    page.write_text(GOOD.format("", body), encoding="utf-8")
    assert told in faults(browser, page)["unscripted"]


def test_a_faultless_page_passes(browser: Browser, tmp_path: Path) -> None:
    """It finds nothing wrong with a page that has nothing wrong, a wide table that scrolls in its own box included."""
    page = tmp_path / "good.html"
    wide = '<main><h1>H</h1><div tabindex="0" role="region" aria-label="W" style="overflow-x: auto"><table style="width: 900px"><tr><td>x</td></tr></table></div></main>'
    page.write_text(GOOD.replace("<h1>H</h1>", "").format(PAPER, wide), encoding="utf-8")
    assert faults(browser, page, AXE.read_text(encoding="utf-8") if AXE.is_file() else "") == {"alone": [], "kept out": [], "printed": [], "unscripted": []}


@pytest.mark.parametrize("missing", [binary, axe])
def test_a_missing_part_fails_in_ci_and_skips_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, missing: Callable[[], str]) -> None:
    """It does not let CI pass without having looked at a page, or without axe."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("browser.AXE", tmp_path / "axe.min.js")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no (browser|axe-core): .*this is CI"):
        missing()
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match="no (browser|axe-core)"):
        missing()
