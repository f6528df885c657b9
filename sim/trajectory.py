"""What a replication leaves behind: flat tables, one row per fact, the same from every engine.

Invariant: tables are packed, sorted and canonical, so equal histories are equal byte for byte.
"""

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

RAW = ("request", "step", "visit", *(VISITS.names or ())[4:])
"""Columns of an engine's raw log of visits, all float64; the request's id stands for customer and number."""
COLUMN = {name: position for position, name in enumerate(RAW)}
RAW_DUTY = ("worker", "kind", "start", "end", "request")


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

    requests: np.ndarray[Any, Any]
    visits: np.ndarray[Any, Any]
    duties: np.ndarray[Any, Any]
    people: np.ndarray[Any, Any]
    names: dict[str, list[str]] = field(repr=False)
    horizon: float
    warm_up: float
    end: float


def visits_table(
    raw: np.ndarray[Any, Any], customer: np.ndarray[Any, Any], number: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """The sorted table of visits from an engine's raw log.

    Parameters
    ----------
    raw : (rows, len(RAW)) float64 in any order.
    customer, number : (requests,) ids by request.
    """
    request = raw[:, 0].astype(np.int64)
    order = np.lexsort(
        (
            -raw[:, COLUMN["kind"]],
            raw[:, COLUMN["step"]],
            raw[:, COLUMN["visit"]],
            number[request],
            customer[request],
        )
    )
    table = np.zeros(len(raw), VISITS)
    ordered = raw[order]
    table["customer"], table["number"] = customer[request[order]], number[request[order]]
    for name in (VISITS.names or ())[2:]:
        table[name] = ordered[:, COLUMN[name]]
    canonical(table)
    return table


def duties_table(
    raw: np.ndarray[Any, Any], customer: np.ndarray[Any, Any], number: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """The sorted table of duties from an engine's raw log in order of time, columns RAW_DUTY; request -1:
    nobody's."""
    request = raw[:, 4].astype(np.int64)
    order = np.argsort(raw[:, 0], kind="stable")
    table = np.zeros(len(raw), DUTIES)
    for position, name in enumerate(("worker", "kind", "start", "end")):
        table[name] = raw[order, position]
    whose = request[order]
    table["customer"] = np.where(whose < 0, -1, customer[whose])
    table["number"] = np.where(whose < 0, -1, number[whose])
    canonical(table)
    return table


def canonical(table: np.ndarray[Any, Any]) -> None:
    """One bit pattern for NaN and for zero, in place."""
    for name in table.dtype.names or ():
        if table.dtype[name].kind == "f":
            column = table[name]
            column[np.isnan(column)] = np.nan
            column += 0.0
