"""Registers made up, small enough to work an example by hand."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pandas as pd

from analysis.reference import Registers


def example_registers(disclosure: list[tuple[str, str, str, str]], sums: list[tuple[str, str]] | None = None) -> Registers:
    """
    Give registers of two measures, M1 and M2 of the theme T, with rows (audience, theme, measure_id, profile) and (total, part).

    >>> example_registers([]).measures["measure_id"].tolist()
    ['M1', 'M2']
    """
    rows = [dict(zip(("audience", "theme", "measure_id", "profile"), row, strict=True)) for row in disclosure]
    made: dict[str, Any] = {entry.name: pd.DataFrame() for entry in fields(Registers)}
    made |= {"name": "", "language": "en", "far_beyond_target": None, "fingerprints": {}}
    made["measures"] = pd.DataFrame([{"measure_id": name, "theme": "T", "measure": name, "number": name[1:], "policy": ""} for name in ("M1", "M2")])
    made["disclosure"] = pd.DataFrame(rows, columns=["audience", "theme", "measure_id", "profile"], dtype=object)
    made["sums"] = pd.DataFrame(sums or [], columns=["total", "part"], dtype=object)
    made["audiences"] = pd.DataFrame(columns=["audience", "per_group"], dtype=object)
    return Registers(**made)
