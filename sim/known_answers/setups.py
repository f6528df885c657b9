"""One server that loses time whenever the type of request changes, solved exactly at the ends of service.

Invariant: with a set-up of 0 the answer is that of M/G/1; types are independent, so the share of changes is
known.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from sim.known_answers.laws import Law, moment
from sim.known_answers.stations import stable_load


def setup_station(
    arrival_rate: float, shares: Sequence[float], works: Sequence[Law], setup: float, depth: int = 600
) -> dict[str, float]:
    """Mean wait of M/SM/1: job types drawn by ``shares``, a fixed ``setup`` before a job of another type
    than the last one, first come first served; works exponential or deterministic. Values: Wq, W, L, p_wait,
    util, changes.

    Chain of (left behind, type just served) at departures; what departures leave is what arrivals find and
    what time shows (level crossing, Poisson arrivals). Source: Neuts 1966 (semi-Markov service).

    >>> exponential = {"law": "exponential", "mean": 1.0}
    >>> round(setup_station(0.5, [0.5, 0.5], [exponential, exponential], 0.0)["Wq"], 9)
    1.0
    """
    changes = 1 - math.fsum(share * share for share in shares)
    mean = math.fsum(s * moment(w, 1) for s, w in zip(shares, works, strict=True)) + changes * setup
    load = stable_load(arrival_rate * mean)
    left = left_behind(arrival_rate, shares, works, setup, depth)
    number = math.fsum(n * chance for n, chance in enumerate(left))
    response = number / arrival_rate
    return {
        "Wq": response - mean,
        "W": response,
        "L": number,
        "p_wait": 1 - left[0],
        "util": load,
        "changes": changes,
    }


def left_behind(
    arrival_rate: float, shares: Sequence[float], works: Sequence[Law], setup: float, depth: int
) -> list[float]:
    """Chances of the number a departure leaves behind, from 0 to ``depth``."""
    import numpy

    types = len(shares)
    plain = [arrivals_during(arrival_rate, work, 0.0, depth) for work in works]
    after_change = [arrivals_during(arrival_rate, work, setup, depth) for work in works]
    steps = numpy.zeros(((depth + 1) * types, (depth + 1) * types))
    for last in range(types):
        for kind, share in enumerate(shares):
            row = plain[kind] if kind == last else after_change[kind]
            for number in range(depth + 1):
                fill_row(steps, number * types + last, kind, types, max(number - 1, 0), share * row)
    system = (numpy.eye(len(steps)) - steps).T
    system[0, :] = 1.0
    wanted = numpy.zeros(len(steps))
    wanted[0] = 1.0
    chances = numpy.linalg.solve(system, wanted)
    return [float(chance) for chance in chances.reshape(depth + 1, types).sum(axis=1)]


def fill_row(steps: Any, row: int, kind: int, types: int, base: int, chances: Any) -> None:
    """Add the chances of ``base`` + k left behind; everything beyond the depth is put on the last level."""
    levels = len(steps) // types - base
    steps[row, base * types + kind :: types] += chances[:levels]
    steps[row, len(steps) - types + kind] += chances[levels:].sum()


def arrivals_during(arrival_rate: float, work: Law, setup: float, depth: int) -> Any:
    """Chances of 0 to ``depth`` Poisson arrivals during a fixed ``setup`` plus a work time."""
    import numpy

    fixed = poisson(arrival_rate * setup, depth)
    if work["law"] == "deterministic":
        return poisson(arrival_rate * (setup + work["mean"]), depth)
    if work["law"] != "exponential":
        raise ValueError(f"set-ups are solved for exponential and deterministic work, not {work['law']!r}")
    more = arrival_rate * work["mean"] / (1 + arrival_rate * work["mean"])
    counts = (1 - more) * more ** numpy.arange(depth + 1)
    return numpy.convolve(fixed, counts)[: depth + 1]


def poisson(mean: float, depth: int) -> Any:
    """Poisson chances of 0 to ``depth``."""
    import numpy

    if mean == 0:
        return numpy.eye(1, depth + 1)[0]
    return numpy.array([math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(depth + 1)])
