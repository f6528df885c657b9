"""Scenario -> the exogenous world of a replication, as arrays with one entry per request, in order of
arrival.

Invariant: request n of customer i has the same arrival, product, work, patience and draws under every
structure.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.draws import (
    PURPOSE_CHANGE,
    PURPOSE_CORRECTED,
    PURPOSE_OUTSIDE,
    PURPOSE_PATIENCE,
    PURPOSE_PRODUCT,
    PURPOSE_VISIT,
    PURPOSE_WORK,
    child,
    children,
    root,
    text_key,
    uniform,
    uniforms,
)
from sim.jit import compiled, inlined
from sim.model.scenario import Scenario
from sim.rules.elementary import logarithm
from sim.rules.grid import on_grid, put_on_grid
from sim.rules.laws import Packed
from sim.rules.sampling import TOGETHER, draws
from sim.world.arrivals import all_arrivals, demand_clock, places_in_time
from sim.world.customer_model import CustomerModel
from sim.world.recognition import recognised_segments
from sim.world.recorded import Steps, steps_like_past_cases

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Ids = NDArray[np.int32]
"""Half the memory: there are many requests, but not that many of anything."""
Few = NDArray[np.int16]
"""For what there are a handful of, as functions."""


@dataclass(frozen=True)
class World:
    """One replication's customers and requests; n requests in order of arrival, m steps, c customers.

    Attributes
    ----------
    customer, number, segment, product : (n,) ids; number counts a customer's requests from 0.
    state : (n,) address of each request's draws.
    arrival, promise, patience : (n,) open hours; promise and patience counted from arrival.
    first_step : (n + 1,) slices of the step arrays.
    step_position, step_function : (m,) place in the product's route (address of draws), function.
    step_work : (m,) work content in hours, or length of a delay, on the grid.
    step_alongside : (m,) does the request go on while the step is worked on? step_person : (m,) who did it in
        the log, -1 for nobody known; both (0,) where requests go by routes.
    customer_segment, recognised : (c,) true segment; the one on record at the start, -1 for none.
    recorded : (n,) segment on record when the request comes.
    customer_index : (c,) number of the customer inside its segment.
    customer_address : (c,) of each customer's draws.
    order : (n,) requests by customer and number.
    """

    customer: Ids
    number: Ids
    segment: Ids
    product: Ids
    state: Integers
    arrival: Floats
    promise: Floats
    patience: Floats
    first_step: Integers
    step_position: Few
    step_function: Few
    step_work: Floats
    step_alongside: NDArray[np.bool_]
    step_person: Ids
    customer_segment: Integers
    recognised: Integers
    recorded: Few
    customer_index: Integers
    customer_address: Integers
    order: Ids
    root: int


def build_world(scenario: Scenario, model: CustomerModel, replication: int) -> World:
    """Sample the world of a replication up to the end of the drain."""
    weeks = scenario.experiment.horizon_weeks + scenario.experiment.drain_weeks
    origin = root(scenario.experiment.seed, replication)
    until = weeks * scenario.week
    people = model.customers + model.prospects
    states = [
        children(child(origin, text_key(name)), int(size))
        for name, size in zip(model.segments, people, strict=True)
    ]
    everyone, segments = np.concatenate(states), np.repeat(np.arange(len(states)), people)
    scale, clocks = scenario.demand.scale, demand_clock(scenario, weeks)
    counts, times = all_arrivals(everyone, segments, model.interarrival, model.batch, scale, clocks, until)
    order = places_in_time(times, until)
    customer, number, segment, state, arrival = _in_time(counts, times, order, segments, everyone)
    first, turn = np.zeros(len(everyone), np.int32), _turns(scenario, everyone, counts, times, order)
    product, steps = _contents(model, state, segment, number, arrival, scenario.week)
    return World(
        customer=customer,
        number=number,
        segment=segment,
        product=product,
        state=state,
        arrival=arrival,
        promise=model.promise[segment],
        patience=_patience(scenario, model, state, segment, number),
        first_step=steps.first,
        step_position=steps.position,
        step_function=steps.function,
        step_work=steps.work,
        step_alongside=steps.alongside,
        step_person=steps.person,
        customer_segment=segments,
        recognised=recognised_segments(scenario, segments, everyone, first),
        recorded=recognised_segments(scenario, segment, everyone[customer], turn).astype(np.int16),
        customer_index=np.concatenate([np.arange(len(own)) for own in states]),
        customer_address=everyone,
        order=order,
        root=origin,
    )


def _in_time(
    counts: Integers, times: Floats, order: Ids, segments: Integers, everyone: Integers
) -> tuple[Ids, Ids, Ids, Integers, Floats]:
    """Customer, number, segment, address of draws and time of every request, in order of arrival."""
    customer, number, segment = (np.empty(len(order), np.int32) for _ in range(3))
    state, arrival = np.empty(len(order), np.int64), np.empty_like(times)
    fill_in_time(counts, times, order, segments, everyone, customer, number, segment, state, arrival)
    return customer, number, segment, state, arrival


@compiled
def fill_in_time(
    counts: Integers, times: Floats, order: Ids, segments: Integers, everyone: Integers,
    customer: Ids, number: Ids, segment: Ids, state: Integers, arrival: Floats,
) -> None:  # fmt: skip
    """Put each customer's requests in their places; a request's address is its customer's and its number."""
    one = 0
    for whose in range(len(counts)):
        for count in range(counts[whose]):
            place = order[one]
            customer[place] = whose
            number[place] = count
            segment[place] = segments[whose]
            state[place] = child(everyone[whose], count)
            arrival[place] = times[one]
            one += 1


