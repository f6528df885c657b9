"""Who takes what: free people, their own requests, the department's queue, the desks of managers and
coordinators.

Invariant: called once an instant, after all that happened in it is known; candidates are taken in a total
order.
"""

import math
from abc import ABC, abstractmethod
from heapq import heappop, heappush

from sim.engines.books import AT_A_DESK, COORDINATED, IN_A_MEETING, NONE, ON_TRIAGE, WORKED_ON
from sim.engines.reckoning import Reckoning, in_order
from sim.organisation.build import LONGEST_IDLE, NO_DESK
from sim.rules.grid import on_grid
from sim.trajectory import COORDINATION, DECISION, MEETING, OPEN, STEP


class Staff(Reckoning, ABC):
    """People who start."""

    now: float

    @abstractmethod
    def occupy(self, person: int, request: int, kind: int, hours: float) -> None:
        """Keep a person busy for so many hours."""

    def start(self) -> None:
        """Who is free starts: first what is his or her own, then the department's queue; then the desks."""
        if self.awake:
            for worker in in_order(self.awake):
                if not self.busy[worker]:
                    self._pick_own(worker)
        if self.stirred:
            for department in in_order(self.stirred):
                plain = self.plain[department] and self.worker_key == LONGEST_IDLE
                (self._dispatch if plain else self._match)(department)
        if self.asked:
            for desk in in_order(self.asked):
                self._serve(desk)

    def _pick_own(self, worker: int) -> None:
        """A meeting that is due, the next step of the request in hand, then requests that have come back."""
        if self.owed[worker] > 0.0:
            hours, self.owed[worker] = self.owed[worker], 0.0
            self._duty(worker, NONE, MEETING, hours)
            return
        request, self.next_own[worker] = self.next_own[worker], NONE
        if request != NONE and self.status[request] == OPEN:
            self._begin(worker, request)
        while not self.busy[worker] and self.own[worker]:
            _, request = heappop(self.own[worker])
            if self.status[request] == OPEN:
                self._begin(worker, request)
        if not self.busy[worker]:
            heappush(self.idle[self.home[worker]], (self.idle_since[worker], worker))
            self.stirred.add(self.home[worker])

    def _dispatch(self, department: int) -> None:
        """First request, longest idle worker: the common case, where everybody may do everything."""
        queue, idle = self.queues[self.first_queue[department]], self.idle[department]
        while queue and idle:
            since, worker = idle[0]
            if self.busy[worker] or self.idle_since[worker] != since:
                heappop(idle)
            elif self.status[queue[0][3]] != OPEN:
                heappop(queue)
            else:
                heappop(idle)
                self._begin(worker, heappop(queue)[3])

    def _match(self, department: int) -> None:
        """The smallest pair of (preference of the worker, request, worker), while there is one."""
        own = range(self.first_queue[department], self.first_queue[department + 1])
        workers = range(self.first_worker[department], self.first_worker[department + 1])
        while True:
            for queue in own:
                while self.queues[queue] and self.status[self.queues[queue][0][3]] != OPEN:
                    heappop(self.queues[queue])
            heads = [(queue, self.queues[queue][0]) for queue in own if self.queues[queue]]
            free = [worker for worker in workers if not self.busy[worker]]
            pairs = [
                (
                    self.rank[worker][queue],
                    *head,
                    self.liking(worker, head[3]),
                    self.idle_since[worker],
                    worker,
                    queue,
                )
                for worker in free
                for queue, head in heads
                if self.rank[worker][queue] >= 0
            ]
            if not pairs:
                return
            best = min(pairs)
            heappop(self.queues[best[8]])
            self._begin(best[7], best[4])

    def _begin(self, worker: int, request: int) -> None:
        """Start on a request: its effort is fixed now, from who does it and what he or she knows at this
        moment."""
        now, department = self.now, self.home[worker]
        if math.isnan(self.first_start[request]):
            self.first_start[request] = now
        if self.last_worker[request] != worker and self.last_worker[request] != NONE:
            self.context[request] *= self.kept(request, department)
        function, product = self.function[self.step[request]], self.product[request]
        if self.department_of[function][product][self.segment[request]] == department:
            kind, hours = STEP, self.effort(worker, request, now)
        else:
            kind, hours = ON_TRIAGE, self.triage(worker, request, now)
            self.triaged[request] = True
        self.place[request], self.last_worker[request], self.last_department[request] = (
            WORKED_ON,
            worker,
            department,
        )
        self.last_server[self.customer[request]] = worker
        self.occupy(worker, request, kind, hours)

    def _duty(self, person: int, request: int, duty: int, hours: float) -> None:
        """Work that is no step: a meeting, a decision, coordination."""
        self.task_row[person] = len(self.duties)
        self.duties.extend((person, duty, self.now, self.now + hours, request))
        self.occupy(person, request, IN_A_MEETING if duty == MEETING else AT_A_DESK, hours)

    def _serve(self, desk: int) -> None:
        """Managers and coordinators take what is asked of them in order."""
        jobs = self.desks[desk]
        for person in range(self.first_person[desk], self.first_person[desk + 1]):
            while jobs and not self.busy[person]:
                request, boss = jobs.popleft()
                if self.status[request] == OPEN and self.place[request] == COORDINATED:
                    self._duty(person, request, COORDINATION, on_grid(self.settings.coordination_hours))
                elif self.status[request] == OPEN:
                    self._duty(person, request, DECISION, self.decision(person, request, boss))

    def rest(self, person: int) -> None:
        """Be free, until this instant is settled."""
        self.busy[person], self.idle_since[person] = False, self.now
        if self.desk_of[person] != NO_DESK:
            self.asked.add(self.desk_of[person])
            return
        self.awake.append(person)
