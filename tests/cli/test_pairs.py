"""`orgdes report A --compare B`: any two scenarios are a pair where they met the same world."""

import shutil
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from sim.cli import main
from tests.cli.conftest import STUDY
from tests.cli.test_finished import contents, folder


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another study, of quicker handoffs, in a folder under another root."""
    place = tmp_path_factory.mktemp("elsewhere")
    return other_study(place, "quick", "coordination.handoff.mean=0.1")


def other_study(place: Path, name: str, *more: str) -> Path:
    with pytest.MonkeyPatch.context() as patched, redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        patched.chdir(place)
        assert main([*STUDY, *more, f"sweep.folder={place / name}"]) == 0
    return place / name


def compared(*words: str, capfd: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = main(["report", *words])
    shown = capfd.readouterr()
    return code, " ".join(shown.out.split()), " ".join(shown.err.split())


@pytest.mark.usefixtures("finished")
def test_two_folders_of_different_roots_are_compared_beside_the_first(
    elsewhere: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    first, before = folder(), contents()
    code, shown, _ = compared(str(first), "--compare", str(elsewhere), "--baseline", "0", capfd=capfd)
    made = first.with_name(f"{first.name}-and-quick")
    assert code == 0
    assert "function (handoff.mean 0.1)" in shown
    assert {"report.html", "summary.csv"} <= {path.name for path in made.iterdir()}
    assert {path: (first / path).read_bytes() for path in before} == before


@pytest.mark.usefixtures("finished")
def test_folders_of_different_seeds_are_no_pairs(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    seeded = other_study(here, "seeded", "experiment.seed=7")
    code, _, told = compared(str(folder()), f"--compare={seeded}", capfd=capfd)
    assert code == 2
    assert "the seeds differ (1 and 7)" in told
    assert not [path for path in Path("results").iterdir() if "-and-seeded" in path.name]


@pytest.mark.usefixtures("finished")
@pytest.mark.parametrize("words", [("--compare",), ("--compare", "--baseline", "0"), ("--baseline=",)])
def test_an_option_without_its_value_is_refused(
    words: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    code, _, told = compared(str(folder()), *words, capfd=capfd)
    assert (code, "has no value" in told) == (2, True)


@pytest.mark.usefixtures("finished")
def test_the_folder_that_is_not_there_is_the_one_that_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    code, _, told = compared(str(folder()), "--compare", "nowhere", capfd=capfd)
    assert (code, "nowhere" in told, folder().name in told) == (2, True, False)


@pytest.mark.usefixtures("finished")
def test_a_damaged_folder_is_not_compared(
    elsewhere: Path, here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    broken = shutil.copytree(elsewhere, here / "broken")
    (broken / "results.parquet").write_bytes(b"nothing")
    code, _, told = compared(str(folder()), "--compare", str(broken), capfd=capfd)
    assert (code, "results.parquet" in told) == (2, True)
