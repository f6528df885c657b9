"""People's own pace: drawn by seat, and seats dealt fairly over the departments.

Invariant: with as many workers every structure has the same people, and no department is judged by who drew
the slow ones: each gets its share of the company's speed, as nearly as whole people allow.
"""

import math

import numpy as np
from numpy.typing import NDArray

from sim.draws import PURPOSE_SPEED, child, text_key, uniform
from sim.jit import compiled
from sim.mechanisms.pace import time_factor
from sim.model.scenario import Scenario
from sim.organisation.build import Organisation

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def seated(scenario: Scenario, organisation: Organisation, origin: int) -> tuple[Integers, Floats]:
    """Seat and time factor of each person in a replication, (N,): drawn with mean 1, or from the roster.

    Workers have the first seats; those whose pace the roster gives come after the others.

    Parameters
    ----------
    origin : root of the replication's draws.
    """
    seat, pace = np.arange(len(organisation.role)), np.array(organisation.fixed_pace)
    free = np.flatnonzero(np.isnan(pace))
    department = organisation.department[free]
    drawn = _paces(scenario.people.speed_cv, origin, len(free))
    speed = 1.0 / drawn
    dealt = np.empty(len(free), np.int64)
    sizes = np.bincount(department, minlength=len(organisation.departments))
    above = speed - math.fsum(speed.tolist()) / max(len(speed), 1)
    deal(above, np.argsort(-np.abs(above), kind="stable"), sizes, dealt)
    by_department = np.argsort(dealt, kind="stable")
    seat[free], pace[free] = by_department, drawn[by_department]
    given = np.setdiff1d(np.arange(organisation.workers), free)
    seat[given] = len(free) + np.arange(len(given))
    return seat, pace


def _paces(speed_cv: float, origin: int, count: int) -> Floats:
    """Time factors of the first seats."""
    if speed_cv == 0.0:
        return np.ones(count)
    seats = child(origin, text_key("seats"))
    drawn = (uniform(child(seats, seat), PURPOSE_SPEED, 0, 0) for seat in range(count))
    return np.array([time_factor(speed_cv, u) for u in drawn])


@compiled
def deal(above: Floats, order: Integers, sizes: Integers, dealt: Integers) -> None:
    """Write the department of each seat: one by one where its people then are nearest to the average speed.

    The most unlike come first, so that large departments take them and small ones get people like the
    average; of equal choices the first.

    Parameters
    ----------
    above : speed of each seat above the average. order : seats in the order of dealing.
    sizes : seats of each department, as many as there are.

    >>> dealt = np.empty(5, np.int64)
    >>> deal(np.array([0.5, -0.4, 0.1, 0.0, -0.2]), np.array([0, 1, 4, 2, 3]), np.array([4, 1]), dealt)
    >>> dealt.tolist()
    [0, 0, 0, 1, 0]
    """
    left, balance = sizes.copy(), np.zeros(len(sizes))
    for seat in order:
        best, nearest = -1, math.inf
        for department in range(len(sizes)):
            if left[department] > 0:
                off = abs(balance[department] + above[seat]) / sizes[department]
                if off < nearest:
                    best, nearest = department, off
        dealt[seat] = best
        balance[best] += above[seat]
        left[best] -= 1
