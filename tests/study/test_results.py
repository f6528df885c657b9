"""Reading folders of strangers: tables come back, nothing else happens."""

import json
import os
from pathlib import Path

import pandas as pd
import pytest

from sim.study.results import DamagedResults, Results, joined, load_results
from sim.study.store.files import sealed, sha256_of, unsealed
from tests.study.designs import copy, rows, run


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("finished") / "sweep"
    run(rows(3), folder)
    return folder


@pytest.fixture
def hostile(finished: Path, tmp_path: Path) -> Path:
    return copy(finished, tmp_path.name)


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DamagedResults, match="not a folder"):
        load_results(tmp_path / "nothing")


@pytest.mark.parametrize("name", ["manifest.json", "results.parquet", "scenarios.parquet"])
def test_a_missing_file_is_named(hostile: Path, name: str) -> None:
    (hostile / name).unlink()
    with pytest.raises(DamagedResults, match=name):
        load_results(hostile)


@pytest.mark.parametrize("name", ["manifest.json", "results.parquet", "weekly.parquet"])
def test_a_link_to_elsewhere_is_not_followed(hostile: Path, tmp_path: Path, name: str) -> None:
    target = tmp_path / "elsewhere"
    (hostile / name).rename(target)
    (hostile / name).symlink_to(target)
    with pytest.raises(DamagedResults, match=name):
        load_results(hostile)


def test_a_pipe_does_not_hang_the_reader(hostile: Path) -> None:
    (hostile / "results.parquet").unlink()
    os.mkfifo(hostile / "results.parquet")
    with pytest.raises(DamagedResults, match="no file of the folder"):
        load_results(hostile)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"files": 3}', b"[" * 100_000, b"\xff\xfe", b"null"])
def test_a_manifest_that_is_none_is_refused(hostile: Path, content: bytes) -> None:
    (hostile / "manifest.json").write_bytes(content)
    with pytest.raises(DamagedResults, match="manifest"):
        load_results(hostile)


def test_an_enormous_manifest_is_refused_unread(hostile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.study.results.LARGEST_MANIFEST", 10)
    with pytest.raises(DamagedResults, match="too large"):
        load_results(hostile)


def test_a_manifest_cannot_name_files_elsewhere(hostile: Path) -> None:
    manifest = unsealed(hostile / "manifest.json") or {}
    manifest["files"]["../../etc/passwd.parquet"] = "0"
    manifest["tables"] += ["../../etc/passwd", ".hidden"]
    (hostile / "manifest.json").write_bytes(sealed(manifest))
    assert set(load_results(hostile).extras) == {"weekly"}


def test_a_pickle_under_the_name_of_a_table_is_not_opened(hostile: Path, tmp_path: Path) -> None:
    bomb = f"cos\nsystem\n(S'touch {tmp_path}/harm'\ntR.".encode()
    (hostile / "results.parquet").write_bytes(bomb)
    manifest = unsealed(hostile / "manifest.json") or {}
    manifest["files"]["results.parquet"] = sha256_of(hostile / "results.parquet")
    (hostile / "manifest.json").write_bytes(sealed(manifest))
    with pytest.raises(DamagedResults, match=r"results\.parquet cannot be read"):
        load_results(hostile)
    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize("lie", [{"tables": "results"}, {"tables": {"a": 1}}, {"files": ["results.parquet"]}])
def test_a_manifest_of_another_shape_is_refused(hostile: Path, lie: dict[str, object]) -> None:
    manifest = unsealed(hostile / "manifest.json") or {}
    (hostile / "manifest.json").write_bytes(sealed({**manifest, **lie}))
    with pytest.raises(DamagedResults, match="manifest"):
        load_results(hostile)


def test_a_table_that_is_listed_and_missing_is_named(hostile: Path) -> None:
    (hostile / "weekly.parquet").unlink()
    with pytest.raises(DamagedResults, match=r"weekly\.parquet is missing"):
        load_results(hostile)


def test_an_unlisted_table_is_left_out(hostile: Path) -> None:
    (hostile / "stray.parquet").write_bytes((hostile / "results.parquet").read_bytes())
    assert set(load_results(hostile).extras) == {"weekly"}


def test_an_edited_manifest_is_refused(hostile: Path) -> None:
    path = hostile / "manifest.json"
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, "seeds": [2]}))
    with pytest.raises(DamagedResults, match="manifest"):
        load_results(hostile)


def test_an_interrupted_sweep_can_be_read_and_says_so(hostile: Path) -> None:
    assert load_results(hostile).complete is True


def named(number: int, digest: str) -> Results:
    scenarios = pd.DataFrame({"scenario": [number], "digest": [digest]})
    rows = pd.DataFrame({"scenario": [number] * 2, "value": [1.0, 2.0]})
    return Results(Path(digest), rows, scenarios, {"weeks": rows}, {})


def test_scenarios_of_two_folders_get_numbers_of_their_own() -> None:
    assert joined(named(0, "a"), named(0, "b")).results["scenario"].tolist() == [0, 0, 1, 1]


def test_a_scenario_that_both_folders_hold_stands_once() -> None:
    assert len(joined(named(0, "a"), named(0, "a")).scenarios) == 1
