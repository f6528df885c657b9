"""People who can do some kinds of work and prefer some of them: skill-based routing as an exact chain.

Invariant: decisions are those of the simulator - the pair with the smallest preference rank starts first,
then the request that waits longest, then the worker free longest - so no routing rule is approximated, only
the queue cut off.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sim.known_answers.stations import stable_load

Skills = Sequence[Sequence[int]]


class State(NamedTuple):
    """Free workers (longest free first) and the number waiting of each class."""

    free: tuple[int, ...]
    waiting: tuple[int, ...]


class Crew(NamedTuple):
    """Arrival rate of each class, service rate of each worker, and per worker the classes in order of
    preference."""

    arrival_rates: tuple[float, ...]
    service_rates: tuple[float, ...]
    skills: tuple[tuple[int, ...], ...]

    def rank(self, worker: int, kind: int) -> int | None:
        """Place of a class among the preferences of a worker; None when it is beyond the worker."""
        order = self.skills[worker]
        return order.index(kind) if kind in order else None


def skill_routing(
    arrival_rates: Sequence[float], service_rates: Sequence[float], skills: Skills, depth: int = 60
) -> dict[str, float]:
    """Mean wait of all (Wq) and of each class (Wq1 ...), busy share (util) with up to ``depth`` waiting in
    all.

    Work is exponential with the rate of the worker; no two skills of one worker may have the same rank.
    Stationary chances by sparse elimination of the balance equations. Source: Shumsky 2004 (chains of
    skills); Wallace, Whitt 2005.

    >>> round(skill_routing([0.8], [1.0, 1.0], [[0], [0]], 150)["Wq"], 9)
    0.19047619
    """
    crew = Crew(tuple(arrival_rates), tuple(service_rates), tuple(tuple(order) for order in skills))
    stable_load(math.fsum(crew.arrival_rates) / math.fsum(crew.service_rates))
    states, chances = solve(crew, depth)
    waiting = [
        math.fsum(chance * state.waiting[kind] for state, chance in zip(states, chances, strict=True))
        for kind in range(len(crew.arrival_rates))
    ]
    idle = math.fsum(chance * len(state.free) for state, chance in zip(states, chances, strict=True))
    answer = {"Wq": math.fsum(waiting) / math.fsum(crew.arrival_rates), "util": 1 - idle / len(service_rates)}
    for place, (number, rate) in enumerate(zip(waiting, crew.arrival_rates, strict=True), start=1):
        answer[f"Wq{place}"] = number / rate
    return answer


def moves(crew: Crew, state: State, depth: int) -> Iterator[tuple[State, float]]:
    """Every change out of a state with its rate."""
    for kind, rate in enumerate(crew.arrival_rates):
        after = arrived(crew, state, kind)
        if sum(after.waiting) <= depth:
            yield after, rate
    for worker, rate in enumerate(crew.service_rates):
        if worker not in state.free:
            yield came_free(crew, state, worker), rate


def arrived(crew: Crew, state: State, kind: int) -> State:
    """A request joins: the free worker who ranks its class highest takes it, ties to the longest free."""
    able = [
        (rank, place)
        for place, worker in enumerate(state.free)
        if (rank := crew.rank(worker, kind)) is not None
    ]
    if able:
        place = min(able)[1]
        return State(state.free[:place] + state.free[place + 1 :], state.waiting)
    return State(state.free, changed(state.waiting, kind, 1))


def came_free(crew: Crew, state: State, worker: int) -> State:
    """A worker takes the class ranked highest among those waiting, or joins the free."""
    for kind in crew.skills[worker]:
        if state.waiting[kind]:
            return State(state.free, changed(state.waiting, kind, -1))
    return State((*state.free, worker), state.waiting)


def changed(numbers: tuple[int, ...], place: int, change: int) -> tuple[int, ...]:
    """The numbers with one of them changed."""
    return (*numbers[:place], numbers[place] + change, *numbers[place + 1 :])


def solve(crew: Crew, depth: int) -> tuple[list[State], list[float]]:
    """All states reachable from an empty station, and their stationary chances."""
    from scipy.sparse import csc_matrix

    first = State(tuple(range(len(crew.service_rates))), (0,) * len(crew.arrival_rates))
    place, states = {first: 0}, [first]
    rows: list[int] = []
    columns: list[int] = []
    rates: list[float] = []
    for index, state in enumerate(states):
        for after, rate in moves(crew, state, depth):
            if after not in place:
                place[after] = len(states)
                states.append(after)
            rows += [place[after], index]
            columns += [index, index]
            rates += [rate, -rate]
    flow = csc_matrix((rates, (rows, columns)), shape=(len(states), len(states)))
    return states, stationary_sparse(flow)


def stationary_sparse(flow: Any) -> list[float]:
    """Chances with flow x = 0: the first state set to 1, the others solved for, then scaled."""
    from scipy.sparse.linalg import spsolve

    # The ordering keeps the factors of a grid of queues sparse: a fifth of the time of the default.
    others: Any = spsolve(flow[1:, 1:], -flow[1:, 0].toarray().ravel(), permc_spec="MMD_AT_PLUS_A")
    total = 1 + math.fsum(others)
    return [1 / total, *(float(chance) / total for chance in others)]
