"""Two runs side by side: what has to be equal for them to count as the same."""

from typing import Any

import numpy as np

from sim.replication import simulate
from sim.trajectory import Trajectory
from tests.scenarios import Plain, checked

Table = np.ndarray[Any, Any]
TABLES = ("requests", "visits", "duties", "people")
RESULT = ("customer", "number", "arrival", "first_start", "done", "status", "repeats", "returns")


def run(plain: Plain, *changes: tuple[str, Any]) -> Trajectory:
    return simulate(checked(plain, *changes))


def columns(table: Table, names: tuple[str, ...]) -> list[bytes]:
    return [np.ascontiguousarray(table[name]).tobytes() for name in names]


def same(one: Trajectory, other: Trajectory) -> bool:
    """All tables, byte for byte."""
    return all(getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in TABLES)


def in_time(played: Trajectory) -> Table:
    """Requests that came before the horizon: how long others are watched depends on the slowest of these."""
    return np.asarray(played.requests[played.requests["arrival"] < played.horizon])


def same_service(one: Trajectory, other: Trajectory) -> bool:
    """What requests lived through, byte for byte, whoever served them."""
    return columns(in_time(one), RESULT) == columns(in_time(other), RESULT)
