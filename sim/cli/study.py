"""Running a checked study for the command line: opening words, progress, Ctrl-C, tables, report, folder.

Invariant: the last line on the screen is `results: <folder>`.
"""

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.outputs import Outputs
from sim.cli.progress import Lines, Shown
from sim.cli.run_header import run_header
from sim.cli.session import Session
from sim.cli.streams import output_trouble, silence_output
from sim.config.diagnostics import Refused, diagnostic, shown_path
from sim.config.interrupts import was_interrupted
from sim.report.wording import written_for
from sim.study.stopping import SIGNALS, Stopping

if TYPE_CHECKING:
    from sim.study.design import Design
    from sim.study.session import Outcome


class AnnouncedStopping(Stopping):
    """Tells what a Ctrl-C has done and what a second one will do."""

    def __init__(self, watch: Shown | Lines) -> None:
        super().__init__()
        self._watch = watch

    def request(self) -> None:
        """Raise the wish to stop, and say so."""
        super().request()
        self._watch.urgent(
            "stopping now"
            if self.now
            else "finishing what runs, then stopping; press Ctrl-C again to stop now"
        )


def run_study(
    session: Session,
    design: "Design",
    folder: Path,
    name: str,
    *,
    figures: bool = True,
    play: "Callable[..., Outcome] | None" = None,
    header: Sequence[str] = (),
) -> None:
    """Run, report (with its `figures` as files or without), and note in the session how it ended.

    `play` computes the folder, `run_design` unless another is given; `header`: what is said before, if not
    what a study is.

    Raises
    ------
    Refused
        when the folder belongs to another sweep or another run.
    """
    from sim.study.agreement import OtherVersions
    from sim.study.store.folder import OtherSweep, StoreTrouble, asked_before
    from sim.study.store.lock import FolderInUse

    watch, finish = session.watch, Outputs(figures, dress=session.dress)
    for line in header or run_header(design.rows, session.notes, asked_before(folder)):
        watch.message(line)
    try:
        outcome = _computed(session, design, folder, name, watch, finish, play)
    except (OtherSweep, OtherVersions, FolderInUse) as other:
        raise Refused([diagnostic("", shown_path(folder.resolve()), str(other))]) from other
    except StoreTrouble as trouble:
        print(trouble, file=sys.stderr)
        session.codes.append(1)
        return
    finally:
        watch.close()
    _close(session, outcome, finish)


def _computed(
    session: Session,
    design: "Design",
    folder: Path,
    name: str,
    watch: Shown | Lines,
    finish: Outputs,
    play: "Callable[..., Outcome] | None",
) -> "Outcome":
    from sim.memory import keep_freed
    from sim.study.session import run_design

    keep_freed()

    def write(done: Path) -> None:
        try:
            with written_for(finish.dress.currency, finish.dress.decimal_comma):
                finish.write(done)
        except OSError:  # the run tells it
            raise
        except Exception as problem:  # whatever it is, the results are there and must be closed in order
            session.codes.append(1)
            watch.message(f"the report could not be written ({type(problem).__name__}: {problem})")
            watch.message(f"the results are safe; orgdes report {shown_path(done)} tries again")

    stopping = AnnouncedStopping(watch)
    with _listening(stopping):
        options = _options(session, design, folder, name, finish)
        how = {"options": options, "progress": watch, "stopping": stopping, "finish": write}
        return (play or run_design)(design, folder, **how)


@contextmanager
def _listening(stopping: Stopping) -> Iterator[None]:
    """Ctrl-C means stopping while the study runs, and what it meant before afterwards."""
    if was_interrupted():  # and nobody has heard it
        raise KeyboardInterrupt
    before = [signal.getsignal(number) for number in SIGNALS]
    try:
        stopping.install()
        yield
    finally:
        for number, handler in zip(SIGNALS, before, strict=True):
            signal.signal(number, handler)


def _options(session: Session, design: "Design", folder: Path, name: str, finish: Outputs) -> Any:
    from sim.study.fingerprint import products_fingerprint
    from sim.study.session import Options

    experiment = design.rows[0].scenario["experiment"]
    return Options(
        jobs=experiment.get("jobs", 0),
        backend=experiment.get("backend", "local"),
        address=experiment.get("address") or "",
        keep_going=experiment.get("keep_going", False),
        study=name,
        products=products_fingerprint() + ("" if finish.figures else " without figures") + finish.dress.mark,
        provenance=session.provenance(),
        beside=sorted(folder.absolute().parent.glob("*/")),
    )


def _close(session: Session, outcome: "Outcome", finish: Outputs) -> None:
    session.codes.append(outcome.exit_code)
    session.folders.append(outcome.folder)
    for line in _ending(outcome):
        print(line, file=sys.stderr)
    try:
        if not outcome.interrupted and not outcome.message and not any(session.codes[:-1]):
            finish.show(outcome.folder)
        print(f"results: {shown_path(outcome.folder)}", flush=True)
    except KeyboardInterrupt:
        session.codes.append(130)
        for line in _ending(replace(outcome, interrupted=True)):
            print(line, file=sys.stderr)
        print(f"results: {shown_path(outcome.folder)}", flush=True)
    except OSError as error:
        silence_output()
        if what := output_trouble(error):
            session.codes.append(1)
            again = f"orgdes report {shown_path(outcome.folder)} shows them"
            print(f"{what}. The results are written and safe: {again}", file=sys.stderr)


def _ending(outcome: "Outcome") -> list[str]:
    lines = list(outcome.notes)
    if outcome.message:
        lines.append(f"{outcome.message} ({outcome.done:,} of {outcome.runs:,} replications are finished)")
    if outcome.interrupted:
        goes_on = "goes on from here" if outcome.done < outcome.runs or outcome.open_ended else "shows them"
        of_all = "" if outcome.open_ended else f" of {outcome.runs:,}"
        lines.append(
            f"interrupted: {outcome.done:,}{of_all} replications are finished and safe; "
            f"the same command {goes_on}"
        )
    elif outcome.failed or outcome.stopped:
        lines.append(
            f"{outcome.failed:,} replications failed, {outcome.stopped:,} were stopped by a budget; "
            "see scenarios.parquet, columns message and replay"
        )
    elif outcome.reused and outcome.reused == outcome.runs:
        lines.append("everything was already computed; nothing to do")
    return lines
