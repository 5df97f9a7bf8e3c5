"""
Processes that have the libraries loaded, and a fork of one of them for each task.

A task starts with everything imported and nothing done: no interpreter to start, no library to load, no memory of another task. A task may
stay: those that are done within it find what it has loaded as well.

Two warm processes are kept. The plain one has all but what is slow; the other is its fork and loads the slow library beside it, on another core, so that
no task waits for a library that it does not use. Both end with the process that started them, however that ends.
"""

from __future__ import annotations

import gc
import importlib
import os
import pickle
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any, Self

from analysis import libraries
from analysis.engine.tasks import Failed, ProcessEnded, Task

_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Threads do not survive a fork, and tasks run beside one another already."""


_GONE = "the process that the notebooks are forked from has ended; what it said stands above"


def can_fork() -> bool:
    """Say whether a process with libraries loaded can be forked safely here; on macOS its own libraries forbid it."""
    return sys.platform.startswith("linux")


@dataclass(frozen=True)
class _Request:
    """What a warm process is asked: to fork for a task, to hand it to a process that stayed, or to let such processes go."""

    name: str
    part: str
    within: str = ""
    stays: bool = False
    work: bytes = b""


class Forked:
    """Tasks in forks of warm processes."""

    def __init__(self, jobs: int, plain: Sequence[str], slow: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        """
        Start the warm processes; they load while this one goes on.

        Args:
            jobs: how many tasks at a time, at least one.
            plain: the modules that every task finds loaded; of `module:function` the function is called as well.
            slow: those that only tasks that need one of them find loaded as well.
            environment: what they find in their environment beside ours.
        """
        self._jobs = max(jobs, 1)
        self._slow = frozenset(slow)
        self._running: set[str] = set()
        ours, theirs = zip(*(socket.socketpair() for _ in range(2)), strict=True)
        self._plain, self._with_slow = (Connection(end.detach()) for end in ours)
        handed = [end.fileno() for end in theirs]
        code = f"from analysis.engine import warm; warm.serve({handed!r}, {list(plain)!r}, {list(slow)!r})"
        whole = os.environ | _ONE_THREAD | dict(environment or {})
        self._process = subprocess.Popen(  # noqa: S603 - this very Python; a group of its own, so that it ends as one, and only by `close` or with us
            [sys.executable, "-c", code], pass_fds=handed, env=whole, stdin=subprocess.DEVNULL, process_group=0
        )
        for end in theirs:
            end.close()

    def __enter__(self) -> Self:
        """Give the workers."""
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        """End the warm processes, and every task that still runs."""
        self.close()

    @property
    def alive(self) -> bool:
        """Whether the warm processes can still be asked."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the warm processes, and every task that still runs."""
        self._plain.close()
        self._with_slow.close()
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    @property
    def free(self) -> int:
        """How many more tasks may begin now."""
        return self._jobs - len(self._running)

    def start(self, task: Task) -> None:
        """Begin a task."""
        self._running.add(task.name)
        to = self._with_slow if self._slow & set(task.needs) else self._plain
        try:
            to.send_bytes(pickle.dumps(_Request(task.name, task.part, task.within, task.stays, pickle.dumps((task.does, task.given)))))
        except OSError:
            raise ProcessEnded(_GONE) from None

    def over(self, part: str) -> None:
        """Let go of what stayed of a part."""
        for to in (self._plain, self._with_slow):
            with suppress(OSError):
                to.send_bytes(pickle.dumps(_Request("", part)))

    def wait(self) -> list[tuple[str, Any]]:
        """Wait until at least one task has ended; give each that has, with what it gave or how it failed."""
        ended = []
        for ready in wait([self._plain, self._with_slow]):
            try:
                name, result = pickle.loads(ready.recv_bytes())  # noqa: S301 - from a process of our own
            except (EOFError, OSError):
                raise ProcessEnded(_GONE) from None
            self._running.discard(name)
            ended.append((name, pickle.loads(result)))  # noqa: S301 - from a process of our own
        return ended


def serve(handed: Sequence[int], plain: Sequence[str], slow: Sequence[str]) -> None:
    """Load libraries, then fork for each task that is asked for, until whoever asks is gone. What a warm process runs."""
    for_plain, for_slow = (Connection(number) for number in handed)
    libraries.lighten()
    gc.disable()  # nothing that is imported is ever garbage: looking for it takes a tenth of the time
    for name in plain:
        _load(name)
    if os.fork():
        for_slow.close()
        _Warm(for_plain).serve()
        os.killpg(0, signal.SIGKILL)  # the whole group, which is this process's own: the other warm process, and whatever either has begun
    for_plain.close()
    for name in slow:
        _load(name)
    _Warm(for_slow).serve()
    os._exit(0)


