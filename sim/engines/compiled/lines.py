"""Lines people and requests stand in: queues, the idle, desks, events to come, and lists of ids.

Invariant: order is total (equal keys go by id), so a line is served the same way whatever it is made of.
"""

import numpy as np

from sim.engines.compiled.entities import FINISHED, Company, Record
from sim.engines.compiled.event_log import Table
from sim.engines.entities import NONE
from sim.jit import compiled, inlined
from sim.rules.grid import GRID, LONGEST, POINTS_AN_HOUR

GROUP_BITS = 9
GROUP = 1 << GROUP_BITS
"""People in a tournament: what is left of 63 bits after the points of the longest time, which take 54."""
NEVER = (1 << 63) - 1

# Queues: pairing heaps of requests (Fredman, Sedgewick, Sleator and Tarjan 1986), linked through the records.


@compiled
def joined(company: Company, root: int, request: int) -> int:
    """The first of a queue after a request has joined it by its key, the instant it joined, and its id."""
    company.requests[request].child = NONE
    return request if root == NONE else melded(company, root, request)


@compiled
def melded(company: Company, one: int, other: int) -> int:
    """Two queues made one; returns its first."""
    if goes_before(company, other, one):
        one, other = other, one
    company.requests[other].sibling = company.requests[one].child
    company.requests[one].child = other
    return one


@compiled
def goes_before(company: Company, one: int, other: int) -> bool:
    """Is a request served before another?"""
    a, b = company.requests[one], company.requests[other]
    if a.key != b.key:
        return bool(a.key < b.key)
    return bool(a.since < b.since) if a.since != b.since else one < other


@compiled
def served(company: Company, root: int) -> int:
    """The first of a queue after its first has left, or NONE."""
    requests = company.requests
    pairs = NONE
    child = requests[root].child
    while child != NONE:
        second = requests[child].sibling
        after = NONE
        if second != NONE:
            after = requests[second].sibling
            child = melded(company, child, second)
        requests[child].sibling = pairs
        pairs = child
        child = after
    first = NONE
    while pairs != NONE:
        following = requests[pairs].sibling
        first = pairs if first == NONE else melded(company, first, pairs)
        pairs = following
    return first


# The idle of a department, longest idle first.


@compiled
def stand_idle(company: Company, department: Record, worker: int) -> None:
    """Become the last of the idle; those who came free at the same instant stand in order of id."""
    people = company.people
    if people[worker].idle:
        return
    people[worker].idle = True
    before = department.last_idle
    while before > worker and people[before].idle_since == people[worker].idle_since:
        before = people[before].before
    after = department.first_idle if before == NONE else people[before].after
    people[worker].before = before
    people[worker].after = after
    stand_together(company, department, before, worker)
    stand_together(company, department, worker, after)


@compiled
def leave_idle(company: Company, department: Record, worker: int) -> None:
    """Be idle no longer."""
    about = company.people[worker]
    if about.idle:
        about.idle = False
        stand_together(company, department, about.before, about.after)


@compiled
def stand_together(company: Company, department: Record, before: int, after: int) -> None:
    """Make two of the idle neighbours; NONE is the end of the line."""
    if before == NONE:
        department.first_idle = after
    else:
        company.people[before].after = after
    if after == NONE:
        department.last_idle = before
    else:
        company.people[after].before = before


# Desks: who asks first is heard first.


