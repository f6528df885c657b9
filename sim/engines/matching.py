"""Who takes which request where people of a department may do unlike things, or are chosen.

Invariant: the smallest of all pairs, by a total order; queues only lose who has left.
"""

from heapq import heappop

from sim.engines.entities import Department, Person
from sim.engines.rulebook import Rulebook
from sim.trajectory import OPEN


def best_pair(
    department: Department, rules: Rulebook, last_server: list[Person | None]
) -> tuple[Person, int] | None:
    """The worker and the queue of the smallest (preference, first request, liking, idle since, worker)."""
    for queue in department.queues:
        while queue and queue[0][3].status != OPEN:
            heappop(queue)
    pairs = []
    for number, queue in enumerate(department.queues):
        for worker in department.workers if queue else ():
            if not worker.busy and worker.ranks[number] >= 0:
                head = queue[0]
                liking = rules.liking(worker, head[3], last_server[head[3].customer] is worker)
                pairs.append((worker.ranks[number], *head, liking, worker.idle_since, worker, number))
    return min(pairs)[7:] if pairs else None
