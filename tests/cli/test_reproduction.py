"""`orgdes reproduce`: the same to the last bit, what differs, and folders that are not to be trusted."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from sim.cli import main
from sim.study.reproduce import reproduce
from sim.study.store.files import sealed, sha256_of

Shown = tuple[int, str, str]


@pytest.fixture(scope="module")
def finished(study: tuple[Path, str]) -> Path:
    """The folder of a small study."""
    (folder,) = study[0].iterdir()
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
    assert shown.startswith("2 of 2 scenario hashes identical (4 of 4 replications computed again)\n")


def test_a_small_folder_is_computed_again_whole(finished: Path, reproduced: Callable[..., Shown]) -> None:
    code, shown, _ = reproduced(finished)
    assert code == 0
    assert shown.startswith("2 of 2 scenario hashes identical (4 of 4 replications")


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


def test_a_metric_that_was_improved_is_named_with_both_values(
    folder: Path, reproduced: Callable[..., Shown]
) -> None:
    def improved(table: pa.Table) -> pa.Table:
        place = table.schema.get_field_index("value")
        values = table.column("value").to_pylist()
        return table.set_column(place, "value", pa.array([values[0] * 0.9, *values[1:]]))

    changed(folder, "results", improved)
    code, shown, _ = reproduced(folder)
    metric = pq.read_table(folder / "results.parquet").slice(0, 1).to_pylist()[0]
    assert code == 1
    assert f"{metric['metric']} {metric['scope']}: stored {metric['value']!r}, computed " in shown


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
    assert "it has no column config" in told


@pytest.mark.parametrize("words", [[], ["nowhere"], ["a", "b"], ["nowhere", "--al"]])
def test_what_is_no_folder_of_results_is_refused(words: list[str], reproduced: Callable[..., Shown]) -> None:
    assert reproduced(*words)[0] == 2


@pytest.fixture
def again(capfd: pytest.CaptureFixture[str]) -> Callable[..., Shown]:
    """Run report or replay on a folder."""

    def run(command: str, folder: Path) -> Shown:
        which = ["--scenario=0"] if command == "replay" else []
        code = main([command, str(folder), *which])
        shown = capfd.readouterr()
        return code, shown.out, shown.err

    return run


def doubled(table: pa.Table) -> pa.Table:
    """The same with all response times doubled."""
    place = table.schema.get_field_index("value")
    return table.set_column(place, "value", pc.multiply(table.column("value"), 2.0))


def damage(kind: str, folder: Path) -> None:
    """What may have happened to a folder on its way."""
    table = folder / "results.parquet"
    match kind:
        case "altered":
            pq.write_table(doubled(pq.ParquetFile(table).read()), table)
        case "not listed":
            manifest = json.loads((folder / "manifest.json").read_text())
            del manifest["sha256"], manifest["files"]["results.parquet"]
            (folder / "manifest.json").write_bytes(sealed(manifest))
        case "no list":
            manifest = json.loads((folder / "manifest.json").read_text())
            del manifest["sha256"], manifest["files"]
            (folder / "manifest.json").write_bytes(sealed(manifest))
        case "no manifest":
            (folder / "manifest.json").unlink()
        case "deep manifest":
            (folder / "manifest.json").write_text("[" * 100_000)
        case "other column":
            changed(folder, "results", replaced("value", "fast"))
        case "link":
            (folder / "summary.csv").unlink()
            (folder / "summary.csv").symlink_to(folder.parent / "precious")
        case "linked figures":
            shutil.rmtree(folder / "figures")
            (folder / "figures").symlink_to(folder.parent)
        case _:
            place = folder / kind.removeprefix("pipe ")
            place.unlink(missing_ok=True)
            os.mkfifo(place)


DAMAGE = [
    "altered", "not listed", "no list", "no manifest", "deep manifest", "other column", "link",
    "linked figures", "pipe results.parquet", "pipe manifest.json", "pipe screen.json", "pipe orgdes.lock",
]  # fmt: skip


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        (command, kind)
        for command in ("report", "replay", "reproduce")
        for kind in DAMAGE
        if (command, kind) != ("replay", "other column")  # it reads no results
    ],
)
def test_what_was_damaged_is_told_and_not_believed(
    command: str, kind: str, folder: Path, again: Callable[..., Shown]
) -> None:
    damage(kind, folder)
    before = {path: path.lstat().st_mtime_ns for path in folder.parent.rglob("*")}
    code, shown, told = again(command, folder)
    assert (code, shown, told.count("Traceback")) == (2, "", 0)
    assert "nothing was run" in told
    assert {path: path.lstat().st_mtime_ns for path in folder.parent.rglob("*")} == before


def test_a_report_written_again_is_listed_again(folder: Path, again: Callable[..., Shown]) -> None:
    (folder / "report.html").write_text("somebody else's")
    assert again("report", folder)[0] == 0
    assert reproduce(folder, 0.1).identical


def test_all_damage_is_told_at_once(folder: Path, again: Callable[..., Shown]) -> None:
    (folder / "results.parquet").write_bytes(b"PAR1")
    (folder / "segments.parquet").unlink()
    _, _, told = again("report", folder)
    assert "results.parquet is not the file" in told
    assert "segments.parquet is missing" in told


def test_a_table_that_unpacks_into_more_than_fits_is_given_up(
    folder: Path, again: Callable[..., Shown]
) -> None:
    changed(folder, "results", lambda table: pa.concat_tables([table] * 3))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("sim.study.results.MOST_CELLS", 1000)
        code, _, told = again("report", folder)
    assert (code, "more than a study has" in told) == (2, True)


def test_a_report_is_never_written_through_a_hard_link(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_bytes((folder / "summary.csv").read_bytes())
    before = kept.read_bytes()
    for name in ("summary.csv", "report.html", "screen.json"):
        (folder / name).unlink(missing_ok=True)
        os.link(kept, folder / name)
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["sha256"]
    manifest["files"] |= {name: sha256_of(folder / name) for name in manifest["files"] if "." in name}
    (folder / "manifest.json").write_bytes(sealed(manifest))
    main(["report", str(folder)])
    assert kept.read_bytes() == before
