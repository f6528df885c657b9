"""The choice of where chunks are computed.

Invariant: a backend changes how long a sweep takes, never what it gives.
"""

import os
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from sim.study.pools import Pool, Processes, Serial, Threads

BACKENDS = ("local", "threads", "serial", "dask", "ray", "slurm")


class Wanted(Protocol):
    """What the choice depends on."""

    @property
    def backend(self) -> str: ...
    @property
    def jobs(self) -> int: ...
    @property
    def address(self) -> str: ...
    @property
    def slurm(self) -> Mapping[str, Any]: ...


def open_pool(wanted: Wanted, stop: Callable[[], bool], worthwhile: bool) -> Pool:
    """The pool of a run. Work that is not worth starting processes for is done in this one.

    Raises
    ------
    ValueError
        for an unknown backend.
    """
    jobs = wanted.jobs or cores()
    match wanted.backend:
        case "local":
            return Processes(jobs) if jobs > 1 and worthwhile else Serial(stop)
        case "threads":
            return Threads(jobs, stop)
        case "serial":
            return Serial(stop)
    raise ValueError(f"unknown backend {wanted.backend!r}; known: {', '.join(BACKENDS)}")


def cores() -> int:
    """Cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
