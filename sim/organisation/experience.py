"""The experience people start with: what learning and forgetting would have settled at in this structure.

Invariant: experience follows from the work a person would get; no structure is given any for free.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.organisation.desks import DeskWork
from sim.organisation.load import experience_of, segment_unfamiliarities, total, unfamiliarities
from sim.organisation.staffing import Plan
from sim.world.customer_model import CustomerModel

Floats = NDArray[np.float64]
Record = Any
Axes = tuple[Floats, Floats, Floats]


def starting_experience(
    numbers: Record, model: CustomerModel, plan: Plan, desks: list[DeskWork], sizes: list[int]
) -> tuple[Axes, Floats]:
    """Experience of every person at the start, and the expected load of every desk.

    Parameters
    ----------
    numbers : `Numbers.record` of the scenario.
    desks, sizes : work and number of people of each desk.

    Returns
    -------
    ((N, F), (N, P), (N, S)) cases, and (K,) load of the managers', coordinators' and general manager's desks.
    """
    people = [
        plan.outlooks[department].cases for department, size in enumerate(plan.workers) for _ in range(size)
    ]
    loads = []
    for work, size in zip(desks, sizes, strict=True):
        cases = experience_of(numbers, model, work.function, work.product, work.segment, work.cases / size)
        people += [cases] * size
        loads.append(_load(numbers, model, work, cases, size))
    function, product, segment = (
        np.array([person[axis] for person in people], np.float64).reshape(len(people), -1)
        for axis in range(3)
    )
    return (function, product, segment), np.array(loads)


def _load(numbers: Record, model: CustomerModel, work: DeskWork, cases: Axes, size: int) -> float:
    weights = model.knowledge[work.function]
    u = np.stack(
        [
            unfamiliarities(numbers, cases[0])[work.function],
            unfamiliarities(numbers, cases[1])[work.product],
            segment_unfamiliarities(numbers, cases[2])[work.segment],
        ],
        axis=1,
    )
    handicap = np.where(work.deciding, (weights * u).sum(axis=1), 0.0)
    return float(total(work.rate * work.hours * (1.0 + handicap)) / (size * numbers[0].week))
