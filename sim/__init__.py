"""orgdes: which organisation serves its customers best?

The library's four names: `load_scenario`, `simulate`, `compare`, `load_results`. Invariant: each imports what
it needs when it is called, so `import sim` costs nothing; lower layers import submodules, never these names.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison
    from sim.model.scenario import Scenario
    from sim.study.results import Results
    from sim.trajectory import Trajectory

__all__ = ["compare", "load_results", "load_scenario", "simulate"]
__version__ = "0.1.0"


def load_scenario(overrides: Sequence[str] = (), config_dir: str | Path | None = None) -> "Scenario":
    """A checked scenario from the shipped configuration, the user's own files and overrides.

    Parameters
    ----------
    overrides : as on the command line, such as `["structure=customer", "demand.scale=1.2"]`.
    config_dir : folder with own `company/`, `structure/` ... files, searched first.

    Raises
    ------
    BadScenario
        with every mistake at once.
    """
    from sim.door.compose import load_plain
    from sim.model.check import scenario

    return scenario(load_plain(overrides, config_dir))


def simulate(
    scenario: "Scenario", replication: int = 0, engine: Literal["compiled", "simpy"] | None = None
) -> "Trajectory":
    """One replication of a scenario; see `sim.replication.simulate`."""
    from sim.replication import simulate as play

    return play(scenario, replication, engine)


def compare(results: "Results") -> "Comparison":
    """Structures side by side with intervals and paired differences; see `sim.analysis.compare.compare`."""
    from sim.analysis.compare import compare as side_by_side

    return side_by_side(results)


def load_results(folder: str | Path) -> "Results":
    """The stored results of a run; see `sim.study.results.load_results`."""
    from sim.study.results import load_results as load

    return load(Path(folder))
