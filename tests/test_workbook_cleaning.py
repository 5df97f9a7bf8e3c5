"""Notebooks as they are stored: what a run, an editor or a machine leaves in one is taken out, and nothing that a person wrote."""

from __future__ import annotations

import json
import shutil
import subprocess
from copy import deepcopy
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import cli
from analysis.errors import AskedWrongly
from analysis.workbook.cleaning import cleaned, left_in

ROOT = Path(__file__).resolve().parents[1]
STORED = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAME = "03_waste.ipynb"
CLEAN = """\
{
 "cells": [
  {
   "cell_type": "markdown",
   "id": "03-00",
   "metadata": {},
   "source": [
    "# 3 Waste\\n",
    "\\n",
    "In £ a household."
   ]
  },
  {
   "cell_type": "code",
   "execution_count": null,
   "id": "03-01",
   "metadata": {
    "jupyter": {
     "source_hidden": true
    },
    "tags": [
     "parameters"
    ]
   },
   "outputs": [],
   "source": [
    "quarter = \\"2016-17-Q2\\""
   ]
  }
 ],
 "metadata": {
  "kernelspec": {
   "display_name": "Python 3 (ipykernel)",
   "language": "python",
   "name": "python3"
  },
  "language_info": {
   "name": "python"
  },
  "workbook": {
   "after": [
    "02_quality"
   ]
  }
 },
 "nbformat": 4,
 "nbformat_minor": 5
}
"""
"""A small notebook as it is stored, written by hand."""


def changed(**of_notebook: Any) -> str:
    """Give the clean notebook with something of it changed, as its file."""
    return json.dumps(json.loads(CLEAN) | of_notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def with_code(**of_cell: Any) -> str:
    """Give the clean notebook with something in its code cell."""
    cells = json.loads(CLEAN)["cells"]
    return changed(cells=[cells[0], cells[1] | of_cell])


def with_metadata(**more: Any) -> str:
    """Give the clean notebook with more metadata."""
    return changed(metadata=json.loads(CLEAN)["metadata"] | more)


TIMES = {"iopub.execute_input": "2026-10-01T10:00:00Z", "shell.execute_reply": "2026-10-01T10:00:01Z"}
KEPT = {"jupyter": {"source_hidden": True}, "tags": ["parameters"]}
LEFT: dict[str, tuple[str, list[str]]] = {  # what a file holds, and what is said of it
    "an output": (with_code(outputs=[{"name": "stdout", "output_type": "stream", "text": ["1\n"]}]), ["outputs"]),
    "an execution count": (with_code(execution_count=7), ["execution counts"]),
    "times of execution": (with_code(metadata=KEPT | {"execution": TIMES}), ["settings of cells"]),
    "papermill's record of a cell": (with_code(metadata=KEPT | {"papermill": {"duration": 0.1}}), ["settings of cells"]),
    "outputs that were folded away": (
        with_code(metadata={"tags": ["parameters"], "jupyter": {"source_hidden": True, "outputs_hidden": True}}),
        ["settings of cells"],
    ),
    "a cell that was trusted": (with_code(metadata=KEPT | {"trusted": True}), ["settings of cells"]),
    "the kernel's version": (with_metadata(language_info={"name": "python", "version": "3.11.7", "file_extension": ".py"}), ["what was run, and by what"]),
    "a machine's own kernel": (
        with_metadata(kernelspec={"display_name": "Workbook (Python 3)", "language": "python", "name": "workbook"}),
        ["what was run, and by what"],
    ),
    "the state of widgets": (with_metadata(widgets={"application/vnd.jupyter.widget-state+json": {"state": {}}}), ["what was run, and by what"]),
    "papermill's record": (with_metadata(papermill={"duration": 3.2}), ["what was run, and by what"]),
    "an id by chance": (with_code(id="9f3c2a1b"), ["ids of cells"]),
    "an id that stands twice": (with_code(id="03-00"), ["ids of cells"]),
    "an id of another notebook": (with_code(id="04-01"), ["ids of cells"]),
    "an id of Jupyter's making": (with_code(id="7f8a1d2c-03b4-4c5d-9e6f-112233445566"), ["ids of cells"]),
    "an id that is none": (with_code(id="a b"), ["ids of cells"]),
    "an older format": (changed(nbformat_minor=4), ["an older format"]),
    "a field of another program's": (with_code(collapsed=True), ["other fields"]),
    "no line end": (CLEAN.rstrip("\n"), ["other line ends"]),
    "two line ends": (CLEAN + "\n", ["other line ends"]),
    "line ends of Windows": (CLEAN.replace("\n", "\r\n"), ["other line ends"]),
    "one line end of Windows": (CLEAN.replace("\n", "\r\n", 1), ["other line ends"]),
    "a byte-order mark": ("\ufeff" + CLEAN, ["other line ends"]),
    "two things at once": (with_code(execution_count=7, id="9f3c2a1b"), ["execution counts", "ids of cells"]),
}


@pytest.mark.parametrize(("text", "told"), LEFT.values(), ids=LEFT)
def test_what_was_left_in_a_notebook_is_taken_out(text: str, told: list[str]) -> None:
    """It says what is there that is not stored, and gives the notebook as it was written by hand."""
    assert left_in(text, NAME) == told
    assert cleaned(text, NAME) == CLEAN


def test_a_clean_notebook_is_left_alone() -> None:
    """It has nothing to say of it, and gives the same bytes."""
    assert left_in(CLEAN, NAME) == []
    assert cleaned(CLEAN, NAME) == CLEAN


def test_the_order_of_names_is_no_fault() -> None:
    """It takes a notebook that another program wrote, texts in one piece and names as they came; where it cleans, it writes as Jupyter does."""
    cells = [dict(reversed(cell.items())) | {"source": "".join(cell["source"])} for cell in json.loads(CLEAN)["cells"]]
    text = json.dumps(json.loads(CLEAN) | {"cells": cells}, indent=2) + "\n"
    assert left_in(text, NAME) == []
    assert cleaned(text, NAME) == CLEAN


def test_jupyter_writes_the_same() -> None:
    """It writes a notebook byte for byte as the library does that Jupyter saves with."""
    assert nbformat.writes(nbformat.reads(CLEAN, as_version=4)) + "\n" == CLEAN


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.name)
def test_every_notebook_is_stored_clean(path: Path) -> None:
    """It finds nothing in any of the workbook's own notebooks."""
    assert left_in(path.read_bytes().decode("utf-8"), path.name) == []


