"""The command lab: JupyterLab on the workbook, with settings of its own; whatever a user has set up elsewhere is neither read nor changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

from analysis import folders
from analysis.cli.asked import HOME
from analysis.errors import AskedWrongly

_ASSETS = Path(__file__).parent.parent / "assets"
_OUTPUTS = ".jp-RenderedHTML.jp-OutputArea-output:not(:has(.dataframe,.dataTable,.dt-container))"
"""What the rooms show in a notebook; frames that pandas or a table to explore shows keep their own style."""
_TEXT = ":root:root{--jp-content-font-size1:15px}"
"""JupyterLab takes a size of text from its style or from what a user sets, and passes over it among the defaults."""
_PROFILE = {
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    "IPYTHONDIR": "ipython",
}
"""What tells JupyterLab and its kernels where a profile lies -> the folder of the workbook's own."""


def lab(asked: Namespace) -> int:
    """Open JupyterLab on the workbook, until it is interrupted."""
    folders.available(asked.data)
    command = [str(installed()), f"--ServerApp.root_dir={HOME}", f"--ServerApp.port={asked.port}"]
    if asked.data.resolve() != (HOME / "data").resolve():
        from analysis.workbook import as_parameter

        print(f'The notebooks read data/ until their parameters say otherwise: data: str = "{as_parameter(asked.data)}"', flush=True)
    return _become([*command, "--no-browser"] if asked.no_browser else command, environment(prepared(HOME / ".lab")))


def installed() -> Path:
    """
    Give the command of JupyterLab: of this environment, or of .venv-lab beside it or in the workbook's folder.

    Raises:
        AskedWrongly: none has it.
    """
    inside = Path("Scripts/jupyter-lab.exe" if os.name == "nt" else "bin/jupyter-lab")
    places = (Path(sys.prefix), Path(sys.prefix).parent / ".venv-lab", HOME / ".venv-lab")
    found = next((place / inside for place in places if (place / inside).exists()), None)
    if found is None:
        raise AskedWrongly("lab", ["JupyterLab is not installed"], "Run `make lab`, which installs it beside the rest, or: pip install -e '.[lab]'")
    return found


def prepared(folder: Path) -> Path:
    """
    Put the workbook's settings into a folder, and give it.

    What a user sets in JupyterLab and how the windows stand is kept there from one time to the next; git passes the folder over.
    """
    folder.mkdir(exist_ok=True)
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    for name in _PROFILE.values():
        (folder / name).mkdir(exist_ok=True)
    for name in ("config", "ipython"):
        shutil.copytree(_ASSETS / "lab" / name, folder / name, dirs_exist_ok=True)
    for path in (_ASSETS / "lab" / "workspaces").iterdir():
        if not (folder / "workspaces" / path.name).exists():
            shutil.copyfile(path, folder / "workspaces" / path.name)
    custom = folder / "config" / "custom"
    custom.mkdir(exist_ok=True)
    for font in (_ASSETS / "fonts").glob("*.woff2"):
        shutil.copyfile(font, custom / font.name)
    (custom / "custom.css").write_text(stylesheet(), encoding="utf-8")
    return folder


def stylesheet() -> str:
    """Give the style of what notebooks show: the report's, for outputs alone, then what JupyterLab needs otherwise."""
    report = (_ASSETS / "report" / "report.css").read_text(encoding="utf-8").replace(":root{", "&{", 1)
    lines = report.splitlines()
    faces = [line for line in lines if line.startswith("@font-face")]
    for weight in ("400", "600"):
        faces = [face.replace(f"FONT-{weight}", f"source-sans-3-{weight}.woff2") for face in faces]
    rules = [line for line in lines if not line.startswith(("@font-face", "@page"))]
    own = (_ASSETS / "lab" / "outputs.css").read_text(encoding="utf-8")
    return "\n".join([*faces, _TEXT, f"{_OUTPUTS}{{", *rules, own + "}\n"])


def environment(profile: Path) -> dict[str, str]:
    """Give the environment in which JupyterLab and its kernels know only the workbook's own profile and kernel."""
    own = {name: str(profile / folder) for name, folder in _PROFILE.items()}
    others = {name: value for name, value in os.environ.items() if name not in {"JUPYTER_CONFIG_PATH", "JUPYTER_PATH"}}
    return others | own | {"JUPYTER_PREFER_ENV_PATH": "1"}


def _become(command: list[str], environment: dict[str, str]) -> int:
    """Let this process be another command, which is interrupted and ended as one; where a system cannot, wait for it."""
    if os.name != "nt":
        os.execve(command[0], command, environment)  # noqa: S606 - this very Python, or the one beside it
    return subprocess.call(command, env=environment)  # noqa: S603 - the same
