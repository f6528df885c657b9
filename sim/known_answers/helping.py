"""Two departments of one person each, who helps the other while enough wait there: an exact chain.

Invariant: nothing is approximated but the cut-off depth, where the chance left out is far below 1e-9.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.known_answers.stations import stable_load

IDLE, OWN, OTHER = range(3)
DEPTH = 50
State = tuple[tuple[int, int], tuple[int, int]]
"""What each of the two is at, and how many wait in each department."""


def helping_pair(
    arrival_rates: tuple[float, float], service_rates: tuple[float, float], threshold: int
) -> dict[str, float]:
    """Wq1, Wq2, util1, util2 and the share of requests that the other one serves.

    Poisson arrivals; the service rate is that of the request's department, whoever serves. Who is idle takes
    from the other queue while at least `threshold` wait there; nobody is interrupted. Source: a Markov chain,
    after the threshold policies of Bell and Williams 2001; solved numerically.

    >>> answer = helping_pair((0.7, 0.7), (1.0, 1.0), 1)  # a pool: M/M/2
    >>> round(answer["Wq1"], 6), round(answer["util1"], 6)
    (0.960784, 0.7)
    """
    import numpy
    from scipy.sparse import csc_matrix
    from scipy.sparse.linalg import spsolve

    rates = sum(arrival / service for arrival, service in zip(arrival_rates, service_rates, strict=True))
    stable_load(rates / 2)
    place: dict[State, int] = {((IDLE, IDLE), (0, 0)): 0}
    flows: list[tuple[int, int, float]] = []
    for state in (order := list(place)):
        for other, rate in moves(state, arrival_rates, service_rates, threshold):
            if other not in place:
                place[other] = len(place)
                order.append(other)
            flows += [(place[other], place[state], rate), (place[state], place[state], -rate)]
    rows, columns, values = (numpy.array(column) for column in zip(*flows, strict=True))
    inside = rows > 0  # the first balance is replaced by: chances add up to 1
    size = len(place)
    system = csc_matrix(
        (
            numpy.concatenate([values[inside], numpy.ones(size)]),
            (
                numpy.concatenate([rows[inside], numpy.zeros(size, int)]),
                numpy.concatenate([columns[inside], numpy.arange(size)]),
            ),
        ),
        shape=(size, size),
    )
    chances = spsolve(system, numpy.eye(1, size).ravel())
    return averages(order, chances.tolist(), arrival_rates, service_rates)


def moves(
    state: State, arrival_rates: tuple[float, float], service_rates: tuple[float, float], threshold: int
) -> Iterator[tuple[State, float]]:
    """Where the chain goes from a state, and how fast."""
    at, waiting = state
    for one in (0, 1):
        if waiting[one] < DEPTH:
            yield settled(at, changed(waiting, one, 1), threshold), arrival_rates[one]
        if at[one] != IDLE:
            rate = service_rates[one if at[one] == OWN else 1 - one]
            yield settled(changed(at, one, IDLE - at[one]), waiting, threshold), rate


def settled(at: tuple[int, int], waiting: tuple[int, int], threshold: int) -> State:
    """Who is idle starts: on what is his or her own, then on what is the other's if enough wait there.

    >>> settled((IDLE, OWN), (0, 3), 3), settled((IDLE, OWN), (0, 2), 3)
    (((2, 1), (0, 2)), ((0, 1), (0, 2)))
    """
    for one in (0, 1):
        if at[one] == IDLE and waiting[one]:
            at, waiting = changed(at, one, OWN), changed(waiting, one, -1)
    for one in (0, 1):
        if at[one] == IDLE and waiting[1 - one] >= threshold:
            at, waiting = changed(at, one, OTHER), changed(waiting, 1 - one, -1)
    return at, waiting


def changed(pair: tuple[int, int], place: int, by: int) -> tuple[int, int]:
    """The pair with one of the two numbers changed."""
    return (pair[0] + by, pair[1]) if place == 0 else (pair[0], pair[1] + by)


def averages(
    order: list[State],
    chances: list[float],
    arrival_rates: tuple[float, float],
    service_rates: tuple[float, float],
) -> dict[str, float]:
    """What the chances of the states come to."""
    found = {"helped": 0.0}
    for one in (0, 1):
        waiting = sum(chance * state[1][one] for state, chance in zip(order, chances, strict=True))
        busy = sum(chance for state, chance in zip(order, chances, strict=True) if state[0][one] != IDLE)
        helps = sum(chance for state, chance in zip(order, chances, strict=True) if state[0][one] == OTHER)
        found |= {f"Wq{one + 1}": waiting / arrival_rates[one], f"util{one + 1}": busy}
        found["helped"] += helps * service_rates[1 - one] / sum(arrival_rates)
    return found
