"""Arrivals that are not single Poisson events: renewal streams in front of exponential servers, and batches.

Invariant: with exponential gaps, or batches of one, every function returns what ``stations`` gives for M/M/c.
"""

from __future__ import annotations

import math

from sim.known_answers.laws import Law, moment, transform
from sim.known_answers.stations import complete, stable_load


def renewal_station(gap: Law, service_rate: float, servers: int = 1) -> dict[str, float]:
    """GI/M/c, first come first served: gaps between arrivals by any law with a closed transform A.

    sigma solves sigma = A(c mu (1 - sigma)); P(wait) = K / (1 - sigma), Wq = K / (c mu (1 - sigma)^2), where
    1/K = 1/(1 - sigma) + sum_j binom(c, j) / (C_j (1 - A_j)) * (c (1 - A_j) - j) / (c (1 - sigma) - j),
    A_j = A(j mu), C_j = product of A_i / (1 - A_i). Source: Takacs 1962; Gross et al. 2008, 5.3.

    >>> answer = renewal_station({"law": "deterministic", "mean": 1.25}, 1.0)
    >>> round(answer["sigma"], 12), round(answer["Wq"], 12), round(answer["util"], 12)
    (0.628629796497, 1.69273083992, 0.8)
    """
    arrival_rate = 1 / moment(gap, 1)
    stable_load(arrival_rate / (servers * service_rate))
    sigma = root_of_renewal(gap, servers * service_rate)
    weight = waiting_weight(gap, service_rate, servers, sigma)
    wait = weight / (servers * service_rate * (1 - sigma) ** 2)
    answer = complete(arrival_rate, 1 / service_rate, servers, wait, weight / (1 - sigma))
    return answer | {"sigma": sigma}


def root_of_renewal(gap: Law, total_rate: float) -> float:
    """The root below 1 of sigma = A(total_rate (1 - sigma)), by bisection: above it the curve
    lies under the diagonal all the way to 1.

    >>> round(root_of_renewal({"law": "exponential", "mean": 1.25}, 1.0), 12)
    0.8
    """
    curve = transform(gap)
    low, high = 0.0, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        if curve(total_rate * (1 - middle)) > middle:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def waiting_weight(gap: Law, service_rate: float, servers: int, sigma: float) -> float:
    """The constant K of GI/M/c (see ``renewal_station``)."""
    curve = transform(gap)
    inverse = 1 / (1 - sigma)
    product = 1.0
    for busy in range(1, servers + 1):
        seen = curve(busy * service_rate)
        product *= seen / (1 - seen)
        ratio = (servers * (1 - seen) - busy) / (servers * (1 - sigma) - busy)
        inverse += math.comb(servers, busy) / (product * (1 - seen)) * ratio
    return 1 / inverse


def batch_station(batch_rate: float, sizes: dict[int, float], law: Law) -> dict[str, float]:
    """M[X]/G/1: batches arrive at ``batch_rate`` with size chances ``sizes``; every member is served alone.

    Wq = lam E[S^2] / (2 (1 - rho)) + E[S] E[X (X - 1)] / (2 E[X] (1 - rho)), lam = batch_rate E[X];
    P(wait) = 1 - (1 - rho) / E[X]. Source: Gross et al. 2008, 3.1; Burke 1975.

    >>> answer = batch_station(0.4, {2: 1.0}, {"law": "exponential", "mean": 1.0})
    >>> round(answer["Wq"], 12), round(answer["p_wait"], 12)
    (6.5, 0.9)
    """
    mean_size = math.fsum(size * chance for size, chance in sizes.items())
    pairs = math.fsum(size * (size - 1) * chance for size, chance in sizes.items())
    arrival_rate, mean = batch_rate * mean_size, moment(law, 1)
    load = stable_load(arrival_rate * mean)
    wait = arrival_rate * moment(law, 2) / (2 * (1 - load)) + mean * pairs / (2 * mean_size * (1 - load))
    return complete(arrival_rate, mean, 1, wait, 1 - (1 - load) / mean_size)


def batch_pool(
    batch_rate: float, sizes: dict[int, float], service_rate: float, servers: int, depth: int = 4000
) -> dict[str, float]:
    """M[X]/M/c by its level-crossing equations, cut off at ``depth`` in the system.

    Rate up over n: batch_rate sum_k p_k P(size > n - k) = min(n + 1, c) mu p_{n+1}. Source: Chaudhry,
    Templeton 1983.

    >>> alone = batch_station(0.4, {2: 1.0}, {"law": "exponential", "mean": 1.0})["Wq"]
    >>> abs(batch_pool(0.4, {2: 1.0}, 1.0, 1)["Wq"] - alone) < 1e-9
    True
    """
    mean_size = math.fsum(size * chance for size, chance in sizes.items())
    arrival_rate = batch_rate * mean_size
    stable_load(arrival_rate / (servers * service_rate))
    exceeds = [
        math.fsum(chance for size, chance in sizes.items() if size > extra) for extra in range(max(sizes))
    ]
    weights = [1.0]
    for level in range(depth):
        up = math.fsum(weights[level - extra] * more for extra, more in enumerate(exceeds) if extra <= level)
        weights.append(batch_rate * up / (min(level + 1, servers) * service_rate))
    total = math.fsum(weights)
    waiting = math.fsum((n - servers) * weight for n, weight in enumerate(weights) if n > servers) / total
    waits = (
        1
        - math.fsum(weights[n] / total * math.fsum(exceeds[: servers - n]) for n in range(servers))
        / mean_size
    )
    return complete(arrival_rate, 1 / service_rate, servers, waiting / arrival_rate, waits)
