"""What happens to a folder between two runs: nothing damaged is used, nothing sound is lost.

Numbers in names are the rows of the fault matrix that a test belongs to.
"""

import random
from pathlib import Path

import pytest

from sim.study.results import DamagedResults, load_results
from sim.study.store.folder import OtherSweep
from sim.study.store.journal import Journal, line_of
from tests.study.designs import batches, copy, rows, run, tables, without_tables


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished sweep of 8 scenarios x 2 in batches of 1 to 3 runs."""
    folder = tmp_path_factory.mktemp("finished") / "sweep"
    run(rows(8), folder)
    return folder


@pytest.fixture
def sweep(finished: Path, tmp_path: Path) -> Path:
    """A copy of the finished sweep, killed before its tables were written."""
    folder = copy(finished, f"{tmp_path.name}")
    without_tables(folder)
    return folder


def test_3_temporary_files_are_ignored_and_removed(sweep: Path, finished: Path) -> None:
    (sweep / "batches" / ".123-abc.tmp").write_bytes(b"half a file")
    outcome = run(rows(8), sweep)
    assert (outcome.reused, tables(sweep), list(sweep.rglob("*.tmp"))) == (16, tables(finished), [])


def test_4_batches_missing_in_the_journal_are_adopted(sweep: Path, finished: Path) -> None:
    (sweep / "journal.txt").unlink()
    outcome = run(rows(8), sweep)
    assert (outcome.reused, tables(sweep)) == (16, tables(finished))


def test_5_a_torn_tail_is_cut_at_every_offset(tmp_path: Path) -> None:
    lines = [line_of({"batch": str(number), "ok": ["a"]}) for number in range(3)]
    whole, path = b"".join(lines), tmp_path / "journal.txt"
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        complete = whole[:length].count(b"\n")
        assert len(Journal(path).entries) == complete
        assert path.read_bytes() == b"".join(lines[:complete])


def test_5_a_sweep_with_a_torn_journal_loses_nothing(sweep: Path, finished: Path) -> None:
    journal = sweep / "journal.txt"
    journal.write_bytes(journal.read_bytes()[:-7])
    outcome = run(rows(8), sweep)
    assert (outcome.reused, tables(sweep)) == (16, tables(finished))
    assert "damaged line" in outcome.notes[0]


def test_5_a_damaged_line_in_the_middle_costs_only_itself(tmp_path: Path) -> None:
    lines = [line_of({"number": number}) for number in range(3)]
    path = tmp_path / "journal.txt"
    path.write_bytes(lines[0] + lines[1].replace(b"1}", b"7}") + lines[2])
    assert Journal(path).entries == [{"number": 0}, {"number": 2}]


def test_9_any_flipped_bit_of_a_batch_is_found(sweep: Path, finished: Path) -> None:
    chance = random.Random(9)
    victims = batches(sweep)
    for path in victims[::2]:
        flip(path, chance)
    outcome = run(rows(8), sweep)
    assert sum("damaged" in note for note in outcome.notes) == len(victims[::2])
    assert (outcome.exit_code, tables(sweep)) == (0, tables(finished))


def test_9_a_flipped_bit_of_a_table_is_refused_and_mended(finished: Path, tmp_path: Path) -> None:
    folder, chance = copy(finished, tmp_path.name), random.Random(10)
    for name in ("results.parquet", "scenarios.parquet", "weekly.parquet", "manifest.json"):
        flip(folder / name, chance)
        with pytest.raises(DamagedResults):
            load_results(folder)
        run(rows(8), folder)
        assert tables(folder) == tables(finished)


def test_9_two_hundred_flips_of_one_batch_are_all_found(sweep: Path) -> None:
    from sim.study.store.files import sha256_of

    chance, path = random.Random(11), batches(sweep)[0]
    original = path.read_bytes()
    found = 0
    for _ in range(200):
        flip(path, chance)
        found += sha256_of(path) != path.stem
        path.write_bytes(original)
    assert found == 200


@pytest.mark.parametrize("length", [0, 1, 100])
def test_10_a_truncated_batch_is_computed_again(sweep: Path, finished: Path, length: int) -> None:
    path = batches(sweep)[0]
    path.write_bytes(path.read_bytes()[:length])
    outcome = run(rows(8), sweep)
    assert (outcome.reused < 16, tables(sweep)) == (True, tables(finished))
    assert (sweep / "quarantine" / path.name).exists()


def test_10_a_damaged_identity_is_written_anew(sweep: Path, finished: Path) -> None:
    (sweep / "sweep.json").write_text("{")
    outcome = run(rows(8), sweep)
    assert (outcome.reused, tables(sweep)) == (16, tables(finished))


def test_11_a_deleted_batch_is_computed_again(sweep: Path, finished: Path) -> None:
    gone = batches(sweep)[1]
    gone.unlink()
    outcome = run(rows(8), sweep)
    assert (outcome.reused < 16, tables(sweep)) == (True, tables(finished))
    assert any(gone.name in note for note in outcome.notes)


def test_12_a_foreign_file_is_ignored_with_a_word(sweep: Path, finished: Path) -> None:
    (sweep / "batches" / "mine.parquet").write_bytes((finished / "results.parquet").read_bytes())
    outcome = run(rows(8), sweep)
    assert (outcome.reused, tables(sweep)) == (16, tables(finished))
    assert any("mine.parquet" in note and "ignored" in note for note in outcome.notes)


def test_13_a_batch_of_another_sweep_is_refused(sweep: Path, finished: Path, tmp_path: Path) -> None:
    run(rows(9), tmp_path / "other")
    stranger = batches(tmp_path / "other")[0]
    (sweep / "batches" / stranger.name).write_bytes(stranger.read_bytes())
    outcome = run(rows(8), sweep)
    assert (outcome.reused, tables(sweep)) == (16, tables(finished))
    assert any("another sweep" in note for note in outcome.notes)


def test_23_another_design_is_refused_and_the_difference_shown(sweep: Path) -> None:
    before = {path: path.read_bytes() for path in sweep.rglob("*") if path.is_file()}
    with pytest.raises(OtherSweep, match=r"fake\.seconds: None there, 3 now"):
        run(rows(8, seconds=3), sweep)
    assert {path: path.read_bytes() for path in sweep.rglob("*") if path.is_file()} == before


def test_23_a_folder_with_other_things_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(OtherSweep, match="not empty"):
        run(rows(2), tmp_path)


def test_a_link_is_no_result_folder(sweep: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(sweep)
    with pytest.raises(OtherSweep, match="not a folder"):
        run(rows(8), tmp_path / "link")


def flip(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(bytes(content))


def test_a_journal_that_stands_elsewhere_too_is_not_written_to(tmp_path: Path) -> None:
    theirs, path = tmp_path / "theirs.txt", tmp_path / "journal.txt"
    theirs.write_bytes(line_of({"batch": "a"}))
    path.hardlink_to(theirs)
    Journal(path).append({"batch": "b"})
    assert theirs.read_bytes() == line_of({"batch": "a"})
