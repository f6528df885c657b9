"""Between Hydra's hooks and the study: expand the sweep, check every scenario, run, report.

Invariant: nothing runs before every scenario of the sweep has been checked.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.door.compose import Composer
from sim.door.folders import study_folder, study_name
from sim.door.given import Given
from sim.door.interrupts import heard
from sim.door.plan import Asked, planned
from sim.door.scenarios import LOOKED_AT, checked_rows, mistakes_in
from sim.door.session import Session, session_of
from sim.door.study import run_study
from sim.door.telling import Refused

if TYPE_CHECKING:
    from hydra.core.config_loader import ConfigLoader
    from hydra.core.utils import JobReturn
    from omegaconf import DictConfig


def jobs_of(
    task: Any, loader: "ConfigLoader", config: "DictConfig", arguments: Sequence[str]
) -> list[list[str]]:
    """The overrides of every scenario of a sweep, for a launcher."""
    session = session_of(task)
    composer = session.composer_over(loader, config.hydra.job.config_name)
    try:
        given = [Given(text) for text in arguments]
        session.plan = planned(composer, Asked.by(config), given, yes=session.arguments.yes)
        jobs = session.plan.axes.scenarios()
        if session.plan.found:
            further = mistakes_in(session, composer, jobs[:LOOKED_AT])
            raise Refused([*session.plan.found, *further])
        return jobs
    except Refused as refusal:
        raise session.refuse(refusal) from refusal


def launch(
    task: Any, loader: "ConfigLoader", config: "DictConfig", jobs: Sequence[Sequence[str]]
) -> "Sequence[JobReturn]":
    """Check and run the scenarios of a sweep as one study; a return for each, as Hydra expects."""
    from hydra.core.utils import JobReturn, JobStatus

    session = session_of(task)
    with heard():
        run_jobs(session, session.composer_over(loader, config.hydra.job.config_name), config, jobs)
    returns = []
    for overrides in jobs:
        ended = JobReturn(overrides=list(overrides), task_name="orgdes")
        ended.status, ended.return_value = JobStatus.COMPLETED, session.exit_code
        returns.append(ended)
    return returns


def run_jobs(
    session: Session, composer: Composer, config: "DictConfig", jobs: Sequence[Sequence[str]]
) -> None:
    """Check the scenarios, choose the folder, run, report; bad input leaves Hydra with exit 2."""
    from sim.study.design import Design

    try:
        design = Design.of(checked_rows(session, composer, jobs))
        name = study_name(config.hydra.runtime.choices.get("study"))
        folder = study_folder(config, design, name)
        run_study(session, design, folder, name, figures=config.sweep.get("figures", True))
    except Refused as refusal:
        raise session.refuse(refusal) from refusal
