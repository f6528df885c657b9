"""The one entry of the study, a session of work on a design: scenarios in, a result folder out.

Invariant: calling it again with the same rows and folder continues what was interrupted, and does
nothing when all is done.
"""

import shutil
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.study.agreement import check_agreement
from sim.study.backends import check_backend, open_pool
from sim.study.batch import Batch, Job
from sim.study.design import Design, Row, portable
from sim.study.dispatcher import DISK, Dispatcher, WorkersLost
from sim.study.finalise import finalise
from sim.study.options import WORK, Options, Outcome, Progress, Silent
from sim.study.pools import Pool, Serial
from sim.study.provenance import versions
from sim.study.reuse import take_over
from sim.study.stopping import Stopping

if TYPE_CHECKING:
    from sim.study.finalise import Ending
    from sim.study.store.folder import Receipt, Store

__all__ = ["Options", "Outcome", "Progress", "Row", "Silent", "Stopping", "folder_of", "run_design"]

IDENTICAL_FAILURES = 20
PROBES = 2
"""Runs computed by the calling process before it starts others: the first also pays for imports."""
RUNS_OF_A_LONG_BATCH = 20
"""How many times as many runs a batch may have where batches are dear."""
WORTHWHILE = 5.0
"""Seconds of remaining work that pay for starting processes."""
LONG = 10.0
"""Seconds of a run that make a second one in the calling process a waste of the other cores."""


def folder_of(rows: Sequence[Row] | Design, study: str, parent: Path | str = "results") -> Path:
    """The folder of a design: the same command always finds its own, another design never does."""
    return Path(parent) / f"{study}-{_design(rows, WORK).identity[:8]}"


def _design(rows: Sequence[Row] | Design, work: str) -> Design:
    return rows if isinstance(rows, Design) else Design.of(rows, work)


def run_design(
    rows: Sequence[Row] | Design,
    folder: Path | str | None = None,
    *,
    options: Options | None = None,
    progress: Progress | None = None,
    stopping: Stopping | None = None,
    finish: Callable[[Path], None] | None = None,
) -> Outcome:
    """Compute all replications of all rows that the folder does not hold yet, and write its tables.

    Parameters
    ----------
    rows
        Checked scenarios; the replications of each are in its `experiment.replications`. Or their design,
        where the caller has it: to name ten thousand scenarios by their content takes half a second.
    folder
        Where results go; `None`: `results/<study>-<8 hex of the design>`.
    finish
        Called with the folder after the tables are written: summary, report.

    Raises
    ------
    OtherSweep, FolderInUse, OtherVersions
        when the folder belongs to another design, another run, or versions that give other numbers; nothing
        is touched then.
    MissingExtra, ValueError
        when the backend needs packages that are not there, or is unknown; nothing is run then.
    """
    options, progress = options or Options(), progress or Silent()
    check_backend(options.backend)
    design = _design(rows, options.work)
    place = (
        Path(folder)
        if folder is not None
        else Path("results") / f"{options.study or 'study'}-{design.identity[:8]}"
    )
    return _Session(design, place.absolute(), options, progress, stopping or Stopping(), finish).outcome()


