"""Who and what the company is made of while it works, as arrays of records.

Invariant: the same facts under the same names as the SimPy engine's entities. All of a replication lies in
these arrays, so the event loop can stop anywhere and go on.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engines.compiled.event_log import Table

Integers = NDArray[np.int64]
Ids = NDArray[np.int32]
Few = NDArray[np.int16]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Record = Any
"""One element of a table; its fields are attributes, compiled or not."""


def record(*fields: tuple[str, str]) -> np.dtype[Any]:
    """The type of a record: numba and NumPy both read its fields as attributes."""
    return np.dtype((np.record, np.dtype(list(fields), align=True)))


REQUEST = record(
    ("stream", "i8"),  # key of its random draws
    ("arrival", "f8"),  # hour
    ("first_start", "f8"),  # hour of the first touch, NaN before
    ("done", "f8"),  # hour of its end, NaN before
    ("since", "f8"),  # hour at which it came to its place
    ("key", "f8"),  # dispatch key in its queue, the smallest first
    ("context", "f8"),  # what is left of what earlier people knew, 0 to 1
    ("work_done", "f8"),  # content of the steps done, hours
    ("claim", "f8"),  # hours on the way to the next step: until the customer was taken on
    ("outside", "f8"),  # with the customer
    ("moving", "f8"),  # between departments
    ("coordination", "f8"),  # for the coordinator
    ("customer", "i4"),
    ("number", "i4"),  # of the customer's requests
    ("first_step", "i4"),  # in the steps of the world
    ("step", "i4"),  # the current one there
    ("end", "i4"),  # after its last one
    ("worker", "i4"),  # who did the last step
    ("row", "i4"),  # of its last visit in the event log; below 0: -1 - place among the later rows
    ("next_row", "i4"),  # of its next first visit, not counting the slack
    ("blamed", "i4"),  # system cause of a step of this passage gone wrong, or NONE
    ("later_row", "i4"),  # its last one among the later rows
    ("child", "i4"),  # its first follower in the heap of its queue
    ("sibling", "i4"),  # next follower of the same request there
    ("behind", "i4"),  # next job at the first boss's desk: 2 x request + boss
    ("behind_second", "i4"),  # next job at the second boss's desk
    ("segment", "i2"),  # the true one
    ("product", "i2"),
    ("recognised", "i2"),  # segment the company takes the customer for
    ("heading", "i2"),  # department it goes to
    ("department", "i2"),  # where it was last worked on
    ("visit", "i2"),  # repeats so far, rework and returns
    ("returns", "i2"),  # repeats that came through the customer
    ("handoffs", "i2"),  # borders crossed
    ("place", "i1"),  # see engines/where.py
    ("status", "i1"),  # OPEN ... CANCELLED
    ("passage", "i1"),  # FIRST, REWORK or RETURN
    ("bosses", "i1"),  # decisions still missing
    ("silent", "i1"),  # 1: ends with a defect nobody repairs
    ("defective", "?"),  # has a step of this passage gone wrong?
    ("contacting", "?"),  # comes from the customer, so reaching a department is no handoff
    ("straight", "?"),  # goes straight on with the person who has it in hand
    ("checked", "?"),  # has its first step begun, or been put off for what is missing?
    ("triaged", "?"),  # has the current step been found to belong elsewhere?
    ("impatient", "?"),  # has patience ended while being worked on?
    ("joining", "?"),  # is about to join a line at this instant
)
PERSON = record(
    ("idle_since", "f8"),  # hour at which the last task ended
    ("since", "f8"),  # hour at which the task began
    ("owed", "f8"),  # hours of meetings due
    ("sound", "f8"),  # hours of work until the workplace fails
    ("left", "f8"),  # hours of the step in hand that wait for a repair
    ("broken_since", "f8"),  # hour of the failure
    ("failures", "i8"),  # of the workplace
    ("next_broken", "i8"),  # who has called the crew next
    ("away_until", "f8"),  # hour at which the absence ends
    ("task", "i8"),  # the request in hand, NONE in a meeting or away
    ("next_own", "i8"),  # request that goes on before anything else
    ("own", "i8"),  # first of the requests that have come back
    ("row", "i8"),  # of the last duty in the event log; of the visit, when ALONGSIDE
    ("department", "i8"),
    ("desk", "i8"),  # NO_DESK for workers
    ("last_function", "i8"),  # of the last step
    ("last_product", "i8"),
    ("before", "i8"),  # neighbours among the idle
    ("after", "i8"),
    ("kind", "i1"),  # of the task: STEP, or see engines/where.py
    ("busy", "?"),
    ("awake", "?"),  # noted as having perhaps something to start
    ("slowed", "i8"),  # needs of internal services open that slow work down
    ("blocked", "i8"),  # those that keep from work
    ("broken", "?"),  # waits for the repair of the workplace
    ("idle", "?"),  # stands among the idle of the department
)
DEPARTMENT = record(
    ("places", "i8"),  # to wait in, for new requests; below 0: no limit
    ("waiting", "i8"),  # requests that wait for somebody here
    ("workers", "i8"),  # its people
    ("first_queue", "i8"),  # its queues are first_queue to after_queue - 1
    ("after_queue", "i8"),
    ("manager", "i8"),  # desk, or NO_DESK
    ("rule", "i8"),  # which request is next: FIFO ... SEGMENT_PRIORITY
    ("first_idle", "i8"),  # the worker who has been free longest
    ("last_idle", "i8"),
    ("plain", "?"),  # one queue, and everybody may do everything
    ("stirred", "?"),  # noted as having perhaps something to start
)
DESK = record(
    ("first_person", "i8"),  # its people are first_person to after_person - 1
    ("after_person", "i8"),
    ("first_job", "i8"),  # 2 x request + boss
    ("last_job", "i8"),
    ("asked", "?"),  # noted as having perhaps something to start
)
CUSTOMER = record(
    ("last_server", "i8"),  # who worked for the customer last
    ("next_row", "i8"),  # where in the event log the rows of the next request go
)
CELL = record(
    ("on_function", "f8"),  # how much knowledge of the function matters
    ("on_product", "f8"),
    ("on_segment", "f8"),
    ("mean_work", "f8"),  # hours
    ("content_factor", "f8"),  # of the segment, on the work content
    ("exception", "f8"),  # chance that a decision is needed
    ("margin", "f8"),  # money a request
    ("priority", "f8"),  # of the segment, the smallest first
    ("promise", "f8"),  # hours
    ("department", "i8"),
    ("queue", "i8"),
    ("coordinator", "i8"),  # desk, or NO_DESK
    ("first_law", "i8"),  # law of the first step of the product's route
    ("function", "i8"),
    ("is_delay", "?"),  # outside the company
    ("grouped", "?"),  # does the department depend on the segment?
)
"""What the model and the organisation say about a function, product and segment."""
LAW = record(
    ("first", "f8"),  # parameters, see rules/laws.py
    ("second", "f8"),
    ("kind", "i8"),  # LAW_NONE ... LAW_TRACE
    ("start", "i8"),  # its values in `table`
    ("count", "i8"),
)
NEED = record(
    ("asked", "f8"),  # hour
    ("begun", "f8"),  # hour
    ("count", "i8"),  # needs so far, met or not
    ("is_open", "?"),
    ("waits", "?"),  # for somebody to begin
)
"""What one worker needs of one internal service, again and again."""
EVENT = record(("time", "f8"), ("who", "i8"))  # hour; request
FIXED = record(
    ("requests", "i8"),  # of the world
    ("workers", "i8"),  # the first people
    ("people", "i8"),
    ("general", "i8"),  # desk of the general manager
    ("worker_key", "i8"),  # LONGEST_IDLE, SAME_WORKER or MOST_PROFICIENT
    ("leaves", "i8"),  # of a tree of who finishes next
    ("groups", "i8"),  # such trees
    ("support_desks", "i8"),  # of internal services
    ("most_rounds", "i8"),  # at one instant
    ("relay", "?"),  # each step queues again
    ("slow", "?"),  # do effects change from week to week?
    ("overlaps", "?"),  # may requests go on while a step is worked on?
    ("named", "?"),  # do steps have people who did them in the log?
)
"""What stays as it is."""
CLOCK = record(
    ("now", "f8"),  # hour
    ("next_day", "f8"),  # hour at which meetings are due again
    ("arrives", "f8"),  # hour of the next arrival
    ("next_arrival", "i8"),  # the request that comes then
    ("day", "i8"),  # of the week, the next one to begin
    ("rounds", "i8"),  # of the instant so far
    ("events", "i8"),  # instants in which something happened
    ("first_broken", "i8"),  # who has called the crew first
    ("last_broken", "i8"),
    ("free_crew", "i8"),  # people who repair and have nothing to do
    ("needs_waiting", "i8"),  # of internal services, for somebody to begin
    ("morning", "f8"),  # hour at which the day began
    ("stage", "i8"),  # see company.py
    ("in_time", "i8"),  # requests that come before the horizon
    ("open_in_time", "i8"),  # of those, how many are not closed
    ("week_over", "?"),
    ("day_begun", "?"),
)
FINISHED, MOVED, JOINING, OUT_OF_PATIENCE, AWAKE, STIRRED, ASKED, LENT, NEW, NEEDED = range(10)
"""Columns of `noted`: what happened now, who may have something to start, whose patience began,
who is new where places to wait are few, whose need of an internal service begins or is met."""


class Company(NamedTuple):
    """n requests, m steps, c customers, N people (w of them workers), D departments, K desks, Q queues.

    Attributes
    ----------
    requests (n), people (N), departments (D), desks (K), customers (c) : REQUEST, PERSON ... records.
    cells : (F x P x S) CELL, segments changing fastest. cell : (m,) the true one of each step.
    laws, table : LAW of the policies (rows as in `Numbers.laws`), then of the routes' steps; their values.
    numbers, fixed, clock : (1,) `Numbers.record`, and what is and becomes true of the whole company.
    arrival, patience : (n,) hours. recorded : (n,) see world. position, content : (m,) of each step.
    alongside, person : (m,) see world; (0,) where there is nothing of the kind.
    named, may_help : see organisation.
    askers, needs, internal : (w,) addresses of draws, (w x K) NEED of K internal services, heap of EVENT.
    desk_of, faces_customers : see organisation. crews : (Q,) who serves there and is free.
    between, serving, blocks : (K,) see sim/mechanisms/support.py.
    seats : (w,) addresses of the draws of workplaces; (0,) where none fails.
    owners : (m, 2) department + 1 and worker, in the places of a request's steps; (0, 2) in a relay.
    by_function, by_product, by_segment, cases, worked, waited, signals : the state's own arrays.
    pace, care, duty_hours, away, active, standing, work_factor, defect_base : its effects, see
        sim/mechanisms/effects.py.
    queues : (Q,) first request or NONE. rank : (w, Q).
    ending : see lines.py. moving, leaving : heaps of EVENT.
    noted : (..., 10) lists of ids, a column each, their lengths in the first row.
    first, later, link, duties, rows : see event_log.py.
    """

    requests: Table
    people: Table
    departments: Table
    desks: Table
    customers: Table
    cells: Table
    laws: Table
    table: Floats
    numbers: Table
    fixed: Table
    clock: Table
    arrival: Floats
    patience: Floats
    recorded: Few
    cell: Ids
    position: Few
    content: Floats
    alongside: Flags
    person: Ids
    named: Integers
    seats: Integers
    askers: Integers
    needs: Table
    internal: Table
    desk_of: Integers
    crews: Integers
    faces_customers: Flags
    between: Floats
    serving: Floats
    blocks: Flags
    may_help: Flags
    owners: Ids
    by_function: Floats
    by_product: Floats
    by_segment: Floats
    cases: Floats
    worked: Floats
    waited: Floats
    signals: Floats
    pace: Floats
    care: Floats
    duty_hours: Floats
    away: Floats
    active: Floats
    standing: Floats
    work_factor: Floats
    defect_base: Floats
    queues: Integers
    rank: Integers
    ending: Integers
    moving: Table
    leaving: Table
    noted: Integers
    first: Table
    later: Table
    link: Integers
    duties: Table
    rows: Integers
