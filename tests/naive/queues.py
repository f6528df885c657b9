"""One customer after the other, with random numbers of its own: the slowest and plainest simulator.

Invariant: independent of the package under test; exponential work of mean 1 unless a list of works is given.
"""

from __future__ import annotations

import heapq
import random


def draws(seed: int, count: int, mean: float) -> list[float]:
    """Exponential numbers."""
    source = random.Random(seed)
    return [source.expovariate(1 / mean) for _ in range(count)]


def arrival_times(gaps: list[float]) -> list[float]:
    """Running sums."""
    now, times = 0.0, []
    for gap in gaps:
        now += gap
        times.append(now)
    return times


def waits_shortest_first(arrivals: list[float], works: list[float]) -> list[float]:
    """Wait of each customer of one server that takes the shortest waiting job."""
    waits = [0.0] * len(arrivals)
    waiting: list[tuple[float, int]] = []
    now, coming = 0.0, 0
    while coming < len(arrivals) or waiting:
        if not waiting:
            now = max(now, arrivals[coming])
        while coming < len(arrivals) and arrivals[coming] <= now:
            heapq.heappush(waiting, (works[coming], coming))
            coming += 1
        work, customer = heapq.heappop(waiting)
        waits[customer] = now - arrivals[customer]
        now += work
    return waits


def waits_with_setups(
    arrivals: list[float], works: list[float], kinds: list[int], setup: float
) -> list[float]:
    """Wait of each customer of one server, in order, with a set-up at each change of kind."""
    free, last, waits = 0.0, kinds[0], []
    for arrival, work, kind in zip(arrivals, works, kinds, strict=True):
        start = max(arrival, free)
        waits.append(start - arrival)
        free = start + work + (setup if kind != last else 0.0)
        last = kind
    return waits


def starts_at_any_free_server(arrivals: list[float], works: list[float], servers: int) -> list[float]:
    """Start of each customer, in order: the first moment at which fewer than ``servers`` others are being
    served."""
    starts: list[float] = []
    ends: list[float] = []
    for arrival, work in zip(arrivals, works, strict=True):
        moments = sorted([arrival, *(end for end in ends if end > arrival)])
        earliest = starts[-1] if starts else 0.0
        start = next(
            moment
            for moment in moments
            if moment >= earliest
            and sum(begin <= moment < end for begin, end in zip(starts, ends, strict=True)) < servers
        )
        starts.append(start)
        ends.append(start + work)
    return starts
