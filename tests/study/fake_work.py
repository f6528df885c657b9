"""Cheap stand-ins for a simulation: what a run gives is computed from its scenario alone."""

import hashlib
import os
import signal
import time
from pathlib import Path
from typing import Any

import numpy as np

from sim.study.run import RunTables, Stopped

SHIFT = 0.0
"""What an upgrade of a package adds to every number."""
WORK = "tests.study.fake_work:work"


def work(plain: dict[str, Any], replication: int) -> RunTables:
    """Numbers from a hash; `fake` in the scenario says what goes wrong, and where."""
    fake = plain.get("fake", {})
    time.sleep(fake.get("seconds", 0.0))
    if replication >= fake.get("from", 0):
        time.sleep(fake.get("sleep", 0.0))
        go_wrong(fake.get("wrong", ""), fake)
    seed = f"{plain['x']} {plain['structure']['name']} {plain['experiment']['seed']} {replication}"
    word = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:6])
    values = [(word * prime % 9973) / 7.0 + SHIFT for prime in (2, 3, 5)]
    metrics = [
        ("response_time_mean", "company", values[0], "h"),
        ("utilisation", "department:all", values[1], "share"),
        ("utilisation", "department:ünï", values[2], "share"),
    ]
    weeks = np.arange(word % 4, dtype=np.int16)
    if plain["experiment"].get("keep") == "summary":
        return RunTables(metrics)
    return RunTables(
        metrics, {"weekly": {"week": weeks, "done": weeks * 0.5, "segment": ["private"] * len(weeks)}}
    )


def go_wrong(wrong: str, fake: dict[str, Any]) -> None:
    match wrong:
        case "raise":
            raise ZeroDivisionError("planted")
        case "budget":
            raise Stopped("events: more than 5 by hour 3")
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "die once":
            if not Path(fake["mark"]).exists():
                Path(fake["mark"]).touch()
                os.kill(os.getpid(), signal.SIGKILL)
