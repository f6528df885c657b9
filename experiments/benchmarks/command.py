"""The `orgdes` command as a user meets it, timed from outside, start-up and report included."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

LOOK = 0.02
"""Seconds between two looks for the first result."""


@dataclass(frozen=True)
class Command:
    """One run of the command, in seconds.

    `processor`: of all its processes. `first`: until the first result was safe on the disk, NaN when nothing
    was computed. `work`: from the first result to the last.
    """

    seconds: float
    processor: float
    first: float
    work: float


def orgdes(words: Sequence[str], place: Path, cores: Iterable[int] | None = None) -> Command:
    """Run the command in a folder, on some of the cores.

    Raises
    ------
    RuntimeError
        when it does not end well; the message has what it said.
    """
    here = set(place.glob("results/*/batches/*.parquet"))
    began, usage = time.perf_counter(), _children()
    with (place / "said.txt").open("w+b") as said:
        allowed = os.sched_getaffinity(0)
        os.sched_setaffinity(0, cores or allowed)
        try:
            running = subprocess.Popen(
                [sys.executable, "-m", "sim.cli", *words], cwd=place, stdout=said, stderr=said
            )
        finally:
            os.sched_setaffinity(0, allowed)
        first = math.nan
        while running.poll() is None:
            if math.isnan(first) and any(place.glob("results/*/batches/*.parquet")) and not here:
                first = time.perf_counter() - began
            time.sleep(LOOK)
        seconds = time.perf_counter() - began
        said.seek(0)
        if running.returncode != 0:
            raise RuntimeError(said.read().decode())
    times = [path.stat().st_mtime for path in place.glob("results/*/batches/*.parquet") if path not in here]
    return Command(seconds, _children() - usage, first, max(times) - min(times) if times else 0.0)


def _children() -> float:
    """Processor seconds of all children that have ended."""
    spent = os.times()
    return spent.children_user + spent.children_system
