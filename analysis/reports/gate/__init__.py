"""The gate: what every page must be before it is published. It reads the page itself, and needs no browser."""

from __future__ import annotations

from analysis.errors import WorkbookError
from analysis.reports.gate import document, figures, parts
from analysis.reports.gate.reading import Page, read

LOOKS = (
    document.declared,
    document.loading,
    document.running,
    document.headings,
    document.landmarks,
    document.references,
    document.colours,
    parts.tables,
    parts.lists,
    parts.operated,
    figures.pictures,
    figures.agreeing,
)
"""Each finds what is wrong with a page in one respect, as sentences that name the element and say what to do."""


class PageRefused(WorkbookError):
    """A page is not fit to be published."""

    exit_code = 1


def check(html: str, name: str) -> str:
    """
    Give a page back if it may be published.

    Args:
        html: the whole page.
        name: what the page is called in a fault.

    Raises:
        PageRefused: something is wrong with the page; every fault names its element and says what to do.
    """
    if problems := faults(html):
        raise PageRefused(name, problems, "The page is not published; the last one that was stays.")
    return html


def faults(html: str) -> list[str]:
    """
    Give everything that keeps a page from being published, in words; nothing where all is well.

    >>> faults('<img src="data:," alt="chart.png">')[-1]
    "an image is called 'chart.png': say in its alt what it shows"
    """
    page = read(html)
    return list(dict.fromkeys([*page.faults, *(fault for look in LOOKS for fault in look(page))]))


__all__ = ["LOOKS", "Page", "PageRefused", "check", "faults", "read"]
