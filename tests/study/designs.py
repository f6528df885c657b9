"""Small designs and ways to look at folders, shared by the tests of the study."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from sim.study.session import Options, Outcome, Row, run_design

WORK = "tests.study.fake_work:work"
ROOT = Path(__file__).resolve().parents[2]


def row(x: int, replications: int = 2, seed: int = 1, **fake: Any) -> Row:
    scenario = {
        "x": x,
        "structure": {"name": "abc"[x % 3]},
        "experiment": {"seed": seed, "replications": replications, "jobs": 1},
        "fake": fake,
    }
    return Row(scenario, (f"x={x}",))


def rows(count: int = 12, replications: int = 2, **fake: Any) -> list[Row]:
    return [row(x, replications, **fake) for x in range(count)]


def options(**changes: Any) -> Options:
    given: dict[str, Any] = {"work": WORK, "jobs": 1, "batch_runs": 3, "least_free": 0} | changes
    return Options(**given)


def run(design: list[Row], folder: Path, **changes: Any) -> Outcome:
    return run_design(design, folder, options=options(**changes))


def tables(folder: Path) -> dict[str, str]:
    """Name -> digest of the content of every table."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.parquet"))
    }


def without_tables(folder: Path) -> None:
    """Make a finished folder look as if it had been killed before its tables were written."""
    for path in [*folder.glob("*.parquet"), folder / "manifest.json"]:
        path.unlink()


def batches(folder: Path) -> list[Path]:
    return sorted((folder / "batches").glob("*.parquet"))


def copy(folder: Path, name: str) -> Path:
    return Path(shutil.copytree(folder, folder.parent / name))


def start(folder: Path, *, fault: str = "", **settings: Any) -> "subprocess.Popen[str]":
    """A sweep in a process of its own; settings: see `tests/study/sweep_process.py`."""
    words = [f"{key}={value}" for key, value in settings.items()]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "ORGDES_FAULT": fault}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.study.sweep_process", str(folder), *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
