"""An executed notebook -> one offline page. The only door to nbconvert."""

from __future__ import annotations

import base64
import re
from importlib.resources import files
from typing import Any

from analysis.errors import WorkbookError
from analysis.quarters import label
from analysis.reports.report import Report

_ASKS = re.compile(
    r"<(?:script|link|img|image|iframe|object|embed|video|audio|source|track|use)\b[^>]*?\s(?:xlink:)?(?:src|href|data|poster|srcset)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+)"
    r"|\ssrcset\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+)|url\(([^)]*)\)|@import\s+([^;]*)",
    re.IGNORECASE,
)
"""Every way in which a page could ask for something."""
_MARKUP = re.compile(r"<style[^>]*>(.*?)</style>|(<[^>]*>)", re.IGNORECASE | re.DOTALL)
"""What of a page is not text: style sheets and tags."""

NOTEBOOK_ONLY = "notebook-only"
"""The tag of cells that are for those at the notebook, not for readers of the page."""


def render(notebook: Any, report: Report, title: str = "") -> str:
    """
    Give an executed notebook as a page: no code, nothing from outside, its language and title set.

    Args:
        notebook: the executed notebook.
        report: the report that the page shows.
        title: the page's title; a notebook that is not an audience's report is called by its own heading.

    Raises:
        WorkbookError: the page would need something from outside, or holds an image without words.
    """
    from nbconvert import HTMLExporter
    from nbconvert.preprocessors import TagRemovePreprocessor

    assets = files("analysis").joinpath("assets")
    exporter = HTMLExporter(template_name="report", extra_template_basedirs=[str(assets)], exclude_input=True)
    exporter.register_preprocessor(TagRemovePreprocessor(remove_cell_tags={NOTEBOOK_ONLY}), enabled=True)
    heading = next((re.match(r"# (.*)", cell.source) for cell in notebook.cells if cell.cell_type == "markdown"), None)
    about = {
        "language": report.registers.language,
        "title": title or f"{heading[1] if heading else 'Notebook'}: {label(report.quarter)}{' (provisional)' if len(report.held) else ''}",
        "css": stylesheet(),
        "is_report": bool(title),
        "partnership": report.registers.name,
    }
    html, _ = exporter.from_notebook_node(notebook, resources={"page": about})
    return check(_mended(html), about["title"])


def _mended(html: str) -> str:
    """Give drawings back what nbconvert's parser took: the case of viewBox, which strict readers need, and short closings."""
    html = re.sub(r"(<svg\b[^>]*?\s)viewbox=", r"\1viewBox=", html)
    return re.sub(r"<(path|circle|rect|line|polyline|use)(\s[^<>]*?)></\1>", r"<\1\2/>", html)


def stylesheet() -> str:
    """Give the report's style sheet with its fonts inside it."""
    assets = files("analysis").joinpath("assets")
    css = assets.joinpath("report/report.css").read_text(encoding="utf-8")
    for weight in ("400", "600"):
        font = assets.joinpath(f"fonts/source-sans-3-{weight}.woff2").read_bytes()
        css = css.replace(f"FONT-{weight}", f"data:font/woff2;base64,{base64.b64encode(font).decode()}")
    return css


def check(html: str, name: str) -> str:
    """
    Give a page back if it stands alone.

    Raises:
        WorkbookError: it loads something from outside, has an image without words, or repeats an id.

    >>> check('<img src="x.png">', "p")
    Traceback (most recent call last):
    ...
    analysis.errors.WorkbookError: p: 2 problems
      - loads x.png from outside the page
      - an image has no words
    """
    markup = "\n".join(part for found in _MARKUP.finditer(html) for part in found.groups() if part)  # a text that says url(...) asks for nothing
    asked = [next(filter(None, found.groups()), "").strip(" \"'") for found in _ASKS.finditer(markup)]
    problems = [f"loads {address or 'something'} from outside the page" for address in asked if not address.startswith(("data:", "#"))]
    problems += ["an image has no words" for tag in re.findall(r"<img\b[^>]*>", markup, re.IGNORECASE) if not re.search(r'\salt="[^"]+"', tag, re.IGNORECASE)]
    problems += [
        f"a link leads to {name!r}, which is not in the page"
        for name in sorted(set(re.findall(r'href="#([^"]+)"', html)) - set(re.findall(r'\sid="([^"]+)"', html)))
    ]
    ids = re.findall(r'<[^>]*\sid="([^"]+)"', html)
    problems += [f"id {repeated!r} stands twice" for repeated in sorted({found for found in ids if ids.count(found) > 1})] if len(ids) != len(set(ids)) else []
    if problems:
        raise WorkbookError(name, problems)
    return html
