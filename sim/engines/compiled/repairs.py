"""Workplaces that fail while somebody works, and the crew that repairs them, first come, first served (P8).

Invariant: the methods of the SimPy engine's repairs under the same names.
"""

from sim.engines.compiled.entities import Company, Record
from sim.engines.compiled.lines import takes
from sim.engines.compiled.rows import open_row, write_duty
from sim.engines.entities import NONE
from sim.jit import compiled, inlined
from sim.mechanisms.equipment import NEXT_MORNING, failure, repair
from sim.trajectory import BREAKDOWN


@inlined
def works(person: Record, time: float) -> float:
    """Hours that are worked of a step before it is done or the workplace fails; the others are left."""
    worked = min(time, person.sound)
    person.sound -= worked
    person.left = time - worked
    return worked


@compiled
def broken_or_repaired(company: Company, worker: int) -> None:
    """The workplace has failed, or been repaired, before a step was done."""
    person, clock = company.people[worker], company.clock[0]
    if person.broken:
        go_on(company, worker)
        return
    person.broken = True
    person.broken_since = clock.now
    person.next_broken = NONE
    if clock.first_broken == NONE:
        clock.first_broken = worker
    else:
        company.people[clock.last_broken].next_broken = worker
    clock.last_broken = worker


@inlined
def go_on(company: Company, worker: int) -> None:
    """Repaired: the rest of the step."""
    person, clock = company.people[worker], company.clock[0]
    since, now, row = person.broken_since, clock.now, open_row(company, company.requests[person.task])
    row.end += now - since
    row.outside += now - since
    write_duty(company, worker, person.task, BREAKDOWN, since, now)
    person.broken = False
    clock.free_crew += 1
    person.failures += 1
    person.sound = failure(company.numbers, company.seats[worker], person.failures)
    takes(company, worker, works(person, person.left))


@compiled
def send_crew(company: Company) -> None:
    """The crew takes those who have called it, in the order in which their workplaces failed."""
    clock = company.clock[0]
    tomorrow = company.numbers[0].equipment_manager_reacts == NEXT_MORNING
    while clock.free_crew > 0 and clock.first_broken != NONE:
        worker = clock.first_broken
        person = company.people[worker]
        if tomorrow and person.broken_since >= clock.morning:
            return
        clock.first_broken = person.next_broken
        clock.free_crew -= 1
        takes(company, worker, repair(company.numbers, company.seats[worker], person.failures))
