"""The options of a session: how a design is run, who listens, how it ended.

Invariant: nothing here changes what a design gives.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

WORK = "sim.study.run:compute_run"
"""The function of a run, unless another is named."""


class Progress(Protocol):
    """Listens to a session. A run is one replication of one scenario."""

    def start(self, total: int, already: int) -> None:
        """The session begins: runs in all, runs that were finished before."""

    def advance(self, runs: int) -> None:
        """Some more runs have ended."""

    def message(self, text: str) -> None:
        """Something the user should know, one line."""


class Silent(Progress):
    """Listens and says nothing."""

    def start(self, total: int, already: int) -> None: ...

    def advance(self, runs: int) -> None: ...

    def message(self, text: str) -> None: ...


@dataclass(frozen=True)
class Options:
    """How a design is run; nothing here changes what it gives.

    `jobs`: 0 means all cores. `address`: of a Dask or Ray cluster, empty starts a local one; for Slurm
    settings such as "partition=short,timeout_min=60", or "local". `work`: the function of a run.
    `batch_seconds`: about how much work a kill costs each worker. `least_free`: bytes of the disk that are
    never used. `study`: first part of the folder's name. `products`: name of the code that `finish` runs;
    what it made is made anew when that changes. `provenance`: further entries of the manifest. `beside`:
    folders from which finished replications are taken over.
    """

    jobs: int = 0
    backend: str = "local"
    address: str = ""
    work: str = WORK
    keep_going: bool = False
    batch_seconds: float = 2.0
    batch_runs: int = 500
    least_free: int = 200_000_000
    study: str = ""
    products: str = ""
    provenance: Mapping[str, Any] = field(default_factory=dict)
    beside: Sequence[Path] = ()


@dataclass(frozen=True)
class Outcome:
    """How a session ended. Counts are runs except for `scenarios` and `infeasible`."""

    folder: Path
    scenarios: int
    runs: int
    done: int
    reused: int
    failed: int
    stopped: int
    infeasible: int
    interrupted: bool
    message: str = ""
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    open_ended: bool = False
    """Whether it is not known how many runs an interrupted session would have had."""

    @property
    def complete(self) -> bool:
        """Have all runs ended well?"""
        return self.done == self.runs

    @property
    def exit_code(self) -> int:
        """0: all well. 1: some scenarios failed or were stopped, or the disk is full. 130: interrupted."""
        return 130 if self.interrupted else int(not self.complete or bool(self.message))
