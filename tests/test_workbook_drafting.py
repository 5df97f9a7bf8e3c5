"""A new notebook for a question of one's own: its name, its first cells, and that it runs as the others do."""

from __future__ import annotations

import ast
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from conftest import Run
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import cli
from analysis.errors import AskedWrongly
from analysis.workbook import NOTEBOOKS, declared, discover, drafting, planned
from analysis.workbook.cleaning import left_in
from analysis.workbook.notebooks import code_of

TITLE, NAME = "Why did waste fall?", "06_why_did_waste_fall.ipynb"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a copy of the workbook's five notebooks."""
    return shutil.copytree(NOTEBOOKS, tmp_path / "notebooks", ignore=shutil.ignore_patterns(".*"))


def opened(path: Path) -> dict[str, Any]:
    """Give a notebook as its JSON says."""
    return dict(json.loads(path.read_text(encoding="utf-8")))


NAMES = {  # the title, the notebooks there are, the name
    "the next number": (TITLE, ["01_returns.ipynb", "05_report.ipynb"], NAME),
    "the first of all": ("Waste", [], "01_waste.ipynb"),
    "after the highest, whatever is missing": ("Waste", ["01_a.ipynb", "08_b.ipynb"], "09_waste.ipynb"),
    "others do not count": ("Waste", ["Untitled.ipynb", "2016_x.ipynb"], "01_waste.ipynb"),
    "accents and signs": ("Où sont les déchets? £ & co", [], "01_ou_sont_les_dechets_co.ipynb"),
    "a path is no path": ("../../etc/passwd", [], "01_etc_passwd.ipynb"),
    "line ends": ("Two\nlines", [], "01_two_lines.ipynb"),
    "a long one is cut": ("waste " * 40, [], "01_waste_waste_waste_waste_waste_waste_waste_waste_waste_waste.ipynb"),
}


@pytest.mark.parametrize(("title", "taken", "name"), NAMES.values(), ids=NAMES)
def test_a_notebook_is_named_by_number_and_title(title: str, taken: list[str], name: str) -> None:
    """It takes the number after the highest, and the words of the title in plain letters."""
    assert drafting.name_of(title, taken) == name


