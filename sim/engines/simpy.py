"""The company at work, told with SimPy: requests arrive, queue, are worked on, handed on, decided, repeated.

Read it from `_note_arrival` downwards: each method is what happens to a request next; then staff.py (who
takes what), outcome.py (what comes of it) and reckoning.py (what the rules say). Invariant: events record
facts, `_settle` decides. What ends at an instant is only noted; when all events of the instant are known, its
consequences are drawn in a fixed order and free people start. So no result depends on the order of events.
"""

import math
from collections.abc import Callable
from heapq import heappush
from itertools import count
from typing import Any

import simpy

from sim import draws
from sim.engines.entities import (
    ARRIVING,
    AWAY,
    CLAIM_TIME,
    CLAIMING,
    COORDINATED,
    HANDOFF_TIME,
    MOVING,
    NOT_YET,
    OUTSIDE_TIME,
    QUEUED,
    RETURNING,
    WORKED_ON,
    Department,
    Desk,
    Person,
    Request,
    given_facts,
)
from sim.engines.log import Log
from sim.engines.outcome import Outcome
from sim.engines.settings import CLAIM, HANDOFF, Settings
from sim.engines.staff import in_order
from sim.organisation.build import Organisation
from sim.review import State, weekly_review
from sim.trajectory import ABANDONED, BALKED, OPEN
from sim.world import Market, World

Happening = Any
"""A SimPy event; its value is the request it is about."""


def run(market: Market, world: World, organisation: Organisation, settings: Settings, state: State) -> Log:
    """Play one replication; `state` is changed in place."""
    return Company(market, world, organisation, settings, state).run()


class Alarm(simpy.Event):
    """A SimPy event that is set again whenever it has happened, which takes half the time of a new one."""

    def __init__(self, env: simpy.Environment, note: Callable[["Alarm"], None], about: Any = None):
        super().__init__(env)
        self.about, self.notes = about, [note]
        self._ok, self._value = True, None

    def set(self, hours: float) -> None:
        """Ring after so many hours."""
        self.callbacks = self.notes
        self.env.schedule(self, delay=hours)


