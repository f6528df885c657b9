"""Who and what the company is made of while it works: requests, people, departments, desks.

Invariant: only the flow changes them; they decide nothing. Ids are those of the world and the organisation,
so that everything has a total order.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sim.model.policies import REQUEST_KEYS
from sim.organisation.build import NO_DESK, Organisation
from sim.review import State
from sim.trajectory import FIRST, OPEN, STEP
from sim.world import Market, World

ARRIVING, CLAIMING, RETURNING, AWAY, MOVING, COORDINATED, QUEUED, WORKED_ON, DECIDED = range(9)
"""Where a request is. CLAIMING: not taken on yet; AWAY: a delay outside; MOVING: between departments."""
ON_TRIAGE, IN_A_MEETING, AT_A_DESK = range(STEP + 1, STEP + 4)
"""What a person does besides steps."""
CLAIM_TIME, OUTSIDE_TIME, HANDOFF_TIME, COORDINATION_TIME = range(4)
NOTHING = (0.0, 0.0, 0.0, 0.0)
"""Time spent on the way to a step, in the order of the log."""
NONE = -1
"""Nobody, nowhere, nothing: the id of what is missing."""
NOT_YET = -1.0
Three = tuple[float, float, float]
Given = tuple[int, int, int, int, int, int, float, float, float, int, int]
"""What the world says of a request, in the order of its slots."""
NO_KNOWLEDGE: Three = (0.0, 0.0, 0.0)
assert REQUEST_KEYS[0] == "fifo"


class Request:
    """A customer's demand on its way: what the world says of it first, then what has become of it."""

    __slots__ = (
        "arrival",
        "before",
        "bosses",
        "contacting",
        "context",
        "customer",
        "defective",
        "department",
        "end",
        "filed",
        "first_start",
        "first_step",
        "handoffs",
        "id",
        "impatient",
        "luck",
        "number",
        "owners",
        "passage",
        "patience",
        "place",
        "product",
        "promise",
        "recognised",
        "repeats",
        "returns",
        "row",
        "segment",
        "silent",
        "since",
        "status",
        "step",
        "straight",
        "toured",
        "triaged",
        "visit",
        "work_done",
        "worker",
    )  # fmt: skip

    def __init__(self, given: Given):
        (
            self.id, self.customer, self.number, self.segment, self.product, self.luck, self.arrival,
            self.promise, self.patience, self.step, self.end,
        ) = given  # fmt: skip
        self.first_step = self.step
        self.recognised = NONE
        self.place, self.since = ARRIVING, 0.0
        self.filed: Cell | None = None
        self.department: Department | None = None
        self.worker: Person | None = None
        self.owners: dict[Department, Person] | None = None
        self.visit, self.passage, self.handoffs, self.repeats, self.returns = 0, FIRST, 0, 0, 0
        self.context, self.work_done, self.defective = 1.0, 0.0, False
        self.contacting, self.straight, self.triaged, self.toured, self.impatient = (
            True,
            False,
            False,
            False,
            False,
        )
        self.before, self.bosses, self.row = NOTHING, 0, NONE
        self.first_start, self.status, self.silent = NOT_YET, OPEN, 0

    def __lt__(self, other: "Request") -> bool:
        return bool(self.id < other.id)


class Person:
    """A worker, manager, coordinator or the general manager; experience is a view of the state."""

    __slots__ = (
        "busy",
        "by_function",
        "by_product",
        "by_segment",
        "cases",
        "department",
        "desk",
        "id",
        "idle_since",
        "kind",
        "last_kind",
        "meeting",
        "next_own",
        "owed",
        "own",
        "pace",
        "ranks",
        "row",
        "since",
        "task",
    )  # fmt: skip

    def __init__(self, number: int, state: State):
        self.id, self.pace = number, state.pace[number].item()
        self.department: Department | None = None
        self.desk: Desk | None = None
        self.by_function: Any = memoryview(state.by_function[number])
        self.by_product: Any = memoryview(state.by_product[number])
        self.by_segment: Any = memoryview(state.by_segment[number])
        self.ranks: list[int] = []
        self.meeting, self.owed, self.since, self.idle_since = 0.0, 0.0, 0.0, 0.0
        self.busy, self.kind, self.row, self.cases = False, STEP, 0, 0.0
        self.task: Request | None = None
        self.last_kind: tuple[int, int] | None = None
        self.next_own: Request | None = None
        self.own: list[tuple[float, Request]] = []

    def __lt__(self, other: "Person") -> bool:
        return bool(self.id < other.id)


Place = tuple[int, float, float, Request]
"""A place in a queue: coordinated or not, the dispatch key, the time of joining, the request."""


