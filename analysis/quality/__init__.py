"""How far the returns can be trusted: checks of figures, what is owed and what came, a grade for each figure."""

from analysis.quality.checks import CHECKS, check
from analysis.quality.evidence import Evidence
from analysis.quality.grades import grades, league
from analysis.quality.owed import NOT_RECEIVED, due_on, is_owed, not_received, owed, plain, punctuality

__all__ = ["CHECKS", "NOT_RECEIVED", "Evidence", "check", "due_on", "grades", "is_owed", "league", "not_received", "owed", "plain", "punctuality"]
