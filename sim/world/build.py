"""Scenario -> the exogenous world of a replication, as arrays with one entry per request, in order of
arrival.

Invariant: request n of customer i has the same arrival, product, work, patience and luck under every
structure.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.draws import (
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
from sim.jit import compiled
from sim.model.scenario import Scenario
from sim.rules.grid import on_grid
from sim.rules.laws import Packed, choose
from sim.rules.sampling import draws
from sim.world.arrivals import all_arrivals, demand_clock, places_in_time
from sim.world.market import Market
from sim.world.recognition import recognised_segments

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


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
    customer_segment, recognised : (c,) true and recognised segment, -1 where there is none.
    customer_index : (c,) number of the customer inside its segment.
    order : (n,) requests by customer and number.
    """

    customer: Integers
    number: Integers
    segment: Integers
    product: Integers
    state: Integers
    arrival: Floats
    promise: Floats
    patience: Floats
    first_step: Integers
    step_position: Integers
    step_function: Integers
    step_work: Floats
    customer_segment: Integers
    recognised: Integers
    customer_index: Integers
    order: Integers
    root: int


def build_world(scenario: Scenario, market: Market, replication: int) -> World:
    """Sample the world of a replication up to the end of the drain."""
    weeks = scenario.experiment.horizon_weeks + scenario.experiment.drain_weeks
    origin = root(scenario.experiment.seed, replication)
    until = weeks * scenario.week
    states = [
        children(child(origin, text_key(name)), int(size))
        for name, size in zip(market.segments, market.customers, strict=True)
    ]
    everyone, segments = np.concatenate(states), np.repeat(np.arange(len(states)), market.customers)
    scale, clocks = scenario.demand.scale, demand_clock(scenario, weeks)
    counts, times = all_arrivals(everyone, segments, market.interarrival, market.batch, scale, clocks, until)
    order = places_in_time(times, until)
    customer, number, arrival = _in_time(counts, times, order)
    segment = segments[customer]
    state = request_states(everyone[customer], number)
    product, first_step, position, function, work = _contents(market, state, segment, number)
    return World(
        customer=customer,
        number=number,
        segment=segment,
        product=product,
        state=state,
        arrival=arrival,
        promise=market.promise[segment],
        patience=_patience(scenario, market, state, segment, number),
        first_step=first_step,
        step_position=position,
        step_function=function,
        step_work=work,
        customer_segment=segments,
        recognised=np.concatenate(recognised_segments(scenario, states)),
        customer_index=np.concatenate([np.arange(len(own)) for own in states]),
        order=order,
        root=origin,
    )


def _in_time(counts: Integers, times: Floats, order: Integers) -> tuple[Integers, Integers, Floats]:
    """Customer, number and time of every request, in order of arrival."""
    customer, number, arrival = np.empty_like(order), np.empty_like(order), np.empty_like(times)
    fill_in_time(counts, times, order, customer, number, arrival)
    return customer, number, arrival


@compiled
def fill_in_time(
    counts: Integers, times: Floats, order: Integers, customer: Integers, number: Integers, arrival: Floats
) -> None:
    """Put each customer's requests in their places."""
    one = 0
    for whose in range(len(counts)):
        for count in range(counts[whose]):
            place = order[one]
            customer[place] = whose
            number[place] = count
            arrival[place] = times[one]
            one += 1


@compiled
def request_states(customers: Integers, numbers: Integers) -> Integers:
    """Address of each request, from its customer's address and its number."""
    states = np.empty(len(customers), np.int64)
    for request in range(len(customers)):
        states[request] = child(customers[request], numbers[request])
    return states


def _contents(
    market: Market, state: Integers, segment: Integers, number: Integers
) -> tuple[Integers, Integers, Integers, Integers, Floats]:
    """Product and steps of every request."""
    chances, is_delay = np.cumsum(market.mix, axis=1), market.is_delay[market.route_function]
    product, first = np.empty(len(state), np.int64), np.zeros(len(state) + 1, np.int64)
    most = len(state) * int(market.route_length.max())
    position, row, index = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64)
    work = np.empty(most)
    size = choose_steps(
        state, segment, number, chances, market.route_start, market.route_length, market.step_share, is_delay,
        product, first, position, row, index, work,
    )  # fmt: skip
    position, row, index, work = position[:size], row[:size], index[:size], work[:size]
    draws(market.work, row, index, work)
    fit_to_segment(market.content_factor, segment, is_delay, first, row, work)
    return product, first, position, market.route_function[row], work


@compiled
def choose_steps(
    state: Integers, segment: Integers, number: Integers, chances: Floats,
    route_start: Integers, route_length: Integers, step_share: Floats, is_delay: NDArray[np.bool_],
    product: Integers, first: Integers, position: Integers, row: Integers, index: Integers, luck: Floats,
) -> int:  # fmt: skip
    """Draw the product of each request, which steps of its route happen, and the luck with their contents.

    A request whose steps were all skipped keeps the first step that is work: somebody has to look at it.
    Returns the number of steps.
    """
    filled = 0
    for request in range(len(state)):
        here = state[request]
        chosen = choose(chances[segment[request]], 0, chances.shape[1], uniform(here, PURPOSE_PRODUCT, 0, 0))
        product[request] = chosen
        begin, before, working = route_start[chosen], filled, 0
        for step in range(route_length[chosen]):
            share = step_share[begin + step]
            if share >= 1.0 or uniform(here, PURPOSE_VISIT, step, 0) < share:
                position[filled] = step
                filled += 1
                working += 0 if is_delay[begin + step] else 1
        if working == 0:
            step = 0
            while is_delay[begin + step]:
                step += 1
            filled = before + 1
            position[before] = step
        for place in range(before, filled):
            step = position[place]
            row[place] = begin + step
            index[place] = number[request]
            luck[place] = uniform(here, PURPOSE_OUTSIDE if is_delay[begin + step] else PURPOSE_WORK, step, 0)
        first[request + 1] = filled
    return filled


@compiled
def fit_to_segment(
    content_factor: Floats, segment: Integers, is_delay: NDArray[np.bool_],
    first: Integers, row: Integers, work: Floats,
) -> None:  # fmt: skip
    """Scale what the laws say about work by the factor of the request's segment; put it on the grid."""
    for request in range(len(segment)):
        factor = content_factor[segment[request]]
        for place in range(first[request], first[request + 1]):
            work[place] = on_grid(work[place] * (1.0 if is_delay[row[place]] else factor))


def _patience(
    scenario: Scenario, market: Market, state: Integers, segment: Integers, number: Integers
) -> Floats:
    if not scenario.customers.patience:
        return np.full(len(state), math.inf)
    patience = uniforms(state, PURPOSE_PATIENCE, 0, 0)
    draws(market.patience, segment, number, patience)
    put_on_grid(patience)
    return patience


@compiled
def put_on_grid(hours: Floats) -> None:
    """Replace each by the nearest point of the grid."""
    for place in range(len(hours)):
        hours[place] = on_grid(hours[place])


__all__ = ["Packed", "World", "build_world"]
