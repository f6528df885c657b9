"""Who takes what: free people, their own requests, the department's queue, the desks.

Invariant: called once an instant, after all that happened in it is known; candidates have a total order.
"""

import math

from sim import questions
from sim.engines import where
from sim.engines.compiled.effort import effort, finding_out
from sim.engines.compiled.entities import ASKED, AWAKE, MOVED, STIRRED, Company, Record
from sim.engines.compiled.lines import (
    in_order,
    joined,
    leave_desk,
    leave_idle,
    note,
    served,
    stand_idle,
    takes,
)
from sim.engines.compiled.matching import drop_closed, first_choice, most_willing
from sim.engines.compiled.repairs import send_crew, works
from sim.engines.compiled.rows import write_duty
from sim.engines.compiled.rulebook import (
    cell,
    context_kept,
    decision,
    key,
    lacks,
    true_cell,
    waits_for,
)
from sim.engines.entities import NONE
from sim.jit import compiled, inlined
from sim.organisation.build import LONGEST_IDLE, NO_DESK
from sim.trajectory import ABSENCE, COORDINATION, DECISION, MEETING, OPEN, STEP


@inlined
def start(company: Company) -> None:
    """Who is free starts: first what is his or her own, then the department's queue; then the desks."""
    noted = company.noted
    count = in_order(company, AWAKE)
    if company.fixed[0].slow:
        for place in range(1, count + 1):
            leave(company, noted[place, AWAKE])
    for place in range(1, count + 1):
        worker = noted[place, AWAKE]
        company.people[worker].awake = False
        if company.people[worker].blocked > 0:
            keep_from_work(company, worker)
        elif not company.people[worker].busy:
            pick_own(company, worker)
    noted[0, AWAKE] = 0
    for place in range(1, in_order(company, STIRRED) + 1):
        department = company.departments[noted[place, STIRRED]]
        department.stirred = False
        if goes_by_turn(company, department):
            dispatch(company, department)
        else:
            match(company, department)
    noted[0, STIRRED] = 0
    for place in range(1, in_order(company, ASKED) + 1):
        serve(company, company.desks[noted[place, ASKED]])
    noted[0, ASKED] = 0
    if company.numbers[0].equipment_enabled:
        send_crew(company)


@inlined
def rest(company: Company, person: int) -> None:
    """Be free, until this instant is settled."""
    about = company.people[person]
    about.busy = False
    about.idle_since = company.clock[0].now
    if about.desk == NO_DESK:
        wake(company, person)
    else:
        ask_desk(company, about.desk)


@inlined
def wake(company: Company, worker: int) -> None:
    """The worker may have something to start."""
    if not company.people[worker].awake:
        company.people[worker].awake = True
        note(company, AWAKE, worker)


@inlined
def stir(company: Company, department: int) -> None:
    """The department may have something to start."""
    if not company.departments[department].stirred:
        company.departments[department].stirred = True
        note(company, STIRRED, department)


@compiled
def ask_desk(company: Company, desk: int) -> None:
    """The desk may have something to start."""
    if not company.desks[desk].asked:
        company.desks[desk].asked = True
        note(company, ASKED, desk)


@compiled
def leave(company: Company, worker: int) -> None:
    """Be away; what would wait too long for the worker waits in the queue, since it came back."""
    person, now = company.people[worker], company.clock[0].now
    if person.busy or person.away_until <= now:
        return
    if not waits_for(company, worker):
        if person.next_own != NONE:
            lay_down(company, person.next_own)
        person.next_own = NONE
        while person.own != NONE:
            request = person.own
            person.own = served(company, request)
            lay_down(company, request)
    duty(company, worker, NONE, ABSENCE, person.away_until - now)


@compiled
def lay_down(company: Company, request: int) -> None:
    """A request waits in the queue instead, as if it had joined it when it came."""
    about = company.requests[request]
    department = about.heading
    stir(company, department)
    queue = cell(company, about).queue
    about.key = key(company, about, company.departments[department].rule, about.since)
    company.queues[queue] = joined(company, company.queues[queue], request)


@compiled
def keep_from_work(company: Company, worker: int) -> None:
    """Wait, once the step in hand is over, for what is needed of colleagues."""
    person = company.people[worker]
    if not person.busy:
        occupy(company, worker, NONE, where.KEPT, math.inf)


@compiled
def pick_own(company: Company, worker: int) -> None:
    """A meeting that is due, the next step of the request in hand, then requests that have come back."""
    person = company.people[worker]
    if person.owed > 0.0:
        time = person.owed
        person.owed = 0.0
        duty(company, worker, NONE, MEETING, time)
        return
    request = person.next_own
    person.next_own = NONE
    while (request == NONE or company.requests[request].status != OPEN) and person.own != NONE:
        request = person.own
        person.own = served(company, request)
    if request != NONE and company.requests[request].status == OPEN:
        begin(company, worker, request)
        return
    department = company.departments[person.department]
    # At once rather than in turn, unless the pace of who picks next tells how many are still waiting (P13).
    if goes_by_turn(company, department) and not company.numbers[0].workload_enabled:
        queue = department.first_queue
        drop_closed(company, queue)
        if company.queues[queue] != NONE and department.first_idle == NONE:
            take(company, worker, queue)
            return
    stand_idle(company, department, worker)
    stir(company, person.department)


