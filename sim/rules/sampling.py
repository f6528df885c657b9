"""Many draws at once: laws whose quantiles are formulas are worked out several elements at a time.

Invariant: the same bits as one `draw` after the other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.jit import compiled
from sim.rules.laws import LAW_EXPONENTIAL, LAW_LOGNORMAL, LAW_TRACE, Packed, draw
from sim.rules.quantiles import exponential_quantiles, lognormal_quantiles

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
TOGETHER = 512
"""Draws worked on together: what belongs to them stays in the processor's nearest cache."""


@compiled
def draws(laws: Packed, rows: Integers, index: Integers, values: Floats) -> None:
    """Replace each uniform by the value of its law, as `draw` gives it, its definition.

    laws, rows : the law of each value is a row of `laws`.
    index : number of each draw, used by traces alone; one that has run out starts again.
    """
    first, second, drawn = np.empty(TOGETHER), np.empty(TOGETHER), np.empty(TOGETHER)
    places = np.empty(TOGETHER, np.int64)
    for begin in range(0, len(values), TOGETHER):
        end = min(begin + TOGETHER, len(values))
        others = end - begin
        for kind in (LAW_LOGNORMAL, LAW_EXPONENTIAL):
            count = 0
            for place in range(begin, end):
                row = rows[place]
                places[count] = place
                first[count] = laws.firsts[row]
                second[count] = laws.seconds[row]
                drawn[count] = values[place]
                count += 1 if laws.kinds[row] == kind else 0
            if kind == LAW_LOGNORMAL:
                lognormal_quantiles(first[:count], second[:count], drawn[:count])
            else:
                exponential_quantiles(first[:count], drawn[:count])
            for one in range(count):
                values[places[one]] = drawn[one]
            others -= count
            if others == 0:
                break
        if others:
            draw_others(laws, rows[begin:end], index[begin:end], values[begin:end])


@compiled
def draw_others(laws: Packed, rows: Integers, index: Integers, values: Floats) -> None:
    """The laws that are drawn one by one, by the definition of `draw`."""
    for place in range(len(values)):
        row = rows[place]
        kind, count, number = laws.kinds[row], laws.counts[row], index[place]
        if kind in (LAW_LOGNORMAL, LAW_EXPONENTIAL):
            continue
        if kind == LAW_TRACE:
            number = number % count
        parameters = laws.firsts[row], laws.seconds[row]
        values[place] = draw(kind, *parameters, laws.table, laws.starts[row], count, values[place], number)
