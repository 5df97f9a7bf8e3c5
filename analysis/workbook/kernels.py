"""Kernels that are started before their turn, with the libraries that their notebooks load; for systems where a process cannot be forked."""

from __future__ import annotations

import os
import queue
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_client import KernelManager
from papermill.engines import NBClientEngine, papermill_engines
from traitlets.config import Config

NAME = "in a kernel started ahead"


class Kernels:
    """A few kernels that wait for a notebook; each serves one, and another is started in its place."""

    def __init__(self, folder: Path, ahead: int, loads: Sequence[str]) -> None:
        """
        Start the first.

        Args:
            folder: where their notebooks lie.
            ahead: how many wait at a time.
            loads: the libraries that each loads while it waits.
        """
        os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"  # the kernel of this environment, not one of the user's
        self._folder = folder
        self._lines = [f"__import__('{name}') and None" for name in loads]
        self._pool = ThreadPoolExecutor(max(ahead, 1))
        self._waiting: queue.SimpleQueue[Future[KernelManager] | None] = queue.SimpleQueue()
        self._ahead = max(ahead, 1)
        for _ in range(max(ahead, 1)):
            self._start_one()

    def _start_one(self) -> None:
        self._waiting.put(self._pool.submit(self._started))

    def _started(self) -> KernelManager:
        manager = KernelManager(
            kernel_name="python3", client_class="jupyter_client.asynchronous.AsyncKernelClient", config=Config(KernelManager={"transport_encryption": "auto"})
        )
        manager.start_kernel(cwd=str(self._folder), extra_arguments=[f"--IPKernelApp.exec_lines={line}" for line in self._lines])
        return manager

    def take(self) -> KernelManager:
        """Give one that waits; whoever takes it ends it."""
        taken = self._waiting.get()
        if taken is None:
            raise RuntimeError("the run was stopped before a kernel was there")
        with suppress(RuntimeError):  # the pool is closed: no other notebook comes
            self._start_one()
        return taken.result()

    def close(self) -> None:
        """End those that nobody took; whoever waits for one is told."""
        self._pool.shutdown()
        while not self._waiting.empty():
            left = self._waiting.get()
            if left is not None and left.exception() is None:
                left.result().shutdown_kernel(now=True)
        for _ in range(self._ahead):
            self._waiting.put(None)


class InKernel(NBClientEngine):  # type: ignore[misc]
    """papermill's own engine, given a kernel that has started already."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, kernels: Kernels | None = None, **how: Any) -> Any:
        """Run the cells in a kernel that waits, and end it."""
        if kernels is None:
            return super().execute_managed_notebook(nb_man, kernel_name, **how)
        manager = kernels.take()
        try:
            return super().execute_managed_notebook(nb_man, kernel_name, km=manager, **how)
        finally:
            manager.shutdown_kernel(now=True)


papermill_engines.register(NAME, InKernel)
