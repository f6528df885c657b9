"""Requests that come together: how many a call brings.

Invariant: a call brings at least one request, and a whole number of them.
"""

import math

import numpy as np
from numpy.typing import NDArray

from sim.jit import compiled
from sim.rules.laws import LAW_DETERMINISTIC, LAW_TRACE, draw

Floats = NDArray[np.float64]


@compiled
def batch_size(drawn: float) -> int:
    """Requests of a call: `floor(x + 1/2)`, at least 1, at most a million.

    Parameters
    ----------
    drawn : x, number drawn from the segment's law, >= 0. Source: model.md, 2.2; the rounding is a
        definition.

    >>> batch_size(2.5), batch_size(0.2)
    (3, 1)
    """
    return math.floor(min(drawn, 1e6) + 0.5) if drawn > 1.0 else 1


@compiled
def mean_batch_size(kind: int, first: float, second: float, table: Floats, start: int, count: int) -> float:
    """Expected requests of a call, to within a ten-thousandth: at the midpoints of equal shares of
    probability.

    Parameters
    ----------
    kind, first, second, table, start, count : an encoded law of laws.py. Source: midpoint rule, by
        definition.
    """
    points = count if kind == LAW_TRACE else (1 if kind == LAW_DETERMINISTIC else 4096)
    total = 0.0
    for point in range(points):
        total += batch_size(draw(kind, first, second, table, start, count, (point + 0.5) / points, point))
    return total / points
