"""What the rules say about this company at this moment: effort, luck, delays, priorities.

Invariant: pure questions to the books and the rules, but for `_effort`, which also notes what starting a step does.
"""

from sim import draws
from sim.engines.books import NONE, Books
from sim.engines.settings import DECISION_TIME
from sim.organisation.build import LONGEST_IDLE, NO_DESK, SAME_WORKER
from sim.rules.effort import decision_hours, handicap_of, related_cases, reread_part, switch_part
from sim.rules.grid import on_grid
from sim.rules.priority import request_priority
from sim.rules.quality import defect_probability, mean_unfamiliarity
from sim.rules.step import effort_parts, familiarity, law_hours
from sim.trajectory import COLUMN, OUTSIDE, STEP, TRIAGE

WHOLE_REQUEST = frozenset((draws.PURPOSE_CAUGHT, draws.PURPOSE_COMPLAINT, draws.PURPOSE_CORRECTED))


class Reckoning(Books):
    """Answers from the rules."""

    def here(self, request: int) -> int:
        """Index of the request's current step in the world's arrays of steps."""
        return self.first_step[request] + self.at_step[request]

    def cell(self, request: int) -> tuple[int, int, int]:
        """Function, product and segment under which the company files the current step."""
        function, product = self.function[self.here(request)], self.product[request]
        seen = self.recognised[request] if self.grouped[function][product] else self.segment[request]
        return function, product, seen

    def department(self, request: int) -> int:
        """The department that gets the current step."""
        function, product, segment = self.cell(request)
        return self.department_of[function][product][segment]

    def lucky(self, request: int, purpose: int, chance: float) -> bool:
        """A yes/no event of the current step and visit: its uniform against its probability."""
        if chance <= 0.0:
            return False
        step = 0 if purpose in WHOLE_REQUEST else self.position[self.here(request)]
        return draws.uniform(self.luck[request], purpose, step, self.visit[request]) < chance

    def hours(self, law: int, request: int, purpose: int, step: int, visit: int, factor: float = 1.0) -> float:
        """A random delay of the scenario: one of the laws of the settings."""
        laws, u = self.settings.laws, draws.uniform(self.luck[request], purpose, step, visit)
        where = laws.starts[law], laws.counts[law]
        return law_hours(laws.kinds[law], laws.firsts[law], laws.seconds[law], laws.table, *where, u, self.number[request], factor)

    def key(self, request: int, department: int, now: float) -> tuple[int, float, float, int]:
        """Place in a queue: coordinated requests first, then the department's rule, then who came first."""
        rule, segment, work = self.request_key[department], self.segment[request], self.content[self.here(request)]
        first = now
        if rule:
            times = self.arrival[request], self.promise[request]
            first = request_priority(rule, now, *times, work, self.margin[segment], self.priority[segment])
        return (0 if self.coordinated else 1, first, now, request)

    def liking(self, worker: int, request: int) -> float:
        """The smaller, the rather this worker takes the request."""
        if self.worker_key == LONGEST_IDLE:
            return 0.0
        if self.worker_key == SAME_WORKER:
            return 0.0 if self.last_server[self.customer[request]] == worker else 1.0
        return (1.0 + self._handicap(worker, request)) * self.pace[worker]

    def kept(self, request: int, department: int) -> float:
        """Context that survives when the person changes."""
        if department == self.last_department[request]:
            return self.settings.context_within
        return self.settings.context_coordinated if self.coordinated else self.settings.context_between

    def work(self, request: int) -> float:
        """Work content of the current visit; a repeat takes a share of the first, or is drawn anew."""
        here = self.here(request)
        if not self.visit[request]:
            return self.content[here]
        if not self.settings.fresh:
            return on_grid(self.settings.rework_share * self.content[here])
        laws, row = self.market.work, self.market.route_start[self.product[request]] + self.position[here]
        u = draws.uniform(self.luck[request], draws.PURPOSE_WORK, self.position[here], self.visit[request])
        factor, where = self.market.content_factor[self.segment[request]], (laws.starts[row], laws.counts[row])
        return law_hours(laws.kinds[row], laws.firsts[row], laws.seconds[row], laws.table, *where, u, self.number[request], factor)

    def unfamiliar(self, person: int, function: int, product: int, segment: int) -> tuple[float, float, float]:
        """Unfamiliarity of a person on the three axes."""
        rules, state = self.settings, self.state
        cases = self.by_function[person, function], self.by_product[person, product], self.by_segment[person, segment]
        if rules.related_weight > 0.0:
            axes = (state.by_function, state.by_product, state.by_segment)
            cases = tuple(related_cases(own, axis[person], rules.related_weight) for own, axis in zip(cases, axes, strict=True))
        return familiarity(*cases, rules.beginner_cases, rules.exponent)

    def _handicap(self, person: int, request: int) -> float:
        function = self.function[self.here(request)]
        unfamiliar = self.unfamiliar(person, function, self.product[request], self.segment[request])
        return handicap_of(*self.knowledge[function], *unfamiliar)

    def decision(self, person: int, request: int, boss: int) -> float:
        """Hours a boss needs to decide; the effort rule with the boss's own experience."""
        purpose = draws.PURPOSE_DECISION_SECOND if boss else draws.PURPOSE_DECISION
        step = self.position[self.here(request)]
        return decision_hours(self.hours(DECISION_TIME, request, purpose, step, self.visit[request]), self._handicap(person, request))

    def effort(self, worker: int, request: int, now: float) -> float:
        """Hours of the step for this worker: work, what he or she does not know, own pace, set-up, reading up."""
        rules, here = self.settings, self.here(request)
        function, product, segment = self.function[here], self.product[request], self.segment[request]
        work, weights = self.work(request), self.knowledge[function]
        u_function, u_product, u_segment = self.unfamiliar(worker, function, product, segment)
        desk = self.coordinator_desk[product][segment]
        if desk != NO_DESK:
            u_segment = min(u_segment, self.unfamiliar(self.first_person[desk], function, product, segment)[2])
        parts = effort_parts(work, *weights, u_function, u_product, u_segment, self.pace[worker])
        changed = self.last_kind[worker] not in ((NONE, NONE), (function, product))
        switch = switch_part(self.mean_work[product][function], rules.switch_share, rules.switch_hours) if changed else 0.0
        context = self.context[request]
        reread = reread_part(context, rules.reread_share, self.work_done[request]) if context < 1.0 else 0.0
        hours = work + parts[0] + parts[1] + parts[2] + parts[3] + switch + reread
        unfamiliar = mean_unfamiliarity(u_function, u_product, u_segment, *weights)
        slopes = rules.defect_base, rules.defect_unfamiliarity, unfamiliar, rules.defect_reference
        if self.lucky(request, draws.PURPOSE_DEFECT, defect_probability(*slopes, context, rules.defect_context)):
            self.defective[request] = True
        self.context[request], self.last_kind[worker] = 1.0, (function, product)
        self.work_done[request] += work
        familiar = u_function, u_product, u_segment
        self.write(request, worker, STEP, now, now + hours, (work, *parts, switch, reread, 0.0, *familiar))
        return hours

    def triage(self, worker: int, request: int, now: float) -> float:
        """Hours to find out that a customer belongs elsewhere."""
        hours = on_grid(self.settings.triage_share * self.work(request))
        self.write(request, worker, TRIAGE, now, now + hours, (0.0,) * 7 + (hours,) + (0.0,) * 3)
        return hours

    def write(self, request: int, worker: int, kind: int, start: float, end: float, parts: tuple[float, ...]) -> None:
        """A row of the log; what was measured on the way to this step goes with it."""
        here = self.here(request)
        department = NONE if worker == NONE else self.home[worker]
        outside = end - start if kind == OUTSIDE else self.outside[request]
        queued = start if kind == OUTSIDE else self.since[request]
        adapted = float(self.recognised[request] == self.segment[request])
        self.open_row[request] = len(self.rows)
        self.rows.extend((
            request, self.position[here], self.visit[request], self.function[here], self.product[request], self.segment[request],
            department, worker, kind, self.passage[request], self.claim[request], outside, self.moving[request],
            self.coordination[request], queued, start, end, *parts, 0.0, 0.0, adapted, 0.0,
        ))  # fmt: skip
        if kind != OUTSIDE:
            self.claim[request] = self.outside[request] = self.moving[request] = self.coordination[request] = 0.0

    def concede(self, request: int) -> None:
        """Note that a worker decided alone and gave something away."""
        self.rows[self.open_row[request] + COLUMN["concession"]] = 1.0

    def note_decision(self, request: int, waited: float, decision: float) -> None:
        """Note how long the step's decision took."""
        self.rows[self.open_row[request] + COLUMN["decision_wait"]] = waited
        self.rows[self.open_row[request] + COLUMN["decision"]] = decision
