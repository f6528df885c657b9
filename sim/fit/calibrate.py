"""From effort to work content: what remains when people's experience, rework and rereading are taken out
again.

Invariant: the work content written down, simulated in today's structure, costs the hours that were estimated.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.fit import company as built
from sim.fit.estimate import Estimate
from sim.fit.events import Floats
from sim.fit.measures import Measures, observed, simulated
from sim.model.check import scenario as checked
from sim.model.scenario import Scenario
from sim.replication import simulate
from sim.trajectory import OUTSIDE, Trajectory

SETTLING = 3
REPLICATIONS = 5
HORIZON_WEEKS = 112
WARM_UP_WEEKS = 8
HIGHEST_LOAD = 0.85
"""Today's structure is not loaded more than this: the other structures need room too."""
LOWEST_LOAD = 0.30
CLOSE = 0.02


@dataclass(frozen=True)
class Calibration:
    """`restate`: hours of an average seat for an hour of effort; `work`: functions x products, work content
    in the file; `multiplier`: hours it costs for an hour of work content, per function and product.

    `from_shares`: the restating that people's active hours alone would give. `bound`: which limit stopped the
    search for the real time in system, or nothing.
    """

    restate: float
    from_shares: float
    work: Floats
    multiplier: Floats
    runs: tuple[Measures, ...]
    bound: str

    @property
    def available(self) -> float:
        """Share of their time people give to these tickets, as calibrated."""
        return 1.0 / self.restate


def plain(found: Estimate, work: Floats, name: str = "fit", demand: float = 1.0) -> dict[str, Any]:
    """The fitted present as a plain scenario."""
    workers = built.seats(found)
    return {
        "company": built.company(found, name, "fit", work),
        "structure": built.structure(found, name),
        "staffing": built.staffing(found, True, built.managers_of(list(workers.values()))),
        "demand": {"scale": demand},
        "experiment": {"horizon_weeks": HORIZON_WEEKS, "warm_up_weeks": WARM_UP_WEEKS, "seed": 1},
    }


def run(
    found: Estimate, work: Floats, demand: float = 1.0, replications: int = REPLICATIONS
) -> tuple[Scenario, list[Trajectory]]:
    """Replications of the fitted present at a given demand."""
    scenario = checked(plain(found, work, demand=demand))
    return scenario, [simulate(scenario, replication) for replication in range(replications)]


def calibrate(found: Estimate, tell: Callable[[str], None] = lambda text: None) -> Calibration:
    """Restate work so that today's structure, simulated, takes the hours and as nearly as possible the time
    it took.

    The hours an average seat needs for an hour of effort start from people's active hours; as the log shows
    only a slice of people's time, they are then moved, between a load of 30 % and 85 %, until the simulated
    mean time in system meets the real one. Common random numbers make that a smooth search.

    `tell` is called with a line of progress after each simulation.
    """
    start = 1.0 / found.presence.available
    load = offered(found, start)
    target = observed(found, found.window, 1.0).time_in_system_mean
    multiplier = np.full(found.work.shape, 1.3)
    for _ in range(SETTLING):
        _, runs = run(found, found.work * start / multiplier)
        multiplier = _multiplier(found, runs, multiplier)
    tried: dict[float, Calibration] = {}

    def gap(restate: float) -> float:
        nonlocal multiplier
        scenario, runs = run(found, found.work * restate / multiplier)
        found_runs = tuple(simulated(scenario, found, runs))
        tried[restate] = Calibration(
            restate, start, found.work * restate / multiplier, multiplier, found_runs, ""
        )
        multiplier = _multiplier(found, runs, multiplier)
        mean = sum(one.time_in_system_mean for one in found_runs) / len(found_runs)
        tell(f"load {load * restate / start:.0%}: mean time in system {mean:.1f} h, real {target:.1f} h")
        return mean / target - 1.0

    best, bound = _search(gap, start * LOWEST_LOAD / load, start * HIGHEST_LOAD / load)
    return replace(tried[best], bound=bound)


def offered(found: Estimate, restate: float) -> float:
    """Restated hours of work over the hours of all seats in the period that was used."""
    hours = np.nansum(found.effort.hours[found.used[found.tickets.events.ticket]])
    return float(hours * restate / (found.seats * found.window.weeks * found.window.week))


def _search(gap: Callable[[float], float], low: float, high: float) -> tuple[float, str]:
    """False position with halving between two restatings; the end that is nearest when the target lies
    outside."""
    low_gap, high_gap = gap(low), gap(high)
    if low_gap >= 0:
        return low, f"a load of {LOWEST_LOAD:.0%}"
    if high_gap <= CLOSE:
        return high, f"a load of {HIGHEST_LOAD:.0%}" if high_gap < -CLOSE else ""
    for _ in range(12):
        middle = low + (high - low) * min(0.9, max(0.1, -low_gap / (high_gap - low_gap)))
        here = gap(middle)
        if abs(here) <= CLOSE:
            break
        if here < 0:
            low, low_gap = middle, here
        else:
            high, high_gap = middle, here
    return middle, ""


def _multiplier(found: Estimate, runs: Sequence[Trajectory], before: Floats) -> Floats:
    """Hours spent, rework and triage included, for each hour of work content of first visits."""
    spent, content = np.zeros(before.shape), np.zeros(before.shape)
    for trajectory in runs:
        visits = trajectory.visits
        inside = (
            (visits["kind"] != OUTSIDE) & np.isfinite(visits["end"]) & (visits["start"] >= trajectory.warm_up)
        )
        function = np.array([_place(name, found.tickets.functions) for name in trajectory.names["function"]])
        product = np.array([_place(name, found.products.names) for name in trajectory.names["product"]])
        rows = visits[inside]
        cells = function[rows["function"]], product[rows["product"]]
        np.add.at(spent, cells, rows["end"] - rows["start"])
        np.add.at(content, cells, np.where(rows["visit"] == 0, rows["work"], 0.0))
    result: Floats = np.where(content > 0, spent / np.maximum(content, 1e-12), before)
    return result


def _place(name: str, names: Sequence[str]) -> int:
    return list(names).index(name) if name in names else 0
