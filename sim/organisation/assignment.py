"""The partition as arrays: which department does which cell.

Invariant: every cell of work has a department; outside delays have none.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.model.partition import partition
from sim.model.scenario import Scenario
from sim.world.customer_model import CustomerModel

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Assignment:
    """F functions, P products, S segments.

    Attributes
    ----------
    departments : names by id, in the order of the structure.
    department_of : (F, P, S) id, -1 where no work falls.
    grouped : (F, P) True where the department depends on the segment, so that misgrouping is found out.
    covered : names of the functions of each department, for wages and training.
    """

    departments: list[str]
    department_of: NDArray[np.int64]
    grouped: NDArray[np.bool_]
    covered: list[frozenset[str]]

    @property
    def functions_covered(self) -> list[int]:
        """Number of functions of each department."""
        return list(map(len, self.covered))


def build_assignment(scenario: Scenario, model: CustomerModel) -> Assignment:
    """Arrays of the scenario's structure."""
    found = partition(scenario.structure, scenario.company)
    ids = [
        {name: i for i, name in enumerate(names)}
        for names in (model.functions, model.products, model.segments)
    ]
    table = np.full((len(model.functions), len(model.products), len(model.segments)), -1, np.int64)
    for number, cells in enumerate(found.departments.values()):
        for function, product, segment in cells:
            table[ids[0][function], ids[1][product], ids[2][segment]] = number
    grouped = (table != table[:, :, :1]).any(axis=2)
    covered = [frozenset(cell[0] for cell in cells) for cells in found.departments.values()]
    return Assignment(list(found.departments), table, grouped, covered)


def partners(assignment: Assignment, model: CustomerModel) -> list[set[int]]:
    """For each department those that it hands work to or gets work from."""
    linked: list[set[int]] = [set() for _ in assignment.departments]
    for product in range(len(model.products)):
        start, length = model.route_start[product], model.route_length[product]
        steps = range(start, start + length)
        functions = [model.route_function[step] for step in steps if model.step_share[step] > 0.0]
        route = [function for function in functions if not model.is_delay[function]]
        for segment in range(len(model.segments)):
            chain = [int(assignment.department_of[function, product, segment]) for function in route]
            for one, other in pairwise(chain):
                if one != other:
                    linked[one].add(other)
                    linked[other].add(one)
    return linked


def may_help(scenario: Scenario, assignment: Assignment, model: CustomerModel, plain: Flags) -> Flags:
    """(D, D) whose people may take work of whom (P7), where everybody may do everything at home.

    Parameters
    ----------
    plain : (D,) True where everybody may do everything, so that anybody may.
    """
    who, functions, size = scenario.people.helping.who, scenario.company.functions, len(plain)
    if not scenario.people.helping.enabled:
        return np.zeros((size, size), np.bool_)
    sides = [{functions[name].side for name in names} for names in assignment.covered]
    linked = partners(assignment, model)

    def helps(one: int, other: int) -> bool:
        near = bool(sides[one] & sides[other]) if who == "same_side" else other in linked[one]
        return one != other and (who == "all" or near)

    found = np.array([[helps(one, other) for other in range(size)] for one in range(size)])
    return found & plain[:, None] & plain[None, :]
