"""Handing out work: a bounded number of batches in flight, lost ones tried again with more care.

Invariant: every run handed in ends in exactly one receipt, unless a stop was asked for.
"""

import errno
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from sim.study.batch import Batch, Job, given_up
from sim.study.pools import Pool
from sim.study.store.folder import Receipt

DISK = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.EIO,
    errno.ENOENT,
}
LOST_IN_A_ROW = 5


class WorkersLost(Exception):
    """Workers cannot be started, or die whatever they compute."""


@dataclass
class Dispatcher:
    """The work still to do, and what is being done.

    `blank` is a batch without jobs: it says where results go and how long a batch may take.
    """

    jobs: deque[Job]
    pool: Pool
    blank: Batch
    stop: Callable[[], bool]
    notify: Callable[[str], None]
    batch_runs: int = 500
    run_seconds: float | None = None
    _suspects: deque[Batch] = field(default_factory=deque)
    _running: dict[Any, Batch] = field(default_factory=dict)
    _lost_in_a_row: int = 0

    def receipts(self) -> Iterator[Receipt]:
        """Receipts as they come in, until all work is done or a stop is asked for and what runs has ended.

        Raises
        ------
        OSError
            when a worker could not write its batch.
        WorkersLost
            when workers die one after the other without finishing anything.
        """
        while True:
            if not self.stop():
                self._fill()
            if not self._running:
                return
            for ticket in self.pool.ready(list(self._running), 0.2):
                receipt = self._receive(ticket)
                if receipt is not None:
                    yield receipt

    def _fill(self) -> None:
        if self._suspects:
            if not self._running:
                self._submit([self._suspects.popleft()])
            return
        alone = any(batch.alone for batch in self._running.values())
        room = 0 if alone else 2 * self.pool.width - len(self._running)
        self._submit(list(self._batches(room)))

    def _batches(self, count: int) -> Iterable[Batch]:
        for _ in range(count):
            if self.jobs:
                size = min(self._size(), len(self.jobs))
                yield replace(self.blank, jobs=tuple(self.jobs.popleft() for _ in range(size)))

    def _size(self) -> int:
        """Runs of the next batch: as many as fill its time, fewer towards the end, so that none is last."""
        if self.run_seconds is None:
            return 1
        fitting = int(self.blank.seconds / max(self.run_seconds, 1e-6))
        share = len(self.jobs) if self.pool.batch_seconds else len(self.jobs) // (2 * self.pool.width)
        return max(1, min(fitting, share, self.batch_runs))

    def _submit(self, batches: list[Batch]) -> None:
        if not batches:
            return
        try:
            tickets = self.pool.submit(batches)
        except Exception:
            # The pool may have broken between two looks at it; once more, with new workers.
            try:
                tickets = self.pool.submit(batches)
            except Exception as error:
                raise WorkersLost(f"workers cannot be started ({type(error).__name__}: {error})") from error
        self._running |= dict(zip(tickets, batches, strict=True))

    def _receive(self, ticket: Any) -> Receipt | None:
        batch = self._running.pop(ticket)
        try:
            receipt = self.pool.result(ticket)
        except Exception as error:
            if isinstance(error, OSError) and error.errno in DISK:
                raise
            return self._lost(batch, error)
        self._lost_in_a_row = 0
        self._learn(receipt)
        rest = set(receipt.rest)
        self.jobs.extendleft(job for job in reversed(batch.jobs) if job.key in rest)
        return receipt

    def _learn(self, receipt: Receipt) -> None:
        seconds = receipt.seconds / len(receipt.ended)
        before = self.run_seconds
        self.run_seconds = seconds if before is None else 0.5 * (before + seconds)

    def _lost(self, batch: Batch, error: Exception) -> Receipt | None:
        """A worker died: try its batch alone, then each run alone, then give the run up."""
        if self.stop():
            return None
        if not batch.alone:
            self._suspects.append(replace(batch, alone=True))
        elif len(batch.jobs) > 1:
            self._suspects.extend(batch.split())
        else:
            return self._give_up(batch, error)
        self.notify(f"a worker was lost; its {len(batch.jobs)} run(s) are computed again, alone")
        return None

    def _give_up(self, batch: Batch, error: Exception) -> Receipt:
        kind = type(error).__name__
        self._lost_in_a_row += 1
        if self._lost_in_a_row >= LOST_IN_A_ROW:
            raise WorkersLost(
                f"the last {LOST_IN_A_ROW} runs all cost their worker ({kind}): "
                "out of memory, or killed from outside"
            )
        return given_up(batch, f"out of memory, or killed from outside: its worker was lost twice ({kind})")
