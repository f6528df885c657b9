"""What the rules say about this company at this moment: effort, luck, delays, priorities; and the log.

Invariant: the questions of the SimPy engine's reckoning under the same names, asked of the same rules.
"""

from sim import draws
from sim.engines.compiled.entities import Company, Record
from sim.engines.compiled.ledger import DUTY_ROW, LATER, SLACK
from sim.engines.entities import NONE
from sim.engines.settings import DECISION_TIME
from sim.jit import compiled, inlined
from sim.organisation.build import LONGEST_IDLE, NO_DESK, SAME_WORKER
from sim.rules.effort import decision_hours, handicap_of, related_cases, reread_part, switch_part
from sim.rules.grid import on_grid
from sim.rules.laws import LAW_DETERMINISTIC
from sim.rules.priority import request_priority
from sim.rules.quality import defect_probability, mean_unfamiliarity
from sim.rules.step import effort_parts, familiarity, law_hours
from sim.trajectory import OUTSIDE, STEP, TRIAGE

# Questions.


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


# What starting a step does.


@inlined
def effort(company: Company, worker: int, request: Record, now: float) -> float:
    """Hours of the step for this worker: work, what is not known, own pace, set-up, reading up."""
    rules, person, true = company.rules[0], company.people[worker], true_cell(company, request)
    function, product, context = true.function, request.product, request.context
    content, u = work(company, request), helped(company, unfamiliar(company, worker, request), request)
    on_function, on_product, on_segment = true.on_function, true.on_product, true.on_segment
    parts, switch, reread = (0.0, 0.0, 0.0, 0.0), 0.0, 0.0
    if person.pace != 1.0 or on_function != 0.0 or on_product != 0.0 or on_segment != 0.0:
        parts = effort_parts(content, on_function, on_product, on_segment, u[0], u[1], u[2], person.pace)
    if person.last_function != NONE and (person.last_function != function or person.last_product != product):
        switch = switch_part(true.mean_work, rules.switch_share, rules.switch_hours)
    if context < 1.0:
        reread = reread_part(context, rules.reread_share, request.work_done)
        request.context = 1.0
    total = content + parts[0] + parts[1] + parts[2] + parts[3] + switch + reread
    mean_u = mean_unfamiliarity(u[0], u[1], u[2], on_function, on_product, on_segment)
    slope, reference = rules.defect_unfamiliarity, rules.defect_reference
    chance = defect_probability(rules.defect_base, slope, mean_u, reference, context, rules.defect_context)
    if lucky(company, request, draws.PURPOSE_DEFECT, chance):
        request.defective = True
    person.last_function = function
    person.last_product = product
    request.work_done += content
    row = write(company, request, worker, STEP, now, now + total)
    row.work = content
    row.by_function = parts[0]
    row.by_product = parts[1]
    row.by_segment = parts[2]
    row.pace = parts[3]
    row.switch = switch
    row.reread = reread
    row.u_function = u[0]
    row.u_product = u[1]
    row.u_segment = u[2]
    return total


@inlined
def helped(company: Company, u: tuple[float, float, float], request: Record) -> tuple[float, float, float]:
    """The coordinator's knowledge of the segment replaces the worker's where it is better."""
    desk = true_cell(company, request).coordinator
    if desk == NO_DESK:
        return u
    return u[0], u[1], min(u[2], unfamiliar(company, company.desks[desk].first_person, request)[2])


@compiled
def triage(company: Company, worker: int, request: Record, now: float) -> float:
    """Hours to find out that a customer belongs elsewhere."""
    total = on_grid(company.rules[0].triage_share * work(company, request))
    row = write(company, request, worker, TRIAGE, now, now + total)
    row.triage = total
    return total


@inlined
def learn(company: Company, person: int, request: Record, coordinating: bool) -> None:
    """A case more on each axis; coordination teaches about product and segment only."""
    company.cases[person] += 1.0
    if company.rules[0].exponent > 0.0:
        if not coordinating:
            company.by_function[person, true_cell(company, request).function] += 1.0
        company.by_product[person, request.product] += 1.0
        company.by_segment[person, request.segment] += 1.0


# The log.


@inlined
def write(company: Company, request: Record, worker: int, kind: int, start: float, end: float) -> Record:
    """A row of the ledger; what was measured on the way goes with it, the parts of the work follow."""
    row = new_row(company, request, kind)
    row.customer = request.customer
    row.number = request.number
    row.step = company.position[request.step]
    row.visit = request.visit
    row.function = true_cell(company, request).function
    row.product = request.product
    row.segment = request.segment
    row.kind = kind
    row.passage = request.passage
    row.worker = worker
    row.start = start
    row.end = end
    row.adapted = 1 if request.recognised == request.segment else 0
    without_work(row)
    if worker == NONE:
        row.department = NONE
        row.queued = start
        row.claim = 0.0
        row.outside = end - start
        row.handoff = 0.0
        row.coordination = 0.0
        return row
    row.department = company.people[worker].department
    row.queued = request.since
    row.claim = request.claim
    row.outside = request.outside
    row.handoff = request.moving
    row.coordination = request.coordination
    request.claim = 0.0
    request.outside = 0.0
    request.moving = 0.0
    request.coordination = 0.0
    return row


@inlined
def new_row(company: Company, request: Record, kind: int) -> Record:
    """The row that is written next for a request; below 0: a later one."""
    if kind != TRIAGE and not request.visit:
        request.row = company.rows[SLACK] + request.next_row
        request.next_row += 1
        return open_row(company, request)
    row = company.rows[LATER]
    company.rows[LATER] = row + 1
    if request.later_row == NONE:
        company.link[row] = row
    else:
        company.link[row] = company.link[request.later_row]
        company.link[request.later_row] = row
    request.later_row = row
    request.row = NONE - row
    return open_row(company, request)


@inlined
def open_row(company: Company, request: Record) -> Record:
    """The row of the step in hand."""
    return company.later[NONE - request.row] if request.row < 0 else company.first[request.row]


@inlined
def without_work(row: Record) -> None:
    """What is 0 unless it is written afterwards."""
    row.work = 0.0
    row.by_function = 0.0
    row.by_product = 0.0
    row.by_segment = 0.0
    row.pace = 0.0
    row.switch = 0.0
    row.reread = 0.0
    row.triage = 0.0
    row.u_function = 0.0
    row.u_product = 0.0
    row.u_segment = 0.0
    row.decision_wait = 0.0
    row.decision = 0.0
    row.concession = 0


@compiled
def outside(company: Company, request: Record, start: float, end: float) -> None:
    """A row for a delay outside the company."""
    write(company, request, NONE, OUTSIDE, start, end)


@compiled
def write_duty(company: Company, person: int, request: int, duty: int, start: float, end: float) -> int:
    """A row about a meeting, a decision or coordination; request NONE: nobody's. Returns its place."""
    place = company.rows[DUTY_ROW]
    company.rows[DUTY_ROW] = place + 1
    row = company.duties[place]
    row.worker = person
    row.kind = duty
    row.start = start
    row.end = end
    row.customer = NONE if request == NONE else company.requests[request].customer
    row.number = NONE if request == NONE else company.requests[request].number
    return place  # type: ignore[no-any-return]
