"""Figures -> a picture with a message for its title and words for those who cannot see it. The only door to matplotlib."""

from analysis.charts.bars import bands
from analysis.charts.coverage import coverage
from analysis.charts.drawing import figure
from analysis.charts.inline import bullet, sparkline
from analysis.charts.money import burn_up, spend, waterfall
from analysis.charts.monthly import months
from analysis.charts.movement import change
from analysis.charts.panels import Panel, multiples
from analysis.charts.stack import parts, stack
from analysis.charts.timeline import timeline
from analysis.charts.variation import process

__all__ = [
    "Panel",
    "bands",
    "bullet",
    "burn_up",
    "change",
    "coverage",
    "figure",
    "months",
    "multiples",
    "parts",
    "process",
    "sparkline",
    "spend",
    "stack",
    "timeline",
    "waterfall",
]
