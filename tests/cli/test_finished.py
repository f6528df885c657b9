"""A finished study: shown again as it is, made anew when something changed, safe from a late Ctrl-C."""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.cli import main
from sim.cli.outputs import SCREEN, Outputs, keep_screen, kept_screen
from tests.cli.conftest import STUDY

PRODUCTS = ["summary.csv", "report.html", "screen.json", "results.parquet", "figures/parts.png"]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(here: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a small study in an empty folder; gives exit code, standard output, standard error."""

    def again(*more: str) -> tuple[int, str, str]:
        code = main([*STUDY, *more])
        shown = capfd.readouterr()
        return code, shown.out, shown.err

    return again


def folder() -> Path:
    """Where the results are."""
    (found,) = Path("results").iterdir()
    return found


def contents() -> dict[str, bytes]:
    """All files of the folder and of its figures."""
    files = (path for pattern in ("*", "figures/*") for path in folder().glob(pattern) if path.is_file())
    return {path.relative_to(folder()).as_posix(): path.read_bytes() for path in files}


def complete() -> bool:
    """Does the manifest say that everything is there?"""
    return bool(json.loads((folder() / "manifest.json").read_text())["complete"])


def refuse(*_: Any) -> Any:
    """Stands for work that must not be done."""
    raise AssertionError("was done again")


def interrupting(times: int, then: Callable[..., Any] = lambda *_: None) -> Callable[..., Any]:
    """What a user does who presses Ctrl-C so many times, then what was interrupted."""

    def pressed(*arguments: Any) -> Any:
        for _ in range(times):
            os.kill(os.getpid(), signal.SIGINT)
        return then(*arguments)

    return pressed


def test_a_finished_study_is_shown_again_without_comparing(
    finished: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents()
    monkeypatch.setattr("sim.analysis.compare.compare", refuse)
    again, shown_again, told = run()
    assert (again, shown_again) == (0, finished)
    assert "everything was already computed" in told
    assert contents() == before


def spoil(name: str, gone: bool) -> None:
    """Take a file away, or write over its end."""
    path = folder() / name
    if gone:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-5] + b"12345")


@pytest.mark.parametrize("gone", [True, False])
def test_what_is_damaged_or_gone_is_made_again(gone: bool, finished: str, run: Run) -> None:
    before = contents()
    for name in PRODUCTS:
        spoil(name, gone)
    assert run()[:2] == (0, finished)
    for table in ("results.parquet", "scenarios.parquet", "summary.csv", "screen.json", "figures/parts.png"):
        assert contents()[table] == before[table]
    assert (folder() / "report.html").read_bytes().endswith(b"</html>")


@pytest.mark.parametrize("name", PRODUCTS)
@pytest.mark.parametrize("gone", [True, False])
@pytest.mark.usefixtures("finished")
def test_one_file_that_is_damaged_or_gone_is_enough(
    name: str, gone: bool, run: Run, written: list[Path]
) -> None:
    spoil(name, gone)
    assert run()[0] == 0
    assert len(written) == 1


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders whose outputs were asked for; nothing is written."""
    asked: list[Path] = []
    monkeypatch.setattr(Outputs, "write", lambda self, place: asked.append(place))
    return asked


@pytest.mark.usefixtures("finished")
def test_another_version_of_the_report_is_written(
    run: Run, written: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    assert written == []
    monkeypatch.setattr("sim.study.fingerprint.products_fingerprint", lambda: "another version")
    assert run()[0] == 0
    assert len(written) == 1
    run()
    assert len(written) == 1


@pytest.mark.usefixtures("finished")
def test_figures_are_left_out_and_made_when_they_are_asked_for(run: Run) -> None:
    def figures() -> set[str]:
        return {Path(name).name for name in contents() if name.startswith("figures/")}

    run("sweep.figures=false")
    assert figures() == set()
    _, _, told = run()
    assert {"parts.png", "parts.svg"} <= figures()
    assert "everything was already computed" in told
    run("sweep.figures=false")
    assert main(["report", str(folder())]) == 0
    assert "parts.png" in figures()


@pytest.mark.usefixtures("finished")
def test_a_baseline_that_the_folder_does_not_hold_is_refused() -> None:
    assert main(["report", str(folder()), "--baseline", "nope"]) == 2


def test_another_screen_is_written_for_anew(finished: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    wide = run()[1]
    monkeypatch.setenv("COLUMNS", "80")
    assert run()[1] == finished
    assert wide.replace("\n", " ").split() == finished.replace("\n", " ").split()


@pytest.mark.parametrize("text", ["\x1b[2Jgone", "\x1b]0;title\x07", "\u202eabc", 7])
@pytest.mark.usefixtures("finished")
def test_a_kept_text_moves_no_cursor(text: object) -> None:
    path = folder() / SCREEN
    path.write_text(json.dumps({**json.loads(path.read_text()), "text": text}))
    assert kept_screen(folder()) is None


def test_colours_are_kept(tmp_path: Path) -> None:
    keep_screen(tmp_path, "\x1b[1;31munstable\x1b[0m\n")
    assert kept_screen(tmp_path) == "\x1b[1;31munstable\x1b[0m\n"


def test_ctrl_c_while_the_report_is_written_lets_it_be_written(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Outputs, "write", interrupting(1, Outputs.write))
    code, _, told = run()
    assert code == 130
    assert complete()
    assert "interrupted: 4 of 4 replications are finished and safe; the same command shows them" in told
    assert "Traceback" not in told


def test_ctrl_c_twice_while_the_report_is_written_loses_no_results(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Outputs, "write", interrupting(2))
        code, shown, told = run()
    assert code == 130
    assert not complete()
    assert "interrupted: 4 of 4" in told
    assert "Traceback" not in told
    assert shown.startswith("results: results/comparison-")
    monkeypatch.setattr("sim.study.run.compute_run", refuse)
    assert run()[0] == 0
    assert complete()


def test_ctrl_c_while_the_tables_are_printed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Outputs, "show", interrupting(1))
    code, shown, told = run()
    assert code == 130
    assert complete()
    assert shown.startswith("results: results/comparison-")
    assert "Traceback" not in told


@pytest.mark.usefixtures("finished")
def test_replications_that_are_there_already_are_announced(run: Run) -> None:
    _, _, more = run("experiment.replications=4")
    assert "asked for before" not in more
    _, _, fewer = run("experiment.replications=2")
    assert "4 replications of each were asked for before; those there are stay and count" in fewer
