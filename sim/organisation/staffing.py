"""How many people each department gets, and how many of the payroll are managers and coordinators.

Invariant: every department has a worker; people spread by a rule never exceed what the basis allows.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import questions
from sim.mechanisms.decisions import managers_needed
from sim.mechanisms.effects import pace_in_department, presence
from sim.model.levers import Staffing
from sim.model.mistake import BadScenario, Mistake
from sim.model.scenario import Scenario
from sim.organisation.assignment import Assignment, partners
from sim.organisation.desks import coordinated_groups, coordinator_work, coordinators_needed
from sim.organisation.load import (
    ExpectedLoad,
    ExpectedLoads,
    expected_loads,
    experience_of,
    segment_unfamiliarities,
    total,
)
from sim.organisation.support import support_people
from sim.organisation.traffic import Traffic, request_rates
from sim.rules.queue_length import queue_length
from sim.world.customer_model import CustomerModel

Floats = NDArray[np.float64]
ALLOCATION_REPEATS = 3
TOGETHER = 8
"""Sizes of a department that are looked at together: those beside each other are asked for soon."""
LOOKED_BACK = 64
"""Headcounts below today's that are spread too; one person in more than that hardly matters."""


@dataclass(frozen=True)
class Desks:
    """Managers by desk: (departments of the desk, number of managers)."""

    of_departments: list[list[int]]
    managers: list[int]


@dataclass(frozen=True)
class Plan:
    """Who works where, with what to expect of it; `coordinators` are people by segment or product."""

    workers: list[int]
    desks: Desks
    coordinators: list[int]
    outlooks: list[ExpectedLoad]
    repeats: float


def manager_desks(staffing: Staffing, workers: list[int]) -> Desks:
    """Managers of each department by their span; small departments may share one.

    >>> manager_desks(Staffing(), [12, 3, 4]).managers
    [2, 1]
    """
    if not staffing.managers:
        return Desks([], [])
    desks: list[list[int]] = []
    shared: list[int] = []
    for department, size in enumerate(workers):
        if size >= staffing.share_manager_below:
            desks.append([department])
            continue
        if shared and count(workers[other] for other in shared) + size > staffing.span:
            desks.append(shared)
            shared = []
        shared = [*shared, department]
    if shared:
        desks.append(shared)
    led = [count(workers[department] for department in members) for members in desks]
    return Desks(desks, [managers_needed(people, staffing.span) for people in led])


def allowed(
    scenario: Scenario, workers: list[int], coordinators: int, wages: list[float], people: int | None = None
) -> bool:
    """Does this staff fit the headcount (or so many people) on its basis? `wages`: by department."""
    return needed(scenario, workers, coordinators, wages) <= _limit(scenario.staffing, people)


def needed(scenario: Scenario, workers: list[int], coordinators: int, wages: list[float]) -> float:
    """What this staff takes on the basis of the headcount: people, or wages a year."""
    basis = scenario.staffing.basis
    if basis == "workers":
        return count(workers)
    managers = count(manager_desks(scenario.staffing, workers).managers)
    support = support_people(scenario)
    if basis == "payroll":
        return count(workers) + managers + coordinators + support
    paid = payroll_cost(scenario, workers, wages, managers, coordinators)
    return paid + support * scenario.staffing.wages.worker


def _limit(staffing: Staffing, people: int | None = None) -> float:
    """What the headcount (or so many people) allows on its basis."""
    people = staffing.headcount if people is None else people
    return people * staffing.wages.worker + 1e-6 if staffing.basis == "cost" else people


def count(people: Iterable[int]) -> int:
    """How many together."""
    return int(math.fsum(people))


def payroll_cost(
    scenario: Scenario, workers: list[int], wages: list[float], managers: int, coordinators: int
) -> float:
    """Wages a year; `wages`: of a worker, by department."""
    pay = scenario.staffing.wages
    work = [size * wage for size, wage in zip(workers, wages, strict=True)]
    return math.fsum([*work, managers * pay.manager, coordinators * pay.coordinator])


def worker_wages(scenario: Scenario, assignment: Assignment) -> list[float]:
    """Yearly wage of a worker of each department: of its dearest function, with the premium for breadth."""
    pay = scenario.staffing.wages
    best = [max(pay.functions.get(name, pay.worker) for name in covered) for covered in assignment.covered]
    return [
        wage + wage * pay.premium_per_function * (len(covered) - 1)
        for wage, covered in zip(best, assignment.covered, strict=True)
    ]


