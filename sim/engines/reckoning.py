"""What the rules say about this company at this moment: effort, luck, delays, priorities.

Invariant: questions to the books and the rules; only `effort` and `triage` also note what starting does.
"""

import struct

from sim import draws
from sim.engines.books import NO_KIND, NONE, NOTHING, Books, Three
from sim.engines.settings import DECISION_TIME
from sim.organisation.build import LONGEST_IDLE, SAME_WORKER
from sim.rules.effort import decision_hours, handicap_of, related_cases, reread_part, switch_part
from sim.rules.grid import on_grid
from sim.rules.laws import Packed
from sim.rules.priority import request_priority
from sim.rules.quality import defect_probability, mean_unfamiliarity
from sim.rules.step import effort_parts, familiarity, law_hours
from sim.trajectory import COLUMN, OUTSIDE, RAW, STEP, TRIAGE

WHOLE_REQUEST = frozenset((draws.PURPOSE_CAUGHT, draws.PURPOSE_COMPLAINT, draws.PURPOSE_CORRECTED))
ROW, NUMBER = struct.Struct(f"{len(RAW)}d"), struct.Struct("d")
ALL_NEW: Three = (1.0, 1.0, 1.0)
NO_KNOWLEDGE: Three = (0.0, 0.0, 0.0)
NO_PARTS = (0.0, 0.0, 0.0, 0.0)


def in_order(noted: list[int] | set[int]) -> list[int]:
    """What was noted, by id; the note is emptied."""
    if len(noted) == 1:
        return [noted.pop()]
    ordered = sorted(noted)
    noted.clear()
    return ordered


