"""Does the fitted company behave like the part of the log it has not seen?

Invariant: of a later period only the tickets that came and the hours in which people were active are used,
without which two periods could not be compared; a later part of the log that holds other tickets than before
is named.
"""

from dataclasses import dataclass
from math import log

import numpy as np

from sim.fit.calibrate import Calibration, run
from sim.fit.demand_profile import Window
from sim.fit.effort import presence
from sim.fit.estimate import Estimate, at_another_time
from sim.fit.events import Flags
from sim.fit.measures import Row, observed, rows, simulated

FEWEST = 50
QUICK = 0.25
GONE = 0.1


@dataclass(frozen=True)
class Break:
    """From `moment` (open hours) on, quick tickets are all but missing: `before` and `after` are their
    shares, `tickets` how many tickets came after it, `shortest` the shortest time of the quickest but one in
    a hundred.
    """

    moment: float
    before: float
    after: float
    tickets: int
    shortest: float


@dataclass(frozen=True)
class Comparison:
    """A period of the log beside its simulation.

    `demand`, `capacity`: tickets a week and people's active hours a week, over those of the fitted period;
    `mix`: share of each product.
    """

    name: str
    window: Window
    tickets: int
    demand: float
    capacity: float
    mix: tuple[float, ...]
    rows: tuple[Row, ...]


def change_of_selection(found: Estimate) -> Break | None:
    """The week from which on the log no longer holds quick tickets, if there is one after the part used for
    fitting.

    Quick: faster than the quickest quarter of the tickets used for fitting. The week is the one that best
    divides the rest of the log into two shares of quick tickets (likelihood); it counts when the later share
    is at most a tenth of the usual one, in at least 50 tickets.
    """
    time, arrival = found.tickets.time_in_system, found.tickets.arrival
    limit = float(np.quantile(time[found.used], QUICK))
    rest = arrival >= found.window.last
    weeks = np.arange(found.window.last, float(arrival.max()), found.window.week)
    weeks = weeks[[(arrival >= week).sum() >= FEWEST for week in weeks]]
    if not len(weeks):
        return None
    quick = time <= limit
    likely = [
        _likelihood(quick[rest & (arrival < week)]) + _likelihood(quick[arrival >= week]) for week in weeks
    ]
    week = float(weeks[int(np.argmax(likely))])
    later = arrival >= week
    share = float(quick[later].mean())
    if share > GONE * QUICK:
        return None
    return Break(week, QUICK, share, int(later.sum()), float(np.quantile(time[later], 0.01)))


def _likelihood(quick: Flags) -> float:
    """Log-likelihood of a share of quick tickets at its best estimate."""
    count, hits = len(quick), int(quick.sum())
    if hits in (0, count):
        return 0.0
    return hits * log(hits / count) + (count - hits) * log(1 - hits / count)


def compare(found: Estimate, calibration: Calibration, changed: Break | None) -> list[Comparison]:
    """The fitted period, the rest of the log, and the rest up to a change of selection, real beside
    simulated."""
    week, end = found.window.week, float(found.tickets.arrival.max()) + 1e-9
    periods = [("used for fitting", found.window)]
    if found.window.last < end:
        periods.append(("kept for the check", Window(found.window.last, end, week)))
        if changed is not None:
            periods.append(
                ("kept for the check, up to the change", Window(found.window.last, changed.moment, week))
            )
    return [_compared(found, calibration, name, window) for name, window in periods if window.weeks >= 4]


def _compared(found: Estimate, calibration: Calibration, name: str, window: Window) -> Comparison:
    present = presence(found.tickets, found.effort, window.first, window.last)
    capacity = present.available * present.in_post / (found.presence.available * found.presence.in_post)
    real = observed(found, window, calibration.restate / capacity)
    if window == found.window:
        runs = list(calibration.runs)
    else:
        then = at_another_time(found, window)
        scenario, trajectories = run(
            then, calibration.work / capacity, calibration.resting, calibration.levers
        )
        runs = simulated(scenario, then, trajectories)
    inside = (found.tickets.arrival >= window.first) & (found.tickets.arrival < window.last)
    counts = np.bincount(found.products.of[inside], minlength=len(found.products.names))
    demand = real.arrivals_per_week / (found.used.sum() / found.window.weeks)
    mix = tuple((counts / counts.sum()).tolist())
    return Comparison(name, window, int(inside.sum()), float(demand), capacity, mix, tuple(rows(real, runs)))
