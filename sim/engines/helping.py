"""Who has nothing to do takes work from a long queue of another department (P7).

Invariant: asked last at an instant, so nobody helps who has work at home; the order is total.
"""

from heapq import heappop

from sim.engines.staff import Staff
from sim.mechanisms.helping import needs_help
from sim.trajectory import OPEN


def lend(staff: Staff) -> None:
    """The longest queue first, served by who has been idle longest of those who may help there."""
    departments, may_help = staff.crew.departments, staff.rules.may_help
    while staff.rules.numbers.helping_enabled:
        offers = []
        for department in departments:
            queue = department.queues[0]
            while queue and queue[0][3].status != OPEN:
                heappop(queue)
            if queue and needs_help(department.waiting, staff.rules.numbers.helping_threshold):
                offers += [
                    (-department.waiting, department.id, worker.idle_since, worker)
                    for other in departments
                    if may_help[other.id, department.id]
                    for worker in other.workers
                    if not worker.busy
                ]
        if not offers:
            return
        *_, place, _, worker = min(offers)
        staff.begin(worker, heappop(departments[place].queues[0])[3])
