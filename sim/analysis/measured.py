"""One replication as analysis sees it: whole columns, the cohort, and the request each visit belongs to.

Invariant: the cohort is every request that arrived in [warm-up, horizon]; cancelled ones never arrived.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.exact import Flags, Floats, Integers
from sim.trajectory import CANCELLED, DONE, REQUEST, STEP, Trajectory, rows_of_visits


class Columns:
    """A packed table read column by column; each column is copied out once, aligned and contiguous."""

    def __init__(self, table: NDArray[np.void]) -> None:
        self._table = table
        self.derived: dict[Any, Floats] = {}
        """What was worked out from the columns, for those who ask for it again."""
        self._floats: dict[str, Floats] = {}
        self._integers: dict[str, Integers] = {}

    def __len__(self) -> int:
        return len(self._table)

    def floats(self, name: str) -> Floats:
        """The column as float64."""
        if name not in self._floats:
            self._floats[name] = np.ascontiguousarray(self._table[name], dtype=np.float64)
        return self._floats[name]

    def integers(self, name: str) -> Integers:
        """The column as int64."""
        if name not in self._integers:
            self._integers[name] = np.ascontiguousarray(self._table[name], dtype=np.int64)
        return self._integers[name]


@dataclass(frozen=True)
class Measured:
    """A trajectory with what every analysis asks of it first."""

    trajectory: Trajectory
    requests: Columns = field(init=False)
    visits: Columns = field(init=False)
    duties: Columns = field(init=False)
    people: Columns = field(init=False)

    def __post_init__(self) -> None:
        for name in ("requests", "visits", "duties", "people"):
            object.__setattr__(self, name, Columns(getattr(self.trajectory, name)))

    def names(self, name: str) -> list[str]:
        """The names behind the ids of a field."""
        return list(self.trajectory.names[name])

    @cached_property
    def request_of_visit(self) -> Integers:
        """Row in `requests` of each visit; shape (visits,)."""
        return rows_of_visits(
            *(table.integers(key) for table in (self.requests, self.visits) for key in REQUEST)
        )

    @cached_property
    def cohort(self) -> Flags:
        """Which requests count; shape (requests,)."""
        arrival = self.requests.floats("arrival")
        inside: Flags = (arrival >= self.trajectory.warm_up) & (arrival <= self.trajectory.horizon)
        inside &= self.requests.integers("status") != CANCELLED
        return inside

    @cached_property
    def resolved(self) -> Flags:
        """Which requests of the cohort were resolved; shape (requests,)."""
        done: Flags = self.requests.integers("status") == DONE
        return self.cohort & done

    @cached_property
    def response(self) -> Floats:
        """Hours from arrival to resolution (or leaving), NaN while open; shape (requests,)."""
        return self.requests.floats("done") - self.requests.floats("arrival")

    @cached_property
    def by_response(self) -> Integers:
        """Rows of the cohort's resolved requests, the quickest first."""
        rows = np.flatnonzero(self.resolved)
        return rows[np.argsort(self.response[rows])]

    @cached_property
    def steps(self) -> Flags:
        """Visits in which a person did a step (not triage, not a delay); shape (visits,)."""
        done: Flags = (self.visits.integers("kind") == STEP) & (self.visits.integers("worker") >= 0)
        return done & np.isfinite(self.visits.floats("start"))

    @cached_property
    def queue(self) -> Floats:
        """Hours each visit waited in a queue, NaN where it was never served; shape (visits,)."""
        return self.visits.floats("start") - self.visits.floats("queued")

    def of_visits(self, chosen: Flags) -> Flags:
        """Which visits belong to the chosen requests; (requests,) to (visits,)."""
        return chosen[self.request_of_visit]
