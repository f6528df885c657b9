"""When customers ask: renewal processes per customer, run on a clock that the demand profile stretches.

Invariant: the n-th request of a customer depends on that customer's address and on the demand alone; a longer
horizon adds requests at the end and moves none.
"""

import math

import numpy as np
from numpy.typing import NDArray

from sim.draws import PURPOSE_ARRIVAL, PURPOSE_BATCH, uniform
from sim.jit import compiled
from sim.mechanisms.markets import is_open
from sim.model.scenario import Scenario
from sim.rules.batches import batch_size
from sim.rules.grid import on_grid
from sim.rules.laws import (
    LAW_DETERMINISTIC,
    LAW_EXPONENTIAL,
    LAW_LOGNORMAL,
    LAW_TRACE,
    Packed,
    draw,
    mean,
)
from sim.rules.sampling import draws

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Ids = NDArray[np.int32]
YEAR_WEEKS = 52
MOST_AHEAD = 1e6
"""Times between calls drawn together for a customer; further ones are drawn one by one."""
CROWDED = 64
"""Times in one bucket above which another way of sorting is faster."""


def demand_clock(scenario: Scenario, weeks: int) -> Floats:
    """Demand that has passed by the end of each open hour, one row per segment; empty when demand is level.

    Returns
    -------
    (S, hours + 1) cumulative factors starting at 0, in hours of level demand; (0, 0) when nothing varies.
    """
    demand, company = scenario.demand, scenario.company
    profile = company.profile
    patterned = demand.profile and (profile.hour_of_day or profile.day_of_week or profile.month_of_year)
    enters = any(about.opens or about.closes for about in company.segments.values())
    if not (patterned or demand.surges or demand.trend_per_year or enters):
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
    for row, about in enumerate(company.segments.values()):
        rows[row, ~is_open(week, about.opens, about.closes)] = 0.0
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
    low = high = min(int(passed / clock[last] * last), last - 1)  # about right: demand is nearly even
    reach = 1
    while low > 0 and clock[low] > passed:
        high = low
        low = max(low - reach, 0)
        reach *= 2
    while clock[high] <= passed:
        low = high
        high = min(high + reach, last)
        reach *= 2
    while high - low > 1:
        middle = (low + high) // 2
        if clock[middle] <= passed:
            low = middle
        else:
            high = middle
    return float(low + (passed - clock[low]) / (clock[high] - clock[low]))


def all_arrivals(
    states: Integers, segments: Integers, gaps: Packed, batch: Packed, scale: float, clocks: Floats,
    until: float,
) -> tuple[Integers, Floats]:  # fmt: skip
    """Number of requests of each customer, and their times in order of customer and number.

    Parameters
    ----------
    states, segments : (c,) address and segment of each customer.
    gaps, batch : laws of the time between calls and of requests per call, by segment.
    scale : factor on demand, > 0.
    clocks : see `demand_clock`.
    until : end of the time that counts, in open hours.
    """
    ahead = calls_ahead(gaps, scale, np.full(len(gaps.kinds), until) if len(clocks) == 0 else clocks[:, -1])
    drawn = gaps_ahead(states, segments, gaps, ahead)
    counts, times = np.zeros(len(states), np.int64), np.empty(max(1024, 16 * len(states)))
    given = states, segments, gaps, batch, scale, clocks, until, ahead, drawn
    reached = 0
    while True:
        reached = fill_arrivals(*given, counts, times, reached)
        if reached == len(states):
            return counts, times[: counts.sum()]
        times = np.concatenate([times, np.empty(3 * len(times))])


def calls_ahead(gaps: Packed, scale: float, demand: Floats) -> Integers:
    """How many times between calls are drawn together for each customer, by segment; enough for most.

    demand : (S,) hours of level demand until the end. None where each value has to be found alone anyway.
    """
    ahead = np.zeros(len(gaps.kinds), np.int64)
    for row, kind in enumerate(gaps.kinds.tolist()):
        if kind in (LAW_LOGNORMAL, LAW_EXPONENTIAL):
            expected = demand[row] * scale / mean(kind, gaps.firsts[row], gaps.seconds[row], gaps.table, 0, 0)
            ahead[row] = min(expected + 2.0 * math.sqrt(expected) + 2.0, MOST_AHEAD)
    return ahead


