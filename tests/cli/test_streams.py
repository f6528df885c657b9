"""Output that cannot be written, memory that is not there: one line, what is safe, what to do, exit 1."""

import errno
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.cli import main
from sim.cli.session import Session
from sim.cli.streams import too_little_memory, trouble_in_words
from sim.study.provenance import without_paths
from tests.cli.conftest import STUDY

ROOT = Path(__file__).resolve().parents[2]
Told = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def place(study: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a small study has been run."""
    folder = tmp_path_factory.mktemp("shown")
    shutil.copytree(next(study[0].iterdir()), folder / "sweep")
    return folder


@pytest.fixture
def told(place: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Told:
    """Run a command whose standard output is something else; gives exit code and standard error."""
    monkeypatch.chdir(place)

    def run(output: object, *words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "stdout", output)
        return main(list(words)), capfd.readouterr().err

    return run


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no such device")
@pytest.mark.parametrize(
    "words",
    [
        (*STUDY, "sweep.folder=sweep"), ("report", "sweep"), ("replay", "sweep", "--scenario=0"),
        ("--help",), ("fit", "--help"), ("report", "--help"),
    ],
)  # fmt: skip
def test_a_full_output_is_told_in_one_line(told: Told, words: tuple[str, ...]) -> None:
    with open("/dev/full", "w") as full:
        code, said = told(full, *words)
    last = said.splitlines()[-1]
    assert (code, said.count("Traceback")) == (1, 0)
    assert "the standard output cannot be written to (No space left on device)" in last
    assert "safe" in last


def test_a_reader_who_has_had_enough_is_no_trouble(told: Told) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        code, said = told(pipe, *STUDY, "sweep.folder=sweep")
    assert (code, "standard output" in said) == (0, False)


def test_a_closed_output_is_told(tmp_path: Path) -> None:
    path = os.pathsep.join([str(ROOT), str(ROOT / "sim" / "cli" / "namespace")])
    ended = subprocess.run(
        f'exec "{sys.executable}" -m sim.cli --help >&-', shell=True, cwd=tmp_path, text=True,
        stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    assert (ended.returncode, len(ended.stderr.splitlines())) == (1, 1)
    assert "the standard output cannot be written to" in ended.stderr


def test_too_little_memory_is_told_before_anything_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (600_000_000, -1))
    assert "600 MB" in too_little_memory()


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OSError(errno.EROFS, "Read-only file system", "/home/ann/x"),
        OSError(errno.EPIPE, "gone"),
    ],
)
def test_trouble_of_the_machine_is_told_with_what_to_do(error: BaseException) -> None:
    words = trouble_in_words(error)
    assert ("safe" in words or not words, "/home" in words, "run the same command again" in words) == (
        True, False, True,
    )  # fmt: skip


def test_other_errors_are_errors_of_the_program() -> None:
    assert trouble_in_words(KeyError("x")) == ""


def test_no_path_of_a_users_file_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    schema = tmp_path / "docs" / "scenario.schema.json"
    file.write_text(f"# yaml-language-server: $schema={schema}\nname: mine  # https://example.org/a, 3 / 4\n")
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(tmp_path)
        kept = Session(files=(file,)).provenance()["user_files"]
    assert [*kept.values()] == [
        "# yaml-language-server: $schema=scenario.schema.json\nname: mine  # https://example.org/a, 3 / 4\n"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "x=/home/ann/b.csv",
        "file:///home/ann/b.csv",
        r"C:\Users\ann\b.csv",
        "'/home/ann/b.csv'",
        "~/ann/b.csv",
    ],
)
def test_a_path_is_cut_to_its_last_part(text: str) -> None:
    cut = without_paths(text)
    assert ("ann" in cut, "b.csv" in cut) == (False, True)
