"""Headless Chromium for the tests that look at pages: pages opened, asked, typed into and printed, over a pair of pipes."""

from __future__ import annotations

import base64
import json
import os
import selectors
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

import pytest

from analysis.cli import lab
from analysis.errors import AskedWrongly

NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 90
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

KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, "Space": 32, "ArrowDown": 40}
"""Keys that a test presses -> their codes."""
_TYPED = {"Enter": "\r", "Space": " "}


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
        self.ask("Emulation.setFocusEmulationEnabled", enabled=True)

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

    def open(self, page: Path, width: int, *, script: bool = True) -> None:
        """Open a page at a width, with or without the script in it; what it asks for and complains of is kept from here on."""
        self.visit(page.as_uri(), width, script=script)

    def visit(self, address: str, width: int, *, height: int = 800, script: bool = True) -> None:
        """Open whatever has an address, as a page is opened."""
        self.ask("Page.navigate", url="about:blank")
        self.ask("Emulation.setEmulatedMedia", media="")
        self.ask("Emulation.setScriptExecutionDisabled", value=not script)
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self._events.clear()
        self.ask("Page.navigate", url=address)
        until = time.monotonic() + PATIENCE
        while not any(event.get("method") == "Page.loadEventFired" for event in self._events):
            self._events.append(self._next(until))

    def evaluate(self, expression: str) -> Any:
        """Give what an expression is in the page, and wait for what it promises."""
        answer = self.ask("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait_for(self, expression: str, seconds: float = PATIENCE) -> None:
        """Wait until an expression holds in the page."""
        until = time.monotonic() + seconds
        while not self.evaluate(f"Boolean({expression})"):
            if time.monotonic() > until:
                raise TimeoutError(f"after {seconds:.0f} s this does not hold: {expression}")
            time.sleep(0.1)

    def click(self, selector: str, *, times: int = 1) -> None:
        """Click, with the mouse, the middle of the first element in sight that a selector finds."""
        found = f"[...document.querySelectorAll({json.dumps(selector)})].find(part => part.checkVisibility() && part.getClientRects().length)"
        self.wait_for(found)
        self.evaluate(f"{found}.scrollIntoView({{block: 'nearest'}})")
        box = self.evaluate(f"{found}.getBoundingClientRect().toJSON()")
        at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        self.ask("Input.dispatchMouseEvent", type="mouseMoved", **at)
        for count in range(1, times + 1):
            for what in ("mousePressed", "mouseReleased"):
                self.ask("Input.dispatchMouseEvent", type=what, button="left", clickCount=count, **at)

    def picture(self) -> bytes:
        """Give what is in sight, as PNG."""
        return base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"])

    def requests(self) -> list[str]:
        """Give every address that was asked for since the page was opened, also those of sockets."""
        asked = [event["params"]["request"]["url"] for event in self._events if event.get("method") == "Network.requestWillBeSent"]
        return asked + [event["params"]["url"] for event in self._events if event.get("method") == "Network.webSocketCreated"]

    def complaints(self) -> list[str]:
        """Give what stands on the console in red since the page was opened, and what the page's own policy blocked."""
        return [words for event in self._events if (words := _complaint(event.get("method", ""), event.get("params", {})))]

    def press(self, key: str, *, times: int = 1) -> None:
        """Press a key of the keyboard and let go of it."""
        text = {"text": _TYPED[key]} if key in _TYPED else {}
        named = {"key": " " if key == "Space" else key, "code": key, "windowsVirtualKeyCode": KEYS[key]}
        for _ in range(times):
            self.ask("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **named, **text)
            self.ask("Input.dispatchKeyEvent", type="keyUp", **named)

    def write(self, text: str) -> None:
        """Type a text where the keyboard is."""
        self.ask("Input.insertText", text=text)

    def printed(self) -> bytes:
        """Give the open page as it is printed, as PDF."""
        stream = self.ask("Page.printToPDF", preferCSSPageSize=True, printBackground=True, transferMode="ReturnAsBase64")
        return base64.b64decode(stream["data"])


def _complaint(method: str, told: dict[str, Any]) -> str:
    if method == "Log.entryAdded" and (told["entry"]["level"] == "error" or told["entry"]["source"] in {"security", "violation"}):
        return " ".join(filter(None, (told["entry"]["text"], told["entry"].get("url", "") if told["entry"]["source"] == "network" else "")))
    if method == "Runtime.exceptionThrown":
        return str(told["exceptionDetails"]["text"])
    if method == "Runtime.consoleAPICalled" and told["type"] in {"error", "assert"}:
        return " ".join(str(part.get("value", "")) for part in told["args"])
    if method == "Audits.issueAdded" and told["issue"]["code"] in {"ContentSecurityPolicyIssue", "MixedContentIssue"}:
        details = told["issue"]["details"].get("contentSecurityPolicyIssueDetails", {})
        return f"{told['issue']['code']}: {details.get('violatedDirective', '')} {details.get('blockedURL', '')}".strip()
    return ""


def binary() -> str:
    """Give the browser's command; without one a test skips by name, but in CI it fails."""
    found = next((path for name in NAMES if (path := shutil.which(name))), "")
    return found or _missing(f"no browser: none of {', '.join(NAMES)} is on the path")


def axe() -> str:
    """Give the source of axe-core; where `make test` could not fetch it a test skips by name, but in CI it fails."""
    return AXE.read_text(encoding="utf-8") if AXE.is_file() else _missing("no axe-core: npm was not there to fetch it for `make test`")


def jupyterlab() -> Path:
    """Give the command of JupyterLab; where `make test` could not install it a test skips by name, but in CI it fails."""
    try:
        return lab.installed()
    except AskedWrongly as fault:
        return _missing(str(fault))


def _missing(what: str) -> NoReturn:
    if os.environ.get("CI", "").casefold() == "true":
        pytest.fail(f"{what}, and this is CI")
    pytest.skip(what)


AXE = Path(__file__).resolve().parents[1] / ".axe" / "axe.min.js"
