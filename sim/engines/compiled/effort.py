"""What starting a step does: its effort is fixed, a draw decides on a defect, a row is written; and learning.

Invariant: the parts of the SimPy engine's effort, in the same order of operations.
"""

from sim import draws, questions
from sim.engines import where
from sim.engines.compiled.entities import Company, Record
from sim.engines.compiled.rows import without_work, write
from sim.engines.compiled.rulebook import cases, happens, true_cell, work
from sim.engines.entities import NONE
from sim.jit import compiled, inlined
from sim.mechanisms import telling
from sim.organisation.build import NO_DESK
from sim.rules.grid import on_grid
from sim.trajectory import STEP, TRIAGE


@inlined
def effort(company: Company, worker: int, request: Record, now: float) -> float:
    """Hours of the step for this worker: its content and what is added; reading up restores the context."""
    person, true = company.people[worker], true_cell(company, request)
    function, product, content = true.function, request.product, work(company, request)
    content = questions.content(content, company.work_factor[product, request.segment])
    changed = person.last_function != NONE and (
        person.last_function != function or person.last_product != product
    )
    department = company.departments[person.department]
    pace = questions.slowed_pace(company.numbers, company.pace[worker], person.slowed)
    pace = questions.busy_pace(company.numbers, pace, department.waiting, department.workers)
    own, helped = cases(company, worker, request), 1.0
    if true.coordinator != NO_DESK:
        coordinator = cases(company, company.desks[true.coordinator].first_person, request)
        helped = questions.unfamiliar(company.numbers, coordinator[0], coordinator[1], coordinator[2])[2]
    informing = telling.informing_hours(company.numbers, not request.checked, now - request.since)
    found = questions.effort(
        company.numbers, content, own[0], own[1], own[2], helped, true.on_function, true.on_product,
        true.on_segment, pace, changed, true.mean_work, request.context, request.work_done, informing,
        company.defect_base[true.department, function], company.care[worker],
    )  # fmt: skip
    total = content + found[0] + found[1] + found[2] + found[3] + found[4] + found[5]
    request.context = 1.0
    if happens(company, request, draws.PURPOSE_DEFECT, found[9]):
        request.defective = True
        blame(company, worker, request, found[9])
    person.last_function = function
    person.last_product = product
    request.work_done += content
    row = write(company, request, worker, STEP, now, now + total)
    row.work = content
    row.by_function = found[0]
    row.by_product = found[1]
    row.by_segment = found[2]
    row.pace = found[3]
    row.switch = found[4]
    row.reread = found[5]
    row.u_function = found[6]
    row.u_product = found[7]
    row.u_segment = found[8]
    return total


@compiled
def blame(company: Company, worker: int, request: Record, chance: float) -> None:
    """The system cause but for which no step of this passage had gone wrong so far, or the first one."""
    department, function = true_cell(company, request).department, true_cell(company, request).function
    part = company.defect_base[department, function] * company.care[worker]
    first = request.blamed == NONE and part > 0.0
    if first and not happens(company, request, draws.PURPOSE_DEFECT, chance - part):
        request.blamed = department * company.defect_base.shape[1] + function


@compiled
def finding_out(company: Company, worker: int, request: Record, kind: int, now: float) -> float:
    """Hours to find out that a customer belongs elsewhere, or what is missing."""
    if kind == where.ASKING:
        total = telling.asking_hours(company.numbers)
    else:
        total = on_grid(questions.expected_triage(company.numbers, work(company, request)))
    row = write(company, request, worker, TRIAGE, now, now + total)
    without_work(row)
    row.triage = total
    return total


@inlined
def learn(company: Company, person: int, request: Record, coordinating: bool) -> None:
    """A case more on each axis; coordination teaches about product and segment only."""
    company.cases[person] += 1.0
    if questions.learns(company.numbers):
        if not coordinating:
            company.by_function[person, true_cell(company, request).function] += 1.0
        company.by_product[person, request.product] += 1.0
        company.by_segment[person, request.segment] += 1.0
