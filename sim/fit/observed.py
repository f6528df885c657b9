"""What a log does show of how people work together: do they keep a ticket, and what does passing it on take?

Invariant: what the user has set is never replaced.
"""

from typing import Any

import numpy as np

from sim.fit.company import rounded
from sim.fit.estimate import Estimate
from sim.fit.measures import passed_on
from sim.fit.present import observe

MOSTLY = 0.5
"""Share of the steps passed on to another person above which nobody keeps a ticket."""
Levers = dict[str, dict[str, Any]]


def settle(found: Estimate, levers: Levers) -> list[tuple[str, str]]:
    """Enter into `levers` what the log shows and nobody has set; returns settings and reasons."""
    shown = []
    if passed_on(found) > MOSTLY and "ownership" not in levers.get("people", {}):
        levers.setdefault("people", {})["ownership"] = "relay"
        shown.append(("people.ownership=relay", "most steps are done by another person than the step before"))
    hours = handoff_hours(found)
    if hours is not None and "handoff" not in levers.get("coordination", {}):
        levers.setdefault("coordination", {})["handoff"] = {"law": "exponential", "mean": hours}
        setting = f"coordination.handoff={{law: exponential, mean: {hours:g}}}"
        shown.append((setting, "so long does a ticket lie when it is passed on and no work is in the way"))
    return shown


def handoff_hours(found: Estimate) -> float | None:
    """Mean open hours between the end of a step and the begin of the next by another person, queues apart.

    None where the log does not say when work begins, or nothing is passed on. Waits outside are left out.
    """
    present = observe(found.tickets.events)
    if not present.timed:
        return None
    events = present.events
    person, activity = events.person[present.rows], events.activity[present.rows]
    outside = np.array([name in found.tickets.roles.outside for name in events.activities])
    further = np.ones(len(person), dtype=bool)
    further[present.first[:-1]] = False
    before = np.concatenate([[0], np.arange(len(person) - 1)])
    passed = further & (person != person[before]) & ~outside[activity[before]]
    return rounded(float(present.wait[passed].mean())) if passed.any() else None
