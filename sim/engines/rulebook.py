"""What the rules say about this company now: durations, chances, priorities, what a person knows.

Invariant: only answers; nothing of the company changes here.
"""

import numpy as np

from sim import draws, questions
from sim.engines.entities import NO_KNOWLEDGE, NONE, NOT_YET, Cell, Department, Desk, Person, Request
from sim.engines.event_log import NOTHING_MORE
from sim.engines.set_up import Crew, cells_of
from sim.engines.where import ASKING, COORDINATED, ON_TRIAGE
from sim.mechanisms import telling
from sim.mechanisms.decisions import decision_hours
from sim.mechanisms.equipment import failure, repair
from sim.mechanisms.learning import total_cases
from sim.mechanisms.quality_programme import caught_chance
from sim.mechanisms.queue_order import FIFO, SEGMENT_PRIORITY, VALUE, request_priority
from sim.numbers import Numbers
from sim.organisation.build import LONGEST_IDLE, SAME_WORKER, Organisation
from sim.questions import Three
from sim.review import State
from sim.rules.grid import on_grid
from sim.rules.laws import LAW_DETERMINISTIC, Packed, law_hours
from sim.trajectory import COORDINATION, DECISION, FIRST, OPEN, RETURN, REWORK, STEP
from sim.world import CustomerModel, World

OF_THE_REQUEST = "CAUGHT", "COMPLAINT", "CORRECTED", "REQUIRED", "INCOMPLETE"
WHOLE_REQUEST = frozenset(getattr(draws, f"PURPOSE_{name}") for name in OF_THE_REQUEST)
CONCESSION = -1
"""Instead of a number of bosses: who did the step is empowered, and decides alone."""
Step = tuple[float, tuple[float, ...], float]
"""Work content, what is added to it as the event log wants it, the chance of a defect."""


