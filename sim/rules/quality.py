"""How likely a step goes wrong.

Invariant: every probability lies in [0, 1].
"""

from sim.jit import compiled


@compiled
def mean_unfamiliarity(
    by_function: float,
    by_product: float,
    by_segment: float,
    weight_function: float,
    weight_product: float,
    weight_segment: float,
) -> float:
    """Unfamiliarity on the three axes, weighted by how much knowledge of each matters in this function.

    Where no knowledge matters it is the plain mean.

    >>> float(mean_unfamiliarity(1.0, 0.0, 0.0, 0.5, 0.25, 0.25))
    0.5
    """
    total = weight_function + weight_product + weight_segment
    if total <= 0.0:
        return (by_function + by_product + by_segment) / 3.0
    return (weight_function * by_function + weight_product * by_product + weight_segment * by_segment) / total


@compiled
def defect_probability(
    base: float, slope: float, unfamiliar: float, reference: float, context: float, context_slope: float
) -> float:
    """Probability that a step is defective.

    `base + slope (u - reference) + (1 - c) context_slope`, cut to [0, 1]. Parameters: `unfamiliar` and
    `reference` in [0, 1], `context` in [0, 1] before rereading.
    Source: form E9 and E14; the reference is a company constant, the same for all structures.

    >>> round(float(defect_probability(0.03, 0.1, 0.7, 0.5, 0.9, 0.2)), 12)
    0.07
    """
    probability = base + slope * (unfamiliar - reference) + (1.0 - context) * context_slope
    return min(1.0, max(0.0, probability))
