"""A scorecard page by keyboard alone: every stop can be seen, receipts open and close, and rows are found, filtered and sorted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser import Browser
from conftest import Run

ACTIVE = """(() => {
  const on = document.activeElement, box = on.getBoundingClientRect(), look = getComputedStyle(on);
  return {tag: on.tagName.toLowerCase(), id: on.id, class: on.getAttribute('class') || '', href: on.getAttribute('href') || '', words: on.textContent.trim().replace(/\\s+/g, ' ').slice(0, 40),
    ring: on.matches(':focus-visible') && look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2 && !/^rgba\\(.*, 0\\)$/.test(look.outlineColor),
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth};
})()"""
"""What the keyboard is on, whether a ring shows it, and whether it is on the screen."""

RINGLESS = """[...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter(part => part.checkVisibility() && part.tabIndex >= 0).filter(part => {
  part.focus({focusVisible: true});
  const look = getComputedStyle(part);
  return document.activeElement !== part || look.outlineStyle === 'none' || parseFloat(look.outlineWidth) < 2;
}).map(part => part.tagName.toLowerCase() + ' "' + part.textContent.trim().slice(0, 40) + '"')"""
"""Everything that can be reached and shows no ring when it is."""

ROWS = "[...document.querySelectorAll('table.scorecard tbody tr')]"
SHOWN = f"{ROWS}.filter(row => row.getClientRects().length).map(row => row.textContent.replace(/\\s+/g, ' ').trim())"
ALL = f"{ROWS}.map(row => row.textContent.replace(/\\s+/g, ' ').trim())"
STATUS = "document.querySelector('.controls [role=status]').textContent"


@pytest.fixture
def scorecards(published: Run, browser: Browser) -> Browser:
    """Open the page of the chief executives, which has scorecards, anew."""
    browser.open(published.folder / "chief-executives.html", 1280)
    return browser


def walked(browser: Browser, wanted: str, most: int = 80) -> dict[str, Any]:
    """Press Tab until the keyboard is on what fits a selector; gives it."""
    for _ in range(most):
        browser.press("Tab")
        if browser.evaluate(f"document.activeElement.matches({wanted!r})"):
            return dict(browser.evaluate(ACTIVE))
    raise AssertionError(f"{wanted} is not reached by {most} times Tab")


def test_the_first_stop_skips_to_the_content(scorecards: Browser) -> None:
    """It comes first to a link that is seen as soon as it is reached, and Enter moves on to the content."""
    scorecards.press("Tab")
    first = scorecards.evaluate(ACTIVE)
    assert (first["tag"], first["class"], first["href"]) == ("a", "skip", "#content")
    assert (first["ring"], first["seen"]) == (True, True)
    scorecards.press("Enter")
    assert scorecards.evaluate("location.hash") == "#content"
    scorecards.press("Tab")
    assert scorecards.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_every_stop_is_seen(scorecards: Browser) -> None:
    """It shows a ring round what the keyboard is on, on the screen, at every one of the first 60 stops, and round all that come after."""
    stops = []
    for _ in range(60):
        scorecards.press("Tab")
        stops.append(scorecards.evaluate(ACTIVE))
    assert [stop for stop in stops if not (stop["ring"] and stop["seen"])] == []
    assert len({(stop["tag"], stop["id"], stop["href"], stop["words"]) for stop in stops}) > 30, "the keyboard should move on"
    assert scorecards.evaluate(RINGLESS) == []


def test_a_receipt_opens_and_closes(scorecards: Browser) -> None:
    """It opens on Enter the receipt that a figure leads to, closes it on Escape, and is back on the figure."""
    figure = walked(scorecards, 'a.receipt[href^="#receipt-"]', most=200)
    scorecards.press("Enter")
    card = "document.querySelector('dialog.receipt-card')"
    assert scorecards.evaluate(f"[{card}.open, {card}.contains(document.activeElement)]") == [True, True]
    name, *cells = scorecards.evaluate(f"[...document.getElementById({figure['href'][1:]!r}).cells].map(cell => cell.textContent.replace(/\\s+/g, ' ').trim())")
    assert scorecards.evaluate(f"{card}.querySelector('h2').textContent") == name
    assert len(list(filter(None, cells))) >= 2
    told = scorecards.evaluate(f"[...{card}.querySelectorAll('dd')].map(part => part.textContent.replace(/\\s+/g, ' ').trim())")
    assert [words for words in cells if words and words not in told] == []
    scorecards.press("Escape")
    assert scorecards.evaluate("document.querySelector('dialog.receipt-card').open") is False
    after = scorecards.evaluate(ACTIVE)
    assert (after["href"], after["words"]) == (figure["href"], figure["words"])


def test_the_keyboard_stays_in_an_open_receipt(scorecards: Browser) -> None:
    """It goes round within an open receipt, and never to the page behind it."""
    walked(scorecards, 'a.receipt[href^="#receipt-"]', most=200)
    scorecards.press("Enter")
    for _ in range(8):
        scorecards.press("Tab")
        assert scorecards.evaluate("document.activeElement === document.body || Boolean(document.activeElement.closest('dialog'))")


def test_a_measure_is_found(scorecards: Browser) -> None:
    """It shows the measures that hold what is typed, and says how many; what is taken back shows all again."""
    everything = scorecards.evaluate(ALL)
    assert scorecards.evaluate(SHOWN) == everything
    wanted = [row for row in everything if "council tax" in row.lower()]
    assert 0 < len(wanted) < len(everything)
    walked(scorecards, "input[type=search]#find")
    scorecards.write("council TAX")
    assert scorecards.evaluate(SHOWN) == wanted
    assert scorecards.evaluate(STATUS).startswith(f"{len(wanted)} of {len(everything)} measures")
    assert scorecards.evaluate("document.querySelector('.controls [role=status]').getClientRects().length") > 0
    walked(scorecards, "button.show-all")
    scorecards.press("Enter")
    assert scorecards.evaluate(SHOWN) == everything
    assert scorecards.evaluate(STATUS).startswith(f"{len(everything)} of {len(everything)} measures")


def test_nothing_found_is_said(scorecards: Browser) -> None:
    """It says that none is shown, and hides every table."""
    everything = scorecards.evaluate(ALL)
    walked(scorecards, "input[type=search]#find")
    scorecards.write("no measure is called so")
    assert scorecards.evaluate(SHOWN) == []
    assert scorecards.evaluate(STATUS).startswith(f"0 of {len(everything)} measures")


def test_a_status_is_filtered(scorecards: Browser) -> None:
    """It shows the measures of one status, of two, and all again, as its buttons are pressed."""
    everything = scorecards.evaluate(ALL)
    first = walked(scorecards, "button.band-filter[aria-pressed=false]")
    status, number = first["words"].rsplit(" ", 1)
    scorecards.press("Space")
    assert scorecards.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
    shown = scorecards.evaluate(SHOWN)
    assert len(shown) == int(number) == sum(row.startswith(status) for row in everything)
    assert all(row.startswith(status) for row in shown)
    assert scorecards.evaluate(STATUS).startswith(f"{number} of {len(everything)} measures")
    second = walked(scorecards, "button.band-filter[aria-pressed=false]", most=1)
    scorecards.press("Space")
    both = int(number) + int(second["words"].rsplit(" ", 1)[1])
    assert len(scorecards.evaluate(SHOWN)) == both
    scorecards.press("Space")
    assert scorecards.evaluate(SHOWN) == shown


def test_a_theme_is_chosen(scorecards: Browser) -> None:
    """It shows the measures of the theme that is chosen with the arrow keys."""
    everything = scorecards.evaluate(ALL)
    walked(scorecards, "select#find-theme")
    scorecards.press("ArrowDown")
    theme = scorecards.evaluate("document.activeElement.value")
    assert theme
    shown = scorecards.evaluate(SHOWN)
    assert 0 < len(shown) < len(everything)
    assert scorecards.evaluate("[...document.querySelectorAll('table.scorecard')].filter(table => table.getClientRects().length).length") == 1
    assert scorecards.evaluate(STATUS).startswith(f"{len(shown)} of {len(everything)} measures")


def test_rows_are_sorted(scorecards: Browser) -> None:
    """It puts the rows of a table in order by what its heading says, turns the order round, and says both."""
    names = "[...document.querySelectorAll('table.scorecard')][0].tBodies[0].rows"
    read = f"[...{names}].map(row => row.querySelector('th strong').textContent.trim())"
    before = scorecards.evaluate(read)
    button = walked(scorecards, "table.scorecard thead th button", most=120)
    while button["words"] != "Measure":
        button = walked(scorecards, "table.scorecard thead th button", most=1)
    order = "document.activeElement.closest('th').getAttribute('aria-sort')"
    assert scorecards.evaluate(order) is None
    scorecards.press("Enter")
    assert (scorecards.evaluate(order), scorecards.evaluate(read)) == ("ascending", sorted(before, key=str.lower))
    assert "sorted by measure" in scorecards.evaluate(STATUS)
    scorecards.press("Enter")
    assert scorecards.evaluate(order) == "descending"
    assert [name.lower() for name in scorecards.evaluate(read)] == sorted((name.lower() for name in before), reverse=True)
    assert scorecards.evaluate("document.querySelectorAll('[aria-sort]').length") == 1


RINGED = '<!DOCTYPE html><html lang="en"><head><title>T</title><style>{}</style></head><body><a href="#a">One</a><button>Two</button></body></html>'


@pytest.mark.parametrize(("style", "seen"), [("", []), ("button:focus{outline:none}", ['button "Two"']), ("a:focus{outline-width:1px}", ['a "One"'])])
def test_a_missing_ring_is_caught(browser: Browser, tmp_path: Path, style: str, seen: list[str]) -> None:
    """It finds what shows no ring in a page made so: the tests above can fail."""
    page = tmp_path / "ringed.html"
    page.write_text(RINGED.format(f":focus{{outline:3px solid}}{style}"), encoding="utf-8")
    browser.open(page, 1280)
    assert browser.evaluate(RINGLESS) == seen
