"""One stored run, computed again."""

from pathlib import Path

import pytest

from sim.study.replay import NoSuchRun, replay
from tests.study.designs import WORK, row, rows, run
from tests.study.fake_work import work


def test_a_run_gives_the_same_again(tmp_path: Path) -> None:
    run(rows(3), tmp_path / "sweep")
    again = replay(tmp_path / "sweep", 2, 1, work=WORK)
    assert list(again.metrics) == list(work(row(2).scenario, 1).metrics)


def test_a_failed_run_fails_again_where_it_did(tmp_path: Path) -> None:
    run([*rows(2), row(2, wrong="raise")], tmp_path / "sweep")
    with pytest.raises(ZeroDivisionError, match="planted"):
        replay(tmp_path / "sweep", 2, 0, work=WORK)


@pytest.mark.parametrize("place", [(7, 0), (-1, 0), (0, 2), (0, -1)])
def test_a_run_that_is_not_there_is_named(tmp_path: Path, place: tuple[int, int]) -> None:
    run(rows(2), tmp_path / "sweep")
    with pytest.raises(NoSuchRun):
        replay(tmp_path / "sweep", *place, work=WORK)
