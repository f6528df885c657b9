"""From effort to work content: what remains when people's experience, rework and rereading are taken out.

Invariant: the work content written down, simulated in today's structure, costs the hours that were estimated.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.fit import company as built
from sim.fit import resting_time
from sim.fit.estimate import Estimate
from sim.fit.events import Floats
from sim.fit.measures import Measures, simulated, times_in_system
from sim.fit.resting_time import RestingTime
from sim.model.check import scenario as checked
from sim.model.scenario import Scenario
from sim.replication import simulate
from sim.trajectory import DONE, OUTSIDE, Trajectory

Levers = dict[str, dict[str, Any]]
SETTLING = 3
REPLICATIONS, FEWEST_REPLICATIONS = 8, 3
WEEKS, FEWEST_WEEKS = 104, 26
ENOUGH = 30_000
"""Tickets that are enough for a simulation of the present; of a large company fewer weeks are played."""
WARM_UP_WEEKS = 8
HIGHEST_LOAD = 0.85
"""Today's structure is not loaded more than this: the other structures need room too."""
CLOSE = 0.02
STEPS = 8
MISSED, MISSED_FROM_BEGIN = 0.1, 0.5
"""Relative errors of the mean time in system that make a fit unfit; wider where hours were seen and kept."""
TRY = (
    "Try --set 'coordination.handoff={law: lognormal, mean: 0.1, cv: 1}' if work changes hands fast, "
    "another --session-hours, or --outside for activities that begin a wait"
)


@dataclass(frozen=True)
class Calibration:
    """What the simulated present was fitted with.

    `restate`: hours of an average seat for an hour of effort; `from_shares`: the restating that people's
    active hours say. `work`: functions x products, work content in the file; `multiplier`: hours it costs for
    an hour of work content. `resting`: time in system left over. `unrested`: mean time in system without it.
    `bound`: what made `restate` differ from `from_shares`, or nothing. `missed`: by how much times were
    missed and what to try, or nothing.
    """

    restate: float
    from_shares: float
    work: Floats
    multiplier: Floats
    resting: RestingTime | None
    unrested: float
    runs: tuple[Measures, ...]
    bound: str
    missed: str
    levers: Levers


def plain(found: Estimate, work: Floats, resting: RestingTime | None, levers: Levers) -> dict[str, Any]:
    """The fitted present as a plain scenario; `levers`: group -> settings that differ from the defaults."""
    return {
        **levers,
        "company": built.company(found, "fit", "fit", work, resting),
        "structure": built.structure(found, "fit"),
        "staffing": built.staffing(found, today=True),
        "experiment": {
            "horizon_weeks": WARM_UP_WEEKS + size(found)[0],
            "warm_up_weeks": WARM_UP_WEEKS,
            "seed": 1,
        },
    }


def size(found: Estimate) -> tuple[int, int]:
    """Weeks and replications of a simulation of the present."""
    rate = float(found.used.sum()) / found.window.weeks
    weeks = min(WEEKS, max(FEWEST_WEEKS, round(ENOUGH / (rate * REPLICATIONS))))
    return weeks, min(REPLICATIONS, max(FEWEST_REPLICATIONS, round(ENOUGH / (rate * weeks))))


def run(
    found: Estimate, work: Floats, resting: RestingTime | None, levers: Levers
) -> tuple[Scenario, list[Trajectory]]:
    """Replications of the fitted present."""
    scenario = checked(plain(found, work, resting, levers))
    return scenario, [simulate(scenario, replication) for replication in range(size(found)[1])]


def calibrate(
    found: Estimate, levers: Levers | None = None, notify: Callable[[str], None] = lambda text: None
) -> Calibration:
    """Restate work so that today's structure, simulated, takes the hours it took, and as long as it took.

    An hour of effort becomes the hours of a person with the share of time that people's active hours show.
    Work content is that over the multiplier of experience, rework and rereading, refitted until it stays.
    Where tickets then take less time than they did, the resting time is written down as `resting`; where
    they take longer, people must have had more time, and the restating is lowered; not so where the log
    says when work begins, because hours that were seen are not traded for times.

    Parameters
    ----------
    levers : how people learn, what borders cost and the like, where not the defaults: a log cannot show them.
    notify : is called with a line of progress after each simulation.
    """
    start = 1.0 / found.presence.available
    aim = 1.0 if found.shows_begins else start
    real = found.tickets.time_in_system[found.used]
    levers = levers or {}
    present = _Present(found, min(aim, aim * HIGHEST_LOAD / offered(found, aim)), levers, notify)
    bound = "" if present.restate == start else f"the highest load allowed, {HIGHEST_LOAD:.0%}"
    if present.restate == aim != start:
        bound = "what the log shows: work takes as long as from its begin to its end"
    for _ in range(SETTLING):
        present.play()
    if present.times.mean() > real.mean() * (1 + CLOSE) and not found.tickets.from_begin:
        bound = "the real time in system, which more load would exceed"
        _lower(present, float(real.mean()))
    work, unrested = present.work, float(present.times.mean())
    resting = resting_time.fit(real, present.times, resting_time.longest_gap(found.tickets))
    scenario, runs = run(found, work, resting, levers)
    if resting is not None:
        gained = float(_times(found, runs).mean()) - unrested
        resting = replace(resting, mean=resting.mean * (float(real.mean()) - unrested) / gained)
        scenario, runs = run(found, work, resting, levers)
    reached = float(_times(found, runs).mean())
    notify(f"with tickets at rest: {reached:.1f} h in the system, really {real.mean():.1f} h")
    missed = _missed(reached, float(real.mean()), MISSED_FROM_BEGIN if found.tickets.from_begin else MISSED)
    measured = tuple(simulated(scenario, found, runs))
    return Calibration(
        present.restate, start, work, present.multiplier, resting, unrested, measured, bound, missed, levers
    )


