"""What workers need of colleagues: internal services with people and queues of their own (P5).

Invariant: the methods of the SimPy engine's support under the same names.
"""

import math

from sim.engines import where
from sim.engines.compiled.entities import NEEDED, Company
from sim.engines.compiled.lines import expect, forget, in_order, note
from sim.engines.compiled.rows import write_duty
from sim.engines.compiled.staff import rest
from sim.engines.entities import NONE
from sim.jit import compiled, inlined
from sim.mechanisms.support import SERVICES, serving, until_need, urgency
from sim.trajectory import BLOCKED, INTERNAL_SERVICE, INTERNAL_WAIT

KINDS = len(SERVICES)


@compiled
def begin_needs(company: Company) -> None:
    """The first need of each worker and service comes after a while."""
    for need in range(KINDS * company.fixed[0].workers):
        if company.between[need % KINDS] < math.inf:
            later(company, need)


@inlined
def later(company: Company, need: int) -> None:
    """The next need comes after a while."""
    seat, service = company.askers[need // KINDS], need % KINDS
    note_after(company, until_need(company.between[service], seat, service, company.needs[need].count), need)


@inlined
def note_after(company: Company, hours: float, need: int) -> None:
    """Something happens with a need; what takes no time makes no event."""
    if hours > 0.0:
        expect(company.internal, company.clock[0].now + hours, need)
    else:
        note(company, NEEDED, need)


@compiled
def settle_needs(company: Company) -> None:
    """Needs that are met, and new ones."""
    count = in_order(company, NEEDED)
    for place in range(1, count + 1):
        need = company.noted[place, NEEDED]
        if company.needs[need].is_open:
            met(company, need)
        else:
            ask(company, need)
    forget(company, NEEDED, count)


@inlined
def ask(company: Company, need: int) -> None:
    """Somebody needs something of a service."""
    about, worker = company.needs[need], need // KINDS
    about.is_open = True
    about.waits = True
    about.asked = company.clock[0].now
    company.clock[0].needs_waiting += 1
    if not company.blocks[need % KINDS]:
        company.people[worker].slowed += 1
        return
    company.people[worker].blocked += 1
    if not company.people[worker].busy:
        rest(company, worker)


@inlined
def met(company: Company, need: int) -> None:
    """A need is met; who was kept from work goes on, and the next need comes after a while."""
    about, worker, service, now = company.needs[need], need // KINDS, need % KINDS, company.clock[0].now
    person = company.people[worker]
    company.crews[company.desk_of[service, person.department]] += 1
    wait = write_duty(company, worker, NONE, INTERNAL_WAIT, about.asked, about.begun)
    served = write_duty(company, worker, NONE, INTERNAL_SERVICE, about.begun, now)
    company.duties[wait].number = service
    company.duties[served].number = service
    company.waited[worker] += now - about.asked
    about.is_open = False
    about.count += 1
    if company.blocks[service]:
        person.blocked -= 1
        if person.busy and person.kind == where.KEPT and person.blocked == 0:
            write_duty(company, worker, NONE, BLOCKED, person.since, now)
            rest(company, worker)
    else:
        person.slowed -= 1
    later(company, need)


@compiled
def serve_needs(company: Company) -> None:
    """Who serves takes the most urgent, the one asked first, then by worker and service."""
    for desk in range(company.fixed[0].support_desks):
        for _ in range(company.crews[desk]):
            need = most_urgent(company, desk)
            if need == NONE:
                break
            about, service = company.needs[need], need % KINDS
            about.waits = False
            about.begun = company.clock[0].now
            company.clock[0].needs_waiting -= 1
            company.crews[desk] -= 1
            seat = company.askers[need // KINDS]
            note_after(company, serving(company.serving[service], seat, service, about.count), need)


@inlined
def most_urgent(company: Company, desk: int) -> int:
    """The need that a desk serves next; NONE where none waits."""
    best, best_urgency = NONE, 0.0
    for need in range(KINDS * company.fixed[0].workers):
        about, department = company.needs[need], company.people[need // KINDS].department
        if not about.waits or company.desk_of[need % KINDS, department] != desk:
            continue
        faces, waiting = company.faces_customers[department], company.departments[department].waiting
        own = urgency(company.numbers[0].support_priority, faces, waiting)
        sooner = best != NONE and own == best_urgency and about.asked < company.needs[best].asked
        if best == NONE or own < best_urgency or sooner:
            best, best_urgency = need, own
    return best