def test_a_new_cell_gets_a_number_that_is_free() -> None:
    """It leaves the ids of the cells round a new one as they are, so that a change shows that cell alone."""
    cells = json.loads(CLEAN)["cells"]
    new = cells[0] | {"id": "b1946ac9", "source": ["New"]}
    made = json.loads(cleaned(changed(cells=[cells[0], new, cells[1], new]), NAME))
    assert [cell["id"] for cell in made["cells"]] == ["03-00", "03-02", "03-01", "03-03"]


def test_what_a_person_put_in_is_kept() -> None:
    """It keeps a picture pasted into words, a raw cell and its form, an empty cell and an id that says something, as they are."""
    picture = {"cell_type": "markdown", "id": "03-02", "metadata": {}, "attachments": {"a.png": {"image/png": "AAAA"}}, "source": ["![](attachment:a.png)"]}
    raw = {"cell_type": "raw", "id": "claim-shown", "metadata": {"raw_mimetype": "text/html"}, "source": []}
    text = changed(cells=[*json.loads(CLEAN)["cells"], picture, raw])
    assert cleaned(text, NAME) == text


CELLS = st.fixed_dictionaries(
    {
        "cell_type": st.sampled_from(["code", "markdown", "raw"]),
        "source": st.text(),
        "metadata": st.dictionaries(st.sampled_from(["tags", "execution", "x"]), st.lists(st.just("parameters"), max_size=1)),
    },
    optional={
        "id": st.sampled_from(["03-00", "03-01", "03-7", "a", "", "é", "0a1b2c3d"]),
        "execution_count": st.integers(),
        "outputs": st.just([{"output_type": "stream"}]),
    },
)


@given(st.lists(CELLS, max_size=6))
@settings(derandomize=True, deadline=None, max_examples=80)
def test_cleaning_twice_changes_nothing_more(cells: list[dict[str, Any]]) -> None:
    """It gives a clean notebook whatever was there, with every source, ids that differ, and what was given as it was; Jupyter takes it."""
    given_ = {"cells": cells, "metadata": {"widgets": {}}, "nbformat": 4, "nbformat_minor": 2}
    before = deepcopy(given_)
    once = cleaned(json.dumps(given_), NAME)
    assert left_in(once, NAME) == []
    made = json.loads(once)
    assert ["".join(cell["source"]) for cell in made["cells"]] == [cell["source"] for cell in cells]
    assert len({cell["id"] for cell in made["cells"]}) == len(cells)
    assert given_ == before
    nbformat.validate(made)


NOT_NOTEBOOKS = [
    "",
    "{",
    "[]",
    "null",
    '{"nbformat": 4, "cells": [], "metadata": {}}',
    '{"nbformat": 3, "cells": [], "metadata": {}}',
    '{"nbformat": 4, "nbformat_minor": 5, "cells": [{"cell_type": "code"}], "metadata": {}}',
    '{"nbformat": 4, "nbformat_minor": 5, "cells": [], "metadata": []}',
    '{"nbformat": 4, "nbformat_minor": 5, "cells": [{"cell_type": "heading", "source": "", "metadata": {}}], "metadata": {}}',
    '{"nbformat": 4, "nbformat_minor": 5, "cells": 3, "metadata": {}}',
]


@pytest.mark.parametrize("text", NOT_NOTEBOOKS)
def test_what_is_no_notebook_is_told(text: str) -> None:
    """It names the file and says how to restore it."""
    with pytest.raises(AskedWrongly, match=f"{NAME}.*\n.*is not a notebook.*\n.*git checkout"):
        cleaned(text, NAME)


# ---------------------------------------------------------------- the command


