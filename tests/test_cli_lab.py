"""The command lab: which JupyterLab it opens, with whose settings, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from argparse import Namespace
from pathlib import Path

import pytest
from browser import PATIENCE, jupyterlab

from analysis.cli import lab
from analysis.errors import AskedWrongly

HOUSE = Path(__file__).resolve().parents[1]
ON_A_TERMINAL = """
import fcntl, sys, termios
from argparse import Namespace
from pathlib import Path
from analysis.cli import lab
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
lab.HOME = Path(sys.argv[1])
sys.exit(lab.lab(Namespace(data=Path(sys.argv[2]), no_browser=True, port=8950)))
"""
"""Opens JupyterLab on the terminal that it stands on, with an empty folder for a workbook."""
Became = list[tuple[list[str], dict[str, str]]]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty workbook with an environment and JupyterLab's beside it."""
    monkeypatch.setattr(lab, "HOME", tmp_path)
    monkeypatch.setattr(sys, "prefix", str(tmp_path / ".venv"))
    (tmp_path / "data" / "raw").mkdir(parents=True)
    place(tmp_path / ".venv-lab")
    return tmp_path


@pytest.fixture
def became(monkeypatch: pytest.MonkeyPatch) -> Became:
    """Give the commands that the process would have become, with their environments."""
    found: Became = []
    monkeypatch.setattr(lab, "_become", lambda command, environment: found.append((command, environment)) or 0)
    return found


def place(environment: Path) -> Path:
    """Put a JupyterLab into an environment."""
    command = environment / ("Scripts/jupyter-lab.exe" if os.name == "nt" else "bin/jupyter-lab")
    command.parent.mkdir(parents=True)
    command.touch()
    return command


def asked(house: Path, **otherwise: object) -> Namespace:
    """Give what is asked for, by default on the workbook's own data."""
    return Namespace(**{"data": house / "data", "no_browser": False, "port": 8888} | otherwise)


def test_it_opens_the_lab_beside_its_own_environment(house: Path, became: Became) -> None:
    """It starts JupyterLab of .venv-lab, on the workbook's folder, at the port asked for."""
    lab.lab(asked(house, port=9001))
    assert became[0][0] == [str(lab.installed()), f"--ServerApp.root_dir={house}", "--ServerApp.port=9001"]
    assert lab.installed().is_relative_to(house / ".venv-lab")


def test_it_prefers_the_lab_of_its_own_environment(house: Path) -> None:
    """It finds JupyterLab where the extra was installed, before any beside it."""
    own = place(house / ".venv")
    assert lab.installed() == own


def test_without_a_lab_it_says_how_to_get_one(house: Path, became: Became) -> None:
    """It names the command that installs it, and the extra, and starts nothing."""
    lab.installed().unlink()
    with pytest.raises(AskedWrongly, match=r"(?s)JupyterLab is not installed.*make lab.*\.\[lab\]"):
        lab.lab(asked(house))
    assert became == []


def test_no_browser_is_opened_where_none_is_wanted(house: Path, became: Became) -> None:
    """It hands the wish on."""
    lab.lab(asked(house, no_browser=True))
    assert became[0][0][-1] == "--no-browser"


def test_other_data_is_told_as_notebooks_have_to_say_it(house: Path, became: Became, capsys: pytest.CaptureFixture[str]) -> None:
    """It gives the line for the parameters cell, from the notebooks' own folder; of the workbook's own data it says nothing."""
    other = HOUSE / "theirs"
    lab.lab(asked(house))
    assert capsys.readouterr().out == ""
    (house / "theirs" / "raw").mkdir(parents=True)
    lab.lab(asked(house, data=house / "theirs"))
    assert f'data: str = "{Path(os.path.relpath(house / "theirs", other.parent / "notebooks")).as_posix()}"' in capsys.readouterr().out


def test_data_that_is_not_there_is_told_before_anything_starts(house: Path, became: Became) -> None:
    """It refuses a folder without returns."""
    with pytest.raises(AskedWrongly, match="no such folder"):
        lab.lab(asked(house, data=house / "nowhere"))
    assert became == []


