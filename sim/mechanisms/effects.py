"""What mechanisms do together to what the flow reads: products and sums over those that are on, from neutral.

A slow mechanism never touches the flow: once a week it writes effects, and both engines read them. Invariant:
a mechanism at its neutral values contributes exactly 1 to a product, 0 to a sum.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.mechanisms import MECHANISMS
from sim.mechanisms.record import Mechanism

Floats = NDArray[np.float64]
PACES = [mechanism.pace for mechanism in MECHANISMS if mechanism.pace is not None]


class Effects(NamedTuple):
    """N people, c customers, D departments, F functions, P products, S segments, d days a week.

    Made once per replication; written before it begins and after each weekly review, from neutral.

    Attributes
    ----------
    pace : (N,) factor on the time of a step, > 0. care : (N,) factor on the chance that it goes wrong, >= 0.
    duty_hours : (N,) hours of each day owed to meetings and the like, on the grid; of workers.
    away : (N, d) hours from the beginning of each day of the week to come for which a worker is away, on the
        grid; 0 where present. An absence over several days is told on each of them.
    active : (c,) chance that a drawn request of the customer comes about.
    standing : (c,) money by which the customer counts for more where requests go by value.
    work_factor : (P, S) factor on the work content of a step.
    defect_base : (D, F) added to the chance that a step goes wrong.
    """

    pace: Floats
    care: Floats
    duty_hours: Floats
    away: Floats
    active: Floats
    standing: Floats
    work_factor: Floats
    defect_base: Floats


def on(numbers: Any) -> list[Mechanism]:
    """The mechanisms that are switched on, in their order.

    Parameters
    ----------
    numbers : `Numbers.plain` of the scenario, or a record of it.
    """
    return [one for one in MECHANISMS if not one.switch or getattr(numbers, one.switch)]


def presence(numbers: Any) -> float:
    """Share of the week for which workers are expected to be there, duties included.

    Parameters
    ----------
    numbers : `Numbers.record` of the scenario.
    """
    share = 1.0
    for mechanism in on(numbers[0]):
        if mechanism.presence is not None:
            share *= mechanism.presence(numbers[0])
    return share


def pace_in_department(numbers: Any, workers: int) -> float:
    """Time factor that a department of so many people gives each of them; 1 changes nothing.

    Parameters
    ----------
    numbers : `Numbers.record` of the scenario.
    """
    factor = 1.0
    for pace in PACES:
        factor *= pace(numbers, workers)
    return factor
