"""A wish to stop, set by Ctrl-C and its like: once means finish what runs, twice means now.

Invariant: the flag only ever rises; nothing else in the study listens to signals.
"""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

HANG_UP = getattr(signal, "SIGHUP", None)
SIGNALS = [number for number in (signal.SIGINT, signal.SIGTERM, HANG_UP) if number is not None]
"""Ctrl-C, a polite kill, the closing of the terminal."""


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
        """Take over the signals that mean stopping; for the command line only."""
        for number in SIGNALS:
            if number != HANG_UP or signal.getsignal(number) != signal.SIG_IGN:  # as under nohup
                signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if number == HANG_UP and self.requested:
            return  # a closed window is told more than once
        self.request()
        if self.now:
            raise KeyboardInterrupt


@contextmanager
def ignoring_children() -> Iterator[None]:
    """Processes started inside never hear Ctrl-C, nor that the terminal is closed: their parent does."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_with(parent: int) -> None:
    """End this process when its parent has ended: at once where the system does that, else soon."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG; a thread waits while code is compiled
    if os.name != "nt":
        threading.Thread(target=_wait_for_the_end_of, args=(parent,), daemon=True).start()


def _wait_for_the_end_of(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)