def _load(name: str) -> None:
    module, _, function = name.partition(":")
    loaded = importlib.import_module(module)
    if function:
        getattr(loaded, function)()


@dataclass
class _Child:
    process: int
    part: str
    stays: bool
    busy_with: set[str]
    serves: bool = False


class _Warm:
    """A process with things loaded, and the forks that it has made; one that stays is asked over the connection on which it answered."""

    def __init__(self, asked: Connection) -> None:
        self._asked = asked
        self._children: dict[Connection, _Child] = {}
        self._stayed: dict[str, Connection] = {}

    def serve(self) -> None:
        """Do what is asked, until whoever asks is gone; then nothing goes on."""
        gc.freeze()
        while True:
            for ready in wait([self._asked, *self._children]):
                if ready is not self._asked:
                    if ready in self._children:  # what was asked just now may have let go of it
                        self._hear(ready)
                    continue
                try:
                    request = pickle.loads(self._asked.recv_bytes())  # noqa: S301 - from the process that started this one
                except (EOFError, OSError):
                    for connection in list(self._children):
                        self._let_go(connection)
                    return
                self._begin(request)

    def _begin(self, request: _Request) -> None:
        if not request.name:
            for connection in [one for one, child in self._children.items() if child.part == request.part and child.stays]:
                self._let_go(connection)
        elif request.within:
            self._hand_on(request)
        else:
            self._fork(request)

    def _hand_on(self, request: _Request) -> None:
        connection = self._stayed.get(request.within)
        if connection is None or connection not in self._children:
            self._answer(pickle.dumps((request.name, pickle.dumps(Failed(ProcessEnded("the process that it was to run in has ended"))))))
            return
        self._children[connection].busy_with.add(request.name)
        with suppress(OSError):  # it has ended: that is heard next, and told of all that it was busy with
            connection.send_bytes(pickle.dumps(replace(request, within="")))

    def _fork(self, request: _Request) -> None:
        ours, theirs = (Connection(end.detach()) for end in socket.socketpair())
        process = os.fork()
        if not process:
            for other in [ours, self._asked, *self._children]:
                other.close()
            _do(theirs, request)
        theirs.close()
        self._children[ours] = _Child(process, request.part, request.stays, {request.name})
        if request.stays:
            self._stayed[request.name] = ours

    def _hear(self, child: Connection) -> None:
        about = self._children[child]
        try:
            said = child.recv_bytes()
            about.busy_with.discard(pickle.loads(said)[0])  # noqa: S301 - from a fork of this process
            about.serves = about.stays
            self._answer(said)
        except (EOFError, OSError):
            how = _how_it_ended(about.process)
            for name in about.busy_with:
                self._answer(pickle.dumps((name, pickle.dumps(Failed(ProcessEnded(how))))))
            self._stayed = {name: one for name, one in self._stayed.items() if one is not child}
            child.close()
            del self._children[child]

    def _answer(self, said: bytes) -> None:
        with suppress(OSError):  # nobody is left to hear it: the next look at what is asked says so
            self._asked.send_bytes(said)

    def _let_go(self, connection: Connection) -> None:
        """End a fork: one that stayed sees that nobody asks any longer and ends its own forks, one that works is killed."""
        child = self._children.pop(connection)
        self._stayed = {name: one for name, one in self._stayed.items() if one is not connection}
        connection.close()
        if not child.serves:
            os.kill(child.process, signal.SIGKILL)
        os.waitpid(child.process, 0)


def _do(asked: Connection, request: _Request) -> None:
    """Do a task in the process made for it; then end that process, or serve tasks that find what this one has loaded."""
    gc.enable()
    try:
        does, given = pickle.loads(request.work)  # noqa: S301 - from the process that started this one
        result = does(*given)
    except Exception as fault:  # noqa: BLE001 - whatever a task raises is handed to whoever asked for it
        fault.add_note("".join(traceback.format_tb(fault.__traceback__)))
        result = Failed(_that_travels(fault))
    asked.send_bytes(pickle.dumps((request.name, pickle.dumps(result))))
    if request.stays and not isinstance(result, Failed):
        _Warm(asked).serve()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _that_travels(fault: Exception) -> Exception:
    """Give a fault that can be sent: itself, or what it says."""
    try:
        pickle.loads(pickle.dumps(fault))  # noqa: S301 - made in this line
    except Exception:  # noqa: BLE001 - pickling raises what the fault's own class raises
        return RuntimeError("".join(traceback.format_exception(fault)))
    return fault


def _how_it_ended(process: int) -> str:
    _, status = os.waitpid(process, 0)
    code = os.waitstatus_to_exitcode(status)
    return f"its process {f'was killed (signal {-code})' if code < 0 else f'ended (exit code {code})'} before it was done"
