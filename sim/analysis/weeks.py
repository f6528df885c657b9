"""The course of a replication, week by week: people, hours, queues, response, familiarity.

Invariant: weeks cover [0, horizon], warm-up included; a cut is made by whoever reads them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.analysis.exact import Flags, Floats, Integers, exact_sums, ratio
from sim.analysis.hours import intervals, present, spent, staff
from sim.analysis.measured import Measured
from sim.analysis.rows import COMPANY, scopes
from sim.model.scenario import Scenario
from sim.opinions import visit_unfamiliarity
from sim.trajectory import CANCELLED, DONE, WORKER
from sim.windows import edges_before


def weeks(scenario: Scenario, measured: Measured) -> dict[str, Any]:
    """Table week, scope and the columns below, one row per week for the company and each department.

    people, present, busy: workers and their hours. hidden: hidden hours of everybody. queued: requests
    that joined the queue. queue: requests waiting at the end of the week. open: requests in the company
    then (departments: waiting or in work). response: mean of the requests that arrived that week and were
    resolved (departments: that entered the company there). unfamiliarity: weighted by work, steps started.
    """
    edges = np.arange(scenario.experiment.horizon_weeks + 1, dtype=np.float64) * scenario.week
    names = measured.names("department")
    columns = {
        **_people(measured, edges),
        **_queues(measured, edges),
        "response": _responses(measured, edges),
        "unfamiliarity": _unfamiliarity(scenario, measured, edges),
    }
    count = len(edges) - 1
    places = [COMPANY, *scopes("department", names)]
    return {
        "week": np.tile(np.arange(count), len(places)),
        "scope": [place for place in places for _ in range(count)],
        **{name: values.T.ravel() for name, values in columns.items()},
    }


def _people(measured: Measured, edges: Floats) -> dict[str, Floats]:
    hours = spent(measured, intervals(measured), edges)
    workers = staff(measured)[WORKER].astype(np.float64)
    return {
        "people": np.tile(_with_company(workers[None]), (len(edges) - 1, 1)),
        "present": _with_company(present(measured, edges)[:, WORKER]),
        "busy": _with_company(hours.busy[:, WORKER]),
        "hidden": _with_company(hours.hidden.sum(axis=1)),
    }


def _with_company(values: Floats) -> Floats:
    """(weeks, departments + 1) to (weeks, 1 + departments): the sum first, those without one dropped."""
    return np.concatenate([values.sum(axis=1, keepdims=True), values[:, :-1]], axis=1)


def _queues(measured: Measured, edges: Floats) -> dict[str, Floats]:
    visits = measured.visits
    queued, department = visits.floats("queued"), visits.integers("department")
    ended = measured.requests.floats("done")[measured.request_of_visit]
    served = np.isfinite(visits.floats("start"))
    left = _never(np.where(served, visits.floats("start"), ended))
    out = _never(np.where(served, visits.floats("end"), ended))
    inside = np.isfinite(queued) & (department >= 0)
    places = department[inside], len(measured.names("department"))
    came, gone, finished = (_until(times[inside], *places, edges) for times in (queued, left, out))
    joined, waiting, present = np.diff(came, axis=0), (came - gone)[1:], (came - finished)[1:]
    present[:, 0] = _open_requests(measured, edges)
    return {"queued": joined, "queue": waiting, "open": present}


def _never(times: Floats) -> Floats:
    return np.where(np.isnan(times), np.inf, times)


def _until(times: Floats, place: Integers, places: int, edges: Floats) -> Floats:
    """How many of the times lie at or before each edge, everywhere and in each place; (edges, 1 + places)."""
    cell = edges_before(times, edges, False) * places + place
    after = np.bincount(cell, minlength=(len(edges) + 1) * places).reshape(-1, places)[:-1]
    counts = np.cumsum(after, axis=0).astype(np.float64)
    return np.concatenate([counts.sum(axis=1, keepdims=True), counts], axis=1)


def _open_requests(measured: Measured, edges: Floats) -> Floats:
    requests = measured.requests
    came = requests.integers("status") != CANCELLED
    together = np.zeros(int(came.sum()), dtype=np.int64), 1
    arrived = _until(requests.floats("arrival")[came], *together, edges)
    done = _until(_never(requests.floats("done")[came]), *together, edges)
    open_then: Floats = (arrived - done)[1:, 0]
    return open_then


def _responses(measured: Measured, edges: Floats) -> Floats:
    resolved = measured.requests.integers("status") == DONE
    arrival = measured.requests.floats("arrival")
    return _weekly_means(arrival, measured.response, resolved, _entrance(measured), measured, edges)


def _entrance(measured: Measured) -> Integers:
    """Department that first worked on each request, -1 for none; shape (requests,)."""
    department = measured.visits.integers("department")
    inside = np.flatnonzero(department >= 0)[::-1]
    entrance = np.full(len(measured.requests), -1, dtype=np.int64)
    entrance[measured.request_of_visit[inside]] = department[inside]
    return entrance


def _unfamiliarity(scenario: Scenario, measured: Measured, edges: Floats) -> Floats:
    visits = measured.visits
    return _weekly_means(
        visits.floats("start"),
        visit_unfamiliarity(scenario, measured),
        measured.steps,
        visits.integers("department"),
        measured,
        edges,
        visits.floats("work"),
    )


def _weekly_means(
    time: Floats,
    values: Floats,
    chosen: Flags,
    department: Integers,
    measured: Measured,
    edges: Floats,
    weights: Floats | None = None,
) -> Floats:
    """Mean by week of `time`, for the company and each department; shape (weeks, 1 + departments)."""
    count, width = len(edges) - 1, len(measured.names("department")) + 1
    chosen = chosen & (time >= edges[0]) & (time < edges[-1])
    weight = np.ones(int(chosen.sum())) if weights is None else weights[chosen]
    week = edges_before(time[chosen], edges, True) - 1
    own = np.where(department[chosen] < 0, width - 1, department[chosen])
    sums = [
        exact_sums(part, week * width + own, count * width).reshape(count, width)
        for part in (values[chosen] * weight, weight)
    ]
    total, weighed = (_with_company(part) for part in sums)
    return ratio(total, weighed)
