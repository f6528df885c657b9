"""What the user sees while a study runs: a bar with the time left, or plain lines without a terminal.

Invariant: it only listens; a run without anybody watching is the same run.
"""

import os
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from sim.config.diagnostics import duration

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

EVERY = 15.0
"""Seconds between plain lines."""
FEWEST = 5
"""Replications that have to be finished before the time left is told."""


def progress() -> "Shown | Lines":
    """A bar on a terminal, lines elsewhere; both on the error stream, so that results can be piped."""
    from rich.console import Console

    console = Console(stderr=True)
    return Shown(console) if console.is_terminal else Lines()


class Shown:
    """A bar with finished, total and time left."""

    def __init__(self, console: "Console") -> None:
        self._console = console
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def start(self, total: int, already: int) -> None:
        """Show the bar; what was finished before does not count for the speed."""
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("replications,"),
            TimeElapsedColumn(),
            TextColumn("gone,"),
            TimeRemainingColumn(),
            TextColumn("left"),
            console=self._console,
        )
        self._task = self._bar.add_task("simulating", total=total, completed=already)
        self._bar.start()

    def advance(self, runs: int) -> None:
        """Some more replications have ended."""
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task, runs)

    def message(self, text: str) -> None:
        """One line above the bar."""
        self._console.print(text, markup=False, highlight=False)

    def urgent(self, text: str) -> None:
        """One line, said from inside a signal handler."""
        self.message(text)

    def close(self) -> None:
        """Leave the bar as it stands."""
        if self._bar is not None:
            self._bar.stop()


class Lines:
    """A line now and then, for logs and pipes."""

    def __init__(self) -> None:
        self._total = self._done = self._already = 0
        self._began = self._last = time.monotonic()

    def start(self, total: int, already: int) -> None:
        """Begin counting."""
        self._total, self._done, self._already = total, already, already
        self._began = self._last = time.monotonic()

    def advance(self, runs: int) -> None:
        """Count, and say so every quarter of a minute and at the end."""
        self._done += runs
        now = time.monotonic()
        if now - self._last >= EVERY or self._done >= self._total:
            self._last = now
            self.message(f"{self._done:,} of {self._total:,} replications{self._left(now)}")

    def message(self, text: str) -> None:
        """One line."""
        print(text, file=sys.stderr, flush=True)

    def urgent(self, text: str) -> None:
        """One line, said from inside a signal handler, where a print may be under way."""
        with suppress(OSError):  # the terminal may be gone: that is why something is said
            os.write(2, f"{text}\n".encode())

    def close(self) -> None:
        """Nothing to close."""

    def _left(self, now: float) -> str:
        fresh, rest = self._done - self._already, self._total - self._done
        told = rest and fresh >= FEWEST  # before that compiling weighs more than simulating
        return f", about {duration((now - self._began) / fresh * rest)} left" if told else ""
