"""The next instant: when something happens, and all that happens then.

Invariant: an instant is known whole before anything of it is settled; what is noted needs no order yet.
"""

import math

from sim.engines.compiled.entities import (
    AWAKE,
    FINISHED,
    JOINING,
    MOVED,
    NEEDED,
    OUT_OF_PATIENCE,
    Company,
)
from sim.engines.compiled.event_log import SLACK
from sim.engines.compiled.lines import happened, has_finished, next_time, next_to_finish, note
from sim.engines.compiled.rulebook import is_waiting
from sim.engines.entities import NONE
from sim.jit import inlined
from sim.memory import soon_written

AHEAD = 16
"""Memory is asked for so many requests before it is needed: a miss takes as long as some instants."""


@inlined
def next_but_tasks(company: Company) -> float:
    """When something happens next, but for the end of a task."""
    time = sooner(company.clock[0].arrives, company.clock[0].next_day)
    time = sooner(time, next_time(company.internal))
    return sooner(time, sooner(next_time(company.moving), next_time(company.leaving)))


@inlined
def sooner(one: float, other: float) -> float:
    """The smaller of two times; in one instruction, for neither is NaN."""
    return other if other < one else one


@inlined
def finished_alone(company: Company, now: float, person: int) -> int:
    """Who has finished when nothing else happens, the common case; NONE if several have, who are noted."""
    has_finished(company, person)
    if next_to_finish(company)[0] > now:
        return person
    note(company, FINISHED, person)
    finished(company, now)
    return NONE


@inlined
def finished(company: Company, now: float) -> None:
    """Note who has finished at this instant."""
    time, person = next_to_finish(company)
    while time == now:
        has_finished(company, person)
        note(company, FINISHED, person)
        time, person = next_to_finish(company)


@inlined
def gather(company: Company, now: float) -> None:
    """Note everything that happens at this instant."""
    clock = company.clock[0]
    finished(company, now)
    while next_time(company.moving) == now:
        note(company, MOVED, happened(company.moving))
    while next_time(company.leaving) == now:
        request = happened(company.leaving)
        if is_waiting(company, company.requests[request]):
            note(company, OUT_OF_PATIENCE, request)
    while next_time(company.internal) == now:
        note(company, NEEDED, happened(company.internal))
    while clock.arrives == now:
        note(company, MOVED, clock.next_arrival)
        clock.next_arrival += 1
        more = clock.next_arrival < company.fixed[0].requests
        clock.arrives = company.arrival[clock.next_arrival] if more else math.inf
        fetch_ahead(company, clock.next_arrival + AHEAD)
    if clock.next_day == now:
        clock.day_begun = True
        clock.next_day = now + company.numbers[0].day


@inlined
def fetch_ahead(company: Company, request: int) -> None:
    """Have what a request will need in the cache when it comes: its rows lie anywhere in a large log."""
    if request < company.fixed[0].requests:
        about = company.requests[request]
        soon_written(company.customers, about.customer, 1)
        soon_written(company.first, company.rows[SLACK] + about.next_row, about.end - about.first_step)


@inlined
def is_quiet(company: Company) -> bool:
    """Did nothing happen at this instant but that somebody's patience would have ended?"""
    return is_settled(company) and not company.clock[0].day_begun and company.noted[0, AWAKE] == 0


@inlined
def is_settled(company: Company) -> bool:
    """Did nothing more happen at this instant?"""
    noted = company.noted
    requests = noted[0, MOVED] or noted[0, OUT_OF_PATIENCE] or noted[0, JOINING]
    return not (noted[0, FINISHED] or noted[0, NEEDED] or requests)
