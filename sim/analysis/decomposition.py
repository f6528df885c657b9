"""Where the response time goes: every interval of a request's life by kind and pass, exactly.

Invariant: for each resolved request the parts add up to done - arrival bit for bit; no part is a remainder.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.analysis.exact import Flags, Floats, Integers, exact_slices, plain_sums, ratio, rounded
from sim.analysis.hours import broken_hours
from sim.analysis.measured import Measured
from sim.trajectory import BETWEEN, DONE, IN_EFFORT, PARTS, PASSAGE, Trajectory

KINDS = (*PARTS, "breakdown")
"""Breakdowns stand in the column of what is outside the company, and are told apart here."""


def parts(measured: Measured) -> dict[str, Floats]:
    """Hours of each kind in each visit, shape (visits,); NaN where a visit was never served."""
    hours = {kind: measured.visits.floats(kind) for kind in IN_EFFORT + BETWEEN}
    broken = broken_hours(measured)
    hours["outside"] = hours["outside"] - broken
    return {"queue": measured.queue, **hours, "breakdown": broken}


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
        segment = measured.requests.integers("segment")[measured.request_of_visit]
        department = visits.integers("department")
        department = np.where(department < 0, len(self.departments), department)
        cell = (segment * shape[1] + department) * shape[2] + visits.integers("passage")
        own = [exact_slices(hours, cell, int(np.prod(shape)), rows) for hours in parts(measured).values()]
        self.slices = np.zeros((max(map(len, own)), len(KINDS), *shape))
        for kind, slices in enumerate(own):
            self.slices[: len(slices), kind] = slices.reshape(-1, *shape)
        self.requests = np.bincount(measured.requests.integers("segment")[chosen], minlength=shape[0])

    def by_kind(self, *over: int) -> Floats:
        """Correctly rounded hours, summed over axes (1 segment, 2 department, 3 pass); kinds first."""
        return rounded(self.slices.sum(axis=tuple(axis + 1 for axis in over)))


def decomposition(measured: Measured) -> dict[str, Any]:
    """Table scope, kind, passage, hours: mean hours per resolved request of the cohort; zero rows left out.

    The rows of `company` and of each `segment:` add up to the mean response time of that scope. The rows
    of the departments (per resolved request of the company, `outside` for none) add up to the company's.
    """
    sums = Hours(measured, measured.resolved)
    everybody = np.array(float(sums.requests.sum()))
    table: dict[str, list[Any]] = {"scope": [], "kind": [], "passage": [], "hours": []}
    departments = [f"department:{name}" for name in sums.departments]
    _append(table, ["company"], sums.by_kind(1, 2)[:, None], everybody)
    _append(table, [f"segment:{name}" for name in sums.segments], sums.by_kind(2), sums.requests[:, None])
    _append(table, [*departments, "outside"], sums.by_kind(1), everybody)
    return table


def _append(table: dict[str, list[Any]], scopes: list[str], hours: Floats, counts: Any) -> None:
    """Add the rows of some scopes; hours: (kinds, scopes, passes), counts: broadcast against them."""
    found = np.nonzero(hours)
    kinds, places, passages = (index.tolist() for index in found)
    table["scope"] += [scopes[place] for place in places]
    table["kind"] += [KINDS[kind] for kind in kinds]
    table["passage"] += [PASSAGE[passage] for passage in passages]
    table["hours"] += ratio(hours, np.broadcast_to(counts, hours.shape))[found].tolist()


@dataclass(frozen=True)
class Gap:
    """Where a difference in mean response time comes from, over the requests resolved under both.

    table: kind, passage, first, second (mean hours per paired request) and difference (second - first),
    which add up to the difference of the mean response times. Requests resolved under one only are counted.
    """

    table: dict[str, Any]
    paired: int
    only_first: int
    only_second: int


def gap(first: Measured, second: Measured) -> Gap:
    """The gap between two histories of the same world, request by request, by kind and pass."""
    ours, theirs = shared_requests(first, second)
    chosen = [np.zeros(len(side.requests), dtype=np.bool_) for side in (first, second)]
    chosen[0][ours], chosen[1][theirs] = True, True
    a, b = (Hours(side, own).by_kind(1, 2) for side, own in zip((first, second), chosen, strict=True))
    table: dict[str, list[Any]] = {"kind": [], "passage": [], "first": [], "second": [], "difference": []}
    paired = len(ours)
    for number, kind in enumerate(KINDS):
        for place, passage in enumerate(PASSAGE):
            hours = float(a[number, place]), float(b[number, place])
            if any(hours):
                means = hours[0] / paired, hours[1] / paired, (hours[1] - hours[0]) / paired
                for name, value in zip(table, (kind, passage, *means), strict=True):
                    table[name].append(value)
    return Gap(table, paired, int(first.resolved.sum()) - paired, int(second.resolved.sum()) - paired)


def shared_requests(first: Measured, second: Measured) -> tuple[Integers, Integers]:
    """Rows, in both, of the cohort's requests resolved under both; paired by name of customer and number."""
    names = {name: place for place, name in enumerate(first.names("customer"))}
    alias = np.array([names.get(name, -1) for name in second.names("customer")], dtype=np.int64)
    span = 1 + max(int(side.requests.integers("number").max(initial=0)) for side in (first, second))
    own = first.requests.integers("customer") * span + first.requests.integers("number")
    customer = alias[second.requests.integers("customer")]
    other = customer * span + second.requests.integers("number")
    rows, there = np.flatnonzero(first.resolved), np.flatnonzero(second.resolved & (customer >= 0))
    _, ours, theirs = np.intersect1d(own[rows], other[there], assume_unique=True, return_indices=True)
    return rows[ours], there[theirs]
