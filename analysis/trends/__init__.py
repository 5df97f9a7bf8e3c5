"""Where a measure is going: direction of travel, whether a change is signal or noise, the year so far and its end."""

from __future__ import annotations

from analysis.trends.outlook import forecast
from analysis.trends.process import Xmr, measure_points, monthly_points, signals, variation, xmr
from analysis.trends.travel import direction
from analysis.trends.year import to_date

__all__ = ["Xmr", "direction", "forecast", "measure_points", "monthly_points", "signals", "to_date", "variation", "xmr"]
