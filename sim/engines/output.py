"""What an engine leaves behind, and the budget that stops a runaway.

Invariant: an output is complete for its requests whatever the engine; a stopped replication leaves none.
"""

import os
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.scenario import Budgets

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
SECONDS_BETWEEN_LOOKS = 0.01
"""To ask for memory may take as long as a simulated week; within this time it grows by some megabytes."""


class Output(NamedTuple):
    """Raw history of one replication; n requests.

    Attributes
    ----------
    first_start, done : (n,) open hours, NaN where it did not happen.
    status, handoffs, repeats, returns, silent : (n,) integers.
    visits, duties : the tables of the trajectory.
    end : instant at which the replication stopped, in open hours.
    """

    first_start: Floats
    done: Floats
    status: Integers
    handoffs: Integers
    repeats: Integers
    returns: Integers
    silent: Integers
    visits: np.ndarray[Any, Any]
    duties: np.ndarray[Any, Any]
    end: float


class BudgetExceeded(RuntimeError):
    """A replication was stopped; the text names the budget and how far it came."""


class Budget:
    """Limits of one replication: settled instants, rounds at one instant, seconds, memory."""

    def __init__(self, limits: Budgets):
        self.limits = limits
        self.events = 0
        self.started = time.monotonic()
        self.next_look = self.started

    def check(self, now: float) -> None:
        """Stop when a limit is passed; asked once a simulated week.

        Raises
        ------
        BudgetExceeded
        """
        limits = self.limits
        if self.events > limits.events:
            raise BudgetExceeded(f"events: more than {limits.events:,} by hour {now:g}")
        clock = time.monotonic()
        if clock - self.started > limits.seconds:
            raise BudgetExceeded(f"seconds: more than {limits.seconds:g} by hour {now:g}")
        if clock < self.next_look:
            return
        self.next_look = clock + SECONDS_BETWEEN_LOOKS
        # What a process holds takes long to tell; the most it has held does not, and can only be more.
        if most_megabytes() > limits.megabytes and megabytes() > limits.megabytes:
            raise BudgetExceeded(f"megabytes: more than {limits.megabytes:g} by hour {now:g}")

    def another_round(self, rounds: int, now: float) -> None:
        """Stop when things that take no time go round for ever at one instant."""
        if rounds >= self.limits.instant:
            raise BudgetExceeded(f"instant: more than {self.limits.instant:,} rounds at hour {now:g}")


def megabytes() -> float:
    """Memory this process holds now, in MB; the most it has held where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return most_megabytes()
    return pages * os.sysconf("SC_PAGE_SIZE") / (1024.0 * 1024.0)


def most_megabytes() -> float:
    """The most memory this process has held, in MB; 0 on systems that do not tell, such as Windows."""
    try:
        import resource
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024.0 * 1024.0 if sys.platform == "darwin" else 1024.0)
