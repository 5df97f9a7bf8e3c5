"""
What a published page costs its reader: size, time until its words are painted, and what keeps people out, beside nbconvert's own template.

    python -m benchmarks.pages [--measures 83 1000] [--repeat 5] [--outputs outputs/2016-17-Q2]

A SYNTHETIC partnership with so many measures is made, run and published in a temporary folder; each of its pages is opened in headless Chromium
anew, and times count from the navigation: until its first contents are painted, and until it is loaded and its script has run. Then the executed notebooks of a published quarter are turned into HTML by `jupyter nbconvert --no-input` as well,
and axe-core looks at both. Needs chromium, and `make axe` for axe-core.
"""

from __future__ import annotations

import argparse
import csv
import io
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tests.browser import AXE, Browser, binary

HOME = Path(__file__).resolve().parents[1]
THEMES = ("SYNTHETIC Streets", "SYNTHETIC Homes", "SYNTHETIC Council", "SYNTHETIC Health")
QUARTERS = {"2020-21-Q2": "Q2 2020/21", "2020-21-Q1": "Q1 2020/21", "2019-20-Q2": "Q2 2019/20"}
TIMES = """new Promise(told => new PerformanceObserver(list => {
  const [paint] = list.getEntriesByName('first-contentful-paint');
  const [went] = performance.getEntriesByType('navigation');
  if (paint) told([paint.startTime, went.loadEventEnd]);
}).observe({type: 'paint', buffered: true}))"""
BROKEN = """axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'], elementRef: false, preload: false})
  .then(found => [found.violations.length, found.violations.reduce((sum, broken) => sum + broken.nodes.length, 0)])"""


