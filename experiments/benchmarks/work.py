"""The work on which tools are compared: the same company for all of them, by function and by customer.

Invariant: every script of this folder reads its numbers here (the scenario of `configs/company/speed.yaml`
repeats them and a test holds the two together), so a ratio of rates is a ratio of the same work.
"""

from __future__ import annotations

import math

GROUPS = ("north", "south", "west")
"""Customer groups, equally many requests each; a department each when the company is divided by customer."""
CLASSES = ("first", "second")
"""Priority classes within each group."""
CLASS_SHARES = (0.2, 0.8)
PRODUCT_FACTORS = (0.8, 1.0, 1.2)
"""Three products, equally frequent, whose work differs by this factor."""
STEP_MEANS = (0.10, 0.10, 0.10, 0.10)
"""Mean hours of the four steps, lognormal."""
STEP_VARIATION = 1.0
"""Standard deviation over mean of a step."""
PEOPLE = 24
LOAD = 0.85
PATIENCE = 1.0
"""Mean hours a customer waits for the first touch, exponential."""
REWORK = 0.08
"""Chance that a finished request has to be done again from the first step."""

ARRIVALS_PER_HOUR = LOAD * PEOPLE * (1 - REWORK) / math.fsum(STEP_MEANS)


def logarithms() -> tuple[list[float], float]:
    """Mean of the logarithm of each step and their common standard deviation.

    >>> means, spread = logarithms()
    >>> round(math.exp(means[0] + spread * spread / 2), 12)
    0.1
    """
    variance = math.log1p(STEP_VARIATION**2)
    return [math.log(mean) - variance / 2 for mean in STEP_MEANS], math.sqrt(variance)


def people_per_department(by: str) -> list[int]:
    """Workers of each department: four stations in line by function, three departments by customer.

    >>> people_per_department("function"), people_per_department("customer")
    ([6, 6, 6, 6], [8, 8, 8])
    """
    if by == "function":
        return [PEOPLE // len(STEP_MEANS)] * len(STEP_MEANS)
    return [PEOPLE // len(GROUPS)] * len(GROUPS)
