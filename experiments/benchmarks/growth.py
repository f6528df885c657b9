"""How does the cost of the compiled engine grow, and what do several cores do for it?

Question: does a request cost the same among 10,000 and among 1,000,000, with 24 people and with 1,536; how
much memory does a replication take beyond the tables it gives back; how much faster do several threads or
processes play long replications than one?
Command: python experiments/benchmarks/growth.py [--requests 1000000] [--width 4]; its output is growth.txt.
Times are processor times, but for several at a time; ratios within one run, a process of its own each.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

SIZES = (10_000, 100_000, 1_000_000)
CROWDS = (1, 4, 16, 64)
STRUCTURES = ("function", "customer")
PLAYED = 2_000_000
"""Requests to play for a figure; two replications, if that is more."""
WANTED: list[Any] = []
"""The scenario of this process."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=max(SIZES), help="size of the largest replication")
    parser.add_argument("--width", type=int, default=len(os.sched_getaffinity(0)), help="at a time")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measured(**json.loads(given.measure))))
        return
    sizes = [size for size in SIZES if size < given.requests] + [given.requests]
    for by in STRUCTURES:
        print(f"by {by}: requests, microseconds each, ratio to the first; bytes each beyond the tables")
        table([(f"{size:,} requests", {"by": by, "requests": size}) for size in sizes])
        print(f"by {by}: people, microseconds a request, ratio to the first")
        table(
            [(f"{24 * crowd:,} people", {"by": by, "requests": 100_000, "crowd": crowd}) for crowd in CROWDS]
        )
    for by in STRUCTURES:
        found = asked(by=by, requests=given.requests // 2, width=given.width)
        print(
            f"by {by}: {given.width} replications of {given.requests // 2:,} requests at a time, against one:"
        )
        print(f"  threads {found['threads']:.2f}, processes {found['processes']:.2f} times as fast")


def table(cases: list[tuple[str, dict[str, Any]]]) -> None:
    """A line for each case."""
    first = 0.0
    for title, case in cases:
        found = asked(**case)
        first = first or found["each"]
        memory = f"{found['beyond']:8.0f}" if "crowd" not in case else ""
        print(f"  {title:>20}{found['each']:8.3f}{found['each'] / first:8.2f}{memory}", flush=True)


def asked(**case: Any) -> dict[str, float]:
    """The figures of a case, from a process of its own."""
    command = [sys.executable, str(Path(__file__).resolve()), "--measure", json.dumps(case)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(answer.stdout)
    return found


def measured(by: str, requests: int, crowd: int = 1, width: int = 0) -> dict[str, float]:
    """Microseconds of a request, and bytes beyond the tables; or how much faster several at a time are."""
    import scenario

    import sim
    from sim.memory import keep_freed

    if width:
        return faster(by, requests, width)
    more = (f"demand.scale={crowd}", f"staffing.headcount={24 * crowd}")
    sim.simulate(scenario.load(by, 2_000 * crowd), 0, "compiled")  # loads the compiled code
    wanted = scenario.load(by, requests // crowd, more)
    before = peak()
    history = sim.simulate(wanted, 0, "compiled")
    tables = (history.requests, history.visits, history.duties, history.people)
    beyond = (peak() - before - sum(table.nbytes for table in tables)) / len(history.requests)
    del history, tables
    keep_freed()  # as the processes of a sweep do
    best = float("inf")
    for replication in range(1 + max(2, PLAYED // requests)):
        began = time.process_time()
        count = len(sim.simulate(wanted, replication, "compiled").requests)
        best = min(best, (time.process_time() - began) / count)
    return {"each": 1e6 * best, "beyond": beyond}


def faster(by: str, requests: int, width: int) -> dict[str, float]:
    """Requests a second of so many threads or processes, over those of one process."""
    ready(by, requests)  # before there are threads, which would have memory of their own
    with ThreadPoolExecutor(width) as pool:
        threads = rate(pool, width)
    fresh = get_context("spawn")
    with ProcessPoolExecutor(1, fresh, ready, (by, requests)) as pool:
        alone = rate(pool, 1)
    with ProcessPoolExecutor(width, fresh, ready, (by, requests)) as pool:
        processes = rate(pool, width)
    return {"threads": threads / alone, "processes": processes / alone}


def rate(pool: Executor, width: int) -> float:
    """Requests a second, once every worker has the memory it needs."""
    list(pool.map(play, range(3 * width)))
    began = time.perf_counter()
    played = sum(pool.map(play, range(4 * width)))
    return played / (time.perf_counter() - began)


def ready(by: str, requests: int) -> None:
    """Have the scenario in this process."""
    import scenario

    from sim.memory import keep_freed

    keep_freed()
    # The budget is that of a process, and this one may play several at once.
    WANTED.append(scenario.load(by, requests, ("experiment.budgets.megabytes=100000",)))


def play(replication: int) -> int:
    """Play a replication; returns its number of requests."""
    import sim

    return len(sim.simulate(WANTED[0], replication, "compiled").requests)


def peak() -> int:
    """Most bytes this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
