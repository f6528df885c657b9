"""From rows to tables, whoever computes them."""

import re
from pathlib import Path

import pandas as pd
import pytest

from sim.study.results import load_results
from sim.study.run import RunTables
from sim.study.session import IDENTICAL_FAILURES, Row, folder_of, run_design
from tests.study.designs import batches, options, row, rows, run, tables
from tests.study.fake_work import work

SLOW = pytest.mark.slow


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("reference") / "sweep"
    run(rows(40, 3), folder, backend="serial")
    return tables(folder)


@pytest.mark.parametrize("jobs", [1, 2, pytest.param(4, marks=SLOW), pytest.param(7, marks=SLOW)])
def test_processes_give_the_tables_of_one_process(
    tmp_path: Path, reference: dict[str, str], monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    monkeypatch.setattr("sim.study.session.WORTHWHILE", 0.0)
    run(rows(40, 3), tmp_path / "sweep", jobs=jobs)
    assert tables(tmp_path / "sweep") == reference


@pytest.mark.parametrize("jobs", [1, 2, 4, 7])
def test_threads_give_the_tables_of_one_process(tmp_path: Path, reference: dict[str, str], jobs: int) -> None:
    run(rows(40, 3), tmp_path / "sweep", backend="threads", jobs=jobs)
    assert tables(tmp_path / "sweep") == reference


@pytest.mark.parametrize("batch_runs", [1, 7, 1000])
def test_the_size_of_batches_changes_no_table(
    tmp_path: Path, reference: dict[str, str], batch_runs: int
) -> None:
    run(rows(40, 3), tmp_path / "sweep", batch_runs=batch_runs)
    assert tables(tmp_path / "sweep") == reference


@pytest.mark.parametrize("in_memory", [0, 10**9])
def test_runs_that_do_not_fit_into_memory_come_out_the_same(
    in_memory: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(rows(20, 3), tmp_path / "whole")
    monkeypatch.setattr("sim.study.store.order.RUNS_AT_A_TIME", 7)
    monkeypatch.setattr("sim.study.store.order.IN_MEMORY", in_memory)
    run(rows(20, 3), tmp_path / "parts")
    whole, parts = load_results(tmp_path / "whole"), load_results(tmp_path / "parts")
    pd.testing.assert_frame_equal(whole.results, parts.results)
    pd.testing.assert_frame_equal(whole.extras["weekly"], parts.extras["weekly"])


def test_results_are_long_and_in_order(tmp_path: Path) -> None:
    run(rows(4, 3), tmp_path / "sweep")
    found = load_results(tmp_path / "sweep").results
    expected = [
        (x, "abc"[x % 3], replication, *line)
        for x in range(4)
        for replication in range(3)
        for line in work(row(x).scenario, replication).metrics
    ]
    columns = ["scenario", "structure", "replication", "metric", "scope", "value", "unit"]
    pd.testing.assert_frame_equal(found, pd.DataFrame(expected, columns=columns), check_dtype=False)


def test_extra_tables_keep_their_columns_and_types(tmp_path: Path) -> None:
    run(rows(5, 2), tmp_path / "sweep")
    weekly = load_results(tmp_path / "sweep").extras["weekly"]
    expected = [
        (x, replication, week, week * 0.5, "private")
        for x in range(5)
        for replication in range(2)
        for week in work(row(x).scenario, replication).extras["weekly"]["week"]
    ]
    assert list(weekly.itertuples(index=False, name=None)) == expected


def test_scenarios_have_their_settings_as_columns(tmp_path: Path) -> None:
    run(rows(3), tmp_path / "sweep")
    found = load_results(tmp_path / "sweep").scenarios
    assert found[
        ["scenario", "name", "structure.name", "x", "experiment.seed", "status"]
    ].to_numpy().tolist() == [[x, f"x={x}", "abc"[x], x, 1, "ok"] for x in range(3)]


def test_a_folder_keeps_nothing_of_the_machine(tmp_path: Path) -> None:
    plain = row(0).scenario
    there = {
        **plain,
        "experiment": {**plain["experiment"], "backend": "dask", "address": "tcp://secret:8786"},
    }
    run([Row(there, ("x=0",))], tmp_path / "there", backend="serial")
    run([row(0)], tmp_path / "here")
    assert tables(tmp_path / "there") == tables(tmp_path / "here")
    assert not [
        path for path in (tmp_path / "there").rglob("*") if path.is_file() and b"secret" in path.read_bytes()
    ]


def test_tables_that_are_no_longer_kept_go_and_files_of_others_stay(tmp_path: Path) -> None:
    run(rows(3), tmp_path / "sweep")
    (tmp_path / "sweep" / "mine.parquet").write_bytes(b"years of work")
    plain = row(0).scenario
    short = Row({**plain, "experiment": {**plain["experiment"], "keep": "summary"}}, ("x=0",))
    run([row(0)], tmp_path / "one")
    run([short], tmp_path / "one")
    run(rows(3, 4), tmp_path / "sweep")
    assert not (tmp_path / "one" / "weekly.parquet").exists()
    assert set(load_results(tmp_path / "one").extras) == set()
    assert (tmp_path / "sweep" / "mine.parquet").exists()
    assert set(load_results(tmp_path / "sweep").extras) == {"weekly"}


@pytest.mark.parametrize("name", ["results", "scenarios", "../up", "Weekly", ""])
def test_a_table_that_would_overwrite_or_hide_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be called"):
        RunTables([], {name: {}})


def test_a_finished_sweep_has_nothing_to_do(tmp_path: Path) -> None:
    run(rows(), tmp_path / "sweep")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "sweep").rglob("*") if path.is_file()}
    called: list[Path] = []
    outcome = run_design(rows(), tmp_path / "sweep", options=options(), finish=called.append)
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "sweep").rglob("*") if path.is_file()}
    assert (outcome.reused, outcome.exit_code, called, after) == (24, 0, [], before)


