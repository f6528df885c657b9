"""A trajectory seen through the window of its observation: who belongs to the cohort, who waited how long.

Invariant: nothing is reset while a replication runs; the window cuts, once, what the readings look at.
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.trajectory import ABANDONED, DONE, STEP, WORKER, Trajectory

Floats = NDArray[np.float64]


class Observed:
    """A trajectory seen through the window of its observation; times divided by ``unit`` open hours."""

    def __init__(self, trajectory: Trajectory, unit: float) -> None:
        self.names = trajectory.names
        self.unit = unit
        self.low, self.high = trajectory.warm_up, trajectory.horizon
        self.requests = trajectory.requests
        self.people, self.duties = trajectory.people, trajectory.duties
        self.told, self.weeks = trajectory.told, self._weeks(trajectory)
        self.visits = trajectory.visits[trajectory.visits["kind"] == STEP]

    @staticmethod
    def _weeks(trajectory: Trajectory) -> slice:
        """Of what mechanisms tell week by week, what lies in the window."""
        week = trajectory.scenario.week if trajectory.scenario is not None else math.inf
        return slice(round(trajectory.warm_up / week), round(trajectory.horizon / week))

    @property
    def length(self) -> float:
        """Length of the window in open hours."""
        return self.high - self.low

    @cached_property
    def cohort(self) -> NDArray[Any]:
        """Which requests arrive in the window."""
        inside: NDArray[Any] = (self.requests["arrival"] >= self.low) & (self.requests["arrival"] < self.high)
        return inside

    @cached_property
    def row_request(self) -> NDArray[Any]:
        """Position of the request of each visit."""
        found: NDArray[Any] = np.searchsorted(numbered(self.requests), numbered(self.visits))
        return found

    def chosen(self, *status: int, segment: str | None = None) -> NDArray[Any]:
        """Which requests of the cohort end in one of these ways, in one segment or all."""
        mask = self.cohort & np.isin(self.requests["status"], status)
        if segment is not None:
            mask &= self.requests["segment"] == self.names["segment"].index(segment)
        return mask

    def rows(self, department: str | None = None) -> NDArray[Any]:
        """Visits of resolved requests of the cohort, in one department or all."""
        mask = self.chosen(DONE)[self.row_request]
        if department is not None:
            mask &= self.visits["department"] == self.names["department"].index(department)
        rows: NDArray[Any] = self.visits[mask]
        return rows

    @cached_property
    def queued_hours(self) -> Floats:
        """Time in queues of each request over all its visits."""
        waited = self.visits["start"] - self.visits["queued"]
        total: Floats = np.bincount(self.row_request, weights=waited, minlength=len(self.requests)).astype(
            float
        )
        return total

    @cached_property
    def first_wait(self) -> Floats:
        """Time to the first touch, or until the customer left."""
        left = self.requests["status"] == ABANDONED
        touched = np.where(left, self.requests["done"], self.requests["first_start"])
        waited: Floats = touched - self.requests["arrival"]
        return waited

    def average(self, begins: Floats, ends: Floats) -> float:
        """Time average of how many intervals are open; an interval without an end stays open."""
        ends = np.where(np.isnan(ends), self.high, ends)
        inside = np.clip(ends, self.low, self.high) - np.clip(begins, self.low, self.high)
        return float(np.nansum(inside)) / self.length

    def workers(self, department: str | None = None) -> int:
        """Number of workers, in one department or all."""
        mask = self.people["role"] == WORKER
        if department is not None:
            mask &= self.people["department"] == self.names["department"].index(department)
        return int(mask.sum())


def numbered(table: NDArray[Any]) -> NDArray[np.int64]:
    """One number for (customer, number), in the same order."""
    return table["customer"].astype(np.int64) << 32 | table["number"].astype(np.int64)
