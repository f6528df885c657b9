"""Disks that are full, forbidden or slow to keep their word."""

import errno
import os
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.study.session import run_design
from sim.study.store import files
from tests.study.designs import batches, options, rows, run, tables


@pytest.fixture
def _files_end_at_six_kilobytes() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("_files_end_at_six_kilobytes")
def test_7_a_disk_without_room_stops_the_run_and_keeps_what_is_finished(tmp_path: Path) -> None:
    run(rows(30, 1), tmp_path / "sweep", batch_runs=1)
    limit = max(path.stat().st_size for path in batches(tmp_path / "sweep"))
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    outcome = run(rows(30, 2), tmp_path / "sweep", batch_runs=500)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    assert (outcome.exit_code, outcome.reused, "cannot write" in outcome.message) == (1, 30, True)
    assert ("ulimit -f" in outcome.message, "MB free" in outcome.message) == (True, False)
    assert run(rows(30, 2), tmp_path / "sweep").exit_code == 0


def test_7_a_disk_that_is_almost_full_stops_the_run_before_it_is_full(tmp_path: Path) -> None:
    outcome = run(rows(20), tmp_path / "sweep", least_free=10**18)
    assert (outcome.exit_code, outcome.done < 20, "disk almost full" in outcome.message) == (1, True, True)


def test_7_where_nothing_could_be_computed_no_report_is_made(tmp_path: Path) -> None:
    told: list[Path] = []
    run_design(rows(2), tmp_path / "sweep", options=options(least_free=10**18), finish=told.append)
    assert told == []


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOSPC])
def test_8_a_folder_that_turns_unwritable_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(path: Path, content: bytes, write: object = files.write_and_sync) -> None:
        if len(batches(tmp_path / "sweep")) >= 3:
            raise OSError(number, os.strerror(number))
        assert callable(write)
        write(path, content)

    with monkeypatch.context() as broken:
        broken.setattr(files, "write_and_sync", refuse)
        outcome = run(rows(12), tmp_path / "sweep")
    assert (outcome.exit_code, os.strerror(number) in outcome.message) == (1, True)
    assert run(rows(12), tmp_path / "sweep").exit_code == 0


def test_8_a_folder_removed_while_running_ends_the_run_with_words(tmp_path: Path) -> None:
    import shutil

    class Vandal:
        def start(self, total: int, already: int) -> None: ...
        def message(self, text: str) -> None: ...
        def advance(self, runs: int) -> None:
            shutil.rmtree(tmp_path / "sweep", ignore_errors=True)

    outcome = run_design(rows(12), tmp_path / "sweep", options=options(), progress=Vandal())
    assert (outcome.exit_code, "sweep" in outcome.message) == (1, True)


def test_6_a_batch_is_on_the_disk_before_its_name_and_its_name_before_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should the power fail, a disk keeps what was synced, in this order."""
    seen: list[str] = []
    sync, rename = os.fsync, os.replace

    def noted_sync(handle: int) -> None:
        seen.append(kind_of(handle))
        sync(handle)

    def noted_rename(source: Path, target: Path) -> None:
        seen.append(f"name {target}")
        rename(source, target)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(os, "replace", noted_rename)
    run(rows(1, 1), tmp_path / "sweep")
    names = [entry for entry in seen if "batches" in entry or "journal" in entry]
    short = ["name" if entry.startswith("name") else entry for entry in names]
    start = short.index("batches/file")
    assert short[start : start + 4] == ["batches/file", "name", "batches/", "journal.txt"]


def kind_of(handle: int) -> str:
    path = Path(os.readlink(f"/proc/self/fd/{handle}"))
    if path.is_dir():
        return f"{path.name}/"
    return f"{path.parent.name}/file" if path.suffix == ".tmp" else path.name


def test_the_tables_are_whole_or_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(rows(4), tmp_path / "sweep")
    before = tables(tmp_path / "sweep")
    with monkeypatch.context() as broken:
        broken.setattr("sim.study.store.tables.TableFile.write", broken_write)
        outcome = run(rows(4, 3), tmp_path / "sweep")
    assert (outcome.exit_code, "No space left" in outcome.message) == (1, True)
    assert tables(tmp_path / "sweep") == before


def broken_write(self: object, table: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
