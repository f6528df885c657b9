"""Every backend gives the tables of one process."""

import importlib.util
from pathlib import Path

import pytest

from sim.study.backends import MissingExtra
from sim.study.batch import Batch, Job, compute_batch
from sim.study.clusters import slurm_settings
from sim.study.design import Design
from sim.study.pools import Pool
from sim.study.store.folder import Store
from tests.study.designs import WORK, row, rows, run, tables

CLUSTERS = {"dask": "distributed", "ray": "ray", "slurm": "submitit"}
ADDRESSES = {"slurm": "cluster=local,batch_seconds=1"}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("expected") / "sweep"
    run(rows(40, 3), folder, backend="serial")
    return tables(folder)


@pytest.fixture(params=CLUSTERS)
def cluster(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if importlib.util.find_spec(CLUSTERS[name]) is None:
        pytest.skip(f"needs orgdes[{name}]")
    return name


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_cluster_gives_the_tables_of_one_process(
    tmp_path: Path, expected: dict[str, str], cluster: str, jobs: int
) -> None:
    settings = {"backend": cluster, "jobs": jobs, "address": ADDRESSES.get(cluster, "")}
    assert run(rows(40, 3), tmp_path / "sweep", **settings).exit_code == 0
    assert tables(tmp_path / "sweep") == expected


@pytest.mark.slow
def test_a_failing_scenario_on_a_cluster_leaves_the_others(tmp_path: Path, cluster: str) -> None:
    settings = {"backend": cluster, "jobs": 2, "address": ADDRESSES.get(cluster, "")}
    outcome = run([*rows(8), row(8, wrong="raise")], tmp_path / "sweep", **settings)
    assert (outcome.exit_code, outcome.done, outcome.failed) == (1, 16, 2)


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_goes_on(tmp_path: Path, cluster: str) -> None:
    lost = row(8, wrong="die once", mark=str(tmp_path / "mark"), **{"from": 1})
    settings = {"backend": cluster, "jobs": 2, "address": ADDRESSES.get(cluster, "")}
    outcome = run([*rows(8), lost], tmp_path / "sweep", **settings)
    assert ((tmp_path / "mark").exists(), outcome.exit_code, outcome.done) == (True, 0, 18)


@pytest.mark.slow
def test_a_dask_cluster_at_an_address_is_used_and_left_running(
    tmp_path: Path, expected: dict[str, str]
) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as running:
        run(rows(40, 3), tmp_path / "sweep", backend="dask", address=running.scheduler_address)
        assert (tables(tmp_path / "sweep"), len(running.workers)) == (expected, 2)


def test_workers_that_do_not_see_the_folder_send_their_batches(tmp_path: Path) -> None:
    design = Design.of(rows(4), WORK)
    jobs = tuple(Job(run.key, run.replication, design.rows[run.index].scenario) for run in design.runs)
    away = Batch(jobs, str(tmp_path / "not here"), design.identity, WORK, 60.0)
    identity = {"design": design.identity, "study": "", "scenarios": 4, "base": design.rows[0].scenario}
    with Store(tmp_path / "sweep", identity) as store:
        store.commit(compute_batch(away))
    assert run(rows(4), tmp_path / "sweep").reused == 8


@pytest.mark.parametrize("name", CLUSTERS)
def test_a_missing_package_is_named_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("sim.study.backends.find_spec", lambda package: None)
    with pytest.raises(MissingExtra, match=rf"pip install 'orgdes\[{name}\]'"):
        run(rows(2), tmp_path / "sweep", backend=name)
    assert not (tmp_path / "sweep").exists()


def test_an_unknown_backend_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="known: local, threads, serial, dask, ray, slurm"):
        run(rows(2), tmp_path / "sweep", backend="clod")


def test_a_cluster_that_cannot_be_reached_leaves_what_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*given: object, **named: object) -> Pool:
        raise TimeoutError("timed out")

    monkeypatch.setattr("sim.study.session.open_pool", unreachable)
    outcome = run(rows(4), tmp_path / "sweep")
    assert (outcome.exit_code, outcome.done) == (1, 2)
    assert outcome.message == "workers cannot be reached (timed out)"


def test_settings_of_slurm_come_from_one_line() -> None:
    assert slurm_settings("partition=long,account=x,mem_gb=4") == {
        "slurm_partition": "long",
        "slurm_account": "x",
        "mem_gb": 4,
    }
