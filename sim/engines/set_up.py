"""The company before anything has happened, for the readable engine: people in departments and at desks.

Invariant: nothing here depends on the structure but through the organisation.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from sim.engines.entities import NO_KNOWLEDGE, Cell, Department, Desk, Person, Place, Request
from sim.organisation.build import NO_DESK, Organisation
from sim.questions import Three
from sim.review import State
from sim.world import CustomerModel, World


class Crew(NamedTuple):
    """Everybody and everything that stays for the whole replication."""

    people: list[Person]
    departments: list[Department]
    desks: list[Desk]
    queues: list[list[Place]]
    general: Desk | None


def gather(organisation: Organisation, state: State) -> Crew:
    """People in their departments and at their desks."""
    people = [_person(number, state) for number in range(len(organisation.role))]
    seats, queues = organisation.first_person, organisation.queues
    desks = [Desk(number, people[seats[number] : seats[number + 1]]) for number in range(len(seats) - 1)]
    for desk in desks:
        for person in desk.people:
            person.desk = desk
    lines: list[list[Place]] = [[] for _ in range(queues.first_queue[-1])]
    departments = []
    for number, _ in enumerate(organisation.departments):
        first, last = queues.first_queue[number : number + 2].tolist()
        department = Department(
            id=number,
            rule=int(organisation.request_key[number]),
            places=int(organisation.places[number]),
            plain=bool(queues.plain[number]),
            workers=people[organisation.first_worker[number] : organisation.first_worker[number + 1]],
            queues=lines[first:last],
            manager=_desk(desks, int(organisation.manager_desk[number])),
        )
        for worker in department.workers:
            worker.department = department
            worker.ranks = queues.rank[worker.id, first:last].tolist()
        departments.append(department)
    return Crew(people, departments, desks, lines, _desk(desks, organisation.general_desk))


def _person(number: int, state: State) -> Person:
    experience = (
        memoryview(axis[number]) for axis in (state.by_function, state.by_product, state.by_segment)
    )
    return Person(number, *experience)  # type: ignore[arg-type]


def _desk(desks: list[Desk], number: int) -> Desk | None:
    return None if number == NO_DESK else desks[number]


def cells_of(
    model: CustomerModel, organisation: Organisation, crew: Crew, neutral: bool
) -> list[list[list[Cell]]]:
    """Cells by function, product and segment; `neutral`: without learning, set-up and errors by person."""
    department_of = organisation.assignment.department_of.tolist()
    queue_of, coordinator_desk = organisation.queues.queue_of.tolist(), organisation.coordinator_desk.tolist()
    weights: list[Three] = [(a, b, c) for a, b, c in model.knowledge.tolist()]

    def cell(function: int, product: int, segment: int) -> Cell:
        return Cell(
            function,
            product,
            segment,
            is_delay=bool(model.is_delay[function]),
            grouped=bool(organisation.assignment.grouped[function, product]),
            plain=neutral and weights[function] == NO_KNOWLEDGE,
            weights=weights[function],
            exception=model.exceptions[function].item(),
            mean_work=model.mean_work[product, function].item(),
            department=crew.departments[department_of[function][product][segment]],
            queue=crew.queues[queue_of[function][product][segment]],
            coordinator=_desk(crew.desks, coordinator_desk[product][segment]),
        )

    functions, products, segments = organisation.assignment.department_of.shape
    return [[[cell(f, p, s) for s in range(segments)] for p in range(products)] for f in range(functions)]


def requests_of(world: World) -> Iterator[Request]:
    """The requests in the order of the world, each made when it is asked for."""
    first = world.first_step[:-1]
    columns = (
        world.customer, world.number, world.segment, world.product, world.state, world.arrival, world.promise,
        world.patience, first, world.first_step[1:], first,
    )  # fmt: skip
    facts = zip(range(len(world.arrival)), *(np.asarray(column).tolist() for column in columns), strict=True)
    return (Request(*given) for given in facts)