class Planner:
    """Spreads people over the departments of one scenario; keeps the loads it has already worked out."""

    def __init__(
        self,
        scenario: Scenario,
        model: CustomerModel,
        assignment: Assignment,
        all_traffic: list[Traffic],
        numbers: Any,
    ):
        self.scenario, self.model = scenario, model
        self.assignment, self.all_traffic = assignment, all_traffic
        self.partners = list(map(len, partners(assignment, model)))
        self.coordinators = coordinators_needed(scenario, all_traffic, coordinated_groups(scenario, model))
        self.numbers, self.repeats = numbers, 0.0
        self.there = presence(numbers)  # who is away misses the meetings too
        self.wages = worker_wages(scenario, assignment)
        self.known: dict[tuple[int, int, float, float], ExpectedLoad] = {}
        self.blocks: dict[tuple[int, int, float, float], ExpectedLoads] = {}
        self.hours: dict[tuple[int, int], float] = {}
        self.takes: dict[tuple[int, ...], float] = {}
        self.order: dict[tuple[float, ...], list[int]] = {}
        self.help: dict[float, Floats] = {}

    def look(self, department: int, workers: int, scale: float | None = None) -> ExpectedLoad:
        """ExpectedLoad of a department with so many workers of average pace."""
        scale = self.scenario.demand.scale if scale is None else scale
        key = (department, workers, scale, self.repeats)
        if key not in self.known:
            block, row = divmod(workers - 1, TOGETHER)
            about = department, block, scale, self.repeats
            if about not in self.blocks:
                sizes = range(block * TOGETHER + 1, (block + 1) * TOGETHER + 1)
                self.blocks[about] = self.expected_loads(department, sizes, scale)
            found, tempo = self.blocks[about].of(row), pace_in_department(self.numbers, workers)
            if tempo != 1.0:
                found = replace(found, load=found.load_with(np.full(workers, tempo)))
            self.known[key] = found
        return self.known[key]

    def expected_loads(self, department: int, sizes: Sequence[int], scale: float) -> ExpectedLoads:
        """The same without what mechanisms do to the pace of its people, for paces that are known."""
        people = sizes, [self._hours(department, size) for size in sizes]
        traffic, help = self.all_traffic[department], self._helped()
        return expected_loads(traffic, self.model, self.numbers, *people, scale, self.repeats, help)

    def meetings(self, department: int, workers: int) -> float:
        """Hours a week a worker spends in meetings and training."""
        more = self.assignment.functions_covered[department] - 1
        training = self.scenario.staffing.training_hours_per_function * more
        return questions.meeting_hours(self.numbers, workers, self.partners[department], training)

    def _hours(self, department: int, workers: int) -> float:
        """Hours a week that so many people have for requests."""
        if (department, workers) not in self.hours:
            open_hours = self.there * (self.scenario.week - self.meetings(department, workers))
            self.hours[department, workers] = workers * open_hours
        return self.hours[department, workers]

    def _helped(self) -> Floats:
        """(P, S) unfamiliarity of each request's coordinator with its segment, at demand as usual."""
        if self.repeats not in self.help:
            helped = np.ones((len(self.model.products), len(self.model.segments)))
            for group, people in enumerate(self.coordinators):
                work = coordinator_work(self.scenario, self.model, self.all_traffic, group, self.repeats)
                cells = work.function, work.product, work.segment
                cases = experience_of(self.numbers, self.model, *cells, work.cases / people)
                own = np.zeros(helped.shape, np.bool_)
                own[work.product[work.rate > 0.0], work.segment[work.rate > 0.0]] = True
                helped = np.where(own, segment_unfamiliarities(self.numbers, cases[2]), helped)
            self.help[self.repeats] = helped
        return self.help[self.repeats]

    def plan(self) -> Plan:
        """Workers by department under the scenario's rule, with rework fed back until it settles."""
        workers = self._allocate()
        for _ in range(ALLOCATION_REPEATS):
            defects = [self.look(department, size).defect for department, size in enumerate(workers)]
            settled = self._repeats(defects)
            if abs(settled - self.repeats) < 1e-6:
                break
            self.repeats = settled
            workers = self._allocate()
        outlooks = [self.look(department, size) for department, size in enumerate(workers)]
        desks = manager_desks(self.scenario.staffing, workers)
        return Plan(workers, desks, self.coordinators, outlooks, self.repeats)

    def _allocate(self) -> list[int]:
        staffing, names = self.scenario.staffing, self.assignment.departments
        if staffing.roster:
            places = [person.department for person in staffing.roster.values()]
            return [places.count(name) for name in names]
        if staffing.given is not None:
            return [staffing.given[name] for name in names]
        if not self._allowed([1] * len(names), staffing.headcount):
            raise BadScenario([self._too_few()])
        return self.spread(staffing.headcount)

    def spread(self, headcount: int) -> list[int]:
        """One at a time to who needs a person most; but one more person never makes it worse.

        A manager too many may cost a department its last place. So the spread of one person less, with what
        fits in beside it, stays where it leaves shorter queues; that one was found in the same way.
        """
        workers, kept = [1] * len(self.assignment.departments), None
        for people in range(max(1, headcount - LOOKED_BACK), headcount + 1):
            if not self._allowed(workers, people):
                continue
            workers = self._grown(workers, people, 1)
            found = self.filled(workers, people)
            kept = found if kept is None else min(found, self.filled(kept, people), key=self._strain)
        assert kept is not None
        return kept

    def filled(self, workers: list[int], people: int | None = None) -> list[int]:
        """With as many more as fit the headcount (or so many people), each where it is needed most.

        Where one more person there would take a manager too many, the next one gets the place: an unfilled
        place would make structures unequal.
        """
        return self._grown(workers, people or self.scenario.staffing.headcount, len(workers))

    def _grown(self, workers: list[int], people: int, choices: int) -> list[int]:
        """One more after the other where it is needed most, among so many choices, while one fits."""
        while True:
            grown = (self._with_one_more(workers, place) for place in self._by_need(workers)[:choices])
            more = next((staff for staff in grown if self._allowed(staff, people)), None)
            if more is None:
                return workers
            workers = more

    def _strain(self, workers: list[int]) -> tuple[float, float]:
        """By how much the busiest are overloaded, then how many requests wait all together."""
        loads = [self.look(department, size).load for department, size in enumerate(workers)]
        stable = (queue_length(load, size) for load, size in zip(loads, workers, strict=True) if load < 1.0)
        return max(1.0, *loads), math.fsum(stable)

    def _allowed(self, workers: list[int], people: int) -> bool:
        staff = tuple(workers)
        if staff not in self.takes:
            self.takes[staff] = needed(self.scenario, workers, count(self.coordinators), self.wages)
        return self.takes[staff] <= _limit(self.scenario.staffing, people)

    def _by_need(self, workers: list[int]) -> list[int]:
        """Departments, the one that needs a person most first; ties to the first."""
        staff = (self.repeats, *workers)
        if staff not in self.order:
            self.order[staff] = self._sorted_by_need(workers)
        return self.order[staff]

    def _sorted_by_need(self, workers: list[int]) -> list[int]:
        if len(workers) == 1:
            return [0]
        if self.scenario.staffing.allocation == "square_root":
            need = [self._square_root_need(department, size) for department, size in enumerate(workers)]
        else:
            need = [self.look(department, size).load for department, size in enumerate(workers)]
        return sorted(range(len(workers)), key=lambda department: -need[department])

    @staticmethod
    def _with_one_more(workers: list[int], department: int) -> list[int]:
        return [*workers[:department], workers[department] + 1, *workers[department + 1 :]]

    def _square_root_need(self, department: int, size: int) -> float:
        """Offered load less staff, in units of the square root of the load."""
        offered = self.look(department, size).load * size
        return (offered - size) / math.sqrt(max(offered, 1e-12))

    def _too_few(self) -> Mistake:
        staffing, departments = self.scenario.staffing, len(self.assignment.departments)
        support = support_people(self.scenario)
        served = f", {support} of them in internal services (people.support)" if support else ""
        return Mistake(
            "staffing.headcount",
            f"{staffing.headcount} people ({staffing.basis}{served}) for {departments} departments"
            f" with their managers and {count(self.coordinators)} coordinators",
            "At least one worker in each department",
            "Raise staffing.headcount, or choose a structure with fewer departments",
        )

    def _repeats(self, defects: list[Floats]) -> float:
        """Expected repeats per request; a step that seldom happens seldom goes wrong."""
        rates = request_rates(self.model)
        fine = np.ones(rates.shape)
        for traffic, own in zip(self.all_traffic, defects, strict=True):
            requests = rates[traffic.segment, traffic.product]
            happens = np.divide(traffic.rate, requests, out=np.zeros(len(requests)), where=requests > 0.0)
            np.multiply.at(fine, (traffic.segment, traffic.product), 1.0 - happens * own)
        repeats = [questions.expected_repeats(self.numbers, 1.0 - chance) for chance in fine.ravel().tolist()]
        return total(rates.ravel() * repeats) / total(rates) if total(rates) > 0.0 else 0.0
