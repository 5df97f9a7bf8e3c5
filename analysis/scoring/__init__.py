"""Observations -> variance, RAG band under a policy that is data, and agreement with the published band."""

from analysis.scoring.judging import bands, disagreements, figure_id, flips, score
from analysis.scoring.monthly import arrow, indicators, steps
from analysis.scoring.policies import OTHERWISE, Policy, Test, applied, chosen, edges
from analysis.scoring.revising import crossings, fragility, mark_revised, revised, revisions

__all__ = [
    "OTHERWISE",
    "Policy",
    "Test",
    "applied",
    "arrow",
    "bands",
    "chosen",
    "crossings",
    "disagreements",
    "edges",
    "figure_id",
    "flips",
    "fragility",
    "indicators",
    "mark_revised",
    "revised",
    "revisions",
    "score",
    "steps",
]
