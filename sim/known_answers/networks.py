"""Several stations: lines, feedback, escalation, and requests that come back.

Invariant: with exponential work of one rate per station and first come first served, every station of an open
network behaves like M/M/c at its total arrival rate, whatever the routes (Jackson 1957, Kelly 1975).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import product

from sim.known_answers.stations import markov_station


def traffic(external: Sequence[float], routing: Sequence[Sequence[float]]) -> list[float]:
    """Total arrival rate of each station: v = external + v P, P[i][j] the chance to go from i to j.

    >>> [round(rate, 12) for rate in traffic([0.6], [[0.25]])]
    [0.8]
    """
    import numpy

    size = len(external)
    balance = numpy.eye(size) - numpy.asarray(routing, dtype=float).T
    return [float(rate) for rate in numpy.linalg.solve(balance, numpy.asarray(external, dtype=float))]


def open_network(
    external: Sequence[float],
    routing: Sequence[Sequence[float]],
    service_rates: Sequence[float],
    servers: Sequence[int],
) -> dict[str, float]:
    """Open Jackson network: W_total per request over all its visits, W1, W2 ... per visit, visits1 ..., L.

    >>> answer = open_network([0.8, 0.0], [[0, 1], [0, 0]], [1.0, 0.6], [1, 2])
    >>> round(answer["W_total"], 12), round(answer["W1"], 12), round(answer["W2"], 12)
    (8.0, 5.0, 3.0)
    >>> rework = open_network([0.6], [[0.25]], [1.0], [1])
    >>> round(rework["W_total"], 12), round(rework["visits1"], 12)
    (6.666666666667, 1.333333333333)
    """
    arriving = math.fsum(external)
    visits = [rate / arriving for rate in traffic(external, routing)]
    return network_of_visits(arriving, visits, service_rates, servers)


def routes(
    external: Sequence[float], routing: Sequence[Sequence[float]], longest: int = 30, least: float = 1e-5
) -> dict[tuple[int, ...], float]:
    """The routes of a Jackson network and their shares: every way through it with a chance above ``least``.

    A scenario writes a network as products with fixed routes; with exponential work the stations do not see
    the difference (Kelly 1975). Routes longer than ``longest`` or rarer than ``least`` are left out, the
    shares are scaled to 1, and ``network_of_routes`` gives the exact answer of what remains.

    >>> routes([1.0, 0.0], [[0, 1], [0.5, 0]], least=0.2)
    {(0, 1): 0.6666666666666666, (0, 1, 0, 1): 0.3333333333333333}
    """
    arriving = math.fsum(external)
    open_ways: list[tuple[tuple[int, ...], float]] = [
        ((place,), rate / arriving) for place, rate in enumerate(external) if rate
    ]
    found: dict[tuple[int, ...], float] = {}
    while open_ways:
        way, chance = open_ways.pop()
        leaves = chance * (1 - math.fsum(routing[way[-1]]))
        if leaves >= least:
            found[way] = leaves
        if len(way) < longest:
            onward = ((to, chance * share) for to, share in enumerate(routing[way[-1]]))
            open_ways += [((*way, to), reached) for to, reached in onward if reached >= least]
    total = math.fsum(found.values())
    return {way: chance / total for way, chance in sorted(found.items())}


def network_of_routes(
    arrival_rate: float,
    ways: Mapping[tuple[int, ...], float],
    service_rates: Sequence[float],
    servers: Sequence[int],
) -> dict[str, float]:
    """Open network given by its routes and their shares; values as ``open_network``.

    >>> answer = network_of_routes(0.8, {(0, 1): 1.0}, [1.0, 0.6], [1, 2])
    >>> round(answer["W_total"], 12)
    8.0
    """
    visits = [
        math.fsum(share * way.count(place) for way, share in ways.items()) for place in range(len(servers))
    ]
    return network_of_visits(arrival_rate, visits, service_rates, servers)


def network_of_visits(
    arrival_rate: float, visits: Sequence[float], service_rates: Sequence[float], servers: Sequence[int]
) -> dict[str, float]:
    """Open network given by the mean number of visits of a request to each station; values as
    ``open_network``.

    >>> round(network_of_visits(0.6, [4 / 3], [1.0], [1])["L"], 12)
    4.0
    """
    answer = {"W_total": 0.0}
    rows = enumerate(zip(visits, service_rates, servers, strict=True), start=1)
    for place, (number, service_rate, people) in rows:
        station = markov_station(arrival_rate * number, service_rate, people)
        answer |= {f"W{place}": station["W"], f"Wq{place}": station["Wq"]}
        answer |= {f"util{place}": station["util"], f"visits{place}": number}
        answer["W_total"] += number * station["W"]
    return answer | {"L": arrival_rate * answer["W_total"]}


def route_with_rework(
    arrival_rate: float,
    shares: Sequence[float],
    service_rates: Sequence[float],
    servers: Sequence[int],
    defect: float,
    rounds: int = 10_000,
) -> dict[str, float]:
    """A line of stations, work done again: station i belongs to a request with chance ``shares[i]``, once
    and for all; each step done is defective with chance ``defect``, and any defect sends the request through
    all its steps again, at most ``rounds`` times. Requests without any step are taken to have the first.

    Values as ``open_network``, and ``passes``, the mean number of passages of a request.

    >>> answer = route_with_rework(0.6, [1.0], [1.0], [1], 0.25)
    >>> round(answer["W_total"], 12), round(answer["passes"], 12)
    (6.666666666667, 1.333333333333)
    """
    visits = [0.0] * len(shares)
    total = 0.0
    for chosen in product((True, False), repeat=len(shares)):
        chance = math.prod(share if taken else 1 - share for share, taken in zip(shares, chosen, strict=True))
        steps = chosen if any(chosen) else (True, *chosen[1:])
        passes = chance * expected_passes(1 - (1 - defect) ** sum(steps), rounds)
        total += passes
        visits = [number + passes * taken for number, taken in zip(visits, steps, strict=True)]
    return {"passes": total} | network_of_visits(arrival_rate, visits, service_rates, servers)


def expected_passes(again: float, rounds: int) -> float:
    """1 + again + ... + again^rounds.

    >>> expected_passes(0.5, 2)
    1.75
    """
    return rounds + 1.0 if again == 1 else (1 - math.pow(again, rounds + 1)) / (1 - again)


def escalation(
    arrival_rate: float,
    share: float,
    service_rates: tuple[float, float],
    servers: tuple[int, int],
    delay: float = 0.0,
) -> dict[str, float]:
    """Two tiers: everybody sees the first, a ``share`` goes on to the second after a handing-over ``delay``.

    The departures of M/M/c are Poisson (Burke 1956), also thinned and delayed:
    W = W1 + share (delay + W2).

    >>> answer = escalation(0.8, 1.0, (1.0, 0.6), (1, 2))
    >>> round(answer["W_total"], 12)
    8.0
    """
    first = markov_station(arrival_rate, service_rates[0], servers[0])
    second = markov_station(arrival_rate * share, service_rates[1], servers[1])
    return {
        "W_total": first["W"] + share * (delay + second["W"]),
        "W1": first["W"],
        "W2": second["W"],
        "Wq1": first["Wq"],
        "Wq2": second["Wq"],
        "util1": first["util"],
        "util2": second["util"],
    }
