"""Scenario -> the organisation as arrays: departments, queues, people, desks and the rules they follow.

Invariant: the same for every replication; who is quick is drawn by seat number, and seats are dealt anew in
each replication (seats.py).
"""

import math
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from sim.mechanisms.effects import pace_in_department
from sim.mechanisms.queue_order import REQUEST_KEYS
from sim.mechanisms.rewards import request_rule, worker_rule
from sim.model.scenario import Scenario
from sim.numbers import Numbers, numbers_of
from sim.organisation.assignment import Assignment, build_assignment, may_help
from sim.organisation.desks import coordinated_groups, desk_work
from sim.organisation.experience import starting_experience
from sim.organisation.queues import Queues, build_queues
from sim.organisation.staffing import Plan, Planner, count, payroll_cost
from sim.organisation.support import SupportDesks, support_desks, support_people
from sim.organisation.traffic import department_traffic
from sim.rules.grid import on_grid
from sim.trajectory import COORDINATOR, GENERAL_MANAGER, MANAGER, WORKER
from sim.world.customer_model import CustomerModel

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
LONGEST_IDLE, SAME_WORKER, MOST_PROFICIENT = range(3)
WORKER_KEYS = {"longest_idle": LONGEST_IDLE, "same_worker": SAME_WORKER, "most_proficient": MOST_PROFICIENT}
NO_DESK = -1
MOST_DEMAND = 1024.0
"""Demand scale beyond which capacity is not looked for."""


@dataclass(frozen=True)
class Organisation:
    """Departments, people and desks as arrays.

    D departments, n workers, K desks, N people: workers, then managers, coordinators, the general manager.

    Attributes
    ----------
    assignment, queues : who does which cell, who may take what.
    first_worker : (D + 1,) workers of department d are first_worker[d] to first_worker[d + 1] - 1.
    role, department : (N,) of each person; department -1 for shared desks.
    fixed_pace : (N,) time factor given in the roster, NaN where it is drawn.
    first_person : (K + 1,) people of each desk.
    manager_desk : (D,), coordinator_desk : (P, S), general_desk : desk ids, NO_DESK where there is none.
    request_key : (D,) index into REQUEST_KEYS; worker_key : LONGEST_IDLE, SAME_WORKER or MOST_PROFICIENT.
    relay : each step queues again.
    may_help : (D, D) whose people may take work of whom (P7).
    named : (r, 3) first seat, seat after the last and department of the people that past cases name, in their
        order; 0, 0, -1 where they are not here; (0, 3) where nobody is named.
    places : (D,) to wait in, for new requests; -1 without limit.
    meeting : (n,) hours of meetings a day, on the grid.
    experience : cases at the start by person and function (N, F), product (N, P), segment (N, S).
    support : who serves colleagues (P5).
    load : (D,) expected load of people of average pace; desk_load : (K,) of the desks.
    """

    assignment: Assignment
    queues: Queues
    first_worker: Integers
    role: Integers
    department: Integers
    fixed_pace: Floats
    first_person: Integers
    manager_desk: Integers
    coordinator_desk: Integers
    general_desk: int
    request_key: Integers
    worker_key: int
    relay: bool
    may_help: NDArray[np.bool_]
    named: Integers
    places: Integers
    meeting: Floats
    experience: tuple[Floats, Floats, Floats]
    load: Floats
    desk_load: Floats
    desk_names: list[str]
    person_names: list[str]
    cost: float
    planner: Planner
    support: SupportDesks

    @property
    def workers(self) -> int:
        """People who do steps."""
        return int(self.first_worker[-1])

    @property
    def headcount(self) -> int:
        """Workers, managers and coordinators; not the general manager, whom every structure has."""
        return int((self.role != GENERAL_MANAGER).sum())

    @property
    def wages(self) -> list[float]:
        """Yearly wage of a worker of each department."""
        return self.planner.wages

    @property
    def departments(self) -> list[str]:
        """Names by id."""
        return self.assignment.departments

    @cached_property
    def tempo(self) -> Floats:
        """(N,) time factor that mechanisms give the people of a department, whoever they are."""
        sizes = np.diff(self.first_worker).tolist()
        factors = [pace_in_department(self.planner.numbers, size) for size in sizes]
        return np.concatenate([np.repeat(factors, sizes), np.ones(len(self.role) - self.workers)])

    def load_with(self, pace: Floats) -> Floats:
        """(D,) expected load of people with these time factors, (N,)."""
        return np.array(self._loads(pace, self.planner.scenario.demand.scale))

    @cached_property
    def capacity(self) -> float:
        """Largest demand scale at which every department's expected load stays below 1."""
        return self.capacity_with(self.tempo)

    def capacity_with(self, pace: Floats) -> float:
        """The same for people with these time factors, (N,)."""
        from scipy.optimize import brentq

        @cache
        def strain(scale: float) -> float:
            """How far the most loaded department is above its limit at this demand."""
            return max(self._loads(pace, scale)) - 1.0 if scale > 0.0 else -1.0

        low, high = 0.0, 1.0
        while high < MOST_DEMAND and strain(high) < 0.0:
            low, high = high, 2.0 * high
        if strain(high) < 0.0:
            return high
        return float(brentq(strain, low, high, xtol=1e-7)) if strain(low) < 0.0 else low

    def _loads(self, pace: Floats, scale: float) -> list[float]:
        own = np.split(pace[: self.workers], self.first_worker[1:-1])
        return [
            self.planner.expected_loads(department, [len(paces)], scale).of(0).load_with(paces)
            for department, paces in enumerate(own)
        ]