def _missed(reached: float, real: float, tolerance: float) -> str:
    """What to say of a present whose tickets take other times than they did.

    >>> _missed(2.0, 1.0, 0.1).partition(";")[0]
    'today, simulated, takes 2.0 h a ticket where the log takes 1.0 h (+100 %)'
    """
    error = reached / real - 1 if real else float(reached > CLOSE)
    if abs(error) <= tolerance:
        return ""
    figures = f"today, simulated, takes {reached:.1f} h a ticket where the log takes {real:.1f} h"
    return f"{figures} ({error * 100:+.0f} %); a comparison of structures would rest on nothing. {TRY}"


class _Present:
    """The present under one restating: its work content, refitted by each simulation, and the times it
    gives."""

    def __init__(self, found: Estimate, restate: float, levers: Levers, notify: Callable[[str], None]):
        self.found, self.restate, self.levers, self.notify = found, restate, levers, notify
        self.multiplier = np.full(found.work.shape, 1.5)
        self.times = np.zeros(1)

    @property
    def work(self) -> Floats:
        """Work content in hours of a fully experienced person."""
        result: Floats = self.found.work * self.restate / self.multiplier
        return result

    def play(self) -> None:
        """Simulate, and take the multiplier from what was simulated."""
        _, runs = run(self.found, self.work, None, self.levers)
        self.multiplier, self.times = _multiplier(self.found, runs, self.multiplier), _times(self.found, runs)
        self.notify(f"load {offered(self.found, self.restate):.0%}: {self.times.mean():.1f} h in the system")


def _lower(present: _Present, target: float) -> None:
    """Halve towards the restating whose time in system is the real one."""
    low, high = 0.0, present.restate
    for _ in range(STEPS):
        present.restate = (low + high) / 2
        present.play()
        if abs(present.times.mean() / target - 1) <= CLOSE:
            return
        low, high = (low, present.restate) if present.times.mean() > target else (present.restate, high)


def offered(found: Estimate, restate: float) -> float:
    """Restated hours of work over the hours of all seats in the period that was used."""
    hours = np.nansum(found.effort.hours[found.used[found.tickets.events.ticket]])
    return float(hours * restate / (found.seats * found.window.weeks * found.window.week))


def _times(found: Estimate, runs: Sequence[Trajectory]) -> Floats:
    """Open hours in the system of all resolved requests that came after the warm-up."""
    parts = []
    for one in runs:
        requests = one.requests
        mine = (
            (requests["arrival"] >= one.warm_up)
            & (requests["arrival"] < one.horizon)
            & (requests["status"] == DONE)
        )
        parts.append(times_in_system(found.tickets, requests[mine]))
    return np.concatenate(parts)


def _multiplier(found: Estimate, runs: Sequence[Trajectory], before: Floats) -> Floats:
    """Hours spent, rework and triage included, for each hour of work content of first visits."""
    spent, content = np.zeros(before.shape), np.zeros(before.shape)
    for one in runs:
        rows = one.visits
        rows = rows[(rows["kind"] != OUTSIDE) & np.isfinite(rows["end"]) & (rows["start"] >= one.warm_up)]
        function = np.array([_place(name, found.tickets.functions) for name in one.names["function"]])
        product = np.array([_place(name, found.products.names) for name in one.names["product"]])
        cells = function[rows["function"]], product[rows["product"]]
        np.add.at(spent, cells, rows["end"] - rows["start"])
        np.add.at(content, cells, np.where(rows["visit"] == 0, rows["work"], 0.0))
    result: Floats = np.where(content > 0, spent / np.maximum(content, 1e-12), before)
    return result


def _place(name: str, names: Sequence[str]) -> int:
    return list(names).index(name) if name in names else 0