def as_csv(rows: Iterable[Iterable[object]]) -> str:
    """Give rows as CSV text."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def synthetic(folder: Path, measures: int) -> Path:
    """Write the data folder of a SYNTHETIC partnership: so many measures in four themes, returned for this quarter, the last, and a year ago."""
    real = HOME / "data" / "reference"
    heads = ["measure_id", "theme", "number", "measure", "polarity", "unit", "kind", "policy", "equalities", "kind_basis"]
    register, returned = (
        [heads],
        {quarter: {theme: [["Theme", "No", "Measure", "Good", "Target", "Actual", "RAG status"]] for theme in THEMES} for quarter in QUARTERS},
    )
    for place in range(measures):
        theme, number = THEMES[place % len(THEMES)], place // len(THEMES) + 1
        title = f"SYNTHETIC share of requests of kind {place + 1} that were dealt with within {place % 20 + 1} working days (%)"
        register.append([f"{theme.split()[1]} {number}", theme, number, title, "higher", "percent", "snapshot", "five-band", "no", ""])
        for back, quarter in enumerate(QUARTERS):
            actual = "TBC" if (place + back) % 11 == 0 else f"{60 + (place * 7 + back * 5) % 39}%"
            returned[quarter][theme].append([theme, number, title, "Higher", "" if place % 13 == 0 else "80%", actual, ""])
    audiences = [row for row in csv.reader((real / "audiences.csv").open(encoding="utf-8")) if row[0] in {"audience", "joint-analysis-group", "data-quality"}]
    files = {
        "partnership.toml": 'name = "SYNTHETIC Partnership"\nlanguage = "en-GB"\n',
        "measures.csv": as_csv(register),
        "themes.csv": as_csv([["theme", "code", "order"], *([theme, theme.split()[1], order] for order, theme in enumerate(THEMES, start=1))]),
        "groups.csv": "group,slug,aliases\nSYNTHETIC Group,synthetic-group,\n",
        "awards.csv": "project,round,kind,return_name\n",
        "policies.csv": (real / "policies.csv").read_text(encoding="utf-8"),
        "audiences.csv": as_csv(audiences),
    }
    written = {f"reference/{name}": text for name, text in files.items()}
    for quarter, tables in returned.items():
        for theme, rows in tables.items():
            head = [["SYNTHETIC performance return"], ["Partner", "SYNTHETIC Council"], ["Quarter", QUARTERS[quarter]], []]
            written[f"raw/{quarter}/{theme.replace(' ', '-')}.csv"] = as_csv([*head, *rows])
    for name, text in written.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def published(folder: Path, measures: int) -> Path:
    """Publish the newest quarter of a SYNTHETIC partnership; gives its folder."""
    quarter = next(iter(QUARTERS))
    data = synthetic(folder / "data", measures)
    command = [sys.executable, "-m", "analysis", "run", quarter, "--data", str(data), "--outputs", str(folder / "outputs")]
    ran = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False)
    if ran.returncode not in {0, 3}:
        raise SystemExit(f"{measures} measures were not published: {ran.stderr}")
    return folder / "outputs" / quarter


def timed(browser: Browser, page: Path, repeat: int) -> list[float]:
    """Give the medians of milliseconds until the first paint and until loaded."""
    seen = []
    for _ in range(repeat):
        browser.open(page, 1280)
        seen.append(browser.evaluate(TIMES))
    return [statistics.median(times) for times in zip(*seen, strict=True)]


def looked_at(browser: Browser, page: Path) -> tuple[int, int, int]:
    """Give how many rules of axe a page breaks, at how many elements, and what it asks for from outside."""
    browser.open(page, 1280)
    outside = len({asked for asked in browser.requests() if not asked.startswith(("data:", "file:"))})
    browser.evaluate(AXE.read_text(encoding="utf-8"))
    rules, elements = browser.evaluate(BROKEN)
    return int(rules), int(elements), outside


def stock(notebook: Path, folder: Path) -> Path:
    """Turn an executed notebook into HTML as `jupyter nbconvert` does where nobody says how."""
    name = f"{notebook.stem}.stock.html"
    command = [sys.executable, "-W", "ignore", "-m", "nbconvert", "--to", "html", "--no-input", "--output", name, "--output-dir", str(folder), str(notebook)]
    subprocess.run(command, capture_output=True, check=True)
    return folder / name


def pairs(outputs: Path) -> list[tuple[Path, Path]]:
    """Give each executed notebook of a published quarter with the page that was made of it."""
    found = []
    for notebook in sorted((outputs / "notebooks").glob("*.ipynb")):
        page = notebook.with_suffix(".html") if not notebook.stem.startswith("05_report_") else outputs / f"{notebook.stem.removeprefix('05_report_')}.html"
        found += [(notebook, page)] if page.is_file() else []
    return found


def main() -> None:
    """Measure, and print both tables as Markdown."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--measures", nargs="*", type=int, default=[83, 1000])
    asked.add_argument("--repeat", type=int, default=5)
    asked.add_argument("--outputs", type=Path, default=HOME / "outputs" / "2016-17-Q2", help="a published quarter, for the comparison with nbconvert")
    wanted = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        browser = Browser(binary(), Path(folder))
        try:
            print("| measures | page | KB | first paint, ms | loaded, ms |\n|--:|---|--:|--:|--:|")
            for measures in wanted.measures:
                for page in sorted(published(Path(folder) / str(measures), measures).glob("*.html")):
                    first, loaded = timed(browser, page, wanted.repeat)
                    print(f"| {measures:,} | {page.name} | {page.stat().st_size / 1000:,.0f} | {first:,.0f} | {loaded:,.0f} |")
            print("\n| notebook | KB | nbconvert's KB | rules broken (elements) | nbconvert's | asks outside | nbconvert's |\n|---|--:|--:|--:|--:|--:|--:|")
            for notebook, page in pairs(wanted.outputs):
                plain = stock(notebook, Path(folder))
                (rules, elements, outside), (their_rules, their_elements, their_outside) = looked_at(browser, page), looked_at(browser, plain)
                sizes = f"{page.stat().st_size / 1000:,.0f} | {plain.stat().st_size / 1000:,.0f}"
                print(f"| {notebook.stem} | {sizes} | {rules} ({elements}) | {their_rules} ({their_elements}) | {outside} | {their_outside} |")
        finally:
            browser.close()


if __name__ == "__main__":
    main()