class Reckoning(Books):
    """Answers from the rules."""

    def cell(self, request: int) -> tuple[int, int, int]:
        """Function, product and segment under which the company files the current step."""
        function, product = self.function[self.step[request]], self.product[request]
        return (
            function,
            product,
            (self.recognised if self.grouped[function][product] else self.segment)[request],
        )

    def lucky(self, request: int, purpose: int, chance: float) -> bool:
        """A yes/no event of the current step and visit: its uniform against its probability."""
        if chance <= 0.0:
            return False
        place = 0 if purpose in WHOLE_REQUEST else self.position[self.step[request]]
        return draws.uniform(self.luck[request], purpose, place, self.visit[request]) < chance

    def hours(self, law: int, request: int, purpose: int, step: int, visit: int) -> float:
        """A random delay of the scenario: one of the laws of the settings."""
        fixed = self.fixed_hours[law]
        if fixed is not None:
            return fixed
        laws, u = self.settings.laws, draws.uniform(self.luck[request], purpose, step, visit)
        return self._sample(laws, law, u, request, 1.0)

    def key(self, request: int, department: int, now: float) -> tuple[int, float, float, int]:
        """Place in a queue: coordinated requests first, then the department's rule, then who came first."""
        rule, segment, work = (
            self.request_key[department],
            self.segment[request],
            self.content[self.step[request]],
        )
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
        return float((1.0 + self._handicap(worker, request)) * self.pace[worker])

    def kept(self, request: int, department: int) -> float:
        """Context that survives when the person changes."""
        if department == self.last_department[request]:
            return self.settings.context_within
        return self.settings.context_coordinated if self.coordinated else self.settings.context_between

    def work(self, request: int) -> float:
        """Work content of the current visit; a repeat takes a share of the first, or is drawn anew."""
        step = self.step[request]
        if not self.visit[request]:
            return float(self.content[step])
        if not self.settings.fresh:
            return on_grid(self.settings.rework_share * self.content[step])
        laws, row = self.market.work, self.market.route_start[self.product[request]] + self.position[step]
        u = draws.uniform(self.luck[request], draws.PURPOSE_WORK, self.position[step], self.visit[request])
        return self._sample(laws, row, u, request, self.market.content_factor[self.segment[request]])

    def _sample(self, laws: Packed, row: int, u: float, request: int, factor: float) -> float:
        """The law in this row at u, times a factor, on the grid."""
        law = laws.kinds[row], laws.firsts[row], laws.seconds[row]
        index = self.number[request]
        return law_hours(*law, laws.table, laws.starts[row], laws.counts[row], u, index, factor)

    def unfamiliar(self, person: int, function: int, product: int, segment: int) -> Three:
        """Unfamiliarity of a person on the three axes."""
        rules, state = self.settings, self.state
        if rules.exponent == 0.0:
            return ALL_NEW  # nobody learns
        cases = (
            self.by_function[person, function],
            self.by_product[person, product],
            self.by_segment[person, segment],
        )
        if rules.related_weight > 0.0:
            weight = rules.related_weight
            cases = (
                related_cases(cases[0], state.by_function[person], weight),
                related_cases(cases[1], state.by_product[person], weight),
                related_cases(cases[2], state.by_segment[person], weight),
            )
        return familiarity(*cases, rules.beginner_cases, rules.exponent)

    def _handicap(self, person: int, request: int) -> float:
        function = self.function[self.step[request]]
        on_function, on_product, on_segment = self.knowledge[function]
        unfamiliar = self.unfamiliar(person, function, self.product[request], self.segment[request])
        return handicap_of(on_function, on_product, on_segment, *unfamiliar)

    def decision(self, person: int, request: int, boss: int) -> float:
        """Hours a boss needs to decide; the effort rule with the boss's own experience."""
        purpose = draws.PURPOSE_DECISION_SECOND if boss else draws.PURPOSE_DECISION
        place = self.position[self.step[request]]
        hours = self.hours(DECISION_TIME, request, purpose, place, self.visit[request])
        return decision_hours(hours, self._handicap(person, request))

    def effort(self, worker: int, request: int, now: float) -> float:
        """Hours of the step for this worker: work, what he or she does not know, own pace, set-up, reading
        up."""
        rules, step, product, segment = (
            self.settings,
            self.step[request],
            self.product[request],
            self.segment[request],
        )
        function, pace = self.function[step], self.pace[worker]
        work = self.work(request) if self.visit[request] else self.content[step]
        weights, kind = self.knowledge[function], (function, product)
        unfamiliar = self.unfamiliar(worker, function, product, segment)
        if self.coordinated:
            unfamiliar = self._helped(unfamiliar, function, product, segment)
        parts = (
            effort_parts(work, *weights, *unfamiliar, pace)  # type: ignore[call-arg]
            if pace != 1.0 or weights != NO_KNOWLEDGE
            else NO_PARTS
        )
        switch, reread, context = 0.0, 0.0, self.context[request]
        if self.last_kind[worker] not in (NO_KIND, kind):
            switch = (
                switch_part(self.mean_work[product][function], rules.switch_share, rules.switch_hours)
                if self.switching
                else 0.0
            )
        if context < 1.0:
            reread = reread_part(context, rules.reread_share, self.work_done[request])
            self.context[request] = 1.0
        hours = work + parts[0] + parts[1] + parts[2] + parts[3] + switch + reread
        if self.failing and self._fails(request, weights, unfamiliar, context):
            self.defective[request] = True
        self.last_kind[worker] = kind
        self.work_done[request] += work
        self.write(request, worker, STEP, now, now + hours, (work, *parts, switch, reread, 0.0, *unfamiliar))
        return hours

    def learn(self, person: int, request: int, coordinating: bool) -> None:
        """A case more on each axis; coordination teaches about product and segment only."""
        self.cases[person] += 1.0
        if self.settings.exponent > 0.0:
            self.by_function[person, self.function[self.step[request]]] += 0.0 if coordinating else 1.0
            self.by_product[person, self.product[request]] += 1.0
            self.by_segment[person, self.segment[request]] += 1.0

    def spend(self, request: int, on: int, hours: float) -> None:
        """Note time that passed on the way to the next step."""
        times = list(self.before[request])
        times[on] += hours
        self.before[request] = (times[0], times[1], times[2], times[3])

    def _helped(self, unfamiliar: Three, function: int, product: int, segment: int) -> Three:
        """The coordinator's knowledge of the segment replaces the worker's where it is better."""
        person = self.first_person[self.coordinator_desk[product][segment]]
        return (*unfamiliar[:2], min(unfamiliar[2], self.unfamiliar(person, function, product, segment)[2]))

    def _fails(self, request: int, weights: Three, unfamiliar: Three, context: float) -> bool:
        rules = self.settings
        if rules.defect_unfamiliarity == 0.0 == rules.defect_context:
            return self.lucky(request, draws.PURPOSE_DEFECT, rules.defect_base)
        slopes = (
            rules.defect_base,
            rules.defect_unfamiliarity,
            mean_unfamiliarity(*unfamiliar, *weights),
            rules.defect_reference,
        )
        return self.lucky(
            request, draws.PURPOSE_DEFECT, defect_probability(*slopes, context, rules.defect_context)
        )

    def triage(self, worker: int, request: int, now: float) -> float:
        """Hours to find out that a customer belongs elsewhere."""
        hours = on_grid(self.settings.triage_share * self.work(request))
        self.write(request, worker, TRIAGE, now, now + hours, (0.0,) * 7 + (hours,) + (0.0,) * 3)
        return hours

    def write(
        self, request: int, worker: int, kind: int, start: float, end: float, parts: tuple[float, ...]
    ) -> None:
        """A row of the log; what was measured on the way to this step goes with it."""
        step, segment = self.step[request], self.segment[request]
        before, department, queued = self.before[request], self.home[worker], self.since[request]
        if kind == OUTSIDE:
            before, department, queued = (0.0, end - start, 0.0, 0.0), NONE, start
        else:
            self.before[request] = NOTHING
        self.open_row[request] = len(self.rows)
        self.rows += ROW.pack(
            request, self.position[step], self.visit[request], self.function[step], self.product[request],
            segment,
            department, worker, kind, self.passage[request], *before, queued, start, end, *parts,
            0.0, 0.0, self.recognised[request] == segment, 0.0,
        )  # fmt: skip

    def correct(self, request: int, column: str, value: float) -> None:
        """Fill in what was not known yet when the row of the step in hand was written."""
        NUMBER.pack_into(self.rows, self.open_row[request] + NUMBER.size * COLUMN[column], value)
