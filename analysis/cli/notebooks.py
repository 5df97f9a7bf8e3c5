"""The commands for whoever works in notebooks: a new one, and those that are stored made clean."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from analysis.errors import AskedWrongly


def new(asked: Namespace) -> int:
    """Write a notebook for a question, and print where it is."""
    from analysis.workbook.drafting import draft

    path = draft(asked.title)
    print(f"{path}: open it with `workbook lab`; `workbook run` runs it as the others.")
    return 0


def clean(asked: Namespace) -> int:
    """Make stored notebooks clean, and print which were not; with --check change nothing, and give 1 where one is not clean."""
    from analysis.workbook import NOTEBOOKS
    from analysis.workbook.cleaning import cleaned, left_in, open_text

    paths = asked.paths or sorted(NOTEBOOKS.glob("*.ipynb"))
    found: dict[Path, list[str]] = {}
    wrong: list[AskedWrongly] = []
    for path in paths:
        try:
            found[path] = left_in(open_text(path), path.name)
        except AskedWrongly as fault:
            wrong.append(fault)
    if wrong:
        raise AskedWrongly("notebooks", [f"{fault.subject} {problem}" for fault in wrong for problem in fault.problems], wrong[0].hint)
    unclean = {path: left for path, left in found.items() if left}
    for path, left in unclean.items():
        if not asked.check:
            path.write_text(cleaned(open_text(path), path.name), encoding="utf-8", newline="")
        print(f"{path}: {'is not clean' if asked.check else 'made clean'} ({', '.join(left)})")
    if unclean and asked.check:
        print(f"Make {'it' if len(unclean) == 1 else 'them'} clean: workbook clean-notebooks {' '.join(map(str, unclean)) if asked.paths else ''}".rstrip())
        return 1
    return 0