def gaps_ahead(states: Integers, segments: Integers, gaps: Packed, ahead: Integers) -> Floats:
    """The first times between calls of every customer, one customer after the other."""
    size = ahead[segments].sum()
    rows, calls, drawn = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size)
    fill_uniforms(states, segments, ahead, rows, calls, drawn)
    draws(gaps, rows, calls, drawn)
    return drawn


@compiled
def fill_uniforms(
    states: Integers, segments: Integers, ahead: Integers, rows: Integers, calls: Integers, drawn: Floats
) -> None:
    """Segment, number and uniform of each call."""
    place = 0
    for customer in range(len(states)):
        for call in range(ahead[segments[customer]]):
            rows[place] = segments[customer]
            calls[place] = call
            drawn[place] = uniform(states[customer], PURPOSE_ARRIVAL, 0, call)
            place += 1


@compiled
def fill_arrivals(
    states: Integers, segments: Integers, gaps: Packed, batch: Packed, scale: float, clocks: Floats,
    until: float, ahead: Integers, drawn: Floats, counts: Integers, times: Floats, customer: int,
) -> int:  # fmt: skip
    """Arrivals of customer after customer, from `customer` on; those before are in counts and times already.

    Returns the first customer for whom there was no room.
    """
    filled, gap_before = 0, 0
    for before in range(customer):
        filled += counts[before]
        gap_before += ahead[segments[before]]
    clock = np.empty(0)
    for one in range(customer, len(states)):
        state, segment = states[one], segments[one]
        if len(clocks):
            clock = clocks[segment]
        alone = batch.kinds[segment] == LAW_DETERMINISTIC and batch.firsts[segment] <= 1.0
        passed, found, call = 0.0, 0, 0
        while True:
            if call < ahead[segment]:
                passed += drawn[gap_before + call] / scale
            else:
                passed += drawn_alone(gaps, segment, state, PURPOSE_ARRIVAL, call, call) / scale
            time = passed if len(clock) == 0 else calendar_time(passed, clock)
            if not time < until:
                break
            time = on_grid(time)
            if not time < until:
                break
            size = 1 if alone else size_of_call(batch, segment, state, call)
            for place in range(filled + found, min(filled + found + size, len(times))):
                times[place] = time
            found += size
            call += 1
        if filled + found > len(times):
            return one
        counts[one] = found
        filled += found
        gap_before += ahead[segment]
    return len(states)


@compiled
def drawn_alone(laws: Packed, segment: int, state: int, purpose: int, call: int, index: int) -> float:
    """One value of a segment's law."""
    u = uniform(state, purpose, 0, call)
    law = laws.kinds[segment], laws.firsts[segment], laws.seconds[segment], laws.table
    return draw(*law, laws.starts[segment], laws.counts[segment], u, index)


@compiled
def size_of_call(batch: Packed, segment: int, state: int, call: int) -> int:
    """Requests that come with this call; a trace that has run out starts again."""
    index = call % batch.counts[segment] if batch.kinds[segment] == LAW_TRACE else call
    return batch_size(drawn_alone(batch, segment, state, PURPOSE_BATCH, call, index))


@compiled
def sorted_by_bucket(times: Floats, until: float, ranks: Ids) -> bool:
    """Write the place of each time in order of time, equal ones as given; False if it would take long.

    times : (n,) between 0 and until, most of them spread evenly. ranks : (n,) for the result.
    """
    count = len(times)
    starts, ids = np.zeros(count + 1, np.int32), np.empty(count, np.int32)
    per_hour = count / until
    for one in range(count):
        starts[min(int(times[one] * per_hour), count - 1) + 1] += 1
    for bucket in range(count):
        if starts[bucket + 1] > CROWDED:
            return False
        starts[bucket + 1] += starts[bucket]
    ends = starts.copy()
    for one in range(count):
        bucket = min(int(times[one] * per_hour), count - 1)
        place = ends[bucket]
        ends[bucket] = place + 1
        while place > starts[bucket] and times[ids[place - 1]] > times[one]:
            ids[place] = ids[place - 1]
            place -= 1
        ids[place] = one
    for place in range(count):
        ranks[ids[place]] = place
    return True


def places_in_time(times: Floats, until: float) -> Ids:
    """Place of each time in order of time, (n,); equal ones keep the order given."""
    ranks = np.empty(len(times), np.int32)
    if not sorted_by_bucket(times, until, ranks):
        ranks[np.argsort(times, kind="stable")] = np.arange(len(times))
    return ranks
