"""Copies of this process that compose, check and name their share of a large sweep meanwhile.

Invariant: what they answer is what this process would find itself; where one is lost, it does.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sim.door.compose import Composer
from sim.door.interrupts import unheard
from sim.model.check import Mistake, mistakes
from sim.study.stopping import end_with

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Plain = dict[str, Any]
Wrong = dict[int, list[Mistake]]
COMPOSING, CHECKING = 1, 6
"""What they cost: this process has to compose all scenarios itself, so it checks fewer."""


class Copies:
    """Forks of this process, which know all it knows; none where a fork would not be safe.

    They are forked before anything heavy is imported and before there is a second thread.
    """

    def __init__(self, composer: Composer, jobs: Sequence[Sequence[str]], count: int) -> None:
        whole = COMPOSING + CHECKING
        own = len(jobs) * max(whole - COMPOSING * count, 0) // (CHECKING * count + whole)
        bounds = [own + (len(jobs) - own) * number // count for number in range(count + 1)]
        self._composer, self._jobs = composer, jobs
        self._shares = list(pairwise(bounds))
        self._running: list[tuple[BaseProcess, Connection]] = []

    def begin(self) -> None:
        """Start; not done by making it, so that whoever is interrupted here has something to close."""
        from multiprocessing import get_context

        if not _alone():
            return
        context: Any = get_context("fork")
        # The copies do not hear Ctrl-C either: that is for the process that was started.
        with unheard(), suppress(OSError):  # too many processes: then this one checks the rest
            for begin, end in self._shares:
                receiver, sender = context.Pipe(duplex=False)
                not_its_own = [receiver, *(known for _, known in self._running)]
                given = sender, not_its_own, os.getpid(), self._composer, self._jobs[begin:end]
                process = context.Process(target=_answer, args=given, daemon=True)
                try:
                    process.start()
                except OSError:
                    receiver.close()
                    raise
                finally:
                    sender.close()
                self._running.append((process, receiver))

    def wrong(self, plains: Sequence[Plain], digests: dict[int, str]) -> Wrong:
        """Mistakes by scenario number; digests found on the way are added by scenario number."""
        theirs = dict(zip(self._shares, self._running, strict=False))  # fewer, where some were not started
        last = max((end for _, end in theirs), default=0)
        wrong = wrong_among(plains, 0, min((begin for begin, _ in theirs), default=0))
        for (begin, end), (_, receiver) in theirs.items():
            answer = _received(receiver)
            if answer is None:
                wrong |= wrong_among(plains, begin, end)
            else:
                wrong |= {begin + number: found for number, found in answer[0].items()}
                digests |= dict(enumerate(answer[1], begin))
        return wrong | wrong_among(plains, last, len(plains))

    def close(self) -> None:
        """End them, whatever they do."""
        for process, receiver in self._running:
            with suppress(OSError, ValueError):
                process.kill()
            receiver.close()
        self._running = []


def wrong_among(plains: Sequence[Plain], begin: int, end: int) -> Wrong:
    """The mistakes of these scenarios by number, where there are any."""
    return {number: found for number in range(begin, end) if (found := mistakes(plains[number]))}


def _alone() -> bool:
    """Can this process be forked: on Linux, as long as it has one thread and may have children?"""
    from multiprocessing import current_process

    if sys.platform != "linux" or threading.active_count() > 1 or current_process().daemon:
        return False
    try:
        return len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False


def _answer(
    sender: Connection,
    not_its_own: Sequence[Connection],
    parent: int,
    composer: Composer,
    jobs: Sequence[Sequence[str]],
) -> None:
    """In a copy: mistakes by place in the share, and the digest of each; nothing if it cannot be done."""
    from sim.study.design import scenario_digest

    threading.Thread(target=end_with, args=(parent,), daemon=True).start()
    for connection in not_its_own:
        connection.close()  # so that nobody who has ended is waited for
    gc.disable()
    with suppress(Exception):  # the process that was started comes upon it too, and tells
        plains = [composer.plain(job) for job in jobs]
        sender.send((wrong_among(plains, 0, len(plains)), [scenario_digest(plain) for plain in plains]))


def _received(receiver: Connection) -> tuple[Wrong, list[str]] | None:
    try:
        answer: tuple[Wrong, list[str]] = receiver.recv()
    except (EOFError, OSError):
        return None
    return answer
