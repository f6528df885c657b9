"""Time lies on a grid of 2^-36 hours (52 nanoseconds).

Invariant: sums and differences of grid times below 2^17 hours are exact in floating point, so parts add up
to totals bit for bit and no order of addition matters.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.jit import compiled

Floats = NDArray[np.float64]

GRID = 2.0**-36
LONGEST = 2.0**17
POINTS_AN_HOUR = 2.0**36


@compiled
def on_grid(hours: float) -> float:
    """The nearest multiple of 2^-36 h, halves upward; each part of a duration passes here once.

    A definition: model.md, 2.1.

    hours: any; beyond the longest time (2^17 h, 15 years) the result is +-2^17. Infinity and NaN stay.

    >>> on_grid(0.1) * 2**36  # 0.1 * 2^36 = 6871947673.6
    6871947674.0
    >>> on_grid(1e9), on_grid(float("inf"))
    (131072.0, inf)
    """
    if -LONGEST < hours < LONGEST:
        scaled = hours * POINTS_AN_HOUR
        below = float(np.floor(scaled)) + 0.0  # not math.floor, which goes through a whole number; no -0.0
        # Adding 0.5 before the floor would round again and move odd multiples above 2^16 h.
        return (below + 1.0 if scaled - below >= 0.5 else below) * GRID
    if math.isinf(hours) or math.isnan(hours):
        return hours
    return math.copysign(LONGEST, hours)


@compiled
def put_on_grid(hours: Floats) -> None:
    """Replace each by the nearest point of the grid. A definition: model.md, 2.1."""
    for place in range(len(hours)):
        hours[place] = on_grid(hours[place])