@inlined
def goes_by_turn(company: Company, department: Record) -> bool:
    """Does the longest idle take the first request, whoever it is?"""
    return department.plain and company.fixed[0].worker_key == LONGEST_IDLE  # type: ignore[no-any-return]


@inlined
def dispatch(company: Company, department: Record) -> None:
    """First request, longest idle worker: the common case, where everybody may do everything."""
    queue = department.first_queue
    while department.first_idle != NONE:
        drop_closed(company, queue)
        if company.queues[queue] == NONE:
            return
        take(company, department.first_idle, queue)


@compiled
def match(company: Company, department: Record) -> None:
    """The smallest pair of (preference of the worker, request, worker), while there is one."""
    while True:
        for queue in range(department.first_queue, department.after_queue):
            drop_closed(company, queue)
        queue, rank = first_choice(company, department)
        if queue == NONE:
            return
        take(company, most_willing(company, department, queue, rank), queue)


@inlined
def take(company: Company, worker: int, queue: int) -> None:
    """A free worker starts on the first request of a queue."""
    request = company.queues[queue]
    company.queues[queue] = served(company, request)
    begin(company, worker, request)


@compiled
def begin(company: Company, worker: int, request: int) -> None:
    """Start on a request: its effort is fixed now, from who does it and what is known then."""
    now, about = company.clock[0].now, company.requests[request]
    department, kind = about.heading, STEP
    company.departments[department].waiting -= 1
    if about.first_start != about.first_start:
        about.first_start = now
    if about.worker != worker and about.worker != NONE:
        about.context *= context_kept(company, about.worker, worker)
    if true_cell(company, about).department != department:
        kind = where.ON_TRIAGE
    elif lacks(company, about):
        kind = where.ASKING
    if kind == STEP:
        time = effort(company, worker, about, now)
    else:
        time = finding_out(company, worker, about, kind, now)
        about.triaged = True
    about.place = where.WORKED_ON
    about.worker = worker
    about.department = department
    if kind != where.ON_TRIAGE:
        about.checked = True
        own(company, about, worker)
    company.customers[about.customer].last_server = worker
    company.worked[worker] += time
    if kind == STEP and company.fixed[0].overlaps and company.alongside[about.step]:
        kind = where.ALONGSIDE
        about.place = where.RELEASED
        company.people[worker].row = about.row
        note(company, MOVED, request)
    occupy(company, worker, request, kind, time)


@compiled
def own(company: Company, about: Record, worker: int) -> None:
    """The worker knows the request in this department from now on."""
    if company.fixed[0].relay:
        return
    place = about.first_step
    while company.owners[place, 0] != 0 and company.owners[place, 0] != about.department + 1:
        place += 1
    company.owners[place, 0] = about.department + 1
    company.owners[place, 1] = worker


@compiled
def duty(company: Company, person: int, request: int, kind: int, time: float) -> None:
    """What is no step: a meeting, a decision, coordination, absence."""
    now = company.clock[0].now
    company.worked[person] += 0.0 if kind == ABSENCE else time
    company.people[person].row = write_duty(company, person, request, kind, now, now + time)
    occupy(company, person, request, where.IN_A_MEETING if request == NONE else where.AT_A_DESK, time)


@inlined
def occupy(company: Company, person: int, request: int, kind: int, time: float) -> None:
    """Keep a person busy; what takes no time makes no event."""
    now, about = company.clock[0].now, company.people[person]
    about.busy = True
    about.task = request
    about.kind = kind
    about.since = now
    if about.desk == NO_DESK:
        leave_idle(company, company.departments[about.department], person)
    if kind == STEP and company.numbers[0].equipment_enabled:
        time = works(about, time)
    if kind != where.KEPT:
        takes(company, person, time)


@compiled
def serve(company: Company, desk: Record) -> None:
    """Managers and coordinators take what is asked of them in order."""
    desk.asked = False
    for person in range(desk.first_person, desk.after_person):
        while desk.first_job != NONE and not company.people[person].busy:
            job = leave_desk(company, desk)
            request = company.requests[job // 2]
            if request.status == OPEN and request.place == where.COORDINATED:
                needed = questions.coordination_hours(company.numbers)
                duty(company, person, job // 2, COORDINATION, needed)
            elif request.status == OPEN:
                duty(company, person, job // 2, DECISION, decision(company, person, request, job % 2))
