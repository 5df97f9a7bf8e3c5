"""
What a result was made from, by fingerprint: the record that says whether it is still up to date, and if not, why.

Nothing here imports what it fingerprints: modules are read as text, libraries are told by the names of their folders. So asking costs
milliseconds, and an answer is never older than the files.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from analysis.folders import available

HOME = Path(__file__).parent.parent
_FORMAT = 1
_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+(analysis(?:\.\w+)*)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)|import[ \t]+(analysis(?:\.\w+)*))", re.MULTILINE)

Prints = Mapping[str, str]
"""What something is made from: a name that a reader knows -> the SHA-256 of its bytes."""


def fingerprint(path: Path) -> str:
    """Give the SHA-256 of a file's bytes; what cannot be read has one too, so that it is seen when it can."""
    try:
        about = path.stat()
        return _of_bytes(path, about.st_mtime_ns, about.st_size, about.st_ino)
    except OSError as fault:
        return f"not read: {fault.strerror}"


@lru_cache(maxsize=10_000)
def _of_bytes(path: Path, *_: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def one_of(prints: Prints) -> str:
    """
    Give one fingerprint for many.

    >>> one_of({"a": "1", "b": "2"}) == one_of({"b": "2", "a": "1"}) != one_of({"a": "2", "b": "1"})
    True
    """
    return hashlib.sha256(json.dumps(sorted(prints.items())).encode()).hexdigest()


# ---------------------------------------------------------------- what there is


def returns(data: Path, quarter: str) -> dict[str, str]:
    """
    Give every file of the returns of a quarter and of those before it; an empty folder too, as it is a quarter.

    The forms that were sent out for a quarter count as well: what comes back is held against them.
    """
    found = {}
    for of in available(data):
        if of > quarter:
            continue
        folder = data / "raw" / of
        found[f"returns {of}"] = ""
        found |= {f"return {of}/{_place(path, folder)}": _of_return(path) for path in sorted(folder.rglob("*")) if not path.is_dir() or path.is_symlink()}
        sent_out = data / "forms" / of
        found |= {f"form {of}/{_place(path, sent_out)}": fingerprint(path) for path in sorted(sent_out.glob("[!.~]*.xlsx"))}
    return found


def _place(path: Path, folder: Path) -> str:
    """Give a file's place in a folder as text, also where its name is none."""
    return path.relative_to(folder).as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _of_return(path: Path) -> str:
    return f"link to {path.readlink()}: {fingerprint(path)}" if path.is_symlink() else fingerprint(path)


def registers(data: Path) -> dict[str, str]:
    """Give every register of a data folder."""
    folder = data / "reference"
    return {f"register {_place(path, folder)}": fingerprint(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def frames(data: Path, quarter: str) -> dict[str, str]:
    """Give every processed frame of a quarter."""
    return {f"frame {path.stem}": fingerprint(path) for path in sorted((data / "processed" / quarter).glob("[!.]*.parquet"))}


def files(folder: Path) -> dict[str, str]:
    """Give every file of a published folder."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): fingerprint(path) for path in found}


@cache
def own() -> dict[str, str]:
    """Give the workbook's own parts: its code with what lies beside it, its expectations, and the libraries that it runs on."""
    parts = [path for path in sorted((HOME / "analysis").rglob("*")) if path.is_file() and path.suffix != ".pyc"]
    parts += sorted((HOME / "expectations").glob("*.json"))
    found = {f"code {path.relative_to(HOME).as_posix()}": fingerprint(path) for path in parts}
    installed = {entry.stem for place in sys.path if place.endswith("-packages") for entry in Path(place).glob("*.dist-info")}
    return found | {"Python": sys.version, "libraries": one_of(dict.fromkeys(installed, ""))}


@cache
def _imports() -> dict[str, tuple[str, frozenset[str]]]:
    """Give each module of the workbook -> the name of its file, and the modules that it imports anywhere in it."""
    paths = {".".join(path.relative_to(HOME).with_suffix("").parts).removesuffix(".__init__"): path for path in (HOME / "analysis").rglob("*.py")}
    named = {name: _named_in(path.read_text(encoding="utf-8")) for name, path in paths.items()}
    return {name: (f"code {paths[name].relative_to(HOME).as_posix()}", frozenset(named[name] & paths.keys())) for name in paths}


def _named_in(source: str) -> set[str]:
    """Give the modules that a source imports; of `from a import b` both a and a.b, as b may be either a module or a name in one."""
    found = set()
    for match in _IMPORT.finditer(source):
        module = match[1] or match[3]
        found |= {".".join(module.split(".")[:far]) for far in range(1, module.count(".") + 2)}
        found |= {f"{module}.{name}" for name in re.findall(r"(\w+)(?:[ \t]+as[ \t]+\w+)?", match[2] or "")}
    return found


@cache
def reached(source: str, also: tuple[str, ...] = ()) -> dict[str, str]:
    """
    Give the modules of the workbook that a source reaches, by whatever way, and what lies beside them.

    Args:
        source: Python, such as the cells of a notebook.
        also: names of modules that count as reached as well.

    Returns:
        Name -> fingerprint, with the libraries; the page's assets where a report is reached, the suites where expectations are.
    """
    imports = _imports()
    left, seen = (_named_in(source) | {*also}) & imports.keys(), set[str]()
    while left:
        seen |= left
        left = {name for one in left for name in imports[one][1]} - seen
    everything = own()
    names = {imports[name][0] for name in seen} | {"Python", "libraries"}
    names |= {name for name in everything if name.startswith("code analysis/assets/") and "analysis.reports" in seen}
    names |= {name for name in everything if name.startswith("code expectations/") and "analysis.expectations" in seen}
    return {name: everything[name] for name in names}


def notebook(path: Path) -> dict[str, str]:
    """Give a notebook's own source, and the rooms that it reaches."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    source = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    also = ("analysis.workbook.executing", "analysis.workbook.shell", "analysis.reports.page", "analysis.cli.running")
    return {f"notebook {path.name}": fingerprint(path)} | reached(source, also)


def look_again() -> None:
    """Forget what the workbook's own parts were, for a process that outlives a change of them."""
    for asked in (own, _imports, reached):
        asked.cache_clear()


# ---------------------------------------------------------------- the record


@dataclass
class Made:
    """
    The record of a published quarter.

    Attributes:
        inputs: everything that it was made from, but frames.
        steps: step -> what it was made from, as one fingerprint.
        wrote: step -> the frames that it wrote and the files that it published, with their fingerprints.
        outputs: every published file.
        frames: every processed frame.
        said: what the run said at its end, to be said again.
        held: whether something of the returns is held.
    """

    inputs: dict[str, str] = field(default_factory=dict)
    steps: dict[str, str] = field(default_factory=dict)
    wrote: dict[str, dict[str, str]] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    frames: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    held: bool = False

    def write(self, outputs: Path, quarter: str) -> None:
        """Keep the record beside the published folder; one that a kill leaves older than the folder says other fingerprints than its files have."""
        kept = _record(outputs, quarter)
        beside = kept.with_suffix(".new")
        beside.write_text(json.dumps(vars(self) | {"format": _FORMAT}, ensure_ascii=False, indent=0), encoding="utf-8")
        beside.replace(kept)


def _record(outputs: Path, quarter: str) -> Path:
    return outputs / f".{quarter}.made-from.json"


def forget(outputs: Path, quarter: str) -> None:
    """Remove the record of a quarter: its next run runs all of it."""
    _record(outputs, quarter).unlink(missing_ok=True)


def made(outputs: Path, quarter: str) -> Made | None:
    """Give the record of a published quarter; None where there is none that can be read."""
    try:
        kept = json.loads(_record(outputs, quarter).read_text(encoding="utf-8"))
        found = Made(**kept) if kept.pop("format") == _FORMAT else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return found if found and _is_whole(found) else None


def _is_whole(found: Made) -> bool:
    """Say whether a record holds what a record does: another program's file may have its names."""
    if not isinstance(found.wrote, dict) or not isinstance(found.said, list) or not isinstance(found.held, bool):
        return False
    prints = [found.inputs, found.steps, found.outputs, found.frames, *found.wrote.values()]
    texts = [*found.said, *(print_ for one in prints if isinstance(one, dict) for print_ in one.values())]
    return all(isinstance(one, dict) for one in prints) and all(isinstance(text, str) for text in texts)


def changed(before: Prints, now: Prints, most: int = 2) -> str:
    """
    Say what differs, by name.

    >>> changed({"frame scores": "1", "Python": "3"}, {"frame scores": "2", "Python": "3"})
    'frame scores changed'
    >>> changed({"a": "1", "b": "1", "c": "1"}, {"b": "2", "c": "2", "d": "2"})
    'a is gone, b changed and 2 more'
    """
    names = sorted({*before, *now})
    told = [
        f"{name} is gone" if name not in now else f"{name} is new" if name not in before else f"{name} changed"
        for name in names
        if before.get(name) != now.get(name)
    ]
    return ", ".join(told[:most]) + (f" and {len(told) - most} more" if len(told) > most else "")


def up_to_date(before: Made | None, inputs: Prints, folder: Path, data: Path, quarter: str) -> bool:
    """Say whether a published quarter is what its inputs make, and stands as it was left, with its frames."""
    return before is not None and before.inputs == inputs and before.outputs == files(folder) and before.frames == frames(data, quarter)
