"""Early against late, replication by replication: what a test for growing queues and for warm-up needs.

Invariant: queues are compared between the second and the last quarter of the run, response and
familiarity between the halves of the measured window.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.analysis.exact import Flags, Floats, Integers, exact_mean, exact_sums
from sim.analysis.hours import split
from sim.analysis.measured import Measured
from sim.analysis.rows import COMPANY, scopes
from sim.model.scenario import Scenario
from sim.opinions import visit_unfamiliarity
from sim.trajectory import CANCELLED


def early_late(scenario: Scenario, measured: Measured) -> dict[str, Any]:
    """Table measure, scope, early, late.

    backlog: mean number of requests in the company, or in a department's queue, over the second and the
    last quarter of [0, horizon]. response: mean of the requests that arrived in the first and second half
    of the measured window. unfamiliarity: weighted by work, of the steps started in these halves.
    """
    backlogs = [*_backlogs(measured, *_in_company(measured)), *_backlogs(measured, *_in_queues(measured))]
    places = [COMPANY, *scopes("department", measured.names("department"))]
    rows = [("backlog", place, *backlog) for place, backlog in zip(places, backlogs, strict=True)]
    rows.append(("response", COMPANY, *_responses(measured)))
    rows.append(("unfamiliarity", COMPANY, *_unfamiliarity(scenario, measured)))
    names = ("measure", "scope", "early", "late")
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def _in_company(measured: Measured) -> tuple[Floats, Floats, Integers, int]:
    """When requests came and went, all of them in one place; and the number of places."""
    requests = measured.requests
    came = requests.integers("status") != CANCELLED
    arrival = requests.floats("arrival")[came]
    return arrival, requests.floats("done")[came], np.zeros(len(arrival), dtype=np.int64), 1


def _in_queues(measured: Measured) -> tuple[Floats, Floats, Integers, int]:
    """When requests came to a department's queue and left it, the departments, and their number."""
    visits = measured.visits
    own = (visits.integers("department") >= 0) & np.isfinite(visits.floats("queued"))
    start, left = visits.floats("start"), measured.requests.floats("done")[measured.request_of_visit]
    went = np.where(np.isnan(start), left, start)[own]
    return (
        visits.floats("queued")[own],
        went,
        visits.integers("department")[own],
        len(measured.names("department")),
    )


def _backlogs(
    measured: Measured, came: Floats, went: Floats, place: Integers, places: int
) -> list[list[float]]:
    """Mean number present in the second and in the last quarter, for each place."""
    quarter = measured.trajectory.horizon / 4
    edges = np.array([number * quarter for number in range(5)])
    row, window, hours = split(came, np.where(np.isnan(went), np.inf, went), edges)
    sums = exact_sums(hours, place[row] * 4 + window, places * 4).reshape(places, 4)
    found: list[list[float]] = (sums[:, [1, 3]] / quarter).tolist()
    return found


def _halves(measured: Measured, time: Floats) -> tuple[Flags, Flags]:
    start, end = measured.trajectory.warm_up, measured.trajectory.horizon
    middle = start + (end - start) / 2
    return (time >= start) & (time < middle), (time >= middle) & (time <= end)


def _responses(measured: Measured) -> tuple[float, float]:
    halves = _halves(measured, measured.requests.floats("arrival"))
    early, late = (exact_mean(measured.response[measured.resolved & half]) for half in halves)
    return early, late


def _unfamiliarity(scenario: Scenario, measured: Measured) -> tuple[float, float]:
    work = measured.visits.floats("work")
    weighted = work * visit_unfamiliarity(scenario, measured)
    together = np.zeros(len(work), dtype=np.int64)
    early, late = (
        _over(*(exact_sums(part, together, 1, measured.steps & half).item() for part in (weighted, work)))
        for half in _halves(measured, measured.visits.floats("start"))
    )
    return early, late


def _over(part: float, whole: float) -> float:
    return part / whole if whole else math.nan
