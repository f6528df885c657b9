"""Who may take what: the queues inside departments and each worker's order of preference among them.

Invariant: a department whose people may all do everything has one queue; otherwise one for each group of
cells that the same people may do in the same order.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.model.scenario import Scenario
from sim.model.staffing_checks import may_do
from sim.organisation.assignment import Assignment
from sim.world.customer_model import CustomerModel

Integers = NDArray[np.int64]
UNABLE = -1


@dataclass(frozen=True)
class Queues:
    """Q queues, n workers.

    Attributes
    ----------
    queue_of : (F, P, S) id, -1 where no work falls.
    first_queue : (D + 1,) slices of queues by department.
    rank : (n, Q) preference of each worker for each queue, 0 first; UNABLE where they may not.
    plain : (D,) True where there is one queue and everybody takes it alike.
    """

    queue_of: Integers
    first_queue: Integers
    rank: Integers
    plain: NDArray[np.bool_]


def build_queues(
    scenario: Scenario,
    model: CustomerModel,
    assignment: Assignment,
    worker_department: Integers,
    names: list[str],
) -> Queues:
    """Queues of the scenario's departments.

    Parameters
    ----------
    names : of the workers, roster names where there is a roster.
    """
    queue_of = np.full(assignment.department_of.shape, -1, np.int64)
    first, plain = [0], []
    columns: list[Integers] = []
    for department in range(len(assignment.departments)):
        own = np.flatnonzero(worker_department == department)
        kinds: dict[tuple[int, ...], int] = {}
        for cell in np.argwhere(assignment.department_of == department):
            ranks = tuple(_rank(scenario, model, names[worker], cell.tolist()) for worker in own.tolist())
            if ranks not in kinds:
                kinds[ranks] = len(columns)
                column = np.full(len(worker_department), UNABLE, np.int64)
                column[own] = ranks
                columns.append(column)
            queue_of[tuple(cell)] = kinds[ranks]
        first.append(len(columns))
        plain.append(len(kinds) == 1 and set(next(iter(kinds))) == {0})
    return Queues(queue_of, np.array(first, np.int64), np.array(columns, np.int64).T.copy(), np.array(plain))


def _rank(scenario: Scenario, model: CustomerModel, worker: str, cell: list[int]) -> int:
    person = scenario.staffing.roster.get(worker)
    if person is None or not person.skills:
        return 0
    named = (model.functions[cell[0]], model.products[cell[1]], model.segments[cell[2]])
    ranks = [skill.rank for skill in person.skills if may_do(skill.cells, named)]
    return min(ranks, default=UNABLE)
