"""What comes of it when somebody is done: learning, decisions, the next step, repeats.

Invariant: called for each completion of an instant, in the order of people's ids, before all else.
"""

from abc import abstractmethod

from sim import draws
from sim.engines.entities import (
    AT_A_DESK,
    COORDINATED,
    COORDINATION_TIME,
    DECIDED,
    ON_TRIAGE,
    QUEUED,
    RETURNING,
    Person,
    Request,
)
from sim.engines.settings import RETURN_DELAY
from sim.engines.staff import Staff
from sim.trajectory import ABANDONED, DONE, OPEN, RETURN, REWORK, STEP


class Outcome(Staff):
    """Tasks that end."""

    __slots__ = ()

    @abstractmethod
    def go(self, request: Request) -> None:
        """On to the current step."""

    @abstractmethod
    def approach(self, request: Request) -> None:
        """Find the department of the current step."""

    @abstractmethod
    def stand(self, request: Request, place: int) -> None:
        """Join a line at this instant."""

    @abstractmethod
    def spend_time(self, request: Request, place: int, hours: float) -> None:
        """Time passes before the request turns up again."""

    def close(self, request: Request, status: int) -> None:
        """The end of a request, whatever it is."""
        request.status = status
        self.unresolved.remove(request)
        self.ledger.outcome(request, self.now)

    def complete(self, person: Person) -> None:
        """A task ends: what was learned, and what becomes of the request."""
        request, kind = person.task, person.kind
        self.rest(person)
        if request is None:
            return
        if kind == STEP:
            self.learn(person, request)
            self._step_done(request, person)
        elif kind == ON_TRIAGE:
            self._found_out(request)
        elif kind == AT_A_DESK:
            self._desk_done(request, person)

    def _desk_done(self, request: Request, person: Person) -> None:
        """A coordinator has taken a request on, or a boss has decided."""
        coordinating = request.place == COORDINATED
        if not coordinating or request.department is None:
            self.learn(person, request, coordinating)
        if request.status != OPEN:
            return
        if coordinating:
            self.spend(request, COORDINATION_TIME, self.now - request.since)
            self.stand(request, QUEUED)
        else:
            self._decided(request, person)

    def _found_out(self, request: Request) -> None:
        """Triage over: the customer belongs elsewhere, and perhaps the record is put right for good."""
        assert request.department is not None
        request.recognised = request.segment
        if self.lucky(request, draws.PURPOSE_CORRECTED, self.settings.corrected):
            self.corrected[request.customer] = max(self.corrected[request.customer], self.change[request.id])
        if request.impatient:
            self.close(request, ABANDONED)
        else:
            self.approach(request)

    def _step_done(self, request: Request, worker: Person) -> None:
        """An exception needs a decision, a conflict between two bosses needs two; else on."""
        department = worker.department
        assert department is not None
        if request.impatient:
            self.close(request, ABANDONED)
            return
        bosses = self._bosses_needed(request) if department.manager is not None else 0
        if not self.relay:
            request.owners = request.owners or {}
            request.owners[department] = worker
            request.straight = not bosses
        if bosses:
            request.bosses = bosses
            self.stand(request, DECIDED)
        else:
            self.advance(request)

    def _bosses_needed(self, request: Request) -> int:
        if self.coordinated and self.lucky(request, draws.PURPOSE_CONFLICT, self.settings.conflict):
            return 2
        if not self.lucky(request, draws.PURPOSE_EXCEPTION, self.cells[request.step].exception):
            return 0
        if self.lucky(request, draws.PURPOSE_EMPOWERED, self.settings.empowered_share):
            self.ledger.concessions.append(request.row)
            return 0
        return 1

    def _decided(self, request: Request, person: Person) -> None:
        """A boss has decided; of two, the later decision counts."""
        request.bosses -= 1
        if request.bosses == 0:
            decision = self.now - person.since
            self.ledger.decision(request.row, self.now - request.since - decision, decision)
            self.advance(request)

    def advance(self, request: Request) -> None:
        """The next step; after the last one, the result is judged."""
        request.step += 1
        request.triaged = False
        if request.visit:
            self._skip_delays(request)
        if request.step < request.end:
            self.go(request)
        elif request.defective:
            self._repeat(request)
        else:
            self.close(request, DONE)

    def _skip_delays(self, request: Request) -> None:
        """A repeated round does not wait outside again."""
        while request.step < request.end and self.cells[request.step].is_delay:
            request.step += 1

    def _repeat(self, request: Request) -> None:
        """A defect: found inside, brought back by the customer, or suffered in silence."""
        caught = self.lucky(request, draws.PURPOSE_CAUGHT, self.settings.caught)
        told = caught or self.lucky(request, draws.PURPOSE_COMPLAINT, self.settings.complaint)
        if not told or request.repeats >= self.settings.rounds:
            request.silent = 1
            self.close(request, DONE)
            return
        request.repeats += 1
        request.visit += 1
        request.step, request.defective = request.first_step, False
        self._skip_delays(request)
        request.passage = REWORK if caught else RETURN
        if caught:
            self.go(request)
            return
        request.returns += 1
        request.contacting = True
        hours = self.hours(RETURN_DELAY, request, draws.PURPOSE_RETURN_DELAY, 0, request.visit)
        self.spend_time(request, RETURNING, hours)
