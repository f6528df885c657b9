"""Who takes what: free people, their own requests, the department's queue, the desks.

Invariant: called once an instant, after all that happened in it is known; candidates have a total order.
"""

from abc import ABC, abstractmethod
from heapq import heappop, heappush
from operator import attrgetter
from typing import TypeVar

from sim.engines.entities import (
    AT_A_DESK,
    COORDINATED,
    IN_A_MEETING,
    NOT_YET,
    ON_TRIAGE,
    WORKED_ON,
    Department,
    Desk,
    Person,
    Place,
    Request,
)
from sim.engines.reckoning import Reckoning
from sim.organisation.build import LONGEST_IDLE
from sim.rules.grid import on_grid
from sim.trajectory import COORDINATION, DECISION, MEETING, OPEN, STEP

BY_ID = attrgetter("id")
Thing = TypeVar("Thing", Request, Person, Department, Desk)


def in_order(noted: list[Thing]) -> list[Thing]:
    """What was noted, by id, each once; the note is emptied."""
    if len(noted) == 1:
        return [noted.pop()]
    ordered = sorted(set(noted), key=BY_ID)
    noted.clear()
    return ordered


class Staff(Reckoning, ABC):
    """People who start; `awake`, `stirred` and `asked` may have something to start at this instant."""

    __slots__ = ("asked", "awake", "stirred")
    awake: list[Person]
    stirred: list[Department]
    asked: list[Desk]

    @abstractmethod
    def occupy(self, person: Person, request: Request | None, kind: int, hours: float) -> None:
        """Keep a person busy for so many hours."""

    def start(self) -> None:
        """Who is free starts: first what is his or her own, then the department's queue; then the desks."""
        if self.awake:
            for worker in in_order(self.awake):
                if not worker.busy:
                    self._pick_own(worker)
        if self.stirred:
            for department in in_order(self.stirred):
                if department.plain and self.worker_key == LONGEST_IDLE:
                    self._dispatch(department)
                else:
                    self._match(department)
        if self.asked:
            for desk in in_order(self.asked):
                self._serve(desk)

    def rest(self, person: Person) -> None:
        """Be free, until this instant is settled."""
        person.busy, person.idle_since = False, self.now
        if person.desk is None:
            self.awake.append(person)
        else:
            self.asked.append(person.desk)

    def _pick_own(self, worker: Person) -> None:
        """A meeting that is due, the next step of the request in hand, then requests that have come back."""
        if worker.owed > 0.0:
            hours, worker.owed = worker.owed, 0.0
            self._duty(worker, None, MEETING, hours)
            return
        request, worker.next_own = worker.next_own, None
        if request is not None and request.status == OPEN:
            self._begin(worker, request)
            return
        while worker.own:
            _, request = heappop(worker.own)
            if request.status == OPEN:
                self._begin(worker, request)
                return
        department = worker.department
        assert department is not None
        heappush(department.idle, (worker.idle_since, worker))
        self.stirred.append(department)

    def _dispatch(self, department: Department) -> None:
        """First request, longest idle worker: the common case, where everybody may do everything."""
        queue, idle = department.queues[0], department.idle
        while queue and idle:
            since, worker = idle[0]
            if worker.busy or worker.idle_since != since:
                heappop(idle)
            elif queue[0][3].status != OPEN:
                heappop(queue)
            else:
                heappop(idle)
                self._begin(worker, heappop(queue)[3])

    def _match(self, department: Department) -> None:
        """The smallest pair of (preference of the worker, request, worker), while there is one."""
        while True:
            for queue in department.queues:
                while queue and queue[0][3].status != OPEN:
                    heappop(queue)
            heads = [(number, queue[0]) for number, queue in enumerate(department.queues) if queue]
            pairs = [self._pair(worker, number, head) for worker in department.workers if not worker.busy
                     for number, head in heads if worker.ranks[number] >= 0]  # fmt: skip
            if not pairs:
                return
            best = min(pairs)
            heappop(department.queues[best[8]])
            self._begin(best[7], best[4])

    def _pair(
        self, worker: Person, queue: int, head: Place
    ) -> tuple[int, int, float, float, Request, float, float, Person, int]:
        """A worker and the first request of a queue, with all that decides between pairs, in order."""
        liking, idle = self.liking(worker, head[3]), worker.idle_since
        return (worker.ranks[queue], *head, liking, idle, worker, queue)

    def _begin(self, worker: Person, request: Request) -> None:
        """Start on a request: its effort is fixed now, from who does it and what is known at this moment."""
        now, department = self.now, worker.department
        assert department is not None
        department.waiting -= 1
        if request.first_start == NOT_YET:
            request.first_start = now
        if request.worker is not worker and request.worker is not None:
            request.context *= self.kept(request, department)
        if self.cells[request.step].department is department:
            kind, hours = STEP, self.effort(worker, request, now)
        else:
            kind, hours = ON_TRIAGE, self.triage(worker, request, now)
            request.triaged = True
        request.place, request.worker, request.department = WORKED_ON, worker, department
        self.last_server[request.customer] = worker
        self.occupy(worker, request, kind, hours)

    def _duty(self, person: Person, request: Request | None, duty: int, hours: float) -> None:
        """Work that is no step: a meeting, a decision, coordination."""
        about = -1 if request is None else request.id
        person.row = self.ledger.duty(person.id, duty, self.now, self.now + hours, about)
        self.occupy(person, request, IN_A_MEETING if request is None else AT_A_DESK, hours)

    def _serve(self, desk: Desk) -> None:
        """Managers and coordinators take what is asked of them in order."""
        for person in desk.people:
            while desk.jobs and not person.busy:
                request, boss = desk.jobs.popleft()
                if request.status == OPEN and request.place == COORDINATED:
                    self._duty(person, request, COORDINATION, on_grid(self.settings.coordination_hours))
                elif request.status == OPEN:
                    self._duty(person, request, DECISION, self.decision(person, request, boss))
