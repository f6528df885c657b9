"""Who and what the company is made of while it works, as arrays of records.

Invariant: the same facts under the same names as the SimPy engine's entities. All of a replication lies in
these arrays, so the event loop can stop anywhere and go on.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engines.compiled.ledger import Table

Integers = NDArray[np.int64]
Ids = NDArray[np.int32]
Few = NDArray[np.int16]
Floats = NDArray[np.float64]
Record = Any
"""One element of a table; its fields are attributes, compiled or not."""


def record(*fields: tuple[str, str]) -> np.dtype[Any]:
    """The type of a record: numba and NumPy both read its fields as attributes."""
    return np.dtype((np.record, np.dtype(list(fields), align=True)))


REQUEST = record(
    ("luck", "i8"), ("arrival", "f8"), ("first_start", "f8"), ("done", "f8"), ("since", "f8"), ("key", "f8"),
    ("context", "f8"), ("work_done", "f8"),
    ("claim", "f8"), ("outside", "f8"), ("moving", "f8"), ("coordination", "f8"),
    ("customer", "i4"), ("number", "i4"), ("first_step", "i4"), ("step", "i4"), ("end", "i4"),
    ("worker", "i4"),
    ("row", "i4"), ("next_row", "i4"), ("later_row", "i4"),
    ("child", "i4"), ("sibling", "i4"), ("behind", "i4"), ("behind_second", "i4"),
    ("segment", "i2"), ("product", "i2"), ("recognised", "i2"), ("heading", "i2"), ("department", "i2"),
    ("visit", "i2"), ("repeats", "i2"), ("returns", "i2"), ("handoffs", "i2"),
    ("place", "i1"), ("status", "i1"), ("passage", "i1"), ("bosses", "i1"), ("silent", "i1"),
    ("defective", "?"), ("contacting", "?"), ("straight", "?"), ("triaged", "?"), ("toured", "?"),
    ("impatient", "?"), ("joining", "?"),
)  # fmt: skip
"""`step`: the current step in the world's arrays, `end`: after the last. `claim` to `coordination`: time
spent on the way. `row`: the open row of the ledger, `next_row`, `later_row`: where its next ones go. `child`,
`sibling`: its place in a queue. `behind`, `behind_second`: the next job at the desk of either boss."""
PERSON = record(
    ("idle_since", "f8"), ("since", "f8"), ("owed", "f8"), ("meeting", "f8"), ("pace", "f8"),
    ("task", "i8"), ("next_own", "i8"), ("own", "i8"), ("row", "i8"), ("department", "i8"), ("desk", "i8"),
    ("last_function", "i8"), ("last_product", "i8"), ("before", "i8"), ("after", "i8"),
    ("kind", "i1"), ("busy", "?"), ("awake", "?"), ("idle", "?"),
)  # fmt: skip
"""`own`: the first of the requests that have come back. `before`, `after`: neighbours among the idle."""
DEPARTMENT = record(
    ("places", "i8"), ("waiting", "i8"), ("first_queue", "i8"), ("after_queue", "i8"), ("manager", "i8"),
    ("rule", "i8"), ("first_idle", "i8"), ("last_idle", "i8"), ("plain", "?"), ("stirred", "?"),
)  # fmt: skip
DESK = record(
    ("first_person", "i8"), ("after_person", "i8"), ("first_job", "i8"), ("last_job", "i8"), ("asked", "?")
)
"""Jobs are 2 x request + boss."""
CUSTOMER = record(("corrected", "i8"), ("last_server", "i8"), ("next_row", "i8"))
"""`corrected`: the change of the customer up to which the record has been put right. `next_row`: where in
the ledger the rows of the customer's next request go."""
CELL = record(
    ("on_function", "f8"), ("on_product", "f8"), ("on_segment", "f8"), ("mean_work", "f8"),
    ("content_factor", "f8"), ("exception", "f8"), ("margin", "f8"), ("priority", "f8"), ("promise", "f8"),
    ("department", "i8"), ("queue", "i8"), ("coordinator", "i8"), ("first_law", "i8"),
    ("function", "i8"), ("is_delay", "?"), ("grouped", "?"),
)  # fmt: skip
"""What the market and the organisation say about a function, product and segment."""
LAW = record(("first", "f8"), ("second", "f8"), ("kind", "i8"), ("start", "i8"), ("count", "i8"))
EVENT = record(("time", "f8"), ("who", "i8"))
MOMENT = record(
    ("now", "f8"), ("next_day", "f8"), ("arrives", "f8"), ("next_arrival", "i8"), ("rounds", "i8"),
    ("events", "i8"), ("stage", "i8"), ("in_time", "i8"), ("open_in_time", "i8"),
    ("week_over", "?"), ("day_begun", "?"),
)  # fmt: skip
"""`arrives`: when the next one does; `in_time`: who comes before the horizon; `stage`: see company.py."""
FINISHED, MOVED, JOINING, OUT_OF_PATIENCE, AWAKE, STIRRED, ASKED, LENT, NEW = range(9)
"""Columns of `noted`: what happened now, who may have something to start, whose patience began,
who is new where places to wait are few."""


class Company(NamedTuple):
    """n requests, m steps, c customers, N people (w of them workers), D departments, K desks, Q queues.

    Attributes
    ----------
    requests (n), people (N), departments (D), desks (K), customers (c) : REQUEST, PERSON ... records.
    cells : (F x P x S) CELL, segments changing fastest. cell : (m,) the true one of each step.
    laws, table : LAW of the delays (rows as in settings.py), then of the routes' steps; their values.
    rules, moment : (1,) the settings' numbers, and what is true of the whole company.
    arrival, patience : (n,) hours. recorded, change : (n,) see world. position, content : (m,) of each step.
    owners : (m, 2) department + 1 and worker, in the places of a request's steps; (0, 2) in a relay.
    by_function, by_product, by_segment, cases : the state's own arrays.
    queues : (Q,) first request or NONE. rank : (w, Q).
    ending : see lines.py. moving, leaving : heaps of EVENT.
    noted : (..., 9) lists of ids, a column each, their lengths in the first row.
    first, later, link, duties, rows : see ledger.py.
    """

    requests: Table
    people: Table
    departments: Table
    desks: Table
    customers: Table
    cells: Table
    laws: Table
    table: Floats
    rules: Table
    moment: Table
    arrival: Floats
    patience: Floats
    recorded: Few
    change: Ids
    cell: Ids
    position: Few
    content: Floats
    owners: Ids
    by_function: Floats
    by_product: Floats
    by_segment: Floats
    cases: Floats
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
