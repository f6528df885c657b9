"""What the rules say about this company at this moment: luck, delays, priorities, what a person knows.

Invariant: the questions of the SimPy engine's reckoning under the same names, asked of the same rules.
"""

from sim import draws
from sim.engines.compiled.entities import Company, Record
from sim.engines.settings import DECISION_TIME
from sim.jit import compiled, inlined
from sim.organisation.build import LONGEST_IDLE, SAME_WORKER
from sim.rules.effort import decision_hours, handicap_of, related_cases
from sim.rules.grid import on_grid
from sim.rules.laws import LAW_DETERMINISTIC
from sim.rules.priority import request_priority
from sim.rules.step import familiarity, law_hours
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
def lucky(company: Company, request: Record, purpose: int, chance: float) -> bool:
    """A yes/no event of the current step and visit: its uniform against its probability."""
    place = company.position[request.step]
    return chance > 0.0 and draws.uniform(request.luck, purpose, place, request.visit) < chance


@compiled
def lucky_request(request: Record, purpose: int, chance: float) -> bool:
    """A yes/no event of the whole request and visit."""
    return chance > 0.0 and draws.uniform(request.luck, purpose, 0, request.visit) < chance


@inlined
def is_waiting(company: Company, about: Record) -> bool:
    """Does the customer wait for what patience is needed for: the first touch, or the resolution?"""
    touched = about.first_start == about.first_start
    return about.status == OPEN and (not touched or company.rules[0].until_resolution)


@compiled
def hours(company: Company, law: int, request: Record, purpose: int, place: int, visit: int) -> float:
    """A random delay of the scenario: one of the laws of the settings."""
    return sample(company, law, request, purpose, place, visit, 1.0)


@compiled
def sample(
    company: Company, row: int, request: Record, purpose: int, place: int, visit: int, factor: float
) -> float:
    """The law in this row, times a factor, on the grid."""
    law = company.laws[row]
    if law.kind == LAW_DETERMINISTIC:
        return on_grid(law.first * factor)
    table, number, u = company.table, request.number, draws.uniform(request.luck, purpose, place, visit)
    return law_hours(law.kind, law.first, law.second, table, law.start, law.count, u, number, factor)


@compiled
def key(company: Company, request: Record, rule: int, now: float) -> float:
    """Place in a queue by the department's rule; then who came first."""
    if not rule:
        return now
    true, work = true_cell(company, request), company.content[request.step]
    arrival, promise, margin, priority = request.arrival, true.promise, true.margin, true.priority
    return request_priority(rule, now, arrival, promise, work, margin, priority)


@compiled
def liking(company: Company, worker: int, request: Record) -> float:
    """The smaller, the rather this worker takes the request."""
    if company.rules[0].worker_key == LONGEST_IDLE:
        return 0.0
    if company.rules[0].worker_key == SAME_WORKER:
        return 0.0 if company.customers[request.customer].last_server == worker else 1.0
    return (1.0 + handicap(company, worker, request)) * company.people[worker].pace  # type: ignore[no-any-return]


@compiled
def kept(company: Company, request: Record, department: int) -> float:
    """Context that survives when the person changes."""
    rules = company.rules[0]
    if department == request.department:
        return rules.context_within  # type: ignore[no-any-return]
    return rules.context_coordinated if rules.coordinated else rules.context_between  # type: ignore[no-any-return]


@inlined
def work(company: Company, request: Record) -> float:
    """Work content of the current visit; a repeat takes a share of the first, or is drawn anew."""
    content, rules = company.content[request.step], company.rules[0]
    if not request.visit:
        return content
    if not rules.fresh:
        return on_grid(rules.rework_share * content)
    true, place = true_cell(company, request), company.position[request.step]
    row, visit = true.first_law + place, request.visit
    return sample(company, row, request, draws.PURPOSE_WORK, place, visit, true.content_factor)


@inlined
def unfamiliar(company: Company, person: int, request: Record) -> tuple[float, float, float]:
    """Unfamiliarity of a person on the three axes."""
    rules = company.rules[0]
    if rules.exponent == 0.0:
        return 1.0, 1.0, 1.0
    by_function = company.by_function[person, true_cell(company, request).function]
    by_product = company.by_product[person, request.product]
    by_segment = company.by_segment[person, request.segment]
    weight = rules.related_weight
    if weight > 0.0:
        by_function = related_cases(by_function, company.by_function[person], weight)
        by_product = related_cases(by_product, company.by_product[person], weight)
        by_segment = related_cases(by_segment, company.by_segment[person], weight)
    return familiarity(by_function, by_product, by_segment, rules.beginner_cases, rules.exponent)


@compiled
def handicap(company: Company, person: int, request: Record) -> float:
    """Sum of weight times unfamiliarity."""
    true, u = true_cell(company, request), unfamiliar(company, person, request)
    return handicap_of(true.on_function, true.on_product, true.on_segment, u[0], u[1], u[2])


@compiled
def decision(company: Company, person: int, request: Record, boss: int) -> float:
    """Hours a boss needs to decide; the effort rule with the boss's own experience."""
    purpose = draws.PURPOSE_DECISION_SECOND if boss else draws.PURPOSE_DECISION
    place = company.position[request.step]
    content = hours(company, DECISION_TIME, request, purpose, place, request.visit)
    return decision_hours(content, handicap(company, person, request))
