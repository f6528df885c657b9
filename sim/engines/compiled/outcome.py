"""What comes of it when somebody is done: learning, decisions, the next step, repeats.

Invariant: called for each completion of an instant, in the order of people's ids, before all else.
"""

from sim import draws
from sim.engines import where
from sim.engines.compiled.effort import learn
from sim.engines.compiled.entities import Company, Record
from sim.engines.compiled.journey import ADVANCE, APPROACH, GO, NOTHING, REPEAT, spend_time, stand
from sim.engines.compiled.rows import open_row
from sim.engines.compiled.rulebook import happens, happens_once, hours, true_cell
from sim.engines.compiled.staff import rest
from sim.engines.entities import NONE
from sim.jit import compiled, inlined
from sim.mechanisms.feedback import MOST_BORDERS
from sim.mechanisms.quality_programme import caught_chance
from sim.organisation.build import NO_DESK
from sim.trajectory import ABANDONED, DONE, OPEN, RETURN, REWORK, STEP


@compiled
def close(company: Company, request: int, about: Record, status: int) -> int:
    """The request's story ends here."""
    clock = company.clock[0]
    about.status = status
    about.done = clock.now
    if request < clock.in_time:
        clock.open_in_time -= 1
    return NOTHING


@compiled
def complete(company: Company, person: int) -> int:
    """A task ends: what was learned, and what becomes of the request."""
    about = company.people[person]
    rest(company, person)
    if about.kind == where.IN_A_MEETING or about.kind == where.ALONGSIDE:
        return NOTHING
    request = company.requests[about.task]
    if about.kind == where.ON_TRIAGE or about.kind == where.ASKING:
        return found_out(company, about.task, request, about.kind)
    coordinating = about.kind == where.AT_A_DESK and request.place == where.COORDINATED
    if not coordinating or request.department == NONE:
        learn(company, person, request, coordinating)
    if about.kind == STEP:
        return step_done(company, about.task, request, person)
    if request.status != OPEN:
        return NOTHING
    if not coordinating:
        return decided(company, request, about.since)
    request.coordination += company.clock[0].now - request.since
    stand(company, about.task, request, where.QUEUED)
    return NOTHING


@compiled
def found_out(company: Company, request: int, about: Record, kind: int) -> int:
    """The customer belongs elsewhere, or has to bring something, to whoever asks for it."""
    if about.impatient:
        return close(company, request, about, ABANDONED)
    if kind == where.ON_TRIAGE:
        about.recognised = about.segment
        return APPROACH
    time = hours(company, company.numbers[0].telling_answer, about, draws.PURPOSE_ANSWER, 0, 0)
    return spend_time(company, request, about, where.RETURNING, time)


@compiled
def released(company: Company, request: int, about: Record) -> int:
    """A request goes on while its step is still worked on."""
    learn(company, about.worker, about, False)
    return step_done(company, request, about, about.worker)


@inlined
def step_done(company: Company, request: int, about: Record, worker: int) -> int:
    """An exception needs a decision, a conflict between two bosses needs two; else on."""
    department = company.departments[about.department]
    if about.impatient:
        return close(company, request, about, ABANDONED)
    bosses = 0 if department.manager == NO_DESK else bosses_needed(company, about)
    about.straight = bosses == 0 and about.place != where.RELEASED and not company.fixed[0].relay
    if bosses == 0:
        return ADVANCE
    about.bosses = bosses
    stand(company, request, about, where.DECIDED)
    return NOTHING


@inlined
def owner(company: Company, about: Record) -> int:
    """Who knows the request in the department it heads for; NONE if nobody does."""
    for place in range(about.first_step, about.end):
        if company.owners[place, 0] == about.heading + 1:
            return company.owners[place, 1]  # type: ignore[return-value]
        if company.owners[place, 0] == 0:
            break
    return NONE


@inlined
def bosses_needed(company: Company, about: Record) -> int:
    """How many bosses have to decide on the step just done."""
    rules = company.numbers[0]
    if rules.coordinated and happens(company, about, draws.PURPOSE_CONFLICT, rules.matrix_conflict):
        return 2
    if not happens(company, about, draws.PURPOSE_EXCEPTION, true_cell(company, about).exception):
        return 0
    if happens(company, about, draws.PURPOSE_EMPOWERED, rules.empowered_share):
        open_row(company, about).concession = 1
        return 0
    return 1


@compiled
def decided(company: Company, about: Record, since: float) -> int:
    """A boss has decided; of two, the later decision counts."""
    about.bosses -= 1
    if about.bosses > 0:
        return NOTHING
    now, row = company.clock[0].now, open_row(company, about)
    row.decision = now - since
    row.decision_wait = now - about.since - (now - since)
    return ADVANCE


@inlined
def advance(company: Company, request: int, about: Record) -> int:
    """The next step; after the last one, the result is judged."""
    about.step += 1
    about.triaged = False
    if about.visit:
        skip_delays(company, about)
    if about.step < about.end:
        return GO
    return REPEAT if about.defective else close(company, request, about, DONE)


@compiled
def skip_delays(company: Company, about: Record) -> None:
    """A repeated round does not wait outside again."""
    while about.step < about.end and true_cell(company, about).is_delay:
        about.step += 1


@inlined
def is_felt(company: Company, about: Record) -> bool:
    """Does a defect break what the customer requires?"""
    rules = company.numbers[0]
    if not rules.quality_programme_enabled:
        return True
    return happens_once(about, draws.PURPOSE_REQUIRED, rules.quality_programme_required)


@compiled
def repeat(company: Company, request: int, about: Record) -> int:
    """A defect: found inside, brought back by the customer, or suffered in silence."""
    rules = company.numbers[0]
    felt = is_felt(company, about)
    caught = happens_once(about, draws.PURPOSE_CAUGHT, caught_chance(company.numbers, felt))
    told = caught or (felt and happens_once(about, draws.PURPOSE_COMPLAINT, rules.rework_complaint))
    if not told or about.visit >= rules.rework_rounds:
        about.silent = 1 if felt else 0
        return close(company, request, about, DONE)
    about.visit += 1
    about.step = about.first_step
    about.defective = False
    skip_delays(company, about)
    about.passage = REWORK if caught else RETURN
    blamed = about.blamed
    about.blamed = NONE
    if caught:
        return GO
    if blamed != NONE:
        company.signals[blamed, min(about.handoffs, MOST_BORDERS)] += 1.0
    about.returns += 1
    about.contacting = True
    time = hours(
        company, company.numbers[0].rework_return_delay, about, draws.PURPOSE_RETURN_DELAY, 0, about.visit
    )
    return spend_time(company, request, about, where.RETURNING, time)