@compiled
def stand_at_desk(company: Company, desk: Record, request: int, boss: int) -> None:
    """Ask last."""
    job = 2 * request + boss
    if desk.first_job == NONE:
        desk.first_job = job
    elif desk.last_job % 2 == 0:
        company.requests[desk.last_job // 2].behind = job
    else:
        company.requests[desk.last_job // 2].behind_second = job
    desk.last_job = job


@compiled
def leave_desk(company: Company, desk: Record) -> int:
    """The first job, taken off the desk."""
    job = desk.first_job
    about = company.requests[job // 2]
    if job == desk.last_job:
        desk.first_job = NONE
    else:
        desk.first_job = about.behind if job % 2 == 0 else about.behind_second
    return job  # type: ignore[no-any-return]


# Who finishes when: a tournament tree for each group of people, a leaf a person, the soonest winning.
# Time and the person's place in the group are one whole number, so that one comparison decides for both.


@inlined
def finishes(company: Company, person: int, time: float) -> None:
    """A person's task ends at this time; nothing is played after the longest one."""
    points = int((time if time < LONGEST else LONGEST) * POINTS_AN_HOUR)
    enter_tournament(company, person, (points << GROUP_BITS) | (person & (GROUP - 1)))


@inlined
def has_finished(company: Company, person: int) -> None:
    """Nobody waits for the end of a person's task any more."""
    enter_tournament(company, person, NEVER)


@inlined
def enter_tournament(company: Company, person: int, end: int) -> None:
    """Whose task ends sooner goes on to the next round."""
    ending, leaves = company.ending, company.fixed[0].leaves
    group = (person >> GROUP_BITS) * 2 * leaves
    place = leaves + (person & (GROUP - 1))
    ending[group + place] = end
    while place > 1:
        other = ending[group + (place ^ 1)]
        end = other if other < end else end
        place >>= 1
        ending[group + place] = end


@inlined
def next_to_finish(company: Company) -> tuple[float, int]:
    """When the next task ends and whose, the first of equals; after the longest time if there is none."""
    ending, leaves = company.ending, company.fixed[0].leaves
    best, first = ending[1], 0
    for group in range(1, company.fixed[0].groups):
        winner = ending[2 * leaves * group + 1]
        if winner >> GROUP_BITS < best >> GROUP_BITS:
            best, first = winner, group << GROUP_BITS
    return (best >> GROUP_BITS) * GRID, first + (best & (GROUP - 1))


# Events to come: binary heaps by time from place 1 on; place 0 holds their number.


@compiled
def expect(events: Table, time: float, who: int) -> None:
    """Add an event."""
    place = events[0].who + 1
    events[0].who = place
    while place > 1 and time < events[place >> 1].time:
        events[place].time = events[place >> 1].time
        events[place].who = events[place >> 1].who
        place >>= 1
    events[place].time = time
    events[place].who = who


@inlined
def next_time(events: Table) -> float:
    """Time of the next event, infinite when there is none."""
    return events[1].time  # type: ignore[no-any-return]


@compiled
def happened(events: Table) -> int:
    """Whose event comes next, in no order among equal times; it is taken off."""
    who = events[1].who
    count = events[0].who - 1
    events[0].who = count
    time = events[count + 1].time
    events[count + 1].time = np.inf  # so that the last pair below always has a sooner one
    place, below = 1, 2
    while below <= count:
        below += 1 if events[below + 1].time < events[below].time else 0
        if time <= events[below].time:
            break
        events[place].time = events[below].time
        events[place].who = events[below].who
        place = below
        below = 2 * place
    events[place].time = time if count > 0 else np.inf
    events[place].who = events[count + 1].who
    return who  # type: ignore[no-any-return]


@inlined
def takes(company: Company, person: int, time: float) -> None:
    """Something ends for a person after so many hours; what takes no time makes no event."""
    if time > 0.0:
        finishes(company, person, company.clock[0].now + time)
    else:
        note(company, FINISHED, person)


# Lists of ids, a column each, their lengths in the first row.


@inlined
def note(company: Company, kind: int, who: int) -> None:
    """Put an id at the end of a list."""
    place = company.noted[0, kind] + 1
    company.noted[0, kind] = place
    company.noted[place, kind] = who


@inlined
def forget(company: Company, kind: int, count: int) -> None:
    """Take the first ids off a list; what has been noted meanwhile stays."""
    for place in range(count + 1, company.noted[0, kind] + 1):
        company.noted[place - count, kind] = company.noted[place, kind]
    company.noted[0, kind] -= count


@inlined
def in_order(company: Company, kind: int) -> int:
    """Sort a list and return its length; by insertion, for lists are short or nearly in order."""
    count = company.noted[0, kind]
    if count > 1:
        sort(company, kind, count)
    return count  # type: ignore[no-any-return]


@compiled
def sort(company: Company, kind: int, count: int) -> None:
    """Sort the ids of a list."""
    noted = company.noted
    for place in range(2, count + 1):
        who = noted[place, kind]
        before = place - 1
        while before > 0 and noted[before, kind] > who:
            noted[before + 1, kind] = noted[before, kind]
            before -= 1
        noted[before + 1, kind] = who
