"""What the user sees while and after a study runs: progress, Ctrl-C, endings."""

import io
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from sim.cli import main
from sim.cli.progress import Lines, Shown, progress
from sim.cli.study import AnnouncedStopping, _listening
from sim.study.session import Outcome
from tests.cli.conftest import Command


def outcome(**changes: Any) -> Outcome:
    """A run of 30 replications that ended well, with changes."""
    plain = {
        "folder": Path.cwd() / "results" / "comparison-00000000",
        "scenarios": 3, "runs": 30, "done": 30, "reused": 0, "failed": 0, "stopped": 0, "infeasible": 0,
        "interrupted": False,
    }  # fmt: skip
    return Outcome(**{**plain, **changes})


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch, ran: list[Any]) -> Any:
    """Let the next study end with a given outcome, or raise."""
    import sim.study.session

    def end(result: Outcome | Exception) -> None:
        def run_design(rows: Any, folder: Any = None, **more: Any) -> Outcome:
            if isinstance(result, Exception):
                raise result
            if more["finish"] and result.done:
                more["finish"](result.folder)
            return result

        monkeypatch.setattr(sim.study.session, "run_design", run_design)

    return end


def test_a_bar_is_for_terminals_and_lines_are_for_pipes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert isinstance(progress(), Shown)
    monkeypatch.delenv("FORCE_COLOR")
    assert isinstance(progress(), Lines)


def test_the_bar_counts_what_was_finished_before() -> None:
    from rich.console import Console

    written = io.StringIO()
    bar = Shown(Console(file=written, force_terminal=True, width=120))
    bar.start(40, 10)
    bar.message("compiling the engine, once")
    bar.advance(5)
    bar.close()
    assert "15/40" in written.getvalue()
    assert "compiling the engine, once" in written.getvalue()


def test_the_bar_gives_a_speed_of_replications_not_a_lone_scenario_number() -> None:
    from rich.console import Console

    written = io.StringIO()
    bar = Shown(Console(file=written, force_terminal=True, width=120))
    bar.start(2, 0)
    bar.close()
    assert "replications" in written.getvalue()


def test_lines_end_with_the_last_replication(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    lines.start(4, 2)
    lines.advance(1)
    lines.advance(1)
    assert capsys.readouterr().err == "4 of 4 replications\n"


def test_lines_tell_the_time_left(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("sim.cli.progress.time.monotonic", lambda: now[0])
    lines = Lines()
    lines.start(100, 0)
    now[0] = 60.0
    lines.advance(25)
    assert capsys.readouterr().err == "25 of 100 replications, about 3 minutes left\n"


def test_ctrl_c_says_what_it_does_once_and_twice(capfd: pytest.CaptureFixture[str]) -> None:
    stopping = AnnouncedStopping(Lines())
    with _listening(stopping):
        os.kill(os.getpid(), signal.SIGINT)
        assert (stopping.requested, stopping.now) == (True, False)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert stopping.now
    text = capfd.readouterr().err
    assert "press Ctrl-C again to stop now" in text
    assert "stopping now" in text


def test_ctrl_c_means_afterwards_what_it_meant_before() -> None:
    before = signal.getsignal(signal.SIGINT)
    with _listening(AnnouncedStopping(Lines())):
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


def test_an_interrupted_study_can_be_gone_on_with(command: Command, ends: Any) -> None:
    ends(outcome(interrupted=True, done=12))
    code, text = command("structure=function")
    assert code == 130
    assert "12 of 30 replications are finished and safe; the same command goes on from here" in text
    assert "results: results/comparison-00000000" in text


def test_ctrl_c_before_the_study_is_130(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.cli.preflight.preflight", interrupt)
    assert command("structure=function")[0] == 130


def test_failed_scenarios_give_exit_1(command: Command, ends: Any) -> None:
    ends(outcome(done=29, failed=1))
    code, text = command("structure=function")
    assert code == 1
    assert "1 replications failed" in text


def test_trouble_with_the_disk_is_said_and_gives_exit_1(command: Command, ends: Any) -> None:
    from sim.study.store.folder import StoreTrouble

    ends(StoreTrouble("disk full"))
    code, text = command("structure=function")
    assert code == 1
    assert "disk full" in text
    assert "Traceback" not in text


def test_a_folder_of_another_sweep_is_refused(command: Command, ends: Any) -> None:
    from sim.study.store.folder import OtherSweep

    ends(OtherSweep("out holds another sweep"))
    code, text = command("structure=function", "sweep.folder=out")
    assert code == 2
    assert "out holds another sweep" in text
    assert "nothing was run" in text


def test_a_broken_report_loses_no_results(
    command: Command, ends: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Any, folder: Path) -> None:
        raise ValueError("no such figure")

    monkeypatch.setattr("sim.cli.outputs.Outputs.write", broken)
    ends(outcome())
    code, text = command("structure=function")
    assert code == 1
    assert "the report could not be written (ValueError: no such figure)" in text
    assert "the results are safe; orgdes report results/comparison-00000000 tries again" in text
    assert text.rstrip().endswith("results: results/comparison-00000000")


def test_a_finished_study_has_nothing_to_do(
    command: Command, ends: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.cli.outputs.Outputs.write", lambda self, folder: None)
    ends(outcome(reused=30))
    assert "everything was already computed" in command("structure=function")[1]


@pytest.mark.parametrize(
    "words", [["report"], ["report", "nowhere"], ["report", "a", "b"], ["replay", "nowhere", "--scenario=0"]]
)
def test_commands_on_folders_refuse_what_is_no_result(words: list[str], command: Command) -> None:
    assert command(*words)[0] == 2


def test_the_version_is_that_of_the_package(command: Command) -> None:
    code, text = command("--version")
    assert code == 0
    assert text.startswith("orgdes ")


def test_commands_are_imported_when_they_are_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    import types

    called: list[Any] = []

    def fit(options: Any) -> int:
        called.append(options.log)
        return 7

    module = types.ModuleType("sim.fit.command")
    monkeypatch.setattr(module, "main", fit, raising=False)
    monkeypatch.setattr(module, "arguments", lambda parser: parser.add_argument("log"), raising=False)
    monkeypatch.setitem(sys.modules, "sim.fit.command", module)
    assert main(["fit", "log.csv"]) == 7
    assert called == ["log.csv"]
