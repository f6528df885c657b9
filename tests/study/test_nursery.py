"""Workers forked from a process made ready ahead: the same tables, and nobody left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.study.nursery import Nursery
from sim.study.run import Row, run_design
from tests.study.designs import ROOT, options, row, rows, run, tables

pytestmark = pytest.mark.skipif(not Nursery.possible(), reason="processes are not forked on this system")
LARGE = ("study=bar", "sweep.samples=500")


@pytest.fixture
def workers() -> Iterator[Nursery]:
    """Two workers, dismissed at the end."""
    made = Nursery()
    made.begin(2)
    yield made
    made.close(now=True)


def computed(design: list[Row], folder: Path, workers: Nursery) -> tuple[int, int, int]:
    """Exit code, finished and failed units of a sweep by these workers."""
    outcome = run_design(design, folder, options=options(), workers=workers)
    return outcome.exit_code, outcome.done, outcome.failed


def test_workers_made_ready_ahead_give_the_tables_of_one_process(tmp_path: Path, workers: Nursery) -> None:
    run(rows(40, 3), tmp_path / "one")
    assert computed(rows(40, 3), tmp_path / "two", workers) == (0, 120, 0)
    assert tables(tmp_path / "two") == tables(tmp_path / "one")


def test_a_worker_that_dies_is_replaced_and_its_work_done_again(tmp_path: Path, workers: Nursery) -> None:
    lost = row(8, wrong="die once", mark=str(tmp_path / "mark"), **{"from": 1})
    assert computed([*rows(8), lost], tmp_path / "sweep", workers) == (0, 18, 0)
    assert (tmp_path / "mark").exists()


def test_a_refusal_ends_with_2_and_leaves_no_worker(tmp_path: Path) -> None:
    process = command(tmp_path, *LARGE, "staffing.headcount=1")
    _, said = process.communicate()
    assert (process.returncode, "nothing was run." in said) == (2, True)
    assert (list(tmp_path.iterdir()), gone(process.pid)) == ([], True)


@pytest.mark.parametrize("others", [1, 2, 3])
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL])
def test_a_command_stopped_while_checking_leaves_no_worker(
    tmp_path: Path, stop: signal.Signals, others: int
) -> None:
    process = command(tmp_path, *LARGE)
    while len(in_session(process.pid)) < 1 + others and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, stop) if stop == signal.SIGINT else process.kill()
    _, said = process.communicate()
    # Python ends itself by the signal where it interrupted code made of text; to a shell both are 130.
    assert process.returncode in ((130, -stop) if stop == signal.SIGINT else (-stop,))
    assert ("Traceback" in said, gone(process.pid)) == (False, True), said


def test_more_workers_than_cores_can_feed_are_not_started_before_all_is_checked(tmp_path: Path) -> None:
    process = command(tmp_path, *LARGE, "experiment.jobs=4000", "demand.scale=-1")
    most = 0
    while process.poll() is None:
        most = max(most, len(in_session(process.pid)))
        time.sleep(0.05)
    _, said = process.communicate()
    assert (process.returncode, "demand.scale" in said, most <= 3) == (2, True, True)


def test_where_the_first_process_cannot_be_started_workers_are_started_one_by_one(tmp_path: Path) -> None:
    deep = tmp_path / ("long" * 30)  # a path no socket can have
    deep.mkdir()
    process = command(tmp_path, "study=bar", "sweep.samples=2", temporary=deep)
    _, said = process.communicate()
    assert (process.returncode, "Traceback" in said) == (0, False), said


HOST = """
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from sim.cli import main

if __name__ == "__main__":
    with ProcessPoolExecutor(1, get_context("forkserver")) as pool:
        print(pool.submit(abs, -1).result(), main(["study=bar", "sweep.samples=2", "demand.scale=-1"]))
        print(pool.submit(abs, -2).result())
"""


def test_somebody_elses_processes_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "host.py").write_text(HOST)
    process = command(tmp_path, module="host")
    shown, said = process.communicate()
    assert (process.returncode, shown.split()) == (0, ["1", "2", "2"]), said


def command(
    place: Path, *words: str, module: str = "sim.cli", temporary: Path | None = None
) -> "subprocess.Popen[str]":
    """The command in a session of its own, by whose number its processes are found."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "sim" / "door" / "namespace")])
    return subprocess.Popen(
        [sys.executable, "-m", module, *words],
        cwd=place,
        env={**os.environ, "PYTHONPATH": path, **({"TMPDIR": str(temporary)} if temporary else {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def gone(session: int) -> bool:
    """Do all processes of a session end soon?"""
    until = time.monotonic() + 20
    while (left := in_session(session)) and time.monotonic() < until:
        time.sleep(0.05)
    return not left


def in_session(session: int) -> set[int]:
    """Processes of a session that live; trackers of multiprocessing hold no work and end by themselves."""
    listed = subprocess.run(
        ["ps", "-eo", "pid,sess,stat,args"], capture_output=True, text=True, check=True
    ).stdout
    found = [line.split(None, 3) for line in listed.splitlines()[1:]]
    return {
        int(pid)
        for pid, of, state, args in found
        if int(of) == session and "Z" not in state and "tracker" not in args and not args.startswith("ps ")
    }
