"""What libraries load that nobody uses is left out, or loaded when it is first asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def said(code: str) -> str:
    """Give what a new Python prints that has let the libraries load less, and then runs some lines."""
    lines = f"import sys\nfrom analysis import libraries\nlibraries.lighten()\n{code}"
    return subprocess.run([sys.executable, "-c", lines], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def test_great_expectations_is_loaded_without_the_tests_of_distributions() -> None:
    """With it the module of distributions is named, and none of what that module loads is there."""
    assert said(
        "import great_expectations\nprint('scipy.stats' in sys.modules, 'scipy.linalg' in sys.modules, 'scipy.stats._distr_params' in sys.modules)"
    ) == ("True False False")


def test_a_test_of_distributions_still_works_when_it_is_asked_for() -> None:
    """One tail of a standard normal beyond 1.96 is a fortieth: 0.025."""
    assert said("from scipy import stats\nprint(f'{stats.norm.sf(1.96):.4f}')") == "0.0250"


def test_what_nobody_uses_cannot_be_imported() -> None:
    """The module that JupyterLab brings counts as not installed, so that jsonschema leaves it out."""
    assert said("try:\n    import rfc3987_syntax\nexcept ImportError:\n    print('left out')") == "left out"


def test_a_module_that_is_loaded_already_stays_as_it_is() -> None:
    """Whoever has loaded a library keeps it, and may let the libraries load less any number of times."""
    code = "import scipy.stats as before\nlibraries.lighten()\nlibraries.lighten()\nimport scipy.stats as after\nprint(before is after)"
    assert said(code) == "True"
