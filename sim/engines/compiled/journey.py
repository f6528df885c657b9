"""A request on its way to a step.

Invariant: the steps of the SimPy engine under the same names; where a method there calls the next one, a
function here returns what comes next, for `travel` in company.py to do.
"""

import math

from sim import draws
from sim.engines import where
from sim.engines.compiled.entities import JOINING, LENT, OUT_OF_PATIENCE, Company, Record
from sim.engines.compiled.lines import expect, note
from sim.engines.compiled.rows import outside
from sim.engines.compiled.rulebook import cell, comes, hours, true_cell
from sim.engines.entities import NONE
from sim.jit import compiled, inlined
from sim.trajectory import OPEN

NOTHING, ARRIVE, GO, APPROACH, ENTER, ADVANCE, REPEAT, CANCEL, RELEASE = range(9)
"""What comes next."""


@inlined
def arrive(company: Company, request: int, about: Record) -> int:
    """A request turns up: for the first time, or after something that took time."""
    if about.status != OPEN:
        return NOTHING
    now, place, following = company.clock[0].now, about.place, GO
    if place == where.ARRIVING:
        about.recognised = company.recorded[request]
        if not comes(company, about):
            return CANCEL
        lend_patience(company, request)
    elif place == where.CLAIMING:
        about.claim += now - about.since
        about.recognised = about.segment
        following = APPROACH
    elif place == where.RETURNING:
        about.outside += now - about.since
    elif place == where.AWAY:
        outside(company, about, about.since, now)
        following = ADVANCE
    elif place == where.MOVING:
        about.moving += now - about.since
        following = ENTER
    elif place == where.RELEASED:
        following = RELEASE
    return following


@inlined
def lend_patience(company: Company, request: int) -> None:
    """The clock of patience starts; what takes no time makes no event."""
    patience = company.patience[request]
    if patience == 0.0:
        note(company, OUT_OF_PATIENCE, request)
    elif patience < math.inf:
        note(company, LENT, request)


@inlined
def go(company: Company, request: int, about: Record) -> int:
    """On to the current step: outside the company, or to the department that does it."""
    if true_cell(company, about).is_delay:
        return spend_time(company, request, about, where.AWAY, company.content[about.step])
    return APPROACH


@compiled
def spend_time(company: Company, request: int, about: Record, place: int, time: float) -> int:
    """Time passes before the request turns up again."""
    now = company.clock[0].now
    about.place = place
    about.since = now
    about.straight = False
    if time > 0.0:
        expect(company.moving, now + time, request)
        return NOTHING
    return ARRIVE


@inlined
def approach(company: Company, request: int, about: Record) -> int:
    """Whom the company does not know claims a place first; a border takes time to cross."""
    if about.recognised == NONE and true_cell(company, about).grouped:
        time = hours(company, company.numbers[0].claim, about, draws.PURPOSE_CLAIM, 0, 0)
        return spend_time(company, request, about, where.CLAIMING, time)
    about.heading = cell(company, about).department
    if about.contacting:
        return ENTER
    if about.department != about.heading:
        about.handoffs += 1
        place, turn = company.position[about.step], 2 * about.visit + (1 if about.triaged else 0)
        time = hours(company, company.numbers[0].handoff, about, draws.PURPOSE_HANDOFF, place, turn)
        return spend_time(company, request, about, where.MOVING, time)
    if about.straight:
        keep(company, request, about)
    else:
        stand(company, request, about, where.QUEUED)
    return NOTHING


@inlined
def keep(company: Company, request: int, about: Record) -> None:
    """The owner goes on with the request in hand, before anything else."""
    company.departments[about.heading].waiting += 1
    about.place = where.QUEUED
    about.since = company.clock[0].now
    company.people[about.worker].next_own = request


@inlined
def enter(company: Company, request: int, about: Record) -> int:
    """In a department new to the request the coordinator of a matrix comes first."""
    about.contacting = False
    stand(company, request, about, where.COORDINATED if company.numbers[0].coordinated else where.QUEUED)
    return NOTHING


@inlined
def stand(company: Company, request: int, about: Record, place: int) -> None:
    """Be about to join a line."""
    about.place = place
    about.joining = True
    note(company, JOINING, request)
