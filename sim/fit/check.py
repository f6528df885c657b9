"""Does the fitted company behave like the part of the log it has not seen?

Invariant: nothing is estimated here but the number of tickets a week, without which two periods of different
volume could not be compared; a later part of the log that holds other tickets than before is found and named.
"""

from dataclasses import dataclass

import numpy as np

from sim.fit.calibrate import Calibration, run
from sim.fit.estimate import Estimate
from sim.fit.measures import Row, observed, rows, simulated
from sim.fit.pattern import Window

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
    """A period of the log beside its simulation; `demand`: factor on the fitted number of tickets."""

    name: str
    window: Window
    tickets: int
    demand: float
    rows: tuple[Row, ...]


def change_of_selection(found: Estimate) -> Break | None:
    """The week from which on the log no longer holds quick tickets, if there is one after the part used for
    fitting.

    Quick: faster than the quickest quarter of the tickets used for fitting. All but missing: a tenth of that
    share at most, in the at least 50 tickets up to the end of the log.
    """
    time, arrival = found.tickets.time_in_system, found.tickets.arrival
    quick = float(np.quantile(time[found.used], QUICK))
    for week in np.arange(found.window.last, float(arrival.max()), found.window.week):
        later = arrival >= week
        if later.sum() < FEWEST:
            return None
        share = float((time[later] <= quick).mean())
        if share <= GONE * QUICK:
            return Break(float(week), QUICK, share, int(later.sum()), float(np.quantile(time[later], 0.01)))
    return None


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
    real = observed(found, window, calibration.restate)
    usual = observed(found, found.window, calibration.restate).arrivals_per_week
    demand = real.arrivals_per_week / usual
    if window == found.window:
        runs = list(calibration.runs)
    else:
        scenario, trajectories = run(found, calibration.work, demand)
        runs = simulated(scenario, found, trajectories)
    tickets = int(((found.tickets.arrival >= window.first) & (found.tickets.arrival < window.last)).sum())
    return Comparison(name, window, tickets, demand, tuple(rows(real, runs)))
