"""Which request is more urgent: the dispatch keys as numbers, the smallest goes first.

Invariant: a key depends on the request and the instant it joined, never on who else waits.
"""

from sim.jit import compiled

FIFO, REQUEST_AGE, DUE_DATE, SHORTEST, VALUE, SEGMENT_PRIORITY = range(6)
"""In the order of model.policies.REQUEST_KEYS."""


@compiled
def request_priority(
    rule: int, now: float, arrival: float, promise: float, work: float, margin: float, priority: float
) -> float:
    """The first part of a request's place in a queue; equal ones go by the time they joined.

    Parameters
    ----------
    rule : FIFO ... SEGMENT_PRIORITY.
    now : instant of joining; arrival : of the request; promise, work : hours; margin : money; priority :
    class.

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
