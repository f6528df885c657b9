"""Workplaces that fail while somebody works, and the crew that repairs them, first come, first served (P8).

Invariant: whoever sits at a broken workplace stays busy, and the step goes on where it was.
"""

from collections import deque
from collections.abc import Callable

from sim.engines.clock import Clock
from sim.engines.entities import Person
from sim.engines.event_log import EventLog
from sim.engines.rulebook import Rulebook
from sim.mechanisms.equipment import NEXT_MORNING
from sim.trajectory import BREAKDOWN


class Repairs:
    """`works` says how long a step goes on, `concerns` whether its end was one, `start` sends the crew."""

    def __init__(
        self, rules: Rulebook, clock: Clock, event_log: EventLog, takes: Callable[[Person, float], None]
    ):
        self.rules, self.clock, self.event_log, self.takes = rules, clock, event_log, takes
        workers = rules.crew.people[: rules.workplaces]
        self.sound = [rules.failure(worker, 0) for worker in workers]  # hours of work to the next failure
        self.failures = [0] * len(workers)
        self.free = rules.numbers.equipment_crew
        self.waiting: deque[Person] = deque()
        self.broken_since: dict[Person, float] = {}
        self.morning = 0.0  # hour at which the day began

    def works(self, worker: Person, hours: float) -> float:
        """Hours that are worked of a step before it is done or the workplace fails; the others are left."""
        if not self.sound:
            return hours
        worked = min(hours, self.sound[worker.id])
        self.sound[worker.id] -= worked
        worker.left = hours - worked
        return worked

    def concerns(self, worker: Person) -> bool:
        """Has the workplace failed, or been repaired, rather than a task ended?"""
        if worker.left == 0.0:
            return False
        if worker in self.broken_since:
            self._go_on(worker)
        else:
            self.broken_since[worker] = self.clock.now
            self.waiting.append(worker)
        return True

    def _go_on(self, worker: Person) -> None:
        """Repaired: the rest of the step."""
        request, since, now = worker.task, self.broken_since.pop(worker), self.clock.now
        assert request is not None
        self.event_log.repair(request.row, now - since)
        self.event_log.duty(worker.id, BREAKDOWN, since, now, request.id)
        self.free += 1
        self.failures[worker.id] += 1
        self.sound[worker.id] = self.rules.failure(worker, self.failures[worker.id])
        self.takes(worker, self.works(worker, worker.left))

    def start(self) -> None:
        """The crew takes those who have called it, in the order in which their workplaces failed."""
        tomorrow = self.rules.numbers.equipment_manager_reacts == NEXT_MORNING
        while self.free and self.waiting:
            worker = self.waiting[0]
            if tomorrow and self.broken_since[worker] >= self.morning:
                return
            self.waiting.popleft()
            self.free -= 1
            self.takes(worker, self.rules.repair(worker, self.failures[worker.id]))