@dataclass
class _Session:
    design: Design
    folder: Path
    options: Options
    progress: Progress
    stopping: Stopping
    finish: Callable[[Path], None] | None
    trouble: str = ""
    _early: list[str] | None = field(default_factory=list)

    def outcome(self) -> Outcome:
        from sim.study.finalise import Ending
        from sim.study.store.folder import Store, StoreTrouble

        began = time.monotonic()
        started = datetime.now(UTC).isoformat(timespec="seconds")
        with Store(self.folder, self._identity()) as store:
            self._keep_all(store)
            ending = Ending(self.design, store, self.design.runs, self.options, started)
            reused = sum(store.done(run.key) for run in ending.runs)
            fresh = reused < len(ending.runs)
            try:
                if fresh:
                    self._continue(store, started)
                    reused = sum(store.done(run.key) for run in ending.runs)
                self.progress.start(len(ending.runs), reused)
                if fresh:
                    self._compute(store)
                if not self.stopping.now:
                    store.check_held()
                    finalise(ending, self.finish, always=fresh)
            except KeyboardInterrupt:
                self.stopping.requested = self.stopping.now = True
            except StoreTrouble as trouble:
                self.trouble = self.trouble or str(trouble)
            except MemoryError:
                self.trouble = "not enough memory. What is finished is safe; run it again with fewer jobs"
            except OSError as error:
                self.trouble = self.trouble or str(store.trouble(error))
            return self._summed(ending, reused, time.monotonic() - began)

    def _continue(self, store: "Store", started: str) -> None:
        """Note who works on the folder; refuse when other versions would give other numbers."""
        about = {"versions": versions(), "model": self.design.fingerprint}
        check_agreement(store, self.design, about)
        most = max((row.replications for row in self.design.rows), default=0)
        store.session({"started": started, "replications": most, **about})
        take_over(store, self.design, self.options.beside)

    def _keep_all(self, store: "Store") -> None:
        """A folder never shrinks: what is asked for grows by the replications that are there."""
        most = max((int(past.get("replications", 0)) for past in store.sessions), default=0)
        asked = len(self.design.runs)
        if most > 0:
            self.design = self.design.with_all(store.finished, most)
        if more := len(self.design.runs) - asked:
            store.notes.append(f"{more:,} replications more than asked for are there already; they stay")

    def _identity(self) -> dict[str, Any]:
        rows = self.design.rows
        base = portable(rows[0].scenario) if rows else {}
        return {
            "design": self.design.identity,
            "study": self.options.study,
            "scenarios": len(rows),
            "base": base,
        }

    def _compute(self, store: "Store") -> None:
        from sim.study.store.folder import StoreTrouble

        self._check_room()
        try:
            for receipt in self._receipts(store):
                store.commit(receipt)
                self.progress.advance(len(receipt.ended))
                self._watch(receipt)
                self._check_room()
        except StoreTrouble as trouble:
            self.trouble = str(trouble)
        except WorkersLost as lost:
            self.trouble = f"{lost}. What is finished is safe; run it again with fewer jobs"
        except OSError as error:
            disk = error.errno in DISK
            self.trouble = str(store.trouble(error)) if disk else f"workers cannot be reached ({error})"

    def _stop(self) -> bool:
        return self.stopping.requested or bool(self.trouble)

    def _receipts(self, store: "Store") -> Iterator["Receipt"]:
        """Receipts of all runs to do: the first ones from this process, so that a result comes soon."""
        jobs = self._jobs(store)
        dispatcher = self._dispatcher(Serial(self._stop), deque())
        for probe in range(PROBES):
            if jobs and (probe == 0 or (dispatcher.run_seconds or 0.0) < LONG):
                dispatcher.run_seconds = None
                dispatcher.jobs.append(jobs.popleft())
                yield from dispatcher.receipts()
        jobs.extendleft(dispatcher.jobs)
        left = len(jobs) * (dispatcher.run_seconds or 0.0)
        pool = open_pool(self.options, self.folder, self._stop, worthwhile=left > WORTHWHILE)
        rest = self._dispatcher(pool, jobs)
        rest.run_seconds = dispatcher.run_seconds
        try:
            yield from rest.receipts()
        except BaseException:
            with suppress(Exception):  # what is wrong is known already
                pool.close(now=True)
            raise
        pool.close(now=self.stopping.now)

    def _jobs(self, store: "Store") -> deque[Job]:
        return deque(
            Job(run.key, run.replication, self.design.rows[run.index].scenario)
            for run in self.design.schedule()
            if not store.done(run.key)
        )

    def _dispatcher(self, pool: Pool, jobs: deque[Job]) -> Dispatcher:
        seconds = pool.batch_seconds or self.options.batch_seconds
        runs = self.options.batch_runs * (RUNS_OF_A_LONG_BATCH if pool.batch_seconds else 1)
        blank = Batch((), str(self.folder), self.design.identity, self.options.work, seconds)
        return Dispatcher(jobs, pool, blank, self._stop, self.progress.message, runs)

    def _watch(self, receipt: "Receipt") -> None:
        """Stop when all runs from the start failed with one message: the others would do the same."""
        if self._early is None or self.options.keep_going:
            return
        self._early += [message if status == "failed" else "" for _, status, message in receipt.ended]
        if len({*self._early}) > 1 or self._early[0] == "":
            self._early = None
        elif len(self._early) >= IDENTICAL_FAILURES:
            self.trouble = (
                f"stopped after {len(self._early)} identical failures from the start: {self._early[0]}"
            )

    def _check_room(self) -> None:
        free = shutil.disk_usage(self.folder).free
        if free < self.options.least_free:
            self.trouble = (
                f"disk almost full: {free / 1e6:.0f} MB left, "
                f"{self.options.least_free / 1e6:.0f} MB are kept free. "
                "What is finished is safe; make room and run the same command again"
            )

    def _summed(self, ending: "Ending", reused: int, seconds: float) -> Outcome:
        statuses = Counter(ending.status(run).partition(":")[0] for run in ending.runs)
        return Outcome(
            folder=self.folder,
            scenarios=len(self.design.rows),
            runs=len(ending.runs),
            done=statuses["ok"],
            reused=reused,
            failed=statuses["failed"],
            stopped=statuses["stopped"],
            infeasible=sum(bool(row.infeasible) for row in self.design.rows),
            interrupted=self.stopping.requested,
            message=self.trouble,
            notes=tuple(ending.store.notes),
            seconds=seconds,
        )
