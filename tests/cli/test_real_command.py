"""The command itself, in a process of its own: bad input ends with 2, in words, and leaves no trace."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
    tmp_path: Path, content: str, words: tuple[str, ...], said: list[str]
) -> None:
    (tmp_path / "mine" / "company").mkdir(parents=True)
    (tmp_path / "mine" / "company" / "bad.yaml").write_text(content)
    before = files(tmp_path)
    done = orgdes(tmp_path, "--config-dir", "mine", *words)
    assert done.returncode == 2, done.stderr
    assert [text for text in [*said, "nothing was run."] if text not in done.stderr] == []
    assert "Traceback" not in done.stderr + done.stdout
    assert done.stdout == ""
    assert files(tmp_path) == before


def test_good_input_ends_with_0_and_names_its_folder(tmp_path: Path) -> None:
    words = ["structure=pooled", "experiment.replications=1", "experiment.horizon_weeks=3"]
    done = orgdes(tmp_path, *words, "experiment.warm_up_weeks=0", "sweep.folder=out")
    assert done.returncode == 0, done.stderr
    assert done.stdout.rstrip().splitlines()[-1] == "results: out"
    assert (tmp_path / "out" / "results.parquet").exists()


def test_the_same_mistake_twice_ends_alike(tmp_path: Path) -> None:
    one, other = (orgdes(tmp_path, *SIX) for _ in range(2))
    assert (one.returncode, one.stderr) == (other.returncode, other.stderr)
