"""A structure to be staffed: its scenario with any number of people, and what to expect of them.

Invariant: managers and coordinators follow from the workers, so a staff is a number of workers by department.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sim.analysis.cohort import ways_to_leave
from sim.model.check import scenario as checked
from sim.model.scenario import Scenario
from sim.organisation import Organisation, build_organisation
from sim.organisation.staffing import Planner, count, manager_desks
from sim.staffing.targets import Target
from sim.study.design import Row
from sim.world import build_customer_model

Workers = tuple[int, ...]
"""Workers by department, in the order of the organisation."""
SPARE = 0.5
"""People beyond the expected work, in square roots of it, where a search begins: Halfin and Whitt (1981)."""


@dataclass(frozen=True)
class Case:
    """One structure, the service it has to give, and the most people that are looked at."""

    name: str
    plain: Mapping[str, Any]
    targets: tuple[Target, ...]
    most: int

    @cached_property
    def scenario(self) -> Scenario:
        """With as many people as may be, spread by load."""
        return checked(self._with({"allocation": "load", "headcount": self.most, "workers": {}}))

    def _with(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        staffing = {
            **self.plain["staffing"],
            "basis": "payroll",
            "held": {},
            "held_coordinators": {},
            **changes,
        }
        return {**self.plain, "staffing": staffing}

    @cached_property
    def organisation(self) -> Organisation:
        """With as many people as may be."""
        return build_organisation(self.scenario, build_customer_model(self.scenario))

    @property
    def departments(self) -> list[str]:
        """Names, in order."""
        return self.organisation.departments

    @property
    def planner(self) -> Planner:
        """Spreads people by expected load."""
        return self.organisation.planner

    @cached_property
    def by_root(self) -> Planner:
        """Spreads people by the square root of the expected load."""
        own = self.planner
        staffing = self.scenario.staffing.model_copy(update={"allocation": "square_root"})
        other = Planner(
            self.scenario.model_copy(update={"staffing": staffing}),
            own.model,
            own.assignment,
            own.all_traffic,
            own.numbers,
        )
        other.repeats, other.known = own.repeats, own.known
        return other

    def managers(self, workers: Sequence[int]) -> int:
        """Managers of these departments."""
        return count(manager_desks(self.scenario.staffing, list(workers)).managers)

    @property
    def coordinators(self) -> int:
        """Coordinators, whatever the workers."""
        return count(self.planner.coordinators)

    def people(self, workers: Sequence[int]) -> int:
        """On the payroll."""
        return count(workers) + self.managers(workers) + self.coordinators

    @cached_property
    def fewest(self) -> int:
        """People with one worker in each department."""
        return self.people([1] * len(self.departments))

    def by_load(self, people: int) -> Workers:
        """Workers of so many people, spread by expected load."""
        return tuple(self.planner.spread(people))

    def filled(self, workers: Sequence[int], people: int) -> Workers:
        """With as many more as fit so many people, each where it is needed most."""
        return tuple(self.planner.filled(list(workers), people))

    def loads(self, workers: Sequence[int]) -> list[float]:
        """Expected load of each department."""
        return [self.planner.look(place, size).load for place, size in enumerate(workers)]

    @property
    def long_run(self) -> bool:
        """Is a steady state meant?"""
        return self.scenario.experiment.kind == "long_run"

    def can_end(self, workers: Sequence[int]) -> bool:
        """Can the queues be finite in the long run, as far as expected loads tell?"""
        return bool(ways_to_leave(self.scenario)) or not self.long_run or max(self.loads(workers)) < 1.0

    @cached_property
    def first_guess(self) -> int:
        """The fewest people with a square root of spare in each department: where a search begins."""
        low, high = self.fewest, self.most
        while low < high:
            middle = (low + high) // 2
            if self._has_room(self.by_load(middle)):
                high = middle
            else:
                low = middle + 1
        return low

    def _has_room(self, workers: Workers) -> bool:
        """Workers >= work + SPARE sqrt(work) everywhere."""
        work = [load * size for load, size in zip(self.loads(workers), workers, strict=True)]
        return all(size >= own + SPARE * math.sqrt(own) for size, own in zip(workers, work, strict=True))

    def named(self, workers: Sequence[int]) -> dict[str, int]:
        """Workers by name of the department."""
        return dict(zip(self.departments, workers, strict=True))

    def row(self, workers: Sequence[int], replications: int = 1, keep: str = "summary") -> Row:
        """The scenario with these workers."""
        people = self.people(workers)
        staffed = {"allocation": "explicit", "headcount": people, "workers": self.named(workers)}
        plain = self._with(staffed)
        experiment = {**plain["experiment"], "replications": replications, "keep": keep}
        return Row({**plain, "experiment": experiment}, name=f"{self.name}, {people} people")