def build_organisation(
    scenario: Scenario, model: CustomerModel, numbers: Numbers | None = None
) -> Organisation:
    """Departments, people and desks of a scenario; numbers: those of its policies, if they are known."""
    numbers, assignment = numbers or numbers_of(scenario), build_assignment(scenario, model)
    all_traffic = department_traffic(scenario, model, assignment, numbers.record)
    planner = Planner(scenario, model, assignment, all_traffic, numbers.record)
    groups, plan = coordinated_groups(scenario, model), planner.plan()
    first_worker = np.concatenate([[0], np.cumsum(plan.workers)]).astype(np.int64)
    worker_department = np.repeat(np.arange(len(plan.workers)), plan.workers)
    names, paces = _workers(scenario, assignment, worker_department)
    desks = _desks(plan, groups)
    kinds, counts, homes, titles = zip(*desks, strict=True)
    role = np.repeat((WORKER, *kinds), (first_worker[-1], *counts))
    department = np.concatenate([worker_department, np.repeat(homes, counts)])
    work = desk_work(scenario, model, all_traffic, plan.desks.of_departments, plan.repeats)
    experience, desk_load = starting_experience(planner.numbers, model, plan, work, list(counts))
    staffing, size = scenario.staffing, len(plan.workers)
    queues = build_queues(scenario, model, assignment, worker_department, names)
    return Organisation(
        assignment=assignment,
        queues=queues,
        may_help=may_help(scenario, assignment, model, queues.plain),
        first_worker=first_worker,
        role=role,
        department=department,
        fixed_pace=np.concatenate([paces, np.ones(len(role) - len(paces))]),
        first_person=first_worker[-1] + np.cumsum((0, *counts)),
        manager_desk=_manager_desks(plan),
        coordinator_desk=_coordinator_desks(scenario, model, groups, len(plan.desks.managers)),
        general_desk=len(desks) - 1 if staffing.managers else NO_DESK,
        request_key=np.full(size, REQUEST_KEYS.index(_request_key(scenario)), np.int64),
        worker_key=WORKER_KEYS[worker_rule(scenario.people)],
        relay=scenario.people.ownership == "relay",
        named=_named(scenario, model, names, worker_department),
        places=np.full(size, -1 if staffing.waiting_room is None else staffing.waiting_room),
        meeting=_meetings(scenario, planner, worker_department, plan),
        experience=experience,
        load=np.array([look.load for look in plan.outlooks]),
        desk_load=desk_load,
        desk_names=list(titles),
        person_names=names + [name for name, own in zip(titles, counts, strict=True) for _ in range(own)],
        cost=_cost(planner, plan),
        planner=planner,
        support=support_desks(scenario, assignment, plan.workers),
    )


