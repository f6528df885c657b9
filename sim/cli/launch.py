"""From a checked sweep to its study, directly or through another launcher or sweeper of Hydra's.

Invariant: nothing runs before every scenario of the sweep has been checked; nothing that Hydra composed is
instantiated but a launcher or sweeper that was named on the command line.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from sim.cli.best import is_best_asked, run_best
from sim.cli.folders import study_folder, study_name
from sim.cli.scenarios import checked_rows
from sim.cli.session import Session
from sim.cli.study import run_study
from sim.config.compose import Composer
from sim.config.diagnostics import COMMAND_LINE, Diagnostic, Refused, diagnostic
from sim.config.interrupts import interrupts_held, interrupts_let_through
from sim.config.override import complaints, reason_of

if TYPE_CHECKING:
    from hydra._internal.hydra import Hydra
    from hydra.core.utils import JobReturn
    from omegaconf import DictConfig

    from sim.study.design import Design
    from sim.study.precise import Precision


def run_jobs(session: Session, jobs: Sequence[Sequence[str]]) -> None:
    """Check the scenarios, choose the folder, run, report.

    Raises
    ------
    Refused
        before anything has been run.
    """
    from sim.study.design import Design

    asked = session.asked
    rows = checked_rows(session, session.composer, jobs)
    if asked.sweep.get("question"):
        from sim.cli.question import run_question

        run_question(session, rows)
        return
    if is_best_asked(rows):
        run_best(session, rows)
        return
    design = Design.of(rows)
    folder = study_folder(asked, {item.key for item in session.given}, design)
    figures, precision = asked.sweep.get("figures", True), _precision(design)
    play = precision.play if precision else None
    run_study(session, design, folder, study_name(asked.study), figures=figures, play=play)


def _precision(design: "Design") -> "Precision | None":
    """What precision is asked for, if any; of metrics that there are.

    Raises
    ------
    Refused
        for a metric that is unknown, or another precision in one scenario than in the next.
    """
    from sim.analysis.catalogue import METRICS
    from sim.model.mistake import unknown_name
    from sim.study.precise import Precision

    asked = {Precision.asked(row.scenario["experiment"]) for row in design.rows}
    if len(asked) > 1:
        text = "one precision for all scenarios: it is no axis of a sweep"
        raise Refused([diagnostic(COMMAND_LINE, "experiment.precision", text)])
    precision = asked.pop() if asked else None
    wrong = [name for name in precision.metrics if name not in METRICS] if precision else []
    if wrong:
        key = "experiment.precision_metrics"
        told = [unknown_name(key, name, METRICS, "metric") for name in wrong]
        raise Refused([Diagnostic(COMMAND_LINE, each) for each in told])
    return precision


def hydra_over(composer: Composer) -> "Hydra":
    """Hydra itself, over our loader."""
    from hydra._internal.hydra import Hydra

    return Hydra(task_name="orgdes", config_loader=composer.loader)


def run_through_hydra(session: Session) -> None:
    """Let Hydra's launcher or sweeper of the user's choice have the scenarios.

    Raises
    ------
    Refused
        when they do not take them.
    """
    assert session.plan
    axes, overrides = session.plan.axes, list(session.plan.overrides)
    wrong = []
    if _chosen(session, "sweeper") and (axes.table or axes.intervals):
        wrong.append(
            diagnostic(COMMAND_LINE, "hydra/sweeper", "knows no intervals and no tables", "", "Leave it out")
        )
    if _chosen(session, "launcher") and axes.count > 1 and session.asked.sweep.get("folder"):
        what = "one folder cannot hold scenarios that are run each by itself"
        wrong.append(diagnostic(COMMAND_LINE, "sweep.folder", what, "", "Leave it out, or the launcher"))
    if wrong:
        raise Refused(wrong)
    # Axes of files are among the overrides; a job's folder and log would only lie beside the results.
    overrides += ["hydra.sweeper.params=null", "hydra.sweep.subdir=.", "hydra/job_logging=disabled"]
    try:
        with interrupts_held():  # the launcher and the task hear again
            hydra_over(session.composer).multirun(session.arguments.config_name, _task(session), overrides)
    except complaints() as problem:
        raise Refused([diagnostic(COMMAND_LINE, "hydra", reason_of(problem))]) from problem


def is_for_hydra(session: Session) -> bool:
    """Has another launcher or sweeper been chosen than ours?"""
    return any(_chosen(session, part) for part in ("launcher", "sweeper"))


def _chosen(session: Session, part: str) -> bool:
    return any(item.key == f"hydra/{part}" and item.value != "orgdes" for item in session.given)


def _task(session: Session) -> Any:
    """The function that Hydra carries; another launcher calls it once for each scenario."""

    def orgdes(config: "DictConfig") -> int:
        from hydra.core.hydra_config import HydraConfig

        with interrupts_let_through():
            run_jobs(session, [list(cast("DictConfig", HydraConfig.get()).overrides.task)])
        return session.exit_code

    orgdes.session = session  # type: ignore[attr-defined]
    return orgdes


def session_of(task: Any) -> Session:
    """The session that the task function carries through Hydra."""
    found: Session = task.session
    return found


def launch(task: Any, jobs: Sequence[Sequence[str]]) -> "Sequence[JobReturn]":
    """Run the scenarios of another sweeper as one study; a return for each, as Hydra expects."""
    from hydra.core.utils import JobReturn, JobStatus

    session = session_of(task)
    with interrupts_let_through():
        run_jobs(session, jobs)
    returns = []
    for overrides in jobs:
        ended = JobReturn(overrides=list(overrides), task_name="orgdes")
        ended.status, ended.return_value = JobStatus.COMPLETED, session.exit_code
        returns.append(ended)
    return returns
