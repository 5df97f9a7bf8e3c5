"""Exceptions: the measures that need a reader's attention, each once, with the reasons why; and what is missing."""

from __future__ import annotations

from analysis.exceptions.challenges import Evidence, key_challenges, ranked
from analysis.exceptions.commentary import check
from analysis.exceptions.missing import DUE_LATER, is_due, missing, missing_awards

__all__ = ["DUE_LATER", "Evidence", "check", "is_due", "key_challenges", "missing", "missing_awards", "ranked"]
