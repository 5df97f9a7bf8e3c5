"""JupyterLab in a real browser, as an analyst has it: opened by the command, all five notebooks run by its menu, and a room edited meanwhile."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from browser import PATIENCE, Browser, binary, jupyterlab
from conftest import HOUSE, copied, network_guard

NOTEBOOKS = ("01_returns", "02_quality", "03_performance", "04_reward_grant", "05_report")
DRAWN = ("02_quality", "03_performance", "05_report")
"""Those that draw something of 2016-17-Q2: where cells of sheets went, and charts. That quarter's returns hold no grant."""
PARTS = ("analysis", "docs", "expectations", "notebooks", "README.md")
NOTHING, OTHERWISE = "have nothing for this", "say nothing of this"
"""What a section says of which a quarter has nothing, and what an analyst makes of it."""

PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
KERNEL_WAITS = "document.querySelector('#jp-main-statusbar').textContent.includes('| Idle')"
ALL_RAN = f"""(last => {{
  const cells = [...document.querySelectorAll('{PANEL} .jp-CodeCell')];
  return document.querySelector('{PANEL} .jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle'
    && ([...cells.at(-1).querySelectorAll('.jp-OutputPrompt')].some(prompt => prompt.textContent === `[${{last}}]:`) || document.querySelector('{PANEL} [data-mime-type*="vnd.jupyter.error"]'));
}})"""
LOOK = f"""[...document.querySelectorAll('{PANEL} .jp-CodeCell')].map(cell => ({{
  open: !cell.querySelector('.jp-InputPlaceholder'), source: cell.querySelector('.jp-InputArea')?.textContent ?? '', shown: [...cell.querySelectorAll('.jp-OutputArea-output')].map(part => part.innerHTML),
  words: [...cell.querySelectorAll('.jp-OutputArea-output')].map(part => part.textContent).join(), tables: cell.querySelectorAll('table').length,
  drawings: cell.querySelectorAll('svg.chart, svg.panel-chart, svg.map').length,
  noise: [...cell.querySelectorAll('[data-mime-type^="application/vnd.jupyter"]')].map(part => part.textContent),
}}))"""
OPENED = """({
  tabs: [...document.querySelectorAll('.lm-DockPanel-tabBar .lm-TabBar-tabLabel')].map(tab => tab.textContent),
  heading: document.querySelector('.jp-MarkdownViewer h1').textContent,
  contents: [...document.querySelectorAll('.jp-tocItem')].filter(item => item.checkVisibility()).length,
  toasts: document.querySelectorAll('.Toastify__toast').length,
  size: getComputedStyle(document.documentElement).getPropertyValue('--jp-content-font-size1').trim(),
})"""
PAINTED = f"""(() => {{
  const cell = document.querySelector('{PANEL} .jp-RenderedHTML td:not(.numbers)'), heading = document.querySelector('{PANEL} .jp-RenderedHTML thead th:not(.numbers)');
  return [cell, heading].map(part => getComputedStyle(part)).map(style => [style.fontFamily.split(',')[0], style.textAlign]);
}})()"""

Cell = dict[str, Any]


