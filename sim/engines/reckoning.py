"""What the rules say about this company at this moment: effort, luck, delays, priorities; and the log.

Invariant: questions to the rules and to what is true now; only `effort` and `triage` also note what a
step does when it starts.
"""

import math

import numpy as np

from sim import draws
from sim.engines.entities import (
    NO_KNOWLEDGE,
    NONE,
    Cell,
    Department,
    Person,
    Request,
    Three,
    cells_of,
    cells_of_steps,
    gather,
)
from sim.engines.ledger import NOTHING_MORE, OUTCOME, Ledger
from sim.engines.log import Budget, Log
from sim.engines.settings import DECISION_TIME, Settings
from sim.organisation.build import LONGEST_IDLE, NO_DESK, SAME_WORKER, Organisation
from sim.review import State
from sim.rules.effort import decision_hours, handicap_of, related_cases, reread_part, switch_part
from sim.rules.grid import on_grid
from sim.rules.laws import LAW_DETERMINISTIC, Packed
from sim.rules.priority import FIFO, SEGMENT_PRIORITY, VALUE, request_priority
from sim.rules.quality import defect_probability, mean_unfamiliarity
from sim.rules.step import effort_parts, familiarity, law_hours
from sim.trajectory import OUTSIDE, STEP, TRIAGE
from sim.world import Market, World

WHOLE_REQUEST = frozenset((draws.PURPOSE_CAUGHT, draws.PURPOSE_COMPLAINT, draws.PURPOSE_CORRECTED))
ALL_NEW: Three = (1.0, 1.0, 1.0)
NO_PARTS = (0.0, 0.0, 0.0, 0.0)


