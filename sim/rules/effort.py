"""How long a step takes this person now: the effort rule of the model and its exact parts.

Invariant: every part lies on the time grid, so the parts add up to the effort without rounding.
"""

import numpy as np
from numpy.typing import NDArray

from sim.jit import compiled
from sim.rules.elementary import logarithm, power
from sim.rules.grid import on_grid

Floats = NDArray[np.float64]


@compiled
def learning_exponent(learning_rate: float) -> float:
    """Exponent b of the learning curve.

    Parameters
    ----------
    learning_rate : unfamiliarity left after each doubling of experience, in (0, 1].

    Source: Wright (1936). `b = -log2(learning_rate)`.

    >>> round(float(learning_exponent(0.8)), 6)
    0.321928
    """
    return -logarithm(learning_rate) / logarithm(2.0)


@compiled
def unfamiliarity(cases: float, beginner_cases: float, exponent: float) -> float:
    """How much of a beginner's handicap is left, from 1 (no experience) towards 0.

    Parameters
    ----------
    cases : experience in cases, >= 0.
    beginner_cases : e0, experience of the first doubling, > 0.
    exponent : b of `learning_exponent`, >= 0.

    `u(e) = (1 + e/e0) ** -b`.

    >>> float(unfamiliarity(0.0, 200.0, 0.3))
    1.0
    >>> round(float(unfamiliarity(200.0, 200.0, learning_exponent(0.85))), 12)
    0.85
    """
    return power(1.0 + cases / beginner_cases, -exponent)


@compiled
def related_cases(own: float, axis: Floats, related_weight: float) -> float:
    """Experience that counts: one's own plus a part of what was gained elsewhere on the same axis.

    >>> float(related_cases(10.0, np.array([10.0, 20.0]), 0.5))
    20.0
    """
    total = 0.0
    for cases in axis:
        total += cases
    return own + related_weight * (total - own)


@compiled
def knowledge_part(work: float, weight: float, unfamiliar: float) -> float:
    """Extra hours because one axis (function, product or segment) is not fully known.

    >>> float(knowledge_part(2.0, 0.5, 1.0))
    1.0
    """
    return on_grid(work * weight * unfamiliar)


@compiled
def pace_part(work: float, handicap: float, pace: float) -> float:
    """Extra (or saved) hours because of the person's own speed.

    `handicap` is the sum of weight x unfamiliarity.

    >>> float(pace_part(2.0, 0.5, 1.5))
    1.5
    """
    return on_grid(work * (1.0 + handicap) * (pace - 1.0))


@compiled
def switch_part(mean_work: float, switch_share: float, switch_hours: float) -> float:
    """Set-up when the worker changes product or function.

    >>> float(switch_part(2.0, 0.05, 0.4))
    0.5
    """
    return on_grid(switch_hours + switch_share * mean_work)


@compiled
def reread_part(context: float, reread_share: float, work_done: float) -> float:
    """Hours to read up on what others did, from the context that was lost.

    >>> float(reread_part(0.75, 0.5, 4.0))
    0.5
    """
    return on_grid((1.0 - context) * reread_share * work_done)


@compiled
def decision_hours(work: float, handicap: float) -> float:
    """Time of a decision: its work content under the effort rule with the decider's own experience.

    >>> float(decision_hours(0.5, 1.0))
    1.0
    """
    return on_grid(work * (1.0 + handicap))


@compiled
def handicap_of(
    weight_function: float,
    weight_product: float,
    weight_segment: float,
    u_function: float,
    u_product: float,
    u_segment: float,
) -> float:
    """Sum of weight times unfamiliarity: 1 means the step takes twice as long.

    >>> float(handicap_of(0.5, 0.25, 0.25, 1.0, 1.0, 0.0))
    0.75
    """
    return weight_function * u_function + weight_product * u_product + weight_segment * u_segment
