"""P13 Workload changes speed: people hurry while others wait, and slow down when they have worked too much.

Invariant: without anybody waiting and without overwork the factor is 1.
"""

from typing import Any

import numpy as np

from sim.jit import compiled
from sim.mechanisms.record import Mechanism
from sim.schema.base import Switched, quantity, share

RECENT_WEEKS = 4
"""Weeks over which overwork builds up."""


class Workload(Switched):
    """How load and overwork change the time of a step."""

    hurry: float = quantity(
        "time saved for each request waiting per person of the department",
        default=0.05,
        unit="share",
        source="E16",
        grade="B",
        ge=0.0,
        le=0.3,
        advised=(0, 0.15),
    )
    most_waiting: float = quantity(
        "requests waiting per person beyond which nobody hurries more",
        default=3.0,
        unit="requests",
        source="E16: saturation; size assumption",
        ge=0.0,
        le=3.0,
    )
    fatigue: float = quantity(
        "time lost for each unit of utilisation above the tipping point",
        default=0.05,
        unit="share",
        source="E16",
        grade="B",
        ge=0.0,
        le=10.0,
        advised=(0, 0.15),
    )
    tipping_point: float = share(
        "mean utilisation of the last four weeks from which people tire",
        default=0.93,
        source="E16",
        grade="B",
    )


def keep(state: Any) -> dict[str, Any]:
    """Hours worked until the last review, and in each of the last weeks, (weeks, N)."""
    return {"before": np.zeros_like(state.worked), "weeks": np.zeros((RECENT_WEEKS, len(state.worked)))}


def review(state: Any, week: int) -> None:
    """The week that ends replaces the oldest."""
    kept = state.kept["P13"]
    kept["weeks"][week % RECENT_WEEKS] = state.worked - kept["before"]
    kept["before"][...] = state.worked


def effect(state: Any, effects: Any, week: int) -> None:
    """People who have worked too much are slower."""
    rules, recent = state.numbers, state.kept["P13"]["weeks"]
    tire(
        effects.pace, recent, len(state.department), rules.week, rules.workload_tipping_point,
        rules.workload_fatigue,
    )  # fmt: skip


MECHANISM = Mechanism(
    id="P13",
    claim="workload changes speed and quality",
    source="E16",
    section="2.14",
    shown="kind *pace of the person*; `people.workload=on`",
    records=(("people.workload", Workload),),
    default="off",
    switch="workload_enabled",
    keeps=keep,
    review=review,
    effect=effect,
)


@compiled
def hurry_factor(waiting: float, workers: float, hurry: float, most: float) -> float:
    """Time factor of a step that begins while others wait (P13): `1 - a min(most, waiting / workers)`.

    Parameters
    ----------
    waiting : requests that wait for somebody in the department, >= 0. workers : its people, >= 1.
    hurry : a, share of the time saved for each, >= 0. most : requests per person, a x most < 1. Source: E16.

    >>> float(hurry_factor(4.0, 2.0, 0.05, 3.0)), float(hurry_factor(40.0, 2.0, 0.1, 5.0))
    (0.9, 0.5)
    """
    return 1.0 - hurry * min(most, waiting / workers)


@compiled
def fatigue_factor(utilisation: float, tipping_point: float, fatigue: float) -> float:
    """Time factor of somebody who has worked so much (P13): `1 + b max(0, utilisation - tipping point)`.

    Parameters
    ----------
    utilisation : hours worked over hours of the last weeks, >= 0. tipping_point : in [0, 1].
    fatigue : b, >= 0. Source: E16.

    >>> float(fatigue_factor(1.0, 0.75, 0.5)), float(fatigue_factor(0.5, 0.75, 0.5))
    (1.125, 1.0)
    """
    return 1.0 + fatigue * max(0.0, utilisation - tipping_point)


@compiled
def tire(pace: Any, recent: Any, workers: int, week: float, tipping_point: float, fatigue: float) -> None:
    """Multiply the pace of workers by `fatigue_factor` of the mean of the last weeks (P13). Source: E16.

    Parameters
    ----------
    pace : (N,). recent : (weeks, N) hours worked. week : hours.

    >>> pace = np.ones(1)
    >>> tire(pace, np.full((2, 1), 40.0), 1, 40.0, 0.75, 0.5), pace.tolist()
    (None, [1.125])
    """
    for person in range(workers):
        hours = 0.0
        for row in range(len(recent)):
            hours += recent[row, person]
        pace[person] *= fatigue_factor(hours / (len(recent) * week), tipping_point, fatigue)
