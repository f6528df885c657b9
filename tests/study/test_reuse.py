"""What is stored is kept and used again: a folder never shrinks, folders beside it need not be computed."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sim.study.results import load_results
from sim.study.session import Outcome
from sim.study.store.batch import decode, parquet_bytes
from sim.study.store.files import sha256_of
from sim.study.store.journal import line_of
from tests.study.designs import batches, rows, run, tables


def beside(count: int, folder: Path, replications: int = 2) -> Outcome:
    """A sweep that looks at the folders beside its own."""
    return run(rows(count, replications), folder, beside=sorted(folder.parent.glob("*/")))


def test_fewer_replications_than_delivered_change_nothing(tmp_path: Path) -> None:
    run(rows(4, 12), tmp_path / "sweep")
    before = tables(tmp_path / "sweep")
    outcome = run(rows(4, 3), tmp_path / "sweep")
    assert (tables(tmp_path / "sweep"), outcome.reused, outcome.runs) == (before, 48, 48)


def test_what_an_interrupted_run_has_finished_stays_in_the_tables_too(tmp_path: Path) -> None:
    run(rows(4, 12, wrong="raise", **{"from": 7}), tmp_path / "sweep", keep_going=True)
    run(rows(4, 3, wrong="raise", **{"from": 7}), tmp_path / "sweep")
    assert set(load_results(tmp_path / "sweep").results["replication"]) == set(range(7))


def test_more_replications_than_delivered_are_added(tmp_path: Path) -> None:
    run(rows(4, 3), tmp_path / "sweep")
    outcome = run(rows(4, 5), tmp_path / "sweep")
    assert (outcome.reused, outcome.done) == (12, 20)


def test_a_level_more_computes_that_level_alone(tmp_path: Path) -> None:
    beside(4, tmp_path / "one")
    outcome = beside(6, tmp_path / "two")
    assert (outcome.reused, outcome.done) == (8, 12)


def test_the_tables_are_those_of_a_run_that_took_nothing_over(tmp_path: Path) -> None:
    (tmp_path / "apart").mkdir()
    run(rows(6), tmp_path / "apart" / "sweep")
    beside(4, tmp_path / "one")
    outcome = beside(6, tmp_path / "two")
    assert (outcome.reused, tables(tmp_path / "two")) == (8, tables(tmp_path / "apart" / "sweep"))


def test_what_was_taken_over_is_found_again_without_the_journal(tmp_path: Path) -> None:
    beside(4, tmp_path / "one")
    beside(6, tmp_path / "two")
    (tmp_path / "two" / "journal.txt").unlink()
    assert run(rows(6), tmp_path / "two").reused == 12


def test_numbers_that_were_never_computed_are_not_taken_over(tmp_path: Path) -> None:
    run(rows(4), tmp_path / "one")
    lines = []
    for path in batches(tmp_path / "one"):
        table = decode(path)
        zero = [[0.0] * len(values) for values in table.column("metrics.value").to_pylist()]
        place = table.schema.get_field_index("metrics.value")
        forged = table.set_column(place, "metrics.value", [zero])
        path.write_bytes(parquet_bytes(forged.replace_schema_metadata(table.schema.metadata)))
        name = f"{sha256_of(path)}.parquet"
        path.rename(path.with_name(name))
        lines.append(line_of({"batch": name, "ok": table.column("key").to_pylist(), "other": []}))
    (tmp_path / "one" / "journal.txt").write_bytes(b"".join(lines))
    outcome = beside(6, tmp_path / "two")
    assert (outcome.reused, outcome.done, "do not come out again" in outcome.notes[0]) == (0, 12, True)


@pytest.mark.parametrize("harm", ["cut", "link", "gone", "journal"])
def test_a_damaged_folder_beside_is_passed_over(tmp_path: Path, harm: str) -> None:
    run(rows(4), tmp_path / "one")
    for path in batches(tmp_path / "one"):
        content = path.read_bytes()
        path.unlink()
        if harm == "cut":
            path.write_bytes(content[:-9])
        elif harm == "link":
            (tmp_path / path.name).write_bytes(content)
            path.symlink_to(tmp_path / path.name)
        elif harm == "journal":
            path.write_bytes(content)
    if harm == "journal":
        (tmp_path / "one" / "journal.txt").write_bytes(b"[" * 10_000)
    outcome = beside(6, tmp_path / "two")
    assert (outcome.reused, outcome.exit_code) == (0, 0)
    assert pq.read_metadata(tmp_path / "two" / "results.parquet").num_rows == 36
