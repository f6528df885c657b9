"""What happens to each customer, one after the other, from given arrival times and work: no events, no clock.

Invariant: a recursion is a few lines that anybody can check by eye; the simulator must agree with it for
every customer.
"""

from __future__ import annotations

from collections.abc import Sequence


def served_in_order(arrivals: Sequence[float], works: Sequence[float], servers: int) -> list[float]:
    """Start of each customer, first come first served, each to the server that is free first.

    The sorted vector of Kiefer and Wolfowitz 1955, kept as the times at which servers come free.

    >>> served_in_order([0, 1, 2, 3, 4], [4, 2, 3, 1, 2], 1)
    [0, 4, 6, 9, 10]
    >>> served_in_order([0, 1, 2, 3, 4], [4, 2, 3, 1, 2], 2)
    [0, 1, 3, 4, 5]
    """
    free = [0.0] * servers
    starts = []
    for arrival, work in zip(arrivals, works, strict=True):
        start = max(arrival, free[0])
        free[0] = start + work
        free.sort()
        starts.append(start)
    return starts


def served_or_gone(
    arrivals: Sequence[float], works: Sequence[float], patience: Sequence[float]
) -> list[float | None]:
    """Start of each customer of one server, None for those whose patience ends first.

    >>> served_or_gone([0, 1, 2], [5, 2, 2], [100, 3, 10])
    [0, None, 5]
    """
    free, starts = 0.0, list[float | None]()
    for arrival, work, willing in zip(arrivals, works, patience, strict=True):
        start = max(arrival, free)
        if start >= arrival + willing:
            starts.append(None)
            continue
        free = start + work
        starts.append(start)
    return starts


def set_up_for(kinds: Sequence[str], works: Sequence[float], setup: float) -> list[float]:
    """End of each job of one server that begins at 0 with all of them there, a set-up at each change of kind.

    >>> set_up_for("ABA", [1, 1, 1], 0.5), set_up_for("AAB", [1, 1, 1], 0.5)
    ([1.0, 2.5, 4.0], [1.0, 2.0, 3.5])
    """
    now, ends = 0.0, []
    for place, (kind, work) in enumerate(zip(kinds, works, strict=True)):
        changed = place > 0 and kinds[place - 1] != kind
        now += (setup if changed else 0.0) + work
        ends.append(now)
    return ends