@dataclass
class Seen:
    """What an analyst saw: the first page; each notebook after Run All; one after a second; one after a room was edited; what was asked for and complained of."""

    opened: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, list[Cell]] = field(default_factory=dict)
    again: list[Cell] = field(default_factory=list)
    edited: list[Cell] = field(default_factory=list)
    painted: list[list[str]] = field(default_factory=list)
    frames: list[dict[str, str]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    guard: Path = Path()
    home: Path = Path()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the workbook, to run and to edit, with an empty home of its user beside it."""
    folder = tmp_path_factory.mktemp("lab") / "workbook"
    folder.mkdir()
    for name in PARTS:
        if (HOUSE / name).is_dir():
            shutil.copytree(HOUSE / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
        else:
            shutil.copyfile(HOUSE / name, folder / name)
    copied(HOUSE / "data", folder / "data")
    (folder.parent / "home").mkdir()
    return folder


@pytest.fixture(scope="module")
def address(house: Path) -> Iterator[str]:
    """Start JupyterLab as a user does, with every connection but to this machine refused, and give the address that it opens."""
    jupyterlab()
    guarded = network_guard(house.parent / "guard")
    own = {"PYTHONPATH": os.pathsep.join((guarded["PYTHONPATH"], str(house))), "HOME": str(house.parent / "home"), "NETWORK_GUARD": guarded["NETWORK_GUARD"]}
    with (house.parent / "said").open("w", encoding="utf-8") as said:
        server = subprocess.Popen(
            [sys.executable, "-m", "analysis", "lab", "--no-browser", "--port", "8900"],
            cwd=house,
            env=os.environ | own,
            stdout=said,
            stderr=said,
            stdin=subprocess.DEVNULL,
        )
    try:
        until = time.monotonic() + PATIENCE
        while not (found := list((house / ".lab" / "runtime").glob("jpserver-*.json"))):
            assert server.poll() is None, (house.parent / "said").read_text(encoding="utf-8")
            assert time.monotonic() < until, (house.parent / "said").read_text(encoding="utf-8")
            time.sleep(0.1)
        about = json.loads(found[0].read_text(encoding="utf-8"))
        yield f"http://127.0.0.1:{about['port']}/lab?token={about['token']}"
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(PATIENCE)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Give a browser of its own: Lab asks before it is left, and would keep a browser for all pages waiting."""
    started = Browser(binary(), tmp_path_factory.mktemp("browser"))
    yield started
    started.close()


@pytest.fixture(scope="module")
def seen(browser: Browser, address: str, house: Path) -> Seen:
    """Work as an analyst does: open, run all five in order, one of them twice, edit a room, run another again."""
    told = Seen(guard=house.parent / "guard", home=house.parent / "home")
    browser.visit(address, 1440, height=900)
    browser.wait_for("document.querySelector('.jp-MarkdownViewer .jp-RenderedMarkdown h1')")
    browser.wait_for(f"(opened => opened.contents > 1 && (window.opened = opened))({OPENED})")  # what is kept is what was waited for, as contents come and go
    told.opened = browser.evaluate("window.opened")
    browser.click(".lm-TabBar-tab[data-id='filebrowser']")
    for name in NOTEBOOKS:
        browser.click(f".jp-DirListing-item[title*='Name: {name}']", times=2)
        told.cells[name] = run_all(browser, house / "notebooks" / f"{name}.ipynb")
        if name == "03_performance":
            told.painted = browser.evaluate(PAINTED)
            told.frames.append(frames(house))
            told.again = run_all(browser, house / "notebooks" / f"{name}.ipynb", times=2)
            told.frames.append(frames(house))
    edit(house / "analysis" / "reports" / "__init__.py")
    browser.click(".lm-DockPanel-tabBar .lm-TabBar-tab[title*='04_reward_grant']")
    told.edited = run_all(browser, house / "notebooks" / "04_reward_grant.ipynb", times=2)
    told.requests, told.complaints = browser.requests(), browser.complaints()
    return told


def run_all(browser: Browser, notebook: Path, times: int = 1) -> list[Cell]:
    """Choose Run All in the menu, wait until every cell of the notebook in front has run, by now so many times, and give what stands there."""
    stored = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    cells = sum(cell["cell_type"] == "code" for cell in stored)
    in_front = f"document.querySelector('.lm-mod-current.jp-mod-current')?.textContent.includes('{notebook.name}')"
    browser.wait_for(f"{in_front} && document.querySelectorAll('{PANEL} .jp-CodeCell').length === {cells} && {KERNEL_WAITS}")
    browser.click(".lm-MenuBar-item:nth-child(4)")
    browser.click(".lm-Menu-item[data-command='runmenu:run-all']")
    browser.wait_for(f"{ALL_RAN}({times * cells})")
    return list(browser.evaluate(LOOK))


def frames(house: Path) -> dict[str, str]:
    """Give the fingerprint of each processed frame."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted((house / "data" / "processed").rglob("*.parquet"))}


def edit(room: Path) -> None:
    """Change some words in a room."""
    text = room.read_text(encoding="utf-8")
    assert text.count(NOTHING) == 1
    room.write_text(text.replace(NOTHING, OTHERWISE), encoding="utf-8")


def test_lab_opens_on_the_readme_with_the_contents_beside_it(seen: Seen) -> None:
    """It shows the README as a page, the first notebook behind it and the table of contents, in a size that can be read; no news is offered."""
    assert seen.opened["tabs"] == ["README.md", "01_returns.ipynb"]
    assert seen.opened["heading"].startswith("Quarterly performance workbook")
    assert seen.opened["contents"] > 1
    assert (seen.opened["size"], seen.opened["toasts"]) == ("15px", 0)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_code_is_folded_away_but_for_the_parameters(name: str, seen: Seen) -> None:
    """It shows one cell of code, in which the quarter is typed."""
    opened = [cell["source"] for cell in seen.cells[name] if cell["open"]]
    assert ["2016-17-Q2" in source for source in opened] == [True]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_run_all_shows_results_and_nothing_else(name: str, seen: Seen) -> None:
    """It ends with tables, and drawings where the quarter has something to draw; no error, no warning, nothing printed."""
    assert [cell["noise"] for cell in seen.cells[name]] == [[]] * len(seen.cells[name])
    assert sum(cell["tables"] for cell in seen.cells[name]) > 0
    assert (sum(cell["drawings"] for cell in seen.cells[name]) > 0) == (name in DRAWN)


def test_the_last_notebook_shows_the_report(seen: Seen) -> None:
    """It ends with the page of the quarter that was typed."""
    assert "Q2 2016/17" in seen.cells["05_report"][-2]["words"]
    assert "measures that can be scored met their target" in seen.cells["05_report"][-1]["words"]


def test_tables_look_as_they_do_in_the_report(seen: Seen) -> None:
    """It sets them in the report's own typeface, words to the left, in place of JupyterLab's style."""
    assert seen.painted == [['"Source Sans 3"', "left"], ['"Source Sans 3"', "left"]]


def test_a_second_run_all_changes_nothing(seen: Seen) -> None:
    """It shows the same, and leaves every processed frame as it was to the byte."""
    first, second = seen.frames
    assert first
    assert second == first
    assert [cell["shown"] for cell in seen.again] == [cell["shown"] for cell in seen.cells["03_performance"]]


def test_an_edited_room_is_taken_up(seen: Seen) -> None:
    """It shows the new words at the next Run All, in the same kernel; a table of functions in the room does not hold the old ones."""
    before = [cell["words"] for cell in seen.cells["04_reward_grant"] if NOTHING in cell["words"]]
    after = [cell["words"] for cell in seen.edited if OTHERWISE in cell["words"]]
    assert before
    assert len(after) == len(before)
    assert [cell["words"] for cell in seen.edited if NOTHING in cell["words"]] == []


def test_nothing_is_asked_of_another_machine(seen: Seen) -> None:
    """It asks only this machine, in the browser as in the server and the kernels."""
    assert len(seen.requests) > 100
    assert {host for asked in seen.requests if (host := urlsplit(asked).hostname)} == {"127.0.0.1"}
    assert "jupyter-lab" in (seen.guard / "guarded").read_text(encoding="utf-8")
    assert "ipykernel_launcher" in (seen.guard / "guarded").read_text(encoding="utf-8")
    assert not (seen.guard / "attempts").exists()


def test_the_console_stays_empty(seen: Seen) -> None:
    """It complains of nothing; JupyterLab itself looks for the README's picture in a wrong place before it knows the right one."""
    assert [words for words in seen.complaints if not words.endswith("/docs/report.png")] == []


def test_the_users_own_profile_is_left_alone(seen: Seen) -> None:
    """It writes no setting of JupyterLab or IPython into the user's home."""
    assert [path.name for path in seen.home.rglob("*") if "jupyter" in path.name or "ipython" in path.name] == []


def test_the_terminal_has_nothing_to_worry_about(seen: Seen, house: Path) -> None:
    """It warns of nothing there that an analyst could do nothing about."""
    said = (house.parent / "said").read_text(encoding="utf-8")
    assert "http://127.0.0.1:" in said
    assert [line for line in said.splitlines() if line.startswith("[E") or "websocket" in line] == []
