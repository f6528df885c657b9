"""Stations without a closed form, solved as exact chains: unlike work in one pool, unlike pairs, set-ups.

Invariant: nothing is approximated but the cut-off depth, where the chance left out is far below 1e-9; each
solver returns the closed form when its special feature is switched off.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from sim.known_answers.stations import stable_load


def unlike_pool(arrival_rates: Sequence[float], means: Sequence[float], servers: int) -> dict[str, float]:
    """Classes with unlike exponential work in one pool, first come first served: Wq_pool, p_wait, util.

    The class of a waiting job matters only when it starts, so the chain is (who is in service, queue length):
    levels of the queue solved with the rate matrix R of A0 + R A1 + R^2 A2 = 0. Source: Neuts 1981; Whitt
    1999.

    >>> answer = unlike_pool([5 / 6, 1 / 12], [1.0, 10.0], 2)
    >>> round(answer["Wq_pool"], 9)
    12.075276274
    """
    import numpy

    rates, total = [1 / mean for mean in means], math.fsum(arrival_rates)
    load = stable_load(math.fsum(r * m for r, m in zip(arrival_rates, means, strict=True)) / servers)
    chance = [rate / total for rate in arrival_rates]
    full = compositions(servers, len(means))
    up = total * numpy.eye(len(full))
    leave = departures(full, rates, chance)
    out = numpy.array([math.fsum(n * rate for n, rate in zip(state, rates, strict=True)) for state in full])
    ratio = rate_matrix(up, numpy.diag(-(total + out)), leave)
    below, first = boundary(arrival_rates, rates, servers, ratio @ leave - up)
    inverse = numpy.linalg.inv(numpy.eye(len(full)) - ratio)
    mass = float(below + (first @ inverse).sum())
    waiting = float((first @ ratio @ inverse @ inverse).sum()) / mass
    return {
        "Wq_pool": waiting / total,
        "Lq": waiting,
        "p_wait": float((first @ inverse).sum()) / mass,
        "util": load,
    }


def compositions(total: int, parts: int) -> list[tuple[int, ...]]:
    """All ways to divide ``total`` jobs in service over ``parts`` classes.

    >>> compositions(2, 2)
    [(0, 2), (1, 1), (2, 0)]
    """
    if parts == 1:
        return [(total,)]
    return [(first, *rest) for first in range(total + 1) for rest in compositions(total - first, parts - 1)]


def departures(full: list[tuple[int, ...]], rates: list[float], chance: list[float]) -> Any:
    """Rates between service mixes when a job ends and the next in line (of random class) starts."""
    import numpy

    place = {state: index for index, state in enumerate(full)}
    matrix = numpy.zeros((len(full), len(full)))
    for state in full:
        for ended, started in ((i, j) for i in range(len(rates)) for j in range(len(rates)) if state[i]):
            matrix[place[state], place[shifted(shifted(state, ended, -1), started, 1)]] += (
                state[ended] * rates[ended] * chance[started]
            )
    return matrix


def shifted(state: tuple[int, ...], place: int, change: int) -> tuple[int, ...]:
    """The state with one component changed."""
    return (*state[:place], state[place] + change, *state[place + 1 :])


def rate_matrix(up: Any, within: Any, down: Any) -> Any:
    """Minimal solution R of up + R within + R^2 down = 0, by cyclic reduction on G and R = up (-within - up
    G)^-1.

    Source: Latouche, Ramaswami 1993 (logarithmic reduction).
    """
    import numpy

    size = up.shape[0]
    inverse = numpy.linalg.inv(-within)
    high, low = inverse @ up, inverse @ down
    passage, product = low.copy(), high.copy()
    for _ in range(60):
        again = numpy.linalg.inv(numpy.eye(size) - high @ low - low @ high)
        high, low = again @ high @ high, again @ low @ low
        passage = passage + product @ low
        product = product @ high
        if product.max() < 1e-16:
            break
    return up @ numpy.linalg.inv(-within - up @ passage)


def boundary(
    arrival_rates: Sequence[float], rates: list[float], servers: int, onward: Any
) -> tuple[float, Any]:
    """Mass of the states with a free server, and the vector of the full states with nobody waiting
    (unscaled).

    ``onward`` is what the queue above does to the full states: R leave - up.
    """
    import numpy

    full = compositions(servers, len(rates))
    states = [state for busy in range(servers) for state in compositions(busy, len(rates))] + full
    place = {state: index for index, state in enumerate(states)}
    flow = numpy.zeros((len(states), len(states)))
    for state in states:
        if sum(state) < servers:
            for kind, rate in enumerate(arrival_rates):
                flow[place[state], place[shifted(state, kind, 1)]] += rate
        for kind, rate in enumerate(rates):
            if state[kind]:
                flow[place[state], place[shifted(state, kind, -1)]] += state[kind] * rate
    flow -= numpy.diag(flow.sum(axis=1))
    start = len(states) - len(full)
    flow[start:, start:] += onward
    flow[:, 0] = 1.0
    wanted = numpy.zeros(len(states))
    wanted[0] = 1.0
    chances = numpy.linalg.solve(flow.T, wanted)
    return float(chances[:start].sum()), chances[start:]


def unlike_pair(arrival_rate: float, fast: float, slow: float, favourite: str = "fast") -> dict[str, float]:
    """Two servers of unlike rate before one queue: Wq, p_wait, W, share_fast (of requests), util of the pair.

    Both free: the job goes to the ``fast`` one, the ``slow`` one, or to whoever was free ``longest``.
    States: nobody (remembering who came free first), one of the two, two or more. Source: Gumbel 1960; Singh
    1970.

    >>> round(unlike_pair(1.6, 1.0, 1.0)["Wq"], 12)
    1.777777777778
    """
    import numpy

    load = stable_load(arrival_rate / (fast + slow))
    picks = {"fast": (1.0, 1.0), "slow": (0.0, 0.0), "longest": (1.0, 0.0)}[favourite]
    # states: 0 nobody (fast free longest), 1 nobody (slow free longest), 2 fast busy, 3 slow busy, 4 both,
    # nobody waiting
    flow = numpy.zeros((5, 5))
    for empty, pick in enumerate(picks):
        flow[empty, 2] = arrival_rate * pick
        flow[empty, 3] = arrival_rate * (1 - pick)
    flow[2, 1], flow[2, 4] = fast, arrival_rate
    flow[3, 0], flow[3, 4] = slow, arrival_rate
    flow[4, 3], flow[4, 2] = fast, slow
    flow -= numpy.diag(flow.sum(axis=1))
    chances = stationary(flow, [1.0, 1.0, 1.0, 1.0, 1 / (1 - load)])
    queueing = chances[4] / (1 - load)
    waiting = queueing * load / (1 - load)
    number = chances[2] + chances[3] + 2 * queueing + waiting
    return {
        "p_wait": queueing,
        "Wq": waiting / arrival_rate,
        "W": number / arrival_rate,
        "share_fast": fast * (chances[2] + queueing) / arrival_rate,
        "util": (chances[2] + chances[3] + 2 * queueing) / 2,
    }


def stationary(flow: Any, weights: Sequence[float]) -> list[float]:
    """Stationary chances of a chain with generator ``flow``, scaled so that their weighted sum is 1."""
    import numpy

    system = numpy.array(flow, dtype=float)
    system[:, 0] = weights
    wanted = numpy.zeros(len(weights))
    wanted[0] = 1.0
    return [float(chance) for chance in numpy.linalg.solve(system.T, wanted)]
