"""The event loop: instants in order, each gathered first and settled once it is known.

Invariant: an instant is settled in the order of the SimPy engine: completions, review, day, patience,
arrivals, joining, starting; and again while something took no time.
"""

from sim import draws
from sim.engines import where
from sim.engines.compiled.clock import (
    finished_alone,
    gather,
    is_quiet,
    is_settled,
    next_but_tasks,
    sooner,
)
from sim.engines.compiled.entities import (
    FINISHED,
    JOINING,
    LENT,
    MOVED,
    NEEDED,
    NEW,
    OUT_OF_PATIENCE,
    Company,
    Record,
)
from sim.engines.compiled.event_log import is_short
from sim.engines.compiled.helping import lend
from sim.engines.compiled.journey import (
    ADVANCE,
    APPROACH,
    ARRIVE,
    CANCEL,
    ENTER,
    GO,
    NOTHING,
    RELEASE,
    REPEAT,
    approach,
    arrive,
    enter,
    go,
)
from sim.engines.compiled.lines import (
    expect,
    forget,
    in_order,
    joined,
    next_to_finish,
    note,
    stand_at_desk,
)
from sim.engines.compiled.outcome import advance, close, complete, owner, released, repeat
from sim.engines.compiled.repairs import broken_or_repaired
from sim.engines.compiled.rulebook import cell, happens, is_waiting, key, true_cell, waits_for
from sim.engines.compiled.staff import ask_desk, rest, start, stir, wake
from sim.engines.compiled.support import begin_needs, serve_needs, settle_needs
from sim.engines.entities import NONE
from sim.jit import compiled, inlined
from sim.trajectory import ABANDONED, BALKED, CANCELLED, OPEN

NEXT, SETTLING, REVIEWED = range(3)
"""Stages of the clock: between two instants, in an instant, in one whose week has been reviewed."""
WEEK_OVER, REVIEW_DUE, LOG_SHORT, TOO_MANY_ROUNDS = range(4)
"""Why the loop stops."""


@compiled
def begin_play(company: Company) -> None:
    """Everybody is free."""
    for worker in range(company.fixed[0].workers):
        rest(company, worker)
    if company.numbers[0].support_enabled:
        begin_needs(company)


@compiled
def play(company: Company, until: float) -> int:
    """Settle all instants before `until`, or that instant if the week is over; returns why it stopped."""
    clock = company.clock[0]
    while True:
        if is_short(company):
            return LOG_SHORT
        alone = NONE
        if clock.stage == NEXT:
            other = until if clock.week_over else next_but_tasks(company)
            task_ends, person = next_to_finish(company)
            now = sooner(other, task_ends)
            if now >= until and not clock.week_over:
                return WEEK_OVER
            clock.now = now
            clock.rounds = 0
            if now < other:
                alone = finished_alone(company, now, person)
            else:
                gather(company, now)
                if not clock.week_over and is_quiet(company):
                    continue
            clock.stage = SETTLING
        if clock.stage == SETTLING:
            completions(company, alone)
            if clock.week_over:
                clock.week_over = False
                clock.stage = REVIEWED
                return REVIEW_DUE
        settle(company)
        start(company)
        if company.clock[0].needs_waiting > 0:
            serve_needs(company)
        if company.numbers[0].helping_enabled:
            lend(company)
        turn_away(company)
        clock.stage = SETTLING
        clock.rounds += 1
        if clock.rounds > 1 and clock.rounds >= company.fixed[0].most_rounds:
            return TOO_MANY_ROUNDS
        if is_settled(company):
            await_patience(company)
            clock.events += clock.rounds
            clock.stage = NEXT


@inlined
def completions(company: Company, alone: int) -> None:
    """What people have done, by person; `alone`: who is not noted, being the only one."""
    count, place, person = in_order(company, FINISHED), 1, alone
    if count > 0:
        person = company.noted[place, FINISHED]
    while person != NONE:
        if company.people[person].left != 0.0:
            broken_or_repaired(company, person)
        else:
            what = complete(company, person)
            if what != NOTHING:
                travel(company, company.people[person].task, what)
        place += 1
        person = company.noted[place, FINISHED] if place <= count else NONE
    forget(company, FINISHED, count)


@inlined
def settle(company: Company) -> None:
    """Day, patience, arrivals, joining."""
    noted = company.noted
    if company.clock[0].day_begun:
        begin_day(company)
    if noted[0, NEEDED] > 0:
        settle_needs(company)
    for place in range(1, in_order(company, OUT_OF_PATIENCE) + 1):
        lose(company, noted[place, OUT_OF_PATIENCE])
    noted[0, OUT_OF_PATIENCE] = 0
    for place in range(1, in_order(company, MOVED) + 1):
        travel(company, noted[place, MOVED], ARRIVE)
    noted[0, MOVED] = 0
    for place in range(1, in_order(company, JOINING) + 1):
        join(company, noted[place, JOINING])
    noted[0, JOINING] = 0


