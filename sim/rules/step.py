"""What a step costs this person now, in one call: unfamiliarity on three axes and the parts of the effort.

Invariant: the same parts as the single rules of effort.py; engines call these because one call is cheaper
than ten.
"""

from sim.jit import compiled
from sim.rules.effort import handicap_of, knowledge_part, pace_part, unfamiliarity
from sim.rules.elementary import exponential_parts, logarithm_of_normal, power_of_two
from sim.rules.grid import on_grid
from sim.rules.laws import draw

HUGE, TINY_LOGARITHM = 1e300, -700.0
"""Between these, powers need no special cases, and three of them take hardly longer than one."""


@compiled
def familiarity(
    function_cases: float, product_cases: float, segment_cases: float, beginner_cases: float, exponent: float
) -> tuple[float, float, float]:
    """Unfamiliarity of a person with a function, a product and a segment.

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
def effort_parts(
    work: float,
    weight_function: float,
    weight_product: float,
    weight_segment: float,
    u_function: float,
    u_product: float,
    u_segment: float,
    pace: float,
) -> tuple[float, float, float, float]:
    """Extra hours by function, by product, by segment and by pace, each on the grid.

    >>> [float(part) for part in effort_parts(2.0, 0.5, 0.25, 0.25, 1.0, 1.0, 0.0, 2.0)]
    [1.0, 0.5, 0.0, 3.5]
    """
    handicap = handicap_of(weight_function, weight_product, weight_segment, u_function, u_product, u_segment)
    return (
        knowledge_part(work, weight_function, u_function),
        knowledge_part(work, weight_product, u_product),
        knowledge_part(work, weight_segment, u_segment),
        pace_part(work, handicap, pace),
    )


@compiled
def law_hours(
    kind: int,
    first: float,
    second: float,
    table: object,
    start: int,
    count: int,
    u: float,
    index: int,
    factor: float,
) -> float:
    """A drawn duration times a factor, on the grid; a trace starts again when it has run out."""
    place = index % count if count > 0 else index
    return on_grid(draw(kind, first, second, table, start, count, u, place) * factor)  # type: ignore[arg-type]