class Rulebook:
    """The scenario's rules, asked by the flow; slots make its methods cheaper to call."""

    __slots__ = (
        "alongside", "by_segment", "cells", "cells_of_work", "content", "coordinated", "crew", "effects",
        "fixed_hours", "foreseen", "laws", "learning", "may_help", "model", "named", "numbers", "pace",
        "person", "position", "record", "related", "relay", "seats", "state", "switching", "worker_key",
        "workplaces",
    )  # fmt: skip

    def __init__(
        self,
        model: CustomerModel,
        world: World,
        organisation: Organisation,
        numbers: Numbers,
        state: State,
        crew: Crew,
    ):
        self.model, self.state, self.effects, self.crew = model, state, state.effects, crew
        self.pace = memoryview(state.effects.pace)  # type: ignore[arg-type]
        self.numbers, self.record, self.laws = numbers.plain, numbers.record, numbers.laws
        self.worker_key, self.relay = organisation.worker_key, organisation.relay
        self.coordinated = numbers.plain.coordinated
        self.position, self.content = world.step_position.tolist(), world.step_work.tolist()
        self.alongside, self.person = world.step_alongside.tolist(), world.step_person.tolist()
        self.named, self.may_help = organisation.named.tolist(), organisation.may_help
        self.seats = state.kept["P8"]["people"].tolist() if numbers.plain.equipment_enabled else []
        self.workplaces = len(self.seats)
        worth = list(zip(model.margin.tolist(), model.priority.tolist(), strict=True))
        self.by_segment = {
            rule: [request_priority(rule, 0.0, 0.0, 0.0, 0.0, *both) for both in worth]
            for rule in (VALUE, SEGMENT_PRIORITY)
        }
        # What is worth asking at all.
        self.fixed_hours = [
            on_grid(value) if kind == LAW_DETERMINISTIC else None
            for kind, value in zip(self.laws.kinds.tolist(), self.laws.firsts.tolist(), strict=True)
        ]
        self.learning, self.related = questions.learns(self.record), questions.counts_related(self.record)
        self.switching = questions.expected_switch(self.record, 1.0) > 0.0
        by_person = questions.errs_by_person(self.record)
        adds = questions.adds_to_steps(self.record)
        neutral = not (self.learning or self.switching or by_person or adds)
        self.cells_of_work: list[list[list[Cell]]] = cells_of(model, organisation, crew, neutral)
        steps = np.diff(world.first_step)
        wanted = world.step_function, np.repeat(world.product, steps), np.repeat(world.segment, steps)
        columns = (column.tolist() for column in wanted)
        self.cells: list[Cell] = [self.cells_of_work[f][p][s] for f, p, s in zip(*columns, strict=True)]
        self.foreseen = self._foreseen(world, by_person)

    def _foreseen(self, world: World, by_person: bool) -> dict[int, list[float]]:
        """Uniforms of what is asked at most steps, drawn for all steps of first passages at once."""
        asked = {
            draws.PURPOSE_DEFECT: by_person or self.numbers.defects_base > 0.0,
            draws.PURPOSE_EXCEPTION: self.model.exceptions.max() > 0.0,
            draws.PURPOSE_CONFLICT: self.coordinated and self.numbers.matrix_conflict > 0.0,
        }
        streams = np.repeat(world.state, np.diff(world.first_step))
        return {
            purpose: draws.uniforms_at(streams, purpose, world.step_position, 0).tolist()
            for purpose, often in asked.items()
            if often
        }

    def filed(self, request: Request) -> Cell | None:
        """The cell under which the company files the current step; None if it does not know the customer."""
        cell = self.cells[request.step]
        if not cell.grouped or request.recognised == request.segment:
            return cell
        if request.recognised == NONE:
            return None
        return self.cells_of_work[cell.function][cell.product][request.recognised]

    def is_alongside(self, request: Request) -> bool:
        """Does the request go on while the current step is worked on?"""
        return bool(self.alongside) and self.alongside[request.step]

    def owner(self, request: Request, department: Department) -> Person | None:
        """Who knows the request there, or who did the step in the log and has a hand free; else anybody."""
        if request.owners is not None and department in request.owners:
            return request.owners[department]
        person = self.person[request.step] if self.named else NONE
        first, after, own = self.named[person] if person != NONE else (0, 0, NONE)
        hands = self.crew.people[first:after] if own == department.id else ()
        return next((person for person in hands if not person.busy and not person.own), None)

    def is_waiting(self, request: Request) -> bool:
        """Does the customer wait for what patience is needed for: the first touch, or the resolution?"""
        untouched = request.first_start == NOT_YET
        return request.status == OPEN and (untouched or bool(self.numbers.patience_until))

    def desks(self, request: Request) -> list[Desk | None]:
        """The coordinator, or who decides: two bosses in a conflict, the general manager across borders."""
        coordinator = self.cells[request.step].coordinator
        manager = request.department.manager if request.department else None
        if request.place == COORDINATED:
            return [coordinator]
        if request.bosses == 2:
            return [manager, coordinator]
        if request.handoffs and self.happens(request, draws.PURPOSE_CROSS, self.numbers.share_cross):
            return [self.crew.general]
        return [manager]

    def bosses(self, request: Request) -> int:
        """Bosses who decide on the step just done: two in a conflict, one on an exception; or CONCESSION."""
        if request.filed.department.manager is None:
            return 0
        if self.coordinated and self.happens(request, draws.PURPOSE_CONFLICT, self.numbers.matrix_conflict):
            return 2
        if not self.happens(request, draws.PURPOSE_EXCEPTION, self.cells[request.step].exception):
            return 0
        alone = self.happens(request, draws.PURPOSE_EMPOWERED, self.numbers.empowered_share)
        return CONCESSION if alone else 1

    def repeats(self, request: Request) -> int:
        """A defect: found inside (REWORK), brought back (RETURN), or suffered in silence (still FIRST)."""
        felt = self.is_felt(request)
        caught = self.happens(request, draws.PURPOSE_CAUGHT, caught_chance(self.record, felt))
        complaint = self.numbers.rework_complaint if felt else 0.0
        told = caught or self.happens(request, draws.PURPOSE_COMPLAINT, complaint)
        if not told or request.visit >= self.numbers.rework_rounds:
            return FIRST
        return REWORK if caught else RETURN

    def is_felt(self, request: Request) -> bool:
        """Does a defect break what the customer requires?"""
        share, among = self.numbers.quality_programme_required, self.numbers.quality_programme_enabled
        return not among or self.happens(request, draws.PURPOSE_REQUIRED, share)

    def blamed(self, request: Request, worker: Person, chance: float) -> int:
        """The system cause but for which no step of this passage had gone wrong so far, or the first one."""
        cell = self.cells[request.step]
        department, function = cell.department.id, cell.function
        base, care = self.effects.defect_base, self.effects.care[worker.id].item()
        part = base[department, function].item() * care
        if (
            request.blamed != NONE
            or part <= 0.0
            or self.happens(request, draws.PURPOSE_DEFECT, chance - part)
        ):
            return request.blamed
        return int(department * base.shape[1] + function)

    def following(self, request: Request, step: int) -> int:
        """The first step from here on that this visit takes: a repeated round does not wait outside again."""
        while request.visit and step < request.end and self.cells[step].is_delay:
            step += 1
        return step

    def happens(self, request: Request, purpose: int, chance: float) -> bool:
        """A Bernoulli draw of the current step and visit: its uniform against its probability."""
        if chance <= 0.0:
            return False
        if not request.visit and purpose in self.foreseen:
            return self.foreseen[purpose][request.step] < chance
        place = 0 if purpose in WHOLE_REQUEST else self.position[request.step]
        return draws.uniform(request.stream, purpose, place, request.visit) < chance

    def hours(self, law: int, request: Request, purpose: int, place: int, visit: int) -> float:
        """A random delay of the scenario; `law`: its number in `Numbers`."""
        fixed = self.fixed_hours[law]
        if fixed is not None:
            return fixed
        return self._sample(self.laws, law, request, purpose, place, visit, 1.0)

    def _sample(
        self, laws: Packed, row: int, request: Request, purpose: int, place: int, visit: int, factor: float
    ) -> float:
        """The law in this row, times a factor, on the grid."""
        law, where = (
            (laws.kinds[row], laws.firsts[row], laws.seconds[row]),
            (laws.starts[row], laws.counts[row]),
        )
        u = draws.uniform(request.stream, purpose, place, visit)
        return law_hours(*law, laws.table, *where, u, request.number, factor)

    def key(self, request: Request, department: Department, now: float) -> tuple[int, float, float, Request]:
        """Place in a queue: coordinated requests first, then the department's rule, then who came first."""
        rule, first = department.rule, now
        if rule in self.by_segment:
            first = self.by_segment[rule][request.segment]
            if rule == VALUE and self.state.slow:
                first -= self.effects.standing[request.customer].item()
        elif rule != FIFO:
            times, work = (request.arrival, request.promise), self.content[request.step]
            first = request_priority(rule, now, *times, work, 0.0, 0.0)
        return (0 if self.coordinated else 1, first, now, request)

    def comes(self, request: Request) -> bool:
        """Does a drawn request come about?"""
        if not self.state.slow:
            return True
        chance: float = self.effects.active[request.customer].item()
        return chance >= 1.0 or draws.uniform(request.stream, draws.PURPOSE_COMES, 0, 0) < chance

    def waits_for(self, owner: Person, now: float) -> bool:
        """Does a request wait for the person who knows it, should he or she be away?"""
        return questions.waits_for_owner(self.record, owner.away_until - now)

    def liking(self, worker: Person, request: Request, knows: bool) -> float:
        """The smaller, the rather this worker takes the request; `knows`: who served this customer last."""
        if self.worker_key == LONGEST_IDLE:
            return 0.0
        if self.worker_key == SAME_WORKER:
            return 0.0 if knows else 1.0
        return float((1.0 + self._handicap(worker, request)) * self.pace[worker.id])

    def context_kept(self, before: Person, worker: Person) -> float:
        """Context that survives when another person takes a request over."""
        same: bool = before.department is worker.department
        return questions.context_kept(self.record, same)

    def work(self, request: Request) -> float:
        """Work content of the current visit; a repeat takes a share of the first, or is drawn anew."""
        step = request.step
        if not request.visit:
            return float(self.content[step])
        if not self.numbers.rework_fresh:
            return questions.repeated_work(self.record, self.content[step])
        place, laws = self.position[step], self.model.work
        row = self.model.route_start[request.product] + place
        factor = self.model.content_factor[request.segment]
        return self._sample(laws, row, request, draws.PURPOSE_WORK, place, request.visit, factor)

    def _cases(self, person: Person, cell: Cell) -> Three:
        """Counted experience of a person on the three axes of a cell."""
        if not self.learning:
            return NO_KNOWLEDGE
        function, product, segment = cell.function, cell.product, cell.segment
        cases = person.by_function[function], person.by_product[product], person.by_segment[segment]
        if not self.related and not self.numbers.variants_enabled:
            return cases
        rows = self.state.by_function, self.state.by_product, self.state.by_segment
        together = [total_cases(axis[person.id]) for axis in rows]
        f, p, s = cases
        if self.related:
            f, p, s = (
                questions.cases_counted(self.record, own, total)
                for own, total in zip(cases, together, strict=True)
            )
        if self.numbers.variants_enabled:
            p = questions.of_version(self.record, p, cases[2], together[2])
        return f, p, s

    def _handicap(self, person: Person, request: Request) -> float:
        cell = self.cells[request.step]
        return questions.handicap(self.record, *self._cases(person, cell), *cell.weights)

    def decision(self, person: Person, request: Request, boss: int) -> float:
        """Hours a boss needs to decide; the effort rule with the boss's own experience."""
        purpose = draws.PURPOSE_DECISION_SECOND if boss else draws.PURPOSE_DECISION
        place = self.position[request.step]
        hours = self.hours(self.numbers.decision, request, purpose, place, request.visit)
        return decision_hours(hours, self._handicap(person, request))

    def effort(self, worker: Person, request: Request, waited: float) -> Step:
        """What the step takes of this worker now, after so many hours in the queue."""
        cell, context, effects = self.cells[request.step], request.context, self.effects
        work = self.work(request) if request.visit else self.content[request.step]
        pace, more, care = float(self.pace[worker.id]), 0.0, 1.0
        if self.state.slow:
            work = questions.content(work, effects.work_factor[request.product, request.segment].item())
            more = effects.defect_base[cell.department.id, cell.function].item()
            care = effects.care[worker.id].item()
            crowd = len(worker.department.workers)
            pace = questions.slowed_pace(self.record, pace, worker.slowed)
            pace = questions.busy_pace(self.record, pace, worker.department.waiting, crowd)
        elif cell.plain and pace == 1.0 and context == 1.0:
            return work, NOTHING_MORE, self.numbers.defects_base
        helped, kind = 1.0, (cell.function, cell.product)
        informing = telling.informing_hours(self.record, not request.checked, waited)
        if cell.coordinator is not None:
            coordinator = self._cases(cell.coordinator.people[0], cell)
            helped = questions.unfamiliar(self.record, *coordinator)[2]
        changed = self.switching and worker.last_kind is not None and worker.last_kind != kind
        found = questions.effort(
            self.record, work, *self._cases(worker, cell), helped, *cell.weights, pace, changed,
            cell.mean_work, context, request.work_done, informing, more, care,
        )  # fmt: skip
        return work, (*found[:6], 0.0, *found[6:9]), found[9]

    def task(self, request: Request) -> int:
        """What begins: triage where the customer belongs elsewhere, asking for what is missing, the step."""
        if self.cells[request.step].department is not request.filed.department:
            return ON_TRIAGE
        lacks = 0.0 if request.checked else telling.lacking(self.record)
        return ASKING if self.happens(request, draws.PURPOSE_INCOMPLETE, lacks) else STEP

    def finding_out(self, request: Request, kind: int) -> float:
        """Hours to find out that a customer belongs elsewhere, or what is missing."""
        if kind == ON_TRIAGE:
            return on_grid(questions.expected_triage(self.record, self.work(request)))
        return telling.asking_hours(self.record)

    def failure(self, worker: Person, number: int) -> float:
        """Hours of work until the workplace fails again, after so many failures."""
        return failure(self.record, self.seats[worker.id], number)

    def repair(self, worker: Person, number: int) -> float:
        """Hours of the repair after so many failures before."""
        return repair(self.record, self.seats[worker.id], number)

    def asked(self, person: Person, request: Request, boss: int) -> tuple[int, float]:
        """What is asked of somebody at a desk, and hours it takes: to take a request on, or to decide."""
        if request.place == COORDINATED:
            return COORDINATION, questions.coordination_hours(self.record)
        return DECISION, self.decision(person, request, boss)
