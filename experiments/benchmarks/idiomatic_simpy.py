"""The comparison work as a SimPy user would write it: a process per request, a PriorityResource per
department.

Covers: processes, PriorityResource, waiting for one of two events (a free person or the end of patience).
By customer the four steps of a request are done by one person; ``rows`` decides whether they are summed into
one service, as comparisons of tools usually do, or take an event and a record each, as the model of this
project does.
"""

from __future__ import annotations

import random
from collections.abc import Generator
from typing import Any, NamedTuple

import simpy
from work import (
    ARRIVALS_PER_HOUR,
    CLASS_SHARES,
    GROUPS,
    PATIENCE,
    PRODUCT_FACTORS,
    REWORK,
    logarithms,
    people_per_department,
)

Process = Generator[simpy.Event, Any, None]


class Outcome(NamedTuple):
    """What a run leaves: how many came, the response times of the resolved, and a record per step if
    wanted."""

    requests: int
    responses: list[float]
    rows: list[tuple[int, int, float, float, float]]


class Office:
    """A company with one prioritised resource per department."""

    def __init__(self, by: str, requests: int, rows: bool, seed: int) -> None:
        self.env = simpy.Environment()
        self.random = random.Random(seed)
        self.departments = [simpy.PriorityResource(self.env, people) for people in people_per_department(by)]
        self.by, self.requests, self.keep_rows = by, requests, rows
        self.log_means, self.log_spread = logarithms()
        self.outcome = Outcome(requests, [], [])
        self.env.process(self.arrivals())

    def arrivals(self) -> Process:
        """Requests come one by one."""
        for number in range(self.requests):
            yield self.env.timeout(self.random.expovariate(ARRIVALS_PER_HOUR))
            self.env.process(self.request(number))

    def request(self, number: int) -> Process:
        """A request is worked on, perhaps again, unless the customer leaves before the first touch."""
        arrived = self.env.now
        group = self.random.randrange(len(GROUPS))
        priority = 1 if self.random.random() < CLASS_SHARES[0] else 2
        factor = self.random.choice(PRODUCT_FACTORS)
        patience: float | None = self.random.expovariate(1 / PATIENCE)
        passage = self.by_function if self.by == "function" else self.by_customer
        while True:
            touched = yield from passage(number, group, priority, factor, patience)
            if not touched:
                return
            if self.random.random() >= REWORK:
                break
            patience = None
        self.outcome.responses.append(self.env.now - arrived)

    def by_function(
        self, number: int, group: int, priority: int, factor: float, patience: float | None
    ) -> Generator[simpy.Event, Any, bool]:
        """Four stations in line, a queue at each."""
        for step, department in enumerate(self.departments):
            queued = self.env.now
            with department.request(priority) as seat:
                if not (yield from self.wait(seat, patience)):
                    return False
                patience = None
                started = self.env.now
                yield self.env.timeout(self.work(step, factor))
            if self.keep_rows:
                self.outcome.rows.append((number, step, queued, started, self.env.now))
        return True

    def by_customer(
        self, number: int, group: int, priority: int, factor: float, patience: float | None
    ) -> Generator[simpy.Event, Any, bool]:
        """One person of the customer's department does all four steps."""
        steps = range(len(self.log_means))
        queued = self.env.now
        with self.departments[group].request(priority) as seat:
            if not (yield from self.wait(seat, patience)):
                return False
            if not self.keep_rows:
                yield self.env.timeout(sum(self.work(step, factor) for step in steps))
                return True
            for step in steps:
                started = self.env.now
                yield self.env.timeout(self.work(step, factor))
                self.outcome.rows.append((number, step, queued, started, self.env.now))
                queued = self.env.now
        return True

    def wait(
        self, seat: simpy.resources.resource.PriorityRequest, patience: float | None
    ) -> Generator[simpy.Event, Any, bool]:
        """Wait for a person; False when patience ends first."""
        if patience is None:
            yield seat
            return True
        yield seat | self.env.timeout(patience)
        return bool(seat.triggered)

    def work(self, step: int, factor: float) -> float:
        """Hours of a step."""
        return factor * self.random.lognormvariate(self.log_means[step], self.log_spread)


def run(by: str, requests: int, rows: bool = False, seed: int = 1) -> Outcome:
    """Simulate ``requests`` by ``function`` or ``customer`` until the last has left."""
    office = Office(by, requests, rows, seed)
    office.env.run()
    return office.outcome
