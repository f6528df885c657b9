"""The company at work, told with SimPy: requests arrive, queue, are worked on, handed on, decided, repeated.

Read it from `_arrivals` downwards: each method is what happens to a request next. Invariant: events record
facts, `_settle` decides. What ends at an instant is only noted; when all events of the instant are known, its
consequences are drawn in a fixed order and free people start. So no result depends on the order of events.
"""

import math
from bisect import bisect_left
from collections.abc import Callable, Generator
from heapq import heappop, heappush
from itertools import count
from typing import Any

import simpy

from sim import draws
from sim.engines.books import ARRIVING, AT_A_DESK, AWAY, CLAIMING, COORDINATED, DECIDED, IN_A_MEETING, MOVING, NONE
from sim.engines.books import ON_TRIAGE, QUEUED, RETURNING, WORKED_ON
from sim.engines.log import Log
from sim.engines.reckoning import Reckoning
from sim.engines.settings import CLAIM, HANDOFF, RETURN_DELAY, Settings
from sim.organisation.build import LONGEST_IDLE, NO_DESK, Organisation
from sim.review import State, weekly_review
from sim.rules.grid import on_grid
from sim.trajectory import ABANDONED, BALKED, COORDINATION, DECISION, DONE, MEETING, OPEN, OUTSIDE, RETURN, REWORK, STEP
from sim.world import Market, World


def run(market: Market, world: World, organisation: Organisation, settings: Settings, state: State) -> Log:
    """Play one replication; `state` is changed in place."""
    return Company(market, world, organisation, settings, state).run()


