"""One config run on its own: `hydra.mode=RUN`, or Hydra's basic launcher, once for each scenario.

Invariant: one scenario is a sweep of one; it passes the same checks and leaves the same kind of folder.
"""

from typing import TYPE_CHECKING

from sim.door.compose import composer_for
from sim.door.launch import run_jobs
from sim.door.session import Session

if TYPE_CHECKING:
    from omegaconf import DictConfig


def run_single(session: Session, config: "DictConfig", hydra_part: "DictConfig") -> int:
    """Check and run the scenario that Hydra has composed.

    Parameters
    ----------
    config : the application's part of the config.
    hydra_part : Hydra's part of it.
    """
    from omegaconf import OmegaConf

    composer = composer_for(session.arguments.config_dir, hydra_part.job.config_name)
    whole = OmegaConf.create({"hydra": hydra_part, "sweep": config.sweep})
    run_jobs(session, composer, whole, [list(hydra_part.overrides.task)])
    return session.exit_code
