"""A notebook that is run in this process gives what it gives in a kernel, byte for byte; what only a kernel has is told, never passed over."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from test_workbook import in_a_kernel, in_forks

from analysis.engine import can_fork
from analysis.workbook import Step

pytestmark = pytest.mark.skipif(not can_fork(), reason="no process is forked here: every notebook has a kernel")

PLAIN = {
    "prints": 'print("a")\nprint("b", end="")\nprint("c")',
    "prints to both streams in turns": (
        'import sys\nfor number in range(3):\n    print("out", number, flush=True)\n    print("err", number, file=sys.stderr, flush=True)'
    ),
    "prints nothing": 'print("", end="")',
    "prints much": 'print("x" * 200_000)',
    "carriage returns": 'print("a\\rb")\nprint("c\\bd", "\\x1b[31mred")',
    "last expression": '"a\\nb"',
    "last is nothing": "None",
    "last is kept silent": "1 + 1;",
    "assignment": "kept = 3",
    "what went before": "kept, _",
    "empty": "",
    "only a comment": "# only a comment",
    "markdown": "## Markdown",
    "several forms": (
        "class Forms:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n"
        '        return {"text/plain": "p", "text/html": "<p>é</p>", "application/json": {"a": [1, None]}}, {"text/html": {"isolated": True}}\nForms()'
    ),
    "an SVG": 'class Drawing:\n    def __repr__(self):\n        return "d"\n    def _repr_svg_(self):\n        return "<svg role=\'img\'/>"\nDrawing()',
    "an SVG in a bundle": 'class Chart:\n    def _repr_mimebundle_(self, **_):\n        return {"image/svg+xml": "<svg/>", "text/plain": "c"}\nChart()',
    "a frame": 'import pandas as pd\npd.DataFrame({"a": [1, 2]})',
    "not ASCII": 'print("£ \\u2013 é 𠮷 \\u2212")\n"£𠮷"',
    "magic": "%precision 3\n1 / 3",
    "captured": "%%capture caught\nprint(1)",
    "what was captured": "caught.stdout",
    "redirected": 'import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as text:\n    print("a")\ntext.getvalue()',
    "in a thread": 'import threading\nthread = threading.Thread(target=print, args=("from a thread",))\nthread.start(); thread.join()',
    "awaits": "import asyncio\nawait asyncio.sleep(0)\n5",
    "logs": 'import logging\nlogging.warning("careful")',
    "its module": '__name__, __import__("__main__").kept',
    "pickles": "import pickle\nclass One:\n    pass\npickle.loads(pickle.dumps(One())).__class__.__name__",
    "prompts": "In[3][:5], len(In)",
}
DISPLAYED = {
    "display": 'from IPython.display import display\ndisplay("x", 1)',
    "display without asking for it": 'display({"a": 1})',
    "display in a function": 'def shows():\n    display("inner")\n    return "outer"\nshows()',
    "displays between prints": 'print("a")\ndisplay(1)\nprint("b")\n3',
    "display of HTML": 'from IPython.display import HTML, display\ndisplay(HTML("<b>é</b>"))\nHTML("<i>x</i>")',
    "display with its own data": 'display(HTML("<b>x</b>"), metadata={"a": 1})',
    "display of several forms": 'display({"text/plain": "x", "image/svg+xml": "<svg/>", "text/html": "<b>1</b>"}, raw=True)',
    "display of an SVG": "from IPython.display import SVG\ndisplay(SVG(\"<svg xmlns='http://www.w3.org/2000/svg'/>\"))",
    "magic that displays": "%%html\n<b>x</b>",
    "cleared": 'from IPython.display import clear_output\nprint("gone")\ndisplay("gone")\nclear_output()\nprint("stays")',
    "cleared when something follows": 'print("gone")\nclear_output(wait=True)\nprint("stays")',
    "to be cleared and nothing follows": 'print("stays")\nclear_output(wait=True)',
    "its shell": "from IPython import get_ipython\nget_ipython() is not None",
    "a display that is changed": 'handle = display("one", display_id="k")\nhandle is not None and handle.update("two")',
}
BYTES = {
    "a picture": 'class Picture:\n    def __repr__(self):\n        return "p"\n    def _repr_png_(self):\n        return b"\\x89PNG\\r\\n\\x1a\\nxx"\nPicture()',
}
ELSEWHERE = {
    "prints by another way": 'import os\nos.write(1, b"raw\\n");',
    "a program that prints": 'import subprocess\nsubprocess.run(["echo", "child"])\nNone',
    "a stream kept from another cell": "import sys\nkept_stream = sys.stdout",
    "prints to the kept stream": 'print("late", file=kept_stream)',
    "a plot": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
}
"""What a kernel puts among a cell's outputs and this process does not, without a word."""
MISSING = {
    "asks": 'input("Which?")',
    "unknown magic": "%connect_info",
    "leaves by quit": "quit()",
    "leaves by exit": "exit",
}
"""What only a kernel has, and what must be told if it is used here."""


