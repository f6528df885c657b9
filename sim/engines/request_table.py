"""The table of requests: what the world knows of them, and what an engine says became of them.

Invariant: a file of its own, so that what is compiled here knows of no engine and is kept when one changes.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.output import Floats, Integers, Output
from sim.jit import compiled, inlined
from sim.trajectory import REQUESTS, Table
from sim.world import World

Ids = NDArray[np.int32]
REQUEST = np.dtype((np.record, REQUESTS))


def request_table(world: World, output: Output) -> Table:
    """Requests that came before the end, by customer and number."""
    table = np.empty(np.searchsorted(world.arrival, output.end), REQUEST)
    fill_requests(
        table, world.order, world.recorded, world.customer, world.number, world.segment, world.product,
        world.arrival, world.promise, output.first_start, output.done, output.status, output.handoffs,
        output.repeats, output.returns, output.silent,
    )  # fmt: skip
    return table.view(REQUESTS)


@compiled
def fill_requests(
    table: Table, order: Ids, recorded: NDArray[np.int16], customer: Ids, number: Ids,
    segment: Ids, product: Ids, arrival: Floats, promise: Floats, first_start: Floats, done: Floats,
    status: Integers, handoffs: Integers, repeats: Integers, returns: Integers, silent: Integers,
) -> None:  # fmt: skip
    """Requests are read as they lie and dealt out; those that came after the end are left out."""
    places = np.empty(len(table), np.int32)
    came = 0
    for request in order:
        if request < len(table):
            places[request] = came
            came += 1
    for request in range(len(table)):
        about: Any = table[places[request]]
        about.customer = customer[request]
        about.number = number[request]
        about.segment = segment[request]
        about.recognised = recorded[request]
        about.product = product[request]
        about.arrival = plain(arrival[request])
        about.promise = plain(promise[request])
        about.first_start = plain(first_start[request])
        about.done = plain(done[request])
        about.status = status[request]
        about.handoffs = handoffs[request]
        about.repeats = repeats[request]
        about.returns = returns[request]
        about.silent = silent[request]


@inlined
def plain(value: float) -> float:
    """The value with the one bit pattern for NaN and for zero."""
    return value + 0.0 if value == value else np.nan
