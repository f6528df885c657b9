"""orgdes: which organisation serves its customers best?

Start with `load_scenario`, play one replication with `simulate`, look at it with `measure`, or compare
several structures properly with `compare_structures`. Each function says what it takes: `help(sim.simulate)`.

Invariant: each name imports what it needs when it is used, so `import sim` costs nothing; lower layers import
submodules, never these names.
"""

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.compare import Comparison
    from sim.model.mistake import BadScenario
    from sim.model.scenario import Scenario
    from sim.report.same_service import Staffing
    from sim.study.results import Results
    from sim.trajectory import Trajectory

__all__ = [
    "BadScenario",
    "Comparison",
    "Results",
    "Scenario",
    "Staffing",
    "Trajectory",
    "compare",
    "compare_structures",
    "load_results",
    "load_scenario",
    "measure",
    "simulate",
    "staff",
]
__version__ = "0.1.0"

_KINDS = {
    "BadScenario": "sim.model.mistake",
    "Comparison": "sim.analysis.compare",
    "Results": "sim.study.results",
    "Scenario": "sim.config.loading",
    "Staffing": "sim.report.same_service",
    "Trajectory": "sim.trajectory",
}
"""What the functions take and give, and the module that has it; the door also teaches a Scenario `with_`."""


def __getattr__(name: str) -> Any:
    """A class, imported when it is asked for."""
    if name in _KINDS:
        return getattr(import_module(_KINDS[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def load_scenario(overrides: Iterable[str] = (), config_dir: str | Path | None = None) -> "Scenario":
    """A checked scenario from the shipped configuration, the user's own files and overrides.

    Parameters
    ----------
    overrides : list of texts as on the command line, one value each: groups such as `"structure=customer"`,
        and values by dotted key such as `"demand.scale=1.2"`. `orgdes --help` lists the groups,
        docs/parameters.md every key with unit, range and evidence.
    config_dir : folder with own `company/`, `structure/` ... files, searched first.

    Returns
    -------
    Scenario
        frozen; `with_` gives a changed copy, `model_dump()` everything as plain data.

    Raises
    ------
    BadScenario
        (a ValueError) with every mistake at once: where, what, what is allowed. `.mistakes` lists them.
    TypeError
        when the overrides are no list of texts.

    >>> load_scenario(["structure=customer", "demand.scale=1.2"])
    <Scenario customer: default, 24 people, 104 weeks, 20 replications>
    """
    from sim.config.loading import load

    return load(overrides, config_dir)


def simulate(
    scenario: "Scenario", replication: int = 0, engine: Literal["compiled", "simpy"] | None = None
) -> "Trajectory":
    """Play one replication of a scenario.

    The same scenario and number give the same history, to the last bit. Under one number all structures meet
    the same world: the same customers ask for the same things at the same times.

    Parameters
    ----------
    scenario : what `load_scenario` gives.
    replication : number of the replication, from 0; it addresses all random numbers.
    engine : "compiled" (fast), "simpy" (to read), or None for `experiment.engine`. Both give the same bits.

    Returns
    -------
    Trajectory
        tables of facts, one row each: `requests` (arrival, done, status, handoffs ...), `visits` (one a step:
        who, where, when, hours by kind), `duties` (time of people outside steps), `people`. Times are open
        hours from the start. `frame("requests")` gives a pandas frame with names, `parts()` where the time of
        each request went. What arrived before `warm_up` or after `horizon` is not measured.

    Raises
    ------
    TypeError, ValueError
        for an argument that is none of these.
    BadScenario
        when the staff cannot be spread over the departments.

    >>> simulate(load_scenario(["experiment.horizon_weeks=8", "experiment.warm_up_weeks=1"])).horizon
    320.0
    """
    from sim.replication import simulate as play

    return play(scenario, replication, engine)


def measure(trajectory: "Trajectory") -> "pd.DataFrame":
    """The metrics of one replication: what a study keeps of it.

    One replication is one possible history; for a verdict take several, see `compare_structures`.

    Parameters
    ----------
    trajectory : what `simulate` gives.

    Returns
    -------
    pandas.DataFrame
        columns metric, scope (`company`, `segment:...`, `department:...`), value, unit. What each metric
        means stands in docs/model.md. Requests that arrived in the warm-up do not count.

    Raises
    ------
    TypeError
        for anything else.

    >>> short = ["experiment.horizon_weeks=8", "experiment.warm_up_weeks=1"]
    >>> list(measure(simulate(load_scenario(short))))
    ['metric', 'scope', 'value', 'unit']
    """
    import pandas as pd

    from sim.analysis.metrics import run_tables
    from sim.replication import prepare

    scenario = _is_a("Trajectory", trajectory, "simulate").scenario
    if scenario is None:
        raise TypeError("this trajectory does not know its scenario; simulate gives one that does")
    rows = run_tables(scenario, prepare(scenario)[1], trajectory)["metrics"]
    return pd.DataFrame(rows, columns=["metric", "scope", "value", "unit"])


def compare_structures(
    structures: "Sequence[str | Scenario]",
    overrides: Iterable[str] = (),
    *,
    replications: int | None = None,
    config_dir: str | Path | None = None,
    folder: str | Path | None = None,
) -> "Comparison":
    """Run several structures in the same worlds and compare them, in one call.

    Parameters
    ----------
    structures : names of structures, `["function", "customer"]`, or scenarios; the first is the reference.
    overrides : settings of all of them, as for `load_scenario`.
    replications : how many histories of each; None takes `experiment.replications` (20). Five is the least
        that is ranked.
    config_dir : folder with own files, as for `load_scenario`.
    folder : where the results are kept; the same call goes on there where it stopped. None keeps nothing.

    Returns
    -------
    Comparison
        frames: `estimates` (means with intervals), `differences` (paired, with a verdict in words),
        `leaders`, `gaps` (where a difference comes from), `status` (which may be ranked, and why not).

    Raises
    ------
    BadScenario
        with the mistakes of all scenarios at once; nothing is run then.
    TypeError
        for an argument of another kind.

    >>> short = ["experiment.horizon_weeks=8", "experiment.warm_up_weeks=1", "experiment.backend=serial"]
    >>> compare_structures(["function", "customer"], short, replications=2)
    <Comparison of 2 scenarios: function, customer>
    """
    from sim.config.loading import compared

    return compared(structures, overrides, replications, config_dir, folder)


def staff(
    structures: "Sequence[str | Scenario]",
    targets: "Mapping[str, float]",
    overrides: Iterable[str] = (),
    *,
    replications: int | None = None,
    confidence: float = 0.95,
    most: int = 200,
    around: int = 4,
    config_dir: str | Path | None = None,
    folder: str | Path | None = None,
) -> "Staffing":
    """The fewest people with which each structure gives the same service, and what that costs.

    Parameters
    ----------
    structures : names of structures, or scenarios; the first is the reference.
    targets : metric to limit, `{"within_promise": 0.9}`; of a segment `{"private.satisfaction": 70}`. Shares
        run from 0 to 1, times are open hours.
    overrides : settings of all of them, as for `load_scenario`.
    replications : fresh histories of each staff at least; None takes `experiment.replications` (20).
    confidence : with which the true means under the people told meet every target.
    most : people on the payroll at most.
    around : people more and fewer that are shown in `frontier`.
    config_dir : folder with own files, as for `load_scenario`.
    folder : where the results are kept; the same call goes on there where it stopped. None keeps nothing.

    Returns
    -------
    Staffing
        `answer` in sentences, and frames: `structures` (people, workers by department, cost, what one person
        fewer breaks, the difference from the first), `frontier` (cost and service over numbers of people).

    Raises
    ------
    BadScenario
        with the mistakes of all scenarios and targets at once; nothing is run then.
    TypeError
        for an argument of another kind.

    >>> staff(["function"], 0.9)
    Traceback (most recent call last):
    TypeError: targets are metrics with limits, {"within_promise": 0.9}; 0.9 is none
    """
    from sim.config.loading import staffed

    settings = {"confidence": confidence, "most": most, "around": around}
    return staffed(structures, targets, overrides, replications, settings, config_dir, folder)


def compare(results: "Results") -> "Comparison":
    """Stored results compared: structures side by side, with intervals and paired differences.

    Parameters
    ----------
    results : what `load_results` gives.

    Returns
    -------
    Comparison
        frames, see `compare_structures`; `help(sim.Comparison)` lists their columns.

    Raises
    ------
    TypeError
        for anything else.

    >>> compare("results/mine")
    Traceback (most recent call last):
    TypeError: results is what load_results gives; 'results/mine' is a str
    """
    from sim.analysis.compare import compare as side_by_side

    return side_by_side(_is_a("Results", results, "load_results"))


def load_results(folder: str | Path) -> "Results":
    """The stored results of a run.

    Parameters
    ----------
    folder : a folder that `orgdes` or `compare_structures` wrote.

    Returns
    -------
    Results
        pandas frames: `results` (one row a replication, metric and scope), `scenarios`, `extras` (by name),
        and `manifest`, which says where they come from.

    Raises
    ------
    DamagedResults
        when the folder holds no results, or a file is not the one that its manifest lists.
    TypeError
        for anything that is no path.

    >>> load_results("nowhere")
    Traceback (most recent call last):
    sim.study.results.DamagedResults: nowhere is not a folder of results
    """
    from sim.study.results import load_results as load

    if not isinstance(folder, str | Path):
        raise TypeError(f"folder is a path; {folder!r} is a {type(folder).__name__}")
    return load(Path(folder))


def _is_a(kind: str, value: Any, source: str) -> Any:
    if not isinstance(value, __getattr__(kind)):
        name = kind.lower()
        raise TypeError(f"{name} is what {source} gives; {value!r} is a {type(value).__name__}")
    return value
