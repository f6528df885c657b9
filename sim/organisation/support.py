"""Internal services: how many people serve whom.

Invariant: all people of a service serve somebody; where there is a service, every department has it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.mechanisms.support import SERVICES
from sim.model.scenario import Scenario
from sim.organisation.assignment import Assignment

Integers = NDArray[np.int64]


class SupportDesks(NamedTuple):
    """K services, D departments, Q desks.

    Attributes
    ----------
    desk_of : (K, D) whom a department asks, -1 where nobody is; (0, D) where there is no support at all.
    people : (Q,) who serve there. faces_customers : (D,) departments with functions of the front.
    """

    desk_of: Integers
    people: Integers
    faces_customers: NDArray[np.bool_]


def support_people(scenario: Scenario) -> int:
    """Everybody who serves colleagues."""
    support = scenario.people.support
    return together([getattr(support, name).people for name in SERVICES]) if support.enabled else 0


def support_desks(scenario: Scenario, assignment: Assignment, workers: list[int]) -> SupportDesks:
    """Who serves whom; workers: of each department."""
    support, functions = scenario.people.support, scenario.company.functions
    faces = [any(functions[name].side == "front" for name in names) for names in assignment.covered]
    desk_of = np.full((len(SERVICES) if support.enabled else 0, len(workers)), -1, np.int64)
    people: list[int] = []
    for service in range(len(desk_of)):
        total = getattr(support, SERVICES[service]).people
        shares = divided(total, workers) if support.divided else [0] * len(workers)
        for department, own in enumerate(shares):
            if own:
                desk_of[service, department] = len(people)
                people.append(own)
        if total > together(shares):
            desk_of[service, desk_of[service] < 0] = len(people)
            people.append(total - together(shares))
    return SupportDesks(desk_of, np.array(people, np.int64), np.array(faces))


def together(people: list[int]) -> int:
    """How many they are."""
    return int(np.array(people, np.int64).sum())


def divided(total: int, workers: list[int]) -> list[int]:
    """People of a service for each department by its size; departments with 0 share who is left over.

    Whole people go first; where nobody is left for the small ones, the smallest of the others gives somebody.
    Where all have their own, those left over go to the largest remainders.

    >>> divided(4, [30, 6, 4]), divided(2, [10, 10]), divided(5, [10, 10]), divided(0, [3])
    ([3, 0, 0], [1, 1], [3, 2], [0])
    """
    quotas = [total * size / together(workers) for size in workers]
    shares = [int(quota) for quota in quotas]
    left = total - together(shares)
    if all(shares):
        by_rest = sorted(range(len(shares)), key=lambda place: shares[place] - quotas[place])
        for place in by_rest[:left]:
            shares[place] += 1
    elif total and not left:
        shares[min((own, place) for place, own in enumerate(shares) if own)[1]] -= 1
    return shares
