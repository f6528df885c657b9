"""Who takes which request where people of a department may do unlike things, or are chosen.

Invariant: the smallest of all pairs, by the total order of the SimPy engine's matching.
"""

from sim.engines.compiled.entities import Company, Record
from sim.engines.compiled.lines import goes_before, served
from sim.engines.compiled.rulebook import liking
from sim.engines.entities import NONE
from sim.jit import compiled, inlined
from sim.trajectory import OPEN


@compiled
def first_choice(company: Company, department: Record) -> tuple[int, int]:
    """The queue whose first request is served next, and with which preference; NONE when nobody can."""
    best, best_rank = NONE, NONE
    worker = department.first_idle
    while worker != NONE:
        for queue in range(department.first_queue, department.after_queue):
            rank = company.rank[worker, queue]
            if rank < 0 or company.queues[queue] == NONE:
                continue
            first, found = company.queues[queue], best == NONE
            if (
                found
                or rank < best_rank
                or (rank == best_rank and goes_before(company, first, company.queues[best]))
            ):
                best, best_rank = queue, rank
        worker = company.people[worker].after
    return best, best_rank


@compiled
def most_willing(company: Company, department: Record, queue: int, rank: int) -> int:
    """The free worker who takes the first request: by liking, then who has been idle longest."""
    request = company.requests[company.queues[queue]]
    best, best_liking = NONE, 0.0
    worker = department.first_idle
    while worker != NONE:
        if company.rank[worker, queue] == rank:
            own = liking(company, worker, request)
            if best == NONE or own < best_liking:
                best, best_liking = worker, own
        worker = company.people[worker].after
    return best


@inlined
def drop_closed(company: Company, queue: int) -> None:
    """Who left while waiting is not served."""
    first = company.queues[queue]
    while first != NONE and company.requests[first].status != OPEN:
        first = served(company, first)
        company.queues[queue] = first