def _turns(scenario: Scenario, everyone: Integers, counts: Integers, times: Floats, order: Ids) -> Ids:
    """How often the record of each request's customer has been drawn anew before it."""
    policy, turn = scenario.customers, np.zeros(len(order), np.int32)
    if policy.changes_per_year > 0.0 or policy.corrected > 0.0:
        yearly = policy.changes_per_year
        a_change = 52 * scenario.week / yearly if yearly > 0.0 else math.inf
        count_turns(everyone, counts, times, order, a_change, policy.corrected, turn)
    return turn


@compiled
def count_turns(
    everyone: Integers,
    counts: Integers,
    times: Floats,
    order: Ids,
    a_change: float,
    corrected: float,
    turn: Ids,
) -> None:
    """Changes of the customer and records put in order, before each request.

    a_change : mean hours between changes. corrected : share of requests after which a record is in order.
    """
    one = 0
    for whose in range(len(counts)):
        changes = mended = 0
        until = -a_change * logarithm(uniform(everyone[whose], PURPOSE_CHANGE, 0, changes))
        for number in range(counts[whose]):
            while until <= times[one]:
                changes += 1
                until -= a_change * logarithm(uniform(everyone[whose], PURPOSE_CHANGE, 0, changes))
            turn[order[one]] = changes + mended
            mended += uniform(child(everyone[whose], number), PURPOSE_CORRECTED, 0, 0) < corrected
            one += 1


def _contents(
    model: CustomerModel, state: Integers, segment: Ids, number: Ids, arrival: Floats, week: float
) -> tuple[Ids, Steps]:
    """Product and steps of every request."""
    product, first = np.empty(len(state), np.int32), np.zeros(len(state) + 1, np.int64)
    if model.past is not None:
        choose_products(state, segment, np.cumsum(model.mix, axis=1), product)
        factor = model.content_factor[segment]
        return product, steps_like_past_cases(model.past, state, product, arrival, factor, week)
    most = len(state) * int(model.route_length.max())
    position, function, work = np.empty(most, np.int16), np.empty(most, np.int16), np.empty(most)
    choose_products(state, segment, np.cumsum(model.mix, axis=1), product)
    size = fill_contents(
        state, segment, number, product, model.route_start, model.route_length, model.route_function,
        model.step_share, model.is_delay, model.work, model.content_factor,
        first, position, function, work,
    )  # fmt: skip
    none, nobody = np.zeros(0, np.bool_), np.zeros(0, np.int32)
    return product, Steps(first, position[:size], function[:size], work[:size], none, nobody)


