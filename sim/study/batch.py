"""What a worker does: compute a batch of runs and write it as one file.

Invariant: whatever a run does, the other runs of its batch are computed, and the batch comes back.
"""

import errno
import importlib
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.study.provenance import without_paths
from sim.study.run import RunTables, Stopped
from sim.study.store.folder import BATCHES, Receipt

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
Work = Callable[[dict[str, Any], int], RunTables]


@dataclass(frozen=True)
class Job:
    """A run with the data a worker needs for it."""

    key: str
    replication: int
    scenario: dict[str, Any]


@dataclass(frozen=True)
class Batch:
    """Some jobs for one worker: after `seconds` none is begun; `alone`: nothing else runs beside it."""

    jobs: tuple[Job, ...]
    folder: str
    design: str
    work: str
    seconds: float
    alone: bool = False

    def split(self) -> list["Batch"]:
        """The same jobs, each in a batch of its own, to be run alone."""
        return [replace(self, jobs=(job,), alone=True) for job in self.jobs]


def compute_batch(batch: Batch, stop: Callable[[], bool] = bool) -> Receipt:
    """Compute a batch, write its file under a temporary name, and say what is in it.

    `stop` is asked between two runs. Runs not begun come back as the receipt's `rest`.

    Raises
    ------
    OSError
        when the file cannot be written, or a run finds the disk full; other failures of runs never raise.
    """
    from sim.study.store.batch import RunRecord

    began = time.monotonic()
    records: list[RunRecord] = []
    for job in batch.jobs:
        if records and (stop() or time.monotonic() - began > batch.seconds):
            break
        records.append(run_job(job, batch.work))
    rest = tuple(job.key for job in batch.jobs[len(records) :])
    return _written(batch, records, rest, time.monotonic() - began)


def given_up(batch: Batch, message: str) -> Receipt:
    """The file of a batch that no worker survives: each run failed, with the reason."""
    from sim.study.store.batch import RunRecord

    return _written(batch, [RunRecord(job.key, "failed", message) for job in batch.jobs], (), 0.0)


def run_job(job: Job, work: str) -> Any:
    """One run, computed; whatever goes wrong in it becomes its status and message."""
    from sim.study.store.batch import RunRecord, metric_columns

    began = time.monotonic()
    try:
        tables = work_function(work)(job.scenario, job.replication)
        content = {"metrics": metric_columns(tables.metrics), **tables.extras}
    except Stopped as budget:
        kind = str(budget).partition(":")[0]
        return RunRecord(job.key, f"stopped: {kind}", str(budget), time.monotonic() - began)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in FULL:
            raise  # of compiled code that is kept, say: no fault of the run's
        return RunRecord(job.key, "failed", diagnosis(error), time.monotonic() - began)
    return RunRecord(job.key, "ok", "", time.monotonic() - began, content)


def work_function(name: str) -> Work:
    """The function that "module:function" names."""
    module, _, function = name.partition(":")
    found: Work = getattr(importlib.import_module(module), function)
    return found


def diagnosis(error: BaseException) -> str:
    """An error in one line: what it is and where in the program it arose, without paths of this machine."""
    frames = traceback.extract_tb(error.__traceback__)
    place = ""
    if frames:
        path = Path(frames[-1].filename)
        place = f" ({path.parent.name}/{path.name}, line {frames[-1].lineno}, in {frames[-1].name})"
    text = without_paths(" ".join(str(error).split()))
    return f"{type(error).__name__}: {text}{place}"[:2000]


def _written(batch: Batch, records: list[Any], rest: tuple[str, ...], seconds: float) -> Receipt:
    import hashlib

    from sim.study.store.batch import encode
    from sim.study.store.files import temporary_name, write_and_sync

    content = encode(records, batch.design)
    name = temporary_name()
    place = Path(batch.folder) / BATCHES
    reachable = place.is_dir()
    if reachable:
        write_and_sync(place / name, content)
    return Receipt(
        temporary=name,
        sha256=hashlib.sha256(content).hexdigest(),
        ended=tuple((record.key, record.status, record.message) for record in records),
        rest=rest,
        seconds=seconds,
        content=None if reachable else content,
    )
