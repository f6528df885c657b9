"""A wish to stop, set by Ctrl-C: once means finish what runs, twice means now.

Invariant: the flag only ever rises; nothing else in the study listens to signals.
"""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stopping:
    """The state of the wish to stop.

    >>> stopping = Stopping()
    >>> stopping.request(); stopping.requested, stopping.now
    (True, False)
    """

    def __init__(self) -> None:
        self.requested = False
        self.now = False

    def request(self) -> None:
        """Ask once to stop after the running work, twice to stop at once."""
        self.now = self.requested
        self.requested = True

    def install(self) -> None:
        """Take over Ctrl-C (and a polite kill) of this process; for the command line only."""
        signal.signal(signal.SIGINT, self._on_signal)
        signal.signal(signal.SIGTERM, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.request()
        if self.now:
            raise KeyboardInterrupt


@contextmanager
def deaf_children() -> Iterator[None]:
    """Processes started inside never hear Ctrl-C, from their first instruction on; this one does, later."""
    with masked("SIG_BLOCK"):
        yield


@contextmanager
def masked(how: str) -> Iterator[None]:
    """Ctrl-C held back inside (SIG_BLOCK) or let through (SIG_UNBLOCK), and as before afterwards."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        signal.pthread_sigmask(getattr(signal, how), {signal.SIGINT})
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_with(parent: int) -> None:
    """Wait until the process `parent` has ended, and end this one; for a thread of a worker."""
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)
