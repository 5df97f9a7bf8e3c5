"""What the libraries load that nothing here uses: left out, or loaded when it is first asked for."""

from __future__ import annotations

import sys
from importlib.util import LazyLoader, find_spec, module_from_spec

_NOBODYS = ("rfc3987_syntax",)
"""Not to be found: JupyterLab brings it, and jsonschema takes seconds to load it, for a format that no notebook and no suite has."""
_LATER = ("scipy.stats",)
"""Great Expectations loads it for tests of distributions, a third of all that it loads; a suite that asks for one gets it then."""


def lighten() -> None:
    """
    Let the libraries load less; to be called before any of them is.

    A module that is loaded already stays as it is, and one that is not installed is missed where it is used, as ever.

    >>> lighten()
    >>> sys.modules["rfc3987_syntax"] is None
    True
    """
    for name in _NOBODYS:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type] # as the language has it: a name that stands for nothing cannot be imported
    for name in _LATER:
        package, _, own = name.rpartition(".")
        if name in sys.modules or find_spec(package) is None or (spec := find_spec(name)) is None or spec.loader is None:
            continue
        spec.loader = LazyLoader(spec.loader)
        sys.modules[name] = module = module_from_spec(spec)
        setattr(sys.modules[package], own, module)
        spec.loader.exec_module(module)
