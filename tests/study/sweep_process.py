"""A sweep as a program: a folder, then key=value: settings of the sweep, or of the fake work."""

import os
import sys
import time
from pathlib import Path

from sim.study import design, session
from sim.study.session import run_design
from sim.study.stopping import Stopping
from sim.study.store.lock import FolderInUse
from tests.study.designs import options, rows


class Shouting:
    """Prints how far the sweep is."""

    def start(self, total: int, already: int) -> None:
        print("start", total, already, flush=True)

    def advance(self, runs: int) -> None:
        print("advance", runs, flush=True)

    def message(self, text: str) -> None:
        print("message", text, flush=True)


def main() -> int:
    folder, *words = sys.argv[1:]
    given = dict(word.split("=", 1) for word in words)
    fake = {key: float(given[key]) for key in ("seconds", "sleep", "from") if key in given}
    wanted = rows(int(given.get("count", 12)), int(given.get("replications", 2)), **fake)
    session.WORTHWHILE = 0.0  # processes also for little work
    setattr(design, "model_fingerprint", lambda: "the fake work")  # noqa: B010
    stopping = Stopping()
    stopping.install()
    chosen = options(
        jobs=int(given.get("jobs", 1)),
        backend=given.get("backend", "local"),
        address=given.get("address", ""),
        batch_runs=int(given.get("batch_runs", 3)),
        batch_seconds=float(given.get("batch_seconds", 0.2)),
    )
    if "barrier" in given:
        wait_for_the_others(Path(given["barrier"]))
    try:
        outcome = run_design(wanted, Path(folder), options=chosen, progress=Shouting(), stopping=stopping)
    except FolderInUse as refusal:
        print(refusal, flush=True)
        return 2
    print(outcome, flush=True)
    return outcome.exit_code


def wait_for_the_others(place: Path) -> None:
    """Say that this process is ready, and wait for the word."""
    (place / f"{os.getpid()}.ready").touch()
    while not (place / "go").exists():
        time.sleep(0.001)


if __name__ == "__main__":
    sys.exit(main())
