"""A stored notebook as a person wrote it: what running it or looking at it left in the file is taken out."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from analysis.errors import AskedWrongly

Cell = dict[str, Any]
KERNEL = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}, "language_info": {"name": "python"}}
"""What a stored notebook says of its kernel: that it is Python; not which one ran it last."""
_STATED = ("workbook",)
"""What else of a notebook's metadata its writer states."""
_STATED_OF_CELLS = ("deletable", "editable", "format", "raw_mimetype", "slideshow", "tags")
_STATED_TO_JUPYTER = ("source_hidden",)
"""What of a cell's own settings in Jupyter its writer states: that its code is folded away; not which outputs were."""


def cleaned(text: str, name: str) -> str:
    """
    Give the text of a notebook's file as it is stored.

    Taken out are outputs, execution counts, times, the state of widgets, the kernel's version and whatever else Jupyter or another program keeps in
    a notebook's metadata. A cell keeps its id ("03-07", "claim-shown") where it stands once; one made by chance, or of another notebook, becomes the
    first number that is free. Written as Jupyter writes it, with sorted names and one line end at the end.

    Args:
        text: what the file holds.
        name: the file's name, which begins with the notebook's number.

    Raises:
        AskedWrongly: it is no notebook of format 4.
    """
    read = _read(text, name)
    cells = [_clean_cell(cell) for cell in read["cells"]]
    for cell, own in zip(cells, _ids(read["cells"], name), strict=True):
        cell["id"] = own
    stated = {key: read["metadata"][key] for key in _STATED if key in read["metadata"]}
    return written({"cells": cells, "metadata": KERNEL | stated, "nbformat": 4, "nbformat_minor": 5})


def written(notebook: dict[str, Any]) -> str:
    """Give a notebook as the text of its file, as Jupyter writes it: texts by lines, sorted names."""
    by_lines = [cell | {"source": "".join(cell["source"]).splitlines(keepends=True)} for cell in notebook["cells"]]
    return json.dumps(notebook | {"cells": by_lines}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def cell_id(name: str, number: int) -> str:
    """
    Give the id of a notebook's cell by its number.

    >>> cell_id("03_performance.ipynb", 7), cell_id("try.ipynb", 7)
    ('03-07', 'cell-07')
    """
    numbered = re.match(r"\d\d(?=_)", name)
    return f"{numbered[0] if numbered else 'cell'}-{number:02d}"


def left_in(text: str, name: str) -> list[str]:
    """
    Say what is in a notebook's file that is not stored; nothing where it is clean. In which order its names stand is no fault.

    Raises:
        AskedWrongly: as for `cleaned`.
    """
    read, clean = _read(text, name), json.loads(cleaned(text, name))
    pairs = list(zip(read["cells"], clean["cells"], strict=True))
    found = {
        "outputs": any(cell.get("outputs") for cell in read["cells"]),
        "execution counts": any(cell.get("execution_count") is not None for cell in read["cells"]),
        "what was run, and by what": read["metadata"] != clean["metadata"],
        "settings of cells": any(cell["metadata"] != kept["metadata"] for cell, kept in pairs),
        "ids of cells": any(cell.get("id") != kept["id"] for cell, kept in pairs),
        "an older format": read["nbformat_minor"] != clean["nbformat_minor"],
        "other fields": read.keys() != clean.keys() or any(cell.keys() - {"id"} != kept.keys() - {"id"} for cell, kept in pairs),
        "other line ends": "\r" in text or not text.startswith("{") or not text.endswith("}\n"),
    }
    return [words for words, there in found.items() if there]


def open_text(path: Path) -> str:
    """
    Give the text of a notebook's file with its line ends as they are.

    Raises:
        AskedWrongly: it cannot be read as text.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise AskedWrongly(str(path), [f"cannot be read: {getattr(fault, 'strerror', None) or fault}"], "Name a notebook's file.") from None


def _read(text: str, name: str) -> dict[str, Any]:
    try:
        read = json.loads(text.removeprefix("\ufeff"))
        kinds = {cell["cell_type"] for cell in read["cells"] if isinstance(cell["metadata"], dict) and isinstance(cell["source"], str | list)}
        fault = (
            ""
            if read["nbformat"] == 4 and isinstance(read["nbformat_minor"], int) and isinstance(read["metadata"], dict) and kinds <= {"code", "markdown", "raw"}
            else "it is not of format 4"
        )
    except (ValueError, KeyError, TypeError) as error:
        fault = f"{type(error).__name__}: {error}"
    if fault:
        raise AskedWrongly(name, [f"is not a notebook: {fault}"], "Restore it: git checkout notebooks/")
    return dict(read)


def _clean_cell(cell: Cell) -> Cell:
    metadata = cell["metadata"]
    kept = {key: metadata[key] for key in _STATED_OF_CELLS if key in metadata}
    if jupyter := {key: value for key, value in metadata.get("jupyter", {}).items() if key in _STATED_TO_JUPYTER}:
        kept["jupyter"] = jupyter
    clean = {"cell_type": cell["cell_type"], "metadata": kept, "source": cell["source"]}
    if cell["cell_type"] == "code":
        return clean | {"execution_count": None, "outputs": []}
    return clean | ({"attachments": cell["attachments"]} if cell.get("attachments") else {})


_OF_A_NOTEBOOK = re.compile(r"(\d\d|cell)-\d{2,}")
_BY_CHANCE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{8}")
"""What Jupyter makes of chance: the id of a cell added by hand, or by the library that writes notebooks."""


def _ids(cells: list[Cell], name: str) -> list[str]:
    """Give the id of each cell: its own where it was meant, is no other notebook's and stands once so far; else the first number that is free."""
    own = [str(cell.get("id", "")) for cell in cells]
    kept = {one for one in own if _is_kept(one, name)}
    free = (made for number in range(len(cells) * 2 + 1) if (made := cell_id(name, number)) not in kept)
    seen: set[str] = set()
    ids = []
    for one in own:
        ids.append(one if one in kept and one not in seen else next(free))
        seen.add(ids[-1])
    return ids


def _is_kept(own: str, name: str) -> bool:
    if _OF_A_NOTEBOOK.fullmatch(own):
        return own.startswith(cell_id(name, 0)[:-2])
    return bool(re.fullmatch(r"[\w-]{1,64}", own, re.ASCII)) and not _BY_CHANCE.fullmatch(own)