class Department:
    """People who share queues and a manager's desk."""

    __slots__ = ("id", "idle", "manager", "places", "plain", "queues", "rule", "waiting", "workers")

    def __init__(self, number: int, rule: int, places: int, plain: bool):
        self.id, self.rule, self.places, self.plain = number, rule, places, plain
        self.workers: list[Person] = []
        self.queues: list[list[Place]] = []
        self.idle: list[tuple[float, Person]] = []
        self.manager: Desk | None = None
        self.waiting = 0

    def __lt__(self, other: "Department") -> bool:
        return self.id < other.id


class Desk:
    """Managers or coordinators who take what they are asked in order."""

    __slots__ = ("id", "jobs", "people")

    def __init__(self, number: int):
        self.id = number
        self.people: list[Person] = []
        self.jobs: deque[tuple[Request, int]] = deque()

    def __lt__(self, other: "Desk") -> bool:
        return self.id < other.id


@dataclass(eq=False, slots=True)
class Cell:
    """A function for a product and a segment: what it takes and who does it.

    `weights`: how much knowledge of function, product and segment matters. `plain`: nothing but the worker's
    pace and lost context adds to its content. Of a delay outside, department and queue mean nothing.
    """

    function: int
    product: int
    segment: int
    is_delay: bool
    grouped: bool
    plain: bool
    weights: Three
    exception: float
    mean_work: float
    department: Department
    queue: list[Place]
    coordinator: Desk | None


class Crew(NamedTuple):
    """Everybody and everything that stays for the whole replication."""

    people: list[Person]
    departments: list[Department]
    desks: list[Desk]
    queues: list[list[Place]]
    general: Desk | None


def gather(organisation: Organisation, state: State) -> Crew:
    """People in their departments and at their desks."""
    people = [Person(number, state) for number in range(len(organisation.role))]
    desks = [Desk(number) for number in range(len(organisation.first_person) - 1)]
    queues: list[list[Place]] = [[] for _ in range(organisation.queues.first_queue[-1])]
    departments = []
    for number, _ in enumerate(organisation.departments):
        places, rule = int(organisation.places[number]), int(organisation.request_key[number])
        department = Department(number, rule, places, bool(organisation.queues.plain[number]))
        first, last = organisation.queues.first_queue[number : number + 2].tolist()
        department.queues = queues[first:last]
        department.workers = people[organisation.first_worker[number] : organisation.first_worker[number + 1]]
        for worker in department.workers:
            worker.department, worker.meeting = department, organisation.meeting[worker.id].item()
            worker.ranks = organisation.queues.rank[worker.id, first:last].tolist()
        department.manager = _desk(desks, int(organisation.manager_desk[number]))
        departments.append(department)
    for desk in desks:
        desk.people = people[organisation.first_person[desk.id] : organisation.first_person[desk.id + 1]]
        for person in desk.people:
            person.desk = desk
    return Crew(people, departments, desks, queues, _desk(desks, organisation.general_desk))


def _desk(desks: list[Desk], number: int) -> Desk | None:
    return None if number == NO_DESK else desks[number]


def cells_of(market: Market, organisation: Organisation, crew: Crew, neutral: bool) -> list[list[list[Cell]]]:
    """Cells by function, product and segment; `neutral`: without learning, set-up and errors by person."""
    department_of = organisation.territory.department_of.tolist()
    queue_of, coordinator_desk = organisation.queues.queue_of.tolist(), organisation.coordinator_desk.tolist()
    weights: list[Three] = [(a, b, c) for a, b, c in market.knowledge.tolist()]

    def cell(function: int, product: int, segment: int) -> Cell:
        return Cell(
            function,
            product,
            segment,
            is_delay=bool(market.is_delay[function]),
            grouped=bool(organisation.territory.grouped[function, product]),
            plain=neutral and weights[function] == NO_KNOWLEDGE,
            weights=weights[function],
            exception=market.exception_share[function].item(),
            mean_work=market.mean_work[product, function].item(),
            department=crew.departments[department_of[function][product][segment]],
            queue=crew.queues[queue_of[function][product][segment]],
            coordinator=_desk(crew.desks, coordinator_desk[product][segment]),
        )

    functions, products, segments = organisation.territory.department_of.shape
    return [[[cell(f, p, s) for s in range(segments)] for p in range(products)] for f in range(functions)]


def cells_of_steps(world: World, cells: list[list[list[Cell]]]) -> list[Cell]:
    """The true cell of every step of the world."""
    steps = np.diff(world.first_step)
    wanted = world.step_function, np.repeat(world.product, steps), np.repeat(world.segment, steps)
    return [cells[f][p][s] for f, p, s in zip(*(column.tolist() for column in wanted), strict=True)]


def given_facts(world: World) -> Iterator[Given]:
    """What the world says of each request, as plain Python numbers in the order of Request's slots."""
    columns = (
        world.customer, world.number, world.segment, world.product, world.state, world.arrival, world.promise,
        world.patience, world.first_step[:-1], world.first_step[1:],
    )  # fmt: skip
    return zip(range(len(world.arrival)), *(np.asarray(column).tolist() for column in columns), strict=True)
