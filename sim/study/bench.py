"""A study whose scenarios are not known beforehand: what a search asks for is played, kept and read back.

Invariant: what is read back depends on scenario and replication alone; a replication that the folder holds
is never played again.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from sim.study.backends import open_pool
from sim.study.batch import Batch, Job
from sim.study.design import Design, Run
from sim.study.dispatcher import DISK, Dispatcher, WorkersLost
from sim.study.options import Options, Progress
from sim.study.pools import Pool, Serial
from sim.study.stopping import Stopping
from sim.study.store.folder import Store

SEARCH: Final = 2**41
"""First number of the replications that a search sees; what is told starts at 0, rehearsals at 2**40."""
Figures = Mapping[tuple[str, str], float]
"""Value by (metric, scope)."""
COLUMNS = ("metrics.metric", "metrics.scope", "metrics.value", "metrics.unit")
PARTS = ("decomposition.scope", "decomposition.kind", "decomposition.hours")


class Unfinished(Exception):
    """The search could not go on: it was stopped, or a replication failed; the text says which."""


@dataclass
class Bench:
    """Plays replications in the processes of a study and reads them from its folder."""

    store: Store
    options: Options
    progress: Progress
    stopping: Stopping
    played: int = 0
    reused: int = 0
    counted: bool = False
    """Whether the progress is told how many replications are played: not before their number is known."""
    units: dict[str, str] = field(default_factory=dict)
    """Unit of every metric that was read."""
    _known: dict[str, Figures | None] = field(default_factory=dict)
    _seconds: float | None = None

    def figures(self, wanted: Sequence[tuple[Design, Sequence[int]]]) -> list[list[Figures | None]]:
        """What was measured in these replications of designs of one row; None where a budget ended one.

        Raises
        ------
        Unfinished
            when a stop was asked for, or a replication failed.
        StoreTrouble
            when the folder cannot be written.
        """
        runs = [[(design, design.run(0, number)) for number in numbers] for design, numbers in wanted]
        flat = {run.key: (design, run) for asked in runs for design, run in asked}
        fresh = {key: asked for key, asked in flat.items() if key not in self._known}
        self.reused += sum(key in self.store.finished for key in fresh)
        self._play({key: asked for key, asked in fresh.items() if key not in self.store.finished})
        self._read(list(fresh))
        return [[self._known[run.key] for _, run in asked] for asked in runs]

    def parts(self, design: Design, numbers: Sequence[int]) -> dict[str, float]:
        """Mean hours a resolved request by kind of time, over replications that have been played."""
        from sim.study.store.batch import decode

        total: dict[str, float] = {}
        for number in numbers:
            key = design.run(0, number).key
            table = decode(self.store.batches / self.store.finished[key].batch, ["key", *PARTS]).to_pydict()
            place = table["key"].index(key)
            for scope, kind, hours in zip(*(table[name][place] for name in PARTS), strict=True):
                if scope == "company":
                    total[kind] = total.get(kind, 0.0) + hours / len(numbers)
        return total

    def close(self) -> None:
        """End the workers."""
        if "_pool" in self.__dict__:
            with suppress(Exception):  # what is wrong is known already
                self._pool.close(now=self.stopping.now)

    @cached_property
    def _pool(self) -> Pool:
        return open_pool(self.options, self.store.folder, self._stop, worthwhile=True)

    def _stop(self) -> bool:
        return self.stopping.requested

    def _play(self, wanted: Mapping[str, tuple[Design, Run]]) -> None:
        asked = wanted.items()
        jobs = deque(Job(key, run.replication, design.rows[0].scenario) for key, (design, run) in asked)
        if jobs and not self.played:  # the first one compiles, once for all processes
            self._dispatch(deque([jobs.popleft()]), Serial(self._stop))
            self._seconds = None
        if jobs and not self._stop():
            self._dispatch(jobs, self._pool)
        if self._stop() and any(key not in self.store.finished for key in wanted):
            raise Unfinished("stopped")

    def _dispatch(self, jobs: deque[Job], pool: Pool) -> None:
        identity = str(self.store.identity["design"])
        blank = Batch((), str(self.store.folder), identity, self.options.work, self.options.batch_seconds)
        how = self.progress.message, self.options.batch_runs, self._seconds
        dispatcher = Dispatcher(jobs, pool, blank, self._stop, *how)
        try:
            for receipt in dispatcher.receipts():
                self.store.commit(receipt)
                self.played += len(receipt.ended)
                if self.counted:
                    self.progress.advance(len(receipt.ended))
        except WorkersLost as lost:
            raise Unfinished(f"{lost}. What is finished is safe; run it again with fewer jobs") from lost
        except OSError as error:
            disk = error.errno in DISK
            what = str(self.store.trouble(error)) if disk else f"workers cannot be reached ({error})"
            raise Unfinished(what) from error
        self._seconds = dispatcher.run_seconds

    def _read(self, keys: Sequence[str]) -> None:
        by_batch: dict[str, list[str]] = {}
        for key in keys:
            ended = self.store.finished[key]
            if ended.status == "ok":
                by_batch.setdefault(ended.batch, []).append(key)
            elif ended.status.startswith("stopped"):
                self._known[key] = None
            else:
                raise Unfinished(f"a replication failed: {ended.message}")
        for name, own in by_batch.items():
            self._known |= self._read_batch(name, set(own))

    def _read_batch(self, name: str, keys: set[str]) -> dict[str, Any]:
        from sim.study.store.batch import decode

        table = decode(self.store.batches / name, ["key", *COLUMNS]).to_pydict()
        found: dict[str, Any] = {}
        for key, metric, scope, value, unit in zip(
            table["key"], *(table[column] for column in COLUMNS), strict=True
        ):
            if key in keys:
                found[key] = dict(zip(zip(metric, scope, strict=True), value, strict=True))
                self.units |= zip(metric, unit, strict=True)
        return found
