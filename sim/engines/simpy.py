"""The company at work, told with SimPy: requests arrive, queue, are worked on, handed on, decided, repeated.

Read it from `_note_arrival` downwards: a method is what happens to a request next. staff.py tells who takes
what, entities.py what everything is; `self.rules` asks the rules. Invariant: events record facts, `_settle`
decides: what ends at an instant is only noted; when all events of the instant are known, its consequences are
drawn in a fixed order and free people start. So no result depends on the order of events.
"""

import math
from collections.abc import Iterator
from functools import partial
from heapq import heappush
from itertools import count
from typing import Any

from sim import draws
from sim.engines import where
from sim.engines.clock import Alarm, Clock, in_order
from sim.engines.entities import NONE, Person, Request
from sim.engines.event_log import EventLog
from sim.engines.helping import lend
from sim.engines.output import Budget, Output
from sim.engines.rulebook import CONCESSION, Rulebook
from sim.engines.set_up import gather, requests_of
from sim.engines.staff import Staff
from sim.numbers import Numbers
from sim.organisation.build import Organisation
from sim.review import State, weekly_review
from sim.trajectory import ABANDONED, BALKED, CANCELLED, DONE, FIRST, OPEN, REWORK, STEP
from sim.world import CustomerModel, World


class Company:
    """One replication in motion; it changes `state` in place."""

    def __init__(
        self, model: CustomerModel, world: World, organisation: Organisation, numbers: Numbers, state: State
    ):
        self.world, self.numbers = world, numbers.plain
        self.state, self.effects = state, state.effects
        self.clock, self.event_log, self.budget = Clock(), EventLog(), Budget(numbers.budgets)
        self.crew, customers = gather(organisation, state), len(world.customer_segment)
        self.rules = Rulebook(model, world, organisation, numbers, state, self.crew)
        # What happened at this instant and is not settled yet.
        lists: Iterator[list[Request]] = ([] for _ in range(5))
        self.moved, self.joining, self.new, self.out_of_patience, self.lent = lists
        self.staff = Staff(self.crew, self.clock, self.rules, self.event_log, customers, self.moved)
        self.to_come, self.arrival = requests_of(world), self.clock.alarm(self._note_arrival)
        self.record = world.recorded.tolist()  # at each request
        self.unresolved: set[Request] = set()
        self.week_over, self.day_begun, self.day = 0, False, 0

    # Events. They only note what happened; when all of an instant are known, it is settled.

    def run(self) -> Output:
        """Play week after week until all who came before the horizon are served, or the drain is over."""
        horizon = self.numbers.horizon
        for person in self.crew.people:
            self.staff.release(person)
        self._await_arrival()
        if self.state.slow or self.effects.duty_hours.any():
            self.clock.later(0.0, self._note_day)
        for week in count(1):
            now = week * self.numbers.week
            self.clock.play(now, self._settle)
            served = now >= horizon and all(request.arrival >= horizon for request in self.unresolved)
            if served or now >= self.numbers.end:
                break
            self.budget.check(now)
            self.week_over = week
            self.clock.stop_at(now)
        self.staff.tell_state()
        return self.event_log.output(self.world, self.crew.people, self.unresolved, now)

    def _await_arrival(self) -> None:
        """Requests come in the order of the world; an arrival is an event like any other."""
        request = self.arrival.about = next(self.to_come, None)
        if request is not None:
            self.arrival.set(request.arrival - self.clock.now)

    def _note_arrival(self, arrival: Alarm) -> None:
        self.unresolved.add(arrival.about)
        self.moved.append(arrival.about)
        self._await_arrival()

    def _note_moved(self, event: Any) -> None:
        self.moved.append(event.value)

    def _note_patience(self, event: Any) -> None:
        if self.rules.is_waiting(event.value):
            self.out_of_patience.append(event.value)

    def _note_day(self, _: Any) -> None:
        self.day_begun = True
        self.clock.later(self.numbers.day, self._note_day)

    # Decisions, once per instant.

    def _settle(self) -> None:
        """Completions, review, day, patience, joining, starting; again while something took no time."""
        rounds = 0
        while (
            self.staff.finished or self.moved or self.joining or self.out_of_patience
            or self.staff.support.noted or self.week_over or self.day_begun
        ):  # fmt: skip
            for person in in_order(self.staff.finished) if self.staff.finished else ():
                if not self.staff.repairs.concerns(person):
                    self._complete(person)
            if self.week_over:
                self.staff.tell_state()
                history = partial(self.event_log.history, self.world, self.crew.people)
                weekly_review(self.state, self.week_over, history)
                self.week_over = 0
            if self.day_begun:
                self.staff.begin_day(self.day)
                self.day_begun, self.day = False, (self.day + 1) % self.numbers.days
            self.staff.support.settle()
            for request in in_order(self.out_of_patience) if self.out_of_patience else ():
                self._lose(request)
            for request in in_order(self.moved) if self.moved else ():
                self._arrive(request)
            for request in in_order(self.joining) if self.joining else ():
                self._join(request)
            self.staff.start()
            lend(self.staff)
            self._turn_away()
            rounds += 1
            if rounds > 1:
                self.budget.another_round(rounds, self.clock.now)
        self.budget.events += rounds
        while self.lent:
            request = self.lent.pop()
            if self.rules.is_waiting(request):
                self.clock.later(request.patience, self._note_patience, request)

    def _lose(self, request: Request) -> None:
        """Patience ends: leave, or leave when the step in hand is over."""
        if not self.rules.is_waiting(request):
            return
        if request.place == where.WORKED_ON:
            request.impatient = True
            return
        if request.place == where.QUEUED and request not in self.joining:
            request.filed.department.waiting -= 1
        self._close(request, ABANDONED)

    def _close(self, request: Request, status: int) -> None:
        """The end of a request, whatever it is."""
        request.status = status
        self.unresolved.remove(request)
        self.event_log.outcome(request, self.clock.now)

    # A request on its way to a step.

    def _arrive(self, request: Request) -> None:
        """A request turns up: for the first time, or after something that took time."""
        if request.status != OPEN:
            return
        if request.place == where.ARRIVING:
            request.recognised = self.record[request.id]
            if not self.rules.comes(request):
                self._close(request, CANCELLED)
                return
            if request.patience == 0.0:  # what takes no time makes no event
                self.out_of_patience.append(request)
            elif request.patience < math.inf:
                self.lent.append(request)
            self._go(request)
        elif request.place == where.AWAY:
            self.event_log.outside(request, self.clock.now)
            self._advance(request)
        elif request.place == where.RELEASED:
            assert request.worker is not None
            self._step_done(request, request.worker)
        else:
            self.event_log.spend(request, self.clock.now)
            if request.place == where.CLAIMING:
                request.recognised = request.segment
            (self._enter if request.place == where.MOVING else self._go)(request)

    def _spend_time(self, request: Request, place: int, hours: float) -> None:
        """Time passes before the request turns up again."""
        request.place, request.since, request.straight = place, self.clock.now, False
        if hours > 0.0:
            self.clock.later(hours, self._note_moved, request)
        else:
            self._arrive(request)

    def _go(self, request: Request) -> None:
        """On to the current step; whom nobody knows claims a place first, a border takes time to cross."""
        if self.rules.cells[request.step].is_delay:
            self._spend_time(request, where.AWAY, self.rules.content[request.step])
            return
        filed = self.rules.filed(request)
        if filed is None:
            hours = self.rules.hours(self.numbers.claim, request, draws.PURPOSE_CLAIM, 0, 0)
            self._spend_time(request, where.CLAIMING, hours)
            return
        request.filed = filed
        if request.contacting:
            self._enter(request)
        elif request.department is not filed.department:
            request.handoffs += 1
            place, turn = self.rules.position[request.step], 2 * request.visit + request.triaged
            hours = self.rules.hours(self.numbers.handoff, request, draws.PURPOSE_HANDOFF, place, turn)
            self._spend_time(request, where.MOVING, hours)
        elif request.straight:
            # The owner goes on with the request in hand, before anything else.
            assert request.worker is not None
            filed.department.waiting += 1
            request.place, request.since, request.worker.next_own = where.QUEUED, self.clock.now, request
        else:
            self._stand(request, where.QUEUED)

    def _enter(self, request: Request) -> None:
        """In a department new to the request the coordinator of a matrix comes first."""
        request.contacting = request.straight = False
        self._stand(request, where.COORDINATED if self.rules.coordinated else where.QUEUED)

    def _stand(self, request: Request, place: int) -> None:
        """Join a line at this instant."""
        request.place = place
        self.joining.append(request)

    def _join(self, request: Request) -> None:
        """Stand in line: on the list of the person who knows the request, in a queue, at a desk."""
        if request.status != OPEN:
            return
        if request.place != where.QUEUED:
            self.staff.ask(request)
            return
        now, department = self.clock.now, request.filed.department
        if request.department is None and department.places >= 0:
            self.new.append(request)
        department.waiting += 1
        request.since = now
        owner = self.rules.owner(request, department)
        if owner and self.rules.waits_for(owner, now):
            heappush(owner.own, (now, request))
            self.staff.awake.append(owner)
        else:
            heappush(request.filed.queue, self.rules.key(request, department, now))
            self.staff.stirred.append(department)

    def _turn_away(self) -> None:
        """New requests still waiting need a place to wait in; without one they leave, the last first."""
        for request in reversed(in_order(self.new)) if self.new else ():
            department = request.filed.department
            waits = request.place == where.QUEUED and request.status == OPEN
            if waits and department.waiting > department.places:
                department.waiting -= 1
                self._close(request, BALKED)

    # What comes of it when somebody is done.

    def _complete(self, person: Person) -> None:
        """A task ends: what was learned, and what becomes of the request."""
        request, kind = person.task, person.kind
        self.staff.release(person)
        if request is None or kind == where.ALONGSIDE:
            return
        if kind == STEP:
            self._step_done(request, person)
        elif kind in (where.ON_TRIAGE, where.ASKING):
            self._found_out(request, kind)
        elif kind == where.AT_A_DESK:
            self._desk_done(request, person)

    def _desk_done(self, request: Request, person: Person) -> None:
        """A coordinator has taken a request on, or a boss has decided."""
        coordinating = request.place == where.COORDINATED
        if not coordinating or request.department is None:
            self.staff.learn(person, request, coordinating)
        if request.status != OPEN:
            return
        if coordinating:
            self.event_log.spend(request, self.clock.now)
            self._stand(request, where.QUEUED)
            return
        request.bosses -= 1  # of two, the later decision counts
        if request.bosses == 0:
            self.event_log.decision(request.row, person.since - request.since, self.clock.now - person.since)
            self._advance(request)

    def _found_out(self, request: Request, kind: int) -> None:
        """The customer belongs elsewhere, or has to bring something, to whoever asks for it."""
        if request.impatient:
            self._close(request, ABANDONED)
        elif kind == where.ON_TRIAGE:
            request.recognised = request.segment
            self._go(request)
        else:
            hours = self.rules.hours(self.numbers.telling_answer, request, draws.PURPOSE_ANSWER, 0, 0)
            self._spend_time(request, where.RETURNING, hours)

    def _step_done(self, request: Request, worker: Person) -> None:
        """A case more is known; an exception needs a decision, a conflict between two bosses two; else on."""
        self.staff.learn(worker, request)
        if request.impatient:
            self._close(request, ABANDONED)
            return
        bosses = self.rules.bosses(request)
        if bosses == CONCESSION:
            self.event_log.concessions.append(request.row)
            bosses = 0
        request.straight = not (self.rules.relay or bosses or request.place == where.RELEASED)
        if bosses:
            request.bosses = bosses
            self._stand(request, where.DECIDED)
        else:
            self._advance(request)

    def _advance(self, request: Request) -> None:
        """The next step; after the last one, the result is judged."""
        request.step = self.rules.following(request, request.step + 1)
        request.triaged = False
        if request.step < request.end:
            self._go(request)
        elif request.defective:
            self._repeat(request)
        else:
            self._close(request, DONE)

    def _repeat(self, request: Request) -> None:
        """A defect: found inside, brought back by the customer, or suffered in silence."""
        passage = self.rules.repeats(request)
        if passage == FIRST:
            request.silent = int(self.rules.is_felt(request))
            self._close(request, DONE)
            return
        request.visit += 1
        request.step = self.rules.following(request, request.first_step)
        blamed, request.blamed, request.defective, request.passage = request.blamed, NONE, False, passage
        if passage == REWORK:
            self._go(request)
            return
        request.returns += 1
        request.contacting = True
        if blamed != NONE:
            self.state.hear(blamed, request.handoffs)
        delay, purpose = self.numbers.rework_return_delay, draws.PURPOSE_RETURN_DELAY
        hours = self.rules.hours(delay, request, purpose, 0, request.visit)
        self._spend_time(request, where.RETURNING, hours)
