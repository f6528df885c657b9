"""From Hydra's config to a finished study: expand the sweep, check every scenario, run, report.

Invariant: nothing runs before every scenario of the sweep has been checked.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.door.compose import Composer
from sim.door.folders import study_folder
from sim.door.overrides import Given, check_overrides
from sim.door.scenarios import checked_rows
from sim.door.session import Session, session_of
from sim.door.sweep import Axes, Sampling, axes_of, read_table, too_large
from sim.door.telling import COMMAND_LINE, Refused, told, unique

if TYPE_CHECKING:
    from hydra.core.config_loader import ConfigLoader
    from hydra.core.utils import JobReturn
    from omegaconf import DictConfig


def jobs_of(task: Any, loader: "ConfigLoader", config: "DictConfig", arguments: Sequence[str]) -> list[list[str]]:
    """The overrides of every scenario of a sweep, for a launcher."""
    session = session_of(task)
    composer = Composer(loader, config.hydra.job.config_name)
    try:
        return planned(session, composer, config, arguments).scenarios()
    except Refused as refusal:
        raise session.refuse(refusal) from refusal


def planned(session: Session, composer: Composer, config: "DictConfig", arguments: Sequence[str]) -> Axes:
    """The axes of a sweep, checked for form and size.

    Raises
    ------
    Refused
        with every mistake in sweep parameters and design table.
    """
    given = [*_parameters(session, config), *(Given(text) for text in arguments)]
    table = read_table(config.sweep.design) if config.sweep.design is not None else []
    accepted, found = check_overrides(composer, given)
    rows = []
    for row in table:
        usable, wrong = check_overrides(composer, row)
        rows.append([item.text for item in usable])
        found += wrong
    if found:
        raise Refused(unique(found))
    session.origins.update({item.key: item.place for item in accepted if item.place != COMMAND_LINE})
    axes = axes_of(composer, accepted, _sampling(config), rows)
    _check_size(session, axes, config)
    return axes


def _parameters(session: Session, config: "DictConfig") -> list[Given]:
    from omegaconf import OmegaConf

    params = OmegaConf.to_container(config.hydra.sweeper.get("params") or OmegaConf.create(), resolve=True)
    assert isinstance(params, dict)
    return [Given(f"{key}={_written(value)}", session.origins.get(str(key), "sweep parameters")) for key, value in params.items()]


def _written(value: Any) -> str:
    """A sweep parameter as text: a YAML list means its members one after the other."""
    if isinstance(value, list):
        return "choice(" + ",".join(map(_written, value)) + ")"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return str(value)


def _sampling(config: "DictConfig") -> Sampling:
    samples, sampler, seed = config.sweep.samples, config.sweep.sampler, config.sweep.seed
    found = []
    if not isinstance(samples, int) or isinstance(samples, bool) or samples < 1:
        found.append(told(COMMAND_LINE, "sweep.samples", f"got {samples}", "A whole number from 1"))
    if sampler not in ("lhs", "sobol"):
        found.append(told(COMMAND_LINE, "sweep.sampler", f'unknown sampler "{sampler}"', "Known: lhs, sobol"))
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        found.append(told(COMMAND_LINE, "sweep.seed", f"got {seed}", "A whole number from 0"))
    if found:
        raise Refused(found)
    return Sampling(samples, sampler, seed)


def _check_size(session: Session, axes: Axes, config: "DictConfig") -> None:
    from os import cpu_count

    if session.arguments.yes:
        return
    replications = config.get("experiment", {}).get("replications", 1)
    workers = config.get("experiment", {}).get("jobs", 0) or cpu_count() or 1
    limit = config.sweep.limit
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        raise Refused([told(COMMAND_LINE, "sweep.limit", f"got {limit}", "A whole number from 1")])
    if reason := too_large(axes.count, replications, workers, limit):
        raise Refused([told(COMMAND_LINE, "sweep", reason)])


def launch(
    task: Any, loader: "ConfigLoader", config: "DictConfig", jobs: Sequence[Sequence[str]], first: int
) -> "Sequence[JobReturn]":
    """Check and run the scenarios of a sweep as one study; a return for each, as Hydra expects."""
    from hydra.core.utils import JobReturn, JobStatus

    session = session_of(task)
    composer = Composer(loader, config.hydra.job.config_name)
    try:
        run_jobs(session, composer, config, jobs)
    except Refused as refusal:
        raise session.refuse(refusal) from refusal
    returns = []
    for overrides in jobs:
        ended = JobReturn(overrides=list(overrides), task_name="orgdes")
        ended.status, ended.return_value = JobStatus.COMPLETED, session.exit_code
        returns.append(ended)
    return returns


def run_jobs(session: Session, composer: Composer, config: "DictConfig", jobs: Sequence[Sequence[str]]) -> None:
    """Check the scenarios, choose the folder, run the study and report."""
    from sim.door.study import run_study

    rows = checked_rows(session, composer, jobs)
    name = study_name(config)
    run_study(session, rows, study_folder(config, rows, name), name)


def study_name(config: "DictConfig") -> str:
    """Name of the study file, or the word comparison."""
    return str(config.hydra.runtime.choices.get("study") or "comparison")
