"""The command itself: bad input ends with 2, in words, and leaves no trace; so in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli import main

ROOT = Path(__file__).resolve().parents[2]
SIX = (
    "structure=functio",
    "demand.scal=1",
    "+foo=3",
    "experiment.replications=0",
    "people.learning_rat=1",
    "matrix",
)
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\nb: [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
PICKLE = "name: !!python/object/apply:os.system ['touch harmed']\n"


def orgdes(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    places = [str(ROOT), str(ROOT / "sim" / "cli" / "namespace")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
    command = [sys.executable, "-m", "sim.cli", *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


@pytest.mark.parametrize(
    ("content", "words", "said"),
    [
        ("", SIX, ["6 errors on the command line; nothing was run."]),
        ("", ("structure=matrx",), ['unknown structure "matrx"', 'Did you mean "matrix"?']),
        ("", ("structure._target_=os.system",), ['"_target_" is not allowed']),
        (BOMB, ("company=bad",), ["bad.yaml:1", "anchors and aliases are not allowed"]),
        (PICKLE, ("company=bad",), ["bad.yaml:1", "YAML tags are not allowed"]),
        ("name: ${oc.env:HOME}\n", ("company=bad",), ["environment variables"]),
    ],
    ids=["six mistakes", "misspelt", "code", "bomb", "tag", "environment"],
)
def test_bad_input_ends_with_2_and_leaves_no_trace(
    here: Path, capfd: pytest.CaptureFixture[str], content: str, words: tuple[str, ...], said: list[str]
) -> None:
    write_bad(here, content)
    before = files(here)
    code = main(["--config-dir", "mine", *words])
    shown, told = capfd.readouterr()
    assert code == 2, told
    assert [text for text in [*said, "nothing was run."] if text not in told] == []
    assert "Traceback" not in told
    assert shown == ""
    assert files(here) == before


def write_bad(folder: Path, content: str) -> None:
    (folder / "mine" / "company").mkdir(parents=True)
    (folder / "mine" / "company" / "bad.yaml").write_text(content)


def test_bad_input_ends_alike_whenever_it_is_given(tmp_path: Path) -> None:
    write_bad(tmp_path, BOMB)
    before = files(tmp_path)
    one, other = (orgdes(tmp_path, "--config-dir", "mine", *SIX, "company=bad") for _ in range(2))
    assert (one.returncode, one.stdout) == (2, "")
    assert "8 errors in 1 file and on the command line; nothing was run." in one.stderr
    assert "Traceback" not in one.stderr
    assert (one.returncode, one.stderr) == (other.returncode, other.stderr)
    assert files(tmp_path) == before


def test_good_input_ends_with_0_and_names_its_folder(tmp_path: Path) -> None:
    words = ["structure=pooled", "experiment.replications=1", "experiment.horizon_weeks=3"]
    done = orgdes(tmp_path, *words, "experiment.warm_up_weeks=0", "sweep.folder=out")
    assert done.returncode == 0, done.stderr
    assert done.stdout.rstrip().splitlines()[-1] == "results: out"
    assert (tmp_path / "out" / "results.parquet").exists()
