"""What does a sweep cost, and how does it grow?

Question: how long `orgdes study=bar` takes, from the first key to the report, and how long when all of it is
there already; how much faster all cores are than one; how long the default comparison takes on two cores. And
of its parts: processor time of a scenario, of starting a worker, of storing (in workers) and of collecting
(in the one parent); from these, a million scenarios on a cluster.
Command: python experiments/benchmarks/sweep.py [--samples 5000] [--jobs 4]; its output is sweep.txt.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from command import orgdes

from sim.study.batch import Job, run_job
from sim.study.design import Row
from sim.study.options import Options
from sim.study.run import RunTables, compute_run
from sim.study.session import run_design
from sim.study.store.batch import encode

SMALL = (
    "experiment.kind=terminating",
    "experiment.horizon_weeks=13",
    "experiment.warm_up_weeks=0",
    "experiment.replications=1",
    "staffing.headcount=8",
    "demand.scale=0.3",
)
"""One replication of one quarter of a small company."""
REAL, NOTHING = "sim.study.run:compute_run", "sweep:nothing"
MILLION, CORES, BATCH = 1_000_000, 1_000, 500


@dataclass(frozen=True)
class Timing:
    """One sweep: wall clock, processor time of parent and workers, wall clock of the same again, disk."""

    scenarios: int
    seconds: float
    processor: float
    again: float
    megabytes: float

    @property
    def each(self) -> float:
        """Processor milliseconds of a scenario."""
        return 1e3 * self.processor / self.scenarios


def design(scenarios: int, engine: str) -> list[Row]:
    """Small companies under different demand, in three structures by turns."""
    from sim.config.loading import load_plain

    structures = ("function", "customer", "product")
    bases = [load_plain([*SMALL, f"experiment.engine={engine}", f"structure={name}"]) for name in structures]
    rows = []
    for number in range(scenarios):
        base = bases[number % len(bases)]
        scale = 0.2 + 0.1 * number / scenarios
        rows.append(Row({**base, "demand": {**base["demand"], "scale": scale}}, (f"demand.scale={scale}",)))
    return rows


def nothing(plain: dict[str, Any], replication: int) -> RunTables:
    """Tables as a real unit gives them, without computing any: what is left is the study layer."""
    return _sample(json.dumps({**plain, "demand": {**plain["demand"], "scale": 0.25}}))


@functools.cache
def _sample(text: str) -> RunTables:
    return compute_run(json.loads(text), 0)


def timed(rows: list[Row], jobs: int, work: str) -> Timing:
    """Run a design in a new folder, and again."""
    with tempfile.TemporaryDirectory() as place:
        folder, options = Path(place) / "sweep", Options(jobs=jobs, work=work)
        began, busy = time.perf_counter(), processor()
        outcome = run_design(rows, folder, options=options)
        between, busy = time.perf_counter(), processor() - busy
        run_design(rows, folder, options=options)
        ended = time.perf_counter()
        if not outcome.complete:
            raise RuntimeError(f"{outcome.failed} of {outcome.units} failed; {outcome.message}")
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    return Timing(len(rows), between - began, busy, ended - between, size)


def processor() -> float:
    """Processor seconds of this process and of its children that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def storing(row: Row) -> float:
    """Milliseconds a worker needs to pack the tables of a unit for the disk."""
    records = [run_job(Job(str(number), 0, row.scenario), NOTHING) for number in range(BATCH)]
    began = time.process_time()
    encode(records, "design")
    return 1e3 * (time.process_time() - began) / BATCH


def main() -> int:
    """Measure, print, estimate."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--samples", type=int, default=5_000, help="points of study=bar, two scenarios each")
    parser.add_argument("--scenarios", type=int, default=600, help="scenarios for the parts")
    parser.add_argument("--layer", type=int, default=10_000, help="scenarios for the study layer alone")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--engine", default="compiled")
    given = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).parent))
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)
    busy = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, {busy:.1f} of them busy with other things before: ", end="")
    print("times by the clock mean little" if busy > 0.5 else "quiet")
    with tempfile.TemporaryDirectory() as place:
        whole_commands(given.samples, given.jobs, Path(place))
    rows = design(given.scenarios, given.engine)
    timed(rows[:12], 1, REAL)  # compiles what is not compiled yet
    one, many = timed(rows, 1, REAL), timed(rows, given.jobs, REAL)
    layer = timed(design(given.layer, given.engine), 1, NOTHING)
    report(one, many, layer, given.jobs, storing(rows[0]))
    return 0


def whole_commands(samples: int, jobs: int, place: Path) -> None:
    """Time the command itself, with a warm cache of compiled code."""
    bar, scenarios = ["study=bar", f"sweep.samples={samples}"], 2 * samples
    for name in ("warm", "many", "one", "default"):
        (place / name).mkdir()
    orgdes(["study=bar", "sweep.samples=3"], place / "warm")
    orgdes([], place / "warm")
    many = orgdes([*bar, f"experiment.jobs={jobs}"], place / "many")
    again = orgdes([*bar, f"experiment.jobs={jobs}"], place / "many")
    one = orgdes([*bar, "experiment.jobs=1"], place / "one")
    default = orgdes([], place / "default", sorted(os.sched_getaffinity(0))[:2])
    print(f"orgdes {' '.join(bar)}: {scenarios:,} scenarios in {many.seconds:.1f} s by {jobs} processes")
    print(f"  first result after {many.first:.1f} s; {1e3 * many.processor / scenarios:.1f} ms of processor")
    print(f"  the same again: {again.seconds:.1f} s, {again.processor:.1f} s of processor")
    print(
        f"  by one process: {one.seconds:.1f} s; {jobs} are {one.seconds / many.seconds:.2f} times as fast,"
    )
    print(f"  {one.work / many.work:.2f} times from the first result to the last")
    print(f"orgdes on two cores: {default.seconds:.1f} s, {default.processor:.1f} s of processor\n")


def report(one: Timing, many: Timing, layer: Timing, jobs: int, pack: float) -> None:
    """Print what was measured and what follows."""
    start = max(0.0, many.processor - one.processor) / jobs
    parent = layer.each - pack
    print(f"{one.scenarios} small scenarios in one process: {one.seconds:.1f} s; {one.each:.1f} ms each")
    print(f"in {jobs} processes: {many.seconds:.1f} s, {one.seconds / many.seconds:.2f} times as fast")
    print(f"a worker more costs {start:.1f} s of processor time to start")
    print(f"study layer, {layer.scenarios} scenarios: {layer.seconds:.1f} s; run again {layer.again:.2f} s")
    print(
        f"  of each scenario {pack:.2f} ms in the worker (storing), {parent:.2f} ms in the parent (the rest)"
    )
    print(f"disk: {1e3 * one.megabytes / one.scenarios:.1f} kB a scenario")
    print(f"\n{MILLION:,} such scenarios on {CORES:,} cores, from these numbers:")
    computing = one.each * MILLION / 1e3
    print(f"  computing: {computing / 3600:.1f} core hours, {computing / CORES / 60:.1f} min")
    print(f"  starting the workers: {start * CORES / 3600:.1f} core hours")
    print(f"  the parent: {parent * MILLION / 6e4:.0f} min")
    print(f"  disk: {one.megabytes * MILLION / one.scenarios / 1e3:.0f} GB")


if __name__ == "__main__":
    sys.exit(main())
