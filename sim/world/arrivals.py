"""When customers ask: renewal processes per customer, run on a clock that the demand profile stretches.

Invariant: the n-th request of a customer depends on that customer's address and on the demand alone; a longer
horizon adds requests at the end and moves none.
"""

import math

import numpy as np
from numpy.typing import NDArray

from sim.draws import PURPOSE_ARRIVAL, PURPOSE_BATCH, uniform
from sim.jit import compiled
from sim.model.scenario import Scenario
from sim.rules.grid import on_grid
from sim.rules.laws import LAW_TRACE, draw

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
YEAR_WEEKS = 52


def demand_clock(scenario: Scenario, weeks: int) -> Floats:
    """Demand that has passed by the end of each open hour, one row per segment; empty when demand is level.

    Returns
    -------
    (S, hours + 1) cumulative factors starting at 0, in hours of level demand; (0, 0) when nothing varies.
    """
    demand, company = scenario.demand, scenario.company
    profile = company.profile
    patterned = demand.profile and (profile.hour_of_day or profile.day_of_week or profile.month_of_year)
    if not (patterned or demand.surges or demand.trend_per_year):
        return np.zeros((0, 0))
    hours = math.ceil(weeks * scenario.week)
    week, day = hour_calendar(scenario, hours)
    factor = np.ones(hours)
    if patterned:
        per_day = company.clock.hours_per_day
        hour = (np.arange(hours) % per_day).astype(np.int64)
        months = np.arange(YEAR_WEEKS) * 12 // YEAR_WEEKS
        factor *= _scaled(profile.hour_of_day, np.arange(len(profile.hour_of_day)), hour)
        factor *= _scaled(profile.day_of_week, np.arange(len(profile.day_of_week)), day)
        factor *= _scaled(profile.month_of_year, months, months[week % YEAR_WEEKS])
    factor *= 1.0 + demand.trend_per_year * (week / YEAR_WEEKS)
    rows = np.tile(np.maximum(factor, 0.0), (len(company.segments), 1))
    for surge in demand.surges:
        during = (week >= surge.from_week) & (week < surge.to_week)
        for row, name in enumerate(company.segments):
            if surge.segment in (None, name):
                rows[row, during] *= surge.factor
    clock = np.zeros((len(rows), hours + 1))
    for row in range(len(rows)):
        running_sums(rows[row], clock[row])
    return clock


@compiled
def running_sums(values: Floats, sums: Floats) -> None:
    """Cumulative sums in order, into `sums`, one longer than `values` and starting with 0."""
    total = 0.0
    for position in range(len(values)):
        total += values[position]
        sums[position + 1] = total


def hour_calendar(scenario: Scenario, hours: int) -> tuple[Integers, Integers]:
    """Week and day of the week of each open hour, (hours,) each."""
    clock = scenario.company.clock
    day = (np.arange(hours) / clock.hours_per_day).astype(np.int64)
    return day // clock.days_per_week, day % clock.days_per_week


def _scaled(factors: tuple[float, ...], whole: Integers, index: Integers) -> Floats | float:
    """Factors at each index, scaled to mean 1 over a whole round of the pattern."""
    if not factors:
        return 1.0
    values = np.array(factors)
    return np.asarray(values * (len(whole) / math.fsum(values[whole])))[index]


@compiled
def calendar_time(passed: float, clock: Floats) -> float:
    """The open hour at which `passed` hours of level demand have gone by; infinite beyond the end.

    `clock` is one row of `demand_clock`, non-decreasing; time runs on linearly inside an hour.
    """
    last = len(clock) - 1
    if passed >= clock[last]:
        return math.inf
    low, high = 0, last
    while high - low > 1:
        middle = (low + high) // 2
        if clock[middle] <= passed:
            low = middle
        else:
            high = middle
    return float(low + (passed - clock[low]) / (clock[high] - clock[low]))


@compiled
def batch_size(drawn: float) -> int:
    """Requests that come together: the drawn number rounded, at least 1, at most a million.

    >>> batch_size(2.5), batch_size(0.2)
    (3, 1)
    """
    return math.floor(min(drawn, 1e6) + 0.5) if drawn > 1.0 else 1


@compiled
def mean_batch_size(kind: int, first: float, second: float, table: Floats, start: int, count: int) -> float:
    """Expected requests of a call, to within a ten-thousandth: at the midpoints of equal shares of luck."""
    points = count if kind == LAW_TRACE else 4096
    total = 0.0
    for point in range(points):
        total += batch_size(draw(kind, first, second, table, start, count, (point + 0.5) / points, point))
    return total / points


@compiled
def arrivals_of_customer(
    state: int,
    kind: int,
    first: float,
    second: float,
    table: Floats,
    start: int,
    count: int,
    batch_kind: int,
    batch_first: float,
    batch_second: float,
    batch_table: Floats,
    batch_start: int,
    batch_count: int,
    scale: float,
    clock: Floats,
    until: float,
    times: Floats,
) -> int:
    """Arrival times of one customer before `until`, in order, written to `times` as far as it reaches.

    Parameters
    ----------
    state : address of the customer.
    kind ... count, batch_kind ... batch_count : laws of the time between calls and of requests per call.
    scale : factor on demand, > 0.
    clock : a row of `demand_clock`, or empty when demand is level.
    until : end of the time that counts, in open hours.
    times : room for the result; may be too short.

    Returns
    -------
    Number of requests, even where it exceeds the room.
    """
    passed, found, call = 0.0, 0, 0
    while True:
        passed += (
            draw(kind, first, second, table, start, count, uniform(state, PURPOSE_ARRIVAL, 0, call), call)
            / scale
        )
        time = passed if len(clock) == 0 else calendar_time(passed, clock)
        if not time < until:
            return found
        time = on_grid(time)
        if not time < until:
            return found
        u = uniform(state, PURPOSE_BATCH, 0, call)
        together = draw(batch_kind, batch_first, batch_second, batch_table, batch_start, batch_count, u, call)
        for _ in range(batch_size(together)):
            if found < len(times):
                times[found] = time
            found += 1
        call += 1
