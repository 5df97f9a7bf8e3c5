"""Exceptions: the measures that need a reader's attention, each once, with the reasons why; and what is missing."""

from __future__ import annotations

from analysis.exceptions.challenges import Evidence, key_challenges, ranked
from analysis.exceptions.commentary import check
from analysis.exceptions.missing import DUE_LATER, NO_ROW, in_season, is_due, missing, missing_awards, name_of

__all__ = ["DUE_LATER", "NO_ROW", "Evidence", "check", "in_season", "is_due", "key_challenges", "missing", "missing_awards", "name_of", "ranked"]
