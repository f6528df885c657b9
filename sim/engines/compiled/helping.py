"""Who has nothing to do takes work from a long queue of another department (P7).

Invariant: the rule of the SimPy engine's helping under the same names.
"""

from sim.engines.compiled.entities import Company
from sim.engines.compiled.matching import drop_closed
from sim.engines.compiled.staff import take
from sim.engines.entities import NONE
from sim.jit import compiled, inlined
from sim.mechanisms.helping import needs_help


@compiled
def lend(company: Company) -> None:
    """Who has nothing to do takes work of the longest queue of another department that is long enough."""
    while True:
        place, helper = NONE, NONE
        for number in range(company.may_help.shape[1]):
            longest = NONE if place == NONE else company.departments[place].waiting
            if company.departments[number].waiting > longest and in_need(company, number):
                found = idle_helper(company, number)
                if found != NONE:
                    place, helper = number, found
        if place == NONE:
            return
        take(company, helper, company.departments[place].first_queue)


@inlined
def in_need(company: Company, number: int) -> bool:
    """Do enough requests wait in a department, one of them in its queue?"""
    department = company.departments[number]
    drop_closed(company, department.first_queue)
    some = company.queues[department.first_queue] != NONE
    return some and needs_help(department.waiting, company.numbers[0].helping_threshold)


@inlined
def idle_helper(company: Company, number: int) -> int:
    """Who has been idle longest of those who may help a department; NONE if nobody is."""
    best = NONE
    for other in range(company.may_help.shape[1]):
        worker = company.departments[other].first_idle
        if worker != NONE and company.may_help[other, number]:
            since = company.people[worker].idle_since
            if best == NONE or (since, worker) < (company.people[best].idle_since, best):
                best = worker
    return best
