"""Early against late, replication by replication: what a test for growing queues and for warm-up needs.

Invariant: queues are compared between the second and the last quarter of the run, response and
familiarity between the halves of the measured window.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.analysis.exact import Flags, Floats, exact_mean, exact_sum
from sim.analysis.hours import split
from sim.analysis.measured import Measured
from sim.analysis.rows import COMPANY, scopes
from sim.analysis.satisfaction import steps, visit_unfamiliarity
from sim.model.scenario import Scenario
from sim.trajectory import CANCELLED


def steadiness(scenario: Scenario, measured: Measured) -> dict[str, Any]:
    """Table measure, scope, early, late.

    backlog: mean number of requests in the company, or in a department's queue, over the second and the
    last quarter of [0, horizon]. response: mean of the requests that arrived in the first and second half
    of the measured window. unfamiliarity: weighted by work, of the steps started in these halves.
    """
    rows = [("backlog", COMPANY, *_backlog(measured, *_in_company(measured)))]
    for place, scope in enumerate(scopes("department", measured.names("department"))):
        rows.append(("backlog", scope, *_backlog(measured, *_in_queue(measured, place))))
    rows.append(("response", COMPANY, *_responses(measured)))
    rows.append(("unfamiliarity", COMPANY, *_unfamiliarity(scenario, measured)))
    names = ("measure", "scope", "early", "late")
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def _in_company(measured: Measured) -> tuple[Floats, Floats]:
    requests = measured.requests
    came = requests.integers("status") != CANCELLED
    return requests.floats("arrival")[came], requests.floats("done")[came]


def _in_queue(measured: Measured, department: int) -> tuple[Floats, Floats]:
    visits = measured.visits
    own = (visits.integers("department") == department) & np.isfinite(visits.floats("queued"))
    start = visits.floats("start")[own]
    left = measured.requests.floats("done")[measured.request_of_visit[own]]
    return visits.floats("queued")[own], np.where(np.isnan(start), left, start)


def _backlog(measured: Measured, came: Floats, went: Floats) -> tuple[float, float]:
    """Mean number present in the second and in the last quarter."""
    quarter = measured.trajectory.horizon / 4
    edges = np.array([place * quarter for place in range(5)])
    _, window, hours = split(came, np.where(np.isnan(went), np.inf, went), edges)
    early, late = (exact_sum(hours[window == place]) / quarter for place in (1, 3))
    return early, late


def _halves(measured: Measured, time: Floats) -> tuple[Flags, Flags]:
    start, end = measured.trajectory.warm_up, measured.trajectory.horizon
    middle = start + (end - start) / 2
    return (time >= start) & (time < middle), (time >= middle) & (time <= end)


def _responses(measured: Measured) -> tuple[float, float]:
    halves = _halves(measured, measured.requests.floats("arrival"))
    early, late = (exact_mean(measured.response[measured.resolved & half]) for half in halves)
    return early, late


def _unfamiliarity(scenario: Scenario, measured: Measured) -> tuple[float, float]:
    worked, work = steps(measured), measured.visits.floats("work")
    weighted = work * visit_unfamiliarity(scenario, measured)
    early, late = (
        _over(exact_sum(weighted[worked & half]), exact_sum(work[worked & half]))
        for half in _halves(measured, measured.visits.floats("start"))
    )
    return early, late


def _over(part: float, whole: float) -> float:
    return part / whole if whole else math.nan
