"""What a replication leaves behind: flat tables, one row per fact, the same from every engine.

Invariant: tables are packed, sorted and canonical, so equal histories are equal byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from sim.model.scenario import Scenario

OPEN, DONE, ABANDONED, BALKED, CANCELLED = range(5)
STATUS = ("open", "done", "abandoned", "balked", "cancelled")
STEP, TRIAGE, OUTSIDE = range(3)
KIND = ("step", "triage", "outside")
FIRST, REWORK, RETURN = range(3)
PASSAGE = ("first", "rework", "return")
MEETING, DECISION, COORDINATION, ABSENCE, BREAKDOWN, BLOCKED, INTERNAL_WAIT, INTERNAL_SERVICE = range(8)
DUTY = (
    "meeting", "decision", "coordination", "absence", "breakdown", "blocked", "internal wait",
    "internal service",
)  # fmt: skip
"""Of the last two the number is that of the service; they happen beside what the worker does."""
WORKER, MANAGER, COORDINATOR, GENERAL_MANAGER = range(4)
ROLE = ("worker", "manager", "coordinator", "general manager")

REQUESTS = np.dtype(
    [
        ("customer", "i4"), ("number", "i4"), ("segment", "i2"), ("recognised", "i2"), ("product", "i2"),
        ("arrival", "f8"), ("promise", "f8"), ("first_start", "f8"), ("done", "f8"), ("status", "i1"),
        ("handoffs", "i2"), ("repeats", "i2"), ("returns", "i2"), ("silent", "i1"),
    ]
)  # fmt: skip
VISITS = np.dtype(
    [
        ("customer", "i4"), ("number", "i4"), ("step", "i2"), ("visit", "i2"), ("function", "i2"),
        ("product", "i2"), ("segment", "i2"), ("department", "i2"), ("worker", "i4"), ("kind", "i1"),
        ("passage", "i1"),
        ("claim", "f8"), ("outside", "f8"), ("handoff", "f8"), ("coordination", "f8"),
        ("queued", "f8"), ("start", "f8"), ("end", "f8"),
        ("work", "f8"), ("by_function", "f8"), ("by_product", "f8"), ("by_segment", "f8"), ("pace", "f8"),
        ("switch", "f8"), ("reread", "f8"), ("triage", "f8"),
        ("u_function", "f8"), ("u_product", "f8"), ("u_segment", "f8"),
        ("decision_wait", "f8"), ("decision", "f8"), ("adapted", "i1"), ("concession", "i1"),
    ]
)  # fmt: skip
DUTIES = np.dtype(
    [("worker", "i4"), ("kind", "i1"), ("start", "f8"), ("end", "f8"), ("customer", "i4"), ("number", "i4")]
)
PEOPLE = np.dtype(
    [("person", "i4"), ("role", "i1"), ("department", "i2"), ("seat", "i4"), ("speed", "f8"), ("cases", "f8")]
)

IN_EFFORT = ("work", "by_function", "by_product", "by_segment", "pace", "switch", "reread", "triage")
BETWEEN = ("handoff", "coordination", "decision_wait", "decision", "claim", "outside")
PARTS = ("queue", *IN_EFFORT, *BETWEEN)
"""Kinds of time of a visit: waiting in a queue, and the columns of VISITS that hold hours."""
TABLES = ("requests", "visits", "duties", "people")
YES_OR_NO = ("silent", "adapted", "concession")

BLOCK = 2048
"""Rows of a block."""

REQUEST = ("customer", "number")
"""Columns that name a request."""
Table = np.ndarray[Any, Any]
"""A structured array."""
Ids = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Trajectory:
    """The history of one replication.

    Attributes
    ----------
    requests : structured array REQUESTS, sorted by (customer, number); times in open hours, NaN where open.
    visits : structured array VISITS, sorted by (customer, number, visit, step), triage before its step.
    duties : structured array DUTIES, sorted by worker and time; time of people outside steps.
    people : structured array PEOPLE, sorted by person.
    names : field name to the list of names behind its ids.
    horizon, warm_up, end : observed period and the instant at which the replication stopped, in open hours.
    scenario : what was played, where that is known.
    told : what mechanisms tell of each week, by their ids.
    courtesy : (weeks, workers) factor on empathy, None where it is always 1.
    unmet : (weeks, P, S) need that was not met because nobody knew of it, None where it is always 0.
    """

    requests: Table
    visits: Table
    duties: Table
    people: Table
    names: dict[str, list[str]] = field(repr=False)
    horizon: float
    warm_up: float
    end: float
    scenario: Scenario | None = field(default=None, repr=False, compare=False)
    told: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    courtesy: np.ndarray[Any, np.dtype[np.float64]] | None = field(default=None, repr=False, compare=False)
    unmet: np.ndarray[Any, np.dtype[np.float64]] | None = field(default=None, repr=False, compare=False)

    def __repr__(self) -> str:
        """One line for notebooks."""
        counts = ", ".join(f"{len(getattr(self, name)):,} {name}" for name in TABLES)
        return f"<Trajectory of {self.end:,.0f} open hours: {counts}>"

    def frame(self, table: str) -> pd.DataFrame:
        """A table as a pandas frame, with names in place of numbers.

        Parameters
        ----------
        table : "requests", "visits", "duties" or "people"; columns as in `sim.trajectory` (REQUESTS,
            VISITS, DUTIES, PEOPLE), times in open hours. What does not apply is None.

        Raises
        ------
        ValueError
            for another name.
        """
        import pandas as pd

        if table not in TABLES:
            raise ValueError(f'unknown table "{table}". Known: {", ".join(TABLES)}.')
        rows: Table = getattr(self, table)
        columns: dict[str, Any] = {}
        for column in rows.dtype.names or ():
            names = self.names.get("duty" if (table, column) == ("duties", "kind") else column)
            if names is not None:  # the number -1 stands for none
                columns[column] = np.array([*names, None], dtype=object)[rows[column]]
            else:
                columns[column] = rows[column].astype(bool) if column in YES_OR_NO else rows[column]
        return pd.DataFrame(columns)

    def event_log(self) -> pd.DataFrame:
        """The history as an event log, as process mining reads it: a row for each step and triage that ended.

        Columns case, activity (the function's name in logs), resource, start_time, end_time (calendar, of
        the company's opening hours, in its time zone where it has one), department, product, segment,
        lifecycle; in order of case, start and end. Time outside and managers' duties are left out.

        Raises
        ------
        ValueError
            when it is not known what was played.
        """
        from sim.event_log import event_log

        return event_log(self)

    def parts(self) -> pd.DataFrame:
        """Where the response time of each resolved request went: one row a request, hours of each kind.

        Columns customer, number, response_time, then the kinds of PARTS, which add up to it exactly.
        """
        import pandas as pd

        resolved = self.requests["status"] == DONE
        columns: dict[str, Any] = {
            "customer": np.array(self.names["customer"], dtype=object)[self.requests["customer"][resolved]],
            "number": self.requests["number"][resolved],
            "response_time": (self.requests["done"] - self.requests["arrival"])[resolved],
        }
        rows = rows_of_visits(
            *(table[key].astype(np.int64) for table in (self.requests, self.visits) for key in REQUEST)
        )
        served = resolved[rows]
        for kind in PARTS:
            hours = self.visits["start"] - self.visits["queued"] if kind == "queue" else self.visits[kind]
            whole = np.bincount(rows[served], weights=hours[served], minlength=len(resolved))
            columns[kind] = whole[resolved]
        return pd.DataFrame(columns)


def rows_of_visits(customer: Ids, number: Ids, its_customer: Ids, its_number: Ids) -> Ids:
    """Row of each visit's request, by customer and number of requests and of visits; shape (visits,).

    >>> rows_of_visits(*map(np.array, ([3, 3, 8], [0, 1, 0], [3, 8, 8], [1, 0, 0]))).tolist()
    [1, 2, 2]
    """
    if not len(number):
        return np.zeros(0, dtype=np.int64)
    span = max(int(number.max()), int(its_number.max(initial=0))) + 1
    keys, wanted = customer * span + number, its_customer * span + its_number
    changed = np.concatenate([[True], wanted[1:] != wanted[:-1]])[: len(wanted)]
    row: Ids = np.searchsorted(keys, wanted[changed])[np.cumsum(changed) - 1]
    return row


def blocks(rows: int) -> Iterator[slice]:
    """Slices of a long table that fit the processor's cache, where going column by column is cheap."""
    return (slice(first, first + BLOCK) for first in range(0, rows, BLOCK))


def canonical(table: Table) -> None:
    """One bit pattern for NaN and for zero, in place."""
    floats = [name for name in table.dtype.names or () if table.dtype[name].kind == "f"]
    for block in blocks(len(table)):
        for name in floats:
            column = table[name][block]
            column[np.isnan(column)] = np.nan
            column += 0.0


NEVER = ("first_start", "done", "end")
"""Instants that may not have come."""


def not_finite(history: Trajectory) -> str | None:
    """The first field with NaN or infinity where a number has to be, as table.field; None if there is none.

    A NaN that gets out of a rule makes nothing fail by itself: comparisons with it are just false.
    """
    for title in TABLES:
        table: Table = getattr(history, title)
        for name in table.dtype.names or ():
            number = table.dtype[name].kind == "f" and name not in NEVER
            if number and not np.isfinite(table[name]).all():
                return f"{title}.{name}"
    return None