class Reckoning:
    """The scenario's rules, asked for the company at this moment; slots make its methods cheaper to call."""

    __slots__ = (
        "all_cells", "budget", "cells", "change", "content", "coordinated", "corrected", "crew",
        "errs_by_person", "fixed_hours",
        "foreseen", "last_server", "learning", "ledger", "market", "now", "position", "record", "relay",
        "settings", "standing", "state", "switching", "unresolved", "worker_key", "world",
    )  # fmt: skip
    now: float

    def __init__(
        self, market: Market, world: World, organisation: Organisation, settings: Settings, state: State
    ):
        self.market, self.world, self.settings, self.state = market, world, settings, state
        self.worker_key = organisation.worker_key
        self.crew, self.relay = gather(organisation, state), organisation.relay
        self.coordinated = organisation.coordinator_desk.max(initial=NO_DESK) != NO_DESK
        self.position, self.content = world.step_position.tolist(), world.step_work.tolist()
        self.record, self.change = world.recorded.tolist(), world.change.tolist()
        customers = len(world.customer_segment)
        self.corrected = [NONE] * customers
        self.last_server: list[Person | None] = [None] * customers
        worth = list(zip(market.margin.tolist(), market.priority.tolist(), strict=True))
        self.standing = {
            rule: [request_priority(rule, 0.0, 0.0, 0.0, 0.0, *both) for both in worth]
            for rule in (VALUE, SEGMENT_PRIORITY)
        }
        # What is worth asking at all.
        kinds, values = settings.laws.kinds.tolist(), settings.laws.firsts.tolist()
        fixed = (
            on_grid(value) if kind == LAW_DETERMINISTIC else None
            for kind, value in zip(kinds, values, strict=True)
        )
        self.fixed_hours = list(fixed)
        self.learning = settings.exponent > 0.0
        self.switching = settings.switch_share > 0.0 or settings.switch_hours > 0.0
        self.errs_by_person = settings.defect_unfamiliarity > 0.0 or settings.defect_context > 0.0
        neutral = not (self.learning or self.switching or self.errs_by_person)
        self.all_cells = cells_of(market, organisation, self.crew, neutral)
        self.cells = cells_of_steps(world, self.all_cells)
        self.foreseen = self._foreseen()
        self.ledger, self.budget = Ledger(), Budget(settings)
        self.unresolved: set[Request] = set()

    def _foreseen(self) -> dict[int, list[float]]:
        """Uniforms of what is asked at most steps, drawn for all steps of first passages at once."""
        rules = self.settings
        asked = {
            draws.PURPOSE_DEFECT: self.errs_by_person or rules.defect_base > 0.0,
            draws.PURPOSE_EXCEPTION: self.market.exception_share.max() > 0.0,
            draws.PURPOSE_CONFLICT: self.coordinated and rules.conflict > 0.0,
        }
        luck = np.repeat(self.world.state, np.diff(self.world.first_step))
        return {
            purpose: draws.uniforms_at(luck, purpose, self.world.step_position, 0).tolist()
            for purpose, often in asked.items()
            if often
        }

    # Questions.

    def filed(self, request: Request) -> Cell | None:
        """The cell under which the company files the current step; None if it does not know the customer."""
        cell = self.cells[request.step]
        if not cell.grouped or request.recognised == request.segment:
            return cell
        if request.recognised == NONE:
            return None
        return self.all_cells[cell.function][cell.product][request.recognised]

    def on_record(self, request: Request) -> int:
        """The segment on record; once put right it stays right until the customer changes."""
        right = self.corrected[request.customer] == self.change[request.id]
        return request.segment if right else self.record[request.id]

    def lucky(self, request: Request, purpose: int, chance: float) -> bool:
        """A yes/no event of the current step and visit: its uniform against its probability."""
        if chance <= 0.0:
            return False
        if not request.visit and purpose in self.foreseen:
            return self.foreseen[purpose][request.step] < chance
        place = 0 if purpose in WHOLE_REQUEST else self.position[request.step]
        return draws.uniform(request.luck, purpose, place, request.visit) < chance

    def hours(self, law: int, request: Request, purpose: int, place: int, visit: int) -> float:
        """A random delay of the scenario: one of the laws of the settings."""
        fixed = self.fixed_hours[law]
        if fixed is not None:
            return fixed
        return self._sample(self.settings.laws, law, request, purpose, place, visit, 1.0)

    def _sample(
        self, laws: Packed, row: int, request: Request, purpose: int, place: int, visit: int, factor: float
    ) -> float:
        """The law in this row, times a factor, on the grid."""
        law, where = (
            (laws.kinds[row], laws.firsts[row], laws.seconds[row]),
            (laws.starts[row], laws.counts[row]),
        )
        u = draws.uniform(request.luck, purpose, place, visit)
        return law_hours(*law, laws.table, *where, u, request.number, factor)

    def key(self, request: Request, department: Department, now: float) -> tuple[int, float, float, Request]:
        """Place in a queue: coordinated requests first, then the department's rule, then who came first."""
        rule, first = department.rule, now
        if rule in self.standing:
            first = self.standing[rule][request.segment]
        elif rule != FIFO:
            times, work = (request.arrival, request.promise), self.content[request.step]
            first = request_priority(rule, now, *times, work, 0.0, 0.0)
        return (0 if self.coordinated else 1, first, now, request)

    def liking(self, worker: Person, request: Request) -> float:
        """The smaller, the rather this worker takes the request."""
        if self.worker_key == LONGEST_IDLE:
            return 0.0
        if self.worker_key == SAME_WORKER:
            return 0.0 if self.last_server[request.customer] is worker else 1.0
        return float((1.0 + self._handicap(worker, request)) * worker.pace)

    def kept(self, request: Request, department: Department) -> float:
        """Context that survives when the person changes."""
        if department is request.department:
            return self.settings.context_within
        return self.settings.context_coordinated if self.coordinated else self.settings.context_between

    def work(self, request: Request) -> float:
        """Work content of the current visit; a repeat takes a share of the first, or is drawn anew."""
        step = request.step
        if not request.visit:
            return float(self.content[step])
        if not self.settings.fresh:
            return on_grid(self.settings.rework_share * self.content[step])
        place = self.position[step]
        row, factor = (
            self.market.route_start[request.product] + place,
            self.market.content_factor[request.segment],
        )
        return self._sample(self.market.work, row, request, draws.PURPOSE_WORK, place, request.visit, factor)

    def unfamiliar(self, person: Person, cell: Cell) -> Three:
        """Unfamiliarity of a person on the three axes."""
        if not self.learning:
            return ALL_NEW
        rules, state = self.settings, self.state
        by_function, by_product, by_segment = person.by_function, person.by_product, person.by_segment
        cases = by_function[cell.function], by_product[cell.product], by_segment[cell.segment]
        if rules.related_weight > 0.0:
            weight, number = rules.related_weight, person.id
            cases = (
                related_cases(cases[0], state.by_function[number], weight),
                related_cases(cases[1], state.by_product[number], weight),
                related_cases(cases[2], state.by_segment[number], weight),
            )
        return familiarity(*cases, rules.beginner_cases, rules.exponent)

    def _handicap(self, person: Person, request: Request) -> float:
        cell = self.cells[request.step]
        on_function, on_product, on_segment = cell.weights
        return handicap_of(on_function, on_product, on_segment, *self.unfamiliar(person, cell))

    def decision(self, person: Person, request: Request, boss: int) -> float:
        """Hours a boss needs to decide; the effort rule with the boss's own experience."""
        purpose = draws.PURPOSE_DECISION_SECOND if boss else draws.PURPOSE_DECISION
        hours = self.hours(DECISION_TIME, request, purpose, self.position[request.step], request.visit)
        return decision_hours(hours, self._handicap(person, request))

    # What starting a step does.

    def effort(self, worker: Person, request: Request, now: float) -> float:
        """Hours of the step for this worker: its content and what the circumstances add."""
        cell, chance = self.cells[request.step], self.settings.defect_base
        work = self.work(request) if request.visit else self.content[request.step]
        hours, more = work, NOTHING_MORE
        if not cell.plain or worker.pace != 1.0 or request.context != 1.0:
            more, chance = self._more(worker, request, cell, work)
            hours = work + more[0] + more[1] + more[2] + more[3] + more[4] + more[5]
        if chance > 0.0 and self.lucky(request, draws.PURPOSE_DEFECT, chance):
            request.defective = True
        request.work_done += work
        self.ledger.visit(request, worker.id, STEP, now, now + hours, work, more)
        return hours

    def _more(
        self, worker: Person, request: Request, cell: Cell, work: float
    ) -> tuple[tuple[float, ...], float]:
        """What is not known, own pace, set-up, reading up, as the ledger wants it; the chance of a defect."""
        rules, weights, context = self.settings, cell.weights, request.context
        u, kind = self.unfamiliar(worker, cell), (cell.function, cell.product)
        if cell.coordinator is not None:
            # The coordinator's knowledge of the segment replaces the worker's where it is better.
            u = (u[0], u[1], min(u[2], self.unfamiliar(cell.coordinator.people[0], cell)[2]))
        parts, switch, reread = NO_PARTS, 0.0, 0.0
        if worker.pace != 1.0 or weights != NO_KNOWLEDGE:
            parts = effort_parts(work, *weights, *u, worker.pace)
        if self.switching and worker.last_kind is not None and worker.last_kind != kind:
            switch = switch_part(cell.mean_work, rules.switch_share, rules.switch_hours)
        if context < 1.0:
            reread = reread_part(context, rules.reread_share, request.work_done)
            request.context = 1.0
        chance = rules.defect_base
        if self.errs_by_person:
            unfamiliar = mean_unfamiliarity(*u, *weights)
            slope, reference = rules.defect_unfamiliarity, rules.defect_reference
            chance = defect_probability(chance, slope, unfamiliar, reference, context, rules.defect_context)
        worker.last_kind = kind
        return (*parts, switch, reread, 0.0, *u), chance

    def triage(self, worker: Person, request: Request, now: float) -> float:
        """Hours to find out that a customer belongs elsewhere."""
        hours = on_grid(self.settings.triage_share * self.work(request))
        more = (*NO_PARTS, 0.0, 0.0, hours, *NO_KNOWLEDGE)
        self.ledger.visit(request, worker.id, TRIAGE, now, now + hours, 0.0, more)
        return hours

    def learn(self, person: Person, request: Request, coordinating: bool = False) -> None:
        """A case more on each axis; taking a request on teaches a coordinator about product and segment."""
        person.cases += 1.0
        if self.learning:
            if not coordinating:
                person.by_function[self.cells[request.step].function] += 1.0
            person.by_product[request.product] += 1.0
            person.by_segment[request.segment] += 1.0

    # The log.

    def spend(self, request: Request, on: int, hours: float) -> None:
        """Note time that passed on the way to the next step."""
        if hours > 0.0:
            times = list(request.before)
            times[on] += hours
            request.before = (times[0], times[1], times[2], times[3])

    def outside(self, request: Request) -> None:
        """A row for a delay outside the company that ends now."""
        self.ledger.visit(request, NONE, OUTSIDE, request.since, self.now, 0.0, NOTHING_MORE)

    def log(self, end: float) -> Log:
        """The history so far of those who came; what is unfinished at `end` has no end."""
        people, ledger, world = self.crew.people, self.ledger, self.world
        busy = [person for person in people if person.busy]
        at_work = [person.task.row for person in busy if person.desk is None and person.task is not None]
        on_duty = [person.row for person in busy if person.desk is not None or person.task is None]
        ledger.cut_off(at_work, on_duty)
        for request in self.unresolved:
            ledger.outcome(request, math.nan)
        for person in people:
            self.state.cases[person.id] = person.cases
        outcomes = ledger.outcomes_by_request(len(world.arrival))
        visits = ledger.visits_table(world, [person.department for person in people])
        duties = ledger.duties_table(world.customer, world.number)
        became = {name: outcomes[name] for name in OUTCOME.names or () if name != "request"}
        return Log(**became, visits=visits, duties=duties, end=end)
