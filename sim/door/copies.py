"""Copies of this process that compose, check and name their share of a large sweep meanwhile.

Invariant: what they answer is what this process would find itself; where one is lost, it does.
"""

import gc
import os
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from sim.door.compose import Composer
from sim.door.interrupts import unheard
from sim.model.check import Mistake, mistakes

if TYPE_CHECKING:
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
        with unheard():  # nor do the copies hear Ctrl-C: that is for the process that was started
            for begin, end in self._shares:
                receiver, sender = context.Pipe(duplex=False)
                given = sender, self._composer, self._jobs[begin:end]
                process = context.Process(target=_answer, args=given, daemon=True)
                self._running.append((process, receiver))
                process.start()
                sender.close()

    def wrong(self, plains: Sequence[Plain], digests: dict[int, str]) -> Wrong:
        """Mistakes by scenario number; digests found on the way are added by scenario number."""
        shares = dict(zip(self._shares, self._running, strict=False))
        first = min((begin for begin, _ in shares), default=len(plains))
        wrong = wrong_among(plains, 0, first)
        for (begin, end), (_, receiver) in shares.items():
            answer = _received(receiver)
            if answer is None:
                wrong |= wrong_among(plains, begin, end)
            else:
                wrong |= {begin + number: found for number, found in answer[0].items()}
                digests |= dict(enumerate(answer[1], begin))
        return wrong

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
    """Can this process be forked: on Linux, as long as it has one thread?"""
    if sys.platform != "linux" or threading.active_count() > 1:
        return False
    try:
        return len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False


def _answer(sender: Connection, composer: Composer, jobs: Sequence[Sequence[str]]) -> None:
    """In a copy: mistakes by place in the share, and the digest of each; nothing if it cannot be done."""
    from sim.study.design import scenario_digest

    gc.disable()
    with suppress(Exception):  # that process comes upon it too, and tells
        plains = [composer.plain(job) for job in jobs]
        sender.send((wrong_among(plains, 0, len(plains)), [scenario_digest(plain) for plain in plains]))


def _received(receiver: Connection) -> tuple[Wrong, list[str]] | None:
    try:
        answer: tuple[Wrong, list[str]] = receiver.recv()
    except (EOFError, OSError):
        return None
    return answer
