"""What may not be told: personal data in free text, and small numbers that could name a person."""

from analysis.disclosure.counts import counts
from analysis.disclosure.personal import KINDS, hold_personal, personal
from analysis.disclosure.profiles import in_force, profiles, restricted, stands_apart
from analysis.disclosure.solving import bounds, solvable, with_secondary
from analysis.disclosure.suppression import protect

__all__ = [
    "KINDS",
    "bounds",
    "counts",
    "hold_personal",
    "in_force",
    "personal",
    "profiles",
    "protect",
    "restricted",
    "solvable",
    "stands_apart",
    "with_secondary",
]
