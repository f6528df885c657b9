"""Requests and their visits as whoever judges them sees them: whole columns, and which visit is whose.

Invariant: tables are sorted as those of a trajectory.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from sim.scoring import Flags, Floats, Integers
from sim.trajectory import REQUEST, STEP, Table, rows_of_visits


class Columns:
    """A packed table read column by column; each column is copied out once, aligned and contiguous."""

    def __init__(self, table: Table) -> None:
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


class Seen:
    """Requests with all their visits so far, and what was felt week by week.

    courtesy: (weeks, workers) factor on empathy, None where always 1. unmet: (weeks, P, S) need that was not
    met because nobody knew of it, None where always 0.
    """

    def __init__(
        self, requests: Table, visits: Table, courtesy: Floats | None = None, unmet: Floats | None = None
    ) -> None:
        self.requests, self.visits = Columns(requests), Columns(visits)
        self.courtesy, self.unmet = courtesy, unmet

    @cached_property
    def request_of_visit(self) -> Integers:
        """Row in `requests` of each visit; shape (visits,)."""
        return rows_of_visits(
            *(table.integers(key) for table in (self.requests, self.visits) for key in REQUEST)
        )

    @cached_property
    def response(self) -> Floats:
        """Hours from arrival to resolution (or leaving), NaN while open; shape (requests,)."""
        return self.requests.floats("done") - self.requests.floats("arrival")

    @cached_property
    def steps(self) -> Flags:
        """Visits in which a person did a step (not triage, not a delay); shape (visits,)."""
        done: Flags = (self.visits.integers("kind") == STEP) & (self.visits.integers("worker") >= 0)
        return done & np.isfinite(self.visits.floats("start"))

    @cached_property
    def queue(self) -> Floats:
        """Hours each visit waited in a queue, NaN where it was never served; shape (visits,)."""
        return self.visits.floats("start") - self.visits.floats("queued")
