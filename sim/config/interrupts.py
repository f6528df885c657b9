"""When Ctrl-C is heard: not while Hydra composes, whose parts make other errors of it; then at once.

Invariant: no Ctrl-C is lost; one that comes where it is not heard is heard at the end of that.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class _Remembering:
    """Interrupts, and remembers it: Python drops what is raised in callbacks of its own."""

    def __init__(self) -> None:
        self.interrupted = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.interrupted = True
        raise KeyboardInterrupt


@contextmanager
def remembered() -> Iterator[None]:
    """Ctrl-C interrupts what is inside, as usual, and `was_interrupted` tells."""
    usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not usual or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, _Remembering())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def was_interrupted() -> bool:
    """Has Ctrl-C been pressed inside `noted`?"""
    handler = signal.getsignal(signal.SIGINT)
    return isinstance(handler, _Remembering) and handler.interrupted


class _Holding:
    """Keeps Ctrl-C back, whichever thread the system gives it to: Python runs handlers in the main thread."""

    def __init__(self) -> None:
        self.pressed = False
        self.usual = signal.signal(signal.SIGINT, self)

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.pressed = True

    def release(self) -> None:
        """Give Ctrl-C back to whom it was for, and pass on the one that came."""
        signal.signal(signal.SIGINT, self.usual)
        if self.pressed:
            self.pressed = False
            signal.raise_signal(signal.SIGINT)


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Ctrl-C waits for the end of what is inside."""
    inside = isinstance(signal.getsignal(signal.SIGINT), _Holding)
    if inside or threading.current_thread() is not threading.main_thread():
        yield
        return
    holding = _Holding()
    try:
        yield
    finally:
        holding.release()


@contextmanager
def interrupts_let_through() -> Iterator[None]:
    """Ctrl-C comes at once inside, wherever that is."""
    holding = signal.getsignal(signal.SIGINT)
    if not isinstance(holding, _Holding) or threading.current_thread() is not threading.main_thread():
        yield
        return
    try:
        holding.release()
        yield
    finally:
        signal.signal(signal.SIGINT, holding)
