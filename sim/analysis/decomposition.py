"""Where the response time goes: every interval of a request's life by kind and pass, exactly.

Invariant: for each resolved request the parts add up to done - arrival bit for bit; no part is a remainder.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.analysis.exact import Flags, Floats, Integers, exact_slices, plain_sums, ratio, rounded
from sim.analysis.measured import Measured
from sim.trajectory import DONE, PASSAGE, Trajectory

IN_EFFORT = ("work", "by_function", "by_product", "by_segment", "pace", "switch", "reread", "triage")
BETWEEN = ("handoff", "coordination", "decision_wait", "decision", "claim", "outside")
KINDS = ("queue", *IN_EFFORT, *BETWEEN)


def parts(measured: Measured) -> dict[str, Floats]:
    """Hours of each kind in each visit, shape (visits,); NaN where a visit was never served."""
    hours = {kind: measured.visits.floats(kind) for kind in IN_EFFORT + BETWEEN}
    return {"queue": measured.queue, **hours}


def total_hours(measured: Measured) -> Floats:
    """Sum of all parts of each request, shape (requests,); 0 for requests that are not resolved.

    Plain additions are exact here because all times lie on the grid.
    """
    served = measured.of_visits(measured.requests.integers("status") == DONE)
    lasted = np.zeros(int(served.sum()))
    for hours in parts(measured).values():
        lasted += hours[served]
    rows = measured.request_of_visit[served]
    return plain_sums(lasted, rows, len(measured.requests))


def broken_rows(trajectory: Trajectory) -> Integers:
    """Rows of resolved requests whose parts do not add up to done - arrival; empty in a sound trajectory."""
    measured = Measured(trajectory)
    resolved = measured.requests.integers("status") == DONE
    wrong = resolved & (total_hours(measured) != np.where(resolved, measured.response, 0.0))
    return np.flatnonzero(wrong)


class Hours:
    """Exact sums of hours over the chosen requests, by kind, segment, department (last: outside) and pass."""

    def __init__(self, measured: Measured, chosen: Flags) -> None:
        visits = measured.visits
        self.segments, self.departments = measured.names("segment"), measured.names("department")
        shape = (len(self.segments), len(self.departments) + 1, len(PASSAGE))
        rows = measured.of_visits(chosen)
        segment = measured.requests.integers("segment")[measured.request_of_visit[rows]]
        department = visits.integers("department")[rows]
        department = np.where(department < 0, len(self.departments), department)
        cell = np.ravel_multi_index((segment, department, visits.integers("passage")[rows]), shape)
        self.slices = {
            kind: exact_slices(hours[rows], cell, int(np.prod(shape))).reshape(-1, *shape)
            for kind, hours in parts(measured).items()
        }
        self.requests = np.bincount(measured.requests.integers("segment")[chosen], minlength=shape[0])

    def by_kind(self, *over: int) -> dict[str, Floats]:
        """Correctly rounded hours of each kind, summed over axes (0 segment, 1 department, 2 pass)."""
        axes = tuple(axis + 1 for axis in over)
        return {kind: rounded(slices.sum(axis=axes)) for kind, slices in self.slices.items()}


def decomposition(measured: Measured) -> dict[str, Any]:
    """Table scope, kind, passage, hours: mean hours per resolved request of the cohort; zero rows left out.

    The rows of `company` and of each `segment:` add up to the mean response time of that scope. The rows
    of the departments (per resolved request of the company, `outside` for none) add up to the company's.
    """
    sums = Hours(measured, measured.resolved)
    everybody = np.array(float(sums.requests.sum()))
    table: dict[str, list[Any]] = {"scope": [], "kind": [], "passage": [], "hours": []}
    departments = [f"department:{name}" for name in sums.departments]
    _append(table, ["company"], {k: v[None] for k, v in sums.by_kind(0, 1).items()}, everybody)
    _append(table, [f"segment:{name}" for name in sums.segments], sums.by_kind(1), sums.requests[:, None])
    _append(table, [*departments, "outside"], sums.by_kind(0), everybody)
    return table


def _append(table: dict[str, list[Any]], scopes: list[str], hours: dict[str, Floats], counts: Any) -> None:
    """Add the rows of some scopes; hours by kind: (scopes, passes), counts: broadcast against them."""
    for kind, sums in hours.items():
        means = ratio(sums, np.broadcast_to(counts, sums.shape))
        for place, passage in zip(*np.nonzero(sums), strict=True):
            table["scope"].append(scopes[place])
            table["kind"].append(kind)
            table["passage"].append(PASSAGE[passage])
            table["hours"].append(float(means[place, passage]))
