"""One composed config run on its own: `hydra.mode=RUN`, or Hydra's basic launcher, once for each scenario.

Invariant: one scenario is a sweep of one; it passes the same checks and leaves the same kind of folder.
"""

from typing import TYPE_CHECKING, Any

from sim.door.compose import NOT_SCENARIO
from sim.door.folders import study_folder
from sim.door.launch import study_name
from sim.door.session import Session
from sim.door.study import run_study
from sim.door.telling import Refused, Told
from sim.model.check import mistakes

if TYPE_CHECKING:
    from omegaconf import DictConfig


def run_single(session: Session, config: "DictConfig", whole: "DictConfig") -> int:
    """Check and run one scenario.

    Parameters
    ----------
    config : the application's part of the config.
    whole : the config with Hydra's part.
    """
    from omegaconf import OmegaConf

    from sim.study.design import Row

    plain: Any = OmegaConf.to_container(config, resolve=True, enum_to_str=True)
    plain = {key: value for key, value in plain.items() if key not in NOT_SCENARIO}
    try:
        if found := mistakes(plain):
            raise Refused([Told("", mistake) for mistake in found])
        complete = OmegaConf.merge(config, {"hydra": whole})
        name, rows = study_name(complete), [Row(plain)]
        run_study(session, rows, study_folder(complete, rows, name), name)
    except Refused as refusal:
        raise session.refuse(refusal) from refusal
    return session.exit_code
