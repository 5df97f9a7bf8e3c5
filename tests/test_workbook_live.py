"""What a kernel gets for whoever works in it by hand, in processes of their own: edited rooms taken up, wrong questions told in words."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import HOUSE

START = """
import sys
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
shell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
shell.run_cell("%load_ext analysis.workbook.live")
def edit(room, before, after):
    path = f"{sys.argv[1]}/analysis/{room}.py"
    text = open(path, encoding="utf-8").read()
    assert text.count(before) == 1, before
    open(path, "w", encoding="utf-8").write(text.replace(before, after))
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Give a copy of the rooms, to be edited."""
    shutil.copytree(HOUSE / "analysis", tmp_path / "analysis", ignore=shutil.ignore_patterns("__pycache__", "fonts"))
    return tmp_path


def told(house: Path, script: str) -> tuple[str, str]:
    """Run a script after a kernel's shell has begun with the extension; give what it printed, and what it complained of."""
    whole = os.environ | {"PYTHONPATH": str(house), "IPYTHONDIR": str(house / "ipython"), "NO_COLOR": "1"}
    ran = subprocess.run([sys.executable, "-c", START + script, house], cwd=house, env=whole, capture_output=True, encoding="utf-8", check=True, timeout=120)
    return ran.stdout, ran.stderr


def test_what_a_room_remembers_or_gave_away_is_made_anew(house: Path) -> None:
    """It takes up a function that remembers its answers, by its own name, by its room's, and where another room has taken it from there."""
    script = """
shell.run_cell("from analysis import markup\\nfrom analysis.charts import drawing\\nfrom analysis.markup import slug\\n_ = slug('A b')")
edit("markup", 'return re.sub(r"[^a-z0-9]+", "-"', 'return re.sub(r"[^a-z0-9]+", "_"')
shell.run_cell("print(slug('A b'), markup.slug('A b'), drawing.slug('A b'))")
"""
    assert told(house, script) == ("a_b a_b a_b\n", "")


def test_what_was_made_before_stays(house: Path) -> None:
    """It leaves values as they are, and names that stand for nothing of a room."""
    script = """
shell.run_cell("import json\\nfrom analysis.markup import Html\\nkept = Html('<b>')\\nbefore = id(kept), id(json)")
edit("markup", 'return {"text/html": str(self), "text/plain": f"(HTML, {len(self)} characters)"}', 'return {"text/plain": "other"}')
shell.run_cell("print(before == (id(kept), id(json)), type(kept) is Html, Html('x')._repr_mimebundle_())")
"""
    assert told(house, script) == ("True False {'text/plain': 'other'}\n", "")


def test_a_room_half_edited_is_told_and_the_kernel_goes_on(house: Path) -> None:
    """It says what cannot be loaded, runs the cell with what was there before, and takes the room up once it is whole."""
    script = """
shell.run_cell("from analysis.markup import slug")
edit("markup", "def slug(text: str) -> str:", "def slug(text: str -> str:")
shell.run_cell("print(slug('A b'))")
edit("markup", "def slug(text: str -> str:", "def slug(text: str) -> str:\\n    return 'mended'\\n")
shell.run_cell("print(slug('A b'))")
"""
    out, err = told(house, script)
    assert out == "a-b\nmended\n"
    assert err.startswith("An edited room cannot be loaded, so what was there before goes on: SyntaxError: ")
    assert err.count("\n") == 1


def test_what_was_asked_wrongly_is_told_in_words(house: Path) -> None:
    """It shows the error as it is worded, without a traceback, also after rooms were loaded again."""
    script = """
shell.run_cell("from analysis import quarters\\nquarters.ordinal('soon')")
edit("markup", "Give the part of an id", "Give a part of an id")
shell.run_cell("quarters.ordinal('late')")
"""
    words = "'{}': 1 problem\n  - is not a quarter\n  A quarter is written 2016-17-Q2.\n"
    assert told(house, script) == (words.format("soon") + words.format("late"), "")


def test_a_fault_of_the_workbook_keeps_its_traceback(house: Path) -> None:
    """It shows the way through the code for an error that is not a person's to put right."""
    out, _ = told(house, "shell.run_cell(\"from analysis.errors import FrameError\\nraise FrameError('frame', ['broken'])\")")
    assert "Traceback" in out
