"""What the rules say about this company at this moment: effort, luck, delays, priorities; and the log.

Invariant: questions to the rules and to what is true now; only `effort` and `triage` also note what a
step does when it starts.
"""

import math
from collections.abc import Iterable

import numpy as np

from sim import draws
from sim.engines.entities import NOT_YET, NOTHING, Department, Person, Request, Three, gather
from sim.engines.ledger import PAGE, ROW, Ledger
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
NO_KNOWLEDGE: Three = (0.0, 0.0, 0.0)
NO_PARTS = (0.0, 0.0, 0.0, 0.0)
NO_TIME = (0.0,) * 11


class Reckoning:
    """The scenario's rules, asked for the company at this moment."""

    def __init__(
        self, market: Market, world: World, organisation: Organisation, settings: Settings, state: State
    ):
        self.market, self.world, self.settings, self.state = market, world, settings, state
        self.worker_key = organisation.worker_key
        self.crew, self.relay = gather(organisation, state), organisation.relay
        self.coordinated = organisation.coordinator_desk.max(initial=NO_DESK) != NO_DESK
        self.position, self.function = world.step_position.tolist(), world.step_function.tolist()
        self.content, self.record = world.step_work.tolist(), world.recognised.tolist()
        self.last_server: list[Person | None] = [None] * len(self.record)
        self.knowledge: list[Three] = [(a, b, c) for a, b, c in market.knowledge.tolist()]
        self.mean_work, self.is_delay = market.mean_work.tolist(), market.is_delay.tolist()
        worth = list(zip(market.margin.tolist(), market.priority.tolist(), strict=True))
        self.standing = {
            rule: [request_priority(rule, 0.0, 0.0, 0.0, 0.0, *both) for both in worth]
            for rule in (VALUE, SEGMENT_PRIORITY)
        }
        self.exception = market.exception_share.tolist()
        territory = organisation.territory
        self.department_of, self.grouped = territory.department_of.tolist(), territory.grouped.tolist()
        self.queue_of = organisation.queues.queue_of.tolist()
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
        self.ledger, self.budget = Ledger(), Budget(settings)

    # Questions.

    def cell(self, request: Request) -> tuple[int, int, int]:
        """Function, product and segment under which the company files the current step."""
        function, product = self.function[request.step], request.product
        return function, product, request.recognised if self.grouped[function][product] else request.segment

    def lucky(self, request: Request, purpose: int, chance: float) -> bool:
        """A yes/no event of the current step and visit: its uniform against its probability."""
        if chance <= 0.0:
            return False
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

    def unfamiliar(self, person: Person, function: int, product: int, segment: int) -> Three:
        """Unfamiliarity of a person on the three axes."""
        if not self.learning:
            return ALL_NEW
        rules, state = self.settings, self.state
        cases = person.by_function[function], person.by_product[product], person.by_segment[segment]
        if rules.related_weight > 0.0:
            weight, number = rules.related_weight, person.id
            cases = (
                related_cases(cases[0], state.by_function[number], weight),
                related_cases(cases[1], state.by_product[number], weight),
                related_cases(cases[2], state.by_segment[number], weight),
            )
        return familiarity(*cases, rules.beginner_cases, rules.exponent)

    def _handicap(self, person: Person, request: Request) -> float:
        function = self.function[request.step]
        on_function, on_product, on_segment = self.knowledge[function]
        unfamiliar = self.unfamiliar(person, function, request.product, request.segment)
        return handicap_of(on_function, on_product, on_segment, *unfamiliar)

    def decision(self, person: Person, request: Request, boss: int) -> float:
        """Hours a boss needs to decide; the effort rule with the boss's own experience."""
        purpose = draws.PURPOSE_DECISION_SECOND if boss else draws.PURPOSE_DECISION
        hours = self.hours(DECISION_TIME, request, purpose, self.position[request.step], request.visit)
        return decision_hours(hours, self._handicap(person, request))

    # What starting a step does.

    def effort(self, worker: Person, request: Request, now: float) -> float:
        """Hours of the step for this worker: work, what is not known, own pace, set-up, reading up."""
        rules, product, segment, context = self.settings, request.product, request.segment, request.context
        function = self.function[request.step]
        work = self.work(request) if request.visit else self.content[request.step]
        weights, kind, u = self.knowledge[function], (function, product), ALL_NEW
        if self.learning:
            u = self.unfamiliar(worker, function, product, segment)
        if self.coordinated:
            u = self._helped(u, function, product, segment)
        parts, switch, reread = NO_PARTS, 0.0, 0.0
        if worker.pace != 1.0 or weights != NO_KNOWLEDGE:
            parts = effort_parts(work, *weights, *u, worker.pace)  # type: ignore[call-arg]
        if self.switching and worker.last_kind is not None and worker.last_kind != kind:
            switch = switch_part(self.mean_work[product][function], rules.switch_share, rules.switch_hours)
        if context < 1.0:
            reread = reread_part(context, rules.reread_share, request.work_done)
            request.context = 1.0
        hours: float = work + parts[0] + parts[1] + parts[2] + parts[3] + switch + reread
        chance = rules.defect_base
        if self.errs_by_person:
            unfamiliar = mean_unfamiliarity(*u, *weights)
            slope, reference = rules.defect_unfamiliarity, rules.defect_reference
            chance = defect_probability(chance, slope, unfamiliar, reference, context, rules.defect_context)
        if chance > 0.0 and self.lucky(request, draws.PURPOSE_DEFECT, chance):
            request.defective = True
        worker.last_kind = kind
        request.work_done += work
        self.write(request, worker, STEP, now, now + hours, (work, *parts, switch, reread, 0.0, *u))
        return hours

    def _helped(self, u: Three, function: int, product: int, segment: int) -> Three:
        """The coordinator's knowledge of the segment replaces the worker's where it is better."""
        desk = self.crew.coordinators[product][segment]
        if desk is None:
            return u
        return (u[0], u[1], min(u[2], self.unfamiliar(desk.people[0], function, product, segment)[2]))

    def triage(self, worker: Person, request: Request, now: float) -> float:
        """Hours to find out that a customer belongs elsewhere."""
        hours = on_grid(self.settings.triage_share * self.work(request))
        self.write(request, worker, TRIAGE, now, now + hours, (0.0,) * 7 + (hours,) + (0.0,) * 3)
        return hours

    def learn(self, person: Person, request: Request, coordinating: bool) -> None:
        """A case more on each axis; taking a request on teaches a coordinator about product and segment."""
        person.cases += 1.0
        if self.learning:
            if not coordinating:
                person.by_function[self.function[request.step]] += 1.0
            person.by_product[request.product] += 1.0
            person.by_segment[request.segment] += 1.0

    # The log.

    def spend(self, request: Request, on: int, hours: float) -> None:
        """Note time that passed on the way to the next step."""
        if hours > 0.0:
            times = list(request.before)
            times[on] += hours
            request.before = (times[0], times[1], times[2], times[3])

    def write(
        self,
        request: Request,
        worker: Person | None,
        kind: int,
        start: float,
        end: float,
        parts: tuple[float, ...],
    ) -> None:
        """A row of the log; what was measured on the way to this step goes with it."""
        step, segment, ledger = request.step, request.segment, self.ledger
        if worker is None or worker.department is None:
            who, department, queued, before = -1, -1, start, (0.0, end - start, 0.0, 0.0)
        else:
            who, department, queued, before = worker.id, worker.department.id, request.since, request.before
            request.before = NOTHING
        if ledger.offset == PAGE:
            ledger.turn()
        ROW.pack_into(
            ledger.page, ledger.offset, request.customer, request.number, self.position[step], request.visit,
            self.function[step], request.product, segment, department, who, kind, request.passage,
            *before, queued, start, end, *parts, 0.0, 0.0, request.recognised == segment, 0,
        )  # fmt: skip
        request.row = ledger.page, ledger.offset
        ledger.offset += ROW.size

    def outside(self, request: Request, start: float, end: float) -> None:
        """A row for a delay outside the company."""
        self.write(request, None, OUTSIDE, start, end, NO_TIME)

    def log(self, requests: Iterable[Request], size: int, end: float) -> Log:
        """The history so far of those who came; what is unfinished at `end` has no end."""
        for person in self.crew.people:
            if person.busy and person.desk is None and person.task is not None:
                self.ledger.correct(person.task.row, "end", math.nan)
            elif person.busy:
                self.ledger.unfinished(person.row)
        first_start, done = np.full(size, math.nan), np.full(size, math.nan)
        counts = np.zeros((5, size), np.int64)
        for request in requests:
            number = request.id
            first_start[number] = math.nan if request.first_start == NOT_YET else request.first_start
            done[number] = request.done
            counts[:, number] = (
                request.status,
                request.handoffs,
                request.repeats,
                request.returns,
                request.silent,
            )
        for person in self.crew.people:
            self.state.cases[person.id] = person.cases
        visits = self.ledger.visits_table()
        duties = self.ledger.duties_table(self.world.customer, self.world.number)
        return Log(first_start, done, *counts, visits, duties, end)  # type: ignore[call-arg]
