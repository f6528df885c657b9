"""Several classes at one station: who goes first, and what that costs the others.

Invariant: weighted by load, the waits of all classes add up to the same total under every order that does not
know the lengths of jobs (Kleinrock's conservation law); priorities only divide it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.known_answers.laws import Law, moment
from sim.known_answers.stations import erlang_c, stable_load


def priority_waits(arrival_rates: Sequence[float], laws: Sequence[Law]) -> list[float]:
    """Mean wait of each class, class 0 highest, M/G/1 without interruption of work.

    Wq_k = W0 / ((1 - s_{k-1}) (1 - s_k)), W0 = sum lam E[S^2] / 2, s_k the load of classes 0 to k.
    Source: Cobham 1954.

    >>> exponential = {"law": "exponential", "mean": 1.0}
    >>> [round(wait, 12) for wait in priority_waits([0.3, 0.4], [exponential, exponential])]
    [1.0, 3.333333333333]
    """
    residual = math.fsum(rate * moment(law, 2) / 2 for rate, law in zip(arrival_rates, laws, strict=True))
    loads = [rate * moment(law, 1) for rate, law in zip(arrival_rates, laws, strict=True)]
    return share_out(residual, loads)


def priority_pool_waits(arrival_rates: Sequence[float], service_rate: float, servers: int) -> list[float]:
    """Mean wait of each class at ``servers`` alike exponential servers, W0 = C / (c mu). Source: Cobham 1954.

    >>> [round(wait, 12) for wait in priority_pool_waits([0.3, 0.4], 1.0, 1)]
    [1.0, 3.333333333333]
    """
    capacity = servers * service_rate
    residual = erlang_c(servers, math.fsum(arrival_rates) / service_rate) / capacity
    return share_out(residual, [rate / capacity for rate in arrival_rates])


def share_out(residual: float, loads: Sequence[float]) -> list[float]:
    """Divide the residual work among classes by rank: residual / ((1 - load above) (1 - load up to here))."""
    waits, above = [], 0.0
    for load in loads:
        waits.append(residual / ((1 - above) * (1 - stable_load(above + load))))
        above += load
    return waits


def average_wait(arrival_rates: Sequence[float], waits: Sequence[float]) -> float:
    """Mean wait of an arbitrary arrival.

    >>> round(average_wait([0.3, 0.4], [1.0, 10 / 3]), 12)
    2.333333333333
    """
    return math.fsum(r * w for r, w in zip(arrival_rates, waits, strict=True)) / math.fsum(arrival_rates)


def shortest_first_wait(arrival_rate: float, mean: float, points: int = 200_001) -> float:
    """Mean wait of M/M/1 when the shortest waiting job goes first.

    W(x) = W0 / (1 - load of jobs up to x)^2, averaged over the exponential law of x. Source: Phipps 1956.

    >>> shortest_first_wait(0.5, 1.0) < 1.0
    True
    """
    residual = arrival_rate * mean * mean
    stable_load(arrival_rate * mean)
    total, step = 0.0, 1 / (points - 1)
    for index in range(points):
        longer = 1 - index * step
        size = 0.0 if longer <= 0 else -math.log(longer)
        below = arrival_rate * mean * (1 - longer * (1 + size))
        weight = 0.5 if index in (0, points - 1) else 1.0
        total += weight * residual / (1 - below) ** 2
    return total * step
