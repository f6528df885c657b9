"""Several stations: lines, feedback, escalation, and requests that come back.

Invariant: with exponential work of one rate per station and first come first served, every station of an open
network behaves like M/M/c at its total arrival rate, whatever the routes (Jackson 1957, Kelly 1975).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

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
    rates = traffic(external, routing)
    arriving = math.fsum(external)
    stations = [markov_station(r, mu, c) for r, mu, c in zip(rates, service_rates, servers, strict=True)]
    number = math.fsum(station["L"] for station in stations)
    answer = {"L": number, "W_total": number / arriving}
    for place, (rate, station) in enumerate(zip(rates, stations, strict=True), start=1):
        answer |= {f"W{place}": station["W"], f"Wq{place}": station["Wq"], f"util{place}": station["util"]}
        answer[f"visits{place}"] = rate / arriving
    return answer


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
    answer = {"W_total": 0.0}
    for place, (service_rate, people) in enumerate(zip(service_rates, servers, strict=True)):
        visits = math.fsum(share * way.count(place) for way, share in ways.items())
        station = markov_station(arrival_rate * visits, service_rate, people)
        answer |= {f"W{place + 1}": station["W"], f"Wq{place + 1}": station["Wq"]}
        answer |= {f"util{place + 1}": station["util"], f"visits{place + 1}": visits}
        answer["W_total"] += visits * station["W"]
    return answer | {"L": arrival_rate * answer["W_total"]}


def route_with_rework(
    arrival_rate: float,
    shares: Sequence[float],
    service_rates: Sequence[float],
    servers: Sequence[int],
    defect: float,
    rounds: int,
) -> dict[str, float]:
    """A line of stations, station i visited with chance ``shares[i]``; each step done is defective with
    chance ``defect`` and any defect sends the request through the whole line again, at most ``rounds`` times.

    Expected passes = 1 + P + ... + P^rounds, P = 1 - product of (1 - share defect). Values as
    ``open_network``.

    >>> answer = route_with_rework(0.6, [1.0], [1.0], [1], 0.25, 1_000)
    >>> round(answer["W_total"], 12), round(answer["passes"], 12)
    (6.666666666667, 1.333333333333)
    """
    again = 1 - math.prod(1 - share * defect for share in shares)
    passes = rounds + 1.0 if again == 1 else (1 - again ** (rounds + 1)) / (1 - again)
    answer = {"passes": passes, "W_total": 0.0}
    rows = enumerate(zip(shares, service_rates, servers, strict=True), start=1)
    for place, (share, service_rate, people) in rows:
        station = markov_station(arrival_rate * passes * share, service_rate, people)
        answer |= {f"W{place}": station["W"], f"Wq{place}": station["Wq"], f"util{place}": station["util"]}
        answer["W_total"] += passes * share * station["W"]
    return answer | {"L": arrival_rate * answer["W_total"]}


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
