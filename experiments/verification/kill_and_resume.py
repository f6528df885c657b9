"""Does a sweep survive being killed at any moment? Random kill -9s of a running sweep, each one resumed.

Question: after every kill, are all files under a final name readable and whole; after every resumption, is
every unit that had been recorded still there; and are the final tables those of a run nobody disturbed?
Kills come as they come: while it starts, while units are computed, while the tables are written.
Command: python experiments/verification/kill_and_resume.py [--kills 50]; its output is kill_and_resume.txt.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from sim.study.design import Row
from sim.study.options import Options
from sim.study.session import run_design
from sim.study.store.journal import entry_of

SCENARIOS, REPLICATIONS, JOBS = 100, 4, 2
UNITS = SCENARIOS * REPLICATIONS
SECONDS = 2.0
"""After which no worker may live on without its parent."""
SETTINGS = (
    "experiment.horizon_weeks=26",
    "experiment.warm_up_weeks=1",
    "experiment.drain_weeks=1",
    f"experiment.replications={REPLICATIONS}",
)


@dataclass
class Tally:
    """What the kills have done."""

    kills: int = 0
    sweeps: int = 0
    unreadable: int = 0
    lost: int = 0
    recomputed: list[int] = field(default_factory=list)
    different: int = 0
    orphans: int = 0
    victims: dict[str, int] = field(default_factory=dict)
    moments: dict[str, int] = field(default_factory=dict)


def design() -> list[Row]:
    """Two structures of the default company under different demand: real replications, a short horizon."""
    from sim.config.loading import load_plain

    rows = []
    for number in range(SCENARIOS):
        own = (
            f"structure={('function', 'customer')[number % 2]}",
            f"demand.scale={(70 + number // 2) / 100}",
        )
        rows.append(Row(load_plain([*SETTINGS, *own]), own))
    return rows


def sweep(folder: Path) -> int:
    """The program that is killed: continue the sweep in a folder."""
    options = Options(jobs=JOBS, batch_seconds=0.2, batch_runs=4, study="kills")
    return run_design(design(), folder, options=options).exit_code


def recorded(folder: Path) -> set[str]:
    """Keys of the units that the journal calls finished."""
    path = folder / "journal.txt"
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    entries = [entry for line in lines if (entry := entry_of(line)) is not None]
    return {key for entry in entries for key in entry.get("ok", [])}


def unreadable(folder: Path) -> list[str]:
    """Batches under a final name whose content is not what the name says, or that do not open."""
    from sim.study.store.batch import decode

    bad = []
    for path in (folder / "batches").glob("*.parquet"):
        whole = hashlib.sha256(path.read_bytes()).hexdigest() == path.stem
        if not whole or decode(path).num_rows == 0:
            bad.append(path.name)
    return bad


def tables(folder: Path) -> dict[str, str]:
    """Name and digest of every table."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.parquet"))
    }


def start(folder: Path) -> subprocess.Popen[bytes]:
    """A sweep in a process group of its own."""
    command = [sys.executable, __file__, "--sweep", str(folder)]
    return subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)


