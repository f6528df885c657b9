"""Where batches are computed beyond this process's own children: Dask, Ray, Slurm.

Invariant: as for every pool, only batches go out and receipts come in. Workers that see the result folder
write into it; from others the batch travels with the receipt.
"""

import importlib
import os
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.study.batch import Batch, compute_batch
from sim.study.pools import Futures, Pool, prepare_worker
from sim.study.stopping import ignoring_children
from sim.study.store.folder import Receipt

BATCH_SECONDS = 600.0
"""Work of one Slurm task: starting one costs seconds to minutes."""


class Dask(Futures):
    """A Dask cluster: the one at `address`, else a local one with a process for every job."""

    def __init__(self, address: str, jobs: int) -> None:
        dask = importlib.import_module("distributed")
        self._cluster = None if address else dask.LocalCluster(**_local_cluster(jobs))
        self._client = dask.Client(address or self._cluster)
        self._executor = self._client.get_executor(pure=False, retries=0)
        if not address:
            self._client.run(prepare_worker)

    @property
    def width(self) -> int:  # type: ignore[override]
        """Threads of all workers, at this moment: clusters grow and shrink."""
        threads: dict[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    def submit(self, batches: Sequence[Batch]) -> list[Any]:
        return [self._executor.submit(compute_batch, batch) for batch in batches]

    def close(self, now: bool) -> None:
        self._client.close()
        if self._cluster is not None:
            self._cluster.close(timeout=2 if now else 20)


class Ray(Pool):
    """A Ray cluster: the one at `address` or the one already connected to, else a local one."""

    def __init__(self, address: str, jobs: int) -> None:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        self._ray = ray = importlib.import_module("ray")
        self._own = not ray.is_initialized()
        if self._own:
            place = {"address": address} if address else {"num_cpus": jobs, "include_dashboard": False}
            ray.init(**place, log_to_driver=False, configure_logging=False)
        self._task = ray.remote(compute_batch).options(max_retries=0, num_cpus=1)
        self.width = max(1, int(ray.cluster_resources().get("CPU", jobs)))

    def submit(self, batches: Sequence[Batch]) -> list[Any]:
        return [self._task.remote(batch) for batch in batches]

    def ready(self, tickets: Sequence[Any], seconds: float) -> list[Any]:
        done, _ = self._ray.wait(list(tickets), num_returns=1, timeout=seconds)
        return list(done)

    def result(self, ticket: Any) -> Receipt:
        receipt: Receipt = self._ray.get(ticket)
        return receipt

    def close(self, now: bool) -> None:
        if self._own:
            self._ray.shutdown()


class Slurm(Pool):
    """Job arrays of a Slurm cluster, through submitit; every batch is one task of an array.

    `settings`: parameters of submitit (`slurm_partition`, `timeout_min`, ...), `batch_seconds`, and
    `cluster`: "local" runs the same jobs as processes of this machine.
    """

    def __init__(self, folder: Path, jobs: int, settings: Mapping[str, Any]) -> None:
        self.width = jobs
        self._place = folder / ".slurm"
        given = dict(settings)
        self.batch_seconds = float(given.pop("batch_seconds", given.pop("chunk_seconds", BATCH_SECONDS)))
        submitit = importlib.import_module("submitit")
        self._executor = submitit.AutoExecutor(folder=self._place, cluster=given.pop("cluster", None))
        wanted = {"name": "orgdes", "cpus_per_task": 1, "timeout_min": 60, **given}
        if self._executor.cluster == "slurm":
            wanted.setdefault("slurm_array_parallelism", jobs)
        self._executor.update_parameters(**wanted)
        self._running: dict[str, Any] = {}

    def submit(self, batches: Sequence[Batch]) -> list[str]:
        with ignoring_children(), self._executor.batch():
            jobs = [self._executor.submit(compute_batch, batch) for batch in batches]
        self._running |= {job.job_id: job for job in jobs}
        return [job.job_id for job in jobs]

    def ready(self, tickets: Sequence[str], seconds: float) -> list[str]:
        until = time.monotonic() + seconds
        while not (done := [ticket for ticket in tickets if self._running[ticket].done()]):
            if time.monotonic() >= until:
                return []
            time.sleep(min(0.05, seconds))
        return done

    def result(self, ticket: str) -> Receipt:
        receipt: Receipt = self._running.pop(ticket).result()
        return receipt

    def close(self, now: bool) -> None:
        for job in self._running.values():
            job.cancel(check=False)
        shutil.rmtree(self._place, ignore_errors=True)


def slurm_settings(address: str) -> dict[str, Any]:
    """Settings of submitit from one line of text.

    >>> slurm_settings("partition=short,timeout_min=30")
    {'slurm_partition': 'short', 'timeout_min': 30}
    >>> slurm_settings("local")
    {'cluster': 'local'}
    """
    if address in ("", "local"):
        return {"cluster": "local"} if address else {}
    pairs = (part.partition("=") for part in address.split(","))
    general = {"timeout_min", "mem_gb", "cpus_per_task", "cluster", "batch_seconds", "chunk_seconds"}
    return {
        key.strip() if key.strip() in general else f"slurm_{key.strip()}": int(value)
        if value.isdigit()
        else value
        for key, _, value in pairs
    }


def _local_cluster(jobs: int) -> dict[str, Any]:
    return {
        "n_workers": jobs,
        "threads_per_worker": 1,
        "processes": True,
        "dashboard_address": None,
        "silence_logs": "ERROR",
    }
