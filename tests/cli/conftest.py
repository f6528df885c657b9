"""Fixtures of the command: a folder of one's own, and a way to run the command without simulating."""

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from sim.cli import main

Command = Callable[..., tuple[int, str]]
STUDY = (
    "structure=function,customer", "demand.scale=0.1", "experiment.kind=terminating",
    "experiment.engine=simpy",
    "experiment.horizon_weeks=3", "experiment.warm_up_weeks=0", "experiment.replications=2",
    "experiment.backend=serial",
)  # fmt: skip
"""A study of a second."""


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """STUDY, finished once for all who look at it: its parent folder, and what was shown."""
    place, shown = tmp_path_factory.mktemp("study"), StringIO()
    with pytest.MonkeyPatch.context() as patched, redirect_stdout(shown), redirect_stderr(StringIO()):
        patched.chdir(place)
        assert main([*STUDY]) == 0
    return place / "results", shown.getvalue()


@pytest.fixture
def finished(study: tuple[Path, str], here: Path) -> str:
    """A copy of the finished study in the current folder; gives what was shown."""
    shutil.copytree(study[0], here / "results")
    return study[1]


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Hydra sets up logging for the whole process, onto the streams of one test."""
    loggers = [logging.getLogger(name) for name in (None, "hydra")]
    before = [(logger, logger.level, list(logger.handlers)) for logger in loggers]
    yield
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def company_text() -> str:
    """A valid company, to be changed into invalid ones."""
    return (Path(__file__).parent / "company.yaml").read_text(encoding="utf-8")


@pytest.fixture
def own(here: Path) -> Callable[[str, str | bytes], Path]:
    """Write a file below `mine/`, the folder given by --config-dir."""

    def write(name: str, content: str | bytes) -> Path:
        path = here / "mine" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What would have been run: rows, folder and options of every study; nothing is simulated."""
    import sim.study.session
    from sim.study.session import Outcome

    calls: list[dict[str, Any]] = []

    def run_design(design: Any, folder: Any = None, **more: Any) -> Outcome:
        rows = list(design.rows)
        calls.append({"rows": rows, "folder": folder, **more})
        return Outcome(Path(folder).resolve(), len(rows), len(rows), len(rows), 0, 0, 0, 0, False)

    monkeypatch.setattr(sim.study.session, "run_design", run_design)
    monkeypatch.setattr("sim.cli.outputs.Outputs.show", lambda self, folder: None)
    monkeypatch.setattr("sim.study.stopping.Stopping.install", lambda self: None)
    return calls


@pytest.fixture
def command(here: Path, ran: list[dict[str, Any]], capfd: pytest.CaptureFixture[str]) -> Command:
    """Run a command line in an empty folder; gives its exit code and what it printed on both streams."""

    def run(*argv: str) -> tuple[int, str]:
        code = main(argv)
        shown = capfd.readouterr()
        return code, shown.err + shown.out

    return run
