"""What a worker does: compute a chunk of units and write them as one batch file.

Invariant: whatever a unit does, the other units of its chunk are computed, and the chunk comes back.
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
from sim.study.store.folder import BATCHES, Receipt
from sim.study.unit import Stopped, UnitTables

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
Work = Callable[[dict[str, Any], int], UnitTables]


@dataclass(frozen=True)
class Job:
    """A unit with the data a worker needs for it."""

    key: str
    replication: int
    scenario: dict[str, Any]


@dataclass(frozen=True)
class Chunk:
    """Some jobs for one worker: after `seconds` none is begun; `alone`: nothing else runs beside it."""

    jobs: tuple[Job, ...]
    folder: str
    design: str
    work: str
    seconds: float
    alone: bool = False

    def split(self) -> list["Chunk"]:
        """The same jobs, each in a chunk of its own, to be run alone."""
        return [replace(self, jobs=(job,), alone=True) for job in self.jobs]


def run_chunk(chunk: Chunk, stop: Callable[[], bool] = bool) -> Receipt:
    """Compute a chunk, write its batch under a temporary name, and say what is in it.

    `stop` is asked between two units. Units not begun come back as the receipt's `rest`.

    Raises
    ------
    OSError
        when the batch cannot be written, or a unit finds the disk full; other failures of units never raise.
    """
    from sim.study.store.batch import UnitRecord

    began = time.monotonic()
    records: list[UnitRecord] = []
    for job in chunk.jobs:
        if records and (stop() or time.monotonic() - began > chunk.seconds):
            break
        records.append(run_job(job, chunk.work))
    rest = tuple(job.key for job in chunk.jobs[len(records) :])
    return _written(chunk, records, rest, time.monotonic() - began)


def given_up(chunk: Chunk, message: str) -> Receipt:
    """The batch of a chunk that no worker survives: each unit failed, with the reason."""
    from sim.study.store.batch import UnitRecord

    return _written(chunk, [UnitRecord(job.key, "failed", message) for job in chunk.jobs], (), 0.0)


def run_job(job: Job, work: str) -> Any:
    """One unit, computed; whatever goes wrong in it becomes its status and message."""
    from sim.study.store.batch import UnitRecord, metric_columns

    began = time.monotonic()
    try:
        tables = work_function(work)(job.scenario, job.replication)
        content = {"metrics": metric_columns(tables.metrics), **tables.extras}
    except Stopped as budget:
        kind = str(budget).partition(":")[0]
        return UnitRecord(job.key, f"stopped: {kind}", str(budget), time.monotonic() - began)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in FULL:
            raise  # of compiled code that is kept, say: no fault of the unit's
        return UnitRecord(job.key, "failed", told(error), time.monotonic() - began)
    return UnitRecord(job.key, "ok", "", time.monotonic() - began, content)


def work_function(name: str) -> Work:
    """The function that "module:function" names."""
    module, _, function = name.partition(":")
    found: Work = getattr(importlib.import_module(module), function)
    return found


def told(error: BaseException) -> str:
    """An error in one line: what it is and where in the program it arose, without paths of this machine."""
    frames = traceback.extract_tb(error.__traceback__)
    place = ""
    if frames:
        path = Path(frames[-1].filename)
        place = f" ({path.parent.name}/{path.name}, line {frames[-1].lineno}, in {frames[-1].name})"
    text = without_paths(" ".join(str(error).split()))
    return f"{type(error).__name__}: {text}{place}"[:2000]


def _written(chunk: Chunk, records: list[Any], rest: tuple[str, ...], seconds: float) -> Receipt:
    import hashlib

    from sim.study.store.batch import encode
    from sim.study.store.files import temporary_name, write_and_sync

    content = encode(records, chunk.design)
    name = temporary_name()
    place = Path(chunk.folder) / BATCHES
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
