"""P1 Specialists answer faster: who has done more of a kind of work takes less time for it.

Invariant: unfamiliarity lies in (0, 1]; every part of a duration lies on the time grid.
"""

import numpy as np
from numpy.typing import NDArray

from sim.jit import compiled
from sim.mechanisms.record import Mechanism
from sim.rules.elementary import (
    exponential_parts,
    logarithm,
    logarithm_of_normal,
    power,
    power_of_two,
)
from sim.rules.grid import on_grid
from sim.schema.base import Record, quantity, share

Floats = NDArray[np.float64]
HUGE, TINY_LOGARITHM = 1e300, -700.0
"""Between these, powers need no special cases, and three of them take hardly longer than one."""


class Learning(Record):
    """How people get better at what they do."""

    learning_rate: float = quantity(
        "unfamiliarity left after each doubling of experience",
        default=0.85,
        off=1.0,
        unit="factor",
        source="E1",
        grade="C",
        gt=0.0,
        le=1.0,
        advised=(0.70, 0.95),
    )
    beginner_cases: float = quantity(
        "experience e0 that counts as the first doubling",
        default=200.0,
        off=1.0,
        unit="cases",
        gt=0.0,
        le=1e9,
    )
    related_weight: float = share(
        "how much experience elsewhere on the same axis counts",
        default=0.0,
        source="E2",
        grade="B",
        advised=(0, 0.7),
    )
    knowledge_scale: float = quantity(
        "factor on all knowledge weights; 0 switches knowledge off",
        default=1.0,
        off=0.0,
        unit="factor",
        ge=0.0,
        le=10.0,
        advised=(0.5, 3),
    )


MECHANISM = Mechanism(
    id="P1",
    claim="specialists answer faster",
    source="E1, E2",
    section="2.4",
    shown="V35; kinds *unfamiliarity with ...*",
    records=(("people", Learning),),
    keys=("company.functions.<name>.knowledge",),
    kinds=(
        ("by_function", "people.knowledge_scale", "how much faster familiar people really are"),
        ("by_product", "people.knowledge_scale", "how much faster familiar people really are"),
        ("by_segment", "people.knowledge_scale", "how much faster familiar people really are"),
    ),
)


@compiled
def learning_exponent(learning_rate: float) -> float:
    """Exponent of the learning curve (P1): `b = -log2(rate)`.

    Parameters
    ----------
    learning_rate : unfamiliarity left after each doubling of experience, in (0, 1]. Source: Wright
        (1936), E1.

    >>> round(float(learning_exponent(0.8)), 6)
    0.321928
    """
    return -logarithm(learning_rate) / logarithm(2.0)


@compiled
def unfamiliarity(cases: float, beginner_cases: float, exponent: float) -> float:
    """What is left of a beginner's handicap (P1), from 1 without experience to 0: `(1 + e / e0) ** -b`.

    Parameters
    ----------
    cases : e, experience in cases, >= 0.
    beginner_cases : e0, experience of the first doubling, > 0.
    exponent : b of `learning_exponent`, >= 0. Source: E1, Wright (1936).

    >>> float(unfamiliarity(0.0, 200.0, 0.3))
    1.0
    >>> round(float(unfamiliarity(200.0, 200.0, learning_exponent(0.85))), 12)
    0.85
    """
    return power(1.0 + cases / beginner_cases, -exponent)


@compiled
def familiarity(
    function_cases: float, product_cases: float, segment_cases: float, beginner_cases: float, exponent: float
) -> tuple[float, float, float]:
    """Unfamiliarity of a person with a function, a product and a segment (P1): `unfamiliarity`, three at
    once.

    Parameters
    ----------
    function_cases, product_cases, segment_cases : experience in cases, >= 0.
    beginner_cases, exponent : as of `unfamiliarity`. Source: E1, E2; three axes are an assumption.

    >>> [float(u) for u in familiarity(0.0, 0.0, 0.0, 200.0, 0.3)]
    [1.0, 1.0, 1.0]
    """
    by_function, by_product = 1.0 + function_cases / beginner_cases, 1.0 + product_cases / beginner_cases
    by_segment = 1.0 + segment_cases / beginner_cases
    if max(by_function, by_product, by_segment) < HUGE:
        x = -exponent * logarithm_of_normal(by_function, 0)
        y = -exponent * logarithm_of_normal(by_product, 0)
        z = -exponent * logarithm_of_normal(by_segment, 0)
        if min(x, y, z) > TINY_LOGARITHM:
            a, i = exponential_parts(x)
            b, j = exponential_parts(y)
            c, k = exponential_parts(z)
            return a * power_of_two(i), b * power_of_two(j), c * power_of_two(k)
    return (
        unfamiliarity(function_cases, beginner_cases, exponent),
        unfamiliarity(product_cases, beginner_cases, exponent),
        unfamiliarity(segment_cases, beginner_cases, exponent),
    )


@compiled
def total_cases(axis: Floats) -> float:
    """All experience on an axis, added in its order (P1); by definition, what related experience is taken
    from.

    >>> float(total_cases(np.array([10.0, 20.0])))
    30.0
    """
    total = 0.0
    for cases in axis:
        total += cases
    return total


@compiled
def handicap_of(
    weight_function: float,
    weight_product: float,
    weight_segment: float,
    u_function: float,
    u_product: float,
    u_segment: float,
) -> float:
    """How much longer than somebody who knows everything (P1): `sum of w u` over three axes; 1: twice as
    long.

    Parameters
    ----------
    weight_... : w, how much knowledge of the axis matters in the function, >= 0.
    u_... : u, unfamiliarity on the axis, in [0, 1]. Source: E1; that axes add up is an assumption.

    >>> float(handicap_of(0.5, 0.25, 0.25, 1.0, 1.0, 0.0))
    0.75
    """
    return weight_function * u_function + weight_product * u_product + weight_segment * u_segment


@compiled
def mean_unfamiliarity(
    by_function: float,
    by_product: float,
    by_segment: float,
    weight_function: float,
    weight_product: float,
    weight_segment: float,
) -> float:
    """Unfamiliarity over the three axes (P1): `sum of w u / sum of w`, the plain mean where no knowledge
    matters.

    Parameters
    ----------
    by_... : u, unfamiliarity on the axis, in [0, 1]. weight_... : w, how much knowledge of it matters, >=
        0.
        Source: a definition, model.md, 2.4.

    >>> float(mean_unfamiliarity(1.0, 0.0, 0.0, 0.5, 0.25, 0.25))
    0.5
    """
    total = weight_function + weight_product + weight_segment
    if total <= 0.0:
        return (by_function + by_product + by_segment) / 3.0
    return (weight_function * by_function + weight_product * by_product + weight_segment * by_segment) / total


@compiled
def knowledge_part(work: float, weight: float, unfamiliar: float) -> float:
    """Extra hours because one axis is not fully known (P1), on the grid: `work w u`.

    Parameters
    ----------
    work : content of the step, hours, >= 0. weight : w, >= 0. unfamiliar : u, in [0, 1]. Source: E1,
        model.md, 2.4.

    >>> float(knowledge_part(2.0, 0.5, 1.0))
    1.0
    """
    return on_grid(work * weight * unfamiliar)
