"""The choice of where batches are computed.

Invariant: a backend changes how long a sweep takes, never what it gives.
"""

import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from sim.study.pools import Pool, Processes, Serial, Threads
from sim.study.stopping import ignoring_children

EXTRAS = {"dask": "distributed", "ray": "ray", "slurm": "submitit"}
"""Backends that come with an extra of the distribution, and the package that must be there."""
SLURM_TASKS = 64
"""Tasks of an array that run at a time, unless `jobs` says otherwise."""
BACKENDS = ("local", "threads", "serial", "dask", "ray", "slurm")


class MissingExtra(ImportError):
    """The backend's package is not installed."""


class Wanted(Protocol):
    """What the choice depends on."""

    @property
    def backend(self) -> str: ...
    @property
    def jobs(self) -> int: ...
    @property
    def address(self) -> str: ...


def open_pool(wanted: Wanted, folder: Path, stop: Callable[[], bool], worthwhile: bool) -> Pool:
    """The pool of a run. Work that is not worth starting processes for is done in this one."""
    jobs = wanted.jobs or cores()
    if wanted.backend in EXTRAS:
        with ignoring_children():
            return _cluster(wanted, folder, jobs)
    match wanted.backend:
        case "local":
            return Processes(jobs) if jobs > 1 and worthwhile else Serial(stop)
        case "threads":
            return Threads(jobs, stop)
    return Serial(stop)


def check_backend(name: str) -> None:
    """Can the backend be used here?

    Raises
    ------
    ValueError
        for an unknown backend.
    MissingExtra
        when its packages are not installed.
    """
    if name not in BACKENDS:
        raise ValueError(f"unknown backend {name!r}; known: {', '.join(BACKENDS)}")
    package = EXTRAS.get(name)
    if package is not None and find_spec(package) is None:
        raise MissingExtra(f"the {name} backend needs more packages: pip install 'orgdes[{name}]'")


def _cluster(wanted: Wanted, folder: Path, jobs: int) -> Pool:
    from sim.study import clusters

    match wanted.backend:
        case "dask":
            return clusters.Dask(wanted.address, jobs)
        case "ray":
            return clusters.Ray(wanted.address, jobs)
    return clusters.Slurm(folder, wanted.jobs or SLURM_TASKS, clusters.slurm_settings(wanted.address))


def cores() -> int:
    """Cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
