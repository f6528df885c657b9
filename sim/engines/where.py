"""Where a request is, and what a person is at besides a step, as numbers.

Invariant: CLAIMING to COORDINATED are the places where time passes on the way to a step, in the order of the
event log.
"""

from sim.trajectory import STEP

ARRIVING = 0
"""Not taken up yet."""
CLAIMING = 1
"""Unknown to the company, until somebody takes the customer on."""
RETURNING = 2
"""With the customer, who found a defect and comes back."""
MOVING = 3
"""Between two departments."""
COORDINATED = 4
"""Waiting for the coordinator of a matrix, or with one."""
AWAY = 5
"""Outside the company, by the route of its product."""
QUEUED = 6
WORKED_ON = 7
DECIDED = 8
"""Waiting for a decision, or being decided."""

RELEASED = 9
"""Going on while somebody still works on its last step."""

ON_TRIAGE, IN_A_MEETING, AT_A_DESK, ALONGSIDE, ASKING, KEPT = range(STEP + 1, STEP + 7)
"""ALONGSIDE: at a step whose request goes on meanwhile. ASKING: a customer for what is missing.
KEPT: from work by what is needed of colleagues."""
