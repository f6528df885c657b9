"""K3 Functions have conflicting goals: each department may follow its own rule of what is next, or all one.

Invariant: a key depends on the request and the instant it joined, never on who else waits.
"""

from typing import Literal

from sim.jit import compiled
from sim.mechanisms.record import Mechanism
from sim.schema.base import Record, quantity

REQUEST_KEYS = ("fifo", "request_age", "due_date", "shortest", "value", "segment_priority")
RequestKey = Literal["fifo", "request_age", "due_date", "shortest", "value", "segment_priority"]
FIFO, REQUEST_AGE, DUE_DATE, SHORTEST, VALUE, SEGMENT_PRIORITY = range(6)


class Dispatch(Record):
    """Which request a department takes next."""

    dispatch_request: RequestKey = quantity("which request a department takes next", default="fifo")


class Priorities(Record):
    """Whether departments follow one rule or each its own."""

    priorities: Literal["local", "shared"] = quantity(
        "each department by its own key, or all by the same one", default="local"
    )
    shared_key: RequestKey = quantity(
        "the key all departments use when priorities are shared", default="due_date"
    )


MECHANISM = Mechanism(
    id="K3",
    claim="functions have conflicting goals; the whole order cycle should set priorities",
    source="assumption",
    section="2.6",
    shown="V12; p90",
    records=(("people", Dispatch), ("coordination", Priorities)),
    default="local",
)


@compiled
def request_priority(
    rule: int, now: float, arrival: float, promise: float, work: float, margin: float, priority: float
) -> float:
    """The first part of a request's place in a queue (K3); equal ones go by the time they joined.

    Parameters
    ----------
    rule : FIFO ... SEGMENT_PRIORITY. now : instant of joining, hours. arrival : of the request, hours.
    promise, work : hours, >= 0. margin : money. priority : class, lower goes first.
        Source: the usual rules of dispatch; model.md, 2.6.

    >>> float(request_priority(DUE_DATE, 9.0, 5.0, 8.0, 1.0, 100.0, 2.0))
    13.0
    """
    if rule == REQUEST_AGE:
        return arrival
    if rule == DUE_DATE:
        return arrival + promise
    if rule == SHORTEST:
        return work
    if rule == VALUE:
        return -margin
    if rule == SEGMENT_PRIORITY:
        return priority
    return now
