"""`orgdes reproduce`: the same to the last bit, what differs, and folders that are not to be trusted."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.cli import main
from sim.study.store.files import sealed, sha256_of
from tests.door.test_finished import STUDY

Shown = tuple[int, str, str]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small study."""
    folder = tmp_path_factory.mktemp("finished") / "sweep"
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder.parent)
        assert main([*STUDY, "sweep.folder=sweep"]) == 0
    return folder


@pytest.fixture
def folder(finished: Path, tmp_path: Path) -> Path:
    """A copy to be changed."""
    return Path(shutil.copytree(finished, tmp_path / "sweep"))


@pytest.fixture
def reproduced(capfd: pytest.CaptureFixture[str]) -> Callable[..., Shown]:
    """Run the command; gives exit code, standard output, standard error."""

    def run(*words: object) -> Shown:
        code = main(["reproduce", *map(str, words)])
        shown = capfd.readouterr()
        return code, shown.out, shown.err

    return run


def changed(folder: Path, name: str, change: Callable[[pa.Table], pa.Table]) -> None:
    """Change a table and seal the manifest over it, as somebody would who wants it to be believed."""
    path = folder / f"{name}.parquet"
    pq.write_table(change(pq.ParquetFile(path).read()), path)
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["sha256"]
    manifest["files"][path.name] = sha256_of(path)
    (folder / "manifest.json").write_bytes(sealed(manifest))


def replaced(column: str, value: Any) -> Callable[[pa.Table], pa.Table]:
    """Put one value into every row of a column."""

    def change(table: pa.Table) -> pa.Table:
        place = table.schema.get_field_index(column)
        return table.set_column(place, column, pa.array([value] * table.num_rows))

    return change


def test_all_of_it_comes_out_the_same(finished: Path, reproduced: Callable[..., Shown]) -> None:
    code, shown, _ = reproduced(finished, "--all")
    assert code == 0
    assert shown == "2 of 2 scenario hashes identical (4 of 4 replications computed again)\n"


def test_a_sample_is_the_default(finished: Path, reproduced: Callable[..., Shown]) -> None:
    code, shown, _ = reproduced(finished)
    assert code == 0
    assert shown.startswith("1 of 1 scenario hashes identical (1 of 4 replications")


def test_the_folder_is_only_read(finished: Path, reproduced: Callable[..., Shown]) -> None:
    before = {path: path.stat().st_mtime_ns for path in finished.rglob("*")}
    reproduced(finished)
    assert {path: path.stat().st_mtime_ns for path in finished.rglob("*")} == before


def test_a_number_that_differs_gives_exit_1_and_its_place(
    folder: Path, reproduced: Callable[..., Shown]
) -> None:
    changed(folder, "segments", replaced("value", 0.5))
    code, shown, _ = reproduced(folder, "--all")
    assert code == 1
    assert "0 of 2 scenario hashes identical" in shown
    assert "scenario 1, replication 0 differs: segments" in shown


def test_an_honest_manifest_tells_of_a_changed_file(folder: Path, reproduced: Callable[..., Shown]) -> None:
    (folder / "results.parquet").write_bytes(b"PAR1")
    code, _, told = reproduced(folder)
    assert code == 2
    assert "results.parquet is not the file that manifest.json lists" in told


def test_no_link_out_of_the_folder_is_followed(
    folder: Path, tmp_path: Path, reproduced: Callable[..., Shown]
) -> None:
    shutil.move(folder / "results.parquet", tmp_path / "elsewhere.parquet")
    (folder / "results.parquet").symlink_to(tmp_path / "elsewhere.parquet")
    code, _, told = reproduced(folder)
    assert code == 2
    assert "no file of the folder itself" in told


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "7", "{}", '{"company": {"_target_": "os.system"}}'])
def test_a_scenario_that_is_none_is_refused(
    text: str, folder: Path, reproduced: Callable[..., Shown]
) -> None:
    changed(folder, "scenarios", replaced("config", text))
    code, _, told = reproduced(folder)
    assert code == 2
    assert "scenario " in told
    assert "Traceback" not in told


def test_tables_without_their_columns_are_refused(folder: Path, reproduced: Callable[..., Shown]) -> None:
    changed(folder, "scenarios", lambda table: table.drop_columns(["config"]))
    code, _, told = reproduced(folder)
    assert code == 2
    assert "the tables are not those of a study" in told


@pytest.mark.parametrize("words", [[], ["nowhere"], ["a", "b"], ["nowhere", "--al"]])
def test_what_is_no_folder_of_results_is_refused(words: list[str], reproduced: Callable[..., Shown]) -> None:
    assert reproduced(*words)[0] == 2
