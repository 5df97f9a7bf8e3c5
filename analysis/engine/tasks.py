"""Tasks, and how they are done by any kind of workers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Task:
    """
    One piece of work that can begin now.

    Attributes:
        name: how it is told from others.
        does: a function of a module, so that another process finds it too.
        given: its arguments, which another process can be sent.
        part: the whole that it is a part of: when a task fails, what has not begun of the same whole never does.
        needs: libraries that take long to import; it is done where they are loaded already.
        stays: whether its process, where it has one of its own, stays for tasks that are done within it, until all of its part is over.
        within: the name of a task that stayed: this one finds loaded what that one has loaded.
        rank: of those that could start, the lowest starts first.
    """

    name: str
    does: Callable[..., Any]
    given: tuple[Any, ...] = ()
    part: str = ""
    needs: tuple[str, ...] = ()
    rank: tuple[int, ...] = ()
    stays: bool = False
    within: str = ""


@dataclass(frozen=True)
class Failed:
    """What became of a task that raised, or whose process ended before it was done."""

    fault: Exception


class ProcessEnded(Exception):
    """A task's process ended before the task did: killed, out of memory, or left by the task itself."""


class Workers(Protocol):
    """What does tasks, several at a time."""

    @property
    def free(self) -> int:
        """How many more tasks may begin now."""

    def start(self, task: Task) -> None:
        """Begin a task."""

    def wait(self) -> list[tuple[str, Any]]:
        """Wait until at least one task has ended; give the name of each that has, with what it gave or how it failed."""

    def over(self, part: str) -> None:
        """Let go of what stayed of a part: nothing more of it comes."""


def carry_out(tasks: Iterable[Task], workers: Workers, then: Callable[[Task, Any], Iterable[Task] | None]) -> None:
    """
    Do every task, and every task that follows from one.

    Args:
        tasks: what can begin at once.
        workers: who does them.
        then: called in this process as each task ends, with what it gave; gives the tasks that follow from it, or None to give its part up. Of a
            part of which a task failed it is called once more only, with `Failed`, when nothing of that part runs any longer.

    Raises:
        ValueError: two tasks share a name.
    """
    plan = _Plan()
    plan.add(tasks)
    while plan.waiting or plan.running:
        for task in plan.next(workers.free):
            workers.start(task)
        for name, result in workers.wait():
            for task, given in plan.ended(name, result):
                more = then(task, given)
                if more is None:
                    plan.give_up(task.part)
                plan.add(more or ())
                if plan.is_over(task.part):
                    workers.over(task.part)


class _Plan:
    def __init__(self) -> None:
        self.waiting: dict[str, Task] = {}
        self.running: dict[str, Task] = {}
        self._failed: dict[str, tuple[Task, Failed]] = {}
        self._known: set[str] = set()

    def add(self, tasks: Iterable[Task]) -> None:
        for task in tasks:
            if task.name in self._known:
                raise ValueError(f"two tasks are called {task.name!r}")
            self._known.add(task.name)
            self.waiting[task.name] = task

    def next(self, most: int) -> list[Task]:
        """Take those that begin now."""
        found = sorted(self.waiting.values(), key=lambda task: task.rank)[:most]
        for task in found:
            self.running[task.name] = self.waiting.pop(task.name)
        return found

    def give_up(self, part: str) -> None:
        """Begin nothing more of a part."""
        self.waiting = {name: task for name, task in self.waiting.items() if task.part != part}

    def is_over(self, part: str) -> bool:
        """Say whether nothing of a part is left."""
        return all(task.part != part for task in (*self.waiting.values(), *self.running.values()))

    def ended(self, name: str, result: Any) -> list[tuple[Task, Any]]:
        """Take in that a task ended; give what there is to tell of it, if anything."""
        task = self.running.pop(name)
        if isinstance(result, Failed):
            self._failed.setdefault(task.part, (task, result))
            self.give_up(task.part)
        if task.part not in self._failed:
            return [(task, result)]
        return [] if any(other.part == task.part for other in self.running.values()) else [self._failed[task.part]]
