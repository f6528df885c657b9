"""Busy and hidden hours of people, cut into windows of time.

Invariant: an interval is clipped to the windows it touches, so hours never count outside or twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.analysis.exact import Flags, Floats, Integers, exact_sums
from sim.analysis.measured import Measured
from sim.trajectory import (
    ABSENCE,
    BLOCKED,
    BREAKDOWN,
    COORDINATION,
    DECISION,
    IN_EFFORT,
    MEETING,
    OUTSIDE,
    ROLE,
    TRIAGE,
)
from sim.windows import edges_before

ROLES = len(ROLE)


@dataclass(frozen=True)
class Intervals:
    """Time people were busy: who, from when, till when (infinite: still at it), and which share is hidden."""

    person: Integers
    start: Floats
    end: Floats
    hidden: Floats


@dataclass(frozen=True)
class Spent:
    """Hours by window, role and department (last: none); each of shape (windows, roles, departments + 1)."""

    busy: Floats
    hidden: Floats


def intervals(measured: Measured) -> Intervals:
    """Everything anybody was busy with: steps, triage, meetings, decisions, coordination; not absence.

    Who sits at a broken workplace is busy with the step.

    Hidden is rereading and triage in a first pass, every hour of rework and returns, and all duties.
    """
    work, duties = _steps(measured), _duties(measured)
    pairs = ((getattr(work, name), getattr(duties, name)) for name in ("person", "start", "end", "hidden"))
    return Intervals(*(np.concatenate(pair) for pair in pairs))


def _steps(measured: Measured) -> Intervals:
    visits = measured.visits
    start = visits.floats("start")
    mine = (visits.integers("worker") >= 0) & (visits.integers("kind") != OUTSIDE) & np.isfinite(start)
    start, end = start[mine], visits.floats("end")[mine]
    end = np.where(np.isnan(end), np.inf, end)
    extra = (visits.floats("reread") + visits.floats("triage"))[mine]
    lasted = end - start
    share = np.where(lasted > 0, np.nan_to_num(extra) / np.where(lasted > 0, lasted, 1.0), 0.0)
    again = (visits.integers("passage")[mine] > 0) | (visits.integers("kind")[mine] == TRIAGE)
    return Intervals(visits.integers("worker")[mine], start, end, np.where(again, 1.0, share))


def _duties(measured: Measured) -> Intervals:
    return _of_duties(measured, np.isin(measured.duties.integers("kind"), (MEETING, DECISION, COORDINATION)))


def absences(measured: Measured) -> Intervals:
    """When people were away."""
    return _of_duties(measured, measured.duties.integers("kind") == ABSENCE)


def breakdowns(measured: Measured) -> Intervals:
    """When people sat at a broken workplace."""
    return _of_duties(measured, measured.duties.integers("kind") == BREAKDOWN)


def kept_from_work(measured: Measured) -> Intervals:
    """When people could do nothing for want of an internal service."""
    return _of_duties(measured, measured.duties.integers("kind") == BLOCKED)


def broken_hours(measured: Measured) -> Floats:
    """Hours for which the workplace was broken, of each visit; shape (visits,).

    A step lasts as long as its effort and its breakdowns, of which `outside` holds the hours as well.
    """
    visits = measured.visits
    if not (measured.duties.integers("kind") == BREAKDOWN).any():
        return np.zeros(len(visits))
    worked = np.zeros(len(visits))
    for kind in IN_EFFORT:
        worked += visits.floats(kind)
    lasted = visits.floats("end") - visits.floats("start") - worked
    return np.where(measured.steps & np.isfinite(lasted), lasted, 0.0)


def _of_duties(measured: Measured, chosen: Flags) -> Intervals:
    duties = measured.duties
    end = duties.floats("end")[chosen]
    return Intervals(
        duties.integers("worker")[chosen],
        duties.floats("start")[chosen],
        np.where(np.isnan(end), np.inf, end),
        np.ones(len(end)),
    )


def present(measured: Measured, edges: Floats) -> Floats:
    """Hours people were there between the edges; shape (windows, roles, departments + 1)."""
    whole = staff(measured) * np.diff(edges)[:, None, None]
    return whole - spent(measured, absences(measured), edges).busy


def split(start: Floats, end: Floats, edges: Floats) -> tuple[Integers, Integers, Floats]:
    """Intervals cut at rising edges: (row, window, hours) of every piece inside [edges[0], edges[-1]].

    >>> pieces = split(np.array([1.0, 9.0]), np.array([7.0, 12.0]), np.array([0.0, 5.0, 10.0]))
    >>> [piece.tolist() for piece in pieces]
    [[0, 0, 1], [0, 1, 1], [4.0, 2.0, 1.0]]
    """
    inside = np.flatnonzero((end > edges[0]) & (start < edges[-1]) & (end > start))
    first = np.maximum(edges_before(start[inside], edges, True) - 1, 0)
    last = np.minimum(edges_before(end[inside], edges, False), len(edges) - 1) - 1
    count = last - first + 1
    row = np.repeat(inside, count)
    within = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    window = np.repeat(first, count) + within
    return row, window, np.minimum(end[row], edges[window + 1]) - np.maximum(start[row], edges[window])


def spent(measured: Measured, busy: Intervals, edges: Floats) -> Spent:
    """Busy and hidden hours between the edges, by window, role and department."""
    role, department = seats(measured)
    shape = (len(edges) - 1, ROLES, len(measured.names("department")) + 1)
    row, window, hours = split(busy.start, busy.end, edges)
    person = busy.person[row]
    seat = (role * shape[2] + department)[person]
    cell, size = window * (shape[1] * shape[2]) + seat, int(np.prod(shape))
    return Spent(
        exact_sums(hours, cell, size).reshape(shape),
        exact_sums(hours * busy.hidden[row], cell, size).reshape(shape),
    )


def seats(measured: Measured) -> tuple[Integers, Integers]:
    """Role and department (last: none) by person id; both of shape (largest id + 1,)."""
    people = measured.people
    person, size = people.integers("person"), int(people.integers("person").max(initial=-1)) + 1
    role, department = np.zeros((2, size), dtype=np.int64)
    role[person] = people.integers("role")
    own = people.integers("department")
    department[person] = np.where(own < 0, len(measured.names("department")), own)
    return role, department


def staff(measured: Measured) -> Integers:
    """People by role and department (last: none); shape (roles, departments + 1)."""
    people = measured.people
    shape = (ROLES, len(measured.names("department")) + 1)
    own = people.integers("department")
    cell = np.ravel_multi_index((people.integers("role"), np.where(own < 0, shape[1] - 1, own)), shape)
    return np.bincount(cell, minlength=int(np.prod(shape))).reshape(shape).astype(np.int64)
