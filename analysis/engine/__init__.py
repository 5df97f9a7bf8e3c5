"""Tasks done by workers, as many at a time as there are workers: by forks of a process that has the libraries loaded, or by threads."""

from __future__ import annotations

from analysis.engine.tasks import Failed, ProcessEnded, Task, Workers, carry_out
from analysis.engine.threads import Threads
from analysis.engine.warm import Forked, can_fork

__all__ = ["Failed", "Forked", "ProcessEnded", "Task", "Threads", "Workers", "can_fork", "carry_out"]
