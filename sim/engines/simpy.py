"""The company at work, told with SimPy: requests arrive, queue, are worked on, handed on, decided, repeated.

Read it from `_arrivals` downwards: each method is what happens to a request next. Invariant: events record
facts, `_settle` decides. What ends at an instant is only noted; when all events of the instant are known, its
consequences are drawn in a fixed order and free people start. So no result depends on the order of events.
"""

import math
from bisect import bisect_left
from collections.abc import Callable
from heapq import heappush
from itertools import count
from typing import Any

import simpy

from sim import draws
from sim.engines.books import (
    ARRIVING,
    AT_A_DESK,
    AWAY,
    CLAIM_TIME,
    CLAIMING,
    COORDINATED,
    COORDINATION_TIME,
    DECIDED,
    HANDOFF_TIME,
    IN_A_MEETING,
    MOVING,
    NONE,
    ON_TRIAGE,
    OUTSIDE_TIME,
    QUEUED,
    RETURNING,
    WORKED_ON,
)
from sim.engines.log import Log
from sim.engines.reckoning import in_order
from sim.engines.settings import CLAIM, HANDOFF, RETURN_DELAY, Settings
from sim.engines.staff import Staff
from sim.organisation.build import NO_DESK, Organisation
from sim.review import State, weekly_review
from sim.trajectory import (
    ABANDONED,
    BALKED,
    DONE,
    OPEN,
    OUTSIDE,
    RETURN,
    REWORK,
    STEP,
)
from sim.world import Market, World

Happening = Any
"""A SimPy event; its value is the id of the request or person it is about."""


def run(market: Market, world: World, organisation: Organisation, settings: Settings, state: State) -> Log:
    """Play one replication; `state` is changed in place."""
    return Company(market, world, organisation, settings, state).run()


