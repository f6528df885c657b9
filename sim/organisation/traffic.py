"""Expected flow of work through a structure: how many cases of each cell a department gets, and from where.

Invariant: rates follow from demand and routes alone; people and their experience come in later (load.py).
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import questions
from sim.model.scenario import Scenario
from sim.organisation.assignment import Assignment
from sim.world.customer_model import CustomerModel

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Traffic(NamedTuple):
    """Work of one department: one entry per (product, segment, step of the route) that falls to it.

    Attributes
    ----------
    function, product, segment : ids.
    rate : first visits a week.
    work : mean work content of a first visit, hours.
    prior : mean work content of the steps before, hours; what a newcomer to the request has to read.
    kept : context kept when the person changes here: within or across departments.
    entry : True for the first step of the route that is work.
    crossing : True where the step before was another department's.
    toured : True where a border has been crossed by now, so that decisions may be everybody's business.
    alone : True where the request has no other step in the department (no switch inside a request).
    triage : expected effort to find out misgrouped customers, as a share of the work.
    """

    function: Integers
    product: Integers
    segment: Integers
    rate: Floats
    work: Floats
    prior: Floats
    kept: Floats
    entry: NDArray[np.bool_]
    crossing: NDArray[np.bool_]
    toured: NDArray[np.bool_]
    alone: NDArray[np.bool_]
    triage: Floats


def request_rates(model: CustomerModel) -> Floats:
    """(S, P) requests a week at demand scale 1, before trend and surges."""
    return np.asarray((model.customers * model.calls * model.together)[:, None] * model.mix)


def department_traffic(
    scenario: Scenario, model: CustomerModel, assignment: Assignment, numbers: Any
) -> list[Traffic]:
    """The traffic of every department at demand scale 1; numbers: the record of the scenario's numbers."""
    rates = request_rates(model)
    rows: list[list[tuple[float, ...]]] = [[] for _ in assignment.departments]
    for product in range(len(model.products)):
        for segment in range(len(model.segments)):
            for department, row in _route_rows(
                numbers, model, assignment, product, segment, rates[segment, product]
            ):
                rows[department].append(row)
    return [_traffic(own) for own in rows]


def _route_rows(
    numbers: Any, model: CustomerModel, assignment: Assignment, product: int, segment: int, rate: float
) -> list[tuple[int, tuple[float, ...]]]:
    across, within = (questions.context_kept(numbers, same) for same in (False, True))
    steps = working_steps(model, product)
    departments = [int(assignment.department_of[function, product, segment]) for function, _ in steps]
    result: list[tuple[int, tuple[float, ...]]] = []
    prior, before, toured, found_out = 0.0, -1, False, False
    for (function, share), department in zip(steps, departments, strict=True):
        work = float(model.mean_work[product, function] * model.content_factor[segment])
        crossing = before >= 0 and before != department
        toured = toured or crossing
        triage = 0.0
        if assignment.grouped[function, product] and not found_out:
            triage, found_out = numbers[0].misgrouped * questions.expected_triage(numbers, 1.0), True
        kept = across if crossing else within
        alone = departments.count(department) == 1
        amounts = (rate * share, work, prior, kept, triage)
        flags = (before < 0, crossing, toured, alone)
        result.append((department, (function, product, segment, *amounts, *flags)))
        prior += share * work
        before = department
    return result


def working_steps(model: CustomerModel, product: int) -> list[tuple[int, float]]:
    """Function and share of every step of a route that is work and happens at all.

    A request whose steps were all skipped has its first one nevertheless.
    """
    start, length = model.route_start[product], model.route_length[product]
    route = slice(start, start + length)
    steps = [
        (function, share)
        for function, share in zip(
            model.route_function[route].tolist(), model.step_share[route].tolist(), strict=True
        )
        if not model.is_delay[function]
    ]
    skipped = math.prod(max(1.0 - share, 0.0) for _, share in steps)
    steps[0] = (steps[0][0], steps[0][1] + skipped)
    return [(function, share) for function, share in steps if share > 0.0]


def _traffic(rows: list[tuple[float, ...]]) -> Traffic:
    table = np.array(rows, np.float64).reshape(len(rows), 12)
    function, product, segment = (table[:, i].astype(np.int64) for i in range(3))
    rate, work, prior, kept, triage = (table[:, i].copy() for i in range(3, 8))
    entry, crossing, toured, alone = (table[:, i] > 0.0 for i in range(8, 12))
    return Traffic(
        function, product, segment, rate, work, prior, kept, entry, crossing, toured, alone, triage
    )
