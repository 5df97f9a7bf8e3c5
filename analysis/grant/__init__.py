"""Reward grant once it is awarded: spend, outturn, variations, agreements, milestones, checks, and what to test."""

from analysis.grant.agreements import STATES, follow, standing
from analysis.grant.checks import CHECKS, check
from analysis.grant.milestones import due_milestones
from analysis.grant.outturn import STATES as OUTTURN_STATES
from analysis.grant.outturn import burn_up, ledger, outturn
from analysis.grant.sample import sample
from analysis.grant.spend import WHAT, asked, award_id, newest, remaining_forecasts, repeated_forecast, spend, totals

__all__ = [
    "CHECKS",
    "OUTTURN_STATES",
    "STATES",
    "WHAT",
    "asked",
    "award_id",
    "burn_up",
    "check",
    "due_milestones",
    "follow",
    "ledger",
    "newest",
    "outturn",
    "remaining_forecasts",
    "repeated_forecast",
    "sample",
    "spend",
    "standing",
    "totals",
]