def written(path: Path, cells: dict[str, str]) -> Step:
    """Write a notebook of these cells, each named by its place."""
    made = [new_markdown_cell(source) if source.startswith("##") else new_code_cell(source) for source in cells.values()]
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    tiny = new_notebook(cells=made, metadata=spec)
    for number, cell in enumerate(tiny.cells):
        cell["id"] = f"tiny-{number}"
    nbformat.write(tiny, path)
    return Step(path, {}, path.stem)


def by_name(path: Path, cells: dict[str, str]) -> dict[str, Any]:
    """Give what each cell of an executed notebook shows, and its number."""
    executed = nbformat.read(path, as_version=4).cells
    return {name: (cell.get("outputs"), cell.get("execution_count")) for name, cell in zip(cells, executed, strict=True)}


GROUPS = {"plain": PLAIN, "displayed": DISPLAYED, "bytes": BYTES, "elsewhere": ELSEWHERE}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run each notebook in this process and in a kernel; gives the folder in which here/ and kernel/ are kept."""
    base = tmp_path_factory.mktemp("both")
    steps = [written(base / f"{name}.ipynb", cells) for name, cells in GROUPS.items()]
    in_forks(steps, base / "here")
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(in_a_kernel, steps, [base / "kernel"] * len(steps)))
    return base


def cases(*groups: str) -> list[Any]:
    """Give every cell of the groups as a case."""
    return [pytest.param(group, name, id=name) for group in groups for name in GROUPS[group]]


@pytest.mark.parametrize(("group", "name"), cases("plain", "displayed", "bytes"))
def test_a_cell_shows_what_it_shows_in_a_kernel(group: str, name: str, both: Path) -> None:
    """It keeps the same outputs, in the same order and forms, with the same number."""
    here, kernel = (by_name(both / way / f"{group}.ipynb", GROUPS[group])[name] for way in ("here", "kernel"))
    assert here == kernel


@pytest.mark.parametrize("group", ["plain", "displayed", "bytes"])
def test_a_notebook_is_the_same_bytes_as_by_a_kernel(group: str, both: Path) -> None:
    """It writes the same file, metadata and numbers included."""
    assert (both / "here" / f"{group}.ipynb").read_bytes() == (both / "kernel" / f"{group}.ipynb").read_bytes()


def test_the_outputs_are_those_that_were_meant(both: Path) -> None:
    """It keeps what the cells give as worked out by hand: two equal ways could both be wrong."""
    shown = by_name(both / "here" / "plain.ipynb", PLAIN)
    assert shown["prints"] == ([{"output_type": "stream", "name": "stdout", "text": "a\nbc\n"}], 1)
    turns = [(output["name"], output["text"]) for output in shown["prints to both streams in turns"][0]]
    assert turns == [pair for number in range(3) for pair in (("stdout", f"out {number}\n"), ("stderr", f"err {number}\n"))]
    assert [output["data"] for output in shown["last expression"][0]] == [{"text/plain": "'a\\nb'"}]
    assert shown["last is nothing"][0] == shown["last is kept silent"][0] == shown["assignment"][0] == []
    assert shown["what went before"][0][0]["data"] == {"text/plain": "(3, 'a\\nb')"}  # what was kept silent is not the last result
    assert (shown["empty"], shown["markdown"]) == (([], None), (None, None))
    assert shown["an SVG"][0][0]["data"] == {"image/svg+xml": "<svg role='img'/>", "text/plain": "d"}


def test_streams_keep_the_order_in_which_they_were_printed(tmp_path: Path) -> None:
    """It keeps turns between the streams that nobody flushed, where a kernel puts one stream before the other."""
    cells = {"turns": 'import sys\nprint("a")\nprint("b", file=sys.stderr)\nprint("c")'}
    in_forks([written(tmp_path / "turns.ipynb", cells)], tmp_path / "here")
    outputs, _ = by_name(tmp_path / "here" / "turns.ipynb", cells)["turns"]
    assert [(output["name"], output["text"]) for output in outputs] == [("stdout", "a\n"), ("stderr", "b\n"), ("stdout", "c\n")]


LOST = ("prints by another way", "a program that prints", "prints to the kept stream", "a plot")


@pytest.mark.parametrize("name", LOST)
def test_nothing_that_a_kernel_shows_is_lost(name: str, both: Path) -> None:
    """It shows what a kernel would among the same cell's outputs, or fails the notebook."""
    here, kernel = (by_name(both / way / "elsewhere.ipynb", ELSEWHERE)[name][0] for way in ("here", "kernel"))
    assert [output.get("name", sorted(output.get("data", ()))) for output in here] == [output.get("name", sorted(output.get("data", ()))) for output in kernel]


def test_what_only_a_kernel_has_is_told(tmp_path: Path) -> None:
    """It fails a notebook that asks a question, uses a kernel's own magic, or leaves by quit, rather than going on."""
    steps = [written(tmp_path / f"{name.replace(' ', '_')}.ipynb", {"a": source, "b": "1"}) for name, source in MISSING.items()]
    found = in_forks(steps, tmp_path / "here")
    assert {name: type(fault).__name__ for name, fault in found.items()} == {asked.name: "NotebookFailed" for asked in steps}
