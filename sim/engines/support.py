"""What workers need of colleagues: internal services with people and queues of their own (P5).

Invariant: a worker kept from work by a need stays busy until it is met, and does nothing.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from sim.engines import where
from sim.engines.clock import Clock, in_order
from sim.engines.entities import Numbered, Person
from sim.engines.event_log import EventLog
from sim.engines.rulebook import Rulebook
from sim.mechanisms.support import SERVICES, means, serving, until_need, urgency
from sim.trajectory import BLOCKED, INTERNAL_SERVICE, INTERNAL_WAIT


@dataclass(eq=False, slots=True)
class Need(Numbered):
    """What one worker needs of one service, again and again."""

    worker: Person
    service: int
    count: int = 0  # needs so far, met or not
    asked: float = 0.0  # hour
    begun: float = 0.0  # hour
    is_open: bool = False
    waits: bool = False  # for somebody to begin


class Support:
    """`settle` notes who needs something and whose need is met, `holds` keeps workers, `start` serves."""

    def __init__(self, rules: Rulebook, clock: Clock, event_log: EventLog, release: Callable[[Person], None]):
        self.rules, self.clock, self.event_log, self.release = rules, clock, event_log, release
        self.noted: list[Need] = []
        self.waiting: list[Need] = []
        self.desks = rules.state.organisation.support
        self.free = self.desks.people.tolist()
        self.between, self.serving, self.blocks = (column.tolist() for column in means(rules.numbers))
        on = rules.numbers.support_enabled
        self.seats: list[int] = rules.state.kept["P5"]["people"].tolist() if on else []
        self.blocked = [0] * len(rules.crew.people)  # needs that keep somebody from work, by person
        for worker in rules.crew.people[: len(self.seats)]:
            for service in range(len(SERVICES)):
                if self.between[service] < math.inf:
                    self._later(Need(worker.id * len(SERVICES) + service, worker, service))

    def _later(self, need: Need) -> None:
        """The next need comes after a while."""
        seat, mean = self.seats[need.worker.id], self.between[need.service]
        self._note_after(until_need(mean, seat, need.service, need.count), need)

    def _note_after(self, hours: float, need: Need) -> None:
        if hours > 0.0:
            self.clock.later(hours, self._note, need)
        else:
            self.noted.append(need)

    def _note(self, event: Any) -> None:
        self.noted.append(event.value)

    def settle(self) -> None:
        """Needs that are met, and new ones."""
        for need in in_order(self.noted) if self.noted else ():
            (self._met if need.is_open else self._ask)(need)

    def _ask(self, need: Need) -> None:
        need.is_open = need.waits = True
        need.asked = self.clock.now
        self.waiting.append(need)
        if self.blocks[need.service]:
            self.blocked[need.worker.id] += 1
            if not need.worker.busy:
                self.release(need.worker)
        else:
            need.worker.slowed += 1

    def _met(self, need: Need) -> None:
        worker, now = need.worker, self.clock.now
        desk = self.desks.desk_of[need.service, worker.department.id]
        self.free[desk] += 1
        note = partial(self.event_log.duty, worker.id, request=-2 - need.service)
        note(INTERNAL_WAIT, need.asked, need.begun)
        note(INTERNAL_SERVICE, need.begun, now)
        self.rules.state.waited[worker.id] += now - need.asked
        need.is_open = False
        need.count += 1
        if self.blocks[need.service]:
            self.blocked[worker.id] -= 1
            if worker.busy and worker.kind == where.KEPT and self.blocked[worker.id] == 0:
                self.event_log.duty(worker.id, BLOCKED, worker.since, now, -1)
                self.release(worker)
        else:
            worker.slowed -= 1
        self._later(need)

    def holds(self, worker: Person) -> bool:
        """Is the worker kept from work? Then he or she waits."""
        if self.blocked[worker.id]:
            worker.busy, worker.task, worker.kind, worker.since = True, None, where.KEPT, self.clock.now
        return self.blocked[worker.id] > 0

    def start(self) -> None:
        """Who serves takes the most urgent, the one asked first, then by worker and service."""
        for desk, free in enumerate(self.free if self.waiting else ()):
            for _ in range(free):
                own = [
                    (self._urgency(need), need.asked, need)
                    for need in self.waiting
                    if self.desks.desk_of[need.service, need.worker.department.id] == desk
                ]
                if not own:
                    break
                need = min(own)[2]
                self.waiting.remove(need)
                need.waits, need.begun = False, self.clock.now
                self.free[desk] -= 1
                seat, mean = self.seats[need.worker.id], self.serving[need.service]
                self._note_after(serving(mean, seat, need.service, need.count), need)

    def _urgency(self, need: Need) -> float:
        department = need.worker.department
        faces = bool(self.desks.faces_customers[department.id])
        return urgency(self.rules.numbers.support_priority, faces, department.waiting)
