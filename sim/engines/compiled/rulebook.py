"""What the rules say about this company now: durations, chances, priorities, what a person knows.

Invariant: the answers of the SimPy engine's rulebook under the same names.
"""

from sim import draws, questions
from sim.engines.compiled.entities import Company, Record
from sim.jit import compiled, inlined
from sim.mechanisms import telling
from sim.mechanisms.decisions import decision_hours
from sim.mechanisms.learning import total_cases
from sim.mechanisms.queue_order import request_priority
from sim.organisation.build import LONGEST_IDLE, SAME_WORKER
from sim.rules.grid import on_grid
from sim.rules.laws import LAW_DETERMINISTIC, law_hours
from sim.trajectory import OPEN


@inlined
def true_cell(company: Company, request: Record) -> Record:
    """What is said about the current step as it really is."""
    return company.cells[company.cell[request.step]]


@inlined
def cell(company: Company, request: Record) -> Record:
    """What is said about the current step as the company files it; the segment must be recognised."""
    true = true_cell(company, request)
    if not true.grouped:
        return true
    return company.cells[company.cell[request.step] - request.segment + request.recognised]


@inlined
def happens(company: Company, request: Record, purpose: int, chance: float) -> bool:
    """A Bernoulli draw of the current step and visit: its uniform against its probability."""
    place = company.position[request.step]
    return chance > 0.0 and draws.uniform(request.stream, purpose, place, request.visit) < chance


@compiled
def happens_once(request: Record, purpose: int, chance: float) -> bool:
    """A Bernoulli draw of the whole request and visit."""
    return chance > 0.0 and draws.uniform(request.stream, purpose, 0, request.visit) < chance


@inlined
def is_waiting(company: Company, about: Record) -> bool:
    """Does the customer wait for what patience is needed for: the first touch, or the resolution?"""
    touched = about.first_start == about.first_start
    return about.status == OPEN and (not touched or company.numbers[0].patience_until != 0)


@compiled
def hours(company: Company, law: int, request: Record, purpose: int, place: int, visit: int) -> float:
    """A random delay of the scenario: `law`: its number in `Numbers`."""
    return sample(company, law, request, purpose, place, visit, 1.0)


@compiled
def sample(
    company: Company, row: int, request: Record, purpose: int, place: int, visit: int, factor: float
) -> float:
    """The law in this row, times a factor, on the grid."""
    law = company.laws[row]
    if law.kind == LAW_DETERMINISTIC:
        return on_grid(law.first * factor)
    table, number, u = company.table, request.number, draws.uniform(request.stream, purpose, place, visit)
    return law_hours(law.kind, law.first, law.second, table, law.start, law.count, u, number, factor)


@compiled
def key(company: Company, request: Record, rule: int, now: float) -> float:
    """Place in a queue by the department's rule; then who came first."""
    if not rule:
        return now
    true, work = true_cell(company, request), company.content[request.step]
    arrival, promise, priority = request.arrival, true.promise, true.priority
    margin = true.margin + company.standing[request.customer]
    return request_priority(rule, now, arrival, promise, work, margin, priority)


@inlined
def comes(company: Company, request: Record) -> bool:
    """Does a drawn request come about?"""
    chance = company.active[request.customer]
    return bool(chance >= 1.0 or draws.uniform(request.stream, draws.PURPOSE_COMES, 0, 0) < chance)


@inlined
def waits_for(company: Company, owner: int) -> bool:
    """Does a request wait for the person who knows it, should he or she be away?"""
    return questions.waits_for_owner(company.numbers, company.people[owner].away_until - company.clock[0].now)


@compiled
def liking(company: Company, worker: int, request: Record) -> float:
    """The smaller, the rather this worker takes the request."""
    if company.fixed[0].worker_key == LONGEST_IDLE:
        return 0.0
    if company.fixed[0].worker_key == SAME_WORKER:
        return 0.0 if company.customers[request.customer].last_server == worker else 1.0
    return (1.0 + handicap(company, worker, request)) * company.pace[worker]  # type: ignore[no-any-return]


@compiled
def context_kept(company: Company, before: int, worker: int) -> float:
    """Context that survives when another person takes a request over."""
    people = company.people
    return questions.context_kept(company.numbers, people[before].department == people[worker].department)


@inlined
def work(company: Company, request: Record) -> float:
    """Work content of the current visit; a repeat takes a share of the first, or is drawn anew."""
    content = company.content[request.step]
    if not request.visit:
        return content
    if not company.numbers[0].rework_fresh:
        return questions.repeated_work(company.numbers, content)
    true, place = true_cell(company, request), company.position[request.step]
    row, visit = true.first_law + place, request.visit
    return sample(company, row, request, draws.PURPOSE_WORK, place, visit, true.content_factor)


@inlined
def lacks(company: Company, request: Record) -> bool:
    """Is something missing when the first step is about to begin?"""
    return not request.checked and happens_once(
        request, draws.PURPOSE_INCOMPLETE, telling.lacking(company.numbers)
    )


@inlined
def cases(company: Company, person: int, request: Record) -> tuple[float, float, float]:
    """Counted experience of a person on the three axes of the current step."""
    numbers = company.numbers
    by_function = company.by_function[person, true_cell(company, request).function]
    by_product = company.by_product[person, request.product]
    by_segment = company.by_segment[person, request.segment]
    if questions.counts_related(numbers):
        by_function = questions.cases_counted(numbers, by_function, total_cases(company.by_function[person]))
        by_product = questions.cases_counted(numbers, by_product, total_cases(company.by_product[person]))
        by_segment = questions.cases_counted(numbers, by_segment, total_cases(company.by_segment[person]))
    if numbers[0].variants_enabled:
        together = total_cases(company.by_segment[person])
        own = company.by_segment[person, request.segment]
        by_product = questions.of_version(numbers, by_product, own, together)
    return by_function, by_product, by_segment


@compiled
def handicap(company: Company, person: int, request: Record) -> float:
    """Sum of weight times unfamiliarity."""
    true, own = true_cell(company, request), cases(company, person, request)
    weights = true.on_function, true.on_product, true.on_segment
    return questions.handicap(company.numbers, own[0], own[1], own[2], weights[0], weights[1], weights[2])


@compiled
def decision(company: Company, person: int, request: Record, boss: int) -> float:
    """Hours a boss needs to decide; the effort rule with the boss's own experience."""
    purpose = draws.PURPOSE_DECISION_SECOND if boss else draws.PURPOSE_DECISION
    place = company.position[request.step]
    content = hours(company, company.numbers[0].decision, request, purpose, place, request.visit)
    return decision_hours(content, handicap(company, person, request))
