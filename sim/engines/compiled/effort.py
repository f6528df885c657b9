"""What starting a step does: its effort is fixed, luck decides on a defect, a row is written; and learning.

Invariant: the parts of the SimPy engine's effort, in the same order of operations.
"""

from sim import draws
from sim.engines.compiled.entities import Company, Record
from sim.engines.compiled.reckoning import lucky, true_cell, unfamiliar, work
from sim.engines.compiled.writing import without_work, write
from sim.engines.entities import NONE
from sim.jit import compiled, inlined
from sim.organisation.build import NO_DESK
from sim.rules.effort import reread_part, switch_part
from sim.rules.grid import on_grid
from sim.rules.quality import defect_probability, mean_unfamiliarity
from sim.rules.step import effort_parts
from sim.trajectory import STEP, TRIAGE


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
    slope, reference, mean_u = rules.defect_unfamiliarity, rules.defect_reference, 0.0
    if slope != 0.0:
        mean_u = mean_unfamiliarity(u[0], u[1], u[2], on_function, on_product, on_segment)
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
    without_work(row)
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
