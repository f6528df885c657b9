"""Stationary averages of a queue written as a list of moves, solved without any structure.

Invariant: a state is any tuple, a model is a function from a state to its (next state, rate) pairs; nothing
here knows a formula of queueing theory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from scipy.sparse import csc_matrix
from scipy.sparse.linalg import spsolve

State = tuple[Any, ...]
Moves = Callable[[State], Iterable[tuple[State, float]]]


def stationary(start: State, moves: Moves) -> dict[State, float]:
    """Chance of every state that can be reached."""
    place, states = {start: 0}, [start]
    entries: list[tuple[int, int, float]] = []
    for index, state in enumerate(states):
        for after, rate in moves(state):
            if after not in place:
                place[after] = len(states)
                states.append(after)
            entries += [(place[after], index, rate), (index, index, -rate)]
    rows, columns, rates = zip(*entries, strict=True)
    flow = csc_matrix((rates, (rows, columns)), shape=(len(states), len(states)))
    others = spsolve(flow[1:, 1:], -flow[1:, 0].toarray().ravel(), permc_spec="MMD_AT_PLUS_A")
    chances = np.concatenate([[1.0], np.atleast_1d(others)])
    chances /= chances.sum()
    return dict(zip(states, chances.tolist(), strict=True))


def average(chances: dict[State, float], value: Callable[[State], float]) -> float:
    """Mean of a value over the states."""
    return sum(chance * value(state) for state, chance in chances.items())
