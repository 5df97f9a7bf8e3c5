"""Issues gathered while files are read."""

from __future__ import annotations

from typing import Any

from analysis.vocabulary import Severity, Stage


class Issues:
    """Issues found while reading, as rows."""

    def __init__(self) -> None:
        """Start with none."""
        self.rows: list[dict[str, Any]] = []

    def add(self, where: dict[str, Any], stage: Stage, severity: Severity, rule: str, message: str, as_typed: str = "") -> None:
        """Add one; *where* names quarter, file, sheet and cell as far as they are known."""
        self.rows.append({"stage": stage, "severity": severity, "rule": rule, "message": message, "as_typed": as_typed} | where)
