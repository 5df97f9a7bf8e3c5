"""
What a run costs, beside other ways to run the same notebooks on the same returns: one command, one table.

    python -m benchmarks.runs [--quarter 2016-17-Q1] [--repeat 3] [--quarters 40] [--rows 1000000] [--only start one many rows] [--write benchmarks/RESULTS.md]

Every entrant is a command of its own, timed from its start to its end; they take turns, so that what else the machine does falls on all alike.
Three turns take a quarter of an hour; the rows (`--only rows`, minutes more) are not among what is measured unasked. A run from nothing begins with empty folders of its own. The peers run in this same environment, with JupyterLab installed in it, as a user has it.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import nbformat

HOME = Path(__file__).resolve().parents[1]
NOTEBOOKS = HOME / "notebooks"
BIN = Path(sys.executable).parent
SCRIPT = (
    "import sys; from pathlib import Path; from analysis import libraries; libraries.lighten(); from benchmarks import plain_script; "
    "plain_script.main(sys.argv[1], *(Path(word).resolve() for word in sys.argv[2:]))"
)
"""The plain script, with libraries that load no more than the workbook lets them."""
WITHOUT_LAB = HOME / ".venv" / "bin"
"""The environment of `make report`, in which JupyterLab is not."""
THEMES = ("SYNTHETIC Streets", "SYNTHETIC Homes", "SYNTHETIC Council")
MEASURES = 30


@dataclass
class Entrant:
    """
    A way to do some work.

    Attributes:
        name: as the table has it.
        does: does it once, in an empty folder.
        ready: what is made ready first, which is not timed.
        most: how often at most; a slow peer need not be measured as often as it is mentioned.
        seconds: how long each time took.
        memory: the most that any process of it held, in MB.
    """

    name: str
    does: Callable[[Path], None]
    ready: Callable[[Path], None] = lambda _: None
    most: int = 1000
    seconds: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    def measure(self, folder: Path) -> None:
        """Do it once more."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.ready(folder)
        child = os.fork()  # a session of its own, by which its processes are known
        if not child:
            code = 1
            os.setsid()
            try:
                started = time.perf_counter()
                self.does(folder)
                (folder.parent / "told.json").write_text(json.dumps(time.perf_counter() - started), encoding="utf-8")
                code = 0
            finally:
                os._exit(code)
        most = 0.0
        while not (ended := os.waitpid(child, os.WNOHANG))[0]:
            most = max(most, _largest(child))
            time.sleep(0.2)
        if ended[1]:
            raise SystemExit(f"{self.name} failed")
        seconds = json.loads((folder.parent / "told.json").read_text(encoding="utf-8"))
        self.seconds.append(seconds)
        self.memory.append(most)
        print(f"  {self.name:<66}{seconds:8.2f} s", file=sys.stderr, flush=True)

    @property
    def median(self) -> float:
        """The time in the middle."""
        return statistics.median(self.seconds)


