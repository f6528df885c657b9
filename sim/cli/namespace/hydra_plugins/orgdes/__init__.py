"""Hydra's hooks for orgdes: a sweeper that knows intervals and tables, a launcher that runs one study.

Invariant: cheap to import, because Hydra imports every plugin at every start; the work is in `sim.cli`, and
these two are called only where one of them works beside a launcher or sweeper of others.
"""

# No `from __future__ import annotations` here: Hydra reads the annotations of these dataclasses.
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hydra.core.config_store import ConfigStore
from hydra.core.utils import JobReturn
from hydra.plugins.launcher import Launcher
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig


@dataclass
class OrgdesSweeperConf:
    """Axes of the sweep: `params: {structure: "function,customer", demand.scale: "interval(0.8,1.2)"}`."""

    _target_: str = "hydra_plugins.orgdes.OrgdesSweeper"
    params: dict[str, Any] | None = field(default_factory=dict)


@dataclass
class OrgdesLauncherConf:
    """Nothing to set: workers and backend are `experiment.jobs` and `experiment.backend`."""

    _target_: str = "hydra_plugins.orgdes.OrgdesLauncher"


ConfigStore.instance().store(group="hydra/sweeper", name="orgdes", node=OrgdesSweeperConf, provider="orgdes")
ConfigStore.instance().store(
    group="hydra/launcher", name="orgdes", node=OrgdesLauncherConf, provider="orgdes"
)


class OrgdesSweeper(Sweeper):
    """Turns axes, intervals and design tables into one list of override lists."""

    def __init__(self, params: Any = None) -> None:
        self.params = dict(params or {})

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        from hydra.core.plugins import Plugins

        self.config, self.hydra_context, self.task_function = config, hydra_context, task_function
        self.launcher = Plugins.instance().instantiate_launcher(
            hydra_context=hydra_context, task_function=task_function, config=config
        )

    def sweep(self, arguments: list[str]) -> Any:
        from sim.cli.launch import session_of

        assert self.launcher is not None
        jobs = session_of(self.task_function).jobs
        returns = self.launcher.launch(jobs, initial_job_idx=0)
        for job in returns:
            _ = job.return_value  # raises what a job of another launcher has raised
        return [returns]


class OrgdesLauncher(Launcher):
    """Checks every scenario, then runs them as one study with one progress bar and one results folder."""

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        self.config, self.hydra_context, self.task_function = config, hydra_context, task_function

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        from sim.cli.launch import launch

        return launch(self.task_function, job_overrides)
