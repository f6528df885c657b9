"""Who and what the company is made of while it works: requests, people, departments, desks, cells of work.

Invariant: only the flow changes them; they decide nothing. Ids are those of the world and the organisation,
so that everything has a total order.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Any, Optional

from sim.engines.where import ARRIVING
from sim.questions import Three
from sim.trajectory import FIRST, OPEN, STEP

NONE = -1
"""Nobody, nowhere, nothing: the id of what is missing."""
NOT_YET = -1.0
NO_KNOWLEDGE = (0.0, 0.0, 0.0)


@dataclass(eq=False, slots=True)
class Numbered:
    """Whatever has an id, and with it a place in every order; requests are numbered as they arrive."""

    id: int

    def __lt__(self, other: "Numbered") -> bool:
        return self.id < other.id


@dataclass(eq=False, slots=True)
class Request(Numbered):
    """A customer's demand on its way: what the world says of it first, then what has become of it."""

    customer: int
    number: int  # of the customer's requests
    segment: int  # the true one
    product: int
    stream: int  # key of its random draws
    arrival: float  # hour
    promise: float  # hours promised
    patience: float  # hours until the customer leaves, infinite for ever
    step: int  # current one, in the steps of the world
    end: int  # after its last step
    first_step: int
    filed: "Cell" = field(init=False)  # cell under which the company files the current step
    recognised: int = NONE  # segment the company takes the customer for
    place: int = ARRIVING  # see where.py
    since: float = 0.0  # hour at which it came to its place
    department: Optional["Department"] = None  # where it was last worked on
    worker: Optional["Person"] = None  # who did that
    owners: dict["Department", "Person"] | None = None  # who knows it in each department; None in a relay
    visit: int = 0  # repeats so far, rework and returns; 0 in the first passage
    passage: int = FIRST  # FIRST, REWORK or RETURN
    handoffs: int = 0  # borders crossed; after the first, decisions may be everybody's business
    returns: int = 0  # repeats that came through the customer
    blamed: int = NONE  # system cause of a step of this passage gone wrong: department x functions + function
    checked: bool = False  # has its first step begun, or been put off for what is missing?
    context: float = 1.0  # what is left of what earlier people knew, 0 to 1
    work_done: float = 0.0  # content of the steps done, hours
    defective: bool = False  # has a step of this passage gone wrong?
    contacting: bool = True  # comes from the customer, so reaching a department is no handoff
    straight: bool = False  # goes straight on with the person who has it in hand
    triaged: bool = False  # has the current step been found to belong elsewhere?
    impatient: bool = False  # has patience ended while being worked on?
    before: list[float] | None = None  # hours on the way to the next step, where there are any
    bosses: int = 0  # decisions still missing
    row: int = NONE  # where its last visit stands in the event log
    first_start: float = NOT_YET  # hour of the first touch
    status: int = OPEN  # OPEN ... CANCELLED
    silent: int = 0  # 1: ends with a defect nobody repairs


@dataclass(eq=False, slots=True)
class Person(Numbered):
    """A worker, manager, coordinator or the general manager."""

    by_function: Any  # experience in cases, by function; a view of the state, as the next two are
    by_product: Any
    by_segment: Any
    department: "Department" = field(init=False)  # of a worker
    desk: Optional["Desk"] = None  # of everybody else
    ranks: list[int] = field(init=False)  # of a worker: preference for each queue; below 0: cannot
    slowed: int = 0  # needs of internal services open that slow work down
    owed: float = 0.0  # hours of meetings due
    away_until: float = 0.0  # hour at which the absence ends
    worked: float = 0.0  # hours of work begun
    busy: bool = False
    task: Request | None = None  # the request in hand; None in a meeting or away
    kind: int = STEP  # STEP, or see where.py
    since: float = 0.0  # hour at which the task began
    left: float = 0.0  # hours of the step in hand that wait for a repair of the workplace
    idle_since: float = 0.0  # hour at which the last task ended
    last_kind: tuple[int, int] | None = None  # function and product of the last step
    next_own: Request | None = None  # goes on with this one before anything else
    own: list[tuple[float, Request]] = field(default_factory=list)  # came back, with the hour; a heap
    row: int = 0  # where the last duty stands in the event log
    cases: float = 0.0  # steps and decisions done


Place = tuple[int, float, float, Request]
"""A place in a queue: coordinated (0) or not (1), the dispatch key, the hour of joining, the request."""


@dataclass(eq=False, slots=True)
class Department(Numbered):
    """People who share queues and a manager's desk."""

    rule: int  # which request is next: FIFO ... SEGMENT_PRIORITY
    places: int  # to wait in, for new requests; below 0: no limit
    plain: bool  # one queue, and everybody may do everything
    workers: list[Person]
    queues: list[list[Place]]  # heaps; several where skills differ
    manager: Optional["Desk"]
    idle: list[tuple[float, Person]] = field(default_factory=list)  # free workers by idle_since; a heap
    waiting: int = 0  # requests that wait for somebody here


@dataclass(eq=False, slots=True)
class Desk(Numbered):
    """Managers or coordinators who take what they are asked in order."""

    people: list[Person]
    jobs: deque[tuple[Request, int]] = field(default_factory=deque)  # which boss is asked: 0 or 1


@dataclass(eq=False, slots=True)
class Cell:
    """A function for a product and a segment: what it takes and who does it."""

    function: int
    product: int
    segment: int
    is_delay: bool  # outside the company; department and queue then mean nothing
    grouped: bool  # does its department depend on the segment, so that a wrong record is found out?
    plain: bool  # nothing but the worker's pace and lost context adds to its content
    weights: Three  # how much knowledge of function, product and segment matters
    exception: float  # chance that a decision is needed
    mean_work: float  # hours
    department: Department
    queue: list[Place]
    coordinator: Desk | None