def test_nothing_of_the_users_own_profile_is_read_or_written(house: Path, became: Became, monkeypatch: pytest.MonkeyPatch) -> None:
    """It points every folder of a profile into one of the workbook's own, which git passes over, and drops what leads elsewhere."""
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/elsewhere")
    monkeypatch.setenv("JUPYTER_PATH", "/elsewhere")
    lab.lab(asked(house))
    environment = became[0][1]
    folders = [environment[name] for name in environment if name.startswith(("JUPYTER", "IPYTHON")) and name != "JUPYTER_PREFER_ENV_PATH"]
    assert {Path(folder).parent for folder in folders} == {house / ".lab"}
    assert {
        "JUPYTER_CONFIG_DIR",
        "JUPYTER_DATA_DIR",
        "JUPYTER_RUNTIME_DIR",
        "JUPYTERLAB_SETTINGS_DIR",
        "JUPYTERLAB_WORKSPACES_DIR",
        "IPYTHONDIR",
    } <= environment.keys()
    assert (house / ".lab" / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_no_news_no_updates_and_pages_for_markdown(house: Path) -> None:
    """It sets what practice showed to be right, where JupyterLab looks for it."""
    config = lab.prepared(house / ".lab") / "config"
    defaults = json.loads((config / "labconfig" / "default_setting_overrides.json").read_text(encoding="utf-8"))
    assert defaults["@jupyterlab/apputils-extension:notification"] == {"fetchNews": "false", "checkForUpdates": False}
    assert defaults["@jupyterlab/extensionmanager-extension:plugin"] == {"enabled": False}
    assert defaults["@jupyterlab/docmanager-extension:plugin"] == {"defaultViewers": {"markdown": "Markdown Preview"}}
    assert json.loads((config / "jupyter_lab_config.json").read_text(encoding="utf-8"))["LabApp"]["news_url"] is None


def test_how_a_user_left_the_windows_stays(house: Path) -> None:
    """It keeps the workspace and the settings of the last time, and renews its own defaults."""
    folder = lab.prepared(house / ".lab")
    (workspace,) = (folder / "workspaces").iterdir()
    workspace.write_text("{}", encoding="utf-8")
    (folder / "settings" / "theme").write_text("dark", encoding="utf-8")
    (folder / "config" / "custom" / "custom.css").write_text("", encoding="utf-8")
    lab.prepared(folder)
    assert workspace.read_text(encoding="utf-8") == "{}"
    assert (folder / "settings" / "theme").read_text(encoding="utf-8") == "dark"
    assert (folder / "config" / "custom" / "custom.css").read_text(encoding="utf-8") == lab.stylesheet()


def test_the_style_of_the_report_holds_for_outputs_alone() -> None:
    """It puts every rule of the report inside the outputs of cells, with fonts beside it and nothing from elsewhere."""
    style = lab.stylesheet()
    faces, _, rules = style.partition(f"{lab._OUTPUTS}{{")
    assert [line.partition("{")[0] for line in faces.splitlines()] == ["@font-face", "@font-face", ":root:root"]
    assert rules.count("{") == rules.count("}") - 1
    assert "@font-face" not in rules
    assert "FONT-" not in style
    assert "://" not in style


@pytest.mark.skipif(os.name == "nt", reason="a terminal of Windows is another thing")
def test_ctrl_c_ends_it(tmp_path: Path) -> None:
    """It ends at once and well when Ctrl-C is pressed in its terminal, and asks nothing."""
    import pty

    jupyterlab()
    ours, theirs = pty.openpty()
    started = [sys.executable, "-c", ON_A_TERMINAL, tmp_path, HOUSE / "data"]
    process = subprocess.Popen(started, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, cwd=HOUSE)
    os.close(theirs)
    said = b""
    until = time.monotonic() + PATIENCE
    while said.count(b"token=") < 2 and time.monotonic() < until:
        said += os.read(ours, 2**16)
    os.write(ours, b"\x03")
    try:
        code = process.wait(PATIENCE)
    finally:
        process.kill()
        os.close(ours)
    assert code == 0, said.decode()
    assert list((tmp_path / ".lab" / "runtime").glob("jpserver-*")) == []
