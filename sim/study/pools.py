"""Where batches are computed on this machine: in the process itself, in threads, in processes.

Invariant: a pool only moves batches and receipts; it decides nothing, so every pool gives the same tables.
"""

import os
import queue
import signal
import threading
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Any, Protocol

from sim.study.batch import Batch, compute_batch
from sim.study.stopping import SIGNALS, end_with, ignoring_children
from sim.study.store.folder import Receipt


class Pool(Protocol):
    """Takes batches, gives receipts, in any order."""

    width: int
    """How many batches are computed at a time."""
    batch_seconds: float = 0.0
    """Least work of a batch, where starting one is dear; 0: the session decides."""

    def submit(self, batches: Sequence[Batch]) -> Sequence[Hashable]:
        """Tickets of the batches handed in."""

    def ready(self, tickets: Sequence[Any], seconds: float) -> Sequence[Any]:
        """Tickets that have ended, after waiting at most some seconds for the first one."""

    def result(self, ticket: Any) -> Receipt:
        """The receipt of a ticket that has ended; raises when its worker was lost."""

    def close(self, now: bool) -> None:
        """End the workers; `now`: without waiting for what they do."""


class Serial(Pool):
    """Computes in the calling process when asked for results."""

    width = 1

    def __init__(self, stop: Callable[[], bool]) -> None:
        self._stop = stop
        self._receipts: dict[int, Receipt] = {}
        self._waiting: dict[int, Batch] = {}
        self._number = 0

    def submit(self, batches: Sequence[Batch]) -> list[int]:
        first = self._number
        self._number += len(batches)
        self._waiting |= dict(zip(range(first, self._number), batches, strict=True))
        return list(range(first, self._number))

    def ready(self, tickets: Sequence[int], seconds: float) -> list[int]:
        first = tickets[0]
        self._receipts[first] = compute_batch(self._waiting.pop(first), self._stop)
        return [first]

    def result(self, ticket: int) -> Receipt:
        return self._receipts.pop(ticket)

    def close(self, now: bool) -> None:
        self._waiting.clear()


class Futures(Pool):
    """Common part of all pools that speak `concurrent.futures`."""

    def ready(self, tickets: Sequence[Future[Receipt]], seconds: float) -> list[Future[Receipt]]:
        return list(wait(tickets, seconds, FIRST_COMPLETED).done)

    def result(self, ticket: Future[Receipt]) -> Receipt:
        return ticket.result()


class Threads(Futures):
    """Threads of this process: good for long replications, because the compiled engine lets others run."""

    def __init__(self, jobs: int, stop: Callable[[], bool]) -> None:
        self.width = jobs
        self._stop = stop
        self._queue: queue.SimpleQueue[tuple[Future[Receipt], Batch] | None] = queue.SimpleQueue()
        # Daemons: a compiled replication cannot be interrupted, and must not hold up the end of the program.
        self._threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(jobs)]
        for thread in self._threads:
            thread.start()

    def submit(self, batches: Sequence[Batch]) -> list[Future[Receipt]]:
        futures: list[Future[Receipt]] = [Future() for _ in batches]
        for task in zip(futures, batches, strict=True):
            self._queue.put(task)
        return futures

    def close(self, now: bool) -> None:
        for _ in self._threads:
            self._queue.put(None)
        if not now:
            for thread in self._threads:
                thread.join()

    def _serve(self) -> None:
        while (task := self._queue.get()) is not None:
            future, batch = task
            try:
                future.set_result(compute_batch(batch, self._stop))
            except BaseException as error:
                future.set_exception(error)


class Processes(Futures):
    """Processes of this machine by loky, started fresh, deaf to Ctrl-C, gone when their parent is gone."""

    def __init__(self, jobs: int) -> None:
        from multiprocessing import resource_tracker

        from joblib.externals.loky.backend import resource_tracker as loky_tracker

        self.width = jobs
        # Their start would end the deafness of workers started with them.
        with ignoring_children():
            resource_tracker.ensure_running()
            loky_tracker.ensure_running()

    def submit(self, batches: Sequence[Batch]) -> list[Future[Receipt]]:
        with ignoring_children():
            executor = self._executor()  # a new one when the last broke
            return [executor.submit(compute_batch, batch) for batch in batches]

    def close(self, now: bool) -> None:
        self._executor().shutdown(wait=True, kill_workers=now)

    def _executor(self) -> Any:
        from joblib.externals.loky import get_reusable_executor

        single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        return get_reusable_executor(
            self.width, timeout=60, initializer=prepare_worker, initargs=(os.getpid(),), env=single
        )


def prepare_worker(parent: int | None = None) -> None:
    """End when the process `parent` has ended, and leave Ctrl-C to it."""
    if parent is not None:
        end_with(parent)
    if threading.current_thread() is threading.main_thread():
        for number in SIGNALS:
            if number != signal.SIGTERM:
                signal.signal(number, signal.SIG_IGN)
    from sim.memory import keep_freed

    keep_freed()
