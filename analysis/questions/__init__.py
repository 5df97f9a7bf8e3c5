"""What an analyst asks of a quarter, in a notebook or by the command: why, where from, what it feeds, what changed. Answers are frames."""

from __future__ import annotations

from analysis.questions.answer import Answer
from analysis.questions.differences import changed
from analysis.questions.opened import fresh
from analysis.questions.reasons import why
from analysis.questions.sources import feeds, trace

__all__ = ["Answer", "changed", "feeds", "fresh", "trace", "why"]
