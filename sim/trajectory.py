"""What a replication leaves behind: flat tables, one row per fact, the same from every engine.

Invariant: tables are packed, sorted and canonical, so equal histories are equal byte for byte.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

OPEN, DONE, ABANDONED, BALKED, CANCELLED = range(5)
STATUS = ("open", "done", "abandoned", "balked", "cancelled")
STEP, TRIAGE, OUTSIDE = range(3)
KIND = ("step", "triage", "outside")
FIRST, REWORK, RETURN = range(3)
PASSAGE = ("first", "rework", "return")
MEETING, DECISION, COORDINATION = range(3)
DUTY = ("meeting", "decision", "coordination")
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

BLOCK = 2048
"""Rows of a block."""

Table = np.ndarray[Any, Any]
"""A structured array."""


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
    """

    requests: Table
    visits: Table
    duties: Table
    people: Table
    names: dict[str, list[str]] = field(repr=False)
    horizon: float
    warm_up: float
    end: float


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
    for title in ("requests", "visits", "duties", "people"):
        table: Table = getattr(history, title)
        for name in table.dtype.names or ():
            number = table.dtype[name].kind == "f" and name not in NEVER
            if number and not np.isfinite(table[name]).all():
                return f"{title}.{name}"
    return None
