"""One replication as analysis sees it: what is seen of its requests, and the cohort.

Invariant: the cohort is every request that arrived in [warm-up, horizon]; cancelled ones never arrived.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from sim.analysis.exact import Flags, Integers
from sim.seen import Columns, Seen
from sim.trajectory import CANCELLED, DONE, Trajectory


class Measured(Seen):
    """A trajectory with what every analysis asks of it first."""

    def __init__(self, trajectory: Trajectory) -> None:
        super().__init__(trajectory.requests, trajectory.visits, trajectory.courtesy, trajectory.unmet)
        self.trajectory = trajectory
        self.duties, self.people = Columns(trajectory.duties), Columns(trajectory.people)

    def names(self, name: str) -> list[str]:
        """The names behind the ids of a field."""
        return list(self.trajectory.names[name])

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
    def by_response(self) -> Integers:
        """Rows of the cohort's resolved requests, the quickest first."""
        rows = np.flatnonzero(self.resolved)
        return rows[np.argsort(self.response[rows])]

    def of_visits(self, chosen: Flags) -> Flags:
        """Which visits belong to the chosen requests; (requests,) to (visits,)."""
        return chosen[self.request_of_visit]