def test_more_replications_add_to_what_is_there(tmp_path: Path) -> None:
    run(rows(5, 2), tmp_path / "sweep")
    trace = tmp_path / "trace"
    longer = [Row(each.scenario | {"fake": {}}, each.overrides) for each in rows(5, 4)]
    outcome = run(longer, tmp_path / "sweep")
    run(rows(5, 4), tmp_path / "other")
    assert (outcome.reused, tables(tmp_path / "sweep"), trace.exists()) == (
        10,
        tables(tmp_path / "other"),
        False,
    )


@pytest.mark.parametrize("batch_runs", [1, 1000])
def test_rows_that_say_the_same_each_have_their_results(tmp_path: Path, batch_runs: int) -> None:
    run([row(0), row(1), row(0), row(0)], tmp_path / "sweep", batch_runs=batch_runs)
    found = load_results(tmp_path / "sweep").results.drop(columns="scenario")
    first, other, *same = (found[6 * place : 6 * (place + 1)] for place in range(4))
    assert not first.reset_index(drop=True).equals(other.reset_index(drop=True))
    assert all(first.reset_index(drop=True).equals(each.reset_index(drop=True)) for each in same)


def test_one_failing_scenario_leaves_the_others(tmp_path: Path) -> None:
    design = [*rows(6), row(6, wrong="raise", **{"from": 1})]
    outcome = run(design, tmp_path / "sweep")
    found = load_results(tmp_path / "sweep").scenarios
    bad = found[found["status"] != "ok"].iloc[0]
    assert (outcome.exit_code, outcome.failed, list(found["status"]).count("ok")) == (1, 1, 6)
    where = r"ZeroDivisionError: planted \(study/fake_work\.py, line \d+, in go_wrong\)"
    assert re.fullmatch(where, str(bad["message"]))
    assert bad["replay"] == "orgdes replay sweep --scenario=6 --replication=1"


def test_failed_runs_are_tried_again(tmp_path: Path) -> None:
    run([*rows(3), row(3, wrong="raise")], tmp_path / "sweep")
    again = run([*rows(3), row(3, wrong="raise")], tmp_path / "sweep")
    assert (again.reused, again.failed, again.exit_code) == (6, 2, 1)


def test_identical_failures_from_the_start_stop_the_run(tmp_path: Path) -> None:
    outcome = run(rows(100, wrong="raise"), tmp_path / "sweep")
    assert IDENTICAL_FAILURES <= outcome.failed < 40
    assert (outcome.exit_code, "identical failures" in outcome.message) == (1, True)


def test_identical_failures_go_on_when_asked_to(tmp_path: Path) -> None:
    assert run(rows(30, wrong="raise"), tmp_path / "sweep", keep_going=True).failed == 60


def test_a_budget_gives_its_own_status(tmp_path: Path) -> None:
    outcome = run([*rows(3), row(3, wrong="budget")], tmp_path / "sweep")
    status = load_results(tmp_path / "sweep").scenarios["status"].iloc[3]
    assert (outcome.stopped, outcome.exit_code, status) == (2, 1, "stopped: events")


def test_an_infeasible_row_is_listed_and_not_run(tmp_path: Path) -> None:
    outcome = run([row(0), Row(row(1).scenario, infeasible="3 departments, 2 people")], tmp_path / "sweep")
    found = load_results(tmp_path / "sweep").scenarios
    assert (outcome.exit_code, outcome.infeasible, outcome.runs) == (0, 1, 2)
    assert found[["status", "message"]].iloc[1].tolist() == ["infeasible", "3 departments, 2 people"]


def test_finish_adds_files_that_the_manifest_lists(tmp_path: Path) -> None:
    def finish(folder: Path) -> None:
        (folder / "summary.csv").write_text("a,b\n")

    run_design(rows(2), tmp_path / "sweep", options=options(), finish=finish)
    manifest = load_results(tmp_path / "sweep").manifest
    assert "summary.csv" in manifest["files"]
    assert {f"batches/{path.name}" for path in batches(tmp_path / "sweep")} < set(manifest["files"])


def test_the_manifest_says_where_results_come_from(tmp_path: Path) -> None:
    run(rows(2), tmp_path / "sweep")
    manifest = load_results(tmp_path / "sweep").manifest
    assert manifest["complete"] is True
    assert manifest["model"] == "the fake work"
    assert {"versions", "source", "machine", "command", "seeds", "stream_version", "started"} < set(manifest)


def test_the_manifest_names_no_place_and_no_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "sys.argv", ["/home/ann/bin/orgdes", f"--config-dir={tmp_path}", "company=/home/ann/x.yaml"]
    )
    run(rows(2), tmp_path / "sweep")
    text = (tmp_path / "sweep" / "manifest.json").read_text()
    assert ("/home" in text, str(tmp_path.parent) in text) == (False, False)


def test_the_same_rows_find_the_same_folder() -> None:
    assert folder_of(rows(3), "bar") == folder_of(rows(3, replications=9), "bar")
    assert folder_of(rows(3), "bar").name.startswith("bar-")


def test_other_rows_find_another_folder() -> None:
    assert folder_of(rows(3), "bar") != folder_of(rows(4), "bar")
