"""One writer a folder: a living holder keeps it, a dead one does not."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from sim.study.store import lock as subject
from sim.study.store.lock import NAME, FolderInUse, Lock, identity
from tests.study.designs import batches, rows, run, start


def leave(folder: Path, **changes: Any) -> None:
    (folder / NAME).write_text(json.dumps({**identity(os.getpid()), "token": "somebody else's", **changes}))


def dead_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    Lock(tmp_path)
    with pytest.raises(FolderInUse, match=f"process {os.getpid()}"):
        Lock(tmp_path)


def test_a_released_lock_is_free(tmp_path: Path) -> None:
    Lock(tmp_path).release()
    assert Lock(tmp_path).held()


def test_15_the_lock_of_a_dead_process_is_taken_over(tmp_path: Path) -> None:
    leave(tmp_path, pid=dead_process())
    assert Lock(tmp_path).held()


def test_15_the_lock_of_an_earlier_boot_is_taken_over(tmp_path: Path) -> None:
    leave(tmp_path, boot="earlier")
    assert Lock(tmp_path).held()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="start times of processes come from /proc")
def test_15_a_reused_process_number_does_not_hold_the_lock(tmp_path: Path) -> None:
    leave(tmp_path, started="1")
    assert Lock(tmp_path).held()


def test_the_lock_of_another_machine_is_respected(tmp_path: Path) -> None:
    leave(tmp_path, host="elsewhere", boot="theirs")
    with pytest.raises(FolderInUse):
        Lock(tmp_path)


def test_an_unreadable_lock_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("")
    assert Lock(tmp_path).held()


def test_whoever_lost_the_lock_leaves_the_new_one_alone(tmp_path: Path) -> None:
    mine = Lock(tmp_path)
    leave(tmp_path)
    mine.release()
    assert ((tmp_path / NAME).exists(), mine.held()) == (True, False)


def test_a_fresh_lock_taken_by_mistake_is_given_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between looking at a stale lock and removing it, a third run has made its own."""
    leave(tmp_path)
    looks = iter([{"token": "stale"}])
    monkeypatch.setattr(
        subject, "_content", lambda path, read=subject._content: next(looks, None) or read(path)
    )
    with pytest.raises(FolderInUse):
        Lock(tmp_path)
    assert json.loads((tmp_path / NAME).read_text())["token"] == "somebody else's"


def test_14_of_two_sweeps_started_together_exactly_one_runs(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"count": 10, "seconds": 0.1, "backend": "serial", "barrier": tmp_path}
    both = [start(tmp_path / "sweep", **settings) for _ in range(2)]
    while len(list(tmp_path.glob("*.ready"))) < 2:
        time.sleep(0.01)
    (tmp_path / "go").touch()
    for process in both:
        process.communicate(timeout=60)
    assert sorted(process.returncode for process in both) == [0, 2]


def test_a_running_sweep_is_left_alone(tmp_path: Path) -> None:
    run(rows(2), tmp_path / "sweep")
    leave(tmp_path / "sweep")
    before = {path: path.read_bytes() for path in (tmp_path / "sweep").rglob("*") if path.is_file()}
    with pytest.raises(FolderInUse):
        run(rows(2), tmp_path / "sweep")
    assert {path: path.read_bytes() for path in (tmp_path / "sweep").rglob("*") if path.is_file()} == before
    assert len(batches(tmp_path / "sweep")) > 0
