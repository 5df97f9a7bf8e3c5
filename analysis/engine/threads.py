"""Tasks in threads of this process, for systems that cannot fork and for notebooks that have kernels of their own."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Any, Self

from analysis.engine.tasks import Failed, ProcessEnded, Task


class Threads:
    """As many threads as tasks may run at a time."""

    def __init__(self, jobs: int) -> None:
        """Start none yet; *jobs* at a time, at least one."""
        self._jobs = max(jobs, 1)
        self._pool = ThreadPoolExecutor(self._jobs)
        self._running: dict[Future[Any], str] = {}

    def __enter__(self) -> Self:
        """Give the workers."""
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        """Wait for what runs."""
        self._pool.shutdown(cancel_futures=True)

    @property
    def free(self) -> int:
        """How many more tasks may begin now."""
        return self._jobs - len(self._running)

    def start(self, task: Task) -> None:
        """Begin a task."""
        self._running[self._pool.submit(task.does, *task.given)] = task.name

    def over(self, part: str) -> None:
        """Let go of nothing: threads have all in common."""

    def wait(self) -> list[tuple[str, Any]]:
        """Wait until at least one task has ended; give each that has, with what it gave or how it failed."""
        ended, _ = wait(self._running, return_when=FIRST_COMPLETED)
        return [(self._running.pop(future), _outcome(future)) for future in ended]


def _outcome(future: Future[Any]) -> Any:
    fault = future.exception()
    if fault is None:
        return future.result()
    if isinstance(fault, SystemExit):
        return Failed(ProcessEnded(f"it left by sys.exit({fault.code!r}) before it was done"))
    if isinstance(fault, Exception):
        return Failed(fault)
    raise fault
