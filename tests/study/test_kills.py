"""Processes that die, on purpose or by Ctrl-C: what was finished stays, and resuming completes it."""

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from sim.study.session import Row
from sim.study.stopping import Stopping
from tests.study.designs import batches, row, rows, run, start, tables


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("expected") / "sweep"
    run(rows(12), folder, backend="serial")
    return tables(folder)


@pytest.mark.parametrize("place", ["before_rename", "after_rename"])
def test_3_and_4_a_kill_beside_the_rename_costs_at_most_that_batch(
    tmp_path: Path, expected: dict[str, str], place: str
) -> None:
    process = start(tmp_path / "sweep", fault=f"{place}:3")
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    complete = len(batches(tmp_path / "sweep"))
    outcome = run(rows(12), tmp_path / "sweep")
    assert (complete, outcome.reused >= complete) == (2 if place == "before_rename" else 3, True)
    assert tables(tmp_path / "sweep") == expected


def test_1_a_killed_worker_is_noticed_and_its_work_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.study.session.WORTHWHILE", 0.0)
    mark = tmp_path / "mark"
    outcome = run([*rows(8), dying("die once", mark)], tmp_path / "sweep", jobs=2)
    assert (mark.exists(), outcome.exit_code, outcome.done) == (True, 0, 18)


@pytest.mark.slow
def test_21_a_run_that_always_kills_its_worker_fails_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.study.session.WORTHWHILE", 0.0)
    outcome = run([*rows(8), dying("die", tmp_path)], tmp_path / "sweep", jobs=2)
    assert (outcome.exit_code, outcome.done, outcome.failed) == (1, 17, 1)


def test_2_workers_end_with_their_parent_and_the_sweep_resumes(tmp_path: Path) -> None:
    process = start(tmp_path / "sweep", seconds=0.05, count=200, jobs=2)
    wait_for_batches(tmp_path / "sweep", 4)
    until = time.monotonic() + 20
    while len(descendants(process.pid)) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    children = descendants(process.pid)
    process.kill()
    process.communicate(timeout=10)
    until = time.monotonic() + 2
    while alive(children) and time.monotonic() < until:
        time.sleep(0.05)
    assert (len(children) >= 2, alive(children)) == (True, [])
    assert run(rows(200, seconds=0.05), tmp_path / "sweep", backend="threads", jobs=8).reused >= 4


@pytest.mark.parametrize(
    ("jobs", "number"), [(1, signal.SIGINT), (2, signal.SIGINT), (1, signal.SIGHUP), (2, signal.SIGHUP)]
)
def test_22_ctrl_c_once_or_a_closed_window_finishes_what_runs_and_can_be_resumed(
    tmp_path: Path, jobs: int, number: signal.Signals
) -> None:
    process = start(tmp_path / "sweep", seconds=0.05, count=40, jobs=jobs)
    wait_for_batches(tmp_path / "sweep", 4)
    os.killpg(process.pid, number)  # as a terminal does: to parent and workers alike
    if number == signal.SIGHUP:
        os.killpg(process.pid, number)  # the shell sends it once more
    output, errors = process.communicate(timeout=20)
    assert (process.returncode, "interrupted=True" in output, errors) == (130, True, "")
    done = sum(int(line.split()[1]) for line in output.splitlines() if line.startswith("advance"))
    outcome = run(rows(40, seconds=0.05), tmp_path / "sweep", backend="threads", jobs=8)
    assert (outcome.reused, outcome.exit_code) == (done, 0)


@pytest.mark.parametrize("backend", ["local", pytest.param("threads", marks=pytest.mark.slow)])
def test_22_ctrl_c_twice_stops_now_and_can_be_resumed(tmp_path: Path, backend: str) -> None:
    settings: dict[str, Any] = {"count": 2, "replications": 9, "sleep": 60.0, "from": 1}
    process = start(tmp_path / "sweep", jobs=2, backend=backend, **settings)
    wait_for_batches(tmp_path / "sweep", 2)
    time.sleep(1.0)
    os.killpg(process.pid, signal.SIGINT)
    time.sleep(0.3)
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=20)
    assert process.returncode == 130, output + errors
    assert (len(batches(tmp_path / "sweep")), (tmp_path / "sweep" / "orgdes.lock").exists()) == (2, False)


def test_a_stop_in_the_same_process_keeps_what_is_finished(tmp_path: Path) -> None:
    from sim.study.session import run_design
    from tests.study.designs import options

    class StopsSoon:
        def start(self, total: int, already: int) -> None: ...
        def message(self, text: str) -> None: ...
        def advance(self, runs: int) -> None:
            stopping.request()

    stopping = Stopping()
    outcome = run_design(
        rows(12), tmp_path / "sweep", options=options(), progress=StopsSoon(), stopping=stopping
    )
    assert (outcome.exit_code, outcome.done) == (130, 1)
    assert run(rows(12), tmp_path / "sweep").reused == 1


def dying(how: str, mark: Path) -> Row:
    """A scenario whose second replication ends its worker: "die once" until the file `mark` is there."""
    return row(8, 2, wrong=how, mark=str(mark), **{"from": 1})


def wait_for_batches(folder: Path, count: int) -> None:
    until = time.monotonic() + 30
    while len(batches(folder)) < count:
        assert time.monotonic() < until, "the sweep does not get going"
        time.sleep(0.01)


def descendants(process: int) -> list[int]:
    """Worker processes below a process; helpers of the pool that hold no work end by themselves."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()[1:]]
    return [int(pid) for pid, parent, args in rows if int(parent) == process and "tracker" not in args]


def alive(processes: list[int]) -> list[int]:
    states = {pid: Path(f"/proc/{pid}/stat") for pid in processes}
    return [pid for pid, path in states.items() if path.exists() and ") Z " not in path.read_text()]
