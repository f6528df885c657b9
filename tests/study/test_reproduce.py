"""Computing a folder again shows that it comes out the same, or where it does not."""

import re
from pathlib import Path

import pytest

from sim.study.reproduce import reproduce
from sim.study.results import DamagedResults
from tests.study.designs import WORK, rows, run


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("finished") / "sweep"
    run(rows(10, 3), folder)
    return folder


def test_everything_comes_out_the_same(finished: Path) -> None:
    found = reproduce(finished, 1.0, work=WORK)
    assert (len(found.checked), found.identical) == (30, True)
    assert (found.scenarios, found.identical_scenarios) == (10, 10)


def test_a_share_is_checked_and_twenty_at_least(finished: Path) -> None:
    assert [len(reproduce(finished, share, work=WORK).checked) for share in (0.001, 0.8)] == [20, 24]


def test_the_sample_is_drawn_at_random_and_can_be_drawn_again(finished: Path) -> None:
    samples = [reproduce(finished, 0.2, seed=seed, work=WORK).checked for seed in (1, 1, 2)]
    assert samples[0] == samples[1] != samples[2]
    assert len(set(samples[0])) == 20


def test_a_difference_of_the_last_bit_is_found_and_named(
    finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.study.fake_work.SHIFT", 2.0**-40)
    found = reproduce(finished, 1.0, work=WORK)
    assert [pair[:2] for pair in found.different] == list(found.checked)
    told = r"response_time_mean company: stored \S+, computed \S+ h; 2 more cells of it differ"
    assert all(re.fullmatch(told, what) for _, _, what in found.different)
    assert found.identical_scenarios == 0


def test_what_fails_here_is_a_difference(finished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("here only")

    monkeypatch.setattr("tests.study.fake_work.work", broken)
    found, *_ = reproduce(finished, 0.01, work=WORK).different
    assert found[2].startswith("ZeroDivisionError: here only")


def test_results_of_another_model_are_told_apart(finished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("the fake work", "another"):
        monkeypatch.setattr("sim.study.reproduce.model_fingerprint", lambda name=name: name)
        assert reproduce(finished, work=WORK).same_model == (name == "the fake work")


def test_any_listed_file_that_was_changed_is_refused(finished: Path, tmp_path: Path) -> None:
    from tests.study.designs import batches, copy

    folder = copy(finished, tmp_path.name)
    batches(folder)[0].write_bytes(b"another")
    (folder / "sweep.json").unlink()
    with pytest.raises(DamagedResults) as refused:
        reproduce(folder, work=WORK)
    assert [wrong.split()[0] for wrong in refused.value.found] == [
        f"batches/{batches(folder)[0].name}", "sweep.json",
    ]  # fmt: skip


def test_a_damaged_folder_is_refused(finished: Path, tmp_path: Path) -> None:
    from tests.study.designs import copy

    folder = copy(finished, tmp_path.name)
    (folder / "results.parquet").write_bytes(b"")
    with pytest.raises(DamagedResults):
        reproduce(folder, work=WORK)


@pytest.mark.parametrize("share", [0.0, -1.0, 1.1, float("nan")])
def test_a_share_that_is_none_is_refused(finished: Path, share: float) -> None:
    with pytest.raises(ValueError, match="at most 1"):
        reproduce(finished, share, work=WORK)