class Company(Reckoning):
    """One replication in motion. The books say what is true, the reckoning what the rules make of it."""

    # Events. They only note what happened and have the instant settled.

    def run(self) -> Log:
        """Play week after week until all who came before the horizon are served, or the drain is over."""
        self.env = simpy.Environment()
        for worker in range(self.first_worker[-1]):
            self._rest(worker)
        self.env.process(self._arrivals())
        if any(self.meeting):
            self.env.process(self._days())
        in_time = bisect_left(self.arrival, self.settings.horizon)
        for week in count(1):
            now = week * self.settings.week
            self.env.run(until=now)
            served = now >= self.settings.horizon and OPEN not in self.status[:in_time]
            if served or now >= self.settings.end:
                return self.log(now)
            self.budget.check(now)
            self.week_over = week
            self._wake()
        raise AssertionError("weeks never end")

    def _arrivals(self) -> Generator[simpy.Event, Any, None]:
        """Requests come in the order of the world."""
        for request, arrival in enumerate(self.arrival):
            if arrival > self.env.now or request == 0:
                yield self.env.timeout(arrival - self.env.now)
            self.moved.append(request)
            self._wake()

    def _days(self) -> Generator[simpy.Event, Any, None]:
        """Each day brings its meetings."""
        while True:
            self.day_begun = True
            self._wake()
            yield self.env.timeout(self.settings.day)

    def _note_finished(self, event: simpy.Event) -> None:
        self.finished.append(event.value)
        self._wake()

    def _note_moved(self, event: simpy.Event) -> None:
        self.moved.append(event.value)
        self._wake()

    def _note_patience(self, event: simpy.Event) -> None:
        self.out_of_patience.append(event.value)
        self._wake()

    def _later(self, hours: float, who: int, note: Callable[[simpy.Event], None], noted: list[int]) -> None:
        """Note something after so many hours; what takes no time makes no event."""
        if hours > 0.0:
            simpy.Timeout(self.env, hours, who).callbacks.append(note)
        else:
            noted.append(who)

    def _wake(self) -> None:
        """Settle this instant after its last event: SimPy's own events have priority 0 and 1."""
        if not self.settling:
            self.settling = True
            moment = simpy.Event(self.env)
            moment._ok, moment._value = True, None
            moment.callbacks.append(self._settle)
            self.env.schedule(moment, priority=2)

    # Decisions, once per instant.

    def _settle(self, _: simpy.Event) -> None:
        """Completions, review, day, patience, joining, starting; again while something took no time at all."""
        rounds = 0
        while rounds == 0 or self.finished or self.moved or self.out_of_patience or self.joining:
            finished, self.finished = sorted(self.finished), []
            for person in finished:
                self._complete(person)
            if self.week_over != NONE:
                weekly_review(self.state, self.week_over)
                self.week_over = NONE
            if self.day_begun:
                self._begin_day()
            losing, self.out_of_patience = sorted(self.out_of_patience), []
            for request in losing:
                self._lose(request)
            moved, self.moved = sorted(self.moved), []
            for request in moved:
                self._arrive(request)
            joining, self.joining = sorted(self.joining), []
            for request in joining:
                self._join(request)
            self._start()
            rounds += 1
            self.budget.another_round(rounds, self.env.now)
        self.budget.events += rounds
        self.settling = False

    def _begin_day(self) -> None:
        self.day_begun = False
        for worker, hours in enumerate(self.meeting):
            self.owed[worker] += hours
            self.awake.add(worker)

    def _lose(self, request: int) -> None:
        """Patience ends: leave, or leave when the step in hand is over."""
        touched = not math.isnan(self.first_start[request])
        if self.status[request] != OPEN or (touched and not self.settings.until_resolution):
            return
        if self.place[request] == WORKED_ON:
            self.impatient[request] = True
            return
        if self.place[request] == QUEUED:
            self.present[self.department(request)] -= 1
        self._close(request, ABANDONED)

    def _close(self, request: int, status: int) -> None:
        self.status[request], self.done[request] = status, self.env.now

    # A request on its way to a step.

    def _arrive(self, request: int) -> None:
        """A request turns up: for the first time, or after something that took time."""
        if self.status[request] != OPEN:
            return
        place, spent = self.place[request], self.env.now - self.since[request]
        if place == ARRIVING:
            self.recognised[request] = self.record[self.customer[request]]
            if self.patience[request] < math.inf:
                self._later(self.patience[request], request, self._note_patience, self.out_of_patience)
            self._go(request)
        elif place == CLAIMING:
            self.claim[request] += spent
            self.recognised[request] = self.segment[request]
            self._approach(request)
        elif place == RETURNING:
            self.outside[request] += spent
            self._go(request)
        elif place == AWAY:
            self.write(request, NONE, OUTSIDE, self.since[request], self.env.now, (0.0,) * 11)
            self._advance(request)
        elif place == MOVING:
            self.moving[request] += spent
            self._enter(request)

    def _go(self, request: int) -> None:
        """On to the current step: outside the company, or to the department that does it."""
        if self.is_delay[self.function[self.here(request)]]:
            self._spend(request, AWAY, self.content[self.here(request)])
        else:
            self._approach(request)

    def _spend(self, request: int, place: int, hours: float) -> None:
        """Time passes before the request turns up again."""
        self.place[request], self.since[request], self.straight[request] = place, self.env.now, False
        if hours > 0.0:
            self._later(hours, request, self._note_moved, self.moved)
        else:
            self._arrive(request)

    def _approach(self, request: int) -> None:
        """Whom the company does not know claims a place first; a border between departments takes time to cross."""
        if self.cell(request)[2] == NONE:
            self._spend(request, CLAIMING, self.hours(CLAIM, request, draws.PURPOSE_CLAIM, 0, 0))
        elif self.contacting[request]:
            self._enter(request)
        elif self.department(request) != self.last_department[request]:
            self.handoffs[request] += 1
            self.toured[request] = True
            step, turn = self.position[self.here(request)], 2 * self.visit[request] + self.triaged[request]
            self._spend(request, MOVING, self.hours(HANDOFF, request, draws.PURPOSE_HANDOFF, step, turn))
        else:
            self._stand(request, QUEUED)

    def _enter(self, request: int) -> None:
        """In a department new to the request the coordinator of a matrix comes first."""
        self.contacting[request] = False
        desk = self.coordinator_desk[self.product[request]][self.segment[request]]
        self._stand(request, QUEUED if desk == NO_DESK else COORDINATED)

    def _stand(self, request: int, place: int) -> None:
        self.place[request] = place
        self.joining.append(request)

    def _join(self, request: int) -> None:
        """Stand in line: on the list of the person who knows the request, in the department's queue, at a desk."""
        if self.status[request] != OPEN:
            return
        if self.place[request] != QUEUED:
            self._ask(request)
            return
        now, department = self.env.now, self.department(request)
        if self.last_department[request] == NONE and 0 <= self.places[department] <= self.present[department]:
            self._close(request, BALKED)
            return
        self.present[department] += 1
        self.since[request] = now
        owner = NONE if self.relay else self.owner.get((request, department), NONE)
        if owner == NONE:
            function, product, segment = self.cell(request)
            heappush(self.queues[self.queue_of[function][product][segment]], self.key(request, department, now))
            self.stirred.add(department)
        elif self.straight[request]:
            self.next_own[owner] = request
        else:
            heappush(self.own[owner], (now, request))
            self.awake.add(owner)

    def _ask(self, request: int) -> None:
        """Stand in line at the desk of the coordinator, or of whoever decides: two bosses in a conflict."""
        self.since[request] = self.env.now
        manager = self.manager_desk[self.last_department[request]]
        coordinator = self.coordinator_desk[self.product[request]][self.segment[request]]
        if self.place[request] == COORDINATED:
            desks = [coordinator]
        elif self.bosses[request] == 2:
            desks = [manager, coordinator]
        elif self.toured[request] and self.lucky(request, draws.PURPOSE_CROSS, self.settings.share_cross):
            desks = [self.general_desk]
        else:
            desks = [manager]
        for boss, desk in enumerate(desks):
            self.desks[desk].append((request, boss))
            self.asked.add(desk)

    # People start.

    def _start(self) -> None:
        """Who is free starts: first what is his or her own, then the department's queue; then the desks."""
        awake, self.awake = sorted(self.awake), set()
        for worker in awake:
            if not self.busy[worker]:
                self._pick_own(worker)
        stirred, self.stirred = sorted(self.stirred), set()
        for department in stirred:
            plain = self.plain[department] and self.worker_key == LONGEST_IDLE
            (self._dispatch if plain else self._match)(department)
        asked, self.asked = sorted(self.asked), set()
        for desk in asked:
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
                (self.rank[worker][queue], *head, self.liking(worker, head[3]), self.idle_since[worker], worker, queue)
                for worker in free for queue, head in heads if self.rank[worker][queue] >= 0
            ]  # fmt: skip
            if not pairs:
                return
            best = min(pairs)
            heappop(self.queues[best[8]])
            self._begin(best[7], best[4])

    def _begin(self, worker: int, request: int) -> None:
        """Start on a request: its effort is fixed now, from who does it and what he or she knows at this moment."""
        now, department = self.env.now, self.home[worker]
        if math.isnan(self.first_start[request]):
            self.first_start[request] = now
        if self.last_worker[request] not in (NONE, worker):
            self.context[request] *= self.kept(request, department)
        function, product = self.function[self.here(request)], self.product[request]
        if self.department_of[function][product][self.segment[request]] == department:
            kind, hours = STEP, self.effort(worker, request, now)
        else:
            kind, hours = ON_TRIAGE, self.triage(worker, request, now)
            self.triaged[request] = True
        self.place[request], self.last_worker[request], self.last_department[request] = WORKED_ON, worker, department
        self.last_server[self.customer[request]] = worker
        self._occupy(worker, request, kind, hours)

    def _occupy(self, person: int, request: int, kind: int, hours: float) -> None:
        self.busy[person], self.task[person], self.task_kind[person] = True, request, kind
        self.task_since[person] = self.env.now
        self._later(hours, person, self._note_finished, self.finished)

    def _duty(self, person: int, request: int, duty: int, hours: float) -> None:
        """Work that is no step: a meeting, a decision, coordination."""
        self.task_row[person] = len(self.duties)
        self.duties.extend((person, duty, self.env.now, self.env.now + hours, request))
        self._occupy(person, request, IN_A_MEETING if duty == MEETING else AT_A_DESK, hours)

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

    def _rest(self, person: int) -> None:
        """Be free, until this instant is settled."""
        self.busy[person], self.idle_since[person] = False, self.env.now
        if self.desk_of[person] != NO_DESK:
            self.asked.add(self.desk_of[person])
            return
        heappush(self.idle[self.home[person]], (self.env.now, person))
        self.awake.add(person)
        self.stirred.add(self.home[person])

    # Something is done.

    def _complete(self, person: int) -> None:
        """A task ends: what was learned, and what becomes of the request."""
        request, kind = self.task[person], self.task_kind[person]
        self._rest(person)
        if kind == IN_A_MEETING:
            return
        if kind == ON_TRIAGE:
            self._found_out(request)
            return
        coordinating = kind == AT_A_DESK and self.place[request] == COORDINATED
        self.by_function[person, self.function[self.here(request)]] += 0.0 if coordinating else 1.0
        self.by_product[person, self.product[request]] += 1.0
        self.by_segment[person, self.segment[request]] += 1.0
        self.cases[person] += 1.0
        if kind == STEP:
            self._step_done(request, person)
        elif self.status[request] != OPEN:
            return
        elif coordinating:
            self.coordination[request] += self.env.now - self.since[request]
            self._stand(request, QUEUED)
        else:
            self._decided(request, person)

    def _found_out(self, request: int) -> None:
        """Triage over: the customer belongs elsewhere, and perhaps the record is put right for good."""
        self.present[self.last_department[request]] -= 1
        self.recognised[request] = self.segment[request]
        if self.lucky(request, draws.PURPOSE_CORRECTED, self.settings.corrected):
            self.record[self.customer[request]] = self.segment[request]
        if self.impatient[request]:
            self._close(request, ABANDONED)
        else:
            self._approach(request)

    def _step_done(self, request: int, worker: int) -> None:
        """An exception needs a decision, a conflict between two bosses needs two; else on to the next step."""
        department = self.home[worker]
        self.present[department] -= 1
        self.owner[request, department] = worker
        if self.impatient[request]:
            self._close(request, ABANDONED)
            return
        self.bosses[request] = self._bosses_needed(request, department)
        self.straight[request] = not self.bosses[request]
        if self.bosses[request]:
            self._stand(request, DECIDED)
        else:
            self._advance(request)

    def _bosses_needed(self, request: int, department: int) -> int:
        if self.manager_desk[department] == NO_DESK:
            return 0
        if self.coordinated and self.lucky(request, draws.PURPOSE_CONFLICT, self.settings.conflict):
            return 2
        if not self.lucky(request, draws.PURPOSE_EXCEPTION, self.exception[self.function[self.here(request)]]):
            return 0
        if self.lucky(request, draws.PURPOSE_EMPOWERED, self.settings.empowered_share):
            self.concede(request)
            return 0
        return 1

    def _decided(self, request: int, person: int) -> None:
        """A boss has decided; of two, the later decision counts."""
        self.bosses[request] -= 1
        if self.bosses[request] == 0:
            decision = self.env.now - self.task_since[person]
            self.note_decision(request, self.env.now - self.since[request] - decision, decision)
            self._advance(request)

    def _advance(self, request: int) -> None:
        """The next step; after the last one, the result is judged."""
        self.at_step[request] += 1
        self.triaged[request] = False
        self._skip_delays(request)
        if self.here(request) < self.first_step[request + 1]:
            self._go(request)
        elif self.defective[request]:
            self._repeat(request)
        else:
            self._close(request, DONE)

    def _skip_delays(self, request: int) -> None:
        """A repeated round does not wait outside again."""
        while self.visit[request] and self.here(request) < self.first_step[request + 1] and self.is_delay[self.function[self.here(request)]]:
            self.at_step[request] += 1

    def _repeat(self, request: int) -> None:
        """A defect: found inside, brought back by the customer, or suffered in silence."""
        caught = self.lucky(request, draws.PURPOSE_CAUGHT, self.settings.caught)
        told = caught or self.lucky(request, draws.PURPOSE_COMPLAINT, self.settings.complaint)
        if not told or self.repeats[request] >= self.settings.rounds:
            self.silent[request] = 1
            self._close(request, DONE)
            return
        self.repeats[request] += 1
        self.visit[request] += 1
        self.at_step[request], self.defective[request] = 0, False
        self._skip_delays(request)
        self.passage[request] = REWORK if caught else RETURN
        if caught:
            self._go(request)
            return
        self.returns[request] += 1
        self.contacting[request] = True
        self._spend(request, RETURNING, self.hours(RETURN_DELAY, request, draws.PURPOSE_RETURN_DELAY, 0, self.visit[request]))
