"""One worked example, small enough to check with a pencil."""

import pytest

from sim.trajectory import OPEN, Trajectory
from tests.analysis.synthetic import NAN, Request, trajectory


@pytest.fixture
def worked() -> Trajectory:
    """Two resolved requests and one still in work; two workers and a manager; two weeks.

    First: 1 h queue, 2.5 h intake, 2 h handoff, 0.5 h queue, 1.25 h analysis, 1 h waiting for a decision of
    0.5 h: 8.75 h. Second: 1 h intake, 2 h handoff, 0.25 h queue, 1 h analysis, 0.5 h rework: 4.75 h. The
    third came at 50 and is in work at the end, 80.
    """
    first = Request(customer=0, number=0, arrival=1.0, more={"handoffs": 1})
    first.visit(0, queue=1.0, work=2.0, by_function=0.5, u_function=0.5)
    first.visit(1, handoff=2.0, queue=0.5, work=1.0, reread=0.25, decision_wait=1.0, decision=0.5, **ANALYSIS)
    second = Request(customer=1, number=0, arrival=5.0, segment=1, more={"handoffs": 1, "repeats": 1})
    second.visit(0, work=1.0).visit(1, handoff=2.0, queue=0.25, work=1.0, **ANALYSIS)
    second.visit(1, work=0.5, passage=1, visit=1, **ANALYSIS)
    third = Request(customer=1, number=1, arrival=50.0, segment=1, status=OPEN).visit(0, work=100.0)
    third.visits[0]["end"] = NAN
    meeting, decision = (0, 0, 20.0, 21.0), (2, 1, 9.25, 9.75)
    return trajectory([first, second, third], people=[(0, 0), (0, 1), (1, 0)], duties=[meeting, decision])


ANALYSIS = {"function": 1, "department": 1}