@inlined
def await_patience(company: Company) -> None:
    """Who came at this instant and still waits will not do so for ever."""
    noted, now = company.noted, company.clock[0].now
    for place in range(1, noted[0, LENT] + 1):
        request = noted[place, LENT]
        if is_waiting(company, company.requests[request]):
            expect(company.leaving, now + company.patience[request], request)
    noted[0, LENT] = 0


@compiled
def begin_day(company: Company) -> None:
    """Who is away is away from the beginning of a day on; the others have meetings."""
    clock, numbers = company.clock[0], company.numbers[0]
    for worker in range(company.fixed[0].workers):
        person, away = company.people[worker], company.away[worker, clock.day]
        if away > 0.0:
            person.away_until = clock.now + away
        if away < numbers.day:
            person.owed += company.duty_hours[worker]
        wake(company, worker)
    clock.day_begun = False
    clock.morning = clock.now
    clock.day = (clock.day + 1) % numbers.days


@compiled
def lose(company: Company, request: int) -> None:
    """Patience ends: leave, or leave when the step in hand is over."""
    about = company.requests[request]
    if not is_waiting(company, about):
        return
    if about.place == where.WORKED_ON:
        about.impatient = True
        return
    if about.place == where.QUEUED and not about.joining:
        company.departments[about.heading].waiting -= 1
    close(company, request, about, ABANDONED)


@compiled
def travel(company: Company, request: int, what: int) -> None:
    """Do what comes next until the request joins a line, waits for time to pass, or is closed."""
    about = company.requests[request]
    while what != NOTHING:  # in the usual order, so that one follows the other without asking again
        if what == ARRIVE:
            what = arrive(company, request, about)
        if what == CANCEL:
            what = close(company, request, about, CANCELLED)
        if what == ENTER:
            what = enter(company, request, about)
        if what == RELEASE:
            what = released(company, request, about)
        if what == ADVANCE:
            what = advance(company, request, about)
        if what == REPEAT:
            what = repeat(company, request, about)
        if what == GO:
            what = go(company, request, about)
        if what == APPROACH:
            what = approach(company, request, about)


@inlined
def join(company: Company, request: int) -> None:
    """Stand in line: on the list of the person who knows the request, in a queue, at a desk."""
    about, now = company.requests[request], company.clock[0].now
    about.joining = False
    if about.status != OPEN:
        return
    if about.place != where.QUEUED:
        ask(company, request, about)
        return
    department = company.departments[about.heading]
    if about.department == NONE and department.places >= 0:
        note(company, NEW, request)
    department.waiting += 1
    about.since = now
    about.key = now
    own = NONE if company.fixed[0].relay else owner(company, about)
    if own == NONE and company.fixed[0].named:
        own = free_hand(company, about)
    if own == NONE or not waits_for(company, own):
        queue = cell(company, about).queue
        about.key = key(company, about, department.rule, now)
        company.queues[queue] = joined(company, company.queues[queue], request)
        stir(company, about.heading)
    else:
        company.people[own].own = joined(company, company.people[own].own, request)
        wake(company, own)


@inlined
def free_hand(company: Company, about: Record) -> int:
    """Who did the step in the log, where that person has a hand free; NONE otherwise."""
    person = company.person[about.step]
    if person == NONE or company.named[person, 2] != about.heading:
        return NONE
    for seat in range(company.named[person, 0], company.named[person, 1]):
        if not company.people[seat].busy and company.people[seat].own == NONE:
            return seat
    return NONE


@inlined
def turn_away(company: Company) -> None:
    """New requests still waiting need a place to wait in; without one they leave, the last first."""
    for place in range(in_order(company, NEW), 0, -1):
        request = company.noted[place, NEW]
        about = company.requests[request]
        department = company.departments[about.heading]
        if about.place == where.QUEUED and about.status == OPEN and department.waiting > department.places:
            department.waiting -= 1
            close(company, request, about, BALKED)
    company.noted[0, NEW] = 0


@compiled
def ask(company: Company, request: int, about: Record) -> None:
    """Stand in line at the desk of the coordinator, or of whoever decides: two bosses in a conflict."""
    about.since = company.clock[0].now
    coordinator = true_cell(company, about).coordinator
    desk = coordinator
    if about.place != where.COORDINATED:
        desk = company.departments[about.department].manager
        if about.bosses == 2:
            stand_at_desk(company, company.desks[coordinator], request, 1)
            ask_desk(company, coordinator)
        elif about.handoffs and happens(company, about, draws.PURPOSE_CROSS, company.numbers[0].share_cross):
            desk = company.fixed[0].general
    stand_at_desk(company, company.desks[desk], request, 0)
    ask_desk(company, desk)