def test_the_command_cleans_what_it_is_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It writes the clean notebook over the other, says what was in it, leaves a clean one untouched, and ends with 0."""
    dirty, clean = tmp_path / NAME, tmp_path / "04_clean.ipynb"
    dirty.write_text(with_code(execution_count=7), encoding="utf-8", newline="")
    clean.write_text(CLEAN.replace("03-0", "04-0"), encoding="utf-8", newline="")
    before = clean.stat().st_mtime_ns
    assert cli.main(["clean-notebooks", str(dirty), str(clean)]) == 0
    assert capsys.readouterr().out == f"{dirty}: made clean (execution counts)\n"
    assert (dirty.read_bytes().decode(), clean.stat().st_mtime_ns) == (CLEAN, before)


def test_a_check_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 1 where one is not clean, says how to mend it, and leaves it as it is; with 0 and no word where all are."""
    path = tmp_path / NAME
    path.write_text(with_code(execution_count=7), encoding="utf-8", newline="")
    assert cli.main(["clean-notebooks", "--check", str(path)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said == [f"{path}: is not clean (execution counts)", f"Make it clean: workbook clean-notebooks {path}"]
    assert path.read_text(encoding="utf-8") == with_code(execution_count=7)
    path.write_text(CLEAN, encoding="utf-8", newline="")
    assert cli.main(["clean-notebooks", "--check", str(path)]) == 0
    assert capsys.readouterr().out == ""


def test_without_a_name_all_stored_notebooks_are_looked_at(capsys: pytest.CaptureFixture[str]) -> None:
    """It checks the workbook's own, which are clean."""
    assert cli.main(["clean-notebooks", "--check"]) == 0
    assert capsys.readouterr().out == ""


def test_everything_that_is_no_notebook_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 2 and names each file, and makes none of the others clean."""
    dirty = tmp_path / NAME
    dirty.write_text(with_code(execution_count=7), encoding="utf-8", newline="")
    (tmp_path / "bad.ipynb").write_bytes(b"\xff")
    (tmp_path / "empty.ipynb").write_bytes(b"")
    assert cli.main(["clean-notebooks", str(dirty), *(str(tmp_path / name) for name in ("bad.ipynb", "empty.ipynb", "none.ipynb"))]) == 2
    said = capsys.readouterr().err
    assert [name in said for name in ("bad.ipynb", "empty.ipynb", "none.ipynb", "No such file")] == [True] * 4
    assert dirty.read_text(encoding="utf-8") == with_code(execution_count=7)


# ---------------------------------------------------------------- the hook


def git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Ask git in a folder."""
    named = ["-c", "user.name=A. N. Analyst", "-c", "user.email=analyst@example.org", "-c", "commit.gpgsign=false", "-c", "core.hooksPath=.githooks"]
    return subprocess.run(["git", *named, *arguments], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Give a repository with the hook in it and a stored notebook; its environment is this one."""
    folder = tmp_path / "a checkout"
    shutil.copytree(ROOT / ".githooks", folder / ".githooks")
    (folder / "notebooks").mkdir()
    (folder / ".venv").symlink_to(ROOT / ".venv", target_is_directory=True)
    git(folder, "init", "--quiet")
    return folder


def commit(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """Stage a notebook and commit it."""
    (folder / "notebooks" / NAME).write_text(text, encoding="utf-8", newline="")
    git(folder, "add", "notebooks")
    return git(folder, "commit", "--quiet", "-m", "A notebook")


needs_shell = pytest.mark.skipif(
    not (shutil.which("git") and shutil.which("sh") and (ROOT / ".venv/bin/workbook").is_file()), reason="no git, no sh or no .venv"
)


@needs_shell
def test_the_hook_lets_no_output_be_committed(checkout: Path) -> None:
    """It refuses a staged notebook that is not clean, says how to mend it, and takes it once it is clean."""
    refused = commit(checkout, with_code(execution_count=7))
    assert refused.returncode != 0
    assert f"notebooks/{NAME}: is not clean (execution counts)" in refused.stderr
    assert "git add notebooks" in refused.stderr
    taken = commit(checkout, CLEAN)
    assert (taken.returncode, taken.stderr) == (0, "")


@needs_shell
def test_the_hook_looks_at_what_is_staged(checkout: Path) -> None:
    """It takes a clean notebook that was run again since it was staged, and asks nothing of a commit without notebooks."""
    (checkout / "notebooks" / NAME).write_text(CLEAN, encoding="utf-8", newline="")
    git(checkout, "add", "notebooks")
    (checkout / "notebooks" / NAME).write_text(with_code(execution_count=7), encoding="utf-8", newline="")
    assert git(checkout, "commit", "--quiet", "-m", "Clean as staged").returncode == 0
    (checkout / "words.txt").write_text("words", encoding="utf-8")
    git(checkout, "add", "words.txt")
    assert git(checkout, "commit", "--quiet", "-m", "Words").returncode == 0


@needs_shell
def test_the_hook_without_an_environment_says_so(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It refuses what it cannot check, and says what is missing."""
    (checkout / ".venv").unlink()
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    refused = commit(checkout, CLEAN)
    assert refused.returncode != 0
    assert "were not checked" in refused.stderr