def _largest(session: int) -> float:
    """Give the most that a process of a session has held so far, in MB."""
    most = 0
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if int((path / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[3]) == session:
                held = next(line for line in (path / "status").read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM"))
                most = max(most, int(held.split()[1]))
        except (OSError, StopIteration):
            continue  # it has just ended
    return most / 1024


def command(*words: str | Path, cwd: Path = HOME, codes: Iterable[int] = (0,)) -> None:
    """Run a command quietly; one that fails ends the benchmark."""
    done = subprocess.run([str(word) for word in words], cwd=cwd, capture_output=True, encoding="utf-8", check=False)
    if done.returncode not in codes:
        print(done.stdout[-2000:], done.stderr[-4000:], file=sys.stderr)
        raise SystemExit(f"exit {done.returncode}: {' '.join(map(str, words))}")


def copied(folder: Path) -> None:
    """Copy the real returns and registers."""
    for name in ("raw", "reference"):
        shutil.copytree(HOME / "data" / name, folder / "data" / name)


def workbook(folder: Path, *words: str | Path, data: Path | None = None) -> None:
    """Run the workbook's own command; a held return is no failure of it."""
    command(BIN / "workbook", "run", *words, "--data", data or folder / "data", "--outputs", folder / "outputs", codes=(0, 3))


def notebooks(audiences: list[str]) -> list[tuple[Path, dict[str, str]]]:
    """Give what a user runs: four notebooks, and the fifth once for each audience."""
    found = sorted(NOTEBOOKS.glob("0*.ipynb"))
    return [(path, {}) for path in found[:-1]] + [(found[-1], {"audience": audience}) for audience in audiences]


# ---------------------------------------------------------------- peers


def by_commands(quarter: str, audiences: list[str], place: Path = BIN) -> Callable[[Path], None]:
    """Run papermill and jupyter nbconvert as commands, one notebook after another."""

    def does(folder: Path) -> None:
        for path, more in notebooks(audiences):
            made = folder / f"{path.stem}{more.get('audience', '')}.ipynb"
            given = {"quarter": quarter, "data": str(folder / "data")} | more
            words = [word for name, value in given.items() for word in ("-p", name, value)]
            command(place / "papermill", path, made, *words, "--cwd", NOTEBOOKS, "--no-progress-bar")
            command(place / "jupyter", "nbconvert", "--to", "html", "--no-input", made)

    return does


def _with_parameters(folder: Path, quarter: str, audiences: list[str]) -> list[Path]:
    """Write the notebooks with their parameters in place, for what cannot give any."""
    written = []
    for number, (path, more) in enumerate(notebooks(audiences)):
        notebook = nbformat.read(path, as_version=4)
        cell = next(cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", []))
        cell.source += "".join(f"\n{name} = {value!r}" for name, value in ({"quarter": quarter, "data": str(folder / "data")} | more).items())
        written.append(folder / f"n{number}_{path.stem[3:]}.ipynb")
        nbformat.write(notebook, written[-1])
    return written


def by_nbconvert(quarter: str, audiences: list[str]) -> Callable[[Path], None]:
    """Run each notebook by jupyter nbconvert --execute."""

    def does(folder: Path) -> None:
        for path in _with_parameters(folder, quarter, audiences):
            command(BIN / "jupyter", "nbconvert", "--execute", "--to", "html", "--no-input", path, cwd=folder)

    return does


def by_jupyter_cache(quarter: str, audiences: list[str]) -> Callable[[Path], None]:
    """Run the notebooks by jupyter-cache, and turn each into HTML."""

    def does(folder: Path) -> None:
        paths = _with_parameters(folder, quarter, audiences)
        cache = folder / "cache"
        command("sh", "-c", 'yes | "$0" "$@"', BIN / "jcache", "notebook", "-p", cache, "add", *paths, cwd=folder)  # it asks whether to make the cache
        command(BIN / "jcache", "project", "-p", cache, "execute", "--timeout", "300", cwd=folder)
        for number, path in enumerate(paths, start=1):
            command(BIN / "jcache", "notebook", "-p", cache, "merge", str(number), folder / f"done {path.name}", cwd=folder)
            command(BIN / "jupyter", "nbconvert", "--to", "html", "--no-input", folder / f"done {path.name}", cwd=folder)

    return does


def by_ploomber(quarter: str, audiences: list[str]) -> Callable[[Path], None]:
    """Run the notebooks as a pipeline of ploomber, whose products are HTML."""

    def does(folder: Path) -> None:
        tasks = []
        names: list[str] = []
        for (source, more), path in zip(notebooks(audiences), _with_parameters(folder, quarter, audiences), strict=True):
            beside = {"03_performance"} if source.stem == "04_reward_grant" else set()
            after = [name for name in names if not any(name.endswith(one[3:]) for one in beside)]
            notebook = nbformat.read(path, as_version=4)
            place = next(place for place, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", []))
            notebook.cells.insert(place, nbformat.v4.new_code_cell(f"upstream = {after or None!r}\nproduct = None", metadata={"tags": ["parameters"]}))
            notebook.cells[place + 1].metadata.tags = []
            nbformat.write(notebook, path)
            tasks.append({"source": path.name, "name": path.stem, "product": {"nb": f"done_{path.stem}.html"}})
            names += [] if more else [path.stem]
        (folder / "pipeline.yaml").write_text(json.dumps({"executor": "parallel", "tasks": tasks}), encoding="utf-8")
        command(BIN / "ploomber", "build", cwd=folder)

    return does


PEERS = {"ploomber": by_ploomber, "jupyter-cache": by_jupyter_cache}
"""Those that are measured once, where they are installed."""


# ---------------------------------------------------------------- SYNTHETIC quarters


def many_quarters(folder: Path, number: int) -> list[str]:
    """Write the returns of so many quarters of a SYNTHETIC partnership of three themes and thirty measures; gives the quarters."""
    real = HOME / "data" / "reference"
    keys = [f"{year}-{(year + 1) % 100:02d}-Q{quarter}" for year in range(2009, 2009 + number // 4 + 1) for quarter in range(1, 5)][:number]
    register = [["measure_id", "theme", "number", "measure", "polarity", "unit", "kind", "policy", "equalities", "kind_basis"]]
    for place in range(MEASURES):
        theme = THEMES[place % 3]
        title = f"SYNTHETIC share of requests of kind {place + 1} dealt with in time (%)"
        register.append([f"{theme.split()[1]} {place // 3 + 1}", theme, str(place // 3 + 1), title, "higher", "percent", "snapshot", "five-band", "no", ""])
    with (real / "audiences.csv").open(encoding="utf-8") as file:
        audiences = [row for row in csv.reader(file) if row[0] in {"audience", "joint-analysis-group", "chief-executives", "data-quality"}]
    files = {
        "reference/partnership.toml": 'name = "SYNTHETIC Partnership"\nlanguage = "en-GB"\n',
        "reference/measures.csv": _csv(register),
        "reference/themes.csv": _csv([["theme", "code", "order"], *([theme, theme.split()[1], str(order)] for order, theme in enumerate(THEMES, start=1))]),
        "reference/groups.csv": "group,slug,aliases\nSYNTHETIC Group,synthetic-group,\n",
        "reference/awards.csv": "project,round,kind,return_name\n",
        "reference/policies.csv": (real / "policies.csv").read_text(encoding="utf-8"),
        "reference/audiences.csv": _csv(audiences),
    }
    for at, key in enumerate(keys):
        for theme in THEMES:
            head = [["SYNTHETIC performance return"], ["Partner", f"{theme} Council"], ["Quarter", f"{key[-2:]} {key[:4]}/{key[5:7]}"], []]
            rows = [
                [row[1], row[2], row[3], "Higher", "80%", f"{70 + (place * 7 + at * 5) % 25}.{(place + at) % 10}%", ""]
                for place, row in enumerate(register[1:])
                if row[1] == theme
            ]
            files[f"raw/{key}/{theme.split()[1].lower()}.csv"] = _csv([*head, ["Theme", "No", "Measure", "Good", "Target", "Actual", "RAG status"], *rows])
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return keys


def _csv(rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


# ---------------------------------------------------------------- what is measured


def in_turns(entrants: list[Entrant], repeat: int, folder: Path) -> None:
    """Measure each once, then each a second time, and so on."""
    for turn in range(repeat):
        for entrant in entrants:
            if turn < entrant.most:
                entrant.measure(folder / "turn")


def one_quarter(quarter: str, repeat: int, folder: Path) -> list[str]:
    """Measure one quarter from nothing, by the workbook and by its peers; and again with nothing changed, and with one return changed."""
    first, kept = folder / "turn", folder / "kept"  # where every entrant works, so that a copy that is put back there is what it was
    copied(first)
    workbook(first, quarter)
    first.rename(kept)
    audiences = [path.stem.removeprefix("05_report_") for path in sorted((kept / "outputs" / quarter / "notebooks").glob("05_report_*.ipynb"))]
    with_figures = next(path for path in sorted((HOME / "data" / "raw" / quarter).rglob("*.csv")) if b"%" in path.read_bytes())
    inside = with_figures.relative_to(HOME / "data")

    def published(folder_: Path) -> None:
        folder_.rmdir()
        shutil.copytree(kept, folder_)

    def published_and_changed(folder_: Path) -> None:
        published(folder_)
        target = folder_ / "data" / inside
        target.write_bytes(target.read_bytes().replace(b"%", b" %", 1))

    shown = f"{quarter}, {len(audiences)} pages"
    nothing = Entrant(f"workbook, nothing cached ({shown})", lambda folder_: workbook(folder_, quarter), copied)
    one_core = Entrant("workbook, nothing cached, --jobs 1", lambda folder_: workbook(folder_, quarter, "--jobs", "1"), copied, most=3)
    script = Entrant("one plain script", lambda folder_: command(sys.executable, "-c", SCRIPT, quarter, folder_ / "data", folder_ / "outputs"), copied)
    commands = Entrant("papermill + jupyter nbconvert commands", by_commands(quarter, audiences), copied)
    bare = Entrant("the same commands, JupyterLab not installed", by_commands(quarter, audiences, WITHOUT_LAB), copied, most=1)
    converts = Entrant("jupyter nbconvert --execute commands", by_nbconvert(quarter, audiences), copied, most=1)
    unchanged = Entrant("workbook, nothing changed", lambda folder_: workbook(folder_, quarter), published)
    one_changed = Entrant("workbook, one partner's return changed", lambda folder_: workbook(folder_, quarter), published_and_changed)
    kernels = Entrant("workbook --kernels, nothing cached", lambda folder_: workbook(folder_, quarter, "--kernels"), copied, most=1)
    peers = [Entrant(name, by(quarter, audiences), copied, most=1) for name, by in PEERS.items() if _installed(name)]
    others = [bare] if (WITHOUT_LAB / "papermill").exists() else []
    entrants = [nothing, script, commands, unchanged, one_changed, one_core, kernels, *others, converts, *peers]
    in_turns(entrants, repeat, folder)
    return [
        *_table(entrants, nothing),
        "",
        f"- Commands one by one against nothing cached: **{commands.median / nothing.median:.1f} times** its time (at least 7 wanted).",
        f"- Nothing cached against one plain script: **{nothing.median / script.median:.2f}** of its time (at most 1.15 wanted); with one job {one_core.median / script.median:.2f}.",
        f"- Nothing changed: **{nothing.median / unchanged.median:.0f} times** faster than nothing cached (30 wanted), {unchanged.median:.2f} s (1.2 wanted).",
        f"- One return changed: **{nothing.median / one_changed.median:.1f} times** faster than nothing cached (3 wanted).",
    ]


def quarters(number: int, folder: Path) -> list[str]:
    """Measure a back-run of many quarters, and three of them by commands, from which that of all is reckoned."""
    made = folder / "many"
    keys = many_quarters(made, number)
    few = Entrant(
        "workbook, the last 4 of them", lambda folder_: workbook(folder_, "--from", keys[-4], data=folder_ / "data"), lambda folder_: _put(made, folder_)
    )
    every = Entrant(f"workbook, all {number}", lambda folder_: workbook(folder_, "--from", keys[0], data=folder_ / "data"), lambda folder_: _put(made, folder_))
    audiences = ["chief-executives", "data-quality", "joint-analysis-group"]
    middle = keys[number // 2]
    one = Entrant(f"papermill + jupyter nbconvert commands, {middle} alone", by_commands(middle, audiences), lambda folder_: _put(made, folder_))
    in_turns([few, every, one], 1, folder)
    reckoned = number * one.median
    return [
        *_table([every, few, one], every),
        "",
        f"- {number} x the commands, reckoned from the quarter in the middle: {reckoned:,.0f} s, **{reckoned / every.median:.1f} times** the back-run's (20 wanted).",
        f"- The most that one process held: {every.memory[0]:,.0f} MB for {number} quarters, {few.memory[0]:,.0f} MB for 4.",
    ]


def _put(made: Path, folder: Path) -> None:
    shutil.copytree(made, folder / "data")


def start(quarter: str, repeat: int, folder: Path) -> list[str]:
    """Measure how soon the command answers."""
    kept = folder / "kept"
    copied(kept)
    workbook(kept, quarter)

    def looks(word: str, data: str) -> Callable[[Path], None]:
        return lambda folder_: command(BIN / "workbook", word, quarter, "--data", (kept if data == "kept" else folder_) / "data", codes=(0, 3))

    bare = Entrant("python -c pass", lambda _: command(sys.executable, "-c", "pass"))
    asks = [
        Entrant("workbook --help", lambda _: command(BIN / "workbook", "--help")),
        Entrant(f"workbook status {quarter}, published before", looks("status", "kept")),
        Entrant(f"workbook check {quarter}, published before", looks("check", "kept")),
        Entrant(f"workbook check {quarter}, for the first time", looks("check", "new"), copied),
    ]
    in_turns([bare, *asks], max(repeat, 5), folder)
    return [
        *_table([bare, *asks], bare),
        "",
        f"- `workbook --help`: **{1000 * (asks[0].median - bare.median):.0f} ms** more than `python -c pass` (at most 150 wanted).",
    ]


def rows(number: int, repeat: int) -> list[str]:
    """Measure reading and checking so many rows beside plain pandas written for speed, by the benchmark that is for that."""
    words = [sys.executable, "-W", "ignore", "-m", "benchmarks.rows", "--rows", str(number), "--runs", str(repeat)]
    return subprocess.run(words, cwd=HOME, capture_output=True, encoding="utf-8", check=True).stdout.splitlines()


# ---------------------------------------------------------------- the table


def _table(entrants: list[Entrant], against: Entrant) -> list[str]:
    lines = [f"| | median s | from | to | times | most MB in a process | {against.name} = 1 |", "|---|---:|---:|---:|---:|---:|---:|"]
    for one in entrants:
        numbers = f"{one.median:.2f} | {min(one.seconds):.2f} | {max(one.seconds):.2f} | {len(one.seconds)} | {max(one.memory):,.0f}"
        lines.append(f"| {one.name} | {numbers} | {one.median / against.median:.2f} |")
    return lines


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def machine() -> str:
    """Name the machine and the versions that matter."""
    words = Path("/proc/cpuinfo").read_text(encoding="utf-8") if Path("/proc/cpuinfo").exists() else ""
    model = next((line.partition(":")[2].strip() for line in words.splitlines() if line.startswith("model name")), platform.processor() or "unknown processor")
    packages = [name for name in ("pandas", "great-expectations", "papermill", "nbconvert", "jupyterlab", "ipykernel", *PEERS) if _installed(name)]
    named = ", ".join(f"{name} {version(name)}" for name in packages)
    return f"{len(os.sched_getaffinity(0))} cores of {model}, {platform.system()}, CPython {platform.python_version()}; {named}."


PARTS = ("start", "one", "many", "rows")


def main() -> None:
    """Measure what is asked for, and print or write one text."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quarter", default="2016-17-Q1")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--quarters", type=int, default=40)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS[:3])
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    started = time.monotonic()
    parts = {
        "one": ("One quarter", lambda folder: one_quarter(asked.quarter, asked.repeat, folder)),
        "many": ("Many quarters", lambda folder: quarters(asked.quarters, folder)),
        "start": ("Start", lambda folder: start(asked.quarter, asked.repeat, folder)),
        "rows": ("Rows", lambda _: rows(asked.rows, 1)),
    }
    told = [f"On {machine()}"]
    with tempfile.TemporaryDirectory() as kept:
        for name in asked.only:
            title, does = parts[name]
            told += ["", f"### {title}", "", *does(Path(kept) / name)]
    told += ["", f"All of it took {(time.monotonic() - started) / 60:.1f} minutes."]
    text = "\n".join(told) + "\n"
    print(text)
    if asked.write:
        asked.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