@compiled
def choose_products(state: Integers, segment: Ids, chances: Floats, product: Ids) -> None:
    """Draw the product of each request: `choose` without branches, which nobody could foresee.

    chances : (S, P) running sums of each segment's mix.
    """
    last = chances.shape[1] - 1
    for request in range(len(state)):
        row = segment[request]
        target = uniform(state[request], PURPOSE_PRODUCT, 0, 0) * chances[row, last]
        chosen = 0
        for one in range(last):
            chosen += 0 if chances[row, one] > target else 1
        product[request] = chosen


@compiled
def fill_contents(
    state: Integers, segment: Ids, number: Ids, product: Ids, route_start: Integers,
    route_length: Integers, route_function: Integers, step_share: Floats, is_delay: NDArray[np.bool_],
    laws: Packed, content_factor: Floats,
    first: Integers, position: Few, function: Few, work: Floats,
) -> int:  # fmt: skip
    """Draw which steps of its route each request takes, and their contents; returns the number of steps.

    A request whose steps were all skipped keeps the first step that is work: somebody has to look at it. Some
    requests are looked at together, with a short loop for each thing to do: what has no branches and reads no
    tables is then worked out several elements at a time.
    """
    longest = route_length.max()
    together = max(TOGETHER // longest, 1)
    whose, rows = np.empty(together * longest, np.int64), np.empty(together * longest, np.int64)
    index, address, purpose = np.empty_like(rows), np.empty_like(rows), np.empty_like(rows)
    factor, drawn = np.empty(len(rows)), np.empty(len(rows))
    base = 0
    for begin in range(0, len(state), together):
        size = 0
        for request in range(begin, min(begin + together, len(state))):
            route, before = route_start[product[request]], size
            for row in range(route, route + route_length[product[request]]):
                share = step_share[row]
                if share >= 1.0 or uniform(state[request], PURPOSE_VISIT, row - route, 0) < share:
                    whose[size] = request
                    rows[size] = row
                    size += 1
            if not any_work(rows, before, size, route_function, is_delay):
                whose[before] = request
                rows[before] = first_work(route, route_function, is_delay)
                size = before + 1
            first[request + 1] = base + size
        for one in range(size):
            request, row = whose[one], rows[one]
            delay = is_delay[route_function[row]]
            position[base + one] = row - route_start[product[request]]
            function[base + one] = route_function[row]
            index[one] = number[request]
            address[one] = state[request]
            purpose[one] = PURPOSE_OUTSIDE if delay else PURPOSE_WORK
            factor[one] = 1.0 if delay else content_factor[segment[request]]
        for one in range(size):
            drawn[one] = uniform(address[one], purpose[one], position[base + one], 0)
        draws(laws, rows[:size], index[:size], drawn[:size])
        for one in range(size):
            work[base + one] = on_grid(drawn[one] * factor[one])
        base += size
    return base


@inlined
def any_work(
    rows: Integers, begin: int, end: int, route_function: Integers, is_delay: NDArray[np.bool_]
) -> bool:
    """Is any of these steps work, not a delay?"""
    while begin < end and is_delay[route_function[rows[begin]]]:
        begin += 1
    return begin < end


@compiled
def first_work(row: int, route_function: Integers, is_delay: NDArray[np.bool_]) -> int:
    """The first step of a route that is work."""
    while is_delay[route_function[row]]:
        row += 1
    return row


def _patience(scenario: Scenario, model: CustomerModel, state: Integers, segment: Ids, number: Ids) -> Floats:
    if not scenario.customers.patience:
        return np.full(len(state), math.inf)
    patience = uniforms(state, PURPOSE_PATIENCE, 0, 0)
    draws(model.patience, segment.astype(np.int64), number.astype(np.int64), patience)
    put_on_grid(patience)
    return patience


__all__ = ["Packed", "World", "build_world"]
