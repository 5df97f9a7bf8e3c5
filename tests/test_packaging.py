"""What is installed: one source of versions, a lock that holds on every system, and commands that are there."""

from __future__ import annotations

import importlib.metadata
import itertools
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
WANTED = [Requirement(line) for line in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"], *PYPROJECT["build-system"]["requires"]]]

PIN = re.compile(r"(?m)^(?P<requirement>[a-z0-9][^\\#\n]*?) *\\?\n(?P<hashes>(?:    --hash=.*\n)*)")
HASHES = re.compile(r"(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+")
SYSTEMS = {"linux": ("posix", "Linux"), "darwin": ("posix", "Darwin"), "win32": ("nt", "Windows")}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
OUTSIDE_MAKE = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES"}}


def pins(lock: str = LOCK) -> dict[str, Requirement]:
    """Give each locked package by its name: `name==version`, and the marker that it stands behind, if any."""
    found = [Requirement(pin["requirement"]) for pin in PIN.finditer(lock)]
    return {canonicalize_name(pin.name): pin for pin in found}


def version(pin: Requirement) -> str:
    """Give the one version that a pin names."""
    (only,) = pin.specifier
    assert only.operator == "==", f"{pin} is a range, not a pin"
    return only.version


def machine(system: str, python: str) -> dict[str, str]:
    """Give what markers can ask of a machine."""
    os_name, platform_system = SYSTEMS[system]
    cpython = {"implementation_name": "cpython", "platform_python_implementation": "CPython", "platform_machine": "x86_64"}
    return cpython | {
        "sys_platform": system,
        "os_name": os_name,
        "platform_system": platform_system,
        "python_version": python,
        "python_full_version": f"{python}.0",
    }


@cache
def declared(name: str) -> tuple[Requirement, ...]:
    """Give what an installed package says that it needs; nothing where it is not installed here."""
    try:
        return tuple(Requirement(line) for line in importlib.metadata.requires(name) or ())
    except importlib.metadata.PackageNotFoundError:
        return ()


def unmet(where: dict[str, str]) -> list[str]:
    """Walk from the project's own needs through those of every package, and name each that the lock does not meet there."""
    locked, problems = pins(), []
    ahead, seen = [("pyproject.toml", need) for need in WANTED], set()
    while ahead:
        asker, need = ahead.pop()
        name = canonicalize_name(need.name)
        pin = locked.get(name)
        if pin is None or (pin.marker and not pin.marker.evaluate(where)):
            problems.append(f"{asker} needs {need}: not in the lock")
        elif not need.specifier.contains(version(pin), prereleases=True):
            problems.append(f"{asker} needs {need}: the lock has {version(pin)}")
        for extra in ["", *sorted(need.extras)]:
            if (name, extra) not in seen:
                seen.add((name, extra))
                ahead += [(name, other) for other in declared(name) if not other.marker or other.marker.evaluate(where | {"extra": extra})]
    return sorted(set(problems))


# ---------------------------------------------------------------- environment.yml


def conda() -> dict[str, Any]:
    """Read environment.yml."""
    return yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def test_conda_has_the_same_python_as_pyproject() -> None:
    """Its Python range is the project's, in whatever order it is written."""
    (python,) = [Requirement(line) for line in conda()["dependencies"] if isinstance(line, str) and line.startswith("python")]
    assert python.specifier == SpecifierSet(PROJECT["requires-python"])


def test_conda_has_no_versions_of_its_own() -> None:
    """Beside Python it asks for pip and for the project itself, nothing else."""
    assert [line for line in conda()["dependencies"] if not (isinstance(line, str) and line.startswith("python"))] == ["pip", {"pip": ["-e ."]}]
    assert conda()["name"] == PROJECT["name"]


# ---------------------------------------------------------------- requirements.lock


@pytest.mark.parametrize("need", WANTED, ids=str)
def test_the_lock_pins_each_dependency_within_its_range(need: Requirement) -> None:
    """What pyproject.toml asks for stands in the lock, in one version that it allows."""
    pin = pins()[canonicalize_name(need.name)]
    assert need.specifier.contains(version(pin)), f"pyproject.toml asks for {need}, the lock has {pin}; run `make lock`"


@pytest.mark.parametrize(("system", "python"), list(itertools.product(SYSTEMS, PYTHONS)))
def test_the_lock_is_whole_on_every_system_and_python(system: str, python: str) -> None:
    """
    Nothing is missing where `pip install --require-hashes` would look for it.

    Packages for other systems are not installed here, so what they need in turn is not seen.
    """
    assert SpecifierSet(PROJECT["requires-python"]).contains(f"{python}.0")
    assert unmet(machine(system, python)) == []


def test_a_lock_that_lacks_a_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The walk itself finds a gap: without it the test above would prove nothing."""
    rest = {name: pin for name, pin in pins().items() if name not in {"traitlets", "colorama"}}
    monkeypatch.setitem(globals(), "pins", lambda: rest)
    told = "\n".join(unmet(machine("win32", "3.13")))
    assert "needs traitlets" in told
    assert "needs colorama" in told


def test_every_pin_carries_hashes() -> None:
    """Each has at least one SHA-256, and no line is left that is neither pin, hash nor comment."""
    assert [pin["requirement"] for pin in PIN.finditer(LOCK) if not HASHES.fullmatch(pin["hashes"])] == []
    assert [line for line in PIN.sub("", LOCK).splitlines() if line.strip() and not line.lstrip().startswith("#")] == []


def test_the_lock_names_no_package_twice() -> None:
    """One package, one version."""
    names = [canonicalize_name(Requirement(pin["requirement"]).name) for pin in PIN.finditer(LOCK)]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("path", ["requirements.lock", "environment.yml", "Makefile", ".ci/run"])
def test_no_address_is_written_down(path: str) -> None:
    """Whoever installs brings the index: none is named, nor any other host."""
    text = (ROOT / path).read_text(encoding="utf-8")
    assert re.findall(r"[a-z]+://\S*|--(?:extra-)?index-url\b|--find-links\b|--trusted-host\b|\b[\w-]+\.(?:com|io|net|org)\b", text) == []


def test_the_batch_environment_is_without_jupyterlab() -> None:
    """JupyterLab brings rfc3987-syntax, which costs each process that imports jsonschema over two seconds."""
    assert {"jupyterlab", "rfc3987-syntax", "jupyter-server"} & set(pins()) == set()


def test_this_environment_has_what_the_lock_says() -> None:
    """Under CI what runs is what is pinned; elsewhere (conda, a newer Python) the ranges of pyproject.toml hold."""
    if "CI" not in os.environ:
        pytest.skip("an environment made by hand may differ from the lock; CI makes its own")
    here = {name: version(pin) for name, pin in pins().items() if not pin.marker or pin.marker.evaluate()}
    assert {name: importlib.metadata.version(name) for name in here} == here


# ---------------------------------------------------------------- what is installed


def test_the_console_script_resolves() -> None:
    """`workbook` is installed and is something that can be called."""
    (command,) = importlib.metadata.entry_points(group="console_scripts", name="workbook")
    assert command.value == PROJECT["scripts"]["workbook"]
    assert callable(command.load())


def test_the_wheel_holds_the_package_and_nothing_else(tmp_path: Path) -> None:
    """Every file of analysis/ is in it (template, stylesheet, fonts), no test or notebook is."""
    source = tmp_path / "source"
    not_kept = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")
    shutil.copytree(ROOT / "analysis", source / "analysis", ignore=not_kept)
    for name in ("pyproject.toml", PROJECT["readme"], *PROJECT["license-files"]):
        shutil.copy(ROOT / name, source / name)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path), str(source)]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert inside == {path.relative_to(source).as_posix() for path in (source / "analysis").rglob("*") if path.is_file()}


# ---------------------------------------------------------------- commands


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not on this machine")
def test_make_alone_lists_the_commands() -> None:
    """A newcomer who types `make` sees what there is, and nothing is installed."""
    done = subprocess.run(["make"], cwd=ROOT, env=OUTSIDE_MAKE, capture_output=True, text=True, check=True)
    assert {"report", "test", "lab", "lint", "clean", "help"} <= {line.split()[1] for line in done.stdout.splitlines()}


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not on this machine")
def test_a_python_too_old_is_told_before_anything_is_made(tmp_path: Path) -> None:
    """One sentence with what to type instead; no half-made environment."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements.lock").touch()
    (tmp_path / "pyproject.toml").touch()
    done = subprocess.run(["make", "PYTHON=false", "report"], cwd=tmp_path, env=OUTSIDE_MAKE, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "needs Python 3.11 to 3.14" in done.stderr
    assert not (tmp_path / ".venv").exists()


@pytest.mark.skipif(os.name == "nt", reason="CI runs on Debian")
def test_ci_can_be_run() -> None:
    """The script is executable and bash can read it."""
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