def workers_of(process: int) -> list[int]:
    """Processes below a sweep that may compute: all but multiprocessing's trackers of resources."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()[1:]]
    below, found = {process}, list[int]()
    for pid, parent, command in sorted(rows, key=lambda row: int(row[0])):
        if int(parent) in below and "tracker" not in command and not command.startswith("ps "):
            below.add(int(pid))
            found.append(int(pid))
    return found


def kill(process: subprocess.Popen[bytes], chance: random.Random, tally: Tally) -> None:
    """kill -9: the parent, everything at once, or a worker and a moment later the parent."""
    workers = workers_of(process.pid)
    how = chance.choices(["the parent", "parent and workers", "a worker, then the parent"], [6, 2, 2])[0]
    if how == "parent and workers":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        if how.startswith("a worker") and workers:
            os.kill(chance.choice(workers), signal.SIGKILL)
            time.sleep(chance.uniform(0.0, 0.5))
        process.kill()
    process.wait()
    tally.kills += 1
    tally.victims[how] = tally.victims.get(how, 0) + 1
    tally.orphans += still_there_after(workers, SECONDS)


def still_there_after(processes: list[int], seconds: float) -> int:
    """How many processes are left, after waiting for them to end."""
    until = time.monotonic() + seconds
    while any(running(process) for process in processes) and time.monotonic() < until:
        time.sleep(0.05)
    return sum(running(process) for process in processes)


def running(process: int) -> bool:
    """Is there such a process, and more than a zombie?"""
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False


def disturb(
    folder: Path, expected: dict[str, str], longest: float, chance: random.Random, tally: Tally
) -> None:
    """One process on the folder: let it live for a random while, kill it, and look at what it left."""
    before = recorded(folder)
    process = start(folder)
    try:
        process.wait(chance.uniform(0.2, longest))
    except subprocess.TimeoutExpired:
        kill(process, chance, tally)
        after = recorded(folder)
        tally.unreadable += len(unreadable(folder))
        tally.lost += len(before - after)
        moment = (
            "at the end" if len(after) == UNITS else "in the middle" if after - before else "at the start"
        )
        tally.moments[moment] = tally.moments.get(moment, 0) + 1
        return
    tally.sweeps += 1
    tally.different += tables(folder) != expected
    batches = sum(len(entry["ok"]) for entry in journal(folder) if "ok" in entry)
    tally.recomputed.append(batches - len(recorded(folder)))
    shutil.rmtree(folder)


def journal(folder: Path) -> list[dict[str, list[str]]]:
    """All sound entries of a folder's journal."""
    lines = (folder / "journal.txt").read_bytes().splitlines(keepends=True)
    return [entry for line in lines if (entry := entry_of(line)) is not None]


def main() -> int:
    """Kill and resume; 1 when anything was lost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sweep", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.sweep is not None:
        return sweep(given.sweep)
    print(f"sweep: {SCENARIOS} scenarios x {REPLICATIONS} replications, {JOBS} workers", flush=True)
    return trial(given.kills, given.seed)


def trial(kills: int, seed: int) -> int:
    """Kill and resume; 1 when anything was lost."""
    chance, tally = random.Random(seed), Tally()
    with tempfile.TemporaryDirectory() as place:
        undisturbed = Path(place) / "undisturbed"
        start(Path(place) / "compiles").wait()  # if need be, so that kills are spread over the work
        began = time.monotonic()
        start(undisturbed).wait()
        longest = time.monotonic() - began
        expected, folder = tables(undisturbed), Path(place) / "disturbed"
        while tally.kills < kills or folder.exists():
            disturb(folder, expected, longest, chance, tally)
    return report(tally, longest)


def report(tally: Tally, seconds: float) -> int:
    """Print the tally; 0 when nothing was unreadable, lost or different."""
    print(f"undisturbed: {seconds:.1f} s")
    print(f"kill -9: {tally.kills} ({counted(tally.victims)})")
    print(f"moments: {counted(tally.moments)}")
    print(f"unreadable files under a final name: {tally.unreadable}")
    print(f"recorded units lost: {tally.lost}")
    print(f"workers left {SECONDS:.0f} s after their parent: {tally.orphans}")
    print(f"completed sweeps: {tally.sweeps}, of {UNITS} units each; tables that differ: {tally.different}")
    print(f"units stored twice, by sweep: {tally.recomputed}")
    bad = tally.unreadable + tally.lost + tally.orphans + tally.different
    print("FAILED" if bad else "PASSED", flush=True)
    return int(bool(bad))


def counted(numbers: dict[str, int]) -> str:
    """Names with their numbers."""
    return ", ".join(f"{name}: {number}" for name, number in sorted(numbers.items()))


if __name__ == "__main__":
    sys.exit(main())
