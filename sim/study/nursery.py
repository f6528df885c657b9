"""Workers made ready while the command line is checked: one process loads all, the others are its forks.

Invariant: computes nothing of a sweep until it is handed chunks; closed, it leaves no process behind.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import current_process
from typing import Any

from sim.study.chunk import Chunk, run_chunk
from sim.study.pools import Futures
from sim.study.stopping import deaf_children
from sim.study.store.folder import Receipt


class Nursery(Futures):
    """Processes of this machine, forked from one in which everything is imported and loaded.

    To fork is safe there, because that process has one thread (`sim.study.ready`) and never computes. Its
    start takes this process some milliseconds; it is ready a second later.
    """

    @staticmethod
    def possible() -> bool:
        """Can processes be forked without surprises, and by nobody else's server, which would be ended?"""
        if sys.platform != "linux" or current_process().daemon:
            return False
        from multiprocessing import forkserver

        return getattr(getattr(forkserver, "_forkserver", None), "_forkserver_pid", None) is None

    def __init__(self) -> None:
        self.width = 0
        self._executor: ProcessPoolExecutor | None = None
        self._closed = False
        self.warm = False
        self._lock = threading.Lock()

    def warm_up(self) -> None:
        """Start the process that loads everything; not done by making it, so that there is one to close."""
        from multiprocessing import forkserver, resource_tracker

        resource_tracker.ensure_running()  # its start would end the deafness of those started with it
        forkserver.set_forkserver_preload(["sim.study.ready"])
        with deaf_children():
            self.warm = True  # there is something to end from here on
            forkserver.ensure_running()

    def begin(self, width: int) -> None:
        """Start so many workers, as soon as that process is ready."""
        self.warm_up()
        self.width = width
        for _ in range(width):
            self.ask(bool)

    def ask(self, function: Callable[..., Any], *given: Any) -> "Future[Any]":
        """Call a function in a worker; waits for nothing, not even for the worker."""
        answer: Future[Any] = Future()

        def wait() -> None:
            try:
                answer.set_result(self._handed(function, *given).result())
            except BaseException as problem:
                answer.set_exception(problem)

        with deaf_children():  # threads too: Ctrl-C is for the first one
            threading.Thread(target=wait, daemon=True).start()
        return answer

    def submit(self, chunks: Sequence[Chunk]) -> list[Future[Receipt]]:
        try:
            return [self._handed(run_chunk, chunk) for chunk in chunks]
        except BrokenProcessPool:
            self._end(now=True)  # whoever hands in again has new workers
            raise

    def close(self, now: bool) -> None:
        self._closed = True
        if now and self.warm:
            _stop_server()  # first, so that it forks no more
        self._end(now)
        if self.warm:
            _stop_server()
        self.warm = False

    def _handed(self, function: Callable[..., Any], *given: Any) -> "Future[Any]":
        from multiprocessing import get_context

        with self._lock:  # one after the other, so that nobody starts a worker after the end
            if self._closed:
                raise RuntimeError("the workers have been dismissed")
            if self._executor is None:
                self._executor = ProcessPoolExecutor(self.width, get_context("forkserver"), _prepare)
            return self._executor.submit(function, *given)

    def _end(self, now: bool) -> None:
        executor, self._executor = self._executor, None
        if executor is None:
            return
        workers: dict[int, Any] = getattr(executor, "_processes", None) or {}
        executor.shutdown(wait=not now, cancel_futures=True)
        for worker in list(workers.values()) if now else ():
            with suppress(OSError, ValueError):
                worker.kill()


def _prepare() -> None:
    """Leave Ctrl-C to the parent, and end when it has ended."""
    from multiprocessing import parent_process

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


def _stop_server() -> None:
    """End the process that workers are forked from, also while it is still loading."""
    from multiprocessing import forkserver

    server = getattr(forkserver, "_forkserver", None)
    number = getattr(server, "_forkserver_pid", None)
    if number is not None:
        with suppress(OSError):
            os.kill(number, signal.SIGKILL)
    stop = getattr(server, "_stop", None)
    if stop is not None:
        stop()