class Company(Staff):
    """One replication in motion. The books say what is true, the reckoning what the rules
    make of it, the staff who takes what."""

    # Events. They only note what happened; the last one of an instant has it settled.

    def run(self) -> Log:
        """Play week after week until all who came before the horizon are served, or the drain is over."""
        self.env, self.now = simpy.Environment(), 0.0
        for worker in range(self.first_worker[-1]):
            self.rest(worker)
        self._await_arrival(0)
        if any(self.meeting):
            self._later(0.0, NONE, self._note_day)
        in_time = bisect_left(self.arrival, self.settings.horizon)
        for week in count(1):
            now = week * self.settings.week
            self.env.run(until=now)
            served = now >= self.settings.horizon and OPEN not in self.status[:in_time]
            if served or now >= self.settings.end:
                return self.log(now)
            self.budget.check(now)
            self.week_over = week
            self._settle_if_last()
        raise AssertionError("weeks never end")

    def _await_arrival(self, request: int) -> None:
        """Requests come in the order of the world."""
        if request < len(self.arrival):
            self._later(self.arrival[request] - self.now, request, self._note_arrival)

    def _note_arrival(self, event: Happening) -> None:
        self.moved.append(event.value)
        self.now = self.env.now
        self._await_arrival(event.value + 1)
        self._settle_if_last()

    def _note_finished(self, event: Happening) -> None:
        self.finished.append(event.value)
        self._settle_if_last()

    def _note_moved(self, event: Happening) -> None:
        self.moved.append(event.value)
        self._settle_if_last()

    def _note_patience(self, event: Happening) -> None:
        if self.status[event.value] == OPEN:
            self.out_of_patience.append(event.value)
        self._settle_if_last()

    def _note_day(self, _: Happening) -> None:
        self.day_begun = True
        self._later(self.settings.day, NONE, self._note_day)
        self._settle_if_last()

    def _later(self, hours: float, who: int, note: Callable[[Any], None]) -> None:
        """Note something after so many hours."""
        simpy.Timeout(self.env, hours, who).callbacks.append(note)

    def _settle_if_last(self) -> None:
        """Are all events of this instant known?"""
        self.now = self.env.now
        if self.env.peek() > self.now:
            self._settle()

    # Decisions, once per instant.

    def _settle(self) -> None:
        """Completions, review, day, patience, joining, starting; again while something took no time at
        all."""
        rounds = 0
        while rounds == 0 or self.finished or self.moved or self.out_of_patience or self.joining:
            if self.finished:
                for person in in_order(self.finished):
                    self._complete(person)
            if self.week_over != NONE:
                weekly_review(self.state, self.week_over)
                self.week_over = NONE
            if self.day_begun:
                self._begin_day()
            if self.out_of_patience:
                for request in in_order(self.out_of_patience):
                    self._lose(request)
            if self.moved:
                for request in in_order(self.moved):
                    self._arrive(request)
            if self.joining:
                for request in in_order(self.joining):
                    self._join(request)
            self.start()
            rounds += 1
            if rounds > 1:
                self.budget.another_round(rounds, self.now)
        self.budget.events += rounds

    def _begin_day(self) -> None:
        self.day_begun = False
        for worker, hours in enumerate(self.meeting):
            self.owed[worker] += hours
            self.awake.append(worker)

    def _lose(self, request: int) -> None:
        """Patience ends: leave, or leave when the step in hand is over."""
        touched = not math.isnan(self.first_start[request])
        if self.status[request] != OPEN or (touched and not self.settings.until_resolution):
            return
        if self.place[request] == WORKED_ON:
            self.impatient[request] = True
            return
        if self.place[request] == QUEUED:
            self.present[self.heading[request]] -= 1
        self._close(request, ABANDONED)

    def _lend_patience(self, request: int) -> None:
        """The clock of patience starts; what takes no time makes no event."""
        if self.patience[request] == 0.0:
            self.out_of_patience.append(request)
        elif self.patience[request] < math.inf:
            self._later(self.patience[request], request, self._note_patience)

    def _close(self, request: int, status: int) -> None:
        self.status[request], self.done[request] = status, self.now

    # A request on its way to a step.

    def _arrive(self, request: int) -> None:
        """A request turns up: for the first time, or after something that took time."""
        if self.status[request] != OPEN:
            return
        place, spent = self.place[request], self.now - self.since[request]
        if place == ARRIVING:
            self.recognised[request] = self.record[self.customer[request]]
            self._lend_patience(request)
            self._go(request)
        elif place == CLAIMING:
            self.spend(request, CLAIM_TIME, spent)
            self.recognised[request] = self.segment[request]
            self._approach(request)
        elif place == RETURNING:
            self.spend(request, OUTSIDE_TIME, spent)
            self._go(request)
        elif place == AWAY:
            self.write(request, NONE, OUTSIDE, self.since[request], self.now, (0.0,) * 11)
            self._advance(request)
        elif place == MOVING:
            self.spend(request, HANDOFF_TIME, spent)
            self._enter(request)

    def _go(self, request: int) -> None:
        """On to the current step: outside the company, or to the department that does it."""
        if self.is_delay[self.function[self.step[request]]]:
            self._spend(request, AWAY, self.content[self.step[request]])
        else:
            self._approach(request)

    def _spend(self, request: int, place: int, hours: float) -> None:
        """Time passes before the request turns up again."""
        self.place[request], self.since[request], self.straight[request] = place, self.now, False
        if hours > 0.0:
            self._later(hours, request, self._note_moved)
        elif place == MOVING:
            self._enter(request)
        else:
            self._arrive(request)

    def _approach(self, request: int) -> None:
        """Whom the company does not know claims a place first; a border between departments takes time to
        cross."""
        function, product, segment = self.cell(request)
        if segment == NONE:
            self._spend(request, CLAIMING, self.hours(CLAIM, request, draws.PURPOSE_CLAIM, 0, 0))
            return
        self.heading[request] = self.department_of[function][product][segment]
        if self.contacting[request]:
            self._enter(request)
        elif self.straight[request] and self.heading[request] == self.last_department[request]:
            self._keep(request)
        elif self.heading[request] == self.last_department[request]:
            self._stand(request, QUEUED)
        else:
            self.handoffs[request] += 1
            self.toured[request] = True
            place, turn = self.position[self.step[request]], 2 * self.visit[request] + self.triaged[request]
            self._spend(request, MOVING, self.hours(HANDOFF, request, draws.PURPOSE_HANDOFF, place, turn))

    def _keep(self, request: int) -> None:
        """The owner goes on with the request in hand, before anything else."""
        self.present[self.heading[request]] += 1
        self.place[request], self.since[request] = QUEUED, self.now
        self.next_own[self.last_worker[request]] = request

    def _enter(self, request: int) -> None:
        """In a department new to the request the coordinator of a matrix comes first."""
        self.contacting[request] = False
        self._stand(request, COORDINATED if self.coordinated else QUEUED)

    def _stand(self, request: int, place: int) -> None:
        self.place[request] = place
        self.joining.append(request)

    def _join(self, request: int) -> None:
        """Stand in line: on the list of the person who knows the request, in the department's queue, at a
        desk."""
        if self.status[request] != OPEN:
            return
        if self.place[request] != QUEUED:
            self._ask(request)
            return
        now, department = self.now, self.heading[request]
        if self.last_department[request] == NONE and 0 <= self.places[department] <= self.present[department]:
            self._close(request, BALKED)
            return
        self.present[department] += 1
        self.since[request] = now
        if (request, department) in self.owner:
            owner = self.owner[request, department]
            heappush(self.own[owner], (now, request))
            self.awake.append(owner)
        else:
            function, product, segment = self.cell(request)
            heappush(
                self.queues[self.queue_of[function][product][segment]], self.key(request, department, now)
            )
            self.stirred.add(department)

    def _ask(self, request: int) -> None:
        """Stand in line at the desk of the coordinator, or of whoever decides: two bosses in a conflict."""
        self.since[request] = self.now
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

    # Something is done.

    def occupy(self, person: int, request: int, kind: int, hours: float) -> None:
        self.busy[person], self.task[person], self.task_kind[person] = True, request, kind
        self.task_since[person] = self.now
        if hours > 0.0:
            self._later(hours, person, self._note_finished)
        else:
            self.finished.append(person)

    def _complete(self, person: int) -> None:
        """A task ends: what was learned, and what becomes of the request."""
        request, kind = self.task[person], self.task_kind[person]
        self.rest(person)
        if kind == IN_A_MEETING:
            return
        if kind == ON_TRIAGE:
            self._found_out(request)
            return
        coordinating = kind == AT_A_DESK and self.place[request] == COORDINATED
        self.learn(person, request, coordinating)
        if kind == STEP:
            self._step_done(request, person)
        elif self.status[request] != OPEN:
            return
        elif coordinating:
            self.spend(request, COORDINATION_TIME, self.now - self.since[request])
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
        """An exception needs a decision, a conflict between two bosses needs two; else on to the next
        step."""
        department = self.home[worker]
        self.present[department] -= 1
        if not self.relay:
            self.owner[request, department] = worker
        if self.impatient[request]:
            self._close(request, ABANDONED)
            return
        bosses = self._bosses_needed(request) if self.manager_desk[department] != NO_DESK else 0
        self.straight[request] = not (self.relay or bosses)
        if bosses:
            self.bosses[request] = bosses
            self._stand(request, DECIDED)
        else:
            self._advance(request)

    def _bosses_needed(self, request: int) -> int:
        if self.coordinated and self.lucky(request, draws.PURPOSE_CONFLICT, self.settings.conflict):
            return 2
        if not self.lucky(
            request, draws.PURPOSE_EXCEPTION, self.exception[self.function[self.step[request]]]
        ):
            return 0
        if self.lucky(request, draws.PURPOSE_EMPOWERED, self.settings.empowered_share):
            self.correct(request, "concession", 1.0)
            return 0
        return 1

    def _decided(self, request: int, person: int) -> None:
        """A boss has decided; of two, the later decision counts."""
        self.bosses[request] -= 1
        if self.bosses[request] == 0:
            decision = self.now - self.task_since[person]
            self.correct(request, "decision_wait", self.now - self.since[request] - decision)
            self.correct(request, "decision", decision)
            self._advance(request)

    def _advance(self, request: int) -> None:
        """The next step; after the last one, the result is judged."""
        self.step[request] += 1
        self.triaged[request] = False
        if self.visit[request]:
            self._skip_delays(request)
        if self.step[request] < self.first_step[request + 1]:
            self._go(request)
        elif self.defective[request]:
            self._repeat(request)
        else:
            self._close(request, DONE)

    def _skip_delays(self, request: int) -> None:
        """A repeated round does not wait outside again."""
        while (
            self.step[request] < self.first_step[request + 1]
            and self.is_delay[self.function[self.step[request]]]
        ):
            self.step[request] += 1

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
        self.step[request], self.defective[request] = self.first_step[request], False
        self._skip_delays(request)
        self.passage[request] = REWORK if caught else RETURN
        if caught:
            self._go(request)
            return
        self.returns[request] += 1
        self.contacting[request] = True
        self._spend(
            request,
            RETURNING,
            self.hours(RETURN_DELAY, request, draws.PURPOSE_RETURN_DELAY, 0, self.visit[request]),
        )