class Company(Outcome):
    """One replication in motion."""

    __slots__ = (
        "arrival", "day_begun", "env", "finished", "joining", "lent", "moved", "new", "out_of_patience",
        "task_over", "to_come", "week_over",
    )  # fmt: skip

    def __init__(
        self, market: Market, world: World, organisation: Organisation, settings: Settings, state: State
    ):
        super().__init__(market, world, organisation, settings, state)
        self.env, self.now = simpy.Environment(), 0.0
        self.to_come = given_facts(world)
        self.arrival = Alarm(self.env, self._note_arrival)
        self.task_over = [Alarm(self.env, self._note_finished, person) for person in self.crew.people]
        # What happened at this instant and is not settled yet.
        self.finished: list[Person] = []
        self.moved: list[Request] = []
        self.joining: list[Request] = []
        self.new: list[Request] = []
        self.out_of_patience: list[Request] = []
        self.lent: list[Request] = []
        self.week_over, self.day_begun = 0, False
        self.awake: list[Person] = []
        self.stirred: list[Department] = []
        self.asked: list[Desk] = []

    # Events. They only note what happened; when all of an instant are known, it is settled.

    def run(self) -> Log:
        """Play week after week until all who came before the horizon are served, or the drain is over."""
        horizon = self.settings.horizon
        for department in self.crew.departments:
            for worker in department.workers:
                self.rest(worker)
        self._await_arrival()
        if any(person.meeting for person in self.crew.people):
            self._later(0.0, None, self._note_day)
        for week in count(1):
            now = week * self.settings.week
            self._play(now)
            served = now >= horizon and all(request.arrival >= horizon for request in self.unresolved)
            if served or now >= self.settings.end:
                return self.log(now)
            self.budget.check(now)
            self.week_over = week
            self.env.timeout(now - self.env.now)  # even if nothing else happens, the week ends
        raise AssertionError("weeks never end")

    def _play(self, until: float) -> None:
        """Instant after instant: first all that happens at it, then what follows from it."""
        env = self.env
        now = env.peek()
        while now < until:
            self.now = now
            env.step()
            while env.peek() == now:
                env.step()
            self._settle()
            now = env.peek()

    def _await_arrival(self) -> None:
        """Requests come in the order of the world; an arrival is an event like any other."""
        given = next(self.to_come, None)
        if given is not None:
            request = self.arrival.about = Request(given)
            self.arrival.set(request.arrival - self.now)

    def _note_arrival(self, arrival: Alarm) -> None:
        self.unresolved.add(arrival.about)
        self.moved.append(arrival.about)
        self._await_arrival()

    def _note_finished(self, task_over: Alarm) -> None:
        self.finished.append(task_over.about)

    def _note_moved(self, event: Happening) -> None:
        self.moved.append(event.value)

    def _note_patience(self, event: Happening) -> None:
        if self._is_waiting(event.value):
            self.out_of_patience.append(event.value)

    def _note_day(self, _: Happening) -> None:
        self.day_begun = True
        self._later(self.settings.day, None, self._note_day)

    def _later(self, hours: float, what: Request | None, note: Callable[[Happening], None]) -> None:
        """Note something after so many hours."""
        self.env.timeout(hours, what).callbacks.append(note)

    # Decisions, once per instant.

    def _settle(self) -> None:
        """Completions, review, day, patience, joining, starting; again while something took no time."""
        rounds = 0
        while (
            self.finished or self.moved or self.joining or self.out_of_patience
            or self.week_over or self.day_begun
        ):  # fmt: skip
            if self.finished:
                for person in in_order(self.finished):
                    self.complete(person)
            if self.week_over:
                weekly_review(self.state, self.week_over)
                self.week_over = 0
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
            if self.new:
                self._turn_away()
            rounds += 1
            if rounds > 1:
                self.budget.another_round(rounds, self.now)
        self.budget.events += rounds
        while self.lent:
            request = self.lent.pop()
            if self._is_waiting(request):
                self._later(request.patience, request, self._note_patience)

    def _begin_day(self) -> None:
        self.day_begun = False
        for person in self.crew.people:
            if person.desk is None:
                person.owed += person.meeting
                self.awake.append(person)

    def _lose(self, request: Request) -> None:
        """Patience ends: leave, or leave when the step in hand is over."""
        if not self._is_waiting(request):
            return
        if request.place == WORKED_ON:
            request.impatient = True
            return
        if request.place == QUEUED and request.filed is not None and request not in self.joining:
            request.filed.department.waiting -= 1
        self.close(request, ABANDONED)

    def _is_waiting(self, request: Request) -> bool:
        """Does the customer wait for what patience is needed for: the first touch, or the resolution?"""
        untouched = request.first_start == NOT_YET
        return request.status == OPEN and (untouched or self.settings.until_resolution)

    # A request on its way to a step.

    def _arrive(self, request: Request) -> None:
        """A request turns up: for the first time, or after something that took time."""
        if request.status != OPEN:
            return
        place, spent = request.place, self.now - request.since
        if place == ARRIVING:
            request.recognised = self.on_record(request)
            self._lend_patience(request)
            self.go(request)
        elif place == CLAIMING:
            self.spend(request, CLAIM_TIME, spent)
            request.recognised = request.segment
            self.approach(request)
        elif place == RETURNING:
            self.spend(request, OUTSIDE_TIME, spent)
            self.go(request)
        elif place == AWAY:
            self.outside(request)
            self.advance(request)
        elif place == MOVING:
            self.spend(request, HANDOFF_TIME, spent)
            self._enter(request)

    def _lend_patience(self, request: Request) -> None:
        """The clock of patience starts; what takes no time makes no event."""
        if request.patience == 0.0:
            self.out_of_patience.append(request)
        elif request.patience < math.inf:
            self.lent.append(request)

    def go(self, request: Request) -> None:
        """On to the current step: outside the company, or to the department that does it."""
        if self.cells[request.step].is_delay:
            self.spend_time(request, AWAY, self.content[request.step])
        else:
            self.approach(request)

    def spend_time(self, request: Request, place: int, hours: float) -> None:
        """Time passes before the request turns up again."""
        request.place, request.since, request.straight = place, self.now, False
        if hours > 0.0:
            self._later(hours, request, self._note_moved)
        else:
            self._arrive(request)

    def approach(self, request: Request) -> None:
        """Whom the company does not know claims a place first; a border takes time to cross."""
        filed = request.filed = self.filed(request)
        if filed is None:
            self.spend_time(request, CLAIMING, self.hours(CLAIM, request, draws.PURPOSE_CLAIM, 0, 0))
        elif request.contacting:
            self._enter(request)
        elif request.department is not filed.department:
            request.handoffs += 1
            request.toured = True
            place, turn = self.position[request.step], 2 * request.visit + request.triaged
            hours = self.hours(HANDOFF, request, draws.PURPOSE_HANDOFF, place, turn)
            if hours > 0.0:
                self.spend_time(request, MOVING, hours)
            else:
                self._enter(request)
        elif request.straight:
            self._keep(request, filed.department)
        else:
            self.stand(request, QUEUED)

    def _keep(self, request: Request, department: Department) -> None:
        """The owner goes on with the request in hand, before anything else."""
        assert request.worker is not None
        department.waiting += 1
        request.place, request.since, request.worker.next_own = QUEUED, self.now, request

    def _enter(self, request: Request) -> None:
        """In a department new to the request the coordinator of a matrix comes first."""
        request.contacting = request.straight = False
        self.stand(request, COORDINATED if self.coordinated else QUEUED)

    def stand(self, request: Request, place: int) -> None:
        request.place = place
        self.joining.append(request)

    def _join(self, request: Request) -> None:
        """Stand in line: on the list of the person who knows the request, in a queue, at a desk."""
        if request.status != OPEN:
            return
        if request.place != QUEUED:
            self._ask(request)
            return
        now, filed = self.now, request.filed
        assert filed is not None
        department = filed.department
        if request.department is None and department.places >= 0:
            self.new.append(request)
        department.waiting += 1
        request.since = now
        if request.owners is not None and department in request.owners:
            owner = request.owners[department]
            heappush(owner.own, (now, request))
            self.awake.append(owner)
        else:
            heappush(filed.queue, self.key(request, department, now))
            self.stirred.append(department)

    def _turn_away(self) -> None:
        """New requests still waiting need a place to wait in; without one they leave, the last first."""
        for request in reversed(in_order(self.new)):
            filed = request.filed
            assert filed is not None
            waits = request.place == QUEUED and request.status == OPEN
            if waits and filed.department.waiting > filed.department.places:
                filed.department.waiting -= 1
                self.close(request, BALKED)
        self.new = []

    def _ask(self, request: Request) -> None:
        """Stand in line at the desk of the coordinator, or of whoever decides: two bosses in a conflict."""
        request.since = self.now
        manager = None if request.department is None else request.department.manager
        coordinator = self.cells[request.step].coordinator
        if request.place == COORDINATED:
            desks = [coordinator]
        elif request.bosses == 2:
            desks = [manager, coordinator]
        elif request.toured and self.lucky(request, draws.PURPOSE_CROSS, self.settings.share_cross):
            desks = [self.crew.general]
        else:
            desks = [manager]
        for boss, desk in enumerate(desks):
            assert desk is not None
            desk.jobs.append((request, boss))
            self.asked.append(desk)

    def occupy(self, person: Person, request: Request | None, kind: int, hours: float) -> None:
        """Keep a person busy; what takes no time makes no event."""
        person.busy, person.task, person.kind, person.since = True, request, kind, self.now
        if hours > 0.0:
            self.task_over[person.id].set(hours)
        else:
            self.finished.append(person)
