"""What is written into the event log: a row per step, triage and delay, and one per duty.

Invariant: the rows of the SimPy engine's event log, field by field.
"""

from sim.engines.compiled.entities import Company, Record
from sim.engines.compiled.event_log import DUTY_ROW, LATER, SLACK
from sim.engines.compiled.rulebook import true_cell
from sim.engines.entities import NONE
from sim.jit import compiled, inlined
from sim.trajectory import OUTSIDE, TRIAGE


@inlined
def write(company: Company, request: Record, worker: int, kind: int, start: float, end: float) -> Record:
    """A row of the event log; what was measured on the way goes with it, what was done follows."""
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
    row.triage = 0.0
    row.decision_wait = 0.0
    row.decision = 0.0
    row.concession = 0
    if worker == NONE:
        row.department = NONE
        row.queued = start
        row.claim = 0.0
        row.outside = end - start
        row.handoff = 0.0
        row.coordination = 0.0
        return row
    row.department = request.heading
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
    """Nothing of a step in it."""
    row.work = 0.0
    row.by_function = 0.0
    row.by_product = 0.0
    row.by_segment = 0.0
    row.pace = 0.0
    row.switch = 0.0
    row.reread = 0.0
    row.u_function = 0.0
    row.u_product = 0.0
    row.u_segment = 0.0


@compiled
def outside(company: Company, request: Record, start: float, end: float) -> None:
    """A row for a delay outside the company."""
    without_work(write(company, request, NONE, OUTSIDE, start, end))


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
