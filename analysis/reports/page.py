"""An executed notebook -> one offline page. The only door to nbconvert."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import Any

from analysis.quarters import label
from analysis.reports.gate import check
from analysis.reports.report import Report
from analysis.reports.rewritten import rewritten
from analysis.tables import marks_once

_LONG = 1_500_000
"""A page of more characters leaves the laying out of what is out of sight until it is scrolled to: hundreds of measures take seconds otherwise."""
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
        PageRefused: the page does not pass the gate.
    """
    heading = next((re.match(r"# (.*)", cell.source) for cell in notebook.cells if cell.cell_type == "markdown"), None)
    about = {
        "language": report.registers.language,
        "title": title or f"{heading[1] if heading else 'Notebook'}: {label(report.quarter)}{' (provisional)' if len(report.held) else ''}",
        "css": stylesheet(),
        "script": script(),
        "script_hash": fingerprint(script()),
        "running": _in_style(f"{report.registers.name}. {title}") if title else "",
        "is_report": bool(title),
        "partnership": report.registers.name,
    }
    page = marks_once(_mended(_exported(notebook, about)))
    return check(page.replace("<body", '<body class="long"', 1) if len(page) > _LONG and "<body class" not in page else page, about["title"])


def ready() -> None:
    """Make the exporter and the style sheet, which serve every page of this process."""
    _exporter()
    stylesheet()


def _exported(notebook: Any, about: dict[str, Any]) -> str:
    """Give a notebook in the page's template, as nbconvert's parser writes it: without it where the page is plain, which is many times as quick."""
    from nbconvert.exporters.templateexporter import TemplateExporter

    exporter = _exporter()
    html, _ = TemplateExporter.from_notebook_node(exporter, notebook, resources={"page": about})
    written = rewritten(html)
    return written if written is not None else str(exporter.from_notebook_node(notebook, resources={"page": about})[0])


@cache
def _exporter() -> Any:
    """Give the exporter with the report's template, read once."""
    from nbconvert import HTMLExporter
    from nbconvert.preprocessors import TagRemovePreprocessor

    assets = files("analysis").joinpath("assets")
    exporter = HTMLExporter(template_name="report", extra_template_basedirs=[str(assets)], exclude_input=True)
    exporter.register_preprocessor(TagRemovePreprocessor(remove_cell_tags={NOTEBOOK_ONLY}), enabled=True)
    return exporter


def _in_style(text: str) -> str:
    r"""
    Give a text as a style sheet may quote it: whatever is not a letter, a digit or a plain mark is escaped.

    >>> _in_style('Board "#1" (url)')
    'Board \\22 \\23 1\\22  \\28 url\\29 '
    """
    return re.sub(r"[^\w .,:;\u2013\u2019-]", lambda mark: f"\\{ord(mark[0]):x} ", text)


def _mended(html: str) -> str:
    """Give drawings back what nbconvert's parser took: the case of viewBox, which strict readers need, and short closings."""
    html = re.sub(r"(<svg\b[^>]*?\s)viewbox=", r"\1viewBox=", html)
    return re.sub(r"<(path|circle|rect|line|polyline|use)(\s[^<>]*?)></\1>", r"<\1\2/>", html)


def script() -> str:
    """Give the report's script, which only adds: receipts opened beside their figures, finding, filtering and sorting. Without it everything is there."""
    return files("analysis").joinpath("assets/report/report.js").read_text(encoding="utf-8")


def fingerprint(text: str) -> str:
    """
    Give the name under which a page's policy lets one script run and no other.

    >>> fingerprint("")
    'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
    """
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def stylesheet() -> str:
    """Give the report's style sheet with its fonts inside it."""
    assets = files("analysis").joinpath("assets")
    css = assets.joinpath("report/report.css").read_text(encoding="utf-8")
    for weight in ("400", "600"):
        font = assets.joinpath(f"fonts/source-sans-3-{weight}.woff2").read_bytes()
        css = css.replace(f"FONT-{weight}", f"data:font/woff2;base64,{base64.b64encode(font).decode()}")
    return css