@pytest.mark.parametrize("title", ["", "   ", "?!", "\u5e9f\u7269"])
def test_a_title_that_makes_no_name_is_told(title: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 2, says so, and writes nothing."""
    monkeypatch.setattr(drafting.draft, "__defaults__", (folder,))
    assert cli.main(["new-notebook", title]) == 2
    assert capsys.readouterr().err.splitlines()[1:] == ["  - makes no name for a file", '  Give it words, such as "Why did waste fall?".']
    assert len(list(folder.iterdir())) == 5


def test_numbers_come_to_an_end() -> None:
    """It refuses a notebook 100, which would not be run."""
    with pytest.raises(AskedWrongly, match="notebook 100"):
        drafting.name_of("Waste", ["99_last.ipynb"])


def test_a_notebook_begins_as_the_others_do(folder: Path) -> None:
    """It has its heading with its number, the very parameters of the others in its second cell, and holds to what notebooks hold to."""
    path = drafting.draft("  Why did\nwaste fall? ", folder)
    cells = opened(path)["cells"]
    others = opened(folder / "01_returns.ipynb")["cells"]
    assert path.name == NAME
    assert "".join(cells[0]["source"]).splitlines()[0] == "# 6 Why did waste fall?"
    assert "".join(cells[1]["source"]) == "".join(others[1]["source"])
    assert [number for number, cell in enumerate(cells) if "parameters" in cell["metadata"].get("tags", [])] == [1]
    assert [cell["id"] for cell in cells] == [f"06-0{place}" for place in range(8)]
    assert max(len(cell["source"]) for cell in cells if cell["cell_type"] == "code") <= 6
    assert left_in(path.read_bytes().decode("utf-8"), path.name) == []


def test_a_notebook_is_never_written_over(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It gives the same title the next number; and where a name is taken meanwhile, it leaves what is there."""
    assert [drafting.draft(TITLE, folder).name for _ in range(2)] == [NAME, "07_why_did_waste_fall.ipynb"]
    monkeypatch.setattr(drafting, "name_of", lambda *_: "01_returns.ipynb")
    before = (folder / "01_returns.ipynb").read_bytes()
    with pytest.raises(FileExistsError):
        drafting.draft(TITLE, folder)
    assert (folder / "01_returns.ipynb").read_bytes() == before


def test_a_new_notebook_is_found_and_runs_after_those_that_make_frames(folder: Path) -> None:
    """It is one of the plan, takes what every notebook takes, runs after the four that make frames, and is not the report."""
    path = drafting.draft(TITLE, folder)
    steps, page = planned(discover(folder))
    assert declared(path) == {"quarter", "data"}
    assert (steps[-1].path, page.path.name) == (path, "05_report.ipynb")
    assert steps[-1].after == ("01_returns", "02_quality", "03_performance", "04_reward_grant")


def test_the_command_says_where_it_is(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It prints the path, and ends with 0."""
    monkeypatch.setattr(drafting.draft, "__defaults__", (folder,))
    assert cli.main(["new-notebook", TITLE]) == 0
    assert capsys.readouterr().out.startswith(f"{folder / NAME}: ")


FIRST = {  # what is looked at first, in the order in which it is asked
    "changed": ["figure", "before", "after", "cause"],
    "scores": ["quarter", "measure_id", "measure", "target", "actual", "band", "band_reason"],
}


@pytest.fixture(scope="module")
def ran(published: Run, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Run the cells of a new notebook as they stand, on the frames of a quarter that was run; gives its names, and in `shown` what its cells show."""
    copy = shutil.copytree(NOTEBOOKS, tmp_path_factory.mktemp("drafted") / "notebooks", ignore=shutil.ignore_patterns(".*"))
    names: dict[str, Any] = {"shown": []}
    for source, are_parameters in code_of(drafting.draft(TITLE, copy)):
        if are_parameters:
            names |= {"quarter": published.quarter, "data": str(published.data)}
            continue
        *before, last = ast.parse(source).body
        exec(compile(ast.Module(before, []), "cell", "exec"), names)  # noqa: S102 - the notebook's own cell
        if isinstance(last, ast.Expr):
            names["shown"].append(eval(compile(ast.Expression(last.value), "cell", "eval"), names))  # noqa: S307 - the same
        else:
            exec(compile(ast.Module([last], []), "cell", "exec"), names)  # noqa: S102 - the same
    return names


def test_its_cells_run_as_they_stand(ran: dict[str, Any]) -> None:
    """It answers its example question, and shows the 83 measures of three quarters, from the frames of a quarter that was run."""
    changes, scores = ran["shown"]
    assert changes.about.startswith("Q2 2016/17 after Q1 2016/17: ")
    assert changes.about.endswith(f": {len(changes.frame)} steps")
    assert len(scores.frame) == 83 * 3
    assert ran["registers"].name == "Harrow Strategic Partnership"


def test_its_tables_show_what_an_analyst_looks_at_first(ran: dict[str, Any], folder: Path) -> None:
    """It shows some columns of many, drawn as tables in notebooks are, under what they are about, and says how to see the others."""
    assert [list(table.frame) for table in ran["shown"]] == list(FIRST.values())
    html = BeautifulSoup(ran["shown"][0]._repr_html_(), "html.parser")
    assert [head.get_text(strip=True) for head in html.select("thead th")] == FIRST["changed"]
    assert html.caption.get_text().startswith("Q2 2016/17 after Q1 2016/17: ")
    prose = "".join("".join(cell["source"]) for cell in opened(drafting.draft(TITLE, folder))["cells"] if cell["cell_type"] == "markdown")
    assert {name for name in ("found", "scores") if f"`list({name})`" in prose} == {"found", "scores"}
    assert set(ran["found"]) >= {"words", "before_cell", "after_cell"}


@given(st.text(max_size=100), st.lists(st.sampled_from(["01_a.ipynb", "07_b.ipynb", "x.ipynb"])))
@settings(derandomize=True, deadline=None, max_examples=100)
def test_any_title_makes_a_name_or_is_told(title: str, taken: list[str]) -> None:
    """It gives a plain name that is not taken, or says that the title makes none."""
    try:
        name = drafting.name_of(title, taken)
    except AskedWrongly:
        return
    assert name not in taken
    assert all(sign.isascii() and (sign.isalnum() or sign in "_.") for sign in name)
    assert name[2] == "_"
