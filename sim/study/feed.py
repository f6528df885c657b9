"""Handing out work: a bounded number of chunks in flight, lost ones tried again with more care.

Invariant: every unit handed in ends in exactly one receipt, unless a stop was asked for.
"""

import errno
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from sim.study.chunk import Chunk, Job, given_up
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
class Feed:
    """The work still to do, and what is being done.

    `blank` is a chunk without jobs: it says where results go and how long a chunk may take.
    """

    jobs: deque[Job]
    pool: Pool
    blank: Chunk
    stop: Callable[[], bool]
    tell: Callable[[str], None]
    batch_units: int = 500
    unit_seconds: float | None = None
    _suspects: deque[Chunk] = field(default_factory=deque)
    _running: dict[Any, Chunk] = field(default_factory=dict)
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
        alone = any(chunk.alone for chunk in self._running.values())
        room = 0 if alone else 2 * self.pool.width - len(self._running)
        self._submit(list(self._chunks(room)))

    def _chunks(self, count: int) -> Iterable[Chunk]:
        for _ in range(count):
            if self.jobs:
                size = min(self._size(), len(self.jobs))
                yield replace(self.blank, jobs=tuple(self.jobs.popleft() for _ in range(size)))

    def _size(self) -> int:
        """Units of the next chunk: as many as fill its time, fewer towards the end, so that none is last."""
        if self.unit_seconds is None:
            return 1
        fitting = int(self.blank.seconds / max(self.unit_seconds, 1e-6))
        share = len(self.jobs) if self.pool.chunk_seconds else len(self.jobs) // (2 * self.pool.width)
        return max(1, min(fitting, share, self.batch_units))

    def _submit(self, chunks: list[Chunk]) -> None:
        if not chunks:
            return
        try:
            tickets = self.pool.submit(chunks)
        except Exception:
            # The pool may have broken between two looks at it; once more, with new workers.
            try:
                tickets = self.pool.submit(chunks)
            except Exception as error:
                raise WorkersLost(f"workers cannot be started ({type(error).__name__}: {error})") from error
        self._running |= dict(zip(tickets, chunks, strict=True))

    def _receive(self, ticket: Any) -> Receipt | None:
        chunk = self._running.pop(ticket)
        try:
            receipt = self.pool.result(ticket)
        except Exception as error:
            if isinstance(error, OSError) and error.errno in DISK:
                raise
            return self._lost(chunk, error)
        self._lost_in_a_row = 0
        self._learn(receipt)
        rest = set(receipt.rest)
        self.jobs.extendleft(job for job in reversed(chunk.jobs) if job.key in rest)
        return receipt

    def _learn(self, receipt: Receipt) -> None:
        seconds = receipt.seconds / len(receipt.ended)
        before = self.unit_seconds
        self.unit_seconds = seconds if before is None else 0.5 * (before + seconds)

    def _lost(self, chunk: Chunk, error: Exception) -> Receipt | None:
        """A worker died: try its chunk alone, then each unit alone, then give the unit up."""
        if self.stop():
            return None
        if not chunk.alone:
            self._suspects.append(replace(chunk, alone=True))
        elif len(chunk.jobs) > 1:
            self._suspects.extend(chunk.split())
        else:
            return self._give_up(chunk, error)
        self.tell(f"a worker was lost; its {len(chunk.jobs)} unit(s) are computed again, alone")
        return None

    def _give_up(self, chunk: Chunk, error: Exception) -> Receipt:
        kind = type(error).__name__
        self._lost_in_a_row += 1
        if self._lost_in_a_row >= LOST_IN_A_ROW:
            raise WorkersLost(
                f"the last {LOST_IN_A_ROW} units all cost their worker ({kind}): "
                "out of memory, or killed from outside"
            )
        return given_up(chunk, f"out of memory, or killed from outside: its worker was lost twice ({kind})")
