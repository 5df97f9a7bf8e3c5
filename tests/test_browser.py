"""Each published page in a real browser: it stands alone, says nothing on the console, and fits a phone."""

from __future__ import annotations

import json
import os
import selectors
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from conftest import Run

NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDTHS = (1280, 390, 320)
PATIENCE = 30
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage", "--disable-extensions", "--disable-default-apps", "--hide-scrollbars", "--mute-audio",
    "--proxy-server=127.0.0.1:9", "--remote-debugging-pipe",
)  # fmt: skip

ON_3_AND_4 = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
for number, end in zip((3, 4), ends):
    os.dup2(end, number)
    os.close(end)
os.execvp(sys.argv[3], sys.argv[3:])
"""
"""Becomes the browser, with the pipes where it looks for them."""

LOOK = """(async () => {
  if (UNFOLD) document.querySelectorAll('details').forEach(part => part.open = true);
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


@dataclass
class Seen:
    """What a page did in the browser at one width."""

    width: int
    look: dict[str, Any]
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def faults(self, address: str) -> list[str]:
        """Give what is wrong with it, in words; nothing where all is well."""
        look = self.look
        found = [f"asks for {asked[:120]}" for asked in self.requests if asked != address and not asked.startswith("data:")]
        found += [f"complains: {complaint}" for complaint in self.complaints]
        found += [] if look["title"].strip() else ["has no title"]
        found += [] if look["language"] else ["has no language"]
        found += [] if look["h1"] == 1 else [f"has {look['h1']} h1"]
        found += [f"is {look['scroll']} px wide in {look['wide']}: {'; '.join(look['over'])}"] if look["scroll"] > look["wide"] or look["over"] else []
        found += [f"font {font} was not loaded" for font in look["fonts"]]
        found += [f"image {alt!r} was not shown" for alt in look["images"]]
        return [f"at {self.width} px: {fault}" for fault in found]


class Browser:
    """Headless Chromium, asked in the DevTools protocol over a pair of pipes: no port, no library, no network."""

    def __init__(self, binary: str, folder: Path) -> None:
        """Start it with a new profile."""
        commands, self._say = os.pipe()
        self._hear, answers = os.pipe()
        started = [sys.executable, "-c", ON_3_AND_4, str(commands), str(answers), binary, *FLAGS, f"--user-data-dir={folder / 'profile'}", "about:blank"]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(started, env=os.environ | {"HOME": str(folder)}, pass_fds=(commands, answers), **quiet)
        os.close(commands)
        os.close(answers)
        self._number, self._heard, self._events = 0, b"", list[dict[str, Any]]()
        self._waiting = selectors.DefaultSelector()
        self._waiting.register(self._hear, selectors.EVENT_READ)
        self._session = ""
        try:
            self._attach()
        except BaseException:
            self.close()
            raise

    def _attach(self) -> None:
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log", "Audits"):
            self.ask(f"{domain}.enable")

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._waiting.close()
        os.close(self._say)
        os.close(self._hear)

    def _next(self, until: float) -> dict[str, Any]:
        while b"\0" not in self._heard:
            if not self._waiting.select(max(until - time.monotonic(), 0)):
                raise TimeoutError(f"the browser said nothing for {PATIENCE} s")
            more = os.read(self._hear, 1 << 20)
            if not more:
                raise ConnectionError("the browser ended")
            self._heard += more
        message, _, self._heard = self._heard.partition(b"\0")
        told: dict[str, Any] = json.loads(message)
        return told

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Ask one thing and give the answer; what happens meanwhile is kept."""
        self._number += 1
        question: dict[str, Any] = {"id": self._number, "method": method, "params": parameters} | ({"sessionId": self._session} if self._session else {})
        os.write(self._say, json.dumps(question).encode() + b"\0")
        until = time.monotonic() + PATIENCE
        while (told := self._next(until)).get("id") != self._number:
            self._events.append(told)
        if "error" in told:
            raise RuntimeError(f"{method}: {told['error']}")
        answer: dict[str, Any] = told["result"]
        return answer

    def faults(self, page: Path) -> list[str]:
        """Open a page at each width and give what is wrong with it, folded as it comes and then unfolded."""
        seen = [seen for width in WIDTHS for seen in self._open(page, width)]
        return list(dict.fromkeys(fault for one in seen for fault in one.faults(page.as_uri())))

    def _open(self, page: Path, width: int) -> list[Seen]:
        self.ask("Page.navigate", url="about:blank")
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
        self._events.clear()
        self.ask("Page.navigate", url=page.as_uri())
        until = time.monotonic() + PATIENCE
        while not any(event.get("method") == "Page.loadEventFired" for event in self._events):
            self._events.append(self._next(until))
        folded, unfolded = Seen(width, self._look("false")), Seen(width, self._look("true"))
        for event in self._events:
            _note(unfolded, event.get("method", ""), event.get("params", {}))
        return [folded, unfolded]

    def _look(self, unfold: str) -> dict[str, Any]:
        answer = self.ask("Runtime.evaluate", expression=LOOK.replace("UNFOLD", unfold), awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        look: dict[str, Any] = answer["result"]["value"]
        return look


def _note(seen: Seen, method: str, told: dict[str, Any]) -> None:
    """Take down a request, or what stands on the console in red, or what the page's own policy blocked."""
    if method == "Network.requestWillBeSent":
        seen.requests.append(told["request"]["url"])
    elif method == "Log.entryAdded" and (told["entry"]["level"] == "error" or told["entry"]["source"] in ("security", "violation")):
        seen.complaints.append(told["entry"]["text"])
    elif method == "Runtime.exceptionThrown":
        seen.complaints.append(told["exceptionDetails"]["text"])
    elif method == "Runtime.consoleAPICalled" and told["type"] in ("error", "assert"):
        seen.complaints.append(" ".join(str(part.get("value", "")) for part in told["args"]))
    elif method == "Audits.issueAdded" and told["issue"]["code"] in ("ContentSecurityPolicyIssue", "MixedContentIssue"):
        details = told["issue"]["details"].get("contentSecurityPolicyIssueDetails", {})
        seen.complaints.append(f"{told['issue']['code']}: {details.get('violatedDirective', '')} {details.get('blockedURL', '')}".strip())


def binary() -> str:
    """Give the browser's command; without one a test skips by name, but in CI it fails."""
    found = next((path for name in NAMES if (path := shutil.which(name))), "")
    if not found and os.environ.get("CI", "").casefold() == "true":
        pytest.fail(f"no browser in CI: none of {', '.join(NAMES)} is on the path")
    if not found:
        pytest.skip(f"no browser: none of {', '.join(NAMES)} is on the path")
    return found


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Give a browser for all pages."""
    started = Browser(binary(), tmp_path_factory.mktemp("browser"))
    yield started
    started.close()


@pytest.mark.parametrize("name", ["published", "published_grant", "published_recession", "bad", "synthetic", "example"])
def test_every_page_stands_alone_and_fits(request: pytest.FixtureRequest, browser: Browser, name: str) -> None:
    """It opens each page at 1280, 390 and 320 px: no request, no complaint, a title, one h1, no sideways scrolling, folded and unfolded."""
    run: Run = request.getfixturevalue(name)
    pages = [page for page in sorted(run.folder.rglob("*.html")) if not page.name.startswith("05_report")]  # those hold what the audience's page holds
    assert len(pages) >= 6  # the index, an audience, four notebooks
    faults = [f"{page.relative_to(run.folder).as_posix()} {fault}" for page in pages for fault in browser.faults(page)]
    assert faults == [], "\n" + "\n".join(faults)


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
    """It sees each fault that it looks for, in a page made to have it: the test above can fail."""
    page = tmp_path / "faulty.html"
    page.write_text(GOOD.format(head, body), encoding="utf-8")
    found = browser.faults(page)
    assert [fault for fault in found if told in fault], found


def test_a_faultless_page_passes(browser: Browser, tmp_path: Path) -> None:
    """It finds nothing wrong with a page that has nothing wrong, a wide table that scrolls in its own box included."""
    page = tmp_path / "good.html"
    page.write_text(GOOD.format("", '<div style="overflow-x: auto"><table style="width: 900px"><tr><td>x</table></div>'), encoding="utf-8")
    assert browser.faults(page) == []


def test_a_missing_browser_fails_in_ci_and_skips_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not let CI pass without having looked at a page."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no browser in CI"):
        binary()
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match="no browser"):
        binary()