def _cost(planner: Planner, plan: Plan) -> float:
    """Money a year: the payroll, and licences for a record that everybody shares."""
    managers, coordinators = count(plan.desks.managers), count(plan.coordinators)
    paid = payroll_cost(planner.scenario, plan.workers, planner.wages, managers, coordinators)
    record = planner.scenario.coordination.shared_record
    people = count(plan.workers) + managers + coordinators
    paid += support_people(planner.scenario) * planner.scenario.staffing.wages.worker
    return paid + (people * record.licence if record.enabled else 0.0)


def _manager_desks(plan: Plan) -> Integers:
    """(D,) desk of each department's manager."""
    found = np.full(len(plan.workers), NO_DESK, np.int64)
    for desk, members in enumerate(plan.desks.of_departments):
        found[members] = desk
    return found


def _named(
    scenario: Scenario, model: CustomerModel, names: list[str], worker_department: Integers
) -> Integers:
    """Seats of the people that past cases name: those of the roster with the name, or further hands of it."""
    roster = scenario.staffing.roster
    if model.past is None or not roster:
        return np.zeros((0, 3), np.int64)
    seats: dict[str, list[int]] = {}
    for seat, name in enumerate(names):
        seats.setdefault(roster[name].hand_of or name, []).append(seat)
    found = np.tile(np.array([0, 0, -1], np.int64), (len(model.past.people), 1))
    for number, name in enumerate(model.past.people):
        if name in seats:
            found[number] = seats[name][0], seats[name][-1] + 1, worker_department[seats[name][0]]
    return found


def _request_key(scenario: Scenario) -> str:
    shared = scenario.coordination.priorities == "shared"
    own = request_rule(scenario.people, scenario.people.dispatch_request)
    return scenario.coordination.shared_key if shared else own


def _coordinator_desks(scenario: Scenario, model: CustomerModel, groups: list[str], first: int) -> Integers:
    desks = np.full((len(model.products), len(model.segments)), NO_DESK, np.int64)
    matrix = scenario.structure.coordinators
    if matrix is not None:
        own = first + np.arange(len(groups))
        desks[:] = own[None, :] if matrix.group_by[0] == "segment" else own[:, None]
    return desks


def _desks(plan: Plan, groups: list[str]) -> list[tuple[int, int, int, str]]:
    """(role, people, department or -1, name) of every desk: managers, coordinators, the general manager."""
    desks = [
        (MANAGER, size, members[0] if len(members) == 1 else -1, f"manager {number + 1}")
        for number, (members, size) in enumerate(
            zip(plan.desks.of_departments, plan.desks.managers, strict=True)
        )
    ]
    desks += [
        (COORDINATOR, size, -1, f"coordinator {name}")
        for name, size in zip(groups, plan.coordinators, strict=True)
    ]
    return [*desks, (GENERAL_MANAGER, 1, -1, "general manager")]


def _workers(
    scenario: Scenario, assignment: Assignment, worker_department: Integers
) -> tuple[list[str], Floats]:
    """Names and given paces, in order of department."""
    roster = scenario.staffing.roster
    if not roster:
        count: dict[int, int] = {}
        names = []
        for department in worker_department.tolist():
            count[department] = count.get(department, 0) + 1
            names.append(f"{assignment.departments[department]} {count[department]}")
        return names, np.full(len(names), math.nan)
    people = [
        (name, person)
        for department in assignment.departments
        for name, person in roster.items()
        if person.department == department
    ]
    return [name for name, _ in people], np.array(
        [math.nan if person.pace is None else person.pace for _, person in people]
    )


def _meetings(scenario: Scenario, planner: Planner, worker_department: Integers, plan: Plan) -> Floats:
    days = scenario.company.clock.days_per_week
    daily = [on_grid(planner.meetings(place, size) / days) for place, size in enumerate(plan.workers)]
    return np.array(daily)[worker_department]
